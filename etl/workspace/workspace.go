// Package workspace reads the folders of a workspace: its editions and their files, and
// makes the pipeline's input of them.
package workspace

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/message"
	"hdsreport/etl/registry"
	"hdsreport/etl/source"
)

// Formats are the possible extensions of a listing's file.
var Formats = []string{"csv", "tsv", "xlsx", "html", "ods", "json"}

// Layout says where a workspace keeps its files, relative to Root, and how its listings
// are read.
type Layout struct {
	Root      string
	Editions  string
	Registry  string
	MaxBytes  int64
	Lists     [2]ListLayout
	Reference *etl.Reference
	// Declared parses a .source.yaml.
	Declared func(text []byte, file string) (Declared, error)
}

// ListLayout says how to read one listing, if its files do not say it.
type ListLayout struct {
	URL       string
	Numbering string
	Sheet     string
}

// Declared is the content of a .source.yaml that affects reading.
type Declared struct {
	URL, Publisher, Retrieved, SHA256, Numbering, Charset string

	Columns []etl.DeclaredColumn
}

// Open reads the registry and the editions up to the given one, or up to the newest if
// edition is empty. Folders that are not named like editions, two files for one listing
// and unknown files are findings. A file that cannot be read at all is an error.
func Open(l Layout, edition string) (etl.Input, error) {
	var in etl.Input
	names, found, err := l.editions()
	in.Found = found
	if err != nil {
		return in, err
	}
	if edition == "" {
		edition = names[len(names)-1]
	}
	at := slices.Index(names, edition)
	if at < 0 {
		return in, message.Fail(nil, "workspace-no-edition", "folder", l.Editions, "edition", edition,
			"known", strings.Join(names, ", "))
	}
	// A missing table counts as empty. A missing folder may be misspelt, and every
	// decision in the right one would be lost.
	if _, err := os.Stat(filepath.Join(l.Root, l.Registry)); errors.Is(err, fs.ErrNotExist) {
		in.Found = append(in.Found, etl.Find(etl.Warning, etl.CodeRegistryMissing, etl.Place{File: l.Registry}))
	}
	in.Registry, found, err = registry.Open(l.Root, l.Registry)
	in.Found = append(in.Found, found...)
	if err != nil {
		return in, err
	}
	var files []file
	for _, name := range names[:at+1] {
		more, found, err := l.files(name, len(in.Editions))
		in.Found = append(in.Found, found...)
		if err != nil {
			return in, err
		}
		files = append(files, more...)
		in.Editions = append(in.Editions, etl.EditionInput{ID: name, Folder: path.Join(filepath.ToSlash(l.Editions), name)})
	}
	found, err = l.readAll(files, in.Editions)
	in.Found = append(in.Found, found...)
	in.Found = append(in.Found, same(in.Editions)...)
	return in, err
}

// Loose returns the input for files outside a workspace: one edition and no registry. A
// list with an empty name is missing.
func Loose(l *Layout, edition string, names [2]string) (etl.Input, error) {
	in := etl.Input{Editions: []etl.EditionInput{{ID: edition}}, Partial: true}
	var errs []error
	for _, list := range etl.Listings {
		if names[list] == "" {
			continue
		}
		src, found, err := l.Read(list, names[list], filepath.ToSlash(names[list]))
		in.Editions[0].Sources[list] = src
		in.Found = append(in.Found, found...)
		errs = append(errs, err)
	}
	in.Found = append(in.Found, same(in.Editions)...)
	return in, errors.Join(errs...)
}

// editions returns the names of the editions' folders by the day that they count from.
func (l *Layout) editions() ([]string, []etl.Finding, error) {
	dir := filepath.Join(l.Root, l.Editions)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, message.Fail(fs.ErrNotExist, "workspace-no-folder", "folder", l.Editions)
	}
	if err != nil {
		return nil, nil, message.Fail(err, "workspace-folder", "folder", l.Editions, "why", reason(err))
	}
	var found []etl.Finding
	var names []string
	places := map[string]place{}
	at := map[place]string{}
	for _, e := range entries {
		_, ok := etl.ParseEdition(e.Name())
		folder := e.IsDir()
		if e.Type()&fs.ModeSymlink != 0 { // links to folders are allowed
			info, err := os.Stat(filepath.Join(dir, e.Name()))
			if err != nil && ok {
				return nil, found, message.Fail(nil, "workspace-link", "file", path.Join(l.Editions, e.Name()))
			}
			folder = err == nil && info.IsDir()
		}
		if !folder || !ok {
			if !strings.HasPrefix(e.Name(), ".") {
				found = append(found, etl.Find(etl.Warning, etl.CodeEditionName,
					etl.Place{File: path.Join(l.Editions, e.Name())}))
			}
			continue
		}
		p := l.place(e.Name())
		if other := at[p]; other != "" {
			return nil, found, message.Fail(nil, "workspace-same-day", "folder", l.Editions, "one", other,
				"other", e.Name())
		}
		places[e.Name()], at[p] = p, e.Name()
		names = append(names, e.Name())
	}
	if len(names) == 0 {
		return nil, found, message.Fail(nil, "workspace-empty", "folder", l.Editions)
	}
	slices.SortFunc(names, func(a, b string) int { return places[a].compare(places[b]) })
	return names, found, nil
}

