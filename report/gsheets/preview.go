package gsheets

import (
	"bytes"
	"context"
	"encoding/json"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/report"
	"hdsreport/report/published"
)

// PlanOf says what Publish would send, and sends nothing but a read. Where the
// spreadsheet cannot be read, it plans against Options.Last, as if people had changed
// nothing since, or against an empty spreadsheet. It needs no credentials, and holds
// none.
func PlanOf(ctx context.Context, b *report.Book, o Options) (*Plan, error) {
	opt := o.filled()
	p := &Plan{Against: "spreadsheet", Request: json.RawMessage("null")}
	st, why := planState(ctx, opt)
	if st == nil {
		var err error
		if st, p.Against, err = lastState(b, opt); err != nil {
			return nil, err
		}
		p.say("sheet-plan-unread", "why", why)
	}
	switch p.Against {
	case "spreadsheet":
		p.say("sheet-plan-against")
	case "nothing":
		p.say("sheet-plan-against/nothing")
	default:
		p.say("sheet-plan-against/published", "generation", opt.Last.Generation)
	}
	c, err := compare(b, st, opt)
	if err != nil {
		return nil, err
	}
	p.Changed, p.Added, p.Removed = c.changed, c.added, c.removed
	if c.unchanged {
		p.say("sheet-plan-unchanged")
		if len(c.figures) > 0 {
			p.say("sheet-plan-figures", "why", &Differs{Cells: c.figures})
		}
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
	if p.Request, err = indented(batch); err != nil {
		return nil, err
	}
	p.rows(b)
	p.say("sheet-plan-batch", "requests", len(batch.Requests), "kilobytes", (size+999)/1000, "edition",
		etl.Named(o.Edition), "generation", planner.next.Generation)
	p.edits(c.edits, opt.Overwrite)
	return p, nil
}

// indented is a batch for a person to read.
func indented(batch *sheets.BatchUpdateSpreadsheetRequest) (json.RawMessage, error) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(batch)
	return body.Bytes(), err
}

func (p *Plan) say(key message.Key, pairs ...any) {
	p.Words = append(p.Words, message.New(key, pairs...))
}

// rows says how many rows of each list would change.
func (p *Plan) rows(b *report.Book) {
	n := 0
	for _, s := range b.Sheets {
		if s.Table != nil && n < 2 {
			p.say("sheet-plan-rows", "tab", s.Name, "changed", p.Changed[n], "added", p.Added[n], "removed",
				p.Removed[n])
			n++
		}
	}
}

// edits says what would become of what people have typed.
func (p *Plan) edits(edits []Edit, overwrite bool) {
	stops := 0
	for _, e := range edits {
		if !e.kept {
			stops++
		}
	}
	switch {
	case stops > 0 && overwrite:
		p.say("sheet-plan-edits/overwrite", "places", stops)
	case stops > 0:
		p.say("sheet-plan-edits", "places", stops)
	}
}

// planState reads the spreadsheet; without one it says why.
func planState(ctx context.Context, o *Options) (*state, any) {
	if o.Spreadsheet == "" {
		return nil, message.New("sheet-plan-none")
	}
	s, err := connect(ctx, o)
	if err != nil {
		return nil, err
	}
	st, err := s.state(ctx, "sheet-state-reading")
	if err != nil {
		return nil, err
	}
	return st, nil
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
	e := entry{
		Generation: last.Generation,
		Edition:    last.Edition,
		Format:     format,
	}.after(
		doc.SpreadsheetId,
		entry{},
		map[int64]bool{},
	)
	doc.DeveloperMetadata = []*sheets.DeveloperMetadata{
		{MetadataId: e.ID, MetadataKey: keyGeneration, MetadataValue: e.text()},
	}
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
			data.RowMetadata[header].DeveloperMetadata = []*sheets.DeveloperMetadata{
				{MetadataKey: keyHeader, MetadataValue: s.Table.ID},
			}
		}
		for _, c := range columns {
			data.ColumnMetadata = append(
				data.ColumnMetadata,
				&sheets.DimensionProperties{
					DeveloperMetadata: []*sheets.DeveloperMetadata{{MetadataKey: keyColumn, MetadataValue: c}},
				},
			)
		}
		doc.Sheets = append(doc.Sheets, &sheets.Sheet{
			Properties: &sheets.SheetProperties{SheetId: id, Title: s.Name, GridProperties: &sheets.GridProperties{
				RowCount: int64(
					len(rows) + spareRows,
				), ColumnCount: int64(len(columns) + spareColumns), FrozenRowCount: int64(s.Freeze)}},
			DeveloperMetadata: []*sheets.DeveloperMetadata{
				{MetadataKey: keySheet, MetadataValue: sheetMark(s.ID, id)},
			},
			Data: []*sheets.GridData{data},
		})
	}
}
