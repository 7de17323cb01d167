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
		{"siren", "CHE-123.456.789", "registration:CHE123456789", number.None, false},
		{"siren", "HRB 12345", "registration:HRB12345", number.None, false},
		{"siren", "en cours", "", number.Unreadable, false},
		{"siret", "4,51818E+13", "", number.Unreadable, false},
		{"siret", "35600000000048", "siren:356000000 siret:35600000000048", number.None, false},
		{"siret", "35600000040007", "siren:356000000 siret:35600000040007", number.None, false},
		{"siret", "35600000040008", "", number.Invalid, false},
		{"siret", "508094927", "siren:508094927", number.None, true},
		{"siren_siret", "508094927", "siren:508094927", number.None, false},
		{"siren_siret", "35600000000048", "siren:356000000 siret:35600000000048", number.None, false},
		{"vat", "FR 60 732 075 312", "siren:732075312", number.None, false},
		{"vat", "FR61732075312", "", number.Invalid, false},
		{"vat", "FRK7732075312", "vat:FRK7732075312", number.None, false},
		{"vat", "DE 123 456 789", "vat:DE123456789", number.None, false},
		{"vat", "732075312", "siren:732075312", number.None, true},
		{"finess_ej", "10780054", "finess_ej:010780054", number.None, true},
		{"finess_ej", "370000481", "finess_ej:370000481", number.None, false},
		{"finess_ej", "70000481", "", number.Invalid, false},
		{"finess_et", "2A0000154", "finess_et:2A0000154", number.None, false},
		{"finess_et", "2b0000038", "finess_et:2B0000038", number.None, false},
		{"finess_et", "2A0000145", "", number.Invalid, false},
		{"finess", "370 000 481", "finess:370000481", number.None, false},
		{"rna", "W751000001", "rna:W751000001", number.None, false},
		{"rna", "751000001", "", number.Invalid, false},
		{"siren", "N/A", "", number.None, false},
		{"siren", "néant", "", number.None, false},
		{"siren", "-", "", number.None, false},
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

// TestCompare: numbers are compared within one scheme only, and a set is equal if one
// number is.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b, equal string
		contradict  bool
	}{
		{"siren:508094927", "siren:508094927", "siren:508094927", false},
		{"siren:508094927", "siren:415620053", "", true},
		{"siren:508094927", "", "", false},
		{"siren:370000481", "finess_ej:370000481", "", false},
		{"siren:508094927 siren:415620053", "siren:415620053", "siren:415620053", false},
		{"siren:508094927 finess_ej:370000481", "siren:415620053 finess_ej:370000481", "finess_ej:370000481", true},
		{"finess_et:370000481", "finess_et:010780054", "", false},
		{"vat:DE123456789", "vat:DE987654321", "", false},
	} {
		a, bad := number.Parse(c.a)
		b, worse := number.Parse(c.b)
		if len(bad)+len(worse) > 0 {
			t.Fatalf("%q %q", bad, worse)
		}
		got := number.Compare(a, b)
		if got.Equal.String() != c.equal || got.Contradict() != c.contradict {
			t.Errorf("%q and %q: equal %q, contradict %v", c.a, c.b, got.Equal, got.Contradict())
		}
	}
}

// TestParse: what is written to registry/actors.csv is read again, and what is no number
// is told.
func TestParse(t *testing.T) {
	s, bad := number.Parse("finess_ej:370000481 siren:508094927 508094927 siren:1 colour:3")
	if s.String() != "siren:508094927 finess_ej:370000481" || len(bad) != 2 {
		t.Errorf("%q, %q", s, bad)
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
