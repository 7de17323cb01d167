// Package difference tells a comparison to people and programs: in one sentence, as
// text, as Markdown for a pull request, as JSON.
package difference

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/message"
	"hdsreport/report/readback"
)

// Report is a comparison with what is needed to describe it.
type Report struct {
	Old, New *compare.Side
	compare.Difference
	say    message.Printer
	ref    *etl.Reference
	fields [2]etl.Fields
}

// Of compares two sides and reports the result in a language.
func Of(old, new *compare.Side, ref *etl.Reference, language string) *Report {
	r := &Report{Old: old, New: new, Difference: compare.Sides(old, new, etl.CompareWords()),
		say: message.In(language), ref: ref}
	for _, l := range etl.Listings {
		r.fields[l] = ref.Fields(l)
	}
	return r
}

// Notes are what the comparison could not take in, of both sides.
func (r *Report) Notes() []string {
	var out []string
	note := func(m message.Message) { out = append(out, r.say.Text(m)) }
	for _, s := range []*compare.Side{r.Old, r.New} {
		for _, n := range s.Notes {
			if s != r.New || !r.saidBefore(n) {
				note(n)
			}
		}
	}
	for _, l := range etl.Listings {
		c := r.Lists[l]
		if c == nil {
			if r.absent(l) {
				continue
			}
			if _, end := r.ended(l); end != "" {
				continue // the sentence says it
			}
			for _, s := range []*compare.Side{r.Old, r.New} {
				if s.Lists[l] == nil && !slices.ContainsFunc(s.Notes,
					func(n message.Message) bool { return about(n, l) }) {
					note(message.New("difference-no-list", "side", etl.Named(s.Name), "list", l))
				}
			}
			continue
		}
		if n := len(c.Repeated); n > 0 {
			note(message.New("difference-repeated", "side", etl.Named(r.New.Name), "n", n, "list", l,
				"ids", c.Repeated[:min(n, 10)]))
		}
	}
	var only []message.Message // the columns that one side has, of both lists: one note
	for i, side := range []*compare.Side{r.Old, r.New} {
		for _, l := range etl.Listings {
			c := r.Lists[l]
			if c == nil {
				continue
			}
			for _, f := range [][]string{c.OnlyOld, c.OnlyNew}[i] {
				key := message.Key("difference-only")
				if strings.HasPrefix(f, readback.Extra) {
					key = "difference-only-foreign"
				}
				only = append(only, message.New(key, "column", r.field(l, f), "list", l, "side", etl.Named(side.Name)))
			}
		}
	}
	if len(only) > 0 {
		note(message.New("difference-columns", "columns", only))
	}
	return slices.Compact(append(out, r.unseen()...))
}

// unseen are what sheets do not let anybody compare, and what changed in columns that
// follow from others.
func (r *Report) unseen() []string {
	var out, columns []string
	for _, l := range etl.Listings {
		c := r.Lists[l]
		if c == nil {
			continue
		}
		for _, f := range c.Unseen {
			if heading := r.field(l, f); !slices.Contains(columns, heading) {
				columns = append(columns, heading)
			}
		}
		for _, a := range c.Alone {
			out = append(out, r.say.Say("difference-alone", "column", r.field(l, a.Field), "list", l, "n", a.N,
				"name", a.Name, "was", r.value(a.Was), "now", r.value(a.Now)))
		}
	}
	if len(columns) > 0 {
		out = append(out, r.say.Say("difference-unseen", "columns", columns))
	}
	return append(out, r.links()...)
}

// links are the addresses behind names that only one of two workbooks links to: nobody
// compares them actor by actor.
func (r *Report) links() []string {
	if r.Old.Links == nil || r.New.Links == nil { // not two workbooks
		return nil
	}
	var only []message.Message
	for i, side := range []*compare.Side{r.Old, r.New} {
		for _, link := range side.Links {
			if other := []*compare.Side{r.New, r.Old}[i]; !slices.Contains(other.Links, link) {
				only = append(only, message.New("difference-link", "link", link, "side", side.Name))
			}
		}
	}
	if len(only) == 0 {
		return nil
	}
	n := len(only)
	return []string{r.say.Say("difference-links", "links", only[:min(n, 4)], "n", n)}
}

// saidBefore reports whether a note is about a list that neither side has, and the old
// side has the same note.
func (r *Report) saidBefore(m message.Message) bool {
	return slices.ContainsFunc(etl.Listings[:], func(l etl.Listing) bool {
		return r.absent(l) && about(m, l) && slices.ContainsFunc(r.Old.Notes,
			func(n message.Message) bool { return n.Key == m.Key && about(n, l) })
	})
}

// about reports whether a note is about a list.
func about(n message.Message, l etl.Listing) bool {
	list, ok := n.Args.Get("list")
	return ok && list == l
}

