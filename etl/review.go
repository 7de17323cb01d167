package etl

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"hdsreport/etl/cores"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/number"
	"hdsreport/etl/texts"
)

// ReviewKind says what the question to the editor is about.
type ReviewKind string

const (
	ReviewPair     ReviewKind = "pair"     // are these two one?
	ReviewPosition ReviewKind = "position" // is this what it mainly is?
	ReviewName     ReviewKind = "name"     // does the name of the registry still hold?
	ReviewValue    ReviewKind = "value"    // what does this cell say?
)

// ReviewItem is one question that an editor has to answer.
type ReviewItem struct {
	ID       string // stable: the kind and what it is about
	Kind     ReviewKind
	Place    Place  // of the value, otherwise of the actor, in the published edition if possible
	Name     string // the actor, as readers see it
	Left     string // the id of the actor or row in question; for pairs, of the actor that keeps its id
	Seen     string
	Proposal string
	Reason   message.Message
	*ReviewDetails
}

// ReviewDetails are what few questions have. All questions about positions share one, which
// is empty: a long list has hundreds of thousands of them, and 144 bytes less for each.
type ReviewDetails struct {
	Other Place   // pairs: where the other actor stands
	Right string  // pairs: the other actor
	Field Field   // values: which cell
	Score float64 // pairs: likeness, 0 to 1

	Later string // pairs of which one left when the other arrived: the id of the one that arrived
	// If it may be a new name, of a pair or of the registry:
	Former   string // the name before
	FormerTo string // the last edition that has it

	// Contradicted reports whether the numbers of a pair say that it is two. That it is one
	// needs a reason.
	Contradicted bool
}

// review collects the open questions about the published edition: pairs of similar
// names, names that the source has changed, positions that nobody has confirmed, and
// values that could not be read.
func review(in Input, names *parsedNames, res *Result) (items []ReviewItem, found []Finding) {
	first := res.firstPlaces()
	items, found = reviewPairs(in, names, res, first)
	items = append(items, reviewNames(&in.Registry, names, res, first)...)
	waiting := slices.DeleteFunc(res.inOrder(res.any()), func(i int32) bool {
		by := res.Actors[i].PositionBy
		return by != ByNobody && by != ByRule
	})
	items = slices.Grow(items, len(waiting)) // in one step: growing gradually would need twice the memory
	positions := items[len(items) : len(items)+len(waiting)]
	noDetails := &ReviewDetails{}
	undone := res.UndoneCells(&in.Registry, &in.Reference)
	cores.Each(len(waiting), func(from, to int) {
		ids, reasons := texts.NewJoined(to-from), memo[message.Message]{}
		for k := from; k < to; k++ {
			a := &res.Actors[waiting[k]]
			ids.Add("position:", a.ID)
			positions[k] = ReviewItem{Kind: ReviewPosition, Place: first[waiting[k]].place(), Name: a.Name, Left: a.ID,
				Seen: a.Name, Reason: message.New("review-no-rule"), ReviewDetails: noDetails}
			if a.PositionBy == ByRule {
				positions[k].Proposal = a.Position
				if a.Source != "" {
					positions[k].Reason = message.New("review-known", "source", a.Source)
					continue
				}
				positions[k].Reason = reasons.of(a.Rule, func(rule string) message.Message {
					return message.New("review-rule", "words", strings.Trim(rule, "*"))
				})
			}
		}
		for k, id := range ids.Cut() {
			positions[from+k].ID = id
		}
	})
	items = items[:len(items)+len(waiting)]
	for k := range positions {
		if len(undone) > 0 && undone[positions[k].Left+":"+string(FieldPosition)] != nil {
			positions[k].Reason = again(positions[k].Reason)
		}
	}
	ref := &in.Reference
	approved := map[string]bool{}
	for i := range res.Edition.List[Approved].Rows {
		approved[res.Edition.List[Approved].Rows[i].ID] = true
	}
	for _, l := range Listings {
		list := &res.Edition.List[l]
		for i := range list.Rows {
			row := &list.Rows[i]
			which := "" // a row without a number has the id of its actor, which may be on both lists
			if l == Certified && approved[row.ID] {
				which = ":" + l.String()
			}
			for _, f := range sorted(row.Raw) {
				items = append(items, ReviewItem{ID: "value:" + row.ID + ":" + string(f) + which, Kind: ReviewValue,
					Name: res.Actors[row.Actor].Name, Left: row.ID, Seen: row.Raw[f], ReviewDetails: &ReviewDetails{Field: f},
					Place:  Place{File: list.Source.Table.File, Sheet: list.Source.Table.Sheet, Row: int(row.Line)},
					Reason: message.New("review-unread", "field", ref.Field(l, f), "name", res.Actors[row.Actor].Name)})
				if undone[row.ID+":"+string(f)] != nil {
					it := &items[len(items)-1]
					it.Reason = again(it.Reason)
				}
			}
		}
	}
	return items, found
}

