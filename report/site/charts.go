package site

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/report"
)

// chart is a sentence, a table and a drawing of the same numbers.
type chart struct {
	Key, Title, Sentence, Region string
	Hidden                       bool    // the title stands above already
	Gone                         bool    // it is about a list that has ended: there is nothing to show
	Off                          [3]bool // columns of figures of a list that has ended
	Heads                        []string
	Rows                         []chartRow
	Chart                        drawing
}

type chartRow struct {
	Label string
	Cells []figure
}

// drawing is what is drawn. Coordinates are texts, so that they are written with
// as few digits as they need.
type drawing struct {
	ID, Title, Alt, Dated string
	File                  bool // on its own, with title, source and date
	Width, Height         int
	Lines                 []line
	Bars                  []bar
	Points                []point
	Texts                 []label
}

type line struct {
	Class, X1, Y1, X2, Y2, Stroke, Wide, Dash, Mark, Value string
}

type bar struct{ Class, X, Y, W, H, Fill, Stroke, Mark, Value string }

type point struct {
	Class, X, Y, R, Fill, Mark, Value string
	Square                            bool
}

type label struct {
	X, Y, Anchor, Text string
	Size               int
	Bold               bool
}

// The colours of a drawing on its own; in a page the style says others.
var (
	fills   = [2]string{"#ffffff", "#174a7c"}
	strokes = [2]string{"#5a5a64", "#174a7c"}
)

func xy(x float64) string {
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
}

// charts are the three charts. One whose list is missing has its table and no marks.
func (b *builder) charts() []chart {
	return []chart{b.positionChart(), b.activityChart(), b.historyChart()}
}

// onItsOwn is the drawing as a file.
func (c *chart) onItsOwn(b *builder) *drawing {
	const head = 64
	d := c.Chart
	d.File, d.Title = true, c.Title
	d.Dated = b.f.labels.Get("asof", "date", b.common.Day) + ". " +
		b.f.labels.Get("source.plain", "name", cmp.Or(b.opt.Report.SourceName, b.book.Title))
	if most := d.Width / 7; utf8.RuneCountInString(d.Dated) > most {
		d.Dated = string([]rune(d.Dated)[:most-1]) + "…"
	}
	down := func(y *string) {
		v, _ := strconv.ParseFloat(*y, 64)
		*y = xy(v + head)
	}
	d.Height += head
	d.Lines, d.Bars = append([]line{}, d.Lines...), append([]bar{}, d.Bars...)
	d.Points, d.Texts = append([]point{}, d.Points...), append([]label{}, d.Texts...)
	for i := range d.Lines {
		down(&d.Lines[i].Y1)
		down(&d.Lines[i].Y2)
	}
	for i := range d.Bars {
		down(&d.Bars[i].Y)
	}
	for i := range d.Points {
		down(&d.Points[i].Y)
	}
	for i := range d.Texts {
		down(&d.Texts[i].Y)
	}
	return &d
}

// series is one row of bars.
type series struct {
	key, label string
	values     []*int // one a list that is drawn
	lists      []etl.Listing
}

const (
	chartWidth = 640
	thick      = 11 // of a bar
)

