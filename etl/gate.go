package etl

import (
	"slices"
	"strings"

	"hdsreport/etl/compare"
	"hdsreport/etl/message"
)

// Thresholds are the gate's, shares between 0 and 1. The zero value of one
// switches nothing off: the configuration sets defaults for all.
type Thresholds struct {
	Lost          float64 // of the previous edition's actors, more than this share gone
	Gained        float64 // more than this many times the previous actors …
	GainedAtLeast int     // … and at least so many new ones
	Changed       float64 // of the rows that the previous edition has, more than this share with another value of one kind
	Ended         float64 // of the rows, more than this share whose end has passed, where it was not so before
	Repeated      float64 // of the rows, more than this share there twice or more
	Unreadable    float64 // of the values of dates, types and activities
	Unclassified  float64 // of the actors
}

// Refusal is one reason not to publish.
type Refusal struct {
	Finding  Finding
	Evidence []Evidence  // the rows that it is about, in their order; may be empty
	Seen     string      // what an acceptance holds for: see Acceptance
	Accepted *Acceptance // who let it through, for this edition and file, and when
	// Outdated is who let it through for a file that has changed since.
	Outdated *Acceptance
}

// Evidence is one row that a refusal is about.
type Evidence struct {
	Place Place
	Said  string          // whose row it is
	Note  message.Message // what about it; may be zero
}

// Publication is what readers have now, as far as the gate compares with it.
type Publication struct {
	Generation string
	Edition    string // its ID
	Actors     [2][]PublishedActor
	Filled     [2]map[Field]bool // the columns in which a row says something
}

// Stale says whose acceptance holds no longer, as the file has changed since; zero where
// there is none.
func (r *Refusal) Stale() message.Message {
	switch {
	case r.Outdated == nil || r.Accepted != nil:
		return message.Message{}
	case r.Outdated.Date == "":
		return message.New("refusal-stale-undated", "by", r.Outdated.By)
	}
	return message.New("refusal-stale", "by", r.Outdated.By, "date", r.Outdated.Date)
}

// Words are the finding's, and whether an acceptance holds no longer.
func (r *Refusal) Words(p message.Printer) (what, do string) {
	what, do = r.Finding.Words(p)
	if stale := r.Stale(); !stale.IsZero() {
		what += " (" + visible(p.Text(stale)) + ")"
	}
	return what, do
}

// Say is the row in one line: where it stands, whose it is, what about it.
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

// PublishedActor is an actor of a list as it was published.
type PublishedActor struct {
	ID, Name string
	By       PositionBy // who had given its position
	Sources  []string   // the spellings that were its own
}

