package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/report/audit"
)

// surveyRows is the number of rows of a sheet that run audits one by one. Of the rows
// after them it audits a sample, because all would take a noticeable part of the time.
const surveyRows = 20_000

func (c *Command) auditCommand() *cobra.Command {
	var asJSON, rules bool
	cmd := &cobra.Command{
		Use:   "audit FILE.xlsx",
		Short: "what is wrong with a finished workbook",
		Long: `audit looks at a workbook, ours or another, for what makes a spreadsheet
untrustworthy or shuts somebody out: tables that Excel would repair, formulas
without a value or with an error, hidden or merged cells, numbers kept as text,
pictures without alternative text, faint colours, poor links, text that would run
as a formula … One finding a line:

  Sheet!B7: severity: what was seen; what to do [rule]

An error misleads somebody, shuts them out or is repaired on opening; a warning makes
the workbook harder to use. The exit code is 1 if there is either. Filters and frozen
panes are no faults. run makes the same audit of what it is about to write, and writes
nothing if there is an error.`,
		Example: `  hdsreport audit hds-2019-06-17.xlsx
  hdsreport audit --json hds-2019-06-17.xlsx | jq '.findings[].rule'
  hdsreport audit --rules`,
		Args: func(cmd *cobra.Command, args []string) error {
			if rules {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if rules {
				return c.auditRules(asJSON)
			}
			r, err := audit.File(args[0], audit.Options{})
			if err != nil {
				return err
			}
			if asJSON {
				if err := c.encode(auditJSON(c.say, args[0], r)); err != nil {
					return err
				}
			} else {
				for i := range r.Findings {
					fmt.Fprintln(c.Stdout, c.paint(r.Findings[i].Severity, r.Findings[i].Line(c.say)))
				}
			}
			if !r.Sound() {
				return message.Fail(nil, "audit-unsound", "file", display(args[0]), "errors", r.Count(etl.Error),
					"warnings", r.Count(etl.Warning))
			}
			c.note("audit-sound", "file", display(args[0]), "sheets", r.Sheets, "cells", r.Cells,
				"formulas", r.Formulas)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "for a program")
	cmd.Flags().BoolVar(&rules, "rules", false, "list the rules and where each comes from")
	return cmd
}

// sound audits a workbook before it is written. It prints warnings, and returns an error
// if the audit finds errors.
func (c *Command) sound(book io.ReaderAt, size int64, target string) error {
	r, err := audit.Workbook(book, size, audit.Options{Rows: surveyRows})
	if err != nil {
		return message.Fail(err, "audit-unread", "file", display(target), "error", err)
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Severity > etl.Info || f.Rule == "sampled" {
			fmt.Fprintln(c.Stderr, c.paint(f.Severity, c.say.Say("audit-workbook", "finding", f.Line(c.say))))
		}
	}
	if n := r.Count(etl.Error); n > 0 {
		return message.Fail(nil, "audit-refused", "file", display(target), "n", n)
	}
	return nil
}

type auditFinding struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	Sheet    string   `json:"sheet,omitempty"`
	Cells    []string `json:"cells,omitempty"` // the first ten
	Count    int      `json:"count"`
	Message  string   `json:"message"`
	Do       string   `json:"do"`
}

type auditResult struct {
	File     string         `json:"file"`
	Sheets   int            `json:"sheets"`
	Tables   int            `json:"tables"`
	Rows     int            `json:"rows"`
	Cells    int            `json:"cells"`
	Formulas int            `json:"formulas"`
	Charts   int            `json:"charts"`
	Findings []auditFinding `json:"findings"`
	Totals   map[string]int `json:"totals"` // findings by severity
}

func auditJSON(say message.Printer, file string, r *audit.Report) auditResult {
	out := auditResult{File: display(file), Sheets: r.Sheets, Tables: r.Tables, Rows: r.Rows, Cells: r.Cells,
		Formulas: r.Formulas, Charts: r.Charts,
		Findings: []auditFinding{}, Totals: map[string]int{}}
	for _, f := range r.Findings {
		what, do := f.Words(say)
		out.Findings = append(out.Findings, auditFinding{f.Rule, f.Severity.String(), f.Sheet, f.Cells, f.Count,
			what, do})
	}
	for _, s := range []etl.Severity{etl.Info, etl.Warning, etl.Error} {
		out.Totals[s.String()] = r.Count(s)
	}
	return out
}

func (c *Command) auditRules(asJSON bool) error {
	if asJSON {
		type rule struct {
			ID       string `json:"id"`
			Severity string `json:"severity"`
			What     string `json:"what"`
			Do       string `json:"do"`
			Source   string `json:"source"`
		}
		var out []rule
		for _, r := range audit.Rules() {
			out = append(out, rule{r.ID, r.Severity.String(), c.say.Text(r.What()), c.say.Text(r.Do()), r.Source})
		}
		return c.encode(out)
	}
	w := tabwriter.NewWriter(c.Stdout, 0, 4, 2, ' ', 0)
	for _, r := range audit.Rules() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.ID, r.Severity, c.say.Text(r.What()), r.Source)
	}
	return w.Flush()
}

func (c *Command) encode(v any) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	text := out.Bytes()
	if c.actions() != nil {
		// See logged: JSON can escape the same text.
		text = bytes.ReplaceAll(text, []byte("##["), []byte(`##\u005b`))
	}
	_, err := c.Stdout.Write(text)
	return err
}
