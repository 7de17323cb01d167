package gsheets

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf16"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl/message"
	"hdsreport/report"
	"hdsreport/report/published"
)

// Free rows and columns that a tab has below and beside our cells, for people to write in.
const (
	spareRows    = 20
	spareColumns = 3
	leastRows    = 5
	leastColumns = 1
	// The copy of a tab has room for so many rows and columns more than were read, since people may
	// insert some while a batch is on its way. If they insert more, Google refuses the batch, and it
	// is planned again.
	copyRows    = 200
	copyColumns = 10
)

// planner makes the batch that brings a spreadsheet to what the book says.
type planner struct {
	book    *report.Book
	st      *state
	opt     *Options
	was     *published.Publication // what was published; nil where it is not known
	layouts map[string]*layout     // by Sheet.ID, as they will be
	draw    *drawing
	reqs    []*sheets.Request
	made    []string // titles of tabs that were there and had to be made anew
	next    entry
	// repair is set for the second batch, which puts right what people moved while the first one
	// was on its way (meanwhile.go). It moves no rows: they are in the book's order already, and
	// people's own cells are copied back beside them.
	repair *movement
}

// asFound is the layout of our tabs as they were read. A column or header that is gone is at -1.
func asFound(b *report.Book, st *state) map[string]*layout {
	out := map[string]*layout{}
	for _, s := range b.Sheets {
		t := st.tabs[s.ID]
		if t == nil {
			continue
		}
		l := &layout{sheet: s, tab: t, id: t.id, title: t.title, header: t.header, rows: t.rows, cols: t.cols}
		for _, id := range columnIDs(s) {
			l.columns = append(l.columns, columnAt(t, id))
		}
		out[s.ID] = l
	}
	return out
}

// plan makes the batch.
func (p *planner) plan() (*sheets.BatchUpdateSpreadsheetRequest, error) {
	p.layouts = map[string]*layout{}
	last := lastOf(p.st.entries)
	p.next = entry{
		Generation: p.book.Identifier,
		Edition:    p.opt.Edition,
		Format:     format,
		Read:       p.st.digest(),
	}.after(
		p.st.doc.SpreadsheetId,
		last,
		p.st.metadata,
	)
	// The entry comes first, so that a second batch fails there and its error says why.
	p.add(createMetadata(p.next.ID, keyGeneration, p.next.text(), onSpreadsheet()))
	for _, old := range p.st.entries[:max(0, len(p.st.entries)+1-keptEntries)] {
		p.add(deleteMetadata(old.ID))
	}
	p.properties()
	p.showAll()
	p.copies()
	var rest []func() error // what needs the places of all tabs
	for i, s := range p.book.Sheets {
		l, err := p.tab(s, i)
		if err != nil {
			return nil, message.Fail(err, "sheet-in-tab", "tab", s.Name, "why", err)
		}
		p.layouts[s.ID] = l
		rest = append(rest, func() error { return p.fill(l) })
	}
	var err error
	if p.draw, err = draw(p.book, p.layouts); err != nil {
		return nil, err
	}
	for _, fill := range rest {
		if err := fill(); err != nil {
			return nil, err
		}
	}
	p.firstTab()
	return &sheets.BatchUpdateSpreadsheetRequest{Requests: p.reqs}, nil
}

func (p *planner) add(r ...*sheets.Request) { p.reqs = append(p.reqs, r...) }

// properties sets the language by which the spreadsheet writes numbers and dates, and
// the zone of its clock. The title stays with whoever made the spreadsheet.
func (p *planner) properties() {
	if fields := propertiesToSet(p.book, p.st, p.opt); len(fields) > 0 {
		p.add(&sheets.Request{UpdateSpreadsheetProperties: &sheets.UpdateSpreadsheetPropertiesRequest{
			Properties: wantedProperties(p.book, p.opt), Fields: strings.Join(fields, ",")}})
	}
}

func wantedProperties(b *report.Book, o *Options) *sheets.SpreadsheetProperties {
	return &sheets.SpreadsheetProperties{Locale: localeOf(b.Language), TimeZone: o.TimeZone}
}

// propertiesToSet are those of the spreadsheet's properties that are not as they should be.
func propertiesToSet(b *report.Book, st *state, o *Options) []string {
	var fields []string
	want, has := wantedProperties(b, o), st.doc.Properties
	if has == nil || has.Locale != want.Locale {
		fields = append(fields, "locale")
	}
	if want.TimeZone != "" && (has == nil || has.TimeZone != want.TimeZone) {
		fields = append(fields, "timeZone")
	}
	return fields
}

