package etl

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"hdsreport/etl/compare"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

// CompareWords returns the functions for comparing names and French texts. They are not
// safe for concurrent use.
func CompareWords() compare.Words {
	c := collate.New(language.French, collate.Loose)
	var buf collate.Buffer
	return compare.Words{Alike: alike, Fold: fold, Key: func(name string) string {
		buf.Reset()
		return string(c.KeyFromString(&buf, name))
	}}
}

// alike reports whether two names of one actor differ only in spelling: in case,
// accents, spaces and punctuation, in text in brackets, or in a legal form. It uses ID,
// which never changes: improving the cleaning of names must not turn an old spelling
// into a new name, or the reverse.
func alike(a, b string) bool {
	letters := onlyLetters(a)
	return identity.ID(a) == identity.ID(b) || letters != "" && letters == onlyLetters(b)
}

// Sides prepares editions of an input for comparison. Each is taken as it would be
// published today: with the registry's names at its date and the editors' corrections.
// Actors are identified over all editions of the input, as in a run.
func Sides(in Input, editions ...string) ([]*compare.Side, []Finding, error) {
	res := &Result{Findings: slices.Clone(in.Found)}
	res.readAll(in)
	who := identify(&parsedNames{namer: in.Namer, seen: map[string]identity.Name{}}, &in.Registry, res.Editions)
	res.Actors, res.shared = who.actors, who.shared
	res.add(who.findings)
	res.add(classify(&in.Reference, &in.Registry, res.Actors))
	successors, different := res.ruled(&in.Registry)
	var out []*compare.Side
	for _, id := range editions {
		e := slices.IndexFunc(res.Editions, func(ed Edition) bool { return ed.ID == id })
		if e < 0 {
			return nil, res.Findings, message.Fail(nil, "no-edition", "edition", id)
		}
		corrected := slices.Clone(res.Actors)
		ed := published(&in.Reference, &in.Registry, &res.Editions[e], corrected, res.Editions)
		s := side(&in.Reference, &in.Registry, &ed, corrected, &res.Editions[len(res.Editions)-1])
		s.Succeeds, s.Differ = successors, different
		out = append(out, s)
	}
	SortFindings(res.Findings)
	return out, res.Findings, nil
}

// published returns a copy of an edition with the identifiers and corrections that it
// would have if it were published. It also applies the corrections of actors to actors.
func published(ref *Reference, reg *Registry, ed *Edition, actors []Actor, all []Edition) Edition {
	out := *ed
	for _, l := range Listings {
		out.List[l].Rows = slices.Clone(ed.List[l].Rows)
		rowIDs(ref, &out.List[l], l, actors)
		if len(reg.Corrections) > 0 { // corrections remove texts from Raw
			for i := range out.List[l].Rows {
				out.List[l].Rows[i].Raw = maps.Clone(out.List[l].Rows[i].Raw)
			}
		}
	}
	correct(ref, reg, &out, actors, all)
	return out
}

// side prepares one edition for comparison, with the names that its readers saw. The
// actors have the names of the edition last.
func side(ref *Reference, reg *Registry, ed *Edition, actors []Actor, last *Edition) *compare.Side {
	s := &compare.Side{Name: ed.ID, Day: ed.Date.String()}
	names := namesOf(reg, ed, last)
	for _, l := range Listings {
		s.Ended[l] = ed.List[l].Ended.String()
		if !ed.List[l].Missing {
			s.Lists[l] = comparable(ref, l, &ed.List[l], actors, *names)
		}
	}
	return s
}

// namesOf returns what is known about the names that readers of an edition saw.
func namesOf(reg *Registry, ed, last *Edition) *shown {
	names := &shown{then: namesAt(reg, ed.Date, last.Date), sources: sourceNamed(reg)}
	if ed.ID != last.ID {
		names.last = map[string]bool{}
		for _, l := range Listings {
			for i := range last.List[l].Rows {
				names.last[last.List[l].Rows[i].Name] = true
			}
		}
	}
	return names
}

