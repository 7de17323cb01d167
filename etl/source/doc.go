// Package source reads one file into one table of cells: csv, tsv, xlsx, html,
// ods or json, whatever the extension says. It knows nothing of actors, headers
// or dates; it knows what people do to files before they send them.
//
// It reads in this order: source.go (open, tell the format, dispatch), then one
// reader a format (csv.go, xlsx.go, html.go, ods.go, json.go), all of which put
// their rows through grid.go, which cleans every cell (text.go, mojibake.go) and
// counts. shown.go leaves out of a cell what is no part of its value: marks of notes,
// crossed-out and hidden text (css.go for pages); numfmt.go follows number formats that
// say more than the number. wrapped.go brings records that services wrap into one form.
// encoding.go turns bytes into UTF-8; archive.go serves the two zipped formats; choose.go
// picks among several sheets or tables; limits.go bounds it all; unreadable.go holds the
// words of every refusal.
//
// # What a cell's text is
//
// Every cell of every format has gone through the same treatment, so that the
// rest of the program never meets it again:
//
//   - mojibake is undone where that is certain ("HÃ©bergeur" → "Hébergeur"), and
//     each cell is reported;
//   - Unicode is composed (NFC); invalid bytes are U+FFFD, and reported;
//   - no-break, narrow, thin and other typographic spaces, and tabs, are ordinary
//     spaces; runs of spaces are one space; ends are trimmed;
//   - a line break is "\n" (several are one), with no space around it: a list of
//     activities on several lines stays a list;
//   - zero-width characters, byte order marks, soft hyphens, direction marks and
//     control characters are removed, and reported;
//   - everything else stays: typographic apostrophes and quotes, dashes, ticks,
//     case, leading zeros.
//
// Cleaning twice gives what cleaning once gives.
//
// Spreadsheet dates are ISO 8601, to the month where the cell shows no day;
// numbers have no exponent and no needless zero; booleans are TRUE and FALSE. A
// merged or spanned cell repeats its text in what it covers, except in a row that
// holds nothing else. Rows without any text are left out and trailing empty cells
// cut; a row keeps the number that a person sees: the line of a text file where
// the record starts, the row of a sheet or of an HTML table, the rank from 1 of a
// JSON record (whose header row, made of the keys, has number 0).
//
// # What can go wrong
//
// What a person can live with is a finding with its place. What leaves no table
// to return is a *Unreadable, which says what to do. Time and memory are linear in
// the size of the file and bounded by Options.
package source
