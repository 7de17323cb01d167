package report

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

const (
	mostNames  = 40  // in one cell; more are counted
	mostBodies = 12  // names beside a certification body
	chartChars = 180 // of the source's name, in a chart
	nameChars  = 300 // of a name in such a cell; forty of them are far from a cell's limit

	// longestCompared is of a text that a live formula holds: it stands there twice, and a
	// formula takes 8,192 characters.
	longestCompared = 1000
)

// summary makes the sections of the summary.
type summary struct {
	*builder
	figures *evaluator // over the data sheets, which are whole by now
	// disagreements are the figures that the pipeline counted otherwise.
	disagreements []error
}

// summary builds the third sheet. Its sections follow the order in which readers ask. It
// returns an error if a figure differs from the pipeline's count.
func (b *builder) summary() (*Sheet, error) {
	s := &summary{builder: b, figures: newEvaluator(b.book)}
	sheet := &Sheet{ID: SummarySheet, Name: b.l.Get("sheet.summary"), Widths: summaryWidths,
		PrintColumns: len(summaryWidths), Landscape: true, Tab: summaryTab}
	sheet.Opening = s.opening()
	for _, section := range []func() *Section{s.keyFigures, s.positions, s.activities, s.activityCounts,
		s.certificates, s.history, s.deadlines, s.changes, s.standing, s.awaiting, s.provenance} {
		if made := section(); made != nil {
			sheet.Sections = append(sheet.Sections, *made)
		}
	}
	sheet.Sections = append(sheet.Sections, *s.method(sheet.Sections))
	sheet.layOut()
	return sheet, errors.Join(s.disagreements...)
}

// opening returns what every sheet opens with, then how recent the lists are, errata and
// accepted refusals.
func (s *summary) opening() []Paragraph {
	out := s.builder.opening(cmp.Or(s.opt.Title, s.l.Get("sheet.summary")))
	add := func(role ParagraphRole, text string) { out = append(out, Paragraph{Role: role, Text: text}) }
	ids := s.res.Editions
	add(OpeningRemark, s.l.Get("fresh", "date", s.l.Edition(s.res.Edition.ID), "n", strconv.Itoa(len(ids)),
		"first", s.l.Edition(ids[0].ID)))
	for _, e := range s.opt.Errata {
		add(OpeningNotice, s.l.Get("erratum", "text", e))
	}
	for _, r := range s.res.Refusals {
		if r.Accepted != nil {
			add(OpeningNotice, s.accepted(&r))
		}
	}
	return out
}

// accepted says what the gate let through, for readers. Who let it through, and why, stays in
// the registry: the workbook and the shared sheet are public.
func (s *summary) accepted(r *etl.Refusal) string {
	what, known := s.l.Texts["gate."+r.Finding.Code]
	if !known {
		what = s.l.Get("gate.other", "code", r.Finding.Code)
	}
	return s.l.Get("wait.accepted", "what", what, "date", s.l.Edition(r.Accepted.Date))
}

// section begins a section; its title and note are the texts "….heading" and "….note"
// of a key.
func (s *summary) section(id, key string, grids ...Grid) *Section {
	out := &Section{ID: id, Title: s.l.Get(s.worded(key + ".heading")), Grids: grids}
	if note := s.worded(key + ".note"); s.l.Texts[note] != "" {
		out.Note = s.l.Get(note, "date", s.l.Date(s.res.Edition.Date))
		out.PageNote = s.l.Get(s.l.onPage(note), "date", s.l.Date(s.res.Edition.Date))
	}
	return out
}

// grid begins a grid with a label and some figures.
func grid(label string, figures ...string) Grid {
	g := Grid{Columns: []Head{{label, RoleLabel}}}
	for _, f := range figures {
		g.Columns = append(g.Columns, Head{f, RoleFigure})
	}
	return g
}

// words adds a column of sentences.
func (g Grid) words(header string) Grid {
	g.Columns = append(g.Columns, Head{header, RoleWords})
	return g
}

func (g *Grid) row(entries ...Entry) { g.Rows = append(g.Rows, Row{Entries: entries}) }

