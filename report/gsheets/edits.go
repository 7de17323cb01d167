package gsheets

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"hdsreport/report"
	"hdsreport/report/formula"
	"hdsreport/report/published"
)

// Edit is one thing that somebody did where the program writes.
type Edit struct {
	Sheet string // Sheet.ID
	Row   string // the row's identifier; empty outside the lists, or for a row without one
	Actor string // the name that the row shows; outside the lists, the label of the line
	// Column.ID; a cell such as B7 outside the lists; empty for a whole row, and for somebody's own column
	Field  string
	Header string // of the column
	// Published is what was published there, empty where nothing was or where it is not
	// known; Found is what stands there. Days are written 2019-06-17.
	Published, Found string
	// Generation is what was published when it was typed.
	Generation string
	// Concurrent reports whether it was typed between the reading and the writing of a
	// publication, and is known from the copy that the batch took.
	Concurrent bool
	// kept marks an edit that is saved because its row or column is deleted, and that does not stop
	// a publication.
	kept bool
}

// Kept reports whether the edit does not stop a publication: it is somebody's own, and saved
// because its row or column is deleted.
func (e Edit) Kept() bool { return e.kept }

// FoundEdits are what people did in a spreadsheet since it was published.
type FoundEdits struct {
	Generation string // that the spreadsheet bears; empty if nothing was published there
	Edits      []Edit
}

// Edits reads what people did, once, and sends nothing. It is the first half of a
// publication. What says the same as the book is an edit here all the same.
func Edits(ctx context.Context, b *report.Book, o Options) (*FoundEdits, error) {
	opt := o.filled()
	opt.All = true
	s, err := connect(ctx, opt)
	if err != nil {
		return nil, err
	}
	st, err := s.state(ctx, "sheet-state-reading")
	if err != nil {
		return nil, err
	}
	c, err := compare(b, st, opt)
	if err != nil {
		return nil, err
	}
	return &FoundEdits{Generation: c.last.Generation, Edits: c.edits}, nil
}

// marks are what was written outside the rows of the lists.
type marks struct {
	Columns []string `json:"columns"` // IDs
	Rows    []string `json:"rows"`    // a mark a column, one behind the other
}

// maxMarks is the most characters of marks for a tab. Google stores 30,000 characters of metadata
// for each tab, and the other entries need some. A larger sheet has no marks; it is then compared
// with the new edition instead of the old one.
const maxMarks = 24_000

func marksOf(ids []string, rows [][]spot) string {
	m := marks{Columns: ids}
	for _, row := range rows {
		var b strings.Builder
		for _, s := range row {
			b.WriteString(mark(s.content.key()))
		}
		m.Rows = append(m.Rows, b.String())
	}
	text, err := json.Marshal(m)
	if err != nil {
		panic("gsheets: " + err.Error()) // texts
	}
	if len(text) > maxMarks {
		return ""
	}
	return string(text)
}

// written is what the cells outside the lists held when they were written, by row and Column.ID;
// false if that is not known.
func (t *tab) written() (marks, bool) {
	var m marks
	err := json.Unmarshal([]byte(t.marks), &m)
	for _, row := range m.Rows {
		if len(row) != markLength*len(m.Columns) {
			return marks{}, false
		}
	}
	return m, err == nil
}

// editsIn finds what people did in one tab. d is the book drawn where the tab's rows
// and columns stand at present; was is what was published, nil where that is not known.
// What says the same as the new edition is no edit: nothing of it is lost.
func (d *drawing) editsIn(l *layout, was *published.Table) ([]Edit, error) {
	out, err := d.editsOutside(l)
	if err != nil {
		return nil, err
	}
	out = append(out, l.tab.notesThatGo(l.sheet)...)
	if l.sheet.Table == nil {
		return out, nil
	}
	inside, err := d.editsInRows(l, was)
	return append(out, inside...), err
}

// leaving are the columns of ours that the book no longer has, by Column.ID, from the
// left. They are deleted, with all that stands in them.
func (t *tab) leaving(s *report.Sheet) []string {
	var out []string
	ids := columnIDs(s)
	for id := range t.columns {
		if !slices.Contains(ids, id) {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return t.columns[a] - t.columns[b] })
	return out
}

