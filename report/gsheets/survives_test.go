package gsheets

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/config"
	"hdsreport/report"
	"hdsreport/report/gsheets/sheetstest"
)

// withColumn gives the first list of a small book one column more.
func withColumn(b *report.Book) *report.Book {
	t := b.Sheets[0].Table
	t.Columns = append(
		t.Columns,
		report.Column{
			ID:     "extra:Ville",
			Header: "Ville",
			Kind:   report.Text,
			At:     func(k int) report.Value { return report.TextOf(fmt.Sprintf("Ville %d", k)) },
		},
	)
	s := b.Sheets[2]
	s.Lines[0].Cells = append(s.Lines[0].Cells,
		report.Cell{Col: 2, Value: report.TextOf("De plus"), Style: report.StyleNote})
	b.Identifier = b.Generation()
	return b
}

// TestColumnsThatGo: a column that the book no longer has is deleted; what people typed
// or noted in it is saved first, and a typed value stops the publication.
func TestColumnsThatGo(t *testing.T) {
	for _, c := range []struct {
		name  string
		typed bool
		do    func(s *sheetstest.Server)
		saved []Edit
	}{
		{"nothing typed", false, func(*sheetstest.Server) {}, nil},
		{"a value", true, func(s *sheetstest.Server) { s.Edit("Liste approved", "E5", "Brest") }, []Edit{{Sheet: "approved", Field: "extra:Ville", Found: "Brest"}}},
		{"its header", true, func(s *sheetstest.Server) { s.Edit("Liste approved", "E3", "Commune") }, []Edit{{Sheet: "approved", Field: "E3", Found: "Commune"}}},
		{"a note", false, func(s *sheetstest.Server) { s.AddNote("Liste approved", "E5", "à vérifier") }, []Edit{{Sheet: "approved", Field: "extra:Ville", Found: "[à vérifier]"}}},
		{"the summary", true, func(s *sheetstest.Server) { s.Edit("Synthèse", "C2", "calcul") }, []Edit{{Sheet: "summary", Field: "C2", Found: "calcul"}}},
		{"a note on the summary", false, func(s *sheetstest.Server) { s.AddNote("Synthèse", "C2", "ah") }, []Edit{{Sheet: "summary", Field: "C2", Found: "[ah]"}}},
	} {
		for _, meanwhile := range []bool{false, true} {
			if meanwhile && !c.typed {
				continue // notes are not looked at while a batch is on its way
			}
			t.Run(fmt.Sprintf("%s %v", c.name, meanwhile), func(t *testing.T) {
				d := newDesk(t, sheetstest.Options{})
				d.mustPublish(withColumn(small(1, 6)), "a")
				if meanwhile {
					d.server.At(sheetstest.Batch, 1, sheetstest.Meddle(c.do))
				} else {
					c.do(d.server)
				}
				b := small(2, 6)
				_, err := d.publish(b, "b")
				var refused *Refused
				if stops := c.typed && !meanwhile; errors.As(err, &refused) != stops || !stops && err != nil {
					t.Fatalf("%v", err)
				}
				d.savedAll(c.saved)
				if len(d.saved) != len(c.saved) {
					t.Errorf("saved: %+v", d.saved)
				}
				d.mutated.Overwrite = true
				d.mustPublish(b, "b")
				d.check(b)
			})
		}
	}
}

// TestKilledAfterWritingAbove: what was typed meanwhile outside the rows of the lists is
// not lost either when the process ends before it can be saved.
func TestKilledAfterWritingAbove(t *testing.T) {
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(small(1, 6), "a")
	b := small(2, 7)
	d.server.At(sheetstest.Batch, 1, sheetstest.Meddle(func(s *sheetstest.Server) {
		s.Edit("Synthèse", "A2", "Tapé dans la synthèse")
		s.Edit("Liste approved", "A1", "Tapé en haut")
	}))
	d.server.At(sheetstest.Get, 2, sheetstest.Forbidden()) // as good as killed
	if _, err := d.publish(b, "b"); err == nil {
		t.Fatal("no error")
	}
	d.mustPublish(b, "b")
	d.check(b)
	d.savedAll(
		[]Edit{
			{Sheet: "summary", Field: "A2", Found: "Tapé dans la synthèse"},
			{Sheet: "approved", Field: "A1", Found: "Tapé en haut"},
		},
	)
	if len(d.saved) != 2 {
		t.Errorf("saved: %+v", d.saved)
	}
	if out := d.mustPublish(b, "b"); out.Written {
		t.Error("written again")
	}
}

