package etl

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"hdsreport/etl/compare"
	"hdsreport/etl/cores"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/texts"
)

// Renaming is an actor that left a list and another one that arrived on it, for which
// there is evidence that they are one: an equal number, certificate or approval, or an
// equal name with another number. Until a person has ruled, both count as what the
// source says, one left and one arrived, and readers are told of the doubt.
type Renaming struct {
	From, To int32   // index in Result.Actors
	On       [2]bool // the lists that From left and To arrived on
	Evidence Reasons // what both have in common; never empty
	Score    float64 // 0 to 1, as in the review
	// SameName reports whether both have the same name and different numbers. They are
	// perhaps the same, and neither among those who left nor among those who arrived.
	SameName bool
	// Ruling is what a person has decided: "successor", or empty while it awaits a
	// ruling. Renamings that were ruled the same are one actor, and those that were ruled
	// different are none; neither is here.
	Ruling string
}

// Awaits reports whether nobody has ruled on it yet.
func (r *Renaming) Awaits() bool { return r.Ruling == "" }

// RenamingOf returns the renaming of an actor that left a list, or nil.
func (res *Result) RenamingOf(from int32, l Listing) *Renaming {
	for i := range res.Renamings {
		if r := &res.Renamings[i]; r.From == from && r.On[l] {
			return r
		}
	}
	return nil
}

// Awaiting returns how many of the actors that left a list may go on under another name
// and await a ruling.
func (res *Result) Awaiting(l Listing) int { return res.Changes[l].Rows.Awaiting() }

// renamings collects what the comparison of rows found, for the result and for the
// changes of each list.
func (res *Result) renamings() {
	if !slices.ContainsFunc(Listings[:], func(l Listing) bool {
		rows := &res.Changes[l].Rows
		return len(rows.MaybeRenamed)+len(rows.Replaced)+len(rows.PerhapsSame) > 0
	}) {
		return // of a first edition, before a long list's ids are collected
	}
	at := res.byID()
	found := map[[2]int32]*Renaming{}
	add := func(l Listing, r compare.Renaming, as Renaming) {
		as.From, as.To = at[r.From.ID], at[r.To.ID]
		p := [2]int32{as.From, as.To}
		if found[p] == nil {
			as.Evidence, as.Score = r.Evidence, r.Score
			found[p] = &as
		}
		found[p].On[l] = true
	}
	for _, l := range Listings {
		c := &res.Changes[l]
		for _, r := range c.Rows.MaybeRenamed {
			add(l, r, Renaming{})
		}
		for _, r := range c.Rows.Replaced {
			add(l, r, Renaming{Ruling: "successor"})
		}
		left, arrived := map[int32]bool{}, map[int32]bool{}
		for _, r := range c.Rows.PerhapsSame {
			add(l, r, Renaming{SameName: true})
			left[at[r.From.ID]], arrived[at[r.To.ID]] = true, true
		}
		c.Left = slices.DeleteFunc(c.Left, func(a int32) bool { return left[a] })
		c.Arrived = slices.DeleteFunc(c.Arrived, func(a int32) bool { return arrived[a] })
	}
	for _, p := range slices.SortedFunc(maps.Keys(found), func(a, b [2]int32) int {
		return cmp.Or(cmp.Compare(res.rank[a[0]], res.rank[b[0]]), cmp.Compare(res.rank[a[1]], res.rank[b[1]]))
	}) {
		res.Renamings = append(res.Renamings, *found[p])
	}
}

// byID returns the actors by their ids.
func (res *Result) byID() map[string]int32 {
	m := make(map[string]int32, len(res.Actors))
	for i := range res.Actors {
		m[res.Actors[i].ID] = int32(i)
	}
	return m
}

// holdings yields what the rows of a list would keep under another name. Each is valid
// only until the next one.
func (res *Result) holdings(l *List) iter.Seq[*compare.Holding] {
	dates := map[Date]compare.Value{{}: nil}
	value := func(d Date) compare.Value {
		v, known := dates[d]
		if !known {
			v = d
			dates[d] = v
		}
		return v
	}
	return func(yield func(*compare.Holding) bool) {
		var h compare.Holding
		for i := range l.Rows {
			r := &l.Rows[i]
			if !r.Counts() {
				continue
			}
			a := &res.Actors[r.Actor]
			h = compare.Holding{Actor: a.ID, Body: r.Body, Number: r.Number, Service: r.Service, From: value(r.From),
				Until: value(r.Until), Numbers: r.Identity(), Namesake: a.Namesake}
			if !yield(&h) {
				return
			}
		}
	}
}

