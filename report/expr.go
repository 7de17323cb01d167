package report

import "hdsreport/etl"

// Expr is a figure: a small closed set, evaluated once in Go (eval.go) and
// rendered once a target. Every count is of distinct actors unless it says rows.
type Expr interface{ isExpr() }

// CountActors counts the distinct actors among a table's rows that meet all the
// conditions.
type CountActors struct {
	Table string // Table.ID
	Where []Cond
}

// CountRows counts rows that meet all the conditions.
type CountRows struct {
	Table string
	Where []Cond
}

// Sum adds; Difference subtracts B from A, and is blank if one of them is a blank ratio;
// Ratio divides A by B and is blank where B is zero; Const is a number.
type (
	Sum        []Expr
	Difference struct{ A, B Expr }
	Ratio      struct{ A, B Expr }
	Const      float64
)

// Shown is the number that a free cell of the book shows and that cannot be live,
// such as another edition's count: a formula refers to the cell, so that whoever
// corrects it there sees what is computed from it follow.
type Shown struct {
	Cell  string // Cell.ID
	Value float64
}

func (CountActors) isExpr() {}
func (Shown) isExpr()       {}
func (CountRows) isExpr()   {}
func (Sum) isExpr()         {}
func (Difference) isExpr()  {}
func (Ratio) isExpr()       {}
func (Const) isExpr()       {}

// Cond is one condition on one column of a table.
type Cond struct {
	Column string // Column.ID
	Op     Op
	Value  Value
	Or     []Value // with Equal and NotEqual: these count like Value
}

// Op compares. Equality of texts ignores case, as spreadsheets do, and knows no
// wildcard.
type Op uint8

const (
	Equal Op = iota
	NotEqual
	AtMost  // number or date; false on blanks and texts
	AtLeast // number or date; false on blanks and texts
)

// RowExpr is the formula of a computed column: one value a row, from the same
// row or from the other table.
type RowExpr interface{ isRowExpr() }

// CountEqual counts how many of the row's named columns hold Value; where a
// column holds Unknown the result is the text Unknown.
type CountEqual struct {
	Columns []string
	Value   string
	Unknown string
}

// AlsoIn is Yes where the row's Key occurs in the Other table's Key, else No.
// It costs rows times rows, so that the book declares it above a stated size.
type AlsoIn struct {
	Key     string // Column.ID, numeric, in both tables
	Other   string // Table.ID
	Yes, No string
	// Counted is a column of the other table; only rows that say Yes in it are looked
	// through. If empty, all are.
	Counted string
}

// Covered is how many of the Columns hold Yes in any of the rows of the same
// actor; the text Unknown where one of them holds Unknown in a row and Yes in
// none. It costs rows times rows, like AlsoIn.
type Covered struct {
	Key          string // Column.ID, numeric
	Columns      []string
	Yes, Unknown string
	Counted      string // a column; only rows that say Yes in it count. If empty, all do
}

// NoneOf is No where the row's Column holds one of the Words, else Yes.
type NoneOf struct {
	Column  string // Column.ID
	Words   []string
	Yes, No string
}

// Extended is the row's date, later by Months where it lies within a span; the
// first span that holds it counts. Blank where there is no date.
type Extended struct {
	Column string
	Spans  []Span
}

// Span is a stretch of days, both included.
type Span struct {
	From, To etl.Date
	Months   int
}

func (Covered) isRowExpr()    {}
func (NoneOf) isRowExpr()     {}
func (Extended) isRowExpr()   {}
func (CountEqual) isRowExpr() {}
func (AlsoIn) isRowExpr()     {}