// TestKilledBeforePuttingRight: rows had moved meanwhile, and the process ended before
// somebody's own cells were brought back beside their actors. They are saved with their
// actor before the copy that holds them goes.
func TestKilledBeforePuttingRight(t *testing.T) {
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(small(1, 6), "a")
	d.notes("approved", 0)
	was := d.notesByID("approved")
	b := small(2, 7)
	d.server.At(
		sheetstest.Batch,
		1,
		sheetstest.Meddle(func(s *sheetstest.Server) { s.MoveRows("Liste approved", 3, 1, 8) }),
	)
	d.server.At(sheetstest.Get, 2, sheetstest.Forbidden()) // as good as killed
	if _, err := d.publish(b, "b"); err == nil {
		t.Fatal("no error")
	}
	d.mustPublish(b, "b")
	d.check(b)
	is := d.notesByID("approved")
	lost := 0
	for id, note := range was {
		if is[id] == note {
			continue
		}
		lost++
		d.savedAll([]Edit{{Sheet: "approved", Row: id, Found: note}})
	}
	if lost < 2 {
		t.Error("the notes stand where they belong: this test proves nothing")
	}
}

// TestNotesOnOurCells stay on their actor's cell when rows move while a publication is
// written, and are saved when the row goes.
func TestNotesOnOurCells(t *testing.T) {
	for _, meanwhile := range []bool{false, true} {
		d := newDesk(t, sheetstest.Options{})
		a := small(1, 6)
		d.mustPublish(a, "a")
		ids := rowIDs(a.Sheets[0].Table)
		for k := range ids {
			d.server.AddNote("Liste approved", cellAt(3+k, 0), "sur "+ids[k])
		}
		if meanwhile {
			d.server.At(
				sheetstest.Batch,
				1,
				sheetstest.Meddle(func(s *sheetstest.Server) { s.MoveRows("Liste approved", 3, 1, 8) }),
			)
		}
		b := small(2, 7)
		d.mustPublish(b, "b")
		d.check(b)
		tab, _ := ourTab(d.server.Snapshot(), "approved")
		stay := 0
		for k, id := range rowIDs(b.Sheets[0].Table) {
			want := ""
			if slices.Contains(ids, id) {
				want = "sur " + id
				stay++
			}
			note := ""
			if c := tab.At(3+k, 0).Data(); c != nil {
				note = c.Note
			}
			if note != want {
				t.Errorf("meanwhile %v: on %s: %q", meanwhile, id, note)
			}
		}
		if stay == 0 || stay == len(ids) {
			t.Error("no row stays, or none goes: this test proves nothing")
		}
		for _, id := range ids {
			if !slices.Contains(rowIDs(b.Sheets[0].Table), id) {
				d.savedAll([]Edit{{Sheet: "approved", Row: id, Found: "[sur " + id + "]"}})
			}
		}
	}
}

// TestMergesOverRows: Google moves no row out of merged cells. Those of somebody's own
// columns are undone where rows have to move, and only there.
func TestMergesOverRows(t *testing.T) {
	for _, sorted := range []bool{true, false} {
		d := newDesk(t, sheetstest.Options{})
		b := small(1, 8)
		d.mustPublish(b, "a")
		tab, _ := ourTab(d.server.Snapshot(), "approved")
		if sorted {
			d.server.MoveRows(tab.Title(), 3, 1, 8)
		}
		d.server.Edit(tab.Title(), "F8", "zone")
		d.apply(
			fmt.Sprintf(
				`{"mergeCells":{"mergeType":"MERGE_ALL","range":{"sheetId":%d,"startRowIndex":6,"endRowIndex":9,"startColumnIndex":5,"endColumnIndex":6}}}`,
				tab.ID(),
			),
		)
		b.Sheets[0].Lines[0].Cells[0].Value = report.TextOf("Un autre titre")
		b.Identifier = b.Generation()
		d.mustPublish(b, "b")
		d.check(b)
		tab, _ = ourTab(d.server.Snapshot(), "approved")
		if len(tab.Merges()) > 0 == sorted {
			t.Errorf("rows moved: %v, merges: %d", sorted, len(tab.Merges()))
		}
	}
}

