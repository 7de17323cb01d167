package sheetstest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

func (b *batch) updateCells(req object, m mask) (object, error) {
	rows := listAt(req, "rows")
	start, rng := at(req, "start"), at(req, "range")
	var r rect
	var err error
	switch {
	case start != nil && rng != nil:
		return nil, fmt.Errorf("only one of start and range may be given.")
	case rng != nil:
		if r, err = b.st.rect(rng); err != nil {
			return nil, err
		}
		if len(rows) > r.r1-r.r0 {
			return nil, fmt.Errorf("Attempting to write row: %d, beyond the last requested row of: %d",
				r.r0+len(rows)-1, r.r1-1)
		}
	case start != nil:
		s := b.st.byID(intOr(start, "sheetId", 0))
		if s == nil {
			return nil, fmt.Errorf("No grid with id: %d", intOr(start, "sheetId", 0))
		}
		r = rect{s, intOr(start, "rowIndex", 0), 0, intOr(start, "columnIndex", 0), s.size(false)}
		r.r1 = r.r0 + len(rows)
		if r.r0 < 0 || r.c0 < 0 || r.c0 >= r.c1 || r.r1 > s.size(true) {
			return nil, fmt.Errorf("Range (%s!%s) exceeds grid limits. Max rows: %d, max columns: %d",
				s.title(), cellName(max(0, r.r1-1), max(0, r.c0)), s.size(true), s.size(false))
		}
	default:
		return nil, fmt.Errorf("one of start and range must be given.")
	}
	for i := range r.r1 - r.r0 {
		var values []any
		if i < len(rows) {
			row, _ := rows[i].(object)
			values = listAt(row, "values")
		}
		if len(values) > r.c1-r.c0 {
			return nil, fmt.Errorf("Attempting to write column: %d, beyond the last requested column of: %d",
				r.c0+len(values)-1, r.c1-1)
		}
		to := r.c1
		if start != nil {
			to = r.c0 + len(values) // without a range, only what is given changes
		}
		if err := b.writeRow(r.sheet, r.r0+i, r.c0, to, m, func(c int) object {
			if c-r.c0 < len(values) {
				v, _ := values[c-r.c0].(object)
				return v
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (b *batch) repeatCell(req object, m mask) (object, error) {
	r, err := b.st.rect(at(req, "range"))
	if err != nil {
		return nil, err
	}
	source := at(req, "cell")
	formula, isFormula := at(source, "userEnteredValue")["formulaValue"].(string)
	for row := r.r0; row < r.r1; row++ {
		if err := b.writeRow(r.sheet, row, r.c0, r.c1, m, func(c int) object {
			if !isFormula {
				return source
			}
			return with(source, "userEnteredValue", object{"formulaValue": copyFormula(formula, row-r.r0, c-r.c0)})
		}); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// writeRow changes the masked fields of the cells [from, to) of a row.
func (b *batch) writeRow(s *sheet, row, from, to int, m mask, source func(col int) object) error {
	var fault error
	s.edit(row, from, to, func(c int, old object) object {
		next, err := b.written(old, source(c), m, s)
		if err != nil && fault == nil {
			fault = fmt.Errorf("%s!%s: %w", s.title(), cellName(row, c), err)
		}
		return next
	})
	return fault
}

// written is a cell after an update.
func (b *batch) written(old, source object, m mask, s *sheet) (object, error) {
	for _, field := range []string{"pivotTable", "dataSourceTable", "chipRuns"} {
		if source[field] != nil && m.covers(field) {
			return nil, notSupported(field)
		}
	}
	next := b.d.merge(old, source, m, b.d.schemas["CellData"])
	if m.covers("userEnteredValue") {
		if !m.covers("textFormatRuns") {
			delete(next, "textFormatRuns") // a new value erases the runs of the old one
		}
		if err := b.checkValue(at(next, "userEnteredValue")); err != nil {
			return nil, err
		}
		if len(at(next, "userEnteredValue")) == 0 {
			delete(next, "userEnteredValue")
		}
	}
	if runs := listAt(next, "textFormatRuns"); len(runs) > 0 {
		if err := checkRuns(runs, at(next, "userEnteredValue")); err != nil {
			return nil, err
		}
	} else {
		delete(next, "textFormatRuns")
	}
	if rule := at(next, "dataValidation"); rule != nil && m.covers("dataValidation") {
		if err := b.checkRule(rule, s); err != nil {
			return nil, err
		}
	}
	linkLooks(next, source)
	for _, field := range []string{"userEnteredFormat", "note"} {
		if v := next[field]; v == "" || len(at(next, field)) == 0 && field != "note" {
			delete(next, field)
		}
	}
	return next, nil
}

// linkLooks gives a cell whose link is set now the looks of a link, unless the same
// request says how it looks.
func linkLooks(next, source object) {
	text := at(source, "userEnteredFormat", "textFormat")
	kept := at(next, "userEnteredFormat", "textFormat")
	if text["link"] == nil || kept["link"] == nil {
		return
	}
	if textAt(at(kept, "link"), "uri") == "" {
		return
	}
	if text["underline"] == nil {
		kept = with(kept, "underline", true)
	}
	if text["foregroundColor"] == nil && text["foregroundColorStyle"] == nil {
		kept = with(kept, "foregroundColorStyle", object{"themeColor": "LINK"})
	}
	next["userEnteredFormat"] = with(at(next, "userEnteredFormat"), "textFormat", kept)
}

// checkValue refuses what cannot be a cell's value.
func (b *batch) checkValue(v object) error {
	if len(v) > 1 {
		return fmt.Errorf("a value is one of numberValue, stringValue, boolValue, formulaValue; it has %s.",
			strings.Join(sortedKeys(v), " and "))
	}
	for _, field := range []string{"stringValue", "formulaValue"} {
		if n := len(utf16.Encode([]rune(textAt(v, field)))); n > maxCellText {
			return fmt.Errorf("Your input contains more than the maximum of %d characters in a single cell.",
				maxCellText)
		}
	}
	formula, ok := v["formulaValue"].(string)
	if !ok {
		return nil
	}
	if len(formula) < 2 || formula[0] != '=' {
		return fmt.Errorf("a formulaValue must begin with an equals sign: %q.", formula)
	}
	if fault := localeFault(formula, textAt(b.st.Properties, "locale")); fault != "" {
		return fmt.Errorf("Formula parse error: in the locale %s, %s: %s", textAt(b.st.Properties, "locale"),
			fault, formula)
	}
	for _, r := range parseFormula(formula).refs {
		if r.sheet != "" && b.st.byTitle(r.sheet) == nil {
			return fmt.Errorf("Unresolved sheet name '%s': %s", r.sheet, formula)
		}
	}
	return nil
}

func checkRuns(runs []any, v object) error {
	text, ok := v["stringValue"].(string)
	if !ok {
		return fmt.Errorf("textFormatRuns are valid on texts only.")
	}
	last := -1
	for _, r := range runs {
		run, _ := r.(object)
		at := intOr(run, "startIndex", 0)
		if at <= last || at >= max(1, len(utf16.Encode([]rune(text)))) {
			return fmt.Errorf("textFormatRuns must start at rising places within the text; %d does not.", at)
		}
		last = at
	}
	return nil
}

// checkRule refuses a drop-down without choices.
func (b *batch) checkRule(rule object, s *sheet) error {
	condition := at(rule, "condition")
	kind, values := textAt(condition, "type"), listAt(condition, "values")
	seen := map[string]bool{}
	for _, v := range values {
		o, _ := v.(object)
		text := textAt(o, "userEnteredValue")
		if kind == "ONE_OF_LIST" && text == "" {
			return fmt.Errorf("a choice of a drop-down cannot be empty.")
		}
		if kind == "ONE_OF_LIST" && seen[text] {
			return fmt.Errorf("the drop-down has the choice %q twice.", text)
		}
		seen[text] = true
	}
	switch {
	case kind == "" || kind == "CONDITION_TYPE_UNSPECIFIED":
		return fmt.Errorf("a data validation needs a condition with a type.")
	case kind == "ONE_OF_LIST" && len(values) == 0:
		return fmt.Errorf("ONE_OF_LIST needs at least one value.")
	case kind == "ONE_OF_RANGE" && len(values) != 1:
		return fmt.Errorf("ONE_OF_RANGE needs exactly one value.")
	}
	return nil
}

func (b *batch) setDataValidation(req object) (object, error) {
	r, err := b.st.rect(at(req, "range"))
	if err != nil {
		return nil, err
	}
	rule := at(req, "rule")
	if rule != nil {
		if err := b.checkRule(rule, r.sheet); err != nil {
			return nil, err
		}
	}
	for row := r.r0; row < r.r1; row++ {
		r.sheet.edit(row, r.c0, r.c1, func(_ int, old object) object {
			if rule == nil {
				return with(old, "dataValidation", nil)
			}
			return with(old, "dataValidation", rule)
		})
	}
	return nil, nil
}

func copyFormula(text string, rows, cols int) string {
	if rows == 0 && cols == 0 {
		return text
	}
	return parseFormula(text).rewrite(func(r reference) (reference, bool) { return r.copied(rows, cols) })
}

// pastes says what of a source cell a paste takes: the fields that it replaces.
var pastes = map[string][]string{
	"":                      {"userEnteredValue", "userEnteredFormat", "textFormatRuns", "note", "dataValidation"},
	"PASTE_NORMAL":          {"userEnteredValue", "userEnteredFormat", "textFormatRuns", "note", "dataValidation"},
	"PASTE_VALUES":          {"userEnteredValue", "textFormatRuns"},
	"PASTE_FORMULA":         {"userEnteredValue", "textFormatRuns"},
	"PASTE_FORMAT":          {"userEnteredFormat"},
	"PASTE_DATA_VALIDATION": {"dataValidation"},
}

func (b *batch) copyPaste(req object) (object, error) {
	src, err := b.st.rect(at(req, "source"))
	if err != nil {
		return nil, err
	}
	dst, err := b.st.rect(at(req, "destination"))
	if err != nil {
		return nil, err
	}
	kind := textAt(req, "pasteType")
	fields, known := pastes[kind]
	if !known {
		return nil, notSupported("pasteType " + kind)
	}
	if o := textAt(req, "pasteOrientation"); o != "" && o != "NORMAL" {
		return nil, notSupported("pasteOrientation " + o)
	}
	if f := at(src.sheet.Filter, "range"); f != nil {
		// Google does not say whether rows that a filter hides are copied.
		if other, err := b.st.rect(f); err == nil && other.overlaps(src) {
			return nil, fmt.Errorf("the source (%s) has a basic filter (%s): clear it first.", src.a1(), other.a1())
		}
	}
	h, w := src.r1-src.r0, src.c1-src.c0
	fit := func(have, unit int) int {
		if have < unit || have%unit != 0 {
			return unit
		}
		return have
	}
	dst.r1, dst.c1 = dst.r0+fit(dst.r1-dst.r0, h), dst.c0+fit(dst.c1-dst.c0, w)
	if dst.r1 > dst.sheet.size(true) || dst.c1 > dst.sheet.size(false) {
		return nil, fmt.Errorf("Range (%s) exceeds grid limits. Max rows: %d, max columns: %d", dst.a1(),
			dst.sheet.size(true), dst.sheet.size(false))
	}
	source := make([][]object, h) // as it is before the paste: the ranges may overlap
	for i := range source {
		source[i] = make([]object, w)
		for j := range source[i] {
			source[i][j] = b.pasted(src, src.r0+i, src.c0+j, kind == "PASTE_VALUES")
		}
	}
	for row := dst.r0; row < dst.r1; row++ {
		i := (row - dst.r0) % h
		dst.sheet.edit(row, dst.c0, dst.c1, func(c int, old object) object {
			j := (c - dst.c0) % w
			next := old
			for _, f := range fields {
				next = with(next, f, source[i][j][f])
			}
			if text, ok := at(next, "userEnteredValue")["formulaValue"].(string); ok && kind != "PASTE_VALUES" &&
				kind != "PASTE_FORMAT" {
				next["userEnteredValue"] = object{"formulaValue": copyFormula(text, row-src.r0-i, c-src.c0-j)}
			}
			return next
		})
	}
	return nil, nil
}

// pasted is a source cell; where values are pasted, a formula is what it computes.
func (b *batch) pasted(r rect, row, col int, values bool) object {
	cell := r.sheet.cell(row, col)
	if !values || cell == nil {
		return cell
	}
	out := object{}
	put(out, "textFormatRuns", cell["textFormatRuns"])
	if v := b.server.effective(r.sheet, row, col); v != nil && v["errorValue"] == nil {
		out["userEnteredValue"] = v
	}
	return out
}

// sortRange sorts the rows of a range: its cells only, whatever stands beside them.
func (b *batch) sortRange(req object) (object, error) {
	r, err := b.st.rect(at(req, "range"))
	if err != nil {
		return nil, err
	}
	specs := listAt(req, "sortSpecs")
	if len(specs) == 0 {
		return nil, fmt.Errorf("sortSpecs must not be empty.")
	}
	for _, m := range r.sheet.Merges {
		if merged, err := b.st.rect(m); err == nil && merged.overlaps(r) {
			return nil, fmt.Errorf("You can't sort a range with vertical merges.")
		}
	}
	type line struct {
		from  int
		cells []object
		keys  []object
	}
	lines := make([]line, r.r1-r.r0)
	for i := range lines {
		lines[i] = line{from: r.r0 + i, cells: make([]object, r.c1-r.c0)}
		for c := range lines[i].cells {
			lines[i].cells[c] = r.sheet.cell(r.r0+i, r.c0+c)
		}
	}
	descending := make([]bool, len(specs))
	for n, v := range specs {
		spec, _ := v.(object)
		col := intOr(spec, "dimensionIndex", 0)
		if col < r.c0 || col >= r.c1 {
			return nil, fmt.Errorf("sortSpecs[%d].dimensionIndex[%d] is outside the range.", n, col)
		}
		descending[n] = textAt(spec, "sortOrder") == "DESCENDING"
		for i := range lines {
			lines[i].keys = append(lines[i].keys, b.server.effective(r.sheet, lines[i].from, col))
		}
	}
	order := collate.New(language.French, collate.IgnoreCase)
	slices.SortStableFunc(lines, func(x, y line) int {
		for n := range specs {
			if c := compareValues(x.keys[n], y.keys[n], descending[n], order); c != 0 {
				return c
			}
		}
		return 0
	})
	for i, l := range lines {
		row := r.r0 + i
		r.sheet.edit(row, r.c0, r.c1, func(c int, _ object) object {
			cell := l.cells[c-r.c0]
			if text, ok := at(cell, "userEnteredValue")["formulaValue"].(string); ok {
				return with(cell, "userEnteredValue", object{"formulaValue": copyFormula(text, row-l.from, 0)})
			}
			return cell
		})
	}
	return nil, nil
}

// compareValues orders numbers, texts, truth values; blanks stand last both ways.
func compareValues(a, b object, descending bool, order *collate.Collator) int {
	rank := func(v object) int {
		for i, f := range []string{"numberValue", "stringValue", "boolValue"} {
			if v[f] != nil {
				return i
			}
		}
		return 9
	}
	ra, rb := rank(a), rank(b)
	c := cmp.Compare(ra, rb)
	if ra == 9 || rb == 9 {
		return c
	}
	if c == 0 {
		switch x := a["numberValue"].(type) {
		case float64:
			c = cmp.Compare(x, b["numberValue"].(float64))
		default:
			c = order.CompareString(textAt(a, "stringValue"), textAt(b, "stringValue"))
		}
	}
	if descending {
		return -c
	}
	return c
}

func (b *batch) mergeCells(req object) (object, error) {
	r, err := b.st.rect(at(req, "range"))
	if err != nil {
		return nil, err
	}
	if kind := textAt(req, "mergeType"); kind != "MERGE_ALL" {
		return nil, notSupported("mergeType " + kind)
	}
	for _, m := range r.sheet.Merges {
		if other, err := b.st.rect(m); err == nil && other.overlaps(r) {
			return nil, fmt.Errorf("You must select all cells in a merged range to merge or unmerge them.")
		}
	}
	r.sheet.Merges = append(r.sheet.Merges, r.object())
	for row := r.r0; row < r.r1; row++ {
		r.sheet.edit(row, r.c0, r.c1, func(c int, old object) object {
			if row == r.r0 && c == r.c0 {
				return old
			}
			return with(old, "userEnteredValue", nil) // the top left value stays
		})
	}
	return nil, nil
}

func (b *batch) unmergeCells(req object) (object, error) {
	r, err := b.st.rect(at(req, "range"))
	if err != nil {
		return nil, err
	}
	var kept []object
	for _, m := range r.sheet.Merges {
		other, err := b.st.rect(m)
		if err != nil || !other.overlaps(r) {
			kept = append(kept, m)
			continue
		}
		if other.r0 < r.r0 || other.c0 < r.c0 || other.r1 > r.r1 || other.c1 > r.c1 {
			return nil, fmt.Errorf("You must select all cells in a merged range to merge or unmerge them.")
		}
	}
	r.sheet.Merges = kept
	return nil, nil
}

// object is the range as the API writes it.
func (r rect) object() object {
	return object{"sheetId": float64(r.sheet.id()), "startRowIndex": float64(r.r0), "endRowIndex": float64(r.r1),
		"startColumnIndex": float64(r.c0), "endColumnIndex": float64(r.c1)}
}
