package etl

import (
	"slices"
	"strings"

	"hdsreport/etl/novalue"
)

// dateCell is the result of reading a cell of dates, with what it tells of its column.
type dateCell struct {
	text   string // the text, on one line
	absent bool
	date   Date
	how    string
	ok     bool

	form     dateForm
	order    int  // see dateOrder
	either   bool // see eitherWay
	timed    bool // it has a time of day, in UTC or without a zone
	zoned    bool // in UTC
	late     bool // which may be the next day in Paris
	midnight Date // the day whose midnight in Paris it is, if so
}

func (r *reader) readDate(cell string) (c dateCell) {
	c.text = oneLineWhole(cell)
	if c.absent = absent(c.text); c.absent {
		return c
	}
	c.date, c.how, c.ok = parseDate(c.text)
	written := dateText(c.text)
	c.form = formOf(written)
	c.order, c.either = dateOrder(written, r.workbook()), eitherWay(written, r.workbook())
	_, hour, _ := timeOf(written)
	c.timed, c.zoned = hour != "", zoned(written)
	midnight, is := parisMidnight(written)
	if is {
		c.midnight = midnight
	}
	c.late = is || hour >= "22" && strings.HasSuffix(written, "Z")
	return c
}

// workbook reports whether the table is from a program that has dates as values.
func (r *reader) workbook() bool { return r.table.Format == "xlsx" || r.table.Format == "ods" }

// date reads a cell of dates. If it is not a date, or the column leaves open which, the
// text is kept in Raw.
func (r *reader) date(rec *Row, row TableRow, f Field) Date {
	cell := row.Cell(r.cols.col(f))
	if cell == "" {
		return Date{}
	}
	c := r.dates.of(cell, r.readDate)
	if c.absent {
		return Date{}
	}
	text, d, column := c.text, c.date, r.dated[f]
	found := func(s Severity, variant string) {
		r.report(Find(s, CodeDateConverted, r.at(row, f), "text", text, "date", d).Said(variant))
	}
	switch {
	case column.monthFirst && (c.either || c.order < 0):
		rec.raw(f, text)
		r.report(Find(Warning, CodeDateUnreadable, r.at(row, f), "text", oneLine(text)).Said("month-first"))
		return Date{}
	case column.exchanged && c.form == isoForm && c.ok && d.Full() && d.Day != d.Month:
		rec.raw(f, text)
		r.report(Find(Warning, CodeDateUnreadable, r.at(row, f), "text", oneLine(text)).Said("exchanged"))
		return Date{}
	case !c.ok:
		rec.raw(f, text)
		r.report(Find(Warning, CodeDateUnreadable, r.at(row, f), "text", oneLine(text)))
		return Date{}
	case column.midnights && c.timed:
		if d = c.midnight; c.zoned {
			found(Info, "midnight")
		} else {
			found(Warning, "midnight")
		}
	case c.late:
		found(Warning, "late")
	case c.how == dateMarked:
		r.report(Find(Warning, CodeNoteMark, r.at(row, f), "text", text, "date", d).Said("date"))
	case c.how == dateTwoDigits:
		found(Info, "two-digits")
	case c.how == dateEpoch:
		found(Info, "epoch")
	case c.how == dateSerial && !r.workbook():
		found(Info, "")
	case !d.Full():
		r.report(Find(Info, CodeDatePartial, r.at(row, f), "text", text))
	}
	// The first approvals were given in 2009 (article of 2 July 2019). Under both
	// regimes they are valid for a few years at most.
	if d.Year < 2009 || int(d.Year) > int(r.edition.Year)+10 {
		r.report(Find(Warning, CodeDateImplausible, r.at(row, f), "date", d))
	} else if f == FieldFrom && d.Full() && d.Compare(r.edition.Last()) > 0 {
		// A renewal may be listed some months before it starts.
		severity := Info
		if d.Compare(r.edition.Last().AddMonths(6)) > 0 {
			severity = Warning
		}
		r.report(Find(severity, CodeDateImplausible, r.at(row, f), "date", d, "edition", r.edition).Said("later"))
	}
	return d
}

