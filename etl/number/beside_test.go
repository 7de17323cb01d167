package number_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"hdsreport/etl/number"
)

// TestBeside: what is cut from a cell of numbers is said.
func TestBeside(t *testing.T) {
	for _, c := range []struct {
		column, cell, numbers, beside string
		problem                       number.Problem
	}{
		{"siren", "508094927 - à venir", "siren:508094927", "", number.Unreadable},
		{"siren", "508094927 – à venir", "siren:508094927", "", number.Unreadable},
		{"siren", "508094927 / à venir", "siren:508094927", "", number.Unreadable},
		{"siren", "508094927 (à venir)", "siren:508094927", "à venir", number.None},
		{"siren", "à venir : 508094927", "siren:508094927", "à venir", number.None},
		{"siren", "508094927 à venir", "siren:508094927", "à venir", number.None},
		{"siren", "RCS Nanterre B 508 094 927 (siège)", "siren:508094927", "RCS Nanterre B, siège", number.None},
		{"siren", "508094927 / néant", "siren:508094927", "néant", number.None},
		{"siren", "508094927 / 000000000", "siren:508094927", "000000000", number.None},
		{"siren", "508 094 927 ✓", "siren:508094927", "✓", number.None},
		{"siren", "'508.094-927", "siren:508094927", "", number.None},
		{"siren", "508094927.0", "siren:508094927", "", number.None},
		{"vat", "FR 60 732 075 312 (SIREN 732075312)", "siren:732075312", "SIREN", number.None},
		{"siren", "HRB 12345/0", "registration:HRB123450", "", number.None},
		{"siren", "HRB 12345/0000", "registration:HRB123450000", "", number.None},
		{"siren", "HRB 12345 - 0", "registration:HRB123450", "", number.None},
		{"finess_ej", "370000481 (EJ)", "finess_ej:370000481", "EJ", number.None},
	} {
		r := number.Read(number.Column(c.column), c.cell)
		if r.Numbers.String() != c.numbers || r.Beside != c.beside || r.Problem != c.problem {
			t.Errorf("%s %q: %q, beside it %q, problem %d", c.column, c.cell, r.Numbers, r.Beside, r.Problem)
		}
	}
}

// lost returns a sign of a cell that is neither in a number that was read nor in what is said
// of the cell; a cell with a problem or another number than its column's is said as it is.
func lost(r *number.Reading, cell string) string {
	if len(r.Numbers) == 0 || r.Converted {
		return ""
	}
	if r.Problem != number.None {
		if strings.TrimLeft(strings.TrimSpace(cell), "'’") != r.Text {
			return cell
		}
		return ""
	}
	signs := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == '°' || !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.So, r) {
				return -1
			}
			return unicode.ToUpper(r)
		}, s)
	}
	all := signs(cell)
	left := map[rune]int{} // how often each sign stands in the cell and nowhere else
	count := func(s string, by int) {
		for _, r := range s {
			left[r] += by
		}
	}
	count(all, 1)
	count(signs(r.Beside), -1)
	for _, n := range r.Numbers {
		count(n.Value, -max(1, strings.Count(all, n.Value)))
		count("FR60", -strings.Count(all, "FR60"+n.Value))
	}
	for sign, n := range left {
		if n > 0 && !(sign == '0' && strings.HasSuffix(cell, ".0")) {
			return string(sign)
		}
	}
	return ""
}

// TestNothingIsLost: of cells put together from numbers, words and what stands between, every
// sign is in a number or in what is said.
func TestNothingIsLost(t *testing.T) {
	pieces := []string{"508094927", "415620053", "310975042", "508 094 927", "35600000000048", "FR60732075312", "FR 60 732 075 312",
		"HRB 12345", "CHE-123.456.789", "370000481", "W751000001", "0", "00", "7", "67", "000000000", "999999999", "12345", "à venir", "néant", "n.c.", "RCS",
		"RCS Nanterre", "Nanterre", "B", "SIREN", "(siège)", "en cours", "x", "✓", "²", "DE123456789", "n°", "et", "2019"}
	between := []string{" ", "/", " / ", " - ", "-", " – ", ", ", ",", ";", " : ", " (", ")", "|", " et ", " ou ", "\u00a0", ". ", "'", "+", ""}
	r := rand.New(rand.NewPCG(1, 2))
	with := 0
	for range 8_000 {
		var cell strings.Builder
		for range 1 + r.IntN(4) {
			cell.WriteString(pieces[r.IntN(len(pieces))] + between[r.IntN(len(between))])
		}
		for _, column := range []number.Column{"siren", "siret", "siren_siret", "vat", "finess_ej", "rna"} {
			read := number.Read(column, cell.String())
			if len(read.Numbers) > 0 {
				with++
			}
			if word := lost(&read, cell.String()); word != "" {
				t.Fatalf("%s %q: %q is lost; read %q, said %q", column, cell.String(), word, read.Numbers, read.Beside)
			}
		}
	}
	if with < 4_000 {
		t.Errorf("only %d readings have numbers", with)
	}
}
