package report

import (
	"strings"
	"unicode/utf8"
)

// The columns of the summary. Every section has its labels in the first and its
// numbers in the next three; the wide one holds sentences, or a chart.
const (
	colLabel = iota
	colFirst
	colSecond
	colThird
	colWide
)

var summaryWidths = []float64{46, 13, 13, 13, 78}

const (
	// Characters that fit on a line of a note, in its smaller type: in the first
	// column, in the wide one, across the page.
	labelChars  = 54
	wideChars   = 90
	pageChars   = 185
	noticeChars = 180 // the same of a notice, in the usual type

	noteHeight     = 12.5 // points of one line of a note
	rowHeight      = 16   // points of an ordinary row
	largeHeight    = 30   // of a key figure's
	subtitleHeight = 18
	noticeHeight   = 18
	maxHeight      = 409 // points: no sheet has a higher row
	wideWidth      = 548 // pixels of the wide column
	pageHeight     = 590 // points of rows on a printed page, at the scale that fits its width
	mostChart      = 480 // greatest height of a chart in points, beside a long section
	mostCharted    = 12  // rows in a chart over time: the numbers over more columns run into each other
)

// newPage holds the sections that always begin a printed page. Other sections begin one
// only if a page break would cut them.
var newPage = map[string]bool{"positions": true, "counts": true, "changes": true}

// layout places the opening and the sections of the summary on the rows of its sheet.
type layout struct {
	sheet *Sheet
	row   int
}

// layOut writes the lines, the charts and the page breaks of a sheet of sections.
func (s *Sheet) layOut() {
	y := &layout{sheet: s}
	for _, l := range openingLines(s.Opening, len(s.Widths)) {
		y.line(l.Height, l.Cells...)
	}
	for i := range s.Sections {
		y.section(&s.Sections[i])
	}
}

// openingLines are the lines of a sheet's opening, across so many columns.
func openingLines(ps []Paragraph, columns int) []Line {
	var out []Line
	add := func(height float64, c Cell) {
		out = append(out, Line{Row: len(out), Height: height, Cells: []Cell{c}})
	}
	for _, p := range ps {
		c := Cell{Value: TextOf(p.Text), Link: p.Link}
		switch p.Role {
		case OpeningTitle:
			c.Style = StyleTitle
			add(30, c)
		case OpeningDate, OpeningSource:
			c.Style = StyleSubtitle
			if p.Link != "" {
				c.Style = StyleLink
			}
			add(subtitleHeight, c)
		case OpeningNotice:
			for _, line := range splitLines(p.Text, noticeChars) {
				add(noticeHeight, Cell{Value: TextOf(line), Style: StyleNotice, Span: columns})
			}
		case OpeningContact:
			c.Style = StyleNoteLine
			if p.Link != "" {
				c.Style = StyleLink
			}
			add(rowHeight, c)
		default:
			c.Style, c.Span = StyleNoteLine, columns
			add(noteHeight+2, c)
		}
	}
	return out
}

// line adds a row of cells.
func (y *layout) line(height float64, cells ...Cell) {
	// If names have thousands of characters, show their beginning.
	y.sheet.Lines = append(y.sheet.Lines, Line{Row: y.row, Height: min(height, maxHeight), Cells: cells})
	y.row++
}

// section writes a section, on a printed page of its own where it has to be.
func (y *layout) section(s *Section) {
	from, first := y.row, len(y.sheet.Lines)
	// The space above comes from the height of this row. A blank row would confuse screen
	// readers.
	y.line(30, Cell{Value: TextOf(s.Title), Style: StyleHeading, Span: colWide})
	if s.Note != "" {
		y.note(s)
	}
	top := y.row + 1 // of the first grid's rows
	for i := range s.Grids {
		y.grid(&s.Grids[i])
	}
	if s.Chart != nil {
		y.chart(s, from, top)
	}
	if newPage[s.ID] || y.cut(first) {
		y.sheet.PageBreaks = append(y.sheet.PageBreaks, from)
	}
}

// cut reports whether the end of the printed page cuts what stands from a line on.
func (y *layout) cut(first int) bool {
	page := 0
	if n := len(y.sheet.PageBreaks); n > 0 {
		page = y.sheet.PageBreaks[n-1]
	}
	used, height := 0.0, 0.0
	for i, l := range y.sheet.Lines {
		switch {
		case l.Row < page:
		case i < first:
			used += l.Height
		default:
			height += l.Height
		}
	}
	return used > 0 && used+height > pageHeight
}

