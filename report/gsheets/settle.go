package gsheets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/report"
	"hdsreport/report/formula"
	"hdsreport/report/published"
)

// Between the reading of the spreadsheet and the moment when a batch is applied, people
// go on typing. The batch copies our tabs as it finds them; here the copies are compared
// with what was read. What was typed in between is saved. Where rows or columns had
// moved in between, the batch, which counts them as it read them, has put our cells
// beside somebody else's: a second batch writes them where they belong, and brings back
// from the copies what people have in their own columns, row by row.

// digest names what our tabs held: it stands in the generation, so that a later run can
// tell whether anything was typed while it was written, should this one be killed.
func (st *state) digest() string { return digestOf(st.tabs) }

func digestOf(tabs map[string]*tab) string {
	var ids []string
	for id := range tabs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var b strings.Builder
	for _, id := range ids {
		fmt.Fprintf(&b, "%s\n", id)
		tabs[id].eachCell(func(row, col int, c content) { fmt.Fprintf(&b, "%d %d %q\n", row, col, c.key()) })
	}
	return digest(b.String())
}

func (t *tab) eachCell(f func(row, col int, c content)) {
	for row := range t.cells {
		for col := range t.cells[row] {
			if c := t.content(row, col); c != (content{}) {
				f(row, col, c)
			}
		}
	}
}

// settled tells that the copies hold what the last publication had read: nobody typed
// in between, or it has been dealt with and the copies are gone.
func (st *state) settled(last entry) bool {
	return len(st.before) == 0 || digestOf(st.before) == last.Read
}

// settle reads back what was written, deals with what people did meanwhile, and compares
// the spreadsheet with the book.
func (s *service) settle(ctx context.Context, b *report.Book, read *state, p *planner, out *Outcome) error {
	told := false
	for n := 0; ; n++ {
		now, err := s.state(ctx, "reading back")
		if err != nil {
			return fmt.Errorf("the publication was written, and could not be read back: %w", err)
		}
		if last := lastOf(now.entries); last.ID != p.next.ID {
			return nil // somebody has published since: what stands there is theirs to compare
		}
		if now.settled(p.next) {
			return verify(b, now)
		}
		m := meanwhile(b, read, now, p)
		if !told {
			if err := s.keep(m.edits, out); err != nil {
				return err
			}
			told = true
		}
		if !m.moved {
			if err := verify(b, now); err != nil {
				return err
			}
			return s.dropCopies(ctx, now)
		}
		if n == replans {
			return errors.New("the publication was written, and people move rows and columns faster than their own cells can be put right: run publish again when they have finished")
		}
		s.opt.Progress("putting right what people moved meanwhile")
		repair := &planner{book: b, st: now, opt: s.opt, was: p.was, inPlace: true}
		batch, err := repair.plan()
		if err != nil {
			return err
		}
		batch.Requests = append(batch.Requests, m.restore(b, repair)...)
		for _, sheet := range b.Sheets {
			if t := now.before[sheet.ID]; t != nil {
				batch.Requests = append(batch.Requests, deleteSheet(t.id))
			}
		}
		size, err := s.sendable(batch, repair)
		if err != nil {
			return err
		}
		err = s.write(ctx, batch, lastOf(now.entries), repair.next)
		if errors.Is(err, errChanged) && n < replans {
			continue // they have moved again: what there is to put right is worked out anew
		}
		if err != nil {
			return fmt.Errorf("the publication was written, but cells of other people's columns stand beside the wrong rows; the hidden copies hold them as they were: %w", err)
		}
		out.Bytes += size
		read, p, told = now, repair, false
	}
}

// keep saves and reports what was typed meanwhile; it is overwritten by then, and stands
// in the copies.
func (s *service) keep(edits []Edit, out *Outcome) error {
	if len(edits) == 0 {
		return nil
	}
	out.Edits = append(out.Edits, edits...)
	if s.opt.SaveEdits == nil {
		return nil
	}
	if err := s.opt.SaveEdits(edits); err != nil {
		return fmt.Errorf("what people typed while the spreadsheet was written could not be saved; the hidden copies hold it: %w", err)
	}
	return nil
}

