package etl

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl/message"
	"hdsreport/etl/pattern"
)

// A source may state the standing of a row in a column, beside the name, by a mark that
// a line under the table explains, among its remarks, or by the section that the row
// stands in.

// standingPrefix begins the names of columns that are not the standing itself:
// "standing:aside" is a column of remarks, "standing:valid" one in which "Non" says that a
// row does not count ("Actif"), "standing:<key>" one whose values say since when a row has
// that standing ("Date de suspension").
const (
	standingPrefix = "standing:"
	standingAside  = standingPrefix + "aside"
	standingValid  = "valid"
)

// Name returns a name without the standing that is written beside it: in brackets
// ("ALPHA (suspendu)"), after or before a dash or a colon ("ALPHA - SUSPENDU"), or as
// its last words ("ALPHA certificat suspendu le 3 mars"). The standing is nil if there is
// none.
func (s *Standings) Name(name string) (string, *Standing) {
	rest, st, _ := s.readName(name)
	return rest, st
}

// readName is Name. If there is no standing, doubt is what may mean one; see doubt.
func (s *Standings) readName(name string) (rest string, st *Standing, doubt string) {
	if !s.mayState(name) {
		return name, nil, ""
	}
	for _, part := range []func(string) (before, word, after string, read bool){
		s.bracket, s.sign, s.joined, s.ending} {
		before, word, after, ok := part(name)
		if !ok {
			continue
		}
		if rest := strings.Trim(oneLineWhole(before+" "+after), " -–—:,;/|"); fold(rest) != "" {
			return rest, s.beside(word), ""
		}
	}
	return name, nil, s.doubt(name)
}

// beside returns the standing of words beside a name. Of a sentence that leads up to one
// ("désormais suspendu", "qui n'a jamais été suspendu"), a person must say what it means.
func (s *Standings) beside(word string) *Standing {
	if s.text(word).within {
		return s.share(Standing{Word: word})
	}
	return s.stated(word)
}

// stated returns the standing that words state, which is not known if they leave it open.
func (s *Standings) stated(word string) *Standing {
	st := Standing{Word: word}
	if t := s.text(word); !t.ask && (t.out || !t.hint) {
		st.Key, st.Out = t.key, t.out
	}
	return s.share(st)
}

// bracket finds the first text in brackets that is a standing, or that speaks of a
// certificate in words that the table lacks. Other brackets belong to the name, as do
// those in which a noun such as "retrait" or "abandon" comes after other words.
func (s *Standings) bracket(name string) (before, word, after string, ok bool) {
	for from := 0; ; {
		i := strings.IndexAny(name[from:], "([{")
		if i < 0 {
			return "", "", "", false
		}
		i += from
		n := strings.IndexAny(name[i:], ")]}")
		if n < 0 {
			return "", "", "", false
		}
		word = strings.TrimSpace(name[i+1 : i+n])
		t := s.text(word)
		if !t.whole && (t.out && (t.done || !t.within) || t.in && (t.ask || !t.rest) || (t.rest || t.ask || t.hint) && ofCertificate(word)) ||
			word != "" && strings.Trim(word, standingSigns) == "" {
			return name[:i], word, name[i+n+1:], true
		}
		from = i + n + 1
	}
}

// sign finds a sign before or after a name that stands for a standing: "ALPHA ❌".
func (s *Standings) sign(name string) (before, word, after string, ok bool) {
	isSign := func(r rune) bool { return strings.ContainsRune(standingSigns, r) }
	if rest := strings.TrimRightFunc(name, isSign); rest != name {
		return rest, name[len(rest):], "", true
	}
	rest := strings.TrimLeftFunc(name, isSign)
	return "", name[:len(name)-len(rest)], rest, rest != name
}

// ofCertificate reports whether words speak of a certificate or an approval, and give
// no number: "certificat dénoncé".
func ofCertificate(word string) bool {
	f := fold(word)
	return (hasPhrase(f, "certificat", false) || hasPhrase(f, "agrement", false)) &&
		!strings.ContainsAny(word, "0123456789")
}

var standingJoins = pattern.Of(`\s+[-–—:/|]+\s*|\s*[:,;|]\s+|\s*[–—]\s*`)

