package etl

import (
	"slices"
	"sync"
)

// Answer says whether an actor is on a list at a day. The values never change: the site
// and status print them.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"     // listed, and not past its end
	Expired Answer = "expired" // listed, and the end of every row has passed
	No      Answer = "no"      // not listed
	Unknown Answer = "unknown" // no edition up to that day has the list
)

// Listed is what one edition's list says of one actor.
type Listed struct {
	Edition    int32  // index in Result.Editions
	Name       string // as the source writes it
	Counts     bool   // one of its rows counts
	Standing   string // the key of the standing for which none counts; see Standing.Key
	Word       string // the same as the source writes it
	Until      Date   // the latest end of the rows that count; zero if one of them has none
	Activities Activities

	endless bool // a row that counts states no end
}

// ended reports whether all ends have passed at a day. The last day is included.
func (m *Listed) ended(day Date) bool {
	return m.Counts && !m.endless && m.Until.Last().Compare(day) < 0
}

// Lists is who was on which list at each edition. It is made from the editions as they
// would be published today, with the editors' corrections. Several may ask at the same time.
type Lists struct {
	res      *Result
	ref      *Reference
	reg      *Registry
	editions []Edition
	of       [][2][]Listed        // by actor; each by rising edition
	has      [2][]int32           // the editions that have a list, rising
	on       [2][]int             // as has: how many actors are on the list
	rows     []func() *[2]byActor // by edition, made when it is asked for
	names    []func() *shown      // likewise
}

// byActor are the rows of a list, those of an actor together.
type byActor struct {
	rows  []Row
	order []int32 // indices of rows
	start []int32 // in order, by actor
}

// Lists returns who was on which list at each edition.
func (res *Result) Lists(ref *Reference, reg *Registry) *Lists {
	h := &Lists{res: res, ref: ref, reg: reg, editions: res.Editions, of: make([][2][]Listed, len(res.Actors))}
	last := &res.Editions[len(res.Editions)-1]
	for e := range res.Editions {
		h.rows = append(h.rows, sync.OnceValue(func() *[2]byActor { return h.rowsOf(e) }))
		h.names = append(h.names, sync.OnceValue(func() *shown { return namesOf(reg, &res.Editions[e], last) }))
		ed := res.Editions[e]
		if len(reg.Corrections) > 0 && e < len(res.Editions)-1 {
			ed = published(ref, reg, &ed, slices.Clone(res.Actors), res.Editions)
		}
		for _, l := range Listings {
			if ed.List[l].Missing {
				continue
			}
			h.has[l] = append(h.has[l], int32(e))
			h.on[l] = append(h.on[l], h.take(int32(e), l, ed.List[l].Rows))
		}
	}
	return h
}

// take adds the rows of a list, and returns how many actors are on it.
func (h *Lists) take(e int32, l Listing, rows []Row) (actors int) {
	for i := range rows {
		r := &rows[i]
		of := &h.of[r.Actor][l]
		if n := len(*of); n == 0 || (*of)[n-1].Edition != e {
			*of = append(*of, Listed{Edition: e, Name: r.Name})
		}
		m := &(*of)[len(*of)-1]
		if !r.Counts() {
			if !m.Counts && m.Standing == "" {
				m.Standing, m.Word = r.Standing.Key, r.Standing.Word
			}
			continue
		}
		if !m.Counts {
			m.Counts, m.Standing, m.Word, m.Activities = true, "", "", r.Activities
			actors++
		} else {
			m.Activities = m.Activities.Union(r.Activities)
		}
		switch {
		case m.endless:
		case r.Effective.IsZero():
			m.endless, m.Until = true, Date{}
		case m.Until.IsZero() || r.Effective.Last().Compare(m.Until.Last()) > 0:
			m.Until = r.Effective
		}
	}
	return actors
}

// Status is the answer for one actor and one list at a day.
type Status struct {
	Answer   Answer
	Standing string // why no row counts; only with No
	Word     string // the same as the source writes it
	// Edition is the newest edition on or before the day that has the list, and Day its
	// day. Edition is empty if there is none.
	Edition string
	Index   int // of that edition in Result.Editions
	Day     Date
	Actors  int // on that list
	// Since is the first edition of the last unbroken run of listings. An edition without
	// the list breaks no run. If it is the oldest edition, the actor may have been listed
	// before. Left is the edition in which the actor was gone after it.
	Since, Left string
	Until       Date // see Listed
	Activities  Activities
	Ended       Date // the day on which the list's regime ended, from that day on
}

// At returns the answer for an actor and a list at a day. A negative actor stands for one
// that no edition has.
func (h *Lists) At(actor int32, l Listing, day Date) Status {
	last := -1 // index in has
	for k, e := range h.has[l] {
		if h.editions[e].Date.Compare(day) <= 0 {
			last = k
		}
	}
	if end := h.ref.Ended[l]; !end.IsZero() && end.Compare(day) <= 0 && !h.goesOn(l, last, day, end) {
		return h.ended(actor, l, end, last)
	}
	if last < 0 {
		return Status{Answer: Unknown}
	}
	return h.listed(actor, l, day, last)
}

