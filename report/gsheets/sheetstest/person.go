package sheetstest

import (
	"encoding/json"
	"fmt"
)

// What a person does in the browser goes through the same code as a request of the
// API, and is not counted among the batches that were applied.

// Apply commits a batch as if somebody had made it in the browser. The requests are
// as the API writes them, in JSON: `{"addSheet": {…}}`.
func (s *Server) Apply(requests ...string) error {
	list := make([]any, len(requests))
	for i, r := range requests {
		list[i] = json.RawMessage(r)
	}
	raw, err := json.Marshal(map[string]any{"requests": list})
	if err != nil {
		return fmt.Errorf("a request is not JSON: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := s.decode(raw, "BatchUpdateSpreadsheetRequest")
	if err != nil {
		return err
	}
	_, err = s.commit(body, nil)
	return err
}

// person applies requests that were made from the state at that moment. The helpers
// panic on a mistake of the test: a tab that is not there, a cell beyond the grid.
func (s *Server) person(what string, requests func(*state) []object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []any
	for _, r := range requests(s.st) {
		list = append(list, r)
	}
	body := object{"requests": list}
	err := s.d.check(body, s.d.schemas["BatchUpdateSpreadsheetRequest"])
	if err == nil {
		_, err = s.commit(body, nil)
	}
	if err != nil {
		panic(fmt.Sprintf("sheetstest: %s: %v", what, err))
	}
}

func mustSheet(st *state, title string) *sheet {
	if s := st.byTitle(title); s != nil {
		return s
	}
	panic(fmt.Sprintf("sheetstest: there is no tab %q", title))
}

func mustRange(st *state, title, a1 string) rect {
	mustSheet(st, title)
	r, err := st.parseA1(quoteTitle(title) + a1)
	if err != nil {
		panic("sheetstest: " + err.Error())
	}
	return r
}

// change makes the updateCells of one field of one cell.
func cellChange(r rect, field string, v any) object {
	cell := object{}
	put(cell, field, v)
	return object{
		"updateCells": object{"range": r.object(), "fields": field, "rows": []any{object{"values": []any{cell}}}},
	}
}

// Edit types a value into a cell: a text that begins with "=" is a formula, as in
// the browser; nil empties the cell.
func (s *Server) Edit(title, cell string, value any) {
	s.person("edit "+cell, func(st *state) []object {
		var v any
		text, ok := value.(string)
		switch {
		case value == nil:
		case ok && len(text) > 1 && text[0] == '=':
			v = object{"formulaValue": text}
		default:
			v = valueObject(value)
		}
		return []object{cellChange(mustRange(st, title, cell), "userEnteredValue", v)}
	})
}

// AddNote writes a note on a cell; an empty one takes it away.
func (s *Server) AddNote(title, cell, note string) {
	s.person("note on "+cell, func(st *state) []object {
		return []object{cellChange(mustRange(st, title, cell), "note", note)}
	})
}

// AddTab adds a tab behind the others, with that many rows and columns.
func (s *Server) AddTab(title string, rows, columns int) {
	s.person("add "+title, func(*state) []object {
		return []object{{"addSheet": object{"properties": object{"title": title,
			"gridProperties": object{"rowCount": float64(rows), "columnCount": float64(columns)}}}}}
	})
}

func (s *Server) setSheet(title, field string, v any) {
	s.person(field+" of "+title, func(st *state) []object {
		p := object{"sheetId": mustSheet(st, title).Properties["sheetId"], field: v}
		return []object{{"updateSheetProperties": object{"properties": p, "fields": field}}}
	})
}

// RenameSheet gives a tab another title.
func (s *Server) RenameSheet(title, to string) { s.setSheet(title, "title", to) }

// HideSheet hides a tab.
func (s *Server) HideSheet(title string) { s.setSheet(title, "hidden", true) }

// ShowSheet shows a hidden tab.
func (s *Server) ShowSheet(title string) { s.setSheet(title, "hidden", false) }

// MoveSheet moves a tab so that it is the one at index, from 0.
func (s *Server) MoveSheet(title string, index int) {
	s.person("move "+title, func(st *state) []object {
		sh := mustSheet(st, title)
		if index > st.indexOf(sh) {
			index++ // the API counts before the move
		}
		p := object{"sheetId": sh.Properties["sheetId"], "index": float64(index)}
		return []object{{"updateSheetProperties": object{"properties": p, "fields": "index"}}}
	})
}

// DeleteSheet deletes a tab.
func (s *Server) DeleteSheet(title string) {
	s.person("delete "+title, func(st *state) []object {
		return []object{{"deleteSheet": object{"sheetId": mustSheet(st, title).Properties["sheetId"]}}}
	})
}

// DuplicateSheet copies a tab.
func (s *Server) DuplicateSheet(title, as string) {
	s.person("duplicate "+title, func(st *state) []object {
		src := mustSheet(st, title)
		return []object{{"duplicateSheet": object{"sourceSheetId": src.Properties["sheetId"], "newSheetName": as,
			"insertSheetIndex": float64(st.indexOf(src) + 1)}}}
	})
}

// SortRange sorts the rows of a range by one of the sheet's columns ("B").
func (s *Server) SortRange(title, a1, column string, descending bool) {
	s.person("sort "+a1, func(st *state) []object {
		order := map[bool]string{false: "ASCENDING", true: "DESCENDING"}[descending]
		return []object{{"sortRange": object{"range": mustRange(st, title, a1).object(),
			"sortSpecs": []any{object{"dimensionIndex": float64(columnIndex(column)), "sortOrder": order}}}}}
	})
}

func (s *Server) lines(kind, title string, rows bool, from, n int) {
	s.person(kind+" on "+title, func(st *state) []object {
		req := object{
			"range": object{"sheetId": mustSheet(st, title).Properties["sheetId"], "dimension": dimensionName(rows),
				"startIndex": float64(from), "endIndex": float64(from + n)},
		}
		if kind == "insertDimension" && from > 0 {
			req["inheritFromBefore"] = true
		}
		return []object{{kind: req}}
	})
}

// InsertRows inserts n rows before the one at index, from 0.
func (s *Server) InsertRows(title string, index, n int) {
	s.lines("insertDimension", title, true, index, n)
}

// InsertColumns inserts n columns before the one at index, from 0.
func (s *Server) InsertColumns(title string, index, n int) {
	s.lines("insertDimension", title, false, index, n)
}

// DeleteRows deletes n rows from the one at index on.
func (s *Server) DeleteRows(title string, index, n int) {
	s.lines("deleteDimension", title, true, index, n)
}

// DeleteColumns deletes n columns from the one at index on.
func (s *Server) DeleteColumns(title string, index, n int) {
	s.lines("deleteDimension", title, false, index, n)
}

func (s *Server) move(title string, rows bool, from, n, dest int) {
	s.person("move on "+title, func(st *state) []object {
		return []object{{"moveDimension": object{"destinationIndex": float64(dest),
			"source": object{"sheetId": mustSheet(st, title).Properties["sheetId"], "dimension": dimensionName(rows),
				"startIndex": float64(from), "endIndex": float64(from + n)}}}}
	})
}

// MoveRows moves n rows before what is the row dest, counted before the move.
func (s *Server) MoveRows(title string, from, n, dest int) { s.move(title, true, from, n, dest) }

// MoveColumns moves n columns before what is the column dest, counted before the move.
func (s *Server) MoveColumns(title string, from, n, dest int) { s.move(title, false, from, n, dest) }