// showAll removes the filters of our tabs; the end of the batch sets them again. Google does not
// document whether copying, repeating and moving include the rows that a filter hides.
func (p *planner) showAll() {
	for _, s := range p.book.Sheets {
		if t := p.st.tabs[s.ID]; t != nil && t.filter != nil && s.Table != nil {
			p.add(
				&sheets.Request{
					ClearBasicFilter: &sheets.ClearBasicFilterRequest{
						SheetId:         t.id,
						ForceSendFields: []string{"SheetId"},
					},
				},
			)
		}
	}
}

// copies copies each of our tabs, as it is when the batch is applied, into a hidden tab, which
// replaces the copy that the last batch made.
func (p *planner) copies() {
	for _, s := range p.book.Sheets {
		// A repair copies cells out of the old copies first, and deletes them at its end.
		if t := p.st.before[s.ID]; t != nil && p.repair == nil {
			p.add(deleteSheet(t.id))
		}
	}
	for _, s := range p.book.Sheets {
		t := p.st.tabs[s.ID]
		if t == nil || t.rows == 0 {
			continue
		}
		// Not the id of the copy that it replaces: two ids take turns.
		id := freeID(p.st.sheetIDs, "before", p.st.doc.SpreadsheetId, s.ID)
		title := p.freeTitle(p.book.Labels.Get("shared.before", "tab", t.title), t.id)
		size := &sheets.GridProperties{RowCount: int64(t.rows + copyRows), ColumnCount: int64(t.cols + copyColumns)}
		p.add(
			&sheets.Request{AddSheet: &sheets.AddSheetRequest{Properties: &sheets.SheetProperties{
				SheetId: id, Title: title, Hidden: true, Index: int64(p.tabsAfter()), GridProperties: size}}},
			createMetadata(freeID(p.st.metadata, "before", s.ID, p.next.text()), keySheet,
				sheetMark("before:"+s.ID, id), onSheet(id)),
			// The last cell by its place, so that the batch is refused where rows or columns have been
			// deleted since; then all that is there, which may be more than was read.
			paste("PASTE_NORMAL", gridRange(t.id, t.rows-1, t.rows, t.cols-1, t.cols),
				gridRange(id, t.rows-1, t.rows, t.cols-1, t.cols)),
			paste("PASTE_NORMAL", wholeGrid(t.id), gridRange(id, 0, 1, 0, 1)),
		)
		if t.marks != "" {
			// The copy keeps the marks of what was published. If this run is killed, the next one needs
			// them to tell what people typed.
			p.add(
				createMetadata(freeID(p.st.metadata, "marks before", s.ID, p.next.text()), keyMarks, t.marks,
					onSheet(id)),
			)
		}
	}
}

// tabsAfter is how many tabs there are once the old copies are gone. A new copy goes last.
func (p *planner) tabsAfter() int {
	n := len(p.st.all) - len(p.st.before)
	for _, r := range p.reqs {
		if r.AddSheet != nil {
			n++
		}
	}
	return n
}

// freeTitle makes a title unique, as Google requires. own is the tab that may have it already.
func (p *planner) freeTitle(want string, own int64) string {
	taken := map[string]bool{}
	gone := map[int64]bool{}
	for _, r := range p.reqs {
		switch {
		case r.DeleteSheet != nil:
			gone[r.DeleteSheet.SheetId] = true
		case r.AddSheet != nil:
			taken[strings.ToLower(r.AddSheet.Properties.Title)] = true
		}
	}
	for _, t := range p.st.all {
		if t.id != own && !gone[t.id] {
			taken[strings.ToLower(t.title)] = true
		}
	}
	title := cutTitle(want, "")
	for n := 2; taken[strings.ToLower(title)]; n++ {
		title = cutTitle(want, fmt.Sprintf(" (%d)", n))
	}
	return title
}

// maxTitle is Google's limit for the title of a tab, in characters. The title of a copy is longer
// than that of its tab, and may have to be cut.
const maxTitle = 100

// cutTitle shortens a title to Google's limit and keeps its end.
func cutTitle(title, end string) string {
	units := utf16.Encode([]rune(title))
	if most := maxTitle - len(end); len(units) > most {
		most-- // the ellipsis
		if utf16.IsSurrogate(rune(units[most])) && utf16.IsSurrogate(rune(units[most-1])) {
			most--
		}
		title = strings.TrimSpace(string(utf16.Decode(units[:most]))) + "…"
	}
	return title + end
}

