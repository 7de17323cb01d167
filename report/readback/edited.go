package readback

import (
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/merge"
	"hdsreport/etl/ooxml"
	"hdsreport/etl/pattern"
	"hdsreport/etl/source"
	"hdsreport/report"
	"hdsreport/report/published"
)

// Edited is a spreadsheet that an editor may have changed.
type Edited struct {
	File merge.File
	// Generation is the generation that it bears, and From where: in its properties ("file")
	// or in a cell ("cell"). Both are empty if it bears none.
	Generation, From string
	Day              string // that its sheets are about, in ISO 8601; empty if they do not say it

	book   *source.Book
	tables [2]int // the sheet of each list; -1 if it is not there
	header [2]int // the row of its headings
}

// leastKnown is how many headings of a list make a sheet that of the list although it has
// no column of identifiers.
const leastKnown = 4

// Edited reads an .xlsx or .ods as a person left it.
func (r *Reader) Edited(path, display string, maxBytes int64) (*Edited, error) {
	book, err := source.ReadBook(path, display, source.Options{MaxBytes: maxBytes})
	if err != nil {
		return nil, err
	}
	e := &Edited{book: book}
	for _, l := range etl.Listings {
		e.tables[l] = -1
		best, name := 0, ""
		for i, s := range book.Sheets {
			at, n := r.headings(l, &s)
			if n > best || n == best && n > 0 && slices.Contains(r.sheets[l], s.Name) && !slices.Contains(r.sheets[l], name) {
				best, name = n, s.Name
				e.tables[l], e.header[l] = i, at
			}
		}
	}
	for _, l := range etl.Listings {
		if i := e.tables[l]; i >= 0 && !(i == e.tables[1-l] && l == etl.Certified) {
			s := &book.Sheets[i]
			e.Day = r.day(s.Rows[:e.header[l]], e.Day)
			e.File.Lists[l] = r.table(l, s, i, e.header[l])
		}
	}
	e.identify()
	return e, nil
}

// headings finds the row of a sheet that holds the headings of a list, and how many. Hidden
// sheets count less than others.
func (r *Reader) headings(l etl.Listing, s *source.Sheet) (at, n int) {
	for i, row := range s.Rows[:min(len(s.Rows), 100)] {
		own, other := r.known(l, row.Cells), r.known(1-l, row.Cells)
		if own < leastKnown || own < other || own == other && l == etl.Certified {
			continue
		}
		score := 2*own - 1
		if r.recognise(l, row.Cells) > 0 {
			score += 100
		}
		if s.Hidden {
			score -= 50
		}
		if score > n {
			at, n = i, score
		}
	}
	return at, n
}

// known counts the headings of a list in a row.
func (r *Reader) known(l etl.Listing, cells []string) int {
	seen := map[etl.Field]bool{}
	for _, c := range cells {
		if len(c) < 200 {
			if d := r.columns[l][plain(c)]; d != nil {
				seen[d.Key] = true
			}
		}
	}
	return len(seen)
}

// table takes the table of a list out of a sheet.
func (r *Reader) table(l etl.Listing, s *source.Sheet, order, header int) *merge.Sheet {
	out := &merge.Sheet{Name: s.Name, Order: order}
	width := 0
	for _, row := range s.Rows[header:] {
		width = max(width, len(row.Cells))
	}
	for i := range width {
		heading := strings.Join(strings.Fields(s.Rows[header].Cell(i)), " ")
		c := merge.Column{Heading: heading, At: i + 1}
		if d := r.columns[l][plain(heading)]; d != nil {
			c.Field = d.Key
		}
		out.Columns = append(out.Columns, c)
	}
	for _, row := range s.Rows[header+1:] {
		cells := make([]merge.Cell, width)
		said := ""
		n := 0
		for i := range width {
			cells[i] = merge.Cell{Text: row.Cell(i), Formula: s.Formulas[row.Number].Has(i)}
			if text := strings.TrimSpace(cells[i].Text); text != "" {
				said = text
				n++
			}
		}
		if n == 1 && (r.none[plain(said)] || r.missing[plain(said)] || r.endedOn(said) != "") {
			continue // it says that the list has no rows, is missing or has ended
		}
		out.Rows = append(out.Rows, merge.Row{At: row.Number, Cells: cells})
	}
	return out
}

// inCell is how a cell says the generation, in any language.
var inCell = pattern.Of(`(?i)^(?:g[ée]n[ée]ration)\s*:?\s*([0-9a-f]{32})$`)

var isGeneration = pattern.Of(`^[0-9a-f]{32}$`)

func (e *Edited) identify() {
	for _, id := range e.book.Identifiers {
		if isGeneration().MatchString(id) {
			e.Generation, e.From = id, "file"
			return
		}
	}
	for _, s := range e.book.Sheets {
		for _, row := range s.Rows {
			for _, c := range row.Cells {
				if len(c) > 60 {
					continue
				}
				if m := inCell().FindStringSubmatch(etl.OneSpace(c)); m != nil {
					e.Generation, e.From = strings.ToLower(m[1]), "cell"
					return
				}
			}
		}
	}
}

