package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hdsreport/report"
	"hdsreport/report/xlsx/xlsxtest"
)

// built is the book of a job.
func built(t testing.TB, j *job) *report.Book {
	t.Helper()
	book, err := report.Build(j.result, &j.input.Reference, options(&j.config))
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// workbook writes the workbook of an edition of a sample workspace.
func workbook(t *testing.T, dir, workspace, edition string) string {
	t.Helper()
	out := filepath.Join(dir, fmt.Sprintf("%s%s.xlsx", strings.ReplaceAll(workspace, "/", "-"), edition))
	var stderr bytes.Buffer
	c := &Command{Stdout: &bytes.Buffer{}, Stderr: &stderr, Now: time.Now}
	if code := c.Main([]string{"run", "--config", filepath.Join("../../samples", workspace, "hdsreport.yaml"), "--edition", edition, "--out", out}); code != 0 {
		t.Fatalf("exit %d:\n%s", code, &stderr)
	}
	return out
}

// TestSampleWorkbooksRecalculate: LibreOffice, told to trust no cached value,
// finds every figure of the workbooks that the samples give.
func TestSampleWorkbooksRecalculate(t *testing.T) {
	dir := t.TempDir()
	var books []string
	for _, edition := range []string{"2019-02", "2019-06-17"} {
		books = append(books, workbook(t, dir, "", edition))
	}
	books = append(books, workbook(t, dir, "observed-2026", "2026-10"))
	for i, recalculated := range xlsxtest.Recalculate(t, "xlsx", books...) {
		n, diffs := xlsxtest.Differences(t, books[i], recalculated)
		if n < 70 {
			t.Errorf("%s: only %d formula cells were compared", filepath.Base(books[i]), n)
		}
		for _, d := range diffs {
			t.Errorf("%s: %s", filepath.Base(books[i]), d)
		}
	}
}

// TestSampleWorkbooksAreValid: the Open XML SDK has nothing to say.
func TestSampleWorkbooksAreValid(t *testing.T) {
	validator := xlsxtest.Tool(t, "ooxml-validator")
	for _, book := range []string{workbook(t, t.TempDir(), "", "2019-06-17"), workbook(t, t.TempDir(), "observed-2026", "2026-10")} {
		if out, err := exec.Command(validator, book).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", filepath.Base(book), err, out)
		}
	}
}

// pandas and openpyxl see the tables with their types, and the figures.
const readSample = `
import sys, warnings
import openpyxl, pandas
warnings.simplefilter("error")
warnings.simplefilter("ignore", FutureWarning)
book = openpyxl.load_workbook(sys.argv[1], data_only=True)
assert book.sheetnames == ["Acteurs agréés", "Acteurs certifiés", "Synthèse"], book.sheetnames
assert book.properties.language == "fr-FR", book.properties.language

def table(sheet, start):
    raw = pandas.read_excel(sys.argv[1], sheet_name=sheet, header=None)
    header = raw.index[raw[0] == "Acteur"][0]
    frame = pandas.read_excel(sys.argv[1], sheet_name=sheet, header=header)
    assert list(frame.columns)[:len(start)] == start, list(frame.columns)
    return frame

approved = table("Acteurs agréés", ["Acteur", "Positionnement principal", "Prestation agréée", "Date d’agrément", "Fin d’agrément", "Échéance effective", "Aussi certifié", "Nom dans la source", "Identifiant"])
assert len(approved) == 100 and approved["Acteur"].nunique() == 99
assert str(approved["Date d’agrément"].dtype).startswith("datetime"), approved["Date d’agrément"].dtype
kinds = {type(v).__name__ for v in approved["Échéance effective"].dropna()}
assert kinds <= {"datetime", "Timestamp", "str"} and len(kinds - {"str"}) == 1, kinds
assert (approved["Aussi certifié"] == "Oui").sum() == 7
certified = table("Acteurs certifiés", ["Acteur", "Positionnement principal", "Type de certificat", "Sites physiques"])
assert len(certified) == 19
assert certified["Nombre d’activités"].sum() == 86, certified["Nombre d’activités"]
assert certified["Identifiant"].is_unique and approved["Identifiant"].is_unique
summary = {}
for row in book["Synthèse"].iter_rows():
    summary.setdefault(row[0].value, row[1].value)
assert summary["Acteurs agréés"] == 99 and summary["Sur au moins une liste"] == 111, summary
print("read")
`

func TestPandasReadsTheSampleWorkbook(t *testing.T) {
	python := xlsxtest.Tool(t, "/usr/bin/python3", "python3")
	if err := exec.Command(python, "-c", "import pandas, openpyxl").Run(); err != nil {
		if os.Getenv("HDSTEST_TOOLS") == "required" {
			t.Fatal("python3-pandas and python3-openpyxl are not installed, and HDSTEST_TOOLS=required")
		}
		t.Skip("SKIPPED, and not checked: pandas and openpyxl are not installed")
	}
	out, err := exec.Command(python, "-c", readSample, workbook(t, t.TempDir(), "", "2019-06-17")).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "read") {
		t.Errorf("%v\n%s", err, out)
	}
}
