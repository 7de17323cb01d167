package sheetstest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/report/gsheets/sheetstest"
)

// TestFormulasFollow: a formula read back is what Google would show after lines were
// inserted, deleted or moved, a range sorted, or a tab renamed or deleted.
func TestFormulasFollow(t *testing.T) {
	insert := func(title string, rows bool, at, n int) func(*sheetstest.Server) {
		return func(s *sheetstest.Server) {
			if rows {
				s.InsertRows(title, at, n)
			} else {
				s.InsertColumns(title, at, n)
			}
		}
	}
	remove := func(at, n int) func(*sheetstest.Server) {
		return func(s *sheetstest.Server) { s.DeleteRows("Data", at, n) }
	}
	move := func(from, n, dest int) func(*sheetstest.Server) {
		return func(s *sheetstest.Server) { s.MoveRows("Data", from, n, dest) }
	}
	for _, c := range []struct {
		name    string
		formula string
		act     func(*sheetstest.Server)
		want    string
	}{
		{"insert above", "=Data!B5", insert("Data", true, 2, 3), "=Data!B8"},
		{"insert within a range", "=SUM(Data!B2:B5)", insert("Data", true, 3, 1), "=SUM(Data!B2:B6)"},
		{"insert behind a range", "=SUM(Data!B2:B5)", insert("Data", true, 5, 1), "=SUM(Data!B2:B5)"},
		{"insert before a range", "=SUM(Data!B2:B5)", insert("Data", true, 1, 1), "=SUM(Data!B3:B6)"},
		{"insert a column", "=SUM(Data!$B$2:C5)", insert("Data", false, 2, 2), "=SUM(Data!$B$2:E5)"},
		{"whole columns", "=COUNTA(Data!B:C)", insert("Data", true, 0, 2), "=COUNTA(Data!B:C)"},
		{"open range", "=COUNTA(Data!B5:C)", insert("Data", true, 0, 2), "=COUNTA(Data!B7:C)"},
		{"own tab alone", "=B5+Data!B5", insert("Sum", true, 2, 1), "=B6+Data!B5"},
		{"texts, functions and names stay", `=IF(LOG10(Data!A9)>1;"Data!A9 ""A9""";A9x+X1_Y)`, insert("Data", true, 0, 1), `=IF(LOG10(Data!A10)>1;"Data!A9 ""A9""";A9x+X1_Y)`},
		{"delete above", "=Data!B5", remove(0, 2), "=Data!B3"},
		{"delete itself", "=Data!B5+1", remove(4, 1), "=#REF!+1"},
		{"delete an end", "=SUM(Data!B2:B5)", remove(4, 3), "=SUM(Data!B2:B4)"},
		{"delete a start", "=SUM(Data!B2:B5)", remove(0, 3), "=SUM(Data!B1:B2)"},
		{"delete a start in the middle", "=SUM(Data!B3:B9)", remove(2, 2), "=SUM(Data!B3:B7)"},
		{"delete all", "=SUM(Data!B2:B5)", remove(1, 4), "=SUM(#REF!)"},
		{"move down", "=Data!B2", move(1, 1, 5), "=Data!B5"},
		{"move up", "=Data!B5", move(4, 2, 1), "=Data!B2"},
		{"pushed up", "=Data!B3", move(1, 1, 5), "=Data!B2"},
		{"pushed down", "=Data!B2", move(4, 2, 1), "=Data!B4"},
		{"edge of a range moves", "=SUM(Data!B2:B5)", move(4, 1, 2), "=SUM(Data!B2:B3)"},
		{"middle of a range moves", "=SUM(Data!B2:B5)", move(2, 1, 4), "=SUM(Data!B2:B5)"},
		{"rename", "=Data!B2+'data'!C3+Sum!A9", func(s *sheetstest.Server) { s.RenameSheet("Data", "L'été 2") }, "='L''été 2'!B2+'L''été 2'!C3+Sum!A9"},
		{"delete the tab", "=Data!B2+A9", func(s *sheetstest.Server) { s.DeleteSheet("Data") }, "=#REF!+A9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := sheetstest.New(sheetstest.Options{Sheet: "Sum", Locale: "fr_FR"})
			srv.AddTab("Data", 20, 6)
			srv.Edit("Sum", "A1", c.formula)
			c.act(srv)
			s := sheet(t, srv, "Sum")
			if got := s.Cell("A1").Formula; got != c.want {
				t.Errorf("%s became %s, want %s", c.formula, got, c.want)
			}
		})
	}
}

