package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"go.yaml.in/yaml/v3"

	"hdsreport/etl/raced"
	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/xlsx/xlsxtest"
)

// workflow is what a test needs of .github/workflows/report.yml.
type workflow struct {
	Jobs map[string]struct {
		If          string            `yaml:"if"`
		Permissions map[string]string `yaml:"permissions"`
		Env         map[string]string `yaml:"env"`
		Outputs     map[string]string `yaml:"outputs"`
		Steps       []step            `yaml:"steps"`
	} `yaml:"jobs"`
}

type step struct {
	Name string            `yaml:"name"`
	ID   string            `yaml:"id"`
	If   string            `yaml:"if"`
	Uses string            `yaml:"uses"`
	Run  string            `yaml:"run"`
	With map[string]string `yaml:"with"`
	Env  map[string]string `yaml:"env"`
}

// runner runs the jobs of the workflow as GitHub does, on this machine: each in a fresh
// clone, each step's commands in a shell of their own.
type runner struct {
	t       *testing.T
	origin  string            // the repository of the workspace
	program string            // the checkout of the program
	shims   string            // a folder of commands that take the place of others
	vars    map[string]string // of the repository
	event   string            // that starts the job; schedule, or workflow_dispatch with inputs, if empty
	// before is called before a step, by "job/step".
	before map[string]func()
	// handed is called on the files of an artifact before they are handed on.
	handed func(dir string)
}

// ran is what came of a run of the workflow.
type ran struct {
	failed  string   // "job/step" of the first step that failed; empty is success
	steps   []string // the steps that ran, those of others' actions in brackets
	log     string
	summary string
}

// jobRun is one job while it runs.
type jobRun struct {
	*runner
	x                  *expressions
	name               string
	temp, dir, summary string
	paths              []string // of the program
	artifacts          string
	out                *ran
}

func (r *runner) run(inputs map[string]string) *ran {
	t := r.t
	t.Helper()
	text, err := os.ReadFile("../../.github/workflows/report.yml")
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	out := &ran{}
	artifacts := t.TempDir()
	needs := map[string]string{}
	event := cmp.Or(r.event, "schedule")
	if inputs != nil {
		event = "workflow_dispatch"
	}
	for _, name := range []string{"fetch", "report", "notify"} {
		job := w.Jobs[name]
		x := &expressions{vars: r.vars, inputs: inputs, env: map[string]string{}, event: event,
			outputs: map[string]map[string]string{}, needs: needs}
		if !x.holds(t, job.If) {
			needs[name+".result"] = "skipped"
			continue
		}
		j := &jobRun{runner: r, x: x, name: name, temp: t.TempDir(), artifacts: artifacts, out: out,
			paths: []string{r.shims, os.Getenv("PATH")}}
		j.dir, j.summary, x.temp = filepath.Join(j.temp, "work"), filepath.Join(j.temp, "summary"), j.temp
		for k, v := range job.Env {
			x.env[k] = x.text(v)
		}
		for _, s := range job.Steps {
			condition := s.If
			if condition == "" {
				condition = "success()"
			}
			if !x.holds(t, condition) {
				continue
			}
			if act := r.before[name+"/"+s.Name]; act != nil {
				act()
			}
			ok := true
			if s.Uses != "" {
				out.steps = append(out.steps, "["+s.Name+"]")
				j.use(s)
			} else {
				out.steps = append(out.steps, s.Name)
				ok = j.shell(s)
			}
			if !ok {
				x.failed = true
				if out.failed == "" {
					out.failed = name + "/" + s.Name
				}
			}
		}
		needs[name+".result"] = map[bool]string{true: "failure", false: "success"}[x.failed]
		for k, v := range job.Outputs {
			needs[name+".outputs."+k] = x.text(v)
		}
		text, _ := os.ReadFile(j.summary) // none is an empty one
		out.summary += string(text)
	}
	return out
}

// use does what an action would.
func (j *jobRun) use(s step) {
	t := j.t
	t.Helper()
	switch path := j.x.text(s.With["path"]); {
	case s.Name == "The workspace":
		depth := []string{"--depth=1"} // as the action does
		if s.With["fetch-depth"] == "0" {
			depth = nil
		}
		git(t, j.temp, append(append([]string{"clone", "-q"}, depth...), "file://"+j.origin, j.dir)...)
	case s.Name == "The program":
		if err := os.Symlink(j.program, filepath.Join(j.dir, ".program")); err != nil {
			t.Fatal(err)
		}
	case strings.Contains(s.Uses, "download-artifact"):
		if err := os.CopyFS(path, os.DirFS(filepath.Join(j.artifacts, s.With["name"]))); err != nil {
			t.Fatal(err)
		}
	case strings.Contains(s.Uses, "upload-artifact"):
		if !filepath.IsAbs(path) {
			path = filepath.Join(j.dir, path)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			return
		}
		to := filepath.Join(j.artifacts, s.With["name"])
		if info.IsDir() {
			if err := os.CopyFS(to, os.DirFS(path)); err != nil {
				t.Fatal(err)
			}
			if j.handed != nil {
				j.handed(to)
			}
		}
	}
}

