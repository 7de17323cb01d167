package workspace

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Held is the newest file of one listing in a workspace.
type Held struct {
	Edition string // empty if no edition has the listing
	File    string // relative to the workspace, with slashes
}

// Newest returns the editions by rising date, and the newest file of each listing. It
// reads no lists. A workspace without editions is not an error.
func Newest(l Layout) (editions []string, held [2]Held, err error) {
	entries, err := os.ReadDir(filepath.Join(l.Root, l.Editions))
	begun := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { _, ok := etl.ParseEdition(e.Name()); return ok })
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !begun:
		return nil, held, nil
	case err != nil:
		return nil, held, message.Fail(err, "workspace-folder", "folder", l.Editions, "why", reason(err))
	}
	if editions, _, err = l.editions(); err != nil {
		return nil, held, err
	}
	for i, name := range slices.Backward(editions) {
		files, _, err := l.files(name, i)
		if err != nil {
			return nil, held, err
		}
		for _, f := range files {
			if held[f.list].Edition == "" {
				held[f.list] = Held{name, f.name}
			}
		}
	}
	return editions, held, nil
}

// SourceFile returns the name of the .source.yaml of a listing's file.
func SourceFile(name string) string { return sourceYAML(name) }
