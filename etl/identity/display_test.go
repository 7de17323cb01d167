package identity_test

import (
	"testing"

	"hdsreport/config"
	"hdsreport/etl/identity"
)

// TestDisplayKeepsTheFormOfPublicBodies: GCS, GIP and GIE are part of how people
// call a body; SAS is not part of how they call a company.
func TestDisplayKeepsTheFormOfPublicBodies(t *testing.T) {
	n := identity.New(config.IdentityTables())
	for raw, want := range map[string]string{
		"GCS e-Santé Bretagne":       "GCS e-Santé Bretagne",
		"gip Zorgub":                 "GIP Zorgub",
		"G.I.E. ZORGUB DES CHIMERES": "GIE Zorgub des Chimeres",
		"ASSOCIATION ZORGUB":         "Association Zorgub",
		"SAS Zorgub":                 "Zorgub",
		"GIP":                        "GIP",
	} {
		if got := n.Parse(raw).Display; got != want {
			t.Errorf("%q is shown as %q, want %q", raw, got, want)
		}
	}
}
