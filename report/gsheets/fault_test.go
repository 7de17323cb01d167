package gsheets

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"hdsreport/report"
	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/published"
	"hdsreport/report/reporttest"
)

// small is a book of a few rows, so that thousands of runs stay quick.
func small(seed uint64, rows int) *report.Book {
	r := rand.New(rand.NewPCG(seed, 3))
	b := &report.Book{Title: "Essai", Language: "fr-FR"}
	for _, id := range []string{report.ApprovedTable, report.CertifiedTable} {
		var names, ids []string
		for _, n := range r.Perm(2 * rows)[:rows] {
			names = append(names, fmt.Sprintf("Acteur %d", n))
			ids = append(ids, fmt.Sprintf("acteur-%d", n))
		}
		positions := []string{"ESN", "Autre", "Hébergement"}
		shift := r.IntN(3)
		table := &report.Table{ID: id, Name: id, Row: 2, Len: rows, Columns: []report.Column{
			{
				ID:     "name",
				Header: "Acteur",
				Kind:   report.Text,
				At:     func(k int) report.Value { return report.TextOf(names[k]) },
			},
			{
				ID:      "position",
				Header:  "Position",
				Kind:    report.Text,
				Choices: positions,
				At:      func(k int) report.Value { return report.TextOf(positions[(k+shift)%3]) },
			},
			{
				ID:        "id",
				Header:    "Identifiant",
				Kind:      report.Text,
				Technical: true,
				At:        func(k int) report.Value { return report.TextOf(ids[k]) },
			},
			{
				ID:        report.ActorColumn,
				Header:    "N°",
				Kind:      report.Number,
				Technical: true,
				At:        func(k int) report.Value { return report.NumberOf(float64(k + 1)) },
			},
		}}
		b.Sheets = append(
			b.Sheets,
			&report.Sheet{ID: id, Name: "Liste " + id, Freeze: 3, Table: table, Lines: []report.Line{
				{Row: 0, Cells: []report.Cell{{Value: report.TextOf("Titre"), Style: report.StyleTitle}}},
				{
					Row: 1,
					Cells: []report.Cell{
						{
							Value: report.TextOf(fmt.Sprintf("Édition %d", seed)),
							Style: report.StyleSubtitle,
							Link:  "https://esante.gouv.fr",
						},
					},
				}}},
		)
	}
	e := report.CountActors{Table: report.ApprovedTable}
	b.Sheets = append(
		b.Sheets,
		&report.Sheet{ID: report.SummarySheet, Name: "Synthèse", Widths: []float64{20, 10}, Lines: []report.Line{
			{
				Row: 0,
				Cells: []report.Cell{
					{Value: report.TextOf(fmt.Sprintf("Synthèse %d", seed)), Style: report.StyleTitle},
				},
			},
			{
				Row: 1,
				Cells: []report.Cell{
					{Value: report.TextOf("Agréés"), Style: report.StyleLabel},
					{Col: 1, Expr: e, Value: reporttest.Eval(b, e), Style: report.StyleNumber},
				},
			}}},
	)
	b.Identifier = b.Generation()
	return b
}

// watched is a desk whose readers look at every moment: each commit must show one of
// the books, whole.
type watched struct {
	*desk
	mu    sync.Mutex
	books []*report.Book
	torn  []string
}

func newWatched(t *testing.T, books ...*report.Book) *watched {
	w := &watched{books: books}
	w.desk = newDesk(t, sheetstest.Options{Observer: func(s sheetstest.Snapshot) {
		w.mu.Lock()
		defer w.mu.Unlock()
		var why []string
		for _, b := range w.books {
			err := holdsBook(s, b)
			if err == nil {
				return
			}
			why = append(why, err.Error())
		}
		w.torn = append(w.torn, strings.Join(why, "\nnor: "))
	}})
	return w
}

func (w *watched) whole(when string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.torn {
		w.t.Errorf("%s: a reader would see neither edition: %s", when, s)
	}
	w.torn = nil
}

// generationsIn are the entries in the spreadsheet.
func generationsIn(s sheetstest.Snapshot) int {
	n := 0
	for _, m := range s.Metadata() {
		if m.MetadataKey == keyGeneration {
			n++
		}
	}
	return n
}

