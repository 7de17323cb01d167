package report_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hdsreport/report"
)

// samples are all editions of all sample workspaces, in both languages.
func samples(t *testing.T) map[string]*report.Book {
	t.Helper()
	out := map[string]*report.Book{}
	for root, editions := range map[string][]string{"../samples": {"2019-02", "2019-03", "2019-06-17"},
		"../samples/observed-2026": {"2026-10"}} {
		for _, e := range editions {
			for _, language := range []string{"fr", "en"} {
				out[root+" "+e+" "+language], _ = build(t, root, e, language)
			}
		}
	}
	return out
}

// TestSectionsAreWhole: what a target that lays out by itself needs of the summary
// stands in its sections: an entry for each column, figures with a name of their own,
// and a chart that says which columns it draws.
func TestSectionsAreWhole(t *testing.T) {
	for name, b := range samples(t) {
		s := b.Sheets[2]
		ids, drawn := map[string]bool{}, map[string]report.Value{}
		for _, l := range s.Lines {
			for _, c := range l.Cells {
				if c.ID != "" {
					drawn[c.ID] = c.Value
				}
			}
		}
		for _, section := range s.Sections {
			if section.ID == "" || section.Title == "" || len(section.Grids) == 0 {
				t.Errorf("%s: a section without an id, a title or a grid: %+v", name, section)
			}
			for _, g := range section.Grids {
				for i, h := range g.Columns {
					if (h.Role == report.RoleLabel) != (i == 0) || h.Text == "" {
						t.Errorf("%s: %s: column %d is %+v", name, section.ID, i, h)
					}
				}
				for _, r := range g.Rows {
					if len(r.Entries) > len(g.Columns) {
						t.Fatalf("%s: %s: %d entries under %d headers", name, section.ID, len(r.Entries),
							len(g.Columns))
					}
					for i, e := range r.Entries {
						figure := g.Columns[i].Role == report.RoleFigure
						if e.ID == report.GenerationEntry {
							delete(drawn, e.ID)
							continue
						}
						if figure != (e.ID != "") || ids[e.ID] && e.ID != "" {
							t.Errorf("%s: %s: the figure %q has no name of its own", name, section.ID, e.ID)
						}
						if ids[e.ID] = true; figure && drawn[e.ID] != e.Value {
							t.Errorf("%s: %s is %v in the section, %v on the sheet", name, e.ID, e.Value, drawn[e.ID])
						}
						if figure && e.Fact == (e.Expr != nil) {
							t.Errorf("%s: %s is a fact and live, or neither", name, e.ID)
						}
						delete(drawn, e.ID)
					}
				}
			}
			if c := section.Chart; c != nil {
				g := section.Grids[0]
				if c.From < 0 || c.To <= c.From || c.To > len(g.Rows) || len(c.Columns) == 0 || c.Title == "" ||
					c.Alt == "" {
					t.Errorf("%s: %s: the chart %+v", name, section.ID, c)
				}
				for _, col := range c.Columns {
					if g.Columns[col].Role != report.RoleFigure {
						t.Errorf("%s: %s: a chart of column %d", name, section.ID, col)
					}
				}
			}
		}
		if len(drawn) > 0 {
			t.Errorf("%s: cells that no section has: %v", name, drawn)
		}
	}
}

var glued = regexp.MustCompile(`[\pL\pN]\(|  `)

// TestSentencesAreSpaced: no sentence of any sheet of the samples lacks the space before
// a bracket or has two spaces.
func TestSentencesAreSpaced(t *testing.T) {
	for name, b := range samples(t) {
		for _, s := range b.Sheets {
			said := []string{s.Name}
			for _, l := range s.Lines {
				for _, c := range l.Cells {
					said = append(said, c.Value.Text)
				}
			}
			for _, c := range s.Charts {
				said = append(said, c.Title, c.Alt)
			}
			if s.Table != nil {
				for _, c := range s.Table.Columns {
					said = append(append(said, c.Header, c.Note), c.Choices...)
					for row := range s.Table.Len {
						if !c.Verbatim {
							said = append(said, c.At(row).Text)
						}
					}
				}
			}
			for _, text := range said {
				if glued.MatchString(text) || text != strings.TrimSpace(text) {
					t.Errorf("%s: %s: %q", name, s.Name, text)
				}
			}
		}
	}
}

// TestLabelsHaveNoEdgeSpaces: the reader of the table takes them away, and what a label
// is put together with then runs into it.
func TestLabelsHaveNoEdgeSpaces(t *testing.T) {
	f, err := os.Open("../config/tables/labels.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, text := range row {
			if text == "" || text != strings.TrimSpace(text) || strings.Contains(text, "  ") {
				t.Errorf("%s: %q", row[0], text)
			}
		}
	}
}

// TestTargetsOnlyTranslate: no colour and no typeface stands in the code of a target.
func TestTargetsOnlyTranslate(t *testing.T) {
	own := regexp.MustCompile(`"[0-9A-F]{6}"|"Calibri"`)
	for _, pattern := range []string{"xlsx/*.go", "gsheets/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			code, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if found := own.Find(code); found != nil {
				t.Errorf("%s: %s belongs to style.go", name, found)
			}
		}
	}
}

// TestIdentities: different expressions have different identities, and equal ones the
// same.
func TestIdentities(t *testing.T) {
	where := func(column string, op report.Op, v report.Value, or ...report.Value) []report.Cond {
		return []report.Cond{{Column: column, Op: op, Value: v, Or: or}}
	}
	count := func(w []report.Cond) report.Expr { return report.CountActors{Table: "a", Where: w} }
	all := func() []report.Expr {
		return []report.Expr{
			nil, report.Const(0), report.Const(1), report.Sum{}, report.Sum{report.Const(1)},
			report.Sum{report.Const(1), report.Const(1)},
			report.CountActors{Table: "a"}, report.CountRows{Table: "a"}, report.CountActors{Table: "b"},
			count(where("x", report.Equal, report.TextOf("1"))), count(where("x", report.Equal, report.NumberOf(1))),
			count(where("x", report.NotEqual, report.TextOf("1"))),
			count(where("x", report.Equal, report.TextOf("1"), report.TextOf("2"))),
			count(where("x1", report.Equal, report.TextOf(""))),
			count(append(where("x", report.Equal, report.TextOf("1")),
				where("y", report.Equal, report.TextOf("1"))...)),
			report.Difference{A: report.Const(1), B: report.Const(2)},
			report.Difference{A: report.Const(2), B: report.Const(1)},
			report.Ratio{A: report.Const(1), B: report.Const(2)},
			report.Shown{Cell: "c", Value: 1}, report.Shown{Cell: "c", Value: 2}, report.Shown{Cell: "d", Value: 1},
			report.Sum{report.Sum{report.Const(1)}, report.Const(1)},
			report.Sum{report.Const(1), report.Sum{report.Const(1)}},
		}
	}
	var seen []string
	for i, e := range all() {
		id := report.Identity(e)
		if slices.Contains(seen, id) {
			t.Errorf("expression %d has the identity of another", i)
		}
		if id != report.Identity(all()[i]) {
			t.Errorf("expression %d has two identities", i)
		}
		seen = append(seen, id)
	}
}
