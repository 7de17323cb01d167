package fetch

import (
	"bytes"
	"strconv"
	"strings"

	"hdsreport/etl"
)

// Provenance is the content of <list>.source.yaml, which describes a list's file.
type Provenance struct {
	URL               string // where readers find the list
	Publisher         string
	Retrieved         string // RFC 3339, in UTC
	SHA256            string // hash of the file
	ActivityNumbering string
	Columns           []etl.DeclaredColumn // by a person, where two headings name one field
	Download          string               // address of the download, without secrets
	ETag              string               // as sent by the server
	LastModified      string
	Charset           string // as stated by the server
	TableSHA256       string // hash of the list's content; see tableSum
	Pages             []PageProvenance
}

// PageProvenance is the same for one page of a list in several pages.
type PageProvenance struct {
	Page         string
	File         string // in <list>.pages
	SHA256       string
	ETag         string
	LastModified string
	Charset      string
}

// yaml writes the file, always in the same form. All values are in double quotes, whose
// escapes in YAML are those of Go, so that anything a server says remains a text.
func (p *Provenance) yaml() []byte {
	var b bytes.Buffer
	type entry struct{ key, value string }
	write := func(indent string, entries ...entry) {
		for _, e := range entries {
			if e.value != "" {
				b.WriteString(indent + e.key + ": " + strconv.Quote(e.value) + "\n")
				indent = strings.Replace(indent, "-", " ", 1)
			}
		}
	}
	write("", entry{"url", p.URL}, entry{"publisher", p.Publisher}, entry{"retrieved", p.Retrieved},
		entry{"sha256", p.SHA256}, entry{"activity_numbering", p.ActivityNumbering}, entry{"download", p.Download},
		entry{"etag", p.ETag}, entry{"last_modified", p.LastModified},
		entry{"charset", p.Charset}, entry{"table_sha256", p.TableSHA256})
	if len(p.Columns) > 0 {
		b.WriteString("columns:\n")
	}
	for _, c := range p.Columns {
		b.WriteString("  - field: " + strconv.Quote(string(c.Field)) + "\n    column: " + strconv.Itoa(c.Column) + "\n")
	}
	if len(p.Pages) > 0 {
		b.WriteString("pages:\n")
	}
	for _, g := range p.Pages {
		write("  - ", entry{"page", g.Page}, entry{"file", g.File}, entry{"sha256", g.SHA256}, entry{"etag", g.ETag},
			entry{"last_modified", g.LastModified}, entry{"charset", g.Charset})
	}
	return b.Bytes()
}
