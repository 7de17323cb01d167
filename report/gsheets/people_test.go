package gsheets

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/raced"
	"hdsreport/report"
	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/published"
)

// columnsOfTab are our columns in a tab, by Column.ID, and the row of the header.
func columnsOfTab(tab sheetstest.Sheet) (columns map[string]int, header int) {
	columns = map[string]int{}
	for at, ms := range tab.ColumnMetadata() {
		for _, m := range ms {
			columns[m.MetadataValue] = at
		}
	}
	for at := range tab.RowMetadata() {
		header = at
	}
	return columns, header
}

func cellAt(row, col int) string { return fmt.Sprintf("%s%d", letters(col), row+1) }

func letters(col int) string {
	if col >= 26 {
		return string(rune('A'+col/26-1)) + string(rune('A'+col%26))
	}
	return string(rune('A' + col))
}

// notes gives a tab a column of somebody's own at a place, with a note beside each row.
func (d *desk) notes(id string, at int) {
	tab, _ := ourTab(d.server.Snapshot(), id)
	d.server.InsertColumns(tab.Title(), at, 1)
	tab, _ = ourTab(d.server.Snapshot(), id)
	columns, header := columnsOfTab(tab)
	d.server.Edit(tab.Title(), cellAt(header, at), "Notes")
	rows, _ := tab.Size()
	for row := header + 1; row < rows; row++ {
		if who, ok := tab.At(row, columns["id"]).Value.(string); ok {
			d.server.Edit(tab.Title(), cellAt(row, at), "note de "+who)
		}
	}
}

// colour gives each row of a list a background of its own, over all columns, and a drop-down in the
// column of notes. It returns the rows by their identifiers.
func (d *desk) colour(id string) map[string]string {
	coloured := map[string]string{}
	tab, _ := ourTab(d.server.Snapshot(), id)
	columns, header := columnsOfTab(tab)
	rows, cols := tab.Size()
	for row := header + 1; row < rows; row++ {
		if who, ok := tab.At(row, columns["id"]).Value.(string); ok {
			coloured[who] = who
			d.apply(
				fmt.Sprintf(
					`{"repeatCell":{"range":{"sheetId":%d,"startRowIndex":%d,"endRowIndex":%d,"startColumnIndex":0,"endColumnIndex":%d},
				"cell":{"userEnteredFormat":{"backgroundColorStyle":{"rgbColor":{"red":%g}}}},"fields":"userEnteredFormat.backgroundColorStyle"}}`,
					tab.ID(),
					row,
					row+1,
					cols,
					shade(who),
				),
			)
		}
	}
	for col := range cols {
		if tab.At(header, col).Value == "Notes" {
			d.apply(
				fmt.Sprintf(
					`{"setDataValidation":{"range":{"sheetId":%d,"startRowIndex":%d,"startColumnIndex":%d,"endColumnIndex":%d},
				"rule":{"condition":{"type":"ONE_OF_LIST","values":[{"userEnteredValue":"à rappeler"}]}}}}`,
					tab.ID(),
					header+1,
					col,
					col+1,
				),
			)
		}
	}
	return coloured
}

// shade is a colour for an identifier.
func shade(who string) float64 { return float64(len(who)%3+1)/8 + float64(who[len(who)-1]%8)/100 }

// checkColours: each row that was there has its own background, in our columns and in that of
// notes, and a new one has none; and the column of notes has its drop-down in every old row of the
// list, ours none but their own (holdsBook).
func (d *desk) checkColours(id string, before map[string]string) {
	d.t.Helper()
	tab, _ := ourTab(d.server.Snapshot(), id)
	columns, header := columnsOfTab(tab)
	rows, cols := tab.Size()
	for row := header + 1; row < rows; row++ {
		who, ok := tab.At(row, columns["id"]).Value.(string)
		if !ok {
			continue
		}
		want := 0.0
		if _, was := before[who]; was {
			want = shade(who)
		}
		for from, to := range followedIn(sample("2019-06-17"), id) {
			if _, was := before[from]; was && to == who {
				want = shade(from)
			}
		}
		for col := range cols {
			theirs := tab.At(header, col).Value == "Notes"
			if _, ours := tab.ColumnMetadata()[col]; !ours && !theirs {
				continue
			}
			got := 0.0
			if c := tab.At(row, col).Data(); c != nil && c.UserEnteredFormat != nil &&
				c.UserEnteredFormat.BackgroundColorStyle != nil {
				got = c.UserEnteredFormat.BackgroundColorStyle.RgbColor.Red
			}
			if got != want {
				d.t.Errorf("%s in %s has the background %g, want %g", who, cellAt(row, col), got, want)
			}
			if theirs && want != 0 && !slices.Equal(choicesOf(tab.At(row, col)), []string{"à rappeler"}) {
				d.t.Errorf("%s in %s has the choices %q", who, cellAt(row, col), choicesOf(tab.At(row, col)))
			}
		}
	}
}

