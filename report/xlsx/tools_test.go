package xlsx

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hdsreport/report/xlsx/xlsxtest"
)

// How other programs read the workbook. Each check needs a tool; without it, the check is
// skipped, or fails if HDSTEST_TOOLS=required.

func TestSchema(t *testing.T) {
	long(t)
	xlsxtest.Validate(t, writeBook(t, t.TempDir(), "book.xlsx", newFixture(8, 40, 90).book()))
}

// pandas reads each table with its types and cached results; a warning fails the test.
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
	long(t)
	xlsxtest.Needs(t, "pandas and openpyxl", "/usr/bin/python3", "-c", "import pandas, openpyxl")
	path := writeBook(t, t.TempDir(), "book.xlsx", newFixture(8, 40, 90).book())
	out, err := exec.Command("/usr/bin/python3", "-c", readTables, path).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "read" {
		t.Errorf("%v\n%s", err, out)
	}
}

// LibreOffice converts the workbook to PDF and to ODS.
func TestLibreOfficeConverts(t *testing.T) {
	long(t)
	path := writeBook(t, t.TempDir(), "book.xlsx", newFixture(8, 40, 90).book())
	for _, format := range []string{"pdf", "ods"} {
		out := xlsxtest.Recalculate(t, format, path)
		if info, err := os.Stat(out[0]); err != nil || info.Size() < 10_000 {
			t.Errorf("%s: %v, %v", filepath.Base(out[0]), info, err)
		}
	}
}