// Compare orders editions by the day that their figures count from. A month that was
// retrieved on the day of another edition follows it.
func (l *Layout) Compare(a, b string) int { return l.place(a).compare(l.place(b)) }

// place is where an edition stands among the others.
type place struct{ day, named etl.Date }

func (l *Layout) place(edition string) place {
	named, _ := etl.ParseEdition(edition)
	return place{l.Day(edition), named}
}

func (p place) compare(o place) int { return cmp.Or(p.day.Compare(o.day), p.named.Compare(o.named)) }

// Day returns the day that the figures of an edition count from, without reading its
// lists. What cannot be read counts as not stated; Open reports it.
func (l *Layout) Day(edition string) etl.Date {
	var retrieved []string
	if named, _ := etl.ParseDate(edition); !named.Full() {
		files, _, _ := l.files(edition, 0)
		for _, f := range files {
			if l.Own(f.name) != nil {
				continue
			}
			beside := sourceYAML(f.name)
			if d, err := l.declared(filepath.Join(l.Root, filepath.FromSlash(beside)), beside); err == nil {
				retrieved = append(retrieved, d.Retrieved)
			}
		}
	}
	return etl.EditionDay(edition, retrieved...)
}

// file is a listing's file in an edition.
type file struct {
	edition int // index of the edition
	list    etl.Listing
	name    string // relative to the workspace, with slashes
}

// files returns the files of the listings in an edition.
func (l *Layout) files(edition string, index int) ([]file, []etl.Finding, error) {
	dir := path.Join(l.Editions, edition)
	entries, err := os.ReadDir(filepath.Join(l.Root, filepath.FromSlash(dir)))
	if err != nil {
		return nil, nil, message.Fail(err, "workspace-folder", "folder", dir, "why", reason(err))
	}
	var found []etl.Finding
	var out []file
	var beside []string // .source.yaml files
	unread := func(name, variant string, pairs ...any) {
		found = append(found, etl.Find(etl.Warning, etl.CodeFileUnread, etl.Place{File: path.Join(dir, name)},
			pairs...).Said(variant))
	}
	for _, e := range entries {
		base, ext, _ := strings.Cut(e.Name(), ".")
		list := slices.IndexFunc(etl.Listings[:], func(x etl.Listing) bool { return x.FileName() == unaccented(base) })
		ext = strings.ToLower(ext)
		if ext == "htm" {
			ext = "html"
		}
		switch {
		case strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "~$"):
			continue // lock files of spreadsheets, folder settings of the system
		case e.IsDir() && list >= 0 && ext == "pages":
			continue // pages that fetch has merged into the list
		case e.IsDir() && (strings.HasSuffix(base, "_files") || strings.HasSuffix(base, "_fichiers")):
			continue // images of a page saved by a browser
		case list >= 0 && (ext == "source.yaml" || ext == "source.yml"):
			beside = append(beside, e.Name())
			continue
		case list < 0:
			unread(e.Name(), "list", "formats", strings.Join(Formats, ", "))
			continue
		}
		// Files with other extensions are read too: the reader looks at the content,
		// and rejects a PDF or an old .xls with a specific message.
		if i := slices.IndexFunc(out, func(f file) bool { return f.list == etl.Listing(list) }); i >= 0 {
			return nil, found, message.Fail(nil, "workspace-two-files", "folder", dir, "one", path.Base(out[i].name),
				"other", e.Name(), "list", etl.Listing(list))
		}
		out = append(out, file{index, etl.Listing(list), path.Join(dir, e.Name())})
	}
	for _, name := range beside {
		if !slices.ContainsFunc(out, func(f file) bool { return path.Base(sourceYAML(f.name)) == name }) {
			unread(name, "beside")
		}
	}
	return out, found, nil
}

// unaccented returns a name in lower case without accents, in any Unicode
// normalisation, so that agréés.csv is also accepted.
func unaccented(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(name))
}

