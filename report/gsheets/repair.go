package gsheets

import (
	"maps"
	"slices"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/report"
	"hdsreport/report/published"
)

// sources says, by row of the grid, which row of the copy belongs there; -1 for none. Beside each
// row of the book belongs what stood beside it in the copy. What stood above the header, and
// anywhere on a sheet without rows of data, stays; below a list comes what stood below it or
// between its rows. What stood beside rows that have left the list has been saved. The result is
// longer than the grid where there is too little room below.
func (m *movement) sources(l *layout, was *published.Table) []int {
	then, table := m.copies[l.sheet.ID], l.sheet.Table
	from := make([]int, l.rows)
	for row := range from {
		from[row] = -1
	}
	if table == nil {
		for row := range min(l.rows, then.rows) {
			from[row] = row
		}
		return from
	}
	for up := 0; up <= min(l.header, then.header); up++ {
		from[l.header-up] = then.header - up
	}
	rows := then.rowsByID()
	for k, id := range rowIDs(table) {
		if row, known := rows[id]; known {
			from[l.header+1+k] = row
		}
	}
	for _, s := range then.standings(table, was) {
		if s.kind == rowKept && from[l.header+1+s.book] < 0 { // it has another identifier now
			from[l.header+1+s.book] = s.at
		}
	}
	below, used := then.below(table, was)
	if more := l.end() + used - len(from); more > 0 {
		from = append(from, slices.Repeat([]int{-1}, more)...)
	}
	copy(from[l.end():], below)
	return from
}

// formatsBack gives the rows below the header of our columns the formats that they had in the
// copy, so that a colour that somebody gave a row stands in that row again. New rows take after
// a neighbour, without its colour.
func (p *planner) formatsBack(l *layout) {
	then := p.repair.copies[l.sheet.ID]
	if l.header < 0 || l.tab == nil || then == nil {
		return
	}
	from := p.repair.sources(l, p.published(l.sheet.ID))
	if more := len(from) - l.rows; more > 0 {
		p.add(appendLines(l.id, rowsOf, more))
		l.rows += more
	}
	source := map[int]int{} // by column of the grid, that of the copy
	for i, id := range columnIDs(l.sheet) {
		if was, there := then.columns[id]; there {
			source[l.columns[i]] = was
		}
	}
	for _, b := range blocksOf(source) {
		for _, run := range rowRuns(from, l.header+1) {
			p.add(b.formats(l.id, then, run)...)
		}
	}
}

// restore brings back, from the copies, what people have in their own columns and the notes that
// they wrote on our cells.
func (m *movement) restore(b *report.Book, p *planner) []*sheets.Request {
	var reqs []*sheets.Request
	for _, s := range b.Sheets {
		then, l := m.copies[s.ID], p.layouts[s.ID]
		if then == nil || l == nil || l.tab == nil {
			continue
		}
		from := m.sources(l, p.published(s.ID))
		reqs = append(reqs, notesBack(l, then, from)...)
		source := map[int]int{}
		for _, col := range othersColumns(l) {
			if was := then.columnBefore(col, l); was < then.cols {
				source[col] = was
			}
		}
		for _, block := range blocksOf(source) {
			for _, run := range rowRuns(from, 0) {
				reqs = append(reqs, block.back(l.id, then, run)...)
			}
		}
	}
	return reqs
}

// block is a run of columns that stand side by side, in the grid and in the copy.
type block struct{ left, source, width int }

// blocksOf groups columns of the grid, given with those of the copy that belong there.
func blocksOf(source map[int]int) []block {
	var out []block
	for _, col := range slices.Sorted(maps.Keys(source)) {
		if n := len(out) - 1; n >= 0 && out[n].left+out[n].width == col && out[n].source+out[n].width == source[col] {
			out[n].width++
			continue
		}
		out = append(out, block{col, source[col], 1})
	}
	return out
}

// rowRun is a run of n rows of the grid from row on, which follow each other in the copy too. A
// run of new rows has no source; model is then the row of the copy that they take after, -1 for
// none.
type rowRun struct{ row, n, source, model int }

// rowRuns cuts the rows of the grid from first on into runs.
func rowRuns(from []int, first int) []rowRun {
	var out []rowRun
	for row := first; row < len(from); {
		n := 1
		for row+n < len(from) && (from[row] < 0 && from[row+n] < 0 || from[row] >= 0 && from[row+n] == from[row]+n) {
			n++
		}
		run := rowRun{row, n, from[row], -1}
		switch {
		case run.source >= 0:
		case row > first && from[row-1] >= 0:
			run.model = from[row-1]
		case row+n < len(from):
			run.model = from[row+n]
		}
		out = append(out, run)
		row += n
	}
	return out
}