// notesByID reads the notes beside the rows of a tab.
func (d *desk) notesByID(id string) map[string]string {
	tab, _ := ourTab(d.server.Snapshot(), id)
	columns, header := columnsOfTab(tab)
	rows, cols := tab.Size()
	at := -1
	for col := range cols {
		if tab.At(header, col).Value == "Notes" {
			at = col
		}
	}
	out := map[string]string{}
	for row := header + 1; row < rows && at >= 0; row++ {
		who, _ := tab.At(row, columns["id"]).Value.(string)
		if note, ok := tab.At(row, at).Value.(string); ok {
			out[who] = note
		}
	}
	return out
}

// checkNotes: each note stands beside the row that it is about; those of rows that went
// have been saved.
func (d *desk) checkNotes(id string, b *report.Book, before map[string]string) {
	d.t.Helper()
	now := d.notesByID(id)
	inBook := map[string]bool{}
	for _, who := range rowIDs(b.Table(id)) {
		inBook[who] = true
	}
	followed := followedIn(b, id)
	beside := map[string]string{} // by the identifier that the row had
	for who, note := range now {
		beside[who] = note
	}
	for from, to := range followed {
		if beside[from] == "" && !inBook[from] && now[to] == "note de "+from {
			beside[from], beside[to], inBook[from] = now[to], "", true
		}
	}
	for who, note := range beside {
		if note != "" && note != "note de "+who {
			d.t.Errorf("beside %q stands %q", who, note)
		}
	}
	now = beside
	for who, note := range before {
		if inBook[who] && now[who] != note {
			d.t.Errorf("the note of %q is gone", who)
		}
		if !inBook[who] &&
			!slices.ContainsFunc(
				d.saved,
				func(e Edit) bool { return e.Row == who && e.Found == note && e.Field == "" },
			) {
			d.t.Errorf("the note of %q, who left, was not saved", who)
		}
	}
}

// followedIn are the rows of the samples that have another identifier in a book, because
// their service is written otherwise there.
func followedIn(b *report.Book, id string) map[string]string {
	told := func(b *report.Book) (out []etl.Told) {
		t := b.Table(id)
		for i := range t.Columns {
			if c := &t.Columns[i]; c.ID == tells[id] { // a test may have taken it away
				for row, who := range rowIDs(t) {
					out = append(out, etl.Told{ID: who, Text: c.At(row).Text})
				}
			}
		}
		return out
	}
	out := map[string]string{}
	for _, edition := range []string{"2019-02", "2019-06-17"} {
		maps.Copy(out, etl.Followed(told(sample(edition)), told(b)))
	}
	return out
}

func titleOf(d *desk, id string) string {
	tab, ok := ourTab(d.server.Snapshot(), id)
	if !ok {
		d.t.Fatalf("no tab %s", id)
	}
	return tab.Title()
}

// TestNotesStayBesideTheirActors, in a column of somebody's own between ours and one to
// the right, over editions.
func TestNotesStayBesideTheirActors(t *testing.T) {
	long(t)
	for _, at := range []int{0, 3, 12} {
		d := newDesk(t, sheetstest.Options{})
		d.mustPublish(sample("2019-02"), "2019-02")
		d.notes(report.ApprovedTable, at)
		before := d.notesByID(report.ApprovedTable)
		if len(before) < 100 {
			t.Fatalf("%d notes", len(before))
		}
		b := sample("2019-06-17")
		out := d.mustPublish(b, "2019-06-17")
		d.check(b)
		d.checkNotes(report.ApprovedTable, b, before)
		if len(out.Edits) != len(d.saved) {
			t.Errorf("%d edits reported, %d saved", len(out.Edits), len(d.saved))
		}
		d.server.Forget()
		if again := d.mustPublish(b, "2019-06-17"); again.Written {
			t.Errorf("column %d: written again", at)
		}
	}
}

