package xlsx

import (
	"errors"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hdsreport/etl/message"
	"hdsreport/report"
	"hdsreport/report/formula"
)

// The rows of a sheet. excelize's StreamWriter writes everything around them. It could
// write the rows too, but it takes half a microsecond per cell on one core and goes
// through a temporary file that is compressed only when it is complete. A list of a
// million rows has twenty million cells. This file therefore writes rows in batches on all
// cores, and each batch is compressed while the next ones are written (see zip.go). The
// XML of a cell is the one that excelize writes (ECMA-376 part 1, 18.3.1.4).

// stretch is the number of rows in a batch: some hundred kilobytes of XML.
const stretch = 256

// drawing is what all rows of a sheet share. Several goroutines read it.
type drawing struct {
	x     *workbook
	sheet *report.Sheet
	body  *body        // nil without a table
	extra []listColumn // drop-down values, on the last sheet
	rows  int
	names []string // of the columns: A, B, C …
}

// all writes the sheet's rows to out, in order.
//
// A style gets its index in the file when it is first used, in the order of the cells, so
// that the file is the same on any number of cores. A batch that needs a style without an
// index is discarded and written again when its turn comes. This happens for the first
// batches, and rarely later.
func (d *drawing) all(out *pieces) error {
	known, next := d.x.styles.known, 0
	return inOrder((d.rows+stretch-1)/stretch, func(i int, b []byte) ([]byte, error) {
		return d.draw(b, i*stretch, known)
	}, func(b []byte, err error) ([]byte, error) {
		if errors.Is(err, errNewStyle) {
			b, err = d.draw(b[:0], next, d.x.styles.id)
		}
		next += stretch
		if err == nil {
			out.add(b)
		}
		return b, err
	})
}

// inOrder calls produce for 0 to n-1 on all cores, a few ahead of take, and calls take for
// the results in order. It stops at the first error. Buffers are reused: take returns the
// buffer that it no longer needs.
func inOrder(n int, produce func(i int, b []byte) ([]byte, error), take func([]byte, error) ([]byte, error)) error {
	type piece struct {
		b   []byte
		err error
	}
	var buffers sync.Pool
	ahead := make(chan chan piece, runtime.GOMAXPROCS(0))
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(ahead)
		for i := range n {
			made := make(chan piece, 1)
			select {
			case ahead <- made:
			case <-stop:
				return
			}
			go func() {
				b, _ := buffers.Get().(*[]byte)
				if b == nil {
					b = new([]byte)
				}
				out, err := produce(i, (*b)[:0])
				made <- piece{out, err}
			}()
		}
	}()
	for made := range ahead {
		p := <-made
		b, err := take(p.b, p.err)
		if err != nil {
			return err
		}
		buffers.Put(&b)
	}
	return nil
}

// pen writes rows in one goroutine.
type pen struct {
	*drawing
	style func(variant) (int, error)
	cells []cell     // of the row being drawn
	used  int        // how many of cells
	last  []lastCell // by column of the table
}

// lastCell is the cell of the row above, which is often the same, and the text that the
// column had before that one: most columns of a long list take turns between yes and no.
type lastCell struct {
	variant     variant
	style       int
	now, before lastText
}

type lastText struct {
	text    string
	escaped string // the text in XML; empty before the first
	shared  string // its index among the shared texts
}

// draw appends the XML of a batch of rows, starting at row from.
func (d *drawing) draw(b []byte, from int, style func(variant) (int, error)) ([]byte, error) {
	p := &pen{drawing: d, style: style, cells: make([]cell, len(d.names))}
	if d.body != nil {
		p.last = make([]lastCell, len(d.sheet.Table.Columns))
	}
	lines := d.sheet.Lines
	next, _ := slices.BinarySearchFunc(lines, from, func(l report.Line, row int) int { return l.Row - row })
	for n := from; n < min(from+stretch, d.rows); n++ {
		var line *report.Line
		if next < len(lines) && lines[next].Row == n {
			line = &lines[next]
			next++
		}
		var err error
		if b, err = p.row(b, n, line); err != nil {
			return b, err
		}
	}
	return b, nil
}

