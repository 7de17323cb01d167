package main

import (
	"encoding/xml"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// element is an element of a document, with what stands in it.
type element struct {
	name     xml.Name
	attr     map[string]string
	text     string
	children []*element
}

func (e *element) all(name string) (out []*element) {
	for _, c := range e.children {
		if c.name.Local == name {
			out = append(out, c)
		}
	}
	return out
}

func parseXML(t *testing.T, text string) *element {
	t.Helper()
	root := &element{}
	open := []*element{root}
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return root.children[0]
		}
		if err != nil {
			t.Fatal(err)
		}
		in := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name, attr: map[string]string{}}
			for _, a := range token.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			in.children = append(in.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			in.text += string(token)
		}
	}
}

// atomRules is what RFC 4287 demands of a feed (MUST), and what it asks for (SHOULD) as far as
// readers need it. It returns the ids of the entries.
func atomRules(t *testing.T, what, text string) (ids []string) {
	t.Helper()
	fault := func(format string, args ...any) {
		t.Helper()
		t.Errorf(what+": "+format, args...)
	}
	if !strings.HasPrefix(text, `<?xml version="1.0" encoding="UTF-8"?>`) {
		fault("no declaration of its encoding")
	}
	feed := parseXML(t, text)
	if feed.name != (xml.Name{Space: "http://www.w3.org/2005/Atom", Local: "feed"}) {
		fault("the root is %v (2)", feed.name)
	}
	// 4.1.1 and 4.1.2: what stands in each, and how often at least and at most.
	times := map[string]map[string][2]int{
		"feed": {"id": {1, 1}, "title": {1, 1}, "updated": {1, 1}, "author": {1, 1}, "rights": {0, 1}, "link": {2, 2},
			"entry": {0, 500}},
		"entry": {"id": {1, 1}, "title": {1, 1}, "updated": {1, 1}, "published": {0, 1}, "link": {1, 1}, "category": {1, 20},
			"summary": {1, 1}},
		"author": {"name": {1, 1}},
	}
	base := &url.URL{Scheme: "https", Host: "any.example", Path: "/where/feed.xml"}
	if at := feed.attr["base"]; at != "" {
		u, err := url.Parse(at)
		if err != nil || !u.IsAbs() {
			fault("xml:base %q", at)
		}
		base = u
	}
	day := func(e *element, name string) time.Time {
		var at time.Time
		for _, u := range e.all(name) {
			var err error
			if at, err = time.Parse(time.RFC3339, u.text); err != nil || strings.ContainsAny(u.text, "tz") {
				fault("%s %q is no date of RFC 3339 in capitals (3.3)", name, u.text)
			}
		}
		return at
	}
	newest := day(feed, "updated")
	seen := map[string]bool{}
	var walk func(e *element)
	walk = func(e *element) {
		if e.name.Space != feed.name.Space {
			fault("%v is of another namespace", e.name)
		}
		if of := times[e.name.Local]; of != nil {
			for _, c := range e.children {
				if _, known := of[c.name.Local]; !known {
					fault("%s has %s", e.name.Local, c.name.Local)
				}
			}
			for name, n := range of {
				if got := len(e.all(name)); got < n[0] || got > n[1] {
					fault("%s has %d %s, want %v (4.1)", e.name.Local, got, name, n)
				}
			}
			if strings.TrimSpace(e.text) != "" {
				fault("%s has text beside its elements", e.name.Local)
			}
		}
		switch e.name.Local {
		case "id":
			if !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(e.text) {
				fault("id %q (4.2.6)", e.text)
			}
			if seen[e.text] {
				fault("id %s is there twice (4.2.6)", e.text)
			}
			seen[e.text] = true
		case "name", "title", "summary":
			if strings.TrimSpace(e.text) == "" || e.attr["type"] != "" && e.attr["type"] != "text" || len(e.children) > 0 {
				fault("%s %q as %q (3.1)", e.name.Local, e.text, e.attr["type"])
			}
		case "category":
			if e.attr["term"] == "" {
				fault("a category without a term (4.2.2)")
			}
		case "link":
			to, err := base.Parse(e.attr["href"])
			if err != nil || e.attr["href"] == "" || to.Scheme != "https" {
				fault("a link to %q (4.2.7)", e.attr["href"])
			}
		case "entry":
			if day(e, "updated").After(newest) || day(e, "published").After(day(e, "updated")) {
				fault("an entry is newer than the feed, or was updated before it was published")
			}
			ids = append(ids, e.all("id")[0].text)
		}
		for _, c := range e.children {
			walk(c)
		}
	}
	walk(feed)
	// 4.1.1: a link to itself, and one alternate of each type; 4.1.2: without content, an alternate.
	types := map[string]string{}
	for _, l := range feed.all("link") {
		types[l.attr["rel"]] = l.attr["type"]
		if l.attr["rel"] == "self" && !strings.HasSuffix(l.attr["href"], "feed.xml") {
			fault("it calls itself %s", l.attr["href"])
		}
	}
	if types["self"] != "application/atom+xml" || types["alternate"] != "text/html" {
		fault("its links are %v", types)
	}
	for _, e := range feed.all("entry") {
		for _, l := range e.all("link") {
			if l.attr["rel"] != "alternate" || l.attr["type"] != "text/html" {
				fault("an entry's link is %v", l.attr)
			}
		}
	}
	return ids
}

// TestFeedIsAtom holds the feed to RFC 4287: with an address and without, where nothing
// changed, and with names that mean harm. Ids are permanent: no title, language, address or
// name changes them.
func TestFeedIsAtom(t *testing.T) {
	_, site := siteOfSamples(t, "")
	ids := atomRules(t, "with an address", site["feed.xml"])
	if len(ids) < 20 {
		t.Errorf("%d entries", len(ids))
	}
	for _, language := range []string{"fr", "en"} {
		other := atomRules(t, language, siteFiles(t, siteOf(t, "../../samples", language))["feed.xml"])
		if strings.Join(other, " ") != strings.Join(ids, " ") {
			t.Errorf("%s, without an address: other ids", language)
		}
	}
	_, first := siteOfSamples(t, "", "--edition", "2019-02")
	if n := len(atomRules(t, "first edition", first["feed.xml"])); n != 0 {
		t.Errorf("the first edition has %d entries", n)
	}
	_, hostile := hostileSite(t, "fr")
	atomRules(t, "hostile", hostile["feed.xml"])
	p := lonePlace(t, "en", "approved", "certified", true)
	where := filepath.Join(p.dir, "site")
	if code, _, told := p.do(t, "run", "--site", where); code != exitDone {
		t.Fatal(told)
	}
	atomRules(t, "one list", siteFiles(t, where)["feed.xml"])
}
