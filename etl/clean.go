package etl

import (
	"fmt"
	"strings"
)

// dateCell is what a cell of dates says.
type dateCell struct {
	text   string // on one line
	absent bool
	date   Date
	how    string
	ok     bool
}

func readDate(cell string) (c dateCell) {
	c.text = oneLineWhole(cell)
	if c.absent = absent(c.text); !c.absent {
		c.date, c.how, c.ok = parseDate(c.text)
	}
	return c
}

// date reads a date cell. What is no date stays beside the row as written.
func (r *reader) date(rec *Row, row TableRow, f Field) Date {
	cell := row.Cell(r.cols.col(f))
	if cell == "" {
		return Date{}
	}
	c := r.dates.of(cell, readDate)
	if c.absent {
		return Date{}
	}
	text, d, how, ok := c.text, c.date, c.how, c.ok
	switch {
	case !ok:
		rec.raw(f, text)
		r.report(Warning, CodeDateUnreadable, r.at(row, f), fmt.Sprintf("%q is not a date that can be read; the row is kept with this text", oneLine(text)),
			"write it as 17/06/2019, day before month")
		return Date{}
	case how == dateTwoDigits:
		r.report(Info, CodeDateConverted, r.at(row, f), fmt.Sprintf("%q has %s; read as %s", text, how, d), "")
	case how == dateSerial && r.table.Format != "xlsx" && r.table.Format != "ods":
		r.report(Info, CodeDateConverted, r.at(row, f), fmt.Sprintf("%q is %s; read as %s", text, how, d), "")
	case !d.Full():
		r.report(Info, CodeDatePartial, r.at(row, f), fmt.Sprintf("%q has no day; it is shown as it is and counted in no deadline", text), "")
	}
	// The first agréments were given in 2009 (article of 2 July 2019); none of
	// either regime runs for more than a few years.
	if d.Year < 2009 || int(d.Year) > int(r.edition.Year)+10 {
		r.report(Warning, CodeDateImplausible, r.at(row, f), fmt.Sprintf("%s is outside what these lists can hold (2009 to ten years after the edition)", d), "check the year in the file")
	}
	return d
}

// absent are the ways to say that there is no value.
func absent(s string) bool {
	switch fold(s) {
	case "":
		// A dash says that there is nothing; "?" or "***" says something that a person
		// should see.
		return strings.Trim(s, "-–—/. \u00a0\t\n") == ""
	case "nc", "n c", "nd", "n d", "na", "n a", "non communique", "non communiquee", "non renseigne", "non renseignee", "inconnu", "inconnue", "sans objet", "neant":
		return true
	}
	return false
}

func (r *reader) datesAgainstEachOther(rec *Row, row TableRow) {
	if !rec.From.Full() || !rec.Until.Full() {
		return
	}
	if rec.Until.Compare(rec.From) < 0 {
		r.report(Warning, CodeDatesReversed, r.at(row, FieldUntil), fmt.Sprintf("ends on %s, before it starts on %s", rec.Until, rec.From), "check both dates in the file")
	} else if r.list == Approved && rec.Until.Compare(rec.From.AddMonths(36)) > 0 {
		// "for at most three years": rules of the domain, facts of the article.
		r.report(Warning, CodeApprovalTooLong, r.at(row, FieldUntil), fmt.Sprintf("runs from %s to %s, and an agrément is given for at most three years", rec.From, rec.Until), "check both dates in the file")
	}
}

// effectiveEnd is the end of an approval after the dated extensions; the stated
// one where none applies.
func (ref *Reference) effectiveEnd(stated Date) Date {
	if !stated.Full() {
		return stated
	}
	for _, x := range ref.Extensions {
		if stated.Compare(x.From) >= 0 && stated.Compare(x.To) <= 0 {
			return stated.AddMonths(x.Months)
		}
	}
	return stated
}

