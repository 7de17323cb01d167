package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/pattern"
	"hdsreport/etl/registry"
	"hdsreport/etl/workspace"
	"hdsreport/report"
	"hdsreport/report/difference"
	"hdsreport/report/published"
	"hdsreport/report/readback"
)

func (c *Command) diffCommand() *cobra.Command {
	var conf, list string
	var asJSON, asMarkdown bool
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "what changed between two editions, lists or workbooks",
		Long: `diff says what changed from OLD to NEW: first in one sentence, then who left and who
arrived, who has another name, and each value that is another one, field by field. It
compares by actor and by row, never by line: rows in another order are no change, and
what is only written otherwise is told apart.

OLD and NEW are each one of

  2019-06-17                an edition of the workspace
  agrees.csv                a list as it is published, in any format that run reads;
                            which list it is shows in its headings, or --list says it
  hds-2019-06-17.xlsx       a workbook of hdsreport, also one that somebody has edited
  published/0f3c….json      what was published, by its generation

Both sides may be of different kinds. In a workspace (hdsreport.yaml here, or --config)
its registry says who is who. The exit code is 0 whether or not there are differences.`,
		Example: `  hdsreport diff 2019-02 2019-06-17
  hdsreport diff old/certifies.html new/certifies.html
  hdsreport diff hds-2019-06-17.xlsx edited.xlsx --json | jq .summary
  hdsreport diff 2019-02 2019-06-17 --markdown >> "$GITHUB_STEP_SUMMARY"`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if asJSON && asMarkdown {
				return usage("diff-forms")
			}
			d, err := c.compared(conf)
			if err != nil {
				return err
			}
			if list != "" {
				i, ok := listNames[strings.ToLower(list)]
				if !ok {
					return usage("diff-list", "list", list)
				}
				d.list = &i
			}
			old, new, err := d.sides(args[0], args[1])
			if err != nil {
				return err
			}
			r := difference.Of(old, new, &d.ref, c.say.Language())
			switch {
			case asJSON:
				return r.JSON(c.Stdout)
			case asMarkdown:
				return r.Markdown(c.Stdout)
			default:
				return r.Text(c.Stdout, c.colourful())
			}
		},
	}
	f := cmd.Flags()
	f.StringVar(&conf, "config", "", "the workspace's `file` (default hdsreport.yaml here, if there is one)")
	f.StringVar(&list, "list", "", "which `list` a file is, agrees or certifies, where its headings do not say it")
	f.BoolVar(&asJSON, "json", false, "for a program")
	f.BoolVar(&asMarkdown, "markdown", false, "for a pull request or a job summary")
	return cmd
}

var listNames = map[string]etl.Listing{"agrees": etl.Approved, "approved": etl.Approved, "certifies": etl.Certified,
	"certified": etl.Certified}

func labelsOf(language string) report.Labels {
	return report.Labels{Language: language, Texts: config.Labels(language)}
}

// colourful reports whether the results go to a terminal and NO_COLOR (no-color.org) is
// not set.
func (c *Command) colourful() bool {
	out, ok := c.Stdout.(*results)
	if !ok {
		return false
	}
	file, ok := out.w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && !slices.ContainsFunc(c.Environ,
		func(e string) bool { return strings.HasPrefix(e, "NO_COLOR=") && e != "NO_COLOR=" })
}

// comparison holds what is needed to read the two sides.
type comparison struct {
	command   *Command
	config    config.Config
	root      string // of the workspace
	workspace bool   // whether there is a workspace
	ref       etl.Reference
	layout    workspace.Layout
	reader    *readback.Reader
	list      *etl.Listing // which list the files are, if given
}

func (c *Command) compared(conf string) (*comparison, error) {
	if conf == "" {
		if _, err := os.Stat(config.FileName); err == nil {
			conf = config.FileName
		}
	}
	d := &comparison{command: c, workspace: conf != "", root: config.Workspace(conf)}
	var err error
	if d.config, err = c.configure(conf, map[string]string{}); err != nil {
		return nil, err
	}
	d.ref = d.config.FullReference()
	d.layout = layoutOf(&d.config, d.root, &d.ref)
	d.reader = readback.New(&d.ref, labelsOf(c.say.Language()), labelsOf("fr"), labelsOf("en"))
	return d, nil
}

// subject is an argument: a side that is ready, or an edition or file for the pipeline.
type subject struct {
	side    *compare.Side
	edition string // of the workspace
	file    *etl.EditionInput
	name    string
	list    etl.Listing // of the file
}

// sides reads both arguments. Lists go through the pipeline together, so that an actor has
// the same identifier on both sides.
func (d *comparison) sides(oldArg, newArg string) (old, new *compare.Side, err error) {
	var subjects [2]*subject
	for i, arg := range []string{oldArg, newArg} {
		if subjects[i], err = d.subject(arg, i); err != nil {
			return nil, nil, err
		}
	}
	if a, b := subjects[0], subjects[1]; a.file != nil && b.file != nil && a.list != b.list {
		return nil, nil, usage("diff-lists", "old", a.name, "was", a.list, "new", b.name, "is", b.list)
	}
	if err := d.resolve(subjects[:]); err != nil {
		return nil, nil, err
	}
	return subjects[0].side, subjects[1].side, nil
}

