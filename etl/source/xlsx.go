package source

import (
	"errors"
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"

	"hdsreport/etl"
)

// Excel workbooks are read here from their XML, and not through excelize, which
// writes them for us. Its reader (v2.11.1) was tried first:
//
//   - Rows gives texts alone: neither the type of a cell, nor its style, nor
//     whether it has a formula. Raw, the date 17/06/2019 and the certificate number
//     43633 are the same "43633"; formatted, the date is "06-17-19" in one file and
//     "17 juin 2019" in the next. Asking by cell (GetCellType, GetCellStyle) parses
//     the whole sheet a second time, into a tree of several hundred bytes a cell.
//   - Rows ends without an error where the XML ends in the middle: a sheet cut at
//     row 60 is a list of 60 rows. Here, of all places, it must not be.
//   - For 10,000 rows of nine columns, Rows took 17 µs and 12 kB a row, with type
//     and style 55 µs and 26 kB; this reader takes 6 µs and 0.7 kB
//     (source_bench_test.go measures all three).
//
// The tests build their workbooks with excelize, and hold this reader against its
// answers (TestXLSXAgreesWithExcelize).

// workbook is what a sheet's cells need from the rest of the file.
type workbook struct {
	*archive
	sheets   []sheetRef
	date1904 bool
	formats  []shows // by style index
	strings  []string
	loaded   bool
}

type sheetRef struct {
	name, part string
	hidden     bool
}

// relation types end alike in the transitional and strict variants of the format.
const (
	relWorkbook  = "/officeDocument"
	relWorksheet = "/worksheet"
	relStyles    = "/styles"
	relStrings   = "/sharedStrings"
)

func readXLSX(in *input) (*etl.Table, error) {
	a, err := openArchive(in)
	if err != nil {
		return nil, err
	}
	w, err := openWorkbook(a)
	if err != nil {
		return nil, a.damaged(err)
	}
	cs := make([]candidate, len(w.sheets))
	for i, s := range w.sheets {
		cs[i] = candidate{name: s.name, hidden: s.hidden}
		if len(w.sheets) == 1 && in.opt.Sheet == "" {
			cs[i].cells = 1 // nothing to choose from, so no need to look
			break
		}
		preview := newGrid(newNotes("", ""), in.opt)
		if err := w.readSheet(s, preview, scoredRows); err != nil {
			return nil, a.damaged(err)
		}
		cs[i].score, cs[i].cells = in.opt.score(preview.rows), countCells(preview.rows)
	}
	chosen, err := in.choose(cs, false)
	if err != nil {
		return nil, err
	}
	g := newGrid(in.note(cs[chosen].name), in.opt)
	if err := w.readSheet(w.sheets[chosen], g, 0); err != nil {
		return nil, a.damaged(err)
	}
	if len(g.rows) == 0 && in.opt.Sheet == "" {
		return nil, in.refuse("sheet-none")
	}
	return &etl.Table{Sheet: cs[chosen].name, Format: "xlsx", Rows: g.rows}, nil
}

// relation is a line of a .rels part.
type relation struct{ id, kind, target string }

