// Package etl is the domain of hdsreport and its pipeline: it turns the cells
// of two official lists into actors, figures and findings.
//
// It reads in the order of the work: table.go (what a reader hands over),
// read.go (header and records), clean.go (values), identify.go (who is who),
// classify.go (positions), gate.go (what must not be published), count.go
// (figures) and run.go, which calls them one after the other. Nothing here
// opens a file, asks the clock or knows a spreadsheet library: the same input
// gives the same result on any day.
package etl