// generation matches the name of a publication's file.
var generation = pattern.Of(`^[0-9a-f]{32}(\.json)?$`)

func (d *comparison) subject(arg string, position int) (*subject, error) {
	s := &subject{name: display(arg)}
	info, err := os.Stat(arg)
	missing := errors.Is(err, fs.ErrNotExist)
	if _, ok := etl.ParseEdition(arg); ok && (missing || info != nil && info.IsDir()) {
		if !d.workspace {
			return nil, usage("diff-no-workspace", "edition", arg, "file", config.FileName)
		}
		s.edition = arg
		return s, nil
	}
	if base := filepath.Base(arg); generation().MatchString(base) {
		dir := filepath.Dir(arg)
		if missing && base == arg {
			dir = filepath.Join(d.root, filepath.FromSlash(d.config.Published))
		}
		p, err := published.Read(dir, strings.TrimSuffix(base, ".json"))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usage("diff-publication", "name", s.name, "folder", display(dir))
		}
		if err != nil {
			return nil, err
		}
		s.side = d.reader.Publication(p, s.name)
		return s, nil
	}
	switch {
	case missing:
		return nil, message.Fail(nil, "diff-nothing", "name", s.name)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, usage("diff-folder", "name", s.name)
	}
	if strings.EqualFold(filepath.Ext(arg), ".xlsx") && d.list == nil {
		s.side, err = d.reader.Workbook(arg, s.name, d.layout.MaxBytes)
		if !errors.Is(err, readback.ErrNotOurs) {
			return s, err
		}
	}
	return s, d.file(s, arg, position)
}

// The dates given to loose files, which have none. They follow every edition, so that the
// latest names in the registry apply, as in hdsreport match. They are the last days that
// are read as dates.
var fileDays = [2]string{"2099-12-30", "2099-12-31"}

// file reads a list from a loose file.
func (d *comparison) file(s *subject, arg string, position int) error {
	read := func(l etl.Listing) (etl.Source, int, error) {
		src, found, err := d.layout.Read(l, arg, s.name)
		d.command.tell(d.command.Stderr, found, etl.Error, 0)
		if err != nil {
			return src, 0, err
		}
		best := 0
		headers := etl.NewHeaders(&d.ref, l)
		for _, row := range src.Table.Rows[:min(60, len(src.Table.Rows))] {
			best = max(best, headers.Recognise(row.Cells))
		}
		return src, best, nil
	}
	var sources [2]etl.Source
	var known [2]int
	for _, l := range etl.Listings {
		if d.list != nil && *d.list != l {
			continue
		}
		var err error
		if sources[l], known[l], err = read(l); err != nil {
			return err
		}
	}
	s.list = etl.Approved
	if known[etl.Certified] > known[etl.Approved] {
		s.list = etl.Certified
	}
	if d.list != nil {
		s.list = *d.list
	} else if known[etl.Approved] == known[etl.Certified] {
		return usage("diff-headings", "file", s.name)
	}
	s.file = &etl.EditionInput{ID: fileDays[position]}
	s.file.Sources[s.list] = sources[s.list]
	return nil
}

// resolve makes sides of editions and files, and tells those that were read from sheets what
// the registry says by now.
func (d *comparison) resolve(subjects []*subject) error {
	var editions []string // to read from the workspace
	var wanted []string   // all editions compared
	files := 0
	for _, s := range subjects {
		switch {
		case s.edition != "":
			editions = append(editions, s.edition)
			wanted = append(wanted, s.edition)
		case s.file != nil:
			files++
			wanted = append(wanted, s.file.ID)
		}
	}
	var in etl.Input
	var err error
	switch {
	case len(wanted) == 0 && !d.workspace:
		return nil
	case len(editions) > 0:
		latest := slices.MaxFunc(editions, d.layout.Compare)
		in, err = workspace.Open(d.layout, latest)
	case d.workspace && files > 0 && files < len(subjects):
		in, err = workspace.Open(d.layout, "") // to match the identifiers in a workbook
	case d.workspace:
		in.Registry, in.Found, err = registry.Open(d.root, d.config.Registry)
	}
	if err != nil {
		return err
	}
	if len(wanted) > 0 {
		err = d.through(in, subjects, wanted)
	} else {
		d.command.tell(d.command.Stderr, in.Found, etl.Error, 0)
	}
	if err == nil && d.workspace && len(wanted) < len(subjects) {
		etl.Ruled(&in.Registry, subjects[0].side, subjects[1].side)
	}
	return err
}

// through runs the editions and files among the subjects through the pipeline.
func (d *comparison) through(in etl.Input, subjects []*subject, wanted []string) error {
	for _, s := range subjects {
		if s.file != nil {
			in.Editions = append(in.Editions, *s.file)
		}
	}
	in.Reference = d.ref
	in.Namer = identity.New(config.IdentityTables())
	sides, found, err := etl.Sides(in, wanted...)
	d.command.tell(d.command.Stderr, found, etl.Error, 0)
	if err != nil {
		return err
	}
	for _, s := range subjects {
		if s.side != nil {
			continue
		}
		s.side, sides = sides[0], sides[1:]
		if s.file != nil {
			s.side.Name, s.side.Day = s.name, ""
			if s.side.Lists[s.list] == nil {
				return message.Fail(nil, "diff-header", "file", s.name, "list", s.list)
			}
		}
	}
	return nil
}