// joins returns where the parts of a name are joined.
func joins(name string) [][]int {
	if !strings.ContainsAny(name, "-–—:/|,;") {
		return nil // most names, and the pattern takes longer
	}
	return standingJoins().FindAllStringIndex(name, -1)
}

// joined finds a standing that is the last or the first part of a name.
func (s *Standings) joined(name string) (before, word, after string, ok bool) {
	cuts := joins(name)
	for _, cut := range cuts {
		if w := name[cut[1]:]; s.alone(w) || s.asks(w) {
			return name[:cut[0]], w, "", true
		}
	}
	for _, cut := range slices.Backward(cuts) {
		if w := name[:cut[0]]; s.alone(w) {
			return "", w, name[cut[1]:], true
		}
	}
	return "", "", "", false
}

// alone reports whether a text says that a row does not count, and nothing else.
func (s *Standings) alone(text string) bool {
	t := s.text(text)
	return t.out && !t.ask && !t.rest && !t.whole
}

// asks reports whether a text speaks of a certificate or an approval in words that only a
// person can tell, and of nothing else: "certificat transféré".
func (s *Standings) asks(text string) bool {
	t := s.text(text)
	return (t.ask || t.hint) && !t.rest && ofCertificate(text)
}

// ending finds a standing in the last words of a name. Only words with a star in the
// table are looked for, which are participles: no name ends in "suspendu".
func (s *Standings) ending(name string) (before, word, after string, ok bool) {
	fields := strings.Fields(name)
	for i, w := range fields {
		f := fold(w)
		if i == 0 || len(f) < 4 || !s.stems[beginning(f)] {
			continue
		}
		from := i
		for from > 1 && s.leadsUp(fields[from-1]) {
			from--
		}
		if w := strings.Join(fields[from:], " "); s.participle(f) && s.alone(w) {
			return strings.Join(fields[:from], " "), w, "", true
		}
	}
	return "", "", "", false
}

// leadsUp reports whether a word before a participle belongs to what it says: "certificat
// retiré", "a cessé", "partiellement retiré", "retrait annulé".
func (s *Standings) leadsUp(word string) bool {
	f := fold(word)
	if s.leads[f] || auxiliary[f] {
		return true
	}
	t := s.text(word)
	return t.out || t.in || t.ask || t.hint
}

var auxiliary = map[string]bool{"a": true, "est": true, "ete": true, "ont": true, "sont": true, "etait": true, "renouvellement": true}

// doubt returns what is written beside a name that has no standing, if it may mean that the
// row no longer counts, or "": "ALPHA (fusionné avec BETA)", "ALPHA - en cours de retrait",
// "ALPHA n'héberge plus".
func (s *Standings) doubt(name string) string {
	for _, in := range bracketed(name) {
		in = strings.Trim(in, "()[]{} ")
		if t := s.text(in); t.hint || t.out && (t.ask || t.whole) {
			return in
		}
	}
	for _, cut := range joins(name) {
		after := name[cut[1]:]
		if t := s.text(after); t.hint || t.out && (t.ask || t.whole || !t.within) {
			return after
		}
	}
	fields := strings.Fields(name)
	for i := 1; i < len(fields); i++ {
		if s.participle(fold(fields[i])) {
			return name
		}
	}
	if n := len(fields); n > 1 && s.alone(fields[n-1]) || s.text(name).phrase {
		return name
	}
	return ""
}

// bracketed returns the texts of a name that are in brackets, with them.
func bracketed(name string) []string {
	if !strings.ContainsAny(name, "([{") {
		return nil
	}
	return nameBrackets().FindAllString(name, -1)
}

var nameBrackets = pattern.Of(`[(\[{][^)\]}]*[)\]}]`)

func (s *Standings) participle(word string) bool {
	return slices.ContainsFunc(s.phrases, func(p standingPhrase) bool {
		ending, begins := strings.CutPrefix(word, p.words)
		return p.open && !p.Counts && begins && slices.Contains(endings, ending)
	})
}

// titleJoin finds a title that names those who count beside those who do not.
var titleJoin = pattern.Of(`\b(?:certifie|agree|valide|actif|active)e?s?(?: et | ou |, | / |/)`)

