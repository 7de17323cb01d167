package review

import "testing"

// TestSurvives: what Excel may make of letters that Windows-1252 lacks is the same text, and a
// question mark or letter for any other one is not.
func TestSurvives(t *testing.T) {
	for _, c := range []struct {
		want, got string
		same      bool
	}{
		{"", "", true}, {"Łódź", "Łódź", true}, {"Łódź", "?ód?", true}, {"Łódź", "Lódz", true}, {"Łódź", "Lodz", false},
		{"Łódź", "Łód", false}, {"Łódź", "?ód?x", false}, {"é", "?", false}, {"é", "e", false}, {"a", "", false}, {"", "a", false},
		{"𝔸b", "??b", true}, {"𝔸b", "?b", true}, {"𝔸", "?", true}, {"Ł?", "??", true}, {"Ł", "??", false}, {"Ł", "", false}, {"Ł", "1", false}, {"Ł", "é", false},
		{"→", "a", false}, {"→", "?", true}, {"→b", "→b", true}, {"→Ł", "→L", true}, {"a\u0307b", "ab", true}, {"a\u0307b", "a?b", true}, {"a\u0307Ł", "a\u0307L", true},
		{"a\u0307", "a", true}, {"a\u0307", "ax", false}, {"𝔸?", "???", true},
	} {
		if survives(c.want, c.got) != c.same {
			t.Errorf("%q as %q: %v", c.want, c.got, !c.same)
		}
	}
}