// firstTab removes the one empty tab that a new spreadsheet comes with, if it is as
// Google made it: nothing was ever published here, it is the only one, and nobody has
// put anything in it.
func (p *planner) firstTab() {
	if len(p.st.entries) == 0 && len(p.st.all) == 1 && p.st.all[0].empty() {
		p.add(deleteSheet(p.st.all[0].id))
	}
}

// tab adds the requests that give a tab the rows and columns of its sheet, and returns the layout
// that it then has.
func (p *planner) tab(s *report.Sheet, index int) (*layout, error) {
	t := p.st.tabs[s.ID]
	ids := columnIDs(s)
	l := &layout{sheet: s, tab: t, header: -1}
	if s.Table != nil {
		l.header = s.Table.Row
	}
	if t == nil {
		if len(p.st.entries) > 0 {
			p.made = append(p.made, s.Name)
		}
		l.id = freeID(p.st.sheetIDs, "sheet", p.st.doc.SpreadsheetId, s.ID)
		l.title = p.freeTitle(s.Name, 0)
		for i := range ids {
			l.columns = append(l.columns, i)
		}
		l.rows, l.cols = l.end()+spareRows, len(ids)+spareColumns
		p.addTab(l, index)
		return l, nil
	}
	if t.rows == 0 {
		return nil, message.Fail(nil, "sheet-tab-no-grid", "tab", t.title)
	}
	for _, table := range t.tables {
		if t.clashes(table) {
			return nil, &Refused{Why: message.New("sheet-refused-table", "tab", t.title, "table", table.Name)}
		}
	}
	l.id, l.title, l.rows, l.cols = t.id, t.title, t.rows, t.cols
	// A tab keeps the title that somebody gave it; one that bears ours follows the labels.
	if t.memo.Title == t.title && s.Name != t.title {
		l.title = p.freeTitle(s.Name, t.id)
		p.add(
			&sheets.Request{
				UpdateSheetProperties: &sheets.UpdateSheetPropertiesRequest{
					Properties: &sheets.SheetProperties{
						SheetId:         t.id,
						Title:           l.title,
						ForceSendFields: []string{"SheetId"},
					},
					Fields: "title",
				},
			},
		)
	}
	moves := p.moves(l)
	for _, m := range t.merges {
		if p.overOurs(t, m) || moves && joinsRows(t, m) {
			p.add(&sheets.Request{UnmergeCells: &sheets.UnmergeCellsRequest{Range: m}})
		}
	}
	frozen := t.frozen
	if t.header >= 0 && frozen > t.header+1 {
		// Somebody froze rows of the list. Google refuses to delete the last row that is not frozen.
		frozen = t.header + 1
		p.add(freeze(l.id, frozen))
	}
	p.columns(l, ids)
	if s.Table != nil {
		p.headerRow(l)
		if err := p.order(l); err != nil {
			return nil, err
		}
	}
	if need := l.end() + leastRows; l.rows < need {
		p.add(appendLines(l.id, rowsOf, need+spareRows-leastRows-l.rows))
		l.rows = need + spareRows - leastRows
	}
	if want := p.frozen(l); frozen != want || l.header != t.header {
		p.add(freeze(l.id, want))
	}
	return l, nil
}

// clashes reports whether a native table lies over cells that the program writes or filters. Google
// allows no filter over a table, gives the table's columns types, and deletes a table only with
// all its cells, other people's included. So a person has to revert it.
func (t *tab) clashes(table *sheets.Table) bool {
	r, ours := table.Range, t.ours()
	if r == nil {
		return false
	}
	for c := range ours {
		if int64(c) >= r.StartColumnIndex && int64(c) < r.EndColumnIndex {
			return true
		}
	}
	// The filter of a list covers all columns.
	return t.header >= 0 && int(r.EndRowIndex) > t.header &&
		int(r.StartRowIndex) < t.used(func(col int) bool { return ours[col] })
}

// overOurs reports whether a merge reaches into our columns. A value written under it would be
// lost, and no row can be moved out of it.
func (p *planner) overOurs(t *tab, m *sheets.GridRange) bool {
	for _, c := range t.columns {
		if int64(c) >= m.StartColumnIndex && int64(c) < m.EndColumnIndex {
			return true
		}
	}
	return false
}

