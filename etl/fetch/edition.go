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

// An edition is written whole or not at all: into a folder beside the editions, whose
// name begins with a dot so that no run reads it, to the disk, and then in one step
// under its own name. What a crash leaves of it the next fetch takes away.

// stagePrefix is how the name of such a folder begins.
const stagePrefix = ".fetch-"

// Clean removes what a fetch that did not come to its end has left among the editions.
// It does so by way of another name: a folder that somebody's fetch is about to put in
// place either gets there whole, or not at all.
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

// files are the contents of an edition's folder by their names in it, with slashes.
type files map[string][]byte

// write puts a new edition in its place; a folder with something in it that is there
// already is an error, and stays.
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
		return message.Fail(err, "fetch-not-placed", "folder", filepath.ToSlash(filepath.Join(editions, name)), "why", err)
	}
	syncFolder(editions)
	return nil
}

// newFolder makes a folder whose name begins so. It is not os.MkdirTemp, which keeps the
// folder from everybody else.
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

// writeFile writes a new file, to the disk.
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

// syncFolder makes names survive a power cut, on file systems that can.
func syncFolder(name string) {
	if d, err := os.Open(name); err == nil {
		d.Sync()
		d.Close()
	}
}
