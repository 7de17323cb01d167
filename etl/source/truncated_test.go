package source_test

import (
	"slices"
	"strings"
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/source"
)

// TestTruncatedText: a last row that breaks off is told from the lines that end lists.
func TestTruncatedText(t *testing.T) {
	const head = "Hébergeur;Prestation;Date d'agrément;Fin d'agrément\n"
	const one = "Alpha;Hébergement;01/01/2018;31/12/2020\n"
	for text, want := range map[string]bool{
		head + one + one: false,
		head + one + strings.TrimSuffix(one, "\n"):            false,
		head + one + "Bêta;Hébergement;01/0":                  true,
		head + one + "Bêta;x":                                 true,
		head + one + "Source : ANS":                           false,
		head + one + "Bêta;x\n":                               false, // a short row, whole
		head + "Gamma\n" + one + "Bêta;x":                     false, // rows may be short here
		"Liste\n\n" + head + one + "Bêta;x":                   true,
		strings.ReplaceAll(head+one+"Bêta;x", "\n", "\r\n"):   true,
		strings.ReplaceAll(head+one+"Bêta;x;y", ";", "\t"):    true,
		head + one + "\"Bêta; fils\";x;01/01/2018;31/12/2020": false,
	} {
		_, found, err := source.Read([]byte(text), "a.csv", source.Options{})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := slices.ContainsFunc(found, func(f etl.Finding) bool { return f.Code == etl.CodeCSVTruncated }); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