// columnsHere are the columns of a list that stand in the tab: the book's, then those
// that are leaving it, without values.
func (t *tab) columnsHere(s *report.Sheet) []report.Column {
	var out []report.Column
	for _, c := range s.Table.Columns {
		if _, there := t.columns[c.ID]; there {
			out = append(out, c)
		}
	}
	for _, id := range t.leaving(s) {
		out = append(out, report.Column{ID: id, Header: t.content(t.header, t.columns[id]).text})
	}
	return out
}

// notesThatGo lists the notes that people wrote on cells of columns that will be deleted.
func (t *tab) notesThatGo(s *report.Sheet) []Edit {
	var out []Edit
	for _, id := range t.leaving(s) {
		col := t.columns[id]
		for row := range t.cells {
			note := t.note(row, col)
			if note == "" {
				continue
			}
			e := Edit{
				Sheet:  s.ID,
				Actor:  t.label(row, columnIDs(s)),
				Field:  cellName(row, col),
				Header: t.above(row, col),
				Found:  "[" + note + "]",
				kept:   true,
			}
			if s.Table != nil && row > t.header {
				e.Row, e.Field = t.content(row, columnAt(t, "id")).text, id
			}
			out = append(out, e)
		}
	}
	return out
}

// editsOutside lists the edits above a table, in its header, or anywhere on a sheet without one.
func (d *drawing) editsOutside(l *layout) ([]Edit, error) {
	t := l.tab
	lines, err := d.lines(l)
	if err != nil {
		return nil, err
	}
	was, known := t.written()
	ids := columnIDs(l.sheet)
	stay := len(ids)
	ids = append(ids, t.leaving(l.sheet)...)
	end := t.used(func(col int) bool { return t.ours()[col] })
	if t.header >= 0 {
		end = t.header + 1
	}
	var out []Edit
	for row := range max(end, len(was.Rows)) {
		for i, id := range ids {
			col, there := t.columns[id]
			if !there {
				continue
			}
			c := t.content(row, col)
			if i < stay && row < len(lines) && c.saysOf(lines[row][i].content) {
				continue
			}
			if key := c.trimmed().key(); known {
				if key == "" && row >= len(was.Rows) || was.at(row, id) == mark(c.key()) ||
					was.at(row, id) == mark(key) {
					continue
				}
			} else if key == "" {
				continue
			}
			out = append(
				out,
				Edit{
					Sheet:  l.sheet.ID,
					Actor:  t.label(row, ids),
					Field:  cellName(row, col),
					Header: t.above(row, col),
					Found:  c.shown(report.Text),
				},
			)
		}
	}
	return out, nil
}

// at is the mark of a cell; a cell that was not written had nothing in it.
func (m marks) at(row int, id string) string {
	if row < len(m.Rows) {
		for i, c := range m.Columns {
			if c == id {
				return m.Rows[row][i*markLength : (i+1)*markLength]
			}
		}
	}
	return mark("")
}

// label is the first text of a row in our columns.
func (t *tab) label(row int, ids []string) string {
	for _, id := range ids {
		if col, ok := t.columns[id]; ok {
			if c := t.content(row, col); c.kind == aText {
				return c.text
			}
		}
	}
	return ""
}

// above is the header that a column has in a list, or nothing.
func (t *tab) above(row, col int) string {
	if t.header < 0 || row < t.header {
		return ""
	}
	return t.content(t.header, col).text
}

// editsInRows lists the edits in the rows of a list.
func (d *drawing) editsInRows(l *layout, was *published.Table) ([]Edit, error) {
	t, table := l.tab, l.sheet.Table
	before := publishedRows(was)
	standing := t.standings(table, was)
	var out []Edit
	there := map[string]bool{}
	for _, s := range standing {
		if s.kind == rowBlank || s.kind == rowTheirs {
			continue
		}
		row := rowEdits{l: l, s: s, name: t.content(s.at, columnAt(t, "name")).text}
		if s.kind == rowKept || s.kind == rowDeparted {
			there[s.id] = true
			row.was, row.known = before[s.id], was != nil
		} else {
			row.known = true // of a row that was not published, every cell is somebody's
		}
		if s.id == emptyID {
			continue
		}
		found, err := d.editsInRow(row)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
		if s.kind == rowDeparted {
			out = append(out, row.others()...)
		}
	}
	ids := rowIDs(table)
	for _, id := range ids {
		if r, published := before[id]; published && !there[id] {
			name := r["name"].Text
			out = append(out, Edit{Sheet: l.sheet.ID, Row: id, Actor: name, Published: name})
		}
	}
	return out, nil
}

