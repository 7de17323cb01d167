package etl

import (
	"slices"
	"strings"
	"sync"

	"hdsreport/etl/cores"
	"hdsreport/etl/message"
)

// Rule is a rule of the gate: what must not be published unseen. It looks at one thing
// and gives findings with the rows that they are about. An error is a refusal, which a
// person can accept; a warning does not hold the edition back. The rules are in the
// table Rules.
//
// To add a rule, add a line to the table, its code to codes.go, and its words to
// message/tables/gate.csv: the code (what was seen, and with ".do" what to do about it)
// and "rule-CODE" (what it looks at, for the documentation). A threshold is a field of
// Thresholds, with its words under "threshold-KEY".
type Rule struct {
	Code string
	// Keys are the thresholds of the rule, below "gate." in the configuration.
	Keys []string
	// Looks says which part of the workspace the rule is about.
	Looks Subject
	// Unless are codes of rules further up: if one of them has refused the list, this
	// rule would only repeat it.
	Unless []string
	// Ruled is the key of the configuration by which a person rules on what was refused,
	// for good; it is then no matter of an acceptance for one edition.
	Ruled string

	// judge is nil for a rule that refuses a finding of the reader or the registry with
	// its code and the severity Error.
	judge func(*judged) []Finding
}

// Subject is the part of the workspace that a rule is about.
type Subject uint8

// The subjects.
const (
	OfReading  Subject = 1 << iota // a list's file, while it is read
	OfList                         // a list by itself
	OfChange                       // a list, compared with the last edition that has it
	OfEdition                      // both lists
	OfRegistry                     // the registry
)

// Refusal is one reason not to publish.
type Refusal struct {
	Finding  Finding
	Seen     string      // what an acceptance applies to; see Acceptance
	Accepted *Acceptance // the acceptance for this edition and file; nil if there is none
	// Outdated is an acceptance for an earlier version of the file.
	Outdated *Acceptance
	// Ruled is where a person rules on it instead, in the configuration or beside the
	// file: it cannot be accepted for one edition. See Rule.Ruled.
	Ruled string
	// Unread says that a file is there and no row of it could be read. Nobody has seen
	// what would be accepted.
	Unread bool
}

// Evidence is one row that a finding concerns.
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

