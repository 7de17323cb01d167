package etl

import (
	"cmp"
	"slices"

	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/number"
)

// This file is what numbers add to identification. They are a part of the key: one name
// with two SIRENs is two organisations, and two alike names with one SIREN are one. What
// a person has decided goes before. Where the source states no number, nothing here does
// anything.

// nodeKey returns the text by which spellings are told apart: the spelling itself, and
// the entity numbers that the source states with it.
func nodeKey(raw string, numbers number.Set) string {
	if entity := numbers.Of(number.Entity); len(entity) > 0 {
		return raw + "\x00" + entity.String()
	}
	return raw
}

// numbersOf returns the numbers of a group, given by its root.
func (w *namesakes) numbersOf(root int) number.Set {
	if s, joined := w.union[root]; joined {
		return s
	}
	return w.held[root]
}

// leastShared is the number of different names in one edition from which a number is
// shared: a group's, or one that was copied down a column.
const leastShared = 4

// findShared finds the numbers that too many names have in one edition. Names that a
// decision, the registry or their key join count once.
func (w *namesakes) findShared() {
	if len(w.held) == 0 {
		return
	}
	for e := range w.editions {
		of := map[number.Number][]int{} // the rows' nodes
		for l := range w.editions[e].List {
			rows := w.editions[e].List[l].Rows
			for i := range rows {
				for _, n := range rows[i].Identity() {
					if n.Scheme != number.SIRET { // its SIREN is shared as well
						of[n] = append(of[n], int(rows[i].Actor))
					}
				}
			}
		}
		for _, n := range numbersIn(of) {
			if names := w.distinct(of[n]); len(names) >= leastShared {
				w.shared[n] = true
				list := make([]string, len(names))
				for i, node := range names {
					list[i] = w.nodes[node].raw
				}
				w.report(Find(Warning, CodeNumberShared, w.placeIn(names[0], e), "number", n, "n", len(names),
					"names", few(list)))
			}
		}
	}
}

// numbersIn returns the keys of a map, in order.
func numbersIn[V any](m map[number.Number]V) number.Set {
	out := make(number.Set, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	return number.SetOf(out...)
}

// distinct returns one of the nodes for each different name: those with one key, or
// joined already, are one.
func (w *namesakes) distinct(nodes []int) []int {
	slices.Sort(nodes)
	var out []int
	keys, roots := map[string]bool{}, map[int]bool{}
	for _, n := range slices.Compact(nodes) {
		if !keys[w.nodes[n].key] && !roots[w.root(n)] {
			out = append(out, n)
		}
		keys[w.nodes[n].key], roots[w.root(n)] = true, true
	}
	return out
}

// placeIn returns the first place of a node in an edition, or else where it occurs first.
func (w *namesakes) placeIn(node, edition int) Place {
	for l := range w.editions[edition].List {
		list := &w.editions[edition].List[l]
		for i := range list.Rows {
			if int(list.Rows[i].Actor) == node {
				return Place{File: list.Source.Table.File, Sheet: list.Source.Table.Sheet, Row: int(list.Rows[i].Line)}
			}
		}
	}
	return w.placeOf(node)
}

// disagree reports whether a group of spellings has entity numbers that rule out that
// they are one.
func (w *namesakes) disagree(group []int) bool {
	if len(w.held) == 0 {
		return false
	}
	var seen []number.Set
	known := map[string]bool{}
	for _, n := range group {
		s := w.numbersOf(w.root(n)).Of(number.Entity)
		if len(s) == 0 || known[s.String()] {
			continue
		}
		known[s.String()] = true
		if slices.ContainsFunc(seen, func(o number.Set) bool { return number.Contradict(s, o) }) {
			return true
		}
		seen = append(seen, s)
	}
	return false
}

// joinByEdition joins the spellings of one key whose numbers disagree, edition by
// edition, as they came up. A name that had been joined to one number stays with it when
// the same name appears with another one later: ids do not move.
func (w *namesakes) joinByEdition(group []int) {
	before := len(w.findings)
	order := slices.Clone(group)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(w.nodes[a].edition, w.nodes[b].edition) })
	for to := 1; to <= len(order); to++ {
		if to < len(order) && w.nodes[order[to]].edition == w.nodes[order[to-1]].edition {
			continue
		}
		known := slices.Clone(order[:to])
		slices.Sort(known)
		w.settle(known, to == len(order))
	}
	// A decision that keeps two apart does so at each step.
	told := map[string]bool{}
	w.findings = append(w.findings[:before], slices.DeleteFunc(w.findings[before:], func(f Finding) bool {
		twice := told[f.String()]
		told[f.String()] = true
		return twice
	})...)
}

// partition divides spellings by their names and by the numbers of their groups.
func (w *namesakes) partition(group []int) identity.Partition {
	names := make([]identity.Name, len(group))
	sets := make([]number.Set, len(group))
	some := false
	for i, n := range group {
		if n < len(w.nodes) {
			names[i] = w.name(n)
		} else {
			names[i] = w.names.parse(w.reg.Actors[n-len(w.nodes)].Name)
		}
		sets[i] = w.numbersOf(w.root(n))
		some = some || len(sets[i]) > 0
	}
	if !some {
		return w.names.namer.Partition(names)
	}
	return w.names.namer.PartitionWith(names, func(i int) string { return sets[i].String() },
		func(i, j int) identity.Evidence { return identity.EvidenceOf(sets[i], sets[j], w.shared) })
}

