package report

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/compare"
)

// How much of what changed stands in one cell of the summary; the rest is counted, and
// hdsreport diff tells it.
const (
	mostChanges = 15
	mostRespelt = 5 // which no reader is after
	changeChars = 1500
	valueChars  = 90 // of one value, before or after

	between = " ; " // in French and in English: a comma may stand in a name
)

// changes is the block of what happened since the last edition with each list. None
// of it can be live.
func (p *page) changes() {
	p.heading("chg.heading")
	p.note(p.l.Get("chg.note"))
	p.columns(p.l.Get("chg.label"), p.l.Get("wait.number"), "", "", p.l.Get("chg.names"))
	for _, l := range etl.Listings {
		if !p.has(l) {
			continue
		}
		ch := &p.res.Changes[l]
		if ch.Since == "" {
			p.line(0, text(colLabel, p.l.Get(l.String()), StyleLabel), text(colFirst, p.l.Get("nd"), StyleFact), text(colWide, p.l.Get("chg.first"), StyleNote))
			continue
		}
		since := p.l.Edition(ch.Since)
		p.movement(p.l.Get("chg.arrived."+l.String(), "date", since), ch.Arrived)
		p.movement(p.l.Get("chg.left."+l.String(), "date", since), ch.Left)
		for _, k := range []struct {
			key  string
			most int
			then string
			said []string
		}{
			{"chg.early", mostChanges, between, p.endings(ch.Rows.Early, false)},
			{"chg.overdue", mostChanges, between, p.endings(ch.Rows.Overdue, true)},
			{"chg.renamed", mostChanges, between, p.renames(ch.Rows.Renamed)},
			{"chg.changed", mostChanges, "\n", p.rows(l, ch.Rows.Changed)},
			{"chg.added", mostChanges, between, p.actors(ch.Rows.Added)},
			{"chg.removed", mostChanges, between, p.actors(ch.Rows.Removed)},
			{"chg.respelt", mostRespelt, between, p.renames(ch.Rows.Respelt)},
		} {
			if len(k.said) > 0 {
				p.happened(p.l.Get(k.key+"."+l.String()), len(k.said), p.some(k.said, k.most, k.then))
			}
		}
	}
	if p.has(etl.Approved) && p.has(etl.Certified) {
		p.movement(p.l.Get("chg.moved"), p.res.Moved)
	}
}

func (p *page) movement(label string, actors []int32) {
	names := p.l.names(brief(p.res.Names(actors)), mostNames)
	p.happened(label, len(actors), names)
}

func (p *page) happened(label string, n int, said string) {
	p.line(wrapped(said, 16), text(colLabel, label, StyleLabel), p.fact(colFirst, &n), text(colWide, said, StyleNote))
}

// some lists as much as a cell should hold, so many at most, and one more rather than
// "and 1 others"; then stands between two.
func (p *page) some(said []string, most int, then string) string {
	list := ""
	for i, s := range said {
		rest := len(said) - i
		if i > 0 && (i >= most && rest > 1 || utf8.RuneCountInString(list)+utf8.RuneCountInString(s) > changeChars) {
			return p.l.Get("chg.more", "list", list, "then", then, "n", strconv.Itoa(rest))
		}
		if i > 0 {
			list += then
		}
		list += s
	}
	return list
}

func (p *page) endings(es []compare.Ending, onlyNew bool) []string {
	var out []string
	for _, e := range es {
		if e.New || !onlyNew {
			d, _ := etl.ParseDate(e.End)
			out = append(out, p.l.Get("chg.ends", "name", cut(e.Name, nameChars), "date", p.l.Day(d)))
		}
	}
	return out
}

func (p *page) renames(rs []compare.Rename) []string {
	var out []string
	for _, r := range rs {
		out = append(out, p.l.Get("chg.change", "was", cut(r.Was, valueChars), "now", cut(r.Now, valueChars)))
	}
	return out
}

