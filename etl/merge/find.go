package merge

import (
	"maps"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/pattern"
)

// How many rows or cells make an accident of it: a person who corrects does not hit this
// many cells of one column with values of its other cells.
const slips = 5

// Find tells what an editor changed in a file, against what was published.
func Find(ref *etl.Reference, was [2]*List, file *File, words Words) *Changes {
	f := &finder{cells: etl.NewCells(ref), words: words, out: &Changes{}}
	known, all := 0, 0
	for _, l := range etl.Listings {
		if file.Lists[l] == nil {
			if was[l] != nil {
				f.note(Note{Kind: NoteSheetMissing, Name: l.String()})
			}
			continue
		}
		if was[l] == nil {
			continue
		}
		f.listing, f.fields, f.was, f.sheet = l, ref.Fields(l), was[l], file.Lists[l]
		k, n := f.list()
		known, all = known+k, all+n
	}
	switch {
	case all == 0:
		f.out.Whole = WhyNoIdentifiers
	case 2*known < all:
		f.out.Whole = WhyAnotherWorkspace
	case f.contradict >= slips || f.slipped:
		f.out.Whole = WhySlipped
	}
	return f.out
}

type finder struct {
	cells *etl.Cells
	words Words
	out   *Changes

	listing    etl.Listing
	fields     etl.Fields
	was        *List
	sheet      *Sheet
	at         map[etl.Field]int // in the sheet's columns
	contradict int               // rows
	slipped    bool
}

func (f *finder) note(n Note) { f.out.Notes = append(f.out.Notes, n) }

func (f *finder) place(row, col int) Place {
	return Place{Sheet: f.sheet.Name, Order: f.sheet.Order, Row: row, Col: col}
}

// list compares one list. It returns how many rows have an identifier, and how many of
// these were published.
func (f *finder) list() (known, all int) {
	f.columns()
	id, identified := f.at[etl.FieldID]
	if !identified {
		f.out.refuse(WhyNoIdentifiers, Item{List: f.listing, At: f.place(0, 0)})
		return 0, 0
	}
	f.headings()
	rows := map[string][]Row{}
	var order []string
	for _, r := range f.sheet.Rows {
		text := strings.TrimSpace(r.cell(id).Text)
		if text == "" {
			f.unidentified(r)
			continue
		}
		all++
		if !f.was.Has(text) {
			f.out.refuse(WhyAddedRow, Item{List: f.listing, Row: text, Found: r.first(), Name: r.first(),
				At: f.place(r.At, 0)})
			continue
		}
		known++
		if rows[text] == nil {
			order = append(order, text)
		}
		rows[text] = append(rows[text], r)
	}
	sources := f.others()
	var clean []typed
	for _, id := range order {
		if r, ok := f.oneOf(id, rows[id]); ok && !f.contradicts(id, r, sources) {
			clean = append(clean, typed{id, r})
		}
	}
	for _, id := range f.was.IDs {
		if rows[id] == nil {
			f.note(Note{Kind: NoteRowDeleted, ID: id, Name: f.was.Text(id, etl.FieldName)})
		}
	}
	f.shuffled(clean)
	for _, t := range clean {
		for i, c := range f.sheet.Columns {
			if d := f.fields.Find(c.Field); d != nil && f.at[c.Field] == i && f.was.Column(c.Field) {
				f.cell(t, d, t.row.cell(i), f.place(t.row.At, c.At))
			}
		}
	}
	return known, all
}

// typed is a row of the file with its identifier.
type typed struct {
	id  string
	row Row
}

func (r Row) cell(i int) Cell {
	if i < 0 || i >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[i]
}

func (r Row) first() string {
	for _, c := range r.Cells {
		if s := strings.TrimSpace(c.Text); s != "" {
			return s
		}
	}
	return ""
}

