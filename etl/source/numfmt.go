package source

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A number format can say more than the number: 421 shown as 00421, 42 as HDS-0042, 1 as
// "Oui". What somebody reads is then the text. It can also say less (thousands set apart,
// a unit, digits rounded away), and then the number itself is read.

// numberFormat is what a cell style makes of a number.
type numberFormat struct {
	shows    shows
	sections []formatSection // of a format that says more than the number; nil for others
}

// formatSection is one of the parts of a format, which are for different numbers.
type formatSection struct {
	operator string // condition in brackets; empty is by position
	operand  float64
	items    []formatItem
	digits   int  // places for digits
	number   bool // the number itself is what counts
}

// formatItem is a place for a digit ('0', '#', '?'), or a literal text.
type formatItem struct {
	digit byte
	text  string
}

// parseNumberFormat reads a format code such as `"HDS-"0000` (ECMA-376 part 1, 18.8.31).
func parseNumberFormat(code string) numberFormat {
	f := numberFormat{shows: formatShows(code)}
	if f.shows != showsNumber || code == "" || strings.EqualFold(code, "general") || code == "0" {
		return f
	}
	for _, part := range splitSections(code) {
		if len(f.sections) == 4 {
			return numberFormat{shows: f.shows}
		}
		s, plain := parseSection(part)
		s.number = !plain
		f.sections = append(f.sections, s)
	}
	return f
}

// splitSections splits a format at semicolons outside of quotes.
func splitSections(code string) []string {
	var out []string
	from, quoted := 0, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == ';':
			out = append(out, code[from:i])
			from = i + 1
		}
	}
	return append(out, code[from:])
}

// parseSection reads a section. plain is false if it has a decimal point, an exponent, a
// percent sign or a fraction: the number itself is then what counts.
func parseSection(part string) (s formatSection, plain bool) {
	literal := func(text string) { s.items = append(s.items, formatItem{text: text}) }
	for i := 0; i < len(part); i++ {
		switch c := part[i]; c {
		case '"':
			end := strings.IndexByte(part[i+1:], '"')
			if end < 0 {
				return s, false
			}
			literal(part[i+1 : i+1+end])
			i += end + 1
		case '\\':
			if i+1 < len(part) {
				_, size := utf8.DecodeRuneInString(part[i+1:])
				literal(part[i+1 : i+1+size])
				i += size
			}
		case '_', '*': // a width, a filler
			if i+1 < len(part) {
				_, size := utf8.DecodeRuneInString(part[i+1:])
				i += size
			}
		case '[':
			end := strings.IndexByte(part[i:], ']')
			if end < 0 {
				return s, false
			}
			if !s.bracket(part[i+1 : i+end]) {
				return s, false
			}
			i += end
		case '0', '#', '?':
			s.digits++
			s.items = append(s.items, formatItem{digit: c})
		case '@':
			return formatSection{}, true // for texts, which keep themselves
		case ',':
		case '.', '%', 'E', 'e', '/', 'G', 'g':
			return s, false
		default:
			_, size := utf8.DecodeRuneInString(part[i:])
			literal(part[i : i+size])
			i += size - 1
		}
	}
	return s, true
}

// bracket reads a colour, a currency or a condition.
func (s *formatSection) bracket(inner string) bool {
	if currency, ok := strings.CutPrefix(inner, "$"); ok {
		symbol, _, _ := strings.Cut(currency, "-")
		s.items = append(s.items, formatItem{text: symbol})
		return true
	}
	number := strings.TrimLeft(inner, "<>=")
	if number == inner {
		return true // a colour or a language
	}
	v, err := strconv.ParseFloat(number, 64)
	s.operator, s.operand = inner[:len(inner)-len(number)], v
	return err == nil
}

func (s *formatSection) holds(v float64) bool {
	switch s.operator {
	case "<":
		return v < s.operand
	case "<=":
		return v <= s.operand
	case ">":
		return v > s.operand
	case ">=":
		return v >= s.operand
	case "<>":
		return v != s.operand
	case "=":
		return v == s.operand
	}
	return true
}

// section is the one for a number, nil if the format has none for it.
func (f numberFormat) section(v float64) *formatSection {
	at := 0
	if f.sections[0].operator != "" {
		for i := range f.sections {
			if s := &f.sections[i]; s.operator == "" || s.holds(v) {
				return s
			}
		}
		return nil
	}
	switch n := len(f.sections); {
	case v < 0 && n > 1:
		at = 1
	case v == 0 && n > 2:
		at = 2
	}
	return &f.sections[at]
}

// shown is how a cell shows a number, which is given as plainNumber writes it. ok is
// false if the number is what counts.
func (f numberFormat) shown(plain string) (text string, ok bool) {
	if f.sections == nil {
		return "", false
	}
	v, err := strconv.ParseFloat(plain, 64)
	if err != nil || v != math.Trunc(v) || math.Abs(v) >= 1e15 {
		return "", false
	}
	s := f.section(v)
	if s != nil && s.number {
		return "", false
	}
	if s == nil || len(s.items) == 0 {
		// A section without anything shows nothing, unless it is the one for texts.
		return "", s != nil && len(f.sections) > 1
	}
	return s.render(strconv.FormatFloat(math.Abs(v), 'f', 0, 64)), true
}

// render puts digits into their places, from the right.
func (s *formatSection) render(digits string) string {
	if digits == "0" && s.digits > 0 {
		digits = ""
	}
	more := max(0, len(digits)-s.digits) // digits that have no place of their own go to the first
	var b strings.Builder
	left, first := s.digits, true
	for _, item := range s.items {
		if item.digit == 0 {
			b.WriteString(item.text)
			continue
		}
		if first {
			b.WriteString(digits[:more])
			digits, first = digits[more:], false
		}
		switch {
		case len(digits) >= left:
			b.WriteByte(digits[0])
			digits = digits[1:]
		case item.digit == '0':
			b.WriteByte('0')
		}
		left--
	}
	return b.String()
}

// tellsMore reports whether what a cell shows says more than its number: zeros in front,
// letters of a code, or a word instead of it. Digits set apart, a sign, a currency or a
// unit behind a space do not.
func tellsMore(shown, plain string) bool {
	if strings.Trim(plain, "0123456789") != "" {
		return false // negative, or with decimals
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, shown)
	text := strings.TrimSpace(shown)
	switch {
	case text == "":
		return false
	case digits == "":
		return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.So, r) })
	case strings.TrimLeft(digits, "0") != strings.TrimLeft(plain, "0"):
		return false // rounded, or scaled
	case digits != plain:
		return true
	}
	before, after := text[:strings.IndexAny(text, digits)], text[strings.LastIndexAny(text, digits)+1:]
	unit := after != "" && strings.IndexFunc(after, unicode.IsSpace) == 0
	return strings.ContainsFunc(before, unicode.IsLetter) ||
		!unit && strings.ContainsFunc(after, unicode.IsLetter) ||
		strings.ContainsFunc(text[len(before):len(text)-len(after)], func(r rune) bool { return unicode.IsLetter(r) || r == '-' || r == '/' })
}
