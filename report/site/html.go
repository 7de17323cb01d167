package site

import (
	"slices"
	"strings"
)

// markup is HTML that stands in this package. A constant becomes one by itself; a text from
// anywhere else cannot, it has to go through {}.
type markup string

// html is a page that is being written. Templates would do the same in ten times the time,
// which hundreds of pages show.
type html struct{ text []byte }

// put writes markup. Each {} in it is one of the texts, escaped, so that it is text and
// nothing else between elements and in quoted attributes. In href and src only addresses
// that lead somewhere harmless are written.
func (h *html) put(m markup, texts ...string) {
	rest := string(m)
	for _, text := range texts {
		before, after, found := strings.Cut(rest, "{}")
		if !found {
			panic("report/site: more texts than places in " + string(m))
		}
		h.text = append(h.text, before...)
		if (strings.HasSuffix(before, `href="`) || strings.HasSuffix(before, `src="`)) && !leadable(text) {
			text = "#"
		}
		h.escape(text)
		rest = after
	}
	if strings.Contains(rest, "{}") {
		panic("report/site: fewer texts than places in " + string(m))
	}
	h.text = append(h.text, rest...)
}

// file writes a style, a script or a policy, as it is.
func (h *html) file(m markup) { h.text = append(h.text, m...) }

// putIf is put unless the first text is empty.
func (h *html) putIf(m markup, texts ...string) {
	if texts[0] != "" {
		h.put(m, texts...)
	}
}

// escape writes a text such that it is one in an element and in a quoted attribute.
func (h *html) escape(s string) {
	from := 0
	for i := range len(s) {
		var as string
		switch s[i] {
		case '&':
			as = "&amp;"
		case '<':
			as = "&lt;"
		case '>':
			as = "&gt;"
		case '"':
			as = "&#34;"
		case '\'':
			as = "&#39;"
		case 0:
			as = "\uFFFD"
		default:
			continue
		}
		h.text = append(append(h.text, s[from:i]...), as...)
		from = i + 1
	}
	h.text = append(h.text, s[from:]...)
}

// leadable reports whether an address may be a link or an image: of the web, of mail, an
// image in the page, or within the site.
func leadable(address string) bool {
	scheme, _, found := strings.Cut(address, ":")
	if !found || strings.ContainsAny(scheme, "/?#") {
		return true
	}
	return slices.Contains([]string{"http", "https", "mailto"}, strings.ToLower(scheme)) ||
		strings.HasPrefix(address, "data:image/")
}

// linked writes a text that may lead somewhere. Its direction ends where it ends.
func (h *html) linked(l linked) {
	h.putIf(`<a href="{}">`, l.Link)
	h.put(`<bdi>{}</bdi>`, l.Text)
	if l.Link != "" {
		h.put(`</a>`)
	}
}

// heads writes the head of a table.
func (h *html) heads(titles []string) {
	h.put(`<thead><tr>`)
	for _, t := range titles {
		h.put(`<th scope="col">{}</th>`, t)
	}
	h.put(`</tr></thead><tbody>`)
}

// hide hides what programs look for and readers need not see.
func (h *html) hide(hidden bool) {
	if hidden {
		h.put(` hidden`)
	}
}

// region begins a part that scrolls by itself, by keyboard too.
func (h *html) region(name string) {
	h.put(`<div class="scroll" tabindex="0" role="region" aria-label="{}">`, name)
}

// bytes is the page.
func (h *html) bytes() []byte { return slices.Clip(h.text) }

// head begins a page.
func (h *html) head(s *shell) {
	h.put("<!doctype html>\n<html lang=\"{}\" data-edition=\"{}\" data-generation=\"{}\"", s.Lang, s.Edition, s.Generation)
	if w := s.Words; w != nil {
		h.put(` data-day="{}" data-stale-days="{}" data-stale="{}" data-all="{}" data-some="{}" data-one="{}" data-none="{}"`,
			w.Day, w.StaleDays, w.Stale, w.All, w.Some, w.One, w.None)
	}
	h.put(`>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="`)
	h.file(s.Policy)
	h.put(`">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{}</title>
`, s.Title)
	h.putIf("<meta name=\"description\" content=\"{}\">\n", s.Description)
	h.putIf("<link rel=\"canonical\" href=\"{}\">\n", s.Canonical)
	h.putIf("<meta http-equiv=\"refresh\" content=\"0; url={}\">\n", s.Refresh)
	if s.NoIndex {
		h.put("<meta name=\"robots\" content=\"noindex\">\n")
	}
	if s.Feed {
		h.put("<link rel=\"alternate\" type=\"application/atom+xml\" href=\"{}\" title=\"{}\">\n", s.Root+"feed.xml", s.Site)
	}
	h.put(`<style>`)
	h.file(s.Style)
	h.put(`</style>
</head>
<body>
<a class="skip" href="#main">{}</a>
`, s.T["skip"])
}

