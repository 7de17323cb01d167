package audit

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
	"hdsreport/etl/raced"
)

// faulty is one way to break a rule: in the sound workbook by excelize, then in
// the file's parts where excelize cannot.
type faulty struct {
	rule  string
	how   string // empty where the rule says it
	place string // of the finding; empty for the workbook
	make  func(b *book)
	patch []patch
}

// patch replaces a text in a part, once. With from empty the part is added; with to
// empty as well it is taken away.
type patch struct{ part, from, to string }

const (
	sheet1 = "xl/worksheets/sheet1.xml"
	sheet2 = "xl/worksheets/sheet2.xml"
	table1 = "xl/tables/table1.xml"
	wb     = "xl/workbook.xml"
	core   = "docProps/core.xml"
	chart1 = "xl/charts/chart1.xml"
)

var faults = []faulty{
	{rule: "document-title", make: func(b *book) { b.props.Title = " " }},
	{rule: "document-author", make: func(b *book) { b.props.Creator = "" }},
	{rule: "document-author", how: "a library's name", make: func(b *book) { b.props.Creator = "xuri" }},
	{rule: "document-language", make: func(b *book) { b.props.Language = "" }},
	{rule: "document-language", how: "no language", make: func(b *book) { b.props.Language = "français" }},
	{rule: "macro", patch: []patch{{part: "xl/vbaProject.bin", to: "x"}}},
	{rule: "external-link", patch: []patch{{part: "xl/externalLinks/externalLink1.xml", to: "<externalLink/>"}}},
	{rule: "external-link", how: "a picture", place: "Données", patch: []patch{{"xl/drawings/_rels/drawing1.xml.rels", "</Relationships>", `<Relationship Id="rId9" Type="http://x/image" Target="http://example.org/a.png" TargetMode="External"/></Relationships>`}}},
	{rule: "connection", patch: []patch{{part: "xl/connections.xml", to: "<connections/>"}}},
	{rule: "embedded-object", patch: []patch{{part: "xl/embeddings/oleObject1.bin", to: "x"}}},
	{rule: "part-missing", place: "Données", patch: []patch{{part: chart1}}},
	{rule: "defined-name", make: func(b *book) { b.name("Perdu", "#REF!$A$1") }},
	{rule: "manual-calculation", patch: []patch{{wb, "<calcPr ", `<calcPr calcMode="manual" `}}},
	{rule: "colour", place: "Données", patch: []patch{{sheet1, "<dimension ", `<sheetPr><tabColor rgb="#1F4E79"/></sheetPr><dimension `}}},
	{rule: "colour", how: "in a style", patch: []patch{{"xl/styles.xml", `rgb="FF1F4E79"`, `rgb="1F4E79"`}}},

	{rule: "sheet-name", how: "long", patch: []patch{{wb, `name="Vide"`, `name="Un nom de plus de trente et un signes"`}}, make: func(b *book) { b.sheet("Vide") }},
	{rule: "sheet-name", how: "a character", patch: []patch{{wb, `name="Vide"`, `name="a/b"`}}, make: func(b *book) { b.sheet("Vide") }},
	{rule: "sheet-name", how: "twice", patch: []patch{{wb, `name="Vide"`, `name="NOTES"`}}, make: func(b *book) { b.sheet("Vide") }},
	{rule: "sheet-name", how: "kept by Excel", patch: []patch{{wb, `name="Vide"`, `name="History"`}}, make: func(b *book) { b.sheet("Vide") }},
	{rule: "sheet-hidden", place: "Notes", make: func(b *book) { b.must(b.SetSheetVisible("Notes", false)) }},
	{rule: "sheet-hidden", how: "very", place: "Notes", make: func(b *book) { b.must(b.SetSheetVisible("Notes", false, true)) }},
	{rule: "sheet-empty", place: "Vide", make: func(b *book) { b.must(second(b.NewSheet("Vide"))) }},
	{rule: "sheet-active", make: func(b *book) { b.SetActiveSheet(1) }, patch: []patch{{sheet2, ` tabSelected="true"`, ``}}},
	{rule: "sheet-active", how: "two at once", place: "Notes", patch: []patch{{sheet2, `<sheetView `, `<sheetView tabSelected="1" `}}},
	{rule: "cell-active", place: "Données!C5", make: func(b *book) {
		b.must(b.SetPanes("Données", &excelize.Panes{Selection: []excelize.Selection{{ActiveCell: "C5", SQRef: "C5"}}}))
	}},
	{rule: "row-hidden", place: "Données!5:5", make: func(b *book) { b.must(b.SetRowVisible("Données", 5, false)) }},
	{rule: "column-hidden", place: "Données!B:B", make: func(b *book) { b.must(b.SetColVisible("Données", "B", false)) }},
	{rule: "row-blank", place: "Notes!3:4", make: func(b *book) { b.set("Notes", "A5", "plus loin"); b.must(b.SetSheetDimension("Notes", "A1:A5")) }},
	{rule: "column-blank", place: "Données!D:E", make: func(b *book) { b.set("Données", "F4", "à part") }},
	{rule: "merged", place: "Données!A1:B1", make: func(b *book) { b.must(b.MergeCell("Données", "A1", "B1")) }},
	{rule: "print-small", place: "Notes!A1", make: func(b *book) { b.printed("Notes", 150, 60, true) }},
	{rule: "print-small", how: "a scale", place: "Notes!A1", make: func(b *book) { b.printed("Notes", 10, 60, false) }},
	{rule: "grid", how: "cells", place: "Données", patch: []patch{{sheet1, `r="B4"`, `r="A4"`}}},
	{rule: "grid", how: "rows", place: "Notes", patch: []patch{{sheet2, `<row r="2"`, `<row r="1"`}, {sheet2, `r="A2"`, `r="A1"`}}},
	{rule: "dimension", place: "Données", make: func(b *book) { b.must(b.SetSheetDimension("Données", "A1")) }},

	{rule: "table-unnamed", place: "Données!A7", make: func(b *book) {
		for i, v := range []any{"Ville", "Part", "Lyon", 1, "Paris", 2} {
			b.set("Données", ooxml.CellName(7+i/2, 1+i%2), v)
		}
	}},
	{rule: "table-name", place: "Données!A3:C6", patch: []patch{{table1, `displayName="Villes"`, `displayName="Nos villes"`}}},
	{rule: "table-name-like-cell", how: "T1", place: "Données!A3:C6", make: func(b *book) { b.table = "T1" }},
	{rule: "table-name-like-cell", how: "C", place: "Données!A3:C6", make: func(b *book) { b.table = "C" }},
	{rule: "table-name-like-cell", how: "R1C1", place: "Données!A3:C6", make: func(b *book) { b.table = "R1C1" }},
	{rule: "table-name-like-cell", how: "L1C1", place: "Données!A3:C6", make: func(b *book) { b.table = "L1C1" }},
	{rule: "table-name-twice", place: "Notes!A1:A2", make: func(b *book) { b.addTable("Notes", "A1:A2", "VILLES") }},
	{rule: "table-name-twice", how: "a defined name", place: "Données!A3:C6", make: func(b *book) { b.name("villes", "Notes!$A$1") }},
	{rule: "table-overlap", place: "Données!A3:C6", make: func(b *book) { b.addTable("Données", "A3:C6", "Encore") }},
	{rule: "table-merged", place: "Données!A4:A5", make: func(b *book) { b.must(b.MergeCell("Données", "A4", "A5")); b.set("Données", "A4", "Lyon") }},
	{rule: "table-empty", how: "no row", place: "Données!A3:C6", patch: []patch{{table1, `<table `, `<table totalsRowCount="3" `}}},
	{rule: "table-empty", how: "empty rows", place: "Données!A8:B9", make: func(b *book) {
		b.set("Données", "A7", "Titre")
		b.set("Données", "A8", "u")
		b.set("Données", "B8", "v")
		b.addTable("Données", "A8:B9", "Rien")
	}},
	{rule: "table-range", place: "Données!A3:C6", patch: []patch{{table1, `<tableColumn id="3" name="Part"></tableColumn>`, ``}}},
	{rule: "table-headless", place: "Données!A3:C6", patch: []patch{{table1, `<table `, `<table headerRowCount="0" `}}},
	{rule: "header-empty", place: "Données!B3", patch: []patch{{table1, `name="Date"`, `name=" "`}}},
	{rule: "header-twice", place: "Données!B3", make: func(b *book) { b.set("Données", "B3", "VILLE") }},
	{rule: "header-newline", place: "Données!B3", make: func(b *book) { b.set("Données", "B3", "Date\nd’effet") }},
	{rule: "header-newline", how: "in the cell alone", place: "Données!B3", make: func(b *book) { b.set("Données", "B3", "Date\nd’effet") }, patch: []patch{{table1, `name="Date&#xA;d’effet"`, `name="Date d’effet"`}}},
	{rule: "header-newline", how: "as Excel writes it", place: "Données!B3", patch: []patch{{table1, `name="Date"`, `name="Date_x000a_d’effet"`}}},
	{rule: "header-long", place: "Données!B3", patch: []patch{{table1, `name="Date"`, `name="` + strings.Repeat("é", 256) + `"`}}},
	{rule: "header-differs", place: "Données!B3", patch: []patch{{table1, `name="Date"`, `name="Jour"`}}},
	{rule: "header-differs", how: "a number", place: "Données!B3", patch: []patch{{sheet1, `<c r="B3" t="s"><v>3</v>`, `<c r="B3"><v>2019</v>`}, {table1, `name="Date"`, `name="2019"`}}},

	{rule: "formula-uncached", place: "Données!D4", make: func(b *book) { b.must(b.SetCellFormula("Données", "D4", "SUM(C4:C6)")) }},
	{rule: "formula-reference", place: "Données!C6", patch: []patch{{sheet1, "<f>C4+C5</f>", "<f>C4+#REF!</f>"}}},
	{rule: "error-value", place: "Données!C6", patch: []patch{{sheet1, `t="n"><f>C4+C5</f><v>30</v>`, `t="e"><f>C4+C5</f><v>#DIV/0!</v>`}}},
	{rule: "error-value", how: "without a formula", place: "Données!C6", patch: []patch{{sheet1, `t="n"><f>C4+C5</f><v>30</v>`, `t="e"><v>#N/A</v>`}}},
	{rule: "number-as-text", place: "Données!C5", make: func(b *book) { b.set("Données", "C5", "1 234,5") }},
	{rule: "number-as-text", how: "a column of them", place: "Données!A4:A6", make: func(b *book) {
		for _, c := range []string{"A4", "A5", "A6"} {
			b.set("Données", c, "36045")
		}
	}},
	{rule: "number-as-text", how: "outside tables", place: "Notes!A2", make: func(b *book) { b.set("Notes", "A2", "12,5 %"); b.set("Notes", "A1", 3) }},
	{rule: "date-as-text", place: "Données!B5", make: func(b *book) { b.set("Données", "B5", "17/06/2019") }},
	{rule: "date-as-text", how: "marked for numbers alone", place: "Données!B5", make: func(b *book) {
		b.set("Données", "B5", "2019-06-17")
		b.must(b.AddIgnoredErrors("Données", "B4:B6", excelize.IgnoredErrorsNumberStoredAsText))
	}},
	{rule: "text-runs", how: "=", place: "Données!A5", make: func(b *book) { b.set("Données", "A5", `=HYPERLINK("http://x")`) }},
	{rule: "text-runs", how: "+", place: "Données!A5", make: func(b *book) { b.set("Données", "A5", "+1+cmd|'/C calc'!A0") }},
	{rule: "text-runs", how: "-", place: "Données!A5", make: func(b *book) { b.set("Données", "A5", "-1+cmd") }},
	{rule: "text-runs", how: "@", place: "Données!A5", make: func(b *book) { b.set("Données", "A5", "@SUM(1)") }},
	{rule: "text-runs", how: "tab", place: "Données!A5", make: func(b *book) { b.set("Données", "A5", "\t=1") }},
	{rule: "text-runs", how: "return", place: "Données!A5", make: func(b *book) { b.set("Données", "A5", "\r=1") }},
	{rule: "text-runs", how: "a header", place: "Données!A3", make: func(b *book) { b.set("Données", "A3", "=Ville") }},
	{rule: "text-long", place: "Notes!A2", patch: []patch{{"xl/sharedStrings.xml", "une note", strings.Repeat("é", 32_768)}}},
	{rule: "contrast", place: "Notes!A2", make: func(b *book) { b.style("Notes", "A2", "8C8C8C", "FFFFFF", 11, false) }},
	{rule: "contrast", how: "large is not large enough", place: "Notes!A2", make: func(b *book) { b.style("Notes", "A2", "999999", "FFFFFF", 18, false) }},
	{rule: "contrast", how: "on a stripe of the table's style", place: "Données!A4", make: func(b *book) { b.style("Données", "A4", "757575", "", 11, false) }, patch: []patch{
		{table1, `<tableStyleInfo name="TableStyleLight1"`, `<tableStyleInfo name="ours"`},
		{"xl/styles.xml", `</cellXfs>`, `</cellXfs><dxfs count="1"><dxf><fill><patternFill><bgColor rgb="FFDDDDDD"/></patternFill></fill></dxf></dxfs><tableStyles><tableStyle name="ours"><tableStyleElement type="secondRowStripe" dxfId="0"/></tableStyle></tableStyles>`},
	}},
	{rule: "link-text", how: "an address", place: "Notes!A2", make: func(b *book) { b.link("A2", "https://example.org", "https://example.org") }},
	{rule: "link-text", how: "click here", place: "Notes!A2", make: func(b *book) { b.link("A2", "https://example.org", "Cliquez ici") }},
	{rule: "link-text", how: "empty", place: "Notes!B1", make: func(b *book) { b.link("B1", "https://example.org", "") }},
	{rule: "link-text", how: "a formula", place: "Notes!A2", patch: []patch{{sheet2, `<c r="A2" t="s"><v>9</v></c>`, `<c r="A2" t="str"><f>HYPERLINK("https://example.org","ici")</f><v>ici</v></c>`}}},
	{rule: "link-target", how: "javascript", place: "Notes!A2", make: func(b *book) { b.link("A2", "javascript:alert(1)", "une note") }},
	{rule: "link-target", how: "a file", place: "Notes!A2", make: func(b *book) { b.link("A2", "file:///etc/passwd", "une note") }},
	{rule: "link-target", how: "a sheet that is gone", place: "Notes!A2", make: func(b *book) { b.must(b.SetCellHyperLink("Notes", "A2", "Ailleurs!A1", "Location")) }},
	{rule: "link-target", how: "a formula", place: "Notes!A2", patch: []patch{{sheet2, `<c r="A2" t="s"><v>9</v></c>`, `<c r="A2" t="str"><f>HYPERLINK("file:///c:/a","une note")</f><v>une note</v></c>`}}},
	{rule: "link-target", how: "the second link of a formula", place: "Notes!A2", patch: []patch{{sheet2, `<c r="A2" t="s"><v>9</v></c>`, `<c r="A2" t="str"><f>IF(A1="x""y",HYPERLINK("https://a.fr","une note"),HYPERLINK( "file:///c:/a","une note"))</f><v>une note</v></c>`}}},
	{rule: "validation", how: "#REF!", place: "Données!A4:A6", make: func(b *book) { b.list("#REF!$A$1:$A$2") }},
	{rule: "validation", how: "no sheet", place: "Données!A4:A6", make: func(b *book) { b.list("Listes!$A$1:$A$2") }},
	{rule: "validation", how: "no name", place: "Données!A4:A6", make: func(b *book) { b.list("Choix") }},
	{rule: "validation", how: "long", place: "Données!A4:A6", make: func(b *book) { b.list("Notes!$A$1") }, patch: []patch{{sheet1, "Notes!$A$1", `"` + strings.Repeat("x,", 130) + `"`}}},
	{rule: "validation", how: "empty", place: "Données!A4:A6", make: func(b *book) { b.list("Notes!$A$1") }, patch: []patch{{sheet1, "<formula1>Notes!$A$1</formula1>", ``}}},

	{rule: "alt-text", place: "Données!H3", make: func(b *book) { b.alt = "" }},
	{rule: "chart-title", place: "Données!H3", make: func(b *book) { b.title = "" }},
	{rule: "chart-reference", place: "Données!H3", patch: []patch{{chart1, "&#39;Données&#39;!$C$4:$C$5", "#REF!$C$4:$C$5"}}},
}

