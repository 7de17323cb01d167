package report

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hdsreport/etl"
)

// The columns of the summary. Every block has its labels in the first and its
// numbers in the next three; the wide one holds sentences, or a chart.
const (
	colLabel = iota
	colFirst
	colSecond
	colThird
	colWide
)

var summaryWidths = []float64{46, 13, 13, 13, 78}

const (
	// Characters that fit on a line of a note, in its smaller type: in the first
	// column, in the wide one, across the page.
	labelChars  = 54
	wideChars   = 90
	pageChars   = 185
	noticeChars = 180 // the same of a notice, in the usual type

	noteHeight  = 12.5 // points of one line of a note
	rowHeight   = 16   // points of an ordinary row
	maxHeight   = 409  // points: no sheet has a higher row
	wideWidth   = 548  // pixels of the wide column
	pageHeight  = 590  // points of rows on a printed page, at the scale that fits its width
	mostChart   = 480  // points that a chart is high at most, beside a long block
	mostCharted = 12   // editions in the chart: the numbers over more columns run into each other
	mostNames   = 40   // in one cell; more are counted
	nameChars   = 300  // of a name in such a cell; forty of them are far from a cell's limit

	// longestCompared is of a text that a live formula holds: it stands there twice, and a
	// formula takes 8,192 characters.
	longestCompared = 1000
)

// page writes the summary from top to bottom.
type page struct {
	*builder
	sheet   *Sheet
	row     int
	figures *evaluator // over the data sheets, which are whole by now
	// disagreements are the figures that the pipeline counted otherwise.
	disagreements []error
}

// summary is the third sheet. Its blocks stand in the order of what readers ask
// first. It is an error if a figure is not what the pipeline counted.
func (b *builder) summary() (*Sheet, error) {
	p := &page{builder: b, figures: newEvaluator(b.book), sheet: &Sheet{ID: SummarySheet, Name: b.l.Get("sheet.summary"), Widths: summaryWidths,
		PrintColumns: len(summaryWidths), Landscape: true, Tab: "C55A11"}}
	p.opening()
	p.keyFigures()
	p.newPage()
	p.positions()
	p.activities()
	p.newPage()
	for _, block := range []func(){p.activityCounts, p.certificates, p.history} {
		p.uncut(block)
	}
	p.newPage()
	for _, block := range []func(){p.changes, p.deadlines, p.awaiting, p.provenance} {
		p.uncut(block)
	}
	return p.sheet, errors.Join(p.disagreements...)
}

// line adds a row of cells.
func (p *page) line(height float64, cells ...Cell) int {
	at := p.row
	if height == 0 {
		height = rowHeight
	}
	if height > maxHeight { // of names of thousands of characters, the top is seen
		height = maxHeight
	}
	p.sheet.Lines = append(p.sheet.Lines, Line{Row: at, Height: height, Cells: cells})
	p.row++
	return at
}

// heading opens a block. The row above it stays clear by its height, not by a
// blank row, which readers of the screen would stumble over.
func (p *page) heading(key string) int {
	return p.line(30, Cell{Value: TextOf(p.l.Get(key)), Style: StyleHeading, Span: colWide})
}

// columns writes the headers of a block; an empty one carries the band on to the
// next.
func (p *page) columns(label string, rest ...string) {
	cells := []Cell{{Col: colLabel, Value: TextOf(label), Style: StyleHeader}}
	for i, h := range rest {
		style := StyleHeaderR
		if i+1 == colWide {
			style = StyleHeader
		}
		cells = append(cells, Cell{Col: i + 1, Value: TextOf(h), Style: style})
	}
	p.line(24, cells...)
}

// note says how a block was computed, on lines that run over the columns to the
// right: a merged cell would trouble screen readers and sorting.
func (p *page) note(text string) {
	for _, line := range splitLines(text, pageChars) {
		p.noteLine(line)
	}
}

func (p *page) noteLine(text string) {
	p.line(noteHeight+2, Cell{Value: TextOf(text), Style: StyleNoteLine, Span: len(summaryWidths)})
}

func (p *page) notice(text string) {
	for _, line := range splitLines(text, noticeChars) {
		p.line(21, Cell{Value: TextOf(line), Style: StyleNotice, Span: len(summaryWidths)})
	}
}

// newPage starts a printed page before the next row, so that no block is cut.
func (p *page) newPage() { p.sheet.PageBreaks = append(p.sheet.PageBreaks, p.row) }