// brand is the newsroom's header.
func (h *html) brand(s *shell) {
	if s.Logo == "" && s.Header == "" && s.Home == "" {
		return
	}
	h.put(`<header>`)
	if s.Logo != "" {
		h.putIf(`<a href="{}">`, s.Home)
		h.put(`<img src="{}" alt="{}">`, s.Logo, s.LogoAlt)
		if s.Home != "" {
			h.put(`</a>`)
		}
	}
	switch {
	case s.Header != "" && s.Home != "" && s.Logo == "":
		h.put(`<a href="{}">{}</a>`, s.Home, s.Header)
	case s.Header != "":
		h.put(`<span>{}</span>`, s.Header)
	case s.Home != "" && s.Logo == "":
		h.put(`<a href="{}">{}</a>`, s.Home, s.LogoAlt)
	}
	h.put("</header>\n")
}

// footer ends what a page shows.
func (h *html) footer(s *shell) {
	h.put("<footer>\n")
	for _, l := range s.Footer {
		h.put(`<p>`)
		h.linked(l)
		h.put("</p>\n")
	}
	h.put("</footer>\n")
}

// end ends a page.
func (h *html) end() []byte {
	h.put("</body>\n</html>\n")
	return h.bytes()
}

// links is a page of a few links.
func (h *html) links(p *linksPage) []byte {
	h.head(&p.shell)
	h.put("<main id=\"main\"><h1><bdi>{}</bdi></h1>\n", p.H1)
	h.putIf("<p>{}</p>\n", p.Text)
	if len(p.Links) > 0 {
		h.put(`<ul>`)
		for _, l := range p.Links {
			h.put(`<li>`)
			h.linked(l)
			h.put(`</li>`)
		}
		h.put(`</ul>`)
	}
	h.put("</main>\n")
	return h.end()
}

// actor is the page of one actor.
func (h *html) actor(p *actorPage) []byte {
	t := p.T
	h.head(&p.shell)
	h.brand(&p.shell)
	h.put(`<main id="main" data-actor="{}">
<nav class="noprint" aria-label="{}"><p><a href="../index.html">{}</a></p></nav>
<h1><bdi>{}</bdi></h1>
<p class="day">{} <time datetime="{}">{}</time></p>
`, p.ID, t["back"], t["all"], p.Name, t["asof"], p.AsOf, p.Day)
	for _, a := range p.Answers {
		h.put("<p class=\"answer\" data-answer=\"{}\" data-value=\"{}\"><b>{}</b> <bdi>{}</bdi></p>\n", a.List, a.Answer, a.Label,
			a.Text)
	}
	for _, n := range p.Notices {
		h.put("<p class=\"notice\"><bdi>{}</bdi></p>\n", n)
	}
	h.put(`<dl class="facts">`)
	for _, f := range p.Facts {
		h.put(`<div><dt>{}</dt><dd>`, f.Label)
		for i, l := range f.Parts {
			if i > 0 {
				h.put(`, `)
			}
			h.linked(l)
		}
		h.put(`</dd></div>`)
	}
	h.put("</dl>\n")
	h.rows(p)
	h.put("<section id=\"history\" aria-labelledby=\"h-history\"><h2 id=\"h-history\">{}</h2>\n", t["history"])
	h.region(t["table"])
	h.put(`<table>`)
	h.heads(p.HistoryHeads)
	for _, r := range p.History {
		h.put("\n<tr data-edition=\"{}\"><th scope=\"row\"><time datetime=\"{}\">{}</time></th>", r.Edition, r.Edition, r.Label)
		for _, c := range r.Cells {
			h.put(`<td>{}</td>`, c)
		}
		h.put(`</tr>`)
	}
	h.put("\n</tbody></table></div></section>\n")
	if len(p.Names) > 0 {
		h.put(`<section aria-labelledby="h-names"><h2 id="h-names">{}</h2><ul>`, t["names"])
		for _, n := range p.Names {
			h.put(`<li><bdi>{}</bdi> <span class="note">{}</span></li>`, n.Text, n.Kind)
		}
		h.put(`</ul></section>`)
	}
	h.put("\n<p class=\"noprint\"><a href=\"{}\">{}</a></p>\n</main>\n", "../"+p.JSON, t["json"])
	h.footer(&p.shell)
	return h.end()
}

// rows are the rows of the lists that an actor has.
func (h *html) rows(p *actorPage) {
	if len(p.Tables) == 0 {
		return
	}
	h.put("<section id=\"rows\" aria-labelledby=\"h-rows\"><h2 id=\"h-rows\">{}</h2>\n", p.T["rows"])
	for _, t := range p.Tables {
		h.region(t.Title)
		h.put(`<table><caption><span>{}</span></caption>`, t.Title)
		h.heads(t.Heads)
		for _, r := range t.Rows {
			h.put(`<tr data-row="{}">`, r.ID)
			for _, c := range r.Cells {
				if c.Date != "" {
					h.put(`<td><time datetime="{}">{}</time></td>`, c.Date, c.Text)
				} else {
					h.put(`<td><bdi>{}</bdi></td>`, c.Text)
				}
			}
			h.put(`</tr>`)
		}
		h.put("</tbody></table></div>\n")
	}
	h.put("</section>\n")
}
