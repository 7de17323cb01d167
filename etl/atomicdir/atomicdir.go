// Package atomicdir replaces a folder of files, all or nothing, and only if it changes.
//
// A new folder is written beside the old one, as .NAME.new-<process id>, and the two are
// exchanged in one step where the system can do that (exchange_linux.go,
// exchange_darwin.go). Elsewhere the old folder is renamed away to .NAME.old-<process id>
// before the new one takes its name; the next run completes an exchange that was cut in
// between. The last file of a folder is its manifest, which names all files that the
// program wrote, with their hashes: a folder with it is whole, and what it does not name
// belongs to somebody else and is kept.
package atomicdir

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"hdsreport/etl/cores"
	"hdsreport/etl/message"
)

// ErrForeign is the cause of an error because a folder, or a file in it, is somebody
// else's and must not be replaced.
var ErrForeign = errors.New("not written by this program")

// Tree is the content of a folder.
type Tree struct {
	Manifest string            // its name
	Files    map[string][]byte // by path with slashes; the manifest among them
}

// manifest is what this package reads of one.
type manifest struct {
	Files map[string]string `json:"files"` // SHA-256 by path
}

// Staged is a folder that is written and synced, ready to replace another one.
type Staged struct {
	dir, tmp string // tmp is empty if the folder has this content already
	manifest string
	// Edited are files of ours that somebody has changed, in order. They are written anew.
	Edited []string
}

// Check returns the error that Stage would return for a folder that must not be replaced.
func Check(dir, manifest string) error {
	_, err := examine(dir, manifest)
	return err
}

// examine reads the manifest of a folder that may be replaced: one that is absent, empty,
// or holds a manifest. For the first two the result is nil.
func examine(dir, name string) (*manifest, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if to, err := os.Readlink(dir); err == nil {
			return nil, message.Fail(ErrForeign, "folder-link-nowhere", "folder", dir, "to", to)
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, message.Fail(ErrForeign, "folder-is-file", "folder", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	var m manifest
	info, err = os.Lstat(filepath.Join(dir, name))
	if err != nil || !info.Mode().IsRegular() {
		return nil, message.Fail(ErrForeign, "folder-foreign", "folder", dir, "manifest", name)
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &m); err != nil || m.Files == nil {
		return nil, message.Fail(ErrForeign, "folder-manifest", "folder", dir, "manifest", name)
	}
	return &m, nil
}

// Stage writes the new folder beside the old one and syncs it. Files of the old one that
// its manifest does not name are carried over; one that stands where a new file goes is an
// error. Call Commit or Discard afterwards.
func Stage(dir string, t Tree) (*Staged, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return nil, err
	}
	if err := mend(dir, t.Manifest); err != nil {
		return nil, err
	}
	was, err := examine(dir, t.Manifest)
	if err != nil {
		return nil, err
	}
	s := &Staged{dir: dir, manifest: t.Manifest}
	foreign, same, err := s.compare(was, t)
	if err != nil || same {
		return s, err
	}
	s.tmp = beside(dir, "new", os.Getpid())
	if err := s.fill(foreign, t); err != nil {
		s.Discard()
		return nil, err
	}
	return s, nil
}

// fill writes the new folder, its manifest last, and syncs it.
func (s *Staged) fill(foreign []string, t Tree) error {
	if err := write(s.tmp, t); err != nil {
		return err
	}
	if err := s.carry(foreign); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.tmp, t.Manifest), t.Files[t.Manifest], 0o666); err != nil {
		return err
	}
	return syncTree(s.tmp)
}

