package main

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/report"
)

// paint colours a line by its severity, on a terminal.
func (c *Command) paint(s etl.Severity, line string) string {
	if !c.Terminal {
		return line
	}
	colour := map[etl.Severity]string{etl.Info: "2", etl.Warning: "33", etl.Error: "31"}[s]
	return "\x1b[" + colour + "m" + line + "\x1b[0m"
}

// state shows the current step on a terminal, in place of the one before; "" clears it.
func (c *Command) state(said string) {
	if c.Terminal {
		fmt.Fprintf(c.Stderr, "\r\x1b[K%s", said)
	}
}

func (c *Command) bold(s string) string {
	if !c.Terminal {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// refuse prints why the gate refuses an edition, two lines per reason. With each
// reason it shows at most the given number of rows concerned.
func (c *Command) refuse(j *job, stays message.Message, rows int) {
	told := map[string]int{}
	for _, r := range j.result.Refusals {
		if r.Accepted != nil {
			continue
		}
		f := r.Finding
		if told[f.Code]++; told[f.Code] > mostTold {
			continue
		}
		what, do := r.Words(c.say)
		fmt.Fprintln(c.Stderr, c.paint(etl.Error, fmt.Sprintf("%s: refused: %s [%s]", f.Place, what, f.Code)))
		if do != "" {
			fmt.Fprintf(c.Stderr, "  %s\n", do)
		}
		c.evidence(c.Stderr, f.Rows, rows)
	}
	for _, code := range slices.Sorted(maps.Keys(told)) {
		if n := told[code] - mostTold; n > 0 {
			fmt.Fprintf(c.Stderr, "  %s [%s]\n", c.say.Say("refusals-more", "n", n), code)
		}
	}
	c.note("not-published", "edition", etl.Named(j.result.Edition.ID), "stays", stays, "then", c.afterRefusal(j))
}

// afterRefusal says what a person can do about a refusal.
func (c *Command) afterRefusal(j *job) message.Message {
	then := c.howToAccept()
	if j.loose {
		then.Key = "refused-loose"
	}
	if slices.ContainsFunc(j.result.Refusals, func(r etl.Refusal) bool { return r.Finding.Code == etl.CodeEditionEmpty }) {
		then.Key = "refused-empty"
	}
	if !j.loose && len(j.result.Editions) > 1 {
		return message.New("refused-remove", "then", then)
	}
	return then
}

// stays says that the workbook is unchanged when an edition is refused.
func stays(target string) message.Message {
	if _, err := os.Stat(target); err != nil {
		return message.New("stays-nothing")
	}
	return message.New("stays-workbook", "file", display(target))
}

// line prints a line of the summary; label is empty if it continues the line before.
func (c *Command) line(label message.Key, said string) {
	name := ""
	if label != "" {
		name = c.say.Say(label)
	}
	fmt.Fprintf(c.Stderr, "  %s%s\n", c.bold(fmt.Sprintf("%-10s", name)), said)
}

// account prints the summary of a run: what was read, the key figures, what awaits an
// editor, and where the workbook is.
func (c *Command) account(j *job, target string, changed, dry bool) {
	res, st := j.result, &j.result.Stats
	fmt.Fprintln(c.Stderr, c.bold("hdsreport: "+c.say.Say("account-edition", "edition", etl.Named(res.Edition.ID))))
	label := message.Key("account-read")
	for _, l := range etl.Listings {
		list := &res.Edition.List[l]
		switch {
		case list.HasEnded():
			continue // told below, after what was read
		case list.Missing && list.Source.Table != nil: // what it lacks has been let through
			c.line(label, c.say.Say("account-unread", "list", l, "file", list.Source.Table.File))
		case list.Missing:
			c.line(label, c.say.Say("account-missing", "list", l))
		default:
			c.line(label, c.say.Say("account-rows", "file", list.Source.Table.File, "n", len(list.Rows)))
		}
		label = ""
	}
	if n := len(res.Editions) - 1; n > 0 {
		c.line("", c.say.Say("account-earlier", "n", n, "edition", etl.Named(res.Editions[0].ID)))
	}
	for _, l := range etl.Listings {
		if list := &res.Edition.List[l]; list.HasEnded() {
			c.line("", c.say.Say("account-ended", "list", l, "date", list.Ended))
		}
	}
	label = "account-figures"
	for _, said := range c.figures(report.Readings(st), &j.input.Reference) {
		c.line(label, said)
		label = ""
	}
	waits := awaiting(st.Awaiting)
	if len(res.Review) > 0 && j.review != "" {
		waits = message.New("awaiting-see", "waits", waits, "file", display(j.review))
	}
	c.line("account-awaiting", c.say.Text(waits))
	c.line("account-noticed", c.say.Say("noticed-check", "noticed", noticed(st.Findings)))
	label = "account-accepted"
	for _, r := range res.Refusals {
		if a := r.Accepted; a != nil {
			said := message.New("account-let-through", "code", a.Code, "by", a.By, "date", etl.Named(a.Date))
			if a.Date == "" {
				said = message.New("account-let-through/undated", "code", a.Code, "by", a.By)
			}
			c.line(label, c.say.Text(said))
			label = ""
		}
	}
	switch {
	case dry:
		c.line("account-dry", c.say.Say("account-not-written", "file", display(target)))
	case changed:
		c.line("account-wrote", display(target))
	default:
		c.line("account-unchanged", c.say.Say("account-same", "file", display(target)))
	}
}

// figures returns the key figures in words: a line for the actors, with those of the last
// edition, and one for their activities.
func (c *Command) figures(readings []report.Reading, ref *etl.Reference) []string {
	var lines [2][]string
	for _, r := range readings {
		if r.Now == nil {
			continue
		}
		at := 0
		args := message.Pairs("n", shown(*r.Now, r.Decimal))
		switch r.Key {
		case "mean":
			at = 1
		case "all":
			at = 1
			args = append(args, message.Arg{Name: "all",
				Value: labelsOf(c.say.Language()).InWords(len(ref.Activities))})
		}
		said := message.Message{Key: message.Key("figure-" + r.Key), Args: args}
		if r.Rows != nil && r.Before != nil {
			said = message.New("figure-before", "figure", said, "before", shown(*r.Before, r.Decimal),
				"edition", etl.Named(r.Since))
		}
		lines[at] = append(lines[at], c.say.Text(said))
	}
	var out []string
	for _, line := range lines {
		if len(line) > 0 {
			out = append(out, strings.Join(line, ", "))
		}
	}
	return out
}

// shown returns a figure as a message argument: an integer, or a number with one decimal.
func shown(n float64, decimal bool) any {
	if decimal {
		return math.Round(10*n) / 10
	}
	return int(n)
}

// figure formats a figure for a table: counts as integers, others with two decimals.
func (c *Command) figure(n *float64, decimal bool) string {
	switch {
	case n == nil:
		return c.say.Say("not-available")
	case decimal:
		return c.say.Decimal(*n, 2)
	}
	return c.say.Decimal(*n, 0)
}

// awaiting says in one sentence what awaits an editor.
func awaiting(a etl.AwaitingStats) message.Message {
	var parts []message.Message
	for _, p := range []struct {
		n   int
		key message.Key
	}{{a.Alike(), "awaiting-pairs"}, {a.Renamings, "awaiting-renamings"}, {a.Names, "awaiting-names"}, {a.Proposed, "awaiting-proposed"}, {a.Unclassified, "awaiting-unclassified"},
		{a.Values, "awaiting-values"}} {
		if p.n > 0 {
			parts = append(parts, message.New(p.key, "n", p.n))
		}
	}
	if len(parts) == 0 {
		return message.New("awaiting-nothing")
	}
	return message.New("awaiting", "parts", parts)
}

// noticed says how many findings there are.
func noticed(n etl.FindingStats) message.Message {
	return message.New("noticed", "errors", n.Error, "warnings", n.Warning, "infos", n.Info)
}

// display formats a path for people, with slashes.
func display(path string) string { return filepath.ToSlash(path) }
