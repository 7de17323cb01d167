package etl

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hdsreport/etl/compare"
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
	Said  string
}

// Publication is what readers have now, as far as the gate compares with it.
type Publication struct {
	Generation string
	Edition    string // its ID
	Actors     [2][]PublishedActor
}

// PublishedActor is an actor of a list as it was published.
type PublishedActor struct{ ID, Name string }

// gate says what must not be published: the published edition against the last
// one that has each listing, and against itself.
//
// A list that is missing is none of its business where lists are given one by one,
// without a workspace (partial).
func gate(in *Input, res *Result) []Refusal {
	reg, th := &in.Registry, in.Thresholds
	var out []Refusal
	hold := func(f Finding, evidence ...Evidence) {
		code, at := f.Code, f.Place
		r := Refusal{Finding: f, Evidence: evidence, Seen: res.seen(at)}
		for i := range reg.Accepted {
			switch a := &reg.Accepted[i]; {
			case a.Edition != res.Edition.ID || a.Code != code:
			case a.Seen == "" || a.Seen == r.Seen:
				r.Accepted = a
			default:
				r.Outdated = a
			}
		}
		if r.Outdated != nil && r.Accepted == nil {
			r.Finding.Message += fmt.Sprintf(" (what %s let through on %s was another file)", r.Outdated.By, cmp.Or(r.Outdated.Date, "an unknown day"))
		}
		out = append(out, r)
	}
	refuse := func(code string, at Place, message, do string, evidence ...Evidence) {
		hold(Finding{Severity: Error, Code: code, Place: at, Message: message, Do: do}, evidence...)
	}
	if res.Edition.List[Approved].Source.Table == nil && res.Edition.List[Certified].Source.Table == nil {
		// Nobody can mean this: an acceptance of one missing list is not one of both.
		return []Refusal{{Finding: Finding{Severity: Error, Code: CodeEditionEmpty, Place: Place{File: "editions/" + res.Edition.ID}, Message: "the edition has no list at all (agrees and certifies, as .csv, .tsv, .xlsx, .html, .ods or .json)",
			Do: "add the files under these names, or publish an edition that has one; this cannot be let through"}}}
	}
	for _, l := range Listings {
		list := &res.Edition.List[l]
		at := Place{File: "editions/" + res.Edition.ID}
		if list.Source.Table == nil {
			if in.Partial {
				continue
			}
			refuse(CodeListingMissing, at, fmt.Sprintf("the edition has no %s list (%s.csv, .tsv, .xlsx, .html, .ods or .json)", l, l.FileName()), "add the file, or publish an edition that has it")
			continue
		}
		at = Place{File: list.Source.Table.File, Sheet: list.Source.Table.Sheet}
		for _, f := range res.Findings {
			if f.Place.File == at.File && f.Severity == Error && slices.Contains(brokenList, f.Code) {
				hold(f)
			}
		}
		if len(list.Rows) == 0 {
			continue
		}
		if !res.gateActors(l, th, at, refuse) {
			res.gatePublished(in.Published, l, th, at, refuse)
		}
		res.gateColumns(l, at, refuse)
		res.gateRows(l, th, at, refuse)
		list.gateTwins(th, at, refuse)
		unread, values := 0, 0
		var rows []Evidence
		for i := range list.Rows {
			n := list.Rows[i].unread() + list.Rows[i].reversed()
			if n > 0 {
				rows = append(rows, list.evidence(&list.Rows[i]))
			}
			unread += n
			values += valuesOf[l]
		}
		if share := float64(unread) / float64(values); share > th.Unreadable {
			refuse(CodeValuesUnreadable, at, fmt.Sprintf("%d values could not be read or contradict each other, %s of them", unread, percent(share)), "look at the warnings above: a column may be in another order or another format", rows...)
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
		refuse(CodeTooManyUnclassified, Place{File: "registry/actors.csv"}, fmt.Sprintf("%d of %d actors have no position, %s of them", unclassified, all, percent(float64(unclassified)/float64(all))), "check that registry/actors.csv is whole, and classify them there or by way of revue.csv", nameless...)
	}
	for _, f := range res.Findings {
		// A column that a source lacks, and a text too long, are judged above; here they are the registry's.
		if f.Severity == Error && slices.Contains(brokenRegistry, f.Code) && (!slices.Contains(brokenList, f.Code) || !res.isSource(f.Place.File)) {
			hold(f)
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
			fs = append(fs, Finding{Severity: Warning, Code: CodeRegistryValue, Place: a.Place, Message: fmt.Sprintf("this acceptance lets nothing through: edition %q, code %q", a.Edition, a.Code), Do: "write the edition as its folder is named, YYYY-MM-DD or YYYY-MM, and the code of the refusal"})
		}
	}
	return fs
}

// brokenList are the faults of a listing's file after which its rows are not to be
// trusted, and brokenRegistry those of the registry after which editors' decisions
// would be lost.
var (
	brokenList     = []string{CodeColumnMissing, CodeHeaderMissing, CodeHeaderBelow, CodeListingEmpty, CodeListingOther, CodeTextTooLong, "html-truncated", "csv-truncated"}
	brokenRegistry = []string{CodeRegistryDuplicate, CodeAliasAmbiguous, CodeDecisionsConflict, CodeColumnMissing, CodeRegistryUnknown, CodeRegistryValue, CodeTextTooLong}
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
type refuser func(code string, at Place, message, do string, evidence ...Evidence)

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
	return Evidence{Place{File: l.Source.Table.File, Sheet: l.Source.Table.Sheet, Row: int(r.Line)}, r.Name}
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
		refuse(CodeActorsLost, at, fmt.Sprintf("%d of the %d actors of %s are gone (%s): %s", n, before, ch.Since, percent(float64(n)/float64(before)), few(res.Names(ch.Left))), "check that the file is whole and the right one", then.evidenceOf(ch.Left)...)
		lost = true
	}
	if n := len(ch.Arrived); float64(before+n) > th.Gained*float64(before) && n >= th.GainedAtLeast {
		refuse(CodeActorsGained, at, fmt.Sprintf("%d actors are new beside the %d of %s: %s", n, before, ch.Since, few(res.Names(ch.Arrived))), "check that the file is the right one, and that names are not written in another way", res.Edition.List[l].evidenceOf(ch.Arrived)...)
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
		refuse(CodePublishedLost, at, fmt.Sprintf("%d of the %d actors that are published as of %s are not in this list (%s): %s", n, before, was.Edition, percent(float64(n)/float64(before)), few(gone)), "check that the file is whole and that the registry is", evidence...)
	}
}