// compare finds the files that belong to others, and whether nothing would change.
func (s *Staged) compare(was *manifest, t Tree) (foreign []string, same bool, err error) {
	if was == nil {
		return nil, false, nil
	}
	same = len(was.Files)+1 == len(t.Files)
	parents, wereParents := parentsOf(t.Files), parentsOf(was.Files)
	var mine []found
	err = filepath.WalkDir(s.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == s.dir {
			return err
		}
		rel, err := filepath.Rel(s.dir, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		_, ours := t.Files[rel]
		_, wasOurs := was.Files[rel]
		wasOurs = wasOurs || rel == s.manifest
		switch {
		case d.IsDir() && (ours || wasOurs):
			return message.Fail(ErrForeign, "folder-file-foreign", "file", name)
		case d.IsDir() && (parents[rel] || wereParents[rel]):
			return nil
		case d.IsDir():
			foreign = append(foreign, rel)
			return fs.SkipDir
		case !wasOurs && (ours || parents[rel]):
			return message.Fail(ErrForeign, "folder-file-foreign", "file", name)
		case !wasOurs:
			foreign = append(foreign, rel)
			return nil
		}
		mine = append(mine, found{rel, d.Type().IsRegular(), ours})
		return nil
	})
	if err != nil {
		return foreign, false, err
	}
	same = same && len(mine) == len(t.Files)
	states, errs := make([]state, len(mine)), make([]error, len(mine))
	cores.Every(len(mine), func(i int) {
		states[i], errs[i] = s.state(mine[i], t.Files[mine[i].name], was.Files[mine[i].name])
	})
	for i, f := range mine {
		if errs[i] != nil {
			return foreign, false, errs[i]
		}
		same = same && states[i] == asItShould
		if states[i] == edited {
			s.Edited = append(s.Edited, f.name)
		}
	}
	return foreign, same, nil
}

// found is a file of ours in the old folder. What has become anything else than a file is
// not what was written.
type found struct {
	name    string
	regular bool
	stays   bool // in the new folder
}

// state is how a file of ours stands.
type state int

const (
	older      state = iota // as it was written, and different now
	asItShould              // what would be written
	edited                  // somebody has changed it
)

// buffers hold files while they are compared: hundreds that would each take new memory.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// state compares a file of ours with what it should be and with the hash of what was
// written.
func (s *Staged) state(f found, want []byte, sum string) (state, error) {
	text := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(text)
	text.Reset()
	if f.regular {
		file, err := os.Open(filepath.Join(s.dir, filepath.FromSlash(f.name)))
		if err != nil {
			return older, err
		}
		defer file.Close()
		text.Grow(len(want) + bytes.MinRead)
		if _, err := text.ReadFrom(file); err != nil {
			return older, err
		}
	}
	if f.regular && f.stays && bytes.Equal(text.Bytes(), want) {
		return asItShould, nil
	}
	if hash := sha256.Sum256(text.Bytes()); f.name != s.manifest && hex.EncodeToString(hash[:]) != sum {
		return edited, nil
	}
	return older, nil
}

// parentsOf returns the folders that files are in, at any depth.
func parentsOf[V any](files map[string]V) map[string]bool {
	out := map[string]bool{}
	for name := range files {
		for dir := path.Dir(name); dir != "." && !out[dir]; dir = path.Dir(dir) {
			out[dir] = true
		}
	}
	return out
}

// write writes all files but the manifest, several at the same time. The error is that of
// the first file that cannot be written.
func write(dir string, t Tree) error {
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(t.Files))
	names = slices.DeleteFunc(names, func(rel string) bool { return rel == t.Manifest })
	for _, parent := range slices.Sorted(maps.Keys(parentsOf(t.Files))) {
		if err := os.Mkdir(filepath.Join(dir, filepath.FromSlash(parent)), 0o777); err != nil {
			return err
		}
	}
	errs := make([]error, len(names))
	var failed atomic.Bool
	cores.Every(len(names), func(i int) {
		if failed.Load() {
			return
		}
		if errs[i] = os.WriteFile(filepath.Join(dir, filepath.FromSlash(names[i])), t.Files[names[i]], 0o666); errs[i] != nil {
			failed.Store(true)
		}
	})
	return cmp.Or(errs...)
}

