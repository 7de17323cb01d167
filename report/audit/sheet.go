package audit

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
)

// sheet is a sheet being audited. Its rows are streamed once; rules about all rows use a
// few counts.
type sheet struct {
	book    *workbook
	name    string
	part    string
	kind    string // of the relationship: worksheet, chartsheet …
	first   bool   // the sheet that is shown on opening
	related []ooxml.Relation
	tables  []*table
	found   collector

	rows, cells, formulas, charts int
	skipped                       int // runs of rows that were not audited

	// The current row.
	row, col int
	here     []*table // tables that contain the row
	filled   int      // cells of the row that are not empty
	outside  int      // how many of them are outside tables
	lone     bool     // whether the last of those is a text
	texts    []byte   // scratch

	// What is kept about the cells.
	used      ooxml.Area // area of the cells that are not empty; row 0 for none
	last      int        // last row that is not empty
	columns   []bool     // that are not empty
	marks     []uint64
	poor      map[[2]int]string // cells with texts that would be poor link texts
	free      columns           // of cells outside tables
	faint     map[faintKey]bool // styles already compared
	dimension string
	links     []link
	ignored   []ooxml.Area // numbers that are text on purpose
	hidden    []ooxml.Area // columns
	paper     paper

	// The current block of rows outside tables.
	block    block
	untitled []int // first rows of blocks without a title
	blocks   int
}

// block is a run of rows with several cells each, outside tables.
type block struct {
	from, rows int
	titled     bool
}

type link struct {
	at       ooxml.Area
	id       string
	location string
}

type faintKey struct {
	style int
	table *table
}

const (
	// After the rows that Options allows, sampleRows rows are audited for every sampleStep
	// bytes.
	sampleRows = 16
	sampleStep = 256 << 10
	// maxMarked bounds what is kept a row (which of its first 64 cells hold something).
	maxMarked = 1 << 18
	maxPoor   = 1 << 16
)

// readRelated reads the sheet's tables before its cells.
func (s *sheet) readRelated() error {
	var err error
	if s.related, err = s.book.relationsOf(s.part, &s.found); err != nil {
		return err
	}
	for _, r := range kinds(s.related, "table") {
		t, err := readTable(s.book.parts, r.Target)
		if err != nil {
			return err
		}
		t.grounds = s.book.styles.tableGrounds(t.style)
		s.tables = append(s.tables, t)
	}
	return nil
}

func (s *sheet) audit() error {
	s.poor, s.faint = map[[2]int]string{}, map[faintKey]bool{}
	s.columns = make([]bool, 64)
	if err := s.book.parts.read(s.part, maxSheetPart, s.scan); err != nil {
		return err
	}
	for _, r := range kinds(s.related, "drawing") {
		if err := s.drawing(r.Target); err != nil {
			return err
		}
	}
	if s.kind == "worksheet" {
		s.finish()
	}
	return nil
}

// scan reads the sheet's elements in their order: views, columns, cells, merges,
// validations, links.
func (s *sheet) scan(x *ooxml.Scanner) error {
	for x.Next() {
		if x.Kind != ooxml.Start {
			continue
		}
		switch string(x.Name) {
		case "tabColor":
			if v, ok := x.Attributes().Lookup("rgb"); ok {
				if _, ok := parseColour(v); !ok || len(v) != 8 {
					s.found.add("colour", "", message.New("audit-tab", "colour", excerpt(v)))
				}
			}
		case "pageSetUpPr", "pageMargins", "pageSetup", "sheetFormatPr":
			s.paper.read(string(x.Name), x.Attributes())
		case "dimension":
			s.dimension = x.Attributes().Get("ref")
		case "sheetView":
			s.view(x)
		case "col":
			a := x.Attributes()
			s.paper.column(a)
			if w, ok := a.Lookup("width"); a.Truth("hidden") || ok && (w == "0" || w == "0.0") {
				s.hidden = append(s.hidden, ooxml.Area{Row: 1, Col: a.Number("min", 1), LastRow: ooxml.MaxRows,
					LastCol: a.Number("max", 1)})
			}
		case "sheetData":
			if err := s.data(x); err != nil {
				return err
			}
		case "mergeCell":
			if a, ok := ooxml.ParseArea(x.Attributes().Get("ref")); ok {
				s.merge(a)
			}
		case "hyperlink":
			a := x.Attributes()
			for _, at := range ooxml.ParseAreas(a.Get("ref")) {
				s.links = append(s.links, link{at, a.Get(":id"), a.Get("location")})
			}
		case "ignoredError":
			if a := x.Attributes(); a.Truth("numberStoredAsText") {
				s.ignored = append(s.ignored, ooxml.ParseAreas(a.Get("sqref"))...)
			}
		case "dataValidation":
			s.validation(x)
		}
	}
	return x.Err()
}

