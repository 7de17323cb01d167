package etl_test

import (
	"slices"
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/identity"
)

// TestSettled: what the registry says of two names is what a run makes of them.
func TestSettled(t *testing.T) {
	reg, _ := world()
	for _, c := range []struct {
		a, b string
		want identity.Decision
	}{
		{"BRETAGNE TELECOM SASU", "BT Blue", identity.Same},
		{"OVH", "Outscale", identity.Different},
		{"Chaudron", "Poêlon", identity.Same}, // by a chain
		{"Zorgub", "ZORGUB SAS", identity.Different},
		{"brumeval-informatique", "Brumeval", identity.Same},
		{"Chaudron", "OVH", ""},
		{"Untel", "UNTEL SAS", ""}, // the keys say it, not the registry
		{"Untel", "Untel", ""},
	} {
		got, why := etl.Settled(namer(), &reg, day("2019-06-17"), c.a, c.b)
		back, _ := etl.Settled(namer(), &reg, day("2019-06-17"), c.b, c.a)
		if got != c.want || back != got || got != "" && why.IsZero() {
			t.Errorf("%s, %s: %q (%s), and back %q", c.a, c.b, got, why, back)
		}
	}
	// A decision by the ids of actors that the registry does not have.
	byID := etl.Registry{Decisions: []etl.RegistryDecision{{Left: identity.ID("L'Œuf & Cie"), Right: identity.ID("S.I.B."), Judgement: "same"}}}
	if got, _ := etl.Settled(namer(), &byID, day("2019-06-17"), "L'Œuf & Cie", "S.I.B."); got != identity.Same {
		t.Errorf("by ids: %q", got)
	}
}

// TestSuccessorNeverMerges, though the source itself states the predecessor as a
// former name, or the registry says both things.
func TestSuccessorNeverMerges(t *testing.T) {
	reg := etl.Registry{Decisions: []etl.RegistryDecision{{Left: "Pulsatille", Right: "Télésanté Perpète", Judgement: "successor", Place: etl.Place{File: "d.csv", Row: 2}}}}
	eds := []etl.EditionInput{
		edition("2019-02", []string{"Télésanté Perpète |", "Autre |"}, []string{"Quidam | | 1 | | 1 | |"}),
		edition("2019-06-17", []string{"Autre |"}, []string{"Pulsatille | | 1 | | 1 | |", "Pulsatille (ex Télésanté Perpète) | | 1 | | 2 | |"}),
	}
	if res := etl.Run(input(etl.Registry{}, eds...)); actorOf(t, res, 1, "Pulsatille").ID != actorOf(t, res, 0, "Télésanté Perpète").ID {
		t.Fatal("nothing would merge them: the test shows nothing")
	}
	res := etl.Run(input(reg, eds...))
	if actorOf(t, res, 1, "Pulsatille").ID == actorOf(t, res, 0, "Télésanté Perpète").ID {
		t.Error("merged")
	}
	if got := res.Names(res.Moved); !slices.Equal(got, []string{"Pulsatille"}) {
		t.Errorf("moved: %q", got)
	}
	reg.Decisions = append(reg.Decisions, etl.RegistryDecision{Left: "Télésanté Perpète", Right: "Pulsatille", Judgement: "same", Place: etl.Place{File: "d.csv", Row: 3}})
	if res := etl.Run(input(reg, eds...)); !slices.Contains(said(res.Findings), "d.csv:3 error decisions-conflict") || !res.Refused() {
		t.Errorf("same and successor: %v", said(res.Findings))
	}
}

// TestRegistryNamesChangeNoID: a prettier name, a note or a new alias changes what
// is shown and no id, nor which row an id is.
func TestRegistryNamesChangeNoID(t *testing.T) {
	reg, eds := world()
	first := etl.Run(input(reg, eds...))
	want, rows := grouping(first), rowsByText(first)
	reg.Actors = slices.Clone(reg.Actors)
	for i, name := range map[int]string{0: "BT BLUE (France)", 1: "OVHcloud®", 2: "numih france", 3: "OutScale"} {
		reg.Names = append(reg.Names, etl.RegistryName{Actor: reg.Actors[i].ID, Name: reg.Actors[i].Name, Kind: "alias"})
		reg.Actors[i].Name, reg.Actors[i].Note = name, "plus beau"
	}
	res := etl.Run(input(reg, eds...))
	if got := grouping(res); !mapsEqual(want, got) {
		t.Errorf("want %v, got %v", want, got)
	}
	if !mapsEqual(rows, rowsByText(res)) {
		t.Error("a row's id changed")
	}
}

