package etl

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"

	"hdsreport/etl/cores"
	"hdsreport/etl/message"
	"hdsreport/etl/number"
)

// reader converts the cells of one table to the rows of one listing, and collects
// findings.
type reader struct {
	ref        *Reference
	list       Listing
	fields     Fields
	edition    Date
	table      *Table
	cols       columns
	activities *activityReader
	ticks      map[int]int // column to activity
	ticking    []tickColumn
	stating    []statingColumn
	disputed   []int       // numbered columns that are ambiguous without a declared numbering
	unseen     ActivitySet // activities without a column, if others have one
	bodies     map[string]string
	findings   []Finding
	undeclared bool     // reported once for each file
	heads      []string // the header's cells, folded

	// Caches by text: a column of a long list has few different values.
	dates     memo[dateCell]
	dated     map[Field]dateColumn
	headers   *Headers
	usual     int      // cells with a text in most rows
	under     under    // the title of a section that the row is in
	head      bool     // the line is a header, of this list or of another
	headNext  bool     // the next one is
	remarks   []string // lines that are no rows
	totals    []int    // what they say of the number of rows
	totalRow  TableRow
	types     memo[typeCell]
	bodyNames memo[string]
	ticked    memo[tickCell]
	numbers   map[Field]memo[number.Reading]
	unread    map[Field]*unreadNumbers
	beside    map[Field]*besideNumbers
	standings *Standings
	stated    standingSource
}

// memo caches results by text.
type memo[T any] map[string]T

// mostTexts bounds a memo. A column with more different texts does not benefit from it.
const mostTexts = 10_000

// of returns the cached result for a text, or computes it with make.
func (m memo[T]) of(text string, make func(string) T) T {
	v, known := m[text]
	if !known {
		if v = make(text); len(m) < mostTexts {
			m[text] = v
		}
	}
	return v
}

// readList reads a whole listing. It reports rows without a name, repeated headers and
// rows that are only a remark, and keeps every other row.
func readList(ref *Reference, edition Date, list Listing, src Source) (List, []Finding) {
	out := List{Source: src}
	if src.Table == nil {
		out.Missing = true
		if end, ended := ref.EndedBy(list, edition); ended {
			out.Ended = end
		}
		return out, nil
	}
	own := NewHeaders(ref, list)
	r := &reader{ref: ref, list: list, fields: own.fields, edition: edition, table: src.Table,
		activities: newActivityReader(ref, src.Numbering), bodies: map[string]string{},
		dates: memo[dateCell]{}, types: memo[typeCell]{}, bodyNames: memo[string]{}, ticked: memo[tickCell]{},
		standings: NewStandings(ref)}
	for _, b := range ref.Bodies {
		r.bodies[fold(b.Written)] = b.Canonical
	}
	r.cols, r.findings = own.find(src.Table, src.Columns)
	if end, ended := ref.EndedBy(list, edition); ended && r.empty() {
		f := Find(Info, CodeListingEnded, Place{File: src.Table.File}, "list", list, "date", end,
			"key", list.String()).Said("empty")
		return List{Missing: true, Ended: end}, []Finding{f}
	}
	if end, _ := ref.EndedBy(list, edition); !end.IsZero() && edition.Compare(end) > 0 {
		r.report(Find(Warning, CodeListingEnded, Place{File: src.Table.File}, "list", list, "date", end,
			"key", list.String()))
	}
	r.ownReport()
	if r.cols.header < 0 || r.cols.col(FieldName) < 0 {
		out.Missing = true // the count is unknown, not 0
		return out, r.findings
	}
	r.otherList(own)
	for _, h := range src.Table.Rows[r.cols.header].Cells {
		r.heads = append(r.heads, fold(h))
	}
	for _, i := range r.cols.extra {
		out.Columns = append(out.Columns, oneLine(r.cols.names[i]))
	}
	out.shown = shownColumns(ref, out.Columns)
	out.numbered = r.numberColumns()
	var fs []Finding
	r.ticks, r.disputed, r.unseen, fs = r.cols.activityColumns(ref, src.Numbering, src.Table)
	r.findings = append(r.findings, fs...)
	out.unstated = r.unstated()
	out.read = reading{r.cols, r.ticks, r.disputed}
	for _, d := range r.fields {
		if d.Need == Optional && r.cols.col(d.Key) >= 0 {
			out.state(d.Key)
		}
	}
	for _, col := range slices.Sorted(maps.Keys(r.ticks)) {
		r.ticking = append(r.ticking, tickColumn{col: col, activity: r.ticks[col]})
	}
	r.standingsOf()
	r.cols.unheaded(src.Table, r.report)
	rows := src.Table.Rows[r.cols.header+1:]
	r.headers, r.usual = own, usual(rows)
	r.activities.shares = slices.ContainsFunc(rows, func(row TableRow) bool {
		_, all := r.activities.share(row.Cell(r.cols.col(FieldActivities)))
		return all
	})
	var room []Row
	var blanks []Finding
	// A long list's rows are cleared when they are made: 50 ms of 300,000 rows.
	cores.Together(func() { r.dated = r.dateColumns(rows) }, func() { room = make([]Row, len(rows)) },
		func() { blanks = r.blanksRead(rows) })
	r.findings = append(r.findings, blanks...)
	out.Rows = r.readRows(room, rows)
	r.numbersUnread()
	r.standingFindings()
	r.columnsInDoubt(&out)
	r.foreignRows(out.Rows)
	if slices.ContainsFunc(out.Rows, func(row Row) bool { return row.Standing != nil }) {
		out.state(FieldStanding)
	}
	r.ended(&out)
	r.sharedWords(&out)
	if len(out.Rows) == 0 {
		r.report(Find(Error, CodeListingEmpty, Place{File: src.Table.File, Sheet: src.Table.Sheet}, "list", list))
	}
	return out, r.findings
}

