package site

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

type option struct{ Code, Label string }

type indexPage struct {
	shell
	H1, Fresh                    string
	Notices                      []string
	Figures                      []keyFigure
	Lists, Positions, Activities []option
	Total                        int
	Count                        string
	Rows                         []actorRow
	Ended                        [2]bool // by list: it has no column
	Nav                          []option
	ChangeNotes                  []string
	Changes                      []changeGroup
	Charts, Counts               []chart
	Deadlines                    chart
	DeadlineNotes                []string
	Method                       []note
	SourceURL, SourceName        string
	Sources                      []sourceFile
	About                        []linked
	Downloads                    []download
}

// actorRow is a row of the table of all actors on a list.
type actorRow struct {
	ID, Page, Name                    string
	Position, PositionLabel, Proposed string
	Lists, Activities, Terms          string
	On                                [2]listCell
	Covered, CoveredText, Dots        string
}

// listCell says of one list whether the actor is on it and until when. Sort is empty where
// that is not known.
type listCell struct {
	Sort, Text, Small string
	Off               bool
}

type changeGroup struct {
	Title string
	Open  bool
	Items []changed
}

type changed struct{ Term, ID, Page, Name, Said string }

type sourceFile struct {
	List, File, URL, SHA256 string
	Said                    []string
}

type download struct{ Address, Label string }

// index is the page.
func (b *builder) index(charts []chart) []byte {
	p := indexPage{shell: b.shell(b.book.Title, "index.html", "index.css"), H1: b.book.Title, Figures: b.keyFigures(),
		Charts: charts, Counts: b.counts(), Deadlines: b.deadlines(), Method: b.method()}
	p.Script = markup(file("script.js"))
	p.Policy = policy(p.Style, p.Script)
	p.Notices = b.notices()
	ids := b.f.res.Editions
	p.Fresh = b.say.Say("site-editions", "n", len(ids), "first", named(ids[0].ID))
	if len(ids) == 1 {
		p.Fresh = ""
	}
	for _, l := range etl.Listings {
		p.Ended[l] = b.gone(l)
	}
	p.Rows = b.rows()
	p.Total = len(p.Rows)
	p.Count = b.actorsOf(p.Total, "")
	p.Description = b.description(p.Figures)
	p.Words = &words{Day: p.AsOf, StaleDays: strconv.Itoa(b.opt.StaleDays),
		Stale: b.say.Say("site-stale", "edition", named(b.f.res.Edition.ID), "days", "#"),
		All:   p.Count, Some: b.actorsOf(2, "#"), One: b.actorsOf(1, "1"), None: b.of("site-none", "site-none-one")}
	b.options(&p)
	b.changes(&p)
	p.DeadlineNotes = b.deadlineNotes()
	p.SourceName, p.SourceURL = b.opt.Report.SourceName, web(b.opt.Report.SourceURL)
	b.sources(&p)
	p.Downloads = b.downloads(charts)
	for _, n := range []string{"changes", "charts", "deadlines", "method", "source", "downloads"} {
		p.Nav = append(p.Nav, option{n, p.T[n]})
	}
	return new(html).index(&p)
}

// actorsOf says how many actors are shown; shown is "" for all of them.
func (b *builder) actorsOf(n int, shown string) string {
	total := b.number(len(b.f.res.AnyList()))
	if shown == "" {
		return b.of("site-count", "site-count-one", "n", n, "total", total)
	}
	return b.say.Say("site-some", "n", n, "shown", shown, "total", total)
}

// description is the page in a sentence, for search engines and previews.
func (b *builder) description(figures []keyFigure) string {
	var said []string
	for _, f := range figures {
		if f.Value != "" && !strings.Contains(f.Path, "mean") {
			said = append(said, b.say.Say("site-figure", "label", f.Label, "n", f.Text))
		}
	}
	return b.f.labels.Get("asof", "date", b.common.Day) + ". " + strings.Join(said, ", ") + "."
}