// picture is a section's chart, of all rows that its grid has so far.
func (s *summary) picture(kind ChartKind, key string, g *Grid, columns ...int) *Picture {
	subtitle := s.asOf()
	if s.opt.SourceName != "" {
		subtitle = s.l.Get("chart.source", "asof", subtitle,
			"source", s.l.Get("source.plain", "name", message.Cut(s.opt.SourceName, chartChars)))
	}
	return &Picture{Kind: kind, Title: s.l.Get(s.worded(key + ".chart")), Subtitle: subtitle,
		Alt: s.l.Get(s.worded(key+".alt"), "all", s.l.InWords(len(s.ref.Activities))), Columns: columns, To: len(g.Rows)}
}

func says(text string) Entry { return Entry{Value: TextOf(text)} }

// live is an entry with an expression and its value.
func (s *summary) live(id string, e Expr, format Format) Entry {
	return Entry{ID: id, Value: s.figures.eval(e), Expr: e, Format: format}
}

// counted is a live entry of a figure that the pipeline has counted too.
func (s *summary) counted(id string, e Expr, counted *int) Entry {
	out := s.live(id, e, FormatWhole)
	s.agree(id, out.Value, float(counted))
	return out
}

// fact is a number that cannot be live; nil means that it is not available.
func (s *summary) fact(id string, n *int) Entry { return s.factOf(id, float(n), FormatWhole) }

func (s *summary) factOf(id string, n *float64, format Format) Entry {
	out := Entry{ID: id, Format: format, Fact: true, Value: TextOf(s.l.Get("nd"))}
	if n != nil {
		out.Value = NumberOf(*n)
	}
	return out
}

// onLists are live entries: the actors that meet the conditions on each list that has not
// ended and, if that is both, on either of them. Where the edition lacks a list that one
// needs, it says so instead.
func (s *summary) onLists(figure string, counted [3]*int, where ...Cond) []Entry {
	needs := [3][]etl.Listing{{etl.Approved}, {etl.Certified}, etl.Listings[:]}
	var out []Entry
	for i, e := range []Expr{s.approvedActors(where...), s.certifiedActors(where...), s.together(where...)} {
		if slices.ContainsFunc(needs[i], s.hasEnded) {
			continue
		}
		id := figure + "/" + [3]string{"approved", "certified", "any"}[i]
		if s.lacks(needs[i]) {
			out = append(out, s.fact(id, nil))
			continue
		}
		out = append(out, s.counted(id, e, counted[i]))
	}
	return out
}

// brief shortens long names for a cell that lists many; the data sheets have the full
// names.
func brief(names []string) []string {
	out := slices.Clone(names)
	for i, n := range out {
		out[i] = message.Cut(n, nameChars)
	}
	return out
}

// has reports whether the published edition has a list.
func (s *summary) has(l etl.Listing) bool { return !s.res.Edition.List[l].Missing }

// hasEnded reports whether a list has ended by the published edition.
func (s *summary) hasEnded(l etl.Listing) bool { return s.res.Edition.List[l].HasEnded() }

// listHeads are the headings of the lists that have not ended.
func (s *summary) listHeads() []string {
	var out []string
	for _, l := range s.shown() {
		out = append(out, s.l.Get(l.String()))
	}
	return out
}

// lacks reports whether the published edition lacks one of some lists.
func (s *summary) lacks(needs []etl.Listing) bool {
	return slices.ContainsFunc(needs, func(l etl.Listing) bool { return !s.has(l) })
}

// here is the published edition among those of the history.
func (s *summary) here() *etl.HistoryEntry {
	return &s.res.Stats.History[len(s.res.Stats.History)-1]
}

func (s *summary) keyFigures() *Section {
	g := grid(s.l.Get("key.figure"), strings.ReplaceAll(s.l.Edition(s.res.Edition.ID), nbsp, " "),
		s.l.Get("key.previous"), s.l.Get("key.change")).words(s.l.Get("key.who"))
	g.Large = true
	for _, r := range Readings(&s.res.Stats) {
		g.row(s.keyFigure(&r)...)
	}
	return s.section("key", "key", g)
}