// typeCell is what a cell of certificate types says: a set of Reference.Types by
// index, none where it is unknown.
type typeCell struct {
	absent bool
	set    uint8
}

func (r *reader) readTypes(cell string) (c typeCell) {
	if c.absent = absent(cell); c.absent {
		return c
	}
	words := fold(cell)
	if words == "les deux" || words == "both" {
		c.set = 1<<len(r.ref.Types) - 1
		return c
	}
	for i, t := range r.ref.Types {
		for _, p := range t.Patterns {
			if hasPhrase(words, p, false) {
				c.set |= 1 << i
			}
		}
	}
	return c
}

// certificateTypes reads the certificate's type, which may name both.
func (r *reader) certificateTypes(rec *Row, row TableRow) uint8 {
	text := row.Cell(r.cols.col(FieldType))
	c := r.types.of(text, r.readTypes)
	if c.absent {
		return 0
	}
	set := c.set
	if set == 0 {
		rec.raw(FieldType, oneLineWhole(text))
		r.report(Warning, CodeTypeUnknown, r.at(row, FieldType), fmt.Sprintf("%q is no certificate type that is known; the row is kept with this text", oneLine(text)),
			"write hébergeur d'infrastructure physique, hébergeur infogéreur, or both")
	}
	return set
}

// activity reads the six activities from their columns or from a text.
func (r *reader) activity(rec *Row, row TableRow) Activities {
	var byTick, byText Activities
	ticked := len(r.ticks) > 0 || len(r.disputed) > 0
	if ticked {
		byTick = r.tickColumns(rec, row)
	}
	text := strings.TrimSpace(row.Cell(r.cols.col(FieldActivities)))
	if absent(text) {
		if !ticked || byTick.Yes == 0 && byTick.Unknown == r.unseen {
			return r.unstated(row)
		}
		return byTick
	}
	byText, trouble := r.activities.text(text)
	r.activityTrouble(rec, row, text, byText, trouble)
	if !ticked || byTick.Yes == 0 {
		return byText
	}
	if trouble == activitiesFine && byText.Yes != byTick.Yes {
		r.report(Warning, CodeActivitiesConflict, r.at(row, FieldActivities), fmt.Sprintf("the text %q and the six columns do not say the same; the columns are read", oneLine(text)), "make the two agree in the file")
	}
	return byTick
}

// tickCell is what a cell of a column that stands for one activity says.
type tickCell struct{ yes, ok, absent bool }

func readTick(cell string) (c tickCell) {
	c.yes, c.ok = tick(cell)
	c.absent = !c.ok && absent(cell)
	return c
}

func (r *reader) tickColumns(rec *Row, row TableRow) Activities {
	a := Activities{Unknown: r.unseen}
	for col := range row.Cells {
		i, ok := r.ticks[col]
		if !ok {
			continue
		}
		text := row.Cell(col)
		c := r.ticked.of(text, readTick)
		switch {
		case c.absent:
			a.Unknown |= 1 << i
		case !c.ok:
			a.Unknown |= 1 << i
			rec.raw(Field("activity:"+r.ref.Activities[i].Key), text)
			r.report(Warning, CodeActivitiesUnreadable, r.table.At(row, col), fmt.Sprintf("%q is neither yes nor no; the activity %s is shown as not known", oneLine(text), r.ref.Activities[i].Key), "write Oui or Non")
		case c.yes:
			a.Yes |= 1 << i
		}
	}
	return r.disputedColumns(rec, row, a)
}

