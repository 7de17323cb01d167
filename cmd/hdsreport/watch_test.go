package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWatch: an edition that is too old fails the job and calls nobody; one that is
// not calls the monitor, whose trouble is told and is not the job's; and no message
// names the monitor's address, which is a secret.
func TestWatch(t *testing.T) {
	calls, status := 0, http.StatusOK
	monitor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		w.WriteHeader(status)
	}))
	defer monitor.Close()
	const secret = "2f1c0e"
	for _, c := range []struct {
		name   string
		days   int
		now    string // in Paris
		ping   string
		status int
		code   int
		calls  int
		says   string
	}{
		{"off", 0, "2030-01-01T00:00:00+01:00", "", 200, exitDone, 0, "names nobody"},
		{"on the last day", 30, "2019-07-17T23:59:00+02:00", monitor.URL, 200, exitDone, 1, "the monitor knows"},
		{"a day later, by Paris time", 30, "2019-07-18T00:01:00+02:00", monitor.URL, 200, exitFailed, 0, "2019-06-17, is 31 days old"},
		{"a monitor in trouble", 30, "2019-07-01T12:00:00+02:00", monitor.URL, 500, exitDone, pingTries, "500"},
		{"ahead by less than a month", 30, "2019-05-18T12:00:00+02:00", monitor.URL, 200, exitDone, 1, "the monitor knows"},
		{"far ahead", 30, "2019-05-16T12:00:00+02:00", monitor.URL, 200, exitFailed, 0, "2019-06-17, is dated 32 days ahead"},
		{"no monitor", 30, "2019-07-01T12:00:00+02:00", "http://127.0.0.1:1", 200, exitDone, 0, "could not be told"},
	} {
		calls, status = 0, c.status
		dir := t.TempDir()
		ping := c.ping
		if ping != "" {
			ping += "/" + secret
		}
		if err := os.CopyFS(dir, os.DirFS("../../samples")); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "hdsreport.yaml")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text = fmt.Appendf(text, "\nwatch: {stale_days: %d, ping: %q}\n", c.days, ping)
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		cmd := &Command{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Now: at.UTC,
			Environ: []string{"GITHUB_ACTIONS=true", "HDSREPORT_REPORT_LANGUAGE=en"}}
		if code := cmd.Main([]string{"watch", "--config", file}); code != c.code || calls != c.calls ||
			!strings.Contains(said.String(), c.says) {
			t.Errorf("%s: exit %d, %d calls\n%s", c.name, code, calls, said.String())
		}
		if strings.Contains(said.String(), secret) {
			t.Errorf("%s: the monitor's address is told\n%s", c.name, said.String())
		}
	}
}

// TestStaleIsAboutTheNewest edition, not about the one that is published: the way back
// to an older one is no stale source, and a configuration that stays there hides none.
func TestStaleIsAboutTheNewest(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../samples")); err != nil {
		t.Fatal(err)
	}
	run := func(day string, args ...string) (int, string) {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		cmd := &Command{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Now: func() time.Time { return at },
			Environ: []string{"HDSREPORT_WATCH_STALE_DAYS=30", "HDSREPORT_EDITION=2019-02",
				"HDSREPORT_REPORT_LANGUAGE=en"}}
		return cmd.Main(append(args, "--config", filepath.Join(dir, "hdsreport.yaml"))), said.String()
	}
	if code, said := run("2019-07-01", "run"); code != exitDone || strings.Contains(said, "days old") {
		t.Errorf("exit %d\n%s", code, said)
	}
	if code, said := run("2019-07-01", "watch"); code != exitDone {
		t.Errorf("exit %d\n%s", code, said)
	}
	if code, said := run("2019-08-01", "watch"); code != exitFailed ||
		!strings.Contains(said, "2019-06-17, is 45 days old") {
		t.Errorf("exit %d\n%s", code, said)
	}
	if err := os.RemoveAll(filepath.Join(dir, "editions")); err != nil {
		t.Fatal(err)
	}
	if code, said := run("2019-07-01", "watch"); code != exitFailed ||
		!strings.Contains(said, "there is no edition yet") {
		t.Errorf("exit %d\n%s", code, said)
	}
}

// TestWatchInFrench, as the default is.
func TestWatchInFrench(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../samples")); err != nil {
		t.Fatal(err)
	}
	for days, want := range map[string]string{
		"0": "hdsreport: watch.stale_days vaut 0, si bien qu’aucune édition n’est trop ancienne\u202f; watch.ping ne désigne personne à prévenir\n",
		"30": "hdsreport: l’édition la plus récente, celle du 17 juin 2019, a 45 jours, et watch.stale_days vaut 30\u202f; vérifier que la source publie toujours et que hdsreport fetch --config " +
			filepath.Join(dir, "hdsreport.yaml") + " la trouve encore\n",
	} {
		var said bytes.Buffer
		c := &Command{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said,
			Now:     func() time.Time { return time.Date(2019, 8, 1, 12, 0, 0, 0, time.UTC) },
			Environ: []string{"HDSREPORT_WATCH_STALE_DAYS=" + days}}
		if c.Main([]string{"watch", "--config", filepath.Join(dir, "hdsreport.yaml")}); said.String() != want {
			t.Errorf("%q, want %q", said.String(), want)
		}
	}
}
