package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"hdsreport/etl"
)

func (c *Command) checkCommand() *cobra.Command {
	var in input
	var rows int
	cmd := &cobra.Command{
		Use:   "check",
		Short: "read and judge, write nothing",
		Long: `check reads what run would read and lists everything that it noticed, one finding a
line:

  file:row:column: severity: what was seen; what to do [code]

An info is worth knowing, a warning should be looked at, an error may make a figure
wrong. The exit code is 3 where the gate would refuse to publish; the rows that a
refusal is about follow it.`,
		Example: `  hdsreport check --config samples/hdsreport.yaml
  hdsreport check --agrees agrees.csv --date 2019-06-17`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			c.tell(c.logged(c.Stdout), j.result.Findings, etl.Info)
			st := j.result.Stats.Findings
			if j.result.Refused() {
				// run says the rest in an Action; after a refusal it is not reached.
				c.actions().annotate(j, j.ofEdition(j.result.Findings))
				c.refuse(j, j.output(), rows)
				return errors.Join(refusedError{}, c.actions().summarise(j.jobSummary(c.say, "")))
			}
			fmt.Fprintf(c.Stderr, "hdsreport: edition %s may be published: %s, %s, %s\n", j.result.Edition.ID, count(st.Error, "error"), count(st.Warning, "warning"), count(st.Info, "remark"))
			return nil
		},
	}
	in.flags(cmd)
	cmd.Flags().IntVar(&rows, "rows", 10, "show at most this `number` of the rows that a refusal is about")
	return cmd
}