// TestEveryFaultAtEveryRequest: a publication of three requests, with each kind of
// fault at each of them.
func TestEveryFaultAtEveryRequest(t *testing.T) {
	faults := sheetstest.Transient()
	never := make(chan struct{})
	faults = append(faults, sheetstest.Slow(never), sheetstest.SlowAfter(never), sheetstest.Late())
	for n := 1; n <= 3; n++ {
		for _, f := range faults {
			t.Run(fmt.Sprintf("%d %s", n, f.Name), func(t *testing.T) {
				t.Parallel()
				before, after := small(1, 6), small(2, 7)
				w := newWatched(t, before, after)
				w.mutated.Timeout = time.Second
				w.mustPublish(before, "a")
				applied := w.server.Applied()
				w.server.At(sheetstest.Any, n, f)
				out, err := w.publish(after, "b")
				if err != nil {
					t.Fatal(err)
				}
				if w.server.Waiting() > 0 {
					t.Fatal("the fault never came")
				}
				for _, err := range w.server.Release() {
					if err == nil {
						t.Error("a batch that came late was applied a second time")
					}
				}
				w.whole(f.Name)
				w.check(after)
				if got := w.server.Applied() - applied; got != 1 || generationsIn(w.server.Snapshot()) != 2 {
					t.Errorf("applied %d times, %d generations", got, generationsIn(w.server.Snapshot()))
				}
				if !out.Written || out.Generation != after.Generation() {
					t.Errorf("%+v", out)
				}
				w.server.Forget()
				if again, err := w.publish(after, "b"); err != nil || again.Written {
					t.Errorf("the next run: %+v, %v", again, err)
				}
			})
		}
	}
}

// TestStops: what no second try would change ends at once, with what to do.
func TestStops(t *testing.T) {
	for _, c := range []struct {
		fault sheetstest.Fault
		says  string
	}{
		{sheetstest.Expired(), "sign in again"},
		{sheetstest.Forbidden(), "share the spreadsheet with"},
		{sheetstest.Disabled(), "enable the Google Sheets API"},
		{sheetstest.NotFound(), "check publish.spreadsheet"},
		{sheetstest.BadRequest("This operation is not supported for this document"), "Save as Google Sheets"},
		{sheetstest.BadRequest("whatever"), "nothing was written"},
		{sheetstest.BadRequest("Invalid requests[3].addSheet: This action would increase the number of cells in the workbook above the limit of 10000000 cells."), "delete tabs, rows or columns"},
		{sheetstest.StorageFull(), "the Drive storage of the spreadsheet's owner is full"},
		{sheetstest.RateLimited(), "wait some minutes"},
	} {
		for n, kind := range []sheetstest.Kind{sheetstest.Get, sheetstest.Batch} {
			t.Run(fmt.Sprintf("%s %s", kind, c.says), func(t *testing.T) {
				before, after := small(1, 6), small(2, 7)
				w := newWatched(t, before, after)
				w.mustPublish(before, "a")
				w.server.Forget()
				for range 6 {
					w.server.At(kind, 1, c.fault)
				}
				_, err := w.publish(after, "b")
				var stopped *Stopped
				if !errors.As(err, &stopped) || !strings.Contains(err.Error(), c.says) ||
					strings.Contains(err.Error(), "\n") {
					t.Fatalf("%v", err)
				}
				w.check(before)
				if w.slept > 0 {
					t.Error("it waited")
				}
				// After a refused batch the spreadsheet is read again: had it changed, another
				// batch would fit.
				if most := 1 + 3*n; len(w.server.Requests()) > most {
					t.Errorf("requests: %s", w.kinds())
				}
			})
		}
	}
}

// TestRetryAfterIsHonoured, in seconds and as a date.
func TestRetryAfterIsHonoured(t *testing.T) {
	for _, after := range []string{"30", "Mon, 01 Jul 2019 08:00:30 GMT"} {
		w := newWatched(t, small(1, 3))
		w.server.At(sheetstest.Get, 1, sheetstest.TooMany(after))
		w.mutated.Jitter = func() float64 { return 0 }
		if _, err := w.publish(small(1, 3), "a"); err != nil || w.slept != 30*time.Second {
			t.Errorf("%s: slept %s, %v", after, w.slept, err)
		}
	}
}

