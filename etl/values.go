package etl

import (
	"cmp"
	"slices"
	"strings"

	"hdsreport/etl/compare"
)

// The values of fields in a comparison, besides Date. A missing value is nil in every
// field; an unknown activity is TickUnknown.
type (
	// Text is a value as written, in a field of texts or if it could not be read.
	Text string
	// PositionCode is a position.
	PositionCode string
	// TypeKeys are the keys of certificate types, separated by ";".
	TypeKeys string
	// Counting are the words of a standing with which a row counts.
	Counting string
	// Tick says of one activity whether it is covered.
	Tick uint8
)

// The values of a Tick.
const (
	TickUnknown Tick = iota
	TickYes
	TickNo
)

func (t Text) String() string         { return string(t) }
func (c PositionCode) String() string { return string(c) }
func (k TypeKeys) String() string     { return string(k) }
func (c Counting) String() string     { return string(c) }

// Nuanced marks a value of which others, and none, say the same in substance.
func (Counting) Nuanced() {}

// String returns the value in JSON and in corrections.csv.
func (t Tick) String() string {
	return [...]string{TickUnknown: "", TickYes: ActivityYes, TickNo: ActivityNo}[t]
}

// The values of an activity in JSON. An unknown one is empty.
const (
	ActivityYes = "yes"
	ActivityNo  = "no"
)

// TypesOf returns the certificate types that have the keys, in the order of the table.
func (ref *Reference) TypesOf(keys TypeKeys) []CertificateType {
	var out []CertificateType
	for key := range strings.SplitSeq(string(keys), ";") {
		if i := slices.IndexFunc(ref.Types, func(t CertificateType) bool { return t.Key == key }); i >= 0 {
			out = append(out, ref.Types[i])
		}
	}
	return out
}

// valuer returns the values of rows for comparisons. It creates most values only once,
// because a column of a long list has few different ones.
type valuer struct {
	types     []compare.Value // by set of types
	positions map[string]compare.Value
	dates     map[Date]compare.Value
	texts     memo[compare.Value]
}

func newValuer(ref *Reference) *valuer {
	v := &valuer{types: make([]compare.Value, 1<<len(ref.Types)), positions: map[string]compare.Value{},
		dates: map[Date]compare.Value{{}: nil}, texts: memo[compare.Value]{"": nil}}
	for set := 1; set < len(v.types); set++ {
		v.types[set] = TypeKeys(typeKeys(ref, uint8(set)))
	}
	for _, p := range ref.Positions {
		v.positions[p.Code] = PositionCode(p.Code)
	}
	return v
}

// of returns the value of a field in a row.
func (v *valuer) of(d *Definition, list *List, r *Row, a *Actor) compare.Value {
	if len(r.Raw) > 0 && d.Kind != KindActivity { // if the text of the activities was not read, an activity is unknown
		if raw, unread := r.Raw[d.Source()]; unread {
			return Text(raw)
		}
	}
	switch d.Kind {
	case KindPosition:
		return v.positions[a.Position]
	case KindTypes:
		return v.types[r.Types]
	case KindActivity:
		return tickOf(r.Activities, d.Activity)
	case KindStanding:
		return r.Standing.Value()
	case KindDate:
		date := *d.date(r)
		value, known := v.dates[date]
		if !known {
			value = date
			v.dates[date] = value
		}
		return value
	default:
		return v.texts.of(d.Text(list, r), func(s string) compare.Value { return Text(s) })
	}
}

// Value returns the value of a standing in comparisons. A word that counts is the same as
// none: it is no change of a list that its source states it from now on. Another such word
// is no change of substance.
func (s *Standing) Value() compare.Value {
	switch {
	case s == nil:
		return nil
	case s.Known() && !s.Out:
		return Counting(s.Word)
	}
	return Text(s.Word)
}

func tickOf(a Activities, i int) Tick {
	switch {
	case a.Yes.Has(i):
		return TickYes
	case a.Unknown.Has(i):
		return TickUnknown
	default:
		return TickNo
	}
}

// stated returns what a row says in a field, as set returns the old value.
func (d *Definition) stated(ref *Reference, list *List, r *Row) string {
	if raw, unread := r.Raw[d.Source()]; unread {
		return raw
	}
	switch d.Kind {
	case KindDate:
		return d.date(r).String()
	case KindTypes:
		return typeKeys(ref, r.Types)
	case KindActivities:
		return ""
	case KindActivity:
		return tickOf(r.Activities, d.Activity).String()
	}
	return d.Text(list, r)
}

