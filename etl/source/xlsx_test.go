package source

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"hdsreport/etl"
)

// book builds a workbook.
func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ok(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// patch rewrites a part of an archive.
func patch(t testing.TB, data []byte, part, old, new string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	ok(t, err)
	var files []string
	done := false
	for _, f := range z.File {
		r, err := f.Open()
		ok(t, err)
		b, err := io.ReadAll(r)
		ok(t, err)
		s := string(b)
		if f.Name == part && strings.Contains(s, old) {
			s = strings.Replace(s, old, new, 1)
			done = true
		}
		files = append(files, f.Name, s)
	}
	if !done {
		t.Fatalf("no %q in %s", old, part)
	}
	return zipOf(t, files...)
}

func header(t testing.TB, f *excelize.File, sheet string) {
	ok(t, f.SetSheetRow(sheet, "A1", &[]string{"Acteur", "Type"}))
}

func style(t testing.TB, f *excelize.File, format string, id int) int {
	s := &excelize.Style{NumFmt: id}
	if format != "" {
		s = &excelize.Style{CustomNumFmt: &format}
	}
	n, err := f.NewStyle(s)
	ok(t, err)
	return n
}

func TestXLSXCells(t *testing.T) {
	day := time.Date(2019, 6, 17, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name        string
		value       any
		format      string
		id          int
		want, codes string
	}{
		{"text", "OVH SAS", "", 0, "OVH SAS", ""},
		{"leading zeros", "001", "", 0, "001", ""},
		{"spaces, breaks", " OVH\u00a0SAS \nx", "", 0, "OVH SAS⏎x", "spaces-normalised@2:2"},
		{"markup", "a<b>&\"c", "", 0, "a<b>&\"c", ""},
		{"escape", "a_x005F_b_x0041_ _xyz_", "", 0, "a_bA _xyz_", ""}, // excelize writes it as it is
		{"integer", 43633, "", 0, "43633", ""},
		{"integer as float", 1.0, "", 0, "1", ""},
		{"decimal", 4.5, "", 0, "4.5", ""},
		{"binary fraction", 0.1 + 0.2, "", 0, "0.3", ""},
		{"siret", 12345678901234.0, "", 0, "12345678901234", ""},
		{"true", true, "", 0, "TRUE", ""},
		{"false", false, "", 0, "FALSE", ""},
		{"date, built-in", day, "", 14, "2019-06-17", ""},
		{"date, french", day, "[$-40C]d mmmm yyyy;@", 0, "2019-06-17", ""},
		{"date, long", day, `dddd d mmmm yyyy`, 0, "2019-06-17", ""},
		{"date and time", day.Add(10 * time.Hour), "dd/mm/yyyy hh:mm", 0, "2019-06-17", "time-dropped@2:2"},
		{"month", time.Date(2019, 6, 1, 0, 0, 0, 0, time.UTC), "mmm yyyy", 0, "2019-06", ""},
		{"month, but a day inside", day, "mmm-yy", 0, "2019-06-17", ""},
		{"time alone", 0.4375, "hh:mm", 0, "10:30", ""},
		{"duration", 1.5, "[h]:mm", 0, "1.5", ""},
		{"number with units", 43633, `0" jours"`, 0, "43633", ""},
		{"thousands", 43633, `#,##0.00`, 0, "43633", ""},
		{"zero as date", 0, "dd/mm/yyyy", 0, "0", "date-serial@2:2"},
		{"the day that never was", 60, "dd/mm/yyyy", 0, "60", "date-serial@2:2"},
		{"the day before", 59, "dd/mm/yyyy", 0, "1900-02-28", ""},
		{"first day", 1, "dd/mm/yyyy", 0, "1900-01-01", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := book(t, func(f *excelize.File) {
				header(t, f, "Sheet1")
				ok(t, f.SetCellValue("Sheet1", "A2", "x"), f.SetCellValue("Sheet1", "B2", tt.value))
				if tt.format != "" || tt.id != 0 {
					s := style(t, f, tt.format, tt.id)
					ok(t, f.SetCellStyle("Sheet1", "B2", "B2", s))
				}
			})
			table, found := mustRead(t, data, "a.xlsx", withHeaders)
			wantRows(t, table, "1: Acteur|Type\n2: x|"+tt.want+"\n")
			wantCodes(t, found, tt.codes)
		})
	}
}

