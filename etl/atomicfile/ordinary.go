package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The causes of Ordinary's errors.
var (
	ErrNotOrdinary = errors.New("it is not an ordinary file")
	ErrLeadsOut    = errors.New("it is a link that leads out of the workspace")
)

// Ordinary refuses what must not be read as a file of a workspace: a pipe or a device,
// which might never end, and a link to a file that is in none of the folders within. A
// folder that is a link is its owner's way of keeping files elsewhere; a single file
// that is one would carry what it leads to into what is published.
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

// inside tells whether a file without links in its path is in one of some folders.
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

// Read reads an ordinary file whole.
func Read(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: ErrNotOrdinary}
	}
	return os.ReadFile(name)
}
