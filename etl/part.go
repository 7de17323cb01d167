package etl

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hdsreport/etl/message"
)

// A file that is one page of several often says so: "1 à 20 sur 57", "Page 1/3", a total
// that is larger than its rows. Taken for the whole list it would be a wrong one, and
// nobody would see it.

// Part is what a file says of itself: that it is a part of the list.
type Part struct {
	Said  string // the words, or the key and its value
	Total int    // rows of the whole list; 0 if not said
	Next  bool   // another page follows
	Full  bool   // it has as many rows as a page has at the most, and nothing says that this is all
}

var (
	// span of rows: from, to, total.
	spanOfRows = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\b(\d[\d ]*?) ?(?:à|a|-|–|—|to|au) ?(\d[\d ]*?)(?: \pL+)? ?(?:\b(?:sur|of|parmi)(?: un total de)?| /) (\d[\d ]*\d|\d)\b`)
	})
	pageOfPages = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\bpage ?:? ?(\d{1,4}) ?(?:/|sur|of|de) ?(\d{1,4})\b`)
	})
	totalOfRows = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\b(\d[\d ]{0,6}) (?:résultats?|resultats?|results?|éléments?|enregistrements?|records?|entrées|entries|lignes|rows)\b`)
	})
	moreToLoad = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\b(?:charger (?:plus|la suite)|load more|show more results|(?:afficher|voir) (?:plus de (?:résultats|lignes)|la suite|les \d+ (?:autres|suivants)))`)
	})
)

// PartOf finds in texts around a table of so many rows that it is a part of the list.
func PartOf(texts []string, rows int) (Part, bool) {
	pages, of, said := map[int]bool{}, 0, ""
	for _, text := range texts {
		text = strings.Join(strings.Fields(text), " ")
		for _, m := range spanOfRows().FindAllStringSubmatch(text, 20) {
			from, to, total := apartNumber(m[1]), apartNumber(m[2]), apartNumber(m[3])
			if strings.Contains(m[0], "/") && total > 1989 && total < 2101 {
				continue // a date: "01-06 / 2019"
			}
			if from <= to && to <= total && total > rows && total < 1_000_000 {
				return Part{Said: m[0], Total: total, Next: to < total}, true
			}
		}
		for _, m := range pageOfPages().FindAllStringSubmatch(text, 1000) {
			if page, n := apartNumber(m[1]), apartNumber(m[2]); page >= 1 && page <= n {
				pages[page], of, said = true, max(of, n), m[0]
			}
		}
	}
	if of > len(pages) { // a file made of all pages has the words of each
		return Part{Said: said, Next: !pages[of]}, true
	}
	for _, text := range texts {
		if m := moreToLoad().FindString(text); m != "" {
			return Part{Said: m, Next: true}, true
		}
		for _, m := range totalOfRows().FindAllStringSubmatch(text, 20) {
			if total := apartNumber(m[1]); total > rows {
				return Part{Said: m[0], Total: total}, true
			}
		}
	}
	return Part{}, false
}

// apartNumber reads a number whose thousands may be set apart.
func apartNumber(digits string) int {
	n, err := strconv.Atoi(strings.ReplaceAll(digits, " ", ""))
	if err != nil {
		return 0
	}
	return n
}

// Finding is the error of a part that was taken for a list, or the warning that it may be one.
func (p Part) Finding(at Place) Finding {
	f := Find(Error, CodeSourcePart, at, "said", oneLine(p.Said))
	switch {
	case p.Full:
		return Find(Warning, CodeSourcePart, at, "said", oneLine(p.Said)).Said("full")
	case p.Total > 0:
		f = Find(Error, CodeSourcePart, at, "said", oneLine(p.Said), "total", p.Total).Said("total")
	case p.Next:
		f = f.Said("next")
	}
	return f
}

// PartTotal returns how many rows the whole list has by a finding of a part, or 0.
func PartTotal(f Finding) int {
	i := slices.IndexFunc(f.Args, func(a message.Arg) bool { return a.Name == "total" })
	if i < 0 {
		return 0
	}
	n, _ := f.Args[i].Value.(int)
	return n
}
