package xlsx

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hdsreport/report"
	"hdsreport/report/audit"
)

// A text that a long column repeats is stored once and reads back unchanged. The texts
// include characters that XML and the format escape, a text that recurs only further down,
// and one that another column shares.
func TestTextsThatRecurAreShared(t *testing.T) {
	b := newFixture(1, 3, 3).book()
	tb := b.Sheets[0].Table
	says := []string{"Oui & <non> \"d\" 'e'", " au bord", "_x0041_", "deux\nlignes"}
	const late = "plus bas"
	column := func(n int) report.Value {
		if n > sharedRows {
			return report.TextOf(late)
		}
		return report.TextOf(says[n%len(says)])
	}
	tb.Columns, tb.Len = tb.Columns[:2], sharedRows+2*sharedTimes
	for i := range tb.Columns {
		c := &tb.Columns[i]
		c.Kind, c.At, c.Computed, c.Link, c.Proposed, c.Choices = report.Text, column, nil, nil, nil, nil
	}
	b.Sheets = b.Sheets[:1]
	data := mustWrite(t, b)
	_, parts := unzipped(t, data)
	if got := strings.Count(parts[textsPart], "<si>"); got != len(says) {
		t.Errorf("%d shared texts, want %d: %.400s", got, len(says), parts[textsPart])
	}
	if got := strings.Count(parts["xl/worksheets/sheet1.xml"], ">"+late+"<"); got == 0 {
		t.Errorf("%q stands in no cell", late)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(b.Sheets[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	for n := range tb.Len {
		for col := range tb.Columns {
			want := column(n).Text
			if got := rows[tb.Row+1+n][col]; got != want {
				t.Fatalf("row %d, column %d: %q, want %q", n, col, got, want)
			}
		}
	}
	r, err := audit.Workbook(bytes.NewReader(data), int64(len(data)), audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Rule == "grid" {
			t.Error(f.String())
		}
	}
}

// A workbook of the usual size has no shared strings; each text is stored in its cell.
func TestShortListsShareNoText(t *testing.T) {
	_, parts := unzipped(t, mustWrite(t, newFixture(3, sharedTimes-1, sharedTimes-1).book()))
	for name, part := range parts {
		if name == textsPart || strings.Contains(part, "sharedStrings") {
			t.Errorf("%s is, or speaks of, shared texts", name)
		}
	}
}
