package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/xlsx/xlsxtest"
)

// workflow is what a test needs of .github/workflows/report.yml.
type workflow struct {
	Jobs map[string]struct {
		If    string            `yaml:"if"`
		Env   map[string]string `yaml:"env"`
		Steps []step            `yaml:"steps"`
	} `yaml:"jobs"`
}

type step struct {
	Name string            `yaml:"name"`
	ID   string            `yaml:"id"`
	If   string            `yaml:"if"`
	Uses string            `yaml:"uses"`
	Run  string            `yaml:"run"`
	With map[string]string `yaml:"with"`
}

// runner runs the job of a workflow as GitHub does, on this machine: each step's
// commands in a shell of their own, in a fresh clone.
type runner struct {
	t       *testing.T
	origin  string            // the repository of the workspace
	program string            // the checkout of the program
	vars    map[string]string // of the repository
	extra   []string          // environment of every step
}

// ran is what came of a job.
type ran struct {
	failed  string   // the name of the step that failed; empty is success
	steps   []string // the steps that ran, those of others' actions in brackets
	log     string
	summary string
	dir     string // the clone
	outputs map[string]map[string]string
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
	job := w.Jobs["report"]
	out := &ran{outputs: map[string]map[string]string{}}
	x := &expressions{vars: r.vars, inputs: inputs, env: map[string]string{}, outputs: out.outputs}
	if !x.holds(t, job.If) {
		return out
	}
	for k, v := range job.Env {
		x.env[k] = x.text(v)
	}
	temp := t.TempDir()
	out.dir = filepath.Join(temp, "work")
	paths := []string{os.Getenv("PATH")}
	summary := filepath.Join(temp, "summary")
	for _, s := range job.Steps {
		condition := s.If
		if condition == "" {
			condition = "success()"
		}
		x.failed = out.failed != ""
		if !x.holds(t, condition) {
			continue
		}
		if s.Uses != "" {
			out.steps = append(out.steps, "["+s.Name+"]")
			if s.Name == "The workspace" {
				git(t, temp, "clone", "-q", r.origin, out.dir)
			}
			if s.Name == "The program" {
				if err := os.Symlink(r.program, filepath.Join(out.dir, ".program")); err != nil {
					t.Fatal(err)
				}
			}
			if path := x.text(s.With["path"]); strings.Contains(s.Uses, "upload-artifact") {
				if _, err := os.Stat(filepath.Join(out.dir, path)); err != nil || path == "" {
					t.Errorf("%s: %q, %v", s.Name, path, err)
				}
			}
			continue
		}
		out.steps = append(out.steps, s.Name)
		script, env, path, output := filepath.Join(temp, "script"), filepath.Join(temp, "env"), filepath.Join(temp, "path"), filepath.Join(temp, "output")
		for _, f := range []string{env, path, output} {
			if err := os.WriteFile(f, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(script, []byte(s.Run), 0o644); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %q: an expression inside a command is an injection", s.Name)
		}
		cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
		cmd.Dir = out.dir
		cmd.Env = append([]string{"HOME=" + os.Getenv("HOME"), "PATH=" + strings.Join(paths, ":"), "RUNNER_TEMP=" + temp, "CI=true", "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + out.dir,
			"GITHUB_ENV=" + env, "GITHUB_PATH=" + path, "GITHUB_OUTPUT=" + output, "GITHUB_STEP_SUMMARY=" + summary, "GIT_CONFIG_NOSYSTEM=1"}, r.extra...)
		for _, k := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GONOSUMDB", "GONOSUMCHECK", "GOSUMDB", "GOPATH"} {
			if v := os.Getenv(k); v != "" {
				cmd.Env = append(cmd.Env, k+"="+v)
			}
		}
		for k, v := range x.env {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
		log, err := cmd.CombinedOutput()
		out.log += fmt.Sprintf("== %s\n%s", s.Name, log)
		if err != nil && out.failed == "" {
			out.failed = s.Name
		}
		for k, v := range pairs(t, env) {
			x.env[k] = v
		}
		if s.ID != "" {
			out.outputs[s.ID] = pairs(t, output)
		}
		for _, p := range lines(t, path) {
			paths = append([]string{p}, paths...)
		}
	}
	text, _ = os.ReadFile(summary) // none is an empty one
	out.summary = string(text)
	return out
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
	outputs           map[string]map[string]string
	failed            bool
}

// holds evaluates a condition: comparisons joined by &&.
func (x *expressions) holds(t *testing.T, condition string) bool {
	t.Helper()
	always := false
	all := true
	for part := range strings.SplitSeq(condition, "&&") {
		part = strings.TrimSpace(part)
		if part == "always()" {
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
	case parts[0] == "vars":
		return x.vars[parts[1]]
	case parts[0] == "inputs":
		return x.inputs[parts[1]]
	case parts[0] == "env":
		return x.env[parts[1]]
	case parts[0] == "steps" && len(parts) == 4:
		return x.outputs[parts[1]][parts[3]]
	}
	return ""
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestScheduledJob runs the workflow's commands in their order, in fresh clones of a
// workspace, against a web server that has the lists and a Sheets server: first on an
// empty spreadsheet, again when nothing has changed, when an editor has decided
// something, with a broken source, with half a list, and when a person lets that
// through.
func TestScheduledJob(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and runs the whole job six times")
	}
	xlsxtest.Tool(t, "git")
	xlsxtest.Tool(t, "bash")
	program, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string][]byte{}
	for name, file := range map[string]string{"/agrees.csv": "agrees.csv", "/certifies.html": "certifies.html"} {
		if lists[name], err = os.ReadFile("../../samples/editions/2019-06-17/" + file); err != nil {
			t.Fatal(err)
		}
	}
	agency := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, known := lists[r.URL.Path]
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
	defer agency.Close()
	google := sheetstest.New(sheetstest.Options{ID: "shared"})
	defer google.Close()
	api := httptest.NewServer(google)
	defer api.Close()

	// The repository of the workspace, as README says to make it.
	dir := t.TempDir()
	origin, work := filepath.Join(dir, "origin.git"), filepath.Join(dir, "first")
	git(t, dir, "init", "-q", "--bare", origin)
	git(t, dir, "clone", "-q", origin, work)
	var said bytes.Buffer
	c := &Command{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Now: time.Now}
	if code := c.Main([]string{"init", work}); code != exitDone {
		t.Fatal(said.String())
	}
	conf := fmt.Sprintf(`lists:
  approved: {download: %q}
  certified: {download: %q}
publish: {spreadsheet: shared, endpoint: %q}
`, agency.URL+"/agrees.csv", agency.URL+"/certifies.html", api.URL)
	if err := os.WriteFile(filepath.Join(work, "hdsreport.yaml"), []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"actors.csv", "names.csv", "decisions.csv"} {
		text, err := os.ReadFile("../../samples/registry/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(work, "registry", name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	push := func(message string) {
		t.Helper()
		git(t, work, "add", "-A", ".")
		git(t, work, "commit", "-q", "-m", message)
		git(t, work, "push", "-q", "origin", "HEAD")
	}
	push("A workspace")
	r := &runner{t: t, origin: origin, program: program, vars: map[string]string{"WORKSPACE_CONFIG": "hdsreport.yaml", "GOOGLE_PROVIDER": "projects/1"}}
	head := func() string { return git(t, origin, "rev-parse", "HEAD") }
	files := func() []string { return strings.Fields(git(t, origin, "ls-tree", "-r", "--name-only", "HEAD")) }
	job := func(name, failed string, inputs map[string]string) *ran {
		t.Helper()
		google.Forget()
		got := r.run(inputs)
		if got.failed != failed {
			t.Fatalf("%s: step %q failed, want %q\n%s", name, got.failed, failed, got.log)
		}
		return got
	}
	batches := func() int {
		n := 0
		for _, q := range google.Requests() {
			if q.Kind == sheetstest.Batch {
				n++
			}
		}
		return n
	}

	// In a fork, and in the program's own repository, nothing at all happens.
	if got := (&runner{t: t, origin: origin, program: program}).run(nil); len(got.steps) > 0 {
		t.Errorf("in a fork %v ran", got.steps)
	}

	first := job("the first time", "", nil)
	if n := batches(); n != 1 {
		t.Errorf("the first time: %d batches\n%s", n, first.log)
	}
	if !slices.ContainsFunc(files(), func(f string) bool { return strings.HasPrefix(f, "editions/") && strings.HasSuffix(f, "/agrees.csv") }) {
		t.Errorf("no edition is committed: %v", files())
	}
	for _, f := range files() {
		if strings.HasPrefix(f, ".program") || strings.HasSuffix(f, ".xlsx") {
			t.Errorf("%s is committed", f)
		}
	}
	for _, want := range []string{"## Edition", "approved actors | 99", "the shared sheet now holds"} {
		if !strings.Contains(first.summary, want) {
			t.Errorf("the summary of the job does not say %q:\n%s", want, first.summary)
		}
	}

	was := head()
	second := job("nothing has changed", "", nil)
	if n := batches(); n != 0 || head() != was {
		t.Errorf("nothing has changed: %d batches, %s\n%s", n, git(t, origin, "log", "--stat", "-2"), second.log)
	}

	// An editor decides something, and the edition is from another day than the next
	// download.
	git(t, work, "pull", "-q")
	folders, err := filepath.Glob(filepath.Join(work, "editions", "2*"))
	if err != nil || len(folders) != 1 {
		t.Fatalf("%v, %v", folders, err)
	}
	if err := os.Rename(folders[0], filepath.Join(work, "editions", "2019-06-17")); err != nil {
		t.Fatal(err)
	}
	push("Another day")
	job("an editor's change", "", nil)
	if n := batches(); n != 1 {
		t.Errorf("an editor's change: %d batches", n)
	}
	was = head()
	shown := google.Snapshot()
	unchanged := func(name string) {
		t.Helper()
		if n := batches(); n != 0 {
			t.Errorf("%s: %d batches", name, n)
		}
		if !shown.Same(google.Snapshot()) {
			t.Errorf("%s: the shared sheet has changed", name)
		}
	}

	// A login page in place of a list: nothing is taken in, and the job says so.
	whole := lists["/agrees.csv"]
	lists["/agrees.csv"] = []byte(`<html><body><form action="/login"><input type="password" name="p"></form></body></html>`)
	broken := job("a login page", "Refused: an editor has to look", nil)
	unchanged("a login page")
	if head() != was {
		t.Errorf("a login page: something is committed\n%s", git(t, origin, "log", "--stat", "-1"))
	}
	if !strings.Contains(broken.summary, "fetch-login") {
		t.Errorf("a login page: the summary says\n%s", broken.summary)
	}
	if !strings.Contains(broken.log, "::error title=Refused::fetch refused or failed") {
		t.Errorf("a login page:\n%s", broken.log)
	}

	// Half of the list: it is neither published nor taken in.
	rows := bytes.SplitAfter(whole, []byte("\n"))
	lists["/agrees.csv"] = bytes.Join(rows[:len(rows)/2], nil)
	half := job("half of a list", "Refused: an editor has to look", nil)
	unchanged("half of a list")
	if head() != was || !strings.Contains(half.summary, "actors-lost") || !strings.Contains(half.log, "actors-lost") {
		t.Errorf("half of a list:\n%s\n%s", half.summary, half.log)
	}

	// A person has looked.
	accepted := job("let through", "", map[string]string{"accept": "actors-lost,ends-passed", "reason": "the agency says so"})
	if n := batches(); n != 1 {
		t.Errorf("let through: %d batches\n%s", n, accepted.log)
	}
	git(t, work, "pull", "-q")
	if text, err := os.ReadFile(filepath.Join(work, "registry", "accepted.csv")); err != nil || !strings.Contains(string(text), "actors-lost,octocat") {
		t.Errorf("%v\n%s", err, text)
	}
}
