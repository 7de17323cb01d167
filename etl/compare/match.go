package compare

import (
	"cmp"
	"slices"
	"strings"
)

// comparison is the state of comparing one list.
type comparison struct {
	old, new *List
	words    Words
	at       [][2]int // indices of the common fields in the values of each list
	pairs    []pair
	alone    [2][]int32 // rows of the old and of the new side without a match
	out      Changes
}

// pair is a row before and now, by index.
type pair struct{ was, is int32 }

// group holds the rows of one identifier or of one actor.
type group struct{ was, is []int32 }

// match pairs rows by identifier. If several rows have the same identifier (repeated
// rows, or a row copied by an editor), it first pairs those with equal values, then the
// others in order.
func (c *comparison) match() {
	at := make(map[string]int32, len(c.new.Rows))
	var groups []group
	of := func(id string) *group {
		id = ordinal(id)
		n, ok := at[id]
		if !ok {
			n = int32(len(groups))
			at[id] = n
			groups = append(groups, group{})
		}
		return &groups[n]
	}
	seen := make(map[string]int, len(c.new.Rows))
	for i := range c.old.Rows {
		g := of(c.old.Rows[i].ID)
		g.was = append(g.was, int32(i))
	}
	for i := range c.new.Rows {
		id := c.new.Rows[i].ID
		g := of(id)
		g.is = append(g.is, int32(i))
		if seen[id]++; seen[id] == 2 {
			c.out.Repeated = append(c.out.Repeated, id)
		}
	}
	for i := range groups {
		g := &groups[i]
		if len(g.was) > 1 || len(g.is) > 1 {
			c.pairEqual(g, func(r *Row) string {
				return r.Name + "\x00" + r.Source
			}, func(s string) string { return s })
		}
		for len(g.was) > 0 && len(g.is) > 0 {
			c.pairs = append(c.pairs, pair{g.was[0], g.is[0]})
			g.was, g.is = g.was[1:], g.is[1:]
		}
		c.alone[0] = append(c.alone[0], g.was...)
		c.alone[1] = append(c.alone[1], g.is...)
	}
}

// matchOfActor pairs rows of one actor whose identifier changed because the
// certificate's number or the service did. It pairs rows that are otherwise the same,
// then those of one service, however it is written, and then the last row of each side
// if there is only one. Otherwise it is not known which row became which.
func (c *comparison) matchOfActor() {
	groups := map[string]*group{}
	for _, i := range c.alone[0] {
		a := c.old.Rows[i].Actor
		if groups[a] == nil {
			groups[a] = &group{}
		}
		groups[a].was = append(groups[a].was, i)
	}
	for _, i := range c.alone[1] {
		if g := groups[c.new.Rows[i].Actor]; g != nil {
			g.is = append(g.is, i)
		}
	}
	paired := [2]map[int32]bool{{}, {}}
	for _, g := range groups {
		if len(g.is) == 0 {
			continue
		}
		before := len(c.pairs)
		c.pairEqual(g, func(*Row) string { return "" }, c.words.Fold)
		c.pairTold(g)
		if len(g.was) == 1 && len(g.is) == 1 {
			c.pairs = append(c.pairs, pair{g.was[0], g.is[0]})
		}
		for _, p := range c.pairs[before:] {
			paired[0][p.was], paired[1][p.is] = true, true
		}
	}
	for side := range c.alone {
		c.alone[side] = slices.DeleteFunc(c.alone[side], func(i int32) bool { return paired[side][i] })
	}
}

