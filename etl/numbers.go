package etl

import (
	"hdsreport/etl/message"
	"hdsreport/etl/number"
)

// unreadNumbers are the cells of one column that are no numbers. A column may have
// thousands, all for one reason: a spreadsheet rounded them.
type unreadNumbers struct {
	n     int
	text  string // of the first
	place Place
}

// besideNumbers are the words of one column that stand beside its numbers. They are in no
// number, so they are said: once for each column, since a register's name may stand on
// each row.
type besideNumbers struct {
	n     int
	words []string // each once
	known map[string]bool
	place Place // of the first
}

func (b *besideNumbers) add(words string) {
	if b.known[words] {
		return
	}
	if b.known == nil {
		b.known = map[string]bool{}
	}
	b.known[words] = true
	b.words = append(b.words, words)
}

// mostBeside is how many of them are listed.
const mostBeside = 40

// number reads a cell of a column of numbers.
func (r *reader) number(rec *Row, row TableRow, d *Definition) {
	col := r.cols.col(d.Key)
	if col < 0 {
		return
	}
	cell := oneLineWhole(row.Cell(col))
	if cell == "" {
		return
	}
	if r.numbers == nil {
		r.numbers, r.unread = map[Field]memo[number.Reading]{}, map[Field]*unreadNumbers{}
	}
	known := r.numbers[d.Key]
	if known == nil {
		known = memo[number.Reading]{}
		r.numbers[d.Key] = known
	}
	read := known.of(cell, func(s string) number.Reading { return number.Read(number.Column(d.Key), s) })
	if read.Text == "" {
		return // one of the ways to say that there is none
	}
	rec.Numbers = append(rec.Numbers, RowNumbers{Field: d.Key, Text: read.Text, Numbers: read.Numbers})
	switch {
	case read.Problem == number.Unreadable:
		if r.unread[d.Key] == nil {
			r.unread[d.Key] = &unreadNumbers{text: cell, place: r.table.At(row, col)}
		}
		r.unread[d.Key].n++
	case read.Problem == number.Invalid:
		r.report(Find(Warning, CodeNumberInvalid, r.table.At(row, col), "text", oneLine(cell), "field", d.Heading))
	case read.Converted:
		r.report(Find(Info, CodeNumberConverted, r.table.At(row, col), "text", oneLine(cell), "field", d.Heading,
			"numbers", read.Numbers))
	case read.Beside != "":
		b := r.beside[d.Key]
		if b == nil {
			b = &besideNumbers{place: r.table.At(row, col)}
			if r.beside == nil {
				r.beside = map[Field]*besideNumbers{}
			}
			r.beside[d.Key] = b
		}
		b.n++
		b.add(oneLine(read.Beside))
	}
}

// numbersUnread reports the cells that are no numbers, once for each column.
func (r *reader) numbersUnread() {
	for _, f := range sorted(r.unread) {
		u := r.unread[f]
		r.report(Find(Warning, CodeNumberUnreadable, u.place, "n", u.n, "text", oneLine(u.text),
			"field", r.fields.Find(f).Heading))
	}
	for _, f := range sorted(r.beside) {
		b := r.beside[f]
		r.report(Find(Info, CodeNumberConverted, b.place, "n", b.n, "words", message.List{Items: b.words, Most: mostBeside},
			"field", r.fields.Find(f).Heading).Said("words"))
	}
}

// numberColumns returns the fields of KindNumber that the table has.
func (r *reader) numberColumns() []Field {
	var out []Field
	for _, d := range r.fields {
		if d.Kind == KindNumber && r.cols.col(d.Key) >= 0 {
			out = append(out, d.Key)
		}
	}
	return out
}
