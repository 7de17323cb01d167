package etl

import (
	"cmp"
	"reflect"
	"slices"
)

// correct applies the editors' corrections to the published edition: a name or a
// position to an actor, everything else to a row. A correction also records the
// source's value at that time. If the source has another value now, the correction
// still applies and the change is reported.
func correct(ref *Reference, reg *Registry, ed *Edition, actors []Actor) []Finding {
	if len(reg.Corrections) == 0 {
		return nil
	}
	var fs []Finding
	byID := make(map[string]*Actor, len(actors))
	for i := range actors {
		byID[actors[i].ID] = &actors[i]
	}
	var rows [2]map[string]*Row
	for _, l := range Listings {
		rows[l] = make(map[string]*Row, len(ed.List[l].Rows))
		for i := range ed.List[l].Rows {
			rows[l][ed.List[l].Rows[i].ID] = &ed.List[l].Rows[i]
		}
	}
	// The last correction of a cell applies, by date and then by line.
	cs := slices.Clone(reg.Corrections)
	slices.SortStableFunc(cs, func(a, b Correction) int {
		x, _ := ParseDate(a.Date)
		y, _ := ParseDate(b.Date)
		return cmp.Or(x.Compare(y), cmp.Compare(a.Place.Row, b.Place.Row))
	})
	first := map[[2]string]string{} // the source's value, if a cell has several corrections
	for _, c := range cs {
		row, list, unsure := rowToCorrect(ref, ed, rows, c)
		if unsure {
			fs = append(fs, Find(Error, CodeRegistryValue, c.Place, "id", c.ID, "field", c.Field).Said("row-unsure"))
			continue
		}
		actor := byID[c.ID]
		if actor == nil && row != nil {
			actor = &actors[row.Actor]
		}
		if actor == nil {
			fs = append(fs, Find(Info, CodeRegistryUnused, c.Place, "id", c.ID).Said("correction"))
			continue
		}
		d := ref.Field(list, Field(c.Field))
		if row == nil && d == nil { // the id of an actor, on either list
			d = ref.Field(1-list, Field(c.Field))
		}
		seen, ok := "", false
		switch {
		case d == nil || !d.Correctable():
		case d.OfActor():
			seen, ok = actor.correct(ref, d.Kind, c.Value)
		case row != nil:
			seen, ok = d.set(ref, list, &ed.List[list], row, c.Value)
		}
		if !ok {
			fs = append(fs, uncorrectable(ref, list, row, d, c))
			continue
		}
		cell := [2]string{c.ID, c.Field}
		if source, again := first[cell]; again {
			seen = source
		} else {
			first[cell] = seen
		}
		if c.Was != "" && !d.same(ref, seen, c.Was) && !d.same(ref, seen, c.Value) {
			fs = append(fs, Find(Warning, CodeCorrectionOutdated, c.Place, "seen", seen, "was", c.Was, "by", c.By,
				"field", d, "id", c.ID, "value", c.Value))
		}
	}
	return fs
}

// uncorrectable returns a finding that says why a correction cannot be used.
func uncorrectable(ref *Reference, list Listing, row *Row, d *Definition, c Correction) Finding {
	at := func(variant string, pairs ...any) Finding {
		return Find(Error, CodeRegistryValue, c.Place,
			append([]any{"field", c.Field, "id", c.ID, "value", c.Value}, pairs...)...).Said(variant)
	}
	switch {
	case d == nil:
		return at("correction-field", "known", correctable(ref, list))
	case !d.Correctable():
		return at("correction-never", "name", d, "why", d.WhyNot)
	case row == nil && !d.OfActor():
		return at("correction-actor", "name", d)
	case d.Extra():
		return at("correction-column", "name", d)
	}
	return at("correction", "name", d)
}

// correctable returns the keys of a list's fields that can be corrected.
func correctable(ref *Reference, l Listing) []string {
	var out []string
	for _, d := range ref.Fields(l) {
		if d.Correctable() {
			out = append(out, string(d.Key))
		}
	}
	return out
}

// rowToCorrect returns the row of a correction. A row without a number or a service has
// only the id of its actor, which may be on both lists. Then the field and its old
// value decide which row is meant.
func rowToCorrect(
	ref *Reference, ed *Edition, rows [2]map[string]*Row, c Correction,
) (row *Row, list Listing, unsure bool) {
	var fit []Listing
	for _, l := range Listings {
		if rows[l][c.ID] == nil {
			continue
		}
		row, list = rows[l][c.ID], l
		if ref.Field(l, Field(c.Field)) != nil {
			fit = append(fit, l)
		}
	}
	if d := ref.Field(Approved, Field(c.Field)); len(fit) == 2 && d.Correctable() && !d.OfActor() {
		fit = slices.DeleteFunc(fit, func(l Listing) bool {
			d := ref.Field(l, Field(c.Field))
			return !d.same(ref, d.stated(&ed.List[l], rows[l][c.ID]), c.Was)
		})
		if len(fit) != 1 {
			return nil, 0, true
		}
	}
	if len(fit) > 0 {
		list = fit[0]
		row = rows[list][c.ID]
	}
	return row, list, false
}

func (a *Actor) correct(ref *Reference, k Kind, value string) (was string, ok bool) {
	if k == KindName {
		if value == "" {
			return a.Name, false
		}
		was, a.Name = a.Name, value
		return was, true
	}
	was = a.Position
	code := ref.positionCode(value)
	if _, known := ref.PositionOf(code); !known {
		return was, false
	}
	a.Position, a.PositionBy, a.Rule = code, ByCorrection, ""
	return was, true
}

// CheckCorrection reports whether a text is a valid value of a field, and returns it in
// the form used in corrections.csv: dates are in ISO 8601, however a spreadsheet has
// written them.
func CheckCorrection(ref *Reference, f Field, value string) (string, bool) {
	for _, l := range Listings {
		d := ref.Field(l, f)
		if d == nil || !d.Correctable() {
			continue
		}
		if d.Extra() {
			return value, true
		}
		var row Row
		_, ok := d.set(ref, l, &List{}, &row, value)
		if ok && d.Kind == KindDate {
			value = d.Date(&row).String()
		}
		return value, ok
	}
	return value, false
}

// SameCorrection reports whether two texts mean the same value of a field, such as
// "toutes" and "all", or "Oui" and "Yes".
func SameCorrection(ref *Reference, f Field, a, b string) bool {
	for _, l := range Listings {
		d := ref.Field(l, f)
		if a == b || d == nil || !d.Correctable() || d.Extra() {
			continue
		}
		var one, other Row
		_, read := d.set(ref, l, &List{}, &one, a)
		_, too := d.set(ref, l, &List{}, &other, b)
		return read && too && reflect.DeepEqual(one, other)
	}
	return a == b
}