// bars draws horizontal bars from a common line, their values beside them. The length of a
// bar is in proportion to its value. One that would be shorter than thick is drawn as a
// line, and none as nothing.
func (d *drawing) bars(b *builder, all []series) {
	d.Width = chartWidth
	left, top := 0, 0
	for _, s := range all {
		left = max(left, 8*utf8.RuneCountInString(s.label))
		for _, v := range s.values {
			if v != nil {
				top = max(top, *v)
			}
		}
	}
	left = min(max(left+16, 100), 240)
	scale := float64(chartWidth-left-56) / float64(max(top, 1))
	y := 8.0
	for _, s := range all {
		middle := y + float64(len(s.values)*(thick+2))/2
		d.Texts = append(d.Texts, label{X: xy(float64(left - 8)), Y: xy(middle + 4), Anchor: "end",
			Text: cut(s.label, (left-8)/6), Size: 13})
		for i, v := range s.values {
			if v == nil {
				y += thick + 2
				continue
			}
			l := s.lists[i]
			width := float64(*v) * scale
			class := "s" + strconv.Itoa(int(l))
			switch {
			case width >= thick:
				d.Bars = append(d.Bars, bar{class, xy(float64(left)), xy(y), xy(width), xy(thick), fills[l], strokes[l],
					s.key, strconv.Itoa(*v)})
			case *v > 0:
				d.Lines = append(d.Lines, line{"l" + strconv.Itoa(int(l)), xy(float64(left)), xy(y + thick/2.0),
					xy(float64(left) + width), xy(y + thick/2.0), strokes[l], xy(thick), "", s.key, strconv.Itoa(*v)})
			}
			d.Texts = append(d.Texts, label{X: xy(float64(left) + width + 5), Y: xy(y + thick - 1), Text: b.number(*v),
				Size: 12, Bold: l == etl.Certified})
			y += thick + 2
		}
		y += 9
	}
	d.Lines = append(d.Lines, line{Class: "axis", X1: xy(float64(left)), Y1: "4", X2: xy(float64(left)), Y2: xy(y - 4),
		Stroke: "#d5d5dc", Wide: "1"})
	d.Height = int(y)
}

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// legend names the lists under a drawing.
func (d *drawing) legend(b *builder, lists []etl.Listing) {
	x := 8.0
	y := float64(d.Height) + 12
	for _, l := range lists {
		name := b.f.labels.Get(l.String())
		d.Lines = append(d.Lines, line{Class: "l" + strconv.Itoa(int(l)), X1: xy(x), Y1: xy(y), X2: xy(x + 22), Y2: xy(y),
			Stroke: strokes[l], Wide: "3", Dash: [2]string{"5 3", ""}[l]})
		d.Texts = append(d.Texts, label{X: xy(x + 28), Y: xy(y + 4), Text: name, Size: 12})
		x += 50 + 7*float64(utf8.RuneCountInString(name))
	}
	d.Height += 28
}

// drawn are the lists that the edition has.
func (b *builder) drawn() []etl.Listing {
	var out []etl.Listing
	for _, l := range etl.Listings {
		if !b.f.res.Edition.List[l].Missing {
			out = append(out, l)
		}
	}
	return out
}

func (b *builder) chart(key, titled string) chart {
	c := chart{Key: key, Title: b.label(titled), Region: b.say.Say("site-numbers", "title", b.label(titled))}
	c.Chart.ID = "svg-" + key
	return c
}

func (b *builder) positionChart() chart {
	c := b.chart("positions", "pos.chart")
	c.Heads = []string{b.f.labels.Get("pos.heading"), b.f.labels.Get("approved"), b.f.labels.Get("certified"),
		b.f.labels.Get("pos.together")}
	for _, l := range etl.Listings {
		c.Off[l] = b.gone(l)
		c.Off[2] = c.Off[2] || c.Off[l] // it would say what the other list says
	}
	lists := b.drawn()
	var all []series
	var best []string // several if as many actors have each
	most, total := 0, 0
	for _, p := range b.f.res.Stats.Positions {
		pos, _ := b.f.ref.PositionOf(p.Code)
		name := pos.Label[b.f.labels.Language]
		path := "positions." + p.Code + "."
		c.Rows = append(c.Rows, chartRow{name, []figure{b.count(path+"approved", p.Approved),
			b.count(path+"certified", p.Certified), b.count(path+"any", p.Any)}})
		s := series{key: p.Code, label: name}
		of := [2]*int{p.Approved, p.Certified}
		n := 0
		for _, l := range lists {
			s.values, s.lists = append(s.values, of[l]), append(s.lists, l)
			n = max(n, deref(of[l]))
		}
		if p.Any != nil {
			n = *p.Any
		}
		total += n
		if n > most {
			best, most = nil, n
		}
		if n == most {
			best = append(best, name)
		}
		all = append(all, s)
	}
	c.Sentence = b.of("site-nobody", "site-nobody-one")
	if most > 0 {
		c.Sentence = b.say.Say("site-positions", "names", strings.Join(best, ", "), "k", len(best), "n", most, "total", total)
	}
	c.Chart.Alt = c.Title + ". " + c.Sentence
	c.Chart.bars(b, all)
	c.Chart.legend(b, lists)
	return c
}

