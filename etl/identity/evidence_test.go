package identity_test

import (
	"testing"

	"hdsreport/etl/identity"
	"hdsreport/etl/number"
)

// TestVerdictWithNumbers: the table of what numbers make of a verdict on names.
func TestVerdictWithNumbers(t *testing.T) {
	set := func(text string) number.Set {
		s, bad := number.Parse(text)
		if len(bad) > 0 {
			t.Fatalf("%q", bad)
		}
		return s
	}
	of := func(a, b string) identity.Evidence {
		return identity.Evidence{Comparison: number.Compare(set(a), set(b))}
	}
	equal, different := of("508094927", "508094927"), of("508094927", "415620053")
	shared := equal
	shared.Shared = true
	torn := of("508094927 finess_ej:370000481", "415620053 finess_ej:370000481")
	site := of("finess_et:370000481", "finess_et:370000481")
	foreign := of("vat:DE123456789", "vat:DE123456789")
	same := identity.Verdict{Decision: identity.Same, Score: 0.99}
	alike := func(score float64, vetoes ...identity.Veto) identity.Verdict {
		return identity.Verdict{Decision: identity.Review, Score: score, Vetoes: vetoes}
	}
	unlike := identity.Verdict{Decision: identity.Different, Score: 0.2}
	for _, c := range []struct {
		what     string
		names    identity.Verdict
		evidence identity.Evidence
		want     identity.Decision
		score    float64
	}{
		{"same, nothing stated", same, identity.Evidence{}, identity.Same, 0.99},
		{"same, equal", same, equal, identity.Same, 0.99},
		{"same, different", same, different, identity.Review, 0.9499},
		{"same, two registers disagree", same, torn, identity.Review, 0.9499},
		{"alike, equal", alike(0.7), equal, identity.Same, 0.95},
		{"alike, one site", alike(0.7), site, identity.Review, 0.9},
		{"alike, one foreign number", alike(0.7), foreign, identity.Review, 0.9},
		{"other forms, equal", alike(0.94, identity.VetoForm), equal, identity.Same, 0.95},
		{"a group, equal", alike(0.94, identity.VetoGroup), equal, identity.Same, 0.95},
		{"another place, equal", alike(0.7, identity.VetoGeography), equal, identity.Review, 0.9},
		{"another numeral, equal", alike(0.7, identity.VetoNumeral), equal, identity.Review, 0.9},
		{"a longer name, equal", alike(0.7, identity.VetoPrefix), equal, identity.Review, 0.9},
		{"narrowed, equal", alike(0.94, identity.VetoStated), equal, identity.Review, 0.94},
		{"alike, of many names", alike(0.7), shared, identity.Review, 0.7},
		{"very alike, different", alike(0.80), different, identity.Review, 0.80},
		{"alike, different", alike(0.79), different, identity.Different, 0.395},
		{"unlike, equal", unlike, equal, identity.Review, 0.9},
		{"unlike, one site", unlike, site, identity.Review, 0.9},
		{"unlike, of many names", unlike, shared, identity.Different, 0.2},
		{"unlike, different", unlike, different, identity.Different, 0.2},
		{"unlike, two registers disagree", unlike, torn, identity.Review, 0.9},
	} {
		got := c.names.With(c.evidence)
		if got.Decision != c.want || got.Score != c.score {
			t.Errorf("%s: %s %.4f", c.what, got.Decision, got.Score)
		}
		if got.Decision == identity.Same && len(got.Vetoes) > 0 {
			t.Errorf("%s: the same in spite of %v", c.what, got.Vetoes)
		}
	}
}
