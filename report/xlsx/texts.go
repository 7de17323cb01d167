package xlsx

import (
	"bytes"
	"fmt"
	"strconv"

	"hdsreport/report"
)

// Shared strings. A text is normally stored in its cell (inlineStr). But a long list
// repeats a few texts a million times ("Oui", a position), and the format has a part for
// such texts, to which cells refer by index. That leaves a fifth less to write, to
// compress and to read.
//
// The shared texts are chosen before the first row is written, so that they depend on the
// book alone: those that recur at the top of their column. A text that recurs only later
// is stored in its cells; the format allows both in one sheet.

const (
	sharedRows  = 4096 // how many rows at the top of a table are examined
	sharedTimes = 256  // how often a text must occur there to be shared
	textsPart   = "xl/sharedStrings.xml"
)

// shared is a shared text and its index, in digits.
type shared struct{ text, place string }

// texts are the shared texts of a workbook, in the order of their indexes.
type texts struct {
	places map[string]string
	parts  []string // as XML
}

// of returns the shared texts of a column.
func (x *texts) of(t *report.Table, c *report.Column) []shared {
	if t.Len < sharedTimes {
		return nil
	}
	var out []shared
	met := map[string]int{}
	for n := range min(t.Len, sharedRows) {
		v := c.At(n)
		if v.Kind != report.Text || checkValue(v) != nil { // errors are reported when the cell is written
			continue
		}
		if met[v.Text]++; met[v.Text] == sharedTimes {
			out = append(out, shared{v.Text, x.place(v.Text)})
		}
	}
	return out
}

func (x *texts) place(text string) string {
	if p, known := x.places[text]; known {
		return p
	}
	if x.places == nil {
		x.places = map[string]string{}
	}
	p := strconv.Itoa(len(x.parts))
	x.places[text] = p
	x.parts = append(x.parts, string(appendText(nil, text, inXML(text))))
	return p
}

// placeOf returns the index of a text among a column's shared texts, which are few. It
// returns "" for a text that is stored in its cell.
func placeOf(text string, of []shared) string {
	for i := range of {
		if of[i].text == text {
			return of[i].place
		}
	}
	return ""
}

// part returns the part of the shared texts, or nothing if there are none.
func (x *texts) part() (name string, part []byte) {
	if len(x.parts) == 0 {
		return textsPart, nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="%d">`, len(x.parts))
	for _, p := range x.parts {
		b.WriteString("<si>" + p + "</si>")
	}
	b.WriteString("</sst>")
	return textsPart, b.Bytes()
}

// declare adds the part to [Content_Types].xml and keeps its entries sorted.
func (x *texts) declare(types []byte) ([]byte, error) {
	types, err := x.insert(types, "</Types>",
		`<Override PartName="/`+textsPart+`" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"></Override>`)
	if err != nil {
		return nil, err
	}
	return sortTypes(types)
}

// relate adds the part to the workbook's relationships.
func (x *texts) relate(relations []byte) ([]byte, error) {
	return x.insert(relations, "</Relationships>",
		`<Relationship Id="texts" Target="/`+textsPart+`" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"></Relationship>`)
}

func (x *texts) insert(part []byte, before, entry string) ([]byte, error) {
	if len(x.parts) == 0 {
		return part, nil
	}
	end := bytes.LastIndex(part, []byte(before))
	if end < 0 {
		return nil, fmt.Errorf("no %s", before)
	}
	return concat(part[:end], entry, part[end:]), nil
}
