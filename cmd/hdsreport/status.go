package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hdsreport/etl"
	"hdsreport/report/published"
	sitepkg "hdsreport/report/site" // the tests of fetch have a site of their own
)

func (c *Command) statusCommand() *cobra.Command {
	var in input
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status NAME",
		Short: "whether an organisation is on the lists",
		Long: `status says whether an organisation is on each list, since when, for what and until
when. Its name is looked up among all spellings that the lists have ever had, the
registry's names and what was published, whatever its case, accents and punctuation,
then among names that are the same to the program (hdsreport match). Names that are
only alike are listed beside a no.

The answer is that of the newest edition on or before a day that has the list. In a
workspace --date is that day, and without it the day of the edition; with loose files
it is their day too. No is an answer like another, and always says of which edition:
the exit code is 0.`,
		Example: `  hdsreport status "its integra"
  hdsreport status supabase --date 2026-07-24
  hdsreport status --json OVH | jq .certified.answer`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(args[0]) == "" {
				return usage("status-blank")
			}
			asked := etl.Date{}
			if cmd.Flags().Changed("date") {
				d, ok := etl.ParseDate(in.date)
				if !ok || d.IsZero() {
					return usage("status-date", "date", in.date)
				}
				asked = d.Last()
			}
			if in.agrees == "" && in.certifies == "" {
				in.date = "" // it asks, and chooses no edition
			}
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			facts, err := c.facts(j)
			if err != nil {
				return err
			}
			if asked.IsZero() || j.loose {
				asked = facts.Day()
			}
			// The newest edition answers for every later day. That is worth a remark where the
			// site's page has one.
			if newest := facts.Day().Last(); asked.Serial()-newest.Serial() > staleAfter(j) {
				c.note("status-later", "edition", etl.Named(j.result.Edition.ID), "n", asked.Serial()-newest.Serial())
			}
			answer := facts.Ask(args[0], asked)
			if asJSON {
				return c.encode(answer)
			}
			for _, line := range facts.Say(answer) {
				if _, err := fmt.Fprintln(c.Stdout, line); err != nil {
					return err
				}
			}
			return nil
		},
	}
	in.flags(cmd)
	cmd.Flags().Lookup("date").Usage = "the `day` asked about; without a workspace also that of the files"
	cmd.Flags().BoolVar(&asJSON, "json", false, "for a program")
	return cmd
}

// facts are what is known of every actor that the workspace has ever had.
func (c *Command) facts(j *job) (*sitepkg.Facts, error) {
	var everyone []etl.PublishedActor
	if !j.loose {
		var err error
		if everyone, err = published.Everyone(j.published()); err != nil {
			return nil, err
		}
	}
	return sitepkg.NewFacts(j.result, &j.input.Reference, &j.input.Registry, j.input.Namer, everyone,
		labelsOf(j.config.Report.Language)), nil
}
