package number_test

import (
	"testing"

	"hdsreport/etl/number"
)

// TestRead: what stands in the columns of real lists, and what it is.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		column, cell, want string
		problem            number.Problem
		converted          bool
	}{
		{"siren", "508 094 927", "siren:508094927", number.None, false},
		{"siren", "'508\u202f094\u00a0927", "siren:508094927", number.None, false},
		{"siren", "508.094-927", "siren:508094927", number.None, false},
		{"siren", "508094927.0", "siren:508094927", number.None, false},
		{"siren", "RCS Nanterre 508 094 927", "siren:508094927", number.None, false},
		{"siren", "Nanterre B 508 094 927", "siren:508094927", number.None, false},
		{"siren", "508 094 927 RCS Nanterre", "siren:508094927", number.None, false},
		{"siren", "SIREN : 508094927", "siren:508094927", number.None, false},
		{"siren", "310975042", "", number.Invalid, false},
		{"siren", "12345", "", number.Invalid, false},
		{"siren", "FR60732075312", "siren:732075312", number.None, true},
		{"siren", "35600000000048", "siren:356000000 siret:35600000000048", number.None, true},
		{"siren", "05482040", "", number.Invalid, false},
		{"siren", "5480013", "", number.Invalid, false},
		{"siren", "508094927 ; 415620053", "siren:415620053 siren:508094927", number.None, false},
		{"siren", "508 094 927 / 415 620 053", "siren:415620053 siren:508094927", number.None, false},
		{"siren", "508094927 415620053", "siren:415620053 siren:508094927", number.None, false},
		{"siren", "508094927 / 310975042", "siren:508094927", number.Invalid, false},
		{"siren", "508094927 et 415620053", "siren:415620053 siren:508094927", number.None, false},
		{"siren", "508 094 927 ou 310 975 042", "siren:508094927", number.Invalid, false},
		{"siren", "508094927, 415620053", "siren:415620053 siren:508094927", number.None, false},
		{"siren", "508094927,415620053", "siren:415620053 siren:508094927", number.None, false},
		{"siren", " / 508094927 / 415620053", "siren:415620053 siren:508094927", number.None, false},
		{"siren", "FR60732075312 / 508094927", "siren:508094927 siren:732075312", number.None, true},
		{"siren", "508094927 / FR60732075312", "siren:508094927 siren:732075312", number.None, true},
		{"siren", "508094927 (siège)", "siren:508094927", number.None, false},
		{"siren", "508 094 927 Nanterre", "siren:508094927", number.None, false},
		{"siren", "310975042 (siège)", "", number.Invalid, false},
		{"siren", "Saint-Denis 508094927", "siren:508094927", number.None, false},
		{"siren", "FR60732075312 RCS 2", "siren:732075312", number.Invalid, true},
		{"siren", "12345678 / 05482040", "", number.Invalid, false},
		{"siren", "12345678 415620053", "siren:415620053", number.Invalid, false},
		{"siren", "1234567 415620053", "siren:415620053", number.Invalid, false},
		{"siren", "12345 / inconnu", "", number.Invalid, false},
		{"siren", "AB12", "", number.Invalid, false},
		{"siren", "AB123", "registration:AB123", number.None, true},
		{"siren", "AA RCS 12 345", "", number.Invalid, false},
		{"siren", "CHE-123.456.789 / CHE-987.654.321", "registration:CHE123456789 registration:CHE987654321", number.None, true},
		{"siren", "HRB 12345/67", "registration:HRB1234567", number.None, true},
		{"siren", "CHE-123.456.789", "registration:CHE123456789", number.None, true},
		{"siren", "HRB 12345", "registration:HRB12345", number.None, true},
		{"siren", "en cours", "", number.Unreadable, false},
		{"siret", "4,51818E+13", "", number.Unreadable, false},
		{"siret", "35600000000048", "siren:356000000 siret:35600000000048", number.None, false},
		{"siret", "35600000040007", "siren:356000000 siret:35600000040007", number.None, false},
		{"siret", "000 00000009050", "", number.Invalid, false},
		{"siret", "35600000040008", "", number.Invalid, false},
		{"siren", "58800004", "siren:058800004", number.None, true},
		{"siren_siret", "58800004", "siren:058800004", number.None, true},
		{"vat", "58800004", "", number.Invalid, false},
		{"siret", "5880000400010", "siren:058800004 siret:05880000400010", number.None, true},
		{"siren_siret", "5880000400010", "siren:058800004 siret:05880000400010", number.None, true},
		{"siren", "5880000400010", "", number.Invalid, false},
		{"siret", "5880000400011", "", number.Invalid, false},
		{"siret", "508094927", "siren:508094927", number.None, true},
		{"siren_siret", "508094927", "siren:508094927", number.None, false},
		{"siren_siret", "35600000000048", "siren:356000000 siret:35600000000048", number.None, false},
		{"vat", "FR 60 732 075 312", "siren:732075312", number.None, false},
		{"vat", "FR61732075312", "", number.Invalid, false},
		{"vat", "FRK7732075312", "vat:FRK7732075312", number.None, false},
		{"vat", "FR90310975042", "", number.Invalid, false},
		{"siren", "FRK7732075312", "vat:FRK7732075312", number.None, true},
		{"vat", "FR60732075312 et DE123456789", "siren:732075312 vat:DE123456789", number.None, false},
		{"vat", "DE 123 456 789", "vat:DE123456789", number.None, false},
		{"vat", "ATU12345678", "vat:ATU12345678", number.None, false}, {"vat", "CHE-123.456.789 MWST", "vat:CHE123456789MWST", number.None, false},
		{"vat", "NL123456789B01", "vat:NL123456789B01", number.None, false}, {"vat", "ESX1234567R", "vat:ESX1234567R", number.None, false},
		{"vat", "IE1A23456N", "vat:IE1A23456N", number.None, false}, {"vat", "67 siège ou", "", number.Invalid, false},
		{"vat", "732075312", "siren:732075312", number.None, true},
		{"finess_ej", "10780054", "finess_ej:010780054", number.None, true},
		{"finess_ej", "370000481", "finess_ej:370000481", number.None, false},
		{"finess_ej", "70000481", "", number.Invalid, false},
		{"finess_et", "2A0000154", "finess_et:2A0000154", number.None, false},
		{"finess_et", "2b0000038", "finess_et:2B0000038", number.None, false},
		{"finess_et", "2A0000145", "", number.Invalid, false},
		{"finess", "370 000 481", "finess:370000481", number.None, false},
		{"rna", "W751000001", "rna:W751000001", number.None, false},
		{"finess_ej", "370000481 (EJ)", "finess_ej:370000481", number.None, false},
		{"rna", "inconnue", "", number.None, false},
		{"rna", "751000001", "", number.Invalid, false},
		// Beside a word for none, and such words alone.
		{"siren", "508094927 / néant", "siren:508094927", number.None, false},
		{"siren", "508094927, n.c.", "siren:508094927", number.None, false},
		{"siren", "Inconnu ; 508094927", "siren:508094927", number.None, false},
		{"siren", "RCS Paris 508094927 / néant", "siren:508094927", number.None, false},
		{"siren", "508094927 -- néant", "siren:508094927", number.None, false},
		{"siren", "508094927 / 310975042 / néant", "siren:508094927", number.Invalid, false},
		{"siren", "310975042 / néant", "", number.Invalid, false},
		{"siren", "508094927 / à venir", "siren:508094927", number.Unreadable, false},
		{"siren", "HRB 12345 / inconnu", "registration:HRB12345", number.None, true},
		{"siren", "néant / n.c.", "", number.None, false},
		{"siren", "RCS Paris n.c.", "", number.None, false},
		{"siren", "RCS : n.c.", "", number.None, false},
		{"siren", "SIREN : unknown", "", number.None, false},
		{"siren", "(néant)", "", number.None, false},
		{"siren", "SIREN : à venir", "", number.Unreadable, false},
		{"siren", "pas de SIREN", "", number.Unreadable, false},
		// Of the wrong length, and called what no foreign number is.
		{"siren", "508094927 / 12345", "siren:508094927", number.Invalid, false},
		{"siren", "SIREN 12345", "", number.Invalid, false},
		{"siren", "RCS 12345", "", number.Invalid, false},
		{"siren", "R.C.S. Luxembourg B 12345", "registration:RCSLUXEMBOURGB12345", number.None, true},
		// Beside each other, with words and dashes between.
		{"siren_siret", "SIREN 356000000 - SIRET 35600000000048", "siren:356000000 siret:35600000000048", number.None, false},
		{"siren_siret", "SIREN 356000000 SIRET 35600000000048", "siren:356000000 siret:35600000000048", number.None, false},
		{"siren", "508094927 - 415620053", "siren:415620053 siren:508094927", number.None, false},
		{"siren", "SIREN : 508094927 (à confirmer)", "siren:508094927", number.None, false},
		{"siren", "TVA FR60732075312", "siren:732075312", number.None, true},
		{"siren", "FR60732075312 (SIREN 732075312)", "siren:732075312", number.None, true},
		{"siren", "CHE 508094927", "registration:CHE508094927", number.None, true},
		// A letter for a digit, and what a spreadsheet wrote.
		{"siren", "5O8O94927", "siren:508094927", number.None, true},
		{"siren", "5O8O94926", "", number.Invalid, false},
		{"siren", "O08094927", "registration:O08094927", number.None, true},
		{"siren", "5.08094927E8", "siren:508094927", number.None, true},
		{"siren", "5,08094927E+08", "siren:508094927", number.None, true},
		{"siren", "3.10975042E8", "", number.Unreadable, false},
		{"finess_ej", "FINESS 000000000", "", number.None, false},
		{"siren", "5.08E8", "", number.Unreadable, false},
		{"siren", "N/A", "", number.None, false},
		{"siren", "néant", "", number.None, false},
		{"siren", "-", "", number.None, false},
		{"siren", "- –", "", number.None, false},
		{"siren", "n.c.", "", number.None, false},
		{"siren", "99999999", "", number.None, false},
		{"siren", "9999999", "", number.Invalid, false},
		{"siren", "0", "", number.None, false},
		{"siren", "000000000", "", number.None, false},
		{"siren", "999 999 999", "", number.None, false},
		{"siren", "123456789", "", number.None, false},
	} {
		r := number.Read(number.Column(c.column), c.cell)
		if r.Numbers.String() != c.want || r.Problem != c.problem || r.Converted != c.converted {
			t.Errorf("%s %q: %q, problem %d, converted %v", c.column, c.cell, r.Numbers, r.Problem, r.Converted)
		}
		if r.Problem == number.None && len(r.Numbers) > 0 {
			again := number.Read(number.Column(c.column), r.Text)
			if again.Numbers.String() != c.want && c.column != "siren" {
				t.Errorf("%s %q is shown as %q, which is %q", c.column, c.cell, r.Text, again.Numbers)
			}
		}
	}
}

