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
	part := func(name string) func(func(*ooxml.Scanner) error) error {
		return func(fn func(*ooxml.Scanner) error) error {
			if name != "content.xml" && !a.Has(name) {
				return nil
			}
			return a.scan(name, fn)
		}
	}
	t, err := readOpenDocument(in, part("styles.xml"), part("content.xml"))
	if err != nil {
		return nil, a.damaged(err)
	}
	return t, nil
}

// readFlatODS reads the variant without an archive (.fods).
func readFlatODS(in *input) (*etl.Table, error) {
	nothing := func(func(*ooxml.Scanner) error) error { return nil }
	return readOpenDocument(in, nothing, func(fn func(*ooxml.Scanner) error) error {
		return scanned(bytes.NewReader(in.text.text), uint64(len(in.text.text)), fn)
	})
}

// readOpenDocument reads the content twice: to see what its tables are, then the
// one that is chosen, so that memory holds one table and not all.
func readOpenDocument(in *input, common, scan func(func(*ooxml.Scanner) error) error) (*etl.Table, error) {
	styles := odsStyles{}
	if err := common(styles.read); err != nil {
		return nil, err
	}
	look := &odsReader{in: in, only: -1, styles: styles}
	if err := scan(look.read); err != nil {
		return nil, err
	}
	chosen, err := in.choose(look.tables, false)
	if err != nil {
		return nil, err
	}
	name := look.tables[chosen].name
	n := in.note(name)
	read := &odsReader{in: in, only: chosen, styles: styles, notes: n, grid: newGrid(n, in.opt)}
	if err := scan(read.read); err != nil {
		return nil, err
	}
	read.grid.reportMarked(in.opt)
	if len(read.grid.rows) == 0 && in.opt.Sheet == "" {
		return nil, in.refuse(etl.CodeSheetNone)
	}
	read.grid.reportShort(in.opt)
	return &etl.Table{Sheet: name, Format: "ods", Rows: read.grid.rows}, nil
}

