package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/report"
	"hdsreport/report/published"
	"hdsreport/report/xlsx"
)

// diffed is hdsreport diff --json, as a program reads it.
type diffed struct {
	Summary             string
	Same                bool
	Approved, Certified *diffedList
	Notes               []string
}

type diffedList struct {
	Arrived  []compare.Actor
	Left     []compare.Actor
	Renamed  []compare.Rename
	Changed  []diffedRow
	Removed  []compare.Actor `json:"rows_removed"`
	Added    []compare.Actor `json:"rows_added"`
	ByHand   []compare.Actor `json:"added_by_hand"`
	WasHand  []compare.Actor `json:"by_hand_before"`
	Repeated []string
}

type diffedRow struct {
	ID     string
	Fields []struct{ Field, Was, Now string }
}

// told are the changes as lines.
func (d *diffed) told() []string {
	out := []string{}
	for _, l := range []*diffedList{d.Approved, d.Certified} {
		if l == nil {
			continue
		}
		for kind, as := range map[string][]compare.Actor{"arrived": l.Arrived, "left": l.Left, "added": l.Added,
			"removed": l.Removed, "by hand": l.ByHand, "was by hand": l.WasHand} {
			for _, a := range as {
				out = append(out, kind+" "+a.Name)
			}
		}
		for _, r := range l.Renamed {
			out = append(out, "renamed "+r.Was+" > "+r.Now)
		}
		for _, c := range l.Changed {
			for _, f := range c.Fields {
				out = append(out, fmt.Sprintf("%s %s: %s > %s", etl.ActorOf(c.ID), f.Field, f.Was, f.Now))
			}
		}
		for _, id := range l.Repeated {
			out = append(out, "repeated "+id)
		}
	}
	slices.Sort(out)
	return out
}

