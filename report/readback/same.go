package readback

import (
	"strings"

	"hdsreport/etl"
)

// Same reports whether two texts say the same in a column of a sheet, given by its ID: 17/06/2019 is
// 2019-06-17, a position's label its code in any case, VRAI a yes. Spaces around a text and
// doubled ones never count; in names and other free texts everything else does. An empty cell
// says what no other says.
func (r *Reader) Same(column, a, b string) bool {
	if (strings.TrimSpace(a) == "") != (strings.TrimSpace(b) == "") {
		return false
	}
	d := r.fields[etl.Approved].Find(etl.Field(column))
	if d == nil {
		d = r.fields[etl.Certified].Find(etl.Field(column))
	}
	return r.cells.Same(d, a, b)
}
