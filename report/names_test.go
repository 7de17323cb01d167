package report_test

import (
	"fmt"
	"strings"
	"testing"

	"hdsreport/etl"
	"hdsreport/report"
)

// named finds the sentence under a key figure.
func named(t *testing.T, b *report.Book, label string) report.Cell {
	t.Helper()
	for _, l := range b.Sheets[2].Lines {
		if l.Cells[0].Value.Text == label && l.Cells[0].Style == report.StyleKeyLabel {
			return l.Cells[len(l.Cells)-1]
		}
	}
	t.Fatalf("the summary has no key figure %q", label)
	return report.Cell{}
}

// TestSentencesNameWhomTheFigureCounts: the live sentence says what the dated one
// does, without the date. The names of the one come from the table, those of the other
// from the pipeline's counts.
func TestSentencesNameWhomTheFigureCounts(t *testing.T) {
	for _, of := range []struct{ language, edition, asOf, label string }{
		{"fr", "2019-02", "au 28\u00a0février\u00a02019, ", "Sur les deux listes"},
		{"fr", "2019-06-17", "au 17\u00a0juin\u00a02019, ", "Sur les deux listes"},
		{"fr", "2019-06-17", "au 17\u00a0juin\u00a02019, ", "Certifiés pour les six activités"},
		{"fr", "2019-03", "au 31\u00a0mars\u00a02019, ", "Certifiés pour les six activités"},
		{"en", "2019-06-17", "as of 17\u00a0June\u00a02019, ", "On both lists"},
		{"en", "2019-06-17", "as of 17\u00a0June\u00a02019, ", "Certified for all six activities"},
	} {
		b, _ := build(t, "../samples", of.edition, of.language)
		c := named(t, b, of.label)
		if c.Names == nil {
			t.Errorf("%s %s: the names are not live: %s", of.edition, of.label, c.Value.Text)
			continue
		}
		if !strings.Contains(c.Value.Text, of.asOf) {
			t.Errorf("%s %s: %q does not say %q", of.edition, of.label, c.Value.Text, of.asOf)
		}
		if got, want := b.Sentence(c.Names).Text, strings.Replace(c.Value.Text, of.asOf, "", 1); got != want {
			t.Errorf("%s %s:\n got %s\nwant %s", of.edition, of.label, got, want)
		}
	}
}

// TestNamesStayDated: what a sentence could not hold whole, or a figure that is not
// live, has no live names.
func TestNamesStayDated(t *testing.T) {
	both := func(names ...string) report.Cell {
		var approved, certified []string
		for _, n := range names {
			approved = append(approved, n+"|s|01/01/2018|31/12/2020", n+"|autre|01/01/2018|31/12/2020")
			certified = append(certified, n+"|Hébergeur infogéreur|3, 4, 5|LNE|Z-1|03/2018|")
		}
		return named(t, booked(etl.Registry{}, listed("2019-06-17", append(approved, "Seul|s|01/01/2018|31/12/2020"),
			certified)), "Sur les deux listes")
	}
	many := make([]string, 41)
	for i := range many {
		many[i] = fmt.Sprintf("Acteur %c%c", 'A'+i/26, 'A'+i%26)
	}
	for what, want := range map[string]struct {
		cell report.Cell
		live bool
	}{
		"forty actors":     {both(many[:40]...), true},
		"forty-one actors": {both(many...), false},
		"a name of 300":    {both(strings.Repeat("a", 300)), true},
		"a name of 301":    {both(strings.Repeat("a", 301)), false},
		"an empty list":    {named(t, booked(etl.Registry{}, listed("2019-06-17", nil, []string{"Zeta|Hébergeur infogéreur|3, 4, 5|LNE|Z-1|03/2018|"})), "Sur les deux listes"), false},
	} {
		if live := want.cell.Names != nil; live != want.live {
			t.Errorf("%s: live is %v: %.200s", what, live, want.cell.Value.Text)
		}
	}
}

// TestSentence: an actor once, by the first of its rows that count, in the order of
// the rows; nobody is said in words.
func TestSentence(t *testing.T) {
	rows := []struct {
		name string
		of   float64
		also string
	}{{"Bêta", 2, "Non"}, {"BETA", 2, "Oui"}, {"Alpha", 1, "oui"}, {"Beta", 2, "Oui"}, {"", 3, "Oui"},
		{"Personne", 0, "Oui"}}
	table := &report.Table{ID: "approved", Len: len(rows), Columns: []report.Column{
		{ID: report.NameColumn, At: func(row int) report.Value { return report.TextOf(rows[row].name) }},
		{ID: report.ActorColumn, At: func(row int) report.Value {
			if rows[row].of == 0 {
				return report.Value{}
			}
			return report.NumberOf(rows[row].of)
		}},
		{ID: "also", At: func(row int) report.Value { return report.TextOf(rows[row].also) }},
	}}
	b := &report.Book{Sheets: []*report.Sheet{{Table: table}}}
	for also, want := range map[string]string{"Oui": "Ici : BETA, Alpha.", "Non": "Ici : Bêta.",
		"n.d.": "Ici : aucun."} {
		n := &report.Names{Before: "Ici : ", Separator: ", ", None: "aucun", After: ".",
			Of: report.CountActors{Table: "approved", Where: []report.Cond{{Column: "also",
				Value: report.TextOf(also)}}}}
		if got := b.Sentence(n).Text; got != want {
			t.Errorf("%s: %q, want %q", also, got, want)
		}
	}
}

// TestNamesAreOfTheGeneration: a book whose sentence changes is another publication,
// though its cells say the same.
func TestNamesAreOfTheGeneration(t *testing.T) {
	of := func(n *report.Names) string {
		b := &report.Book{Sheets: []*report.Sheet{{Lines: []report.Line{{Cells: []report.Cell{{Value: report.TextOf("au 17 juin 2019, Alpha"), Names: n}}}}}}}
		return b.Generation()
	}
	where := func(v string) report.CountActors {
		return report.CountActors{Table: "approved", Where: []report.Cond{{Column: "also", Value: report.TextOf(v)}}}
	}
	seen := map[string]bool{}
	for _, n := range []*report.Names{nil, {}, {Before: "a"}, {After: "a"}, {None: "a"}, {Separator: "a"},
		{Of: where("Oui")}, {Of: where("Non")}} {
		if g := of(n); seen[g] || g != of(n) {
			t.Errorf("%+v: the generation of another, or none of its own", n)
		} else {
			seen[g] = true
		}
	}
}
