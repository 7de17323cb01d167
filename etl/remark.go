package etl

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"hdsreport/etl/pattern"
)

// Under a list, between its rows and in the foot of its table stands what is no row of
// it: totals, notes, titles of sections, another table. None of it is an actor, and all
// of it is reported.

// remarkKind is what a line is instead of a row.
type remarkKind uint8

const (
	noRemark  remarkKind = iota
	remarkNot            // a sentence, a note, a date, the number of a page
	remarkSum            // a total, a mean
	remarkTop            // the title of the rows below
)

// sumWords begin the lines of totals.
var sumWords = []string{"total", "totaux", "sous total", "sous-total", "sous totaux", "sous-totaux", "grand total", "moyenne", "mediane", "nombre", "nb",
	"somme", "effectif", "effectifs", "ensemble", "cumul", "dont", "average", "mean", "sum", "count", "number"}

// SumLine reports whether a line is one of sums or a note by how it begins, for a reader
// that knows no fields yet.
func SumLine(cells []string) bool {
	i := slices.IndexFunc(cells, func(c string) bool { return c != "" })
	return i < 0 || hasWordOf(fold(cells[i]), sumWords) || hasWordOf(fold(cells[i]), noteWords) ||
		noteAtStart().MatchString(cells[i])
}

// noteWords begin the lines of notes.
var noteWords = []string{"source", "sources", "note", "notes", "nb", "nota", "total", "mise a jour", "page", "copyright", "document",
	"donnees", "fin du", "fin de la liste", "extraction", "edite", "imprime", "legende", "etat au", "date de", "liste arretee",
	"derniere mise a jour", "sous reserve", "attention", "remarque", "remarques", "champ", "lecture", "avertissement", "version", "export"}

var (
	// numbersOnly is a cell of a total.
	numbersOnly = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[-+]?[\d .,\x{202f}]+ ?%?$`) })
	// pageNumber is what is printed at the foot of a page.
	pageNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-? ?\d{1,3} ?(?:/ ?\d{1,3})? ?-?$`) })
	// noteAtStart is the mark of a note before its text.
	noteAtStart = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:\(\d{1,2}\)|\[\d{1,2}\]|\(\*+\)|\*+|[¹²³⁴⁵⁶⁷⁸⁹†‡]+|\d\)) ?[\pL\d]`)
	})
	// errorValue is what spreadsheets and programs put where a value could not be computed
	// or written.
	errorText = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:#(?:ref|name|nom|value|valeur|div/0|nul|null|num|nombre|champ|field|calc|spill|epars|connect|bloque|blocked|error|erreur|unknown|inconnu|busy|occupe)[!?]?|#n/?[ad]|#+|#[^\s]{2,14}[!?]|err:\d{3}|\[object \w+\]|<na>|function ?\(.*)$`)
	})
)

// errorValue reports whether a text is an error and no value.
func errorValue(s string) bool {
	return s != "" && (s[0] == '#' || s[0] == '[' || s[0] == 'E' || s[0] == '<' || s[0] == 'f') && errorText().MatchString(s)
}

// noName reports whether a text stands where a name is missing.
func noName(s string) bool {
	if len(s) > 20 { // most names
		return errorValue(s)
	}
	switch fold(s) {
	case "0", "n r", "nr", "sans nom", "xxx", "aucun", "aucune", "nat", "n c n d", "a completer", "a renseigner", "tbd", "todo", "empty":
		return true
	}
	return absent(s) || errorValue(s) || strings.Trim(s, "?…. -_") == "" || ditto(s)
}

// ditto reports whether a text stands for the one above it: "idem", two commas. A row of a
// list that was sorted, or of which a part is left out, has another one above it.
func ditto(s string) bool {
	if s == "" || len(s) > 12 {
		return false
	}
	switch s[0] {
	case '"', '\'', ',', "〃"[0], "”"[0], "«"[0]:
		return strings.Trim(s, "\"',〃″”“’«» ") == ""
	case 'i', 'I', 'd', 'D':
		switch fold(s) {
		case "idem", "ibid", "ibidem", "dito", "ditto":
			return true
		}
	}
	return false
}

