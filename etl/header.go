package etl

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"hdsreport/etl/message"
)

// Headers recognises the columns of one listing. It is not safe for concurrent use.
type Headers struct {
	list   Listing
	fields Fields
	exact  map[string]Field
	plain  map[string]Field // by barest, where it is of one field only
	open   []openAlias
	seen   map[string][]Field

	declared map[string]bool // headings by which the configuration calls the name, folded
}

type openAlias struct {
	phrase string // folded; more words may follow it
	field  Field
}

// NewHeaders returns the headers of a listing.
func NewHeaders(ref *Reference, list Listing) *Headers {
	if ref.ready != nil {
		return ref.ready.headers[list]().fork()
	}
	return newHeaders(ref, list)
}

func newHeaders(ref *Reference, list Listing) *Headers {
	h := &Headers{list: list, fields: ref.Fields(list), exact: make(map[string]Field, len(ref.Headers)),
		plain: make(map[string]Field, len(ref.Headers)),
		seen:  map[string][]Field{}, declared: map[string]bool{}}
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
		if a.Declared && f == FieldName {
			h.declared[words] = true
		}
		if strings.Contains(a.Alias, "*") {
			h.open = append(h.open, openAlias{words, f})
		} else {
			h.exact[words] = f
			switch p := barest(words); {
			case !strings.Contains(p, " "): // "date" alone is no heading that is known
			case h.plain[p] == "" || h.plain[p] == f:
				h.plain[p] = f
			default:
				h.plain[p] = ambiguous
			}
		}
	}
	return h
}

// fork returns the same headers, for another table or goroutine.
func (h *Headers) fork() *Headers {
	f := *h
	f.seen = map[string][]Field{}
	return &f
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

// KeyWords sets the words of a program's key apart: "dateFin" is "date Fin", "is_test" "is test".
func KeyWords(key string) string {
	var out strings.Builder
	from := 0
	var last rune
	for i, c := range key {
		switch {
		case c == '_':
			out.WriteString(key[from:i] + " ")
			from = i + 1
		case unicode.IsUpper(c) && unicode.IsLower(last):
			out.WriteString(key[from:i] + " ")
			from = i
		}
		last = c
	}
	if from == 0 {
		return key
	}
	return out.String() + key[from:]
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
	// "date_fin" and "numero_certificat" are "Date de fin" and "Numéro de certificat".
	if f := h.plain[barest(words)]; f != "" && f != ambiguous {
		return []Field{f}
	}
	if strings.IndexByte(header, ' ') < 0 {
		if apart := KeyWords(header); apart != header {
			return h.read(apart)
		}
	}
	if fs := h.withUnit(header); fs != nil {
		return fs
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

var (
	inBrackets = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]`) })
	// dateFormat is how dates are to be written, said in a heading.
	dateFormat = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\b(?:[jd]{1,2}[/. -]?m{1,2}[/. -]?[ay]{2,4}|[ay]{4}[/. -]?m{1,2}[/. -]?[jd]{1,2})\b`)
	})
)

// mayFormat reports whether a text may have a dateFormat, of which years are a part: "aa",
// "yyyy". The expression takes a hundred times as long, and nearly every cell of the first
// rows is looked at.
func mayFormat(text string) bool {
	for i := 1; i < len(text); i++ {
		if a, b := text[i-1]|0x20, text[i]|0x20; (a == 'a' || a == 'y') && (b == 'a' || b == 'y') {
			return true
		}
	}
	return false
}

// withUnit reads a heading with something said about its values, in brackets or not:
// "Date de fin (jj/mm/aaaa)", "N° de certificat [réf.]". Brackets that name another
// column make it ambiguous, and a date in brackets is no detail.
func (h *Headers) withUnit(header string) []Field {
	if !strings.ContainsAny(header, "([") && !mayFormat(header) {
		return nil
	}
	rest := inBrackets().ReplaceAllString(header, " ")
	if mayFormat(rest) {
		rest = dateFormat().ReplaceAllString(rest, " ")
	}
	if rest == header {
		return nil
	}
	f, ok := h.exact[fold(rest)]
	if !ok {
		if f, ok = h.exact[bare(fold(rest))]; !ok {
			return nil
		}
	}
	for _, in := range inBrackets().FindAllString(header, -1) {
		if other, known := h.exact[fold(in)]; known && other != f && bare(fold(in)) != "" {
			return []Field{f, other}
		}
		if d := h.fields.Find(f); d != nil && d.Kind != KindDate && hasPhrase(fold(in), "date", false) {
			return nil
		}
	}
	return []Field{f}
}

