package xlsx

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"hdsreport/report"
)

// cell is a cell on its way to the sheet.
type cell struct {
	set     bool
	style   int
	value   report.Value
	formula string // in XML, without the "="
	text    string // value.Text in XML
	shared  string // the place of the text among the shared ones, in digits; empty for one that stands in its cell
}

// append writes the cell from its reference's end on. A formula whose result is an
// empty text has a value that says so: without one it reads like a formula that was
// never computed.
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

// appendText writes a text, which is inXML in XML.
func appendText(b []byte, s, inXML string) []byte {
	b = append(b, `<t`...)
	if edge(s[0]) || edge(s[len(s)-1]) {
		b = append(b, ` xml:space="preserve"`...)
	}
	b = append(b, '>')
	b = append(b, inXML...)
	return append(b, `</t>`...)
}

// edge tells what a reader of XML may take away from a text's ends.
func edge(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// appendNumber writes a number to the fifteen digits that a spreadsheet keeps.
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

// inXML is a text of a cell in XML: what XML cannot hold as it is, and what reads
// like the format's own notation of a character by its code (22.9.2.19).
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

// formulaXML is a formula in XML. Quotes stay as they are, as content lets them: a
// long list repeats its formulas in each row.
func formulaXML(formula string) string { return formulaEscapes.Replace(formula) }

var formulaEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")

// plain tells a text that XML and the format take as it is.
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

// runs tells a text that a spreadsheet would take for a formula if it were typed
// again, as F2 and Enter do.
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

// checkValue refuses what a cell cannot hold.
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

// checkCache refuses the one cached text that excelize writes in a way that the
// schema does not allow.
func checkCache(v report.Value) error {
	if v.Kind == report.Text && v.Text != strings.TrimSpace(v.Text) {
		return fmt.Errorf("the result %q of a formula begins or ends with a space", v.Text)
	}
	return nil
}
