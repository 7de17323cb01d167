package main

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/report/gsheets/sheetstest"
)

// shared is a spreadsheet that a workspace publishes to, and what its readers have seen.
type shared struct {
	place
	server *sheetstest.Server

	mu     sync.Mutex
	seen   []string // what readers saw, after every change
	commit func()   // called as soon as a change is there
}

func newShared(t *testing.T) *shared {
	t.Helper()
	s := &shared{}
	s.server = sheetstest.New(sheetstest.Options{ID: "shared", Observer: func(now sheetstest.Snapshot) {
		s.mu.Lock()
		s.seen = append(s.seen, readers(now))
		commit := s.commit
		s.mu.Unlock()
		if commit != nil {
			commit()
		}
	}})
	api := httptest.NewServer(s.server)
	t.Cleanup(api.Close)
	t.Cleanup(s.server.Close) // first, as it lets go of requests that wait
	s.place = newPlace(t, fmt.Sprintf("gate:\n  unclassified: 1\npublish:\n  spreadsheet: shared\n  endpoint: %s\n",
		api.URL))
	return s
}

// readers is what the readers of a spreadsheet see: its tabs that are not hidden, cell
// by cell.
func readers(now sheetstest.Snapshot) string {
	var b strings.Builder
	for _, s := range now.Sheets() {
		if s.Hidden() {
			continue
		}
		fmt.Fprintf(&b, "== %s\n", s.Title())
		for _, row := range s.Values() {
			fmt.Fprintln(&b, row...)
		}
	}
	return b.String()
}

// TestKilledPublish: whenever publish is killed, readers have the old edition whole or
// the new one whole at every moment, and the next run is right and writes nothing twice.
// Half of the kills come at the very moment when Google has taken the batch and the
// answer has not left yet.
func TestKilledPublish(t *testing.T) {
	if testing.Short() {
		t.Skip("some dozens of processes")
	}
	victim, control := newShared(t), newShared(t)
	version := func(n int) {
		rows := table(etl.Approved)
		rows[1][appService] = fmt.Sprintf("Hébergement, version %d", n)
		if n%2 == 0 {
			rows = append(rows[:3:3], rows[4:]...) // a row that comes and goes
		}
		for _, s := range []*shared{victim, control} {
			s.write(t, "editions/2019-06/agrees.csv", string(asText(rows)))
			s.write(t, "editions/2019-06/certifies.csv", string(asText(table(etl.Certified))))
		}
	}
	version(0)
	x := newExecutioner(t)
	whole(t, victim.place, "publish")
	whole(t, control.place, "publish")
	atCommit := 0
	for n := 0; x.killed+atCommit < kills(t); n++ {
		old := readers(control.server.Snapshot())
		version(n + 1)
		x.measure(t, control.place, "publish")
		want := readers(control.server.Snapshot())
		victim.seen = nil
		before := victim.server.Applied()
		if n%2 == 0 {
			x.end(t, victim.place, "publish")
		} else {
			cmd, _ := child(t, victim.place, "publish")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			victim.mu.Lock()
			victim.commit = func() { cmd.Process.Kill() }
			victim.mu.Unlock()
			if err := cmd.Wait(); err != nil && !cmd.ProcessState.Exited() {
				atCommit++
			}
			victim.mu.Lock()
			victim.commit = nil
			victim.mu.Unlock()
		}
		if is := readers(victim.server.Snapshot()); is != old && is != want {
			t.Fatalf("after kill %d readers see neither:\n%.2000s", n, cmp.Diff(want, is))
		}
		whole(t, victim.place, "publish")
		if diff := cmp.Diff(want, readers(victim.server.Snapshot())); diff != "" {
			t.Fatalf("after kill %d the next run does not mend it:\n%.2000s", n, diff)
		}
		for _, seen := range victim.seen {
			if seen != old && seen != want {
				t.Fatalf("kill %d: readers saw neither:\n%.2000s", n, cmp.Diff(want, seen))
			}
		}
		if applied := victim.server.Applied() - before; applied != 1 {
			t.Fatalf("kill %d: the batch was applied %d times", n, applied)
		}
		if n := victim.server.Waiting(); n != 0 {
			t.Fatalf("%d faults are waiting", n)
		}
		if diff := cmp.Diff(control.tree(t), victim.tree(t),
			cmp.FilterPath(func(p cmp.Path) bool { return strings.Contains(p.GoString(), "hdsreport.yaml") },
				cmp.Ignore())); diff != "" {
			t.Fatalf("after kill %d the workspace is another:\n%.2000s", n, diff)
		}
	}
	if atCommit == 0 {
		t.Error("nobody was killed at the moment of the commit")
	}
	t.Logf("%d killed at random, %d when the batch was taken, %d ended before", x.killed, atCommit, x.ended)
}
