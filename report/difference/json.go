package difference

import (
	"encoding/json"
	"io"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/message"
)

// The JSON of a comparison. Keys stay; fields and values are those of
// etl.CompareFields; lists are never null.
type document struct {
	Old       sideJSON        `json:"old"`
	New       sideJSON        `json:"new"`
	Summary   string          `json:"summary"`
	Same      bool            `json:"same"` // nothing of substance changed
	Approved  *listJSON       `json:"approved"`
	Certified *listJSON       `json:"certified"`
	Moved     []compare.Actor `json:"moved"`
	// MaybeRenamed are those who left either list and may go on under another name. It is
	// left out if there are none, as are the keys of a list that are about them.
	MaybeRenamed []compare.Renaming `json:"maybe_renamed,omitempty"`
	Notes        []string           `json:"notes"`
}

type sideJSON struct {
	Name string `json:"name"`
	Day  string `json:"day,omitempty"`
}

type listJSON struct {
	Before     int              `json:"actors_before"`
	Now        int              `json:"actors_now"`
	RowsBefore int              `json:"rows_before"`
	RowsNow    int              `json:"rows_now"`
	Arrived    []compare.Actor  `json:"arrived"`
	Left       []compare.Actor  `json:"left"`
	Awaiting   int              `json:"left_awaiting,omitempty"` // a ruling, of those who left
	Renamed    []compare.Rename `json:"renamed"`
	Changed    []compare.Change `json:"changed"`
	Added      []compare.Actor  `json:"rows_added"`
	Removed    []compare.Actor  `json:"rows_removed"`
	ByHand     []compare.Actor  `json:"added_by_hand"`
	WasHand    []compare.Actor  `json:"by_hand_before"`
	Respelt    []compare.Rename `json:"respelt"`
	Retyped    []compare.Change `json:"retyped"`
	Overdue    []compare.Ending `json:"overdue"`
	Early      []compare.Ending `json:"left_early"`
	Repeated   []string         `json:"repeated"`
	Fields     []string         `json:"fields"` // what was compared

	MaybeRenamed []compare.Renaming `json:"maybe_renamed,omitempty"`
	PerhapsSame  []compare.Renaming `json:"perhaps_same,omitempty"`
	Replaced     []compare.Renaming `json:"replaced,omitempty"`
}

// JSON writes the comparison for a program, in English whatever the language.
func (r *Report) JSON(w io.Writer) error {
	english := *r
	english.say = message.In("en")
	d := document{Old: sideJSON{r.Old.Name, r.Old.Day}, New: sideJSON{r.New.Name, r.New.Day},
		Summary: english.Sentence(), Same: r.Empty(),
		Approved: listOf(r.Lists[etl.Approved]), Certified: listOf(r.Lists[etl.Certified]), Moved: or(r.Moved),
		Notes: or(english.Notes())}
	for _, c := range r.Lists {
		if c != nil {
			d.MaybeRenamed = append(d.MaybeRenamed, c.MaybeRenamed...)
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

// Empty reports whether nothing of substance changed in the lists that both sides have.
func (r *Report) Empty() bool {
	for _, c := range r.Lists {
		if c != nil && !c.Empty() {
			return false
		}
	}
	return true
}

func listOf(c *compare.Changes) *listJSON {
	if c == nil {
		return nil
	}
	return &listJSON{c.Before, c.Now, c.RowsBefore, c.RowsNow, or(c.Arrived), or(c.Left), c.Awaiting(), or(c.Renamed),
		or(c.Changed), or(c.Added), or(c.Removed),
		or(c.ByHand), or(c.WasHand), or(c.Respelt), or(c.Retyped), or(c.Overdue), or(c.Early), or(c.Repeated),
		or(c.Fields), c.MaybeRenamed, c.PerhapsSame, c.Replaced}
}

// or is a list that JSON shows as one even where it is empty.
func or[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
