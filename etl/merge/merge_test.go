package merge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/identity"
	"hdsreport/etl/merge"
)

var (
	ref   = config.Reference()
	namer = identity.New(config.IdentityTables())
	words = merge.Words{Proposed: []string{"proposé"}, Confirmed: []string{"confirmé", "oui"}}
)

// run is an edition with eight approved hosts, whose rows have no service and so the ids of
// their actors. Names are invented.
func run(reg etl.Registry, changed ...string) *etl.Result {
	t := &etl.Table{File: "agrees.csv", Format: "csv"}
	lines := []string{"Hébergeur | Date d'agrément | Fin d'agrément"}
	for i, name := range hosts {
		lines = append(lines, fmt.Sprintf("%s | 0%d/01/2018 | 0%d/01/2021", name, i+1, i+1))
	}
	for _, c := range changed {
		old, now, _ := strings.Cut(c, ">")
		for i := range lines {
			lines[i] = strings.Replace(lines[i], old, now, 1)
		}
	}
	for i, l := range lines {
		row := etl.TableRow{Number: i + 1}
		for c := range strings.SplitSeq(l, "|") {
			row.Cells = append(row.Cells, strings.TrimSpace(c))
		}
		if l != "" {
			t.Rows = append(t.Rows, row)
		}
	}
	ed := etl.EditionInput{ID: "2019-06-17"}
	ed.Sources[etl.Approved] = etl.Source{Table: t}
	for i := range reg.Actors {
		reg.Actors[i].Place.Row = i + 2
	}
	return etl.Run(etl.Input{Editions: []etl.EditionInput{ed}, Registry: reg, Reference: ref,
		Thresholds: config.Default().Gate, Namer: namer, Partial: true})
}

var hosts = []string{"Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel"}

var fields = []etl.Field{etl.FieldName, etl.FieldPosition, "status", etl.FieldFrom, etl.FieldUntil, etl.FieldSourceName, etl.FieldID}

// listed is the list of a run, as a sheet shows it.
func listed(res *etl.Result) [2]*merge.List {
	l := merge.NewList(fields)
	for _, r := range res.Edition.List[etl.Approved].Rows {
		a := &res.Actors[r.Actor]
		status := "confirmé"
		if a.PositionBy == etl.ByRule {
			status = "proposé"
		}
		l.Add(r.ID, []string{a.Name, a.Position, status, r.From.String(), r.Until.String(), r.SourceName(), r.ID})
	}
	return [2]*merge.List{l, nil}
}

// typed is a file of a list with edits "row|field=text" ("row|field=@" a formula, "row=" a row
// that is gone, "row=+" a copy of it).
func typed(was *merge.List, edits ...string) *merge.File {
	s := &merge.Sheet{Name: "Acteurs agréés"}
	for i, f := range was.Fields {
		s.Columns = append(s.Columns, merge.Column{Field: f, Heading: string(f), At: i + 1})
	}
	for i, id := range was.IDs {
		row := merge.Row{At: i + 2}
		for _, f := range was.Fields {
			row.Cells = append(row.Cells, merge.Cell{Text: was.Text(id, f)})
		}
		s.Rows = append(s.Rows, row)
	}
	at := func(id string) int {
		return slices.IndexFunc(s.Rows, func(r merge.Row) bool { return r.Cells[len(r.Cells)-1].Text == id })
	}
	for _, e := range edits {
		where, text, _ := strings.Cut(e, "=")
		id, field, cell := strings.Cut(where, "|")
		switch {
		case cell:
			s.Rows[at(id)].Cells[slices.Index(was.Fields, etl.Field(field))] = merge.Cell{Text: strings.TrimPrefix(text, "@"), Formula: strings.HasPrefix(text, "@")}
		case text == "+":
			r := s.Rows[at(id)]
			r.Cells = slices.Clone(r.Cells)
			s.Rows = append(s.Rows, r)
		default:
			s.Rows = slices.Delete(s.Rows, at(id), at(id)+1)
		}
	}
	return &merge.File{Lists: [2]*merge.Sheet{s, nil}}
}

