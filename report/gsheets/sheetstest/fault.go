package sheetstest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
)

// Fault is one way in which a request goes wrong. Its parts combine, in this order:
// Before, the delay, the effect, the answer.
type Fault struct {
	Name string
	// Before runs before the request takes effect; it may use the server's methods, as
	// somebody would who edits between another's read and write.
	Before func(*Server)
	// Delay holds the request up before it takes effect, DelayAnswer after it: until
	// the channel is closed, the client gives up, or the server is closed.
	Delay, DelayAnswer <-chan struct{}
	// Skip leaves the request without effect; else it takes effect whatever is answered.
	Skip bool
	// Hold keeps the request for Release, which applies it later: a request that
	// arrives after its sender gave up.
	Hold bool
	// Status and Body, where Status is not 0, are answered in place of the true answer.
	Status int
	Header map[string]string
	Body   string
	// Cut ends the connection in place of the answer's rest.
	Cut Cut
}

// Cut says where a connection ends.
type Cut uint8

// The places of a cut.
const (
	CutNot    Cut = iota
	CutStart      // before the first byte of the answer, with a reset
	CutMiddle     // in the middle of the answer's body
)

// plan is a fault waiting for its request.
type plan struct {
	kind  Kind
	after int // so many requests of that kind still pass
	fault Fault
}

// At lets a fault befall the n-th request of a kind from now on; 1 is the next one,
// Any counts them all.
func (s *Server) At(kind Kind, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans = append(s.plans, &plan{kind, n - 1, f})
}

// Random lets faults befall requests at random, each request with that chance: the
// same ones for the same seed and the same requests. Without faults it ends.
func (s *Server) Random(seed uint64, chance float64, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.random, s.chance, s.pool = rand.New(rand.NewPCG(seed, 0)), chance, faults
}

// Waiting is how many planned faults have not befallen any request yet: a test whose
// fault never came has tested nothing.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.plans)
}

// choose takes the fault that is due for a request. The lock is held.
func (s *Server) choose(rec *Request) *Fault {
	var due *Fault
	var rest []*plan
	for _, p := range s.plans {
		switch {
		case p.kind != Any && p.kind != rec.Kind:
			rest = append(rest, p)
		case p.after == 0 && due == nil:
			due = &p.fault
		default:
			p.after = max(0, p.after-1)
			rest = append(rest, p)
		}
	}
	s.plans = rest
	if due == nil && len(s.pool) > 0 && s.random.Float64() < s.chance {
		due = &s.pool[s.random.IntN(len(s.pool))]
	}
	if due != nil {
		rec.Fault = due.Name
	}
	return due
}

// Release applies the batches that were held, in order of arrival, and gives what
// became of each: nil for one that was applied.
func (s *Server) Release() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []error
	for _, raw := range s.held {
		_, applied, err := s.execute(Batch, nil, raw)
		if applied {
			s.applied++
		}
		out = append(out, err)
	}
	s.held = nil
	return out
}

// serve answers a request, with or without a fault.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, rec *Request, f *Fault) {
	if f == nil {
		f = &Fault{}
	}
	if f.Before != nil {
		f.Before(s)
	}
	if !s.wait(r, f.Delay) {
		panic(http.ErrAbortHandler)
	}
	var a answer
	switch {
	case f.Hold:
		s.mu.Lock()
		if rec.Kind == Batch {
			s.held = append(s.held, rec.Body)
		}
		s.mu.Unlock()
	case !f.Skip:
		a = s.handle(r, rec)
	}
	if !s.wait(r, f.DelayAnswer) {
		panic(http.ErrAbortHandler)
	}
	if f.Status != 0 {
		a = answer{status: f.Status, header: f.Header, body: []byte(f.Body)}
	}
	if f.Cut == CutStart {
		reset(w)
		return
	}
	if a.status == 0 {
		panic(fmt.Sprintf("sheetstest: the fault %q has no effect and no answer", f.Name))
	}
	s.mu.Lock()
	rec.Status = a.status
	s.mu.Unlock()
	s.send(w, a, f.Cut)
}

// send writes an answer; one that is cut announces its whole length.
func (s *Server) send(w http.ResponseWriter, a answer, c Cut) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=UTF-8")
	for k, v := range a.header {
		h.Set(k, v)
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	if c == CutMiddle {
		// A write that fails means that the client has gone, which is what a cut is.
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.body)
}

// wait holds a request up; false if the client or the server gave up.
func (s *Server) wait(r *http.Request, gate <-chan struct{}) bool {
	if gate == nil {
		return true
	}
	select {
	case <-gate:
		return true
	case <-r.Context().Done():
	case <-s.quit:
	}
	return false
}

// reset ends a connection as a crashed machine does.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 cannot be taken over: its stream ends
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the close would still be a reset for the reader, only a politer one
	}
	_ = conn.Close()
}

func jsonFault(name string, e *apiError) Fault {
	return Fault{Name: name, Skip: true, Status: e.code, Body: string(e.body())}
}

