package number

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"hdsreport/etl/novalue"
	"hdsreport/etl/pattern"
)

// Column is the kind of a source's column: a scheme, or EitherSirenOrSiret.
type Column string

// SirenOrSiret is a column that holds either of the two; their length tells which.
const SirenOrSiret Column = "siren_siret"

// IsColumn reports whether a name is that of a column of numbers.
func IsColumn(name string) bool {
	return Column(name) == SirenOrSiret || slices.Contains(schemes, Scheme(name)) && Scheme(name) != Registration
}

// Problem says why a cell, or a part of it, is no number.
type Problem uint8

const (
	None       Problem = iota
	Unreadable         // not in the form of a number: words, or digits that a spreadsheet rounded
	Invalid            // in the form of a number, but its check fails
)

// Reading is what a cell says.
type Reading struct {
	Numbers Set
	Problem Problem
	// Converted reports whether a number was taken for something else than what stands
	// in the cell: a zero that a spreadsheet ate, or a number of another scheme than
	// the column's.
	Converted bool
	// Text is the cell in normal form if all of it was read, otherwise as written.
	Text string
	// Beside is what a cell without a problem says besides its numbers: the words of a
	// register or a place, a remark. Nobody else keeps it.
	Beside string
}

var (
	// A spreadsheet's own writing of numbers: 508094927.0, and 4,51818E+13, which has
	// lost most digits.
	excelFloat = pattern.Of(`^(\d+)[.,]0+$`)
	scientific = pattern.Of(`(?i)^\d+([.,]\d+)?\s*e\s*\+?\s*\d+$`)

	// Between the numbers of a cell that holds several.
	between = pattern.Of(`(?i)[;/|\n\r&+]|\s(?:et|ou|and|or|[-–—]+)\s|,\s`)

	// What a number is called, at the beginning of a text that was folded.
	naming = pattern.Of(`^(?:rcs|r c s|siren|siret|finess|insee|tva|rna|n|no|num|numero) `)
	// Names of French numbers: what they stand before is no foreign one.
	named = pattern.Of(`(?i)\b(?:siren|siret|insee|finess)\b|\brcs[\s:.]+\d`)
	// A number that passes a check may stand among words: a SIRET, a SIREN, a VAT number.
	among = pattern.Of(`(?i)(?:\bFR[\s.-]*(?:\d[\s.-]*){2}|\b)\d{3}[\s.-]?\d{3}[\s.-]?\d{3}(?:[\s.-]{0,2}\d{5})?\b`)
	// A short word before a number is a country or its register, but for these.
	foreign = pattern.Of(`(?i)(?:^|[^\p{L}])(\p{L}{1,3})[\s.:-]*$`)
	own     = pattern.Of(`(?i)^(?:rcs|tva|fr|n|no|et|ou|and|or|id|vat|[a-d])$`)
	// All digits of a number that a spreadsheet wrote with an exponent.
	exponent = pattern.Of(`(?i)^(\d)[.,](\d+)E\+?(\d+)$`)
	// A letter for a digit.
	mistyped = strings.NewReplacer("O", "0", "I", "1", "L", "1")

	french     = pattern.Of(`^FR(\d\d)(\d{9})$`)
	foreignVAT = pattern.Of(`^[A-Z]{2,4}\d?[A-Z]?\d{4}[0-9A-Z]*$`) // DE123456789, ATU12345678, CHE123456789MWST
	frenchVAT  = pattern.Of(`^FR[0-9A-Z]{2}\d{9}$`)
	finessForm = pattern.Of(`^\d[0-9AB]\d{7}$`)
	rnaForm    = pattern.Of(`^W\d[0-9AB]\d{7}$`)
	// The words that stand before or after a number: RCS Nanterre, SIREN :, Nanterre B, (siège).
	// A country's code before a number (DE, CHE) makes it another country's.
	labelled = pattern.Of(`(?i)^(?:[^\d]*\b(?:rcs|r\.c\.s\.?|siren|siret|finess|insee|tva|rna|n°|no|num[ée]ro)\b` +
		`[^\d]*|` +
		`\p{L}[\p{L}'’. -]{3,}(?:\s+[A-D])?\s+)(\d[\d\s.-]*\d)\s*$`)
	trailed = pattern.Of(`(?i)^\s*(\d[\d\s.-]*\d)(?:\s*\(|\s*r\.?c\.?s\b|\s+\p{L}{4})[^\d]*$`)
)

