package etl

import (
	"slices"

	"hdsreport/etl/compare"
)

// Changes are the changes of one listing since the last edition that has it. Actors are
// indices into Result.Actors, in alphabetical order.
type Changes struct {
	Since   string // ID of that edition; empty if there is none
	Before  int    // number of actors then
	Arrived []int32
	Left    []int32
	// Rows are the changes row by row: names, values, ends. Both editions are taken as
	// they would be published today, so that an editor's correction does not appear as
	// a change of the source.
	Rows compare.Changes
}

// changes compares a list of the published edition with the last one before it.
func changes(res *Result, l Listing) Changes {
	now := &res.Edition.List[l]
	if now.Missing {
		return Changes{}
	}
	for e := len(res.Editions) - 2; e >= 0; e-- {
		then := &res.Editions[e].List[l]
		if then.Missing {
			continue
		}
		// Whoever still has a row has not left, even if it does not count any more, and
		// whoever had one has not arrived.
		was := then.actors()
		return Changes{Since: res.Editions[e].ID, Before: was.Len(),
			Arrived: res.inOrder(minus(res.On[l], then.listed())), Left: res.inOrder(minus(was, now.listed()))}
	}
	return Changes{}
}

// moved returns the actors who were approved in the last earlier edition that has the
// list, are no longer approved, and are now certified, either themselves or through a
// successor named by a decision (Pulsy succeeds Télésanté Lorraine). A successor is a
// different actor: it is counted separately and never merged.
func moved(reg *Registry, res *Result) []int32 {
	left, out := newActorSet(len(res.Actors)), newActorSet(len(res.Actors))
	for _, a := range res.Changes[Approved].Left {
		left.add(a)
		if res.On[Certified].Has(a) {
			out.add(a)
		}
	}
	for _, s := range res.successors(reg) {
		if left.Has(s[1]) && res.On[Certified].Has(s[0]) {
			out.add(s[0])
		}
	}
	return res.inOrder(minus(out, nil))
}

// successors returns the pairs of actors in which the first succeeds the second,
// according to decisions.
func (res *Result) successors(reg *Registry) [][2]int32 {
	called := res.called(reg)
	var out [][2]int32
	for _, d := range reg.Decisions {
		successor, known := called[d.Left]
		predecessor, knownToo := called[d.Right]
		if d.Judgement == "successor" && known && knownToo {
			out = append(out, [2]int32{successor, predecessor})
		}
	}
	return out
}

// ruled returns the ids of the actors of which decisions say that the first succeeds the
// second, and those that they declare different. What is no actor of these editions is
// given as the decision has it, which mostly is an id.
func (res *Result) ruled(reg *Registry) (successors, different [][2]string) {
	called := res.called(reg)
	id := func(side string) string {
		if a, known := called[side]; known {
			return res.Actors[a].ID
		}
		return side
	}
	for _, d := range reg.Decisions {
		pair := [2]string{id(d.Left), id(d.Right)}
		switch d.Judgement {
		case "successor":
			successors = append(successors, pair)
		case "different":
			different = append(different, pair)
		}
	}
	return successors, different
}

// compareRows compares the lists of the published edition row by row with the ones that
// their changes refer to.
func (res *Result) compareRows(ref *Reference, reg *Registry) {
	var now *compare.Side
	then := map[string]*compare.Side{}
	editions := map[string]*Edition{}
	words := CompareWords()
	for _, l := range Listings {
		c := &res.Changes[l]
		e := slices.IndexFunc(res.Editions, func(ed Edition) bool { return ed.ID == c.Since })
		if e < 0 {
			c.Rows.Overdue = res.overdue(ref, l, words)
			continue
		}
		if now == nil {
			now = side(ref, reg, res.Edition, res.Actors, res.Edition)
			now.Succeeds, now.Differ = res.ruled(reg)
		}
		was := then[c.Since]
		if was == nil {
			actors := slices.Clone(res.Actors)
			ed := published(ref, reg, &res.Editions[e], actors, res.Editions)
			was = side(ref, reg, &ed, actors, res.Edition)
			then[c.Since], editions[c.Since] = was, &ed
		}
		res.was[l] = &editions[c.Since].List[l]
		before, after := *was, *now
		before.Lists[1-l] = nil
		c.Rows = *compare.Sides(&before, &after, words).Lists[l]
	}
	res.renamings()
}

// overdue returns the rows whose end has passed, for a list without an earlier one.
func (res *Result) overdue(ref *Reference, l Listing, words compare.Words) []compare.Ending {
	var past List
	for _, r := range res.Edition.List[l].Rows {
		if r.Counts() && r.Effective.Full() && r.Effective.Compare(res.Edition.Date) < 0 {
			past.Rows = append(past.Rows, r)
		}
	}
	return compare.Overdue(comparable(ref, l, &past, res.Actors, shown{}), res.Edition.Date.String(), "", words)
}

// called returns the actors that decisions refer to, by id, name and spelling.
func (res *Result) called(reg *Registry) map[string]int32 {
	m := map[string]int32{}
	asked := map[string]bool{}
	for _, ds := range [][]RegistryDecision{reg.Decisions, reg.Undone} {
		for _, d := range ds {
			asked[d.Left], asked[d.Right] = true, true
		}
	}
	if len(asked) == 0 {
		return m
	}
	put := func(name string, i int) {
		if asked[name] {
			m[name] = int32(i)
		}
	}
	for i := range res.Actors {
		a := &res.Actors[i]
		for _, n := range a.Names {
			put(n, i)
		}
		put(a.Name, i)
	}
	for i := range res.Actors {
		put(res.Actors[i].ID, i)
	}
	return m
}

// minus returns the actors of a that are not in b, by index.
func minus(a, b *ActorSet) []int32 {
	var out []int32
	for k := range a.All() {
		if !b.Has(k) {
			out = append(out, k)
		}
	}
	return out
}

// inOrder sorts actors in the order in which readers see them.
func (res *Result) inOrder(actors []int32) []int32 {
	if len(actors) > len(res.Actors)/8 { // to sort most of them would take 20 times as long
		in := newActorSet(len(res.Actors))
		for _, a := range actors {
			in.add(a)
		}
		if in.Len() == len(actors) {
			actors = actors[:0]
			for _, a := range res.ranked {
				if in.Has(a) {
					actors = append(actors, a)
				}
			}
			return actors
		}
	}
	slices.SortFunc(actors, func(a, b int32) int { return int(res.rank[a] - res.rank[b]) })
	return actors
}

// Names returns the names of actors.
func (res *Result) Names(actors []int32) []string {
	out := make([]string, 0, len(actors))
	for _, a := range actors {
		out = append(out, res.Actors[a].Name)
	}
	return out
}