// gate says what must not be published: the published edition against the last
// one that has each listing, and against itself.
//
// A list that is missing is none of its business where lists are given one by one,
// without a workspace (partial).
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
		// Nobody can mean this: an acceptance of one missing list is not one of both.
		return []Refusal{{Finding: Find(Error, CodeEditionEmpty, Place{File: "editions/" + res.Edition.ID})}}
	}
	for _, l := range Listings {
		list := &res.Edition.List[l]
		at := Place{File: "editions/" + res.Edition.ID}
		if list.Source.Table == nil {
			if in.Partial {
				continue
			}
			refuse(Find(Error, CodeListingMissing, at, "list", l, "file", l.FileName()))
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
	// Before anybody has classified anything there is nothing to lose.
	begun := slices.ContainsFunc(reg.Actors, func(a RegistryActor) bool { return a.Position != "" })
	if begun && float64(unclassified)/float64(all) > th.Unclassified {
		refuse(Find(Error, CodeTooManyUnclassified, Place{File: "registry/actors.csv"}, "n", unclassified, "all", all, "share", message.Percent(float64(unclassified)/float64(all))), nameless...)
	}
	for _, f := range res.Findings {
		// A column that a source lacks, and a text too long, are judged above; here they are the registry's.
		if f.Severity == Error && slices.Contains(brokenRegistry, f.Code) && (!slices.Contains(brokenList, f.Code) || !res.isSource(f.Place.File)) {
			refuse(f)
		}
	}
	return out
}

// unreadAcceptances reports lines of accepted.csv that can let nothing through: an
// edition that a spreadsheet has rewritten as a date, a line without a code.
func unreadAcceptances(reg *Registry) []Finding {
	var fs []Finding
	for _, a := range reg.Accepted {
		if _, ok := ParseEdition(a.Edition); !ok || a.Code == "" {
			fs = append(fs, Find(Warning, CodeRegistryValue, a.Place, "edition", a.Edition, "code", a.Code).Said("acceptance"))
		}
	}
	return fs
}

// brokenList are the faults of a listing's file after which its rows are not to be
// trusted, and brokenRegistry those of the registry after which editors' decisions
// would be lost.
var (
	brokenList     = []string{CodeColumnMissing, CodeHeaderMissing, CodeHeaderBelow, CodeListingEmpty, CodeListingOther, CodeTextTooLong, CodeHTMLTruncated, CodeCSVTruncated}
	brokenRegistry = []string{CodeRegistryDuplicate, CodeAliasAmbiguous, CodeDecisionsConflict, CodeColumnMissing, CodeRegistryUnknown, CodeRegistryValue, CodeRegistryFormat, CodeRegistryLost, CodeTextTooLong}
)

// isSource tells the file of a listing, of whichever edition.
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

// refuser notes a reason not to publish, with the rows that it is about.
type refuser func(f Finding, evidence ...Evidence)

// seen names the file of a list that a refusal is about, by what it holds; of one about
// the edition itself, the list that it lacks: who lets the one be missing has not said
// so of the other.
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

// evidence is a row as a person finds it in the file.
func (l *List) evidence(r *Row) Evidence {
	return Evidence{Place: Place{File: l.Source.Table.File, Sheet: l.Source.Table.Sheet, Row: int(r.Line)}, Said: r.Name}
}

// evidenceOf are the rows of some actors in a list.
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

// since is the list that the changes of l are counted from; nil where there is none.
func (res *Result) since(l Listing) *List {
	for e := range res.Editions {
		if res.Editions[e].ID == res.Changes[l].Since {
			return &res.Editions[e].List[l]
		}
	}
	return nil
}

// gateActors compares with the last edition that has the list; it tells whether so
// many actors are gone that it refuses.
func (res *Result) gateActors(l Listing, th Thresholds, at Place, refuse refuser) (lost bool) {
	ch, then := res.Changes[l], res.since(l)
	if then == nil {
		return false
	}
	before := ch.Before
	// Shares are divided, not multiplied: a fifth of fifteen is exactly a fifth.
	if n := len(ch.Left); before > 0 && float64(n)/float64(before) > th.Lost {
		refuse(Find(Error, CodeActorsLost, at, "n", n, "before", before, "since", ch.Since, "share", message.Percent(float64(n)/float64(before)), "names", few(res.Names(ch.Left))), then.evidenceOf(ch.Left)...)
		lost = true
	}
	if n := len(ch.Arrived); float64(before+n) > th.Gained*float64(before) && n >= th.GainedAtLeast {
		refuse(Find(Error, CodeActorsGained, at, "n", n, "before", before, "since", ch.Since, "names", few(res.Names(ch.Arrived))), res.Edition.List[l].evidenceOf(ch.Arrived)...)
	}
	return lost
}

// gatePublished compares with what readers have: a file of the same edition may have
// changed since it was published. An older edition, published again on purpose, is
// not held to a newer one.
func (res *Result) gatePublished(was *Publication, l Listing, th Thresholds, at Place, refuse refuser) {
	if was == nil || len(was.Actors[l]) == 0 {
		return
	}
	if day, ok := ParseEdition(was.Edition); !ok || day.Compare(res.Edition.Date) > 0 {
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
		refuse(Find(Error, CodePublishedLost, at, "n", n, "before", before, "since", was.Edition, "share", message.Percent(float64(n)/float64(before)), "names", few(gone)), evidence...)
	}
}

// gateColumns refuses a list of which a column has become empty: half the rows of
// the last edition that has the list held a value there, and none does now.
func (res *Result) gateColumns(ref *Reference, was *Publication, l Listing, at Place, refuse refuser) {
	then := res.since(l)
	if then == nil {
		return
	}
	now := &res.Edition.List[l]
	if 2*len(now.Rows) < len(then.Rows) {
		return // what is left of a list says nothing about its columns; the loss is refused
	}
	activities := false // have gone, and with them each one
	for _, d := range ref.Fields(l) {
		if d.Gate < GateColumn || d.Kind == KindActivity && activities {
			continue
		}
		// Columns of the configuration were not always gated: an edition that readers have
		// without one is not held back for it now.
		if d.Extra() && was != nil && was.Edition == res.Edition.ID && !was.Filled[l][d.Key] {
			continue
		}
		if was := then.filled(d); was > 0 && 2*was >= len(then.Rows) && now.filled(d) == 0 {
			activities = activities || d.Kind == KindActivities
			refuse(Find(Error, CodeColumnEmptied, at, "field", d, "was", was, "rows", len(then.Rows), "since", res.Changes[l].Since))
		}
	}
}

// fewRows is how many rows must be concerned before a share of them says anything: of
// three rows, two may well change.
const fewRows = 10

// gateRows refuses a list of which most rows have changed in the same way since the
// last edition that has it: months and days that changed places, a column that slipped;
// and one of which most ends have passed all at once, as of a file from long ago.
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
		if d.Gate != GateValues || then.filled(d) == 0 { // where nothing stood, nothing has slipped
			continue
		}
		if n := len(changed[d.Key]); n >= fewRows && float64(n)/float64(both) > th.Changed {
			refuse(Find(Error, CodeRowsChanged, at, "n", n, "rows", both, "since", res.Changes[l].Since, "field", d, "share", message.Percent(float64(n)/float64(both))), changed[d.Key]...)
		}
	}
	if ended, before := now.ended(res.Edition.Date), then.ended(res.day(res.Changes[l].Since)); len(ended) >= fewRows &&
		float64(len(ended))/float64(len(now.Rows)) > th.Ended && float64(len(before)) <= th.Ended*float64(len(then.Rows)) {
		var evidence []Evidence
		for _, r := range ended {
			e := now.evidence(r)
			e.Note = message.New("evidence-end", "date", r.Effective)
			evidence = append(evidence, e)
		}
		refuse(Find(Error, CodeEndsPassed, at, "n", len(ended), "rows", len(now.Rows), "before", len(before), "since", res.Changes[l].Since), evidence...)
	}
}

