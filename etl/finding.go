package etl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"hdsreport/etl/message"
)

// Place is where something stands in a source. Row and Column count from 1 as
// a person sees them in the file; 0 means that the place is wider than a cell.
type Place struct {
	File   string // as the user knows it: relative to the workspace where possible
	Sheet  string // worksheet, or "table 2" of a page; empty where a file has one table
	Row    int    // line of a text file, row of a sheet, row of an HTML table
	Column int
}

// String gives file[sheet]:row:column, without the parts that are not known.
func (p Place) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Sheet != "" {
		fmt.Fprintf(&b, "[%s]", p.Sheet)
	}
	if p.Row > 0 {
		fmt.Fprintf(&b, ":%d", p.Row)
		if p.Column > 0 {
			fmt.Fprintf(&b, ":%d", p.Column)
		}
	}
	return visible(b.String())
}

// Severity says what a finding means for the run.
type Severity uint8

const (
	Info    Severity = iota // worth knowing; nothing to do
	Warning                 // a person should look; the figures stand
	Error                   // a figure may be wrong; the gate decides
)

func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	default:
		return "error"
	}
}

// Finding is anything that a run noticed: a code, a place and arguments. Its words
// stand in the tables of package message: under the code what was seen, in lower case
// without a full stop, and under the code with ".do" what a person can do about it, which
// an Info may lack. Where a code has several wordings, Variant names one: its keys are
// "code/variant" and "code/variant.do", and where the latter is missing "code.do" holds.
type Finding struct {
	Severity Severity
	Code     string // stable, for filters and for --accept: "date-unreadable"
	Place    Place
	Variant  string
	Args     message.Args
}

// Find is a finding with its arguments, given as name, value, name, value.
func Find(s Severity, code string, at Place, pairs ...any) Finding {
	return Finding{Severity: s, Code: code, Place: at, Args: message.Pairs(pairs...)}
}

// Said is the finding in another wording of its code.
func (f Finding) Said(variant string) Finding {
	f.Variant = variant
	return f
}

// Many is a finding that sums up many of one code, of which only the first are listed. It
// is worded alike for all codes.
func (f Finding) Many(n, listed int) Finding {
	first := f.Place.Row
	f.Place.Row, f.Place.Column = 0, 0
	f.Variant = many
	f.Args = append(slices.Clone(f.Args), message.Pairs("n", n, "listed", listed, "first", first)...)
	return f
}

// many is the variant of a finding that sums up others.
const many = "many"

// What is what was seen.
func (f Finding) What() message.Message { return message.Message{Key: f.key(), Args: f.Args} }

func (f Finding) key() message.Key {
	switch f.Variant {
	case "":
		return message.Key(f.Code)
	case many:
		return "finding-many"
	}
	return message.Key(f.Code + "/" + f.Variant)
}

// ToDo is what a person can do about it; the zero Message where there is nothing.
func (f Finding) ToDo() message.Message {
	for _, key := range []message.Key{f.key() + ".do", message.Key(f.Code) + ".do"} {
		if message.Has(key) {
			return message.Message{Key: key, Args: f.Args}
		}
	}
	return message.Message{}
}

// Words are what was seen and what to do about it, in a language, on one line each.
func (f Finding) Words(p message.Printer) (what, do string) {
	return visible(p.Text(f.What())), visible(p.Text(f.ToDo()))
}

// Line is what editors and GitHub annotations see:
// file:row:column: severity: message; what to do [code].
func (f Finding) Line(p message.Printer) string {
	var b strings.Builder
	if at := f.Place.String(); at != "" {
		b.WriteString(at)
		b.WriteString(": ")
	}
	what, do := f.Words(p)
	fmt.Fprintf(&b, "%s: %s", f.Severity, what)
	if do != "" {
		fmt.Fprintf(&b, "; %s", do)
	}
	fmt.Fprintf(&b, " [%s]", f.Code)
	return visible(b.String())
}

// String is the line in English, for logs and tests.
func (f Finding) String() string { return f.Line(message.In("en")) }

// Say is the line, for a finding inside another message.
func (f Finding) Say(p message.Printer) string { return f.Line(p) }

// visible writes control characters out, line breaks too: a name of a file or of an
// actor must not colour a terminal or begin a line of its own.
func visible(s string) string {
	if !strings.ContainsFunc(s, unicode.IsControl) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) {
			fmt.Fprintf(&b, "\\x%02x", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// SortFindings orders findings by file, sheet, row, column and code, so that a
// report does not depend on the order in which stages ran.
func SortFindings(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		c := cmp.Or(
			cmp.Compare(a.Place.File, b.Place.File),
			cmp.Compare(a.Place.Sheet, b.Place.Sheet),
			cmp.Compare(a.Place.Row, b.Place.Row),
			cmp.Compare(a.Place.Column, b.Place.Column),
			cmp.Compare(a.Code, b.Code),
		)
		if c == 0 { // few: the words take long to make
			c = cmp.Compare(a.String(), b.String())
		}
		return c
	})
}
