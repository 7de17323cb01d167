package etl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl/message"
)

// Headers recognises the columns of one listing. It is not safe for concurrent use.
type Headers struct {
	list   Listing
	fields Fields
	exact  map[string]Field
	open   []openAlias
	seen   map[string][]Field
}

type openAlias struct {
	phrase string // folded; more words may follow it
	field  Field
}

// NewHeaders returns the headers of a listing.
func NewHeaders(ref *Reference, list Listing) *Headers {
	h := &Headers{list: list, fields: ref.Fields(list), exact: make(map[string]Field, len(ref.Headers)),
		seen: map[string][]Field{}}
	for _, a := range ref.Headers {
		if a.List != "both" && a.List != list.String() {
			continue
		}
		f := Field(a.Field)
		if !strings.HasPrefix(a.Field, activityNumberPrefix) && !strings.HasPrefix(a.Field, standingPrefix) &&
			h.fields.Find(f) == nil {
			continue // an alias for the other list
		}
		words := fold(a.Alias)
		if strings.Contains(a.Alias, "*") {
			h.open = append(h.open, openAlias{words, f})
		} else {
			h.exact[words] = f
		}
	}
	return h
}

// Recognise returns the number of different fields in a row if it is read as a header.
// Readers use it to choose among the tables of a file.
func (h *Headers) Recognise(cells []string) int {
	var seen [16]Field
	found := seen[:0]
	for _, c := range cells {
		if len(c) > 400 {
			continue
		}
		if fs := h.named(c); len(fs) == 1 && !strings.HasPrefix(string(fs[0]), standingPrefix) && !slices.Contains(found, fs[0]) {
			found = append(found, fs[0])
		}
	}
	return len(found)
}

// named returns the fields that a header may stand for: none, one, or several if it is
// ambiguous.
func (h *Headers) named(header string) []Field {
	fs, known := h.seen[header]
	if !known {
		fs = h.read(header)
		if len(h.seen) < mostSeen {
			h.seen[header] = fs
		}
	}
	return fs
}

// mostSeen bounds the cache of headers. A reader that looks for the header tries the
// same few rows many times.
const mostSeen = 4096

func (h *Headers) read(header string) []Field {
	words := fold(header)
	if words == "" {
		return nil
	}
	if f, ok := h.exact[words]; ok {
		return []Field{f}
	}
	// In "3. Infrastructure virtuelle" and "Date de fin (1)" the number is a numbering
	// or a footnote, not part of the heading.
	if f, ok := h.exact[bare(words)]; ok {
		return []Field{f}
	}
	// A longer phrase wins over one that it contains. Two phrases side by side are two
	// fields.
	var fs []Field
	rest := words
	for rest != "" {
		best := openAlias{}
		for _, a := range h.open {
			if len(a.phrase) > len(best.phrase) && hasPhrase(rest, a.phrase, true) {
				best = a
			}
		}
		if best.phrase == "" {
			break
		}
		if !slices.Contains(fs, best.field) {
			fs = append(fs, best.field)
		}
		rest = strings.Replace(rest, best.phrase, "|", 1)
	}
	if len(fs) > 0 {
		return fs
	}
	// A header that combines two known ones ("Date de début et date de fin").
	lower := strings.ToLower(header)
	for _, sep := range []string{" et ", " ou ", "/", "+", "&", ";", "\n", " - ", " – "} {
		if a, b, ok := strings.Cut(lower, sep); ok {
			fa, okA := h.exact[fold(a)]
			fb, okB := h.exact[fold(b)]
			if okA && okB && fa != fb && !h.isNumber(fa) && !h.isNumber(fb) {
				return []Field{fa, fb}
			}
		}
	}
	return nil
}

// bare returns a folded heading without numbers at its ends.
func bare(words string) string { return strings.Trim(words, "0123456789 ") }

// sameHeading reports whether two headings are equal except for case, accents,
// punctuation and footnote numbers.
func sameHeading(a, b string) bool {
	x, y := fold(a), fold(b)
	return x == y && x != "" || bare(x) == bare(y) && bare(x) != ""
}

// columns maps fields to columns of a table.
type columns struct {
	header int // index of the header in Table.Rows
	of     map[Field]int
	extra  []int // columns that stand for no field, in order
	names  []string
	// standing are columns that may state a standing beside the column for it. They are
	// extra ones as well.
	standing map[int]string
}

func (c *columns) col(f Field) int {
	if i, ok := c.of[f]; ok {
		return i
	}
	return -1
}