func (b block) to(sheet int64, r rowRun) *sheets.GridRange {
	return gridRange(sheet, r.row, r.row+r.n, b.left, b.left+b.width)
}

func (b block) of(then *tab, row, n int) *sheets.GridRange {
	return gridRange(then.id, row, row+n, b.source, b.source+b.width)
}

// formats brings back the formats of a run of rows, and nothing else.
func (b block) formats(sheet int64, then *tab, r rowRun) []*sheets.Request {
	if r.source >= 0 {
		return []*sheets.Request{paste("PASTE_FORMAT", b.of(then, r.source, r.n), b.to(sheet, r))}
	}
	return b.likeModel(sheet, then, r, "userEnteredFormat")
}

// back brings back a run of rows whole. New rows hold nothing.
func (b block) back(sheet int64, then *tab, r rowRun) []*sheets.Request {
	if r.source >= 0 {
		return []*sheets.Request{paste("PASTE_NORMAL", b.of(then, r.source, r.n), b.to(sheet, r))}
	}
	reqs := b.likeModel(sheet, then, r, "userEnteredValue,userEnteredFormat,note,dataValidation,textFormatRuns")
	if r.model >= 0 {
		reqs = append(reqs, paste("PASTE_DATA_VALIDATION", b.of(then, r.model, 1), b.to(sheet, r)))
	}
	return reqs
}

// likeModel empties a run of new rows of some fields, and then gives them the formats of the row
// that they take after, as Google does with rows that are inserted.
func (b block) likeModel(sheet int64, then *tab, r rowRun, fields string) []*sheets.Request {
	reqs := []*sheets.Request{{UpdateCells: &sheets.UpdateCellsRequest{Range: b.to(sheet, r), Fields: fields}}}
	if r.model >= 0 {
		reqs = append(reqs, paste("PASTE_FORMAT", b.of(then, r.model, 1), b.to(sheet, r)),
			withoutBackground(b.to(sheet, r)))
	}
	return reqs
}

// below are the rows of a copy that belong below its list: those of somebody's that
// stood between the list's, then all that stood below them. used is how many there are down to
// the last in which somebody's own columns hold something.
func (t *tab) below(table *report.Table, was *published.Table) (out []int, used int) {
	all := t.standings(table, was)
	last := lastOfList(all)
	for i, s := range all {
		if i > last || s.others && (s.kind == rowTheirs || s.kind == rowTyped) {
			out = append(out, s.at)
		}
	}
	used = len(out)
	for used > 0 && !t.othersIn(out[used-1]) {
		used--
	}
	return out, used
}

// notesBack are the notes that people wrote on our cells, beside the rows that they were
// written on; none where there are no notes.
func notesBack(l *layout, then *tab, from []int) []*sheets.Request {
	var reqs []*sheets.Request
	for i, id := range columnIDs(l.sheet) {
		was, there := then.columns[id]
		noted := false
		for row := range then.cells {
			noted = noted || there && then.note(row, was) != ""
		}
		if !noted {
			continue
		}
		rows := make([]*sheets.RowData, len(from))
		for row, at := range from {
			rows[row] = &sheets.RowData{Values: []*sheets.CellData{{Note: then.note(at, was)}}}
		}
		reqs = append(
			reqs,
			&sheets.Request{
				UpdateCells: &sheets.UpdateCellsRequest{
					Range:  gridRange(l.id, 0, len(rows), l.columns[i], l.columns[i]+1),
					Rows:   rows,
					Fields: "note",
				},
			},
		)
	}
	return reqs
}

// othersColumns are the columns of the grid that are not ours.
func othersColumns(l *layout) []int {
	var out []int
	for col := range l.cols {
		if !slices.Contains(l.columns, col) {
			out = append(out, col)
		}
	}
	return out
}

// columnBefore is where a column of somebody's stood in the copy.
func (t *tab) columnBefore(col int, l *layout) int {
	// Counted from the nearest column of ours to the left, which is known on both sides.
	at, then := -1, -1
	for i, id := range columnIDs(l.sheet) {
		if c := l.columns[i]; c < col && c > at {
			if was, ok := t.columns[id]; ok {
				at, then = c, was
			}
		}
	}
	return then + col - at
}
