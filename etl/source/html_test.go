package source

import (
	"strings"
	"testing"
)

const htmlHeader = `<tr><th>Acteur</th><th>Type</th></tr>`

func TestHTML(t *testing.T) {
	for _, tt := range []struct{ name, table, want, codes string }{
		{"plain", htmlHeader + `<tr><td>OVH &amp; Cie</td><td>x</td></tr>`, "1: Acteur|Type\n2: OVH & Cie|x\n", ""},
		{"sections", `<thead>` + htmlHeader + `</thead><tbody><tr><td>OVH</td><td>x</td></tr></tbody><tfoot><tr><td>total</td></tr></tfoot>`, "1: Acteur|Type\n2: OVH|x\n3: total\n", ""},
		{"no end tags", `<tr><th>Acteur<th>Type<tr><td>OVH<td>x<tr><td>EBRC<td>y`, "1: Acteur|Type\n2: OVH|x\n3: EBRC|y\n", ""},
		{"rows without tr", `<td>Acteur<td>Type<tr><td>OVH`, "1: Acteur|Type\n2: OVH\n", ""},
		{"colspan", `<tr><td colspan=3>Liste</td></tr>` + htmlHeader, "1: Liste|Liste|Liste\n2: Acteur|Type\n", ""},
		{"rowspan", htmlHeader + `<tr><td rowspan=2>OVH</td><td>a</td></tr><tr><td>b</td></tr><tr><td>EBRC</td><td>c</td></tr>`, "1: Acteur|Type\n2: OVH|a\n3: OVH|b\n4: EBRC|c\n", ""},
		{"both spans", `<tr><td rowspan=2 colspan=2>A</td><td>1</td></tr><tr><td>2</td></tr>` + htmlHeader, "1: A|A|1\n2: A|A|2\n3: Acteur|Type\n", ""},
		{"span to the end", htmlHeader + `<tr><td rowspan=0>OVH</td><td>a</td></tr><tr><td>b</td></tr><tr><td>c</td></tr>`, "1: Acteur|Type\n2: OVH|a\n3: OVH|b\n4: OVH|c\n", ""},
		{"span ends with its section", `<thead>` + `<tr><th rowspan=9>Acteur</th><th>Type</th></tr></thead><tbody><tr><td>OVH</td></tr></tbody>`, "1: Acteur|Type\n2: OVH\n", ""},
		{"a tall row", htmlHeader + `<tr><td rowspan=2>OVH</td><td rowspan=2>a</td></tr><tr></tr><tr><td>EBRC</td></tr>`, "1: Acteur|Type\n2: OVH|a\n4: EBRC\n", ""},
		{"last column spanned", htmlHeader + `<tr><td>OVH</td><td rowspan=2>a</td></tr><tr><td>EBRC</td></tr>`, "1: Acteur|Type\n2: OVH|a\n3: EBRC|a\n", ""},
		{"lines in a cell", htmlHeader + "<tr><td>OVH\n  SAS</td><td>1<br>2<p>3</p><ul><li>4</li><li>5</li></ul></td></tr>", "1: Acteur|Type\n2: OVH SAS|1⏎2⏎3⏎4⏎5\n", ""},
		{"no-break space", htmlHeader + `<tr><td>OVH&nbsp;SAS</td></tr>`, "1: Acteur|Type\n2: OVH SAS\n", "spaces-normalised@2:1"},
		{"pictures and boxes", htmlHeader + `<tr><td><img src=x alt="Oui"></td><td><input type=checkbox checked></td><td><input type="checkbox"></td><td>✓</td></tr>`, "1: Acteur|Type\n2: Oui|TRUE|FALSE|✓\n", ""},
		{"a picture that says nothing", htmlHeader + `<tr><td>OVH</td><td><img src="coche.png"></td><td><i class="fa fa-check"></i></td><td><i class="fa" title="Oui"></i></td></tr>`, "1: Acteur|Type\n2: OVH|?|?|Oui\n", "html-icon@2:2 html-icon@2:3"},
		{"hidden in a cell", htmlHeader + `<tr><td><span style="display: none">20190617 <span>z</span></span>17/06/2019</td><td hidden>x</td></tr>`, "1: Acteur|Type\n2: 17/06/2019|x\n", "hidden-columns html-hidden@2:1"},
		{"hidden rows", htmlHeader + `<tr style="display:none"><td>OVH</td></tr>`, "1: Acteur|Type\n2: OVH\n", "hidden-rows"},
		{"scripts", htmlHeader + `<tr><td>OVH<script>var a = "<td>x</td>"</script><style>td{}</style></td><td>y<!-- z --></td></tr>`, "1: Acteur|Type\n2: OVH|y\n", ""},
		{"a choice", htmlHeader + `<tr><td><select><option>a</option><option selected>b</option></select></td></tr>`, "1: Acteur|Type\n2: b\n", "html-hidden@2:1"},
		{"a choice without end tags", htmlHeader + `<tr><td><select><option>a<option selected>b<option>c</select></td></tr>`, "1: Acteur|Type\n2: b\n", "html-hidden@2:1"},
		{"fields of every kind", htmlHeader + `<tr><td><input type=date value="2022-02-01"></td><td><input type=number value=421></td><td>x<input type=hidden value=y></td></tr>`, "1: Acteur|Type\n2: 2022-02-01|421|x\n", ""},
		{"tooltips on ticks", htmlHeader + `<tr><td>A</td><td title="oui">✓</td></tr><tr><td>B</td><td title="non">✗</td></tr><tr><td>C</td><td title="non">✓</td></tr><tr><td>D</td><td>x</td></tr>`,
			"1: Acteur|Type\n2: A|✓\n3: B|✗\n4: C|✓\n5: D|x\n", "html-tooltip@4:2"},
		{"tooltips", htmlHeader + `<tr title="Radié"><td>OVH</td><td title="X">x</td></tr><tr><td><a href=a title="Voir la fiche">EBRC</a></td><td><abbr title="Certificat suspendu">b</abbr></td></tr><tr><td>c<td>d`, "1: Acteur|Type\n2: OVH|x\n3: EBRC|b\n4: c|d\n", "html-tooltip@2:1 html-tooltip@3:2"},
		{"tooltips of every row", htmlHeader + `<tr><td title="Nom">a<td title="t1">x<tr><td title="Nom">b<td title="t2">y<tr><td title="Nom">c<td title="t3">z`, "1: Acteur|Type\n2: a|x\n3: b|y\n4: c|z\n", ""},
		{"an empty element that some rows have", htmlHeader + `<tr><td>a</td><td><span class="dot"></span></td></tr><tr><td>b</td><td></td></tr>`, "1: Acteur|Type\n2: a|?\n3: b\n", "html-icon@2:2"},
		{"nested table", htmlHeader + `<tr><td>OVH<table><tr><td>in</td></tr></table></td><td>x</td></tr>`, "1: Acteur|Type\n2: OVH|x\n", "sheet-unread@2:1 sheet-unread"},
		{"blank rows", `<tr><td></td></tr>` + htmlHeader, "2: Acteur|Type\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, found := mustRead(t, []byte(`<!DOCTYPE html><html><body><h1>Liste</h1><table>`+tt.table+`</table></body></html>`), "a.html", withHeaders)
			wantRows(t, table, tt.want)
			wantCodes(t, found, tt.codes)
		})
	}
}