// find finds the header: the row with the most fields among the first rows, and the
// first of several such rows. A header needs two fields, or only the name in a table
// with a single column.
func (h *Headers) find(t *Table) (columns, []Finding) {
	const within = 60 // more lines than anybody puts above a header
	best, score := -1, 0
	for i, row := range t.Rows[:min(within, len(t.Rows))] {
		if n := h.Recognise(row.Cells); n > score && (n >= 2 || onlyCell(row.Cells)) {
			best, score = i, n
		}
	}
	if best < 0 {
		return columns{header: -1}, []Finding{Find(Error, CodeHeaderMissing, Place{File: t.File, Sheet: t.Sheet},
			"n", min(within, len(t.Rows)), "list", h.list)}
	}
	c, fs := h.assign(t, best)
	return c, append(fs, h.above(t, best)...)
}

// above reports lines above the header that have as many cells as rows. A single one
// may be the first line of a two-line header. Several are rows under an unknown
// heading, above a header that is repeated further down; they would be lost without
// notice.
func (h *Headers) above(t *Table, at int) []Finding {
	filled := func(cells []string) (n int) {
		for i, c := range cells {
			if c != "" && (i == 0 || c != cells[i-1]) { // a merged line counts as one cell
				n++
			}
		}
		return n
	}
	usual := max(2, (2*filled(t.Rows[at].Cells)+2)/3) // a legend above the list has fewer cells
	first, rows := -1, 0
	for i, row := range t.Rows[:at] {
		if filled(row.Cells) < usual {
			continue
		}
		if rows++; first < 0 {
			first = i
		}
	}
	if rows < 2 {
		return nil
	}
	return []Finding{Find(Error, CodeHeaderBelow, t.At(t.Rows[first], -1), "rows", rows,
		"line", fmt.Sprint(t.Rows[at].Number))}
}

func onlyCell(cells []string) bool {
	n := 0
	for _, c := range cells {
		if c != "" {
			n++
		}
	}
	return n == 1
}

func (h *Headers) assign(t *Table, at int) (columns, []Finding) {
	row := t.Rows[at]
	c := columns{header: at, of: map[Field]int{}, standing: map[int]string{}, names: slices.Clone(row.Cells)}
	var fs []Finding
	for i, text := range row.Cells {
		fields := h.named(text)
		switch {
		case text == "":
			continue
		case len(fields) == 0:
			c.extra = append(c.extra, i)
			fs = append(fs, h.extra(t, row, i)...)
		case len(fields) == 1 && strings.HasPrefix(string(fields[0]), standingPrefix):
			c.extra = append(c.extra, i)
			c.standing[i] = string(fields[0])
			if fields[0] == standingAside {
				fs = append(fs, h.extra(t, row, i)...)
			}
		case len(fields) > 1:
			c.extra = append(c.extra, i)
			fs = append(fs, Find(Error, CodeHeaderAmbiguous, t.At(row, i), "heading", oneLine(text),
				"one", h.says(fields[0]), "other", h.says(fields[1])))
		case h.isNumber(fields[0]):
			// The column stays among the extra ones as well, where report.extra_columns
			// may name it, and where it tells exact twins apart as it always has.
			c.extra = append(c.extra, i)
			if first, twice := c.of[fields[0]]; twice {
				fs = append(fs, Find(Info, CodeHeaderDuplicate, t.At(row, i), "heading", oneLine(text),
					"field", h.says(fields[0]), "first", oneLine(row.Cell(first)), "column", first+1))
				continue
			}
			c.of[fields[0]] = i
		default:
			if first, twice := c.of[fields[0]]; twice {
				c.extra = append(c.extra, i)
				if fields[0] == FieldStanding { // "Statut" and "Situation": what does not count in either does not
					c.standing[i] = string(standingAside)
					continue
				}
				fs = append(fs, Find(Error, CodeHeaderDuplicate, t.At(row, i), "heading", oneLine(text),
					"field", h.says(fields[0]), "first", oneLine(row.Cell(first)), "column", first+1))
				continue
			}
			c.of[fields[0]] = i
		}
	}
	// "ET" alone is a FINESS number only beside "EJ".
	if et, ok := c.of[FieldFINESSET]; ok && c.col(FieldFINESSEJ) < 0 && fold(row.Cell(et)) == "et" {
		delete(c.of, FieldFINESSET)
	}
	return c, append(fs, h.missing(t, row, &c)...)
}

// extra reports a column that stands for no field, unless the configuration shows it.
func (h *Headers) extra(t *Table, row TableRow, col int) []Finding {
	text := row.Cell(col)
	if slices.ContainsFunc(h.fields, func(d *Definition) bool {
		return d.Extra() && sameHeading(d.Heading.French, text)
	}) {
		return nil
	}
	return []Finding{Find(Info, CodeHeaderExtra, t.At(row, col), "heading", oneLine(text), "list", h.list)}
}

