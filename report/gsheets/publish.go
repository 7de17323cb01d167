package gsheets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"time"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/report"
	"hdsreport/report/published"
)

// Options say where to publish, and how far to go.
type Options struct {
	Spreadsheet string // its id or its address
	// Endpoint takes the place of Google's; without Credentials only a loopback address.
	Endpoint string
	// Credentials is a key file; empty leaves it to Application Default Credentials.
	Credentials string
	TimeZone    string        // of the spreadsheet; empty leaves it as it is
	MaxBytes    int           // of one request; 0 is 8 MB
	Budget      time.Duration // for all of it, waits included; 0 is ten minutes
	Timeout     time.Duration // for one request; 0 is 200 s, some more than Google gives itself
	// Overwrite goes on when people have typed where the program writes, after saving it.
	Overwrite bool
	Edition   string // its ID
	// Known is what was published as a generation; fs.ErrNotExist where it is not known
	// here. Nil knows none.
	Known func(generation string) (*published.Publication, error)
	// Last is the newest publication known here, for a plan where the spreadsheet cannot
	// be read; nil is none.
	Last *published.Publication
	// SaveEdits keeps what people did, before any of it is overwritten. Where it fails,
	// nothing is sent. Nil keeps nothing, and then edits always stop a publication.
	SaveEdits func([]Edit) error
	Progress  func(string) // short states for a terminal; may be nil

	// For tests; nil is the machine's own.
	Clock  func() time.Time
	Sleep  func(context.Context, time.Duration) error
	Jitter func() float64 // from 0 to 1
}

