package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hdsreport/etl/message"
)

// inActions runs a command line as a step of a job does, on a workspace of two
// editions, and gives the annotations and the job's summary.
func inActions(t *testing.T, certified string, args ...string) (code int, annotations []string, summary string) {
	t.Helper()
	dir := t.TempDir()
	work := filepath.Join(dir, "data", "workspace")
	put := func(name, text string) {
		t.Helper()
		name = filepath.Join(work, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	header := "Hébergeur,Type de certificat,Activités,N° de certificat,Date de délivrance,Date de fin\n"
	row := "%s,Hébergeur infogéreur,toutes,%d,01/01/2019,31/12/2021\n"
	old := header
	for i, n := range []string{"Alpha", "Beta", "Gamma", "Delta"} {
		old += fmt.Sprintf(row, n, i)
	}
	put("hdsreport.yaml", "lists: {certified: {activity_numbering: decree}}\n")
	put("registry/actors.csv", "id,name,position,website,note\n")
	put("registry/accepted.csv", "edition,code,by,date,reason\n2019-02,listing-missing,Ada,2019-02-01,\n2019-06-17,listing-missing,Ada,2019-06-17,\n")
	put("editions/2019-02/certifies.csv", old)
	put("editions/2019-06-17/certifies.csv", header+certified)
	file := filepath.Join(dir, "summary.md")
	var out, err bytes.Buffer
	c := &Command{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Now: time.Now,
		Environ: []string{"HDSREPORT_REPORT_LANGUAGE=en", "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + file,
			"GITHUB_WORKSPACE=" + dir}}
	code = c.Main(append(args, "--config", filepath.Join(work, "hdsreport.yaml")))
	for l := range strings.SplitSeq(err.String(), "\n") {
		if strings.HasPrefix(l, "::") {
			annotations = append(annotations, l)
		}
	}
	text, _ := os.ReadFile(file) // none is an empty one
	return code, annotations, string(text)
}

// TestAnnotations are at most ten of a kind, the last of which says how many there
// are more; they name the file from the checkout and cannot be taken for a command.
func TestAnnotations(t *testing.T) {
	var rows strings.Builder
	for i, n := range []string{"Alpha", "Beta", "Gamma", "Delta"} {
		fmt.Fprintf(&rows, "%s,Hébergeur infogéreur,toutes,%d,01/01/2019,31/12/2021\n", n, i)
	}
	for i := range 30 {
		fmt.Fprintf(&rows, "Nom%d,\"n'importe\n::error::100%% faux, vraiment\",toutes,x%d,01/01/2019,31/12/2021\n", i, i)
	}
	_, notes, _ := inActions(t, rows.String(), "run")
	warnings := 0
	for _, n := range notes {
		if strings.HasPrefix(n, "::warning ") {
			warnings++
		}
		if strings.HasPrefix(n, "::error::") {
			t.Errorf("a cell was taken for a command: %s", n)
		}
	}
	// Findings that say the same are one annotation.
	if warnings != 3 || !strings.Contains(notes[len(notes)-1], "30 times") {
		t.Errorf("%d warnings, the last is %s", warnings, notes[len(notes)-1])
	}
	if !strings.Contains(strings.Join(notes, "\n"), "::warning file=data/workspace/editions/2019-06-17/certifies.csv,line=") || !strings.Contains(strings.Join(notes, "\n"), "100%25 faux") {
		t.Errorf("%s", strings.Join(notes, "\n"))
	}
}

// TestOldCommands: GitHub reads ##[…] anywhere in a line of a log.
func TestOldCommands(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "c.csv")
	if err := os.WriteFile(list, []byte("Hébergeur,Type de certificat,Activités,N° de certificat,Date de délivrance,Date de fin\nAlpha,\"x ##[stop-commands]y\",toutes,1,le ##[add-mask]1,31/12/2021\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"check", "run"} {
		var said bytes.Buffer
		c := &Command{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Now: time.Now,
			Environ: []string{"HDSREPORT_REPORT_LANGUAGE=en", "GITHUB_ACTIONS=true"}}
		c.Main([]string{command, "--certifies", list, "--date", "2019-06-17"})
		if strings.Contains(said.String(), "##[") || !strings.Contains(said.String(), "add-mask]1") {
			t.Errorf("%s: %s", command, said.String())
		}
	}
}

// TestJobSummary: what was refused and its rows, or the figures; and no text of a
// source is taken for Markdown.
func TestJobSummary(t *testing.T) {
	code, notes, summary := inActions(t, "Alpha,,toutes,0,,\n", "run")
	if code != exitRefused || !strings.HasPrefix(notes[0],
		"::error file=data/workspace/editions/2019-06-17/certifies.csv,title=Refused%3A actors-lost::") {
		t.Errorf("exit %d, %q", code, notes)
	}
	for _, want := range []string{"## Refused: edition 2019-06-17", "actors-lost",
		"editions/2019-02/certifies.csv:3: Beta", "**Run workflow**", "**accept**"} {
		if !strings.Contains(summary, want) {
			t.Errorf("no %q in\n%s", want, summary)
		}
	}
	if strings.Contains(summary, "--accept") {
		t.Errorf("who reads the page of a job has no terminal:\n%s", summary)
	}
	code, _, summary = inActions(t, "Alpha,Hébergeur infogéreur,toutes,0,01/01/2019,31/12/2021\nBeta,,toutes,1,,\nGamma,,toutes,2,,\nDelta,,toutes,3,,\n@someone | <b>[x](http://y)</b> www.evil.example,,toutes,4,,\n", "run")
	if code != exitDone {
		t.Fatalf("exit %d", code)
	}
	for _, want := range []string{"| Certified actors | 5 | 4 (2019-02) |", "```mermaid", "### What changed since 2019-02 \\(certified\\)", "1 actor arrived"} {
		if !strings.Contains(summary, want) {
			t.Errorf("no %q in\n%s", want, summary)
		}
	}
	for _, bad := range []string{"@someone", "someone | <b>", "&#64;", "<b>", "](http", "www.evil"} {
		if strings.Contains(summary, bad) {
			t.Errorf("%q in\n%s", bad, summary)
		}
	}
}

// TestJobSummaryOfAPair: a question about two names shows both.
func TestJobSummaryOfAPair(t *testing.T) {
	var rows strings.Builder
	for i, n := range []string{"Alpha", "Beta", "Gamma", "Delta", "Kiwi Backup", "Kiwi Backups"} {
		fmt.Fprintf(&rows, "%s,Hébergeur infogéreur,toutes,%d,01/01/2019,31/12/2021\n", n, i)
	}
	code, _, summary := inActions(t, rows.String(), "run")
	if code != exitDone {
		t.Fatalf("exit %d", code)
	}
	if !strings.Contains(summary, "| Kiwi Backup / Kiwi Backups |") &&
		!strings.Contains(summary, "| Kiwi Backups / Kiwi Backup |") {
		t.Errorf("no pair in\n%s", summary)
	}
}

// TestSummaryIsCut at what GitHub takes.
func TestSummaryIsCut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "summary.md")
	a := &actions{c: &Command{say: message.In("en")}, summary: file}
	if err := a.summarise(strings.Repeat("une ligne\n", 1<<18)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 1<<20 || !strings.HasSuffix(string(text), "the log has the rest)\n") ||
		!strings.Contains(string(text), "une ligne\n\n\n(cut") {
		t.Errorf("%d bytes, ends %q", len(text), text[len(text)-80:])
	}
}
