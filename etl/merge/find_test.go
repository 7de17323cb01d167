package merge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/etl/merge"
)

// approvedFields has the columns of an approved list, with one of an older configuration that
// the program does not know any more.
var approvedFields = []etl.Field{etl.FieldName, etl.FieldPosition, etl.FieldFrom, etl.FieldUntil, "effective", etl.FieldService,
	"extra:gone", "status", etl.FieldSourceName, etl.FieldID}

var certifiedFields = []etl.Field{etl.FieldName, etl.FieldType, "sauvegarde", "count", etl.FieldNumber, etl.FieldID}

// both are two lists as they were published. Alpha has two approvals, which end on the day on
// which they begin; Delta and Echo are spelled alike in the source. No service is known.
func both() [2]*merge.List {
	approved := merge.NewList(approvedFields)
	for i, a := range []struct{ id, name, status, source string }{{"alpha/1", "Alpha", "proposé", "ALPHA"},
		{"alpha/2", "Alpha", "proposé", "ALPHA"}, {"bravo", "Bravo", "proposé", "BRAVO"},
		{"charlie", "Charlie", "confirmé", "CHARLIE"}, {"delta", "Delta", "confirmé", "GROUPE"},
		{"echo", "Echo", "confirmé", "GROUPE"}} {
		until := fmt.Sprintf("2021-01-0%d", i+1)
		from := until
		if i > 1 {
			from = fmt.Sprintf("2018-01-0%d", i+1)
		}
		approved.Add(a.id, []string{a.name, "esn", from, until, until, "", "gone", a.status, a.source, a.id})
	}
	certified := merge.NewList(certifiedFields)
	for i, name := range []string{"Papa", "Quebec", "Romeo", "Sierra", "Tango"} {
		id := strings.ToLower(name) + "/c"
		certified.Add(id, []string{name, "Hébergeur infogéreur", "Oui", "1", fmt.Sprintf("N-%d", i), id})
	}
	return [2]*merge.List{approved, certified}
}

// columnOf returns where a field stands in a sheet.
func columnOf(s *merge.Sheet, f etl.Field) int {
	return slices.IndexFunc(s.Columns, func(c merge.Column) bool { return c.Field == f })
}

// rename takes a column's heading for an unknown one.
func rename(s *merge.Sheet, f etl.Field) int {
	i := columnOf(s, f)
	s.Columns[i].Field, s.Columns[i].Heading = "", "autre"
	return i
}

// over takes a column's heading for an unknown one, and its texts for others.
func over(s *merge.Sheet, f etl.Field) {
	i := rename(s, f)
	for n := range s.Rows {
		s.Rows[n].Cells[i].Text = "autre"
	}
}

// moved puts a column elsewhere; to is -1 for nowhere.
func moved(s *merge.Sheet, f etl.Field, to int) {
	i := columnOf(s, f)
	c := s.Columns[i]
	s.Columns = slices.Delete(s.Columns, i, i+1)
	if to >= 0 {
		s.Columns = slices.Insert(s.Columns, to, c)
	}
	for n := range s.Rows {
		r := &s.Rows[n]
		cell := r.Cells[i]
		r.Cells = slices.Delete(r.Cells, i, i+1)
		if to >= 0 {
			r.Cells = slices.Insert(r.Cells, to, cell)
		}
	}
	for n := range s.Columns {
		s.Columns[n].At = n + 1
	}
}

// own adds a column of somebody's own at the right. Rows after the last text end before it.
func own(s *merge.Sheet, field etl.Field, texts ...string) {
	s.Columns = append(s.Columns, merge.Column{Field: field, Heading: "vu", At: len(s.Columns) + 1})
	for i, t := range texts {
		s.Rows[i].Cells = append(s.Rows[i].Cells, merge.Cell{Text: t})
	}
}

func texts(l *merge.List, f etl.Field) (out []string) {
	for _, id := range l.IDs {
		out = append(out, l.Text(id, f))
	}
	return out
}