// notices must not be missed: what the newsroom says, errata, and what a person let
// through. Who that was stays in the registry.
func (b *builder) notices() []string {
	var out []string
	if b.opt.Report.Notice != "" {
		out = append(out, b.opt.Report.Notice)
	}
	for _, e := range b.opt.Report.Errata {
		out = append(out, b.f.labels.Get("erratum", "text", e))
	}
	for _, l := range etl.Listings {
		switch list := &b.f.res.Edition.List[l]; {
		case b.never(l):
			out = append(out, b.say.Say("site-ended-never", "list", l, "day", b.f.labels.Date(list.Ended)))
		case list.HasEnded():
			out = append(out, b.say.Say("site-ended", "list", l, "day", b.f.labels.Date(list.Ended)))
		case list.Missing:
			out = append(out, b.f.labels.Get("missing."+l.String()))
		}
	}
	for _, r := range b.f.res.Refusals {
		if r.Accepted == nil {
			continue
		}
		what, known := b.f.labels.Texts["gate."+r.Finding.Code]
		if !known {
			what = b.f.labels.Get("gate.other", "code", r.Finding.Code)
		}
		if said := b.say.Say("site-accepted", "what", what, "date", b.f.labels.Edition(r.Accepted.Date)); !slices.Contains(out, said) {
			out = append(out, said)
		}
	}
	return out
}

// options are those of the selects. A list that is missing has none.
func (b *builder) options(p *indexPage) {
	p.Lists = []option{{"", b.say.Say("site-any-f")}}
	drawn := b.drawn()
	for _, l := range drawn {
		p.Lists = append(p.Lists, option{l.String(), b.f.labels.Get(l.String())})
	}
	if len(drawn) == 2 {
		p.Lists = append(p.Lists, option{"both", b.f.labels.Get("key.both")})
	}
	p.Positions = []option{{"", b.say.Say("site-any")}}
	on := map[string]bool{}
	for i := range p.Rows {
		on[p.Rows[i].Position] = true
	}
	for _, pos := range b.f.ref.Positions {
		if on[pos.Code] {
			p.Positions = append(p.Positions, option{pos.Code, pos.Label[b.f.labels.Language]})
		}
	}
	p.Activities = []option{{"", b.say.Say("site-any-f")}}
	if !b.f.res.Edition.List[etl.Certified].Missing {
		for _, a := range b.f.ref.Activities {
			p.Activities = append(p.Activities, option{a.Key, a.Short[b.f.labels.Language]})
		}
	}
}

// rows are the actors on a list, in the order of the sheets.
func (b *builder) rows() []actorRow {
	of := b.f.res.AnyList()
	out := make([]actorRow, 0, len(of))
	day := b.f.Day()
	for _, i := range of {
		e := b.f.Directory.Entry(b.f.res.Actors[i].ID)
		pos := b.f.position(e)
		r := actorRow{ID: e.ID, Page: b.f.page(e.ID), Name: e.Name, Position: pos.Code, PositionLabel: pos.Label,
			Terms: terms(e)}
		if pos.Status == "proposed" {
			r.Proposed = b.f.labels.Get("status.rule")
		}
		var lists []string
		for _, l := range etl.Listings {
			at := b.f.Lists.At(i, l, day)
			r.On[l] = b.onList(l, &at)
			if b.f.res.On[l].Has(i) {
				lists = append(lists, l.String())
			}
			if l == etl.Certified {
				b.covered(&r, &at)
			}
		}
		r.Lists = strings.Join(lists, " ")
		out = append(out, r)
	}
	return out
}

// terms are what the search looks in: all names, folded.
func terms(e *etl.Entry) string {
	var out []string
	for i, n := range append([]etl.KnownName{{Name: e.Name}}, e.Names...) {
		folded := etl.SearchFold(n.Name)
		if i == 0 || !strings.Contains(strings.Join(out, " "), folded) {
			out = append(out, folded)
		}
	}
	return strings.Join(out, " ")
}

