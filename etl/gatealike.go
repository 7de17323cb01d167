package etl

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The rules about what several rows have in common. What changes by itself changes in
// one row here and another there. The same change in several rows, or a gap that follows
// the order of the file, is what a program has done.

// likeness is what rows have in common: rows of the list now for changes, then for
// departures.
type likeness struct {
	variant string
	args    []any
	least   int // rows from which on it is a warning
	rows    []Evidence
}

// putAlike records that a field of a row has changed in a way that the variant and the
// key name. Least is the number of rows from which on that is a warning.
type putAlike func(p pair, d *Definition, variant, key string, least int, args ...any)

// changesAlike warns of rows that have changed in the same way. What changed with a
// renewal is left out.
func (j *judged) changesAlike() []Finding {
	found := map[string]*likeness{}
	var order []string
	put := func(p pair, d *Definition, variant, key string, least int, args ...any) {
		at := variant + "\x00" + string(d.Key) + "\x00" + key
		if found[at] == nil {
			found[at] = &likeness{variant: variant, least: least, args: append([]any{"field", d}, args...)}
			order = append(order, at)
		}
		found[at].rows = append(found[at].rows, j.changedRow(d, p))
	}
	before := map[string]map[string]bool{} // the values before of what is one value now
	for _, p := range j.paired().pairs {
		if !p.same() || p.renewed() && !p.shifted() {
			continue
		}
		for _, d := range p.changed {
			was, is := j.value(d, j.then, p.was), j.value(d, j.now, p.is)
			switch d.Kind {
			case KindDate:
				dateChange(p, d, put)
			case KindActivities:
				j.activityChange(p, d, put)
			case KindActivity:
				continue // they are compared together
			case KindText:
				if a, b := d.Text(j.then, p.was), d.Text(j.now, p.is); cut(b, a) {
					put(p, d, "cut", "", 3)
				}
			}
			if p.renewed() {
				continue // several may be renewed on one day
			}
			if is == "" {
				put(p, d, "emptied", "", 3)
				continue
			}
			at := "same\x00" + string(d.Key) + "\x00" + is
			if before[at] == nil {
				before[at] = map[string]bool{}
			}
			before[at][was] = true
			put(p, d, "same", is, 3, "value", oneLine(j.shown(d, j.now, p.is)))
		}
	}
	var out []Finding
	for _, at := range order {
		a := found[at]
		// One value for another is a value written otherwise.
		if len(a.rows) < a.least || a.variant == "same" && len(before[at]) < 2 {
			continue
		}
		out = append(out, Find(Warning, CodeChangesAlike, j.at, append(a.args, "n", len(a.rows), "since", Named(j.ch.Since),
			"names", named(a.rows))...).Said(a.variant).About(a.rows))
	}
	return out
}

// shifted reports whether both dates of a row have moved by the same time, which is less
// than a period: no renewal does that.
func (p pair) shifted() bool {
	from, until := p.is.From.Serial()-p.was.From.Serial(), p.is.Until.Serial()-p.was.Until.Serial()
	return p.is.From.Full() && p.was.From.Full() && max(from-until, until-from) <= 1 && from < 1000
}

// dateChange tells how a date has changed: day and month have changed places, or it is
// moved by some months or days.
func dateChange(p pair, d *Definition, put putAlike) {
	was, is := *d.date(p.was), *d.date(p.is)
	if !was.Full() || !is.Full() {
		return
	}
	least, key := 3, ""
	if p.renewed() {
		least, key = 4, "renewed "
	}
	months := 12*(int(is.Year)-int(was.Year)) + int(is.Month) - int(was.Month)
	days := is.Serial() - was.Serial()
	switch {
	case was.Year == is.Year && was.Day == is.Month && was.Month == is.Day:
		put(p, d, "swapped", "", 2)
	case was.Day == is.Day || is.AddMonths(-months) == was || was.AddMonths(months) == is:
		put(p, d, "moved-months", key+strconv.Itoa(months), least, "by", months)
	default:
		put(p, d, "moved-days", key+strconv.Itoa(days), least, "by", days)
	}
}

// activityChange tells how a set of activities has changed: each yes is a no and the
// other way round, they have moved by a column, or two columns have changed places.
func (j *judged) activityChange(p pair, d *Definition, put putAlike) {
	was, is := p.was.Activities, p.is.Activities
	n := len(j.in.Reference.Activities)
	if !was.Known() || !is.Known() || was.Yes == 0 || n > MostActivities-1 {
		return
	}
	all := ActivitySet(1)<<n - 1
	left, right := was.Yes<<1, was.Yes>>1
	around := was.Yes >> (n - 1) & 1
	differ := was.Yes ^ is.Yes
	switch {
	case is.Yes == was.Yes^all:
		put(p, d, "inverted", "", 2)
	case is.Yes == left&all || is.Yes == left&all|around:
		put(p, d, "shifted", "left", 3)
	case is.Yes == right || is.Yes == right|was.Yes&1<<(n-1):
		put(p, d, "shifted", "right", 3)
	case differ.Len() == 2 && was.Yes.Len() == is.Yes.Len():
		one, other := bits.TrailingZeros64(uint64(differ)), bits.Len64(uint64(differ))-1
		put(p, d, "exchanged", strconv.Itoa(100*one+other), 3)
	}
}

