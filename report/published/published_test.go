package published_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/report"
	"hdsreport/report/published"
)

// book is one with a table of two rows and every kind of value.
func book(name string) *report.Book {
	cells := [][]report.Value{
		{report.TextOf("ovh/1"), report.TextOf(name), report.NumberOf(6), {Kind: report.Day, Num: 43633}},
		{report.TextOf("b\"<&>\n"), {}, report.NumberOf(0.5), report.TextOf("n.d.")},
	}
	t := &report.Table{ID: report.ApprovedTable, Name: "Agrees", Len: len(cells)}
	for i, id := range []string{"id", "name", "count", "until"} {
		t.Columns = append(t.Columns, report.Column{ID: id, Header: strings.ToUpper(id),
			At: func(row int) report.Value { return cells[row][i] }})
	}
	b := &report.Book{Title: "T", Sheets: []*report.Sheet{{ID: "approved", Name: "A", Table: t}}}
	b.Identifier = b.Generation()
	return b
}

func of(t *testing.T, name string) *published.Publication {
	t.Helper()
	p, err := published.Of(book(name), "2019-06-17")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestKeptEnd: of a list that has ended, the day stays with its publication, and so does
// the day that a month's figures count from.
func TestKeptEnd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "published")
	b := book("OVH")
	b.Date, _ = etl.NewDate(2026, 11, 23)
	b.Sheets[0].Table.Ended, _ = etl.NewDate(2021, 12, 31)
	got := kept(t, dir, b, "2026-11")
	if got.Day != "2026-11-23" || got.Tables[0].Ended != "2021-12-31" {
		t.Errorf("day %q, ended %q", got.Day, got.Tables[0].Ended)
	}
}

// TestKeptWhole: what comes back is what was published, value by value and type by
// type.
func TestKeptWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "published")
	p := of(t, "OVH")
	if err := p.Keep(dir); err != nil {
		t.Fatal(err)
	}
	got, err := published.Read(dir, p.Generation)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, got); diff != "" {
		t.Error(diff)
	}
	want := []etl.PublishedActor{{ID: "ovh", Name: "OVH"}, {ID: "b\"<&>\n"}}
	if diff := cmp.Diff(want, got.Actors(nil).Actors[etl.Approved]); diff != "" {
		t.Error(diff)
	}
}

