package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ask sends one get to a handler, and gives the waits between the tries.
func ask(t *testing.T, limits Limits, h http.HandlerFunc, transport http.RoundTripper) (answer, []time.Duration, error) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return askAt(t, limits, strings.Replace(s.URL, "http://", "http://marie:s3same@", 1)+"/liste", transport)
}

var usual = Limits{Request: 20 * time.Second, Total: 2 * time.Minute, Redirects: 3, Bytes: 1 << 20}

func askAt(t *testing.T, limits Limits, at string, transport http.RoundTripper) (answer, []time.Duration, error) {
	t.Helper()
	var waits []time.Duration
	c := newClient(Web{Limits: limits, Transport: transport, PrivateRedirects: true, Random: func() float64 { return 0.5 },
		Now:  func() time.Time { return time.Date(2019, 7, 2, 9, 0, 0, 0, time.UTC) },
		Wait: func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }}, nil)
	a, err := parseAddress(at, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limits.Total)
	defer cancel()
	ans, err := c.get(ctx, a, validators{})
	if err != nil && strings.Contains(err.Error(), "s3same") {
		t.Errorf("the password is told: %v", err)
	}
	return ans, waits, err
}

// script answers one request after the other. After a reset, the next request comes before the
// server knows that the last connection has ended.
func script(hs ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	next := func() http.HandlerFunc {
		mu.Lock()
		defer mu.Unlock()
		h := hs[0]
		if len(hs) > 1 {
			hs = hs[1:]
		}
		return h
	}
	return func(w http.ResponseWriter, r *http.Request) { next()(w, r) }
}

func says(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprint(w, "ok")
	}
}

// reset ends the connection without an answer.
func reset(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// short promises more than it sends.
func short(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, "Hébergeur;Prestation\n")
}

// TestRetries: what may pass is tried again, after half of a span that doubles here
// or what the server asks for; what will not pass is not.
func TestRetries(t *testing.T) {
	const s = time.Second
	for name, c := range map[string]struct {
		answers http.HandlerFunc
		waits   []time.Duration
		err     string // empty is success
		refused string // code
	}{
		"at once":            {says(200), nil, "", ""},
		"overloaded twice":   {script(says(503), says(502), says(200)), []time.Duration{s / 2, s}, "", ""},
		"too many requests":  {script(says(429, "Retry-After", "7"), says(200)), []time.Duration{7 * s}, "", ""},
		"until a time":       {script(says(503, "Retry-After", "Tue, 02 Jul 2019 09:00:11 GMT"), says(200)), []time.Duration{11 * s}, "", ""},
		"a time gone by":     {script(says(503, "Retry-After", "Tue, 02 Jul 2019 08:00:00 GMT"), says(200)), []time.Duration{0}, "", ""},
		"no sense":           {script(says(503, "Retry-After", "soon"), says(200)), []time.Duration{s / 2}, "", ""},
		"reset":              {script(reset, reset, says(200)), []time.Duration{s / 2, s}, "", ""},
		"cut off once":       {script(short, says(200)), []time.Duration{s / 2}, "", ""},
		"cut off for good":   {short, []time.Duration{s / 2, s, 2 * s, 4 * s}, "unexpected EOF", "fetch-truncated"},
		"down for good":      {says(500), []time.Duration{s / 2, s, 2 * s, 4 * s}, "the server answers 500 Internal Server Error, 5 times; try again later", ""},
		"too long to wait":   {says(429, "Retry-After", "3600"), nil, "asks to wait 1h0m0s, longer than all of the download may take", ""},
		"not there":          {says(404), nil, "404 Not Found", "fetch-status"},
		"not let in":         {says(401), nil, "401 Unauthorized", "fetch-status"},
		"no content":         {says(204), nil, "204 No Content", "fetch-status"},
		"not modified":       {says(304), nil, "304 Not Modified", "fetch-status"}, // though nobody asked
		"then not there":     {script(says(503), says(410)), []time.Duration{s / 2}, "410 Gone", "fetch-status"},
		"packed in a secret": {says(200, "Content-Encoding", "br"), nil, "packed in a way that was not asked for", "fetch-encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			ans, waits, err := ask(t, usual, c.answers, nil)
			if diff := cmp.Diff(c.waits, waits); diff != "" {
				t.Error("waits", diff)
			}
			var r *Rejection
			switch {
			case c.err == "":
				if err != nil || string(ans.body) != "ok" {
					t.Errorf("%q, %v", ans.body, err)
				}
			case err == nil || !strings.Contains(err.Error(), c.err):
				t.Errorf("%v", err)
			case errors.As(err, &r) != (c.refused != "") || r != nil && r.Findings[0].Code != c.refused:
				t.Errorf("%v: refused %v", err, r != nil)
			}
		})
	}
}