// PublishedActor is an actor of a published list.
type PublishedActor struct {
	ID, Name string
	By       PositionBy // where its position came from
	Sources  []string   // its spellings in the source
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
	return message.New("refusal-stale", "by", r.Outdated.By, "date", Named(r.Outdated.Date))
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

// judged is what a rule looks at: one list of the published edition with the list that
// it is compared with or, for rules of the edition and the registry, no list.
type judged struct {
	in   *Input
	res  *Result
	th   *Thresholds
	list Listing
	now  *List
	then *List    // of the last edition before that has the list; nil if there is none
	ch   *Changes // since then
	at   Place    // of the list's file, or of the edition

	once    *sync.Once // for what follows; see paired
	pairing *pairing
	fields  Fields // that are compared
}

// gate applies the rules to the published edition. It returns the reasons not to
// publish it, and warnings.
func gate(in *Input, res *Result) (refusals []Refusal, warnings []Finding) {
	refused := map[string]bool{} // codes, of one list
	put := func(fs []Finding) {
		for _, f := range fs {
			if f.Severity == Error {
				refused[f.Code] = true
				refusals = append(refusals, res.refusal(&in.Registry, f))
			} else {
				warnings = append(warnings, f)
			}
		}
	}
	edition := judged{in: in, res: res, th: &in.Thresholds, at: Place{File: "editions/" + res.Edition.ID}}
	if fs := edition.empty(); fs != nil {
		put(fs)
		return refusals, warnings
	}
	for _, l := range Listings {
		clear(refused)
		j := edition
		j.list, j.now, j.then, j.ch = l, &res.Edition.List[l], res.was[l], &res.Changes[l]
		if t := j.now.Source.Table; t != nil {
			j.at = Place{File: t.File, Sheet: t.Sheet}
		}
		j.once = new(sync.Once)
		// Rules look at the list side by side: of 300,000 rows, 80 ms less of 500 for this step. Only
		// one that another one may replace waits.
		found := make([][]Finding, len(Rules))
		cores.Every(len(Rules), func(i int) {
			if r := Rules[i]; len(r.Unless) == 0 && j.applies(r) {
				found[i] = r.of(&j)
			}
		})
		for i, r := range Rules {
			if len(r.Unless) == 0 {
				put(found[i])
			} else if j.applies(r) && !slices.ContainsFunc(r.Unless, func(code string) bool { return refused[code] }) {
				put(r.of(&j))
			}
		}
	}
	for _, r := range Rules {
		if r.Looks&(OfEdition|OfRegistry) != 0 && !in.ReadingOnly {
			put(r.of(&edition))
		}
	}
	return refusals, warnings
}

// applies reports whether a rule is about the list and there is something to look at.
func (j *judged) applies(r Rule) bool {
	switch {
	case r.Looks&OfReading != 0:
		return true
	case j.in.ReadingOnly || len(j.now.Rows) == 0:
		return false
	case r.Looks&OfChange != 0:
		return j.then != nil
	}
	return r.Looks&OfList != 0
}

// of applies the rule.
func (r Rule) of(j *judged) []Finding {
	if r.judge != nil {
		return r.judge(j)
	}
	var out []Finding
	for _, f := range j.res.Findings {
		// Some codes are used for lists and for the registry.
		here := f.Place.File == j.at.File
		if j.now == nil {
			here = r.Looks&OfRegistry != 0 && (r.Looks&OfReading == 0 || !j.res.isSource(f.Place.File))
		}
		if f.Severity == Error && f.Code == r.Code && here {
			out = append(out, f)
		}
	}
	return out
}

// refusal returns the refusal for a finding, with its acceptance if a person gave one.
func (res *Result) refusal(reg *Registry, f Finding) Refusal {
	r := Refusal{Finding: f, Seen: res.seen(f.Place)}
	if f.Code == CodeEditionEmpty {
		// This cannot be accepted: accepting that one list is missing is not accepting
		// that both are.
		return r
	}
	if i := slices.IndexFunc(Rules, func(r Rule) bool { return r.Code == f.Code }); i >= 0 {
		r.Ruled = Rules[i].Ruled
	}
	for _, l := range res.Edition.List {
		if t := l.Source.Table; t != nil && t.File == f.Place.File && l.Missing {
			r.Unread, r.Ruled = true, "reference.headers"
		}
	}
	if r.Ruled != "" {
		return r
	}
	for i := range reg.Accepted {
		switch a := &reg.Accepted[i]; {
		case a.Edition != res.Edition.ID || a.Code != f.Code:
		case a.Seen == "" || a.Seen == r.Seen:
			r.Accepted = a
		default:
			r.Outdated = a
		}
	}
	return r
}

// unreadAcceptances reports lines of accepted.csv that have no effect: an edition that
// a spreadsheet has turned into a date, a line without a code, or a code of no rule.
func unreadAcceptances(reg *Registry) []Finding {
	var fs []Finding
	for _, a := range reg.Accepted {
		_, ok := ParseEdition(a.Edition)
		switch {
		case !ok || a.Code == "":
			fs = append(fs, Find(Warning, CodeRegistryValue, a.Place, "edition", a.Edition,
				"code", a.Code).Said("acceptance"))
		case !slices.ContainsFunc(Rules, func(r Rule) bool { return r.Code == a.Code }):
			fs = append(fs, Find(Warning, CodeRegistryValue, a.Place, "code", a.Code).Said("accepted-code"))
		}
	}
	return fs
}

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

// share is n of all, as a number between 0 and 1. Rules divide rather than multiply, so
// that a fifth of fifteen is exactly a fifth.
func share(n, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(n) / float64(all)
}

// unusual reports whether n of all rows or actors are more than a usual month has: a
// warning, below the threshold of a refusal. A longer time since the last edition has
// more of them, though never as many as would be refused.
func (j *judged) unusual(n, all int, refused Share) bool {
	limit := min(float64(j.th.Usual)*float64(j.months()), float64(refused))
	return n >= j.th.UsualAtLeast && share(n, all) > limit
}

// months returns how many months have passed since the edition that the list is compared
// with, rounded up, and at least 1.
func (j *judged) months() int {
	then := j.res.day(j.ch.Since)
	n := 1
	for n < 120 && then.AddMonths(n).Compare(j.res.Edition.Date) < 0 {
		n++
	}
	return n
}

// rows returns rows as evidence.
func (l *List) rows(rows []*Row) []Evidence {
	out := make([]Evidence, len(rows))
	for i, r := range rows {
		out[i] = l.evidence(r)
	}
	return out
}

// named returns the first names of some rows, for a finding's words.
func named(rows []Evidence) message.List {
	var names []string
	for _, e := range rows {
		if !slices.Contains(names, e.Said) {
			names = append(names, e.Said)
		}
	}
	return few(names)
}

func few(names []string) message.List {
	const most = 5
	shown := make([]string, 0, len(names))
	for _, n := range names {
		shown = append(shown, oneLine(n))
	}
	return message.List{Items: shown, Most: most}
}

// isActivity reports whether a field holds activities, by whatever column.
func isActivity(f Field) bool { return strings.HasPrefix(string(f), "activit") }

// Words says what the rule looks at.
func (r Rule) Words() message.Message { return message.Message{Key: message.Key("rule-" + r.Code)} }

// Words says what the threshold limits.
func (t Threshold) Words() message.Message {
	return message.Message{Key: message.Key("threshold-" + t.Key)}
}
