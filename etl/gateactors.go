package etl

import (
	"slices"
	"strings"

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
// has it, or since the one of the last months that had most: a fifth each month is
// never more than a fifth. It warns of more departures than usual. Departures of actors
// whose end has passed are not unusual.
func (j *judged) lost() []Finding {
	n, before := len(j.ch.Left), j.ch.Before
	s := share(n, before)
	f := Find(Error, CodeActorsLost, j.at, "n", n, "before", before, "since", Named(j.ch.Since),
		"share", message.Percent(s), "names", few(j.res.Names(j.ch.Left))).About(j.then.evidenceOf(j.ch.Left))
	if renamed := j.maybeRenamed(); len(renamed) > 0 {
		f.Args = append(f.Args, message.Pairs("k", len(renamed), "renamed", renamed[:min(len(renamed), 5)])...)
		f = f.Said("renamed")
	}
	if s > float64(j.th.Lost) {
		return []Finding{f}
	}
	if most := j.sinceMost(); most != nil {
		return most
	}
	over := j.then.over(j.res.Edition.Date)
	running := slices.DeleteFunc(slices.Clone(j.ch.Left), func(a int32) bool { return over[a] })
	if j.unusual(len(running), before, j.th.Lost) {
		f.Severity = Warning
		return []Finding{f}
	}
	return nil
}

// maybeRenamed says of those who left which may have been renamed.
func (j *judged) maybeRenamed() []message.Message {
	var out []message.Message
	for _, a := range j.ch.Left {
		actor := &j.res.Actors[a]
		if len(j.ch.Rows.MaybeRenamedAs(actor.ID)) > 0 {
			out = append(out, j.ch.Rows.Departure(actor.ID, oneLine(actor.Name)))
		}
	}
	return out
}

// sinceMost compares with the edition of the last months that had the most actors. Who
// was replaced by somebody else is not lost, and neither is who left at the end of a
// certificate or an approval. What a person has let through is not counted again.
func (j *judged) sinceMost() []Finding {
	editions := j.res.Editions
	first := j.res.Edition.Date.AddMonths(-j.th.Months)
	var most *List
	var edition string
	var top *ActorSet
	for e := len(editions) - 2; e >= 0 && editions[e].Date.Compare(first) >= 0; e-- {
		list := &editions[e].List[j.list]
		if list.Missing {
			continue
		}
		if actors := list.actors(); actors.Len() > top.Len() {
			most, edition, top = list, editions[e].ID, actors
		}
		if j.letThrough(editions[e].ID, list) {
			break
		}
	}
	if most == nil || edition == j.ch.Since {
		return nil
	}
	gone := j.res.inOrder(minus(top, j.now.listed()))
	over := most.over(j.res.Edition.Date)
	gone = slices.DeleteFunc(gone, func(a int32) bool { return over[a] })
	n := min(len(gone), top.Len()-j.res.On[j.list].Len())
	s := share(n, top.Len())
	if s <= float64(j.th.Lost) {
		return nil
	}
	return []Finding{Find(Error, CodeActorsLost, j.at, "n", n, "before", top.Len(), "since", Named(edition),
		"share", message.Percent(s), "names", few(j.res.Names(gone))).Said("most").About(most.evidenceOf(gone))}
}

// letThrough reports whether a person has accepted the loss of actors in an edition.
func (j *judged) letThrough(edition string, list *List) bool {
	return slices.ContainsFunc(j.in.Registry.Accepted, func(a Acceptance) bool {
		return a.Edition == edition && a.Code == CodeActorsLost &&
			(a.Seen == "" || strings.HasPrefix(list.Source.Table.SHA256, a.Seen))
	})
}

// over returns the actors whose ends in the list have all passed on a day. An actor
// without an end has none that could have.
func (l *List) over(day Date) map[int32]bool {
	over := map[int32]bool{}
	for i := range l.Rows {
		r := &l.Rows[i]
		passed := r.Effective.Full() && r.Effective.Compare(day) <= 0
		before, known := over[r.Actor]
		over[r.Actor] = passed && (before || !known)
	}
	return over
}

// gained refuses a list with too many actors that were not there before, and warns of
// more arrivals than usual. A short list is refused if it doubles.
func (j *judged) gained() []Finding {
	n, before := len(j.ch.Arrived), j.ch.Before
	f := Find(Error, CodeActorsGained, j.at, "n", n, "before", before, "since", Named(j.ch.Since),
		"names", few(j.res.Names(j.ch.Arrived))).About(j.now.evidenceOf(j.ch.Arrived))
	if float64(before+n) > float64(j.th.Gained)*float64(before) && n >= j.th.GainedAtLeast ||
		before <= j.th.Short && n >= before && n >= j.th.ShortAtLeast {
		return []Finding{f}
	}
	// A list that begins grows by more of its size than an old one.
	months := j.months()
	if n > j.th.FewArrivals*months && share(n, before) > float64(j.th.Arrivals)*float64(months) {
		f.Severity = Warning
		return []Finding{f}
	}
	return nil
}

// moved warns of many actors that left the approved list and are certified now, and
// refuses more than may be lost. One whose approval ended had to move.
func (j *judged) moved() []Finding {
	if j.list != Approved {
		return nil
	}
	over := j.then.over(j.res.Edition.Date)
	var actors []int32
	for _, a := range j.ch.Left {
		if j.res.On[Certified].Has(a) && !over[a] {
			actors = append(actors, a)
		}
	}
	n, s := len(actors), share(len(actors), j.ch.Before)
	f := Find(Warning, CodeActorsMoved, j.at, "n", n, "before", j.ch.Before, "since", Named(j.ch.Since),
		"share", message.Percent(s), "names", few(j.res.Names(actors))).About(j.then.evidenceOf(actors))
	switch {
	case s > float64(j.th.Lost) && n >= j.th.ChangedAtLeast:
		f.Severity = Error
	case !j.unusual(n, j.ch.Before, j.th.Lost):
		return nil
	}
	return []Finding{f}
}

// foreign looks for rows of the other list: new rows with the dates that the other list
// has for the same actor, and on the approved list, to which nobody is added since
// certification began, many actors that were certified before.
func (j *judged) foreign() []Finding {
	other := 1 - j.list
	list := j.res.was[other]
	if list == nil {
		list = &j.res.Edition.List[other]
	}
	dates, was := map[actorAndDates]bool{}, list.actors()
	for i := range list.Rows {
		if r := &list.Rows[i]; r.From.Full() && r.Until.Full() {
			dates[datesOf(r)] = true
		}
	}
	var alike, certified []*Row
	for _, r := range j.paired().come {
		if dates[datesOf(r)] {
			alike = append(alike, r)
		} else if j.list == Approved && was.Has(r.Actor) {
			certified = append(certified, r)
		}
	}
	rows := alike
	if len(certified) >= j.th.UsualAtLeast {
		rows = append(rows, certified...)
	}
	if n := len(rows); n >= 2 {
		s := share(n, len(j.now.Rows))
		severity := Warning
		if n >= j.th.ChangedAtLeast && s > float64(j.th.Changed) {
			severity = Error
		}
		evidence := j.now.rows(rows)
		return []Finding{Find(severity, CodeRowsForeign, j.at, "n", n, "other", other,
			"names", named(evidence)).About(evidence)}
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
	for a := range j.now.listed().All() { // who does not count any more is not gone
		here[j.res.Actors[a].ID] = true
	}
	for _, d := range j.in.Registry.Decisions { // who is ruled the same as another is not gone
		if d.Judgement == "same" && (here[d.Left] || here[d.Right]) {
			here[d.Left], here[d.Right] = true, true
		}
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
		return []Finding{Find(Error, CodePublishedLost, j.at, "n", n, "before", before, "since", Named(was.Edition),
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

// actorAndDates is what a row of the other list is recognised by.
type actorAndDates struct {
	actor       int32
	from, until Date
}

func datesOf(r *Row) actorAndDates { return actorAndDates{r.Actor, r.From, r.Until} }
