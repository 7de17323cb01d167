// Package xlsx writes a book as an Excel workbook. The book says what each cell is and
// what it holds; this package decides how that looks, and writes figures as formulas with
// their cached values. The same book gives the same bytes on every run, on any day and any
// number of cores.
package xlsx

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/xuri/excelize/v2"

	"hdsreport/etl/cores"
	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
	"hdsreport/report"
	"hdsreport/report/formula"
)

// Draft is a workbook that was begun before its book is known.
type Draft struct{ file chan *excelize.File }

// Begin begins a workbook. The part that is the same in all takes a millisecond, two in a
// hundred of a small job, which another core has while the lists are read.
func Begin() *Draft {
	d := &Draft{make(chan *excelize.File, 1)}
	go func() { d.file <- excelize.NewFile() }()
	return d
}

// Write writes the book to w as an .xlsx file. On an error of Draw, w has received nothing.
func Write(w io.Writer, b *report.Book) error {
	f, err := Begin().Draw(b)
	if err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// Draw makes the book an .xlsx file in memory. It can be called once. It returns an error that
// names the sheet and the cell if Excel would have to repair the file (see table.go).
//
// The workbook does not ask to be recalculated on opening. Each formula has its typed
// value (recalc_test.go verifies them), and somebody who only reads should not be asked to
// save.
func (d *Draft) Draw(b *report.Book) (*File, error) {
	if err := check(b); err != nil {
		return nil, err
	}
	x := &workbook{
		book:       b,
		f:          <-d.file,
		formulas:   formula.New(b, formula.Excel()),
		parts:      map[string]func([]byte) ([]byte, error){},
		sheets:     map[string]*sheetPart{},
		lists:      map[string]string{},
		signStyles: map[string]int{},
		slots:      oneACore(),
	}
	x.parts["[Content_Types].xml"], x.parts["xl/_rels/workbook.xml.rels"] = x.texts.declare, x.texts.relate
	x.parts["docProps/core.xml"] = prefixCore
	defer x.f.Close() // removes its temporary files; its output has been checked
	x.styles = newStyles(x.f, b.Language)
	if err := x.build(); err != nil {
		return nil, err
	}
	out := &File{}
	x.f.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		// Not to excelize's own buffer: it would be a second copy of the file.
		zw := newContainer(out, x.slots)
		zw.patch = x.patch
		zw.last = x.texts.part
		return zw
	})
	if err := x.f.Write(io.Discard); err != nil {
		return nil, err
	}
	return out, nil
}

// workbook is a book while it is written to a file.
type workbook struct {
	book       *report.Book
	f          *excelize.File
	styles     *styles
	formulas   *formula.Renderer
	bands      int
	signStyles map[string]int // differential formats, by sign
	texts      texts
	parts      map[string]func([]byte) ([]byte, error) // patches by part name
	sheets     map[string]*sheetPart                   // by part name
	slots      chan struct{}                           // one for each block that may be compressed at the same time
	charts     int                                     // placed so far
	drawings   int
	lists      map[string]string // drop-downs too long for a literal: joined items → range
	extra      []listColumn      // the columns that hold those lists, on the last sheet
	tables     int
}

// sheetPart is what patch adds to the XML that excelize writes for a sheet.
type sheetPart struct {
	links    *links
	rows     *pieces
	formulas []string // of the table's columns
}

// listColumn is a column with the values of a drop-down. It is to the right of the last
// sheet's content, outside the print area, and not on a hidden sheet, so that editors can
// see it.
type listColumn struct {
	col    int
	header string
	items  []string
}