// filled returns the different texts of a row, one for cells that repeat it, and the
// number of cells that have one.
func filled(row TableRow) (texts []string, cells int) {
	for _, c := range row.Cells {
		if c == "" {
			continue
		}
		cells++
		if len(texts) == 0 || texts[len(texts)-1] != c {
			texts = append(texts, c)
		}
	}
	return texts, cells
}

// oneText reports whether the row has one text, in one cell or in several.
func (row TableRow) oneText() bool {
	text := ""
	for _, c := range row.Cells {
		if c != "" && c != text {
			if text != "" {
				return false
			}
			text = c
		}
	}
	return text != ""
}

// usual returns how many cells of a row have a text, in half of the rows at least.
func usual(rows []TableRow) int {
	const most = 1000 // rows to look at
	var counts []int
	for _, row := range rows[:min(len(rows), most)] {
		_, n := filled(row)
		counts = append(counts, n)
	}
	if len(counts) == 0 {
		return 0
	}
	slices.Sort(counts)
	return counts[len(counts)/2]
}

// remark tells whether a line with something in the column of names is no row.
func (r *reader) remark(row TableRow) remarkKind {
	if row.Foot {
		if texts, _ := filled(row); len(texts) > 1 && onlyNumbers(texts[1:]) {
			return remarkSum
		}
		return remarkNot
	}
	if !r.sparse(row) {
		return noRemark
	}
	texts, cells := filled(row)
	if len(r.cols.of) < 2 || len(texts) == 0 {
		return noRemark
	}
	first := fold(texts[0])
	if len(texts) > 1 {
		switch {
		case onlyNumbers(texts[1:]) && (hasWordOf(first, sumWords) || len(texts) == 2 && cells > 2 && row.Cell(0) == row.Cell(1)):
			return remarkSum // "Displayed", over several columns, and how many
		case (noteAtStart().MatchString(texts[0]) || hasWordOf(first, noteWords)) && !r.hasValue(row):
			return remarkNot
		}
		return noRemark
	}
	words := len(strings.Fields(texts[0]))
	merged := len(row.Cells) > 1 && cells == len(row.Cells)
	_, dated := ParseDate(texts[0])
	switch {
	case words > 12, strings.HasSuffix(texts[0], ".") && words > 6, strings.HasSuffix(texts[0], ":"),
		hasWordOf(first, noteWords) && (words > 1 || merged),
		noteAtStart().MatchString(texts[0]), pageNumber().MatchString(texts[0]), dated:
		return remarkNot
	case r.usual >= 3 && hasWordOf(first, sumWords):
		return remarkSum
	case merged, r.usual >= mostlyFull, hasWordOf(first, titleWords), len([]rune(texts[0])) == 1, r.headNext:
		// An organisation of which nothing is known but its name would look the same, hence
		// the warning.
		return remarkTop
	}
	return noRemark
}

// mostlyFull is how many cells rows have where a line of a single one is no row.
const mostlyFull = 5

// titleWords begin the titles of sections.
var titleWords = []string{"hebergeurs", "certificats", "agrements", "organismes", "liste", "listes", "region", "departement", "annexe",
	"section", "partie", "categorie", "tableau", "societes", "acteurs", "titulaires", "certifications", "retraits", "suspensions"}

// sparse is a quick look at a row: can it be a total, a note or a title? Most rows have a
// cell in most columns, and no number beside the name.
func (r *reader) sparse(row TableRow) bool {
	first, second, cells := "", "", 0
	for _, c := range row.Cells {
		switch {
		case c == "":
			continue
		case first == "":
			first = c
		case second == "" && c != first:
			second = c
		}
		cells++
	}
	switch {
	case second == "":
		return true
	case cells >= max(3, r.usual) && !isDigit(second[0]):
		return false
	}
	return len(row.Cells) > 1 && row.Cells[0] == row.Cells[1] || first[0] >= utf8.RuneSelf ||
		strings.IndexByte("([*", first[0]) >= 0 || len(first) > 1 && first[1] == ')' || mayBegin()[first[0]]
}