// shell runs the commands of a step and tells whether they succeeded.
func (j *jobRun) shell(s step) bool {
	t := j.t
	t.Helper()
	if strings.Contains(s.Run, "${{") {
		t.Errorf("step %q: an expression inside a command is an injection", s.Name)
	}
	files := map[string]string{}
	for _, name := range []string{"script", "env", "path", "output"} {
		files[name] = filepath.Join(j.temp, name)
		if err := os.WriteFile(files[name], []byte(map[bool]string{true: s.Run}[name == "script"]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(j.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", files["script"])
	cmd.Dir = j.dir
	cmd.Env = []string{"HOME=" + os.Getenv("HOME"), "PATH=" + strings.Join(j.paths, ":"), "RUNNER_TEMP=" + j.temp,
		"CI=true", "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + j.dir,
		"GITHUB_ENV=" + files["env"], "GITHUB_PATH=" + files["path"], "GITHUB_OUTPUT=" + files["output"], "GITHUB_STEP_SUMMARY=" + j.summary, "GIT_CONFIG_NOSYSTEM=1"}
	for _, k := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GONOSUMDB", "GONOSUMCHECK", "GOSUMDB",
		"GOPATH"} {
		if v := os.Getenv(k); v != "" {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
	}
	for k, v := range j.x.env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	for k, v := range s.Env {
		cmd.Env = append(cmd.Env, k+"="+j.x.text(v))
	}
	log, err := cmd.CombinedOutput()
	j.out.log += fmt.Sprintf("== %s/%s\n%s", j.name, s.Name, log)
	for k, v := range pairs(t, files["env"]) {
		j.x.env[k] = v
	}
	if s.ID != "" {
		j.x.outputs[s.ID] = pairs(t, files["output"])
	}
	for _, p := range lines(t, files["path"]) {
		j.paths = append([]string{p}, j.paths...)
	}
	return err == nil
}

func lines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Split(string(text), "\n"), func(l string) bool { return l == "" })
}

func pairs(t *testing.T, file string) map[string]string {
	out := map[string]string{}
	for _, l := range lines(t, file) {
		k, v, _ := strings.Cut(l, "=")
		out[k] = v
	}
	return out
}

// expressions evaluates the few that the workflow uses.
type expressions struct {
	vars, inputs, env map[string]string
	outputs           map[string]map[string]string // of steps
	needs             map[string]string            // of jobs: fetch.result, fetch.outputs.edition
	temp, event       string
	failed            bool
}

// holds evaluates a condition: comparisons joined by &&.
func (x *expressions) holds(t *testing.T, condition string) bool {
	t.Helper()
	condition = strings.TrimSuffix(strings.TrimPrefix(condition, "${{"), "}}")
	always := false
	all := true
	for part := range strings.SplitSeq(condition, "&&") {
		part = strings.TrimSpace(part)
		if part == "always()" || part == "!cancelled()" {
			always = true
			continue
		}
		if part == "success()" {
			continue
		}
		m := regexp.MustCompile(`^(\S+) (==|!=) '(.*)'$`).FindStringSubmatch(part)
		if m == nil {
			t.Fatalf("the test cannot read the condition %q", part)
		}
		all = all && (x.value(m[1]) == m[3]) == (m[2] == "==")
	}
	return all && (always || !x.failed)
}

func (x *expressions) text(s string) string {
	return regexp.MustCompile(`\$\{\{ (.*?) \}\}`).ReplaceAllStringFunc(s, func(m string) string { return x.value(strings.TrimSpace(m[3 : len(m)-2])) })
}

func (x *expressions) value(name string) string {
	switch parts := strings.Split(name, "."); {
	case name == "github.actor":
		return "octocat"
	case name == "github.event_name":
		return x.event
	case name == "github.server_url":
		return "https://github.com"
	case name == "github.repository":
		return "owner/repo"
	case name == "github.run_id":
		return "77"
	case name == "github.ref_name":
		return "main"
	case name == "github.token":
		return "secret"
	case name == "job.status":
		return map[bool]string{true: "failure", false: "success"}[x.failed]
	case name == "runner.temp":
		return x.temp
	case parts[0] == "vars":
		return x.vars[parts[1]]
	case parts[0] == "inputs":
		return x.inputs[parts[1]]
	case parts[0] == "env":
		return x.env[parts[1]]
	case parts[0] == "needs":
		return x.needs[strings.Join(parts[1:], ".")]
	case parts[0] == "steps" && len(parts) == 4:
		return x.outputs[parts[1]][parts[3]]
	}
	return ""
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=test", "-c", "user.email=test@example.org", "-c",
		"init.defaultBranch=main", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// scheduled is a repository with a workspace, as docs/scheduled-job.md says to make it,
// a web server that has the lists, and a Sheets server.
type scheduled struct {
	*runner
	google *sheetstest.Server
	lists  map[string][]byte // what the web server has, by path
	work   string            // an editor's clone
	days   int               // that editions were set back by
}

// newScheduled is one with the lists of 2019.
func newScheduled(t *testing.T) *scheduled {
	t.Helper()
	s, agency, api := newRepository(t)
	for name, file := range map[string]string{"/agrees.csv": "agrees.csv", "/certifies.html": "certifies.html"} {
		var err error
		if s.lists[name], err = os.ReadFile("../../samples/editions/2019-06-17/" + file); err != nil {
			t.Fatal(err)
		}
	}
	s.write("hdsreport.yaml", fmt.Sprintf(`report: {language: en}
gate: {ended: 1}
lists:
  approved: {download: %q}
  certified: {download: %q}
publish: {spreadsheet: shared, endpoint: %q}
`, agency+"/agrees.csv", agency+"/certifies.html", api), t)
	for _, name := range []string{"actors.csv", "names.csv", "decisions.csv"} {
		text, err := os.ReadFile("../../samples/registry/" + name)
		if err != nil {
			t.Fatal(err)
		}
		s.write("registry/"+name, string(text), t)
	}
	s.push("A workspace")
	return s
}

// newRepository is one with an empty workspace, and the addresses of the two servers.
func newRepository(t *testing.T) (s *scheduled, agencyURL, apiURL string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program and runs the whole job")
	}
	xlsxtest.Tool(t, "git")
	xlsxtest.Tool(t, "bash")
	program, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s = &scheduled{lists: map[string][]byte{}, work: filepath.Join(dir, "editor")}
	agency := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, known := s.lists[r.URL.Path]
		if !known {
			http.NotFound(w, r)
			return
		}
		if strings.HasSuffix(r.URL.Path, ".html") {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		} else {
			w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		}
		w.Write(body)
	}))
	t.Cleanup(agency.Close)
	s.google = sheetstest.New(sheetstest.Options{ID: "shared"})
	t.Cleanup(s.google.Close)
	api := httptest.NewServer(s.google)
	t.Cleanup(api.Close)

	origin := filepath.Join(dir, "origin.git")
	git(t, dir, "init", "-q", "--bare", origin)
	git(t, dir, "clone", "-q", origin, s.work)
	var said bytes.Buffer
	c := &Command{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Now: time.Now}
	if code := c.Main([]string{"init", s.work}); code != exitDone {
		t.Fatal(said.String())
	}
	s.runner = &runner{t: t, origin: origin, program: program, shims: shims(t), before: map[string]func(){},
		vars: map[string]string{"WORKSPACE_CONFIG": "hdsreport.yaml", "GOOGLE_PROVIDER": "projects/1",
			"PROGRAM_REF": "main"}}
	return s, agency.URL, api.URL
}

