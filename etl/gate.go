package etl

import (
	"fmt"
	"slices"
	"strings"
)

// Thresholds are the gate's, shares between 0 and 1. The zero value of one
// switches nothing off: the configuration sets defaults for all.
type Thresholds struct {
	Lost          float64 // of the previous edition's actors, more than this share gone
	Gained        float64 // more than this many times the previous actors …
	GainedAtLeast int     // … and at least so many new ones
	Unreadable    float64 // of the values of dates, types and activities
	Unclassified  float64 // of the actors
}

// Refusal is one reason not to publish. Accepted is who let it through, for this
// edition, and when.
type Refusal struct {
	Finding  Finding
	Accepted *Acceptance
}

// gate says what must not be published: the published edition against the last
// one that has each listing, and against itself.
func gate(reg *Registry, th Thresholds, res *Result) []Refusal {
	var out []Refusal
	refuse := func(code string, at Place, message, do string) {
		r := Refusal{Finding: Finding{Error, code, at, message, do}}
		for i, a := range reg.Accepted {
			if a.Edition == res.Edition.ID && a.Code == code {
				r.Accepted = &reg.Accepted[i]
				break
			}
		}
		out = append(out, r)
	}
	for _, l := range Listings {
		list := &res.Edition.List[l]
		at := Place{File: "editions/" + res.Edition.ID}
		if list.Source.Table == nil {
			refuse(CodeListingMissing, at, fmt.Sprintf("the edition has no %s list (%s.csv, .tsv, .xlsx, .html, .ods or .json)", l, l.FileName()), "add the file, or publish an edition that has it")
			continue
		}
		at = Place{File: list.Source.Table.File, Sheet: list.Source.Table.Sheet}
		for _, f := range res.Findings {
			if f.Place.File == at.File && f.Severity == Error && slices.Contains(brokenList, f.Code) {
				refuse(f.Code, f.Place, f.Message, f.Do)
			}
		}
		if len(list.Rows) == 0 {
			continue
		}
		res.gateActors(l, th, at, refuse)
		unread, values := 0, 0
		for i := range list.Rows {
			unread += list.Rows[i].unread() + list.Rows[i].reversed()
			values += valuesOf[l]
		}
		if share := float64(unread) / float64(values); share > th.Unreadable {
			refuse(CodeValuesUnreadable, at, fmt.Sprintf("%d values could not be read or contradict each other, %s of them", unread, percent(share)), "look at the warnings above: a column may be in another order or another format")
		}
	}
	unclassified, all := 0, 0
	for i := range res.Actors {
		if res.On[Approved][int32(i)] || res.On[Certified][int32(i)] {
			all++
			if res.Actors[i].Position == Unclassified {
				unclassified++
			}
		}
	}
	if all > 0 && float64(unclassified)/float64(all) > th.Unclassified {
		refuse(CodeTooManyUnclassified, Place{File: "registry/actors.csv"}, fmt.Sprintf("%d of %d actors have no position, %s of them", unclassified, all, percent(float64(unclassified)/float64(all))), "classify them in registry/actors.csv")
	}
	for _, f := range res.Findings {
		// A column that a source lacks is judged above; here it is one of the registry's.
		if f.Severity == Error && slices.Contains(brokenRegistry, f.Code) && (f.Code != CodeColumnMissing || !res.isSource(f.Place.File)) {
			refuse(f.Code, f.Place, f.Message, f.Do)
		}
	}
	return out
}

// brokenList are the faults of a listing's file after which its rows are not to be
// trusted, and brokenRegistry those of the registry after which editors' decisions
// would be lost.
var (
	brokenList     = []string{CodeColumnMissing, CodeHeaderMissing, CodeHeaderBelow, CodeListingEmpty, CodeListingOther, CodeTextTooLong, "html-truncated"}
	brokenRegistry = []string{CodeRegistryDuplicate, CodeAliasAmbiguous, CodeDecisionsConflict, CodeColumnMissing}
)

// isSource tells the file of a listing, of whichever edition.
func (res *Result) isSource(file string) bool {
	for _, e := range res.Editions {
		for _, l := range e.List {
			if l.Source.Table != nil && l.Source.Table.File == file {
				return true
			}
		}
	}
	return false
}

func (res *Result) gateActors(l Listing, th Thresholds, at Place, refuse func(code string, at Place, message, do string)) {
	ch := res.Changes[l]
	if ch.Since == "" {
		return
	}
	before := ch.Before
	// Shares are divided, not multiplied: a fifth of fifteen is exactly a fifth.
	if n := len(ch.Left); before > 0 && float64(n)/float64(before) > th.Lost {
		refuse(CodeActorsLost, at, fmt.Sprintf("%d of the %d actors of %s are gone (%s): %s", n, before, ch.Since, percent(float64(n)/float64(before)), few(res.Names(ch.Left))), "check that the file is whole and the right one")
	}
	if n := len(ch.Arrived); float64(before+n) > th.Gained*float64(before) && n >= th.GainedAtLeast {
		refuse(CodeActorsGained, at, fmt.Sprintf("%d actors are new beside the %d of %s: %s", n, before, ch.Since, few(res.Names(ch.Arrived))), "check that the file is the right one, and that names are not written in another way")
	}
}

// valuesOf is how many values a row of each list has that may be unreadable: two
// dates, and for a certificate its type and its activities.
var valuesOf = [2]int{Approved: 2, Certified: 4}

// unread is how many of a row's values could not be read; the six columns of
// activities are one.
func (row *Row) unread() int {
	n, activities := 0, 0
	for f := range row.Raw {
		if strings.HasPrefix(string(f), "activit") {
			activities = 1
		} else {
			n++
		}
	}
	return n + activities
}

// reversed is two, the dates of a row that ends before it starts: of columns that
// changed places every value can be read.
func (row *Row) reversed() int {
	if row.From.Full() && row.Until.Full() && row.Until.Compare(row.From) < 0 {
		return 2
	}
	return 0
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func few(names []string) string {
	const most = 5
	shown := make([]string, 0, most)
	for _, n := range names[:min(most, len(names))] {
		shown = append(shown, oneLine(n))
	}
	said := strings.Join(shown, ", ")
	if more := len(names) - most; more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	return said
}
