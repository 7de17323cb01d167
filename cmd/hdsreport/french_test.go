package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

// said are the command lines whose words a person sees, in this order.
var said = []string{
	"check", "run --dry-run", "run", "run", "stats", "diff 2019-02 2019-06-17", "diff 2019-02 2019-06-17 --markdown", "diff 2019-03 2019-06-17",
	"match Claranet OVH",
	"run --accept rien --by Ada", "run --out x.csv", "check --edition 2001-01", "diff 2019-02 rien",
}

// TestFrenchIsFrench: what the program prints in French of the samples holds no line of
// the English output, unless it is of names, codes, paths and figures alone, and no word
// that only English has.
func TestFrenchIsFrench(t *testing.T) {
	good := func(t *testing.T) string {
		dir := t.TempDir()
		if err := os.CopyFS(dir, inputs{os.DirFS("../../samples")}); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	names := namesOfSamples(t)
	for name, k := range map[string]struct {
		dir      func(*testing.T) string
		commands []string
		environ  string
	}{
		"samples":     {good, said, ""},
		"job":         {good, []string{"check", "run"}, "GITHUB_ACTIONS=true"},
		"refused":     {refusedWorkspace, []string{"check", "check --rows 1", "run", "run --accept actors-lost,listing-missing --by Ada", "check"}, ""},
		"refused job": {refusedWorkspace, []string{"check", "run"}, "GITHUB_ACTIONS=true"},
	} {
		t.Run(name, func(t *testing.T) {
			var texts [2]string
			for i, language := range []string{"fr", "en"} {
				texts[i] = transcript(t, k.dir(t), language, k.commands, k.environ)
			}
			english := map[string]bool{}
			for line := range strings.SplitSeq(texts[1], "\n") {
				english[line] = true
			}
			for line := range strings.SplitSeq(texts[0], "\n") {
				words := slices.DeleteFunc(wordsOf(prose(line)), func(w string) bool { return names[w] })
				if english[line] && len(words) > 0 {
					t.Errorf("in both languages: %s (%q)", line, words)
				}
				for _, w := range words {
					if onlyEnglish[strings.ToLower(w)] {
						t.Errorf("%q in: %s", w, line)
					}
				}
				if id := editionName.FindString(prose(line)); id != "" && !strings.Contains(line, "pas d’édition") {
					t.Errorf("an edition by its folder's name, %s, and not by its date: %s", id, line)
				}
			}
		})
	}
}

// editionName is an edition as its folder is called, in a sentence.
var editionName = regexp.MustCompile(`\b20\d\d-\d\d(-\d\d)?\b`)

// transcript is what a series of commands prints, and the page of a job.
func transcript(t *testing.T, dir, language string, commands []string, environ string) string {
	t.Helper()
	var b strings.Builder
	page := filepath.Join(dir, "page.md")
	for _, line := range commands {
		args := strings.Fields(line)
		for i, a := range args {
			if a == "x.csv" {
				args[i] = filepath.Join(dir, a)
			}
		}
		_, out, told := speaking(t, []string{"HDSREPORT_REPORT_LANGUAGE=" + language, environ,
			"GITHUB_STEP_SUMMARY=" + page}, append(args, "--config", filepath.Join(dir, "hdsreport.yaml"))...)
		fmt.Fprintf(&b, "%s%s", out, told)
	}
	text, _ := os.ReadFile(page) // none is an empty one
	return strings.ReplaceAll(b.String()+string(text), dir, "/work")
}

// namesOfSamples are the words that stand in the sources and the registry of the samples.
func namesOfSamples(t *testing.T) map[string]bool {
	t.Helper()
	c := &Command{Stderr: io.Discard, Now: time.Now}
	j, err := c.load(&input{config: "../../samples/hdsreport.yaml", again: true}, map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	registry, err := os.ReadFile("../../samples/registry/actors.csv")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	add := func(text string) {
		for _, w := range wordsOf(text) {
			names[w], names[strings.ToLower(w)] = true, true
		}
	}
	add(string(registry))
	for _, e := range j.input.Editions {
		for _, s := range e.Sources {
			if s.Table == nil {
				continue
			}
			for _, row := range s.Table.Rows {
				for _, cell := range row.Cells {
					add(cell)
				}
			}
		}
	}
	if !names["Claranet"] {
		t.Fatal("no names were found")
	}
	return names
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
}

// notProse is what stays as it is in any language: paths, codes, severities, command
// lines, flags, names of settings, identifiers, quotations, words of Mermaid, of HTML and
// of GitHub's commands.
var notProse = regexp.MustCompile(`xychart-beta horizontal|^::(error|warning|notice) [^:]*::|/work\S*|(editions|registry|samples|published)/\S*|\[[a-z-]+\]|` +
	`\b(error|warning|info|refused): |hdsreport( (run|check|diff|decide|audit|init|stats|match|publish)\b( --?[a-z]+| \d\S*| CODE| NOM)*)?|--[a-z]+|` +
	`/[0-9a-f]{8}\b|\b[a-z]+(_[a-z]+)+\b|\b[a-z]+\.[a-z_.]+\b|\b[a-z]+(-[a-z0-9]+)+\b|\*\*[^*]*\*\*|«[^»]*»|</?[a-z]+>|` +
	"^```mermaid$|^    (title|x-axis|y-axis|bar) ")

func prose(line string) string { return notProse.ReplaceAllString(line, " ") }

// onlyEnglish are frequent words of English that no French text of the program holds.
var onlyEnglish = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(`the and of with is are was were has have had not no this that which who from for by it its in to at as
		than them they there been be more nothing none row rows actor actors list lists see since changed name names approved certified
		before after here now left arrived end edition wrote read cells`) {
		words[w] = true
	}
	return words
}()
