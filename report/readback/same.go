package readback

import (
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/compare"
)

// Same reports whether two texts say the same in a column of a sheet, given by its ID: 17/06/2019 is
// 2019-06-17, a position's label its code in any case, VRAI a yes. Spaces around a text and
// doubled ones never count; in names and other free texts everything else does. An empty cell
// says what no other says.
func (r *Reader) Same(column, a, b string) bool {
	a, b = strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " ")
	if a == b {
		return true
	}
	if a == "" || b == "" {
		return false
	}
	x, y := r.shown(etl.Field(column), a), r.shown(etl.Field(column), b)
	return x == y
}

// shown reads a cell of any column of the sheets, also of those that follow from others.
func (r *Reader) shown(column etl.Field, cell string) compare.Value {
	d := r.fields[etl.Approved].Find(column)
	if d == nil {
		d = r.fields[etl.Certified].Find(column)
	}
	if d == nil || !d.Derived() {
		return r.value(d, cell)
	}
	switch column {
	case "effective":
		return r.value(&etl.Definition{Kind: etl.KindDate}, cell)
	case "also":
		return r.value(&etl.Definition{Kind: etl.KindActivity}, cell)
	}
	if n, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64); err == nil {
		return etl.Text(strconv.FormatFloat(n, 'g', -1, 64))
	}
	return etl.Text(cell)
}
