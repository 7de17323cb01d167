package etl

import (
	"strings"

	"hdsreport/etl/compare"
	"hdsreport/etl/message"
)

// The rules about the values of rows.

// fewRows is the minimum number of rows for a share of them to be meaningful.
const fewRows = 10

// emptied refuses a list in which a column has become empty: at least half the rows of
// the last edition that has the list had a value there, and now no row has one.
func (j *judged) emptied() []Finding {
	if 2*len(j.now.Rows) < len(j.then.Rows) {
		return nil // too few rows are left to judge columns; the loss itself is refused
	}
	var out []Finding
	published := j.in.Published
	activities := false // the activities as a whole have been lost, and so has each of them
	for _, d := range j.in.Reference.Fields(j.list) {
		if d.Gate < GateColumn || d.Kind == KindActivity && activities {
			continue
		}
		// Columns of the configuration were not always checked. If the published
		// version of this edition lacks the column, that does not block the edition
		// now.
		if d.Extra() && published != nil && published.Edition == j.res.Edition.ID &&
			!published.Filled[j.list][d.Key] {
			continue
		}
		if was := j.then.filled(d); was > 0 && 2*was >= len(j.then.Rows) && j.now.filled(d) == 0 {
			activities = activities || d.Kind == KindActivities
			out = append(out, Find(Error, CodeColumnEmptied, j.at, "field", d, "was", was, "rows", len(j.then.Rows),
				"since", j.ch.Since))
		}
	}
	return out
}

// changed refuses a list in which most rows have changed in the same way since the last
// edition that has it, for example because day and month were swapped or a column was
// shifted.
func (j *judged) changed() []Finding {
	rows := map[string]*Row{}
	for i := range j.now.Rows {
		rows[j.now.Rows[i].ID] = &j.now.Rows[i]
	}
	changed := map[Field][]Evidence{}
	for _, c := range j.ch.Rows.Changed {
		for _, f := range c.Fields {
			if r := rows[c.ID]; r != nil {
				e := j.now.evidence(r)
				e.Note = message.New("evidence-changed", "now", compare.Said(f.Now), "was", compare.Said(f.Was))
				changed[Field(f.Field)] = append(changed[Field(f.Field)], e)
			}
		}
	}
	both := len(j.now.Rows) - len(j.ch.Rows.Added) - len(j.now.evidenceOf(j.ch.Arrived))
	var out []Finding
	for _, d := range j.in.Reference.Fields(j.list) {
		if d.Gate != GateValues || j.then.filled(d) == 0 { // an empty column cannot have been shifted
			continue
		}
		n := len(changed[d.Key])
		if s := share(n, both); n >= fewRows && s > float64(j.th.Changed) {
			out = append(out, Find(Error, CodeRowsChanged, j.at, "n", n, "rows", both, "since", j.ch.Since, "field", d,
				"share", message.Percent(s)).About(changed[d.Key]))
		}
	}
	return out
}

// endsPassed refuses a list in which most ends have passed at once, as in a very old
// file.
func (j *judged) endsPassed() []Finding {
	ended, before := j.now.ended(j.res.Edition.Date), j.then.ended(j.res.day(j.ch.Since))
	if len(ended) < fewRows || share(len(ended), len(j.now.Rows)) <= float64(j.th.Ended) ||
		share(len(before), len(j.then.Rows)) > float64(j.th.Ended) {
		return nil
	}
	var evidence []Evidence
	for _, r := range ended {
		e := j.now.evidence(r)
		e.Note = message.New("evidence-end", "date", r.Effective)
		evidence = append(evidence, e)
	}
	return []Finding{Find(Error, CodeEndsPassed, j.at, "n", len(ended), "rows", len(j.now.Rows), "before", len(before),
		"since", j.ch.Since).About(evidence)}
}

// repeated refuses a list with many repeated rows, as when all pages are the same one
// or something was pasted twice. No actor would be counted twice, but readers would see
// every copy.
func (j *judged) repeated() []Finding {
	var twins []Evidence
	for i := range j.now.Rows {
		if strings.Contains(j.now.Rows[i].ID, "#") {
			twins = append(twins, j.now.evidence(&j.now.Rows[i]))
		}
	}
	n, all := len(twins), len(j.now.Rows)
	if s := share(n, all); n >= fewRows && s > float64(j.th.Repeated) {
		return []Finding{Find(Error, CodeRowsRepeated, j.at, "n", n, "rows", all,
			"share", message.Percent(s)).About(twins)}
	}
	return nil
}

// unreadable refuses a list with too many values that could not be read or contradict
// each other.
func (j *judged) unreadable() []Finding {
	unread := 0
	var rows []Evidence
	for i := range j.now.Rows {
		n := j.now.Rows[i].unread() + j.now.Rows[i].reversed()
		if n > 0 {
			rows = append(rows, j.now.evidence(&j.now.Rows[i]))
		}
		unread += n
	}
	if s := share(unread, len(j.now.Rows)*readable(&j.in.Reference, j.list)); s > float64(j.th.Unreadable) {
		return []Finding{Find(Error, CodeValuesUnreadable, j.at, "n", unread,
			"share", message.Percent(s)).About(rows)}
	}
	return nil
}

// ended returns the rows whose effective end is before a day.
func (l *List) ended(day Date) []*Row {
	var out []*Row
	for i := range l.Rows {
		if r := &l.Rows[i]; r.Counts() && r.Effective.Full() && r.Effective.Compare(day) < 0 {
			out = append(out, r)
		}
	}
	return out
}

// filled counts the rows that have a value in a field, readable or not.
func (l *List) filled(d *Definition) int {
	n := 0
	for i := range l.Rows {
		if d.filled(l, &l.Rows[i]) {
			n++
		}
	}
	return n
}

// readable returns how many values in a row of a list could be unreadable.
func readable(ref *Reference, l Listing) int {
	n := 0
	for _, d := range ref.Fields(l) {
		switch d.Kind {
		case KindDate, KindTypes, KindActivities: // all columns of activities count as one
			n++
		}
	}
	return n
}

// unread returns how many values of the row could not be read. All columns of
// activities count as one.
func (row *Row) unread() int {
	n, activities := 0, 0
	for f := range row.Raw {
		if isActivity(f) {
			activities = 1
		} else {
			n++
		}
	}
	return n + activities
}

// reversed returns 2 if the row ends before it starts, otherwise 0: if the two columns
// were swapped, both dates are readable, but wrong.
func (row *Row) reversed() int {
	if row.From.Full() && row.Until.Full() && row.Until.Compare(row.From) < 0 {
		return 2
	}
	return 0
}