// TestTabsThatPeopleChange: renamed, moved and hidden ones stay so and are still right.
func TestTabsThatPeopleChange(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(sample("2019-02"), "2019-02")
	d.server.RenameSheet("Acteurs agréés", "L'ancien régime")
	d.server.MoveSheet("Synthèse", 0)
	d.server.HideSheet("Acteurs certifiés")
	d.server.AddTab("À nous", 30, 5)
	d.server.Edit("À nous", "B2", "=COUNTA('L''ancien régime'!A1:A2)")
	d.server.AddNote("À nous", "A1", "une note")
	theirs := func() string {
		s, _ := d.server.Snapshot().Sheet("À nous")
		return fmt.Sprint(s.Values(), s.Cell("A1").Note)
	}
	d.server.Forget()
	if out := d.mustPublish(sample("2019-02"), "2019-02"); out.Written {
		t.Error("renamed, moved and hidden tabs were written again")
	}
	b := sample("2019-06-17")
	was := theirs()
	d.mustPublish(b, "2019-06-17")
	d.check(b)
	if theirs() != was {
		t.Errorf("somebody's tab was %s and is %s", was, theirs())
	}
	snap := d.server.Snapshot()
	if s, ok := snap.Sheet("L'ancien régime"); !ok {
		t.Error("the title that somebody gave is gone")
	} else if _, ours := ourTab(snap, report.ApprovedTable); !ours || s.Hidden() {
		t.Error("the renamed tab is not ours any more")
	}
	if s, _ := snap.Sheet("Acteurs certifiés"); !s.Hidden() {
		t.Error("a hidden tab was shown")
	}
	if s, _ := snap.Sheet("Synthèse"); s.Index() != 0 {
		t.Error("a moved tab was moved back")
	}
	d.server.Forget()
	if out := d.mustPublish(b, "2019-06-17"); out.Written {
		t.Error("written again")
	}
}

// TestADeletedTabIsMadeAnew, and the outcome says so.
func TestADeletedTabIsMadeAnew(t *testing.T) {
	long(t)
	for _, id := range []string{report.ApprovedTable, report.SummarySheet} {
		d := newDesk(t, sheetstest.Options{})
		b := sample("2019-06-17")
		d.mustPublish(b, "2019-06-17")
		title := titleOf(d, id)
		d.server.DeleteSheet(title)
		out := d.mustPublish(b, "2019-06-17")
		d.check(b)
		if !out.Written || !slices.Equal(out.Made, []string{title}) {
			t.Errorf("%+v", out)
		}
	}
}

// TestADuplicatedTabIsTheirs: the copy is left alone, ours is found.
func TestADuplicatedTabIsTheirs(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(sample("2019-02"), "2019-02")
	d.server.DuplicateSheet("Acteurs agréés", "Copie")
	b := sample("2019-06-17")
	before, _ := d.server.Snapshot().Sheet("Copie")
	d.mustPublish(b, "2019-06-17")
	d.check(b)
	after, ok := d.server.Snapshot().Sheet("Copie")
	if !ok || after.At(7, 0).Value != before.At(7, 0).Value {
		t.Error("the copy was changed")
	}
}

// TestSortedByHand: no write while nothing changed; the next edition is in its order
// again, and notes went along.
func TestSortedByHand(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	b := sample("2019-02")
	d.mustPublish(b, "2019-02")
	d.notes(report.ApprovedTable, 2)
	title := titleOf(d, report.ApprovedTable)
	header := b.Table(report.ApprovedTable).Row
	rows := b.Table(report.ApprovedTable).Len
	sortTab(d.server, title, header, rows)
	before := d.notesByID(report.ApprovedTable)
	d.server.Forget()
	if out := d.mustPublish(b, "2019-02"); out.Written {
		t.Error("a sorted tab was written")
	}
	next := sample("2019-06-17")
	d.mustPublish(next, "2019-06-17")
	d.check(next)
	d.checkNotes(report.ApprovedTable, next, before)
}

// sortTab sorts all columns of a list by one that is far from its order.
func sortTab(s *sheetstest.Server, title string, header, rows int) {
	tab, _ := s.Snapshot().Sheet(title)
	_, cols := tab.Size()
	s.SortRange(title, fmt.Sprintf("A%d:%s%d", header+2, letters(cols-1), header+1+rows), "F", true)
}

// typed is what people do to a sheet, and what of it must be saved.
type typed struct {
	name string
	do   func(d *desk)
	want []Edit // Sheet, Row, Field and Found of some that must be there
}