// shims are commands that take the place of others: nobody waits between two tries of a
// push, and go gives a copy of this test's own program, which is hdsreport under that
// name, instead of linking it for each job.
func shims(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	here, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{
		"sleep": "",
		"go":    fmt.Sprintf("set -e\nwhile [ \"$1\" != -o ]; do shift; done\ncp '%s' \"$2\"\n", here),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// builds has the workflow build the program itself, once for all jobs.
func (s *scheduled) builds() {
	s.t.Helper()
	real, err := exec.LookPath("go")
	if err != nil {
		s.t.Fatal(err)
	}
	script := fmt.Sprintf(`#!/bin/sh
set -e
while [ "$1" != -o ]; do args="$args $1"; shift; done
[ -e '%[1]s/built' ] || '%[2]s' $args -o '%[1]s/built' "$3"
cp '%[1]s/built' "$2"
`, s.shims, real)
	if err := os.WriteFile(filepath.Join(s.shims, "go"), []byte(script), 0o755); err != nil {
		s.t.Fatal(err)
	}
}

// write puts a file into the editor's clone.
func (s *scheduled) write(name, text string, t *testing.T) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.work, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// read gives a file of the editor's clone.
func (s *scheduled) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.work, filepath.FromSlash(name)))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// push commits what is in the editor's clone.
func (s *scheduled) push(message string) {
	s.t.Helper()
	git(s.t, s.work, "add", "-A", ".")
	git(s.t, s.work, "commit", "-q", "-m", message)
	git(s.t, s.work, "push", "-q", "origin", "HEAD")
}

func (s *scheduled) pull() {
	s.t.Helper()
	git(s.t, s.work, "pull", "-q", "--rebase")
}