func (x *workbook) build() error {
	f, b := x.f, x.book
	for i, s := range b.Sheets {
		if i == 0 {
			if err := f.SetSheetName(f.GetSheetName(0), s.Name); err != nil {
				return err
			}
		} else if _, err := f.NewSheet(s.Name); err != nil {
			return err
		}
	}
	f.SetActiveSheet(0)
	if err := x.properties(); err != nil {
		return err
	}
	if err := f.SetDefaultFont(report.FontName); err != nil {
		return err
	}
	var err error
	if x.bands, err = x.styles.bands(); err != nil {
		return err
	}
	x.parts["xl/styles.xml"] = func(p []byte) ([]byte, error) { return x.styles.patchStyles(p, x.bands) }
	x.placeLists()
	if err := x.each(x.collectLinks); err != nil {
		return err
	}
	// excelize makes what is around the rows, at the same time: 2.7 ms of the smallest job's 57.
	// The two share only the styles, which excelize locks.
	var framed, drawn error
	cores.Together(func() {
		if framed = x.each(x.setUp); framed == nil {
			framed = x.each(x.frame)
		}
	}, func() { drawn = x.each(x.rows) })
	return cmp.Or(framed, drawn)
}

// each calls do for each sheet and stops at the first error, to which it adds the sheet's name.
func (x *workbook) each(do func(s *report.Sheet, index int) error) error {
	for i, s := range x.book.Sheets {
		if err := do(s, i); err != nil {
			return message.Fail(err, "workbook-sheet", "sheet", s.Name, "why", err)
		}
	}
	return nil
}

// properties sets the document's properties. Times come from the edition, never from the
// clock.
func (x *workbook) properties() error {
	b := x.book
	at := b.Date.Last().Time().Format(time.RFC3339)
	if err := x.f.SetDocProps(&excelize.DocProperties{
		Title: b.Title, Subject: b.Subject, Description: b.Description, Creator: b.Creator,
		LastModifiedBy: b.Creator, Keywords: b.Keywords, Language: b.Language, Identifier: b.Identifier,
		Created: at, Modified: at,
	}); err != nil {
		return err
	}
	if err := x.f.SetAppProps(&excelize.AppProperties{Application: "Microsoft Excel", Company: b.Creator,
		AppVersion: "16.0300"}); err != nil {
		return err
	}
	// excelize's template makes Excel remove the author on saving. It also names a very old
	// calculation engine: newer ones would recalculate on opening and ask to save. 191029 is
	// the engine of Excel 2019 and later.
	no, engine := false, uint(191029)
	if err := x.f.SetWorkbookProps(&excelize.WorkbookPropsOptions{FilterPrivacy: &no}); err != nil {
		return err
	}
	return x.f.SetCalcProps(&excelize.CalcPropsOptions{CalcID: &engine})
}

// setUp makes all settings that excelize needs before a sheet is streamed. Later, it would
// ignore them without an error.
func (x *workbook) setUp(s *report.Sheet, index int) error {
	f, name := x.f, s.Name
	rows, cols := extent(s)
	if index == len(x.book.Sheets)-1 {
		for _, l := range x.extra {
			rows, cols = max(rows, len(l.items)+1), max(cols, l.col+1)
		}
	}
	if err := f.SetSheetDimension(name, "A1:"+cellName(max(cols-1, 0), max(rows-1, 0))); err != nil {
		return err
	}
	yes, height := true, float64(rowHeight)
	props := &excelize.SheetPropsOptions{FitToPage: &yes, DefaultRowHeight: &height, CustomHeight: &yes}
	if s.Tab != "" {
		argb := "FF" + strings.ToUpper(s.Tab) // without the alpha channel, openpyxl rejects the file
		props.TabColorRGB = &argb
	}
	if err := f.SetSheetProps(name, props); err != nil {
		return err
	}
	if err := f.SetSheetView(name, 0, &excelize.ViewOptions{ShowGridLines: &s.Gridlines}); err != nil {
		return err
	}
	for i, w := range widths(s) {
		if w > 0 {
			c := formula.ColumnName(i)
			if err := f.SetColWidth(name, c, c, w); err != nil {
				return err
			}
		}
	}
	if index == len(x.book.Sheets)-1 {
		for _, l := range x.extra {
			c := formula.ColumnName(l.col)
			if err := f.SetColWidth(name, c, c, listWidth(l)); err != nil {
				return err
			}
		}
	}
	if s.Freeze > 0 {
		if err := f.SetPanes(name, &excelize.Panes{
			Freeze: true, YSplit: s.Freeze, TopLeftCell: cellName(0, s.Freeze), ActivePane: "bottomLeft",
			Selection: []excelize.Selection{{Pane: "bottomLeft", ActiveCell: "A1", SQRef: "A1"}},
		}); err != nil {
			return err
		}
	}
	if err := x.page(s, cols); err != nil {
		return err
	}
	if s.Table != nil {
		if err := x.validations(s); err != nil {
			return err
		}
	}
	if err := x.placeCharts(s); err != nil {
		return err
	}
	return x.placeLinks(s, index)
}

