package sheetstest

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// A formula is kept as its text. What moves cells rewrites the references in it,
// found by the scanner below; everything else in it stays as it was written.

// maxLine is far beyond any row or column: the end of a range without one.
const maxLine = 1 << 30

// edge is one corner of a reference: "$B$5", "B" or "5".
type edge struct {
	row, col       int // -1 where the corner names none
	absRow, absCol bool
}

// reference is one reference of a formula.
type reference struct {
	from, to int    // in the text
	prefix   string // the sheet as written, with its "!"; empty for the formula's own
	sheet    string // its title
	a, b     edge
	isRange  bool
}

// parsed is a formula's text and its references, in order.
type parsed struct {
	text string
	refs []reference
}

var (
	wordForm   = regexp.MustCompile(`^[\p{L}\p{N}_.]+`)
	numberForm = regexp.MustCompile(`^[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?`)
)

// parses keeps what was scanned: a test server sees the same formulas again and again.
var parses sync.Map

func parseFormula(text string) *parsed {
	if p, ok := parses.Load(text); ok {
		return p.(*parsed)
	}
	p := scanFormula(text)
	parses.Store(text, p)
	return p
}

func scanFormula(text string) *parsed {
	p := &parsed{text: text}
	for i := 0; i < len(text); {
		rest := text[i:]
		if rest[0] == '"' {
			i += quotedLength(rest, '"')
			continue
		}
		prefix, title := sheetPrefix(rest)
		if r, n := scanReference(rest[len(prefix):], prefix != ""); n > 0 {
			r.from, r.to, r.prefix, r.sheet = i, i+len(prefix)+n, prefix, title
			p.refs = append(p.refs, r)
			i = r.to
			continue
		}
		switch {
		case prefix != "":
			i += len(prefix)
		case rest[0] == '\'':
			i += quotedLength(rest, '\'')
		default:
			if n := len(wordForm.FindString(rest)); n > 0 {
				i += n // a function, a name, a number
			} else {
				i += 1
			}
		}
	}
	return p
}

// quotedLength is how long the literal at the start of s is; a doubled quote is one
// of its characters.
func quotedLength(s string, quote byte) int {
	for i := 1; i < len(s); i++ {
		if s[i] != quote {
			continue
		}
		if i+1 < len(s) && s[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(s)
}

// sheetPrefix reads a tab's title before a reference: 'L”un'! or Deux!
func sheetPrefix(s string) (prefix, title string) {
	if strings.HasPrefix(s, "'") {
		n := quotedLength(s, '\'')
		if n > 2 && n < len(s) && s[n] == '!' {
			return s[:n+1], strings.ReplaceAll(s[1:n-1], "''", "'")
		}
		return "", ""
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), r == '_', r == '.':
		case r == '!' && i > 0:
			return s[:i+1], s[:i]
		default:
			return "", ""
		}
	}
	return "", ""
}

// scanReference reads "B5", "B5:C9", "B:C", "5:9", "B5:C" and their absolute forms.
// A word that goes on (LOG10, Tab1x) or opens a parenthesis is no reference, nor is a
// lone column or row.
func scanReference(s string, hasSheet bool) (reference, int) {
	a, n, ok := scanEdge(s)
	if !ok {
		return reference{}, 0
	}
	if n < len(s) && s[n] == ':' {
		b, m, ok := scanEdge(s[n+1:])
		if ok && ends(s[n+1+m:]) {
			return reference{a: a, b: b, isRange: true}, n + 1 + m
		}
	}
	if a.row < 0 || a.col < 0 || !ends(s[n:]) {
		return reference{}, 0
	}
	return reference{a: a, b: a}, n
}

// scanEdge reads a column, a row or both: A1, $A$1, A, $3. By hand, as every cell of
// every formula is read again whenever a line comes or goes.
func scanEdge(s string) (edge, int, bool) {
	e := edge{row: -1, col: -1}
	n := 0
	dollar := func() bool {
		if n < len(s) && s[n] == '$' {
			n++
			return true
		}
		return false
	}
	run := func(most int, in func(byte) bool) string {
		from := n
		for n < len(s) && n-from < most && in(s[n]) {
			n++
		}
		return s[from:n]
	}
	abs := dollar()
	if letters := run(3, func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }); letters != "" {
		e.col, e.absCol = columnIndex(letters), abs
		here := n
		abs = dollar()
		if digits := run(8, digit); digits != "" {
			e.row, e.absRow = rowIndex(digits), abs
		} else {
			n = here
		}
		return e, n, true
	}
	if digits := run(8, digit); digits != "" {
		e.row, e.absRow = rowIndex(digits), abs
		return e, n, true
	}
	return edge{}, 0, false
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// ends reports whether a reference can end before s.
func ends(s string) bool {
	return s == "" || s[0] != '(' && s[0] != '!' && s[0] != '$' && !wordForm.MatchString(s)
}

func rowIndex(digits string) int {
	n, _ := strconv.Atoi(digits) // digits only
	return n - 1
}

// columnIndex reads "A" as 0, "AA" as 26.
func columnIndex(letters string) int {
	n := 0
	for _, r := range strings.ToUpper(letters) {
		n = n*26 + int(r-'A') + 1
	}
	return n - 1
}

func columnName(col int) string {
	name := ""
	for col++; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}