// isNumber reports whether a field is a column of numbers.
func (h *Headers) isNumber(f Field) bool {
	d := h.fields.Find(f)
	return d != nil && d.Kind == KindNumber
}

// says returns the name of a source's field, as an argument of a message.
func (h *Headers) says(f Field) any {
	if d := h.fields.Find(f); d != nil {
		return d
	}
	return message.New("field-activity-number", "number", strings.TrimPrefix(string(f), activityNumberPrefix))
}

// missing reports the fields that have no column.
func (h *Headers) missing(t *Table, row TableRow, c *columns) []Finding {
	var fs []Finding
	place := t.At(row, -1)
	activities := slices.ContainsFunc(keys(c.of), func(f Field) bool {
		return strings.HasPrefix(string(f), "activity") || f == FieldActivities
	})
	for _, d := range h.fields {
		switch {
		case c.col(d.Key) >= 0, d.Kind == KindActivities && activities:
		case d.Need == Required:
			fs = append(fs, Find(Error, CodeColumnMissing, place, "field", d, "list", h.list))
		case d.Need == Expected:
			fs = append(fs, Find(Warning, CodeColumnAbsent, place, "field", d, "list", h.list))
		}
	}
	return fs
}

func keys(m map[Field]int) []Field {
	out := make([]Field, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// activityColumns maps the columns that stand for one activity each to the activity's
// index. Numbered columns need a declared numbering if the numberings differ. Without
// one, disputed are the columns whose number stands for several activities; they can
// only be read together.
func (c *columns) activityColumns(
	ref *Reference, numbering string, t *Table,
) (of map[int]int, disputed []int, unknown ActivitySet, fs []Finding) {
	of = map[int]int{}
	var seen ActivitySet
	numbered := false
	for f, col := range c.of {
		if key, ok := strings.CutPrefix(string(f), activityPrefix); ok {
			if i := slices.IndexFunc(ref.Activities, func(a Activity) bool { return a.Key == key }); i >= 0 {
				of[col] = i
				seen |= 1 << i
			}
		}
		if _, ok := strings.CutPrefix(string(f), activityNumberPrefix); ok {
			numbered = true
		}
	}
	if numbered {
		header := t.Rows[c.header]
		for i, a := range ref.Activities {
			n, ok := a.number(numbering)
			col := c.col(Field(activityNumberPrefix + strconv.Itoa(n)))
			if !ok || col < 0 {
				continue
			}
			of[col] = i
			seen |= 1 << i
		}
		if numbering == "" {
			var open ActivitySet
			for i, a := range ref.Activities {
				if _, ok := a.number(""); ok {
					continue
				}
				open |= 1 << i
				if col := c.col(Field(activityNumberPrefix + strconv.Itoa(a.Numbers["decree"]))); col >= 0 {
					disputed = append(disputed, col)
				}
			}
			if len(disputed) == open.Len() && seen&open == 0 {
				seen |= open
			} else {
				disputed = nil
			}
			fs = append(fs, Find(Warning, CodeNumberingUndeclared, t.At(header, -1),
				"declaration", sourceYAML(t.File)).Said("columns"))
		}
	}
	if len(of)+len(disputed) > 0 {
		unknown = (1<<len(ref.Activities) - 1) &^ seen
	}
	if unknown != 0 {
		for i, a := range ref.Activities {
			if unknown.Has(i) {
				fs = append(fs, Find(Warning, CodeColumnAbsent, t.At(t.Rows[c.header], -1),
					"field", ref.Field(Certified, Field(a.Key))).Said("activity"))
			}
		}
	}
	return of, disputed, unknown, fs
}

// number returns the activity's number under a numbering, or if that is empty, the
// number that all numberings agree on.
func (a Activity) number(numbering string) (int, bool) {
	if numbering != "" {
		n, ok := a.Numbers[numbering]
		return n, ok
	}
	n := 0
	for _, v := range a.Numbers {
		if n != 0 && v != n {
			return 0, false
		}
		n = v
	}
	return n, n != 0
}

// sourceYAML returns the name of the .source.yaml that belongs to a file.
func sourceYAML(file string) string {
	base := file[strings.LastIndexAny(file, `/\`)+1:]
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	return base + ".source.yaml"
}

func oneLine(s string) string {
	return message.Cut(strings.Join(strings.Fields(s), " "), 80)
}
