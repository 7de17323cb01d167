// Package site makes what readers get beside the workbook: one folder of plain files, with
// a page that is complete without a script, a page an actor, JSON, tidy tables and a feed.
// All of it says the same as the book. It is a function of the workspace and of the
// configuration, and knows no clock.
//
// What others link to and read by program is fixed: addresses, keys, attributes and
// terms may be added to, and never changed or removed.
package site

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/report"
)

// Facts is what a site says of actors, whatever the file that says it.
type Facts struct {
	res    *etl.Result
	ref    *etl.Reference
	labels report.Labels
	say    message.Printer
	words  *report.Words
	reg    *etl.Registry

	Lists     *etl.Lists
	Directory *etl.Directory
	further   [2][]*etl.Definition
	pages     map[string]string // addresses of actors' files, by id
	happened  func() []etl.Event
	doubts    func() map[string][]compare.Actor
}

// NewFacts gathers them. everyone are the actors of all that was published.
func NewFacts(res *etl.Result, ref *etl.Reference, reg *etl.Registry, namer *identity.Namer,
	everyone []etl.PublishedActor, labels report.Labels) *Facts {
	f := &Facts{res: res, ref: ref, labels: labels, say: message.In(labels.Language), Lists: res.Lists(ref, reg),
		Directory: res.Directory(reg, namer, everyone)}
	f.words, f.reg = report.NewWords(ref, labels), reg
	for _, l := range etl.Listings {
		f.further[l] = further(ref, l)
	}
	f.pages = f.names()
	f.happened = sync.OnceValue(func() []etl.Event { return f.res.Events(f.ref, f.reg, f.Lists) })
	f.doubts = sync.OnceValue(f.maybeRenamed)
	return f
}

// names gives each actor the name of its files. It is the id, unless that is no file name
// everywhere, or differs from another's only in case.
func (f *Facts) names() map[string]string {
	out := make(map[string]string, len(f.Directory.Entries))
	taken := map[string]bool{}
	for _, e := range f.Directory.Entries {
		if plainName(e.ID) && e.ID == strings.ToLower(e.ID) {
			out[e.ID] = e.ID
			taken[e.ID] = true
		}
	}
	for _, e := range f.Directory.Entries { // by id, so that the same one always gives way
		if _, named := out[e.ID]; named {
			continue
		}
		name := e.ID
		if !plainName(name) || taken[strings.ToLower(name)] {
			name = etl.FileNameOf(e.ID)
		}
		out[e.ID] = name
		taken[strings.ToLower(name)] = true
	}
	return out
}

// plainName reports whether an id is a file name on every system, and one that an address
// need not escape.
func plainName(id string) bool {
	if id == "" || len(id) > 100 || strings.HasPrefix(id, ".") || strings.HasSuffix(id, ".") {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	// Names of devices on Windows, with any extension.
	stem, _, _ := strings.Cut(strings.ToLower(id), ".")
	if slices.Contains([]string{"con", "prn", "aux", "nul"}, stem) {
		return false
	}
	port, _ := strings.CutPrefix(stem, "com")
	if port == stem {
		port, _ = strings.CutPrefix(stem, "lpt")
	}
	n, err := strconv.Atoi(port)
	return port == stem || err != nil || n > 9
}

// page is the address of an actor's page.
func (f *Facts) page(id string) string { return "acteurs/" + f.pages[id] + ".html" }

// Day is the day of the edition.
func (f *Facts) Day() etl.Date { return f.res.Edition.Date }

// Events is what happened in each edition, the newest first.
func (f *Facts) Events() []etl.Event { return f.happened() }

// maybeRenamed are, by id, the actors that one who left a list may be now, while nobody has
// ruled.
func (f *Facts) maybeRenamed() map[string][]compare.Actor {
	out := map[string][]compare.Actor{}
	for _, ev := range f.Events() {
		for _, fact := range ev.Facts {
			left := fact.Term == etl.ApprovedLeft || fact.Term == etl.CertifiedLeft
			if left && fact.Maybe.ID != "" && !slices.Contains(out[ev.ID], fact.Maybe) {
				out[ev.ID] = append(out[ev.ID], fact.Maybe)
			}
		}
	}
	return out
}

// maybe returns what an actor that is no longer on a list may be called now. Its "no" alone
// would mislead who asks.
func (f *Facts) maybe(e *etl.Entry, day etl.Date) []compare.Actor {
	for _, l := range etl.Listings {
		// Editions are compared only for those who left.
		if at := f.Lists.At(e.Actor, l, day); at.Answer == etl.No && at.Left != "" {
			return f.doubts()[e.ID]
		}
	}
	return nil
}
