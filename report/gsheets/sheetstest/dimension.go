package sheetstest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// change is what happens to lines (rows or columns) of a sheet.
type change uint8

const (
	inserted change = iota // lines [from, to) are new
	deleted                // lines [from, to) are gone
	moved                  // lines [from, to) stand before what was line dest
)

// shift is one insertion, deletion or move of lines: the same rule for cells,
// metadata, filters, charts, protections and the references of formulas.
type shift struct {
	sheet    *sheet
	rows     bool
	what     change
	from, to int
	dest     int  // moved only; in coordinates before the move
	stay     bool // Options.MovesLeaveRanges
}

func (s shift) count() int { return s.to - s.from }

// index is where line i stands afterwards; false for a deleted one.
func (s shift) index(i int) (int, bool) {
	n := s.count()
	switch s.what {
	case inserted:
		if i >= s.from {
			i += n
		}
	case deleted:
		if i >= s.to {
			i -= n
		} else if i >= s.from {
			return 0, false
		}
	case moved:
		switch {
		case i >= s.from && i < s.to && s.dest > s.to:
			i += s.dest - s.to
		case i >= s.from && i < s.to && s.dest < s.from:
			i -= s.from - s.dest
		case i >= s.to && i < s.dest:
			i -= n
		case i >= s.dest && i < s.from:
			i += n
		}
	}
	return i, true
}

// span is where the lines from a to b, both included, stand afterwards: a deleted
// edge gives way to the next line within, a moved one is followed. False where no
// line of it is left.
func (s shift) span(a, b int) (int, int, bool) {
	switch s.what {
	case deleted:
		if a >= s.from && a < s.to {
			a = s.to
		}
		if b >= s.from && b < s.to {
			b = s.from - 1
		}
		if a > b {
			return 0, 0, false
		}
	case moved:
		within := a >= s.from && b < s.to
		if s.stay && !within {
			return a, b, true
		}
	}
	a, _ = s.index(a)
	b, _ = s.index(b)
	if a > b {
		a, b = b, a
	}
	return a, b, true
}

// order lists, for each line afterwards, which one it was; -1 for a new one.
func (s shift) order(size int) []int {
	if s.what == inserted {
		out := make([]int, size+s.count())
		for i := range out {
			out[i] = -1
		}
		for i := range size {
			n, _ := s.index(i)
			out[n] = i
		}
		return out
	}
	left := size
	if s.what == deleted {
		left -= s.count()
	}
	out := make([]int, left)
	for i := range size {
		if n, ok := s.index(i); ok {
			out[n] = i
		}
	}
	return out
}

// apply moves everything that the state holds.
func (b *batch) apply(s shift) {
	st, sh := b.st, s.sheet
	order := s.order(sh.size(s.rows))
	props := sh.props(s.rows)
	*props = reorder(*props, order)
	if s.rows {
		sh.Rows = reorder(sh.Rows, order)
		for len(sh.Rows) > 0 && len(sh.Rows[len(sh.Rows)-1]) == 0 {
			sh.Rows = sh.Rows[:len(sh.Rows)-1]
		}
	} else {
		for r, line := range sh.Rows {
			line = reorder(line, order)
			for len(line) > 0 && line[len(line)-1] == nil {
				line = line[:len(line)-1]
			}
			sh.Rows[r] = line
		}
	}
	sh.setSize(s.rows, len(order))
	for _, other := range st.Sheets {
		other.eachList(func(name string, list *[]object) {
			*list = b.shiftAll(*list, name, s, other)
		})
		other.Filter = b.shiftOne(other.Filter, "BasicFilter", s, other)
		other.rewriteFormulas(func(p *parsed) string { return rewriteMoved(p, s, other.title()) })
		b.shiftValidations(other, s)
	}
	st.Named = b.shiftAll(st.Named, "NamedRange", s, nil)
}

// reorder deals a list anew; a missing or new line is the zero value.
func reorder[T any](list []T, order []int) []T {
	out := make([]T, len(order))
	for i, old := range order {
		if old >= 0 && old < len(list) {
			out[i] = list[old]
		}
	}
	return out
}