// TestMovesLeaveRanges is the other thing that Google might do.
func TestMovesLeaveRanges(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{MovesLeaveRanges: true})
	srv.Edit("Sheet1", "D1", "=SUM(B2:B5)&B5")
	srv.Edit("Sheet1", "D2", "=SUM(B5:B6)")
	srv.MoveRows("Sheet1", 4, 2, 2)
	s := sheet(t, srv, "Sheet1")
	if a, b := s.Cell("D1").Formula, s.Cell("D2").Formula; a != "=SUM(B2:B5)&B3" || b != "=SUM(B3:B4)" {
		t.Errorf("formulas became %s and %s", a, b)
	}
}

// TestSortShiftsFormulas: a sorted row's formulas still look at their own row.
func TestSortShiftsFormulas(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{})
	fill(
		srv,
		"Sheet1",
		[]any{"name", "twice"},
		[]any{"zoé", "=A2&$A$2"},
		[]any{"Émile", "=A3&A$1"},
		[]any{nil, "=A4"},
		[]any{"adam", "=A5"},
	)
	srv.Edit("Sheet1", "D2", "beside")
	srv.Edit("Sheet1", "E1", "=A2")
	srv.SortRange("Sheet1", "A2:B5", "A", false)
	s := sheet(t, srv, "Sheet1")
	want := [][]any{
		{"name", "twice", nil, nil, "=A2"},
		{"adam", "=A2", nil, "beside"},
		{"Émile", "=A3&A$1"},
		{"zoé", "=A4&$A$2"},
		{nil, "=A5"},
	}
	if diff := cmp.Diff(want, s.Values()); diff != "" {
		t.Error(diff)
	}
	srv.SortRange("Sheet1", "A2:B5", "A", true)
	s = sheet(t, srv, "Sheet1")
	if got := fmt.Sprintln(s.Cell("A2").Value, s.Cell("A4").Value, s.Cell("A5").Value); got != "zoé adam <nil>\n" {
		t.Errorf("descending: %s; blanks stand last", got)
	}
}

