package gsheets

import (
	"encoding/json"
	"strconv"
	"strings"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl/message"
	"hdsreport/report"
)

// readFields is what one read fetches: the cells of all tabs, since a tab of ours can be
// told from the others only by the metadata that comes with it.
const readFields = "spreadsheetId,spreadsheetUrl,properties(title,locale,timeZone),developerMetadata," +
	"sheets(properties(sheetId,title,index,hidden,sheetType,gridProperties(rowCount,columnCount,frozenRowCount))," +
	"developerMetadata,merges,basicFilter(range),tables(name,range)," +
	"filterViews(filterViewId),charts(chartId),protectedRanges(protectedRangeId)," +
	"data(startRow,startColumn,rowMetadata(developerMetadata),columnMetadata(developerMetadata)," +
	"rowData(values(userEnteredValue,effectiveValue,note,hyperlink,userEnteredFormat(textFormat(link))))))"

// state is the spreadsheet as it was read.
type state struct {
	doc     *sheets.Spreadsheet
	entries []entry
	tabs    map[string]*tab // ours, by Sheet.ID
	before  map[string]*tab // the copies of ours from the moment of the last batch, by Sheet.ID
	all     []*tab
	// Ids in use, of each kind.
	metadata, sheetIDs, views, charts, protected map[int64]bool
}

// tab is one sheet of the spreadsheet.
type tab struct {
	id         int64
	title      string
	rows, cols int // of the grid; 0 for a sheet that is none
	frozen     int
	cells      [][]*sheets.CellData
	merges     []*sheets.GridRange
	tables     []*sheets.Table     // native ones, somebody's
	filter     *sheets.BasicFilter // nil for none
	columns    map[string]int      // ours, by Column.ID: the column of the grid
	header     int                 // the row of the table's header; -1 where there is none
	memo       memo
	memoID     int64 // of the metadata that holds it; 0 where there is none
	marks      string
	marksID    int64
	views      map[int64]bool
	charts     map[int64]bool
	protected  map[int64]bool
	metadata   int // how many entries, of ours or others
}

// memo lists what is ours on a tab besides cells. Google gives these objects ids, and allows no
// metadata on them.
type memo struct {
	Title     string           `json:"title"`           // that the program gave the tab
	Views     map[string]int64 `json:"views,omitempty"` // by what they show
	Charts    []int64          `json:"charts,omitempty"`
	Protected map[string]int64 `json:"protected,omitempty"`
	Live      []string         `json:"live,omitempty"`  // columns that were written as formulas, by Column.ID
	Empty     string           `json:"empty,omitempty"` // the mark of the row that says that a list is empty
	Rows      string           `json:"rows,omitempty"`  // a mark a row of the list, one behind the other
}

// stateOf reads what is ours out of the answer.
func stateOf(doc *sheets.Spreadsheet) (*state, error) {
	st := &state{doc: doc, tabs: map[string]*tab{}, before: map[string]*tab{},
		metadata: map[int64]bool{}, sheetIDs: map[int64]bool{},
		views: map[int64]bool{}, charts: map[int64]bool{}, protected: map[int64]bool{}}
	var err error
	if st.entries, err = entriesOf(doc); err != nil {
		return nil, err
	}
	st.seen(doc.DeveloperMetadata)
	for _, s := range doc.Sheets {
		if s.Properties == nil {
			return nil, message.Fail(nil, "sheet-answer-damaged")
		}
		t, err := st.tab(s)
		if err != nil {
			return nil, message.Fail(err, "sheet-in-tab", "tab", s.Properties.Title, "why", err)
		}
		st.all = append(st.all, t)
		st.sheetIDs[t.id] = true
		for _, m := range s.DeveloperMetadata {
			// The tab's own id stands in the value, so that a duplicate of a tab, which
			// may bear a copy of its metadata, is somebody's and not ours.
			what, id, _ := strings.Cut(m.MetadataValue, "#")
			if m.MetadataKey != keySheet || id != strconv.FormatInt(t.id, 10) {
				continue
			}
			if of, before := strings.CutPrefix(what, "before:"); before {
				st.before[of] = t
			} else {
				st.tabs[what] = t
			}
		}
	}
	return st, nil
}

