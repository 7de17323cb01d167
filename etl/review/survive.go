package review

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// survives tells that got is what a French Excel makes of want when it saves a
// CSV: Windows-1252 has no place for some letters, and what it writes for one is a
// question mark, two for a character outside the first plane, or a letter that
// looks like it ("Łódź" comes back as "?ód?" or "Lódz"). Every other character
// must be as it was: a name with such a letter could never be ruled on otherwise,
// and one without has no excuse.
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
		case unicode.Is(unicode.Mn, r) && g != '?' && g != r: // an accent of its own may just be lost
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
