package report

import "slices"

// The columns of the summary. Every section has its labels in the first and its
// numbers in the next three; the wide one holds sentences, or a chart.
const (
	colLabel = iota
	colFirst
	colSecond
	colThird
	colWide
)

var summaryWidths = []float64{38, 13, 13, 13, 104}

const (
	noteHeight     = 11.5 // points of one line of a note
	rowHeight      = 15   // points of an ordinary row
	keyHeight      = 27   // of a key figure's
	headingHeight  = 28   // of a section's title, with the space above it
	subtitleHeight = 18
	noticeHeight   = 18
	maxHeight      = 409 // points: no sheet has a higher row
	wideWidth      = 715 // pixels of a chart in the wide column
	pageHeight     = 622 // points of rows on a printed page, at the scale that fits its width
	barHeight      = 10  // least height of one of several bars beside each other
	chartLine      = 12  // points of a line of text in a chart
	mostChart      = 480 // greatest height of a chart in points, beside a long section
	mostCharted    = 12  // rows in a chart over time: the numbers over more columns run into each other
	leastOnPage    = 4   // rows of a section of sentences, the heading and header with them, before the end of a page
)

// layout places the opening and the sections of the summary on the rows of its sheet.
type layout struct {
	sheet *Sheet
	row   int
	used  float64 // points of the printed page
}

// layOut writes the lines, the charts and the page breaks of a sheet of sections.
func (s *Sheet) layOut() {
	y := &layout{sheet: s}
	for _, l := range openingLines(s.Opening, s.Widths) {
		y.line(l.Height, l.Cells...)
		y.used += l.Height
	}
	for i := range s.Sections {
		y.section(&s.Sections[i])
	}
}

// openingLines are the lines of a sheet's opening, across the columns that are printed.
func openingLines(ps []Paragraph, widths []float64) []Line {
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
			for _, line := range linesIn(p.Text, StyleNotice, widths) {
				add(noticeHeight, Cell{Value: TextOf(line), Style: StyleNotice, Span: len(widths)})
			}
		case OpeningContact:
			c.Style = StyleNoteLine
			if p.Link != "" {
				c.Style = StyleLink
			}
			add(rowHeight, c)
		default:
			for _, line := range linesIn(p.Text, StyleNoteLine, widths) {
				add(noteHeight+3, Cell{Value: TextOf(line), Style: StyleNoteLine, Span: len(widths)})
			}
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
	over := colWide
	for _, g := range s.Grids {
		if slices.ContainsFunc(g.Columns, func(h Head) bool { return h.Role == RoleWords }) {
			over = colWide + 1
		}
	}
	// The space above comes from the height of this row. A blank row would confuse screen
	// readers.
	y.line(headingHeight, Cell{Value: TextOf(s.Title), Style: StyleHeading, Span: over})
	top := y.row + 1 // of the first grid's rows
	for i := range s.Grids {
		y.grid(&s.Grids[i])
	}
	if s.Chart != nil {
		y.chart(s, from, top)
	}
	// The method stands on one page.
	y.paginate(first, s.Chart == nil && !s.Grids[0].told())
}

// paginate begins a printed page with the lines from first on if the end of the page would
// cut them. Sentences go on overleaf if some of them stand before it.
func (y *layout) paginate(first int, sentences bool) {
	lines, height, enough := y.sheet.Lines[first:], 0.0, 0.0
	for i, l := range lines {
		if height += l.Height; i < leastOnPage {
			enough = height
		}
	}
	begin := func(l *Line) {
		y.sheet.PageBreaks = append(y.sheet.PageBreaks, l.Row)
		y.used = 0
	}
	if !sentences {
		enough = height
	}
	if y.used > 0 && y.used+enough > pageHeight {
		begin(&lines[0])
	}
	for i := range lines {
		if y.used > 0 && sentences && y.used+lines[i].Height > pageHeight {
			begin(&lines[i])
		}
		y.used += lines[i].Height
	}
}

// place is where a grid's column stands on the sheet, and over how many columns it draws.
// Figures stand next to what is to their right, and the label has the rest; without figures,
// sentences have it.
func (g *Grid) place(i int) (col, span int) {
	figures := 0
	for _, h := range g.Columns {
		if h.Role == RoleFigure {
			figures++
		}
	}
	switch role := g.Columns[i].Role; {
	case role == RoleWords && figures == 0:
		return colFirst, colWide + 1 - colFirst
	case role == RoleWords:
		return colWide, 1
	case role == RoleFigure:
		return colWide - figures + i - 1, 1
	case figures == 0:
		return colLabel, 1
	}
	return colLabel, colWide - figures
}

// told reports whether a grid has sentences and no figures.
func (g *Grid) told() bool {
	return !slices.ContainsFunc(g.Columns, func(h Head) bool { return h.Role == RoleFigure })
}

