package gsheets

import (
	"math"
	"slices"
	"strconv"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// fill writes the cells of a sheet and what belongs to them.
func (p *planner) fill(l *layout) error {
	lines, err := p.draw.lines(l)
	if err != nil {
		return err
	}
	if p.repair != nil {
		p.formatsBack(l)
	}
	if err := p.dropDowns(l); err != nil {
		return err
	}
	if err := p.cells(l, lines); err != nil {
		return err
	}
	return p.objects(l, lines)
}

// cells writes the cells outside the rows of data with values and formats, row by row. For the rows
// of data, one request for each run of adjacent columns writes the values, and further requests
// write the formats, column by column.
func (p *planner) cells(l *layout, lines [][]spot) error {
	for _, run := range runs(l.columns) {
		rows := make([]*sheets.RowData, len(lines))
		for r, line := range lines {
			rows[r] = &sheets.RowData{}
			for _, i := range run {
				s := line[i]
				if err := checkSpot(s); err != nil {
					return message.Fail(err, "sheet-in-row", "tab", l.sheet.Name, "row", r+1, "why", err)
				}
				c := cellData(s.content)
				c.UserEnteredFormat = p.draw.cellFormat(s.look, s.link)
				rows[r].Values = append(rows[r].Values, c)
			}
		}
		left := l.columns[run[0]]
		end := len(lines)
		if l.header < 0 {
			// Clear what a longer summary left below this one.
			end = max(end, p.usedRows(l))
		}
		p.add(
			&sheets.Request{
				UpdateCells: &sheets.UpdateCellsRequest{
					Range:  gridRange(l.id, 0, end, left, left+len(run)),
					Rows:   rows,
					Fields: "userEnteredValue,userEnteredFormat",
				},
			},
		)
		if l.header >= 0 {
			if err := p.values(l, run); err != nil {
				return err
			}
		}
	}
	p.heights(l)
	if l.header < 0 {
		return nil
	}
	if err := p.formulas(l); err != nil {
		return err
	}
	return p.looks(l)
}

func (p *planner) usedRows(l *layout) int {
	if l.tab == nil {
		return 0
	}
	return l.tab.used(func(col int) bool { return l.tab.ours()[col] })
}

// values writes the values of a run of columns in the rows of data, and clears the cells below.
// The method formulas writes the formulas.
func (p *planner) values(l *layout, run []int) error {
	t := l.sheet.Table
	rows := make([]*sheets.RowData, t.Len)
	for k := range t.Len {
		rows[k] = &sheets.RowData{}
		for _, i := range run {
			s, err := p.draw.body(l, k, i, l.header+1+k)
			if err != nil {
				return err
			}
			if err := checkSpot(s); err != nil {
				return message.Fail(err, "sheet-in-data", "tab", l.sheet.Name, "column", t.Columns[i].Header,
					"row", k+1, "why", err)
			}
			if s.content.kind == aFormula {
				s.content = content{}
			}
			rows[k].Values = append(rows[k].Values, cellData(s.content))
		}
	}
	left := l.columns[run[0]]
	p.add(
		&sheets.Request{
			UpdateCells: &sheets.UpdateCellsRequest{
				Range:  gridRange(l.id, l.header+1, l.rows, left, left+len(run)),
				Rows:   rows,
				Fields: "userEnteredValue",
			},
		},
	)
	return nil
}

// formulas fills each computed column with its formula. Google adapts the relative references from
// row to row, as when a person drags a cell down.
func (p *planner) formulas(l *layout) error {
	t := l.sheet.Table
	for i := range t.Columns {
		if !p.draw.live[&t.Columns[i]] {
			continue
		}
		s, err := p.draw.body(l, 0, i, l.header+1)
		if err != nil {
			return err
		}
		col := l.columns[i]
		p.add(
			&sheets.Request{
				RepeatCell: &sheets.RepeatCellRequest{
					Range:  gridRange(l.id, l.header+1, l.end(), col, col+1),
					Cell:   cellData(s.content),
					Fields: "userEnteredValue",
				},
			},
		)
	}
	return nil
}

// bodyFields are the parts of a format that the program sets in a row of data. The background is
// left out: people mark rows with it, and the mark moves with the row.
const bodyFields = "userEnteredFormat(numberFormat,textFormat,borders,horizontalAlignment,verticalAlignment,wrapStrategy)"

// looks sets the formats of the rows of data: one format for a whole column, or one for each cell
// where they differ, as with links and proposals.
func (p *planner) looks(l *layout) error {
	t := l.sheet.Table
	for i := range t.Columns {
		col := l.columns[i]
		plain := t.Columns[i].Appearance()
		rows := make([]*sheets.RowData, t.Len)
		differ := false
		for k := range t.Len {
			s, err := p.draw.body(l, k, i, l.header+1+k)
			if err != nil {
				return err
			}
			differ = differ || s.look != plain || s.link != ""
			rows[k] = &sheets.RowData{
				Values: []*sheets.CellData{{UserEnteredFormat: p.draw.cellFormat(s.look, s.link)}},
			}
		}
		block := gridRange(l.id, l.header+1, l.end(), col, col+1)
		if differ {
			p.add(
				&sheets.Request{UpdateCells: &sheets.UpdateCellsRequest{Range: block, Rows: rows, Fields: bodyFields}},
			)
			continue
		}
		p.add(
			&sheets.Request{
				RepeatCell: &sheets.RepeatCellRequest{
					Range:  block,
					Cell:   &sheets.CellData{UserEnteredFormat: p.draw.cellFormat(plain, "")},
					Fields: bodyFields,
				},
			},
		)
	}
	return nil
}

// heights sets the row heights that the book states, with one request for each run of rows of the
// same height.
func (p *planner) heights(l *layout) {
	for i := 0; i < len(l.sheet.Lines); {
		from := l.sheet.Lines[i]
		n := 1
		for i+n < len(l.sheet.Lines) && l.sheet.Lines[i+n].Height == from.Height &&
			l.sheet.Lines[i+n].Row == from.Row+n {
			n++
		}
		if from.Height > 0 {
			p.add(pixels(l.id, rowsOf, from.Row, from.Row+n, int(math.Round(from.Height*96/72))))
		}
		i += n
	}
}

// runs groups the columns of the book that are adjacent in the grid, from left to right.
func runs(columns []int) [][]int {
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return columns[a] - columns[b] })
	var out [][]int
	for n, i := range order {
		if n > 0 && columns[i] == columns[order[n-1]]+1 {
			out[len(out)-1] = append(out[len(out)-1], i)
		} else {
			out = append(out, []int{i})
		}
	}
	return out
}

// maxCell is Google's limit for one cell, in characters ("Files you can store in Google Drive").
const maxCell = 50_000

// checkSpot refuses what a cell cannot hold, and a link that no reader should follow.
func checkSpot(s spot) error {
	if n := len(s.content.text); n > maxCell && len([]rune(s.content.text)) > maxCell {
		return message.Fail(nil, "sheet-cell-too-long", "limit", maxCell)
	}
	if s.content.kind == aNumber && s.content.num-s.content.num != 0 {
		return message.Fail(nil, "sheet-cell-no-number", "number", strconv.FormatFloat(s.content.num, 'g', -1, 64))
	}
	if s.link == "" {
		return nil
	}
	return etl.CheckLink(s.link)
}
