package etl

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl/cores"
	"hdsreport/etl/identity"
	"hdsreport/etl/texts"
)

// rowIDs sets the identifier of every row of a list: the actor's id, followed by what
// distinguishes its rows (the certificate's number, or a short hash of the service as
// written). Rows that are otherwise equal also get an ordinal. They are reported,
// because only the ordinal distinguishes them.
func rowIDs(ref *Reference, l *List, list Listing, actors []Actor) []Finding {
	var fs []Finding
	tells := tellsApart(ref, list)
	cores.Each(len(l.Rows), func(from, to int) {
		ids := texts.NewJoined(to - from)
		for i := from; i < to; i++ {
			row := &l.Rows[i]
			id := actors[row.Actor].ID
			if said := *tells.text(row); said != "" {
				ids.Add(id, "/", tells.tells(said))
			} else {
				ids.Add(id)
			}
		}
		for k, id := range ids.Cut() {
			l.Rows[from+k].ID = id
		}
	})
	met := texts.NewTable(len(l.Rows), func(i int32) string { return l.Rows[i].ID })
	same := map[string][]int{} // rows by id, for ids that occur more than once
	for i := range l.Rows {
		id := l.Rows[i].ID
		switch was, twice := met.First(int32(i)); {
		case !twice:
		case same[id] == nil:
			same[id] = []int{int(was), i}
		default:
			same[id] = append(same[id], i)
		}
	}
	order := newTwinOrder(ref, list)
	for _, twins := range same {
		// Sort by dates first, so that the ids do not depend on the order of the file.
		slices.SortFunc(twins, func(a, b int) int {
			return order.compare(&l.Rows[a], &l.Rows[b])
		})
		for n, i := range twins[1:] {
			row := &l.Rows[i]
			row.ID += "#" + strconv.Itoa(n+2) // no slug contains "#"
			f := Find(Warning, CodeRowRepeated,
				Place{File: l.Source.Table.File, Sheet: l.Source.Table.Sheet, Row: int(row.Line)},
				"name", actors[row.Actor].Name, "field", tells)
			if *tells.text(row) == "" {
				f = f.Said("empty")
			}
			fs = append(fs, f)
		}
	}
	return fs
}

// tellsApart returns the field that distinguishes the rows of one actor.
func tellsApart(ref *Reference, l Listing) *Definition {
	fields := ref.Fields(l)
	return fields[slices.IndexFunc(fields, func(d *Definition) bool { return d.tells != nil })]
}

// twinOrder orders rows with the same identifier by their values. The order of the
// fields is part of the identifiers and must not change: new fields go at the end.
type twinOrder []*Definition

var twinFields = []Field{FieldFrom, FieldUntil, FieldName, FieldType, FieldActivities, FieldBody, FieldNumber,
	FieldService}

func newTwinOrder(ref *Reference, l Listing) twinOrder {
	var order twinOrder
	fields := ref.Fields(l)
	for _, key := range twinFields {
		if d := fields.Find(key); d != nil {
			order = append(order, d)
		}
	}
	for _, d := range fields {
		if !d.Extra() && !slices.Contains(twinFields, d.Key) {
			order = append(order, d)
		}
	}
	return order
}

func (o twinOrder) compare(a, b *Row) int {
	for _, d := range o {
		if c := d.compareTwins(a, b); c != 0 {
			return c
		}
	}
	return cmp.Or(slices.Compare(a.Extra, b.Extra), cmp.Compare(a.Line, b.Line))
}

// ActorOf returns the actor's id from the identifier of a row.
func ActorOf(rowID string) string {
	if i := strings.IndexAny(rowID, "/#"); i >= 0 {
		return rowID[:i]
	}
	return rowID
}

// FileNameOf returns a file name for an id that is none by itself.
func FileNameOf(id string) string { return contestedID(identity.ID(id), id) }

// slug returns the form of a certificate number that is used in identifiers.
func slug(s string) string {
	b := make([]byte, 0, len(s))
	for _, c := range []byte(fold(s)) {
		if c == ' ' {
			c = '-'
		}
		b = append(b, c)
	}
	return string(b)
}