// book is the workbook under test.
type book struct {
	*excelize.File
	t                 *testing.T
	props             excelize.DocProperties
	table, alt, title string
}

func second[T any](_ T, err error) error { return err }

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *book) set(sheet, cell string, v any) {
	b.t.Helper()
	b.must(b.SetCellValue(sheet, cell, v))
	if sheet == "Données" {
		b.must(b.SetSheetDimension(sheet, "A1:Z20"))
	}
}

func (b *book) sheet(name string) {
	b.must(second(b.NewSheet(name)))
	b.set(name, "A1", "texte")
}

func (b *book) name(name, to string) {
	b.must(b.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: to}))
}

func (b *book) addTable(sheet, at, name string) {
	b.must(b.AddTable(sheet, &excelize.Table{Range: at, Name: name, StyleName: "TableStyleLight1"}))
}

func (b *book) link(cell, to, text string) {
	b.set("Notes", cell, text)
	b.must(b.SetCellHyperLink("Notes", cell, to, "External"))
}

func (b *book) list(from string) {
	v := excelize.NewDataValidation(true)
	v.SetSqref("A4:A6")
	v.SetSqrefDropList(from)
	b.must(b.AddDataValidation("Données", v))
}

func (b *book) style(sheet, cell, ink, ground string, size float64, bold bool) {
	st := &excelize.Style{Font: &excelize.Font{Color: ink, Size: size, Bold: bold}}
	if ground != "" {
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{ground}}
	}
	id, err := b.NewStyle(st)
	b.must(err)
	b.must(b.SetCellStyle(sheet, cell, cell, id))
}