// readAll reads files concurrently.
func (l *Layout) readAll(files []file, editions []etl.EditionInput) ([]etl.Finding, error) {
	type result struct {
		src   etl.Source
		found []etl.Finding
		err   error
	}
	results := make([]result, len(files))
	var wg sync.WaitGroup
	for i, f := range files {
		wg.Go(func() {
			r := &results[i]
			if r.err = l.Own(f.name); r.err != nil {
				return
			}
			r.src, r.found, r.err = l.Read(f.list, filepath.Join(l.Root, filepath.FromSlash(f.name)), f.name)
			// A file of no bytes of a list that has ended is that list, without a row.
			var refused *source.Unreadable
			if errors.As(r.err, &refused) && refused.Finding.Code == etl.CodeSourceEmpty {
				if _, ended := l.Reference.EndedBy(f.list, l.Day(editions[f.edition].ID)); ended {
					r.src, r.err = etl.Source{Table: &etl.Table{File: f.name}}, nil
				}
			}
		})
	}
	wg.Wait()
	var found []etl.Finding
	var errs []error
	for i, f := range files {
		found = append(found, results[i].found...)
		errs = append(errs, results[i].err)
		editions[f.edition].Sources[f.list] = results[i].src
	}
	return found, errors.Join(errs...)
}

// Read reads a listing's file and what is declared beside it. display is the file's
// name in messages.
func (l *Layout) Read(list etl.Listing, name, display string) (etl.Source, []etl.Finding, error) {
	opts := l.Lists[list]
	src := etl.Source{URL: opts.URL, Numbering: opts.Numbering}
	besideDisplay := sourceYAML(display)
	d, undeclared := l.declared(sourceYAML(name), besideDisplay)
	headers := etl.NewHeaders(l.Reference, list)
	table, found, err := source.ReadFile(name, display,
		source.Options{MaxBytes: l.MaxBytes, Sheet: opts.Sheet, Charset: d.Charset, Recognise: headers.Recognise})
	if err != nil {
		return src, found, err
	}
	src.Table = table
	if undeclared != nil {
		return src, found, undeclared
	}
	src.URL, src.Numbering = cmp.Or(d.URL, src.URL), cmp.Or(d.Numbering, src.Numbering)
	src.Columns = d.Columns
	src.Publisher, src.Retrieved = d.Publisher, d.Retrieved
	if d.SHA256 != "" && !strings.EqualFold(d.SHA256, table.SHA256) {
		found = append(found, etl.Find(etl.Warning, etl.CodeSourceChanged, etl.Place{File: display},
			"file", besideDisplay, "sum", table.SHA256))
	}
	return src, found, nil
}

// Own returns an error if a file of an edition, or its .source.yaml, is a pipe, a
// device, or a link to a file outside the workspace. name is relative to the workspace,
// with slashes.
func (l *Layout) Own(name string) error {
	for _, n := range []string{name, sourceYAML(name)} {
		err := atomicfile.Ordinary(filepath.Join(l.Root, filepath.FromSlash(n)), l.Root,
			filepath.Join(l.Root, l.Editions))
		switch {
		case errors.Is(err, atomicfile.ErrLeadsOut):
			return message.Fail(err, "workspace-leads-out", "file", n)
		case errors.Is(err, atomicfile.ErrNotOrdinary):
			return message.Fail(err, "workspace-not-ordinary", "file", n)
		}
	}
	return nil
}

// declared reads the .source.yaml of a file. A missing one declares nothing.
func (l *Layout) declared(name, display string) (Declared, error) {
	text, err := readSmall(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Declared{}, nil
	}
	if err != nil {
		return Declared{}, message.Fail(err, "workspace-source-yaml", "file", display, "why", reason(err))
	}
	return l.Declared(text, display)
}

// maxSmall is the maximum size of a .source.yaml.
const maxSmall = 1 << 20

// readSmall reads a small file. A pipe or a device, which might never end, is an error.
func readSmall(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, message.Fail(nil, "workspace-is-folder")
	case !info.Mode().IsRegular():
		return nil, message.Fail(nil, "workspace-is-special")
	case info.Size() > maxSmall:
		return nil, message.Fail(nil, "workspace-is-large", "most", maxSmall>>20)
	}
	return os.ReadFile(name)
}

// reason returns the error without the path, which the message already contains.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// same reports a list of the newest edition whose file is identical to one of an
// earlier edition or of the other list: probably an old download in the new folder.
func same(editions []etl.EditionInput) []etl.Finding {
	if len(editions) == 0 {
		return nil
	}
	var found []etl.Finding
	newest := len(editions) - 1
	for _, list := range etl.Listings {
		t := editions[newest].Sources[list].Table
		if t == nil {
			continue
		}
	search:
		for e := newest; e >= 0; e-- {
			for _, other := range etl.Listings {
				o := editions[e].Sources[other].Table
				if o == nil || o.SHA256 != t.SHA256 || e == newest && other <= list {
					continue
				}
				severity := etl.Warning
				if other == list && editions[newest].Sources[list].Retrieved != "" {
					severity = etl.Info // the download is dated: only the other list has changed
				}
				found = append(found, etl.Find(severity, etl.CodeSourceSame, etl.Place{File: t.File}, "file", o.File))
				break search
			}
		}
	}
	return found
}

// sourceYAML returns the name of the .source.yaml of a listing's file.
func sourceYAML(name string) string {
	return strings.TrimSuffix(name, filepath.Ext(name)) + ".source.yaml"
}
