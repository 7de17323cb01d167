package source

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hdsreport/etl/pattern"
)

// marks of what cleaning did to a cell, or found in it.
type cellMarks uint8

const (
	repairedMojibake cellMarks = 1 << iota
	suspectMojibake
	lostCharacter   // U+FFFD
	questionInWord  // "Cov?éa"
	typographicGaps // no-break and other spaces made ordinary
	invisibleGone   // zero-width characters, soft hyphens
	controlGone     // NUL and other control characters, and what Unicode says is none
	escapeRepaired  // "_x000D_", "&amp;", "<br>" and their like
)

// cleanText gives a cell its form (see the package's documentation).
func cleanText(s string) (string, cellMarks) {
	var marks cellMarks
	escaped := strings.Contains(s, "_x") || strings.IndexByte(s, '&') >= 0 || strings.IndexByte(s, '<') >= 0
	if escaped || !plain(s) {
		if !utf8.ValidString(s) {
			s = strings.ToValidUTF8(s, "\uFFFD")
		}
		// Removing or composing characters can bring mojibake together, hence the
		// loop: a second turn is rare, and the bound never met but by design.
		for range 8 {
			t, repaired := repair(s)
			if repaired {
				marks |= repairedMojibake
			}
			t, m := foldSpaces(t)
			marks |= m
			if escaped {
				if u := untagged(unescapeEntities(unescapeControls(t))); u != t {
					t, _ = foldSpaces(u)
					marks |= escapeRepaired
				}
			}
			if !norm.NFC.IsNormalString(t) {
				t = norm.NFC.String(t)
			}
			if t == s {
				break
			}
			s = t
		}
		if strings.ContainsRune(s, utf8.RuneError) {
			marks |= lostCharacter
		}
		if suspect(s) {
			marks |= suspectMojibake
		}
	}
	if strings.IndexByte(s, '?') > 0 && brokenWord(s) {
		marks |= questionInWord
	}
	return s, marks
}

// unescapeControls undoes "_x000D_" and its like: how a workbook writes a character that
// XML does not hold, and what programs copy from there letter by letter. Other characters
// have no need of it, so that what looks like their escape may be meant.
func unescapeControls(s string) string {
	return escapedCharacter().ReplaceAllStringFunc(s, func(escape string) string {
		n, _ := strconv.ParseUint(escape[2:6], 16, 16)
		if r := rune(n); classOf(r) != kept {
			return string(r)
		}
		return escape
	})
}

