package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"hdsreport/etl"
)

// Options are what the configuration says of the sheets.
type Options struct {
	Labels       Labels
	Title        string
	Publisher    string
	Contact      string
	Licence      string
	SourceName   string
	SourceURL    string
	Notice       string
	Errata       []string
	ExtraColumns []string // headers of source columns to show
}

// The IDs of the tables and of their sheets.
const (
	ApprovedTable  = "approved"
	CertifiedTable = "certified"
	SummarySheet   = "summary"
)

// The names of the tables in formulas. They are the same in every language, so
// that an editor's own formulas survive a change of labels.
var tableNames = map[string]string{ApprovedTable: "Agrees", CertifiedTable: "Certifies"}

// builder holds what the sheets are made from.
type builder struct {
	opt Options
	l   Labels
	ref *etl.Reference
	res *etl.Result
	// The texts that rows hold and conditions ask for: one place for both.
	yes, no, unknown string
	book             *Book
}

// Build makes the book of a result. It computes every figure that the summary
// holds from the book's own tables, so that a figure and its formula speak of
// the same cells. A figure that the pipeline has counted otherwise is an error.
func Build(res *etl.Result, ref *etl.Reference, opt Options) (*Book, error) {
	l := opt.Labels
	b := &builder{opt: opt, l: l, ref: ref, res: res, yes: l.Get("yes"), no: l.Get("no"), unknown: l.Get("unknown")}
	b.opt.Title = cmp.Or(opt.Title, l.Get("book.title"))
	language := map[string]string{"fr": "fr-FR", "en": "en-GB"}[l.Language]
	b.book = &Book{
		Title:       b.opt.Title,
		Subject:     l.Get("asof", "date", l.Date(res.Edition.Date)),
		Description: opt.Notice,
		Creator:     opt.Publisher,
		Keywords:    "HDS",
		Language:    language,
		Date:        res.Edition.Date,
		Labels:      l,
	}
	if b.book.Creator == "" {
		b.book.Creator = "hdsreport"
	}
	b.book.Sheets = []*Sheet{b.approved(), b.certified()}
	summary, err := b.summary()
	if err != nil {
		return nil, err
	}
	b.book.Sheets = append(b.book.Sheets, summary)
	b.book.Identifier = b.book.Generation()
	return b.book, nil
}

// opening is what a sheet opens with: title, date, source, and what a reader must know
// before the rest.
func (b *builder) opening(title string) []Paragraph {
	out := []Paragraph{
		{Role: OpeningTitle, Text: title},
		{Role: OpeningDate, Text: b.l.Get("asof", "date", b.l.Date(b.res.Edition.Date))},
		b.source(),
	}
	if b.opt.Notice != "" {
		out = append(out, Paragraph{Role: OpeningNotice, Text: b.opt.Notice})
	}
	return out
}

func (b *builder) source() Paragraph {
	if b.opt.SourceURL == "" {
		return Paragraph{Role: OpeningSource, Text: b.l.Get("source.plain", "name", b.opt.SourceName)}
	}
	shown := strings.TrimPrefix(strings.TrimPrefix(b.opt.SourceURL, "https://"), "http://")
	return Paragraph{Role: OpeningSource, Text: b.l.Get("source", "name", b.opt.SourceName, "url", shown), Link: b.opt.SourceURL}
}

// sheet puts a table under the heading.
func (b *builder) sheet(id, tab string, list etl.Listing, columns []Column, printed int) *Sheet {
	l := b.l
	src := &b.res.Edition.List[list]
	help := l.Get("help." + id)
	if src.Missing {
		help = l.Get("missing." + id)
	}
	opening := append(b.opening(l.Get("title."+id)), Paragraph{Role: OpeningRemark, Text: help})
	lines := openingLines(opening, printed)
	t := &Table{ID: id, Name: tableNames[id], Row: len(lines), Columns: columns, Len: len(src.Rows)}
	if len(src.Rows) == 0 {
		b.empty(t, src.Missing)
	}
	s := &Sheet{ID: id, Name: l.Get("sheet." + id), Opening: opening, Lines: lines, Table: t, Freeze: t.Row + 1,
		PrintColumns: printed, PrintTitle: [2]int{t.Row, t.Row + 1}, Landscape: true, Gridlines: false, Tab: tab}
	for _, c := range columns {
		s.Widths = append(s.Widths, c.Width)
	}
	return s
}

