package audit

import "strings"

// drawing looks at the pictures and charts that lie on a sheet.
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
	err = s.book.parts.read(part, maxSmallPart, func(x *scanner) error {
		var row, col int
		var group int // depth of a group that is described as one
		var o *object
		for x.next() {
			if x.kind != tokenStart {
				if group > len(x.marks) {
					group = 0
				}
				continue
			}
			switch string(x.name) {
			case "oneCellAnchor", "twoCellAnchor", "absoluteAnchor":
				row, col = 0, 0
			case "from":
				depth := len(x.marks)
				for len(x.marks) >= depth && x.next() {
					if x.kind == tokenStart {
						switch string(x.name) {
						case "col":
							col = digits(x.content())
						case "row":
							row = digits(x.content())
						}
					}
				}
			case "cNvPr":
				a := x.attributes()
				o = &object{name: a.get("name"), cell: cellName(row+1, col+1)}
				o.described = strings.TrimSpace(a.get("descr")) != "" || a.truth("hidden") || group > 0
				objects = append(objects, o)
			case "nvGrpSpPr":
				// A group's own description stands for what is in it.
				depth := len(x.marks)
				for len(x.marks) >= depth && x.next() {
					if x.kind == tokenStart && string(x.name) == "cNvPr" && group == 0 && strings.TrimSpace(x.attributes().get("descr")) != "" {
						group = depth - 1
					}
				}
			case "decorative":
				if a := x.attributes(); o != nil && (a.get("val") == "" || a.truth("val")) {
					o.described = true
				}
			case "chart":
				if r, ok := byID(related, x.attributes().get(":id")); ok && o != nil {
					o.chart = r.target
				}
			case "Fallback": // what programs show that do not know the object
				x.skip()
			}
		}
		return x.err
	})
	if err != nil {
		return err
	}
	for _, o := range objects {
		if !o.described {
			s.found.add("alt-text", o.cell, quoted(o.name))
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
	err := s.book.parts.read(part, maxSmallPart, func(x *scanner) error {
		depth := 0 // of the chart, whose own title it is
		for x.next() {
			if x.kind != tokenStart {
				continue
			}
			switch string(x.name) {
			case "chart":
				depth = len(x.marks)
			case "title":
				if len(x.marks) == depth+1 {
					titled = true
				}
			case "f", "formula":
				if f := x.content(); brokenReference(f) {
					broken = f
				}
			}
		}
		return x.err
	})
	if err != nil {
		return err
	}
	if !titled {
		s.found.add("chart-title", cell, quoted(name))
	}
	if broken != "" {
		s.found.add("chart-reference", cell, quoted(name)+": "+quoted(broken))
	}
	return nil
}

// digits reads a count from a drawing; what is none is 0.
func digits(s string) int {
	n := 0
	for _, c := range strings.TrimSpace(s) {
		if c < '0' || c > '9' || n > maxRows {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}
