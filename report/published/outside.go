package published

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/report"
	"hdsreport/report/formula"
)

// Outside is what a sheet says outside its table, cell by cell as marks: enough to notice
// that somebody typed there, and no second copy of the sheet.
type Outside struct {
	Sheet string `json:"sheet"` // Sheet.ID
	Lines []Line `json:"lines"`
}

// Line is a row of such cells. Row counts from 1, and the cells are by their column's
// letters.
type Line struct {
	Row   int             `json:"row"`
	Cells map[string]Mark `json:"cells"`
}

// Mark is a short hash of what a cell says. That of a live figure begins with "=".
type Mark string

// MarkOf returns the mark of a text.
func MarkOf(text string) Mark { return Mark(hashed(text)) }

// Live reports whether the cell holds a formula.
func (m Mark) Live() bool { return strings.HasPrefix(string(m), "=") }

// Says reports whether a text is what the cell said.
func (m Mark) Says(text string) bool { return strings.TrimPrefix(string(m), "=") == hashed(text) }

// markLength is the number of characters of a mark, 24 bits: an edit goes unnoticed once in
// sixteen million.
const markLength = 4

// hashed returns the mark of a text. Numbers are the same with any number of zeros, and as
// precise as every spreadsheet keeps them.
func hashed(text string) string {
	text = etl.OneSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		text = strconv.FormatFloat(n, 'g', 10, 64)
	}
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:markLength]
}

func outside(s *report.Sheet) Outside {
	out := Outside{Sheet: s.ID, Lines: []Line{}}
	for _, l := range s.Lines {
		line := Line{Row: l.Row + 1, Cells: map[string]Mark{}}
		for _, c := range l.Cells {
			if c.Value.Kind == report.Blank && c.Expr == nil {
				continue
			}
			m := Mark(hashed(c.Value.String()))
			if c.Expr != nil {
				m = "=" + m
			}
			line.Cells[formula.ColumnName(c.Col)] = m
		}
		if len(line.Cells) > 0 {
			out.Lines = append(out.Lines, line)
		}
	}
	return out
}
