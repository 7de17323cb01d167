package gsheets

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl/message"
	"hdsreport/report"
)

// People go on typing between the reading of the spreadsheet and the moment when a batch is applied.
// So the batch begins by copying our tabs as it finds them, and here the copies are compared with
// what was read. What was typed in between is saved. If rows or columns moved in between, the batch,
// which addresses them by number, has written our cells beside the wrong cells of other people.
// Then a second batch writes ours where they belong and copies the others' back (repair.go).

// digest identifies what our tabs held. The generation's entry keeps it, so that after a run that
// was killed the next one can tell whether anything was typed while it wrote.
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

// settled reports whether the copies hold what the last publication had read, so that nobody typed
// in between, or are gone because that has been dealt with.
func (st *state) settled(last entry) bool {
	return len(st.before) == 0 || digestOf(st.before) == last.Read
}

// settle reads the spreadsheet again after a batch, saves and repairs what people did meanwhile, and
// compares the result with the book.
func (s *service) settle(ctx context.Context, b *report.Book, read *state, p *planner, out *Outcome) error {
	told := false
	for n := 0; ; n++ {
		now, err := s.state(ctx, "sheet-state-reading-back")
		if err != nil {
			return message.Fail(err, "sheet-not-read-back", "why", err)
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
			return message.Fail(nil, "sheet-moves-too-fast")
		}
		s.tell("sheet-state-repairing")
		repair := &planner{book: b, st: now, opt: s.opt, was: p.was, repair: m}
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
		if errors.As(err, new(*changedError)) && n < replans {
			continue // they have moved again: what there is to put right is worked out anew
		}
		if err != nil {
			return message.Fail(err, "sheet-not-repaired", "why", err)
		}
		out.Bytes += size
		read, p, told = now, repair, false
	}
}

// keep saves and reports what was typed meanwhile. The batch has overwritten it; only the copies
// still hold it.
func (s *service) keep(edits []Edit, out *Outcome) error {
	if len(edits) == 0 {
		return nil
	}
	out.Edits = append(out.Edits, edits...)
	if s.opt.SaveEdits == nil {
		return nil
	}
	if err := s.opt.SaveEdits(edits); err != nil {
		return message.Fail(err, "sheet-late-edits-unsaved", "why", err)
	}
	return nil
}

// dropCopies deletes copies that have been dealt with. If that fails, the next run deals with them
// again.
func (s *service) dropCopies(ctx context.Context, now *state) error {
	var batch sheets.BatchUpdateSpreadsheetRequest
	for _, id := range slices.Sorted(maps.Keys(now.before)) {
		batch.Requests = append(batch.Requests, deleteSheet(now.before[id].id))
	}
	_, err := s.once(ctx, func(ctx context.Context) error {
		_, err := s.api.Spreadsheets.BatchUpdate(s.id, &batch).Context(ctx).Do()
		return err
	})
	if err != nil {
		s.tell("sheet-state-copies-stay", "why", s.said(err))
	}
	return nil
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
			m.edits = append(m.edits, typedInRows(s, was, then, p.opt.Same)...)
		}
		m.moved = m.moved || was.header != then.header || rowsMoved(was, then)
		for id, c := range was.columns {
			_, there := is.columns[id]
			lost := !there && slices.Contains(columnIDs(s), id)
			m.moved = m.moved || lost || columnAt(then, id) != c
		}
	}
	return m
}

// placed finds where our columns and the header stood in a copy. A copy has no metadata on its rows
// and columns, so their places are computed from the present ones, minus what the batch itself
// inserted and deleted.
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
	t.placedByHeader(s, was, is)
	t.memo = was.memo
}

// placedByHeader corrects the columns of a list that placed got wrong, by the text of their headers.
// It is wrong if somebody moved or deleted columns after the batch, or deleted one of ours before.
func (t *tab) placedByHeader(s *report.Sheet, was, is *tab) {
	if t.header < 0 {
		return
	}
	for id, c := range was.columns {
		header := was.content(was.header, c).text
		if header == "" || t.content(t.header, t.columns[id]).text == header {
			continue
		}
		var at []int
		for col := range t.cols {
			if t.content(t.header, col).text == header {
				at = append(at, col)
			}
		}
		_, there := is.columns[id]
		switch {
		case len(at) == 1:
			t.columns[id] = at[0]
		case len(at) == 0 && !there && slices.Contains(columnIDs(s), id):
			delete(t.columns, id)
		}
	}
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
			col := columnAt(then, id)
			a, b := was.content(row, columnAt(was, id)), then.content(row, col)
			if col < 0 || a.key() == b.key() {
				continue
			}
			out = append(
				out,
				Edit{Sheet: s.ID, Actor: then.label(row, ids), Field: cellName(row, col), Header: then.above(row, col),
					Published: a.shown(report.Text), Found: b.shown(report.Text), Concurrent: true},
			)
		}
	}
	return out
}

func typedInRows(s *report.Sheet, was, then *tab, says func(column, a, b string) bool) []Edit {
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
			col := columnAt(then, c.ID)
			a, b := was.content(before, columnAt(was, c.ID)), then.content(row, col)
			if col >= 0 && a.key() != b.key() && !saysTheSame(says, &c, b, a) {
				out = append(
					out,
					Edit{Sheet: s.ID, Row: id, Actor: then.content(row, name).text, Field: c.ID, Header: c.Header,
						Published: a.shown(c.Kind), Found: b.shown(c.Kind), Concurrent: true},
				)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if _, there := found[id]; !there {
			name := was.content(rows[id], columnAt(was, "name")).text
			out = append(out, Edit{Sheet: s.ID, Row: id, Actor: name, Published: name, Concurrent: true})
		}
	}
	return out
}
