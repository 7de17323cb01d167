package gsheets

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"testing"

	"hdsreport/etl/raced"
)

// underRace are the tests that run under the race detector: those in which publishers work
// at the same time, and a publication of each kind. .ci/run runs all of them without it.
const underRace = "TwoPublishers|SameBookTwice|FirstPublication|NextEdition|Unchanged|Plans|RandomRuns|Parity"

// TestMain lets more garbage gather: the test server makes much of it, and nothing here
// is about memory.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	flag.Parse()
	if run := flag.Lookup("test.run"); raced.Detector && run.Value.String() == "" {
		fmt.Fprintf(os.Stderr, "under the race detector: the tests of %s alone\n", underRace)
		run.Value.Set(underRace)
	}
	os.Exit(m.Run())
}

// rounds is how many random runs a test makes: all of them where HDSTEST_SOAK=full says so,
// as .ci/run does, a tenth otherwise, and fewer still under the race detector.
func rounds(full int) int {
	switch {
	case raced.Detector || testing.Short():
		return full / 20
	case os.Getenv("HDSTEST_SOAK") == "full":
		return full
	}
	return full / 10
}

// brief leaves out all but the first of some editions, where the run is not a soak.
func brief(editions []string) []string {
	if os.Getenv("HDSTEST_SOAK") == "full" {
		return editions
	}
	return editions[:1]
}
