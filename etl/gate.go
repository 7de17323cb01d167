package etl

import (
	"slices"
	"strings"

	"hdsreport/etl/compare"
	"hdsreport/etl/message"
)

// Thresholds are the limits of the gate, as shares between 0 and 1. A zero value does
// not switch a check off; the configuration sets a default for each.
type Thresholds struct {
	Lost          float64 // share of the previous edition's actors that are gone
	Gained        float64 // previous and new actors divided by the previous ones,
	GainedAtLeast int     // and at least this many new actors
	Changed       float64 // share of the previous edition's rows whose value in one field has changed
	Ended         float64 // share of the rows whose end has passed, if it was smaller before
	Repeated      float64 // share of the rows that occur more than once
	Unreadable    float64 // share of the dates, types and activities that could not be read
	Unclassified  float64 // share of the actors without a position
}

// Refusal is one reason not to publish.
type Refusal struct {
	Finding  Finding
	Evidence []Evidence  // the rows concerned, in the file's order; may be empty
	Seen     string      // what an acceptance applies to; see Acceptance
	Accepted *Acceptance // the acceptance for this edition and file; nil if there is none
	// Outdated is an acceptance for an earlier version of the file.
	Outdated *Acceptance
}

// Evidence is one row that a refusal concerns.
type Evidence struct {
	Place Place
	Said  string          // the name in the row
	Note  message.Message // what is wrong with the row; may be empty
}

// Publication is what is published now, as far as the gate needs it.
type Publication struct {
	Generation string
	Edition    string // its ID
	Actors     [2][]PublishedActor
	Filled     [2]map[Field]bool // the columns that are not empty
}

// Stale says that the acceptance no longer applies because the file has changed since.
// It returns the zero Message if there is no such acceptance.
func (r *Refusal) Stale() message.Message {
	switch {
	case r.Outdated == nil || r.Accepted != nil:
		return message.Message{}
	case r.Outdated.Date == "":
		return message.New("refusal-stale-undated", "by", r.Outdated.By)
	}
	return message.New("refusal-stale", "by", r.Outdated.By, "date", r.Outdated.Date)
}

// Words returns the words of the finding, and those of Stale if it applies.
func (r *Refusal) Words(p message.Printer) (what, do string) {
	what, do = r.Finding.Words(p)
	if stale := r.Stale(); !stale.IsZero() {
		what += " (" + visible(p.Text(stale)) + ")"
	}
	return what, do
}

// Say describes the row in one line: its place, its name and its note.
func (e Evidence) Say(p message.Printer) string {
	said := e.Said
	if !e.Note.IsZero() {
		said += ", " + p.Text(e.Note)
	}
	if at := e.Place.String(); at != "" {
		return at + ": " + visible(said)
	}
	return visible(said)
}

// PublishedActor is an actor of a published list.
type PublishedActor struct {
	ID, Name string
	By       PositionBy // where its position came from
	Sources  []string   // its spellings in the source
}