// unidentified is a row without an identifier. One that has something in a column of the
// program was added to the list; anything else is somebody's own.
func (f *finder) unidentified(r Row) {
	for i, c := range f.sheet.Columns {
		if text := strings.TrimSpace(r.cell(i).Text); text != "" && c.Field != "" {
			f.out.refuse(WhyAddedRow, Item{List: f.listing, Found: r.first(), Name: r.first(), At: f.place(r.At, c.At)})
			return
		}
	}
}

// columns finds the columns of the sheet by their headings, and those whose heading is
// gone by what they hold.
func (f *finder) columns() {
	f.at = map[etl.Field]int{}
	for i, c := range f.sheet.Columns {
		if c.Field == "" {
			continue
		}
		if _, twice := f.at[c.Field]; twice {
			f.out.refuse(WhyHeading, Item{List: f.listing, Field: c.Field, Found: c.Heading, At: f.place(0, c.At)})
			continue
		}
		f.at[c.Field] = i
	}
	if _, identified := f.at[etl.FieldID]; !identified {
		f.adopt(etl.FieldID, func(r Row, i int) bool { return f.was.Has(strings.TrimSpace(r.cell(i).Text)) })
	}
	id, identified := f.at[etl.FieldID]
	if !identified {
		return
	}
	for _, field := range f.was.Fields {
		if _, there := f.at[field]; there {
			continue
		}
		if d := f.fields.Find(field); d != nil && (d.Typed() == etl.TypedValue || d.Typed() == etl.TypedStatus) {
			f.adopt(field, func(r Row, i int) bool {
				row := strings.TrimSpace(r.cell(id).Text)
				return f.was.Has(row) && f.cells.Same(d, f.was.Text(row, field), r.cell(i).Text)
			})
		}
	}
}

// adopt takes a column with an unknown heading for that of a field if it holds what is the
// field's in at least four of five rows, and not only in blank ones.
func (f *finder) adopt(field etl.Field, holds func(r Row, i int) bool) {
	for i, c := range f.sheet.Columns {
		if c.Field != "" {
			continue
		}
		n, same, blank := 0, 0, 0
		for _, r := range f.sheet.Rows {
			if n++; holds(r, i) {
				if same++; strings.TrimSpace(r.cell(i).Text) == "" {
					blank++
				}
			}
		}
		if 5*same >= 4*n && same > blank {
			f.sheet.Columns[i].Field = field
			f.at[field] = i
			f.note(Note{Kind: NoteColumnRenamed, ID: string(field), Name: c.Heading, At: f.place(0, c.At)})
			return
		}
	}
}

// headings tells of columns that are not there, and of those that are somebody's own.
func (f *finder) headings() {
	stands := map[int]bool{} // unknown columns that stand where one of ours stood
	for n, field := range f.was.Fields {
		d := f.fields.Find(field)
		if _, there := f.at[field]; there || d == nil || d.Typed() != etl.TypedValue {
			continue
		}
		if i, there := f.inPlaceOf(n); there {
			stands[i] = true
			c := f.sheet.Columns[i]
			f.out.refuse(WhyHeading, Item{List: f.listing, Field: field, Found: c.Heading, At: f.place(0, c.At), d: d})
			continue
		}
		f.note(Note{Kind: NoteColumnMissing, ID: string(field), Name: d.Heading.French, At: f.place(0, 0)})
	}
	for i, c := range f.sheet.Columns {
		switch {
		case c.Field == "" && !stands[i] && slices.ContainsFunc(f.sheet.Rows, func(r Row) bool {
			return strings.TrimSpace(r.cell(i).Text) != ""
		}):
			f.note(Note{Kind: NoteOwnColumn, Name: c.Heading, At: f.place(0, c.At)})
		case c.Field != "" && !f.was.Column(c.Field):
			f.note(Note{Kind: NoteColumnNew, ID: string(c.Field), Name: c.Heading, At: f.place(0, c.At)})
		}
	}
}

