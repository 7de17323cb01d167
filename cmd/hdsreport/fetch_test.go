package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hdsreport/config"
)

// site is a publisher's web site: what it serves, by path, and what it was asked.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked []string // path, and the validators of the request
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{pages: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		asked := r.URL.Path
		if v := r.Header.Get("If-None-Match") + r.Header.Get("If-Modified-Since"); v != "" {
			asked += " " + v
		}
		s.asked = append(s.asked, asked)
		h := s.pages[r.URL.Path]
		s.mu.Unlock()
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) set(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = h
}

// requests are those since the last call.
func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.asked
	s.asked = nil
	return out
}

// body serves bytes under a media type.
func body(kind string, data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Write(data)
	}
}

// tagged serves bytes with an ETag, and says 304 to whoever has it.
func tagged(tag string, data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(data)
	}
}

const (
	agreesHead    = "Hébergeur;Prestation agréée;Date d'agrément;Fin d'agrément\n"
	agreesRow     = "Télésanté Perpète;Hébergement;01/01/2018;31/12/2020\n"
	certifiesHead = "Hébergeur;Type de certificat;Activités;Organisme certificateur;N° de certificat;Date de délivrance;Date de fin\n"
	certifiesRow  = "Pulsatille;Infogéreur;5;LNE;P1;01/01/2019;31/12/2021\n"
)

// place is a workspace in a folder of its own, and the day on which it is used.
type place struct {
	dir string
	day string
}