func (s *scheduled) head() string { return git(s.t, s.origin, "rev-parse", "HEAD") }

func (s *scheduled) files() []string {
	return strings.Fields(git(s.t, s.origin, "ls-tree", "-r", "--name-only", "HEAD"))
}

// job runs the workflow and wants it to fail at a step; at none if that is empty.
func (s *scheduled) job(name, failed string, inputs map[string]string) *ran {
	s.t.Helper()
	s.google.Forget()
	got := s.run(inputs)
	if got.failed != failed {
		s.t.Fatalf("%s: step %q failed, want %q\n%s", name, got.failed, failed, got.log)
	}
	return got
}

// batches are the writes that the Sheets server has had in the last job.
func (s *scheduled) batches() int {
	n := 0
	for _, q := range s.google.Requests() {
		if q.Kind == sheetstest.Batch {
			n++
		}
	}
	return n
}

// aged gives the edition that was fetched today an older day, so that the next download
// makes a new one.
func (s *scheduled) aged() {
	s.t.Helper()
	s.pull()
	folders, err := filepath.Glob(filepath.Join(s.work, "editions", "2*"))
	folders = slices.DeleteFunc(folders, func(f string) bool { return strings.Contains(f, "2019-06-") })
	if err != nil || len(folders) != 1 {
		s.t.Fatalf("%v, %v", folders, err)
	}
	s.days++
	if err := os.Rename(folders[0], filepath.Join(s.work,
		"editions", fmt.Sprintf("2019-06-%02d", s.days))); err != nil {
		s.t.Fatal(err)
	}
	s.push("Another day")
}

// shorter takes the last rows of the agréés away.
func (s *scheduled) shorter(rows int) {
	lines := bytes.SplitAfter(bytes.TrimSuffix(s.lists["/agrees.csv"], []byte("\n")), []byte("\n"))
	s.lists["/agrees.csv"] = bytes.Join(lines[:len(lines)-rows], nil)
}

// closed has the repository refuse every push until the function that it gives is called.
func (s *scheduled) closed() (open func()) {
	s.t.Helper()
	hook := filepath.Join(s.origin, "hooks", "pre-receive")
	if err := os.WriteFile(hook, []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
		s.t.Fatal(err)
	}
	return func() {
		if err := os.Remove(hook); err != nil {
			s.t.Fatal(err)
		}
	}
}

const refusedStep = "report/Refused: an editor has to look"

// TestScheduledJob runs the workflow's commands in their order, in fresh clones of a
// workspace, against a web server that has the lists and a Sheets server: first on an
// empty spreadsheet, again when nothing has changed, when an editor has decided
// something, with a broken source, with half a list, and when a person lets that
// through.
func TestScheduledJob(t *testing.T) {
	t.Parallel() // it waits for other programs
	if raced.Detector {
		t.Skip("the programs that it runs are other processes: .ci/run runs it without the race detector")
	}
	s := newScheduled(t)
	s.builds()
	// In a fork, and in the program's own repository, nothing at all happens.
	if got := (&runner{t: t, origin: s.origin, program: s.program}).run(nil); len(got.steps) > 0 {
		t.Errorf("in a fork %v ran", got.steps)
	}

	first := s.job("the first time", "", nil)
	if n := s.batches(); n != 1 {
		t.Errorf("the first time: %d batches\n%s", n, first.log)
	}
	if !slices.ContainsFunc(s.files(), func(f string) bool {
		return strings.HasPrefix(f, "editions/") && strings.HasSuffix(f, "/agrees.csv")
	}) {
		t.Errorf("no edition is committed: %v", s.files())
	}
	for _, f := range s.files() {
		if strings.HasPrefix(f, ".program") || strings.HasSuffix(f, ".xlsx") && f != "revue.xlsx" {
			t.Errorf("%s is committed", f)
		}
	}
	for _, want := range []string{"## Edition", "Approved actors | 99", "the shared sheet now holds"} {
		if !strings.Contains(first.summary, want) {
			t.Errorf("the summary of the job does not say %q:\n%s", want, first.summary)
		}
	}

	was := s.head()
	second := s.job("nothing has changed", "", nil)
	if n := s.batches(); n != 0 || s.head() != was {
		t.Errorf("nothing has changed: %d batches, %s\n%s", n, git(t, s.origin, "log", "--stat", "-2"), second.log)
	}

	// An editor decides something, and the edition is from another day than the next
	// download.
	s.aged()
	s.job("an editor's change", "", nil)
	if n := s.batches(); n != 1 {
		t.Errorf("an editor's change: %d batches", n)
	}
	was = s.head()
	shown := s.google.Snapshot()
	unchanged := func(name string) {
		t.Helper()
		if n := s.batches(); n != 0 {
			t.Errorf("%s: %d batches", name, n)
		}
		if !shown.Same(s.google.Snapshot()) {
			t.Errorf("%s: the shared sheet has changed", name)
		}
		if s.head() != was {
			t.Errorf("%s: something is committed\n%s", name, git(t, s.origin, "log", "--stat", "-1"))
		}
	}

	// A login page in place of a list: nothing is taken in, and both jobs say so.
	whole := s.lists["/agrees.csv"]
	s.lists["/agrees.csv"] = []byte(`<html><body><form action="/login"><input type="password" name="p"></form></body></html>`)
	broken := s.job("a login page", "fetch/Fetch", nil)
	unchanged("a login page")
	if !strings.Contains(broken.summary, "fetch-login") {
		t.Errorf("a login page: the summary says\n%s", broken.summary)
	}
	if !strings.Contains(broken.log, "::error title=Refused::fetch refused or failed") {
		t.Errorf("a login page:\n%s", broken.log)
	}

	// Half of the list: it is neither published nor taken in.
	rows := bytes.SplitAfter(whole, []byte("\n"))
	s.lists["/agrees.csv"] = bytes.Join(rows[:len(rows)/2], nil)
	half := s.job("half of a list", refusedStep, nil)
	unchanged("half of a list")
	if !strings.Contains(half.summary, "actors-lost") || !strings.Contains(half.log, "actors-lost") {
		t.Errorf("half of a list:\n%s\n%s", half.summary, half.log)
	}

	// A person has looked.
	accepted := s.job("let through", "", map[string]string{"accept": "actors-lost", "reason": "the agency says so"})
	if n := s.batches(); n != 1 {
		t.Errorf("let through: %d batches\n%s", n, accepted.log)
	}
	s.pull()
	if text := s.read("registry/accepted.csv"); !strings.Contains(text, "actors-lost;octocat") {
		t.Errorf("%s", text)
	}
}