// listed is the answer at a day of an edition that has the list, by its index in has.
func (h *Lists) listed(actor int32, l Listing, day Date, last int) Status {
	ed := &h.editions[h.has[l][last]]
	out := Status{Answer: No, Edition: ed.ID, Index: int(h.has[l][last]), Day: ed.Date, Actors: h.on[l][last]}
	gone := "" // the edition after the one in hand, going back
	for k := last; k >= 0; k-- {
		e := h.has[l][k]
		m := h.In(actor, l, int(e))
		if m != nil && !m.Counts && k == last {
			out.Standing, out.Word = m.Standing, m.Word
		}
		if m == nil || !m.Counts {
			if out.Since != "" {
				break
			}
			gone = h.editions[e].ID
			continue
		}
		if out.Since == "" {
			out.Left = gone
		}
		out.Since = h.editions[e].ID
		if k == last {
			out.Answer, out.Until, out.Activities = Yes, m.Until, m.Activities
			if m.ended(day) {
				out.Answer = Expired
			}
		}
	}
	return out
}

// goesOn reports whether the newest edition up to a day has a list although its regime had
// ended by then. Such a list is counted, with a warning, and so it is what is said of it.
func (h *Lists) goesOn(l Listing, last int, day, end Date) bool {
	if last < 0 || h.editions[h.has[l][last]].Date.Compare(end) < 0 {
		return false
	}
	for e := int(h.has[l][last]) + 1; e < len(h.editions); e++ {
		if h.editions[e].Date.Compare(day) <= 0 {
			return false
		}
	}
	return true
}

// ended is the answer of a list whose regime has ended: no, whoever was on it in the last
// edition that has it.
func (h *Lists) ended(actor int32, l Listing, end Date, last int) Status {
	out := Status{Answer: No, Ended: end}
	if last >= 0 {
		was := h.listed(actor, l, h.editions[h.has[l][last]].Date, last)
		out.Edition, out.Index, out.Day, out.Actors = was.Edition, was.Index, was.Day, was.Actors
		out.Since, out.Left = was.Since, was.Left
	}
	return out
}

// In returns what an edition's list says of an actor, or nil if it has no row of the
// actor.
func (h *Lists) In(actor int32, l Listing, edition int) *Listed {
	if actor < 0 {
		return nil
	}
	of := h.of[actor][l]
	i, found := slices.BinarySearchFunc(of, int32(edition), func(m Listed, e int32) int { return int(m.Edition - e) })
	if !found {
		return nil
	}
	return &of[i]
}

// Has reports whether an edition has a list.
func (h *Lists) Has(l Listing, edition int) bool { return !h.editions[edition].List[l].Missing }

// Rows returns the rows of an actor in an edition's list, with the identifiers and
// corrections that they have today.
func (h *Lists) Rows(actor int32, l Listing, edition int) []Row {
	if actor < 0 {
		return nil
	}
	of := h.rows[edition]()
	var out []Row
	for _, i := range of[l].order[of[l].start[actor]:of[l].start[actor+1]] {
		out = append(out, of[l].rows[i])
	}
	return out
}

func (h *Lists) rowsOf(edition int) *[2]byActor {
	ed := h.editions[edition]
	if edition < len(h.editions)-1 { // the published one has them already
		ed = published(h.ref, h.reg, &ed, slices.Clone(h.res.Actors), h.editions)
	}
	var of [2]byActor
	for _, l := range Listings {
		of[l] = sortedByActor(ed.List[l].Rows, len(h.res.Actors))
	}
	return &of
}

func sortedByActor(rows []Row, actors int) byActor {
	b := byActor{rows: rows, order: make([]int32, len(rows)), start: make([]int32, actors+1)}
	for i := range rows {
		b.start[rows[i].Actor+1]++
	}
	for a := range actors {
		b.start[a+1] += b.start[a]
	}
	next := slices.Clone(b.start)
	for i := range rows {
		at := &next[rows[i].Actor]
		b.order[*at] = int32(i)
		*at++
	}
	return b
}

// Name returns the name under which readers of an edition saw an actor.
func (h *Lists) Name(actor int32, edition int) string {
	a := &h.res.Actors[actor]
	spelling := a.Name
	for _, l := range Listings {
		if m := h.In(actor, l, edition); m != nil {
			spelling = m.Name
			break
		}
	}
	return h.names[edition]().name(a, spelling)
}

// Oldest returns the first edition that has a list, or "". Whoever is on it may have been
// on the list before.
func (h *Lists) Oldest(l Listing) string {
	if len(h.has[l]) == 0 {
		return ""
	}
	return h.editions[h.has[l][0]].ID
}

// Shows returns the row's value in a field as a text: a text or a standing as it is, a date
// in ISO 8601. A field of another kind has none.
func (d *Definition) Shows(list *List, r *Row) string {
	switch {
	case d.text != nil || d.extra > 0 || d.Kind == KindStanding:
		return d.Text(list, r)
	case d.date != nil:
		return d.Date(r).String()
	}
	return ""
}
