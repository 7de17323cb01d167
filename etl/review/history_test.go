package review_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/etl/registry"
	"hdsreport/etl/review"
)

// ruledSoFar is a workspace with two actors, and what people have ruled: of these, of a third that
// only the registry knows, and of one that is nowhere.
func ruledSoFar() (*etl.Input, *etl.Result) {
	at := func(row int, left, right, judgement string) etl.RegistryDecision {
		return etl.RegistryDecision{Left: left, Right: right, Judgement: judgement, By: "Zoé", Date: "2026-01-01", Place: etl.Place{Row: row}}
	}
	in := &etl.Input{Registry: etl.Registry{
		Decisions: []etl.RegistryDecision{at(2, "alpha", "Bravo SA", "same"), at(3, "alpha", "nobody", "different"),
			at(5, "alpha", "nobody", "successor"), at(6, "nobody", "alpha", "successor"), at(7, "Charlie", "BRAVO  SA", "different")},
		Undone: []etl.RegistryDecision{at(4, "alpha", "charlie", "same"), at(8, "nobody", "charlie", etl.Undone)},
		Actors: []etl.RegistryActor{{ID: "alpha", Position: "esn", Note: "seen ; Zoé 2026-01-02 it says so"}, {ID: "bravo", Position: "other", Note: "a note"},
			{ID: "charlie", Name: "Charlie", Position: "esn"}, {ID: "delta"}},
		Names: []etl.RegistryName{{Actor: "alpha", Name: "A", Kind: "alias"}, {Actor: "nobody", Name: "N", Kind: "former"}},
	}}
	res := &etl.Result{Actors: []etl.Actor{{ID: "alpha", Name: "Alpha", Names: []string{"Alpha"}}, {ID: "bravo", Name: "Bravo", Names: []string{"Bravo SA"}, PositionBy: etl.ByCorrection}},
		Corrections: []etl.CorrectionLine{{Correction: etl.Correction{ID: "alpha", Field: "until", Value: "2025", By: "Zoé", Date: "2026-01-01"}, State: etl.CorrectionHolds}}}
	return in, res
}

// TestHistory: all that people have ruled, in the order of its tables, and whether it applies.
func TestHistory(t *testing.T) {
	in, res := ruledSoFar()
	var got []string
	refs := map[string]bool{}
	for _, r := range review.History(in, res) {
		got = append(got, strings.Join([]string{r.Kind, r.Left, r.Right, r.Judgement, r.By, r.Date, r.Reason, r.State}, "|"))
		refs[r.Ref] = true
	}
	want := []string{
		"decision|alpha|Bravo SA|same|Zoé|2026-01-01||holds",
		"decision|alpha|nobody|different|Zoé|2026-01-01||orphan",
		"decision|alpha|charlie|same|Zoé|2026-01-01||undone",
		"decision|alpha|nobody|successor|Zoé|2026-01-01||holds",
		"decision|nobody|alpha|successor|Zoé|2026-01-01||orphan",
		"decision|Charlie|BRAVO  SA|different|Zoé|2026-01-01||holds",
		"decision|nobody|charlie|undone|Zoé|2026-01-01||holds",
		"position|alpha||esn|Zoé|2026-01-02|it says so|holds",
		"position|bravo||other|||a note|superseded",
		"position|charlie||esn||||orphan",
		"name|alpha|A|alias||||holds",
		"name|nobody|N|former||||orphan",
		"value|alpha|until|2025|Zoé|2026-01-01||holds",
	}
	if diff := cmp.Diff(want, got); diff != "" || len(refs) != len(want) {
		t.Errorf("%d refs, %s", len(refs), diff)
	}
}

// TestUndoable: what applies can be taken back, and a taking back cannot.
func TestUndoable(t *testing.T) {
	for _, c := range []struct {
		kind, judgement, state string
		want                   bool
	}{{"decision", "same", "holds", true}, {"decision", "same", "undone", false}, {"decision", "undone", "holds", false}, {"decision", "source", "orphan", true},
		{"position", "esn", "superseded", true}, {"position", "undone", "holds", true}, {"value", "2025", "holds", true}, {"value", "2025", "superseded", false},
		{"value", "source", "holds", false}, {"value", "undone", "holds", true}, {"name", "former", "holds", true}, {"value", "2025", "orphan", true}} {
		if r := (review.Ruled{Kind: c.kind, Judgement: c.judgement, State: c.state}); r.Undoable() != c.want {
			t.Errorf("%v: %v", c, !c.want)
		}
	}
}

