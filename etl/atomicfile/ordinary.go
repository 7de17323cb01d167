package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Causes of the errors of Ordinary.
var (
	ErrNotOrdinary = errors.New("it is not an ordinary file")
	ErrLeadsOut    = errors.New("it is a link that leads out of the workspace")
)

// Ordinary returns an error if a file of a workspace must not be read: a pipe or a
// device, which might never end, or a link to a file outside the folders within. A
// linked folder is allowed, as its owner's way of keeping files elsewhere. A linked
// file could bring another file's content into what is published.
func Ordinary(name string, within ...string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular() && !info.IsDir():
		return ErrNotOrdinary
	}
	if info, err = os.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		real, err := filepath.EvalSymlinks(name)
		if err != nil {
			return err
		}
		if !inside(real, append(within, filepath.Dir(name))) {
			return ErrLeadsOut
		}
	}
	return err
}

// inside reports whether a file, whose path contains no links, is in one of the
// folders.
func inside(file string, folders []string) bool {
	abs, err := filepath.Abs(file)
	if err != nil {
		return false
	}
	for _, f := range folders {
		real, err := filepath.EvalSymlinks(f)
		if err != nil {
			continue
		}
		if real, err = filepath.Abs(real); err != nil {
			continue
		}
		rel, err := filepath.Rel(real, abs)
		if err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// Read reads a whole regular file.
func Read(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: ErrNotOrdinary}
	}
	return os.ReadFile(name)
}
