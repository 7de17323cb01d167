package sheetstest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"google.golang.org/api/googleapi"
	"google.golang.org/api/sheets/v4"

	"hdsreport/report/gsheets/sheetstest"
)

// note sends a batch that writes into A1.
func note(ctx context.Context, t *testing.T, client *sheets.Service, text string) error {
	t.Helper()
	_, err := client.Spreadsheets.BatchUpdate("test", requests(
		t,
		`{"repeatCell":{"range":{"endRowIndex":1,"endColumnIndex":1},"fields":"userEnteredValue","cell":{"userEnteredValue":{"stringValue":"`+text+`"}}}}`,
	)).Context(ctx).Do()
	return err
}

// TestFaults: each fault is seen by the client as an error, and has the effect on the
// state that it says.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		fault   sheetstest.Fault
		code    int // 0: no answer
		applied bool
	}{
		{sheetstest.TooMany(""), 429, false},
		{sheetstest.Unavailable(), 503, false},
		{sheetstest.UnavailableAfter(), 503, true},
		{sheetstest.Internal(), 500, false},
		{sheetstest.InternalAfter(), 500, true},
		{sheetstest.Reset(), 0, false},
		{sheetstest.ResetAfter(), 0, true},
		{sheetstest.CutAnswer(), 0, true},
		{sheetstest.ProxyPage(), 502, false},
		{sheetstest.Expired(), 401, false},
	} {
		t.Run(c.fault.Name, func(t *testing.T) {
			srv, client := serve(t, sheetstest.Options{})
			srv.Edit("Sheet1", "A1", "old")
			srv.At(sheetstest.Batch, 1, c.fault)
			err := note(t.Context(), t, client, "new")
			var e *googleapi.Error
			switch {
			case err == nil:
				t.Fatal("the client saw no error")
			case errors.As(err, &e) != (c.code != 0) || e != nil && e.Code != c.code:
				t.Errorf("the client saw %v", err)
			}
			want, n := "old", 0
			if c.applied {
				want, n = "new", 1
			}
			if got := sheet(t, srv, "Sheet1").Cell("A1").Value; got != want || srv.Applied() != n {
				t.Errorf("A1 holds %v and %d batches were applied", got, srv.Applied())
			}
			r := srv.Requests()
			if len(r) != 1 || r[0].Fault != c.fault.Name || r[0].Applied != c.applied {
				t.Errorf("%d requests, the first recorded as %+v", len(r), r[0])
			}
		})
	}
}

// TestCutAnswer: the part of the answer that arrives is not an answer.
func TestCutAnswer(t *testing.T) {
	srv := sheetstest.New(sheetstest.Options{})
	ts := httptest.NewServer(srv)
	defer ts.Close()
	srv.At(sheetstest.Any, 1, sheetstest.CutAnswer())
	code, body, err := readAll(t, ts.URL+"/v4/spreadsheets/test")
	if code != 200 || body == "" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("status %d, %d bytes, error %v", code, len(body), err)
	}
}

// TestSlow: a request that is held up before it took effect has none when its client
// gives up; one that is held up after it has; an open gate lets it through.
func TestSlow(t *testing.T) {
	never, open := make(chan struct{}), make(chan struct{})
	close(open)
	for _, c := range []struct {
		fault   sheetstest.Fault
		answers bool
		want    any
	}{
		{sheetstest.Slow(never), false, "old"},
		{sheetstest.SlowAfter(never), false, "new"},
		{sheetstest.Slow(open), true, "new"},
	} {
		committed := make(chan struct{}, 9)
		srv, client := serve(t, sheetstest.Options{Observer: func(sheetstest.Snapshot) { committed <- struct{}{} }})
		srv.Edit("Sheet1", "A1", "old")
		<-committed
		ctx, cancel := context.WithCancel(t.Context())
		arrived := make(chan struct{})
		c.fault.Before = func(*sheetstest.Server) { close(arrived) }
		srv.At(sheetstest.Batch, 1, c.fault)
		go func() {
			<-arrived
			if c.want == "new" {
				<-committed
			}
			if !c.answers {
				cancel()
			}
		}()
		err := note(ctx, t, client, "new")
		cancel()
		if (err == nil) != c.answers {
			t.Errorf("%s: the client saw %v", c.fault.Name, err)
		}
		if got := sheet(t, srv, "Sheet1").Cell("A1").Value; got != c.want {
			t.Errorf("%s: A1 holds %v, want %v", c.fault.Name, got, c.want)
		}
	}
}

