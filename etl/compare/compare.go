// Package compare finds what changed between two states of the lists: two editions, two
// files, two workbooks, two publications, or any two of these. All of them are
// converted to rows with identifiers and compared in the same way: by actor and by row,
// never by line.
package compare

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"hdsreport/etl/message"
)

// Side is one of the two things that are compared.
type Side struct {
	Name  string   // as the person gave it
	Day   string   // its date in ISO 8601; empty if unknown
	Lists [2]*List // by etl.Listing; nil if the side does not have the list
	// Ended is by etl.Listing the day in ISO 8601 on which the list had ended, if that is
	// why the side does not have it. Nobody left a list by its end.
	Ended [2]string
	// Succeeds are pairs of actors' ids in which the first succeeds the second, by a
	// decision.
	Succeeds [][2]string
	// Differ are pairs of actors' ids that a decision declares different.
	Differ [][2]string
	// Generation is which publication a workbook or a publication that was kept is; empty
	// if it does not say so.
	Generation string
	// Links are the addresses of the web to which a workbook's lists link under another text,
	// such as an actor's name; nil if the side is no workbook.
	Links []string
	Notes []message.Message // what is not compared, and why; a note about a list has the argument "list"
}

// List is one of the two lists, in any order of rows.
type List struct {
	Fields []string // the fields of the Values of each row
	// Unstated are fields that the list's source has no column for, so that they are
	// empty in every row. It is nil if the list comes from a sheet, where these columns
	// can be filled in.
	Unstated []string
	// Blank are fields without values whose absence says something: every row is blank in
	// them, and they are compared with those of the other side.
	Blank []string
	// Unseen are fields that no sheet has a column for, if the list comes from a sheet:
	// nobody can tell whether they have changed.
	Unseen []string
	// Implied are fields that follow from others: those of a sheet, into which a person may
	// have typed, and the texts that were not read.
	Implied []string
	Rows    []Row
	ByHand  []Row // rows without an identifier, added by hand
}

// Row is an approval or a certificate.
type Row struct {
	ID     string // identifier: the actor's id, then what distinguishes the actor's rows
	Actor  string // id of the actor
	Name   string // name of the actor, as readers see it
	Source string // name of the actor, as in the source
	Ends   string // effective end in ISO 8601; empty if no full date is known
	// Namesake is the comparison key of the actor's name, if the numbers of the actor are
	// known, otherwise empty.
	Namesake string
	Values   []Value
	Implied  []Value // of the fields that follow from others; the last ones may be left out
	Out      bool    // it does not count, nor does an actor without another row
}

// Value is the value of a cell: a date, a text or a set. It is compared with ==, so its
// type must be comparable. A missing value is nil.
type Value interface {
	// String returns the value as in JSON and the registry.
	String() string
}

// Said returns a value as a text, which is empty for nil.
func Said(v Value) string {
	if v == nil {
		return ""
	}
	return v.String()
}

// Words holds the functions that depend on language.
type Words struct {
	// Alike reports whether two names of one actor differ only in spelling.
	Alike func(a, b string) bool
	// Fold reduces a text to its words. Texts with the same result differ only in case,
	// accents, spaces or punctuation.
	Fold func(string) string
	// Key returns a key of a name. Sorting the keys byte by byte gives the order that
	// readers expect.
	Key func(name string) string
}

// Difference is what changed from one side to the other.
type Difference struct {
	Lists [2]*Changes // nil if a side does not have the list
	// Moved are the actors that are no longer approved and are certified now, either
	// themselves or through a successor.
	Moved []Actor
}

