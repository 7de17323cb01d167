package site

import (
	"maps"
	"slices"
)

type linksPage struct {
	shell
	H1, Text string
	Links    []linked
}

// redirects puts a page where an actor's page was, or where a reader may expect one: at
// the id that a decision merged away, and at those of former names and aliases. Two
// actors that claim one address get a page that lists both.
func (b *builder) redirects() error {
	put := func(from string, to []string) {
		if !plainName(from) {
			return // nothing ever stood there
		}
		address := "acteurs/" + from + ".html"
		if _, own := b.files[address]; own {
			return
		}
		p := linksPage{shell: b.shell(b.book.Title, address)}
		p.NoIndex = true
		for _, id := range to {
			p.Links = append(p.Links, linked{b.f.Directory.Entry(id).Name, b.f.pages[id] + ".html"})
		}
		p.H1 = p.Links[0].Text
		if len(to) == 1 {
			p.Refresh = p.Links[0].Link
			p.Canonical = p.Links[0].Link
			if b.opt.URL != "" {
				p.Canonical = b.address(b.f.page(to[0]))
			}
			p.Title = p.H1
		} else {
			p.H1, p.Canonical = from, ""
			p.Text = b.say.Say("site-several")
		}
		b.put(address, new(html).links(&p))
	}
	for _, id := range slices.Sorted(maps.Keys(b.f.Directory.Merged)) {
		to := b.known(b.f.Directory.Merged[id])
		if len(to) == 0 {
			continue
		}
		put(id, to)
		address := "api/v1/actors/" + id + ".json"
		if _, own := b.files[address]; own || len(to) > 1 || !plainName(id) {
			continue
		}
		if err := b.json(address, struct {
			SchemaVersion string `json:"schema_version"`
			ID            string `json:"id"`
			Redirect      string `json:"redirect"`
		}{SchemaVersion, id, to[0]}); err != nil {
			return err
		}
	}
	for _, slug := range slices.Sorted(maps.Keys(b.f.Directory.Aliases)) {
		if to := b.known(b.f.Directory.Aliases[slug]); len(to) > 0 {
			put(slug, to)
		}
	}
	return nil
}

// known leaves out ids that no entry has.
func (b *builder) known(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return b.f.Directory.Entry(id) == nil })
}

// notFound is what GitHub Pages shows for an address that is not there, at that address.
// So it can link only if it is known where the site is served.
func (b *builder) notFound() []byte {
	p := linksPage{shell: b.shell(b.say.Say("site-404"), "404.html"), H1: b.say.Say("site-404"),
		Text: b.say.Say("site-404.text")}
	p.NoIndex, p.Feed, p.Canonical = true, false, ""
	if b.opt.URL != "" {
		p.Links = []linked{{b.say.Say("site-all"), b.path()}}
	}
	return new(html).links(&p)
}
