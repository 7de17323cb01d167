package sheetstest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Options say what the server is like. The zero value is an empty spreadsheet
// "test", with one tab "Sheet1", in en_US, open to all.
type Options struct {
	ID       string // of the spreadsheet
	Title    string
	Locale   string
	TimeZone string
	// Sheet is the title of the one tab of the new spreadsheet.
	Sheet string
	// Token, if set, is the bearer token that every request must carry.
	Token string
	// MovesLeaveRanges makes moveDimension leave a range alone unless it moves as a
	// whole; otherwise a range's edge follows its line (see A8 in the package comment).
	MovesLeaveRanges bool
	// Evaluate gives what the formula in a cell computes: a number, text or truth
	// value, an error whose text is a type of Google's such as N_A, nil for none. It
	// is called while the server answers and must not call it.
	Evaluate func(sheet, cell, formula string) any
	// Observer is called after every commit with what a reader could see from then
	// on. It must not call the server.
	Observer func(Snapshot)
}

// Kind is what a request asks for.
type Kind string

// The kinds of requests.
const (
	Any    Kind = ""
	Get    Kind = "get"
	Batch  Kind = "batchUpdate"
	Search Kind = "developerMetadata:search"
	Other  Kind = "other"
)

// Request is one request that the server received.
type Request struct {
	Kind   Kind
	Method string
	Path   string
	Query  url.Values
	Body   []byte
	Status int    // 0 if no answer was sent
	Fault  string // the name of the fault that befell it
	// Applied reports whether it changed the state, whatever its answer said.
	Applied bool
}

// Server is a Sheets v4 server with one spreadsheet. It is an http.Handler, to be
// served by httptest or on a port of one's own; all of its methods may be called at
// any time from any goroutine.
type Server struct {
	options Options
	d       *discovery
	quit    chan struct{}
	once    sync.Once

	mu       sync.Mutex
	st       *state
	token    string
	expired  bool
	requests []*Request
	applied  int
	plans    []*plan
	random   *rand.Rand
	chance   float64
	pool     []Fault
	held     [][]byte
}

// New makes a server. It panics if the discovery document of the Google module is
// not found: no test can run then.
func New(o Options) *Server {
	for _, d := range []struct {
		field *string
		value string
	}{{&o.ID, "test"}, {&o.Title, "Test"}, {&o.Locale, "en_US"}, {&o.TimeZone, "Europe/Paris"}, {&o.Sheet, "Sheet1"}} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	st := &state{
		ID:         o.ID,
		Properties: object{"title": o.Title, "locale": o.Locale, "timeZone": o.TimeZone, "autoRecalc": "ON_CHANGE"},
	}
	st.Sheets = []*sheet{{Properties: object{"sheetId": float64(0), "title": o.Sheet, "sheetType": "GRID",
		"gridProperties": object{"rowCount": float64(defaultRows), "columnCount": float64(defaultColumns)}}}}
	return newServer(o, st)
}

func newServer(o Options, st *state) *Server {
	d, err := loadDiscovery()
	if err != nil {
		panic("sheetstest: " + err.Error())
	}
	return &Server{options: o, d: d, quit: make(chan struct{}), st: st, token: o.Token}
}

// Close lets go of every request that a fault holds up. Call it before the close of
// an httptest.Server, which waits for them.
func (s *Server) Close() { s.once.Do(func() { close(s.quit) }) }

// SetToken makes the server ask for another bearer token, which has not expired.
func (s *Server) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token, s.expired = token, false
}

// ExpireToken makes every request fail with 401 until SetToken.
func (s *Server) ExpireToken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expired = true
}

// Requests lists what was received so far, in order of arrival.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Request, len(s.requests))
	for i, r := range s.requests {
		out[i] = *r
	}
	return out
}

// Applied is how many batches were committed: those of HTTP requests, not what the
// test did as a person.
func (s *Server) Applied() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.applied
}

// Forget empties the record of requests and the count of batches.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests, s.applied = nil, 0
}

// Snapshot is what a reader sees now.
func (s *Server) Snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.snapshot()
}

