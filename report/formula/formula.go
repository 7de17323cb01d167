// Package formula renders the book's expressions as the formulas of a spreadsheet.
// Each expression has one rendering, here; a dialect says how a target writes
// references, texts and numbers. So what is proved of the one target's formulas
// holds for the other's.
//
// Three rules hold everywhere. Conditions are products of comparisons, never
// criteria of COUNTIF: names hold * ? ~ and begin with = or >, which COUNTIF
// reads as wildcards and operators. Numbers are compared only where ISNUMBER, as
// in Excel any text is greater than any number and a blank is zero. And nothing
// needs an array-entered formula or a function younger than Excel 2010:
// SUMPRODUCT evaluates its arguments as arrays in Excel 2016, LibreOffice and
// Google Sheets alike.
//
// A figure that another cell of the book already shows is referred to instead of
// being counted again: a share reads as one cell over another, which an editor can
// follow with the mouse, and a large list is counted once a figure.
package formula

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
	"hdsreport/etl/pattern"
	"hdsreport/report"
)

// Dialect is how a target writes what formulas are made of.
type Dialect interface {
	// separator stands between arguments.
	separator() string
	// whole is all data of a column, by its index in the table.
	whole(t *report.Table, column int) string
	// thisRow is the columns from first to last, of the row of data that the formula
	// stands in.
	thisRow(t *report.Table, first, last, row int) string
	// cell is another cell of the book, seen from one on the sheet from.
	cell(from *report.Sheet, p Place) string
	literal(text string) string
	number(f float64) string
	limits() limits
}

// limits are a target's own.
type limits struct {
	// comparisons is how many a computed column may cost to stay live; above it the
	// column is written as plain values, because opening the file or changing one cell
	// would otherwise take minutes.
	comparisons int
	// length is how long a formula may be, in UTF-16 units.
	length int
	// named is how many rows a table may have whose actors a formula names; 0 for a
	// target without the functions.
	named int
}

// Place is a cell of the book, as the book counts rows and columns.
type Place struct {
	Sheet    *report.Sheet
	Row, Col int
}

// Renderer renders the closed set of expressions over the tables of one book.
type Renderer struct {
	d      Dialect
	tables map[string]*report.Table // by Table.ID
	shown  map[string]Place         // by expression: the first cell that shows it
	cells  map[string]Place         // by Cell.ID
}

// New is a renderer of a book's formulas in a dialect.
func New(b *report.Book, d Dialect) *Renderer {
	r := &Renderer{d, map[string]*report.Table{}, map[string]Place{}, map[string]Place{}}
	for _, s := range b.Sheets {
		if s.Table != nil {
			r.tables[s.Table.ID] = s.Table
		}
		for _, l := range s.Lines {
			for _, c := range l.Cells {
				if c.ID != "" {
					r.cells[c.ID] = Place{s, l.Row, c.Col}
				}
				if c.Expr == nil {
					continue
				}
				if k := key(c.Expr); k != "" {
					if _, ok := r.shown[k]; !ok {
						r.shown[k] = Place{s, l.Row, c.Col}
					}
				}
			}
		}
	}
	return r
}

// key identifies an expression; "" for a constant, which needs no cell.
func key(e report.Expr) string {
	if _, ok := e.(report.Const); ok {
		return ""
	}
	return report.Identity(e)
}

// Cell is the formula of a free cell, without the leading "=". A part of an
// expression is smaller than the whole, so that references never make a circle. An
// expression over a table or a column that the book has not is an error.
func (r *Renderer) Cell(at Place, e report.Expr) (string, error) {
	s, err := r.part(at, e)
	if err != nil {
		return "", err
	}
	return r.checkLength(s)
}

// part is an expression as a part of the cell's formula.
func (r *Renderer) part(at Place, e report.Expr) (string, error) {
	if p, ok := r.shown[key(e)]; ok && p != at {
		return r.d.cell(at.Sheet, p), nil
	}
	return r.expr(at, e)
}

