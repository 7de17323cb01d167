package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// oddCells are cells that some part of a workbook, of a formula or of XML cannot hold
// as they are, or reads as something else.
var oddCells = []string{
	"- body", "+33 1", "=1+1", "@all", "\ta", "=HYPERLINK(\"http://e\",\"x\")", `x"&HYPERLINK("javascript:x")&"`,
	"\ufffe", "a\uffffb", "\ufdd0", "\U0001fffe", "\x00\x1b", "\ufffd", "\xff", "a\u0085b", "a\vb\fc", "_x0000_", "_x005F_", "]]>", "<&>",
	strings.Repeat("long ", 1080), strings.Repeat(`"`, 3000), strings.Repeat("😀", 4000), strings.Repeat("_x0041_", 900),
	"#REF!", "'#REF!'!A1", `"#REF!`, "[#REF!]", "TRUE", "#N/A", "1E400", "{names}", "**", "?", "  ", "'", "a\nb\r\nc",
	"http://ex.fr:99999/", "https://a.fr;https://b.fr", "javascript:x", "www.x", "cliquez ici", "31/12/9999", "0000-00-00", "1",
}

// lawful runs the program on a workspace of two lists, with such cells in each field
// of a row, in the registry and in the headings, and holds the law: what check calls
// good, run writes. It tells whether it was.
func lawful(t *testing.T, name, service, date, kind, activities, body, number, extra, note, heading,
	website string) (green bool) {
	dir := t.TempDir()
	write := func(file string, comma rune, rows ...[]string) {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = comma
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, file), b.String())
	}
	put(t, filepath.Join(dir, "hdsreport.yaml"), "report:\n  extra_columns: [Remarque]\ngate:\n  unclassified: 1\n  unreadable: 1\n  repeated: 1\n")
	write("editions/2019-06-17/agrees.csv", ';',
		[]string{"Hébergeur", "Prestation", "Date de début", "Date de fin", "Remarque", heading},
		[]string{"Alpha", "Hébergement", "01/02/2018", "01/02/2021", "", ""},
		[]string{name, service, date, "01/03/2021", extra, extra},
		[]string{"Beta", service + ".", "01/02/2018", date, extra, extra})
	write("editions/2019-06-17/certifies.csv", ';',
		[]string{"Hébergeur", "Type de certificat", "Activités", "Organisme certificateur", "N° de certificat",
			"Date de délivrance", "Date de fin", "Remarque", heading},
		[]string{"Gamma", "Hébergeur d'infrastructure physique", "1, 2", "Afnor", "1", "01/02/2019", "01/02/2022",
			"", ""},
		[]string{name, kind, activities, body, number, date, "01/02/2022", extra, extra},
		[]string{"Delta", kind, "1", body, number, "01/02/2019", date, extra, extra})
	write("registry/actors.csv", ',', []string{"id", "name", "position", "website", "note"},
		[]string{"alpha", "Alpha", "hosting_cloud", website, note},
		[]string{"beta", note + " B", "hosting_cloud", "", ""})
	write("registry/names.csv", ',', []string{"actor", "name", "kind", "from", "to"},
		[]string{"beta", "Beta", "alias", "", ""})
	write("registry/decisions.csv", ',', []string{"left", "right", "judgement", "by", "date", "reason"},
		[]string{"Gamma", "Delta", "different", note + "e", "2019-06-18", note})
	main := func(args ...string) (int, string) {
		var out bytes.Buffer
		c := &Command{Stdout: &out, Stderr: &out, Now: time.Now}
		return c.Main(append(args, "--config", filepath.Join(dir, "hdsreport.yaml"))), out.String()
	}
	book := filepath.Join(dir, "book.xlsx")
	code, said := main("run", "--out", book)
	if _, err := os.Stat(book); (err == nil) != (code == 0) {
		t.Errorf("run exits %d, and of the workbook: %v", code, err)
	}
	if code != 0 {
		if checked, _ := main("check"); checked == 0 {
			t.Errorf("check is green and run exits %d:\n%s", code, said)
		}
	}
	return code == 0
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestWhatCheckCallsGoodIsWritten: each odd cell in each field, beside others and beside itself.
func TestWhatCheckCallsGoodIsWritten(t *testing.T) {
	usual := []string{"Epsilon", "Hébergement", "01/02/2018", "Infogéreur", "1 à 4", "Bureau", "FR-1", "", "",
		"Autre", "https://a.fr"}
	n, green := len(oddCells), 0
	tried := 2 * n
	for i, odd := range oddCells {
		each, whole := append([]string(nil), usual...), append([]string(nil), usual...)
		for f := range each {
			if f == len(each)-1 && !strings.HasPrefix(oddCells[(i+f)%n], "http") {
				continue // an odd website is refused, and most of these would be
			}
			if each[f] = oddCells[(i+f)%n]; f%2 == i%2 && f < len(each)-1 {
				whole[f] = odd
			}
		}
		for _, c := range [][]string{each, whole} {
			if lawful(t, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10]) {
				green++
			}
		}
	}
	if green < tried*3/4 {
		t.Errorf("check is green for %d of %d: this proves too little", green, tried)
	}
}

// FuzzWhatCheckCallsGoodIsWritten is the same over any cells.
func FuzzWhatCheckCallsGoodIsWritten(f *testing.F) {
	for i, odd := range oddCells {
		next := oddCells[(i+1)%len(oddCells)]
		f.Add("Epsilon", odd, "01/02/2018", odd, "1", odd, next, next, "", "Autre", "https://a.fr")
		f.Add(odd, odd, odd, odd, odd, odd, odd, odd, odd, odd, odd)
	}
	f.Fuzz(func(t *testing.T, name, service, date, kind, activities, body, number, extra, note, heading,
		website string) {
		lawful(t, name, service, date, kind, activities, body, number, extra, note, heading, website)
	})
}
