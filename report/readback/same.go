package readback

import (
	"slices"
	"strings"

	"hdsreport/etl"
)

// Same reports whether two texts say the same in a column of a sheet, given by its ID: 17/06/2019 is
// 2019-06-17, a position's label its code in any case, VRAI a yes. Spaces around a text and
// doubled ones never count; in names and other free texts everything else does. An empty cell
// says what no other says but vide, the word for it.
func (r *Reader) Same(column, a, b string) bool {
	d := r.fields[etl.Approved].Find(etl.Field(column))
	if d == nil {
		d = r.fields[etl.Certified].Find(etl.Field(column))
	}
	if (strings.TrimSpace(a) == "") != (strings.TrimSpace(b) == "") {
		blank := slices.Contains(etl.Blanks, strings.ToLower(etl.OneSpace(a+b)))
		return blank && d != nil && d.Typed() == etl.TypedValue && !d.OfActor()
	}
	return r.cells.Same(d, a, b)
}

// Confirms reports whether a text in the status of a position confirms it.
func (r *Reader) Confirms(text string) bool {
	return slices.ContainsFunc(r.words.Confirmed, func(w string) bool { return strings.EqualFold(w, etl.OneSpace(text)) })
}

// Proposes reports whether a text is the status of a position that nobody has confirmed.
func (r *Reader) Proposes(text string) bool {
	return slices.ContainsFunc(r.words.Proposed, func(w string) bool { return strings.EqualFold(w, etl.OneSpace(text)) })
}
