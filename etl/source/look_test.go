package source

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// TestRowsThatLookOtherwise: a colour or a class of a few rows may say that they are
// suspended. What is usual, or says where a row stands, says nothing.
func TestRowsThatLookOtherwise(t *testing.T) {
	grey := func(k ...int) func(int) string {
		return func(i int) string {
			for _, n := range k {
				if i == n {
					return "grey"
				}
			}
			return ""
		}
	}
	html := map[string]string{"": "", "grey": ` style="color: #999"`, "class": ` class="suspendu"`, "odd": ` class="row odd"`,
		"even": ` class="row even"`, "ground": ` bgcolor="#CCCCCC"`, "bold": ` style="font-weight: bold"`}
	for _, c := range []struct {
		name  string
		look  func(i int) string
		codes string
	}{
		{"none", grey(), ""},
		{"one", grey(4), "rows-marked@6:0"},
		{"a third", grey(1, 4, 7), "rows-marked@3:0"},
		{"all", func(int) string { return "grey" }, ""},
		{"all but one", func(i int) string { return map[bool]string{true: "grey"}[i != 5] }, "rows-marked@7:0"},
		{"every other", func(i int) string { return map[bool]string{true: "grey"}[i%2 == 0] }, ""},
		{"odd and even", func(i int) string { return []string{"odd", "even"}[i%2] }, ""},
		{"a class", func(i int) string { return map[bool]string{true: "class"}[i == 3] }, "rows-marked@5:0"},
		{"bold", func(i int) string { return map[bool]string{true: "bold"}[i == 3] }, "rows-marked@5:0"},
		{"a ground", func(i int) string { return map[bool]string{true: "ground"}[i == 3] }, "rows-marked@5:0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var page, xlsx, ods strings.Builder
			for i := range 10 {
				look := c.look(i)
				fmt.Fprintf(&page, "<tr%s><td>H%d</td><td>x</td></tr>", html[look], i)
				style := map[string]int{"grey": 1, "class": 2, "ground": 2, "odd": 1, "even": 2, "bold": 3}[look]
				fmt.Fprintf(&xlsx, `<row r="%d"><c s="%d" t="inlineStr"><is><t>H%d</t></is></c><c s="%d" t="inlineStr"><is><t>x</t></is></c></row>`,
					i+2, style, i, style)
				fmt.Fprintf(&ods, `<table:table-row><table:table-cell table:style-name="c%d"><text:p>H%d</text:p></table:table-cell>`+
					`<table:table-cell table:style-name="c%d"><text:p>x</text:p></table:table-cell></table:table-row>`, style, i, style)
			}
			table, found := mustRead(t, []byte(`<table>`+htmlHeader+page.String()+`</table>`), "a.html", withHeaders)
			wantCodes(t, found, c.codes)
			if len(table.Rows) != 11 {
				t.Errorf("%d rows of the page", len(table.Rows))
			}
			_, found = mustRead(t, colouredSheet(t, xlsx.String()), "a.xlsx", withHeaders)
			wantCodes(t, found, c.codes)
			_, found = mustRead(t, colouredODS(t, ods.String()), "a.ods", withHeaders)
			wantCodes(t, found, c.codes)
		})
	}
}

func colouredSheet(t testing.TB, rows string) []byte {
	return zipOf(t,
		"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="F" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="/worksheet" Target="s.xml"/><Relationship Id="r2" Type="/styles" Target="y.xml"/></Relationships>`,
		"xl/y.xml", `<styleSheet><fonts><font><color theme="1"/></font><font><color rgb="FF999999"/></font><font><b/><i val="0"/></font></fonts>
			<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"><fgColor theme="0" tint="-0.25"/></patternFill></fill></fills>
			<cellXfs><xf fontId="0" fillId="0"/><xf fontId="1" fillId="0"/><xf fontId="0" fillId="1"/><xf fontId="2" fillId="0"/></cellXfs></styleSheet>`,
		"xl/s.xml", `<worksheet><sheetData><row r="1"><c s="2" t="inlineStr"><is><t>Acteur</t></is></c><c s="2" t="inlineStr"><is><t>Type</t></is></c></row>`+
			rows+`</sheetData></worksheet>`)
}

func colouredODS(t testing.TB, rows string) []byte {
	style := func(name, text, cell string) string {
		return `<style:style style:name="` + name + `" style:family="table-cell"><style:text-properties fo:color="` + text + `"` +
			map[bool]string{true: ` fo:font-weight="bold"`}[name == "c3"] + `/>` +
			`<style:table-cell-properties fo:background-color="` + cell + `"/></style:style>`
	}
	return zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml", "<manifest/>",
		"content.xml", `<office:document-content `+odsNames+` xmlns:fo="f"><office:automatic-styles>`+
			style("c0", "#000000", "transparent")+style("c1", "#999999", "transparent")+style("c2", "#000000", "#cccccc")+style("c3", "#000000", "transparent")+
			`</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="F">`+odsHeader+rows+
			`</table:table></office:spreadsheet></office:body></office:document-content>`)
}

// A page can make rows bold, or grey, by its elements alone.
func TestRowsMarkedByElements(t *testing.T) {
	for name, cell := range map[string]string{"bold": "<b>%s</b>", "italic": "<em>%s</em>", "colour": "<font color=red>%s</font>"} {
		var page strings.Builder
		for i := range 10 {
			form := map[bool]string{true: cell, false: "%s"}[i == 3]
			fmt.Fprintf(&page, "<tr><td>"+form+"</td><td>"+form+"</td></tr>", "H"+strconv.Itoa(i), "x")
		}
		_, found := mustRead(t, []byte(`<table>`+htmlHeader+page.String()+`</table>`), "a.html", withHeaders)
		t.Run(name, func(t *testing.T) { wantCodes(t, found, "rows-marked@5:0") })
	}
}
