package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"hdsreport/etl/message"
)

// An edition is written all or nothing: first into a folder beside the editions whose
// name begins with a dot, so that no run reads it, and then renamed in one step. The
// next fetch removes what is left after a crash.

// stagePrefix is the prefix of such a folder's name.
const stagePrefix = ".fetch-"

// Clean removes the remains of interrupted fetches among the editions. It renames a
// folder before deleting it, so that a folder that another fetch is about to put in
// place is either complete or absent.
func Clean(editions string) error {
	entries, err := os.ReadDir(editions)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), stagePrefix) {
			continue
		}
		old := filepath.Join(editions, e.Name())
		if !strings.HasSuffix(old, ".old") {
			if err := os.Rename(old, old+".old"); err != nil {
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				return err
			}
			old += ".old"
		}
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
	return nil
}

// files maps the names of an edition's files, with slashes, to their content.
type files map[string][]byte

// write creates a new edition. It fails if a folder that is not empty already exists.
func (f files) write(editions, name string) (err error) {
	if err := os.MkdirAll(editions, 0o777); err != nil {
		return message.Fail(err, "fetch-no-folder", "folder", filepath.ToSlash(editions), "why", err)
	}
	stage, err := newFolder(filepath.Join(editions, stagePrefix+name))
	if err != nil {
		return message.Fail(err, "fetch-no-room", "folder", filepath.ToSlash(editions), "why", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(stage))
		}
	}()
	folders := map[string]bool{stage: true}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		to := filepath.Join(stage, filepath.FromSlash(name))
		if dir := path.Dir(name); dir != "." && !folders[filepath.Dir(to)] {
			if err := os.Mkdir(filepath.Dir(to), 0o777); err != nil {
				return unwritten(err)
			}
			folders[filepath.Dir(to)] = true
		}
		if err := writeFile(to, f[name]); err != nil {
			return unwritten(err)
		}
	}
	for folder := range folders {
		syncFolder(folder)
	}
	if err := os.Rename(stage, filepath.Join(editions, name)); err != nil {
		return message.Fail(err, "fetch-not-placed", "folder", filepath.ToSlash(filepath.Join(editions, name)),
			"why", err)
	}
	syncFolder(editions)
	return nil
}

// newFolder creates a folder whose name has a prefix. Unlike os.MkdirTemp, it lets
// others read the folder.
func newFolder(begins string) (string, error) {
	for {
		name := fmt.Sprintf("%s-%08x", begins, rand.Uint32())
		if err := os.Mkdir(name, 0o777); !errors.Is(err, fs.ErrExist) {
			return name, err
		}
	}
}

func unwritten(err error) error {
	return message.Fail(err, "fetch-unwritten", "why", err)
}

// writeFile writes a new file and syncs it to disk.
func writeFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncFolder syncs a folder, so that names survive a power failure, if the file system
// can.
func syncFolder(name string) {
	if d, err := os.Open(name); err == nil {
		d.Sync()
		d.Close()
	}
}
