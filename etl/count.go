package etl

import (
	"cmp"
	"iter"
	"math"
	"math/bits"
	"strings"
	"unicode"

	"hdsreport/etl/compare"
	"hdsreport/etl/message"
)

// Stats are the figures of an edition, as printed by stats --json. All counts except
// Rows are of distinct actors. Lists of names are in French alphabetical order. A nil
// pointer is null in JSON: the edition lacks a listing that the figure needs.
type Stats struct {
	Edition   string      `json:"edition"`
	Approved  *ListStats  `json:"approved"`
	Certified *ListStats  `json:"certified"`
	Both      *NamedCount `json:"both"` // null unless the edition has both lists
	// Any counts who is on either list. It is null if a list is missing, unless that list
	// has ended: then it counts the other.
	Any *Count `json:"any"`
	// Ended holds the lists that have ended by the edition's day and that it has no file
	// of, with the day on which their regimes ended.
	Ended map[Listing]string `json:"ended,omitempty"`
	// NotCounted holds, for each list of which the source states the standing of its rows,
	// those that are in no figure.
	NotCounted map[Listing][]NotCounted `json:"not_counted,omitempty"`
	Positions  []PositionCount          `json:"positions"`
	Activities *ActivityStats           `json:"activities"`
	Types      []KeyCount               `json:"types"`
	Bodies     []KeyCount               `json:"bodies"`
	Deadlines  []Deadline               `json:"deadlines"`
	History    []HistoryEntry           `json:"history"`
	Changes    ChangeStats              `json:"changes"`
	Awaiting   AwaitingStats            `json:"awaiting"`
	Findings   FindingStats             `json:"findings"`
}

// ListStats holds a listing's number of source rows and of distinct actors.
type ListStats struct {
	Rows   int      `json:"rows"`
	Actors int      `json:"actors"`
	Names  []string `json:"names,omitzero"` // see WithNames, here and below
}

// NotCounted is a row that does not count.
type NotCounted struct {
	ID       string `json:"id"` // of the row
	Name     string `json:"name"`
	Standing string `json:"standing"` // as written
	Key      string `json:"key"`      // see Standing
	// Otherwise reports that the actor counts by another row of the list.
	Otherwise bool `json:"counts_otherwise"`
}

// Count is a number of distinct actors.
type Count struct {
	Actors int      `json:"actors"`
	Names  []string `json:"names,omitzero"`
}

// NamedCount is a number of distinct actors, with their names.
type NamedCount struct {
	Actors int      `json:"actors"`
	Names  []string `json:"names"`
}

// KeyCount is a number of distinct actors for one key of a table.
type KeyCount struct {
	Key    string   `json:"key"`
	Actors int      `json:"actors"`
	Names  []string `json:"names,omitzero"`
}

// PositionCount is the number of actors with a position, on each list and on either.
// Any counts an actor of both lists once.
type PositionCount struct {
	Code      string `json:"code"`
	Label     string `json:"label"`
	Approved  *int   `json:"approved"`
	Certified *int   `json:"certified"`
	Any       *int   `json:"any"`
	Proposed  int    `json:"proposed"` // on either list, proposed by a rule and not confirmed
	// Names are those behind Approved, Certified and Any.
	Names *PositionNames `json:"names,omitempty"`
}

// PositionNames are the names of the actors with a position, on each list and on either.
// One is nil where the count is.
type PositionNames struct {
	Approved  []string `json:"approved"`
	Certified []string `json:"certified"`
	Any       []string `json:"any"`
}

// ActivityStats are figures about the certified actors whose activities are all known
// (Mean, All, ByCount), or about all certified actors (ByActivity).
type ActivityStats struct {
	Mean       *float64   `json:"mean"`  // to two decimals; null if no actor's activities are known
	Known      int        `json:"known"` // number of actors in the mean
	All        NamedCount `json:"all"`
	ByActivity []KeyCount `json:"by_activity"`
	ByCount    []ByCount  `json:"by_count"`
	// AllBut counts who covers every activity but the one of the key, Only who covers
	// that one alone. Both are of actors whose activities are all known, and nil without
	// names.
	AllBut []KeyCount `json:"all_but,omitzero"`
	Only   []KeyCount `json:"only,omitzero"`
}

