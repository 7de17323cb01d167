package xlsx

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
	"hdsreport/report"
	"hdsreport/report/formula"
)

// Checks for what Excel would repair on opening, that is, discard. excelize accepts most
// of it without an error, so it is refused here before anything is written.

// Limits of the format (ECMA-376 and Microsoft's "Excel specifications and limits").
const (
	maxRows      = 1_048_576
	maxColumns   = 16_384
	maxText      = 32_767 // UTF-16 units in a cell
	maxLiteral   = 255    // in a drop-down or its message
	maxHeader    = 255
	maxFooter    = 255
	maxSheetName = 31
	maxLinks     = 65_530 // per sheet
	maxWidth     = 255    // of a column, in characters
	maxHeight    = 409    // of a row, in points
)

// check returns an error with everything that prevents the book from being a valid file.
func check(b *report.Book) error {
	var errs []error
	if len(b.Sheets) == 0 {
		return errors.New("the book has no sheet")
	}
	if b.Date.IsZero() {
		errs = append(errs, errors.New("the book has no date: a file takes its times from it"))
	}
	for what, s := range map[string]string{"title": b.Title, "subject": b.Subject, "description": b.Description,
		"creator": b.Creator, "keywords": b.Keywords, "language": b.Language} {
		if err := checkText(s); err != nil {
			errs = append(errs, message.Fail(err, "workbook-property", "property", message.Key("workbook-"+what),
				"why", err))
		}
	}
	sheets, names, ids := map[string]string{}, map[string]string{}, map[string]bool{}
	for _, s := range b.Sheets {
		if err := checkSheetName(s.Name); err != nil {
			errs = append(errs, err)
		}
		if other, twice := sheets[strings.ToLower(s.Name)]; twice {
			errs = append(errs, fmt.Errorf("two sheets are named %q and %q: a workbook takes them for one name",
				other, s.Name))
		}
		sheets[strings.ToLower(s.Name)] = s.Name
		if s.Table != nil {
			if other, twice := names[strings.ToLower(s.Table.Name)]; twice {
				errs = append(errs, fmt.Errorf("two tables are named %q and %q: a workbook takes them for one name",
					other, s.Table.Name))
			}
			names[strings.ToLower(s.Table.Name)] = s.Table.Name
			if ids[s.Table.ID] {
				errs = append(errs, fmt.Errorf("two tables have the id %q", s.Table.ID))
			}
			ids[s.Table.ID] = true
		}
		if err := checkSheet(s); err != nil {
			errs = append(errs, message.Fail(err, "workbook-sheet", "sheet", s.Name, "why", err))
		}
	}
	return errors.Join(errs...)
}

func checkSheet(s *report.Sheet) error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if s.Tab != "" && !colour().MatchString(s.Tab) {
		fail("the colour %q of the tab is not RRGGBB", s.Tab)
	}
	for i, w := range s.Widths {
		if w < 0 || w > maxWidth {
			fail("column %s is %g characters wide; the most is %d", formula.ColumnName(i), w, maxWidth)
		}
	}
	last := -1
	for _, l := range s.Lines {
		if l.Row <= last || l.Row >= maxRows {
			fail("row %d stands after row %d", l.Row+1, last+1)
		}
		last = l.Row
		if l.Height < 0 || l.Height > maxHeight {
			fail("row %d is %g points high; the most is %d", l.Row+1, l.Height, maxHeight)
		}
		col := -1
		for _, c := range l.Cells {
			if c.Col <= col || c.Col >= maxColumns {
				fail("row %d: column %d stands after column %d", l.Row+1, c.Col+1, col+1)
			}
			col = c.Col
			if t := s.Table; t != nil && l.Row >= t.Row && l.Row <= t.Row+t.Len && c.Col < len(t.Columns) {
				fail("%s lies in the table %s", cellName(c.Col, l.Row), t.Name)
			}
		}
	}
	for i := range s.Charts {
		if err := checkChart(&s.Charts[i]); err != nil {
			fail("chart %d: %w", i+1, err)
		}
	}
	if s.Table != nil {
		if err := checkTable(s.Table); err != nil {
			errs = append(errs, message.Fail(err, "workbook-table", "table", s.Table.Name, "why", err))
		}
	}
	return errors.Join(errs...)
}

var colour = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)
})

