package published_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/report"
	"hdsreport/report/published"
)

// lists is a book with a page of words, two lists and lines above the first: a row is an id, a
// name, its spelling and its status.
func lists(approved, certified [][]string) *report.Book {
	sheet := func(id string, rows [][]string) *report.Sheet {
		t := &report.Table{ID: id, Len: len(rows)}
		for i, column := range []string{"id", "name", "source_name", "status", "service"} {
			t.Columns = append(t.Columns, report.Column{ID: column, At: func(row int) report.Value {
				if i >= len(rows[row]) || rows[row][i] == "" {
					return report.Value{}
				}
				return report.TextOf(rows[row][i])
			}})
		}
		return &report.Sheet{ID: id, Table: t}
	}
	summary := &report.Sheet{ID: "summary", Lines: []report.Line{
		{Row: 0, Cells: []report.Cell{{Col: 0, Value: report.TextOf("Synthèse")}, {Col: 1}}},
		{Row: 1, Cells: []report.Cell{{Col: 0}}},
		{Row: 2, Cells: []report.Cell{{Col: 0, Value: report.TextOf("Total")}, {Col: 27, Value: report.NumberOf(7), Expr: report.Difference{}}}},
		{Row: 4, Cells: []report.Cell{{Col: 2, Expr: report.Difference{}}}},
	}}
	b := &report.Book{Sheets: []*report.Sheet{summary, sheet(report.ApprovedTable, approved), sheet(report.CertifiedTable, certified)}}
	b.Identifier = b.Generation()
	return b
}

// kept keeps what a book publishes and returns it as it is read again.
func kept(t *testing.T, dir string, b *report.Book, edition string) *published.Publication {
	t.Helper()
	p, err := published.Of(b, edition)
	if err != nil {
		t.Fatal(err)
	}
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
	return got
}

// TestTwoLists: an actor is told once, with all its spellings, and rows of nobody are left out.
func TestTwoLists(t *testing.T) {
	dir := t.TempDir()
	p := kept(t, dir, lists([][]string{{"a/1", "A", "A SA", "proposé"}, {"a/2", "A", "A S.A.", "proposé"}, {"", "nobody"}, {"b", "B"}},
		[][]string{{"a", "A", "", "confirmé"}}), "2019-06-17")
	want := &etl.Publication{Generation: p.Generation, Edition: "2019-06-17",
		Actors: [2][]etl.PublishedActor{{{ID: "a", Name: "A", By: etl.ByRule, Sources: []string{"A SA", "A S.A."}}, {ID: "b", Name: "B"}},
			{{ID: "a", Name: "A", By: etl.ByRegistry}}},
		Filled: [2]map[etl.Field]bool{{"id": true, "name": true, "source_name": true, "status": true}, {"id": true, "name": true, "status": true}}}
	if diff := cmp.Diff(want, p.Actors(map[string]etl.PositionBy{"proposé": etl.ByRule, "confirmé": etl.ByRegistry})); diff != "" {
		t.Error(diff)
	}
	text, err := os.ReadFile(filepath.Join(dir, p.Generation+".json"))
	if err != nil {
		t.Fatal(err)
	}
	// What the name of the edition says already is not said again, and a row is a line.
	if strings.Contains(string(text), `"day"`) || strings.Contains(string(text), `"ended"`) || strings.Count(string(text), "\n[\"") != 4 {
		t.Errorf("%s", text)
	}
}

// TestOutside: what a sheet says outside its table is known again, however numbers are written, and
// so is what is a live figure.
func TestOutside(t *testing.T) {
	p := kept(t, t.TempDir(), lists(nil, nil), "2019-06-17")
	var got []string
	for _, o := range p.Outside {
		for _, l := range o.Lines {
			for _, column := range []string{"A", "B", "C", "AB"} {
				if m, there := l.Cells[column]; there {
					got = append(got, o.Sheet+" "+column+string(rune('0'+l.Row))+map[bool]string{true: " live"}[m.Live()])
				}
			}
		}
	}
	if diff := cmp.Diff([]string{"summary A1", "summary A3", "summary AB3 live", "summary C5 live"}, got); diff != "" {
		t.Error(diff)
	}
	if len(p.Outside[0].Lines) != 3 {
		t.Errorf("%d lines, one of them blank", len(p.Outside[0].Lines))
	}
	for _, c := range []struct {
		was, is string
		same    bool
	}{{"Total", " Total ", true}, {"Total", "total", false}, {"7", "7.00", true}, {"0.1", "0.10000000000000001", true}, {"7", "8", false}, {"7", "sept", false}, {"", "", true}} {
		m := published.MarkOf(c.was)
		if m.Says(c.is) != c.same || ("="+m).Says(c.is) != c.same || m.Live() || !("=" + m).Live() {
			t.Errorf("%q and %q", c.was, c.is)
		}
	}
}

