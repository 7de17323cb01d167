package report

import (
	"slices"
	"strings"

	"hdsreport/etl"
)

// columns are those of a list's sheet, by the table of fields; the first of them are
// printed.
func (b *builder) columns(list etl.Listing) (columns []Column, printed int) {
	for _, d := range b.fields[list] {
		if !d.Shown() || !b.res.Edition.List[list].Has(d) {
			continue
		}
		c := Column{ID: string(d.Key), Header: d.Heading.In(b.l.Language), Note: d.Note.In(b.l.Language), Kind: Text,
			Width: d.Width, Wrap: d.Wrap, Turned: d.Turned, Technical: d.Technical, Verbatim: d.Verbatim}
		if d.Signed {
			c.Signs = []Sign{{b.yes, "\u2713"}, {b.no, "\u00b7"}}
		}
		b.fill(&c, d, list)
		columns = append(columns, c)
		if !d.Technical {
			printed++
		}
	}
	return columns, printed
}

// fill gives a column its values, and what it can do besides.
func (b *builder) fill(c *Column, d *etl.Definition, list etl.Listing) {
	src := &b.res.Edition.List[list]
	rows := src.Rows
	actor := func(row int) *etl.Actor { return &b.res.Actors[rows[row].Actor] }
	switch d.Kind {
	case etl.KindName:
		c.At = func(row int) Value { return TextOf(actor(row).Name) }
		c.Link = func(row int) string { return actor(row).Website }
	case etl.KindPosition:
		label := map[string]string{}
		for _, p := range b.ref.Positions {
			label[p.Code] = p.Label[b.l.Language]
			c.Choices = append(c.Choices, p.Label[b.l.Language])
		}
		c.At = func(row int) Value { return TextOf(label[actor(row).Position]) }
		c.Proposed = func(row int) bool { return actor(row).PositionBy == etl.ByRule }
	case etl.KindText, etl.KindStanding:
		c.At = func(row int) Value { return TextOf(d.Text(src, &rows[row])) }
		if d.Address {
			c.Link = func(row int) string { return webAddress(d.Text(src, &rows[row])) }
		}
	case etl.KindTypes:
		types := b.typeTexts()
		c.At = orUnread(rows, d, func(r *etl.Row) Value { return TextOf(types[r.Types]) })
	case etl.KindDate:
		c.Kind = Day
		c.At = orUnread(rows, d, func(r *etl.Row) Value { return DayOf(d.Date(r)) })
	case etl.KindActivity:
		c.Choices = []string{b.yes, b.no, b.unknown}
		c.At = func(row int) Value { return TextOf(b.activity(rows[row].Activities, d.Activity)) }
	case etl.KindSource:
		c.At = func(row int) Value { return TextOf(rows[row].SourceName()) }
	case etl.KindID:
		c.At = func(row int) Value { return TextOf(rows[row].ID) }
	default:
		b.derive(c, list)
	}
}

// webAddress is a text if it is an address of the web that a workbook may link to,
// else empty.
func webAddress(text string) string {
	if strings.HasPrefix(text, "http") && etl.CheckLink(text) == nil {
		return text
	}
	return ""
}

// orUnread shows a text that could not be read as it was written.
func orUnread(rows []etl.Row, d *etl.Definition, read func(*etl.Row) Value) func(row int) Value {
	return func(row int) Value {
		if raw, unread := rows[row].Raw[d.Key]; unread {
			return TextOf(raw)
		}
		return read(&rows[row])
	}
}