// view checks the position at which the first sheet opens. A frozen pane has its own
// selection; the active one counts.
func (s *sheet) view(x *ooxml.Scanner) {
	a := x.Attributes()
	if a.Truth("tabSelected") && !s.first {
		s.found.add("sheet-active", "", message.New("audit-selected"))
	}
	if !s.first || a.Number("workbookViewId", 0) != 0 {
		return
	}
	active, pane := "A1", ""
	if top, ok := a.Lookup("topLeftCell"); ok && top != "A1" {
		active = top
	}
	within(x, func(name string) {
		switch a := x.Attributes(); name {
		case "pane":
			pane = a.Get("activePane")
		case "selection":
			if p := a.Get("pane"); p == pane || p == "topLeft" && pane == "" {
				if c, ok := a.Lookup("activeCell"); ok && c != "A1" {
					active = c
				}
			}
		}
	})
	if active != "A1" {
		s.found.add("cell-active", active, nil)
	}
}

// data reads the rows.
func (s *sheet) data(x *ooxml.Scanner) error {
	depth, sampled := x.Depth(), 0
	for x.Depth() >= depth && x.Next() {
		if x.Kind != ooxml.Start || string(x.Name) != "row" {
			continue
		}
		full := string(x.Full)
		if err := s.readRow(x); err != nil {
			return err
		}
		if s.book.options.Rows == 0 || s.rows < s.book.options.Rows {
			continue
		}
		if sampled++; sampled%sampleRows == 0 {
			prefix := full[:len(full)-len("row")]
			s.skipped++
			x.Jump(sampleStep, "<"+full+" ", "</"+prefix+"sheetData")
		}
	}
	s.endBlock()
	return x.Err()
}

func (s *sheet) readRow(x *ooxml.Scanner) error {
	row, hidden, height := s.row+1, false, s.paper.rowHeight
	for name, value, ok := x.Attr(); ok; name, value, ok = x.Attr() {
		switch string(name) {
		case "r":
			if n, err := strconv.Atoi(string(value)); err == nil {
				row = n
			}
		case "hidden":
			hidden = ooxml.Truth(string(value))
		case "ht":
			hidden = hidden || string(value) == "0"
			if h, err := strconv.ParseFloat(string(value), 64); err == nil {
				height = h
			}
		}
	}
	if row <= s.row || row > ooxml.MaxRows {
		s.found.add("grid", "", message.New("audit-row-order", "row", row, "after", s.row))
		row = min(max(row, s.row+1), ooxml.MaxRows)
	}
	s.rows++
	s.paper.height += height
	s.row, s.col, s.filled, s.outside, s.lone = row, 0, 0, 0, false
	s.here = s.here[:0]
	for _, t := range s.tables {
		if row >= t.at.Row && row <= t.at.LastRow {
			s.here = append(s.here, t)
		}
	}
	depth := x.Depth()
	for x.Depth() >= depth && x.Next() {
		if x.Kind == ooxml.Start && string(x.Name) == "c" {
			s.cell(x)
		}
	}
	if x.Err() != nil {
		return x.Err()
	}
	if s.filled > 0 {
		if hidden {
			s.found.add("row-hidden", rowName(row, row), nil)
		}
		if s.last > 0 && row > s.last+1 && s.skipped == 0 {
			s.found.addAll("row-blank", rowName(s.last+1, row-1), nil, row-s.last-1)
		}
		s.last = row
	}
	s.follow(row)
	return nil
}

func rowName(from, to int) string { return strconv.Itoa(from) + ":" + strconv.Itoa(to) }

// follow tracks blocks: consecutive rows of several cells outside tables. A row with one
// text just above a block is its title.
func (s *sheet) follow(row int) {
	switch {
	case s.outside >= 2:
		if s.block.rows == 0 || s.block.from+s.block.rows != row {
			titled := s.block.titled && s.block.rows == 0 && s.block.from == row
			s.endBlock()
			s.block = block{from: row, titled: titled}
		}
		s.block.rows++
	case s.outside == 1 && s.lone && len(s.here) == 0:
		s.endBlock()
		s.block = block{from: row + 1, titled: true}
	default:
		s.endBlock()
		s.block = block{}
	}
}