// rowEdits is a row that is searched for edits.
type rowEdits struct {
	l     *layout
	s     standing
	name  string
	was   map[string]report.Value // by Column.ID, as it was published
	known bool                    // what was published
}

func (d *drawing) editsInRow(r rowEdits) ([]Edit, error) {
	t := r.l.tab
	var out []Edit
	for _, c := range t.columnsHere(r.l.sheet) {
		found := t.content(r.s.at, t.columns[c.ID])
		if found.kind == aFormula && slices.Contains(t.memo.Live, c.ID) {
			continue
		}
		if r.known && saysTheSame(d.says, &c, found, contentFor(r.was[c.ID])) {
			continue
		}
		if !d.all && r.s.book >= 0 && c.At != nil && (saysTheSame(d.says, &c, found, contentFor(c.At(r.s.book))) ||
			d.settled != nil && d.settled(r.l.sheet.ID, rowID(r.l.sheet.Table, r.s.book), c.ID, found.shown(c.Kind))) {
			continue
		}
		if !r.known && found.kind == nothing {
			continue
		}
		out = append(out, Edit{Sheet: r.l.sheet.ID, Row: r.id(), Actor: r.name, Field: c.ID, Header: c.Header,
			Published: contentFor(r.was[c.ID]).shown(c.Kind), Found: found.shown(c.Kind),
			kept: d.remark != nil && d.remark(c.ID, found.shown(c.Kind))})
	}
	return out, nil
}

// saysTheSame reports whether what stands in a cell of a column says what is meant to stand there,
// however it is written: it is nobody's edit then, and the publication writes it as the book does.
// says is Options.Same.
func saysTheSame(says func(column, a, b string) bool, c *report.Column, found, want content) bool {
	if found.same(want) || found.trimmed().same(want) {
		return true
	}
	if found.kind == nothing || found.kind == aFormula || found.kind == anError || want.kind == aFormula || says == nil {
		return false
	}
	return says(c.ID, found.shown(c.Kind), want.shown(c.Kind))
}

func rowID(t *report.Table, row int) string { return t.Column("id").At(row).Text }

func (r rowEdits) id() string {
	if r.s.id == emptyID {
		return ""
	}
	return r.s.id
}

// others lists the cells of other people's columns in a row that will be deleted.
func (r rowEdits) others() []Edit {
	return r.l.tab.othersCells(r.l.sheet.ID, r.id(), r.name, r.s.at, func(int) bool { return true })
}

// othersCells lists the cells of other people's columns in a row, and the notes on ours, in the
// columns that asked chooses.
func (t *tab) othersCells(sheet, id, name string, row int, asked func(col int) bool) []Edit {
	ours := t.ours()
	var out []Edit
	for col := range t.cells[row] {
		note := t.note(row, col)
		if !t.holds(row, col) || ours[col] && note == "" || !asked(col) {
			continue
		}
		header := t.content(t.header, col).shown(report.Text)
		if header == "" {
			header = formula.ColumnName(col)
		}
		said := ""
		if !ours[col] {
			said = t.content(row, col).shown(report.Text)
		}
		if note != "" {
			said = strings.TrimSpace(said + " [" + note + "]")
		}
		out = append(out, Edit{Sheet: sheet, Row: id, Actor: name, Header: header, Found: said, kept: true})
	}
	return out
}

// columnAt is the grid's column of one of ours; -1 where it is gone.
func columnAt(t *tab, id string) int {
	if c, ok := t.columns[id]; ok {
		return c
	}
	return -1
}

// publishedRows are a publication's values, by the row's identifier and Column.ID.
func publishedRows(was *published.Table) map[string]map[string]report.Value {
	out := map[string]map[string]report.Value{}
	if was == nil {
		return out
	}
	for _, r := range was.Rows {
		values := map[string]report.Value{}
		for i, c := range was.Columns {
			values[c.ID] = r.Values[i]
		}
		out[r.ID] = values
	}
	return out
}
