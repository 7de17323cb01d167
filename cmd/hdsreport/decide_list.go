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

// rulingsOf loads a workspace for what persons have ruled.
func (c *Command) rulingsOf(in *input) (*job, []review.Ruled, error) {
	if in.agrees != "" || in.certifies != "" {
		return nil, nil, usage("decide-loose")
	}
	j, err := c.load(in, map[string]string{})
	if err != nil {
		return nil, nil, err
	}
	return j, review.History(&j.input, j.result), nil
}

func (c *Command) decideList() *cobra.Command {
	in := input{again: true}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "what persons have ruled, and by which ref it is undone",
		Long: `list prints what persons have ruled, a line each with its ref: decisions on two names,
positions, other names of actors, and values of cells. A ruling holds; or it is undone; or
it is an orphan, because nobody it is about is in an edition or the registry; or, of a
position, superseded by a correction. The states of values are those of corrections list.`,
		Example: `  hdsreport decide list
  hdsreport decide list --json | jq '.decisions[] | select(.kind == "decision")'`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			j, all, err := c.rulingsOf(&in)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.Stdout, map[string]any{"decisions": append([]review.Ruled{}, all...)})
			}
			for _, r := range all {
				line := c.say.Say("decide-line", "ref", r.Ref, "state", stateWords(r.State), "what", ruledWords(j, &r))
				if r.By != "" || r.Date != "" {
					line += c.say.Say("decide-line-by", "by", r.By, "date", r.Date)
				}
				fmt.Fprintln(c.Stdout, line)
			}
			return nil
		},
	}
	in.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "for a program")
	return cmd
}

// ruledWords is what a ruling says, for people: the codes of the registry in words.
func ruledWords(j *job, r *review.Ruled) message.Message {
	var judgement any = r.Judgement
	switch position, known := j.input.Reference.PositionOf(r.Judgement); {
	case r.Kind == review.KindPosition && known:
		judgement = position.Label[j.config.Report.Language]
	case r.Kind == review.KindDecision && slices.Contains([]string{"same", "different", "successor", etl.Undone}, r.Judgement),
		r.Kind == review.KindName && slices.Contains([]string{"alias", "former", "acronym"}, r.Judgement):
		judgement = message.New(message.Key("decide-judgement-" + r.Judgement))
	}
	return message.New(message.Key("decide-says-"+r.Kind), "left", r.Left, "right", r.Right, "judgement", judgement)
}

func (c *Command) decideUndo() *cobra.Command {
	in := input{again: true}
	var u undoing
	cmd := &cobra.Command{
		Use:   "undo REF… --by NAME",
		Short: "take rulings back, so that they are asked again",
		Long: `undo takes back what decide list prints with a ref. A decision gets a line undone below
it, and the names that were recorded with it go; a position and a name are cleared, and a
note of the actor says who did it; a value gets a line with the value source, as
corrections undo gives it. The next run asks again. Undoing twice is undoing once.`,
		Example: `  hdsreport decide undo 1a2b3c4d --by "A. Martin" --reason "two companies after all"`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, refs []string) error {
			if err := u.clean(); err != nil {
				return err
			}
			switch {
			case u.by == "":
				return usage("decide-by")
			case len(refs) == 0:
				return usage("decide-refs")
			}
			j, all, err := c.rulingsOf(&in)
			if err != nil {
				return err
			}
			return c.undoRulings(j, all, refs, u)
		},
	}
	in.flags(cmd)
	u.flags(cmd)
	return cmd
}

// undoing are the flags of the commands that take something back.
type undoing struct{ by, reason string }

func (u *undoing) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&u.by, "by", "", "the `person` who undoes")
	cmd.Flags().StringVar(&u.reason, "reason", "", "why, in a few `words`")
}

func (u *undoing) clean() error { return remarks(&u.by, &u.reason) }

// why is the reason that the registry gets for taking the line with a ref back.
func (c *Command) why(u undoing, ref string) string {
	if u.reason != "" {
		return u.reason
	}
	return c.say.Say("corrections-undoes", "ref", ref)
}

// remarks cleans the flags --by and --reason.
func remarks(by, reason *string) error {
	for _, f := range []struct {
		name string
		said *string
	}{{"by", by}, {"reason", reason}} {
		var err error
		if *f.said, err = remark(*f.said); err != nil {
			return usage("flag-error", "name", f.name, "error", err)
		}
	}
	return nil
}

// undoRulings takes the rulings with some refs back, all or none.
func (c *Command) undoRulings(j *job, all []review.Ruled, refs []string, u undoing) error {
	add := &registry.Additions{}
	chosen := map[string]*review.Ruled{}
	var order []*review.Ruled
	for _, ref := range refs {
		ref = strings.ToLower(ref)
		i := slices.IndexFunc(all, func(r review.Ruled) bool { return r.Ref == ref })
		switch {
		case i < 0:
			return usage("decide-ref", "ref", ref)
		case chosen[ref] != nil:
		case all[i].State == string(etl.CorrectionUndone):
			c.note("decide-undone-already", "ref", ref)
		case !all[i].Undoable():
			return usage("decide-ref-past", "ref", ref, "state", stateWords(all[i].State))
		default:
			chosen[ref] = &all[i]
			order = append(order, &all[i])
		}
	}
	for _, r := range order {
		why := c.why(u, r.Ref)
		r.Undo(&j.input, add, u.by, c.Now().Format("2006-01-02"), why)
	}
	if len(order) == 0 {
		c.note("decide-undid", "n", 0, "by", u.by)
		return nil
	}
	next := j.input
	next.Registry = registry.With(next.Registry, add)
	res := etl.Run(next)
	if err := registry.Record(j.registry(), add, c.waiting); err != nil {
		return err
	}
	for _, r := range order {
		c.note("decide-undid-one", "ref", r.Ref, "what", ruledWords(j, r))
		if r.StillOne(res) {
			c.note("decide-undid-still", "left", r.Left, "right", r.Right)
		}
	}
	c.note("decide-undid", "n", len(order), "by", u.by)
	was := faults(j.result)
	for fault, n := range faults(res) {
		if n > was[fault] {
			c.note("decide-undid-faults")
			break
		}
	}
	return nil
}