// uncut writes a block, on a printed page of its own where it would be cut by the end
// of the one that it begins on.
func (p *page) uncut(block func()) {
	from, first := p.row, len(p.sheet.Lines)
	block()
	page := 0
	if n := len(p.sheet.PageBreaks); n > 0 {
		page = p.sheet.PageBreaks[n-1]
	}
	used, height := 0.0, 0.0
	for i, l := range p.sheet.Lines {
		switch {
		case l.Row < page:
		case i < first:
			used += l.Height
		default:
			height += l.Height
		}
	}
	if used > 0 && used+height > pageHeight {
		p.sheet.PageBreaks = append(p.sheet.PageBreaks, from)
	}
}

// noteBeside is a note in the first column, for a block with a chart at its right.
func (p *page) noteBeside(text string) {
	n := len(splitLines(text, labelChars))
	p.line(noteHeight*float64(n)+4, Cell{Value: TextOf(text), Style: StyleNote})
}

// splitLines breaks a text at spaces into lines of so many characters.
func splitLines(s string, chars int) []string {
	var out []string
	line, n := "", 0
	for w := range strings.SplitSeq(s, " ") {
		k := utf8.RuneCountInString(w)
		if n > 0 && n+1+k > chars {
			out = append(out, line)
			line, n = "", 0
		}
		if n > 0 {
			line += " "
			n++
		}
		line += w
		n += k
	}
	return append(out, line)
}

// live is a cell with an expression and its value.
func (p *page) live(col int, e Expr, style Style) Cell {
	return Cell{Col: col, Value: p.figures.eval(e), Expr: e, Style: style}
}

// onLists are three live cells: the actors that meet the conditions among the approved,
// among the certified and on either list. Where the edition lacks a list that one needs,
// the cell says so instead.
func (p *page) onLists(figure string, counted [3]*int, style Style, where ...Cond) []Cell {
	needs := [3][]etl.Listing{{etl.Approved}, {etl.Certified}, etl.Listings[:]}
	var out []Cell
	for i, e := range []Expr{p.approvedActors(where...), p.certifiedActors(where...), p.together(where...)} {
		if slices.ContainsFunc(needs[i], func(l etl.Listing) bool { return !p.has(l) }) {
			out = append(out, text(colFirst+i, p.l.Get("nd"), StyleFact))
			continue
		}
		out = append(out, p.counted(figure+"/"+columnKeys[i], colFirst+i, e, counted[i], style))
	}
	return out
}

func text(col int, s string, style Style) Cell { return Cell{Col: col, Value: TextOf(s), Style: style} }

// fact is a number that cannot be live; nil is a listing that was not there.
func (p *page) fact(col int, n *int) Cell {
	if n == nil {
		return text(col, p.l.Get("nd"), StyleFact)
	}
	return Cell{Col: col, Value: NumberOf(float64(*n)), Style: StyleFact}
}

// brief cuts names that would fill a cell which lists many; the data sheets have them
// whole.
func brief(names []string) []string {
	out := slices.Clone(names)
	for i, n := range out {
		if r := []rune(n); len(r) > nameChars {
			out[i] = string(r[:nameChars-1]) + "…"
		}
	}
	return out
}

// wrapped is the height of a row whose wide cell holds a text, of one line or several.
func wrapped(s string, least float64) float64 {
	lines := 0
	for line := range strings.SplitSeq(s, "\n") {
		lines += len(splitLines(line, wideChars))
	}
	return max(least, noteHeight*float64(lines)+5)
}

func (p *page) opening() {
	title := cmp.Or(p.opt.Title, p.l.Get("sheet.summary"))
	for _, line := range p.builder.heading(title, "", len(summaryWidths)) {
		p.line(line.Height, line.Cells...)
	}
	ids := p.res.Editions
	p.noteLine(p.l.Get("fresh", "date", p.l.Edition(p.res.Edition.ID), "n", strconv.Itoa(len(ids)), "first", p.l.Edition(ids[0].ID)))
	if p.opt.Contact != "" {
		c := text(colLabel, p.l.Get("contact", "contact", strings.TrimPrefix(p.opt.Contact, "mailto:")), StyleNoteLine)
		if strings.Contains(p.opt.Contact, "@") {
			c.Link, c.Style = "mailto:"+strings.TrimPrefix(p.opt.Contact, "mailto:"), StyleLink
		}
		p.line(0, c)
	}
	if p.opt.Licence != "" {
		p.noteLine(p.l.Get("licence", "licence", p.opt.Licence))
	}
	for _, e := range p.opt.Errata {
		p.notice(p.l.Get("erratum", "text", e))
	}
	for _, r := range p.res.Refusals {
		if r.Accepted != nil {
			p.notice(p.accepted(&r))
		}
	}
}