// nothing are the words of a column of numbers that say that there is none, beside those of
// any cell.
var nothing = []string{"0", "x", "absent", "non attribue", "non immatricule", "non immatriculee"}

// fillers are numbers that people type where a form insists on one.
var fillers = []string{"123456789", "12345678901234", "12345678900000"}

// empty reports whether a text says that there is no number, as "néant", "(n.c.)", "SIREN :
// inconnu" and "RCS Paris n.c." do.
func empty(cell string) bool {
	said := novalue.Fold(cell)
	if said == "" {
		return strings.Trim(cell, "-–—/.…_?() \u00a0\t\n") == ""
	}
	none := func(s string) bool { return slices.Contains(nothing, s) || novalue.Word(s) }
	if none(said) {
		return true
	}
	name := naming().FindString(said)
	if name == "" || strings.ContainsAny(said, "0123456789") {
		return false
	}
	for rest := said[len(name):]; rest != ""; { // the place of a register may stand between
		if none(rest) {
			return true
		}
		_, rest, _ = strings.Cut(rest, " ")
	}
	return false
}

// emptyPart is empty for a part of a cell, where a lone digit or letter may belong to a number.
func emptyPart(part string) bool { return empty(part) && len(novalue.Fold(part)) != 1 }

func filler(value string) bool {
	return slices.Contains(fillers, value) || strings.Trim(value, "0") == "" ||
		len(value) >= 8 && strings.Trim(value, "9") == ""
}

// Read reads a cell of a column.
func Read(column Column, cell string) Reading {
	r := read(column, cell)
	if r.Problem == None && len(r.Numbers) > 0 {
		r.Beside = beside(cell, r.Numbers)
	}
	return r
}

func read(column Column, cell string) Reading {
	cell = strings.TrimLeft(strings.TrimSpace(cell), "'’")
	if empty(cell) {
		return Reading{}
	}
	if m := excelFloat().FindStringSubmatch(cell); m != nil {
		cell = m[1]
	}
	if m := exponent().FindStringSubmatch(cell); m != nil && strings.TrimLeft(m[3], "0") == strconv.Itoa(len(m[2])) {
		if r := one(column, m[1]+m[2]); len(r.Numbers) > 0 { // nothing was rounded: the check says so
			r.Converted, r.Text = true, r.Numbers.text(column)
			return r
		}
	}
	if scientific().MatchString(cell) {
		return Reading{Problem: Unreadable, Text: cell}
	}
	written := cell
	parts := split(cell)
	switch said := slices.DeleteFunc(slices.Clone(parts), emptyPart); {
	case len(parts) < 2 || len(said) > 1:
	case len(said) == 0:
		return Reading{}
	default:
		cell, parts = said[0], said // "508094927 / néant"
	}
	r := one(column, cell)
	if r.Problem != None || len(r.Numbers.Of(Unchecked)) > 0 {
		if len(parts) > 1 {
			several, whole := all(column, parts)
			// Anything with a digit in it may be a foreign number: parts are better than the whole if
			// all of them are numbers, or if one of them passes a check.
			checked := len(several.Numbers) > len(several.Numbers.Of(Unchecked))
			if checked || len(several.Numbers) > 0 && several.Problem == None && whole {
				r = several
			}
		}
	}
	if len(r.Numbers) == len(r.Numbers.Of(Unchecked)) {
		if a := amongWords(column, cell); len(a.Numbers) > 0 {
			r = a
		}
	}
	if r.Problem == None {
		r.Text = r.Numbers.text(column)
	} else {
		r.Text = written
	}
	return r
}

// text returns the values of a column's numbers. A SIRET implies its SIREN, which is
// left out.
func (s Set) text(column Column) string {
	var out []string
	for _, n := range s {
		if n.Scheme == SIREN && len(s.of(SIRET)) > 0 && column != Column(SIREN) {
			continue
		}
		out = append(out, n.Value)
	}
	if column == Column(SIREN) && len(s.of(SIREN)) > 0 {
		out = out[:0]
		for _, n := range s.of(SIREN) {
			out = append(out, n.Value)
		}
	}
	return strings.Join(out, " ")
}