// absent reports whether a text says that there is no value.
func absent(s string) bool {
	if s == "" {
		return true
	}
	folded := fold(s)
	if folded == "" {
		// A dash means that there is no value. "?" and "***" mean something else, which
		// a person should see.
		return strings.Trim(s, "-–—/. \u00a0\t\n") == ""
	}
	return novalue.Word(folded) || s == `\N` // of a database
}

func (r *reader) datesAgainstEachOther(rec *Row, row TableRow) {
	if !rec.From.Full() || !rec.Until.Full() {
		return
	}
	found := func(code string) {
		r.report(Find(Warning, code, r.at(row, FieldUntil), "from", rec.From, "until", rec.Until))
	}
	switch {
	case rec.Until.Compare(rec.From) < 0:
		found(CodeDatesReversed)
	case r.list == Approved && rec.Until.Compare(rec.From.AddMonths(36)) > 0:
		// "For at most three years": a rule of the domain, taken from the article.
		found(CodeApprovalTooLong)
	case r.list == Certified && rec.Until.Compare(rec.From.AddMonths(42)) > 0:
		// A certificate is valid for three years (article). One that goes on from the last one
		// begins some months early.
		found(CodeCertificateTooLong)
	}
}

// EffectiveEnd returns the end of an approval after applying the extensions.
func (ref *Reference) EffectiveEnd(stated Date) Date {
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

// typeCell is the result of reading a cell of certificate types: a set of
// Reference.Types by index, empty if unknown.
type typeCell struct {
	absent bool
	set    uint8
	rest   string // words that are not understood
}

func (r *reader) readTypes(cell string) (c typeCell) {
	if c.absent = absent(cell); c.absent {
		return c
	}
	words := fold(cell)
	switch words {
	case "les deux", "both", "les deux types", "les 2", "les 2 types", "deux types", "both types":
		c.set = 1<<len(r.ref.Types) - 1
		return c
	}
	// "non infogéreur", "infogéreur (en cours)", "infogéreur ?": what it is, is not said.
	if slices.ContainsFunc(typeDoubts, func(p string) bool { return hasPhrase(words, p, false) }) || strings.Contains(cell, "?") {
		return c
	}
	for i, t := range r.ref.Types {
		for _, p := range t.Patterns {
			if hasPhrase(words, p, false) {
				c.set |= 1 << i
				words = withoutPhrase(words, p)
			}
		}
	}
	for w := range strings.FieldsSeq(words) {
		if !typeFiller[w] && !digits(w) {
			c.rest += " " + w
		}
	}
	c.rest = strings.TrimSpace(c.rest)
	return c
}

// withoutPhrase removes a folded phrase where it stands as whole words.
func withoutPhrase(words, phrase string) string {
	for {
		at, end, ok := phraseAt(words, phrase, false)
		if !ok {
			return words
		}
		words = strings.TrimSpace(words[:at] + strings.TrimPrefix(words[end:], " "))
	}
}

// typeDoubts are folded words beside which the name of a type may say that the certificate
// is not of that type.
var typeDoubts = []string{"non", "pas", "sans", "hors", "sauf", "en cours", "a venir", "ex", "ancien", "ancienne", "futur", "future", "demande",
	"demandee", "not", "except", "pending", "ni", "ou", "or", "autre qu", "autre que", "exception", "excepte", "exclu", "exclue", "prevu",
	"prevue", "projet", "extension", "passage", "vers", "sous traite", "sous traitee", "sous traitance", "sous traitant", "tiers",
	"appuyant", "appuie", "chez", "a partir", "en attente", "instruction", "partiel", "partielle", "planned", "without"}

// typeFiller are folded words that say nothing beside the name of a type.
var typeFiller = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq("hebergeur hebergeurs hebergement certificat certificats certification certifie de d des du l la le les et " +
		"and en tant que pour type types hds uniquement seulement seul only donnees sante activite activites n no a hip host hosting provider") {
		m[w] = true
	}
	return m
}()