// mayBegin are the bytes with which lines of totals and notes begin.
var mayBegin = sync.OnceValue(func() *[256]bool {
	var out [256]bool
	for _, w := range slices.Concat(sumWords, noteWords) {
		out[w[0]], out[w[0]-'a'+'A'] = true, true
	}
	return &out
})

func hasWordOf(folded string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return folded == w || strings.HasPrefix(folded, w+" ") })
}

func onlyNumbers(texts []string) bool {
	for _, t := range texts {
		if !numbersOnly().MatchString(t) {
			return false
		}
	}
	return true
}

// hasValue reports whether a cell of a row, besides the name, is a value of its field.
func (r *reader) hasValue(row TableRow) bool {
	for _, d := range r.fields {
		cell := row.Cell(r.cols.col(d.Key))
		if cell == "" {
			continue
		}
		switch d.Kind {
		case KindDate:
			if c := r.dates.of(cell, r.readDate); c.ok && !c.absent {
				return true
			}
		case KindTypes:
			if r.types.of(cell, r.readTypes).set != 0 {
				return true
			}
		case KindActivities:
			if _, trouble := r.activities.text(cell); trouble != activitiesUnreadable {
				return true
			}
		}
	}
	for col := range r.ticks {
		if row.Cell(col) != "" && readTick(row.Cell(col)).ok {
			return true
		}
	}
	return false
}

// under is what is known of the rows below a line that is no row.
type under struct {
	title  string
	line   TableRow
	rows   int  // counted under it
	place  bool // it is a region or a letter, by which a list is ordered
	other  bool // they are of another table and not read
	unread int
}

// otherHeader reports whether a line is the header of another table: it names columns of
// the list, but is not the list's header.
func (r *reader) otherHeader(row TableRow) bool {
	var room [128]byte
	name := appendFolded(room[:0], row.Cell(r.cols.col(FieldName)))
	if f, ok := r.headers.exact[string(name)]; !ok || f == "" {
		return false // most rows
	}
	texts, _ := filled(row)
	known := r.headers.Recognise(row.Cells)
	return known >= 2 && 2*known >= len(texts)
}

// skip handles a line that is no row of the list. It returns false for a row.
func (r *reader) skip(row TableRow) bool {
	switch {
	case r.head && sameWords(row.Cells, r.heads):
		r.report(Find(Info, CodeHeaderRepeated, r.table.At(row, -1)))
		if r.under.other {
			r.endOfSection()
			r.under = under{}
		}
		return true
	case r.head && r.otherHeader(row):
		r.endOfSection()
		r.under = under{title: strings.Join(trimmedTexts(row), " | "), line: row, other: true}
		return true
	case r.under.other:
		r.under.unread++
		return true
	case r.notRow(row): // its rows are said by their standing
		r.endOfSection()
		r.under = under{}
		return true
	}
	name := oneLineWhole(row.Cell(r.cols.col(FieldName)))
	if name == "" {
		if row.Foot {
			r.remarked(row)
		} else {
			r.unnamed(row)
		}
		return true
	}
	switch r.remark(row) {
	case noRemark:
	case remarkTop:
		r.endOfSection()
		r.under = under{title: name, line: row, place: r.placeTitle(name)}
		r.remarked(row)
		return true
	case remarkSum:
		r.total(row)
		fallthrough
	default:
		r.remarked(row)
		return true
	}
	if noName(name) {
		r.report(Find(Warning, CodeRowUnnamed, r.at(row, FieldName), "name", oneLine(name),
			"text", oneLine(strings.Join(trimmedTexts(row), " | "))).Said("null"))
		return true
	}
	return false
}

func trimmedTexts(row TableRow) []string {
	texts, _ := filled(row)
	for i := range texts {
		texts[i] = oneLine(texts[i])
	}
	return texts
}

