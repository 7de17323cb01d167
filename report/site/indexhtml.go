package site

import (
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
)

// index is the page of all actors.
func (h *html) index(p *indexPage) []byte {
	h.head(&p.shell)
	h.brand(&p.shell)
	h.put(`<main id="main">
<h1>{}</h1>
<p class="day">{} <time datetime="{}">{}</time>. <span class="fresh">{}</span> <b id="stale" hidden></b></p>
`, p.H1, p.T["asof"], p.AsOf, p.Day, p.Fresh)
	for _, n := range p.Notices {
		h.put("<p class=\"notice\"><bdi>{}</bdi></p>\n", n)
	}
	h.put("<dl id=\"figures\">\n")
	for _, f := range p.Figures {
		h.put(`<div><dt>{}</dt><dd class="v">`, f.Label)
		h.figure(f.figure)
		h.put(`</dd><dd class="m">`)
		h.putIf(`<small>{}</small>`, f.Change)
		h.put("<details><summary>{}</summary>{}</details></dd></div>\n", p.T["who"], f.Who)
	}
	h.put("</dl>\n")
	h.actors(p)
	h.put(`<nav aria-label="{}"><ul id="nav">`, p.T["contents"])
	for _, n := range p.Nav {
		h.put(`<li><a href="{}">{}</a></li>`, "#"+n.Code, n.Label)
	}
	h.put("</ul></nav>\n")
	h.changes(p)
	h.section("charts", p)
	for i := range p.Charts {
		h.chart(&p.Charts[i])
	}
	if len(p.Counts) > 0 {
		h.put(`<div class="two">`)
		for i := range p.Counts {
			h.put(`<div`)
			h.hide(p.Counts[i].Gone)
			h.put(`>`)
			h.counts(&p.Counts[i], p.Counts[i].Hidden)
			h.put(`</div>`)
		}
		h.put(`</div>`)
	}
	h.put("\n</section>\n")
	h.section("deadlines", p)
	h.region(p.Deadlines.Region)
	h.counts(&p.Deadlines, true)
	h.put("</div>\n")
	for _, n := range p.DeadlineNotes {
		h.put("<p class=\"note\">{}</p>\n", n)
	}
	h.put("</section>\n")
	h.section("method", p)
	for _, n := range p.Method {
		h.put("<h3>{}</h3><p>{}</p>\n", n.Title, n.Text)
	}
	h.put("</section>\n")
	h.sources(p)
	h.section("downloads", p)
	h.put(`<ul>`)
	for _, d := range p.Downloads {
		h.put(`<li><a href="{}" download>{}</a></li>`, d.Address, d.Label)
	}
	h.put("</ul>\n<p class=\"note\">{}</p>\n</section>\n</main>\n", p.T["apinote"])
	h.footer(&p.shell)
	h.put(`<script>`)
	h.file(p.Script)
	h.put("</script>\n")
	return h.end()
}

// section begins a section of the page, with its title.
func (h *html) section(id string, p *indexPage) {
	h.put("<section id=\"{}\" aria-labelledby=\"h-{}\">\n<h2 id=\"h-{}\">{}</h2>\n", id, id, id, p.T[id])
}

// figure writes a number, findable by where stats --json has it.
func (h *html) figure(f figure) {
	if f.Path == "" {
		h.put(`{}`, f.Text)
		return
	}
	h.put(`<span data-figure="{}" data-value="{}">{}</span>`, f.Path, f.Value, f.Text)
}

// actors is the table of all actors on a list, with its filters.
func (h *html) actors(p *indexPage) {
	t := p.T
	h.put(`<section id="list-of-actors" aria-labelledby="h-actors">
<h2 id="h-actors">{}</h2>
<form id="filters" hidden role="search" autocomplete="off">
<div class="wide"><label for="q">{}</label><input type="search" id="q" spellcheck="false"></div>
`, t["question"], t["q"])
	for _, s := range []struct {
		id string
		of []option
	}{{"list", p.Lists}, {"position", p.Positions}, {"activity", p.Activities}} {
		h.put(`<div`)
		h.hide(len(s.of) < 3 && s.id != "position") // one choice is none
		h.put(`><label for="{}">{}</label><select id="{}">`, s.id, t[s.id], s.id)
		for _, o := range s.of {
			h.put(`<option value="{}">{}</option>`, o.Code, o.Label)
		}
		h.put("</select></div>\n")
	}
	total := strconv.Itoa(p.Total)
	h.put(`<div><button type="button" id="reset">{}</button></div>
</form>
<p id="count" role="status" data-count="{}" data-total="{}">{}</p>
<div class="scroll" id="table" tabindex="0" role="region" aria-label="{}">
<table id="actors"`, t["reset"], total, total, p.Count, t["table"])
	long := len(p.Rows) > longTable
	columns := p.columns()
	class := ""
	if long {
		class = "long"
	}
	if len(columns) < len(indexColumns) {
		class = strings.TrimSpace(class + " fewer")
	}
	h.putIf(` class="{}"`, class)
	h.role(long, "table")
	h.put(`><colgroup>`)
	for _, c := range columns {
		h.put(`<col class="{}">`, c.class)
	}
	h.put(`</colgroup>
<thead`)
	h.role(long, "rowgroup")
	h.put(`><tr`)
	h.role(long, "row")
	h.put(`>`)
	for _, c := range columns {
		h.put(`<th scope="col" data-sort="{}"`, c.sort)
		h.role(long, "columnheader")
		h.put(`>{}</th>`, t[c.said])
	}
	h.put("</tr></thead>\n<tbody")
	h.role(long, "rowgroup")
	h.put(">\n")
	for i := range p.Rows {
		h.row(&p.Rows[i], p.Ended, long)
	}
	h.put("</tbody></table>\n</div>\n<p class=\"note\">{}</p>\n</section>\n", t["tablenote"])
}

