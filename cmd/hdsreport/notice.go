package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hdsreport/etl/message"
)

// stages are the steps of the scheduled job that may refuse or fail, as it names them.
var stages = []string{"fetch", "review", "take", "check", "run", "publish", "job"}

func (c *Command) noticeCommand() *cobra.Command {
	in := input{again: true}
	var refused, run, files string
	cmd := &cobra.Command{
		Use:   "notice",
		Short: "what awaits an editor, as the text of an issue",
		Long: `notice prints what awaits an editor and what a scheduled job has refused: a title, an
empty line, and a text in Markdown, in numbers and codes, without a name of anybody. It
prints nothing if nothing awaits. The scheduled job keeps an issue of the workspace's
repository up to date with it.`,
		Example: `  hdsreport notice --refused "check" --run https://github.com/OWNER/REPO/actions/runs/1`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			fmt.Fprint(c.Stdout, c.notice(j, steps(refused), run, files))
			return nil
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVar(&refused, "refused", "", "the `steps` that refused or failed, with commas between: "+strings.Join(stages, ", "))
	cmd.Flags().StringVar(&run, "run", "", "the `address` of the page of the run")
	cmd.Flags().StringVar(&files, "files", "", "the `address` below which the files of the repository are")
	return cmd
}

func steps(list string) []string {
	return slices.Compact(slices.Sorted(slices.Values(strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }))))
}

// notice is the text of the issue, or "" if nothing awaits.
func (c *Command) notice(j *job, refused []string, run, files string) string {
	var b strings.Builder
	item := func(key message.Key, pairs ...any) { fmt.Fprintf(&b, "- %s\n", c.say.Say(key, pairs...)) }
	link := func(file string) string {
		if files == "" {
			return "`" + file + "`"
		}
		return fmt.Sprintf("[%s](%s/%s)", file, strings.TrimSuffix(files, "/"), file)
	}
	for _, stage := range stages {
		if slices.Contains(refused, stage) {
			item(message.Key("notice-" + stage))
		}
	}
	var codes []string
	for _, r := range j.result.Refusals {
		if r.Accepted == nil && !slices.Contains(codes, r.Finding.Code) {
			codes = append(codes, r.Finding.Code)
		}
	}
	if len(codes) > 0 {
		slices.Sort(codes)
		item("notice-codes", "codes", "`"+strings.Join(codes, "`, `")+"`")
	}
	waiting := c.waitingReviews(j)
	for _, file := range waiting {
		key := message.Key("notice-rulings")
		if _, why := c.openReview(j, file); !why.IsZero() {
			key = "notice-unread"
		}
		item(key, "file", link(display(file)))
	}
	if len(j.result.Review) > 0 {
		item("notice-awaiting", "waits", awaiting(j.result.Stats.Awaiting), "file", link(display(j.reviewFiles(j.output())[0])))
	}
	if b.Len() == 0 {
		return ""
	}
	if run != "" {
		fmt.Fprintf(&b, "\n%s\n", c.say.Say("notice-page", "url", run))
	}
	return c.say.Say("notice-title") + "\n\n" + b.String()
}
