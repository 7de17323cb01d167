package etl

import (
	"slices"

	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

// Settled returns what the registry and its decisions say about two names at a date, by
// the rules of a run: the decision, and the reason for it. If they say nothing, or
// contradict each other, the decision is empty and only the names count; why then
// describes the contradiction, if there is one.
func Settled(
	namer *identity.Namer, reg *Registry, at Date, a, b string,
) (decision identity.Decision, why message.Message) {
	// The two names are two rows of one edition. The names in decisions are added as
	// further rows, since a chain of decisions may lead from one name to the other.
	table := &Table{}
	list := List{Source: Source{Table: table}}
	for _, name := range append([]string{a, b}, decided(reg, identity.ID(a), identity.ID(b))...) {
		list.Rows = append(list.Rows, Row{Name: name})
	}
	ed := Edition{Date: at}
	ed.List[Approved] = list
	ed.List[Certified].Source.Table = table
	w := newNamesakes(&parsedNames{namer: namer, seen: map[string]identity.Name{}}, reg, []Edition{ed})
	w.collect()
	w.claims()
	w.keepApart()
	w.joinDecided()
	w.joinRegistered()
	w.joinEqual()
	x, y := w.root(w.find(a)[0]), w.root(w.find(b)[0])
	if x == y {
		switch i, rs := w.actorOf[x], w.reasons[x].sorted(); {
		case i >= 0 && len(rs) > 0:
			return identity.Same, message.New("settled-names-because", "id", reg.Actors[i].ID,
				"name", reg.Actors[i].Name, "reasons", rs)
		case i >= 0:
			return identity.Same, message.New("settled-names", "id", reg.Actors[i].ID, "name", reg.Actors[i].Name)
		case len(rs) > 0:
			return identity.Same, message.New("settled-because", "reasons", rs)
		}
		return "", message.Message{}
	}
	for _, d := range reg.Decisions {
		if d.Judgement != "same" && w.decides(d, x, y) {
			return identity.Different, d.words()
		}
	}
	i, j := w.actorOf[x], w.actorOf[y]
	switch {
	case i >= 0 && j >= 0:
		return identity.Different, message.New("settled-two", "first", reg.Actors[i].ID, "name", reg.Actors[i].Name,
			"second", reg.Actors[j].ID, "other", reg.Actors[j].Name)
	case i >= 0:
		return "", message.New("settled-first", "id", reg.Actors[i].ID, "name", reg.Actors[i].Name)
	case j >= 0:
		return "", message.New("settled-second", "id", reg.Actors[j].ID, "name", reg.Actors[j].Name)
	}
	return "", message.Message{}
}

// decides reports whether a decision is about two groups of names.
func (w *namesakes) decides(d RegistryDecision, x, y int) bool {
	left, right := w.subjects(d.Left), w.subjects(d.Right)
	has := func(side []int, root int) bool {
		return slices.ContainsFunc(side, func(i int) bool { return w.root(i) == root })
	}
	return has(left, x) && has(right, y) || has(left, y) && has(right, x)
}

// words returns what a decision says that keeps two names apart.
func (d RegistryDecision) words() message.Message {
	date, _ := ParseDate(d.Date)
	m := message.New("settled-different", "date", date, "by", d.By)
	if d.Judgement == "successor" {
		m = message.New("settled-successor", "date", date, "by", d.By, "left", d.Left, "right", d.Right)
	}
	if d.Reason != "" {
		m = message.New("settled-reason", "what", m, "reason", d.Reason)
	}
	return m
}

// decided returns the names that decisions mention, leaving out the ids of registered
// actors and the texts in more.
func decided(reg *Registry, more ...string) []string {
	ids := map[string]bool{}
	for _, id := range more {
		ids[id] = true
	}
	for _, a := range reg.Actors {
		ids[a.ID] = true
	}
	var out []string
	for _, d := range reg.Decisions {
		for _, side := range []string{d.Left, d.Right} {
			if !ids[side] && side != "" {
				out = append(out, side)
			}
		}
	}
	return out
}
