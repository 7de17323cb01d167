package config_test

import (
	"slices"
	"strings"
	"testing"

	"hdsreport/config"
)

// A table that contradicts itself would be settled by the order of its lines,
// and nobody would see.
func TestIdentityTablesDoNotContradictThemselves(t *testing.T) {
	tables := config.IdentityTables()
	codes := map[string]bool{}
	spelled := map[string]string{}
	for _, f := range tables.Forms {
		if codes[f.Code] {
			t.Errorf("legal_forms.csv: code %s twice", f.Code)
		}
		codes[f.Code] = true
		for _, s := range f.Spelling {
			key := strings.ReplaceAll(s, " ", "")
			if other := spelled[key]; key == "" || other != "" && other != f.Code {
				t.Errorf("legal_forms.csv: spelling %q of %s is also one of %s", s, f.Code, other)
			}
			spelled[key] = f.Code
		}
		if !slices.Contains([]string{"both", "leading", "trailing", "descriptor", "evidence"}, f.Position) {
			t.Errorf("legal_forms.csv: %s has position %q", f.Code, f.Position)
		}
		if !slices.Contains([]string{"company", "partnership", "cooperative", "grouping", "association", "public", "civil", "property"}, f.Kind) {
			t.Errorf("legal_forms.csv: %s has kind %q", f.Code, f.Kind)
		}
	}
	for _, f := range tables.Forms {
		if f.Parent != "" && !codes[f.Parent] {
			t.Errorf("legal_forms.csv: %s is a case of %s, which is no code", f.Code, f.Parent)
		}
	}
	words := map[string]bool{}
	for _, w := range tables.Words {
		if words[w.Word] {
			t.Errorf("business_words.csv: %q twice", w.Word)
		}
		words[w.Word] = true
		if !slices.Contains([]string{"stop", "group", "particle", "common", "acronym", "business", "number", "ordinal", "abbreviation",
			"brand", "institution", "direction", "short"}, w.Class) {
			t.Errorf("business_words.csv: %q has class %q", w.Word, w.Class)
		}
	}
	for _, p := range tables.Places {
		if !slices.Contains([]string{"country", "zone", "region", "city"}, p.Kind) {
			t.Errorf("geography.csv: %s has kind %q", p.Place, p.Kind)
		}
	}
	for _, h := range tables.Hospitals {
		if !slices.Contains([]string{"public", "type", "name"}, h.Kind) || h.Display == "" {
			t.Errorf("hospital_abbreviations.csv: %s has kind %q and display %q", h.Short, h.Kind, h.Display)
		}
	}
}
