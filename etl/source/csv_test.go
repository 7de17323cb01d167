package source

import (
	"fmt"
	"strings"
	"testing"

	"hdsreport/etl/raced"
)

func TestCSV(t *testing.T) {
	for _, tt := range []struct {
		name, data, want, codes string
	}{
		{"semicolons", "Acteur;Type\nOVH;infogéreur\n", "1: Acteur|Type\n2: OVH|infogéreur\n", ""},
		{"commas", "Acteur,Type\n\"OVH, SAS\",x\n", "1: Acteur|Type\n2: OVH, SAS|x\n", ""},
		{"tabs", "Acteur\tType\nOVH, SAS; Roubaix\tx\n", "1: Acteur|Type\n2: OVH, SAS; Roubaix|x\n", ""},
		{"bars", "Acteur|Type\nOVH|x\n", "1: Acteur|Type\n2: OVH|x\n", ""},
		{"mark and quoted header", "\ufeff\"Acteur\";\"Type\"\r\n\"OVH\";\"x\"\r\n", "1: Acteur|Type\n2: OVH|x\n", ""},
		{"carriage returns only", "Acteur;Type\rOVH;x\rEBRC;y", "1: Acteur|Type\n2: OVH|x\n3: EBRC|y\n", ""},
		{"excel's first line", "sep=,\r\nActeur,Type\r\na;b,c\r\n", "2: Acteur|Type\n3: a;b|c\n", ""},
		{"excel's first line, padded", "\"sep=;\";;\nActeur;Type\n", "2: Acteur|Type\n", ""},
		{"preamble", "Liste des hébergeurs, au 17 juin 2019, ASIP Santé\nSource, https://esante.gouv.fr\n\nActeur;Type\nOVH;a, b, c\nEBRC;d\n",
			"1: Liste des hébergeurs, au 17 juin 2019, ASIP Santé\n2: Source, https://esante.gouv.fr\n4: Acteur|Type\n5: OVH|a, b, c\n6: EBRC|d\n", ""},
		{"blank rows and trailing cells", "Acteur;Type;;\n;;;\n\nOVH;;;\n", "1: Acteur|Type\n4: OVH\n", ""},
		{"line breaks in a cell", "Acteur;Type\n\"OVH\nSAS\";\"1\n2\n3\"\nEBRC;x\n", "1: Acteur|Type\n2: OVH⏎SAS|1⏎2⏎3\n6: EBRC|x\n", ""},
		{"doubled quotes", "Acteur;Type\n\"Société \"\"X\"\"\";y\n", "1: Acteur|Type\n2: Société \"X\"|y\n", ""},
		{"quotes that are characters", "Acteur;Type\nSociété \"X\";12\"\n", "1: Acteur|Type\n2: Société \"X\"|12\"\n", ""},
		{"lazy quotes", "Acteur;Type\n\"Société \"X\" SA\";y\n", "1: Acteur|Type\n2: Société \"X\" SA|y\n", "csv-quote@2:1"},
		{"spaces around quotes", "Acteur; Type\n \"OVH\" ; \"x\" \n", "1: Acteur|Type\n2: OVH|x\n", ""},
		{"unclosed to the end", "Acteur;Type\n\"OVH;x\nEBRC;y\nCIV;z\n", "1: Acteur|Type\n2: \"OVH|x\n3: EBRC|y\n4: CIV|z\n", "csv-quote@2:1"},
		{"unclosed, closed by a later one", "Acteur;Type\n\"OVH;x\nEBRC;\"y\"\nCIV;z\n", "1: Acteur|Type\n2: \"OVH|x\n3: EBRC|y\n4: CIV|z\n", "csv-quote@2:1"},
		{"unclosed on one line of many quoted", "\"Acteur\";\"Type\"\n\"OVH;\"x\"\n\"EBRC\";\"y\"\n", "1: Acteur|Type\n2: \"OVH|x\n3: EBRC|y\n", "csv-quote@2:1"},
		{"unclosed over many records", "Acteur;Type;Date de fin\na;\"b;c\n1;2;3\n1;2;3\n1;2;3\n1;2;3\n1;2;3\n1;2;3\n1;2;x\"\n4;5;6\n",
			"1: Acteur|Type|Date de fin\n2: a|\"b|c\n3: 1|2|3\n4: 1|2|3\n5: 1|2|3\n6: 1|2|3\n7: 1|2|3\n8: 1|2|3\n9: 1|2|x\"\n10: 4|5|6\n", "csv-quote@2:2"},
		{"a long cell that is meant", "Acteur;Type\nOVH;\"1\n2\n3\n4\n5\n6\n7\n8\n9\"\nEBRC;y\n", "1: Acteur|Type\n2: OVH|1⏎2⏎3⏎4⏎5⏎6⏎7⏎8⏎9\n11: EBRC|y\n", ""},
		{"one column with commas in it", "Acteur\nOVH\nEquinix, Inc.\nInternational Cross Talk\n", "1: Acteur\n2: OVH\n3: Equinix, Inc.\n4: International Cross Talk\n", ""},
		{"end mark of DOS", "Acteur;Type\r\nOVH;x\r\n\x1a", "1: Acteur|Type\n2: OVH|x\n", ""},
		{"no last line break", "Acteur;Type\nOVH;", "1: Acteur|Type\n2: OVH\n", ""},
		{"zeros kept by a formula", "Acteur;Type\nOVH;=\"001\"\nEBRC;\"=\"\"002\"\"\"\n", "1: Acteur|Type\n2: OVH|001\n3: EBRC|002\n", "csv-text-formula@2:2"},
		{"leading zeros stay", "Acteur;Type\nOVH;001\n", "1: Acteur|Type\n2: OVH|001\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, found := mustRead(t, []byte(tt.data), "a.csv", withHeaders)
			wantRows(t, table, tt.want)
			wantCodes(t, found, tt.codes)
		})
	}
}

