package etl

import (
	"maps"
	"slices"

	"hdsreport/etl/compare"
	"hdsreport/etl/identity"
)

// Ruled applies what the registry says by now to sides of a comparison that were read back
// from workbooks or publications: actors that are one have one id, and it is known who
// succeeds whom and who is different. Only ids and the names that give them are looked at,
// since a sheet does not say all by which a run tells actors apart.
func Ruled(reg *Registry, sides ...*compare.Side) {
	known, registered := map[string]bool{}, map[string]bool{}
	for _, r := range rowsOf(sides) {
		known[r.Actor] = true
	}
	for _, a := range reg.Actors {
		registered[a.ID] = true
	}
	id := func(side string) string {
		if known[side] || registered[side] {
			return side
		}
		return identity.ID(side)
	}
	into := map[string]string{} // an id, and that of the actor which it is one with
	actor := func(id string) string {
		for into[id] != "" {
			id = into[id]
		}
		return id
	}
	join := func(keep, other string) {
		keep, other = actor(keep), actor(other)
		if registered[other] && !registered[keep] {
			keep, other = other, keep
		}
		if keep != other && !registered[other] { // two registered actors are reported elsewhere
			into[other] = keep
		}
	}
	for _, d := range reg.Decisions {
		if d.Judgement == "same" {
			join(id(d.Left), id(d.Right))
		}
	}
	bearers := map[string]string{} // of the registry's other names; empty if there are several
	for _, n := range reg.Names {
		name := identity.ID(n.Name)
		if of, twice := bearers[name]; twice && of != n.Actor {
			bearers[name] = ""
		} else {
			bearers[name] = n.Actor
		}
	}
	for _, name := range slices.Sorted(maps.Keys(bearers)) {
		if of := bearers[name]; of != "" && into[name] == "" {
			join(of, name)
		}
	}
	for _, r := range rowsOf(sides) {
		if a := actor(r.Actor); a != r.Actor {
			r.ID, r.Actor = a+r.ID[len(r.Actor):], a
		}
	}
	for _, d := range reg.Decisions {
		pair := [2]string{actor(id(d.Left)), actor(id(d.Right))}
		for _, s := range sides {
			switch d.Judgement {
			case "successor":
				s.Succeeds = append(s.Succeeds, pair)
			case "different":
				s.Differ = append(s.Differ, pair)
			}
		}
	}
}

func rowsOf(sides []*compare.Side) (rows []*compare.Row) {
	for _, s := range sides {
		for _, l := range s.Lists {
			if l == nil {
				continue
			}
			for i := range l.Rows {
				rows = append(rows, &l.Rows[i])
			}
		}
	}
	return rows
}
