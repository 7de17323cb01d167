package gsheets

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl/message"
	"hdsreport/report"
)

// objects writes what a tab has besides cells and drop-downs: the filter, the saved views, charts,
// warnings, and what the next publication has to know about them. Each object keeps its id, because
// people's links and bookmarks contain it.
func (p *planner) objects(l *layout, lines [][]spot) error {
	old := memo{}
	if l.tab != nil {
		old = l.tab.memo
	}
	// The title that the program last gave the tab. If the tab has another one, somebody chose it.
	m := memo{Title: l.title, Views: map[string]int64{}, Protected: map[string]int64{}}
	if l.tab != nil && old.Title != l.tab.title {
		m.Title = old.Title
	}
	if l.header >= 0 {
		p.filter(l)
		p.views(l, old, &m)
		for i := range l.sheet.Table.Columns {
			if c := &l.sheet.Table.Columns[i]; p.draw.live[c] {
				m.Live = append(m.Live, c.ID)
			}
		}
		if err := errors.Join(p.emptyMark(l, &m), p.rowMarks(l, &m)); err != nil {
			return err
		}
	}
	p.chartsOf(l, old, &m)
	p.warnings(l, old, &m)
	p.remember(l, m, lines)
	return nil
}

// dropDowns sets the lists of choices in the rows of data. They are set before the values, since the
// last edition's choices may not include all of this one's values. First all data validation of our
// columns is cleared, from the first row of the tab to the last: a column that was inserted beside
// one with choices has inherited them, and if people moved rows or columns while a batch was on its
// way, it has set them in the wrong cells.
func (p *planner) dropDowns(l *layout) error {
	for _, run := range runs(l.columns) {
		left := l.columns[run[0]]
		p.add(
			&sheets.Request{
				SetDataValidation: &sheets.SetDataValidationRequest{
					Range:                gridRange(l.id, 0, l.rows, left, left+len(run)),
					FilteredRowsIncluded: true,
				},
			},
		)
	}
	if l.header < 0 {
		return nil
	}
	for i := range l.sheet.Table.Columns {
		c := &l.sheet.Table.Columns[i]
		if len(c.Choices) == 0 {
			continue
		}
		rule := &sheets.DataValidationRule{
			Condition:    &sheets.BooleanCondition{Type: "ONE_OF_LIST"},
			Strict:       true,
			ShowCustomUi: true,
			InputMessage: c.Note,
		}
		for _, choice := range c.Choices {
			if strings.HasPrefix(choice, "=") || strings.HasPrefix(choice, "+") {
				return message.Fail(nil, "sheet-choice-formula", "tab", l.sheet.Name, "column", c.Header,
					"choice", choice)
			}
			rule.Condition.Values = append(rule.Condition.Values, &sheets.ConditionValue{UserEnteredValue: choice})
		}
		col := l.columns[i]
		p.add(
			&sheets.Request{
				SetDataValidation: &sheets.SetDataValidationRequest{
					Range:                gridRange(l.id, l.header+1, l.end(), col, col+1),
					Rule:                 rule,
					FilteredRowsIncluded: true,
				},
			},
		)
	}
	return nil
}

// listRange is a list with its header, over all columns of the grid, for the reason given in the
// package comment.
func listRange(l *layout) *sheets.GridRange { return gridRange(l.id, l.header, l.end(), 0, l.cols) }

// filter sets the filter again, without what anybody had chosen: all rows of a new edition show.
func (p *planner) filter(l *layout) {
	p.add(
		&sheets.Request{
			SetBasicFilter: &sheets.SetBasicFilterRequest{Filter: &sheets.BasicFilter{Range: listRange(l)}},
		},
	)
}

// views writes the saved filter views, one for each position.
func (p *planner) views(l *layout, old memo, m *memo) {
	t := l.sheet.Table
	at := slices.IndexFunc(t.Columns, func(c report.Column) bool { return c.ID == "position" })
	var positions []string
	if at >= 0 {
		positions = t.Columns[at].Choices
	}
	for _, position := range positions {
		view := &sheets.FilterView{
			Title: p.book.Labels.Get("shared.view", "position", position),
			Range: listRange(l),
			FilterSpecs: []*sheets.FilterSpec{{
				ColumnIndex: int64(l.columns[at]), ForceSendFields: []string{"ColumnIndex"},
				FilterCriteria: &sheets.FilterCriteria{
					Condition: &sheets.BooleanCondition{
						Type:   "TEXT_EQ",
						Values: []*sheets.ConditionValue{{UserEnteredValue: position}},
					},
				}}},
		}
		if id, ours := old.Views[position]; ours && l.tab.views[id] {
			view.FilterViewId = id
			p.add(
				&sheets.Request{
					UpdateFilterView: &sheets.UpdateFilterViewRequest{Filter: view, Fields: "title,range,filterSpecs"},
				},
			)
		} else {
			view.FilterViewId = freeID(p.st.views, "view", l.sheet.ID, position)
			p.add(&sheets.Request{AddFilterView: &sheets.AddFilterViewRequest{Filter: view}})
		}
		m.Views[position] = view.FilterViewId
	}
	for _, position := range slices.Sorted(maps.Keys(old.Views)) {
		if id := old.Views[position]; l.tab.views[id] && m.Views[position] != id {
			p.add(&sheets.Request{DeleteFilterView: &sheets.DeleteFilterViewRequest{FilterId: id}})
		}
	}
}

