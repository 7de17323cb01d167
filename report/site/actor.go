package site

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/cores"
	"hdsreport/etl/message"
)

type actorPage struct {
	shell
	ID, Name, JSON string
	Answers        []answerText
	Notices        []string
	Facts          []fact
	Tables         []rowTable
	HistoryHeads   []string
	History        []historyRow
	Names          []nameText
}

type answerText struct{ List, Answer, Label, Text string }

type fact struct {
	Label string
	Parts []linked
}

type rowTable struct {
	Title string
	Heads []string
	Rows  []tableRow
}

type tableRow struct {
	ID    string
	Cells []cell
}

type cell struct{ Text, Date string }

type historyRow struct {
	Edition, Label string
	Cells          []string
}

type nameText struct{ Text, Kind string }

// actors puts the page and the document of every actor. They are made on all cores.
func (b *builder) actors() error {
	day := b.f.Day()
	b.style(actorStyle) // the first of all, since it is kept
	entries := b.f.Directory.Entries
	pages, docs, errs := make([][]byte, len(entries)), make([][]byte, len(entries)), make([]error, len(entries))
	cores.Every(len(entries), func(i int) {
		doc := b.f.Actor(&entries[i], day)
		docs[i], errs[i] = encoded(doc)
		pages[i] = b.actor(&entries[i], doc)
	})
	for i, e := range entries {
		b.put(b.document(e.ID), docs[i])
		b.put(b.f.page(e.ID), pages[i])
	}
	return errors.Join(errs...)
}

const actorStyle = "actor.css"

func (b *builder) document(id string) string { return "api/v1/actors/" + b.f.pages[id] + ".json" }

// actor is the page of one actor. It opens with the answer, the list that is in force
// first.
func (b *builder) actor(e *etl.Entry, doc *Actor) []byte {
	p := actorPage{shell: b.shell(b.say.Say("site-title", "name", e.Name, "site", b.book.Title), b.f.page(e.ID),
		actorStyle), ID: e.ID, Name: e.Name, JSON: b.document(e.ID)}
	day := b.f.Day()
	for _, l := range b.newestFirst() {
		at := b.f.Lists.At(e.Actor, l, day)
		p.Answers = append(p.Answers, answerText{l.String(), string(at.Answer), b.say.Say("site-answer", "list", l),
			b.sentence(e, l, &at)})
	}
	if len(e.Successors) > 0 {
		p.Notices = append(p.Notices, b.say.Say("site-says-replaced", "name", e.Name, "other", b.f.namesOf(e.Successors)))
	}
	for _, m := range doc.Maybe {
		p.Notices = append(p.Notices, b.say.Say("site-says-maybe", "name", e.Name, "other", m.Name))
	}
	p.Description = p.Answers[0].Text
	b.facts(&p, e)
	b.rowTables(&p, e)
	never := [2]bool{b.never(etl.Approved), b.never(etl.Certified)}
	p.HistoryHeads = append([]string{b.f.labels.Get("hist.label")}, listed(never, [2]string{b.say.Say("site-approved"),
		b.say.Say("site-certified")})...)
	if !never[etl.Certified] {
		p.HistoryHeads = append(p.HistoryHeads, b.say.Say("site-activities"))
	}
	p.HistoryHeads = append(p.HistoryHeads, b.say.Say("site-end"))
	for i := len(*doc.History) - 1; i >= 0; i-- {
		h := &(*doc.History)[i]
		covered := "–"
		if h.Certified != nil && *h.Certified {
			covered = strconv.Itoa(len(h.Activities))
		}
		end := b.f.day(string(h.Until))
		if end == "" {
			end = "–"
		}
		cells := listed(never, [2]string{b.yesNo(h.Approved, etl.Approved, i), b.yesNo(h.Certified, etl.Certified, i)})
		if !never[etl.Certified] {
			cells = append(cells, covered)
		}
		p.History = append(p.History, historyRow{h.Edition, b.f.labels.Edition(h.Edition), append(cells, end)})
	}
	seen := map[string]bool{}
	for _, n := range e.Names {
		kind := b.say.Say(message.Key("site-kind-"+n.Kind), "from", n.From, "to", n.To)
		if n.From != "" || n.To != "" {
			kind = b.say.Say("site-kind-dated", "kind", kind, "dates", strings.Trim(n.From+" → "+n.To, " "))
		}
		if !seen[n.Name+"\x00"+kind] {
			seen[n.Name+"\x00"+kind] = true
			p.Names = append(p.Names, nameText{n.Name, kind})
		}
	}
	h := html{text: make([]byte, 0, 16<<10)}
	return h.actor(&p)
}

