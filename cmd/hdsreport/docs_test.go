package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// documents are the pages that people read, from the project's root.
func documents(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"*.md", "docs/*.md", "samples/*.md", "samples/*/*.md", "report/*/*.md"} {
		found, err := fs.Glob(os.DirFS("../.."), pattern)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, found...)
	}
	if len(out) < 8 || !slices.Contains(out, "README.md") || !slices.Contains(out, "docs/scheduled-job.md") {
		t.Fatalf("the pages are not where this test looks: %v", out)
	}
	return out
}

// commandsIn are the command lines that a page shows: lines of code, and code within a
// sentence, which may go on in the next line.
func commandsIn(page string) []string {
	var out []string
	code := regexp.MustCompile("(?s)`([^`]+)`")
	var prose strings.Builder
	fenced := false
	for line := range strings.Lines(page) {
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
		case fenced || strings.HasPrefix(line, "    "):
			out = append(out, strings.TrimPrefix(strings.TrimSpace(line), "$ "))
		default:
			prose.WriteString(line)
		}
	}
	for _, m := range code.FindAllStringSubmatch(prose.String(), -1) {
		out = append(out, strings.Join(strings.Fields(m[1]), " "))
	}
	var parts []string
	for _, line := range out {
		line, _, _ = strings.Cut(line, " #")
		parts = append(parts, regexp.MustCompile(`\s*(?:&&|;|\|\||\|)\s+`).Split(line, -1)...)
	}
	return parts
}

// TestDocumentedCommandsExist: every command line of ours that a page shows has a
// command, flags and arguments that the program takes.
func TestDocumentedCommandsExist(t *testing.T) {
	c := &Command{}
	for _, name := range documents(t) {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		known := 0
		for _, line := range commandsIn(string(text)) {
			args := words(line)
			switch {
			case len(args) > 1 && args[0] == "hdsreport":
				args = args[1:]
			case len(args) > 3 && args[0] == "go" && args[1] == "run" && args[2] == "./cmd/hdsreport":
				args = args[3:]
			default:
				continue
			}
			known++
			if wrong := unknownTo(c.root(), args); wrong != "" {
				t.Errorf("%s: %q: %s", name, line, wrong)
			}
		}
		if name == "README.md" && known < 4 {
			t.Errorf("only %d commands found in %s", known, name)
		}
	}
}

// words splits a line as a shell would, as far as the pages need it.
func words(line string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`).FindAllString(line, -1) {
		out = append(out, strings.Trim(m, `"'`))
	}
	return out
}

// unknownTo says what of a command line the program does not know.
func unknownTo(root *cobra.Command, args []string) string {
	cmd := root
	if !strings.HasPrefix(args[0], "-") {
		sub, _, err := root.Find(args[:1])
		if err != nil || sub == root {
			if args[0] != "completion" { // which cobra adds when it runs
				return "no such command"
			}
			return ""
		}
		cmd, args = sub, args[1:]
		// A command of a command, such as decide undo.
		if len(args) > 0 {
			for _, below := range cmd.Commands() {
				if below.Name() == args[0] {
					cmd, args = below, args[1:]
					break
				}
			}
		}
	}
	for _, a := range args {
		name, isFlag := strings.CutPrefix(strings.Trim(a, "[]"), "--")
		name, _, _ = strings.Cut(name, "=")
		name, _, _ = strings.Cut(name, "|")
		if isFlag && name != "help" && name != "version" && cmd.Flags().Lookup(name) == nil {
			return cmd.Name() + " has no flag --" + name
		}
	}
	return ""
}

// TestDocumentedTestsExist: the tests and benchmarks that a page names to run.
func TestDocumentedTestsExist(t *testing.T) {
	var all []string
	err := filepath.WalkDir("../..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)\w+)`).FindAllStringSubmatch(string(text), -1) {
			all = append(all, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range documents(t) {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range commandsIn(string(text)) {
			args := words(line)
			if len(args) < 3 || args[0] != "go" || args[1] != "test" {
				continue
			}
			for i, a := range args[:len(args)-1] {
				if a != "-run" && a != "-bench" || args[i+1] == "^$" {
					continue
				}
				for wanted := range strings.SplitSeq(args[i+1], "|") {
					if !slices.ContainsFunc(all, func(f string) bool { return strings.Contains(f, wanted) }) {
						t.Errorf("%s: %q: there is no test like %s", name, line, wanted)
					}
				}
			}
		}
	}
}

// TestDocumentedFilesExist: links within the project, and the scripts that pages name.
func TestDocumentedFilesExist(t *testing.T) {
	for _, name := range documents(t) {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		for _, m := range regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`).FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(m[1], "://") && m[1] != "../../releases" { // a page of GitHub's
				files = append(files, filepath.Join(filepath.Dir(name), m[1]))
			}
		}
		for _, line := range commandsIn(string(text)) {
			first, _, _ := strings.Cut(line, " ")
			if regexp.MustCompile(`^(\.ci|config/tables|etl|report|config|cmd)/[\w./-]+$`).MatchString(first) {
				files = append(files, first)
			}
		}
		for _, file := range files {
			if _, err := os.Stat(filepath.Join("../..", file)); err != nil {
				t.Errorf("%s: %s is not there", name, file)
			}
		}
	}
}

// TestWorkflowCommandsExist: the commands of the scheduled job, which run with whatever
// flags it was given.
func TestWorkflowCommandsExist(t *testing.T) {
	text, err := os.ReadFile("../../.github/workflows/report.yml")
	if err != nil {
		t.Fatal(err)
	}
	c := &Command{}
	found := 0
	for _, m := range regexp.MustCompile(`hdsreport ((?:fetch|check|run|publish|watch|decide|init)\b[^|)\n]*)`).FindAllStringSubmatch(string(text), -1) {
		found++
		line := regexp.MustCompile(`\$\{\w+:\+|\}`).ReplaceAllString(m[1], "")
		if wrong := unknownTo(c.root(), words(line)); wrong != "" {
			t.Errorf("%q: %s", m[0], wrong)
		}
	}
	if found < 5 {
		t.Errorf("only %d commands found", found)
	}
}