// TestLate: a batch that its sender gave up on arrives after another one; what it asks
// for is judged then.
func TestLate(t *testing.T) {
	srv, client := serve(t, sheetstest.Options{})
	entry := `{"createDeveloperMetadata":{"developerMetadata":{"metadataId":5,"metadataKey":"k","visibility":"DOCUMENT","location":{"spreadsheet":true}}}}`
	srv.At(sheetstest.Batch, 1, sheetstest.Late())
	if _, err := client.Spreadsheets.BatchUpdate("test", requests(t, entry)).Do(); err == nil {
		t.Fatal("the client saw no error")
	}
	if srv.Applied() != 0 {
		t.Fatal("applied already")
	}
	if _, err := client.Spreadsheets.BatchUpdate("test", requests(t, entry)).Do(); err != nil {
		t.Fatal(err)
	}
	late := srv.Release()
	if len(late) != 1 || late[0] == nil || !strings.Contains(late[0].Error(), "id 5 already exists") ||
		srv.Applied() != 1 {
		t.Errorf("the late batch: %v; %d applied", late, srv.Applied())
	}
}

// TestMeddle: somebody edits between a read and a write.
func TestMeddle(t *testing.T) {
	srv, client := serve(t, sheetstest.Options{})
	srv.At(sheetstest.Batch, 1, sheetstest.Meddle(func(s *sheetstest.Server) { s.Edit("Sheet1", "B1", "theirs") }))
	if err := note(t.Context(), t, client, "ours"); err != nil {
		t.Fatal(err)
	}
	s := sheet(t, srv, "Sheet1")
	if s.Cell("A1").Value != "ours" || s.Cell("B1").Value != "theirs" || srv.Applied() != 1 {
		t.Errorf("%v; %d applied", s.Values(), srv.Applied())
	}
}

// TestPlans: a fault befalls the request that was named, counted by kind or over all.
func TestPlans(t *testing.T) {
	srv, client := serve(t, sheetstest.Options{})
	srv.At(sheetstest.Get, 2, sheetstest.Unavailable())
	srv.At(sheetstest.Any, 4, sheetstest.Internal())
	get := func() int {
		_, err := client.Spreadsheets.Get("test").Do()
		var e *googleapi.Error
		errors.As(err, &e)
		if e == nil {
			return 200
		}
		return e.Code
	}
	var got []int
	got = append(got, get())
	if err := note(t.Context(), t, client, "x"); err != nil {
		t.Error(err)
	}
	got = append(got, get(), get(), get())
	if want := []int{200, 503, 500, 200}; fmt.Sprint(got) != fmt.Sprint(want) || srv.Waiting() != 0 {
		t.Errorf("answers %v, want %v; %d still waiting", got, want, srv.Waiting())
	}
}

// TestRandom: the same seed brings the same faults; another one others.
func TestRandom(t *testing.T) {
	run := func(seed uint64) string {
		srv, client := serve(t, sheetstest.Options{})
		srv.Random(seed, 0.5, sheetstest.Unavailable(), sheetstest.Internal(), sheetstest.TooMany(""))
		for range 30 {
			// The record below tells which of them failed.
			_, _ = client.Spreadsheets.Get("test").Fields("spreadsheetId").Do()
		}
		var names []string
		for _, r := range srv.Requests() {
			names = append(names, r.Fault)
		}
		srv.Random(0, 0)
		if _, err := client.Spreadsheets.Get("test").Do(); err != nil {
			t.Error("faults after their end")
		}
		return strings.Join(names, "|")
	}
	one, again, other := run(1), run(1), run(2)
	if one != again || one == other {
		t.Errorf("seed 1: %s\nagain:  %s\nseed 2: %s", one, again, other)
	}
	for _, name := range []string{"503", "500", "429", "||"} {
		if !strings.Contains(one, name) {
			t.Errorf("no %q in %s", name, one)
		}
	}
}

// TestObserver: what a reader could see changes once a batch, whole.
func TestObserver(t *testing.T) {
	var seen []any
	srv, client := serve(t, sheetstest.Options{Observer: func(s sheetstest.Snapshot) {
		seen = append(seen, s.Sheets()[0].Cell("A1").Value, s.Sheets()[0].Cell("A2").Value)
	}})
	if _, err := client.Spreadsheets.BatchUpdate("test", requests(t,
		`{"repeatCell":{"range":{"endRowIndex":1},"fields":"*","cell":{"userEnteredValue":{"stringValue":"a"}}}}`,
		`{"repeatCell":{"range":{"startRowIndex":1,"endRowIndex":2},"fields":"*","cell":{"userEnteredValue":{"stringValue":"b"}}}}`)).Do(); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(seen) != "[a b]" || srv.Applied() != 1 {
		t.Errorf("seen: %v", seen)
	}
}
