package site

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// path is the absolute path of the page on its server.
func (b *builder) path() string {
	u, err := url.Parse(b.opt.URL)
	if err != nil { // checked with the configuration
		return "/"
	}
	return strings.TrimSuffix(u.EscapedPath(), "/") + "/"
}

// catalogue puts what search engines and data.gouv.fr harvest, if it is known where the
// site is served.
func (b *builder) catalogue() error {
	if b.opt.URL == "" {
		return nil
	}
	addresses := make([]string, 0, len(b.f.Directory.Entries)+1)
	addresses = append(addresses, "index.html")
	for i := range b.f.Directory.Entries {
		addresses = append(addresses, b.f.page(b.f.Directory.Entries[i].ID))
	}
	if err := b.sitemap(addresses, mostAddresses); err != nil {
		return err
	}
	return b.json("catalog.jsonld", b.dcat())
}

// mostAddresses is how many a sitemap may have (sitemaps.org).
const mostAddresses = 50_000

type location struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

// sitemap puts the addresses of all pages: sitemap.xml, which for more than most of them
// names files with parts of them.
func (b *builder) sitemap(addresses []string, most int) error {
	set := struct {
		XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []location `xml:"url"`
	}{}
	day := b.f.Day().Last().String()
	if len(addresses) <= most {
		for _, a := range addresses {
			set.URLs = append(set.URLs, location{b.address(a), day})
		}
		return b.xml("sitemap.xml", set)
	}
	parts := struct {
		XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Maps    []location `xml:"sitemap"`
	}{}
	for part := range slices.Chunk(addresses, most) {
		name := "sitemap-" + strconv.Itoa(len(parts.Maps)+1) + ".xml"
		set.URLs = set.URLs[:0]
		for _, a := range part {
			set.URLs = append(set.URLs, location{b.address(a), day})
		}
		if err := b.xml(name, set); err != nil {
			return err
		}
		parts.Maps = append(parts.Maps, location{b.address(name), day})
	}
	return b.xml("sitemap.xml", parts)
}

// xml puts a document.
func (b *builder) xml(address string, v any) error {
	var out bytes.Buffer
	out.WriteString(xml.Header)
	x := xml.NewEncoder(&out)
	x.Indent("", " ")
	if err := x.Encode(v); err != nil {
		return err
	}
	out.WriteByte('\n')
	b.put(address, out.Bytes())
	return nil
}

// dcat describes the data as DCAT, which data.gouv.fr harvests.
func (b *builder) dcat() any {
	type object = map[string]any // with sorted keys in JSON
	r := b.opt.Report
	var distributions []object
	kinds := map[string]string{".csv": "text/csv", ".xlsx": xlsxType, ".json": "application/json"}
	for _, address := range slices.Sorted(maps.Keys(b.files)) {
		ext := address[strings.LastIndexByte(address, '.'):]
		if !strings.HasPrefix(address, "data/") || strings.HasSuffix(address, ".schema.json") || kinds[ext] == "" {
			continue
		}
		d := object{"@type": "dcat:Distribution", "@id": b.address(address), "dct:title": strings.TrimPrefix(address, "data/"),
			"dcat:downloadURL": object{"@id": b.address(address)}, "dcat:accessURL": object{"@id": b.address(address)},
			"dcat:mediaType": kinds[ext], "dct:format": strings.ToUpper(ext[1:]), "dcat:byteSize": len(b.files[address]),
			"dct:modified": object{"@type": "xsd:date", "@value": b.f.Day().Last().String()}}
		if r.Licence != "" {
			d["dct:license"] = b.licenceNode()
		}
		distributions = append(distributions, d)
	}
	set := object{"@type": "dcat:Dataset", "@id": b.address("datapackage.json"), "dct:identifier": cmp.Or(b.opt.ID, b.opt.URL),
		"dct:title": b.book.Title, "dct:description": b.dataDescription(),
		"dct:language":           b.f.labels.Language,
		"dct:modified":           object{"@type": "xsd:date", "@value": b.f.Day().Last().String()},
		"dcat:landingPage":       object{"@id": b.address("index.html")},
		"dcat:distribution":      distributions,
		"dcat:keyword":           []string{"hébergement de données de santé", "HDS", "santé"},
		"dct:spatial":            object{"@id": "http://publications.europa.eu/resource/authority/country/FRA"},
		"dct:publisher":          object{"@type": "foaf:Organization", "foaf:name": cmp.Or(r.Publisher, b.book.Title)},
		"dct:source":             web(r.SourceURL),
		"dcat:version":           b.f.res.Edition.ID,
		"dct:accrualPeriodicity": object{"@id": "http://publications.europa.eu/resource/authority/frequency/IRREG"},
	}
	if r.Licence != "" {
		set["dct:license"] = b.licenceNode()
	}
	return object{
		"@context": object{"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
			"foaf": "http://xmlns.com/foaf/0.1/", "xsd": "http://www.w3.org/2001/XMLSchema#"},
		"@type": "dcat:Catalog", "@id": b.address("catalog.jsonld"), "dct:title": b.book.Title,
		"dct:description": b.dataDescription(),
		"dct:publisher":   object{"@type": "foaf:Organization", "foaf:name": cmp.Or(r.Publisher, b.book.Title)},
		"dcat:dataset":    []object{set},
	}
}

// licenceNode is the licence: an address, or its name.
func (b *builder) licenceNode() any {
	if link := licencePath(b.opt.Report.Licence); link != "" {
		return map[string]any{"@id": link}
	}
	return b.opt.Report.Licence
}
