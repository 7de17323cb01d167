package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/etl/review"
	"hdsreport/report/gsheets/sheetstest"
)

// old is a workspace as an older program left it, in testdata/upgrade, with a spreadsheet
// that holds what that program published.
type old struct {
	place
	environ []string
	server  *sheetstest.Server
}

func newOld(t *testing.T, name string) *old {
	t.Helper()
	o := &old{place: place{t.TempDir(), "2026-11-27"}, server: sheetstest.New(sheetstest.Options{ID: "shared"})}
	api := httptest.NewServer(o.server)
	t.Cleanup(api.Close)
	t.Cleanup(o.server.Close)
	o.environ = []string{"HDSREPORT_PUBLISH_SPREADSHEET=shared", "HDSREPORT_PUBLISH_ENDPOINT=" + api.URL}
	if err := os.CopyFS(o.dir, os.DirFS(filepath.Join("testdata", "upgrade", name))); err != nil {
		t.Fatal(err)
	}
	packed, err := os.Open(filepath.Join(o.dir, "sheet.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	var batch struct{ Requests []json.RawMessage }
	if err := json.NewDecoder(unpacked).Decode(&batch); err != nil {
		t.Fatal(err)
	}
	var requests []string
	for _, r := range batch.Requests {
		requests = append(requests, string(r))
	}
	if err := o.server.Apply(requests...); err != nil {
		t.Fatal(err)
	}
	return o
}

// does runs a command in the workspace and wants it to succeed.
func (o *old) does(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	t.Chdir(o.dir)
	var out, told bytes.Buffer
	c := &Command{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &told, Environ: o.environ,
		Now: func() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) }}
	if code := c.Main(args); code != 0 {
		t.Fatalf("%q: exit %d\n%s", args, code, told.String())
	}
	return out.String(), told.String()
}

// unchanged wants two sides to be the same. What cannot be compared, a list or a column
// that one of them lacks, is one note.
func (o *old) unchanged(t *testing.T, a, b string) {
	t.Helper()
	var d struct {
		Summary string
		Same    bool
		Notes   []string
	}
	out, _ := o.does(t, "diff", a, b, "--json")
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err)
	}
	if !d.Same {
		t.Errorf("diff %s %s: %s", a, b, d.Summary)
	}
	if len(d.Notes) > 1 {
		t.Errorf("diff %s %s notes: %q", a, b, d.Notes)
	}
}

func reviewOf(t *testing.T, file string) []review.Line {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ls, _, err := review.Read(data, file)
	if err != nil {
		t.Fatal(err)
	}
	return ls
}

// TestUpgrade: the first run of a new program on what an older one left refuses nothing,
// puts no workbook aside, takes no cell of the shared sheet for somebody's edit, finds
// nothing changed, and asks about the same lines of the review.
func TestUpgrade(t *testing.T) {
	for _, c := range []struct{ name, edition, before string }{
		{"samples", "2019-06-17", "2019-02"},
		{"values", "2026-06-30", "2026-05-31"},
		{"partial", "2026-10", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOld(t, c.name)
			was := reviewOf(t, filepath.Join(o.dir, "revue.csv"))
			history, err := os.ReadFile(filepath.Join(o.dir, "published", "history.csv"))
			if err != nil {
				t.Fatal(err)
			}
			workbook := "hds-" + c.edition + ".xlsx"
			for line := range strings.Lines(string(history)) {
				if generation, rest, _ := strings.Cut(line, ","); strings.HasPrefix(rest, c.edition+",") {
					if c.name != "partial" { // which lacks a list
						o.unchanged(t, generation, c.edition)
					}
					o.unchanged(t, generation, workbook)
				} else if strings.HasPrefix(rest, c.before+",") {
					o.unchanged(t, generation, c.before)
				}
			}
			o.does(t, "check")
			if _, told := o.does(t, "run", "--publish"); strings.Contains(told, "edited") {
				t.Errorf("run --publish says: %s", told)
			}
			for _, pattern := range []string{"*.edited-*", "published/edits-*"} {
				if found, _ := filepath.Glob(filepath.Join(o.dir, pattern)); len(found) > 0 {
					t.Errorf("there is %q", found)
				}
			}
			now := reviewOf(t, filepath.Join(o.dir, "revue.xlsx"))
			if _, err := os.Stat(filepath.Join(o.dir, "revue.csv")); err == nil {
				t.Error("there are two reviews")
			}
			for _, ls := range [][]review.Line{was, now} {
				for i := range ls {
					ls[i].Reason, ls[i].Place = "", etl.Place{} // words, which may become better, and the format
				}
			}
			// What nobody proposed may have a proposal by now, and another place in the order.
			open := map[string]bool{}
			for i := range was {
				open[was[i].ID] = was[i].Proposal == ""
			}
			for i := range now {
				if open[now[i].ID] {
					now[i].Proposal = ""
				}
			}
			for _, ls := range [][]review.Line{was, now} {
				slices.SortStableFunc(ls, func(a, b review.Line) int { return strings.Compare(a.ID, b.ID) })
			}
			if diff := cmp.Diff(was, now); diff != "" {
				t.Errorf("the review has other lines (-then +now):\n%s", diff)
			}
			// Once more nothing is new.
			applied := o.server.Applied()
			if o.does(t, "run", "--publish"); o.server.Applied() != applied {
				t.Error("a second run publishes again")
			}
		})
	}
}

// TestRulingsOnAnOlderReview: an editor has filled in the file of an older program.
func TestRulingsOnAnOlderReview(t *testing.T) {
	o := newOld(t, "values")
	name := filepath.Join(o.dir, "revue.csv")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	ls := reviewOf(t, name)
	for i := range ls {
		switch id := ls[i].ID; {
		case strings.HasSuffix(id, ":from"):
			ls[i].Ruling = "17/06/2025"
		case strings.HasSuffix(id, ":activity:plateforme"):
			ls[i].Ruling = "Oui"
		case strings.HasSuffix(id, ":type"):
			ls[i].Ruling = "Infogéreur"
		default:
			ls[i].Ruling = "ESN"
		}
	}
	filled, err := review.Write(ls, "fr")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(filled, data) {
		t.Fatal("nothing is filled in")
	}
	if err := os.WriteFile(name, filled, 0o644); err != nil {
		t.Fatal(err)
	}
	o.does(t, "decide", "revue.csv", "--by", "A. Martin")
	o.does(t, "run")
	if left := reviewOf(t, filepath.Join(o.dir, "revue.xlsx")); len(left) > 0 {
		t.Errorf("these wait still: %v", left)
	}
	o.unchanged(t, "hds-2026-06-30.xlsx", "2026-06-30")
}