func newPlace(t *testing.T, settings string) place {
	t.Helper()
	p := place{t.TempDir(), "2019-07-02"}
	p.write(t, config.FileName, settings)
	for _, folder := range []string{"editions", "registry"} {
		if err := os.Mkdir(filepath.Join(p.dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p place) write(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// do runs a command on the workspace.
func (p place) do(t *testing.T, command string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	now, err := time.Parse(time.DateOnly, p.day)
	if err != nil {
		t.Fatal(err)
	}
	var out, told bytes.Buffer
	c := &Command{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &told,
		Environ: []string{"HDSREPORT_REPORT_LANGUAGE=en"}, Now: func() time.Time { return now.Add(9 * time.Hour) }}
	code = c.Main(append([]string{command, "--config", filepath.Join(p.dir, config.FileName)}, args...))
	return code, out.String(), told.String()
}

// want runs a command and wants its exit code.
func (p place) want(t *testing.T, code int, command string, args ...string) (stdout, stderr string) {
	t.Helper()
	got, stdout, stderr := p.do(t, command, args...)
	if got != code {
		t.Fatalf("%s %q: exit %d, want %d\n%s", command, args, got, code, stderr)
	}
	return stdout, stderr
}

// tree is every file of the workspace with its text.
func (p place) tree(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(p.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(p.dir, name)
		if d.IsDir() {
			out[filepath.ToSlash(rel)+"/"] = ""
			return nil
		}
		data, err := os.ReadFile(name)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func settings(s *site) string {
	return fmt.Sprintf("lists:\n  approved:\n    download: %s/agrees\n  certified:\n    download: %s/certifies\ngate:\n  unclassified: 1\n", s.URL, s.URL)
}

// TestFetch is the life of a workspace: the first edition, nothing new, a footer that
// changes, one list that changes, and what each is asked with.
func TestFetch(t *testing.T) {
	s := newSite(t)
	page := func(footer string, rows ...string) []byte {
		return []byte("<!DOCTYPE html><title>Hébergeurs agréés</title><table><tr><th>Hébergeur<th>Prestation agréée<th>Date d'agrément<th>Fin d'agrément</tr>" +
			strings.Join(rows, "") + "</table><p>" + footer + "</p>")
	}
	const perpete, lilliput = "<tr><td>Télésanté Perpète<td>x<td>01/01/2018<td>31/12/2020</tr>",
		"<tr><td>Lilliput<td>y<td>01/02/2018<td>31/01/2021</tr>"
	s.set("/agrees", body("text/html", page("2 juillet", perpete)))
	s.set("/certifies", tagged(`"c1"`, []byte(certifiesHead+certifiesRow)))
	p := newPlace(t, settings(s))

	out, told := p.want(t, 0, "fetch", "--dry-run")
	if tree := p.tree(t); out != "" || len(tree) != 4 || !strings.Contains(told, "is not written") {
		t.Fatalf("a dry run: %q, %q, %v", out, told, slices.Sorted(maps.Keys(tree)))
	}
	out, _ = p.want(t, 0, "fetch")
	if want := filepath.Join(p.dir, "editions", "2019-07-02") + "\n"; out != want {
		t.Errorf("the result is %q, want %q", out, want)
	}
	first := p.tree(t)
	if first["editions/2019-07-02/agrees.html"] != string(page("2 juillet", perpete)) ||
		first["editions/2019-07-02/certifies.csv"] != certifiesHead+certifiesRow {
		t.Errorf("the lists are not as served: %q", first)
	}
	src, err := config.ParseSource([]byte(first["editions/2019-07-02/certifies.source.yaml"]), "x")
	if err != nil {
		t.Fatal(err)
	}
	if len(src.TableSHA256) != 64 {
		t.Errorf("table_sha256 is %q", src.TableSHA256)
	}
	if diff := cmp.Diff(config.Source{URL: s.URL + "/certifies", Publisher: "ANS", Retrieved: "2019-07-02T09:00:00Z",
		SHA256:   fmt.Sprintf("%x", sha256.Sum256([]byte(certifiesHead+certifiesRow))),
		Download: s.URL + "/certifies", ETag: `"c1"`, TableSHA256: src.TableSHA256}, src); diff != "" {
		t.Error(diff)
	}
	p.want(t, 0, "run")
	first = p.tree(t)
	s.requests()

	// The footer of one, and the server's own word for the other: nothing new.
	p.day = "2019-07-03"
	s.set("/agrees", body("text/html", page("3 juillet", perpete)))
	out, told = p.want(t, 0, "fetch")
	if out != "" || !strings.Contains(told, "nothing is new") {
		t.Errorf("%q, %q", out, told)
	}
	if diff := cmp.Diff(first, p.tree(t)); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/agrees", `/certifies "c1"`}, s.requests()); diff != "" {
		t.Error(diff)
	}

	// One list changes: both are in the new edition, the other one as it was.
	s.set("/agrees", body("text/html", page("3 juillet", perpete, lilliput)))
	_, told = p.want(t, 0, "fetch")
	now := p.tree(t)
	for _, name := range []string{"certifies.csv", "certifies.source.yaml"} {
		if now["editions/2019-07-03/"+name] != first["editions/2019-07-02/"+name] {
			t.Errorf("%s: %q", name, now["editions/2019-07-03/"+name])
		}
	}
	if !strings.Contains(told, "approved  2 rows, changed since 2019-07-02") ||
		!strings.Contains(told, "as in 2019-07-02, says the server") {
		t.Error(told)
	}
	p.want(t, 0, "run")

	// The same day again, with another change: what is there stays, and is named.
	before := p.tree(t)
	s.set("/agrees", body("text/html", page("3 juillet", lilliput)))
	_, told = p.want(t, 3, "fetch")
	if !strings.Contains(told, "editions/2019-07-03: refused: this edition exists already") {
		t.Error(told)
	}
	_, told = p.want(t, 3, "fetch", "--date", "2019-06")
	if !strings.Contains(told, "[fetch-edition-older]") {
		t.Error(told)
	}
	if diff := cmp.Diff(before, p.tree(t)); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}
	// Sorted in another way it is the same list.
	s.set("/agrees", body("text/html", page("4 juillet", lilliput, perpete)))
	p.day = "2019-07-04"
	if out, told = p.want(t, 0, "fetch"); out != "" {
		t.Errorf("%s, %s", out, told)
	}
	// A file that somebody mended by hand is not what the server's tag was given with.
	p.write(t, "editions/2019-07-03/certifies.csv", certifiesHead+certifiesRow+"\n")
	s.requests()
	p.want(t, 0, "fetch")
	if diff := cmp.Diff([]string{"/agrees", "/certifies"}, s.requests()); diff != "" {
		t.Error(diff)
	}
}

// TestFetchToday: the day is that of the newsroom, not of the machine.
func TestFetchToday(t *testing.T) {
	s := newSite(t)
	s.set("/agrees", body("text/csv", []byte(agreesHead+agreesRow)))
	s.set("/certifies", body("text/csv", []byte(certifiesHead+certifiesRow)))
	for zone, want := range map[string]string{"Europe/Paris": "2019-07-03", "America/Martinique": "2019-07-02"} {
		p := newPlace(t, settings(s)+"publish:\n  time_zone: "+zone+"\n")
		c := &Command{Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{},
			Now: func() time.Time { return time.Date(2019, 7, 2, 22, 30, 0, 0, time.UTC) }}
		if code := c.Main([]string{"fetch", "--config", filepath.Join(p.dir, config.FileName)}); code != 0 {
			t.Fatal(code)
		}
		if _, err := os.Stat(filepath.Join(p.dir, "editions", want)); err != nil {
			t.Errorf("%s: %v", zone, err)
		}
	}
}

// TestFetchUsage: what has no address, or no sense, is told before anything is asked.
func TestFetchUsage(t *testing.T) {
	for _, c := range []struct{ settings, says string }{
		{"", "set lists.approved.download"},
		{"lists:\n  approved:\n    download: https://example.org/{page}\n    pages: [Z-A]\n", "lists.approved.pages: the range Z-A goes backwards"},
		{"lists:\n  approved:\n    download: https://u:s3same@example.org/%zz\n", "lists.approved.download: "},
		{"lists:\n  approved:\n    download: https://example.org/{page}\n    pages: [A-C, B]\n", "the page B comes twice"},
	} {
		if _, told := newPlace(t, c.settings).want(t, 2, "fetch"); !strings.Contains(told, c.says) ||
			strings.Contains(told, "s3same") {
			t.Errorf("%q does not say %q", told, c.says)
		}
	}
	p := newPlace(t, "lists:\n  approved:\n    download: https://example.org/\n")
	if _, told := p.want(t, 2, "fetch", "--date", "2 juillet"); !strings.Contains(told, "YYYY-MM-DD") {
		t.Error(told)
	}
}

// TestFetchPages: all pages make one list, with the pages beside it; one that is
// missing, or has other headings, makes none.
func TestFetchPages(t *testing.T) {
	s := newSite(t)
	p := newPlace(t, fmt.Sprintf("lists:\n  approved:\n    download: %s/liste?lettre={page}\n    pages: [A-B, autres]\n    url: https://example.org/hds\ngate:\n  unclassified: 1\n", s.URL))
	pages := map[string]string{
		"A":      agreesHead + "\"Abbaye; Associés\";x;01/01/2018;31/12/2020\nAlpha;\"deux\nlignes\";;\n",
		"B":      "Page B\n\n" + agreesHead,
		"autres": agreesHead + "3 Suisses;x;01/01/2018;31/12/2020\nAlpha;\"deux\nlignes\";;\n",
	}
	s.set("/liste", func(w http.ResponseWriter, r *http.Request) {
		page := r.URL.Query().Get("lettre")
		text, ok := pages[page]
		if !ok {
			http.NotFound(w, r)
			return
		}
		tagged(fmt.Sprintf("%q", page+fmt.Sprint(len(text))), []byte(text))(w, r)
	})
	_, told := p.want(t, 0, "fetch")
	if !strings.Contains(told, "page A has this row as well") ||
		!strings.Contains(told, "4 rows, the first of this list") {
		t.Error(told)
	}
	now := p.tree(t)
	want := agreesHead + "\"Abbaye; Associés\";x;01/01/2018;31/12/2020\nAlpha;\"deux\nlignes\";;\n3 Suisses;x;01/01/2018;31/12/2020\nAlpha;\"deux\nlignes\";;\n"
	want = strings.ReplaceAll(want, "\";;\n", "\"\n") // trailing empty cells are none
	if diff := cmp.Diff(want, now["editions/2019-07-02/agrees.csv"]); diff != "" {
		t.Error(diff)
	}
	for name, page := range map[string]string{"1-A.csv": "A", "2-B.csv": "B", "3-autres.csv": "autres"} {
		if now["editions/2019-07-02/agrees.pages/"+name] != pages[page] {
			t.Errorf("%s is not kept as it came", name)
		}
	}
	src, err := config.ParseSource([]byte(now["editions/2019-07-02/agrees.source.yaml"]), "x")
	if err != nil || len(src.Pages) != 3 || src.URL != "https://example.org/hds" ||
		src.Download != s.URL+"/liste?lettre={page}" || src.Pages[2].File != "3-autres.csv" {
		t.Errorf("%+v, %v", src, err)
	}
	// A reader sees one list, and no word about the pages.
	if out, told := p.want(t, 3, "check"); strings.Contains(out, "agrees.pages") ||
		!strings.Contains(told, "listing-missing") {
		t.Errorf("%s%s", out, told)
	}

	// Asked with what each page came with; two are the same, one has a row more.
	s.requests()
	p.day = "2019-07-03"
	if out, _ := p.want(t, 0, "fetch"); out != "" {
		t.Errorf("%s is new", out)
	}
	if got := s.requests(); len(got) != 3 || !strings.Contains(got[0], `"A`) || !strings.Contains(got[2], `"autres`) {
		t.Errorf("asked %q", got)
	}
	pages["B"] += "Bêta;x;;\n"
	p.want(t, 0, "fetch")
	now = p.tree(t)
	if got := now["editions/2019-07-03/agrees.csv"]; got != strings.Replace(want, "3 Suisses", "Bêta;x\n3 Suisses", 1) {
		t.Errorf("%q", got)
	}
	if now["editions/2019-07-03/agrees.pages/1-A.csv"] != pages["A"] {
		t.Error("a page that the server says is unchanged is not kept")
	}

	p.day = "2019-07-04"
	pages["B"] = "Hébergeur;Fin d'agrément\nBêta;\n"
	if _, told := p.want(t, 3, "fetch"); !strings.Contains(told, "[fetch-pages-differ]") ||
		!strings.Contains(told, "lettre=B: refused: the headings are not those of page A") {
		t.Error(told)
	}
	delete(pages, "B")
	if _, told := p.want(t, 3, "fetch"); !strings.Contains(told, "lettre=B: refused: the server answers 404") {
		t.Error(told)
	}
	if diff := cmp.Diff(now, p.tree(t)); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}
}

// TestFetchKeepsSecrets: what lets the program in goes to the server and nowhere else.
func TestFetchKeepsSecrets(t *testing.T) {
	s := newSite(t)
	address := strings.Replace(s.URL, "http://", "http://marie:s3same@", 1) + "/agrees?token=0uvre&liste=1"
	p := newPlace(t, "lists:\n  approved:\n    download: "+address+"\n")
	secrets := func(t *testing.T, text string) {
		t.Helper()
		for _, secret := range []string{"s3same", "marie", "0uvre"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s is told: %s", secret, text)
			}
		}
	}
	let := func(w http.ResponseWriter, r *http.Request) bool {
		user, password, _ := r.BasicAuth()
		if user != "marie" || password != "s3same" || r.URL.Query().Get("token") != "0uvre" {
			w.WriteHeader(http.StatusUnauthorized)
			return false
		}
		return true
	}
	elsewhere := newSite(t)
	elsewhere.set("/agrees", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || strings.Contains(r.Header.Get("Referer"), "s3same") {
			t.Error("another server was given the password")
		}
		http.NotFound(w, r)
	})
	for name, h := range map[string]http.HandlerFunc{
		"refused": func(w http.ResponseWriter, r *http.Request) {
			if let(w, r) {
				w.Write([]byte(`{"error":"bad token 0uvre for marie:s3same"}`))
			}
		},
		"redirected": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)+"/agrees", http.StatusFound)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.set("/agrees", h)
			_, told := p.want(t, 3, "fetch")
			secrets(t, told)
		})
	}
	s.set("/agrees", func(w http.ResponseWriter, r *http.Request) {
		if let(w, r) {
			w.Write([]byte(agreesHead + agreesRow))
		}
	})
	out, told := p.want(t, 0, "fetch")
	secrets(t, out+told)
	for name, text := range p.tree(t) {
		if name != config.FileName {
			secrets(t, text)
		}
	}
}

