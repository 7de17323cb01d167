// Package report makes the book: the three sheets of the report as data, before
// they are an .xlsx file or a Google Sheet. Every figure in it is an expression
// over the book's tables (expr.go), evaluated here and rendered by the target.
package report

import (
	"strconv"

	"hdsreport/etl"
)

// Book is the report: sheets in the order in which readers see them, and what a
// file's properties say of it.
type Book struct {
	Title       string
	Subject     string
	Source      string // whose lists they are, in a sentence
	Description string
	Creator     string // the newsroom
	Keywords    string
	Language    string   // BCP 47: "fr-FR", "en-GB"
	Date        etl.Date // of the edition; files take their times from it, never from the clock
	Sheets      []*Sheet
	Labels      Labels // for what a target adds of its own, such as the titles of saved filters
	// Identifier is the book's Generation, which a file bears so that it can be told
	// what was published when it was made. It is no part of what it identifies.
	Identifier string
}

// Sheet is one tab. It opens with paragraphs; below them stands a table of data, or the
// sections of the summary. Lines, charts and the rest are how a spreadsheet lays these
// out. Rows and columns count from 0, as in the grid of the target.
type Sheet struct {
	ID       string // stable: approved, certified, summary
	Name     string // of the tab
	Opening  []Paragraph
	Sections []Section // of the summary

	Widths []float64
	Lines  []Line  // by rising Row
	Table  *Table  // nil where the sheet holds only lines
	Charts []Chart // may overlap no line's text
	Freeze int     // this many rows stay in view; 0 for none
	// PrintColumns is how many columns, from the left, are printed; the technical
	// ones stand to the right of them.
	PrintColumns int
	// PrintTitle is the range of rows [from, to) repeated on each printed page.
	PrintTitle [2]int
	PageBreaks []int // rows that start a printed page
	Landscape  bool
	Gridlines  bool
	Tab        string // colour of the tab, RRGGBB
}

// Line is one row of free cells, outside a table.
type Line struct {
	Row    int
	Height float64 // points; 0 lets the target choose
	Cells  []Cell  // by rising Col
}

// Cell is one cell outside a table.
type Cell struct {
	ID    string // for expressions that refer to it; may be empty
	Col   int
	Value Value
	Expr  Expr   // a live figure; Value is then what it evaluates to
	Names *Names // the same sentence with live names, for a target that can write it; else Value stands
	Style Style  // what the cell is, not how it looks: the target maps it
	Link  string // http(s) or mailto
	Span  int    // draws over this many columns (text overflow only, never a merge); 0 is 1
	Wrap  bool   // over several lines, for which its row has the height
}

// Kind is the type of a value.
type Kind uint8

const (
	Blank  Kind = iota // nothing stated
	Text               // a string, never a formula
	Number             // a float64
	Day                // a date; Num is its serial in the 1900 system
)

// Value is what a cell holds.
type Value struct {
	Kind Kind
	Text string
	Num  float64
}

// String returns the value as files of data have it: days in ISO 8601, numbers without a
// format.
func (v Value) String() string {
	switch v.Kind {
	case Text:
		return v.Text
	case Number:
		return strconv.FormatFloat(v.Num, 'f', -1, 64)
	case Day:
		return etl.DateOfSerial(int(v.Num)).String()
	default:
		return ""
	}
}

// TextOf, NumberOf and DayOf make values; an empty text or date is a blank.
func TextOf(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{Kind: Text, Text: s}
}

// NumberOf is a number.
func NumberOf(n float64) Value { return Value{Kind: Number, Num: n} }

// DayOf is a full date as a date; a month or a year alone is a text, since a
// target would have to invent its day.
func DayOf(d etl.Date) Value {
	switch {
	case d.IsZero():
		return Value{}
	case d.Full():
		return Value{Kind: Day, Num: float64(d.Serial())}
	default:
		return TextOf(d.String())
	}
}

// Table is a block of data with a header, filters and a name: what formulas
// refer to. It holds at least one row.
type Table struct {
	ID      string // stable: approved, certified
	Name    string // in formulas: Agrees, Certifies
	Row     int    // of the header
	Columns []Column
	Len     int // rows of data
	// Ended is the day on which the list had ended, if it had; the one row says so.
	Ended etl.Date
}

// Column is one column of a table.
type Column struct {
	ID        string // stable, for expressions and for Google Sheets: "position"
	Header    string
	Note      string // what it holds, for whoever hovers or reads with a screen reader
	Kind      Kind
	Width     float64 // in characters
	Wrap      bool
	Turned    bool     // its header reads upwards
	Signs     []Sign   // of its values, the frequent ones
	Technical bool     // outside the printed page
	Verbatim  bool     // as the source writes it: digits and dates typed here stay text
	Choices   []string // a drop-down
	// At, Link and Proposed are called by several goroutines at once.
	At   func(row int) Value // by row of data, from 0
	Link func(row int) string
	// Proposed reports whether a row's value is a proposal, which the target shows in
	// italics; nil where it never is.
	Proposed func(row int) bool
	// Computed is the column's formula, the same in every row; nil for a plain value.
	Computed RowExpr
}

// A Sign stands for a value where a target can show another text than a cell holds. The
// cell holds the value: people type, filter and count it.
type Sign struct{ Value, Shown string }

// Column finds a column by its ID; it panics on an unknown one, which is a
// mistake in this program.
func (t *Table) Column(id string) *Column {
	for i := range t.Columns {
		if t.Columns[i].ID == id {
			return &t.Columns[i]
		}
	}
	panic("report: table " + t.ID + " has no column " + id)
}

// Chart is a picture of figures: its series refer to cells of the same sheet.
type Chart struct {
	Row, Col      int
	Width, Height int // pixels
	Kind          ChartKind
	Title         string
	Subtitle      string // day and source
	Alt           string // what it shows, for those who cannot see it
	Category      Range  // labels, or days
	Time          TimeAxis
	Series        []Series
	Decimals      bool
}

// ChartKind is one of the forms in use.
type ChartKind uint8

const (
	Bars    ChartKind = iota // horizontal, for labels
	Columns                  // vertical, for time and counts
	Lines                    // for time, if every point has a number
)

// TimeAxis is how a chart's categories stand on its axis.
type TimeAxis uint8

const (
	NoTime TimeAxis = iota // side by side
	Months                 // by the months of the days that they are
	Days                   // by the days that they are
)

// Series is one colour of a chart.
type Series struct {
	Name   string
	Values Range
	Colour string // RRGGBB
}

// Range is a block of cells on the chart's own sheet, inclusive, from 0.
type Range struct{ Row, Col, LastRow, LastCol int }
