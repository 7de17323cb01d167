package etl

import (
	"maps"

	"hdsreport/etl/cores"
)

// A long list is read by several readers, each a part of the rows. Row by row they share
// nothing but what was known before the first one. This is true of nearly every list: only a
// title between rows, another header, or a body that nobody knows says something about the
// rows below it. A reader of a part cannot know what the parts before it say. So the parts are
// put together only if none says anything to the next one, and otherwise the list is read
// again as a whole. What is returned and reported is the same either way.
//
// Of 100,000 rows, reading on one core took 18 % of all processor time, while the other core
// waited.

// readRows reads the rows of the list.
func (r *reader) readRows(out []Row, rows []TableRow) []Row {
	if len(rows) > cores.Few && r.atTop() {
		parts := cores.Collect(len(rows), func(from, to int) partRead {
			f := r.fork()
			return partRead{f, out[from : from+f.readPart(out[from:to], rows, from)]}
		})
		if r.join(parts) {
			n := 0
			for _, p := range parts {
				n += copy(out[n:], p.rows)
			}
			return out[:n]
		}
	}
	return out[:r.readPart(out, rows, 0)]
}

// partRead is a part that was read: its reader, and its rows.
type partRead struct {
	*reader
	rows []Row
}

// readPart reads the rows from number from on into out, as many as there is room for, and
// returns how many of them are rows of the list.
func (r *reader) readPart(out []Row, rows []TableRow, from int) int {
	header := func(i int) bool {
		return i < len(rows) && (sameWords(rows[i].Cells, r.heads) || r.otherHeader(rows[i]))
	}
	n := 0
	r.headNext = header(from)
	for i := range out {
		r.head, r.headNext = r.headNext, header(from+i+1)
		if out[n] = (Row{}); r.row(&out[n], rows[from+i]) {
			n++
		}
	}
	return n
}

// atTop reports whether nothing that was read so far says something about the next row.
func (r *reader) atTop() bool {
	return r.under.title == "" && !r.under.other && r.stated.section == nil && len(r.stated.sections) == 0 &&
		len(r.stated.foreigns) == 0
}

// fork returns a reader that knows what r knows, and reports on its own.
func (r *reader) fork() *reader {
	f := *r
	f.findings, f.remarks, f.totals, f.numbers, f.unread = nil, nil, nil, nil, nil
	f.bodies, f.bodyNames = maps.Clone(r.bodies), memo[string]{}
	f.dates, f.types, f.ticked = maps.Clone(r.dates), memo[typeCell]{}, memo[tickCell]{}
	f.standings, f.headers = NewStandings(r.ref), r.headers.fork()
	f.stated.read, f.stated.unknown, f.stated.order = [standingWays][]Evidence{}, map[string]*unknownStanding{}, nil
	return &f
}

// join takes what the readers of all parts have found. It returns false, and takes nothing,
// if a part would have been read differently after those before it.
func (r *reader) join(parts []partRead) bool {
	for i, p := range parts {
		// What is reported once for each file must have been met in the first part only.
		if again := i > 0 && (p.undeclared || len(p.bodies) > len(r.bodies)); again || i < len(parts)-1 && !p.atTop() {
			return false
		}
	}
	for _, p := range parts {
		r.findings = append(r.findings, p.findings...)
		r.remarks = append(r.remarks, p.remarks...)
		if len(p.totals) > 0 {
			r.totals, r.totalRow = append(r.totals, p.totals...), p.totalRow
		}
		r.joinUnread(p.unread)
		r.joinBeside(p.beside)
		r.stated.join(&p.stated)
		r.under = p.under
	}
	return true
}

// joinUnread adds what a part counted of numbers that cannot be read.
func (r *reader) joinUnread(part map[Field]*unreadNumbers) {
	for f, u := range part {
		if r.unread == nil {
			r.unread = map[Field]*unreadNumbers{}
		}
		if first := r.unread[f]; first != nil {
			first.n += u.n
		} else {
			r.unread[f] = u
		}
	}
}

// joinBeside adds what a part counted of words beside numbers.
func (r *reader) joinBeside(part map[Field]*besideNumbers) {
	for f, b := range part {
		if r.beside == nil {
			r.beside = map[Field]*besideNumbers{}
		}
		first := r.beside[f]
		if first == nil {
			r.beside[f] = b
			continue
		}
		first.n += b.n
		for _, words := range b.words {
			first.add(words)
		}
	}
}

// join adds what a part says of the standing of its rows.
func (s *standingSource) join(part *standingSource) {
	for way := range part.read {
		s.read[way] = append(s.read[way], part.read[way]...)
	}
	for _, word := range part.order {
		if first := s.unknown[word]; first != nil {
			first.rows = append(first.rows, part.unknown[word].rows...)
			continue
		}
		s.unknown[word], s.order = part.unknown[word], append(s.order, word)
	}
	s.sections = append(s.sections, part.sections...)
	s.foreigns = append(s.foreigns, part.foreigns...)
}