// joinAlike joins two groups because their names say so, unless their numbers rule it
// out.
func (w *namesakes) joinAlike(a, b int, why message.Message, at Place) bool {
	ra, rb := w.root(a), w.root(b)
	if ra != rb && number.Contradict(w.numbersOf(ra), w.numbersOf(rb)) {
		return false
	}
	return w.join(a, b, why, at)
}

// joinNumbered joins alike spellings that have one entity number. Like names of one key,
// they are joined only if each is alike to all the others.
func (w *namesakes) joinNumbered() {
	of := map[number.Number][]int{}
	for member, s := range w.held {
		for _, n := range s.Of(number.Entity) {
			if !w.shared[n] {
				of[n] = append(of[n], member)
			}
		}
	}
	for _, n := range numbersIn(of) {
		members := of[n]
		slices.Sort(members)
		if len(members) < 2 || !slices.ContainsFunc(members, func(m int) bool { return w.root(m) != w.root(members[0]) }) {
			continue
		}
		groups := map[int][]int{}
		p := w.partition(members)
		for i, g := range p.Group {
			groups[g] = append(groups[g], members[i])
		}
		for g := range len(groups) {
			for _, m := range groups[g][1:] {
				if w.apart(groups[g][0], m) {
					continue // as a person has decided
				}
				w.joinAlike(groups[g][0], m, message.New("reason-number", "numbers", number.Set{n}), w.placeOfMember(m))
			}
		}
	}
}

func (w *namesakes) placeOfMember(m int) Place {
	if m < len(w.nodes) {
		return w.placeOf(m)
	}
	return w.reg.Actors[m-len(w.nodes)].Place
}

// usualID returns the id that is made from a node's spelling, and from its numbers if the
// same name has several.
func (w *namesakes) usualID(node int) string {
	if id, numbered := w.numberedIDs()[node]; numbered {
		return id
	}
	return identity.ID(w.nodes[node].raw)
}

// ofNumberedID returns the nodes that an id means where one name has several numbers.
func (w *namesakes) ofNumberedID(id string) []int {
	w.numberedIDs()
	return w.byNumberID[id]
}

// numberedIDs returns the ids of the nodes whose key has several numbers, or is
// commonplace, as they are
// without any decision, so that a decision can refer to them and does not change them.
// The name that came first has the usual id; the others add a hash of their numbers.
func (w *namesakes) numberedIDs() map[int]string {
	if w.numberedID != nil {
		return w.numberedID
	}
	w.numberedID, w.byNumberID = map[int]string{}, map[string][]int{}
	if len(w.held) == 0 && !slices.ContainsFunc(w.nodes, func(n node) bool { return n.common }) {
		return w.numberedID
	}
	alone := w.undecided()
	for group := range runs(w.byKey, func(i int) string { return w.nodes[i].key }) {
		if len(group) < 2 || !alone.disagree(group) && !alone.commonplace(group) {
			continue
		}
		alone.joinByEdition(group)
		of := map[int][]int{}
		for _, n := range group {
			of[alone.root(n)] = append(of[alone.root(n)], n)
		}
		var clusters [][]int
		for _, c := range of {
			slices.SortFunc(c, alone.anchorOrder)
			clusters = append(clusters, c)
		}
		slices.SortFunc(clusters, func(a, b []int) int {
			x, y := &w.nodes[a[0]], &w.nodes[b[0]]
			return cmp.Or(cmp.Compare(x.edition, y.edition), cmp.Compare(x.list, y.list), cmp.Compare(a[0], b[0]))
		})
		for _, c := range clusters {
			first := &w.nodes[c[0]]
			id := identity.ID(first.raw)
			if len(w.byNumberID[id]) > 0 {
				id = contestedID(id, nodeKey(first.raw, w.held[c[0]]))
			}
			for _, n := range c {
				w.numberedID[n] = id
			}
			w.byNumberID[id] = append(w.byNumberID[id], c...)
		}
	}
	return w.numberedID
}

// undecided returns the same spellings as if nobody had decided or registered anything.
func (w *namesakes) undecided() *namesakes {
	alone := &namesakes{names: w.names, reg: &Registry{}, editions: w.editions, nodes: w.nodes,
		sides: map[int]*sides{}, reasons: map[int]Reasons{}, held: w.held, union: map[int]number.Set{},
		shared: map[number.Number]bool{}, torn: map[[2]int]bool{}, parent: make([]int, len(w.nodes)),
		actorOf: make([]int, len(w.nodes))}
	for i := range alone.parent {
		alone.parent[i], alone.actorOf[i] = i, -1
	}
	return alone
}

// numbersOverruled reports the actors that a decision or the registry makes one although
// their numbers say otherwise, once for each.
func (w *namesakes) numbersOverruled(groups [][]int) {
	if len(w.held) == 0 {
		return
	}
	for _, g := range groups {
		var seen []int
		for _, n := range g {
			if len(w.held[n]) == 0 {
				continue
			}
			i := slices.IndexFunc(seen, func(o int) bool { return number.Contradict(w.held[n], w.held[o]) })
			if i < 0 {
				seen = append(seen, n)
				continue
			}
			w.report(Find(Info, CodeNumberDecision, w.placeOf(n), "left", w.nodes[seen[i]].raw,
				"first", w.held[seen[i]].Of(number.Entity), "right", w.nodes[n].raw,
				"second", w.held[n].Of(number.Entity)))
			break
		}
	}
}
