package etl_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hdsreport/etl"
)

// TestNoNumbersNothingChanges: where no number and no certificate is in common, numbers
// change nothing. An edition with an empty column of SIRENs gives the same actors,
// questions, changes and findings as without it.
func TestNoNumbersNothingChanges(t *testing.T) {
	account := func(siren string) string {
		row := func(name, number string) string {
			return name + " | LNE | " + number + " | 15/09/2023 | 14/09/2026 | " + siren
		}
		res := etl.Run(input(etl.Registry{},
			certificates("2024-01-15", append([]string{row("Zorgube Santé", "40001-1"), row("Clinique du Parc", "40002-1")}, others...)...),
			certificates("2025-01-15", append([]string{row("Zorgube Santée", "40003-1"), row("Trifouille Cloud", "40004-1"),
				row("Clinique du Parc", "40005-1")}, others...)...)))
		c := &res.Changes[etl.Certified]
		if len(res.Renamings) > 0 || len(c.Rows.MaybeRenamed)+len(c.Rows.PerhapsSame) > 0 || c.Rows.Awaiting() > 0 {
			t.Errorf("%q: renamed %+v", siren, res.Renamings)
		}
		for _, f := range res.Findings {
			if strings.HasPrefix(f.Code, "number-") {
				t.Errorf("%q: %s", siren, f)
			}
		}
		return fmt.Sprintln(ids(res), pairs(res), res.Names(c.Left), res.Names(c.Arrived))
	}
	want := account("")
	if !strings.Contains(want, "Zorgube Santé") {
		t.Errorf("nothing is asked: %s", want)
	}
	for _, blank := range []string{"N/A", "-", "000000000", "123456789"} {
		if got := account(blank); got != want {
			t.Errorf("%q:\n%s\n%s", blank, got, want)
		}
	}
}

// TestNamesAsTheyAreWritten: pairs of quotation marks stay whole or go, what belongs to a
// name stays in it, and other signs of an ordinal are the same word.
func TestNamesAsTheyAreWritten(t *testing.T) {
	for _, c := range []struct {
		names []string
		shown string
	}{
		{[]string{"Hospice 'Sud'"}, "Hospice 'Sud'"},
		{[]string{`Au bon "Fanal"`}, `Au bon "Fanal"`},
		{[]string{`Zorgube "A" et "B"`}, `Zorgube "A" et "B"`},
		{[]string{"Ensemble « Y »"}, "Ensemble « Y »"},
		{[]string{"OZ&CO", "OZ"}, "OZ OZ&Co"},
		{[]string{"1&1", "11"}, "1&1 11"},
		{[]string{"C# Brume", "C Brume"}, "C Brume C# Brume"},
		{[]string{"A&B Brume", "A & B Brume", "A et B Brume"}, "A et B Brume"},
		{[]string{"Fanalin.fr", "Fanalin.com"}, "Fanalin.com Fanalin.fr"},
		{[]string{"Foyer Nº 7", "Foyer N° 7"}, "Foyer Nº 7"},
		{[]string{"1ʳᵉ Brume", "1re Brume"}, "1ʳᵉ Brume"},
	} {
		var rows []string
		for i, n := range c.names {
			rows = append(rows, fmt.Sprintf("%s | Prestation %d | 01/01/2018 | 31/12/2030", n, i))
		}
		res := etl.Run(input(etl.Registry{}, edition("2019-06-17", rows, nil)))
		var shown []string
		for _, a := range res.Actors {
			shown = append(shown, a.Name)
		}
		slices.Sort(shown)
		if got := strings.Join(shown, " "); got != c.shown {
			t.Errorf("%q: shown %q, not %q", c.names, got, c.shown)
		}
	}
}

// TestIDsOfAListStay: the ids that a list gives, of names of every kind, with and without
// numbers, are those that others link to. Who changes this digest moves published ids: look at
// each row that differs, and say in the change log why.
func TestIDsOfAListStay(t *testing.T) {
	starts := []string{"Clinique", "CH", "Centre hospitalier de", "SAS", "GIE", "Groupe", "Hôpital privé", "Ste", "L'"}
	middles := []string{"Zorgube", "du Parc", "Saint-Martin", "Bel Air", "TRIFOUILLE & Cie", "Brume.fr", "Œuvre (ŒV)", "N° 7"}
	ends := []string{"", " SA", " France", " (Nogent)", " 48"}
	var names []string
	for i, s := range starts {
		for j, m := range middles {
			for k, e := range ends {
				name := s + " " + m + e
				if (i+j+k)%3 == 0 {
					name += ":" + siren(10_000_000+17*i+j)
				}
				names = append(names, name)
			}
		}
	}
	half := len(names) / 2
	res := etl.Run(input(etl.Registry{}, withNumbers("2024-01-15", "SIREN", names[:half], names[half:]),
		withNumbers("2025-01-15", "SIREN", names[half/2:], names[:half])))
	var rows []string
	for e := range res.Editions {
		for _, l := range etl.Listings {
			for _, r := range res.Editions[e].List[l].Rows {
				rows = append(rows, fmt.Sprintln(e, l, r.Name, res.Actors[r.Actor].ID, res.Actors[r.Actor].Number))
			}
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(rows, "")))
	const want = "6bfd11dc5a59cefb"
	if got := hex.EncodeToString(sum[:8]); got != want {
		t.Errorf("the ids have moved: %s, not %s", got, want)
	}
}