// eachList visits the lists of objects that hold places in a grid, by the name of
// their schema.
func (s *sheet) eachList(visit func(schema string, list *[]object)) {
	visit("FilterView", &s.Views)
	visit("EmbeddedChart", &s.Charts)
	visit("ProtectedRange", &s.Protected)
	visit("ConditionalFormatRule", &s.Conditional)
	visit("GridRange", &s.Merges)
	visit("Table", &s.Tables)
	visit("DeveloperMetadata", &s.Lines)
}

// rewriteFormulas replaces the formulas that fn changes.
func (s *sheet) rewriteFormulas(fn func(*parsed) string) {
	for r, line := range s.Rows {
		for c, cell := range line {
			text, ok := at(cell, "userEnteredValue")["formulaValue"].(string)
			if !ok {
				continue
			}
			if changed := fn(parseFormula(text)); changed != text {
				s.edit(r, c, c+1, func(int, object) object {
					return with(cell, "userEnteredValue", object{"formulaValue": changed})
				})
			}
		}
	}
}

// rewriteAll does the same in cells and in the conditions of drop-downs, filters and
// conditional formats.
func (s *sheet) rewriteAll(fn func(*parsed) string) {
	s.rewriteFormulas(fn)
	for _, list := range [][]object{s.Views, s.Conditional} {
		for i, o := range list {
			list[i], _ = rewriteConditions(o, fn).(object)
		}
	}
	if s.Filter != nil {
		s.Filter, _ = rewriteConditions(s.Filter, fn).(object)
	}
	for r, line := range s.Rows {
		for c, cell := range line {
			if rule := at(cell, "dataValidation"); rule != nil {
				s.edit(
					r,
					c,
					c+1,
					func(int, object) object { return with(cell, "dataValidation", rewriteConditions(rule, fn)) },
				)
			}
		}
	}
}

// rewriteConditions rewrites the formulas among the values of conditions, which are
// the only texts that the API calls userEnteredValue.
func rewriteConditions(v any, fn func(*parsed) string) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = rewriteConditions(e, fn)
		}
		return out
	case object:
		out := object{}
		for k, e := range v {
			if text, ok := e.(string); ok && k == "userEnteredValue" && strings.HasPrefix(text, "=") {
				out[k] = fn(parseFormula(text))
			} else {
				out[k] = rewriteConditions(e, fn)
			}
		}
		return out
	default:
		return v
	}
}

func rewriteMoved(p *parsed, s shift, own string) string {
	return p.rewrite(func(r reference) (reference, bool) {
		if !r.mentions(s.sheet.title(), own) {
			return r, true
		}
		return r.moved(s)
	})
}

func (b *batch) shiftAll(list []object, name string, s shift, home *sheet) []object {
	out := list[:0:0]
	for _, o := range list {
		if o = b.shiftOne(o, name, s, home); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// shiftOne gives the object with every place in it moved; nil if its place is gone.
func (b *batch) shiftOne(o object, name string, s shift, home *sheet) object {
	if o == nil {
		return nil
	}
	v := b.shiftValue(o, b.d.schemas[name], s, home)
	out, _ := v.(object)
	return out
}

// shiftValidations moves the ranges that drop-downs take their choices from.
func (b *batch) shiftValidations(sh *sheet, s shift) {
	for r, line := range sh.Rows {
		for c, cell := range line {
			rule := at(cell, "dataValidation")
			if rule == nil {
				continue
			}
			changed := b.shiftOne(rule, "DataValidationRule", s, sh)
			if textAt(firstValue(changed), "userEnteredValue") != textAt(firstValue(rule), "userEnteredValue") {
				sh.edit(r, c, c+1, func(int, object) object { return with(cell, "dataValidation", changed) })
			}
		}
	}
}

func firstValue(rule object) object {
	if l := listAt(at(rule, "condition"), "values"); len(l) > 0 {
		o, _ := l[0].(object)
		return o
	}
	return nil
}

// shiftValue walks a value by its schema, whatever the object: each GridRange,
// DimensionRange and GridCoordinate in it is moved, each formula of a condition
// rewritten. nil means that the place is gone, and with it the object that is about
// that place; in a list only the entry goes.
func (b *batch) shiftValue(v any, sc *schema, s shift, home *sheet) any {
	sc = b.d.of(sc)
	switch v := v.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			if e = b.shiftValue(e, sc.items, s, home); e != nil {
				out = append(out, e)
			}
		}
		return out
	case object:
		if place, ok := places[sc.name]; ok {
			if intOr(v, "sheetId", 0) != s.sheet.id() {
				return v
			}
			o := place(v, s)
			if o == nil {
				return nil
			}
			return o
		}
		out := v
		for _, name := range sortedKeys(v) {
			old := v[name]
			if _, scalar := old.(object); !scalar {
				if _, list := old.([]any); !list {
					continue
				}
			}
			now := b.shiftValue(old, b.d.field(sc, name), s, home)
			if now == nil {
				return nil
			}
			if sc.name == "ConditionalFormatRule" && name == "ranges" && len(now.([]any)) == 0 {
				return nil
			}
			out = with(out, name, now)
		}
		return shiftSpecial(out, sc.name, s, home)
	default:
		return v
	}
}

