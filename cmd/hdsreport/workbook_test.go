package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

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

// workbook writes the workbook of an edition of a sample workspace, on a copy of it: other
// tests run at the same time, and a run leaves files.
func workbook(t *testing.T, dir, workspace, edition string) string {
	t.Helper()
	out := filepath.Join(dir, fmt.Sprintf("%s%s.xlsx", strings.ReplaceAll(workspace, "/", "-"), edition))
	own := t.TempDir()
	if err := os.CopyFS(own, inputs{os.DirFS(filepath.Join("../../samples", workspace))}); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	c := &Command{Stdout: &bytes.Buffer{}, Stderr: &stderr, Now: time.Now}
	if code := c.Main([]string{"run", "--config", filepath.Join(own, "hdsreport.yaml"), "--edition", edition, "--out", out}); code != 0 {
		t.Fatalf("exit %d:\n%s", code, &stderr)
	}
	return out
}

// TestSampleWorkbooksRecalculate: LibreOffice, told to trust no cached value,
// finds every figure of the workbooks that the samples give.
func TestSampleWorkbooksRecalculate(t *testing.T) {
	t.Parallel() // it waits for other programs
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
	t.Parallel() // it waits for other programs
	for _, book := range sampleWorkbooks(t) {
		xlsxtest.Validate(t, book)
	}
}

// sampleWorkbooks writes one of each sample workspace, and one of loose files.
func sampleWorkbooks(t *testing.T) []string {
	dir := t.TempDir()
	return []string{workbook(t, dir, "", "2019-02"), workbook(t, dir, "", "2019-06-17"), workbook(t, dir, "observed-2026", "2026-10")}
}

// Each program says of a workbook, sheet by sheet, its name, the text of its first cell,
// how many rows are filled, and the first link.
var otherReaders = map[string]struct{ needs, tells []string }{
	"exceljs": {[]string{"node", "-e", `require("exceljs")`}, []string{"node", "-e", `
const E = require("exceljs"), b = new E.Workbook()
b.xlsx.readFile(process.argv[1]).then(() => b.eachSheet(s => {
  let link = "", rows = 0
  s.eachRow(r => { let filled = false; r.eachCell(c => { if (c.text != "") filled = true; if (c.hyperlink && !link) link = c.hyperlink }); if (filled) rows++ })
  console.log([s.name, s.getCell("A1").text, rows, link].join("|"))
})).catch(e => { console.log(e); process.exit(1) })`}},
	"SheetJS": {[]string{"node", "-e", `require("xlsx")`}, []string{"node", "-e", `
const X = require("xlsx"), b = X.readFile(process.argv[1])
for (const name of b.SheetNames) {
  const s = b.Sheets[name], rows = X.utils.sheet_to_json(s, {header: 1, raw: true}).filter(r => r.some(c => c !== "" && c != null)).length
  let link = ""
  for (const r of X.utils.sheet_to_json(s, {header: 1}).keys()) for (let c = 0; c < 30 && !link; c++) { const at = s[X.utils.encode_cell({r, c})]; if (at && at.l) link = at.l.Target }
  console.log([name, s.A1.v, rows, link].join("|"))
}`}},
	"openpyxl": {[]string{"/usr/bin/python3", "-c", "import openpyxl"}, []string{"/usr/bin/python3", "-c", `
import sys, openpyxl
for s in openpyxl.load_workbook(sys.argv[1], data_only=True):
    rows = list(s.iter_rows())
    links = [c.hyperlink.target for r in rows for c in r if c.hyperlink]
    print(s.title, s["A1"].value, sum(any(c.value not in (None, "") for c in r) for r in rows), links[0] if links else "", sep="|")`}},
	"pandas": {[]string{"/usr/bin/python3", "-c", "import pandas, openpyxl"}, []string{"/usr/bin/python3", "-c", `
import sys, pandas
for name, s in pandas.read_excel(sys.argv[1], sheet_name=None, header=None, keep_default_na=False).items():
    print(name, s.iat[0, 0], int((s != "").any(axis=1).sum()), "", sep="|")`}},
}

// TestOtherProgramsOpenTheSampleWorkbooks: exceljs and SheetJS (npm, found by NODE_PATH),
// openpyxl and pandas see the same sheets, rows and links.
func TestOtherProgramsOpenTheSampleWorkbooks(t *testing.T) {
	t.Parallel() // it waits for other programs
	books := sampleWorkbooks(t)
	for name, reader := range otherReaders {
		t.Run(name, func(t *testing.T) {
			xlsxtest.Needs(t, name, reader.needs...)
			for _, book := range books {
				out, err := exec.Command(reader.tells[0], append(reader.tells[1:], book)...).CombinedOutput()
				if err != nil {
					t.Errorf("%s: %v\n%s", filepath.Base(book), err, out)
					continue
				}
				want := filledRows(t, book)
				got := strings.Split(strings.TrimSpace(string(out)), "\n")
				if name == "pandas" {
					for i := range want {
						want[i] = want[i][:strings.LastIndexByte(want[i], '|')+1]
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s:\n%s\nwant\n%s", filepath.Base(book), out, strings.Join(want, "\n"))
				}
			}
		})
	}
}

// filledRows is what the programs have to say, as excelize reads the file.
func filledRows(t *testing.T, book string) []string {
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		filled, first := 0, ""
		for r, row := range rows {
			if strings.Join(row, "") != "" {
				filled++
			}
			for c := range row {
				at, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err != nil {
					t.Fatal(err)
				}
				if linked, to, err := f.GetCellHyperLink(sheet, at); err != nil {
					t.Fatal(err)
				} else if linked && first == "" {
					first = to
				}
			}
		}
		out = append(out, fmt.Sprintf("%s|%s|%d|%s", sheet, rows[0][0], filled, first))
	}
	return out
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
	t.Parallel() // it waits for other programs
	xlsxtest.Needs(t, "pandas and openpyxl", "/usr/bin/python3", "-c", "import pandas, openpyxl")
	out, err := exec.Command("/usr/bin/python3", "-c", readSample, workbook(t, t.TempDir(), "", "2019-06-17")).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "read") {
		t.Errorf("%v\n%s", err, out)
	}
}