// disputedColumns reads the columns whose numbers are not declared: all ticked or
// none is an answer whatever the numbering, anything else is not.
func (r *reader) disputedColumns(rec *Row, row TableRow, a Activities) Activities {
	ticked, said := 0, ""
	at := -1
	for _, col := range r.disputed {
		text := row.Cell(col)
		yes, ok := tick(text)
		switch {
		case !ok && absent(text):
			a.Unknown |= r.activities.ambiguous
			return a
		case !ok:
			a.Unknown |= r.activities.ambiguous
			rec.raw(FieldActivities, text)
			r.report(Warning, CodeActivitiesUnreadable, r.table.At(row, col), fmt.Sprintf("%q is neither yes nor no; both activities that may be meant are shown as not known", oneLine(text)), "write Oui or Non")
			return a
		case yes:
			ticked++
			at, said = col, text
		}
	}
	switch ticked {
	case 0:
	case len(r.disputed):
		a.Yes |= r.activities.ambiguous
	default:
		a.Unknown |= r.activities.ambiguous
		rec.raw(FieldActivities, said)
		r.report(Error, CodeNumberingAmbiguous, r.table.At(row, at), "exactly one of the columns 3 and 4 is ticked, and which activity that is depends on the numbering; both are shown as not known", declareNumbering(r.table))
	}
	return a
}

func (r *reader) unstated(row TableRow) Activities {
	r.report(Info, CodeActivitiesUnstated, r.table.At(row, -1), "no activity is stated; the six are shown as not known and the row is left out of the mean", "")
	return Activities{Unknown: r.activities.all()}
}

func (r *reader) activityTrouble(rec *Row, row TableRow, text string, a Activities, t activityTrouble) {
	at := r.at(row, FieldActivities)
	if (t == activitiesUndeclared || t == activitiesAmbiguous) && !r.undeclared {
		r.undeclared = true
		r.report(Warning, CodeNumberingUndeclared, at, "activities are given by number, and the official texts number the third and the fourth both ways", declareNumbering(r.table))
	}
	switch t {
	case activitiesAmbiguous:
		rec.raw(FieldActivities, text)
		r.report(Error, CodeNumberingAmbiguous, at, fmt.Sprintf("%q holds exactly one of 3 and 4, and which activity that is depends on the numbering; both are shown as not known", oneLine(text)), declareNumbering(r.table))
	case activitiesUnreadable:
		rec.raw(FieldActivities, text)
		do := `write "1, 2, 3", "1 à 4", "toutes" or the activities' names`
		if d, ok := ParseDate(text); ok && !d.IsZero() || strings.Trim(text, "0123456789.") == "" {
			do = `a spreadsheet may have turned "1, 2" into a number or "1-6" into a date: ` + do
		}
		r.report(Warning, CodeActivitiesUnreadable, at, fmt.Sprintf("%q is no list of activities that can be read; the six are shown as not known", oneLine(text)), do)
	}
}

// body gives a certification body its usual name; an unknown one keeps its own.
func (r *reader) body(row TableRow) string {
	return r.bodyNames.of(row.Cell(r.cols.col(FieldBody)), func(cell string) string {
		text := oneLineWhole(cell)
		if absent(text) {
			return ""
		}
		if name, ok := r.bodies[fold(text)]; ok {
			return name
		}
		r.report(Info, CodeBodyUnknown, r.at(row, FieldBody), fmt.Sprintf("the certification body %q is not in the table of bodies; it is kept as written", oneLine(text)), "")
		r.bodies[fold(text)] = text
		return text
	})
}

// typeAgainstActivities reports a certificate that covers an activity outside
// its type: premises and hardware belong to the first, the rest to the second
// (decree, facts of the article).
func (r *reader) typeAgainstActivities(rec *Row, row TableRow) {
	if rec.Types == 0 || rec.Activities.Yes == 0 {
		return
	}
	for i, a := range r.ref.Activities {
		if !rec.Activities.Yes.Has(i) {
			continue
		}
		for k, t := range r.ref.Types {
			if t.Key == a.Type && rec.Types&(1<<k) == 0 {
				r.report(Warning, CodeTypeActivities, r.at(row, FieldType), fmt.Sprintf("the certificate's type does not cover its activity %s", a.Key), "check the type and the activities in the file")
				return
			}
		}
	}
}