func TestXLSX1904(t *testing.T) {
	yes := true
	data := book(t, func(f *excelize.File) {
		ok(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
		header(t, f, "Sheet1")
		ok(t, f.SetCellValue("Sheet1", "A2", 43633-1462), f.SetCellStyle("Sheet1", "A2", "A2", style(t, f, "", 14)))
	})
	table, _ := mustRead(t, data, "a.xlsx", withHeaders)
	wantRows(t, table, "1: Acteur|Type\n2: 2019-06-17\n")
}

func TestXLSXFormulas(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		header(t, f, "Sheet1")
		ok(t, f.SetCellFormula("Sheet1", "A2", "1+1"), f.SetCellValue("Sheet1", "B2", "x"))
		// TRAPS: a value set before its formula is cached as text; the types are for
		// the parts patched below.
		ok(t, f.SetCellValue("Sheet1", "A3", 7), f.SetCellValue("Sheet1", "B3", 8), f.SetCellValue("Sheet1", "B4", 9))
	})
	const part = "xl/worksheets/sheet1.xml"
	data = patch(t, data, part, `<c r="A3"><v>7</v></c>`, `<c r="A3"><f>3+4</f><v>7.0</v></c>`)
	data = patch(t, data, part, `<c r="B3"><v>8</v></c>`, `<c r="B3" t="str"><f>"0"&amp;8</f><v>08</v></c>`)
	data = patch(t, data, part, `<c r="B4"><v>9</v></c>`, `<c r="B4" t="e"><f>NA()</f><v>#N/A</v></c>`)
	table, found := mustRead(t, data, "a.xlsx", withHeaders)
	wantRows(t, table, "1: Acteur|Type\n2: |x\n3: 7|08\n4: |#N/A\n")
	wantCodes(t, found, "formula-uncached@2:1 cell-error@4:2")
}

func TestXLSXMergedCells(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		ok(t, f.SetCellValue("Sheet1", "A1", "Liste"), f.MergeCell("Sheet1", "A1", "C1"))
		ok(t, f.SetSheetRow("Sheet1", "A2", &[]string{"Acteur", "Type", "Date de fin"}))
		ok(t, f.SetSheetRow("Sheet1", "A3", &[]string{"OVH", "a", "1"}), f.SetSheetRow("Sheet1", "A4", &[]string{"", "", "2"}))
		ok(t, f.MergeCell("Sheet1", "A3", "A4"), f.MergeCell("Sheet1", "B3", "B4"))
		// a tall row: every cell spans two rows
		ok(t, f.SetSheetRow("Sheet1", "A5", &[]string{"EBRC", "b", "3"}))
		ok(t, f.MergeCell("Sheet1", "A5", "A6"), f.MergeCell("Sheet1", "B5", "B6"), f.MergeCell("Sheet1", "C5", "C6"))
	})
	table, _ := mustRead(t, data, "a.xlsx", withHeaders)
	wantRows(t, table, "1: Liste|Liste|Liste\n2: Acteur|Type|Date de fin\n3: OVH|a|1\n4: OVH|a|2\n5: EBRC|b|3\n")
}