// indexColumns are the columns of the table of all actors.
var indexColumns = []indexColumn{{"name", "actor", "c1", nil}, {"position", "position", "c2", nil},
	{"approved", "approved", "c3", []etl.Listing{etl.Approved}}, {"certified", "certified", "c4", []etl.Listing{etl.Certified}},
	{"activities", "activities", "c5", []etl.Listing{etl.Certified}}}

type indexColumn struct {
	sort, said, class string
	of                []etl.Listing // the list that it is about; empty if it is about the actor
}

// columns are those of the table: of a list that has ended there is none, since all its
// cells would say the same.
func (p *indexPage) columns() []indexColumn {
	return slices.DeleteFunc(slices.Clone(indexColumns), func(c indexColumn) bool {
		return len(c.of) > 0 && p.Ended[c.of[0]]
	})
}

// A table of more rows is laid out as boxes on screens (index.css), of which a browser lays
// out those that are seen: with 10,000 rows a page opens and is sorted in a quarter of the
// time or less. Since boxes are no table for every screen reader, the parts say what they are.
const longTable = 500

func (h *html) role(long bool, role string) {
	if long {
		h.put(` role="{}"`, role)
	}
}

func (h *html) row(r *actorRow, ended [2]bool, long bool) {
	h.put(`<tr data-actor="{}" data-position="{}" data-lists="{}" data-activities="{}" data-terms="{}"`, r.ID, r.Position,
		r.Lists, r.Activities, r.Terms)
	h.role(long, "row")
	h.put(`><th scope="row"`)
	h.role(long, "rowheader")
	h.put(`><a href="{}"><bdi>{}</bdi></a></th><td`, r.Page, r.Name)
	h.role(long, "cell")
	h.put(`>{}`, r.PositionLabel)
	h.putIf(` <small>{}</small>`, r.Proposed)
	h.put(`</td>`)
	for i := range r.On {
		if ended[i] {
			continue
		}
		c := &r.On[i]
		h.cell(c.Sort, c.Off, long)
		h.put(`{}`, c.Text)
		h.putIf(` <small><bdi>{}</bdi></small>`, c.Small)
		h.put(`</td>`)
	}
	if !ended[etl.Certified] {
		h.cell(r.Covered, r.Dots == "", long)
		h.putIf(`<span class="dots" aria-hidden="true">{}</span> `, r.Dots)
		h.put("{}</td>", r.CoveredText)
	}
	h.put("</tr>\n")
}

// cell begins a cell with the value by which it is sorted.
func (h *html) cell(sort string, off, long bool) {
	h.put(`<td data-v="{}"`, sort)
	if off {
		h.put(` class="off"`)
	}
	h.role(long, "cell")
	h.put(`>`)
}

// changes are those since the edition before.
func (h *html) changes(p *indexPage) {
	h.section("changes", p)
	for _, n := range p.ChangeNotes {
		h.put("<p>{}</p>\n", n)
	}
	for _, g := range p.Changes {
		h.put(`<details`)
		if g.Open {
			h.put(` open`)
		}
		h.put(`><summary>{}</summary><ul class="who">`, g.Title)
		for _, c := range g.Items {
			h.put(`<li data-change="{}" data-actor="{}"><a href="{}" data-actor="{}"><bdi>{}</bdi></a>`, c.Term, c.ID, c.Page, c.ID,
				c.Name)
			h.putIf(` <small><bdi>{}</bdi></small>`, c.Said)
			h.put(`</li>`)
		}
		h.put("</ul></details>\n")
	}
	h.put("</section>\n")
}

