package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// actions writes annotations and the job summary in a GitHub Action; elsewhere it does
// nothing.
type actions struct {
	c       *Command
	summary string // file of the job summary, or empty
	base    string // root of the checkout; annotations name files relative to it
}

// actions returns the GitHub Action that the program runs in, or one that does nothing.
func (c *Command) actions() *actions {
	if c.environ("GITHUB_ACTIONS") != "true" {
		return nil
	}
	return &actions{c: c, summary: c.environ("GITHUB_STEP_SUMMARY"), base: c.environ("GITHUB_WORKSPACE")}
}

// howToAccept says how a person can accept a refusal: in a workflow, which has no
// terminal, with its input field.
func (c *Command) howToAccept() message.Message {
	if c.actions() != nil {
		return message.New("accept-how-workflow")
	}
	return message.New("accept-how")
}

func (c *Command) environ(name string) string {
	value := ""
	for _, e := range c.Environ {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			value = v
		}
	}
	return value
}

// GitHub shows at most ten annotations of each kind per step and silently drops the rest.
// The tenth says how many more there are.
const mostAnnotations = 10

// annotate shows findings as annotations of the lines concerned. Refusals come first: they
// end the run.
func (a *actions) annotate(j *job, fs []etl.Finding) {
	if a == nil {
		return
	}
	kinds := map[etl.Severity]string{etl.Error: "error", etl.Warning: "warning"}
	said := map[etl.Severity][]string{}
	add := func(t told, title string) {
		said[t.Severity] = append(said[t.Severity], a.command(j, kinds[t.Severity], title, t))
	}
	refused := map[string]bool{}
	for _, r := range j.result.Refusals {
		if r.Accepted == nil {
			refused[r.Finding.Line(a.c.say)] = true
			add(told{Finding: r.Finding}, a.c.say.Say("refused-title", "code", r.Finding.Code))
		}
	}
	for _, t := range a.c.gather(fs, etl.Warning) {
		if !refused[t.Line(a.c.say)] {
			add(t, t.Code)
		}
	}
	for _, s := range []etl.Severity{etl.Error, etl.Warning} {
		lines := said[s]
		if more := len(lines) - (mostAnnotations - 1); more > 1 {
			lines = append(lines[:mostAnnotations-1:mostAnnotations-1],
				fmt.Sprintf("::%s title=hdsreport::%s", kinds[s],
					escapeData(a.c.say.Say("annotations-more", "n", more))))
		}
		for _, l := range lines {
			fmt.Fprintln(a.c.Stderr, l)
		}
	}
}

// notice is an annotation about no file.
func (a *actions) notice(s etl.Severity, title, said string) {
	if a == nil {
		return
	}
	kind := map[etl.Severity]string{etl.Error: "error", etl.Warning: "warning", etl.Info: "notice"}[s]
	fmt.Fprintf(a.c.Stderr, "::%s title=%s::%s\n", kind, escapeProperty(title), escapeData(said))
}

// command is one workflow command.
func (a *actions) command(j *job, kind, title string, f told) string {
	var props []string
	if f.Place.File != "" {
		name := filepath.Join(j.root, filepath.FromSlash(f.Place.File))
		if j.loose || f.Place.Cell != "" {
			name = f.Place.File
		}
		if abs, err := filepath.Abs(name); err == nil && a.base != "" {
			if rel, err := filepath.Rel(a.base, abs); err == nil && !strings.HasPrefix(rel, "..") {
				name = rel
			}
		}
		props = append(props, "file="+escapeProperty(filepath.ToSlash(name)))
		if f.Place.Row > 0 {
			props = append(props, fmt.Sprintf("line=%d", f.Place.Row))
		}
	}
	props = append(props, "title="+escapeProperty(title))
	said, do := f.Words(a.c.say)
	if note := f.note(a.c.say); note != "" {
		said += " (" + note + ")"
	}
	if do != "" {
		said += a.c.say.Semicolon() + do
	}
	return "::" + kind + " " + strings.Join(props, ",") + "::" + escapeData(said)
}

// escapeData and escapeProperty escape a text so that GitHub does not take it for a
// command or the end of one.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(s))
}

// logged returns a writer to the log of a step. GitHub takes ##[ anywhere in a line for a
// command in its old form, which can hide texts or disable other commands. A name from a
// source must not do that.
func (c *Command) logged(w io.Writer) io.Writer {
	if c.actions() == nil {
		return w
	}
	return defused{w}
}

type defused struct{ w io.Writer }

func (d defused) Write(p []byte) (int, error) {
	if _, err := d.w.Write(bytes.ReplaceAll(p, []byte("##["), []byte("##\u200b["))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// maxSummary is a little less than GitHub's limit for the summary of a step.
const maxSummary = 1<<20 - 1<<10

// summarise appends to the job summary. A text that does not fit is cut after a line, with
// a note.
func (a *actions) summarise(markdown string) error {
	if a == nil || a.summary == "" {
		return nil
	}
	if len(markdown) > maxSummary {
		cut := strings.LastIndexByte(markdown[:maxSummary], '\n')
		markdown = markdown[:cut+1] + "\n\n" + a.c.say.Say("summary-cut") + "\n"
	}
	f, err := os.OpenFile(a.summary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(markdown); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// fetchRefused shows what was received instead of a list, in annotations and in the job
// summary.
func (a *actions) fetchRefused(fs []etl.Finding) error {
	if a == nil {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", a.c.say.Say("fetch-refused-heading"))
	for i, f := range slices.DeleteFunc(slices.Clone(fs), func(f etl.Finding) bool { return f.Severity == etl.Info }) {
		what, do := f.Words(a.c.say)
		if i < mostAnnotations {
			a.notice(etl.Error, a.c.say.Say("refused-title", "code", f.Code), f.Place.String()+": "+what)
		}
		b.WriteString(refusal(f, what, do))
	}
	return a.summarise(b.String() + "\n")
}

// rulingsRefused shows by line what is wrong with a review, of which nothing was recorded.
func (a *actions) rulingsRefused(file string, fs []etl.Finding) error {
	if a == nil {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n\n", mark(a.c.say.Say("rulings-refused-heading", "file", file)), a.c.say.Say("rulings-refused-how"))
	n, here := 0, &job{loose: true} // the file is named from where the command runs
	for _, t := range a.c.gather(fs, etl.Error) {
		what, do := t.Words(a.c.say)
		if n++; n < mostAnnotations {
			fmt.Fprintln(a.c.Stderr, a.command(here, "error", t.Code, t))
		}
		b.WriteString(refusal(t.Finding, what, do))
	}
	return a.summarise(b.String() + "\n")
}

// unread shows that a review cannot be read at all.
func (a *actions) unread(file string, err error) error {
	if a == nil {
		return nil
	}
	heading, why := a.c.say.Say("rulings-refused-heading", "file", file), a.c.say.Error(err)
	a.notice(etl.Error, heading, why)
	return a.summarise(fmt.Sprintf("## %s\n\n%s\n\n%s\n\n", mark(heading), a.c.say.Say("rulings-refused-how"), mark(why)))
}

// rulingsTaken shows that the rulings of a review are in the registry.
func (a *actions) rulingsTaken(file, said string) error {
	if a == nil {
		return nil
	}
	return a.summarise(fmt.Sprintf("## %s\n\n%s\n\n", mark(a.c.say.Say("rulings-taken-heading", "file", file)), mark(said)))
}