// typeWords returns the names of a set of types.
func (ref *Reference) typeWords(set uint8) Words {
	var fr, en []string
	for i, t := range ref.Types {
		if set&(1<<i) != 0 {
			fr, en = append(fr, t.Label["fr"]), append(en, t.Label["en"])
		}
	}
	return Words{strings.Join(fr, " et "), strings.Join(en, " and ")}
}

// certificateTypes reads the type of a certificate. A cell may contain both types.
func (r *reader) certificateTypes(rec *Row, row TableRow) uint8 {
	text := row.Cell(r.cols.col(FieldType))
	c := r.types.of(text, r.readTypes)
	if c.absent {
		return 0
	}
	set := c.set
	if set == 0 {
		rec.raw(FieldType, oneLineWhole(text))
		r.report(Find(Warning, CodeTypeUnknown, r.at(row, FieldType), "text", oneLine(text)))
	} else if c.rest != "" {
		r.report(Find(Warning, CodeTypeUnknown, r.at(row, FieldType), "text", oneLine(text), "types", r.ref.typeWords(set),
			"rest", c.rest).Said("rest"))
	}
	return set
}

// activity reads the activities from their columns, or from a text.
func (r *reader) activity(rec *Row, row TableRow) Activities {
	var byTick, byText Activities
	ticked := len(r.ticks) > 0 || len(r.disputed) > 0
	if ticked {
		byTick = r.tickColumns(rec, row)
	}
	text := strings.TrimSpace(row.Cell(r.cols.col(FieldActivities)))
	if absent(text) {
		if !ticked || byTick.Yes == 0 && byTick.Unknown == r.unseen {
			return r.noActivity(row)
		}
		return byTick
	}
	byText, trouble := r.activities.text(text)
	r.activityTrouble(rec, row, text, byText, trouble)
	if !ticked || byTick.Yes == 0 {
		return byText
	}
	if trouble == activitiesFine && byText.Yes != byTick.Yes {
		r.report(Find(Warning, CodeActivitiesConflict, r.at(row, FieldActivities), "text", oneLine(text)))
	}
	return byTick
}

// tickColumn is a column of one activity.
type tickColumn struct{ col, activity int }

// blanksRead reports the columns of an activity in which some cells say no and others are
// empty, which is read as no too.
func (r *reader) blanksRead(rows []TableRow) (found []Finding) {
	header := r.table.Rows[r.cols.header]
	for _, t := range r.ticking {
		blanks, first := 0, TableRow{}
		for _, row := range rows {
			if row.Cell(t.col) == "" && row.only() == "" {
				if blanks++; blanks == 1 {
					first = row
				}
			}
		}
		if blanks > 0 && slices.ContainsFunc(rows, func(row TableRow) bool {
			cell := row.Cell(t.col)
			yes, ok := Ticked(cell)
			return ok && !yes && strings.Trim(cell, " -–—/") != ""
		}) {
			found = append(found, Find(Info, CodeActivitiesBlank, r.table.At(first, t.col), "n", blanks,
				"heading", oneLine(header.Cell(t.col))))
		}
	}
	return found
}

// tickCell is the result of reading a cell in the column of one activity.
type tickCell struct {
	yes, ok, absent bool
	mark            string // of a note, which no line of the table explains
}

func readTick(cell string) (c tickCell) {
	c.yes, c.ok = Ticked(cell)
	if value := strings.TrimRight(cell, " *†‡§"); c.ok && value != "" {
		c.mark = strings.TrimSpace(cell[len(value):])
	}
	c.absent = !c.ok && absent(cell)
	return c
}