// TestText: a cell that was read is shown in normal form, and any other as it is.
func TestText(t *testing.T) {
	for _, c := range []struct{ column, cell, want string }{
		{"siren", "508 094 927", "508094927"}, {"siren", "35600000000048", "356000000"},
		{"siret", "356 000 000 00048", "35600000000048"}, {"siren_siret", "508 094 927", "508094927"},
		{"siren", "FR60732075312", "732075312"}, {"siren", "HRB 12345", "HRB12345"},
		{"siren", "508 094 927 ; 35600000000048", "356000000 508094927"},
		{"siren", "508 094 927 / 310 975 042", "508 094 927 / 310 975 042"}, {"siren", "'12345", "12345"},
		{"siren", "en cours", "en cours"}, {"siren", "néant", ""}, {"siren", "123 456 789", ""},
	} {
		if got := number.Read(number.Column(c.column), c.cell).Text; got != c.want {
			t.Errorf("%s %q is shown as %q, want %q", c.column, c.cell, got, c.want)
		}
	}
}

// TestValid: a number has its length, its digits and its check.
func TestValid(t *testing.T) {
	for _, c := range []struct {
		of    string
		valid func(string) bool
		is    string
		not   []string
	}{
		{"SIREN", number.ValidSIREN, "508094927", []string{"", "000000000", "508094926", "50809490", "5080949273", "5080949A6"}},
		{"SIRET", number.ValidSIRET, "50809492700011",
			[]string{"", "508094927", "508094927000000", "50809492800001", "50809492700001", "508094927000A8"}},
		{"SIRET of La Poste", number.ValidSIRET, "35600000000092", []string{"35600000000093"}},
		{"FINESS", number.ValidFINESS, "370000481", []string{"", "370000482", "37000049", "3700004819", "1A0000007"}},
		{"FINESS of Corsica", number.ValidFINESS, "2A0000154", []string{"2A0000155", "2C0000154"}},
	} {
		if !c.valid(c.is) {
			t.Errorf("%s: %q is none", c.of, c.is)
		}
		for _, text := range c.not {
			if c.valid(text) {
				t.Errorf("%s: %q is one", c.of, text)
			}
		}
	}
	for name, want := range map[string]bool{"siren": true, "siret": true, "siren_siret": true, "finess": true, "finess_ej": true,
		"vat": true, "rna": true, "registration": false, "name": false, "": false} {
		if number.IsColumn(name) != want {
			t.Errorf("%s: a column of numbers is %v", name, !want)
		}
	}
}

