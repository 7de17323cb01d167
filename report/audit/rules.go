package audit

import (
	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Rule is a requirement on workbooks. Its ID is stable, so that programs can rely on it.
// Its texts are in the tables of package message, under "rule-" and the ID.
type Rule struct {
	ID       string
	Severity etl.Severity
	Source   string // where the rule comes from
	// each is set if every fault is a finding of its own, as for a table. Otherwise a rule has
	// one finding per sheet, which names the cells.
	single bool
}

// The sources of the rules.
const (
	govUK     = "UK Government Analysis Function, Releasing statistics in spreadsheets (implemented by gptables and aftables)"
	wcag      = "WCAG 2.1"
	limits    = "Microsoft, Excel specifications and limits"
	repairs   = "Excel repairs or refuses the file; excelize writes it without an error"
	injection = "OWASP, CSV injection"
	readers   = "openpyxl and pandas"
	ours      = "hdsreport: each figure is live and can be trusted"
	onPaper   = "hdsreport: what is printed can be read, 7 points at least"
)

// The rules. An error means that the workbook misleads, excludes somebody, runs something
// or is repaired on opening. A warning means that it is harder to read or to use. An info
// is about the audit itself.
//
// Contrary to the British list, these are allowed on purpose: filters and frozen panes,
// which editors use; several blocks on one sheet, if each has a title; and empty cells, if
// a note on the sheet explains them.
var rules = []Rule{
	// The document.
	{ID: "document-title", Severity: etl.Warning, Source: wcag + ", 2.4.2; " + govUK},
	{ID: "document-author", Severity: etl.Warning, Source: govUK},
	{ID: "document-language", Severity: etl.Warning, Source: wcag + ", 3.1.1"},
	{ID: "macro", Severity: etl.Error, Source: govUK},
	{ID: "external-link", Severity: etl.Error, Source: govUK},
	{ID: "connection", Severity: etl.Error, Source: govUK},
	{ID: "embedded-object", Severity: etl.Warning, Source: govUK},
	{ID: "part-missing", Severity: etl.Error, Source: repairs, single: true},
	{ID: "defined-name", Severity: etl.Error, Source: ours, single: true},
	{ID: "manual-calculation", Severity: etl.Error, Source: ours},
	{ID: "colour", Severity: etl.Error, Source: readers + " refuse the whole file"},

	// Sheets.
	{ID: "sheet-name", Severity: etl.Error, Source: limits, single: true},
	{ID: "sheet-hidden", Severity: etl.Error, Source: govUK},
	{ID: "sheet-empty", Severity: etl.Warning, Source: govUK},
	{ID: "sheet-active", Severity: etl.Warning, Source: govUK},
	{ID: "cell-active", Severity: etl.Warning, Source: govUK},
	{ID: "row-hidden", Severity: etl.Error, Source: govUK},
	{ID: "column-hidden", Severity: etl.Error, Source: govUK},
	{ID: "row-blank", Severity: etl.Warning, Source: govUK},
	{ID: "column-blank", Severity: etl.Warning, Source: govUK},
	{ID: "merged", Severity: etl.Warning, Source: govUK},
	{ID: "grid", Severity: etl.Error, Source: repairs},
	{ID: "dimension", Severity: etl.Warning, Source: readers + " in read-only mode stop there"},

	{ID: "print-small", Severity: etl.Warning, Source: onPaper},

	// Tables.
	{ID: "table-unnamed", Severity: etl.Warning, Source: govUK},
	{ID: "table-name", Severity: etl.Error, Source: repairs, single: true},
	{ID: "table-name-like-cell", Severity: etl.Error, Source: repairs, single: true},
	{ID: "table-name-twice", Severity: etl.Error, Source: repairs, single: true},
	{ID: "table-overlap", Severity: etl.Error, Source: repairs, single: true},
	{ID: "table-merged", Severity: etl.Error, Source: repairs},
	{ID: "table-empty", Severity: etl.Error, Source: repairs, single: true},
	{ID: "table-range", Severity: etl.Error, Source: repairs, single: true},
	{ID: "table-headless", Severity: etl.Warning, Source: govUK + "; " + wcag + ", 1.3.1", single: true},
	{ID: "header-empty", Severity: etl.Error, Source: repairs, single: true},
	{ID: "header-twice", Severity: etl.Error, Source: repairs, single: true},
	{ID: "header-newline", Severity: etl.Error, Source: repairs, single: true},
	{ID: "header-long", Severity: etl.Error, Source: limits, single: true},
	{ID: "header-differs", Severity: etl.Error, Source: repairs, single: true},

	// Cells.
	{ID: "formula-uncached", Severity: etl.Error, Source: ours},
	{ID: "formula-reference", Severity: etl.Error, Source: ours},
	{ID: "error-value", Severity: etl.Error, Source: govUK},
	{ID: "number-as-text", Severity: etl.Warning, Source: govUK},
	{ID: "date-as-text", Severity: etl.Warning, Source: govUK},
	{ID: "text-runs", Severity: etl.Error, Source: injection},
	{ID: "text-long", Severity: etl.Error, Source: limits},
	{ID: "contrast", Severity: etl.Error, Source: wcag + ", 1.4.3; " + govUK},
	{ID: "link-text", Severity: etl.Warning, Source: wcag + ", 2.4.4; " + govUK},
	{ID: "link-target", Severity: etl.Error, Source: ours},
	{ID: "validation", Severity: etl.Error, Source: repairs},

	// Pictures.
	{ID: "alt-text", Severity: etl.Error, Source: wcag + ", 1.1.1; " + govUK},
	{ID: "chart-title", Severity: etl.Warning, Source: govUK, single: true},
	{ID: "chart-reference", Severity: etl.Error, Source: ours, single: true},

	// The audit.
	{ID: "sampled", Severity: etl.Info, Source: ours},
}

// What describes the fault in a few words.
func (r *Rule) What() message.Message { return message.New(message.Key("rule-" + r.ID)) }

// Do says what a person can do about it.
func (r *Rule) Do() message.Message { return message.New(message.Key("rule-" + r.ID + ".do")) }

var ruleByID = func() map[string]*Rule {
	m := make(map[string]*Rule, len(rules))
	for i := range rules {
		m[rules[i].ID] = &rules[i]
	}
	return m
}()

// Rules returns all rules, in the order in which a person would check them.
func Rules() []Rule { return append([]Rule(nil), rules...) }
