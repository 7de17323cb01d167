package sheetstest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
	"google.golang.org/api/sheets/v4"

	"hdsreport/report/gsheets/sheetstest"
)

// serve starts a server and a real client of it.
func serve(t *testing.T, o sheetstest.Options) (*sheetstest.Server, *sheets.Service) {
	t.Helper()
	srv := sheetstest.New(o)
	return srv, dial(t, srv)
}

func dial(t *testing.T, srv *sheetstest.Server) *sheets.Service {
	t.Helper()
	ts := httptest.NewServer(srv)
	t.Cleanup(func() { srv.Close(); ts.Close() })
	client, err := sheets.NewService(context.Background(), option.WithEndpoint(ts.URL), option.WithoutAuthentication())
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// requests reads requests as the API writes them.
func requests(t *testing.T, texts ...string) *sheets.BatchUpdateSpreadsheetRequest {
	t.Helper()
	b := &sheets.BatchUpdateSpreadsheetRequest{}
	if err := json.Unmarshal([]byte(`{"requests":[`+strings.Join(texts, ",")+`]}`), b); err != nil {
		t.Fatal(err)
	}
	return b
}

// apply commits requests as a person; a refusal fails the test.
func apply(t *testing.T, srv *sheetstest.Server, texts ...string) {
	t.Helper()
	if err := srv.Apply(texts...); err != nil {
		t.Fatal(err)
	}
}

func sheet(t *testing.T, srv *sheetstest.Server, title string) sheetstest.Sheet {
	t.Helper()
	s, ok := srv.Snapshot().Sheet(title)
	if !ok {
		t.Fatalf("there is no tab %q", title)
	}
	return s
}

// fill types rows of values into a tab from A1 on.
func fill(srv *sheetstest.Server, title string, rows ...[]any) {
	for r, row := range rows {
		for c, v := range row {
			srv.Edit(title, string(rune('A'+c))+string(rune('1'+r)), v)
		}
	}
}

// TestBatch: several requests, their replies, and what a reader gets back.
func TestBatch(t *testing.T) {
	srv, client := serve(t, sheetstest.Options{Sheet: "Feuille 1", Locale: "fr_FR"})
	reply, err := client.Spreadsheets.BatchUpdate("test",
		&sheets.BatchUpdateSpreadsheetRequest{Requests: []*sheets.Request{
			{AddSheet: &sheets.AddSheetRequest{Properties: &sheets.SheetProperties{SheetId: 77, Title: "Acteurs",
				GridProperties: &sheets.GridProperties{RowCount: 10, ColumnCount: 4, FrozenRowCount: 1}}}},
			{
				UpdateCells: &sheets.UpdateCellsRequest{
					Fields: "userEnteredValue,note",
					Start:  &sheets.GridCoordinate{SheetId: 77},
					Rows: []*sheets.RowData{{Values: []*sheets.CellData{
						{UserEnteredValue: &sheets.ExtendedValue{StringValue: new("=not a formula")}},
						{UserEnteredValue: &sheets.ExtendedValue{NumberValue: new(0.0)}, Note: "zéro"},
						{UserEnteredValue: &sheets.ExtendedValue{FormulaValue: new("=SUM(A1;B1)")}},
					}}},
				},
			},
		}}).
		Do()
	if err != nil {
		t.Fatal(err)
	}
	if len(reply.Replies) != 2 || reply.Replies[0].AddSheet.Properties.SheetId != 77 ||
		reply.Replies[0].AddSheet.Properties.Index != 1 {
		t.Errorf("replies: %+v", reply.Replies)
	}
	got, err := client.Spreadsheets.Get("test").IncludeGridData(true).Do()
	if err != nil {
		t.Fatal(err)
	}
	data := got.Sheets[1].Data[0]
	if len(data.RowData) != 1 || len(data.RowData[0].Values) != 3 {
		t.Fatalf("the answer is not trimmed to what is there: %d rows", len(data.RowData))
	}
	if len(data.RowMetadata) != 10 || len(data.ColumnMetadata) != 4 {
		t.Errorf("%d rows and %d columns of metadata, want 10 and 4", len(data.RowMetadata), len(data.ColumnMetadata))
	}
	cells := data.RowData[0].Values
	if v := cells[0].UserEnteredValue.StringValue; v == nil || *v != "=not a formula" {
		t.Errorf("a text that begins with = is %v", cells[0].UserEnteredValue)
	}
	if v := cells[1].UserEnteredValue.NumberValue; v == nil || *v != 0 || cells[1].Note != "zéro" {
		t.Errorf("a number 0 with a note is %+v", cells[1])
	}
	if v := cells[2].UserEnteredValue.FormulaValue; v == nil || *v != "=SUM(A1;B1)" {
		t.Errorf("the formula is %v", cells[2].UserEnteredValue)
	}
	if cells[2].EffectiveValue != nil {
		t.Errorf("a formula that nobody evaluates has the value %v", cells[2].EffectiveValue)
	}
	if c := sheet(t, srv, "Acteurs").Cell("B1"); c.Value != 0.0 || c.Note != "zéro" {
		t.Errorf("the snapshot has %+v", c)
	}
	if srv.Applied() != 1 || len(srv.Requests()) != 2 {
		t.Errorf("%d batches applied in %d requests, want 1 in 2", srv.Applied(), len(srv.Requests()))
	}
	if r := srv.Requests()[0]; r.Kind != sheetstest.Batch || !r.Applied || r.Status != 200 ||
		!strings.Contains(string(r.Body), "zéro") {
		t.Errorf("the batch is recorded as %+v", r)
	}
}

// TestAllOrNothing: the last of three requests is wrong, so that nothing changed and
// no reader was told of anything.
func TestAllOrNothing(t *testing.T) {
	seen := 0
	srv, client := serve(t, sheetstest.Options{Observer: func(sheetstest.Snapshot) { seen++ }})
	srv.Edit("Sheet1", "A1", "old")
	before := srv.Snapshot()
	seen = 0
	_, err := client.Spreadsheets.BatchUpdate("test", requests(
		t,
		`{"repeatCell":{"range":{"sheetId":0,"endRowIndex":3},"fields":"*","cell":{"userEnteredValue":{"stringValue":"new"}}}}`,
		`{"insertDimension":{"range":{"dimension":"ROWS","startIndex":0,"endIndex":5}}}`,
		`{"deleteSheet":{"sheetId":9}}`,
	)).Do()
	var e *googleapi.Error
	if !errors.As(err, &e) || e.Code != 400 || e.Message != "Invalid requests[2].deleteSheet: No sheet with id: 9" {
		t.Fatalf("error %v", err)
	}
	if !srv.Snapshot().Same(before) || seen != 0 || srv.Applied() != 0 {
		t.Errorf("a refused batch left traces: %s", srv.Snapshot().JSON())
	}
	if got := before.Sheets()[0].Cell("A1").Value; got != "old" {
		t.Errorf("the snapshot changed: %v", got)
	}
}

// TestUpdateMasks: only the named fields change, and a range beyond the rows given is
// cleared in them.
func TestUpdateMasks(t *testing.T) {
	srv, _ := serve(t, sheetstest.Options{})
	fill(srv, "Sheet1", []any{"a", 1.0}, []any{"b", 2.0}, []any{"c", 3.0})
	srv.AddNote("Sheet1", "A1", "first")
	srv.AddNote("Sheet1", "A3", "third")
	apply(
		t,
		srv,
		`{"repeatCell":{"range":{"endRowIndex":3,"endColumnIndex":2},"fields":"userEnteredFormat(textFormat.bold,horizontalAlignment)",
		"cell":{"userEnteredFormat":{"textFormat":{"bold":true,"italic":true},"horizontalAlignment":"CENTER"}}}}`,
	)
	apply(
		t,
		srv,
		`{"updateCells":{"range":{"endRowIndex":3,"endColumnIndex":2},"fields":"userEnteredValue,userEnteredFormat.horizontalAlignment",
		"rows":[{"values":[{"userEnteredValue":{"stringValue":"A"},"userEnteredFormat":{"horizontalAlignment":"LEFT"}}]}]}}`,
	)
	s := sheet(t, srv, "Sheet1")
	if diff := cmp.Diff([]any{"A"}, s.Row(0)); diff != "" {
		t.Errorf("row 1: %s", diff)
	}
	if len(s.Row(1)) != 0 || len(s.Row(2)) != 0 {
		t.Errorf("rows 2 and 3 were not cleared: %v", s.Values())
	}
	if s.Cell("A1").Note != "first" || s.Cell("A3").Note != "third" {
		t.Error("a note was lost to a mask that does not name it")
	}
	f := s.Cell("A1").Data().UserEnteredFormat
	if f.HorizontalAlignment != "LEFT" || !f.TextFormat.Bold || f.TextFormat.Italic {
		t.Errorf("format of A1: alignment %q, %+v", f.HorizontalAlignment, f.TextFormat)
	}
	if f := s.Cell("B3").Data().UserEnteredFormat; f.HorizontalAlignment != "" || !f.TextFormat.Bold {
		t.Errorf("format of B3: alignment %q, %+v", f.HorizontalAlignment, f.TextFormat)
	}
}

// TestAnswerMasks: an answer holds what its fields parameter asks for, and no more.
func TestAnswerMasks(t *testing.T) {
	srv, client := serve(t, sheetstest.Options{})
	srv.AddTab("Notes", 5, 3)
	fill(srv, "Notes", []any{"x", "y"}, []any{nil, "z"})
	srv.AddNote("Notes", "B2", "n")
	apply(
		t,
		srv,
		`{"createDeveloperMetadata":{"developerMetadata":{"metadataId":5,"metadataKey":"k","metadataValue":"v","visibility":"DOCUMENT","location":{"spreadsheet":true}}}}`,
	)
	for _, c := range []struct {
		name, fields string
		grid         bool
		ranges       []string
		want         string
	}{
		{"titles", "sheets.properties.title", true, nil, `{"sheets":[{"properties":{"title":"Sheet1"}},{"properties":{"title":"Notes"}}]}`},
		{"nested", "sheets(properties(title,index),data/rowData/values(note))", false, []string{"Notes!B1:B2"},
			`{"sheets":[{"properties":{"index":1,"title":"Notes"},"data":[{"rowData":[{"values":[{}]},{"values":[{"note":"n"}]}]}]}]}`},
		{"start", "sheets.data(startRow,startColumn,rowData.values.userEnteredValue)", false, []string{"Notes!B2:C5"},
			`{"sheets":[{"data":[{"startRow":1,"startColumn":1,"rowData":[{"values":[{"userEnteredValue":{"stringValue":"z"}}]}]}]}]}`},
		{"trimmed", "sheets.data.rowData.values.userEnteredValue", false, []string{"Notes!A1:A2"},
			`{"sheets":[{"data":[{"rowData":[{"values":[{"userEnteredValue":{"stringValue":"x"}}]}]}]}]}`},
		{"metadata", "developerMetadata(metadataId,metadataValue)", false, nil, `{"developerMetadata":[{"metadataId":5,"metadataValue":"v"}]}`},
		{"wildcard", "properties/*", false, nil, `{"properties":{"autoRecalc":"ON_CHANGE","locale":"en_US","timeZone":"Europe/Paris","title":"Test"}}`},
		{"whole beside part", "sheets.properties.gridProperties.rowCount,sheets.properties.gridProperties", false, []string{"Notes"},
			`{"sheets":[{"properties":{"gridProperties":{"columnCount":3,"rowCount":5}}}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			call := client.Spreadsheets.Get("test").Fields(googleapi.Field(c.fields)).IncludeGridData(c.grid)
			if c.ranges != nil {
				call = call.Ranges(c.ranges...)
			}
			got, err := call.Do()
			if err != nil {
				t.Fatal(err)
			}
			want := &sheets.Spreadsheet{}
			if err := json.Unmarshal([]byte(c.want), want); err != nil {
				t.Fatal(err)
			}
			got.ServerResponse = googleapi.ServerResponse{}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, bad := range []string{"sheets.propertees", "sheets(properties", "sheets..data", ""} {
		if _, err := client.Spreadsheets.Get("test").Fields(googleapi.Field(bad)).Do(); (err == nil) != (bad == "") {
			t.Errorf("fields=%q: %v", bad, err)
		}
	}
	plain, err := client.Spreadsheets.Get("test").Do()
	if err != nil {
		t.Fatal(err)
	}
	if plain.Sheets[1].Data != nil {
		t.Error("grids are answered to who did not ask for them")
	}
}

// TestIncludeSpreadsheet: the answer to a batch may hold the spreadsheet as it is then.
func TestIncludeSpreadsheet(t *testing.T) {
	_, client := serve(t, sheetstest.Options{})
	b := requests(
		t,
		`{"updateCells":{"range":{"endRowIndex":1,"endColumnIndex":1},"fields":"userEnteredValue","rows":[{"values":[{"userEnteredValue":{"boolValue":true}}]}]}}`,
	)
	b.IncludeSpreadsheetInResponse, b.ResponseIncludeGridData = true, true
	reply, err := client.Spreadsheets.BatchUpdate("test", b).Do()
	if err != nil {
		t.Fatal(err)
	}
	v := reply.UpdatedSpreadsheet.Sheets[0].Data[0].RowData[0].Values[0]
	if v.UserEnteredValue.BoolValue == nil || v.FormattedValue != "TRUE" {
		t.Errorf("A1 is answered as %+v", v)
	}
	reply, err = client.Spreadsheets.BatchUpdate("test", b).
		Fields("replies", "updatedSpreadsheet.properties.title").
		Do()
	if err != nil {
		t.Fatal(err)
	}
	if reply.UpdatedSpreadsheet.Sheets != nil || reply.UpdatedSpreadsheet.Properties.Title != "Test" {
		t.Errorf("the answer's mask was not honoured: %+v", reply.UpdatedSpreadsheet)
	}
}

// TestToken: a server with a token answers who bears it, until it expires.
func TestToken(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{Token: "secret"})
	get := func(token string) int {
		req := httptest.NewRequest("GET", "/v4/spreadsheets/test", nil)
		req.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, req)
		if w.Code == 401 && !strings.Contains(w.Body.String(), `"UNAUTHENTICATED"`) {
			t.Errorf("the body of a 401: %s", w.Body)
		}
		return w.Code
	}
	if got := get("wrong"); got != 401 {
		t.Errorf("a wrong token: %d", got)
	}
	if got := get("secret"); got != 200 {
		t.Errorf("the right token: %d", got)
	}
	srv.ExpireToken()
	if got := get("secret"); got != 401 {
		t.Errorf("an expired token: %d", got)
	}
	srv.SetToken("fresh")
	if got := get("fresh"); got != 200 {
		t.Errorf("the next token: %d", got)
	}
}

// TestMetadata: entries stand where they were put, in the part of the answer that the
// API has for them; a used id is refused, and a search finds by all of its conditions.
func TestMetadata(t *testing.T) {
	srv, client := serve(t, sheetstest.Options{})
	entry := func(id, key, location string) string {
		return `{"createDeveloperMetadata":{"developerMetadata":{"metadataId":` + id + `,"metadataKey":"` + key + `","visibility":"DOCUMENT","location":` + location + `}}}`
	}
	apply(t, srv, entry("1", "book", `{"spreadsheet":true}`), entry("2", "tab", `{"sheetId":0}`),
		entry("3", "col", `{"dimensionRange":{"sheetId":0,"dimension":"COLUMNS","startIndex":2,"endIndex":3}}`),
		entry("4", "row", `{"dimensionRange":{"sheetId":0,"dimension":"ROWS","startIndex":4,"endIndex":5}}`))
	got, err := client.Spreadsheets.Get("test").
		Fields("developerMetadata", "sheets(developerMetadata,data(columnMetadata.developerMetadata,rowMetadata.developerMetadata))").
		Do()
	if err != nil {
		t.Fatal(err)
	}
	data := got.Sheets[0].Data[0]
	if got.DeveloperMetadata[0].MetadataId != 1 || got.Sheets[0].DeveloperMetadata[0].MetadataId != 2 ||
		data.ColumnMetadata[2].DeveloperMetadata[0].MetadataId != 3 ||
		data.RowMetadata[4].DeveloperMetadata[0].MetadataId != 4 {
		t.Errorf("metadata is not where it was put")
	}
	if got := got.Sheets[0].DeveloperMetadata[0].Location.LocationType; got != "SHEET" {
		t.Errorf("location type %q", got)
	}
	if err := srv.Apply(entry("3", "again", `{"spreadsheet":true}`)); err == nil ||
		!strings.Contains(err.Error(), "id 3 already exists") {
		t.Errorf("a used id: %v", err)
	}
	found, err := client.Spreadsheets.DeveloperMetadata.Search("test",
		&sheets.SearchDeveloperMetadataRequest{DataFilters: []*sheets.DataFilter{
			{DeveloperMetadataLookup: &sheets.DeveloperMetadataLookup{MetadataKey: "col", LocationType: "COLUMN"}},
			{DeveloperMetadataLookup: &sheets.DeveloperMetadataLookup{MetadataKey: "row", LocationType: "COLUMN"}}}}).
		Do()
	if err != nil {
		t.Fatal(err)
	}
	if len(found.MatchedDeveloperMetadata) != 1 ||
		found.MatchedDeveloperMetadata[0].DeveloperMetadata.MetadataId != 3 {
		t.Errorf("found %d entries", len(found.MatchedDeveloperMetadata))
	}
	apply(
		t,
		srv,
		`{"updateDeveloperMetadata":{"dataFilters":[{"developerMetadataLookup":{"metadataId":1}}],"fields":"metadataValue","developerMetadata":{"metadataValue":"new"}}}`,
		`{"deleteDeveloperMetadata":{"dataFilter":{"developerMetadataLookup":{"metadataId":2}}}}`,
	)
	if m := srv.Snapshot().Metadata(); len(m) != 1 || m[0].MetadataValue != "new" || m[0].MetadataKey != "book" {
		t.Errorf("after the update: %+v", m)
	}
	if m := sheet(t, srv, "Sheet1").Metadata(); m != nil {
		t.Errorf("after the deletion: %+v", m)
	}
	srv.MoveColumns("Sheet1", 2, 1, 1)
	srv.DeleteRows("Sheet1", 4, 1)
	s := sheet(t, srv, "Sheet1")
	if m := s.ColumnMetadata(); len(m[1]) != 1 || len(m) != 1 {
		t.Errorf("a moved column's metadata: %v", m)
	}
	if m := s.RowMetadata(); len(m) != 0 {
		t.Errorf("a deleted row's metadata: %v", m)
	}
}

// TestSaveLoad: what is saved is loaded to the byte, and serves on.
func TestSaveLoad(t *testing.T) {
	srv, _ := serve(t, sheetstest.Options{Locale: "fr_FR", Sheet: "Début"})
	fill(srv, "Début", []any{"a", 0.0, true, "=A1&\"é\""})
	srv.AddNote("Début", "A1", "note")
	apply(
		t,
		srv,
		`{"createDeveloperMetadata":{"developerMetadata":{"metadataId":9,"metadataKey":"k","visibility":"DOCUMENT","location":{"sheetId":0}}}}`,
		`{"setBasicFilter":{"filter":{"range":{"endRowIndex":4,"endColumnIndex":3},"criteria":{"1":{"hiddenValues":["0"]}}}}}`,
	)
	file := t.TempDir() + "/state.json"
	if err := srv.Save(file); err != nil {
		t.Fatal(err)
	}
	again, err := sheetstest.Load(file, sheetstest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(srv.Snapshot().JSON()), string(again.Snapshot().JSON())); diff != "" {
		t.Error(diff)
	}
	got, err := dial(t, again).Spreadsheets.Get("test").Do()
	if err != nil || got.Sheets[0].Properties.Title != "Début" || got.Properties.Locale != "fr_FR" {
		t.Errorf("loaded: %v, %v", got, err)
	}
}
