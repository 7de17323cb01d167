package gsheets

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"time"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl/message"
	"hdsreport/report"
	"hdsreport/report/published"
)

// Options say where to publish, and how far to go.
type Options struct {
	Spreadsheet string // its id or its address
	// Endpoint replaces Google's address; see EndpointAllowed.
	Endpoint string
	// Credentials is a key file; empty leaves it to Application Default Credentials.
	Credentials string
	TimeZone    string        // of the spreadsheet; empty leaves it as it is
	MaxBytes    int           // of one request; 0 is 8 MB
	Budget      time.Duration // for all of it, waits included; 0 is ten minutes
	Timeout     time.Duration // for one request; 0 is 200 s, some more than Google gives itself
	// Overwrite saves what people have typed where the program writes, and then overwrites it.
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
	// Same reports whether two texts say the same in a column of the lists, given by Column.ID, as
	// 17/06/2019 and 2019-06-17 do. What people typed that says what the program says is no edit.
	// Nil knows no such texts.
	Same func(column, a, b string) bool
	// Settled reports whether a text that people typed says what the book says of a cell, although
	// it is another: a word that the registry has taken. Nil knows no such words.
	Settled func(sheet, row, column, found string) bool
	// Remark reports whether a text in a column is a remark that nobody has to take in. It is saved,
	// and stops no publication.
	Remark func(column, found string) bool
	// All finds what says the same as the book, too.
	All      bool
	Progress func(message.Message) // short states for a terminal; may be nil

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
		o.Progress = func(message.Message) {}
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
	Request                 json.RawMessage   // the batch, indented; null where nothing would be sent
	Words                   []message.Message // a summary, a line each
}

// Publish makes the spreadsheet equal to the book. Where it is so already, it sends
// nothing but one read.
//
// It fails with *Refused before anything is sent where the book is too large or people
// have typed what would be overwritten, with *Overtaken where somebody else published
// first, with *Stopped where only a person can help, and with *Differs where Google
// holds something else than what it was sent, or computes something else, whether this run has
// written it or an earlier one. What people did is in the outcome even then.
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
	st, err := s.state(ctx, "sheet-state-reading")
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		err := s.attempt(ctx, b, st, out)
		var changed *changedError
		if !errors.As(err, &changed) {
			return err
		}
		again, readErr := s.state(ctx, "sheet-state-reading-again")
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

// tell reports progress.
func (s *service) tell(key message.Key, pairs ...any) { s.opt.Progress(message.New(key, pairs...)) }

func (s *service) state(ctx context.Context, progress message.Key) (*state, error) {
	s.tell(progress)
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
		s.tell("sheet-state-unchanged")
		if len(c.figures) > 0 {
			return &Differs{Cells: c.figures}
		}
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
	s.tell("sheet-state-writing", "kilobytes", (size+999)/1000)
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
			return message.Fail(err, "sheet-edits-unsaved", "why", err)
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
	why := message.New("sheet-refused-edits", "places", stops)
	if !c.known {
		why = message.New("sheet-refused-unknown", "generation", c.last.Generation, "places", stops)
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
		return 0, &Refused{
			Why: message.New("sheet-refused-size", "size", float64(len(body))/(1<<20), "limit",
				float64(s.opt.MaxBytes)/(1<<20)),
		}
	}
	if n := p.cellsAfter(); n > maxCells {
		return 0, &Refused{Why: message.New("sheet-refused-cells", "cells", n, "limit", maxCells)}
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
