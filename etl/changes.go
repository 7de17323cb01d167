package etl

import "slices"

// Changes are what happened to one listing since the last edition that has it.
// Actors are indices into Result.Actors, in the order of the alphabet.
type Changes struct {
	Since   string // that edition's ID; empty where there is none
	Before  int    // actors then
	Arrived []int32
	Left    []int32
}

// changes compares the published edition's list with the last one before it.
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
		was := then.actors()
		return Changes{Since: res.Editions[e].ID, Before: len(was),
			Arrived: res.inOrder(minus(res.On[l], was)), Left: res.inOrder(minus(was, res.On[l]))}
	}
	return Changes{}
}

// moved are the actors who were approved in the last edition before this one
// that has the list, are not any more, and are certified now: themselves, or in
// the person of a successor that a decision names (Pulsy, of Télésanté Lorraine).
// A successor is another actor: it is counted on its own and never merged.
func moved(reg *Registry, res *Result) []int32 {
	left := map[int32]bool{}
	for _, a := range res.Changes[Approved].Left {
		left[a] = true
	}
	out := map[int32]bool{}
	for a := range left {
		if res.On[Certified][a] {
			out[a] = true
		}
	}
	called := res.called(reg)
	for _, d := range reg.Decisions {
		successor, known := called[d.Left]
		predecessor, knownToo := called[d.Right]
		if d.Judgement == "successor" && known && knownToo && left[predecessor] && res.On[Certified][successor] {
			out[successor] = true
		}
	}
	return res.inOrder(minus(out, nil))
}

// called finds the actors that decisions are about, by their ids, names and
// spellings.
func (res *Result) called(reg *Registry) map[string]int32 {
	m := map[string]int32{}
	if len(reg.Decisions) == 0 {
		return m
	}
	asked := map[string]bool{}
	for _, d := range reg.Decisions {
		asked[d.Left], asked[d.Right] = true, true
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

func minus(a, b map[int32]bool) []int32 {
	var out []int32
	for k := range a {
		if !b[k] {
			out = append(out, k)
		}
	}
	return out
}

// inOrder sorts actors by the order in which readers see them.
func (res *Result) inOrder(actors []int32) []int32 {
	slices.SortFunc(actors, func(a, b int32) int { return int(res.rank[a] - res.rank[b]) })
	return actors
}

// Names are the names of actors.
func (res *Result) Names(actors []int32) []string {
	out := make([]string, 0, len(actors))
	for _, a := range actors {
		out = append(out, res.Actors[a].Name)
	}
	return out
}
