package ooxml

import (
	"strconv"
	"strings"
)

// Limits of a sheet: Microsoft, "Excel specifications and limits".
const (
	MaxRows    = 1_048_576
	MaxColumns = 16_384
)

// ColumnName returns the letters of a column, counted from 1.
func ColumnName(col int) string {
	var b [8]byte
	i := len(b)
	for ; col > 0 && i > 0; col = (col - 1) / 26 {
		i--
		b[i] = byte('A' + (col-1)%26)
	}
	return string(b[i:])
}

// CellName returns the reference of a cell. Row and column count from 1.
func CellName(row, col int) string { return ColumnName(col) + strconv.Itoa(row) }

// Column returns the column, counted from 1, at the beginning of a reference such as
// AB12 or $AB$12, and the number of bytes it takes. It returns 0 if there is no valid
// column.
func Column[T string | []byte](ref T) (col, size int) {
	i := 0
	if i < len(ref) && ref[i] == '$' {
		i++
	}
	for ; i < len(ref) && col <= MaxColumns; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A') + 1
	}
	if col > MaxColumns {
		return 0, i
	}
	return col, i
}

// ParseCell parses a reference such as B7 or $B$7.
func ParseCell[T string | []byte](ref T) (row, col int, ok bool) {
	col, i := Column(ref)
	if col == 0 {
		return 0, 0, false
	}
	if i < len(ref) && ref[i] == '$' {
		i++
	}
	digits := i
	for ; i < len(ref) && row <= MaxRows; i++ {
		if ref[i] < '0' || ref[i] > '9' {
			return 0, 0, false
		}
		row = row*10 + int(ref[i]-'0')
	}
	return row, col, i > digits && i == len(ref) && row >= 1 && row <= MaxRows
}

// Area is a block of cells, including its last row and column. Rows and columns count
// from 1.
type Area struct{ Row, Col, LastRow, LastCol int }

// ParseArea parses a reference such as B7 or A7:M107.
func ParseArea(ref string) (Area, bool) {
	from, to, pair := strings.Cut(ref, ":")
	row, col, ok := ParseCell(from)
	if !ok {
		return Area{}, false
	}
	a := Area{row, col, row, col}
	if pair {
		if a.LastRow, a.LastCol, ok = ParseCell(to); !ok {
			return Area{}, false
		}
	}
	return Area{min(a.Row, a.LastRow), min(a.Col, a.LastCol), max(a.Row, a.LastRow), max(a.Col, a.LastCol)}, true
}

// ParseAreas parses references separated by spaces. It skips invalid ones.
func ParseAreas(refs string) []Area {
	var out []Area
	for ref := range strings.FieldsSeq(refs) {
		if a, ok := ParseArea(ref); ok {
			out = append(out, a)
		}
	}
	return out
}

// Holds reports whether the area contains a cell.
func (a Area) Holds(row, col int) bool {
	return row >= a.Row && row <= a.LastRow && col >= a.Col && col <= a.LastCol
}

// Meets reports whether two areas have a cell in common.
func (a Area) Meets(b Area) bool {
	return a.Row <= b.LastRow && b.Row <= a.LastRow && a.Col <= b.LastCol && b.Col <= a.LastCol
}

// String returns the reference of the area.
func (a Area) String() string {
	if a.Row == a.LastRow && a.Col == a.LastCol {
		return CellName(a.Row, a.Col)
	}
	return CellName(a.Row, a.Col) + ":" + CellName(a.LastRow, a.LastCol)
}
