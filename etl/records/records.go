// Package records reads and writes this program's own CSV files: the registry, the
// embedded reference tables, and the review that an editor fills in. It wraps gocsv,
// which would parse a file with semicolons as empty rows, requires the exact case of
// headers, and does not record line numbers. The lists' source files are read by
// etl/source.
package records

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/gocarina/gocsv"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/source"
)

// Read parses a CSV file into one T for each row. The fields of T have gocsv's `csv`
// tags. It accepts what a spreadsheet may have done to the file: semicolons,
// Windows-1252, a byte order mark, headers in capitals, columns in another order,
// additional columns, and a workbook with the name of a CSV file. place, if not nil,
// sets the place of a row. Missing columns, unknown columns and rows of the wrong
// length are findings. Only a file that cannot be read at all is an error.
func Read[T any](data []byte, file string, place func(*T, etl.Place)) ([]T, []etl.Finding, error) {
	want := columns[T]()
	rows, lines, err := cut(data, file, want)
	if err != nil {
		return nil, nil, err
	}
	if len(rows) == 0 {
		return nil, nil, nil
	}
	header, fs := match(rows[0], want, file, lines[0])
	rows[0] = header
	fs = append(fs, clean(rows, lines, file)...)
	for i, row := range rows[1:] {
		// Spreadsheets add separators at the end of rows for columns that were once
		// used.
		for len(row) > len(header) && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		if len(row) > len(header) {
			fs = append(fs, etl.Find(etl.Error, etl.CodeRowTooLong,
				etl.Place{File: file, Row: lines[i+1], Column: len(header) + 1},
				"n", len(row), "header", len(header)).Said("record"))
			row = row[:len(header)]
		}
		for len(row) < len(header) {
			row = append(row, "")
		}
		rows[i+1] = row
	}
	var out []T
	if err := gocsv.UnmarshalCSV(&grid{rows: rows}, &out); err != nil && !errors.Is(err, gocsv.ErrEmptyCSVFile) {
		return nil, nil, message.Fail(err, "records-unread", "file", file, "why", err)
	}
	if place != nil {
		for i := range out {
			place(&out[i], etl.Place{File: file, Row: lines[i+1]})
		}
	}
	return out, fs, nil
}

// Others returns the columns of a file that T does not have, because somebody added them:
// their headings, and their cells by the line where a row starts. Columns without a
// heading are among them if they have cells.
func Others[T any](data []byte, file string) (headings []string, cells map[int][]string, err error) {
	want := columns[T]()
	rows, lines, err := cut(data, file, want)
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	cell := func(row []string, c int) string {
		if c < len(row) {
			return row[c]
		}
		return ""
	}
	cells = map[int][]string{}
	for c := range width {
		heading := cell(rows[0], c)
		if heading != "" && slices.ContainsFunc(want, func(x column) bool { return x.called(heading) }) ||
			heading == "" && !slices.ContainsFunc(rows, func(row []string) bool { return cell(row, c) != "" }) {
			continue
		}
		headings = append(headings, heading)
		for i, row := range rows[1:] {
			cells[lines[i+1]] = append(cells[lines[i+1]], cell(row, c))
		}
	}
	return headings, cells, nil
}