// TestUndoRenaming: a decision that two names are one takes with it what was recorded with it, and
// nothing that was there for another reason.
func TestUndoRenaming(t *testing.T) {
	same := review.Ruled{Kind: review.KindDecision, Left: "old", Right: "new", Judgement: "same"}
	former := func(actor, name, kind string) etl.RegistryName {
		return etl.RegistryName{Actor: actor, Name: name, Kind: kind}
	}
	for name, c := range map[string]struct {
		ruled  review.Ruled
		actors []etl.RegistryActor
		names  []etl.RegistryName
		want   []string
	}{
		"another judgement":               {ruled: review.Ruled{Kind: review.KindDecision, Left: "old", Right: "new", Judgement: "different"}, names: []etl.RegistryName{former("old", "New", "former")}},
		"the former name":                 {names: []etl.RegistryName{former("old", "New", "former"), former("old", "Other", "former"), former("x", "New", "former"), former("old", "NEW", "alias")}, want: []string{"drop old New"}},
		"the new name of the registry":    {actors: []etl.RegistryActor{{ID: "x", Name: "New"}, {ID: "old", Name: "New"}}, names: []etl.RegistryName{former("old", "Old", "former")}, want: []string{"drop old Old", "clear old New"}},
		"the new name of the source":      {actors: []etl.RegistryActor{{ID: "old"}}, names: []etl.RegistryName{former("old", "Old", "former")}, want: []string{"drop old Old"}},
		"a name that it kept":             {actors: []etl.RegistryActor{{ID: "old", Name: "Old"}}, names: []etl.RegistryName{former("old", "Old", "former")}},
		"a third name":                    {actors: []etl.RegistryActor{{ID: "old", Name: "Third"}}, names: []etl.RegistryName{former("old", "Old", "former")}},
		"a side as its name":              {ruled: review.Ruled{Kind: review.KindDecision, Left: "old", Right: "NEW", Judgement: "same"}, names: []etl.RegistryName{former("old", "New", "former")}, want: []string{"drop old New"}},
		"a name without letters, no side": {ruled: review.Ruled{Kind: review.KindDecision, Left: "old", Right: "", Judgement: "same"}, names: []etl.RegistryName{former("old", "", "former")}},
		"one name twice":                  {names: []etl.RegistryName{former("old", "New", "former"), former("old", "New", "former")}, want: []string{"drop old New"}},
	} {
		r := c.ruled
		if r.Kind == "" {
			r = same
		}
		var add registry.Additions
		r.Undo(&etl.Input{Registry: etl.Registry{Actors: c.actors, Names: c.names}}, &add, "Zoé", "2026-01-01", "")
		var got []string
		for _, n := range add.Dropped {
			got = append(got, "drop "+n.Actor+" "+n.Name)
		}
		for _, n := range add.Cleared {
			got = append(got, "clear "+n.ID+" "+n.Name)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(add.Decisions) != 1 || add.Decisions[0].Judgement != etl.Undone || len(add.Noted) != len(add.Dropped) {
			t.Errorf("%s: %v, %v, %s", name, add.Decisions, add.Noted, diff)
		}
	}
}

// TestUndoCorrection: the line that takes a correction back has what the cell would say, or what it
// said where the cell is gone.
func TestUndoCorrection(t *testing.T) {
	for state, want := range map[etl.CorrectionState]string{etl.CorrectionHolds: "2022", etl.CorrectionOrphan: "2021"} {
		c := etl.CorrectionLine{Correction: etl.Correction{ID: "a", Field: "until", Was: "2021", Value: "2025"}, Source: "2022", State: state}
		if got := review.UndoCorrection(&c, "Zoé", "2026-01-01", ""); got.Was != want || got.Value != etl.FromSource {
			t.Errorf("%s: %+v", state, got)
		}
	}
}

// TestStillOne: two sides are one where an actor has both, by id, name or spelling.
func TestStillOne(t *testing.T) {
	res := &etl.Result{Actors: []etl.Actor{{ID: "alpha", Name: "Alpha Santé", Names: []string{"ALPHA SAS", "Beta"}}, {ID: "delta"}}}
	for _, c := range []struct {
		kind, left, right, judgement string
		want                         bool
	}{{"decision", "alpha", "Beta", "same", true}, {"decision", "Alpha Santé", "beta", "same", true}, {"decision", "delta", "Beta", "same", false},
		{"decision", "nobody", "nowhere", "same", false}, {"decision", "alpha", "Beta", "different", false}, {"name", "alpha", "Beta", "same", false},
		{"decision", "ALPHA SAS", "alpha", "same", true}, {"decision", "delta", "delta", "same", true}} {
		if r := (review.Ruled{Kind: c.kind, Left: c.left, Right: c.right, Judgement: c.judgement}); r.StillOne(res) != c.want {
			t.Errorf("%v: %v", c, !c.want)
		}
	}
}

// TestTakenBack: what a person has taken back does not come back with a file that was written
// before; one that tells of it may say so again.
func TestTakenBack(t *testing.T) {
	const pair = "pair:zorgub-sante+zorgub-santee"
	before := workspace(etl.Registry{})
	row := "trifouille-telecom/" + hash(t, before, "Trifouille Télécom")
	value := "value:" + row + ":until"
	decided := func(left, right, judgement string) etl.Registry {
		d := etl.RegistryDecision{Left: left, Right: right, Judgement: judgement, By: "Zoé", Date: "2019-07-01", Place: etl.Place{Row: 2}}
		u := d
		u.Judgement, u.Place.Row = etl.Undone, 3
		return etl.Registry{Undone: []etl.RegistryDecision{d, u}}
	}
	corrected := func(id, field, was, value string) etl.Registry {
		c := etl.Correction{ID: id, Field: field, Was: was, Value: value, By: "Zoé", Date: "2019-07-01"}
		u := c
		u.Value, u.Date = etl.FromSource, "2019-07-02"
		return etl.Registry{Corrections: []etl.Correction{c, u}}
	}
	var position string
	for _, it := range etl.Run(before).Review {
		if it.Kind == etl.ReviewPosition {
			position = it.Left
		}
	}
	for name, c := range map[string]struct {
		reg        etl.Registry
		id, ruling string
		afresh     bool // the file was written since
		refused    bool
	}{
		"a decision":            {decided("zorgub-sante", "zorgub-santee", "same"), pair, "oui", false, true},
		"from the other side":   {decided("zorgub-santee", "zorgub-sante", "same"), pair, "oui", false, true},
		"a file of now":         {decided("zorgub-sante", "zorgub-santee", "same"), pair, "oui", true, false},
		"another judgement":     {decided("zorgub-sante", "zorgub-santee", "different"), pair, "oui", false, false},
		"with somebody else":    {decided("zorgub-sante", "trifouille-telecom", "same"), pair, "oui", false, false},
		"of somebody else":      {decided("trifouille-telecom", "zorgub-santee", "same"), pair, "oui", false, false},
		"a value":               {corrected(row, "until", "", "2022-01-01"), value, "01/01/2022", false, true},
		"a value of a new file": {corrected(row, "until", "", "2022-01-01"), value, "01/01/2022", true, false},
		"another value":         {corrected(row, "until", "", "2022-01-01"), value, "2023-01-01", false, false},
		"a position":            {corrected(position, "position", "", "esn"), "position:" + position, "ESN", false, true},
		"another position":      {corrected(position, "position", "", "esn"), "position:" + position, "Autre", false, false},
	} {
		in := workspace(c.reg)
		from := before
		if c.afresh {
			from = in
		}
		_, rows := written(t, from)
		rule(t, rows, c.id, c.ruling)
		got, said := take(t, in, excel(t, rows))
		if refused := len(said) > 0; refused != c.refused || got.Empty() != c.refused {
			t.Errorf("%s: %v %v", name, texts(got), said)
		}
	}
}