var escapedCharacter = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`) })

// untagged takes the tags off a text that is a piece of a page, as an export of a site has
// them. What begins a line there begins one here. A text in which a tag changes what is said
// stays as it is: crossed-out text, raised figures, pictures.
func untagged(s string) string {
	if strings.IndexByte(s, '<') < 0 || !anyTag().MatchString(s) || tellingTag().MatchString(s) {
		return s
	}
	return strings.TrimSpace(inlineTag().ReplaceAllString(lineTag().ReplaceAllString(s, "\n"), ""))
}

var (
	anyTag     = pattern.Of(`(?i)</(?:` + inlineNames + `|` + lineNames + `)>|<(?:br|p|li)\b[^<>]*>`)
	lineTag    = pattern.Of(`(?i)</?(?:` + lineNames + `)\b[^<>]*>`)
	inlineTag  = pattern.Of(`(?i)</?(?:` + inlineNames + `)\b[^<>]*>`)
	tellingTag = pattern.Of(`(?i)<(?:s|del|strike|sup|sub|img|svg|i\s[^<>]*class|span\s[^<>]*(?:style|class|hidden)|script|style|table|td|tr)\b`)
)

const (
	inlineNames = `b|strong|i|em|u|span|a|font|small|big|mark|abbr|wbr|nobr`
	lineNames   = `br|p|div|ul|ol|li|h[1-6]`
)

// plain tells a text that needs nothing: printable ASCII and letters with accents, one
// at a time as in French, single spaces inside. Most cells are, so this is what a big file
// costs. Mojibake is two such letters at least, or begins with "Ã".
func plain(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			if space {
				return false
			}
			space = true
		case c == 0xC3 && i+1 < len(s) && s[i+1] >= 0x80 && s[i+1] < 0xC0 && s[i+1] != 0x83 &&
			(i+2 == len(s) || s[i+2] < utf8.RuneSelf):
			i++
			space = false
		case c < ' ' || c > '~':
			return false
		default:
			space = false
		}
	}
	return s == "" || !space
}

// what a rune is to foldSpaces.
type runeClass uint8

const (
	kept runeClass = iota
	blank
	oddBlank // a typographic space
	lineBreak
	unseen
	control
)

func classOf(r rune) runeClass {
	switch {
	case r == ' ' || r == '\t':
		return blank
	case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
		return lineBreak
	case r < ' ' || r >= 0x7f && r <= 0x9f || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef:
		return control // noncharacters too: XML takes neither U+FFFE nor U+FFFF
	case r < 0x7f:
		return kept
	case ignorable(r):
		return unseen
	case unicode.Is(unicode.Zs, r) || r == '\u2800': // a pattern of braille without dots
		return oddBlank
	}
	return kept
}

// ignorable reports whether nothing is to be seen of a character, by Unicode's property
// Default_Ignorable_Code_Point: marks of direction, joiners, fillers, variation selectors,
// tags.
func ignorable(r rune) bool {
	return r == '\u00ad' || r == '\u034f' || r == '\u061c' || r == '\u115f' || r == '\u1160' || r == '\u17b4' || r == '\u17b5' ||
		r >= '\u180b' && r <= '\u180f' || r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' ||
		r >= '\u2060' && r <= '\u206f' || r == '\u3164' || r >= '\ufe00' && r <= '\ufe0f' || r == '\ufeff' || r == '\uffa0' ||
		r >= '\ufff0' && r <= '\ufff8' || r >= 0x1bca0 && r <= 0x1bca3 || r >= 0x1d173 && r <= 0x1d17a || r >= 0xe0000 && r <= 0xe0fff
}

// foldSpaces makes every gap one space or one line break, and takes out what
// cannot be seen.
func foldSpaces(s string) (string, cellMarks) {
	if folded(s) {
		return s, 0
	}
	var marks cellMarks
	var b strings.Builder
	b.Grow(len(s))
	gap := byte(0) // pending: ' ' or '\n'
	for _, r := range s {
		switch classOf(r) {
		case oddBlank:
			marks |= typographicGaps
			fallthrough
		case blank:
			if gap == 0 {
				gap = ' '
			}
		case lineBreak:
			gap = '\n'
		case unseen:
			marks |= invisibleGone
		case control:
			marks |= controlGone
		default:
			if gap != 0 && b.Len() > 0 {
				b.WriteByte(gap)
			}
			gap = 0
			b.WriteRune(r)
		}
	}
	return b.String(), marks
}

// WithoutControls returns a text without the characters that no workbook can hold or
// show. Line breaks stay; a vertical tab and a form feed, which XML forbids, become one.
func WithoutControls(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\v' || r == '\f':
			return '\n'
		case classOf(r) == control:
			return -1
		}
		return r
	}, s)
}

// folded tells a text that foldSpaces would not change: most are.
func folded(s string) bool {
	gap := true
	for _, r := range s {
		if r == ' ' || r == '\n' {
			if gap {
				return false
			}
			gap = true
			continue
		}
		if classOf(r) != kept {
			return false
		}
		gap = false
	}
	return s == "" || !gap
}

// brokenWord tells a question mark between two letters: most often a character
// that a program could not write. Addresses have them for good.
func brokenWord(s string) bool {
	if strings.Contains(s, "://") || strings.Contains(s, "www.") {
		return false
	}
	prev, mark := ' ', false
	for _, r := range s {
		if mark && unicode.IsLetter(r) {
			return true
		}
		mark = r == '?' && unicode.IsLetter(prev)
		prev = r
	}
	return false
}
