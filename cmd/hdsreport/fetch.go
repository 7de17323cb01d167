package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/fetch"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

func (c *Command) fetchCommand() *cobra.Command {
	var file, date string
	var dry bool
	cmd := &cobra.Command{
		Use:   "fetch",
		Short: "download the lists into a new edition, if they changed",
		Long: `fetch asks the addresses of the configuration (lists.approved.download and
lists.certified.download) for the lists. If one of them changed against the newest
edition that has it, both go into a new edition, named by today's date in
publish.time_zone or by --date: all of it or nothing. What counts is the table: a page
with another footer, or the same rows in another order, makes no edition.

Beside each list, <list>.source.yaml says where it came from, when, its SHA-256, and
what the server gave to ask with next time. A list in several pages ({page} in the
address) is put together into one file; the pages are kept in <list>.pages.

An answer that is not the list (a login page, an error page, a text cut off, another
list …) is refused by name and nothing is written, exit code 3. So is an edition that
exists already. A server that cannot be asked is tried again, then exit code 1. The
new edition's folder is the result; where nothing is new there is none, and the exit
code is 0.`,
		Example: `  hdsreport fetch --config samples/hdsreport.yaml --dry-run
  hdsreport fetch && hdsreport run`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return c.fetch(file, date, dry)
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "the workspace's `file` (default hdsreport.yaml here)")
	cmd.Flags().StringVar(&date, "date", "", "name the new edition by this `day`, YYYY-MM-DD or YYYY-MM (default today)")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "download and compare, write nothing")
	return cmd
}

func (c *Command) fetch(file, date string, dry bool) error {
	file, err := configFile(file)
	if err != nil {
		return err
	}
	conf, err := c.configure(file, nil)
	if err != nil {
		return err
	}
	j, err := c.fetchJob(&conf, file, date)
	if err != nil {
		return err
	}
	if !dry {
		if err := fetch.Clean(filepath.Join(j.Layout.Root, filepath.FromSlash(conf.Editions))); err != nil {
			return message.Fail(err, "fetch-left-behind", "why", err)
		}
	}
	news, err := fetch.Get(context.Background(), j)
	c.state("")
	var refused *fetch.Rejection
	if errors.As(err, &refused) {
		c.tellRefused(refused)
		return errors.Join(refusedError{}, c.actions().fetchRefused(refused.Findings))
	}
	if err != nil {
		return err
	}
	c.tell(c.Stderr, news.Found, etl.Info, 0)
	if news.Changed && !dry {
		if err := news.Write(); err != nil {
			return err
		}
	}
	c.fetchAccount(j, news, dry)
	if news.Changed && !dry {
		fmt.Fprintln(c.Stdout, news.Path())
	}
	return nil
}

// fetchJob converts the configuration for package fetch.
func (c *Command) fetchJob(conf *config.Config, file, date string) (*fetch.Job, error) {
	zone, err := time.LoadLocation(conf.Publish.TimeZone)
	if err != nil {
		return nil, err
	}
	if date == "" {
		date = c.Now().In(zone).Format(time.DateOnly)
	}
	if _, ok := etl.ParseEdition(date); !ok {
		return nil, usageError{message.Fail(nil, "fetch-date", "date", date)}
	}
	ref := conf.FullReference()
	j := &fetch.Job{
		Edition:   date,
		Layout:    layoutOf(conf, config.Workspace(file), &ref),
		Publisher: conf.Report.SourceName,
		Reference: ref,
		Namer:     identity.New(config.IdentityTables()),
		Web: fetch.Web{
			Limits: fetch.Limits{
				Request:   time.Duration(conf.Fetch.Seconds) * time.Second,
				Total:     time.Duration(conf.Fetch.Minutes) * time.Minute,
				Redirects: conf.Fetch.Redirects, Bytes: conf.Limits.FileMegabytes << 20,
			},
			UserAgent:        conf.Fetch.UserAgent,
			PrivateRedirects: conf.Fetch.PrivateRedirects,
			Now:              c.Now,
		},
		Provenance: provenance,
	}
	j.Progress = c.progress
	any := false
	for l, list := range [2]config.List{etl.Approved: conf.Lists.Approved, etl.Certified: conf.Lists.Certified} {
		l := etl.Listing(l)
		pages, err := fetch.Pages(list.Pages)
		if err != nil {
			return nil, &config.Error{File: file, Key: "lists." + l.String() + ".pages",
				What: message.New("config-link", "why", err)}
		}
		if list.Download != "" {
			// The address itself is not shown: it may hold a password.
			if err := fetch.CheckAddress(list.Download); err != nil {
				return nil, &config.Error{File: file, Key: "lists." + l.String() + ".download",
					What: message.New("config-link", "why", err)}
			}
		}
		if _, ended := ref.EndedBy(l, etl.EditionDay(date)); ended {
			continue // it is not asked for, whatever its address answers
		}
		j.Lists[l] = fetch.List{Address: list.Download, Pages: pages, URL: list.URL, Sheet: list.Sheet}
		any = any || list.Download != ""
	}
	if !any {
		return nil, &config.Error{File: file, What: message.New("config-no-address"),
			Do: message.New("config-no-address.do")}
	}
	return j, nil
}