func (p *page) actors(as []compare.Actor) []string {
	var out []string
	for _, a := range as {
		out = append(out, cut(a.Name, nameChars))
	}
	return out
}

func (p *page) rows(l etl.Listing, cs []compare.Change) []string {
	var out []string
	for _, c := range cs {
		var fields []string
		for _, f := range c.Fields {
			change := p.l.Get("chg.change", "was", cut(p.value(f.Field, f.Was), valueChars), "now", cut(p.value(f.Field, f.Now), valueChars))
			fields = append(fields, p.l.Get("chg.field", "field", p.field(l, f.Field), "change", change))
		}
		out = append(out, p.l.Get("chg.row", "name", cut(c.Name, nameChars), "fields", strings.Join(fields, ", ")))
	}
	return out
}

// columnLabels are the headings of the columns of both lists, but for activities,
// which have their own table.
var columnLabels = [2]map[string]string{
	etl.Approved: {"name": "col.name", "position": "col.position", "service": "col.service", "from": "col.approved.from", "until": "col.approved.until", "effective": "col.effective",
		"also": "col.also.approved", "source_name": "col.source_name", "id": "col.id", "status": "col.status", ActorColumn: "col.actor", "unread": "col.unread"},
	etl.Certified: {"name": "col.name", "position": "col.position", "type": "col.type", "count": "col.count", "body": "col.body", "number": "col.number", "from": "col.certified.from", "until": "col.certified.until",
		"also": "col.also.certified", "source_name": "col.source_name", "id": "col.id", "status": "col.status", ActorColumn: "col.actor", "unread": "col.unread", "covered": "col.covered"},
}

// Headings are the headings of a list's sheet, by the ID of their column.
func Headings(ref *etl.Reference, labels Labels, l etl.Listing) map[string]string {
	out := map[string]string{}
	for id, key := range columnLabels[l] {
		out[id] = labels.Get(key)
	}
	if l == etl.Certified {
		for _, a := range ref.Activities {
			out[a.Key] = a.Short[labels.Language]
		}
	}
	return out
}

// field is a field's heading on the sheet.
func (p *page) field(l etl.Listing, field string) string {
	if key, ok := columnLabels[l][field]; ok {
		return p.l.Get(key)
	}
	if i := p.ref.ActivityIndex(field); i >= 0 {
		return p.ref.Activities[i].Short[p.l.Language]
	}
	return field
}

// value writes a value of a comparison as the sheet shows it.
func (p *page) value(field, value string) string {
	activity := p.ref.ActivityIndex(field) >= 0
	switch {
	case activity && value == etl.ActivityYes:
		return p.yes
	case activity && value == etl.ActivityNo:
		return p.no
	case activity && value == "":
		return p.unknown
	case value == "":
		return p.l.Get("chg.blank")
	case field == "from" || field == "until":
		if d, ok := etl.ParseDate(value); ok {
			return p.l.Day(d)
		}
	case field == "position":
		if pos, ok := p.ref.PositionOf(value); ok {
			return pos.Label[p.l.Language]
		}
	case field == "type":
		var types []string
		for _, key := range strings.Split(value, ";") {
			i := slices.IndexFunc(p.ref.Types, func(t etl.CertificateType) bool { return t.Key == key })
			if i < 0 {
				return value
			}
			types = append(types, p.ref.Types[i].Label[p.l.Language])
		}
		return strings.Join(types, " "+p.l.Get("type.and")+" ")
	}
	return value
}

// overdue names whose end has passed, list by list, for beside their live count.
func (p *page) overdue(day etl.Date) string {
	var out []string
	for _, l := range etl.Listings {
		if said := p.endings(p.res.Changes[l].Rows.Overdue, false); len(said) > 0 {
			out = append(out, p.l.Get("dl.past.names", "date", p.l.Date(day), "list", strings.ToLower(p.l.Get(l.String())), "names", p.some(said, mostChanges, between)))
		}
	}
	return strings.Join(out, " ")
}

// cut shortens a text that would fill a cell which lists many.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
