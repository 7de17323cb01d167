package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// sample computes an edition of a sample workspace.
func sample(t testing.TB, workspace, edition string) *job {
	t.Helper()
	var stderr bytes.Buffer
	c := &Command{Stdout: &bytes.Buffer{}, Stderr: &stderr, Now: func() time.Time { return time.Time{} }}
	j, err := c.load(&input{config: filepath.Join("../../samples", workspace, "hdsreport.yaml"), edition: edition},
		map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// TestArticle holds every figure of the article of 2 July 2019, which is all that
// is known of the lists of June 2019: the sample workspace was made to give them.
func TestArticle(t *testing.T) {
	res := sample(t, "", "2019-06-17").result
	st := res.Stats
	position := func(code string) int {
		for _, p := range st.Positions {
			if p.Code == code {
				return *p.Any
			}
		}
		return -1
	}
	others := 0
	for _, p := range st.Positions {
		if !slices.Contains([]string{"hosting_cloud", "esn", "health_software", "hospital"}, p.Code) {
			others += *p.Any
		}
	}
	edition := func(id string) etl.HistoryEntry {
		for _, h := range st.History {
			if h.Edition == id {
				return h
			}
		}
		return etl.HistoryEntry{}
	}
	for _, f := range []struct {
		figure    string
		got, want any
	}{
		{"agréés in June", st.Approved.Actors, 99},
		{"rows of agréés: one actor has two agréments", st.Approved.Rows, 100},
		{"certifiés in June", st.Certified.Actors, 19},
		{"on both lists", st.Both.Actors, 7},
		{"on both lists, names", st.Both.Names, []string{"Cheops Technology France", "Claranet", "Equinix", "ICT (International Cross Talk)", "ITS Integra", "Sigma Informatique", "Tessi Technologies"}},
		{"on at least one list", st.Any.Actors, 111},
		{"agréés in February", *edition("2019-02").Approved, 108},
		{"agréés in March: not stated", edition("2019-03").Approved, (*int)(nil)},
		{"certifiés in February", *edition("2019-02").Certified, 7},
		{"certifiés in March", *edition("2019-03").Certified, 11},
		{"hosting and cloud", position("hosting_cloud"), 35},
		{"ESN", position("esn"), 17},
		{"health software", position("health_software"), 14},
		{"hospitals", position("hospital"), 8},
		{"other positions", others, 37},
		{"activities on average, to two decimals", *st.Activities.Mean, 4.53},
		{"actors with all six", st.Activities.All.Actors, 9},
		{"moved to certification", st.Changes.Moved, []string{"Epiconcept", "MiPih"}},
		{"AWS: all but administration et exploitation", covered(res, "amazon-web-services"), []string{"sites_physiques", "infrastructure_materielle", "infrastructure_virtuelle", "plateforme", "sauvegarde"}},
		{"CIV France: only sites physiques", covered(res, "civ-france"), []string{"sites_physiques"}},
		{"EBRC: only sites physiques", covered(res, "ebrc"), []string{"sites_physiques"}},
		{"Orange Healthcare: all six", len(covered(res, "orange-healthcare")), 6},
		{"Bretagne Telecom: all six", len(covered(res, "bretagne-telecom")), 6},
	} {
		if diff := cmp.Diff(f.want, f.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", f.figure, diff)
		}
	}
	for _, gone := range []string{"Epiconcept", "MiPih"} {
		if !slices.Contains(st.Changes.Approved.Left, gone) {
			t.Errorf("%s has not left the agréés: %v", gone, st.Changes.Approved.Left)
		}
	}
}

// TestArticleActors holds which list and position the article gives to the
// actors that it names.
func TestArticleActors(t *testing.T) {
	res := sample(t, "", "2019-06-17").result
	const both, approved, certified = "both", "approved", "certified"
	for _, a := range []struct{ id, on, position string }{
		{"cheops-technology-france", both, "hosting_cloud"},
		{"claranet", both, "hosting_cloud"},
		{"equinix", both, "hosting_cloud"},
		{"its-integra", both, "hosting_cloud"},
		{"international-cross-talk", both, "health_software"},
		{"sigma-informatique", both, "esn"},
		{"tessi-technologies", both, "document_management"},
		{"amazon-web-services", certified, "hosting_cloud"},
		{"microsoft", certified, "hosting_cloud"},
		{"civ-france", certified, "hosting_cloud"},
		{"ebrc", certified, "hosting_cloud"},
		{"epiconcept", certified, "health_software"},
		{"mipih", certified, "public_grouping"},
		{"ovh", approved, "hosting_cloud"},
		{"cegedim", approved, "health_software"},
		{"pharmagest", approved, "health_software"},
		{"ap-hp", approved, "hospital"},
		{"ap-hm", approved, "hospital"},
		{"hospices-civils-de-lyon", approved, "hospital"},
		{"chu-de-nantes", approved, "hospital"},
		{"chu-de-strasbourg", approved, "hospital"},
		{"chru-de-nancy", approved, "hospital"},
	} {
		i := slices.IndexFunc(res.Actors, func(x etl.Actor) bool { return x.ID == a.id })
		if i < 0 {
			t.Errorf("%s is on no list", a.id)
			continue
		}
		onApproved, onCertified := res.On[etl.Approved].Has(int32(i)), res.On[etl.Certified].Has(int32(i))
		if want := a.on != certified; onApproved != want {
			t.Errorf("%s: approved %v, want %v", a.id, onApproved, want)
		}
		if want := a.on != approved; onCertified != want {
			t.Errorf("%s: certified %v, want %v", a.id, onCertified, want)
		}
		if res.Actors[i].Position != a.position {
			t.Errorf("%s: position %s, want %s", a.id, res.Actors[i].Position, a.position)
		}
	}
}

// TestSampleInventsNothingOnNamedActors: a date, a service, a body or a number
// that nobody stated stays empty on an actor that exists.
func TestSampleInventsNothingOnNamedActors(t *testing.T) {
	res := sample(t, "", "2019-06-17").result
	origin := func(l *etl.List, row *etl.Row) string {
		return row.Extra[slices.Index(l.Columns, "Origine de la ligne")]
	}
	named := 0
	for _, e := range res.Editions {
		for _, list := range etl.Listings {
			l := &e.List[list]
			for i := range l.Rows {
				row := &l.Rows[i]
				if origin(l, row) == "inventé" {
					continue
				}
				named++
				if !row.From.IsZero() || !row.Until.IsZero() || row.Service != "" || row.Body != "" ||
					row.Number != "" {
					t.Errorf("%s %s: %s is a named actor and has values that nobody stated: %+v", e.ID, list,
						row.Name, row)
				}
			}
		}
	}
	if named < 16+15 {
		t.Errorf("only %d rows are of named actors", named)
	}
}

// TestObserved holds the second workspace to the facts that it was made from.
func TestObserved(t *testing.T) {
	j := sample(t, "observed-2026", "")
	st := j.result.Stats
	if st.Approved != nil || st.Certified.Actors != 13 {
		t.Errorf("approved %v, certified %d; want none and 13", st.Approved, st.Certified.Actors)
	}
	facts, err := os.ReadFile("../../samples/observed-2026/editions/2026-10/certifies.csv")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(facts, []byte("seen_on")) {
		t.Error("the rows do not say where they were seen")
	}
	if got := st.Awaiting.Values; got != 1 {
		t.Errorf("%d unread values, want 1: two sets of activities in one cell are not read as one", got)
	}
	partial := 0
	for _, r := range j.result.Edition.List[etl.Certified].Rows {
		if !r.From.IsZero() && !r.From.Full() {
			partial++
		}
	}
	if partial != 4 {
		t.Errorf("%d dates of issue without a day, want 4", partial)
	}
}

// covered are the keys of the activities that an actor covers.
func covered(res *etl.Result, id string) []string {
	var out []string
	keys := []string{"sites_physiques", "infrastructure_materielle", "infrastructure_virtuelle", "plateforme",
		"administration_exploitation", "sauvegarde"}
	for actor, a := range res.Covered() {
		if res.Actors[actor].ID != id {
			continue
		}
		for i, k := range keys {
			if a.Yes.Has(i) {
				out = append(out, k)
			}
		}
	}
	return out
}

// TestNoMergeWithoutReason: wherever the lists spell an actor in several ways, the
// output says of each spelling why it is that actor.
func TestNoMergeWithoutReason(t *testing.T) {
	j := sample(t, "", "2019-06-17")
	merges := j.result.Merges(j.input.Namer, message.In("en"))
	explained := map[string]string{}
	for _, m := range merges {
		if len(m.Spellings) < 2 {
			t.Errorf("%s: one spelling is no merge", m.Actor)
		}
		for _, s := range m.Spellings {
			explained[s.Text] = s.Reason
			if s.Reason == "" {
				t.Errorf("%s: %q is joined without a reason", m.Actor, s.Text)
			}
		}
	}
	// An acronym that only the registry knows of.
	if got := explained["ICT"]; got == "" {
		t.Errorf("ICT beside International Cross Talk is not explained; %d merges are", len(merges))
	}
	several := 0
	for i, a := range j.result.Actors {
		if len(a.Names) > 1 && (j.result.On[etl.Approved].Has(int32(i)) || j.result.On[etl.Certified].Has(int32(i))) {
			several++
		}
	}
	if several != len(merges) || several < 50 {
		t.Errorf("%d actors have several spellings, %d are explained", several, len(merges))
	}
}
