// Package fetch downloads the published lists into a new edition of the workspace if
// they have changed. No other package of etl uses the network.
//
// The files in reading order: fetch.go (the job), address.go (addresses), request.go
// (one request: tries, redirects, limits), judge.go (whether an answer is the list),
// pages.go (a list in several pages), table.go (the content of a list, without its
// format), provenance.go and edition.go (what is written).
package fetch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/workspace"
)

// Job says what to fetch and what the workspace already has.
type Job struct {
	Edition string  // the name of the edition to make, YYYY-MM-DD or YYYY-MM
	Lists   [2]List // by listing; one without an address is not fetched
	Layout  workspace.Layout
	// Provenance parses a .source.yaml.
	Provenance func(text []byte, file string) (Provenance, error)
	Publisher  string // who publishes the lists
	Reference  etl.Reference
	Namer      *identity.Namer
	Web        Web
	// Progress, if not nil, is called before each request.
	Progress func(Step)

	columns [2][]etl.DeclaredColumn // by listing, of the newest file; a column whose heading is another one is refused
}

// List is one listing to fetch.
type List struct {
	Address string   // may hold {page}
	Pages   []string // values of {page}, as returned by Pages
	URL     string   // where readers find the list; if empty, Address
	Sheet   string   // the worksheet or table to read, if there are several
}

// Step is a request that is about to be made.
type Step struct {
	List    etl.Listing
	Page    string
	Rank    int // from 1
	Of      int
	Address string // without secrets
}

// Fetched is the result for one listing.
type Fetched struct {
	Configured bool
	Address    string // without secrets; {page} stands for the pages
	Since      string // the newest edition that has the listing; empty if none
	Changed    bool   // since that edition
	Confirmed  bool   // the server said that it has not changed
	Older      bool   // the answer is older than that edition's copy, and was not used
	Rows       int    // rows that the pipeline keeps; 0 if Confirmed
}

// News is the result of a fetch, before anything is written.
type News struct {
	Edition string // name of the new edition
	Lists   [2]Fetched
	Found   []etl.Finding
	Changed bool // a listing has changed, so there is an edition to write

	editions string // folder
	files    files
}

// Get downloads all lists and compares them with the workspace. It returns a *Rejection
// if an answer is not the list or the edition must not be created, and another error if
// a server could not be reached. It writes nothing.
func Get(ctx context.Context, j *Job) (*News, error) {
	names, held, err := workspace.Newest(j.Layout)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, j.Web.Limits.Total)
	defer cancel()
	news := &News{Edition: j.Edition, editions: filepath.Join(j.Layout.Root, filepath.FromSlash(j.Layout.Editions)),
		files: files{}}
	var got [2]*list
	var errs []error
	for _, l := range etl.Listings {
		if j.Lists[l].Address == "" {
			continue
		}
		if got[l], err = j.list(ctx, l, held[l]); err != nil {
			errs = append(errs, err)
			continue
		}
		news.Lists[l] = got[l].Fetched
		news.Found = append(news.Found, got[l].found...)
		news.Changed = news.Changed || got[l].Changed
	}
	if len(errs) > 0 {
		return nil, together(errs)
	}
	if a, b := got[etl.Approved], got[etl.Certified]; a != nil && b != nil && a.sum == b.sum && a.sum != "" {
		return nil, reject(etl.CodeFetchSame).at(b.Address)
	}
	if !news.Changed {
		return news, nil
	}
	if err := j.mayMake(names); err != nil {
		return nil, err
	}
	for _, l := range got {
		if l == nil {
			continue
		}
		l.into(news.files)
	}
	return news, nil
}

// together combines the errors of the lists. The result is a rejection if all of them
// are.
func together(errs []error) error {
	all := &Rejection{}
	for _, err := range errs {
		var r *Rejection
		if !errors.As(err, &r) {
			return errors.Join(errs...)
		}
		all.Findings = append(all.Findings, r.Findings...)
	}
	return all
}