// TestGrouped: numbers are shown as their registers print them.
func TestGrouped(t *testing.T) {
	for _, c := range []struct{ number, want string }{
		{"siren:508094927", "508 094 927"}, {"siret:35600000000048", "356 000 000 00048"}, {"finess_ej:370000481", "370000481"},
	} {
		s, _ := number.Parse(c.number)
		if got := s[len(s)-1].Grouped(); got != c.want {
			t.Errorf("%s is shown as %q, want %q", c.number, got, c.want)
		}
	}
	if got := (number.Number{Scheme: number.SIREN, Value: "508"}).Grouped(); got != "508" {
		t.Errorf("%q", got)
	}
}

// TestCompare: numbers are compared within one scheme only, and a set is equal if one
// number is.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b, equal, alike string
		contradict         bool
	}{
		{"siren:508094927", "siren:508094927", "siren:508094927", "", false},
		{"siren:508094927", "siren:415620053", "", "", true},
		{"siren:508094927", "", "", "", false},
		{"siren:370000481", "finess_ej:370000481", "", "", false},
		{"siren:508094927 siren:415620053", "siren:415620053", "siren:415620053", "", false},
		{"siren:508094927 finess_ej:370000481", "siren:415620053 finess_ej:370000481", "finess_ej:370000481", "", true},
		{"finess_et:370000481", "finess_et:010780054", "", "", false},
		{"vat:DE123456789", "vat:DE987654321", "", "", false},
		{"finess_et:370000481 siren:508094927", "finess_et:370000481", "", "finess_et:370000481", false},
		{"vat:DE123456789 finess:370000481", "finess:010780054 vat:DE123456789", "", "vat:DE123456789", false},
	} {
		a, bad := number.Parse(c.a)
		b, worse := number.Parse(c.b)
		if len(bad)+len(worse) > 0 {
			t.Fatalf("%q %q", bad, worse)
		}
		got := number.Compare(a, b)
		if got.Equal.String() != c.equal || got.Alike.String() != c.alike || got.Contradict() != c.contradict {
			t.Errorf("%q and %q: equal %q, alike %q, contradict %v", c.a, c.b, got.Equal, got.Alike, got.Contradict())
		}
	}
}

