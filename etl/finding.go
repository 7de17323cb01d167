package etl

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"hdsreport/etl/message"
)

// Place is a place in a source. Row and Column count from 1, as displayed to a person.
// 0 means that the place is larger than a cell.
type Place struct {
	File   string // as the user knows it: relative to the workspace where possible
	Sheet  string // worksheet, or "table 2" of a page; empty where a file has one table
	Row    int    // line of a text file, row of a sheet, row of an HTML table
	Column int
	Cell   string // of a spreadsheet that a person edited, as they call it (E10); Row and Column are then 0
}

// String returns file[sheet]:row:column, or file[sheet]!E10, without the parts that are not
// known.
func (p Place) String() string {
	var room [128]byte
	b := append(room[:0], p.File...)
	if p.Sheet != "" {
		b = append(append(append(b, '['), p.Sheet...), ']')
	}
	if p.Cell != "" {
		b = append(append(b, '!'), p.Cell...)
	}
	if p.Row > 0 {
		b = strconv.AppendInt(append(b, ':'), int64(p.Row), 10)
		if p.Column > 0 {
			b = strconv.AppendInt(append(b, ':'), int64(p.Column), 10)
		}
	}
	return visible(string(b))
}

// Severity says how a finding affects the run.
type Severity uint8

const (
	Info    Severity = iota // for information; nothing to do
	Warning                 // a person should look; the figures are right
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

// Finding is anything that a run noticed: a code, a place and arguments. Its words are
// in the tables of package message. The key of the message is the code; it is written
// in lower case without a full stop. The key with ".do" says what a person can do, and
// may be missing for Info. If a code has several wordings, Variant selects one: its
// keys are "code/variant" and "code/variant.do"; if the latter is missing, "code.do" is
// used.
type Finding struct {
	Severity Severity
	Code     string // stable, for filters and for --accept: "date-unreadable"
	Place    Place
	Variant  string
	Args     message.Args
	Rows     []Evidence // the rows concerned, in the file's order, if it is about many; may be empty
}

// Find returns a finding with its arguments, given as name, value, name, value.
func Find(s Severity, code string, at Place, pairs ...any) Finding {
	return Finding{Severity: s, Code: code, Place: at, Args: message.Pairs(pairs...)}
}

// Said returns the finding with another wording of its code.
func (f Finding) Said(variant string) Finding {
	f.Variant = variant
	return f
}

// About returns the finding with the rows that it is about.
func (f Finding) About(rows []Evidence) Finding {
	f.Rows = rows
	return f
}

// Many returns a finding that summarises n findings with the same code, of which only
// the first are listed. Its wording is the same for all codes.
func (f Finding) Many(n, listed int) Finding {
	first := f.Place.Row
	f.Place.Row, f.Place.Column = 0, 0
	f.Variant = many
	f.Args = append(slices.Clone(f.Args), message.Pairs("n", n, "listed", listed, "first", first)...)
	return f
}

// many is the variant of a finding that summarises others.
const many = "many"

// What returns the message of what was seen.
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

// ToDo returns the message of what a person can do about it, or the zero Message.
func (f Finding) ToDo() message.Message {
	for _, key := range []message.Key{f.key() + ".do", message.Key(f.Code) + ".do"} {
		if message.Has(key) {
			return message.Message{Key: key, Args: f.Args}
		}
	}
	return message.Message{}
}

// Words returns what was seen and what to do about it, in a language, on one line each.
func (f Finding) Words(p message.Printer) (what, do string) {
	return visible(p.Text(f.What())), visible(p.Text(f.ToDo()))
}

// Line is what editors and GitHub annotations see:
// file:row:column: severity: message; what to do [code].
func (f Finding) Line(p message.Printer) string { return f.LineWith(p, "") }

// LineWith returns the line with a remark in brackets after its message, unless the
// remark is empty.
func (f Finding) LineWith(p message.Printer, remark string) string {
	var b strings.Builder
	if at := f.Place.String(); at != "" {
		b.WriteString(at)
		b.WriteString(": ")
	}
	what, do := f.Words(p)
	fmt.Fprintf(&b, "%s: %s", f.Severity, what)
	if remark != "" {
		fmt.Fprintf(&b, " (%s)", remark)
	}
	if do != "" {
		b.WriteString(p.Semicolon() + do)
	}
	fmt.Fprintf(&b, " [%s]", f.Code)
	return visible(b.String())
}

// String returns the line in English, for logs and tests.
func (f Finding) String() string { return f.Line(message.In("en")) }

// Say returns the line, for a finding inside another message.
func (f Finding) Say(p message.Printer) string { return f.Line(p) }

// visible escapes control characters, including line breaks. The name of a file or an
// actor must not change the colours of a terminal or start a new line.
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

// SortFindings sorts findings by file, sheet, row, column and code, so that a report
// does not depend on the order in which stages ran.
func SortFindings(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		c := cmp.Or(
			cmp.Compare(a.Place.File, b.Place.File),
			cmp.Compare(a.Place.Sheet, b.Place.Sheet),
			cmp.Compare(a.Place.Row, b.Place.Row),
			cmp.Compare(a.Place.Column, b.Place.Column),
			cmp.Compare(a.Code, b.Code),
		)
		if c == 0 { // rare, so the slow comparison of words is acceptable
			c = cmp.Compare(a.String(), b.String())
		}
		return c
	})
}
