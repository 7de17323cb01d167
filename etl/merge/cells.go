package merge

import (
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/pattern"
)

// Typed is one cell that somebody typed into a shared sheet, as it was saved.
type Typed struct {
	List      etl.Listing
	Sheet     string // as people call it
	Outside   bool   // of the tables of the lists
	Row       string // its identifier
	Actor     string
	Field     string // of the column; a cell such as B7 outside the tables; empty for a whole row or an own column
	Header    string
	Published string
	Found     string
	Own       bool // in somebody's own column, or a note
}

var cellName = pattern.Of(`^[A-Z]{1,3}\d{1,7}$`)

// Apply makes a file of what was published and what was typed over it, for Find. What is
// outside the tables is refused, and what is somebody's own is noted.
func Apply(was [2]*List, typed []Typed) (file *File, refused []Item, notes []Note) {
	file = &File{}
	for _, l := range etl.Listings {
		if was[l] != nil {
			file.Lists[l] = sheetOf(was[l], l, typed)
		}
	}
	for _, t := range typed {
		at := Place{Sheet: t.Sheet, Order: int(t.List)}
		switch {
		case t.Own, t.Field == "" && t.Header != "":
			notes = append(notes, Note{Kind: NoteOwnColumn, ID: t.Row, Name: t.Header, At: at})
		case t.Outside || t.Row == "" && cellName().MatchString(t.Field):
			at.Sheet += "!" + t.Field
			refused = append(refused, Item{Found: t.Found, Name: t.Actor, Published: t.Published, At: at, Why: WhySummary})
		}
	}
	return file, refused, notes
}

// sheetOf is the sheet of a list with what was typed into it. A row that somebody copied
// comes with its identifier typed as well.
func sheetOf(was *List, l etl.Listing, typed []Typed) *Sheet {
	out := &Sheet{Order: int(l)}
	const unknown = -1 << 30 // where it stands is not known, only what comes first
	for i, f := range was.Fields {
		out.Columns = append(out.Columns, Column{Field: f, Heading: string(f), At: unknown + i})
	}
	row := func(id string) []Cell {
		cells := make([]Cell, len(was.Fields))
		for i, f := range was.Fields {
			cells[i].Text = was.Text(id, f)
		}
		return cells
	}
	cells := map[string][]Cell{}
	copied := map[string]bool{}
	deleted := map[string]bool{}
	var added []string // keys of rows that were not published
	extra := map[string][]Cell{}
	mine := func(t *Typed) bool { return t.List == l && !t.Outside && !t.Own }
	for i := range typed {
		if t := &typed[i]; mine(t) && t.Field == string(etl.FieldID) {
			copied[t.Row] = true
		}
	}
	for i := range typed {
		t := &typed[i]
		if !mine(t) {
			continue
		}
		out.Name = t.Sheet
		if t.Field == "" {
			deleted[t.Row] = deleted[t.Row] || t.Header == "" && t.Found == ""
			continue
		}
		column := slices.Index(was.Fields, etl.Field(t.Field))
		if column < 0 {
			continue
		}
		cell := Cell{Text: t.Found, Formula: strings.HasPrefix(t.Found, "=")}
		if !was.Has(t.Row) || copied[t.Row] && t.Published == "" {
			key := t.Row + "\x00" + t.Actor
			if extra[key] == nil {
				added = append(added, key)
				extra[key] = make([]Cell, len(was.Fields))
			}
			extra[key][column] = cell
			continue
		}
		if cells[t.Row] == nil {
			cells[t.Row] = row(t.Row)
		}
		cells[t.Row][column] = cell
	}
	for _, id := range was.IDs {
		if deleted[id] && cells[id] == nil {
			continue
		}
		if cells[id] == nil {
			cells[id] = row(id)
		}
		out.Rows = append(out.Rows, Row{At: unknown + len(out.Rows), Cells: cells[id]})
	}
	for _, key := range added {
		out.Rows = append(out.Rows, Row{At: unknown + len(out.Rows), Cells: extra[key]})
	}
	return out
}
