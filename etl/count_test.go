package etl_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hdsreport/etl"
)

// TestActorsCountOnce: an actor with two rows is two rows and one actor, in every
// figure.
func TestActorsCountOnce(t *testing.T) {
	reg := etl.Registry{Actors: []etl.RegistryActor{{ID: "alpha", Name: "Alpha", Position: "esn"}, {ID: "beta", Name: "Beta", Position: "esn"}, {ID: "gamma", Name: "Gamma", Position: "hospital"}}}
	res := etl.Run(input(reg, edition("2019-06-17",
		[]string{"Alpha | Hébergement | | 01/07/2019", "Alpha | Archivage | | 01/08/2019", "Gamma | x | |"},
		[]string{"Alpha | Infrastructure physique | 1, 2 | LNE | 1 | | 01/12/2019", "ALPHA | Infogéreur | 5, 6 | LNE | 2 | | 01/12/2019", "Beta | les deux | 1 à 6 | BSI | 3 | |", "Delta | | ? | | 4 | |"})))
	st := res.Stats
	if diff := cmp.Diff(&etl.ListStats{Rows: 3, Actors: 2}, st.Approved); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&etl.ListStats{Rows: 4, Actors: 3}, st.Certified); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&etl.NamedCount{Actors: 1, Names: []string{"Alpha"}}, st.Both); diff != "" {
		t.Error(diff)
	}
	if st.Any.Actors != 4 {
		t.Errorf("together %d, want 4: agréés plus certifiés who are not agréés", st.Any.Actors)
	}
	for _, p := range st.Positions {
		want := map[string][3]int{"esn": {1, 2, 2}, "hospital": {1, 0, 1}, "unclassified": {0, 1, 1}}[p.Code]
		if got := [3]int{*p.Approved, *p.Certified, *p.Any}; got != want {
			t.Errorf("%s: %v, want %v", p.Code, got, want)
		}
	}
	// Alpha's certificates together cover four; Delta's activities are not known and
	// are not in the mean.
	if st.Activities.Known != 2 || *st.Activities.Mean != 5 {
		t.Errorf("mean %v over %d", *st.Activities.Mean, st.Activities.Known)
	}
	if diff := cmp.Diff(etl.NamedCount{Actors: 1, Names: []string{"Beta"}}, st.Activities.All); diff != "" {
		t.Error(diff)
	}
	for _, k := range st.Activities.ByActivity {
		want := 2
		if k.Key == "infrastructure_virtuelle" || k.Key == "plateforme" {
			want = 1
		}
		if k.Actors != want {
			t.Errorf("%s: %d, want %d", k.Key, k.Actors, want)
		}
	}
	if diff := cmp.Diff([]etl.ByCount{{Count: 1}, {Count: 2}, {Count: 3}, {Count: 4, Actors: 1}, {Count: 5}, {Count: 6, Actors: 1}}, st.Activities.ByCount); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]etl.KeyCount{{Key: "infrastructure_physique", Actors: 2}, {Key: "infogereur", Actors: 2}}, st.Types); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]etl.KeyCount{{Key: "BSI Group", Actors: 1}, {Key: "LNE", Actors: 1}}, st.Bodies); diff != "" {
		t.Error(diff)
	}
	var deadlines [][2]int
	for _, d := range st.Deadlines {
		deadlines = append(deadlines, [2]int{*d.Approved, *d.Certified})
	}
	if diff := cmp.Diff([][2]int{{1, 0}, {1, 1}, {1, 1}}, deadlines); diff != "" {
		t.Error(diff)
	}
	if h := st.History[0]; *h.Approved != 2 || *h.Certified != 3 || *h.Both != 1 || *h.Any != 4 || *h.Mean != 5 || *h.All != 1 {
		t.Errorf("history %+v", h)
	}
}

func TestMeanIsRoundedToTwoDecimals(t *testing.T) {
	res := etl.Run(input(etl.Registry{}, edition("2019-06-17", []string{}, []string{"A | | 1 | | 1 | |", "B | | 1 | | 2 | |", "C | | 1 à 3 | | 3 | |"})))
	if got := *res.Stats.Activities.Mean; got != 1.67 {
		t.Errorf("mean %v", got)
	}
	none := etl.Run(input(etl.Registry{}, edition("2019-06-17", []string{}, []string{"A | | nc | | 1 | |"})))
	if none.Stats.Activities.Mean != nil || none.Stats.History[0].Mean != nil {
		t.Error("a mean over nobody")
	}
}

