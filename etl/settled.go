package etl

import (
	"slices"

	"hdsreport/etl/message"
)

// reading is how the columns of a list were read; see settle.
type reading struct {
	cols     columns
	ticks    map[int]int // column to activity
	disputed []int       // columns of activities whose number is ambiguous
}

// settle drops the findings about values that a correction has settled: a person has
// looked at them. What depends on several values of a row is looked at once more.
func (res *Result) settle(ref *Reference) {
	if len(res.Corrections) == 0 {
		return
	}
	type cell struct {
		list      Listing
		line, col int
	}
	var rows [2]map[string]*Row
	var names map[string][]cell // by actor
	for _, l := range Listings {
		rows[l] = map[string]*Row{}
		for i := range res.Edition.List[l].Rows {
			rows[l][res.Edition.List[l].Rows[i].ID] = &res.Edition.List[l].Rows[i]
		}
	}
	settled := map[cell]bool{}
	again := map[*Row]Listing{}
	corrected := map[*Row][]CorrectionLine{}
	for _, c := range res.Corrections {
		if c.Cell == "" || c.Value == FromSource || c.State != CorrectionHolds && c.State != CorrectionOutdated {
			continue
		}
		if Field(c.Field) == FieldName {
			if names == nil {
				names = map[string][]cell{}
				for _, l := range Listings {
					list := &res.Edition.List[l]
					for i := range list.Rows {
						id := res.Actors[list.Rows[i].Actor].ID
						names[id] = append(names[id], cell{l, int(list.Rows[i].Line), list.read.cols.col(FieldName)})
					}
				}
			}
			for _, at := range names[c.Cell] {
				settled[at] = true
			}
			continue
		}
		row, d := rows[c.List][c.Cell], ref.Field(c.List, Field(c.Field))
		if row == nil || d == nil {
			continue
		}
		for _, col := range res.Edition.List[c.List].columnsOf(d, row) {
			settled[cell{c.List, int(row.Line), col}] = true
		}
		again[row] = c.List
		corrected[row] = append(corrected[row], c)
	}
	lines := map[cell]*Row{}
	for row, l := range again {
		lines[cell{list: l, line: int(row.Line)}] = row
	}
	res.Findings = slices.DeleteFunc(res.Findings, func(f Finding) bool {
		for _, l := range Listings {
			t := res.Edition.List[l].Source.Table
			if t == nil || f.Place.File != t.File || f.Place.Sheet != t.Sheet || f.Place.Row == 0 {
				continue
			}
			if slices.Contains(ofSeveral, f.Code) && lines[cell{list: l, line: f.Place.Row}] != nil {
				return true
			}
			return f.Severity < Error && f.Place.Column > 0 && settled[cell{l, f.Place.Row, f.Place.Column - 1}]
		}
		return false
	})
	for row, l := range again {
		list := &res.Edition.List[l]
		r := &reader{ref: ref, list: l, fields: ref.Fields(l), table: list.Source.Table, cols: list.read.cols}
		at := TableRow{Number: int(row.Line)}
		r.typeAgainstActivities(row, at)
		r.datesAgainstEachOther(row, at)
		for i, f := range r.findings {
			if c := ofCorrection(ref, f.Code, corrected[row]); c != nil {
				f.Args = append(f.Args, message.Pairs("correction", c.Place.String())...)
				r.findings[i] = f.Said("corrected")
			}
		}
		res.add(r.findings)
	}
}

// ofSeveral are the codes about values of a row that do not go together.
var ofSeveral = []string{CodeDatesReversed, CodeApprovalTooLong, CodeCertificateTooLong, CodeTypeActivities}

// ofCorrection returns the last correction of a row from which one of the values comes that
// a finding of ofSeveral is about, or nil: they are as the file has them.
func ofCorrection(ref *Reference, code string, of []CorrectionLine) *CorrectionLine {
	for i := len(of) - 1; i >= 0; i-- {
		d := ref.Field(of[i].List, Field(of[i].Field))
		kinds := []Kind{KindDate}
		if code == CodeTypeActivities {
			kinds = []Kind{KindTypes, KindActivities, KindActivity}
		}
		if slices.Contains(kinds, d.Kind) {
			return &of[i]
		}
	}
	return nil
}

// columnsOf returns the source's columns from which a row's value of a field comes.
func (l *List) columnsOf(d *Definition, row *Row) []int {
	var out []int
	put := func(col int) {
		if col >= 0 {
			out = append(out, col)
		}
	}
	switch {
	case d.Extra():
		if i := l.column(d); i >= 0 {
			put(l.read.cols.extra[i])
		}
	case d.Kind == KindActivities:
		put(l.read.cols.col(FieldActivities))
		for col := range l.read.ticks {
			put(col)
		}
		out = append(out, l.read.disputed...)
	case d.Kind == KindActivity:
		for col, activity := range l.read.ticks {
			if activity == d.Activity {
				put(col)
			}
		}
		if row.Activities.Known() { // nothing of what the cells say is in doubt any more
			put(l.read.cols.col(FieldActivities))
			out = append(out, l.read.disputed...)
		}
	default:
		put(l.read.cols.col(d.Key))
	}
	return out
}

// Past reports whether a finding is about an edition before the published one. It was
// told when that edition was published.
func (res *Result) Past(f Finding) bool {
	return slices.ContainsFunc(res.Editions[:len(res.Editions)-1], func(e Edition) bool {
		return e.Folder != "" && (f.Place.File == e.Folder || within(f.Place.File, e.Folder))
	})
}

// within reports whether a file is in a folder.
func within(file, folder string) bool {
	return len(file) > len(folder) && file[len(folder)] == '/' && file[:len(folder)] == folder
}

// OfEdition returns the findings that are not about an edition before.
func (res *Result) OfEdition() []Finding {
	return slices.DeleteFunc(slices.Clone(res.Findings), res.Past)
}