// TestLongTitles: Google takes no title over 100 characters, and people use them up.
func TestLongTitles(t *testing.T) {
	for _, title := range []string{strings.Repeat("é", 98), strings.Repeat("🏥", 49)} {
		d := newDesk(t, sheetstest.Options{})
		d.mustPublish(small(1, 5), "a")
		d.server.RenameSheet("Liste approved", title)
		for seed := range uint64(3) {
			b := small(seed+2, 5)
			b.Labels = report.Labels{Language: "fr", Texts: config.Labels("fr")}
			d.mustPublish(b, "b")
			d.check(b)
		}
	}
	for _, c := range []struct{ title, end, want string }{
		{"court", " (2)", "court (2)"},
		{strings.Repeat("a", 100), "", strings.Repeat("a", 100)},
		{strings.Repeat("a", 101), "", strings.Repeat("a", 99) + "…"},
		{strings.Repeat("a", 100), " (2)", strings.Repeat("a", 95) + "… (2)"},
		{strings.Repeat("🏥", 51), "", strings.Repeat("🏥", 49) + "…"},
	} {
		if got := cutTitle(c.title, c.end); got != c.want {
			t.Errorf("%q%q: %q", c.title, c.end, got)
		}
	}
}

// TestATableOfSomebodys over a list stops the publication before anything is sent, and
// says how to undo it; one elsewhere does not.
func TestATableOfSomebodys(t *testing.T) {
	for _, c := range []struct {
		rows, columns [2]int
		stops         bool
	}{
		{[2]int{2, 9}, [2]int{0, 4}, true},
		{[2]int{2, 9}, [2]int{5, 7}, true}, // the filter covers somebody's columns too
		{[2]int{12, 15}, [2]int{0, 2}, true},
		{[2]int{12, 15}, [2]int{5, 7}, false},
	} {
		d := newDesk(t, sheetstest.Options{})
		d.mustPublish(small(1, 6), "a")
		tab, _ := ourTab(d.server.Snapshot(), "approved")
		d.apply(fmt.Sprintf(`{"clearBasicFilter":{"sheetId":%d}}`, tab.ID()))
		d.apply(
			fmt.Sprintf(
				`{"addTable":{"table":{"name":"Tableau1","range":{"sheetId":%d,"startRowIndex":%d,"endRowIndex":%d,"startColumnIndex":%d,"endColumnIndex":%d}}}}`,
				tab.ID(),
				c.rows[0],
				c.rows[1],
				c.columns[0],
				c.columns[1],
			),
		)
		before := d.server.Snapshot()
		_, err := d.publish(small(2, 6), "b")
		var refused *Refused
		if errors.As(err, &refused) != c.stops ||
			c.stops && (!strings.Contains(err.Error(), "Tableau1") || !d.server.Snapshot().Same(before)) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestFilteredByHand: copying, repeating and moving see all rows, whatever somebody
// filters; and the new edition is shown whole.
func TestFilteredByHand(t *testing.T) {
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(small(1, 6), "a")
	tab, _ := ourTab(d.server.Snapshot(), "approved")
	d.apply(
		fmt.Sprintf(
			`{"setBasicFilter":{"filter":{"range":{"sheetId":%d,"startRowIndex":2,"endRowIndex":9,"startColumnIndex":0,"endColumnIndex":4},"filterSpecs":[{"columnIndex":1,"filterCriteria":{"hiddenValues":["ESN"]}}]}}}`,
			tab.ID(),
		),
	)
	b := small(2, 7)
	d.mustPublish(b, "b")
	d.check(b)
	tab, _ = ourTab(d.server.Snapshot(), "approved")
	if f := tab.BasicFilter(); f == nil || len(f.FilterSpecs)+len(f.Criteria) > 0 {
		t.Errorf("%+v", f)
	}
}

// TestFiltersThatCoverTooLittle are set again, even if nothing else has changed: sorted
// through one, somebody's column would stay behind.
func TestFiltersThatCoverTooLittle(t *testing.T) {
	for name, do := range map[string]func(d *desk, id int64){
		"": func(*desk, int64) {},
		"narrower": func(d *desk, id int64) {
			d.apply(fmt.Sprintf(`{"setBasicFilter":{"filter":{"range":{"sheetId":%d,"startRowIndex":2,"endRowIndex":9,"startColumnIndex":0,"endColumnIndex":3}}}}`, id))
		},
		"shorter": func(d *desk, id int64) {
			d.apply(fmt.Sprintf(`{"setBasicFilter":{"filter":{"range":{"sheetId":%d,"startRowIndex":2,"endRowIndex":6,"startColumnIndex":0,"endColumnIndex":7}}}}`, id))
		},
		"a new column beside it": func(d *desk, id int64) {
			d.apply(fmt.Sprintf(`{"appendDimension":{"sheetId":%d,"dimension":"COLUMNS","length":2}}`, id))
			d.server.Edit("Liste approved", "I5", "à rappeler")
		},
	} {
		d := newDesk(t, sheetstest.Options{})
		b := small(1, 6)
		d.mustPublish(b, "a")
		tab, _ := ourTab(d.server.Snapshot(), "approved")
		do(d, tab.ID())
		if out := d.mustPublish(b, "a"); out.Written != (name != "") || len(out.Edits) > 0 {
			t.Errorf("%q: %+v", name, out)
		}
		if out := d.mustPublish(b, "a"); out.Written {
			t.Errorf("%q: written again", name)
		}
	}
}

// TestFrozenByHand: Google deletes no tab's last row that is not frozen.
func TestFrozenByHand(t *testing.T) {
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(small(1, 12), "a")
	tab, _ := ourTab(d.server.Snapshot(), "approved")
	rows, _ := tab.Size()
	d.server.DeleteRows(tab.Title(), 15, rows-15)
	d.apply(
		fmt.Sprintf(
			`{"updateSheetProperties":{"properties":{"sheetId":%d,"gridProperties":{"frozenRowCount":9}},"fields":"gridProperties.frozenRowCount"}}`,
			tab.ID(),
		),
	)
	b := small(1, 12)
	b.Sheets[0].Table.Len = 5
	b.Identifier = b.Generation()
	d.mustPublish(b, "b")
	d.check(b)
	tab, _ = ourTab(d.server.Snapshot(), "approved")
	if n := tab.Properties().GridProperties.FrozenRowCount; n != 3 {
		t.Errorf("%d rows are frozen", n)
	}
}

// TestDropDownsComeFirst: a new edition's values are not measured by the last edition's
// choices.
func TestDropDownsComeFirst(t *testing.T) {
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(small(1, 6), "a")
	d.server.Forget()
	d.mustPublish(small(2, 6), "b")
	offered := map[int64]bool{}
	for _, r := range d.server.Requests() {
		if r.Kind != sheetstest.Batch {
			continue
		}
		var batch sheets.BatchUpdateSpreadsheetRequest
		if err := json.Unmarshal(r.Body, &batch); err != nil {
			t.Fatal(err)
		}
		for i, req := range batch.Requests {
			if v := req.SetDataValidation; v != nil && v.Rule != nil {
				offered[v.Range.SheetId] = true
			}
			if u := req.UpdateCells; u != nil && u.Range.StartRowIndex == 3 && !offered[u.Range.SheetId] {
				t.Errorf("request %d writes values before the choices are set", i)
			}
		}
	}
	if len(offered) != 2 {
		t.Errorf("choices on %d tabs", len(offered))
	}
	b := small(3, 6)
	b.Sheets[0].Table.Columns[1].Choices = []string{"ESN", "=1+1"}
	if _, err := d.publish(b, "c"); err == nil || !strings.Contains(err.Error(), "does not begin with = or +") {
		t.Errorf("%v", err)
	}
}

// TestReadBackAsGoogleMay: a link that comes back as the cell's address only, an address
// that Google made out by itself, a value that is not computed yet.
func TestReadBackAsGoogleMay(t *testing.T) {
	const there = "https://esante.gouv.fr"
	number, formula := 3.0, "=A1"
	linked := func(uri string) *sheets.CellFormat {
		return &sheets.CellFormat{TextFormat: &sheets.TextFormat{Link: &sheets.Link{Uri: uri}}}
	}
	for _, c := range []struct {
		name string
		cell *sheets.CellData
		want spot
		fits bool
	}{
		{"link as format", &sheets.CellData{UserEnteredFormat: linked(there + "/")}, spot{link: there}, true},
		{"link as address", &sheets.CellData{Hyperlink: there + "/"}, spot{link: there}, true},
		{"another address", &sheets.CellData{Hyperlink: "https://example.org"}, spot{link: there}, false},
		{"no link", &sheets.CellData{}, spot{link: there}, false},
		{"made out", &sheets.CellData{Hyperlink: there}, spot{}, true},
		{"somebody's link", &sheets.CellData{UserEnteredFormat: linked(there)}, spot{}, false},
		{"computed", &sheets.CellData{UserEnteredValue: &sheets.ExtendedValue{FormulaValue: &formula}, EffectiveValue: &sheets.ExtendedValue{NumberValue: &number}}, spot{content: content{kind: aFormula, text: formula}, value: report.NumberOf(3)}, true},
		{"computed otherwise", &sheets.CellData{UserEnteredValue: &sheets.ExtendedValue{FormulaValue: &formula}, EffectiveValue: &sheets.ExtendedValue{NumberValue: &number}}, spot{content: content{kind: aFormula, text: formula}, value: report.NumberOf(4)}, false},
		{"loading", &sheets.CellData{UserEnteredValue: &sheets.ExtendedValue{FormulaValue: &formula}, EffectiveValue: &sheets.ExtendedValue{ErrorValue: &sheets.ErrorValue{Type: "LOADING"}}}, spot{content: content{kind: aFormula, text: formula}, value: report.NumberOf(4)}, true},
		{"an error", &sheets.CellData{UserEnteredValue: &sheets.ExtendedValue{FormulaValue: &formula}, EffectiveValue: &sheets.ExtendedValue{ErrorValue: &sheets.ErrorValue{Type: "REF"}}}, spot{content: content{kind: aFormula, text: formula}, value: report.NumberOf(4)}, false},
	} {
		tab := &tab{cells: [][]*sheets.CellData{{c.cell}}}
		how, computed := tab.differs(0, 0, c.want), tab.miscomputes(0, 0, c.want)
		if (how.IsZero() && computed.IsZero()) != c.fits {
			t.Errorf("%s: %s%s", c.name, how, computed)
		}
	}
}

// TestStopsOfPeople: what a person did to the spreadsheet, or Google to a request, is
// said with what to do.
func TestStopsOfPeople(t *testing.T) {
	for said, want := range map[string]string{
		"Invalid requests[7].updateCells: You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.": "Protect sheets and ranges",
		"Request payload size exceeds the limit: 10485760 bytes.": "publish.megabytes",
	} {
		d := newDesk(t, sheetstest.Options{})
		for range 3 {
			d.server.At(sheetstest.Batch, 1, sheetstest.BadRequest(said))
		}
		if _, err := d.publish(small(1, 5), "a"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v", err)
		}
	}
}

// TestManyPublications leave nothing behind that grows.
func TestManyPublications(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	var sizes []string
	for n := range 60 {
		d.mustPublish(small(uint64(n%3), 5+n%3), fmt.Sprint(n))
		if n%3 != 0 || n < 30 {
			continue
		}
		var all []string
		entries := 0
		for _, tab := range d.server.Snapshot().Sheets() {
			rows, cols := tab.Size()
			all = append(
				all,
				fmt.Sprint(tab.Title(), rows, cols, len(tab.Metadata()), len(tab.FilterViews()),
					len(tab.Protected()), len(tab.Charts())),
			)
			entries += len(tab.ColumnMetadata())
		}
		slices.Sort(all)
		sizes = append(sizes, fmt.Sprint(all, entries, len(d.server.Snapshot().Metadata())))
	}
	if one := slices.Compact(slices.Clone(sizes)); len(one) > 1 {
		t.Errorf("it grows: %q", one)
	}
}

// TestAnotherLanguage, and back: titles, headers, formats and the locale follow, nothing
// is taken for an edit, and nothing is written twice.
func TestAnotherLanguage(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	for _, language := range []string{"fr", "en", "fr"} {
		b := sampleIn(language, "2019-06-17")
		out := d.mustPublish(b, "2019-06-17")
		d.check(b)
		if len(out.Edits) > 0 {
			t.Errorf("%s: %+v", language, out.Edits)
		}
		s := d.server.Snapshot()
		if want := map[string]string{"fr": "fr_FR", "en": "en_GB"}[language]; s.Locale() != want {
			t.Errorf("%s: the locale is %s", language, s.Locale())
		}
		if tab, _ := ourTab(s, "approved"); tab.Title() != b.Sheets[0].Name {
			t.Errorf("%s: the tab is called %s", language, tab.Title())
		}
		if d.mustPublish(b, "2019-06-17").Written {
			t.Errorf("%s: written again", language)
		}
	}
}
