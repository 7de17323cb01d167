package site

import (
	"bytes"
	"encoding/json"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/compare"
)

// SchemaVersion is that of every JSON document. Version 1 only gains keys.
const SchemaVersion = "1.0"

// header begins every document: a copy tells what it is and how old.
type header struct {
	SchemaVersion string `json:"schema_version"`
	Edition       string `json:"edition"`
	AsOf          string `json:"as_of"`
}

func (f *Facts) header() header {
	return header{SchemaVersion, f.res.Edition.ID, f.res.Edition.Date.String()}
}

// text is a text in JSON, null if it is empty.
type text string

// MarshalJSON writes null for an empty text.
func (t text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	// A date or an id stands as it is, and a site has thousands of them.
	if !strings.ContainsFunc(string(t), func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
		return append(append([]byte{'"'}, t...), '"'), nil
	}
	return marshal(string(t))
}

// marshal leaves <, > and & as they are: no document stands in a page.
func marshal(v any) ([]byte, error) {
	text, err := encoded(v)
	return bytes.TrimSuffix(text, []byte("\n")), err
}

// encoded is a value in JSON, with an end of line.
func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// position is an actor's main positioning.
type position struct {
	Code   string `json:"code"`
	Label  string `json:"label"`
	Status string `json:"status"` // confirmed, proposed or unclassified
}

func (f *Facts) position(e *etl.Entry) position {
	p, _ := f.ref.PositionOf(e.Position)
	status := map[etl.PositionBy]string{etl.ByNobody: "unclassified", etl.ByRule: "proposed"}[e.PositionBy]
	if status == "" {
		status = "confirmed"
	}
	return position{e.Position, p.Label[f.labels.Language], status}
}

// activities says of each activity whether it is covered: true, false, or null if the
// source does not say.
type activities struct {
	ref   *etl.Reference
	of    etl.Activities
	known bool // false: nothing is known of any
}

// MarshalJSON writes an object with the keys in the order of the reference table.
func (a activities) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, x := range a.ref.Activities {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '"')
		out = append(out, x.Key...)
		out = append(out, '"', ':')
		switch {
		case a.of.Yes.Has(i):
			out = append(out, "true"...)
		case !a.known || a.of.Unknown.Has(i):
			out = append(out, "null"...)
		default:
			out = append(out, "false"...)
		}
	}
	return append(out, '}'), nil
}

// keys are those of the activities that are covered.
func (f *Facts) keys(a etl.Activities) []string {
	out := []string{}
	for i, x := range f.ref.Activities {
		if a.Yes.Has(i) {
			out = append(out, x.Key)
		}
	}
	return out
}

// answer is what is known of an actor and a list at a day.
type answer struct {
	Answer   etl.Answer `json:"answer"`
	Edition  text       `json:"edition"` // that the answer is taken from
	Since    text       `json:"since"`
	Left     text       `json:"left"`
	Until    text       `json:"until"`
	Standing string     `json:"standing,omitempty"`
	Ended    string     `json:"ended,omitempty"`
}

type approved struct {
	answer
	Rows *[]approvedRow `json:"rows,omitempty"`
}

type approvedRow struct {
	ID        string            `json:"id"`
	Service   text              `json:"service"`
	From      text              `json:"from"`
	Until     text              `json:"until"`
	Effective text              `json:"effective"`
	Standing  text              `json:"standing"`
	Others    map[string]string `json:"others,omitempty"`
}

type certified struct {
	answer
	Activities activities      `json:"activities"`
	Rows       *[]certifiedRow `json:"rows,omitempty"`
}

type certifiedRow struct {
	ID         string            `json:"id"`
	Type       []string          `json:"type"`
	Activities activities        `json:"activities"`
	Body       text              `json:"body"`
	Number     text              `json:"number"`
	From       text              `json:"from"`
	Until      text              `json:"until"`
	Standing   text              `json:"standing"`
	Others     map[string]string `json:"others,omitempty"`
}

// knownName is a name of an actor.
type knownName struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	From text   `json:"from"`
	To   text   `json:"to"`
}

// historyEntry is what one edition says of an actor. Approved and Certified are null if
// the edition lacks the list.
type historyEntry struct {
	Edition    string   `json:"edition"`
	Day        string   `json:"day"`
	Name       string   `json:"name"`
	Approved   *bool    `json:"approved"`
	Certified  *bool    `json:"certified"`
	Activities []string `json:"activities"`
	// Until is the certificate's, or else the approval's.
	Until          text `json:"until"`
	ApprovedUntil  text `json:"approved_until"`
	CertifiedUntil text `json:"certified_until"`
}

// Actor is all that is known of an actor, for programs. The short form has no names, no
// history and no rows.
type Actor struct {
	header
	ID           string          `json:"id"`
	Name         string          `json:"name"`
	Position     position        `json:"position"`
	Names        *[]knownName    `json:"names,omitempty"`
	Approved     approved        `json:"approved"`
	Certified    certified       `json:"certified"`
	History      *[]historyEntry `json:"history,omitempty"`
	Successor    text            `json:"successor"`
	Predecessors []string        `json:"predecessors"`
	Maybe        []compare.Actor `json:"maybe_renamed,omitempty"` // of who left, while nobody has ruled
	Page         string          `json:"page"`
}

