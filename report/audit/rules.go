package audit

import "hdsreport/etl"

// Rule is one thing that a workbook should be. Its ID is stable: a program may
// rely on it.
type Rule struct {
	ID       string
	Severity etl.Severity
	What     string // the fault, in a few words
	Do       string // what a person can do about it
	Source   string // where the rule comes from
	// each rule's finding stands for one sheet and names its cells, unless it is
	// told by itself, as for a table.
	single bool
}

// Where rules come from.
const (
	govUK     = "UK Government Analysis Function, Releasing statistics in spreadsheets (implemented by gptables and aftables)"
	wcag      = "WCAG 2.1"
	limits    = "Microsoft, Excel specifications and limits"
	repairs   = "Excel repairs or refuses the file; excelize writes it without an error"
	injection = "OWASP, CSV injection"
	readers   = "openpyxl and pandas"
	ours      = "hdsreport: each figure is live and can be trusted"
)

// The rules. An error is a workbook that misleads, shuts somebody out, runs
// something or is repaired on opening; a warning makes it harder to read or to
// use; an info is about the audit itself.
//
// Kept on purpose, against the British list: filters and frozen panes, which
// editors work with; several blocks on one sheet, if each has a title; cells left
// empty where a note on the sheet says what that means.
var rules = []Rule{
	// The document.
	{ID: "document-title", Severity: etl.Warning, What: "no title among the document's properties", Do: "give it one (File, Info)", Source: wcag + ", 2.4.2; " + govUK},
	{ID: "document-author", Severity: etl.Warning, What: "no author among the document's properties", Do: "name the publisher (File, Info)", Source: govUK},
	{ID: "document-language", Severity: etl.Warning, What: "no language among the document's properties", Do: "set it, for screen readers: fr-FR, en-GB …", Source: wcag + ", 3.1.1"},
	{ID: "macro", Severity: etl.Error, What: "macros", Do: "save it as .xlsx, without macros", Source: govUK},
	{ID: "external-link", Severity: etl.Error, What: "a link to another file for its data", Do: "copy the values in (Data, Edit links, Break link)", Source: govUK},
	{ID: "connection", Severity: etl.Error, What: "a connection to a database or a query", Do: "remove it (Data, Queries and connections)", Source: govUK},
	{ID: "embedded-object", Severity: etl.Warning, What: "an embedded file or control", Do: "remove it, and link to the file instead", Source: govUK},
	{ID: "part-missing", Severity: etl.Error, What: "a part that is referred to is missing", Do: saveAgain, Source: repairs, single: true},
	{ID: "defined-name", Severity: etl.Error, What: "a name that refers to cells that are gone", Do: "correct or delete it (Formulas, Name manager)", Source: ours, single: true},
	{ID: "manual-calculation", Severity: etl.Error, What: "formulas are only computed on demand", Do: "set Formulas, Calculation options, Automatic", Source: ours},
	{ID: "colour", Severity: etl.Error, What: "a colour that is not written as 8 hexadecimal digits", Do: "write it as AARRGGBB", Source: readers + " refuse the whole file"},

	// Sheets.
	{ID: "sheet-name", Severity: etl.Error, What: "a sheet's name that Excel does not take", Do: "at most 31 characters, none of [ ] : * ? / \\, no apostrophe at an end, no two alike but for case", Source: limits, single: true},
	{ID: "sheet-hidden", Severity: etl.Error, What: "a hidden sheet", Do: "show it or delete it: readers copy, programs read, and screen readers miss it", Source: govUK},
	{ID: "sheet-empty", Severity: etl.Warning, What: "a sheet with nothing on it", Do: "delete it", Source: govUK},
	{ID: "sheet-active", Severity: etl.Warning, What: "it does not open on its first sheet", Do: "select the first sheet alone, then save", Source: govUK},
	{ID: "cell-active", Severity: etl.Warning, What: "the first sheet does not open on its first cell", Do: "select A1 (Ctrl+Home), then save", Source: govUK},
	{ID: "row-hidden", Severity: etl.Error, What: "hidden rows with something in them", Do: "show them, or clear the filter that hides them", Source: govUK},
	{ID: "column-hidden", Severity: etl.Error, What: "hidden columns with something in them", Do: "show them or delete them", Source: govUK},
	{ID: "row-blank", Severity: etl.Warning, What: "blank rows within the content", Do: "delete them and set row heights instead: who listens takes one for the end", Source: govUK},
	{ID: "column-blank", Severity: etl.Warning, What: "blank columns within the content", Do: "delete them and set column widths instead", Source: govUK},
	{ID: "merged", Severity: etl.Warning, What: "merged cells", Do: "unmerge them; let the text run over, or wrap it", Source: govUK},
	{ID: "grid", Severity: etl.Error, What: "cells out of order, given twice or beyond the grid", Do: saveAgain, Source: repairs},
	{ID: "dimension", Severity: etl.Warning, What: "the sheet says that it is smaller than it is", Do: saveAgain, Source: readers + " in read-only mode stop there"},

	// Tables.
	{ID: "table-unnamed", Severity: etl.Warning, What: "several tables on a sheet, and one has neither name nor title", Do: "make it a table with a name, or put a title of its own in the row above", Source: govUK},
	{ID: "table-name", Severity: etl.Error, What: "a table's name that Excel does not take", Do: "letters, digits, points and underscores, a letter first, at most 255", Source: repairs, single: true},
	{ID: "table-name-like-cell", Severity: etl.Error, What: "a table's name that reads like a cell's", Do: "add a word or an underscore", Source: repairs, single: true},
	{ID: "table-name-twice", Severity: etl.Error, What: "two tables or names that differ by case at most", Do: "rename one", Source: repairs, single: true},
	{ID: "table-overlap", Severity: etl.Error, What: "two tables that overlap", Do: "move one", Source: repairs, single: true},
	{ID: "table-merged", Severity: etl.Error, What: "merged cells within a table", Do: "unmerge them: each row needs its own value", Source: repairs},
	{ID: "table-empty", Severity: etl.Error, What: "a table without a row of data", Do: "put one row that says why, or delete the table", Source: repairs, single: true},
	{ID: "table-range", Severity: etl.Error, What: "a table whose range and columns do not agree", Do: "make the table again", Source: repairs, single: true},
	{ID: "table-headless", Severity: etl.Warning, What: "a table without a header row", Do: "show it (Table design, Header row)", Source: govUK + "; " + wcag + ", 1.3.1", single: true},
	{ID: "header-empty", Severity: etl.Error, What: "a column of a table without a header", Do: "name what the column holds", Source: repairs, single: true},
	{ID: "header-twice", Severity: etl.Error, What: "two headers of a table that differ by case at most", Do: "rename one", Source: repairs, single: true},
	{ID: "header-newline", Severity: etl.Error, What: "a line break in a table's header", Do: "use a space, and let the cell wrap", Source: repairs, single: true},
	{ID: "header-long", Severity: etl.Error, What: "a table's header over 255 characters", Do: "shorten it, and put the rest in a note", Source: limits, single: true},
	{ID: "header-differs", Severity: etl.Error, What: "a header cell that is not what the table says", Do: "type the header again in its cell", Source: repairs, single: true},

	// Cells.
	{ID: "formula-uncached", Severity: etl.Error, What: "formulas without a value beside them", Do: "open it in a spreadsheet, recalculate and save: previews, pandas and mail show nothing", Source: ours},
	{ID: "formula-reference", Severity: etl.Error, What: "formulas that refer to cells that are gone", Do: "correct the #REF! in them", Source: ours},
	{ID: "error-value", Severity: etl.Error, What: "cells that hold an error", Do: "correct the formula, or say in words why there is no value", Source: govUK},
	{ID: "number-as-text", Severity: etl.Warning, What: "numbers kept as text", Do: "make them numbers; if they are text on purpose (a code), give the cells the format Text", Source: govUK},
	{ID: "date-as-text", Severity: etl.Warning, What: "dates kept as text", Do: "make them dates: they neither sort nor filter nor count", Source: govUK},
	{ID: "text-runs", Severity: etl.Error, What: "texts that would run as a formula if they were typed or pasted again", Do: "put an apostrophe before them, or take the first character away", Source: injection},
	{ID: "text-long", Severity: etl.Error, What: "texts over 32,767 characters", Do: "shorten them: spreadsheets cut them without a word", Source: limits},
	{ID: "contrast", Severity: etl.Error, What: "text that stands out too little from its ground", Do: "a contrast of 4.5 to 1 at least, of 3 to 1 for large text", Source: wcag + ", 1.4.3; " + govUK},
	{ID: "link-text", Severity: etl.Warning, What: "links whose text does not say where they lead", Do: "write what the reader finds there, not the address and not \"click here\"", Source: wcag + ", 2.4.4; " + govUK},
	{ID: "link-target", Severity: etl.Error, What: "links to something else than a web page, a mail address or a cell of this workbook", Do: "correct or remove them", Source: ours},
	{ID: "validation", Severity: etl.Error, What: "drop-downs whose list is broken", Do: "choose the list again (Data, Data validation)", Source: repairs},

	// Pictures.
	{ID: "alt-text", Severity: etl.Error, What: "charts or pictures without alternative text", Do: "say what it shows (right click, Edit alt text), or mark it as decorative", Source: wcag + ", 1.1.1; " + govUK},
	{ID: "chart-title", Severity: etl.Warning, What: "a chart without a title", Do: "give it one", Source: govUK, single: true},
	{ID: "chart-reference", Severity: etl.Error, What: "a chart that refers to cells that are gone", Do: "choose its data again", Source: ours, single: true},

	// The audit.
	{ID: "sampled", Severity: etl.Info, What: "not every row was looked at", Do: "hdsreport audit FILE.xlsx looks at all of them", Source: ours},
}

var ruleByID = func() map[string]*Rule {
	m := make(map[string]*Rule, len(rules))
	for i := range rules {
		m[rules[i].ID] = &rules[i]
	}
	return m
}()

// Rules are all rules, in the order in which a person would go through them.
func Rules() []Rule { return append([]Rule(nil), rules...) }