// accepted says what the gate let through, for readers.
func (p *page) accepted(r *etl.Refusal) string {
	what, known := p.l.Texts["gate."+r.Finding.Code]
	if !known {
		what = p.l.Get("gate.other", "code", r.Finding.Code)
	}
	said := p.l.Get("wait.accepted", "what", what, "by", r.Accepted.By, "date", p.l.Edition(r.Accepted.Date))
	if r.Accepted.Reason != "" {
		said += p.l.Get("wait.reason", "reason", r.Accepted.Reason)
	}
	return said
}

// has tells whether the published edition has a list.
func (p *page) has(l etl.Listing) bool { return !p.res.Edition.List[l].Missing }

// The expressions that several blocks share.
func (p *page) approvedActors(where ...Cond) Expr {
	return p.count(etl.Approved, ApprovedTable, where)
}

func (p *page) certifiedActors(where ...Cond) Expr {
	return p.count(etl.Certified, CertifiedTable, where)
}

// count is zero for a list that is not there: its table holds one row that says
// so, and no actor.
func (p *page) count(l etl.Listing, table string, where []Cond) Expr {
	if len(p.res.Edition.List[l].Rows) == 0 {
		return Const(0)
	}
	return CountActors{Table: table, Where: where}
}

func (p *page) together(where ...Cond) Expr {
	if !p.has(etl.Approved) {
		return p.certifiedActors(where...)
	}
	only := append(slices.Clone(where), Cond{Column: "also", Op: Equal, Value: TextOf(p.no)})
	return Sum{p.approvedActors(where...), p.certifiedActors(only...)}
}

func (p *page) isPosition(code string) Cond {
	pos, _ := p.ref.PositionOf(code)
	return Cond{Column: "position", Op: Equal, Value: TextOf(pos.Label[p.l.Language])}
}

func (p *page) covers(activity string) Cond {
	return Cond{Column: activity, Op: Equal, Value: TextOf(p.yes)}
}

// says is what a row tells of an activity, yes or no.
func (p *page) says(activity string) Cond {
	return Cond{Column: activity, Op: Equal, Value: TextOf(p.yes), Or: []Value{TextOf(p.no)}}
}

func (p *page) known() Cond { return Cond{Column: "covered", Op: AtLeast, Value: NumberOf(0)} }

// meanActivities is the sum of what certified actors cover over those whose
// activities are known.
func (p *page) meanActivities() Expr {
	var sum Sum
	for _, a := range p.ref.Activities {
		sum = append(sum, p.certifiedActors(p.covers(a.Key), p.known()))
	}
	return Ratio{sum, p.certifiedActors(p.known())}
}

func (p *page) keyFigures() {
	p.heading("key.heading")
	p.columns(p.l.Get("key.figure"), strings.ReplaceAll(p.l.Date(p.res.Edition.Date), nbsp, " "), p.l.Get("key.previous"), p.l.Get("key.change"), p.l.Get("key.who"))
	header := &p.sheet.Lines[len(p.sheet.Lines)-1]
	header.Height = 32
	header.Cells[colFirst].Style = StyleHeader // above figures that stand to the left
	for _, r := range Readings(&p.res.Stats) {
		p.keyFigure(&r)
	}
}