func (b *builder) onList(l etl.Listing, at *etl.Status) listCell {
	switch {
	case b.f.res.Edition.List[l].Missing && !b.f.res.Edition.List[l].HasEnded():
		return listCell{Text: b.f.labels.Get("nd"), Off: true}
	case at.Standing != "":
		return listCell{Text: b.f.labels.Get("no"), Small: at.Word, Off: true}
	case at.Answer == etl.No || at.Answer == etl.Unknown:
		return listCell{Text: b.f.labels.Get("no"), Off: true}
	case at.Until.IsZero():
		return listCell{Sort: "9999", Text: b.f.labels.Get("yes")}
	}
	c := listCell{Sort: at.Until.Last().String(), Text: b.f.labels.Get("yes"),
		Small: b.say.Say("site-until", "date", b.f.labels.Day(at.Until))}
	if at.Answer == etl.Expired {
		c.Small = b.say.Say("site-past", "date", b.f.labels.Day(at.Until))
	}
	return c
}

// covered says which activities a certified actor covers.
func (b *builder) covered(r *actorRow, at *etl.Status) {
	r.CoveredText = b.f.labels.Get("names.none")
	switch {
	case b.f.res.Edition.List[etl.Certified].Missing:
		r.CoveredText = b.f.labels.Get("nd")
		return
	case at.Answer != etl.Yes && at.Answer != etl.Expired:
		r.CoveredText = "–"
		return
	}
	r.Activities = strings.Join(b.f.keys(at.Activities), " ")
	if !at.Activities.Known() {
		r.CoveredText = b.f.labels.Get("unknown")
		return
	}
	n, all := at.Activities.Yes.Len(), len(b.f.ref.Activities)
	r.Covered = strconv.Itoa(n)
	r.CoveredText = b.say.Say("site-of", "n", n, "all", all)
	for i := range b.f.ref.Activities {
		if at.Activities.Yes.Has(i) {
			r.Dots += "●"
		} else {
			r.Dots += "○"
		}
	}
}

// mostOpen is the largest number of changes of a kind that are shown without a click.
const mostOpen = 30

// changes are those of the edition, by term.
func (b *builder) changes(p *indexPage) {
	byTerm := map[etl.Term][]changed{}
	since := map[etl.Term]string{}
	for _, e := range b.events {
		if e.Edition != b.f.res.Edition.ID {
			break // the newest come first
		}
		for _, f := range e.Facts {
			byTerm[f.Term] = append(byTerm[f.Term],
				changed{string(f.Term), e.ID, b.f.page(e.ID), e.Name, b.f.saidShort(e.ID, &f)})
			since[f.Term] = f.Since
		}
	}
	for _, l := range etl.Listings {
		if ch := &b.f.res.Changes[l]; ch.Since == "" && !b.f.res.Edition.List[l].Missing {
			p.ChangeNotes = append(p.ChangeNotes, b.say.Say("site-first", "list", l))
		}
	}
	rank := map[string]int{}
	for i := range p.Rows {
		rank[p.Rows[i].ID] = i + 1
	}
	for _, t := range etl.Terms {
		items := byTerm[t]
		if len(items) == 0 {
			continue
		}
		slices.SortStableFunc(items, func(a, b changed) int { return rank[a.ID] - rank[b.ID] })
		p.Changes = append(p.Changes, changeGroup{b.say.Say(termKeys[t], "n", len(items), "since", named(since[t])),
			len(items) <= mostOpen, items})
	}
	if len(p.Changes) == 0 && len(p.ChangeNotes) == 0 {
		p.ChangeNotes = []string{b.say.Say("site-unchanged")}
	}
}

// deadlineNotes say what the table of ends counts, and of which list nothing is known.
func (b *builder) deadlineNotes() []string {
	var out []string
	for _, l := range b.drawn() {
		if !dated(&b.f.res.Edition.List[l]) {
			out = append(out, b.say.Say("site-no-ends", "list", l))
		}
	}
	if s := b.summary("deadlines"); s != nil && s.PageNote != "" {
		out = append(out, s.PageNote)
	}
	return out
}

