package etl

import (
	"strings"

	"hdsreport/etl/message"
)

// The rules about a list by itself: what contradicts what the list says elsewhere. The
// first edition of a list has no other judge.

// term is how long a certificate or an approval is valid: whole months, to the same day or
// to the day before. The zero value is neither.
type term struct {
	months int
	eve    bool
}

func termOf(from, until Date) term {
	months := 12*(int(until.Year)-int(from.Year)) + int(until.Month) - int(from.Month)
	for m := months; m <= months+1; m++ {
		switch from.AddMonths(m).Serial() - until.Serial() {
		case 0:
			return term{m, false}
		case 1:
			return term{m, true}
		}
	}
	return term{}
}

// exchanged returns the date with day and month in each other's place, or the date itself
// if there is no such day.
func (d Date) exchanged() Date {
	if e, ok := NewDate(int(d.Year), int(d.Day), int(d.Month)); ok {
		return e
	}
	return d
}

// exchanged warns of rows in which day and month have probably changed places: most rows
// are valid for one and the same term, and these would be, to the day, with day and month
// exchanged. It refuses many of them. What stood there in the last edition has been seen.
func (j *judged) exchanged() []Finding {
	type stated struct {
		name        string
		from, until Date
	}
	seen := map[stated]bool{}
	if j.then != nil {
		for i := range j.then.Rows {
			r := &j.then.Rows[i]
			seen[stated{r.Name, r.From, r.Until}] = true
		}
	}
	terms, all := map[term]int{}, 0
	whole := func(r *Row) bool { return r.From.Full() && r.Until.Full() }
	for i := range j.now.Rows {
		if r := &j.now.Rows[i]; whole(r) {
			terms[termOf(r.From, r.Until)]++
			all++
		}
	}
	usual := term{}
	for t, n := range terms {
		if t.months > 0 && 2*n > all && n >= j.th.ChangedAtLeast {
			usual = t
		}
	}
	if usual.months == 0 {
		return nil
	}
	var rows []Evidence
	for i := range j.now.Rows {
		r := &j.now.Rows[i]
		if !whole(r) || termOf(r.From, r.Until) == usual || seen[stated{r.Name, r.From, r.Until}] {
			continue
		}
		from, until := r.From.exchanged(), r.Until.exchanged()
		for _, d := range [][2]Date{{from, until}, {r.From, until}, {from, r.Until}} {
			if termOf(d[0], d[1]) == usual {
				e := j.now.evidence(r)
				e.Note = message.New("evidence-exchanged", "from", r.From, "until", r.Until)
				rows = append(rows, e)
				break
			}
		}
	}
	n := len(rows)
	if n == 0 {
		return nil
	}
	severity := Warning
	if n >= j.th.ChangedAtLeast && share(n, all) > float64(j.th.Changed) {
		severity = Error
	}
	return []Finding{Find(severity, CodeDatesExchanged, j.at, "n", n, "months", usual.months,
		"names", named(rows)).About(rows)}
}

// foreignColumn refuses a list in which a column of texts holds the certification bodies:
// headings that have changed places leave every value readable.
func (j *judged) foreignColumn() []Finding {
	bodies := map[string]bool{}
	for _, b := range j.in.Reference.Bodies {
		bodies[fold(b.Written)], bodies[fold(b.Canonical)] = true, true
	}
	var begins [256]bool // most texts begin as no body does
	for b := range bodies {
		begins[(b + " ")[0]] = true
	}
	var out []Finding
	for _, d := range j.in.Reference.Fields(j.list) {
		if d.Kind != KindText && d.Kind != KindName || d.Extra() || d.Key == FieldBody {
			continue
		}
		var rows []Evidence
		for i := range j.now.Rows {
			r := &j.now.Rows[i]
			text := r.Name
			if d.Kind == KindText {
				text = d.Text(j.now, r)
			}
			if text != "" && asciiLetters[text[0]] != 0 && !begins[asciiLetters[text[0]]] {
				continue
			}
			var room [128]byte
			if bodies[string(appendFolded(room[:0], text))] {
				rows = append(rows, j.now.evidence(r))
			}
		}
		if n := len(rows); n >= j.th.UsualAtLeast && 2*n > j.now.filled(d) {
			out = append(out, Find(Error, CodeColumnForeign, j.at, "field", d, "n", n, "rows", len(j.now.Rows)).About(rows))
		}
	}
	return out
}

// pageOfLetter is the number of names from which on one letter for all is no chance.
const pageOfLetter = 10

// oneLetter warns of a first list in which all names begin with the same letter: it is
// probably a page of a list with a page a letter. Later ones are compared.
func (j *judged) oneLetter() []Finding {
	if j.then != nil {
		return nil
	}
	names, letter := map[string]bool{}, ""
	for i := range j.now.Rows {
		if name := fold(j.now.Rows[i].Name); name != "" {
			if letter != "" && name[:1] != letter {
				return nil // most lists, after few rows
			}
			names[name], letter = true, name[:1]
		}
	}
	if len(names) < pageOfLetter {
		return nil
	}
	return []Finding{Find(Warning, CodeNamesOneLetter, j.at, "n", len(names), "letter", strings.ToUpper(letter))}
}
