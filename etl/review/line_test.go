package review

import (
	"strings"
	"testing"
)

// A cell is put on one line whatever spaces it holds, and one that is fine stays.
func TestOneLine(t *testing.T) {
	spaces := []string{" ", "  ", "\t", "\n", "\r\n", "\v", "\u0085", "\u00a0", "\u1680", "\u2003", "\u2028", "\u202f", "\u205f", "\u3000"}
	texts := []string{"", "a", "été", "À la Réunion", "œuvre", "日本", "€"}
	for _, s := range spaces {
		texts = append(texts, s, s+"a", "a"+s, "a"+s+"b", "é"+s+"É")
	}
	for _, s := range texts {
		if got, want := oneLine(s), strings.Join(strings.Fields(s), " "); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}
