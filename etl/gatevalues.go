package etl

import (
	"slices"
	"strings"

	"hdsreport/etl/message"
)

// The rules about the values of rows.

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
				"since", Named(j.ch.Since), "line", headerLine(j.list, d.Key, "…")))
		}
	}
	return out
}

// changed refuses a list in which most rows have another value in a field than in the
// last edition that has it, for example because day and month were swapped or a column
// was shifted. It warns of more changes than usual. Renewals are usual. Those that were
// due hold no list back, unless they are half of it.
func (j *judged) changed() []Finding {
	all := 0
	of := map[Field][]pair{}
	for _, p := range j.paired().pairs {
		if !p.same() {
			continue
		}
		all++
		for _, d := range p.changed {
			of[d.Key] = append(of[d.Key], p)
		}
	}
	var refused, unusual []Finding
	for _, d := range j.fields {
		pairs := of[d.Key]
		// An empty column cannot have been shifted, but a list may begin to suspend many.
		if len(pairs) == 0 || j.then.filled(d) == 0 && d.Kind != KindStanding {
			continue
		}
		rows, renewed, due := make([]Evidence, len(pairs)), 0, 0
		for i, p := range pairs {
			rows[i] = j.changedRow(d, p)
			if p.renewed() {
				renewed++
				if p.due(j.res.Edition.Date) {
					due++
				}
			}
		}
		n := len(rows)
		f := Find(Error, CodeRowsChanged, j.at, "n", n, "rows", all, "since", Named(j.ch.Since), "field", d,
			"share", message.Percent(share(n, all))).About(rows)
		switch {
		case n >= j.th.ChangedAtLeast && (share(n-due, all) > float64(j.th.Changed) ||
			share(n, all) > max(float64(j.th.Changed), 0.5)):
			refused = append(refused, f)
		case d.Kind != KindActivity && (j.unusual(n-renewed, all, j.th.Changed) ||
			n-due > j.th.UsualAtLeast && j.unusual(n-due, all, j.th.Changed)):
			f.Severity = Warning
			unusual = append(unusual, f)
		}
	}
	// One of the activities' columns says more than the activities together.
	if len(refused) > 1 {
		refused = slices.DeleteFunc(refused, func(f Finding) bool {
			field, _ := f.Args.Get("field")
			return field.(*Definition).Kind == KindActivities && slices.ContainsFunc(refused, func(f Finding) bool {
				field, _ := f.Args.Get("field")
				return field.(*Definition).Kind == KindActivity
			})
		})
	}
	return append(refused, unusual...)
}

// changedRow is the row of a pair with its value of a field now and then.
func (j *judged) changedRow(d *Definition, p pair) Evidence {
	e := j.now.evidence(p.is)
	e.Note = message.New("evidence-changed", "now", j.shown(d, j.now, p.is), "was", j.shown(d, j.then, p.was))
	return e
}

// endsPassed refuses a list in which most ends have passed at once, as in a very old
// file. In a first list it warns of them.
func (j *judged) endsPassed() []Finding {
	ended := j.now.ended(j.res.Edition.Date)
	if len(ended) < j.th.ChangedAtLeast || share(len(ended), len(j.now.Rows)) <= float64(j.th.Ended) {
		return nil
	}
	var before []*Row
	if j.then != nil {
		before = j.then.ended(j.res.day(j.ch.Since))
		if share(len(before), len(j.then.Rows)) > float64(j.th.Ended) {
			return nil
		}
	}
	var evidence []Evidence
	for _, r := range ended {
		e := j.now.evidence(r)
		e.Note = message.New("evidence-end", "date", r.Effective)
		evidence = append(evidence, e)
	}
	if j.then == nil {
		return []Finding{Find(Warning, CodeEndsPassed, j.at, "n", len(ended), "rows", len(j.now.Rows)).
			Said("first").About(evidence)}
	}
	return []Finding{Find(Error, CodeEndsPassed, j.at, "n", len(ended), "rows", len(j.now.Rows), "before", len(before),
		"since", Named(j.ch.Since)).About(evidence)}
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
	if s := share(n, all); n >= j.th.ChangedAtLeast && s > float64(j.th.Repeated) {
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

// together adds up what other rules find below their thresholds: the rows that are gone,
// changed, unreadable, repeated or implausible. Each row counts once, and a renewal does
// not count.
func (j *judged) together() []Finding {
	rows := map[*Row]message.Key{} // rows then if they are gone, otherwise rows now
	over := j.then.over(j.res.Edition.Date)
	left := minus(j.then.actors(), j.res.On[j.list])
	lost := make(map[int32]bool, len(left))
	for _, a := range left {
		lost[a] = !over[a]
	}
	p := j.paired()
	for _, r := range p.gone {
		if lost[r.Actor] {
			rows[r] = "together-gone"
		}
	}
	doubtful := func(r *Row) bool { return r.unread()+r.reversed() > 0 }
	known := map[*Row]bool{} // doubtful then, as now
	for _, p := range p.pairs {
		if !p.same() || len(p.changed) > 0 && !p.renewed() {
			rows[p.is] = "together-changed"
		}
		known[p.is] = doubtful(p.was) || strings.Contains(p.was.ID, "#")
	}
	was := map[string]bool{}
	for i := range j.then.Rows {
		was[j.then.Rows[i].Name] = true
	}
	for i := range j.now.Rows {
		switch r := &j.now.Rows[i]; {
		case rows[r] != "" || known[r]:
		case doubtful(r):
			rows[r] = "together-unreadable"
		case strings.Contains(r.ID, "#"):
			rows[r] = "together-repeated"
		case !was[r.Name] && notName(r.Name) != "":
			rows[r] = "together-name"
		}
	}
	kinds := map[message.Key]bool{}
	var evidence []Evidence
	add := func(list *List, r *Row) {
		if key := rows[r]; key != "" {
			kinds[key] = true
			e := list.evidence(r)
			e.Note = message.Message{Key: key}
			evidence = append(evidence, e)
		}
	}
	for _, r := range p.gone {
		add(j.then, r)
	}
	for i := range j.now.Rows {
		add(j.now, &j.now.Rows[i])
	}
	n, all := len(evidence), len(j.then.Rows)
	s := share(n, all)
	severity := Error
	if s <= float64(j.th.Together) || n < j.th.ChangedAtLeast {
		severity = Warning
	}
	if len(kinds) < 2 || severity == Warning && (n <= j.th.UsualAtLeast || !j.unusual(n, all, j.th.Together)) {
		return nil
	}
	return []Finding{Find(severity, CodeFaultsTogether, j.at, "n", n, "rows", all, "since", Named(j.ch.Since),
		"share", message.Percent(s), "names", named(evidence)).About(evidence)}
}
