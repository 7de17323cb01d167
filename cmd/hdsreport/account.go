package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/review"
	"hdsreport/report"
)

// tell prints findings from a severity on, one a line.
func (c *Command) tell(w io.Writer, fs []etl.Finding, least etl.Severity) {
	for _, f := range fs {
		if f.Severity < least {
			continue
		}
		fmt.Fprintln(w, c.paint(f.Severity, f.Line(c.say)))
	}
}

// mostTold is how many findings of one code and file run prints: check prints all.
const mostTold = 20

// tellMost is tell for a run, where a thousand lines of one kind would hide the one
// of another.
func (c *Command) tellMost(fs []etl.Finding, least etl.Severity) {
	type kind struct{ file, code string }
	of := func(f etl.Finding) kind { return kind{f.Place.File, f.Code} }
	seen, left := map[kind]int{}, map[kind]int{}
	for _, f := range fs {
		if f.Severity >= least {
			left[of(f)]++
		}
	}
	for _, f := range fs {
		if f.Severity < least {
			continue
		}
		k := of(f)
		seen[k]++
		left[k]--
		switch {
		case seen[k] <= mostTold:
			fmt.Fprintln(c.Stderr, c.paint(f.Severity, f.Line(c.say)))
		case left[k] == 0:
			fmt.Fprintln(c.Stderr, c.paint(f.Severity, fmt.Sprintf("%s: and %d more of this kind, which hdsreport check lists [%s]", f.Place.File, seen[k]-mostTold, f.Code)))
		}
	}
}

// paint colours a line by its severity, on a terminal.
func (c *Command) paint(s etl.Severity, line string) string {
	if !c.Terminal {
		return line
	}
	colour := map[etl.Severity]string{etl.Info: "2", etl.Warning: "33", etl.Error: "31"}[s]
	return "\x1b[" + colour + "m" + line + "\x1b[0m"
}

// state shows what goes on, on a terminal, in place of the one before; "" takes it
// away.
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

// refuse says why the gate holds an edition back, in two lines a reason, and shows
// the first rows that each is about; all of them where somebody asks.
func (c *Command) refuse(j *job, target string, rows int) {
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
		for _, e := range r.Evidence[:min(rows, len(r.Evidence))] {
			fmt.Fprintf(c.Stderr, "    %s\n", e.Say(c.say))
		}
		if more := len(r.Evidence) - rows; rows > 0 && more > 0 {
			fmt.Fprintf(c.Stderr, "    and %s more, which hdsreport check --rows %d lists\n", count(more, "row"), len(r.Evidence))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(told)) {
		if n := told[code] - mostTold; n > 0 {
			fmt.Fprintf(c.Stderr, "  and %d more refusals of this kind [%s]\n", n, code)
		}
	}
	then := c.say.Text(c.howToAccept())
	if j.loose {
		then = "only a workspace, as hdsreport init makes one, can record that a person lets a refusal through"
	}
	if slices.ContainsFunc(j.result.Refusals, func(r etl.Refusal) bool { return r.Finding.Code == etl.CodeEditionEmpty }) {
		then = "no acceptance lets this through"
	}
	if !j.loose && len(j.result.Editions) > 1 {
		then += ", and removing the edition's folder publishes the one before"
	}
	old := display(target) + " stays as it was"
	if _, err := os.Stat(target); err != nil {
		old = "nothing is written"
	}
	fmt.Fprintf(c.Stderr, "hdsreport: edition %s is not published and %s; %s\n", j.result.Edition.ID, old, then)
}

// ofEdition leaves out what is about older editions only: it was said when they
// were published, and check says it all.
func (j *job) ofEdition(fs []etl.Finding) []etl.Finding {
	return slices.DeleteFunc(slices.Clone(fs), func(f etl.Finding) bool {
		return slices.ContainsFunc(j.result.Editions[:len(j.result.Editions)-1], func(e etl.Edition) bool {
			return strings.HasPrefix(f.Place.File, path.Join(j.config.Editions, e.ID)+"/")
		})
	})
}

