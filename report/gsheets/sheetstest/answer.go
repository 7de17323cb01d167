package sheetstest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// want says what an answer holds beside the small things: grids, and of which ranges.
type want struct {
	grid   bool
	ranges []string
}

// render writes the state as the API's Spreadsheet.
func (st *state) render(w want, evaluate func(*sheet, int, int) object) (object, error) {
	out := object{
		"spreadsheetId":  st.ID,
		"spreadsheetUrl": "https://docs.google.com/spreadsheets/d/" + st.ID + "/edit",
		"properties":     st.Properties,
	}
	if len(st.Named) > 0 {
		out["namedRanges"] = dropZeros(anyList(st.Named))
	}
	if len(st.Metadata) > 0 {
		out["developerMetadata"] = anyList(st.Metadata)
	}
	var ranges map[*sheet][]rect
	if len(w.ranges) > 0 {
		ranges = map[*sheet][]rect{}
		for _, text := range w.ranges {
			r, err := st.parseA1(text)
			if err != nil {
				return nil, err
			}
			ranges[r.sheet] = append(ranges[r.sheet], r)
		}
	}
	var list []any
	for _, s := range st.Sheets {
		if ranges != nil && ranges[s] == nil {
			continue
		}
		o := object{"properties": st.sheetProperties(s)}
		for name, objects := range map[string][]object{"filterViews": s.Views, "charts": s.Charts,
			"protectedRanges":    s.Protected,
			"conditionalFormats": s.Conditional, "merges": s.Merges, "tables": s.Tables} {
			if len(objects) > 0 {
				o[name] = dropZeros(anyList(objects))
			}
		}
		if len(s.Metadata) > 0 {
			o["developerMetadata"] = anyList(s.Metadata)
		}
		if s.Filter != nil {
			o["basicFilter"] = dropZeros(s.Filter)
		}
		if w.grid {
			rects := ranges[s]
			if ranges == nil {
				rects = []rect{{s, 0, s.size(true), 0, s.size(false)}}
			}
			var data []any
			for _, r := range rects {
				data = append(data, st.gridData(r, evaluate))
			}
			o["data"] = data
		}
		list = append(list, o)
	}
	out["sheets"] = list
	return out, nil
}

// sheetProperties are a tab's properties with its place among the tabs.
func (st *state) sheetProperties(s *sheet) object {
	out := object{}
	for k, v := range s.Properties {
		if v != false {
			out[k] = v
		}
	}
	out["index"] = float64(st.indexOf(s))
	out["gridProperties"] = dropZeros(s.Properties["gridProperties"])
	return out
}

// dropZeros takes away the zeros and falses of an object, as answers do. What is one
// of several alternatives (a cell's value) is never given to it.
func dropZeros(v any) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for k, e := range v {
			if e != float64(0) && e != false && e != "" {
				out[k] = dropZeros(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = dropZeros(e)
		}
		return out
	default:
		return v
	}
}

// gridData writes a part of a grid. Empty rows and cells at its end are left out.
func (st *state) gridData(r rect, evaluate func(*sheet, int, int) object) object {
	out := object{}
	if r.r0 > 0 {
		out["startRow"] = float64(r.r0)
	}
	if r.c0 > 0 {
		out["startColumn"] = float64(r.c0)
	}
	var rows []any
	for row := r.r0; row < min(r.r1, len(r.sheet.Rows)); row++ {
		var values []any
		for col := r.c0; col < min(r.c1, len(r.sheet.Rows[row])); col++ {
			values = append(values, st.answeredCell(r.sheet, row, col, evaluate))
		}
		for len(values) > 0 && len(values[len(values)-1].(object)) == 0 {
			values = values[:len(values)-1]
		}
		if len(values) == 0 {
			rows = append(rows, object{})
		} else {
			rows = append(rows, object{"values": values})
		}
	}
	for len(rows) > 0 && len(rows[len(rows)-1].(object)) == 0 {
		rows = rows[:len(rows)-1]
	}
	if len(rows) > 0 {
		out["rowData"] = rows
	}
	out["rowMetadata"] = r.sheet.lineData(true, r.r0, r.r1)
	out["columnMetadata"] = r.sheet.lineData(false, r.c0, r.c1)
	return out
}

// answeredCell is a cell with what Google adds to it.
func (st *state) answeredCell(s *sheet, row, col int, evaluate func(*sheet, int, int) object) object {
	cell := s.cell(row, col)
	if cell == nil {
		return object{}
	}
	out := object{}
	for k, v := range cell {
		out[k] = v
	}
	entered := at(cell, "userEnteredValue")
	if text, ok := entered["formulaValue"].(string); ok {
		out["userEnteredValue"] = object{"formulaValue": separated(text, textAt(st.Properties, "locale"))}
	}
	if v := evaluate(s, row, col); v != nil {
		out["effectiveValue"] = v
		if text, ok := formatted(v, at(cell, "userEnteredFormat")); ok {
			out["formattedValue"] = text
		}
	}
	if format := at(cell, "userEnteredFormat"); format != nil {
		out["effectiveFormat"] = format
	}
	if link := textAt(at(cell, "userEnteredFormat", "textFormat", "link"), "uri"); link != "" {
		out["hyperlink"] = link
	}
	return out
}