// note writes how a section was computed: in the first column if there is a chart, else on
// lines that run over the columns to the right. The cells are not merged, because merged
// cells trouble screen readers and sorting.
func (y *layout) note(s *Section) {
	if s.Chart != nil {
		n := len(splitLines(s.Note, labelChars))
		y.line(noteHeight*float64(n)+4, Cell{Value: TextOf(s.Note), Style: StyleNote, Wrap: n > 1})
		return
	}
	for _, line := range splitLines(s.Note, pageChars) {
		y.line(noteHeight+2, Cell{Value: TextOf(line), Style: StyleNoteLine, Span: len(summaryWidths)})
	}
}

// columnOf is the sheet's column of a column of a grid.
func columnOf(g *Grid, i int) int {
	if g.Columns[i].Role == RoleWords {
		return colWide
	}
	return i
}

func (y *layout) grid(g *Grid) {
	var header []Cell
	height := 24.0
	if g.Large {
		height = 32
	}
	for i, h := range g.Columns {
		style := StyleHeader
		if h.Role == RoleFigure {
			style = StyleHeaderR
		}
		// Columns without a header carry its band on to the next.
		for col := len(header); col < columnOf(g, i); col++ {
			header = append(header, Cell{Col: col, Style: StyleHeaderR})
		}
		header = append(header, Cell{Col: columnOf(g, i), Value: TextOf(h.Text), Style: style})
	}
	y.line(height, header...)
	for _, r := range g.Rows {
		y.gridRow(g, &r)
	}
}

func (y *layout) gridRow(g *Grid, r *Row) {
	height := float64(rowHeight)
	if g.Large {
		height = largeHeight
	}
	var cells []Cell
	for i, e := range r.Entries {
		if g.Columns[i].Role == RoleWords {
			height = max(height, noteHeight*float64(wideLines(e.Value.Text))+5)
		}
		if e.Value.Kind == Blank && e.Expr == nil {
			continue
		}
		cells = append(cells, Cell{ID: e.ID, Col: columnOf(g, i), Value: e.Value, Expr: e.Expr, Names: e.Names,
			Style: styleOf(g.Columns[i].Role, &e, g.Large, r.Total)})
	}
	if last := &cells[len(cells)-1]; last.Col == colWide {
		last.Wrap = height >= 2*noteHeight
	}
	y.line(height, cells...)
}

// styleOf is the style of an entry.
func styleOf(role Role, e *Entry, large, total bool) Style {
	switch role {
	case RoleLabel:
		switch {
		case large:
			return StyleKeyLabel
		case total:
			return StyleTotalLabel
		}
		return StyleLabel
	case RoleWords:
		return StyleNote
	}
	switch {
	case e.Fact && e.Format == FormatDecimal:
		return StyleFactDec
	case e.Fact && total:
		return StyleFactTotal
	case e.Fact:
		return StyleFact
	case e.Format == FormatDelta:
		return StyleDelta
	case e.Format == FormatDeltaDecimal:
		return StyleDeltaDec
	case e.Format == FormatPercent:
		return StylePercent
	case large && e.Format == FormatDecimal:
		return StyleKeyDec
	case large:
		return StyleKey
	case total:
		return StyleTotal
	case e.Format == FormatDecimal:
		return StyleDecimal
	}
	return StyleNumber
}

// chart stands in the wide column beside its section, from the heading's row on. top
// is the row of the first grid's first row.
func (y *layout) chart(s *Section, from, top int) {
	height := 0.0
	for _, l := range y.sheet.Lines[from:] {
		height += l.Height
	}
	height = min(height, mostChart)
	p, g := s.Chart, &s.Grids[0]
	first, last := top+p.From, top+p.To-1
	c := Chart{Row: from, Col: colWide, Width: wideWidth, Height: int(height * 96 / 72), Kind: p.Kind, Title: p.Title,
		Alt: p.Alt, Category: Range{first, colLabel, last, colLabel}}
	for i, col := range p.Columns {
		c.Series = append(c.Series, Series{Name: g.Columns[col].Text, Values: Range{first, col, last, col},
			Colour: SeriesColours[i]})
	}
	y.sheet.Charts = append(y.sheet.Charts, c)
}

// wideLines returns the number of lines of a text in the wide column.
func wideLines(s string) int {
	lines := 0
	for line := range strings.SplitSeq(s, "\n") {
		lines += len(splitLines(line, wideChars))
	}
	return lines
}

// splitLines breaks a text at spaces into lines of so many characters.
func splitLines(s string, chars int) []string {
	var out []string
	line, n := "", 0
	for w := range strings.SplitSeq(s, " ") {
		k := utf8.RuneCountInString(w)
		if n > 0 && n+1+k > chars {
			out = append(out, line)
			line, n = "", 0
		}
		if n > 0 {
			line += " "
			n++
		}
		line += w
		n += k
	}
	return append(out, line)
}
