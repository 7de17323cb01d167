package identity_test

import (
	"fmt"
	"slices"
	"testing"

	"hdsreport/config"
	"hdsreport/etl/identity"
)

// TestSiglesAreShown: a sigle shares no word and no sequence with the name that it stands
// for. In a short list it is among the three that are shown all the same, and the other way
// round, also if it leaves words out or takes several letters of one.
func TestSiglesAreShown(t *testing.T) {
	n := identity.New(config.IdentityTables())
	pairs := [][2]string{
		{"FRZB", "Fédération régionale des zorgubes et du brouillard"},
		{"UNICOV", "Union nationale interprofessionnelle du coquelicot et de la violette"},
		{"SNTP", "Syndicat national des trompettistes, des poètes et des jongleurs"},
		{"AMAGPA", "Association des marchands de guimauve et de parapluies"},
	}
	var left, right []string
	for i := range 400 {
		right = append(right, fmt.Sprintf("Compagnie nantaise du fanal n° %d", i), fmt.Sprintf("Atelier de brume %d et fils", i))
	}
	for _, p := range pairs {
		left, right = append(left, p[0]), append(right, p[1])
	}
	for _, side := range [][2][]string{{left, right}, {right, left}} {
		found := map[string][]string{}
		n.MatchLists(side[0], side[1], nil, nil, 3, func(i, j int, v identity.Verdict) {
			if v.Decision != identity.Different {
				found[side[0][i]] = append(found[side[0][i]], side[1][j])
			}
		})
		for _, p := range pairs {
			if !slices.Contains(found[p[0]], p[1]) && !slices.Contains(found[p[1]], p[0]) {
				t.Errorf("%s, %s: %q, %q", p[0], p[1], found[p[0]], found[p[1]])
			}
		}
	}
}