// page sets up printing on A4: one page wide, any number of pages long, with the header
// repeated.
func (x *workbook) page(s *report.Sheet, cols int) error {
	f, name := x.f, s.Name
	a4, wide, tall := 9, 1, 0
	orientation := "portrait"
	if s.Landscape {
		orientation = "landscape"
	}
	if err := f.SetPageLayout(name, &excelize.PageLayoutOptions{
		Size: &a4, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &tall,
	}); err != nil {
		return err
	}
	side, top, bottom, foot, centred := 0.4, 0.45, 0.6, 0.3, true
	if err := f.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &top, Bottom: &bottom, Header: &foot, Footer: &foot, Horizontally: &centred,
	}); err != nil {
		return err
	}
	own := false // size, which does not shrink with the sheet
	if err := f.SetHeaderFooter(name, &excelize.HeaderFooterOptions{ScaleWithDoc: &own, OddFooter: footer(x.book,
		x.book.Labels.Get("footer.page", "page", "&P", "pages", "&N"))}); err != nil {
		return err
	}
	sheet := quote(name)
	printed := s.PrintColumns
	if printed <= 0 {
		printed = cols
	}
	if printed > 0 {
		// Whole columns, so that rows added by an editor are printed too.
		if err := f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Area", Scope: name,
			RefersTo: sheet + "!$A:$" + formula.ColumnName(printed-1),
		}); err != nil {
			return err
		}
	}
	for _, row := range s.PageBreaks {
		if err := f.InsertPageBreak(name, cellName(0, row)); err != nil {
			return err
		}
	}
	if from, to := s.PrintTitle[0], s.PrintTitle[1]; to > from {
		return f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: name,
			RefersTo: fmt.Sprintf("%s!$%d:$%d", sheet, from+1, to),
		})
	}
	return nil
}

// footer returns the page footer: what the page is of, as of which day, whose it is, and its
// number. The format takes 255 characters. It escapes "&", which would begin a code.
func footer(b *report.Book, page string) string {
	const code = `"` + report.FontName + `,Regular"&8&K` + report.Grey
	room := maxFooter - 2*ooxml.TextLength("&L&"+code) - ooxml.TextLength(page)
	said := b.Title
	for _, more := range []string{b.Subject, b.Source} {
		if more != "" {
			said += " \u2013 " + more
		}
	}
	said = strings.ReplaceAll(said, "&", "&&")
	if ooxml.TextLength(said) > room {
		said = strings.TrimSuffix(strings.TrimSuffix(cut(said, room), "…"), "&") + "…"
	}
	return "&L&" + code + said + "&R&" + code + page
}

// validations adds the drop-downs, over all rows of the table. A column's note becomes the
// input message of its header, which screen readers read.
func (x *workbook) validations(s *report.Sheet) error {
	t := s.Table
	// A certificate's number is stored as text on purpose: Excel must not flag it with a green
	// corner.
	if err := x.f.AddIgnoredErrors(s.Name,
		rangeName(report.Range{Row: t.Row + 1, LastRow: t.Row + t.Len, LastCol: len(t.Columns) - 1}),
		excelize.IgnoredErrorsNumberStoredAsText); err != nil {
		return err
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Note != "" {
			note := excelize.NewDataValidation(true)
			note.SetSqref(cellName(i, t.Row))
			note.SetInput(cut(c.Header, 32), cut(c.Note, maxLiteral))
			if err := x.f.AddDataValidation(s.Name, note); err != nil {
				return err
			}
		}
		if err := x.signs(s, i); err != nil {
			return err
		}
		if len(c.Choices) == 0 {
			continue
		}
		list := excelize.NewDataValidation(true)
		list.SetSqref(rangeName(report.Range{Row: t.Row + 1, Col: i, LastRow: t.Row + t.Len, LastCol: i}))
		list.ShowErrorMessage = true // the spreadsheet's own message, in its language
		if r, ok := x.lists[strings.Join(c.Choices, "\x00")]; ok {
			list.SetSqrefDropList(r)
		} else if err := list.SetDropList(c.Choices); err != nil {
			return err
		}
		if err := x.f.AddDataValidation(s.Name, list); err != nil {
			return err
		}
	}
	return nil
}

