package review_test

import (
	"slices"
	"strings"
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/registry"
)

// renamed is a workspace whose certified list calls an actor by one name in each edition.
// The others stay as they are.
func renamed(reg etl.Registry, names ...string) etl.Input {
	in := workspace(reg)
	last := in.Editions[1]
	in.Editions = nil
	for e, name := range names {
		list := *last.Sources[etl.Certified].Table
		list.Rows = slices.Clone(list.Rows)
		list.Rows[3].Cells = append([]string{name}, list.Rows[3].Cells[1:]...)
		list.Rows[3].Cells[4] = "38436-2"
		ed := etl.EditionInput{ID: []string{"2021-06-17", "2022-06-17", "2023-06-17"}[e]}
		ed.Sources[etl.Certified] = etl.Source{Table: &list, Numbering: "decree"}
		list.File = "editions/" + ed.ID + "/certifies.csv"
		in.Editions = append(in.Editions, ed)
	}
	return in
}

// asked are the questions about names.
func asked(in etl.Input) []etl.ReviewItem {
	return slices.DeleteFunc(etl.Run(in).Review, func(it etl.ReviewItem) bool { return it.Kind != etl.ReviewName })
}

// called registers an actor under a name, and other names of its own.
func called(name string, other ...etl.RegistryName) etl.Registry {
	return etl.Registry{Actors: []etl.RegistryActor{{ID: "pulsatille", Name: name, Position: "esn"}}, Names: other,
		Decisions: []etl.RegistryDecision{{Left: "pulsatille", Right: "ancolie-sante", Judgement: "same", By: "Ada", Date: "2022-01-01"}}}
}

// TestChangedNamesAreAsked: who has a name in the registry and another one in the source
// than before is asked about until somebody has ruled, and nobody else is.
func TestChangedNamesAreAsked(t *testing.T) {
	for _, c := range []struct {
		what  string
		in    etl.Input
		asked bool
	}{
		{"the source's name has changed", renamed(called("Pulsatille"), "Pulsatille", "Ancolie Santé"), true},
		{"it changed some editions ago", renamed(called("Pulsatille"), "Pulsatille", "Ancolie Santé", "Ancolie Santé"), true},
		{"the registry has a name of its own", renamed(called("Anémone"), "Pulsatille", "Ancolie Santé"), true},
		{"the registry has no name", renamed(called(""), "Pulsatille", "Ancolie Santé"), false},
		{"a name in another encoding", renamed(called("Pulsatille Santé"), "Pulsatille Santé", "Pulsatille SantÃ©"), false},
		{"a legal form more", renamed(called("Pulsatille"), "Pulsatille", "PULSATILLE SAS"), false},
		{"the source never changed", renamed(called("Anémone"), "Pulsatille", "Pulsatille"), false},
		{"the registry has the new name", renamed(called("Ancolie Santé"), "Pulsatille", "Ancolie Santé"), false},
		{"the registry knows the new name", renamed(called("Pulsatille", etl.RegistryName{Actor: "pulsatille", Name: "Ancolie Santé", Kind: "alias"}),
			"Pulsatille", "Ancolie Santé"), false},
	} {
		items := asked(c.in)
		if (len(items) == 1) != c.asked || len(items) > 1 {
			t.Errorf("%s: %+v", c.what, items)
		}
		for _, it := range items {
			if it.ID != "name:pulsatille" || it.Seen != "Ancolie Santé" || it.FormerTo != "2021-06-17" || it.Proposal != it.Seen {
				t.Errorf("%s: %+v", c.what, it)
			}
		}
	}
}

