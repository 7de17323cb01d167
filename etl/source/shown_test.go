package source

import (
	"strings"
	"testing"
)

// TestShownHTML: what somebody who looks at the page does not take for the value is left
// out of it, and what is left out is said.
func TestShownHTML(t *testing.T) {
	for _, tt := range []struct{ name, head, cell, want, codes string }{
		{"a mark", "", `<td>OVH<sup>1</sup></td>`, "OVH", "note-mark@2:1"},
		{"marks", "", `<td>OVH <sup>(1)</sup><sup>, 2</sup></td>`, "OVH", "note-mark@2:1"},
		{"a mark in a link", "", `<td>OVH<a href="#note-4">[4]</a></td>`, "OVH", "note-mark@2:1"},
		{"a link to a place of the page", "", `<td><a href="#ovh">OVH</a></td>`, "OVH", ""},
		{"a raised ending", "", `<td>1<sup>er</sup> avril 2018</td>`, "1er avril 2018", ""},
		{"a raised letter of a number", "", `<td>N<sup>o</sup> 12</td>`, "No 12", ""},
		{"raised by a style", "", `<td>OVH<span style="vertical-align: super">2</span></td>`, "OVH", "note-mark@2:1"},
		{"deleted", "", `<td><del>CEGEDIM</del> OMEGA</td>`, "OMEGA", "text-struck@2:1"},
		{"struck, whole", "", `<td><s>OVH</s></td><td>x</td>`, "|x", "text-struck@2:1"},
		{"struck by a style", "", `<td><span style="text-decoration:line-through red">OVH</span> SAS</td>`, "SAS", "text-struck@2:1"},
		{"struck by the row's style", "", `<td>x</td></tr><tr style="text-decoration: line-through"><td>OVH</td></tr><tr><td>y</td>`, "x\n4: y", "text-struck@3:1"},
		{"struck by a class of the page", `<style>td.fin, .retire > td {color:red; text-decoration: line-through}</style>`,
			`<td class="fin">OVH</td><td>x</td>`, "|x", "text-struck@2:1"},
		{"underlined", "", `<td><u>OVH</u></td>`, "OVH", ""},
		{"for screen readers", "", `<td><span class="fr-sr-only">Voir la fiche de </span>OVH</td>`, "OVH", "html-hidden@2:1"},
		{"for screen readers, by an unknown class", `<style>.lu{position:absolute; left:-10000px}</style>`,
			`<td><span class="lu">Fiche </span>OVH</td>`, "OVH", "html-hidden@2:1"},
		{"clipped", "", `<td><span style="position:absolute;width:1px;height:1px;overflow:hidden">Fiche </span>OVH</td>`, "OVH", "html-hidden@2:1"},
		{"only for screen readers, beside a picture", "", `<td><i class="fa fa-check" aria-hidden="true"></i><span class="sr-only">Oui</span></td>`, "Oui", ""},
		{"hidden by a class", "", `<td><span class="d-none">20190617</span>17/06/2019</td>`, "17/06/2019", "html-hidden@2:1"},
		{"hidden on small screens only", "", `<td><span class="d-none d-md-inline">OVH</span></td>`, "OVH", ""},
		{"shown at some width", "", `<td><span class="hidden md:inline">OVH</span></td>`, "OVH", ""},
		{"hidden, whole", "", `<td><span hidden>OVH</span></td><td>x</td>`, "|x", "html-hidden@2:1 html-hidden@2:1"},
		{"a symbol", "", `<td>OVH <span aria-hidden="true">↗</span></td>`, "OVH", "html-hidden@2:1"},
		{"all kept from screen readers", "", `<td><span aria-hidden="true">OVH</span></td>`, "OVH", ""},
		{"a row hidden by a class", "", `<td>x</td></tr><tr class="hidden"><td>OVH</td>`, "x\n3: OVH", "hidden-rows"},
		{"the name of an icon", "", `<td><i class="material-icons">open_in_new</i> OVH</td>`, "OVH", "html-hidden@2:1"},
		{"printing", `<style>@media print { .x { display: none } } .y{color:red}</style>`, `<td class="x"><b class="x">OVH</b></td>`, "OVH", ""},
		{"a picture by the class of its cell", "", `<td>OVH</td><td class="check"></td><td></td>`, "OVH|?", "html-icon@2:2"},
		{"a picture by a class that other cells lack", "", `<td>OVH</td><td class="vu"></td></tr><tr><td>EBRC</td><td class=""></td></tr><tr><td>x</td><td class="vu"></td>`, "OVH|?\n3: EBRC\n4: x|?", "html-icon@2:2 html-icon@4:2"},
		{"a picture by its colour", "", `<td>OVH</td><td style="background: green">&nbsp;</td></tr><tr><td>EBRC</td><td></td>`, "OVH|?\n3: EBRC", "html-icon@2:2"},
		{"a class of the column", "", `<td>OVH</td><td class="views-field views-field-type"></td></tr><tr><td>EBRC</td><td class="views-field views-field-type"></td>`, "OVH\n3: EBRC", ""},
		{"a picture of another page", "", `<td>OVH</td><td><svg><use href="#icon-check"/></svg></td>`, "OVH|?", "html-icon@2:2"},
		{"a picture beside the name", "", `<td><img src=x alt="logo"> OVH</td>`, "OVH", "html-hidden@2:1"},
		{"a part to be opened", "", `<td><details><summary>Voir</summary>OVH</details></td>`, "Voir⏎OVH", ""},
		{"a row of a template", "", `<td>x</td></tr><template><tr><td>{{name}}</td></tr></template><tr><td>y</td>`, "x\n3: y", ""},
		{"a template in a cell", "", `<td>x<template><b>y</b></template></td>`, "x", "html-hidden@2:1"},
		{"a picture with a title", "", `<td>OVH</td><td><svg><title>Oui</title></svg></td>`, "OVH|Oui", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := `<html><head>` + tt.head + `</head><table>` + htmlHeader + `<tr>` + tt.cell + `</tr></table></html>`
			table, found := mustRead(t, []byte(page), "a.html", withHeaders)
			wantRows(t, table, "1: Acteur|Type\n2: "+tt.want+"\n")
			wantCodes(t, found, tt.codes)
		})
	}
}