// ByCount is the number of actors that cover exactly Count activities.
type ByCount struct {
	Count  int      `json:"count"`
	Actors int      `json:"actors"`
	Names  []string `json:"names,omitzero"`
}

// Deadline is the number of actors with an approval or a certificate that ends within a
// number of months after the edition's day, including the first and the last day.
type Deadline struct {
	Months    int    `json:"months"`
	Until     string `json:"until"`
	Approved  *int   `json:"approved"`
	Certified *int   `json:"certified"`
	// Ending are the actors behind Approved and Certified, by their first end in the
	// period.
	Ending *EndingNames `json:"ending,omitempty"`
}

// EndingNames are the actors with an end in a period, on each list. One is nil where the
// count is.
type EndingNames struct {
	Approved  []NamedEnd `json:"approved"`
	Certified []NamedEnd `json:"certified"`
}

// NamedEnd is an actor with the end of an approval or a certificate. End is empty if no
// source states it.
type NamedEnd struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	End  string `json:"end"`
}

// HistoryEntry holds the counts of distinct actors of one edition. A count is null if
// the edition lacks the listing.
type HistoryEntry struct {
	Edition   string   `json:"edition"`
	Approved  *int     `json:"approved"`
	Certified *int     `json:"certified"`
	Both      *int     `json:"both"` // null unless the edition has both lists
	Any       *int     `json:"any"`
	Mean      *float64 `json:"mean"` // mean number of activities, unrounded; see ActivityStats
	All       *int     `json:"all"`  // certified for every activity
	// Ended is by listing whether the edition lacks it because its regime had ended.
	Ended [2]bool `json:"-"`
}

// ChangeStats are the changes of the published edition.
type ChangeStats struct {
	Approved  ListChanges `json:"approved"`
	Certified ListChanges `json:"certified"`
	Moved     []string    `json:"moved"`
	// MovedFrom are those who moved, with the end of the approval that they had.
	MovedFrom []NamedEnd `json:"moved_from,omitzero"`
}

// ListChanges are the changes since the last edition that has the listing: actors that
// arrived and left, and what changed for the others.
type ListChanges struct {
	Since   *string  `json:"since"`
	Arrived []string `json:"arrived"`
	Left    []string `json:"left"`
	// Awaiting is how many of those who left may have been renamed and await a ruling.
	Awaiting int `json:"left_awaiting,omitempty"`
	// MaybeRenamed are those who left and may go on as one that arrived, PerhapsSame those
	// of one name with another number, who count neither as left nor as arrived, and
	// Replaced those whom another one succeeds, by a decision.
	MaybeRenamed []compare.Renaming `json:"maybe_renamed,omitempty"`
	PerhapsSame  []compare.Renaming `json:"perhaps_same,omitempty"`
	Replaced     []compare.Renaming `json:"replaced,omitempty"`
	// Departures say of each of those who left what is known, if more is than the names.
	Departures []message.Message `json:"-"`
	Renamed    []compare.Rename  `json:"renamed"` // one actor under another name
	Changed    []compare.Change  `json:"changed"` // row by row, field by field
	Added      []compare.Actor   `json:"rows_added"`
	Removed    []compare.Actor   `json:"rows_removed"` // rows of actors that are still on the list
	// Spelled differently, without a change of substance.
	Respelt []compare.Rename `json:"respelt"`
	Retyped []compare.Change `json:"retyped"`
	// Overdue are rows that are still listed although their end has passed; they are
	// "new" if it has passed since the previous edition. Early are actors that left
	// before their last end.
	Overdue []compare.Ending `json:"overdue"`
	Early   []compare.Ending `json:"left_early"`
}

// AwaitingStats counts what an editor has to decide.
type AwaitingStats struct {
	Pairs        int `json:"pairs"`
	Renamings    int `json:"renamings,omitempty"` // of the pairs, who left and who came in the place
	Names        int `json:"names,omitempty"`
	Proposed     int `json:"proposed"`
	Unclassified int `json:"unclassified"`
	Values       int `json:"values"`
}

// Alike is how many of the pairs are names that look alike.
func (a *AwaitingStats) Alike() int { return a.Pairs - a.Renamings }

// FindingStats counts findings by severity.
type FindingStats struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Info    int `json:"info"`
}