// newestFirst are the lists, the newer regime first, and last one that has ended.
func (b *builder) newestFirst() []etl.Listing {
	if b.gone(etl.Certified) {
		return []etl.Listing{etl.Approved, etl.Certified}
	}
	return []etl.Listing{etl.Certified, etl.Approved}
}

// yesNo says whether an actor was on a list in an edition of the history.
func (b *builder) yesNo(on *bool, l etl.Listing, edition int) string {
	switch {
	case on == nil && b.f.res.Stats.History[edition].Ended[l]:
		return b.f.labels.Get("ended.short")
	case on == nil:
		return b.f.labels.Get("nd")
	case *on:
		return b.f.labels.Get("yes")
	}
	return b.f.labels.Get("no")
}

// sentence is the answer in a sentence that can be quoted.
func (b *builder) sentence(e *etl.Entry, l etl.Listing, at *etl.Status) string {
	day := b.common.Day
	list := message.Key("site-list-" + l.String())
	until := b.f.labels.Date(at.Until)
	var covers message.Message
	if l == etl.Certified && (at.Answer == etl.Yes || at.Answer == etl.Expired) {
		covers = b.covers(at.Activities)
	}
	args := []any{"name", e.Name, "day", day, "list", list}
	switch {
	case !at.Ended.IsZero() && at.Since != "":
		return b.say.Say("site-says-ended-was", append(args, "ended", b.f.labels.Date(at.Ended), "edition",
			named(at.Edition))...)
	case !at.Ended.IsZero():
		return b.say.Say("site-says-ended", append(args, "ended", b.f.labels.Date(at.Ended))...)
	case at.Answer == etl.Unknown:
		return b.say.Say("site-says-unknown", args...)
	case at.Standing != "":
		return b.say.Say("site-says-standing", append(args, "standing", at.Word)...)
	case at.Answer == etl.No && at.Since != "":
		return b.say.Say("site-says-left", append(args, "since", named(at.Since), "left", named(at.Left))...)
	case at.Answer == etl.No:
		return b.say.Say("site-says-no", args...)
	case at.Answer == etl.Expired:
		return b.say.Say("site-says-expired", append(args, "until", until, "covers", covers)...)
	case at.Until.IsZero():
		return b.say.Say("site-says-yes", append(args, "covers", covers, "since", b.since(l, at))...)
	}
	return b.say.Say("site-says-until", append(args, "until", until, "covers", covers, "since", b.since(l, at))...)
}

func (b *builder) since(l etl.Listing, at *etl.Status) message.Message {
	if at.Since == b.f.Lists.Oldest(l) {
		return message.New("site-since-oldest", "edition", named(at.Since))
	}
	return message.New("site-since", "edition", named(at.Since))
}

// covers names the activities of a certificate within a sentence.
func (b *builder) covers(a etl.Activities) message.Message {
	n, all := a.Yes.Len(), len(b.f.ref.Activities)
	switch {
	case n == all:
		return message.New("site-covers-all", "all", b.f.labels.InWords(all))
	case n > 0:
		return message.New("site-covers", "n", n, "names", b.f.activities(a))
	}
	return message.Message{}
}