// mayMake refuses an edition that already exists under this or another name of the same
// day, and one that no run would take as the newest. The content of an edition may be
// published or come from a person, so a fetch never replaces one.
func (j *Job) mayMake(names []string) error {
	if _, ok := etl.ParseEdition(j.Edition); !ok {
		return message.Fail(nil, "fetch-no-edition", "edition", j.Edition)
	}
	if len(names) == 0 {
		return nil
	}
	newest := names[len(names)-1]
	if slices.Contains(names, j.Edition) {
		newest = j.Edition
	}
	day := etl.EditionDay(j.Edition, j.Web.Now().UTC().Format(time.DateOnly))
	at := path.Join(j.Layout.Editions, newest)
	switch c := day.Compare(j.Layout.Day(newest)); {
	case c == 0 || newest == j.Edition:
		return reject(etl.CodeFetchEditionExists, "folder", j.Layout.Editions).at(at)
	case c < 0:
		return reject(etl.CodeFetchEditionOlder, "edition", etl.Named(j.Edition)).at(at)
	}
	return nil
}

// Path returns the path of the new edition.
func (n *News) Path() string { return filepath.Join(n.editions, n.Edition) }

// Write creates the new edition, all or nothing.
func (n *News) Write() error { return n.files.write(n.editions, n.Edition) }

// list is one fetched listing, with what is needed to store it.
type list struct {
	Fetched
	listing etl.Listing
	found   []etl.Finding
	sum     string // of the table

	file       string // name in the edition's folder
	data       []byte
	pages      files
	provenance Provenance
}

// part is one address of a listing: the whole listing, or a page.
type part struct {
	page    string
	address address
	before  validators // sent with the request
	data    []byte     // as fetched, or from the workspace
	charset string     // as stated by the server
	answer  answer
	reading *reading
}

// list fetches one listing. Its errors contain no secret of the address.
func (j *Job) list(ctx context.Context, l etl.Listing, held workspace.Held) (*list, error) {
	was, err := j.before(l, held)
	if err != nil {
		return nil, err
	}
	if was != nil {
		j.columns[l] = was.provenance.Columns
	}
	parts, err := j.parts(l, was)
	if err != nil {
		return nil, err
	}
	out, err := j.take(ctx, l, held, was, parts)
	// Findings may quote the server.
	var r *Rejection
	if errors.As(err, &r) {
		parts[0].address.scrubAll(r.Findings)
	}
	if err == nil {
		parts[0].address.scrubAll(out.found)
	}
	return out, err
}

