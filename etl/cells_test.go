package etl_test

import (
	"testing"

	"hdsreport/etl"
)

// TestCells: what a cell says in a column, and what says nothing there.
func TestCells(t *testing.T) {
	ref := input(etl.Registry{}).Reference
	cells := etl.NewCells(&ref)
	for _, c := range []struct {
		field      etl.Field
		text, want string
		unreadable bool
	}{
		{"until", "17 juin 2019", "2019-06-17", false},
		{"until", "43633", "2019-06-17", false},
		{"until", "", "", false},
		{"until", "bientôt", "bientôt", true},
		{"position", " hébergement\u00a0et cloud", "hosting_cloud", false},
		{"position", "hosting_cloud", "hosting_cloud", false},
		{"position", "nuage", "nuage", true},
		{"type", "Infogéreur et Infrastructure physique", "infrastructure_physique;infogereur", false},
		{"type", "infogereur;infrastructure_physique", "infrastructure_physique;infogereur", false},
		{"type", "Infogéreur et machin", "Infogéreur et machin", true},
		{"sauvegarde", "✓", "yes", false},
		{"sauvegarde", "FALSE", "no", false},
		{"sauvegarde", "n.c.", "", false},
		{"sauvegarde", "", "", false},
		{"sauvegarde", "peut-être", "peut-être", true},
		{"body", "  LNE\u202f/ G-MED ", "LNE / G-MED", false},
		{"body", "Cafe\u0301", "Café", false},
		{"number", "0123", "0123", false},
	} {
		d := ref.Field(etl.Certified, c.field)
		v, ok := cells.Read(d, c.text)
		if got := ""; v != nil {
			got = v.String()
			if got != c.want {
				t.Errorf("%s %q: %q, want %q", c.field, c.text, got, c.want)
			}
		} else if c.want != "" {
			t.Errorf("%s %q: nothing, want %q", c.field, c.text, c.want)
		}
		if ok == c.unreadable {
			t.Errorf("%s %q: read %v", c.field, c.text, ok)
		}
	}
}
