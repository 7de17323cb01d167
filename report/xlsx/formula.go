package xlsx

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/report"
)

// actorID is the ID of the technical column by which a table's rows say whose
// they are: one whole number ≥ 1 an actor. Counting distinct numbers is linear
// in rows and knows no wildcard; counting distinct names is neither.
const actorID = report.ActorColumn

// maxComparisons is how many comparisons a computed column may cost to stay
// live; above it the column is written as plain values, because opening the file
// or changing one cell would otherwise take minutes in a spreadsheet that does not
// index its look-ups (Excel 2016). For AlsoIn, some 20,000 rows a list.
const maxComparisons = 400_000_000

// Limits of the format (ECMA-376 and Microsoft's "Excel specifications and limits").
const (
	maxFormula = 8192 // characters in a formula
	maxLiteral = 255  // characters in one text inside a formula
)

// formulas renders the closed set of expressions over the tables of one book.
//
// Three rules hold everywhere. Conditions are products of comparisons, never
// criteria of COUNTIF: names hold * ? ~ and begin with = or >, which COUNTIF
// reads as wildcards and operators. Numbers are compared only where ISNUMBER, as
// in Excel any text is greater than any number and a blank is zero. And nothing
// needs an array-entered formula or a function younger than Excel 2010:
// SUMPRODUCT evaluates its arguments as arrays in Excel 2016 and LibreOffice alike.
//
// A figure that another cell of the book already shows is referred to instead of
// being counted again: a share reads as one cell over another, which an editor can
// follow with the mouse, and a large list is counted once a figure.
type formulas struct {
	tables map[string]*report.Table // by Table.ID
	shown  map[string]place         // by expression: the first cell that shows it
}

// place is a cell of the book.
type place struct {
	sheet    string
	row, col int
}

func newFormulas(b *report.Book) *formulas {
	fs := &formulas{map[string]*report.Table{}, map[string]place{}}
	for _, s := range b.Sheets {
		if s.Table != nil {
			fs.tables[s.Table.ID] = s.Table
		}
		for _, l := range s.Lines {
			for _, c := range l.Cells {
				if c.Expr == nil {
					continue
				}
				if k := key(c.Expr); k != "" {
					if _, ok := fs.shown[k]; !ok {
						fs.shown[k] = place{s.Name, l.Row, c.Col}
					}
				}
			}
		}
	}
	return fs
}

// key identifies an expression; "" for a constant, which needs no cell.
func key(e report.Expr) string {
	if _, ok := e.(report.Const); ok {
		return ""
	}
	return fmt.Sprintf("%#v", e)
}

// cell is the formula of a free cell, without the leading "=". A part of an
// expression is smaller than the whole, so that references never make a circle.
func (fs *formulas) cell(at place, e report.Expr) (string, error) {
	s, err := fs.part(at, e)
	if err != nil {
		return "", err
	}
	return checkLength(s)
}

// part is an expression as a part of the cell's formula.
func (fs *formulas) part(at place, e report.Expr) (string, error) {
	if p, ok := fs.shown[key(e)]; ok && p != at {
		ref := absolute(report.Range{Row: p.row, Col: p.col, LastRow: p.row, LastCol: p.col})
		ref, _, _ = strings.Cut(ref, ":")
		if p.sheet != at.sheet {
			ref = quote(p.sheet) + "!" + ref
		}
		return ref, nil
	}
	return fs.expr(at, e)
}

// column is the formula that every row of a computed column holds; the second
// result is false where the column has to be written as plain values.
func (fs *formulas) column(t *report.Table, e report.RowExpr) (string, bool, error) {
	switch e := e.(type) {
	case nil:
		return "", false, nil
	case report.CountEqual:
		s, err := countEqual(t, e)
		if err != nil {
			return "", false, err
		}
		s, err = checkLength(s)
		return s, true, err
	case report.AlsoIn:
		other, ok := fs.tables[e.Other]
		if !ok {
			return "", false, fmt.Errorf("no table has the id %q", e.Other)
		}
		if t.Len*other.Len > maxComparisons {
			return "", false, nil
		}
		here, err := columnOf(t, e.Key)
		if err != nil {
			return "", false, err
		}
		there, err := columnOf(other, e.Key)
		if err != nil {
			return "", false, err
		}
		s, err := checkLength("IF(ISNUMBER(MATCH(" + thisRow(t, here) + "," + whole(other, there) + ",0))," +
			literal(e.Yes) + "," + literal(e.No) + ")")
		return s, true, err
	case report.Covered:
		if 3*len(e.Columns)*t.Len*t.Len > maxComparisons {
			return "", false, nil
		}
		s, err := covered(t, e)
		if err != nil {
			return "", false, err
		}
		s, err = checkLength(s)
		return s, true, err
	case report.Extended:
		s, err := extended(t, e)
		if err != nil {
			return "", false, err
		}
		s, err = checkLength(s)
		return s, true, err
	}
	return "", false, fmt.Errorf("there is no formula for %T", e)
}

