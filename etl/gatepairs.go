package etl

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl/compare"
)

// pair is a row then and now, with the fields whose values differ.
type pair struct {
	was, is *Row
	changed []*Definition
}

// pairing says which rows of a list are the rows of the list that it is compared with.
// Comparisons for readers pair the rows of an actor only. The gate must also see that a
// certificate has another holder, so it pairs rows by what says most about them.
type pairing struct {
	pairs []pair
	gone  []*Row // rows then without one now, in the order of their file
	come  []*Row // rows now without one then, in the order of their file
}

// pairRows pairs the rows of two lists: by identifier and dates; by certificate number
// and dates; without numbers, by everything but the name, since a swap of names would
// keep the identifiers; by identifier alone; the only row that an actor has left on
// each side; by certificate number alone. A key counts only if it is unique in both
// lists, as an actor's has to be among the rows that are left.
func pairRows(l Listing, then, now *List) *pairing {
	p := &pairing{}
	was, is := pointers(then.Rows), pointers(now.Rows)
	for _, k := range []struct {
		of    func(*Row) string
		left  bool // unique among the rows that are left
		dates bool // and with the same dates
	}{
		{of: func(r *Row) string { return r.ID }, dates: true},
		{of: numberAndDates},
		{of: func(r *Row) string { return unnumbered(l, r) }},
		{of: func(r *Row) string { return r.ID }},
		{of: func(r *Row) string { return strconv.Itoa(int(r.Actor)) }, left: true},
		{of: numberKey},
	} {
		if len(was) == 0 || len(is) == 0 {
			break
		}
		allWas, allIs := was, is
		if !k.left {
			allWas, allIs = pointers(then.Rows), pointers(now.Rows)
		}
		was, is = p.by(was, is, allWas, allIs, k.of, k.dates)
	}
	inFile := func(a, b *Row) int { return cmp.Compare(a.Line, b.Line) }
	slices.SortFunc(was, inFile)
	slices.SortFunc(is, inFile)
	p.gone, p.come = was, is
	slices.SortFunc(p.pairs, func(a, b pair) int { return cmp.Compare(a.is.Line, b.is.Line) })
	return p
}

// by pairs rows with the same key, if it is unique among all rows of each side, and with
// the same dates if these are asked for. It returns the rows that are left. An empty key
// is none.
func (p *pairing) by(
	was, is, allWas, allIs []*Row, key func(*Row) string, dates bool,
) (restWas, restIs []*Row) {
	times := make(map[string][2]uint8, len(allWas))
	for side, all := range [2][]*Row{allWas, allIs} {
		for _, r := range all {
			k := key(r)
			n := times[k]
			n[side] = min(n[side]+1, 2)
			times[k] = n
		}
	}
	of := make(map[string]*Row, len(was))
	for _, r := range was {
		if k := key(r); k != "" && times[k] == [2]uint8{1, 1} {
			of[k] = r
		}
	}
	paired := map[*Row]bool{}
	for _, r := range is {
		if w := of[key(r)]; w != nil && (!dates || w.From == r.From && w.Until == r.Until) {
			p.pairs = append(p.pairs, pair{was: w, is: r})
			paired[w] = true
		} else {
			restIs = append(restIs, r)
		}
	}
	for _, r := range was {
		if !paired[r] {
			restWas = append(restWas, r)
		}
	}
	return restWas, restIs
}

func numberKey(r *Row) string { return slug(r.Number) }

func numberAndDates(r *Row) string {
	if r.Number == "" {
		return ""
	}
	return slug(r.Number) + " " + r.From.String() + " " + r.Until.String()
}

// unnumbered is the key of a row without a certificate number.
func unnumbered(l Listing, r *Row) string {
	if r.Number != "" || !r.From.Full() || !r.Until.Full() {
		return ""
	}
	said := r.Service
	if l == Certified {
		said = strconv.FormatUint(uint64(r.Activities.Yes), 36) + " " + strconv.Itoa(int(r.Types)) + " " + r.Body
	}
	return r.From.String() + " " + r.Until.String() + " " + said
}

