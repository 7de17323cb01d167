package audit

import (
	"strings"

	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
)

// drawing checks the pictures and charts of a sheet.
func (s *sheet) drawing(part string) error {
	related, err := s.book.relationsOf(part, &s.found)
	if err != nil {
		return err
	}
	type object struct {
		name, chart string
		cell        string
		described   bool
	}
	var objects []*object
	err = s.book.parts.read(part, maxSmallPart, func(x *ooxml.Scanner) error {
		var row, col int
		var group int // depth of a group that is described as one
		var o *object
		for x.Next() {
			if x.Kind != ooxml.Start {
				if group > x.Depth() {
					group = 0
				}
				continue
			}
			switch string(x.Name) {
			case "oneCellAnchor", "twoCellAnchor", "absoluteAnchor":
				row, col = 0, 0
			case "from":
				depth := x.Depth()
				for x.Depth() >= depth && x.Next() {
					if x.Kind == ooxml.Start {
						switch string(x.Name) {
						case "col":
							col = digits(x.Content())
						case "row":
							row = digits(x.Content())
						}
					}
				}
			case "cNvPr":
				a := x.Attributes()
				o = &object{name: a.Get("name"), cell: ooxml.CellName(row+1, col+1)}
				o.described = strings.TrimSpace(a.Get("descr")) != "" || a.Truth("hidden") || group > 0
				objects = append(objects, o)
			case "nvGrpSpPr":
				// A group's description also describes its members.
				depth := x.Depth()
				for x.Depth() >= depth && x.Next() {
					if x.Kind == ooxml.Start && string(x.Name) == "cNvPr" && group == 0 &&
						strings.TrimSpace(x.Attributes().Get("descr")) != "" {
						group = depth - 1
					}
				}
			case "decorative":
				if a := x.Attributes(); o != nil && (a.Get("val") == "" || a.Truth("val")) {
					o.described = true
				}
			case "chart":
				if r, ok := byID(related, x.Attributes().Get(":id")); ok && o != nil {
					o.chart = r.Target
				}
			case "Fallback": // for programs that do not know the object
				x.Skip()
			}
		}
		return x.Err()
	})
	if err != nil {
		return err
	}
	for _, o := range objects {
		if !o.described {
			s.found.add("alt-text", o.cell, excerpt(o.name))
		}
		if o.chart != "" {
			s.charts++
			if err := s.chart(o.chart, o.cell, o.name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *sheet) chart(part, cell, name string) error {
	titled, broken := false, ""
	err := s.book.parts.read(part, maxSmallPart, func(x *ooxml.Scanner) error {
		depth := 0 // within the chart, to find its own title
		for x.Next() {
			if x.Kind != ooxml.Start {
				continue
			}
			switch string(x.Name) {
			case "chart":
				depth = x.Depth()
			case "title":
				if x.Depth() == depth+1 {
					titled = true
				}
			case "f", "formula":
				if f := x.Content(); brokenReference(f) {
					broken = f
				}
			}
		}
		return x.Err()
	})
	if err != nil {
		return err
	}
	if !titled {
		s.found.add("chart-title", cell, excerpt(name))
	}
	if broken != "" {
		s.found.add("chart-reference", cell, message.New("audit-of", "a", excerpt(name), "b", excerpt(broken)))
	}
	return nil
}

// digits parses a count in a drawing; it returns 0 if there is none.
func digits(s string) int {
	n := 0
	for _, c := range strings.TrimSpace(s) {
		if c < '0' || c > '9' || n > ooxml.MaxRows {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}