// leads returns the verdicts on the pairs of actors of which one may go on as the other,
// from each edition to the next. A question that nobody has answered stays open in the
// editions after.
func (res *Result) leads() map[[2]int32]lead {
	out := map[[2]int32]lead{}
	var at map[string]int32
	var last []int // by actor: the last edition that has it
	for _, l := range Listings {
		var then *List
		for e := range res.Editions {
			now := &res.Editions[e].List[l]
			if now.Missing {
				continue
			}
			if then != nil {
				for _, found := range compare.Leads(res.holdings(then), res.holdings(now)) {
					if at == nil {
						at, last = res.byID(), res.lastEditions()
					}
					from, to := at[found.From], at[found.To]
					if !res.on(to) && !res.on(from) {
						continue // history
					}
					p := pairOf(from, to)
					if out[p].score < found.Score {
						out[p] = lead{from: from, to: to, evidence: found.Evidence, score: found.Score,
							sameName: found.SameName, last: res.Editions[last[from]].ID}
					}
				}
			}
			then = now
		}
	}
	return out
}

// lead is the evidence that an actor goes on as another one.
type lead struct {
	from, to int32
	evidence Reasons
	score    float64
	sameName bool
	last     string // the last edition that has the actor who left
}

// lastEditions returns the last edition that has each actor.
func (res *Result) lastEditions() []int {
	last := make([]int, len(res.Actors))
	for e := range res.Editions {
		for l := range res.Editions[e].List {
			for _, r := range res.Editions[e].List[l].Rows {
				last[r.Actor] = e
			}
		}
	}
	return last
}

// ask returns the verdict with which an editor is asked about a pair: the lead's
// evidence, what the names say if they are alike, and who is gone.
func (ld *lead) ask(res *Result, names identity.Verdict) identity.Verdict {
	v := identity.Verdict{Decision: identity.Review, Score: max(ld.score, names.Score)}
	v.Reasons = append(v.Reasons, ld.evidence...)
	if names.Decision == identity.Review && !ld.sameName {
		v.Vetoes = names.Vetoes
		for _, r := range names.Reasons {
			if !slices.ContainsFunc(v.Reasons, func(m message.Message) bool { return m.String() == r.String() }) {
				v.Reasons = append(v.Reasons, r)
			}
		}
	}
	if !res.on(ld.from) && !ld.sameName {
		v.Reasons = append(v.Reasons, message.New("lead-gone", "name", res.Actors[ld.from].Name))
	}
	return v
}

// sameCertificates returns the rows of the published edition that state a certificate which
// an earlier row states too: the earlier row and the row. It needs no actors, so that it can
// run while they are looked for, of which a part keeps one core busy alone.
func sameCertificates(list *List) [][2]int32 {
	certificates := make([]string, len(list.Rows))
	cores.Each(len(certificates), func(from, to int) {
		for i := from; i < to; i++ {
			certificates[i] = certificate(&list.Rows[i])
		}
	})
	first := texts.NewTable(len(list.Rows), func(i int32) string { return certificates[i] })
	var same [][2]int32
	for i := range list.Rows {
		if certificates[i] == "" {
			continue
		}
		if at, twice := first.First(int32(i)); twice {
			same = append(same, [2]int32{at, int32(i)})
		}
	}
	return same
}

// certificatesTwice reports the certificates among them that two actors have: a number that
// was copied down a column, or a group's certificate.
func certificatesTwice(list *List, same [][2]int32) []Finding {
	var fs []Finding
	told := map[[2]int32]bool{}
	for _, s := range same {
		earlier, row := &list.Rows[s[0]], &list.Rows[s[1]]
		p := pairOf(earlier.Actor, row.Actor)
		if earlier.Actor == row.Actor || told[p] {
			continue
		}
		told[p] = true
		fs = append(fs, Find(Warning, CodeNumberTwice,
			Place{File: list.Source.Table.File, Sheet: list.Source.Table.Sheet, Row: int(row.Line)},
			"left", earlier.Name, "right", row.Name, "certificate", strings.TrimSpace(row.Body+" "+row.Number)))
	}
	return fs
}

func certificate(r *Row) string {
	h := compare.Holding{Body: r.Body, Number: r.Number}
	return h.Certificate()
}
