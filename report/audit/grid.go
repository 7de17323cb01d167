package audit

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// Limits of the format: Microsoft, "Excel specifications and limits".
const (
	maxRows      = 1_048_576
	maxColumns   = 16_384
	maxText      = 32_767 // UTF-16 units in a cell
	maxHeader    = 255
	maxSheetName = 31
	maxLiteral   = 255 // of a drop-down's list within its formula
)

// area is a block of cells, inclusive, rows and columns from 1.
type area struct{ row, col, lastRow, lastCol int }

func (a area) holds(row, col int) bool {
	return row >= a.row && row <= a.lastRow && col >= a.col && col <= a.lastCol
}

func (a area) meets(b area) bool {
	return a.row <= b.lastRow && b.row <= a.lastRow && a.col <= b.lastCol && b.col <= a.lastCol
}

func (a area) String() string {
	if a.row == a.lastRow && a.col == a.lastCol {
		return cellName(a.row, a.col)
	}
	return cellName(a.row, a.col) + ":" + cellName(a.lastRow, a.lastCol)
}

func columnName(col int) string {
	var b [8]byte
	i := len(b)
	for ; col > 0; col = (col - 1) / 26 {
		i--
		b[i] = byte('A' + (col-1)%26)
	}
	return string(b[i:])
}

func cellName(row, col int) string { return fmt.Sprintf("%s%d", columnName(col), row) }

// parseCell reads a reference such as B7 or $B$7.
func parseCell[T string | []byte](s T) (row, col int, ok bool) {
	i := 0
	if i < len(s) && s[i] == '$' {
		i++
	}
	letters := i
	for ; i < len(s) && col <= maxColumns; i++ {
		c := s[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A') + 1
	}
	if i == letters || col > maxColumns {
		return 0, 0, false
	}
	if i < len(s) && s[i] == '$' {
		i++
	}
	digits := i
	for ; i < len(s) && row <= maxRows; i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, 0, false
		}
		row = row*10 + int(s[i]-'0')
	}
	return row, col, i > digits && i == len(s) && row >= 1 && row <= maxRows
}

// parseArea reads a reference such as B7 or A7:M107.
func parseArea(s string) (area, bool) {
	from, to, pair := strings.Cut(s, ":")
	row, col, ok := parseCell(from)
	if !ok {
		return area{}, false
	}
	a := area{row, col, row, col}
	if pair {
		if a.lastRow, a.lastCol, ok = parseCell(to); !ok {
			return area{}, false
		}
	}
	return area{min(a.row, a.lastRow), min(a.col, a.lastCol), max(a.row, a.lastRow), max(a.col, a.lastCol)}, true
}

// parseAreas reads a list of references between spaces; what it cannot read is
// left out.
func parseAreas(s string) []area {
	var out []area
	for part := range strings.FieldsSeq(s) {
		if a, ok := parseArea(part); ok {
			out = append(out, a)
		}
	}
	return out
}

func units(s string) int {
	if len(s) <= maxSheetName {
		ascii := true
		for i := range len(s) {
			ascii = ascii && s[i] < 0x80
		}
		if ascii {
			return len(s)
		}
	}
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