// Write encodes rows as CSV in UTF-8 with commas and LF. There always is a header. The
// same rows give the same bytes.
func Write[T any](rows []T) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := gocsv.MarshalCSV(rows, gocsv.NewSafeCSVWriter(w)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// WriteForSpreadsheets is Write with semicolons and a byte order mark, for files that
// people open with a double click.
func WriteForSpreadsheets[T any](rows []T) ([]byte, error) {
	cells, err := cellsOf(rows)
	if err != nil {
		return nil, err
	}
	return forSpreadsheets.write(cells)
}

// cellsOf returns the cells of rows, including the header.
func cellsOf[T any](rows []T) ([][]string, error) {
	plain, err := Write(rows)
	if err != nil {
		return nil, err
	}
	// Keep cells unchanged, including spaces and line breaks.
	return csv.NewReader(bytes.NewReader(plain)).ReadAll()
}

// Rewrite encodes rows for an existing file. It keeps the order of the columns, the
// separator, byte order mark, encoding and line ends, and columns that T does not have,
// because somebody added them. A missing column is added if a row has a value for it.
// kept returns the line on which a row of out was in the old text, or 0 for a new row.
// If data has no header, the file counts as missing. Workbooks cannot be rewritten.
func Rewrite[T any](data []byte, out []T, kept func(*T) int) ([]byte, error) {
	if IsWorkbook(data) {
		return nil, message.Fail(nil, "records-workbook")
	}
	as, text, err := formOf(data)
	if err != nil {
		return nil, err
	}
	rows, lines, err := split(text)
	if err != nil || len(rows) == 0 {
		return Write(out)
	}
	ours, err := cellsOf(out)
	if err != nil {
		return nil, err
	}
	old := make(map[int][]string, len(rows))
	for i, row := range rows {
		old[lines[i]] = row
	}
	header := rows[0]
	from := make([]int, len(header)) // index of T's column, or -1
	for i, h := range header {
		from[i] = slices.IndexFunc(columns[T](), func(c column) bool { return c.called(h) })
	}
	for c, name := range ours[0] {
		used := slices.ContainsFunc(ours[1:], func(row []string) bool { return row[c] != "" })
		if used && !slices.Contains(from, c) {
			header, from = append(header, name), append(from, c)
		}
	}
	table := [][]string{header}
	for i := range out {
		was := old[kept(&out[i])]
		row := make([]string, len(from))
		for c, f := range from {
			switch {
			case f >= 0:
				row[c] = ours[i+1][f]
			case c < len(was):
				row[c] = was[c]
			}
		}
		table = append(table, row)
	}
	return as.write(table)
}

// IsWorkbook reports whether data is a workbook, whatever the name of the file.
func IsWorkbook(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) ||
		bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// cut returns the rows of a file as trimmed cells, with the line where each row starts.
// It skips blank rows.
func cut(data []byte, file string, want []column) (rows [][]string, lines []int, err error) {
	if !IsWorkbook(data) {
		text, _, err := source.Decode(data)
		if line := source.Conflict(text); line > 0 {
			return nil, nil, message.Fail(nil, "records-conflict", "file", file, "line", line)
		}
		if err == nil {
			rows, lines, err = split(text)
		}
		if err != nil {
			return nil, nil, message.Fail(err, "records-unread", "file", file, "why", err)
		}
		return rows, lines, nil
	}
	t, _, err := source.Read(data, file, source.Options{Recognise: func(cells []string) int {
		n := 0
		for _, c := range want {
			if slices.ContainsFunc(cells, func(cell string) bool { return c.called(strings.TrimSpace(cell)) }) {
				n++
			}
		}
		return n
	}})
	if err != nil {
		return nil, nil, err
	}
	for _, r := range t.Rows {
		row := slices.Clone(r.Cells)
		blank := true
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
			blank = blank && row[i] == ""
		}
		if !blank {
			rows, lines = append(rows, row), append(lines, r.Number)
		}
	}
	return rows, lines, nil
}

// split splits a text into rows of trimmed cells, with the line where each row starts.
// It skips blank rows.
func split(text []byte) (rows [][]string, lines []int, err error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = separator(text)
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	for {
		row, err := r.Read()
		if err == io.EOF {
			return rows, lines, nil
		}
		if err != nil {
			return nil, nil, err
		}
		line, _ := r.FieldPos(0)
		blank := true
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
			blank = blank && row[i] == ""
		}
		if !blank {
			rows, lines = append(rows, row), append(lines, line)
		}
	}
}

// maxText is the maximum length of a cell's text in a sheet, in UTF-16 units.
const maxText = 32_767

