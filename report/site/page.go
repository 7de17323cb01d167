package site

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

//go:embed templates
var files embed.FS

func file(name string) string {
	text, err := files.ReadFile("templates/" + name)
	if err != nil {
		panic(err) // embedded
	}
	return string(text)
}

// texts are the words of the pages.
var texts = map[string]message.Key{
	"skip": "site-skip", "asof": "site-asof", "who": "site-who", "question": "site-question", "q": "site-q",
	"list": "site-list", "position": "site-position", "activity": "site-activity", "reset": "site-reset",
	"actor": "site-actor", "approved": "site-approved", "certified": "site-certified", "activities": "site-activities",
	"tablenote": "site-tablenote", "contents": "site-contents", "changes": "site-changes", "charts": "site-charts",
	"deadlines": "site-deadlines", "method": "site-method", "source": "site-source", "downloads": "site-downloads",
	"apinote": "site-apinote", "address": "site-address", "back": "site-back", "all": "site-all", "rows": "site-rows",
	"history": "site-history", "names": "site-names", "json": "site-json", "table": "site-table",
}

// shell is what every page has.
type shell struct {
	Lang, Edition, Generation string
	Policy                    markup
	Title, Description        string
	Canonical, Refresh        string
	NoIndex, Feed             bool
	Root                      string // the way up, "" or "../"
	Site                      string // its title
	Style                     markup
	Script                    markup
	Logo                      string // a data: address
	LogoAlt, Home, Header     string
	Footer                    []linked
	T                         map[string]string
	Words                     *words
	AsOf, Day                 string
}

// words are those that the script says.
type words struct {
	Day                         string
	StaleDays                   string
	Stale, All, Some, One, None string
}

// linked is a text that may lead somewhere.
type linked struct{ Text, Link string }

// shell begins a page. styles are the files of its style, after the one that all share.
func (b *builder) shell(title, address string, styles ...string) shell {
	s := b.common
	s.Title = title
	s.Root = strings.Repeat("../", strings.Count(address, "/"))
	s.Style = b.style(styles...)
	if b.opt.URL != "" {
		s.Canonical = b.address(address)
	}
	s.Policy = b.policies[strings.Join(styles, " ")]
	return s
}

// style are the files of a style, with the newsroom's properties.
func (b *builder) style(names ...string) markup {
	key := strings.Join(names, " ")
	if made, known := b.styles[key]; known {
		return made
	}
	var css strings.Builder
	css.WriteString(":root{")
	properties := b.opt.Brand.Properties
	if properties == nil {
		properties = Properties()
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		css.WriteString("--hds-" + name + ":" + properties[name] + ";")
	}
	css.WriteString("}\n" + file("style.css"))
	for _, name := range names {
		css.WriteString(file(name))
	}
	b.styles[key] = markup(css.String())
	b.policies[key] = policy(b.styles[key], "")
	return b.styles[key]
}

// policy is the content security policy of a page: its own style and script, images in its
// own text, and nothing else.
func policy(style, script markup) markup {
	p := "default-src 'none'; "
	if script != "" {
		p += "script-src '" + sum(string(script)) + "'; "
	}
	return markup(p + "style-src '" + sum(string(style)) + "'; img-src data:; base-uri 'none'; form-action 'none'")
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(h[:])
}

// address is where a file of the site is served, or its path if that is not known.
func (b *builder) address(path string) string {
	if b.opt.URL == "" {
		return path
	}
	return strings.TrimSuffix(b.opt.URL, "/") + "/" + strings.TrimSuffix(path, "index.html")
}

// prepare makes what all pages share.
func (b *builder) prepare() {
	r := b.opt.Report
	t := make(map[string]string, len(texts))
	for name, key := range texts {
		t[name] = b.say.Say(key)
	}
	if l, alone := b.lone(); alone {
		for name, key := range map[string]message.Key{"tablenote": "site-tablenote-" + message.Key(l.String()),
			"charts": "site-charts-one", "rows": "site-rows-of-" + message.Key(l.String())} {
			t[name] = b.say.Say(key)
		}
		if l == etl.Approved {
			t["question"] = b.say.Say("site-question-approved")
		}
	}
	day := b.f.Day()
	b.common = shell{Lang: b.f.labels.Language, Edition: b.f.res.Edition.ID, Generation: b.book.Identifier, Feed: true,
		Site: b.book.Title, Logo: b.opt.Brand.Logo, LogoAlt: cmp.Or(r.Publisher, b.book.Title),
		Home: b.opt.Home, Header: b.opt.Header, T: t, AsOf: day.String(), Day: b.f.labels.Date(day)}
	foot := func(text, link string) { b.common.Footer = append(b.common.Footer, linked{text, link}) }
	if r.Publisher != "" {
		foot(r.Publisher, b.opt.Home)
	}
	foot(b.f.labels.Get("asof", "date", b.common.Day), "")
	if r.Licence != "" {
		foot(b.f.labels.Get("licence", "licence", r.Licence), "")
	}
	if text, link := b.contact(); text != "" {
		foot(text, link)
	}
	if b.opt.Legal != "" {
		foot(b.say.Say("site-legal"), b.opt.Legal)
	}
	if b.opt.URL != "" { // for paper
		foot(b.opt.URL, b.opt.URL)
	}
}

// contact is the newsroom's, as the summary words it.
func (b *builder) contact() (text, link string) {
	c := strings.TrimPrefix(b.opt.Report.Contact, "mailto:")
	switch {
	case c == "":
		return "", ""
	case strings.Contains(c, "@") && !strings.Contains(c, "://"):
		link = "mailto:" + c
	case strings.HasPrefix(c, "https://"), strings.HasPrefix(c, "http://"):
		link = c
	}
	return b.f.labels.Get("contact", "contact", c), link
}
