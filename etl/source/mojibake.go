package source

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Mojibake is UTF-8 that some program took for a one-byte encoding and wrote as
// UTF-8 again: "é", two bytes, became two characters. It can be undone exactly
// when those characters, put back into that encoding, are a valid UTF-8 sequence
// again. What makes it *certain* is that the sequence then stands for something
// that these lists are written with: a Latin letter, typographic punctuation, a
// tick, a combining accent. "Ã©" is never meant in French; "É«" decodes too, but
// to a letter of the phonetic alphabet, and is left alone.
//
// The work is done sequence by sequence and not on the whole cell, because cells
// are pasted together from sources of which only one was broken.

// a misreading is an encoding for which UTF-8 gets taken: by Windows programs, or
// by Excel on a Mac.
type misreading struct {
	byteOf map[rune]byte
	leads  map[rune]bool // the runes that a UTF-8 sequence can start with, misread
	never  rune          // alone, followed by a space: an à that lost its no-break space
}

var misreadings = []misreading{newMisreading(charmap.Windows1252, true), newMisreading(charmap.Macintosh, false)}

func newMisreading(c *charmap.Charmap, latin1 bool) misreading {
	m := misreading{byteOf: map[rune]byte{}, leads: map[rune]bool{}}
	for b := 0x80; b <= 0xff; b++ {
		r := c.DecodeByte(byte(b))
		m.byteOf[r] = byte(b)
		if latin1 && b < 0xa0 {
			m.byteOf[rune(b)] = byte(b) // read as ISO 8859-1: the same, with C1 controls
		}
		if b >= 0xc2 && b <= 0xf4 {
			m.leads[r] = true
		}
	}
	m.never = c.DecodeByte(0xc3)
	return m
}

// typical tells whether a repaired character is one that the lists are written
// with, or one that the same misreading makes, and so may be half of a character
// that was broken twice. Latin letters beyond those are left out: "Ä¶" in a file
// from a Mac is an ellipsis, not a Latvian letter.
func (m *misreading) typical(r rune) bool {
	if _, ok := m.byteOf[r]; ok {
		return true
	}
	switch {
	case r >= 0xa0 && r <= 0xff, // Latin-1: letters, « » ° · and the no-break space
		r == 'Œ' || r == 'œ' || r == 'Ÿ',
		r >= 0x300 && r <= 0x36f,   // combining accents
		r >= 0x2002 && r <= 0x206f, // general punctuation and its spaces
		r == '€' || r == '™' || r == '№',
		r >= 0x2610 && r <= 0x2612, r >= 0x2713 && r <= 0x2718, // boxes and ticks
		r == '✅' || r == '❌' || r == '●' || r == '■',
		r == 0xfeff || r == utf8.RuneError:
		return true
	}
	return false
}

// repair undoes mojibake, as many times over as it was done; Windows first, because
// what it makes can look like a Mac's.
func repair(s string) (string, bool) {
	repaired := false
	for i := range misreadings {
		if m := &misreadings[i]; m.possible(s) {
			t, ok := m.undo(s)
			if ok {
				s, repaired = t, true
			}
		}
	}
	return s, repaired
}

// possible tells quickly that there is something to look at, a lead and what can
// follow one: most cells have none.
func (m *misreading) possible(s string) bool {
	lead := false
	for _, r := range s {
		if r < utf8.RuneSelf {
			lead = false
			continue
		}
		if lead && m.byteOf[r]&0xc0 == 0x80 {
			return true
		}
		lead = m.leads[r]
	}
	return false
}

// undo goes through the text once, as a parser does that shifts and reduces:
// whenever the last characters are a misread sequence they become the one that it
// stands for, which may complete another. So the cost is linear however deep the
// damage, and a second call would find nothing more.
func (m *misreading) undo(s string) (string, bool) {
	stack := make([]rune, 0, len(s))
	repaired := false
	for _, r := range s {
		stack = append(stack, r)
		for {
			r, n := m.last(stack)
			if n == 0 {
				break
			}
			stack = stack[:len(stack)-n]
			repaired = true
			if _, part := m.byteOf[r]; !part && classOf(r) == unseen {
				break // it would go anyway, and what it stood between comes together
			}
			stack = append(stack, r)
		}
	}
	if !repaired {
		return s, false
	}
	// "à" ends in a no-break space when misread; many programs have made that an
	// ordinary one. Beside a certain repair, this one is certain too.
	return strings.ReplaceAll(string(stack), string(m.never)+" ", "à "), true
}

// last tells whether the last n runes are a UTF-8 sequence misread, and what it
// stands for; n is 0 if they are not.
func (m *misreading) last(stack []rune) (r rune, n int) {
	var seq [utf8.UTFMax]byte
	for n := 1; n <= len(seq) && n <= len(stack); n++ {
		b, ok := m.byteOf[stack[len(stack)-n]]
		if !ok {
			return 0, 0
		}
		seq[len(seq)-n] = b
		if b&0xc0 == 0x80 {
			continue // one of the bytes that follow the first
		}
		// DecodeRune refuses what is cut, overlong or no character.
		if r, size := utf8.DecodeRune(seq[len(seq)-n:]); n > 1 && size == n && m.typical(r) {
			return r, n
		}
		return 0, 0
	}
	return 0, 0
}

// suspect tells a text that still looks like mojibake that cannot be undone.
func suspect(s string) bool {
	return strings.Contains(s, "Ã") || strings.Contains(s, "â€") || strings.Contains(s, "√©")
}