func checkTable(t *report.Table) error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if err := checkTableName(t.Name); err != nil {
		errs = append(errs, err)
	}
	if len(t.Columns) == 0 || len(t.Columns) > maxColumns {
		fail("it has %d columns", len(t.Columns))
	}
	if t.Len < 1 {
		fail("it has no row of data, and a table needs one: put one row that says why")
	}
	if t.Row < 0 || t.Row+1+t.Len > maxRows {
		errs = append(errs, message.Fail(nil, "workbook-rows", "rows", t.Len, "most", maxRows))
	}
	headers, ids := map[string]string{}, map[string]bool{}
	for i := range t.Columns {
		c := &t.Columns[i]
		if err := checkHeader(c.Header); err != nil {
			errs = append(errs, err)
		}
		key := strings.ToLower(c.Header)
		if other, twice := headers[key]; twice {
			errs = append(errs, message.Fail(nil, "workbook-headers", "one", other, "other", c.Header))
		}
		headers[key] = c.Header
		if ids[c.ID] {
			fail("two columns have the id %q", c.ID)
		}
		ids[c.ID] = true
		if c.At == nil {
			fail("column %q has no values", c.Header)
		}
		if c.Width < 0 || c.Width > maxWidth {
			fail("column %q is %g characters wide; the most is %d", c.Header, c.Width, maxWidth)
		}
		for _, s := range append([]string{c.Note}, c.Choices...) {
			if err := checkText(s); err != nil {
				errs = append(errs, message.Fail(err, "workbook-column", "column", c.Header, "why", err))
			}
		}
	}
	return errors.Join(errs...)
}

// checkTableName checks Excel's rules for defined names.
func checkTableName(name string) error {
	switch {
	case name == "":
		return errors.New("the table has no name")
	case ooxml.TextLength(name) > maxHeader:
		return fmt.Errorf("the name is over %d characters long", maxHeader)
	case likeCell().MatchString(name):
		return errors.New("the name reads like a cell's: add a word or an underscore")
	}
	for i, r := range name {
		if unicode.IsLetter(r) || r == '_' || i > 0 && (unicode.IsDigit(r) || r == '.') {
			continue
		}
		return fmt.Errorf("the name may not hold %q there: letters, digits, points and underscores, a letter first", r)
	}
	return nil
}

// likeCell matches names that look like a reference: A1, R1C1 in English or (L1C1) French
// notation, and the single letters that select a row or a column.
var likeCell = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^([a-z]{1,3}[0-9]+|[rl][0-9]*(c[0-9]*)?|c[0-9]*)$`)
})

// escaped matches the format's own notation for a character code.
var escaped = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)
})

func checkHeader(h string) error {
	switch {
	case strings.TrimSpace(h) == "":
		return errors.New("a column has no header")
	case h != strings.TrimSpace(h):
		return message.Fail(nil, "workbook-header-space", "header", h)
	case ooxml.TextLength(h) > maxHeader:
		return message.Fail(nil, "workbook-header-long", "header", head(h), "most", maxHeader)
	case escaped().MatchString(h):
		return message.Fail(nil, "workbook-header-escape", "header", h)
	}
	for _, r := range h {
		if unicode.IsControl(r) {
			return message.Fail(nil, "workbook-header-control", "header", h)
		}
	}
	return checkText(h)
}

func checkSheetName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("a sheet has no name")
	case ooxml.TextLength(name) > maxSheetName:
		return fmt.Errorf("the sheet name %q is over %d characters long", name, maxSheetName)
	case strings.ContainsAny(name, `[]:*?/\`):
		return fmt.Errorf(`the sheet name %q holds one of [ ] : * ? / \`, name)
	case strings.HasPrefix(name, "'") || strings.HasSuffix(name, "'"):
		return fmt.Errorf("the sheet name %q begins or ends with an apostrophe", name)
	case strings.EqualFold(name, "history"):
		return fmt.Errorf("the sheet name %q is reserved by Excel", name)
	}
	return checkText(name)
}

// checkText returns an error if a cell cannot hold the text. excelize silently cuts long
// texts and replaces characters that XML does not allow.
func checkText(s string) error {
	if len(s) > maxText {
		if n := ooxml.TextLength(s); n > maxText {
			return message.Fail(nil, "workbook-text-long", "n", n, "most", maxText)
		}
	}
	letters := false // beyond ASCII
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return message.Fail(nil, "workbook-text-control", "text", head(s), "character", fmt.Sprintf("%U", c))
		} else if c >= utf8.RuneSelf {
			letters = true
		}
	}
	if letters && (!utf8.ValidString(s) || strings.Contains(s, "\uFFFE") || strings.Contains(s, "\uFFFF")) {
		return checkRunes(s)
	}
	return nil
}

// head returns the beginning of a text, for a message, without characters that control a
// terminal.
func head(s string) string {
	q := strconv.Quote(cut(strings.ToValidUTF8(s, "\uFFFD"), 40))
	return q[1 : len(q)-1]
}

// checkRunes returns an error for characters that no workbook can hold.
func checkRunes(s string) error {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return message.Fail(nil, "workbook-text-utf8", "text", head(s))
			}
		}
		if r == 0xFFFE || r == 0xFFFF {
			return message.Fail(nil, "workbook-text-character", "text", head(s), "character", fmt.Sprintf("%U", r))
		}
	}
	return nil
}

// checkLink returns an error for a link that a reader should not follow; excelize would
// accept even "javascript:".
func checkLink(link string) error {
	if err := etl.CheckLink(link); err != nil {
		return err
	}
	return checkText(link)
}
