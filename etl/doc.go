// Package etl is the domain of hdsreport and its pipeline: it turns the cells of two
// official lists into actors, figures and findings.
//
// The files, in the order in which run.go calls them: table.go and listing.go (input),
// header.go, read.go, clean.go, parsedate.go and activities.go (cells to rows),
// identify.go and rowid.go (actors and identifiers), classify.go (positions),
// correct.go (editors' corrections), changes.go (since the last edition), gate.go (what
// must not be published), review.go and lookalikes.go (questions for editors) and
// count.go (figures). rulings.go and merges.go explain results. reference.go and
// codes.go hold the vocabulary. The package opens no file, does not read the clock and
// uses no spreadsheet library: the same input gives the same result on any day.
package etl
