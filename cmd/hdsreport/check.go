package main

import (
	"errors"

	"github.com/spf13/cobra"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

func (c *Command) checkCommand() *cobra.Command {
	var in input
	var rows int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "read and judge, write nothing",
		Long: `check reads what run would read and lists everything that it noticed, one finding a
line:

  file:row:column: severity: what was seen; what to do [code]

An info is worth knowing, a warning should be looked at, an error may make a figure
wrong. The exit code is 3 where the gate would refuse to publish; the rows that a
refusal is about follow it.

--json prints {"edition", "publishable", "findings": [{"severity", "code", "file", "row",
"column", "args", "message", "do"}]}. What the gate refuses comes first, with the severity
refused. Message and do are in the language of the report, args are what they name.

What the gate looks at (docs/reference.md has the thresholds of the configuration):

` + gateHelp(),
		Example: `  hdsreport check --config samples/hdsreport.yaml
  hdsreport check --agrees agrees.csv --date 2019-06-17
  hdsreport check --json | jq '.findings[] | select(.severity == "error")'`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			if asJSON {
				if err := c.encode(c.judgement(j)); err != nil {
					return err
				}
			} else {
				c.tell(c.logged(c.Stdout), j.result.Findings, etl.Info)
			}
			if j.result.Refused() {
				// In an Action, run reports the rest; after a refusal it does not start.
				c.actions().annotate(j, j.ofEdition(j.result.Findings))
				c.refuse(j, stays(j.output()), rows)
				return errors.Join(refusedError{}, c.actions().summarise(c.jobSummary(j, message.Message{})))
			}
			c.note("publishable", "edition", etl.Named(j.result.Edition.ID),
				"noticed", noticed(j.result.Stats.Findings))
			return nil
		},
	}
	in.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "for a program")
	cmd.Flags().IntVar(&rows, "rows", 10, "show at most this `number` of the rows that a refusal is about")
	return cmd
}

// judgement is the output of check --json.
type judgement struct {
	Edition     string         `json:"edition"`
	Publishable bool           `json:"publishable"`
	Findings    []checkFinding `json:"findings"`
}

// checkFinding is a finding in JSON. Row and column are 0 if it is not about a single
// cell.
type checkFinding struct {
	Severity string       `json:"severity"` // info, warning, error or refused
	Code     string       `json:"code"`
	File     string       `json:"file"`
	Sheet    string       `json:"sheet,omitempty"` // of a file with several tables
	Row      int          `json:"row"`
	Column   int          `json:"column"`
	Args     message.Args `json:"args"`
	Message  string       `json:"message"`
	Do       string       `json:"do"`
}

// judgement lists the findings. Refusals come first and are not repeated as findings.
func (c *Command) judgement(j *job) judgement {
	out := judgement{j.result.Edition.ID, !j.result.Refused(), []checkFinding{}}
	refused := map[string]bool{}
	add := func(severity string, f etl.Finding, what, do string) {
		out.Findings = append(out.Findings, checkFinding{severity, f.Code, f.Place.File, f.Place.Sheet, f.Place.Row,
			f.Place.Column, f.Args, what, do})
	}
	for _, r := range j.result.Refusals {
		if r.Accepted == nil {
			refused[r.Finding.Line(c.say)] = true
			what, do := r.Words(c.say)
			add("refused", r.Finding, what, do)
		}
	}
	for _, f := range j.result.Findings {
		if !refused[f.Line(c.say)] {
			what, do := f.Words(c.say)
			add(f.Severity.String(), f, what, do)
		}
	}
	return out
}