// keyFigure is one line: the value, the last edition's that has one, the change, and
// whom it counts.
func (s *summary) keyFigure(r *Reading) []Entry {
	format, change := FormatWhole, FormatDelta
	if r.Decimal {
		format, change = FormatDecimal, FormatDeltaDecimal
	}
	id := "key/" + r.Key
	before := s.factOf(id+"/before", r.Before, format)
	out := []Entry{says(r.Label(s.l, s.ref)), s.factOf(id, nil, format), before, s.factOf(id+"/change", nil, change)}
	if missing := slices.IndexFunc(r.Needs, func(l etl.Listing) bool { return !s.has(l) }); missing >= 0 {
		return append(out, says(s.l.Get("missing."+r.Needs[missing].String())))
	}
	e := r.expr(s)
	if r.Now != nil { // else nobody can tell, of any actor
		out[1] = s.live(id, e, format)
		s.agree(id, out[1].Value, r.Now)
		if r.Before != nil {
			out[3] = s.live(id+"/change", Difference{e, Shown{before.ID, *r.Before}}, change)
		}
	}
	return append(out, s.who(r, e))
}

// who says whom a key figure counts: with names as of the edition's date, and with
// live ones where they are few and stand there whole.
func (s *summary) who(r *Reading, e Expr) Entry {
	before, after, named := strings.Cut(r.who("who."+r.Key, s.l, s.ref, s.res.Edition.Date), "{names}")
	if !named {
		return says(before)
	}
	names := brief(r.Names)
	out := says(before + r.named(s.l, s.res.Edition.Date) + after)
	if of, counted := e.(CountActors); counted && len(names) <= mostNames && slices.Equal(names, r.Names) {
		out.Names = &Names{Before: before, Of: of, Separator: nameSeparator, None: s.l.Get("names.none"), After: after}
	}
	return out
}

func (s *summary) positions() *Section {
	lists := s.listHeads()
	if len(lists) == len(etl.Listings) {
		lists = append(lists, s.l.Get("pos.together"))
	}
	g := grid(s.field(etl.Approved, string(etl.FieldPosition)), lists...)
	for i, pos := range s.ref.Positions {
		counted := &s.res.Stats.Positions[i]
		figures := s.onLists("positions/"+pos.Code, [3]*int{counted.Approved, counted.Certified, counted.Any},
			s.isPosition(pos.Code))
		g.row(append([]Entry{says(pos.Label[s.l.Language])}, figures...)...)
	}
	picture := s.picture(Bars, "pos", &g, []int{1, 2}[:len(s.shown())]...)
	here := s.here()
	g.row(append([]Entry{says(s.l.Get("pos.total"))},
		s.onLists("positions/total", [3]*int{here.Approved, here.Certified, here.Any})...)...)
	g.Rows[len(g.Rows)-1].Total = true
	out := s.section("positions", "pos", g)
	out.Chart = picture
	return out
}

func (s *summary) activities() *Section {
	if !s.has(etl.Certified) {
		return nil
	}
	g := grid(s.l.Get("act.label"), s.l.Get("actors"), s.l.Get("share"))
	for i, a := range s.ref.Activities {
		id := "activities/" + a.Key
		n, known := s.certifiedActors(s.covers(a.Key)), s.certifiedActors(s.says(a.Key))
		counted := &s.res.Stats.Activities.ByActivity[i].Actors
		said := s.actorsOf(etl.Certified, func(r *etl.Row) bool { return !r.Activities.Unknown.Has(i) })
		g.row(says(a.Short[s.l.Language]), s.counted(id, n, counted), s.share(id+"/share", n, known, *counted, *said))
	}
	out := s.section("activities", "act", g)
	out.Chart = s.picture(Bars, "act", &g, 1)
	return out
}