// sheetOf is a workbook of one sheet, with this inside its <sheetData>.
func sheetOf(t testing.TB, rows string) []byte {
	return zipOf(t,
		"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="F" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="/worksheet" Target="s.xml"/><Relationship Id="r2" Type="/styles" Target="y.xml"/></Relationships>`,
		"xl/y.xml", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml", `<sst><si><t>Acteur</t></si></sst>`,
		"xl/s.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`)
}

// TestShortRowsOfASheet: a row that ends early is said where hardly any does, as in a
// text file, and a line of totals is none.
func TestShortRowsOfASheet(t *testing.T) {
	for _, c := range []struct{ early, want int }{{1, 1}, {4, 0}} {
		var b strings.Builder
		cell := func(row int, texts ...string) {
			fmt.Fprintf(&b, `<row r="%d">`, row)
			for _, s := range texts {
				fmt.Fprintf(&b, `<c t="inlineStr"><is><t>%s</t></is></c>`, s)
			}
			b.WriteString(`</row>`)
		}
		cell(1, "Acteur", "Type", "Activités", "Date de fin")
		for i := 2; i < 16; i++ {
			if i < 2+c.early {
				cell(i, "A", "b")
			} else {
				cell(i, "A", "b", "c", "d")
			}
		}
		cell(16, "Total", "14")
		_, found := mustRead(t, sheetOf(t, b.String()), "a.xlsx", withHeaders)
		if n := len(found); n != c.want || n > 0 && (found[0].Code != etl.CodeRowTooShort || found[0].Place.Row != 2) {
			t.Errorf("%d short rows: %v", c.early, found)
		}
	}
}

// TestTotalsAreNoShortRows, in a text file.
func TestTotalsAreNoShortRows(t *testing.T) {
	_, found := mustRead(t, []byte("Acteur;Type;Date de fin\nA;b;c\nB;b\nTotal;2\n* note;x\n"), "a.csv", withHeaders)
	wantCodes(t, found, "row-too-short@3:0")
}

// A merged cell without text repeats nothing, not even what other writers leave in
// the cells that it covers.
func TestXLSXEmptyMergedCell(t *testing.T) {
	table, _ := mustRead(t, sheetOf(t, `<row r="8"><c r="A8"><v>1</v></c><c r="B8"><v>8</v></c></row><row r="9"><c r="B9"><v>9</v></c></row>`+
		`</sheetData><mergeCells><mergeCell ref="A7:A9"/></mergeCells><sheetData>`), "a.xlsx", Options{})
	wantRows(t, table, "8: 1|8\n9: |9\n")
}

// TestXLSXPrinted: what the pages of a sheet say at their top and bottom goes with its table.
func TestXLSXPrinted(t *testing.T) {
	table, _ := mustRead(t, sheetOf(t, `<row r="1"><c r="A1"><v>1</v></c></row></sheetData>`+
		`<headerFooter><oddHeader>&amp;L&amp;"Calibri,Bold"&amp;12Liste provisoire&amp;C&amp;KFF0000R&amp;&amp;D&amp;R&amp;D</oddHeader>`+
		`<oddFooter>Page &amp;P sur &amp;N</oddFooter></headerFooter><sheetData>`), "a.xlsx", Options{})
	if diff := cmp.Diff([]string{"Liste provisoire", "R&D", "Page sur"}, table.Around); diff != "" {
		t.Error(diff)
	}
}

func TestXLSXHidden(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		_, err := f.NewSheet("Notes")
		ok(t, err)
		_, err = f.NewSheet("Vide")
		ok(t, err)
		_, err = f.NewSheet("Brouillon")
		ok(t, err)
		_, err = f.NewSheet("Liste")
		ok(t, err)
		ok(t, f.SetCellValue("Sheet1", "A1", "mode d'emploi"))
		ok(t, f.SetCellValue("Notes", "A1", "rien"))
		header(t, f, "Brouillon")
		header(t, f, "Liste")
		ok(t, f.SetSheetRow("Liste", "A2", &[]string{"OVH", "a"}), f.SetSheetRow("Liste", "A3", &[]string{"EBRC", "b"}))
		ok(t, f.SetRowVisible("Liste", 3, false), f.SetColVisible("Liste", "B", false), f.SetColVisible("Liste", "E", false))
		ok(t, f.SetSheetVisible("Brouillon", false))
	})
	table, found := mustRead(t, data, "a.xlsx", withHeaders)
	if table.Sheet != "Liste" {
		t.Errorf("sheet %q", table.Sheet)
	}
	wantRows(t, table, "1: Acteur|Type\n2: OVH|a\n3: EBRC|b\n")
	wantCodes(t, found, "sheet-unread hidden-columns hidden-rows sheet-unread sheet-unread")

	named := withHeaders
	named.Sheet = "brouillon"
	table, found = mustRead(t, data, "a.xlsx", named)
	if table.Sheet != "Brouillon" || !strings.Contains(codes(found), "hidden-sheet") {
		t.Errorf("sheet %q, findings %s", table.Sheet, codes(found))
	}
	named.Sheet = "Autre"
	if _, _, err := Read(data, "a.xlsx", named); err == nil || !strings.Contains(err.Error(), `"Liste"`) {
		t.Errorf("a sheet that is not there: %v", err)
	}
}