func typings() []typed {
	row := func(d *desk, id, who string) (string, int, map[string]int) {
		tab, _ := ourTab(d.server.Snapshot(), id)
		columns, header := columnsOfTab(tab)
		rows, _ := tab.Size()
		for r := header + 1; r < rows; r++ {
			if tab.At(r, columns["id"]).Value == who {
				return tab.Title(), r, columns
			}
		}
		d.t.Fatalf("no row %s", who)
		return "", 0, nil
	}
	edit := func(id, who, field string, v any) func(d *desk) {
		return func(d *desk) {
			title, r, columns := row(d, id, who)
			d.server.Edit(title, cellAt(r, columns[field]), v)
		}
	}
	return []typed{
		{
			"a position",
			edit("approved", "ap-hp", "position", "ESN"),
			[]Edit{{Sheet: "approved", Row: "ap-hp", Field: "position", Found: "ESN"}},
		},
		{
			"a date",
			edit("approved", "ap-hp", "until", 43831.0),
			[]Edit{{Sheet: "approved", Row: "ap-hp", Field: "until", Found: "2020-01-01"}},
		},
		{
			"a value over a formula",
			edit("approved", "ap-hp", "also", "peut-être"),
			[]Edit{{Sheet: "approved", Row: "ap-hp", Field: "also", Found: "peut-être"}},
		},
		{
			"a formula over a value",
			edit("approved", "ap-hp", "name", "=1+1"),
			[]Edit{{Sheet: "approved", Row: "ap-hp", Field: "name", Found: "=1+1"}},
		},
		{
			"a cell emptied",
			edit("approved", "ap-hp", "name", nil),
			[]Edit{{Sheet: "approved", Row: "ap-hp", Field: "name"}},
		},
		{
			"an identifier",
			edit("approved", "ap-hp", "id", "autre"),
			[]Edit{{Sheet: "approved", Row: "autre", Field: "id", Found: "autre"}, {Sheet: "approved", Row: "ap-hp"}},
		},
		{"a row deleted", func(d *desk) {
			title, r, _ := row(d, "approved", "ap-hp")
			d.server.DeleteRows(title, r, 1)
		}, []Edit{{Sheet: "approved", Row: "ap-hp"}}},
		{"a row added in between", func(d *desk) {
			title, r, columns := row(d, "approved", "ap-hp")
			d.server.InsertRows(title, r, 1)
			d.server.Edit(title, cellAt(r, columns["name"]), "Un nouveau")
		}, []Edit{{Sheet: "approved", Field: "name", Found: "Un nouveau"}}},
		{"a row added below", func(d *desk) {
			tab, _ := ourTab(d.server.Snapshot(), "certified")
			rows, _ := tab.Used()
			d.server.Edit(tab.Title(), cellAt(rows, 0), "Encore un")
		}, []Edit{{Sheet: "certified", Field: "name", Found: "Encore un"}}},
		{
			"the title",
			func(d *desk) { d.server.Edit(titleOf(d, "approved"), "A1", "Mon titre") },
			[]Edit{{Sheet: "approved", Field: "A1", Found: "Mon titre"}},
		},
		{"a header", func(d *desk) {
			title, r, columns := row(d, "approved", "ap-hp")
			_ = r
			tab, _ := ourTab(d.server.Snapshot(), "approved")
			_, header := columnsOfTab(tab)
			d.server.Edit(title, cellAt(header, columns["service"]), "Service")
		}, []Edit{{Sheet: "approved", Found: "Service"}}},
		{"a figure of the summary", func(d *desk) {
			tab, _ := ourTab(d.server.Snapshot(), "summary")
			rows, _ := tab.Size()
			for r := range rows {
				if tab.At(r, 1).Formula != "" {
					d.server.Edit(tab.Title(), cellAt(r, 1), 42.0)
					return
				}
			}
		}, []Edit{{Sheet: "summary", Found: "42"}}},
		{"a line below the summary", func(d *desk) {
			tab, _ := ourTab(d.server.Snapshot(), "summary")
			rows, _ := tab.Used()
			d.server.Edit(tab.Title(), cellAt(rows+1, 0), "Et aussi")
		}, []Edit{{Sheet: "summary", Found: "Et aussi"}}},
	}
}

func (d *desk) savedAll(want []Edit) {
	d.t.Helper()
	for _, w := range want {
		if !slices.ContainsFunc(d.saved, func(e Edit) bool {
			return e.Sheet == w.Sheet && (w.Row == "" || e.Row == w.Row) && (w.Field == "" || e.Field == w.Field) &&
				e.Found == w.Found
		}) {
			d.t.Errorf("%+v was not saved; saved: %+v", w, d.saved)
		}
	}
}

