package atomicfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hdsreport/etl/atomicfile"
)

func write(t *testing.T, path, text string) bool {
	t.Helper()
	changed, err := atomicfile.Write(path, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// holds checks a file's text, and that nothing else is left in its folder.
func holds(t *testing.T, path, text string, others ...string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != text {
		t.Errorf("%q, %v; want %q", got, err, text)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1+len(others) {
		t.Errorf("left in the folder: %v", entries)
	}
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	if !write(t, path, "un") {
		t.Error("a new file is no change")
	}
	holds(t, path, "un")
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if !write(t, path, "deux") {
		t.Error("another text is no change")
	}
	holds(t, path, "deux")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if !write(t, path, "") {
		t.Error("emptied is no change")
	}
	holds(t, path, "")
	large := strings.Repeat("0123456789abcdef", 20_000) // more than one chunk
	write(t, path, large)
	if write(t, path, large) || !write(t, path, large[:len(large)-1]+"x") {
		t.Error("a large file: the last byte decides")
	}
}

// TestUnchangedIsNotWritten: the very file stays, with its time.
func TestUnchangedIsNotWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	write(t, path, "un")
	old := time.Date(2019, 6, 17, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(path)
	if write(t, path, "un") {
		t.Error("the same text is a change")
	}
	after, err := os.Stat(path)
	if err != nil || !after.ModTime().Equal(old) || !os.SameFile(before, after) {
		t.Errorf("%v, %v", after, err)
	}
}

// TestReadersKeepTheOldFile: whoever has it open reads it to its end.
func TestReadersKeepTheOldFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	write(t, path, "ancien")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	write(t, path, "nouveau")
	b := make([]byte, 20)
	if n, _ := f.Read(b); string(b[:n]) != "ancien" {
		t.Errorf("reads %q", b[:n])
	}
}

func TestSymbolicLink(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.txt"), filepath.Join(dir, "link.txt")
	write(t, real, "un")
	if err := os.Symlink("real.txt", link); err != nil {
		if os.Getenv("HDSTEST_TOOLS") == "required" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, and not checked: ", err)
	}
	if !write(t, link, "deux") {
		t.Error("no change")
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
	holds(t, real, "deux", "link.txt")
}

func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.txt")
	write(t, file, "un")
	for path, says := range map[string]string{
		dir:                              "is a folder: name a file in it",
		filepath.Join(dir, "b", "x.txt"): "does not exist: create it",
		filepath.Join(file, "x.txt"):     "",
		os.DevNull:                       "not an ordinary file",
	} {
		for what, err := range map[string]error{"Check": atomicfile.Check(path), "Write": second(atomicfile.Write(path, []byte("x")))} {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s %s: error %v, want %q", what, path, err, says)
			}
		}
	}
	holds(t, file, "un")
	if err := atomicfile.Check(filepath.Join(dir, "new.txt")); err != nil {
		t.Error(err)
	}
}

func second(_ bool, err error) error { return err }

// TestFolderWithoutPermission names the folder.
func TestFolderWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	write(t, path, "ancien")
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o755)
	if _, err := atomicfile.Write(path, []byte("x")); err == nil || !strings.Contains(err.Error(), "allow this user") {
		t.Errorf("error %v", err)
	}
	holds(t, path, "ancien")
}

// TestStage: until it is committed nothing has changed; discarded, nothing is left.
func TestStage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	write(t, path, "un")
	s, err := atomicfile.Stage(path, []byte("deux"))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "un" {
		t.Errorf("staged, and the file holds %q already", got)
	}
	s.Discard()
	holds(t, path, "un")
	if s, err = atomicfile.Stage(path, []byte("trois")); err != nil {
		t.Fatal(err)
	}
	if changed, err := s.Commit(); err != nil || !changed {
		t.Errorf("%v, %v", changed, err)
	}
	s.Discard()
	holds(t, path, "trois")
}

// TestLinkToNowhere is refused: replacing it would lose where its owner meant the
// file to be.
func TestLinkToNowhere(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "a.txt")
	if err := os.Symlink(filepath.Join(dir, "gone"), link); err != nil {
		if os.Getenv("HDSTEST_TOOLS") == "required" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, and not checked: ", err)
	}
	if _, err := atomicfile.Write(link, []byte("x")); err == nil || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("%v", err)
	}
	if _, err := os.Readlink(link); err != nil {
		t.Error("the link is gone")
	}
}

// TestStageFrom: a text that comes in pieces replaces a file as a whole one does, only if it
// differs, and a piece that fails leaves the file and nothing beside it.
func TestStageFrom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	long := strings.Repeat("0123456789abcdef", 20_000) // more than one chunk
	stage := func(text string, fails error) (*atomicfile.Staged, error) {
		return atomicfile.StageFrom(path, func(w io.Writer) error {
			for rest := text; len(rest) > 0; {
				n := min(1000, len(rest))
				if _, err := io.WriteString(w, rest[:n]); err != nil {
					return err
				}
				rest = rest[n:]
			}
			return fails
		})
	}
	for _, c := range []struct {
		text    string
		changes bool
	}{{long, true}, {long, false}, {long[1:], true}, {long[1:len(long)-1] + "x", true}, {"", true}, {"", false}} {
		s, err := stage(c.text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Unchanged() == c.changes {
			t.Errorf("unchanged %v before the file is replaced", s.Unchanged())
		}
		if changed, err := s.Commit(); err != nil || changed != c.changes {
			t.Errorf("changed %v, %v", changed, err)
		}
		holds(t, path, c.text)
	}
	broken := errors.New("broken")
	if _, err := stage("un", broken); !errors.Is(err, broken) {
		t.Error(err)
	}
	holds(t, path, "")
	s, err := stage("un", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Discard()
	holds(t, path, "")
}

// TestStageFromUnchanged: a text that the file has already needs no other file, not even for a
// while, so that it can be staged on a full disk or in a folder that nobody may write to.
func TestStageFromUnchanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	long := strings.Repeat("0123456789abcdef", 20_000)
	write(t, path, long)
	for text, files := range map[string]int{long: 1, long + "x": 2, long[1:]: 2} {
		most := 0
		s, err := atomicfile.StageFrom(path, func(w io.Writer) error {
			entries, err := os.ReadDir(filepath.Dir(path))
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, len(entries))
			_, err = io.WriteString(w, text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if most != files || s.Unchanged() != (files == 1) {
			t.Errorf("%d bytes: %d files in the folder, unchanged %v", len(text), most, s.Unchanged())
		}
		s.Discard()
	}
}
