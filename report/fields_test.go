package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/report"
)

// headings are those by which a source calls the fields of a list, and some of their
// values: of row n, another one, and a third.
type sourceColumn struct {
	heading string
	values  [3]func(n int) string
}

func constant(a, b, c string) [3]func(int) string {
	return [3]func(int) string{func(int) string { return a }, func(int) string { return b },
		func(int) string { return c }}
}

func numbered(a, b, c string) [3]func(int) string {
	return [3]func(int) string{func(n int) string { return a + fmt.Sprint(n) },
		func(n int) string { return b + fmt.Sprint(n) }, func(n int) string { return c + fmt.Sprint(n) }}
}

// columnOf is how a source states a field: made from the field's kind, so that a column
// that is added to the table is tried without a word here.
func columnOf(t *testing.T, ref *etl.Reference, l etl.Listing, d *etl.Definition) (c sourceColumn, stated bool) {
	t.Helper()
	switch d.Kind {
	case etl.KindName:
		c.values = numbered("Alphabloc", "Betacloud", "Gammadis")
	case etl.KindDate:
		c.values = constant("01/02/2019", "03/04/2021", "05/06/2023")
	case etl.KindTypes:
		c.values = constant(ref.Types[0].Label["fr"], ref.Types[1].Label["fr"], ref.Types[0].Label["fr"])
	case etl.KindActivity:
		c.values = constant("Oui", "Non", "Oui")
	case etl.KindStanding:
		c.values = constant("Valide", "Suspendu", "Retiré")
	case etl.KindText:
		c.values = numbered("un", "deux", "trois")
	default:
		return c, false
	}
	if d.Extra() {
		c.heading = d.Heading.French + " *" // as headings are matched everywhere
		return c, true
	}
	for _, h := range ref.Headers {
		if (h.List == "both" || h.List == l.String()) && etl.Field(h.Field) == d.Source() &&
			!strings.Contains(h.Alias, "*") {
			c.heading = h.Alias
			return c, true
		}
	}
	t.Fatalf("no source can state %s on the %s list: it has no heading", d.Key, l)
	return c, false
}

const manyRows = 12

// listWith is an edition with one list, whose field is as asked for and all others as
// ever. An empty choice leaves the cells empty.
func listWith(t *testing.T, ref *etl.Reference, id string, l etl.Listing, field etl.Field,
	choice func(n int) int) etl.EditionInput {
	t.Helper()
	table := &etl.Table{File: "editions/" + id + "/" + l.FileName() + ".csv", Format: "csv",
		Rows: make([]etl.TableRow, manyRows+1)}
	for i := range table.Rows {
		table.Rows[i].Number = i + 1
	}
	for _, d := range ref.Fields(l) {
		c, stated := columnOf(t, ref, l, d)
		if !stated {
			continue
		}
		table.Rows[0].Cells = append(table.Rows[0].Cells, c.heading)
		for n := range manyRows {
			which := 0
			if d.Key == field {
				which = choice(n)
			}
			said := ""
			if which >= 0 {
				said = c.values[which](n)
			}
			table.Rows[n+1].Cells = append(table.Rows[n+1].Cells, said)
		}
	}
	in := etl.EditionInput{ID: id}
	in.Sources[l].Table = table
	return in
}

// TestEveryColumnCounts: every column of a data sheet that does not follow from others is
// compared, can be corrected or says why not, and is gated.
func TestEveryColumnCounts(t *testing.T) {
	ref := config.Reference()
	ref.Shown = []string{"Région"}
	cfg := config.Default()
	run := func(reg etl.Registry, editions ...etl.EditionInput) *etl.Result {
		return etl.Run(etl.Input{Editions: editions, Registry: reg, Reference: ref, Thresholds: cfg.Gate,
			Namer: identity.New(config.IdentityTables()), Partial: true})
	}
	same := func(int) int { return 0 }
	first := func(n int) int { return map[bool]int{true: 1}[n == 0] }
	for _, l := range etl.Listings {
		before := listWith(t, &ref, "2019-02", l, "", same)
		plain := run(etl.Registry{}, before, listWith(t, &ref, "2019-06-17", l, "", same))
		book, err := report.Build(plain, &ref, report.Options{Labels: report.Labels{Language: "fr",
			Texts: config.Labels("fr")}})
		if err != nil {
			t.Fatal(err)
		}
		sheet := book.Table([2]string{report.ApprovedTable, report.CertifiedTable}[l])
		if len(plain.Refusals) > 0 {
			t.Fatalf("%v", plain.Refusals)
		}
		for i := range sheet.Columns {
			key := etl.Field(sheet.Columns[i].ID)
			d := ref.Field(l, key)
			if d == nil {
				t.Errorf("%s: the column %s is not in the table of fields", l, key)
				continue
			}
			if d.Derived() {
				continue
			}
			t.Run(l.String()+" "+string(key), func(t *testing.T) {
				changed := key
				if d.Kind == etl.KindSource || d.Kind == etl.KindID {
					changed = etl.FieldName // from which both are made
				}
				compared(t, &ref, d, run(etl.Registry{}, before, listWith(t, &ref, "2019-06-17", l, changed, first)), l)
				corrected(t, &ref, d, sheet, plain, l, func(c etl.Correction) *etl.Result {
					return run(etl.Registry{Corrections: []etl.Correction{c}}, before,
						listWith(t, &ref, "2019-06-17", l, "", same))
				})
				gated(t, d, func(choice func(int) int) *etl.Result {
					reg := etl.Registry{}
					if d.Kind == etl.KindPosition {
						reg.Actors = []etl.RegistryActor{{ID: "autre", Name: "Autre", Position: "esn"}}
					}
					return run(reg, before, listWith(t, &ref, "2019-06-17", l, changed, choice))
				})
			})
		}
	}
}