func (s *Server) snapshot() Snapshot { return Snapshot{st: s.st, server: s} }

// answer is what a request is answered, before a fault changes it.
type answer struct {
	status  int
	header  map[string]string
	body    []byte
	applied bool
}

// jsonAnswer writes an answer: for a person to read, unless the query says otherwise,
// as the clients' do.
func jsonAnswer(o object, q url.Values) answer {
	b, err := json.Marshal(o)
	if q.Get("prettyPrint") != "false" && err == nil {
		var pretty bytes.Buffer
		err = json.Indent(&pretty, b, "", "  ")
		b = pretty.Bytes()
	}
	if err != nil {
		panic("sheetstest: an answer that is not JSON: " + err.Error())
	}
	return answer{status: http.StatusOK, body: b}
}

func errorAnswer(err error) answer {
	var e *apiError
	if !errors.As(err, &e) {
		e = invalid("%s", err)
	}
	return answer{status: e.code, body: e.body()}
}

// ServeHTTP answers one request of the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away while it was sending: nothing to apply, nobody to answer
	}
	rec := &Request{Kind: s.kind(r), Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Body: body}
	s.mu.Lock()
	s.requests = append(s.requests, rec)
	fault := s.choose(rec)
	s.mu.Unlock()
	s.serve(w, r, rec, fault)
}

func (s *Server) kind(r *http.Request) Kind {
	path := "/v4/spreadsheets/" + s.options.ID
	switch {
	case r.Method == http.MethodGet && r.URL.Path == path:
		return Get
	case r.Method == http.MethodPost && r.URL.Path == path+":batchUpdate":
		return Batch
	case r.Method == http.MethodPost && r.URL.Path == path+"/developerMetadata:search":
		return Search
	default:
		return Other
	}
}

// methods names each kind as the discovery document does.
var methods = map[Kind]string{
	Get:    "sheets.spreadsheets.get",
	Batch:  "sheets.spreadsheets.batchUpdate",
	Search: "sheets.spreadsheets.developerMetadata.search",
}

// handle authenticates, checks and executes a request; a commit happens here.
func (s *Server) handle(r *http.Request, rec *Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.unauthenticated(r); e != nil {
		return errorAnswer(e)
	}
	if rec.Kind == Other {
		if strings.HasPrefix(rec.Path, "/v4/spreadsheets/") {
			return errorAnswer(
				&apiError{code: http.StatusNotFound, status: "NOT_FOUND", message: "Requested entity was not found."},
			)
		}
		return errorAnswer(notSupported(rec.Method + " " + rec.Path))
	}
	if err := s.checkQuery(rec); err != nil {
		return errorAnswer(err)
	}
	out, applied, err := s.execute(rec.Kind, rec.Query, rec.Body)
	if err != nil {
		return errorAnswer(err)
	}
	if applied {
		s.applied++
		rec.Applied = true
	}
	a := jsonAnswer(out, rec.Query)
	a.applied = applied
	return a
}