// TestTheBudgetEnds a publication that never gets through; waits grow meanwhile.
func TestTheBudgetEnds(t *testing.T) {
	w := newWatched(t, small(1, 3))
	w.server.Random(1, 1, sheetstest.Unavailable())
	w.mutated.Budget = 5 * time.Minute
	_, err := w.publish(small(1, 3), "a")
	if err == nil || !strings.Contains(err.Error(), "gave up after 5 minutes") || w.slept > 5*time.Minute ||
		w.slept < 3*time.Minute {
		t.Errorf("%v, slept %s", err, w.slept)
	}
	if n := len(w.server.Requests()); n < 8 || n > 20 {
		t.Errorf("%d requests", n)
	}
}

// TestTwoPublishers race from one state: one wins whole, the other says so.
func TestTwoPublishers(t *testing.T) {
	before, a, b := small(1, 6), small(2, 7), small(3, 5)
	w := newWatched(t, before, a, b)
	w.mustPublish(before, "a")
	p, err := published.Of(b, "b")
	if err != nil {
		t.Fatal(err)
	}
	w.kept[p.Generation] = p
	// The second publishes between the first's read and write.
	w.server.At(sheetstest.Batch, 1, sheetstest.Meddle(func(*sheetstest.Server) { w.mustPublish(b, "b") }))
	_, err = w.publish(a, "a")
	var overtaken *Overtaken
	if !errors.As(err, &overtaken) || overtaken.By != b.Generation() {
		t.Fatalf("%v", err)
	}
	w.check(b)
	w.whole("race")
	// Run again, it is the one after.
	w.mustPublish(a, "a")
	w.check(a)
}

// TestTheSameBookTwiceAtOnce: both publishers have what they want, and one batch was
// applied.
func TestTheSameBookTwiceAtOnce(t *testing.T) {
	before, a := small(1, 6), small(2, 7)
	w := newWatched(t, before, a)
	w.mustPublish(before, "a")
	applied := w.server.Applied()
	w.server.At(sheetstest.Batch, 1, sheetstest.Meddle(func(*sheetstest.Server) { w.mustPublish(a, "b") }))
	_, err := w.publish(a, "b")
	var overtaken *Overtaken
	if !errors.As(err, &overtaken) {
		t.Fatalf("%v", err)
	}
	w.check(a)
	if n := w.server.Applied() - applied; n != 1 {
		t.Errorf("applied %d batches", n)
	}
}

// TestRandomRuns: faults of every kind at random, over a thousand publications. Each one
// either is written once, or leaves the old edition and says why.
func TestRandomRuns(t *testing.T) {
	seeds := rounds(1000)
	for part := range 4 {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			gaveUp := 0
			for seed := part; seed < seeds; seed += 4 {
				before, after := small(1, 6), small(uint64(seed+2), 4+seed%5)
				w := newWatched(t, before, after)
				w.mustPublish(before, "a")
				w.server.Random(uint64(seed), 0.5, append(sheetstest.Transient(), sheetstest.Late())...)
				_, err := w.publish(after, "b")
				w.server.Random(0, 0)
				w.whole(fmt.Sprint("seed ", seed))
				late := w.server.Release()
				if err != nil {
					gaveUp++
					if !strings.Contains(err.Error(), "gave up") {
						t.Errorf("seed %d: %v", seed, err)
					}
				} else {
					w.check(after)
					for _, e := range late {
						if e == nil {
							t.Errorf("seed %d: a late batch was applied", seed)
						}
					}
				}
				if n := generationsIn(w.server.Snapshot()); n > 2 {
					t.Errorf("seed %d: %d generations", seed, n)
				}
				// Whatever happened, the next run is right.
				if _, err := w.publish(after, "b"); err != nil {
					t.Errorf("seed %d, the next run: %v", seed, err)
				}
				w.check(after)
				w.whole(fmt.Sprint("after seed ", seed))
				if n := generationsIn(w.server.Snapshot()); n != 2 {
					t.Errorf("seed %d: %d generations in the end", seed, n)
				}
				if t.Failed() {
					return
				}
			}
			t.Logf("%d gave up", gaveUp)
		})
	}
}

// TestOldGenerationsGo, the newest twenty stay.
func TestOldGenerationsGo(t *testing.T) {
	w := newWatched(t)
	for n := range 30 {
		b := small(uint64(n), 4)
		w.books = []*report.Book{b}
		w.mustPublish(b, "e")
		if got := generationsIn(w.server.Snapshot()); got != min(n+1, keptEntries) {
			t.Errorf("after %d publications there are %d entries", n+1, got)
		}
	}
}