// Column is the formula that a computed column holds in a row of data, counted from
// 0, without the leading "="; the second result is false where the column has to be
// written as plain values, for want of a formula or for its cost.
func (r *Renderer) Column(t *report.Table, e report.RowExpr, row int) (string, bool, error) {
	var s string
	var err error
	switch e := e.(type) {
	case nil:
		return "", false, nil
	case report.CountEqual:
		s, err = r.countEqual(t, e, row)
	case report.AlsoIn:
		other, ok := r.tables[e.Other]
		if !ok {
			return "", false, fmt.Errorf("no table has the id %q", e.Other)
		}
		if t.Len*other.Len > r.d.limits().comparisons {
			return "", false, nil
		}
		s, err = r.alsoIn(t, other, e, row)
	case report.Covered:
		if 3*len(e.Columns)*t.Len*t.Len > r.d.limits().comparisons {
			return "", false, nil
		}
		s, err = r.covered(t, e, row)
	case report.Extended:
		s, err = r.extended(t, e, row)
	case report.NoneOf:
		if s, err = r.noneOf(t, e, row); err == nil && ooxml.TextLength(s) > r.d.limits().length {
			return "", false, nil
		}
	default:
		return "", false, fmt.Errorf("there is no formula for %T", e)
	}
	if err != nil {
		return "", false, err
	}
	s, err = r.checkLength(s)
	return s, true, err
}

// call writes a function's call.
func (r *Renderer) call(name string, args ...string) string {
	return name + "(" + strings.Join(args, r.d.separator()) + ")"
}

func (r *Renderer) expr(at Place, e report.Expr) (string, error) {
	switch e := e.(type) {
	case report.Const:
		return r.d.number(float64(e)), nil
	case report.Shown:
		p, ok := r.cells[e.Cell]
		if !ok {
			return "", fmt.Errorf("no cell has the id %q", e.Cell)
		}
		return r.d.cell(at.Sheet, p), nil
	case report.Sum:
		if len(e) == 0 {
			return "0", nil
		}
		terms := make([]string, len(e))
		for i := range e {
			s, err := r.part(at, e[i])
			if err != nil {
				return "", err
			}
			terms[i] = s
		}
		return "(" + strings.Join(terms, "+") + ")", nil
	case report.Difference:
		a, b, err := r.both(at, e.A, e.B)
		if err != nil {
			return "", err
		}
		return r.unlessBlank(at, e, "("+a+"-"+b+")")
	case report.Ratio:
		a, b, err := r.both(at, e.A, e.B)
		return r.call("IF", b+"=0", `""`, a+"/"+b), err
	case report.CountRows:
		t, conds, err := r.where(e.Table, e.Where)
		if err != nil {
			return "", err
		}
		if len(conds) == 0 {
			// ROWS of a column, not of the table: LibreOffice counts the table's header too.
			return r.call("ROWS", r.d.whole(t, 0)), nil
		}
		return r.call("SUMPRODUCT", product(conds)), nil
	case report.CountActors:
		t, conds, err := r.where(e.Table, e.Where)
		if err != nil {
			return "", err
		}
		return r.countActors(t, conds)
	}
	return "", fmt.Errorf("there is no formula for %T", e)
}

// unlessBlank is a difference's formula, blank if a ratio in it is over zero: a ratio is then the
// empty text, and an empty text minus a number is an error.
func (r *Renderer) unlessBlank(at Place, e report.Difference, formula string) (string, error) {
	for _, x := range []report.Expr{e.B, e.A} {
		ratio, ok := x.(report.Ratio)
		if !ok {
			continue
		}
		over, err := r.part(at, ratio.B)
		if err != nil {
			return "", err
		}
		formula = r.call("IF", over+"=0", `""`, formula)
	}
	return formula, nil
}

func (r *Renderer) both(at Place, a, b report.Expr) (string, string, error) {
	x, err := r.part(at, a)
	y, err2 := r.part(at, b)
	return x, y, errors.Join(err, err2)
}

// countActors counts the distinct numbers of the rows that meet the conditions.
// FREQUENCY sorts both its arguments, so that this is n log n where the usual
// 1/COUNTIF is n². Its bins are the actors' own numbers (a repeated bin counts 0);
// a row that does not meet the conditions, or has no number, is moved above every
// bin, into the overflow that FREQUENCY adds at the end, and the one that this
// overflow contributes is taken away again.
//
// The column by which a table's rows say whose they are holds one whole number ≥ 1
// an actor. Counting distinct numbers is linear in rows and knows no wildcard;
// counting distinct names is neither.
func (r *Renderer) countActors(t *report.Table, conds []string) (string, error) {
	actor, err := columnIndex(t, report.ActorColumn)
	if err != nil {
		return "", err
	}
	n := r.d.whole(t, actor)
	met := met(n, conds)
	return "(SUMPRODUCT(--(" + r.call("FREQUENCY", n+"+(1-"+met+")*1000000000", n) + ">0))" +
		"-(SUMPRODUCT(1-" + met + ")>0))", nil
}