// gate returns the reasons not to publish. It compares the published edition with the
// last edition that has each listing, and checks the edition itself.
//
// If lists are given one by one, without a workspace (partial), a missing list is no
// reason.
func gate(in *Input, res *Result) []Refusal {
	ref, reg, th := &in.Reference, &in.Registry, in.Thresholds
	var out []Refusal
	refuse := func(f Finding, evidence ...Evidence) {
		r := Refusal{Finding: f, Evidence: evidence, Seen: res.seen(f.Place)}
		for i := range reg.Accepted {
			switch a := &reg.Accepted[i]; {
			case a.Edition != res.Edition.ID || a.Code != f.Code:
			case a.Seen == "" || a.Seen == r.Seen:
				r.Accepted = a
			default:
				r.Outdated = a
			}
		}
		out = append(out, r)
	}
	if res.Edition.List[Approved].Source.Table == nil && res.Edition.List[Certified].Source.Table == nil {
		// This cannot be accepted: accepting that one list is missing is not accepting
		// that both are.
		return []Refusal{{Finding: Find(Error, CodeEditionEmpty, Place{File: "editions/" + res.Edition.ID})}}
	}
	for _, l := range Listings {
		list := &res.Edition.List[l]
		at := Place{File: "editions/" + res.Edition.ID}
		if list.Source.Table == nil {
			if in.Partial || list.HasEnded() {
				continue
			}
			refuse(res.missing(l, at))
			continue
		}
		at = Place{File: list.Source.Table.File, Sheet: list.Source.Table.Sheet}
		for _, f := range res.Findings {
			if f.Place.File == at.File && f.Severity == Error && slices.Contains(brokenList, f.Code) {
				refuse(f)
			}
		}
		if len(list.Rows) == 0 {
			continue
		}
		if !res.gateActors(l, th, at, refuse) {
			res.gatePublished(in.Published, l, th, at, refuse)
		}
		res.gateColumns(ref, in.Published, l, at, refuse)
		res.gateRows(ref, l, th, at, refuse)
		list.gateTwins(th, at, refuse)
		unread := 0
		var rows []Evidence
		for i := range list.Rows {
			n := list.Rows[i].unread() + list.Rows[i].reversed()
			if n > 0 {
				rows = append(rows, list.evidence(&list.Rows[i]))
			}
			unread += n
		}
		values := len(list.Rows) * readable(ref, l)
		if share := float64(unread) / float64(values); share > th.Unreadable {
			refuse(Find(Error, CodeValuesUnreadable, at, "n", unread, "share", message.Percent(share)), rows...)
		}
	}
	unclassified, all := 0, 0
	var nameless []Evidence
	for i := range res.Actors {
		if res.On[Approved][int32(i)] || res.On[Certified][int32(i)] {
			all++
			if res.Actors[i].Position == Unclassified {
				unclassified++
				nameless = append(nameless, Evidence{Said: res.Actors[i].Name})
			}
		}
	}
	// Before the first position is confirmed there is nothing to lose.
	begun := slices.ContainsFunc(reg.Actors, func(a RegistryActor) bool { return a.Position != "" })
	if begun && float64(unclassified)/float64(all) > th.Unclassified {
		refuse(Find(Error, CodeTooManyUnclassified, Place{File: "registry/actors.csv"}, "n", unclassified, "all", all,
			"share", message.Percent(float64(unclassified)/float64(all))), nameless...)
	}
	for _, f := range res.Findings {
		// Missing columns and texts that are too long were checked above for the lists;
		// here they concern the registry.
		if f.Severity == Error && slices.Contains(brokenRegistry, f.Code) &&
			(!slices.Contains(brokenList, f.Code) || !res.isSource(f.Place.File)) {
			refuse(f)
		}
	}
	return out
}

// missing is the finding that the edition lacks a list. A workspace that never had the
// list is told how to say so once and for all.
func (res *Result) missing(l Listing, at Place) Finding {
	had := slices.ContainsFunc(res.Editions, func(e Edition) bool { return e.List[l].Source.Table != nil })
	if had {
		return Find(Error, CodeListingMissing, at, "list", l, "file", l.FileName(), "key", l.String())
	}
	return Find(Error, CodeListingMissing, at, "list", l, "file", l.FileName(), "key", l.String(),
		"day", usualEnd[l]).Said("never")
}

// usualEnd is the day that a message proposes for the end of a list. The last agréments
// ended with 2021; that certification should end is not foreseen.
var usualEnd = [2]string{Approved: "2021-12-31", Certified: "2030-12-31"}

// unreadAcceptances reports lines of accepted.csv that have no effect: an edition that
// a spreadsheet has turned into a date, or a line without a code.
func unreadAcceptances(reg *Registry) []Finding {
	var fs []Finding
	for _, a := range reg.Accepted {
		if _, ok := ParseEdition(a.Edition); !ok || a.Code == "" {
			fs = append(fs, Find(Warning, CodeRegistryValue, a.Place, "edition", a.Edition,
				"code", a.Code).Said("acceptance"))
		}
	}
	return fs
}

// brokenList holds the codes of faults that make the rows of a list unreliable.
// brokenRegistry holds those of faults in the registry by which editors' decisions
// would be lost.
var (
	brokenList = []string{CodeColumnMissing, CodeHeaderMissing, CodeHeaderBelow, CodeListingEmpty, CodeListingOther,
		CodeTextTooLong, CodeHTMLTruncated, CodeCSVTruncated}
	brokenRegistry = []string{CodeRegistryDuplicate, CodeAliasAmbiguous, CodeDecisionsConflict, CodeColumnMissing,
		CodeRegistryUnknown, CodeRegistryValue, CodeRegistryFormat, CodeRegistryLost, CodeTextTooLong}
)

// isSource reports whether file is the file of a listing, in any edition.
func (res *Result) isSource(file string) bool {
	for _, e := range res.Editions {
		for _, l := range e.List {
			if l.Source.Table != nil && l.Source.Table.File == file {
				return true
			}
		}
	}
	return false
}

// refuser records a reason not to publish, with the rows concerned.
type refuser func(f Finding, evidence ...Evidence)

// seen returns what an acceptance of a refusal applies to: the beginning of the hash of
// the list's file, or for a refusal about a whole edition, the name of the missing
// list. Accepting that one list is missing does not accept that the other is.
func (res *Result) seen(at Place) string {
	for l, list := range res.Edition.List {
		switch t := list.Source.Table; {
		case t != nil && t.File == at.File:
			return t.SHA256[:min(16, len(t.SHA256))]
		case t == nil && at.File == "editions/"+res.Edition.ID:
			return Listing(l).FileName()
		}
	}
	return ""
}