func TestHTMLChoosesTheList(t *testing.T) {
	page := `<table><tr><td>menu</td></tr></table><form><input type=password></form><table>` + htmlHeader + `<tr><td>OVH</td></tr></table><table><tr><td>pied</td></tr></table>`
	table, found := mustRead(t, []byte(page), "a.html", withHeaders)
	if table.Sheet != "table 2" {
		t.Errorf("read %s", table.Sheet)
	}
	wantCodes(t, found, "sheet-unread sheet-unread")
	o := withHeaders
	o.Sheet = "table 3"
	table, _ = mustRead(t, []byte(page), "a.html", o)
	wantRows(t, table, "1: pied\n")
	// Without known headers, the largest.
	table, _ = mustRead(t, []byte(page+`<table><tr><td>a<tr><td>b<tr><td>c<tr><td>d</table>`), "a.html", Options{})
	wantRows(t, table, "1: a\n2: b\n3: c\n4: d\n")
}

func TestHTMLRefusals(t *testing.T) {
	for _, tt := range []struct{ name, page, code string }{
		{"no table", "<html><head><title>Hébergeurs</title></head><body><p>Liste</p></body></html>", "html-no-table"},
		{"empty table", "<html><table><tr><td> </td></tr></table></html>", "html-no-table"},
		{"login", `<html><body><form><table><tr><td>Mot de passe</td><td><input type="password"></td></tr></table></form></body></html>`, "html-login"},
		{"error", `<html><head><title>404 - Page introuvable</title></head><body><table><tr><td>menu</td></tr></table></body></html>`, "html-error-page"},
		{"error without table", `<html><head><title>Erreur 503</title></head><body></body></html>`, "html-error-page"},
	} {
		if _, _, err := Read([]byte(tt.page), "a.html", withHeaders); err == nil || !strings.Contains(err.Error(), "["+tt.code+"]") {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
	}
}

func TestHTMLTruncated(t *testing.T) {
	table, found := mustRead(t, []byte("<html><table>"+htmlHeader+"<tr><td>OVH</td><td>in the mid"), "a.html", withHeaders)
	wantRows(t, table, "1: Acteur|Type\n2: OVH|in the mid\n")
	wantCodes(t, found, "html-truncated")
	if found[0].Severity != 2 {
		t.Error("not an error")
	}
}

func TestHTMLEncoding(t *testing.T) {
	page := func(declared, acteur string) string {
		return `<html><head><meta http-equiv="Content-Type" content="text/html; charset=` + declared + `"></head><table>` + htmlHeader + `<tr><td>` + acteur + `</td></tr></table></html>`
	}
	for _, tt := range []struct{ name, data, want, encoding, codes string }{
		{"utf-8", page("utf-8", "Société"), "Société", "utf-8", ""},
		{"windows-1252", page("windows-1252", "Soci\xe9t\xe9"), "Société", "windows-1252", ""},
		{"iso-8859-1", page("ISO-8859-1", "Soci\xe9t\xe9 \x80"), "Société €", "windows-1252", ""},
		{"iso-8859-15", page("iso-8859-15", "Soci\xe9t\xe9 \xa4"), "Société €", "iso-8859-15", ""},
		{"utf-8, declared windows-1252", page("windows-1252", "Société"), "Société", "utf-8", "encoding-declared"},
		{"windows-1252, declared utf-8", page("utf-8", "Soci\xe9t\xe9"), "Société", "windows-1252", "encoding-declared"},
		{"nothing to tell", page("windows-1252", "OVH"), "OVH", "utf-8", ""},
		{"entities", page("x-unknown", "Soci&eacute;t&#233;"), "Société", "utf-8", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, found := mustRead(t, []byte(tt.data), "a.html", withHeaders)
			if got := table.Rows[1].Cell(0); got != tt.want || table.Encoding != tt.encoding {
				t.Errorf("%q in %s, want %q in %s", got, table.Encoding, tt.want, tt.encoding)
			}
			wantCodes(t, found, tt.codes)
		})
	}
}