// places are the three ways in which the API says where: what moves in each.
var places = map[string]func(object, shift) object{
	"GridRange": func(o object, s shift) object {
		if s.rows {
			return shiftEdges(o, s, "startRowIndex", "endRowIndex")
		}
		return shiftEdges(o, s, "startColumnIndex", "endColumnIndex")
	},
	"DimensionRange": func(o object, s shift) object {
		if textAt(o, "dimension") != dimensionName(s.rows) {
			return o
		}
		return shiftEdges(o, s, "startIndex", "endIndex")
	},
	"GridCoordinate": func(o object, s shift) object { // an anchor: its line may go, not itself
		field := "columnIndex"
		if s.rows {
			field = "rowIndex"
		}
		i := intOr(o, field, 0)
		n, ok := s.index(i)
		if !ok {
			n = max(0, min(s.from, s.sheet.size(s.rows)-1))
		}
		return with(o, field, float64(n))
	},
}

// shiftEdges moves one pair of edges; one that is not bounded stays so.
func shiftEdges(o object, s shift, start, end string) object {
	_, hasStart := intAt(o, start)
	e, hasEnd := intAt(o, end)
	if !hasStart && !hasEnd {
		return o
	}
	last := e - 1
	if !hasEnd {
		last = maxLine
	}
	from, to, ok := s.span(intOr(o, start, 0), last)
	if !ok {
		return nil
	}
	o = maps.Clone(o)
	if hasStart || from > 0 {
		o[start] = float64(from)
	}
	if hasEnd {
		o[end] = float64(to + 1)
	}
	return o
}

// shiftSpecial moves what names a line by a bare number or in a formula.
func shiftSpecial(o object, name string, s shift, home *sheet) any {
	switch name {
	case "FilterView", "BasicFilter":
		if !s.rows && at(o, "range") != nil && home == s.sheet {
			return shiftFilterColumns(o, s)
		}
	case "ConditionValue":
		if text := textAt(o, "userEnteredValue"); strings.HasPrefix(text, "=") && home != nil {
			return with(o, "userEnteredValue", rewriteMoved(parseFormula(text), s, home.title()))
		}
	}
	return o
}

// shiftFilterColumns renumbers a filter's criteria and sort order; those of a
// deleted column go.
func shiftFilterColumns(o object, s shift) object {
	if criteria := at(o, "criteria"); criteria != nil {
		out := object{}
		for key, v := range criteria {
			if i, err := strconv.Atoi(key); err == nil {
				if n, ok := s.index(i); ok {
					out[strconv.Itoa(n)] = v
				}
			}
		}
		o = with(o, "criteria", out)
	}
	for list, field := range map[string]string{"filterSpecs": "columnIndex", "sortSpecs": "dimensionIndex"} {
		if listAt(o, list) == nil {
			continue
		}
		var out []any
		for _, e := range listAt(o, list) {
			spec, _ := e.(object)
			if n, ok := s.index(intOr(spec, field, 0)); ok {
				out = append(out, with(spec, field, float64(n)))
			}
		}
		o = with(o, list, out)
	}
	return o
}