// objects puts one of everything that has a place on rows 3 to 6, columns B to D of the
// tab "Data" (id 7).
func objects(t *testing.T, srv *sheetstest.Server) {
	t.Helper()
	rng := `{"sheetId":7,"startRowIndex":2,"endRowIndex":6,"startColumnIndex":1,"endColumnIndex":4}`
	column := `{"sheetId":7,"startRowIndex":3,"endRowIndex":6,"startColumnIndex":2,"endColumnIndex":3}`
	apply(
		t,
		srv,
		`{"addSheet":{"properties":{"sheetId":7,"title":"Data","gridProperties":{"rowCount":20,"columnCount":8}}}}`,
		`{"setBasicFilter":{"filter":{"range":`+rng+`,"criteria":{"2":{"hiddenValues":["x"]}},"sortSpecs":[{"dimensionIndex":3,"sortOrder":"ASCENDING"}]}}}`,
		`{"addFilterView":{"filter":{"filterViewId":11,"title":"Vue : ESN","range":`+rng+`,"filterSpecs":[{"columnIndex":2,"filterCriteria":{"condition":{"type":"TEXT_EQ","values":[{"userEnteredValue":"ESN"}]}}}]}}}`,
		`{"addChart":{"chart":{"chartId":12,"position":{"overlayPosition":{"anchorCell":{"sheetId":7,"rowIndex":4,"columnIndex":5}}},"spec":{"basicChart":{"chartType":"BAR","series":[{"series":{"sourceRange":{"sources":[`+column+`]}}}]}}}}}`,
		`{"addProtectedRange":{"protectedRange":{"protectedRangeId":13,"range":`+column+`}}}`,
		`{"addConditionalFormatRule":{"rule":{"ranges":[`+column+`],"booleanRule":{"condition":{"type":"CUSTOM_FORMULA","values":[{"userEnteredValue":"=C4>1"}]},"format":{"textFormat":{"bold":true}}}}}}`,
		`{"mergeCells":{"range":{"sheetId":7,"startRowIndex":3,"endRowIndex":5,"startColumnIndex":6,"endColumnIndex":8},"mergeType":"MERGE_ALL"}}`,
		`{"addNamedRange":{"namedRange":{"namedRangeId":"n","name":"agents","range":`+column+`}}}`,
		`{"addTable":{"table":{"tableId":"t","name":"Extra","range":{"sheetId":7,"startRowIndex":9,"endRowIndex":12,"startColumnIndex":0,"endColumnIndex":2}}}}`,
		`{"setDataValidation":{"range":{"sheetId":7,"startRowIndex":3,"endRowIndex":6,"startColumnIndex":3,"endColumnIndex":4},"rule":{"condition":{"type":"ONE_OF_RANGE","values":[{"userEnteredValue":"=Data!A1:A5"}]}}}}`,
		`{"createDeveloperMetadata":{"developerMetadata":{"metadataId":14,"metadataKey":"c","visibility":"DOCUMENT","location":{"dimensionRange":{"sheetId":7,"dimension":"COLUMNS","startIndex":2,"endIndex":3}}}}}`,
	)
	srv.Edit("Data", "C4", "value")
	srv.AddNote("Data", "C4", "note")
}

// places writes where everything is.
func places(t *testing.T, srv *sheetstest.Server) string {
	t.Helper()
	var b strings.Builder
	snap := srv.Snapshot()
	s, ok := snap.Sheet("Data")
	if !ok {
		t.Fatal("no tab Data")
	}
	if f := s.BasicFilter(); f != nil {
		fmt.Fprintf(&b, "filter rows %d-%d cols %d-%d", f.Range.StartRowIndex, f.Range.EndRowIndex,
			f.Range.StartColumnIndex, f.Range.EndColumnIndex)
		for k := range f.Criteria {
			fmt.Fprintf(&b, " on %s", k)
		}
		for _, x := range f.SortSpecs {
			fmt.Fprintf(&b, " by %d", x.DimensionIndex)
		}
		b.WriteByte('\n')
	}
	for _, f := range s.FilterViews() {
		fmt.Fprintf(&b, "view rows %d-%d", f.Range.StartRowIndex, f.Range.EndRowIndex)
		for _, x := range f.FilterSpecs {
			fmt.Fprintf(&b, " on %d", x.ColumnIndex)
		}
		b.WriteByte('\n')
	}
	for _, c := range s.Charts() {
		a := c.Position.OverlayPosition.AnchorCell
		fmt.Fprintf(&b, "chart at %d,%d", a.RowIndex, a.ColumnIndex)
		for _, x := range c.Spec.BasicChart.Series[0].Series.SourceRange.Sources {
			fmt.Fprintf(&b, " of rows %d-%d col %d", x.StartRowIndex, x.EndRowIndex, x.StartColumnIndex)
		}
		b.WriteByte('\n')
	}
	for _, p := range s.Protected() {
		fmt.Fprintf(&b, "protected rows %d-%d col %d\n", p.Range.StartRowIndex, p.Range.EndRowIndex,
			p.Range.StartColumnIndex)
	}
	for _, c := range s.Conditional() {
		fmt.Fprintf(&b, "conditional rows %d-%d %s\n", c.Ranges[0].StartRowIndex, c.Ranges[0].EndRowIndex,
			c.BooleanRule.Condition.Values[0].UserEnteredValue)
	}
	for _, m := range s.Merges() {
		fmt.Fprintf(&b, "merge rows %d-%d\n", m.StartRowIndex, m.EndRowIndex)
	}
	for _, n := range snap.NamedRanges() {
		fmt.Fprintf(&b, "named rows %d-%d\n", n.Range.StartRowIndex, n.Range.EndRowIndex)
	}
	for _, x := range s.Tables() {
		fmt.Fprintf(&b, "table rows %d-%d\n", x.Range.StartRowIndex, x.Range.EndRowIndex)
	}
	for c := range s.ColumnMetadata() {
		fmt.Fprintf(&b, "metadata on col %d\n", c)
	}
	rows, cols := s.Size()
	for r := range rows {
		for c := range cols {
			cell := s.At(r, c)
			if cell.Value != nil {
				fmt.Fprintf(&b, "%v (%s) at %d,%d\n", cell.Value, cell.Note, r, c)
			}
			if v := cell.Data().DataValidation; v != nil {
				fmt.Fprintf(&b, "choices %s at %d,%d\n", v.Condition.Values[0].UserEnteredValue, r, c)
			}
		}
	}
	return b.String()
}