// Foreign reports whether the spreadsheet holds something of somebody's own beside what
// the program writes: a sheet with cells, or text beside a table.
func (e *Edited) Foreign() bool {
	own := 0
	for _, s := range e.book.Sheets {
		if len(s.Rows) > 0 {
			own++
		}
	}
	return own > len(etl.Listings)+1 // the lists and the summary
}

var listTables = [2]string{etl.Approved: report.ApprovedTable, etl.Certified: report.CertifiedTable}

// Published returns the lists of a publication for a merge.
func (r *Reader) Published(p *published.Publication) (out [2]*merge.List) {
	for _, l := range etl.Listings {
		t := p.Table(listTables[l])
		if t == nil {
			continue
		}
		var fields []etl.Field
		for _, c := range t.Columns {
			fields = append(fields, etl.Field(c.ID))
		}
		out[l] = merge.NewList(fields)
		for _, row := range t.Rows {
			cells := make([]string, len(row.Values))
			for i, v := range row.Values {
				cells[i] = v.String()
			}
			out[l].Add(row.ID, cells)
		}
	}
	return out
}

// Tables returns the lists of a book for a merge.
func (r *Reader) Tables(b *report.Book) (out [2]*merge.List) {
	for _, l := range etl.Listings {
		t := b.Table(listTables[l])
		var fields []etl.Field
		for _, c := range t.Columns {
			fields = append(fields, etl.Field(c.ID))
		}
		out[l] = merge.NewList(fields)
		id := t.Column("id")
		for row := range t.Len {
			if id.At(row).Text == "" {
				continue
			}
			cells := make([]string, len(t.Columns))
			for i := range t.Columns {
				cells[i] = t.Columns[i].At(row).String()
			}
			out[l].Add(id.At(row).Text, cells)
		}
	}
	return out
}

// Words are what the status of a position says, in all languages.
func (r *Reader) Words() merge.Words { return r.words }

// Outside compares what the sheets say outside the tables with what they said. edited
// reports whether something else in the file was changed: a copy of values only then has
// figures that have followed.
func (e *Edited) Outside(p *published.Publication, edited bool) (refused []merge.Item, notes []merge.Note) {
	if p.Outside == nil {
		return nil, []merge.Note{{Kind: merge.NoteOutside}}
	}
	for _, o := range p.Outside {
		i := e.sheetOf(&o)
		if i < 0 {
			continue
		}
		s := &e.book.Sheets[i]
		rows := s.Rows
		for l, at := range e.tables {
			if at == i {
				rows = rows[:e.header[l]]
			}
		}
		if blank(rows) {
			continue // somebody has deleted what stood above the table
		}
		items, followed := outside(&o, s, i, rows, edited)
		refused = append(refused, items...)
		if followed {
			notes = append(notes, merge.Note{Kind: merge.NoteOutside, Name: s.Name,
				At: merge.Place{Sheet: s.Name, Order: i}})
		}
	}
	return refused, notes
}

