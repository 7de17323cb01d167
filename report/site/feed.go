package site

import (
	"cmp"
	"crypto/sha1"
	"encoding/xml"
	"fmt"
	"strings"

	"hdsreport/etl"
)

// The feed is Atom (RFC 4287). Its ids are made from the configured id, the edition and the
// actor, never from an address, a clock or a name: each change of those would show
// subscribers the whole feed again.

// namespace is that of the program, for UUIDs by name. It never changes.
var namespace = [16]byte{0x5d, 0x0c, 0x2e, 0x6b, 0x1f, 0x0a, 0x4c, 0x53, 0x9a, 0x77, 0x68, 0x64, 0x73, 0x72, 0x70, 0x74}

// mostEntries is how many entries the feed has.
const mostEntries = 500

// uuid is a UUID by name (RFC 9562, version 5).
func uuid(space [16]byte, name string) [16]byte {
	h := sha1.New()
	h.Write(space[:])
	h.Write([]byte(name))
	var u [16]byte
	copy(u[:], h.Sum(nil))
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return u
}

func urn(u [16]byte) string {
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

type atomFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"xml:lang,attr"`
	Base    string   `xml:"xml:base,attr,omitempty"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  struct {
		Name string `xml:"name"`
	} `xml:"author"`
	Rights  string      `xml:"rights,omitempty"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr,omitempty"`
}

func midnight(d etl.Date) string { return d.Last().String() + "T00:00:00Z" }

// feed puts the feed: an entry an actor and edition, the newest edition first.
func (b *builder) feed() error {
	own := uuid(namespace, b.opt.ID)
	f := atomFeed{Lang: b.f.labels.Language, ID: urn(own), Title: b.book.Title, Updated: midnight(b.f.Day()),
		Rights: b.opt.Report.Licence, Links: []atomLink{{"alternate", "text/html", "index.html"},
			{"self", "application/atom+xml", "feed.xml"}}}
	f.Author.Name = cmp.Or(b.opt.Report.Publisher, b.book.Title)
	if b.opt.URL != "" {
		f.Base = strings.TrimSuffix(b.opt.URL, "/") + "/"
	}
	for _, e := range b.events[:min(len(b.events), mostEntries)] {
		f.Entries = append(f.Entries, b.entry(own, &e))
	}
	return b.xml("feed.xml", f)
}

func (b *builder) entry(own [16]byte, e *etl.Event) atomEntry {
	out := atomEntry{ID: urn(uuid(own, e.Edition+"/"+e.ID)), Updated: midnight(e.Day), Published: midnight(e.Day),
		Links: []atomLink{{"alternate", "text/html", b.f.page(e.ID)}}}
	var titles, said []string
	for i := range e.Facts {
		f := &e.Facts[i]
		title := b.say.Say(happened[f.Term])
		out.Categories = append(out.Categories, atomCategory{string(f.Term), title})
		if who := b.f.asWhom(e.ID, f); who != "" {
			titles = append(titles, b.say.Say("feed-who", "what", title, "who", who))
		} else {
			titles = append(titles, title)
		}
		s := b.say.Say("feed-since", "what", title, "edition", named(f.Since))
		if more := b.f.saidShort(e.ID, f); more != "" {
			s = b.say.Say("feed-more", "what", s, "more", more)
		}
		said = append(said, s)
	}
	if covers := b.arrivedFor(e); covers != "" {
		said = append(said, covers)
	}
	out.Title = b.say.Say("feed-title", "name", e.Name, "what", strings.Join(titles, ", "))
	out.Summary = strings.Join(said, ". ") + "."
	return out
}

// arrivedFor names the activities of one that is newly certified.
func (b *builder) arrivedFor(e *etl.Event) string {
	for _, f := range e.Facts {
		if f.Term != etl.CertifiedArrived {
			continue
		}
		at := b.f.Lists.At(b.f.Directory.Entry(e.ID).Actor, etl.Certified, e.Day)
		if said := b.f.activities(at.Activities); said != "" {
			return b.say.Say("feed-activities", "activities", said)
		}
	}
	return ""
}
