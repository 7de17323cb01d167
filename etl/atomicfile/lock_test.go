//go:build unix

package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestLock: a lock that is held is told, and given up; one that is released is taken.
func TestLock(t *testing.T) {
	told, givenUp := untilTold, untilGivenUp
	defer func() { untilTold, untilGivenUp = told, givenUp }()
	untilTold, untilGivenUp = 10*time.Millisecond, 120*time.Millisecond
	dir := t.TempDir()
	release, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	var waited []string
	if _, err := Lock(dir, func(dir string) { waited = append(waited, dir) }); !errors.Is(err, ErrLocked) || len(waited) != 1 || waited[0] != dir {
		t.Errorf("%v, told %q", err, waited)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("a lock leaves %v, %v", entries, err)
	}
	untilGivenUp = time.Minute
	if _, err := Lock(dir, func(string) { release() }); err != nil {
		t.Error(err)
	}
	if _, err := Lock(filepath.Join(dir, "none")); err != nil {
		t.Errorf("a folder that cannot be locked: %v", err)
	}
}

// TestOrdinary: pipes and single links that lead out are refused, and linked folders
// are not.
func TestOrdinary(t *testing.T) {
	root, other := t.TempDir(), t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(root, name) }
	must(os.WriteFile(in("a.csv"), nil, 0o666))
	must(os.WriteFile(filepath.Join(other, "b.csv"), nil, 0o666))
	must(os.Symlink(other, in("folder")))
	must(os.Symlink(in("a.csv"), in("inside.csv")))
	must(os.Symlink("a.csv", in("near.csv")))
	must(os.Symlink(filepath.Join(other, "b.csv"), in("out.csv")))
	must(os.Symlink("../"+filepath.Base(other)+"/b.csv", in("climbs.csv")))
	must(os.Symlink("folder/b.csv", in("around.csv")))
	must(os.Symlink(filepath.Join(other, "b.csv"), filepath.Join(other, "next.csv")))
	must(os.Symlink("/dev/null", in("null.csv")))
	must(syscall.Mkfifo(in("pipe.csv"), 0o666))
	for name, want := range map[string]error{
		"a.csv": nil, "folder/b.csv": nil, "inside.csv": nil, "near.csv": nil, "folder/next.csv": nil, "none.csv": os.ErrNotExist,
		"out.csv": ErrLeadsOut, "climbs.csv": ErrLeadsOut, "around.csv": ErrLeadsOut, "null.csv": ErrNotOrdinary, "pipe.csv": ErrNotOrdinary,
	} {
		if err := Ordinary(in(name), root); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if _, err := Read(in("pipe.csv")); !errors.Is(err, ErrNotOrdinary) {
		t.Error(err)
	}
}

// TestMode: a file may be read by whom the umask lets.
func TestMode(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o027))
	name := filepath.Join(t.TempDir(), "a")
	if _, err := Write(name, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