// TestEffectiveEnd: an agrément that ended from 1 April 2018 and before 31 March
// 2019 ran six months longer; its stated end stays beside.
func TestEffectiveEnd(t *testing.T) {
	for stated, want := range map[string]string{
		"2018-03-31": "2018-03-31", "2018-04-01": "2018-10-01", "2018-08-31": "2019-02-28", "2018-10-31": "2019-04-30", "2019-03-30": "2019-09-30", "2019-03-31": "2019-03-31", "2019-06-17": "2019-06-17",
		"2019-01": "2019-01", "": "", // without a day nothing is computed
	} {
		l, _ := readAlone(t, etl.Approved, agrees("2019-06-17", "Alpha | x | | "+stated))
		if r := l.Rows[0]; r.Until.String() != stated || r.Effective.String() != want {
			t.Errorf("stated %s: until %s, effective %s, want %s", stated, r.Until, r.Effective, want)
		}
		l, _ = readAlone(t, etl.Certified, certifies("2019-06-17", "Alpha | | 1 | | 1 | | "+stated))
		if r := l.Rows[0]; r.Effective.String() != stated {
			t.Errorf("a certificate that ends on %s runs until %s", stated, r.Effective)
		}
	}
}

// TestDeadlines are inclusive at both ends, cumulative, by the effective end, and
// as of the edition.
func TestDeadlines(t *testing.T) {
	for _, c := range []struct {
		edition, end string
		want         string // of 3, 6 and 12 months
	}{
		{"2019-06-17", "2019-06-16", "0 0 0"},
		{"2019-06-17", "2019-06-17", "1 1 1"},
		{"2019-06-17", "2019-09-17", "1 1 1"},
		{"2019-06-17", "2019-09-18", "0 1 1"},
		{"2019-06-17", "2019-12-17", "0 1 1"},
		{"2019-06-17", "2019-12-18", "0 0 1"},
		{"2019-06-17", "2020-06-17", "0 0 1"},
		{"2019-06-17", "2020-06-18", "0 0 0"},
		{"2019-06-17", "2019-03-30", "0 0 0"}, // effective 30 September for an agrément: see below
		{"2019-06-17", "2019-07", "0 0 0"},    // no day
		{"2019-02", "2019-05-28", "1 1 1"},    // from 28 February, as EDATE counts
		{"2019-02", "2019-05-29", "0 1 1"},
		{"2019-08-31", "2019-11-30", "1 1 1"},
		{"2019-08-31", "2020-02-29", "0 1 1"},
	} {
		res := etl.Run(input(etl.Registry{}, edition(c.edition, []string{"Alpha | x | | " + c.end}, []string{"Beta | | 1 | | 1 | | " + c.end})))
		var approved, certified []string
		for _, d := range res.Stats.Deadlines {
			approved = append(approved, string(rune('0'+*d.Approved)))
			certified = append(certified, string(rune('0'+*d.Certified)))
		}
		if got := strings.Join(certified, " "); got != c.want {
			t.Errorf("%s: certificates that end on %s: %s, want %s", c.edition, c.end, got, c.want)
		}
		want := c.want
		if c.end == "2019-03-30" {
			want = "0 1 1"
		}
		if got := strings.Join(approved, " "); got != want {
			t.Errorf("%s: approvals that end on %s: %s, want %s", c.edition, c.end, got, want)
		}
	}
}

