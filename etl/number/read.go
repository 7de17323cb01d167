package number

import (
	"hdsreport/etl/pattern"
	"regexp"
	"slices"
	"strings"
	"unicode"
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
}

var (
	// A spreadsheet's own writing of numbers: 508094927.0, and 4,51818E+13, which has
	// lost most digits.
	excelFloat = pattern.Of(`^(\d+)[.,]0+$`)
	scientific = pattern.Of(`(?i)^\d+([.,]\d+)?\s*e\s*\+?\s*\d+$`)

	// Between the numbers of a cell that holds several.
	between = pattern.Of(`(?i)[;/|\n\r&+]|\s(?:et|ou|and|or)\s|,\s`)

	french     = pattern.Of(`^FR(\d\d)(\d{9})$`)
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

// nothing are the cells that say that there is no number.
var nothing = []string{"", "-", "0", "?", "x", "na", "n/a", "nc", "nd", "neant", "néant", "aucun", "sans objet", "so",
	"non communiqué", "non communique", "non renseigné", "non renseigne", "inconnu", "none", "nil", "null", "nr"}

// fillers are numbers that people type where a form insists on one.
var fillers = []string{"123456789", "12345678901234", "12345678900000"}

func empty(cell string) bool {
	word := strings.ToLower(strings.TrimSpace(cell))
	return slices.Contains(nothing, strings.ReplaceAll(word, ".", ""))
}

func filler(value string) bool {
	return slices.Contains(fillers, value) || strings.Trim(value, "0") == "" ||
		len(value) >= 8 && strings.Trim(value, "9") == ""
}

// Read reads a cell of a column.
func Read(column Column, cell string) Reading {
	cell = strings.TrimLeft(strings.TrimSpace(cell), "'’")
	if empty(cell) {
		return Reading{}
	}
	if m := excelFloat().FindStringSubmatch(cell); m != nil {
		cell = m[1]
	}
	if scientific().MatchString(cell) {
		return Reading{Problem: Unreadable, Text: cell}
	}
	r := one(column, cell)
	if r.Problem != None || len(r.Numbers.Of(Unchecked)) > 0 {
		if parts := split(cell); len(parts) > 1 {
			several := all(column, parts)
			// Anything with a digit in it may be a foreign number: parts are better than the whole if
			// all of them are numbers, or if one of them passes a check.
			checked := len(several.Numbers) > len(several.Numbers.Of(Unchecked))
			if checked || len(several.Numbers) > 0 && several.Problem == None {
				r = several
			}
		}
	}
	if r.Problem == None {
		r.Text = r.Numbers.text(column)
	} else {
		r.Text = cell
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
// whole; the others are kept.
func all(column Column, parts []string) Reading {
	var out Reading
	for _, p := range parts {
		r := one(column, p)
		out.Numbers = out.Numbers.Union(r.Numbers)
		out.Converted = out.Converted || r.Converted
		out.Problem = max(out.Problem, r.Problem)
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
		case column == Column(VAT):
			return Reading{Numbers: Set{{VAT, value}}}
		}
		return Reading{Numbers: Set{{Registration, value}}}
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
