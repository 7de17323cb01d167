package gsheets

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl/message"
	"hdsreport/etl/pattern"
)

// service sends requests for one spreadsheet. It repeats them where that may help, within one
// budget of time.
type service struct {
	api      *sheets.Service
	id       string
	account  any // whom to share with: an address, or words for it
	secrets  []string
	opt      *Options
	deadline time.Time
	requests int
	saved    map[Edit]bool // what people did, and has been saved in this run
}

var (
	spreadsheetAddress = pattern.Of(`^https?://[^/]+/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]+)`)
	spreadsheetID      = pattern.Of(`^[A-Za-z0-9_-]+$`)
)

// idOf is the id of a spreadsheet, given as such or as its address.
func idOf(s string) (string, error) {
	s = strings.TrimSpace(s)
	if m := spreadsheetAddress().FindStringSubmatch(s); m != nil {
		return m[1], nil
	}
	if spreadsheetID().MatchString(s) {
		return s, nil
	}
	return "", message.Fail(nil, "sheet-no-id", "text", s)
}

// connect makes the client. Nothing is sent.
func connect(ctx context.Context, o *Options) (*service, error) {
	s := &service{opt: o, account: message.New("sheet-account"), saved: map[Edit]bool{}}
	var err error
	if s.id, err = idOf(o.Spreadsheet); err != nil {
		return nil, err
	}
	if !EndpointAllowed(o.Endpoint) {
		return nil, message.Fail(nil, "sheet-endpoint", "endpoint", o.Endpoint)
	}
	opts := []option.ClientOption{
		option.WithScopes(sheets.SpreadsheetsScope),
		option.WithUserAgent("hdsreport"),
		option.WithTelemetryDisabled(),
	}
	switch {
	case o.Credentials != "":
		if err := s.readKey(o.Credentials); err != nil {
			return nil, err
		}
		opts = append(opts, option.WithAuthCredentialsFile(option.ServiceAccount, o.Credentials))
	case o.Endpoint != "" && !googles(o.Endpoint):
		opts = append(opts, option.WithoutAuthentication())
	default:
		// If the default credentials come from a file, it says whom to share the spreadsheet with.
		// Whether the file is valid is for the library to judge.
		if file := os.Getenv("GOOGLE_APPLICATION_CREDENTIALS"); file != "" {
			_ = s.readKey(file)
		}
	}
	if o.Endpoint != "" {
		opts = append(opts, option.WithEndpoint(o.Endpoint))
	}
	if s.api, err = sheets.NewService(ctx, opts...); err != nil {
		return nil, message.Fail(s.cleaned(err), "sheet-no-credentials", "why", s.said(err))
	}
	s.deadline = o.Clock().Add(o.Budget)
	return s, nil
}

// EndpointAllowed reports whether a publication may be sent to an address; empty is Google's own.
// Whoever can change a setting must not be able to have the edition, or a token of the account,
// sent elsewhere: only Google and this machine are taken.
func EndpointAllowed(endpoint string) bool {
	return endpoint == "" || googles(endpoint) || loopback(endpoint)
}

// googles reports whether an address is one of Google's interfaces.
func googles(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Scheme != "https" || u.Port() != "" && u.Port() != "443" {
		return false
	}
	return strings.HasSuffix(strings.ToLower(u.Hostname()), ".googleapis.com")
}

// loopback reports whether an address is on this machine.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// outcome says what is known of a request after its answer.
type outcome uint8

const (
	done      outcome = iota
	notDone           // certainly not applied
	ambiguous         // applied or not
)

// once sends a request one time and judges the answer.
func (s *service) once(ctx context.Context, send func(context.Context) error) (outcome, error) {
	s.requests++
	left := s.deadline.Sub(s.opt.Clock())
	ctx, cancel := context.WithTimeout(ctx, max(min(left, s.opt.Timeout), time.Millisecond))
	defer cancel()
	err := send(ctx)
	if err == nil {
		return done, nil
	}
	var said *googleapi.Error
	switch {
	case keyRefused(err):
		return notDone, err
	case errors.As(err, &said) && said.Code < 500 && said.Code != http.StatusRequestTimeout:
		return notDone, err
	case errors.As(err, new(*json.SyntaxError)):
		return ambiguous, message.Fail(err, "sheet-answer-cut", "why", err)
	default:
		return ambiguous, err
	}
}

