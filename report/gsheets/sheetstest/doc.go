// Package sheetstest is a Google Sheets v4 server for tests. It keeps one spreadsheet,
// answers the real Google client over HTTP, applies a batch to a copy and commits it
// whole or not at all, and fails in every way that a test asks for.
//
//	srv := sheetstest.New(sheetstest.Options{Locale: "fr_FR"})
//	ts := httptest.NewServer(srv)                             // or http.Serve on a port of one's own
//	srv.At(sheetstest.Batch, 1, sheetstest.UnavailableAfter()) // the next batch applies, and is answered 503
//	srv.Edit("Acteurs", "B7", "ESN")                          // somebody types
//	srv.Snapshot().Sheet("Acteurs")                           // what a reader sees
//
// It knows spreadsheets.get, spreadsheets.batchUpdate with the requests of the table
// in batch.go, and developerMetadata:search; everything else is refused by name. Every
// body, query and fields mask is checked against the discovery document that the Google
// module ships. Where a client's transport sends a request again by itself (Go's does so
// for a GET on a connection that was reset), that is one more request in the record.
//
// No emulator of Google's exists, so that what follows says how far this one can be
// trusted. report/gsheets/CHECKLIST.md is what to look at once on a real spreadsheet; it
// names the assumptions by their ids.
//
// # Documented by Google, and done here
//
//	D1   a batch applies in order and as a whole, or not at all; replies mirror the requests
//	D2   ranges are half-open; an end that is not sent is the grid's
//	D3   updateCells over a range clears the named fields where it gives no cell; a new value erases text runs
//	D4   a new line inherits from before only behind another line; a move's destination counts before the move
//	D5   a tab's index counts before the move; its own place or the next one changes nothing; left out, it goes to the
//	     end
//	D6   ids of tabs, filter views, charts, protected and named ranges may be chosen, and a used one is an error
//	D7   metadata stays with its row, column or tab as that moves, and goes with it; a metadata id is unique and positive
//	D8   a mask takes the place of includeGridData; answers hold a filter's criteria in both their forms
//	D9   a link that is set brings its colour and underline, unless the same request sets them
//	D10  10 million cells; 50,000 characters a cell; 30,000 characters of metadata for the spreadsheet and for each tab
//	D11  a paste repeats its source over a destination that is a multiple of it, else it pastes the source once
//	D12  the mask of a chart's position starts from newPosition.overlayPosition, every other one from its message
//	D13  PASTE_FORMAT takes formats and no drop-downs, PASTE_DATA_VALIDATION drop-downs alone; a rule that is left out of
//	     setDataValidation clears it
//
// # Assumed
//
//	A1   createDeveloperMetadata with an id in use refuses the whole batch (documented is only that ids are unique)
//	A2   the id of deleted metadata, of a deleted filter view, chart or protected range may be used again
//	A3   duplicating a tab copies its metadata, filter views, charts and protections under new ids
//	A4   deleting or updating metadata that does not exist is refused
//	A5   metadata counts by the characters of keys and values; that of rows and columns counts with their tab's
//	A6   a lookup by id finds metadata of every visibility that this project may see; both visibilities are seen here
//	A7   moveDimension carries cells of all columns with their notes, formats, drop-downs, and the row's height and
//	     metadata
//	A8   a range whose first or last line is moved follows it with that edge (Options.MovesLeaveRanges: it stays)
//	A9   an inserted line takes formats and drop-downs of its neighbour, no value, note, link or metadata
//	A10  a range shrinks by the lines deleted from it; when all are gone, so is its filter, view, protection, format or
//	     name
//	A11  a reference whose cells or tab are deleted becomes #REF!
//	A12  a range grows by lines inserted within it, not by those before its first or behind its last line
//	A13  a filter's columns are numbered from the sheet's first one, not from the range's
//	A14  a sort moves the cells of its range with notes, formats and drop-downs; row metadata stays; relative references
//	     change as in a copy; references from elsewhere do not follow; numbers, texts, truth values, then blanks both
//	     ways
//	A15  renaming a tab rewrites the references to it, with the new title in quotes
//	A16  a formula is read back with the locale's separator (";" where 1,5 is a number, else ","), otherwise as it was
//	     sent
//	A17  a grid is answered up to its last cell that holds anything, a format alone included, whatever the mask
//	A18  answers leave out zeros, falses and empty texts, except a tab's id and index and what a cell holds
//	A19  two filter views of a tab may have the same title
//	A20  a paste goes into a hidden tab that the same batch added as into any other; PASTE_NORMAL takes formulas,
//	     formats, notes and drop-downs along, PASTE_VALUES what formulas compute and nothing else
//	A21  a mask that names a whole message replaces it: what the request does not say is cleared (of formats too)
//	A22  a chart stays when the row of its anchor is deleted
//	A23  protections do not bind the account that publishes
//	A24  what people type is applied between batches, never within one
//	A25  all non-frozen rows cannot be deleted; all tabs cannot be hidden; the last one cannot be deleted
//	A26  metadata at a tab needs its id in the request even if it is 0; in a range, a missing id is 0
//	A27  the texts of refusals are as near as we know them; only their status and place may be relied on
//	A28  a batch that was sent may still be applied after its sender gave up
//	A29  a 403 for a full Drive or too many requests has its reason in the older form of errors, beside the newer one
//
// # Stricter than Google
//
//	S1   a read-only field in a body or an update's mask is refused, where Google often ignores it
//	S2   a formula that Google would take and show as an error is refused: an unknown tab, separators of another locale
//	S3   a drop-down with no, an empty or a repeated choice; a filter's column or a chart's cells outside the range or
//	     grid
//	S4   a native table over a basic filter, and the other way round; tables that overlap
//	S5   copyPaste out of a range with a basic filter: whether rows that it hides are copied is not documented
//
// # Not done
//
// Formulas are not computed (Options.Evaluate may do it), and a conditional format
// changes nothing that is answered. effectiveFormat is the format that was entered;
// formattedValue is there for texts, truth values, and numbers without a number format.
// Left out: what a colour is besides what was sent, the defaults that Google writes into
// chart specs, editors of protected ranges, banding, groups, slicers, pivot tables,
// comments, how a native table grows.
package sheetstest
