package review

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// survives reports whether got is what a French Excel may write for want when it saves
// a CSV. Windows-1252 lacks some letters. Excel writes a question mark for them, two
// for a character outside the Basic Multilingual Plane, or a similar letter ("Łódź"
// becomes "?ód?" or "Lódz"). All other characters must be equal.
func survives(want, got string) bool {
	if want == got {
		return true
	}
	for want != "" {
		r, n := utf8.DecodeRuneInString(want)
		g, m := utf8.DecodeRuneInString(got)
		if _, held := charmap.Windows1252.EncodeRune(r); held {
			if r != g || m == 0 {
				return false
			}
			want, got = want[n:], got[m:]
			continue
		}
		want = want[n:]
		switch {
		case unicode.Is(unicode.Mn, r) && g != '?' && g != r: // a combining accent may be lost
		case m == 0:
			return false
		case g == '?' && r > 0xFFFF && len(got) > 1 && got[1] == '?':
			got = got[2:]
		case g == r || g == '?' || unicode.IsLetter(r) && g < utf8.RuneSelf && unicode.IsLetter(g):
			got = got[m:]
		default:
			return false
		}
	}
	return got == ""
}