// signs shows a column's signs in place of its values, by conditional formats: a cell keeps
// its value, and one that is typed shows its sign.
func (x *workbook) signs(s *report.Sheet, col int) error {
	t := s.Table
	var formats []excelize.ConditionalFormatOptions
	for i, sign := range t.Columns[col].Signs {
		id, known := x.signStyles[sign.Shown]
		if !known {
			var err error
			if id, err = x.styles.sign(sign.Shown, i == 0); err != nil {
				return err
			}
			x.signStyles[sign.Shown] = id
		}
		formats = append(formats, excelize.ConditionalFormatOptions{Type: "cell", Criteria: "==",
			Value: `"` + strings.ReplaceAll(sign.Value, `"`, `""`) + `"`, Format: &id})
	}
	if len(formats) == 0 {
		return nil
	}
	return x.f.SetConditionalFormat(s.Name,
		rangeName(report.Range{Row: t.Row + 1, Col: col, LastRow: t.Row + t.Len, LastCol: col}), formats)
}

// placeLists finds the drop-downs that a literal cannot hold: those over 255 characters,
// or with an item that a literal would split, trim or read as a formula.
func (x *workbook) placeLists() {
	last := x.book.Sheets[len(x.book.Sheets)-1]
	_, col := extent(last)
	col = max(col, last.PrintColumns)
	for _, c := range last.Charts {
		col = max(col, chartEnd(c, widths(last)))
	}
	for _, s := range x.book.Sheets {
		if s.Table == nil {
			continue
		}
		for i := range s.Table.Columns {
			c := &s.Table.Columns[i]
			key := strings.Join(c.Choices, "\x00")
			if _, done := x.lists[key]; done || len(c.Choices) == 0 || literalList(c.Choices) {
				continue
			}
			x.extra = append(x.extra, listColumn{col, x.book.Labels.Get("list.values", "column", c.Header), c.Choices})
			x.lists[key] = quote(last.Name) + "!" +
				absolute(report.Range{Row: 1, Col: col, LastRow: len(c.Choices), LastCol: col})
			col++ // no blank column: with a screen reader it sounds like the end
		}
	}
}

// chartEnd returns the first column to the right of a chart. In the format's default font,
// a column of w characters is 7w + 5 pixels wide.
func chartEnd(c report.Chart, widths []float64) int {
	col := c.Col
	for left := float64(c.Width); left > 0; col++ {
		w := defaultWidth
		if col < len(widths) && widths[col] > 0 {
			w = widths[col]
		}
		left -= 7*w + 5
	}
	return col
}

func literalList(items []string) bool {
	for _, s := range items {
		if strings.ContainsAny(s, ",\"\n") || s != strings.TrimSpace(s) {
			return false
		}
	}
	joined := strings.Join(items, ",")
	return ooxml.TextLength(joined) <= maxLiteral && !strings.HasPrefix(joined, "=")
}

func listWidth(l listColumn) float64 {
	w := ooxml.TextLength(l.header)
	for _, s := range l.items {
		w = max(w, ooxml.TextLength(s))
	}
	return float64(min(w, 60)) + 2
}

