package etl

import (
	"slices"
	"strconv"
	"strings"
)

// Labels that a page has for screen readers, links and buttons end up in the cells of
// names: "Voir la fiche de OVH". Lists of such labels are never complete, but what most
// names have in common is no name.

// commonWords are words that many names of these lists may begin or end with.
var commonWords = []string{"sante", "france", "cloud", "groupe", "group", "services", "service", "centre", "hospitalier",
	"universitaire", "societe", "sas", "sarl", "hebergement", "informatique", "numerique", "systemes", "solutions", "et", "de", "du", "la", "le"}

// sharedWords reports words with which most names begin or end.
func (r *reader) sharedWords(list *List) {
	names := map[string][]string{}
	for i := range list.Rows {
		folded := fold(list.Rows[i].Name)
		names[folded] = strings.Fields(folded)
		if len(names) > 1000 { // as many as are needed to see it
			break
		}
	}
	if len(names) < 3 {
		return
	}
	if n := numbered(list.Rows); 5*n >= 4*len(list.Rows) && n >= 3 {
		r.report(Find(Warning, CodeSharedWords, Place{File: r.table.File, Sheet: r.table.Sheet},
			"n", n, "all", len(list.Rows), "name", list.Rows[0].Name).Said("numbered"))
	}
	for _, side := range []struct {
		variant string
		take    func(words []string, n int) []string
	}{
		{"begin", func(w []string, n int) []string { return w[:n] }},
		{"end", func(w []string, n int) []string { return w[len(w)-n:] }},
	} {
		shared, holders := "", 0
		for n := 1; n <= 6; n++ {
			counts := map[string]int{}
			for _, words := range names {
				if len(words) > n {
					counts[strings.Join(side.take(words, n), " ")]++
				}
			}
			for words, count := range counts {
				if 2*count > len(names) && count >= 3 && tells(words, count, len(names)) {
					shared, holders = words, count
				}
			}
		}
		if shared != "" {
			r.report(Find(Warning, CodeSharedWords, Place{File: r.table.File, Sheet: r.table.Sheet},
				"n", holders, "all", len(names), "words", shared).Said(side.variant))
		}
	}
}

// numbered returns how many rows have a name that begins with a number which is one more
// than that of the row before: the numbers of the rows, and no part of the names.
func numbered(rows []Row) (n int) {
	last := 0
	for i := range rows {
		name := rows[i].Name
		rest := strings.TrimLeft(name, "0123456789")
		number, err := strconv.Atoi(name[:len(name)-len(rest)])
		if err == nil && number == last+1 && strings.Trim(rest[:min(3, len(rest))], " .-)/:°–") != rest[:min(3, len(rest))] {
			n++
		}
		last = number
	}
	return n
}

// tells reports whether words that names share are more than chance: several that are
// not common, or a single long one that nearly all have.
func tells(shared string, count, all int) bool {
	words := strings.Fields(shared)
	own := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(commonWords, w) })
	if len(words) >= 2 {
		return len(own) >= 1 && len(strings.Join(own, "")) > 3
	}
	return len(own) == 1 && len(shared) > 4 && all >= 5 && 5*count >= 4*all
}
