package report_test

import (
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/report"
)

// ended is the book of a month after the end of approval, with one edition before it.
func ended(t *testing.T, language string) *report.Book {
	t.Helper()
	ref := config.Reference()
	ref.Ended[etl.Approved], _ = etl.NewDate(2021, 12, 31)
	cfg := config.Default()
	before := listed("2021-06", []string{"Alpha|s|01/01/2019|31/12/2021", "Bravo|s|01/01/2019|31/12/2021"},
		[]string{"Alpha||1||1||01/06/2027"})
	now := listed("2026-11", nil, []string{"Alpha||1||1||01/06/2027", "Delta||1||2||01/06/2027"})
	now.Sources[etl.Approved] = etl.Source{}
	now.Sources[etl.Certified].Retrieved = "2026-11-23"
	before.Sources[etl.Approved].URL = "https://example.org/agrees"
	res := etl.Run(etl.Input{Editions: []etl.EditionInput{before, now}, Reference: ref, Thresholds: cfg.Gate,
		Namer: identity.New(config.IdentityTables())})
	b, err := report.Build(res, &ref, report.Options{Labels: report.Labels{Language: language, Texts: config.Labels(language)}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEndedList: the sheet and its table stay and say when the list ended, and what the
// last one said; no figure of the day is about it, and the history is.
func TestEndedList(t *testing.T) {
	for language, want := range map[string]struct{ when, last, row, heading, nd, short string }{
		"fr": {"a pris fin le 31 décembre 2021", "celle de l’édition de juin 2021, comptait 2 acteurs", "Fin du régime : 31 décembre 2021",
			"Évolution d’une édition à l’autre", "n.d.", "terminé"},
		"en": {"ended on 31 December 2021", "that of the June 2021 edition, had 2 actors", "End of the regime: 31 December 2021",
			"From one edition to the next", "n.a.", "ended"},
	} {
		b := ended(t, language)
		plain := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
		opening := ""
		for _, p := range b.Sheets[0].Opening {
			opening += plain(p.Text) + "\n"
		}
		for _, part := range []string{want.when, want.last, "https://example.org/agrees"} {
			if !strings.Contains(opening, part) {
				t.Errorf("the sheet does not say %q:\n%s", part, opening)
			}
		}
		table := b.Sheets[0].Table
		if table == nil || table.Len != 1 || plain(table.Column("name").At(0).Text) != want.row {
			t.Errorf("the table does not stay with one row that says %q", want.row)
		}
		for row := range b.Sheets[1].Table.Len {
			if got := b.Sheets[1].Table.Column("also").At(row).Text; got == want.nd {
				t.Errorf("row %d: also approved is %s; nobody is", row, got)
			}
		}
		for _, s := range b.Sheets[2].Sections {
			for _, g := range s.Grids {
				for _, r := range g.Rows {
					for i, e := range r.Entries {
						if e.Value.Text == want.nd {
							t.Errorf("%s: %q has %s in column %d", s.Title, r.Entries[0].Value.Text, want.nd, i)
						}
					}
				}
			}
			if s.ID == "history" && len(s.Grids[0].Columns) != 4 {
				t.Error("the history does not keep both lists")
			}
		}
		if got := figure(t, b, want.heading, map[string]string{"fr": "novembre\u00a02026", "en": "November\u00a02026"}[language], 2).Text; got != want.short {
			t.Errorf("history of the edition: %q, want %q", got, want.short)
		}
	}
}

// TestMonthSpeaksOfADayThatHadCome: a month is called by its name, and its figures count
// from the day on which its list was retrieved.
func TestMonthSpeaksOfADayThatHadCome(t *testing.T) {
	b := ended(t, "fr")
	said := ""
	for _, s := range b.Sheets {
		for _, l := range s.Lines {
			for _, c := range l.Cells {
				said += strings.ReplaceAll(c.Value.Text, "\u00a0", " ") + "\n"
			}
		}
	}
	for _, part := range []string{"Situation au 23 novembre 2026 (édition de novembre 2026)", "jusqu’au 23 février 2027 inclus"} {
		if !strings.Contains(said, part) {
			t.Errorf("the book does not say %q", part)
		}
	}
	if strings.Contains(said, "30 novembre 2026") {
		t.Error("the book speaks of a day that had not come")
	}
}
