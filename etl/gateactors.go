package etl

import (
	"slices"

	"hdsreport/etl/message"
)

// The rules about which lists there are, and which actors are on them.

// empty refuses an edition without any list.
func (j *judged) empty() []Finding {
	for l := range Listings {
		if j.res.Edition.List[l].Source.Table != nil {
			return nil
		}
	}
	return []Finding{Find(Error, CodeEditionEmpty, Place{File: "editions/" + j.res.Edition.ID})}
}

// missing refuses an edition without one of the lists, unless the list has ended. If
// lists are given one by one, without a workspace, a list that is not given is not
// missing. A workspace that never had the list is told how to say so once and for all.
func (j *judged) missing() []Finding {
	l := j.list
	if j.now.Source.Table != nil || j.in.Partial || j.now.HasEnded() {
		return nil
	}
	had := slices.ContainsFunc(j.res.Editions, func(e Edition) bool { return e.List[l].Source.Table != nil })
	if had {
		return []Finding{Find(Error, CodeListingMissing, j.at, "list", l, "file", l.FileName(), "key", l.String())}
	}
	return []Finding{Find(Error, CodeListingMissing, j.at, "list", l, "file", l.FileName(), "key", l.String(),
		"day", usualEnd[l]).Said("never")}
}

// usualEnd is the day that a message proposes for the end of a list. The last agréments
// ended with 2021; that certification should end is not foreseen.
var usualEnd = [2]string{Approved: "2021-12-31", Certified: "2030-12-31"}

// lost refuses a list from which too many actors are gone since the last edition that
// has it.
func (j *judged) lost() []Finding {
	n, before := len(j.ch.Left), j.ch.Before
	if s := share(n, before); s > float64(j.th.Lost) {
		return []Finding{Find(Error, CodeActorsLost, j.at, "n", n, "before", before, "since", j.ch.Since,
			"share", message.Percent(s), "names", few(j.res.Names(j.ch.Left))).About(j.then.evidenceOf(j.ch.Left))}
	}
	return nil
}

// gained refuses a list with too many actors that were not there before.
func (j *judged) gained() []Finding {
	n, before := len(j.ch.Arrived), j.ch.Before
	if float64(before+n) > float64(j.th.Gained)*float64(before) && n >= j.th.GainedAtLeast {
		return []Finding{Find(Error, CodeActorsGained, j.at, "n", n, "before", before, "since", j.ch.Since,
			"names", few(j.res.Names(j.ch.Arrived))).About(j.now.evidenceOf(j.ch.Arrived))}
	}
	return nil
}

// publishedLost compares with what is published, because a file of the same edition may
// have changed since. An older edition that is published again on purpose is not
// compared with a newer one.
func (j *judged) publishedLost() []Finding {
	was := j.in.Published
	if was == nil || len(was.Actors[j.list]) == 0 {
		return nil
	}
	if day := j.res.day(was.Edition); day.IsZero() || day.Compare(j.res.Edition.Date) > 0 {
		return nil
	}
	here := map[string]bool{}
	for a := range j.now.listed() { // who does not count any more is not gone
		here[j.res.Actors[a].ID] = true
	}
	var gone []string
	var evidence []Evidence
	for _, a := range was.Actors[j.list] {
		if !here[a.ID] {
			gone = append(gone, a.Name)
			evidence = append(evidence, Evidence{Said: a.Name + " (" + a.ID + ")"})
		}
	}
	n, before := len(gone), len(was.Actors[j.list])
	if s := share(n, before); s > float64(j.th.Lost) {
		return []Finding{Find(Error, CodePublishedLost, j.at, "n", n, "before", before, "since", was.Edition,
			"share", message.Percent(s), "names", few(gone)).About(evidence)}
	}
	return nil
}

// unclassified refuses an edition with too many actors without a position. Before the
// first position is confirmed there is nothing to lose.
func (j *judged) unclassified() []Finding {
	if !slices.ContainsFunc(j.in.Registry.Actors, func(a RegistryActor) bool { return a.Position != "" }) {
		return nil
	}
	all := j.res.any()
	var waiting []Evidence
	for _, i := range all {
		if a := &j.res.Actors[i]; a.Position == Unclassified {
			waiting = append(waiting, Evidence{Said: a.Name})
		}
	}
	if s := share(len(waiting), len(all)); s > float64(j.th.Unclassified) {
		return []Finding{Find(Error, CodeTooManyUnclassified, Place{File: "registry/actors.csv"}, "n", len(waiting),
			"all", len(all), "share", message.Percent(s)).About(waiting)}
	}
	return nil
}
