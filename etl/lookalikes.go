package etl

import "hdsreport/etl/identity"

const (
	candidates   = 8  // of each name are compared with it
	mostSearched = 50 // names of an actor are looked for, of those that it has
)

// likely returns the pairs of actors that a person should decide on, each with its best
// verdict. It compares the names of the open actors with those that an index proposes,
// never all with all. At least one actor of each pair is on a published list.
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
	listed := func(a int32) bool { return res.On[Approved][a] || res.On[Certified][a] }
	best := map[[2]int32]identity.Verdict{}
	for _, a := range open {
		for _, at := range known[a] {
			for _, c := range ix.Candidates(names[at], candidates) {
				b := of[c.Index]
				if a == b || !listed(a) && !listed(b) {
					continue
				}
				v := ix.Compare(names[at], c.Index)
				if v.Decision == identity.Different {
					continue
				}
				p := pairOf(a, b)
				if old, seen := best[p]; !seen || v.Score > old.Score {
					best[p] = v
				}
			}
		}
	}
	return best
}
