package report

import (
	"fmt"

	"hdsreport/etl"
)

// EvalRow computes a computed column's value in one row from the tables' cells as
// they are, as the formula in the sheet does. The column's own At comes from the
// pipeline instead: that the two agree is one of the book's proofs, and EvalRow is
// what figures are held to once an editor has changed a cell.
func (b *Book) EvalRow(t *Table, e RowExpr, row int) Value {
	switch e := e.(type) {
	case CountEqual:
		n := 0
		for _, id := range e.Columns {
			v := t.Column(id).At(row)
			if e.Unknown != "" && equal(v, TextOf(e.Unknown)) {
				return TextOf(e.Unknown)
			}
			if equal(v, TextOf(e.Value)) {
				n++
			}
		}
		return NumberOf(float64(n))
	case Covered:
		return t.covered(e, row)
	case AlsoIn:
		other := b.Table(e.Other)
		key, there := t.Column(e.Key).At(row), other.Column(e.Key)
		for i := range other.Len {
			if v := there.At(i); v.Kind == Number && v == key {
				return TextOf(e.Yes)
			}
		}
		return TextOf(e.No)
	case Extended:
		v := t.Column(e.Column).At(row)
		if v.Kind != Day && v.Kind != Number {
			return v
		}
		d := etl.DateOfSerial(int(v.Num))
		for _, s := range e.Spans {
			if d.Compare(s.From) >= 0 && d.Compare(s.To) <= 0 {
				return DayOf(d.AddMonths(s.Months))
			}
		}
		return v
	}
	panic(fmt.Sprintf("report: no evaluation for %T", e))
}

func (t *Table) covered(e Covered, row int) Value {
	key := t.Column(e.Key)
	mine := key.At(row)
	n := 0
	for _, id := range e.Columns {
		col := t.Column(id)
		yes, unknown := false, false
		for i := range t.Len {
			if key.At(i) != mine {
				continue
			}
			yes = yes || equal(col.At(i), TextOf(e.Yes))
			unknown = unknown || equal(col.At(i), TextOf(e.Unknown))
		}
		switch {
		case yes:
			n++
		case unknown:
			return TextOf(e.Unknown)
		}
	}
	return NumberOf(float64(n))
}