func deref(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func (b *builder) activityChart() chart {
	c := b.chart("activities", "act.chart")
	c.Gone = b.gone(etl.Certified)
	c.Heads = []string{b.f.labels.Get("act.label"), b.f.labels.Get("actors")}
	st := b.f.res.Stats.Activities
	var all []series
	var counts []int
	for i, a := range b.f.ref.Activities {
		var n *int
		if st != nil {
			n = &st.ByActivity[i].Actors
			counts = append(counts, *n)
		}
		name := a.Short[b.f.labels.Language]
		c.Rows = append(c.Rows, chartRow{name, []figure{b.count("activities.by_activity."+a.Key, n)}})
		all = append(all, series{a.Key, name, []*int{n}, []etl.Listing{etl.Certified}})
	}
	c.Sentence = b.say.Say("site-no-certified")
	if st != nil && b.f.res.Stats.Certified.Actors > 0 {
		with := func(n int) string {
			var out []string
			for i, m := range counts {
				if m == n {
					out = append(out, b.f.ref.Activities[i].Short[b.f.labels.Language])
				}
			}
			return strings.Join(out, ", ")
		}
		most, least, total := slices.Max(counts), slices.Min(counts), b.f.res.Stats.Certified.Actors
		c.Sentence = b.say.Say("site-most-covered", "best", with(most), "n", most, "least", with(least), "m", least, "total", total)
		if most == least {
			c.Sentence = b.say.Say("site-all-covered", "n", most, "total", total)
		}
	}
	c.Chart.Alt = c.Title + ". " + c.Sentence
	c.Chart.bars(b, all)
	return c
}

// historyChart draws the editions on a line of time, as far apart as they are.
func (b *builder) historyChart() chart {
	c := b.chart("history", "hist.chart")
	c.Heads = []string{b.f.labels.Get("hist.label"), b.f.labels.Get("approved"), b.f.labels.Get("certified")}
	hs := b.f.res.Stats.History
	d := &c.Chart
	d.Width, d.Height = chartWidth, 300
	const left, right, above, below = 40.0, 48.0, 18.0, 34.0
	first, last := b.f.res.Editions[0].Date.Serial(), b.f.res.Edition.Date.Serial()
	top := 1
	for _, h := range hs {
		top = max(top, deref(h.Approved), deref(h.Certified))
	}
	x := func(i int) float64 {
		if first == last {
			return left + (chartWidth-left-right)/2
		}
		return left + float64(b.f.res.Editions[i].Date.Serial()-first)/float64(last-first)*(chartWidth-left-right)
	}
	y := func(n int) float64 {
		return above + (1-float64(n)/float64(top))*(float64(d.Height)-above-below)
	}
	for _, n := range []int{0, top} {
		d.Lines = append(d.Lines, line{Class: "axis", X1: xy(left), Y1: xy(y(n)), X2: xy(chartWidth - right),
			Y2: xy(y(n)), Stroke: "#d5d5dc", Wide: "1"})
		d.Texts = append(d.Texts, label{X: xy(left - 6), Y: xy(y(n) + 4), Anchor: "end", Text: b.number(n), Size: 12})
	}
	radius := "4.5"
	if len(hs) > 40 {
		radius = "2"
	}
	for i, h := range hs {
		row := chartRow{b.f.labels.Edition(h.Edition), []figure{
			b.count("history."+h.Edition+".approved", h.Approved), b.count("history."+h.Edition+".certified", h.Certified)}}
		for l := range h.Ended {
			if h.Ended[l] {
				row.Cells[l].Text = b.f.labels.Get("ended.short")
			}
		}
		c.Rows = append(c.Rows, row)
		if i == 0 || i == len(hs)-1 {
			anchor := map[bool]string{true: "start", false: "end"}[i == 0]
			if first == last {
				anchor = "middle"
			}
			at := map[bool]float64{true: left - 8, false: chartWidth - right + 20}[i == 0]
			if first == last {
				at = x(i)
			}
			if i == 0 || first != last {
				d.Texts = append(d.Texts, label{X: xy(at), Y: xy(float64(d.Height) - 10), Anchor: anchor,
					Text: strings.ReplaceAll(b.f.labels.Edition(h.Edition), "\u00a0", " "), Size: 12})
			}
		}
	}
	var drawn []etl.Listing
	for _, l := range etl.Listings {
		c.Off[l] = b.never(l)
		before := -1
		for i, h := range hs {
			n := [2]*int{h.Approved, h.Certified}[l]
			if n == nil {
				continue
			}
			if before >= 0 {
				was := deref([2]*int{hs[before].Approved, hs[before].Certified}[l])
				d.Lines = append(d.Lines, line{Class: "l" + strconv.Itoa(int(l)), X1: xy(x(before)), Y1: xy(y(was)),
					X2: xy(x(i)), Y2: xy(y(*n)), Stroke: strokes[l], Wide: "2", Dash: [2]string{"5 3", ""}[l]})
			}
			d.Points = append(d.Points, point{"p" + strconv.Itoa(int(l)), xy(x(i)), xy(y(*n)), radius, strokes[l],
				h.Edition + "." + l.String(), strconv.Itoa(*n), l == etl.Approved && len(hs) <= 40})
			before = i
		}
		if before >= 0 {
			drawn = append(drawn, l)
			n := deref([2]*int{hs[before].Approved, hs[before].Certified}[l])
			d.Texts = append(d.Texts, label{X: xy(x(before) + 9), Y: xy(y(n) - 7), Text: b.number(n), Size: 13, Bold: true})
		}
	}
	c.Sentence = b.historySentence()
	d.Alt = c.Title + ". " + c.Sentence
	d.legend(b, drawn)
	return c
}

// historySentence says from what to what each list went.
func (b *builder) historySentence() string {
	var out []string
	hs := b.f.res.Stats.History
	for _, l := range etl.Listings {
		first, last := -1, -1
		for i := range hs {
			if [2]*int{hs[i].Approved, hs[i].Certified}[l] != nil {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
		at := func(i int) int { return deref([2]*int{hs[i].Approved, hs[i].Certified}[l]) }
		switch {
		case first < 0:
		case first == last:
			out = append(out, b.say.Say("site-history-one", "list", l, "n", at(first), "edition", named(hs[first].Edition)))
		default:
			out = append(out, b.say.Say("site-history-two", "list", l, "n", at(first), "first", named(hs[first].Edition),
				"m", at(last), "last", named(hs[last].Edition)))
		}
	}
	return strings.Join(out, " ")
}

// named is an edition whose date stays on one line within a text, as it does where it stands
// alone.
type named string

func (n named) Say(p message.Printer) string { return unbroken(etl.Named(n).Say(p)) }

func (n named) SayAs(p message.Printer, form string) string {
	return unbroken(etl.Named(n).SayAs(p, form))
}

// unbroken is a date that is not broken. The word before it may stand on the line above.
func unbroken(said string) string {
	before, date, found := strings.Cut(said, " ")
	if !found || !slices.Contains([]string{"de", "en", "du", "au", "le"}, before) {
		return strings.ReplaceAll(said, " ", "\u00a0")
	}
	return before + " " + strings.ReplaceAll(date, " ", "\u00a0")
}

// counts are tables of figures without a drawing: activities by number, types, bodies.
func (b *builder) counts() []chart {
	st := &b.f.res.Stats
	gone := b.gone(etl.Certified)
	byCount := chart{Title: b.f.labels.Get("cnt.heading"), Gone: gone,
		Heads: []string{b.f.labels.Get("cnt.label"), b.f.labels.Get("actors")}}
	types := chart{Title: b.f.labels.Get("type.label"), Gone: gone,
		Heads: []string{b.f.labels.Get("type.label"), b.f.labels.Get("actors")}}
	for i := range b.f.ref.Activities {
		var n *int
		if st.Activities != nil {
			n = &st.Activities.ByCount[i].Actors
		}
		byCount.Rows = append(byCount.Rows, chartRow{strconv.Itoa(i + 1),
			[]figure{b.count("activities.by_count."+strconv.Itoa(i+1), n)}})
	}
	for i, t := range b.f.ref.Types {
		var n *int
		if i < len(st.Types) {
			n = &st.Types[i].Actors
		}
		types.Rows = append(types.Rows, chartRow{t.Label[b.f.labels.Language], []figure{b.count("types."+t.Key, n)}})
	}
	out := []chart{byCount, types}
	if here := b.notKey(); len(here.Rows) > 0 {
		out = append(out, here)
	}
	if len(st.Bodies) > 0 {
		bodies := chart{Title: b.f.labels.Get("body.label"),
			Heads: []string{b.f.labels.Get("body.label"), b.f.labels.Get("actors")}}
		for _, k := range st.Bodies {
			bodies.Rows = append(bodies.Rows, chartRow{k.Key, []figure{{"", "", b.number(k.Actors)}}})
		}
		out = append(out, bodies)
	}
	return out
}

// notKey are the counts of actors that are no key figures, because a list has ended: programs
// look for each of them.
func (b *builder) notKey() chart {
	here := b.f.res.Stats.History[len(b.f.res.Stats.History)-1]
	out := chart{Title: b.say.Say("site-list"), Gone: true, Heads: []string{b.say.Say("site-list"), b.f.labels.Get("actors")}}
	for _, n := range []struct {
		key   string
		count *int
	}{{"approved", here.Approved}, {"certified", here.Certified}, {"both", here.Both}, {"any", here.Any}} {
		key := slices.ContainsFunc(report.Readings(&b.f.res.Stats), func(r report.Reading) bool { return r.Key == n.key })
		if !key {
			out.Rows = append(out.Rows, chartRow{b.f.labels.Get("key." + n.key), []figure{b.count(paths[n.key], n.count)}})
		}
	}
	return out
}

// deadlines are the ends to come, as the summary counts them.
func (b *builder) deadlines() chart {
	c := chart{Title: b.f.labels.Get("dl.heading"), Hidden: true,
		Heads: []string{b.say.Say("site-end"), b.f.labels.Get("approved"), b.f.labels.Get("certified")}}
	c.Region = b.say.Say("site-numbers", "title", c.Title)
	for _, l := range etl.Listings {
		c.Off[l] = b.gone(l)
	}
	for _, d := range b.f.res.Stats.Deadlines {
		until, _ := etl.ParseDate(d.Until)
		path := "deadlines." + strconv.Itoa(d.Months) + "."
		c.Rows = append(c.Rows, chartRow{b.f.labels.Get("dl.label", "n", strconv.Itoa(d.Months), "date",
			b.f.labels.Date(until)), []figure{b.count(path+"approved", d.Approved), b.count(path+"certified", d.Certified)}})
	}
	return c
}

// dated reports whether some row of a list has an end.
func dated(list *etl.List) bool {
	for i := range list.Rows {
		if list.Rows[i].Effective.Full() {
			return true
		}
	}
	return false
}

// notes are what the summary says of how its sections were computed.
func (b *builder) notes() []note {
	var out []note
	for _, id := range []string{"positions", "activities", "counts", "certificates", "history", "changes"} {
		if s := b.summary(id); s != nil && s.PageNote != "" {
			out = append(out, note{s.Title, s.PageNote})
		}
	}
	return out
}

type note struct{ Title, Text string }