// otherList reports headings that match at least two more fields of the other list. The
// file is in the wrong place, or both files are the same.
func (r *reader) otherList(headers *Headers) {
	other := Listings[0]
	if other == r.list {
		other = Listings[1]
	}
	header := r.table.Rows[r.cols.header]
	own, its := headers.Recognise(header.Cells), NewHeaders(r.ref, other).Recognise(header.Cells)
	if its >= own+2 {
		r.report(Find(Error, CodeListingOther, r.table.At(header, -1), "other", other, "its", its, "own", own,
			"list", r.list))
	}
}

// ownReport reports the headings of a sheet or an open data file that this program has
// written. What editors changed there is no source, and would look like one.
func (r *reader) ownReport() {
	written := []string{"nom source", "statut positionnement", "valeur non lue"} // of the open data
	for _, key := range []Field{FieldSourceName, "status", "unread"} {
		d := r.fields.Find(key)
		written = append(written, fold(d.Heading.French), fold(d.Heading.English))
	}
	for _, row := range r.table.Rows[:min(withinHeader, len(r.table.Rows))] {
		var seen []string
		for _, text := range row.Cells {
			if slices.Contains(written, fold(text)) {
				seen = append(seen, oneLine(text))
			}
		}
		if len(seen) >= 2 {
			r.report(Find(Error, CodeListingOwn, r.table.At(row, -1), "headings", message.List{Items: seen, Most: 5}))
			return
		}
	}
}

// empty reports whether the table says nothing but its header: that is how some publish
// a list that has ended. A line of text is no reason to ask, and a row is.
func (r *reader) empty() bool {
	if r.cols.header < 0 {
		return len(r.table.Rows) == 0
	}
	alone := onlyCell(r.table.Rows[r.cols.header].Cells) // a list of names
	return !slices.ContainsFunc(r.table.Rows[r.cols.header+1:], func(row TableRow) bool {
		texts, _ := filled(row)
		return len(texts) > 1 || alone && len(texts) == 1
	})
}

func (r *reader) report(f Finding) { r.findings = append(r.findings, f) }

func (r *reader) at(row TableRow, f Field) Place { return r.table.At(row, r.cols.col(f)) }

// row reads a line of the table and reports whether it is a row of the list.
func (r *reader) row(rec *Row, row TableRow) bool {
	header := r.table.Rows[r.cols.header]
	if r.skip(row) {
		return false
	}
	row, byMark := r.unmark(row)
	row, beside, inNumber := r.besideCells(row)
	if n := len(row.Cells); n > len(header.Cells) && strings.Join(row.Cells[len(header.Cells):], "") != "" {
		r.report(Find(Warning, CodeRowTooLong, r.table.At(row, len(header.Cells)), "n", n, "header", len(header.Cells),
			"text", oneLine(strings.Join(row.Cells[len(header.Cells):], " | "))))
	}
	r.tooLong(row)
	rec.Line, rec.Name = int32(row.Number), oneLineWhole(row.Cell(r.cols.col(FieldName)))
	r.severalNames(row)
	r.nameMark(rec, row)
	if r.under.title != "" {
		r.under.rows++
	}
	if r.usual >= 3 && row.oneText() {
		r.report(Find(Warning, CodeNameAlone, r.at(row, FieldName), "name", oneLine(rec.Name)))
	}
	r.standing(rec, row, byMark, beside, inNumber)
	for _, d := range r.fields {
		r.value(d, rec, row)
	}
	rec.derive(r.ref, r.list)
	r.typeAgainstActivities(rec, row)
	r.datesAgainstEachOther(rec, row)
	for _, i := range r.cols.extra {
		rec.Extra = append(rec.Extra, row.Cell(i))
	}
	return true
}

