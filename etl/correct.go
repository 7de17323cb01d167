package etl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// correct puts an editor's values over the source's, in the published edition: a
// name or a position on an actor, anything else on a row. What the source said
// when the editor wrote is in the correction; where it says something else now,
// the editor's value stands and the change is reported.
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
	// The last ruling on a cell holds, by date and then by line.
	cs := slices.Clone(reg.Corrections)
	slices.SortStableFunc(cs, func(a, b Correction) int {
		x, _ := ParseDate(a.Date)
		y, _ := ParseDate(b.Date)
		return cmp.Or(x.Compare(y), cmp.Compare(a.Place.Row, b.Place.Row))
	})
	first := map[[2]string]string{} // what the source says, under several corrections of a cell
	for _, c := range cs {
		var seen string
		var ok bool
		row, list, unsure := rowToCorrect(ref, rows, c)
		if unsure {
			fs = append(fs, Finding{Severity: Error, Code: CodeRegistryValue, Place: c.Place, Message: fmt.Sprintf("the id %q is one row of each list, and either may be meant by this correction of %s", c.ID, c.Field), Do: "write what the cell said in the column was"})
			continue
		}
		actor := byID[c.ID]
		if actor == nil && row != nil {
			actor = &actors[row.Actor]
		}
		switch f := Field(c.Field); {
		case (f == FieldName || f == "position") && actor != nil:
			seen, ok = actor.correct(ref, f, c.Value)
		case row != nil && (f == FieldService) == (list == Approved) || row != nil && (f == FieldFrom || f == FieldUntil):
			seen, ok = row.correct(ref, list, f, c.Value)
		case row != nil || actor != nil: // a field that it does not have
		default:
			fs = append(fs, Finding{Severity: Info, Code: CodeRegistryUnused, Place: c.Place, Message: fmt.Sprintf("nothing in this edition has the id %q of this correction", c.ID), Do: ""})
			continue
		}
		if !ok {
			fs = append(fs, Finding{Severity: Error, Code: CodeRegistryValue, Place: c.Place, Message: fmt.Sprintf("the correction of %s on %s cannot be used: %q", c.Field, c.ID, c.Value),
				Do: "the field is one of name, position, service, from, until, type, body, number or an activity's key; a date is written 2019-06-17, an activity Oui or Non"})
			continue
		}
		cell := [2]string{c.ID, c.Field}
		if source, again := first[cell]; again {
			seen = source
		} else {
			first[cell] = seen
		}
		if c.Was != "" && !sameValue(ref, Field(c.Field), seen, c.Was) && !sameValue(ref, Field(c.Field), seen, c.Value) {
			fs = append(fs, Finding{Severity: Warning, Code: CodeCorrectionOutdated, Place: c.Place, Message: fmt.Sprintf("the source said %q when %s corrected %s on %s, and says %q now; the correction %q stands", c.Was, c.By, c.Field, c.ID, seen, c.Value), Do: "check which is right"})
		}
	}
	return fs
}

// rowToCorrect finds the row of a correction. A row without a number or a
// prestation has its actor's id alone, on both lists perhaps: then the field, and
// what it said, tell which is meant.
func rowToCorrect(ref *Reference, rows [2]map[string]*Row, c Correction) (row *Row, list Listing, unsure bool) {
	a, b := rows[Approved][c.ID], rows[Certified][c.ID]
	switch f := Field(c.Field); {
	case a == nil || b == nil:
		if a != nil {
			return a, Approved, false
		}
		return b, Certified, false
	case f == FieldName || f == "position" || f == FieldService:
		return a, Approved, false
	case f != FieldFrom && f != FieldUntil:
		return b, Certified, false
	default:
		x, y := sameValue(ref, f, a.date(f), c.Was), sameValue(ref, f, b.date(f), c.Was)
		if x == y {
			return nil, 0, true
		}
		if x {
			return a, Approved, false
		}
		return b, Certified, false
	}
}

// date is one of a row's two as the source says it.
func (row *Row) date(f Field) string {
	if raw, unread := row.Raw[f]; unread {
		return raw
	}
	if f == FieldFrom {
		return row.From.String()
	}
	return row.Until.String()
}

