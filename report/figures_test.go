package report_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/report"
)

// rebuilt is what comes of building a book from a sample's result after a change.
func rebuilt(t *testing.T, change func(*etl.Result, *etl.Stats)) error {
	t.Helper()
	_, res := build(t, "../samples", "2019-06-17", "fr")
	change(res, &res.Stats)
	ref := config.Reference()
	_, err := report.Build(res, &ref, report.Options{Labels: report.Labels{Language: "fr", Texts: config.Labels("fr")}})
	return err
}

// TestFiguresComputedTwice: a count of the pipeline that is not what the expression
// gives over the tables stops the book, with both values.
func TestFiguresComputedTwice(t *testing.T) {
	if err := rebuilt(t, func(*etl.Result, *etl.Stats) {}); err != nil {
		t.Fatal(err)
	}
	here := func(st *etl.Stats) *etl.HistoryEntry { return &st.History[len(st.History)-1] }
	for figure, of := range map[string]func(*etl.Stats) *int{
		"key/approved":                 func(st *etl.Stats) *int { return here(st).Approved },
		"key/certified":                func(st *etl.Stats) *int { return here(st).Certified },
		"key/both":                     func(st *etl.Stats) *int { return here(st).Both },
		"key/any":                      func(st *etl.Stats) *int { return here(st).Any },
		"key/all":                      func(st *etl.Stats) *int { return here(st).All },
		"positions/total/any":          func(st *etl.Stats) *int { return here(st).Any },
		"history/2019-06-17/approved":  func(st *etl.Stats) *int { return here(st).Approved },
		"history/2019-06-17/certified": func(st *etl.Stats) *int { return here(st).Certified },
		"positions/esn/any":            func(st *etl.Stats) *int { return position(st, "esn").Any },
		"positions/esn/approved":       func(st *etl.Stats) *int { return position(st, "esn").Approved },
		"positions/other/certified":    func(st *etl.Stats) *int { return position(st, "other").Certified },
		"activities/sites_physiques":   func(st *etl.Stats) *int { return &st.Activities.ByActivity[0].Actors },
		"counts/6":                     func(st *etl.Stats) *int { return &st.Activities.ByCount[5].Actors },
		"types/infogereur":             func(st *etl.Stats) *int { return &st.Types[1].Actors },
		"bodies/":                      func(st *etl.Stats) *int { return &st.Bodies[0].Actors },
		"deadlines/12/approved":        func(st *etl.Stats) *int { return st.Deadlines[2].Approved },
		"deadlines/3/certified":        func(st *etl.Stats) *int { return st.Deadlines[0].Certified },
	} {
		var was, now int
		err := rebuilt(t, func(_ *etl.Result, st *etl.Stats) {
			n := of(st)
			was = *n
			*n++
			now = *n
		})
		if err == nil {
			t.Errorf("%s: the book is built", figure)
			continue
		}
		said := fmt.Sprintf("is %d in the sheet and %d as it was counted", was, now)
		if !strings.Contains(err.Error(), "the figure "+figure) || !strings.Contains(err.Error(), said) {
			t.Errorf("%s: %q does not say %q", figure, err, said)
		}
		var d *report.Disagreement
		if !errors.As(err, &d) {
			t.Errorf("%s: %T", figure, err)
		}
	}
	if err := rebuilt(t, func(_ *etl.Result, st *etl.Stats) { *here(st).Mean += 0.001 }); err == nil ||
		!strings.Contains(err.Error(), "key/mean") {
		t.Errorf("another mean: %v", err)
	}
	err := rebuilt(t, func(_ *etl.Result, st *etl.Stats) { mean := 4.5; here(st).Mean = &mean })
	if said := message.In("fr").Error(err); !strings.Contains(said, "le chiffre key/mean vaut 4,526315789473684 ") ||
		!strings.Contains(said, "et 4,5 d’après le décompte") {
		t.Errorf("in French: %s", said)
	}
	// Shares, and what the pipeline counts for the sheet alone.
	for figure, change := range map[string]func(*etl.Result, *etl.Stats){
		"counts/6/share":                   func(_ *etl.Result, st *etl.Stats) { st.Activities.Known++ },
		"activities/sites_physiques/share": func(_ *etl.Result, st *etl.Stats) { st.Activities.ByActivity[0].Actors++ },
	} {
		if err := rebuilt(t, change); err == nil || !strings.Contains(err.Error(), "the figure "+figure+" is ") {
			t.Errorf("%s: %v", figure, err)
		}
	}
	// The other side: two actors whose rows the sheet cannot tell apart.
	if err := rebuilt(t, func(res *etl.Result, _ *etl.Stats) {
		rows := res.Edition.List[etl.Approved].Rows
		res.Actors[rows[0].Actor].Number = res.Actors[rows[1].Actor].Number
	}); err == nil || !strings.Contains(err.Error(), "key/approved is 98 in the sheet and 99 as it was counted") {
		t.Errorf("two actors of one number: %v", err)
	}
}