// facts are what else is known: what it is, since when it is listed, whom it succeeds.
func (b *builder) facts(p *actorPage, e *etl.Entry) {
	add := func(key message.Key, parts ...linked) {
		if len(parts) > 0 {
			p.Facts = append(p.Facts, fact{b.say.Say(key), parts})
		}
	}
	pos := b.f.position(e)
	if pos.Status == "proposed" {
		pos.Label += " (" + b.f.labels.Get("status.rule") + ")"
	}
	add("site-position", linked{Text: pos.Label})
	if link := web(e.Website); link != "" {
		add("site-website", linked{strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(link, "https://"), "http://"),
			"/"), link})
	}
	for _, k := range []struct {
		key message.Key
		ids []string
	}{{"site-successor", e.Successors}, {"site-predecessors", e.Predecessors}} {
		var parts []linked
		for _, id := range k.ids {
			parts = append(parts, linked{b.f.Directory.Entry(id).Name, b.f.pages[id] + ".html"})
		}
		add(k.key, parts...)
	}
	add("site-id", linked{Text: e.ID})
}

// rowTables are the rows of the edition that each answer is taken from.
func (b *builder) rowTables(p *actorPage, e *etl.Entry) {
	day := b.f.Day()
	for _, l := range b.newestFirst() {
		rows := b.f.rows(e, l, day)
		if len(rows) == 0 {
			continue
		}
		at := b.f.Lists.At(e.Actor, l, day)
		t := rowTable{Title: b.say.Say(message.Key("site-rows-"+l.String()), "edition", named(at.Edition))}
		head := func(fields ...etl.Field) {
			for _, f := range fields {
				t.Heads = append(t.Heads, b.f.words.Field(l, string(f)))
			}
		}
		if l == etl.Approved {
			head(etl.FieldService, etl.FieldFrom, etl.FieldUntil, "effective")
		} else {
			head(etl.FieldType, etl.FieldActivities, etl.FieldBody, etl.FieldNumber, etl.FieldFrom, etl.FieldUntil)
		}
		list := &b.f.res.Edition.List[l]
		others := slices.DeleteFunc(slices.Clone(b.f.further[l]), func(d *etl.Definition) bool {
			return !slices.ContainsFunc(rows, func(r etl.Row) bool { return d.Shows(list, &r) != "" })
		})
		for _, d := range others {
			head(d.Key)
		}
		for _, r := range rows {
			var cells []cell
			if l == etl.Approved {
				cells = []cell{b.textCell(r.Service), b.dateCell(r.From, r.Raw[etl.FieldFrom]),
					b.dateCell(r.Until, r.Raw[etl.FieldUntil]), b.dateCell(r.Effective, r.Raw[etl.FieldUntil])}
			} else {
				var types []string
				for k, t := range b.f.ref.Types {
					if r.Types&(1<<k) != 0 {
						types = append(types, t.Label[b.f.labels.Language])
					}
				}
				cells = []cell{b.textCell(strings.Join(types, " "+b.f.labels.Get("type.and")+" ")),
					b.textCell(b.f.activities(r.Activities)), b.textCell(r.Body), b.textCell(r.Number),
					b.dateCell(r.From, r.Raw[etl.FieldFrom]), b.dateCell(r.Until, r.Raw[etl.FieldUntil])}
			}
			for _, d := range others {
				if d.Kind == etl.KindDate {
					cells = append(cells, b.dateCell(d.Date(&r), r.Raw[d.Key]))
				} else {
					cells = append(cells, b.textCell(d.Shows(list, &r)))
				}
			}
			t.Rows = append(t.Rows, tableRow{r.ID, cells})
		}
		p.Tables = append(p.Tables, t)
	}
}

func (b *builder) textCell(s string) cell {
	if s == "" {
		return cell{Text: b.say.Say("site-unstated")}
	}
	return cell{Text: s}
}

// dateCell is a date as the sheet shows it, or the text that could not be read.
func (b *builder) dateCell(d etl.Date, raw string) cell {
	switch {
	case !d.IsZero():
		return cell{b.f.labels.Day(d), d.String()}
	case raw != "":
		return cell{Text: raw}
	}
	return cell{Text: b.say.Say("site-unstated")}
}