// row writes one row: free cells, the table's cells and the drop-down values. A row that
// is empty and has the default height is omitted.
func (p *pen) row(b []byte, n int, line *report.Line) ([]byte, error) {
	clear(p.cells[:p.used])
	p.used = 0
	height := 0.0
	if line != nil {
		if err := p.line(line); err != nil {
			return b, err
		}
		height = line.Height
	}
	if t := p.sheet.Table; t != nil && n >= t.Row && n <= t.Row+t.Len {
		if n == t.Row {
			if err := p.header(); err != nil {
				return b, err
			}
			height = headerHeight(p.sheet)
		} else if lines, err := p.tableRow(n - t.Row - 1); err != nil {
			return b, err
		} else if lines > 1 {
			height = textHeight(lines)
		}
	}
	for _, l := range p.extra {
		if err := p.listCell(l, n); err != nil {
			return b, err
		}
	}
	if p.used == 0 && height == 0 {
		return b, nil
	}
	b = append(b, `<row r="`...)
	b = strconv.AppendInt(b, int64(n+1), 10)
	if height > 0 {
		b = append(b, `" ht="`...)
		b = strconv.AppendFloat(b, height, 'f', -1, 64)
		b = append(b, `" customHeight="1`...)
	}
	b = append(b, `">`...)
	var digits [8]byte
	number := strconv.AppendInt(digits[:0], int64(n+1), 10)
	for i := range p.cells[:p.used] {
		if c := &p.cells[i]; c.set {
			b = append(b, `<c r="`...)
			b = append(b, p.names[i]...)
			b = append(b, number...)
			b = c.append(b)
		}
	}
	return append(b, `</row>`...), nil
}

func (p *pen) set(col int, c cell) {
	c.set = true
	p.cells[col] = c
	p.used = max(p.used, col+1)
}

// line writes the free cells of one row.
func (p *pen) line(l *report.Line) error {
	for i, c := range l.Cells {
		at := cellName(c.Col, l.Row)
		if err := checkValue(c.Value); err != nil {
			return message.Fail(err, "workbook-at", "place", at, "why", err)
		}
		live := ""
		if c.Expr != nil {
			var err error
			if live, err = p.x.formulas.Cell(formula.Place{Sheet: p.sheet, Row: l.Row, Col: c.Col},
				c.Expr); err != nil {
				return message.Fail(err, "workbook-at", "place", at, "why", err)
			}
			if err := checkCache(c.Value); err != nil {
				return message.Fail(err, "workbook-at", "place", at, "why", err)
			}
		}
		v := variant{Appearance: c.Appearance(), edge: true, quoted: live == "" && runs(c.Value)}
		id, err := p.style(v)
		if err != nil {
			return message.Fail(err, "workbook-at", "place", at, "why", err)
		}
		p.set(c.Col, cell{style: id, value: c.Value, formula: formulaXML(live), text: inXML(c.Value.Text)})
		// The text runs over the next cells, which stay empty and get the background and borders
		// of the first. They are not merged: merged cells break sorting, filters and screen
		// readers.
		for over := c.Col + 1; over < min(c.Col+c.Span, len(p.cells)); over++ {
			if i+1 < len(l.Cells) && l.Cells[i+1].Col <= over {
				break
			}
			id, err := p.style(variant{Appearance: report.Appearance{Style: c.Style}})
			if err != nil {
				return err
			}
			p.set(over, cell{style: id})
		}
	}
	return nil
}

// header writes the row of a table's headers.
func (p *pen) header() error {
	t := p.sheet.Table
	for i := range t.Columns {
		if err := p.plainText(i, t.Columns[i].HeaderStyle(), t.Columns[i].Header); err != nil {
			return err
		}
	}
	return nil
}

// listCell writes a row's cell of a list of drop-down values.
func (p *pen) listCell(l listColumn, n int) error {
	switch {
	case n == 0:
		return p.plainText(l.col, report.StyleListHeader, l.header)
	case n <= len(l.items):
		return p.plainText(l.col, report.StyleListItem, l.items[n-1])
	}
	return nil
}

