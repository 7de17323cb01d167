package etl_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hdsreport/etl"
	"hdsreport/etl/compare"
)

// changesOf are the changes of the published edition's approved list.
func changesOf(reg etl.Registry, editions ...etl.EditionInput) etl.ListChanges {
	return etl.Run(input(reg, editions...)).Stats.Changes.Approved
}

// asSaid compares values by what they say, whatever their type.
var asSaid = cmp.Comparer(func(a, b compare.Field) bool {
	return a.Field == b.Field && compare.Said(a.Was) == compare.Said(b.Was) && compare.Said(a.Now) == compare.Said(b.Now)
})

func only(lines ...string) []string { return lines }

// TestHistoryTellsWhatChanged: each kind of change of a listing, across an edition
// that does not have it.
func TestHistoryTellsWhatChanged(t *testing.T) {
	between := edition("2019-03", nil, only("Zeta | | | | Z-1 | |"))
	for _, c := range []struct {
		what     string
		reg      etl.Registry
		old, new []string
		want     etl.ListChanges
	}{
		{what: "rows in another order", old: only("Alpha | s | 01/01/2018 |", "Beta | s | 01/01/2018 |"), new: only("Beta | s | 01/01/2018 |", "Alpha | s | 01/01/2018 |")},
		{what: "a date", old: only("Alpha | s | 01/01/2018 | 31/12/2019"), new: only("Alpha | s | 01/01/2018 | 31/12/2020"),
			want: etl.ListChanges{Changed: []compare.Change{{ID: "alpha/f60c4582", Name: "Alpha", Fields: []compare.Field{{Field: "until", Was: etl.Text("2019-12-31"), Now: etl.Text("2020-12-31")}}}}}},
		{what: "a date that cannot be read any more", old: only("Alpha | s | 01/01/2018 |"), new: only("Alpha | s | bientôt |"),
			want: etl.ListChanges{Changed: []compare.Change{{ID: "alpha/f60c4582", Name: "Alpha", Fields: []compare.Field{{Field: "from", Was: etl.Text("2018-01-01"), Now: etl.Text("bientôt")}}}}}},
		{what: "another prestation", old: only("Alpha | un | |"), new: only("Alpha | deux | |"),
			want: etl.ListChanges{Changed: []compare.Change{{ID: "alpha/a210a877", WasID: "alpha/61433a5a", Name: "Alpha", Fields: []compare.Field{{Field: "service", Was: etl.Text("un"), Now: etl.Text("deux")}}}}}},
		{what: "the same prestation in other letters", old: only("Alpha | Un service | |"), new: only("Alpha | un SERVICE | |"),
			want: etl.ListChanges{Retyped: []compare.Change{{Name: "Alpha", Fields: []compare.Field{{Field: "service", Was: etl.Text("Un service"), Now: etl.Text("un SERVICE")}}}}}},
		{what: "a second row", old: only("Alpha | un | |"), new: only("Alpha | un | |", "Alpha | deux | |"),
			want: etl.ListChanges{Added: []compare.Actor{{Name: "Alpha"}}}},
		{what: "a spelling", old: only("ALPHA SANTÉ SAS | s | |"), new: only("Alpha Santé | s | |"),
			want: etl.ListChanges{Respelt: []compare.Rename{{ID: "alpha-sante", Was: "ALPHA SANTÉ SAS", Now: "Alpha Santé"}}}},
		{what: "an abbreviation that every name has", old: only("CHU NANTES | s | |"), new: only("Centre hospitalier universitaire de Nantes | s | |"),
			want: etl.ListChanges{Respelt: []compare.Rename{{Was: "CHU NANTES", Now: "Centre hospitalier universitaire de Nantes"}}}},
		{what: "a form in initials", old: only("Alpha Santé | s | |"), new: only("Alpha Santé S.A.S. | s | |"),
			want: etl.ListChanges{Respelt: []compare.Rename{{ID: "alpha-sante", Was: "Alpha Santé", Now: "Alpha Santé S.A.S."}}}},
		{what: "a name that the registry knows as a former one",
			reg: etl.Registry{Actors: []etl.RegistryActor{{ID: "omega", Name: "Omega"}}, Names: []etl.RegistryName{{Actor: "omega", Name: "Alpha", Kind: "former", To: "2019-05"}}},
			old: only("Alpha | s | |"), new: only("Omega | s | |"),
			want: etl.ListChanges{Renamed: []compare.Rename{{ID: "omega", Was: "Alpha", Now: "Omega"}}}},
		{what: "an alias of a name that readers know",
			reg: etl.Registry{Actors: []etl.RegistryActor{{ID: "omega", Name: "Omega"}}, Names: []etl.RegistryName{{Actor: "omega", Name: "Alpha", Kind: "alias"}}},
			old: only("Alpha | s | |"), new: only("Omega | s | |"),
			want: etl.ListChanges{Respelt: []compare.Rename{{ID: "omega", Was: "Alpha", Now: "Omega"}}}},
		{what: "a name that a decision says is the same",
			reg: etl.Registry{Decisions: []etl.RegistryDecision{{Left: "Alpha", Right: "Omega", Judgement: "same", By: "x", Date: "2019-06-01"}}},
			old: only("Alpha | s | |"), new: only("Omega | s | |"),
			want: etl.ListChanges{Renamed: []compare.Rename{{ID: "alpha", Was: "Alpha", Now: "Omega"}}}},
		{what: "an editor's correction of what both editions say",
			reg: etl.Registry{Corrections: []etl.Correction{{ID: "alpha/f60c4582", Field: "until", Was: "2019-12-31", Value: "2020-12-31", By: "x", Date: "2019-06-01"}}},
			old: only("Alpha | s | 01/01/2018 | 31/12/2019"), new: only("Alpha | s | 01/01/2018 | 31/12/2019")},
		{what: "an end that has passed, twice", old: only("Alpha | s | | 30/04/2019", "Beta | s | | 31/03/2019", "Gamma | s | | 17/06/2019"), new: only("Alpha | s | | 30/04/2019", "Beta | s | | 31/03/2019", "Gamma | s | | 17/06/2019"),
			want: etl.ListChanges{Overdue: []compare.Ending{{Name: "Alpha", End: "2019-04-30", New: true}, {Name: "Beta", End: "2019-03-31", New: true}}}},
		{what: "who left before the end", old: only("Alpha | s | | 31/12/2020", "Beta | s | | 30/04/2019", "Gamma | s | |"), new: only("Gamma | s | |"),
			want: etl.ListChanges{Left: []string{"Alpha", "Beta"}, Early: []compare.Ending{{Name: "Alpha", End: "2020-12-31"}}}},
	} {
		got := changesOf(c.reg, edition("2019-02", c.old, nil), between, edition("2019-06-17", c.new, nil))
		since := "2019-02"
		c.want.Since = &since
		unnamed := cmp.FilterPath(func(p cmp.Path) bool { // ids are told where they are the point
			return (p.Last().String() == ".ID" || p.Last().String() == ".WasID")
		}, cmp.Comparer(func(want, got string) bool { return want == "" || got == "" || want == got }))
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty(), unnamed, asSaid); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestHistoryLeavesOldEditionsAlone: what is done to compare them changes no count.
func TestHistoryLeavesOldEditionsAlone(t *testing.T) {
	reg := etl.Registry{Corrections: []etl.Correction{{ID: "zeta/z-1", Field: "sauvegarde", Value: "Oui", By: "x", Date: "2019-06-01"}, {ID: "zeta/z-1", Field: "until", Value: "2020-12-31", By: "x", Date: "2019-06-01"}}}
	old, new := edition("2019-02", nil, only("Zeta | | 1 | LNE | Z-1 | | bientôt")), edition("2019-06-17", nil, only("Zeta | | 1 | LNE | Z-1 | | bientôt"))
	res := etl.Run(input(reg, old, new))
	h := res.Stats.History
	if *h[0].Mean != 1 || *h[1].Mean != 2 {
		t.Errorf("means %v and %v, want 1 as the source said then, and 2 with the correction", *h[0].Mean, *h[1].Mean)
	}
	if c := res.Stats.Changes.Certified; len(c.Changed) != 0 {
		t.Errorf("the correction is told as a change: %+v", c.Changed)
	}
	for _, r := range res.Editions[0].List[etl.Certified].Rows {
		if r.ID != "" || r.Activities.Yes.Len() != 1 || r.Raw[etl.FieldUntil] != "bientôt" || !r.Until.IsZero() {
			t.Errorf("the old edition's row became %+v", r)
		}
	}
}

// TestKnownByConstruction: editions made at random with changes of every kind that
// are known beforehand. Whatever the order of rows, those and no others are told.
func TestKnownByConstruction(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 11))
		line := func(name, body, number, until string) string {
			return fmt.Sprintf("%s | hébergeur infogéreur | 3, 4, 5, 6 | %s | %s | 01/01/2018 | %s", name, body, number, until)
		}
		var old, new, want []string
		for i := range 60 {
			name, number, until := invented(i)+fmt.Sprintf(" Groupe%c%c", 'a'+i%26, 'a'+i/26), fmt.Sprintf("N-%d", i), "31/12/2020"
			was := line(name, "LNE", number, until)
			id := strings.ReplaceAll(strings.ToLower(name), " ", "-")
			switch r.IntN(9) {
			case 0:
				old, want = append(old, was), append(want, "left "+id)
			case 1:
				new, want = append(new, was), append(want, "arrived "+id)
			case 2:
				old, new, want = append(old, was), append(new, line(name, "BSI", number, until)), append(want, "changed "+id+" body")
			case 3:
				old, new, want = append(old, was), append(new, line(name, "LNE", "M-"+number, until)), append(want, "changed "+id+" number")
			case 4:
				old, new, want = append(old, was), append(new, line(strings.ToUpper(name), "LNE", number, until)), append(want, "respelt "+id)
			case 5:
				old, new, want = append(old, was), append(new, was, line(name, "LNE", number+"-bis", until)), append(want, "added "+id)
			case 6:
				old, new, want = append(old, was, line(name, "LNE", number+"-bis", until)), append(new, was), append(want, "removed "+id)
			case 7:
				old, new, want = append(old, was), append(new, line(name, "LNE", number, "31/12/2021")), append(want, "changed "+id+" until")
			default:
				old, new = append(old, was), append(new, was)
			}
		}
		shuffle(r, old)
		shuffle(r, new)
		in := input(etl.Registry{}, edition("2019-02", nil, old), edition("2019-06-17", nil, new))
		sides, _, err := etl.Sides(in, "2019-02", "2019-06-17")
		if err != nil {
			t.Fatal(err)
		}
		c := compare.Sides(sides[0], sides[1], etl.CompareWords()).Lists[etl.Certified]
		var got []string
		for kind, as := range map[string][]compare.Actor{"left": c.Left, "arrived": c.Arrived, "added": c.Added, "removed": c.Removed} {
			for _, a := range as {
				got = append(got, kind+" "+etl.ActorOf(a.ID))
			}
		}
		for kind, rs := range map[string][]compare.Rename{"renamed": c.Renamed, "respelt": c.Respelt} {
			for _, x := range rs {
				got = append(got, kind+" "+x.ID)
			}
		}
		for _, x := range slices.Concat(c.Changed, c.Retyped) {
			for _, f := range x.Fields {
				got = append(got, "changed "+etl.ActorOf(x.ID)+" "+f.Field)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
		// And what a run tells of the same editions is the same.
		run := etl.Run(in).Stats.Changes.Certified
		if diff := cmp.Diff(c.Changed, run.Changed, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d: a run tells otherwise (-diff +run):\n%s", seed, diff)
		}
	}
}