// joinsRows reports whether a merge spans several rows of a list. Google moves no row into or out of
// such a merge, and would refuse the publication until somebody undid it.
func joinsRows(t *tab, m *sheets.GridRange) bool {
	return m.EndRowIndex-m.StartRowIndex > 1 && int(m.EndRowIndex) > t.header+1
}

// moves reports whether rows of a list have to be moved, not only inserted and deleted.
func (p *planner) moves(l *layout) bool {
	if p.repair != nil || l.sheet.Table == nil {
		return false
	}
	reqs, _ := reordered(0, 0, p.standing(l), l.sheet.Table.Len)
	return slices.ContainsFunc(reqs, func(r *sheets.Request) bool { return r.MoveDimension != nil })
}

func (p *planner) frozen(l *layout) int {
	if l.header >= 0 && l.sheet.Freeze > 0 {
		return l.header + 1
	}
	return l.sheet.Freeze
}

func freeze(id int64, rows int) *sheets.Request {
	return &sheets.Request{UpdateSheetProperties: &sheets.UpdateSheetPropertiesRequest{
		Properties: &sheets.SheetProperties{
			SheetId:         id,
			ForceSendFields: []string{"SheetId"},
			GridProperties: &sheets.GridProperties{
				FrozenRowCount:  int64(rows),
				ForceSendFields: []string{"FrozenRowCount"},
			},
		},
		Fields: "gridProperties.frozenRowCount"}}
}

// addTab makes a tab with its metadata, at the place that the sheet has in the book.
func (p *planner) addTab(l *layout, index int) {
	s := l.sheet
	p.add(
		&sheets.Request{AddSheet: &sheets.AddSheetRequest{Properties: &sheets.SheetProperties{
			SheetId: l.id, Title: l.title, TabColorStyle: tabColour(s.Tab),
			Index: int64(index), ForceSendFields: []string{"Index"},
			GridProperties: &sheets.GridProperties{
				RowCount:       int64(l.rows),
				ColumnCount:    int64(l.cols),
				FrozenRowCount: int64(p.frozen(l)),
				HideGridlines:  !s.Gridlines,
			}}}},
		createMetadata(freeID(p.st.metadata, "tab", s.ID, p.next.text()), keySheet, sheetMark(s.ID, l.id),
			onSheet(l.id)),
	)
	for i, id := range columnIDs(s) {
		p.markColumn(l, id, i)
	}
	if l.header >= 0 {
		p.markHeader(l)
	}
}

func tabColour(hex string) *sheets.ColorStyle {
	if hex == "" {
		return nil
	}
	return colourOf(hex)
}

// markColumn marks a column as ours and sets its width. People may change the width later.
func (p *planner) markColumn(l *layout, id string, at int) {
	p.add(
		createMetadata(freeID(p.st.metadata, "column", l.sheet.ID, id, p.next.text()), keyColumn, id,
			onLine(l.id, columnsOf, at)),
	)
	if w := widthOf(l.sheet, id); w > 0 {
		p.add(pixels(l.id, columnsOf, at, at+1, w))
	}
}

func (p *planner) markHeader(l *layout) {
	p.add(
		createMetadata(freeID(p.st.metadata, "header", l.sheet.ID, p.next.text()), keyHeader, l.sheet.Table.ID,
			onLine(l.id, rowsOf, l.header)),
	)
}

// widthOf is a column's width in pixels: seven for each character, and five of margin.
func widthOf(s *report.Sheet, id string) int {
	w := 0.0
	for i, c := range columnIDs(s) {
		if c != id {
			continue
		}
		if i < len(s.Widths) {
			w = s.Widths[i]
		}
		if s.Table != nil && s.Table.Columns[i].Width > 0 {
			w = s.Table.Columns[i].Width
		}
	}
	if w == 0 {
		return 0
	}
	return int(math.Round(w*7)) + 5
}

