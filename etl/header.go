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
	phrase string // folded; more words may follow
	field  Field
}

// NewHeaders prepares the aliases that hold for a listing.
func NewHeaders(ref *Reference, list Listing) *Headers {
	h := &Headers{list: list, fields: ref.Fields(list), exact: make(map[string]Field, len(ref.Headers)), seen: map[string][]Field{}}
	for _, a := range ref.Headers {
		if a.List != "both" && a.List != list.String() {
			continue
		}
		f := Field(a.Field)
		if !strings.HasPrefix(a.Field, activityNumberPrefix) && h.fields.Find(f) == nil {
			continue // of the other list
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

// Recognise counts how many different fields a row of cells could be the header
// of; a reader uses it to choose among the tables of a file.
func (h *Headers) Recognise(cells []string) int {
	var seen [16]Field
	found := seen[:0]
	for _, c := range cells {
		if len(c) > 400 {
			continue
		}
		if fs := h.named(c); len(fs) == 1 && !slices.Contains(found, fs[0]) {
			found = append(found, fs[0])
		}
	}
	return len(found)
}

// named are the fields that a header may name: none, one, or several where it
// fits two columns.
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

// mostSeen bounds what is remembered of headers: a reader that looks for them
// tries the same few rows over and over.
const mostSeen = 4096

func (h *Headers) read(header string) []Field {
	words := fold(header)
	if words == "" {
		return nil
	}
	if f, ok := h.exact[words]; ok {
		return []Field{f}
	}
	// "3. Infrastructure virtuelle" and "Date de fin (1)": a number around the
	// words is numbering or a footnote, and no part of them.
	if f, ok := h.exact[bare(words)]; ok {
		return []Field{f}
	}
	// The longest phrase wins over one that it contains; two that stand side by
	// side are two fields.
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
	// A header that joins two known ones ("Date de début et date de fin").
	lower := strings.ToLower(header)
	for _, sep := range []string{" et ", " ou ", "/", "+", "&", ";", "\n", " - ", " – "} {
		if a, b, ok := strings.Cut(lower, sep); ok {
			fa, okA := h.exact[fold(a)]
			fb, okB := h.exact[fold(b)]
			if okA && okB && fa != fb {
				return []Field{fa, fb}
			}
		}
	}
	return nil
}

// bare is a folded heading without the numbers around it.
func bare(words string) string { return strings.Trim(words, "0123456789 ") }

// sameHeading tells that a heading is another one: without case, accents, punctuation,
// and without the number of a footnote.
func sameHeading(a, b string) bool {
	x, y := fold(a), fold(b)
	return x == y && x != "" || bare(x) == bare(y) && bare(x) != ""
}

// columns says which column of a table holds which field.
type columns struct {
	header int // index of the header in Table.Rows
	of     map[Field]int
	extra  []int // columns that stand for no field, in order
	names  []string
}

func (c *columns) col(f Field) int {
	if i, ok := c.of[f]; ok {
		return i
	}
	return -1
}

// find looks for the header: among the first rows, the one that names most
// fields, the first of equals. A row needs two fields, or the name alone where
// the table has a single column.
func (h *Headers) find(t *Table) (columns, []Finding) {
	const within = 60 // lines above a header that a person would put there, and more
	best, score := -1, 0
	for i, row := range t.Rows[:min(within, len(t.Rows))] {
		if n := h.Recognise(row.Cells); n > score && (n >= 2 || onlyCell(row.Cells)) {
			best, score = i, n
		}
	}
	if best < 0 {
		return columns{header: -1}, []Finding{Find(Error, CodeHeaderMissing, Place{File: t.File, Sheet: t.Sheet}, "n", min(within, len(t.Rows)), "list", h.list)}
	}
	c, fs := h.assign(t, best)
	return c, append(fs, h.above(t, best)...)
}

// above reports lines over the header that are as full as rows. One may be the
// upper half of a header in two lines; several are rows whose heading is not known,
// over a header that is repeated further down, and they would be lost in silence.
func (h *Headers) above(t *Table, at int) []Finding {
	filled := func(cells []string) (n int) {
		for i, c := range cells {
			if c != "" && (i == 0 || c != cells[i-1]) { // a merged line is one cell
				n++
			}
		}
		return n
	}
	usual := max(2, (2*filled(t.Rows[at].Cells)+2)/3) // a legend above the list has fewer
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
	return []Finding{Find(Error, CodeHeaderBelow, t.At(t.Rows[first], -1), "rows", rows, "line", fmt.Sprint(t.Rows[at].Number))}
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
	c := columns{header: at, of: map[Field]int{}, names: slices.Clone(row.Cells)}
	var fs []Finding
	for i, text := range row.Cells {
		fields := h.named(text)
		switch {
		case text == "":
			continue
		case len(fields) == 0:
			c.extra = append(c.extra, i)
			if !slices.ContainsFunc(h.fields, func(d *Definition) bool { return d.Extra() && sameHeading(d.Heading.French, text) }) {
				fs = append(fs, Find(Info, CodeHeaderExtra, t.At(row, i), "heading", oneLine(text), "list", h.list))
			}
		case len(fields) > 1:
			c.extra = append(c.extra, i)
			fs = append(fs, Find(Error, CodeHeaderAmbiguous, t.At(row, i), "heading", oneLine(text), "one", h.says(fields[0]), "other", h.says(fields[1])))
		default:
			if first, twice := c.of[fields[0]]; twice {
				c.extra = append(c.extra, i)
				fs = append(fs, Find(Error, CodeHeaderDuplicate, t.At(row, i), "heading", oneLine(text), "field", h.says(fields[0]), "first", oneLine(row.Cell(first)), "column", first+1))
				continue
			}
			c.of[fields[0]] = i
		}
	}
	return c, append(fs, h.missing(t, row, &c)...)
}

// says is what a field of a source is called, as an argument.
func (h *Headers) says(f Field) any {
	if d := h.fields.Find(f); d != nil {
		return d
	}
	return message.New("field-activity-number", "number", strings.TrimPrefix(string(f), activityNumberPrefix))
}

// missing reports the fields that no column holds.
func (h *Headers) missing(t *Table, row TableRow, c *columns) []Finding {
	var fs []Finding
	place := t.At(row, -1)
	activities := slices.ContainsFunc(keys(c.of), func(f Field) bool { return strings.HasPrefix(string(f), "activity") || f == FieldActivities })
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

// activityColumns maps the columns that stand for one activity each to the
// activity's index; numbered ones need a declared numbering where it matters.
// Without one, disputed are the columns of the numbers that stand for several
// activities, which are known only together.
func (c *columns) activityColumns(ref *Reference, numbering string, t *Table) (of map[int]int, disputed []int, unknown ActivitySet, fs []Finding) {
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
			fs = append(fs, Find(Warning, CodeNumberingUndeclared, t.At(header, -1), "declaration", sourceYAML(t.File)).Said("columns"))
		}
	}
	if len(of)+len(disputed) > 0 {
		unknown = (1<<len(ref.Activities) - 1) &^ seen
	}
	if unknown != 0 {
		for i, a := range ref.Activities {
			if unknown.Has(i) {
				fs = append(fs, Find(Warning, CodeColumnAbsent, t.At(t.Rows[c.header], -1), "field", ref.Field(Certified, Field(a.Key))).Said("activity"))
			}
		}
	}
	return of, disputed, unknown, fs
}

// number is the activity's number under a numbering; under none, its number
// where all numberings agree.
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

// sourceYAML is the name of the file that says where a listing comes from.
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
