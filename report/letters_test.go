package report

import (
	"slices"
	"strings"
	"testing"
)

// A digit is the unit; the other widths are those of the typeface, rounded.
func TestWidth(t *testing.T) {
	for s, want := range map[string]float64{"0123456789": 10, "iiii": 1.81, "mmmm": 6.3, "ÉÉ": 2.43, "": 0} {
		if got := (Type{}).Width(s) / screenMargin; got < want*0.99 || got > want*1.03 {
			t.Errorf("%q is %.2f digits wide, want %.2f", s, got, want)
		}
	}
	if plain, bold := (Type{}).Width("Acteur agréé"), (Type{Bold: true}).Width("Acteur agréé"); bold <= plain {
		t.Errorf("bold %.2f, plain %.2f", bold, plain)
	}
	if small, usual := (Type{Size: 9}).Width("n"), (Type{}).Width("n"); small*11 != usual*9 {
		t.Errorf("%v at 9 points, %v at 11", small, usual)
	}
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		text string
		room float64
		want []string
	}{
		{"", 10, []string{""}},
		{"court", 10, []string{"court"}},
		{"un\ndeux", 10, []string{"un", "deux"}},
		{"un\n", 10, []string{"un", ""}},
		{"000 000 000", 8, []string{"000 000", "000"}},
		{"000 000 ", 8, []string{"000 000 "}}, // a space at the end of a line takes none
		{"000 000", 8, []string{"000 000"}},   // a no-break space
		{"0 000\u00a0000", 8, []string{"0", "000\u00a0000"}},
		{"00000000000", 5, []string{"0000", "0000", "000"}}, // a word longer than a line
		{"00 00000000", 5, []string{"00", "0000", "0000"}},
		{"0000", 0, []string{"000", "0"}}, // no narrower than leastRoom
		{"éé 漢漢漢", 5, []string{"éé", "漢漢", "漢"}},
	} {
		if got := slices.Collect((Type{}).Lines(c.text, c.room)); !slices.Equal(got, c.want) {
			t.Errorf("%q over %v: %q, want %q", c.text, c.room, got, c.want)
		}
	}
	long := strings.Repeat("mot ", 5000) + strings.Repeat("x", 5000)
	var all strings.Builder
	for line := range (Type{}).Lines(long, 30) {
		if w := (Type{}).Width(line); w > 30 {
			t.Fatalf("%q takes %v", line, w)
		}
		all.WriteString(line)
	}
	if strings.ReplaceAll(all.String(), " ", "") != strings.ReplaceAll(long, " ", "") {
		t.Error("letters are lost")
	}
	for range (Type{}).Lines("un deux trois quatre", 4) {
		break // stops without a panic
	}
}