// workbookWith is a sound workbook, but for what is asked.
func workbookWith(t *testing.T, fault func(*book), patches ...patch) []byte {
	t.Helper()
	b := &book{File: excelize.NewFile(), t: t, table: "Villes", alt: "Colonnes : part de chaque ville", title: "Parts",
		props: excelize.DocProperties{Title: "Essai", Creator: "Rédaction", Language: "fr-FR"}}
	defer b.Close()
	b.must(b.SetSheetName("Sheet1", "Données"))
	b.must(second(b.NewSheet("Notes")))
	for i, row := range [][]any{
		{"Villes de France"}, {"Situation au 17 juin 2019"},
		{"Ville", "Date", "Part"}, {"Lyon", 43633, 10}, {"Paris", 43634, 20}, {"Total", 43635, 30},
	} {
		for j, v := range row {
			b.set("Données", ooxml.CellName(1+i, 1+j), v)
		}
	}
	b.must(b.SetCellFormula("Données", "C6", "C4+C5"))
	b.style("Données", "A1", "1F4E79", "", 20, true)
	b.set("Notes", "A1", "Notes")
	b.set("Notes", "A2", "une note")
	b.must(b.SetSheetDimension("Notes", "A1:C9"))
	if fault != nil {
		fault(b)
	}
	b.addTable("Données", "A3:C6", b.table)
	chart := &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "Part",
		Categories: "'Données'!$A$4:$A$5", Values: "'Données'!$C$4:$C$5"}},
		Format: excelize.GraphicOptions{AltText: b.alt}}
	if b.title != "" {
		chart.Title.Paragraph = []excelize.RichTextRun{{Text: b.title}}
	}
	b.must(b.AddChart("Données", "H3", chart))
	b.must(b.SetDocProps(&b.props))
	var buf bytes.Buffer
	b.must(b.Write(&buf))
	// A formula's value after SetCellFormula is text in excelize: put it right.
	return repack(t, buf.Bytes(), append([]patch{{sheet1, `t="str"><f>C4+C5</f><v>30</v>`, `t="n"><f>C4+C5</f><v>30</v>`}}, patches...))
}

