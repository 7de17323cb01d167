package report

import (
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/compare"
)

// Words writes values of a comparison as the sheets show them, for outputs beside the
// sheets.
type Words struct {
	ref    *etl.Reference
	l      Labels
	fields [2]etl.Fields
}

// NewWords returns the words of a language.
func NewWords(ref *etl.Reference, l Labels) *Words {
	w := &Words{ref: ref, l: l}
	for _, list := range etl.Listings {
		w.fields[list] = ref.Fields(list)
	}
	return w
}

// Field is a field's heading on the sheet.
func (w *Words) Field(l etl.Listing, field string) string {
	if d := w.fields[l].Find(etl.Field(field)); d != nil {
		return d.Heading.In(w.l.Language)
	}
	return field
}

// Value is a value as the sheet shows it.
func (w *Words) Value(v compare.Value) string {
	switch v := v.(type) {
	case nil:
		return w.l.Get("chg.blank")
	case etl.Tick:
		return w.l.Get([...]string{etl.TickYes: "yes", etl.TickNo: "no", etl.TickUnknown: "unknown"}[v])
	case etl.Date:
		return w.l.Day(v)
	case etl.PositionCode:
		if pos, ok := w.ref.PositionOf(string(v)); ok {
			return pos.Label[w.l.Language]
		}
	case etl.TypeKeys:
		var types []string
		for _, t := range w.ref.TypesOf(v) {
			types = append(types, t.Label[w.l.Language])
		}
		return strings.Join(types, " "+w.l.Get("type.and")+" ")
	}
	return v.String()
}
