package config_test

import (
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
)

// TestPositionRulesHaveLimits: no rule catches the name beside it that is only
// like its example, and the order of rules is one.
func TestPositionRulesHaveLimits(t *testing.T) {
	ref := config.Reference()
	last := 0
	for _, r := range ref.Rules {
		if r.Not == "" {
			t.Errorf("rule %q says no name that it must not catch", r.Pattern)
		}
		alone := etl.Reference{Rules: []etl.PositionRule{r}}
		if _, rule := alone.Propose(&etl.Actor{Name: r.Not}); rule != "" {
			t.Errorf("rule %q catches %q", r.Pattern, r.Not)
		}
		if r.Precedence <= last {
			t.Errorf("rule %q has the precedence %d after %d", r.Pattern, r.Precedence, last)
		}
		last = r.Precedence
	}
	last = 0
	for _, p := range ref.Positions {
		if p.Order <= last {
			t.Errorf("%s has the order %d after %d", p.Code, p.Order, last)
		}
		last = p.Order
	}
	if ref.Positions[len(ref.Positions)-1].Code != etl.Unclassified {
		t.Error("what nobody has classified is not the last")
	}
}

// TestRulesByPrecedence: where two rules fit, who a name is comes before what it deals in.
func TestRulesByPrecedence(t *testing.T) {
	ref := config.Reference()
	for name, want := range map[string]string{
		"GIP Informatique de Nulle-Part":              "public_grouping",
		"Centre hospitalier de Nulle-Part, cloud":     "hospital",
		"Mutuelle Informatique de Nulle-Part":         "insurance",
		"Nulle-Part Logiciels Informatiques en Cloud": "health_software",
		"Nulle-Part Cloud Infogérance":                "hosting_cloud",
	} {
		if code, rule := ref.Propose(&etl.Actor{Name: name}); code != want {
			t.Errorf("%s: %s by %q, want %s", name, code, rule, want)
		}
	}
}
