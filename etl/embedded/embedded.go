// Package embedded reads the tables that are embedded in the program: CSV (RFC 4180) in
// UTF-8 with commas and LF. Some thousand lines of them are read at every start: that
// takes encoding/csv, which copies each row, 1.6 ms for all tables, and this package, whose
// cells are parts of the text, 0.8. Tables that people give go through etl/records.
package embedded

import (
	"fmt"
	"strings"
)

// Rows returns the rows of a table below its header, which must be the given one. All rows
// have as many cells. name is the table's in errors.
func Rows(name, text, header string) ([][]string, error) {
	row, text := Row(text)
	if row != header {
		return nil, fmt.Errorf("%s: the header is %q, not %q", name, row, header)
	}
	width := len(Cells(nil, header))
	cells := make([]string, 0, width*(strings.Count(text, "\n")+1))
	for text != "" {
		row, text = Row(text)
		before := len(cells)
		if cells = Cells(cells, row); len(cells) != before+width {
			return nil, fmt.Errorf("%s: %q has %d cells, not %d", name, row, len(cells)-before, width)
		}
	}
	rows := make([][]string, len(cells)/width)
	for i := range rows {
		rows[i] = cells[i*width : (i+1)*width : (i+1)*width]
	}
	return rows, nil
}

// Row returns the first row of a text, without the end of its line, and what follows it. A
// line ends a row unless it is between quotes.
func Row(text string) (row, rest string) {
	end, quotes := 0, 0
	for {
		line := strings.IndexByte(text[end:], '\n')
		if line < 0 {
			return text, ""
		}
		quotes += strings.Count(text[end:end+line], `"`)
		end += line + 1
		if quotes%2 == 0 {
			return text[:end-1], text[end:]
		}
	}
}

// Cells appends the cells of a row.
func Cells(cells []string, row string) []string {
	for {
		if !strings.HasPrefix(row, `"`) {
			cell, rest, more := strings.Cut(row, ",")
			cells = append(cells, cell)
			if !more {
				return cells
			}
			row = rest
			continue
		}
		end, doubled := 1, false
		for end < len(row) {
			if row[end] == '"' {
				if end+1 == len(row) || row[end+1] != '"' {
					break
				}
				doubled = true
				end++
			}
			end++
		}
		cell := row[1:min(end, len(row))]
		if doubled {
			cell = strings.ReplaceAll(cell, `""`, `"`)
		}
		cells = append(cells, cell)
		if end+1 >= len(row) {
			return cells
		}
		row = row[end+2:] // after the quote and the comma
	}
}
