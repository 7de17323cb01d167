package etl

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hdsreport/etl/compare"
)

// Cells reads what people write in the cells of a sheet and in corrections.csv, in any of
// the program's languages. It is the one place that says whether two texts mean the
// same.
type Cells struct {
	ref       *Reference
	positions map[string]compare.Value // by label or code, as plain returns it
	types     []string                 // folded labels and keys of each certificate type, of the longest first
	typeOf    map[string]uint8         // the type of each of them, as a set
}

// NewCells returns the reader for the tables of a reference.
func NewCells(ref *Reference) *Cells {
	c := &Cells{ref: ref, positions: map[string]compare.Value{}, typeOf: map[string]uint8{}}
	for _, p := range ref.Positions {
		c.positions[plain(p.Code)] = PositionCode(p.Code)
		for _, label := range p.Label {
			c.positions[plain(label)] = PositionCode(p.Code)
		}
	}
	for i, t := range ref.Types {
		for _, written := range []string{t.Key, t.Label["fr"], t.Label["en"]} {
			if f := fold(written); f != "" && c.typeOf[f] == 0 {
				c.typeOf[f] = 1 << i
				c.types = append(c.types, f)
			}
		}
	}
	slices.SortFunc(c.types, func(a, b string) int { return len(b) - len(a) })
	return c
}

// plain takes what typing may change out of a text: case, doubled and no-break spaces,
// the form of apostrophes.
func plain(s string) string {
	s = strings.NewReplacer("’", "'", "\u202f", " ", "\u00a0", " ").Replace(s)
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// OneSpace returns a text in Unicode's form NFC with single spaces: what free texts are
// compared by. Their case, accents and punctuation count.
func OneSpace(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// Blanks are the words for a cell that should be empty because nobody knows its value.
// The first stands for all of them.
var Blanks = []string{"vide", "empty", "blank", "none"}

// FromSource is the word for a cell that should say what the source says.
const FromSource = "source"

// UnknownActivity is the word for an activity of which nobody knows whether it is
// covered, on the sheets and in corrections.csv.
const UnknownActivity = "n.c."

// Read returns what a cell says in a column of a sheet. ok is false if the text is no value
// of that column; it is then compared as it was typed. Empty cells are nil, or an
// unknown activity.
func (c *Cells) Read(d *Definition, text string) (v compare.Value, ok bool) {
	text = OneSpace(text)
	kind := KindText
	if d != nil {
		kind = d.shownAs()
	}
	switch {
	case kind == KindActivity:
		if t, ok := tickSaid(text); ok {
			return t, true
		}
	case text == "":
		return nil, true
	case kind == KindDate:
		if date, ok := ParseDate(text); ok {
			return date, true
		}
	case kind == KindPosition:
		if v, ok := c.positions[plain(text)]; ok {
			return v, true
		}
	case kind == KindTypes:
		if set, ok := c.typesIn(text); ok {
			return TypeKeys(typeKeys(c.ref, set)), true
		}
	case kind == kindNumber:
		if n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64); err == nil {
			return Text(strconv.FormatFloat(n, 'f', -1, 64)), true
		}
		return Text(text), true // n.c.
	default:
		return Text(text), true
	}
	return Text(text), false
}

// Same reports whether two cells of a column say the same: 17/06/2019 is 2019-06-17, a
// position's label its code in any case, VRAI a yes, and the order of certificate types
// says nothing.
func (c *Cells) Same(d *Definition, a, b string) bool {
	x, _ := c.Read(d, a)
	y, _ := c.Read(d, b)
	return x == y
}

// tickSaid reads the cell of an activity.
func tickSaid(text string) (Tick, bool) {
	switch fold(text) {
	case "":
		if text == "" {
			return TickUnknown, true
		}
	case "n c", "nc", "n s", "ns":
		return TickUnknown, true
	}
	yes, ok := Ticked(text)
	if yes {
		return TickYes, ok
	}
	return TickNo, ok
}

// typesIn reads certificate types by their labels or keys, in any order. ok is false if
// the text says anything else.
func (c *Cells) typesIn(text string) (set uint8, ok bool) {
	rest := " " + fold(text) + " "
	for _, written := range c.types {
		for strings.Contains(rest, " "+written+" ") {
			rest = strings.Replace(rest, " "+written+" ", " ; ", 1)
			set |= c.typeOf[written]
		}
	}
	for word := range strings.FieldsSeq(rest) {
		if word != ";" && word != "et" && word != "and" {
			return 0, false
		}
	}
	return set, set != 0
}

// kindNumber is how cells are read that hold a number computed from other cells.
const kindNumber Kind = 255

// shownAs is the kind of the values that the column of a field has on a sheet.
func (d *Definition) shownAs() Kind {
	if d.Kind != KindDerived {
		return d.Kind
	}
	switch d.Key {
	case "effective":
		return KindDate
	case "also", FieldCounted:
		return KindActivity
	case "count", "covered", FieldActor:
		return kindNumber
	}
	return KindText
}
