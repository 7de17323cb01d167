package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hdsreport/report/published"
)

// TestTwoPublishAndMerge: a person and the scheduled job publish from the same commit.
// Both lines of the history are there after the merge, which asks nobody.
func TestTwoPublishAndMerge(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "workspace")
	var said bytes.Buffer
	c := &Command{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Now: time.Now}
	if code := c.Main([]string{"init", dir}); code != exitDone {
		t.Fatal(said.String())
	}
	git(t, dir, "init", "-q")
	record := func(generation int, message string) {
		t.Helper()
		if err := published.Record(filepath.Join(dir, "published"), fmt.Sprintf("%032x", generation), "2019-06-17", published.Workbook, "", nil); err != nil {
			t.Fatal(err)
		}
		git(t, dir, "add", "-A")
		git(t, dir, "commit", "-q", "-m", message)
	}
	record(1, "both")
	git(t, dir, "checkout", "-q", "-b", "job")
	record(2, "the job")
	git(t, dir, "checkout", "-q", "main")
	record(3, "a person")
	git(t, dir, "checkout", "-q", "job")
	git(t, dir, "rebase", "-q", "main")
	text, err := os.ReadFile(filepath.Join(dir, "published", published.HistoryFile))
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for line := range strings.Lines(string(text)) {
		order = append(order, line[:min(32, len(line))])
	}
	if want := []string{"generation,edition,target,sha256", fmt.Sprintf("%032x", 1), fmt.Sprintf("%032x", 3), fmt.Sprintf("%032x", 2)}; strings.Join(order, " ") != strings.Join(want, " ") {
		t.Errorf("%q, want %q", order, want)
	}
}