// item is one thing that changed: who, and what in which rows of which words.
type item struct {
	name, id string
	was, now string // of a name, or of a single value
	fields   []change
}

// change is a value before and now, in words.
type change struct{ field, was, now string }

// section is the changes of one kind in one list.
type section struct {
	list  etl.Listing
	moved bool // of both lists
	title string
	mark  string // +, - or ~
	minor bool   // no change of substance
	items []item
}

// sections are all kinds of changes of a list that have a case.
func (r *Report) sections(l etl.Listing) []section {
	c := r.Lists[l]
	if c == nil {
		return nil
	}
	overdue := slices.DeleteFunc(slices.Clone(c.Overdue), func(e compare.Ending) bool { return !e.New })
	var out []section
	for _, k := range []struct {
		title message.Key
		mark  string
		minor bool
		items []item
	}{
		{"difference-title-left", "-", false, r.departures(c)},
		{"difference-title-arrived", "+", false, actors(c.Arrived)},
		{"difference-title-perhaps", "?", false, r.perhaps(c.PerhapsSame)},
		{"difference-title-renamed", "~", false, r.renames(c.Renamed)},
		{message.Key("difference-title-changed." + l.String()), "~", false, r.changes(l, c.Changed)},
		{message.Key("difference-title-added." + l.String()), "+", false, actors(c.Added)},
		{message.Key("difference-title-removed." + l.String()), "-", false, actors(c.Removed)},
		{"difference-title-by-hand", "+", false, actors(c.ByHand)},
		{"difference-title-was-hand", "-", false, actors(c.WasHand)},
		{"difference-title-early", "!", true, r.early(c)},
		{"difference-title-overdue", "!", true, r.endings(overdue)},
		{"difference-title-respelt", "=", true, r.renames(c.Respelt)},
		{"difference-title-retyped", "=", true, r.changes(l, c.Retyped)},
	} {
		if len(k.items) > 0 {
			out = append(out, section{list: l, title: r.say.Say(k.title), mark: k.mark, minor: k.minor, items: k.items})
		}
	}
	return out
}

// movedSection is who moved from one list to the other.
func (r *Report) movedSection() section {
	return section{moved: true, title: r.say.Say("difference-title-moved"), mark: "~", items: actors(r.Moved)}
}

func actors(as []compare.Actor) []item {
	var out []item
	for _, a := range as {
		out = append(out, item{name: a.Name, id: a.ID})
	}
	return out
}

// departures are those who left, with what is known of them.
func (r *Report) departures(c *compare.Changes) []item {
	var out []item
	for _, a := range c.Left {
		out = append(out, item{name: r.say.Text(c.Departure(a.ID, a.Name)), id: a.ID})
	}
	return out
}

// early are those who left before their end.
func (r *Report) early(c *compare.Changes) []item {
	out := r.endings(c.Early)
	for i, e := range c.Early {
		out[i].name = r.say.Say("difference-end", "name", c.Departure(e.ID, e.Name), "end", dated(e.End))
	}
	return out
}

// perhaps are those of one name with another number.
func (r *Report) perhaps(rs []compare.Renaming) []item {
	var out []item
	for _, p := range rs {
		out = append(out, item{name: r.say.Say("difference-perhaps", "name", p.From.Name, "why",
			message.Joined(p.Evidence)), id: p.From.ID + " / " + p.To.ID})
	}
	return out
}

// or stands in for a name or a value that is not there.
func (r *Report) or(s string) string {
	if s == "" {
		return r.say.Say("difference-none")
	}
	return s
}

func (r *Report) renames(rs []compare.Rename) []item {
	var out []item
	for _, n := range rs {
		out = append(out, item{id: n.ID, was: r.or(n.Was), now: r.or(n.Now)})
	}
	return out
}

func (r *Report) endings(es []compare.Ending) []item {
	var out []item
	for _, e := range es {
		out = append(out, item{name: r.say.Say("difference-end", "name", e.Name, "end", dated(e.End)), id: e.ID})
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
		return d.Heading.In(r.say.Language())
	}
	return strings.TrimPrefix(field, readback.Extra)
}

// value is a value in words, and a date as people of the language write it.
func (r *Report) value(v compare.Value) string {
	switch v := v.(type) {
	case etl.Date:
		return r.or(v.Say(r.say))
	case etl.PositionCode:
		if p, ok := r.ref.PositionOf(string(v)); ok {
			return p.Label[r.say.Language()]
		}
	case etl.TypeKeys:
		var said []string
		for _, t := range r.ref.TypesOf(v) {
			said = append(said, t.Label[r.say.Language()])
		}
		return strings.Join(said, ", ")
	}
	return r.or(compare.Said(v))
}

