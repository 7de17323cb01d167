package etl_test

import (
	"fmt"
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/compare"
)

// TestRuledOnSheets: who left a sheet and arrived on another one under a new name is who
// the registry says by now.
func TestRuledOnSheets(t *testing.T) {
	side := func(ids ...string) *compare.Side {
		l := &compare.List{Fields: []string{"body", "number"}}
		for _, id := range ids {
			l.Rows = append(l.Rows, compare.Row{ID: id + "/4711-2", Actor: id, Name: id,
				Values: []compare.Value{etl.Text("LNE"), etl.Text("4711-2")}})
		}
		return &compare.Side{Lists: [2]*compare.List{etl.Certified: l}}
	}
	decision := func(judgement, left, right string) etl.Registry {
		return etl.Registry{Decisions: []etl.RegistryDecision{{Left: left, Right: right, Judgement: judgement}}}
	}
	for name, c := range map[string]struct {
		reg  etl.Registry
		want string // renamed, left, arrived, replaced, perhaps renamed
	}{
		"nothing":           {etl.Registry{}, "0 1 1 0 1"},
		"same":              {decision("same", "covage", "xpfibre"), "1 0 0 0 0"},
		"same, by names":    {decision("same", "Covage SAS", "XpFibre"), "1 0 0 0 0"},
		"same, the new one": {decision("same", "xpfibre", "covage"), "1 0 0 0 0"},
		"successor":         {decision("successor", "xpfibre", "covage"), "0 1 1 1 0"},
		"different":         {decision("different", "xpfibre", "Covage"), "0 1 1 0 0"},
		"a former name": {etl.Registry{Actors: []etl.RegistryActor{{ID: "fibre"}}, Names: []etl.RegistryName{
			{Actor: "fibre", Name: "Covage"}, {Actor: "fibre", Name: "XpFibre"}}}, "1 0 0 0 0"},
		"a name of two": {etl.Registry{Names: []etl.RegistryName{{Actor: "xpfibre", Name: "Covage"}, {Actor: "other", Name: "Covage"}}},
			"0 1 1 0 1"},
	} {
		old, new := side("covage"), side("xpfibre")
		etl.Ruled(&c.reg, old, new)
		d := compare.Sides(old, new, etl.CompareWords()).Lists[etl.Certified]
		if got := fmt.Sprint(len(d.Renamed), len(d.Left), len(d.Arrived), len(d.Replaced), len(d.MaybeRenamed)); got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}

// TestRegistryHasLostNothing: a name that goes to another actor because its number is
// another one was never the registry's.
func TestRegistryHasLostNothing(t *testing.T) {
	row := func(siren string) string { return "Zorgube Cloud | LNE | 1234-5 | 15/09/2023 | 14/09/2026 | " + siren }
	in := input(etl.Registry{}, certificates("2024-01-15", append([]string{row("415620053")}, others...)...),
		certificates("2025-01-15", append([]string{row("310975024")}, others...)...))
	in.Published = &etl.Publication{Edition: "2024-01-15"}
	in.Published.Actors[etl.Certified] = []etl.PublishedActor{{ID: "zorgube-cloud", Name: "Zorgube Cloud", Sources: []string{"Zorgube Cloud"}}}
	res := etl.Run(in)
	if len(said(res.Findings, etl.CodeRegistryLost)) > 0 {
		t.Error(said(res.Findings, etl.CodeRegistryLost))
	}
	in.Published.Actors[etl.Certified][0] = etl.PublishedActor{ID: "zorgube", Name: "Zorgube", Sources: []string{"Zorgube Cloud"}}
	if res := etl.Run(in); len(said(res.Findings, etl.CodeRegistryLost)) != 1 {
		t.Error("a spelling that the registry gave to another actor is not missed")
	}
}
