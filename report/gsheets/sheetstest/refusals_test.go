package sheetstest_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"google.golang.org/api/googleapi"

	"hdsreport/report/gsheets/sheetstest"
)

// TestRefusals: what Google refuses is refused, by name and place, and changes nothing.
func TestRefusals(t *testing.T) {
	rng := func(rows, cols string) string {
		return `{"sheetId":0,"startRowIndex":0,"endRowIndex":` + rows + `,"startColumnIndex":0,"endColumnIndex":` + cols + `}`
	}
	cell := func(value string) string {
		return `{"updateCells":{"range":` + rng(
			"1",
			"1",
		) + `,"fields":"userEnteredValue","rows":[{"values":[{"userEnteredValue":` + value + `}]}]}}`
	}
	metadata := func(id, value, location string) string {
		return `{"createDeveloperMetadata":{"developerMetadata":{"metadataId":` + id + `,"metadataKey":"k","metadataValue":"` + value + `","visibility":"DOCUMENT","location":` + location + `}}}`
	}
	for _, c := range []struct{ name, request, want string }{
		// against the discovery document
		{"unknown request", `{"eatSheet":{}}`, `Unknown name "eatSheet" at 'requests[0]': Cannot find field.`},
		{"unknown field", `{"addSheet":{"properties":{"titel":"x"}}}`, `Unknown name "titel" at 'requests[0].add_sheet.properties': Cannot find field.`},
		{"text for a number", `{"deleteSheet":{"sheetId":"7"}}`, `Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), "7"`},
		{"fraction", `{"deleteSheet":{"sheetId":1.5}}`, `(TYPE_INT32), 1.5`},
		{"beyond 32 bits", `{"deleteSheet":{"sheetId":2147483648}}`, `(TYPE_INT32), 2147483648`},
		{"number for a text", `{"addSheet":{"properties":{"title":7}}}`, `(TYPE_STRING), 7`},
		{"number for a truth value", `{"addSheet":{"properties":{"hidden":1}}}`, `(TYPE_BOOL), 1`},
		{"unknown word", `{"insertDimension":{"range":{"dimension":"LINES"}}}`, `Invalid value at 'requests[0].insert_dimension.range.dimension' (an enum), "LINES"`},
		{"no list", `{"updateCells":{"rows":{}}}`, `Invalid value at 'requests[0].update_cells.rows' (a list), {}`},
		{"null in a list", `{"updateCells":{"rows":[null]}}`, `Invalid value at 'requests[0].update_cells.rows[0]' (no null), null`},
		{"read-only by flag", `{"addSheet":{"properties":{"dataSourceSheetProperties":{}}}}`, `read-only`},
		{"read-only by prose", `{"repeatCell":{"cell":{"effectiveValue":{"numberValue":1}}}}`, `Invalid value at 'requests[0].repeat_cell.cell.effective_value', the field is read-only`},
		{"two in one", `{"addSheet":{},"deleteSheet":{"sheetId":0}}`, `oneof field 'kind' is already set. Cannot set 'deleteSheet'`},
		{"none", `{}`, `Invalid requests[0]: No request set.`},
		{"beyond this server", `{"autoFill":{}}`, `Invalid requests[0].autoFill: autoFill is not supported by the test server`},
		// masks
		{"no mask", `{"repeatCell":{"range":` + rng("1", "1") + `,"cell":{}}}`, `Invalid requests[0].repeatCell: At least one field must be listed in 'fields'.`},
		{"unknown in a mask", `{"repeatCell":{"range":` + rng("1", "1") + `,"cell":{},"fields":"userEnteredValue,colour"}}`, `Invalid field: colour`},
		{"root in a mask", `{"updateSheetProperties":{"properties":{"title":"x"},"fields":"properties.title"}}`, `Invalid field: properties`},
		{"read-only in a mask", `{"repeatCell":{"range":` + rng("1", "1") + `,"cell":{},"fields":"effectiveValue"}}`, `Invalid field: effectiveValue is read-only`},
		{"part of a list in a mask", `{"updateFilterView":{"filter":{},"fields":"sortSpecs.sortOrder"}}`, `a part of a list cannot be updated`},
		{"mask with two fields that lack a comma", `{"repeatCell":{"range":` + rng("1", "1") + `,"cell":{},"fields":"note)"}}`, `Invalid field: unexpected ")"`},
		// ranges
		{"beyond the rows", `{"repeatCell":{"range":` + rng("1001", "1") + `,"cell":{},"fields":"note"}}`, `Range (Sheet1!A1:A1001) exceeds grid limits. Max rows: 1000, max columns: 26`},
		{"beyond the columns", `{"setBasicFilter":{"filter":{"range":` + rng("1", "27") + `}}}`, `exceeds grid limits`},
		{"empty range", `{"unmergeCells":{"range":{"startRowIndex":3,"endRowIndex":3}}}`, `the range is empty`},
		{"unknown sheet", `{"setDataValidation":{"range":{"sheetId":8}}}`, `No grid with id: 8`},
		{"more rows than the range", `{"updateCells":{"range":` + rng("1", "1") + `,"fields":"note","rows":[{},{}]}}`, `Attempting to write row: 1, beyond the last requested row of: 0`},
		{"more columns than the range", `{"updateCells":{"range":` + rng("1", "1") + `,"fields":"note","rows":[{"values":[{},{}]}]}}`, `Attempting to write column: 1, beyond the last requested column of: 0`},
		{"start beyond the grid", `{"updateCells":{"start":{"rowIndex":999},"fields":"note","rows":[{},{}]}}`, `exceeds grid limits`},
		// values
		{"formula without =", cell(`{"formulaValue":"SUM(A1)"}`), `must begin with an equals sign`},
		{"formula with a comma in French", cell(`{"formulaValue":"=SUM(A1,B1)"}`), `Formula parse error`},
		{"formula to a tab that is not there", cell(`{"formulaValue":"='No tab'!A1"}`), `Unresolved sheet name 'No tab'`},
		{"two values", cell(`{"numberValue":1,"stringValue":"x"}`), `it has numberValue and stringValue`},
		{"long text", cell(`{"stringValue":"` + strings.Repeat("é", 50001) + `"}`), `more than the maximum of 50000 characters`},
		{"runs on a number", `{"updateCells":{"range":` + rng("1", "1") + `,"fields":"userEnteredValue,textFormatRuns","rows":[{"values":[{"userEnteredValue":{"numberValue":1},"textFormatRuns":[{"startIndex":0}]}]}]}}`, `textFormatRuns are valid on texts only`},
		{"empty drop-down", `{"setDataValidation":{"range":` + rng("1", "1") + `,"rule":{"condition":{"type":"ONE_OF_LIST"}}}}`, `ONE_OF_LIST needs at least one value`},
		// tabs
		{"used id", `{"addSheet":{"properties":{"sheetId":0,"title":"x"}}}`, `A sheet with id 0 already exists.`},
		{"used title", `{"addSheet":{"properties":{"title":"SHEET1"}}}`, `A sheet with the name "SHEET1" already exists.`},
		{"long title", `{"addSheet":{"properties":{"title":"` + strings.Repeat("x", 101) + `"}}}`, `cannot be greater than 100 characters`},
		{"too many cells", `{"addSheet":{"properties":{"title":"x","gridProperties":{"rowCount":1000000,"columnCount":10}}}}`, `above the limit of 10000000 cells`},
		{"too many cells by rows", `{"appendDimension":{"sheetId":0,"dimension":"ROWS","length":400000}}`, `above the limit of 10000000 cells`},
		{"the last tab", `{"deleteSheet":{"sheetId":7}},{"deleteSheet":{"sheetId":0}}`, `Invalid requests[1].deleteSheet: You can't remove all the sheets in a document.`},
		{"the last tab seen", `{"updateSheetProperties":{"properties":{"sheetId":7,"hidden":true},"fields":"hidden"}},{"updateSheetProperties":{"properties":{"hidden":true},"fields":"hidden"}}`, `Invalid requests[1].updateSheetProperties: You can't hide all the sheets in a document.`},
		{"all frozen", `{"updateSheetProperties":{"properties":{"gridProperties":{"frozenRowCount":1000}},"fields":"gridProperties.frozenRowCount"}}`, `You can't freeze all visible rows on the sheet.`},
		{"grid wiped by its mask", `{"updateSheetProperties":{"properties":{"gridProperties":{"frozenRowCount":1}},"fields":"gridProperties"}}`, `gridProperties.rowCount`},
		{"id in a mask", `{"updateSheetProperties":{"properties":{},"fields":"sheetId"}}`, `sheetId cannot be changed`},
		{"locale", `{"updateSpreadsheetProperties":{"properties":{"locale":"fr-FR"},"fields":"locale"}}`, `Unsupported locale: fr-FR`},
		// lines
		{"all rows deleted", `{"deleteDimension":{"range":{"dimension":"ROWS"}}}`, `You can't delete all the rows on the sheet.`},
		{"rows beyond the grid", `{"deleteDimension":{"range":{"dimension":"ROWS","startIndex":999,"endIndex":1001}}}`, `range.endIndex[1001] is beyond the grid, which has 1000 rows`},
		{"empty span", `{"deleteDimension":{"range":{"dimension":"ROWS","startIndex":4,"endIndex":4}}}`, `must be less than range.endIndex[4]`},
		{"no dimension", `{"deleteDimension":{"range":{"startIndex":4,"endIndex":5}}}`, `dimension must be ROWS or COLUMNS`},
		{"inherit from before the first", `{"insertDimension":{"range":{"dimension":"ROWS","endIndex":1},"inheritFromBefore":true}}`, `inheritFromBefore must be false when range.startIndex is 0`},
		{"insert behind the last", `{"insertDimension":{"range":{"dimension":"ROWS","startIndex":1000,"endIndex":1001}}}`, `must be less than the grid's size[1000]`},
		{"move beyond the grid", `{"moveDimension":{"source":{"dimension":"ROWS","startIndex":1,"endIndex":2},"destinationIndex":1001}}`, `destinationIndex[1001] is beyond the grid`},
		{"paste beyond the grid", `{"copyPaste":{"source":` + rng("2", "2") + `,"destination":{"startRowIndex":999,"endRowIndex":1000,"startColumnIndex":0,"endColumnIndex":1}}}`, `exceeds grid limits`},
		// objects
		{"used filter view", `{"addFilterView":{"filter":{"filterViewId":11,"range":` + rng("2", "2") + `}}}`, `A filter view with id 11 already exists.`},
		{"unknown filter view", `{"deleteFilterView":{"filterId":5}}`, `No filter view with id: 5`},
		{"filter on a column outside", `{"setBasicFilter":{"filter":{"range":` + rng("2", "2") + `,"criteria":{"2":{}}}}}`, `the filter's column 2 is outside its range`},
		{"used chart", `{"addChart":{"chart":{"chartId":12,"position":{"overlayPosition":{"anchorCell":{}}},"spec":{"basicChart":{"series":[{}]}}}}}`, `An embedded object with id 12 already exists.`},
		{"chart without an anchor", `{"addChart":{"chart":{"spec":{"basicChart":{}}}}}`, `anchorCell must be given`},
		{"chart of cells beyond the grid", `{"addChart":{"chart":{"position":{"overlayPosition":{"anchorCell":{}}},"spec":{"basicChart":{"series":[{"series":{"sourceRange":{"sources":[` + rng("2000", "1") + `]}}}]}}}}}`, `exceeds grid limits`},
		{"used protection", `{"addProtectedRange":{"protectedRange":{"protectedRangeId":13,"range":` + rng("1", "1") + `}}}`, `A protected range with id 13 already exists.`},
		{"exceptions in a part of a sheet", `{"addProtectedRange":{"protectedRange":{"range":` + rng("9", "9") + `,"unprotectedRanges":[` + rng("1", "1") + `]}}}`, `only supported on protected sheets`},
		{"overlapping tables", `{"addTable":{"table":{"name":"Other","range":{"sheetId":7,"startRowIndex":11,"endRowIndex":15,"startColumnIndex":1,"endColumnIndex":3}}}}`, `overlaps the table "Extra" (Data!A10:B12)`},
		{"table over the filter", `{"addTable":{"table":{"name":"Other","range":{"sheetId":7,"startRowIndex":0,"endRowIndex":5,"startColumnIndex":1,"endColumnIndex":3}}}}`, `overlaps the basic filter`},
		{"used table name", `{"addTable":{"table":{"name":"EXTRA","range":` + rng("2", "2") + `}}}`, `A table with the name "EXTRA" already exists.`},
		{"drop-down column without choices", `{"addTable":{"table":{"name":"T","range":` + rng("3", "2") + `,"columnProperties":[{"columnIndex":0,"columnType":"DROPDOWN"}]}}}`, `if and only if its columnType is DROPDOWN`},
		{"used range name", `{"addNamedRange":{"namedRange":{"name":"Agents","range":` + rng("2", "2") + `}}}`, `A named range with the name "Agents" already exists.`},
		{"root in the mask of a position", `{"updateEmbeddedObjectPosition":{"objectId":12,"newPosition":{"overlayPosition":{"widthPixels":9}},"fields":"overlayPosition.widthPixels"}}`, `Invalid field: overlayPosition`},
		{"no such rule", `{"deleteConditionalFormatRule":{"sheetId":0,"index":0}}`, `No conditional format on sheet at index: 0`},
		// metadata
		{"used metadata", metadata("14", "", `{"spreadsheet":true}`), `Developer metadata with id 14 already exists.`},
		{"metadata of id 0", metadata("0", "", `{"spreadsheet":true}`), `metadataId must be positive`},
		{"metadata nowhere", metadata("20", "", `{}`), `it has 0 of them`},
		{"metadata in two places", metadata("20", "", `{"spreadsheet":true,"sheetId":0}`), `it has 2 of them`},
		{"metadata on two columns", metadata("20", "", `{"dimensionRange":{"dimension":"COLUMNS","startIndex":0,"endIndex":2}}`), `must represent a single row or column`},
		{"metadata on no end", metadata("20", "", `{"dimensionRange":{"dimension":"COLUMNS","startIndex":25}}`), `must represent a single row or column`},
		{"metadata too long", metadata("20", strings.Repeat("x", 30000), `{"sheetId":0}`), `would have 30001 characters`},
		{"metadata without visibility", `{"createDeveloperMetadata":{"developerMetadata":{"metadataKey":"k","location":{"spreadsheet":true}}}}`, `must always have visibility`},
		{"metadata that is not there", `{"deleteDeveloperMetadata":{"dataFilter":{"developerMetadataLookup":{"metadataId":20}}}}`, `No developer metadata matches`},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := sheetstest.New(sheetstest.Options{Locale: "fr_FR"})
			objects(t, srv)
			before := srv.Snapshot()
			w := httptest.NewRecorder()
			srv.ServeHTTP(
				w,
				httptest.NewRequest(
					"POST",
					"/v4/spreadsheets/test:batchUpdate",
					strings.NewReader(`{"requests":[`+c.request+`]}`),
				),
			)
			body := w.Body.String()
			if w.Code != 400 || !strings.Contains(body, `"INVALID_ARGUMENT"`) {
				t.Errorf("answered %d, %s", w.Code, body)
			}
			if plain := strings.NewReplacer(`\"`, `"`, `\u003e`, `>`).Replace(body); !strings.Contains(plain, c.want) {
				t.Errorf("the answer does not say %q: %s", c.want, plain)
			}
			if !srv.Snapshot().Same(before) {
				t.Error("something changed")
			}
		})
	}
}