// dated is the day of an end as a message says it.
func dated(end string) etl.Date {
	d, _ := etl.ParseDate(end)
	return d
}

// Sentence says in one line what changed.
func (r *Report) Sentence() string {
	var parts []string
	for _, l := range etl.Listings {
		if !r.absent(l) {
			parts = append(parts, r.sentence(l))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, r.say.Say("difference-no-lists"))
	}
	if n := len(r.Moved); n > 0 {
		parts = append(parts, r.say.Say("difference-moved", "n", n))
	}
	said := parts[0]
	for _, p := range parts[1:] {
		said = r.say.Say("difference-then", "one", said, "other", p)
	}
	return capital(said) + "."
}

// capital begins a sentence.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// absent reports whether neither side has a list, as with two files of the other one.
func (r *Report) absent(l etl.Listing) bool { return r.Old.Lists[l] == nil && r.New.Lists[l] == nil }

// ended returns the side for which a list had ended, and the day on which it did; it is
// empty if neither side says so.
func (r *Report) ended(l etl.Listing) (side, day string) {
	for _, s := range []*compare.Side{r.New, r.Old} {
		if s.Lists[l] == nil && s.Ended[l] != "" {
			return s.Name, s.Ended[l]
		}
	}
	return "", ""
}

func (r *Report) sentence(l etl.Listing) string {
	c := r.Lists[l]
	if c == nil {
		if side, end := r.ended(l); end != "" {
			day, _ := etl.ParseDate(end)
			return r.say.Say("difference-ended", "list", l, "side", side, "date", day)
		}
		return r.say.Say("difference-lacks", "list", l)
	}
	var said []string
	for _, k := range []struct {
		key string
		n   int
		too string // the key after another count of actors: "11 actors left, 2 arrived"
	}{
		{"difference-left", len(c.Left), ""},
		{"difference-arrived", len(c.Arrived), "difference-arrived-too"},
		{"difference-perhaps-same", len(c.PerhapsSame), ""},
		{"difference-renamed", len(c.Renamed), "difference-renamed-too"},
		{"difference-changed." + l.String(), len(c.Changed), ""},
		{"difference-added." + l.String(), len(c.Added), ""},
		{"difference-removed." + l.String(), len(c.Removed), ""},
		{"difference-by-hand", len(c.ByHand), ""},
		{"difference-was-hand", len(c.WasHand), ""},
	} {
		if k.n == 0 {
			continue
		}
		key := k.key
		if k.too != "" && len(said) == 1 {
			key = k.too
		}
		text := r.say.Say(message.Key(key), "n", k.n)
		if awaiting := c.Awaiting(); k.key == "difference-left" && awaiting > 0 {
			text = r.say.Say("difference-awaiting", "left", text, "n", awaiting)
		}
		said = append(said, text)
	}
	respelt := len(c.Respelt) + len(c.Retyped)
	last := len(said) - 1
	switch {
	case len(said) == 0 && respelt == 0:
		return r.say.Say("difference-nothing", "list", l)
	case len(said) == 0:
		return r.say.Say("difference-respelt", "list", l, "n", respelt)
	case len(said) == 1:
		return r.say.Say("difference-list", "list", l, "what", said[0])
	}
	what := message.New("difference-and", "one", said[:last], "other", said[last])
	return r.say.Say("difference-list", "list", l, "what", what)
}

// line keeps a text on its line, and what a terminal would obey out of it.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' ||
			r >= '\u2066' && r <= '\u2069' {
			return ' '
		}
		return r
	}, s)
	// No-break spaces stay: French has them before some of its signs.
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}

// Since is what changed in an edition, each list since the last edition that has it.
func Since(res *etl.Result, ref *etl.Reference, language string) *Report {
	r := &Report{Old: &compare.Side{}, New: &compare.Side{Name: res.Edition.ID, Day: res.Edition.Date.String()},
		say: message.In(language), ref: ref}
	var before []string
	for _, l := range etl.Listings {
		r.fields[l] = ref.Fields(l)
		if !res.Edition.List[l].Missing {
			r.New.Lists[l] = &compare.List{}
		}
		r.New.Ended[l] = res.Edition.List[l].Ended.String()
		if since := res.Changes[l].Since; since != "" {
			before = append(before, r.say.Say("difference-since", "edition", etl.Named(since), "list", l))
			r.Old.Lists[l] = &compare.List{}
			r.Lists[l] = &res.Changes[l].Rows
		}
	}
	r.Old.Name = strings.Join(before, ", ")
	if one := res.Changes[etl.Approved].Since; one == res.Changes[etl.Certified].Since {
		r.Old.Name = one // for both lists
	}
	for _, a := range res.Moved {
		r.Moved = append(r.Moved, compare.Actor{ID: res.Actors[a].ID, Name: res.Actors[a].Name})
	}
	return r
}