// evidence returns the place of a row in its file, and its name.
func (l *List) evidence(r *Row) Evidence {
	return Evidence{Place: Place{File: l.Source.Table.File, Sheet: l.Source.Table.Sheet, Row: int(r.Line)},
		Said: r.Name}
}

// evidenceOf returns the rows of some actors in a list.
func (l *List) evidenceOf(actors []int32) []Evidence {
	asked := map[int32]bool{}
	for _, a := range actors {
		asked[a] = true
	}
	var out []Evidence
	for i := range l.Rows {
		if asked[l.Rows[i].Actor] {
			out = append(out, l.evidence(&l.Rows[i]))
		}
	}
	return out
}

// since returns the list that l is compared with, or nil if there is none.
func (res *Result) since(l Listing) *List {
	for e := range res.Editions {
		if res.Editions[e].ID == res.Changes[l].Since {
			return &res.Editions[e].List[l]
		}
	}
	return nil
}

// gateActors compares the actors with those of the last edition that has the list. It
// reports whether it refuses the list because too many are gone.
func (res *Result) gateActors(l Listing, th Thresholds, at Place, refuse refuser) (lost bool) {
	ch, then := res.Changes[l], res.since(l)
	if then == nil {
		return false
	}
	before := ch.Before
	// Divide rather than multiply, so that a fifth of fifteen is exactly a fifth.
	if n := len(ch.Left); before > 0 && float64(n)/float64(before) > th.Lost {
		refuse(Find(Error, CodeActorsLost, at, "n", n, "before", before, "since", ch.Since,
			"share", message.Percent(float64(n)/float64(before)), "names", few(res.Names(ch.Left))),
			then.evidenceOf(ch.Left)...)
		lost = true
	}
	if n := len(ch.Arrived); float64(before+n) > th.Gained*float64(before) && n >= th.GainedAtLeast {
		refuse(Find(Error, CodeActorsGained, at, "n", n, "before", before, "since", ch.Since,
			"names", few(res.Names(ch.Arrived))), res.Edition.List[l].evidenceOf(ch.Arrived)...)
	}
	return lost
}

// gatePublished compares with what is published, because a file of the same edition may
// have changed since. An older edition that is published again on purpose is not
// compared with a newer one.
func (res *Result) gatePublished(was *Publication, l Listing, th Thresholds, at Place, refuse refuser) {
	if was == nil || len(was.Actors[l]) == 0 {
		return
	}
	if day := res.day(was.Edition); day.IsZero() || day.Compare(res.Edition.Date) > 0 {
		return
	}
	here := map[string]bool{}
	for a := range res.On[l] {
		here[res.Actors[a].ID] = true
	}
	var gone []string
	var evidence []Evidence
	for _, a := range was.Actors[l] {
		if !here[a.ID] {
			gone = append(gone, a.Name)
			evidence = append(evidence, Evidence{Said: a.Name + " (" + a.ID + ")"})
		}
	}
	if n, before := len(gone), len(was.Actors[l]); float64(n)/float64(before) > th.Lost {
		refuse(Find(Error, CodePublishedLost, at, "n", n, "before", before, "since", was.Edition,
			"share", message.Percent(float64(n)/float64(before)), "names", few(gone)), evidence...)
	}
}

// gateColumns refuses a list in which a column has become empty: at least half the rows
// of the last edition that has the list had a value there, and now no row has one.
func (res *Result) gateColumns(ref *Reference, was *Publication, l Listing, at Place, refuse refuser) {
	then := res.since(l)
	if then == nil {
		return
	}
	now := &res.Edition.List[l]
	if 2*len(now.Rows) < len(then.Rows) {
		return // too few rows are left to judge columns; the loss itself is refused
	}
	activities := false // the activities as a whole have been lost, and so has each of them
	for _, d := range ref.Fields(l) {
		if d.Gate < GateColumn || d.Kind == KindActivity && activities {
			continue
		}
		// Columns of the configuration were not always checked. If the published
		// version of this edition lacks the column, that does not block the edition
		// now.
		if d.Extra() && was != nil && was.Edition == res.Edition.ID && !was.Filled[l][d.Key] {
			continue
		}
		if was := then.filled(d); was > 0 && 2*was >= len(then.Rows) && now.filled(d) == 0 {
			activities = activities || d.Kind == KindActivities
			refuse(Find(Error, CodeColumnEmptied, at, "field", d, "was", was, "rows", len(then.Rows),
				"since", res.Changes[l].Since))
		}
	}
}

// fewRows is the minimum number of rows for a share of them to be meaningful.
const fewRows = 10

