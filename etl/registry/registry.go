// Package registry reads the newsroom's tables from the registry folder of a workspace.
// Package etl defines what they mean.
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

// Read reads the five tables of a folder. A missing table counts as empty. dir is the
// folder's name in messages.
func Read(fsys fs.FS, dir string) (etl.Registry, []etl.Finding, error) {
	var r etl.Registry
	var found []etl.Finding
	err := errors.Join(
		read(fsys, dir, "actors.csv", &r.Actors, &found, func(x *etl.RegistryActor, p etl.Place) { x.Place = p }),
		read(fsys, dir, "names.csv", &r.Names, &found, func(x *etl.RegistryName, p etl.Place) { x.Place = p }),
		read(fsys, dir, "decisions.csv", &r.Decisions, &found,
			func(x *etl.RegistryDecision, p etl.Place) { x.Place = p }),
		read(fsys, dir, "corrections.csv", &r.Corrections, &found,
			func(x *etl.Correction, p etl.Place) { x.Place = p }),
		read(fsys, dir, "accepted.csv", &r.Accepted, &found, func(x *etl.Acceptance, p etl.Place) { x.Place = p }),
	)
	found = append(found, elsewhere(fsys, dir)...)
	plainDates(&r)
	var loose []etl.RegistryDecision
	r.Decisions, r.Undone, loose = etl.InForce(r.Decisions)
	for _, d := range loose {
		found = append(found, etl.Find(etl.Info, etl.CodeRegistryUnused, d.Place, "left", d.Left, "right", d.Right).
			Said("undone"))
	}
	return r, found, err
}

// Open reads the five tables of a workspace's folder. It is an error if a table is not
// a regular file, or is a link to a file outside the workspace.
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

// plainDates converts the dates in the tables to this program's format. Spreadsheets
// save them in their own: 17/06/2019, juin-19.
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

// plainDate returns a date as YYYY-MM-DD, YYYY-MM or YYYY. Other texts are unchanged.
func plainDate(text string) string {
	if d, ok := etl.ParseDate(text); ok && !d.IsZero() {
		return d.String()
	}
	return text
}

// elsewhere reports tables that would be ignored because they were saved in another
// format, or with another case of their name.
func elsewhere(fsys fs.FS, dir string) []etl.Finding {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil
	}
	var found []etl.Finding
	for _, e := range entries {
		base, ext, _ := strings.Cut(strings.ToLower(e.Name()), ".")
		table := base + ".csv"
		if Empty()[table] == nil || e.Name() == table ||
			!slices.Contains([]string{"csv", "xlsx", "xlsm", "xls", "ods", "tsv", "txt", "numbers"}, ext) {
			continue
		}
		found = append(found, etl.Find(etl.Error, etl.CodeRegistryFormat, etl.Place{File: path.Join(dir, e.Name())},
			"file", table))
	}
	return found
}

// Empty returns all tables with a header only, by file name, in the form that French
// spreadsheets open with a double click.
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
		panic(err) // a struct without csv tags
	}
	return text
}

// AddAcceptance records in accepted.csv that a person accepted a refusal. The table is
// sorted, so that a diff shows one line.
func AddAcceptance(dir string, a etl.Acceptance, waiting ...func(dir string)) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	release, err := atomicfile.Lock(dir, waiting...)
	if err != nil {
		return err
	}
	defer release()
	text, err := table(dir, "accepted.csv", true, func(x *etl.Acceptance) *etl.Place { return &x.Place },
		func(rows []etl.Acceptance) []etl.Acceptance {
			rows = append(rows, a)
			slices.SortStableFunc(rows, func(x, y etl.Acceptance) int {
				return cmp.Or(cmp.Compare(plainDate(x.Edition), plainDate(y.Edition)),
					cmp.Compare(plainDate(x.Date), plainDate(y.Date)), cmp.Compare(x.Code, y.Code))
			})
			return rows
		})
	if err != nil {
		return err
	}
	return write(dir, "accepted.csv", text)
}

// write writes a table to its folder, which it creates if necessary.
func write(dir, name string, text []byte) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	_, err := atomicfile.Write(filepath.Join(dir, name), text)
	return err
}