// empty gives a table the one row that it must have: it says that there is none,
// and bears no actor number, so that no figure counts it.
func (b *builder) empty(t *Table, missing bool) {
	t.Len = 1
	for i := range t.Columns {
		c := &t.Columns[i]
		text := ""
		if c.ID == "name" {
			text = b.l.Get("names.none")
			if missing {
				text = b.l.Get("nd")
			}
		}
		c.At = func(int) Value { return TextOf(text) }
		c.Link, c.Proposed, c.Computed = nil, nil, nil
	}
}

// extra are the source columns that the configuration asks for, of one list.
func (b *builder) extra(list etl.Listing) []Column {
	src := &b.res.Edition.List[list]
	var out []Column
	for _, want := range b.opt.ExtraColumns {
		i := slices.IndexFunc(src.Columns, func(h string) bool { return strings.EqualFold(h, want) })
		if i < 0 {
			continue
		}
		out = append(out, Column{ID: "extra:" + want, Header: want, Kind: Text, Width: 44, Technical: true, Verbatim: true, At: func(row int) Value {
			if row >= len(src.Rows) || i >= len(src.Rows[row].Extra) {
				return Value{}
			}
			return TextOf(src.Rows[row].Extra[i])
		}})
	}
	return out
}

// actorColumns are those that both lists share: name and position before, and
// behind what tells rows and actors apart.
func (b *builder) actorColumns(list etl.Listing) (front, back []Column) {
	rows := b.res.Edition.List[list].Rows
	actor := func(row int) *etl.Actor { return &b.res.Actors[rows[row].Actor] }
	label := map[string]string{}
	var choices []string
	for _, p := range b.ref.Positions {
		label[p.Code] = p.Label[b.l.Language]
		choices = append(choices, p.Label[b.l.Language])
	}
	status := map[etl.PositionBy]string{etl.ByNobody: b.l.Get("status.none"), etl.ByRule: b.l.Get("status.rule"), etl.ByRegistry: b.l.Get("status.registry"), etl.ByCorrection: b.l.Get("status.correction")}
	front = []Column{
		{ID: "name", Header: b.l.Get("col.name"), Kind: Text, Width: 36, Wrap: true, At: func(row int) Value { return TextOf(actor(row).Name) }, Link: func(row int) string { return actor(row).Website }},
		{ID: "position", Header: b.l.Get("col.position"), Kind: Text, Width: 28, Choices: choices, At: func(row int) Value { return TextOf(label[actor(row).Position]) },
			Proposed: func(row int) bool { return actor(row).PositionBy == etl.ByRule }},
	}
	back = []Column{
		{ID: "source_name", Header: b.l.Get("col.source_name"), Kind: Text, Width: 48, Technical: true, Verbatim: true, At: func(row int) Value { return TextOf(rows[row].Name) }},
		{ID: "id", Header: b.l.Get("col.id"), Kind: Text, Width: 38, Technical: true, Verbatim: true, At: func(row int) Value { return TextOf(rows[row].ID) }},
		{ID: "status", Header: b.l.Get("col.status"), Kind: Text, Width: 16, Technical: true, At: func(row int) Value { return TextOf(status[actor(row).PositionBy]) }},
		{ID: ActorColumn, Header: b.l.Get("col.actor"), Kind: Number, Width: 13, Technical: true, At: func(row int) Value { return NumberOf(float64(actor(row).Number)) }},
	}
	back = append(back, Column{ID: "unread", Header: b.l.Get("col.unread"), Kind: Text, Width: 30, Technical: true, Verbatim: true, At: func(row int) Value {
		if len(rows[row].Raw) == 0 {
			return Value{}
		}
		var parts []string
		for _, f := range slices.Sorted(maps.Keys(rows[row].Raw)) {
			parts = append(parts, rows[row].Raw[f])
		}
		return TextOf(strings.Join(parts, " | "))
	}})
	return front, append(back, b.extra(list)...)
}

// date is a column of dates: a month alone, or what could not be read, is shown
// as the text that it is.
func date(rows []etl.Row, id, header string, f etl.Field, get func(*etl.Row) etl.Date) Column {
	return Column{ID: id, Header: header, Kind: Day, Width: 13, At: func(row int) Value {
		if raw, unread := rows[row].Raw[f]; unread {
			return TextOf(raw)
		}
		return DayOf(get(&rows[row]))
	}}
}

