package gsheets

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"cloud.google.com/go/auth"
	"google.golang.org/api/googleapi"

	"hdsreport/etl/message"
	"hdsreport/etl/pattern"
)

// Refused is a publication that was not sent: too large, or people have typed where it
// would write. Everything is as it was.
type Refused struct {
	Why   message.Message
	Edits []Edit // what people typed, where that is why; it has been saved
}

func (e *Refused) Error() string                { return e.Why.String() }
func (e *Refused) Say(p message.Printer) string { return p.Text(e.Why) }

// Overtaken is a publication that came second: somebody else published between its
// reading and its writing. Nothing of it was written.
type Overtaken struct {
	By string // the generation that stands there now
}

func (e *Overtaken) Error() string { return e.Say(message.In("en")) }

// Say says it in a language.
func (e *Overtaken) Say(p message.Printer) string {
	return p.Say("sheet-overtaken", "generation", e.By)
}

// Stopped is an answer that another try would not change.
type Stopped struct {
	Status int // of HTTP
	Why    message.Message
}

func (e *Stopped) Error() string                { return e.Why.String() }
func (e *Stopped) Say(p message.Printer) string { return p.Text(e.Why) }

// Differs is a spreadsheet that, read after it was written, does not hold what was sent, or does
// not compute what the program computes.
type Differs struct {
	Written bool              // by this run
	Cells   []message.Message // what differs where
}

func (e *Differs) Error() string { return e.Say(message.In("en")) }

// Say names the first cells that differ.
func (e *Differs) Say(p message.Printer) string {
	const most = 5
	said := make([]string, 0, most)
	for _, m := range e.Cells[:min(most, len(e.Cells))] {
		said = append(said, p.Text(m))
	}
	cells := strings.Join(said, p.Say("sheet-differs-next"))
	if more := len(e.Cells) - len(said); more > 0 {
		cells = p.Say("sheet-differs-more-cells", "cells", cells, "more", more)
	}
	key := message.Key("sheet-differs")
	if !e.Written {
		key = "sheet-differs/unwritten"
	}
	return p.Say(key, "places", len(e.Cells), "cells", cells)
}

// changedError is a batch that did not fit the spreadsheet any more; stop is Google's answer.
type changedError struct{ stop error }

func (e *changedError) Error() string                { return e.stop.Error() }
func (e *changedError) Unwrap() error                { return e.stop }
func (e *changedError) Say(p message.Printer) string { return p.Error(e.stop) }

// stops are the answers that no other try changes, with what a person can do. The first
// that fits holds.
var stops = []struct {
	status int
	said   string // in Google's message or among the reasons that it gives, in small letters; empty fits any
	do     message.Key
}{
	{http.StatusBadRequest, "not supported for this document", "sheet-do-excel"},
	{http.StatusBadRequest, "protected cell or object", "sheet-do-protected"},
	{http.StatusBadRequest, "payload size exceeds", "sheet-do-payload"},
	{http.StatusBadRequest, "number of cells", "sheet-do-cells"},
	{http.StatusBadRequest, "", "sheet-do-batch"},
	{http.StatusUnauthorized, "", "sheet-do-sign-in"},
	{http.StatusForbidden, "has not been used in project", "sheet-do-enable"},
	{http.StatusForbidden, "is disabled", "sheet-do-enable"},
	{http.StatusForbidden, "accessnotconfigured", "sheet-do-enable"},
	{http.StatusForbidden, "storagequotaexceeded", "sheet-do-storage"},
	{http.StatusForbidden, "storage quota", "sheet-do-storage"},
	{http.StatusForbidden, "dailylimitexceeded", "sheet-do-tomorrow"},
	{http.StatusForbidden, "ratelimitexceeded", "sheet-do-wait"}, // of the user or of the project
	{http.StatusForbidden, "rate limit", "sheet-do-wait"},
	{http.StatusForbidden, "quotaexceeded", "sheet-do-wait"},
	{http.StatusForbidden, "quota exceeded", "sheet-do-wait"},
	{http.StatusForbidden, "insufficient authentication scopes", "sheet-do-scope"},
	{http.StatusForbidden, "protected", "sheet-do-let-in"},
	{http.StatusForbidden, "", "sheet-do-share"},
	{http.StatusNotFound, "", "sheet-do-find"},
}

// stopped tells an answer that ends the publication; nil for any other.
func (s *service) stopped(err error) error {
	var said *googleapi.Error
	switch {
	case keyRefused(err):
		said = &googleapi.Error{Code: http.StatusUnauthorized, Message: fmt.Sprint(s.said(err))}
	case !errors.As(err, &said):
		return nil
	}
	words := strings.ToLower(said.Message + said.Body)
	for _, stop := range stops {
		if said.Code == stop.status && strings.Contains(words, stop.said) {
			return &Stopped{
				said.Code,
				message.New("sheet-stopped", "status", strconv.Itoa(said.Code), "said", s.clean(said.Message),
					"do", message.New(stop.do, "account", s.account)),
			}
		}
	}
	return nil
}

// keyRefused reports whether no token was given for the credentials, for a reason that stays.
func keyRefused(err error) bool {
	var said *auth.Error
	return errors.As(err, &said) && said.Response != nil && !said.Temporary()
}

// said is an error in few words, with nothing that would open a door: not the whole
// address that was asked, nor a proxy's page. It is an argument of a message.
func (s *service) said(err error) any {
	var answer *googleapi.Error
	var sending *url.Error
	var carries *message.Error
	switch {
	case errors.As(err, &answer) && answer.Message != "":
		return message.New("sheet-google-says", "status", strconv.Itoa(answer.Code), "said", s.clean(answer.Message))
	case errors.As(err, &answer):
		return message.New("sheet-answer-status", "status", strconv.Itoa(answer.Code), "text",
			http.StatusText(answer.Code))
	case errors.As(err, &carries):
		return carries.Message
	case errors.As(err, &sending):
		return s.clean(sending.Err.Error())
	}
	return s.clean(err.Error())
}

// What a token, an assertion or a key looks like, wherever a library prints one.
var secretForms = pattern.Of(
	`(?is)-----BEGIN[^-]*-----.*?-----END[^-]*-----|ya29\.[\w.-]+|eyJ[\w-]+\.[\w-]+\.[\w-]*|bearer\s+[^\s"',;]+|("?(?:access_token|refresh_token|id_token|assertion|client_secret|private_key)"?\s*[:=]\s*)"?[^\s"',}&]+"?`,
)

// clean is a text from a library or a server on one line, with nothing in it that
// would open a door.
func (s *service) clean(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, "[hidden]")
	}
	text = secretForms().ReplaceAllString(text, "${1}[hidden]")
	return message.Cut(strings.Join(strings.Fields(text), " "), 400)
}

// cleaned hides secrets in an error and keeps what callers ask of it.
func (s *service) cleaned(err error) error {
	if err == nil {
		return nil
	}
	return &cleanError{message.New("sheet-cause", "why", s.said(err)), err}
}

type cleanError struct {
	message message.Message
	err     error
}

func (e *cleanError) Error() string                { return e.message.String() }
func (e *cleanError) Say(p message.Printer) string { return p.Text(e.message) }

// Is passes on what an error is without passing on the error, which would print itself.
func (e *cleanError) Is(target error) bool { return errors.Is(e.err, target) }

// readKey learns from a key file whom to share the spreadsheet with, and what must
// never be printed.
func (s *service) readKey(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return message.Fail(err, "sheet-key-unread", "why", err)
	}
	var key map[string]any
	if err := json.Unmarshal(text, &key); err != nil {
		return message.Fail(nil, "sheet-key-no-json", "file", file)
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