// emptyMark remembers the mark of the row without an identifier by which a list says that it is
// empty or missing.
func (p *planner) emptyMark(l *layout, m *memo) error {
	row := slices.Index(rowIDs(l.sheet.Table), emptyID)
	if row < 0 {
		return nil
	}
	shown := &tab{columns: map[string]int{}, cells: [][]*sheets.CellData{make([]*sheets.CellData, l.cols)}}
	for i, id := range columnIDs(l.sheet) {
		s, err := p.draw.body(l, row, i, l.header+1+row)
		if err != nil {
			return err
		}
		shown.columns[id] = l.columns[i]
		shown.cells[0][l.columns[i]] = cellData(s.content)
	}
	m.Empty = shown.rowMark(0)
	return nil
}

// chartsOf writes the charts, in the book's order, and deletes those that the book no longer has.
func (p *planner) chartsOf(l *layout, old memo, m *memo) {
	for i := range l.sheet.Charts {
		c := &l.sheet.Charts[i]
		spec := p.chartSpec(l, c)
		place := &sheets.OverlayPosition{
			AnchorCell: &sheets.GridCoordinate{
				SheetId:         l.id,
				RowIndex:        int64(c.Row),
				ColumnIndex:     int64(l.columns[c.Col]),
				ForceSendFields: []string{"SheetId", "RowIndex", "ColumnIndex"},
			},
			WidthPixels:  int64(c.Width),
			HeightPixels: int64(c.Height),
		}
		if i < len(old.Charts) && l.tab.charts[old.Charts[i]] {
			id := old.Charts[i]
			p.add(
				&sheets.Request{UpdateChartSpec: &sheets.UpdateChartSpecRequest{ChartId: id, Spec: spec}},
				&sheets.Request{
					UpdateEmbeddedObjectPosition: &sheets.UpdateEmbeddedObjectPositionRequest{
						ObjectId:    id,
						NewPosition: &sheets.EmbeddedObjectPosition{OverlayPosition: place},
						Fields:      "anchorCell,widthPixels,heightPixels",
					},
				},
			)
			m.Charts = append(m.Charts, id)
			continue
		}
		id := freeID(p.st.charts, "chart", l.sheet.ID, strconv.Itoa(i))
		p.add(
			&sheets.Request{
				AddChart: &sheets.AddChartRequest{
					Chart: &sheets.EmbeddedChart{
						ChartId:  id,
						Spec:     spec,
						Position: &sheets.EmbeddedObjectPosition{OverlayPosition: place},
					},
				},
			},
		)
		m.Charts = append(m.Charts, id)
	}
	for i := len(l.sheet.Charts); i < len(old.Charts); i++ {
		if id := old.Charts[i]; l.tab.charts[id] {
			p.add(&sheets.Request{DeleteEmbeddedObject: &sheets.DeleteEmbeddedObjectRequest{ObjectId: id}})
		}
	}
}

// chartSpec is a chart of the book. A series takes its name from the cell above its
// values, where that cell bears it.
func (p *planner) chartSpec(l *layout, c *report.Chart) *sheets.ChartSpec {
	headed := c.Category.Row > 0
	for _, s := range c.Series {
		headed = headed && lineText(l.sheet, s.Values.Row-1, s.Values.Col) == s.Name
	}
	data := func(r report.Range) *sheets.ChartData {
		if headed {
			r.Row--
		}
		return &sheets.ChartData{SourceRange: &sheets.ChartSourceRange{Sources: []*sheets.GridRange{
			gridRange(l.id, r.Row, r.LastRow+1, l.columns[r.Col], l.columns[r.LastCol]+1)}}}
	}
	basic := &sheets.BasicChartSpec{
		ChartType:       "BAR",
		LegendPosition:  "NO_LEGEND",
		HeaderCount:     0,
		ForceSendFields: []string{"HeaderCount"},
		Domains:         []*sheets.BasicChartDomain{{Domain: data(c.Category)}},
	}
	// Bars have their values along the bottom, columns along the left.
	axis := "BOTTOM_AXIS"
	switch c.Kind {
	case report.Columns:
		basic.ChartType, axis = "COLUMN", "LEFT_AXIS"
	case report.Lines:
		basic.ChartType, axis = "LINE", "LEFT_AXIS"
	}
	if headed {
		basic.HeaderCount = 1
	}
	if len(c.Series) > 1 {
		basic.LegendPosition = "TOP_LEGEND"
	}
	place := "OUTSIDE_END"
	if c.Kind == report.Lines {
		place = "ABOVE"
	}
	for _, s := range c.Series {
		basic.Series = append(
			basic.Series,
			&sheets.BasicChartSeries{Series: data(s.Values), TargetAxis: axis, ColorStyle: colourOf(s.Colour),
				DataLabel: &sheets.DataLabel{Type: "DATA", Placement: place}},
		)
	}
	return &sheets.ChartSpec{
		Title:                   c.Title,
		Subtitle:                c.Subtitle,
		AltText:                 c.Alt,
		FontName:                report.FontName,
		HiddenDimensionStrategy: "SHOW_ALL",
		BackgroundColorStyle:    colourOf(report.White),
		TitleTextFormat: &sheets.TextFormat{
			Bold:                 true,
			FontSize:             12,
			ForegroundColorStyle: colourOf(report.Accent),
		},
		SubtitleTextFormat: &sheets.TextFormat{FontSize: 9, ForegroundColorStyle: colourOf(report.Grey)},
		BasicChart:         basic,
	}
}