// TestEveryone: every actor that was ever published, once, with its last name and all spellings.
func TestEveryone(t *testing.T) {
	if all, err := published.Everyone(filepath.Join(t.TempDir(), "nowhere")); all != nil || err != nil {
		t.Errorf("%v, %v", all, err)
	}
	dir := t.TempDir()
	first := lists([][]string{{"b/1", "B then", "B SA"}, {"a", "A", "A"}}, [][]string{{"b", "B then", "B S.A."}})
	second := lists([][]string{{"b/2", "B now", "B SA"}, {"c", "", ""}, {"a", "", ""}}, nil)
	old := lists([][]string{{"b", "B of old", "B"}, {"a", "", ""}}, nil)
	for _, b := range []*report.Book{first, second, old} {
		kept(t, dir, b, "2019-06-17")
	}
	for _, b := range []*report.Book{first, second} { // the history knows nothing of the third
		if err := published.Record(dir, b.Identifier, "2019-06-17", published.Workbook, "", nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"notes.json", strings.Repeat("0", 32) + ".txt", strings.Repeat("0", 32)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("no"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	order := []string{old.Identifier, first.Identifier, second.Identifier}
	if got, err := published.Generations(dir); err != nil || !cmp.Equal(order, got) {
		t.Errorf("%q, want %q, %v", got, order, err)
	}
	got, err := published.Everyone(dir)
	want := []etl.PublishedActor{{ID: "a", Name: "A", Sources: []string{"A"}}, {ID: "b", Name: "B now", Sources: []string{"B", "B SA", "B S.A."}}, {ID: "c"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	// Columns that are not there, rows that are short or blank, and numbers for texts are nobody's.
	file := filepath.Join(dir, strings.Repeat("1", 32)+".json")
	text := `{"tables":[{"columns":[{"id":"count"},{"id":"id"}],"rows":[[1,"d"],["x"],[],[2,null],[3,4]]},{"columns":[{"id":"count"}],"rows":[["e"]]}]}`
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if got, err := published.Everyone(dir); err != nil || !cmp.Equal(append(want, etl.PublishedActor{ID: "d"}), got) {
		t.Errorf("%v, %v", got, err)
	}
	if err := os.WriteFile(file, []byte(text[:40]), 0o666); err != nil {
		t.Fatal(err)
	}
	if all, err := published.Everyone(dir); err == nil {
		t.Errorf("a damaged publication was read: %v", all)
	}
	if err := errors.Join(os.Remove(file), os.WriteFile(filepath.Join(dir, published.HistoryFile), []byte("<<<<<<< HEAD\n"), 0o666)); err != nil {
		t.Fatal(err)
	}
	if all, err := published.Everyone(dir); err == nil {
		t.Errorf("a damaged history was read: %v", all)
	}
	if all, err := published.Generations(dir); err == nil {
		t.Errorf("a damaged history was read: %v", all)
	}
	if wrote, err := published.Wrote(dir, "s"); err == nil {
		t.Errorf("a damaged history was read: %v", wrote)
	}
}

// TestRecordedAgain: what a target holds already is no line more, whatever the other one holds.
func TestRecordedAgain(t *testing.T) {
	dir := t.TempDir()
	a, b := strings.Repeat("a", 32), strings.Repeat("b", 32)
	for _, c := range []struct {
		generation string
		target     published.Target
		sum        string
		lines      int
	}{{a, published.Workbook, "s1", 1}, {a, published.Spreadsheet, "", 2}, {a, published.Workbook, "s1", 2}, {a, published.Workbook, "s2", 3},
		{b, published.Workbook, "s3", 4}, {a, published.Workbook, "s2", 5}, {a, published.Spreadsheet, "", 5}} {
		if err := published.Record(dir, c.generation, "2019-06-17", c.target, c.sum, nil); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, published.HistoryFile))
		if n := strings.Count(string(text), "\n") - 1; n != c.lines || err != nil {
			t.Errorf("%v: %d lines, %v", c, n, err)
		}
	}
	for sum, want := range map[string]bool{"s1": true, "s3": true, "s4": false} {
		if got, err := published.Wrote(dir, sum); got != want || err != nil {
			t.Errorf("%s: %v, %v", sum, got, err)
		}
	}
}

// TestKeptOnce: a publication that is there stays as it is, a name that is no generation is not
// followed, and a folder that cannot be made is an error.
func TestKeptOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "published")
	p := of(t, "OVH")
	if err := p.Keep(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, p.Generation+".json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	saved := append(text, '\n')
	if err := errors.Join(os.WriteFile(file, saved, 0o666), p.Keep(dir)); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(file); string(got) != string(saved) {
		t.Error("a publication was written anew")
	}
	outside := strings.Replace(string(text), p.Generation, "../secret", 1)
	if err := os.WriteFile(filepath.Join(dir, "..", "secret.json"), []byte(outside), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := published.Read(dir, "../secret"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	for what, err := range map[string]error{"kept": p.Keep(file),
		"recorded":    published.Record(file, p.Generation, "2019-06-17", published.Workbook, "", p),
		"its name is": published.Record(file, p.Generation, "2019-06-17", published.Workbook, "", nil)} {
		if err == nil {
			t.Errorf("%s in a file", what)
		}
	}
}