// TestObjectsFollow: everything that has a place moves with the lines it stands on.
func TestObjectsFollow(t *testing.T) {
	for _, c := range []struct {
		name string
		act  func(*sheetstest.Server)
		want string
	}{
		{"rows inserted above", func(s *sheetstest.Server) { s.InsertRows("Data", 1, 2) }, `filter rows 4-8 cols 1-4 on 2 by 3
view rows 4-8 on 2
chart at 6,5 of rows 5-8 col 2
protected rows 5-8 col 2
conditional rows 5-8 =C6>1
merge rows 5-7
named rows 5-8
table rows 11-14
metadata on col 2
value (note) at 5,2
choices =Data!A1:A7 at 5,3
choices =Data!A1:A7 at 6,3
choices =Data!A1:A7 at 7,3
`},
		{"rows deleted within", func(s *sheetstest.Server) { s.DeleteRows("Data", 4, 3) }, `filter rows 2-4 cols 1-4 on 2 by 3
view rows 2-4 on 2
chart at 4,5 of rows 3-4 col 2
protected rows 3-4 col 2
conditional rows 3-4 =C4>1
merge rows 3-4
named rows 3-4
table rows 6-9
metadata on col 2
value (note) at 3,2
choices =Data!A1:A4 at 3,3
`},
		{"everything deleted", func(s *sheetstest.Server) { s.DeleteRows("Data", 2, 10) }, `chart at 2,5
`},
		{"columns inserted", func(s *sheetstest.Server) { s.InsertColumns("Data", 2, 1) }, `filter rows 2-6 cols 1-5 on 3 by 4
view rows 2-6 on 3
chart at 4,6 of rows 3-6 col 3
protected rows 3-6 col 3
conditional rows 3-6 =D4>1
merge rows 3-5
named rows 3-6
table rows 9-12
metadata on col 3
value (note) at 3,3
choices =Data!A1:A5 at 3,4
choices =Data!A1:A5 at 4,4
choices =Data!A1:A5 at 5,4
`},
		{"a row moved", func(s *sheetstest.Server) { s.MoveRows("Data", 5, 1, 15) }, `filter rows 2-15 cols 1-4 on 2 by 3
view rows 2-15 on 2
chart at 4,5 of rows 3-15 col 2
protected rows 3-15 col 2
conditional rows 3-15 =C4>1
merge rows 3-5
named rows 3-15
table rows 8-11
metadata on col 2
value (note) at 3,2
choices =Data!A1:A5 at 3,3
choices =Data!A1:A5 at 4,3
choices =Data!A1:A5 at 14,3
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := sheetstest.New(sheetstest.Options{})
			objects(t, srv)
			c.act(srv)
			got := places(t, srv)
			if c.name == "everything deleted" { // the column of the metadata is still there
				got = strings.Replace(got, "metadata on col 2\n", "", 1)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestInsertedRowsLookAlike: new rows take the looks and the drop-downs of a
// neighbour, not its values, notes or links.
func TestInsertedRowsLookAlike(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{})
	apply(
		t,
		srv,
		`{"updateCells":{"range":{"startRowIndex":1,"endRowIndex":2,"endColumnIndex":1},"fields":"*","rows":[{"values":[{"userEnteredValue":{"stringValue":"a"},"note":"n",
		"userEnteredFormat":{"horizontalAlignment":"RIGHT","textFormat":{"link":{"uri":"https://example.org/"}}},
		"dataValidation":{"condition":{"type":"ONE_OF_LIST","values":[{"userEnteredValue":"a"}]}}}]}]}}`,
	)
	if c := sheet(t, srv, "Sheet1").Cell("A2"); c.Link != "https://example.org/" ||
		!c.Data().UserEnteredFormat.TextFormat.Underline {
		t.Errorf("a linked cell is %+v", c)
	}
	srv.InsertRows("Sheet1", 2, 1)
	c := sheet(t, srv, "Sheet1").Cell("A3")
	d := c.Data()
	if c.Value != nil || c.Note != "" || c.Link != "" || d.UserEnteredFormat.HorizontalAlignment != "RIGHT" ||
		d.DataValidation == nil {
		t.Errorf("the new row holds %+v, %+v", c, d)
	}
}

// TestTabs: index moves count before the move, hidden tabs and chosen ids stay.
func TestTabs(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{Sheet: "a"})
	order := func() string {
		var names []string
		for _, s := range srv.Snapshot().Sheets() {
			names = append(names, s.Title())
		}
		return strings.Join(names, "")
	}
	for _, n := range []string{"b", "c", "d"} {
		srv.AddTab(n, 5, 5)
	}
	move := func(index string) {
		apply(t, srv, `{"updateSheetProperties":{"properties":{"sheetId":0,"index":`+index+`},"fields":"index"}}`)
	}
	for _, step := range []struct {
		act  func()
		want string
	}{
		{func() { move("1") }, "abcd"}, // its own place plus one: ignored, as documented
		{func() { move("2") }, "bacd"},
		{func() { srv.MoveSheet("b", 3) }, "acdb"},
		{func() { srv.MoveSheet("b", 0) }, "bacd"},
		{func() { apply(t, srv, `{"updateSheetProperties":{"properties":{"sheetId":0},"fields":"index"}}`) }, "bcda"}, // left out: to the end
		{func() { srv.DuplicateSheet("c", "c2") }, "bcc2da"},
		{func() { srv.DeleteSheet("c") }, "bc2da"},
	} {
		if step.act(); order() != step.want {
			t.Fatalf("the tabs stand as %s, want %s", order(), step.want)
		}
	}
	srv.HideSheet("d")
	if s := sheet(t, srv, "D"); !s.Hidden() {
		t.Error("the tab is not hidden")
	}
}

// TestDuplicatedTab: a copy's objects are its own, under new ids, and it bears the
// same metadata as the original.
func TestDuplicatedTab(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{})
	objects(t, srv)
	srv.DuplicateSheet("Data", "Copy")
	s := sheet(t, srv, "Copy")
	v := s.FilterViews()[0]
	if v.Range.SheetId != s.ID() || v.FilterViewId == 11 {
		t.Errorf("the copy's filter view is %d on the sheet %d", v.FilterViewId, v.Range.SheetId)
	}
	if m := s.ColumnMetadata()[2]; len(m) != 1 || m[0].MetadataId == 14 ||
		m[0].Location.DimensionRange.SheetId != s.ID() {
		t.Errorf("the copy's metadata: %+v", m)
	}
	if got := sheet(t, srv, "Data").FilterViews()[0]; got.FilterViewId != 11 || got.Range.SheetId != 7 {
		t.Errorf("the original changed: %+v", got)
	}
}

// TestCopyPaste: values are what formulas compute, everything else is copied with its
// relative references; a larger destination repeats the source.
func TestCopyPaste(t *testing.T) {
	srv, client := serve(t, sheetstest.Options{Evaluate: func(sheet, cell, formula string) any {
		if sheet == "Sheet1" && cell == "B1" && formula == "=A1" {
			return 3
		}
		return nil
	}})
	fill(srv, "Sheet1", []any{1.0, "=A1"}, []any{"=text", "=B9"})
	apply(
		t,
		srv,
		`{"updateCells":{"range":{"startRowIndex":1,"endRowIndex":2,"endColumnIndex":1},"fields":"userEnteredValue","rows":[{"values":[{"userEnteredValue":{"stringValue":"=text"}}]}]}}`,
	)
	source := `"source":{"sheetId":0,"endRowIndex":2,"endColumnIndex":2}`
	if _, err := client.Spreadsheets.BatchUpdate("test", requests(t,
		`{"copyPaste":{`+source+`,"destination":{"sheetId":0,"startRowIndex":4,"endRowIndex":5,"startColumnIndex":0,"endColumnIndex":1},"pasteType":"PASTE_VALUES"}}`,
		`{"copyPaste":{`+source+`,"destination":{"sheetId":0,"startRowIndex":4,"endRowIndex":8,"startColumnIndex":3,"endColumnIndex":5}}}`)).Do(); err != nil {
		t.Fatal(err)
	}
	want := [][]any{
		{1.0, "=A1"},
		{"=text", "=B9"},
		nil,
		nil,
		{1.0, 3.0, nil, 1.0, "=D5"},
		{"=text", nil, nil, "=text", "=E13"},
		{nil, nil, nil, 1.0, "=D7"},
		{nil, nil, nil, "=text", "=E15"},
	}
	got := sheet(t, srv, "Sheet1").Values()
	for i := range got {
		if len(got[i]) == 0 {
			got[i] = nil
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestPastesOfLooks: formats go without drop-downs, drop-downs without formats, both without values,
// and a whole sheet into its own first cell's place on another tab.
func TestPastesOfLooks(t *testing.T) {
	srv, _ := serve(t, sheetstest.Options{})
	srv.AddTab("Copie", 1100, 30)
	fill(srv, "Sheet1", []any{"a", "b"})
	to, _ := srv.Snapshot().Sheet("Copie")
	const choice = `{"condition":{"type":"ONE_OF_LIST","values":[{"userEnteredValue":"b"}]}}`
	pastes := func(kind, cell string) string {
		return fmt.Sprintf(`{"copyPaste":{"source":{"sheetId":0,"endRowIndex":1,"startColumnIndex":1,"endColumnIndex":2},
			"destination":{"sheetId":0,"endRowIndex":1,%s},"pasteType":%q}}`, cell, kind)
	}
	apply(t, srv,
		`{"repeatCell":{"range":{"sheetId":0,"endRowIndex":1,"startColumnIndex":1,"endColumnIndex":2},
			"cell":{"userEnteredFormat":{"backgroundColor":{"red":1}}},"fields":"userEnteredFormat.backgroundColor"}}`,
		`{"setDataValidation":{"range":{"sheetId":0,"endRowIndex":1,"startColumnIndex":1,"endColumnIndex":2},"rule":`+choice+`}}`,
		pastes("PASTE_FORMAT", `"startColumnIndex":2,"endColumnIndex":3`),
		pastes("PASTE_DATA_VALIDATION", `"startColumnIndex":3,"endColumnIndex":4`),
		fmt.Sprintf(`{"copyPaste":{"source":{"sheetId":0},"destination":{"sheetId":%d,"endRowIndex":1,"endColumnIndex":1}}}`, to.ID()),
		`{"setDataValidation":{"range":{"sheetId":0,"endRowIndex":1}}}`)
	look := func(tab, cell string) string {
		d := sheet(t, srv, tab).Cell(cell).Data()
		return fmt.Sprint(d.UserEnteredValue != nil, d.UserEnteredFormat != nil, d.DataValidation != nil)
	}
	for at, want := range map[string]string{"A1": "true false false", "B1": "true true true",
		"C1": "false true false", "D1": "false false true", "E1": "false false false"} {
		if got := look("Copie", at); got != want {
			t.Errorf("copy of %s: %s, want %s", at, got, want)
		}
	}
	for at, want := range map[string]string{"B1": "true true false", "C1": "false true false",
		"D1": "false false false"} {
		if got := look("Sheet1", at); got != want {
			t.Errorf("%s cleared: %s, want %s", at, got, want)
		}
	}
}

// TestLocaleOfFormulas: an English spreadsheet shows arguments with commas, whatever
// was sent; a French one refuses them.
func TestLocaleOfFormulas(t *testing.T) {
	srv, client := serve(t, sheetstest.Options{})
	srv.Edit("Sheet1", "A1", `=IF(B1;"a;b";{1;2})`)
	got, err := client.Spreadsheets.Get("test").
		Context(context.Background()).
		Fields("sheets.data.rowData.values.userEnteredValue").
		Do()
	if err != nil {
		t.Fatal(err)
	}
	if f := *got.Sheets[0].Data[0].RowData[0].Values[0].UserEnteredValue.FormulaValue; f != `=IF(B1,"a;b",{1;2})` {
		t.Errorf("answered as %s", f)
	}
	apply(t, srv, `{"updateSpreadsheetProperties":{"properties":{"locale":"fr_FR"},"fields":"locale"}}`)
	for formula, fault := range map[string]string{`=IF(B1,2;3)`: "comma", `=A1*0.5`: "decimal point", `=SUM(1,5;A1;"a,b")`: ""} {
		err := srv.Apply(
			fmt.Sprintf(
				`{"repeatCell":{"range":{"endRowIndex":1},"fields":"userEnteredValue","cell":{"userEnteredValue":{"formulaValue":%q}}}}`,
				formula,
			),
		)
		if (err == nil) != (fault == "") || err != nil && !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v", formula, err)
		}
	}
}

// TestObjectsChange: each kind of object is updated in the fields that the request
// names, keeps its id, and is gone when it is deleted.
func TestObjectsChange(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{})
	objects(t, srv)
	apply(
		t,
		srv,
		`{"updateFilterView":{"filter":{"filterViewId":11,"title":"Vue : autre"},"fields":"title"}}`,
		`{"updateFilterView":{"filter":{"filterViewId":11,"title":"Vue : autre","range":{"sheetId":7,"startRowIndex":2,"endRowIndex":6,"startColumnIndex":1,"endColumnIndex":4},"criteria":{"3":{"hiddenValues":["x"]}}},"fields":"*"}}`,
		`{"updateChartSpec":{"chartId":12,"spec":{"title":"new","basicChart":{"chartType":"COLUMN","series":[{"series":{"sourceRange":{"sources":[{"sheetId":7,"startRowIndex":0,"endRowIndex":2,"startColumnIndex":0,"endColumnIndex":1}]}}}]}}}}`,
		`{"updateEmbeddedObjectPosition":{"objectId":12,"newPosition":{"overlayPosition":{"widthPixels":50,"heightPixels":60}},"fields":"widthPixels"}}`,
		`{"updateProtectedRange":{"protectedRange":{"protectedRangeId":13,"warningOnly":true},"fields":"warningOnly"}}`,
		`{"updateNamedRange":{"namedRange":{"namedRangeId":"n","name":"anciens"},"fields":"name"}}`,
		`{"updateTable":{"table":{"tableId":"t","name":"Autre"},"fields":"name"}}`,
		`{"updateConditionalFormatRule":{"index":0,"rule":{"ranges":[{"sheetId":7,"endRowIndex":1}],"booleanRule":{"condition":{"type":"NOT_BLANK"},"format":{}}}}}`,
		`{"unmergeCells":{"range":{"sheetId":7}}}`,
		`{"updateDimensionProperties":{"range":{"sheetId":7,"dimension":"COLUMNS","startIndex":1,"endIndex":2},"properties":{"pixelSize":44},"fields":"pixelSize"}}`,
	)
	snap := srv.Snapshot()
	s, _ := snap.Sheet("Data")
	v, c, p := s.FilterViews()[0], s.Charts()[0], s.Protected()[0]
	if v.Title != "Vue : autre" || v.FilterViewId != 11 || len(v.FilterSpecs) != 1 ||
		v.FilterSpecs[0].ColumnIndex != 3 ||
		len(v.Criteria) != 1 ||
		v.Range.EndRowIndex != 6 {
		t.Errorf("filter view: %+v", v)
	}
	o := c.Position.OverlayPosition
	if c.Spec.Title != "new" || c.ChartId != 12 || o.WidthPixels != 50 || o.HeightPixels != 371 ||
		o.AnchorCell.RowIndex != 4 {
		t.Errorf("chart: %+v at %+v", c.Spec, o)
	}
	if !p.WarningOnly || p.Range.StartRowIndex != 3 || p.ProtectedRangeId != 13 {
		t.Errorf("protected range: %+v", p)
	}
	if snap.NamedRanges()[0].Name != "anciens" || s.Tables()[0].Name != "Autre" ||
		s.Conditional()[0].BooleanRule.Condition.Type != "NOT_BLANK" ||
		s.Merges() != nil {
		t.Errorf("%+v %+v %+v %+v", snap.NamedRanges(), s.Tables(), s.Conditional(), s.Merges())
	}
	if w := snap.Spreadsheet().Sheets[1].Data[0].ColumnMetadata; w[1].PixelSize != 44 || w[2].PixelSize != 100 {
		t.Errorf("widths %d and %d", w[1].PixelSize, w[2].PixelSize)
	}
	srv.RenameSheet("Data", "Données")
	if got := sheet(t, srv, "Données").Cell("D4").Data().DataValidation.Condition.Values[0].UserEnteredValue; got != "='Données'!A1:A5" {
		t.Errorf("after the renaming, the drop-down takes its choices from %s", got)
	}
	apply(
		t,
		srv,
		`{"clearBasicFilter":{"sheetId":7}}`,
		`{"deleteFilterView":{"filterId":11}}`,
		`{"deleteEmbeddedObject":{"objectId":12}}`,
		`{"deleteProtectedRange":{"protectedRangeId":13}}`,
		`{"deleteConditionalFormatRule":{"sheetId":7,"index":0}}`,
		`{"deleteNamedRange":{"namedRangeId":"n"}}`,
		`{"deleteTable":{"tableId":"t"}}`,
		`{"setDataValidation":{"range":{"sheetId":7}}}`,
	)
	srv.RenameSheet("Données", "Data")
	if got, want := places(t, srv), "metadata on col 2\nvalue (note) at 3,2\n"; got != want {
		t.Errorf("left: %s", got)
	}
}

// TestNewValueErasesRuns: the links of a text do not outlive it, nor does anything
// else of its runs; a note does.
func TestNewValueErasesRuns(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{})
	apply(
		t,
		srv,
		`{"updateCells":{"range":{"endRowIndex":1,"endColumnIndex":1},"fields":"*","rows":[{"values":[{"userEnteredValue":{"stringValue":"été"},"note":"n",
		"textFormatRuns":[{"format":{"bold":true}},{"startIndex":2,"format":{"link":{"uri":"https://example.org/"}}}]}]}]}}`,
	)
	if runs := sheet(t, srv, "Sheet1").Cell("A1").Data().TextFormatRuns; len(runs) != 2 {
		t.Fatalf("%d runs", len(runs))
	}
	srv.Edit("Sheet1", "A1", "hiver")
	if c := sheet(t, srv, "Sheet1").Cell("A1"); c.Data().TextFormatRuns != nil || c.Note != "n" {
		t.Errorf("the cell is %+v", c.Data())
	}
}