// title reads the title of a section: "Hébergeurs suspendus ou retirés". out reports
// that the rows below it do not count, in that they do ("Certificats valides"),
// ask that only a person can tell ("Certificats en cours de suspension").
func (s *Standings) title(text string) (out, in, ask bool) {
	words := len(strings.Fields(text))
	if words > 20 || strings.HasSuffix(text, ".") && words > 6 {
		return false, false, false
	}
	t := s.text(text)
	first := strings.Fields(fold(text))
	list := slices.ContainsFunc(first[:min(3, len(first))], func(w string) bool { return s.lists[w] })
	switch {
	case t.whole && (!list || hasPhrase(fold(text), "liste", false)): // "liste arrêtée au 3 mars"
		return false, false, false
	case t.out && t.in: // "certifiés dont le certificat est suspendu", not "certifiés et suspendus"
		if titleJoin().MatchString(foldKeepingCommas(text)) {
			return false, false, false
		}
		return list && s.only(text), false, list && !t.rest && !s.only(text)
	case t.ask:
		return false, false, list && t.out && !t.rest
	case t.out: // not "en rouge : certificats suspendus"
		return (!t.rest || list) && !t.within, false, false
	}
	return false, t.in && !t.rest && list, false
}

// only reports whether what counts in a text is only that certified or approved hosts
// are meant.
func (s *Standings) only(text string) bool {
	var rest []string
	for w := range strings.FieldsSeq(fold(text)) {
		if !strings.HasPrefix(w, "certifie") && !strings.HasPrefix(w, "agree") {
			rest = append(rest, w)
		}
	}
	t := s.text(strings.Join(rest, " "))
	return t.out && !t.ask
}

func foldKeepingCommas(s string) string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '/' })
	for i := range parts {
		parts[i] = fold(parts[i])
	}
	return strings.Join(parts, ", ")
}

// standingSource is what the lines of a table say about the standing of its rows.
type standingSource struct {
	section *Standing // of the rows from here on; nil if they count
	legend  map[string]*Standing
	lines   map[int]bool // the lines of the legend, by TableRow.Number

	dated    map[int]string // columns of "standing:<key>", with the key
	asides   []int
	unknown  map[string]*unknownStanding
	order    []string // of unknown
	read     [standingWays][]Evidence
	sections []standingSection

	foreign  bool // the rows from here on are of the other list, as a title says
	foreigns []standingSection
}

// standingSection is a section of rows that do not count.
type standingSection struct {
	title TableRow
	rows  []Evidence
}

type unknownStanding struct {
	place Place
	word  string
	rows  []Evidence
}

// standingWay is how a row's standing is stated.
type standingWay uint8

const (
	byColumn standingWay = iota
	byName
	byMark
	byCell // beside another value
	byAside
	byRemark // as byAside, in a text that says more
	bySection
	pastStanding // a row that does not count, by any of these, until a day that has passed
	inDoubt      // a row that counts, although a remark has words of a standing
	nameInDoubt  // as inDoubt, of what is written beside the name
	overdue      // a row that counts by a standing until a day that has passed
	standingWays
)

// standingLine is a line that explains a mark: "** certificat suspendu".
var standingLine = pattern.Of(
	`^(\*{1,4}|[†‡§]{1,2}|[` + standingSigns + `]|\(\d{1,2}\)|\[\d{1,2}\]|\(\*{1,4}\)|[¹²³⁴⁵⁶⁷⁸⁹])\s*[:=.–-]?\s*(\S.*)$`)

// mayExplain reports whether a line begins with a sign that standingLine begins with. Few
// lines do, and the pattern takes much longer.
func mayExplain(row TableRow) bool {
	for _, c := range row.Cells {
		if c = strings.TrimSpace(c); c != "" {
			first, _ := utf8.DecodeRuneInString(c)
			return strings.ContainsRune("*†‡§([¹²³⁴⁵⁶⁷⁸⁹"+standingSigns, first)
		}
	}
	return false
}

// only returns the text of a line that says one thing, in one cell or in a merged one.
func (row TableRow) only() string {
	text := ""
	for _, c := range row.Cells {
		if c != "" && c != text {
			if text != "" {
				return ""
			}
			text = c
		}
	}
	return oneLineWhole(text)
}

