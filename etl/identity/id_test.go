package identity_test

import (
	"strings"
	"testing"

	"hdsreport/etl/identity"
)

// NEVER EDIT THESE LINES. They are ids that stand in registries and published
// sheets. If this test fails, the recipe in id.go was changed: change it back.
// New lines may be added.
func TestIDIsFrozen(t *testing.T) {
	for raw, want := range map[string]string{
		"OVH SAS":                       "ovh",
		"ITS INTÉGRA SAS":               "its-integra",
		"SAS Untel":                     "untel",
		"GIP MiPih":                     "mipih",
		"SA":                            "sa",
		"SA SA":                         "sa",
		"AP-HP":                         "ap-hp",
		"Hospices Civils de Lyon (HCL)": "hospices-civils-de-lyon",
		"BT Blue (ex Bretagne Telecom)": "bt-blue",
		"BT Blue (ex Bretagne Telecom":  "bt-blue",
		"L’Étoile":                      "l-etoile",
		"Cegedim.cloud":                 "cegedim-cloud",
		"3DS OUTSCALE":                  "3ds-outscale",
		"Œuvre Cœur":                    "oeuvre-coeur",
		"e\u0301toile":                  "etoile",
		"(Untel)":                       "untel",
		"S.A.S. Untel":                  "s-a-s-untel",
		"★ Dyjix SAS":                   "dyjix",
		"日本電気":                          "x-944e0446e796",
		"★":                             "x-26c57b085498",
		"":                              "x-e3b0c44298fc",
		"Abbott CardioRhythm Management / Heart Failure":                                    "abbott-cardiorhythm-management-heart-failure",
		"La direction des services numériques de l'Assistance publique – hôpitaux de Paris": "la-direction-des-services-numeriques-de-l-assistanc-b3ca1caa",
	} {
		if got := identity.ID(raw); got != want {
			t.Errorf("ID(%q) = %q, want %q: this id is published, see id.go", raw, got, want)
		}
	}
}

// What an id is must not hang on the tables or on the way names are cleaned.
func TestIDHasItsShape(t *testing.T) {
	for _, s := range seeds {
		id := identity.ID(s)
		if id == "" || len(id) > 60 || strings.HasPrefix(id, "-") || strings.HasSuffix(id, "-") {
			t.Errorf("ID(%q) = %q", s, id)
		}
	}
	a, b := strings.Repeat("abc ", 30)+"one", strings.Repeat("abc ", 30)+"two"
	if identity.ID(a) == identity.ID(b) {
		t.Errorf("two long names share the id %q", identity.ID(a))
	}
}
