package difference

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

const (
	mostMinor  = 10  // shown of what is no change of substance; --json has all
	valueChars = 200 // of one value, in a text
)

// colours of the marks, on a terminal.
var colours = map[string]string{"+": "32", "-": "31", "~": "33", "!": "33", "?": "33", "=": "2"}

// Text writes the comparison for a person at a terminal, or a pager: the sentence
// first, then each kind of change with names and values aligned.
func (r *Report) Text(out io.Writer, colour bool) error {
	w := bufio.NewWriter(out)
	paint := func(code, s string) string {
		if !colour || code == "" {
			return s
		}
		return "\x1b[" + code + "m" + s + "\x1b[0m"
	}
	fmt.Fprintln(w, paint("1", line(r.Sentence())))
	for _, n := range r.Notes() {
		fmt.Fprintln(w, line(r.say.Say("difference-note", "note", n)))
	}
	for _, l := range etl.Listings {
		c := r.Lists[l]
		if c == nil {
			continue
		}
		sections := r.sections(l)
		if len(sections) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s\n", paint("1",
			line(r.say.Say("difference-counts", "list", l, "before", c.Before, "old", etl.Named(r.Old.Name), "now", c.Now,
				"new", etl.Named(r.New.Name)))))
		for _, s := range sections {
			fmt.Fprintf(w, "\n  %s (%d)\n", s.title, len(s.items))
			r.text(w, &s, func(mark string) string { return paint(colours[mark], mark) })
		}
	}
	if len(r.Moved) > 0 {
		s := r.movedSection()
		fmt.Fprintf(w, "\n%s (%d)\n", s.title, len(s.items))
		r.text(w, &s, func(mark string) string { return paint(colours[mark], mark) })
	}
	return w.Flush()
}

func (r *Report) text(w io.Writer, s *section, paint func(string) string) {
	shown := s.items
	if s.minor && s.mark == "=" && len(shown) > mostMinor {
		shown = shown[:mostMinor]
	}
	wide := 0
	for _, it := range shown {
		wide = max(wide, min(40, utf8.RuneCountInString(it.label())))
	}
	for _, it := range shown {
		label := it.label()
		fmt.Fprintf(w, "  %s %s", paint(s.mark), label)
		if it.id != "" {
			fmt.Fprintf(w, "%s  %s", strings.Repeat(" ", max(0, wide-utf8.RuneCountInString(label))), line(it.id))
		}
		fmt.Fprintln(w)
		field := 0
		for _, f := range it.fields {
			field = max(field, utf8.RuneCountInString(f.field))
		}
		for _, f := range it.fields {
			fmt.Fprintf(w, "      %s%s  %s → %s\n", line(f.field),
				strings.Repeat(" ", field-utf8.RuneCountInString(f.field)), message.Cut(line(f.was), valueChars),
				message.Cut(line(f.now), valueChars))
		}
	}
	if n := len(s.items) - len(shown); n > 0 {
		fmt.Fprintf(w, "    %s\n", r.say.Say("difference-more-json", "n", n))
	}
}

// label is what an item is found by.
func (it *item) label() string {
	if it.was != "" || it.now != "" {
		return message.Cut(line(it.was), valueChars) + " → " + message.Cut(line(it.now), valueChars)
	}
	return message.Cut(line(it.name), valueChars)
}
