package identity_test

import "testing"

// TestDisplayKeepsWhatBelongsToTheName: quotation marks stay in pairs or go together, and
// what ends a name stays on it.
func TestDisplayKeepsWhatBelongsToTheName(t *testing.T) {
	n := namer()
	for raw, want := range map[string]string{
		"Hôpital 'Nord'":           "Hôpital 'Nord'",
		`Chez "Paul"`:              `Chez "Paul"`,
		`Clinique "A" et "B"`:      `Clinique "A" et "B"`,
		`"Aa" et "Bb"`:             `"Aa" et "Bb"`,
		"“Ailleurs” Santé":         "“Ailleurs” Santé",
		"Télésanté – « Nord »":     "Télésanté – « Nord »",
		"Groupe « X » (GX)":        "Groupe « X »",
		"« Ailleurs »":             "Ailleurs",
		`"Ailleurs" SAS`:           "Ailleurs",
		"L'Atelier d'Arc":          "L'Atelier d'Arc",
		"Hôpital \"Nord":           "Hôpital Nord",
		"ID&CO":                    "ID&Co",
		"Dupont & Cie":             "Dupont & Cie",
		"DUPONT ET CIE SA":         "Dupont et Cie",
		"Docteurin.fr":             "Docteurin.fr",
		"Docteurin.com SAS":        "Docteurin.com",
		"XPFIBRE.CO":               "Xpfibre.Co",
		"Zorgube!":                 "Zorgube!",
		"***":                      "***",
		"CLINIQUE « LES ZORGUBS »": "Clinique « Les Zorgubs »",
	} {
		if got := n.Parse(raw).Display; got != want {
			t.Errorf("%s is shown as %s, want %s", raw, got, want)
		}
	}
	for _, same := range [][2]string{{"Nº 1 Santé", "N° 1 Santé"}, {"No 1 Santé", "N° 1 Santé"}, {"Labo 1ʳᵉ", "Labo 1re"},
		{"Labo 1re", "Labo 1ère"}} {
		if n.Parse(same[0]).Key != n.Parse(same[1]).Key {
			t.Errorf("%q: %q, %q: %q", same[0], n.Parse(same[0]).Key, same[1], n.Parse(same[1]).Key)
		}
	}
	if n.Parse("***").Key == n.Parse("???").Key {
		t.Error("*** and ??? have one key")
	}
}