// inPlaceOf finds a column with an unknown heading where the n-th column published stood,
// as far from a neighbour as it was then.
func (f *finder) inPlaceOf(n int) (int, bool) {
	beside := func(step int) (int, bool) {
		for k := n + step; k >= 0 && k < len(f.was.Fields); k += step {
			if i, there := f.at[f.was.Fields[k]]; there {
				i += n - k
				return i, i >= 0 && i < len(f.sheet.Columns) && f.sheet.Columns[i].Field == ""
			}
		}
		return 0, false
	}
	if i, ok := beside(-1); ok {
		return i, true
	}
	return beside(1)
}

// oneOf returns the row of an identifier; ok is false if there are several that differ.
func (f *finder) oneOf(id string, rows []Row) (Row, bool) {
	for _, r := range rows[1:] {
		for i, c := range f.sheet.Columns {
			if c.Field == "" || f.at[c.Field] != i {
				continue
			}
			a, b := rows[0].cell(i), r.cell(i)
			if a != b && !(a.Formula && b.Formula) && !f.cells.Same(f.fields.Find(c.Field), a.Text, b.Text) {
				f.out.refuse(WhyDuplicate, Item{List: f.listing, Row: id, ID: id, Name: f.was.Text(id, etl.FieldName),
					Found: b.Text, Field: c.Field, At: f.place(r.At, c.At)})
				return Row{}, false
			}
		}
	}
	if len(rows) > 1 {
		f.note(Note{Kind: NoteRowTwice, ID: id, Name: f.was.Text(id, etl.FieldName), At: f.place(rows[1].At, 0)})
	}
	return rows[0], true
}

// witnesses are the columns that tell whose row it is, besides the identifier.
var witnesses = []etl.Field{etl.FieldSourceName, etl.FieldActor}

// others returns which actors have a value in the columns that tell whose row it is.
func (f *finder) others() map[etl.Field]map[string]map[string]bool {
	out := map[etl.Field]map[string]map[string]bool{}
	for _, field := range witnesses {
		out[field] = map[string]map[string]bool{}
		for _, id := range f.was.IDs {
			text := etl.OneSpace(f.was.Text(id, field))
			if out[field][text] == nil {
				out[field][text] = map[string]bool{}
			}
			out[field][text][etl.ActorOf(id)] = true
		}
	}
	return out
}

// contradicts reports whether the rest of a row is another actor's.
func (f *finder) contradicts(id string, r Row, of map[etl.Field]map[string]map[string]bool) bool {
	for _, field := range witnesses {
		i, there := f.at[field]
		if !there {
			continue
		}
		text := etl.OneSpace(r.cell(i).Text)
		if owners := of[field][text]; text != "" && len(owners) > 0 && !owners[etl.ActorOf(id)] {
			f.contradict++
			f.out.refuse(WhyContradicts, Item{List: f.listing, Row: id, ID: id, Name: f.was.Text(id, etl.FieldName),
				Field: field, Found: text, At: f.place(r.At, f.sheet.Columns[i].At)})
			return true
		}
	}
	return false
}

// shuffled finds a column that was sorted by itself: its values are those that it had, at
// other rows.
func (f *finder) shuffled(rows []typed) {
	for field, i := range f.at {
		d := f.fields.Find(field)
		if d == nil || d.Typed() != etl.TypedValue {
			continue
		}
		moved, count := 0, map[any]int{}
		for _, t := range rows {
			was, is := f.was.Text(t.id, field), t.row.cell(i).Text
			if was == is {
				continue
			}
			v, _ := f.cells.Read(d, was)
			w, _ := f.cells.Read(d, is)
			if v != w {
				moved++
				count[v]++
				count[w]--
			}
		}
		maps.DeleteFunc(count, func(_ any, n int) bool { return n == 0 })
		f.slipped = f.slipped || moved >= slips && len(count) == 0
	}
}