// carry takes others' files over, as they are: with a hard link where that is possible.
func (s *Staged) carry(foreign []string) error {
	for _, rel := range foreign {
		from := filepath.Join(s.dir, filepath.FromSlash(rel))
		err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			inside, err := filepath.Rel(s.dir, name)
			if err != nil {
				return err
			}
			to := filepath.Join(s.tmp, inside)
			if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
				return err
			}
			return carryOne(name, to, d)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// link gives a file a second name, where the file system can do that.
var link = os.Link

func carryOne(from, to string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	switch {
	case d.IsDir():
		if err := os.MkdirAll(to, 0o777); err != nil {
			return err
		}
		return os.Chmod(to, info.Mode().Perm()|0o700)
	case d.Type()&fs.ModeSymlink != 0:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	case !d.Type().IsRegular():
		return message.Fail(ErrForeign, "folder-file-special", "file", from)
	case link(from, to) == nil:
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}

// swap exchanges two folders in one step. A system that cannot returns errCannot.
var swap = exchange

var errCannot = errors.New("no exchange in one step")

// cannot reports whether the error of an exchange says that the system or the file system
// does not know it.
func cannot(err error) bool {
	return errors.Is(err, errCannot) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSYS) ||
		errors.Is(err, errors.ErrUnsupported)
}

// Commit replaces the folder. It does nothing if the content is unchanged.
func (s *Staged) Commit() (changed bool, err error) {
	if s == nil || s.tmp == "" {
		return false, nil
	}
	old := s.tmp // after the exchange
	_, err = os.Lstat(s.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = ""
		err = os.Rename(s.tmp, s.dir)
	case err == nil:
		if err = swap(s.tmp, s.dir); err != nil && cannot(err) {
			old = beside(s.dir, "old", os.Getpid())
			err = s.replace(old)
		}
	}
	if err != nil {
		s.Discard()
		return false, err
	}
	s.tmp = ""
	syncFolder(filepath.Dir(s.dir))
	if old != "" {
		remove(old, s.manifest) // what is left of it is swept by the next run
	}
	return true, nil
}

// replace does in two steps what exchange does in one. If the second fails, the first is
// taken back.
func (s *Staged) replace(old string) error {
	if err := os.Rename(s.dir, old); err != nil {
		return err
	}
	if err := os.Rename(s.tmp, s.dir); err != nil {
		return errors.Join(err, os.Rename(old, s.dir))
	}
	return nil
}

// Discard removes the new folder. After Commit it does nothing.
func (s *Staged) Discard() {
	if s != nil && s.tmp != "" {
		remove(s.tmp, s.manifest)
		s.tmp = ""
	}
}

// remove removes a folder, its manifest first: half a folder must not look whole.
func remove(dir, manifest string) {
	if err := os.Remove(filepath.Join(dir, manifest)); err == nil || errors.Is(err, fs.ErrNotExist) {
		os.RemoveAll(dir)
	}
}

// beside is the name of a folder that stands in for another one.
func beside(dir, what string, pid int) string {
	return filepath.Join(filepath.Dir(dir), fmt.Sprintf(".%s.%s-%d", filepath.Base(dir), what, pid))
}

// mend completes what a killed process has begun, and sweeps what it left.
func mend(dir, manifest string) error {
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return err
	}
	var left [2][]string // new, old
	for _, e := range entries {
		for k, what := range []string{"new", "old"} {
			rest, ours := strings.CutPrefix(e.Name(), "."+filepath.Base(dir)+"."+what+"-")
			if pid, err := strconv.Atoi(rest); ours && err == nil && pid > 0 && (pid == os.Getpid() || gone(pid)) {
				left[k] = append(left[k], filepath.Join(filepath.Dir(dir), e.Name()))
			}
		}
	}
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) && len(left[1]) > 0 {
		// Cut between two renames: the new folder is whole, or the old one goes back.
		whole := left[1][len(left[1])-1]
		for _, name := range left[0] {
			if was, err := examine(name, manifest); err == nil && was != nil {
				whole = name
			}
		}
		if err := os.Rename(whole, dir); err != nil {
			return err
		}
	}
	for _, name := range slices.Concat(left[0], left[1]) {
		remove(name, manifest)
	}
	return nil
}

// gone reports whether there is no process with this id. If in doubt it returns false.
func gone(pid int) bool {
	p, err := os.FindProcess(pid)
	return err == nil && errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// syncFolder makes new names survive a power failure, where the file system can do that.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
}

// syncEach syncs every file of a folder.
func syncEach(dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		return f.Sync()
	})
}