func diff(t *testing.T, args ...string) diffed {
	t.Helper()
	var out, errs bytes.Buffer
	c := &Command{Stdout: &out, Stderr: &errs, Environ: []string{"HDSREPORT_REPORT_LANGUAGE=en"}, Now: time.Now}
	if code := c.Main(append([]string{"diff", "--json"}, args...)); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	var d diffed
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// edited opens a workbook, lets an editor at it and saves it under another name.
func edited(t *testing.T, from, to string, editor func(f *excelize.File,
	sheet func(table string) (name string, header int, column func(id string) string))) {
	t.Helper()
	f, err := excelize.OpenFile(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	editor(f, func(table string) (string, int, func(string) string) {
		name := map[string]string{report.ApprovedTable: "Acteurs agréés",
			report.CertifiedTable: "Acteurs certifiés"}[table]
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		header := slices.IndexFunc(rows, func(cells []string) bool { return slices.Contains(cells, "Identifiant") })
		return name, header + 1, func(heading string) string {
			i := slices.Index(rows[header], heading)
			if i < 0 {
				t.Fatalf("no column %q in %q", heading, rows[header])
			}
			col, _ := excelize.ColumnNumberToName(i + 1)
			return col
		}
	})
	if err := f.SaveAs(to); err != nil {
		t.Fatal(err)
	}
}

// TestDiffOfEditedWorkbook: what editors do to a workbook is told by identifier,
// wherever the rows are by then.
func TestDiffOfEditedWorkbook(t *testing.T) {
	j := sample(t, "", "2019-06-17")
	book := built(t, j)
	dir := t.TempDir()
	original, changed := filepath.Join(dir, "book.xlsx"), filepath.Join(dir, "edited.xlsx")
	writeBook(t, original, book)
	approved := book.Table(report.ApprovedTable)
	actor := func(row int) string { return etl.ActorOf(approved.Column("id").At(row).Text) }
	name := func(row int) string { return approved.Column("name").At(row).Text }
	iso := func(v report.Value) string { return etl.DateOfSerial(int(v.Num)).String() }
	var want []string
	edited(t, original, changed, func(f *excelize.File, sheet func(string) (string, int, func(string) string)) {
		s, header, col := sheet(report.ApprovedTable)
		at := func(heading string, row int) string { return fmt.Sprint(col(heading), header+1+row) }
		set := func(cell string, v any) {
			if err := f.SetCellValue(s, cell, v); err != nil {
				t.Fatal(err)
			}
		}
		position := approved.Column("position").Choices[0]
		code, _ := j.input.Reference.PositionNamed(position)
		was, _ := j.input.Reference.PositionNamed(approved.Column("position").At(3).Text)
		set(at("Positionnement principal", 3), position)
		want = append(want, fmt.Sprintf("%s position: %s > %s", actor(3), was.Code, code.Code))
		set(at("Positionnement principal", 4), "Nouveau métier")
		was, _ = j.input.Reference.PositionNamed(approved.Column("position").At(4).Text)
		want = append(want, fmt.Sprintf("%s position: %s > Nouveau métier", actor(4), was.Code))
		set(at("Fin d’agrément", 5), time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)) // as a date
		want = append(want, fmt.Sprintf("%s until: %s > 2024-02-29", actor(5), iso(approved.Column("until").At(5))))
		set(at("Date d’agrément", 6), "1er mars 2018") // as a text
		want = append(want, fmt.Sprintf("%s from: %s > 2018-03-01", actor(6), iso(approved.Column("from").At(6))))
		set(at("Acteur", 7), "Tout autre nom")
		want = append(want, fmt.Sprintf("renamed %s > Tout autre nom", name(7)))
		// A row at the end, without an identifier; one that goes; one that moves.
		last := approved.Len
		set(at("Acteur", last), "Ajout de la rédaction")
		want = append(want, "by hand Ajout de la rédaction", "left "+name(10), "left "+name(12))
		for _, gone := range []int{12, 10} {
			if err := f.RemoveRow(s, header+1+gone); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.DuplicateRowTo(s, header+1+8, header+1+30); err != nil {
			t.Fatal(err)
		}
		if err := f.RemoveRow(s, header+1+8); err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetName(s, "Liste A"); err != nil {
			t.Fatal(err)
		}
		c, header, col := sheet(report.CertifiedTable)
		if err := f.SetCellValue(c, fmt.Sprint(col("Organisme certificateur"), header), "Organisme"); err != nil {
			t.Fatal(err)
		}
	})
	d := diff(t, original, changed)
	slices.Sort(want)
	if diff := cmp.Diff(want, d.told()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	notes := strings.Join(d.Notes, "\n")
	for _, note := range []string{`columns that one side lacks are not compared: "Certification body" (certified) in `, `"Organisme" (certified, not hdsreport's) in `} {
		if !strings.Contains(notes, note) {
			t.Errorf("no note says %q:\n%s", note, notes)
		}
	}
	// The other way round, and against the edition itself.
	if back := diff(t, changed, original); len(back.told()) != len(want) {
		t.Errorf("the other way round: %q", back.told())
	}
	if d := diff(t, "--config", "../../samples/hdsreport.yaml", "2019-06-17", changed); !cmp.Equal(want, d.told()) {
		t.Errorf("against the edition:\n%s", cmp.Diff(want, d.told()))
	}
	// And what was kept of the publication.
	p, err := published.Of(book, "2019-06-17")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Keep(dir); err != nil {
		t.Fatal(err)
	}
	if d := diff(t, filepath.Join(dir, p.Generation+".json"), changed); !cmp.Equal(want, d.told()) {
		t.Errorf("against the publication:\n%s", cmp.Diff(want, d.told()))
	}
}

// TestDiffOfWorkbookWithoutASheet: a sheet that somebody has deleted is not an empty
// list, and neither is one whose edition lacked the list.
func TestDiffOfWorkbookWithoutASheet(t *testing.T) {
	dir := t.TempDir()
	original, changed, march := filepath.Join(dir, "book.xlsx"), filepath.Join(dir, "edited.xlsx"),
		filepath.Join(dir, "march.xlsx")
	for path, edition := range map[string]string{original: "2019-06-17", march: "2019-03"} {
		j := sample(t, "", edition)
		writeBook(t, path, built(t, j))
	}
	edited(t, original, changed, func(f *excelize.File, sheet func(string) (string, int, func(string) string)) {
		s, _, _ := sheet(report.CertifiedTable)
		if err := f.DeleteSheet(s); err != nil {
			t.Fatal(err)
		}
	})
	d := diff(t, original, changed)
	if d.Certified != nil || !strings.Contains(strings.Join(d.Notes, "\n"),
		"edited.xlsx has no sheet of the certified actors") || !d.Same {
		t.Errorf("%+v", d)
	}
	d = diff(t, march, original)
	if d.Approved != nil || !strings.Contains(strings.Join(d.Notes, "\n"), "the approved list is missing from") ||
		len(d.Certified.Arrived) != 8 {
		t.Errorf("%+v", d)
	}
}

// TestDiffReadsEnglishSheets: the language of the sheets is no difference.
func TestDiffReadsEnglishSheets(t *testing.T) {
	j := sample(t, "", "2019-06-17")
	dir := t.TempDir()
	french, english := filepath.Join(dir, "fr.xlsx"), filepath.Join(dir, "en.xlsx")
	for path, language := range map[string]string{french: "fr", english: "en"} {
		j.config.Report.Language = language
		writeBook(t, path, built(t, j))
	}
	if d := diff(t, french, english); !d.Same || d.Approved == nil || d.Certified == nil || len(d.Notes) != 1 ||
		!strings.Contains(d.Notes[0], "without a column on the sheets") || len(d.Notes[0]) > 160 {
		t.Errorf("%s %q", d.Summary, d.Notes)
	}
}

// TestDiffTellsLinks: an address behind a name is no cell, and a changed one is told.
func TestDiffTellsLinks(t *testing.T) {
	dir := t.TempDir()
	var books []string
	for _, website := range []string{"https://a.example/one", "https://a.example/two", "https://a.example/two/"} {
		j := sample(t, "", "2019-06-17")
		for i := range j.result.Actors {
			if a := &j.result.Actors[i]; a.ID == "amazon-web-services" {
				a.Website = website
			}
		}
		books = append(books, filepath.Join(dir, fmt.Sprintf("book%d.xlsx", len(books))))
		writeBook(t, books[len(books)-1], built(t, j))
	}
	d := diff(t, books[0], books[1])
	if said := strings.Join(d.Notes, "\n"); !d.Same || !strings.Contains(said, "https://a.example/one (") ||
		!strings.Contains(said, "https://a.example/two (") {
		t.Errorf("%s %q", d.Summary, d.Notes)
	}
	if said := strings.Join(diff(t, books[1], books[2]).Notes, "\n"); strings.Contains(said, "a.example") {
		t.Errorf("one address in two forms: %s", said)
	}
}

// TestDiffOfOtherWorkbook: an .xlsx that is a list and no workbook of ours is read as
// the list that it is.
func TestDiffOfOtherWorkbook(t *testing.T) {
	dir := t.TempDir()
	list := func(name string, actors ...string) string {
		f := excelize.NewFile()
		defer f.Close()
		for i, row := range append([]string{"Hébergeur"}, actors...) {
			f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1),
				&[]string{row, map[bool]string{true: "Prestation", false: "s"}[i == 0]})
		}
		path := filepath.Join(dir, name)
		if err := f.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	d := diff(t, list("a.xlsx", "Alpha", "Beta"), list("b.xlsx", "Beta", "Gamma"))
	if diff := cmp.Diff([]string{"arrived Gamma", "left Alpha"}, d.told()); diff != "" {
		t.Error(diff)
	}
}

// BenchmarkDiff is the command on two lists of so many rows, of which a tenth changed:
// what a row costs must stay level.
func BenchmarkDiff(b *testing.B) {
	for _, rows := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			dir := b.TempDir()
			was, is := filepath.Join(dir, "was.csv"), filepath.Join(dir, "is.csv")
			text := manyCertified(rows)
			if err := os.WriteFile(was, text, 0o644); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(is, bytes.ReplaceAll(text, []byte("01/2021"), []byte("01/2022")),
				0o644); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				var out bytes.Buffer
				c := &Command{Stdout: &out, Stderr: &out, Environ: []string{"HDSREPORT_REPORT_LANGUAGE=en"},
					Now: time.Now}
				if code := c.Main([]string{"diff", was, is}); code != 0 {
					b.Fatal(out.String())
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
		})
	}
}

// writeBook writes the book to a file.
func writeBook(t *testing.T, path string, b *report.Book) {
	t.Helper()
	f, err := xlsx.Begin().Draw(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, f.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
