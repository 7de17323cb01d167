package xlsx

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"hdsreport/report"
)

// cell is a cell ready to be written.
type cell struct {
	set     bool
	style   int
	value   report.Value
	formula string // escaped for XML, without the "="
	text    string // value.Text escaped for XML
	shared  string // index of the text among the shared texts, in digits; empty for a text stored in the cell
}

// append writes the rest of the cell after its reference. A formula with an empty result
// gets an explicit empty value: without one, it looks like a formula that was never
// computed.
func (c *cell) append(b []byte) []byte {
	b = append(b, '"')
	if c.style != 0 {
		b = append(b, ` s="`...)
		b = strconv.AppendInt(b, int64(c.style), 10)
		b = append(b, '"')
	}
	numeric := c.value.Kind == report.Number || c.value.Kind == report.Day
	switch {
	case c.formula != "":
		if !numeric {
			b = append(b, ` t="str"`...)
		}
		b = append(b, `><f>`...)
		b = append(b, c.formula...)
		b = append(b, `</f><v>`...)
		if numeric {
			b = appendNumber(b, c.value.Num)
		} else {
			b = append(b, c.text...)
		}
		return append(b, `</v></c>`...)
	case numeric:
		b = append(b, `><v>`...)
		b = appendNumber(b, c.value.Num)
		return append(b, `</v></c>`...)
	case c.shared != "":
		b = append(b, ` t="s"><v>`...)
		b = append(b, c.shared...)
		return append(b, `</v></c>`...)
	case c.value.Kind == report.Text:
		b = append(b, ` t="inlineStr"><is>`...)
		b = appendText(b, c.value.Text, c.text)
		return append(b, `</is></c>`...)
	}
	return append(b, `></c>`...)
}

// appendText writes the text s. The parameter inXML is s escaped for XML.
func appendText(b []byte, s, inXML string) []byte {
	b = append(b, `<t`...)
	if edge(s[0]) || edge(s[len(s)-1]) {
		b = append(b, ` xml:space="preserve"`...)
	}
	b = append(b, '>')
	b = append(b, inXML...)
	return append(b, `</t>`...)
}

// edge reports whether an XML parser may strip c from the ends of a text.
func edge(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// appendNumber writes a number with the fifteen digits that a spreadsheet keeps.
func appendNumber(b []byte, f float64) []byte {
	if n := int64(f); float64(n) == f && n > -1e15 && n < 1e15 {
		return strconv.AppendInt(b, n, 10)
	}
	from := len(b)
	b = strconv.AppendFloat(b, f, 'f', -1, 64)
	digits, decimals := 0, false
	for i := from; i < len(b); i++ {
		switch c := b[i]; {
		case c == '.':
			decimals = true
		case c >= '1' && c <= '9' || c == '0' && digits > 0:
			if digits++; decimals && digits > 15 {
				return bytes.TrimSuffix(b[:i], []byte("."))
			}
		}
	}
	return b
}

// inXML escapes a cell's text for XML. It also escapes what looks like the format's own
// notation for a character code, _xHHHH_ (22.9.2.19).
func inXML(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ReplaceAll(escape(s), "&#xA;", "\n")
	for at := 0; ; {
		i := strings.Index(s[at:], "_x")
		if i < 0 {
			return s
		}
		at += i
		if found := escaped().FindStringIndex(s[at:]); found != nil && found[0] == 0 {
			s = s[:at] + "_x005F" + s[at:]
			at += len("_x005F")
		}
		at++
	}
}

// formulaXML escapes a formula for XML. It leaves quotes, which need no escape in content,
// because a long list repeats its formulas in each row.
func formulaXML(formula string) string { return formulaEscapes.Replace(formula) }

var formulaEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")

// plain reports whether a text needs no escapes.
func plain(s string) bool {
	for i := range len(s) {
		if notPlain[s[i]] {
			return false
		}
	}
	return !strings.Contains(s, "_x")
}

var notPlain = func() (set [256]bool) {
	for c := range ' ' {
		set[c] = true
	}
	for _, c := range `&<>"'` {
		set[c] = true
	}
	return set
}()

// runs reports whether a spreadsheet would read the text as a formula if it were typed
// again, for example with F2 and Enter.
func runs(v report.Value) bool {
	if v.Kind != report.Text {
		return false
	}
	switch v.Text[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return true
	}
	return false
}

// checkValue returns an error if a cell cannot hold v.
func checkValue(v report.Value) error {
	switch v.Kind {
	case report.Text:
		if v.Text == "" {
			return fmt.Errorf("an empty text: a blank says that")
		}
		return checkText(v.Text)
	case report.Number, report.Day:
		if v.Num-v.Num != 0 {
			return fmt.Errorf("%g is no number that a cell can hold", v.Num)
		}
	}
	return nil
}

// checkCache returns an error for a cached text with spaces at its ends: excelize would
// write it in a way that the schema does not allow.
func checkCache(v report.Value) error {
	if v.Kind == report.Text && v.Text != strings.TrimSpace(v.Text) {
		return fmt.Errorf("the result %q of a formula begins or ends with a space", v.Text)
	}
	return nil
}
