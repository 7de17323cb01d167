// Package gsheets makes an existing Google Sheet equal to the book, all or nothing.
//
// # One batch
//
// A publication reads the spreadsheet once, works out one batchUpdate, sends it, and
// reads the spreadsheet again. Google applies a batch whole or not at all, so that a
// reader sees the old edition or the new one. Where nothing changed, nothing is sent.
//
// # What is ours
//
// Tabs, columns and the header row are found by developer metadata, never by title or
// place: people rename, move, hide and sort tabs, and put columns of theirs between
// ours. What bears none of our metadata is theirs and is left alone. Rows of the lists
// are found by the text of the column of identifiers: departed ones are deleted as
// rows, new ones inserted, and those that stand elsewhere than in the book are moved,
// the fewest possible, so that a cell in somebody's own column stays beside its actor.
// A background that people give a row is theirs too and moves with it. If rows have to move, cells
// that people merged over several rows are unmerged, since Google moves no row out of a merge; the
// value stays in the first cell.
//
// The filter of a tab covers all its columns, theirs included: Google sorts only the
// columns that a filter covers, and the others would stay behind. It is a basic filter,
// with a saved view a position for readers who may not edit, and not one of the newer
// native tables, of which Google documents too little about what happens to them when
// rows come and go. Somebody who makes such a table of a list stops the publication until
// it is reverted: to delete it would delete its cells.
//
// # Exactly once
//
// A batch creates one entry of metadata, the generation, whose id is chosen from the
// last one's (generation.go): of two publishers who read the same state, or of a batch
// sent twice, Google refuses the second, whose id is taken. After an answer that leaves
// open what happened, the entries are read before anything is sent again.
//
// # What people type
//
// What differs in our cells from what was published is somebody's edit (edits.go). It is saved
// before it is overwritten, and stops the publication unless told otherwise. A cell that says the
// same in another way, as "non" for "Non" or a date typed as text, is no edit; the next publication
// writes it as the book has it.
//
// The batch begins by copying our tabs into hidden ones, as they are at that moment. The copies are
// compared with what was read before (meanwhile.go), so that what was typed in between is saved too,
// and what was moved is put right (repair.go). If the process is killed in between, the next run
// saves from the copies what was typed, and the cells of other people's columns that stand beside
// another row since; it leaves those where they are (interrupted.go).
//
// # What Google computes
//
// Each run compares the values that Google computes with the program's, whether it has written
// anything or not: rows by their identifiers, and names under a figure in any order, as people sort
// the lists. A figure that differs is an error, in that run and in every later one.
//
// # Protection
//
// Our protected ranges warn and do not forbid. A range that only some may edit has to
// name them, and the publishing account's own address is not always known (Application
// Default Credentials do not tell it); one that left it out could lock the program out
// of its own sheet. The edits that a warning does not keep off are noticed anyway.
package gsheets
