package source

import (
	"bytes"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
)

// OpenDocument spreadsheets have no living Go reader; the part of the format that
// holds cells is small. Its one trap is repetition: a sheet ends with an empty row
// "repeated" a million times, of 16,384 "repeated" empty cells. So what is empty is
// only counted, and what is not is paid for before it is repeated.

func readODS(in *input) (*etl.Table, error) {
	a, err := openArchive(in)
	if err != nil {
		return nil, err
	}
	if a.Has("META-INF/manifest.xml") {
		manifest, err := a.small("META-INF/manifest.xml")
		if err != nil {
			return nil, err
		}
		if bytes.Contains(manifest, []byte("encryption-data")) {
			return nil, in.refuse(etl.CodeSourceEncrypted)
		}
	}
	t, err := readOpenDocument(in, func(fn func(*ooxml.Scanner) error) error { return a.scan("content.xml", fn) })
	if err != nil {
		return nil, a.damaged(err)
	}
	return t, nil
}

// readFlatODS reads the variant without an archive (.fods).
func readFlatODS(in *input) (*etl.Table, error) {
	return readOpenDocument(in, func(fn func(*ooxml.Scanner) error) error {
		return scanned(bytes.NewReader(in.text.text), uint64(len(in.text.text)), fn)
	})
}

// readOpenDocument reads the content twice: to see what its tables are, then the
// one that is chosen, so that memory holds one table and not all.
func readOpenDocument(in *input, scan func(func(*ooxml.Scanner) error) error) (*etl.Table, error) {
	look := &odsReader{in: in, only: -1}
	if err := scan(look.read); err != nil {
		return nil, err
	}
	chosen, err := in.choose(look.tables, false)
	if err != nil {
		return nil, err
	}
	name := look.tables[chosen].name
	n := in.note(name)
	read := &odsReader{in: in, only: chosen, notes: n, grid: newGrid(n, in.opt)}
	if err := scan(read.read); err != nil {
		return nil, err
	}
	if len(read.grid.rows) == 0 && in.opt.Sheet == "" {
		return nil, in.refuse(etl.CodeSheetNone)
	}
	return &etl.Table{Sheet: name, Format: "ods", Rows: read.grid.rows}, nil
}

type odsReader struct {
	in     *input
	only   int // the table to read; -1 previews all
	tables []candidate
	hidden map[string]bool // table styles that hide

	// the table being read
	s       *ooxml.Scanner
	notes   *notes
	grid    *grid
	row     int // number of the next row
	line    []string
	covers  []span       // by column, down from rows above
	columns []ooxml.Area // hidden columns
	used    []bool
	paid    int // see pay

	hiddenRow, hiddenRows int
}

