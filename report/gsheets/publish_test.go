package gsheets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/etl/raced"
	"hdsreport/etl/workspace"
	"hdsreport/report"
	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/published"
)

const samples = "../../samples"

// samplesBuilt are made once; no test changes one.
var samplesBuilt = sync.OnceValue(func() map[string]*report.Book {
	out := map[string]*report.Book{}
	for _, edition := range []string{"2019-02", "2019-03", "2019-06-17"} {
		out[edition] = sampleIn("fr", edition)
	}
	return out
})

// sampleIn is a book of the project's samples in one of the languages, with some of the
// source's extra columns.
func sampleIn(language, edition string, extra ...string) *report.Book {
	ref := config.Reference()
	l := workspace.Layout{
		Root:      samples,
		Editions:  "editions",
		Registry:  "registry",
		MaxBytes:  64 << 20,
		Reference: &ref,
		Declared: func(text []byte, file string) (workspace.Declared, error) {
			s, err := config.ParseSource(text, file)
			return workspace.Declared{
				URL:       s.URL,
				Publisher: s.Publisher,
				Retrieved: s.Retrieved,
				SHA256:    s.SHA256,
				Numbering: s.ActivityNumbering,
			}, err
		},
	}
	in, err := workspace.Open(l, edition)
	if err != nil {
		panic(err)
	}
	ref.Shown = extra
	in.Reference, in.Namer = ref, identity.New(config.IdentityTables())
	book, err := report.Build(
		etl.Run(in),
		&ref,
		report.Options{Labels: report.Labels{Language: language, Texts: config.Labels(language)},
			Title: "Hébergeurs", Publisher: "La rédaction", Contact: "redaction@example.org", SourceName: "ANS",
			SourceURL: "https://esante.gouv.fr"},
	)
	if err != nil {
		panic(err)
	}
	return book
}

// sample is a book of the project's samples.
func sample(edition string) *report.Book {
	b := samplesBuilt()[edition]
	if b == nil {
		panic("no edition " + edition)
	}
	return b
}

// long is a story in one thread, with whole lists: the race detector has nothing to
// find there and takes minutes over it. The checks run it without.
func long(t *testing.T) {
	t.Helper()
	if raced.Detector {
		t.Skip("runs without the race detector")
	}
}

// desk is a spreadsheet on a server, and what a newsroom keeps of what it published
// there.
type desk struct {
	t       *testing.T
	server  *sheetstest.Server
	url     string
	kept    map[string]*published.Publication
	saved   []Edit
	slept   time.Duration
	now     time.Time
	mutated Options // over the defaults
}

func newDesk(t *testing.T, o sheetstest.Options) *desk {
	t.Helper()
	d := &desk{
		t:      t,
		server: sheetstest.New(o),
		kept:   map[string]*published.Publication{},
		now:    time.Date(2019, 7, 1, 8, 0, 0, 0, time.UTC),
	}
	ts := httptest.NewServer(d.server)
	t.Cleanup(func() { d.server.Close(); ts.Close() })
	d.url = ts.URL
	return d
}

func (d *desk) options(edition string) Options {
	o := d.mutated
	o.Spreadsheet, o.Endpoint, o.Edition = "test", d.url, edition
	if o.TimeZone == "" {
		o.TimeZone = "Europe/Paris"
	}
	if o.Known == nil {
		o.Known = func(g string) (*published.Publication, error) {
			if p := d.kept[g]; p != nil {
				return p, nil
			}
			return nil, fs.ErrNotExist
		}
	}
	if o.SaveEdits == nil {
		o.SaveEdits = func(e []Edit) error { d.saved = append(d.saved, e...); return nil }
	}
	o.Clock = func() time.Time { return d.now }
	o.Sleep = func(_ context.Context, s time.Duration) error {
		d.now = d.now.Add(s)
		d.slept += s
		return nil
	}
	if o.Jitter == nil {
		o.Jitter = func() float64 { return 0.5 }
	}
	return o
}

// publish publishes a book, and keeps it as the command does.
func (d *desk) publish(b *report.Book, edition string) (*Outcome, error) {
	d.t.Helper()
	p, err := published.Of(b, edition)
	if err != nil {
		d.t.Fatal(err)
	}
	d.kept[p.Generation] = p
	return Publish(context.Background(), b, d.options(edition))
}