// TestBodies: what is not a batch at all.
func TestBodies(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{})
	for _, c := range []struct {
		method, url, body string
		code              int
		want              string
	}{
		{"POST", "/v4/spreadsheets/test:batchUpdate", `{"requests":[]}`, 400, "Must specify at least one request."},
		{"POST", "/v4/spreadsheets/test:batchUpdate", `{"requests":[`, 400, "Invalid JSON payload"},
		{"POST", "/v4/spreadsheets/test:batchUpdate", `[]`, 400, "(a message)"},
		{"POST", "/v4/spreadsheets/test:batchUpdate?colour=red", `{"requests":[{"addSheet":{}}]}`, 400, "Cannot bind query parameter"},
		{"GET", "/v4/spreadsheets/test?includeGridData=maybe", "", 400, "TYPE_BOOL"},
		{"GET", "/v4/spreadsheets/test?ranges=Nowhere!A1", "", 400, "Unable to parse range: Nowhere!A1"},
		{"GET", "/v4/spreadsheets/test?ranges=Sheet1!A1:A2000", "", 400, "exceeds grid limits"},
		{"GET", "/v4/spreadsheets/other", "", 404, "Requested entity was not found."},
	} {
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, httptest.NewRequest(c.method, c.url, strings.NewReader(c.body)))
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s %s: %d %s", c.method, c.url, c.body, w.Code, w.Body)
		}
	}
	if srv.Applied() != 0 {
		t.Error("something was applied")
	}
}

