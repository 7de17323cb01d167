// Package compare tells what changed between two states of the lists: two
// editions, two files, two workbooks, two publications, or one and another. All of
// them become the same thing here, rows by identifier, and are compared in one way:
// by actor and by row, never by line.
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
	Day   string   // as of which it is, ISO 8601; empty if it does not say
	Lists [2]*List // by etl.Listing; nil where the side does not have the list
	// Succeeds are pairs of actors' ids: the first succeeds the second, by a decision.
	Succeeds [][2]string
	Notes    []message.Message // what of it is not compared, and why; one about a list has it as "list"
}

// List is one of the two lists, in any order of rows.
type List struct {
	Fields []string // what the Values of each row are
	// Unstated are fields that the source of the list has no column for, so that all their
	// values are empty; nil where the list is no source but a sheet, in which they can be
	// filled in.
	Unstated []string
	Rows     []Row
	ByHand   []Row // rows without an identifier, which somebody has added
}

// Row is an approval or a certificate.
type Row struct {
	ID     string // Identifiant: its actor's id, then what tells its rows apart
	Actor  string // its actor's id
	Name   string // its actor, as readers see it
	Source string // its actor, as the source writes it
	Ends   string // its effective end, ISO 8601; empty where no full date is known
	Values []Value
}

// Value is what a cell says in a field: a date, a text, a set. It is compared with ==, so
// that its type must be comparable; nil is nothing stated.
type Value interface {
	// String is the value as JSON and the registry have it.
	String() string
}

// Said is a value as a text; nothing stated is an empty one.
func Said(v Value) string {
	if v == nil {
		return ""
	}
	return v.String()
}

// Words are what the comparison has to know of language.
type Words struct {
	// Alike tells that two names of one actor are one name, written differently.
	Alike func(a, b string) bool
	// Fold reduces a text to its words: texts with the same ones differ in case,
	// accents, spaces or punctuation only.
	Fold func(string) string
	// Key is what a name is sorted by, byte by byte, in the order that readers expect.
	Key func(name string) string
}

// Difference is what changed from one side to the other.
type Difference struct {
	Lists [2]*Changes // nil where a side does not have the list
	// Moved are the actors that left the approved and are certified now: themselves,
	// or in the person of a successor.
	Moved []Actor
}

// Changes are what happened to one list. Everything is in the order of names.
type Changes struct {
	Before, Now         int // actors
	RowsBefore, RowsNow int

	Arrived []Actor  // actors that the list did not have
	Left    []Actor  // actors that it has no more
	Renamed []Rename // actors that readers see under another name
	Changed []Change // rows with another value
	Added   []Actor  // rows of actors that were there before,
	Removed []Actor  // and that are there still

	// Not of substance: names that are written otherwise, there or in the source, and
	// values of the same words with another case, accents, spaces or punctuation.
	Respelt []Rename
	Retyped []Change

	ByHand   []Actor  // rows without an identifier in the new side,
	WasHand  []Actor  // and in the old one
	Fields   []string // that both sides have, which are what is compared
	OnlyOld  []string // fields of the old side alone
	OnlyNew  []string
	Repeated []string // identifiers that stand twice in the new side, as copied rows do

	// By the new side's day; empty where that is not known.
	Overdue []Ending // rows whose end has passed and that are there still
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

// Change is what changed in one row.
type Change struct {
	ID     string  `json:"id"`               // of the row, now
	WasID  string  `json:"was_id,omitempty"` // where it was another
	Name   string  `json:"name"`             // of the actor, now
	Fields []Field `json:"fields"`
}

// Field is one value, before and now.
type Field struct {
	Field    string
	Was, Now Value
}

// MarshalJSON gives both values as texts; empty is one that was not stated.
func (f Field) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // whoever encodes the whole may want it, and then does it
	err := e.Encode(struct {
		Field string `json:"field"`
		Was   string `json:"was"`
		Now   string `json:"now"`
	}{f.Field, Said(f.Was), Said(f.Now)})
	return out.Bytes(), err
}

// Ending is a row or an actor with an end.
type Ending struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	End  string `json:"end"`
	// New tells that the end has passed since the old side's day.
	New bool `json:"new"`
}

// Empty tells that nothing of substance changed.
func (c *Changes) Empty() bool {
	return len(c.Arrived)+len(c.Left)+len(c.Renamed)+len(c.Changed)+len(c.Added)+len(c.Removed)+len(c.ByHand)+len(c.WasHand) == 0
}

// Position is the field that belongs to the actor and not to the row.
const Position = "position"

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
			d.Lists[l] = &c
		}
	}
	d.moved(new, w)
	return d
}

// moved looks for those who left the approved on the list of the certified.
func (d *Difference) moved(new *Side, w Words) {
	const approved, certified = 0, 1
	if d.Lists[approved] == nil || new.Lists[certified] == nil {
		return
	}
	on := map[string]string{}
	for _, r := range new.Lists[certified].Rows {
		on[r.Actor] = r.Name
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

// Lists compares one list. Its time and memory grow with the number of rows.
func Lists(old, new *List, w Words) Changes {
	c := comparison{old: old, new: new, words: w}
	c.out.Fields, c.out.OnlyOld, c.out.OnlyNew = intersect(old.against(new), new.against(old))
	for _, f := range c.out.Fields {
		c.at = append(c.at, [2]int{slices.Index(old.Fields, f), slices.Index(new.Fields, f)})
	}
	c.match()
	c.matchOfActor()
	c.actors()
	c.values()
	c.out.RowsBefore, c.out.RowsNow = len(old.Rows)+len(old.ByHand), len(new.Rows)+len(new.ByHand)
	c.byHand()
	c.out.sort(w)
	return c.out
}

// ordinal cuts the number off an identifier that stands twice ("…#2"): which of
// the twins bears it depends on both.
func ordinal(id string) string {
	i := strings.LastIndexByte(id, '#')
	if i < 0 || i+1 == len(id) || strings.Trim(id[i+1:], "0123456789") != "" {
		return id
	}
	return id[:i]
}

// against are the fields of a list that can be compared with another one: of two sources,
// what one has no column for has not changed in every row.
func (l *List) against(other *List) []string {
	if l.Unstated == nil || other.Unstated == nil {
		return l.Fields
	}
	return slices.DeleteFunc(slices.Clone(l.Fields), func(f string) bool {
		return slices.Contains(l.Unstated, f) && !slices.Contains(other.Unstated, f)
	})
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
