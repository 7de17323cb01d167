package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
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
	"hdsreport/etl/message"
	"hdsreport/etl/registry"
	"hdsreport/report"
	"hdsreport/report/published"
	"hdsreport/report/xlsx"
)

func (c *Command) runCommand() *cobra.Command {
	var in input
	var out, by, reason string
	var accept []string
	var dry, share bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "read the editions, write the workbook",
		Long: `run reads the workspace up to one edition, the newest unless --edition says
otherwise, and writes its workbook: hds-<edition>.xlsx in the workspace, or --out.
With --publish the shared Google Sheet is made equal to it first (see hdsreport
publish --help). A workbook that somebody has saved since run wrote it is put aside.

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
			in.again = len(codes) > 0
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			// A path on the command line is the person's, from where they stand.
			target := j.output()
			if out != "" {
				target = out
			}
			accepted, err := c.accept(j, codes, by, reason)
			if err != nil {
				return err
			}
			return c.write(cmd.Context(), j, target, accepted, dry, share)
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVar(&out, "out", "", "write the workbook to this `file`")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "compute and check everything, write nothing")
	cmd.Flags().BoolVar(&share, "publish", false, "make the shared Google Sheet equal to the workbook, before the workbook is written")
	cmd.Flags().StringArrayVar(&accept, "accept", nil, "let the refusal with this `code` through, for this edition; several codes with commas between")
	cmd.Flags().StringVar(&by, "by", "", "the `person` who accepts")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a few `words`")
	return cmd
}

// acceptedCodes are the codes of one or several --accept, each of one or several codes.
func acceptedCodes(given []string) []string {
	var out []string
	for _, g := range given {
		out = append(out, strings.FieldsFunc(g, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })...)
	}
	return out
}

// remark is what a person says on the command line for the registry and the summary
// sheet: one line, without what a terminal or a workbook would not take. What a
// spreadsheet that opens the registry would run is an error.
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

// accept lets refusals through: the edition is judged again as if the registry said
// so. They are recorded when the workbook is written.
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
			known = true // also where it was let through before: a job may be run again
			if r.Accepted != nil {
				continue
			}
			a := etl.Acceptance{Edition: j.result.Edition.ID, Code: code, By: by, Date: c.Now().Format("2006-01-02"),
				Reason: reason, Seen: r.Seen}
			if !slices.Contains(accepted, a) { // one file may be refused for several rows
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

// write tells the findings, and writes the workbook unless the gate refuses.
func (c *Command) write(ctx context.Context, j *job, target string, accepted []etl.Acceptance, dry, share bool) error {
	findings := j.ofEdition(j.result.Findings)
	c.tellMost(findings, etl.Warning)
	c.actions().annotate(j, findings)
	if j.result.Refused() {
		c.refuse(j, stays(target), 0)
		return errors.Join(refusedError{}, c.actions().summarise(c.jobSummary(j, message.Message{})))
	}
	book, err := report.Build(j.result, &j.input.Reference, options(&j.config))
	if err != nil {
		return err
	}
	if dry {
		c.account(j, target, false, true)
		return nil
	}
	if err := c.mayWrite(j, target); err != nil {
		return err
	}
	// All of the workbook, on the disk, before any file is replaced: one that cannot be
	// drawn or stored changes nothing.
	var drawn bytes.Buffer
	if err := xlsx.Write(&drawn, book); err != nil {
		return err
	}
	generation, kept, err := c.publication(j, book)
	if err != nil {
		return err
	}
	if !share {
		book = nil // of a long list, larger than the workbook
	}
	// The disk and the audit do not wait for each other: of a long list each takes
	// its time.
	audited := make(chan error, 1)
	go func() { audited <- c.sound(drawn.Bytes(), target) }()
	workbook, err := atomicfile.Stage(target, drawn.Bytes())
	if unsound := <-audited; unsound != nil {
		if err == nil {
			workbook.Discard()
		}
		return unsound
	}
	if err != nil {
		return err
	}
	defer workbook.Discard()
	// So is the review: a disk that is full leaves both of one run.
	reviewed, err := c.stageReview(j, target)
	if err != nil {
		return err
	}
	defer reviewed.Discard()
	sum := hash(drawn.Bytes())
	drawn = bytes.Buffer{}
	if !j.loose {
		if err := c.keepEdited(j, target, sum); err != nil {
			return err
		}
	}
	for _, a := range accepted {
		if err := registry.AddAcceptance(filepath.Join(j.root, j.config.Registry), a, c.waiting); err != nil {
			return err
		}
	}
	if share {
		// A workbook that says something else than the shared sheet would be worse than
		// an old one: where the sheet cannot be written, neither is.
		if err := c.publish(ctx, j, book); err != nil {
			return err
		}
	}
	if !j.loose {
		if err := published.Record(j.published(), generation, j.result.Edition.ID, published.Workbook, sum, kept,
			c.waiting); err != nil {
			return err
		}
	}
	// The workbook is the last: whoever sees a new one finds the rest beside it.
	if _, err := reviewed.Commit(); err != nil {
		return err
	}
	changed, err := workbook.Commit()
	if err != nil {
		return err
	}
	c.account(j, target, changed, false)
	fmt.Fprintln(c.Stdout, target)
	if err := c.stale(j); err != nil {
		fmt.Fprintln(c.Stderr, c.paint(etl.Warning, "hdsreport: "+c.say.Error(err)))
	}
	said := message.New("summary-wrote", "file", mark(display(target)))
	if !changed {
		said.Key = "summary-unchanged"
	}
	return c.actions().summarise(c.jobSummary(j, said))
}

// keepEdited puts a workbook aside that is about to be replaced and that is not as run
// wrote it: an editor has saved it since, and what was typed there must not be lost.
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
	// Behind a link, beside the file that it leads to: what stands elsewhere is not
	// copied into the workspace.
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

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// publication is what is kept of a book; nil, and said, for one too long for that.
func (c *Command) publication(j *job, book *report.Book) (generation string, kept *published.Publication, err error) {
	kept, err = published.Of(book, j.result.Edition.ID)
	if errors.Is(err, published.ErrTooLong) {
		if !j.loose {
			c.note("publication-long", "folder", display(j.published()), "error", err)
		}
		return book.Identifier, nil, nil
	}
	return book.Identifier, kept, err
}

// mayWrite refuses before anything is written a place where no workbook can be, or
// where one would take the place of what it was made from.
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

// inEdition tells whether a file is, or would be, in the folder of an edition, behind
// symbolic links too.
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

// options are what the configuration says of the sheets.
func options(c *config.Config) report.Options {
	r := c.Report
	return report.Options{
		Labels: report.Labels{Language: r.Language, Texts: config.Labels(r.Language)},
		Title:  r.Title, Publisher: r.Publisher, Contact: r.Contact, Licence: r.Licence,
		SourceName: r.SourceName, SourceURL: r.SourceURL, Notice: r.Notice, Errata: r.Errata,
	}
}
