package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// TestPrivate: what is out on the internet, and what is not, in every notation that an
// address of one family has in the other.
func TestPrivate(t *testing.T) {
	for _, in := range strings.Fields("127.0.0.1 127.9.9.9 ::1 ::ffff:127.0.0.1 ::127.0.0.1 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 0.0.0.0 0.1.2.3 :: fe80::1 fe80::1%eth0 " +
		"fc00::1 fd12::1 fec0::1 100.64.0.1 192.0.0.8 198.18.0.1 224.0.0.1 255.255.255.255 240.0.0.1 ff02::1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1::1 2001:0:1::1 100::1") {
		if !private(netip.MustParseAddr(in)) {
			t.Errorf("%s is taken for public", in)
		}
	}
	for _, out := range strings.Fields("8.8.8.8 172.32.0.1 100.128.0.1 192.0.1.1 2a01:cb00::1 64:ff9b::808:808 ::ffff:8.8.8.8") {
		if private(netip.MustParseAddr(out)) {
			t.Errorf("%s is taken for private", out)
		}
	}
}

// TestPrivateRedirect: a redirect to this machine is not followed, by whatever name it
// goes, and the server that is configured is asked although it is here. No connection
// is made.
func TestPrivateRedirect(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("inside")) }))
	defer inside.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(inside.URL, "http://"), ":")
	var to string
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/liste" && to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		w.Write([]byte("the list"))
	}))
	defer outside.Close()
	a, err := parseAddress(outside.URL+"/liste", "")
	if err != nil {
		t.Fatal(err)
	}
	get := func(web Web) (answer, error) {
		web.Limits = usual
		ctx, cancel := context.WithTimeout(t.Context(), usual.Total)
		defer cancel()
		return newClient(web, []*part{{address: a}}).get(ctx, a, validators{})
	}
	for _, to = range []string{"", outside.URL + "/autre"} {
		if ans, err := get(Web{}); err != nil || string(ans.body) != "the list" {
			t.Errorf("to %q: %q, %v", to, ans.body, err)
		}
	}
	for _, to = range []string{"http://127.0.0.1:" + port, "http://localhost:" + port, "http://[::1]:" + port, "http://[::ffff:7f00:1]:" + port, "http://127.0.0.1.:" + port, "http://0:" + port, "http://2130706433:" + port,
		"http://[fe80::1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/"} {
		ans, err := get(Web{Random: func() float64 { return 0 }})
		var r *Rejection
		if string(ans.body) == "inside" {
			t.Errorf("to %s: reached", to)
		}
		// What no resolver takes for an address is no server at all.
		if !errors.As(err, &r) && (err == nil || !strings.Contains(err.Error(), "no server called")) {
			t.Errorf("to %s: %v", to, err)
		}
	}
	to = inside.URL
	if ans, err := get(Web{PrivateRedirects: true}); err != nil || string(ans.body) != "inside" {
		t.Errorf("allowed: %q, %v", ans.body, err)
	}
}

// TestNamesAreCheckedWhereTheyLead: a redirect to a name is judged by the address that
// the connection is made to.
func TestNamesAreCheckedWhereTheyLead(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	defer inside.Close()
	transport := &http.Transport{}
	keepOut(transport, nil)
	_, err := transport.DialContext(t.Context(), "tcp", strings.Replace(strings.TrimPrefix(inside.URL, "http://"), "127.0.0.1", "localhost", 1))
	var r *Rejection
	if !errors.As(err, &r) || r.Findings[0].Code != "fetch-redirect" {
		t.Error(err)
	}
}

// TestCookies: what a redirect sets is given back on the way, and not by the next request.
func TestCookies(t *testing.T) {
	var first []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/liste" {
			first = append(first, r.Header.Get("Cookie"))
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "1", Path: "/"})
			http.Redirect(w, r, "/vrai", http.StatusFound)
			return
		}
		w.Write([]byte(r.Header.Get("Cookie")))
	}))
	defer s.Close()
	for range 2 {
		if ans, _, err := askAt(t, usual, s.URL+"/liste", nil); err != nil || string(ans.body) != "session=1" {
			t.Errorf("%q, %v", ans.body, err)
		}
	}
	if strings.Join(first, "") != "" {
		t.Errorf("kept for another request: %q", first)
	}
}