// TestTimes: a request has its time, and all together have theirs.
func TestTimes(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	limits := usual
	limits.Request = 30 * time.Millisecond
	_, waits, err := ask(t, limits, hang, nil)
	if err == nil || !strings.Contains(err.Error(), "did not answer within 30ms, 5 times") || len(waits) != maxTries-1 {
		t.Errorf("%v, %v", waits, err)
	}
	// A body that comes drop by drop takes no longer.
	_, _, err = ask(t, limits, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			fmt.Fprint(w, "x")
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
		}
	}, nil)
	if err == nil || !strings.Contains(err.Error(), "did not answer within 30ms") {
		t.Error(err)
	}
	limits = usual
	limits.Total = 50 * time.Millisecond
	_, _, err = ask(t, limits, hang, nil)
	if err == nil || !strings.Contains(err.Error(), "the time for all downloads (50ms) is over") {
		t.Error(err)
	}
}

// TestRedirects: so many, only to http and https, and not from https back to http.
func TestRedirects(t *testing.T) {
	to := func(where func(r *http.Request) string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/there") {
				fmt.Fprint(w, "ok")
				return
			}
			http.Redirect(w, r, where(r), http.StatusFound)
		}
	}
	steps := func(n int) http.HandlerFunc {
		return to(func(r *http.Request) string {
			path := r.URL.Path + "x"
			if strings.Count(path, "x") >= n {
				return "/there"
			}
			return path
		})
	}
	if ans, _, err := ask(t, usual, steps(3), nil); err != nil || string(ans.body) != "ok" || !ans.redirected || ans.final.Path != "/there" {
		t.Errorf("%+v, %v", ans, err)
	}
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		code string
	}{
		"one too many": {steps(4), "fetch-redirects"},
		"in a ring":    {to(func(r *http.Request) string { return r.URL.Path }), "fetch-redirects"},
		"to a file":    {to(func(*http.Request) string { return "file:///etc/passwd" }), "fetch-redirect"},
	} {
		var r *Rejection
		if _, waits, err := ask(t, usual, c.h, nil); !errors.As(err, &r) || r.Findings[0].Code != c.code || len(waits) > 0 {
			t.Errorf("%s: %v, %v", name, waits, err)
		}
	}
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed") }))
	defer plain.Close()
	safe := httptest.NewTLSServer(to(func(*http.Request) string { return plain.URL }))
	defer safe.Close()
	var r *Rejection
	if _, _, err := askAt(t, usual, safe.URL, safe.Client().Transport); !errors.As(err, &r) || !strings.Contains(err.Error(), "from https to http") {
		t.Error(err)
	}
}

// TestUnpacking: a packed answer is unpacked within its bounds, and one that is called
// packed and is not is taken as it is.
func TestUnpacking(t *testing.T) {
	packed := func(data []byte) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(data)
		z.Close()
		return b.Bytes()
	}
	send := func(data []byte, encoding string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
			}
			w.Write(data)
		}
	}
	list := bytes.Repeat([]byte("Alpha;x\n"), 1000)
	limits := usual
	limits.Bytes = 64 << 20
	limits.Request, limits.Total = time.Minute, 5*time.Minute // a busy machine takes long for so many bytes
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		code string
	}{
		"packed":              {send(packed(list), "gzip"), ""},
		"not packed":          {send(list, ""), ""},
		"called packed":       {send(list, "gzip"), ""},
		"a packed one cut":    {send(packed(list)[:30], "gzip"), "fetch-truncated"},
		"a bomb":              {send(packed(make([]byte, 40<<20)), "gzip"), "fetch-bomb"},
		"too large":           {send(make([]byte, 65<<20), ""), "fetch-too-large"},
		"too large, unstated": {func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); w.Write(make([]byte, 65<<20)) }, "fetch-too-large"},
	} {
		ans, _, err := ask(t, limits, c.h, nil)
		var r *Rejection
		if c.code == "" {
			if err != nil || !bytes.Equal(ans.body, list) {
				t.Errorf("%s: %d bytes, %v", name, len(ans.body), err)
			}
		} else if !errors.As(err, &r) || r.Findings[0].Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnreachable: a server that is not there, or not who it says, is named without
// what is secret.
func TestUnreachable(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	if _, waits, err := askAt(t, usual, strings.Replace(gone.URL, "http://", "http://marie:s3same@", 1), nil); err == nil || !strings.Contains(err.Error(), "refused") || len(waits) != maxTries-1 {
		t.Errorf("%v, %v", waits, err)
	}
	other := httptest.NewUnstartedServer(says(200))
	other.Config.ErrorLog = log.New(io.Discard, "", 0)
	other.StartTLS()
	defer other.Close()
	if _, waits, err := askAt(t, usual, other.URL, nil); err == nil || !strings.Contains(err.Error(), "certificate is not to be trusted") || len(waits) != 0 {
		t.Errorf("%v, %v", waits, err)
	}
}

// TestPages spells ranges out.
func TestPages(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"A-C autres", "A B C autres"}, {"8-11", "8 9 10 11"}, {"08-11", "08 09 10 11"}, {"0-2", "0 1 2"}, {"a-c", "a b c"}, {"0-9 A", "0 1 2 3 4 5 6 7 8 9 A"}, {"A-b", "A-b"}, {"sans-nom", "sans-nom"},
	} {
		if got, err := Pages(strings.Fields(c.in)); err != nil || !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%q: %q, %v", c.in, got, err)
		}
	}
	for _, bad := range [][]string{{"C-A"}, {"12-1"}, {""}, {"A", "A"}, {"A-C", "B"}, {"1-5000"}, {"1-600", "601-1200"}} {
		if got, err := Pages(bad); err == nil {
			t.Errorf("%q: %d pages", bad, len(got))
		}
	}
}