// DeadlineMonths are the periods for which the report lists upcoming ends.
var DeadlineMonths = []int{3, 6, 12}

// count computes the figures from the published edition and the earlier ones, but for what
// countFound adds.
func count(ref *Reference, res *Result) Stats {
	ed := res.Edition
	both := res.inOrder(intersect(res.On[Approved], res.On[Certified]))
	s := Stats{
		Edition: ed.ID,
		Changes: ChangeStats{Approved: listChanges(res, Approved), Certified: listChanges(res, Certified),
			Moved: res.Names(res.Moved)},
	}
	for _, l := range Listings {
		if list := &ed.List[l]; !list.Missing {
			ls := &ListStats{Rows: len(list.Rows), Actors: res.On[l].Len()}
			if list.stated(FieldStanding) {
				if s.NotCounted == nil {
					s.NotCounted = map[Listing][]NotCounted{}
				}
				s.NotCounted[l] = res.notCounted(l)
			}
			if l == Approved {
				s.Approved = ls
			} else {
				s.Certified = ls
			}
		}
	}
	if s.Approved != nil && s.Certified != nil {
		s.Both = &NamedCount{len(both), res.Names(both)}
	}
	if ed.complete() {
		s.Any = &Count{Actors: len(res.any())}
	}
	for _, l := range Listings {
		if list := &ed.List[l]; list.HasEnded() {
			if s.Ended == nil {
				s.Ended = map[Listing]string{}
			}
			s.Ended[l] = list.Ended.String()
		}
	}
	s.Positions = countPositions(ref, res)
	if s.Certified != nil {
		activities := countActivities(ref, res)
		s.Activities = &activities
		s.countCertificates(ref, ed)
	}
	if !ed.complete() {
		s.Changes.Moved = nil // null: cannot be known
	}
	s.countDeadlines(ed)
	for i := range res.Editions {
		s.History = append(s.History, history(ref, &res.Editions[i]))
	}
	return s
}

// countFound counts what awaits an editor and what was noticed.
func (s *Stats) countFound(res *Result) {
	for i := range res.Review {
		switch it := &res.Review[i]; {
		case it.Kind == ReviewPair:
			s.Awaiting.Pairs++
			if it.Former != "" {
				s.Awaiting.Renamings++
			}
		case it.Kind == ReviewName:
			s.Awaiting.Names++
		case it.Kind == ReviewValue:
			s.Awaiting.Values++
		case it.Proposal == "":
			s.Awaiting.Unclassified++
		default:
			s.Awaiting.Proposed++
		}
	}
	for _, f := range res.Findings {
		if res.Past(f) {
			continue
		}
		switch f.Severity {
		case Error:
			s.Findings.Error++
		case Warning:
			s.Findings.Warning++
		default:
			s.Findings.Info++
		}
	}
}

// notCounted returns the rows of a list that do not count, in the order of the sheet.
func (res *Result) notCounted(l Listing) []NotCounted {
	out := []NotCounted{}
	rows := res.Edition.List[l].Rows
	for i := range rows {
		if r := &rows[i]; !r.Counts() {
			out = append(out, NotCounted{ID: r.ID, Name: res.Actors[r.Actor].Name, Standing: r.Standing.Word,
				Key: r.Standing.Key, Otherwise: res.On[l].Has(r.Actor)})
		}
	}
	return out
}

// history counts one edition.
func history(ref *Reference, ed *Edition) HistoryEntry {
	h := HistoryEntry{Edition: ed.ID}
	var on [2]*actorSet
	for _, l := range Listings {
		h.Ended[l] = ed.List[l].HasEnded()
		if ed.List[l].Missing {
			continue
		}
		on[l] = new(actorSet)
		for i := range ed.List[l].Rows {
			if ed.List[l].Rows[i].Counts() {
				on[l].add(ed.List[l].Rows[i].Actor)
			}
		}
		n := on[l].n
		if l == Approved {
			h.Approved = &n
		} else {
			h.Certified = &n
		}
	}
	switch {
	case on[Approved] != nil && on[Certified] != nil:
		both := on[Approved].shared(on[Certified])
		either := *h.Approved + *h.Certified - both
		h.Both, h.Any = &both, &either
	case ed.complete(): // one has ended, and the other is who is left
		h.Any = cmp.Or(h.Approved, h.Certified)
	}
	if on[Certified] != nil {
		known, total, all := 0, 0, 0
		for _, a := range ed.covered() {
			if !a.Known() {
				continue
			}
			known++
			total += a.Yes.Len()
			if a.Yes.Len() == len(ref.Activities) {
				all++
			}
		}
		if known > 0 {
			mean := float64(total) / float64(known)
			h.Mean, h.All = &mean, &all
		}
	}
	return h
}