func (fs *formulas) expr(at place, e report.Expr) (string, error) {
	switch e := e.(type) {
	case report.Const:
		return number(float64(e)), nil
	case report.Sum:
		if len(e) == 0 {
			return "0", nil
		}
		terms := make([]string, len(e))
		for i := range e {
			s, err := fs.part(at, e[i])
			if err != nil {
				return "", err
			}
			terms[i] = s
		}
		return "(" + strings.Join(terms, "+") + ")", nil
	case report.Difference:
		a, b, err := fs.both(at, e.A, e.B)
		return "(" + a + "-" + b + ")", err
	case report.Ratio:
		a, b, err := fs.both(at, e.A, e.B)
		return "IF(" + b + "=0,\"\"," + a + "/" + b + ")", err
	case report.CountRows:
		t, conds, err := fs.where(e.Table, e.Where)
		if err != nil {
			return "", err
		}
		if len(conds) == 0 {
			// ROWS of a column, not of the table: LibreOffice counts the table's header too.
			return "ROWS(" + whole(t, &t.Columns[0]) + ")", nil
		}
		return "SUMPRODUCT(" + product(conds) + ")", nil
	case report.CountActors:
		t, conds, err := fs.where(e.Table, e.Where)
		if err != nil {
			return "", err
		}
		return countActors(t, conds)
	}
	return "", fmt.Errorf("there is no formula for %T", e)
}

func (fs *formulas) both(at place, a, b report.Expr) (string, string, error) {
	x, err := fs.part(at, a)
	y, err2 := fs.part(at, b)
	return x, y, errors.Join(err, err2)
}

// countActors counts the distinct numbers of the rows that meet the conditions.
// FREQUENCY sorts both its arguments, so that this is n log n where the usual
// 1/COUNTIF is n². Its bins are the actors' own numbers (a repeated bin counts 0);
// a row that does not meet the conditions, or has no number, is moved above every
// bin, into the overflow that FREQUENCY adds at the end, and the one that this
// overflow contributes is taken away again.
func countActors(t *report.Table, conds []string) (string, error) {
	actor, err := columnOf(t, actorID)
	if err != nil {
		return "", err
	}
	n := whole(t, actor)
	met := strings.Join(append([]string{"ISNUMBER(" + n + ")"}, conds...), "*")
	return "(SUMPRODUCT(--(FREQUENCY(" + n + "+(1-" + met + ")*1000000000," + n + ")>0))" +
		"-(SUMPRODUCT(1-" + met + ")>0))", nil
}

// countEqual counts in the row's own cells. A comparison and not COUNTIF, for the
// reason given at formulas; over one range where the columns stand side by side.
func countEqual(t *report.Table, e report.CountEqual) (string, error) {
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
	count := func(value string) string {
		if contiguous {
			r := thisRow(t, &t.Columns[at[0]])
			if len(at) > 1 {
				r = t.Name + "[[#This Row]," + specifier(t.Columns[at[0]].Header) + ":" + specifier(t.Columns[at[len(at)-1]].Header) + "]"
			}
			return "SUMPRODUCT(--(" + r + "=" + literal(value) + "))"
		}
		terms := make([]string, len(at))
		for i, c := range at {
			terms[i] = "(" + thisRow(t, &t.Columns[c]) + "=" + literal(value) + ")"
		}
		return "(" + strings.Join(terms, "+") + ")"
	}
	if e.Unknown == "" {
		return "0+" + count(e.Value), nil
	}
	return "IF(" + count(e.Unknown) + ">0," + literal(e.Unknown) + "," + count(e.Value) + ")", nil
}

// covered looks through the rows of the row's actor, column by column: COUNTIFS
// with a number and a word of ours, which holds nothing that it takes for a
// wildcard or an operator.
func covered(t *report.Table, e report.Covered) (string, error) {
	if len(e.Columns) == 0 {
		return "", errors.New("it counts over no column")
	}
	for _, word := range []string{e.Yes, e.Unknown} {
		if !plainWord.MatchString(word) {
			return "", fmt.Errorf("COUNTIFS would not take %q for a plain word", word)
		}
	}
	actor, err := columnOf(t, e.Key)
	if err != nil {
		return "", err
	}
	var yes, unknown []string
	for _, id := range e.Columns {
		c, err := columnOf(t, id)
		if err != nil {
			return "", err
		}
		count := func(word string) string {
			return "COUNTIFS(" + whole(t, actor) + "," + thisRow(t, actor) + "," + whole(t, c) + "," + literal(word) + ")"
		}
		yes = append(yes, "("+count(e.Yes)+">0)")
		unknown = append(unknown, "("+count(e.Unknown)+">0)*("+count(e.Yes)+"=0)")
	}
	return "IF(" + strings.Join(unknown, "+") + ">0," + literal(e.Unknown) + ",0+" + strings.Join(yes, "+") + ")", nil
}

var plainWord = regexp.MustCompile(`^\p{L}[\p{L}. ’-]*$`)

