// Package workspace knows the folders of a workspace: which editions there are,
// which files are theirs, and how they become the pipeline's input.
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

// Formats are the extensions that a listing's file may have.
var Formats = []string{"csv", "tsv", "xlsx", "html", "ods", "json"}

// Layout is where a workspace keeps things, relative to Root, and how its
// listings are read.
type Layout struct {
	Root      string
	Editions  string
	Registry  string
	MaxBytes  int64
	Lists     [2]ListLayout
	Reference *etl.Reference
	// Declared reads what a .source.yaml declares about its file.
	Declared func(text []byte, file string) (Declared, error)
}

// ListLayout is the reading of one listing, where its files do not say it.
type ListLayout struct {
	URL       string
	Numbering string
	Sheet     string
}

// Declared is what is declared about a listing's file.
type Declared struct {
	URL, Publisher, Retrieved, SHA256, Numbering, Charset string
}

// Open reads the registry and the editions up to the wanted one, or up to the
// newest if edition is empty. A folder that is no edition's name, two files for
// one listing and files that belong to nothing are findings; a file that cannot
// be read at all is an error.
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
		return in, message.Fail(nil, "workspace-no-edition", "folder", l.Editions, "edition", edition, "known", strings.Join(names, ", "))
	}
	// A table that is not there is an empty one; a folder that is not there may be
	// a misspelt one, and every decision in the right one would be lost.
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
		in.Editions = append(in.Editions, etl.EditionInput{ID: name})
	}
	found, err = l.readAll(files, in.Editions)
	in.Found = append(in.Found, found...)
	in.Found = append(in.Found, same(in.Editions)...)
	return in, err
}

// Loose is the input of files that stand in no workspace: one edition, no
// registry. A list whose name is empty is missing.
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

// editions are the names of the editions' folders by the days they stand for.
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
	days := map[etl.Date]string{}
	for _, e := range entries {
		day, ok := etl.ParseEdition(e.Name())
		folder := e.IsDir()
		if e.Type()&fs.ModeSymlink != 0 { // a link to a folder is one
			info, err := os.Stat(filepath.Join(dir, e.Name()))
			if err != nil && ok {
				return nil, found, message.Fail(nil, "workspace-link", "file", path.Join(l.Editions, e.Name()))
			}
			folder = err == nil && info.IsDir()
		}
		if !folder || !ok {
			if !strings.HasPrefix(e.Name(), ".") {
				found = append(found, etl.Find(etl.Warning, etl.CodeEditionName, etl.Place{File: path.Join(l.Editions, e.Name())}))
			}
			continue
		}
		if other := days[day]; other != "" {
			return nil, found, message.Fail(nil, "workspace-same-day", "folder", l.Editions, "one", other, "other", e.Name())
		}
		days[day] = e.Name()
		names = append(names, e.Name())
	}
	if len(names) == 0 {
		return nil, found, message.Fail(nil, "workspace-empty", "folder", l.Editions)
	}
	slices.SortFunc(names, func(a, b string) int {
		x, _ := etl.ParseEdition(a)
		y, _ := etl.ParseEdition(b)
		return x.Compare(y)
	})
	return names, found, nil
}

// file is one listing's file of one edition.
type file struct {
	edition int // index
	list    etl.Listing
	name    string // relative to the workspace, with slashes
}

// files are the listings' files of an edition.
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
		found = append(found, etl.Find(etl.Warning, etl.CodeFileUnread, etl.Place{File: path.Join(dir, name)}, pairs...).Said(variant))
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
			continue // a spreadsheet's lock, a system's folder settings
		case e.IsDir() && list >= 0 && ext == "pages":
			continue // the pages that fetch put the list together from
		case e.IsDir() && (strings.HasSuffix(base, "_files") || strings.HasSuffix(base, "_fichiers")):
			continue // the images of a page that a browser saved
		case list >= 0 && (ext == "source.yaml" || ext == "source.yml"):
			beside = append(beside, e.Name())
			continue
		case list < 0:
			unread(e.Name(), "list", "formats", strings.Join(Formats, ", "))
			continue
		}
		// Another ending is read all the same: the reader goes by what is in the
		// file, and refuses a PDF or an old .xls by name.
		if i := slices.IndexFunc(out, func(f file) bool { return f.list == etl.Listing(list) }); i >= 0 {
			return nil, found, message.Fail(nil, "workspace-two-files", "folder", dir, "one", path.Base(out[i].name), "other", e.Name(), "list", etl.Listing(list))
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

// unaccented is a name in small letters without accents, however the system composes
// them: agréés.csv is the list's file too.
func unaccented(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(name))
}

// readAll reads files, several at a time.
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

// Read reads one listing's file and what is declared beside it. display is the
// file's name in messages.
func (l *Layout) Read(list etl.Listing, name, display string) (etl.Source, []etl.Finding, error) {
	opts := l.Lists[list]
	src := etl.Source{URL: opts.URL, Numbering: opts.Numbering}
	besideDisplay := sourceYAML(display)
	d, undeclared := l.declared(sourceYAML(name), besideDisplay)
	headers := etl.NewHeaders(l.Reference, list)
	table, found, err := source.ReadFile(name, display, source.Options{MaxBytes: l.MaxBytes, Sheet: opts.Sheet, Charset: d.Charset, Recognise: headers.Recognise})
	if err != nil {
		return src, found, err
	}
	src.Table = table
	if undeclared != nil {
		return src, found, undeclared
	}
	src.URL, src.Numbering = cmp.Or(d.URL, src.URL), cmp.Or(d.Numbering, src.Numbering)
	src.Publisher, src.Retrieved = d.Publisher, d.Retrieved
	if d.SHA256 != "" && !strings.EqualFold(d.SHA256, table.SHA256) {
		found = append(found, etl.Find(etl.Warning, etl.CodeSourceChanged, etl.Place{File: display}, "file", besideDisplay, "sum", table.SHA256))
	}
	return src, found, nil
}

// Own refuses a file of an edition that is a pipe or a device, or a link to a file that
// is kept elsewhere, and one that describes it likewise. name is relative to the
// workspace, with slashes.
func (l *Layout) Own(name string) error {
	for _, n := range []string{name, sourceYAML(name)} {
		err := atomicfile.Ordinary(filepath.Join(l.Root, filepath.FromSlash(n)), l.Root, filepath.Join(l.Root, l.Editions))
		switch {
		case errors.Is(err, atomicfile.ErrLeadsOut):
			return message.Fail(err, "workspace-leads-out", "file", n)
		case errors.Is(err, atomicfile.ErrNotOrdinary):
			return message.Fail(err, "workspace-not-ordinary", "file", n)
		}
	}
	return nil
}

// declared reads what is declared beside a file; nothing where there is no such file.
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

// maxSmall bounds a .source.yaml, which has some lines.
const maxSmall = 1 << 20

// readSmall reads a small file whole. A pipe or a device, which might never end, is
// an error.
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

// reason leaves out the path, which the message gives as the user knows it.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// same reports a list of the newest edition that is the very file of an edition
// before, or of the other list: an old download put in the new folder.
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
					severity = etl.Info // it says when it was downloaded: this list did not change, the other did
				}
				found = append(found, etl.Find(severity, etl.CodeSourceSame, etl.Place{File: t.File}, "file", o.File))
				break search
			}
		}
	}
	return found
}

// sourceYAML is the file beside a listing's that says where it comes from.
func sourceYAML(name string) string {
	return strings.TrimSuffix(name, filepath.Ext(name)) + ".source.yaml"
}