func (s *summary) activityCounts() *Section {
	if !s.has(etl.Certified) {
		return nil
	}
	g := grid(s.l.Get("cnt.label"), s.l.Get("actors"), s.l.Get("share"))
	for k := range s.ref.Activities {
		id := "counts/" + strconv.Itoa(k+1)
		n := s.certifiedActors(Cond{Column: "covered", Op: Equal, Value: NumberOf(float64(k + 1))})
		counted := &s.res.Stats.Activities.ByCount[k].Actors
		g.row(Entry{Value: NumberOf(float64(k + 1))}, s.counted(id, n, counted),
			s.share(id+"/share", n, s.certifiedActors(s.known()), *counted, s.res.Stats.Activities.Known))
	}
	out := s.section("counts", "cnt", g)
	out.Chart = s.picture(Columns, "cnt", &g, 1)
	return out
}

// certificates has two grids: by type, and by certification body.
func (s *summary) certificates() *Section {
	if !s.has(etl.Certified) {
		return nil
	}
	types := grid(s.l.Get("type.label"), s.l.Get("actors")).words(s.l.Get("type.covers"))
	texts := s.typeTexts()
	for k, t := range s.ref.Types {
		c := Cond{Column: "type", Op: Equal}
		for set, text := range texts {
			if set&(1<<k) == 0 {
				continue
			}
			if c.Value.Kind == Blank {
				c.Value = TextOf(text)
			} else {
				c.Or = append(c.Or, TextOf(text))
			}
		}
		var covers []string
		for _, a := range s.ref.Activities {
			if a.Type == t.Key {
				covers = append(covers, a.Short[s.l.Language])
			}
		}
		types.row(says(t.Label[s.l.Language]),
			s.counted("types/"+t.Key, s.certifiedActors(c), &s.res.Stats.Types[k].Actors),
			says(strings.Join(covers, between)))
	}
	bodies := grid(s.l.Get("body.label"), s.l.Get("actors")).words(s.l.Get("body.who", "date",
		s.l.Date(s.res.Edition.Date)))
	certifiedBy := s.certifiedBy()
	for _, b := range s.res.Stats.Bodies {
		n := s.fact("bodies/"+b.Key, &b.Actors)
		if utf8.RuneCountInString(b.Key) <= longestCompared {
			n = s.counted(n.ID, s.certifiedActors(Cond{Column: "body", Op: Equal, Value: TextOf(b.Key)}), &b.Actors)
		}
		bodies.row(says(b.Key), n, says(s.l.names(certifiedBy[strings.ToUpper(b.Key)], mostBodies)))
	}
	none := s.actorsOf(etl.Certified, func(r *etl.Row) bool { return r.Body == "" })
	bodies.row(says(s.l.Get("body.none")),
		s.counted("bodies/", s.certifiedActors(Cond{Column: "body", Op: Equal}), none),
		says(s.l.names(certifiedBy[""], mostBodies)))
	return s.section("certificates", "type", types, bodies)
}

// certifiedBy are the names of the certified actors by their bodies, each once, in the case
// in which spreadsheets compare.
func (s *summary) certifiedBy() map[string][]string {
	out, last := map[string][]string{}, map[string]int32{}
	rows := s.res.Edition.List[etl.Certified].Rows
	for i := range rows {
		body := strings.ToUpper(rows[i].Body)
		if before, seen := last[body]; !rows[i].Counts() || seen && before == rows[i].Actor {
			continue
		}
		last[body] = rows[i].Actor
		out[body] = append(out[body], message.Cut(s.res.Actors[rows[i].Actor].Name, nameChars))
	}
	return out
}