// TestFindOnTwoSheets: rows that share an actor, columns that were moved, added and taken away,
// and columns in which nothing can be typed.
func TestFindOnTwoSheets(t *testing.T) {
	was := both()
	type sheet = merge.Sheet
	for name, c := range map[string]struct {
		approved, certified []string
		change              func(a, c *sheet)
		want                []string
	}{
		"nothing":            {},
		"a value of the row": {approved: []string{"alpha/2|until=05/05/2025"}, want: []string{"alpha/2 until 2021-01-02>2025-05-05"}},
		"a value of the actor": {approved: []string{"alpha/2|name=Alpha Santé", "bravo|position=hospital"},
			want: []string{"alpha name Alpha>Alpha Santé", "bravo position esn>hospital"}},
		"an activity":                    {certified: []string{"papa/c|sauvegarde=non"}, want: []string{"papa/c sauvegarde yes>no"}},
		"an activity not known":          {certified: []string{"papa/c|sauvegarde=n.c."}, want: []string{"papa/c sauvegarde yes>n.c."}},
		"an activity of nobody":          {certified: []string{"papa/c|sauvegarde=vide"}, want: []string{"papa/c sauvegarde yes>n.c."}},
		"the source, unchanged":          {certified: []string{"papa/c|number=source"}, want: []string{"papa/c number N-0>source"}},
		"the source of a blank":          {approved: []string{"bravo|service=source"}, want: []string{"bravo service >source"}},
		"a value that was blank":         {approved: []string{"bravo|service=vide"}},
		"a formula with the same result": {approved: []string{"bravo|until=@2021-01-03"}, want: []string{"formula bravo until"}},

		"computed, a constant":         {approved: []string{"bravo|effective=2025-05-05"}, want: []string{"bravo effective 2021-01-03>2025-05-05"}},
		"computed, the same day":       {approved: []string{"bravo|effective=03/01/2021"}},
		"computed, a formula":          {approved: []string{"bravo|effective=@2025-05-05"}},
		"technical, its spaces":        {approved: []string{"bravo|source_name= BRAVO "}},
		"technical, a formula":         {approved: []string{"bravo|source_name=@X"}, want: []string{"technical bravo source_name"}},
		"technical, the same by one":   {approved: []string{"bravo|source_name=@BRAVO"}},
		"confirmed":                    {approved: []string{"bravo|status= Oui"}, want: []string{"bravo position esn>esn"}},
		"confirmed what was confirmed": {approved: []string{"charlie|status=oui"}, want: []string{"status charlie"}},
		"another text in the status":   {approved: []string{"bravo|status=bof"}, want: []string{"status bravo"}},
		"a formula in the status":      {approved: []string{"bravo|status=@confirmé"}, want: []string{"formula bravo status"}},
		"three confirmed, three taken back": {approved: []string{"alpha/1|status=confirmé", "alpha/2|status=confirmé", "bravo|status=confirmé",
			"charlie|status=proposé", "delta|status=proposé", "echo|status=proposé"},
			want: []string{"alpha/1 position esn>esn", "alpha/2 position esn>esn", "bravo position esn>esn", "status charlie", "status delta", "status echo"}},
		"five dates written otherwise": {approved: []string{"alpha/1|until=01/01/2021", "alpha/2|until=02/01/2021", "bravo|until=03/01/2021",
			"charlie|until=04/01/2021", "delta|until=5 janvier 2021"}},
		"five other dates": {approved: []string{"alpha/1|until=2025", "alpha/2|until=2025", "bravo|until=2025", "charlie|until=2025", "delta|until=2025"},
			want: []string{"alpha/1 until 2021-01-01>2025", "alpha/2 until 2021-01-02>2025", "bravo until 2021-01-03>2025", "charlie until 2021-01-04>2025", "delta until 2021-01-05>2025"}},

		"copies in other words":      {approved: []string{"bravo=+", "bravo|until=3 janvier 2021"}, want: []string{"row-twice bravo"}},
		"copies of formulas":         {approved: []string{"bravo|effective=@1", "bravo=+", "bravo|effective=@2"}, want: []string{"row-twice bravo"}},
		"copies, one with a formula": {approved: []string{"bravo=+", "bravo|effective=@2"}, want: []string{"duplicate-row bravo effective"}},
		"copies, the other with one": {approved: []string{"bravo|effective=@2", "bravo=+", "bravo|effective=2025-05-05"}, want: []string{"duplicate-row bravo effective"}},
		"copies with another note": {approved: []string{"bravo=+"}, change: func(a, _ *sheet) {
			own(a, "", "1", "2", "3", "4", "5", "6", "7")
			i := len(a.Columns) - 1
			a.Columns = slices.Insert(a.Columns[:i], 0, a.Columns[i])
			for n, r := range a.Rows {
				a.Rows[n].Cells = slices.Insert(r.Cells[:i:i], 0, r.Cells[i])
			}
		}, want: []string{"own-column", "row-twice bravo"}},
		"a heading twice, over another text": {change: func(a, _ *sheet) { own(a, etl.FieldName, "Yankee") }, want: []string{"heading  name"}},

		"blank lines": {change: func(a, _ *sheet) { a.Rows = append(a.Rows, merge.Row{}, merge.Row{Cells: []merge.Cell{{Text: " "}}}) }},
		"a remark below": {change: func(a, _ *sheet) {
			own(a, "")
			a.Rows = append(a.Rows, merge.Row{Cells: make([]merge.Cell, len(a.Columns))})
			a.Rows[len(a.Rows)-1].Cells[len(a.Columns)-1].Text = "à revoir"
		}, want: []string{"own-column"}},
		"a text without an id, not first": {change: func(a, _ *sheet) {
			a.Rows = append(a.Rows, merge.Row{Cells: []merge.Cell{{}, {Text: "ESN"}}})
		}, want: []string{"added-row ESN"}},

		"columns of one's own":       {change: func(a, _ *sheet) { own(a, "", "", "x"); own(a, "", "", "y") }, want: []string{"own-column", "own-column"}},
		"a blank column":             {change: func(a, _ *sheet) { own(a, "", "", " ") }},
		"copies of columns":          {change: func(a, _ *sheet) { own(a, "", was[0].IDs...); own(a, "", texts(was[0], etl.FieldUntil)...) }, want: []string{"own-column", "own-column"}},
		"a column that came later":   {change: func(a, _ *sheet) { own(a, etl.FieldStanding, "x") }, want: []string{"column-new standing"}},
		"a column that is gone":      {change: func(a, _ *sheet) { moved(a, etl.FieldPosition, -1) }, want: []string{"column-missing position"}},
		"the first column is gone":   {change: func(a, _ *sheet) { moved(a, etl.FieldName, -1) }, want: []string{"column-missing name"}},
		"a technical column is gone": {change: func(a, _ *sheet) { moved(a, "extra:gone", -1); moved(a, etl.FieldSourceName, -1) }},
		"gone, and another says so":  {change: func(a, _ *sheet) { a.Rows = a.Rows[:2]; moved(a, etl.FieldUntil, -1) }, want: []string{"column-missing until", "row-deleted bravo", "row-deleted charlie", "row-deleted delta", "row-deleted echo"}},
		"gone from between the ends": {change: func(a, _ *sheet) {
			moved(a, etl.FieldFrom, len(a.Columns)-1)
			moved(a, etl.FieldUntil, -1)
			moved(a, "effective", 0)
		}, want: []string{"column-missing until"}},
		"columns in another order":                 {approved: []string{"bravo|until=2025"}, change: func(a, _ *sheet) { moved(a, etl.FieldID, 0); moved(a, etl.FieldUntil, 1) }, want: []string{"bravo until 2021-01-03>2025"}},
		"a technical heading is gone":              {change: func(a, _ *sheet) { rename(a, etl.FieldSourceName) }, want: []string{"own-column"}},
		"the heading of the status":                {change: func(a, _ *sheet) { rename(a, "status") }, want: []string{"column-renamed status"}},
		"the heading of what is blank":             {change: func(a, _ *sheet) { rename(a, etl.FieldService) }, want: []string{"heading  service"}},
		"the first heading, over something else":   {change: func(a, _ *sheet) { over(a, etl.FieldName) }, want: []string{"heading  name"}},
		"a heading beside its left neighbour only": {change: func(a, _ *sheet) { over(a, etl.FieldUntil); moved(a, "effective", 0) }, want: []string{"heading  until"}},
		"two headings beside each other":           {change: func(a, _ *sheet) { over(a, etl.FieldFrom); over(a, etl.FieldUntil) }, want: []string{"heading  from", "heading  until"}},
		"a heading over four of five": {certified: []string{"papa/c|number=N-9"}, change: func(_, c *sheet) { rename(c, etl.FieldNumber) },
			want: []string{"papa/c number N-0>N-9", "column-renamed number"}},
		"a heading over three of five": {certified: []string{"papa/c|number=N-9", "tango/c|number=N-8"}, change: func(_, c *sheet) { rename(c, etl.FieldNumber) },
			want: []string{"heading  number"}},
		"no ids on one list": {approved: []string{"bravo|until=2025"}, change: func(_, c *sheet) { moved(c, etl.FieldID, -1); rename(c, etl.FieldNumber) },
			want: []string{"bravo until 2021-01-03>2025", "no-identifiers"}},
	} {
		f := typed(was[0], c.approved...)
		f.Lists[1] = typed(was[1], c.certified...).Lists[0]
		f.Lists[1].Name, f.Lists[1].Order = "Acteurs certifiés", 1
		if c.change != nil {
			c.change(f.Lists[0], f.Lists[1])
		}
		if diff := cmp.Diff(append([]string{}, c.want...), changesSaid(merge.Find(&ref, was, f, words))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestFindWithOneSheet: a sheet that a file lacks is told, and one that was never published
// says nothing.
func TestFindWithOneSheet(t *testing.T) {
	was := both()
	f := typed(was[0])
	if diff := cmp.Diff([]string{"sheet-missing"}, changesSaid(merge.Find(&ref, was, f, words))); diff != "" {
		t.Error(diff)
	}
	f.Lists[1], was[1] = typed(was[1]).Lists[0], nil
	if diff := cmp.Diff([]string{}, changesSaid(merge.Find(&ref, was, f, words))); diff != "" {
		t.Error(diff)
	}
}

// TestValue: what can be typed into a cell, and why the rest cannot be recorded.
func TestValue(t *testing.T) {
	cells := etl.NewCells(&ref)
	for _, c := range []struct {
		field      etl.Field
		text, want string
	}{
		{"until", " 31/12/2025 ", "2025-12-31"}, {"until", "12/2025", "2025-12"}, {"until", "Source", "source"},
		{"until", "vide", ""}, {"until", "  ", "emptied"}, {"until", "bientôt", "unreadable"},
		{"until", "01/01/1990", "1990-01-01"}, {"until", "31/12/1989", "date-range"},
		{"until", "31/12/2099", "2099-12-31"}, {"until", "01/01/2100", "date-range"},
		{"until", "0025-05-05", "date-range"}, {"until", "5/5/9025", "date-range"}, {"until", "5/5/25?", "unreadable"},
		{"until", "=TODAY()", "formula-like"},
		{"name", "Bravo", "Bravo"}, {"name", "vide", "unreadable"}, {"name", "+33 Santé", "formula-like"},
		{"name", "31/12/1989", "31/12/1989"}, {"name", "@home", "formula-like"}, {"name", "-Bravo", "formula-like"},
		{"position", "vide", "unreadable"}, {"position", "ESN", "esn"}, {"position", "05/05/9025", "unreadable"},
		{"sauvegarde", "vide", "n.c."}, {"sauvegarde", "+1", "yes"}, {"sauvegarde", "+", "formula-like"},
		{"number", "N-9", "N-9"}, {"number", "#REF!", "unreadable"}, {"type", "autre", "unreadable"},
	} {
		d := ref.Field(etl.Certified, c.field)
		_, why := merge.Value(cells, d, c.text)
		got := why
		if why == "" {
			// Only an edit says what would be stored.
			l := merge.NewList([]etl.Field{c.field, etl.FieldID})
			l.Add("papa/c", []string{"\x00", "papa/c"})
			was := [2]*merge.List{nil, l}
			f := &merge.File{Lists: [2]*merge.Sheet{nil, typed(l, "papa/c|"+string(c.field)+"="+c.text).Lists[0]}}
			if edits := merge.Find(&ref, was, f, words).Edits; len(edits) == 1 {
				got = edits[0].Editor
			} else {
				got = fmt.Sprintf("%d edits", len(edits))
			}
		}
		if got != c.want {
			t.Errorf("%s %q: %s, want %s", c.field, c.text, got, c.want)
		}
	}
}

// TestList: a list that is not there has nothing, and a row that ends early is blank at its end.
func TestList(t *testing.T) {
	var none *merge.List
	if none.Has("alpha") || none.Column(etl.FieldName) || none.Text("alpha", etl.FieldName) != "" {
		t.Error("no list has something")
	}
	l := merge.NewList([]etl.Field{etl.FieldName, etl.FieldUntil})
	l.Add("alpha", []string{"Alpha"})
	l.Add("alpha", []string{"Alpha SA"})
	for field, want := range map[etl.Field]string{etl.FieldName: "Alpha SA", etl.FieldUntil: "", etl.FieldService: ""} {
		if got := l.Text("alpha", field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if len(l.IDs) != 1 {
		t.Errorf("%q", l.IDs)
	}
}

// TestDistance: how far a file is from a publication, in cells that can be typed into.
func TestDistance(t *testing.T) {
	was := both()
	for name, c := range map[string]struct {
		edits  []string
		change func(s *merge.Sheet)
		want   int
	}{
		"nothing":                 {},
		"two cells":               {edits: []string{"bravo|until=2025", "charlie|name=Charles"}, want: 2},
		"the same in other words": {edits: []string{"bravo|until=3 janvier 2021"}},
		"what follows or is not ours": {edits: []string{"bravo|effective=2025", "bravo|status=x", "bravo|source_name=x", "bravo|extra:gone=x"},
			change: func(s *merge.Sheet) { own(s, "", "a", "b") }},
		"a row that was not published": {edits: []string{"bravo|id=zoulou"}, want: 4},
		"no identifiers":               {change: func(s *merge.Sheet) { moved(s, etl.FieldID, -1) }, want: 24},
	} {
		f := typed(was[0], c.edits...)
		if c.change != nil {
			c.change(f.Lists[0])
		}
		if got := merge.Distance(&ref, was, f); got != c.want {
			t.Errorf("%s: %d cells, want %d", name, got, c.want)
		}
	}
}

// TestPlaceName: where something stands, as people write it, as far as it is known.
func TestPlaceName(t *testing.T) {
	for _, c := range []struct {
		place merge.Place
		want  string
	}{
		{merge.Place{}, ""}, {merge.Place{Row: 2, Col: 3}, ""}, {merge.Place{Sheet: "A"}, "A"},
		{merge.Place{Sheet: "A", Row: -5, Col: -5}, "A"}, {merge.Place{Sheet: "A", Row: 1}, "A!1"},
		{merge.Place{Sheet: "A", Col: 1}, "A!A"}, {merge.Place{Sheet: "A", Row: 1, Col: 1}, "A!A1"},
		{merge.Place{Sheet: "A", Row: 10, Col: 28}, "A!AB10"},
	} {
		if got := c.place.Name(); got != c.want {
			t.Errorf("%+v is %q, want %q", c.place, got, c.want)
		}
	}
}
