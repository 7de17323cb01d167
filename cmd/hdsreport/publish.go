package main

import (
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
	"time"

	"github.com/spf13/cobra"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/message"
	"hdsreport/etl/records"
	"hdsreport/report"
	"hdsreport/report/gsheets"
	"hdsreport/report/published"
)

func (c *Command) publishCommand() *cobra.Command {
	in := input{target: published.Spreadsheet}
	var plan bool
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "make the shared Google Sheet equal to the report",
		Long: `publish computes an edition, the newest unless --edition says otherwise, and makes the
Google Sheet of publish.spreadsheet equal to it, in one request: readers see the old
edition whole or the new one whole. If nothing changed, nothing is written.

The edition passes the same gate as with run. What people typed into cells that the
program owns is saved to a file and named, and nothing is overwritten (exit code 3)
unless publish.edits is overwrite. Columns, notes and tabs that people added stay.

--plan prints the request as JSON and what it would change in words, and sends
nothing; it needs no credentials. --edition with an older edition is the way back; the
next run without it publishes the newest again, unless edition in the configuration
names the older one.`,
		Example: `  hdsreport publish
  hdsreport publish --plan > request.json
  hdsreport publish --edition 2019-02`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			findings := j.ofEdition(j.result.Findings)
			c.tellMost(findings, etl.Error)
			if j.result.Refused() {
				c.actions().annotate(j, findings)
				c.refuse(j, sharedSheet, 0)
				return errors.Join(refusedError{}, c.actions().summarise(j.jobSummary(c.say, "")))
			}
			book, err := report.Build(j.result, &j.input.Reference, options(&j.config))
			if err != nil {
				return err
			}
			if plan {
				return c.plan(cmd.Context(), j, book)
			}
			return c.publish(cmd.Context(), j, book)
		},
	}
	in.flags(cmd)
	cmd.Flags().BoolVar(&plan, "plan", false, "print the request, send nothing")
	return cmd
}

// sharedSheet is the spreadsheet in messages.
const sharedSheet = "the shared sheet"

// publish makes the spreadsheet equal to the book, and keeps what it then holds.
func (c *Command) publish(ctx context.Context, j *job, book *report.Book) error {
	_, kept, err := c.publication(j, book)
	if err != nil {
		return err
	}
	if kept != nil && !j.loose {
		// Before it is sent: a sheet never bears a generation that is not known here.
		if err := kept.Keep(j.published()); err != nil {
			return err
		}
	}
	if j.config.Publish.Spreadsheet == "" {
		return &config.Error{Key: "publish.spreadsheet", What: message.New("config-no-spreadsheet"), Do: message.New("config-no-spreadsheet.do")}
	}
	opts, err := c.sheetOptions(j)
	if err != nil {
		return err
	}
	out, err := gsheets.Publish(ctx, book, opts)
	c.state("")
	if err != nil {
		return c.notPublished(err)
	}
	if !j.loose {
		if err := published.Record(j.published(), out.Generation, j.result.Edition.ID, published.Spreadsheet, "", kept, c.waiting); err != nil {
			return err
		}
	}
	said := c.publishedAccount(j, out)
	fmt.Fprintln(c.Stdout, out.URL)
	return c.actions().summarise("\n" + mark(said) + "\n")
}

// publishedAccount tells what a publication did, and gives it in one sentence.
func (c *Command) publishedAccount(j *job, out *gsheets.Outcome) string {
	said := fmt.Sprintf("the shared sheet has edition %s already", j.result.Edition.ID)
	if out.Written {
		said = fmt.Sprintf("the shared sheet now holds edition %s: %s changed, %d new, %d gone", j.result.Edition.ID, count(out.Changed, "row"), out.Added, out.Removed)
	}
	fmt.Fprintf(c.Stderr, "hdsreport: %s\n", said)
	for _, tab := range out.Made {
		note := fmt.Sprintf("the tab %s was not there any more and has been made anew", tab)
		fmt.Fprintf(c.Stderr, "hdsreport: %s\n", note)
		c.actions().notice(etl.Warning, "Tab made anew", note)
	}
	for _, e := range out.Edits {
		c.tellEdit(e)
	}
	return said
}

func (c *Command) tellEdit(e gsheets.Edit) { fmt.Fprintf(c.Stderr, "  %s\n", editLine(e)) }

// editLine says where somebody typed, and what, in one line.
func editLine(e gsheets.Edit) string {
	var where []string
	for _, w := range []string{e.Sheet, e.Actor, e.Header} {
		if w != "" && !slices.Contains(where, w) {
			where = append(where, w)
		}
	}
	if e.Field != "" && e.Header == "" {
		where = append(where, e.Field)
	}
	said := fmt.Sprintf("published %q, found %q", e.Published, e.Found)
	if e.Published == "" {
		said = fmt.Sprintf("found %q", e.Found)
	}
	return strings.Join(where, ", ") + ": " + said
}