// extended moves the date of the row by the first span that holds it. What is no
// date shows as it is.
func extended(t *report.Table, e report.Extended) (string, error) {
	c, err := columnOf(t, e.Column)
	if err != nil {
		return "", err
	}
	d := thisRow(t, c)
	s := d
	for i := len(e.Spans) - 1; i >= 0; i-- {
		span := e.Spans[i]
		within := "1"
		if !span.From.IsZero() {
			within += "*(" + d + ">=" + date(span.From) + ")"
		}
		if !span.To.IsZero() {
			within += "*(" + d + "<=" + date(span.To.Last()) + ")"
		}
		within = strings.TrimPrefix(within, "1*")
		s = "IF(" + within + ",EDATE(" + d + "," + strconv.Itoa(span.Months) + ")," + s + ")"
	}
	return "IF(ISNUMBER(" + d + ")," + s + "," + d + "&\"\")", nil
}

// date is the first day that d can mean.
func date(d etl.Date) string {
	return fmt.Sprintf("DATE(%d,%d,%d)", d.Year, max(d.Month, 1), max(d.Day, 1))
}

// where renders the conditions, each as a number 0 or 1 a row.
func (fs *formulas) where(table string, where []report.Cond) (*report.Table, []string, error) {
	t, ok := fs.tables[table]
	if !ok {
		return nil, nil, fmt.Errorf("no table has the id %q", table)
	}
	out := make([]string, len(where))
	for i, c := range where {
		col, err := columnOf(t, c.Column)
		if err != nil {
			return nil, nil, err
		}
		out[i], err = condition(whole(t, col), c)
		if err != nil {
			return nil, nil, fmt.Errorf("column %q: %w", c.Column, err)
		}
	}
	return t, out, nil
}

func condition(ref string, c report.Cond) (string, error) {
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
		return "ISNUMBER(" + ref + ")*(" + ref + op + constant(c.Value) + ")", nil
	}
	values := append([]report.Value{c.Value}, c.Or...)
	terms := make([]string, len(values))
	for i, v := range values {
		// A blank cell equals "" and no other text, in Excel and LibreOffice.
		terms[i] = "(" + ref + "=" + constant(v) + ")"
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
func constant(v report.Value) string {
	switch v.Kind {
	case report.Number:
		return number(v.Num)
	case report.Day:
		return date(etl.DateOfSerial(int(v.Num)))
	default:
		return literal(v.Text)
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

func columnOf(t *report.Table, id string) (*report.Column, error) {
	i, err := columnIndex(t, id)
	if err != nil {
		return nil, err
	}
	return &t.Columns[i], nil
}

// whole and thisRow are the two structured references in use. A file holds
// [#This Row] where the formula bar shows "@".
func whole(t *report.Table, c *report.Column) string {
	s := specifier(c.Header)
	if plain.MatchString(c.Header) {
		return t.Name + s
	}
	// Microsoft: a header with any of these characters takes double brackets.
	return t.Name + "[" + s + "]"
}

func thisRow(t *report.Table, c *report.Column) string {
	return t.Name + "[[#This Row]," + specifier(c.Header) + "]"
}

// plain headers need one pair of brackets.
var plain = regexp.MustCompile(`^[\p{L}\p{N}_ ’°]+$`)

var escapeHeader = strings.NewReplacer("'", "''", "[", "'[", "]", "']", "#", "'#", "@", "'@")

// specifier is a column in a structured reference; an apostrophe escapes what
// the syntax would take for its own.
func specifier(header string) string { return "[" + escapeHeader.Replace(header) + "]" }

// escaped is the format's own notation of a character by its code, which a
// reader would decode inside a formula too.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// literal is a text in a formula. The format allows 255 characters in one, so
// that longer ones are joined from pieces; a text that reads like an escaped
// character is cut inside it for the same reason.
func literal(s string) string {
	var pieces []string
	for cut := escaped.FindStringIndex(s); cut != nil; cut = escaped.FindStringIndex(s) {
		pieces = append(pieces, pieced(s[:cut[0]+1])...)
		s = s[cut[0]+1:]
	}
	pieces = append(pieces, pieced(s)...)
	for i, p := range pieces {
		pieces[i] = `"` + strings.ReplaceAll(p, `"`, `""`) + `"`
	}
	if len(pieces) == 1 {
		return pieces[0]
	}
	return "(" + strings.Join(pieces, "&") + ")"
}

// pieced cuts into pieces of at most maxLiteral UTF-16 units, never inside a character.
func pieced(s string) []string {
	var out []string
	start, units := 0, 0
	for i, r := range s {
		n := 1
		if r > 0xFFFF {
			n = 2
		}
		if units+n > maxLiteral {
			out = append(out, s[start:i])
			start, units = i, 0
		}
		units += n
	}
	return append(out, s[start:])
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func checkLength(s string) (string, error) {
	if n := utf16Len(s); n > maxFormula {
		return "", fmt.Errorf("its formula has %d characters and a spreadsheet takes %d: shorten the column headers or split the figure", n, maxFormula)
	}
	return s, nil
}