func (s *Server) unauthenticated(r *http.Request) *apiError {
	if s.token == "" && !s.expired {
		return nil
	}
	if !s.expired && r.Header.Get("Authorization") == "Bearer "+s.token {
		return nil
	}
	return &apiError{code: http.StatusUnauthorized, status: "UNAUTHENTICATED",
		message: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."}
}

// checkQuery refuses parameters that the method does not have.
func (s *Server) checkQuery(rec *Request) error {
	params := s.d.params[methods[rec.Kind]]
	for _, name := range sortedKeys(map[string][]string(rec.Query)) {
		p := params[name]
		if p == nil {
			return payloadError(
				"Invalid JSON payload received. Unknown name %q: Cannot bind query parameter. Field '%s' could not be found in request message.",
				name,
				name,
			)
		}
		for _, v := range rec.Query[name] {
			if p.kind == "boolean" && v != "true" && v != "false" {
				return payloadError("Invalid value at '%s' (TYPE_BOOL), %q", snake(name), v)
			}
		}
	}
	return nil
}

// fields reads the parameter that says which part of the answer is wanted; nil for all.
func (s *Server) fields(q url.Values, answer string) (mask, error) {
	text := q.Get("fields")
	if text == "" {
		return nil, nil
	}
	m, err := parseMask(text, s.d, s.d.schemas[answer], false)
	if err != nil {
		return nil, fieldsFault(text, err)
	}
	return m, nil
}

// execute does what a request asks. The lock is held.
func (s *Server) execute(kind Kind, q url.Values, raw []byte) (object, bool, error) {
	switch kind {
	case Get:
		m, err := s.fields(q, "Spreadsheet")
		if err != nil {
			return nil, false, err
		}
		w := want{grid: q.Get("includeGridData") == "true", ranges: q["ranges"]}
		if m != nil {
			w.grid = wantsGrid(m)
		}
		out, err := s.st.render(w, s.effective)
		return masked(out, m), false, err
	case Search:
		m, err := s.fields(q, "SearchDeveloperMetadataResponse")
		if err != nil {
			return nil, false, err
		}
		body, err := s.decode(raw, "SearchDeveloperMetadataRequest")
		if err != nil {
			return nil, false, err
		}
		out, err := s.st.search(body)
		return masked(out, m), false, err
	default:
		m, err := s.fields(q, "BatchUpdateSpreadsheetResponse")
		if err != nil {
			return nil, false, err
		}
		body, err := s.decode(raw, "BatchUpdateSpreadsheetRequest")
		if err != nil {
			return nil, false, err
		}
		out, err := s.commit(body, m)
		return masked(out, m), err == nil, err
	}
}

// decode reads a body and checks it against its schema.
func (s *Server) decode(raw []byte, name string) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, payloadError("Invalid JSON payload received. %s", err)
	}
	if dec.More() {
		return nil, payloadError("Invalid JSON payload received. Unexpected text after the value.")
	}
	if err := s.d.check(v, s.d.schemas[name]); err != nil {
		return nil, err
	}
	o, _ := v.(object)
	return o, nil
}

// commit applies a checked batch to a clone and puts it in the state's place.
func (s *Server) commit(body object, m mask) (object, error) {
	b := &batch{server: s, d: s.d, st: s.st.clone()}
	replies, err := b.run(listAt(body, "requests"))
	if err != nil {
		return nil, err
	}
	out := object{"spreadsheetId": s.st.ID, "replies": replies}
	if boolAt(body, "includeSpreadsheetInResponse") {
		w := want{grid: boolAt(body, "responseIncludeGridData")}
		if m != nil {
			w.grid = wantsGrid(m, "updatedSpreadsheet")
		}
		for _, v := range listAt(body, "responseRanges") {
			text, _ := v.(string)
			w.ranges = append(w.ranges, text)
		}
		updated, err := b.st.render(w, s.effective)
		if err != nil {
			return nil, err
		}
		out["updatedSpreadsheet"] = updated
	}
	s.st = b.st
	if s.options.Observer != nil {
		s.options.Observer(s.snapshot())
	}
	return out, nil
}

// effective is what a cell computes: its value, or what the Evaluate option says of
// its formula. nil for an empty cell, and for a formula that nobody evaluates.
func (s *Server) effective(sh *sheet, row, col int) object {
	v := at(sh.cell(row, col), "userEnteredValue")
	formula, ok := v["formulaValue"].(string)
	if !ok {
		return v
	}
	if s.options.Evaluate == nil {
		return nil
	}
	return valueObject(s.options.Evaluate(sh.title(), cellName(row, col), formula))
}

// valueObject makes an ExtendedValue of a Go value; nil of nil. It panics on a type
// that no cell holds.
func valueObject(v any) object {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return object{"stringValue": v}
	case bool:
		return object{"boolValue": v}
	case error:
		return object{"errorValue": object{"type": v.Error(), "message": "Error"}}
	case float64:
		return object{"numberValue": v}
	case int:
		return object{"numberValue": float64(v)}
	default:
		panic(fmt.Sprintf("sheetstest: a cell cannot hold a %T", v))
	}
}
