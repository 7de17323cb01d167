package audit

import (
	"strings"
	"unicode"

	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
)

// table is a table of a sheet, as described by its part.
type table struct {
	name    string
	at      ooxml.Area // with header and totals
	headers []string
	first   int // row of data
	last    int // row of data; below first if there is none
	headed  bool
	style   string
	grounds []colour
	seen    map[int]string // header cells by column
	data    int            // cells that are not empty
	columns columns
}

func readTable(parts *container, part string) (*table, error) {
	t := &table{seen: map[int]string{}}
	err := parts.read(part, maxSmallPart, func(s *ooxml.Scanner) error {
		for s.Next() {
			if s.Kind != ooxml.Start {
				continue
			}
			switch string(s.Name) {
			case "table":
				a := s.Attributes()
				if t.name = a.Get("displayName"); t.name == "" {
					t.name = a.Get("name")
				}
				var ok bool
				if t.at, ok = ooxml.ParseArea(a.Get("ref")); !ok {
					t.at = ooxml.Area{}
				}
				header, totals := a.Number("headerRowCount", 1), a.Number("totalsRowCount", 0)
				t.headed = header > 0
				t.first, t.last = t.at.Row+max(0, header), t.at.LastRow-max(0, totals)
			case "tableColumn":
				name, _ := s.Attributes().Lookup("name")
				t.headers = append(t.headers, ooxml.Unescape(name))
			case "tableStyleInfo":
				t.style = s.Attributes().Get("name")
			}
		}
		return s.Err()
	})
	return t, err
}

// checkName checks Excel's rules for defined names; seen holds the names so far.
func (s *sheet) checkName(t *table, seen map[string]string) {
	key := strings.ToLower(t.name)
	at := t.at.String()
	switch {
	case t.name == "":
		s.found.add("table-name", at, message.New("audit-empty"))
	case likeCell(t.name):
		s.found.add("table-name-like-cell", at, excerpt(t.name))
	case !validName(t.name):
		s.found.add("table-name", at, excerpt(t.name))
	}
	if other, twice := seen[key]; twice && t.name != "" {
		s.found.add("table-name-twice", at, message.New("audit-both", "a", excerpt(other), "b", excerpt(t.name)))
	}
	seen[key] = t.name
}

func validName(name string) bool {
	if ooxml.TextLength(name) > maxHeader {
		return false
	}
	for i, r := range name {
		if !unicode.IsLetter(r) && r != '_' && r != '\\' && (i == 0 || !unicode.IsDigit(r) && r != '.') {
			return false
		}
	}
	return true
}

// likeCell reports whether a name looks like a reference: A1; R1C1 and its parts, down to
// the single letters that select a row or a column; and the French L1C1, because names are
// read in the language of the reader.
func likeCell(name string) bool {
	if _, _, ok := ooxml.ParseCell(name); ok && !strings.Contains(name, "$") {
		return true
	}
	rest := strings.ToUpper(name)
	line, isLine := strings.CutPrefix(rest, "R")
	if !isLine {
		line, isLine = strings.CutPrefix(rest, "L")
	}
	if isLine {
		rest = strings.TrimLeft(line, "0123456789")
	}
	column, isColumn := strings.CutPrefix(rest, "C")
	if isColumn {
		rest = strings.TrimLeft(column, "0123456789")
	}
	return (isLine || isColumn) && rest == ""
}

// checkTables checks the sheet's tables after its cells have been read.
func (s *sheet) checkTables() {
	for i, t := range s.tables {
		if t.at.Row == 0 || t.at.LastCol-t.at.Col+1 != len(t.headers) {
			s.found.add("table-range", t.at.String(), message.New("audit-columns", "table", excerpt(t.name),
				"n", len(t.headers)))
		}
		for _, other := range s.tables[:i] {
			if t.at.Meets(other.at) {
				s.found.add("table-overlap", t.at.String(),
					message.New("audit-overlap", "a", excerpt(other.name), "at", other.at.String(),
						"b", excerpt(t.name)))
			}
		}
		if t.at.Row > 0 && t.last < t.first || t.data == 0 && s.skipped == 0 {
			s.found.add("table-empty", t.at.String(), excerpt(t.name))
		}
		if !t.headed {
			s.found.add("table-headless", t.at.String(), excerpt(t.name))
		}
		s.checkHeaders(t)
	}
}

func (s *sheet) checkHeaders(t *table) {
	seen := map[string]string{}
	for i, h := range t.headers {
		col := t.at.Col + i
		at, cell := ooxml.CellName(t.at.Row, col), t.seen[col]
		key := strings.ToLower(h)
		other, twice := seen[key]
		seen[key] = h
		switch {
		case strings.TrimSpace(h) == "":
			s.found.add("header-empty", at, excerpt(t.name))
		case strings.ContainsAny(h, "\n\r") || t.headed && strings.ContainsAny(cell, "\n\r"):
			s.found.add("header-newline", at, excerpt(h))
		case ooxml.TextLength(h) > maxHeader:
			s.found.add("header-long", at, message.New("audit-characters", "n", ooxml.TextLength(h)))
		case twice:
			s.found.add("header-twice", at, message.New("audit-both", "a", excerpt(other), "b", excerpt(h)))
		case t.headed && cell != h:
			s.found.add("header-differs", at, message.New("audit-header-differs", "cell", excerpt(cell),
				"table", excerpt(h)))
		}
	}
}
