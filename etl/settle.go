package etl

import (
	"fmt"
	"slices"
	"strings"

	"hdsreport/etl/identity"
)

// Settled says what the registry and its decisions say of two names at a date, by
// the rules of a run: the decision, and in words who says so. Where they say
// nothing, or contradict themselves, decision is empty; the names alone decide
// then, and why tells of the contradiction.
func Settled(namer *identity.Namer, reg *Registry, at Date, a, b string) (decision identity.Decision, why string) {
	// Two rows of one edition are the names, and each name that a decision is about
	// is another: a chain of decisions may lead from one to the other.
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
	left, _ := w.find(a)
	right, _ := w.find(b)
	x, y := w.root(left), w.root(right)
	if x == y {
		switch i, rs := w.actorOf[x], slices.Compact(slices.Sorted(slices.Values(w.reasons[x]))); {
		case i >= 0:
			why = fmt.Sprintf("registry: both are names of %s (%s)", reg.Actors[i].ID, reg.Actors[i].Name)
			if len(rs) > 0 {
				why += "; " + strings.Join(rs, "; ")
			}
		case len(rs) > 0:
			why = "registry: " + strings.Join(rs, "; ")
		default:
			return "", ""
		}
		return identity.Same, why
	}
	for _, d := range reg.Decisions {
		if d.Judgement == "same" {
			continue
		}
		for _, l := range w.subjects(d.Left) {
			for _, r := range w.subjects(d.Right) {
				if l, r := w.root(l), w.root(r); l == x && r == y || l == y && r == x {
					why = fmt.Sprintf("decision of %s by %s: different", d.Date, d.By)
					if d.Judgement == "successor" {
						why = fmt.Sprintf("decision of %s by %s: %s succeeds %s, which is another actor", d.Date, d.By, d.Left, d.Right)
					}
					if d.Reason != "" {
						why += " (" + d.Reason + ")"
					}
					return identity.Different, why
				}
			}
		}
	}
	if i, j := w.actorOf[x], w.actorOf[y]; i >= 0 && j >= 0 {
		return identity.Different, fmt.Sprintf("registry: the first is %s (%s), the second is %s (%s)", reg.Actors[i].ID, reg.Actors[i].Name, reg.Actors[j].ID, reg.Actors[j].Name)
	}
	for _, n := range []int{x, y} {
		if i := w.actorOf[n]; i >= 0 {
			which := "first"
			if n == y {
				which = "second"
			}
			return "", fmt.Sprintf("the registry has the %s, as %s (%s), and not the other", which, reg.Actors[i].ID, reg.Actors[i].Name)
		}
	}
	return "", ""
}

// decided are the names that decisions are about, but for ids: the registry's and
// some more.
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
