package gsheets

import (
	"errors"
	"io/fs"
	"maps"
	"slices"

	"hdsreport/report"
	"hdsreport/report/published"
)

// What is left to do after a publication that was killed between its batch and its reading back.

// astray are the cells of somebody's own columns that do not stand beside their row any
// more: rows had moved while a publication was written that was killed before it could
// bring them back. Whether somebody has changed them since cannot be told, so that they
// are saved and left where they are.
func astray(s *report.Sheet, then, is *tab) []Edit {
	var out []Edit
	was, now := then.rowsByID(), is.rowsByID()
	for _, id := range slices.Sorted(maps.Keys(was)) {
		row := was[id]
		if at, there := now[id]; there && row < len(then.cells) {
			name := then.content(row, columnAt(then, "name")).text
			out = append(
				out,
				then.othersCells(
					s.ID,
					id,
					name,
					row,
					func(col int) bool { return !then.sameAbout(row, is, at, col) },
				)...)
		}
	}
	return out
}

// sameAbout compares what is somebody's of a cell in two tabs: the note, and what was
// entered in a column of theirs.
func (t *tab) sameAbout(row int, other *tab, at, col int) bool {
	return t.note(row, col) == other.note(at, col) &&
		(t.ours()[col] || t.content(row, col).key() == other.content(at, col).key())
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
	full := withMissing(b, asFound(b, copies))
	d, err := draw(b, full)
	if err != nil {
		return nil, err
	}
	d.says = o.Same
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