// standingsOf prepares for the standings of a table's rows: the columns beside the one
// of the standing, and the marks that lines explain.
func (r *reader) standingsOf() {
	r.stated = standingSource{legend: map[string]*Standing{}, lines: map[int]bool{}, dated: map[int]string{},
		unknown: map[string]*unknownStanding{}}
	for col, key := range r.cols.standing {
		if key == standingAside {
			r.stated.asides = append(r.stated.asides, col)
		} else {
			r.stated.dated[col] = strings.TrimPrefix(key, standingPrefix)
		}
	}
	slices.Sort(r.stated.asides)
	for _, d := range r.fields {
		if d.Kind == KindDate || d.Key == FieldNumber || d.Key == FieldType || d.Key == FieldBody {
			if col := r.cols.col(d.Key); col >= 0 {
				r.stating = append(r.stating, statingColumn{col, d.Key == FieldNumber})
			}
		}
	}
	for i, row := range r.table.Rows {
		if !mayExplain(row) {
			continue
		}
		text := row.only()
		if text == "" && len(row.Cells) > 1 { // the mark in a cell of its own
			text = oneLineWhole(strings.Join(row.Cells, " "))
			if standingLine().FindStringSubmatch(row.Cells[0]+" x") == nil {
				continue
			}
		}
		m := standingLine().FindStringSubmatch(text)
		if m == nil || i == r.cols.header {
			continue
		}
		if t := r.standings.text(m[2]); t.out || t.in || t.rest && ofCertificate(m[2]) {
			r.stated.legend[m[1]] = r.standings.beside(m[2])
			r.stated.lines[row.Number] = true
		}
	}
	if at := r.cols.header - 1; at >= 0 {
		for at > 0 && strings.Join(r.table.Rows[at].Cells, "") == "" {
			at--
		}
		if above := r.table.Rows[at]; !r.stated.lines[above.Number] {
			r.begin(above)
		}
	}
}

// begin reports whether a line is the title of a section, which holds for the rows that
// follow.
func (r *reader) begin(row TableRow) bool {
	text := row.only()
	if text == "" || len(r.cols.of) < 2 {
		return false
	}
	out, in, ask := r.standings.title(text)
	switch {
	case ask:
		r.stated.section = r.standings.share(Standing{Word: text})
	case out:
		t := r.standings.text(text)
		r.stated.section = r.standings.share(Standing{Word: text, Key: t.key, Out: true})
		r.stated.sections = append(r.stated.sections, standingSection{title: row})
	case in:
		r.stated.section = nil
	default:
		return false
	}
	if r.stated.foreign = in && !out && r.ofOtherList(text); r.stated.foreign {
		r.stated.foreigns = append(r.stated.foreigns, standingSection{title: row})
	}
	return true
}

// ofOtherList reports whether a title is about the hosts of the other list and not of this
// one: "Hébergeurs agréés" among the certified.
func (r *reader) ofOtherList(text string) bool {
	own, other := registerWords[r.list], registerWords[Approved]
	if r.list == Approved {
		other = registerWords[Certified]
	}
	f := " " + fold(text)
	return strings.Contains(f, " "+other) && !strings.Contains(f, " "+own)
}

// registerWords are how folded words begin that tell the two lists apart in titles.
var registerWords = [2]string{Approved: "agre", Certified: "certif"}

// registerOf returns the list that a cell says to be the row's, if it says nothing else.
func registerOf(text string) (l Listing, ok bool) {
	if len(text) < 5 || len(text) > 40 || strings.IndexByte("aAcChHtT", text[0]) < 0 {
		return 0, false
	}
	said := ""
	for w := range strings.FieldsSeq(fold(text)) {
		switch w {
		case "hebergeur", "hebergeurs", "hds", "titulaire", "d", "de", "un", "une":
		default:
			said += w
		}
	}
	switch said {
	case "agree", "agreee", "agrees", "agreees", "agrement":
		return Approved, true
	case "certifie", "certifiee", "certifies", "certifiees", "certification", "certificat":
		return Certified, true
	}
	return 0, false
}