// pairEqual pairs the rows of a group that have the same name according to called and
// the same values after reduce, and removes them from the group.
func (c *comparison) pairEqual(g *group, called func(*Row) string, reduce func(string) string) {
	said := func(r *Row, side int) string {
		var b strings.Builder
		b.WriteString(called(r))
		for _, at := range c.at {
			b.WriteByte(0)
			b.WriteString(reduce(Said(r.value(at[side]))))
		}
		return b.String()
	}
	c.inOrder(g)
	before := map[string][]int32{}
	for _, i := range g.was {
		k := said(&c.old.Rows[i], 0)
		before[k] = append(before[k], i)
	}
	matched := map[int32]bool{}
	g.is = slices.DeleteFunc(g.is, func(i int32) bool {
		k := said(&c.new.Rows[i], 1)
		if len(before[k]) == 0 {
			return false
		}
		c.pairs = append(c.pairs, pair{before[k][0], i})
		matched[before[k][0]] = true
		before[k] = before[k][1:]
		return true
	})
	g.was = slices.DeleteFunc(g.was, func(i int32) bool { return matched[i] })
}

// pairTold pairs the rows of a group that alone have a service, however it is written: an
// identifier has a hash of the service, and an apostrophe written otherwise gives another.
func (c *comparison) pairTold(g *group) {
	i := slices.Index(c.out.Fields, Service)
	if i < 0 {
		return
	}
	service := func(r *Row, side int) string { return c.words.Fold(Said(r.Values[c.at[i][side]])) }
	told := map[string]*group{}
	put := func(key string) *group {
		if told[key] == nil {
			told[key] = &group{}
		}
		return told[key]
	}
	for _, n := range g.was {
		t := put(service(&c.old.Rows[n], 0))
		t.was = append(t.was, n)
	}
	for _, n := range g.is {
		t := put(service(&c.new.Rows[n], 1))
		t.is = append(t.is, n)
	}
	alone := func(key string) bool { return key != "" && len(told[key].was) == 1 && len(told[key].is) == 1 }
	g.was = slices.DeleteFunc(g.was, func(n int32) bool {
		key := service(&c.old.Rows[n], 0)
		if alone(key) {
			c.pairs = append(c.pairs, pair{n, told[key].is[0]})
		}
		return alone(key)
	})
	g.is = slices.DeleteFunc(g.is, func(n int32) bool { return alone(service(&c.new.Rows[n], 1)) })
}

// inOrder sorts a group by identifier and then by values, so that the order of a file
// does not matter.
func (c *comparison) inOrder(g *group) {
	for side, rows := range [2][]int32{g.was, g.is} {
		list := [2]*List{c.old, c.new}[side]
		slices.SortFunc(rows, func(a, b int32) int {
			x, y := &list.Rows[a], &list.Rows[b]
			return cmp.Or(cmp.Compare(len(x.ID), len(y.ID)), cmp.Compare(x.ID, y.ID),
				slices.CompareFunc(x.Values, y.Values, func(v, w Value) int {
					return cmp.Compare(Said(v), Said(w))
				}), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Source, y.Source))
		})
	}
}

// byHand collects the rows without an identifier that only one side has. Equal rows on
// both sides are no change.
func (c *comparison) byHand() {
	said := func(r *Row, side int) string {
		var b strings.Builder
		b.WriteString(r.Name)
		for _, at := range c.at {
			b.WriteByte(0)
			b.WriteString(Said(r.value(at[side])))
		}
		return b.String()
	}
	was := map[string]int{}
	for i := range c.old.ByHand {
		was[said(&c.old.ByHand[i], 0)]++
	}
	for i := range c.new.ByHand {
		r := &c.new.ByHand[i]
		if k := said(r, 1); was[k] > 0 {
			was[k]--
			continue
		}
		c.out.ByHand = append(c.out.ByHand, Actor{"", r.Name})
	}
	for i := range c.old.ByHand {
		r := &c.old.ByHand[i]
		if k := said(r, 0); was[k] > 0 {
			was[k]--
			c.out.WasHand = append(c.out.WasHand, Actor{"", r.Name})
		}
	}
}

