// Package difference tells a comparison to people and programs: in one sentence, as
// text, as Markdown for a pull request, as JSON.
package difference

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/report"
	"hdsreport/report/readback"
)

// Report is a comparison with what is needed to tell it.
type Report struct {
	Old, New *compare.Side
	compare.Difference
	labels report.Labels
	ref    *etl.Reference
	fields [2]etl.Fields
}

// Of compares two sides; labels say what fields and values are called.
func Of(old, new *compare.Side, ref *etl.Reference, labels report.Labels) *Report {
	r := &Report{Old: old, New: new, Difference: compare.Sides(old, new, etl.CompareWords()), labels: labels, ref: ref}
	for _, l := range etl.Listings {
		r.fields[l] = ref.Fields(l)
	}
	return r
}

// Notes are what the comparison could not take in, of both sides.
func (r *Report) Notes() []string {
	out := slices.Concat(r.Old.Notes, r.New.Notes)
	for _, l := range etl.Listings {
		c := r.Lists[l]
		if c == nil {
			if r.absent(l) {
				continue
			}
			for _, s := range []*compare.Side{r.Old, r.New} {
				if s.Lists[l] == nil && !slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, l.String()) }) {
					out = append(out, fmt.Sprintf("%s has no list of the %s actors", s.Name, l))
				}
			}
			continue
		}
		if n := len(c.Repeated); n > 0 {
			out = append(out, fmt.Sprintf("%s has %s twice among the %s: %s", r.New.Name, count(n, "identifier", "identifiers"), l, strings.Join(c.Repeated[:min(n, 10)], ", ")))
		}
	}
	var only []string // the columns that one side has, of both lists: one note
	for i, side := range []*compare.Side{r.Old, r.New} {
		for _, l := range etl.Listings {
			if c := r.Lists[l]; c != nil {
				for _, f := range [][]string{c.OnlyOld, c.OnlyNew}[i] {
					whose := ""
					if strings.HasPrefix(f, readback.Extra) {
						whose = ", not hdsreport’s"
					}
					only = append(only, fmt.Sprintf("“%s” (%s%s) in %s only", r.field(l, f), l, whose, side.Name))
				}
			}
		}
	}
	if len(only) > 0 {
		out = append(out, fmt.Sprintf("columns that one side lacks are not compared: %s", strings.Join(only, ", ")))
	}
	return slices.Compact(out)
}

// item is one thing that changed: who, and what in which rows of which words.
type item struct {
	name, id string
	was, now string // of a name, or of a single value
	fields   []change
}

// change is a value before and now, in words.
type change struct{ field, was, now string }

const movedTitle = "moved from approved to certified"

// section is the changes of one kind in one list.
type section struct {
	list  etl.Listing
	title string
	mark  string // +, - or ~
	minor bool   // no change of substance
	items []item
}

// certificate is what a row of a list is called.
var certificate = [2][2]string{etl.Approved: {"approval", "approvals"}, etl.Certified: {"certificate", "certificates"}}

// sections are all kinds of changes of a list that have a case.
func (r *Report) sections(l etl.Listing) []section {
	c := r.Lists[l]
	if c == nil {
		return nil
	}
	rows := certificate[l][1]
	all := []section{
		{l, "left", "-", false, actors(c.Left)},
		{l, "arrived", "+", false, actors(c.Arrived)},
		{l, "renamed", "~", false, renames(c.Renamed)},
		{l, rows + " changed", "~", false, r.changes(l, c.Changed)},
		{l, rows + " added, of actors that were there", "+", false, actors(c.Added)},
		{l, rows + " removed, of actors that are still there", "-", false, actors(c.Removed)},
		{l, "rows without an identifier, added by hand", "+", false, actors(c.ByHand)},
		{l, "rows without an identifier, in the old side only", "-", false, actors(c.WasHand)},
		{l, "left before their end", "!", true, endings(c.Early)},
		{l, "end passed since, still listed", "!", true, endings(slices.DeleteFunc(slices.Clone(c.Overdue), func(e compare.Ending) bool { return !e.New }))},
		{l, "names written otherwise, no change of substance", "=", true, renames(c.Respelt)},
		{l, "values written otherwise, no change of substance", "=", true, r.changes(l, c.Retyped)},
	}
	return slices.DeleteFunc(all, func(s section) bool { return len(s.items) == 0 })
}

func actors(as []compare.Actor) []item {
	var out []item
	for _, a := range as {
		out = append(out, item{name: a.Name, id: a.ID})
	}
	return out
}

// none stands for a name or a value that is not there.
const none = "(none)"

func renames(rs []compare.Rename) []item {
	var out []item
	for _, n := range rs {
		out = append(out, item{id: n.ID, was: cmp.Or(n.Was, none), now: cmp.Or(n.Now, none)})
	}
	return out
}

