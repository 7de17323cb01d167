package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hdsreport/etl"
	"hdsreport/report"
)

func (c *Command) statsCommand() *cobra.Command {
	var in input
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "the figures, as text or JSON",
		Long: `stats prints the figures of an edition. Every number counts distinct actors, except
rows, which are kept rows of the source. A list that an edition lacks is "n.d.", null
in JSON. The JSON also holds merges: each actor that the lists spell in several ways,
with the reason why every spelling is that actor.`,
		Example: `  hdsreport stats --config samples/hdsreport.yaml
  hdsreport stats --json --edition 2019-02 | jq .approved.actors`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			c.tellMost(j.result.Findings, etl.Error)
			if asJSON {
				enc := json.NewEncoder(c.Stdout)
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				return enc.Encode(struct {
					*etl.Stats
					Merges []etl.Merge `json:"merges"`
				}{&j.result.Stats, j.result.Merges(j.input.Namer, c.say)})
			}
			return statsText(c.Stdout, &j.result.Stats, &j.input.Reference)
		},
	}
	in.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "for a program")
	return cmd
}

// statsText prints the figures in the order of the summary sheet.
func statsText(out io.Writer, st *etl.Stats, ref *etl.Reference) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	row := func(cells ...any) {
		for i, x := range cells {
			if i > 0 {
				fmt.Fprint(w, "\t")
			}
			fmt.Fprint(w, x)
		}
		fmt.Fprintln(w)
	}
	section := func(name string) { fmt.Fprintf(w, "\n%s\n", name) }
	fmt.Fprintf(w, "Edition %s\n\n", st.Edition)
	for _, r := range report.Readings(st) {
		cells := []any{r.Label(labelsOf("en"), ref), figure(r.Now, 2, r.Decimal)}
		switch {
		case r.Rows != nil:
			cells = append(cells, "("+count(*r.Rows, "row")+")")
		case r.Over != nil:
			cells = append(cells, "over "+count(*r.Over, "certified actor"))
		case r.Names != nil:
			cells = append(cells, strings.Join(r.Names, ", "))
		}
		row(cells...)
	}
	section("Position")
	row("", "approved", "certified", "any", "of which proposed")
	for _, p := range st.Positions {
		row(p.Code, orND(p.Approved), orND(p.Certified), orND(p.Any), p.Proposed)
	}
	if a := st.Activities; a != nil {
		section("Activity (certified actors)")
		for _, x := range a.ByActivity {
			row(x.Key, x.Actors)
		}
		section("Number of activities")
		for _, x := range a.ByCount {
			row(x.Count, x.Actors)
		}
		section("Certificate type, body")
		for _, k := range append(append([]etl.KeyCount{}, st.Types...), st.Bodies...) {
			row(k.Key, k.Actors)
		}
	}
	section("Ending within")
	row("", "approved", "certified")
	for _, d := range st.Deadlines {
		row(fmt.Sprintf("%d months, to %s", d.Months, d.Until), orND(d.Approved), orND(d.Certified))
	}
	section("Edition")
	row("", "approved", "certified")
	for _, h := range st.History {
		row(h.Edition, orND(h.Approved), orND(h.Certified))
	}
	section("Changes")
	for _, ch := range []struct {
		name string
		c    etl.ListChanges
	}{{"approved", st.Changes.Approved}, {"certified", st.Changes.Certified}} {
		if ch.c.Since == nil {
			continue
		}
		row(ch.name+" since "+*ch.c.Since+", arrived", len(ch.c.Arrived), strings.Join(ch.c.Arrived, ", "))
		row(ch.name+" since "+*ch.c.Since+", left", len(ch.c.Left), strings.Join(ch.c.Left, ", "))
		row(ch.name+" since "+*ch.c.Since+", otherwise", len(ch.c.Renamed)+len(ch.c.Changed)+len(ch.c.Added)+len(ch.c.Removed),
			fmt.Sprintf("%d renamed, %s changed, %d added, %d removed (hdsreport diff %s %s)", len(ch.c.Renamed), count(len(ch.c.Changed), "row"), len(ch.c.Added), len(ch.c.Removed), *ch.c.Since, st.Edition))
	}
	if st.Changes.Moved != nil {
		row("moved to certified", len(st.Changes.Moved), strings.Join(st.Changes.Moved, ", "))
	}
	section("Awaiting an editor")
	row(awaiting(st.Awaiting))
	return w.Flush()
}

func orND(n *int) string {
	if n == nil {
		return "n.d."
	}
	return fmt.Sprint(*n)
}
