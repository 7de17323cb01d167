package report

import (
	"cmp"
	"strings"

	"hdsreport/etl"
)

// Options are what the configuration says of the sheets.
type Options struct {
	Labels     Labels
	Title      string
	Publisher  string
	Contact    string
	Licence    string
	SourceName string
	SourceURL  string
	Notice     string
	Errata     []string
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
	fields           [2]etl.Fields
	book             *Book
}

// Build makes the book of a result. It computes every figure that the summary
// holds from the book's own tables, so that a figure and its formula speak of
// the same cells. A figure that the pipeline has counted otherwise is an error.
func Build(res *etl.Result, ref *etl.Reference, opt Options) (*Book, error) {
	l := opt.Labels
	b := &builder{opt: opt, l: l, ref: ref, res: res, yes: l.Get("yes"), no: l.Get("no"), unknown: l.Get("unknown")}
	b.opt.Title = cmp.Or(opt.Title, l.Get(b.worded("book.title")))
	language := map[string]string{"fr": "fr-FR", "en": "en-GB"}[l.Language]
	b.book = &Book{
		Title:       b.opt.Title,
		Subject:     b.asOf(),
		Source:      b.l.Get("source.plain", "name", opt.SourceName),
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
	for _, l := range etl.Listings {
		b.fields[l] = ref.Fields(l)
	}
	b.book.Sheets = []*Sheet{b.data(ApprovedTable, approvedTab, etl.Approved),
		b.data(CertifiedTable, certTab, etl.Certified)}
	sums := b.book.hashAhead()
	summary, err := b.summary()
	if err != nil {
		return nil, err
	}
	b.book.Sheets = append(b.book.Sheets, summary)
	b.book.identify(sums)
	return b.book, nil
}

// opening is what a sheet opens with: title, date, source, and what a reader must know
// before the rest.
func (b *builder) opening(title string) []Paragraph {
	out := []Paragraph{
		{Role: OpeningTitle, Text: title},
		{Role: OpeningDate, Text: b.asOf()},
		b.source(),
	}
	if b.opt.Notice != "" {
		out = append(out, Paragraph{Role: OpeningNotice, Text: b.opt.Notice})
	}
	return out
}

// asOf says which day the book is about, and which month the edition is named by, if it is.
func (b *builder) asOf() string {
	day := b.l.Date(b.res.Edition.Date)
	if named, ok := etl.ParseDate(b.res.Edition.ID); ok && !named.Full() {
		return b.l.Get("asof.month", "date", day, "of", b.l.OfEdition(b.res.Edition.ID))
	}
	return b.l.Get("asof", "date", day)
}

func (b *builder) source() Paragraph {
	if b.opt.SourceURL == "" {
		return Paragraph{Role: OpeningSource, Text: b.l.Get("source.plain", "name", b.opt.SourceName)}
	}
	shown := strings.TrimPrefix(strings.TrimPrefix(b.opt.SourceURL, "https://"), "http://")
	return Paragraph{Role: OpeningSource, Text: b.l.Get("source", "name", b.opt.SourceName, "url", shown),
		Link: b.opt.SourceURL}
}

// correct says in a line how to correct the workbook and where to send it.
func (b *builder) correct() string {
	if contact := strings.TrimPrefix(b.opt.Contact, "mailto:"); contact != "" {
		return b.l.Get("correct", "contact", contact)
	}
	return b.l.Get("correct.job")
}

// data is the sheet of a list: its table under the heading.
func (b *builder) data(id, tab string, list etl.Listing) *Sheet {
	l := b.l
	columns, printed := b.columns(list)
	src := &b.res.Edition.List[list]
	help := l.Get("help." + id)
	if src.Missing {
		help = l.Get("missing." + id)
	}
	opening := append(b.opening(l.Get("title."+id)), Paragraph{Role: OpeningRemark, Text: help},
		Paragraph{Role: OpeningRemark, Text: b.correct()})
	if src.HasEnded() {
		opening = append(b.opening(l.Get("title."+id)), b.ended(list)...)
	}
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = c.Width
	}
	lines := openingLines(opening, widths[:printed])
	t := &Table{ID: id, Name: tableNames[id], Row: len(lines), Columns: columns, Len: len(src.Rows),
		Ended: src.Ended}
	if len(src.Rows) == 0 {
		b.empty(t, src)
	}
	s := &Sheet{ID: id, Name: l.Get("sheet." + id), Opening: opening, Lines: lines, Table: t, Freeze: t.Row + 1,
		PrintColumns: printed, PrintTitle: [2]int{t.Row, t.Row + 1}, Landscape: true, Gridlines: false, Tab: tab,
		Widths: widths}
	return s
}

// empty gives a table the one row that it must have: it says that there is none,
// and bears no actor number, so that no figure counts it.
func (b *builder) empty(t *Table, src *etl.List) {
	said := b.l.Get("names.none")
	switch {
	case src.HasEnded():
		said = b.l.Get("ended.row", "date", b.l.Date(src.Ended))
	case src.Missing:
		said = b.l.Get("nd")
	}
	t.Len = 1
	for i := range t.Columns {
		c := &t.Columns[i]
		text := ""
		if c.ID == "name" {
			text = said
		}
		c.At = func(int) Value { return TextOf(text) }
		c.Link, c.Proposed, c.Computed = nil, nil, nil
	}
}
