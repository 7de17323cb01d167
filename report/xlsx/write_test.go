package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hdsreport/etl"
	"hdsreport/etl/raced"
	"hdsreport/report"
)

// long is about one book after another, in other programs or in processes: the race detector
// has nothing to find there that the other tests do not show it, and takes minutes over it.
func long(t *testing.T) {
	t.Helper()
	if raced.Detector {
		t.Skip(".ci/run runs it without the race detector")
	}
}

func mustWrite(t testing.TB, b *report.Book) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := Write(&buf, b); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// unzipped returns the text of each part by name, and checks the CRCs.
func unzipped(t testing.TB, data []byte) (names []string, parts map[string]string) {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts = map[string]string{}
	for _, f := range zr.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		names = append(names, f.Name)
		parts[f.Name] = string(b)
	}
	return names, parts
}

// The order of maps, the number of cores and reused buffers do not affect the bytes.
func TestSameBookSameBytes(t *testing.T) {
	b := newFixture(3, 40, 120).book()
	want := mustWrite(t, b)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for i := range 30 {
		runtime.GOMAXPROCS(1 + i%2)
		if got := mustWrite(t, b); !bytes.Equal(got, want) {
			t.Fatalf("run %d differs from the first", i)
		}
	}
}

// A sheet of many blocks, at both compression levels, is one valid stream and the same for
// any number of cores.
func TestLongSheetIsCutInBlocks(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 20 MB")
	}
	b := newFixture(4, 9000, 30000).book()
	want := mustWrite(t, b)
	_, parts := unzipped(t, want)
	if n := len(parts["xl/worksheets/sheet2.xml"]) / blockSize; n <= fineBlocks {
		t.Fatalf("the sheet has only %d full blocks; the test needs more than %d", n, fineBlocks)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{7, 2, 1} {
		if raced.Detector && cores < 7 {
			break // .ci/run tries these without it
		}
		runtime.GOMAXPROCS(cores)
		if got := mustWrite(t, b); !bytes.Equal(got, want) {
			t.Errorf("%d cores give other bytes", cores)
		}
	}
}

// Settings that excelize silently loses if they are made late, or writes in map order.
func TestPartsHoldWhatTheBookSays(t *testing.T) {
	names, parts := unzipped(t, mustWrite(t, newFixture(5, 10, 30).book()))
	if !slices.IsSorted(names) || names[0] != "[Content_Types].xml" {
		t.Errorf("parts are not sorted: %q", names)
	}
	for name, text := range parts {
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s is not well-formed: %v", name, err)
				break
			}
		}
	}
	for _, want := range []struct{ part, text string }{
		{"docProps/core.xml", "<dc:language>fr-FR</dc:language>"},
		{"docProps/core.xml", `<dcterms:created xsi:type="dcterms:W3CDTF">2019-06-17T00:00:00Z`},
		{"docProps/core.xml", `<dcterms:modified xsi:type="dcterms:W3CDTF">2019-06-17T00:00:00Z`},
		{"docProps/core.xml", "<dc:creator>Rédaction &lt;essai&gt;</dc:creator>"},
		{"xl/workbook.xml", `name="_xlnm.Print_Titles">&#39;Acteurs agréés&#39;!$4:$4`},
		{"xl/workbook.xml", `name="_xlnm.Print_Area">&#39;Acteurs certifiés&#39;!$A:$K`},
		{"xl/worksheets/sheet1.xml", `<dimension ref="A1:F34">`},
		{"xl/worksheets/sheet1.xml", `<tabColor rgb="FF1F4E79">`},
		{"xl/worksheets/sheet1.xml", `state="frozen"`},
		{"xl/worksheets/sheet1.xml", `orientation="landscape"`},
		{"xl/worksheets/sheet1.xml", `Page` + "\u00a0" + `&amp;P sur` + "\u00a0" + `&amp;N`},
		{"xl/worksheets/sheet3.xml", `showGridLines="false"`},
		{"xl/worksheets/sheet2.xml", `<formula1>'Synthèse d’essai'!$I$2:$I$6</formula1>`},
		{"xl/worksheets/sheet2.xml", `<formula1>"Oui,Non,n.c."</formula1>`},
		{"xl/worksheets/sheet2.xml", `prompt="Le nom sous lequel`},
		{"xl/worksheets/sheet2.xml", `<tablePart r:id=`},
		{"xl/worksheets/sheet2.xml", `<hyperlink ref="A5" r:id="link2"/>`},
		{"xl/worksheets/_rels/sheet2.xml.rels", `Target="https://esante.gouv.fr/?a=1&amp;b=0"`},
		{"xl/worksheets/sheet3.xml", `<drawing `},
		{"xl/drawings/drawing1.xml", `descr="Barres : nombre`},
		{"xl/drawings/drawing1.xml", `<xdr:ext cx="5905500" cy="2857500"/>`},
		{"xl/charts/chart1.xml", `<c:lang val="fr-FR"/>`},
		{"xl/charts/chart1.xml", `<c:strCache><c:ptCount val="11"/><c:pt idx="0"><c:v>Hébergeur et cloud</c:v>`},
		{"xl/charts/chart2.xml", `<c:ptCount val="3"/><c:pt idx="0"><c:v>1108</c:v></c:pt><c:pt idx="2">`}, // n.d. is a gap
		{"xl/tables/table2.xml", `<calculatedColumnFormula>IF(ISNUMBER(MATCH(Certifies[[#This Row],[N° d’acteur]],Agrees[N° d’acteur],0))`},
		{"xl/tables/table2.xml", `tableStyleInfo name="hdsreport"`},
		{"xl/styles.xml", `<tableStyle name="hdsreport"`},
	} {
		if !strings.Contains(parts[want.part], want.text) {
			t.Errorf("%s lacks %s", want.part, want.text)
		}
	}
	types := parts["[Content_Types].xml"]
	if entries := strings.SplitAfter(types[strings.Index(types, "<Default"):strings.Index(types, "</Types>")], "></"); !strings.Contains(types, "chart2.xml") || len(entries) < 10 {
		t.Errorf("content types are damaged: %s", types)
	}
	if strings.Contains(parts["xl/styles.xml"], "<protection ") {
		t.Error("a protection is left in the styles")
	}
}