// TestFetchNumbering: how a source numbers its activities was declared by a person; it
// holds for the same publisher's next list, and for nobody else's.
func TestFetchNumbering(t *testing.T) {
	s := newSite(t)
	s.set("/certifies", body("text/csv", []byte(certifiesHead+certifiesRow)))
	for _, c := range []struct{ publisher, declared, says string }{
		{"publisher: ANS\n", "decree", ""},
		{"publisher: quelqu'un d'autre\n", "", "is another publisher's"},
		{"", "", "is another publisher's"},
	} {
		p := newPlace(t, "lists:\n  certified:\n    download: "+s.URL+"/certifies\n")
		p.write(t, "editions/2019-06/certifies.csv", certifiesHead+strings.Replace(certifiesRow, "P1", "P2", 1))
		p.write(t, "editions/2019-06/certifies.source.yaml", c.publisher+"activity_numbering: decree\n")
		_, told := p.want(t, 0, "fetch")
		src, err := config.ParseSource([]byte(p.tree(t)["editions/2019-07-02/certifies.source.yaml"]), "x")
		if err != nil || src.ActivityNumbering != c.declared || !strings.Contains(told, c.says) {
			t.Errorf("%q: %q, %v, %s", c.publisher, src.ActivityNumbering, err, told)
		}
	}
}