type odsReader struct {
	in     *input
	only   int // the table to read; -1 previews all
	tables []candidate
	hidden map[string]bool // table styles that hide
	styles odsStyles
	looks  vote // of the current row's cells

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
	faces   []columnFace
	rowFace face

	hiddenRow, hiddenRows int
	formulas              map[int]Columns // nil if nobody asks
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
			if o.styles.begin(s); s.Value("family") == "table" {
				family = s.Value("name")
			}
		case "text-properties", "table-cell-properties":
			o.styles.properties(s)
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
	o.row, o.covers, o.columns, o.used, o.hiddenRows, o.faces = 1, o.covers[:0], nil, nil, 0, nil
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
			if f := o.styles.face(s.Value("default-cell-style-name")); f != 0 && len(o.faces) < maxColumn {
				o.faces = append(o.faces, columnFace{ooxml.Area{Col: column, LastCol: column + n - 1}, f})
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
	o.rowFace = o.styles.face(s.Value("default-cell-style-name"))
	o.line, o.looks = o.line[:0], vote{}
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
	if o.row > 1<<30 { // far beyond any, and no repetition makes it more than an int has on 32 bits
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
		o.grid.looked(number+i, o.looks.look)
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
	var kind, extended, value, formula, style string
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
		case "style-name":
			style = string(v)
		}
	}
	text, left := o.paragraphs(col)
	c.text = text
	switch kind {
	case "float", "percentage", "currency":
		if value != "" {
			if c.text = plainNumber(value); tellsMore(text, c.text) {
				c.text = text
			}
		}
	case "date":
		if value != "" {
			date, time, _ := strings.Cut(value, "T")
			c.text = o.notes.isoDate(o.row, col, date, time)
			// The first of a month that is shown as a month is the program's day.
			if d, ok := etl.ParseDate(text); ok && d.Month != 0 && d.Day == 0 && strings.HasPrefix(c.text, d.String()) &&
				strings.HasSuffix(c.text, "-01") {
				c.text = d.String()
			}
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
	if formula != "" && o.formulas != nil {
		for k := range min(c.repeated, maxColumn) {
			o.formulas[o.row] = o.formulas[o.row].with(col - 1 + k)
		}
	}
	if c.text != "" {
		o.looks.add(o.styles.looks[style])
	}
	if c.text != "" && o.faceAt(style, col)&struck != 0 {
		left, c.text = &[leftKinds]string{leftStruck: c.text}, ""
	}
	if left != nil {
		o.notes.leftOut(o.row, col, left)
		if c.text == "" {
			return c
		}
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
// paragraph, without comments and drawings. Left is what styles keep out of the value,
// nil if nothing.
func (o *odsReader) paragraphs(col int) (string, *[leftKinds]string) {
	s := o.s
	var b []byte
	var shown *shownText // once a span has a face of its own
	type span struct {
		depth int
		face  face
	}
	var spans []span
	inside, size := 0, 0 // depth of the paragraph; length of the text
	for depth := s.Depth(); s.Inside(depth); {
		size = max(size, len(b))
		switch s.Kind {
		case ooxml.Text:
			switch {
			case inside == 0:
			case len(spans) > 0:
				text := s.String()
				shown.write(text, spans[len(spans)-1].face)
				size += len(text)
			case shown != nil:
				text := s.String()
				shown.write(text, 0)
				size += len(text)
			default:
				b = s.AppendText(b)
			}
		case ooxml.End:
			if s.Depth() < inside {
				inside = 0
			}
			for len(spans) > 0 && s.Depth() < spans[len(spans)-1].depth {
				spans = spans[:len(spans)-1]
			}
		case ooxml.Start:
			gap := byte(0)
			switch string(s.Name) {
			case "p", "h":
				if len(b) > 0 || shown != nil {
					gap = '\n'
				}
				inside = s.Depth()
			case "s", "tab":
				gap = ' ' // however many: runs of spaces are one
			case "line-break":
				gap = '\n'
			case "span":
				f := o.styles.face(s.Value("style-name"))
				if len(spans) > 0 {
					f |= spans[len(spans)-1].face
				}
				if f == 0 {
					break
				}
				if shown == nil {
					shown = &shownText{}
					shown.write(string(b), 0)
				}
				spans = append(spans, span{s.Depth(), f})
			case "annotation":
				o.notes.comment(o.row, col, "", overlaid(s))
			case "frame", "custom-shape", "g", "rect":
				o.notes.comment(o.row, col, "box", overlaid(s))
			case "note", "ruby-text", "shapes", "table", "line", "control":
				s.Skip()
			}
			switch {
			case gap == 0:
			case shown != nil:
				shown.write(string(gap), 0)
			default:
				b = append(b, gap)
			}
		}
		if size > maxToken {
			s.Fail(message.Fail(nil, "book-long-cell", "mib", maxToken>>20))
		}
	}
	if shown == nil {
		return string(b), nil
	}
	text := shown.whole()
	if shown.left == ([leftKinds]string{}) {
		return text, nil
	}
	return text, &shown.left
}

// columnFace is how cells without a style of their own are shown in some columns.
type columnFace struct {
	columns ooxml.Area
	face    face
}

// faceAt is how a cell is shown by its style, or else by that of its row or column.
func (o *odsReader) faceAt(style string, col int) face {
	if style != "" {
		return o.styles.face(style)
	}
	for _, c := range o.faces {
		if c.columns.Col <= col && col <= c.columns.LastCol {
			return c.face | o.rowFace
		}
	}
	return o.rowFace
}

// odsStyles are the styles of texts and cells that have a face, or a parent that may.
type odsStyles struct {
	faces   map[string]face
	looks   map[string]string // the colours of text and ground, bold, italic
	parents map[string]string
	name    string // of the style that is being read
}

// read takes the styles of a part that has nothing else of interest.
func (o *odsStyles) read(s *ooxml.Scanner) error {
	for s.Next() {
		switch {
		case s.Kind != ooxml.Start:
		case s.Is("style"):
			o.begin(s)
		case s.Is("text-properties") || s.Is("table-cell-properties"):
			o.properties(s)
		}
	}
	return nil
}

func (o *odsStyles) begin(s *ooxml.Scanner) {
	o.name = ""
	if family := s.Value("family"); family != "text" && family != "table-cell" {
		return
	}
	o.name = s.Value("name")
	if parent := s.Value("parent-style-name"); parent != "" && parent != "Default" {
		if o.parents == nil {
			o.parents = map[string]string{}
		}
		o.parents[o.name] = parent
	}
}

func (o *odsStyles) properties(s *ooxml.Scanner) {
	if o.name == "" {
		return
	}
	var f face
	for name, v, ok := s.Attr(); ok; name, v, ok = s.Attr() {
		switch value := string(v); string(name[bytes.IndexByte(name, ':')+1:]) {
		case "color", "background-color":
			o.colour(string(name[bytes.IndexByte(name, ':')+1:])+":", value)
		case "font-weight", "font-style":
			if value == "bold" || value == "italic" {
				o.look(string(name[bytes.IndexByte(name, ':')+1:]) + ":" + value)
			}
		case "text-line-through-style", "text-line-through-type":
			if value != "none" {
				f |= struck
			}
		case "text-position":
			if strings.HasPrefix(value, "super") || value != "" && value[0] >= '1' && value[0] <= '9' {
				f |= raised
			}
		case "display":
			if value == "none" {
				f |= hidden
			}
		}
	}
	if f != 0 {
		if o.faces == nil {
			o.faces = map[string]face{}
		}
		o.faces[o.name] = f
	}
}

// colour notes a colour of the style that is being read, unless it is plain.
func (o *odsStyles) colour(of, value string) {
	if value != "#000000" && value != "#ffffff" && value != "transparent" {
		o.look(of + value)
	}
}

func (o *odsStyles) look(like string) {
	if o.looks == nil {
		o.looks = map[string]string{}
	}
	o.looks[o.name] = strings.TrimSpace(o.looks[o.name] + " " + like)
}

// face is that of a style, with the styles that it builds on.
func (o *odsStyles) face(name string) face {
	var f face
	for range 16 { // nobody builds higher
		if name == "" {
			break
		}
		f |= o.faces[name]
		name = o.parents[name]
	}
	return f
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