// TestTypedValuesStopAPublication, and are overwritten only when told to, and saved
// either way; with the next edition and with the same one.
func TestTypedValuesStopAPublication(t *testing.T) {
	if raced.Detector {
		t.Skip("many whole publications: .ci/run makes them without the race detector")
	}
	for _, c := range typings() {
		for _, next := range brief([]string{"2019-06-17", "2019-02"}) {
			t.Run(c.name+" "+next, func(t *testing.T) {
				t.Parallel()
				d := newDesk(t, sheetstest.Options{})
				d.mustPublish(sample("2019-02"), "2019-02")
				c.do(d)
				b := sample(next)
				before := d.server.Snapshot()
				out, err := d.publish(b, next)
				var refused *Refused
				if !errors.As(err, &refused) || len(refused.Edits) == 0 || out.Written {
					t.Fatalf("%v, %+v", err, out)
				}
				if !before.Same(d.server.Snapshot()) {
					t.Error("the spreadsheet changed")
				}
				d.savedAll(c.want)
				d.saved = nil
				d.mutated.Overwrite = true
				d.mustPublish(b, next)
				d.check(b)
				d.savedAll(c.want)
				d.mutated.Overwrite = false
				if out := d.mustPublish(b, next); out.Written || len(out.Edits) > 0 {
					t.Errorf("the next run: %+v", out)
				}
			})
		}
	}
}

// TestTypedMeanwhile: what is typed between the reading and the writing is overwritten,
// and saved.
func TestTypedMeanwhile(t *testing.T) {
	if raced.Detector {
		t.Skip("many whole publications: .ci/run makes them without the race detector")
	}
	for _, c := range typings() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, sheetstest.Options{})
			d.mustPublish(sample("2019-02"), "2019-02")
			d.notes("approved", 2)
			notes := d.notesByID("approved")
			b := sample("2019-06-17")
			d.server.At(sheetstest.Batch, 1, sheetstest.Meddle(func(*sheetstest.Server) { c.do(d) }))
			out, err := d.publish(b, "2019-06-17")
			if errors.As(err, new(*Refused)) {
				// The batch did not fit any more; read again, the edit was found in time.
				d.savedAll(c.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			d.check(b)
			d.savedAll(c.want)
			if !slices.ContainsFunc(out.Edits, func(e Edit) bool { return e.Concurrent }) {
				t.Errorf("not reported: %+v", out.Edits)
			}
			if c.name != "an identifier" {
				d.checkNotes("approved", b, notes)
			}
			if again := d.mustPublish(b, "2019-06-17"); again.Written || len(again.Edits) > 0 {
				t.Errorf("the next run: %+v", again)
			}
		})
	}
}

// TestMovedMeanwhile: rows and columns that move between the reading and the writing
// end with every cell in its place.
func TestMovedMeanwhile(t *testing.T) {
	b := sample("2019-02")
	header, rows := b.Table("approved").Row, b.Table("approved").Len
	for name, do := range map[string]func(s *sheetstest.Server, title string){
		"sorted":          func(s *sheetstest.Server, title string) { sortTab(s, title, header, rows) },
		"row inserted":    func(s *sheetstest.Server, title string) { s.InsertRows(title, header+20, 1) },
		"rows moved":      func(s *sheetstest.Server, title string) { s.MoveRows(title, header+5, 7, header+40) },
		"column inserted": func(s *sheetstest.Server, title string) { s.InsertColumns(title, 1, 1) },
		"column moved":    func(s *sheetstest.Server, title string) { s.MoveColumns(title, 4, 1, 1) },
		"row above":       func(s *sheetstest.Server, title string) { s.InsertRows(title, 1, 1) },
		"rows inserted":   func(s *sheetstest.Server, title string) { s.InsertRows(title, header+1, 30) },
		"columns swapped": func(s *sheetstest.Server, title string) { s.MoveColumns(title, 0, 1, 2) },
		"ours deleted": func(s *sheetstest.Server, title string) {
			s.DeleteColumns(title, 0, 1)
			s.InsertColumns(title, 5, 1)
		},
		"renamed": func(s *sheetstest.Server, title string) { s.RenameSheet(title, "Autre nom") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, sheetstest.Options{})
			d.mustPublish(sample("2019-02"), "2019-02")
			d.notes("approved", 2)
			d.colour("approved")
			notes := d.notesByID("approved")
			next := sample("2019-06-17")
			title := titleOf(d, "approved")
			d.server.At(sheetstest.Batch, 1, sheetstest.Meddle(func(s *sheetstest.Server) { do(s, title) }))
			d.mustPublish(next, "2019-06-17")
			d.check(next)
			d.checkNotes("approved", next, notes)
			d.checkColours("approved", notes)
			if again, err := d.publish(next, "2019-06-17"); err != nil || again.Written {
				t.Errorf("the next run: %+v, %v", again, err)
			}
		})
	}
}

