package main

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"hdsreport/etl"
	"hdsreport/report"
	"hdsreport/report/xlsx/xlsxtest"
)

// suspended is the sample of June 2019 in which every seventh row is suspended, in words
// of its own or in the usual ones.
func suspended(t *testing.T) *job {
	t.Helper()
	c := &Command{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Now: func() time.Time { return time.Time{} }}
	j, err := c.load(&input{config: filepath.Join("../../samples", "hdsreport.yaml"), edition: "2019-06-17", again: true},
		map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	last := j.input.Editions[len(j.input.Editions)-1]
	headers := map[etl.Listing]*etl.Headers{etl.Approved: etl.NewHeaders(&j.input.Reference, etl.Approved),
		etl.Certified: etl.NewHeaders(&j.input.Reference, etl.Certified)}
	for l, h := range headers {
		name := -1
		for i, row := range last.Sources[l].Table.Rows {
			for col, cell := range row.Cells {
				if h.Recognise(row.Cells) >= 3 && h.Recognise([]string{cell}) == 1 && name < 0 && len(cell) > 6 {
					name = col
				}
			}
			if name >= 0 && i%7 == 0 && h.Recognise(row.Cells) < 2 && row.Cell(name) != "" {
				row.Cells[name] += [...]string{" (suspendu)", " (retiré le 3 mars 2019)"}[i%2]
			}
		}
	}
	j.result = etl.Run(j.input)
	return j
}

// TestSuspendedRowsRecalculate: a spreadsheet finds every figure of a book with rows that
// do not count, and follows whoever suspends a row or makes one valid again.
func TestSuspendedRowsRecalculate(t *testing.T) {
	t.Parallel() // it waits for other programs
	xlsxtest.Tool(t, "soffice", "libreoffice")
	j := suspended(t)
	book := built(t, j)
	before := figuresOf(book)
	var edits []edit
	for _, id := range []string{report.ApprovedTable, report.CertifiedTable} {
		table := book.Table(id)
		out := 0
		for row := range table.Len {
			said, word := table.Column("standing").At(row).Text, "Valide"
			if said == "" {
				word = "Retiré"
			} else {
				out++
			}
			if said != "" && out%2 == 0 || row%9 == 0 {
				edits = append(edits, edit{id, row, "standing", report.TextOf(word)})
			}
		}
		if out < 2 {
			t.Fatalf("%s: %d rows do not count", id, out)
		}
	}
	dir := t.TempDir()
	paths := []string{filepath.Join(dir, "suspended.xlsx"), filepath.Join(dir, "edited.xlsx")}
	for _, path := range paths {
		writeBook(t, path, book)
	}
	editFile(t, paths[1], book, edits)
	recalculated := xlsxtest.Recalculate(t, "xlsx", paths...)
	if n, diffs := xlsxtest.Differences(t, paths[0], recalculated[0]); n < 300 || len(diffs) > 0 {
		t.Errorf("%d cells compared: %v", n, diffs)
	}
	editBook(book, edits)
	checkFigures(t, "suspended", book, recalculated[1], before)
}
