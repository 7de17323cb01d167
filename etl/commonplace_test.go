package etl_test

import (
	"slices"
	"strings"
	"testing"

	"hdsreport/etl"
)

// TestCommonplaceNames: a name that several bodies bear is two actors on two lists, and
// a question, unless a number, the registry or a decision says more.
func TestCommonplaceNames(t *testing.T) {
	one, both2 := []string{"Clinique du Parc:"}, []string{"clinique-du-parc", "clinique-du-parc-24c88090"}
	reg := func(actors ...etl.RegistryActor) etl.Registry { return etl.Registry{Actors: actors} }
	for _, c := range []struct {
		what     string
		registry etl.Registry
		editions []etl.EditionInput
		ids      []string
		both     int
		asks     int
	}{
		{"one spelling on both lists", etl.Registry{}, []etl.EditionInput{withNumbers("2025-01-15", "SIREN", one, one)}, both2, 0, 1},
		{"one SIREN on both lists", etl.Registry{}, []etl.EditionInput{withNumbers("2025-01-15", "SIREN",
			[]string{"Clinique du Parc:415620053"}, []string{"CLINIQUE DU PARC:415620053"})}, both2[:1], 1, 0},
		{"the registry names it", reg(etl.RegistryActor{ID: "parc", Name: "Clinique du Parc"}),
			[]etl.EditionInput{withNumbers("2025-01-15", "SIREN", one, one)}, []string{"parc"}, 1, 0},
		{"ruled the same", etl.Registry{Decisions: []etl.RegistryDecision{{Left: both2[0], Right: both2[1], Judgement: "same",
			By: "A. Martin", Date: "2025-01-20"}}}, []etl.EditionInput{withNumbers("2025-01-15", "SIREN", one, one)}, both2[:1], 1, 0},
		{"two spellings in one list", etl.Registry{}, []etl.EditionInput{withNumbers("2025-01-15", "SIREN", nil,
			[]string{"Clinique du Parc:", "CLINIQUE DU PARC:"})}, []string{"clinique-du-parc", "clinique-du-parc-24c88090"}, 0, 1},
		{"a list goes on in capitals", etl.Registry{}, []etl.EditionInput{withNumbers("2024-01-15", "SIREN", nil, one),
			withNumbers("2025-01-15", "SIREN", nil, []string{"CLINIQUE DU PARC:"})}, both2[:1], 0, 0},
		{"a list goes on with numbers", etl.Registry{}, []etl.EditionInput{withNumbers("2024-01-15", "SIREN", nil, one),
			withNumbers("2025-01-15", "SIREN", nil, []string{"Clinique du Parc:415620053"})}, both2[:1], 0, 0},
		{"a place is no commonplace", etl.Registry{}, []etl.EditionInput{withNumbers("2025-01-15", "SIREN",
			[]string{"CHU de Nantes:"}, []string{"CHU NANTES:"})}, []string{"chu-de-nantes"}, 1, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			res := etl.Run(input(c.registry, c.editions...))
			got := ids(res)
			slices.Sort(got)
			if !slices.Equal(got, c.ids) || res.Stats.Both != nil && both(res) != c.both {
				t.Errorf("actors %v, both %v", got, res.Stats.Both)
			}
			if asked := pairs(res); len(asked) != c.asks || c.asks > 0 && !strings.Contains(asked[0], "plusieurs organismes") {
				t.Errorf("asked: %q", asked)
			}
		})
	}
}
