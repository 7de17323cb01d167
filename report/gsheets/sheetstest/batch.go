package sheetstest

import (
	"fmt"
	"strings"
)

// Limits that Google states: cells of a spreadsheet, characters of a cell, of the
// metadata at one place (the spreadsheet, or one sheet with its rows and columns),
// and of a tab's title.
const (
	maxCells         = 10_000_000
	maxCellText      = 50_000
	maxMetadataText  = 30_000
	maxSheetTitle    = 100
	defaultRows      = 1000
	defaultColumns   = 26
	defaultRowPixels = 21
	defaultColPixels = 100
)

// batch is one batchUpdate on its way: requests change its clone of the state.
type batch struct {
	server *Server
	d      *discovery
	st     *state
}

// handler applies one kind of request. A reply of nil is an empty one.
type handler struct {
	apply func(*batch, object, mask) (object, error)
	// root is the path of the property that the request's fields mask starts from;
	// "rows" of an updateCells stands for the cells in them.
	root string
}

func plain(fn func(*batch, object) (object, error)) handler {
	return handler{apply: func(b *batch, req object, _ mask) (object, error) { return fn(b, req) }}
}

// handlers are the requests that the server knows.
var handlers = map[string]handler{
	"updateSpreadsheetProperties":  {(*batch).updateSpreadsheetProperties, "properties"},
	"addSheet":                     plain((*batch).addSheet),
	"deleteSheet":                  plain((*batch).deleteSheet),
	"duplicateSheet":               plain((*batch).duplicateSheet),
	"updateSheetProperties":        {(*batch).updateSheetProperties, "properties"},
	"insertDimension":              plain((*batch).insertDimension),
	"appendDimension":              plain((*batch).appendDimension),
	"deleteDimension":              plain((*batch).deleteDimension),
	"moveDimension":                plain((*batch).moveDimension),
	"updateDimensionProperties":    {(*batch).updateDimensionProperties, "properties"},
	"updateCells":                  {(*batch).updateCells, "rows"},
	"repeatCell":                   {(*batch).repeatCell, "cell"},
	"copyPaste":                    plain((*batch).copyPaste),
	"sortRange":                    plain((*batch).sortRange),
	"mergeCells":                   plain((*batch).mergeCells),
	"unmergeCells":                 plain((*batch).unmergeCells),
	"setDataValidation":            plain((*batch).setDataValidation),
	"setBasicFilter":               plain((*batch).setBasicFilter),
	"clearBasicFilter":             plain((*batch).clearBasicFilter),
	"addFilterView":                plain((*batch).addFilterView),
	"updateFilterView":             {(*batch).updateFilterView, "filter"},
	"deleteFilterView":             plain((*batch).deleteFilterView),
	"addChart":                     plain((*batch).addChart),
	"updateChartSpec":              plain((*batch).updateChartSpec),
	"updateEmbeddedObjectPosition": {(*batch).updateEmbeddedObjectPosition, "newPosition.overlayPosition"},
	"deleteEmbeddedObject":         plain((*batch).deleteEmbeddedObject),
	"addProtectedRange":            plain((*batch).addProtectedRange),
	"updateProtectedRange":         {(*batch).updateProtectedRange, "protectedRange"},
	"deleteProtectedRange":         plain((*batch).deleteProtectedRange),
	"addConditionalFormatRule":     plain((*batch).addConditionalFormatRule),
	"updateConditionalFormatRule":  plain((*batch).updateConditionalFormatRule),
	"deleteConditionalFormatRule":  plain((*batch).deleteConditionalFormatRule),
	"createDeveloperMetadata":      plain((*batch).createDeveloperMetadata),
	"updateDeveloperMetadata":      {(*batch).updateDeveloperMetadata, "developerMetadata"},
	"deleteDeveloperMetadata":      plain((*batch).deleteDeveloperMetadata),
	"addNamedRange":                plain((*batch).addNamedRange),
	"updateNamedRange":             {(*batch).updateNamedRange, "namedRange"},
	"deleteNamedRange":             plain((*batch).deleteNamedRange),
	"addTable":                     plain((*batch).addTable),
	"updateTable":                  {(*batch).updateTable, "table"},
	"deleteTable":                  plain((*batch).deleteTable),
}

