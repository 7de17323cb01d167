package gsheets

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/report"
	"hdsreport/report/published"
)

// PlanOf says what Publish would send, and sends nothing but a read. Where the
// spreadsheet cannot be read, it plans against Options.Last, as if people had changed
// nothing since, or against an empty spreadsheet. It needs no credentials, and holds
// none.
func PlanOf(ctx context.Context, b *report.Book, o Options) (*Plan, error) {
	opt := o.filled()
	var words []string
	st, why := planState(ctx, opt)
	against := "spreadsheet"
	if st == nil {
		var err error
		if st, against, err = lastState(b, opt); err != nil {
			return nil, err
		}
		words = append(words, "the spreadsheet could not be read ("+why+")")
	}
	c, err := compare(b, st, opt)
	if err != nil {
		return nil, err
	}
	p := &Plan{Against: against, Changed: c.changed, Added: c.added, Removed: c.removed, Request: json.RawMessage("null")}
	words = append(words, "compared with "+map[bool]string{true: "the spreadsheet as it is", false: "what was " + against}[against == "spreadsheet"])
	if against == "nothing" {
		words[len(words)-1] = "compared with an empty spreadsheet: nothing is known to have been published"
	}
	if c.unchanged {
		p.Words = strings.Join(append(words, "nothing has changed: nothing would be sent"), "\n")
		return p, nil
	}
	planner := &planner{book: b, st: st, opt: opt, was: c.was}
	batch, err := planner.plan()
	if err != nil {
		return nil, err
	}
	s := &service{opt: opt}
	size, err := s.sendable(batch, planner)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(batch); err != nil {
		return nil, err
	}
	p.Request = body.Bytes()
	n := 0
	for _, s := range b.Sheets {
		if s.Table != nil && n < 2 {
			words = append(words, fmt.Sprintf("%s: %s changed, %d added, %d removed", s.Name, plural(p.Changed[n], "row"), p.Added[n], p.Removed[n]))
			n++
		}
	}
	words = append(words, fmt.Sprintf("one batch of %d requests, %d kB, for edition %s (generation %s)", len(batch.Requests), (size+999)/1000, o.Edition, planner.next.Generation))
	stops := 0
	for _, edit := range c.edits {
		if !edit.kept {
			stops++
		}
	}
	switch {
	case stops > 0 && opt.Overwrite:
		words = append(words, fmt.Sprintf("people have changed %s where the program writes: they would be saved and overwritten", places(stops)))
	case stops > 0:
		words = append(words, fmt.Sprintf("people have changed %s where the program writes: the publication would save them and stop", places(stops)))
	}
	p.Words = strings.Join(words, "\n")
	return p, nil
}

// planState reads the spreadsheet; without one it says why.
func planState(ctx context.Context, o *Options) (*state, string) {
	if o.Spreadsheet == "" {
		return nil, "none is configured"
	}
	s, err := connect(ctx, o)
	if err != nil {
		return nil, err.Error()
	}
	st, err := s.state(ctx, "reading the spreadsheet")
	if err != nil {
		return nil, err.Error()
	}
	return st, ""
}

// lastState is the spreadsheet as the last publication known here left it, or an empty
// one.
func lastState(b *report.Book, o *Options) (*state, string, error) {
	id, err := idOf(o.Spreadsheet)
	if err != nil {
		id = "" // a plan may do without
	}
	doc := &sheets.Spreadsheet{SpreadsheetId: id}
	against := "nothing"
	if o.Last != nil {
		against = "published " + o.Last.Generation
		lastDocument(doc, b, o.Last)
		o.Known = func(string) (*published.Publication, error) { return o.Last, nil }
	}
	st, err := stateOf(doc)
	return st, against, err
}

// lastDocument draws the lists of a publication as the spreadsheet would hold them.
func lastDocument(doc *sheets.Spreadsheet, b *report.Book, last *published.Publication) {
	e := entry{Generation: last.Generation, Edition: last.Edition, Format: format}.after(doc.SpreadsheetId, entry{}, map[int64]bool{})
	doc.DeveloperMetadata = []*sheets.DeveloperMetadata{{MetadataId: e.ID, MetadataKey: keyGeneration, MetadataValue: e.text()}}
	taken := map[int64]bool{}
	for _, s := range b.Sheets {
		id := freeID(taken, "sheet", doc.SpreadsheetId, s.ID)
		columns := columnIDs(s)
		var rows []*sheets.RowData
		header := 0
		if table := last.Table(s.ID); table != nil && s.Table != nil {
			columns = nil
			for _, c := range table.Columns {
				columns = append(columns, c.ID)
			}
			header = s.Table.Row
			rows = make([]*sheets.RowData, header+1)
			for i := range rows {
				rows[i] = &sheets.RowData{}
			}
			for _, r := range table.Rows {
				row := &sheets.RowData{}
				for _, v := range r.Values {
					row.Values = append(row.Values, cellData(contentFor(v)))
				}
				rows = append(rows, row)
			}
		}
		data := &sheets.GridData{RowData: rows, RowMetadata: make([]*sheets.DimensionProperties, header+1)}
		for i := range data.RowMetadata {
			data.RowMetadata[i] = &sheets.DimensionProperties{}
		}
		if s.Table != nil {
			data.RowMetadata[header].DeveloperMetadata = []*sheets.DeveloperMetadata{{MetadataKey: keyHeader, MetadataValue: s.Table.ID}}
		}
		for _, c := range columns {
			data.ColumnMetadata = append(data.ColumnMetadata, &sheets.DimensionProperties{DeveloperMetadata: []*sheets.DeveloperMetadata{{MetadataKey: keyColumn, MetadataValue: c}}})
		}
		doc.Sheets = append(doc.Sheets, &sheets.Sheet{
			Properties: &sheets.SheetProperties{SheetId: id, Title: s.Name, GridProperties: &sheets.GridProperties{
				RowCount: int64(len(rows) + spareRows), ColumnCount: int64(len(columns) + spareColumns), FrozenRowCount: int64(s.Freeze)}},
			DeveloperMetadata: []*sheets.DeveloperMetadata{{MetadataKey: keySheet, MetadataValue: sheetMark(s.ID, id)}},
			Data:              []*sheets.GridData{data},
		})
	}
}
