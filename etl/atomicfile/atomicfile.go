// Package atomicfile writes a file all or nothing, and only if it changes.
package atomicfile

import (
	"bufio"
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

// Write writes data to a file, all or nothing. It writes a temporary file in the same
// folder, syncs it, and renames it over the old file. The mode is 0666 less the umask.
// After an error the old file is unchanged and no temporary file is left. If the file
// already contains data, nothing is written and changed is false.
func Write(path string, data []byte) (changed bool, err error) {
	s, err := Stage(path, data)
	if err != nil {
		return false, err
	}
	return s.Commit()
}

// Staged is a temporary file that is written and synced, ready to replace another file.
type Staged struct {
	path string
	tmp  string // empty if the file already has this content
}

// Stage does the part of Write that may fail for lack of space or permission. So
// several files can be prepared before the first one is replaced. Call Commit or
// Discard afterwards.
func Stage(path string, data []byte) (*Staged, error) {
	return StageFrom(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// StageFrom does what Stage does for a long text, which write writes piece by piece: only
// the disk ever holds all of it. If there is a file already, the text is first compared with
// it, so that a text that is the same needs neither space nor permission: write is called
// once or twice, and has to write the same each time.
func StageFrom(path string, write func(io.Writer) error) (*Staged, error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	// Replace the target of a symbolic link, not the link.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	clean(filepath.Dir(path))
	inChunks := func(w io.Writer) error {
		b := bufio.NewWriterSize(w, chunkSize)
		if err := write(b); err != nil {
			return err
		}
		return b.Flush()
	}
	if writes(path, inChunks) {
		return &Staged{path: path}, nil
	}
	tmp, err := temporary(filepath.Dir(path), inChunks)
	if err != nil {
		return nil, explain(path, err)
	}
	return &Staged{path, tmp}, nil
}

const chunkSize = 64 << 10

// Unchanged reports whether the file already has the content that was staged.
func (s *Staged) Unchanged() bool { return s.tmp == "" }

// Commit replaces the file. It does nothing if the content is unchanged.
func (s *Staged) Commit() (changed bool, err error) {
	if s == nil || s.tmp == "" {
		return false, nil
	}
	if err := os.Rename(s.tmp, s.path); err != nil {
		s.Discard()
		return false, explain(s.path, err)
	}
	s.tmp = ""
	// Sync the folder, so that the new name survives a power failure. The file is
	// already in place, so it is not an error if the file system cannot do this.
	if d, err := os.Open(filepath.Dir(s.path)); err == nil {
		d.Sync()
		d.Close()
	}
	return true, nil
}

// Discard removes the temporary file. After Commit it does nothing.
func (s *Staged) Discard() {
	if s != nil && s.tmp != "" {
		os.Remove(s.tmp)
		s.tmp = ""
	}
}

// Check returns the error that a later write would return, before any work is done.
func Check(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		// A dangling link would be replaced, against its owner's intention.
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

// writes reports whether the file has exactly what write writes. If in doubt it returns false.
func writes(path string, write func(io.Writer) error) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	if err := write(&comparison{rest: f}); err != nil {
		return false
	}
	n, err := f.Read(make([]byte, 1))
	return n == 0 && err == io.EOF
}

// comparison is a writer that accepts only what its reader has.
type comparison struct {
	rest  io.Reader
	chunk [chunkSize]byte
}

var errDiffers = errors.New("the content differs")

func (c *comparison) Write(b []byte) (n int, err error) {
	for n < len(b) {
		part := b[n:min(n+chunkSize, len(b))]
		has := c.chunk[:len(part)]
		if _, err := io.ReadFull(c.rest, has); err != nil || !bytes.Equal(has, part) {
			return n, errDiffers
		}
		n += len(part)
	}
	return n, nil
}

// The name of a temporary file contains the id of the process that writes it, so that
// files left by killed processes can be recognised.
const tmpPrefix, tmpSuffix = ".hdsreport-", ".tmp"

// clean removes temporary files that killed processes have left in a folder. It ignores
// errors, since the files do no harm.
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

// gone reports whether there is no process with this id. If in doubt it returns false.
func gone(pid int) bool {
	p, err := os.FindProcess(pid)
	return err == nil && errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// temporary makes a new file of what write writes, and syncs it.
func temporary(dir string, write func(io.Writer) error) (name string, err error) {
	var tmp *os.File
	for { // not os.CreateTemp, which makes files private
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
			tmp.Close() // the error of closing twice is ignored
			os.Remove(tmp.Name())
		}
	}()
	if err := write(tmp); err != nil {
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