// TestDeletedMeanwhile: a batch that no longer fits is worked out anew.
func TestDeletedMeanwhile(t *testing.T) {
	long(t)
	for name, do := range map[string]func(s *sheetstest.Server, title string){
		"tab":     func(s *sheetstest.Server, title string) { s.DeleteSheet(title) },
		"columns": func(s *sheetstest.Server, title string) { s.DeleteColumns(title, 9, 3) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, sheetstest.Options{})
			d.mustPublish(sample("2019-02"), "2019-02")
			next := sample("2019-06-17")
			title := titleOf(d, "approved")
			d.mutated.Overwrite = true
			d.server.At(sheetstest.Batch, 1, sheetstest.Meddle(func(s *sheetstest.Server) { do(s, title) }))
			d.mustPublish(next, "2019-06-17")
			d.check(next)
		})
	}
}

// TestUnknownGeneration: where nobody knows what was published, everything that differs
// is saved, and nothing is written without leave.
func TestUnknownGeneration(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(sample("2019-02"), "2019-02")
	d.server.Edit(titleOf(d, "approved"), "A9", "Tapé à la main")
	d.mutated.Known = func(string) (*published.Publication, error) { return nil, fs.ErrNotExist }
	b := sample("2019-06-17")
	_, err := d.publish(b, "2019-06-17")
	var refused *Refused
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "not known here") {
		t.Fatalf("%v", err)
	}
	d.savedAll([]Edit{{Sheet: "approved", Field: "name", Found: "Tapé à la main"}})
	d.mutated.Overwrite = true
	d.mustPublish(b, "2019-06-17")
	d.check(b)
	// A folder that is damaged is no folder that knows nothing.
	d.mutated.Known = func(string) (*published.Publication, error) { return nil, errors.New("damaged") }
	if _, err := d.publish(sample("2019-02"), "2019-02"); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("%v", err)
	}
}

// TestEditsThatCannotBeSaved are not overwritten.
func TestEditsThatCannotBeSaved(t *testing.T) {
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(sample("2019-02"), "2019-02")
	d.server.Edit(titleOf(d, "approved"), "A9", "Tapé à la main")
	d.mutated.Overwrite = true
	d.mutated.SaveEdits = func([]Edit) error { return errors.New("the disk is full") }
	before := d.server.Snapshot()
	if _, err := d.publish(sample("2019-06-17"), "2019-06-17"); err == nil ||
		!strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("%v", err)
	}
	if !before.Same(d.server.Snapshot()) {
		t.Error("the spreadsheet changed")
	}
}

// TestKilledAfterWriting: a run that dies before it reads back leaves what was typed
// meanwhile to the next one.
func TestKilledAfterWriting(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(sample("2019-02"), "2019-02")
	b := sample("2019-06-17")
	columns := b.Table("approved").Row
	d.server.At(sheetstest.Batch, 1, sheetstest.Meddle(func(s *sheetstest.Server) {
		s.Edit(titleOf(d, "approved"), cellAt(columns+3, 0), "Tapé entre-temps")
	}))
	d.server.At(sheetstest.Get, 2, sheetstest.Forbidden()) // as good as killed
	if _, err := d.publish(b, "2019-06-17"); err == nil {
		t.Fatal("no error")
	}
	d.check(b)
	if out := d.mustPublish(b, "2019-06-17"); len(out.Edits) == 0 {
		t.Errorf("%+v", out)
	}
	d.savedAll([]Edit{{Sheet: "approved", Field: "name", Found: "Tapé entre-temps"}})
	d.saved = nil
	if out := d.mustPublish(b, "2019-06-17"); out.Written || len(d.saved) > 0 {
		t.Errorf("told twice: %+v", out)
	}
}