// Actor returns the long form, with the answers at a day.
func (f *Facts) Actor(e *etl.Entry, day etl.Date) *Actor {
	a := f.short(e, day)
	names := make([]knownName, 0, len(e.Names))
	for _, n := range e.Names {
		names = append(names, knownName{n.Name, n.Kind, text(n.From), text(n.To)})
	}
	history := f.history(e)
	a.Names, a.History = &names, &history
	approvedRows, certifiedRows := []approvedRow{}, []certifiedRow{}
	others := func(l etl.Listing, r *etl.Row) map[string]string {
		var out map[string]string
		for _, d := range f.further[l] {
			if said := d.Shows(&f.res.Edition.List[l], r); said != "" && d.Key != etl.FieldStanding {
				if out == nil {
					out = map[string]string{}
				}
				out[string(d.Key)] = said
			}
		}
		return out
	}
	for _, r := range f.rows(e, etl.Approved, day) {
		approvedRows = append(approvedRows, approvedRow{r.ID, text(r.Service), text(r.From.String()),
			text(r.Until.String()), text(r.Effective.String()), text(r.Standing.Said()), others(etl.Approved, &r)})
	}
	for _, r := range f.rows(e, etl.Certified, day) {
		certifiedRows = append(certifiedRows, certifiedRow{r.ID, f.types(&r), activities{f.ref, r.Activities, true},
			text(r.Body), text(r.Number), text(r.From.String()), text(r.Until.String()),
			text(r.Standing.Said()), others(etl.Certified, &r)})
	}
	a.Approved.Rows, a.Certified.Rows = &approvedRows, &certifiedRows
	return a
}

// types are the keys of a row's certificate types.
func (f *Facts) types(r *etl.Row) []string {
	out := []string{}
	for k, t := range f.ref.Types {
		if r.Types&(1<<k) != 0 {
			out = append(out, t.Key)
		}
	}
	return out
}

// rows are those of the edition that the answer at a day is taken from.
func (f *Facts) rows(e *etl.Entry, l etl.Listing, day etl.Date) []etl.Row {
	at := f.Lists.At(e.Actor, l, day)
	if at.Edition == "" || e.Actor < 0 {
		return nil
	}
	return f.Lists.Rows(e.Actor, l, at.Index)
}

// short returns the short form, with the answers at a day.
func (f *Facts) short(e *etl.Entry, day etl.Date) *Actor {
	a := &Actor{header: f.header(), ID: e.ID, Name: e.Name, Position: f.position(e), Page: f.page(e.ID),
		Predecessors: []string{}}
	a.Approved.answer, _ = f.answer(e.Actor, etl.Approved, day)
	var at etl.Status
	a.Certified.answer, at = f.answer(e.Actor, etl.Certified, day)
	a.Certified.Activities = activities{f.ref, at.Activities, at.Answer != etl.Unknown}
	if len(e.Successors) > 0 {
		a.Successor = text(e.Successors[0])
	}
	a.Predecessors = append(a.Predecessors, e.Predecessors...)
	a.Maybe = f.maybe(e, day)
	return a
}

func (f *Facts) answer(actor int32, l etl.Listing, day etl.Date) (answer, etl.Status) {
	at := f.Lists.At(actor, l, day)
	return answer{Answer: at.Answer, Edition: text(at.Edition), Since: text(at.Since), Left: text(at.Left),
		Until: text(at.Until.String()), Standing: at.Standing, Ended: at.Ended.String()}, at
}

// history is what each edition says of an actor, the oldest first.
func (f *Facts) history(e *etl.Entry) []historyEntry {
	out := make([]historyEntry, 0, len(f.res.Editions))
	for i := range f.res.Editions {
		ed := &f.res.Editions[i]
		h := historyEntry{Edition: ed.ID, Day: ed.Date.String(), Name: e.Name, Activities: []string{}}
		if e.Actor >= 0 {
			h.Name = f.Lists.Name(e.Actor, i)
		}
		var until [2]text
		var on [2]*bool
		for _, l := range etl.Listings {
			if !f.Lists.Has(l, i) {
				continue
			}
			m := f.Lists.In(e.Actor, l, i)
			listed := m != nil && m.Counts
			on[l] = &listed
			if listed {
				until[l] = text(m.Until.String())
				h.Until = until[l] // the certificate's comes last
			}
			if listed && l == etl.Certified {
				h.Activities = f.keys(m.Activities)
			}
		}
		h.Approved, h.Certified = on[etl.Approved], on[etl.Certified]
		h.ApprovedUntil, h.CertifiedUntil = until[etl.Approved], until[etl.Certified]
		out = append(out, h)
	}
	return out
}

// Question is what was asked.
type Question struct {
	Name string `json:"name"`
	Date string `json:"date"`
}

// Found is the answer to a question about an actor that is known.
type Found struct {
	*Actor
	Question Question `json:"question"`
	Found    bool     `json:"found"`
}

// NotFound is the answer about a name that no actor has ever borne, or several have.
type NotFound struct {
	header
	Question  Question `json:"question"`
	Found     bool     `json:"found"`
	Approved  answer   `json:"approved"`
	Certified answer   `json:"certified"`
	Close     []Close  `json:"close"`
}

// Close is an actor that the name may mean.
type Close struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Ask returns the answer about a name at a day: a *Found or a *NotFound.
func (f *Facts) Ask(name string, day etl.Date) any {
	q := Question{name, day.String()}
	e, near := f.Directory.LookUp(name)
	if e != nil {
		return &Found{f.Actor(e, day), q, true}
	}
	out := &NotFound{header: f.header(), Question: q, Close: []Close{}}
	out.Approved, _ = f.answer(-1, etl.Approved, day)
	out.Certified, _ = f.answer(-1, etl.Certified, day)
	for _, n := range near {
		out.Close = append(out.Close, Close{n.ID, n.Name, n.Reason.Say(f.say)})
	}
	return out
}