// sources are where the edition comes from.
func (h *html) sources(p *indexPage) {
	h.section("source", p)
	h.put(`<p>`)
	h.linked(linked{p.SourceName, p.SourceURL})
	h.put("</p>\n<ul>")
	for _, s := range p.Sources {
		h.put(`<li><b>{}</b>`, s.List)
		h.putIf(` · <bdi>{}</bdi>`, s.File)
		for _, said := range s.Said {
			h.put(` · <bdi>{}</bdi>`, said)
		}
		h.putIf(` · <a href="{}">{}</a>`, s.URL, p.T["address"])
		h.putIf(`<br>SHA-256 <code data-sha256="{}">{}</code>`, s.SHA256, s.SHA256)
		h.put(`</li>`)
	}
	h.put("</ul>\n")
	for _, l := range p.About {
		h.put(`<p>`)
		h.linked(l)
		h.put("</p>\n")
	}
	h.put("</section>\n")
}

// chart is a sentence, a table and a drawing, in this order.
func (h *html) chart(c *chart) {
	h.put(`<figure data-chart="{}"`, c.Key)
	h.hide(c.Gone)
	h.put(" id=\"chart-{}\"><figcaption><b>{}</b>{}</figcaption>\n<div class=\"pair\">", c.Key, c.Title, c.Sentence)
	h.region(c.Region)
	h.counts(c, true)
	h.put("</div>\n")
	h.draw(&c.Chart)
	h.put("</div></figure>\n")
}

// counts is a table of figures. Its title may be hidden, if it stands above already.
func (h *html) counts(c *chart, hidden bool) {
	if hidden {
		h.put(`<table><caption class="vh">{}</caption>`, c.Title)
	} else {
		h.put(`<table><caption>{}</caption>`, c.Title)
	}
	h.put(`<thead><tr>`)
	for i, t := range c.Heads {
		h.put(`<th scope="col"`)
		if i > 0 {
			h.put(` class="n"`)
			h.hide(c.Off[i-1])
		}
		h.put(`>{}</th>`, t)
	}
	h.put(`</tr></thead><tbody>`)
	for _, r := range c.Rows {
		h.put("\n<tr><th scope=\"row\">{}</th>", r.Label)
		for i, f := range r.Cells {
			h.put(`<td class="n"`)
			h.hide(c.Off[i])
			h.put(`>`)
			h.figure(f)
			h.put(`</td>`)
		}
		h.put(`</tr>`)
	}
	h.put("\n</tbody></table>")
}

// draw writes a drawing, within a page or as a file.
func (h *html) draw(d *drawing) {
	h.put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t"`,
		strconv.Itoa(d.Width), strconv.Itoa(d.Height), d.ID)
	if d.File {
		h.put(` font-family="Arial, sans-serif"`)
	}
	h.put(`><title id="{}-t">{}</title>`, d.ID, d.Alt)
	if d.File {
		h.put(`<rect class="ground" width="{}" height="{}" fill="#ffffff"/>`, strconv.Itoa(d.Width), strconv.Itoa(d.Height))
		h.put(`<text x="12" y="26" font-size="18" font-weight="bold" fill="#1b1b1f">{}</text>`, d.Title)
		h.put(`<text x="12" y="46" font-size="13" fill="#5a5a64">{}</text>`, d.Dated)
	}
	for _, l := range d.Lines {
		h.put(`<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"`, l.Class, l.X1, l.Y1, l.X2, l.Y2,
			l.Stroke, l.Wide)
		h.putIf(` stroke-dasharray="{}"`, l.Dash)
		h.putIf(` data-mark="{}"`, l.Mark)
		h.putIf(` data-value="{}"`, l.Value)
		h.put(`/>`)
	}
	for _, b := range d.Bars {
		h.put(`<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" data-mark="{}" data-value="{}"/>`,
			b.Class, b.X, b.Y, b.W, b.H, b.Fill, b.Stroke, b.Mark, b.Value)
	}
	for _, p := range d.Points {
		if p.Square {
			h.put(`<path class="{}" d="M{} {}m-5 0l5-5 5 5-5 5z" fill="{}" data-mark="{}" data-value="{}"/>`, p.Class, p.X, p.Y,
				p.Fill, p.Mark, p.Value)
		} else {
			h.put(`<circle class="{}" cx="{}" cy="{}" r="{}" fill="{}" data-mark="{}" data-value="{}"/>`, p.Class, p.X, p.Y, p.R,
				p.Fill, p.Mark, p.Value)
		}
	}
	for _, t := range d.Texts {
		h.put(`<text x="{}" y="{}" font-size="{}"`, t.X, t.Y, strconv.Itoa(t.Size))
		h.putIf(` text-anchor="{}"`, t.Anchor)
		if t.Bold {
			h.put(` font-weight="bold"`)
		}
		h.put(` fill="#1b1b1f">{}</text>`, t.Text)
	}
	h.put("</svg>\n")
}
