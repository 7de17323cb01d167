//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFilesThatAreNone: a pipe where a file of the workspace should be, or a link to
// somebody else's file, ends the command; a linked folder does not.
func TestFilesThatAreNone(t *testing.T) {
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret.csv")
	if err := os.WriteFile(secret, []byte(agreesHead+"Secret;x;01/01/2018;31/12/2020\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	fresh := func(t *testing.T) place {
		p := newPlace(t, "gate:\n  unclassified: 1\n")
		p.write(t, "editions/2019-06/agrees.csv", agreesHead+agreesRow)
		p.write(t, "editions/2019-06/certifies.csv", certifiesHead+certifiesRow)
		return p
	}
	for _, name := range []string{"registry/actors.csv", "registry/accepted.csv", "editions/2019-06/agrees.csv",
		"editions/2019-06/agrees.source.yaml"} {
		for kind, put := range map[string]func(string) error{
			"pipe": func(n string) error { return syscall.Mkfifo(n, 0o666) },
			"link": func(n string) error { return os.Symlink(secret, n) },
		} {
			p := fresh(t)
			file := filepath.Join(p.dir, filepath.FromSlash(name))
			os.Remove(file)
			if err := put(file); err != nil {
				t.Fatal(err)
			}
			done := background(func() (int, string) { code, _, told := p.do(t, "check"); return code, told })
			select {
			case got := <-done:
				if got.code != 1 || !strings.Contains(got.told, name) || strings.Contains(got.told, "Secret") {
					t.Errorf("%s %s: exit %d\n%s", kind, name, got.code, got.told)
				}
			case <-time.After(time.Minute):
				t.Fatalf("%s %s: check waits for ever", kind, name)
			}
		}
	}
	p := fresh(t)
	if err := os.Rename(filepath.Join(p.dir, "registry"), filepath.Join(outside, "registry")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "registry"), filepath.Join(p.dir, "registry")); err != nil {
		t.Fatal(err)
	}
	p.want(t, 0, "check")
}

type ended struct {
	code int
	told string
}

func background(run func() (int, string)) <-chan ended {
	done := make(chan ended, 1)
	go func() { code, told := run(); done <- ended{code, told} }()
	return done
}

// TestOutThroughALink: what stood behind a link is kept where it was, and not copied
// into the workspace.
func TestOutThroughALink(t *testing.T) {
	p := newPlace(t, "gate:\n  unclassified: 1\n")
	p.write(t, "editions/2019-06/agrees.csv", agreesHead+agreesRow)
	p.write(t, "editions/2019-06/certifies.csv", certifiesHead+certifiesRow)
	outside := t.TempDir()
	real := filepath.Join(outside, "private.xlsx")
	if err := os.WriteFile(real, []byte("private"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(p.dir, "out.xlsx")
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	p.want(t, 0, "run", "--out", link)
	if err := os.Remove(link); err != nil { // which the walk would follow
		t.Fatal(err)
	}
	for name, text := range p.tree(t) {
		if bytes.Contains([]byte(text), []byte("private")) {
			t.Errorf("%s holds what stood behind the link", name)
		}
	}
	if kept, err := filepath.Glob(filepath.Join(outside, "*.edited-*")); err != nil || len(kept) != 1 {
		t.Errorf("kept %v, %v", kept, err)
	}
}

// TestReviewAndWorkbookOfOneRun: where a run cannot be finished, as on a disk that is
// full, neither the review nor the workbook is the new one.
func TestReviewAndWorkbookOfOneRun(t *testing.T) {
	p := newPlace(t, "gate:\n  unclassified: 1\n")
	p.write(t, "editions/2019-06/agrees.csv", agreesHead+agreesRow)
	p.write(t, "editions/2019-06/certifies.csv", certifiesHead+certifiesRow)
	p.want(t, 0, "run")
	before := p.tree(t)
	history := filepath.Join(p.dir, "published", "history.csv")
	if err := os.Remove(history); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(p.dir, "nowhere", "x"), history); err != nil {
		t.Fatal(err)
	}
	p.write(t, "editions/2019-06/agrees.csv", agreesHead+agreesRow+lilliput)
	p.want(t, 1, "run")
	for _, name := range []string{"revue.xlsx", "hds-2019-06.xlsx"} {
		now, err := os.ReadFile(filepath.Join(p.dir, name))
		if err != nil || before[name] == "" || string(now) != before[name] {
			t.Errorf("%s was replaced, or is not there (%v)", name, err)
		}
	}
}