func (st *state) seen(all []*sheets.DeveloperMetadata) {
	for _, m := range all {
		st.metadata[m.MetadataId] = true
	}
}

func (st *state) tab(s *sheets.Sheet) (*tab, error) {
	p := s.Properties
	t := &tab{id: p.SheetId, title: p.Title, merges: s.Merges, tables: s.Tables, filter: s.BasicFilter, header: -1,
		columns: map[string]int{}, views: map[int64]bool{}, charts: map[int64]bool{},
		protected: map[int64]bool{}, metadata: len(s.DeveloperMetadata)}
	if g := p.GridProperties; g != nil {
		t.rows, t.cols, t.frozen = int(g.RowCount), int(g.ColumnCount), int(g.FrozenRowCount)
	}
	for _, v := range s.FilterViews {
		t.views[v.FilterViewId], st.views[v.FilterViewId] = true, true
	}
	for _, c := range s.Charts {
		t.charts[c.ChartId], st.charts[c.ChartId] = true, true
	}
	for _, r := range s.ProtectedRanges {
		t.protected[r.ProtectedRangeId], st.protected[r.ProtectedRangeId] = true, true
	}
	st.seen(s.DeveloperMetadata)
	for _, m := range s.DeveloperMetadata {
		switch m.MetadataKey {
		case keyMemo:
			if err := json.Unmarshal([]byte(m.MetadataValue), &t.memo); err != nil {
				return nil, message.Fail(err, "sheet-memo-damaged", "key", keyMemo, "id",
					strconv.FormatInt(m.MetadataId, 10), "why", err)
			}
			t.memoID = m.MetadataId
		case keyMarks:
			t.marks, t.marksID = m.MetadataValue, m.MetadataId
		}
	}
	for _, d := range s.Data {
		t.data(d)
		for i, c := range d.ColumnMetadata {
			st.seen(c.DeveloperMetadata)
			for _, m := range c.DeveloperMetadata {
				if m.MetadataKey == keyColumn {
					t.column(m, int(d.StartColumn)+i)
				}
			}
		}
		for i, r := range d.RowMetadata {
			st.seen(r.DeveloperMetadata)
			for _, m := range r.DeveloperMetadata {
				if m.MetadataKey == keyHeader && t.header < 0 {
					t.header = int(d.StartRow) + i
				}
			}
		}
	}
	return t, nil
}

// column notes a column of ours. If two have the same metadata, the left one is ours.
func (t *tab) column(m *sheets.DeveloperMetadata, at int) {
	if was, twice := t.columns[m.MetadataValue]; !twice || at < was {
		t.columns[m.MetadataValue] = at
	}
}

func (t *tab) data(d *sheets.GridData) {
	for i, row := range d.RowData {
		at := int(d.StartRow) + i
		for len(t.cells) <= at {
			t.cells = append(t.cells, nil)
		}
		if d.StartColumn == 0 {
			t.cells[at] = row.Values
			continue
		}
		for len(t.cells[at]) < int(d.StartColumn) {
			t.cells[at] = append(t.cells[at], nil)
		}
		t.cells[at] = append(t.cells[at], row.Values...)
	}
}

// cell returns the content of a cell, or nil if it is empty.
func (t *tab) cell(row, col int) *sheets.CellData {
	if row < 0 || col < 0 || row >= len(t.cells) || col >= len(t.cells[row]) {
		return nil
	}
	return t.cells[row][col]
}

func (t *tab) content(row, col int) content {
	c := t.cell(row, col)
	if c == nil {
		return content{}
	}
	return contentOf(c.UserEnteredValue)
}

// holds reports whether a cell has a value or a note.
func (t *tab) holds(row, col int) bool {
	c := t.cell(row, col)
	return c != nil && (c.Note != "" || contentOf(c.UserEnteredValue) != content{})
}

// note is what somebody wrote on a cell.
func (t *tab) note(row, col int) string {
	if c := t.cell(row, col); c != nil {
		return c.Note
	}
	return ""
}

// used is the number of rows down to the last one that holds something, in the columns that counts
// chooses.
func (t *tab) used(counts func(col int) bool) int {
	for row := len(t.cells) - 1; row >= 0; row-- {
		for col := range t.cells[row] {
			if counts(col) && t.holds(row, col) {
				return row + 1
			}
		}
	}
	return 0
}

// othersIn reports whether somebody's own columns hold something in a row.
func (t *tab) othersIn(row int) bool {
	ours := t.ours()
	for col := range t.cols {
		if !ours[col] && t.holds(row, col) {
			return true
		}
	}
	return false
}

// empty reports whether nobody has used the tab.
func (t *tab) empty() bool {
	return t.rows > 0 && t.used(func(int) bool { return true }) == 0 &&
		len(t.views)+len(t.charts)+len(t.protected)+len(t.merges)+t.metadata == 0 &&
		t.filter == nil
}

// ours tells the columns of the program.
func (t *tab) ours() map[int]bool {
	out := map[int]bool{}
	for _, c := range t.columns {
		out[c] = true
	}
	return out
}

// content is what somebody, or the program, has entered in a cell.
type content struct {
	kind kind
	text string // of a text, a formula, an error
	num  float64
}

type kind uint8

const (
	nothing kind = iota
	aText
	aNumber // also a date, whose format says so
	aTruth
	aFormula
	anError
)

func contentOf(v *sheets.ExtendedValue) content {
	switch {
	case v == nil:
		return content{}
	case v.FormulaValue != nil:
		return content{kind: aFormula, text: *v.FormulaValue}
	case v.StringValue != nil && *v.StringValue == "":
		return content{}
	case v.StringValue != nil:
		return content{kind: aText, text: *v.StringValue}
	case v.NumberValue != nil:
		return content{kind: aNumber, num: *v.NumberValue}
	case v.BoolValue != nil:
		n := 0.0
		if *v.BoolValue {
			n = 1
		}
		return content{kind: aTruth, num: n}
	case v.ErrorValue != nil:
		return content{kind: anError, text: v.ErrorValue.Type}
	}
	return content{}
}

// contentFor is a value of the book as a cell holds it.
func contentFor(v report.Value) content {
	switch {
	case v.Kind == report.Text && v.Text != "":
		return content{kind: aText, text: v.Text}
	case v.Kind == report.Number || v.Kind == report.Day:
		return content{kind: aNumber, num: v.Num}
	}
	return content{}
}

// shown is a content in words, for a person; a number in a column of dates is its day.
func (c content) shown(as report.Kind) string {
	switch c.kind {
	case aText, aFormula, anError:
		return c.text
	case aNumber:
		if as == report.Day && c.num == float64(int(c.num)) && c.num > 0 {
			return dateOf(int(c.num))
		}
		return strconv.FormatFloat(c.num, 'f', -1, 64)
	case aTruth:
		return map[bool]string{true: "TRUE", false: "FALSE"}[c.num == 1]
	}
	return ""
}

// same compares what was entered with what is meant to stand there. A formula is the
// same if it says the same: Google takes away spaces and needless quotation marks.
func (c content) same(want content) bool {
	if c.kind != want.kind {
		return false
	}
	switch c.kind {
	case aFormula:
		return plainFormula(c.text) == plainFormula(want.text)
	case aNumber:
		return near(c.num, want.num)
	}
	return c == want
}

// trimmed is a content without the spaces around it, which nobody sees.
func (c content) trimmed() content {
	if c.kind != aText {
		return c
	}
	if c.text = strings.TrimSpace(c.text); c.text == "" {
		return content{}
	}
	return c
}

// saysOf reports whether what was entered outside the rows of a list is what is meant to stand there,
// but for spaces around it, and for references that Google rewrote.
func (c content) saysOf(want content) bool {
	c = c.trimmed()
	return c.same(want) || c.key() == want.key()
}

func near(a, b float64) bool {
	d := a - b
	if d < 0 {
		d = -d
	}
	return d <= 1e-9*max(1, a, -a)
}