func pointers(rows []Row) []*Row {
	out := make([]*Row, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out
}

// paired returns the pairing of the list with the one before.
func (j *judged) paired() *pairing {
	j.once.Do(func() {
		j.pairing = pairRows(j.list, j.then, j.now)
		j.fields = j.gateFields()
		for i := range j.pairing.pairs {
			p := &j.pairing.pairs[i]
			for _, d := range j.fields {
				if j.differs(d, p) {
					p.changed = append(p.changed, d)
				}
			}
		}
	})
	return j.pairing
}

// differs reports whether a field of a row has another value than before. Most values are
// the same text.
func (j *judged) differs(d *Definition, p *pair) bool {
	if len(p.was.Raw)+len(p.is.Raw) == 0 {
		switch d.Kind {
		case KindDate:
			return *d.date(p.was) != *d.date(p.is)
		case KindTypes:
			return p.was.Types != p.is.Types
		case KindActivities:
			return p.was.Activities != p.is.Activities
		case KindText:
			if d.Text(j.then, p.was) == d.Text(j.now, p.is) {
				return false
			}
		}
	}
	return j.value(d, j.then, p.was) != j.value(d, j.now, p.is)
}

// same reports whether the row is still the same actor's.
func (p pair) same() bool { return p.was.Actor == p.is.Actor }

// renewed reports whether a certificate or an approval goes on: it ends much later than
// before, or both its start and its end are later. Whatever else changed with it is part
// of the renewal. An end that moves by a year alone is none: both are given for three
// years.
func (p pair) renewed() bool {
	if !p.was.Until.Full() || !p.is.Until.Full() || p.is.Until.Compare(p.was.Until) <= 0 {
		return false
	}
	return p.is.Until.Compare(p.was.Until.AddMonths(18)) >= 0 ||
		p.is.From.Full() && p.was.From.Full() && p.is.From.Compare(p.was.From) > 0
}

// due reports whether it was time to renew: the end before was near or past.
func (p pair) due(day Date) bool { return p.was.Until.Compare(day.AddMonths(6)) <= 0 }

// gateFields returns the fields whose values the gate compares: those that both lists
// have a column for. A list without one for the standing says that nobody is suspended.
func (j *judged) gateFields() Fields {
	return slices.DeleteFunc(j.in.Reference.Fields(j.list), func(d *Definition) bool {
		return d.Gate != GateValues && d.Kind != KindActivities ||
			!j.now.Has(d) || !j.then.Has(d) && d.Kind != KindStanding ||
			slices.Contains(j.now.unstated, d.Key) || slices.Contains(j.then.unstated, d.Key)
	})
}

// value returns the value of a field in a row for comparisons: texts that differ only in
// case, accents, spaces or punctuation are the same.
func (j *judged) value(d *Definition, list *List, r *Row) string {
	if raw, unread := r.Raw[d.Source()]; unread {
		return "?" + fold(raw)
	}
	switch d.Kind {
	case KindTypes:
		return typeKeys(&j.in.Reference, r.Types)
	case KindActivities:
		if !r.Activities.Known() {
			return ""
		}
		return strconv.FormatUint(uint64(r.Activities.Yes), 2)
	case KindActivity:
		return tickOf(r.Activities, d.Activity).String()
	case KindDate:
		return d.date(r).String()
	case KindStanding:
		return fold(compare.Said(r.Standing.Value()))
	}
	return fold(d.Text(list, r))
}

// shown returns the value of a field as a person reads it.
func (j *judged) shown(d *Definition, list *List, r *Row) string {
	switch d.Kind {
	case KindTypes:
		if _, unread := r.Raw[d.Source()]; !unread {
			return typeKeys(&j.in.Reference, r.Types)
		}
	case KindActivity:
		return tickOf(r.Activities, d.Activity).String()
	case KindActivities:
		var keys []string
		for i, a := range j.in.Reference.Activities {
			if r.Activities.Yes.Has(i) {
				keys = append(keys, a.Key)
			}
		}
		return strings.Join(keys, ", ")
	}
	return d.stated(&j.in.Reference, list, r)
}
