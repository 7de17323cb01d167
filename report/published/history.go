package published

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/records"
)

// Target is where a book was published.
type Target string

// The two targets.
const (
	Workbook    Target = "workbook"
	Spreadsheet Target = "spreadsheet"
)

// HistoryFile holds the order of publications, the last one last. Nobody's clock is
// in it: the same publications give the same bytes.
const HistoryFile = "history.csv"

// entry is one line of it.
type entry struct {
	Generation string `csv:"generation"`
	Edition    string `csv:"edition"`
	Target     Target `csv:"target"`
}

func history(dir string) ([]entry, []etl.Finding, error) {
	name := filepath.Join(dir, HistoryFile)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return records.Read[entry](text, filepath.ToSlash(name), nil)
}

// Last is what a target holds, as far as it is known here: the last publication of
// an edition, or of another one where this edition never was (a workbook an edition
// is the usual case). It is nil where nothing was published, or where only its name
// was kept.
func Last(dir string, target Target, edition string) (*Publication, error) {
	entries, _, err := history(dir)
	if err != nil {
		return nil, err
	}
	last := ""
	for _, e := range entries {
		if e.Target == target && e.Edition == edition {
			last = e.Generation
		}
	}
	for i := len(entries) - 1; i >= 0 && last == ""; i-- {
		if entries[i].Target == target {
			last = entries[i].Generation
		}
	}
	if last == "" {
		return nil, nil
	}
	p, err := Read(dir, last)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return p, err
}

// Record notes that a target holds a generation. The publication itself is written
// first, so that no line of the history speaks of one that is not there; p is nil for
// one that was too long to be kept. Recording the last line again changes nothing.
func Record(dir, generation, edition string, target Target, p *Publication) error {
	if p != nil {
		if err := p.Keep(dir); err != nil {
			return err
		}
	}
	entries, found, err := history(dir)
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Severity == etl.Error {
			// What cannot be read would be lost by writing.
			return errors.New(f.String())
		}
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Target == target {
			if entries[i].Generation == generation {
				return nil
			}
			break
		}
	}
	text, err := records.Write(append(entries, entry{generation, edition, target}))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	_, err = atomicfile.Write(filepath.Join(dir, HistoryFile), text)
	return err
}