func TestXLSXTwoListsAreAWarning(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		_, err := f.NewSheet("Suite")
		ok(t, err)
		header(t, f, "Sheet1")
		header(t, f, "Suite")
	})
	table, found := mustRead(t, data, "a.xlsx", withHeaders)
	if table.Sheet != "Sheet1" || len(found) != 1 || found[0].Severity != 1 {
		t.Errorf("sheet %s, findings %v", table.Sheet, found)
	}
}

// A sheet cut in the middle must never pass for a short one.
func TestXLSXTruncatedSheetIsRefused(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		header(t, f, "Sheet1")
		ok(t, f.SetCellValue("Sheet1", "A2", 5))
	})
	for _, cut := range []string{`</sheetData>`, `<c r="A2">`, `</worksheet>`} {
		damaged := rewritten(t, data, func(name, text string) string {
			if name != "xl/worksheets/sheet1.xml" {
				return text
			}
			before, _, found := strings.Cut(text, cut)
			if !found {
				t.Fatalf("no %s in %s", cut, text)
			}
			return before
		})
		if _, _, err := Read(damaged, "a.xlsx", withHeaders); err == nil || !strings.Contains(err.Error(), "[source-damaged]") {
			t.Errorf("cut before %s: %v", cut, err)
		}
	}
}