// actors collects the actors that arrived and left, and the rows added and removed of
// the others. An actor that only stops or begins to count is still on the list.
func (c *comparison) actors() {
	was, is := c.old.byActor(), c.new.byActor()
	for id, a := range is {
		if a.counts {
			c.out.Now++
		}
		if _, ok := was[id]; !ok && a.counts {
			c.out.Arrived = append(c.out.Arrived, Actor{id, a.name})
		}
	}
	for id, a := range was {
		if a.counts {
			c.out.Before++
		}
		if _, ok := is[id]; !ok && a.counts {
			c.out.Left = append(c.out.Left, Actor{id, a.name})
		}
	}
	for _, i := range c.alone[0] {
		r := &c.old.Rows[i]
		if a, stays := is[r.Actor]; stays {
			c.out.Removed = append(c.out.Removed, Actor{r.ID, a.name})
		} else if !was[r.Actor].counts {
			c.out.Removed = append(c.out.Removed, Actor{r.ID, r.Name})
		}
	}
	for _, i := range c.alone[1] {
		r := &c.new.Rows[i]
		if _, stayed := was[r.Actor]; stayed || !is[r.Actor].counts {
			c.out.Added = append(c.out.Added, Actor{r.ID, r.Name})
		}
	}
}

// listed is an actor of a list.
type listed struct {
	name   string // the first in alphabetical order
	counts bool   // one of its rows does
}

func (l *List) byActor() map[string]listed {
	m := make(map[string]listed, len(l.Rows))
	for i := range l.Rows {
		r := &l.Rows[i]
		a, known := m[r.Actor]
		if !known || r.Name < a.name {
			a.name = r.Name
		}
		a.counts = a.counts || !r.Out
		m[r.Actor] = a
	}
	return m
}

// values collects the values that differ between paired rows. A change of an actor's
// name or position is reported once, however many rows the actor has.
func (c *comparison) values() {
	names := map[string]renamed{}
	called := c.called()
	type place struct {
		actor    string
		was, now Value
	}
	positions := map[place]int{} // the pair of rows that reports it, the first by identifier
	position := slices.Index(c.out.Fields, Position)
	for n, p := range c.pairs {
		was, is := &c.old.Rows[p.was], &c.new.Rows[p.is]
		c.name(names, was, is, called)
		if position >= 0 {
			x, y := was.value(c.at[position][0]), is.value(c.at[position][1])
			k := place{is.Actor, x, y}
			if best, ok := positions[k]; x != y && (!ok || is.ID < c.new.Rows[c.pairs[best].is].ID) {
				positions[k] = n
			}
		}
	}
	for n, p := range c.pairs {
		was, is := &c.old.Rows[p.was], &c.new.Rows[p.is]
		var changed, retyped []Field
		for i, f := range c.out.Fields {
			x, y := was.value(c.at[i][0]), is.value(c.at[i][1])
			switch {
			case x == y, i == position && positions[place{is.Actor, x, y}] != n:
			case nuanced(x) && nuanced(y):
				if x != nil && y != nil {
					retyped = append(retyped, Field{f, x, y})
				}
			case (Said(x) == "") == (Said(y) == "") && c.words.Fold(Said(x)) == c.words.Fold(Said(y)):
				retyped = append(retyped, Field{f, x, y})
			default:
				changed = append(changed, Field{f, x, y})
			}
		}
		before := was.ID
		if before == is.ID {
			before = ""
		}
		if changed != nil {
			c.out.Changed = append(c.out.Changed, Change{is.ID, before, is.Name, changed})
		}
		if retyped != nil {
			c.out.Retyped = append(c.out.Retyped, Change{is.ID, before, is.Name, retyped})
		}
	}
	for _, n := range names {
		if n.substance {
			c.out.Renamed = append(c.out.Renamed, n.Rename)
		} else {
			c.out.Respelt = append(c.out.Respelt, n.Rename)
		}
	}
}

// renamed is a change of an actor's name. In order of importance: the name for readers
// is a different one, or it is spelled differently, or only the source spells it
// differently. If the source changes a name and readers see the same one, that is not a
// new name.
type renamed struct {
	Rename
	substance bool
	source    bool
}

