package etl

import "testing"

// TestNotName: what a name has, and what only a row that is none has.
func TestNotName(t *testing.T) {
	for text, want := range map[string]string{
		"Alpha Santé": "", "3DS Outscale": "", "#1 Hosting": "", "C&A": "", "E-Santé – Île-de-France": "",
		"# Alpha": "not-name-comment", "#Golf": "not-name-comment", "// Alpha": "not-name-comment", "-- Alpha": "not-name-comment",
		"/* Alpha */": "not-name-comment", "<!-- Alpha -->": "not-name-comment",
		"contact@alpha.fr": "not-name-address", "17/06/2019": "not-name-date", "12345": "not-name-digits", "azerty": "not-name-spam",
		"Hôpital d?Amiens": "not-name-characters", "***": "not-name-characters",
	} {
		if got := notName(text); string(got) != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}