// met is 1 in the rows of an actor that meet the conditions, else 0; actor is the
// column of the actors' numbers.
func met(actor string, conds []string) string {
	return strings.Join(append([]string{"ISNUMBER(" + actor + ")"}, conds...), "*")
}

// countEqual counts in the row's own cells. A comparison and not COUNTIF, for the
// reason given at the package; over one range where the columns stand side by side.
func (r *Renderer) countEqual(t *report.Table, e report.CountEqual, row int) (string, error) {
	if len(e.Columns) == 0 {
		return "", errors.New("it counts over no column")
	}
	at := make([]int, len(e.Columns))
	contiguous := true
	for i, id := range e.Columns {
		c, err := columnIndex(t, id)
		if err != nil {
			return "", err
		}
		at[i] = c
		contiguous = contiguous && (i == 0 || c == at[i-1]+1)
	}
	side := ""
	if contiguous {
		side = r.d.thisRow(t, at[0], at[len(at)-1], row)
	}
	count := func(value string) string {
		if side != "" {
			return "SUMPRODUCT(--(" + side + "=" + r.d.literal(value) + "))"
		}
		terms := make([]string, len(at))
		for i, c := range at {
			terms[i] = "(" + r.d.thisRow(t, c, c, row) + "=" + r.d.literal(value) + ")"
		}
		return "(" + strings.Join(terms, "+") + ")"
	}
	if e.Unknown == "" {
		return "0+" + count(e.Value), nil
	}
	return r.call("IF", count(e.Unknown)+">0", r.d.literal(e.Unknown), count(e.Value)), nil
}

func (r *Renderer) alsoIn(t, other *report.Table, e report.AlsoIn, row int) (string, error) {
	here, err := columnIndex(t, e.Key)
	if err != nil {
		return "", err
	}
	there, err := columnIndex(other, e.Key)
	if err != nil {
		return "", err
	}
	if e.Counted != "" {
		counted, err := columnIndex(other, e.Counted)
		if err != nil {
			return "", err
		}
		found := r.call("COUNTIFS", r.d.whole(other, there), r.d.thisRow(t, here, here, row),
			r.d.whole(other, counted), r.d.literal(e.Yes))
		return r.call("IF", found+">0", r.d.literal(e.Yes), r.d.literal(e.No)), nil
	}
	match := r.call("MATCH", r.d.thisRow(t, here, here, row), r.d.whole(other, there), "0")
	return r.call("IF", "ISNUMBER("+match+")", r.d.literal(e.Yes), r.d.literal(e.No)), nil
}

// covered looks through the rows of the row's actor, column by column: COUNTIFS
// with a number and a word of ours, which holds nothing that it takes for a
// wildcard or an operator.
func (r *Renderer) covered(t *report.Table, e report.Covered, row int) (string, error) {
	if len(e.Columns) == 0 {
		return "", errors.New("it counts over no column")
	}
	for _, word := range []string{e.Yes, e.Unknown} {
		if !plainWord().MatchString(word) {
			return "", fmt.Errorf("COUNTIFS would not take %q for a plain word", word)
		}
	}
	actor, err := columnIndex(t, e.Key)
	if err != nil {
		return "", err
	}
	var counted []string
	if e.Counted != "" {
		c, err := columnIndex(t, e.Counted)
		if err != nil {
			return "", err
		}
		counted = []string{r.d.whole(t, c), r.d.literal(e.Yes)}
	}
	var yes, unknown []string
	for _, id := range e.Columns {
		c, err := columnIndex(t, id)
		if err != nil {
			return "", err
		}
		count := func(word string) string {
			return r.call("COUNTIFS", append([]string{r.d.whole(t, actor), r.d.thisRow(t, actor, actor, row),
				r.d.whole(t, c), r.d.literal(word)}, counted...)...)
		}
		yes = append(yes, "("+count(e.Yes)+">0)")
		unknown = append(unknown, "("+count(e.Unknown)+">0)*("+count(e.Yes)+"=0)")
	}
	return r.call("IF", strings.Join(unknown, "+")+">0", r.d.literal(e.Unknown), "0+"+strings.Join(yes, "+")), nil
}

// noneOf compares with each word; spreadsheets do not tell capitals from small letters.
func (r *Renderer) noneOf(t *report.Table, e report.NoneOf, row int) (string, error) {
	if len(e.Words) == 0 {
		return "", errors.New("it compares with no word")
	}
	c, err := columnIndex(t, e.Column)
	if err != nil {
		return "", err
	}
	terms := make([]string, len(e.Words))
	for i, word := range e.Words {
		terms[i] = "(" + r.d.thisRow(t, c, c, row) + "=" + r.d.literal(word) + ")"
	}
	return r.call("IF", strings.Join(terms, "+")+">0", r.d.literal(e.No), r.d.literal(e.Yes)), nil
}

