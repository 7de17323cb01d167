package report

import (
	"fmt"
	"strings"
)

// Eval computes an expression over the book's tables: the value that a target
// writes beside the formula. A ratio over zero is blank.
func (b *Book) Eval(e Expr) Value {
	switch e := e.(type) {
	case Const:
		return NumberOf(float64(e))
	case CountActors:
		t := b.Table(e.Table)
		number := t.Column(ActorColumn)
		seen := map[float64]struct{}{}
		t.where(e.Where, func(row int) {
			if n := number.At(row); n.Kind == Number { // a row without a number is nobody's
				seen[n.Num] = struct{}{}
			}
		})
		return NumberOf(float64(len(seen)))
	case CountRows:
		n := 0
		b.Table(e.Table).where(e.Where, func(int) { n++ })
		return NumberOf(float64(n))
	case Sum:
		s := 0.0
		for _, x := range e {
			s += b.Eval(x).Num
		}
		return NumberOf(s)
	case Difference:
		return NumberOf(b.Eval(e.A).Num - b.Eval(e.B).Num)
	case Ratio:
		over := b.Eval(e.B).Num
		if over == 0 {
			return Value{}
		}
		return NumberOf(b.Eval(e.A).Num / over)
	}
	panic(fmt.Sprintf("report: no evaluation for %T", e))
}

// ActorColumn is the ID of the column that numbers actors, in every table.
const ActorColumn = "actor"

// Table finds a table by its ID; it panics on an unknown one, which is a mistake
// in this program.
func (b *Book) Table(id string) *Table {
	for _, s := range b.Sheets {
		if s.Table != nil && s.Table.ID == id {
			return s.Table
		}
	}
	panic("report: no table " + id)
}

// where calls f for each row that meets all the conditions.
func (t *Table) where(conds []Cond, f func(row int)) {
	cols := make([]*Column, len(conds))
	for i, c := range conds {
		cols[i] = t.Column(c.Column)
	}
rows:
	for row := range t.Len {
		for i, c := range conds {
			if !c.holds(cols[i].At(row)) {
				continue rows
			}
		}
		f(row)
	}
}

func (c Cond) holds(v Value) bool {
	switch c.Op {
	case Equal, NotEqual:
		same := equal(v, c.Value)
		for _, o := range c.Or {
			same = same || equal(v, o)
		}
		return same == (c.Op == Equal)
	case AtMost:
		return (v.Kind == Number || v.Kind == Day) && v.Num <= c.Value.Num
	default:
		return (v.Kind == Number || v.Kind == Day) && v.Num >= c.Value.Num
	}
}

// equal compares as a spreadsheet does: a blank is the empty text, case does not
// matter, a number is never a text.
func equal(v, w Value) bool {
	text := func(v Value) bool { return v.Kind == Text || v.Kind == Blank }
	if text(v) != text(w) {
		return false
	}
	if text(v) {
		return strings.EqualFold(v.Text, w.Text)
	}
	return v.Num == w.Num
}