func (r *reader) remarked(row TableRow) {
	text := strings.Join(trimmedTexts(row), " | ")
	r.remarks = append(r.remarks, text)
	severity := Warning
	if r.under.place && r.under.line.Number == row.Number {
		severity = Info
	}
	r.report(Find(severity, CodeRowUnnamed, r.table.At(row, -1), "text", oneLine(text)).Said("line"))
}

// placeTitle reports whether the title of a section is a letter, or a part of the country:
// a list in that order is one list, and its titles say nothing of the rows' standing.
func (r *reader) placeTitle(title string) bool {
	said := fold(title)
	return len(said) == 1 || hasWordOf(said, placeWords) || slices.Contains(r.ref.Regions, said)
}

var placeWords = []string{"region", "departement", "zone", "secteur", "arrondissement"}

// total notes what a line of totals says, if it says one number.
func (r *reader) total(row TableRow) {
	texts, _ := filled(row)
	word := fold(texts[0])
	if !strings.Contains(word, "total") && !strings.HasPrefix(word, "nombre") && !strings.HasPrefix(word, "nb") {
		return
	}
	for _, t := range strings.FieldsFunc(strings.Join(texts, " "), func(c rune) bool { return c < '0' || c > '9' }) {
		if n, err := strconv.Atoi(t); err == nil {
			r.totals = append(r.totals, n)
			r.totalRow = row
			return
		}
	}
}

// endOfSection reports the rows that stand under a title, or under another header.
func (r *reader) endOfSection() {
	u := r.under
	switch {
	case u.other && u.unread > 0:
		r.report(Find(Warning, CodeBlockBelow, r.table.At(u.line, -1), "title", oneLine(u.title), "n", u.unread).Said("other"))
	case u.rows > 0:
		severity := Warning
		if u.place {
			severity = Info
		}
		r.report(Find(severity, CodeBlockBelow, r.table.At(u.line, -1), "title", oneLine(u.title), "n", u.rows))
	}
}

// ended reports what only the end of the table shows.
func (r *reader) ended(list *List) {
	r.endOfSection()
	if len(r.totals) == 1 && r.totals[0] != len(list.Rows) && r.totals[0] != distinctNames(list) {
		r.report(Find(Warning, CodeTotalDiffers, r.table.At(r.totalRow, -1), "total", r.totals[0], "n", len(list.Rows)))
	}
	r.notices(list)
}

// statedDay returns the day of which a title or a note says that the list shows it: "Liste
// des hébergeurs certifiés au 3 mars 2018", not "arrêté du 3 mars 2018".
func statedDay(text string) (Date, bool) {
	if !strings.ContainsAny(text, "0123456789") {
		return Date{}, false
	}
	folded := fold(text)
	for _, law := range []string{"arrete du", "decret", "loi", "ordonnance", "code de la sante", "referentiel"} {
		if hasPhrase(folded, law, false) {
			return Date{}, false
		}
	}
	m := statedDays().FindStringSubmatch(text)
	if m == nil {
		return Date{}, false
	}
	day, ok := ParseDate(m[1])
	return day, ok && day.Full()
}

var statedDays = pattern.Of(`(?i)(?:situation|arrêtée?s?|mise?s? [àa] jour|maj|actualisée?s?|à jour|état|extraction|export|données|` +
	`générée?s?|publiée?s?|liste[^.]{0,60}?|certificats[^.]{0,60}?|updated|modified|generated|exported|as of)[\s:(–-]*(?:(?:au|le|du|on|en date du|datée? du)[\s:]*)?` +
	`(` + dayInText + `)`)

// dayInText is a day as sentences write it: "1er mars 2019", "01/03/2019", "2019-03-01".
const dayInText = `\d{1,2}(?:er)?[ /.-][\pL\d]+\.?[ /.-]\d{4}|\d{4}-\d{2}-\d{2}`

func distinctNames(list *List) int {
	names := map[string]bool{}
	for i := range list.Rows {
		names[list.Rows[i].Name] = true
	}
	return len(names)
}