// plainText writes a text in the default style; the text does not come from the book.
func (p *pen) plainText(col int, style report.Style, text string) error {
	v := report.TextOf(text)
	id, err := p.style(variant{Appearance: report.Appearance{Style: style}, quoted: runs(v)})
	if err != nil {
		return err
	}
	p.set(col, cell{style: id, value: v, text: inXML(text)})
	return nil
}

// body is what the rows of a table share.
type body struct {
	table    *report.Table
	formulas []string // by column: the formula of a computed column, or ""
	inXML    []string // formulas, escaped for XML
	looks    []report.Appearance
	linked   map[int]int // by column: how many rows, from the top, have links
	widths   []float64   // by column: the width if it wraps, or 0
	shared   [][]shared  // by column: the texts stored as shared strings
}

func (x *workbook) body(s *report.Sheet, linked map[int]int) (*body, error) {
	t := s.Table
	n := len(t.Columns)
	d := &body{table: t, linked: linked, formulas: make([]string, n), inXML: make([]string, n),
		looks: make([]report.Appearance, n), widths: make([]float64, n), shared: make([][]shared, n)}
	all := widths(s)
	for i := range t.Columns {
		c := &t.Columns[i]
		text, live, err := x.formulas.Column(t, c.Computed, 0)
		if err != nil {
			return nil, message.Fail(err, "workbook-column", "column", c.Header, "why", err)
		}
		if live {
			d.formulas[i], d.inXML[i] = text, formulaXML(text)
		}
		if c.Wrap {
			d.widths[i] = report.Looks[c.Appearance().Style].Room(all[i])
		}
		if !live {
			d.shared[i] = x.texts.of(t, c)
		}
		d.looks[i] = c.Appearance()
	}
	return d, nil
}

// tableRow writes a row of data and returns the number of lines of its longest text.
func (p *pen) tableRow(n int) (lines int, err error) {
	d := p.body
	for i := range d.table.Columns {
		c, last := &d.table.Columns[i], &p.last[i]
		v := c.At(n)
		switch {
		case v.Kind != report.Text || v.Text == "" || v.Text != last.now.text && v.Text != last.before.text:
			if err := checkValue(v); err != nil {
				return 0, d.at(i, n, err)
			}
			last.before = last.now
			last.now = lastText{v.Text, inXML(v.Text), placeOf(v.Text, d.shared[i])}
		case v.Text != last.now.text:
			last.now, last.before = last.before, last.now
		}
		formula := d.inXML[i]
		if _, ok := c.Computed.(report.Extended); ok && v.Kind == report.Text {
			// The value is a month without a day, or an unreadable date: no formula can extend it.
			formula = ""
		}
		if formula != "" {
			if err := checkCache(v); err != nil {
				return 0, d.at(i, n, err)
			}
		}
		look := variant{Appearance: d.looks[i], quoted: formula == "" && runs(v)}
		look.Dated = v.Kind == report.Day
		if c.Proposed != nil {
			look.Proposed = c.Proposed(n)
		}
		if c.Link != nil && n < d.linked[i] && v.Kind != report.Blank && c.Link(n) != "" {
			look.Linked = true
		}
		if last.style == 0 || last.variant != look {
			id, err := p.style(look)
			if err != nil {
				return 0, d.at(i, n, err)
			}
			last.variant, last.style = look, id
		}
		p.set(i, cell{style: last.style, value: v, formula: formula, text: last.now.escaped, shared: last.now.shared})
		// No letter is wider than two digits.
		if w := d.widths[i]; w > 0 && v.Kind == report.Text &&
			(float64(2*len(v.Text)) > w || strings.Contains(v.Text, "\n")) {
			lines = max(lines, report.Type{}.LineCount(v.Text, w))
		}
	}
	return lines, nil
}

func (d *body) at(col, n int, err error) error {
	return message.Fail(err, "workbook-cell", "cell", cellName(col, d.table.Row+1+n),
		"column", d.table.Columns[col].Header, "row", strconv.Itoa(n+1), "why", err)
}