// keyFigure is one line: the value, the last edition's that has one, the change.
func (p *page) keyFigure(r *Reading) {
	label := text(colLabel, r.Label(p.l, p.ref), StyleKeyLabel)
	for _, l := range r.Needs {
		if !p.has(l) {
			p.line(30, label, text(colFirst, p.l.Get("nd"), StyleFact), text(colWide, p.l.Get("missing."+l.String()), StyleNote))
			return
		}
	}
	style, fact, delta := StyleKey, StyleFact, StyleDelta
	if r.Decimal {
		style, fact, delta = StyleKeyDec, StyleFactDec, StyleDeltaDec
	}
	e := r.expr(p)
	now := p.live(colFirst, e, style)
	p.agree("key/"+r.Key, now.Value, r.Now)
	cells := []Cell{label, now}
	if r.Before != nil {
		id := "key." + r.Key
		cells = append(cells, Cell{ID: id, Col: colSecond, Value: NumberOf(*r.Before), Style: fact}, p.live(colThird, Difference{e, Shown{id, *r.Before}}, delta))
	} else {
		cells = append(cells, text(colSecond, p.l.Get("nd"), StyleFact), text(colThird, p.l.Get("nd"), StyleFact))
	}
	who := p.who(r, e)
	p.line(wrapped(who.Value.Text, 30), append(cells, who)...)
}

// who says whom a key figure counts: with names as of the edition's date, and with
// live ones where they are few and stand there whole.
func (p *page) who(r *Reading, e Expr) Cell {
	over := ""
	if r.Over != nil {
		over = strconv.Itoa(*r.Over)
	}
	day := p.l.Date(p.res.Edition.Date)
	said := p.l.Get("who."+r.Key, "n", over, "date", day, "all", strconv.Itoa(len(p.ref.Activities)))
	if r.Before != nil {
		said += " " + p.l.Get("who.compared", "of", p.l.OfEdition(r.Since))
	}
	before, after, named := strings.Cut(said, "{names}")
	if !named {
		return text(colWide, said, StyleNote)
	}
	names := brief(r.Names)
	dated := p.l.Get("names.asof", "date", day, "names", p.l.names(names, mostNames))
	c := text(colWide, before+dated+after, StyleNote)
	if of, counted := e.(CountActors); counted && len(names) <= mostNames && slices.Equal(names, r.Names) {
		c.Names = &Names{Before: before, Of: of, Separator: nameSeparator, None: p.l.Get("names.none"), After: after}
	}
	return c
}

func (p *page) positions() {
	at := p.heading("pos.heading")
	p.noteBeside(p.l.Get("pos.note"))
	p.columns(p.l.Get("col.position"), p.l.Get("approved"), p.l.Get("certified"), p.l.Get("pos.together"))
	first := p.row
	for i, pos := range p.ref.Positions {
		counted := &p.res.Stats.Positions[i]
		cells := []Cell{text(colLabel, pos.Label[p.l.Language], StyleLabel)}
		cells = append(cells, p.onLists("positions/"+pos.Code, [3]*int{counted.Approved, counted.Certified, counted.Any}, StyleNumber, p.isPosition(pos.Code))...)
		p.line(0, cells...)
	}
	last := p.row - 1
	here := p.res.Stats.History[len(p.res.Stats.History)-1]
	total := []Cell{text(colLabel, p.l.Get("pos.total"), StyleTotalLabel)}
	p.line(0, append(total, p.onLists("positions/total", [3]*int{here.Approved, here.Certified, here.Any}, StyleTotal)...)...)
	p.chart(Bars, "pos", at, first, last, []int{colFirst, colSecond}, []string{p.l.Get("approved"), p.l.Get("certified")})
}

// chart stands in the wide column beside its block, from the heading's row on.
func (p *page) chart(kind ChartKind, key string, at, first, last int, cols []int, names []string) {
	height := 0.0
	for _, l := range p.sheet.Lines[at:] {
		height += l.Height
	}
	height = min(height, mostChart)
	c := Chart{Row: at, Col: colWide, Width: wideWidth, Height: int(height * 96 / 72), Kind: kind,
		Title: p.l.Get(key + ".chart"), Alt: p.l.Get(key+".alt", "all", p.l.InWords(len(p.ref.Activities))), Category: Range{first, colLabel, last, colLabel}}
	for i, col := range cols {
		c.Series = append(c.Series, Series{Name: names[i], Values: Range{first, col, last, col}, Colour: seriesColours[col-colFirst]})
	}
	p.sheet.Charts = append(p.sheet.Charts, c)
}

// A dark and a light tone, which differ without colour too.
var seriesColours = []string{"1F4E79", "9DC3E6", "C55A11"}