func (s *summary) history() *Section {
	g := grid(s.l.Get("hist.label"), s.l.Get("hist.day"), s.l.Get("approved"), s.l.Get("certified"))
	all := s.res.Stats.History
	for i := range all {
		h := &all[i]
		id := "history/" + h.Edition
		approved, certified := s.fact(id+"/approved", h.Approved), s.fact(id+"/certified", h.Certified)
		if i == len(all)-1 { // the published one is live
			if s.has(etl.Approved) {
				approved = s.counted(id+"/approved", s.approvedActors(), h.Approved)
			}
			if s.has(etl.Certified) {
				certified = s.counted(id+"/certified", s.certifiedActors(), h.Certified)
			}
		}
		for l, e := range [2]*Entry{&approved, &certified} {
			if h.Ended[l] {
				e.Value = TextOf(s.l.Get("ended.short"))
			}
		}
		day := Entry{ID: id + "/day", Value: DayOf(s.res.Editions[i].Date), Fact: true}
		g.row(says(s.l.Edition(h.Edition)), day, approved, certified)
	}
	out := s.section("history", "hist", g)
	if len(all) < 2 {
		return out // one edition is no development
	}
	out.Chart = s.picture(Columns, "hist", &g)
	if more := len(all) - mostCharted; more > 0 {
		out.Chart.From, out.Chart.Title = more, s.l.Get("hist.chart.last", "n", strconv.Itoa(mostCharted))
	}
	rows := g.Rows[out.Chart.From:]
	for col := 2; col < len(g.Columns); col++ {
		if slices.ContainsFunc(rows, func(r Row) bool { return r.Entries[col].Value.Kind == Number }) {
			out.Chart.Columns = append(out.Chart.Columns, col)
		}
	}
	switch len(out.Chart.Columns) {
	case 0:
		out.Chart = nil
		return out
	case 1: // in no edition that is drawn there is the other list
		out.Chart.Alt = s.l.Get("hist.alt." + etl.Listings[out.Chart.Columns[0]-2].String())
	}
	out.Chart.Category = 1
	out.Chart.Kind, out.Chart.Time = overTime(rows, out.Chart.Columns)
	return out
}

// overTime is how a chart shows rows whose second entry is a day: by months if no two rows are
// of the same one. Points between which nothing is missing are joined; a text in the place of a
// number would be drawn as zero.
func overTime(rows []Row, columns []int) (ChartKind, TimeAxis) {
	whole, apart := true, true
	last := -1
	for _, r := range rows {
		for _, col := range columns {
			whole = whole && r.Entries[col].Value.Kind == Number
		}
		if r.Entries[1].Value.Kind != Day {
			return Columns, NoTime
		}
		d := etl.DateOfSerial(int(r.Entries[1].Value.Num))
		month := int(d.Year)*12 + int(d.Month)
		apart = apart && month != last
		last = month
	}
	switch {
	case whole && (!apart || len(rows) > 4):
		return Lines, Days
	case apart:
		return Columns, Months
	}
	return Columns, NoTime
}

func (s *summary) deadlines() *Section {
	day := s.res.Edition.Date
	g := grid(s.l.Get(s.worded("dl.label.head")), s.listHeads()...).words(s.l.Get("dl.who", "date", s.l.Date(day)))
	line := func(id, label, who string, approved, certified *int, conds func(col string) []Cond) {
		entries := []Entry{says(label)}
		for _, l := range s.shown() {
			if l == etl.Approved {
				entries = append(entries, s.deadline(l, id, s.approvedActors(conds("effective")...), approved))
			} else {
				entries = append(entries, s.deadline(l, id, s.certifiedActors(conds("until")...), certified))
			}
		}
		g.row(append(entries, says(who))...)
	}
	ends := func(holds func(etl.Date) bool) (approved, certified *int) {
		full := func(r *etl.Row) bool { return r.Effective.Full() && holds(r.Effective) }
		return s.actorsOf(etl.Approved, full), s.actorsOf(etl.Certified, full)
	}
	approved, certified := ends(func(etl.Date) bool { return true })
	line("deadlines/known", s.l.Get("dl.known"), s.l.Get("dl.known.who"), approved, certified,
		func(col string) []Cond { return []Cond{{Column: col, Op: AtLeast, Value: NumberOf(0)}} })
	from := day // of those that the lines before have not named
	for i, d := range s.res.Stats.Deadlines {
		until := day.AddMonths(d.Months)
		months := strconv.Itoa(d.Months)
		who := s.ending(from, until, "dl.names")
		if i > 0 && who != "" {
			who = s.l.Get("dl.names.more", "n", strconv.Itoa(s.res.Stats.Deadlines[i-1].Months), "names", who)
		}
		from = etl.DateOfSerial(until.Serial() + 1)
		line("deadlines/"+months, s.l.Get("dl.label", "n", months, "date", s.l.Date(until)), who, d.Approved, d.Certified,
			func(col string) []Cond {
				return []Cond{{Column: col, Op: AtLeast, Value: DayOf(day)},
					{Column: col, Op: AtMost, Value: DayOf(until)}}
			})
	}
	before := etl.DateOfSerial(day.Serial() - 1)
	approved, certified = ends(func(d etl.Date) bool { return d.Compare(day) < 0 })
	line("deadlines/past", s.l.Get("dl.past"), s.ending(etl.Date{}, before, "dl.names"), approved, certified,
		func(col string) []Cond { return []Cond{{Column: col, Op: AtMost, Value: DayOf(before)}} })
	return s.section("deadlines", "dl", g)
}