// filled reports whether a row has a value in a field, readable or not.
func (d *Definition) filled(list *List, r *Row) bool {
	if _, unread := r.Raw[d.Source()]; unread {
		return true
	}
	switch d.Kind {
	case KindText:
		return d.Text(list, r) != ""
	case KindDate:
		return !d.date(r).IsZero()
	case KindTypes:
		return r.Types != 0
	case KindActivities:
		return r.Activities.Yes != 0
	case KindActivity:
		return !r.Activities.Unknown.Has(d.Activity)
	case KindStanding:
		return r.Standing != nil
	}
	return true
}

// compareTwins compares two rows with the same identifier by one field.
func (d *Definition) compareTwins(a, b *Row) int {
	switch d.Kind {
	case KindName:
		return strings.Compare(a.Name, b.Name)
	case KindText:
		return strings.Compare(*d.text(a), *d.text(b))
	case KindDate:
		return d.date(a).Compare(*d.date(b))
	case KindStanding:
		return strings.Compare(a.Standing.Said(), b.Standing.Said())
	case KindTypes:
		return cmp.Compare(a.Types, b.Types)
	case KindActivities:
		return cmp.Or(cmp.Compare(a.Activities.Yes, b.Activities.Yes),
			cmp.Compare(a.Activities.Unknown, b.Activities.Unknown))
	}
	return 0
}

// set sets a field of a row to an editor's value and returns the old value. ok is false
// if the text is not a valid value of the field.
func (d *Definition) set(ref *Reference, l Listing, list *List, row *Row, text string) (was string, ok bool) {
	switch d.Kind {
	case KindText:
		was, ok = d.setText(list, row, text)
	case KindDate:
		date, valid := ParseDate(text)
		if !valid {
			return "", false
		}
		at := d.date(row)
		was, ok, *at = at.String(), true, date
		row.derive(ref, l)
	case KindTypes:
		set := typesOf(ref, text)
		if set == 0 && text != "" {
			return "", false
		}
		was, ok, row.Types = typeKeys(ref, row.Types), true, set
	case KindActivities:
		a, trouble := newActivityReader(ref, "").text(text)
		if trouble != activitiesFine && trouble != activitiesUndeclared {
			return "", false
		}
		row.Activities, ok = a, true
	case KindActivity:
		was, ok = row.setActivity(d.Activity, text)
	case KindStanding:
		s := ref.standing(text)
		if !s.Known() {
			return "", false
		}
		was, ok, row.Standing = row.Standing.Said(), true, s
	}
	if !ok {
		return "", false
	}
	if d.Need == Optional {
		list.state(d.Key)
	}
	if raw, unread := row.Raw[d.Source()]; unread {
		was = raw
		delete(row.Raw, d.Source())
	}
	return was, true
}

func (d *Definition) setText(list *List, row *Row, text string) (was string, ok bool) {
	at := (*string)(nil)
	switch i := list.column(d); {
	case d.extra == 0:
		at = d.text(row)
	case i >= 0 && i < len(row.Extra):
		row.Extra = slices.Clone(row.Extra) // rows of other editions may share it
		at = &row.Extra[i]
	default:
		return "", false
	}
	was, *at = *at, text
	return was, true
}

func (row *Row) setActivity(i int, text string) (was string, ok bool) {
	said := TickNo // as every list means an empty cell
	if text != "" {
		if said, ok = tickSaid(text); !ok {
			return "", false
		}
	}
	was = [...]string{TickUnknown: "", TickYes: "Oui", TickNo: "Non"}[tickOf(row.Activities, i)]
	row.Activities.Yes &^= 1 << i
	row.Activities.Unknown &^= 1 << i
	switch said {
	case TickYes:
		row.Activities.Yes |= 1 << i
	case TickUnknown:
		row.Activities.Unknown |= 1 << i
	}
	if row.Activities.Known() {
		delete(row.Raw, FieldActivities) // the editor's value replaces everything that was unknown
	}
	return was, true
}

// derive computes the values that follow from other values of the row.
func (row *Row) derive(ref *Reference, l Listing) {
	row.Effective = row.Until
	if l == Approved {
		row.Effective = ref.EffectiveEnd(row.Until)
	}
}

// typesOf parses types written as labels or keys, as on the sheet.
func typesOf(ref *Reference, text string) uint8 {
	var set uint8
	for i, t := range ref.Types {
		if strings.Contains(fold(text), fold(t.Label["fr"])) || strings.Contains(text, t.Key) {
			set |= 1 << i
		}
	}
	return set
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
