package source

import (
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// candidate is a sheet, table or array that could be the one to read.
type candidate struct {
	name   string
	score  int  // known headers in its best row
	cells  int  // in the part that was looked at; 0 is an empty one
	hidden bool // by the person who made the file
}

// choose picks the table that a file is about: the one that the configuration
// names; else, among those that can be seen, the one with most known headers; and
// between equals the first. Hidden ones are read only where nothing else is. Every
// other one with cells in it is reported, because rows may be in it.
//
// With unknown headers everywhere the first non-empty sheet wins, as it does when
// a person opens the file; ofSize prefers the largest, for pages, where layout
// tables come first.
func (in *input) choose(cs []candidate, ofSize bool) (int, error) {
	best := -1
	for i, c := range cs {
		if in.opt.Sheet != "" {
			if strings.EqualFold(strings.TrimSpace(c.name), strings.TrimSpace(in.opt.Sheet)) {
				best = i
				break
			}
			continue
		}
		if c.cells > 0 && (best < 0 || better(c, cs[best], ofSize)) {
			best = i
		}
	}
	if best < 0 {
		if in.opt.Sheet != "" {
			return 0, in.refuse(etl.CodeSheetMissing, in.opt.Sheet, names(cs))
		}
		return 0, in.refuse(etl.CodeSheetNone)
	}
	n := in.note("")
	unread := 0
	for i, c := range cs {
		if i == best || c.cells == 0 {
			continue
		}
		n.sheet = c.name
		if unread++; unread > maxListed && c.score == 0 {
			continue // counted below
		}
		switch {
		case in.opt.Sheet == "" && c.score > 0 && c.score >= cs[best].score && !c.hidden:
			n.tell(etl.Find(etl.Warning, etl.CodeSheetUnread, etl.Place{}, "read", quoted(cs[best].name), "other", quoted(c.name)).Said("rival"))
		default:
			n.tell(etl.Find(etl.Info, etl.CodeSheetUnread, etl.Place{}, "read", quoted(cs[best].name), "other", quoted(c.name)))
		}
	}
	if unread > maxListed {
		n.sheet = ""
		n.tell(etl.Find(etl.Info, etl.CodeSheetUnread, etl.Place{}, "n", unread).Said("sum"))
	}
	if cs[best].hidden {
		n.sheet = cs[best].name
		n.tell(etl.Find(etl.Warning, etl.CodeHiddenSheet, etl.Place{}, "name", quoted(cs[best].name)))
	}
	return best, nil
}

func better(a, b candidate, ofSize bool) bool {
	switch {
	case a.hidden != b.hidden:
		return b.hidden
	case a.score != b.score:
		return a.score > b.score
	}
	return ofSize && a.score == 0 && a.cells > b.cells
}

// quoted names a sheet or a table in a message.
func quoted(name string) message.Message {
	if name == "" {
		return message.New("sheet-top")
	}
	return message.New("sheet-named", "name", name)
}

// names are the candidates' names in a message, the first of them.
func names(cs []candidate) message.Message {
	const most = 10
	var said []message.Message
	for _, c := range cs[:min(most, len(cs))] {
		said = append(said, quoted(c.name))
	}
	switch more := len(cs) - most; {
	case len(cs) == 0:
		return message.New("sheet-no-names")
	case more > 0:
		return message.New("list-more", "names", said, "n", more)
	}
	return message.New("sheet-names", "names", said)
}

func countCells(rows []etl.TableRow) int {
	n := 0
	for _, r := range rows {
		n += len(r.Cells)
	}
	return n
}
