package gsheets

import (
	"errors"
	"io/fs"
	"maps"
	"slices"

	"hdsreport/report"
	"hdsreport/report/published"
)

// A run may be killed after its batch was applied and before it has read the spreadsheet again. Here
// the next run saves what people typed while that batch was on its way.

// astray lists the cells in other people's columns that no longer stand beside their row, because
// rows moved while the batch was on its way and the run was killed before it could repair that.
// They are saved and left where they are, since somebody may have changed them since.
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

// sameAbout reports whether people have the same in a cell of two tabs: the note, and in a column of
// their own the value.
func (t *tab) sameAbout(row int, other *tab, at, col int) bool {
	return t.note(row, col) == other.note(at, col) &&
		(t.ours()[col] || t.content(row, col).key() == other.content(at, col).key())
}

// lateEdits lists the edits that a killed run did not save: what its copies hold and the publication
// before it had not written.
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
		// Where our columns stood then is not known; where they stand now is the best guess.
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