// foreignRows reports rows of the other list: under a title that says so, or by a column
// that says of each row which list it is of.
func (r *reader) foreignRows(rows []Row) {
	for _, s := range r.stated.foreigns {
		if len(s.rows) > 0 {
			r.report(Find(Error, CodeListingOther, r.table.At(s.title, -1), "title", oneLine(s.title.only()), "n", len(s.rows),
				"list", r.list, "names", evidenceNames(s.rows)).Said("section").About(s.rows))
		}
	}
	cell := func(k int, row *Row) string {
		if k < 0 {
			return row.Standing.Said()
		}
		return row.Extra[k]
	}
	for k := -1; k < len(r.cols.extra); k++ {
		col := r.cols.col(FieldStanding)
		if k >= 0 {
			col = r.cols.extra[k]
		}
		if col < 0 || ofSomethingElse().MatchString(fold(r.cols.names[col])) {
			continue
		}
		own := 0
		var other []Evidence
		for i := range rows {
			text := cell(k, &rows[i])
			switch l, ok := registerOf(text); {
			case !ok:
			case l == r.list:
				own++
			default:
				other = append(other, r.evidence(&rows[i], col, text))
			}
		}
		if own > 0 && len(other) > 0 {
			r.report(Find(Error, CodeListingOther, other[0].Place, "heading", oneLine(r.cols.names[col]), "n", len(other),
				"list", r.list, "names", evidenceNames(other)).Said("column").About(other))
		}
	}
}

// notRow reports whether a line is a title or the explanation of a mark, and no row.
func (r *reader) notRow(row TableRow) bool {
	if r.stated.lines[row.Number] {
		r.report(Find(Info, CodeRowUnnamed, r.table.At(row, -1), "text", oneLine(row.only())).Said("remark"))
		return true
	}
	return r.begin(row)
}

// unmark takes the marks that lines explain from the cells of a row.
func (r *reader) unmark(row TableRow) (TableRow, *Standing) {
	if len(r.stated.legend) == 0 {
		return row, nil
	}
	var found *Standing
	cloned := false
	for i, cell := range row.Cells {
		text := strings.TrimRightFunc(cell, unicode.IsSpace)
		for mark, st := range r.stated.legend {
			before, ok := strings.CutSuffix(text, mark)
			if !ok || strings.HasSuffix(before, mark[:1]) || before == "" {
				continue
			}
			if !cloned {
				row.Cells, cloned = slices.Clone(row.Cells), true
			}
			row.Cells[i] = strings.TrimRightFunc(before, unicode.IsSpace)
			if found == nil || st.Out {
				found = st
			}
			break
		}
	}
	return row, found
}

// besideCells takes a standing that is written beside another value, or instead of it,
// from the cells of a row: "14/01/2022 (suspendu)", "HDS 3 - retiré". doubt is what may mean one
// in the number: "HDS 3 transféré".
func (r *reader) besideCells(row TableRow) (read TableRow, st *Standing, doubt string) {
	for _, at := range r.stating {
		readAs := r.standings.cell
		if at.differ {
			readAs = r.standings.readCell
		}
		c := readAs(row.Cell(at.col))
		if c.standing.Leaves() {
			row.Cells = slices.Clone(row.Cells)
			row.Cells[at.col] = c.rest
			return row, c.standing, ""
		}
		if at.differ { // what is doubtful in a date or a type is not read, and said
			doubt = c.doubt
		}
	}
	return row, nil, doubt
}

// statingColumn is a column in which a standing may be written beside the value. Nothing is
// gained by remembering values that differ from row to row.
type statingColumn struct {
	col    int
	differ bool
}

// standingCell is a value and the standing that is written beside it.
type standingCell struct {
	rest     string
	standing *Standing
	doubt    string // see doubt
}

// cell reads a value of a row. The values of a column repeat, and to look for a standing in
// one takes longer than to read all else in its row: what was found is kept.
func (s *Standings) cell(text string) standingCell { return s.cells.of(text, s.readCell) }

func (s *Standings) readCell(text string) (c standingCell) {
	if !s.mayState(text) {
		return c
	}
	if c.rest, c.standing, c.doubt = s.readName(text); c.standing == nil && s.alone(text) {
		c.rest, c.standing = "", s.beside(oneLineWhole(text))
	}
	return c
}

