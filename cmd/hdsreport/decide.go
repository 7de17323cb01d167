package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/message"
	"hdsreport/etl/registry"
	"hdsreport/etl/review"
)

func (c *Command) decideCommand() *cobra.Command {
	in := input{again: true} // as if the rulings were taken in
	var by string
	var waiting bool
	cmd := &cobra.Command{
		Use:   "decide REVUE --by NAME",
		Short: "take an editor's rulings into the registry",
		Long: `decide reads a review that a person has filled in (revue.xlsx, or as .ods or .csv) and
records its rulings in the registry, with who and when. The file is checked as a whole first: if a line came back
damaged, cannot be understood, or says what another ruling contradicts, nothing of it
is recorded (exit 1). Taking the same file twice changes nothing.

What to write in the column ruling (décision in French), in English or in French:
  a pair          same, different, or successor: NAME of the one that succeeds
                  (même, différent, successeur : NAME)
  a position      yes (oui) for the proposal, or another position
  a value         what the cell should say; a date as 17/06/2019, empty (vide) for none

The language of the file need not be that of report.language by now.
Leave it empty to rule later. Lines may be sorted and columns added.

--waiting takes nothing in. It prints, one a line, the reviews beside the workbook that
hold rulings which the registry does not have, or that cannot be read.`,
		Example: `  hdsreport decide samples/revue.xlsx --by "A. Martin" --config samples/hdsreport.yaml`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if (len(args) == 0) != waiting {
				return usage("decide-file")
			}
			none := ""
			if err := remarks(&by, &none); err != nil {
				return err
			}
			if by == "" && !waiting {
				return usage("decide-by")
			}
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			if j.loose {
				return usage("decide-loose")
			}
			if waiting {
				for _, file := range c.waitingReviews(j) {
					fmt.Fprintln(c.Stdout, display(file))
				}
				return nil
			}
			return c.decide(j, args[0], by)
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVar(&by, "by", "", "the `person` who ruled")
	cmd.Flags().BoolVar(&waiting, "waiting", false, "print which reviews hold rulings that await, take none in")
	cmd.AddCommand(c.decideList(), c.decideUndo())
	return cmd
}

func (c *Command) decide(j *job, file, by string) error {
	data, err := atomicfile.Read(file)
	if err != nil {
		return err
	}
	lines, found, err := review.Read(data, display(file))
	if len(data) == 0 {
		err = message.Fail(nil, "decide-empty")
	}
	if err != nil {
		return errors.Join(message.Fail(err, "decide-unread", "file", display(file), "error", err),
			c.actions().unread(display(file), err))
	}
	rulings, more := review.Take(lines, &j.input, j.result, by, c.Now().Format("2006-01-02"))
	found = append(found, more...)
	c.tell(c.Stderr, found, etl.Warning, 0)
	if slices.ContainsFunc(found, func(f etl.Finding) bool { return f.Severity == etl.Error }) {
		return errors.Join(message.Fail(nil, "decide-refused", "file", display(file)),
			c.actions().rulingsRefused(display(file), found))
	}
	if rulings.Empty() {
		c.note("decide-nothing", "file", display(file), "n", rulings.Already)
		return nil
	}
	if err := registry.Record(filepath.Join(j.root, j.config.Registry), rulings.Additions(), c.waiting); err != nil {
		return err
	}
	recorded := c.say.Say("decide-recorded", "decisions", len(rulings.Decisions), "names", rulings.Named,
		"positions", len(rulings.Positions), "corrections", len(rulings.Corrections), "by", by,
		"folder", display(filepath.Join(j.root, j.config.Registry)))
	fmt.Fprintf(c.Stderr, "hdsreport: %s\n", recorded)
	return c.actions().rulingsTaken(display(file), recorded)
}

// waiting says that another process holds a folder.
func (c *Command) waiting(dir string) {
	fmt.Fprintf(c.Stderr, "hdsreport: %s\n", c.say.Say("file-waiting", "folder", display(dir)))
}

// leave says that a file is not written over, and why.
func (c *Command) leave(path string, why message.Message) {
	c.note("review-left", "file", display(path), "why", why)
}
