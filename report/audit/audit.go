// Package audit tells what is wrong with a finished workbook: what Excel would
// repair, what misleads, what shuts out who listens instead of looks, what runs
// when it is opened or pasted. The rules are a table (rules.go), each with where
// it comes from.
//
// The file is read as it is, part by part as a stream, and not through a
// spreadsheet library, which hides some of the faults and mends others. Memory
// does not grow with the rows of a sheet, except by a few bits a row.
//
// Not looked at: colours by conditional format and within a text, the look of
// charts, PivotTables, comments, what stands in headers and footers.
package audit

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Options bound the work.
type Options struct {
	// Rows is how many rows of a sheet are looked at one by one; of those after it
	// only some are, and the report says so in a finding "sampled". 0 is no bound.
	Rows int
}

// Fault is one fault, or several of one kind on one sheet.
type Fault struct {
	Rule     string
	Severity etl.Severity
	Sheet    string   // empty where the whole workbook is meant
	Cells    []string // the first of them, as A1 or A1:B2 or 5:7; none where the whole sheet is meant
	Count    int      // how many cells, rows, columns or objects
	seen     any      // what was seen there, as an argument of a message; nil where the rule says it all
}

// Place is Sheet!B7, or the sheet, or nothing.
func (f *Fault) Place() string {
	if len(f.Cells) == 0 {
		return f.Sheet
	}
	return f.Sheet + "!" + f.Cells[0]
}

// Words are the fault and what to do about it, in a language.
func (f *Fault) Words(p message.Printer) (what, do string) {
	r := ruleByID[f.Rule]
	what, do = p.Text(r.What()), p.Text(r.Do())
	if f.seen != nil {
		what = p.Say("rule-seen", "what", what, "seen", f.seen)
	}
	return what, do
}

// Line is the fault on one line: place: severity: message; what to do [rule].
func (f *Fault) Line(p message.Printer) string {
	var b strings.Builder
	if at := f.Place(); at != "" {
		b.WriteString(at + ": ")
	}
	what, do := f.Words(p)
	fmt.Fprintf(&b, "%s: %s", f.Severity, what)
	if f.Count > 1 && len(f.Cells) > 0 {
		shown := f.Cells[1:min(len(f.Cells), 4)]
		more := message.New("audit-more", "n", f.Count)
		if len(shown) > 0 {
			cells := strings.Join(shown, ", ")
			if f.Count > 1+len(shown) {
				cells += " …"
			}
			more = message.New("audit-more-named", "n", f.Count, "cells", cells)
		}
		b.WriteString(" (" + p.Text(more) + ")")
	}
	fmt.Fprintf(&b, "; %s [%s]", do, f.Rule)
	return b.String()
}

// String is the line in English, for logs and tests.
func (f *Fault) String() string { return f.Line(message.In("en")) }

// Report is what an audit found, and what it looked at.
type Report struct {
	Findings []Fault // by sheet, in the workbook's order, then as the rules stand
	Sheets   int
	Tables   int
	Rows     int // looked at
	Cells    int // with something in them
	Formulas int
	Charts   int
}

// Count is how many findings have a severity.
func (r *Report) Count(s etl.Severity) int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Severity == s {
			n++
		}
	}
	return n
}

// Sound reports whether there is neither an error nor a warning.
func (r *Report) Sound() bool { return r.Count(etl.Error)+r.Count(etl.Warning) == 0 }

// File audits a file.
func File(name string, o Options) (*Report, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name a workbook in it", name)
	}
	r, err := Workbook(f, info.Size(), o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// Workbook audits an .xlsx. An error is a file that cannot be read as one, an
// *UnreadableError; a fault in one that can is a finding.
func Workbook(r io.ReaderAt, size int64, o Options) (*Report, error) {
	parts, err := openContainer(r, size)
	if err != nil {
		return nil, err
	}
	w := &workbook{parts: parts, options: o}
	if err := w.read(); err != nil {
		return nil, err
	}
	// Sheets are independent of each other: one core each.
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	errs := make([]error, len(w.sheets))
	for i, s := range w.sheets {
		wait.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wait.Done() }()
			errs[i] = s.audit()
		}()
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	report := &Report{Findings: w.found.list(), Sheets: len(w.sheets)}
	for _, s := range w.sheets {
		report.Findings = append(report.Findings, s.found.list()...)
		report.Tables += len(s.tables)
		report.Rows += s.rows
		report.Cells += s.cells
		report.Formulas += s.formulas
		report.Charts += s.charts
	}
	return report, nil
}

const (
	maxNamed  = 10  // cells that a finding names
	maxSingle = 100 // findings of one rule on one sheet
)

// collector gathers findings, those of one rule in one.
type collector struct {
	sheet string
	found []*Fault
	last  map[string]*Fault
	count map[string]int
}

// add tells a fault at a cell, a range or (where it is empty) the sheet; what is
// seen there follows the rule's words.
func (c *collector) add(rule, cell string, seen any) { c.addAll(rule, cell, seen, 1) }

func (c *collector) addAll(rule, cell string, seen any, n int) {
	r := ruleByID[rule]
	if r == nil {
		panic("audit: no rule " + rule)
	}
	if c.last == nil {
		c.last, c.count = map[string]*Fault{}, map[string]int{}
	}
	f := c.last[rule]
	if c.count[rule]++; f != nil && (!r.single || c.count[rule] > maxSingle) {
		f.Count += n
		if !r.single && cell != "" && len(f.Cells) < maxNamed {
			f.Cells = append(f.Cells, cell)
		}
		return
	}
	f = &Fault{Rule: rule, Severity: r.Severity, Sheet: c.sheet, Count: n, seen: seen}
	if cell != "" {
		f.Cells = []string{cell}
	}
	c.found, c.last[rule] = append(c.found, f), f
}

var ruleOrder = func() map[string]int {
	m := make(map[string]int, len(rules))
	for i := range rules {
		m[rules[i].ID] = i
	}
	return m
}()

func (c *collector) list() []Fault {
	slices.SortStableFunc(c.found, func(a, b *Fault) int {
		return cmp.Or(-cmp.Compare(a.Severity, b.Severity), cmp.Compare(ruleOrder[a.Rule], ruleOrder[b.Rule]))
	})
	out := make([]Fault, len(c.found))
	for i, f := range c.found {
		out[i] = *f
	}
	return out
}

// excerpt is a text of the workbook, quoted in a message and cut to a readable length.
type excerpt string

func (e excerpt) Say(p message.Printer) string {
	s := string(e)
	if r := []rune(s); len(r) > 40 {
		s = string(r[:39]) + "…"
	}
	quoted := strconv.Quote(s) // writes control characters out
	return p.Quote(quoted[1 : len(quoted)-1])
}