// Changes are the changes of one list, sorted by name.
type Changes struct {
	Before, Now         int // numbers of actors that count
	RowsBefore, RowsNow int

	Arrived []Actor  // actors new on the list
	Left    []Actor  // actors no longer on the list
	Renamed []Rename // actors whose name for readers changed
	Changed []Change // rows in which a value changed
	Added   []Actor  // new rows, but of actors in Arrived
	Removed []Actor  // removed rows, but of actors in Left

	// MaybeRenamed are actors that left and may go on as one that arrived; nobody has
	// ruled on them yet, and both are counted as the list says.
	MaybeRenamed []Renaming
	// PerhapsSame are actors of one name with different numbers before and now. Nobody
	// has ruled on them yet; they are in neither Left nor Arrived.
	PerhapsSame []Renaming
	// Replaced are actors that left and that another one succeeds, by a decision.
	Replaced []Renaming

	// Changes without substance: names spelled differently, for readers or in the
	// source, and values that differ only in case, accents, spaces or punctuation.
	Respelt []Rename
	Retyped []Change

	ByHand   []Actor  // rows without an identifier in the new side
	WasHand  []Actor  // rows without an identifier in the old side
	Fields   []string // fields that both sides have; only these are compared
	OnlyOld  []string // fields of the old side only
	OnlyNew  []string
	Repeated []string // identifiers that occur twice in the new side, as in copied rows
	Unseen   []string // fields that neither side can have, and that may have changed

	// Alone are fields that follow from others and changed although nothing else of the
	// actor did.
	Alone []Alone

	// As of the new side's date; empty if it is unknown.
	Overdue []Ending // rows that are still listed although their end has passed
	Early   []Ending // actors that left before their last end
}

// Actor is an actor, or one of its rows.
type Actor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Rename is an actor's name, before and now.
type Rename struct {
	ID  string `json:"id"`
	Was string `json:"was"`
	Now string `json:"now"`
}

// Renaming is an actor that left and one that may be the same, or that succeeds it.
type Renaming struct {
	From     Actor
	To       Actor
	Evidence []message.Message
	Score    float64
}

// MarshalJSON writes the evidence in one line, in English.
func (r Renaming) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // the caller's encoder escapes HTML if it is set to
	err := e.Encode(struct {
		From     Actor  `json:"from"`
		To       Actor  `json:"to"`
		Evidence string `json:"evidence"`
	}{r.From, r.To, message.Joined(r.Evidence).Say(message.In("en"))})
	return out.Bytes(), err
}

// Change is what changed in one row.
type Change struct {
	ID     string  `json:"id"`               // of the row in the new side
	WasID  string  `json:"was_id,omitempty"` // the old identifier, if it was different
	Name   string  `json:"name"`             // of the actor, now
	Fields []Field `json:"fields"`
}

// Field is one value, before and now.
type Field struct {
	Field    string
	Was, Now Value
}

// MarshalJSON writes both values as texts. A missing value is empty.
func (f Field) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // the caller's encoder escapes HTML if it is set to
	err := e.Encode(struct {
		Field string `json:"field"`
		Was   string `json:"was"`
		Now   string `json:"now"`
	}{f.Field, Said(f.Was), Said(f.Now)})
	return out.Bytes(), err
}

// Ending is an end date of a row or an actor.
type Ending struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	End  string `json:"end"`
	// New reports whether the end has passed since the old side's date.
	New bool `json:"new"`
}

// Alone is a field that follows from others and changed by itself.
type Alone struct {
	Field    string
	N        int    // rows in which it did
	Name     string // of the actor in the first of them
	Was, Now Value
}

// Nuanced is a value that differs from another one of its kind, or from none, in no
// substance.
type Nuanced interface {
	Value
	Nuanced()
}

// Empty reports whether there is no change of substance.
func (c *Changes) Empty() bool {
	return len(c.Arrived)+len(c.Left)+len(c.PerhapsSame)+len(c.Renamed)+len(c.Changed)+
		len(c.Added)+len(c.Removed)+len(c.ByHand)+len(c.WasHand) == 0
}

// Position is the field that belongs to the actor rather than to the row.
const Position = "position"

// Service is the field that tells the approvals of an actor apart.
const Service = "service"

