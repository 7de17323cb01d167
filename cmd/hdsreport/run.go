package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/merge"
	"hdsreport/etl/message"
	"hdsreport/etl/registry"
	"hdsreport/report"
	"hdsreport/report/published"
	"hdsreport/report/xlsx"
)

func (c *Command) runCommand() *cobra.Command {
	var in input
	var out, site, by, reason string
	var accept []string
	var dry, share bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "read the editions, write the workbook",
		Long: `run reads the workspace up to one edition, the newest unless --edition says
otherwise, and writes its workbook: hds-<edition>.xlsx in the workspace, or --out.
With --publish the shared Google Sheet is made equal to it first (see hdsreport
publish --help). A workbook that somebody has saved since run wrote it is put aside.
With --site (or site.dir) the pages and open data for readers are written into a folder,
which is replaced whole.

Before anything is replaced the edition passes a gate. What it refuses (a list that
is missing, a fifth of the actors gone, a column that cannot be found …) is named
with the rows concerned, the exit code is 3 and the old workbook stays as it was. A
person may let one refusal through, for this edition: --accept CODE --by NAME
records it in registry/accepted.csv, and the summary sheet says so.

The same workspace gives the same bytes, on any day: nothing in the workbook is
about when it was made. If nothing changed, nothing is written.`,
		Example: `  hdsreport run --config samples/hdsreport.yaml
  hdsreport run --edition 2019-02 --out february.xlsx
  hdsreport run --agrees agrees.csv --certifies certifies.html --date 2019-06-17
  hdsreport run --site public
  hdsreport run --accept actors-lost --by "A. Martin" --reason "checked with the agency"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			codes := acceptedCodes(accept)
			for _, f := range []struct {
				name string
				said *string
			}{{"by", &by}, {"reason", &reason}} {
				var err error
				if *f.said, err = remark(*f.said); err != nil {
					return usage("flag-error", "name", f.name, "error", err)
				}
			}
			if (len(codes) == 0) != (by == "") {
				return usage("accept-by")
			}
			in.again = len(codes) > 0 || share
			draft := xlsx.Begin()
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			// A path on the command line is relative to the current folder.
			target := j.output()
			if out != "" {
				target = out
			}
			if j.site = j.siteDir(); cmd.Flags().Changed("site") {
				j.site = site
			}
			accepted, err := c.accept(j, codes, by, reason)
			if err != nil {
				return err
			}
			j.draft = draft
			return c.write(cmd.Context(), j, target, accepted, dry, share)
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVar(&out, "out", "", "write the workbook to this `file`")
	cmd.Flags().StringVar(&site, "site", "", "write the pages and open data for readers into this `folder`, over site.dir; \"\" writes none")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "compute and check everything, write nothing")
	cmd.Flags().BoolVar(&share, "publish", false, "make the shared Google Sheet equal to the workbook, before the workbook is written")
	cmd.Flags().StringArrayVar(&accept, "accept", nil, "let the refusal with this `code` through, for this edition; several codes with commas between")
	cmd.Flags().StringVar(&by, "by", "", "the `person` who accepts")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a few `words`")
	return cmd
}

// acceptedCodes returns the codes of all --accept flags, each of which may have several.
func acceptedCodes(given []string) []string {
	var out []string
	for _, g := range given {
		out = append(out, strings.FieldsFunc(g, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })...)
	}
	return out
}

// remark cleans a text from the command line for the registry and the summary sheet: it
// becomes one line without control characters. A text that a spreadsheet would run as a
// formula is an error.
func remark(said string) (string, error) {
	said = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, said)), " ")
	if said != "" && strings.ContainsRune("=+-@", rune(said[0])) {
		return "", message.Fail(nil, "remark-formula", "sign", said[:1])
	}
	return said, nil
}

// accept lets refusals through. It runs the gate again with the acceptances added to the
// registry in memory; they are recorded when the workbook is written.
func (c *Command) accept(j *job, codes []string, by, reason string) ([]etl.Acceptance, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	if j.loose {
		return nil, usage("accept-loose")
	}
	var accepted []etl.Acceptance
	for _, code := range codes {
		known := false
		for _, r := range j.result.Refusals {
			if r.Finding.Code != code {
				continue
			}
			_, do := r.Words(c.say)
			switch {
			case r.Unread:
				return nil, usage("accept-unread", "code", code, "file", r.Finding.Place.File, "do", do)
			case r.Ruled != "":
				return nil, usage("accept-ruled", "code", code, "key", r.Ruled, "do", do)
			}
			known = true // even if accepted before: a job may be run again
			if r.Accepted != nil {
				continue
			}
			a := etl.Acceptance{Edition: j.result.Edition.ID, Code: code, By: by, Date: c.Now().Format("2006-01-02"),
				Reason: reason, Seen: r.Seen}
			if !slices.Contains(accepted, a) { // a file may be refused several times
				accepted = append(accepted, a)
			}
		}
		if !known {
			return nil, usage("accept-unknown", "code", code)
		}
	}
	j.input.Registry.Accepted = append(j.input.Registry.Accepted, accepted...)
	j.input.Release = true
	j.result = etl.Run(j.input)
	return accepted, nil
}

// write prints the findings, and writes the workbook unless the gate refuses the edition.
func (c *Command) write(ctx context.Context, j *job, target string, accepted []etl.Acceptance, dry, share bool) error {
	findings := j.result.OfEdition()
	c.tell(c.Stderr, findings, etl.Warning, 0)
	c.actions().annotate(j, findings)
	if j.result.Refused() {
		c.refuse(j, stays(target), 0)
		return errors.Join(refusedError{}, c.summarise(j, message.Message{}))
	}
	c.phases.passed("tell")
	var long *longReview
	var asked func() []openedReview
	if !dry {
		if err := errors.Join(c.mayWrite(j, target), c.maySite(j, target)); err != nil {
			return err
		}
		long = j.longReview(target)
		defer long.Discard()
		asked = c.openReviews(j, target)
	}
	book, err := report.Build(j.result, &j.input.Reference, options(&j.config))
	if err != nil {
		return err
	}
	c.phases.passed("build")
	if dry {
		c.account(j, target, false, true)
		return nil
	}
	changed, pages, err := c.writeBook(ctx, j, book, long, asked, target, accepted, share)
	if err != nil {
		return err
	}
	c.phases.passed("replace")
	c.account(j, target, changed, false)
	c.accountSite(j.site, pages)
	fmt.Fprintln(c.Stdout, target)
	if err := c.stale(j); err != nil {
		fmt.Fprintln(c.Stderr, c.paint(etl.Warning, "hdsreport: "+c.say.Error(err)))
	}
	said := message.New("summary-wrote", "file", mark(display(target)))
	if !changed {
		said.Key = "summary-unchanged"
	}
	return c.summarise(j, said)
}

// writeBook writes the workbook and everything that is recorded with it, and the site. It
// reports whether the workbook has changed.
func (c *Command) writeBook(ctx context.Context, j *job, book *report.Book, long *longReview,
	asked func() []openedReview, target string, accepted []etl.Acceptance, share bool) (changed bool, pages sitePages, err error) {
	failed := func(err error) (bool, sitePages, error) { return false, sitePages{}, err }
	// The whole workbook is staged on the disk before any file is replaced. If it cannot be
	// drawn or stored, nothing changes.
	content := c.siteContent(j)
	drawn, err := j.draft.Draw(book)
	if err != nil {
		return failed(err)
	}
	c.phases.passed("draw")
	generation, kept, err := c.publication(j, book)
	if err != nil {
		return failed(err)
	}
	sums := begun(func() string { return hashOf(drawn) }) // 28 ms of 300,000 rows
	workbook, err := c.stageWorkbook(drawn, target)
	if err != nil {
		return failed(err)
	}
	defer workbook.Discard()
	c.phases.passed("stage")
	// The review is staged too, so that a full disk leaves both files of the same run.
	reviewed, err := c.stageReview(j, target, long, asked)
	if err != nil {
		return failed(err)
	}
	defer reviewed.Discard()
	c.phases.passed("review")
	sum := sums()
	pages, err = c.stageSite(j, book, drawn, content)
	if err != nil {
		return failed(err)
	}
	defer pages.Discard()
	c.phases.passed("site")
	drawn = nil
	if !share {
		book = nil // for a long list, it takes more memory than the workbook
	}
	if !j.loose {
		if err := c.keepEdited(j, target, sum); err != nil {
			return failed(err)
		}
	}
	for _, a := range accepted {
		if err := registry.AddAcceptance(filepath.Join(j.root, j.config.Registry), a, c.waiting); err != nil {
			return failed(err)
		}
	}
	if share {
		// If the shared sheet cannot be written, the workbook is not written either: an old
		// workbook is better than one that differs from the sheet.
		if err := c.publish(ctx, j, book); err != nil {
			return failed(err)
		}
	}
	if !j.loose {
		if err := published.Record(j.published(), generation, j.result.Edition.ID, published.Workbook, sum, kept,
			c.waiting); err != nil {
			return failed(err)
		}
	}
	c.phases.passed("record")
	// The workbook comes when everything else but the site is there, and the site last. A
	// run that is killed between the two is made good by the next one: each is compared
	// with what it should be.
	if _, err := reviewed.Commit(); err != nil {
		return failed(err)
	}
	if changed, err = workbook.Commit(); err != nil {
		return failed(err)
	}
	pages.changed, err = pages.Commit()
	return changed, pages, err
}

// stageWorkbook writes the workbook to the disk without replacing target, and audits it.
// Both happen concurrently, as each takes a while for a long list.
func (c *Command) stageWorkbook(drawn *xlsx.File, target string) (*atomicfile.Staged, error) {
	audited := make(chan error, 1)
	go func() { audited <- c.sound(drawn, drawn.Size(), target) }()
	workbook, err := atomicfile.StageFrom(target, func(w io.Writer) error {
		_, err := drawn.WriteTo(w)
		return err
	})
	if unsound := <-audited; unsound != nil {
		if err == nil {
			workbook.Discard()
		}
		return nil, unsound
	}
	return workbook, err
}

// keepEdited copies the workbook about to be replaced if it is not as run wrote it: an
// editor has saved it since, and that work must not be lost.
func (c *Command) keepEdited(j *job, target, sum string) error {
	old, err := atomicfile.Read(target)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	was := hash(old)
	if was == sum {
		return nil
	}
	if ours, err := published.Wrote(j.published(), was); ours || err != nil {
		return err
	}
	if c.takenIn(j, target) {
		return nil
	}
	// If the workbook is a symbolic link, the copy is put beside the file that it points to.
	if real, err := filepath.EvalSymlinks(target); err == nil {
		target = real
	}
	aside := fmt.Sprintf("%s.edited-%s%s", strings.TrimSuffix(target, filepath.Ext(target)), was[:8],
		filepath.Ext(target))
	if _, err := atomicfile.Write(aside, old); err != nil {
		return err
	}
	c.note("workbook-edited", "file", display(target), "aside", display(aside))
	return nil
}

// takenIn reports whether an edited workbook says nothing that the workspace does not say by
// now: its edits were imported, and nothing in it is somebody's own. In doubt it does not.
func (c *Command) takenIn(j *job, workbook string) bool {
	d, err := c.desk(&input{config: j.file, edition: j.result.Edition.ID, again: true})
	if err != nil {
		return false
	}
	file, err := d.reader.Edited(workbook, display(workbook), d.config.Limits.FileMegabytes<<20)
	if err != nil {
		return false
	}
	e, err := d.fileEdits(file, display(workbook), "")
	if err != nil || e.changes.Whole != "" || e.foreign {
		return false
	}
	out := d.rule(e, merge.KeepNobody)
	own := func(n merge.Note) bool { return n.Kind != merge.NoteRowDeleted && n.Kind != merge.NoteOutside }
	return len(out.Recorded)+len(out.Conflicts)+len(out.Refused) == 0 && !slices.ContainsFunc(out.Notes, own)
}

func hash(data []byte) string { return hashOf(bytes.NewReader(data)) }

func hashOf(file io.WriterTo) string {
	sum := sha256.New()
	_, _ = file.WriteTo(sum) // neither fails: both are in memory
	return hex.EncodeToString(sum.Sum(nil))
}

// publication returns the record to keep of a book. It is nil if that is what has just been
// read, since a generation never changes, and if the book is too long, of which it prints a
// note.
func (c *Command) publication(j *job, book *report.Book) (generation string, kept *published.Publication, err error) {
	if was := j.input.Published; was != nil && was.Generation == book.Identifier {
		return book.Identifier, nil, nil
	}
	kept, err = published.Of(book, j.result.Edition.ID)
	if errors.Is(err, published.ErrTooLong) {
		if !j.loose {
			c.note("publication-long", "folder", display(j.published()), "error", err)
		}
		return book.Identifier, nil, nil
	}
	return book.Identifier, kept, err
}

// mayWrite returns an error if the workbook cannot be written to target, or would
// overwrite one of its sources.
func (c *Command) mayWrite(j *job, target string) error {
	if !strings.EqualFold(filepath.Ext(target), ".xlsx") {
		return usage("output-extension", "file", display(target))
	}
	if info, err := os.Stat(target); err == nil {
		for _, e := range j.input.Editions {
			for _, s := range e.Sources {
				if s.Table == nil {
					continue
				}
				name := filepath.FromSlash(s.Table.File)
				if !j.loose {
					name = filepath.Join(j.root, name)
				}
				if source, err := os.Stat(name); err == nil && os.SameFile(info, source) {
					return usage("output-source", "file", display(target))
				}
			}
		}
	}
	if !j.loose && inEdition(filepath.Join(j.root, filepath.FromSlash(j.config.Editions)), target) {
		return usage("output-edition", "file", display(target))
	}
	return atomicfile.Check(target)
}

// inEdition reports whether a file is, or would be, in the folder of an edition. It
// follows symbolic links.
func inEdition(editions, file string) bool {
	real := func(name string) string {
		if abs, err := filepath.Abs(name); err == nil {
			name = abs
		}
		if to, err := filepath.EvalSymlinks(name); err == nil {
			name = to
		}
		return name
	}
	rel, err := filepath.Rel(real(editions), real(filepath.Dir(file)))
	if err != nil {
		return false
	}
	first, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	_, ok := etl.ParseEdition(first)
	return ok
}

// options returns the configured options of the sheets.
func options(c *config.Config) report.Options {
	r := c.Report
	return report.Options{
		Labels: report.Labels{Language: r.Language, Texts: config.Labels(r.Language)},
		Title:  r.Title, Publisher: r.Publisher, Contact: r.Contact, Licence: r.Licence,
		SourceName: r.SourceName, SourceURL: r.SourceURL, Notice: r.Notice, Errata: r.Errata,
	}
}