// dropCopies removes copies that have been dealt with. Should it fail, the next run
// deals with them once more.
func (s *service) dropCopies(ctx context.Context, now *state) error {
	var batch sheets.BatchUpdateSpreadsheetRequest
	for _, id := range slices.Sorted(mapKeys(now.before)) {
		batch.Requests = append(batch.Requests, deleteSheet(now.before[id].id))
	}
	_, err := s.once(ctx, func(ctx context.Context) error {
		_, err := s.api.Spreadsheets.BatchUpdate(s.id, &batch).Context(ctx).Do()
		return err
	})
	if err != nil {
		s.opt.Progress("the hidden copies could not be removed: " + s.said(err))
	}
	return nil
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// movement is what people did between a reading and the batch made from it.
type movement struct {
	edits  []Edit
	moved  bool            // rows or columns stood elsewhere than the batch took them to be
	copies map[string]*tab // the copies, with our columns and header where they stood then
}

// meanwhile compares the copies with what was read. p is the batch that took them, now
// the spreadsheet after it.
func meanwhile(b *report.Book, read, now *state, p *planner) *movement {
	m := &movement{copies: map[string]*tab{}}
	for _, s := range b.Sheets {
		was, is, then := read.tabs[s.ID], now.tabs[s.ID], now.before[s.ID]
		if was == nil || then == nil {
			continue
		}
		if is == nil {
			continue // deleted since: verify says so
		}
		then.placed(s, was, is, p.layouts[s.ID])
		m.copies[s.ID] = then
		if s.Table == nil {
			m.edits = append(m.edits, typedOutside(s, was, then, max(len(was.cells), len(then.cells)))...)
		} else {
			m.edits = append(m.edits, typedOutside(s, was, then, max(was.header, then.header)+1)...)
			m.edits = append(m.edits, typedInRows(s, was, then)...)
		}
		m.moved = m.moved || was.header != then.header || rowsMoved(was, then)
		for id, c := range was.columns {
			m.moved = m.moved || then.columns[id] != c
		}
	}
	return m
}

// placed says where our columns and the header stood in a copy. Metadata moves with what
// it marks and copies bear none, so that it is worked out from where they stand now,
// less what the batch itself inserted and deleted.
func (t *tab) placed(s *report.Sheet, was, is *tab, l *layout) {
	t.columns = map[string]int{}
	for id := range was.columns {
		c, there := is.columns[id]
		if !there {
			c = was.columns[id]
		}
		for i, other := range columnIDs(s) {
			if _, old := was.columns[other]; !old && there && l.columns[i] < c {
				c--
			}
		}
		for other, at := range was.columns {
			if !slices.Contains(columnIDs(s), other) && there && at < was.columns[id] {
				c++
			}
		}
		t.columns[id] = c
	}
	if t.header = was.header; was.header >= 0 && is.header >= 0 {
		t.header = is.header - (l.header - was.header)
	}
	t.memo = was.memo
}

// rowsByID are the rows of a list in the grid.
func (t *tab) rowsByID() map[string]int {
	out := map[string]int{}
	col, ok := t.columns["id"]
	if !ok {
		return out
	}
	for row := t.header + 1; row < t.rows; row++ {
		if id := t.content(row, col).text; id != "" {
			if _, twice := out[id]; !twice {
				out[id] = row
			}
		}
	}
	return out
}

func rowsMoved(was, then *tab) bool {
	a, b := was.rowsByID(), then.rowsByID()
	for id, row := range a {
		if at, ok := b[id]; !ok || at != row {
			return true
		}
	}
	return len(a) != len(b)
}

func typedOutside(s *report.Sheet, was, then *tab, rows int) []Edit {
	var out []Edit
	ids := append(columnIDs(s), was.leaving(s)...)
	for row := range rows {
		for _, id := range ids {
			a, b := was.content(row, columnAt(was, id)), then.content(row, columnAt(then, id))
			if a.key() == b.key() {
				continue
			}
			col := columnAt(then, id)
			out = append(out, Edit{Sheet: s.ID, Actor: then.label(row, ids), Field: formula.ColumnName(col) + strconv.Itoa(row+1), Header: then.above(row, col),
				Published: a.shown(report.Text), Found: b.shown(report.Text), Concurrent: true})
		}
	}
	return out
}

func typedInRows(s *report.Sheet, was, then *tab) []Edit {
	var out []Edit
	rows, name := was.rowsByID(), columnAt(then, "name")
	same := map[string]int{} // rows as they were read, by their mark
	for row := was.header + 1; row < len(was.cells); row++ {
		same[was.rowMark(row)]++
	}
	found := then.rowsByID()
	for row := then.header + 1; row < len(then.cells); row++ {
		id := then.content(row, columnAt(then, "id")).text
		before, known := rows[id]
		if found[id] != row {
			before, known = -1, false // a second row of the same identifier, or one without
		}
		if m := then.rowMark(row); !known && same[m] > 0 {
			same[m]--
			continue
		}
		for _, c := range was.columnsHere(s) {
			a, b := was.content(before, columnAt(was, c.ID)), then.content(row, columnAt(then, c.ID))
			if a.key() != b.key() {
				out = append(out, Edit{Sheet: s.ID, Row: id, Actor: then.content(row, name).text, Field: c.ID, Header: c.Header,
					Published: a.shown(c.Kind), Found: b.shown(c.Kind), Concurrent: true})
			}
		}
	}
	for _, id := range slices.Sorted(mapKeys(rows)) {
		if _, there := found[id]; !there {
			name := was.content(rows[id], columnAt(was, "name")).text
			out = append(out, Edit{Sheet: s.ID, Row: id, Actor: name, Published: name, Concurrent: true})
		}
	}
	return out
}

// restore brings back what people have in their own columns: beside each row of the book
// what stood beside it in the copy, above the header and on a sheet without rows of data
// what stood there, and below a list what stood below it or between its rows. What stood
// beside rows that have left the list has been saved.
func (m *movement) restore(b *report.Book, p *planner) []*sheets.Request {
	var reqs []*sheets.Request
	for _, s := range b.Sheets {
		then, l := m.copies[s.ID], p.layouts[s.ID]
		if then == nil || l == nil || l.tab == nil {
			continue
		}
		// By row of the grid, the row of the copy; -1 for none.
		from := make([]int, l.rows)
		for row := range from {
			from[row] = -1
		}
		if s.Table == nil {
			for row := range min(l.rows, then.rows) {
				from[row] = row
			}
		} else {
			for up := 0; up <= min(l.header, then.header); up++ {
				from[l.header-up] = then.header - up
			}
			rows := then.rowsByID()
			for k, id := range rowIDs(s.Table) {
				if row, known := rows[id]; known {
					from[l.header+1+k] = row
				}
			}
			below := then.below(s.Table, p.published(s.ID))
			if more := l.end() + len(below) - len(from); more > 0 {
				reqs = append(reqs, appendLines(l.id, rowsOf, more))
				from = append(from, slices.Repeat([]int{-1}, more)...)
			}
			copy(from[l.end():], below)
		}
		reqs = append(reqs, notesBack(l, then, from)...)
		for _, theirs := range othersRuns(l) {
			left := then.columnBefore(theirs[0], l)
			reqs = append(reqs, broughtBack(l.id, theirs[0], len(theirs), then, left, from)...)
		}
	}
	return reqs
}

// below are the rows of a copy that belong below its list: those of somebody's that
// stood between the list's, then all that stood below them.
func (t *tab) below(table *report.Table, was *published.Table) []int {
	all := t.standings(table, was)
	last := lastOfList(all)
	var out []int
	for i, s := range all {
		if i > last || s.others && (s.kind == rowTheirs || s.kind == rowTyped) {
			out = append(out, s.at)
		}
	}
	for len(out) > 0 && !t.othersIn(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	return out
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
		reqs = append(reqs, &sheets.Request{UpdateCells: &sheets.UpdateCellsRequest{Range: gridRange(l.id, 0, len(rows), l.columns[i], l.columns[i]+1), Rows: rows, Fields: "note"}})
	}
	return reqs
}

// broughtBack copies columns of somebody's from a copy, a run of rows at a time; what
// has no row there is emptied.
func broughtBack(sheet int64, col, width int, then *tab, left int, from []int) []*sheets.Request {
	var reqs []*sheets.Request
	for row := 0; row < len(from); {
		n := 1
		for row+n < len(from) && (from[row] < 0 && from[row+n] < 0 || from[row] >= 0 && from[row+n] == from[row]+n) {
			n++
		}
		to := gridRange(sheet, row, row+n, col, col+width)
		if from[row] >= 0 && left+width <= then.cols {
			reqs = append(reqs, copyAll(gridRange(then.id, from[row], from[row]+n, left, left+width), to))
		} else {
			reqs = append(reqs, &sheets.Request{UpdateCells: &sheets.UpdateCellsRequest{Range: to, Fields: "userEnteredValue,note"}})
		}
		row += n
	}
	return reqs
}

// othersRuns are the columns of the grid that are not ours, side by side together, as
// far as anybody has used them.
func othersRuns(l *layout) [][]int {
	ours := map[int]bool{}
	for _, c := range l.columns {
		ours[c] = true
	}
	var out [][]int
	for col := range l.cols {
		switch {
		case ours[col]:
		case col > 0 && !ours[col-1] && len(out) > 0:
			out[len(out)-1] = append(out[len(out)-1], col)
		default:
			out = append(out, []int{col})
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

// astray are the cells of somebody's own columns that do not stand beside their row any
// more: rows had moved while a publication was written that was killed before it could
// bring them back. Whether somebody has changed them since cannot be told, so that they
// are saved and left where they are.
func astray(s *report.Sheet, then, is *tab) []Edit {
	var out []Edit
	was, now := then.rowsByID(), is.rowsByID()
	for _, id := range slices.Sorted(mapKeys(was)) {
		row := was[id]
		if at, there := now[id]; there && row < len(then.cells) {
			name := then.content(row, columnAt(then, "name")).text
			out = append(out, then.othersCells(s.ID, id, name, row, func(col int) bool { return !then.sameAbout(row, is, at, col) })...)
		}
	}
	return out
}

// sameAbout compares what is somebody's of a cell in two tabs: the note, and what was
// entered in a column of theirs.
func (t *tab) sameAbout(row int, other *tab, at, col int) bool {
	return t.note(row, col) == other.note(at, col) && (t.ours()[col] || t.content(row, col).key() == other.content(at, col).key())
}

// lateEdits are those that a publication which was killed did not come to save: what its
// copies hold and its forerunner had not published.
func lateEdits(b *report.Book, st *state, o *Options) ([]Edit, error) {
	last := lastOf(st.entries)
	var was *published.Publication
	for _, e := range st.entries {
		if e.ID != last.Parent {
			continue
		}
		var err error
		if was, err = o.Known(e.Generation); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	copies := &state{doc: st.doc, tabs: map[string]*tab{}}
	for id, then := range st.before {
		is := st.tabs[id]
		if is == nil {
			continue
		}
		// Where our columns stood is taken from where they stand.
		then.columns, then.header, then.memo = is.columns, is.header, is.memo
		copies.tabs[id] = then
	}
	full := asFound(b, copies)
	for _, s := range b.Sheets {
		if full[s.ID] == nil {
			full[s.ID] = &layout{sheet: s, title: s.Name, header: -1, columns: make([]int, len(columnIDs(s)))}
		}
	}
	d, err := draw(b, full)
	if err != nil {
		return nil, err
	}
	var out []Edit
	for _, s := range b.Sheets {
		l := full[s.ID]
		if l.tab == nil {
			continue
		}
		var table *published.Table
		if was != nil && s.Table != nil {
			table = was.Table(s.ID)
		}
		edits, err := d.editsIn(l, table)
		if err != nil {
			return nil, err
		}
		if s.Table != nil {
			edits = append(edits, astray(s, l.tab, st.tabs[s.ID])...)
		}
		for _, e := range edits {
			e.Concurrent, e.kept = true, true
			out = append(out, e)
		}
	}
	return out, nil
}
