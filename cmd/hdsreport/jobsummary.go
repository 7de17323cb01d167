package main

import (
	"fmt"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/report"
	"hdsreport/report/difference"
)

// jobSummary is the page that GitHub shows of a run, in its Markdown: what was
// refused, the key figures, what changed, a chart, what awaits an editor.
func (j *job) jobSummary(say message.Printer, wrote string) string {
	res, st := j.result, &j.result.Stats
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if res.Refused() {
		line("## Refused: edition %s is not published\n", mark(res.Edition.ID))
		line("%s\n", say.Say("job-refused-how"))
		for _, r := range res.Refusals {
			if r.Accepted != nil {
				continue
			}
			what, do := r.Words(say)
			line("- **%s** %s: %s. %s", mark(r.Finding.Code), mark(r.Finding.Place.String()), mark(what), mark(sentence(do)))
			for _, e := range r.Evidence[:min(mostTold, len(r.Evidence))] {
				line("  - %s", mark(e.Say(say)))
			}
			if more := len(r.Evidence) - mostTold; more > 0 {
				line("  - and %s more", count(more, "row"))
			}
		}
		line("")
	} else {
		line("## Edition %s\n", mark(res.Edition.ID))
		line("%s\n", wrote)
	}
	line("| figure | now | before |\n|---|---:|---:|")
	for _, r := range report.Readings(st) {
		before := figure(r.Before, 2, r.Decimal)
		if r.Before != nil {
			before += " (" + r.Since + ")"
		}
		line("| %s | %s | %s |", r.Label(labelsOf("en"), &j.input.Reference), figure(r.Now, 2, r.Decimal), before)
	}
	line("")
	j.changed(line)
	j.chart(line)
	line("### Awaiting an editor\n\n%s.\n", mark(awaiting(st.Awaiting)))
	if n := min(mostTold, len(res.Review)); n > 0 {
		line("| about | proposal | why |\n|---|---|---|")
		for _, r := range res.Review[:n] {
			about := r.Name
			if r.Kind == etl.ReviewPair {
				about = r.Seen // both names
			}
			line("| %s | %s | %s |", mark(about), mark(r.Proposal), mark(say.Text(r.Reason)))
		}
		if more := len(res.Review) - n; more > 0 {
			line("\nand %d more in the review file.", more)
		}
		line("")
	}
	line("%s, %s, %s noticed.\n", count(st.Findings.Error, "error"), count(st.Findings.Warning, "warning"), count(st.Findings.Info, "remark"))
	return b.String()
}

// changed is what diff says of the edition and the ones before it.
func (j *job) changed(line func(string, ...any)) {
	r := difference.Since(j.result, &j.input.Reference, labelsOf("en"))
	if r.Old.Name == "" {
		line("### What changed\n\nThere is no edition before this one.\n")
		return
	}
	var b strings.Builder
	r.Markdown(&b) // to memory
	line("### What changed since %s\n\n%s", mark(r.Old.Name), b.String())
}

// chart is one that GitHub draws, in Mermaid: actors by position, on either list.
func (j *job) chart(line func(string, ...any)) {
	var labels, values []string
	top := 0
	for _, p := range j.result.Stats.Positions {
		n := p.Any
		for _, other := range []*int{p.Approved, p.Certified} {
			if n == nil {
				n = other // the edition lacks a list
			}
		}
		if n == nil || *n == 0 {
			continue
		}
		labels = append(labels, `"`+strings.NewReplacer(`"`, "'", "\n", " ").Replace(p.Label)+`"`)
		values = append(values, strconv.Itoa(*n))
		top = max(top, *n)
	}
	if len(labels) == 0 {
		return
	}
	line("### Main positioning\n\n```mermaid\nxychart-beta horizontal\n    title \"Actors by main positioning\"\n    x-axis [%s]\n    y-axis \"actors\" 0 --> %d\n    bar [%s]\n```\n", strings.Join(labels, ", "), top, strings.Join(values, ", "))
}

// mark keeps a text of a source from being taken for Markdown, a tag or somebody's
// name on GitHub.
func mark(s string) string {
	const most = 1000
	return difference.Plain(s, most)
}

// sentence makes what to do a sentence of its own.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