func (r *reader) tickColumns(rec *Row, row TableRow) Activities {
	a := Activities{Unknown: r.unseen}
	for _, t := range r.ticking {
		if t.col >= len(row.Cells) {
			break
		}
		col, i, text := t.col, t.activity, row.Cells[t.col]
		c := r.ticked.of(text, readTick)
		switch {
		case c.absent:
			a.Unknown |= 1 << i
		case !c.ok:
			a.Unknown |= 1 << i
			rec.raw(activityPrefix+Field(r.ref.Activities[i].Key), text)
			r.report(Find(Warning, CodeActivitiesUnreadable, r.table.At(row, col), "text", oneLine(text),
				"field", r.fields.Find(Field(r.ref.Activities[i].Key))).Said("tick"))
		case c.yes:
			a.Yes |= 1 << i
		}
		if c.mark != "" {
			r.report(Find(Warning, CodeNoteMark, r.table.At(row, col), "text", c.mark))
		}
	}
	return r.disputedColumns(rec, row, a)
}

// disputedColumns reads the columns whose numbers are ambiguous without a declared
// numbering. If all or none of them are ticked, the numbering does not matter;
// otherwise the activities are unknown.
func (r *reader) disputedColumns(rec *Row, row TableRow, a Activities) Activities {
	ticked, said := 0, ""
	at := -1
	for _, col := range r.disputed {
		text := row.Cell(col)
		yes, ok := Ticked(text)
		switch {
		case !ok && absent(text):
			a.Unknown |= r.activities.ambiguous
			return a
		case !ok:
			a.Unknown |= r.activities.ambiguous
			rec.raw(FieldActivities, text)
			r.report(Find(Warning, CodeActivitiesUnreadable, r.table.At(row, col),
				"text", oneLine(text)).Said("numbered-tick"))
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
		r.report(Find(Error, CodeNumberingAmbiguous, r.table.At(row, at),
			"declaration", sourceYAML(r.table.File)).Said("columns"))
	}
	return a
}

func (r *reader) noActivity(row TableRow) Activities {
	r.report(Find(Info, CodeActivitiesUnstated, r.table.At(row, -1)))
	return Activities{Unknown: r.activities.all()}
}

func (r *reader) activityTrouble(rec *Row, row TableRow, text string, a Activities, t activityTrouble) {
	at := r.at(row, FieldActivities)
	if (t == activitiesUndeclared || t == activitiesAmbiguous) && !r.undeclared {
		r.undeclared = true
		r.report(Find(Warning, CodeNumberingUndeclared, at, "declaration", sourceYAML(r.table.File)))
	}
	switch t {
	case activitiesAmbiguous:
		rec.raw(FieldActivities, text)
		r.report(Find(Error, CodeNumberingAmbiguous, at, "text", oneLine(text),
			"declaration", sourceYAML(r.table.File)))
	case activitiesUnreadable:
		rec.raw(FieldActivities, text)
		f := Find(Warning, CodeActivitiesUnreadable, at, "text", oneLine(text))
		if d, ok := ParseDate(text); ok && !d.IsZero() || strings.Trim(text, "0123456789.") == "" {
			f = f.Said("converted")
		}
		r.report(f)
	}
}

// body returns the usual name of a certification body, or the name as written if it is
// unknown.
func (r *reader) body(row TableRow) string {
	return r.bodyNames.of(row.Cell(r.cols.col(FieldBody)), func(cell string) string {
		text := oneLineWhole(cell)
		if absent(text) {
			return ""
		}
		if name, ok := r.bodies[fold(text)]; ok && !strings.Contains(text, "?") {
			return name
		}
		r.report(Find(Info, CodeBodyUnknown, r.at(row, FieldBody), "text", oneLine(text)))
		if !strings.Contains(text, "?") {
			r.bodies[fold(text)] = text
		}
		return text
	})
}

// typeAgainstActivities reports a certificate that covers an activity outside its type.
// Premises and hardware belong to the first type, the other activities to the second
// (decree, as reported in the article).
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
				r.report(Find(Warning, CodeTypeActivities, r.at(row, FieldType),
					"activity", r.fields.Find(Field(a.Key))))
				return
			}
		}
	}
}