// TestMissingListing: what an edition does not have is null, never nought, and
// changes are counted since the last edition that has it.
func TestMissingListing(t *testing.T) {
	a, c := func(n ...string) []string { return n }, func(n ...string) []string {
		out := []string{}
		for i, x := range n {
			out = append(out, x+" | | 1 | | "+string(rune('1'+i))+" | |")
		}
		return out
	}
	res := etl.Run(input(etl.Registry{},
		edition("2019-02", a("Alpha |", "Beta |", "Gamma |"), c("Delta")),
		edition("2019-03", nil, c("Delta", "Epsilon")),
		edition("2019-06-17", a("Alpha |", "Zêta |"), c("Delta", "Beta", "Epsilon", "Éta")),
	))
	ch := res.Stats.Changes
	if diff := cmp.Diff(etl.ListChanges{Since: ptr("2019-02"), Arrived: []string{"Zêta"}, Left: []string{"Beta", "Gamma"}}, ch.Approved, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(etl.ListChanges{Since: ptr("2019-03"), Arrived: []string{"Beta", "Éta"}}, ch.Certified, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(etl.ListChanges{}, "Changed")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Beta"}, ch.Moved); diff != "" {
		t.Error(diff)
	}
	h := res.Stats.History
	if h[1].Approved != nil || h[1].Both != nil || h[1].Any != nil || *h[1].Certified != 2 || *h[0].Approved != 3 || *h[2].Certified != 4 {
		t.Errorf("history %+v", h)
	}
	// The edition that lacks the list, published.
	res = etl.Run(input(etl.Registry{}, edition("2019-02", a("Alpha |", "Beta |"), c("Delta")), edition("2019-03", nil, c("Delta", "Epsilon"))))
	st := res.Stats
	if st.Approved != nil || st.Both != nil || st.Any != nil || st.Deadlines[0].Approved != nil || st.Positions[0].Approved != nil || st.Positions[0].Any != nil || *st.Positions[0].Certified != 0 {
		t.Errorf("a figure of a list that is not there: %+v", st)
	}
	if diff := cmp.Diff(etl.ListChanges{}, st.Changes.Approved, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if len(st.Changes.Moved) != 0 {
		t.Errorf("moved %v from a list that is not known", st.Changes.Moved)
	}
	if diff := cmp.Diff([]string{etl.CodeListingMissing}, codesOf(res)); diff != "" {
		t.Error(diff)
	}
	// The first edition of all compares with nothing.
	first := etl.Run(input(etl.Registry{}, edition("2019-02", a("Alpha |"), c("Delta")))).Stats.Changes
	if first.Approved.Since != nil || first.Certified.Since != nil || len(first.Approved.Arrived) != 0 {
		t.Errorf("%+v", first)
	}
}

func ptr[T any](v T) *T { return &v }

// TestMovedBySuccessor: a successor takes over without being merged.
func TestMovedBySuccessor(t *testing.T) {
	reg := etl.Registry{Decisions: []etl.RegistryDecision{{Left: "Pulsy", Right: "Télésanté Lorraine", Judgement: "successor"}}}
	res := etl.Run(input(reg,
		edition("2018-01", []string{"Télésanté Lorraine |", "Alpha |"}, []string{"Delta | | 1 | | 1 | |"}),
		edition("2019-06-17", []string{"Alpha |"}, []string{"Delta | | 1 | | 1 | |", "Pulsy | | 1 | | 2 | |"})))
	if diff := cmp.Diff([]string{"Pulsy"}, res.Stats.Changes.Moved); diff != "" {
		t.Error(diff)
	}
	if res.Stats.Certified.Actors != 2 || actorOf(t, res, 0, "Télésanté Lorraine").ID == actorOf(t, res, 1, "Pulsy").ID {
		t.Error("merged")
	}
}

// TestFrenchOrder: accents and case decide last, œ is oe.
func TestFrenchOrder(t *testing.T) {
	want := []string{"3DS Outscale", "AP-HM", "AP-HP", "Atos", "CHU de Nantes", "Cœur Santé", "Cofely", "eBRC", "ÉCLAIR", "Éclipse", "Œdème Conseil", "Ofac", "ÔKABÉ", "Zébulon"}
	in := slices.Clone(want)
	slices.Reverse(in)
	var rows []string
	for _, n := range in {
		rows = append(rows, n+" |")
	}
	// Every actor is registered, so that names are shown as they stand here.
	var reg etl.Registry
	for _, n := range want {
		reg.Actors = append(reg.Actors, etl.RegistryActor{ID: "id-" + n, Name: n})
	}
	res := etl.Run(input(reg, edition("2019-06-17", rows, []string{})))
	var got []string
	for _, r := range res.Edition.List[etl.Approved].Rows {
		got = append(got, res.Actors[r.Actor].Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestPositions: correction over registry over rule over "to classify", and every
// one of them says who said so.
func TestPositions(t *testing.T) {
	reg := etl.Registry{
		Actors:      []etl.RegistryActor{{ID: "un", Name: "Un Cloud", Position: "esn"}, {ID: "deux", Name: "Deux Cloud"}},
		Corrections: []etl.Correction{{ID: "trois-cloud", Field: "position", Value: "Établissement de santé", By: "A", Date: "2019-06-18"}},
	}
	res := etl.Run(input(reg, edition("2019-06-17", []string{"Un Cloud |", "Deux Cloud |", "Trois Cloud |", "Quatre |"}, []string{})))
	for name, want := range map[string]etl.Actor{
		"Un Cloud":    {Position: "esn", PositionBy: etl.ByRegistry},
		"Deux Cloud":  {Position: "hosting_cloud", PositionBy: etl.ByRule, Rule: "cloud"},
		"Trois Cloud": {Position: "hospital", PositionBy: etl.ByCorrection},
		"Quatre":      {Position: etl.Unclassified},
	} {
		a := actorOf(t, res, 0, name)
		if got := (etl.Actor{Position: a.Position, PositionBy: a.PositionBy, Rule: a.Rule}); !cmp.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if w := res.Stats.Awaiting; w.Proposed != 1 || w.Unclassified != 1 {
		t.Errorf("awaiting %+v", w)
	}
}
