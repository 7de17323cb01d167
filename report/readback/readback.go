// Package readback reads what hdsreport has made: a workbook, also one that an editor
// has changed since, and a publication that was kept. Both become the rows by
// identifier that a comparison takes.
package readback

import (
	"cmp"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/merge"
	"hdsreport/etl/message"
	"hdsreport/etl/source"
	"hdsreport/report"
	"hdsreport/report/published"
)

// ErrNotOurs is the error of a workbook without a sheet that hdsreport could have
// written: it has no column of identifiers. It may be a source list.
var ErrNotOurs = message.Fail(nil, "readback-not-ours")

// Reader knows the sheets in every language that they are written in.
type Reader struct {
	ref     *etl.Reference
	cells   *etl.Cells
	stands  *etl.Standings
	fields  [2]etl.Fields
	columns [2]map[string]*etl.Definition // by list: of a heading
	asof    []string                      // what the line of the date begins with
	ended   []string                      // what the row of a list that has ended begins with
	none    map[string]bool               // what the one row of a list says that has no rows,
	missing map[string]bool               // or that is missing
	sheets  [2][]string                   // what the sheet of a list is called
	words   merge.Words
	spoken  map[string]string // what columns that follow from others say, in the first language
}

// New prepares for the labels of some languages, of which the first is the reader's.
func New(ref *etl.Reference, languages ...report.Labels) *Reader {
	r := &Reader{ref: ref, cells: etl.NewCells(ref), stands: etl.NewStandings(ref), none: map[string]bool{},
		missing: map[string]bool{}, spoken: map[string]string{}}
	for _, l := range etl.Listings {
		r.fields[l], r.columns[l] = ref.Fields(l), map[string]*etl.Definition{}
	}
	for _, labels := range languages {
		for _, l := range etl.Listings {
			for _, d := range r.fields[l] {
				if d.Shown() {
					r.columns[l][plain(d.Heading.In(labels.Language))] = d
				}
			}
		}
		for key, texts := range map[string]*[]string{"asof": &r.asof, "ended.row": &r.ended} {
			before, _, _ := strings.Cut(labels.Get(key), "{")
			*texts = append(*texts, plain(before))
		}
		r.sheets[etl.Approved] = append(r.sheets[etl.Approved], labels.Get("sheet."+report.ApprovedTable))
		r.sheets[etl.Certified] = append(r.sheets[etl.Certified], labels.Get("sheet."+report.CertifiedTable))
		for _, key := range []string{"status.none", "status.rule", "status.registry", "status.correction", "unknown", "nd"} {
			r.spoken[plain(labels.Get(key))] = languages[0].Get(key)
		}
		r.words.Proposed = append(r.words.Proposed, labels.Get("status.rule"))
		r.words.Confirmed = append(r.words.Confirmed, labels.Get("status.registry"), labels.Get("yes"))
		r.none[plain(labels.Get("names.none"))] = true
		r.missing[plain(labels.Get("nd"))] = true
	}
	r.words.Confirmed = append(r.words.Confirmed, "ok", "x", "o", "y", "✓", "confirme", "vrai", "true")
	return r
}