// excelize reads back each value with its type, including computed columns.
func TestValuesAndTypesComeBack(t *testing.T) {
	fx := newFixture(6, 30, 80)
	f, err := excelize.OpenReader(bytes.NewReader(mustWrite(t, fx.book())))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, id := range []string{"approved", "certified"} {
		sheet := f.GetSheetList()[i]
		table := fx.table(id, "T", 3)
		for c, col := range table.Columns {
			for n := range table.Len {
				want := col.At(n)
				cell := cellName(c, n+4)
				got, _ := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
				kind, _ := f.GetCellType(sheet, cell)
				text := want.Text
				numeric := want.Kind == report.Number || want.Kind == report.Day
				if numeric {
					text = number(want.Num)
				}
				textual := kind == excelize.CellTypeInlineString || kind == excelize.CellTypeFormula
				if got != text || want.Kind != report.Blank && textual == numeric {
					t.Errorf("%s!%s holds %q (type %d), want %q", sheet, cell, got, kind, text)
				}
			}
		}
		tables, err := f.GetTables(sheet)
		if err != nil || len(tables) != 1 || tables[0].Range != fmt.Sprintf("A4:%s", cellName(len(table.Columns)-1, 83)) {
			t.Errorf("%s: tables %+v, %v", sheet, tables, err)
		}
	}
	if sheet := f.GetActiveSheetIndex(); sheet != 0 {
		t.Errorf("the workbook opens on sheet %d", sheet)
	}
	panes, _ := f.GetPanes("Acteurs agréés")
	if len(panes.Selection) != 1 || panes.Selection[0].ActiveCell != "A1" {
		t.Errorf("the active cell is not A1: %+v", panes)
	}
}

