package report

import (
	"fmt"
	"strings"
)

// Eval computes an expression over the book's tables: the value that a target
// writes beside the formula. A ratio over zero is blank.
func (b *Book) Eval(e Expr) Value { return newEvaluator(b).eval(e) }

// evaluator computes many expressions over tables that stay as they are. What they
// have in common is worked out once: the actors' places in a set, and counts that
// are a figure here and a part of one there.
type evaluator struct {
	book   *Book
	actors map[*Table]ranks
	counts map[string]Value // by expression
}

func newEvaluator(b *Book) *evaluator {
	return &evaluator{book: b, actors: map[*Table]ranks{}, counts: map[string]Value{}}
}

// ranks gives a table's actors small numbers, so that a set of them is a row of
// bits.
type ranks struct {
	of []int32 // by row; -1 for a row that is nobody's
	n  int
}

func (v *evaluator) ranks(t *Table) ranks {
	if r, known := v.actors[t]; known {
		return r
	}
	number := t.Column(ActorColumn)
	rank := map[float64]int32{}
	r := ranks{of: make([]int32, t.Len)}
	for row := range r.of {
		n := number.At(row)
		if n.Kind != Number {
			r.of[row] = -1
			continue
		}
		at, known := rank[n.Num]
		if !known {
			at = int32(len(rank))
			rank[n.Num] = at
		}
		r.of[row] = at
	}
	r.n = len(rank)
	v.actors[t] = r
	return r
}

func (v *evaluator) eval(e Expr) Value {
	switch e := e.(type) {
	case Const:
		return NumberOf(float64(e))
	case CountActors, CountRows:
		key := fmt.Sprintf("%#v", e)
		n, known := v.counts[key]
		if !known {
			n = NumberOf(float64(v.count(e)))
			v.counts[key] = n
		}
		return n
	case Sum:
		s := 0.0
		for _, x := range e {
			s += v.eval(x).Num
		}
		return NumberOf(s)
	case Difference:
		return NumberOf(v.eval(e.A).Num - v.eval(e.B).Num)
	case Ratio:
		over := v.eval(e.B).Num
		if over == 0 {
			return Value{}
		}
		return NumberOf(v.eval(e.A).Num / over)
	}
	panic(fmt.Sprintf("report: no evaluation for %T", e))
}

// count is the number of a CountActors or a CountRows.
func (v *evaluator) count(e Expr) int {
	n := 0
	switch e := e.(type) {
	case CountActors:
		t := v.book.Table(e.Table)
		r := v.ranks(t)
		seen := make([]uint64, (r.n+63)/64)
		t.where(e.Where, func(row int) {
			if a := r.of[row]; a >= 0 && seen[a/64]&(1<<(a%64)) == 0 {
				seen[a/64] |= 1 << (a % 64)
				n++
			}
		})
	case CountRows:
		v.book.Table(e.Table).where(e.Where, func(int) { n++ })
	}
	return n
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
