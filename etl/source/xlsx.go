package source

import (
	"sort"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
	"hdsreport/etl/pattern"
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
	formats  []numberFormat // by style index
	faces    []face         // by style index: struck out or not
	looks    []string       // by style index: the colours of text and ground, bold, italic
	texts    string         // the part of the shared strings
	strings  []string
	left     map[int][leftKinds]string // of shared strings, what is no part of the value
	loaded   bool
	formulas map[int]Columns // of the sheet that is read; nil if nobody asks
	printed  []string        // what the pages of the sheet say at their top and bottom
}

type sheetRef struct {
	name, part string
	hidden     bool
}

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
	if err := w.reportOverlaid(w.sheets[chosen].part, g.notes); err != nil {
		return nil, a.damaged(err)
	}
	g.reportMarked(in.opt)
	if len(g.rows) == 0 && in.opt.Sheet == "" {
		return nil, in.refuse(etl.CodeSheetNone)
	}
	g.reportShort(in.opt)
	return &etl.Table{Sheet: cs[chosen].name, Format: "xlsx", Rows: g.rows, Around: w.printed}, nil
}

// workbookPath is the workbook's part, empty if the package is none.
func workbookPath(a *archive) string {
	rels, err := a.relations("")
	if err == nil {
		for _, r := range rels {
			if r.Kind == "officeDocument" && !r.External && a.Has(r.Target) && strings.Contains(strings.ToLower(r.Target), "workbook") {
				return r.Target
			}
		}
	}
	if a.Has("xl/workbook.xml") {
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
	byID := map[string]ooxml.Relation{}
	styles := ""
	w.texts = "xl/sharedStrings.xml"
	for _, r := range rels {
		if r.External {
			continue
		}
		byID[r.ID] = r
		switch r.Kind {
		case "styles":
			styles = r.Target
		case "sharedStrings":
			w.texts = r.Target
		}
	}
	if err := a.scan(main, func(s *ooxml.Scanner) error {
		for s.Next() {
			if s.Kind != ooxml.Start {
				continue
			}
			switch string(s.Name) {
			case "workbookPr":
				w.date1904 = ooxml.Truth(s.Value("date1904"))
			case "sheet":
				if err := w.addSheet(s.Attributes(), byID); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if styles != "" && a.Has(styles) {
		if err := w.readStyles(styles); err != nil {
			return nil, err
		}
	}
	if len(w.sheets) == 0 {
		return nil, a.in.refuse(etl.CodeSheetNone)
	}
	return w, nil
}

func (w *workbook) addSheet(a ooxml.Attributes, byID map[string]ooxml.Relation) error {
	r := byID[a.Get(":id")]
	if r.Kind != "worksheet" { // chart and dialog sheets have no cells
		return nil
	}
	if len(w.sheets) == maxTables {
		return message.Fail(nil, "book-sheets", "most", maxTables)
	}
	state := a.Get("state")
	ref := sheetRef{part: r.Target, hidden: state == "hidden" || state == "veryHidden"}
	ref.name, _ = cleanText(a.Get("name"))
	w.sheets = append(w.sheets, ref)
	return nil
}

// readStyles tells what each cell style shows of a number, and whether it strikes out.
func (w *workbook) readStyles(name string) error {
	custom := map[int]numberFormat{}
	var fonts []face
	var inks, grounds []string
	return w.scan(name, func(s *ooxml.Scanner) error {
		list := "" // the list of styles that is open
		for s.Next() {
			switch {
			case s.Kind != ooxml.Start:
			case s.Depth() == 2:
				list = string(s.Name)
			case list == "numFmts" && s.Is("numFmt"):
				if id, err := strconv.Atoi(s.Value("numFmtId")); err == nil {
					custom[id] = parseNumberFormat(s.Value("formatCode"))
				}
			case list == "fonts" && s.Is("font"):
				f, ink := fontFace(s)
				fonts, inks = append(fonts, f&struck), append(inks, ink)
			case list == "fills" && s.Is("fill"):
				grounds = append(grounds, ground(s))
			case list == "cellXfs" && s.Is("xf"):
				id, _ := strconv.Atoi(s.Value("numFmtId"))
				format, ok := custom[id]
				if !ok {
					format.shows = builtinFormats[id]
				}
				w.formats = append(w.formats, format)
				var f face
				if font, err := strconv.Atoi(s.Value("fontId")); err == nil && font >= 0 && font < len(fonts) {
					f = fonts[font]
				}
				w.faces = append(w.faces, f)
				at := func(list []string, key string) string {
					if i, err := strconv.Atoi(s.Value(key)); err == nil && i >= 0 && i < len(list) {
						return list[i]
					}
					return ""
				}
				w.looks = append(w.looks, strings.TrimSpace(at(inks, "fontId")+" "+at(grounds, "fillId")))
			}
		}
		return nil
	})
}

// fontFace reads the <font> or <rPr> that has just begun, and gives the colour of the
// text too, and whether it is bold or in italics.
func fontFace(s *ooxml.Scanner) (f face, ink string) {
	weight, slant := "", ""
	on := func() bool { v := s.Value("val"); return v == "" || ooxml.Truth(v) }
	for depth := s.Depth(); s.Inside(depth); {
		if s.Kind != ooxml.Start {
			continue
		}
		switch string(s.Name) {
		case "color":
			ink = colour("color:", s)
		case "b":
			if on() {
				weight = " font-weight:bold"
			}
		case "i":
			if on() {
				slant = " font-style:italic"
			}
		case "strike", "dstrike":
			if on() {
				f |= struck
			}
		case "vertAlign":
			if s.Value("val") == "superscript" {
				f |= raised
			}
		}
	}
	return f, strings.TrimSpace(ink + weight + slant)
}

// ground reads the <fill> that has just begun.
func ground(s *ooxml.Scanner) string {
	out := ""
	for depth := s.Depth(); s.Inside(depth); {
		if s.Kind == ooxml.Start && s.Is("fgColor") {
			out = colour("background:", s)
		}
	}
	return out
}

// colour is how a style names a colour; empty for those of plain cells, black on white.
func colour(of string, s *ooxml.Scanner) string {
	rgb, theme, indexed, tint := s.Value("rgb"), s.Value("theme"), s.Value("indexed"), s.Value("tint")
	switch {
	case len(rgb) == 8 && (rgb[2:] == "000000" || strings.EqualFold(rgb[2:], "ffffff")),
		(theme == "0" || theme == "1") && strings.Trim(tint, "-0.") == "",
		indexed == "8" || indexed == "9" || indexed == "64" || indexed == "65":
		return ""
	case rgb != "":
		return of + "#" + strings.ToLower(rgb[max(0, len(rgb)-6):])
	case theme != "":
		return of + "theme-" + theme + tint
	case indexed != "":
		return of + "indexed-" + indexed
	}
	return ""
}

// sharedString gives a string of the workbook's table, which is read when the
// first cell needs it.
func (w *workbook) sharedString(index string) (string, *[leftKinds]string, error) {
	if !w.loaded {
		w.loaded = true
		if err := w.loadStrings(); err != nil {
			return "", nil, err
		}
	}
	i, err := strconv.Atoi(strings.TrimSpace(index))
	if err != nil || i < 0 || i >= len(w.strings) {
		return "", nil, message.Fail(nil, "book-no-text", "index", excerpt(index), "n", len(w.strings))
	}
	if left, some := w.left[i]; some {
		return w.strings[i], &left, nil
	}
	return w.strings[i], nil, nil
}

func (w *workbook) loadStrings() error {
	return w.scan(w.texts, func(s *ooxml.Scanner) error {
		for s.Next() {
			if s.Kind != ooxml.Start || !s.Is("si") {
				continue
			}
			if len(w.strings) >= w.in.opt.maxCells() {
				return w.in.refuse(etl.CodeTooManyCells, w.in.opt.maxCells())
			}
			text, left := richText(s)
			if left != nil {
				if w.left == nil {
					w.left = map[int][leftKinds]string{}
				}
				w.left[len(w.strings)] = *left
			}
			w.strings = append(w.strings, text)
		}
		return nil
	})
}

// richText joins the runs of the <si> or <is> that has just begun, without the phonetic
// ones. Left is what a run's font keeps out of the value, nil if nothing.
func richText(s *ooxml.Scanner) (string, *[leftKinds]string) {
	first := "" // the only run, nearly always
	var more *shownText
	var f face
	size := 0
	for depth := s.Depth(); s.Inside(depth); {
		switch {
		case s.Kind != ooxml.Start:
		case s.Is("rPh"):
			s.Skip()
		case s.Is("r"):
			f = 0
		case s.Is("rPr"):
			f, _ = fontFace(s)
		case s.Is("t"):
			text := s.Content()
			if first == "" && more == nil && f == 0 {
				first = text
				continue
			}
			if more == nil {
				more = &shownText{}
				more.write(first, 0)
			}
			more.write(text, f)
			if size += len(text); size > maxToken {
				s.Fail(message.Fail(nil, "book-long-cell", "mib", maxToken>>20))
			}
		}
	}
	if more == nil {
		return ooxml.Unescape(first), nil
	}
	text := more.whole()
	if more.left == ([leftKinds]string{}) {
		return ooxml.Unescape(text), nil
	}
	return ooxml.Unescape(text), &more.left
}

// sheetRow is a row before merged cells are filled.
type sheetRow struct {
	number int
	cells  []string
	foot   bool // of a page's table
	look   string
}

// readSheet puts a sheet's rows into the grid; with most > 0, only about the first
// most rows, and no merged cells, to see what the sheet is.
func (w *workbook) readSheet(ref sheetRef, g *grid, most int) error {
	sh := &sheetReader{w: w, notes: g.notes, raw: newGrid(g.notes, w.in.opt), most: most}
	if err := w.scan(ref.part, sh.read); err != nil {
		return err
	}
	if err := fillMerged(sh.rows, sh.merged, w.in); err != nil {
		return err
	}
	sh.reportHidden()
	sh.reportZeros()
	for _, r := range sh.rows {
		if err := g.keep(r.number, r.cells); err != nil {
			return err
		}
		g.looked(r.number, r.look)
	}
	return nil
}

type sheetReader struct {
	w      *workbook
	s      *ooxml.Scanner
	notes  *notes
	raw    *grid // for its count and its slab
	most   int
	rows   []sheetRow
	merged []ooxml.Area
	line   []string // of the row being read
	looks  vote
	seen   int // number of the last row

	hiddenRow  etl.Place
	hiddenRows int
	hiddenCols []ooxml.Area // columns only
	usedCols   []bool

	computed bool     // some formula has a result other than 0
	zeros    []rowCol // formulas with the result 0, the first of them
}

func (sh *sheetReader) read(s *ooxml.Scanner) error {
	sh.s = s
	for s.Next() {
		if s.Kind != ooxml.Start {
			continue
		}
		if s.Depth() == 1 {
			if !s.Is("worksheet") {
				return message.Fail(nil, "book-no-sheet")
			}
			continue
		}
		switch string(s.Name) {
		case "col":
			if ooxml.Truth(s.Value("hidden")) || s.Value("width") == "0" {
				from, _ := strconv.Atoi(s.Value("min"))
				to, _ := strconv.Atoi(s.Value("max"))
				sh.hiddenCols = append(sh.hiddenCols, ooxml.Area{Col: from, LastCol: to})
			}
		case "row":
			if err := sh.row(); err != nil {
				return err
			}
			if sh.most > 0 && len(sh.rows) >= sh.most {
				return errEnough
			}
		case "mergeCell":
			if a, ok := ooxml.ParseArea(s.Value("ref")); ok {
				sh.merged = append(sh.merged, a)
			}
		case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
			sh.w.printed = append(sh.w.printed, printed(s.Content())...)
		case "sheetData", "mergeCells", "cols", "headerFooter":
		default:
			s.Skip()
		}
	}
	return nil
}

// printed returns the texts of a page's header or footer, without the codes between them
// (ECMA-376 part 1, 18.3.1.46).
func printed(text string) []string {
	const escapedSign = "\x00" // for "&&", in which a code would begin; no XML has it
	var out []string
	for _, part := range printedPart().Split(strings.ReplaceAll(text, "&&", escapedSign), -1) {
		part = strings.ReplaceAll(printedCode().ReplaceAllString(part, ""), escapedSign, "&")
		if part, _ = cleanText(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

var (
	printedPart = pattern.Of(`&[LCR]`)
	printedCode = pattern.Of(`&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|[A-Za-z])`)
)

func (sh *sheetReader) row() error {
	s := sh.s
	ref := s.Value("r")
	number, err := strconv.Atoi(ref)
	if err != nil || number <= sh.seen {
		number = sh.seen + 1 // the reference is optional, and then rows follow each other
		if ref != "" {
			sh.notes.each(number, 0, etl.CodeXLSXRowOrder, func() etl.Finding {
				return etl.Find(etl.Warning, etl.CodeXLSXRowOrder, etl.Place{}, "row", short(ref), "taken", number)
			})
		}
	}
	sh.seen = number
	hidden := ooxml.Truth(s.Value("hidden")) || s.Value("ht") == "0"
	line := sh.line[:0]
	sh.looks = vote{}
	col := 0
	for depth := s.Depth(); s.Inside(depth); {
		if s.Kind != ooxml.Start {
			continue
		}
		if !s.Is("c") {
			s.Skip()
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
	if len(line) == 0 || s.Err() != nil {
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
	sh.rows = append(sh.rows, sheetRow{number: number, cells: cells, look: sh.looks.look})
	return nil
}

// cell reads the <c> that has just begun, expected at column col (from 1); it gives
// the column where it is.
func (sh *sheetReader) cell(row, col int) (string, int, error) {
	s := sh.s
	kind, style := "", 0
	bad := false
	for name, value, ok := s.Attr(); ok; name, value, ok = s.Attr() {
		switch string(name) {
		case "r":
			if col, _ = ooxml.Column(value); col == 0 {
				bad = true
			}
		case "t":
			kind = cellKind(value)
		case "s":
			style = atoi(value)
		}
	}
	if bad || col > maxColumn {
		return "", 0, message.Fail(nil, "book-no-place", "row", row)
	}
	var left *[leftKinds]string
	value, formula, result := "", false, false
	for depth := s.Depth(); s.Inside(depth); {
		if s.Kind != ooxml.Start {
			continue
		}
		switch string(s.Name) {
		case "v":
			result = true
			value = s.Content()
		case "is":
			value, left = richText(s)
		case "f":
			formula = true
			fallthrough
		default:
			s.Skip()
		}
	}
	if s.Err() != nil {
		return "", col, nil
	}
	if formula && sh.w.formulas != nil {
		sh.w.formulas[row] = sh.w.formulas[row].with(col - 1)
	}
	if value == "" && left == nil {
		// A result that is an empty text says that it is a text. Without that, a program
		// wrote the formula and never computed it.
		if formula && !(result && kind == "str") {
			sh.notes.each(row, col, etl.CodeFormulaUncached, uncached)
		}
		return "", col, nil
	}
	if formula && kind != "str" && kind != "e" {
		sh.result(row, col, value)
	}
	text := ""
	if value != "" || kind == "s" {
		var more *[leftKinds]string
		var err error
		if text, more, err = sh.value(row, col, kind, style, value); err != nil {
			return "", col, err
		}
		if more != nil {
			left = more
		}
	}
	if style >= 0 && style < len(sh.w.faces) && sh.w.faces[style]&struck != 0 && text != "" {
		left, text = &[leftKinds]string{leftStruck: text}, ""
	}
	if left != nil {
		sh.notes.leftOut(row, col, left)
	}
	if style >= 0 && style < len(sh.w.looks) && text != "" {
		sh.looks.add(sh.w.looks[style])
	}
	return text, col, nil
}

// result notes the result of a formula that is a number. Programs that write formulas
// without computing them put 0 for each.
func (sh *sheetReader) result(row, col int, value string) {
	if strings.Trim(value, "0.") != "" {
		sh.computed = true
	} else if len(sh.zeros) <= maxListed {
		sh.zeros = append(sh.zeros, rowCol{row, col})
	}
}

func (sh *sheetReader) value(row, col int, kind string, style int, value string) (string, *[leftKinds]string, error) {
	if kind == "s" {
		return sh.w.sharedString(value)
	}
	return sh.plainValue(row, col, kind, style, value), nil, nil
}

// plainValue is the text of a cell that has its value with it.
func (sh *sheetReader) plainValue(row, col int, kind string, style int, value string) string {
	switch kind {
	case "str":
		return ooxml.Unescape(value)
	case "inlineStr":
		return value
	case "b":
		if ooxml.Truth(strings.TrimSpace(value)) {
			return "TRUE"
		}
		return "FALSE"
	case "e":
		sh.notes.each(row, col, etl.CodeCellError, func() etl.Finding {
			return etl.Find(etl.Warning, etl.CodeCellError, etl.Place{}, "text", short(value))
		})
		return value
	case "d":
		date, time, _ := strings.Cut(strings.TrimSpace(value), "T")
		return sh.notes.isoDate(row, col, date, time)
	}
	format := numberFormat{shows: showsNumber}
	if style >= 0 && style < len(sh.w.formats) {
		format = sh.w.formats[style]
	}
	if format.shows == showsNumber {
		return sh.notes.number(row, col, plainNumber(value), format)
	}
	text, hadTime, ok := serialText(value, format.shows, sh.w.date1904)
	if !ok {
		if format.shows != showsTime {
			sh.notes.each(row, col, etl.CodeDateSerial, func() etl.Finding {
				return etl.Find(etl.Warning, etl.CodeDateSerial, etl.Place{}, "text", short(value))
			})
		}
		return plainNumber(value)
	}
	if hadTime {
		sh.notes.timeDropped(row, col)
	}
	return text
}

// number is a number as its format shows it, where that says more.
func (n *notes) number(row, col int, plain string, format numberFormat) string {
	shown, ok := format.shown(plain)
	switch {
	case !ok:
	case strings.TrimSpace(shown) == "" && plain != "":
		n.each(row, col, etl.CodeHTMLHidden, func() etl.Finding {
			return etl.Find(etl.Warning, etl.CodeHTMLHidden, etl.Place{}, "text", short(plain)).Said("all")
		})
		return ""
	case tellsMore(shown, plain):
		return shown
	}
	return plain
}

func (n *notes) timeDropped(row, col int) {
	n.sum(row, col, etl.Info, etl.CodeTimeDropped)
}

// isoDate is a date stored as text, of which the time is left out.
func (n *notes) isoDate(row, col int, date, time string) string {
	if strings.HasPrefix(time, "22:00:00") || strings.HasPrefix(time, "23:00:00") {
		return date + "T" + time[:len("22:00:00")] // midnight in Paris, if that is in UTC: the column tells
	}
	if strings.Trim(time, "0:.Zz") != "" {
		n.timeDropped(row, col)
	}
	return date
}

func (sh *sheetReader) reportHidden() {
	if sh.hiddenRows > 0 {
		sh.notes.tell(etl.Find(etl.Warning, etl.CodeHiddenRows, etl.Place{}, "n", sh.hiddenRows, "first", sh.hiddenRow.Row))
	}
	var hidden []string
	for i, used := range sh.usedCols {
		for _, a := range sh.hiddenCols[:min(len(sh.hiddenCols), 100)] {
			if used && i+1 >= a.Col && i+1 <= a.LastCol {
				hidden = append(hidden, ooxml.ColumnName(i+1))
				break
			}
		}
	}
	sh.notes.hiddenColumns(hidden)
}

// reportZeros reports the results of formulas if all of them are 0.
func (sh *sheetReader) reportZeros() {
	if sh.computed {
		return
	}
	for _, z := range sh.zeros {
		sh.notes.each(z.row, z.col, etl.CodeFormulaUncached, func() etl.Finding { return uncached().Said("zero") })
	}
}

func (n *notes) hiddenColumns(names []string) {
	if len(names) > 0 {
		n.tell(etl.Find(etl.Warning, etl.CodeHiddenColumns, etl.Place{}, "columns", message.List{Items: names, Most: 20}))
	}
}

// fillMerged repeats the text of a merged area's first cell in those it covers. A
// row that holds nothing of its own is part of a tall one, not another record, and
// stays blank.
func fillMerged(rows []sheetRow, merged []ooxml.Area, in *input) error {
	left := in.opt.maxCells()
	for _, a := range merged {
		first := sort.Search(len(rows), func(i int) bool { return rows[i].number >= a.Row })
		if first == len(rows) || rows[first].number != a.Row || a.Col > len(rows[first].cells) {
			continue
		}
		text := rows[first].cells[a.Col-1]
		if text == "" {
			continue
		}
		for i := first; i < len(rows) && rows[i].number <= a.LastRow; i++ {
			r := &rows[i]
			// What is filled is paid for, so that overlapping areas cannot cost more
			// than the cells that they could hold.
			if left -= a.LastCol - a.Col + 1; left < 0 {
				return in.refuse(etl.CodeTooManyCells, in.opt.maxCells())
			}
			if len(r.cells) < a.LastCol {
				r.cells = append(make([]string, 0, a.LastCol), r.cells...)[:a.LastCol]
			}
			for c := a.Col; c <= a.LastCol; c++ {
				r.cells[c-1] = text
			}
		}
	}
	return nil
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
