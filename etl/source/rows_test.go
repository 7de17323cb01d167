package source

import (
	"math"
	"strings"
	"testing"
)

// TestTooManyRows: more rows than a sheet has are refused, and not first computed
// with; a row that says to be repeated a thousand million times at once.
func TestTooManyRows(t *testing.T) {
	_, _, err := Read([]byte("Raison sociale;Fin\n"+strings.Repeat("A;\n", maxRows)), "a.csv", Options{})
	if err == nil || !strings.Contains(err.Error(), "[too-many-rows]") {
		t.Errorf("csv: %v", err)
	}
	_, _, err = Read([]byte(`<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><office:body><office:spreadsheet>`+
		`<table:table table:name="T"><table:table-row table:number-rows-repeated="1000000000"><table:table-cell><text:p>A</text:p></table:table-cell></table:table-row></table:table>`+
		`</office:spreadsheet></office:body></office:document>`), "a.fods", Options{MaxCells: math.MaxInt})
	if err == nil || !strings.Contains(err.Error(), "[too-many-rows]") {
		t.Errorf("ods: %v", err)
	}
}