// TestScheduledJobToday: one list is left, in a page a letter. From the day on which the
// other has ended, each new edition is green without anybody, and the shared sheet keeps
// the tab of the list that ended.
func TestScheduledJobToday(t *testing.T) {
	t.Parallel() // it waits for other programs
	if raced.Detector {
		t.Skip("the programs that it runs are other processes: .ci/run runs it without the race detector")
	}
	s, agency, api := newRepository(t)
	october, november := todayRows()
	serve := func(rows [][]string) {
		for letter, page := range pagesOf(rows) {
			s.lists["/"+letter+".html"] = page
		}
	}
	configure := func(approved string) {
		s.write("hdsreport.yaml", fmt.Sprintf(`report: {language: en}
gate: {ended: 1}
lists:
  approved: {%s}
  certified: {download: %q, pages: [A-Z], activity_numbering: decree}
publish: {spreadsheet: shared, endpoint: %q}
`, approved, agency+"/{page}.html", api), t)
	}
	read := func(file string) string {
		text, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	// The last edition with both lists; the job of this test runs in July 2019.
	if err := os.MkdirAll(filepath.Join(s.work, "editions", "2019-06-17"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.write("editions/2019-06-17/agrees.csv", read("../../samples/editions/2019-06-17/agrees.csv"), t)
	s.write("editions/2019-06-17/certifies.csv", read(today+"/editions/2026-10/certifies.csv"), t)
	s.write("registry/actors.csv", read(today+"/registry/actors.csv"), t)
	configure("")
	serve(october)
	s.push("A workspace")
	s.job("both lists", "", nil)
	if n := s.batches(); n != 1 {
		t.Errorf("both lists: %d batches", n)
	}

	s.pull()
	configure("ended: 2019-06-30")
	s.push("The approved list has ended")
	serve(november)
	got := s.job("one list is left", "", nil)
	if n := s.batches(); n != 1 {
		t.Errorf("one list is left: %d batches\n%s", n, got.log)
	}
	for _, want := range []string{"Certified actors | 323", "8 certificates changed"} {
		if !strings.Contains(got.summary, want) {
			t.Errorf("the summary of the job does not say %q:\n%s", want, got.summary)
		}
	}
	for _, not := range []string{"n.a.", "Approved actors", "refused"} {
		if strings.Contains(got.summary, not) {
			t.Errorf("the summary of the job says %q:\n%s", not, got.summary)
		}
	}
	shown := ""
	for _, tab := range s.google.Snapshot().Spreadsheet().Sheets {
		for _, data := range tab.Data {
			for _, row := range data.RowData {
				for _, cell := range row.Values {
					if !tab.Properties.Hidden { // as the copy of what was there before is
						shown += cell.FormattedValue + "\n"
					}
				}
			}
		}
	}
	if !strings.Contains(shown, "The regime of approval ended on") || strings.Contains(shown, "Diafoirus") ||
		strings.Contains(shown, "n.a.\n") {
		t.Errorf("the shared sheet does not say that approval ended, or keeps who was approved:\n%.2000s", shown)
	}
	was := s.head()
	s.job("nothing has changed", "", nil)
	if n := s.batches(); n != 0 || s.head() != was {
		t.Errorf("nothing has changed: %d batches, %s", n, git(t, s.origin, "log", "--stat", "-1"))
	}
}

// typeInSheet types into the row that begins so, under one of some headings, of the first tab
// that has both.
func typeInSheet(t *testing.T, server *sheetstest.Server, row string, headings []string, value any) {
	t.Helper()
	for _, s := range server.Snapshot().Sheets() {
		col := -1
		for at, values := range s.Values() {
			for i, v := range values {
				if text, ok := v.(string); ok && col < 0 && slices.Contains(headings, text) {
					col = i
				}
			}
			if col >= 0 && len(values) > 0 && values[0] == row {
				server.Edit(s.Title(), string(rune('A'+col))+strconv.Itoa(at+1), value)
				return
			}
		}
	}
	t.Fatalf("no row %s with a column %q", row, headings)
}

// TestTakeEdits: a person has the job take in what was typed into the shared sheet, or into a
// workbook that was committed. It is recorded in their name and published; what cannot be
// taken leaves the job red, and the rest is recorded.
func TestTakeEdits(t *testing.T) {
	t.Parallel() // it waits for other programs
	s := newScheduled(t)
	s.job("the first time", "", nil)
	typeInSheet(t, s.google, "AP-HP", []string{"End date", "Approval end", "Fin d’agrément"}, "31/12/2030")
	stopped := s.job("somebody has typed", refusedStep, nil)
	if n := s.batches(); n != 0 || !strings.Contains(stopped.summary, "2030-12-31") || !strings.Contains(stopped.log, "corrections import") {
		t.Errorf("%d batches\n%s\n%s", n, stopped.summary, stopped.log)
	}
	s.pull()
	saved, _ := filepath.Glob(filepath.Join(s.work, "published", "edits-*.csv"))
	if len(saved) != 1 {
		t.Fatalf("%v", saved)
	}
	s.job("no such file", "report/Run and keep", map[string]string{"take": "edits-00000000.csv"})
	took := s.job("taken in", "", map[string]string{"take": filepath.Base(saved[0])})
	if n := s.batches(); n != 1 {
		t.Errorf("%d batches\n%s", n, took.log)
	}
	s.pull()
	if text := s.read("registry/corrections.csv"); !strings.Contains(text, "2030-12-31") || !strings.Contains(text, "octocat") {
		t.Errorf("%s", text)
	}
	s.job("the sheet itself, twice is once", "", map[string]string{"take": "sheet"})
	if n := s.batches(); n != 0 {
		t.Errorf("%d batches", n)
	}
}

// TestTakeWorkbook: the workbook that an editor has corrected and dropped into the page of the
// repository, as .xlsx or as LibreOffice saves it.
func TestTakeWorkbook(t *testing.T) {
	t.Parallel() // it waits for other programs
	s := newScheduled(t)
	s.job("the first time", "", nil)
	s.pull()
	c := &Command{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now}
	book := filepath.Join(t.TempDir(), "book.xlsx")
	if code := c.Main([]string{"run", "--config", filepath.Join(s.work, "hdsreport.yaml"), "--out", book}); code != exitDone {
		t.Fatalf("exit %d", code)
	}
	git(t, s.work, "checkout", "-q", ".")
	day := 1
	typed := func() string { // into the end of the first approval
		f, err := excelize.OpenFile(book)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		sheet := f.GetSheetList()[0]
		rows, _ := f.GetRows(sheet)
		for r, row := range rows {
			if c := slices.Index(row, "Approval end"); c >= 0 {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+2)
				if err := f.SetCellStr(sheet, cell, fmt.Sprintf("2031-01-%02d", day)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := f.Save(); err != nil {
			t.Fatal(err)
		}
		day++
		return book
	}
	take := func(name, from string) {
		t.Helper()
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		s.pull()
		if err := os.MkdirAll(filepath.Join(s.work, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		s.write(name, string(data), t)
		s.push("A workbook")
		s.job(name, "", map[string]string{"take": name})
		s.pull()
		want := fmt.Sprintf("2031-01-%02d;octocat;", day-1)
		if text := s.read("registry/corrections.csv"); !strings.Contains(text, want) {
			t.Errorf("%s: no %q in\n%s", name, want, text)
		}
	}
	take("corrections d'Ada/corrigé.xlsx", typed())
	if _, err := exec.LookPath("soffice"); err == nil || os.Getenv("HDSTEST_TOOLS") == "required" {
		take("corrigé.ods", xlsxtest.Recalculate(t, "ods", book)[0])
	}
	// One that is not committed, and one outside the repository.
	for _, name := range []string{"absent.xlsx", "/etc/hostname", "../../outside.xlsx"} {
		s.job(name, "report/Run and keep", map[string]string{"take": name})
	}
}

// TestEditorPushesDuringTheJob: what an editor pushes while the job runs is taken as it
// is, and read; what the job writes is written anew; it ends in green.
func TestEditorPushesDuringTheJob(t *testing.T) {
	t.Parallel() // it waits for other programs
	s := newScheduled(t)
	s.write("hdsreport.yaml", strings.Replace(s.read("hdsreport.yaml"), "report: {", "report: {review: csv, ", 1), t)
	s.push("A review as a text")
	s.job("the first time", "", nil)
	s.aged()

	// Both write the review and what was let through: the editor fills in a ruling and
	// says what an actor mainly is, the job has half a list that a person lets through.
	s.shorter(50)
	s.before["report/Run and keep"] = func() {
		s.pull()
		s.write("revue.csv", regexp.MustCompile(`(?m)^(position:orange-healthcare;.*;);\r?$`).ReplaceAllString(s.read("revue.csv"), "${1}ESN;"), t)
		s.write("registry/actors.csv", strings.Replace(s.read("registry/actors.csv"), "ap-hp,AP-HP,hospital",
			"ap-hp,AP-HP,insurance", 1), t)
		s.write("registry/accepted.csv", s.read("registry/accepted.csv")+
			"2019-06-01;ends-passed;An Editor;2019-06-02;before;\n", t)
		s.push("An editor's push before the job's")
	}
	// And again when the sheet is being written.
	s.before["report/Keep what was published"] = func() {
		s.pull()
		s.write("registry/actors.csv", strings.Replace(s.read("registry/actors.csv"), "ap-hm,AP-HM,hospital",
			"ap-hm,AP-HM,other", 1), t)
		s.push("An editor's push before the last one")
	}
	was := s.read("registry/actors.csv")
	got := s.job("editors push", "", map[string]string{"accept": "actors-lost", "reason": "really"})
	if n := s.batches(); n != 1 {
		t.Errorf("%d batches\n%s", n, got.log)
	}
	s.pull()
	if text := s.read("revue.csv"); strings.Contains(text, "orange-healthcare") || strings.Contains(text, "<<<<") {
		t.Errorf("the editor's ruling is not taken in:\n%s", text)
	}
	want := strings.NewReplacer("ap-hp,AP-HP,hospital", "ap-hp,AP-HP,insurance", "ap-hm,AP-HM,hospital",
		"ap-hm,AP-HM,other").Replace(was)
	ruled := regexp.MustCompile(`(?m)^orange-healthcare,.*\n`)
	text := s.read("registry/actors.csv")
	if line := ruled.FindString(text); !strings.Contains(line, ",esn,") || !strings.Contains(line, "test ") {
		t.Errorf("the editor's ruling is not in the registry: %s", line)
	}
	if ruled.ReplaceAllString(text, "") != ruled.ReplaceAllString(want, "") {
		t.Errorf("the editor's actors are not there:\n%s", text)
	}
	if text := s.read("registry/accepted.csv"); !strings.Contains(text, "An Editor") ||
		!strings.Contains(text, "actors-lost;octocat") {
		t.Errorf("one of two acceptances is gone:\n%s", text)
	}
	// What was published first knows the first push of the editor's.
	history := strings.Split(strings.TrimSpace(s.read("published/history.csv")), "\n")
	generation, _, _ := strings.Cut(history[len(history)-1], ",")
	if last := history[len(history)-1]; !strings.Contains(last, "spreadsheet") {
		t.Errorf("the last line of the history is %s", last)
	}
	if text := s.read("published/" + generation + ".json"); !regexp.MustCompile(`"AP-HP","Insurance`).MatchString(text) {
		t.Errorf("what the editor decided while the job ran is not in what was published:\n%.3000s", text)
	}
	clear(s.before)
	s.job("afterwards", "", nil)
}

// TestNotPushed: whatever happens to a push, one red run is all.
func TestNotPushed(t *testing.T) {
	t.Parallel() // it waits for other programs
	s := newScheduled(t)
	s.job("the first time", "", nil)
	s.aged()

	// Nothing can be pushed at all: then nothing is published either.
	s.shorter(1)
	was := s.google.Snapshot()
	open := s.closed()
	s.job("closed", "report/Run and keep", nil)
	if n := s.batches(); n != 0 || !was.Same(s.google.Snapshot()) {
		t.Errorf("closed: %d batches", n)
	}
	open()
	s.job("open again", "", nil)
	if n := s.batches(); n != 1 {
		t.Errorf("open again: %d batches", n)
	}

	// The last push fails, after the sheet was written.
	s.aged()
	s.shorter(1)
	s.before["report/Keep what was published"] = func() { open = s.closed() }
	s.job("closed at the end", "report/Keep what was published", nil)
	if n := s.batches(); n != 1 {
		t.Errorf("closed at the end: %d batches", n)
	}
	clear(s.before)
	open()
	s.job("the same again", "", nil)
	if n := s.batches(); n != 0 {
		t.Errorf("the same again: %d batches", n)
	}
	s.aged()
	s.shorter(1)
	s.job("the next edition", "", nil)
	if n := s.batches(); n != 1 {
		t.Errorf("the next edition: %d batches", n)
	}
}

// TestLostCommits: somebody resets the repository to before a publication. The next run
// knows from the sheet itself that nobody has typed into it.
func TestLostCommits(t *testing.T) {
	t.Parallel() // it waits for other programs
	if raced.Detector {
		t.Skip("the programs that it runs are other processes: .ci/run runs it without the race detector")
	}
	s := newScheduled(t)
	s.job("the first time", "", nil)
	s.aged()
	s.shorter(1)
	was := strings.TrimSpace(s.head())
	s.job("the commits that are lost", "", nil)
	git(t, s.origin, "update-ref", "HEAD", was)
	s.shorter(1)
	s.job("the next edition", "", nil)
	if n := s.batches(); n != 1 {
		t.Errorf("%d batches", n)
	}
}

// TestOnlyWhatWasHandedOver: an edition that is not what the first job handed over is
// neither read nor committed.
func TestOnlyWhatWasHandedOver(t *testing.T) {
	t.Parallel() // it waits for other programs
	s := newScheduled(t)
	was := s.head()
	for name, change := range map[string]func(dir string) error{
		"another list": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "edition", "agrees.csv"), []byte("x"), 0o644)
		},
		"a file more": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "edition", "more.csv"), []byte("x"), 0o644)
		},
		"a file less":  func(dir string) error { return os.Remove(filepath.Join(dir, "edition", "agrees.csv")) },
		"a link":       func(dir string) error { return os.Symlink("/etc/passwd", filepath.Join(dir, "edition", "link.csv")) },
		"other hashes": func(dir string) error { return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), nil, 0o644) },
		"hashes anew": func(dir string) error {
			if err := os.WriteFile(filepath.Join(dir, "edition", "agrees.csv"), []byte("x"), 0o644); err != nil {
				return err
			}
			cmd := exec.Command("bash", "-c", "find . -type f -print0 | xargs -0 sha256sum > ../SHA256SUMS")
			cmd.Dir = filepath.Join(dir, "edition")
			return cmd.Run()
		},
	} {
		s.handed = func(dir string) {
			if err := change(dir); err != nil {
				t.Fatal(err)
			}
		}
		s.job(name, "report/Run and keep", nil)
		if s.head() != was || s.batches() != 0 {
			t.Errorf("%s: it was taken in", name)
		}
	}
}

