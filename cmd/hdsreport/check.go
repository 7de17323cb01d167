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
	var asJSON, all bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "read and judge, write nothing",
		Long: `check reads what run would read and lists everything that it noticed, one finding a
line:

  file:row:column: severity: what was seen; what to do [code]

An info is worth knowing, a warning should be looked at, an error may make a figure
wrong. The exit code is 3 where the gate would refuse to publish; the rows that a
refusal or a warning of the gate is about follow it. Findings that say the same stand on
one line with their number and first places, and more than 20 lines of a code are summed
up. They are about the edition that would be published; --all adds those about editions
before.

--json prints {"edition", "publishable", "findings": [{"severity", "code", "file", "row",
"column", "args", "message", "do", "rows"}]}, each finding by itself. What the gate refuses
comes first, with the severity refused. Message and do are in the language of the report,
args are what they name; rows, [{"file", "row", "name", "note"}], are those that the gate is
about.

What the gate looks at (docs/reference.md has the thresholds of the configuration):

` + gateHelp(),
		Example: `  hdsreport check --config samples/hdsreport.yaml
  hdsreport check --agrees agrees.csv --date 2019-06-17
  hdsreport check --json | jq '.findings[] | select(.severity == "error")'`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			j, err := c.loadToCheck(&in)
			if err != nil {
				return err
			}
			findings := j.result.OfEdition()
			if all {
				findings = j.result.Findings
			}
			if asJSON {
				if err := c.encode(c.judgement(j, findings)); err != nil {
					return err
				}
			} else {
				c.tell(c.logged(c.Stdout), findings, etl.Info, rows)
			}
			if j.result.Refused() {
				// In an Action, run reports the rest; after a refusal it does not start.
				c.actions().annotate(j, j.result.OfEdition())
				c.refuse(j, stays(j.output()), rows)
				return errors.Join(refusedError{}, c.summarise(j, message.Message{}))
			}
			c.note("publishable", "edition", etl.Named(j.result.Edition.ID),
				"noticed", noticed(j.result.Stats.Findings))
			return nil
		},
	}
	in.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "for a program")
	cmd.Flags().BoolVar(&all, "all", false, "the findings about editions before too")
	cmd.Flags().IntVar(&rows, "rows", 10, "show at most this `number` of the rows that a refusal or a warning is about")
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
	Rows     []checkRow   `json:"rows,omitempty"`
}

// checkRow is a row that a finding of the gate is about.
type checkRow struct {
	File string `json:"file"` // empty if it is about an actor and no row
	Row  int    `json:"row"`
	Name string `json:"name"`
	Note string `json:"note,omitempty"`
}

// judgement lists the findings. Refusals come first and are not repeated as findings.
func (c *Command) judgement(j *job, findings []etl.Finding) judgement {
	out := judgement{j.result.Edition.ID, !j.result.Refused(), []checkFinding{}}
	refused := map[string]bool{}
	add := func(severity string, f etl.Finding, what, do string) {
		var rows []checkRow
		for _, e := range f.Rows {
			rows = append(rows, checkRow{e.Place.File, e.Place.Row, e.Said, c.say.Text(e.Note)})
		}
		out.Findings = append(out.Findings, checkFinding{severity, f.Code, f.Place.File, f.Place.Sheet, f.Place.Row,
			f.Place.Column, f.Args, what, do, rows})
	}
	for _, r := range j.result.Refusals {
		if r.Accepted == nil {
			refused[r.Finding.Line(c.say)] = true
			what, do := r.Words(c.say)
			add("refused", r.Finding, what, do)
		}
	}
	for _, f := range findings {
		if !refused[f.Line(c.say)] {
			what, do := f.Words(c.say)
			add(f.Severity.String(), f, what, do)
		}
	}
	return out
}
