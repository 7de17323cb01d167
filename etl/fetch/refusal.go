package fetch

import (
	"fmt"

	"hdsreport/etl"
)

// Refusal is an answer that is not the list, or an edition that must not be made: what
// was seen, and what to do. Nothing was written.
type Refusal struct{ Findings []etl.Finding }

// Error is the findings, one a line.
func (r *Refusal) Error() string {
	s := ""
	for i, f := range r.Findings {
		if i > 0 {
			s += "\n"
		}
		s += f.String()
	}
	return s
}

// refuse makes a refusal of one finding, which does not say where yet.
func refuse(code, do, message string, args ...any) *Refusal {
	return &Refusal{[]etl.Finding{{Severity: etl.Error, Code: code, Message: fmt.Sprintf(message, args...), Do: do}}}
}

// at says where, for findings that do not know it.
func (r *Refusal) at(place string) *Refusal {
	for i := range r.Findings {
		if r.Findings[i].Place.File == "" {
			r.Findings[i].Place.File = place
		}
	}
	return r
}