// TestUnknown: what was never kept, and names that would lead out of the folder.
func TestUnknown(t *testing.T) {
	for _, name := range []string{"", "0123456789abcdef0123456789abcdef", "../../etc/passwd", strings.Repeat("A", 32)} {
		if _, err := published.Read(t.TempDir(), name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestDamaged: a file that was cut or exchanged is not taken for what was published.
func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	p, q := of(t, "OVH"), of(t, "Other")
	for _, x := range []*published.Publication{p, q} {
		if err := x.Keep(dir); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, p.Generation+".json")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(filepath.Join(dir, q.Generation+".json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"cut": string(whole[:len(whole)/2]), "empty": "", "another": string(other),
		"a cell less":    strings.Replace(string(whole), ",{\"day\":43633}", "", 1),
		"no identifiers": strings.Replace(string(whole), `{"id":"id"`, `{"id":"di"`, 1),
		"nobody's row":   strings.Replace(string(whole), `"ovh/1"`, "null", 1),
		"no table":       `{"generation":"` + p.Generation + `","edition":"2019-06-17","tables":[]}`,
		"no edition":     strings.Replace(string(whole), "2019-06-17", "", 1),
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := published.Read(dir, p.Generation); err == nil || errors.Is(err, fs.ErrNotExist) ||
			!strings.Contains(err.Error(), "restore") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHistory: the last publication of a target, the edition's own if it has one;
// the same again adds nothing.
func TestHistory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "published")
	if p, err := published.Last(dir, published.Workbook, "2019-06-17"); p != nil || err != nil {
		t.Fatalf("%v, %v", p, err)
	}
	record := func(name, edition string, target published.Target) *published.Publication {
		p := of(t, name)
		p.Edition = edition
		if err := published.Record(dir, p.Generation, edition, target, "", p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	old := record("old", "2019-02", published.Workbook)
	if got, err := published.Last(dir, published.Workbook, "2020-01"); err != nil || got == nil || got.Generation != old.Generation {
		t.Errorf("of another edition, after one: %v, %v", got, err)
	}
	a := record("a", "2019-06-17", published.Workbook)
	record("a", "2019-06-17", published.Workbook)
	sheet := record("b", "2019-06-17", published.Spreadsheet)
	for _, k := range []struct {
		target  published.Target
		edition string
		want    *published.Publication
	}{{published.Workbook, "2019-06-17", a}, {published.Workbook, "2019-02", old}, {published.Workbook, "2020-01", a},
		{published.Spreadsheet, "2019-02", sheet}} {
		got, err := published.Last(dir, k.target, k.edition)
		if err != nil || got == nil || got.Generation != k.want.Generation {
			t.Errorf("%s %s: %v, %v", k.target, k.edition, got, err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, published.HistoryFile))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n != 4 {
		t.Errorf("%d lines:\n%s", n, text)
	}
}

// TestTooLong: only the name of a very long publication is kept.
func TestTooLong(t *testing.T) {
	b := book("x")
	b.Sheets[0].Table.Len = published.MaxRows + 1
	if _, err := published.Of(b, "2019-06-17"); !errors.Is(err, published.ErrTooLong) {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := published.Record(dir, b.Identifier, "2019-06-17", published.Workbook, "", nil); err != nil {
		t.Fatal(err)
	}
	if p, err := published.Last(dir, published.Workbook, "2019-06-17"); p != nil || err != nil {
		t.Errorf("%v, %v", p, err)
	}
}

// TestHistoryDamaged: a history that cannot be read as a whole is not read in part:
// the gate would compare with an older publication, or with none, and say nothing.
func TestHistoryDamaged(t *testing.T) {
	const head, hash = "generation,edition,target\n", "0123456789abcdef0123456789abcdef"
	for name, text := range map[string]string{
		"merge marks":         head + "<<<<<<< HEAD\n" + hash + ",2019-06-17,workbook\n=======\n>>>>>>> theirs\n",
		"mark above":          "<<<<<<< HEAD\n" + head,
		"a date of Excel's":   head + hash + ",17/06/2019,workbook\n",
		"a number of Excel's": head + "1.23E+31,2019-06-17,workbook\n",
		"another target":      head + hash + ",2019-06-17,Workbook\n",
		"a path":              head + "../../etc/passwd,2019-06-17,workbook\n",
		"cut":                 head + hash + ",2019-0",
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, published.HistoryFile)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		says := "damaged (line"
		if name == "merge marks" {
			says = "history.csv:2: git could not join two versions"
		}
		if _, err := published.Last(dir, published.Workbook, "2019-06-17"); err == nil ||
			!strings.Contains(err.Error(), says) {
			t.Errorf("%s: read: %v", name, err)
		}
		p := of(t, "OVH")
		if err := published.Record(dir, p.Generation, "2019-06-17", published.Workbook, "", p); err == nil {
			t.Errorf("%s: written over", name)
		}
		if after, _ := os.ReadFile(file); string(after) != text {
			t.Errorf("%s: changed to %s", name, after)
		}
	}
}

// TestHistoryOfASpreadsheet: a history that Excel has saved, with a column that
// somebody added, is read and goes on as it is.
func TestHistoryOfASpreadsheet(t *testing.T) {
	dir := t.TempDir()
	old, p := of(t, "old"), of(t, "new")
	if err := old.Keep(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, published.HistoryFile)
	text := "\ufeffgeneration;edition;target;note\r\n" + old.Generation + ";2019-06-17;workbook;first\r\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := published.Last(dir, published.Workbook, "2019-06-17"); err != nil || got == nil ||
		got.Generation != old.Generation {
		t.Errorf("%v, %v", got, err)
	}
	if err := published.Record(dir, p.Generation, "2019-06-17", published.Workbook, "", p); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffgeneration;edition;target;note\r\n" + old.Generation + ";2019-06-17;workbook;first\r\n" +
		p.Generation + ";2019-06-17;workbook;\r\n"
	if got, _ := os.ReadFile(file); string(got) != want {
		t.Errorf("%q", got)
	}
}

// TestRecordAtOnce: of many who record at the same moment, nobody's line is lost.
func TestRecordAtOnce(t *testing.T) {
	dir := t.TempDir()
	const many = 40
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			if err := published.Record(dir, fmt.Sprintf("%032x", i), "2019-06-17", published.Workbook,
				"", nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	text, err := os.ReadFile(filepath.Join(dir, published.HistoryFile))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "workbook"); n != many {
		t.Errorf("%d of %d lines", n, many)
	}
}