// styledSheet is a workbook with fonts, formats and strings of several runs.
func styledSheet(t testing.TB, rows string) []byte {
	return zipOf(t,
		"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="F" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="/worksheet" Target="s.xml"/><Relationship Id="r2" Type="/styles" Target="y.xml"/></Relationships>`,
		"xl/y.xml", `<styleSheet>
			<numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="&quot;HDS-&quot;0000"/>
			<numFmt numFmtId="166" formatCode="000\ 000\ 000"/><numFmt numFmtId="167" formatCode="[=1]&quot;Oui&quot;;[=0]&quot;Non&quot;;General"/>
			<numFmt numFmtId="168" formatCode=";;;"/><numFmt numFmtId="169" formatCode="#,##0"/><numFmt numFmtId="170" formatCode="0&quot;-HDS&quot;"/>
			<numFmt numFmtId="171" formatCode="&quot;✓&quot;;;&quot;&quot;"/><numFmt numFmtId="172" formatCode="[$€-40C] 0"/></numFmts>
			<fonts><font><sz val="11"/></font><font><strike/></font><font><strike val="0"/></font></fonts>
			<dxfs><dxf><font><strike/></font></dxf></dxfs>
			<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/><xf numFmtId="0" fontId="2"/>`+
			`<xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="168"/><xf numFmtId="169"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml", `<sst><si><t>Acteur</t></si><si><t>Type</t></si>`+
			`<si><r><t>OVH</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></si>`+
			`<si><r><rPr><strike/></rPr><t>CEGEDIM </t></r><r><rPr><b/></rPr><t>OMEGA</t></r></si>`+
			`<si><r><t>1</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>er</t></r><r><t> avril 2018</t></r></si></sst>`,
		"xl/s.xml", `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`+rows+`</sheetData></worksheet>`)
}

// TestShownXLSX: the same in a workbook, with what number formats show.
func TestShownXLSX(t *testing.T) {
	for _, tt := range []struct{ name, cell, want, codes string }{
		{"a mark", `<c t="s"><v>2</v></c>`, "OVH", "note-mark@2:1"},
		{"struck runs", `<c t="s"><v>3</v></c>`, "OMEGA", "text-struck@2:1"},
		{"a raised ending", `<c t="s"><v>4</v></c>`, "1er avril 2018", ""},
		{"a mark in the cell's own text", `<c t="inlineStr"><is><r><t>OVH</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>(2)</t></r></is></c>`, "OVH", "note-mark@2:1"},
		{"a struck cell", `<c s="1" t="inlineStr"><is><t>OVH</t></is></c><c><v>1</v></c>`, "|1", "text-struck@2:1"},
		{"a struck number", `<c s="1"><v>7</v></c><c><v>1</v></c>`, "|1", "text-struck@2:1"},
		{"not struck after all", `<c s="2"><v>7</v></c>`, "7", ""},
		{"zeros in front", `<c s="3"><v>421</v></c>`, "00421", ""},
		{"letters in front", `<c s="4"><v>42</v></c>`, "HDS-0042", ""},
		{"letters in front of a long number", `<c s="4"><v>123456</v></c>`, "HDS-123456", ""},
		{"zeros in front, set apart", `<c s="5"><v>5123456</v></c>`, "005 123 456", ""},
		{"set apart", `<c s="5"><v>512345678</v></c>`, "512345678", ""},
		{"words for numbers", `<c s="6"><v>1</v></c><c s="6"><v>0</v></c><c s="6"><v>2</v></c>`, "Oui|Non|2", ""},
		{"nothing shown", `<c s="7"><v>7</v></c><c><v>1</v></c>`, "|1", "html-hidden@2:1"},
		{"thousands", `<c s="8"><v>12345</v></c>`, "12345", ""},
		{"letters behind", `<c s="9"><v>421</v></c>`, "421-HDS", ""},
		{"a tick", `<c s="10"><v>1</v></c>`, "✓", ""},
		{"a currency", `<c s="11"><v>7</v></c>`, "7", ""},
		{"never computed", `<c><f>1+1</f><v></v></c><c><v>1</v></c>`, "|1", "formula-uncached@2:1"},
		{"never computed, shorter", `<c><f>1+1</f><v/></c><c><v>1</v></c>`, "|1", "formula-uncached@2:1"},
		{"an empty text as result", `<c t="str"><f>""</f><v></v></c><c><v>1</v></c>`, "|1", ""},
		{"zeros for results", `<c><f>A3</f><v>0</v></c><c><f>A4</f><v>0</v></c>`, "0|0", "formula-uncached@2:1 formula-uncached@2:2"},
		{"one zero among results", `<c><f>A3</f><v>0</v></c><c><f>A4</f><v>3</v></c>`, "0|3", ""},
		{"a code for a control character, twice", `<c t="inlineStr"><is><t>OVH_x005F_x000D_</t></is></c>`, "OVH", "escape-repaired@2:1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, found := mustRead(t, styledSheet(t, `<row r="2">`+tt.cell+`</row>`), "a.xlsx", withHeaders)
			wantRows(t, table, "1: Acteur|Type\n2: "+tt.want+"\n")
			wantCodes(t, found, tt.codes)
		})
	}
}

// TestShownODS: the same in an OpenDocument sheet, which keeps the text that it shows.
func TestShownODS(t *testing.T) {
	styles := `<style:style style:name="barre" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>` +
		`<style:style style:name="note" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>` +
		`<style:style style:name="haut" style:family="text"><style:text-properties style:text-position="33% 58%"/></style:style>` +
		`<style:style style:name="bas" style:family="text"><style:text-properties style:text-position="sub 58%"/></style:style>` +
		`<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="Retire"/>` +
		`<style:style style:name="Retire" style:family="table-cell"><style:text-properties style:text-line-through-type="single"/></style:style>`
	number := func(value, shown string) string {
		return `<table:table-cell office:value-type="float" office:value="` + value + `"><text:p>` + shown + `</text:p></table:table-cell>`
	}
	for _, tt := range []struct{ name, cell, want, codes string }{
		{"a mark", odsText(`OVH<text:span text:style-name="note">1</text:span>`), "OVH", "note-mark@2:1"},
		{"a raised ending", odsText(`1<text:span text:style-name="haut">er</text:span> avril 2018`), "1er avril 2018", ""},
		{"a lowered digit", odsText(`CO<text:span text:style-name="bas">2</text:span>`), "CO2", ""},
		{"struck", odsText(`<text:span text:style-name="barre">CEGEDIM</text:span> OMEGA`), "OMEGA", "text-struck@2:1"},
		{"a struck cell", `<table:table-cell table:style-name="ce1" office:value-type="string"><text:p>OVH</text:p></table:table-cell>` + odsText("x"), "|x", "text-struck@2:1"},
		{"zeros in front", number("421", "00421"), "00421", ""},
		{"letters in front", number("42", "HDS-0042"), "HDS-0042", ""},
		{"thousands", number("12345", "12 345"), "12345", ""},
		{"rounded", number("12345", "1,23E+04"), "12345", ""},
		{"half", number("0.5", "0,50"), "0.5", ""},
		{"a word for a number", number("1", "Oui"), "Oui", ""},
		{"a month", `<table:table-cell office:value-type="date" office:date-value="2019-06-01"><text:p>juin 2019</text:p></table:table-cell>`, "2019-06", ""},
		{"a day, shown as a month", `<table:table-cell office:value-type="date" office:date-value="2019-06-17"><text:p>juin 2019</text:p></table:table-cell>`, "2019-06-17", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := fods(odsHeader + `<table:table-row>` + tt.cell + `</table:table-row>`)
			doc = strings.Replace(doc, `<office:body>`, `<office:automatic-styles>`+styles+`</office:automatic-styles><office:body>`, 1)
			table, found := mustRead(t, []byte(doc), "a.fods", withHeaders)
			wantRows(t, table, "1: Acteur|Type\n2: "+tt.want+"\n")
			wantCodes(t, found, tt.codes)
		})
	}
}

// TestEscapedControls: in every format.
func TestEscapedControls(t *testing.T) {
	table, found := mustRead(t, []byte("Acteur;Type\nALPHA_x000D_;\"1_x000D_\n2\"\nACME_x0041_SA;_x0009_x\n"), "a.csv", withHeaders)
	wantRows(t, table, "1: Acteur|Type\n2: ALPHA|1⏎2\n4: ACME_x0041_SA|x\n")
	wantCodes(t, found, "escape-repaired@2:1 escape-repaired@2:2 escape-repaired@4:2")
}

// TestEntitiesInPlainText: what HTML writes as an entity is the character, in every
// format, and a semicolon that ends one separates nothing.
func TestEntitiesInPlainText(t *testing.T) {
	for _, c := range []struct{ in, want, codes string }{
		{"Acteur;Type\n\"R&amp;D\";1\nR&amp;D &amp;amp; Co;2\n", "1: Acteur|Type\n2: R&D|1\n3: R&D & Co|2\n", "escape-repaired@2:1 escape-repaired@3:1"},
		{"Acteur;Type\nCaisse d&#039;Arc;1\nSant&eacute; &laquo;&nbsp;Z&nbsp;&raquo;;2\n", "1: Acteur|Type\n2: Caisse d'Arc|1\n3: Santé « Z »|2\n",
			"escape-repaired@2:1 escape-repaired@3:1"},
		{"Acteur;Type\nR&D;1\nAT&T;2\nA & B;x;\nH&Mamp;3\nZ&alefsym;4\n", "1: Acteur|Type\n2: R&D|1\n3: AT&T|2\n4: A & B|x\n5: H&Mamp|3\n6: Z&alefsym|4\n", ""},
		{"Acteur;Type\n<b>Alpha</b> Santé;1<br/>2\n<p>Beta</p>;<ul><li>3</li><li>4</li></ul>\n<a href='x'>C</a>;&lt;b&gt;5&lt;/b&gt;\n",
			"1: Acteur|Type\n2: Alpha Santé|1⏎2\n3: Beta|3⏎4\n4: C|5\n", "escape-repaired@2:1 escape-repaired@2:2 escape-repaired@3:1 escape-repaired@3:2 escape-repaired@4:1 escape-repaired@4:2"},
		{"Acteur;Type\nA < B;x\n<s>Delta</s> Epsilon;y\nZeta<sup>1</sup>;<img alt=oui>\n<Eta>;a<b\n",
			"1: Acteur|Type\n2: A < B|x\n3: <s>Delta</s> Epsilon|y\n4: Zeta<sup>1</sup>|<img alt=oui>\n5: <Eta>|a<b\n", ""},
		{"Acteur,Type\nR&amp;D,1\n", "1: Acteur|Type\n2: R&D|1\n", "escape-repaired@2:1"},
	} {
		table, found := mustRead(t, []byte(c.in), "a.csv", withHeaders)
		wantRows(t, table, c.want)
		wantCodes(t, found, c.codes)
	}
}

// TestStruckByCharacters: a stroke through each character crosses a text out as a font does.
func TestStruckByCharacters(t *testing.T) {
	table, found := mustRead(t, []byte("Acteur;Type\nA̶L̶P̶H̶A̶;1\nBETA̶ X̶;2\nÉ̶t̵é GAMMA;3\nnaïve;4\n"), "a.csv", withHeaders)
	wantRows(t, table, "1: Acteur|Type\n2: |1\n3: BET|2\n4: é GAMMA|3\n5: naïve|4\n")
	wantCodes(t, found, "text-struck@2:1 text-struck@3:1 text-struck@4:1")
}