// intersect returns the actors that are in both, by index.
func intersect(a, b *ActorSet) []int32 {
	var out []int32
	for k := range a.All() {
		if b.Has(k) {
			out = append(out, k)
		}
	}
	return out
}

func listChanges(res *Result, l Listing) ListChanges {
	c := res.Changes[l]
	r := &c.Rows
	out := ListChanges{Arrived: res.Names(c.Arrived), Left: res.Names(c.Left), Renamed: listed(r.Renamed),
		Changed: listed(r.Changed), Added: listed(r.Added), Removed: listed(r.Removed),
		Respelt: listed(r.Respelt), Retyped: listed(r.Retyped), Overdue: listed(r.Overdue), Early: listed(r.Early)}
	out.Awaiting, out.MaybeRenamed = r.Awaiting(), r.MaybeRenamed
	out.PerhapsSame, out.Replaced = r.PerhapsSame, r.Replaced
	for _, a := range c.Left {
		if !r.Annotated() {
			break
		}
		out.Departures = append(out.Departures, r.Departure(res.Actors[a].ID, res.Actors[a].Name))
	}
	if c.Since != "" {
		out.Since = &c.Since
	}
	return out
}

// SayLeft returns those who left, each with what is known of it, and what stands between
// two of them: not a comma if a departure has one.
func (c *ListChanges) SayLeft(p message.Printer) (said []string, between string) {
	if len(c.Departures) == 0 {
		return c.Left, ", "
	}
	between = p.Semicolon()
	for _, d := range c.Departures {
		said = append(said, p.Text(d))
	}
	return said, between
}