// after makes a fault take effect on the state, whatever it answers.
func (f Fault) after() Fault {
	f.Name, f.Skip = f.Name+", after applying", false
	return f
}

// TooMany is 429, with a Retry-After (seconds, or an HTTP date) unless it is empty.
func TooMany(retryAfter string) Fault {
	f := jsonFault("429", &apiError{code: 429, status: "RESOURCE_EXHAUSTED",
		message: "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service 'sheets.googleapis.com'."})
	if retryAfter != "" {
		f.Header = map[string]string{"Retry-After": retryAfter}
	}
	return f
}

// Unavailable is 503 before the request takes effect.
func Unavailable() Fault {
	return jsonFault(
		"503",
		&apiError{code: 503, status: "UNAVAILABLE", message: "The service is currently unavailable."},
	)
}

// UnavailableAfter is 503 after the request took effect.
func UnavailableAfter() Fault { return Unavailable().after() }

// Internal is 500 before the request takes effect.
func Internal() Fault {
	return jsonFault("500", &apiError{code: 500, status: "INTERNAL", message: "Internal error encountered."})
}

// InternalAfter is 500 after the request took effect.
func InternalAfter() Fault { return Internal().after() }

// Reset ends the connection before the request takes effect.
func Reset() Fault { return Fault{Name: "reset", Skip: true, Cut: CutStart} }

// ResetAfter ends it after the request took effect and before the answer.
func ResetAfter() Fault { return Fault{Name: "reset, after applying", Cut: CutStart} }

// CutAnswer ends it in the middle of the answer: the request took effect.
func CutAnswer() Fault { return Fault{Name: "answer cut", Cut: CutMiddle} }

// Slow holds the request up before it takes effect, until the gate is closed; if the
// client gives up first it never does.
func Slow(gate <-chan struct{}) Fault { return Fault{Name: "slow", Delay: gate} }

// SlowAfter applies the request and holds its answer up.
func SlowAfter(gate <-chan struct{}) Fault {
	return Fault{Name: "slow, after applying", DelayAnswer: gate}
}

// Late ends the connection and keeps the request until Release applies it.
func Late() Fault { return Fault{Name: "late", Hold: true, Cut: CutStart} }

// Expired answers this one request as if its token had expired.
func Expired() Fault {
	return jsonFault("401", &apiError{code: 401, status: "UNAUTHENTICATED",
		message: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential."})
}

// BadRequest is 400.
func BadRequest(message string) Fault { return jsonFault("400", invalid("%s", message)) }

// Forbidden is 403 for an account to which the spreadsheet is not shared.
func Forbidden() Fault {
	return jsonFault(
		"403",
		&apiError{code: 403, status: "PERMISSION_DENIED", message: "The caller does not have permission"},
	)
}

// Disabled is 403 for a project that has not enabled the API.
func Disabled() Fault {
	return jsonFault("403 disabled", &apiError{code: 403, status: "PERMISSION_DENIED",
		message: "Google Sheets API has not been used in project 123 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=123 then retry.",
		details: []any{object{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED",
			"domain": "googleapis.com", "metadata": object{"service": "sheets.googleapis.com", "consumer": "projects/123"}}}})
}

// StorageFull is 403 where the owner of the spreadsheet has no room left in Drive.
func StorageFull() Fault {
	return jsonFault("403 storage", &apiError{code: 403, status: "PERMISSION_DENIED", reason: "storageQuotaExceeded",
		message: "The user's Drive storage quota has been exceeded."})
}

// RateLimited is 403 where an account has sent too many requests.
func RateLimited() Fault {
	return jsonFault(
		"403 rate",
		&apiError{
			code:    403,
			status:  "PERMISSION_DENIED",
			reason:  "userRateLimitExceeded",
			message: "User Rate Limit Exceeded",
		},
	)
}

// NotFound is 404, as for a wrong id.
func NotFound() Fault {
	return jsonFault("404", &apiError{code: 404, status: "NOT_FOUND", message: "Requested entity was not found."})
}

// ProxyPage is 502 with a page of HTML, from a machine on the way.
func ProxyPage() Fault {
	return Fault{
		Name:   "502 from a proxy",
		Skip:   true,
		Status: 502,
		Header: map[string]string{"Content-Type": "text/html; charset=UTF-8"},
		Body:   "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n",
	}
}

// Meddle runs fn before the request takes effect: somebody edits between a read and
// a write.
func Meddle(fn func(*Server)) Fault { return Fault{Name: "concurrent edit", Before: fn} }

// Transient lists one fault of each kind that may pass by itself, for tests that try
// them all: those that answer, and those that end the connection.
func Transient() []Fault {
	return []Fault{TooMany(""), TooMany("1"), Unavailable(), UnavailableAfter(), Internal(), InternalAfter(),
		Reset(), ResetAfter(), CutAnswer(), ProxyPage()}
}