// A text that begins like a formula stays a text, also after F2 and Enter.
func TestTextIsNeverAFormula(t *testing.T) {
	b := newFixture(1, 3, 3).book()
	b.Sheets[0].Table.Columns[0].At = func(int) report.Value { return report.TextOf("=1+1") }
	_, parts := unzipped(t, mustWrite(t, b))
	f, err := excelize.OpenReader(bytes.NewReader(mustWrite(t, b)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if formula, _ := f.GetCellFormula("Acteurs agréés", "A5"); formula != "" {
		t.Errorf("the text became the formula %q", formula)
	}
	id, _ := f.GetCellStyle("Acteurs agréés", "A5")
	if xf := f.Styles.CellXfs.Xf[id]; xf.QuotePrefix == nil || !*xf.QuotePrefix {
		t.Error("the cell has no quote prefix: editing it would make it a formula")
	}
	plain, _ := f.GetCellStyle("Acteurs agréés", "B5")
	if xf := f.Styles.CellXfs.Xf[plain]; xf.QuotePrefix != nil && *xf.QuotePrefix {
		t.Error("an ordinary text has a quote prefix")
	}
	if !strings.Contains(parts["xl/worksheets/sheet1.xml"], `t="inlineStr"><is><t>=1+1</t>`) {
		t.Error("the text is not written as a text")
	}
}

func TestEveryStyleHasALook(t *testing.T) {
	all := []report.Style{
		report.StylePlain, report.StyleTitle, report.StyleSubtitle, report.StyleNotice, report.StyleHeading, report.StyleNote,
		report.StyleHeader, report.StyleHeaderR, report.StyleLabel, report.StyleKey, report.StyleKeyLabel, report.StyleNumber,
		report.StyleDecimal, report.StylePercent, report.StyleDelta, report.StyleFact, report.StyleFactDec, report.StyleText,
		report.StyleWrap, report.StyleDate, report.StyleLink,
	}
	b := newFixture(1, 3, 3).book()
	b.Sheets[2].Lines, b.Sheets[2].Charts = nil, nil
	for i, s := range all {
		b.Sheets[2].Lines = append(b.Sheets[2].Lines, report.Line{Row: i, Cells: []report.Cell{{Value: report.NumberOf(-1234.5), Style: s, Span: 3}}})
	}
	mustWrite(t, b)
	b.Sheets[2].Lines[0].Cells[0].Style = "unheard"
	if err := Write(io.Discard, b); err == nil || !strings.Contains(err.Error(), `A1: the style "unheard" is unknown`) {
		t.Errorf("an unknown style: %v", err)
	}
}

// English figures and page footers; an unknown language falls back to French.
func TestLanguage(t *testing.T) {
	fx := newFixture(1, 5, 5)
	for lang, want := range map[string][2]string{
		"en-GB": {"Page\u00a0&amp;P of\u00a0&amp;N", `formatCode="[$-809]dd mmm yyyy"`},
		"fr-FR": {"Page\u00a0&amp;P sur\u00a0&amp;N", `formatCode="dd/mm/yyyy"`},
		"":      {"Page\u00a0&amp;P sur\u00a0&amp;N", `formatCode="dd/mm/yyyy"`},
	} {
		fx.lang = lang
		_, parts := unzipped(t, mustWrite(t, fx.book()))
		if !strings.Contains(parts["xl/worksheets/sheet1.xml"], want[0]) || !strings.Contains(parts["xl/styles.xml"], want[1]) {
			t.Errorf("language %q: want %q", lang, want)
		}
	}
}

// Invalid books are refused with the place of the error, and nothing is written.
func TestFaultyBooksAreRefused(t *testing.T) {
	type change func(b *report.Book)
	table := func(f func(*report.Table)) change { return func(b *report.Book) { f(b.Sheets[0].Table) } }
	column := func(f func(*report.Column)) change {
		return table(func(t *report.Table) { f(&t.Columns[1]) })
	}
	cell := func(f func(*report.Cell)) change {
		return func(b *report.Book) { f(&b.Sheets[0].Lines[1].Cells[0]) }
	}
	value := func(s string) change {
		return column(func(c *report.Column) { c.At = func(int) report.Value { return report.TextOf(s) } })
	}
	for want, f := range map[string]change{
		"no sheet":                     func(b *report.Book) { b.Sheets = nil },
		"has no date":                  func(b *report.Book) { b.Date = etl.Date{} },
		"one name":                     func(b *report.Book) { b.Sheets[1].Name = strings.ToUpper(b.Sheets[0].Name) },
		"holds one of [ ]":             func(b *report.Book) { b.Sheets[1].Name = "a/b" },
		"over 31 characters":           func(b *report.Book) { b.Sheets[1].Name = strings.Repeat("x", 32) },
		"reads like a cell's":          table(func(t *report.Table) { t.Name = "T1" }),
		`table "C": the name reads`:    table(func(t *report.Table) { t.Name = "C" }),
		`table "L1C1": the name reads`: table(func(t *report.Table) { t.Name = "L1C1" }),
		"letters, digits, points":      table(func(t *report.Table) { t.Name = "Mes agrees" }),
		"two tables are named":         table(func(t *report.Table) { t.Name = "CERTIFIES" }),
		"no row of data":               table(func(t *report.Table) { t.Len = 0 }),
		"do not fit on a sheet":        table(func(t *report.Table) { t.Len = maxRows }),
		"lies in the table":            table(func(t *report.Table) { t.Row = 1 }),
		"takes them for one header":    column(func(c *report.Column) { c.Header = "ACTEUR" }),
		"line break":                   column(func(c *report.Column) { c.Header = "Deux\nlignes" }),
		"over 255 characters":          column(func(c *report.Column) { c.Header = strings.Repeat("x", 256) }),
		"has no header":                column(func(c *report.Column) { c.Header = " " }),
		"an escaped character":         column(func(c *report.Column) { c.Header = "_x0041_" }),
		"B5 (Positionnement principal": value(strings.Repeat("x", maxText+1)),
		"control character U+000B":     value("a\vb"),
		"not valid UTF-8":              value("a\xff"),
		"character U+FFFF":             value("é\uffff"),
		"not an http, https or mailto": cell(func(c *report.Cell) { c.Link = "javascript:alert(1)" }),
		"A2: the link \"file:///etc":   cell(func(c *report.Cell) { c.Link = "file:///etc/passwd" }),
		"no number that a cell":        cell(func(c *report.Cell) { c.Value = report.Value{Kind: report.Number, Num: nan()} }),
		"is not RRGGBB":                func(b *report.Book) { b.Sheets[0].Tab = "#1F4E79" },
		"needs a title and an":         func(b *report.Book) { b.Sheets[2].Charts[0].Alt = "" },
		"values for":                   func(b *report.Book) { b.Sheets[2].Charts[0].Category.LastRow++ },
		"stands after row":             func(b *report.Book) { b.Sheets[0].Lines[1].Row = 0 },
		"begins or ends with a space": func(b *report.Book) {
			b.Sheets[0].Table.Columns[3].At = func(int) report.Value { return report.TextOf("Oui ") }
		},
	} {
		b := newFixture(1, 3, 3).book()
		f(b)
		var buf bytes.Buffer
		err := Write(&buf, b)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
		if buf.Len() > 0 {
			t.Errorf("%q: %d bytes were written", want, buf.Len())
		}
	}
	// Content at the limits is written.
	b := newFixture(1, 3, 3).book()
	value(strings.Repeat("x", maxText))(b)
	column(func(c *report.Column) { c.Header = strings.Repeat("é", 255) })(b)
	b.Sheets[2].Lines = b.Sheets[2].Lines[:1]
	b.Sheets[2].Charts = nil
	mustWrite(t, b)
}

func nan() float64 { var zero float64; return zero / zero }

// Above the limit of links per sheet, cells keep their text without a link.
func TestLinksBeyondTheLimit(t *testing.T) {
	long(t)
	if testing.Short() {
		t.Skip("writes 70,000 rows")
	}
	b := newFixture(1, 3, 3).book()
	tb := b.Sheets[0].Table
	tb.Columns = tb.Columns[:1]
	tb.Len = maxLinks + 1000
	tb.Columns[0].At = func(int) report.Value { return report.TextOf("x") }
	tb.Columns[0].Link = func(n int) string { return fmt.Sprintf("https://example.org/%d", n) }
	b.Sheets = b.Sheets[:1]
	_, parts := unzipped(t, mustWrite(t, b))
	sheet := parts["xl/worksheets/sheet1.xml"]
	if n := strings.Count(sheet, "<hyperlink "); n != maxLinks {
		t.Errorf("%d links, want %d", n, maxLinks)
	}
	first, last := sheet[strings.Index(sheet, `<c r="A5"`):], sheet[strings.Index(sheet, fmt.Sprintf(`<c r="A%d"`, maxLinks+900)):]
	if a, b := first[len(`<c r="A5"`):len(`<c r="A5"`)+6], last[len(`<c r="A66430"`):len(`<c r="A66430"`)+6]; a == b {
		t.Errorf("a cell without a link looks like one with: %s", a)
	}
}

// A figure that is already shown is referred to by its first cell.
func TestShownFiguresAreReferredTo(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(mustWrite(t, newFixture(1, 9, 9).book())))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"D11": `IF($A$6=0,"",$B$11/$A$6)`, "E11": "($C$11-$B$11)", "B45": "$A$6"} {
		if got, _ := f.GetCellFormula("Synthèse d’essai", cell); got != want {
			t.Errorf("%s: %s, want %s", cell, got, want)
		}
	}
	if got, _ := f.GetCellFormula("Synthèse d’essai", "A6"); !strings.HasPrefix(got, "(SUMPRODUCT(") {
		t.Errorf("the first cell of a figure does not count: %s", got)
	}
}

