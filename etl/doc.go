// Package etl is the domain of hdsreport and its pipeline: it turns the cells
// of two official lists into actors, figures and findings.
//
// It reads in the order of the work, which run.go calls one after the other:
// table.go and listing.go (what comes in), header.go, read.go, clean.go,
// parsedate.go and activities.go (cells to rows), identify.go and rowid.go (who is
// who), classify.go (positions), correct.go (what editors put over the source),
// changes.go (since the last edition), gate.go (what must not be published),
// review.go and lookalikes.go (what awaits a person) and count.go (figures). rulings.go
// and merges.go explain. reference.go and codes.go hold the words. Nothing here
// opens a file, asks the clock or knows a spreadsheet library: the same input
// gives the same result on any day.
package etl
