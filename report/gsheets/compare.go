package gsheets

import (
	"errors"
	"io/fs"
	"strings"

	"hdsreport/etl/message"
	"hdsreport/report"
	"hdsreport/report/formula"
	"hdsreport/report/published"
)

// comparison is the book against what the spreadsheet holds.
type comparison struct {
	last      entry
	was       *published.Publication // nil where it is not known
	known     bool
	unchanged bool
	edits     []Edit
	// figures are the cells that hold the formula that they should and show something else than
	// the program computes.
	figures                 []message.Message
	changed, added, removed [2]int
}

func compare(b *report.Book, st *state, o *Options) (*comparison, error) {
	c := &comparison{last: lastOf(st.entries), known: true}
	if c.last.ID != 0 || len(st.tabs) > 0 {
		var err error
		if c.was, err = o.Known(c.last.Generation); errors.Is(err, fs.ErrNotExist) {
			c.was, c.known = st.borne(b, c.last), false
		} else if err != nil {
			return nil, err
		}
	}
	found := asFound(b, st)
	d, err := draw(b, withMissing(b, found))
	if err != nil {
		return nil, err
	}
	d.says, d.settled, d.remark, d.all = o.Same, o.Settled, o.Remark, o.All
	c.unchanged = c.last.Generation == b.Identifier && c.last.Format == format && st.settled(c.last) &&
		len(propertiesToSet(b, st, o)) == 0
	if err := c.tabs(d, found); err != nil {
		return nil, err
	}
	if !st.settled(c.last) {
		late, err := lateEdits(b, st, o)
		if err != nil {
			return nil, err
		}
		c.edits = append(c.edits, late...)
	}
	for i := range c.edits {
		c.edits[i].Generation = c.last.Generation
	}
	return c, nil
}

// tabs compares the tabs of the book that are there, one by one.
func (c *comparison) tabs(d *drawing, found map[string]*layout) error {
	tables := 0
	for _, s := range d.book.Sheets {
		l := found[s.ID]
		var n counts
		var edits []Edit
		if l != nil {
			var was *published.Table
			if c.was != nil {
				was = c.was.Table(s.ID)
			}
			var err error
			if n, err = d.counts(l, was); err != nil {
				return err
			}
			if edits, err = d.editsIn(l, was); err != nil {
				return err
			}
		} else if s.Table != nil {
			n.added = s.Table.Len
		}
		c.unchanged = c.unchanged && l != nil && n.equal() && len(edits) == 0
		c.edits = append(c.edits, edits...)
		c.figures = append(c.figures, n.figures...)
		if s.Table != nil && tables < 2 {
			c.changed[tables], c.added[tables], c.removed[tables] = n.changed, n.added, n.removed
			tables++
		}
	}
	return nil
}

// withMissing adds a place for each sheet of the book whose tab is not there.
func withMissing(b *report.Book, found map[string]*layout) map[string]*layout {
	full := map[string]*layout{}
	for _, s := range b.Sheets {
		if full[s.ID] = found[s.ID]; full[s.ID] == nil {
			full[s.ID] = &layout{sheet: s, title: s.Name, header: -1, columns: make([]int, len(columnIDs(s)))}
		}
	}
	return full
}

// counts is how one tab compares with the book: its rows by their identifiers, wherever somebody
// has sorted them to, and the cells outside the rows of data by their place.
type counts struct {
	changed, added, removed int
	// differs says which cells do not hold what they should, and figures which do and show
	// something else than the program computes.
	differs, figures []message.Message
}

// equal reports whether everything of ours is there and holds what the book says.
func (n *counts) equal() bool { return len(n.differs) == 0 }

