package site

import (
	"slices"

	"hdsreport/etl"
	"hdsreport/etl/compare"
)

// counts are the figures by which a copy can be told from another at a glance.
type counts struct {
	Approved  *int `json:"approved"`
	Certified *int `json:"certified"`
	Both      *int `json:"both"`
	Any       *int `json:"any"`
	Actors    int  `json:"actors"` // with a page, on a list or not
}

// happening is what happened to one actor in one edition.
type happening struct {
	Edition string      `json:"edition"`
	Day     string      `json:"day"`
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Terms   []etl.Term  `json:"terms"`
	Facts   []eventFact `json:"facts"`
}

type eventFact struct {
	Term    etl.Term        `json:"term"`
	Since   string          `json:"since"` // the edition that was compared with
	Was     text            `json:"was"`
	Now     text            `json:"now"`
	Fields  []compare.Field `json:"fields,omitempty"`
	Added   int             `json:"rows_added,omitempty"`
	Removed int             `json:"rows_removed,omitempty"`
	Maybe   *compare.Actor  `json:"maybe_renamed,omitempty"` // the other name, while nobody has ruled
}

// api puts the documents that are not about one actor.
func (b *builder) api() error {
	head := b.f.header()
	day := b.f.Day()
	all := make([]*Actor, 0, len(b.f.Directory.Entries))
	for i := range b.f.Directory.Entries {
		all = append(all, b.f.short(&b.f.Directory.Entries[i], day))
	}
	changes := make([]happening, 0, len(b.events))
	for _, e := range b.events {
		h := happening{Edition: e.Edition, Day: e.Day.String(), ID: e.ID, Name: e.Name}
		for _, f := range e.Facts {
			h.Terms = append(h.Terms, f.Term)
			out := eventFact{f.Term, f.Since, text(f.Was), text(f.Now), f.Rows, f.Added, f.Removed, nil}
			if f.Maybe.ID != "" {
				out.Maybe = &f.Maybe
			}
			h.Facts = append(h.Facts, out)
		}
		changes = append(changes, h)
	}
	b.put("api/v1/stats.json", b.opt.Stats)
	for _, d := range []struct {
		address string
		doc     any
	}{
		{"api/v1/actors.json", struct {
			header
			Actors []*Actor `json:"actors"`
		}{head, all}},
		{"api/v1/names.json", struct {
			header
			Fold  string              `json:"fold"`
			Names map[string][]string `json:"names"`
		}{head, "v1", b.f.Directory.Names()}},
		{"api/v1/changes.json", struct {
			header
			Changes []happening `json:"changes"`
		}{head, changes}},
		{"api/v1/index.json", b.entrance(head)},
	} {
		if err := b.json(d.address, d.doc); err != nil {
			return err
		}
	}
	return nil
}

// entrance is the document that leads to the others.
func (b *builder) entrance(head header) any {
	here := b.f.res.Stats.History[len(b.f.res.Stats.History)-1]
	addresses := []string{"api/v1/actors.json", "api/v1/names.json", "api/v1/stats.json", "api/v1/changes.json",
		"feed.xml", "datapackage.json", "data/agrees.csv", "data/certifies.csv", "data/changements.csv", "data/hds.xlsx",
		Manifest}
	slices.Sort(addresses)
	return struct {
		header
		Day        string   `json:"day"`
		Generation string   `json:"generation"`
		URL        text     `json:"url"`
		Counts     counts   `json:"counts"`
		Addresses  []string `json:"addresses"`
		Actor      string   `json:"actor"` // the address of one actor's document
	}{head, head.AsOf, b.book.Identifier, text(b.opt.URL),
		counts{here.Approved, here.Certified, here.Both, here.Any, len(b.f.Directory.Entries)}, addresses,
		"api/v1/actors/{id}.json"}
}
