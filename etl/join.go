package etl

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"hdsreport/etl/message"
	"hdsreport/etl/number"
)

// joinEqual joins spellings that have the same key and compatible legal forms. This
// relation is not transitive: "X AG" and "X GmbH" are both the same as "X". So two
// spellings are joined only if they compare alike with every other spelling of their
// key. The result does not depend on any order. Pairs that stay apart for this reason
// are reported.
func (w *namesakes) joinEqual() {
	for group := range runs(w.byKey, func(i int) string { return w.nodes[i].key }) {
		w.joinGroup(group)
	}
	// "SolwarePLC" has another key than "Solware PLC", but the same letters. Both lists are in
	// order.
	at := 0
	for group := range runs(w.byCompact, func(i int) string { return w.nodes[i].compact }) {
		compact := w.nodes[group[0]].compact
		for at < len(w.byKey) && w.nodes[w.byKey[at]].key < compact {
			at++
		}
		from := at
		for at < len(w.byKey) && w.nodes[w.byKey[at]].key == compact {
			at++
		}
		if at > from {
			group = slices.Concat(group, w.byKey[from:at])
			slices.Sort(group)
		}
		w.joinGroup(group)
	}
}

// runs yields the maximal runs of equal keys in a sorted list.
func runs[K ~string | ~int](sorted []int, key func(int) K) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for from := 0; from < len(sorted); {
			to := from + 1
			for to < len(sorted) && key(sorted[to]) == key(sorted[from]) {
				to++
			}
			if !yield(sorted[from:to:to]) {
				return
			}
			from = to
		}
	}
}

func (w *namesakes) joinGroup(group []int) {
	if len(group) < 2 {
		return
	}
	if w.disagree(group) || w.commonplace(group) {
		w.joinByEdition(group)
		return
	}
	w.settle(group, true)
}

// settle joins the spellings of a group that are the same. If last is set, it reports the
// pairs that stay apart because of a third one.
func (w *namesakes) settle(group []int, last bool) {
	p := w.partition(group)
	members := map[int][]int{}
	for i, g := range p.Group {
		members[g] = append(members[g], group[i])
	}
	for g := range len(members) {
		w.joinAll(members[g])
	}
	w.joinContinued(group)
	if !last {
		return
	}
	for _, pair := range p.Torn {
		x, y := group[pair[0]], group[pair[1]]
		if w.root(x) == w.root(y) {
			continue
		}
		f := Find(Warning, CodeIdentityClash, w.placeOf(y), "left", w.nodes[x].raw, "right", w.nodes[y].raw).Said("third")
		if w.torn[[2]int{x, y}] {
			continue // by their letters as by their key
		}
		w.torn[[2]int{x, y}] = true
		if numbers := w.numbersOf(w.root(x)).Union(w.numbersOf(w.root(y))); len(numbers) > 0 {
			f.Args = append(f.Args, message.Arg{Name: "numbers", Value: numbers.Of(number.Entity)})
			f = f.Said("numbers")
		}
		w.report(f)
	}
	if p.TooMany {
		w.report(Find(Warning, CodeIdentityClash, w.placeOf(group[0]), "name", w.nodes[group[0]].raw,
			"n", len(members)).Said("many"))
	}
}

// joinAll joins spellings that are the same by their keys. If decisions or the registry
// keep some of them apart, each of the others joins the first that it may join.
func (w *namesakes) joinAll(members []int) {
	apart := members[:1:1]
	for _, m := range members[1:] {
		if !slices.ContainsFunc(apart, func(first int) bool { return w.joinAlike(first, m, message.Message{}, Place{}) }) {
			apart = append(apart, m)
		}
	}
}

