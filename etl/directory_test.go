package etl_test

import (
	"testing"

	"hdsreport/etl"
)

// TestSearchFold: what the script of the site must do too.
func TestSearchFold(t *testing.T) {
	for in, want := range map[string]string{
		"ITS  Intégra (SAS)": "its integra sas",
		"Œuvre & Cie":        "oeuvre cie",
		"Straße Ægir":        "strasse aegir",
		"L’Hébergeur-n°1":    "l hebergeur n 1",
		"…":                  "",
		"ΣΟΦΟΣ":              "σοφοσ",
		"Ⅻ²":                 "ⅻ²",
	} {
		if got := etl.SearchFold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