// frame has excelize write everything before and after the sheet's rows. The header is given
// to excelize too, because it takes the names of the table's columns from there. patch later
// replaces excelize's rows by ours.
func (x *workbook) frame(s *report.Sheet, index int) error {
	sw, err := x.f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	if s.Table != nil {
		if err := x.addTable(sw, s.Table, x.sheets[sheetName(index)]); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// rows writes the sheet's rows.
func (x *workbook) rows(s *report.Sheet, index int) (err error) {
	d := &drawing{x: x, sheet: s}
	if index == len(x.book.Sheets)-1 {
		d.extra = x.extra
	}
	rows, cols := extent(s)
	for _, l := range d.extra {
		rows, cols = max(rows, len(l.items)+1), max(cols, l.col+1)
	}
	d.rows = rows
	for i := range cols {
		d.names = append(d.names, formula.ColumnName(i))
	}
	part := x.sheets[sheetName(index)]
	if s.Table != nil {
		if d.body, err = x.body(s, part.links.upTo); err != nil {
			return err
		}
		part.formulas = d.body.formulas
	}
	part.rows = newPieces(x.slots)
	if err := d.all(part.rows); err != nil {
		return err
	}
	if part.rows.open != nil {
		part.rows.flush(false)
	}
	return nil
}

// addTable adds the table with its computed columns, which excelize does not support: a
// row added by an editor then gets the formulas automatically.
func (x *workbook) addTable(sw *excelize.StreamWriter, t *report.Table, sheet *sheetPart) error {
	names := make([]any, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Header
	}
	if err := sw.SetRow(cellName(0, t.Row), names); err != nil {
		return err
	}
	stripes := true
	if err := sw.AddTable(&excelize.Table{
		Range:     rangeName(report.Range{Row: t.Row, LastRow: t.Row + t.Len, LastCol: len(t.Columns) - 1}),
		Name:      t.Name,
		StyleName: tableStyle, ShowRowStripes: &stripes,
	}); err != nil {
		return err
	}
	x.tables++
	x.parts["xl/tables/table"+strconv.Itoa(x.tables)+".xml"] = func(part []byte) ([]byte, error) {
		s := string(part)
		for i, formula := range sheet.formulas {
			if formula == "" {
				continue
			}
			before, after, ok := strings.Cut(s, `<tableColumn id="`+strconv.Itoa(i+1)+`"`)
			attributes, rest, closed := strings.Cut(after, `></tableColumn>`)
			if !ok || !closed {
				return nil, fmt.Errorf("column %d is missing from what excelize wrote", i+1)
			}
			s = before + `<tableColumn id="` + strconv.Itoa(i+1) + `"` + attributes + `><calculatedColumnFormula>` +
				escape(formula) + `</calculatedColumnFormula></tableColumn>` + rest
		}
		return []byte(s), nil
	}
	return nil
}

// patch returns the final form of a part. In a sheet, it replaces the header row given to
// excelize by the sheet's rows, and adds the links.
func (x *workbook) patch(name string, part []byte) (assembled, error) {
	if fn, ok := x.parts[name]; ok {
		part, err := fn(part)
		return assembled{before: part}, err
	}
	sheet, ok := x.sheets[name]
	if !ok {
		return assembled{before: part}, nil
	}
	part = bytes.ReplaceAll(part, excelizePrefix, excelPrefix)
	before, rest, opened := bytes.Cut(part, []byte("<sheetData>"))
	_, after, closed := bytes.Cut(rest, []byte("</sheetData>"))
	if !opened || !closed {
		return assembled{}, errors.New("the place of the rows is missing from what excelize wrote")
	}
	after, err := sheet.links.insert(after)
	return assembled{part[:len(before)+len("<sheetData>")], sheet.rows, concat(nil, "</sheetData>", after)}, err
}

// Some readers expect the namespace prefixes that Excel writes, whatever they are bound
// to: exceljs 4.4 opens no file without them, and Gnumeric warns. A sheet written by
// excelize declares both prefixes.
var (
	excelizePrefix = []byte(` xmlns:relationships="http://schemas.openxmlformats.org/officeDocument/2006/relationships" relationships:`)
	excelPrefix    = []byte(` r:`)
)

var (
	coreNamespace = []byte(`<coreProperties xmlns=`)
	unprefixed    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(</?)(\w+[ >])`) })
)

// prefixCore adds the prefix cp, which excelize omits, to the document's properties.
func prefixCore(part []byte) ([]byte, error) {
	if !bytes.Contains(part, coreNamespace) {
		return nil, errors.New("the document's properties are not what excelize writes")
	}
	part = bytes.Replace(part, coreNamespace, []byte(`<coreProperties xmlns:cp=`), 1)
	return unprefixed().ReplaceAll(part, []byte("${1}cp:${2}")), nil
}

// extent returns the number of rows and columns that the sheet's cells take.
func extent(s *report.Sheet) (rows, cols int) {
	for _, l := range s.Lines {
		rows = max(rows, l.Row+1)
		for _, c := range l.Cells {
			cols = max(cols, c.Col+1, c.Col+c.Span)
		}
	}
	if t := s.Table; t != nil {
		rows, cols = max(rows, t.Row+t.Len+1), max(cols, len(t.Columns))
	}
	return rows, cols
}

// widths returns the columns' widths in characters. The table's widths take precedence
// over the sheet's. Every column is wide enough for the longest word of its header.
func widths(s *report.Sheet) []float64 {
	out := slices.Clone(s.Widths)
	if s.Table == nil {
		return out
	}
	for i, c := range s.Table.Columns {
		if i >= len(out) {
			out = append(out, 0)
		}
		if c.Width > 0 {
			out[i] = c.Width
		}
		if c.Turned {
			continue
		}
		for word := range strings.FieldsSeq(c.Header) {
			wide := math.Ceil(4*(headerType.Width(word)+2*report.IndentWidth)) / 4
			out[i] = max(out[i], min(wide, excelize.MaxColumnWidth))
		}
	}
	return out
}

// headerHeight returns the height for the longest header. A short header still has room
// for the filter button below it.
func headerHeight(s *report.Sheet) float64 {
	lines, turned := 1, 0.0
	for i, w := range widths(s)[:len(s.Table.Columns)] {
		if w == 0 {
			w = defaultWidth
		}
		if c := &s.Table.Columns[i]; c.Turned {
			turned = max(turned, turnedHeight(c.Header, w))
			continue
		}
		lines = max(lines, headerType.LineCount(s.Table.Columns[i].Header, report.Looks[report.StyleHeader].Room(w)))
	}
	return min(max(textHeight(max(lines, 2)), turned), maxHeight)
}

// turnedHeight is the height for a header that reads upwards in a column of a width, with
// room for the filter button below it.
func turnedHeight(header string, width float64) float64 {
	lines := max(int(width*digitWidth/lineHeight), 1)
	length := 4.0
	for headerType.LineCount(header, length) > lines {
		length++
	}
	return math.Ceil(length*digitWidth) + rowHeight + lineHeight
}

const (
	rowHeight    = 18   // in points: a line of text and some space
	lineHeight   = 15   // each line after the first
	defaultWidth = 8.43 // of a column, in characters: the format's default
	digitWidth   = 5.25 // in points, of the unit of widths
)

// headerType is the type of a table's header.
var headerType = report.Looks[report.StyleHeader].Type()

func textHeight(lines int) float64 {
	return min(rowHeight+float64(lines-1)*lineHeight, maxHeight)
}

// cut shortens a text to n UTF-16 units, with an ellipsis.
func cut(s string, n int) string {
	if ooxml.TextLength(s) <= n {
		return s
	}
	units := 0
	for i, r := range s {
		if units++; r > 0xFFFF {
			units++
		}
		if units > n-1 {
			return s[:i] + "…"
		}
	}
	return s
}

func cellName(col, row int) string { return formula.ColumnName(col) + strconv.Itoa(row+1) }

func rangeName(r report.Range) string {
	return cellName(r.Col, r.Row) + ":" + cellName(r.LastCol, r.LastRow)
}

func absolute(r report.Range) string {
	return fmt.Sprintf("$%s$%d:$%s$%d", formula.ColumnName(r.Col), r.Row+1, formula.ColumnName(r.LastCol), r.LastRow+1)
}

func reference(sheet string, r report.Range) string { return quote(sheet) + "!" + absolute(r) }

// quote quotes a sheet's name for use in a reference.
func quote(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }
