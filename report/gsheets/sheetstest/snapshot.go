package sheetstest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"google.golang.org/api/sheets/v4"
)

// Snapshot is the spreadsheet at one moment. It never changes and costs nothing to
// keep.
type Snapshot struct {
	st     *state
	server *Server
}

// Spreadsheet is the whole of it as the API would answer it.
func (s Snapshot) Spreadsheet() *sheets.Spreadsheet {
	o, err := s.st.render(want{grid: true}, s.server.effective)
	if err != nil {
		panic("sheetstest: " + err.Error())
	}
	return decoded[sheets.Spreadsheet](o)
}

// decoded makes an object one of the client's types.
func decoded[T any](o object) *T {
	if o == nil {
		return nil
	}
	b, err := json.Marshal(o)
	if err != nil {
		panic("sheetstest: " + err.Error())
	}
	v := new(T)
	if err := json.Unmarshal(b, v); err != nil {
		panic("sheetstest: " + err.Error())
	}
	return v
}

func decodedAll[T any](list []object) []*T {
	var out []*T
	for _, o := range list {
		out = append(out, decoded[T](o))
	}
	return out
}

// JSON is the state in full, the same bytes for the same state.
func (s Snapshot) JSON() []byte {
	b, err := json.MarshalIndent(s.st, "", " ")
	if err != nil {
		panic("sheetstest: " + err.Error())
	}
	return b
}

// Same reports whether nothing at all was committed between two snapshots.
func (s Snapshot) Same(o Snapshot) bool { return s.st == o.st }

// Title, Locale and TimeZone are the spreadsheet's.
func (s Snapshot) Title() string    { return textAt(s.st.Properties, "title") }
func (s Snapshot) Locale() string   { return textAt(s.st.Properties, "locale") }
func (s Snapshot) TimeZone() string { return textAt(s.st.Properties, "timeZone") }

// Metadata is the developer metadata of the spreadsheet itself.
func (s Snapshot) Metadata() []*sheets.DeveloperMetadata {
	return decodedAll[sheets.DeveloperMetadata](s.st.Metadata)
}

// NamedRanges are the spreadsheet's.
func (s Snapshot) NamedRanges() []*sheets.NamedRange {
	return decodedAll[sheets.NamedRange](s.st.Named)
}

// Sheets are the tabs in their order.
func (s Snapshot) Sheets() []Sheet {
	var out []Sheet
	for _, sh := range s.st.Sheets {
		out = append(out, Sheet{s, sh})
	}
	return out
}

// Sheet finds a tab by its title; false if there is none.
func (s Snapshot) Sheet(title string) (Sheet, bool) {
	sh := s.st.byTitle(title)
	return Sheet{s, sh}, sh != nil
}

// SheetWith finds the tab that bears that metadata; false if none does.
func (s Snapshot) SheetWith(key, value string) (Sheet, bool) {
	for _, sh := range s.st.Sheets {
		for _, m := range sh.Metadata {
			if textAt(m, "metadataKey") == key && textAt(m, "metadataValue") == value {
				return Sheet{s, sh}, true
			}
		}
	}
	return Sheet{}, false
}

// Sheet is a tab at one moment.
type Sheet struct {
	snap Snapshot
	s    *sheet
}

// ID, Title, Hidden and Index are the tab's.
func (s Sheet) ID() int64     { return int64(s.s.id()) }
func (s Sheet) Title() string { return s.s.title() }
func (s Sheet) Hidden() bool  { return s.s.hidden() }
func (s Sheet) Index() int    { return s.snap.st.indexOf(s.s) }

// Properties are all of the tab's.
func (s Sheet) Properties() *sheets.SheetProperties {
	return decoded[sheets.SheetProperties](s.snap.st.sheetProperties(s.s))
}

// Size is the grid's number of rows and of columns; Used is how many of them, from
// the top left, hold anything.
func (s Sheet) Size() (rows, columns int) { return s.s.size(true), s.s.size(false) }

// Used is how many rows and columns, from the top left, hold anything.
func (s Sheet) Used() (rows, columns int) {
	for _, line := range s.s.Rows {
		columns = max(columns, len(line))
	}
	return len(s.s.Rows), columns
}

// Metadata is the tab's own; ColumnMetadata is that of its columns, RowMetadata of
// its rows, by index.
func (s Sheet) Metadata() []*sheets.DeveloperMetadata {
	return decodedAll[sheets.DeveloperMetadata](s.s.Metadata)
}

// ColumnMetadata is the metadata of the columns, by their index.
func (s Sheet) ColumnMetadata() map[int][]*sheets.DeveloperMetadata { return s.lineMetadata(false) }

// RowMetadata is the metadata of the rows, by their index.
func (s Sheet) RowMetadata() map[int][]*sheets.DeveloperMetadata { return s.lineMetadata(true) }

