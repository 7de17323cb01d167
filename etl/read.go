package etl

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// reader turns the cells of one table into the rows of one listing, and says
// what it noticed.
type reader struct {
	ref        *Reference
	list       Listing
	edition    Date
	table      *Table
	cols       columns
	activities *activityReader
	ticks      map[int]int // column to activity
	disputed   []int       // columns of numbers that no declaration tells apart
	unseen     ActivitySet // activities without a column, where others have one
	bodies     map[string]string
	findings   []Finding
	undeclared bool     // reported once a file
	heads      []string // the header's cells, folded

	// What was made of a text before: a column of a long list says few things.
	dates     memo[dateCell]
	types     memo[typeCell]
	bodyNames memo[string]
	ticked    memo[tickCell]
}

// memo is what was made of texts that recur.
type memo[T any] map[string]T

// mostTexts bounds a memo: a column with more different texts gains nothing by one.
const mostTexts = 10_000

// of is what was made of a text, or what make makes of it now.
func (m memo[T]) of(text string, make func(string) T) T {
	v, known := m[text]
	if !known {
		if v = make(text); len(m) < mostTexts {
			m[text] = v
		}
	}
	return v
}

// readList reads a listing whole. Rows without a name, repeated headers and rows
// that are only a remark are reported; every other row is kept.
func readList(ref *Reference, edition Date, list Listing, src Source) (List, []Finding) {
	out := List{Source: src}
	if src.Table == nil {
		out.Missing = true
		return out, nil
	}
	r := &reader{ref: ref, list: list, edition: edition, table: src.Table,
		activities: newActivityReader(ref, src.Numbering), bodies: map[string]string{},
		dates: memo[dateCell]{}, types: memo[typeCell]{}, bodyNames: memo[string]{}, ticked: memo[tickCell]{}}
	for _, b := range ref.Bodies {
		r.bodies[fold(b.Written)] = b.Canonical
	}
	own := NewHeaders(ref, list)
	r.cols, r.findings = own.find(src.Table)
	if r.cols.header < 0 || r.cols.col(FieldName) < 0 {
		out.Missing = true // its count would be a lie: it is not known
		return out, r.findings
	}
	r.otherList(own)
	for _, h := range src.Table.Rows[r.cols.header].Cells {
		r.heads = append(r.heads, fold(h))
	}
	for _, i := range r.cols.extra {
		out.Columns = append(out.Columns, oneLine(r.cols.names[i]))
	}
	var fs []Finding
	r.ticks, r.disputed, r.unseen, fs = r.cols.activityColumns(ref, src.Numbering, src.Table)
	r.findings = append(r.findings, fs...)
	rows := src.Table.Rows[r.cols.header+1:]
	out.Rows = make([]Row, 0, len(rows))
	for _, row := range rows {
		if rec, keep := r.row(row); keep {
			out.Rows = append(out.Rows, rec)
		}
	}
	if len(out.Rows) == 0 {
		r.report(Error, CodeListingEmpty, Place{File: src.Table.File, Sheet: src.Table.Sheet},
			fmt.Sprintf("the %s list has a header and no row", list), "check that the file is whole")
	}
	return out, r.findings
}

// otherList reports headings that fit the other list better, by two at least: its
// file stands in the place of this one, or both are the same.
func (r *reader) otherList(headers *Headers) {
	other := Listings[0]
	if other == r.list {
		other = Listings[1]
	}
	header := r.table.Rows[r.cols.header]
	own, its := headers.Recognise(header.Cells), NewHeaders(r.ref, other).Recognise(header.Cells)
	if its >= own+2 {
		r.report(Error, CodeListingOther, r.table.At(header, -1),
			fmt.Sprintf("the headings are those of the %s list (%d of them known there, %d in the %s list)", other, its, own, r.list), "check that the two files are not exchanged")
	}
}

func (r *reader) report(s Severity, code string, at Place, message, do string) {
	r.findings = append(r.findings, Finding{Severity: s, Code: code, Place: at, Message: message, Do: do})
}

func (r *reader) at(row TableRow, f Field) Place { return r.table.At(row, r.cols.col(f)) }

