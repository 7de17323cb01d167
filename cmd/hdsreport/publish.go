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
	"hdsreport/etl/merge"
	"hdsreport/etl/message"
	"hdsreport/etl/records"
	"hdsreport/report"
	"hdsreport/report/gsheets"
	"hdsreport/report/published"
	"hdsreport/report/readback"
)

func (c *Command) publishCommand() *cobra.Command {
	in := input{target: published.Spreadsheet, again: true} // again to say what edits would become
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
			findings := j.result.OfEdition()
			c.tell(c.Stderr, findings, etl.Error, 0)
			if j.result.Refused() {
				c.actions().annotate(j, findings)
				c.refuse(j, message.New("stays-sheet"), 0)
				return errors.Join(refusedError{}, c.summarise(j, message.Message{}))
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

// publish makes the spreadsheet equal to the book and records the publication.
func (c *Command) publish(ctx context.Context, j *job, book *report.Book) error {
	if err := c.publishable(&j.config.Publish); err != nil {
		return err
	}
	_, kept, err := c.publication(j, book)
	if err != nil {
		return err
	}
	if kept != nil && !j.loose {
		// Record it before sending: a generation in the spreadsheet must be known here.
		if err := kept.Keep(j.published()); err != nil {
			return err
		}
	}
	if j.config.Publish.Spreadsheet == "" {
		return &config.Error{
			Key:  "publish.spreadsheet",
			What: message.New("config-no-spreadsheet"),
			Do:   message.New("config-no-spreadsheet.do"),
		}
	}
	opts, err := c.sheetOptions(j)
	if err != nil {
		return err
	}
	out, err := gsheets.Publish(ctx, book, opts)
	c.state("")
	if err != nil {
		return c.notPublished(j, err)
	}
	if !j.loose {
		if err := published.Record(j.published(), out.Generation, j.result.Edition.ID, published.Spreadsheet,
			"", kept, c.waiting); err != nil {
			return err
		}
	}
	said := c.publishedAccount(j, out)
	fmt.Fprintln(c.Stdout, out.URL)
	return c.actions().summarise("\n" + mark(said) + "\n")
}

// publishable returns an error if the configuration would send the edition, or a token of
// the account, to a third party.
func (c *Command) publishable(p *config.Publish) error {
	if gsheets.EndpointAllowed(p.Endpoint) {
		return nil
	}
	return &config.Error{
		Key:  "publish.endpoint",
		What: message.New("sheet-endpoint", "endpoint", p.Endpoint),
		Do:   message.New("sheet-endpoint.do"),
	}
}

// publishedAccount prints what a publication did and returns it in one sentence.
func (c *Command) publishedAccount(j *job, out *gsheets.Outcome) string {
	said := c.say.Say("sheet-has-edition", "edition", etl.Named(j.result.Edition.ID))
	if out.Written {
		said = c.say.Say("sheet-holds-edition", "edition", etl.Named(j.result.Edition.ID), "changed", out.Changed,
			"added", out.Added, "removed", out.Removed)
	}
	fmt.Fprintf(c.Stderr, "hdsreport: %s\n", said)
	for _, tab := range out.Made {
		note := c.say.Say("sheet-tab-made", "tab", tab)
		fmt.Fprintf(c.Stderr, "hdsreport: %s\n", note)
		c.actions().notice(etl.Warning, c.say.Say("sheet-tab-made.title"), note)
	}
	c.tellEdits(out.Edits)
	return said
}

func (c *Command) tellEdits(edits []gsheets.Edit) {
	for _, e := range edits {
		fmt.Fprintf(c.Stderr, "  %s\n", c.editLine(e))
	}
}

// sheetNames holds the names of the sheets for people, by Sheet.ID.
var sheetNames = map[string]message.Key{
	report.ApprovedTable:  "list-approved",
	report.CertifiedTable: "list-certified",
	report.SummarySheet:   "sheet-summary",
}

// editLine says in one line where somebody typed what.
func (c *Command) editLine(e gsheets.Edit) string {
	sheet := e.Sheet
	if key, ok := sheetNames[sheet]; ok {
		sheet = c.say.Say(key)
	}
	var where []string
	for _, w := range []string{sheet, e.Actor, e.Header} {
		if w != "" && !slices.Contains(where, w) {
			where = append(where, w)
		}
	}
	if e.Field != "" && e.Header == "" {
		where = append(where, e.Field)
	}
	key := message.Key("sheet-edit")
	if e.Published == "" {
		key = "sheet-edit/unpublished"
	}
	return c.say.Say(key, "where", where, "published", e.Published, "found", e.Found)
}

// notPublished prints why nothing was published and returns the error for the exit code.
// Edits by people and another publisher are refusals; everything else is a failure.
func (c *Command) notPublished(j *job, err error) error {
	var refused *gsheets.Refused
	var overtaken *gsheets.Overtaken
	why := c.say.Error(err)
	if !errors.As(err, &refused) && !errors.As(err, &overtaken) {
		c.actions().notice(etl.Error, c.say.Say("sheet-failed.title"), why)
		return err
	}
	page := "\n## " + c.say.Say("sheet-refused.heading") + "\n\n" + mark(why) + "\n\n"
	if refused != nil {
		told := refused.Edits[:min(mostTold, len(refused.Edits))]
		c.tellEdits(told)
		page += c.refusedEdits(j, refused.Edits, told)
	}
	for line := range strings.SplitSeq(why, "\n") {
		fmt.Fprintf(c.Stderr, "hdsreport: %s\n", line)
	}
	if j.saved != "" {
		how := c.say.Say("corrections-take-edits", "file", display(j.saved))
		fmt.Fprintf(c.Stderr, "hdsreport: %s\n", how)
		why += "\n" + how
		page += "\n" + mark(how) + "\n"
	}
	c.actions().notice(etl.Error, c.say.Say("sheet-refused.title"), why)
	return errors.Join(refusedError{}, c.actions().summarise(page))
}

// refusedEdits shows in the job summary what people typed into the shared sheet, with what
// was published and what the workspace says; if that cannot be told, in one line each.
func (c *Command) refusedEdits(j *job, all, told []gsheets.Edit) string {
	if c.actions() == nil {
		return ""
	}
	if d, err := c.deskOf(j); err == nil && len(all) > 0 {
		e := &edits{changes: &merge.Changes{}}
		if d.typedEdits(e, all[0].Generation, c.typed(all)) == nil && e.changes.Whole == "" {
			if table := c.editTable(d.rule(e, merge.KeepNobody)); table != "" {
				return table
			}
		}
	}
	page := ""
	for _, e := range told {
		page += "- " + mark(c.editLine(e)) + "\n"
	}
	return page
}

// plan prints what would be sent.
func (c *Command) plan(ctx context.Context, j *job, book *report.Book) error {
	if err := c.publishable(&j.config.Publish); err != nil {
		return err
	}
	opts, err := c.sheetOptions(j)
	if err != nil {
		return err
	}
	p, err := gsheets.PlanOf(ctx, book, opts)
	c.state("")
	if err != nil {
		return c.notPublished(j, err)
	}
	for _, m := range p.Words {
		fmt.Fprintf(c.Stderr, "hdsreport: %s\n", c.say.Text(m))
	}
	_, err = fmt.Fprintf(c.Stdout, "%s\n", p.Request)
	return err
}

// sheetOptions returns the configured options of the shared sheet.
func (c *Command) sheetOptions(j *job) (gsheets.Options, error) {
	p := j.config.Publish
	credentials := p.Credentials
	if credentials != "" && !filepath.IsAbs(credentials) {
		credentials = filepath.Join(j.root, credentials)
	}
	reader := readback.New(&j.input.Reference, labelsOf("fr"), labelsOf("en"))
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
		Same:      reader.Same,
		Settled:   settled(j, reader),
		Remark: func(column, found string) bool {
			return column == "status" && found != "" && !reader.Confirms(found)
		},
		Progress: func(m message.Message) { c.state(c.say.Text(m)) },
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

// settled knows the words that the registry has taken: "source" where the source speaks, n.c.
// and vide, and what confirms a position that somebody has confirmed.
func settled(j *job, reader *readback.Reader) func(sheet, row, column, found string) bool {
	type cell struct{ row, column string }
	held := map[cell]bool{}
	for _, line := range j.result.Corrections {
		if line.Value != etl.FromSource && line.State != etl.CorrectionSuperseded && line.State != etl.CorrectionUndone {
			held[cell{line.Cell, line.Field}] = true
		}
	}
	proposed := map[string]bool{}
	for _, a := range j.result.Actors {
		proposed[a.ID] = a.PositionBy == etl.ByRule || a.PositionBy == etl.ByNobody
	}
	return func(_, row, column, found string) bool {
		switch {
		case column == "status":
			return reader.Confirms(found) && !proposed[etl.ActorOf(row)]
		case strings.EqualFold(etl.OneSpace(found), etl.FromSource):
			return !held[cell{row, column}] && !held[cell{etl.ActorOf(row), column}]
		}
		return false
	}
}

// typedEdit is a row of a file of edits.
type typedEdit struct {
	Sheet     string `csv:"sheet"`
	Row       string `csv:"row"` // its Identifiant
	Actor     string `csv:"actor"`
	Field     string `csv:"field"`
	Header    string `csv:"header"`
	Published string `csv:"published"`
	Found     string `csv:"found"`
	// Generation is what was published when it was typed; files of older programs lack it.
	Generation string `csv:"generation,omitempty"`
}

// inert prefixes a text with an apostrophe if a spreadsheet would run it as a formula.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// saveEdits saves what people typed into the shared sheet in a new file, named after its
// content so that no file is ever overwritten.
func (c *Command) saveEdits(j *job, edits []gsheets.Edit) error {
	rows := make([]typedEdit, len(edits))
	for i, e := range edits {
		rows[i] = typedEdit{e.Sheet, e.Row, e.Actor, e.Field, e.Header, inert(e.Published), inert(e.Found), e.Generation}
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
	j.saved = name
	said := c.say.Say("sheet-saved", "n", len(edits), "file", display(name))
	fmt.Fprintf(c.Stderr, "hdsreport: %s\n", said)
	c.actions().notice(etl.Warning, c.say.Say("sheet-saved.title"), said)
	return nil
}
