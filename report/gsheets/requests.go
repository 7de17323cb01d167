package gsheets

import (
	"strconv"

	sheets "google.golang.org/api/sheets/v4"
)

// The client omits zeros unless told otherwise, and Google takes an index that is omitted for
// "unbounded". So every index is sent.

func gridRange(sheet int64, row, endRow, col, endCol int) *sheets.GridRange {
	return &sheets.GridRange{
		SheetId:          sheet,
		StartRowIndex:    int64(row),
		EndRowIndex:      int64(endRow),
		StartColumnIndex: int64(col),
		EndColumnIndex:   int64(endCol),
		ForceSendFields:  []string{"SheetId", "StartRowIndex", "EndRowIndex", "StartColumnIndex", "EndColumnIndex"},
	}
}

// wholeGrid is a tab's grid, of whatever size it is when the batch is applied.
func wholeGrid(sheet int64) *sheets.GridRange {
	return &sheets.GridRange{SheetId: sheet, ForceSendFields: []string{"SheetId"}}
}

func dimension(sheet int64, what string, from, to int) *sheets.DimensionRange {
	return &sheets.DimensionRange{SheetId: sheet, Dimension: what, StartIndex: int64(from), EndIndex: int64(to),
		ForceSendFields: []string{"SheetId", "StartIndex", "EndIndex"}}
}

const (
	rowsOf    = "ROWS"
	columnsOf = "COLUMNS"
)

// insertRows puts rows before one. They take after the row above, or below the header
// after the row below.
func insertRows(sheet int64, at, count int, likeAbove bool) *sheets.Request {
	return &sheets.Request{
		InsertDimension: &sheets.InsertDimensionRequest{
			Range:             dimension(sheet, rowsOf, at, at+count),
			InheritFromBefore: likeAbove,
		},
	}
}

func insertColumn(sheet int64, at int) *sheets.Request {
	return &sheets.Request{
		InsertDimension: &sheets.InsertDimensionRequest{
			Range:             dimension(sheet, columnsOf, at, at+1),
			InheritFromBefore: at > 0,
		},
	}
}

// moveRow moves one row before another, both counted before the move.
func moveRow(sheet int64, from, to int) *sheets.Request {
	return &sheets.Request{
		MoveDimension: &sheets.MoveDimensionRequest{
			Source:           dimension(sheet, rowsOf, from, from+1),
			DestinationIndex: int64(to),
			ForceSendFields:  []string{"DestinationIndex"},
		},
	}
}

func deleteRows(sheet int64, from, to int) *sheets.Request {
	return &sheets.Request{DeleteDimension: &sheets.DeleteDimensionRequest{Range: dimension(sheet, rowsOf, from, to)}}
}

func deleteColumn(sheet int64, at int) *sheets.Request {
	return &sheets.Request{
		DeleteDimension: &sheets.DeleteDimensionRequest{Range: dimension(sheet, columnsOf, at, at+1)},
	}
}

func appendLines(sheet int64, what string, count int) *sheets.Request {
	return &sheets.Request{
		AppendDimension: &sheets.AppendDimensionRequest{
			SheetId:         sheet,
			Dimension:       what,
			Length:          int64(count),
			ForceSendFields: []string{"SheetId"},
		},
	}
}

func pixels(sheet int64, what string, from, to, size int) *sheets.Request {
	return &sheets.Request{
		UpdateDimensionProperties: &sheets.UpdateDimensionPropertiesRequest{Range: dimension(sheet, what, from, to),
			Properties: &sheets.DimensionProperties{PixelSize: int64(size)}, Fields: "pixelSize"},
	}
}

func deleteSheet(id int64) *sheets.Request {
	return &sheets.Request{DeleteSheet: &sheets.DeleteSheetRequest{SheetId: id, ForceSendFields: []string{"SheetId"}}}
}

// createMetadata creates an entry of ours at a place.
func createMetadata(id int64, key, value string, at *sheets.DeveloperMetadataLocation) *sheets.Request {
	return &sheets.Request{
		CreateDeveloperMetadata: &sheets.CreateDeveloperMetadataRequest{DeveloperMetadata: &sheets.DeveloperMetadata{
			MetadataId: id, MetadataKey: key, MetadataValue: value, Visibility: visibility, Location: at}},
	}
}

func byMetadataID(id int64) *sheets.DataFilter {
	return &sheets.DataFilter{DeveloperMetadataLookup: &sheets.DeveloperMetadataLookup{MetadataId: id}}
}

func updateMetadata(id int64, value string) *sheets.Request {
	return &sheets.Request{
		UpdateDeveloperMetadata: &sheets.UpdateDeveloperMetadataRequest{
			DataFilters:       []*sheets.DataFilter{byMetadataID(id)},
			DeveloperMetadata: &sheets.DeveloperMetadata{MetadataValue: value},
			Fields:            "metadataValue",
		},
	}
}

func deleteMetadata(id int64) *sheets.Request {
	return &sheets.Request{
		DeleteDeveloperMetadata: &sheets.DeleteDeveloperMetadataRequest{DataFilter: byMetadataID(id)},
	}
}

func onSpreadsheet() *sheets.DeveloperMetadataLocation {
	return &sheets.DeveloperMetadataLocation{Spreadsheet: true}
}

func onSheet(id int64) *sheets.DeveloperMetadataLocation {
	return &sheets.DeveloperMetadataLocation{SheetId: id}
}

func onLine(sheet int64, what string, at int) *sheets.DeveloperMetadataLocation {
	return &sheets.DeveloperMetadataLocation{DimensionRange: dimension(sheet, what, at, at+1)}
}

// paste copies a block, or what Google's name for a kind of paste says of it: PASTE_NORMAL takes
// what was typed, formulas, notes, formats and drop-downs, PASTE_FORMAT the formats alone.
func paste(kind string, from, to *sheets.GridRange) *sheets.Request {
	return &sheets.Request{
		CopyPaste: &sheets.CopyPasteRequest{
			Source:           from,
			Destination:      to,
			PasteType:        kind,
			PasteOrientation: "NORMAL",
		},
	}
}

// withoutBackground takes the background colour from a block. Google gives a colour in two
// fields, of which one is deprecated.
func withoutBackground(r *sheets.GridRange) *sheets.Request {
	return &sheets.Request{RepeatCell: &sheets.RepeatCellRequest{Range: r, Cell: &sheets.CellData{},
		Fields: "userEnteredFormat(backgroundColor,backgroundColorStyle)"}}
}

// sheetMark is the value of the metadata by which a tab is found.
func sheetMark(what string, id int64) string { return what + "#" + strconv.FormatInt(id, 10) }

// cellData is a cell with its value, and no format.
func cellData(c content) *sheets.CellData {
	v := &sheets.ExtendedValue{}
	switch c.kind {
	case nothing:
		return &sheets.CellData{}
	case aText:
		v.StringValue = &c.text
	case aFormula:
		v.FormulaValue = &c.text
	default:
		v.NumberValue = &c.num
	}
	return &sheets.CellData{UserEnteredValue: v}
}