// split cuts a cell into the numbers that it may hold.
func split(cell string) []string {
	parts := between().Split(cell, -1)
	if len(parts) == 1 {
		// "508094927 415620053", where no number is written in groups.
		words := strings.FieldsFunc(cell, separates)
		if !slices.ContainsFunc(words, func(w string) bool { return len(w) < 8 }) {
			parts = words
		}
	}
	return slices.DeleteFunc(parts, func(p string) bool { return strings.TrimSpace(p) == "" })
}

func separates(r rune) bool { return unicode.IsSpace(r) || r == ',' }

// all reads the parts of a cell. Those that are no numbers make the problem of the
// whole; the others are kept. It is not whole if a part is neither, such as the 0 of HRB 12345/0.
func all(column Column, parts []string) (out Reading, whole bool) {
	whole = true
	for _, p := range parts {
		if emptyPart(p) {
			continue
		}
		r := one(column, p)
		out.Numbers = out.Numbers.Union(r.Numbers)
		out.Converted = out.Converted || r.Converted
		out.Problem = max(out.Problem, r.Problem)
		whole = whole && (len(r.Numbers) > 0 || r.Problem != None)
	}
	return out, whole
}

// beside returns what a cell says besides some numbers, piece by piece.
func beside(cell string, numbers Set) string {
	if m := excelFloat().FindStringSubmatch(strings.TrimSpace(cell)); m != nil {
		return ""
	}
	runes := []rune(cell)
	var folded []rune // the signs that plain keeps
	var at []int      // where they stand in the cell
	for i, r := range runes {
		if s := []rune(plain(string(r))); len(s) == 1 {
			folded, at = append(folded, s[0]), append(at, i)
		}
	}
	read := make([]bool, len(runes))
	for _, n := range numbers {
		value := []rune(n.Value)
		for i := 0; i+len(value) <= len(folded); i++ {
			if !slices.Equal(folded[i:i+len(value)], value) {
				continue
			}
			from := i
			if n.Scheme == SIREN && i >= 4 && string(folded[i-4:i]) == "FR"+key(n.Value) {
				from -= 4 // the VAT number of the SIREN
			}
			for j := at[from]; j <= at[i+len(value)-1]; j++ {
				read[j] = plain(string(runes[j])) != "" || meaningless(runes[j])
			}
		}
	}
	var out []string
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && read[j] == read[i] {
			j++
		}
		if piece := strings.TrimFunc(string(runes[i:j]), meaningless); !read[i] && piece != "" {
			out = append(out, piece)
		}
		i = j
	}
	return strings.Join(out, ", ")
}

// meaningless are the signs between words.
func meaningless(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.So, r)
}

// amongWords reads the numbers that pass a check and stand among words, or beside others.
// Other digits are the problem of the whole.
func amongWords(column Column, cell string) Reading {
	var out Reading
	if column == Column(RNA) || strings.HasPrefix(string(column), string(FINESS)) {
		return out
	}
	rest, from := "", 0
	for _, at := range among().FindAllStringIndex(cell, -1) {
		before := cell[from:at[0]]
		if m := foreign().FindStringSubmatch(before); m != nil && !own().MatchString(m[1]) {
			continue
		}
		value := plain(cell[at[0]:at[1]])
		r := company(column, value)
		if len(r.Numbers) == 0 || len(r.Numbers.Of(Unchecked)) > 0 {
			continue
		}
		out.Numbers, out.Converted = out.Numbers.Union(r.Numbers), out.Converted || r.Converted
		rest, from = rest+before+" ", at[1]
	}
	if strings.ContainsAny(rest+cell[from:], "0123456789") {
		out.Problem = Invalid
	}
	return out
}

