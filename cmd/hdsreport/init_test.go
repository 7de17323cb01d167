package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"

	"hdsreport/config"
	"hdsreport/etl/message"
	"hdsreport/report/published"
	"hdsreport/report/xlsx/xlsxtest"
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
		if err := published.Record(filepath.Join(dir, "published"), fmt.Sprintf("%032x", generation),
			"2019-06-17", published.Workbook, "", nil); err != nil {
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
	if want := []string{"generation,edition,target,sha256", fmt.Sprintf("%032x", 1), fmt.Sprintf("%032x", 3),
		fmt.Sprintf("%032x", 2)}; strings.Join(order, " ") != strings.Join(want, " ") {
		t.Errorf("%q, want %q", order, want)
	}
}

// TestEveryCloneHasTheSameBytes: an acceptance names the SHA-256 of the file that a
// person saw. It must hold in each clone, also where git rewrites line ends unless it is
// told not to.
func TestEveryCloneHasTheSameBytes(t *testing.T) {
	xlsxtest.Tool(t, "git")
	dir := t.TempDir()
	linux, windows, origin := filepath.Join(dir, "linux"), filepath.Join(dir, "windows"),
		filepath.Join(dir, "origin.git")
	var said bytes.Buffer
	c := &Command{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Now: time.Now}
	if code := c.Main([]string{"init", linux}); code != exitDone {
		t.Fatal(said.String())
	}
	contents := map[string]string{"lf": "a;b\n1;2\n", "crlf": "a;b\r\n1;2\r\n", "mixed": "a;b\r\n1;2\n"}
	write := func(clone, edition string) {
		t.Helper()
		for name, text := range contents {
			for _, folder := range []string{"editions/" + edition, "editions/" + edition + "/agrees.pages",
				"registry", "published"} {
				file := filepath.Join(clone, folder, edition+"-"+name+".csv")
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		git(t, clone, "add", "-A")
		git(t, clone, "commit", "-q", "-m", edition)
		git(t, clone, "push", "-q", origin, "HEAD:main")
	}
	git(t, dir, "init", "-q", "--bare", origin)
	git(t, linux, "init", "-q")
	git(t, linux, "config", "core.autocrlf", "false")
	write(linux, "2019-02")
	git(t, dir, "clone", "-q", "-c", "core.autocrlf=true", "-b", "main", origin, windows)
	write(windows, "2019-06-17")
	git(t, linux, "pull", "-q", origin, "main")
	for _, clone := range []string{linux, windows} {
		files := 0
		for _, pattern := range []string{"editions/*/20*.csv", "editions/*/*/20*.csv", "registry/20*.csv",
			"published/20*.csv"} {
			found, err := filepath.Glob(filepath.Join(clone, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range found {
				files++
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				_, kind, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".csv"), "-")
				kind = kind[strings.LastIndex(kind, "-")+1:]
				if string(text) != contents[kind] {
					t.Errorf("%s is %q", file, text)
				}
			}
		}
		if files != 2*4*len(contents) {
			t.Errorf("%s: %d files", clone, files)
		}
	}
}

// TestStarters: in each language init writes every key with its default, and explains it.
func TestStarters(t *testing.T) {
	var values [2]any
	for i, language := range message.Languages {
		dir := filepath.Join(t.TempDir(), "w")
		var said bytes.Buffer
		c := &Command{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Now: time.Now,
			Environ: []string{"LC_ALL=" + language + "_XX.UTF-8"}}
		if code := c.Main([]string{"init", dir}); code != exitDone {
			t.Fatal(said.String())
		}
		file := filepath.Join(dir, config.FileName)
		conf, err := config.Load(file, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := config.Default()
		if diff := cmp.Diff(want, conf, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", language, diff)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(text, &values[i]); err != nil {
			t.Fatal(err)
		}
		for _, key := range config.Keys() {
			if !regexp.MustCompile(`(?m)^ *` + key[strings.LastIndexByte(key, '.')+1:] + `:`).Match(text) {
				t.Errorf("%s: %s is not there", language, key)
			}
		}
		if has := strings.Contains(string(text), "éditio") &&
			strings.Contains(said.String(), "espace de travail"); has != (language == "fr") {
			t.Errorf("%s: %s\n%.300s", language, said.String(), text)
		}
	}
	if diff := cmp.Diff(values[0], values[1]); diff != "" {
		t.Error(diff)
	}
}
