package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/atomicdir"
	"hdsreport/etl/cores"
	"hdsreport/etl/message"
	"hdsreport/report"
)

// Manifest is the file that names all others of a site, with their hashes.
const Manifest = "hdsreport-site.json"

// Options are what a site says beside its facts.
type Options struct {
	Report                       report.Options
	URL, ID, Home, Header, Legal string
	Brand                        Brand
	StaleDays                    int    // an older edition gets a remark on the reader's day
	Loose                        bool   // computed from loose files, whose paths are nobody's business
	Stats                        []byte // what stats --json prints
	Workbook                     []byte // the .xlsx file
}

// builder makes the files of a site.
type builder struct {
	f      *Facts
	book   *report.Book
	opt    Options
	say    message.Printer
	files  map[string][]byte
	events []etl.Event
	common shell
	// by the names of their files
	styles, policies map[string]markup
}

// Build makes the whole site of a book.
func Build(f *Facts, book *report.Book, opt Options) (atomicdir.Tree, error) {
	b := &builder{f: f, book: book, opt: opt, say: f.say, files: map[string][]byte{},
		styles: map[string]markup{}, policies: map[string]markup{}, events: f.Events()}
	b.prepare()
	charts := b.charts()
	for _, c := range charts {
		var h html
		h.draw(c.onItsOwn(b))
		b.put("graphiques/"+c.Key+".svg", h.bytes())
	}
	for _, step := range []func() error{b.api, b.tables, b.feed, b.actors, b.redirects, b.catalogue} {
		if err := step(); err != nil {
			return atomicdir.Tree{}, err
		}
	}
	b.put("404.html", b.notFound())
	b.put("index.html", b.index(charts))
	return b.tree()
}

func (b *builder) put(address string, text []byte) { b.files[address] = text }

// json puts a document.
func (b *builder) json(address string, v any) error {
	text, err := encoded(v)
	b.put(address, text)
	return err
}

// tree adds the manifest.
func (b *builder) tree() (atomicdir.Tree, error) {
	addresses := slices.Collect(maps.Keys(b.files))
	hashes := make([]string, len(addresses))
	cores.Every(len(addresses), func(i int) {
		h := sha256.Sum256(b.files[addresses[i]])
		hashes[i] = hex.EncodeToString(h[:])
	})
	sums := make(map[string]string, len(addresses))
	for i, address := range addresses {
		sums[address] = hashes[i]
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "")
	err := e.Encode(struct {
		SchemaVersion string            `json:"schema_version"`
		Generation    string            `json:"generation"`
		Edition       string            `json:"edition"`
		Files         map[string]string `json:"files"` // in the order of addresses
	}{SchemaVersion, b.book.Identifier, b.f.res.Edition.ID, sums})
	b.put(Manifest, out.Bytes())
	return atomicdir.Tree{Manifest: Manifest, Files: b.files}, err
}

// web returns an address that may be a link of a page, or "".
func web(address string) string {
	lower := strings.ToLower(address)
	if (strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://")) && etl.CheckLink(address) == nil {
		return address
	}
	return ""
}
