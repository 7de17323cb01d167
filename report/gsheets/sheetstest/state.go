package sheetstest

import (
	"fmt"
	"slices"
	"strings"
)

// state is a spreadsheet at one moment. A committed one is never changed: a batch
// works on a clone, which shares every object and every row that it does not replace.
type state struct {
	ID         string
	Properties object // SpreadsheetProperties
	Sheets     []*sheet
	Named      []object // NamedRange
	Metadata   []object // DeveloperMetadata of the spreadsheet
	LastID     int      // of the ids that the server chose
}

// sheet is one tab.
type sheet struct {
	Properties  object     // SheetProperties without the index, which is the place in the list
	Rows        [][]object // CellData; nil is an empty cell; what is missing at the end is empty
	RowProps    []object   // DimensionProperties; nil is the default; may be shorter than the grid
	ColumnProps []object
	Filter      object // BasicFilter, or nil
	Views       []object
	Charts      []object
	Protected   []object
	Conditional []object
	Merges      []object // GridRange
	Tables      []object
	Metadata    []object // DeveloperMetadata of the sheet
	Lines       []object // DeveloperMetadata of its rows and columns
}

func (st *state) clone() *state {
	c := *st
	c.Named = slices.Clone(st.Named)
	c.Metadata = slices.Clone(st.Metadata)
	c.Sheets = make([]*sheet, len(st.Sheets))
	for i, s := range st.Sheets {
		c.Sheets[i] = s.clone()
	}
	return &c
}

func (s *sheet) clone() *sheet {
	c := *s
	for _, list := range []*[]object{&c.RowProps, &c.ColumnProps, &c.Views, &c.Charts, &c.Protected,
		&c.Conditional, &c.Merges, &c.Tables, &c.Metadata, &c.Lines} {
		*list = slices.Clone(*list)
	}
	c.Rows = slices.Clone(s.Rows)
	return &c
}

func (s *sheet) id() int       { return intOr(s.Properties, "sheetId", 0) }
func (s *sheet) title() string { return textAt(s.Properties, "title") }
func (s *sheet) hidden() bool  { return boolAt(s.Properties, "hidden") }

func (s *sheet) grid(field string) int {
	return intOr(at(s.Properties, "gridProperties"), field, 0)
}

// size is the grid's number of rows or of columns.
func (s *sheet) size(rows bool) int {
	if rows {
		return s.grid("rowCount")
	}
	return s.grid("columnCount")
}

func (s *sheet) setGrid(field string, n int) {
	grid := at(s.Properties, "gridProperties")
	if n == 0 {
		s.Properties = with(s.Properties, "gridProperties", with(grid, field, nil))
		return
	}
	s.Properties = with(s.Properties, "gridProperties", with(grid, field, float64(n)))
}

func (s *sheet) setSize(rows bool, n int) {
	if rows {
		s.setGrid("rowCount", n)
	} else {
		s.setGrid("columnCount", n)
	}
}

// cell is a cell of the grid; nil for an empty one.
func (s *sheet) cell(row, col int) object {
	if row < len(s.Rows) && col < len(s.Rows[row]) {
		return s.Rows[row][col]
	}
	return nil
}

// edit replaces one row's cells [from, to) by what fn makes of them. Trailing empty
// cells and rows are not kept.
func (s *sheet) edit(row, from, to int, fn func(col int, old object) object) {
	var line []object
	if row < len(s.Rows) {
		line = slices.Clone(s.Rows[row])
	}
	for len(line) < to {
		line = append(line, nil)
	}
	for c := from; c < to; c++ {
		line[c] = fn(c, line[c])
		if len(line[c]) == 0 {
			line[c] = nil
		}
	}
	for len(line) > 0 && line[len(line)-1] == nil {
		line = line[:len(line)-1]
	}
	for len(s.Rows) <= row {
		s.Rows = append(s.Rows, nil)
	}
	s.Rows[row] = line
	for len(s.Rows) > 0 && len(s.Rows[len(s.Rows)-1]) == 0 {
		s.Rows = s.Rows[:len(s.Rows)-1]
	}
}

// props is the list of the properties of rows or columns.
func (s *sheet) props(rows bool) *[]object {
	if rows {
		return &s.RowProps
	}
	return &s.ColumnProps
}

func (st *state) byID(id int) *sheet {
	for _, s := range st.Sheets {
		if s.id() == id {
			return s
		}
	}
	return nil
}