// provenance parses a .source.yaml for package fetch.
func provenance(text []byte, file string) (fetch.Provenance, error) {
	s, err := config.ParseSource(text, file)
	p := fetch.Provenance{URL: s.URL, Publisher: s.Publisher, Retrieved: s.Retrieved, SHA256: s.SHA256,
		ActivityNumbering: s.ActivityNumbering,
		Download:          s.Download, ETag: s.ETag, LastModified: s.LastModified, Charset: s.Charset,
		TableSHA256: s.TableSHA256}
	for _, c := range s.Columns {
		p.Columns = append(p.Columns, etl.DeclaredColumn{Field: etl.Field(c.Field), Column: c.Column})
	}
	for _, g := range s.Pages {
		p.Pages = append(p.Pages, fetch.PageProvenance(g))
	}
	return p, err
}

// progress shows the address being fetched, on one line of the terminal.
func (c *Command) progress(s fetch.Step) {
	address := s.Address
	if len(address) > 100 {
		address = strings.ToValidUTF8(address[:100], "")
	}
	said := c.say.Say("fetch-step", "list", s.List, "address", address)
	if s.Page != "" {
		said = c.say.Say("fetch-step-page", "list", s.List, "page", s.Page, "rank", s.Rank, "of", s.Of,
			"address", address)
	}
	c.state(said)
}

// tellRefused prints what was received instead of a list, two lines per reason. The answer
// follows the reason, in brackets.
func (c *Command) tellRefused(r *fetch.Rejection) {
	told := 0
	for i, f := range r.Findings {
		if f.Severity == etl.Info {
			continue
		}
		if told++; told > mostTold {
			continue
		}
		what, do := f.Words(c.say)
		for _, more := range r.Findings[i+1:] {
			if more.Severity != etl.Info {
				break
			}
			said, _ := more.Words(c.say)
			what += " (" + said + ")"
		}
		fmt.Fprintln(c.Stderr, c.paint(etl.Error, fmt.Sprintf("%s: refused: %s [%s]", f.Place, what, f.Code)))
		if do != "" {
			fmt.Fprintf(c.Stderr, "  %s\n", do)
		}
	}
	if more := told - mostTold; more > 0 {
		fmt.Fprintf(c.Stderr, "  %s\n", c.say.Say("fetch-refused-more", "n", more))
	}
	fmt.Fprintln(c.Stderr, "hdsreport: "+c.say.Say("fetch-refused-end"))
}

// fetchAccount prints the summary of a fetch.
func (c *Command) fetchAccount(j *fetch.Job, news *fetch.News, dry bool) {
	line := func(label, said string) {
		fmt.Fprintf(c.Stderr, "  %s%s\n", c.bold(fmt.Sprintf("%-10s", label)), said)
	}
	title := c.say.Say("fetch-title-none")
	if news.Changed {
		title = c.say.Say("fetch-title", "edition", etl.Named(news.Edition))
	}
	fmt.Fprintln(c.Stderr, c.bold("hdsreport: "+title))
	for _, l := range etl.Listings {
		f := news.Lists[l]
		var said string
		end, ended := j.Reference.EndedBy(l, etl.EditionDay(news.Edition))
		switch {
		case ended:
			said = c.say.Say("fetch-list-ended", "date", end)
		case !f.Configured && news.Changed:
			said = c.say.Say("fetch-list-none-new")
		case !f.Configured:
			said = c.say.Say("fetch-list-none")
		case f.Confirmed:
			said = c.say.Say("fetch-list-confirmed", "edition", etl.Named(f.Since), "address", f.Address)
		case f.Older:
			said = c.say.Say("fetch-list-older", "edition", etl.Named(f.Since), "address", f.Address)
		case !f.Changed:
			said = c.say.Say("fetch-list-same", "rows", f.Rows, "edition", etl.Named(f.Since), "address", f.Address)
		case f.Since == "":
			said = c.say.Say("fetch-list-first", "rows", f.Rows, "address", f.Address)
		default:
			said = c.say.Say("fetch-list-changed", "rows", f.Rows, "edition", etl.Named(f.Since), "address", f.Address)
		}
		line(l.Say(c.say), said)
	}
	switch {
	case news.Changed && dry:
		line(c.say.Say("fetch-label-dry"), c.say.Say("fetch-not-written", "folder", display(news.Path())))
	case news.Changed:
		line(c.say.Say("fetch-label-wrote"), display(news.Path()))
	}
}
