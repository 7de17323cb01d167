// Package reporttest computes a book's figures for tests, in the plainest way there is:
// it looks at every row for every condition. The book's own evaluator is quicker and is
// held to this one, as spreadsheets are after somebody has changed cells.
package reporttest

import (
	"fmt"
	"strings"

	"hdsreport/etl"
	"hdsreport/report"
)

// Eval computes an expression over the book's tables. A ratio over zero is blank.
func Eval(b *report.Book, e report.Expr) report.Value {
	switch e := e.(type) {
	case report.Const:
		return report.NumberOf(float64(e))
	case report.Shown:
		return report.NumberOf(e.Value)
	case report.CountRows:
		n := 0
		t := b.Table(e.Table)
		for row := range t.Len {
			if meets(t, e.Where, row) {
				n++
			}
		}
		return report.NumberOf(float64(n))
	case report.CountActors:
		t := b.Table(e.Table)
		actors := map[float64]bool{}
		for row := range t.Len {
			if number := t.Column(report.ActorColumn).At(row); number.Kind == report.Number && meets(t, e.Where, row) {
				actors[number.Num] = true
			}
		}
		return report.NumberOf(float64(len(actors)))
	case report.Sum:
		sum := 0.0
		for _, x := range e {
			sum += Eval(b, x).Num
		}
		return report.NumberOf(sum)
	case report.Difference:
		x, y := Eval(b, e.A), Eval(b, e.B)
		if x.Kind == report.Blank || y.Kind == report.Blank {
			return report.Value{}
		}
		return report.NumberOf(x.Num - y.Num)
	case report.Ratio:
		over := Eval(b, e.B).Num
		if over == 0 {
			return report.Value{}
		}
		return report.NumberOf(Eval(b, e.A).Num / over)
	}
	panic(fmt.Sprintf("reporttest: no evaluation for %T", e))
}

// meets reports whether a row meets all the conditions.
func meets(t *report.Table, conds []report.Cond, row int) bool {
	for _, c := range conds {
		v := t.Column(c.Column).At(row)
		holds := false
		switch c.Op {
		case report.Equal, report.NotEqual:
			same := equal(v, c.Value)
			for _, o := range c.Or {
				same = same || equal(v, o)
			}
			holds = same == (c.Op == report.Equal)
		case report.AtMost:
			holds = numeric(v) && v.Num <= c.Value.Num
		case report.AtLeast:
			holds = numeric(v) && v.Num >= c.Value.Num
		}
		if !holds {
			return false
		}
	}
	return true
}

func numeric(v report.Value) bool { return v.Kind == report.Number || v.Kind == report.Day }

// equal compares as a spreadsheet does: a blank is the empty text, case does not
// matter, a number is never a text.
func equal(v, w report.Value) bool {
	if numeric(v) || numeric(w) {
		return numeric(v) && numeric(w) && v.Num == w.Num
	}
	return strings.EqualFold(v.Text, w.Text)
}

// EvalRow computes a computed column's value in one row from the tables' cells as they
// are, as the formula in the sheet does. The column's own At comes from the pipeline
// instead: that the two agree is one of the book's proofs.
func EvalRow(b *report.Book, t *report.Table, e report.RowExpr, row int) report.Value {
	switch e := e.(type) {
	case report.CountEqual:
		n := 0
		for _, id := range e.Columns {
			v := t.Column(id).At(row)
			if e.Unknown != "" && equal(v, report.TextOf(e.Unknown)) {
				return report.TextOf(e.Unknown)
			}
			if equal(v, report.TextOf(e.Value)) {
				n++
			}
		}
		return report.NumberOf(float64(n))
	case report.Covered:
		return covered(t, e, row)
	case report.AlsoIn:
		other := b.Table(e.Other)
		key, there := t.Column(e.Key).At(row), other.Column(e.Key)
		for i := range other.Len {
			if v := there.At(i); v.Kind == report.Number && v == key && counted(other, e.Counted, e.Yes, i) {
				return report.TextOf(e.Yes)
			}
		}
		return report.TextOf(e.No)
	case report.NoneOf:
		v := t.Column(e.Column).At(row)
		for _, word := range e.Words {
			if equal(v, report.TextOf(word)) {
				return report.TextOf(e.No)
			}
		}
		return report.TextOf(e.Yes)
	case report.Extended:
		v := t.Column(e.Column).At(row)
		if !numeric(v) {
			return v
		}
		d := etl.DateOfSerial(int(v.Num))
		for _, s := range e.Spans {
			if d.Compare(s.From) >= 0 && d.Compare(s.To) <= 0 {
				return report.DayOf(d.AddMonths(s.Months))
			}
		}
		return v
	}
	panic(fmt.Sprintf("reporttest: no evaluation for %T", e))
}

// counted reports whether a row says yes in a column; if no column is given, each does.
func counted(t *report.Table, column, yes string, row int) bool {
	return column == "" || equal(t.Column(column).At(row), report.TextOf(yes))
}

func covered(t *report.Table, e report.Covered, row int) report.Value {
	key := t.Column(e.Key)
	mine := key.At(row)
	n := 0
	for _, id := range e.Columns {
		col := t.Column(id)
		yes, unknown := false, false
		for i := range t.Len {
			if key.At(i) != mine || !counted(t, e.Counted, e.Yes, i) {
				continue
			}
			yes = yes || equal(col.At(i), report.TextOf(e.Yes))
			unknown = unknown || equal(col.At(i), report.TextOf(e.Unknown))
		}
		switch {
		case yes:
			n++
		case unknown:
			return report.TextOf(e.Unknown)
		}
	}
	return report.NumberOf(float64(n))
}