// formatted is a value as it is shown, where that needs no number format.
func formatted(v, format object) (string, bool) {
	if s, ok := v["stringValue"].(string); ok {
		return s, true
	}
	if b, ok := v["boolValue"].(bool); ok {
		return strings.ToUpper(strconv.FormatBool(b)), true
	}
	if n, ok := v["numberValue"].(float64); ok && format["numberFormat"] == nil {
		return strconv.FormatFloat(n, 'f', -1, 64), true
	}
	return "", false
}

// lineData writes the properties and metadata of rows or columns, one entry a line.
func (s *sheet) lineData(rows bool, from, to int) []any {
	props, pixels := *s.props(rows), defaultColPixels
	if rows {
		pixels = defaultRowPixels
	}
	metadata := map[int][]any{}
	for _, m := range s.Lines {
		place := at(m, "location", "dimensionRange")
		if textAt(place, "dimension") == dimensionName(rows) {
			i := intOr(place, "startIndex", 0)
			metadata[i] = append(metadata[i], m)
		}
	}
	out := make([]any, 0, to-from)
	for i := from; i < to; i++ {
		o := object{"pixelSize": float64(pixels)}
		if i < len(props) {
			for k, v := range props[i] {
				if v != false && v != float64(0) {
					o[k] = v
				}
			}
		}
		if metadata[i] != nil {
			o["developerMetadata"] = metadata[i]
		}
		out = append(out, o)
	}
	return out
}

var a1Form = regexp.MustCompile(
	`^(\$?[A-Za-z]{1,3}\$?[0-9]+|\$?[A-Za-z]{1,3}|\$?[0-9]+)(?::(\$?[A-Za-z]{1,3}\$?[0-9]+|\$?[A-Za-z]{1,3}|\$?[0-9]+))?$`,
)

// parseA1 reads "Sheet", "'A tab'!A1:B2", "Sheet!A:C", "A1": without a sheet, it is
// the first one. An end beyond the grid is refused, a missing one is the grid's.
func (st *state) parseA1(text string) (rect, error) {
	fault := invalid("Unable to parse range: %s", text)
	s := st.Sheets[0]
	rest := text
	if prefix, title := sheetPrefix(text); prefix != "" {
		if s = st.byTitle(title); s == nil {
			return rect{}, fault
		}
		rest = text[len(prefix):]
	} else if named := st.byTitle(strings.ReplaceAll(strings.Trim(text, "'"), "''", "'")); named != nil {
		return rect{named, 0, named.size(true), 0, named.size(false)}, nil
	}
	m := a1Form.FindStringSubmatch(rest)
	if m == nil {
		return rect{}, fault
	}
	a, _, _ := scanEdge(m[1])
	b := a
	if m[2] != "" {
		b, _, _ = scanEdge(m[2])
	} else if a.row < 0 || a.col < 0 {
		return rect{}, fault
	}
	r := rect{s, max(a.row, 0), b.row + 1, max(a.col, 0), b.col + 1}
	if b.row < 0 {
		r.r1 = s.size(true)
	}
	if b.col < 0 {
		r.c1 = s.size(false)
	}
	if r.r1 > s.size(true) || r.c1 > s.size(false) || r.r0 >= r.r1 || r.c0 >= r.c1 {
		return rect{}, invalid(
			"Range (%s) exceeds grid limits. Max rows: %d, max columns: %d",
			text,
			s.size(true),
			s.size(false),
		)
	}
	return r, nil
}

// wantsGrid reports whether a mask of an answer reaches the grids.
func wantsGrid(m mask, prefix ...string) bool {
	for _, name := range append(prefix, "sheets", "data") {
		if len(m) == 0 {
			return true
		}
		if _, all := m["*"]; all {
			return true
		}
		sub, ok := m[name]
		if !ok {
			return false
		}
		m = sub
	}
	return true
}

// masked gives the part of an answer that the fields parameter asks for.
func masked(out object, m mask) object {
	if m == nil {
		return out
	}
	o, _ := pick(out, m).(object)
	return o
}

func fieldsFault(fields string, err error) error {
	return payloadError(
		"Request contains an invalid argument. Error expanding 'fields' parameter %q. Cannot find matching fields for path '%s'.",
		fields,
		fmt.Sprint(err),
	)
}
