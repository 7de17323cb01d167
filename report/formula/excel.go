package formula

import (
	"strconv"
	"strings"

	"hdsreport/etl/ooxml"
	"hdsreport/etl/pattern"
	"hdsreport/report"
)

// Excel writes formulas as a file holds them: structured references, commas
// between arguments, decimal points, whatever the reader's language.
func Excel() Dialect { return excel{} }

type excel struct{}

// Limits of the format (ECMA-376 and Microsoft's "Excel specifications and limits").
const (
	maxFormula = 8192 // characters in a formula
	maxLiteral = 255  // characters in one text inside a formula
	// Of a spreadsheet that does not index its look-ups (Excel 2016). For AlsoIn, some
	// 20,000 rows a list.
	maxComparisons = 400_000_000
)

// TEXTJOIN came with Excel 2019.
func (excel) limits() limits {
	return limits{comparisons: maxComparisons, length: maxFormula, named: 0}
}

func (excel) separator() string { return "," }

// whole and thisRow are the two structured references in use. A file holds
// [#This Row] where the formula bar shows "@".
func (excel) whole(t *report.Table, column int) string {
	header := t.Columns[column].Header
	s := specifier(header)
	if plain().MatchString(header) {
		return t.Name + s
	}
	// Microsoft: a header with any of these characters takes double brackets.
	return t.Name + "[" + s + "]"
}

func (excel) thisRow(t *report.Table, first, last, _ int) string {
	s := specifier(t.Columns[first].Header)
	if last > first {
		s += ":" + specifier(t.Columns[last].Header)
	}
	return t.Name + "[[#This Row]," + s + "]"
}

func (excel) cell(from *report.Sheet, p Place) string {
	ref := "$" + ColumnName(p.Col) + "$" + strconv.Itoa(p.Row+1)
	if p.Sheet != from {
		ref = Quote(p.Sheet.Name) + "!" + ref
	}
	return ref
}

// plain headers need one pair of brackets.
var plain = pattern.Of(`^[\p{L}\p{N}_ ’°]+$`)

var escapeHeader = strings.NewReplacer("'", "''", "[", "'[", "]", "']", "#", "'#", "@", "'@")

// specifier is a column in a structured reference; an apostrophe escapes what
// the syntax would take for its own.
func specifier(header string) string { return "[" + escapeHeader.Replace(header) + "]" }

// escaped is the format's own notation of a character by its code, which a
// reader would decode inside a formula too.
var escaped = pattern.Of(`_x[0-9A-Fa-f]{4}_`)

// literal is a text in a formula. The format allows 255 characters in one, so
// that longer ones are joined from pieces; a text that reads like an escaped
// character is cut inside it for the same reason.
func (excel) literal(s string) string {
	var pieces []string
	for cut := escaped().FindStringIndex(s); cut != nil; cut = escaped().FindStringIndex(s) {
		pieces = append(pieces, pieced(s[:cut[0]+1])...)
		s = s[cut[0]+1:]
	}
	pieces = append(pieces, pieced(s)...)
	for i, p := range pieces {
		pieces[i] = quoteText(p)
	}
	if len(pieces) == 1 {
		return pieces[0]
	}
	return "(" + strings.Join(pieces, "&") + ")"
}

// pieced cuts into pieces of at most maxLiteral UTF-16 units, never inside a character.
func pieced(s string) []string {
	var out []string
	start, units := 0, 0
	for i, r := range s {
		n := 1
		if r > 0xFFFF {
			n = 2
		}
		if units+n > maxLiteral {
			out = append(out, s[start:i])
			start, units = i, 0
		}
		units += n
	}
	return append(out, s[start:])
}

func (excel) number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// quoteText is a text between quotation marks, which a formula doubles inside it.
func quoteText(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// Quote is a sheet's name in a reference.
func Quote(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

// ColumnName is the letters of a column, counted from 0.
func ColumnName(col int) string { return ooxml.ColumnName(col + 1) }