// columns inserts the columns that are missing, each after the one that precedes it in the book, and
// deletes those that the book no longer has.
func (p *planner) columns(l *layout, ids []string) {
	at := map[string]int{}
	for id, c := range l.tab.columns {
		at[id] = c
	}
	shift := func(from, by int) {
		for id, c := range at {
			if c >= from {
				at[id] = c + by
			}
		}
		l.cols += by
	}
	var gone []string
	for id := range at {
		if !slices.Contains(ids, id) {
			gone = append(gone, id)
		}
	}
	slices.SortFunc(gone, func(a, b string) int { return at[b] - at[a] })
	// Insertions come before deletions, as Google refuses to delete the last column of a tab.
	for i, id := range ids {
		if _, there := at[id]; there {
			continue
		}
		where := 0
		if i > 0 {
			where = at[ids[i-1]] + 1
		}
		if where >= l.cols {
			p.add(appendLines(l.id, columnsOf, 1))
			l.cols++
		} else {
			p.add(insertColumn(l.id, where))
			shift(where, 1)
		}
		at[id] = where
		p.markColumn(l, id, where)
	}
	for _, id := range gone {
		where := at[id]
		p.add(deleteColumn(l.id, where))
		delete(at, id)
		shift(where, -1)
	}
	right := 0
	for _, id := range ids {
		l.columns = append(l.columns, at[id])
		right = max(right, at[id]+1)
	}
	if l.cols < right+leastColumns {
		p.add(appendLines(l.id, columnsOf, right+spareColumns-l.cols))
		l.cols = right + spareColumns
	}
}

// headerRow moves the header to its row in the book, by inserting rows above it or deleting empty
// ones. If somebody deleted the header, a new one is inserted above the first row of the list.
func (p *planner) headerRow(l *layout) {
	t, want := l.tab, l.sheet.Table.Row
	l.header = t.header
	if l.header < 0 {
		p.dropOnRows(t)
		l.header = p.lostHeader(t, l.sheet.Table)
		p.add(insertRows(l.id, l.header, 1, l.header > 0))
		l.rows++
		p.markHeader(l)
		return
	}
	if l.header < want {
		p.add(insertRows(l.id, l.header, want-l.header, l.header > 0))
		l.rows += want - l.header
		l.header = want
	}
	for row := l.header - 1; row >= want; row-- {
		if !t.othersIn(row) {
			p.add(deleteRows(l.id, row, row+1))
			l.header--
			l.rows--
		}
	}
}

// dropOnRows deletes the views and protected ranges of a list whose header is gone; they are made
// again later. Google deletes them together with the last of their rows, and it cannot be told
// beforehand whether that happens.
func (p *planner) dropOnRows(t *tab) {
	for _, position := range slices.Sorted(maps.Keys(t.memo.Views)) {
		if id := t.memo.Views[position]; t.views[id] {
			p.add(&sheets.Request{DeleteFilterView: &sheets.DeleteFilterViewRequest{FilterId: id}})
			delete(t.views, id)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.memo.Protected)) {
		if id := t.memo.Protected[key]; t.protected[id] {
			p.add(&sheets.Request{DeleteProtectedRange: &sheets.DeleteProtectedRangeRequest{ProtectedRangeId: id}})
			delete(t.protected, id)
		}
	}
}

// lostHeader is the row above which a header that is gone belongs.
func (p *planner) lostHeader(t *tab, table *report.Table) int {
	ids := rowIDs(table)
	if col, ok := t.columns["id"]; ok {
		for row := range t.rows {
			if slices.Contains(ids, t.content(row, col).text) && t.content(row, col).kind == aText {
				return row
			}
		}
	}
	return min(table.Row, t.rows-1)
}

// standing lists the rows below a list's header, as they were read.
func (p *planner) standing(l *layout) []standing {
	t := l.tab
	if t.header < 0 { // the rows are where they were, the header is put above them
		lost := *t
		lost.header = p.lostHeader(t, l.sheet.Table) - 1
		t = &lost
	}
	return t.standings(l.sheet.Table, p.published(l.sheet.ID))
}

// order brings the rows of a list into the book's order.
func (p *planner) order(l *layout) error {
	if p.repair != nil {
		return nil
	}
	standings := p.standing(l)
	reqs, grown := reordered(l.id, l.header+1, standings, l.sheet.Table.Len)
	p.add(reqs...)
	l.rows += grown
	kept := map[int]bool{}
	for _, s := range standings {
		kept[s.book] = true
	}
	for k := range l.sheet.Table.Len {
		if kept[k] {
			continue
		}
		n := 1
		for k+n < l.sheet.Table.Len && !kept[k+n] {
			n++
		}
		// New rows inherit the background of a neighbour, which somebody gave to that row alone.
		p.add(withoutBackground(gridRange(l.id, l.header+1+k, l.header+1+k+n, 0, l.cols)))
		for i := range n {
			kept[k+i] = true
		}
	}
	return nil
}

func (p *planner) published(id string) *published.Table {
	if p.was == nil {
		return nil
	}
	return p.was.Table(id)
}

// text is a value as JSON, for metadata.
func text(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic("gsheets: " + err.Error()) // texts and numbers
	}
	return string(out)
}