// insertDimension makes new lines; they take the formats and drop-downs of a neighbour.
func (b *batch) insertDimension(req object) (object, error) {
	d, err := b.st.span(at(req, "range"), true)
	if err != nil {
		return nil, err
	}
	_, hasFrom := intAt(at(req, "range"), "startIndex")
	_, hasTo := intAt(at(req, "range"), "endIndex")
	before := boolAt(req, "inheritFromBefore")
	size := d.sheet.size(d.rows)
	switch {
	case !hasFrom && !hasTo || !hasTo:
		return nil, fmt.Errorf("range.startIndex and range.endIndex must both be bounded.")
	case before && d.from == 0:
		return nil, fmt.Errorf("inheritFromBefore must be false when range.startIndex is 0.")
	case !before && d.from >= size:
		return nil, fmt.Errorf("range.startIndex[%d] must be less than the grid's size[%d] when inheritFromBefore is false.",
			d.from, size)
	case d.from > size:
		return nil, fmt.Errorf("range.startIndex[%d] is beyond the grid, which has %d %s.", d.from, size,
			strings.ToLower(dimensionName(d.rows)))
	}
	if err := b.roomFor(d.sheet, d.rows, d.to-d.from); err != nil {
		return nil, err
	}
	b.apply(shift{sheet: d.sheet, rows: d.rows, what: inserted, from: d.from, to: d.to})
	model := d.to // the line after the new ones
	if before {
		model = d.from - 1
	}
	d.inherit(model)
	return nil, nil
}

// inherit gives new lines the looks of the model: never its values, notes or links.
func (d span) inherit(model int) {
	s := d.sheet
	if props := *s.props(d.rows); model < len(props) && props[model] != nil {
		for i := d.from; i < d.to; i++ {
			props[i] = props[model]
		}
	}
	for i := d.from; i < d.to; i++ {
		for j := range s.size(!d.rows) {
			row, col, from := i, j, s.cell(model, j)
			if !d.rows {
				row, col, from = j, i, s.cell(j, model)
			}
			if looks := looksOf(from); looks != nil {
				s.edit(row, col, col+1, func(int, object) object { return looks })
			}
		}
	}
}

func looksOf(cell object) object {
	format, rule := at(cell, "userEnteredFormat"), at(cell, "dataValidation")
	if text := at(format, "textFormat"); text["link"] != nil {
		format = with(format, "textFormat", with(text, "link", nil))
	}
	if len(format) == 0 && rule == nil {
		return nil
	}
	out := object{}
	if len(format) > 0 {
		out["userEnteredFormat"] = format
	}
	if rule != nil {
		out["dataValidation"] = rule
	}
	return out
}

// roomFor refuses what would pass the limit of cells in a spreadsheet.
func (b *batch) roomFor(s *sheet, rows bool, more int) error {
	if b.st.cells()+more*s.size(!rows) > maxCells {
		return tooManyCells()
	}
	return nil
}

func (b *batch) appendDimension(req object) (object, error) {
	s := b.st.byID(intOr(req, "sheetId", 0))
	dim, length := textAt(req, "dimension"), intOr(req, "length", 0)
	switch {
	case s == nil:
		return nil, fmt.Errorf("No grid with id: %d", intOr(req, "sheetId", 0))
	case dim != "ROWS" && dim != "COLUMNS":
		return nil, fmt.Errorf("dimension must be ROWS or COLUMNS.")
	case length <= 0:
		return nil, fmt.Errorf("length must be greater than 0.")
	}
	rows := dim == "ROWS"
	if err := b.roomFor(s, rows, length); err != nil {
		return nil, err
	}
	s.setSize(rows, s.size(rows)+length)
	return nil, nil
}

