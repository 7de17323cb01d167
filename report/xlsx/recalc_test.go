package xlsx

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hdsreport/report"
)

// The proof of the figures: LibreOffice recalculates every formula from the
// tables, and finds the values that the program wrote beside them.

// hardRecalc makes LibreOffice compute on loading; by default it trusts the file.
const hardRecalc = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

// office finds LibreOffice or skips, loudly; where the tools are required, it fails.
func office(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("HDSREPORT_TOOLS") == "required" {
		t.Fatal("LibreOffice is not installed, and HDSREPORT_TOOLS=required: install libreoffice-calc")
	}
	t.Skip("SKIPPED: LibreOffice is not installed, so no formula has been recalculated; install libreoffice-calc")
	return ""
}

// recalculate converts the workbooks in one run of LibreOffice and returns the
// paths of what it wrote, in order.
func recalculate(t *testing.T, format string, paths ...string) []string {
	t.Helper()
	program := office(t)
	profile, out := t.TempDir(), t.TempDir()
	if err := os.MkdirAll(filepath.Join(profile, "user"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(hardRecalc), 0o644); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-env:UserInstallation=file://" + profile, "--headless", "--norestore", "--convert-to", format, "--outdir", out}, paths...)
	cmd := exec.Command(program, args...)
	if log, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	var written []string
	for _, p := range paths {
		p = filepath.Join(out, strings.TrimSuffix(filepath.Base(p), ".xlsx")+"."+strings.SplitN(format, ":", 2)[0])
		if _, err := os.Stat(p); err != nil {
			t.Fatalf("LibreOffice did not open it: %v", err)
		}
		written = append(written, p)
	}
	return written
}

// formulaCell is a formula's value and its type.
type formulaCell struct {
	formula, value string
	kind           excelize.CellType
}

func formulaCells(t *testing.T, path string) map[string]formulaCell {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]formulaCell{}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r := range rows {
			for c := range 40 {
				cell := cellName(c, r)
				formula, err := f.GetCellFormula(sheet, cell)
				if err != nil {
					t.Fatal(err)
				}
				if formula == "" {
					continue
				}
				kind, _ := f.GetCellType(sheet, cell)
				value, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				out[sheet+"!"+cell] = formulaCell{formula, value, kind}
			}
		}
	}
	return out
}

// differences compares each formula cell of the written file with the
// recalculated one, by type and value.
func differences(t *testing.T, written, recalculated string) (n int, diffs []string) {
	t.Helper()
	ours, theirs := formulaCells(t, written), formulaCells(t, recalculated)
	isText := func(k excelize.CellType) bool { return k == excelize.CellTypeFormula } // t="str"
	for at, a := range ours {
		b, ok := theirs[at]
		same := ok && isText(a.kind) == isText(b.kind)
		if same {
			var x, y float64
			_, errA := fmt.Sscan(a.value, &x)
			_, errB := fmt.Sscan(b.value, &y)
			if !isText(a.kind) && errA == nil && errB == nil {
				same = math.Abs(x-y) <= 1e-12*math.Max(1, math.Abs(x))
			} else {
				same = a.value == b.value
			}
		}
		if !same {
			diffs = append(diffs, fmt.Sprintf("%s: cache %q (type %d), recalculated %q (type %d): =%s", at, a.value, a.kind, b.value, b.kind, a.formula))
		}
	}
	return len(ours), diffs
}

func writeBook(t *testing.T, dir, name string, b *report.Book) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if _, err := WriteFile(path, b); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFormulasAgreeWithTheirCache(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for i, size := range [][2]int{{1, 1}, {3, 8}, {40, 60}, {90, 200}} {
		paths = append(paths, writeBook(t, dir, fmt.Sprintf("book%d.xlsx", i), newFixture(uint64(i), size[0], size[1]).book()))
	}
	planted := newFixture(9, 20, 30)
	planted.planted = true
	paths = append(paths, writeBook(t, dir, "planted.xlsx", planted.book()))
	for i, out := range recalculate(t, "xlsx", paths...) {
		n, diffs := differences(t, paths[i], out)
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

// An expression that nobody can render is an error, not an empty cell.
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