// sameValue tells that two texts say the same in a field: 17/06/2019 is
// 2019-06-17, and a position's label is its code.
func sameValue(ref *Reference, f Field, a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	switch f {
	case FieldName, FieldService, FieldBody, FieldNumber:
		return false
	case FieldFrom, FieldUntil:
		x, okX := ParseDate(a)
		y, okY := ParseDate(b)
		return okX && okY && x == y
	case FieldActivities:
		return a == "" || fold(a) == fold(b) // a text that was read is not kept
	case FieldType:
		return typesOf(ref, a) != 0 && typesOf(ref, a) == typesOf(ref, b)
	case "position":
		return ref.positionCode(a) == ref.positionCode(b)
	}
	x, okX := tick(a)
	y, okY := tick(b)
	return okX && okY && x == y
}

// typesOf reads types as the sheet writes them, by label or key.
func typesOf(ref *Reference, text string) uint8 {
	var set uint8
	for i, t := range ref.Types {
		if strings.Contains(fold(text), fold(t.Label["fr"])) || strings.Contains(text, t.Key) {
			set |= 1 << i
		}
	}
	return set
}

// positionCode is the code of a position given by its label in any language, or
// by its code.
func (ref *Reference) positionCode(text string) string {
	for _, p := range ref.Positions {
		for _, l := range p.Label {
			if strings.EqualFold(l, text) {
				return p.Code
			}
		}
	}
	return text
}

func (a *Actor) correct(ref *Reference, f Field, value string) (was string, ok bool) {
	if f == FieldName {
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

func (row *Row) correct(ref *Reference, list Listing, f Field, value string) (was string, ok bool) {
	defer func() {
		if ok {
			if raw, unread := row.Raw[f]; unread {
				was = raw
				delete(row.Raw, f)
			}
		}
	}()
	switch f {
	case FieldService:
		was, row.Service = row.Service, value
		return was, true
	case FieldBody:
		was, row.Body = row.Body, value
		return was, true
	case FieldNumber:
		was, row.Number = row.Number, value
		return was, true
	case FieldFrom, FieldUntil:
		d, ok := ParseDate(value)
		if !ok {
			return "", false
		}
		if f == FieldFrom {
			was, row.From = row.From.String(), d
			return was, true
		}
		was, row.Until = row.Until.String(), d
		row.Effective = d
		if list == Approved {
			row.Effective = ref.effectiveEnd(d)
		}
		return was, true
	case FieldType:
		set := typesOf(ref, value)
		if set == 0 {
			return "", false
		}
		was, row.Types = typeKeys(ref, row.Types), set
		return was, true
	}
	if f == FieldActivities {
		a, trouble := newActivityReader(ref, "").text(value)
		if trouble != activitiesFine && trouble != activitiesUndeclared {
			return "", false
		}
		row.Activities = a
		return "", true
	}
	key := strings.TrimPrefix(string(f), "activity:")
	i := slices.IndexFunc(ref.Activities, func(a Activity) bool { return a.Key == key })
	yes, ok := tick(value)
	if i < 0 || !ok {
		return "", false
	}
	was = "Non"
	if row.Activities.Yes.Has(i) {
		was = "Oui"
	} else if row.Activities.Unknown.Has(i) {
		was = ""
	}
	if raw, unread := row.Raw["activity:"+Field(key)]; unread {
		was = raw
		delete(row.Raw, "activity:"+Field(key))
	}
	row.Activities.Yes &^= 1 << i
	row.Activities.Unknown &^= 1 << i
	if yes {
		row.Activities.Yes |= 1 << i
	}
	if row.Activities.Known() {
		delete(row.Raw, FieldActivities) // an editor has said all that it left open
	}
	return was, true
}

// CheckCorrection tells whether a text can be a field's value, and gives it as
// corrections.csv holds it: a date in ISO 8601, whatever a spreadsheet made of it.
func CheckCorrection(ref *Reference, f Field, value string) (string, bool) {
	var row Row
	_, ok := row.correct(ref, Certified, f, value)
	switch f {
	case FieldFrom:
		return row.From.String(), ok
	case FieldUntil:
		return row.Until.String(), ok
	}
	return value, ok
}

func typeKeys(ref *Reference, set uint8) string {
	var keys []string
	for i, t := range ref.Types {
		if set&(1<<i) != 0 {
			keys = append(keys, t.Key)
		}
	}
	return strings.Join(keys, ";")
}