func (s *sheet) endBlock() {
	if s.block.rows < 2 {
		return
	}
	if s.blocks++; !s.block.titled && len(s.untitled) < maxNamed {
		s.untitled = append(s.untitled, s.block.from)
	}
}

// cell reads a cell.
func (s *sheet) cell(x *ooxml.Scanner) {
	row, col, style, kind := s.row, s.col+1, 0, byte('n')
	for name, value, ok := x.Attr(); ok; name, value, ok = x.Attr() {
		if len(name) != 1 {
			continue
		}
		switch name[0] {
		case 'r':
			r, c, ok := ooxml.ParseCell(value)
			if !ok || r != row || c <= s.col {
				s.found.add("grid", "", message.New("audit-cell-row", "cell", excerpt(value), "row", row))
			} else {
				col = c
			}
		case 's':
			style, _ = strconv.Atoi(string(value))
		case 't':
			kind = kindOf(value)
		}
	}
	s.col = col
	if x.Closed() { // an empty cell, by far the most frequent kind
		x.Next()
		return
	}
	var (
		text               = s.texts[:0]
		formula            []byte
		inFormula, inValue bool
		hasFormula, cached bool
		phonetic           int
	)
	depth := x.Depth()
	for x.Depth() >= depth && x.Next() {
		switch x.Kind {
		case ooxml.Start:
			switch string(x.Name) {
			case "f":
				hasFormula, inFormula = true, true
			case "v":
				inValue, cached = true, true
			case "t":
				inValue = phonetic == 0
			case "rPh":
				phonetic++
			}
		case ooxml.End:
			switch string(x.Name) {
			case "f":
				inFormula = false
			case "v", "t":
				inValue = false
			case "rPh":
				phonetic--
			}
		case ooxml.Text:
			if inFormula {
				formula = append(formula, x.Raw()...)
			} else if inValue {
				text = x.AppendText(text)
			}
		}
		if len(text)+len(formula) > maxToken {
			x.Fail(message.Fail(nil, "audit-cell-long", "cell", ooxml.CellName(row, col)))
			return
		}
	}
	s.texts = text
	s.value(row, col, style, kind, text, formula, hasFormula, cached)
}

// kindOf returns a letter for a cell's type: n number, s shared string, i inline string, r
// text result of a formula, e error, b boolean, d date.
func kindOf(value []byte) byte {
	switch string(value) {
	case "s", "e", "b", "d":
		return value[0]
	case "inlineStr":
		return 'i'
	case "str":
		return 'r'
	}
	return 'n'
}

// value applies the rules to a cell with content.
func (s *sheet) value(row, col, style int, kind byte, text, formula []byte, hasFormula, cached bool) {
	look := class(0)
	switch kind {
	case 's':
		i, err := strconv.Atoi(string(text))
		var ok bool
		if text, look, ok = s.book.texts.at(i); err != nil || !ok {
			s.found.add("grid", ooxml.CellName(row, col), message.New("audit-shared-text"))
		}
	case 'i', 'r':
		if bytes.Contains(text, []byte("_x")) {
			text = []byte(ooxml.Unescape(string(text)))
		}
		look = classify(text)
	default:
		if len(text) == 0 {
			look = blank
		}
	}
	if hasFormula {
		s.formulas++
		if !cached || len(text) == 0 && kind != 'r' {
			s.found.add("formula-uncached", ooxml.CellName(row, col), nil)
		}
		s.formula(row, col, formula, look)
	} else if look&blank != 0 {
		return
	}
	s.cells++
	s.filled++
	s.mark(row, col)
	isText := kind == 's' || kind == 'i' || kind == 'r'
	in := s.enter(row, col, isText, text)
	if in == nil {
		s.outside++
		s.lone = isText
	}
	s.paper.see(&s.book.styles, style, row, col)
	if key := (faintKey{style, in}); !s.faint[key] {
		s.compare(key, row, col)
	}
	if kind == 'e' {
		s.found.add("error-value", ooxml.CellName(row, col), string(text[:min(len(text), 12)]))
		return
	}
	columns := &s.free
	if in != nil {
		columns = &in.columns
	}
	if kind == 'n' || kind == 'd' {
		columns.number(col)
		return
	}
	if kind != 's' && kind != 'i' || hasFormula || in != nil && row < in.first {
		if in != nil && row < in.first && look&runs != 0 && !s.typed(style) {
			s.found.add("text-runs", ooxml.CellName(row, col), excerpt(string(text)))
		}
		return
	}
	columns.text(row, col, look, in == nil, s.textOnPurpose(style))
	if look == plain && len(text) <= maxText {
		return
	}
	if look&runs != 0 && !s.typed(style) {
		s.found.add("text-runs", ooxml.CellName(row, col), excerpt(string(text)))
	}
	if look&noLink != 0 && len(s.poor) < maxPoor {
		s.poor[[2]int{row, col}] = string(text)
	}
	if len(text) > maxText && ooxml.TextLength(string(text)) > maxText {
		s.found.add("text-long", ooxml.CellName(row, col), message.New("audit-characters", "n", ooxml.TextLength(string(text))))
	}
}

