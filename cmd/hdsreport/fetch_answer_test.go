package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hdsreport/config"
	"hdsreport/etl/fetch"
)

// answers serves bytes with headers, given as name, value.
func answers(data string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		io.WriteString(w, data)
	}
}

const lilliput = "Lilliput;Hébergement;01/02/2018;31/01/2021\n"

// TestFetchOlderCopy: a cache on the way that answers with what was there before makes
// no edition, whichever way it shows; what is only not dated makes one.
func TestFetchOlderCopy(t *testing.T) {
	recorded := []string{"Last-Modified", "Sat, 01 Jun 2019 08:00:00 GMT"}
	for name, c := range map[string]struct {
		first, then []string
		taken       bool
	}{
		"dated before":               {recorded, []string{"Last-Modified", "Fri, 15 Feb 2019 08:00:00 GMT"}, false},
		"kept for long":              {recorded, []string{"Age", "9000000"}, false},
		"kept for long, not dated":   {nil, []string{"Age", "9000000"}, false},
		"kept since the last fetch":  {nil, []string{"Age", "3600"}, true},
		"dated after":                {recorded, []string{"Last-Modified", "Mon, 01 Jul 2019 08:00:00 GMT", "Age", "60"}, true},
		"dated the same":             {recorded, recorded, true},
		"not dated":                  {recorded, nil, true},
		"a date that cannot be read": {recorded, []string{"Last-Modified", "yesterday"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.set("/agrees", answers(agreesHead+agreesRow+lilliput, c.first...))
			p := newPlace(t, "lists:\n  approved:\n    download: "+s.URL+"/agrees\n")
			p.want(t, 0, "fetch")
			p.day = "2019-07-03"
			s.set("/agrees", answers(agreesHead+agreesRow, c.then...))
			out, told := p.want(t, 0, "fetch")
			if (out != "") != c.taken || strings.Contains(told, "[fetch-older]") == c.taken {
				t.Errorf("the edition is %q\n%s", out, told)
			}
			if !c.taken && !strings.Contains(told, "2019-07-02") {
				t.Errorf("the edition that stays is not named:\n%s", told)
			}
		})
	}
}

// TestFetchTakesNoPart: a part of the list, by the server's own word or the file's, makes no
// edition.
func TestFetchTakesNoPart(t *testing.T) {
	whole := `{"total_count": 1, "results": [{"hebergeur": "Lilliput", "prestation": "Hébergement", "fin_agrement": "2021-01-31"}]}`
	page := strings.Replace(whole, `"total_count": 1`, `"total_count": 57`, 1)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		said   []string // none if it is taken
	}{
		"the whole list": {answers(whole, "Content-Type", "application/json"), nil},
		"206": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", "bytes 0-99/5000")
			w.WriteHeader(http.StatusPartialContent)
			io.WriteString(w, agreesHead+agreesRow)
		}, []string{"206 Partial Content", "a part of the list alone", "[fetch-status]"}},
		"page 1 of several": {answers(page, "Content-Type", "application/json"), []string{"57 rows", "[source-part]"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.set("/agrees", c.answer)
			p := newPlace(t, "lists:\n  approved:\n    download: "+s.URL+"/agrees\n")
			if c.said == nil {
				p.want(t, 0, "fetch")
				return
			}
			out, told := p.want(t, 3, "fetch")
			for _, want := range c.said {
				if !strings.Contains(told, want) {
					t.Errorf("no %q in %s", want, told)
				}
			}
			if out != "" {
				t.Errorf("an edition: %s", out)
			}
		})
	}
}

// TestFetchCharset: how the server says that the bytes are written is believed where the
// bytes do not tell, and known to the runs that come.
func TestFetchCharset(t *testing.T) {
	latin9 := strings.NewReplacer("Œ", "\xbc", "é", "\xe9", "€", "\xa4", "'",
		"'").Replace(agreesHead + "Société Œil € Santé;x;01/01/2018;31/12/2020\n")
	s := newSite(t)
	s.set("/agrees", answers(latin9, "Content-Type", "text/csv; charset=iso-8859-15"))
	p := newPlace(t, "lists:\n  approved:\n    download: "+s.URL+"/agrees\n")
	p.want(t, 0, "fetch")
	src, err := config.ParseSource([]byte(p.tree(t)["editions/2019-07-02/agrees.source.yaml"]), "x")
	if err != nil || src.Charset != "iso-8859-15" {
		t.Errorf("the charset kept is %q, %v", src.Charset, err)
	}
	p.write(t, "other.csv", agreesHead+lilliput)
	if _, out, told := p.do(t, "diff", "--json", filepath.Join(p.dir, "other.csv"),
		filepath.Join(p.dir, "editions", "2019-07-02", "agrees.csv")); !strings.Contains(out, "Œil € Santé") {
		t.Errorf("read as %s%s", out, told)
	}
	// The same list, written and called otherwise, is the same list.
	p.day = "2019-07-03"
	for _, h := range []http.HandlerFunc{
		answers(agreesHead+"Société Œil € Santé;x;01/01/2018;31/12/2020\n", "Content-Type", "text/csv; charset=utf-8"),
		// the bytes disprove it
		answers(agreesHead+"Société Œil € Santé;x;01/01/2018;31/12/2020\n", "Content-Type",
			"text/csv; charset=iso-8859-15"),
		answers(latin9, "Content-Type", "text/csv; charset=ISO_8859-15"),
	} {
		s.set("/agrees", h)
		if out, told := p.want(t, 0, "fetch"); out != "" {
			t.Errorf("%s\n%s", out, told)
		}
	}
}