// ending names, list by list, the actors with an end between two days, both included: each
// once, by its first end from the day of the edition on, or its first at all if from is zero.
// Those with an end between the day and from have been named before. By their ends.
func (s *summary) ending(from, to etl.Date, key string) string {
	var out []string
	known := false // whether a list states any end
	for _, l := range s.shown() {
		first := make([]etl.Date, len(s.res.Actors)) // zero if none
		rows := s.res.Edition.List[l].Rows
		for i := range rows {
			r := &rows[i]
			known = known || r.Effective.Full()
			if !r.Counts() || !r.Effective.Full() || !from.IsZero() && r.Effective.Compare(s.res.Edition.Date) < 0 {
				continue
			}
			if d := first[r.Actor]; d.IsZero() || r.Effective.Compare(d) < 0 {
				first[r.Actor] = r.Effective
			}
		}
		var ends []int32
		for a, d := range first {
			if !d.IsZero() && d.Compare(to) <= 0 && (from.IsZero() || d.Compare(from) >= 0) {
				ends = append(ends, int32(a))
			}
		}
		slices.SortFunc(ends, func(a, b int32) int {
			return cmp.Or(first[a].Compare(first[b]), cmp.Compare(s.res.Actors[a].Number, s.res.Actors[b].Number))
		})
		said := make([]string, len(ends))
		for i, a := range ends[:min(len(ends), mostEnding+1)] { // some names no more of them
			said[i] = s.l.Get("dl.one", "name", message.Cut(s.res.Actors[a].Name, nameChars),
				"date", s.l.Day(first[a]))
		}
		if len(said) > 0 {
			out = append(out, s.l.Get(key, "list", s.l.Get(l.String()), "names", s.some(said, mostEnding, between)))
		}
	}
	switch {
	case !known:
		return ""
	case len(out) == 0:
		return s.l.Get("names.none")
	}
	return strings.Join(out, " ")
}

// deadline is a live count of end dates, or n.d. if the list is missing or has no end
// dates: unknown is not zero.
func (s *summary) deadline(l etl.Listing, figure string, e Expr, counted *int) Entry {
	id := figure + "/" + l.String()
	for i := range s.res.Edition.List[l].Rows {
		if s.res.Edition.List[l].Rows[i].Effective.Full() {
			return s.counted(id, e, counted)
		}
	}
	return s.fact(id, nil)
}

// standing lists who is in no figure because the source says that it is suspended,
// withdrawn or the like; nil if no source says anything about it.
func (s *summary) standing() *Section {
	g := grid(s.l.Get("stand.label"), s.l.Get("stand.rows")).words(s.l.Get("stand.names"))
	for _, l := range etl.Listings {
		counted := s.countedColumn(l)
		if counted == "" {
			continue
		}
		rows := s.res.Stats.NotCounted[l]
		var said []string
		for _, r := range rows {
			key := "stand.one"
			if r.Otherwise {
				key = "stand.otherwise"
			}
			said = append(said, s.l.Get(key, "name", message.Cut(r.Name, nameChars),
				"word", message.Cut(r.Standing, valueChars)))
		}
		names := s.l.Get("names.none")
		if len(said) > 0 {
			names = s.some(said, mostNames, between)
		}
		table := [2]string{etl.Approved: ApprovedTable, etl.Certified: CertifiedTable}[l]
		n := len(rows)
		g.row(says(s.l.Get(l.String())), s.counted("standing/"+l.String(),
			s.rowsNotCounted(table, counted), &n), says(names))
	}
	if len(g.Rows) == 0 {
		return nil
	}
	return s.section("standing", "stand", g)
}

