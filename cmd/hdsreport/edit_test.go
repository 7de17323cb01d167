package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"

	"hdsreport/report"
	"hdsreport/report/reporttest"
	"hdsreport/report/xlsx/xlsxtest"
)

// edit is what an editor does to one cell, or to a whole row (column "").
type edit struct {
	table  string // Table.ID
	row    int    // of data, as it was before any edit
	column string
	value  report.Value
}

// TestFiguresFollowEdits: somebody changes positions, activities and dates in the
// data sheets and deletes rows; a spreadsheet then shows what Go computes for the
// changed tables, in every live cell of the summary.
func TestFiguresFollowEdits(t *testing.T) {
	t.Parallel() // it waits for other programs
	xlsxtest.Tool(t, "soffice", "libreoffice")
	j := sample(t, "", "2019-06-17")
	dir := t.TempDir()
	var paths []string
	var all [][]edit
	for seed := range uint64(4) {
		book := built(t, j)
		path := filepath.Join(dir, fmt.Sprintf("edited%d.xlsx", seed))
		writeBook(t, path, book)
		edits := someEdits(book, rand.New(rand.NewPCG(seed, 17)))
		editFile(t, path, book, edits)
		paths, all = append(paths, path), append(all, edits)
	}
	for i, recalculated := range xlsxtest.Recalculate(t, "xlsx", paths...) {
		book := built(t, j)
		before := figuresOf(book)
		editBook(book, all[i])
		checkFigures(t, fmt.Sprintf("edits %d", i), book, recalculated, before)
	}
}

// someEdits draws changes of every kind; on each sheet two rows go.
func someEdits(b *report.Book, r *rand.Rand) []edit {
	var out []edit
	yesNo := []report.Value{report.TextOf("Oui"), report.TextOf("Non"), report.TextOf("n.c.")}
	for _, id := range []string{report.ApprovedTable, report.CertifiedTable} {
		t := b.Table(id)
		rows := r.Perm(t.Len)
		positions := t.Column("position").Choices
		for _, row := range rows[:6] {
			out = append(out, edit{id, row, "position", report.TextOf(positions[r.IntN(len(positions))])})
			out = append(out, edit{id, row, "until", report.Value{Kind: report.Day, Num: float64(43200 + r.IntN(900))}})
		}
		if id == report.CertifiedTable {
			for _, row := range rows[:8] {
				for _, a := range []string{"sites_physiques", "sauvegarde", "plateforme"} {
					out = append(out, edit{id, row, a, yesNo[r.IntN(3)]})
				}
			}
		}
		for _, row := range rows[7:9] {
			out = append(out, edit{id, row, "", report.Value{}})
		}
	}
	return out
}

// editFile does the edits in the file, rows last and from the bottom up.
func editFile(t *testing.T, path string, b *report.Book, edits []edit) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	gone := map[string][]int{}
	for _, e := range edits {
		table, sheet := b.Table(e.table), b.Sheets[map[string]int{report.ApprovedTable: 0,
			report.CertifiedTable: 1}[e.table]]
		if e.column == "" {
			gone[sheet.Name] = append(gone[sheet.Name], table.Row+2+e.row)
			continue
		}
		col := slices.IndexFunc(table.Columns, func(c report.Column) bool { return c.ID == e.column })
		cell, err := excelize.CoordinatesToCellName(col+1, table.Row+2+e.row)
		if err != nil {
			t.Fatal(err)
		}
		if e.value.Kind == report.Text {
			err = f.SetCellStr(sheet.Name, cell, e.value.Text)
		} else {
			err = f.SetCellFloat(sheet.Name, cell, e.value.Num, -1, 64)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for sheet, rows := range gone {
		slices.Sort(rows)
		for _, row := range slices.Backward(rows) {
			if err := f.RemoveRow(sheet, row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
}

// editBook does the same in the book, and has the computed columns follow.
func editBook(b *report.Book, edits []edit) {
	for _, id := range []string{report.ApprovedTable, report.CertifiedTable} {
		t := b.Table(id)
		changed := map[string]report.Value{}
		kept := make([]int, 0, t.Len)
		gone := map[int]bool{}
		for _, e := range edits {
			switch {
			case e.table != id:
			case e.column == "":
				gone[e.row] = true
			default:
				changed[e.column+"/"+strconv.Itoa(e.row)] = e.value
			}
		}
		for row := range t.Len {
			if !gone[row] {
				kept = append(kept, row)
			}
		}
		t.Len = len(kept)
		for i := range t.Columns {
			c := &t.Columns[i]
			was := c.At
			c.At = func(row int) report.Value {
				if v, ok := changed[c.ID+"/"+strconv.Itoa(kept[row])]; ok {
					return v
				}
				return was(kept[row])
			}
		}
	}
	for _, id := range []string{report.ApprovedTable, report.CertifiedTable} {
		t := b.Table(id)
		for i := range t.Columns {
			c := &t.Columns[i]
			if c.Computed != nil {
				c.At = func(row int) report.Value { return reporttest.EvalRow(b, t, c.Computed, row) }
			}
		}
	}
}

// figuresOf evaluates every live cell of the summary.
func figuresOf(b *report.Book) map[string]report.Value {
	out := map[string]report.Value{}
	for _, l := range b.Sheets[2].Lines {
		for _, c := range l.Cells {
			if c.Expr != nil {
				cell, _ := excelize.CoordinatesToCellName(c.Col+1, l.Row+1)
				out[cell] = reporttest.Eval(b, c.Expr)
			}
		}
	}
	return out
}

func checkFigures(t *testing.T, name string, b *report.Book, path string, before map[string]report.Value) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	moved := 0
	for cell, want := range figuresOf(b) {
		if want != before[cell] {
			moved++
		}
		got, err := f.GetCellValue(b.Sheets[2].Name, cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.ParseFloat(got, 64)
		if want.Kind == report.Number && (err != nil || math.Abs(n-want.Num) > 1e-9) ||
			want.Kind == report.Blank && got != "" {
			t.Errorf("%s: %s: the spreadsheet says %q, Go says %v", name, cell, got, want)
		}
	}
	if moved < 15 {
		t.Errorf("%s: only %d figures moved: the edits prove little", name, moved)
	}
}