// TestFetchAfterACrash: what an interrupted fetch left is taken away, and read by
// nobody.
func TestFetchAfterACrash(t *testing.T) {
	s := newSite(t)
	s.set("/agrees", body("text/csv", []byte(agreesHead+agreesRow)))
	s.set("/certifies", body("text/csv", []byte(certifiesHead+certifiesRow)))
	p := newPlace(t, settings(s))
	p.write(t, "editions/2019-06/agrees.csv", agreesHead+agreesRow)
	p.write(t, "editions/2019-06/certifies.csv", certifiesHead+certifiesRow)
	p.write(t, "editions/.fetch-2019-07-02-123/agrees.csv", agreesHead)
	p.write(t, "editions/.fetch-2019-07-01-123.old/agrees.csv", agreesHead)
	if out, told := p.want(t, 0, "check"); strings.Contains(out+told, ".fetch") {
		t.Error(out + told)
	}
	p.want(t, 0, "fetch") // nothing is new
	for name := range p.tree(t) {
		if strings.Contains(name, ".fetch") {
			t.Errorf("%s is left", name)
		}
	}
}

// TestFetchProgress is for a terminal alone.
func TestFetchProgress(t *testing.T) {
	s := newSite(t)
	s.set("/agrees", body("text/csv", []byte(agreesHead+agreesRow)))
	for _, terminal := range []bool{false, true} {
		p := newPlace(t, "lists:\n  approved:\n    download: "+s.URL+"/agrees\n")
		var told bytes.Buffer
		c := &Command{Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &told,
			Environ: []string{"HDSREPORT_REPORT_LANGUAGE=en"}, Now: time.Now, Terminal: terminal}
		if code := c.Main([]string{"fetch", "--config", filepath.Join(p.dir, config.FileName)}); code != 0 {
			t.Fatal(told.String())
		}
		if got := strings.Contains(told.String(), "\r\x1b[Kapproved: "+s.URL); got != terminal {
			t.Errorf("terminal %v: %q", terminal, told.String())
		}
	}
}

