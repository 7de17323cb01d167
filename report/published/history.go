package published

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/message"
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
	SHA256     string `csv:"sha256,omitempty"` // of the workbook's file

	row int // where it stands in the file; 0 is nowhere yet
}

// history reads the file of a folder. A line that is not one of ours (the marks of a
// merge, a date that a spreadsheet has rewritten) is an error and not left out: the
// gate would compare with another publication than the last, or with none.
func history(dir string) (entries []entry, text []byte, err error) {
	name := filepath.Join(dir, HistoryFile)
	damaged := func(row int, why any) error {
		return message.Fail(nil, "published-history-damaged", "file", filepath.ToSlash(name),
			"row", strconv.Itoa(row), "why", why)
	}
	text, err = atomicfile.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	entries, found, err := records.Read(text, filepath.ToSlash(name), func(e *entry, at etl.Place) { e.row = at.Row })
	if err != nil {
		return nil, nil, err
	}
	for _, f := range found {
		if f.Severity == etl.Error {
			return nil, nil, damaged(f.Place.Row, words(f))
		}
	}
	for _, e := range entries {
		_, dated := etl.ParseEdition(e.Edition)
		switch {
		case !generation().MatchString(e.Generation):
			return nil, nil, damaged(e.row, message.New("published-no-generation", "name", e.Generation))
		case !dated:
			return nil, nil, damaged(e.row, message.New("published-no-edition", "name", e.Edition))
		case e.Target != Workbook && e.Target != Spreadsheet:
			return nil, nil, damaged(e.row,
				message.New("published-no-target", "name", string(e.Target), "workbook", string(Workbook),
					"spreadsheet", string(Spreadsheet)))
		}
	}
	return entries, text, nil
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

// Generations are the publications that a folder keeps, in the order in which they were
// last published; those of which the history says nothing come first.
func Generations(dir string) ([]string, error) {
	entries, _, err := history(dir)
	if err != nil {
		return nil, err
	}
	last := map[string]int{}
	for i, e := range entries {
		last[e.Generation] = i + 1
	}
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []string
	for _, f := range files {
		if name, ok := strings.CutSuffix(f.Name(), ".json"); ok && generation().MatchString(name) {
			out = append(out, name)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return last[a] - last[b] })
	return out, nil
}

// Wrote reports whether a workbook with that SHA-256 is one that was written here: as the
// program made it, and nobody has saved it since.
func Wrote(dir, sum string) (bool, error) {
	entries, _, err := history(dir)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(entries, func(e entry) bool { return e.SHA256 == sum }), nil
}

// Record notes that a target holds a generation. The publication itself is written
// first, so that no line of the history speaks of one that is not there; p is nil for
// one that was too long to be kept. Recording the last line again changes nothing. Of
// two processes that record at the same time, neither loses its line. sum is the SHA-256
// of a workbook's file, empty for a spreadsheet. waiting is told of a folder that another
// process holds.
func Record(dir, generation, edition string, target Target, sum string, p *Publication,
	waiting ...func(dir string)) error {
	if p != nil {
		if err := p.Keep(dir); err != nil {
			return err
		}
	}
	if err := makeFolder(dir); err != nil {
		return err
	}
	release, err := atomicfile.Lock(dir, waiting...)
	if err != nil {
		return err
	}
	defer release()
	entries, text, err := history(dir)
	if err != nil {
		return err
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Target == target {
			if entries[i].Generation == generation && entries[i].SHA256 == sum {
				return nil
			}
			break
		}
	}
	now := entry{Generation: generation, Edition: edition, Target: target, SHA256: sum}
	text, err = records.Rewrite(text, append(entries, now), func(e *entry) int { return e.row })
	if err != nil {
		return err
	}
	_, err = atomicfile.Write(filepath.Join(dir, HistoryFile), text)
	return err
}

func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return message.Fail(err, "published-folder", "folder", filepath.ToSlash(dir), "why", err)
	}
	return nil
}

// words are what a finding saw, without its place, as an argument.
type words etl.Finding

// Say is what was seen.
func (w words) Say(p message.Printer) string {
	what, _ := etl.Finding(w).Words(p)
	return what
}