// value reads one field of a row.
func (r *reader) value(d *Definition, rec *Row, row TableRow) {
	switch d.Kind {
	case KindText:
		switch cell := row.Cell(r.cols.col(d.Key)); {
		case ditto(cell) && d.text != nil:
			rec.raw(d.Key, cell)
			r.report(Find(Warning, CodeCellDitto, r.at(row, d.Key), "text", oneLine(cell)))
		case d.read != nil:
			*d.text(rec) = d.read(r, row)
		case d.text != nil: // extra columns are kept in Extra
			*d.text(rec) = r.text(rec, row, d)
		}
	case KindDate:
		*d.date(rec) = r.date(rec, row, d.Key)
	case KindNumber:
		r.number(rec, row, d)
	case KindTypes:
		rec.Types = r.certificateTypes(rec, row)
	case KindActivities:
		rec.Activities = r.activity(rec, row)
	}
}

// text reads a field of a row that is a text. An error instead of a value and a number
// that has lost its digits are kept in Raw.
func (r *reader) text(rec *Row, row TableRow, d *Definition) string {
	cell := row.Cell(r.cols.col(d.Key))
	text := d.clean(cell)
	switch {
	case text == "":
	case errorValue(text):
		rec.raw(d.Key, text)
		if !r.workbook() { // else the reader of the file said it
			r.report(Find(Warning, CodeCellError, r.at(row, d.Key), "text", oneLine(text)))
		}
		return ""
	case !d.Verbatim:
	case absent(text):
		return ""
	case digitsLost(text):
		rec.raw(d.Key, text)
		r.report(Find(Warning, CodeDigitsLost, r.at(row, d.Key), "text", oneLine(text)))
		return ""
	default:
		if strings.Contains(strings.TrimSpace(cell), "\n") || d.Key == FieldNumber && severalNumbers(text) {
			r.report(Find(Warning, CodeSeveralValues, r.at(row, d.Key), "text", oneLine(text)))
		} else if d.Key == FieldNumber && !strings.ContainsAny(text, "0123456789") {
			r.report(Find(Info, CodeNumberNone, r.at(row, d.Key), "text", oneLine(text)))
		}
		if mark := noteAtEnd(text); mark != "" && mark != text {
			r.report(Find(Warning, CodeNoteMark, r.at(row, d.Key), "text", mark))
			return strings.TrimRight(strings.TrimSuffix(text, mark), " ")
		}
	}
	return text
}

// severalNumbers reports whether a text holds two numbers with a sign between them, as
// "HDS-1 / HDS-2" does.
func severalNumbers(text string) bool {
	for _, between := range []string{" / ", ", ", "; ", " et ", " and ", " + ", " & "} {
		if a, b, ok := strings.Cut(text, between); ok && strings.ContainsAny(a, "0123456789") && strings.ContainsAny(b, "0123456789") {
			return true
		}
	}
	return false
}

// digitsLost reports whether a text is a number of which a spreadsheet has dropped digits:
// one with an exponent, or one with zeros from the 16th digit on. Spreadsheets keep 15.
func digitsLost(text string) bool {
	if n := len(text); n >= 15 && digits(text) {
		return n > 15 && strings.Trim(text[15:], "0") == "" || strings.HasSuffix(text, "000")
	}
	return text != "" && len(text) < 30 && isDigit(text[0]) && exponent().MatchString(text)
}

// Damaged reports whether a text is what a spreadsheet or an encoding has made of a value
// of a field: an error, a number that was shortened, a sign for what could not be shown.
func Damaged(d *Definition, text string) bool {
	return errorValue(text) || strings.ContainsRune(text, '\ufffd') || d.Verbatim && digitsLost(text)
}

