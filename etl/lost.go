package etl

import (
	"slices"

	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

// registryLost compares the registry with what was published from it. A table that was
// cut off or damaged may still be readable, so that lines are missing without an error.
// What is published shows this: it has an actor with a confirmed position, or a
// spelling that the registry gave to an actor, and the registry no longer has a line
// for it. Actors that have left the lists are not counted. If the share of losses is
// above the threshold for lost actors, the finding is an error, which the gate refuses.
func registryLost(in *Input, res *Result) []Finding {
	was, reg := in.Published, &in.Registry
	if was == nil {
		return nil
	}
	registered := map[string]bool{}
	for _, a := range reg.Actors {
		registered[a.ID] = true
	}
	mentioned := map[string]bool{} // spellings that the registry assigns to an actor
	for _, n := range reg.Names {
		mentioned[n.Name] = true
	}
	for _, ds := range [][]RegistryDecision{reg.Decisions, reg.Undone} {
		for _, d := range ds {
			mentioned[d.Left], mentioned[d.Right] = true, true
		}
	}
	corrected := map[string]bool{}
	for _, c := range reg.Corrections {
		if c.Field == "position" {
			corrected[c.ID] = true
		}
	}
	of := map[string]string{} // the actor that has a spelling now
	here := map[string]bool{}
	for l := range Listings {
		for _, r := range res.Edition.List[l].Rows {
			id := res.Actors[r.Actor].ID
			of[r.SourceName()], here[id] = id, true
		}
	}
	held, lost := map[string]bool{}, map[string]string{}
	for _, actors := range was.Actors {
		for _, a := range actors {
			present := here[a.ID] || slices.ContainsFunc(a.Sources, func(s string) bool { return of[s] != "" })
			if !present {
				continue
			}
			moved := false
			for _, s := range a.Sources {
				now := of[s]
				// A spelling of which the id is made needed no registry to be the actor's.
				moved = moved || now != "" && now != a.ID && identity.ID(s) != a.ID && !registered[now] &&
					!mentioned[s] && !mentioned[now] && !mentioned[a.ID]
			}
			gone := a.By == ByRegistry && !registered[a.ID] || a.By == ByCorrection && !corrected[a.ID]
			if a.By == ByRegistry || a.By == ByCorrection || moved {
				held[a.ID] = true
			}
			if gone || moved {
				lost[a.ID] = a.Name
			}
		}
	}
	if len(lost) == 0 {
		return nil
	}
	var names []string
	for _, id := range sorted(lost) {
		names = append(names, oneLine(lost[id]))
	}
	severity := Warning
	if share(len(lost), len(held)) > float64(in.Thresholds.Lost) {
		severity = Error
	}
	return []Finding{Find(severity, CodeRegistryLost, Place{File: "registry"}, "n", len(lost), "all", len(held),
		"edition", Named(was.Edition), "names", message.List{Items: names, Most: 5})}
}