const (
	firstWait = time.Second
	mostWait  = 64 * time.Second
)

// wait sleeps before another try: exponential backoff with full jitter, and at least as
// long as the server asks for. It fails if that would exceed the budget.
func (s *service) wait(ctx context.Context, try int, cause error) error {
	span := min(firstWait<<min(try, 10), mostWait)
	d := time.Duration(s.opt.Jitter() * float64(span))
	if asked := retryAfter(cause, s.opt.Clock()); asked > 0 {
		d += asked
	}
	if s.opt.Clock().Add(d).After(s.deadline) {
		return message.Fail(s.cleaned(cause), "sheet-gave-up", "minutes", s.opt.Budget.Minutes(), "requests",
			s.requests, "why", s.said(cause))
	}
	s.tell("sheet-state-waiting", "seconds", d.Seconds(), "why", s.said(cause))
	return s.opt.Sleep(ctx, d)
}

// retryAfter is what the server asks for, in seconds or as a date.
func retryAfter(err error, now time.Time) time.Duration {
	var said *googleapi.Error
	if !errors.As(err, &said) {
		return 0
	}
	v := said.Header.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return at.Sub(now)
	}
	return 0
}

// read fetches some fields of the spreadsheet. A read may be repeated as often as it
// takes.
func (s *service) read(ctx context.Context, fields googleapi.Field) (*sheets.Spreadsheet, error) {
	for try := 0; ; try++ {
		var doc *sheets.Spreadsheet
		_, err := s.once(ctx, func(ctx context.Context) (err error) {
			doc, err = s.api.Spreadsheets.Get(s.id).Fields(fields).Context(ctx).Do()
			return err
		})
		if err == nil {
			return doc, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if stop := s.stopped(err); stop != nil {
			return nil, stop
		}
		if err := s.wait(ctx, try, err); err != nil {
			return nil, err
		}
	}
}

// write applies a batch exactly once, or fails: with *Overtaken where another one was
// applied instead, with *changedError where Google would not take it and nothing else was.
// next is the generation that the batch creates, after the entry last.
func (s *service) write(ctx context.Context, batch *sheets.BatchUpdateSpreadsheetRequest, last, next entry) error {
	doubted := false // an earlier try may have been applied
	for try := 0; ; try++ {
		what, err := s.once(ctx, func(ctx context.Context) error {
			_, err := s.api.Spreadsheets.BatchUpdate(s.id, batch).Context(ctx).Do()
			return err
		})
		if what == done {
			return nil
		}
		if ctx.Err() != nil && !doubted && what == notDone {
			return ctx.Err()
		}
		var said *googleapi.Error
		refused := errors.As(err, &said) && said.Code == http.StatusBadRequest
		doubted = doubted || what == ambiguous
		switch {
		case refused, what == ambiguous:
			if what == ambiguous {
				if err := s.wait(ctx, try, err); err != nil {
					return message.Fail(err, "sheet-written-unknown", "why", err)
				}
			}
			there, readErr := s.generations(ctx)
			if readErr != nil {
				return message.Fail(readErr, "sheet-written-unknown/again", "why", readErr)
			}
			switch at := lastOf(there); {
			case holds(there, next) && doubted:
				return nil
			case at.ID != last.ID:
				return &Overtaken{at.Generation}
			case refused:
				return &changedError{s.stopped(err)}
			}
			// Neither this batch nor another one was applied: send the same batch again.
		default:
			if stop := s.stopped(err); stop != nil {
				return stop
			}
			if err := s.wait(ctx, try, err); err != nil {
				return err
			}
		}
	}
}

// generations reads the generations alone, a small read for when it is not known whether a batch was
// applied.
func (s *service) generations(ctx context.Context) ([]entry, error) {
	doc, err := s.read(ctx, "developerMetadata")
	if err != nil {
		return nil, err
	}
	return entriesOf(doc)
}