// notPublished tells why, and gives the exit code: a refusal is one of a person's
// work or of another publisher, and everything else is a failure.
func (c *Command) notPublished(err error) error {
	var refused *gsheets.Refused
	var overtaken *gsheets.Overtaken
	switch {
	case errors.As(err, &refused), errors.As(err, &overtaken):
		if refused != nil {
			for _, e := range refused.Edits[:min(mostTold, len(refused.Edits))] {
				c.tellEdit(e)
			}
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			fmt.Fprintf(c.Stderr, "hdsreport: %s\n", line)
		}
		c.actions().notice(etl.Error, "Refused", err.Error())
		page := "\n## Refused: the shared sheet stays as it was\n\n" + mark(err.Error()) + "\n\n"
		if refused != nil {
			for _, e := range refused.Edits[:min(mostTold, len(refused.Edits))] {
				page += "- " + mark(editLine(e)) + "\n"
			}
		}
		return errors.Join(refusedError{}, c.actions().summarise(page))
	}
	c.actions().notice(etl.Error, "Not published", err.Error())
	return err
}

// plan prints what would be sent.
func (c *Command) plan(ctx context.Context, j *job, book *report.Book) error {
	opts, err := c.sheetOptions(j)
	if err != nil {
		return err
	}
	p, err := gsheets.PlanOf(ctx, book, opts)
	c.state("")
	if err != nil {
		return c.notPublished(err)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(p.Words), "\n") {
		fmt.Fprintf(c.Stderr, "hdsreport: %s\n", line)
	}
	_, err = fmt.Fprintf(c.Stdout, "%s\n", p.Request)
	return err
}

// sheetOptions are what the configuration says of the shared sheet.
func (c *Command) sheetOptions(j *job) (gsheets.Options, error) {
	p := j.config.Publish
	credentials := p.Credentials
	if credentials != "" && !filepath.IsAbs(credentials) {
		credentials = filepath.Join(j.root, credentials)
	}
	opts := gsheets.Options{
		Spreadsheet: p.Spreadsheet, Endpoint: p.Endpoint, Credentials: credentials,
		TimeZone: p.TimeZone, MaxBytes: p.Megabytes << 20, Budget: time.Duration(p.Minutes) * time.Minute,
		Overwrite: p.Edits == "overwrite", Edition: j.result.Edition.ID,
		Known: func(generation string) (*published.Publication, error) {
			if j.loose {
				return nil, fs.ErrNotExist
			}
			return published.Read(j.published(), generation)
		},
		SaveEdits: func(edits []gsheets.Edit) error { return c.saveEdits(j, edits) },
		Progress:  c.state,
	}
	if !j.loose {
		last, err := published.Last(j.published(), published.Spreadsheet, j.result.Edition.ID)
		if err != nil {
			return opts, err
		}
		opts.Last = last
	}
	return opts, nil
}

// typedEdit is a line of a file of edits.
type typedEdit struct {
	Sheet     string `csv:"sheet"`
	Row       string `csv:"row"` // its Identifiant
	Actor     string `csv:"actor"`
	Field     string `csv:"field"`
	Header    string `csv:"header"`
	Published string `csv:"published"`
	Found     string `csv:"found"`
}

// inert keeps a spreadsheet that opens the file from running what somebody typed: an
// apostrophe before it says that it is text.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// saveEdits keeps what people typed into the shared sheet, in a file of its own that
// is named after what it holds: none is ever written over.
func (c *Command) saveEdits(j *job, edits []gsheets.Edit) error {
	rows := make([]typedEdit, len(edits))
	for i, e := range edits {
		rows[i] = typedEdit{e.Sheet, e.Row, e.Actor, e.Field, e.Header, inert(e.Published), inert(e.Found)}
	}
	text, err := records.Write(rows)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	dir := j.published()
	if j.loose {
		dir = j.root
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	name := filepath.Join(dir, "edits-"+hex.EncodeToString(sum[:4])+".csv")
	if _, err := atomicfile.Write(name, text); err != nil {
		return err
	}
	fmt.Fprintf(c.Stderr, "hdsreport: %s that people typed into the shared sheet: see %s\n", count(len(edits), "value"), display(name))
	c.actions().notice(etl.Warning, "Typed into the shared sheet", fmt.Sprintf("%s, saved to %s", count(len(edits), "value"), display(name)))
	return nil
}