var plainWord = pattern.Of(`^\p{L}[\p{L}. ’-]*$`)

// extended moves the date of the row by the first span that holds it. What is no
// date shows as it is.
func (r *Renderer) extended(t *report.Table, e report.Extended, row int) (string, error) {
	c, err := columnIndex(t, e.Column)
	if err != nil {
		return "", err
	}
	d := r.d.thisRow(t, c, c, row)
	s := d
	for i := len(e.Spans) - 1; i >= 0; i-- {
		span := e.Spans[i]
		within := "1"
		if !span.From.IsZero() {
			within += "*(" + d + ">=" + r.date(span.From) + ")"
		}
		if !span.To.IsZero() {
			within += "*(" + d + "<=" + r.date(span.To.Last()) + ")"
		}
		within = strings.TrimPrefix(within, "1*")
		s = r.call("IF", within, r.call("EDATE", d, strconv.Itoa(span.Months)), s)
	}
	return r.call("IF", "ISNUMBER("+d+")", s, d+`&""`), nil
}

// date is the first day that d can mean.
func (r *Renderer) date(d etl.Date) string {
	return r.call("DATE", strconv.Itoa(int(d.Year)), strconv.Itoa(int(max(d.Month, 1))),
		strconv.Itoa(int(max(d.Day, 1))))
}

// where renders the conditions, each as a number 0 or 1 a row.
func (r *Renderer) where(table string, where []report.Cond) (*report.Table, []string, error) {
	t, ok := r.tables[table]
	if !ok {
		return nil, nil, fmt.Errorf("no table has the id %q", table)
	}
	out := make([]string, len(where))
	for i, c := range where {
		col, err := columnIndex(t, c.Column)
		if err != nil {
			return nil, nil, err
		}
		out[i], err = r.condition(r.d.whole(t, col), c)
		if err != nil {
			return nil, nil, message.Fail(err, "workbook-column", "column", c.Column, "why", err)
		}
	}
	return t, out, nil
}

func (r *Renderer) condition(ref string, c report.Cond) (string, error) {
	if c.Op != report.Equal && c.Op != report.NotEqual {
		op, ok := map[report.Op]string{report.AtMost: "<=", report.AtLeast: ">="}[c.Op]
		switch {
		case !ok:
			return "", fmt.Errorf("unknown comparison %d", c.Op)
		case c.Value.Kind != report.Number && c.Value.Kind != report.Day:
			return "", errors.New("only numbers and dates can be compared by order")
		case len(c.Or) > 0:
			return "", errors.New("an order has no alternatives")
		}
		return "ISNUMBER(" + ref + ")*(" + ref + op + r.constant(c.Value) + ")", nil
	}
	values := append([]report.Value{c.Value}, c.Or...)
	terms := make([]string, len(values))
	for i, v := range values {
		// A blank cell equals "" and no other text, in every target.
		terms[i] = "(" + ref + "=" + r.constant(v) + ")"
		if v.Kind == report.Number || v.Kind == report.Day {
			terms[i] = "ISNUMBER(" + ref + ")*" + terms[i]
		}
	}
	held := strings.Join(terms, "+")
	switch {
	case c.Op == report.NotEqual:
		return "(" + held + "=0)", nil
	case len(terms) > 1:
		return "(" + held + ">0)", nil
	default:
		return held, nil
	}
}

// constant is a value in a formula.
func (r *Renderer) constant(v report.Value) string {
	switch v.Kind {
	case report.Number:
		return r.d.number(v.Num)
	case report.Day:
		return r.date(etl.DateOfSerial(int(v.Num)))
	default:
		return r.d.literal(v.Text)
	}
}

// product multiplies; a lone comparison is made a number, since SUMPRODUCT takes
// a logical value for 0.
func product(conds []string) string {
	if len(conds) == 1 {
		return "--" + conds[0]
	}
	return strings.Join(conds, "*")
}

func columnIndex(t *report.Table, id string) (int, error) {
	for i := range t.Columns {
		if t.Columns[i].ID == id {
			return i, nil
		}
	}
	return 0, fmt.Errorf("table %s has no column with the id %q", t.ID, id)
}

func (r *Renderer) checkLength(s string) (string, error) {
	most := r.d.limits().length
	if n := ooxml.TextLength(s); n > most {
		return "", message.Fail(nil, "formula-long", "n", n, "most", most)
	}
	return s, nil
}
