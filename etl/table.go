package etl

// Table is the grid of cells that one file holds: what etl/source hands to the
// pipeline, before anybody has said which row is the header.
type Table struct {
	File     string // as the user knows it, for messages
	Sheet    string // worksheet name, or "table 2" of a page; empty where a file has one table
	Format   string // csv, tsv, xlsx, html, ods, json
	Encoding string // utf-8, utf-16le, utf-16be, windows-1252; empty for formats that fix it
	SHA256   string // of the file's bytes, in hexadecimal
	Rows     []TableRow
}

// TableRow is one line of a Table. A date cell of a spreadsheet is written as
// ISO 8601 ("2019-06-17"), a number without any format, a true boolean as
// "TRUE"; cells covered by a merged or spanned one repeat its text. Rows may
// differ in length; a cell beyond the end is empty.
type TableRow struct {
	Number int // as a person sees it in the file, from 1
	Cells  []string
}

// Cell is the text at a column, from 0; empty beyond the end.
func (r TableRow) Cell(col int) string {
	if col < 0 || col >= len(r.Cells) {
		return ""
	}
	return r.Cells[col]
}

// At is the place of a cell of a row, its column counted from 0; a negative
// column stands for the whole row.
func (t *Table) At(row TableRow, col int) Place {
	return Place{File: t.File, Sheet: t.Sheet, Row: row.Number, Column: col + 1}
}