func (o Options) filled() *Options {
	if o.MaxBytes == 0 {
		o.MaxBytes = 8 << 20
	}
	if o.Budget == 0 {
		o.Budget = 10 * time.Minute
	}
	if o.Timeout == 0 {
		o.Timeout = 200 * time.Second
	}
	if o.Known == nil {
		o.Known = func(string) (*published.Publication, error) { return nil, fs.ErrNotExist }
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return &o
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Outcome is what a publication did.
type Outcome struct {
	Written    bool
	Generation string // that stands in the sheet now
	// Rows of the lists.
	Changed, Added, Removed int
	Made                    []string // tabs that were ours, were gone, and were made anew
	Edits                   []Edit   // what people had done, saved
	Bytes                   int      // of the batches
	Requests                int      // sent, reads included
	URL                     string
}

// Plan is what a publication would send.
type Plan struct {
	// Against is what the plan compares with: "spreadsheet", "published GENERATION", or
	// "nothing".
	Against string
	// Rows of the lists, agréés and certifiés.
	Changed, Added, Removed [2]int
	Request                 json.RawMessage // the batch, indented; null where nothing would be sent
	Words                   string          // a summary, of several lines
}

// Publish makes the spreadsheet equal to the book. Where it is so already, it sends
// nothing but one read.
//
// It fails with *Refused before anything is sent where the book is too large or people
// have typed what would be overwritten, with *Overtaken where somebody else published
// first, with *Stopped where only a person can help, and with *Differs where Google
// holds something else than what it was sent. What people did is in the outcome even
// then.
func Publish(ctx context.Context, b *report.Book, o Options) (*Outcome, error) {
	opt := o.filled()
	s, err := connect(ctx, opt)
	if err != nil {
		return nil, err
	}
	out := &Outcome{}
	err = s.publish(ctx, b, out)
	out.Requests = s.requests
	return out, err
}

// replans is how often a batch is worked out anew because people changed the
// spreadsheet while it was being sent.
const replans = 4

func (s *service) publish(ctx context.Context, b *report.Book, out *Outcome) error {
	st, err := s.state(ctx, "reading the spreadsheet")
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		err := s.attempt(ctx, b, st, out)
		if !errors.Is(err, errChanged) {
			return err
		}
		again, readErr := s.state(ctx, "reading the spreadsheet again")
		if readErr != nil {
			return readErr
		}
		var stop *Stopped
		if errors.As(err, &stop) && (n == replans || text(st.doc.Sheets) == text(again.doc.Sheets)) {
			return stop
		}
		st = again
	}
}

func (s *service) state(ctx context.Context, progress string) (*state, error) {
	s.opt.Progress(progress)
	doc, err := s.read(ctx, readFields)
	if err != nil {
		return nil, err
	}
	doc.SpreadsheetId = s.id
	return stateOf(doc)
}

// attempt publishes from one reading.
func (s *service) attempt(ctx context.Context, b *report.Book, st *state, out *Outcome) error {
	c, err := compare(b, st, s.opt)
	if err != nil {
		return err
	}
	*out = Outcome{Generation: c.last.Generation, URL: st.doc.SpreadsheetUrl, Edits: c.edits}
	if c.unchanged {
		s.opt.Progress("nothing has changed")
		return nil
	}
	out.Changed, out.Added, out.Removed = sum(c.changed), sum(c.added), sum(c.removed)
	p := &planner{book: b, st: st, opt: s.opt, was: c.was}
	batch, err := p.plan()
	if err != nil {
		return err
	}
	size, err := s.sendable(batch, p)
	if err != nil {
		return err
	}
	if err := s.save(c); err != nil {
		return err
	}
	s.opt.Progress(fmt.Sprintf("writing (%d kB)", (size+999)/1000))
	if err := s.write(ctx, batch, c.last, p.next); err != nil {
		return err
	}
	out.Written, out.Generation, out.Bytes, out.Made = true, p.next.Generation, size, p.made
	return s.settle(ctx, b, st, p, out)
}

func sum(n [2]int) int { return n[0] + n[1] }

// save keeps what people did, and refuses to go on over it unless told to.
func (s *service) save(c *comparison) error {
	if len(c.edits) == 0 {
		return nil
	}
	if fresh := s.unsaved(c.edits); s.opt.SaveEdits != nil && len(fresh) > 0 {
		if err := s.opt.SaveEdits(fresh); err != nil {
			return fmt.Errorf("what people typed into the spreadsheet could not be saved, and nothing was written: %w", err)
		}
	}
	stops := 0
	for _, e := range c.edits {
		if !e.kept {
			stops++
		}
	}
	if s.opt.SaveEdits == nil && stops == 0 {
		stops = len(c.edits)
	} else if stops == 0 || s.opt.Overwrite && s.opt.SaveEdits != nil {
		return nil
	}
	why := fmt.Sprintf("people have changed %s of the spreadsheet where the program writes: take their corrections into registry/corrections.csv, after which they are no edits any more, or let the publication overwrite the rest (publish.edits: overwrite)", places(stops))
	if !c.known {
		why = fmt.Sprintf("what was published there before (generation %s) is not known here, and %s differ from this edition: look at what was saved, then let the publication overwrite them (publish.edits: overwrite)", c.last.Generation, places(stops))
	}
	return &Refused{Why: why, Edits: c.edits}
}

// unsaved are those that this run has not saved yet: a batch that is worked out anew
// finds the same ones again.
func (s *service) unsaved(edits []Edit) []Edit {
	var out []Edit
	for _, e := range edits {
		if !s.saved[e] {
			s.saved[e] = true
			out = append(out, e)
		}
	}
	return out
}

// maxCells is Google's limit of a spreadsheet, everybody's tabs counted ("Files you can
// store in Google Drive").
const maxCells = 10_000_000

// sendable refuses a batch that is too large, before it is sent, and gives its size.
func (s *service) sendable(batch *sheets.BatchUpdateSpreadsheetRequest, p *planner) (int, error) {
	body, err := json.Marshal(batch)
	if err != nil {
		return 0, err
	}
	if len(body) > s.opt.MaxBytes {
		return 0, &Refused{Why: fmt.Sprintf("the edition makes a request of %.1f MB, and publish.megabytes allows %.1f: raise it, or publish fewer columns", float64(len(body))/(1<<20), float64(s.opt.MaxBytes)/(1<<20))}
	}
	if n := p.cellsAfter(); n > maxCells {
		return 0, &Refused{Why: fmt.Sprintf("with this edition the spreadsheet would have %d cells, tabs of others counted, and Google allows %d: delete tabs, rows or columns that nobody needs", n, maxCells)}
	}
	return len(body), nil
}

// cellsAfter is the most cells that the spreadsheet has while the batch is applied.
func (p *planner) cellsAfter() int {
	n := 0
	for _, t := range p.st.all {
		n += t.rows * t.cols
	}
	for _, t := range p.st.before {
		n -= t.rows * t.cols
	}
	for _, l := range p.layouts {
		if l.tab != nil { // its copy, and what it grows by
			n += max(0, l.rows*l.cols-l.tab.rows*l.tab.cols) + (l.tab.rows+copyRows)*(l.tab.cols+copyColumns)
		} else {
			n += l.rows * l.cols
		}
	}
	return n
}

// comparison is the book against what the spreadsheet holds.
type comparison struct {
	last                    entry
	was                     *published.Publication // nil where it is not known
	known                   bool
	unchanged               bool
	edits                   []Edit
	changed, added, removed [2]int
}

func compare(b *report.Book, st *state, o *Options) (*comparison, error) {
	c := &comparison{last: lastOf(st.entries), known: true}
	if c.last.ID != 0 || len(st.tabs) > 0 {
		var err error
		if c.was, err = o.Known(c.last.Generation); errors.Is(err, fs.ErrNotExist) {
			c.was, c.known = st.borne(b, c.last), false
		} else if err != nil {
			return nil, err
		}
	}
	found := asFound(b, st)
	full := map[string]*layout{}
	for _, s := range b.Sheets {
		if full[s.ID] = found[s.ID]; full[s.ID] == nil {
			l := &layout{sheet: s, title: s.Name, header: -1, columns: make([]int, len(columnIDs(s)))}
			full[s.ID] = l
		}
	}
	d, err := draw(b, full)
	if err != nil {
		return nil, err
	}
	c.unchanged = c.last.Generation == b.Identifier && c.last.Format == format && st.settled(c.last)
	tables := 0
	for _, s := range b.Sheets {
		l := found[s.ID]
		var n counts
		var edits []Edit
		if l != nil {
			var was *published.Table
			if c.was != nil {
				was = c.was.Table(s.ID)
			}
			if n, err = d.counts(l, was); err != nil {
				return nil, err
			}
			if edits, err = d.editsIn(l, was); err != nil {
				return nil, err
			}
		} else if s.Table != nil {
			n.added = s.Table.Len
		}
		c.unchanged = c.unchanged && l != nil && n.equal && len(edits) == 0
		c.edits = append(c.edits, edits...)
		if s.Table != nil && tables < 2 {
			c.changed[tables], c.added[tables], c.removed[tables] = n.changed, n.added, n.removed
			tables++
		}
	}
	if !st.settled(c.last) {
		late, err := lateEdits(b, st, o)
		if err != nil {
			return nil, err
		}
		c.edits = append(c.edits, late...)
	}
	return c, nil
}

func places(n int) string { return plural(n, "place") }

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// counts is how the rows of one tab compare with the book's.
type counts struct {
	equal                   bool // everything of ours is there and says what the book says
	changed, added, removed int
}

func (d *drawing) counts(l *layout, was *published.Table) (counts, error) {
	t := l.tab
	n := counts{equal: t.whole(l)}
	lines, err := d.lines(l)
	if err != nil {
		return n, err
	}
	for row := range lines {
		for i, want := range lines[row] {
			n.equal = n.equal && t.shows(row, l.columns[i], want)
		}
	}
	if l.sheet.Table == nil {
		return n, nil
	}
	there := 0
	for k, s := range t.standings(l.sheet.Table, was) {
		switch s.kind {
		case rowKept:
			there++
			n.equal = n.equal && k < l.sheet.Table.Len
			changed := false
			for i := range l.columns {
				want, err := d.body(l, s.book, i, s.at)
				if err != nil {
					return n, err
				}
				if !t.shows(s.at, l.columns[i], want) {
					n.equal = false
					// A formula also differs where only the range that it looks through
					// has grown, which is no change of the row.
					changed = changed || l.sheet.Table.Columns[i].Computed == nil
				}
			}
			if changed {
				n.changed++
			}
		case rowDeparted, rowTyped:
			n.removed++
			n.equal = false
		}
	}
	n.added = l.sheet.Table.Len - there
	n.equal = n.equal && n.added == 0
	return n, nil
}

// whole tells that all of the program's columns and objects are there.
func (t *tab) whole(l *layout) bool {
	if len(t.columns) != len(l.columns) || t.memoID == 0 || len(t.memo.Charts) != len(l.sheet.Charts) {
		return false
	}
	if table := l.sheet.Table; table != nil {
		if t.header < table.Row || !t.filters(l.end()) {
			return false
		}
		for row := table.Row; row < t.header; row++ {
			if !t.othersIn(row) { // a row above the header that has no reason to be there
				return false
			}
		}
	}
	for _, c := range l.columns {
		if c < 0 {
			return false
		}
	}
	for _, id := range t.memo.Views {
		if !t.views[id] {
			return false
		}
	}
	for _, id := range t.memo.Charts {
		if !t.charts[id] {
			return false
		}
	}
	for _, id := range t.memo.Protected {
		if !t.protected[id] {
			return false
		}
	}
	return true
}

// filters tells that the filter lies on a list that ends above a row, and on all columns
// that hold something beside it: Google would leave the others behind when it sorts.
func (t *tab) filters(end int) bool {
	if t.filter == nil || t.filter.Range == nil {
		return false
	}
	right := 0
	for row := t.header; row < min(end, len(t.cells)); row++ {
		for col := right; col < len(t.cells[row]); col++ {
			if t.holds(row, col) {
				right = col + 1
			}
		}
	}
	r := t.filter.Range
	return int(r.StartRowIndex) == t.header && r.StartColumnIndex == 0 && reaches(r.EndRowIndex, end) && reaches(r.EndColumnIndex, right)
}

// reaches tells that the end of a range is not before one; 0 is none.
func reaches(end int64, want int) bool { return end == 0 || int(end) >= want }

// shows tells that a cell holds what is meant to stand there, its link too.
func (t *tab) shows(row, col int, want spot) bool {
	return t.content(row, col).same(want.content) && t.links(row, col, want.link)
}

// links tells that a cell leads where it is meant to. A link may come back as the cell's
// format or only as the address that Google made out for the cell; and Google makes one
// out where nobody set any, for a text that looks like an address.
func (t *tab) links(row, col int, to string) bool {
	set := t.link(row, col)
	if c := t.cell(row, col); set == "" && to != "" && c != nil {
		set = c.Hyperlink
	}
	return sameLink(set, to)
}

func (t *tab) link(row, col int) string {
	c := t.cell(row, col)
	if c == nil || c.UserEnteredFormat == nil || c.UserEnteredFormat.TextFormat == nil || c.UserEnteredFormat.TextFormat.Link == nil {
		return ""
	}
	return c.UserEnteredFormat.TextFormat.Link.Uri
}

// sameLink compares addresses; one of a host alone may come back with a slash.
func sameLink(a, b string) bool {
	return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/")
}
