package report_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/workspace"
	"hdsreport/report"
	"hdsreport/report/reporttest"
)

// build makes the book of a sample workspace.
func build(t testing.TB, root, edition, language string) (*report.Book, *etl.Result) {
	t.Helper()
	c, err := config.Load(root+"/hdsreport.yaml", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	ref := c.FullReference()
	in, err := workspace.Open(workspace.Layout{Root: root, Editions: c.Editions, Registry: c.Registry, Reference: &ref,
		Declared: func(text []byte, file string) (workspace.Declared, error) {
			s, err := config.ParseSource(text, file)
			return workspace.Declared{Numbering: s.ActivityNumbering, URL: s.URL, Publisher: s.Publisher}, err
		}}, edition)
	if err != nil {
		t.Fatal(err)
	}
	in.Reference, in.Thresholds, in.Namer = ref, c.Gate, identity.New(config.IdentityTables())
	res := etl.Run(in)
	b, err := report.Build(res, &ref, report.Options{
		Labels: report.Labels{Language: language, Texts: config.Labels(language)}, Title: c.Report.Title,
		SourceName: c.Report.SourceName, SourceURL: c.Report.SourceURL, Notice: c.Report.Notice,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b, res
}

// said is the place of a line's sentence, after its figures.
const said = -1

// figure finds the value of a line of the summary by its label: its first figure is 1.
func figure(t *testing.T, b *report.Book, heading, label string, col int) report.Value {
	t.Helper()
	in := false
	for _, l := range b.Sheets[2].Lines {
		if l.Cells[0].Style == report.StyleHeading {
			in = l.Cells[0].Value.Text == heading
		}
		if !in || l.Cells[0].Value.Text != label {
			continue
		}
		if col == said {
			col = len(l.Cells) - 1
		}
		if col < len(l.Cells) {
			return l.Cells[col].Value
		}
	}
	t.Fatalf("the summary has no %q under %q", label, heading)
	return report.Value{}
}

// TestKeyFiguresAreLive: no key figure of a list that is there is typed in.
func TestKeyFiguresAreLive(t *testing.T) {
	b, _ := build(t, "../samples", "", "fr")
	keys := 0
	for _, l := range b.Sheets[2].Lines {
		for _, c := range l.Cells {
			if c.Style == report.StyleKey || c.Style == report.StyleKeyDec {
				keys++
				if c.Expr == nil {
					t.Errorf("row %d: the key figure %q has no expression", l.Row+1, l.Cells[0].Value.Text)
				}
			}
			if c.Expr != nil && reporttest.Eval(b, c.Expr) != c.Value {
				t.Errorf("row %d: %v is not what its expression gives", l.Row+1, c.Value)
			}
		}
	}
	if keys != 6 {
		t.Errorf("%d key figures, want 6", keys)
	}
}

// TestMissingList: a list that an edition lacks is said to be missing, on its
// sheet and in every figure that needs it; it is never a zero.
func TestMissingList(t *testing.T) {
	b, _ := build(t, "../samples/observed-2026", "", "fr")
	approved := b.Sheets[0].Table
	if approved.Len != 1 || approved.Columns[0].At(0).Text != "n.d." {
		t.Errorf("the sheet of the missing list has %d rows, first %q; want one that says n.d.", approved.Len,
			approved.Columns[0].At(0).Text)
	}
	for _, label := range []string{"Acteurs agréés", "Sur les deux listes", "Sur au moins une liste"} {
		if got := figure(t, b, "Chiffres clés", label, 1).Text; got != "n.d." {
			t.Errorf("%s: %q, want n.d.", label, got)
		}
	}
	if got := figure(t, b, "Positionnement principal", "ESN", 1).Text; got != "n.d." {
		t.Errorf("approved ESN: %q, want n.d.", got)
	}
}

// TestNoticeOnEverySheet: a reconstruction says so wherever it is opened.
func TestNoticeOnEverySheet(t *testing.T) {
	b, _ := build(t, "../samples", "", "fr")
	for _, s := range b.Sheets {
		said := false
		for _, l := range s.Lines {
			for _, c := range l.Cells {
				said = said || c.Style == report.StyleNotice &&
					strings.Contains(c.Value.Text, "ce n’est pas une liste officielle")
			}
		}
		if !said {
			t.Errorf("the sheet %s does not say that it is a reconstruction", s.Name)
		}
	}
}

// TestOpeningIsAsWideAsItsSheet: texts above a table are broken at the printed width of
// their own sheet, not at that of another one.
func TestOpeningIsAsWideAsItsSheet(t *testing.T) {
	for _, language := range message.Languages {
		b, _ := build(t, "../samples", "", language)
		for _, s := range b.Sheets {
			width := 0.0
			for _, w := range s.Widths[:cmp.Or(s.PrintColumns, len(s.Widths))] {
				width += w
			}
			var got, want []string
			for _, p := range s.Opening {
				style := report.StyleNoteLine
				switch p.Role {
				case report.OpeningNotice:
					style = report.StyleNotice
				case report.OpeningRemark:
				default:
					continue
				}
				look := report.Looks[style]
				want = slices.AppendSeq(want, look.Type().Lines(p.Text, look.Room(width)))
			}
			for _, l := range s.Lines[:min(len(s.Lines), len(s.Opening)+len(want))] {
				for _, c := range l.Cells {
					if slices.Contains(want, c.Value.Text) {
						got = append(got, c.Value.Text)
					}
				}
			}
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("%s, %s: the lines are not %q", language, s.ID, want)
			}
		}
	}
}

// TestLabelsAreThere: no sheet shows a key instead of a text, in either language.
func TestLabelsAreThere(t *testing.T) {
	for _, language := range []string{"fr", "en"} {
		b, _ := build(t, "../samples", "", language)
		check := func(where, s string) {
			if strings.ContainsAny(s, "⟨⟩{}") {
				t.Errorf("%s: %s: %q", language, where, s)
			}
		}
		for _, s := range b.Sheets {
			check("tab", s.Name)
			for _, l := range s.Lines {
				for _, c := range l.Cells {
					check(s.Name, c.Value.Text)
				}
			}
			for _, c := range s.Charts {
				check(s.Name, c.Title+c.Alt)
			}
			if s.Table != nil {
				for _, c := range s.Table.Columns {
					check(s.Name, c.Header)
				}
			}
		}
	}
}

// TestComputedColumnsAgree: a computed column says what the pipeline found, in
// every row.
func TestComputedColumnsAgree(t *testing.T) {
	for _, w := range []struct{ root, edition string }{{"../samples", "2019-02"}, {"../samples", "2019-06-17"},
		{"../samples/observed-2026", ""}} {
		b, _ := build(t, w.root, w.edition, "fr")
		compared := 0
		for _, s := range b.Sheets[:2] {
			for _, c := range s.Table.Columns {
				if c.Computed == nil {
					continue
				}
				for row := range s.Table.Len {
					compared++
					if got, want := reporttest.EvalRow(b, s.Table, c.Computed, row), c.At(row); got != want {
						t.Errorf("%s %s: %s, row %d: its formula gives %v, the pipeline %v", w.root, w.edition,
							c.Header, row+1, got, want)
					}
				}
			}
		}
		if compared == 0 {
			t.Errorf("%s %s: no computed column", w.root, w.edition)
		}
	}
}

// TestDeadlinesKnowTheirLimits: where no end is known a deadline is not zero.
func TestDeadlinesKnowTheirLimits(t *testing.T) {
	b, _ := build(t, "../samples", "", "fr")
	for label, want := range map[string][2]string{"Date de fin connue": {"83", "4"},
		"Fin d’ici 3 mois (jusqu’au 17\u00a0septembre\u00a02019 inclus)": {"18", "0"}, "Au moins une échéance passée, toujours inscrits": {"1", "0"}} {
		for i := range 2 {
			v := figure(t, b, "Échéances", label, i+1)
			if got := fmt.Sprint(v.Num); got != want[i] {
				t.Errorf("%s, column %d: %s, want %s", label, i+1, got, want[i])
			}
		}
	}
	b, _ = build(t, "../samples", "2019-03", "fr")
	if got := figure(t, b, "Échéances", "Date de fin connue", 1).Text; got != "n.d." {
		t.Errorf("approvals of an edition without them: %q, want n.d.", got)
	}
}

// TestEditionInASentence: French wants an article, or none, before a date.
func TestEditionInASentence(t *testing.T) {
	l := report.Labels{Language: "fr", Texts: config.Labels("fr")}
	for id, want := range map[string]string{"2019-02": "de février\u00a02019",
		"2019-06-17": "du\u00a017\u00a0juin\u00a02019", "2019-04": "d’avril\u00a02019", "2019-10": "d’octobre\u00a02019", "2019-04-01": "du\u00a01er\u00a0avril\u00a02019"} {
		if got := l.OfEdition(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