// TestSidesOfNoEdition: an edition that is not there is an error, not an empty side.
func TestSidesOfNoEdition(t *testing.T) {
	if _, _, err := etl.Sides(input(etl.Registry{}, edition("2019-02", only("Alpha | s | |"), nil)), "2019-03"); err == nil {
		t.Error("no error")
	}
}

// BenchmarkHistory is the run of an edition of the real lists' size, read already,
// alone and with 199 before it: what an edition costs must not grow with them.
func BenchmarkHistory(b *testing.B) {
	const rows = 250
	for _, editions := range []int{1, 20, 200} {
		var all []etl.EditionInput
		for e := range editions {
			var approved, certified []string
			for i := range rows {
				actor := (i*7 + e*3) % (rows + 200) // some leave and some arrive each time
				approved = append(approved, fmt.Sprintf("%s | Hébergement %d | 01/01/2018 | 0%d/12/2020", invented(actor), i%5, 1+(actor+e/9)%9))
				certified = append(certified, fmt.Sprintf("%s | hébergeur infogéreur | 3, 4, 5, 6 | LNE | C-%d | 01/01/2018 | 31/12/2020", invented(actor+100), actor))
			}
			all = append(all, edition(fmt.Sprintf("%d-%02d", 2010+e/12, 1+e%12), approved, certified))
		}
		in := input(etl.Registry{}, all...)
		b.Run(fmt.Sprint(editions), func(b *testing.B) {
			for b.Loop() {
				etl.Run(in)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(editions), "µs/edition")
		})
	}
}