// sheetOf finds the sheet of a file that a sheet published is: the list's, or that which
// says most of what the other one said.
func (e *Edited) sheetOf(o *published.Outside) int {
	for l, id := range listTables {
		if id == o.Sheet {
			return e.tables[l]
		}
	}
	best, most := -1, 0
	for i, s := range e.book.Sheets {
		if slices.Contains(e.tables[:], i) {
			continue
		}
		n := 0
		said := map[published.Mark]bool{}
		for _, line := range o.Lines {
			for _, m := range line.Cells {
				said[m] = true
			}
		}
		for _, row := range s.Rows {
			for _, c := range row.Cells {
				if c != "" && said[published.MarkOf(c)] {
					n++
				}
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

// outside compares the rows of a sheet with the lines that were published there. followed
// reports that figures were not compared.
func outside(
	o *published.Outside, s *source.Sheet, order int, rows []etl.TableRow, edited bool,
) (refused []merge.Item, followed bool) {
	formulas := false
	for _, row := range rows {
		formulas = formulas || len(s.Formulas[row.Number]) > 0
	}
	at := moved(o.Lines, rows)
	for _, p := range aligned(o.Lines, rows, at) {
		line := &o.Lines[p.line]
		var row etl.TableRow
		if p.row >= 0 {
			row = rows[p.row]
		}
		for _, name := range sortedColumns(line.Cells) {
			m := line.Cells[name]
			col := at.column(name)
			text := row.Cell(col - 1)
			switch {
			case m.Live() && s.Formulas[row.Number].Has(col-1), m.Says(text):
			case m.Live() && !formulas && edited:
				followed = true
			case p.deleted:
			default:
				refused = append(refused, merge.Item{Found: text, Why: merge.WhySummary,
					At: merge.Place{Sheet: s.Name, Order: order, Row: line.Row + p.offset, Col: col}})
			}
		}
	}
	return refused, followed
}

func sortedColumns(cells map[string]published.Mark) []string {
	var out []string
	for name := range cells {
		out = append(out, name)
	}
	slices.SortFunc(out, func(a, b string) int {
		x, _ := ooxml.Column(a)
		y, _ := ooxml.Column(b)
		return x - y
	})
	return out
}

// columnsMoved says that the columns from one on stand elsewhere: somebody has inserted or
// deleted some before it.
type columnsMoved struct{ from, by int }

// column is where a column published stands now.
func (c columnsMoved) column(name string) int {
	col, _ := ooxml.Column(name)
	if col >= c.from {
		return max(col+c.by, 0)
	}
	return col
}

// mostMoved is how many columns may have been inserted or deleted.
const mostMoved = 4

// moved finds where the columns of lines stand now: where more cells say what they said than
// anywhere else, and most do. Otherwise rows have moved.
func moved(lines []published.Line, rows []etl.TableRow) columnsMoved {
	at := map[int]*etl.TableRow{}
	for i := range rows {
		at[rows[i].Number] = &rows[i]
	}
	last := 0
	for i := range lines {
		for name := range lines[i].Cells {
			col, _ := ooxml.Column(name)
			last = max(last, col)
		}
	}
	says := func(c columnsMoved) (n, all int) {
		for i := range lines {
			row := at[lines[i].Row]
			for name, m := range lines[i].Cells {
				if all++; row != nil && m.Says(row.Cell(c.column(name)-1)) {
					n++
				}
			}
		}
		return n, all
	}
	best := columnsMoved{}
	most, all := says(best)
	for from := 1; from <= last && most < all; from++ {
		for by := -mostMoved; by <= mostMoved; by++ {
			if n, _ := says(columnsMoved{from, by}); n > most && 2*n > all {
				best, most = columnsMoved{from, by}, n
			}
		}
	}
	return best
}

// blank reports whether no cell holds anything.
func blank(rows []etl.TableRow) bool {
	return !slices.ContainsFunc(rows, func(r etl.TableRow) bool {
		return slices.ContainsFunc(r.Cells, func(c string) bool { return strings.TrimSpace(c) != "" })
	})
}

// matched is a line that was published and the row that it is now: -1 if the row is blank now,
// or deleted. offset is by how much the row has moved.
type matched struct {
	line, row, offset int
	deleted           bool
}

// aligned pairs lines with rows. Rows that somebody has inserted or deleted move the others.
func aligned(lines []published.Line, rows []etl.TableRow, cols columnsMoved) []matched {
	alike := func(l *published.Line, row *etl.TableRow) int {
		n := 0
		for name, m := range l.Cells {
			col := cols.column(name)
			if m.Says(row.Cell(col-1)) || m.Live() && row.Cell(col-1) != "" {
				n++
			}
		}
		return n
	}
	at := map[int]int{}
	for i, row := range rows {
		at[row.Number] = i
	}
	out := make([]matched, len(lines))
	moved := false
	for i := range lines {
		row, there := at[lines[i].Row]
		if !there {
			row = -1
		}
		out[i] = matched{line: i, row: row}
		moved = moved || row < 0 || 2*alike(&lines[i], &rows[row]) < len(lines[i].Cells)
	}
	const most = 4_000_000 // steps; a longer sheet is compared line by line
	if !moved || len(lines)*len(rows) > most {
		return out
	}
	// The longest common subsequence, weighed by how many cells say the same.
	width := len(rows) + 1
	best := make([]int32, (len(lines)+1)*width)
	for i := len(lines) - 1; i >= 0; i-- {
		for k := len(rows) - 1; k >= 0; k-- {
			best[i*width+k] = max(best[(i+1)*width+k], best[i*width+k+1],
				best[(i+1)*width+k+1]+int32(alike(&lines[i], &rows[k])))
		}
	}
	for i, k := 0, 0; i < len(lines); {
		switch {
		case k == len(rows) || best[i*width+k] == best[(i+1)*width+k]:
			out[i] = matched{line: i, row: -1, deleted: true}
			i++
		case best[i*width+k] == best[i*width+k+1]:
			k++
		default:
			out[i] = matched{line: i, row: k, offset: rows[k].Number - lines[i].Row}
			i, k = i+1, k+1
		}
	}
	typedOver(out, lines, at)
	return out
}

// typedOver finds the rows of lines of which nothing is left: they are where they would be if
// nothing had been inserted or deleted around them.
func typedOver(out []matched, lines []published.Line, at map[int]int) {
	taken := map[int]bool{}
	for _, m := range out {
		taken[m.row] = !m.deleted || taken[m.row]
	}
	for i := range out {
		if !out[i].deleted {
			continue
		}
		before, after, last := 0, 0, true
		if i > 0 {
			before = out[i-1].offset
		}
		for _, m := range out[i:] {
			if !m.deleted {
				after, last = m.offset, false
				break
			}
		}
		if before != after && !last {
			out[i].offset = before
			continue
		}
		out[i].offset, out[i].deleted = before, false
		if row, there := at[lines[i].Row+before]; there && !taken[row] {
			out[i].row = row
		}
	}
}