func position(st *etl.Stats, code string) *etl.PositionCount {
	for i := range st.Positions {
		if st.Positions[i].Code == code {
			return &st.Positions[i]
		}
	}
	panic("no position " + code)
}

// TestBodiesAreComparedAsSpreadsheetsDo: one body in two cases is one line of the
// sheet and one count, in the pipeline as in the formula.
func TestBodiesAreComparedAsSpreadsheetsDo(t *testing.T) {
	corrected := etl.Correction{ID: "gamma/g-1", Field: "body", Was: "Autre", Value: "ORGANISME é", By: "A. Martin"}
	b := booked(etl.Registry{Corrections: []etl.Correction{corrected}},
		listed("2019-06-17", []string{"Alpha|s|01/01/2018|31/12/2020"},
			[]string{"Beta|Hébergeur infogéreur|3, 4, 5|Organisme É|B-1|01/03/2018|",
				"Gamma|Hébergeur infogéreur|3, 4, 5|Autre|G-1|01/03/2018|"}))
	const heading = "Types de certificat et organismes certificateurs"
	if got := figure(t, b, heading, "ORGANISME é", 1).Num; got != 2 {
		t.Errorf("%v actors of a body that is written in two cases, want 2", got)
	}
	lines := 0
	for _, l := range b.Sheets[2].Lines {
		if strings.EqualFold(l.Cells[0].Value.Text, "organisme é") {
			lines++
		}
	}
	if lines != 1 {
		t.Errorf("%d lines of a body that is written in two cases, want 1", lines)
	}
}

// TestNumberOfActivitiesIsTheTable: nothing that the sheets say knows the number of
// activities by heart.
func TestNumberOfActivitiesIsTheTable(t *testing.T) {
	for _, language := range []string{"fr", "en"} {
		_, res := build(t, "../samples", "2019-03", language) // its names are of certified actors alone
		ref := config.Reference()
		ref.Activities = ref.Activities[:5]
		for i := range res.Edition.List[etl.Certified].Rows {
			a := &res.Edition.List[etl.Certified].Rows[i].Activities
			a.Yes, a.Unknown = a.Yes&31, a.Unknown&31
		}
		st := &res.Stats
		st.Activities.ByActivity = st.Activities.ByActivity[:5]
		st.Activities.ByCount = nil
		covers := map[int]int{}
		total := 0
		for _, a := range res.Covered() {
			covers[a.Yes.Len()]++
			total += a.Yes.Len()
		}
		for k := 1; k <= 5; k++ {
			st.Activities.ByCount = append(st.Activities.ByCount, etl.ByCount{Count: k, Actors: covers[k]})
		}
		all, mean := covers[5], float64(total)/float64(st.Activities.Known)
		st.History[len(st.History)-1].All, st.History[len(st.History)-1].Mean = &all, &mean
		b, err := report.Build(res, &ref, report.Options{Labels: report.Labels{Language: language,
			Texts: config.Labels(language)}})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range b.Sheets {
			said := []string{}
			for _, l := range s.Lines {
				for _, c := range l.Cells {
					said = append(said, c.Value.Text)
				}
			}
			for _, c := range s.Charts {
				said = append(said, c.Title, c.Alt)
			}
			for _, text := range said {
				if strings.Contains(text, "six activités") || strings.Contains(text, "six activities") ||
					strings.Contains(text, "vaut 6") || strings.Contains(text, "is 6") {
					t.Errorf("%s: with five activities: %q", s.Name, text)
				}
			}
		}
	}
}
