package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hdsreport/report/xlsx/xlsxtest"
)

// answer fills in the review in the editor's clone, as a person does in a spreadsheet.
func (s *scheduled) answer(rulings map[string]string) {
	s.t.Helper()
	file := filepath.Join(s.work, "revue.xlsx")
	f, err := excelize.OpenFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(1)
	rows, err := f.GetRows(sheet)
	if err != nil {
		s.t.Fatal(err)
	}
	ids, column := slices.Index(rows[0], "id"), slices.Index(rows[0], "ruling")
	for id, ruling := range rulings {
		r := slices.IndexFunc(rows, func(row []string) bool { return ids < len(row) && row[ids] == id })
		if r < 0 {
			s.t.Fatalf("%s is not asked: %v", id, rows)
		}
		cell, _ := excelize.CoordinatesToCellName(column+1, r+1)
		if err := f.SetCellStr(sheet, cell, ruling); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := f.Save(); err != nil {
		s.t.Fatal(err)
	}
}

// pushAs commits what is in the editor's clone in somebody's name.
func (s *scheduled) pushAs(name, email string) {
	s.t.Helper()
	git(s.t, s.work, "add", "-A", ".")
	git(s.t, s.work, "-c", "user.name="+name, "-c", "user.email="+email, "commit", "-q", "-m", "Add files via upload")
	git(s.t, s.work, "push", "-q", "origin", "HEAD")
}

// reviewed is the text of all cells of the review in the repository.
func (s *scheduled) reviewed() string {
	s.t.Helper()
	s.pull()
	f, err := excelize.OpenFile(filepath.Join(s.work, "revue.xlsx"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	rows, _ := f.GetRows(f.GetSheetName(1))
	return fmt.Sprint(rows)
}

// TestFilledReview: a review that somebody has filled in and put into the repository is taken
// in, in the name of who did; one with a fault stays whole, the fault is told by line, and
// new questions come below it; one that no person has put there is not taken, and that is
// said; what a refused edition holds back does not hold back rulings.
func TestFilledReview(t *testing.T) {
	t.Parallel() // it waits for other programs
	s := newScheduled(t)
	s.job("the first time", "", nil)
	s.pull()
	s.answer(map[string]string{"position:orange-healthcare": "ESN"})
	s.pushAs("A. Martin", "a.martin@paper.example")
	s.event = "push"
	took := s.job("a filled review", "", nil)
	s.pull()
	if text := s.read("registry/actors.csv"); !strings.Contains(text, "orange-healthcare,") || !strings.Contains(text, "A. Martin ") || strings.Contains(text, "paper.example") {
		t.Errorf("%s\n%s", text, took.log)
	}
	if !strings.Contains(took.summary, "Rulings of revue.xlsx") || s.batches() != 1 || strings.Contains(s.reviewed(), "position:orange-healthcare") {
		t.Errorf("%d batches\n%s", s.batches(), took.summary)
	}
	for _, step := range took.steps {
		if step == "Fetch" {
			t.Error("a review is about the edition that is there, and another one is fetched")
		}
	}

	// One ruling has a fault, and meanwhile there is a new question.
	s.answer(map[string]string{"position:bretagne-telecom": "Nuage", "position:lilliput-telecom": "yes"})
	s.write("registry/actors.csv", strings.Replace(s.read("registry/actors.csv"), "ap-hp,AP-HP,hospital", "ap-hp,AP-HP,", 1), t)
	s.pushAs("B. Durand", "b@paper.example")
	was := s.read("registry/actors.csv")
	wrong := s.job("a ruling with a fault", refusedStep, nil)
	for _, want := range []string{"revue.xlsx: no ruling was recorded", "\"Nuage\" is no position", "revue.xlsx:"} {
		if !strings.Contains(wrong.summary, want) {
			t.Errorf("the summary does not say %q:\n%s", want, wrong.summary)
		}
	}
	if !strings.Contains(wrong.log, "::error title=Refused::review refused") || !strings.Contains(wrong.log, "::error file=revue.xlsx,line=") {
		t.Error(wrong.log)
	}
	if text := s.reviewed(); !strings.Contains(text, "Nuage") || !strings.Contains(text, "position:ap-hp") || s.read("registry/actors.csv") != was {
		t.Errorf("%s\n%s", text, s.read("registry/actors.csv"))
	}

	// Mended; and the edition that comes the same day is refused.
	s.answer(map[string]string{"position:bretagne-telecom": "telecom"})
	s.pushAs("b@paper.example", "b@paper.example") // a git whose name is an address
	s.event = ""
	s.aged()
	s.shorter(50)
	s.job("half of a list", refusedStep, nil)
	s.pull()
	if text := s.read("registry/actors.csv"); !strings.Contains(text, "lilliput-telecom,") || strings.Contains(text, "paper.example") {
		t.Errorf("rulings are lost with an edition that is refused:\n%s", text)
	}

	// Nobody.
	s.job("let through", "", map[string]string{"accept": "actors-lost", "reason": "really"})
	s.pull()
	s.answer(map[string]string{"position:ap-hp": "hospital"})
	was = s.read("registry/actors.csv")
	s.pushAs("hdsreport", "41898282+github-actions[bot]@users.noreply.github.com")
	// All earlier commits are gone from the history, as after a squash by a program.
	git(t, s.work, "checkout", "-q", "--orphan", "fresh")
	git(t, s.work, "-c", "user.name=renovate[bot]", "-c", "user.email=x@y", "commit", "-q", "-m", "All of it")
	branch := strings.TrimSpace(git(t, s.origin, "symbolic-ref", "--short", "HEAD"))
	git(t, s.work, "push", "-q", "-f", "origin", "HEAD:"+branch)
	git(t, s.work, "checkout", "-q", "-B", branch, "--track", "origin/"+branch)
	nobody := s.job("by nobody", refusedStep, nil)
	s.pull()
	if s.read("registry/actors.csv") != was || !strings.Contains(nobody.log, "::error title=Whose rulings::revue.xlsx") {
		t.Errorf("%s\n%s", s.read("registry/actors.csv"), nobody.log)
	}
	s.job("who clicks", "", map[string]string{})
	s.pull()
	if text := s.read("registry/actors.csv"); !strings.Contains(text, "octocat ") {
		t.Error(text)
	}
}

// TestReviewThatCannotBeRead: a broken review is told, kept, and hides no question.
func TestReviewThatCannotBeRead(t *testing.T) {
	t.Parallel() // it waits for other programs
	s := newScheduled(t)
	s.job("the first time", "", nil)
	s.pull()
	broken := "PK\x03\x04 half of an upload"
	s.write("revue.xlsx", broken, t)
	s.pushAs("A. Martin", "a@b.example")
	got := s.job("a broken review", refusedStep, nil)
	s.pull()
	if !strings.Contains(got.summary, "revue.xlsx: no ruling was recorded") || s.read("revue.xlsx") != broken {
		t.Error(got.summary)
	}
	if text, err := os.ReadFile(filepath.Join(s.work, "revue.csv")); err != nil || !bytes.Contains(text, []byte("position:orange-healthcare")) {
		t.Errorf("a broken review hides what is asked: %v\n%s", err, text)
	}
}

// fakeGH is a gh that keeps one issue in a folder, with the calls that changed something.
const fakeGH = `#!/bin/bash
set -eu
d='%s'
[ -n "$GH_TOKEN" ] && [ "$GH_REPO" = owner/repo ]
issue() { jq -n --arg s "$(cat "$d/state")" --rawfile b "$d/body" '{number: 7, state: $s, body: ($b | rtrimstr("\n"))}'; }
if [ "$1" = api ]; then
  case "$2" in
  repos/owner/repo/issues\?labels=hdsreport\&creator=github-actions%%5Bbot%%5D\&state=all*)
    if [ -e "$d/state" ]; then issue | jq '[.]'; else echo '[]'; fi ;;
  repos/owner/repo/issues/7) issue ;;
  *) exit 1 ;;
  esac | jq -r "$4"
  exit 0
fi
what="$1 $2"
echo "$what" >> "$d/calls"
shift 2
while [ $# -gt 0 ]; do
  case "$1" in
  --title) printf '%%s\n' "$2" > "$d/title"; shift ;;
  --body) [ "$what" = "issue comment" ] || printf '%%s\n' "$2" > "$d/body"; shift ;;
  --label | --color) shift ;;
  --force | 7 | hdsreport) ;;
  *) exit 1 ;;
  esac
  shift
done
case "$what" in
"issue create" | "issue reopen") echo open > "$d/state" ;;
"issue close") echo closed > "$d/state" ;;
"issue edit" | "issue comment" | "label create") ;;
*) exit 1 ;;
esac
`

// TestNotify: with the variable NOTIFY one issue says what awaits, in numbers; it is edited
// when something changes, mails when there is news, and is closed when nothing awaits. A
// person who closes it is left in peace until there is news. Without the variable nothing
// of it happens.
func TestNotify(t *testing.T) {
	t.Parallel() // it waits for other programs
	xlsxtest.Tool(t, "jq")
	s := newScheduled(t)
	d := t.TempDir()
	if err := os.WriteFile(filepath.Join(s.shims, "gh"), []byte(fmt.Sprintf(fakeGH, d)), 0o755); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		text, _ := os.ReadFile(filepath.Join(d, name)) // none is an empty one
		return string(text)
	}
	calls := func(name, want string) {
		t.Helper()
		if got := strings.Join(strings.Fields(strings.ReplaceAll(read("calls"), "issue ", "")), " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		os.Remove(filepath.Join(d, "calls"))
	}
	quiet := s.job("without the variable", "", nil)
	if read("calls") != "" || strings.Contains(strings.Join(quiet.steps, " "), "Tell") {
		t.Error("without the variable an issue is made")
	}
	s.vars["NOTIFY"] = "true"
	s.job("the first time", "", nil)
	calls("the first time", "label create create")
	body := read("body")
	for _, want := range []string{"Awaiting: ", "https://github.com/owner/repo/blob/main/revue.xlsx", "https://github.com/owner/repo/actions/runs/77"} {
		if !strings.Contains(body, want) {
			t.Errorf("the issue does not say %q:\n%s", want, body)
		}
	}
	for _, name := range []string{"Orange", "Bretagne", "Martin", "octocat"} {
		if strings.Contains(body, name) {
			t.Errorf("the issue names %s:\n%s", name, body)
		}
	}
	s.job("the same", "", nil)
	calls("the same", "")
	s.pull()
	s.answer(map[string]string{"position:orange-healthcare": "Nuage"})
	s.pushAs("A. Martin", "a@b.example")
	s.job("a fault", refusedStep, nil)
	calls("a fault", "edit comment")
	if body = read("body"); !strings.Contains(body, "A filled review was not taken") || strings.Contains(body, "Martin") {
		t.Error(body)
	}
	// A person closes it.
	os.WriteFile(filepath.Join(d, "state"), []byte("closed\n"), 0o644)
	s.job("closed by a person", refusedStep, nil)
	calls("closed by a person", "")
	s.answer(map[string]string{"position:orange-healthcare": "ESN"})
	s.pushAs("A. Martin", "a@b.example")
	s.job("news", "", nil)
	calls("news", "edit reopen comment")
	// Nothing awaits.
	s.pull()
	rulings := map[string]string{}
	for id := range strings.FieldsFuncSeq(s.reviewed(), func(r rune) bool { return r == ' ' || r == '[' || r == ']' }) {
		if strings.HasPrefix(id, "position:") {
			rulings[id] = "ESN"
		}
	}
	s.answer(rulings)
	s.pushAs("A. Martin", "a@b.example")
	s.job("nothing awaits", "", nil)
	calls("nothing awaits", "edit close")
	s.job("nothing awaits still", "", nil)
	calls("nothing awaits still", "")
	// The job fails before it can tell.
	s.pull()
	s.write("hdsreport.yaml", "nonsense: [", t)
	s.pushAs("A. Martin", "a@b.example")
	if got := s.run(nil); got.failed == "" || !strings.Contains(read("body"), "failed before it could say") || strings.TrimSpace(read("state")) != "open" {
		t.Errorf("%s: %s %s", got.failed, read("state"), read("body"))
	}
}