func changesSaid(c *merge.Changes) []string {
	out := []string{}
	if c.Whole != "" {
		return []string{"whole " + c.Whole}
	}
	for _, it := range c.Edits {
		out = append(out, fmt.Sprintf("%s %s %s>%s", it.ID, it.Field, it.Published, it.Editor))
	}
	for _, it := range c.Refused {
		said := fmt.Sprintf("%s %s %s", it.Why, it.ID, it.Field)
		if it.Why == merge.WhyAddedRow {
			said = it.Why + " " + it.Name
		}
		out = append(out, strings.TrimSpace(said))
	}
	for _, n := range c.Notes {
		out = append(out, strings.TrimSpace(n.Kind+" "+n.ID))
	}
	return out
}

// TestFind: what an editor has changed, by identifier and heading.
func TestFind(t *testing.T) {
	was := listed(run(etl.Registry{}))
	ids := func(n int, by func(i int) string) (edits []string) {
		for i, h := range hosts[:n] {
			edits = append(edits, strings.ToLower(h)+"|"+by(i))
		}
		return edits
	}
	lower := func(i int) string { return strings.ToLower(hosts[i%len(hosts)]) }
	for name, c := range map[string]struct {
		edits  []string
		change func(s *merge.Sheet)
		want   []string
	}{
		"nothing":                    {nil, nil, nil},
		"rows in any order":          {nil, func(s *merge.Sheet) { slices.Reverse(s.Rows) }, nil},
		"a date":                     {[]string{"bravo|until=05/05/2025"}, nil, []string{"bravo until 2021-01-02>2025-05-05"}},
		"the same date":              {[]string{"bravo|until=2 janvier 2021"}, nil, nil},
		"emptied":                    {[]string{"bravo|until="}, nil, []string{"emptied bravo until"}},
		"a formula":                  {[]string{"bravo|until=@2025-05-05"}, nil, []string{"formula bravo until"}},
		"nobody knows":               {[]string{"bravo|until=vide"}, nil, []string{"bravo until 2021-01-02>"}},
		"the source":                 {[]string{"bravo|until=source"}, nil, []string{"bravo until 2021-01-02>source"}},
		"a name":                     {[]string{"bravo|name=Bravo Santé"}, nil, []string{"bravo name Bravo>Bravo Santé"}},
		"a name's spaces":            {[]string{"bravo|name= Bravo\u00a0"}, nil, nil},
		"damaged":                    {[]string{"bravo|name=Brav\ufffd"}, nil, []string{"unreadable bravo name"}},
		"an error":                   {[]string{"bravo|name=#N/A"}, nil, []string{"unreadable bravo name"}},
		"the source's name":          {[]string{"bravo|source_name=Bravo SA"}, nil, []string{"technical bravo source_name"}},
		"a row gone":                 {[]string{"bravo="}, nil, []string{"row-deleted bravo"}},
		"a row twice":                {[]string{"bravo=+"}, nil, []string{"row-twice bravo"}},
		"twice and different":        {[]string{"bravo=+", "bravo|until=05/05/2025"}, nil, []string{"duplicate-row bravo until"}},
		"a row more":                 {[]string{"bravo|id=zoulou"}, nil, []string{"added-row Bravo", "row-deleted bravo"}},
		"an id of another":           {[]string{"charlie=", "bravo|id=charlie"}, nil, []string{"contradicts charlie source_name", "row-deleted bravo"}},
		"four ids moved on":          {ids(4, func(i int) string { return "source_name=" + hosts[i+1] }), nil, []string{"contradicts alpha source_name", "contradicts bravo source_name", "contradicts charlie source_name", "contradicts delta source_name"}},
		"five ids moved on":          {ids(5, func(i int) string { return "source_name=" + hosts[i+1] }), nil, []string{"whole slipped"}},
		"four dates permuted":        {ids(4, func(i int) string { return fmt.Sprintf("until=0%d/01/2021", (i+1)%4+1) }), nil, []string{"alpha until 2021-01-01>2021-01-02", "bravo until 2021-01-02>2021-01-03", "charlie until 2021-01-03>2021-01-04", "delta until 2021-01-04>2021-01-01"}},
		"five dates permuted":        {ids(5, func(i int) string { return fmt.Sprintf("until=0%d/01/2021", (i+1)%5+1) }), nil, []string{"whole slipped"}},
		"half of the ids are others": {ids(4, func(i int) string { return "id=x" + lower(i) }), nil, []string{"added-row Alpha", "added-row Bravo", "added-row Charlie", "added-row Delta", "row-deleted alpha", "row-deleted bravo", "row-deleted charlie", "row-deleted delta"}},
		"most ids are others":        {ids(5, func(i int) string { return "id=x" + lower(i) }), nil, []string{"whole another-workspace"}},
		"no identifiers":             {nil, func(s *merge.Sheet) { s.Columns, s.Rows = s.Columns[:len(s.Columns)-1], nil }, []string{"whole no-identifiers"}},
		"a heading that is gone, over what it had": {nil, func(s *merge.Sheet) { s.Columns[4] = merge.Column{Heading: "Échéance", At: 5} }, []string{"column-renamed until"}},
		"a heading that is gone, over something else": {nil, func(s *merge.Sheet) {
			s.Columns[4] = merge.Column{Heading: "Échéance", At: 5}
			for i := range s.Rows[:4] {
				s.Rows[i].Cells[4].Text = "autre"
			}
		}, []string{"heading  until"}},
		"the heading of the ids gone": {nil, func(s *merge.Sheet) { s.Columns[6] = merge.Column{Heading: "ID", At: 7} }, []string{"column-renamed id"}},
		"a heading twice":             {nil, func(s *merge.Sheet) { s.Columns[5].Field = etl.FieldName }, []string{"heading  name"}},
		"a column of one's own": {nil, func(s *merge.Sheet) {
			s.Columns = append(s.Columns, merge.Column{Heading: "vu", At: 8})
			s.Rows[0].Cells = append(s.Rows[0].Cells, merge.Cell{Text: "x"})
		}, []string{"own-column"}},
		"a text without an id": {nil, func(s *merge.Sheet) { s.Rows = append(s.Rows, merge.Row{At: 99, Cells: []merge.Cell{{Text: "TOTAL"}}}) }, []string{"added-row TOTAL"}},
	} {
		f := typed(was[0], c.edits...)
		if c.change != nil {
			c.change(f.Lists[0])
		}
		if diff := cmp.Diff(append([]string{}, c.want...), changesSaid(merge.Find(&ref, was, f, words))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func outcomeSaid(o *merge.Outcome) []string {
	out := []string{}
	for _, it := range o.Recorded {
		out = append(out, fmt.Sprintf("recorded %s %s %s was %s", it.ID, it.Field, it.Value, it.Was))
	}
	for _, it := range o.Already {
		out = append(out, fmt.Sprintf("already %s %s", it.ID, it.Field))
	}
	for _, it := range o.Conflicts {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s P=%s E=%s W=%s %s%s", it.Why, it.ID, it.Published, it.Editor, it.Workspace, it.By, it.Kept)))
	}
	for _, it := range o.Refused {
		out = append(out, fmt.Sprintf("refused %s %s", it.Why, it.ID))
	}
	return out
}

// TestRule: the three sides of a cell, and what becomes of them.
func TestRule(t *testing.T) {
	line := func(field, value, date string) etl.Correction {
		return etl.Correction{ID: "bravo", Field: field, Value: value, By: "Zoé", Date: date}
	}
	for name, c := range map[string]struct {
		published []etl.Correction // what was corrected when it was published
		now       []etl.Correction // and is today
		changed   []string         // what the source says otherwise since
		edits     []string
		keep      merge.Keep
		elsewhere bool
		want      []string
	}{
		"nothing":                    {},
		"the source changed":         {changed: []string{"02/01/2021>02/02/2022"}},
		"typed":                      {edits: []string{"bravo|until=05/05/2025"}, want: []string{"recorded bravo until 2025-05-05 was 2021-01-02"}},
		"typed, and somebody did":    {now: []etl.Correction{line("until", "2025-05-05", "2026-01-01")}, edits: []string{"bravo|until=05/05/2025"}, want: []string{"already bravo until"}},
		"typed, and the source does": {changed: []string{"02/01/2021>05/05/2025"}, edits: []string{"bravo|until=05/05/2025"}, want: []string{"already bravo until"}},
		"three values":               {changed: []string{"02/01/2021>02/02/2022"}, edits: []string{"bravo|until=05/05/2025"}, want: []string{"both-changed bravo P=2021-01-02 E=2025-05-05 W=2022-02-02"}},
		"three values, a person's":   {now: []etl.Correction{line("until", "2023-03-03", "2026-01-01")}, edits: []string{"bravo|until=05/05/2025"}, want: []string{"both-changed bravo P=2021-01-02 E=2025-05-05 W=2023-03-03 Zoé"}},
		"the editor is kept":         {changed: []string{"02/01/2021>02/02/2022"}, keep: merge.KeepEditor, edits: []string{"bravo|until=05/05/2025"}, want: []string{"recorded bravo until 2025-05-05 was 2022-02-02"}},
		"the workspace is kept":      {changed: []string{"02/01/2021>02/02/2022"}, keep: merge.KeepWorkspace, edits: []string{"bravo|until=05/05/2025"}, want: []string{"both-changed bravo P=2021-01-02 E=2025-05-05 W=2022-02-02 workspace"}},
		"a row that is gone":         {changed: []string{"Bravo | 02/01/2018 | 02/01/2021>"}, edits: []string{"bravo|until=05/05/2025"}, want: []string{"row-gone bravo P=2021-01-02 E=2025-05-05 W="}},
		"and is not revived":         {changed: []string{"Bravo | 02/01/2018 | 02/01/2021>"}, keep: merge.KeepEditor, edits: []string{"bravo|until=05/05/2025"}, want: []string{"row-gone bravo P=2021-01-02 E=2025-05-05 W="}},
		"a correction corrected":     {published: []etl.Correction{line("until", "2023-03-03", "2026-01-01")}, now: []etl.Correction{line("until", "2023-03-03", "2026-01-01")}, edits: []string{"bravo|until=05/05/2025"}, want: []string{"recorded bravo until 2025-05-05 was 2021-01-02"}},
		"a correction taken back":    {published: []etl.Correction{line("until", "2023-03-03", "2026-01-01")}, now: []etl.Correction{line("until", "2023-03-03", "2026-01-01")}, edits: []string{"bravo|until=source"}, want: []string{"recorded bravo until source was 2021-01-02"}},
		"by the source's own value":  {published: []etl.Correction{line("until", "2023-03-03", "2026-01-01")}, now: []etl.Correction{line("until", "2023-03-03", "2026-01-01")}, edits: []string{"bravo|until=02/01/2021"}, want: []string{"recorded bravo until source was 2021-01-02"}},
		"what was undone":            {now: []etl.Correction{line("until", "2023-03-03", "2026-01-01"), line("until", "source", "2026-01-02")}, edits: []string{"bravo|until=03/03/2023"}, want: []string{"overruled bravo P=2021-01-02 E=2023-03-03 W=2021-01-02"}},
		"undone, and insisted on":    {now: []etl.Correction{line("until", "2023-03-03", "2026-01-01"), line("until", "source", "2026-01-02")}, keep: merge.KeepEditor, edits: []string{"bravo|until=03/03/2023"}, want: []string{"recorded bravo until 2023-03-03 was 2021-01-02"}},
		"an older value":             {elsewhere: true, edits: []string{"bravo|until=05/05/2025"}, want: []string{"base-unsure bravo P=2021-01-02 E=2025-05-05 W=2021-01-02"}},
		"source with a guessed base": {elsewhere: true, published: []etl.Correction{line("until", "2023-03-03", "2026-01-01")}, now: []etl.Correction{line("until", "2023-03-03", "2026-01-01")}, edits: []string{"bravo|until=source"}, want: []string{"recorded bravo until source was 2021-01-02"}},
		"a start after its end":      {edits: []string{"bravo|from=05/05/2025"}, want: []string{"refused order bravo"}},
		"both moved":                 {edits: []string{"bravo|from=05/05/2025", "bravo|until=05/05/2026"}, want: []string{"recorded bravo from 2025-05-05 was 2018-01-02", "recorded bravo until 2026-05-05 was 2021-01-02"}},
		"a name":                     {edits: []string{"bravo|name=Bravo Santé"}, want: []string{"recorded bravo name Bravo Santé was Bravo"}},
		"another's name":             {edits: []string{"bravo|name=charlie"}, want: []string{"refused name-taken bravo"}},
		"names exchanged":            {edits: []string{"bravo|name=Charlie", "charlie|name=Bravo"}, want: []string{"refused name-taken bravo", "refused name-taken charlie"}},
		"a name for two":             {edits: []string{"bravo|name=Zoulou", "charlie|name=ZOULOU"}, want: []string{"refused name-taken bravo", "refused name-taken charlie"}},
		"a position":                 {edits: []string{"bravo|position=esn"}, want: []string{"recorded bravo position esn was unclassified"}},
	} {
		was := listed(run(etl.Registry{Corrections: c.published}))
		reg := etl.Registry{Corrections: c.now}
		res := run(reg, c.changed...)
		in := &merge.Input{Today: merge.Today{Ref: &ref, Registry: &reg, Result: res, Now: listed(res), Source: listed(run(etl.Registry{}, c.changed...))},
			Published: was, Keep: c.keep}
		if c.elsewhere {
			in.Elsewhere = func(etl.Listing, string, *etl.Definition, compare.Value) bool { return true }
		}
		got := merge.Rule(in, merge.Find(&ref, was, typed(was[0], c.edits...), words))
		if diff := cmp.Diff(append([]string{}, c.want...), outcomeSaid(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if settled := !strings.Contains(strings.Join(c.want, "\n"), "E=") || c.keep == merge.KeepWorkspace; (settled && !strings.Contains(strings.Join(c.want, "\n"), "refused")) != got.Settled() {
			t.Errorf("%s: settled is %v", name, got.Settled())
		}
	}
}

// TestApply: what a refused publication saved is the same file as the sheet was.
func TestApply(t *testing.T) {
	was := listed(run(etl.Registry{}))
	cell := func(row, field, found string) merge.Typed {
		return merge.Typed{List: etl.Approved, Sheet: "Acteurs agréés", Row: row, Field: field, Published: was[0].Text(row, etl.Field(field)), Found: found}
	}
	for name, c := range map[string]struct {
		typed []merge.Typed
		want  []string
	}{
		"nothing":    {nil, nil},
		"a date":     {[]merge.Typed{cell("bravo", "until", "05/05/2025")}, []string{"bravo until 2021-01-02>2025-05-05"}},
		"a formula":  {[]merge.Typed{cell("bravo", "until", "=TODAY()")}, []string{"formula bravo until"}},
		"emptied":    {[]merge.Typed{cell("bravo", "until", "")}, []string{"emptied bravo until"}},
		"a row gone": {[]merge.Typed{{List: etl.Approved, Row: "bravo"}}, []string{"row-deleted bravo"}},
		"a row more": {[]merge.Typed{{List: etl.Approved, Row: "zoulou", Field: "name", Found: "Zoulou"}, {List: etl.Approved, Row: "zoulou", Field: "id", Found: "zoulou"}}, []string{"added-row Zoulou"}},
		"a note":     {[]merge.Typed{{List: etl.Approved, Row: "bravo", Header: "vu", Found: "x", Own: true}}, []string{"own-column bravo"}},
		"a figure":   {[]merge.Typed{{List: etl.Approved, Outside: true, Field: "B7", Found: "99", Published: "10"}}, []string{"summary"}},
	} {
		file, refused, notes := merge.Apply(was, c.typed)
		changes := merge.Find(&ref, was, file, words)
		changes.Refused, changes.Notes = append(changes.Refused, refused...), append(changes.Notes, notes...)
		if diff := cmp.Diff(append([]string{}, c.want...), changesSaid(changes)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
