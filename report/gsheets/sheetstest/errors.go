package sheetstest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
)

// apiError is a refusal as Google words it: an HTTP status with a JSON body.
type apiError struct {
	code    int
	status  string
	message string
	details []any
	reason  string // of the older form of errors, which Google sends beside the newer one
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.code, e.status, e.message) }

// body is the JSON that goes with the status.
func (e *apiError) body() []byte {
	o := object{"code": float64(e.code), "message": e.message, "status": e.status}
	if e.reason != "" {
		o["errors"] = []any{object{"message": e.message, "domain": "usageLimits", "reason": e.reason}}
	}
	if e.details != nil {
		o["details"] = e.details
	}
	b, err := json.MarshalIndent(object{"error": o}, "", "  ")
	if err != nil {
		panic("sheetstest: an error body that is not JSON: " + err.Error())
	}
	return b
}

func invalid(format string, a ...any) *apiError {
	return &apiError{code: http.StatusBadRequest, status: "INVALID_ARGUMENT", message: fmt.Sprintf(format, a...)}
}

// payloadError is a body that does not fit the schemas.
func payloadError(format string, a ...any) *apiError {
	e := invalid(format, a...)
	e.details = []any{object{"@type": "type.googleapis.com/google.rpc.BadRequest",
		"fieldViolations": []any{object{"description": e.message}}}}
	return e
}

// notSupported refuses what the API has and this server has not.
func notSupported(what string) error { return unsupported(what) }

type unsupported string

func (u unsupported) Error() string {
	return fmt.Sprintf("%s is not supported by the test server", string(u))
}

func tooManyCells() error {
	return fmt.Errorf("This action would increase the number of cells in the workbook above the limit of %d cells.",
		maxCells)
}

// placed says in which request of a batch a fault lies.
func placed(err error, i int, kind string) error {
	var e *apiError
	if errors.As(err, &e) {
		return e
	}
	return invalid("Invalid requests[%d].%s: %s", i, kind, err)
}

var (
	localeForm = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2})?$`)
	zoneForm   = regexp.MustCompile(`^([A-Za-z_]+(/[A-Za-z_+-]+)+|UTC|GMT([+-]\d\d:\d\d)?)$`)
)