// printed makes a column so wide, and prints the sheet on one page in width or at a scale.
func (b *book) printed(sheet string, width float64, scale uint, fit bool) {
	one, any, a4 := 1, 0, 9
	b.must(b.SetColWidth(sheet, "A", "A", width))
	b.must(b.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.must(b.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, AdjustTo: &scale, FitToWidth: &one,
		FitToHeight: &any}))
	b.style(sheet, "A1", "1F4E79", "", 9, false)
}

func repack(t *testing.T, data []byte, patches []patch) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts, names := map[string]string{}, []string{}
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(content)
		names = append(names, f.Name)
	}
	for _, p := range patches {
		old, there := parts[p.part]
		switch {
		case p.from == "" && p.to == "":
			names = slices.DeleteFunc(names, func(n string) bool { return n == p.part })
		case p.from == "" && !there:
			names, parts[p.part] = append(names, p.part), p.to
		case strings.Contains(old, p.from):
			parts[p.part] = strings.Replace(old, p.from, p.to, 1)
		default:
			t.Fatalf("%s does not hold %s:\n%s", p.part, p.from, old)
		}
	}
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for _, n := range names {
		w, err := out.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, parts[n]); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func auditOf(t *testing.T, data []byte, o Options) *Report {
	t.Helper()
	r, err := Workbook(bytes.NewReader(data), int64(len(data)), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func lines(r *Report) []string {
	out := []string{}
	for i := range r.Findings {
		out = append(out, r.Findings[i].String())
	}
	return out
}

// TestSoundWorkbook: a workbook without a fault has no finding, or the tests below
// would prove nothing.
func TestSoundWorkbook(t *testing.T) {
	r := auditOf(t, workbookWith(t, nil), Options{})
	if got := lines(r); len(got) > 0 {
		t.Errorf("findings in a sound workbook:\n%s", strings.Join(got, "\n"))
	}
	got := *r
	got.Findings = nil
	if diff := cmp.Diff(Report{Sheets: 2, Tables: 1, Rows: 8, Cells: 16, Formulas: 1, Charts: 1}, got); diff != "" {
		t.Errorf("what was looked at (-want +got):\n%s", diff)
	}
}

// long is about one workbook after another: the race detector has nothing to find there
// that the other tests do not show it.
func long(t *testing.T) {
	t.Helper()
	if raced.Detector {
		t.Skip(".ci/run runs it without the race detector")
	}
}

// TestFaults: each fault is found by its rule, at its place, and by no other.
func TestFaults(t *testing.T) {
	long(t)
	for _, f := range faults {
		t.Run(strings.TrimSuffix(f.rule+" "+f.how, " "), func(t *testing.T) {
			r := auditOf(t, workbookWith(t, f.make, f.patch...), Options{})
			if len(r.Findings) != 1 || r.Findings[0].Rule != f.rule || r.Findings[0].Place() != f.place {
				t.Errorf("want [%s] at %q alone, got:\n%s", f.rule, f.place, strings.Join(lines(r), "\n"))
			}
			if r.Sound() {
				t.Error("the workbook passes as sound")
			}
		})
	}
}

// TestEveryRuleHasAFault: a rule that no workbook breaks may not work.
func TestEveryRuleHasAFault(t *testing.T) {
	tested := map[string]bool{"sampled": true} // TestSampling
	for _, f := range faults {
		tested[f.rule] = true
	}
	seen := map[string]bool{}
	for _, r := range Rules() {
		if !tested[r.ID] {
			t.Errorf("no test breaks the rule %s", r.ID)
		}
		if seen[r.ID] {
			t.Errorf("two rules are called %s", r.ID)
		}
		if seen[r.ID] = true; !message.Has(r.What().Key) || !message.Has(r.Do().Key) || r.Source == "" {
			t.Errorf("the rule %s does not say what is wrong, what to do or where it comes from", r.ID)
		}
	}
}

// TestNoFault: what looks like a fault and is none.
func TestNoFault(t *testing.T) {
	textStyle := func(b *book, cell, format string) {
		id, err := b.NewStyle(&excelize.Style{CustomNumFmt: &format})
		b.must(err)
		b.must(b.SetCellStyle("Données", cell, cell, id))
	}
	for _, c := range []faulty{
		{how: "filters and frozen panes", make: func(b *book) {
			b.must(b.SetPanes("Données", &excelize.Panes{Freeze: true, YSplit: 3, TopLeftCell: "A4",
				ActivePane: "bottomLeft", Selection: []excelize.Selection{{Pane: "bottomLeft", ActiveCell: "A1",
					SQRef: "A1"}}}))
		}},
		{how: "a code with a leading zero", make: func(b *book) { b.set("Données", "C5", "01234") }},
		{how: "more digits than a number keeps", make: func(b *book) { b.set("Données", "C5", "1234567890123456") }},
		{how: "digits among certificate numbers", make: func(b *book) {
			b.set("Données", "A4", "HDS-12")
			b.set("Données", "A5", "36045")
			b.set("Données", "A6", "LNE 4")
		}},
		{how: "digits marked as text", make: func(b *book) {
			b.set("Données", "C5", "20")
			b.must(b.AddIgnoredErrors("Données", "C4:C6", excelize.IgnoredErrorsNumberStoredAsText))
		}},
		{how: "digits in the format Text", make: func(b *book) { b.set("Données", "C5", "20"); textStyle(b, "C5", "@") }},
		{how: "a date in the format Text", make: func(b *book) { b.set("Données", "B5", "2019-06-17"); textStyle(b, "B5", "@") }},
		{how: "a date that the calendar lacks", make: func(b *book) { b.set("Données", "B5", "31/02/2019") }},
		{how: "a date in words", make: func(b *book) { b.set("Données", "B5", "17 juin 2019") }},
		{how: "a lone dash", make: func(b *book) { b.set("Données", "A5", "-") }},
		{how: "a text typed after an apostrophe", make: func(b *book) { b.set("Données", "A5", "=1+1"); b.style("Données", "A5", "000001", "", 11, false) },
			patch: []patch{{"xl/styles.xml", `<xf numFmtId="0" fontId="2"`, `<xf quotePrefix="1" numFmtId="0" fontId="2"`}}},
		{how: "a formula's empty text", patch: []patch{{sheet1, `t="n"><f>C4+C5</f><v>30</v>`, `t="str"><f>""</f><v></v>`}}},
		{how: "#REF! in a formula's text", patch: []patch{{sheet1, "<f>C4+C5</f>", `<f>C4+C5+LEN("#REF!")</f>`}}},
		{how: "a link in a formula's text", patch: []patch{{sheet1, "<f>C4+C5</f>", `<f>C4+C5*(A4="=HYPERLINK(""http://e"",""x"")")</f>`}}},
		{how: "a link in a sheet's name", patch: []patch{{sheet1, "<f>C4+C5</f>", `<f>C4+C5+SUM('it''s "HYPERLINK("'!A1)+LEN("HYPERLINK(")</f>`}}},
		{how: "large text at 3 to 1", make: func(b *book) { b.style("Notes", "A2", "8C8C8C", "FFFFFF", 14, true) }},
		{how: "faint text in an empty cell", make: func(b *book) { b.style("Notes", "B2", "EEEEEE", "FFFFFF", 11, false) }},
		{how: "white text on a dark ground", make: func(b *book) { b.style("Notes", "A2", "FFFFFF", "1F4E79", 11, false) }},
		{how: "hidden columns beyond the content", make: func(b *book) { b.must(b.SetColVisible("Données", "AA:XFD", false)) }},
		{how: "a link with words", make: func(b *book) { b.link("A2", "https://example.org", "La liste de l’agence") }},
		{how: "a link to a cell", make: func(b *book) { b.must(b.SetCellHyperLink("Notes", "A2", "'Données'!A1", "Location")) }},
		{how: "a mail address", make: func(b *book) { b.link("A2", "mailto:a@example.org", "La rédaction") }},
		{how: "an address that is no link", make: func(b *book) { b.set("Notes", "A2", "https://example.org") }},
		{how: "blocks with titles", make: func(b *book) {
			for i, row := range [][]any{{"Bloc un"}, {"Ville", "Part"}, {"Lyon", 1}, {"Bloc deux"}, {"Ville", "Part"},
				{"Paris", 2}} {
				for j, v := range row {
					b.set("Notes", ooxml.CellName(3+i, 1+j), v)
				}
			}
		}},
		{how: "a list of a named range", make: func(b *book) { b.name("Choix", "Notes!$A$1:$A$2"); b.list("Choix") }},
		{how: "a name like a word", make: func(b *book) { b.table = "Relais" }},
		{how: "a name beyond the last column", make: func(b *book) { b.table = "ZZZ1" }},
		{how: "a decorative picture", make: func(b *book) { b.alt = "" }, patch: []patch{{"xl/drawings/drawing1.xml", "</xdr:cNvPr>", `<a:extLst><a:ext><adec:decorative val="1"/></a:ext></a:extLst></xdr:cNvPr>`}}},
		{how: "another prefix for the namespace", patch: []patch{
			{sheet2, `<row r="2"`, `<z:row r="2"`}, {sheet2, `</c></row></sheetData>`, `</c></z:row></sheetData>`}}},
	} {
		t.Run(c.how, func(t *testing.T) {
			if got := lines(auditOf(t, workbookWith(t, c.make, c.patch...), Options{})); len(got) > 0 {
				t.Errorf("findings:\n%s", strings.Join(got, "\n"))
			}
		})
	}
}

// TestUnreadable: what is no workbook is an error that says what to do, not a
// finding and not a panic.
// TestPrintedSize: what is printed is measured, and columns that are not printed do not count.
func TestPrintedSize(t *testing.T) {
	for how, make := range map[string]func(b *book){
		"a page":         func(b *book) { b.printed("Notes", 60, 100, true) },
		"landscape":      func(b *book) { b.printed("Notes", 90, 100, true); b.turn("Notes") },
		"not its column": func(b *book) { b.printed("Notes", 200, 100, true); b.print("Notes", "'Notes'!$B:$C") },
		"a scale":        func(b *book) { b.printed("Notes", 200, 80, false) },
	} {
		r := auditOf(t, workbookWith(t, make), Options{})
		if got := lines(r); len(got) > 0 {
			t.Errorf("%s: %s", how, strings.Join(got, "\n"))
		}
	}
	// 210 mm less two margins of 0.7 inches are 494.5 points, the column has 787.5: 63 % of 9 points.
	r := auditOf(t, workbookWith(t, func(b *book) { b.printed("Notes", 150, 100, true) }), Options{})
	if got := lines(r); len(got) != 1 || !strings.Contains(got[0], "too small: 5.7 points;") {
		t.Errorf("%q", got)
	}
}

func (b *book) turn(sheet string) {
	landscape := "landscape"
	b.must(b.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape}))
}