// derive fills a column that follows from others.
func (b *builder) derive(c *Column, list etl.Listing) {
	rows := b.res.Edition.List[list].Rows
	actor := func(row int) *etl.Actor { return &b.res.Actors[rows[row].Actor] }
	switch c.ID {
	case "count":
		c.Kind = Number
		c.At = func(row int) Value { return b.activityCount(rows[row].Activities) }
		c.Computed = CountEqual{Columns: b.activityIDs(), Value: b.yes, Unknown: b.unknown}
	case "covered":
		covered := make([]etl.Activities, len(b.res.Actors)) // looked up for each row, several times
		for a, activities := range b.res.Covered() {
			covered[a] = activities
		}
		c.Kind = Number
		c.At = func(row int) Value { return b.activityCount(covered[rows[row].Actor]) }
		c.Computed = Covered{Key: ActorColumn, Columns: b.activityIDs(), Yes: b.yes, Unknown: b.unknown,
			Counted: b.countedColumn(list)}
	case string(etl.FieldCounted):
		c.At = func(row int) Value {
			if rows[row].Counts() {
				return TextOf(b.yes)
			}
			return TextOf(b.no)
		}
		c.Computed = NoneOf{Column: string(etl.FieldStanding), Words: b.uncounted(list), Yes: b.yes, No: b.no}
	case "effective":
		spans := make([]Span, 0, len(b.ref.Extensions))
		for _, x := range b.ref.Extensions {
			spans = append(spans, Span{x.From, x.To, x.Months})
		}
		c.Kind = Day
		c.At = orUnread(rows, b.fields[list].Find(etl.FieldUntil), func(r *etl.Row) Value { return DayOf(r.Effective) })
		c.Computed = Extended{Column: string(etl.FieldUntil), Spans: spans}
	case "also":
		b.also(c, list)
	case "status":
		status := map[etl.PositionBy]string{etl.ByNobody: b.l.Get("status.none"), etl.ByRule: b.l.Get("status.rule"),
			etl.ByRegistry: b.l.Get("status.registry"), etl.ByCorrection: b.l.Get("status.correction")}
		c.At = func(row int) Value { return TextOf(status[actor(row).PositionBy]) }
	case ActorColumn:
		c.Kind = Number
		c.At = func(row int) Value { return NumberOf(float64(actor(row).Number)) }
	case string(etl.FieldUnread):
		c.At = func(row int) Value { return TextOf(rows[row].Unread()) }
	default:
		panic("report: nothing fills the column " + c.ID)
	}
}

// also says whether the row's actor is on the other list.
func (b *builder) also(c *Column, list etl.Listing) {
	if other := &b.res.Edition.List[1-list]; other.Missing && !other.HasEnded() {
		c.At = func(int) Value { return TextOf(b.l.Get("nd")) }
		return
	}
	rows := b.res.Edition.List[list].Rows
	other := b.res.On[1-list]
	c.At = func(row int) Value {
		if other.Has(rows[row].Actor) {
			return TextOf(b.yes)
		}
		return TextOf(b.no)
	}
	c.Computed = AlsoIn{Key: ActorColumn, Other: [2]string{CertifiedTable, ApprovedTable}[list], Yes: b.yes, No: b.no,
		Counted: b.countedColumn(1 - list)}
}

// countedColumn is the column that says which rows of a list count; empty where all do,
// because no source says anything about it.
func (b *builder) countedColumn(list etl.Listing) string {
	if b.res.Edition.List[list].Has(b.fields[list].Find(etl.FieldCounted)) {
		return string(etl.FieldCounted)
	}
	return ""
}

// uncounted are the words by which a row of a list does not count: those that its rows
// have, and the usual word of each kind, for whoever types one.
func (b *builder) uncounted(list etl.Listing) []string {
	var usual, stated []string
	kinds := map[string]bool{}
	for _, w := range b.ref.Standings {
		if !w.Counts && w.Standing() && !kinds[w.Key] {
			kinds[w.Key] = true
			usual = append(usual, strings.Trim(w.Word, "=*"))
		}
	}
	rows := b.res.Edition.List[list].Rows
	seen := map[*etl.Standing]bool{}
	for i := range rows {
		if s := rows[i].Standing; s.Leaves() && !seen[s] {
			seen[s] = true
			stated = append(stated, s.Word)
		}
	}
	slices.Sort(stated)
	words := usual
	for _, word := range stated {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) }) {
			words = append(words, word)
		}
	}
	return words
}

func (b *builder) activityIDs() []string {
	var ids []string
	for _, a := range b.ref.Activities {
		ids = append(ids, a.Key)
	}
	return ids
}

func (b *builder) activity(a etl.Activities, i int) string {
	switch {
	case a.Yes.Has(i):
		return b.yes
	case a.Unknown.Has(i):
		return b.unknown
	default:
		return b.no
	}
}

func (b *builder) activityCount(a etl.Activities) Value {
	if !a.Known() {
		return TextOf(b.unknown)
	}
	return NumberOf(float64(a.Yes.Len()))
}

// typeTexts are what the type column can say, by set of types.
func (b *builder) typeTexts() []string {
	texts := make([]string, 1<<len(b.ref.Types))
	for set := range texts {
		var parts []string
		for k, t := range b.ref.Types {
			if set&(1<<k) != 0 {
				parts = append(parts, t.Label[b.l.Language])
			}
		}
		texts[set] = strings.Join(parts, " "+b.l.Get("type.and")+" ")
	}
	return texts
}
