package report

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"hdsreport/etl/cores"
)

// evaluator computes many expressions over tables that stay as they are. What they
// have in common is worked out once: the actors' places in a set, and counts that
// are a figure here and a part of one there.
type evaluator struct {
	book   *Book
	actors map[*Table]ranks
	coded  map[*Column]*coded
	counts map[string]Value // by expression
}

func newEvaluator(b *Book) *evaluator {
	return &evaluator{book: b, actors: map[*Table]ranks{}, coded: map[*Column]*coded{}, counts: map[string]Value{}}
}

// coded is a column by the few values that it holds: a condition is asked once a
// value, and then looked up row by row.
type coded struct {
	values []Value
	codes  []uint16 // by row: an index in values; nil for a column of too many values
}

func (v *evaluator) code(t *Table, c *Column) *coded {
	if done, known := v.coded[c]; known {
		return done
	}
	out := &coded{codes: make([]uint16, t.Len)}
	v.coded[c] = out
	const few = 8
	index := map[Value]uint16{}
	last := uint16(0)
	for row := range out.codes {
		value := c.At(row)
		if len(out.values) == 0 || out.values[last] != value {
			at, known := last, false
			if n := len(out.values); n <= few { // looking through them is faster
				if i := slices.Index(out.values, value); i >= 0 {
					at, known = uint16(i), true
				}
			} else {
				at, known = index[value]
			}
			if !known {
				if len(out.values) > math.MaxUint16 {
					*out = coded{}
					return out
				}
				at = uint16(len(out.values))
				index[value], out.values = at, append(out.values, value)
			}
			last = at
		}
		out.codes[row] = last
	}
	return out
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
	rank := make(map[int64]int32, t.Len)
	r := ranks{of: make([]int32, t.Len)}
	for row := range r.of {
		n := number.At(row)
		if n.Kind != Number {
			r.of[row] = -1
			continue
		}
		at, known := rank[int64(n.Num)] // numbers of actors are whole
		if !known {
			at = int32(len(rank))
			rank[int64(n.Num)] = at
		}
		r.of[row] = at
	}
	r.n = len(rank)
	v.actors[t] = r
	return r
}

// eval computes an expression over the book's tables: the value that a target writes
// beside the formula. A ratio over zero is blank.
func (v *evaluator) eval(e Expr) Value {
	switch e := e.(type) {
	case Const:
		return NumberOf(float64(e))
	case Shown:
		return NumberOf(e.Value)
	case CountActors, CountRows:
		key := Identity(e)
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
		a, b := v.eval(e.A), v.eval(e.B)
		if a.Kind == Blank || b.Kind == Blank {
			return Value{}
		}
		return NumberOf(a.Num - b.Num)
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
		r, holds := v.ranks(t), v.where(t, e.Where)
		var seen []uint64 // by any of the stretches
		var lock sync.Mutex
		cores.Each(t.Len, func(from, to int) {
			own := make([]uint64, (r.n+63)/64)
			for row := from; row < to; row++ {
				if a := r.of[row]; a >= 0 && holds(row) {
					own[a/64] |= 1 << (a % 64)
				}
			}
			lock.Lock()
			defer lock.Unlock()
			if seen == nil {
				seen = own
				return
			}
			for i, word := range own {
				seen[i] |= word
			}
		})
		for _, word := range seen {
			n += bits.OnesCount64(word)
		}
	case CountRows:
		t := v.book.Table(e.Table)
		holds := v.where(t, e.Where)
		var all atomic.Int64
		cores.Each(t.Len, func(from, to int) {
			own := 0
			for row := from; row < to; row++ {
				if holds(row) {
					own++
				}
			}
			all.Add(int64(own))
		})
		n = int(all.Load())
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

// where tells a row that meets all the conditions.
func (v *evaluator) where(t *Table, conds []Cond) func(row int) bool {
	tests := make([]func(row int) bool, len(conds))
	for i, c := range conds {
		col := t.Column(c.Column)
		known := v.code(t, col)
		if known.codes == nil {
			tests[i] = func(row int) bool { return c.holds(col.At(row)) }
			continue
		}
		holds := make([]bool, len(known.values))
		for k, value := range known.values {
			holds[k] = c.holds(value)
		}
		tests[i] = func(row int) bool { return holds[known.codes[row]] }
	}
	return func(row int) bool {
		for _, holds := range tests {
			if !holds(row) {
				return false
			}
		}
		return true
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
