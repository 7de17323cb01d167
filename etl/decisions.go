package etl

import (
	"cmp"
	"slices"

	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

// subjects returns the members that the left or right side of a decision means: the
// actor with that id, or else the exact spelling, or else all spellings with its key. If
// one name has several numbers, an id means the spellings with its numbers.
func (w *namesakes) subjects(s string) []int {
	if i, ok := w.regID[s]; ok {
		return []int{len(w.nodes) + i}
	}
	if ns := w.ofNumberedID(s); len(ns) > 0 {
		return ns
	}
	if ns := w.find(s); len(ns) > 0 {
		return ns
	}
	if ns := w.ofKey(w.names.parse(s).Key); len(ns) > 0 {
		return ns
	}
	if i, ok := w.nodeOfID(s); ok {
		return []int{i}
	}
	return nil
}

// nodeOfID returns the first node whose spelling gives an id, either the usual one or
// the one it gets if that is taken.
func (w *namesakes) nodeOfID(id string) (int, bool) {
	if w.byID == nil {
		w.byID = make(map[string]int, 2*len(w.nodes))
		for i := range w.nodes {
			own := identity.ID(w.nodes[i].raw)
			for _, id := range [2]string{own, contestedID(own, w.nodes[i].raw)} {
				if _, taken := w.byID[id]; !taken {
					w.byID[id] = i
				}
			}
		}
	}
	i, ok := w.byID[id]
	return i, ok
}

// keepApart records the decisions about names that must not be joined.
func (w *namesakes) keepApart() {
	w.repeated()
	for i, d := range w.reg.Decisions {
		left, right := w.subjects(d.Left), w.subjects(d.Right)
		switch d.Judgement {
		case "same":
		case "different", "successor": // a successor is another actor
			w.setSides(left, int32(2*i))
			w.setSides(right, int32(2*i+1))
		default:
			w.report(Find(Error, CodeRegistryValue, d.Place, "judgement", d.Judgement).Said("judgement"))
		}
		for side, found := range map[string]bool{d.Left: len(left) > 0, d.Right: len(right) > 0} {
			// The predecessor may have left the lists before the first edition.
			if !found && (d.Judgement != "successor" || side == d.Left) {
				w.report(Find(Info, CodeRegistryUnused, d.Place, "name", side).Said("decision"))
			}
		}
	}
}

// repeated reports decisions that repeat or contradict another line, and those whose
// two sides are the same name. There should be one line for each pair.
func (w *namesakes) repeated() {
	lines := map[[2]string]RegistryDecision{}
	for _, d := range w.reg.Decisions {
		if d.Left == "" || d.Right == "" || d.Left == d.Right {
			w.report(Find(Error, CodeRegistryValue, d.Place, "left", d.Left, "right", d.Right).Said("decision-names"))
			continue
		}
		if _, ok := ParseDate(d.Date); !ok {
			w.report(Find(Warning, CodeRegistryValue, d.Place, "date", d.Date).Said("decision-date"))
		}
		pair := [2]string{min(d.Left, d.Right), max(d.Left, d.Right)}
		first, twice := lines[pair]
		switch {
		case !twice:
			lines[pair] = d
		case d.Judgement == first.Judgement && (d.Judgement != "successor" || d.Left == first.Left):
			w.report(Find(Warning, CodeRegistryDuplicate, d.Place, "left", d.Left, "right", d.Right,
				"line", first.Place.Row).Said("decision"))
		case d.Judgement == "same" || first.Judgement == "same":
			// Reported when the names are joined: only then it is known which actors
			// are meant.
		case d.Judgement == "successor" && first.Judgement == "successor":
			w.report(Find(Error, CodeDecisionsConflict, d.Place, "left", d.Left, "right", d.Right,
				"line", first.Place.Row).Said("successors"))
		}
	}
}

func (w *namesakes) joinDecided() {
	// If the decisions contradict each other, which of them apply must not depend on
	// the order of lines.
	ds := slices.Clone(w.reg.Decisions)
	slices.SortStableFunc(ds, func(a, b RegistryDecision) int {
		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
	for _, d := range ds {
		if d.Judgement != "same" {
			continue
		}
		left, right := w.subjects(d.Left), w.subjects(d.Right)
		for _, r := range right {
			if r < len(w.nodes) {
				w.nodes[r].yields = true
			}
		}
		for _, l := range left {
			if l < len(w.nodes) {
				w.nodes[l].kept = true
			}
		}
		if len(left) == 0 || len(right) == 0 {
			continue
		}
		// Join the first of each side with all of the other side, since a name may
		// stand for many spellings.
		for _, r := range right {
			w.decideSame(left[0], r, d)
		}
		for _, l := range left[1:] {
			w.decideSame(l, right[0], d)
		}
	}
}

func (w *namesakes) decideSame(l, r int, d RegistryDecision) {
	if w.apart(l, r) {
		w.report(Find(Error, CodeDecisionsConflict, d.Place, "left", w.said(l), "right", w.said(r)))
		return
	}
	if x, y := w.registered(l), w.registered(r); x >= 0 && y >= 0 && x != y {
		w.report(Find(Warning, CodeIdentityClash, d.Place, "left", w.said(l), "right", w.said(r), "why",
			decidedSame(d), "one", w.reg.Actors[x].ID, "other", w.reg.Actors[y].ID).Said("registered"))
		return
	}
	w.join(l, r, decidedSame(d), d.Place)
}

// registered returns the registered actor that a member is or belongs to, or -1. Before
// spellings are joined to theirs, the names say so.
func (w *namesakes) registered(i int) int {
	if a := w.actorOf[w.root(i)]; a >= 0 || i >= len(w.nodes) {
		return a
	}
	return w.claimantOf(i, w.nodes[i].edition)
}

// decidedSame returns the reason for joining two names by a decision. Readers are given it
// too (stats.json), so it does not say whose decision it was.
func decidedSame(d RegistryDecision) message.Message {
	if date, ok := ParseDate(d.Date); ok && !date.IsZero() {
		return message.New("reason-decision", "date", date)
	}
	return message.New("reason-decision-undated")
}
