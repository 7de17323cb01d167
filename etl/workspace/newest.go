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

// Held is what the editions hold of one listing: the newest file of it.
type Held struct {
	Edition string // empty where no edition has the listing
	File    string // relative to the workspace, with slashes
}

// Newest says which editions there are, by rising day, and where the newest file of
// each listing is, without reading any list. A workspace that has no edition yet is
// no error here.
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

// SourceFile is the name of the .source.yaml beside a listing's file.
func SourceFile(name string) string { return sourceYAML(name) }
