// Package audit finds faults in a finished workbook: what Excel would repair, what
// misleads, what is not accessible to screen readers, and what runs when it is opened or
// pasted. The rules are a table (rules.go), each with its source.
//
// The file is streamed part by part, without a spreadsheet library, because libraries hide
// some faults and repair others. Memory grows by only a few bits for each row of a sheet.
//
// The audit does not check colours set by conditional formats or within a text, the look
// of charts, PivotTables, comments, or the content of page headers and footers.
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

// Options limit the work.
type Options struct {
	// Rows is the number of rows of a sheet that are audited one by one. Of the rows after
	// them only a sample is audited, which a finding "sampled" reports. 0 means no limit.
	Rows int
}

// Fault is one fault, or several of one kind on one sheet.
type Fault struct {
	Rule     string
	Severity etl.Severity
	Sheet    string   // empty for the whole workbook
	Cells    []string // the first of them, as A1 or A1:B2 or 5:7; empty for the whole sheet
	Count    int      // how many cells, rows, columns or objects
	seen     any      // what was seen there, as a message argument; nil if the rule's text is enough
}

// Place returns Sheet!B7, the name of the sheet, or "".
func (f *Fault) Place() string {
	if len(f.Cells) == 0 {
		return f.Sheet
	}
	return f.Sheet + "!" + f.Cells[0]
}

// Words returns the fault and what to do about it, in a language.
func (f *Fault) Words(p message.Printer) (what, do string) {
	r := ruleByID[f.Rule]
	what, do = p.Text(r.What()), p.Text(r.Do())
	if f.seen != nil {
		what = p.Say("rule-seen", "what", what, "seen", f.seen)
	}
	return what, do
}

// Line formats the fault on one line: place: severity: message; what to do [rule].
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
	fmt.Fprintf(&b, "%s%s [%s]", p.Semicolon(), do, f.Rule)
	return b.String()
}

// String returns the line in English, for logs and tests.
func (f *Fault) String() string { return f.Line(message.In("en")) }

// Report is the result of an audit, with the numbers of what was audited.
type Report struct {
	Findings []Fault // by sheet, in the workbook's order, then by rule
	Sheets   int
	Tables   int
	Rows     int // audited one by one
	Cells    int // not empty
	Formulas int
	Charts   int
}

// Count returns the number of findings of a severity.
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
		return nil, message.Fail(nil, "audit-folder", "name", name)
	}
	r, err := Workbook(f, info.Size(), o)
	if err != nil {
		return nil, message.Fail(err, "system-path", "path", name, "why", err)
	}
	return r, nil
}

// Workbook audits an .xlsx file. If the file cannot be read, it returns an
// *UnreadableError; faults in a readable file are findings.
func Workbook(r io.ReaderAt, size int64, o Options) (*Report, error) {
	parts, err := openContainer(r, size)
	if err != nil {
		return nil, err
	}
	w := &workbook{parts: parts, options: o}
	if err := w.read(); err != nil {
		return nil, err
	}
	// Sheets are independent of each other, so each can run on its own core.
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
	maxNamed  = 10  // cells named by a finding
	maxSingle = 100 // findings of one rule on one sheet
)

// collector gathers the findings of a sheet, one for each rule.
type collector struct {
	sheet string
	found []*Fault
	last  map[string]*Fault
	count map[string]int
}

// add adds a fault at a cell, a range or, if at is empty, the sheet. What was seen there
// follows the rule's text.
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

// excerpt quotes a text of the workbook for a message, and cuts it if it is long.
type excerpt string

func (e excerpt) Say(p message.Printer) string {
	quoted := strconv.Quote(message.Cut(string(e), 40)) // escapes control characters
	return p.Quote(quoted[1 : len(quoted)-1])
}
