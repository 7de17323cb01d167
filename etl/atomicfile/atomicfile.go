// Package atomicfile writes a file whole or not at all, and only if it changed.
package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"hdsreport/etl/message"
)

// Write puts data in a file, all or nothing: the bytes go to a temporary file in
// the same folder, reach the disk, and take the old file's place in one step,
// with mode 0666 less the umask. On any error the old file is as it was and no temporary file is
// left. Where the file already holds these very bytes, nothing is written and
// changed is false.
func Write(path string, data []byte) (changed bool, err error) {
	s, err := Stage(path, data)
	if err != nil {
		return false, err
	}
	return s.Commit()
}

// Staged is a file that is written and on the disk, beside the one whose place it is
// to take.
type Staged struct {
	path string
	tmp  string // empty where the file holds the bytes already
}

// Stage does the part of Write that may fail for want of space or permission, so
// that several files can be ready before the first of them is replaced. It is
// followed by Commit or Discard.
func Stage(path string, data []byte) (*Staged, error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	// Behind a symbolic link, the file that it names is replaced, not the link.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	clean(filepath.Dir(path))
	if same(path, data) {
		return &Staged{path: path}, nil
	}
	tmp, err := temporary(filepath.Dir(path), data)
	if err != nil {
		return nil, explain(path, err)
	}
	return &Staged{path, tmp}, nil
}

// Commit puts the file in its place. Of nothing staged there is nothing to do.
func (s *Staged) Commit() (changed bool, err error) {
	if s == nil || s.tmp == "" {
		return false, nil
	}
	if err := os.Rename(s.tmp, s.path); err != nil {
		s.Discard()
		return false, explain(s.path, err)
	}
	s.tmp = ""
	// The new name must survive a power cut too; the file is in place by now, so
	// that a file system which cannot sync a folder is no reason to fail.
	if d, err := os.Open(filepath.Dir(s.path)); err == nil {
		d.Sync()
		d.Close()
	}
	return true, nil
}

// Discard leaves things as they were. After Commit it does nothing.
func (s *Staged) Discard() {
	if s != nil && s.tmp != "" {
		os.Remove(s.tmp)
		s.tmp = ""
	}
}

// Check refuses before any work what a write would refuse after it.
func Check(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		// A link to nowhere would be replaced, and with it what its owner meant.
		if to, err := os.Readlink(path); err == nil {
			return message.Fail(nil, "file-link-nowhere", "file", path, "to", to)
		}
	}
	switch {
	case err == nil && info.IsDir():
		return message.Fail(nil, "file-is-folder", "file", path)
	case err == nil && !info.Mode().IsRegular():
		return message.Fail(nil, "file-is-special", "file", path)
	case err == nil:
		return nil
	}
	dir := filepath.Dir(path)
	info, err = os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return message.Fail(nil, "file-no-folder", "folder", dir)
	case err != nil:
		return explain(path, err)
	case !info.IsDir():
		return message.Fail(nil, "file-not-folder", "folder", dir)
	}
	return nil
}

// same tells that the file holds exactly these bytes. Any doubt is a no: writing
// again is harmless.
func same(path string, want []byte) bool {
	info, err := os.Stat(path)
	if err != nil || info.Size() != int64(len(want)) {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	chunk := make([]byte, 64<<10)
	for {
		n, err := f.Read(chunk)
		if n > len(want) || !bytes.Equal(chunk[:n], want[:n]) {
			return false
		}
		want = want[n:]
		if err == io.EOF {
			return len(want) == 0
		}
		if err != nil {
			return false
		}
	}
}

// A temporary file is named after the process that writes it, so that one which a
// killed process has left is known for that.
const tmpPrefix, tmpSuffix = ".hdsreport-", ".tmp"

// clean removes from a folder what killed processes have left there. It is a courtesy:
// what cannot be removed is in nobody's way.
func clean(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		owner, ours := strings.CutPrefix(e.Name(), tmpPrefix)
		pid, rest, _ := strings.Cut(owner, "-")
		if n, err := strconv.Atoi(pid); ours && err == nil && n > 0 && strings.HasSuffix(rest, tmpSuffix) && gone(n) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// gone tells that no such process runs. Any doubt is a no.
func gone(pid int) bool {
	p, err := os.FindProcess(pid)
	return err == nil && errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// temporary writes a new file, to the disk.
func temporary(dir string, data []byte) (name string, err error) {
	var tmp *os.File
	for { // not os.CreateTemp, which keeps the file from everybody else
		name = filepath.Join(dir, fmt.Sprintf("%s%d-%08x%s", tmpPrefix, os.Getpid(), rand.Uint32(), tmpSuffix))
		if tmp, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666); !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			tmp.Close() // closed twice at worst, which is an error that nobody needs
			os.Remove(tmp.Name())
		}
	}()
	if _, err := tmp.Write(data); err != nil {
		return "", err
	}
	if err := tmp.Sync(); err != nil {
		return "", err
	}
	return tmp.Name(), tmp.Close()
}

func explain(path string, err error) error {
	dir := filepath.Dir(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return message.Fail(err, "file-permission", "folder", dir, "why", err)
	case errors.Is(err, fs.ErrNotExist):
		return message.Fail(err, "file-folder-gone", "folder", dir, "why", err)
	default:
		return message.Fail(err, "file-unwritten", "file", path, "why", err)
	}
}
