package gsheets

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"cloud.google.com/go/auth"
	"google.golang.org/api/googleapi"
)

// Refused is a publication that was not sent: too large, or people have typed where it
// would write. Everything is as it was.
type Refused struct {
	Why   string
	Edits []Edit // what people typed, where that is why; it has been saved
}

func (e *Refused) Error() string { return e.Why }

// Overtaken is a publication that came second: somebody else published between its
// reading and its writing. Nothing of it was written.
type Overtaken struct {
	By string // the generation that stands there now
}

func (e *Overtaken) Error() string {
	return fmt.Sprintf("another publication (generation %s) was written while this one was being prepared, and nothing of this one was; run publish again", e.By)
}

// Stopped is an answer that another try would not change.
type Stopped struct {
	Status int // of HTTP
	Why    string
}

func (e *Stopped) Error() string { return e.Why }

// Differs is a spreadsheet that, read back after it was written, does not hold what was
// sent.
type Differs struct {
	Cells []string // what differs where, in words
}

func (e *Differs) Error() string {
	shown := e.Cells
	more := ""
	if len(shown) > 5 {
		more = fmt.Sprintf(" and %d more", len(shown)-5)
		shown = shown[:5]
	}
	return fmt.Sprintf("the spreadsheet was written, and read back it differs in %s: %s%s; if nobody typed there just now, show this to whoever maintains the program",
		places(len(e.Cells)), strings.Join(shown, "; "), more)
}

// stops are the answers that no other try changes, with what a person can do. The first
// that fits holds.
var stops = []struct {
	status int
	said   string // in Google's message; empty fits any
	do     string
}{
	{http.StatusBadRequest, "not supported for this document", "this is an Excel file kept in Drive: open it, choose File, Save as Google Sheets, and configure the id of that one"},
	{http.StatusBadRequest, "protected cell or object", "a protected range or tab keeps this account out: let %s edit it (Data, Protect sheets and ranges), or take the protection away"},
	{http.StatusBadRequest, "payload size exceeds", "Google takes no request as large as this one: lower publish.megabytes, so that it is refused before it is sent, and publish fewer columns"},
	{http.StatusBadRequest, "", "Google would not take the batch: show this to whoever maintains the program; nothing was written"},
	{http.StatusUnauthorized, "", "the credentials have ended or are wrong: sign in again (gcloud auth application-default login --impersonate-service-account=THE-ADDRESS-IT-IS-SHARED-WITH), or give the key file anew"},
	{http.StatusForbidden, "has not been used in project", "enable the Google Sheets API in the project of the account (console.cloud.google.com, APIs & Services), wait some minutes, run again"},
	{http.StatusForbidden, "is disabled", "enable the Google Sheets API in the project of the account (console.cloud.google.com, APIs & Services), wait some minutes, run again"},
	{http.StatusForbidden, "insufficient authentication scopes", "the credentials lack the scope https://www.googleapis.com/auth/spreadsheets: ask for it where the token is made"},
	{http.StatusForbidden, "protected", "a protected range keeps this account out: add the account to those who may edit it"},
	{http.StatusForbidden, "", "share the spreadsheet with %s, as an editor"},
	{http.StatusNotFound, "", "no spreadsheet has this id, or it is not shared with %s: check publish.spreadsheet (the part of the address between /d/ and /edit)"},
}

// stopped tells an answer that ends the publication; nil for any other.
func (s *service) stopped(err error) error {
	if keyRefused(err) {
		err = &googleapi.Error{Code: http.StatusUnauthorized, Message: s.said(err)}
	}
	var said *googleapi.Error
	if !errors.As(err, &said) {
		return nil
	}
	for _, stop := range stops {
		if said.Code != stop.status || !strings.Contains(said.Message+said.Body, stop.said) {
			continue
		}
		do := stop.do
		if strings.Contains(do, "%s") {
			do = fmt.Sprintf(do, s.account)
		}
		return &Stopped{said.Code, fmt.Sprintf("google answers %d (%s): %s", said.Code, s.clean(said.Message), do)}
	}
	return nil
}

// keyRefused tells that no token was given for the credentials, for a reason that stays.
func keyRefused(err error) bool {
	var said *auth.Error
	return errors.As(err, &said) && said.Response != nil && !said.Temporary()
}

// said is an error in few words, with nothing that would open a door: not the whole
// address that was asked, nor a proxy's page.
func (s *service) said(err error) string {
	var answer *googleapi.Error
	var sending *url.Error
	switch {
	case errors.As(err, &answer) && answer.Message != "":
		return s.clean(fmt.Sprintf("google answers %d (%s)", answer.Code, answer.Message))
	case errors.As(err, &answer):
		return fmt.Sprintf("the answer was %d %s", answer.Code, http.StatusText(answer.Code))
	case errors.As(err, &sending):
		return s.clean(sending.Err.Error())
	}
	return s.clean(err.Error())
}

// What a token, an assertion or a key looks like, wherever a library prints one.
var secretForms = regexp.MustCompile(`(?is)-----BEGIN[^-]*-----.*?-----END[^-]*-----|ya29\.[\w.-]+|eyJ[\w-]+\.[\w-]+\.[\w-]*|bearer\s+[^\s"',;]+|("?(?:access_token|refresh_token|id_token|assertion|client_secret|private_key)"?\s*[:=]\s*)"?[^\s"',}&]+"?`)

// clean is a text from a library or a server on one line, with nothing in it that
// would open a door.
func (s *service) clean(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, "[hidden]")
	}
	text = secretForms.ReplaceAllString(text, "${1}[hidden]")
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 400 {
		text = string(r[:399]) + "…"
	}
	return text
}

// cleaned hides secrets in an error and keeps what callers ask of it.
func (s *service) cleaned(err error) error {
	if err == nil {
		return nil
	}
	return &cleanError{s.said(err), err}
}

type cleanError struct {
	text string
	err  error
}

func (e *cleanError) Error() string { return e.text }

// Is passes on what an error is without passing on the error, which would print itself.
func (e *cleanError) Is(target error) bool { return errors.Is(e.err, target) }

// readKey learns from a key file whom to share the spreadsheet with, and what must
// never be printed.
func (s *service) readKey(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("the credentials file cannot be read: %w", err)
	}
	var key map[string]any
	if err := json.Unmarshal(text, &key); err != nil {
		return fmt.Errorf("%s is no key file: it is not JSON; download the key of the service account again", file)
	}
	for _, name := range []string{"private_key", "private_key_id", "client_secret", "refresh_token"} {
		if secret, ok := key[name].(string); ok && len(secret) >= 6 {
			s.secrets = append(s.secrets, secret)
			for line := range strings.SplitSeq(secret, "\n") {
				if len(line) >= 16 && !strings.HasPrefix(line, "-----") {
					s.secrets = append(s.secrets, line)
				}
			}
		}
	}
	if email, ok := key["client_email"].(string); ok {
		s.account = email
	}
	// Workload Identity Federation through a service account.
	if address, ok := key["service_account_impersonation_url"].(string); ok {
		_, account, _ := strings.Cut(address, "/serviceAccounts/")
		if account, _, ok = strings.Cut(account, ":"); ok {
			s.account = account
		}
	}
	return nil
}
