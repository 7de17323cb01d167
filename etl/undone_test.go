package etl_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
)

// TestInForce: a line undone takes back the lines before it, by date and then by line, that
// have the same names on the same sides.
func TestInForce(t *testing.T) {
	line := func(left, right, judgement, date string) etl.RegistryDecision {
		return etl.RegistryDecision{Left: left, Right: right, Judgement: judgement, Date: date}
	}
	for name, c := range map[string]struct {
		lines            []etl.RegistryDecision
		now, past, loose int
		holds            string // the judgement in force of a and b
	}{
		"nothing":           {nil, 0, 0, 0, ""},
		"a decision":        {[]etl.RegistryDecision{line("a", "b", "same", "2026-01-01")}, 1, 0, 0, "same"},
		"undone":            {[]etl.RegistryDecision{line("a", "b", "same", "2026-01-01"), line("a", "b", "undone", "2026-01-02")}, 0, 2, 0, ""},
		"undone that day":   {[]etl.RegistryDecision{line("a", "b", "same", "2026-01-01"), line("a", "b", "undone", "2026-01-01")}, 0, 2, 0, ""},
		"and again":         {[]etl.RegistryDecision{line("a", "b", "same", "2026-01-01"), line("a", "b", "undone", "2026-01-01"), line("a", "b", "same", "2026-01-01")}, 1, 2, 0, "same"},
		"lines sorted":      {[]etl.RegistryDecision{line("a", "b", "undone", "2026-01-02"), line("a", "b", "same", "2026-01-01")}, 0, 2, 0, ""},
		"as Excel dates it": {[]etl.RegistryDecision{line("a", "b", "undone", "02/01/2026"), line("a", "b", "different", "01/01/2026")}, 0, 2, 0, ""},
		"without a date":    {[]etl.RegistryDecision{line("a", "b", "undone", ""), line("a", "b", "same", "2026-01-01")}, 0, 2, 0, ""},
		"too early":         {[]etl.RegistryDecision{line("a", "b", "same", "2026-01-02"), line("a", "b", "undone", "2026-01-01")}, 1, 1, 1, "same"},
		"the other way":     {[]etl.RegistryDecision{line("a", "b", "successor", "2026-01-01"), line("b", "a", "undone", "2026-01-02")}, 1, 1, 1, "successor"},
		"another pair":      {[]etl.RegistryDecision{line("a", "b", "same", "2026-01-01"), line("a", "c", "undone", "2026-01-02")}, 1, 1, 1, "same"},
		"two at once":       {[]etl.RegistryDecision{line("a", "b", "same", "2026-01-01"), line("a", "b", "same", "2026-01-01"), line("a", "b", "undone", "2026-01-02")}, 0, 3, 0, ""},
	} {
		now, past, loose := etl.InForce(c.lines)
		if got, want := []int{len(now), len(past), len(loose)}, []int{c.now, c.past, c.loose}; cmp.Diff(want, got) != "" {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		holds := ""
		for _, d := range now {
			holds = d.Judgement
		}
		if holds != c.holds {
			t.Errorf("%s: %q holds", name, holds)
		}
	}
}