func (p *page) activities() {
	if !p.has(etl.Certified) {
		return
	}
	at := p.heading("act.heading")
	p.noteBeside(p.l.Get("act.note"))
	p.columns(p.l.Get("act.label"), p.l.Get("actors"), p.l.Get("share"))
	first := p.row
	for i, a := range p.ref.Activities {
		n := p.certifiedActors(p.covers(a.Key))
		counted := &p.res.Stats.Activities.ByActivity[i].Actors
		p.line(0, text(colLabel, a.Short[p.l.Language], StyleLabel), p.counted("activities/"+a.Key, colFirst, n, counted, StyleNumber), p.live(colSecond, Ratio{n, p.certifiedActors(p.says(a.Key))}, StylePercent))
	}
	p.chart(Bars, "act", at, first, p.row-1, []int{colFirst}, []string{p.l.Get("actors")})
}

func (p *page) activityCounts() {
	if !p.has(etl.Certified) {
		return
	}
	at := p.heading("cnt.heading")
	p.noteBeside(p.l.Get("cnt.note"))
	p.columns(p.l.Get("cnt.label"), p.l.Get("actors"), p.l.Get("share"))
	first := p.row
	for k := range len(p.ref.Activities) {
		n := p.certifiedActors(Cond{Column: "covered", Op: Equal, Value: NumberOf(float64(k + 1))})
		counted := &p.res.Stats.Activities.ByCount[k].Actors
		p.line(0, Cell{Col: colLabel, Value: NumberOf(float64(k + 1)), Style: StyleLabel}, p.counted("activity counts/"+strconv.Itoa(k+1), colFirst, n, counted, StyleNumber), p.live(colSecond, Ratio{n, p.certifiedActors(p.known())}, StylePercent))
	}
	p.chart(Columns, "cnt", at, first, p.row-1, []int{colFirst}, []string{p.l.Get("actors")})
}

func (p *page) certificates() {
	if !p.has(etl.Certified) {
		return
	}
	p.heading("type.heading")
	p.note(p.l.Get("type.note"))
	p.columns(p.l.Get("type.label"), p.l.Get("actors"))
	texts := p.typeTexts()
	for k, t := range p.ref.Types {
		c := Cond{Column: "type", Op: Equal}
		for set, s := range texts {
			if set&(1<<k) != 0 {
				if c.Value.Kind == Blank {
					c.Value = TextOf(s)
				} else {
					c.Or = append(c.Or, TextOf(s))
				}
			}
		}
		p.line(0, text(colLabel, t.Label[p.l.Language], StyleLabel), p.counted("types/"+t.Key, colFirst, p.certifiedActors(c), &p.res.Stats.Types[k].Actors, StyleNumber))
	}
	p.columns(p.l.Get("body.label"), p.l.Get("actors"))
	for _, b := range p.res.Stats.Bodies {
		cell := p.fact(colFirst, &b.Actors)
		if utf8.RuneCountInString(b.Key) <= longestCompared {
			cell = p.counted("bodies/"+b.Key, colFirst, p.certifiedActors(Cond{Column: "body", Op: Equal, Value: TextOf(b.Key)}), &b.Actors, StyleNumber)
		}
		p.line(0, text(colLabel, b.Key, StyleLabel), cell)
	}
	p.line(0, text(colLabel, p.l.Get("body.none"), StyleLabel), p.live(colFirst, p.certifiedActors(Cond{Column: "body", Op: Equal}), StyleNumber))
}

func (p *page) history() {
	at := p.heading("hist.heading")
	p.noteBeside(p.l.Get("hist.note"))
	p.columns(p.l.Get("hist.label"), p.l.Get("approved"), p.l.Get("certified"))
	all := p.res.Stats.History
	for i, h := range all {
		cells := []Cell{text(colLabel, p.l.Edition(h.Edition), StyleLabel), p.fact(colFirst, h.Approved), p.fact(colSecond, h.Certified)}
		if i == len(all)-1 { // the published one is live
			if p.has(etl.Approved) {
				cells[1] = p.counted("history/approved", colFirst, p.approvedActors(), h.Approved, StyleNumber)
			}
			if p.has(etl.Certified) {
				cells[2] = p.counted("history/certified", colSecond, p.certifiedActors(), h.Certified, StyleNumber)
			}
		}
		p.line(0, cells...)
	}
	n := min(len(all), mostCharted)
	p.chart(Columns, "hist", at, p.row-n, p.row-1, []int{colFirst, colSecond}, []string{p.l.Get("approved"), p.l.Get("certified")})
	if n < len(all) {
		p.sheet.Charts[len(p.sheet.Charts)-1].Title = p.l.Get("hist.chart.last", "n", strconv.Itoa(n))
	}
}

