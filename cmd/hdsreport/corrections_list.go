package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/registry"
	"hdsreport/etl/review"
)

// listedCorrection is a line of corrections.csv with what it does, for programs.
type listedCorrection struct {
	Ref     string              `json:"ref"`
	ID      string              `json:"id"`
	Field   string              `json:"field"`
	Was     string              `json:"was"`
	Value   string              `json:"value"`
	By      string              `json:"by"`
	Date    string              `json:"date"`
	Reason  string              `json:"reason"`
	State   etl.CorrectionState `json:"state"`
	Instead string              `json:"instead,omitempty"` // for an orphan, the row that may be it now
	line    *etl.CorrectionLine
}

// listedCorrections are the corrections of a run.
func listedCorrections(res *etl.Result) []listedCorrection {
	out := make([]listedCorrection, 0, len(res.Corrections))
	for i, ref := range review.CorrectionRefs(res) {
		c := &res.Corrections[i]
		out = append(out, listedCorrection{ref, c.ID, c.Field, c.Was, c.Value, c.By, c.Date, c.Reason, c.State, c.Instead, c})
	}
	return out
}

func (c *Command) correctionsList() *cobra.Command {
	in := input{again: true}
	var state string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "the corrections in the registry, and what each does",
		Long: `list prints each line of registry/corrections.csv with its ref, by which undo knows it,
and its state: it holds; it is obsolete, because the source says the same by now;
outdated, because the source says a third value; an orphan, because its row or actor is
not in the edition; superseded by a later line; or undone. It says so in the report's
language; --json and --state have the codes.`,
		Example: `  hdsreport corrections list --state orphan
  hdsreport corrections list --json | jq '.corrections[] | select(.state == "outdated")'`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if state != "" && !slices.Contains(etl.CorrectionStates, etl.CorrectionState(state)) {
				return usage("corrections-state", "state", state, "known", etl.CorrectionStates)
			}
			j, err := c.correctionsOf(&in)
			if err != nil {
				return err
			}
			all := slices.DeleteFunc(listedCorrections(j.result), func(l listedCorrection) bool {
				return state != "" && string(l.State) != state
			})
			if asJSON {
				return printJSON(c.Stdout, map[string]any{"corrections": all})
			}
			for _, l := range all {
				line := c.say.Say("corrections-line", "ref", l.Ref, "state", stateWords(string(l.State)), "id", l.ID, "field", l.Field,
					"was", l.Was, "value", l.Value, "by", l.By, "date", l.Date)
				if l.Instead != "" {
					line += c.say.Say("corrections-line-instead", "instead", l.Instead)
				}
				fmt.Fprintln(c.Stdout, line)
			}
			return nil
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVar(&state, "state", "", "only those in this `state`: "+strings.Join(states(), ", "))
	cmd.Flags().BoolVar(&asJSON, "json", false, "for a program")
	return cmd
}

// stateWords is what the state of a correction or a ruling is called, for people. Programs
// and --state take the code.
func stateWords(state string) message.Message {
	return message.New(message.Key("ruled-state-" + state))
}

// states are the codes of all states.
func states() []string {
	var out []string
	for _, s := range etl.CorrectionStates {
		out = append(out, string(s))
	}
	return out
}

// correctionsOf loads a workspace for its corrections.
func (c *Command) correctionsOf(in *input) (*job, error) {
	if in.agrees != "" || in.certifies != "" {
		return nil, usage("corrections-loose")
	}
	return c.load(in, map[string]string{})
}

func (c *Command) correctionsUndo() *cobra.Command {
	in := input{again: true}
	var u undoing
	var obsolete bool
	cmd := &cobra.Command{
		Use:   "undo REF… --by NAME",
		Short: "let the source speak again",
		Long: `undo appends a line with the value source for the cell of each correction: history
stays, and the cell says what the source says, in later editions too. REF is what
corrections list prints. --obsolete takes all that the source says itself by now.`,
		Example: `  hdsreport corrections undo 1a2b3c4d --by "A. Martin" --reason "the agency was right"
  hdsreport corrections undo --obsolete --by "A. Martin"`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, refs []string) error {
			if err := u.clean(); err != nil {
				return err
			}
			switch {
			case u.by == "":
				return usage("corrections-by")
			case (len(refs) == 0) != obsolete:
				return usage("corrections-refs")
			}
			j, err := c.correctionsOf(&in)
			if err != nil {
				return err
			}
			return c.undo(j, refs, u)
		},
	}
	in.flags(cmd)
	u.flags(cmd)
	cmd.Flags().BoolVar(&obsolete, "obsolete", false, "all that the source says itself by now")
	return cmd
}

// undo undoes the corrections with some refs; without any, those that are obsolete.
func (c *Command) undo(j *job, refs []string, u undoing) error {
	var chosen []listedCorrection
	all := listedCorrections(j.result)
	for _, ref := range refs {
		i := slices.IndexFunc(all, func(l listedCorrection) bool { return l.Ref == strings.ToLower(ref) })
		if i < 0 {
			return usage("corrections-ref", "ref", ref)
		}
		switch l := all[i]; {
		case l.State == etl.CorrectionUndone:
			c.note("corrections-undone-already", "ref", l.Ref)
		case l.Value == etl.FromSource || l.State == etl.CorrectionSuperseded:
			return usage("corrections-ref-past", "ref", l.Ref, "state", stateWords(string(l.State)))
		default:
			chosen = append(chosen, l)
		}
	}
	if len(refs) == 0 {
		for _, l := range all {
			if l.State == etl.CorrectionObsolete {
				chosen = append(chosen, l)
			}
		}
	}
	var lines []etl.Correction
	for _, l := range chosen {
		why := c.why(u, l.Ref)
		lines = append(lines, review.UndoCorrection(l.line, u.by, c.Now().Format("2006-01-02"), why))
	}
	if len(lines) > 0 {
		if err := registry.Record(j.registry(), &registry.Additions{Corrections: lines}, c.waiting); err != nil {
			return err
		}
	}
	c.note("corrections-undid", "n", len(lines), "by", u.by)
	return nil
}
