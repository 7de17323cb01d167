package source

import (
	"fmt"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// notes gathers the findings of one table. A file with one fault in ten thousand
// cells gets maxListed findings with their place, then one with the sum.
type notes struct {
	file, sheet string
	found       []etl.Finding
	tallies     map[string]*tally
	order       []*tally
}

type tally struct {
	first etl.Finding
	n     int
	quiet bool // only the sum is told, at the place of the first
}

func newNotes(file, sheet string) *notes {
	return &notes{file: file, sheet: sheet, tallies: map[string]*tally{}}
}

func (n *notes) place(row, col int) etl.Place {
	return etl.Place{File: n.file, Sheet: n.sheet, Row: row, Column: col}
}

// tell reports something about the whole file, or at the finding's row and column.
func (n *notes) tell(f etl.Finding) {
	f.Place = n.place(f.Place.Row, f.Place.Column)
	n.found = append(n.found, f)
}

// each reports something about one cell (column from 1), or one row (column 0). The
// finding is made only if it will be listed.
func (n *notes) each(row, col int, code string, find func() etl.Finding) {
	t := n.tally(code)
	if t.n > maxListed {
		return
	}
	f := find()
	f.Place = n.place(row, col)
	if t.n == 1 {
		t.first = f
	}
	n.found = append(n.found, f)
}

// sum reports something that only its number, the argument n, makes worth knowing.
func (n *notes) sum(row, col int, sev etl.Severity, code string) {
	t := n.tally(code)
	t.quiet = true
	if t.n == 1 {
		t.first = etl.Find(sev, code, n.place(row, col))
	}
}

func (n *notes) tally(code string) *tally {
	t := n.tallies[code]
	if t == nil {
		t = &tally{}
		n.tallies[code] = t
		n.order = append(n.order, t)
	}
	t.n++
	return t
}

// join adds what was noted of a part of the same table, as if it had been noted here.
func (n *notes) join(part *notes) {
	listed := map[string]int{}
	for _, f := range part.found {
		before := 0
		if t := n.tallies[f.Code]; t != nil {
			before = t.n
		}
		if listed[f.Code]++; before+listed[f.Code] <= maxListed {
			n.found = append(n.found, f)
		}
	}
	for _, t := range part.order {
		if known := n.tallies[t.first.Code]; known != nil {
			known.n += t.n
		} else {
			n.tallies[t.first.Code], n.order = t, append(n.order, t)
		}
	}
}

// findings gives everything noted, with the sums.
func (n *notes) findings() []etl.Finding {
	out := n.found
	for _, t := range n.order {
		f := t.first
		switch {
		case t.quiet:
			f.Args = message.Pairs("n", t.n)
		case t.n > maxListed:
			f = f.Many(t.n, maxListed)
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

// uncached is the finding of a cell without its value.
func uncached() etl.Finding {
	return etl.Find(etl.Warning, etl.CodeFormulaUncached, etl.Place{})
}

// short is enough of a text to recognise it.
func short(s string) string {
	return message.Cut(s, 60)
}

// excerpt quotes enough of a text to recognise it.
func excerpt(s string) string {
	const most = 60
	for i := range s {
		if i >= most {
			return fmt.Sprintf("%q…", s[:i])
		}
	}
	return fmt.Sprintf("%q", s)
}
