package gsheets

import (
	"maps"
	"slices"
	"testing"

	"hdsreport/report/gsheets/sheetstest"
)

// TestObjectsFollowTheirColumns: filter, views, drop-downs and warnings lie where the
// list lies, after people have put columns between ours and editions have come and gone.
func TestObjectsFollowTheirColumns(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	d.mustPublish(sample("2019-02"), "2019-02")
	d.notes("approved", 0)
	d.notes("approved", 2)
	for _, edition := range []string{"2019-06-17", "2019-03", "2019-06-17"} {
		b := sample(edition)
		d.mustPublish(b, edition)
		table := b.Table("approved")
		tab, _ := ourTab(d.server.Snapshot(), "approved")
		columns, header := columnsOfTab(tab)
		_, cols := tab.Size()
		end := int64(header + 1 + table.Len)
		// Google sorts only the columns that a filter covers.
		if r := tab.BasicFilter().Range; r.StartRowIndex != int64(header) || r.EndRowIndex != end ||
			r.StartColumnIndex != 0 ||
			r.EndColumnIndex != int64(cols) {
			t.Errorf("%s: the filter covers %+v of %d columns", edition, r, cols)
		}
		choices := table.Column("position").Choices
		var titles []string
		for _, v := range tab.FilterViews() {
			titles = append(titles, v.Title)
			if v.Range.EndRowIndex != end || len(v.FilterSpecs) != 1 ||
				v.FilterSpecs[0].ColumnIndex != int64(columns["position"]) {
				t.Errorf("%s: view %s: %+v", edition, v.Title, v)
			}
		}
		for _, c := range choices {
			if !slices.Contains(titles, "Vue\u00a0: "+c) {
				t.Errorf("%s: no view of %s", edition, c)
			}
		}
		for k := range table.Len {
			rule := tab.At(header+1+k, columns["position"]).Data().DataValidation
			if rule == nil || len(rule.Condition.Values) != len(choices) {
				t.Fatalf("%s: row %d offers no positions", edition, k)
			}
		}
		warned := func(row, col int) bool {
			for _, p := range tab.Protected() {
				r := p.Range
				if p.WarningOnly && int64(row) >= r.StartRowIndex && int64(row) < r.EndRowIndex &&
					int64(col) >= r.StartColumnIndex &&
					int64(col) < r.EndColumnIndex {
					return true
				}
			}
			return false
		}
		for i := range table.Columns {
			c := &table.Columns[i]
			if want := c.Technical || c.Computed != nil; warned(header+table.Len, columns[c.ID]) != want {
				t.Errorf("%s: typing into %s warns: %v", edition, c.ID, !want)
			}
			if !warned(header, columns[c.ID]) {
				t.Errorf("%s: typing over the header of %s does not warn", edition, c.ID)
			}
		}
		if warned(header+1, 0) || warned(0, 2) {
			t.Errorf("%s: typing into somebody's own column warns", edition)
		}
		if g := tab.Properties().GridProperties; g.FrozenRowCount != int64(header+1) {
			t.Errorf("%s: %d rows are frozen", edition, g.FrozenRowCount)
		}
	}
}

// TestCharts: each shows the cells that the book says, and says so in words.
func TestCharts(t *testing.T) {
	d := newDesk(t, sheetstest.Options{})
	for _, edition := range []string{"2019-03", "2019-06-17"} {
		b := sample(edition)
		d.mustPublish(b, edition)
		tab, _ := ourTab(d.server.Snapshot(), "summary")
		charts := tab.Charts()
		want := b.Sheets[2].Charts
		if len(charts) != len(want) {
			t.Fatalf("%s: %d charts, want %d", edition, len(charts), len(want))
		}
		for i, c := range charts {
			basic := c.Spec.BasicChart
			if c.Spec.Title != want[i].Title || c.Spec.AltText != want[i].Alt ||
				len(basic.Series) != len(want[i].Series) {
				t.Errorf("%s: chart %d is %q", edition, i, c.Spec.Title)
			}
			for k, s := range basic.Series {
				r := s.Series.SourceRange.Sources[0]
				values := want[i].Series[k].Values
				first := r.StartRowIndex + basic.HeaderCount
				if first != int64(values.Row) || r.EndRowIndex != int64(values.LastRow+1) ||
					r.StartColumnIndex != int64(values.Col) {
					t.Errorf("%s: %q, series %d shows %+v, want %+v", edition, c.Spec.Title, k, r, values)
				}
				if len(basic.Series) > 1 &&
					tab.At(int(r.StartRowIndex), int(r.StartColumnIndex)).Value != want[i].Series[k].Name {
					t.Errorf("%s: %q, series %d has no name", edition, c.Spec.Title, k)
				}
			}
		}
	}
}

// TestColoursOfRowsAreTheirs: a background that somebody gave a row stays, and goes where
// the row goes; no new row takes it over.
func TestColoursOfRowsAreTheirs(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	b := sample("2019-02")
	d.mustPublish(b, "2019-02")
	next := sample("2019-06-17")
	var kept []string
	for _, id := range rowIDs(next.Table("approved")) {
		followed := followedIn(next, "approved")
		if slices.Contains(rowIDs(b.Table("approved")), id) ||
			slices.Contains(slices.Collect(maps.Values(followed)), id) {
			kept = append(kept, id)
		}
	}
	green := func() []string {
		tab, _ := ourTab(d.server.Snapshot(), "approved")
		columns, header := columnsOfTab(tab)
		var out []string
		rows, _ := tab.Size()
		for r := header + 1; r < rows; r++ {
			if f := tab.At(r, 0).Data().UserEnteredFormat; f != nil && f.BackgroundColorStyle != nil &&
				f.BackgroundColorStyle.RgbColor.Green == 1 &&
				f.BackgroundColorStyle.RgbColor.Red == 0 {
				id, _ := tab.At(r, columns["id"]).Value.(string)
				out = append(out, id)
			}
		}
		return out
	}
	at := b.Table("approved").Row + 1
	tab, _ := ourTab(d.server.Snapshot(), "approved")
	d.apply(text(map[string]any{"repeatCell": map[string]any{
		"range": map[string]any{
			"sheetId":       tab.ID(),
			"startRowIndex": at,
			"endRowIndex":   at + b.Table("approved").Len,
		},
		"cell": map[string]any{
			"userEnteredFormat": map[string]any{
				"backgroundColorStyle": map[string]any{"rgbColor": map[string]any{"green": 1}},
			},
		},
		"fields": "userEnteredFormat.backgroundColorStyle"}}))
	if got := green(); len(got) != b.Table("approved").Len {
		t.Fatalf("coloured %v", got)
	}
	d.mustPublish(next, "2019-06-17")
	if got := green(); !slices.Equal(got, kept) {
		t.Errorf("%v are coloured, want %v", got, kept)
	}
}

// TestAMissingList is one row that says so, over editions that have it and not.
func TestAMissingList(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	for _, edition := range []string{"2019-03", "2019-03", "2019-02", "2019-03", "2019-06-17"} {
		b := sample(edition)
		out := d.mustPublish(b, edition)
		d.check(b)
		if len(out.Edits) > 0 {
			t.Errorf("%s: %+v", edition, out.Edits)
		}
	}
	if sample("2019-03").Table("approved").Len != 1 || rowIDs(sample("2019-03").Table("approved"))[0] != emptyID {
		t.Error("the edition of March has the list of the agréés: this test proves nothing")
	}
}