// gateColumns refuses a list of which a column has become empty: half the rows of
// the last edition that has the list held a value there, and none does now.
func (res *Result) gateColumns(l Listing, at Place, refuse refuser) {
	then := res.since(l)
	if then == nil {
		return
	}
	now := &res.Edition.List[l]
	if 2*len(now.Rows) < len(then.Rows) {
		return // what is left of a list says nothing about its columns; the loss is refused
	}
	for _, f := range []Field{FieldService, FieldFrom, FieldUntil, FieldType, FieldBody, FieldNumber, FieldActivities} {
		if was := then.filled(f); was > 0 && 2*was >= len(then.Rows) && now.filled(f) == 0 {
			refuse(CodeColumnEmptied, at, fmt.Sprintf("no row has %s any more, and %d of %d had in %s", fieldLabel(f), was, len(then.Rows), res.Changes[l].Since), "look at the headings: one may have been renamed; add its new name to reference.headers in the configuration")
		}
	}
}

// fewRows is how many rows must be concerned before a share of them says anything: of
// three rows, two may well change.
const fewRows = 10

// gateRows refuses a list of which most rows have changed in the same way since the
// last edition that has it: months and days that changed places, a column that slipped;
// and one of which most ends have passed all at once, as of a file from long ago.
func (res *Result) gateRows(l Listing, th Thresholds, at Place, refuse refuser) {
	then := res.since(l)
	if then == nil {
		return
	}
	now := &res.Edition.List[l]
	rows := map[string]*Row{}
	for i := range now.Rows {
		rows[now.Rows[i].ID] = &now.Rows[i]
	}
	changed := map[string][]Evidence{}
	for _, c := range res.Changes[l].Rows.Changed {
		for _, f := range c.Fields {
			if r := rows[c.ID]; r != nil && f.Field != compare.Position {
				e := now.evidence(r)
				e.Said += fmt.Sprintf(": %q was %q", f.Now, f.Was)
				changed[f.Field] = append(changed[f.Field], e)
			}
		}
	}
	both := len(now.Rows) - len(res.Changes[l].Rows.Added) - len(now.evidenceOf(res.Changes[l].Arrived))
	for _, f := range slices.Sorted(maps.Keys(changed)) {
		if n := len(changed[f]); n >= fewRows && float64(n)/float64(both) > th.Changed {
			refuse(CodeRowsChanged, at, fmt.Sprintf("%d of the %d rows that %s has too have another value of %s, %s of them", n, both, res.Changes[l].Since, fieldLabel(Field(f)), percent(float64(n)/float64(both))),
				"look at some of them: a column may have slipped, or days and months changed places", changed[f]...)
		}
	}
	if ended, before := now.ended(res.Edition.Date), then.ended(res.day(res.Changes[l].Since)); len(ended) >= fewRows &&
		float64(len(ended))/float64(len(now.Rows)) > th.Ended && float64(len(before)) <= th.Ended*float64(len(then.Rows)) {
		var evidence []Evidence
		for _, r := range ended {
			e := now.evidence(r)
			e.Said += ", end " + r.Effective.String()
			evidence = append(evidence, e)
		}
		refuse(CodeEndsPassed, at, fmt.Sprintf("the end of %d of the %d rows has passed, and of %d in %s", len(ended), len(now.Rows), len(before), res.Changes[l].Since),
			"check that the file is not an old one", evidence...)
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
		refuse(CodeRowsRepeated, at, fmt.Sprintf("%d of the %d rows are there already, %s of them", n, len(l.Rows), percent(float64(n)/float64(len(l.Rows)))), "check that the file, or the pages that it is made of, hold each row once", twins...)
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

// filled counts the rows that hold a value of a field, read or not.
func (l *List) filled(f Field) int {
	n := 0
	for i := range l.Rows {
		r := &l.Rows[i]
		_, raw := r.Raw[f]
		if raw || map[Field]bool{FieldService: r.Service != "", FieldFrom: !r.From.IsZero(), FieldUntil: !r.Until.IsZero(), FieldType: r.Types != 0,
			FieldBody: r.Body != "", FieldNumber: r.Number != "", FieldActivities: r.Activities.Yes != 0}[f] {
			n++
		}
	}
	return n
}

// valuesOf is how many values a row of each list has that may be unreadable: two
// dates, and for a certificate its type and its activities.
var valuesOf = [2]int{Approved: 2, Certified: 4}

// unread is how many of a row's values could not be read; the six columns of
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

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func few(names []string) string {
	const most = 5
	shown := make([]string, 0, most)
	for _, n := range names[:min(most, len(names))] {
		shown = append(shown, oneLine(n))
	}
	said := strings.Join(shown, ", ")
	if more := len(names) - most; more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	return said
}