// one reads a cell that holds one number.
func one(column Column, cell string) Reading {
	value := plain(cell)
	if filler(value) {
		return Reading{}
	}
	if !digits(value) {
		for _, form := range []*regexp.Regexp{labelled(), trailed()} {
			if m := form.FindStringSubmatch(cell); m != nil {
				if v := plain(m[1]); slices.Contains([]int{9, 14}, len(v)) {
					value = v
				}
			}
		}
	}
	if filler(value) {
		return Reading{}
	}
	if named().MatchString(cell) && strings.ContainsAny(value, "0123456789") &&
		!digits(value) && !frenchVAT().MatchString(value) {
		return Reading{Problem: Invalid}
	}
	switch column {
	case Column(RNA):
		return formed(RNA, value, rnaForm().MatchString(value))
	case Column(FINESSEJ), Column(FINESSET), Column(FINESS):
		return finess(Scheme(column), value)
	}
	return company(column, value)
}

func formed(scheme Scheme, value string, valid bool) Reading {
	switch {
	case valid:
		return Reading{Numbers: Set{{scheme, value}}}
	case strings.ContainsAny(value, "0123456789"):
		return Reading{Problem: Invalid}
	}
	return Reading{Problem: Unreadable}
}

func finess(scheme Scheme, value string) Reading {
	if padded := "0" + value; ValidFINESS(padded) {
		return Reading{Numbers: Set{{scheme, padded}}, Converted: true}
	}
	return formed(scheme, value, ValidFINESS(value))
}

// company reads a number of the columns siren, siret, siren_siret and vat, which are
// mistaken for each other.
func company(column Column, value string) Reading {
	if m := french().FindStringSubmatch(value); m != nil {
		if !ValidSIREN(m[2]) || m[1] != key(m[2]) {
			return Reading{Problem: Invalid}
		}
		return Reading{Numbers: Set{{SIREN, m[2]}}, Converted: column != Column(VAT)}
	}
	if frenchVAT().MatchString(value) { // a key with letters follows no published formula
		return Reading{Numbers: Set{{VAT, value}}, Converted: column != Column(VAT)}
	}
	if !digits(value) {
		switch {
		case !strings.ContainsAny(value, "0123456789"):
			return Reading{Problem: Unreadable}
		case len(value) < 5:
			return Reading{Problem: Invalid}
		case column == Column(VAT) && foreignVAT().MatchString(value):
			return Reading{Numbers: Set{{VAT, value}}}
		case column == Column(VAT): // "67 siège", not the number of another country
			return Reading{Problem: Invalid}
		}
		if right := mistyped.Replace(value); digits(right) && right[0] == value[0] && column != Column(Registration) {
			if r := company(column, right); r.Problem == None {
				r.Converted = true
				return r
			}
			if len(right) == 9 || len(right) == 14 {
				return Reading{Problem: Invalid}
			}
		}
		return Reading{Numbers: Set{{Registration, value}}, Converted: true}
	}
	padded := "0" + value
	switch {
	case ValidSIREN(value):
		return Reading{Numbers: Set{{SIREN, value}}, Converted: column != Column(SIREN) && column != SirenOrSiret}
	case ValidSIRET(value):
		return Reading{Numbers: siret(value), Converted: column != Column(SIRET) && column != SirenOrSiret}
	case ValidSIREN(padded) && (column == Column(SIREN) || column == SirenOrSiret):
		return Reading{Numbers: Set{{SIREN, padded}}, Converted: true}
	case ValidSIRET(padded) && (column == Column(SIRET) || column == SirenOrSiret):
		return Reading{Numbers: siret(padded), Converted: true}
	}
	return Reading{Problem: Invalid}
}

func siret(value string) Set { return SetOf(Number{SIREN, value[:9]}, Number{SIRET, value}) }

// plain returns a text in capitals and without what people put between digits.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', unicode.IsLetter(r):
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// Parse reads numbers as registry/actors.csv has them (siren:508094927), or bare digits,
// with spaces between them. bad holds the words that are no valid numbers.
func Parse(text string) (s Set, bad []string) {
	for word := range strings.FieldsSeq(text) {
		scheme, value, named := strings.Cut(word, ":")
		column := SirenOrSiret
		if named {
			column = Column(strings.ToLower(scheme))
		} else {
			value = word
		}
		if named && column != SirenOrSiret && !slices.Contains(schemes, Scheme(column)) {
			bad = append(bad, word)
			continue
		}
		r := one(column, value)
		if r.Problem != None || len(r.Numbers) == 0 {
			bad = append(bad, word)
			continue
		}
		s = s.Union(r.Numbers)
	}
	return s, bad
}
