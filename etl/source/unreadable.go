package source

import (
	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Unreadable is the error for a file that cannot be read as a table, whatever the
// reason: it says what the file is and what a person can do about it. The
// finding's severity is always etl.Error.
type Unreadable struct {
	Finding etl.Finding
	cause   error
}

// Error is the finding in English: place: message; what to do [code].
func (r *Unreadable) Error() string { return r.Say(message.In("en")) }

// Say is Error in a language.
func (r *Unreadable) Say(p message.Printer) string {
	f := r.Finding
	s, do := f.Words(p)
	if at := f.Place.String(); at != "" {
		s = at + ": " + s
	}
	if do != "" {
		s += p.Semicolon() + do
	}
	return s + " [" + f.Code + "]"
}

// Unwrap gives the file system's error, if that is what stopped the reading.
func (r *Unreadable) Unwrap() error { return r.cause }

// named are the names that a code's words have for the arguments of refuse, where it
// has some.
var named = map[string][]string{
	etl.CodeSourceUnreadable: {"why"},
	etl.CodeSourceTooLarge:   {"most"},
	etl.CodeSourceOffice:     {"kind"},
	etl.CodeSourceXML:        {"kind"},
	etl.CodeSourceImage:      {"kind"},
	etl.CodeSourceArchive:    {"kind"},
	etl.CodeSourceZip:        {"kind"},
	etl.CodeSourceDamaged:    {"format", "why"},
	etl.CodeSourceZipBomb:    {"part"},
	etl.CodeTooManyCells:     {"most"},
	etl.CodeTooManyRows:      {"most"},
	etl.CodeSheetMissing:     {"name", "known"},
	etl.CodeSourceEncoding:   {"why"},
	etl.CodeHTMLNoTable:      {"title"},
	etl.CodeHTMLErrorPage:    {"title"},
	etl.CodeJSONSyntax:       {"why"},
	etl.CodeJSONDepth:        {"most"},
}

// refuse says why a file cannot be read, with the arguments of the code's words; it
// panics on one too many or too few, which a test would meet.
func refuse(place etl.Place, code string, args ...any) *Unreadable {
	names := named[code]
	if len(names) != len(args) || !message.Has(message.Key(code)) {
		panic("source: no words for " + code)
	}
	r := &Unreadable{Finding: etl.Find(etl.Error, code, place)}
	for i, a := range args {
		r.Finding.Args = append(r.Finding.Args, message.Arg{Name: names[i], Value: a})
		if err, ok := a.(error); ok {
			r.cause = err
		}
	}
	return r
}
