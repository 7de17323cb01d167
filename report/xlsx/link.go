package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hdsreport/etl/message"
	"hdsreport/report"
)

// Links are added to the sheet's XML and relationships when the parts are written.
// excelize searches all links before it adds one, which takes quadratic time, and creates
// a relationship for each cell even if many cells share an address.

// links are the links of one sheet.
type links struct {
	cells   []linked
	targets []string       // in order of first use
	numbers map[string]int // target → its index in targets
	upTo    map[int]int    // by column of the table: rows before this one have links
}

type linked struct {
	cell   string
	target int
}

// collectLinks finds and checks the sheet's links. A sheet can have 65,530 of them;
// further cells of the table keep their text without a link.
func (x *workbook) collectLinks(s *report.Sheet, index int) error {
	ls := &links{numbers: map[string]int{}, upTo: map[int]int{}}
	x.sheets[sheetName(index)] = &sheetPart{links: ls}
	for _, l := range s.Lines {
		for _, c := range l.Cells {
			if c.Link != "" {
				if err := ls.add(cellName(c.Col, l.Row), c.Link); err != nil {
					return err
				}
			}
		}
	}
	if t := s.Table; t != nil {
		for i := range t.Columns {
			c := &t.Columns[i]
			for n := 0; c.Link != nil && n < t.Len; n++ {
				if to := c.Link(n); to != "" && c.At(n).Kind != report.Blank {
					if err := ls.add(cellName(i, t.Row+1+n), to); err != nil {
						return err
					}
				}
				if len(ls.cells) < maxLinks {
					ls.upTo[i] = n + 1
				}
			}
		}
	}
	return nil
}

// placeLinks has excelize add one link, so that it creates the relationships part and the
// element, and adds the others to what it writes.
func (x *workbook) placeLinks(s *report.Sheet, index int) error {
	ls := x.sheets[sheetName(index)].links
	if len(ls.cells) == 0 {
		return nil
	}
	first := ls.cells[0]
	if err := x.f.SetCellHyperLink(s.Name, first.cell, ls.targets[first.target], "External"); err != nil {
		return err
	}
	x.parts["xl/worksheets/_rels/sheet"+strconv.Itoa(index+1)+".xml.rels"] = func(part []byte) ([]byte, error) {
		end := bytes.LastIndex(part, []byte("</Relationships>"))
		if end < 0 {
			return nil, fmt.Errorf("no </Relationships>")
		}
		var b bytes.Buffer
		for i, t := range ls.targets {
			fmt.Fprintf(&b, `<Relationship Id="link%d" Target="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" TargetMode="External"></Relationship>`, i+1, escape(t))
		}
		return concat(part[:end], b.String(), part[end:]), nil
	}
	return nil
}

func (ls *links) add(cell, target string) error {
	if err := checkLink(target); err != nil {
		return message.Fail(err, "workbook-at", "place", cell, "why", err)
	}
	if len(ls.cells) >= maxLinks {
		return nil
	}
	n, ok := ls.numbers[target]
	if !ok {
		n = len(ls.targets)
		ls.targets = append(ls.targets, target)
		ls.numbers[target] = n
	}
	ls.cells = append(ls.cells, linked{cell, n})
	return nil
}

// insert adds all links but the first, which excelize writes, to the end of a sheet's XML.
func (ls *links) insert(after []byte) ([]byte, error) {
	if len(ls.cells) < 2 {
		return after, nil
	}
	end := bytes.Index(after, []byte("</hyperlinks>"))
	if end < 0 {
		return nil, errors.New("the place of the links is missing from what excelize wrote")
	}
	var b strings.Builder
	for _, l := range ls.cells[1:] {
		fmt.Fprintf(&b, `<hyperlink ref="%s" r:id="link%d"/>`, l.cell, l.target+1)
	}
	return concat(after[:end], b.String(), after[end:]), nil
}

func sheetName(index int) string { return "xl/worksheets/sheet" + strconv.Itoa(index+1) + ".xml" }
