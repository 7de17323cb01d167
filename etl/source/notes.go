package source

import (
	"fmt"

	"hdsreport/etl"
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

// add reports something about the whole file.
func (n *notes) add(sev etl.Severity, code, do, format string, args ...any) {
	n.found = append(n.found, etl.Finding{Severity: sev, Code: code, Place: n.place(0, 0),
		Message: fmt.Sprintf(format, args...), Do: do})
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

// at reports something about one cell (column from 1), or one row (column 0). The
// message is made only if it will be listed.
func (n *notes) at(row, col int, sev etl.Severity, code, do string, message func() string) {
	t := n.tally(code)
	if t.n > maxListed {
		return
	}
	f := etl.Finding{Severity: sev, Code: code, Place: n.place(row, col), Message: message(), Do: do}
	if t.n == 1 {
		t.first = f
	}
	n.found = append(n.found, f)
}

// count reports something that only its number makes worth knowing; message has
// one %d, for the number of cells.
func (n *notes) count(row, col int, sev etl.Severity, code, do, message string) {
	t := n.tally(code)
	t.quiet = true
	if t.n == 1 {
		t.first = etl.Finding{Severity: sev, Code: code, Place: n.place(row, col), Message: message, Do: do}
	}
}

// findings gives everything noted, with the sums.
func (n *notes) findings() []etl.Finding {
	out := n.found
	for _, t := range n.order {
		f := t.first
		switch {
		case t.quiet:
			f.Message = fmt.Sprintf(f.Message, t.n)
		case t.n > maxListed:
			f.Place = n.place(0, 0)
			f.Message = fmt.Sprintf("%d places like the first %d listed (%s), the first at row %d",
				t.n, maxListed, f.Code, t.first.Place.Row)
		default:
			continue
		}
		out = append(out, f)
	}
	return out
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