// TestErrorsThroughTheClient: the real client reads the error bodies.
func TestErrorsThroughTheClient(t *testing.T) {
	for _, c := range []struct {
		fault sheetstest.Fault
		code  int
		want  string
	}{
		{sheetstest.TooMany("3"), 429, "Quota exceeded"},
		{sheetstest.Disabled(), 403, "has not been used in project"},
		{sheetstest.Forbidden(), 403, "does not have permission"},
		{sheetstest.NotFound(), 404, "not found"},
		{sheetstest.BadRequest("no"), 400, "no"},
		{sheetstest.Expired(), 401, "invalid authentication"},
		{sheetstest.ProxyPage(), 502, "<html>"},
	} {
		srv, client := serve(t, sheetstest.Options{})
		srv.At(sheetstest.Get, 1, c.fault)
		_, err := client.Spreadsheets.Get("test").Do()
		var e *googleapi.Error
		if !errors.As(err, &e) || e.Code != c.code || !strings.Contains(e.Body, c.want) {
			t.Errorf("%s: %v", c.fault.Name, err)
			continue
		}
		if c.code == 429 && e.Header.Get("Retry-After") != "3" {
			t.Errorf("Retry-After is %q", e.Header.Get("Retry-After"))
		}
		if c.fault.Name == "403 disabled" && !strings.Contains(e.Body, "SERVICE_DISABLED") {
			t.Errorf("the body does not say why: %s", e.Body)
		}
		if _, err := client.Spreadsheets.Get("test").Do(); err != nil {
			t.Errorf("%s befell a second request: %v", c.fault.Name, err)
		}
	}
}

// readAll is the status and body of a plain request.
func readAll(t *testing.T, url string) (int, string, error) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}