// rewritten is a workbook whose parts a function has changed.
func rewritten(t testing.TB, data []byte, change func(name, text string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	ok(t, err)
	var files []string
	for _, f := range z.File {
		r, err := f.Open()
		ok(t, err)
		b, err := io.ReadAll(r)
		ok(t, err)
		files = append(files, f.Name, change(f.Name, string(b)))
	}
	return zipOf(t, files...)
}

func TestXLSXOtherWriters(t *testing.T) {
	const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	sheet := `<?xml version="1.0" encoding="utf-8"?><x:worksheet xmlns:x="` + main + `"><x:sheetData>` +
		`<x:row><x:c t="inlineStr"><x:is><x:t>Acteur</x:t></x:is></x:c><x:c t='inlineStr'><x:is><x:r><x:t>Ty</x:t></x:r><x:r><x:t>pe</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c></x:row>` +
		`<x:row r="4"><x:c r="B4" t="d"><x:v>2019-06-17T00:00:00</x:v></x:c><x:c r="A4" t="str"><x:v>a_x000D_b &#233;</x:v></x:c></x:row>` +
		`<x:row r="2"><x:c><x:v>1E+5</x:v></x:c></x:row></x:sheetData></x:worksheet>`
	data := zipOf(t,
		"[Content_Types].xml", "<Types/>",
		"_rels/.rels", `<Relationships><Relationship Id="r" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/XL/Workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:p="x"><sheets><sheet name="F" sheetId="1" p:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="sheets\s.xml"/></Relationships>`,
		"xl/sheets/s.xml", sheet)
	table, found := mustRead(t, data, "a.xlsx", withHeaders)
	wantRows(t, table, "1: Acteur|Type\n4: a⏎b é|2019-06-17\n5: 100000\n")
	wantCodes(t, found, "xlsx-row-order@5:0")
}

// strictly rewrites a workbook as Excel saves a Strict Open XML one: other namespaces and types
// of relationships, and dates as text in ISO 8601.
func strictly(t testing.TB, data []byte) []byte {
	t.Helper()
	names := strings.NewReplacer(
		"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
		"http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/",
		"http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main",
		`<workbook `, `<workbook conformance="strict" `,
	)
	cell := regexp.MustCompile(`<c r="C2"( s="\d+")><v>43633</v>`)
	return rewritten(t, data, func(name, text string) string {
		text = names.Replace(text)
		if name != "xl/worksheets/sheet1.xml" {
			return text
		}
		if !cell.MatchString(text) {
			t.Fatalf("no date to rewrite in %s", text)
		}
		return cell.ReplaceAllString(text, `<c r="C2"$1 t="d"><v>2019-06-17</v>`)
	})
}

// TestXLSXStrict: a Strict Open XML workbook says what the usual one says.
func TestXLSXStrict(t *testing.T) {
	usual := book(t, func(f *excelize.File) {
		header(t, f, "Sheet1")
		ok(t,
			f.SetCellValue("Sheet1", "A2", "Hôpital & Cie"), f.SetCellValue("Sheet1", "B2", 421),
			f.SetCellValue("Sheet1", "C2", 43633), f.SetCellStyle("Sheet1", "C2", "C2", style(t, f, "", 14)),
			f.SetCellRichText("Sheet1", "A3", []excelize.RichTextRun{{Text: "Al"}, {Text: "pha", Font: &excelize.Font{Bold: true}}}),
			f.SetCellFormula("Sheet1", "B3", `"x"&"y"`),
		)
	})
	want, found := mustRead(t, usual, "a.xlsx", withHeaders)
	table, strict := mustRead(t, strictly(t, usual), "a.xlsx", withHeaders)
	if diff := cmp.Diff(want.Rows, table.Rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(found, strict); diff != "" {
		t.Error(diff)
	}
	if got := table.Rows[1].Cell(2); got != "2019-06-17" {
		t.Errorf("the date is %q", got)
	}
}

func TestXLSXBombsAreRefused(t *testing.T) {
	zeros := strings.Repeat("<row></row>", 8_000_000)
	data := zipOf(t,
		"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="F" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="/worksheet" Target="s.xml"/></Relationships>`,
		"xl/s.xml", `<worksheet><sheetData>`+zeros+`</sheetData></worksheet>`)
	if _, _, err := Read(data, "a.xlsx", withHeaders); err == nil || !strings.Contains(err.Error(), "[source-zip-bomb]") {
		t.Errorf("declared: %v", err)
	}
}

// Where excelize gives an answer of its own, ours is the same.
func TestXLSXAgreesWithExcelize(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		for i := 1; i <= 50; i++ {
			ok(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i*2), &[]any{"Acteur n° " + fmt.Sprint(i), i, float64(i) / 8, i%2 == 0, "", fmt.Sprintf("%03d", i)}))
		}
	})
	table, _ := mustRead(t, data, "a.xlsx", Options{})
	f, err := excelize.OpenReader(bytes.NewReader(data))
	ok(t, err)
	defer f.Close()
	if len(table.Rows) != 50 {
		t.Fatalf("%d rows", len(table.Rows))
	}
	for _, r := range table.Rows {
		for i := range 6 {
			name, _ := excelize.CoordinatesToCellName(i+1, r.Number)
			want, err := f.GetCellValue("Sheet1", name)
			ok(t, err)
			if r.Cell(i) != want {
				t.Errorf("%s is %q, excelize says %q", name, r.Cell(i), want)
			}
		}
	}
}

// The reasons for not reading through excelize; if one of these fails, it may have
// become possible.
func TestExcelizeRowsEndSilentlyWhereXMLIsCut(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		header(t, f, "Sheet1")
		ok(t, f.SetCellValue("Sheet1", "A2", 5))
	})
	data = patch(t, data, "xl/worksheets/sheet1.xml", `<row r="2">`, `<row r="2"`)
	f, err := excelize.OpenReader(bytes.NewReader(data))
	ok(t, err)
	defer f.Close()
	rows, err := f.Rows("Sheet1")
	ok(t, err)
	n := 0
	for rows.Next() {
		n++
	}
	if n != 1 || rows.Error() != nil {
		t.Fatalf("excelize now gives %d rows, %v: see whether this test has still something to hold", n, rows.Error())
	}
	if _, _, err := Read(data, "a.xlsx", Options{}); err == nil {
		t.Error("we read it too")
	}
}

func FuzzXLSX(f *testing.F) {
	samples(f, "xlsx")
	f.Add(book(f, func(x *excelize.File) {
		header(f, x, "Sheet1")
		ok(f, x.SetCellValue("Sheet1", "A2", 5), x.MergeCell("Sheet1", "A2", "B4"))
	}))
	fuzzReader(f, "a.xlsx")
}