// compared wants a change of one row to be told.
func compared(t *testing.T, ref *etl.Reference, d *etl.Definition, res *etl.Result, l etl.Listing) {
	t.Helper()
	c := res.Changes[l].Rows
	switch d.Kind {
	case etl.KindName, etl.KindSource, etl.KindID:
		if len(c.Arrived) != 1 || len(c.Left) != 1 {
			t.Errorf("another name: %d arrived, %d left", len(c.Arrived), len(c.Left))
		}
	case etl.KindPosition:
		if !slices.Contains(c.Fields, string(d.Key)) {
			t.Errorf("not among what is compared: %q", c.Fields)
		}
	default:
		if len(c.Changed) != 1 || !slices.ContainsFunc(c.Changed[0].Fields,
			func(f compare.Field) bool { return f.Field == string(d.Key) }) {
			t.Errorf("a change is not told: %+v", c.Changed)
		}
	}
}

// corrected wants an editor's value on the sheet, or a reason why there can be none.
func corrected(t *testing.T, ref *etl.Reference, d *etl.Definition, sheet *report.Table, plain *etl.Result,
	l etl.Listing, run func(etl.Correction) *etl.Result) {
	t.Helper()
	c, _ := columnOf(t, ref, l, d)
	value := ref.Positions[0].Code
	if c.heading != "" {
		value = c.values[1](0)
	}
	row := sheet.Column("id").At(0).Text
	res := run(etl.Correction{ID: row, Field: string(d.Key), Value: value, By: "A. Martin", Date: "2019-06-18",
		Place: etl.Place{File: "registry/corrections.csv", Row: 2}})
	i := slices.IndexFunc(res.Findings, func(f etl.Finding) bool { return f.Code == etl.CodeRegistryValue })
	if !d.Correctable() {
		if i < 0 {
			t.Errorf("a correction that cannot be is not told: %v", res.Findings)
		} else if _, do := res.Findings[i].Words(message.In("fr")); do == "" {
			t.Errorf("nobody is told why not: %v", res.Findings[i])
		}
		return
	}
	if i >= 0 {
		t.Errorf("%v", res.Findings[i])
	}
	book, err := report.Build(res, ref, report.Options{Labels: report.Labels{Language: "fr",
		Texts: config.Labels("fr")}})
	if err != nil {
		t.Fatal(err)
	}
	now := book.Table(sheet.ID)
	at := func(table *report.Table) report.Value {
		for k := range table.Len {
			if table.Column("id").At(k).Text == row {
				return table.Column(string(d.Key)).At(k)
			}
		}
		t.Fatalf("no row %s", row)
		return report.Value{}
	}
	if at(now) == at(sheet) {
		t.Errorf("the sheet says %v before and after the correction %q", at(now), value)
	}
}

// gated wants a column that has become empty to be refused, and one in which most values
// have changed at once if its rule says so.
func gated(t *testing.T, d *etl.Definition, run func(func(int) int) *etl.Result) {
	t.Helper()
	if res := run(func(int) int { return -1 }); !res.Refused() {
		t.Error("a column that has become empty is not refused")
	}
	if d.Gate == etl.GateValues {
		res := run(func(int) int { return 1 })
		if !slices.ContainsFunc(res.Refusals, func(r etl.Refusal) bool { return r.Finding.Code == etl.CodeRowsChanged }) {
			t.Errorf("a column of other values is not refused: %v", res.Refusals)
		}
	}
}