func (b *book) print(sheet, area string) {
	b.must(b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: sheet, RefersTo: area}))
}

func TestUnreadable(t *testing.T) {
	long(t)
	good := workbookWith(t, nil)
	damaged := bytes.Clone(good)
	damaged[bytes.Index(damaged, []byte(sheet1))+len(sheet1)+40] ^= 0xff
	for name, data := range map[string][]byte{
		"empty":               {},
		"a text":              []byte("nom;date\n"),
		"cut short":           good[:len(good)/2],
		"damaged":             damaged,
		"locked":              []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"),
		"a zip":               repack(t, good, []patch{{part: "[Content_Types].xml"}}),
		"a document":          repack(t, good, []patch{{"_rels/.rels", "officeDocument\"", "other\""}}),
		"broken XML":          repack(t, good, []patch{{sheet1, "</sheetData>", "</sheetDat>"}}),
		"a part cut short":    repack(t, good, []patch{{sheet1, "</worksheet>", ""}}),
		"a document type":     repack(t, good, []patch{{sheet1, "<worksheet ", "<!DOCTYPE x><worksheet "}}),
		"UTF-16":              repack(t, good, []patch{{sheet1, "<?xml", "\xff\xfe<?xml"}}),
		"a relation's list":   repack(t, good, []patch{{"_rels/.rels", "</Relationships>", ""}}),
		"a bomb":              repack(t, good, []patch{{sheet1, "<sheetData>", "<!--" + strings.Repeat(strings.Repeat(" ", 1<<20)+"--><!--", 80) + "--><sheetData>"}}),
		"a tag without end":   repack(t, good, []patch{{sheet1, "<sheetData>", "<sheetData " + strings.Repeat("x", 2<<20)}}),
		"elements in a tower": repack(t, good, []patch{{sheet1, "<sheetData>", strings.Repeat("<a>", 500) + "<sheetData>"}}),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Workbook(bytes.NewReader(data), int64(len(data)), Options{})
			if err == nil {
				t.Fatalf("no error; findings: %v", lines(r))
			}
			if !strings.Contains(err.Error(), ";") || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error does not say what to do in one line: %v", err)
			}
		})
	}
}

