package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/raced"
)

// kills is how often each test kills the program before its end: some, or as
// the environment says.
func kills(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("HDSTEST_KILLS"))
	switch {
	case err == nil && n > 0:
		return n
	case raced.Detector:
		return 4 // the processes are slow, and what is tested is not in this one
	default:
		return 6
	}
}

// child is the program as a process of its own: the test binary, which TestMain makes
// the program when it is called by its name.
func child(t *testing.T, p place, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	args = append([]string{"hdsreport"}, append(args, "--config", filepath.Join(p.dir, config.FileName))...)
	return &exec.Cmd{Path: self, Args: args, Stderr: &told}, &told
}

// whole lets the program come to its end.
func whole(t *testing.T, p place, args ...string) {
	t.Helper()
	cmd, told := child(t, p, args...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%q: %v\n%s", args, err, told)
	}
}

// executioner kills at random moments of what a run usually takes, half of them in its
// last part, where files are written.
type executioner struct {
	random *rand.Rand
	usual  time.Duration
	killed int
	ended  int // before the moment came
}

func newExecutioner(t *testing.T) *executioner {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return &executioner{random: rand.New(rand.NewPCG(seed, 0))}
}

// end starts the program and kills it.
func (x *executioner) end(t *testing.T, p place, args ...string) {
	t.Helper()
	part := x.random.Float64() * 1.1
	if x.random.IntN(2) == 0 {
		part = 0.7 + x.random.Float64()*0.4
	}
	cmd, _ := child(t, p, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Duration(part*float64(x.usual)), func() { cmd.Process.Kill() })
	cmd.Wait()
	timer.Stop()
	if cmd.ProcessState.Exited() {
		x.ended++
	} else {
		x.killed++
	}
}

// measure runs the program and remembers how long it took.
func (x *executioner) measure(t *testing.T, p place, args ...string) {
	t.Helper()
	start := time.Now()
	whole(t, p, args...)
	x.usual = time.Since(start)
}

// oldOrNew wants every file to be as it was before or as it is after an unharmed run;
// files that neither has are given back, if they are of the kind that nobody reads.
func oldOrNew(t *testing.T, old, new, is map[string]string) (left []string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(is)) {
		text := is[name]
		was, inOld := old[name]
		becomes, inNew := new[name]
		switch {
		case inOld && text == was, inNew && text == becomes:
		case !inOld && !inNew && hidden(name):
			left = append(left, name)
		default:
			t.Errorf("%s is neither the old one nor the new one (%d bytes)", name, len(text))
		}
	}
	for name := range old {
		if _, there := is[name]; !there {
			if _, stays := new[name]; stays {
				t.Errorf("%s is gone", name)
			}
		}
	}
	return left
}

// hidden tells a file or folder whose name, or a folder's above, begins with a dot.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// TestKilledRun: whenever run is killed, each of its outputs is the old one or the new
// one, the site as a whole, and the next run makes the workspace what it would have been.
func TestKilledRun(t *testing.T) {
	if testing.Short() {
		t.Skip("some dozens of processes")
	}
	const settings = "output: hds.xlsx\ngate:\n  unclassified: 1\nsite: {dir: public}\n"
	victim, control := newPlace(t, settings), newPlace(t, settings)
	version := func(n int) {
		rows := table(etl.Approved)
		rows[1][appService] = fmt.Sprintf("Hébergement, version %d", n)
		rows[2][appName] = fmt.Sprintf("Société numéro %d", n) // awaits a position, in revue.csv
		for _, p := range []place{victim, control} {
			p.write(t, "editions/2019-06/agrees.csv", string(asText(rows)))
			p.write(t, "editions/2019-06/certifies.csv", string(asText(table(etl.Certified))))
		}
	}
	version(0)
	x := newExecutioner(t)
	whole(t, victim, "run")
	whole(t, control, "run")
	left := 0
	for n := 0; x.killed < kills(t); n++ {
		version(n%2 + 1)
		old := control.tree(t)
		x.measure(t, control, "run")
		x.end(t, victim, "run")
		new, is := control.tree(t), victim.tree(t)
		if len(oldOrNew(t, old, new, is)) > 0 {
			left++
		}
		if pages := ofSite(is); !maps.Equal(pages, ofSite(old)) && !maps.Equal(pages, ofSite(new)) {
			t.Fatal("the site has pages of both runs")
		}
		whole(t, victim, "run")
		now := victim.tree(t)
		if diff := cmp.Diff(control.tree(t), now); diff != "" {
			t.Fatalf("after kill %d the next run does not mend it:\n%.2000s", n, diff)
		}
	}
	t.Logf("%d killed, %d ended before; %d left something that nobody reads", x.killed, x.ended, left)
}

// ofSite are the files of a workspace's site.
func ofSite(tree map[string]string) map[string]string {
	out := maps.Clone(tree)
	maps.DeleteFunc(out, func(name, _ string) bool { return !strings.HasPrefix(name, "public/") })
	return out
}

// TestKilledFetch: whenever fetch is killed, there is a whole edition or none, and the
// next fetch makes it and takes away what is left of the other.
func TestKilledFetch(t *testing.T) {
	if testing.Short() {
		t.Skip("some dozens of processes")
	}
	s := newSite(t)
	version := func(n int) {
		rows := table(etl.Approved)
		rows[1][appService] = fmt.Sprintf("Hébergement, version %d", n)
		s.set("/agrees", body("text/csv", asText(rows)))
		s.set("/certifies", tagged(`"c"`, asPage(table(etl.Certified))))
	}
	version(0)
	victim, control := newPlace(t, settings(s)), newPlace(t, settings(s))
	x := newExecutioner(t)
	whole(t, victim, "fetch")
	whole(t, control, "fetch")
	left := 0
	for n := 0; x.killed < kills(t); n++ {
		version(n + 1)
		day := time.Date(2019, 7, 3+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		old := control.tree(t)
		x.measure(t, control, "fetch", "--date", day)
		x.end(t, victim, "fetch", "--date", day)
		is := victim.tree(t)
		if len(oldOrNew(t, old, control.tree(t), is)) > 0 {
			left++
		}
		if _, made := is["editions/"+day+"/"]; made {
			if diff := cmp.Diff(control.tree(t), is); diff != "" {
				t.Fatalf("the edition %s is not whole:\n%.2000s", day, diff)
			}
		}
		whole(t, victim, "fetch", "--date", day)
		if diff := cmp.Diff(control.tree(t), victim.tree(t)); diff != "" {
			t.Fatalf("after kill %d the next fetch does not mend it:\n%.2000s", n, diff)
		}
	}
	t.Logf("%d killed, %d ended before; %d left something that the next fetch took away", x.killed, x.ended, left)
}