// FuzzXLSXSheet mutates the XML of a sheet, which the checksum of an archive keeps
// FuzzXLSX from doing.
func FuzzXLSXSheet(f *testing.F) {
	for _, s := range []string{
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>43633.5</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B3"/></mergeCells><sheetData>`,
		`<row><c t="inlineStr"><is><t>a&amp;_x000D_&#65;</t></is></c><c t="e"><f>x</f></c></row><!-- --><row r="1" hidden="1"><c t="b"><v>1</v></c></row>`,
		`<row><c s="3"><v>421</v></c><c s="6"><f>x</f><v>0</v></c><c s="7"><v>-1</v></c></row>`,
		`<row><c t="inlineStr"><is><r><rPr><strike/></rPr><t>a</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is></c><c s="1"><v>7</v></c></row>`,
		`<row r="9"><c r="XFD9"><v><![CDATA[1e5]]></v></c></row>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, rows []byte) {
		table, _, err := Read(styledSheet(t, string(rows)), "a.xlsx", fuzzOptions)
		if err != nil {
			if _, ok := err.(*Unreadable); !ok {
				t.Fatalf("%v (%T)", err, err)
			}
			return
		}
		checkTable(t, table, fuzzOptions)
	})
}

// FuzzNumberFormat: no format and no number is too odd to be shown or left.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range []string{"00000", `"HDS-"0000`, `[=1]"Oui";[=0]"Non";General`, ";;;", `[$€-40C] 0`, `\`, `"`, "[", "#,##0.00;@", "_", "0;0;0;0;0"} {
		f.Add(code, "421")
	}
	f.Fuzz(func(t *testing.T, code, number string) {
		shown, ok := parseNumberFormat(code).shown(number)
		if !ok && shown != "" {
			t.Fatalf("%q: shown %q and not", code, shown)
		}
		tellsMore(shown, number)
	})
}

// TestXLSXOverlaid: comments and boxes of text are said, and no value of a cell.
func TestXLSXOverlaid(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		header(t, f, "Sheet1")
		ok(t, f.SetSheetRow("Sheet1", "A2", &[]string{"OVH", "x"}),
			f.AddComment("Sheet1", excelize.Comment{Cell: "A2", Author: "Someone", Paragraph: []excelize.RichTextRun{{Text: "suspendu "}, {Text: "depuis mars"}}}),
			f.AddShape("Sheet1", &excelize.Shape{Cell: "D4", Type: "rect", Paragraph: []excelize.RichTextRun{{Text: "En rouge : retirés"}}}))
	})
	table, found := mustRead(t, data, "a.xlsx", withHeaders)
	wantRows(t, table, "1: Acteur|Type\n2: OVH|x\n")
	wantCodes(t, found, "cell-comment cell-comment@2:1")
	for i, want := range []string{"En rouge : retirés", "suspendu depuis mars"} {
		if got, _ := found[i].Args.Get("text"); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// TestXLSXThreads: a conversation is said once, although "comments" has a copy of it for older
// programs.
func TestXLSXThreads(t *testing.T) {
	data := zipOf(t,
		"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="F" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="/worksheet" Target="s.xml"/></Relationships>`,
		"xl/s.xml", `<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>Acteur</t></is></c><c t="inlineStr"><is><t>Type</t></is></c></row>`+
			`<row r="2"><c t="inlineStr"><is><t>OVH</t></is></c><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`,
		"xl/_rels/s.xml.rels", `<Relationships><Relationship Id="r1" Type="/comments" Target="c.xml"/><Relationship Id="r2" Type="/threadedComment" Target="t.xml"/></Relationships>`,
		"xl/c.xml", `<comments><commentList><comment ref="A2"><text><t>[Threaded comment] suspendu</t></text></comment><comment ref="B2"><text><t>old</t></text></comment></commentList></comments>`,
		"xl/t.xml", `<ThreadedComments><threadedComment ref="A2"><text>suspendu</text></threadedComment></ThreadedComments>`)
	_, found := mustRead(t, data, "a.xlsx", withHeaders)
	wantCodes(t, found, "cell-comment@2:1 cell-comment@2:2")
	if got, _ := found[0].Args.Get("text"); got != "suspendu" {
		t.Errorf("%q", got)
	}
}