// account is the short report of a run: what was read, the key figures, what
// awaits an editor, where the workbook is.
func (c *Command) account(j *job, target string, changed, dry bool) {
	res, st := j.result, &j.result.Stats
	w := c.Stderr
	line := func(label, format string, args ...any) {
		fmt.Fprintf(w, "  %s%s\n", c.bold(fmt.Sprintf("%-10s", label)), fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(w, "%s\n", c.bold(fmt.Sprintf("hdsreport: edition %s", res.Edition.ID)))
	label := "read"
	for _, l := range etl.Listings {
		list := &res.Edition.List[l]
		if list.Missing {
			line(label, "no %s list", l)
		} else {
			line(label, "%s: %s", list.Source.Table.File, count(len(list.Rows), "row"))
		}
		label = ""
	}
	if n := len(res.Editions) - 1; n > 0 {
		line("", "and %s before it, from %s on", count(n, "edition"), res.Editions[0].ID)
	}
	label = "figures"
	for _, said := range figures(report.Readings(st), &j.input.Reference) {
		line(label, "%s", said)
		label = ""
	}
	waits := awaiting(st.Awaiting)
	if len(res.Review) > 0 && !dry {
		waits += ": see " + display(filepath.Join(filepath.Dir(target), review.FileName))
	}
	line("awaiting", "%s", waits)
	line("noticed", "%s, %s, %s (hdsreport check lists them)", count(st.Findings.Error, "error"), count(st.Findings.Warning, "warning"), count(st.Findings.Info, "remark"))
	switch {
	case dry:
		line("dry run", "%s is not written", display(target))
	case changed:
		line("wrote", "%s", display(target))
	default:
		line("unchanged", "%s has all of this already", display(target))
	}
}

// figureWords are the key figures in the account of a run, by key.
var figureWords = map[string]string{
	"approved": "%s approved", "certified": "%s certified", "both": "%s on both", "any": "%s in all",
	"mean": "%s activities for a certified actor on average", "all": "%s with all %s",
}

// figures are the key figures in words, a line for the actors and one for their
// activities. The last edition's stand beside the first.
func figures(readings []report.Reading, ref *etl.Reference) []string {
	var lines [2][]string
	for _, r := range readings {
		if r.Now == nil {
			continue
		}
		at := 0
		args := []any{figure(r.Now, 1, r.Decimal)}
		switch r.Key {
		case "mean":
			at = 1
		case "all":
			at = 1
			args = append(args, labelsOf("en").InWords(len(ref.Activities)))
		}
		said := fmt.Sprintf(figureWords[r.Key], args...)
		if r.Rows != nil && r.Before != nil {
			said += fmt.Sprintf(" (%s in %s)", figure(r.Before, 1, r.Decimal), r.Since)
		}
		lines[at] = append(lines[at], said)
	}
	var out []string
	for _, line := range lines {
		if len(line) > 0 {
			out = append(out, strings.Join(line, ", "))
		}
	}
	return out
}

// figure writes a figure to so many decimals; a count has none.
func figure(n *float64, decimals int, decimal bool) string {
	if n == nil {
		return "n.d."
	}
	if !decimal {
		decimals = 0
	}
	return strconv.FormatFloat(*n, 'f', decimals, 64)
}

func awaiting(a etl.AwaitingStats) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{a.Pairs, "pair"}, {a.Proposed, "proposed position"}, {a.Unclassified, "actor"}, {a.Values, "unread value"}} {
		if p.n == 0 {
			continue
		}
		s := count(p.n, p.what)
		switch p.what {
		case "pair":
			s += " of names alike"
		case "actor":
			s += " to classify"
		}
		parts = append(parts, s)
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

func count(n int, what string) string {
	s := strconv.Itoa(n) + " " + what
	if n != 1 {
		s += "s"
	}
	return s
}

// display is a path as a person types it.
func display(path string) string { return filepath.ToSlash(path) }
