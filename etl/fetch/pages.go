package fetch

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"hdsreport/etl"
)

// A listing may be published in pages, by letter or by number. All of them make the
// list, or none: a page that is missing, that is no list or that has other headings
// stops the fetch. What the workspace reads is one file with the cells of all pages;
// the pages themselves are kept beside it, as they came.

// merge puts the readings of pages together, in their order: the header once, and
// every row after it, read by the pipeline or not. Rows that several pages have are
// reported, and kept.
func merge(pages []string, rs []*reading, place func(page string) string) ([][]string, []etl.Finding, error) {
	head := trimmed(rs[0].head.Cells)
	cells := [][]string{head}
	type seen struct {
		page string
		at   etl.Place
	}
	first := map[string]seen{}
	var found []etl.Finding
	repeated := 0
	bodies := map[string]string{} // what a page holds, whole: the page
	for i, r := range rs {
		if !slices.Equal(trimmed(r.head.Cells), head) {
			return nil, nil, refuse("fetch-pages-differ", "look at both pages; if the columns changed while the pages were fetched, try again later",
				"the headings are not those of page %s: %s there, and %s here", pages[0], quotedCells(head), quotedCells(r.head.Cells)).at(place(pages[i]))
		}
		var body strings.Builder
		for _, row := range r.body {
			body.Write(rowSum(row))
		}
		if same, twice := bodies[body.String()]; twice && len(r.body) > 0 {
			return nil, nil, refuse("fetch-pages-same", "look at both: the server may not know {page} at this place of the address, and give the whole list each time",
				"page %s holds the very rows of page %s", pages[i], same).at(place(pages[i]))
		}
		bodies[body.String()] = pages[i]
		for _, row := range r.body {
			cells = append(cells, row.Cells)
			key := string(rowSum(row))
			before, twice := first[key]
			if !twice {
				first[key] = seen{pages[i], r.table.At(row, -1)}
				continue
			}
			if before.page == pages[i] {
				continue // within a page it is the list's own affair, which the pipeline reports
			}
			const most = 10
			if repeated++; repeated <= most {
				found = append(found, etl.Finding{Severity: etl.Warning, Code: "fetch-row-repeated", Place: r.table.At(row, -1),
					Message: fmt.Sprintf("page %s has this row as well (%s); both are kept: %q", before.page, before.at, strings.Join(trimmed(row.Cells), " | ")), Do: "check whether the pages overlap, or changed while they were fetched"})
			}
		}
	}
	if repeated > 10 {
		found = append(found, etl.Finding{Severity: etl.Warning, Code: "fetch-row-repeated", Message: fmt.Sprintf("%d rows in all stand on several pages", repeated), Do: "check whether the pages overlap"})
	}
	return cells, found, nil
}

func quotedCells(cells []string) string {
	return fmt.Sprintf("%.200q", strings.Join(trimmed(cells), " | "))
}

// asCSV writes cells as a file that the workspace reads, with semicolons, as French
// spreadsheets expect.
func asCSV(cells [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = ';'
	err := w.WriteAll(cells)
	return b.Bytes(), err
}

// pageFile names a page's file: its rank keeps the order, and keeps apart what only
// case tells apart.
func pageFile(rank, of int, page, format string) string {
	return fmt.Sprintf("%0*d-%s.%s", len(fmt.Sprint(of)), rank+1, strings.ReplaceAll(escaped(page), "%", "_"), format)
}
