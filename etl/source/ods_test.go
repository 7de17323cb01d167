package source

import (
	"strings"
	"testing"
)

const odsNames = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"`

// fods is a flat document of one table.
func fods(rows string) string {
	return `<?xml version="1.0"?><office:document ` + odsNames + `><office:body><office:spreadsheet><table:table table:name="F">` + rows + `</table:table></office:spreadsheet></office:body></office:document>`
}

// ods is an archive with these tables.
func ods(t testing.TB, content string) []byte {
	return zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet",
		"META-INF/manifest.xml", "<manifest/>",
		"content.xml", `<?xml version="1.0"?><office:document-content `+odsNames+`>`+
			`<office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>`+
			`<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>`+
			`<office:body><office:spreadsheet>`+content+`</office:spreadsheet></office:body></office:document-content>`)
}

func odsText(s string) string {
	return `<table:table-cell office:value-type="string"><text:p>` + s + `</text:p></table:table-cell>`
}

const odsHeader = `<table:table-row><table:table-cell><text:p>Acteur</text:p></table:table-cell><table:table-cell><text:p>Type</text:p></table:table-cell></table:table-row>`

func TestODSCells(t *testing.T) {
	for _, tt := range []struct{ name, cell, want, codes string }{
		{"text", odsText("OVH &amp; Cie"), "OVH & Cie", ""},
		{"leading zeros", odsText("001"), "001", ""},
		{"number", `<table:table-cell office:value-type="float" office:value="4.50"><text:p>4,5</text:p></table:table-cell>`, "4.5", ""},
		{"large number", `<table:table-cell office:value-type="float" office:value="1.2345678901234E+013"><text:p>1,23E+13</text:p></table:table-cell>`, "12345678901234", ""},
		{"date", `<table:table-cell office:value-type="date" office:date-value="2019-06-17"><text:p>17/06/19</text:p></table:table-cell>`, "2019-06-17", ""},
		{"midnight", `<table:table-cell office:value-type="date" office:date-value="2019-06-17T00:00:00"><text:p>17/06/19</text:p></table:table-cell>`, "2019-06-17", ""},
		{"time", `<table:table-cell office:value-type="date" office:date-value="2019-06-17T10:30:00"><text:p>17/06/19</text:p></table:table-cell>`, "2019-06-17", "time-dropped@2:2"},
		{"boolean", `<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>VRAI</text:p></table:table-cell>`, "TRUE", ""},
		{"paragraphs", `<table:table-cell office:value-type="string"><text:p>1</text:p><text:p>2<text:line-break/>3<text:s text:c="5"/>4<text:tab/>5</text:p></table:table-cell>`, "1⏎2⏎3 4 5", ""},
		{"spans of text", odsText(`O<text:span>V</text:span><text:a>H</text:a>`), "OVH", ""},
		{"comment", `<table:table-cell office:value-type="string"><office:annotation><dc:date>2019-01-01</dc:date><text:p>à vérifier</text:p></office:annotation><text:p>OVH</text:p></table:table-cell>`, "OVH", "cell-comment@2:2"},
		{"error", `<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#N/D</text:p></table:table-cell>`, "#N/D", "cell-error@2:2"},
		{"uncached", `<table:table-cell table:formula="of:=1+1"/><table:table-cell><text:p>z</text:p></table:table-cell>`, "|z", "formula-uncached@2:2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, found := mustRead(t, ods(t, `<table:table table:name="F">`+odsHeader+`<table:table-row>`+odsText("x")+tt.cell+`</table:table-row></table:table>`), "a.ods", withHeaders)
			wantRows(t, table, "1: Acteur|Type\n2: x|"+tt.want+"\n")
			wantCodes(t, found, tt.codes)
		})
	}
}

