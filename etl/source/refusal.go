package source

import (
	"fmt"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Refusal is the error for a file that cannot be read as a table, whatever the
// reason: it says what the file is and what a person can do about it. The
// finding's severity is always etl.Error.
type Refusal struct {
	Finding etl.Finding
	cause   error
}

// Error is place: message; what to do [code].
func (r *Refusal) Error() string {
	f := r.Finding
	s, do := f.Words(message.In("en"))
	if at := f.Place.String(); at != "" {
		s = at + ": " + s
	}
	if do != "" {
		s += "; " + do
	}
	return s + " [" + f.Code + "]"
}

// Unwrap gives the file system's error, if that is what stopped the reading.
func (r *Refusal) Unwrap() error { return r.cause }

// refusals holds the words of every refusal, by code. A message may take
// arguments; what to do never does.
var refusals = map[string]struct{ message, do string }{
	// the file itself
	etl.CodeSourceMissing:    {"there is no such file", "check its name and folder"},
	etl.CodeSourceDirectory:  {"this is a folder, not a file", "name the file inside it"},
	etl.CodeSourceUnreadable: {"the file cannot be read: %v", "check its permissions, and that no other program holds it"},
	etl.CodeSourceSpecial:    {"this is not an ordinary file", "save what it gives into a file first"},
	etl.CodeSourceTooLarge:   {"the file is larger than %d MiB", "check that it is the list; if it is, raise the limit in the configuration"},
	etl.CodeSourceEmpty:      {"the file is empty", "download or export it again"},
	etl.CodeSourceBlank:      {"the file holds nothing but blanks", "download or export it again"},

	// formats that are not tables, or not ones we read
	etl.CodeSourcePDF:       {"this is a PDF, from which a table cannot be read reliably", "ask the publisher for a spreadsheet, or export the table to .xlsx or .csv and check it against the PDF"},
	etl.CodeSourceEncrypted: {"this workbook is protected by a password", "open it, remove the password, and save it as .xlsx or .ods"},
	etl.CodeSourceXLS:       {"this is an old Excel workbook (.xls)", "open it and save it as .xlsx"},
	etl.CodeSourceXLSB:      {"this is a binary Excel workbook (.xlsb)", "open it and save it as .xlsx"},
	etl.CodeSourceOffice:    {"this is a %s document, not a spreadsheet", "copy its table into a spreadsheet and save that as .xlsx"},
	etl.CodeSourceNumbers:   {"this is an Apple iWork document", "open it in Numbers and export it to Excel (.xlsx)"},
	etl.CodeSourceXML2003:   {"this is an Excel 2003 XML workbook", "open it and save it as .xlsx"},
	etl.CodeSourceXML:       {"this is an XML document (<%s>), not one of the formats that are read", "export the table to .xlsx or .csv"},
	etl.CodeSourceRTF:       {"this is an RTF document", "copy its table into a spreadsheet and save that as .xlsx"},
	etl.CodeSourceMHTML:     {"this is a web archive (.mht, .mhtml)", "save the page again as “Web page, HTML only”"},
	etl.CodeSourceImage:     {"this is a picture (%s)", "ask for the list as a spreadsheet: text is not read from pictures"},
	etl.CodeSourceArchive:   {"this is a compressed file (%s)", "unpack it and give the file inside"},
	etl.CodeSourceZip:       {"this is a zip archive and not a spreadsheet; it holds %s", "unpack it and give the file inside"},
	etl.CodeSourceBinary:    {"this is not text, nor any format that is read", "check the file, or export the list to .xlsx or .csv"},

	// formats that are read, but this one cannot be
	etl.CodeSourceDamaged:  {"the %s file is damaged: %v", "download it again, or open it, let the program repair it, and save it"},
	etl.CodeSourceZipBomb:  {"the file unpacks to an absurd size (%s)", "do not trust it; ask for the list again"},
	etl.CodeTooManyCells:   {"the table has more than %d cells", "check that it is the list; if it is, remove the columns that are not needed"},
	etl.CodeTooManyRows:    {"the table has more than %d rows, and no sheet holds more", "check that it is the list"},
	etl.CodeSheetMissing:   {"there is no sheet or table named %q; there is %s", "correct the name in the configuration"},
	etl.CodeSheetNone:      {"the file has no sheet with cells in it", "check that it is the list"},
	etl.CodeSourceEncoding: {"the text cannot be decoded: %v", "save it again as UTF-8"},

	// pages
	etl.CodeHTMLNoTable:   {"the page has no table%s", "save the page that shows the list, once it is displayed, or export the list from the site"},
	etl.CodeHTMLLogin:     {"this is a login page, not the list", "log in, then download the list again"},
	etl.CodeHTMLErrorPage: {"this is an error page (%q), not the list", "check the address, then download the list again"},

	// JSON
	etl.CodeJSONSyntax:  {"the JSON is broken: %v", "download it again; if it stays broken, tell the publisher"},
	etl.CodeJSONDepth:   {"the JSON is nested more than %d deep", "check that it is the list"},
	etl.CodeJSONNoTable: {"the JSON holds no list of records", "give a file with an array of objects, or of arrays"},
}

// refuse builds the refusal of a code; it panics on a code without words, which
// a test would meet.
func refuse(place etl.Place, code string, args ...any) *Refusal {
	words, ok := refusals[code]
	if !ok {
		panic("source: no words for refusal " + code)
	}
	r := &Refusal{Finding: etl.Finding{
		Severity: etl.Error,
		Code:     code,
		Place:    place,
		Message:  words.message,
		Do:       words.do,
	}}
	if len(args) > 0 {
		r.Finding.Message = fmt.Sprintf(words.message, args...)
	}
	for _, a := range args {
		if err, ok := a.(error); ok {
			r.cause = err
		}
	}
	return r
}