// shown holds what is known about the names that readers of an older edition saw.
type shown struct {
	then map[string][2]string // for registered actors whose name changed: the name then, and in the last edition
	last map[string]bool      // the spellings of the last edition; nil if this is the last one
	// sources are the registered actors whose name for readers is the source's.
	sources map[string]bool
}

// name returns the name under which readers of the edition saw an actor. For a
// registered actor it is the registry's name at that date. For another actor, and if the
// registry has no name, it is the current name, unless the source used a different spelling
// that no longer occurs. An actor without Reasons that the registry does not have has
// spellings with the same key only, which are one name. Names corrected by an editor are
// kept.
func (s *shown) name(a *Actor, spelling string) string {
	if then := s.then[a.ID]; then[0] != "" && (then[1] == a.Name || then[1] == "" && s.sources[a.ID]) {
		return then[0]
	}
	bySource := s.sources[a.ID] || !a.Registered && len(a.Reasons) > 0
	if s.last != nil && bySource && spelling != a.Name && !s.last[spelling] && !alike(spelling, a.Name) {
		return spelling
	}
	return a.Name
}

// namesAt returns by id the names of registered actors at two dates, for those whose
// name changed. Most actors have only ever had one name.
func namesAt(reg *Registry, at, other Date) map[string][2]string {
	w := &namesakes{reg: reg, former: formerNames(reg)}
	out := map[string][2]string{}
	for _, r := range reg.Actors {
		if was, is := w.nameAt(r, at), w.nameAt(r, other); was != is {
			out[r.ID] = [2]string{was, is}
		}
	}
	return out
}

// sourceNamed returns the ids of the registered actors for which neither the registry nor a
// correction has a name.
func sourceNamed(reg *Registry) map[string]bool {
	out := make(map[string]bool, len(reg.Actors))
	for _, a := range reg.Actors {
		out[a.ID] = strings.TrimSpace(a.Name) == ""
	}
	for _, c := range reg.Corrections {
		if c.Field == string(FieldName) {
			delete(out, c.ID)
		}
	}
	return out
}

// comparable converts a list for comparison.
func comparable(ref *Reference, l Listing, list *List, actors []Actor, names shown) *compare.List {
	out := &compare.List{Rows: make([]compare.Row, len(list.Rows)), Unstated: []string{}, Implied: []string{string(FieldUnread)}}
	for _, f := range list.unstated {
		out.Unstated = append(out.Unstated, string(f))
	}
	if !list.Has(ref.Field(l, FieldStanding)) {
		out.Blank = []string{string(FieldStanding)} // nothing is suspended
	}
	fields := slices.DeleteFunc(ref.Fields(l), func(d *Definition) bool { return !d.Compared() || !list.Has(d) })
	for _, d := range fields {
		out.Fields = append(out.Fields, string(d.Key))
	}
	n := len(fields)
	all := make([]compare.Value, 0, n*len(list.Rows))
	values := newValuer(ref)
	ends := map[Date]string{}
	for i := range list.Rows {
		r := &list.Rows[i]
		a := &actors[r.Actor]
		for _, d := range fields {
			all = append(all, values.of(d, list, r, a))
		}
		row := compare.Row{ID: r.ID, Actor: a.ID, Name: names.name(a, r.Name), Source: r.Name, Namesake: a.Namesake,
			Values: all[n*i : n*i+n : n*i+n], Out: !r.Counts()}
		if r.Effective.Full() {
			end, known := ends[r.Effective]
			if !known {
				end = r.Effective.String()
				ends[r.Effective] = end
			}
			row.Ends = end
		}
		if unread := r.Unread(); unread != "" {
			row.Implied = []compare.Value{Text(unread)}
		}
		out.Rows[i] = row
	}
	return out
}

// ActivityIndex returns the index of the activity with the key, or -1.
func (ref *Reference) ActivityIndex(key string) int {
	return slices.IndexFunc(ref.Activities, func(a Activity) bool { return a.Key == key })
}