// ambiguous stands for a plain heading of several fields.
const ambiguous Field = "?"

// barest returns a folded heading without the little words that programs leave out of the
// names of columns, and with numbers called by one word.
func barest(words string) string {
	said := strings.Fields(words)
	out := said[:0]
	for _, w := range said {
		switch w {
		case "d", "de", "du", "des", "l", "la", "le", "les":
		case "n", "no", "num": // not "nb", which says how many
			out = append(out, "numero")
		default:
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
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

// withinHeader is how many lines are looked at for the header: more than anybody puts
// above it.
const withinHeader = 60

// Header returns the index of a table's header, or -1 if there is none: the row with the
// most fields among the first rows, and the first of several such rows. A header needs
// two fields, or only the name, in a table with a single column or under a heading that
// the configuration knows. A header on two lines becomes one, on the second of them.
func (h *Headers) Header(t *Table) int {
	rows := t.Rows[:min(withinHeader, len(t.Rows))]
	best, score := -1, 0
	scores := make([]int, len(rows))
	for i, row := range rows {
		n := h.Recognise(row.Cells)
		if scores[i] = n; n > score && (n >= 2 || onlyCell(row.Cells) || h.declares(row.Cells)) {
			best, score = i, n
		}
	}
	var joined []string
	for i := range rows {
		if i == 0 || max(scores[i-1], scores[i]) < 1 {
			continue
		}
		cells, ok := h.join(rows[i-1].Cells, rows[i].Cells)
		if n := h.Recognise(cells); ok && n > score && n >= 3 {
			best, score, joined = i, n, cells
		}
	}
	if joined != nil {
		t.Rows[best].Cells = joined
	}
	return best
}

// codeLike reports whether a text has more digits than letters, or letters and digits in
// one word.
func codeLike(s string) bool {
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return letters == 0 || digits >= letters || digits > 0 && !strings.Contains(s, " ")
}

// nameHeading are words by which registers call the column of names.
var nameHeading = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:nom|name|raison sociale|denomination|organis\w+|societe|entreprise|hebergeur|operateur|titulaire|company|vendor|provider|supplier)\b`)
})

// declares reports whether a heading of the row is one by which the configuration calls
// the name.
func (h *Headers) declares(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool { return h.declared[fold(c)] })
}

// join makes one header of two lines: of each column what names a field, which is the
// lower text, both, or the upper one. ok is false if the lower line has values.
func (h *Headers) join(upper, lower []string) (cells []string, ok bool) {
	known := func(text string) bool { return text != "" && len(h.named(text)) > 0 }
	for i := range max(len(upper), len(lower)) {
		u, l := TableRow{Cells: upper}.Cell(i), TableRow{Cells: lower}.Cell(i)
		both := strings.TrimSpace(u + " " + l)
		switch {
		case known(l):
			cells = append(cells, l)
		case l != "" && u != l && known(both):
			cells = append(cells, both)
		case known(u) && l != "" && l != u:
			return nil, false
		case known(u) || l == "":
			cells = append(cells, u)
		default:
			cells = append(cells, l)
		}
	}
	return cells, true
}

// find finds the header and what its columns are.
func (h *Headers) find(t *Table, declared []DeclaredColumn) (columns, []Finding) {
	best := h.Header(t)
	if best < 0 {
		return columns{header: -1}, []Finding{h.unknown(t)}
	}
	c, fs := h.assign(t, best, declared)
	return c, append(fs, h.above(t, best)...)
}

// unknown reports that no line is a header that is known: with the headings of the line
// that looks most like one, and what to write into the configuration if they are those
// of the list.
func (h *Headers) unknown(t *Table) Finding {
	rows := t.Rows[:min(withinHeader, len(t.Rows))]
	at, most := -1, 0
	for i, row := range rows {
		texts := 0
		for _, c := range row.Cells {
			if strings.ContainsFunc(c, unicode.IsLetter) && len(c) < 200 {
				texts++
			}
		}
		if texts > most {
			at, most = i, texts
		}
	}
	f := Find(Error, CodeHeaderMissing, Place{File: t.File, Sheet: t.Sheet}, "n", len(rows), "list", h.list)
	if at < 0 {
		return f
	}
	texts, _ := filled(rows[at])
	for i := range texts {
		texts[i] = strings.Join(strings.Fields(texts[i]), " ")
	}
	f.Args = append(f.Args, message.Pairs("headings", message.List{Items: texts, Most: 20},
		"line", h.lines(rows[at].Cells, t.Rows[at+1:]))...)
	return f.Said("seen")
}

// lines are entries for reference.headers that make a row of unknown headings the header
// of the list. Which heading is which is told by what stands under it.
func (h *Headers) lines(heads []string, rows []TableRow) string {
	const most = 50 // rows to look at
	rows = rows[:min(most, len(rows))]
	name, names := -1, 0
	var dates []int
	for col, head := range heads {
		if head == "" {
			continue
		}
		different, dated, cells := map[string]bool{}, 0, 0
		for _, row := range rows {
			cell := row.Cell(col)
			if cell == "" {
				continue
			}
			cells++
			if d, ok := ParseDate(cell); ok && d.Full() {
				dated++
			} else if !codeLike(cell) {
				different[cell] = true
			}
		}
		if cells > 0 && 2*dated > cells {
			dates = append(dates, col)
		}
		score := 8 * len(different)
		if nameHeading().MatchString(fold(head)) {
			score = 2*score + 1
		}
		// Codes and places come after names, and have nearly as many different values.
		if score > names+names/8 || name < 0 {
			name, names = col, score
		}
	}
	entry := func(f Field, col int) string { return headerEntry(h.list, f, heads[col]) }
	out := []string{entry(FieldName, name)}
	switch {
	case len(dates) == 1 && dates[0] != name:
		out = append(out, entry(FieldUntil, dates[0]))
	case len(dates) > 1 && dates[0] != name:
		out = append(out, entry(FieldFrom, dates[0]), entry(FieldUntil, dates[1]))
	}
	return "reference: {headers: [" + strings.Join(out, ", ") + "]}"
}

// headerLine is what makes a heading the one of a field in the configuration.
func headerLine(list Listing, f Field, heading string) string {
	return "reference: {headers: [" + headerEntry(list, f, heading) + "]}"
}

func headerEntry(list Listing, f Field, heading string) string {
	return "{list: " + list.String() + ", field: " + string(f) + ", alias: " +
		strconv.Quote(strings.Join(strings.Fields(heading), " ")) + "}"
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

func (h *Headers) assign(t *Table, at int, declared []DeclaredColumn) (columns, []Finding) {
	row := t.Rows[at]
	c := columns{header: at, of: map[Field]int{}, standing: map[int]string{}, names: slices.Clone(row.Cells)}
	chosen, fs := h.declaredColumns(t, row, declared)
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
					"field", h.says(fields[0]), "first", oneLine(row.Cell(first)), "column", first+1).Said("number"))
				continue
			}
			c.of[fields[0]] = i
		default:
			first, twice := c.of[fields[0]]
			if col, known := chosen[fields[0]]; known && col != i {
				c.extra = append(c.extra, i)
				fs = append(fs, Find(Info, CodeHeaderDuplicate, t.At(row, i), "heading", oneLine(text),
					"field", h.says(fields[0]), "first", oneLine(row.Cell(col)), "column", col+1).Said("declared"))
				continue
			}
			if twice {
				c.extra = append(c.extra, i)
				if fields[0] == FieldStanding { // "Statut" and "Situation": what does not count in either does not
					c.standing[i] = string(standingAside)
					continue
				}
				args := []any{"heading", oneLine(text), "field", h.says(fields[0]), "first", oneLine(row.Cell(first)),
					"column", first + 1}
				if sayTheSame(row, t.Rows[at+1:], first, i) {
					fs = append(fs, Find(Warning, CodeHeaderDuplicate, t.At(row, i), args...).Said("alike"))
					continue
				}
				fs = append(fs, Find(Error, CodeHeaderDuplicate, t.At(row, i), append(args,
					"declaration", sourceYAML(t.File),
					"line", fmt.Sprintf("columns: [{field: %s, column: %d}]", fields[0], first+1))...))
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

// declaredColumns returns the columns that a person declared, by field, of those whose
// heading names the field. Of others it says that they are not there.
func (h *Headers) declaredColumns(t *Table, row TableRow, declared []DeclaredColumn) (map[Field]int, []Finding) {
	chosen := map[Field]int{}
	var fs []Finding
	for _, d := range declared {
		col := d.Column - 1
		if slices.Equal(h.named(row.Cell(col)), []Field{d.Field}) {
			chosen[d.Field] = col
			continue
		}
		fs = append(fs, Find(Error, CodeColumnsUnknown, t.At(row, -1), "field", string(d.Field), "column", d.Column,
			"declaration", sourceYAML(t.File)))
	}
	return chosen, fs
}

// sayTheSame reports whether two columns say the same in every row, as those of a merged
// heading do. Where the header is repeated, it is no row.
func sayTheSame(header TableRow, rows []TableRow, a, b int) bool {
	again := func(r TableRow, col int) bool { return fold(r.Cell(col)) == fold(header.Cell(col)) }
	return !slices.ContainsFunc(rows, func(r TableRow) bool {
		return strings.TrimSpace(r.Cell(a)) != strings.TrimSpace(r.Cell(b)) && !(again(r, a) && again(r, b))
	})
}

// unheaded reports the columns without a heading that have values. A column that only
// numbers the rows is none to mention.
func (c *columns) unheaded(t *Table, report func(Finding)) {
	for i, heading := range c.names {
		if heading != "" {
			continue
		}
		n, first, numbers := 0, TableRow{}, true
		for _, row := range t.Rows[c.header+1:] {
			cell := row.Cell(i)
			if cell == "" || row.only() != "" {
				continue
			}
			if n++; n == 1 {
				first = row
			}
			numbers = numbers && cell == strconv.Itoa(n)
		}
		if n > 0 && !numbers {
			report(Find(Warning, CodeHeaderExtra, t.At(first, i), "column", i+1, "n", n,
				"text", oneLine(first.Cell(i))).Said("unheaded"))
		}
	}
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

// Number returns the field of numbers that a heading stands for, or nil.
func (h *Headers) Number(heading string) *Definition {
	if fs := h.named(heading); len(fs) == 1 && h.isNumber(fs[0]) {
		return h.fields.Find(fs[0])
	}
	return nil
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
	var unused []string
	for _, i := range c.extra {
		if len(h.named(row.Cell(i))) == 0 {
			unused = append(unused, oneLine(row.Cell(i)))
		}
	}
	found := func(s Severity, code string, d *Definition) {
		f := Find(s, code, place, "field", d, "list", h.list)
		if len(unused) > 0 {
			alias := "…"
			if len(unused) == 1 {
				alias = unused[0]
			}
			f.Args = append(f.Args, message.Pairs("headings", message.List{Items: unused, Most: 20},
				"line", headerLine(h.list, d.Key, alias))...)
			f = f.Said("seen")
		}
		fs = append(fs, f)
	}
	activities := slices.ContainsFunc(keys(c.of), func(f Field) bool {
		return strings.HasPrefix(string(f), "activity") || f == FieldActivities
	})
	for _, d := range h.fields {
		switch {
		case c.col(d.Key) >= 0, d.Kind == KindActivities && activities:
		case d.Need == Required:
			found(Error, CodeColumnMissing, d)
		case d.Need == Expected:
			found(Warning, CodeColumnAbsent, d)
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