// cut reports whether a text is the beginning of another one that is longer, or the
// other way round.
func cut(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a != "" && len(a) < len(b) && strings.HasPrefix(fold(b), fold(strings.TrimRight(a, " .…")))
}

// departuresAlike warns of rows that are gone together: one after the other in the order
// of the file or of the alphabet, at equal distances, or all that have the same value.
// What has come to its end goes by itself.
func (j *judged) departuresAlike() []Finding {
	gone := map[*Row]bool{}
	for _, r := range j.paired().gone {
		if !r.Effective.Full() || r.Effective.Compare(j.res.Edition.Date) > 0 {
			gone[r] = true
		}
	}
	if len(gone) < j.th.UsualAtLeast || 2*len(gone) > len(j.then.Rows) {
		return nil // too few for a pattern, or more than a pattern
	}
	then := pointers(j.then.Rows)
	slices.SortFunc(then, func(a, b *Row) int { return int(a.Line - b.Line) })
	found := func(variant string, rows []*Row, args ...any) []Finding {
		evidence := j.then.rows(rows)
		return []Finding{Find(Warning, CodeDeparturesAlike, j.at, append(args, "n", len(rows), "since", Named(j.ch.Since),
			"names", named(evidence))...).Said(variant).About(evidence)}
	}
	if run := gap(then, gone); run != nil {
		return found("gap", run, "first", run[0].Name, "last", run[len(run)-1].Name)
	}
	if rows := regular(then, gone); rows != nil {
		return found("regular", rows)
	}
	byName := slices.Clone(then)
	slices.SortStableFunc(byName, func(a, b *Row) int { return int(j.res.rank[a.Actor] - j.res.rank[b.Actor]) })
	if run := gap(byName, gone); run != nil {
		return found("gap", run, "first", run[0].Name, "last", run[len(run)-1].Name)
	}
	for _, d := range j.fields {
		if d.Kind == KindActivity || d.tells != nil { // few rows have the same number or service
			continue
		}
		values := memo[string]{}
		value := func(list *List, r *Row) string {
			if d.Kind == KindText && len(r.Raw) == 0 {
				return values.of(d.Text(list, r), fold)
			}
			return j.value(d, list, r)
		}
		if rows := j.vanished(then, gone, value); rows != nil {
			return found("value", rows, "field", d, "value", oneLine(j.shown(d, j.then, rows[0])))
		}
	}
	odd := func(_ *List, r *Row) string {
		if strings.ContainsFunc(r.Name, func(c rune) bool { return c > unicode.MaxASCII }) {
			return "accents"
		}
		return ""
	}
	if rows := j.vanished(then, gone, odd); rows != nil {
		return found("accents", rows)
	}
	return nil
}

// unlikely is the probability below which what rows have in common is no accident.
const unlikely = 0.02

// gap returns the longest run of rows that are gone, in the given order, if it would
// hardly be there by accident.
func gap(rows []*Row, gone map[*Row]bool) []*Row {
	from, longest := 0, 0
	for i := 0; i < len(rows); i++ {
		n := 0
		for i+n < len(rows) && gone[rows[i+n]] {
			n++
		}
		if n > longest {
			from, longest = i, n
		}
		i += n
	}
	if longest < 3 {
		return nil
	}
	chance := float64(len(rows) - longest + 1)
	for i := range longest {
		chance *= float64(len(gone)-i) / float64(len(rows)-i)
	}
	if chance >= unlikely {
		return nil
	}
	return rows[from : from+longest]
}

// regular returns the rows that are gone if they are at equal distances, at least four
// of them: the last row of each page, for example.
func regular(rows []*Row, gone map[*Row]bool) []*Row {
	var out []*Row
	last, step := 0, 0
	for i, r := range rows {
		if !gone[r] {
			continue
		}
		if len(out) == 1 {
			step = i - last
		} else if len(out) > 1 && i-last != step {
			return nil
		}
		out, last = append(out, r), i
	}
	if len(out) < 4 || step < 2 {
		return nil
	}
	return out
}

// vanished returns the rows of a value that no row has any more, if they are at least
// three actors and would hardly be gone together by accident.
func (j *judged) vanished(then []*Row, gone map[*Row]bool, value func(*List, *Row) string) []*Row {
	left := map[string]bool{}
	for i := range j.now.Rows {
		left[value(j.now, &j.now.Rows[i])] = true
	}
	of := map[string][]*Row{}
	var order []string
	for _, r := range then {
		if v := value(j.then, r); v != "" && !left[v] {
			if of[v] == nil {
				order = append(order, v)
			}
			of[v] = append(of[v], r)
		}
	}
	for _, v := range order {
		rows := of[v]
		actors := map[int32]bool{}
		chance := 1.0
		for i, r := range rows {
			actors[r.Actor] = true
			if chance *= float64(len(gone)-i) / float64(len(then)-i); !gone[r] {
				chance = 1
				break
			}
		}
		if len(actors) >= 3 && chance < unlikely {
			return rows
		}
	}
	return nil
}