// also says whether the row's actor is on the other list.
func (b *builder) also(list etl.Listing, header string) Column {
	rows := b.res.Edition.List[list].Rows
	other := make([]bool, len(b.res.Actors)) // looked up for each row, several times
	for a := range b.res.On[1-list] {
		other[a] = true
	}
	c := Column{ID: "also", Header: header, Kind: Text, Width: 11, At: func(row int) Value {
		if other[rows[row].Actor] {
			return TextOf(b.yes)
		}
		return TextOf(b.no)
	}}
	if !b.res.Edition.List[1-list].Missing {
		c.Computed = AlsoIn{Key: ActorColumn, Other: [2]string{CertifiedTable, ApprovedTable}[list], Yes: b.yes, No: b.no}
	} else {
		c.At = func(int) Value { return TextOf(b.l.Get("nd")) }
	}
	return c
}

// approved is the sheet of the agréés.
func (b *builder) approved() *Sheet {
	rows := b.res.Edition.List[etl.Approved].Rows
	front, back := b.actorColumns(etl.Approved)
	spans := make([]Span, 0, len(b.ref.Extensions))
	for _, x := range b.ref.Extensions {
		spans = append(spans, Span{x.From, x.To, x.Months})
	}
	effective := date(rows, "effective", b.l.Get("col.effective"), etl.FieldUntil, func(r *etl.Row) etl.Date { return r.Effective })
	effective.Computed = Extended{Column: "until", Spans: spans}
	columns := append(front,
		Column{ID: "service", Header: b.l.Get("col.service"), Kind: Text, Width: 62, Wrap: true, At: func(row int) Value { return TextOf(rows[row].Service) }},
		date(rows, "from", b.l.Get("col.approved.from"), etl.FieldFrom, func(r *etl.Row) etl.Date { return r.From }),
		date(rows, "until", b.l.Get("col.approved.until"), etl.FieldUntil, func(r *etl.Row) etl.Date { return r.Until }),
		effective,
		b.also(etl.Approved, b.l.Get("col.also.approved")),
	)
	printed := len(columns)
	return b.sheet(ApprovedTable, approvedTab, etl.Approved, append(columns, back...), printed)
}

// certified is the sheet of the certifiés.
func (b *builder) certified() *Sheet {
	rows := b.res.Edition.List[etl.Certified].Rows
	front, back := b.actorColumns(etl.Certified)
	types := b.typeTexts()
	columns := append(front, Column{ID: "type", Header: b.l.Get("col.type"), Kind: Text, Width: 38, At: func(row int) Value {
		if raw, unread := rows[row].Raw[etl.FieldType]; unread {
			return TextOf(raw)
		}
		return TextOf(types[rows[row].Types])
	}})
	for i, a := range b.ref.Activities {
		columns = append(columns, Column{ID: a.Key, Header: a.Short[b.l.Language], Note: a.Label[b.l.Language], Kind: Text, Width: 14, Choices: []string{b.yes, b.no, b.unknown}, At: func(row int) Value {
			return TextOf(b.activity(rows[row].Activities, i))
		}})
	}
	columns = append(columns,
		Column{ID: "count", Header: b.l.Get("col.count"), Kind: Number, Width: 11, At: func(row int) Value { return b.activityCount(rows[row].Activities) },
			Computed: CountEqual{Columns: b.activityIDs(), Value: b.yes, Unknown: b.unknown}},
		Column{ID: "body", Header: b.l.Get("col.body"), Kind: Text, Width: 22, Wrap: true, At: func(row int) Value { return TextOf(rows[row].Body) }},
		Column{ID: "number", Header: b.l.Get("col.number"), Kind: Text, Width: 18, Verbatim: true, At: func(row int) Value { return TextOf(rows[row].Number) }},
		date(rows, "from", b.l.Get("col.certified.from"), etl.FieldFrom, func(r *etl.Row) etl.Date { return r.From }),
		date(rows, "until", b.l.Get("col.certified.until"), etl.FieldUntil, func(r *etl.Row) etl.Date { return r.Until }),
		b.also(etl.Certified, b.l.Get("col.also.certified")),
	)
	printed := len(columns)
	covered := make([]etl.Activities, len(b.res.Actors)) // looked up for each row, several times
	for a, activities := range b.res.Covered() {
		covered[a] = activities
	}
	columns = append(columns, back...)
	columns = append(columns, Column{ID: "covered", Header: b.l.Get("col.covered"), Kind: Number, Width: 12, Technical: true, At: func(row int) Value { return b.activityCount(covered[rows[row].Actor]) },
		Computed: Covered{Key: ActorColumn, Columns: b.activityIDs(), Yes: b.yes, Unknown: b.unknown}})
	return b.sheet(CertifiedTable, certTab, etl.Certified, columns, printed)
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