// mostReviewed is the largest number of unregistered actors for which similar names are
// searched. Nobody reviews pairs among more actors than that, and the search would take
// longer than the rest of the run. A finding reports when the bound applies.
const mostReviewed = 5_000

// reviewPairs looks for actors that may be the same. It leaves out pairs of registered
// actors and pairs that a decision is about, unless it was undone.
func reviewPairs(in Input, names *parsedNames, res *Result, first []firstPlace) (items []ReviewItem, found []Finding) {
	var open []int32
	for i := range res.Actors {
		if !res.Actors[i].Registered {
			open = append(open, int32(i))
		}
	}
	reopened := res.reopened(&in.Registry)
	if len(open) == 0 && len(reopened) == 0 {
		return nil, nil
	}
	ruled := map[[2]int32]bool{}
	byID := res.called(&in.Registry)
	for _, d := range in.Registry.Decisions {
		l, okL := byID[d.Left]
		r, okR := byID[d.Right]
		if okL && okR {
			ruled[pairOf(l, r)] = true
		}
	}
	pairs := map[[2]int32]identity.Verdict{}
	if len(open) > mostReviewed {
		found = append(found, Find(Info, CodeReview, Place{File: "registry/actors.csv"}, "n", len(open)))
	} else {
		pairs = likely(names, res, open)
	}
	leads := res.leads()
	for p := range leads {
		if _, asked := pairs[p]; !asked && !(res.Actors[p[0]].Registered && res.Actors[p[1]].Registered) {
			pairs[p] = identity.Verdict{}
		}
	}
	for p := range reopened {
		if _, asked := pairs[p]; !asked {
			pairs[p] = names.namer.Compare(names.parse(res.Actors[p[0]].Name), names.parse(res.Actors[p[1]].Name))
		}
	}
	for p, v := range pairs {
		if ruled[p] {
			continue
		}
		l, r := p[0], p[1]
		if res.keeps(r, l, first) {
			l, r = r, l
		}
		a, b := &res.Actors[l], &res.Actors[r]
		e := identity.EvidenceOf(a.Numbers, b.Numbers, res.shared)
		it := ReviewItem{ID: "pair:" + min(a.ID, b.ID) + "+" + max(a.ID, b.ID), Kind: ReviewPair,
			Place: first[l].place(), Name: a.Name, Left: a.ID, Seen: a.Name + " / " + b.Name,
			ReviewDetails: &ReviewDetails{Other: first[r].place(), Right: b.ID, Contradicted: e.Contradict()}}
		if ld, found := leads[p]; found {
			v = ld.ask(res, v)
			it.Later = res.Actors[ld.to].ID
			if !ld.sameName {
				it.Former, it.FormerTo = res.Actors[ld.from].Name, ld.last
			}
		} else {
			v = v.With(e)
			v.Reasons = append(v.Reasons, numberOfOne(v, a, b)...)
		}
		if day, undone := reopened[p]; undone {
			v.Reasons = append(message.Joined{undoneOn(day)}, v.Reasons...)
		}
		it.Reason, it.Score = message.New("review-pair", "reasons", v.Reasons), v.Score
		items = append(items, it)
	}
	slices.SortFunc(items, func(a, b ReviewItem) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return items, found
}

// reviewNames asks about registered actors that the source calls otherwise than before while
// the registry still has a name for them. A name that the registry has for the actor, of
// whatever kind, is known and not asked about.
func reviewNames(reg *Registry, names *parsedNames, res *Result, first []firstPlace) []ReviewItem {
	known := map[string][]string{} // by actor, the name for readers first
	for _, a := range reg.Actors {
		if known[a.ID] == nil && strings.TrimSpace(a.Name) != "" {
			known[a.ID] = []string{a.Name}
		}
	}
	if len(known) == 0 {
		return nil
	}
	for _, n := range reg.Names {
		if known[n.Actor] != nil {
			known[n.Actor] = append(known[n.Actor], n.Name)
		}
	}
	called := make([]map[int32][]string, len(res.Editions)) // the spellings of each edition
	for e := range res.Editions {
		called[e] = map[int32][]string{}
		for l := range res.Editions[e].List {
			for _, row := range res.Editions[e].List[l].Rows {
				if known[res.Actors[row.Actor].ID] != nil {
					called[e][row.Actor] = append(called[e][row.Actor], row.Name)
				}
			}
		}
	}
	one := func(a, b []string) bool {
		return slices.ContainsFunc(a, func(x string) bool {
			p := names.parse(x)
			return slices.ContainsFunc(b, func(y string) bool { return p.Key == names.parse(y).Key || alike(x, y) })
		})
	}
	now := called[len(called)-1]
	var items []ReviewItem
	for _, i := range res.inOrder(slices.Collect(maps.Keys(now))) {
		a := &res.Actors[i]
		if one(now[i], known[a.ID]) {
			continue
		}
		for e := len(called) - 2; e >= 0; e-- {
			if called[e][i] == nil || one(now[i], called[e][i]) {
				continue
			}
			name, last := names.parse(slices.Min(now[i])).Display, res.Editions[e].ID
			items = append(items, ReviewItem{ID: "name:" + a.ID, Kind: ReviewName, Place: first[i].place(), Name: known[a.ID][0],
				Left: a.ID, Seen: name, Proposal: name,
				Reason:        message.New("review-renamed", "was", slices.Min(called[e][i]), "edition", Named(last)),
				ReviewDetails: &ReviewDetails{Former: known[a.ID][0], FormerTo: last}})
			break
		}
	}
	return items
}

// numberOfOne says which of two actors of one name has a number, if only one has. That is
// why they are two: a third one of the name has another number.
func numberOfOne(v identity.Verdict, a, b *Actor) message.Joined {
	x, y := a.Numbers.Of(number.Entity), b.Numbers.Of(number.Entity)
	switch {
	case v.Decision != identity.Same || (len(x) == 0) == (len(y) == 0):
		return nil
	case len(x) > 0:
		return message.Joined{message.New("review-number-first", "numbers", x)}
	}
	return message.Joined{message.New("review-number-second", "numbers", y)}
}

// firstPlace says where an actor's first row is, and in which edition the actor first
// occurs.
type firstPlace struct {
	table   *Table
	line    int32
	edition int32
}

// place returns where the row is.
func (p *firstPlace) place() Place {
	if p.table == nil {
		return Place{}
	}
	return Place{File: p.table.File, Sheet: p.table.Sheet, Row: int(p.line)}
}

// firstPlaces returns the first place of each actor, in the published edition or else in
// the newest one that has the actor.
func (res *Result) firstPlaces() []firstPlace {
	out := make([]firstPlace, len(res.Actors))
	for e := len(res.Editions) - 1; e >= 0; e-- {
		for _, l := range Listings {
			list := &res.Editions[e].List[l]
			for i := range list.Rows {
				row := &list.Rows[i]
				s := &out[row.Actor]
				s.edition = int32(e)
				if s.table == nil || s.table == list.Source.Table && row.Line < s.line {
					s.table, s.line = list.Source.Table, row.Line
				}
			}
		}
	}
	return out
}

// keeps reports whether a is the one that keeps its id if a and b turn out to be the
// same actor. That is the registered one, or else the older one, since published ids do
// not change.
func (res *Result) keeps(a, b int32, first []firstPlace) bool {
	x, y := &res.Actors[a], &res.Actors[b]
	if x.Registered != y.Registered {
		return x.Registered
	}
	return cmp.Or(cmp.Compare(first[a].edition, first[b].edition), cmp.Compare(x.ID, y.ID)) < 0
}

func pairOf(a, b int32) [2]int32 { return [2]int32{min(a, b), max(a, b)} }

// any returns the actors that are on at least one list of the published edition.
func (res *Result) any() []int32 {
	out := make([]int32, 0, len(res.Actors))
	for i := range res.Actors {
		if res.on(int32(i)) {
			out = append(out, int32(i))
		}
	}
	return out
}

// on reports whether an actor counts on a list of the published edition.
func (res *Result) on(a int32) bool { return res.On[Approved].Has(a) || res.On[Certified].Has(a) }

// accepted turns the gate's refusals into findings, both those in force and those that
// a person has accepted.
func accepted(refusals []Refusal) []Finding {
	var fs []Finding
	for _, r := range refusals {
		f := r.Finding
		if r.Accepted != nil {
			accepted := Find(Info, CodeAccepted, f.Place, "code", f.Code, "what", f.What(), "by", r.Accepted.By,
				"date", Named(r.Accepted.Date))
			if r.Accepted.Date == "" {
				accepted = accepted.Said("undated")
			}
			fs = append(fs, accepted)
		}
	}
	return fs
}