// rowsNotCounted counts the rows of a list that are in no other figure.
func (s *summary) rowsNotCounted(table, counted string) Expr {
	return CountRows{Table: table, Where: []Cond{{Column: counted, Op: Equal, Value: TextOf(s.no)}}}
}

func (s *summary) awaiting() *Section {
	a := s.res.Stats.Awaiting
	g := grid(s.l.Get("wait.label"), s.l.Get("wait.number")).words(s.l.Get("wait.what"))
	for _, w := range []struct {
		key string
		n   int
	}{{"pairs", a.Alike()}, {"renamings", a.Renamings}, {"names", a.Names}, {"proposed", a.Proposed}, {"unclassified", a.Unclassified},
		{"values", a.Values}} {
		if w.n == 0 && (w.key == "names" || w.key == "renamings") {
			continue // rare, and no rows of every summary
		}
		g.row(says(s.l.Get("wait."+w.key)), s.fact("awaiting/"+w.key, &w.n),
			says(s.l.Get("wait."+w.key+".what")))
	}
	return s.section("awaiting", "wait", g)
}

func (s *summary) provenance() *Section {
	g := grid(s.l.Get("prov.list"), s.l.Get("prov.rows")).words(s.l.Get("prov.file"))
	for _, l := range etl.Listings {
		list := &s.res.Edition.List[l]
		id, label := "provenance/"+l.String(), says(s.l.Get("sheet."+l.String()))
		if list.HasEnded() {
			g.row(label, Entry{}, says(s.whenEnded(l)+" "+s.lastSaid(l)))
			continue
		}
		if list.Source.Table == nil {
			g.row(label, s.fact(id, nil), says(s.l.Get("missing."+l.String())))
			continue
		}
		t := list.Source.Table
		said := []string{t.File}
		for _, text := range []string{list.Source.Publisher, list.Source.URL} {
			if text != "" {
				said = append(said, text)
			}
		}
		if list.Source.Retrieved != "" {
			said = append(said, s.l.Get("prov.retrieved", "date", s.l.Edition(list.Source.Retrieved)))
		}
		said = append(said, s.l.Get("prov.sha", "sum", t.SHA256))
		n := len(list.Rows)
		g.row(label, s.fact(id, &n), says(strings.Join(said, " · ")))
	}
	g.row(Entry{ID: GenerationEntry, Value: TextOf(s.l.Get("prov.generation", "generation", noGeneration))})
	return s.section("provenance", "prov", g)
}

// method says what the lists and the activities are, how each section was computed, what the
// signs mean, and whose the data are.
func (s *summary) method(sections []Section) *Section {
	g := Grid{Columns: []Head{{s.l.Get("meth.label"), RoleLabel}}}.words(s.l.Get("meth.text"))
	told := func(label, text string) {
		if text != "" {
			g.row(says(label), says(text))
		}
	}
	for _, l := range s.shown() {
		told(s.l.Get("def."+l.String()+".label"), s.l.Get("def."+l.String()))
	}
	if !s.hasEnded(etl.Certified) {
		for _, a := range s.ref.Activities {
			told(s.l.Get("def.activity", "name", a.Short[s.l.Language]), a.Label[s.l.Language])
		}
	}
	for _, made := range sections {
		told(made.Title, made.Note)
	}
	told(s.l.Get("meth.signs"), s.l.Get("meth.signs.text"))
	if s.opt.Licence != "" {
		told(s.l.Get("meth.licence"), s.opt.Licence)
	}
	if contact := strings.TrimPrefix(s.opt.Contact, "mailto:"); contact != "" {
		told(s.l.Get("meth.contact"), contact)
	}
	return &Section{ID: "method", Title: s.l.Get("meth.heading"), Grids: []Grid{g}}
}