// TestFetchColumns: which of two columns is meant is said once. The next edition is read the
// same way and says so too; if the column has another heading by then, nothing is made.
func TestFetchColumns(t *testing.T) {
	const head = "Hébergeur;Type de certificat;Activités;Raison sociale\n"
	s := newSite(t)
	p := newPlace(t, "gate: {unclassified: 1}\nlists: {certified: {download: "+s.URL+"/c}, approved: {ended: 2018-01-01}}\n")
	p.write(t, "editions/2019-06/certifies.csv", head+"Marque;Infogéreur;5;Alpha\n")
	s.set("/c", body("text/csv", []byte(head+"Marque;Infogéreur;5;Alpha\nEnseigne;Infogéreur;5;Bêta\n")))
	if _, told := p.want(t, exitRefused, "fetch"); !strings.Contains(told, "header-duplicate") {
		t.Error(told)
	}
	p.write(t, "editions/2019-06/certifies.source.yaml", "columns: [{field: name, column: 4}]\n")
	p.want(t, exitDone, "fetch")
	p.want(t, exitDone, "run")
	files := p.tree(t)
	if got := files["editions/2019-07-02/certifies.source.yaml"]; !strings.Contains(got, "columns:\n  - field: \"name\"\n    column: 4\n") {
		t.Errorf("%s", got)
	}
	if out, _ := p.want(t, exitDone, "stats", "--json"); !strings.Contains(out, "Bêta") || strings.Contains(out, "Enseigne") {
		t.Error(out)
	}
	p.day = "2019-08-02"
	s.set("/c", body("text/csv", []byte("Hébergeur;Type de certificat;Raison sociale;Activités\nMarque;Infogéreur;Alpha;5\nTiers;Infogéreur;Gamma;5\n")))
	if _, told := p.want(t, exitRefused, "fetch"); !strings.Contains(told, "columns-unknown") {
		t.Error(told)
	}
}
