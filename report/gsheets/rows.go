package gsheets

import (
	"slices"
	"strings"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl"
	"hdsreport/report"
	"hdsreport/report/published"
)

// rowKind says what a row below a table's header is.
type rowKind uint8

const (
	rowBlank    rowKind = iota // holds nothing
	rowKept                    // one of the book's
	rowDeparted                // one that was published and is no longer in the book
	rowTyped                   // something of somebody's in our columns
	rowTheirs                  // something of somebody's beside our columns only
)

// standing is one row of the grid below a table's header.
type standing struct {
	at   int
	kind rowKind
	id   string
	book int // the book's row of data; -1 for none
	// others reports whether somebody's own columns hold something in the row.
	others bool
}

// emptyID identifies the row that says that a list is empty, which has no identifier.
const emptyID = "\x00"

// rowIDs are the identifiers of a table's rows of data.
func rowIDs(t *report.Table) []string {
	c := t.Column("id")
	out := make([]string, t.Len)
	for row := range out {
		if out[row] = c.At(row).Text; out[row] == "" {
			out[row] = emptyID
		}
	}
	return out
}

// standings classifies the rows below a table's header. was is the table as it was
// published, or nil if that is not known; any identifier then counts as published.
func (t *tab) standings(table *report.Table, was *published.Table) []standing {
	inBook := map[string]int{}
	for row, id := range rowIDs(table) {
		inBook[id] = row
	}
	known := map[string]bool{}
	if was != nil {
		for _, r := range was.Rows {
			known[r.ID] = true
		}
	}
	ours := t.ours()
	idColumn, identified := t.columns["id"]
	seen := map[string]bool{}
	var out []standing
	for row := t.header + 1; row < t.rows; row++ {
		s := standing{at: row, book: -1}
		blank := true
		if row < len(t.cells) {
			for col := range t.cells[row] {
				switch {
				case !ours[col]:
					s.others = s.others || t.holds(row, col)
				case t.content(row, col) != content{}:
					blank = false
				}
			}
		}
		if identified {
			s.id = t.content(row, idColumn).text
		}
		if s.id == "" && !blank && t.memo.Empty != "" && t.rowMark(row) == t.memo.Empty {
			s.id = emptyID
		}
		at, kept := inBook[s.id]
		switch {
		case blank && s.others:
			s.kind = rowTheirs
		case blank:
		case kept && !seen[s.id]:
			s.kind, s.book = rowKept, at
		case s.id != "" && !seen[s.id] && !kept && (was == nil || known[s.id] || s.id == emptyID):
			s.kind = rowDeparted
		default:
			s.kind = rowTyped
		}
		seen[s.id] = true
		out = append(out, s)
	}
	follow(out, table, was, inBook, seen)
	return out
}

// tells are the columns whose text tells the rows of an actor apart, by Table.ID.
var tells = map[string]string{report.ApprovedTable: string(etl.FieldService),
	report.CertifiedTable: string(etl.FieldNumber)}

// follow takes a row that has another identifier in the book, because its text is written
// otherwise there, for the row that it is: what people wrote beside it stays beside it.
func follow(all []standing, table *report.Table, was *published.Table, inBook map[string]int, seen map[string]bool) {
	gone := slices.ContainsFunc(all, func(s standing) bool { return s.kind == rowDeparted && s.id != emptyID })
	if was == nil || !gone {
		return
	}
	var before, now []etl.Told
	for id, r := range publishedRows(was) {
		before = append(before, etl.Told{ID: id, Text: r[tells[table.ID]].Text})
	}
	for i := range table.Columns {
		if c := &table.Columns[i]; c.ID == tells[table.ID] {
			for row, id := range rowIDs(table) {
				now = append(now, etl.Told{ID: id, Text: c.At(row).Text})
			}
		}
	}
	followed := etl.Followed(before, now)
	for i := range all {
		if to := followed[all[i].id]; to != "" && all[i].kind == rowDeparted && !seen[to] {
			all[i].kind, all[i].book = rowKept, inBook[to]
		}
	}
}

// rowMark is the mark of what a row holds in our columns.
func (t *tab) rowMark(row int) string {
	var cols []int
	for _, c := range t.columns {
		cols = append(cols, c)
	}
	slices.Sort(cols)
	var keys []string
	for _, c := range cols {
		if k := t.content(row, c).key(); k != "" {
			keys = append(keys, k)
		}
	}
	return digest(strings.Join(keys, "\x00"))
}

// reordered makes the requests that bring the rows below a header into the book's order: the n rows
// of data, then those that other people wrote. grown is by how many rows the grid grows.
//
// As many rows as possible stay where they are, a longest subsequence that is in order already.
// The others are moved, and new ones inserted. Rows are deleted last, as Google refuses to delete
// the last row of a tab.
func reordered(sheet int64, first int, all []standing, n int) (reqs []*sheets.Request, grown int) {
	last := lastOfList(all) // what stands below it stays
	const gone, inserted = -1, -2
	cur := make([]int, 0, n) // places in the target order, from the row first on
	there := make([]bool, n) // by row of the book
	target := n
	for _, s := range all[:last+1] {
		switch {
		case s.kind == rowKept:
			cur = append(cur, s.book)
			there[s.book] = true
		case s.others && s.kind != rowDeparted:
			cur = append(cur, target)
			target++
		default:
			cur = append(cur, gone)
		}
	}
	steady := longestRise(cur)
	p := 0 // the index in cur that the next place takes
	for place := 0; place < target; place++ {
		if place < n && !there[place] {
			count := 1
			for place+count < n && !there[place+count] {
				count++
			}
			reqs = append(reqs, insertRows(sheet, first+p, count, p > 0))
			cur = slices.Insert(cur, p, slices.Repeat([]int{inserted}, count)...)
			p += count
			place += count - 1
			grown += count
			continue
		}
		if steady[place] {
			for cur[p] != place {
				p++
			}
			p++
			continue
		}
		from := slices.Index(cur, place)
		reqs = append(reqs, moveRow(sheet, first+from, first+p))
		cur = slices.Delete(cur, from, from+1)
		if from < p {
			p--
		}
		cur = slices.Insert(cur, p, place)
		p++
	}
	for end := len(cur); end > 0; {
		if cur[end-1] != gone {
			end--
			continue
		}
		start := end - 1
		for start > 0 && cur[start-1] == gone {
			start--
		}
		reqs = append(reqs, deleteRows(sheet, first+start, first+end))
		grown -= end - start
		end = start
	}
	return reqs, grown
}

// lastOfList is the last of the rows that belong to a list, or were typed as if they did;
// -1 where there is none.
func lastOfList(all []standing) int {
	last := -1
	for i, s := range all {
		if s.kind == rowKept || s.kind == rowDeparted || s.kind == rowTyped {
			last = i
		}
	}
	return last
}

// longestRise finds the places that form a longest increasing subsequence, without the negative
// ones. It keeps the smallest last element of a subsequence of each length, and takes n log n steps.
func longestRise(places []int) map[int]bool {
	var ends []int // by length: the index in places that ends the best subsequence
	before := make([]int, len(places))
	for i, p := range places {
		if p < 0 {
			continue
		}
		k, _ := slices.BinarySearchFunc(ends, p, func(e, p int) int { return places[e] - p })
		before[i] = -1
		if k > 0 {
			before[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		} else {
			ends[k] = i
		}
	}
	out := map[int]bool{}
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			out[places[i]] = true
		}
	}
	return out
}
