package etl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
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

// Finding is anything that a run noticed. Message says what was seen, in lower
// case without a full stop; Do says what a person can do about it, and may be
// empty on an Info.
type Finding struct {
	Severity Severity
	Code     string // stable, for filters and for --accept: "date-unreadable"
	Place    Place
	Message  string
	Do       string
}

// String gives the line that editors and GitHub annotations see:
// file:row:column: severity: message; what to do [code].
func (f Finding) String() string {
	var b strings.Builder
	if at := f.Place.String(); at != "" {
		b.WriteString(at)
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "%s: %s", f.Severity, f.Message)
	if f.Do != "" {
		fmt.Fprintf(&b, "; %s", f.Do)
	}
	fmt.Fprintf(&b, " [%s]", f.Code)
	return visible(b.String())
}

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
		return cmp.Or(
			cmp.Compare(a.Place.File, b.Place.File),
			cmp.Compare(a.Place.Sheet, b.Place.Sheet),
			cmp.Compare(a.Place.Row, b.Place.Row),
			cmp.Compare(a.Place.Column, b.Place.Column),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
}
