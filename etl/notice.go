package etl

import (
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl/pattern"
)

// What a file says of itself: in lines above the header, in the headings of a page, in the
// members beside the records of a JSON document. "Document de travail", "57 hébergeurs",
// "Hébergeurs agréés": rows are read all the same, so somebody must see it.

// Notice is a word of config/tables/notices.csv: what it says of the list where it stands
// outside of the rows, or of a row where it heads a column.
type Notice struct {
	Word string // folded, one or several words
	Says NoticeKind
}

// NoticeKind is what a notice says.
type NoticeKind string

// The kinds of notices.
const (
	NoticeDoubt NoticeKind = "doubt" // the list is not the whole or the final one
	NoticeTitle NoticeKind = "title" // a word that titles of the list are made of; it says nothing more
	// NoticePublic is the heading of a column that says whether a row is public: "publié".
	NoticePublic NoticeKind = "public"
)

// longestNotice is the length of the longest text that is a title or a notice, in bytes. What
// is longer explains the list, and has all sorts of words.
const longestNotice = 200

// notices judges what the file says of itself outside of its rows.
func (r *reader) notices(list *List) {
	at := Place{File: r.table.File, Sheet: r.table.Sheet}
	var above []string
	for _, row := range r.table.Rows[:r.cols.header] {
		// More texts than a name and a value are the first line of a header.
		if texts := slices.Compact(trimmedTexts(row)); len(texts) == 1 || len(texts) == 2 {
			above = append(above, strings.Join(texts, " "))
		}
	}
	if part, ok := PartOf(slices.Concat(above, r.remarks), len(list.Rows)); ok {
		r.report(part.Finding(at))
	}
	for _, text := range above {
		if n, ok := StatedCount(text); ok && n != len(list.Rows) && n != distinctNames(list) {
			r.report(Find(Warning, CodeTotalDiffers, at, "total", n, "n", len(list.Rows)))
			break
		}
	}
	above = append(above, r.table.Around...)
	for _, text := range slices.Concat(above, r.remarks) {
		// A list is published some weeks after the day that it shows.
		if day, ok := statedDay(text); ok && (day.Compare(r.edition.Last()) > 0 || day.AddMonths(3).Compare(r.edition) < 0) {
			r.report(Find(Warning, CodeDayStated, at, "text", oneLine(text), "edition", r.edition))
			break
		}
	}
	var rest []string
	for _, text := range above {
		switch variant := r.doubtful(text); {
		case r.judged(text):
		case variant != "":
			r.report(Find(Warning, CodeFileNotice, at, "text", oneLine(text), "list", r.list).Said(variant))
		case !r.entitled(text):
			rest = append(rest, oneLine(text))
		}
	}
	if len(rest) > 0 {
		r.report(Find(Info, CodeFileNotice, at, "texts", few(rest)))
	}
}

// doubtful tells why a text makes it doubtful that the table is the list: it says so, it
// speaks of a part of the country, or of the other list. It returns "" if it does not.
func (r *reader) doubtful(text string) (variant string) {
	if len(text) > longestNotice {
		return ""
	}
	said := fold(addresses().ReplaceAllString(text, " "))
	for _, n := range r.ref.Notices {
		if n.Says == NoticeDoubt && hasPhrase(said, n.Word, false) {
			return "doubt"
		}
	}
	if !titles().MatchString(said) {
		return ""
	}
	switch {
	case r.ofOtherList(said):
		return "other"
	case slices.ContainsFunc(r.ref.Regions, func(region string) bool { return hasPhrase(said, region, false) }):
		return "part"
	}
	return ""
}

var (
	// titles are of lists, and no sentences: what they name, they hold.
	titles    = pattern.Of(`^(?:la |les )?(?:liste|tableau|registre|annuaire|hebergeurs|organismes|certificats|certifications|agrements|acteurs|list|hosts)\b`)
	addresses = pattern.Of(`(?:https?://|www\.)\S+|\S+@\S+`)
)

// judged reports whether a text is a count, or the title of a section that is told with its rows.
func (r *reader) judged(text string) bool {
	_, counts := StatedCount(text)
	titles := func(s standingSection) bool { return s.title.only() == text }
	return counts || slices.ContainsFunc(r.stated.sections, titles) || slices.ContainsFunc(r.stated.foreigns, titles)
}

// entitled reports whether a text is a title of the list or says where it comes from, in words
// that are known.
func (r *reader) entitled(text string) bool {
	if len(text) > longestNotice {
		return false
	}
	for w := range strings.FieldsSeq(fold(addresses().ReplaceAllString(text, " "))) {
		if len(w) > 1 && strings.Trim(w, "0123456789") != "" && w != "1er" && months[w] == 0 &&
			!r.notice(w, NoticeTitle) {
			return false
		}
	}
	return true
}

// StatedCount returns how many hosts a line such as "60 hébergeurs certifiés au 1er mars 2026"
// says that there are.
func StatedCount(text string) (n int, ok bool) {
	m := statedCount().FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1] + m[2])
	return n, err == nil
}

const counted = `(?:hébergeurs|organismes|acteurs|sociétés|entreprises|titulaires|certificats|agréments|structures|hosts)`

var statedCount = pattern.Of(`(?i)^(?:(\d{1,4}) ` + counted + `(?: (?:certifiés|agréés|hds))*(?: (?:au|à) [\pL\d /.]{1,30})?[.:]?|` +
	`(?:total|nombre(?: total)?)(?: d[e’'])?(?: ?` + counted + `)?(?: (?:certifiés|agréés))* ?:? ?(\d{1,4}))$`)

// notice reports whether folded words are a notice of a kind.
func (r *reader) notice(words string, says NoticeKind) bool {
	return slices.Contains(r.ref.Notices, Notice{words, says})
}