func FuzzHTML(f *testing.F) {
	samples(f, "html")
	for _, s := range []string{htmlHeader, `<tr><td rowspan=3 colspan=4>a<td>b<tr><td>c<table><td>d</table>`, `<td hidden><span hidden>x</span><img><input type=checkbox>`, `</table><table><template><td>`,
		htmlHeader + `<tr class="hidden"><td>a<sup>1</sup><del>b</del><span class="sr-only">c</span><i class="fa"></i><td class=x style="background:red;opacity:0"></tr><tfoot><tr><td>1 à 2 sur 9`,
		`<style>.a td,b.c{text-decoration:line-through}@media x{.d{display:none}}</style><tr class=a><td>a<s>b<s>c</s></td></tr></table><nav class="pager"><a rel=next href=x>2</a></nav><table>`} {
		f.Add([]byte("<table>" + s + "</table>"))
	}
	fuzzReader(f, "a.html")
}

// TestStatedCount: a page that says how many there are, and shows fewer.
func TestStatedCount(t *testing.T) {
	rows := htmlHeader + strings.Repeat(`<tr><td>OVH</td><td>x</td></tr>`, 3)
	for _, c := range []struct{ text, codes string }{
		{"<h2>60 hébergeurs certifiés au 1er novembre 2026</h2>", "source-part"},
		{"<p>3 hébergeurs certifiés</p>", ""},
		{"<h2>99 hébergeurs agréés</h2><h2>3 hébergeurs certifiés</h2>", ""},
		{"<p>En 2019, 60 hébergeurs étaient agréés.</p>", ""},
		{"<p>60 hébergeurs étaient agréés en 2019.</p>", ""},
	} {
		_, found := mustRead(t, []byte(c.text+`<table>`+rows+`</table>`), "a.html", withHeaders)
		wantCodes(t, found, c.codes)
	}
}