// name records a change of an actor's name if it is the most important one so far.
// called reports whether both lists have such names at all; if so, a name that was deleted
// or added counts as a change.
func (c *comparison) name(of map[string]renamed, was, is *Row, called [2]bool) {
	for i, n := range [2]Rename{{is.Actor, was.Name, is.Name}, {is.Actor, was.Source, is.Source}} {
		source, emptied := i == 1, n.Was == "" || n.Now == ""
		if n.Was == n.Now || emptied && !called[i] {
			continue
		}
		r := renamed{n, !source && (emptied || !c.words.Alike(n.Was, n.Now)), source}
		if best, ok := of[is.Actor]; !ok || r.before(best) {
			of[is.Actor] = r
		}
	}
}

// called reports whether any row of both lists has a name for readers, and one in the source.
func (c *comparison) called() (called [2]bool) {
	for i, name := range []func(Row) bool{
		func(r Row) bool { return r.Name != "" }, func(r Row) bool { return r.Source != "" },
	} {
		called[i] = slices.ContainsFunc(c.old.Rows, name) && slices.ContainsFunc(c.new.Rows, name)
	}
	return called
}

// nuanced reports whether a value is none, or one that differs from none in no substance.
func nuanced(v Value) bool {
	if v == nil {
		return true
	}
	_, ok := v.(Nuanced)
	return ok
}

func (r renamed) before(o renamed) bool {
	switch {
	case r.substance != o.substance:
		return r.substance
	case r.source != o.source:
		return o.source
	default:
		return cmp.Or(cmp.Compare(r.Was, o.Was), cmp.Compare(r.Now, o.Now)) < 0
	}
}

// Overdue returns the rows whose end has passed on a given day. An end is the last
// valid day. A row is new if its end had not passed on the day since, which may be
// empty.
func Overdue(l *List, day, since string, w Words) []Ending {
	var out []Ending
	for i := range l.Rows {
		if r := &l.Rows[i]; !r.Out && r.Ends != "" && r.Ends < day {
			out = append(out, Ending{r.ID, r.Name, r.Ends, since != "" && r.Ends >= since})
		}
	}
	sortBy(out, w, func(e *Ending) (string, string) { return e.Name, e.ID })
	return out
}

// early collects the actors that left before the last of their ends.
func (c *Changes) early(old *List, day string) {
	last := make(map[string]string, len(c.Left))
	for _, a := range c.Left {
		last[a.ID] = ""
	}
	for i := range old.Rows {
		r := &old.Rows[i]
		if end, left := last[r.Actor]; left && !r.Out && r.Ends > end {
			last[r.Actor] = r.Ends
		}
	}
	for _, a := range c.Left {
		if end := last[a.ID]; end != "" && end >= day {
			c.Early = append(c.Early, Ending{ID: a.ID, Name: a.Name, End: end})
		}
	}
}

// sort sorts all changes by name, whatever the order of the rows.
func (c *Changes) sort(w Words) {
	for _, as := range [][]Actor{c.Arrived, c.Left, c.Added, c.Removed, c.ByHand, c.WasHand} {
		sortBy(as, w, func(a *Actor) (string, string) { return a.Name, a.ID })
	}
	for _, rs := range [][]Rename{c.Renamed, c.Respelt} {
		sortBy(rs, w, func(r *Rename) (string, string) { return r.Now, r.ID })
	}
	for _, cs := range [][]Change{c.Changed, c.Retyped} {
		sortBy(cs, w, func(c *Change) (string, string) { return c.Name, c.ID + "\x00" + c.WasID })
	}
	slices.Sort(c.Repeated)
}

// sortBy sorts by name and then by identifier. It computes the key of each name once.
func sortBy[T any](s []T, w Words, of func(*T) (name, id string)) {
	type keyed struct {
		key, name, id string
		value         T
	}
	ks := make([]keyed, len(s))
	for i := range s {
		name, id := of(&s[i])
		ks[i] = keyed{w.Key(name), name, id, s[i]}
	}
	slices.SortFunc(ks, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	for i := range ks {
		s[i] = ks[i].value
	}
}
