package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/report"
	"hdsreport/report/difference"
)

// summarise writes the summary page of a run when there is a page to write. To make it takes
// a twentieth of a job on lists of the usual length.
func (c *Command) summarise(j *job, wrote message.Message) error {
	if a := c.actions(); a != nil {
		return a.summarise(c.jobSummary(j, wrote))
	}
	return nil
}

// jobSummary returns the summary page of a run for GitHub, in Markdown: refusals, key
// figures, changes, a chart, and what awaits an editor.
func (c *Command) jobSummary(j *job, wrote message.Message) string {
	res, st := j.result, &j.result.Stats
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	edition := etl.Named(res.Edition.ID)
	if res.Refused() {
		c.refusals(&b, j)
	} else {
		line("## %s\n\n%s\n", c.say.Say("summary-edition", "edition", edition), c.say.Text(wrote))
	}
	line("| %s | %s | %s |\n|---|---:|---:|", c.say.Say("summary-figure"), c.say.Say("summary-now"),
		c.say.Say("summary-before"))
	labels := labelsOf(c.say.Language())
	for _, r := range report.Readings(st) {
		before := c.figure(r.Before, r.Decimal)
		if r.Before != nil {
			before += " (" + etl.Named(r.Since).Say(c.say) + ")"
		}
		line("| %s | %s | %s |", r.Label(labels, &j.input.Reference),
			c.figure(r.Now, r.Decimal), before)
	}
	line("")
	c.warned(&b, j)
	c.changed(&b, j)
	c.chart(&b, j)
	line("### %s\n\n%s.\n", c.say.Say("summary-awaiting"), mark(c.say.Text(awaiting(st.Awaiting))))
	for _, u := range j.unread {
		line("%s\n", mark(sentence(c.say.Say("review-left", "file", display(u.path), "why", u.why))))
	}
	if n := min(mostTold, len(res.Review)); n > 0 {
		line("| %s | %s | %s |\n|---|---|---|", c.say.Say("summary-about"), c.say.Say("summary-proposal"),
			c.say.Say("summary-why"))
		for _, r := range res.Review[:n] {
			about := r.Name
			if r.Kind == etl.ReviewPair {
				about = r.Seen // both names
			}
			proposal := r.Proposal
			if p, known := j.input.Reference.PositionOf(proposal); known && r.Kind == etl.ReviewPosition {
				proposal = p.Label[c.say.Language()]
			}
			line("| %s | %s | %s |", mark(about), mark(proposal), mark(c.say.Text(r.Reason)))
		}
		if more := len(res.Review) - n; more > 0 {
			line("\n%s", c.say.Say("summary-review-more", "n", more))
		}
		line("")
	}
	line("%s\n", c.say.Say("summary-noticed", "noticed", noticed(st.Findings)))
	return b.String()
}

// refusals writes why an edition is not published, with the first rows of each refusal.
func (c *Command) refusals(b *strings.Builder, j *job) {
	fmt.Fprintf(b, "## %s\n\n%s\n\n", c.say.Say("summary-refused", "edition", etl.Named(j.result.Edition.ID)),
		c.say.Say("job-refused-how"))
	for _, r := range j.result.Refusals {
		if r.Accepted != nil {
			continue
		}
		what, do := r.Words(c.say)
		b.WriteString(refusal(r.Finding, what, do))
		c.rows(b, r.Finding.Rows)
	}
	b.WriteString("\n")
}

// warned writes what the gate lets pass with a warning, with the first rows of each.
func (c *Command) warned(b *strings.Builder, j *job) {
	first := true
	for _, f := range j.result.OfEdition() {
		if f.Severity != etl.Warning || len(f.Rows) == 0 {
			continue
		}
		if first {
			fmt.Fprintf(b, "### %s\n\n", c.say.Say("summary-warned"))
			first = false
		}
		what, do := f.Words(c.say)
		b.WriteString(refusal(f, what, do))
		c.rows(b, f.Rows)
	}
	if !first {
		b.WriteString("\n")
	}
}

// rows writes the first rows that a finding is about.
func (c *Command) rows(b *strings.Builder, rows []etl.Evidence) {
	for _, e := range rows[:min(mostTold, len(rows))] {
		fmt.Fprintf(b, "  - %s\n", mark(e.Say(c.say)))
	}
	if more := len(rows) - mostTold; more > 0 {
		fmt.Fprintf(b, "  - %s\n", c.say.Say("summary-evidence-more", "n", more))
	}
}

// refusal writes a refusal as a list item.
func refusal(f etl.Finding, what, do string) string {
	return fmt.Sprintf("- **%s** %s: %s. %s\n", mark(f.Code), mark(f.Place.String()), mark(what), mark(sentence(do)))
}

// changed writes the differences between the edition and the previous ones.
func (c *Command) changed(b *strings.Builder, j *job) {
	r := difference.Since(j.result, &j.input.Reference, c.say.Language())
	if r.Old.Name == "" {
		fmt.Fprintf(b, "### %s\n\n%s\n\n", c.say.Say("summary-changed"), c.say.Say("summary-first"))
		return
	}
	since := etl.Named(r.Old.Name).SayAs(c.say, "since")
	if approved, certified := j.result.Changes[etl.Approved].Since, j.result.Changes[etl.Certified].Since; approved != certified {
		var each []string
		for _, l := range etl.Listings {
			if s := j.result.Changes[l].Since; s != "" {
				each = append(each, c.say.Say("summary-since-list", "edition", etl.Named(s), "list", l))
			}
		}
		since = strings.Join(each, ", ")
	}
	fmt.Fprintf(b, "### %s\n\n", mark(c.say.Say("summary-since", "old", since)))
	r.Markdown(b) // to memory
	b.WriteString("\n")
}

// chart writes a Mermaid chart, which GitHub draws: actors by position on either list.
func (c *Command) chart(b *strings.Builder, j *job) {
	var labels, values []string
	top := 0
	quoted := func(s string) string { return `"` + strings.NewReplacer(`"`, "'", "\n", " ").Replace(s) + `"` }
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
		labels = append(labels, quoted(c.position(p, &j.input.Reference)))
		values = append(values, strconv.Itoa(*n))
		top = max(top, *n)
	}
	if len(labels) == 0 {
		return
	}
	fmt.Fprintf(b, "### %s\n\n```mermaid\nxychart-beta horizontal\n    title %s\n    x-axis [%s]\n    y-axis %s 0 --> %d\n    bar [%s]\n```\n\n", c.say.Say("chart-heading"),
		quoted(c.say.Say("chart-title")), strings.Join(labels, ", "), quoted(c.say.Say("chart-actors")), top,
		strings.Join(values, ", "))
}

// position returns the name of a position.
func (c *Command) position(p etl.PositionCount, ref *etl.Reference) string {
	for _, known := range ref.Positions {
		if known.Code == p.Code {
			return known.Label[c.say.Language()]
		}
	}
	return p.Label
}

// mark escapes a text so that GitHub takes no part of it for Markdown, HTML or a user's
// name.
func mark(s string) string {
	const most = 1000
	return difference.Plain(s, most)
}

// sentence makes what to do a sentence of its own.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:] + "."
}