var exponent = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$`) })

// severalNames reports a cell that may hold the names of two organisations: on lines of
// their own, or with a sign between them.
func (r *reader) severalNames(row TableRow) {
	cell := strings.TrimSpace(row.Cell(r.cols.col(FieldName)))
	for _, between := range []string{"\n", ";", " / ", " + "} {
		if a, b, ok := strings.Cut(cell, between); ok && r.nameLike(a) && r.nameLike(b) {
			r.report(Find(Warning, CodeSeveralValues, r.at(row, FieldName), "one", oneLine(a), "other", oneLine(b)).Said("names"))
			return
		}
	}
}

// nameMark takes the mark of a note off a name. A number in round brackets may belong to
// the name, and is only reported.
func (r *reader) nameMark(rec *Row, row TableRow) {
	mark := noteAtEnd(rec.Name)
	switch {
	case strings.Trim(mark, " *") == "": // stars are read as a standing, or kept
	case strings.Contains(mark, "("):
		r.report(Find(Warning, CodeNoteMark, r.at(row, FieldName), "text", mark).Said("kept"))
	default:
		rec.Name = strings.TrimRight(strings.TrimSuffix(rec.Name, mark), " ")
		r.report(Find(Warning, CodeNoteMark, r.at(row, FieldName), "text", mark))
	}
}

// nameLike reports whether a text may be a name by itself. A legal form is none.
func (r *reader) nameLike(s string) bool {
	words := fold(s)
	return len(strings.Trim(words, " 0123456789")) >= 2 && !slices.Contains(r.ref.Forms, strings.ReplaceAll(words, " ", ""))
}

// shownColumns returns the index of each configured extra column among a source's
// columns, or -1.
func shownColumns(ref *Reference, columns []string) []int {
	out := make([]int, len(ref.Shown))
	for i, heading := range ref.Shown {
		out[i] = slices.IndexFunc(columns, func(c string) bool { return sameHeading(c, heading) })
	}
	return out
}

// unstated returns the fields of the list that the source has no column for.
func (r *reader) unstated() []Field {
	var out []Field
	activities := len(r.ticks)+len(r.disputed) > 0 || r.cols.col(FieldActivities) >= 0
	for _, d := range r.fields {
		stated := true
		switch d.Kind {
		case KindText, KindDate, KindTypes:
			stated = d.Extra() || r.cols.col(d.Key) >= 0
		case KindActivity:
			stated = activities && (r.cols.col(FieldActivities) >= 0 || !r.unseen.Has(d.Activity))
		}
		if !stated {
			out = append(out, d.Key)
		}
	}
	return out
}

// unseenColumns reports configured extra columns that no list of an edition has. It
// reports nothing if lists are given one by one.
func unseenColumns(ref *Reference, ed *Edition) []Finding {
	var fs []Finding
	for k, heading := range ref.Shown {
		if ed.List[Approved].shows(k) || ed.List[Certified].shows(k) {
			continue
		}
		f := Find(Warning, CodeExtraAbsent, Place{File: "report.extra_columns"}, "heading", heading)
		for _, l := range Listings {
			h := NewHeaders(ref, l)
			if named := h.named(heading); len(named) == 1 && f.Variant == "" {
				f.Args = append(f.Args, message.Arg{Name: "field", Value: h.says(named[0])})
				f = f.Said("known")
			}
		}
		fs = append(fs, f)
	}
	return fs
}

// shows reports whether the list has the column k of Reference.Shown.
func (l *List) shows(k int) bool { return k < len(l.shown) && l.shown[k] >= 0 }

// maxText is the maximum length of a cell's text, in UTF-16 units; it is Excel's limit.
const maxText = 32_767

// tooLong reports cells that are too long for a sheet.
func (r *reader) tooLong(row TableRow) {
	for i, c := range row.Cells {
		if len(c) <= maxText {
			continue
		}
		if units := len(utf16.Encode([]rune(c))); units > maxText {
			r.report(Find(Error, CodeTextTooLong, r.table.At(row, i), "n", units, "most", maxText,
				"text", oneLine(c[:maxText])))
		}
	}
}

// sameWords reports whether a row of cells repeats the folded header, except for case,
// accents and empty cells at its end.
func sameWords(cells, heads []string) bool {
	for i := range max(len(cells), len(heads)) {
		var cell, head string
		if i < len(cells) {
			cell = cells[i]
		}
		if i < len(heads) {
			head = heads[i]
		}
		if !foldsTo(cell, head) {
			return false
		}
	}
	return true
}

// unnamed reports a row that has cells but no name, with its text, so that nothing is
// lost without notice.
func (r *reader) unnamed(row TableRow) {
	var said []string
	for _, c := range row.Cells {
		if c = oneLine(c); c != "" && (len(said) == 0 || said[len(said)-1] != c) {
			said = append(said, c)
		}
	}
	if len(said) == 0 {
		return
	}
	f := Find(Warning, CodeRowUnnamed, r.at(row, FieldName), "text", strings.Join(said, " | "))
	if len(said) == 1 { // a remark below the table
		f.Variant = "remark"
		r.remarks = append(r.remarks, said[0])
		if !r.standings.text(said[0]).out { // not "en rouge : certificats suspendus"
			f.Severity = Info
		}
	}
	r.report(f)
}

// oneLineWhole replaces line breaks and repeated spaces, without shortening the text.
func oneLineWhole(s string) string {
	if !strings.ContainsAny(s, "\n\t\r") && !strings.Contains(s, "  ") {
		return strings.TrimSpace(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// raw keeps a text that could not be read, under its field.
func (rec *Row) raw(f Field, text string) {
	if rec.Raw == nil {
		rec.Raw = map[Field]string{}
	}
	rec.Raw[f] = text
}