// Sides compares two sides.
func Sides(old, new *Side, w Words) Difference {
	var d Difference
	for l := range d.Lists {
		if old.Lists[l] != nil && new.Lists[l] != nil {
			c := Lists(old.Lists[l], new.Lists[l], w)
			if new.Day != "" {
				c.Overdue = Overdue(new.Lists[l], new.Day, old.Day, w)
				c.early(old.Lists[l], new.Day)
			}
			c.ruled(old, new)
			c.Unseen, _, _ = intersect(old.Lists[l].Unseen, new.Lists[l].Unseen)
			if old.Generation != "" && old.Generation == new.Generation {
				c.Unseen = nil // both were made from the same lists
			}
			d.Lists[l] = &c
		}
	}
	d.moved(new, w)
	d.alone(old, new)
	return d
}

// moved finds the actors that are no longer approved and are certified now.
func (d *Difference) moved(new *Side, w Words) {
	const approved, certified = 0, 1
	if d.Lists[approved] == nil || new.Lists[certified] == nil {
		return
	}
	on := map[string]string{}
	for _, r := range new.Lists[certified].Rows {
		if !r.Out {
			on[r.Actor] = r.Name
		}
	}
	left := map[string]bool{}
	seen := map[string]bool{}
	put := func(id string) {
		if name, certified := on[id]; certified && !seen[id] {
			seen[id] = true
			d.Moved = append(d.Moved, Actor{id, name})
		}
	}
	for _, a := range d.Lists[approved].Left {
		left[a.ID] = true
		put(a.ID)
	}
	for _, s := range new.Succeeds {
		if left[s[1]] {
			put(s[0])
		}
	}
	sortBy(d.Moved, w, func(a *Actor) (string, string) { return a.Name, a.ID })
}

// Lists compares one list. Time and memory are proportional to the number of rows.
func Lists(old, new *List, w Words) Changes {
	c := comparison{old: old, new: new, words: w}
	c.out.Fields, c.out.OnlyOld, c.out.OnlyNew = intersect(old.against(new), new.against(old))
	for _, f := range c.out.Fields {
		c.at = append(c.at, [2]int{slices.Index(old.Fields, f), slices.Index(new.Fields, f)})
	}
	c.match()
	c.matchOfActor()
	c.actors()
	c.renamings()
	c.values()
	c.out.RowsBefore, c.out.RowsNow = len(old.Rows)+len(old.ByHand), len(new.Rows)+len(new.ByHand)
	c.byHand()
	c.out.sort(w)
	return c.out
}

// ordinal removes the number from a repeated identifier ("…#2"). Which of the equal
// rows has which number depends on all of them.
func ordinal(id string) string {
	i := strings.LastIndexByte(id, '#')
	if i < 0 || i+1 == len(id) || strings.Trim(id[i+1:], "0123456789") != "" {
		return id
	}
	return id[:i]
}

// against returns the fields of a list that can be compared with another list. If one
// of two sources has no column for a field, the field has not changed in every row.
func (l *List) against(other *List) []string {
	fields := slices.Clone(l.Fields)
	for _, f := range l.Blank {
		if slices.Contains(other.Fields, f) {
			fields = append(fields, f)
		}
	}
	if l.Unstated == nil || other.Unstated == nil {
		return fields
	}
	return slices.DeleteFunc(fields, func(f string) bool {
		return slices.Contains(l.Unstated, f) && !slices.Contains(other.Unstated, f)
	})
}

// value returns the row's value in one of its list's fields, by index. A negative index
// stands for a field in which the whole list is blank.
func (r *Row) value(at int) Value {
	if at < 0 {
		return nil
	}
	return r.Values[at]
}

func intersect(a, b []string) (both, onlyA, onlyB []string) {
	for _, f := range a {
		if slices.Contains(b, f) {
			both = append(both, f)
		} else {
			onlyA = append(onlyA, f)
		}
	}
	for _, f := range b {
		if !slices.Contains(a, f) {
			onlyB = append(onlyB, f)
		}
	}
	return both, onlyA, onlyB
}