func (a *archive) relations(of string) ([]relation, error) {
	dir, file := path.Split(of)
	name := dir + "_rels/" + file + ".rels"
	if !a.has(name) {
		return nil, nil
	}
	s, c, err := a.scan(name)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var out []relation
	for {
		t, err := s.next()
		if err != nil || t == xmlEOF {
			return out, err
		}
		if t == xmlStart && s.is("Relationship") && s.attr("TargetMode") != "External" {
			target := strings.ReplaceAll(s.attr("Target"), `\`, "/")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(dir, target)
			}
			out = append(out, relation{s.attr("Id"), s.attr("Type"), strings.TrimPrefix(path.Clean(target), "/")})
		}
	}
}

// workbookPath is the workbook's part, empty if the package is none.
func workbookPath(a *archive) string {
	rels, err := a.relations("")
	if err == nil {
		for _, r := range rels {
			if strings.HasSuffix(r.kind, relWorkbook) && a.has(r.target) && strings.Contains(strings.ToLower(r.target), "workbook") {
				return r.target
			}
		}
	}
	if a.has("xl/workbook.xml") {
		return "xl/workbook.xml"
	}
	return ""
}

func openWorkbook(a *archive) (*workbook, error) {
	w := &workbook{archive: a}
	main := workbookPath(a)
	rels, err := a.relations(main)
	if err != nil {
		return nil, err
	}
	byID := map[string]relation{}
	styles := ""
	for _, r := range rels {
		byID[r.id] = r
		if strings.HasSuffix(r.kind, relStyles) {
			styles = r.target
		}
	}
	s, c, err := a.scan(main)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		if t == xmlEOF {
			break
		}
		if t != xmlStart {
			continue
		}
		switch string(s.name) {
		case "workbookPr":
			w.date1904 = truth(s.attr("date1904"))
		case "sheet":
			ref := sheetRef{name: s.attr("name"), hidden: s.attr("state") == "hidden" || s.attr("state") == "veryHidden"}
			var r relation
			s.eachAttr(func(name, value []byte) bool {
				if i := strings.IndexByte(string(name), ':'); i >= 0 && string(name[i+1:]) == "id" {
					r = byID[string(value)]
				}
				return true
			})
			if strings.HasSuffix(r.kind, relWorksheet) { // chart and dialog sheets have no cells
				ref.part = r.target
				ref.name, _ = cleanText(ref.name)
				if len(w.sheets) == maxTables {
					return nil, fmt.Errorf("it has more than %d sheets", maxTables)
				}
				w.sheets = append(w.sheets, ref)
			}
		}
	}
	if styles != "" && a.has(styles) {
		if w.formats, err = a.readStyles(styles); err != nil {
			return nil, err
		}
	}
	if len(w.sheets) == 0 {
		return nil, a.in.refuse("sheet-none")
	}
	return w, nil
}

func truth(s string) bool { return s == "1" || s == "true" || s == "on" }

// readStyles tells what each cell style shows of a number.
func (a *archive) readStyles(name string) ([]shows, error) {
	s, c, err := a.scan(name)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	custom := map[int]shows{}
	var out []shows
	inCells := false
	for {
		t, err := s.next()
		if err != nil || t == xmlEOF {
			return out, err
		}
		switch {
		case t == xmlStart && s.is("numFmt") && !inCells:
			if id, err := strconv.Atoi(s.attr("numFmtId")); err == nil {
				custom[id] = formatShows(s.attr("formatCode"))
			}
		case t == xmlStart && s.is("cellXfs"):
			inCells = true
		case t == xmlEnd && s.is("cellXfs"):
			inCells = false
		case t == xmlStart && inCells && s.is("xf"):
			id, _ := strconv.Atoi(s.attr("numFmtId"))
			show, ok := custom[id]
			if !ok {
				show = builtinFormats[id]
			}
			out = append(out, show)
		}
	}
}

// sharedString gives a string of the workbook's table, which is read when the
// first cell needs it.
func (w *workbook) sharedString(index string) (string, error) {
	if !w.loaded {
		w.loaded = true
		if err := w.loadStrings(); err != nil {
			return "", err
		}
	}
	i, err := strconv.Atoi(strings.TrimSpace(index))
	if err != nil || i < 0 || i >= len(w.strings) {
		return "", fmt.Errorf("a cell refers to text %s of %d", excerpt(index), len(w.strings))
	}
	return w.strings[i], nil
}

func (w *workbook) loadStrings() error {
	name := "xl/sharedStrings.xml"
	if rels, err := w.relations(workbookPath(w.archive)); err == nil {
		for _, r := range rels {
			if strings.HasSuffix(r.kind, relStrings) {
				name = r.target
			}
		}
	}
	s, c, err := w.scan(name)
	if err != nil {
		return err
	}
	defer c.Close()
	for {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t == xmlEOF {
			return nil
		}
		if t == xmlStart && s.is("si") {
			text, err := richText(s)
			if err != nil {
				return err
			}
			if len(w.strings) >= w.in.opt.maxCells() {
				return w.in.refuse("too-many-cells", w.in.opt.maxCells())
			}
			w.strings = append(w.strings, text)
		}
	}
}

// richText joins the runs of the <si> or <is> that has just begun, without the
// phonetic ones.
func richText(s *xmlScanner) (string, error) {
	first := "" // the only run, nearly always
	var more []byte
	for depth := s.depth - 1; ; {
		t, err := s.next()
		if err != nil {
			return "", err
		}
		switch {
		case t == xmlEnd && s.depth == depth:
			if len(more) > 0 {
				first += string(more)
			}
			return unescapeX(first), nil
		case t == xmlStart && s.is("rPh"):
			if err := s.skipElement(); err != nil {
				return "", err
			}
		case t == xmlStart && s.is("t"):
			text, err := s.elementText()
			if err != nil {
				return "", err
			}
			if first == "" {
				first = text
			} else if more = append(more, text...); len(more) > maxToken {
				return "", fmt.Errorf("a cell has more than %d MiB of text", maxToken>>20)
			}
		}
	}
}

// unescapeX undoes the format's own escape of characters that XML cannot hold:
// _x000D_ is a carriage return, _x005F_ the underscore of a text that looks so.
func unescapeX(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var b strings.Builder
	for i >= 0 {
		b.WriteString(s[:i])
		s = s[i:]
		if len(s) >= 7 && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				b.WriteRune(rune(n)) // half a surrogate pair becomes U+FFFD, and is reported
				s = s[7:]
				i = strings.Index(s, "_x")
				continue
			}
		}
		b.WriteString("_x")
		s = s[2:]
		i = strings.Index(s, "_x")
	}
	b.WriteString(s)
	return b.String()
}

// sheetRow is a row before merged cells are filled.
type sheetRow struct {
	number int
	cells  []string
}

type area struct{ row1, col1, row2, col2 int } // from 1

// readSheet puts a sheet's rows into the grid; with most > 0, only about the first
// most rows, and no merged cells, to see what the sheet is.
func (w *workbook) readSheet(ref sheetRef, g *grid, most int) error {
	s, c, err := w.scan(ref.part)
	if err != nil {
		return err
	}
	defer c.Close()
	sh := &sheetReader{w: w, s: s, notes: g.notes, raw: newGrid(g.notes, w.in.opt), most: most}
	if err := sh.read(); err != nil {
		return err
	}
	if err := fillMerged(sh.rows, sh.merged, w.in); err != nil {
		return err
	}
	sh.reportHidden()
	for _, r := range sh.rows {
		if err := g.keep(r.number, r.cells); err != nil {
			return err
		}
	}
	return nil
}

type sheetReader struct {
	w      *workbook
	s      *xmlScanner
	notes  *notes
	raw    *grid // for its count and its slab
	most   int
	rows   []sheetRow
	merged []area
	line   []string // of the row being read
	seen   int      // number of the last row

	hiddenRow  etl.Place
	hiddenRows int
	hiddenCols []area // columns only
	usedCols   []bool
}

func (sh *sheetReader) read() error {
	s := sh.s
	root := true
	for {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t == xmlEOF {
			return nil
		}
		if t != xmlStart {
			continue
		}
		if root {
			if !s.is("worksheet") {
				return errors.New("a sheet is not one")
			}
			root = false
			continue
		}
		switch string(s.name) {
		case "col":
			if truth(s.attr("hidden")) || s.attr("width") == "0" {
				from, _ := strconv.Atoi(s.attr("min"))
				to, _ := strconv.Atoi(s.attr("max"))
				sh.hiddenCols = append(sh.hiddenCols, area{col1: from, col2: to})
			}
		case "row":
			if err := sh.row(); err != nil {
				return err
			}
			if sh.most > 0 && len(sh.rows) >= sh.most {
				return nil
			}
		case "mergeCell":
			if a, ok := parseArea(s.attr("ref")); ok {
				sh.merged = append(sh.merged, a)
			}
		case "sheetData", "mergeCells", "cols":
		default:
			if err := s.skipElement(); err != nil {
				return err
			}
		}
	}
}

func (sh *sheetReader) row() error {
	s := sh.s
	ref := s.attr("r")
	number, err := strconv.Atoi(ref)
	if err != nil || number <= sh.seen {
		number = sh.seen + 1 // the reference is optional, and then rows follow each other
		if ref != "" {
			sh.notes.at(number, 0, etl.Warning, "xlsx-row-order", "open the file and save it again", func() string {
				return fmt.Sprintf("row %s comes out of order, and was taken for row %d", excerpt(ref), number)
			})
		}
	}
	sh.seen = number
	hidden := truth(s.attr("hidden")) || s.attr("ht") == "0"
	line := sh.line[:0]
	col := 0
	for depth := s.depth - 1; ; {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t == xmlEnd && s.depth == depth {
			break
		}
		if t != xmlStart {
			continue
		}
		if !s.is("c") {
			if err := s.skipElement(); err != nil {
				return err
			}
			continue
		}
		col++
		text, at, err := sh.cell(number, col)
		if err != nil {
			return err
		}
		col = at
		if text == "" {
			continue
		}
		for len(line) < col {
			line = append(line, "")
		}
		line[col-1] = text
	}
	sh.line = line
	if len(line) == 0 {
		return nil
	}
	if err := sh.raw.reserve(len(line)); err != nil {
		return err
	}
	cells := sh.raw.cut(len(line))
	copy(cells, line)
	for len(sh.usedCols) < len(line) {
		sh.usedCols = append(sh.usedCols, false)
	}
	for i, t := range line {
		if t != "" {
			sh.usedCols[i] = true
		}
	}
	if hidden {
		if sh.hiddenRows == 0 {
			sh.hiddenRow = sh.notes.place(number, 0)
		}
		sh.hiddenRows++
	}
	sh.rows = append(sh.rows, sheetRow{number: number, cells: cells})
	return nil
}

// cell reads the <c> that has just begun, expected at column col (from 1); it gives
// the column where it is.
func (sh *sheetReader) cell(row, col int) (string, int, error) {
	s := sh.s
	kind, style := "", 0
	bad := false
	s.eachAttr(func(name, value []byte) bool {
		switch string(name) {
		case "r":
			c, ok := columnOf(value)
			if ok {
				col = c
			} else {
				bad = true
			}
		case "t":
			kind = cellKind(value)
		case "s":
			style = atoi(value)
		}
		return true
	})
	if bad || col > maxColumn {
		return "", 0, fmt.Errorf("a cell of row %d has no place that a sheet has", row)
	}
	value, formula, result := "", false, false
	for depth := s.depth - 1; ; {
		t, err := s.next()
		if err != nil {
			return "", 0, err
		}
		if t == xmlEnd && s.depth == depth {
			break
		}
		if t != xmlStart {
			continue
		}
		switch string(s.name) {
		case "v":
			result = true
			if value, err = s.elementText(); err != nil {
				return "", 0, err
			}
		case "is":
			if value, err = richText(s); err != nil {
				return "", 0, err
			}
		case "f":
			formula = true
			fallthrough
		default:
			if err := s.skipElement(); err != nil {
				return "", 0, err
			}
		}
	}
	if value == "" {
		if formula && !result { // an empty <v> is the result ""
			sh.notes.at(row, col, etl.Warning, "formula-uncached", "open the file in a spreadsheet program and save it, so that it holds the result",
				func() string { return "the cell has a formula and no result" })
		}
		return "", col, nil
	}
	text, err := sh.value(row, col, kind, style, value)
	return text, col, err
}

func (sh *sheetReader) value(row, col int, kind string, style int, value string) (string, error) {
	switch kind {
	case "s":
		return sh.w.sharedString(value)
	case "str":
		return unescapeX(value), nil
	case "inlineStr":
		return value, nil
	case "b":
		if truth(strings.TrimSpace(value)) {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "e":
		sh.notes.at(row, col, etl.Warning, "cell-error", "correct the formula or the value in the source",
			func() string { return "the cell holds the error " + excerpt(value) })
		return value, nil
	case "d":
		date, time, _ := strings.Cut(strings.TrimSpace(value), "T")
		return sh.notes.isoDate(row, col, date, time), nil
	}
	show := showsNumber
	if style >= 0 && style < len(sh.w.formats) {
		show = sh.w.formats[style]
	}
	if show == showsNumber {
		return plainNumber(value), nil
	}
	text, hadTime, ok := serialText(value, show, sh.w.date1904)
	if !ok {
		if show != showsTime {
			sh.notes.at(row, col, etl.Warning, "date-serial", "correct the cell in the source",
				func() string { return "the cell is formatted as a date, but " + excerpt(value) + " is none" })
		}
		return plainNumber(value), nil
	}
	if hadTime {
		sh.notes.timeDropped(row, col)
	}
	return text, nil
}

func (n *notes) timeDropped(row, col int) {
	n.count(row, col, etl.Info, "time-dropped", "", "the time of day was left out of %d dates, first here")
}

// isoDate is a date stored as text, of which the time is left out.
func (n *notes) isoDate(row, col int, date, time string) string {
	if strings.Trim(time, "0:.Zz") != "" {
		n.timeDropped(row, col)
	}
	return date
}

func (sh *sheetReader) reportHidden() {
	if sh.hiddenRows > 0 {
		sh.notes.add(etl.Warning, "hidden-rows", "if they should not count, delete them: hiding or filtering removes nothing",
			"%d hidden rows were read, the first of them row %d", sh.hiddenRows, sh.hiddenRow.Row)
	}
	var hidden []string
	for i, used := range sh.usedCols {
		for _, a := range sh.hiddenCols[:min(len(sh.hiddenCols), 100)] {
			if used && i+1 >= a.col1 && i+1 <= a.col2 {
				hidden = append(hidden, columnName(i+1))
				break
			}
		}
	}
	sh.notes.hiddenColumns(hidden)
}

func (n *notes) hiddenColumns(names []string) {
	if len(names) > 0 {
		n.add(etl.Info, "hidden-columns", "", "hidden columns were read: %s", strings.Join(names[:min(len(names), 20)], ", "))
	}
}

// fillMerged repeats the text of a merged area's first cell in those it covers. A
// row that holds nothing of its own is part of a tall one, not another record, and
// stays blank.
func fillMerged(rows []sheetRow, merged []area, in *input) error {
	left := in.opt.maxCells()
	for _, a := range merged {
		first := sort.Search(len(rows), func(i int) bool { return rows[i].number >= a.row1 })
		if first == len(rows) || rows[first].number != a.row1 || a.col1 > len(rows[first].cells) {
			continue
		}
		text := rows[first].cells[a.col1-1]
		if text == "" {
			continue
		}
		for i := first; i < len(rows) && rows[i].number <= a.row2; i++ {
			r := &rows[i]
			// What is filled is paid for, so that overlapping areas cannot cost more
			// than the cells that they could hold.
			if left -= a.col2 - a.col1 + 1; left < 0 {
				return in.refuse("too-many-cells", in.opt.maxCells())
			}
			if len(r.cells) < a.col2 {
				r.cells = append(make([]string, 0, a.col2), r.cells...)[:a.col2]
			}
			for c := a.col1; c <= a.col2; c++ {
				r.cells[c-1] = text
			}
		}
	}
	return nil
}

// parseArea reads "B2:D4".
func parseArea(ref string) (area, bool) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return area{}, false
	}
	c1, ok1 := columnOf([]byte(from))
	c2, ok2 := columnOf([]byte(to))
	r1 := atoi([]byte(strings.TrimLeft(from, "$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")))
	r2 := atoi([]byte(strings.TrimLeft(to, "$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")))
	a := area{min(r1, r2), min(c1, c2), max(r1, r2), max(c1, c2)}
	return a, ok1 && ok2 && a.row1 > 0 && a.col2 <= maxColumn
}

// columnOf gives the column, from 1, of a reference such as "AB12".
func columnOf(ref []byte) (int, bool) {
	col := 0
	for _, b := range ref {
		switch {
		case b >= 'A' && b <= 'Z':
			col = col*26 + int(b-'A') + 1
		case b >= 'a' && b <= 'z':
			col = col*26 + int(b-'a') + 1
		case b == '$':
			continue
		default:
			return col, col > 0
		}
		if col > maxColumn {
			return 0, false
		}
	}
	return 0, false
}

// columnName is the letters of a column, from 1.
func columnName(col int) string {
	name := ""
	for ; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}

func cellKind(b []byte) string {
	switch string(b) { // no allocation for the common ones
	case "s":
		return "s"
	case "n":
		return "n"
	case "str":
		return "str"
	case "b":
		return "b"
	}
	return string(b)
}

func atoi(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' || n > 1<<30 {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}