func (b *batch) deleteDimension(req object) (object, error) {
	d, err := b.st.span(at(req, "range"), false)
	if err != nil {
		return nil, err
	}
	size, lines := d.sheet.size(d.rows), strings.ToLower(dimensionName(d.rows))
	frozen := "frozenColumnCount"
	if d.rows {
		frozen = "frozenRowCount"
	}
	kept := d.sheet.grid(frozen)
	gone := max(0, min(d.to, kept)-d.from)
	switch {
	case d.to-d.from >= size:
		return nil, fmt.Errorf("You can't delete all the %s on the sheet.", lines)
	case size-(d.to-d.from) <= kept-gone:
		return nil, fmt.Errorf("Sorry, it is not possible to delete all non-frozen %s.", lines)
	}
	b.deleteLines(d)
	return nil, nil
}

// deleteLines deletes lines that may be deleted.
func (b *batch) deleteLines(d span) {
	frozen := "frozenColumnCount"
	if d.rows {
		frozen = "frozenRowCount"
	}
	kept := d.sheet.grid(frozen)
	b.apply(shift{sheet: d.sheet, rows: d.rows, what: deleted, from: d.from, to: d.to})
	d.sheet.setGrid(frozen, kept-max(0, min(d.to, kept)-d.from))
}

func (b *batch) moveDimension(req object) (object, error) {
	d, err := b.st.span(at(req, "source"), false)
	if err != nil {
		return nil, err
	}
	dest := intOr(req, "destinationIndex", 0)
	if dest < 0 || dest > d.sheet.size(d.rows) {
		return nil, fmt.Errorf("destinationIndex[%d] is beyond the grid, which has %d %s.", dest,
			d.sheet.size(d.rows), strings.ToLower(dimensionName(d.rows)))
	}
	if dest >= d.from && dest <= d.to {
		return nil, nil // where they stand already
	}
	s := shift{
		sheet: d.sheet,
		rows:  d.rows,
		what:  moved,
		from:  d.from,
		to:    d.to,
		dest:  dest,
		stay:  b.server.options.MovesLeaveRanges,
	}
	for _, m := range d.sheet.Merges {
		r, err := b.st.rect(m)
		if err != nil {
			return nil, err
		}
		from, to := r.c0, r.c1
		if d.rows {
			from, to = r.r0, r.r1
		}
		if cut(from, to, d.from, d.to) || from < dest && dest < to {
			return nil, fmt.Errorf("the move would split merged cells (%s).", r.a1())
		}
	}
	b.apply(s)
	return nil, nil
}

// cut reports whether [from, to) holds a part of [a, b) and not the whole.
func cut(a, b, from, to int) bool {
	return a < to && from < b && !(from <= a && b <= to)
}

func (b *batch) updateDimensionProperties(req object, m mask) (object, error) {
	if req["dataSourceSheetRange"] != nil {
		return nil, notSupported("dataSourceSheetRange")
	}
	d, err := b.st.span(at(req, "range"), false)
	if err != nil {
		return nil, err
	}
	if m.covers("developerMetadata") && at(req, "properties")["developerMetadata"] != nil {
		return nil, notSupported("properties.developerMetadata")
	}
	props := d.sheet.props(d.rows)
	if missing := d.to - len(*props); missing > 0 {
		*props = append(*props, make([]object, missing)...)
	}
	for i := d.from; i < d.to; i++ {
		(*props)[i] = b.d.merge((*props)[i], at(req, "properties"), m, b.d.schemas["DimensionProperties"])
		if intOr((*props)[i], "pixelSize", 1) < 0 {
			return nil, fmt.Errorf("properties.pixelSize must not be negative.")
		}
	}
	hidden := 0
	for _, p := range slices.Clone(*props) {
		if boolAt(p, "hiddenByUser") {
			hidden++
		}
	}
	if hidden == d.sheet.size(d.rows) {
		return nil, fmt.Errorf("You can't hide all the %s on a sheet.", strings.ToLower(dimensionName(d.rows)))
	}
	return nil, nil
}