// lineText is the text of a free cell of the book.
func lineText(s *report.Sheet, row, col int) string {
	for _, l := range s.Lines {
		for _, c := range l.Cells {
			if l.Row == row && c.Col == col {
				return c.Value.Text
			}
		}
	}
	return ""
}

// warnings writes protected ranges that warn, over what people should not change: the header and
// what is above it, computed and technical columns, and all of the summary.
func (p *planner) warnings(l *layout, old memo, m *memo) {
	warn := func(key string, r *sheets.GridRange) {
		w := &sheets.ProtectedRange{Range: r, Description: p.book.Labels.Get("shared.locked"), WarningOnly: true}
		if id, ours := old.Protected[key]; ours && l.tab.protected[id] {
			w.ProtectedRangeId = id
			p.add(
				&sheets.Request{
					UpdateProtectedRange: &sheets.UpdateProtectedRangeRequest{
						ProtectedRange: w,
						Fields:         "range,description,warningOnly",
					},
				},
			)
		} else {
			w.ProtectedRangeId = freeID(p.st.protected, "protected", l.sheet.ID, key)
			p.add(&sheets.Request{AddProtectedRange: &sheets.AddProtectedRangeRequest{ProtectedRange: w}})
		}
		m.Protected[key] = w.ProtectedRangeId
	}
	var kept []int // columns
	for n, run := range runs(l.columns) {
		left := l.columns[run[0]]
		warn("lines"+strconv.Itoa(n), gridRange(l.id, 0, drawnLines(l), left, left+len(run)))
	}
	if l.header >= 0 {
		for i := range l.sheet.Table.Columns {
			if c := &l.sheet.Table.Columns[i]; c.Technical || c.Computed != nil {
				kept = append(kept, l.columns[i])
			}
		}
	}
	for n, run := range runs(kept) {
		left := kept[run[0]]
		// The header is included, since Google deletes a range when all its rows are deleted.
		warn("columns"+strconv.Itoa(n), gridRange(l.id, l.header, l.end(), left, left+len(run)))
	}
	for _, key := range slices.Sorted(maps.Keys(old.Protected)) {
		if id := old.Protected[key]; l.tab.protected[id] && m.Protected[key] != id {
			p.add(&sheets.Request{DeleteProtectedRange: &sheets.DeleteProtectedRangeRequest{ProtectedRangeId: id}})
		}
	}
}

// drawnLines is how many rows stand outside the rows of data, the header with them.
func drawnLines(l *layout) int {
	if l.header >= 0 {
		return l.header + 1
	}
	return l.above()
}

// remember writes what the next publication has to know of a tab.
func (p *planner) remember(l *layout, m memo, lines [][]spot) {
	memoID, marksID, oldMarks := int64(0), int64(0), ""
	if l.tab != nil {
		memoID, marksID, oldMarks = l.tab.memoID, l.tab.marksID, l.tab.marks
	}
	if memoID == 0 {
		p.add(
			createMetadata(freeID(p.st.metadata, "memo", l.sheet.ID, p.next.text()), keyMemo, text(m), onSheet(l.id)),
		)
	} else {
		p.add(updateMetadata(memoID, text(m)))
	}
	said := marksOf(columnIDs(l.sheet), lines)
	switch {
	case marksID == 0 && said != "":
		p.add(createMetadata(freeID(p.st.metadata, "marks", l.sheet.ID, p.next.text()), keyMarks, said, onSheet(l.id)))
	case marksID != 0 && said == "":
		p.add(deleteMetadata(marksID))
	case marksID != 0 && said != oldMarks:
		p.add(updateMetadata(marksID, said))
	}
}