// TestAColumnThatOneSourceLacks is not compared: nothing has changed in every row. What an
// editor has typed into the sheet's column is.
func TestAColumnThatOneSourceLacks(t *testing.T) {
	lacking := etl.EditionInput{ID: "2019-02"}
	lacking.Sources[etl.Approved].Table = table("editions/2019-02/agrees.csv", "Hébergeur | Prestation | Fin d'agrément", "Alpha | s | 31/12/2020", "Beta | s | 31/12/2020")
	having := edition("2019-06-17", only("Alpha | s | 01/01/2018 | 31/12/2020", "Beta | s | 01/01/2018 | 31/12/2021"), nil)
	for _, eds := range [][]etl.EditionInput{{lacking, having}, {{ID: "2019-02", Sources: having.Sources}, {ID: "2019-06-17", Sources: lacking.Sources}}} {
		in := input(etl.Registry{}, eds...)
		sides, _, err := etl.Sides(in, "2019-02", "2019-06-17")
		if err != nil {
			t.Fatal(err)
		}
		c := compare.Sides(sides[0], sides[1], etl.CompareWords()).Lists[etl.Approved]
		if len(c.Changed) != 1 || c.Changed[0].Name != "Beta" || len(c.OnlyOld)+len(c.OnlyNew) != 1 || slices.Contains(c.Fields, "from") {
			t.Errorf("changed %+v, only in the old one %q, only in the new one %q", c.Changed, c.OnlyOld, c.OnlyNew)
		}
		// A sheet has the column whatever its source has.
		sheet := *sides[1].Lists[etl.Approved]
		sheet.Unstated = nil
		if c := compare.Lists(sides[0].Lists[etl.Approved], &sheet, etl.CompareWords()); len(c.Changed) != 2 {
			t.Errorf("a sheet: changed %+v", c.Changed)
		}
	}
}
