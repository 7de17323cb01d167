package etl

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold returns a text in lower case, without accents, and with each run of characters
// that are not letters or digits replaced by one space. Headers, labels and positions
// are compared in this form. Names have a more careful key (see etl/identity).
func fold(s string) string {
	if out, ok := foldASCII(s); ok {
		return out
	}
	b := folder{text: make([]byte, 0, len(s))}
	latin := latinLetters()
	for i, r := range s {
		switch {
		case r < rune(len(latin)):
			if base := latin[r]; base != "" {
				b.word(base)
			} else {
				b.space = true
			}
		case r >= 0x2000 && r <= 0x206F: // dashes, quotes, spaces
			b.space = true
		default:
			b.rest(s[i:])
			return string(b.text)
		}
	}
	return string(b.text)
}

// folder builds a folded text.
type folder struct {
	text  []byte
	space bool // a space is needed before the next word
}

func (b *folder) word(s string) {
	if b.space && len(b.text) > 0 {
		b.text = append(b.text, ' ')
	}
	b.space = false
	b.text = append(b.text, s...)
}

// rest folds characters that latinLetters does not have.
func (b *folder) rest(s string) {
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'œ' || r == 'Œ':
			b.word("oe")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.word(string(unicode.ToLower(r)))
		default:
			b.space = true
		}
	}
}

// latinLetters maps each character below U+0180 to its folded form, or to "" if it has
// none. This covers French without decomposing every text.
var latinLetters = sync.OnceValue(func() *[0x180]string {
	var t [0x180]string
	for r := range t {
		var b folder
		b.rest(string(rune(r)))
		t[r] = string(b.text)
	}
	return &t
})

// foldASCII is fold for ASCII texts, which are by far the most frequent.
func foldASCII(s string) (string, bool) {
	clean := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			return "", false
		}
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9') {
			clean = false
		}
	}
	if clean {
		return s, true
	}
	b := make([]byte, 0, len(s))
	space := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			if space && len(b) > 0 {
				b = append(b, ' ')
			}
			space = false
			b = append(b, c)
		} else {
			space = true
		}
	}
	return string(b), true
}

// hasPhrase reports whether a folded text contains a folded phrase as whole words. If
// open is set, the last word of the phrase may be the beginning of a longer word.
func hasPhrase(text, phrase string, open bool) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(phrase)
		if (i == 0 || text[i-1] == ' ') && (open || end == len(text) || text[end] == ' ') {
			return true
		}
		from = i + 1
	}
}
