package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestArticleIsThere: each figure and each named list of the article of July 2019
// stands in what stats writes for an article, ready to paste.
func TestArticleIsThere(t *testing.T) {
	var stdout, stderr bytes.Buffer
	c := &Command{Stdout: &stdout, Stderr: &stderr, Now: func() time.Time { return time.Time{} }}
	if code := c.Main([]string{"stats", "--markdown", "--config", "../../samples/hdsreport.yaml"}); code != 0 {
		t.Fatal(stderr.String())
	}
	// As a person reads it: every space is a space, and a line is a line.
	said := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(stdout.String())
	lines := strings.Split(said, "\n")
	line := func(start string) string {
		for _, l := range lines {
			if strings.HasPrefix(l, start) {
				return l
			}
		}
		return ""
	}
	for _, x := range []struct {
		what, start string
		holds       []string
	}{
		{"the lists", "- 99 acteurs", []string{"99 acteurs sont agréés et 19 sont certifiés au 17 juin 2019", "7 figurent sur les deux listes", "111 acteurs en tout"}},
		{"both, with their positions", "- Cheops Technology France", []string{"(Hébergement et cloud)"}},
		{"both", "- Claranet", []string{"(Hébergement et cloud)"}},
		{"both", "- Equinix", []string{"(Hébergement et cloud)"}},
		{"both", "- ICT (International Cross Talk)", []string{"(Éditeur de logiciels de santé)"}},
		{"both", "- ITS Integra", []string{"(Hébergement et cloud)"}},
		{"both", "- Sigma Informatique", []string{"(ESN)"}},
		{"both", "- Tessi Technologies", []string{"(Gestion documentaire)"}},
		{"mean", "- Un acteur certifié couvre", []string{"4,5 activités sur 6", "19 acteurs"}},
		{"all six", "- 9 acteurs sont certifiés pour les 6 activités", []string{"Orange Healthcare", "Bretagne Telecom"}},
		{"all but one", "- Toutes sauf « Administration et exploitation »", []string{"1 acteur : Amazon Web Services"}},
		{"one alone", "- Une seule, « Sites physiques »", []string{"2 acteurs : CIV France, EBRC"}},
		{"hosting and cloud", "- **Hébergement et cloud**", []string{"35 acteurs", "OVH", "Microsoft"}},
		{"ESN", "- **ESN**", []string{"17 acteurs"}},
		{"editors", "- **Éditeur de logiciels de santé**", []string{"14 acteurs", "Cegedim", "Pharmagest", "Epiconcept"}},
		{"hospitals", "- **Établissement de santé**", []string{"8 acteurs", "AP-HM", "AP-HP", "Hospices civils de Lyon", "CHU de Nantes", "CHU de Strasbourg", "CHRU de Nancy"}},
		{"groupings", "- **Groupement public**", []string{"MiPih"}},
		{"moved", "- Passés de l’agrément à la certification, 2", []string{"Epiconcept", "MiPih"}},
		{"who left", "- Sortis de la liste des agréés depuis février 2019, 11", []string{"Epiconcept", "MiPih"}},
		{"who came", "- Nouveaux certifiés depuis mars 2019, 8", []string{"EBRC"}},
		{"February", "- février 2019", []string{"agréés, 108", "certifiés, 7"}},
		{"March", "- mars 2019", []string{"agréés, n.d.", "certifiés, 11"}},
		{"growth", "- Certifiés depuis février 2019", []string{"de 7 à 19 acteurs (+12, soit +171 %)"}},
		{"decline", "- Agréés depuis février 2019", []string{"de 108 à 99 acteurs (−9, soit −8 %)"}},
		{"deadlines, with dates", "- Agréments qui prennent fin d’ici 3 mois", []string{"17/09/2019", "18 acteurs", "Tabellionnade Coffre-Fort Numérique (21/06/2019)"}},
		{"deadlines, cumulative", "- Agréments qui prennent fin d’ici 6 mois", []string{"28 acteurs ; en plus des précédents : Association Tralala-Itou"}},
	} {
		got := line(x.start)
		if got == "" {
			t.Errorf("%s: no line begins with %q", x.what, x.start)
			continue
		}
		for _, want := range x.holds {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in %q", x.what, want, got)
			}
		}
	}
}
