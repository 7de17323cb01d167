// Package merge takes what editors typed into a published sheet back into the registry.
// It compares three states of each cell, by the row's identifier and the column's field,
// never by position: what was published, what the editor's file says, and what a run would
// say today. It reads and writes nothing.
//
// Find tells what an editor has changed: the first state against the second. Rule says
// what becomes of each change: the third state decides.
package merge

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/ooxml"
)

// List is one list as one state has it: texts by identifier and field.
type List struct {
	Fields []etl.Field
	IDs    []string
	rows   map[string][]string
	column map[etl.Field]int
}

// NewList returns an empty list with columns.
func NewList(fields []etl.Field) *List {
	l := &List{Fields: fields, rows: map[string][]string{}, column: map[etl.Field]int{}}
	for i, f := range fields {
		l.column[f] = i
	}
	return l
}

// Add adds a row, its cells as the list's Fields.
func (l *List) Add(id string, cells []string) {
	if _, twice := l.rows[id]; !twice {
		l.IDs = append(l.IDs, id)
	}
	l.rows[id] = cells
}

// Has reports whether the list has a row.
func (l *List) Has(id string) bool { return l != nil && l.rows[id] != nil }

// Column reports whether the list has a column for a field.
func (l *List) Column(f etl.Field) bool {
	if l == nil {
		return false
	}
	_, ok := l.column[f]
	return ok
}

// Text returns a cell; it is empty if there is none.
func (l *List) Text(id string, f etl.Field) string {
	if l == nil {
		return ""
	}
	row := l.rows[id]
	i, ok := l.column[f]
	if !ok || i >= len(row) {
		return ""
	}
	return row[i]
}

// File is what an editor's file says, nil for a list that it lacks.
type File struct{ Lists [2]*Sheet }

// Sheet is the table of a list in a file.
type Sheet struct {
	Name    string
	Order   int // among the sheets of the file
	Columns []Column
	Rows    []Row
}

// Column is a column of a sheet. Field is empty if the heading is none of the list's.
type Column struct {
	Field   etl.Field
	Heading string
	At      int // in the file, from 1
}

// Row is a row of a sheet, its cells as the sheet's Columns.
type Row struct {
	At    int // in the file, from 1
	Cells []Cell
}

// Cell is a cell as a file has it. Text is what it shows, also if it is a formula's result.
type Cell struct {
	Text    string
	Formula bool
}

// Place is where something stands in an editor's file. Row and Col count from 1; smaller
// numbers are not known, and only say what comes first.
type Place struct {
	Sheet           string
	Order, Row, Col int
}

// Name returns the place as people write it, Acteurs agréés!E10.
func (p Place) Name() string {
	switch {
	case p.Sheet == "":
		return ""
	case p.Row < 1 && p.Col < 1:
		return p.Sheet
	case p.Col < 1:
		return p.Sheet + "!" + strconv.Itoa(p.Row)
	case p.Row < 1:
		return p.Sheet + "!" + ooxml.ColumnName(p.Col)
	}
	return p.Sheet + "!" + ooxml.CellName(p.Row, p.Col)
}

func (p Place) compare(o Place) int {
	return cmp.Or(cmp.Compare(p.Order, o.Order), cmp.Compare(p.Row, o.Row), cmp.Compare(p.Col, o.Col))
}

// The reasons why something that was typed is not in the registry. They are stable.
const (
	// Of a cell.
	WhyUnreadable   = "unreadable"    // no value of the column
	WhyEmptied      = "emptied"       // may be a slip of the Delete key
	WhyFormula      = "formula"       // a formula where a value belongs
	WhyFormulaLike  = "formula-like"  // a text that a spreadsheet would run
	WhyDateRange    = "date-range"    // outside 1990 to 2099
	WhyOrder        = "order"         // a start after its end
	WhyDisagree     = "disagree"      // an actor has two new values
	WhyNameTaken    = "name-taken"    // another actor's name
	WhyDerived      = "derived"       // follows from other cells
	WhyTechnical    = "technical"     // the source's word
	WhySummary      = "summary"       // outside the tables
	WhyAmbiguousRow = "ambiguous-row" // one identifier on both lists, and nothing tells the cells apart
	WhyHolds        = "would-not-hold"
	// Of a row.
	WhyAddedRow    = "added-row"
	WhyDuplicate   = "duplicate-row" // copies that differ
	WhyContradicts = "contradicts"   // the identifier is not that of the rest of the row
	// Of a column.
	WhyHeading = "heading"
	// Of a file.
	WhyNoIdentifiers     = "no-identifiers"
	WhyUnknownGeneration = "unknown-generation"
	WhyAnotherWorkspace  = "another-workspace"
	WhySlipped           = "slipped"
)

// The reasons of conflicts.
const (
	BothChanged = "both-changed"
	RowGone     = "row-gone"
	Overruled   = "overruled"   // somebody has undone this value
	BaseUnsure  = "base-unsure" // an older publication has this value, and which one was edited is a guess
)

// Item is one cell that an editor has typed into, and what became of it. Its texts are
// those of JSON and of corrections.csv: dates in ISO 8601, positions by code.
type Item struct {
	List  etl.Listing
	Row   string // the identifier in the file
	ID    string // the identifier in the registry: of the actor for a name or a position
	Field etl.Field
	Name  string // of the actor
	At    Place
	Found string // as typed

	Published, Editor, Workspace string
	Was, Value                   string // what is recorded, for a recorded item
	Why                          string // of a conflict or a refusal
	Kept                         string // "workspace" for a conflict that was decided against the editor
	Confirms                     bool   // it confirms the position that the program proposes
	Instead                      string // another actor that has the name
	By, Date                     string // who said Workspace, if a person did
	Source                       etl.Place

	d     *etl.Definition
	value compare.Value
	undo  bool // "source" was typed
}

// Definition is the field, nil for what is no cell of a list.
func (it *Item) Definition() *etl.Definition { return it.d }

// Note is something about a file that is worth telling and asks for nothing.
type Note struct {
	Kind string
	ID   string
	Name string // of an actor, a column or a sheet
	At   Place
}

// The kinds of notes.
const (
	NoteRowDeleted    = "row-deleted"
	NoteRowTwice      = "row-twice"
	NoteOwnColumn     = "own-column"
	NoteColumnRenamed = "column-renamed"
	NoteColumnMissing = etl.CodeColumnMissing
	NoteColumnNew     = "column-new" // what was published lacks it
	NoteSheetMissing  = etl.CodeSheetMissing
	NoteStatus        = "status" // a text in the status of the positioning
	NoteOutside       = "not-compared"
	NoteOwnText       = "own-text"
)

// Changes are what an editor did.
type Changes struct {
	Edits   []Item
	Refused []Item
	Notes   []Note
	Whole   string // why the file is refused whole; empty if it is not
}

func (c *Changes) refuse(why string, it Item) {
	it.Why = why
	c.Refused = append(c.Refused, it)
}

// Words are texts of the sheets in all languages, in the form of plain.
type Words struct {
	Proposed  []string // what the status of a proposed position says
	Confirmed []string // what confirms it
}

// said reports whether a text is one of some words.
func said(words []string, text string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, etl.OneSpace(text)) })
}

// stored returns a value as corrections.csv and JSON have it.
func stored(v compare.Value) string {
	if v == etl.TickUnknown {
		return etl.UnknownActivity
	}
	return compare.Said(v)
}