func (p *page) deadlines() {
	day := p.res.Edition.Date
	p.heading("dl.heading")
	p.note(p.l.Get("dl.note", "date", p.l.Date(day)))
	past := p.overdue(day)
	if past != "" {
		p.columns(p.l.Get("dl.heading"), p.l.Get("approved"), p.l.Get("certified"), "", p.l.Get("dl.who"))
	} else {
		p.columns(p.l.Get("dl.heading"), p.l.Get("approved"), p.l.Get("certified"))
	}
	line := func(figure, label string, approved, certified *int, conds func(col string) []Cond) {
		p.line(0, text(colLabel, label, StyleLabel), p.deadline(etl.Approved, figure, colFirst, p.approvedActors(conds("effective")...), approved),
			p.deadline(etl.Certified, figure, colSecond, p.certifiedActors(conds("until")...), certified))
	}
	line("deadlines/known", p.l.Get("dl.known"), nil, nil, func(col string) []Cond { return []Cond{{Column: col, Op: AtLeast, Value: NumberOf(0)}} })
	for _, d := range p.res.Stats.Deadlines {
		until := day.AddMonths(d.Months)
		line("deadlines/"+strconv.Itoa(d.Months), p.l.Get("dl.label", "n", strconv.Itoa(d.Months), "date", p.l.Date(until)), d.Approved, d.Certified, func(col string) []Cond {
			return []Cond{{Column: col, Op: AtLeast, Value: DayOf(day)}, {Column: col, Op: AtMost, Value: DayOf(until)}}
		})
	}
	before := etl.DateOfSerial(day.Serial() - 1)
	line("deadlines/past", p.l.Get("dl.past"), nil, nil, func(col string) []Cond { return []Cond{{Column: col, Op: AtMost, Value: DayOf(before)}} })
	if past != "" {
		last := &p.sheet.Lines[len(p.sheet.Lines)-1]
		last.Height = wrapped(past, last.Height)
		last.Cells = append(last.Cells, text(colWide, past, StyleNote))
	}
}

// deadline is a live count of ends, or n.d. where the list is missing or states no
// end at all: nothing known is not nothing due.
func (p *page) deadline(l etl.Listing, figure string, col int, e Expr, counted *int) Cell {
	for i := range p.res.Edition.List[l].Rows {
		if p.res.Edition.List[l].Rows[i].Effective.Full() {
			return p.counted(figure+"/"+l.String(), col, e, counted, StyleNumber)
		}
	}
	return text(col, p.l.Get("nd"), StyleFact)
}

func (p *page) awaiting() {
	a := p.res.Stats.Awaiting
	p.heading("wait.heading")
	p.columns(p.l.Get("wait.label"), p.l.Get("wait.number"))
	for _, w := range []struct {
		key string
		n   int
	}{{"wait.pairs", a.Pairs}, {"wait.proposed", a.Proposed}, {"wait.unclassified", a.Unclassified}, {"wait.values", a.Values}} {
		p.line(0, text(colLabel, p.l.Get(w.key), StyleLabel), p.fact(colFirst, &w.n))
	}
}

func (p *page) provenance() {
	p.heading("prov.heading")
	p.columns(p.l.Get("prov.list"), p.l.Get("prov.rows"), "", "", p.l.Get("prov.file"))
	for _, l := range etl.Listings {
		list := &p.res.Edition.List[l]
		label := text(colLabel, p.l.Get("sheet."+l.String()), StyleLabel)
		if list.Source.Table == nil {
			p.line(0, label, text(colFirst, p.l.Get("nd"), StyleFact), text(colWide, p.l.Get("missing."+l.String()), StyleNote))
			continue
		}
		t := list.Source.Table
		said := []string{t.File}
		for _, s := range []string{list.Source.Publisher, list.Source.URL} {
			if s != "" {
				said = append(said, s)
			}
		}
		if list.Source.Retrieved != "" {
			said = append(said, p.l.Get("prov.retrieved", "date", p.l.Edition(list.Source.Retrieved)))
		}
		said = append(said, p.l.Get("prov.sha", "sum", t.SHA256))
		n := len(list.Rows)
		where := strings.Join(said, " · ")
		p.line(wrapped(where, 16), label, p.fact(colFirst, &n), text(colWide, where, StyleNote))
	}
}