// standing reads the standing of a row from all that the source says about it. If one
// statement says that the row does not count, it does not.
func (r *reader) standing(rec *Row, row TableRow, byMarks, beside *Standing, inNumber string) {
	var stated [standingWays]*Standing
	stated[byColumn] = r.standings.Of(row.Cell(r.cols.col(FieldStanding)))
	written := rec.Name
	var doubt string
	if rec.Name, stated[byName], doubt = r.standings.readName(rec.Name); stated[byName] != nil {
		rec.Written = written
	}
	stated[byMark] = byMarks
	stated[byCell] = beside
	remark := cmp.Or(r.aside(row, &stated), inNumber)
	if doubt == "" && strings.Contains(rec.Name, "usqu") && r.past(rec.Name) { // "ALPHA (jusqu'au 3 mars 2019)"
		doubt = rec.Name
	}
	stated[bySection] = r.stated.section
	at := -1
	for _, better := range []func(*Standing) bool{(*Standing).Leaves, func(s *Standing) bool { return !s.Known() },
		func(s *Standing) bool { return s != nil }} {
		if at = slices.IndexFunc(stated[:], better); at >= 0 {
			break
		}
	}
	for way, st := range stated {
		if st.Leaves() && standingWay(way) != bySection && r.notYet(st.Word) {
			stated[way] = r.standings.share(Standing{Word: st.Word, Key: st.Key})
			remark = st.Word
		}
	}
	if n := len(r.stated.foreigns); r.stated.foreign {
		at := &r.stated.foreigns[n-1]
		at.rows = append(at.rows, Evidence{Place: r.table.At(row, -1), Said: rec.Name})
	}
	evidence := func(word string) Evidence {
		return Evidence{Place: r.table.At(row, -1), Said: rec.Name, Note: message.New("evidence-standing", "word", word)}
	}
	if remark != "" && (at < 0 || !stated[at].Out) {
		r.stated.read[inDoubt] = append(r.stated.read[inDoubt], evidence(remark))
	}
	if doubt != "" && (at < 0 || !stated[at].Out) {
		r.stated.read[nameInDoubt] = append(r.stated.read[nameInDoubt], evidence(doubt))
	}
	if at < 0 {
		return
	}
	rec.Standing = stated[at]
	said := evidence(rec.Standing.Word)
	switch {
	case rec.Standing.Out && r.past(rec.Standing.Word):
		r.stated.read[pastStanding] = append(r.stated.read[pastStanding], said)
	case rec.Standing.Out:
		r.stated.read[at] = append(r.stated.read[at], said)
		if c := stated[byColumn]; c != nil && !c.Out && c.Known() {
			r.report(Find(Warning, CodeStandingConflict, r.at(row, FieldStanding), "name", oneLine(rec.Name),
				"column", oneLine(c.Word), "word", oneLine(rec.Standing.Word)))
		}
	case rec.Standing.Known():
		if r.past(rec.Standing.Word) {
			r.stated.read[overdue] = append(r.stated.read[overdue], said)
		}
	default:
		word := r.standings.ask(rec.Standing.Word)
		u := r.stated.unknown[foldSigns(word)]
		if u == nil {
			u = &unknownStanding{place: r.at(row, FieldStanding), word: word}
			if standingWay(at) != byColumn {
				u.place = r.at(row, FieldName)
			}
			r.stated.unknown[foldSigns(word)] = u
			r.stated.order = append(r.stated.order, foldSigns(word))
		}
		u.rows = append(u.rows, said)
	}
	if n := len(r.stated.sections); n > 0 && r.stated.section.Leaves() {
		last := &r.stated.sections[n-1]
		last.rows = append(last.rows, said)
	}
}

// ask returns the words to rule on: without a date and the like at their end, so that the
// ruling holds for every date.
func (s *Standings) ask(word string) string {
	fields := strings.Fields(word)
	for n := len(fields); n > 0; n-- {
		if s.core(foldSigns(fields[n-1])) != "" {
			return strings.Join(fields[:n], " ")
		}
	}
	return word
}

// aside states the standings that columns of remarks give a row, and columns such as "Date
// de suspension". It returns a remark that has words of a standing and more than can be
// understood, or "".
func (r *reader) aside(row TableRow, stated *[standingWays]*Standing) (doubt string) {
	for _, col := range r.stated.asides {
		text := oneLineWhole(row.Cell(col))
		if absent(text) {
			continue
		}
		switch t := r.standings.text(text); {
		case !t.out && (t.hint || t.in && r.past(text)):
			doubt = text
		case !t.out:
		case t.ask || t.within || t.rest && len(strings.Fields(text)) > 8: // "audit terminé"
			doubt = text
		case t.rest:
			stated[byRemark] = r.standings.stated(text)
		default:
			stated[byAside] = r.standings.stated(text)
		}
	}
	if st := r.besideColumn(row); st != nil {
		stated[byAside] = st
	}
	return doubt
}

