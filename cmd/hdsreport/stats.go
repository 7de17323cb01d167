package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/report"
	"hdsreport/report/article"
)

func (c *Command) statsCommand() *cobra.Command {
	var in input
	var asJSON, asMarkdown bool
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "the figures, as text or JSON",
		Long: `stats prints the figures of an edition. Every number counts distinct actors, except
rows, which are kept rows of the source. A list that an edition lacks is "n.d.", null
in JSON. Names stand behind each count in the JSON, which also holds merges: each actor
that the lists spell in several ways, with the reason why every spelling is that actor.

--markdown writes the same as sentences and lists with their names, to paste into an
article.`,
		Example: `  hdsreport stats --config samples/hdsreport.yaml
  hdsreport stats --json --edition 2019-02 | jq .approved.actors
  hdsreport stats --markdown > chiffres.md`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON && asMarkdown {
				return usage("diff-forms")
			}
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			c.tell(c.Stderr, j.result.OfEdition(), etl.Error, 0)
			named := func() *etl.Stats {
				st := j.result.WithNames(&j.input.Reference)
				return &st
			}
			switch {
			case asJSON:
				return c.encode(c.statsDocument(j))
			case asMarkdown:
				return article.Write(c.Stdout, named(), &j.input.Reference, c.say)
			}
			return c.statsText(&j.result.Stats, &j.input.Reference)
		},
	}
	in.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "for a program")
	cmd.Flags().BoolVar(&asMarkdown, "markdown", false, "for an article: sentences, and lists with their names")
	return cmd
}

// statsDocument is what stats --json prints, and the site's stats.json.
func (c *Command) statsDocument(j *job) any {
	named := j.result.WithNames(&j.input.Reference)
	for i := range named.Positions {
		named.Positions[i].Label = j.input.Reference.Positions[i].Label[j.config.Report.Language]
	}
	return struct {
		*etl.Stats
		Merges []etl.Merge `json:"merges"`
	}{&named, j.result.Merges(j.input.Namer, c.say)}
}

// statsText prints the figures in the order of the summary sheet.
func (c *Command) statsText(st *etl.Stats, ref *etl.Reference) error {
	t := &statsTable{say: c.say, w: tabwriter.NewWriter(c.Stdout, 0, 4, 2, ' ', 0)}
	fmt.Fprintf(t.w, "%s\n\n", c.say.Say("stats-edition", "edition", etl.Named(st.Edition)))
	for _, l := range etl.Listings {
		if end, ended := st.Ended[l]; ended {
			day, _ := etl.ParseDate(end)
			fmt.Fprintf(t.w, "%s\n\n", c.say.Say("account-ended", "list", l, "date", day))
		}
	}
	for _, r := range report.Readings(st) {
		cells := []any{r.Label(labelsOf(c.say.Language()), ref), c.figure(r.Now, r.Decimal)}
		switch {
		case r.Rows != nil:
			cells = append(cells, message.New("stats-rows", "n", *r.Rows))
		case r.Over != nil:
			cells = append(cells, message.New("stats-over", "n", *r.Over))
		case r.Names != nil:
			cells = append(cells, strings.Join(r.Names, ", "))
		}
		t.row(cells...)
	}
	lists := []any{"", message.Key("stats-approved"), message.Key("stats-certified")}
	t.section("stats-position")
	heads := append([]any{""}, t.lists(st, lists...)...)
	if len(st.Ended) == 0 {
		heads = append(heads, message.Key("stats-any"))
	}
	t.row(append(heads, message.Key("stats-proposed"))...)
	for _, p := range st.Positions {
		cells := append([]any{c.position(p, ref)}, t.lists(st, p.Code, p.Approved, p.Certified)...)
		if len(st.Ended) == 0 {
			cells = append(cells, p.Any)
		}
		t.row(append(cells, p.Proposed)...)
	}
	if st.Activities != nil {
		t.activities(st, ref)
	}
	t.section("stats-ending")
	t.row(t.lists(st, lists...)...)
	for _, d := range st.Deadlines {
		until, _ := etl.ParseDate(d.Until)
		t.row(t.lists(st, message.New("stats-deadline", "n", d.Months, "date", until), d.Approved, d.Certified)...)
	}
	t.section("stats-history")
	t.row(lists...)
	for _, h := range st.History {
		cells := []any{etl.Named(h.Edition), h.Approved, h.Certified}
		for _, l := range etl.Listings {
			if h.Ended[l] {
				cells[1+l] = message.Key("stats-ended")
			}
		}
		t.row(cells...)
	}
	t.section("stats-changes")
	t.changes(st, "approved", &st.Changes.Approved)
	t.changes(st, "certified", &st.Changes.Certified)
	if st.Changes.Moved != nil && len(st.Ended) == 0 {
		t.row(message.Key("stats-moved"), len(st.Changes.Moved), strings.Join(st.Changes.Moved, ", "))
	}
	t.section("stats-awaiting")
	t.row(awaiting(st.Awaiting))
	return t.w.Flush()
}