func (o *odsReader) read(s *ooxml.Scanner) error {
	o.s, o.hidden = s, map[string]bool{}
	family := ""
	for s.Next() {
		if s.Kind != ooxml.Start {
			continue
		}
		switch string(s.Name) {
		case "style":
			family = ""
			if s.Value("family") == "table" {
				family = s.Value("name")
			}
		case "table-properties":
			if family != "" && s.Value("display") == "false" {
				o.hidden[family] = true
			}
		case "tracked-changes", "forms", "shapes", "dde-links", "master-styles", "scripts", "font-face-decls":
			s.Skip()
		case "table":
			if err := o.table(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *odsReader) table() error {
	if len(o.tables) >= maxTables {
		return message.Fail(nil, "book-sheets", "most", maxTables)
	}
	s := o.s
	name, _ := cleanText(s.Value("name"))
	c := candidate{name: name, hidden: o.hidden[s.Value("style-name")]}
	index := len(o.tables)
	switch {
	case o.only < 0:
		o.notes = newNotes("", "")
		o.grid = newGrid(o.notes, o.in.opt)
	case index != o.only:
		o.tables = append(o.tables, c)
		s.Skip()
		return nil
	}
	o.row, o.covers, o.columns, o.used, o.hiddenRows = 1, o.covers[:0], nil, nil, 0
	column := 1
	for depth := s.Depth(); s.Inside(depth); {
		if s.Kind != ooxml.Start {
			continue
		}
		switch string(s.Name) {
		case "table-header-rows", "table-rows", "table-row-group", "table-header-columns", "table-columns", "table-column-group":
		case "table-column":
			n := repetition(s.Value("number-columns-repeated"))
			if v := s.Value("visibility"); v == "collapse" || v == "filter" {
				o.columns = append(o.columns, ooxml.Area{Col: column, LastCol: column + n - 1})
			}
			column += n
		case "table-row":
			if o.only < 0 && len(o.grid.rows) >= scoredRows {
				s.Skip() // seen enough of it
			} else if err := o.tableRow(); err != nil {
				return err
			}
		default:
			s.Skip()
		}
	}
	if o.only < 0 {
		c.score, c.cells = o.in.opt.score(o.grid.rows), countCells(o.grid.rows)
	} else {
		o.reportHidden()
	}
	o.tables = append(o.tables, c)
	return nil
}

// repetition is a count of repeated rows, columns or spaces.
func repetition(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 1
	}
	return min(n, 1<<24) // no sheet has more; far from any overflow
}

// odsCell is a cell element before it is repeated.
type odsCell struct {
	text       string
	covered    bool
	repeated   int
	cols, rows int // spanned
}

func (o *odsReader) tableRow() error {
	s := o.s
	repeated := repetition(s.Value("number-rows-repeated"))
	visibility := s.Value("visibility")
	o.line = o.line[:0]
	col := 0 // cells so far, pending empty ones included
	own := false
	for depth := s.Depth(); s.Inside(depth); {
		if s.Kind != ooxml.Start {
			continue
		}
		if !s.Is("table-cell") && !s.Is("covered-table-cell") {
			s.Skip()
			continue
		}
		c := o.cell(col + 1)
		var err error
		if own, err = o.place(c, col, own); err != nil {
			return err
		}
		col += c.repeated
		if col > 1<<26 {
			return message.Fail(nil, "book-wide", "row", o.row)
		}
	}
	number := o.row
	o.row += repeated
	if o.row > 1<<40 {
		return message.Fail(nil, "book-tall")
	}
	if !own || s.Err() != nil {
		return nil
	}
	if visibility == "collapse" || visibility == "filter" {
		if o.hiddenRows == 0 {
			o.hiddenRow = number
		}
		o.hiddenRows += repeated
	}
	for i, t := range o.line {
		if i == len(o.used) {
			o.used = append(o.used, false)
		}
		o.used[i] = o.used[i] || t != ""
	}
	if o.only >= 0 && repeated > maxRows { // known before a million rows are made
		return refuse(o.grid.notes.place(number, 0), etl.CodeTooManyRows, maxRows)
	}
	for i := range repeated {
		if o.only < 0 && i >= scoredRows {
			break
		}
		if err := o.grid.add(number+i, o.line); err != nil {
			return err
		}
	}
	return nil
}

// place puts a cell, repeated, into the line after the col cells so far; it tells
// whether the row has something of its own by then.
func (o *odsReader) place(c odsCell, col int, own bool) (bool, error) {
	if c.covered {
		// Only what a span covers is filled: spans of empty cells cost nothing.
		for k := col; k < col+c.repeated && k < len(o.covers); k++ {
			if sp := &o.covers[k]; sp.left > 0 {
				sp.left--
				if err := o.pay(1); err != nil {
					return own, err
				}
				if err := o.pad(k); err != nil {
					return own, err
				}
				o.line = append(o.line, sp.text)
			}
		}
		return own, nil
	}
	if c.text == "" {
		return own, nil
	}
	if err := o.pad(col); err != nil {
		return own, err
	}
	if err := o.fits(col + c.repeated); err != nil {
		return own, err
	}
	for range c.repeated {
		o.line = append(o.line, c.text)
	}
	if c.cols > 1 || c.rows > 1 {
		cols := min(c.cols, maxColumn)
		if err := o.pay(cols); err != nil {
			return own, err
		}
		for len(o.covers) < col+cols {
			o.covers = append(o.covers, span{})
		}
		for k := range cols {
			left := c.rows
			if k == 0 {
				left-- // its own row has the cell itself
			}
			o.covers[col+k] = span{c.text, left}
		}
	}
	return true, nil
}

// pay counts what spans cost: rows that they fill may all stay blank, and so not
// be counted as cells.
func (o *odsReader) pay(n int) error {
	if o.paid += n; o.paid > o.in.opt.maxCells() {
		return o.in.refuse(etl.CodeTooManyCells, o.in.opt.maxCells())
	}
	return nil
}

// pad adds the empty cells that were only counted.
func (o *odsReader) pad(to int) error {
	if err := o.fits(to); err != nil {
		return err
	}
	for len(o.line) < to {
		o.line = append(o.line, "")
	}
	return nil
}

func (o *odsReader) fits(n int) error {
	if n > maxColumn || n > o.in.opt.maxCells() {
		if n > o.in.opt.maxCells() {
			return o.in.refuse(etl.CodeTooManyCells, o.in.opt.maxCells())
		}
		return message.Fail(nil, "book-columns", "row", o.row, "most", maxColumn)
	}
	return nil
}

// cell reads the cell that has just begun, at column col (from 1).
func (o *odsReader) cell(col int) odsCell {
	s := o.s
	c := odsCell{covered: s.Is("covered-table-cell"), repeated: 1, cols: 1, rows: 1}
	var kind, extended, value, formula string
	for name, v, ok := s.Attr(); ok; name, v, ok = s.Attr() {
		switch string(name[bytes.IndexByte(name, ':')+1:]) {
		case "number-columns-repeated":
			c.repeated = repetition(string(v))
		case "number-columns-spanned":
			c.cols = repetition(string(v))
		case "number-rows-spanned":
			c.rows = repetition(string(v))
		case "value-type":
			// LibreOffice writes its own, in another name space, beside the standard
			// one; only its own says that a cell is an error.
			if bytes.HasPrefix(name, []byte("calcext:")) {
				extended = string(v)
			} else {
				kind = string(v)
			}
		case "value", "date-value", "time-value", "boolean-value", "string-value":
			if value == "" {
				value = string(ooxml.Decode(nil, v))
			}
		case "formula":
			formula = string(v)
		}
	}
	text := o.paragraphs()
	c.text = text
	switch kind {
	case "float", "percentage", "currency":
		if value != "" {
			c.text = plainNumber(value)
		}
	case "date":
		if value != "" {
			date, time, _ := strings.Cut(value, "T")
			c.text = o.notes.isoDate(o.row, col, date, time)
		}
	case "boolean":
		c.text = strings.ToUpper(strings.TrimSpace(value))
	case "string", "":
		if text == "" {
			c.text = value
		}
	}
	if strings.TrimSpace(c.text) == "" {
		c.text = ""
	}
	switch {
	case extended == "error" || formula != "" && strings.HasPrefix(c.text, "#"):
		o.notes.each(o.row, col, etl.CodeCellError, func() etl.Finding {
			return etl.Find(etl.Warning, etl.CodeCellError, etl.Place{}, "text", short(c.text))
		})
	case formula != "" && kind == "" && c.text == "":
		o.notes.each(o.row, col, etl.CodeFormulaUncached, uncached)
	}
	return c
}

// paragraphs is the text of the cell that has just begun, up to its end: one line a
// paragraph, without comments and drawings.
func (o *odsReader) paragraphs() string {
	s := o.s
	var b []byte
	inside := 0 // depth of the paragraph
	for depth := s.Depth(); s.Inside(depth); {
		switch s.Kind {
		case ooxml.Text:
			if inside > 0 {
				b = s.AppendText(b)
			}
		case ooxml.End:
			if s.Depth() < inside {
				inside = 0
			}
		case ooxml.Start:
			switch string(s.Name) {
			case "p", "h":
				if len(b) > 0 {
					b = append(b, '\n')
				}
				inside = s.Depth()
			case "s", "tab":
				b = append(b, ' ') // however many: runs of spaces are one
			case "line-break":
				b = append(b, '\n')
			case "annotation", "note", "frame", "ruby-text", "shapes", "table", "custom-shape", "g", "rect", "line", "control":
				s.Skip()
			}
		}
		if len(b) > maxToken {
			s.Fail(message.Fail(nil, "book-long-cell", "mib", maxToken>>20))
		}
	}
	return string(b)
}

func (o *odsReader) reportHidden() {
	if o.hiddenRows > 0 {
		o.notes.tell(etl.Find(etl.Warning, etl.CodeHiddenRows, etl.Place{}, "n", o.hiddenRows, "first", o.hiddenRow))
	}
	var hidden []string
	for i, used := range o.used {
		for _, a := range o.columns[:min(len(o.columns), 100)] {
			if used && i+1 >= a.Col && i+1 <= a.LastCol {
				hidden = append(hidden, ooxml.ColumnName(i+1))
				break
			}
		}
	}
	o.notes.hiddenColumns(hidden)
}
