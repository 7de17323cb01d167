package fetch

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// A listing may be published in pages, by letter or number. The list needs all of them:
// a page that is missing, that is not a list or that has other headings stops the
// fetch. The workspace gets one file with the cells of all pages. The original pages
// are stored beside it.

// merge combines the readings of pages in order: the header once, and all rows after
// it, whether the pipeline reads them or not. Rows that occur in several pages are
// reported and kept.
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
	bodies := map[string]string{} // page by its whole content
	for i, r := range rs {
		if !slices.Equal(trimmed(r.head.Cells), head) {
			return nil, nil, reject(etl.CodeFetchPagesDiffer, "page", pages[0], "there", joined(head),
				"here", joined(r.head.Cells)).at(place(pages[i]))
		}
		var body strings.Builder
		for _, row := range r.body {
			body.Write(rowSum(row))
		}
		if same, twice := bodies[body.String()]; twice && len(r.body) > 0 {
			return nil, nil, reject(etl.CodeFetchPagesSame, "page", pages[i], "other", same).at(place(pages[i]))
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
				continue // repeated within a page, which the pipeline reports
			}
			const most = 10
			if repeated++; repeated <= most {
				found = append(found, etl.Find(etl.Warning, etl.CodeFetchRowRepeated, r.table.At(row, -1),
					"page", before.page, "place", before.at.String(), "row", joined(row.Cells)))
			}
		}
	}
	if repeated > 10 {
		found = append(found, etl.Find(etl.Warning, etl.CodeFetchRowRepeated, etl.Place{}, "n", repeated).Said("all"))
	}
	return cells, found, nil
}

// joined returns a row as quoted in messages.
func joined(cells []string) string { return cut200(strings.Join(trimmed(cells), " | ")) }

func cut200(s string) string {
	return message.Cut(s, 200)
}

// asCSV writes cells as a CSV file with semicolons, as French spreadsheets expect.
func asCSV(cells [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = ';'
	err := w.WriteAll(cells)
	return b.Bytes(), err
}

// pageFile returns the file name of a page. The rank keeps the order, and distinguishes
// names that differ only in case.
func pageFile(rank, of int, page, format string) string {
	return fmt.Sprintf("%0*d-%s.%s", len(fmt.Sprint(of)), rank+1, strings.ReplaceAll(escaped(page), "%", "_"), format)
}
