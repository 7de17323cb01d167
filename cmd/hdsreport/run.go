package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/registry"
	"hdsreport/report"
	"hdsreport/report/xlsx"
)

func (c *Command) runCommand() *cobra.Command {
	var in input
	var out, accept, by, reason string
	var dry bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "read the editions, write the workbook",
		Long: `run reads the workspace up to one edition, the newest unless --edition says
otherwise, and writes its workbook: hds-<edition>.xlsx in the workspace, or --out.

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
		RunE: func(*cobra.Command, []string) error {
			if (accept == "") != (by == "") {
				return usageError{errors.New("--accept and --by go together: a refusal is let through by a person")}
			}
			flags := map[string]string{}
			j, err := c.load(&in, flags)
			if err != nil {
				return err
			}
			// A path on the command line is the person's, from where they stand.
			target := j.output()
			if out != "" {
				target = out
			}
			var accepted *etl.Acceptance
			if accept != "" {
				if accepted, err = c.accept(j, accept, by, reason); err != nil {
					return err
				}
			}
			return c.write(j, target, accepted, dry)
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVar(&out, "out", "", "write the workbook to this `file`")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "compute and check everything, write nothing")
	cmd.Flags().StringVar(&accept, "accept", "", "let the refusal with this `code` through, for this edition")
	cmd.Flags().StringVar(&by, "by", "", "the `person` who accepts")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a few `words`")
	return cmd
}

// accept lets one refusal through: the edition is judged again as if the
// registry said so. It is recorded when the workbook is written.
func (c *Command) accept(j *job, code, by, reason string) (*etl.Acceptance, error) {
	if j.loose {
		return nil, usageError{errors.New("--accept records in a workspace's registry; loose files have none")}
	}
	known := false
	for _, r := range j.result.Refusals {
		known = known || r.Finding.Code == code && r.Accepted == nil
	}
	if !known {
		return nil, usageError{fmt.Errorf("--accept %s: nothing is refused with this code; see hdsreport check", code)}
	}
	a := etl.Acceptance{Edition: j.result.Edition.ID, Code: code, By: by, Date: c.Now().Format("2006-01-02"), Reason: reason}
	j.input.Registry.Accepted = append(j.input.Registry.Accepted, a)
	j.result = etl.Run(j.input)
	return &a, nil
}

// write tells the findings, and writes the workbook unless the gate refuses.
func (c *Command) write(j *job, target string, accepted *etl.Acceptance, dry bool) error {
	c.tell(c.Stderr, j.result.Findings, etl.Warning)
	if j.result.Refused() {
		c.refuse(j, target)
		return refusedError{}
	}
	book := report.Build(j.result, &j.input.Reference, options(&j.config))
	if dry {
		c.account(j, target, false, true)
		return nil
	}
	if accepted != nil {
		if err := registry.AddAcceptance(filepath.Join(j.root, j.config.Registry), *accepted); err != nil {
			return err
		}
	}
	// The workbook is the last: whoever sees a new one finds the rest beside it.
	if err := c.writeReview(j, target); err != nil {
		return err
	}
	changed, err := xlsx.WriteFile(target, book)
	if err != nil {
		return err
	}
	c.account(j, target, changed, false)
	fmt.Fprintln(c.Stdout, target)
	return nil
}

// options are what the configuration says of the sheets.
func options(c *config.Config) report.Options {
	r := c.Report
	return report.Options{
		Labels: report.Labels{Language: r.Language, Texts: config.Labels(r.Language)},
		Title:  r.Title, Publisher: r.Publisher, Contact: r.Contact, Licence: r.Licence,
		SourceName: r.SourceName, SourceURL: r.SourceURL, Notice: r.Notice, Errata: r.Errata, ExtraColumns: r.ExtraColumns,
	}
}
