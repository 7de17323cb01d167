package source

import (
	"strings"
	"unicode"

	"hdsreport/etl"
)

// face is how a piece of a cell's text is shown. What is struck out, or hidden, or a
// mark of a footnote, is no part of the value, and every format can have it.
type face uint8

const (
	struck face = 1 << iota // crossed out
	raised                  // superscript
	hidden                  // by an attribute, a style or a class
	spoken                  // for screen readers alone
	mute                    // seen, but kept from screen readers: mostly a symbol
)

// shownText gathers a cell's text, piece by piece, as somebody reads it who looks at the
// sheet or the page. The zero value is empty.
type shownText struct {
	text    strings.Builder
	left    [leftKinds]string
	pending string // raised text, until it is known whole
}

// What was left out of a cell's text, by its kind.
const (
	leftStruck = iota
	leftMark
	leftHidden
	leftSpoken
	leftMute
	leftKinds
)

func (s *shownText) reset() {
	s.text.Reset()
	s.left, s.pending = [leftKinds]string{}, ""
}

// write adds a piece. A piece that has more than one face has the strongest: what is
// hidden is not also struck.
func (s *shownText) write(text string, f face) {
	if f == raised {
		s.pending += text
		return
	}
	s.settle()
	switch {
	case f == 0:
		s.text.WriteString(text)
	case f&hidden != 0:
		s.leave(leftHidden, text)
	case f&struck != 0:
		s.leave(leftStruck, text)
	case f&spoken != 0:
		s.leave(leftSpoken, text)
	case f&mute != 0:
		s.leave(leftMute, text)
	default:
		s.text.WriteString(text)
	}
}

// settle tells whether the raised text was a mark: "1" is, and the "er" of "1er" is not.
func (s *shownText) settle() {
	if s.pending == "" {
		return
	}
	if isNoteMark(s.pending) {
		s.leave(leftMark, s.pending)
	} else {
		s.text.WriteString(s.pending)
	}
	s.pending = ""
}

func (s *shownText) leave(kind int, text string) {
	const most = 32 << 10 // what a cell holds
	if len(s.left[kind]) < most {
		s.left[kind] += text
	}
}

// whole is the text without what was left out of it. Where nothing else is there, what
// is meant for one kind of reader alone is what the cell says: a symbol, or the "Oui"
// that a screen reader says for a picture.
func (s *shownText) whole() string {
	s.settle()
	text := strings.TrimSpace(s.text.String())
	for _, kind := range []int{leftSpoken, leftMute} {
		if text == "" {
			text, s.left[kind] = strings.TrimSpace(s.left[kind]), ""
		}
	}
	return text
}

// The characters that draw a stroke through the one before: how text is crossed out where
// nothing but characters can be written.
const shortStroke, longStroke = '\u0335', '\u0336'

// withoutStrokes returns a text without what is crossed out by characters, and what that
// was, nil if nothing.
func withoutStrokes(s string) (string, *[leftKinds]string) {
	if !strings.ContainsRune(s, shortStroke) && !strings.ContainsRune(s, longStroke) {
		return s, nil
	}
	var t shownText
	letter, f := "", face(0) // a character, and how it is shown
	for _, r := range s {
		switch {
		case r == shortStroke || r == longStroke:
			f = struck
			continue
		case !unicode.Is(unicode.Mn, r):
			t.write(letter, f)
			letter, f = "", 0
		}
		letter += string(r)
	}
	t.write(letter, f)
	return t.whole(), &t.left
}

// isNoteMark reports whether raised text refers to a note: "1", "(2)", "[3]", "a", "*",
// "1, 2". Other letters belong to the word: "er", "e", "o", "nde", "TM".
func isNoteMark(s string) bool {
	marks := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ()[],;\u00a0\n\t", r) })
	for _, m := range marks {
		switch {
		case len(m) <= 3 && strings.Trim(m, "0123456789") == "":
		case strings.Trim(m, "*†‡§¶#") == "":
		case len(m) == 1 && strings.Contains("abcdfghijklpqrstuvwxyz", m):
		default:
			return false
		}
	}
	return len(marks) > 0
}

// leftReports says how each kind is reported.
var leftReports = [leftKinds]struct {
	code, variant string
}{
	leftStruck: {etl.CodeTextStruck, ""},
	leftMark:   {etl.CodeNoteMark, ""},
	leftHidden: {etl.CodeHTMLHidden, "all"},
	leftMute:   {etl.CodeHTMLHidden, "mute"},
}

// leftOut reports what a cell's text lacks.
func (n *notes) leftOut(row, col int, left *[leftKinds]string) {
	for kind, text := range left {
		r := leftReports[kind]
		if r.code == "" {
			continue
		}
		if text = strings.Join(strings.Fields(text), " "); text == "" {
			continue
		}
		n.each(row, col, r.code, func() etl.Finding {
			f := etl.Find(etl.Warning, r.code, etl.Place{}, "text", short(text))
			f.Variant = r.variant
			return f
		})
	}
}