// benchmarkBook has two lists as wide as those of the report, with values that cost
// nothing to compute.
func benchmarkBook(rows int) *report.Book {
	b := newFixture(1, 3, 3).book()
	for _, s := range b.Sheets[:2] {
		t := s.Table
		t.Len = rows
		t.Columns = nil
		for i := range 16 {
			c := report.Column{ID: fmt.Sprint("c", i), Header: fmt.Sprintf("Colonne %d", i), Kind: report.Text, Width: 12}
			switch i % 4 {
			case 0:
				c.Kind = report.Number
				c.At = func(n int) report.Value { return report.NumberOf(float64(n)) }
			case 1:
				c.Kind = report.Day
				c.At = func(n int) report.Value { return report.Value{Kind: report.Day, Num: float64(43000 + n%2000)} }
			default:
				v := report.TextOf("Hébergement de données")
				c.At = func(n int) report.Value { return v }
			}
			t.Columns = append(t.Columns, c)
		}
	}
	b.Sheets = b.Sheets[:2]
	return b
}

func benchmarkRows(b *testing.B, rows int) {
	book := benchmarkBook(rows)
	b.ReportAllocs()
	var size int64
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	for b.Loop() {
		var n counter
		if err := Write(&n, book); err != nil {
			b.Fatal(err)
		}
		size = int64(n)
	}
	runtime.ReadMemStats(&m1)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(2*rows), "ns/row")
	b.ReportMetric(float64(m1.TotalAlloc-m0.TotalAlloc)/float64(b.N)/float64(2*rows), "B/row")
	b.ReportMetric(float64(size)/float64(2*rows), "file-B/row")
}

