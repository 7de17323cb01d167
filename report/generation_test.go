package report_test

import (
	"strings"
	"testing"

	"hdsreport/report"
)

// TestGeneration: a change of anything that a reader could see or that a figure
// counts makes another one, and nothing else does.
func TestGeneration(t *testing.T) {
	build := func() *report.Book {
		values := []string{"a", "b"}
		table := &report.Table{ID: "approved", Name: "Agrees", Len: 2, Columns: []report.Column{
			{ID: "name", Header: "Acteur", At: func(row int) report.Value { return report.TextOf(values[row]) }, Link: func(int) string { return "" }, Proposed: func(int) bool { return false }},
			{ID: "n", Header: "N", At: func(int) report.Value { return report.NumberOf(1) }, Computed: report.CountEqual{Columns: []string{"name"}, Value: "a"}},
		}}
		return &report.Book{Title: "T", Sheets: []*report.Sheet{
			{ID: "approved", Name: "A", Table: table},
			{ID: "summary", Name: "S", Lines: []report.Line{{Cells: []report.Cell{{Value: report.NumberOf(2), Expr: report.CountRows{Table: "approved"}}}}}, Charts: []report.Chart{{Title: "C"}}},
		}}
	}
	first := build().Generation()
	if len(first) != 32 || strings.Trim(first, "0123456789abcdef") != "" {
		t.Errorf("%q", first)
	}
	for range 20 {
		if got := build().Generation(); got != first {
			t.Fatalf("%s, then %s", first, got)
		}
	}
	b := build()
	b.Identifier = "something"
	if b.Generation() != first {
		t.Error("the identifier is part of what it identifies")
	}
	seen := map[string]string{first: "nothing"}
	for name, change := range map[string]func(*report.Book){
		"title":       func(b *report.Book) { b.Title = "U" },
		"name of tab": func(b *report.Book) { b.Sheets[0].Name = "B" },
		"a cell": func(b *report.Book) {
			b.Sheets[0].Table.Columns[0].At = func(row int) report.Value {
				return report.TextOf([]string{"a",
					"c"}[row])
			}
		},
		"cells moved": func(b *report.Book) {
			b.Sheets[0].Table.Columns[0].At = func(row int) report.Value {
				return report.TextOf([]string{"ab",
					""}[row])
			}
		},
		"a number as text": func(b *report.Book) {
			b.Sheets[0].Table.Columns[1].At = func(int) report.Value { return report.TextOf("1") }
		},
		"a day": func(b *report.Book) {
			b.Sheets[0].Table.Columns[1].At = func(int) report.Value { return report.Value{Kind: report.Day, Num: 1} }
		},
		"a link":     func(b *report.Book) { b.Sheets[0].Table.Columns[0].Link = func(int) string { return "https://x" } },
		"a proposal": func(b *report.Book) { b.Sheets[0].Table.Columns[0].Proposed = func(row int) bool { return row == 1 } },
		"a header":   func(b *report.Book) { b.Sheets[0].Table.Columns[0].Header = "Nom" },
		"a formula of a column": func(b *report.Book) {
			b.Sheets[0].Table.Columns[1].Computed = report.CountEqual{Columns: []string{"name"}, Value: "b"}
		},
		"a figure": func(b *report.Book) { b.Sheets[1].Lines[0].Cells[0].Expr = report.CountActors{Table: "approved"} },
		"a condition": func(b *report.Book) {
			b.Sheets[1].Lines[0].Cells[0].Expr = report.CountRows{Table: "approved",
				Where: []report.Cond{{Column: "name", Value: report.TextOf("a")}}}
		},
		"a style": func(b *report.Book) { b.Sheets[1].Lines[0].Cells[0].Style = report.StyleKey },
		"a chart": func(b *report.Book) { b.Sheets[1].Charts[0].Title = "D" },
		"a row":   func(b *report.Book) { b.Sheets[0].Table.Len = 1 },
	} {
		b := build()
		change(b)
		got := b.Generation()
		if other, known := seen[got]; known {
			t.Errorf("%s: the same generation as %s", name, other)
		}
		seen[got] = name
	}
}
