package etl

import (
	"cmp"
	"slices"

	"hdsreport/etl/compare"
)

// Term is a kind of thing that happens to an actor from one edition to the next. The
// feed, the site and the open data print terms, so their values never change.
type Term string

// The terms, in the order in which an event has them.
const (
	ApprovedArrived  Term = "approved-arrived"
	ApprovedLeft     Term = "approved-left"
	CertifiedArrived Term = "certified-arrived"
	CertifiedLeft    Term = "certified-left"
	Moved            Term = "moved" // left the approved and is certified
	Renamed          Term = "renamed"
	ApprovedChanged  Term = "approved-changed"
	CertifiedChanged Term = "certified-changed"
	ApprovedExpired  Term = "approved-expired" // an end has passed since the edition before, still listed
	CertifiedExpired Term = "certified-expired"
)

// Terms are all terms, in order.
var Terms = []Term{ApprovedArrived, ApprovedLeft, CertifiedArrived, CertifiedLeft, Moved, Renamed, ApprovedChanged,
	CertifiedChanged, ApprovedExpired, CertifiedExpired}

// By list, the terms that are about one.
var (
	arrivedTerm = [2]Term{ApprovedArrived, CertifiedArrived}
	leftTerm    = [2]Term{ApprovedLeft, CertifiedLeft}
	changedTerm = [2]Term{ApprovedChanged, CertifiedChanged}
	expiredTerm = [2]Term{ApprovedExpired, CertifiedExpired}
)

// Event is what happened to one actor from the editions before to one edition.
type Event struct {
	Edition  string
	Day      Date
	ID, Name string
	Facts    []Fact // by term; a term occurs once
}

// Fact is one thing that happened.
type Fact struct {
	Term           Term
	Since          string          // the edition that was compared with, the last one before that has the list
	Was            string          // the name, of Renamed; the last known end, of those who left
	Now            string          // the name, of Renamed; the end that passed
	Rows           []compare.Field // the values that changed, of the Changed terms
	Added, Removed int             // rows, of the Changed terms
	List           Listing         // that Rows are about
	// Maybe is the actor that this one may be under its other name, while nobody has ruled.
	Maybe compare.Actor
}

// Events returns what happened in each edition, the newest first, and in one edition by
// rising id. A list is compared with the last edition before that has it; without one it
// has no events. Spellings are no events.
func (res *Result) Events(ref *Reference, reg *Registry, lists *Lists) []Event {
	w := &happenings{res: res, ref: ref, reg: reg, lists: lists, sides: map[int]*compare.Side{}}
	var out []Event
	for e := len(res.Editions) - 1; e > 0; e-- {
		w.edition, w.of = e, map[string]*Event{}
		var left [2]map[int32]bool
		for _, l := range Listings {
			left[l] = w.list(l)
		}
		w.moved(left[Approved])
		from := len(out)
		for _, ev := range w.of {
			slices.SortFunc(ev.Facts, func(a, b Fact) int {
				return cmp.Compare(slices.Index(Terms, a.Term), slices.Index(Terms, b.Term))
			})
			out = append(out, *ev)
		}
		slices.SortFunc(out[from:], func(a, b Event) int { return cmp.Compare(a.ID, b.ID) })
	}
	return out
}

// happenings gathers the events of one edition after the other.
type happenings struct {
	res     *Result
	ref     *Reference
	reg     *Registry
	lists   *Lists
	edition int
	of      map[string]*Event // by actor's id
	sides   map[int]*compare.Side
}

func (w *happenings) fact(id, name string, f Fact) *Fact {
	ev := w.of[id]
	if ev == nil {
		ed := &w.res.Editions[w.edition]
		ev = &Event{Edition: ed.ID, Day: ed.Date, ID: id, Name: name}
		w.of[id] = ev
	}
	for i := range ev.Facts {
		if ev.Facts[i].Term == f.Term {
			return &ev.Facts[i]
		}
	}
	ev.Facts = append(ev.Facts, f)
	return &ev.Facts[len(ev.Facts)-1]
}