// enter counts a cell for the tables that contain it, and records the cells of their
// headers. It returns the last of these tables, or nil.
func (s *sheet) enter(row, col int, isText bool, text []byte) *table {
	var in *table
	for _, t := range s.here {
		if col < t.at.Col || col > t.at.LastCol {
			continue
		}
		in = t
		switch {
		case row > t.last:
		case row >= t.first:
			t.data++
		case isText:
			t.seen[col] = string(text)
		default:
			t.seen[col] = "a number, " + string(text)
		}
	}
	return in
}

// typed reports whether a style marks its text as typed after an apostrophe, which remains
// a text.
func (s *sheet) typed(style int) bool {
	return style >= 0 && style < len(s.book.styles.looks) && s.book.styles.looks[style].quoted
}

// textOnPurpose reports whether a style says that even digits are text.
func (s *sheet) textOnPurpose(style int) bool {
	return s.typed(style) || style >= 0 && style < len(s.book.styles.looks) && s.book.styles.looks[style].text
}

func (s *sheet) mark(row, col int) {
	for col >= len(s.columns) {
		s.columns = append(s.columns, make([]bool, len(s.columns))...)
	}
	s.columns[col] = true
	if s.used.Row == 0 {
		s.used = ooxml.Area{Row: row, Col: col, LastRow: row, LastCol: col}
	}
	s.used.LastRow = row
	s.used.Col, s.used.LastCol = min(s.used.Col, col), max(s.used.LastCol, col)
	if col <= 64 && row <= maxMarked {
		for row > len(s.marks) {
			s.marks = append(s.marks, make([]uint64, max(64, row-len(s.marks)))...)
		}
		s.marks[row-1] |= 1 << (col - 1)
	}
}

// holds reports whether a cell has content. For cells beyond those recorded, it returns
// true.
func (s *sheet) holds(row, col int) bool {
	if col > 64 || row > maxMarked || s.skipped > 0 && row > s.book.options.Rows {
		return true
	}
	return row <= len(s.marks) && s.marks[row-1]&(1<<(col-1)) != 0
}

// compare checks the contrast of a style, once for each background.
func (s *sheet) compare(key faintKey, row, col int) {
	s.faint[key] = true
	grounds := []colour{white}
	if key.table != nil {
		grounds = key.table.grounds
	}
	if ratio, faint := s.book.styles.tooFaint(key.style, grounds); faint {
		s.found.add("contrast", ooxml.CellName(row, col), message.New("audit-ratio", "ratio", ratio))
	}
}

var (
	gone      = []byte("#REF!")
	hyperlink = []byte("HYPERLINK(")
)

func (s *sheet) formula(row, col int, raw []byte, look class) {
	if !bytes.Contains(raw, gone) && !bytes.Contains(raw, hyperlink) {
		return
	}
	formula := string(ooxml.Decode(nil, raw))
	if brokenReference(formula) {
		s.found.add("formula-reference", ooxml.CellName(row, col), excerpt(formula))
	}
	code, linked := withoutTexts(formula), false
	for at := 0; ; {
		i := strings.Index(code[at:], string(hyperlink))
		if i < 0 {
			break
		}
		at += i + len(hyperlink)
		linked = true
		if address, ok := textAt(formula[at:]); ok && !strings.HasPrefix(address, "#") && !followable(address) {
			s.found.add("link-target", ooxml.CellName(row, col), excerpt(address))
		}
	}
	if linked && look&(noLink|blank) != 0 {
		s.found.add("link-text", ooxml.CellName(row, col), nil)
	}
}

// followable reports whether every reader can follow an address: it runs nothing and is no
// local file.
func followable(address string) bool { return etl.CheckLink(address) == nil }