// joinStated joins spellings through acronyms and former names that the source itself
// states, if only one actor states them.
func (w *namesakes) joinStated() {
	by := map[string][]int{}
	for i := range w.nodes {
		for _, s := range w.nodes[i].stated {
			if s.Sure && s.Key != "" && s.Key != w.nodes[i].key {
				by[s.Key] = append(by[s.Key], i)
			}
		}
	}
	for _, key := range sorted(by) {
		target := w.ofKey(key)
		claimed := w.regKey[key]
		if len(target) == 0 && claimed == nil {
			// Two spellings state the same name, but no spelling is that name alone.
			// This is no better evidence than likeness.
			continue
		}
		first := w.root(by[key][0])
		for _, o := range by[key][1:] {
			if w.root(o) != first {
				first = -1
				w.report(Find(Warning, CodeStatedAmbiguous, w.placeOf(by[key][0]), "left", w.nodes[by[key][0]].raw,
					"right", w.nodes[o].raw, "name", w.bearer(key)))
				break
			}
		}
		if first < 0 {
			continue
		}
		n := by[key][0]
		why := message.New("reason-stated", "name", w.bearer(key), "in", w.nodes[n].raw)
		if len(target) > 0 {
			w.joinAlike(n, target[0], why, w.placeOf(n))
			continue
		}
		if a := w.claimant(w.names.parse(w.bearer(key)), nil, w.editions[w.nodes[n].edition].Date); a >= 0 {
			w.joinAlike(len(w.nodes)+a, n, why, w.placeOf(n))
		}
	}
}

func (w *namesakes) bearer(key string) string {
	if ns := w.ofKey(key); len(ns) > 0 {
		return w.nodes[ns[0]].raw
	}
	if h := w.regKey[key]; h != nil {
		return cmp.Or(w.reg.Actors[h.claims[0].actor].Name, h.claims[0].name.Raw)
	}
	return key
}

func (w *namesakes) root(i int) int {
	for w.parent[i] != i {
		w.parent[i] = w.parent[w.parent[i]]
		i = w.parent[i]
	}
	return i
}

// join joins two groups and reports whether they are one now. If a person has decided
// that they are different, it reports a finding and leaves them apart.
func (w *namesakes) join(a, b int, why message.Message, at Place) bool {
	ra, rb := w.root(a), w.root(b)
	if ra == rb {
		return true
	}
	if w.apart(a, b) {
		severity := Warning
		if why.IsZero() { // the decision applies as intended
			severity = Info
		}
		w.report(Find(severity, CodeIdentityClash, at, "left", w.said(a), "right", w.said(b),
			"why", orKey(why)).Said("decided"))
		return false
	}
	if x, y := w.actorOf[ra], w.actorOf[rb]; x >= 0 && y >= 0 && x != y {
		w.report(Find(Warning, CodeIdentityClash, at, "left", w.said(a), "right", w.said(b), "why", orKey(why),
			"one", w.reg.Actors[x].ID, "other", w.reg.Actors[y].ID).Said("registered"))
		return false
	}
	if w.actorOf[rb] >= 0 {
		ra, rb = rb, ra
	}
	if s := w.numbersOf(ra).Union(w.numbersOf(rb)); len(s) > 0 {
		w.union[ra] = s
	}
	w.parent[rb] = ra
	w.mergeSides(ra, rb)
	if !why.IsZero() {
		w.reasons[ra] = append(w.reasons[ra], why)
	}
	if rs := w.reasons[rb]; len(rs) > 0 {
		if len(rs) > len(w.reasons[ra]) { // the order does not matter, they are sorted later
			w.reasons[ra], rs = rs, w.reasons[ra]
		}
		w.reasons[ra] = append(w.reasons[ra], rs...)
		delete(w.reasons, rb)
	}
	return true
}

// orKey returns why, or if that is empty, that the two names have the same key.
func orKey(why message.Message) message.Message {
	if why.IsZero() {
		return message.New("reason-key")
	}
	return why
}

// Reasons are the reasons why spellings are one actor.
type Reasons []message.Message

// sorted returns the reasons in a fixed order and without duplicates, whatever the
// order of the lists.
func (rs Reasons) sorted() Reasons {
	if len(rs) == 0 {
		return nil
	}
	keyed := make(map[string]message.Message, len(rs))
	for _, r := range rs {
		keyed[r.String()] = r
	}
	var out Reasons
	for _, said := range slices.Sorted(maps.Keys(keyed)) {
		out = append(out, keyed[said])
	}
	return out
}

// Say returns all reasons as one text.
func (rs Reasons) Say(p message.Printer) string {
	said := make([]string, len(rs))
	for i, r := range rs {
		said[i] = p.Text(r)
	}
	return strings.Join(said, p.Semicolon())
}
