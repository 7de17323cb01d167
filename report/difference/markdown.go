package difference

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

const (
	// GitHub takes 65,536 characters for a comment or the body of a pull request. Rows
	// may take this much of them; headings, notes and the sentence are bounded below.
	markdownRows  = 45_000
	mostNotes     = 20
	mostOpen      = 15 // items of a section that stand open; more are folded
	markdownChars = 200
)

// Markdown writes the comparison for a pull request: a heading and a table a kind of
// change, long ones folded. What GitHub would not take is left out and counted.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n", Plain(r.Sentence(), 1000))
	fmt.Fprintf(&b, "| | %s | %s |\n|---|---:|---:|\n", Plain(etl.Named(r.Old.Name).Say(r.say), markdownChars),
		Plain(etl.Named(r.New.Name).Say(r.say), markdownChars))
	for _, l := range etl.Listings {
		if c := r.Lists[l]; c != nil {
			fmt.Fprintf(&b, "| %s | %d | %d |\n", r.say.Say("difference-actors", "list", l), c.Before, c.Now)
		}
	}
	notes := r.Notes()
	if len(notes) > 0 {
		b.WriteString("\n")
	}
	for _, n := range notes[:min(len(notes), mostNotes)] {
		fmt.Fprintf(&b, "- %s\n", Plain(n, 300))
	}
	if n := len(notes) - mostNotes; n > 0 {
		fmt.Fprintf(&b, "- … %s\n", r.say.Say("difference-more-notes", "n", n))
	}
	var all []section
	for _, l := range etl.Listings {
		all = append(all, r.sections(l)...)
	}
	if len(r.Moved) > 0 {
		all = append(all, r.movedSection())
	}
	rows := make([][]string, len(all))
	sizes := make([]int, len(all))
	for i := range all {
		for k := range all[i].items {
			row := all[i].markdownRow(&all[i].items[k])
			rows[i] = append(rows[i], row)
			sizes[i] += len(row)
		}
	}
	share := shares(sizes, markdownRows)
	left, heading := 0, ""
	for i := range all {
		h := "### " + capital(all[i].list.Say(r.say))
		if all[i].moved {
			h = "### " + r.say.Say("difference-both")
		}
		if h != heading {
			fmt.Fprintf(&b, "\n%s\n", h)
			heading = h
		}
		left += r.markdown(&b, &all[i], rows[i], share[i])
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s\n", r.say.Say("difference-left-out", "n", left))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// shares divides a room among texts of some sizes: each gets what it needs as long as
// there is enough for the others' even share.
func shares(sizes []int, room int) []int {
	order := make([]int, len(sizes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return sizes[a] - sizes[b] })
	out := make([]int, len(sizes))
	for n, i := range order {
		out[i] = min(sizes[i], room/(len(sizes)-n))
		room -= out[i]
	}
	return out
}

// markdown writes a section within a number of bytes, and tells how many of its items
// did not fit.
func (r *Report) markdown(b *strings.Builder, s *section, rows []string, room int) (left int) {
	title := fmt.Sprintf("%s (%d)", capital(s.title), len(s.items))
	folded := len(s.items) > mostOpen || s.mark == "="
	if folded {
		fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n", title)
	} else {
		fmt.Fprintf(b, "\n#### %s\n\n", title)
	}
	b.WriteString(r.markdownHead(s))
	for i, row := range rows {
		if len(row) > room {
			left = len(rows) - i
			break
		}
		room -= len(row)
		b.WriteString(row)
	}
	if left > 0 {
		fmt.Fprintf(b, "\n… %s\n", r.say.Say("difference-more", "n", left))
	}
	if folded {
		b.WriteString("\n</details>\n")
	}
	return left
}

func (r *Report) markdownHead(s *section) string {
	columns := []message.Key{"difference-actor", "difference-id"}
	switch it := s.items[0]; {
	case len(it.fields) > 0:
		columns = []message.Key{"difference-actor", "difference-field", "difference-before", "difference-now"}
	case it.was != "" || it.now != "":
		columns = []message.Key{"difference-before", "difference-now"}
	}
	head := "|"
	for _, c := range columns {
		head += " " + r.say.Say(c) + " |"
	}
	return head + "\n|" + strings.Repeat("---|", len(columns)) + "\n"
}

func (s *section) markdownRow(it *item) string {
	e := func(t string) string { return Plain(t, markdownChars) }
	switch {
	case len(it.fields) > 0:
		var b strings.Builder
		name := e(it.name)
		for _, f := range it.fields {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, e(f.field), e(f.was), e(f.now))
			name = ""
		}
		return b.String()
	case it.was != "" || it.now != "":
		return fmt.Sprintf("| %s | %s |\n", e(it.was), e(it.now))
	default:
		return fmt.Sprintf("| %s | %s |\n", e(it.name), e(it.id))
	}
}

// Plain makes a text, of which at most so many characters are taken, plain in GitHub's
// Markdown: nothing of it is a table's border,
// code, HTML or emphasis, and nobody is notified. GitHub looks for mentions, references
// and addresses in the text after it has been rendered, where no backslash helps: a
// character without width parts them.
func Plain(s string, most int) string {
	s = message.Cut(line(s), most)
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune("\\`*_{}[]()|~$", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '@' || r == '#':
			b.WriteRune(r)
			b.WriteRune('\u200b')
		case r == ':' && strings.HasPrefix(s[i:], "://"), r == '.' && strings.HasSuffix(strings.ToLower(s[:i]), "www"):
			b.WriteRune('\u200b')
			b.WriteRune(r)
		case (r == '-' || r == '+') && i == 0:
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
