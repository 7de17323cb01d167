package etl

// Table is the grid of cells of one file, as etl/source reads it. Its header is not
// known yet.
type Table struct {
	File     string // as the user knows it, for messages
	Sheet    string // worksheet name, or "table 2" of a page; empty where a file has one table
	Format   string // csv, tsv, xlsx, html, ods, json
	Encoding string // utf-8, utf-16le, utf-16be, windows-1252; empty for formats that fix it
	SHA256   string // of the file's bytes, in hexadecimal
	Rows     []TableRow
	Around   []string // what the file says outside the table: headings of a page, members of a document
}

// TableRow is one line of a Table. Date cells of a spreadsheet are written in ISO 8601
// ("2019-06-17"), numbers without a format, and true booleans as "TRUE". The cells
// covered by a merged or spanning cell repeat its text. Rows may differ in length;
// cells beyond the end are empty.
type TableRow struct {
	Number int // as a person sees it in the file, from 1
	Cells  []string
	Foot   bool // it stands in the foot of the table, which has totals and notes
}

// Cell returns the text in a column, counted from 0. It is empty beyond the end.
func (r TableRow) Cell(col int) string {
	if col < 0 || col >= len(r.Cells) {
		return ""
	}
	return r.Cells[col]
}

// At returns the place of a cell of a row. Columns count from 0; a negative column
// stands for the whole row.
func (t *Table) At(row TableRow, col int) Place {
	return Place{File: t.File, Sheet: t.Sheet, Row: row.Number, Column: col + 1}
}