// method says how the figures are made.
func (b *builder) method() []note {
	out := []note{{b.say.Say("site-method-actors"), b.say.Say(b.methodActors())},
		{b.say.Say("site-method-answer"), b.say.Say("site-method-answer.text")}}
	return append(out, b.notes()...)
}

// methodActors is what counts as an actor, which has approvals, certificates or both.
func (b *builder) methodActors() message.Key {
	if l, alone := b.lone(); alone {
		return message.Key("site-method-" + l.String() + ".text")
	}
	return "site-method-actors.text"
}

// sources are the files that the edition was read from.
func (b *builder) sources(p *indexPage) {
	for _, l := range etl.Listings {
		list := &b.f.res.Edition.List[l]
		s := sourceFile{List: b.f.labels.Get("sheet." + l.String())}
		if t := list.Source.Table; t != nil {
			s.File, s.SHA256, s.URL = b.fileName(t.File), t.SHA256, web(list.Source.URL)
			s.Said = append(s.Said, b.say.Say("site-rows-n", "n", len(list.Rows)))
			if list.Source.Publisher != "" {
				s.Said = append(s.Said, list.Source.Publisher)
			}
			if list.Source.Retrieved != "" {
				s.Said = append(s.Said, b.f.labels.Get("prov.retrieved", "date", b.f.labels.Edition(list.Source.Retrieved)))
			}
		} else {
			s.Said = append(s.Said, b.why(l))
		}
		p.Sources = append(p.Sources, s)
	}
	if r := b.opt.Report; r.Licence != "" {
		p.About = append(p.About, linked{b.f.labels.Get("licence", "licence", r.Licence), web(r.Licence)})
	}
	if text, link := b.contact(); text != "" {
		p.About = append(p.About, linked{text, link})
	}
}

// fileName is a source file for readers: without the path of a loose one.
func (b *builder) fileName(name string) string {
	if b.opt.Loose {
		return path.Base(filepath.ToSlash(name))
	}
	return name
}

// downloads are files with their size and format in words.
func (b *builder) downloads(charts []chart) []download {
	var out []download
	add := func(address string, key message.Key, pairs ...any) {
		if text, there := b.files[address]; there {
			out = append(out, download{address, b.say.Say(key, append(pairs, "size", b.size(len(text)))...)})
		}
	}
	add("data/hds.xlsx", "site-dl-xlsx")
	for _, l := range etl.Listings {
		address, what := "data/"+[2]string{"agrees", "certifies"}[l]+".csv", b.f.labels.Get("sheet."+l.String())
		if b.f.res.Edition.List[l].Missing {
			add(address, "site-dl-empty", "what", what, "why", b.why(l))
		} else {
			add(address, "site-dl-csv", "what", what)
		}
	}
	add("data/changements.csv", "site-dl-csv", "what", b.say.Say("site-changes"))
	add("datapackage.json", "site-dl-package")
	add("api/v1/actors.json", "site-dl-json")
	add("feed.xml", "site-dl-feed")
	for _, c := range charts {
		if c.Gone {
			continue
		}
		add("graphiques/"+c.Key+".svg", "site-dl-svg", "what", c.Title)
	}
	return out
}

// size is a number of bytes in words.
func (b *builder) size(n int) string {
	unit := map[string][3]string{"fr": {"octets", "ko", "Mo"}, "en": {"bytes", "kB", "MB"}}[b.f.labels.Language]
	switch {
	case n < 1000:
		return fmt.Sprintf("%d\u00a0%s", n, unit[0])
	case n < 1_000_000:
		return fmt.Sprintf("%s\u00a0%s", b.number((n+500)/1000), unit[1])
	}
	return b.say.Decimal(float64(n)/1e6, 1) + "\u00a0" + unit[2]
}