// TestNoProgramRef: without a ref the job would run whatever was pushed last.
func TestNoProgramRef(t *testing.T) {
	t.Parallel() // it waits for other programs
	s := newScheduled(t)
	delete(s.vars, "PROGRAM_REF")
	got := s.job("no ref", "fetch/Which program", nil)
	if !strings.Contains(got.log, "::error title=PROGRAM_REF is empty") || slices.Contains(got.steps, "Build") ||
		s.batches() != 0 {
		t.Errorf("%v\n%s", got.steps, got.log)
	}
}

// TestRightsOfTheJobs: who reads the network may change nothing, and who may publish
// takes nothing from a cache that another run has filled.
func TestRightsOfTheJobs(t *testing.T) {
	text, err := os.ReadFile("../../.github/workflows/report.yml")
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	if got := w.Jobs["fetch"].Permissions; len(got) != 1 || got["contents"] != "read" {
		t.Errorf("fetch may %v", got)
	}
	for name, job := range w.Jobs {
		for _, s := range job.Steps {
			switch {
			case strings.Contains(s.Uses, "actions/cache"):
				t.Errorf("%s: a cache", name)
			case strings.Contains(s.Uses, "setup-go") && s.With["cache"] != "false":
				t.Errorf("%s: setup-go takes from a cache unless it is told not to", name)
			case s.Uses != "" && !regexp.MustCompile(`@[0-9a-f]{40}$`).MatchString(s.Uses):
				t.Errorf("%s: %s is not pinned", name, s.Uses)
			case name == "report" && strings.Contains(s.Run, "hdsreport fetch"):
				t.Errorf("the job that may publish reads the network")
			}
			if clone := s.Name == "The workspace"; clone &&
				s.With["persist-credentials"] != map[string]string{"fetch": "false", "report": "true"}[name] {
				t.Errorf("%s: persist-credentials is %s", name, s.With["persist-credentials"])
			}
		}
	}
}
