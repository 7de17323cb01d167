package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/atomicdir"
	"hdsreport/etl/message"
	"hdsreport/report"
	sitepkg "hdsreport/report/site" // the tests of fetch have a site of their own
	"hdsreport/report/xlsx"
)

// siteJob is what a job knows of the site.
type siteJob struct {
	site  string // its folder; empty for none
	brand sitepkg.Brand
}

// siteDir returns the configured folder of the site, or "".
func (j *job) siteDir() string {
	switch dir := j.config.Site.Dir; {
	case dir == "" || filepath.IsAbs(dir):
		return dir
	default:
		return filepath.Join(j.root, filepath.FromSlash(dir))
	}
}

// loadToCheck is load, with remarks on what a configured site lacks.
func (c *Command) loadToCheck(in *input) (*job, error) {
	j, err := c.load(in, map[string]string{})
	if err != nil {
		return nil, err
	}
	remarks := siteRemarks(j)
	j.result.Findings = append(j.result.Findings, remarks...)
	etl.SortFindings(j.result.Findings)
	j.result.Stats.Findings.Info += len(remarks)
	return j, nil
}

// siteRemarks are what a configured site lacks: readers of its data look for them.
func siteRemarks(j *job) []etl.Finding {
	if j.config.Site.Dir == "" {
		return nil
	}
	var out []etl.Finding
	for _, k := range []struct{ key, value, variant string }{{"report.licence", j.config.Report.Licence, "licence"},
		{"report.contact", j.config.Report.Contact, "contact"}, {"site.url", j.config.Site.URL, "url"},
		{"site.id", j.config.Site.ID, "id"}} {
		if k.value == "" {
			out = append(out, etl.Find(etl.Info, etl.CodeSiteIncomplete, etl.Place{File: config.FileName}, "key",
				k.key).Said(k.variant))
		}
	}
	return out
}

// brand reads how the newsroom's pages look. Errors are those of the configuration.
func brand(c *config.Config, root string) (sitepkg.Brand, error) {
	var b sitepkg.Brand
	for _, f := range []struct {
		key, name string
		most      int64
		take      func(data []byte) error
	}{
		{"site.css", c.Site.CSS, 1 << 16, func(data []byte) (err error) {
			b.Properties, err = sitepkg.ParseBrand(data)
			return err
		}},
		{"site.logo", c.Site.Logo, sitepkg.LogoBytes, func(data []byte) (err error) {
			b.Logo, err = sitepkg.ParseLogo(data)
			return err
		}},
	} {
		if f.name == "" {
			continue
		}
		file := filepath.FromSlash(f.name)
		if !filepath.IsAbs(file) {
			file = filepath.Join(root, file)
		}
		data, err := readSome(file, f.most)
		if err == nil {
			err = f.take(data)
		}
		if err != nil {
			return b, &config.Error{File: display(file), Key: f.key, What: message.New("config-link", "why", err)}
		}
	}
	return b, nil
}

// readSome reads a file up to one byte more than it may have.
func readSome(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

// maySite returns an error if the site cannot be written: somebody's folder, a
// folder that the program reads, or one that holds the workspace or the workbook.
func (c *Command) maySite(j *job, workbook string) error {
	dir := j.site
	if dir == "" {
		return nil
	}
	place := realPath(dir)
	if within(place, realPath(workbook)) {
		return usage("site-workbook", "file", display(workbook))
	}
	if !j.loose {
		if within(place, realPath(j.root)) {
			return usage("site-within", "folder", display(j.root))
		}
		for _, folder := range []string{j.config.Editions, j.config.Registry, j.config.Published} {
			if name := filepath.Join(j.root, filepath.FromSlash(folder)); within(realPath(name), place) {
				return usage("site-within", "folder", display(name))
			}
		}
	}
	return misused(atomicdir.Check(dir, sitepkg.Manifest))
}

// misused makes wrong usage of an error about a folder that is somebody else's.
func misused(err error) error {
	if errors.Is(err, atomicdir.ErrForeign) {
		return usageError{err}
	}
	return err
}

// realPath is an absolute path without symbolic links, as far as it exists.
func realPath(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	for rest := ""; ; {
		if to, err := filepath.EvalSymlinks(abs); err == nil {
			return filepath.Join(to, rest)
		}
		parent := filepath.Dir(abs)
		if parent == abs {
			return filepath.Join(abs, rest)
		}
		rest, abs = filepath.Join(filepath.Base(abs), rest), parent
	}
}

// within reports whether a path is a folder, or in it.
func within(folder, name string) bool {
	rel, err := filepath.Rel(folder, name)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// sitePages is a site that is written beside the old one. The zero value is none.
type sitePages struct {
	*atomicdir.Staged
	files   int
	changed bool
}

// accountSite prints the line of the account about the site.
func (c *Command) accountSite(dir string, pages sitePages) {
	if dir == "" {
		return
	}
	label := message.Key("account-unchanged")
	if pages.changed {
		label = "account-wrote"
	}
	c.line(label, c.say.Say("site-files", "dir", display(dir), "n", pages.files))
}

// siteContent is what a site says beside the book.
type siteContent struct {
	facts *sitepkg.Facts
	stats []byte
	err   error
}

// siteContent gathers what the site says beside the book, while the workbook is drawn. For
// a long list it waits until then, since both take memory.
func (c *Command) siteContent(j *job) func() siteContent {
	gather := func() (s siteContent) {
		if s.facts, s.err = c.facts(j); s.err == nil {
			s.stats, s.err = c.statsJSON(j)
		}
		return s
	}
	const long = 10_000 // actors
	if j.site == "" || len(j.result.Actors) > long {
		return gather
	}
	return begun(gather)
}

// stageSite makes the site of a book and writes it beside the old one. It returns nil if
// there is none to write.
func (c *Command) stageSite(j *job, book *report.Book, workbook *xlsx.File, content func() siteContent) (sitePages, error) {
	dir := j.site
	if dir == "" {
		return sitePages{}, nil
	}
	said := content()
	if said.err != nil {
		return sitePages{}, said.err
	}
	s := &j.config.Site
	tree, err := sitepkg.Build(said.facts, book, sitepkg.Options{Report: options(&j.config), URL: s.URL, ID: s.ID, Home: s.Home,
		Header: s.Header, Legal: s.Legal, Brand: j.brand, StaleDays: staleAfter(j),
		Loose: j.loose, Stats: said.stats, Workbook: workbook.Bytes()})
	if err != nil {
		return sitePages{}, err
	}
	staged, err := atomicdir.Stage(dir, tree)
	if err != nil {
		return sitePages{}, misused(err)
	}
	for _, name := range staged.Edited {
		c.note("site-edited", "file", display(filepath.Join(dir, name)))
	}
	return sitePages{Staged: staged, files: len(tree.Files)}, nil
}

// statsJSON is what stats --json prints.
func (c *Command) statsJSON(j *job) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(c.statsDocument(j))
	return out.Bytes(), err
}

// staleAfter is the age in days from which readers are told that an edition is old.
func staleAfter(j *job) int { return cmp.Or(j.config.Watch.StaleDays, 90) }
