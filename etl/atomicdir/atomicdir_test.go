package atomicdir

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const name = "manifest.json"

// tree is a folder of some files with its manifest.
func tree(files map[string]string) Tree {
	t := Tree{Manifest: name, Files: map[string][]byte{}}
	m := manifest{Files: map[string]string{}}
	for address, text := range files {
		t.Files[address] = []byte(text)
		sum := sha256.Sum256([]byte(text))
		m.Files[address] = hex.EncodeToString(sum[:])
	}
	t.Files[name], _ = json.Marshal(m)
	return t
}

// put stages and commits.
func put(t *testing.T, dir string, tr Tree) (*Staged, bool) {
	t.Helper()
	s, err := Stage(dir, tr)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := s.Commit()
	if err != nil {
		t.Fatal(err)
	}
	return s, changed
}

// holds gives all files below a folder but the manifest.
func holds(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == name {
			return err
		}
		text, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write1(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestReplace: what is new comes, what is gone goes, others' files stay, and the same
// again writes nothing. It holds with an exchange in one step and without.
func TestReplace(t *testing.T) {
	for _, how := range []string{"exchange", "renames"} {
		t.Run(how, func(t *testing.T) {
			if how == "renames" {
				swap = func(a, b string) error { return errCannot }
				defer func() { swap = exchange }()
			}
			dir := filepath.Join(t.TempDir(), "a", "site")
			if _, changed := put(t, dir, tree(map[string]string{"x": "1", "d/y": "2", "d/z": "3"})); !changed {
				t.Error("a new folder is no change")
			}
			if _, changed := put(t, dir, tree(map[string]string{"x": "1", "d/y": "2", "d/z": "3"})); changed {
				t.Error("the same is a change")
			}
			write1(t, filepath.Join(dir, "CNAME"), "c")
			write1(t, filepath.Join(dir, "d", "token"), "t")
			write1(t, filepath.Join(dir, "theirs", "deep", "f"), "f")
			write1(t, filepath.Join(dir, "x"), "edited")
			s, changed := put(t, dir, tree(map[string]string{"x": "1", "d/y": "4"}))
			if !changed || !slices.Equal(s.Edited, []string{"x"}) {
				t.Errorf("changed %v, edited %v", changed, s.Edited)
			}
			want := map[string]string{"x": "1", "d/y": "4", "CNAME": "c", "d/token": "t", "theirs/deep/f": "f"}
			if diff := cmp.Diff(want, holds(t, dir)); diff != "" {
				t.Error(diff)
			}
			if _, changed := put(t, dir, tree(map[string]string{"x": "1", "d/y": "4"})); changed {
				t.Error("others' files are a change")
			}
			if entries, _ := os.ReadDir(filepath.Dir(dir)); len(entries) != 1 {
				t.Errorf("left beside: %v", entries)
			}
		})
	}
}

// TestForeign: a folder of somebody else's is not replaced, nor a file at an address of ours.
func TestForeign(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "home")
	write1(t, filepath.Join(dir, "letter"), "dear")
	refused := func(tr Tree) {
		t.Helper()
		if _, err := Stage(dir, tr); !errors.Is(err, ErrForeign) {
			t.Errorf("%v", err)
		}
	}
	refused(tree(map[string]string{"x": "1"}))
	if err := Check(dir, name); !errors.Is(err, ErrForeign) {
		t.Errorf("%v", err)
	}
	dir = filepath.Join(t.TempDir(), "site")
	put(t, dir, tree(map[string]string{"x": "1"}))
	write1(t, filepath.Join(dir, "y"), "theirs")
	refused(tree(map[string]string{"x": "1", "y": "2"}))
	refused(tree(map[string]string{"x": "1", "y/z": "2"}))
	if err := os.Remove(filepath.Join(dir, "y")); err != nil {
		t.Fatal(err)
	}
	write1(t, filepath.Join(dir, "y", "theirs"), "t")
	refused(tree(map[string]string{"x": "1", "y": "2"}))
	put(t, dir, tree(map[string]string{"x": "1", "y/z": "2"}))
	if diff := cmp.Diff(map[string]string{"x": "1", "y/theirs": "t", "y/z": "2"}, holds(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// TestMend: whatever a killed process leaves, the next one finds the old folder or the new
// one, and sweeps the rest.
func TestMend(t *testing.T) {
	const dead = 1 << 30 // no process has this id
	for _, k := range []struct {
		name           string
		here, new, old string // "" is absent, "half" has no manifest
		want           string
	}{
		{"before the exchange", "a", "half", "", "a"},
		{"after the exchange", "b", "a", "", "b"},
		{"between two renames", "", "b", "a", "b"},
		{"between two renames, and the new one is not whole", "", "half", "a", "a"},
		{"between two renames, and the new one is empty", "", "empty", "a", "a"},
		{"between two renames, and the new one is gone", "", "", "a", "a"},
		{"after two renames", "b", "", "a", "b"},
		{"the first one of all", "", "half", "", ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "site")
			for place, what := range map[string]string{dir: k.here, beside(dir, "new", dead): k.new,
				beside(dir, "old", dead): k.old} {
				switch what {
				case "":
				case "half":
					write1(t, filepath.Join(place, "x"), "half")
				case "empty":
					if err := os.Mkdir(place, 0o777); err != nil {
						t.Fatal(err)
					}
				default:
					put(t, place, tree(map[string]string{"x": what}))
				}
			}
			if err := mend(dir, name); err != nil {
				t.Fatal(err)
			}
			got := ""
			if text, err := os.ReadFile(filepath.Join(dir, "x")); err == nil {
				got = string(text)
			}
			entries, _ := os.ReadDir(filepath.Dir(dir))
			if most := map[bool]int{true: 1}[k.want != ""]; got != k.want || len(entries) != most {
				t.Errorf("%q and %v, want %q", got, entries, k.want)
			}
		})
	}
}

// TestLinks: a link of somebody's is carried over as a link, and a folder that is one is
// replaced where it points to.
func TestLinks(t *testing.T) {
	real := filepath.Join(t.TempDir(), "real")
	put(t, real, tree(map[string]string{"x": "1"}))
	if err := os.Symlink("elsewhere", filepath.Join(real, "link")); err != nil {
		if os.Getenv("HDSTEST_TOOLS") == "required" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, and not checked: ", err)
	}
	dir := filepath.Join(t.TempDir(), "site")
	if err := os.Symlink(real, dir); err != nil {
		t.Fatal(err)
	}
	put(t, dir, tree(map[string]string{"x": "2"}))
	if to, err := os.Readlink(filepath.Join(real, "link")); err != nil || to != "elsewhere" {
		t.Errorf("%q, %v", to, err)
	}
	if text, err := os.ReadFile(filepath.Join(real, "x")); err != nil || string(text) != "2" {
		t.Errorf("%s, %v", text, err)
	}
	if info, err := os.Lstat(dir); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link was replaced", fmt.Sprint(err))
	}
}

// TestNotReplaced: what is no folder of ours is left as it is, and an empty folder is free.
func TestNotReplaced(t *testing.T) {
	for what, prepare := range map[string]func(dir string) error{
		"a file":               func(dir string) error { return os.WriteFile(dir, nil, 0o666) },
		"a link to nowhere":    func(dir string) error { return os.Symlink(dir+"-gone", dir) },
		"no manifest in it":    func(dir string) error { return os.MkdirAll(filepath.Join(dir, "theirs"), 0o777) },
		"a folder as manifest": func(dir string) error { return os.MkdirAll(filepath.Join(dir, name), 0o777) },
		"another file's manifest": func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o777), os.WriteFile(dir+"-m", tree(nil).Files[name], 0o666), os.Symlink(dir+"-m", filepath.Join(dir, name)))
		},
		"a cut manifest": func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o777), os.WriteFile(filepath.Join(dir, name), []byte(`{"files`), 0o666))
		},
		"another manifest": func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o777), os.WriteFile(filepath.Join(dir, name), []byte(`{"name":"app"}`), 0o666))
		},
	} {
		dir := filepath.Join(t.TempDir(), "site")
		if err := prepare(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := Stage(dir, tree(map[string]string{"x": "1"})); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, changed := put(t, t.TempDir(), tree(map[string]string{"x": "1"})); !changed {
		t.Error("an empty folder was not filled")
	}
}

// TestFound: what has become of the files of ours meanwhile, and of others' beside them.
func TestFound(t *testing.T) {
	for what, c := range map[string]struct {
		now     map[string]string // what is written next
		change  func(dir string)  // of a folder with x and d/y
		edited  []string
		want    map[string]string // nil for a folder that must not be replaced
		refused bool
	}{
		"a file of ours deleted": {now: map[string]string{"x": "1", "d/y": "2"}, change: func(dir string) { os.Remove(filepath.Join(dir, "x")) },
			want: map[string]string{"x": "1", "d/y": "2"}},
		"a file of ours made a link to the same": {now: map[string]string{"x": "1", "d/y": "2"}, change: func(dir string) {
			os.Rename(filepath.Join(dir, "x"), dir+"-x")
			os.Symlink(dir+"-x", filepath.Join(dir, "x"))
		}, edited: []string{"x"}, want: map[string]string{"x": "1", "d/y": "2"}},
		"emptied, and it goes": {now: map[string]string{"d/y": "2"}, change: func(dir string) { os.Truncate(filepath.Join(dir, "x"), 0) },
			edited: []string{"x"}, want: map[string]string{"d/y": "2"}},
		"the folder goes, their file in it stays": {now: map[string]string{"x": "1"}, change: func(dir string) { os.WriteFile(filepath.Join(dir, "d", "token"), []byte("t"), 0o666) },
			want: map[string]string{"x": "1", "d/token": "t"}},
		"a folder in place of our file that goes": {now: map[string]string{"d/y": "2"}, change: func(dir string) {
			os.Remove(filepath.Join(dir, "x"))
			os.Mkdir(filepath.Join(dir, "x"), 0o777)
		}, refused: true},
		"their file in their folder that becomes ours": {now: map[string]string{"x": "1", "t/z": "3"}, change: func(dir string) {
			os.Mkdir(filepath.Join(dir, "t"), 0o777)
			os.WriteFile(filepath.Join(dir, "t", "z"), []byte("t"), 0o666)
		}, refused: true},
	} {
		dir := filepath.Join(t.TempDir(), "site")
		put(t, dir, tree(map[string]string{"x": "1", "d/y": "2"}))
		c.change(dir)
		if c.refused {
			if _, err := Stage(dir, tree(c.now)); !errors.Is(err, ErrForeign) {
				t.Errorf("%s: %v", what, err)
			}
			continue
		}
		s, changed := put(t, dir, tree(c.now))
		if diff := cmp.Diff(c.want, holds(t, dir)); diff != "" || !changed || !slices.Equal(s.Edited, c.edited) {
			t.Errorf("%s: changed %v, edited %v, %s", what, changed, s.Edited, diff)
		}
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if d.Type()&fs.ModeSymlink != 0 {
				t.Errorf("%s: %s is still a link", what, p)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestCarried: others' files keep their texts, modes and days, and their empty folders stay, also
// where no file can have two names. What is neither a file, a folder nor a link is not touched.
func TestCarried(t *testing.T) {
	day := time.Date(2019, 6, 17, 0, 0, 0, 0, time.UTC)
	for how, l := range map[string]func(from, to string) error{"links": os.Link, "copies": func(string, string) error { return fs.ErrPermission }} {
		link = l
		defer func() { link = os.Link }()
		dir := filepath.Join(t.TempDir(), "site")
		put(t, dir, tree(map[string]string{"x": "1"}))
		theirs := filepath.Join(dir, "theirs", "f")
		write1(t, theirs, "text")
		if err := errors.Join(os.Chmod(theirs, 0o600), os.Chtimes(theirs, day, day), os.Mkdir(filepath.Join(dir, "empty"), 0o700)); err != nil {
			t.Fatal(err)
		}
		put(t, dir, tree(map[string]string{"x": "2"}))
		text, _ := os.ReadFile(theirs)
		info, err := os.Stat(theirs)
		if err != nil || string(text) != "text" || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" || !info.ModTime().Equal(day) {
			t.Errorf("%s: %q, %v, %v", how, text, info, err)
		}
		if info, err := os.Stat(filepath.Join(dir, "empty")); err != nil || info.Mode().Perm() != 0o700 && runtime.GOOS != "windows" {
			t.Errorf("%s: the empty folder: %v, %v", how, info, err)
		}
		socket, err := net.Listen("unix", filepath.Join(dir, "s"))
		if err != nil {
			if os.Getenv("HDSTEST_TOOLS") == "required" {
				t.Fatal(err)
			}
			t.Skip("SKIPPED, and not checked: ", err)
		}
		if _, err := Stage(dir, tree(map[string]string{"x": "3"})); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: a socket: %v", how, err)
		}
		socket.Close()
	}
}

// TestCommitFails: what cannot be exchanged in one step is in two, and any other failure leaves
// the old folder and nothing beside it.
func TestCommitFails(t *testing.T) {
	defer func() { swap = exchange }()
	for what, c := range map[string]struct {
		swap func(a, b string) error
		want string
	}{
		"unknown here":        {func(a, b string) error { return errCannot }, "2"},
		"unknown argument":    {func(a, b string) error { return syscall.EINVAL }, "2"},
		"unknown call":        {func(a, b string) error { return syscall.ENOSYS }, "2"},
		"not supported":       {func(a, b string) error { return fmt.Errorf("x: %w", errors.ErrUnsupported) }, "2"},
		"a disk that is lost": {func(a, b string) error { return syscall.EIO }, "1"},
		"a new folder that is lost": {func(a, b string) error {
			os.RemoveAll(a)
			return errCannot
		}, "1"},
	} {
		dir := filepath.Join(t.TempDir(), "a", "site")
		swap = exchange
		put(t, dir, tree(map[string]string{"x": "1"}))
		s, err := Stage(dir, tree(map[string]string{"x": "2"}))
		if err != nil {
			t.Fatal(err)
		}
		swap = c.swap
		changed, err := s.Commit()
		text, _ := os.ReadFile(filepath.Join(dir, "x"))
		if done := c.want == "2"; string(text) != c.want || changed != done || (err == nil) != done {
			t.Errorf("%s: %s, changed %v, %v", what, text, changed, err)
		}
		if entries, _ := os.ReadDir(filepath.Dir(dir)); len(entries) != 1 {
			t.Errorf("%s: left beside: %v", what, entries)
		}
	}
}

// TestDiscard: a new folder that is not wanted goes, and nothing else does: neither what was
// committed, nor a manifest where the program runs.
func TestDiscard(t *testing.T) {
	here := t.TempDir()
	t.Chdir(here)
	write1(t, filepath.Join(here, name), "theirs")
	dir := filepath.Join(t.TempDir(), "a", "site")
	var none *Staged
	if changed, err := none.Commit(); changed || err != nil {
		t.Errorf("%v, %v", changed, err)
	}
	none.Discard()
	s, err := Stage(dir, tree(map[string]string{"x": "1"}))
	if err != nil {
		t.Fatal(err)
	}
	s.Discard()
	if entries, _ := os.ReadDir(filepath.Dir(dir)); len(entries) != 0 {
		t.Errorf("left: %v", entries)
	}
	s, _ = put(t, dir, tree(map[string]string{"x": "1"}))
	s.Discard()
	s, _ = put(t, dir, tree(map[string]string{"x": "1"}))
	s.Discard()
	if diff := cmp.Diff(map[string]string{"x": "1"}, holds(t, dir)); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(filepath.Join(here, name)); err != nil {
		t.Error(err)
	}
}

// TestManifestIsLast: a folder that was not written to its end does not look whole.
func TestManifestIsLast(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if err := write(dir, tree(map[string]string{"x": "1", "a/b": "2"})); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the manifest is there before the rest is synced")
	}
}

// TestMendOnlyOurs: only what a process of ours has left is swept, not what another one is about
// to exchange, nor a folder that is called like a number.
func TestMendOnlyOurs(t *testing.T) {
	const dead = 1 << 30
	dir := filepath.Join(t.TempDir(), "site")
	put(t, dir, tree(map[string]string{"x": "1"}))
	stay := []string{fmt.Sprint(dead), ".site.new-x", ".site.new-0", ".site.new--7", ".site.new-", fmt.Sprintf(".other.new-%d", dead),
		fmt.Sprintf(".site.new-%d", os.Getppid()), "site"}
	left := []string{fmt.Sprintf(".site.new-%d", os.Getpid()), fmt.Sprintf(".site.old-%d", dead)}
	for _, e := range slices.Concat(stay, left) {
		if err := os.MkdirAll(filepath.Join(filepath.Dir(dir), e), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := mend(dir, name); err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(filepath.Dir(dir))
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(stay)
	if diff := cmp.Diff(stay, got); diff != "" {
		t.Error(diff)
	}
}
