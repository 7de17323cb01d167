// Package article writes the figures of an edition as sentences and lists in Markdown, for
// somebody who writes about them. It counts nothing: each number is one of the statistics,
// and each list holds the names that the statistics have behind that number.
package article

import (
	"fmt"
	"io"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Write writes the figures, which must hold their names (etl.Result.WithNames), in the
// printer's language.
func Write(w io.Writer, st *etl.Stats, ref *etl.Reference, say message.Printer) error {
	a := &article{st: st, ref: ref, say: say}
	fmt.Fprintf(&a.b, "# %s\n\n%s\n", say.Say("article-title", "edition", etl.Named(st.Edition)), say.Say("article-whom"))
	a.essentials()
	a.both()
	a.positions()
	a.activities()
	a.certificates()
	a.changes()
	a.deadlines()
	a.growth()
	a.caveats()
	_, err := io.WriteString(w, a.b.String())
	return err
}

type article struct {
	b   strings.Builder
	st  *etl.Stats
	ref *etl.Reference
	say message.Printer
}

func (a *article) section(key message.Key, pairs ...any) {
	fmt.Fprintf(&a.b, "\n## %s\n\n", a.say.Say(key, pairs...))
}

// item writes a line of a list: a sentence and, if there are any, names.
func (a *article) item(names []string, key message.Key, pairs ...any) {
	a.line(a.say.Say(key, pairs...), names, ", ")
}

func (a *article) line(said string, names []string, between string) {
	fmt.Fprintf(&a.b, "- %s", said)
	if len(names) > 0 {
		plain := make([]string, len(names))
		for i, n := range names {
			plain[i] = escape(n)
		}
		a.b.WriteString(a.say.Say("article-names", "names", strings.Join(plain, between)))
	}
	a.b.WriteString("\n")
}

// escape keeps a name from being read as Markdown. Nothing invisible is put in, since
// these texts are pasted elsewhere.
func escape(name string) string { return escaper.Replace(name) }

var escaper = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`,
	"|", `\|`, "~", `\~`, "#", `\#`)

func (a *article) essentials() {
	st := a.st
	a.section("article-essentials")
	on := etl.Named(st.Edition)
	switch {
	case st.Both != nil && st.Any != nil:
		a.item(nil, "article-lists", "edition", on, "approved", st.Approved.Actors, "certified", st.Certified.Actors,
			"both", st.Both.Actors, "any", st.Any.Actors)
	case st.Approved != nil:
		a.item(nil, "article-approved", "edition", on, "n", st.Approved.Actors)
	case st.Certified != nil:
		a.item(nil, "article-certified", "edition", on, "n", st.Certified.Actors)
	}
	for _, l := range etl.Listings {
		if day, ok := st.Ended[l]; ok {
			ended, _ := etl.ParseDate(day)
			a.item(nil, message.Key("article-ended-"+l.String()), "date", ended)
		}
	}
	if act := st.Activities; act != nil && act.Mean != nil {
		a.item(nil, "article-mean", "mean", a.say.Decimal(*act.Mean, 1), "all", len(a.ref.Activities), "known", act.Known)
		a.item(act.All.Names, "article-all", "n", act.All.Actors, "all", len(a.ref.Activities))
	}
}

func (a *article) both() {
	if a.st.Both == nil {
		return
	}
	a.section("article-both", "n", a.st.Both.Actors)
	position := a.positionOf()
	for _, name := range a.st.Both.Names {
		a.item(nil, "article-placed", "name", escape(name), "position", position[name])
	}
}

// positionOf returns the position of each actor by its name. Names are those of the
// statistics, where two actors of one name cannot be told apart.
func (a *article) positionOf() map[string]string {
	of := map[string]string{}
	for i, p := range a.st.Positions {
		label := a.ref.Positions[i].Label[a.say.Language()]
		for _, names := range [][]string{p.Names.Approved, p.Names.Certified} {
			for _, n := range names {
				of[n] = label
			}
		}
	}
	return of
}

func (a *article) positions() {
	a.section("article-positions")
	for i, p := range a.st.Positions {
		var n int
		var names []string
		switch {
		case p.Any != nil:
			n, names = *p.Any, p.Names.Any
		case p.Approved != nil:
			n, names = *p.Approved, p.Names.Approved
		case p.Certified != nil:
			n, names = *p.Certified, p.Names.Certified
		}
		if n == 0 {
			continue
		}
		said := a.say.Say("article-position", "position", a.ref.Positions[i].Label[a.say.Language()], "n", n)
		if p.Approved != nil && p.Certified != nil {
			said += a.say.Say("article-of-each", "approved", *p.Approved, "certified", *p.Certified)
		}
		if p.Proposed > 0 {
			said += a.say.Say("article-proposed", "n", p.Proposed)
		}
		a.line(said, names, ", ")
	}
}

func (a *article) activities() {
	st := a.st.Activities
	if st == nil {
		return
	}
	a.section("article-activities")
	short := map[string]string{}
	for _, x := range a.ref.Activities {
		short[x.Key] = x.Short[a.say.Language()]
	}
	for _, x := range st.ByActivity {
		a.item(nil, "article-activity", "activity", short[x.Key], "n", x.Actors)
	}
	a.b.WriteString("\n")
	for _, x := range st.ByCount {
		if x.Actors > 0 {
			a.item(x.Names, "article-count", "count", x.Count, "n", x.Actors)
		}
	}
	a.b.WriteString("\n")
	for _, x := range st.AllBut {
		if x.Actors > 0 {
			a.item(x.Names, "article-all-but", "activity", short[x.Key], "n", x.Actors)
		}
	}
	for _, x := range st.Only {
		if x.Actors > 0 {
			a.item(x.Names, "article-only", "activity", short[x.Key], "n", x.Actors)
		}
	}
}

func (a *article) certificates() {
	if a.st.Certified == nil {
		return
	}
	a.section("article-certificates")
	label := map[string]string{}
	for _, t := range a.ref.Types {
		label[t.Key] = t.Label[a.say.Language()]
	}
	for _, x := range a.st.Types {
		a.item(x.Names, "article-type", "type", label[x.Key], "n", x.Actors)
	}
	for _, x := range a.st.Bodies {
		a.item(x.Names, "article-body", "body", escape(x.Key), "n", x.Actors)
	}
}

func (a *article) changes() {
	st := a.st
	lists := [2]*etl.ListChanges{etl.Approved: &st.Changes.Approved, etl.Certified: &st.Changes.Certified}
	if lists[etl.Approved].Since == nil && lists[etl.Certified].Since == nil {
		return
	}
	a.section("article-changes")
	for l, c := range lists {
		if c.Since == nil {
			continue
		}
		since, list := etl.Named(*c.Since), etl.Listing(l).String()
		a.item(c.Arrived, message.Key("article-arrived-"+list), "edition", since, "n", len(c.Arrived))
		left, between := c.SayLeft(a.say)
		a.line(a.say.Say(message.Key("article-left-"+list), "edition", since, "n", len(c.Left)), left, between)
		if c.Awaiting > 0 {
			a.item(nil, "article-left-awaiting", "n", c.Awaiting)
		}
		for _, r := range c.Renamed {
			a.item(nil, "article-renamed", "was", escape(r.Was), "now", escape(r.Now))
		}
	}
	if len(st.Changes.MovedFrom) > 0 {
		moved := make([]string, len(st.Changes.MovedFrom))
		key := message.Key("article-moved-undated")
		for i, m := range st.Changes.MovedFrom {
			if moved[i] = a.dated(m); m.End != "" {
				key = "article-moved"
			}
		}
		fmt.Fprintf(&a.b, "- %s%s\n", a.say.Say(key, "n", len(moved)),
			a.say.Say("article-names", "names", strings.Join(moved, ", ")))
	}
}

// dated is a name with the day on which its approval or certificate ends.
func (a *article) dated(e etl.NamedEnd) string {
	if e.End == "" {
		return escape(e.Name)
	}
	end, _ := etl.ParseDate(e.End)
	return a.say.Say("article-dated", "name", escape(e.Name), "date", end)
}

// deadlines lists who has an end within each period. A longer period holds the shorter
// ones, and names stand in the first one that holds them.
func (a *article) deadlines() {
	a.section("article-deadlines")
	for _, l := range etl.Listings {
		named := map[string]bool{}
		for _, d := range a.st.Deadlines {
			n, ending := d.Approved, d.Ending.Approved
			if l == etl.Certified {
				n, ending = d.Certified, d.Ending.Certified
			}
			if n == nil {
				continue
			}
			var more []string
			for _, e := range ending {
				if !named[e.ID] {
					named[e.ID] = true
					more = append(more, a.dated(e))
				}
			}
			until, _ := etl.ParseDate(d.Until)
			said := a.say.Say(message.Key("article-ending-"+l.String()), "months", d.Months, "date", until, "n", *n)
			switch {
			case len(more) == 0:
			case len(more) < *n:
				said += a.say.Say("article-ending-more", "names", strings.Join(more, ", "))
			default:
				said += a.say.Say("article-names", "names", strings.Join(more, ", "))
			}
			fmt.Fprintf(&a.b, "- %s\n", said)
		}
	}
}

// growth says how each list grew since the first edition that has it, and since the
// newest one that is at least a year old.
func (a *article) growth() {
	history := a.st.History
	last := len(history) - 1
	day, _ := etl.ParseEdition(a.st.Edition)
	var said [][]any // list, and the arguments of the sentence
	for _, l := range etl.Listings {
		of := func(i int) *int {
			if l == etl.Approved {
				return history[i].Approved
			}
			return history[i].Certified
		}
		now := of(last)
		if now == nil {
			continue
		}
		first, year := -1, -1
		for i := range last {
			if of(i) == nil {
				continue
			}
			if first < 0 {
				first = i
			}
			if d, _ := etl.ParseEdition(history[i].Edition); d.Compare(day.AddMonths(-12)) <= 0 {
				year = i
			}
		}
		for _, i := range []int{year, first} {
			if i < 0 || i == first && year == first && len(said) > 0 && said[len(said)-1][1] == history[i].Edition {
				continue
			}
			said = append(said, []any{l, history[i].Edition, *of(i), *now})
		}
	}
	if len(said) == 0 {
		return
	}
	a.section("article-growth")
	for _, h := range history {
		figure := func(n *int) any {
			if n == nil {
				return message.Key("not-available")
			}
			return *n
		}
		a.item(nil, "article-edition", "edition", etl.Named(h.Edition), "approved", figure(h.Approved),
			"certified", figure(h.Certified))
	}
	a.b.WriteString("\n")
	for _, s := range said {
		l, edition, was, now := s[0].(etl.Listing), s[1].(string), s[2].(int), s[3].(int)
		change := message.New("article-unchanged")
		if was > 0 && was != now {
			change = message.New("article-change", "sign", sign(now-was), "n", abs(now-was),
				"share", message.Percent(float64(abs(now-was))/float64(was)))
		}
		a.item(nil, message.Key("article-grown-"+l.String()), "edition", etl.Named(edition), "was", was, "now", now,
			"change", change)
	}
}

func sign(n int) string {
	if n < 0 {
		return "−"
	}
	return "+"
}

func abs(n int) int { return max(n, -n) }

// caveats says what is not settled in these figures.
func (a *article) caveats() {
	aw := a.st.Awaiting
	if aw == (etl.AwaitingStats{}) && a.st.Findings.Error == 0 {
		return
	}
	a.section("article-caveats")
	if n := aw.Alike(); n > 0 {
		a.item(nil, "article-pairs", "n", n)
	}
	if aw.Renamings > 0 {
		a.item(nil, "article-renamings", "n", aw.Renamings)
	}
	if aw.Names > 0 {
		a.item(nil, "article-changed-names", "n", aw.Names)
	}
	if aw.Proposed > 0 {
		a.item(nil, "article-awaiting", "n", aw.Proposed)
	}
	if aw.Unclassified > 0 {
		a.item(nil, "article-unclassified", "n", aw.Unclassified)
	}
	if aw.Values > 0 {
		a.item(nil, "article-values", "n", aw.Values)
	}
}