// past reports whether a standing has ended by the edition's day, in its own words:
// "suspendu du 3 mars au 3 avril 2019".
func (r *reader) past(word string) bool {
	if !strings.ContainsAny(word, "0123456789") { // most words
		return false
	}
	m := standingSpan().FindStringSubmatch(word)
	if m == nil {
		return false
	}
	day, ok := ParseDate(strings.TrimRight(m[1], " .)"))
	return ok && day.Last().Compare(r.edition) < 0
}

// notYet reports whether a standing begins after the edition's day, in its own words:
// "suspendu à compter du 1er juillet 2019".
func (r *reader) notYet(word string) bool {
	if !strings.ContainsAny(word, "0123456789") || standingUntil().MatchString(word) {
		return false
	}
	day, ok := ParseDate(writtenDay().FindString(word))
	return ok && day.Compare(r.edition.Last()) > 0
}

var (
	standingUntil = pattern.Of(`(?i)\bjusqu|\buntil\b`)
	writtenDay    = pattern.Of(dayInText)
	standingSpan  = pattern.Of(`(?i)(?:\bjusqu.{1,2}(?:au|en)|\bdu .+ au|\bfrom .+ to|\buntil)\s+(.+)$`)
)

// besideColumn returns the standing that a column such as "Date de suspension" or "Actif"
// states.
func (r *reader) besideColumn(row TableRow) *Standing {
	if len(r.stated.dated) == 0 {
		return nil
	}
	for _, col := range slices.Sorted(maps.Keys(r.stated.dated)) {
		text := oneLineWhole(row.Cell(col))
		yes, ok := Ticked(text)
		if r.stated.dated[col] == standingValid {
			if ok && !yes && !absent(text) {
				return r.standings.share(Standing{Word: oneLineWhole(r.cols.names[col] + " : " + text), Key: "expired",
					Out: true})
			}
			continue
		}
		if absent(text) || ok && !yes {
			continue
		}
		if day, ok := ParseDate(text); ok && day.Compare(r.edition) > 0 {
			continue // not yet
		}
		return r.standings.share(Standing{Word: oneLineWhole(r.cols.names[col] + " : " + text), Key: r.stated.dated[col],
			Out: true})
	}
	return nil
}

// standingFindings says which rows do not count and why, and asks about the words that
// nobody has ruled on.
func (r *reader) standingFindings() {
	for _, word := range r.stated.order {
		u := r.stated.unknown[word]
		r.report(Find(Error, CodeStandingUnknown, u.place, "word", oneLine(u.word), "n", len(u.rows),
			"line", "reference: {statuses: [{word: "+strconv.Quote(u.word)+", counts: true}]}").About(u.rows))
	}
	for way, rows := range r.stated.read {
		code, severity := CodeStandingOut, Info
		switch standingWay(way) {
		case inDoubt, nameInDoubt, overdue:
			code, severity = CodeStandingDoubt, Warning
		case byRemark, pastStanding:
			severity = Warning // only a person can tell
		}
		if len(rows) > 0 && standingWay(way) != bySection {
			r.report(Find(severity, code, rows[0].Place, "n", len(rows),
				"names", evidenceNames(rows)).Said(standingVariants[way]).About(rows))
		}
	}
	for _, s := range r.stated.sections {
		if len(s.rows) == 0 {
			r.report(Find(Info, CodeRowUnnamed, r.table.At(s.title, -1), "text", oneLine(s.title.only())).Said("remark"))
			continue
		}
		r.report(Find(Warning, CodeStandingOut, r.table.At(s.title, -1), "n", len(s.rows),
			"names", evidenceNames(s.rows), "title", oneLine(s.title.only())).Said("section").About(s.rows))
	}
}

var standingVariants = [standingWays]string{byColumn: "", byName: "name", byMark: "mark", byCell: "cell", byAside: "aside",
	byRemark: "remark", bySection: "section", pastStanding: "past", nameInDoubt: "name", overdue: "overdue"}

func evidenceNames(rows []Evidence) message.List {
	names := make([]string, len(rows))
	for i, e := range rows {
		names[i] = e.Said
	}
	return few(names)
}