// TestGrouping: a fault of a thousand cells is one finding that counts them.
func TestGrouping(t *testing.T) {
	r := auditOf(t, workbookWith(t, func(b *book) {
		for row := 3; row <= 30; row++ {
			b.set("Notes", ooxml.CellName(row, 1), "=1+1")
		}
		b.must(b.SetSheetDimension("Notes", "A1:A30"))
	}), Options{})
	if len(r.Findings) != 1 || r.Findings[0].Count != 28 || len(r.Findings[0].Cells) != 10 {
		t.Fatalf("findings: %v", lines(r))
	}
	want := `Notes!A3: error: texts that would run as a formula if they were typed or pasted again: "=1+1" (28 in all, also A4, A5, A6 …); put an apostrophe before them, or take the first character away [text-runs]`
	if got := r.Findings[0].String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestSampling: beyond the rows allowed only some are looked at, the report says
// so, a fault on most rows is still seen, and what stands behind the rows is read.
func TestSampling(t *testing.T) {
	const rows = 30_000
	f := excelize.NewFile()
	defer f.Close()
	sw, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for row := 1; row <= rows; row++ {
		if err := sw.SetRow(ooxml.CellName(row, 1), []any{"=1+1", row, "une ville"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := sw.MergeCell("A1", "B1"); err != nil {
		t.Fatal(err)
	}
	if err := sw.Flush(); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	all, some := auditOf(t, buf.Bytes(), Options{}), auditOf(t, buf.Bytes(), Options{Rows: 100})
	find := func(r *Report, rule string) *Fault {
		for i := range r.Findings {
			if r.Findings[i].Rule == rule {
				return &r.Findings[i]
			}
		}
		t.Fatalf("no %s in %v", rule, lines(r))
		return nil
	}
	if all.Rows != rows || find(all, "text-runs").Count != rows {
		t.Errorf("without a bound %d rows were looked at: %v", all.Rows, lines(all))
	}
	if some.Rows < 100 || some.Rows > rows/10 {
		t.Errorf("%d rows were looked at with a bound of 100", some.Rows)
	}
	if find(some, "text-runs").Count != some.Rows {
		t.Errorf("not every row looked at was judged: %v", lines(some))
	}
	find(some, "merged")
	if s := find(some, "sampled"); s.Severity != etl.Info {
		t.Errorf("the note is %v", s)
	}
	for _, f := range some.Findings {
		if f.Rule == "row-blank" || f.Rule == "grid" {
			t.Errorf("rows that were not looked at are taken for missing: %v", f.String())
		}
	}
}

// FuzzWorkbook: no file makes the audit panic, loop or hold more than the file is
// worth.
func FuzzWorkbook(f *testing.F) {
	t := &testing.T{}
	f.Add([]byte(nil))
	f.Add(workbookWith(t, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Workbook(bytes.NewReader(data), int64(len(data)), Options{Rows: 5})
		if (r == nil) == (err == nil) {
			t.Error("neither a report nor an error, or both")
		}
	})
}

// FuzzParts reaches what a random file never would: each part of a sound workbook
// replaced by any text.
func FuzzParts(f *testing.F) {
	good := workbookWith(&testing.T{}, nil)
	parts := []string{sheet1, table1, wb, "xl/styles.xml", "xl/sharedStrings.xml", "xl/drawings/drawing1.xml", chart1,
		"xl/theme/theme1.xml", "xl/_rels/workbook.xml.rels", core}
	in, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		f.Fatal(err)
	}
	contents := map[string][]byte{}
	for _, file := range in.File {
		r, err := file.Open()
		if err != nil {
			f.Fatal(err)
		}
		if contents[file.Name], err = io.ReadAll(r); err != nil {
			f.Fatal(err)
		}
	}
	for i, name := range parts {
		if contents[name] == nil {
			f.Fatalf("the workbook has no part %s", name)
		}
		f.Add(uint8(i), contents[name])
	}
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		var buf bytes.Buffer
		out := zip.NewWriter(&buf)
		name := parts[int(which)%len(parts)]
		for n, c := range contents {
			if n == name {
				c = content
			}
			w, err := out.CreateHeader(&zip.FileHeader{Name: n, Method: zip.Store})
			if err != nil {
				t.Fatal(err)
			}
			w.Write(c)
		}
		out.Close()
		if r, err := Workbook(bytes.NewReader(buf.Bytes()), int64(buf.Len()),
			Options{Rows: 2}); (r == nil) == (err == nil) {
			t.Error("neither a report nor an error, or both")
		}
	})
}
