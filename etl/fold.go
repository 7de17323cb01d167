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
	i := 0
	for i < len(s) && s[i] != 0 && asciiLetters[s[i]] == s[i] {
		i++
	}
	if i == len(s) {
		return s
	}
	var room [128]byte
	return string(appendFolded(room[:0], s))
}

// appendFolded appends the folded form of s to text. What only looks at it needs no memory
// of its own: of 300,000 rows, texts that were folded and dropped took 4 % of all time.
func appendFolded(text []byte, s string) []byte {
	latin := latinLetters()
	from := len(text)
	space := false // is needed before the next letter
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			i++
			if c = asciiLetters[c]; c == 0 {
				space = true
				continue
			}
			if space && len(text) > from {
				text = append(text, ' ')
			}
			text, space = append(text, c), false
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r < rune(len(latin)):
			base := latin[r]
			if base == "" {
				space = true
				break
			}
			if space && len(text) > from {
				text = append(text, ' ')
			}
			text, space = append(text, base...), false
		case r >= 0x2000 && r <= 0x206F: // dashes, quotes, spaces
			space = true
		default:
			return append(text, foldRest(s[i:], space, len(text) > from)...)
		}
		i += size
	}
	return text
}

// foldRest folds characters that latinLetters does not have. space says whether one is
// needed before the next letter, and within whether letters came before.
func foldRest(s string, space, within bool) string {
	var out []byte
	word := func(letters string) {
		if space && (within || len(out) > 0) {
			out = append(out, ' ')
		}
		space = false
		out = append(out, letters...)
	}
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'œ' || r == 'Œ':
			word("oe")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word(string(unicode.ToLower(r)))
		default:
			space = true
		}
	}
	return string(out)
}

// latinLetters maps each character below U+0180 to its folded form, or to "" if it has
// none. This covers French without decomposing every text.
var latinLetters = sync.OnceValue(func() *[0x180]string {
	var t [0x180]string
	for r := range t {
		t[r] = foldRest(string(rune(r)), false, false)
	}
	return &t
})

// foldsTo reports whether fold(s) is folded. Most texts that are asked about differ in the
// first letter.
func foldsTo(s, folded string) bool {
	if s != "" && asciiLetters[s[0]] != 0 && (folded == "" || folded[0] != asciiLetters[s[0]]) {
		return false
	}
	var room [128]byte
	return string(appendFolded(room[:0], s)) == folded
}

// asciiLetters maps each letter and digit of ASCII to its folded form, and every other byte
// to 0.
var asciiLetters = func() (t [256]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case 'A' <= c && c <= 'Z':
			t[c] = c + 'a' - 'A'
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			t[c] = c
		}
	}
	return t
}()

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