func (s *sheet) merge(a ooxml.Area) {
	if a.Row == a.LastRow && a.Col == a.LastCol {
		return
	}
	for _, t := range s.tables {
		if t.at.Meets(a) {
			s.found.add("table-merged", a.String(), excerpt(t.name))
			return
		}
	}
	s.found.add("merged", a.String(), nil)
}

// validation checks a drop-down's list, in the sheet's own element and in the one that
// newer programs put among the extensions.
func (s *sheet) validation(x *ooxml.Scanner) {
	a := x.Attributes()
	at, list := a.Get("sqref"), ""
	isList := a.Get("type") == "list"
	inFormula := false
	depth := x.Depth()
	for x.Depth() >= depth && x.Next() {
		switch x.Kind {
		case ooxml.Start:
			switch string(x.Name) {
			case "formula1":
				inFormula = true
			case "sqref":
				at = x.Content()
			}
		case ooxml.End:
			if string(x.Name) == "formula1" {
				inFormula = false
			}
		case ooxml.Text:
			if inFormula && len(list) < maxToken {
				list += string(x.AppendText(nil))
			}
		}
	}
	if !isList {
		return
	}
	at, _, _ = strings.Cut(at, " ")
	if why := s.brokenList(strings.TrimSpace(list)); why != nil {
		s.found.add("validation", at, why)
	}
}

// brokenList says why a drop-down has no values. It returns nil if it has values, or if
// only a calculation could decide.
func (s *sheet) brokenList(list string) any {
	list = strings.TrimPrefix(list, "=")
	switch {
	case list == "" || list == `""`:
		return message.New("audit-list-empty")
	case brokenReference(list):
		return excerpt(list)
	case list[0] == '"':
		if n := ooxml.TextLength(strings.TrimSuffix(list[1:], `"`)); n > maxLiteral {
			return message.New("audit-list-long", "n", n, "most", maxLiteral)
		}
		return nil
	}
	if name, _, ok := cutSheet(list); ok {
		if !strings.Contains(name, "[") && !s.book.sheetKeys[strings.ToLower(name)] {
			return message.New("audit-no-such-sheet", "name", excerpt(name))
		}
		return nil
	}
	if validName(list) && !likeCell(list) && !s.book.names[strings.ToLower(list)] {
		return message.New("audit-no-such-name", "name", excerpt(list))
	}
	return nil
}

// cutSheet splits a plain reference into sheet and cells: 'Feuille 1'!$A$1.
func cutSheet(ref string) (sheet, rest string, ok bool) {
	if !strings.HasPrefix(ref, "'") {
		sheet, rest, ok = strings.Cut(ref, "!")
		return sheet, rest, ok && !strings.ContainsAny(sheet, "(),&+*/")
	}
	for i := 1; i < len(ref); i++ {
		if ref[i] != '\'' {
			continue
		}
		if i+1 < len(ref) && ref[i+1] == '\'' {
			i++
			continue
		}
		rest, ok = strings.CutPrefix(ref[i+1:], "!")
		return strings.ReplaceAll(ref[1:i], "''", "'"), rest, ok
	}
	return "", "", false
}

// finish applies the rules that need the whole sheet.
func (s *sheet) finish() {
	s.checkTables()
	if s.used.Row == 0 {
		if s.charts == 0 && len(kinds(s.related, "drawing")) == 0 {
			s.found.add("sheet-empty", "", nil)
		}
		return
	}
	for col := s.used.Col + 1; col < s.used.LastCol; col++ {
		if from := col; !s.columns[col] {
			for !s.columns[col+1] {
				col++
			}
			s.found.addAll("column-blank", columnRange(from, col), nil, col-from+1)
		}
	}
	for _, h := range s.hidden {
		for col := max(h.Col, s.used.Col); col <= min(h.LastCol, s.used.LastCol); col++ {
			if s.columns[col] {
				s.found.add("column-hidden", columnRange(col, col), nil)
			}
		}
	}
	if d, ok := ooxml.ParseArea(s.dimension); s.dimension != "" &&
		(!ok || !d.Holds(s.used.Row, s.used.Col) || !d.Holds(s.used.LastRow, s.used.LastCol)) {
		s.found.add("dimension", "", message.New("audit-dimension", "dimension", s.dimension, "used", s.used.String()))
	}
	if size, at := s.paper.smallest(s.used, s.skipped > 0); size > 0 && size < leastPrinted {
		s.found.add("print-small", at, message.New("audit-points", "n", points(size)))
	}
	if s.blocks+len(s.tables) > 1 {
		for _, row := range s.untitled {
			s.found.add("table-unnamed", ooxml.CellName(row, s.used.Col), nil)
		}
	}
	for _, l := range s.links {
		s.link(l)
	}
	tables := make([]*columns, 0, len(s.tables)+1)
	for _, t := range s.tables {
		tables = append(tables, &t.columns)
	}
	for _, c := range append(tables, &s.free) {
		c.tell(&s.found, s.ignored)
	}
	if s.skipped > 0 {
		s.found.add("sampled", "", message.New("audit-sampled", "n", s.rows, "first", s.book.options.Rows,
			"last", s.last))
	}
}