func TestODSRepeats(t *testing.T) {
	table, found := mustRead(t, ods(t, `<table:table table:name="F"><table:table-column table:number-columns-repeated="16384"/>`+
		`<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`+
		odsHeader+
		`<table:table-row table:number-rows-repeated="2">`+odsText("x")+`<table:table-cell table:number-columns-repeated="2"/><table:table-cell table:number-columns-repeated="2"><text:p>y</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16379"/></table:table-row>`+
		`<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`+
		`<table:table-row>`+odsText("end")+`</table:table-row></table:table>`), "a.ods", Options{MaxCells: 1000, Recognise: known})
	wantRows(t, table, "4: Acteur|Type\n5: x|||y|y\n6: x|||y|y\n1048577: end\n")
	wantCodes(t, found, "")
}

func TestODSCoveredCells(t *testing.T) {
	table, _ := mustRead(t, ods(t, `<table:table table:name="F">`+odsHeader+
		`<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>A</text:p></table:table-cell><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2"><text:p>B</text:p></table:table-cell><table:covered-table-cell/>`+odsText("1")+`</table:table-row>`+
		`<table:table-row><table:covered-table-cell table:number-columns-repeated="3"/>`+odsText("2")+`</table:table-row>`+
		`<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>C</text:p></table:table-cell></table:table-row>`+
		`<table:table-row><table:covered-table-cell/></table:table-row>`+
		`<table:table-row><table:covered-table-cell/>`+odsText("covered by nothing")+`</table:table-row>`+
		`</table:table>`), "a.ods", withHeaders)
	wantRows(t, table, "1: Acteur|Type\n2: A|B|B|1\n3: A|B|B|2\n4: C\n6: |covered by nothing\n")
}

func TestODSHidden(t *testing.T) {
	table, found := mustRead(t, ods(t,
		`<table:table table:name="Brouillon" table:style-name="ta2">`+odsHeader+`</table:table>`+
			`<table:table table:name="Notes" table:style-name="ta1"><table:table-row>`+odsText("rien")+`</table:table-row></table:table>`+
			`<table:table table:name="Liste" table:style-name="ta1"><table:table-column/><table:table-column table:visibility="collapse"/>`+odsHeader+
			`<table:table-row table:visibility="filter">`+odsText("OVH")+`</table:table-row></table:table>`), "a.ods", withHeaders)
	if table.Sheet != "Liste" {
		t.Errorf("sheet %q", table.Sheet)
	}
	wantRows(t, table, "1: Acteur|Type\n2: OVH\n")
	wantCodes(t, found, "sheet-unread hidden-columns hidden-rows sheet-unread")
}

func TestODSRefusals(t *testing.T) {
	encrypted := zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml", `<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>`, "content.xml", "garbage")
	newer := zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "encrypted-package", "garbage")
	cut := zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", strings.TrimSuffix(fods(odsHeader), "</office:document>"))
	for name, tt := range map[string]struct {
		data []byte
		code string
	}{
		"encrypted": {encrypted, "source-encrypted"}, "encrypted as a whole": {newer, "source-encrypted"},
		"cut": {cut, "source-damaged"}, "empty": {ods(t, ""), "sheet-none"},
		"no content": {zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "source-damaged"},
	} {
		if _, _, err := Read(tt.data, "a.ods", withHeaders); err == nil || !strings.Contains(err.Error(), "["+tt.code+"]") {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
}

func FuzzODS(f *testing.F) {
	samples(f, "ods")
	f.Add(ods(f, `<table:table table:name="F">`+odsHeader+`</table:table>`))
	f.Add([]byte(fods(odsHeader + `<table:table-row table:number-rows-repeated="9"><table:table-cell table:number-columns-repeated="3" table:number-rows-spanned="2" table:number-columns-spanned="4"><text:p>x</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="16"/></table:table-row>`)))
	f.Add([]byte(strings.Replace(fods(odsHeader+`<table:table-row table:default-cell-style-name="s"><table:table-cell office:value-type="float" office:value="7"><text:p>0<text:span text:style-name="s">7</text:span></text:p></table:table-cell></table:table-row>`),
		`<office:body>`, `<style:style style:name="s" style:family="text" style:parent-style-name="s"><style:text-properties style:text-position="super" style:text-line-through-style="solid"/></style:style><office:body>`, 1)))
	fuzzReader(f, "a.fods")
}
