package source

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"hdsreport/etl"
)

// A page can say in a title, which shows when a pointer rests on a cell, what the cell does
// not: "Certificat suspendu" on a name. Titles of most rows alike are help for the page's
// user, and a title for each row, with a text of its own, is mostly a link's.

// titledCell is a cell with a title that says something else than its text.
type titledCell struct {
	at    rowCol
	title string
}

// pageHelp are titles that tell what a click does.
var pageHelp = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)nouvel(le)? (fenêtre|onglet)|new (window|tab)|^(voir|ouvrir|télécharger|trier|accéder|consulter|afficher|copier|see|view|open|download|sort)(?:$|[^\pL])`)
})

// keepTitles notes what the titles of a cell say and its text does not.
func (t *htmlTable) keepTitles(at rowCol, text string) {
	const most = 100_000
	if text == "" {
		return // the title may be the text
	}
	said := ""
	for i, title := range t.titles {
		if title == "" || slices.Contains(t.titles[:i], title) || pageHelp().MatchString(strings.TrimSpace(title)) ||
			sameAnswer(text, title) {
			continue
		}
		if said == "" {
			said = lettersOf(text)
		}
		if letters := lettersOf(title); letters != "" && !strings.Contains(said, letters) && len(t.titled) < most {
			t.titled = append(t.titled, titledCell{at, strings.Join(strings.Fields(title), " ")})
		}
	}
}

// sameAnswer reports whether a cell and its title both say yes, or both no: "✓" and "oui".
func sameAnswer(text, title string) bool {
	a, is := etl.Ticked(text)
	b, says := etl.Ticked(title)
	return is && says && a == b
}

// lettersOf is a text without what two ways to write it can differ in.
func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// reportTitles reports the titles that only some rows have.
func (t *htmlTable) reportTitles(n *notes, g *grid, o Options) {
	if len(t.titled) == 0 {
		return
	}
	first, rows := 0, len(g.rows)
	if h := g.header(o); h >= 0 {
		first, rows = g.rows[h].Number, rows-h-1
	}
	type same struct {
		col   int
		title string
	}
	count, in := map[same]int{}, map[int]int{}
	for _, c := range t.titled {
		if c.at.row > first {
			count[same{c.at.col, c.title}]++
			in[c.at.col]++
		}
	}
	different := map[int]int{}
	for s := range count {
		different[s.col]++
	}
	for _, c := range t.titled {
		k := same{c.at.col, c.title}
		switch {
		case c.at.row <= first || 2*count[k] > rows && rows > 2:
			continue
		case rows > 2 && 2*in[c.at.col] > rows && 2*different[c.at.col] > in[c.at.col]:
			continue // each has its own
		}
		n.each(c.at.row, c.at.col, etl.CodeHTMLTooltip, func() etl.Finding {
			return etl.Find(etl.Warning, etl.CodeHTMLTooltip, etl.Place{}, "text", short(c.title))
		})
	}
}
