package etl

import (
	"slices"
	"strings"
)

// WithNames returns the figures with the names behind each count, for those who write
// about them. A run does without: the names of a long list are many. Names are in French
// alphabetical order, ends by date.
func (res *Result) WithNames(ref *Reference) Stats {
	s := res.Stats
	ed := res.Edition
	names := func(which func(actor int32) bool) []string {
		return res.Names(res.inOrder(slices.DeleteFunc(res.any(), func(a int32) bool { return !which(a) })))
	}
	on := func(l Listing) func(int32) bool { return res.On[l].Has }
	for _, list := range []struct {
		of    **ListStats
		which Listing
	}{{&s.Approved, Approved}, {&s.Certified, Certified}} {
		if *list.of != nil {
			named := **list.of
			named.Names = names(on(list.which))
			*list.of = &named
		}
	}
	if s.Any != nil {
		s.Any = &Count{s.Any.Actors, names(func(int32) bool { return true })}
	}
	s.Positions = slices.Clone(s.Positions)
	for i := range s.Positions {
		p := &s.Positions[i]
		p.Names = &PositionNames{}
		for _, x := range []struct {
			count *int
			names *[]string
			on    func(int32) bool
		}{
			{p.Approved, &p.Names.Approved, on(Approved)},
			{p.Certified, &p.Names.Certified, on(Certified)},
			{p.Any, &p.Names.Any, func(int32) bool { return true }},
		} {
			if x.count != nil {
				*x.names = names(func(a int32) bool { return res.Actors[a].Position == p.Code && x.on(a) })
			}
		}
	}
	if s.Activities != nil {
		activities := res.nameActivities(ref, *s.Activities)
		s.Activities = &activities
	}
	s.nameCertificates(ref, res)
	s.Deadlines = slices.Clone(s.Deadlines)
	for i := range s.Deadlines {
		d := &s.Deadlines[i]
		d.Ending = &EndingNames{}
		if d.Approved != nil {
			d.Ending.Approved = res.ending(&ed.List[Approved], ed.Date, ed.Date.AddMonths(d.Months))
		}
		if d.Certified != nil {
			d.Ending.Certified = res.ending(&ed.List[Certified], ed.Date, ed.Date.AddMonths(d.Months))
		}
	}
	if s.Changes.Moved != nil {
		s.Changes.MovedFrom = res.movedFrom()
	}
	return s
}

// nameActivities returns the figures of activities with their names.
func (res *Result) nameActivities(ref *Reference, s ActivityStats) ActivityStats {
	n := len(ref.Activities)
	covers, allBut, only := make([][]int32, n), make([][]int32, n), make([][]int32, n)
	counts := make([][]int32, n+1)
	for actor, a := range res.Covered() {
		k := a.Yes.Len()
		for i := range n {
			if a.Yes.Has(i) {
				covers[i] = append(covers[i], actor)
			}
			switch {
			case !a.Known():
			case k == n-1 && !a.Yes.Has(i):
				allBut[i] = append(allBut[i], actor)
			case k == 1 && a.Yes.Has(i):
				only[i] = append(only[i], actor)
			}
		}
		if a.Known() {
			counts[k] = append(counts[k], actor)
		}
	}
	named := func(actors []int32) []string { return res.Names(res.inOrder(actors)) }
	s.ByActivity, s.ByCount = slices.Clone(s.ByActivity), slices.Clone(s.ByCount)
	s.AllBut, s.Only = make([]KeyCount, n), make([]KeyCount, n)
	for i, a := range ref.Activities {
		s.ByActivity[i].Names = named(covers[i])
		s.AllBut[i] = KeyCount{a.Key, len(allBut[i]), named(allBut[i])}
		s.Only[i] = KeyCount{a.Key, len(only[i]), named(only[i])}
	}
	for i := range s.ByCount {
		s.ByCount[i].Names = named(counts[s.ByCount[i].Count])
	}
	return s
}

// nameCertificates adds the names to the figures of types and bodies.
func (s *Stats) nameCertificates(ref *Reference, res *Result) {
	if s.Certified == nil {
		return
	}
	rows := res.Edition.List[Certified].Rows
	with := func(has func(*Row) bool) []string {
		var actors actorSet
		var which []int32
		for i := range rows {
			if a := rows[i].Actor; !actors.has(a) && rows[i].Counts() && has(&rows[i]) {
				actors.add(a)
				which = append(which, a)
			}
		}
		return res.Names(res.inOrder(which))
	}
	s.Types, s.Bodies = slices.Clone(s.Types), slices.Clone(s.Bodies)
	for k := range s.Types {
		s.Types[k].Names = with(func(r *Row) bool { return r.Types&(1<<k) != 0 })
	}
	for k := range s.Bodies {
		s.Bodies[k].Names = with(func(r *Row) bool { return strings.EqualFold(r.Body, s.Bodies[k].Key) })
	}
}

// ending returns the actors with a row of a list that ends between two days, both
// included, each with the first of these ends.
func (res *Result) ending(list *List, from, to Date) []NamedEnd {
	first := map[int32]Date{}
	for i := range list.Rows {
		row := &list.Rows[i]
		e := row.Effective
		if !row.Counts() || !e.Full() || e.Compare(from) < 0 || e.Compare(to) > 0 {
			continue
		}
		if d, ok := first[row.Actor]; !ok || e.Compare(d) < 0 {
			first[row.Actor] = e
		}
	}
	return res.endings(first)
}

// movedFrom returns those who moved from approval to certification, each with the last
// end of its approvals.
func (res *Result) movedFrom() []NamedEnd {
	last := map[int32]Date{}
	for _, a := range res.Moved {
		last[a] = Date{}
	}
	for i := range res.Editions {
		ed := &res.Editions[i]
		if ed.ID != res.Changes[Approved].Since {
			continue
		}
		for k := range ed.List[Approved].Rows {
			row := &ed.List[Approved].Rows[k]
			if d, ok := last[row.Actor]; ok && row.Counts() && row.Effective.Compare(d) > 0 {
				last[row.Actor] = row.Effective
			}
		}
	}
	return res.endings(last)
}

// endings returns actors by end, and then in French alphabetical order.
func (res *Result) endings(of map[int32]Date) []NamedEnd {
	actors := make([]int32, 0, len(of))
	for a := range of {
		actors = append(actors, a)
	}
	slices.SortStableFunc(res.inOrder(actors), func(a, b int32) int { return of[a].Compare(of[b]) })
	out := []NamedEnd{}
	for _, a := range actors {
		out = append(out, NamedEnd{ID: res.Actors[a].ID, Name: res.Actors[a].Name, End: of[a].String()})
	}
	return out
}