// cell finds what was typed into one cell.
func (f *finder) cell(t typed, d *etl.Definition, c Cell, at Place) {
	was := f.was.Text(t.id, d.Key)
	if !c.Formula && (c.Text == was || f.cells.Same(d, was, c.Text)) {
		return
	}
	published, _ := f.cells.Read(d, was)
	it := Item{List: f.listing, Row: t.id, ID: t.id, Field: d.Key, Name: f.was.Text(t.id, etl.FieldName), At: at,
		Found: c.Text, Published: stored(published), d: d}
	if d.OfActor() {
		it.ID = etl.ActorOf(t.id)
	}
	switch d.Typed() {
	case etl.TypedComputed:
		if !c.Formula {
			it.Editor = c.Text
			f.out.Edits = append(f.out.Edits, it)
		}
	case etl.TypedStatus:
		switch {
		case c.Formula:
			f.out.refuse(WhyFormula, it)
		case said(f.words.Proposed, was) && said(f.words.Confirmed, c.Text):
			it.Confirms, it.Field = true, etl.FieldPosition
			it.d = f.fields.Find(etl.FieldPosition)
			it.value, _ = f.cells.Read(it.d, f.was.Text(t.id, etl.FieldPosition))
			it.Published, it.Editor = stored(it.value), stored(it.value)
			f.out.Edits = append(f.out.Edits, it)
		default:
			f.note(Note{Kind: NoteStatus, ID: t.id, Name: it.Name, At: at})
		}
	case etl.TypedValue:
		if c.Formula {
			f.out.refuse(WhyFormula, it)
			return
		}
		read, why := Value(f.cells, d, c.Text)
		if why != "" {
			f.out.refuse(why, it)
			return
		}
		it.value, it.Editor, it.undo = read.value, read.stored, read.undo
		if read.undo || read.value != published {
			f.out.Edits = append(f.out.Edits, it)
		}
	default:
		if etl.OneSpace(c.Text) != etl.OneSpace(was) {
			f.out.refuse(WhyTechnical, it)
		}
	}
}

// reading is a text as a value of a field.
type reading struct {
	value  compare.Value
	stored string
	undo   bool
}

// Value reads what was typed into a cell as a value to record. why is the reason if it is
// none.
func Value(cells *etl.Cells, d *etl.Definition, text string) (r reading, why string) {
	text = etl.OneSpace(text)
	word := strings.ToLower(text)
	switch {
	case text == "":
		return r, WhyEmptied
	case word == etl.FromSource:
		return reading{undo: true, stored: etl.FromSource}, ""
	case slices.Contains(etl.Blanks, word):
		if d.OfActor() {
			return r, WhyUnreadable
		}
		if d.Kind == etl.KindActivity {
			return reading{value: etl.TickUnknown, stored: etl.UnknownActivity}, ""
		}
		return reading{}, ""
	}
	if etl.Damaged(d, text) {
		return r, WhyUnreadable
	}
	v, ok := cells.Read(d, text)
	switch date, isDate := v.(etl.Date); {
	case strings.ContainsRune("=+-@", rune(text[0])) && !(ok && d.Kind == etl.KindActivity):
		return r, WhyFormulaLike
	case isDate && date.Year < 1990, !ok && d.Kind == etl.KindDate && dateLike().MatchString(text):
		return r, WhyDateRange
	case !ok:
		return r, WhyUnreadable
	}
	return reading{value: v, stored: stored(v)}, ""
}

// dateLike is a whole date, also of a year that no list can mean.
var dateLike = pattern.Of(`^(\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{4})$`)

// Distance is how many cells of a file that an editor may change say something else than
// what was published. A row or column that was not published differs in all of its cells.
func Distance(ref *etl.Reference, was [2]*List, file *File) int {
	cells := etl.NewCells(ref)
	n := 0
	for _, l := range etl.Listings {
		s := file.Lists[l]
		if s == nil {
			continue
		}
		id := slices.IndexFunc(s.Columns, func(c Column) bool { return c.Field == etl.FieldID })
		fields := ref.Fields(l)
		for i, c := range s.Columns {
			d := fields.Find(c.Field)
			if d == nil || d.Typed() != etl.TypedValue {
				continue
			}
			for _, r := range s.Rows {
				row := strings.TrimSpace(r.cell(id).Text)
				was, is := was[l].Text(row, c.Field), r.cell(i).Text
				if was != is && !cells.Same(d, was, is) {
					n++
				}
			}
		}
	}
	return n
}
