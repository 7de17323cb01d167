package audit

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
)

// leastPrinted is the smallest size of text on paper, in points.
const leastPrinted = 7

// paper is what decides how large the text of a sheet is on paper: the scale that fits its
// columns on the page, and the sizes of its fonts.
type paper struct {
	fit          bool // to so many pages, in place of a scale
	scale        float64
	wide, tall   int // pages; 0 for any number
	size         int // the format's number: 9 is A4
	landscape    bool
	margins      [4]float64 // in inches: left, right, top, bottom
	columnWidth  float64    // of columns without their own
	rowHeight    float64
	columns      []columnWidth
	first, last  int // columns that are printed; 0 for all
	height       float64
	seen         []bool // by style, in a column that is printed
	least        float64
	at           string // a cell with the least size
	margined, on bool
}

type columnWidth struct {
	from, to int
	width    float64
}

// area takes the columns from a print area: 'Feuille'!$A:$F or 'Feuille'!$A$1:$F$90. One of
// several pieces prints them on pages of their own, and is not followed.
func (p *paper) area(refers string) {
	_, cells, ok := cutSheet(refers)
	if !ok || strings.Contains(cells, ",") {
		return
	}
	from, to, ok := strings.Cut(strings.ReplaceAll(cells, "$", ""), ":")
	if !ok {
		return
	}
	column := func(s string) int {
		n := 0
		for _, c := range strings.ToUpper(s) {
			if c < 'A' || c > 'Z' {
				break
			}
			n = n*26 + int(c-'A') + 1
		}
		return n
	}
	p.first, p.last = column(from), column(to)
}

// read takes an element of the sheet's.
func (p *paper) read(name string, a ooxml.Attributes) {
	switch name {
	case "pageSetUpPr":
		p.fit = a.Truth("fitToPage")
	case "sheetFormatPr":
		p.columnWidth, p.rowHeight = decimal(a, "defaultColWidth", 0), decimal(a, "defaultRowHeight", 0)
	case "pageMargins":
		p.margined = true
		for i, side := range []string{"left", "right", "top", "bottom"} {
			p.margins[i] = decimal(a, side, 0.7)
		}
	case "pageSetup":
		p.on = true
		p.scale, p.size = decimal(a, "scale", 100)/100, a.Number("paperSize", 9)
		p.wide, p.tall = a.Number("fitToWidth", 1), a.Number("fitToHeight", 1)
		p.landscape = a.Get("orientation") == "landscape"
	}
}

// decimal is an attribute's number.
func decimal(a ooxml.Attributes, name string, otherwise float64) float64 {
	if f, err := strconv.ParseFloat(a.Get(name), 64); err == nil {
		return f
	}
	return otherwise
}

func (p *paper) column(a ooxml.Attributes) {
	w := decimal(a, "width", 0)
	if a.Truth("hidden") {
		w = 0
	}
	p.columns = append(p.columns, columnWidth{a.Number("min", 1), a.Number("max", 1), w})
}

// see notes the size of a cell's text, once a style.
func (p *paper) see(st *styles, style, row, col int) {
	if style < 0 || style < len(p.seen) && p.seen[style] || p.last > 0 && (col < p.first || col > p.last) {
		return
	}
	if style >= len(st.looks) {
		return
	}
	if p.seen == nil {
		p.seen = make([]bool, len(st.looks))
	}
	p.seen[style] = true
	if size := st.looks[style].font.size; size > 0 && (p.least == 0 || size < p.least) {
		p.least, p.at = size, ooxml.CellName(row, col)
	}
}

// sheetSizes are papers in millimetres, by the format's number.
var sheetSizes = map[int][2]float64{1: {215.9, 279.4}, 5: {215.9, 355.6}, 8: {297, 420}, 9: {210, 297}, 11: {148, 210}}

const pointsOfInch, millimetresOfInch = 72, 25.4

// smallest returns the size of the smallest text on paper and a cell with it, 0 if nothing
// says how the sheet is printed.
func (p *paper) smallest(used ooxml.Area, sampled bool) (float64, string) {
	size, known := sheetSizes[p.size]
	if !p.on || !known || p.least == 0 {
		return 0, ""
	}
	if !p.fit {
		return p.least * p.scale, p.at
	}
	margins := p.margins
	if !p.margined {
		margins = [4]float64{0.7, 0.7, 0.75, 0.75}
	}
	across, down := size[0], size[1]
	if p.landscape {
		across, down = down, across
	}
	room := func(millimetres, a, b float64) float64 { return (millimetres/millimetresOfInch - a - b) * pointsOfInch }
	scale := 1.0
	if width := p.width(used); p.wide > 0 && width > 0 {
		scale = min(scale, float64(p.wide)*room(across, margins[0], margins[1])/width)
	}
	if p.tall > 0 && !sampled && p.height > 0 {
		scale = min(scale, float64(p.tall)*room(down, margins[2], margins[3])/p.height)
	}
	return p.least * max(scale, 0.1), p.at // 10 % is the least scale
}

// width is that of the printed columns in points: with the format's usual font a column of n
// characters has 7n pixels of 3/4 of a point, the cells' margins included.
func (p *paper) width(used ooxml.Area) float64 {
	from, to := used.Col, used.LastCol
	if p.last > 0 {
		from, to = p.first, p.last
	}
	usual := p.columnWidth
	if usual == 0 {
		usual = 9.14
	}
	total := 0.0
	for col := from; col <= to; col++ {
		w := usual
		if i := slices.IndexFunc(p.columns, func(c columnWidth) bool { return c.from <= col && col <= c.to }); i >= 0 {
			w = p.columns[i].width
		}
		total += math.Trunc(w*7+0.5) * 0.75
	}
	return total
}

// points is a size as an argument, to one decimal.
type points float64

// Say gives the number.
func (n points) Say(p message.Printer) string { return p.Decimal(math.Round(float64(n)*10)/10, 1) }