// take requests the parts and makes the list of them.
func (j *Job) take(ctx context.Context, l etl.Listing, held workspace.Held, was *before, parts []*part) (*list, error) {
	conf := j.Lists[l]
	out := &list{listing: l, Fetched: Fetched{Configured: true, Address: parts[0].address.template,
		Since: held.Edition}}
	client := newClient(j.Web, parts)
	confirmed := true
	var err error
	for i, p := range parts {
		if j.Progress != nil {
			j.Progress(Step{l, p.page, i + 1, len(parts), p.address.shown})
		}
		if p.answer, err = client.get(ctx, p.address, p.before); err != nil {
			return nil, placed(err, p.address.shown)
		}
		if !p.answer.unchanged {
			p.data, p.charset, confirmed = p.answer.body, p.answer.charset, false
			p.answer.validators = p.address.unsecret(p.answer.validators)
		}
	}
	if confirmed {
		out.keep(was)
		return out, nil
	}
	now := client.web.Now()
	// Reading may also take long, so it counts as part of the download's time.
	err = within(ctx, func() error {
		if err := j.read(l, out, parts, conf); err != nil {
			return err
		}
		out.provenance.URL = cmp.Or(readersAddress(conf.URL), parts[0].address.shown)
		out.provenance.Publisher = j.Publisher
		out.provenance.Retrieved = now.UTC().Format(time.RFC3339)
		out.provenance.Download = out.Address
		out.provenance.Columns = j.columns[l]
		out.provenance.SHA256 = sumOf(out.data)
		out.provenance.TableSHA256 = out.sum
		return j.compare(l, out, was, parts[0].reading.head)
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, placed(client.spent(ctx, message.New("fetch-reading")), parts[0].address.shown)
	case err != nil:
		return nil, err
	}
	if out.Changed && was != nil {
		if sign := older(was, parts, out.Address, now); !sign.IsZero() {
			out.found = append(out.found,
				etl.Find(etl.Warning, etl.CodeFetchOlder, etl.Place{File: out.Address}, "edition", etl.Named(held.Edition),
					"sign", sign))
			out.keep(was)
			out.Changed, out.Confirmed, out.Older = false, false, true
			return out, nil
		}
	}
	return out, nil
}

// within runs work until it is done or the context ends. Work that is still running
// then cannot be stopped; its result is dropped.
func within(ctx context.Context, work func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// older returns the reason why an answer, for example from a cache, is an older copy
// than the workspace's, or an empty message. Both must come from the same address.
func older(was *before, parts []*part, address string, now time.Time) message.Message {
	if was.provenance.Download != address {
		return message.Message{}
	}
	retrieved, err := time.Parse(time.RFC3339, was.provenance.Retrieved)
	for _, p := range parts {
		if p.answer.unchanged {
			continue
		}
		stated, recorded := p.answer.validators.lastModified, was.lastModified(p.page)
		a, errA := http.ParseTime(stated)
		b, errB := http.ParseTime(recorded)
		if errA == nil && errB == nil && a.Before(b) {
			return message.New("fetch-older-date", "stated", stated, "recorded", recorded)
		}
		if err == nil && p.answer.age > 0 && now.Add(-p.answer.age).Before(retrieved) {
			return message.New("fetch-older-age", "seconds", int(p.answer.age.Seconds()))
		}
	}
	return message.Message{}
}

// lastModified returns the date that was recorded with the list or with one of its
// pages.
func (b *before) lastModified(page string) string {
	if page == "" {
		return b.provenance.LastModified
	}
	for _, g := range b.provenance.Pages {
		if g.Page == page {
			return g.LastModified
		}
	}
	return ""
}

// placed adds a place to an error that has none.
func placed(err error, place string) error {
	var r *Rejection
	if errors.As(err, &r) {
		return r.at(place)
	}
	return message.Fail(err, "fetch-at", "place", place, "why", err)
}

// parts returns the addresses of a listing, each with the validators that belong to the
// file in the workspace. The validators are used only if that file is unchanged and
// came from the same address.
func (j *Job) parts(l etl.Listing, was *before) ([]*part, error) {
	conf := j.Lists[l]
	pages := conf.Pages
	if len(pages) == 0 {
		pages = []string{""}
	}
	out := make([]*part, len(pages))
	for i, page := range pages {
		a, err := parseAddress(conf.Address, page)
		if err != nil {
			return nil, message.Fail(err, "fetch-at", "place", fmt.Sprintf("lists.%s.download", l), "why", err)
		}
		p := &part{page: page, address: a}
		out[i] = p
		if was == nil || was.provenance.Download != a.template || was.provenance.SHA256 != was.sum {
			continue
		}
		if page == "" {
			p.before, p.data, p.charset = validators{was.provenance.ETag, was.provenance.LastModified}, was.data,
				was.provenance.Charset
			p.sparingly()
			continue
		}
		for _, g := range was.provenance.Pages {
			if data := was.pages[g.File]; g.Page == page && data != nil && sumOf(data) == g.SHA256 {
				p.before, p.data, p.charset = validators{g.ETag, g.LastModified}, data, g.Charset
				p.sparingly()
			}
		}
	}
	// A page that is no longer requested would be missing in the stored list.
	if was != nil && len(conf.Pages) != len(was.provenance.Pages) {
		for _, p := range out {
			p.before = validators{}
		}
	}
	return out, nil
}

// sparingly drops the date if the address is shown incompletely. The hidden part may
// select another list, which a server that only compares dates would not notice.
func (p *part) sparingly() {
	if strings.Contains(p.address.template, masked) {
		p.before.lastModified = ""
	}
}

// read parses the parts and makes the list of them.
func (j *Job) read(l etl.Listing, out *list, parts []*part, conf List) error {
	for _, p := range parts {
		r, err := j.table(l, p.data, p.charset, p.address.shown)
		if err != nil {
			return notTheList(p.answer, p.address, err, nil)
		}
		against := j.judge(l, r)
		if p.page != "" {
			// A page may be empty, but not the list, and it may say that it is a page.
			against = slices.DeleteFunc(against, func(f etl.Finding) bool {
				return f.Code == etl.CodeListingEmpty || f.Code == etl.CodeSourcePart
			})
		}
		if len(against) > 0 {
			return notTheList(p.answer, p.address, nil, against)
		}
		p.reading = r
	}
	if len(conf.Pages) == 0 {
		p := parts[0]
		out.file, out.data = l.FileName()+"."+p.reading.table.Format, p.data
		out.sum, out.Rows = p.reading.sum(), len(p.reading.rows)
		out.found = told(p.reading)
		out.provenance.ETag, out.provenance.LastModified = p.answer.validators.etag, p.answer.validators.lastModified
		out.provenance.Charset = p.charset
		return nil
	}
	return j.readPages(l, out, parts, conf)
}

// readPages merges pages into one list, and checks that the merged list reads like its
// pages.
func (j *Job) readPages(l etl.Listing, out *list, parts []*part, conf List) error {
	rs := make([]*reading, len(parts))
	out.pages = files{}
	for i, p := range parts {
		rs[i] = p.reading
		for _, f := range told(p.reading) {
			if f.Code != etl.CodeSourcePart { // all pages together are the list
				out.found = append(out.found, f)
			}
		}
		name := pageFile(i, len(parts), p.page, p.reading.table.Format)
		v := p.answer.validators
		if p.answer.unchanged {
			v = p.before
		}
		out.pages[name] = p.data
		out.provenance.Pages = append(out.provenance.Pages,
			PageProvenance{Page: p.page, File: name, SHA256: sumOf(p.data), ETag: v.etag, LastModified: v.lastModified,
				Charset: p.charset})
	}
	cells, found, err := merge(conf.Pages, rs, func(page string) string {
		return parts[slices.Index(conf.Pages, page)].address.shown
	})
	if err != nil {
		return err
	}
	out.found = append(out.found, found...)
	if out.data, err = asCSV(cells); err != nil {
		return err
	}
	out.file = l.FileName() + ".csv"
	whole, err := j.table(l, out.data, "", out.Address)
	if err != nil {
		return notTheList(answer{}, address{shown: out.Address}, err, nil)
	}
	if !slices.EqualFunc(cells[1:], whole.body, func(a []string, b etl.TableRow) bool {
		return slices.Equal(trimmed(a), trimmed(b.Cells))
	}) {
		return reject(etl.CodeFetchPagesUnmerged).at(out.Address)
	}
	if against := j.judge(l, whole); len(against) > 0 {
		return notTheList(answer{}, address{shown: out.Address}, nil, against)
	}
	out.sum, out.Rows = whole.sum(), len(whole.rows)
	for i, p := range parts {
		if f, ok := lacking(p.reading, len(whole.rows), i == len(parts)-1); ok {
			return notTheList(p.answer, p.address, nil, []etl.Finding{f})
		}
	}
	return nil
}

// lacking returns what a page says of the list that all pages together do not hold: more
// rows, or another page after the last one.
func lacking(r *reading, rows int, last bool) (etl.Finding, bool) {
	for _, f := range r.found {
		if f.Code == etl.CodeSourcePart && (etl.PartTotal(f) > rows || last && f.Variant == "next") {
			return f, true
		}
	}
	return etl.Finding{}, false
}

// told returns the findings that a person should see at once. A run reports all of
// them.
func told(r *reading) []etl.Finding {
	return slices.DeleteFunc(slices.Clone(r.found), func(f etl.Finding) bool {
		return f.Severity == etl.Info || f.Code == etl.CodeSourceExtension
	})
}

// compare checks whether the list has changed since the workspace's copy, and keeps
// what a person declared there.
func (j *Job) compare(l etl.Listing, out *list, was *before, head etl.TableRow) error {
	if was == nil {
		out.Changed = true
		return nil
	}
	out.Changed = out.sum != was.provenance.TableSHA256
	r, err := j.table(l, was.data, was.provenance.Charset, was.file)
	if err != nil {
		// The existing file may be unreadable.
		out.found = append(out.found, etl.Find(etl.Warning, etl.CodeFetchUncompared, etl.Place{File: was.file}))
		return nil
	}
	if out.Changed {
		// The file may have been put there by hand, or the hash may come from another
		// version.
		j.judge(l, r)
		out.Changed = out.sum != r.sum()
	}
	declared := was.provenance.ActivityNumbering
	if declared == "" {
		return nil
	}
	at := etl.Place{File: workspace.SourceFile(was.file)}
	if was.provenance.Publisher != j.Publisher && was.provenance.Download != out.provenance.Download {
		out.found = append(out.found, etl.Find(etl.Warning, etl.CodeFetchNumbering, at, "numbering", declared,
			"publisher", cmp.Or(j.Publisher, "?"), "key", fmt.Sprintf("lists.%s.activity_numbering", l)))
		return nil
	}
	out.provenance.ActivityNumbering = declared
	if out.Changed && !slices.Equal(trimmed(r.head.Cells), trimmed(head.Cells)) {
		out.found = append(out.found, etl.Find(etl.Warning, etl.CodeFetchNumbering, at,
			"numbering", declared).Said("headings"))
	}
	return nil
}

// before is the newest file of a listing in the workspace.
type before struct {
	file       string // relative to the workspace
	data       []byte
	sum        string
	provenance Provenance
	pages      files // the pages that the provenance lists
}

// before reads a listing's newest file. It returns nil if there is none.
func (j *Job) before(l etl.Listing, held workspace.Held) (*before, error) {
	if held.Edition == "" {
		return nil, nil
	}
	if err := j.Layout.Own(held.File); err != nil {
		return nil, err
	}
	name := filepath.Join(j.Layout.Root, filepath.FromSlash(held.File))
	data, err := j.readFile(name, held.File)
	if err != nil {
		return nil, err
	}
	out := &before{file: held.File, data: data, sum: sumOf(data), pages: files{}}
	declared := workspace.SourceFile(held.File)
	text, err := j.readFile(filepath.Join(j.Layout.Root, filepath.FromSlash(declared)), declared)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	if out.provenance, err = j.Provenance(text, declared); err != nil {
		return nil, err
	}
	for _, g := range out.provenance.Pages {
		if g.File == "" || strings.ContainsAny(g.File, `/\`) {
			continue // not written by this package
		}
		page := path.Join(path.Dir(held.File), l.FileName()+".pages", g.File)
		if err := j.Layout.Own(page); err != nil {
			return nil, err
		}
		data, err := j.readFile(filepath.Join(j.Layout.Root, filepath.FromSlash(page)), page)
		if err == nil {
			out.pages[g.File] = data
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return out, nil
}

// readFile reads a regular file of the workspace, up to the limit.
func (j *Job) readFile(name, display string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		return nil, message.Fail(nil, "fetch-not-ordinary", "file", display)
	case info.Size() > j.Web.Limits.Bytes:
		return nil, message.Fail(nil, "fetch-file-large", "file", display, "most", j.Web.Limits.Bytes>>20)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(name)
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return nil, message.Fail(err, "fetch-file-unread", "file", display, "why", p.Err)
	}
	return data, err
}

// keep copies a listing from the workspace, because the server said that it is the
// same.
func (l *list) keep(was *before) {
	l.Confirmed = true
	l.sum = was.provenance.TableSHA256
	l.file, l.data, l.pages, l.provenance = path.Base(was.file), was.data, was.pages, was.provenance
}

// into adds a listing to the files of an edition.
func (l *list) into(f files) {
	f[l.file] = l.data
	f[workspace.SourceFile(l.file)] = l.provenance.yaml()
	for name, data := range l.pages {
		f[path.Join(l.listing.FileName()+".pages", name)] = data
	}
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