// TestParse: what is written to registry/actors.csv is read again, and what is no number
// is told.
func TestParse(t *testing.T) {
	for _, c := range []struct {
		text, want string
		bad        int
	}{
		{"finess_ej:370000481 siren:508094927 508094927 siren:1 colour:3", "siren:508094927 finess_ej:370000481", 2},
		{"colour:508094927 siren:néant siren: 0", "", 4},
		{"SIREN:508094927 siren_siret:35600000000048", "siren:356000000 siren:508094927 siret:35600000000048", 0},
	} {
		s, bad := number.Parse(c.text)
		if s.String() != c.want || len(bad) != c.bad {
			t.Errorf("%s: %q, %q", c.text, s, bad)
		}
	}
}

// TestLevels: which numbers tell organisations apart.
func TestLevels(t *testing.T) {
	s, _ := number.Parse("siren:356000000 siret:35600000000048 finess_ej:370000481 finess_et:370000481 finess:010780054 rna:W751000001 vat:DE123456789 registration:HRB12345")
	for level, want := range map[number.Level]string{
		number.Entity:    "siren:356000000 finess_ej:370000481 rna:W751000001",
		number.Site:      "siret:35600000000048 finess_et:370000481 finess:010780054",
		number.Unchecked: "vat:DE123456789 registration:HRB12345",
	} {
		if got := s.Of(level).String(); got != want {
			t.Errorf("level %d: %q, want %q", level, got, want)
		}
	}
}

// FuzzRead: no cell makes a number that its check does not pass, and what is read is
// read again from its normal form.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"508 094 927", "RCS Nanterre B 508094927", "FR60732075312", "4,5E+13", "2A0000154", "';/|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		for _, column := range []number.Column{"siren", "siret", "siren_siret", "vat", "finess_ej", "finess", "rna"} {
			r := number.Read(column, cell)
			again, bad := number.Parse(r.Numbers.String())
			if len(bad) > 0 || again.String() != r.Numbers.String() {
				t.Fatalf("%s %q: %q is read again as %q", column, cell, r.Numbers, again)
			}
		}
	})
}