// listed returns s, or an empty slice if s is nil, so that JSON has [] and not null.
func listed[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func countPositions(ref *Reference, res *Result) []PositionCount {
	out := make([]PositionCount, len(ref.Positions))
	at := map[string]*PositionCount{}
	has := [2]bool{!res.Edition.List[Approved].Missing, !res.Edition.List[Certified].Missing}
	for i, p := range ref.Positions {
		out[i] = PositionCount{Code: p.Code, Label: p.Label["fr"], Approved: zeroIf(has[Approved]),
			Certified: zeroIf(has[Certified]), Any: zeroIf(res.Edition.complete())}
		at[p.Code] = &out[i]
	}
	for _, i := range res.any() {
		a := &res.Actors[i]
		c := at[a.Position]
		if c.Any != nil {
			*c.Any++
		}
		if a.PositionBy == ByRule {
			c.Proposed++
		}
		if res.On[Approved].Has(i) {
			*c.Approved++
		}
		if res.On[Certified].Has(i) {
			*c.Certified++
		}
	}
	return out
}

// zeroIf returns a pointer to 0, or nil if the figure cannot be known.
func zeroIf(has bool) *int {
	if !has {
		return nil
	}
	return new(int)
}

// Covered yields what each certified actor covers, the union over its certificates, by
// rising index.
func (res *Result) Covered() iter.Seq2[int32, Activities] { return res.Edition.covered() }

func (ed *Edition) covered() iter.Seq2[int32, Activities] {
	rows := ed.List[Certified].Rows
	last := int32(-1)
	for i := range rows {
		last = max(last, rows[i].Actor)
	}
	of := make([]Activities, last+1)
	var on actorSet
	for i := range rows {
		a := rows[i].Actor
		if !rows[i].Counts() {
			continue
		}
		if on.has(a) {
			of[a] = of[a].Union(rows[i].Activities)
		} else {
			on.add(a)
			of[a] = rows[i].Activities
		}
	}
	return func(yield func(int32, Activities) bool) {
		for a := range of {
			if on.has(int32(a)) && !yield(int32(a), of[a]) {
				return
			}
		}
	}
}

func countActivities(ref *Reference, res *Result) ActivityStats {
	n := len(ref.Activities)
	s := ActivityStats{All: NamedCount{Names: []string{}}}
	for _, a := range ref.Activities {
		s.ByActivity = append(s.ByActivity, KeyCount{Key: a.Key})
	}
	for k := 1; k <= n; k++ {
		s.ByCount = append(s.ByCount, ByCount{Count: k})
	}
	total := 0
	var all []int32
	for actor, a := range res.Covered() {
		for i := range ref.Activities {
			if a.Yes.Has(i) {
				s.ByActivity[i].Actors++
			}
		}
		if !a.Known() {
			continue
		}
		k := a.Yes.Len()
		s.Known++
		total += k
		if k > 0 {
			s.ByCount[k-1].Actors++
		}
		if k == n {
			all = append(all, actor)
		}
	}
	s.All = NamedCount{len(all), res.Names(res.inOrder(all))}
	if s.Known > 0 {
		mean := math.Round(100*float64(total)/float64(s.Known)) / 100
		s.Mean = &mean
	}
	return s
}

// actorSet is a bit set of actors by index.
type actorSet struct {
	words []uint64
	n     int
}

func (s *actorSet) add(actor int32) {
	word, bit := int(actor/64), uint64(1)<<(actor%64)
	if word >= len(s.words) {
		s.words = append(s.words, make([]uint64, max(word+1, 2*len(s.words))-len(s.words))...)
	}
	if s.words[word]&bit == 0 {
		s.words[word] |= bit
		s.n++
	}
}

func (s *actorSet) has(actor int32) bool {
	word := int(actor / 64)
	return word < len(s.words) && s.words[word]&(1<<(actor%64)) != 0
}

// shared returns the number of actors in both sets.
func (s *actorSet) shared(o *actorSet) int {
	n := 0
	for i := range min(len(s.words), len(o.words)) {
		n += bits.OnesCount64(s.words[i] & o.words[i])
	}
	return n
}

// countCertificates counts types and bodies. An actor with two certificates of one body
// counts once. Names of bodies that differ only in case are one body, as for
// spreadsheets.
func (s *Stats) countCertificates(ref *Reference, ed *Edition) {
	rows := ed.List[Certified].Rows
	for k, t := range ref.Types {
		var actors actorSet
		for i := range rows {
			if rows[i].Types&(1<<k) != 0 && rows[i].Counts() {
				actors.add(rows[i].Actor)
			}
		}
		s.Types = append(s.Types, KeyCount{Key: t.Key, Actors: actors.n})
	}
	bodies := map[string]*actorSet{} // by name; several names may share a set
	folded := map[string]*actorSet{}
	for i := range rows {
		body := rows[i].Body
		if body == "" || !rows[i].Counts() {
			continue
		}
		of := bodies[body]
		if of == nil {
			key := foldCase(body)
			if of = folded[key]; of == nil {
				of = new(actorSet)
				folded[key] = of
			}
			bodies[body] = of
		}
		of.add(rows[i].Actor)
	}
	s.Bodies = []KeyCount{}
	told := map[*actorSet]bool{}
	for _, b := range sorted(bodies) {
		if of := bodies[b]; !told[of] {
			told[of] = true
			s.Bodies = append(s.Bodies, KeyCount{Key: b, Actors: of.n})
		}
	}
}

// foldCase returns the same key for texts that are equal under strings.EqualFold.
func foldCase(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, s)
}

func (s *Stats) countDeadlines(ed *Edition) {
	for _, m := range DeadlineMonths {
		d := Deadline{Months: m, Until: ed.Date.AddMonths(m).String()}
		for _, l := range Listings {
			if ed.List[l].Missing {
				continue
			}
			var actors actorSet
			for i := range ed.List[l].Rows {
				row := &ed.List[l].Rows[i]
				e := row.Effective
				if row.Counts() && e.Full() && e.Compare(ed.Date) >= 0 && e.Compare(ed.Date.AddMonths(m)) <= 0 {
					actors.add(row.Actor)
				}
			}
			n := actors.n
			if l == Approved {
				d.Approved = &n
			} else {
				d.Certified = &n
			}
		}
		s.Deadlines = append(s.Deadlines, d)
	}
}

// AnyList returns the actors on at least one list of the published edition, in the order
// in which readers see them.
func (res *Result) AnyList() []int32 { return res.inOrder(res.any()) }
