package gsheets

import (
	"fmt"

	"hdsreport/report"
	"hdsreport/report/formula"
)

// layout is where a sheet of the book stands, or will stand, in the spreadsheet.
type layout struct {
	sheet   *report.Sheet
	tab     *tab // as it was read; nil for one that is made anew
	id      int64
	title   string
	columns []int // by column of the book, the grid's
	header  int   // the grid's row of the table's header; -1 without a table
	rows    int   // of the grid
	cols    int
}

// columnIDs name the columns of a sheet of the book: those of its table, else letters.
func columnIDs(s *report.Sheet) []string {
	var out []string
	if s.Table != nil {
		for i := range s.Table.Columns {
			out = append(out, s.Table.Columns[i].ID)
		}
		return out
	}
	n := len(s.Widths)
	for _, l := range s.Lines {
		for _, c := range l.Cells {
			n = max(n, c.Col+1, c.Col+c.Span)
		}
	}
	for i := range n {
		out = append(out, formula.ColumnName(i))
	}
	return out
}

// above is how many rows of the sheet stand outside its table: those above it, or all.
func (l *layout) above() int {
	if l.header >= 0 {
		return l.header
	}
	n := 0
	for _, line := range l.sheet.Lines {
		n = max(n, line.Row+1)
	}
	return n
}

// short reports whether a tab as it was read has fewer rows above its table than the book, as
// one that an older version wrote may have. The plan inserts them.
func (l *layout) short() bool { return l.header >= 0 && l.header < l.sheet.Table.Row }

// end is the row below all that the book draws.
func (l *layout) end() int {
	if l.header >= 0 {
		return l.header + 1 + l.sheet.Table.Len
	}
	return l.above()
}

// drawing is the book as the cells of a spreadsheet hold it.
type drawing struct {
	book     *report.Book
	layouts  map[string]*layout // by Sheet.ID
	formulas *formula.Renderer
	live     map[*report.Column]bool        // computed columns that hold formulas
	says     func(column, a, b string) bool // Options.Same
	settled  func(sheet, row, column, found string) bool
	remark   func(column, found string) bool
	all      bool
}

// spot is one cell of ours.
type spot struct {
	content content
	value   report.Value  // what it shows: of a formula, its result
	names   *report.Names // where it names actors by a formula
	link    string
	look    report.Appearance
}

func draw(b *report.Book, layouts map[string]*layout) (*drawing, error) {
	tabs := map[string]formula.Tab{}
	for id, l := range layouts {
		tabs[id] = formula.Tab{Title: l.title, Columns: l.columns, Header: l.header}
	}
	d := &drawing{book: b, layouts: layouts, formulas: formula.New(b, formula.Sheets(b, tabs)),
		live: map[*report.Column]bool{}}
	for _, s := range b.Sheets {
		if s.Table == nil {
			continue
		}
		for i := range s.Table.Columns {
			c := &s.Table.Columns[i]
			_, live, err := d.formulas.Column(s.Table, c.Computed, 0)
			if err != nil {
				return nil, fmt.Errorf("column %q: %w", c.Header, err)
			}
			d.live[c] = live
		}
	}
	return d, nil
}

// lines are the cells outside the rows of data, by row and by column of the book: what
// stands above a table and its header, or the whole of a sheet without one.
func (d *drawing) lines(l *layout) ([][]spot, error) {
	s := l.sheet
	n := l.above()
	if l.header >= 0 {
		n++
	}
	out := make([][]spot, n)
	for i := range out {
		out[i] = make([]spot, len(l.columns))
	}
	for _, line := range s.Lines {
		if line.Row >= n && l.short() {
			continue
		}
		if line.Row >= n {
			return nil, fmt.Errorf("sheet %q: row %d stands below the table", s.Name, line.Row+1)
		}
		for i, c := range line.Cells {
			spot := spot{content: contentFor(c.Value), value: c.Value, link: c.Link, look: c.Appearance()}
			text, value, err := d.formula(formula.Place{Sheet: s, Row: line.Row, Col: c.Col}, &c)
			if err != nil {
				return nil, fmt.Errorf("sheet %q, %s%d: %w", s.Name, formula.ColumnName(c.Col), line.Row+1, err)
			}
			if text != "" {
				spot.content, spot.value, spot.names = content{kind: aFormula, text: "=" + text}, value, c.Names
			}
			out[line.Row][c.Col] = spot
			// The cells that a text runs over have its background and borders, and are not merged.
			for over := c.Col + 1; over < min(c.Col+c.Span, len(l.columns)); over++ {
				if i+1 < len(line.Cells) && line.Cells[i+1].Col <= over {
					break
				}
				out[line.Row][over].look = beside(spot.look)
			}
		}
	}
	if l.header >= 0 {
		for i := range s.Table.Columns {
			c := &s.Table.Columns[i]
			v := report.TextOf(c.Header)
			out[l.header][i] = spot{content: contentFor(v), value: v, look: report.Appearance{Style: c.HeaderStyle()}}
		}
	}
	return out, nil
}

// formula is what a free cell computes, and its value; "" for a cell that holds plainly
// what the book says.
func (d *drawing) formula(at formula.Place, c *report.Cell) (string, report.Value, error) {
	switch {
	case c.Expr != nil:
		text, err := d.formulas.Cell(at, c.Expr)
		return text, c.Value, err
	case c.Names != nil:
		text, live, err := d.formulas.Names(at, c.Names)
		if err != nil || !live {
			return "", report.Value{}, err
		}
		return text, d.book.Sentence(c.Names), nil
	}
	return "", report.Value{}, nil
}

// body is a cell of a row of data, when it stands in a row of the grid.
func (d *drawing) body(l *layout, row, col, at int) (spot, error) {
	t := l.sheet.Table
	c := &t.Columns[col]
	s := spot{value: c.At(row), look: c.Appearance()}
	s.content = contentFor(s.value)
	if c.Link != nil && s.value.Kind != report.Blank {
		s.link = c.Link(row)
		s.look.Linked = s.link != ""
	}
	s.look.Proposed = c.Proposed != nil && c.Proposed(row)
	if d.live[c] {
		text, _, err := d.formulas.Column(t, c.Computed, at-l.header-1)
		if err != nil {
			return spot{}, fmt.Errorf("column %q: %w", c.Header, err)
		}
		s.content = content{kind: aFormula, text: "=" + text}
	}
	return s, nil
}