func TestCSVDelimiterWithoutKnownHeaders(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{"nom;montant\na;1,5\nb;2,5\n", "1: nom|montant\n2: a|1,5\n3: b|2,5\n"},
		{"nom,note\na,x; y\nb,z\n", "1: nom|note\n2: a|x; y\n3: b|z\n"},
		{"OVH SAS\nOrange S.A.\n", "1: OVH SAS\n2: Orange S.A.\n"},
	} {
		table, _ := mustRead(t, []byte(tt.data), "a.csv", Options{})
		wantRows(t, table, tt.want)
	}
	_, found := mustRead(t, []byte("a;b,c\nd;e,f\n"), "a.csv", Options{})
	wantCodes(t, found, "csv-delimiter")
}

func TestTSVFormat(t *testing.T) {
	table, _ := mustRead(t, []byte("a\tb\nc\td\n"), "a.tsv", Options{})
	if table.Format != "tsv" || table.Encoding != "utf-8" {
		t.Errorf("format %s, encoding %s", table.Format, table.Encoding)
	}
}

// Lost quotes must not cost more than their lines: reading again from each of them
// to the end would be quadratic. The count of fields read is what shows it, so the
// test looks at the result and the size is one at which the fault takes minutes.
func TestManyLostQuotesStayLinear(t *testing.T) {
	if raced.Detector {
		t.Skip("one thread, and slow there: .ci/run runs it without the race detector")
	}
	var b strings.Builder
	b.WriteString("Acteur;Type\n")
	for i := range 200_000 {
		fmt.Fprintf(&b, "\"a%d;b\n", i)
	}
	table, _ := mustRead(t, []byte(b.String()), "a.csv", withHeaders)
	if len(table.Rows) != 200_001 {
		t.Errorf("%d rows", len(table.Rows))
	}
	// The same on one line, with and without doubled quotes.
	for _, s := range []string{`;"x`, `;"""a`} {
		table, _ := mustRead(t, []byte("Acteur;Type\n"+strings.Repeat(s, 500_000)), "a.csv", withHeaders)
		if got := len(table.Rows[1].Cells); got != 500_001 {
			t.Errorf("%s: %d cells", s, got)
		}
	}
}

func FuzzCSV(f *testing.F) {
	samples(f, "csv")
	for _, s := range []string{"Acteur;Type\n\"O\"\"VH\n\";x\n", "sep=,\na,b", "a\tb\rc", "\"a;\"b\"\n\"", "a|b\n\n\"c", "H\xe9;b"} {
		f.Add([]byte(s))
	}
	fuzzReader(f, "a.csv")
}
