package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/workspace"
	"hdsreport/report"
	"hdsreport/report/published"
	"hdsreport/report/xlsx"
)

// input holds the flags that say what to read. All commands that compute share them.
type input struct {
	config    string
	edition   string
	agrees    string
	certifies string
	date      string
	target    published.Target // what is published; empty means the workbook
	again     bool             // keep the source cells, because the pipeline will run a second time
}

func (i *input) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&i.config, "config", "", "the workspace's `file` (default hdsreport.yaml here)")
	f.StringVar(&i.edition, "edition", "", "the `edition` to take, YYYY-MM-DD or YYYY-MM (default the newest)")
	f.StringVar(&i.agrees, "agrees", "", "without a workspace: the `file` of the agréés")
	f.StringVar(&i.certifies, "certifies", "", "without a workspace: the `file` of the certifiés")
	f.StringVar(&i.date, "date", "", "without a workspace: the `day` of the files, YYYY-MM-DD or YYYY-MM")
}

// job is a computed edition and what it was computed from.
type job struct {
	siteJob

	config config.Config
	root   string // of the workspace
	loose  bool   // computed from loose files
	file   string // the configuration's
	input  etl.Input
	result *etl.Result
	draft  *xlsx.Draft // of the workbook, for run
	saved  string      // the file to which edits of the shared sheet were saved
	review string      // the file that holds what awaits an editor; empty until it is known
	unread []unreadReview
}

// load reads the configuration and the workspace, or the loose files, and runs the
// pipeline. The gate compares the edition with what is published at the target.
func (c *Command) load(i *input, flags map[string]string) (*job, error) {
	j := &job{loose: i.agrees != "" || i.certifies != ""}
	if i.date != "" && !j.loose {
		return nil, usage("date-loose")
	}
	if j.loose && i.edition != "" {
		return nil, usage("edition-loose")
	}
	if i.edition != "" {
		flags["edition"] = i.edition
	}
	file := i.config
	var err error
	if !j.loose {
		if file, err = configFile(file); err != nil {
			return nil, err
		}
	}
	if j.config, err = c.configure(file, flags); err != nil {
		return nil, err
	}
	c.phases.passed("configure")
	j.file, j.root = file, config.Workspace(file)
	// The tables of names and of labels, and what was published, are read while the lists are.
	namer := begun(func() *identity.Namer {
		n := identity.New(config.IdentityTables())
		config.Labels(j.config.Report.Language)
		return n
	})
	target := cmp.Or(i.target, published.Workbook)
	newest := begun(func() *published.Publication {
		if j.loose {
			return nil
		}
		p, _ := published.Last(j.published(), target, "") // after an error it is read again
		return p
	})
	ref := j.config.FullReference().Ready()
	layout := layoutOf(&j.config, j.root, &ref)
	if j.brand, err = brand(&j.config, j.root); err != nil {
		return nil, err
	}
	if j.loose {
		j.input, err = looseInput(&layout, i)
	} else {
		j.input, err = workspace.Open(layout, j.config.Edition)
	}
	if err != nil {
		return nil, err
	}
	c.phases.passed("read")
	j.input.Reference = ref
	j.input.Thresholds = j.config.Gate
	if !j.loose {
		was, edition := newest(), j.input.Editions[len(j.input.Editions)-1].ID
		if was == nil || was.Edition != edition {
			if was, err = published.Last(j.published(), target, edition); err != nil {
				return nil, err
			}
		}
		if was != nil {
			j.input.Published = was.Actors(statuses())
		}
	}
	c.phases.passed("published")
	j.input.Namer = namer()
	c.phases.passed("names")
	j.input.Passed = c.phases.passed
	j.input.Release = !i.again
	j.result = etl.Run(j.input)
	return j, nil
}

// begun starts a function and returns what waits for its result.
func begun[T any](f func() T) func() T {
	result := make(chan T, 1)
	go func() { result <- f() }()
	return sync.OnceValue(func() T { return <-result })
}

// statuses returns, in every language, the texts of the status column for a position given
// by an editor.
func statuses() map[string]etl.PositionBy {
	by := map[string]etl.PositionBy{}
	for _, language := range message.Languages {
		labels := report.Labels{Language: language, Texts: config.Labels(language)}
		by[labels.Get("status.registry")], by[labels.Get("status.correction")] = etl.ByRegistry, etl.ByCorrection
	}
	return by
}

// configFile returns the configuration file named by --config, or the one in the current
// folder.
func configFile(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	if _, err := os.Stat(config.FileName); errors.Is(err, fs.ErrNotExist) {
		return "", usage("config-none-here", "name", config.FileName)
	}
	return config.FileName, nil
}

// published returns the folder of publications.
func (j *job) published() string {
	return filepath.Join(j.root, filepath.FromSlash(j.config.Published))
}

// layoutOf returns the layout of a workspace as configured.
func layoutOf(c *config.Config, root string, ref *etl.Reference) workspace.Layout {
	l := workspace.Layout{
		Root: root, Editions: c.Editions, Registry: c.Registry,
		MaxBytes: c.Limits.FileMegabytes << 20, Reference: ref,
		Declared: func(text []byte, file string) (workspace.Declared, error) {
			s, err := config.ParseSource(text, file)
			d := workspace.Declared{URL: s.URL, Publisher: s.Publisher, Retrieved: s.Retrieved, SHA256: s.SHA256,
				Numbering: s.ActivityNumbering, Charset: s.Charset}
			for _, col := range s.Columns {
				d.Columns = append(d.Columns, etl.DeclaredColumn{Field: etl.Field(col.Field), Column: col.Column})
			}
			return d, err
		},
	}
	for list, cfg := range map[etl.Listing]config.List{etl.Approved: c.Lists.Approved,
		etl.Certified: c.Lists.Certified} {
		l.Lists[list] = workspace.ListLayout{URL: cfg.URL, Numbering: cfg.ActivityNumbering, Sheet: cfg.Sheet}
	}
	return l
}

// newest returns the newest edition of the workspace, which need not be the computed one.
func (j *job) newest() (string, error) {
	if j.loose || j.config.Edition == "" { // it was not chosen
		return j.result.Edition.ID, nil
	}
	editions, _, err := workspace.Newest(layoutOf(&j.config, j.root, &j.input.Reference))
	if err != nil || len(editions) == 0 {
		return "", err
	}
	return editions[len(editions)-1], nil
}

// looseInput returns an edition of two files outside a workspace.
func looseInput(l *workspace.Layout, i *input) (etl.Input, error) {
	if i.date == "" {
		return etl.Input{}, usage("date-missing")
	}
	if _, ok := etl.ParseEdition(i.date); !ok {
		return etl.Input{}, usage("date-unreadable-flag", "date", i.date)
	}
	return workspace.Loose(l, i.date, [2]string{etl.Approved: i.agrees, etl.Certified: i.certifies})
}

// output returns the path of the workbook.
func (j *job) output() string {
	out := j.config.Output
	if out == "" {
		out = "hds-" + j.result.Edition.ID + ".xlsx"
	}
	if filepath.IsAbs(out) {
		return out
	}
	return filepath.Join(j.root, out)
}