// gateRows refuses a list in which most rows have changed in the same way since the
// last edition that has it, for example because day and month were swapped or a column
// was shifted. It also refuses a list in which most ends have passed at once, as in a
// very old file.
func (res *Result) gateRows(ref *Reference, l Listing, th Thresholds, at Place, refuse refuser) {
	then := res.since(l)
	if then == nil {
		return
	}
	now := &res.Edition.List[l]
	rows := map[string]*Row{}
	for i := range now.Rows {
		rows[now.Rows[i].ID] = &now.Rows[i]
	}
	changed := map[Field][]Evidence{}
	for _, c := range res.Changes[l].Rows.Changed {
		for _, f := range c.Fields {
			if r := rows[c.ID]; r != nil {
				e := now.evidence(r)
				e.Note = message.New("evidence-changed", "now", compare.Said(f.Now), "was", compare.Said(f.Was))
				changed[Field(f.Field)] = append(changed[Field(f.Field)], e)
			}
		}
	}
	both := len(now.Rows) - len(res.Changes[l].Rows.Added) - len(now.evidenceOf(res.Changes[l].Arrived))
	for _, d := range ref.Fields(l) {
		if d.Gate != GateValues || then.filled(d) == 0 { // an empty column cannot have been shifted
			continue
		}
		if n := len(changed[d.Key]); n >= fewRows && float64(n)/float64(both) > th.Changed {
			refuse(Find(Error, CodeRowsChanged, at, "n", n, "rows", both, "since", res.Changes[l].Since, "field", d,
				"share", message.Percent(float64(n)/float64(both))), changed[d.Key]...)
		}
	}
	if ended, before := now.ended(res.Edition.Date), then.ended(res.day(res.Changes[l].Since)); len(ended) >= fewRows &&
		float64(len(ended))/float64(len(now.Rows)) > th.Ended &&
		float64(len(before)) <= th.Ended*float64(len(then.Rows)) {
		var evidence []Evidence
		for _, r := range ended {
			e := now.evidence(r)
			e.Note = message.New("evidence-end", "date", r.Effective)
			evidence = append(evidence, e)
		}
		refuse(Find(Error, CodeEndsPassed, at, "n", len(ended), "rows", len(now.Rows), "before", len(before),
			"since", res.Changes[l].Since), evidence...)
	}
}

// gateTwins refuses a list with many repeated rows, as when all pages are the same one
// or something was pasted twice. No actor would be counted twice, but readers would see
// every copy.
func (l *List) gateTwins(th Thresholds, at Place, refuse refuser) {
	var twins []Evidence
	for i := range l.Rows {
		if strings.Contains(l.Rows[i].ID, "#") {
			twins = append(twins, l.evidence(&l.Rows[i]))
		}
	}
	if n := len(twins); n >= fewRows && float64(n)/float64(len(l.Rows)) > th.Repeated {
		refuse(Find(Error, CodeRowsRepeated, at, "n", n, "rows", len(l.Rows),
			"share", message.Percent(float64(n)/float64(len(l.Rows)))), twins...)
	}
}

// ended returns the rows whose effective end is before a day.
func (l *List) ended(day Date) []*Row {
	var out []*Row
	for i := range l.Rows {
		if r := &l.Rows[i]; r.Effective.Full() && r.Effective.Compare(day) < 0 {
			out = append(out, r)
		}
	}
	return out
}

// day returns the day of an edition, which may be one that only a publication knows.
func (res *Result) day(id string) Date {
	for e := range res.Editions {
		if res.Editions[e].ID == id {
			return res.Editions[e].Date
		}
	}
	d, _ := ParseEdition(id)
	return d
}

// filled counts the rows that have a value in a field, readable or not.
func (l *List) filled(d *Definition) int {
	n := 0
	for i := range l.Rows {
		if d.filled(l, &l.Rows[i]) {
			n++
		}
	}
	return n
}

// readable returns how many values in a row of a list could be unreadable.
func readable(ref *Reference, l Listing) int {
	n := 0
	for _, d := range ref.Fields(l) {
		switch d.Kind {
		case KindDate, KindTypes, KindActivities: // all columns of activities count as one
			n++
		}
	}
	return n
}

// unread returns how many values of the row could not be read. All columns of
// activities count as one.
func (row *Row) unread() int {
	n, activities := 0, 0
	for f := range row.Raw {
		if strings.HasPrefix(string(f), "activit") {
			activities = 1
		} else {
			n++
		}
	}
	return n + activities
}

// reversed returns 2 if the row ends before it starts, otherwise 0: if the two columns
// were swapped, both dates are readable, but wrong.
func (row *Row) reversed() int {
	if row.From.Full() && row.Until.Full() && row.Until.Compare(row.From) < 0 {
		return 2
	}
	return 0
}

func few(names []string) message.List {
	const most = 5
	shown := make([]string, 0, len(names))
	for _, n := range names {
		shown = append(shown, oneLine(n))
	}
	return message.List{Items: shown, Most: most}
}