func (d *desk) mustPublish(b *report.Book, edition string) *Outcome {
	d.t.Helper()
	out, err := d.publish(b, edition)
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// kinds are the requests that the server has had since it last forgot them.
func (d *desk) kinds() string {
	var out []string
	for _, r := range d.server.Requests() {
		out = append(out, string(r.Kind))
	}
	return strings.Join(out, " ")
}

// check compares what the server holds with the book: by verify, which reads values,
// formulas and links, and by what a reader sees.
func (d *desk) check(b *report.Book) {
	d.t.Helper()
	if err := holdsBook(d.server.Snapshot(), b); err != nil {
		d.t.Error(err)
	}
}

// holdsBook reports whether a reader of the snapshot would find the book, whole. It does
// not use the code under test: tabs by their metadata, cells by column and row.
func holdsBook(snap sheetstest.Snapshot, b *report.Book) error {
	var bad []string
	for _, s := range b.Sheets {
		tab, ok := ourTab(snap, s.ID)
		if !ok {
			bad = append(bad, "no tab "+s.ID)
			continue
		}
		r := &readerOf{sheet: s, tab: tab, columns: map[string]int{}}
		for at, ms := range tab.ColumnMetadata() {
			for _, m := range ms {
				if m.MetadataKey == "hdsreport.column" {
					r.columns[m.MetadataValue] = at
				}
			}
		}
		for _, l := range s.Lines {
			for _, c := range l.Cells {
				id := string(rune('A' + c.Col))
				if s.Table != nil {
					id = s.Table.Columns[c.Col].ID
				}
				r.cell(l.Row, r.columns[id], c.Value, c.Expr != nil || c.Names != nil)
			}
		}
		if s.Table != nil {
			r.list()
		}
		bad = append(bad, r.bad...)
	}
	if len(bad) == 0 {
		return nil
	}
	if len(bad) > 8 {
		bad = append(bad[:8], fmt.Sprintf("and %d more", len(bad)-8))
	}
	return errors.New(strings.Join(bad, "\n"))
}

// readerOf looks at one tab as a reader does.
type readerOf struct {
	sheet   *report.Sheet
	tab     sheetstest.Sheet
	columns map[string]int // ours, by Column.ID
	bad     []string
}

func (r *readerOf) says(row, col int, format string, a ...any) {
	r.bad = append(r.bad, fmt.Sprintf("%s row %d col %d: ", r.sheet.ID, row+1, col+1)+fmt.Sprintf(format, a...))
}

// cell checks one cell's value, and whether it is a formula.
func (r *readerOf) cell(row, col int, v report.Value, live bool) {
	c := r.tab.At(row, col)
	said := fmt.Sprintf("%T %v", c.Value, c.Value)
	want := map[report.Kind]string{report.Blank: "<nil> <nil>", report.Text: "string " + v.Text}[v.Kind]
	if v.Kind == report.Number || v.Kind == report.Day {
		want = fmt.Sprintf("float64 %v", v.Num)
	}
	switch {
	case live && c.Formula == "":
		r.says(row, col, "no formula, %s", said)
	case !live && (c.Formula != "" || said != want):
		r.says(row, col, "%s%s, want %s", said, c.Formula, want)
	}
}

// list checks the header and the rows of data, what stands below them, and the choices.
func (r *readerOf) list() {
	t, header := r.sheet.Table, -1
	for at, ms := range r.tab.RowMetadata() {
		for _, m := range ms {
			if m.MetadataKey == "hdsreport.header" {
				header = at
			}
		}
	}
	if header != t.Row {
		r.says(header, 0, "the header, which belongs into row %d", t.Row+1)
		return
	}
	rows, _ := r.tab.Size()
	for i := range t.Columns {
		c := &t.Columns[i]
		at, ok := r.columns[c.ID]
		if !ok {
			r.says(header, 0, "no column %s", c.ID)
			continue
		}
		r.cell(header, at, report.TextOf(c.Header), false)
		for k := range t.Len {
			r.cell(header+1+k, at, c.At(k), c.Computed != nil)
		}
		for row := range rows {
			var want []string
			if row > header && row <= header+t.Len {
				want = c.Choices
			} else if row > header {
				r.cell(row, at, report.Value{}, false)
			}
			if got := choicesOf(r.tab.At(row, at)); !slices.Equal(got, want) {
				r.says(row, at, "the choices %q, want %q", got, want)
			}
		}
	}
}

// choicesOf are the choices of a cell's drop-down; nil for a cell without one.
func choicesOf(c sheetstest.Cell) []string {
	data := c.Data()
	if data == nil || data.DataValidation == nil {
		return nil
	}
	out := []string{}
	for _, v := range data.DataValidation.Condition.Values {
		out = append(out, v.UserEnteredValue)
	}
	return out
}

// ourTab finds a tab by the mark that its metadata begins with.
func ourTab(snap sheetstest.Snapshot, id string) (sheetstest.Sheet, bool) {
	for _, s := range snap.Sheets() {
		for _, m := range s.Metadata() {
			if m.MetadataKey == "hdsreport.sheet" && m.MetadataValue == fmt.Sprintf("%s#%d", id, s.ID()) {
				return s, true
			}
		}
	}
	return sheetstest.Sheet{}, false
}

func TestFirstPublication(t *testing.T) {
	d := newDesk(t, sheetstest.Options{Sheet: "Feuille 1"})
	b := sample("2019-06-17")
	out := d.mustPublish(b, "2019-06-17")
	d.check(b)
	if d.kinds() != "get batchUpdate get" {
		t.Errorf("requests: %s", d.kinds())
	}
	if !out.Written || out.Added != 119 || out.Changed+out.Removed != 0 || out.Generation != b.Generation() {
		t.Errorf("outcome: %+v", out)
	}
	var titles []string
	snap := d.server.Snapshot()
	for _, s := range snap.Sheets() {
		titles = append(titles, s.Title())
	}
	if got := strings.Join(titles, ", "); got != "Acteurs agréés, Acteurs certifiés, Synthèse" {
		t.Errorf("tabs: %s", got)
	}
	if snap.Locale() != "fr_FR" {
		t.Errorf("locale %s", snap.Locale())
	}
	if out.Bytes >= 1_000_000 {
		t.Errorf("%d bytes", out.Bytes)
	}
	t.Logf("%d bytes, %d requests", out.Bytes, out.Requests)
}

// TestAFirstTabThatSomebodyUses stays: only the one that Google made, untouched and
// alone, goes.
func TestAFirstTabThatSomebodyUses(t *testing.T) {
	long(t)
	for name, use := range map[string]func(d *desk){
		"a value":     func(d *desk) { d.server.Edit("Feuille 1", "C7", "à moi") },
		"a note":      func(d *desk) { d.server.AddNote("Feuille 1", "C7", "à moi") },
		"another tab": func(d *desk) { d.server.AddTab("Encore une", 5, 5) },
		"nothing":     func(*desk) {},
	} {
		d := newDesk(t, sheetstest.Options{Sheet: "Feuille 1"})
		use(d)
		b := sample("2019-06-17")
		d.mustPublish(b, "2019-06-17")
		d.check(b)
		if _, there := d.server.Snapshot().Sheet("Feuille 1"); there != (name != "nothing") {
			t.Errorf("%s: the first tab is there: %v", name, there)
		}
	}
}

func TestUnchangedWritesNothing(t *testing.T) {
	d := newDesk(t, sheetstest.Options{})
	b := sample("2019-06-17")
	d.mustPublish(b, "2019-06-17")
	before := d.server.Snapshot()
	d.server.Forget()
	out := d.mustPublish(sample("2019-06-17"), "2019-06-17")
	if out.Written || d.kinds() != "get" || out.Requests != 1 || out.Generation != b.Generation() {
		t.Errorf("%s, %+v", d.kinds(), out)
	}
	if !before.Same(d.server.Snapshot()) {
		t.Error("the spreadsheet changed")
	}
}

func TestNextEditionInPlace(t *testing.T) {
	long(t)
	d := newDesk(t, sheetstest.Options{})
	for _, edition := range []string{"2019-02", "2019-03", "2019-06-17", "2019-02"} {
		b := sample(edition)
		d.server.Forget()
		out := d.mustPublish(b, edition)
		if d.kinds() != "get batchUpdate get" {
			t.Errorf("%s: %s", edition, d.kinds())
		}
		d.check(b)
		if out.Bytes >= 1_000_000 || !out.Written || len(out.Edits) > 0 {
			t.Errorf("%s: %+v", edition, out)
		}
		t.Logf("%s: %d bytes, +%d ~%d -%d", edition, out.Bytes, out.Added, out.Changed, out.Removed)
		d.server.Forget()
		if out := d.mustPublish(b, edition); out.Written {
			t.Errorf("%s again: written", edition)
		}
	}
}

func TestPlanIsDeterministic(t *testing.T) {
	var first json.RawMessage
	for range 3 {
		p, err := PlanOf(context.Background(), sample("2019-06-17"), Options{Edition: "2019-06-17"})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = p.Request
		} else if string(first) != string(p.Request) {
			t.Fatal("two plans of one book differ")
		}
	}
}
