package xlsx

import (
	"bytes"
	"testing"

	"hdsreport/etl"
	"hdsreport/report/audit"
)

// TestUnhappyBooksAreSound writes names that look like formulas, numbers, dates or errors,
// results that are empty texts, and drop-downs too long for a literal. The workbook must
// not mislead, run anything or need a repair. Warnings are ignored: they are about the
// layout of the book, which here is the test's.
func TestUnhappyBooksAreSound(t *testing.T) {
	for seed := range uint64(3) {
		var buf bytes.Buffer
		if err := Write(&buf, newFixture(seed, 40, 120).book()); err != nil {
			t.Fatal(err)
		}
		r, err := audit.Workbook(bytes.NewReader(buf.Bytes()), int64(buf.Len()), audit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Findings {
			if f := r.Findings[i]; f.Severity == etl.Error || f.Rule == "number-as-text" {
				t.Errorf("seed %d: %s", seed, f.String())
			}
		}
	}
}
