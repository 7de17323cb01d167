package formula

import (
	"strconv"
	"strings"

	"hdsreport/report"
)

// Tab is where a sheet of the book stands in a Google Sheet: people rename tabs and
// insert columns, and the formulas follow.
type Tab struct {
	Title   string // at present
	Columns []int  // by column of the book, the grid's
	Header  int    // the grid's row of the table's header
}

// Sheets writes formulas for Google Sheets: references by cell, semicolons between
// arguments, which every locale of a spreadsheet takes where a comma fails in the
// French one. tabs are by Sheet.ID, and name each sheet of the book.
//
// The rows above a table, and those of a sheet without one, stand in the grid as they
// do in the book.
func Sheets(b *report.Book, tabs map[string]Tab) Dialect {
	d := sheets{tabs, map[*report.Table]Tab{}}
	for _, s := range b.Sheets {
		if s.Table != nil {
			d.of[s.Table] = tabs[s.ID]
		}
	}
	return d
}

type sheets struct {
	tabs map[string]Tab
	of   map[*report.Table]Tab
}

// A formula of Google Sheets holds 50,000 characters ("Files you can store in Google
// Drive"). That a sheet's look-ups stay quick up to some thousand rows is our measure
// of caution: Google documents no speed. It is the same of names, each of which is
// looked up among the rows.
func (sheets) limits() limits {
	return limits{comparisons: 25_000_000, length: 50_000, named: 2_000}
}

func (sheets) separator() string { return ";" }

func (d sheets) whole(t *report.Table, column int) string {
	tab := d.of[t]
	c := "$" + ColumnName(tab.Columns[column]) + "$"
	return Quote(tab.Title) + "!" + c + strconv.Itoa(tab.Header+2) + ":" + c + strconv.Itoa(tab.Header+1+t.Len)
}

// thisRow is relative in its row, so that a spreadsheet can repeat the formula down
// the column. It is empty where people have put columns of theirs between: one range
// would count those.
func (d sheets) thisRow(t *report.Table, first, last, row int) string {
	tab := d.of[t]
	if last > first && tab.Columns[last]-tab.Columns[first] != last-first {
		return ""
	}
	n := strconv.Itoa(tab.Header + 2 + row)
	ref := "$" + ColumnName(tab.Columns[first]) + n
	if last > first {
		ref += ":$" + ColumnName(tab.Columns[last]) + n
	}
	return ref
}

func (d sheets) cell(from *report.Sheet, p Place) string {
	tab := d.tabs[p.Sheet.ID]
	ref := "$" + ColumnName(tab.Columns[p.Col]) + "$" + strconv.Itoa(p.Row+1)
	if p.Sheet != from {
		ref = Quote(tab.Title) + "!" + ref
	}
	return ref
}

func (sheets) literal(s string) string { return quoteText(s) }

// number is the same in every locale: a decimal point would be read by the
// spreadsheet's own, so that 4.5 is written (45/10). The quotient of two exact
// integers is the double that the decimal number means.
func (sheets) number(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	whole, decimals, broken := strings.Cut(s, ".")
	if !broken {
		return s
	}
	digits := strings.TrimLeft(strings.TrimPrefix(whole, "-")+decimals, "0")
	sign := ""
	if f < 0 {
		sign = "-"
	}
	return "(" + sign + digits + "/1" + strings.Repeat("0", len(decimals)) + ")"
}