// run applies a batch's requests in order. On an error the clone is worthless.
func (b *batch) run(requests []any) ([]any, error) {
	if len(requests) == 0 {
		return nil, invalid("Must specify at least one request.")
	}
	replies := make([]any, len(requests))
	for i, r := range requests {
		req, _ := r.(object)
		kind := ""
		for _, name := range sortedKeys(req) {
			switch {
			case req[name] == nil:
			case kind != "":
				return nil, payloadError(
					"Invalid value at 'requests[%d]' (oneof), oneof field 'kind' is already set. Cannot set '%s'",
					i,
					name,
				)
			default:
				kind = name
			}
		}
		if kind == "" {
			return nil, invalid("Invalid requests[%d]: No request set.", i)
		}
		reply, err := b.one(kind, at(req, kind))
		if err != nil {
			return nil, placed(err, i, kind)
		}
		if reply == nil {
			replies[i] = object{}
		} else {
			replies[i] = object{kind: reply}
		}
	}
	return replies, nil
}

// one applies one request.
func (b *batch) one(kind string, req object) (object, error) {
	h, known := handlers[kind]
	if !known {
		return nil, notSupported(kind)
	}
	sc := b.d.of(b.d.schemas["Request"].props[kind])
	var m mask
	if sc.props["fields"] != nil && h.root != "" {
		fields := strings.TrimSpace(textAt(req, "fields"))
		if fields == "" {
			return nil, fmt.Errorf("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
		}
		root := sc
		for name := range strings.SplitSeq(h.root, ".") {
			root = b.d.field(root, name)
		}
		if h.root == "rows" {
			root = b.d.schemas["CellData"]
		}
		var err error
		if m, err = parseMask(fields, b.d, root, true); err != nil {
			return nil, fmt.Errorf("Invalid field: %w", err)
		}
	}
	return h.apply(b, req, m)
}

func (b *batch) sheet(id int) (*sheet, error) {
	if s := b.st.byID(id); s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("No sheet with id: %d", id)
}

func (b *batch) updateSpreadsheetProperties(req object, m mask) (object, error) {
	p := b.d.merge(b.st.Properties, at(req, "properties"), m, b.d.schemas["SpreadsheetProperties"])
	switch {
	case textAt(p, "title") == "":
		return nil, fmt.Errorf("The title of a spreadsheet cannot be empty.")
	case !localeForm.MatchString(textAt(p, "locale")):
		return nil, fmt.Errorf("Unsupported locale: %s", textAt(p, "locale"))
	case !zoneForm.MatchString(textAt(p, "timeZone")):
		return nil, fmt.Errorf("Invalid time zone: %s", textAt(p, "timeZone"))
	}
	b.st.Properties = p
	return nil, nil
}

// checkTitle refuses a title that another tab has, whatever its case.
func (b *batch) checkTitle(title string, own *sheet) error {
	switch other := b.st.byTitle(title); {
	case strings.TrimSpace(title) == "":
		return fmt.Errorf("The title of a sheet cannot be empty.")
	case len([]rune(title)) > maxSheetTitle:
		return fmt.Errorf("The title of a sheet cannot be greater than %d characters.", maxSheetTitle)
	case other != nil && other != own:
		return fmt.Errorf("A sheet with the name %q already exists. Please enter another name.", title)
	}
	return nil
}

func (b *batch) addSheet(req object) (object, error) {
	p := at(req, "properties")
	id, chosen := intAt(p, "sheetId")
	if !chosen {
		id = b.st.newID()
	}
	if kind := textAt(p, "sheetType"); kind != "" && kind != "GRID" {
		return nil, notSupported("sheetType " + kind)
	}
	title := textAt(p, "title")
	for n := len(b.st.Sheets) + 1; title == "" || p["title"] == nil && b.st.byTitle(title) != nil; n++ {
		title = fmt.Sprintf("Sheet%d", n)
	}
	grid := at(p, "gridProperties")
	rows, columns := intOr(grid, "rowCount", defaultRows), intOr(grid, "columnCount", defaultColumns)
	switch {
	case id < 0:
		return nil, fmt.Errorf("the sheet id %d is negative.", id)
	case b.st.byID(id) != nil:
		return nil, fmt.Errorf("A sheet with id %d already exists.", id)
	case rows < 1 || columns < 1:
		return nil, fmt.Errorf("a grid needs at least one row and one column.")
	case b.st.cells()+rows*columns > maxCells:
		return nil, tooManyCells()
	}
	if err := b.checkTitle(title, nil); err != nil {
		return nil, err
	}
	props := object{"sheetId": float64(id), "title": title, "sheetType": "GRID"}
	for _, name := range []string{"hidden", "tabColor", "tabColorStyle", "rightToLeft"} {
		put(props, name, p[name])
	}
	grid = with(with(grid, "rowCount", float64(rows)), "columnCount", float64(columns))
	props["gridProperties"] = grid
	s := &sheet{Properties: props}
	if err := checkFrozen(s); err != nil {
		return nil, err
	}
	to := intOr(p, "index", len(b.st.Sheets))
	if to < 0 || to > len(b.st.Sheets) {
		return nil, fmt.Errorf("the index %d is beyond the %d sheets.", to, len(b.st.Sheets))
	}
	b.insertSheet(s, to)
	return object{"properties": b.st.sheetProperties(s)}, nil
}

func (b *batch) insertSheet(s *sheet, to int) {
	list := append([]*sheet{}, b.st.Sheets[:to]...)
	b.st.Sheets = append(append(list, s), b.st.Sheets[to:]...)
}

func (b *batch) removeSheet(s *sheet) {
	var list []*sheet
	for _, o := range b.st.Sheets {
		if o != s {
			list = append(list, o)
		}
	}
	b.st.Sheets = list
}

func (b *batch) deleteSheet(req object) (object, error) {
	s, err := b.sheet(intOr(req, "sheetId", 0))
	if err != nil {
		return nil, err
	}
	if len(b.st.Sheets) == 1 {
		return nil, fmt.Errorf("You can't remove all the sheets in a document.")
	}
	b.removeSheet(s)
	if err := b.checkVisible(); err != nil {
		return nil, err
	}
	for _, other := range b.st.Sheets {
		other.rewriteAll(func(p *parsed) string {
			return p.rewrite(func(r reference) (reference, bool) {
				return r, r.sheet == "" || !strings.EqualFold(r.sheet, s.title())
			})
		})
	}
	var named []object
	for _, n := range b.st.Named {
		if intOr(at(n, "range"), "sheetId", 0) != s.id() {
			named = append(named, n)
		}
	}
	b.st.Named = named
	return nil, nil
}

func (b *batch) checkVisible() error {
	for _, s := range b.st.Sheets {
		if !s.hidden() {
			return nil
		}
	}
	return fmt.Errorf("You can't hide all the sheets in a document.")
}

func checkFrozen(s *sheet) error {
	for field, size := range map[string]int{"frozenRowCount": s.size(true), "frozenColumnCount": s.size(false)} {
		if n := s.grid(field); n < 0 || n > 0 && n >= size {
			return fmt.Errorf("You can't freeze all visible %s on the sheet.",
				map[bool]string{true: "rows", false: "columns"}[field == "frozenRowCount"])
		}
	}
	return nil
}

func (b *batch) updateSheetProperties(req object, m mask) (object, error) {
	p := at(req, "properties")
	s, err := b.sheet(intOr(p, "sheetId", 0))
	if err != nil {
		return nil, err
	}
	_, star := m["*"]
	if _, named := m["sheetId"]; named {
		return nil, fmt.Errorf("Invalid field: sheetId cannot be changed.")
	}
	if _, named := m["sheetType"]; named {
		return nil, fmt.Errorf("Invalid field: sheetType cannot be changed.")
	}
	old := *s
	next := b.d.merge(s.Properties, p, m, b.d.schemas["SheetProperties"])
	next["sheetId"], next["sheetType"] = s.Properties["sheetId"], "GRID"
	delete(next, "index")
	s.Properties = next
	rows, columns := s.grid("rowCount"), s.grid("columnCount")
	if rows < 1 || columns < 1 {
		return nil, fmt.Errorf(
			"gridProperties.rowCount and columnCount must be at least 1: a fields mask that names gridProperties as a whole clears them.",
		)
	}
	s.setGrid("rowCount", old.grid("rowCount"))
	s.setGrid("columnCount", old.grid("columnCount"))
	if err := b.checkTitle(s.title(), s); err != nil {
		return nil, err
	}
	if s.title() != old.title() {
		b.renamed(old.title(), s.title())
	}
	if err := b.resize(s, true, rows); err != nil {
		return nil, err
	}
	if err := b.resize(s, false, columns); err != nil {
		return nil, err
	}
	if err := checkFrozen(s); err != nil {
		return nil, err
	}
	if err := b.checkVisible(); err != nil {
		return nil, err
	}
	if _, named := m["index"]; named || star {
		return nil, b.moveSheet(s, intOr(p, "index", len(b.st.Sheets)))
	}
	return nil, nil
}

// moveSheet takes the index in coordinates before the move; its own place, or the
// one after, changes nothing.
func (b *batch) moveSheet(s *sheet, to int) error {
	from := b.st.indexOf(s)
	switch {
	case to < 0 || to > len(b.st.Sheets):
		return fmt.Errorf("the index %d is beyond the %d sheets.", to, len(b.st.Sheets))
	case to == from || to == from+1:
		return nil
	case to > from:
		to--
	}
	b.removeSheet(s)
	b.insertSheet(s, to)
	return nil
}

// resize gives a sheet's grid another size; lines beyond it are deleted.
func (b *batch) resize(s *sheet, rows bool, n int) error {
	switch size := s.size(rows); {
	case n > size:
		if err := b.roomFor(s, rows, n-size); err != nil {
			return err
		}
		s.setSize(rows, n)
	case n < size:
		b.deleteLines(span{s, rows, n, size})
	}
	return nil
}

// renamed rewrites the formulas that refer to a tab by its former title.
func (b *batch) renamed(from, to string) {
	for _, s := range b.st.Sheets {
		s.rewriteAll(func(p *parsed) string {
			return p.rewrite(func(r reference) (reference, bool) {
				if r.sheet != "" && strings.EqualFold(r.sheet, from) {
					r.prefix, r.sheet = quoteTitle(to), to
				}
				return r, true
			})
		})
	}
}

func (b *batch) duplicateSheet(req object) (object, error) {
	s, err := b.sheet(intOr(req, "sourceSheetId", 0))
	if err != nil {
		return nil, err
	}
	id, chosen := intAt(req, "newSheetId")
	if !chosen {
		id = b.st.newID()
	}
	title := textAt(req, "newSheetName")
	for n := 1; title == "" || req["newSheetName"] == nil && b.st.byTitle(title) != nil; n++ {
		title = fmt.Sprintf("Copy of %s", s.title())
		if n > 1 {
			title = fmt.Sprintf("Copy of %s %d", s.title(), n)
		}
	}
	switch {
	case id < 0 || b.st.byID(id) != nil:
		return nil, fmt.Errorf("A sheet with id %d already exists.", id)
	case b.st.cells()+s.size(true)*s.size(false) > maxCells:
		return nil, tooManyCells()
	}
	if err := b.checkTitle(title, nil); err != nil {
		return nil, err
	}
	c := s.clone()
	c.Properties = with(with(c.Properties, "sheetId", float64(id)), "title", title)
	c.eachList(func(name string, list *[]object) {
		for i, o := range *list {
			(*list)[i] = b.copiedTo(o, name, s.id(), id)
		}
	})
	if c.Filter != nil {
		c.Filter = b.copiedTo(c.Filter, "BasicFilter", s.id(), id)
	}
	for i, o := range c.Metadata {
		c.Metadata[i] = b.copiedTo(o, "DeveloperMetadata", s.id(), id)
	}
	to := intOr(req, "insertSheetIndex", 0)
	if to < 0 || to > len(b.st.Sheets) {
		return nil, fmt.Errorf("the index %d is beyond the %d sheets.", to, len(b.st.Sheets))
	}
	b.insertSheet(c, to)
	return object{"properties": b.st.sheetProperties(c)}, nil
}

// ownIDs names the field that identifies each kind of object.
var ownIDs = map[string]string{"FilterView": "filterViewId", "EmbeddedChart": "chartId",
	"ProtectedRange": "protectedRangeId", "DeveloperMetadata": "metadataId"}

// copiedTo is an object of one sheet as its copy on another: under a new id, with
// the places that it names on the copy.
func (b *batch) copiedTo(o object, name string, from, to int) object {
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case []any:
			out := make([]any, len(v))
			for i, e := range v {
				out[i] = walk(e)
			}
			return out
		case object:
			out := object{}
			for k, e := range v {
				out[k] = walk(e)
			}
			if id, ok := intAt(v, "sheetId"); ok && id == from || !ok && from == 0 && isPlace(v) {
				out["sheetId"] = float64(to)
			}
			return out
		default:
			return v
		}
	}
	out, _ := walk(o).(object)
	if field := ownIDs[name]; field != "" {
		out[field] = float64(b.st.newID())
	}
	if name == "Table" {
		out["tableId"] = fmt.Sprintf("table%d", b.st.newID())
		out["name"] = fmt.Sprintf("%s_%d", textAt(o, "name"), b.st.LastID)
	}
	return out
}

// isPlace reports whether an object without a sheet id is a place on the sheet 0.
func isPlace(o object) bool {
	for _, name := range []string{"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex", "dimension",
		"rowIndex", "columnIndex"} {
		if o[name] != nil {
			return true
		}
	}
	return false
}
