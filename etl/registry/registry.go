// Package registry reads the newsroom's curated tables from the registry folder
// of a workspace. What they mean is said in etl; here they are only files.
package registry

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/message"
	"hdsreport/etl/records"
)

// Read reads the five tables of a folder. A table that is not there is an empty
// one. dir is the folder's name in messages.
func Read(fsys fs.FS, dir string) (etl.Registry, []etl.Finding, error) {
	var r etl.Registry
	var found []etl.Finding
	err := errors.Join(
		read(fsys, dir, "actors.csv", &r.Actors, &found, func(x *etl.RegistryActor, p etl.Place) { x.Place = p }),
		read(fsys, dir, "names.csv", &r.Names, &found, func(x *etl.RegistryName, p etl.Place) { x.Place = p }),
		read(fsys, dir, "decisions.csv", &r.Decisions, &found, func(x *etl.RegistryDecision, p etl.Place) { x.Place = p }),
		read(fsys, dir, "corrections.csv", &r.Corrections, &found, func(x *etl.Correction, p etl.Place) { x.Place = p }),
		read(fsys, dir, "accepted.csv", &r.Accepted, &found, func(x *etl.Acceptance, p etl.Place) { x.Place = p }),
	)
	found = append(found, elsewhere(fsys, dir)...)
	plainDates(&r)
	return r, found, err
}

// Open reads the five tables of a workspace's folder. What is no ordinary file, and a
// single table that is a link out of the workspace, is an error.
func Open(root, dir string) (etl.Registry, []etl.Finding, error) {
	folder := filepath.Join(root, filepath.FromSlash(dir))
	for name := range Empty() {
		err := atomicfile.Ordinary(filepath.Join(folder, name), root)
		switch {
		case errors.Is(err, atomicfile.ErrLeadsOut):
			return etl.Registry{}, nil, message.Fail(err, "workspace-leads-out", "file", path.Join(dir, name))
		case errors.Is(err, atomicfile.ErrNotOrdinary):
			return etl.Registry{}, nil, message.Fail(err, "workspace-not-ordinary", "file", path.Join(dir, name))
		}
	}
	return Read(os.DirFS(folder), dir)
}

func read[T any](fsys fs.FS, dir, name string, into *[]T, found *[]etl.Finding, place func(*T, etl.Place)) error {
	data, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	rows, findings, err := records.Read(data, path.Join(dir, name), place)
	*into = rows
	*found = append(*found, findings...)
	return err
}

// plainDates writes the dates of the tables as the rest of the program does. A
// spreadsheet has its own way, in which it saves them again: 17/06/2019, juin-19.
func plainDates(r *etl.Registry) {
	for i := range r.Names {
		n := &r.Names[i]
		n.From, n.To = plainDate(n.From), plainDate(n.To)
	}
	for i := range r.Decisions {
		r.Decisions[i].Date = plainDate(r.Decisions[i].Date)
	}
	for i := range r.Corrections {
		r.Corrections[i].Date = plainDate(r.Corrections[i].Date)
	}
	for i := range r.Accepted {
		a := &r.Accepted[i]
		a.Edition, a.Date = plainDate(a.Edition), plainDate(a.Date)
	}
}

// plainDate is a date as YYYY-MM-DD, YYYY-MM or YYYY; what is none stays.
func plainDate(text string) string {
	if d, ok := etl.ParseDate(text); ok && !d.IsZero() {
		return d.String()
	}
	return text
}

// elsewhere reports tables that were saved in another format, or under the name of
// another case, which nobody would read.
func elsewhere(fsys fs.FS, dir string) []etl.Finding {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil
	}
	var found []etl.Finding
	for _, e := range entries {
		base, ext, _ := strings.Cut(strings.ToLower(e.Name()), ".")
		table := base + ".csv"
		if Empty()[table] == nil || e.Name() == table || !slices.Contains([]string{"csv", "xlsx", "xlsm", "xls", "ods", "tsv", "txt", "numbers"}, ext) {
			continue
		}
		found = append(found, etl.Find(etl.Error, etl.CodeRegistryFormat, etl.Place{File: path.Join(dir, e.Name())}, "file", table))
	}
	return found
}

// Empty is each table with its header alone, by file name, as a French spreadsheet
// opens it by a double click.
func Empty() map[string][]byte {
	return map[string][]byte{
		"actors.csv":      header[etl.RegistryActor](),
		"names.csv":       header[etl.RegistryName](),
		"decisions.csv":   header[etl.RegistryDecision](),
		"corrections.csv": header[etl.Correction](),
		"accepted.csv":    header[etl.Acceptance](),
	}
}

func header[T any]() []byte {
	text, err := records.WriteForSpreadsheets([]T{})
	if err != nil {
		panic(err) // a struct of ours without csv tags
	}
	return text
}

// AddAcceptance records in accepted.csv that a person let a refusal through. The
// table is sorted, so that a diff shows one line.
func AddAcceptance(dir string, a etl.Acceptance, waiting ...func(dir string)) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	release, err := atomicfile.Lock(dir, waiting...)
	if err != nil {
		return err
	}
	defer release()
	text, err := table(dir, "accepted.csv", true, func(x *etl.Acceptance) *etl.Place { return &x.Place }, func(rows []etl.Acceptance) []etl.Acceptance {
		rows = append(rows, a)
		slices.SortStableFunc(rows, func(x, y etl.Acceptance) int {
			return cmp.Or(cmp.Compare(plainDate(x.Edition), plainDate(y.Edition)), cmp.Compare(plainDate(x.Date), plainDate(y.Date)), cmp.Compare(x.Code, y.Code))
		})
		return rows
	})
	if err != nil {
		return err
	}
	return write(dir, "accepted.csv", text)
}

// write puts a table in its folder, which it makes if need be.
func write(dir, name string, text []byte) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	_, err := atomicfile.Write(filepath.Join(dir, name), text)
	return err
}