func (r *reader) row(row TableRow) (Row, bool) {
	header := r.table.Rows[r.cols.header]
	if sameWords(row.Cells, r.heads) {
		r.report(Info, CodeHeaderRepeated, r.table.At(row, -1), "the header again; skipped", "")
		return Row{}, false
	}
	if n := len(row.Cells); n > len(header.Cells) && strings.Join(row.Cells[len(header.Cells):], "") != "" {
		r.report(Warning, CodeRowTooLong, r.table.At(row, len(header.Cells)),
			fmt.Sprintf("the row has %d cells and the header %d; %q stands under no heading and is not read", n, len(header.Cells), oneLine(strings.Join(row.Cells[len(header.Cells):], " | "))),
			"look for a separator inside a value, or add a heading")
	}
	r.tooLong(row)
	rec := Row{Line: int32(row.Number), Name: oneLineWhole(row.Cell(r.cols.col(FieldName)))}
	if rec.Name == "" {
		r.unnamed(row)
		return Row{}, false
	}
	if r.isRemark(row) {
		return Row{}, false
	}
	rec.From = r.date(&rec, row, FieldFrom)
	rec.Until = r.date(&rec, row, FieldUntil)
	rec.Effective = rec.Until
	if r.list == Approved {
		rec.Service = strings.TrimSpace(row.Cell(r.cols.col(FieldService)))
		rec.Effective = r.ref.effectiveEnd(rec.Until)
	} else {
		rec.Types = r.certificateTypes(&rec, row)
		rec.Activities = r.activity(&rec, row)
		rec.Body = r.body(row)
		rec.Number = oneLineWhole(row.Cell(r.cols.col(FieldNumber)))
		r.typeAgainstActivities(&rec, row)
	}
	r.datesAgainstEachOther(&rec, row)
	for _, i := range r.cols.extra {
		rec.Extra = append(rec.Extra, row.Cell(i))
	}
	return rec, true
}

// maxText is what a cell of a sheet takes, in UTF-16 units: Excel's own limit.
const maxText = 32_767

// tooLong reports cells that no sheet can hold.
func (r *reader) tooLong(row TableRow) {
	for i, c := range row.Cells {
		if len(c) > maxText && len(utf16.Encode([]rune(c))) > maxText {
			r.report(Error, CodeTextTooLong, r.table.At(row, i), fmt.Sprintf("the cell holds %d characters and a cell of the sheet takes %d: %q", utf8.RuneCountInString(c), maxText, oneLine(c[:maxText])),
				"shorten it in the file, after a look for a quote that is never closed")
		}
	}
}

// sameWords tells that a row of cells says what the folded header does: the same but
// for case, accents and empty cells at its end.
func sameWords(cells, heads []string) bool {
	for i := range max(len(cells), len(heads)) {
		var cell, head string
		if i < len(cells) {
			cell = cells[i]
		}
		if i < len(heads) {
			head = heads[i]
		}
		if fold(cell) != head {
			return false
		}
	}
	return true
}

// unnamed reports a row with cells and no name, with its text, so that nothing
// is lost in silence.
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
	sev, do := Warning, "give the row a name, or remove it from the file"
	if len(said) == 1 {
		sev, do = Info, "" // a remark under the table
	}
	r.report(sev, CodeRowUnnamed, r.at(row, FieldName), fmt.Sprintf("a row without a name is not read: %q", strings.Join(said, " | ")), do)
}

// isRemark tells a line of text under or between the rows ("Source : …", "Mise à
// jour du 17 juin") from a row: a single sentence in the first column, or the
// same text across a merged line, where rows have more.
func (r *reader) isRemark(row TableRow) bool {
	if len(r.cols.of) < 2 {
		return false
	}
	text, cells := "", 0
	for _, c := range row.Cells {
		if c == "" || c == text {
			continue
		}
		text = c
		if cells++; cells > 1 {
			return false
		}
	}
	if cells != 1 {
		return false
	}
	merged := len(row.Cells) > 1 && !slices.Contains(row.Cells, "")
	words := len(strings.Fields(text))
	f := fold(text)
	// A name alone may be a row whose other values nobody stated. What reads like
	// a sentence is not a name.
	sentence := words > 12 || strings.HasSuffix(text, ".") && words > 6 || strings.HasSuffix(text, ":")
	for _, w := range []string{"source ", "sources ", "note ", "notes ", "nb ", "total ", "mise a jour", "page ", "copyright ", "document "} {
		sentence = sentence || strings.HasPrefix(f+" ", w) && (words > 1 || merged)
	}
	if !sentence && !merged {
		return false
	}
	r.report(Warning, CodeRowUnnamed, r.table.At(row, -1), fmt.Sprintf("a line of text is not read as a row: %q", oneLine(text)), "nothing, if it is a remark; if it is an organisation, give its row a second value")
	return true
}

// oneLineWhole tidies spaces and line breaks without shortening.
func oneLineWhole(s string) string {
	if !strings.ContainsAny(s, "\n\t\r") && !strings.Contains(s, "  ") {
		return strings.TrimSpace(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// raw keeps a text that could not be read beside its row.
func (rec *Row) raw(f Field, text string) {
	if rec.Raw == nil {
		rec.Raw = map[Field]string{}
	}
	rec.Raw[f] = text
}