type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

func BenchmarkSmallBook(b *testing.B) {
	book := newFixture(1, 99, 110).book()
	for b.Loop() {
		if err := Write(io.Discard, book); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRows10k(b *testing.B)  { benchmarkRows(b, 10_000) }
func BenchmarkRows100k(b *testing.B) { benchmarkRows(b, 100_000) }

// TestSignsLeaveTheirValues: a sign is how a value is shown; the cell holds the value, and its
// column's header reads upwards with room for a filter button.
func TestSignsLeaveTheirValues(t *testing.T) {
	b := newFixture(2, 8, 12).book()
	c := b.Sheets[1].Table.Column("act0")
	c.Width, c.Turned, c.Signs = 6.5, true, []report.Sign{{Value: `Oui`, Shown: "✓"}, {Value: `N"on`, Shown: "·"}}
	f, err := excelize.OpenReader(bytes.NewReader(mustWrite(t, b)))
	if err != nil {
		t.Fatal(err)
	}
	formats, err := f.GetConditionalFormats(b.Sheets[1].Name)
	if err != nil {
		t.Fatal(err)
	}
	rules := formats["C5:C16"]
	if len(rules) != 2 || rules[0].Value != `"Oui"` || rules[1].Value != `"N""on"` {
		t.Fatalf("%+v", formats)
	}
	_, parts := unzipped(t, mustWrite(t, b))
	for i, sign := range []string{"✓", "·"} {
		want := fmt.Sprintf(`<numFmt numFmtId="%d" formatCode=";;;&#34;%s&#34;">`, 1000+i, sign)
		if !strings.Contains(parts["xl/styles.xml"], want) {
			t.Errorf("the styles have no %s", want)
		}
	}
	if v, err := f.GetCellValue(b.Sheets[1].Name, "C5"); err != nil || v != c.At(0).Text {
		t.Errorf("%q, %v", v, err)
	}
	if w, err := f.GetColWidth(b.Sheets[1].Name, "C"); err != nil || w != 6.5 {
		t.Errorf("%v wide, %v", w, err)
	}
	if h, err := f.GetRowHeight(b.Sheets[1].Name, 4); err != nil || h < 60 || h > 160 {
		t.Errorf("the header is %v high, %v", h, err)
	}
}