// TestLostParts are made again: columns, the header row, views, charts, warnings, the
// filter, merged cells undone.
func TestLostParts(t *testing.T) {
	if raced.Detector {
		t.Skip("many whole publications: .ci/run makes them without the race detector")
	}
	for name, do := range map[string]func(d *desk, tab sheetstest.Sheet){
		"column":         func(d *desk, tab sheetstest.Sheet) { d.server.DeleteColumns(tab.Title(), 1, 1) },
		"beside choices": func(d *desk, tab sheetstest.Sheet) { d.server.DeleteColumns(tab.Title(), 2, 1) },
		"id": func(d *desk, tab sheetstest.Sheet) {
			columns, _ := columnsOfTab(tab)
			d.server.DeleteColumns(tab.Title(), columns["id"], 1)
		},
		"header": func(d *desk, tab sheetstest.Sheet) { _, h := columnsOfTab(tab); d.server.DeleteRows(tab.Title(), h, 1) },
		"all rows": func(d *desk, tab sheetstest.Sheet) {
			_, h := columnsOfTab(tab)
			d.server.DeleteRows(tab.Title(), h, d.bookRows(tab)+1)
		},
		"view": func(d *desk, tab sheetstest.Sheet) {
			d.apply(fmt.Sprintf(`{"deleteFilterView":{"filterId":%d}}`, tab.FilterViews()[0].FilterViewId))
		},
		"filter": func(d *desk, tab sheetstest.Sheet) {
			d.apply(fmt.Sprintf(`{"clearBasicFilter":{"sheetId":%d}}`, tab.ID()))
		},
		"warning": func(d *desk, tab sheetstest.Sheet) {
			d.apply(fmt.Sprintf(`{"deleteProtectedRange":{"protectedRangeId":%d}}`, tab.Protected()[0].ProtectedRangeId))
		},
		"chart": func(d *desk, _ sheetstest.Sheet) {
			tab, _ := ourTab(d.server.Snapshot(), "summary")
			d.apply(fmt.Sprintf(`{"deleteEmbeddedObject":{"objectId":%d}}`, tab.Charts()[0].ChartId))
		},
		"merge": func(d *desk, tab sheetstest.Sheet) {
			d.apply(fmt.Sprintf(`{"mergeCells":{"mergeType":"MERGE_ALL","range":{"sheetId":%d,"startRowIndex":10,"endRowIndex":12,"startColumnIndex":0,"endColumnIndex":2}}}`, tab.ID()))
		},
	} {
		for _, next := range brief([]string{"2019-06-17", "2019-02"}) {
			t.Run(name+" "+next, func(t *testing.T) {
				t.Parallel()
				d := newDesk(t, sheetstest.Options{})
				d.mustPublish(sample("2019-02"), "2019-02")
				before := d.server.Snapshot()
				tab, _ := ourTab(before, "approved")
				do(d, tab)
				d.mutated.Overwrite = true
				b := sample(next)
				d.mustPublish(b, next)
				d.check(b)
				after, _ := ourTab(d.server.Snapshot(), "approved")
				summary, _ := ourTab(d.server.Snapshot(), "summary")
				if len(after.FilterViews()) != len(tab.FilterViews()) || len(after.Protected()) == 0 ||
					after.BasicFilter() == nil ||
					len(after.Merges()) > 0 ||
					len(summary.Charts()) != len(b.Sheets[2].Charts) {
					t.Errorf(
						"%d views, %d warnings, filter %v, %d charts",
						len(after.FilterViews()),
						len(after.Protected()),
						after.BasicFilter(),
						len(summary.Charts()),
					)
				}
				d.server.Forget()
				if out := d.mustPublish(b, next); out.Written {
					t.Error("written again")
				}
			})
		}
	}
}

func (d *desk) bookRows(tab sheetstest.Sheet) int {
	columns, header := columnsOfTab(tab)
	n := 0
	rows, _ := tab.Size()
	for r := header + 1; r < rows; r++ {
		if tab.At(r, columns["id"]).Value != nil {
			n++
		}
	}
	return n
}

func (d *desk) apply(request string) {
	d.t.Helper()
	if err := d.server.Apply(request); err != nil {
		d.t.Fatal(err)
	}
}