func (s Sheet) lineMetadata(rows bool) map[int][]*sheets.DeveloperMetadata {
	out := map[int][]*sheets.DeveloperMetadata{}
	for _, m := range s.s.Lines {
		if place := at(m, "location", "dimensionRange"); textAt(place, "dimension") == dimensionName(rows) {
			i := intOr(place, "startIndex", 0)
			out[i] = append(out[i], decoded[sheets.DeveloperMetadata](m))
		}
	}
	return out
}

// BasicFilter is the tab's filter; nil if it has none.
func (s Sheet) BasicFilter() *sheets.BasicFilter { return decoded[sheets.BasicFilter](s.s.Filter) }

// FilterViews, Charts, Protected, Conditional, Merges and Tables are the tab's objects.
func (s Sheet) FilterViews() []*sheets.FilterView { return decodedAll[sheets.FilterView](s.s.Views) }

// Charts are the tab's charts.
func (s Sheet) Charts() []*sheets.EmbeddedChart { return decodedAll[sheets.EmbeddedChart](s.s.Charts) }

// Protected are the tab's protected ranges.
func (s Sheet) Protected() []*sheets.ProtectedRange {
	return decodedAll[sheets.ProtectedRange](s.s.Protected)
}

// Conditional are the tab's conditional formats, the first one first.
func (s Sheet) Conditional() []*sheets.ConditionalFormatRule {
	return decodedAll[sheets.ConditionalFormatRule](s.s.Conditional)
}

// Merges are the tab's merged ranges.
func (s Sheet) Merges() []*sheets.GridRange { return decodedAll[sheets.GridRange](s.s.Merges) }

// Tables are the tab's native tables.
func (s Sheet) Tables() []*sheets.Table { return decodedAll[sheets.Table](s.s.Tables) }

// Cell is one cell at one moment.
type Cell struct {
	Value   any // string, float64 or bool that was entered; nil for none, and for a formula
	Formula string
	Note    string
	Link    string // of the whole cell
	data    object
}

// Data is everything that the cell holds, as the API writes it.
func (c Cell) Data() *sheets.CellData {
	if c.data == nil {
		return &sheets.CellData{}
	}
	return decoded[sheets.CellData](c.data)
}

// Cell gives the cell of an A1 name; an empty one beyond the grid.
func (s Sheet) Cell(name string) Cell {
	e, n, ok := scanEdge(name)
	if !ok || n != len(name) || e.row < 0 || e.col < 0 {
		panic(fmt.Sprintf("sheetstest: %q is not the name of a cell", name))
	}
	return s.At(e.row, e.col)
}

// At gives the cell at a row and a column, from 0.
func (s Sheet) At(row, col int) Cell {
	data := s.s.cell(row, col)
	v := at(data, "userEnteredValue")
	c := Cell{data: data, Formula: textAt(v, "formulaValue"), Note: textAt(data, "note"),
		Link: textAt(at(data, "userEnteredFormat", "textFormat", "link"), "uri")}
	for _, field := range []string{"stringValue", "numberValue", "boolValue"} {
		if v[field] != nil {
			c.Value = v[field]
		}
	}
	return c
}

// Row is a row's values, formulas for computed ones, up to the last that is not empty.
func (s Sheet) Row(row int) []any {
	var out []any
	if row >= len(s.s.Rows) {
		return nil
	}
	for col := range s.s.Rows[row] {
		c := s.At(row, col)
		if c.Formula != "" {
			out = append(out, c.Formula)
		} else {
			out = append(out, c.Value)
		}
	}
	for len(out) > 0 && out[len(out)-1] == nil {
		out = out[:len(out)-1]
	}
	return out
}

// Values are all rows, as Row gives them.
func (s Sheet) Values() [][]any {
	out := make([][]any, len(s.s.Rows))
	for row := range out {
		out[row] = s.Row(row)
	}
	return out
}

// Save writes the state to a file, from which Load makes a server again.
func (s *Server) Save(file string) error { return s.Snapshot().Save(file) }

// Save writes the snapshot to a file, whole or not at all.
func (s Snapshot) Save(file string) error {
	temp, err := os.CreateTemp(filepath.Dir(file), ".sheetstest-*")
	if err != nil {
		return fmt.Errorf("save the test spreadsheet: %w", err)
	}
	defer os.Remove(temp.Name()) // gone already where the renaming succeeded
	_, err = temp.Write(s.JSON())
	if e := temp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("save the test spreadsheet: %w", err)
	}
	return nil
}

// Load makes a server of what Save wrote. The options' title, locale, time zone and
// sheet are not looked at: the file has them.
func Load(file string, o Options) (*Server, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("load the test spreadsheet: %w", err)
	}
	st := &state{}
	if err := json.Unmarshal(b, st); err != nil {
		return nil, fmt.Errorf("load the test spreadsheet %s: %w", file, err)
	}
	if o.ID != "" && o.ID != st.ID {
		return nil, fmt.Errorf("load the test spreadsheet %s: it holds the spreadsheet %q, not %q", file, st.ID, o.ID)
	}
	o.ID = st.ID
	return newServer(o, st), nil
}