// gateTwins refuses a list of which many rows are there twice: pages that are all the
// same one, a paste too many. No actor is counted twice for it, but readers would see
// every row of the copies.
func (l *List) gateTwins(th Thresholds, at Place, refuse refuser) {
	var twins []Evidence
	for i := range l.Rows {
		if strings.Contains(l.Rows[i].ID, "#") {
			twins = append(twins, l.evidence(&l.Rows[i]))
		}
	}
	if n := len(twins); n >= fewRows && float64(n)/float64(len(l.Rows)) > th.Repeated {
		refuse(Find(Error, CodeRowsRepeated, at, "n", n, "rows", len(l.Rows), "share", message.Percent(float64(n)/float64(len(l.Rows)))), twins...)
	}
}

// ended are the rows whose effective end lies before a day.
func (l *List) ended(day Date) []*Row {
	var out []*Row
	for i := range l.Rows {
		if r := &l.Rows[i]; r.Effective.Full() && r.Effective.Compare(day) < 0 {
			out = append(out, r)
		}
	}
	return out
}

// day is the day of an edition.
func (res *Result) day(id string) Date {
	d, _ := ParseEdition(id)
	return d
}

// filled counts the rows that state a value of a field, read or not.
func (l *List) filled(d *Definition) int {
	n := 0
	for i := range l.Rows {
		if d.filled(l, &l.Rows[i]) {
			n++
		}
	}
	return n
}

// readable is how many values a row of a list has that may be unreadable.
func readable(ref *Reference, l Listing) int {
	n := 0
	for _, d := range ref.Fields(l) {
		switch d.Kind {
		case KindDate, KindTypes, KindActivities: // the columns of activities are one
			n++
		}
	}
	return n
}

// unread is how many of a row's values could not be read; the columns of
// activities are one.
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

// reversed is two, the dates of a row that ends before it starts: of columns that
// changed places every value can be read.
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