// plain takes what typing may change out of a text: case, doubled and no-break
// spaces, the form of apostrophes.
func plain(s string) string {
	s = strings.NewReplacer("’", "'", "\u202f", " ", "\u00a0", " ").Replace(s)
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// recognise counts the columns of a list that a row of cells could be the headings of.
func (r *Reader) recognise(l etl.Listing, cells []string) int {
	seen := map[etl.Field]bool{}
	for _, c := range cells {
		if len(c) < 200 {
			if d := r.columns[l][plain(c)]; d != nil {
				seen[d.Key] = true
			}
		}
	}
	if !seen[etl.FieldID] {
		return 0
	}
	return len(seen)
}

// recogniseOnly is recognise for cells that are not rather the headings of the other list.
func (r *Reader) recogniseOnly(l etl.Listing, cells []string) int {
	n := r.recognise(l, cells)
	if n <= r.recognise(1-l, cells) {
		return 0
	}
	return n
}

// Workbook reads both lists of a workbook. Its tabs may have other names and another
// order, its rows any order; formulas count with the value that they had when it was
// saved. A sheet that is not there, a column that is not ours and a warning about the
// file are notes.
func (r *Reader) Workbook(path, display string, maxBytes int64) (*compare.Side, error) {
	side := &compare.Side{Name: display}
	ours := false
	var sheets []string        // of the lists
	shown := map[string]bool{} // addresses in their cells
	for _, l := range etl.Listings {
		t, found, err := source.ReadFile(path, display,
			source.Options{MaxBytes: maxBytes, Recognise: func(cells []string) int { return r.recogniseOnly(l, cells) }})
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(t.Rows, func(row etl.TableRow) bool {
			return r.recogniseOnly(l, row.Cells) > 0
		})
		if at < 0 {
			side.Notes = append(side.Notes, message.New("readback-no-sheet", "side", display, "list", l))
			continue
		}
		ours = true
		sheets = append(sheets, t.Sheet)
		for _, f := range found {
			if f.Severity > etl.Info {
				side.Notes = append(side.Notes, message.New("readback-finding", "finding", f))
			}
		}
		side.Day = r.day(t.Rows[:at], side.Day)
		rows := make([][]string, 0, len(t.Rows)-at-1)
		for _, row := range t.Rows[at+1:] {
			rows = append(rows, row.Cells)
			for _, c := range row.Cells {
				if strings.HasPrefix(c, "http") {
					shown[strings.TrimSuffix(c, "/")] = true
				}
			}
		}
		headings := t.Rows[at].Cells
		r.list(side, l, headings, r.byHeading(l, headings), rows)
	}
	if !ours {
		return nil, ErrNotOurs
	}
	ids, links, err := source.Marks(path, display, source.Options{MaxBytes: maxBytes})
	if err != nil {
		return side, nil // its sheets could be read
	}
	if i := slices.IndexFunc(ids, isGeneration().MatchString); i >= 0 {
		side.Generation = ids[i]
	}
	side.Links = []string{}
	for _, sheet := range sheets {
		for _, link := range links[sheet] {
			// One whose cell shows the address is compared as text.
			if link = strings.TrimSuffix(link, "/"); !shown[link] && !slices.Contains(side.Links, link) {
				side.Links = append(side.Links, link)
			}
		}
	}
	return side, nil
}

// day is the date that stands above the table, if it can be read.
func (r *Reader) day(above []etl.TableRow, known string) string {
	for _, row := range above {
		for _, c := range row.Cells {
			if day := r.dayAfter(r.asof, c); day != "" {
				return day
			}
		}
	}
	return known
}

// Publication takes a publication that was kept.
func (r *Reader) Publication(p *published.Publication, display string) *compare.Side {
	side := &compare.Side{Name: display, Day: p.Day, Generation: p.Generation}
	for _, l := range etl.Listings {
		t := p.Table([2]string{etl.Approved: report.ApprovedTable, etl.Certified: report.CertifiedTable}[l])
		switch {
		case t == nil:
			continue
		case t.Ended != "":
			side.Ended[l] = t.Ended
			continue
		case len(t.Rows) == 0:
			r.lacks(side, l)
			continue
		}
		headings := make([]string, len(t.Columns))
		fields := make([]*etl.Definition, len(t.Columns))
		for i, c := range t.Columns {
			headings[i], fields[i] = c.Header, r.fields[l].Find(etl.Field(c.ID))
		}
		rows := make([][]string, len(t.Rows))
		for i, row := range t.Rows {
			cells := make([]string, len(row.Values))
			for k, v := range row.Values {
				cells[k] = v.String()
			}
			rows[i] = cells
		}
		r.list(side, l, headings, fields, rows)
	}
	return side
}

// Extra begins the name of a field that stands for a column which is not ours.
const Extra = "column:"

// byHeading finds the fields of headings; nil is a column that is not ours.
func (r *Reader) byHeading(l etl.Listing, headings []string) []*etl.Definition {
	out := make([]*etl.Definition, len(headings))
	for i, h := range headings {
		out[i] = r.columns[l][plain(h)]
	}
	return out
}

// list adds a table's rows to a side. The fields are those of the headings.
func (r *Reader) list(side *compare.Side, l etl.Listing, headings []string, fields []*etl.Definition, rows [][]string) {
	out := &compare.List{}
	at := map[string]int{}
	var columns, implied []int // of each field
	bare := map[int]bool{}     // without a heading
	for i, h := range headings {
		if h = strings.Join(strings.Fields(h), " "); h == "" {
			bare[i] = true
			continue
		}
		id := Extra + h
		if fields[i] != nil {
			id = string(fields[i].Key)
		}
		if _, twice := at[id]; twice {
			side.Notes = append(side.Notes, message.New("readback-twice", "side", side.Name, "column", h, "list", l))
			continue
		}
		at[id] = i
		if fields[i] == nil || fields[i].Compared() {
			out.Fields = append(out.Fields, id)
			columns = append(columns, i)
		} else if fields[i].Derived() {
			out.Implied = append(out.Implied, id)
			implied = append(implied, i)
		}
	}
	for _, d := range r.fields[l] {
		own := slices.ContainsFunc(headings, func(h string) bool { // by report.extra_columns
			return plain(h) == plain(d.Heading.French) || plain(h) == plain(d.Heading.English)
		})
		if d.Compared() && !d.Shown() && !own {
			out.Unseen = append(out.Unseen, string(d.Key))
		}
	}
	r.bare(side, l, headings, bare, rows)
	cell := func(row []string, id string) string {
		i, ok := at[id]
		if !ok || i >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	for _, cells := range rows {
		first := slices.IndexFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
		if first < 0 {
			continue
		}
		row := compare.Row{ID: cell(cells, "id"), Name: cell(cells, "name"), Source: cell(cells, "source_name"),
			Values: make([]compare.Value, len(columns)), Implied: make([]compare.Value, len(implied))}
		for i, c := range columns {
			row.Values[i] = r.value(fields[c], cell(cells, out.Fields[i]))
		}
		for i, c := range implied {
			said := cell(cells, out.Implied[i])
			row.Implied[i] = r.value(fields[c], cmp.Or(r.spoken[plain(said)], said))
		}
		row.Source, _ = r.stands.Name(row.Source)
		row.Out = r.stands.Of(cell(cells, string(etl.FieldStanding))).Leaves()
		if d, ok := etl.ParseDate(cell(cells, "effective")); ok && d.Full() {
			row.Ends = d.String()
		} else if d, ok := etl.ParseDate(cell(cells, "until")); ok && d.Full() && l == etl.Certified {
			row.Ends = d.String()
		}
		if row.ID != "" {
			row.Actor = etl.ActorOf(row.ID)
			out.Rows = append(out.Rows, row)
			continue
		}
		only := strings.TrimSpace(strings.Join(cells[first+1:], "")) == ""
		if only && r.none[plain(row.Name)] {
			continue
		} else if only && r.missing[plain(row.Name)] {
			r.lacks(side, l)
			return
		}
		if day := r.endedOn(row.Name); only && day != "" {
			side.Ended[l] = day
			return
		}
		if row.Name == "" {
			row.Name = cells[first]
		}
		out.ByHand = append(out.ByHand, row)
	}
	side.Lists[l] = out
}

// bare notes the columns without a heading in which somebody has typed something.
func (r *Reader) bare(side *compare.Side, l etl.Listing, headings []string, columns map[int]bool, rows [][]string) {
	n := 0
	for _, row := range rows {
		for i, c := range row {
			if (i >= len(headings) || columns[i]) && strings.TrimSpace(c) != "" {
				n++
			}
		}
	}
	if n > 0 {
		side.Notes = append(side.Notes, message.New("readback-bare", "side", side.Name, "n", n, "list", l))
	}
}

// lacks notes that a side does not have a list.
func (r *Reader) lacks(side *compare.Side, l etl.Listing) {
	side.Notes = append(side.Notes, message.New("readback-missing", "list", l, "side", side.Name))
}

// endedOn returns the day on which a list had ended, from the one row of its table; it is
// empty if the row does not say so.
func (r *Reader) endedOn(said string) string { return r.dayAfter(r.ended, said) }

// dayAfter returns the day that follows one of some texts, in ISO 8601.
func (r *Reader) dayAfter(texts []string, said string) string {
	for _, before := range texts {
		rest, ok := strings.CutPrefix(plain(said), before)
		rest, _, _ = strings.Cut(rest, "(")
		if d, dated := etl.ParseDate(strings.TrimSpace(rest)); ok && dated && d.Full() {
			return d.String()
		}
	}
	return ""
}

// value reads a cell as a comparison has it; what cannot be read is compared as it was
// typed.
func (r *Reader) value(d *etl.Definition, cell string) compare.Value {
	if d != nil && d.Kind == etl.KindStanding {
		return r.stands.Of(cell).Value()
	}
	v, _ := r.cells.Read(d, cell)
	return v
}
