package xlsx

import (
	"bytes"
	"fmt"
	"strconv"

	"hdsreport/report"
)

// Shared texts. A text stands in its cell (inlineStr), which needs nothing of the
// rest of the workbook. But a long list says a few things a million times ("Oui", a
// position), and the format has a part for such texts, which cells refer to by
// number: a fifth less to draw, to deflate and, for whoever opens the file, to read.
//
// Which texts are shared is settled before the first row is drawn, so that it
// depends on the book alone: those that recur at the top of their column. One that
// turns up later stands in its cell, as the format allows side by side.

const (
	sharedRows  = 4096 // from the top of a table, that are looked at
	sharedTimes = 256  // that a text is met there, to be shared
	textsPart   = "xl/sharedStrings.xml"
)

// shared is one text and its place among the shared ones, in digits.
type shared struct{ text, place string }

// texts are those of a workbook, in the order of their places.
type texts struct {
	places map[string]string
	parts  []string // as XML
}

// of gives the texts of a column that are shared.
func (x *texts) of(t *report.Table, c *report.Column) []shared {
	if t.Len < sharedTimes {
		return nil
	}
	var out []shared
	met := map[string]int{}
	for n := range min(t.Len, sharedRows) {
		v := c.At(n)
		if v.Kind != report.Text || checkValue(v) != nil { // which is told where it is drawn
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

// placeOf is a text's place among a column's shared ones, which are few; empty for
// one that stands in its cell.
func placeOf(text string, of []shared) string {
	for i := range of {
		if of[i].text == text {
			return of[i].place
		}
	}
	return ""
}

// part is the part of the shared texts, none where there are none.
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

// declare adds the part to [Content_Types].xml, whose entries it puts in order.
func (x *texts) declare(types []byte) ([]byte, error) {
	types, err := x.insert(types, "</Types>",
		`<Override PartName="/`+textsPart+`" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"></Override>`)
	if err != nil {
		return nil, err
	}
	return sortTypes(types)
}

// relate adds the part to the workbook's relations.
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