// statsTable writes cells in columns.
type statsTable struct {
	say message.Printer
	w   *tabwriter.Writer
}

func (t *statsTable) section(name message.Key) { fmt.Fprintf(t.w, "\n%s\n", t.say.Say(name)) }

// lists drops the columns of lists that have ended from a label and a cell for each list.
func (t *statsTable) lists(st *etl.Stats, cells ...any) []any {
	out := cells[:1:1]
	for _, l := range etl.Listings {
		if st.Ended[l] == "" {
			out = append(out, cells[1+l])
		}
	}
	return out
}

// row prints a line. A nil *int is a number that is not available.
func (t *statsTable) row(cells ...any) {
	for i, x := range cells {
		if i > 0 {
			fmt.Fprint(t.w, "\t")
		}
		switch x := x.(type) {
		case message.Message:
			fmt.Fprint(t.w, t.say.Text(x))
		case message.Key:
			fmt.Fprint(t.w, t.say.Say(x))
		case message.Sayer:
			fmt.Fprint(t.w, x.Say(t.say))
		case *int:
			if x == nil {
				fmt.Fprint(t.w, t.say.Say("not-available"))
			} else {
				fmt.Fprint(t.w, *x)
			}
		default:
			fmt.Fprint(t.w, x)
		}
	}
	fmt.Fprintln(t.w)
}

// activities prints the figures that only certificates have.
func (t *statsTable) activities(st *etl.Stats, ref *etl.Reference) {
	language := t.say.Language()
	t.section("stats-activity")
	short := map[string]string{}
	for _, a := range ref.Activities {
		short[a.Key] = a.Short[language]
	}
	for _, x := range st.Activities.ByActivity {
		t.row(short[x.Key], x.Key, x.Actors)
	}
	t.section("stats-count")
	for _, x := range st.Activities.ByCount {
		t.row(x.Count, x.Actors)
	}
	t.section("stats-type")
	label := map[string]string{}
	for _, k := range ref.Types {
		label[k.Key] = k.Label[language]
	}
	for _, x := range st.Types {
		t.row(label[x.Key], x.Key, x.Actors)
	}
	t.section("stats-body")
	for _, x := range st.Bodies {
		t.row(x.Key, x.Actors)
	}
}

// changes prints how a list changed since the last edition that contains it.
func (t *statsTable) changes(st *etl.Stats, list string, ch *etl.ListChanges) {
	if ch.Since == nil {
		return
	}
	since := func(what string) message.Message {
		return message.New(message.Key("stats-"+what+"-"+list), "edition", etl.Named(*ch.Since))
	}
	t.row(since("arrived"), len(ch.Arrived), strings.Join(ch.Arrived, ", "))
	left, between := ch.SayLeft(t.say)
	t.row(since("left"), len(ch.Left), strings.Join(left, between))
	if ch.Awaiting > 0 {
		t.row(message.New("stats-left-awaiting"), ch.Awaiting)
	}
	if n := len(ch.PerhapsSame); n > 0 {
		var names []string
		for _, r := range ch.PerhapsSame {
			names = append(names, r.From.Name)
		}
		t.row(message.New("stats-perhaps"), n, strings.Join(names, ", "))
	}
	t.row(since("otherwise"), len(ch.Renamed)+len(ch.Changed)+len(ch.Added)+len(ch.Removed),
		message.New("stats-changed", "renamed", len(ch.Renamed), "changed", len(ch.Changed), "added", len(ch.Added),
			"removed", len(ch.Removed), "old", *ch.Since, "new", st.Edition))
}