func (d *drawing) counts(l *layout, was *published.Table) (counts, error) {
	t := l.tab
	var n counts
	if !t.whole(l) || l.short() {
		n.differs = append(n.differs, message.New("sheet-differs-part", "tab", l.title))
	}
	lines, err := d.lines(l)
	if err != nil {
		return n, err
	}
	for row := range lines {
		for i, want := range lines[row] {
			n.cell(l, row, l.columns[i], want)
		}
	}
	if l.sheet.Table == nil {
		return n, nil
	}
	there := map[int]bool{}
	for k, s := range t.standings(l.sheet.Table, was) {
		switch s.kind {
		case rowKept:
			there[s.book] = true
			if k >= l.sheet.Table.Len {
				n.differs = append(n.differs, message.New("sheet-differs-below", "tab", l.title, "row", s.id))
			}
			changed := false
			for i := range l.columns {
				want, err := d.body(l, s.book, i, s.at)
				if err != nil {
					return n, err
				}
				// A formula also differs where only the range that it looks through
				// has grown, which is no change of the row.
				same := n.cell(l, s.at, l.columns[i], want)
				changed = changed || !same && l.sheet.Table.Columns[i].Computed == nil
			}
			if changed {
				n.changed++
			}
		case rowDeparted, rowTyped:
			n.removed++
			n.differs = append(n.differs, message.New("sheet-differs-more", "tab", l.title, "row", s.at+1))
		}
	}
	for k, id := range rowIDs(l.sheet.Table) {
		if !there[k] {
			n.added++
			n.differs = append(n.differs, message.New("sheet-differs-missing", "tab", l.title, "row", id))
		}
	}
	return n, nil
}

// cell compares one cell, and tells whether it holds what it should.
func (n *counts) cell(l *layout, row, col int, want spot) bool {
	at := placeIn(l.title, row, col)
	if how := l.tab.differs(row, col, want); !how.IsZero() {
		n.differs = append(n.differs, message.New("sheet-differs-at", "place", at, "how", how))
		return false
	}
	if how := l.tab.miscomputes(row, col, want); !how.IsZero() {
		n.figures = append(n.figures, message.New("sheet-differs-at", "place", at, "how", how))
	}
	return true
}

// placeIn names a cell as a formula would.
func placeIn(title string, row, col int) string {
	return formula.Quote(title) + "!" + cellName(row, col)
}

// whole reports whether all of the program's columns and objects are there.
func (t *tab) whole(l *layout) bool {
	if len(t.columns) != len(l.columns) || t.memoID == 0 || len(t.memo.Charts) != len(l.sheet.Charts) {
		return false
	}
	if table := l.sheet.Table; table != nil {
		if t.header < table.Row || !t.filters(l.end()) {
			return false
		}
		for row := table.Row; row < t.header; row++ {
			if !t.othersIn(row) { // a row above the header that has no reason to be there
				return false
			}
		}
	}
	for _, c := range l.columns {
		if c < 0 {
			return false
		}
	}
	for _, id := range t.memo.Views {
		if !t.views[id] {
			return false
		}
	}
	for _, id := range t.memo.Charts {
		if !t.charts[id] {
			return false
		}
	}
	for _, id := range t.memo.Protected {
		if !t.protected[id] {
			return false
		}
	}
	return true
}

// filters reports whether the filter lies on a list that ends above a row, and on all columns
// that hold something beside it: Google would leave the others behind when it sorts.
func (t *tab) filters(end int) bool {
	if t.filter == nil || t.filter.Range == nil {
		return false
	}
	right := 0
	for row := t.header; row < min(end, len(t.cells)); row++ {
		for col := right; col < len(t.cells[row]); col++ {
			if t.holds(row, col) {
				right = col + 1
			}
		}
	}
	r := t.filter.Range
	return int(r.StartRowIndex) == t.header && r.StartColumnIndex == 0 && reaches(r.EndRowIndex, end) &&
		reaches(r.EndColumnIndex, right)
}

// reaches reports whether the end of a range is not before one; 0 is none.
func reaches(end int64, want int) bool { return end == 0 || int(end) >= want }

// links reports whether a cell leads where it is meant to. A link may come back as the cell's
// format or only as the address that Google made out for the cell; and Google makes one
// out where nobody set any, for a text that looks like an address.
func (t *tab) links(row, col int, to string) bool {
	set := t.link(row, col)
	if c := t.cell(row, col); set == "" && to != "" && c != nil {
		set = c.Hyperlink
	}
	return sameLink(set, to)
}

func (t *tab) link(row, col int) string {
	c := t.cell(row, col)
	if c == nil || c.UserEnteredFormat == nil || c.UserEnteredFormat.TextFormat == nil ||
		c.UserEnteredFormat.TextFormat.Link == nil {
		return ""
	}
	return c.UserEnteredFormat.TextFormat.Link.Uri
}

// sameLink compares addresses; one of a host alone may come back with a slash.
func sameLink(a, b string) bool {
	return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/")
}
