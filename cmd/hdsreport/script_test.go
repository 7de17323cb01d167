package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"hdsreport/etl/raced"
)

// underRace are the tests that run under the race detector: each command once, with all
// that goes on at the same time in it. The others try many inputs one after the other, or
// start the program as a process, and would take ten times as long there for nothing.
// .ci/run runs all of them without it.
const underRace = "Article|Observed|Fetch|Publish|Form|ManyAtOnce|Raced"

// TestMain lets the scripts run the program as a command of its own.
func TestMain(m *testing.M) {
	asked := slices.ContainsFunc(os.Args, func(a string) bool { return strings.HasPrefix(a, "-test.run") })
	if run := flag.Lookup("test.run"); raced.Detector && run != nil && !asked && filepath.Base(os.Args[0]) != "hdsreport" {
		fmt.Fprintf(os.Stderr, "under the race detector: the tests of %s alone\n", underRace)
		run.Value.Set(underRace)
	}
	testscript.Main(m, map[string]func(){
		"hdsreport": func() {
			c := &Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(),
				Now: func() time.Time { return time.Date(2019, 7, 2, 9, 0, 0, 0, time.UTC) }}
			os.Exit(c.Main(os.Args[1:]))
		},
	})
}

// TestScript runs testdata/script: one behaviour of the command a file, each with
// a copy of the samples beside it.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			// Most scripts are about English words; those about French ones say so.
			e.Setenv("HDSREPORT_REPORT_LANGUAGE", "en")
			return os.CopyFS(filepath.Join(e.WorkDir, "samples"), inputs{os.DirFS("../../samples")})
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exit":   exit,
			"mode":   mode,
			"faulty": faulty,
		},
	})
}

// inputs hides workbooks that somebody's run has left beside the samples.
type inputs struct{ fs.FS }

func (s inputs) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(s.FS, name)
	kept := entries[:0]
	for _, e := range entries {
		if ok, _ := filepath.Match("hds-*.xlsx", e.Name()); !ok && e.Name() != "revue.csv" && e.Name() != "revue.xlsx" && e.Name() != "published" {
			kept = append(kept, e)
		}
	}
	return kept, err
}

// exit runs a command and wants an exit code: exit 3 hdsreport run.
func exit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE COMMAND [ARG ...]")
	}
	want := args[0]
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		got = "1"
		if x, ok := err.(interface{ ExitCode() int }); ok {
			got = string(rune('0' + x.ExitCode()))
		}
	}
	if got != want {
		ts.Fatalf("%v exits with %s, want %s", args[1:], got, want)
	}
}

// mode wants a file's permissions: mode 0644 FILE.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := info.Mode().Perm().String(); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}
