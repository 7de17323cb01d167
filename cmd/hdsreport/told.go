package main

import (
	"fmt"
	"io"
	"strconv"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// told is a finding with the other places at which the same is to be said.
type told struct {
	etl.Finding
	more []etl.Place
}

// gather joins the findings of at least a severity that say the same of a file: readers
// of a hundred equal lines see no other. The order is that of the first ones.
func (c *Command) gather(fs []etl.Finding, least etl.Severity) []told {
	type words struct {
		severity                        etl.Severity
		code, file, sheet, what, advice string
	}
	var out []told
	at := map[words]int{}
	for _, f := range fs {
		if f.Severity < least {
			continue
		}
		what, do := f.Words(c.say)
		k := words{f.Severity, f.Code, f.Place.File, f.Place.Sheet, what, do}
		if i, ok := at[k]; ok && len(f.Rows) == 0 {
			out[i].more = append(out[i].more, f.Place)
			continue
		}
		at[k] = len(out)
		out = append(out, told{Finding: f})
	}
	return out
}

// note says how often the same is found, with the first places; empty if it is once.
func (t told) note(say message.Printer) string {
	if len(t.more) == 0 {
		return ""
	}
	const most = 4
	places := make([]string, len(t.more))
	for i, p := range t.more {
		places[i] = strconv.Itoa(p.Row)
		if p.Column > 0 {
			places[i] += ":" + strconv.Itoa(p.Column)
		}
	}
	return say.Say("finding-also", "n", len(t.more)+1, "places", message.List{Items: places, Most: most})
}

// mostTold is the number of lines of one code that are printed; check --json has all.
const mostTold = 20

// tell prints the findings of at least a severity, one a line, with at most a number of
// the rows that they are about. Equal ones stand on one line, and more than mostTold
// lines of a code are summed up, so that a thousand findings of one kind do not hide one
// of another kind.
func (c *Command) tell(w io.Writer, fs []etl.Finding, least etl.Severity, rows int) {
	seen, left := map[string]int{}, map[string]int{}
	all := c.gather(fs, least)
	for _, t := range all {
		left[t.Code] += 1 + len(t.more)
	}
	for _, t := range all {
		seen[t.Code]++
		if seen[t.Code] <= mostTold {
			left[t.Code] -= 1 + len(t.more)
			fmt.Fprintln(w, c.paint(t.Severity, t.LineWith(c.say, t.note(c.say))))
			c.evidence(w, t.Rows, rows)
			continue
		}
		if n := left[t.Code]; n > 0 {
			left[t.Code] = 0
			fmt.Fprintln(w, c.paint(t.Severity, fmt.Sprintf("%s: %s: %s [%s]", t.Place.File, t.Severity,
				c.say.Say("findings-more", "n", n), t.Code)))
		}
	}
}

// evidence prints the rows that a finding is about, at most a number of them.
func (c *Command) evidence(w io.Writer, rows []etl.Evidence, most int) {
	for _, e := range rows[:min(most, len(rows))] {
		fmt.Fprintf(w, "    %s\n", e.Say(c.say))
	}
	if more := len(rows) - most; most > 0 && more > 0 {
		fmt.Fprintf(w, "    %s\n", c.say.Say("evidence-more", "n", more, "rows", strconv.Itoa(len(rows))))
	}
}