func mapsEqual(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

// TestRegisteringOneOfTwoNamesakes: of two actors that a decision keeps apart though
// their names have one key, each keeps its id when the registry takes in either, or both.
func TestRegisteringOneOfTwoNamesakes(t *testing.T) {
	eds := edition("2019-06-17", []string{"Zorgub | a", "ZORGUB SAS | b"}, []string{"Autre | | 1 | | 1 | |"})
	decisions := []etl.RegistryDecision{{Left: "Zorgub", Right: "ZORGUB SAS", Judgement: "different"}}
	ids := func(actors ...etl.RegistryActor) [2]string {
		res := etl.Run(input(etl.Registry{Actors: actors, Decisions: decisions}, eds))
		if slices.Contains(codesOf(res), etl.CodeAliasAmbiguous) {
			t.Errorf("%v: refused as ambiguous", actors)
		}
		return [2]string{actorOf(t, res, 0, "Zorgub").ID, actorOf(t, res, 0, "ZORGUB SAS").ID}
	}
	want := ids()
	a, b := etl.RegistryActor{ID: want[0], Name: "Zorgub"}, etl.RegistryActor{ID: want[1], Name: "ZORGUB SAS"}
	for _, actors := range [][]etl.RegistryActor{{a}, {b}, {a, b}, {b, a}} {
		if got := ids(actors...); got != want {
			t.Errorf("with %v: %v, want %v", actors, got, want)
		}
	}
}

// TestDecisionOnAContestedID: an actor whose id another had already can be ruled on
// by the id that it got.
func TestDecisionOnAContestedID(t *testing.T) {
	eds := edition("2019-06-17", []string{"Zorgub | a", "ZORGUB SAS | b", "Marmite | c"}, []string{"Autre | | 1 | | 1 | |"})
	decisions := []etl.RegistryDecision{{Left: "Zorgub", Right: "ZORGUB SAS", Judgement: "different"}}
	id := actorOf(t, etl.Run(input(etl.Registry{Decisions: decisions}, eds)), 0, "ZORGUB SAS").ID
	if id == "zorgub" {
		id = actorOf(t, etl.Run(input(etl.Registry{Decisions: decisions}, eds)), 0, "Zorgub").ID
	}
	res := etl.Run(input(etl.Registry{Decisions: append(decisions, etl.RegistryDecision{Left: id, Right: "Marmite", Judgement: "same"})}, eds))
	if a := actorOf(t, res, 0, "Marmite"); a.ID != id {
		t.Errorf("Marmite is %s, want %s", a.ID, id)
	}
}

// TestWhoWasFirstKeepsItsID: of a pair the one that is kept is the one that was
// published before, whatever the alphabet says; the registry's goes before both.
func TestWhoWasFirstKeepsItsID(t *testing.T) {
	eds := []etl.EditionInput{
		edition("2019-02", []string{"Zorgub Santée |"}, []string{"Quidam | | 1 | | 1 | |"}),
		edition("2019-06-17", []string{"Zorgub Santée |", "Zorgub Santé |"}, []string{"Quidam | | 1 | | 1 | |"}),
	}
	pair := func(reg etl.Registry) etl.ReviewItem {
		for _, it := range etl.Run(input(reg, eds...)).Review {
			if it.Kind == etl.ReviewPair {
				return it
			}
		}
		t.Fatal("nobody is asked")
		return etl.ReviewItem{}
	}
	if it := pair(etl.Registry{}); it.Left != "zorgub-santee" || it.ID != "pair:zorgub-sante+zorgub-santee" || it.Place.Row != 2 || it.Other.Row != 3 {
		t.Errorf("%+v", it)
	}
	if it := pair(etl.Registry{Actors: []etl.RegistryActor{{ID: "zorgub-sante", Name: "Zorgub Santé"}}}); it.Left != "zorgub-sante" {
		t.Errorf("%+v", it)
	}
}