// list adds what happened in a list, and returns who left it.
func (w *happenings) list(l Listing) (left map[int32]bool) {
	at := slices.Index(w.lists.has[l], int32(w.edition))
	if at < 1 {
		return nil
	}
	before := int(w.lists.has[l][at-1])
	since := w.res.Editions[before].ID
	left = map[int32]bool{}
	stayed := map[string]bool{}
	rows := w.rows(l, before)
	unclear := map[string]bool{} // the same name with another number: neither left nor arrived
	for _, r := range rows.PerhapsSame {
		unclear[r.From.ID], unclear[r.To.ID] = true, true
	}
	for i := range w.res.Actors {
		a := &w.res.Actors[i]
		was, is := w.lists.In(int32(i), l, before), w.lists.In(int32(i), l, w.edition)
		on, off := is != nil && is.Counts, was != nil && was.Counts
		switch {
		case was != nil && is != nil: // who is only suspended, or valid again, is still listed
			stayed[a.ID] = on || off
		case unclear[a.ID]:
		case on && was == nil:
			w.fact(a.ID, a.Name, Fact{Term: arrivedTerm[l], Since: since, Now: is.Until.String(), List: l})
		case off && is == nil:
			left[int32(i)] = true
			w.fact(a.ID, a.Name, Fact{Term: leftTerm[l], Since: since, Was: was.Until.String(), List: l})
		}
	}
	for _, r := range rows.MaybeRenamed {
		w.maybe(r.From.ID, leftTerm[l], r.To)
		w.maybe(r.To.ID, arrivedTerm[l], r.From)
	}
	for _, r := range rows.Renamed {
		w.fact(r.ID, r.Now, Fact{Term: Renamed, Since: since, Was: r.Was, Now: r.Now, List: l})
	}
	changed := func(rowID, name string) *Fact {
		id := ActorOf(rowID)
		if !stayed[id] {
			return new(Fact) // it arrived or left: that is told
		}
		return w.fact(id, name, Fact{Term: changedTerm[l], Since: since, List: l})
	}
	for _, c := range rows.Changed {
		f := changed(c.ID, c.Name)
		f.Rows = append(f.Rows, c.Fields...)
	}
	for _, a := range rows.Added {
		changed(a.ID, a.Name).Added++
	}
	for _, a := range rows.Removed {
		changed(a.ID, a.Name).Removed++
	}
	for _, e := range rows.Overdue {
		if id := ActorOf(e.ID); e.New && stayed[id] {
			f := w.fact(id, e.Name, Fact{Term: expiredTerm[l], Since: since, List: l})
			f.Now = max(f.Now, e.End)
		}
	}
	return left
}

// maybe notes with whom an actor that left or arrived may be the same.
func (w *happenings) maybe(id string, t Term, other compare.Actor) {
	ev := w.of[id]
	if ev == nil {
		return
	}
	for i := range ev.Facts {
		if ev.Facts[i].Term == t {
			ev.Facts[i].Maybe = other
		}
	}
}

// rows compares a list of the edition row by row with an edition before. Both are taken as
// they would be published today.
func (w *happenings) rows(l Listing, before int) *compare.Changes {
	if w.edition == len(w.res.Editions)-1 {
		return &w.res.Changes[l].Rows
	}
	was, now := *w.side(before), *w.side(w.edition)
	was.Lists[1-l], now.Lists[1-l] = nil, nil
	return compare.Sides(&was, &now, CompareWords()).Lists[l]
}

func (w *happenings) side(e int) *compare.Side {
	if w.sides[e] == nil {
		actors := slices.Clone(w.res.Actors)
		ed := published(w.ref, w.reg, &w.res.Editions[e], actors, w.res.Editions)
		w.sides[e] = side(w.ref, w.reg, &ed, actors, w.res.Edition)
	}
	return w.sides[e]
}

// moved adds those who left the approved and are certified, themselves or through a
// successor.
func (w *happenings) moved(left map[int32]bool) {
	if len(left) == 0 {
		return
	}
	since := w.res.Editions[w.lists.has[Approved][slices.Index(w.lists.has[Approved], int32(w.edition))-1]].ID
	put := func(actor int32) {
		if m := w.lists.In(actor, Certified, w.edition); m != nil && m.Counts {
			a := &w.res.Actors[actor]
			w.fact(a.ID, a.Name, Fact{Term: Moved, Since: since})
		}
	}
	for a := range left {
		put(a)
	}
	for _, s := range w.res.successors(w.reg) {
		if left[s[1]] {
			put(s[0])
		}
	}
}