// TestIdentity: ids of tabs, views, charts and warnings stay over editions.
func TestIdentity(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	ids := func() []string {
		var out []string
		for _, id := range []string{"approved", "certified", "summary"} {
			tab, _ := ourTab(d.server.Snapshot(), id)
			out = append(out, fmt.Sprint(tab.ID()))
			for _, v := range tab.FilterViews() {
				out = append(out, fmt.Sprint(v.FilterViewId, v.Title))
			}
			for _, c := range tab.Charts() {
				out = append(out, fmt.Sprint(c.ChartId))
			}
			for _, p := range tab.Protected() {
				out = append(out, fmt.Sprint(p.ProtectedRangeId))
			}
		}
		slices.Sort(out)
		return out
	}
	d.mustPublish(sample("2019-02"), "2019-02")
	was := ids()
	if !strings.Contains(strings.Join(was, " "), "Vue\u00a0: ESN") {
		t.Errorf("no view of a position: %s", was)
	}
	d.mustPublish(sample("2019-06-17"), "2019-06-17")
	got := ids()
	if len(got) != len(was)+1 { // one edition has no chart of editions
		t.Errorf("%d objects, want %d and one chart", len(got), len(was))
	}
	for _, id := range was {
		if !slices.Contains(got, id) {
			t.Errorf("%s is gone: %s", id, got)
		}
	}
}

// TestPeopleAtRandom: whatever people do, in between and meanwhile, the book is there in
// the end, notes stand beside their rows, and what was typed over is saved.
func TestPeopleAtRandom(t *testing.T) {
	seeds := rounds(150)
	for seed := range seeds {
		r := rand.New(rand.NewPCG(uint64(seed), 9))
		b := small(uint64(seed), 12)
		d := newDesk(t, sheetstest.Options{})
		d.mutated.Overwrite = true
		d.mustPublish(b, "a")
		d.notes("approved", r.IntN(4))
		typed := map[string]bool{}
		act := func() { d.somebody(r, typed) }
		for round := range 3 {
			coloured := d.colour("approved")
			for range r.IntN(4) {
				act()
			}
			notes := d.notesByID("approved")
			next := small(uint64(1000*(round+1)+seed), 8+r.IntN(8))
			if r.IntN(2) == 0 {
				d.server.At(sheetstest.Batch, 1, sheetstest.Meddle(func(*sheetstest.Server) {
					act()
					maps.Copy(notes, d.notesByID("approved"))
				}))
			}
			if _, err := d.publish(next, "b"); err != nil {
				t.Fatalf("seed %d, round %d: %v", seed, round, err)
			}
			d.check(next)
			d.checkNotes("approved", next, keepAbout(notes))
			d.checkColours("approved", coloured)
			if t.Failed() {
				t.Fatalf("seed %d, round %d", seed, round)
			}
		}
		found := fmt.Sprint(d.saved)
		for _, s := range d.server.Snapshot().Sheets() {
			if !s.Hidden() {
				found += fmt.Sprint(s.Values())
			}
		}
		for what := range typed {
			if !strings.Contains(found, what) {
				t.Fatalf("seed %d: %q was typed and is nowhere", seed, what)
			}
		}
	}
}

// keepAbout are the notes that still stand beside their own row: somebody may have
// typed over the identifier.
func keepAbout(notes map[string]string) map[string]string {
	out := map[string]string{}
	for who, note := range notes {
		if note == "note de "+who {
			out[who] = note
		}
	}
	return out
}

// somebody does one thing to the list of the agréés.
func (d *desk) somebody(r *rand.Rand, typed map[string]bool) {
	tab, _ := ourTab(d.server.Snapshot(), "approved")
	columns, header := columnsOfTab(tab)
	n := d.bookRows(tab)
	if n < 3 {
		return
	}
	row := header + 1 + r.IntN(n)
	what := fmt.Sprintf("tapé %d", r.Uint32())
	switch r.IntN(7) {
	case 0:
		if was, ok := tab.At(row, columns["name"]).Value.(string); ok {
			delete(typed, was) // they change their own mind
		}
		typed[what] = true
		d.server.Edit(tab.Title(), cellAt(row, columns["name"]), what)
	case 1:
		_, cols := tab.Size()
		d.server.SortRange(
			tab.Title(),
			fmt.Sprintf("A%d:%s%d", header+2, letters(cols-1), header+1+n),
			letters(columns["name"]),
			r.IntN(2) == 0,
		)
	case 2:
		d.server.InsertRows(tab.Title(), row, 1)
	case 3:
		d.server.InsertRows(tab.Title(), row, 1)
		typed[what] = true
		d.server.Edit(tab.Title(), cellAt(row, columns["name"]), what)
	case 4:
		d.server.MoveRows(tab.Title(), row, 1, header+1+r.IntN(n))
	case 5:
		d.server.InsertColumns(tab.Title(), 1+r.IntN(4), 1)
	case 6:
		d.server.RenameSheet(tab.Title(), what)
	}
}