func (y *layout) grid(g *Grid) {
	var header []Cell
	height := 22.0
	if g.Large {
		height = 34
	}
	for i, h := range g.Columns {
		style := StyleHeader
		if h.Role == RoleFigure {
			style = StyleHeaderR
		}
		col, span := g.place(i)
		if span > 1 {
			style = StyleHeaderOver
		}
		header = append(header, Cell{Col: col, Value: TextOf(h.Text), Style: style, Span: span})
	}
	y.line(height, header...)
	for _, r := range g.Rows {
		y.gridRow(g, &r)
	}
}

func (y *layout) gridRow(g *Grid, r *Row) {
	height := float64(rowHeight)
	switch {
	case g.Large:
		height = keyHeight
	case g.told():
		height = noteHeight + 0.5
	}
	var cells []Cell
	var more []string // lines of a sentence that has a row for each
	for i, h := range g.Columns {
		var e Entry
		if i < len(r.Entries) {
			e = r.Entries[i]
		}
		c := Cell{ID: e.ID, Value: e.Value, Expr: e.Expr, Names: e.Names, Style: styleOf(h.Role, &e, g.Large, r.Total)}
		c.Col, c.Span = g.place(i)
		if g.told() {
			c.Style = map[Role]Style{RoleLabel: StyleTerm, RoleWords: StyleTold}[h.Role]
		}
		switch {
		case h.Role == RoleWords && c.Span > 1:
			lines := linesOver(e.Value.Text, c.Style, c.Col, c.Span)
			c.Value, more = TextOf(lines[0]), lines[1:]
		case h.Role == RoleWords:
			if n := len(linesOver(e.Value.Text, c.Style, c.Col, 1)); n > 1 {
				c.Wrap, height = true, max(height, noteHeight*float64(n)+4)
			}
		case h.Role == RoleLabel:
			if n := labelLines(e.Value.Text, c); n > 1 {
				c.Wrap, height = true, max(height, 15*float64(n)+2)
			}
		}
		cells = append(cells, c)
	}
	y.line(height, cells...)
	for _, line := range more {
		c := cells[len(cells)-1]
		c.Value = TextOf(line)
		y.line(noteHeight+0.5, c)
	}
}

// labelLines is how many lines a label takes: one over the columns that it has, or several
// in the first of them, as a text over several columns cannot be wrapped.
func labelLines(text string, c Cell) int {
	if len(linesOver(text, c.Style, c.Col, c.Span)) == 1 {
		return 1
	}
	return len(linesOver(text, c.Style, c.Col, 1))
}

// linesOver breaks a text of a style into lines over so many columns of the summary.
func linesOver(text string, style Style, col, span int) []string {
	return linesIn(text, style, summaryWidths[col:col+span])
}

// linesIn breaks a text of a style into lines over columns of these widths.
func linesIn(text string, style Style, widths []float64) []string {
	look, width := Looks[style], 0.0
	for _, w := range widths {
		width += w
	}
	return slices.Collect(look.Type().Lines(text, look.Room(width)))
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
	case e.Value.Kind == Day:
		return StyleDateR
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
// is the row of the first grid's first row. The rows of a short section are higher, to give
// its chart room.
func (y *layout) chart(s *Section, from, top int) {
	p, g := s.Chart, &s.Grids[0]
	lines := y.sheet.Lines[len(y.sheet.Lines)-(y.row-from):]
	height := 0.0
	for _, l := range lines {
		height += l.Height
	}
	least := leastHeight(p)
	if more := least - height; more > 0 {
		for i := range lines[top-from:] {
			lines[top-from+i].Height += more / float64(len(lines)-(top-from))
		}
		height = least
	}
	height = min(height, mostChart)
	first, last := top+p.From, top+p.To-1
	column := func(i int) Range {
		col, _ := g.place(i)
		return Range{first, col, last, col}
	}
	c := Chart{Row: from, Col: colWide, Width: wideWidth, Height: int(height * 96 / 72), Kind: p.Kind, Title: p.Title,
		Subtitle: p.Subtitle, Alt: p.Alt, Time: p.Time, Category: column(p.Category)}
	for i, col := range p.Columns {
		c.Series = append(c.Series, Series{Name: g.Columns[col].Text, Values: column(col), Colour: SeriesColours[i]})
	}
	y.sheet.Charts = append(y.sheet.Charts, c)
}

// leastHeight is the height that a chart needs, in points: for its title, day and source, and
// for each bar or for columns with numbers above them.
func leastHeight(p *Picture) float64 {
	height := chartLine * float64(len(SubtitleLines(p.Subtitle, wideWidth))-1)
	switch {
	case p.Kind == Bars:
		// Numbers beside the bars must not touch: neither those of one label nor of the next.
		return height + 48 + max(17, barHeight*float64(len(p.Columns)))*float64(p.To-p.From)
	case p.Time != NoTime:
		return height + 138
	}
	return height + 130
}

// SubtitleLines breaks a chart's subtitle into lines for a chart of a width in pixels.
func SubtitleLines(s string, width int) []string {
	const pixels = 7 // of a digit, on a screen
	return slices.Collect(Type{Size: ChartSize}.Lines(s, 0.72*float64(width)/pixels))
}