// TestRulingsOnNames: a ruling on a changed name says what readers see from now on; the
// editions before keep their name, and the question is settled.
func TestRulingsOnNames(t *testing.T) {
	for ruling, want := range map[string]string{"oui": "Ancolie Santé", "ancolie": "", "Ancolie Santé": "Ancolie Santé",
		"non": "Pulsatille", "Pulsatille": "Pulsatille", "yes": "Ancolie Santé", "no": "Pulsatille"} {
		in := renamed(called("Pulsatille"), "Pulsatille", "Ancolie Santé")
		_, rows := written(t, in)
		rule(t, rows, "name:pulsatille", ruling)
		line := strings.Join(rows[slices.IndexFunc(rows, func(r []string) bool { return r[idCol] == "name:pulsatille" })], "|")
		if !strings.Contains(line, "nom|«\u00a0Pulsatille\u00a0» au registre, «\u00a0Ancolie Santé\u00a0» dans la source") ||
			!strings.Contains(line, "«\u00a0Pulsatille\u00a0» jusqu’à l’édition du 17 juin 2021") {
			t.Errorf("%s", line)
		}
		data := excel(t, rows)
		got, said := take(t, in, data)
		if want == "" {
			if len(said) != 1 || !strings.HasSuffix(said[0], etl.CodeReviewRuling) {
				t.Errorf("%s: %q", ruling, said)
			}
			continue
		}
		if len(said) > 0 || got.Named != 1 || got.Empty() {
			t.Fatalf("%s: %q, %+v", ruling, said, got)
		}
		next := in
		next.Registry = registry.With(in.Registry, got.Additions())
		res := etl.Run(next)
		if items := asked(next); len(items) > 0 {
			t.Errorf("%s: asked again: %+v", ruling, items)
		}
		for _, r := range res.Edition.List[etl.Certified].Rows {
			if a := res.Actors[r.Actor]; a.ID == "pulsatille" && a.Name != want {
				t.Errorf("%s: readers see %q", ruling, a.Name)
			}
		}
		renamings := res.Changes[etl.Certified].Rows.Renamed
		if taken := want != "Pulsatille"; (len(renamings) == 1) != taken || taken && renamings[0].Was != "Pulsatille" {
			t.Errorf("%s: renamed %+v", ruling, renamings)
		}
		if again, said := take(t, next, data); !again.Empty() || again.Already != 1 || len(said) > 0 {
			t.Errorf("%s, again: %+v, %q", ruling, again, said)
		}
		other := map[bool]string{true: "oui", false: "non"}[want == "Pulsatille"]
		rule(t, rows, "name:pulsatille", other)
		if _, said := take(t, next, excel(t, rows)); len(said) != 1 || !strings.HasSuffix(said[0], etl.CodeReviewRuling) {
			t.Errorf("%s, then %s: %q", ruling, other, said)
		}
	}
}

// TestConfirmingKeepsNoName: neither a position nor a renaming writes a name into the
// registry, so a later renaming is seen.
func TestConfirmingKeepsNoName(t *testing.T) {
	in := renamed(etl.Registry{}, "Pulsatille", "Ancolie Santé")
	_, rows := written(t, in)
	rule(t, rows, "pair:ancolie-sante+pulsatille", "même")
	rule(t, rows, "position:ancolie-sante", "ESN")
	got, said := take(t, in, excel(t, rows))
	if len(said) > 0 {
		t.Fatal(said)
	}
	later := renamed(registry.With(etl.Registry{}, got.Additions()), "Pulsatille", "Ancolie Santé", "Renoncule")
	later.Registry.Decisions = append(later.Registry.Decisions, etl.RegistryDecision{Left: "pulsatille", Right: "renoncule",
		Judgement: "same", By: "Ada", Date: "2023-07-01"})
	for _, a := range later.Registry.Actors {
		if a.ID != "pulsatille" || a.Name != "" || a.Position != "esn" {
			t.Errorf("registered: %+v", a)
		}
	}
	res := etl.Run(later)
	c := res.Changes[etl.Certified].Rows
	if len(c.Renamed) != 1 || c.Renamed[0].Was != "Ancolie Santé" || c.Renamed[0].Now != "Renoncule" || len(c.Respelt) > 0 {
		t.Errorf("renamed %+v, respelt %+v", c.Renamed, c.Respelt)
	}
	if items := asked(later); len(items) > 0 {
		t.Errorf("asked: %+v", items)
	}
}