// clean removes characters from cells that no workbook can contain. It reports where,
// and which cells are too long for a workbook.
func clean(rows [][]string, lines []int, file string) []etl.Finding {
	var fs []etl.Finding
	for i, row := range rows {
		for c, text := range row {
			at := etl.Place{File: file, Row: lines[i], Column: c + 1}
			if row[c] = source.WithoutControls(text); row[c] != text {
				fs = append(fs, etl.Find(etl.Warning, etl.CodeControlRemoved, at, "text", row[c]).Said("record"))
			}
			if n := len(utf16.Encode([]rune(row[c]))); len(row[c]) > maxText && n > maxText {
				fs = append(fs, etl.Find(etl.Error, etl.CodeTextTooLong, at, "n", n, "most", maxText).Said("record"))
			}
		}
	}
	return fs
}

// separator returns the most frequent separator in the first line. Headers contain
// none.
func separator(text []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	best := ','
	for _, c := range ";\t" {
		if bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// column is a field of T with a csv tag. Tables may lack an optional column, with
// omitempty in the tag, because it is newer than tables in use. A tag may have several
// names, one for each language, in the same order for all fields.
type column struct {
	names    []string
	optional bool
}

// called reports whether a heading is one of the column's names.
func (c column) called(heading string) bool {
	return slices.ContainsFunc(c.names, func(name string) bool { return strings.EqualFold(name, heading) })
}

// name returns the column's name in a language, given by its index in the tag.
func (c column) name(language int) string { return c.names[min(language, len(c.names)-1)] }

func columns[T any]() []column {
	var out []column
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		names := strings.Split(t.Field(i).Tag.Get("csv"), ",")
		optional := names[len(names)-1] == "omitempty"
		if optional {
			names = names[:len(names)-1]
		}
		if names[0] != "" && names[0] != "-" {
			out = append(out, column{names, optional})
		}
	}
	return out
}

// Headings returns the columns of T in a language, given by its index in the tags.
func Headings[T any](language int) []string { return names(columns[T](), language) }

func names(columns []column, language int) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.name(language)
	}
	return out
}

// languageOf returns the language of most headings, as an index in the tags.
func languageOf(header []string, columns []column) int {
	best, most := 0, 0
	for language := range columns[0].names {
		n := 0
		for _, h := range header {
			if slices.ContainsFunc(columns, func(c column) bool { return strings.EqualFold(c.name(language), h) }) {
				n++
			}
		}
		if n > most {
			best, most = language, n
		}
	}
	return best
}

// match replaces headings by the first name in the tags. It reports unknown headings,
// and missing ones in the header's language.
func match(header []string, columns []column, file string, line int) ([]string, []etl.Finding) {
	var fs []etl.Finding
	language := languageOf(header, columns)
	known := strings.Join(names(columns, language), ", ")
	out := make([]string, len(header))
	at := etl.Place{File: file, Row: line}
	for i, h := range header {
		out[i] = strings.ToLower(h)
		at.Column = i + 1
		c := slices.IndexFunc(columns, func(c column) bool { return c.called(h) })
		if c >= 0 {
			out[i] = columns[c].names[0]
		}
		switch {
		case h == "":
			out[i] = fmt.Sprintf("column %d", i+1) // gocsv would treat two empty headers as one
		case c < 0:
			fs = append(fs, etl.Find(etl.Warning, etl.CodeHeaderExtra, at, "heading", h, "known", known).Said("record"))
		case slices.Contains(out[:i], out[i]):
			fs = append(fs, etl.Find(etl.Error, etl.CodeHeaderDuplicate, at, "heading", h).Said("record"))
			out[i] = fmt.Sprintf("column %d", i+1)
		}
	}
	at.Column = 0
	for _, c := range columns {
		if !c.optional && !slices.Contains(out, c.names[0]) {
			fs = append(fs, etl.Find(etl.Error, etl.CodeColumnMissing, at, "heading", c.name(language),
				"known", known).Said("record"))
		}
	}
	return out, fs
}

// grid implements gocsv's reader interface on rows.
type grid struct {
	rows [][]string
	next int
}

func (g *grid) Read() ([]string, error) {
	if g.next >= len(g.rows) {
		return nil, io.EOF
	}
	g.next++
	return g.rows[g.next-1], nil
}

func (g *grid) ReadAll() ([][]string, error) {
	rows := g.rows[g.next:]
	g.next = len(g.rows)
	return rows, nil
}
