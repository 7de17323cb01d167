package report

import (
	"iter"
	"strings"
)

// Type is the type that a text is set in: its size in points, 0 for the usual one, and weight.
type Type struct {
	Size float64
	Bold bool
}

// ChartSize is the size of what is written in a chart, in points, its title apart.
const ChartSize = 9

// Type is the type of a look.
func (l Look) Type() Type { return Type{Size: l.Size, Bold: l.Bold} }

// Widths of the letters from the space to the tilde, and a digit's, in Calibri, in units of
// which an em has 2,048. Carlito, which is free, is made to the same measure: these are read
// from its tables. Columns are measured in digits of the usual size.
var (
	plainWidths = [...]float64{463, 667, 821, 1020, 1038, 1464, 1397, 452, 621, 621, 1020, 1020, 511, 627, 517, 791, 1038, 1038, 1038, 1038, 1038, 1038, 1038, 1038, 1038, 1038, 548, 548, 1020, 1020, 1020, 949, 1831, 1185, 1114, 1092, 1260, 1000, 941, 1292, 1276, 516, 653, 1064, 861, 1751, 1322, 1356, 1058, 1378, 1112, 941, 998, 1314, 1162, 1822, 1063, 998, 959, 628, 791, 628, 1020, 1020, 596, 981, 1076, 866, 1076, 1019, 625, 964, 1076, 470, 490, 931, 470, 1636, 1076, 1080, 1076, 1076, 714, 801, 686, 1076, 925, 1464, 887, 927, 809, 644, 943, 644, 1020}
	boldWidths  = [...]float64{463, 667, 898, 1020, 1038, 1493, 1443, 478, 638, 638, 1020, 1020, 528, 627, 547, 880, 1038, 1038, 1038, 1038, 1038, 1038, 1038, 1038, 1038, 1038, 565, 565, 1020, 1020, 1020, 949, 1840, 1241, 1148, 1084, 1291, 999, 940, 1305, 1292, 546, 678, 1120, 866, 1790, 1349, 1385, 1090, 1405, 1153, 968, 1014, 1337, 1211, 1856, 1128, 1064, 979, 665, 880, 665, 1020, 1020, 615, 1011, 1099, 857, 1099, 1031, 648, 971, 1099, 503, 523, 983, 503, 1666, 1099, 1101, 1099, 1099, 728, 817, 710, 1099, 969, 1526, 941, 970, 814, 704, 973, 704, 1020}
)

const (
	digitUnits = 1038.0
	// Programs round each letter to whole pixels of a screen, and may set a text so much wider.
	screenMargin = 1.03
)

// unit is what one unit of the tables is in column widths, with room for how programs round.
func (t Type) unit() float64 {
	size := t.Size
	if size == 0 {
		size = usualSize
	}
	return size / usualSize / digitUnits * screenMargin
}

func (t Type) widths() *[95]float64 {
	if t.Bold {
		return &boldWidths
	}
	return &plainWidths
}

// Width is the width of a text on one line, in the unit of column widths.
func (t Type) Width(s string) float64 {
	units, widths := 0.0, t.widths()
	for _, r := range s {
		units += letterUnits(widths, r)
	}
	return units * t.unit()
}

func letterUnits(widths *[95]float64, r rune) float64 {
	switch {
	case r >= ' ' && r <= '~':
		return widths[r-' ']
	case r < ' ' || r == '\u200b' || r == '\ufeff':
		return 0
	case r == '\u00a0' || r == '\u202f':
		return widths[0]
	case r == '’' || r == '‘' || r == '·':
		return widths[','-' ']
	case r >= 'À' && r <= 'Þ':
		return widths['D'-' '] // as wide as the widest capitals that bear accents, or wider
	case r >= 'ß' && r <= 'ÿ':
		return widths['n'-' ']
	case r >= 0x1100: // letters of Asia, signs, pictures
		return 2048
	}
	return widths['m'-' '] // œ, dashes, arrows; other alphabets
}

// Lines breaks a text into lines of a width, in the unit of column widths: at its line
// breaks, between words, and within a word that is longer than a line. No-break spaces
// belong to a word.
func (t Type) Lines(s string, room float64) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(s, "\n") {
			if !t.split(part, room, yield) {
				return
			}
		}
	}
}

// LineCount is the number of those lines.
func (t Type) LineCount(s string, room float64) int {
	n := 0
	for range t.Lines(s, room) {
		n++
	}
	return n
}

// split yields the lines of a text without line breaks.
func (t Type) split(s string, room float64, yield func(string) bool) bool {
	widths := t.widths()
	room = max(room, leastRoom) / t.unit()
	from, next := 0, 0       // beginnings of the line, and of its last word
	used, before := 0.0, 0.0 // widths of the line, and of it up to that word
	for i, r := range s {
		w := letterUnits(widths, r)
		if r == ' ' {
			used += w
			next, before = i+1, used
			continue
		}
		if used+w > room && next > from {
			if !yield(strings.TrimRight(s[from:next], " ")) {
				return false
			}
			from, used = next, used-before
		}
		if used+w > room && i > from {
			if !yield(s[from:i]) {
				return false
			}
			from, next, used = i, i, 0
		}
		used += w
	}
	return yield(s[from:])
}

// IndentWidth is what an indent takes of a cell, and cellPadding what its edges take, in the
// unit of column widths.
const (
	IndentWidth = 1.34 // three spaces
	cellPadding = 0.71 // five pixels
)

// Room is what a column of a width leaves for the text of a cell.
func (l Look) Room(width float64) float64 {
	if l.Indent {
		width -= IndentWidth
	}
	return width - cellPadding
}

// leastRoom is the width of a line at least: of a narrower one a text fills no cell that
// can be read.
const leastRoom = 4
