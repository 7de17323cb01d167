package etl

import (
	"slices"

	"hdsreport/etl/identity"
	"hdsreport/etl/number"
)

const (
	candidates   = 8  // of each name are compared with it, and as many more by its numbers
	mostSearched = 50 // names of an actor are looked for, of those that it has
)

// likely returns the pairs of actors that a person should decide on, each with the best
// verdict on their names alone. It compares the names of the open actors with those that
// an index proposes and with those of equal numbers, never all with all. At least one
// actor of each pair is on a published list.
func likely(parsed *parsedNames, res *Result, open []int32) map[[2]int32]identity.Verdict {
	var names []identity.Name
	var of []int32
	known := map[int32][]int{}
	for i := range res.Actors {
		a := &res.Actors[i]
		spelled := map[string]bool{}
		for _, raw := range append([]string{a.Name}, a.Names...) {
			n := parsed.parse(raw)
			if spelled[n.Key] || len(known[int32(i)]) == mostSearched {
				continue
			}
			spelled[n.Key] = true
			known[int32(i)] = append(known[int32(i)], len(names))
			names, of = append(names, n), append(of, int32(i))
		}
	}
	ix := parsed.namer.NewIndex(names)
	listed := func(a int32) bool { return res.on(a) }
	best := map[[2]int32]identity.Verdict{}
	try := func(a, b int32, at, candidate int) {
		if a == b || !listed(a) && !listed(b) {
			return
		}
		v := ix.Compare(names[at], candidate)
		evidence := identity.EvidenceOf(res.Actors[a].Numbers, res.Actors[b].Numbers, res.shared)
		if v.With(evidence).Decision == identity.Different {
			return
		}
		v.Guess = v.Guess && !evidence.Says()
		p := pairOf(a, b)
		if old, seen := best[p]; !seen || old.Guess && !v.Guess || old.Guess == v.Guess && v.Score > old.Score {
			best[p] = v
		}
	}
	numbered := res.numbered()
	for _, a := range open {
		for _, at := range known[a] {
			for _, c := range ix.Candidates(names[at], candidates) {
				try(a, of[c.Index], at, c.Index)
			}
		}
		for _, b := range res.sameNumber(a, numbered) {
			for _, at := range known[a][:min(len(known[a]), candidates)] {
				for _, c := range known[b][:min(len(known[b]), candidates)] {
					try(a, b, at, c)
				}
			}
		}
	}
	dropGuesses(best, func(a int32) bool { return res.On[Approved].Has(a) && res.On[Certified].Has(a) })
	res.leaveOut(best)
	return best
}

// numbered returns the actors that have each number, unless too many share it.
func (res *Result) numbered() map[number.Number][]int32 {
	of := map[number.Number][]int32{}
	for i := range res.Actors {
		for _, n := range res.Actors[i].Numbers {
			if !res.shared[n] {
				of[n] = append(of[n], int32(i))
			}
		}
	}
	return of
}

// sameNumber returns some other actors that have a number of an actor.
func (res *Result) sameNumber(a int32, numbered map[number.Number][]int32) []int32 {
	var out []int32
	for _, n := range res.Actors[a].Numbers {
		for _, b := range numbered[n] {
			if len(out) == candidates {
				return out
			}
			if b != a && !slices.Contains(out, b) {
				out = append(out, b)
			}
		}
	}
	return out
}

// leaveOut removes the pairs of one name with different numbers that a third actor of
// that name stands between: it has no number, and is asked about with both. Its answer
// comes first.
func (res *Result) leaveOut(pairs map[[2]int32]identity.Verdict) {
	same := map[int32][]int32{}
	var contradicted [][2]int32
	for p, v := range pairs {
		switch {
		case v.Decision != identity.Same:
		case number.Contradict(res.Actors[p[0]].Numbers, res.Actors[p[1]].Numbers):
			contradicted = append(contradicted, p)
		default:
			same[p[0]], same[p[1]] = append(same[p[0]], p[1]), append(same[p[1]], p[0])
		}
	}
	for _, p := range contradicted {
		if slices.ContainsFunc(same[p[0]], func(third int32) bool { return slices.Contains(same[p[1]], third) }) {
			delete(pairs, p)
		}
	}
}

// dropGuesses removes the pairs that so little supports that they are worth a question
// only if neither actor has another match, on the other list or among the pairs. Of an
// actor's guesses the best remain.
func dropGuesses(pairs map[[2]int32]identity.Verdict, matched func(actor int32) bool) {
	best := map[int32]float64{}
	for p, v := range pairs {
		for _, a := range p {
			if !v.Guess {
				best[a] = 1
			} else {
				best[a] = max(best[a], v.Score)
			}
		}
	}
	for p, v := range pairs {
		for _, a := range p {
			if v.Guess && (v.Score < best[a] || matched(a)) {
				delete(pairs, p)
			}
		}
	}
}
