package gsheets

import (
	"maps"
	"slices"
	"strings"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/report"
	"hdsreport/report/published"
)

// What was published is kept in a folder beside the workspace, and such a folder can be
// lost: a commit that was never pushed, another machine. So the sheet itself bears a mark
// of each row as it was written. A row that still has its mark is as it was published,
// whatever that was, and a publication may replace it: nobody has typed there. The other
// rows are compared with the new edition, as without marks.

// rowMarkLength is how many characters stand for a row: 36 bits.
const rowMarkLength = 6

// maxRowMarks keeps the marks within what Google stores of metadata a tab, 30,000
// characters, beside the other entries. Longer lists have none.
const maxRowMarks = 18_000 / rowMarkLength

// rowMarks remembers how the rows of a list are written.
func (p *planner) rowMarks(l *layout, m *memo) error {
	table := l.sheet.Table
	if table.Len > maxRowMarks {
		return nil
	}
	ids := columnIDs(l.sheet)
	drawn := &tab{columns: map[string]int{}, cells: [][]*sheets.CellData{make([]*sheets.CellData, len(ids))}}
	for i, id := range ids {
		drawn.columns[id] = i
	}
	marks := make([]string, table.Len)
	for row := range marks {
		for i := range ids {
			s, err := p.draw.body(l, row, i, l.header+1+row)
			if err != nil {
				return err
			}
			drawn.cells[0][i] = cellData(s.content)
		}
		marks[row] = drawn.markOfRow(0)
	}
	m.Rows = strings.Join(marks, "")
	return nil
}

// markOfRow stands for what our columns hold in a row, wherever they stand.
func (t *tab) markOfRow(row int) string {
	var keys []string
	for _, id := range slices.Sorted(maps.Keys(t.columns)) {
		keys = append(keys, id, t.content(row, t.columns[id]).key())
	}
	return digest(strings.Join(keys, "\x00"))[:rowMarkLength]
}

// borne is what a sheet says itself of its publication: the rows that are as they were
// written. It is nil where the sheet bears no marks.
func (st *state) borne(b *report.Book, last entry) *published.Publication {
	out := &published.Publication{Generation: last.Generation, Edition: last.Edition}
	for _, s := range b.Sheets {
		t := st.tabs[s.ID]
		if s.Table == nil || t == nil || t.memo.Rows == "" {
			continue
		}
		marked := map[string]bool{}
		for mark := range slices.Chunk([]byte(t.memo.Rows), rowMarkLength) {
			marked[string(mark)] = true
		}
		table := published.Table{ID: s.ID}
		ids := slices.Sorted(maps.Keys(t.columns))
		for _, id := range ids {
			table.Columns = append(table.Columns, published.Column{ID: id})
		}
		for row := t.header + 1; row < len(t.cells); row++ {
			r := published.Row{ID: t.content(row, columnAt(t, "id")).text}
			if r.ID == "" || !marked[t.markOfRow(row)] {
				continue
			}
			for _, id := range ids {
				r.Values = append(r.Values, t.content(row, t.columns[id]).value())
			}
			table.Rows = append(table.Rows, r)
		}
		out.Tables = append(out.Tables, table)
	}
	if len(out.Tables) == 0 {
		return nil
	}
	return out
}

// value is a content as the book has it; a formula's is not known.
func (c content) value() report.Value {
	switch c.kind {
	case aText:
		return report.TextOf(c.text)
	case aNumber:
		return report.NumberOf(c.num)
	}
	return report.Value{}
}