// TestFetchContentEncoding: what is no packing in the header of that name is no reason
// to refuse the list; where the body is no list either, it is named.
func TestFetchContentEncoding(t *testing.T) {
	for _, said := range []string{"none", "utf-8", "UTF-8", "iso-8859-1", "binary", "8bit", "aws-chunked",
		"none, identity"} {
		s := newSite(t)
		p := newPlace(t, "lists:\n  approved:\n    download: "+s.URL+"/agrees\n")
		s.set("/agrees", answers(agreesHead+agreesRow, "Content-Encoding", said))
		p.want(t, 0, "fetch", "--dry-run")
		s.set("/agrees", answers("\x01\x02\x03 no list", "Content-Encoding", said))
		if _, told := p.want(t, 3, "fetch"); !strings.Contains(told, "[fetch-encoding]") {
			t.Errorf("%s: %s", said, told)
		}
	}
}

// TestFetchQuotesNobodyElse: after a redirect to another server nothing of what that
// one says is repeated: it may be one that only this machine sees.
func TestFetchQuotesNobodyElse(t *testing.T) {
	other := newSite(t)
	s := newSite(t)
	s.set("/agrees", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/x",
			http.StatusFound)
	})
	p := newPlace(t, "lists:\n  approved:\n    download: "+s.URL+"/agrees\nfetch:\n  private_redirects: true\n")
	for _, body := range []string{`{"AccessKey":"inside"}`, "inside", "<html><title>Erreur 500 inside</title>", "<html><title>inside</title><p>x", "inside;b\n1;2\n", "<inside/>", "<html><title>inside login</title><form><input type=password>"} {
		other.set("/x", answers(body))
		if _, told := p.want(t, 3, "fetch"); strings.Contains(told, "inside") {
			t.Errorf("%s\n%s", body, told)
		}
	}
	// Without that setting the other server is not even asked.
	other.requests()
	p.write(t, config.FileName, "lists:\n  approved:\n    download: "+s.URL+"/agrees\n")
	if _, told := p.want(t, 3, "fetch"); !strings.Contains(told, "[fetch-redirect]") ||
		!strings.Contains(told, "private_redirects") || len(other.requests()) > 0 {
		t.Error(told)
	}
}

// TestFetchJudgesInTime: reading an answer is a part of the download, and ends with it.
func TestFetchJudgesInTime(t *testing.T) {
	s := newSite(t)
	s.set("/agrees", answers(agreesHead+agreesRow))
	p := newPlace(t, "lists:\n  approved:\n    download: "+s.URL+"/agrees\n")
	conf, err := config.Load(filepath.Join(p.dir, config.FileName), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &Command{Now: time.Now}
	j, err := c.fetchJob(&conf, filepath.Join(p.dir, config.FileName), "2019-07-02")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	j.Web.Transport = afterBody{cancel}
	if news, err := fetch.Get(ctx, j); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", news, err)
	}
}

// afterBody calls something once an answer has been read to its end.
type afterBody struct{ do func() }

func (a afterBody) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		res.Body = closer{res.Body, a.do}
	}
	return res, err
}

type closer struct {
	io.ReadCloser
	do func()
}

func (c closer) Close() error {
	err := c.ReadCloser.Close()
	c.do()
	return err
}

// TestLibrariesCannotCommand: what net/http says of a server's bytes is one line of ours.
func TestLibrariesCannotCommand(t *testing.T) {
	var b strings.Builder
	io.WriteString(libraries{defused{&b}}, "Unsolicited response starting with \"x\"\n::error::pwned\r\n##[add-mask]a\n")
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) != 1 || slices.ContainsFunc(lines, func(l string) bool {
		return !strings.HasPrefix(l,
			"hdsreport: ") || strings.Contains(l, "##[")
	}) {
		t.Errorf("%q", lines)
	}
}