func columnRange(from, to int) string { return ooxml.ColumnName(from) + ":" + ooxml.ColumnName(to) }

func (s *sheet) link(l link) {
	at := l.at.String()
	if l.id != "" {
		r, ok := byID(s.related, l.id)
		switch {
		case !ok:
			s.found.add("link-target", at, message.New("audit-no-address"))
		case r.External && !followable(r.Target), !r.External && !strings.HasPrefix(r.Target, "#") && r.Target != "":
			s.found.add("link-target", at, excerpt(r.Target))
		}
	} else if name, _, ok := cutSheet(strings.TrimPrefix(l.location, "#")); ok &&
		!s.book.sheetKeys[strings.ToLower(name)] {
		s.found.add("link-target", at, message.New("audit-no-such-sheet", "name", excerpt(name)))
	} else if strings.Contains(l.location, "#REF!") || l.location == "" {
		s.found.add("link-target", at, excerpt(l.location))
	}
	if text, ok := s.poor[[2]int{l.at.Row, l.at.Col}]; ok {
		// In a table an address is what its column holds, and the heading says of what.
		if strings.HasPrefix(text, "http") && slices.ContainsFunc(s.tables,
			func(t *table) bool { return t.at.Meets(l.at) }) {
			return
		}
		s.found.add("link-text", at, excerpt(text))
	} else if !s.holds(l.at.Row, l.at.Col) {
		s.found.add("link-text", at, message.New("audit-cell-empty"))
	}
}

// columns holds counts by column, of a table or of the cells outside tables. They decide
// whether digits stored as text are a fault.
type columns struct{ at []*columnCount }

type columnCount struct {
	numbers int
	texts   int // that look neither like a number nor like a date
	like    [2]likes
}

// likes are the texts of a column that look like numbers or dates. They are kept as runs
// of rows, because such texts are mostly consecutive.
type likes struct {
	count   int
	stretch []ooxml.Area
}

const maxStretches = 10_000 // per column

func (c *columns) count(col int) *columnCount {
	for col >= len(c.at) {
		c.at = append(c.at, nil)
	}
	if c.at[col] == nil {
		c.at[col] = &columnCount{}
	}
	return c.at[col]
}

func (c *columns) number(col int) { c.count(col).numbers++ }

func (c *columns) text(row, col int, look class, free, onPurpose bool) {
	n := c.count(col)
	which := 0
	switch {
	case look&(likeNumber|likeDate) == 0 || onPurpose:
		n.texts++
		return
	case free && look&likeYear != 0:
		return // a year among labels and headers
	case look&likeDate != 0:
		which = 1
	}
	l := &n.like[which]
	l.count++
	if k := len(l.stretch) - 1; k >= 0 && l.stretch[k].LastRow == row-1 {
		l.stretch[k].LastRow = row
	} else if k+1 < maxStretches {
		l.stretch = append(l.stretch, ooxml.Area{Row: row, Col: col, LastRow: row, LastCol: col})
	}
}

// tell reports the faults. Digits are rightly text if the style or the mark "number stored
// as text" says so (the mark concerns numbers only), or in a column without numbers and
// with mostly other texts, such as certificate numbers with and without letters.
func (c *columns) tell(found *collector, ignored []ooxml.Area) {
	for col, n := range c.at {
		if n == nil {
			continue
		}
		for which, rule := range []string{"number-as-text", "date-as-text"} {
			l := &n.like[which]
			if l.count == 0 || n.numbers == 0 && n.texts >= l.count {
				continue
			}
			for _, a := range l.stretch {
				if which == 0 && slices.ContainsFunc(ignored,
					func(i ooxml.Area) bool { return i.Holds(a.Row, col) && i.Holds(a.LastRow, col) }) {
					continue
				}
				found.addAll(rule, a.String(), nil, a.LastRow-a.Row+1)
			}
		}
	}
}
