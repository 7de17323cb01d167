package xlsx

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hdsreport/report"
	"hdsreport/report/xlsx/xlsxtest"
)

// LibreOffice recalculates every formula from the tables and finds the cached values that
// the program wrote (see xlsxtest).

func writeBook(t *testing.T, dir, name string, b *report.Book) string {
	t.Helper()
	path := filepath.Join(dir, name)
	f, err := Begin().Draw(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, f.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFormulasAgreeWithTheirCache(t *testing.T) {
	long(t)
	dir := t.TempDir()
	var paths []string
	for i, size := range [][2]int{{1, 1}, {3, 8}, {40, 60}, {90, 200}} {
		paths = append(paths, writeBook(t, dir, fmt.Sprintf("book%d.xlsx", i), newFixture(uint64(i), size[0], size[1]).book()))
	}
	planted := newFixture(9, 20, 30)
	planted.planted = true
	paths = append(paths, writeBook(t, dir, "planted.xlsx", planted.book()))
	for i, out := range xlsxtest.Recalculate(t, "xlsx", paths...) {
		n, diffs := xlsxtest.Differences(t, paths[i], out)
		name := filepath.Base(paths[i])
		if name == "planted.xlsx" {
			if len(diffs) != 1 || !strings.Contains(diffs[0], "!B6:") {
				t.Errorf("a wrong cache was planted in B6; found: %q", diffs)
			}
			continue
		}
		if n < 50 {
			t.Errorf("%s: only %d formula cells were compared", name, n)
		}
		for _, d := range diffs {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// An expression that cannot be rendered is an error, not an empty cell.
func TestUnknownReferencesAreErrors(t *testing.T) {
	for want, e := range map[string]report.Expr{
		`no table has the id "nowhere"`: report.CountRows{Table: "nowhere"},
		`has no column with the id "x"`: report.CountActors{Table: "approved", Where: []report.Cond{{Column: "x"}}},
		"compared by order":             report.CountRows{Table: "approved", Where: []report.Cond{{Column: "name", Op: report.AtMost, Value: report.TextOf("b")}}},
		"there is no formula for <nil>": report.Sum{nil},
	} {
		b := newFixture(1, 3, 3).book()
		c := &b.Sheets[2].Lines[0].Cells[0]
		c.Expr = e
		err := Write(&bytes.Buffer{}, b)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "A1") {
			t.Errorf("%#v: got %v, want an error with %q and A1", e, err, want)
		}
	}
}