// byTitle finds a tab as a formula does: without regard to case.
func (st *state) byTitle(title string) *sheet {
	for _, s := range st.Sheets {
		if strings.EqualFold(s.title(), title) {
			return s
		}
	}
	return nil
}

func (st *state) indexOf(s *sheet) int { return slices.Index(st.Sheets, s) }

// cells is how many cells the grids of all tabs have.
func (st *state) cells() int {
	n := 0
	for _, s := range st.Sheets {
		n += s.size(true) * s.size(false)
	}
	return n
}

// metadata visits every metadata entry of the spreadsheet, its sheets, rows and columns.
func (st *state) metadata(visit func(object)) {
	for _, m := range st.Metadata {
		visit(m)
	}
	for _, s := range st.Sheets {
		for _, m := range s.Metadata {
			visit(m)
		}
		for _, m := range s.Lines {
			visit(m)
		}
	}
}

// newID chooses an id for what a request left unnamed: always the same one in the
// same history, and far from 0.
func (st *state) newID() int {
	st.LastID++
	return 1_000_000 + st.LastID
}

// rect is a range of a sheet's grid, half-open and bounded.
type rect struct {
	sheet          *sheet
	r0, r1, c0, c1 int
}

func (r rect) a1() string {
	return fmt.Sprintf("%s!%s:%s", r.sheet.title(), cellName(r.r0, r.c0), cellName(r.r1-1, r.c1-1))
}

func (r rect) overlaps(o rect) bool {
	return r.sheet == o.sheet && r.r0 < o.r1 && o.r0 < r.r1 && r.c0 < o.c1 && o.c0 < r.c1
}

// rect reads a GridRange and refuses one that is not inside the grid.
func (st *state) rect(o object) (rect, error) {
	if o == nil {
		return rect{}, fmt.Errorf("a range must be given.")
	}
	s := st.byID(intOr(o, "sheetId", 0))
	if s == nil {
		return rect{}, fmt.Errorf("No grid with id: %d", intOr(o, "sheetId", 0))
	}
	r := rect{s, intOr(o, "startRowIndex", 0), intOr(o, "endRowIndex", s.size(true)),
		intOr(o, "startColumnIndex", 0), intOr(o, "endColumnIndex", s.size(false))}
	switch {
	case r.r0 < 0 || r.c0 < 0:
		return rect{}, fmt.Errorf("an index of the range is negative.")
	case r.r0 >= r.r1 || r.c0 >= r.c1:
		return rect{}, fmt.Errorf(
			"the range is empty: an end index must be greater than its start index (rows %d to %d, columns %d to %d).",
			r.r0,
			r.r1,
			r.c0,
			r.c1,
		)
	case r.r1 > s.size(true) || r.c1 > s.size(false):
		return rect{}, fmt.Errorf("Range (%s) exceeds grid limits. Max rows: %d, max columns: %d", r.a1(),
			s.size(true), s.size(false))
	}
	return r, nil
}

// span is a range of rows or of columns, half-open and bounded.
type span struct {
	sheet    *sheet
	rows     bool
	from, to int
}

// span reads a DimensionRange. Where a line may be put behind the last one, the
// grid's end is checked by the caller.
func (st *state) span(o object, beyond bool) (span, error) {
	s := st.byID(intOr(o, "sheetId", 0))
	if o == nil || s == nil {
		return span{}, fmt.Errorf("No grid with id: %d", intOr(o, "sheetId", 0))
	}
	dim := textAt(o, "dimension")
	if dim != "ROWS" && dim != "COLUMNS" {
		return span{}, fmt.Errorf("dimension must be ROWS or COLUMNS.")
	}
	rows := dim == "ROWS"
	d := span{s, rows, intOr(o, "startIndex", 0), intOr(o, "endIndex", s.size(rows))}
	switch {
	case d.from < 0:
		return span{}, fmt.Errorf("range.startIndex[%d] is negative.", d.from)
	case d.from >= d.to:
		return span{}, fmt.Errorf("range.startIndex[%d] must be less than range.endIndex[%d].", d.from, d.to)
	case !beyond && d.to > s.size(rows):
		return span{}, fmt.Errorf("range.endIndex[%d] is beyond the grid, which has %d %s.", d.to,
			s.size(rows), strings.ToLower(dim))
	}
	return d, nil
}

func dimensionName(rows bool) string {
	if rows {
		return "ROWS"
	}
	return "COLUMNS"
}