// TestAddress: what is shown of an address holds no secret, and keeps its page mark.
func TestAddress(t *testing.T) {
	for _, c := range []struct{ in, page, asked, shown, template string }{
		{"https://marie:secret@ans.fr/A/{page}?l={page}&token=xyzt&n=1#top", "A", "https://ans.fr/A/A?l=A&token=xyzt&n=1", "https://ans.fr/A/A?l=A&token=…&n=1", "https://ans.fr/A/{page}?l={page}&token=…&n=1"},
		{"http://ans.fr/liste?p={page}", "a b&c", "http://ans.fr/liste?p=a%20b%26c", "http://ans.fr/liste?p=a%20b%26c", "http://ans.fr/liste?p={page}"},
		{"http://ans.fr", "", "http://ans.fr", "http://ans.fr", "http://ans.fr"},
	} {
		a, err := parseAddress(c.in, c.page)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := []string{a.url.String(), a.shown, a.template}; !slices.Equal(got, []string{c.asked, c.shown, c.template}) {
			t.Errorf("%q", got)
		}
		if got := a.scrub("no " + c.in + "!"); strings.Contains(got, "xyzt") || strings.Contains(got, "secret") {
			t.Errorf("%q", got)
		}
	}
	for _, bad := range []string{"ftp://ans.fr", "https://", "liste.csv", "https://ans.fr/%zz"} {
		if _, err := parseAddress(bad, ""); err == nil {
			t.Errorf("%s is an address", bad)
		}
	}
}

// TestSecretsStayWithTheirServer: neither user and password nor a token in the address
// reach another server, and another port of the same host is one. A redirect within the
// server keeps them.
func TestSecretsStayWithTheirServer(t *testing.T) {
	var seen []string
	note := func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, fmt.Sprint(r.Header.Get("Authorization"), r.Header.Get("Referer")))
		fmt.Fprint(w, "ok")
	}
	other := httptest.NewServer(http.HandlerFunc(note))
	defer other.Close()
	for _, c := range []struct {
		to   string
		want string
	}{{other.URL + "/liste", ""}, {"/again", "Basic bWFyaWU6czNzYW1l"}} {
		seen = nil
		first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/again" {
				note(w, r)
				return
			}
			http.Redirect(w, r, c.to, http.StatusFound)
		}))
		defer first.Close()
		if _, _, err := askAt(t, usual, strings.Replace(first.URL, "http://", "http://marie:s3same@", 1)+"/liste?token=s3cret", nil); err != nil {
			t.Fatal(err)
		}
		if len(seen) != 1 || seen[0] != c.want {
			t.Errorf("to %s: %q, want %q", c.to, seen, c.want)
		}
	}
}

// TestQueryAsTyped: a space or an accent in a query reaches the server as a browser
// would send it, and what is written for it already stays.
func TestQueryAsTyped(t *testing.T) {
	var got string
	_, _, err := func() (answer, []time.Duration, error) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = r.URL.Query().Get("q") + "|" + r.URL.Query().Get("p")
			fmt.Fprint(w, "ok")
		}))
		defer s.Close()
		return askAt(t, usual, s.URL+"/liste?q=santé à jour&p=a%20b+c", nil)
	}()
	if err != nil || got != "santé à jour|a b c" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestPageThatNoServerSees: a {page} after a # would give the same page many times.
func TestPageThatNoServerSees(t *testing.T) {
	for at, ok := range map[string]bool{
		"https://example.org/liste#{page}": false, "https://example.org/{page}": true, "https://example.org/?l={page}#{page}": true, "https://{page}.example.org/": true,
	} {
		if err := CheckAddress(at); (err == nil) != ok {
			t.Errorf("%s: %v", at, err)
		}
	}
}
