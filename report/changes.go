package report

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/message"
)

// How much of what changed stands in one cell of the summary; the rest is counted, and
// hdsreport diff tells it.
const (
	mostChanges = 15
	mostChanged = 3 // one on each line
	mostRespelt = 3 // which no reader is after
	mostEnding  = 40
	changeChars = 900
	valueChars  = 90 // of one value, before or after

	between = " ; " // in French and in English: a comma may stand in a name
)

// changes is the section of what happened since the last edition with each list. None
// of it can be live.
func (s *summary) changes() *Section {
	g := grid(s.l.Get("chg.label"), s.l.Get("wait.number")).words(s.l.Get("chg.names"))
	happened := func(id, label string, n int, said string) {
		g.row(says(label), s.fact("changes/"+id, &n), says(said))
	}
	movement := func(id, label string, actors []int32) {
		happened(id, label, len(actors), s.l.names(brief(s.res.Names(actors)), mostNames))
	}
	for _, l := range etl.Listings {
		if !s.has(l) {
			continue
		}
		ch := &s.res.Changes[l]
		if ch.Since == "" {
			g.row(says(s.l.Get(l.String())), s.fact("changes/"+l.String(), nil), says(s.l.Get("chg.first")))
			continue
		}
		since := s.l.Edition(ch.Since)
		movement("arrived/"+l.String(), s.l.Get("chg.arrived."+l.String(), "date", since), ch.Arrived)
		s.departures(l, since, ch, happened)
		for _, k := range []struct {
			key  string
			most int
			then string
			said []string
			n    int // of rows, if what is said names an actor once for several
		}{
			{"perhaps", mostChanges, between, s.perhaps(ch.Rows.PerhapsSame), 0},
			{"early", mostChanges, between, s.early(&ch.Rows), 0},
			{"overdue", mostChanges, between, s.endings(ch.Rows.Overdue), 0},
			{"renamed", mostChanges, between, s.renames(ch.Rows.Renamed), 0},
			{"changed", mostChanged, "\n", s.rows(l, ch.Rows.Changed), 0},
			{"added", mostChanges, between, s.actors(ch.Rows.Added), len(ch.Rows.Added)},
			{"removed", mostChanges, between, s.actors(ch.Rows.Removed), len(ch.Rows.Removed)},
			{"respelt", mostRespelt, between, s.renames(ch.Rows.Respelt), 0},
		} {
			if len(k.said) > 0 {
				happened(k.key+"/"+l.String(), s.l.Get("chg."+k.key+"."+l.String()), cmp.Or(k.n, len(k.said)),
					s.some(k.said, k.most, k.then))
			}
		}
	}
	if s.has(etl.Approved) && s.has(etl.Certified) {
		movement("moved", s.l.Get("chg.moved"), s.res.Moved)
	}
	return s.section("changes", "chg", g)
}

// departures is who left a list, with what is known of them. The label says how many of
// them await a ruling.
func (s *summary) departures(l etl.Listing, since string, ch *etl.Changes, happened func(string, string, int, string)) {
	label := s.l.Get("chg.left."+l.String(), "date", since)
	if n := ch.Rows.Awaiting(); n > 0 {
		label = s.l.Get("chg.awaiting", "label", label, "n", strconv.Itoa(n))
	}
	said := s.l.names(brief(s.res.Names(ch.Left)), mostNames)
	if ch.Rows.Annotated() {
		var names []string
		for _, a := range ch.Left {
			names = append(names, s.say(ch.Rows.Departure(s.res.Actors[a].ID, message.Cut(s.res.Actors[a].Name, nameChars))))
		}
		said = s.some(names, mostNames, between)
	}
	happened("left/"+l.String(), label, len(ch.Left), said)
}

// early is who left before its end, with what is known of it.
func (s *summary) early(c *compare.Changes) []string {
	var out []string
	for _, e := range c.Early {
		d, _ := etl.ParseDate(e.End)
		out = append(out, s.l.Get("chg.ends", "name", s.say(c.Departure(e.ID, message.Cut(e.Name, nameChars))),
			"date", s.l.Day(d)))
	}
	return out
}

func (s *summary) perhaps(rs []compare.Renaming) []string {
	var out []string
	for _, r := range rs {
		out = append(out, message.Cut(r.From.Name, nameChars))
	}
	return out
}

// say returns a message in the language of the report.
func (s *summary) say(m message.Message) string { return message.In(s.l.Language).Text(m) }

// some lists as much as a cell should hold, so many at most, and one more rather than
// "and 1 others"; then stands between two.
func (s *summary) some(said []string, most int, then string) string {
	list := ""
	for i, item := range said {
		rest := len(said) - i
		if i > 0 && (i >= most && rest > 1 || utf8.RuneCountInString(list)+utf8.RuneCountInString(item) > changeChars) {
			return s.l.Get("chg.more", "list", list, "then", then, "n", strconv.Itoa(rest))
		}
		if i > 0 {
			list += then
		}
		list += item
	}
	return list
}

// endings names whose end has passed since, each actor once: its name and the number beside
// agree.
func (s *summary) endings(es []compare.Ending) []string {
	var out []string
	seen := map[string]bool{}
	for _, e := range es {
		if !e.New || seen[e.Name] {
			continue
		}
		seen[e.Name] = true
		d, _ := etl.ParseDate(e.End)
		out = append(out, s.l.Get("chg.ends", "name", message.Cut(e.Name, nameChars), "date", s.l.Day(d)))
	}
	return out
}

func (s *summary) renames(rs []compare.Rename) []string {
	var out []string
	for _, r := range rs {
		out = append(out, s.l.Get("chg.change", "was", message.Cut(r.Was, valueChars), "now", message.Cut(r.Now, valueChars)))
	}
	return out
}

// actors are the actors of rows, each once and with the number of its rows if it has several.
func (s *summary) actors(rows []compare.Actor) []string {
	var out []string
	n := map[string]int{}
	for _, r := range rows {
		n[r.Name]++
	}
	for _, r := range rows {
		name := message.Cut(r.Name, nameChars)
		switch k := n[r.Name]; {
		case k > 1:
			out = append(out, s.l.Get("chg.several", "name", name, "n", strconv.Itoa(k)))
		case k == 1:
			out = append(out, name)
		}
		n[r.Name] = 0
	}
	return out
}

func (s *summary) rows(l etl.Listing, cs []compare.Change) []string {
	words := NewWords(s.ref, s.l)
	var out []string
	for _, c := range cs {
		var fields []string
		for _, f := range c.Fields {
			change := s.l.Get("chg.change", "was", message.Cut(words.Value(f.Was), valueChars),
				"now", message.Cut(words.Value(f.Now), valueChars))
			fields = append(fields, s.l.Get("chg.field", "field", words.Field(l, f.Field), "change", change))
		}
		out = append(out, s.l.Get("chg.row", "name", message.Cut(c.Name, nameChars), "fields", strings.Join(fields, ", ")))
	}
	return out
}

// field is a field's heading on the sheet.
func (s *summary) field(l etl.Listing, field string) string {
	return NewWords(s.ref, s.l).Field(l, field)
}
