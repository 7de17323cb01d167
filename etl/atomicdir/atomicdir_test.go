package atomicdir

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

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
		t.Skip(err)
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