func endings(es []compare.Ending) []item {
	var out []item
	for _, e := range es {
		out = append(out, item{name: e.Name + ", end " + e.End, id: e.ID})
	}
	return out
}

func (r *Report) changes(l etl.Listing, cs []compare.Change) []item {
	var out []item
	for _, c := range cs {
		it := item{name: c.Name, id: c.ID}
		for _, f := range c.Fields {
			it.fields = append(it.fields, change{r.field(l, f.Field), r.value(f.Was), r.value(f.Now)})
		}
		out = append(out, it)
	}
	return out
}

// field is what a field is called.
func (r *Report) field(l etl.Listing, field string) string {
	if d := r.fields[l].Find(etl.Field(field)); d != nil {
		return d.Heading.In(r.labels.Language)
	}
	return strings.TrimPrefix(field, readback.Extra)
}

// value is a value in words; dates stay in ISO 8601.
func (r *Report) value(v compare.Value) string {
	switch v := v.(type) {
	case etl.PositionCode:
		if p, ok := r.ref.PositionOf(string(v)); ok {
			return p.Label[r.labels.Language]
		}
	case etl.TypeKeys:
		var said []string
		for _, t := range r.ref.TypesOf(v) {
			said = append(said, t.Label[r.labels.Language])
		}
		return strings.Join(said, ", ")
	}
	return cmp.Or(compare.Said(v), none)
}

// Sentence says in one line what changed.
func (r *Report) Sentence() string {
	var parts []string
	for _, l := range etl.Listings {
		if !r.absent(l) {
			parts = append(parts, r.sentence(l))
		}
	}
	said := strings.Join(parts, "; ")
	if said == "" {
		said = "neither side has a list"
	}
	if n := len(r.Moved); n > 0 {
		said += "; " + count(n, "actor", "actors") + " moved from approved to certified"
	}
	return capital(said) + "."
}

// capital begins a sentence; our own words are ASCII.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// absent tells that neither side has a list, as with two files of the other one.
func (r *Report) absent(l etl.Listing) bool { return r.Old.Lists[l] == nil && r.New.Lists[l] == nil }

func (r *Report) sentence(l etl.Listing) string {
	c := r.Lists[l]
	if c == nil {
		return "the " + l.String() + " cannot be compared, as one side lacks them"
	}
	one, many := certificate[l][0], certificate[l][1]
	var said []string
	for _, s := range []struct {
		n         int
		one, many string
		after     string
	}{
		{len(c.Left), "actor", "actors", " left"},
		{len(c.Arrived), "actor", "actors", " arrived"},
		{len(c.Renamed), "actor", "actors", " renamed"},
		{len(c.Changed), one, many, " changed"},
		{len(c.Added), one, many, " added"},
		{len(c.Removed), one, many, " removed"},
		{len(c.ByHand), "row", "rows", " added by hand"},
		{len(c.WasHand), "row", "rows", " without an identifier gone"},
	} {
		if s.n == 0 {
			continue
		}
		what := count(s.n, s.one, s.many)
		if len(said) == 1 && s.one == "actor" {
			what = fmt.Sprint(s.n) // "11 actors left, 2 arrived"
		}
		said = append(said, what+s.after)
	}
	respelt := len(c.Respelt) + len(c.Retyped)
	switch {
	case len(said) == 0 && respelt == 0:
		return "nothing changed among the " + l.String()
	case len(said) == 0:
		return fmt.Sprintf("nothing of substance changed among the %s (%s written otherwise)", l, count(respelt, "name or value", "names or values"))
	case len(said) == 1:
		return said[0] + " among the " + l.String()
	}
	last := len(said) - 1
	return strings.Join(said[:last], ", ") + " and " + said[last] + " among the " + l.String()
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// line keeps a text on its line, and what a terminal would obey out of it.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cut shortens what would drown the rest.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// Since is what changed in an edition, each list since the last edition that has it.
func Since(res *etl.Result, ref *etl.Reference, labels report.Labels) *Report {
	r := &Report{Old: &compare.Side{}, New: &compare.Side{Name: res.Edition.ID, Day: res.Edition.Date.String()}, labels: labels, ref: ref}
	var before []string
	for _, l := range etl.Listings {
		r.fields[l] = ref.Fields(l)
		if !res.Edition.List[l].Missing {
			r.New.Lists[l] = &compare.List{}
		}
		if since := res.Changes[l].Since; since != "" {
			before = append(before, fmt.Sprintf("%s (%s)", since, l))
			r.Old.Lists[l] = &compare.List{}
			r.Lists[l] = &res.Changes[l].Rows
		}
	}
	r.Old.Name = strings.Join(before, ", ")
	for _, a := range res.Moved {
		r.Moved = append(r.Moved, compare.Actor{ID: res.Actors[a].ID, Name: res.Actors[a].Name})
	}
	return r
}