func cellName(row, col int) string { return columnName(col) + strconv.Itoa(row+1) }

func (e edge) String() string {
	var b strings.Builder
	if e.col >= 0 {
		if e.absCol {
			b.WriteByte('$')
		}
		b.WriteString(columnName(e.col))
	}
	if e.row >= 0 {
		if e.absRow {
			b.WriteByte('$')
		}
		b.WriteString(strconv.Itoa(e.row + 1))
	}
	return b.String()
}

// render writes a reference with its prefix.
func (r reference) render() string {
	if r.isRange {
		return r.prefix + r.a.String() + ":" + r.b.String()
	}
	return r.prefix + r.a.String()
}

// rewrite gives the formula with every reference replaced by what fn makes of it;
// fn reports whether the reference still leads anywhere.
func (p *parsed) rewrite(fn func(reference) (reference, bool)) string {
	var b strings.Builder
	at := 0
	for _, r := range p.refs {
		b.WriteString(p.text[at:r.from])
		if moved, ok := fn(r); !ok {
			b.WriteString("#REF!")
		} else if moved == r {
			b.WriteString(p.text[r.from:r.to])
		} else {
			b.WriteString(moved.render())
		}
		at = r.to
	}
	b.WriteString(p.text[at:])
	return b.String()
}

// mentions reports whether a reference leads to the sheet of that title; own is the
// title of the formula's sheet.
func (r reference) mentions(title, own string) bool {
	if r.sheet == "" {
		return strings.EqualFold(own, title)
	}
	return strings.EqualFold(r.sheet, title)
}

// moved is the reference after the lines of its sheet were inserted, deleted or moved.
func (r reference) moved(s shift) (reference, bool) {
	a, b := &r.a, &r.b
	if lineOf(*a, s.rows) < 0 || lineOf(*b, s.rows) >= 0 && lineOf(*b, s.rows) < lineOf(*a, s.rows) {
		a, b = b, a // "C:B5", "B9:B5": the corners may stand in any order
	}
	from, to := lineOf(*a, s.rows), lineOf(*b, s.rows)
	if from < 0 {
		return r, true // whole columns, and rows move; or the other way round
	}
	open := to < 0 // "B5:C": down to the grid's end
	if open {
		to = maxLine
	}
	from, to, ok := s.span(from, to)
	if !ok {
		return r, false
	}
	setLine(a, s.rows, from)
	if !open {
		setLine(b, s.rows, to)
	}
	return r, true
}

func lineOf(e edge, rows bool) int {
	if rows {
		return e.row
	}
	return e.col
}

func setLine(e *edge, rows bool, n int) {
	if rows {
		e.row = n
	} else {
		e.col = n
	}
}

// copied is the reference in a copy of its formula that stands rows below and cols
// right of it: what is not absolute goes with it.
func (r reference) copied(rows, cols int) (reference, bool) {
	for _, e := range []*edge{&r.a, &r.b} {
		if e.row >= 0 && !e.absRow {
			if e.row += rows; e.row < 0 {
				return r, false
			}
		}
		if e.col >= 0 && !e.absCol {
			if e.col += cols; e.col < 0 {
				return r, false
			}
		}
	}
	return r, true
}

// quoteTitle writes a sheet's title as a formula refers to it.
func quoteTitle(title string) string {
	return "'" + strings.ReplaceAll(title, "'", "''") + "'!"
}

// decimalComma lists the languages whose spreadsheets write 1,5 and therefore
// separate arguments by ";".
var decimalComma = map[string]bool{"fr": true, "de": true, "es": true, "it": true, "pt": true, "nl": true,
	"pl": true, "ru": true, "sv": true, "da": true, "nb": true, "fi": true, "cs": true, "tr": true}

func usesDecimalComma(locale string) bool {
	language, country, _ := strings.Cut(locale, "_")
	return decimalComma[language] && !(language == "es" && country == "MX")
}

// localeFault says what in a formula the spreadsheet's locale cannot read; empty for
// nothing. Braces hold array literals, which have separators of their own.
func localeFault(text, locale string) string {
	if !usesDecimalComma(locale) {
		return ""
	}
	depth := 0
	for i := 0; i < len(text); {
		rest := text[i:]
		if rest[0] == '"' || rest[0] == '\'' {
			i += quotedLength(rest, rest[0])
			continue
		}
		if m := numberForm.FindString(rest); m != "" {
			if strings.Contains(m, ".") {
				return "the number " + m + " has a decimal point"
			}
			i += len(m)
			continue
		}
		if m := wordForm.FindString(rest); m != "" {
			i += len(m)
			continue
		}
		switch rest[0] {
		case '{':
			depth++
		case '}':
			depth--
		case ',':
			if depth == 0 {
				return "arguments are separated by a comma"
			}
		}
		i++
	}
	return ""
}

// separated writes a formula's argument separators as the locale shows them.
func separated(text, locale string) string {
	if usesDecimalComma(locale) || !strings.Contains(text, ";") {
		return text
	}
	var b strings.Builder
	depth := 0
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '"', '\'':
			n := quotedLength(text[i:], c)
			b.WriteString(text[i : i+n])
			i += n
			continue
		case '{':
			depth++
		case '}':
			depth--
		case ';':
			if depth == 0 {
				b.WriteByte(',')
				i++
				continue
			}
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}
