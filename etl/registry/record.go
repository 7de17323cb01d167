package registry

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/records"
)

// Record adds decisions, positions and corrections to the tables of a folder.
// All are made before the first is written, each is written whole, and every
// table is sorted, so that a diff shows the lines that are new. Recording the
// same again changes nothing.
func Record(dir string, decisions []etl.RegistryDecision, positions []etl.RegistryActor, corrections []etl.Correction) error {
	actors, err := table(dir, "actors.csv", len(positions) > 0, func(rows []etl.RegistryActor) []etl.RegistryActor {
		for _, p := range positions {
			i := slices.IndexFunc(rows, func(a etl.RegistryActor) bool { return a.ID == p.ID })
			if i < 0 {
				rows = append(rows, p)
				continue
			}
			rows[i].Position = p.Position
			rows[i].Note = strings.TrimPrefix(rows[i].Note+" ; "+p.Note, " ; ")
		}
		slices.SortStableFunc(rows, func(a, b etl.RegistryActor) int { return cmp.Compare(a.ID, b.ID) })
		return rows
	})
	if err != nil {
		return err
	}
	decided, err := table(dir, "decisions.csv", len(decisions) > 0, func(rows []etl.RegistryDecision) []etl.RegistryDecision {
		rows = append(rows, decisions...)
		slices.SortStableFunc(rows, func(a, b etl.RegistryDecision) int {
			return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right), cmp.Compare(a.Date, b.Date))
		})
		return rows
	})
	if err != nil {
		return err
	}
	corrected, err := table(dir, "corrections.csv", len(corrections) > 0, func(rows []etl.Correction) []etl.Correction {
		rows = append(rows, corrections...)
		slices.SortStableFunc(rows, func(a, b etl.Correction) int {
			return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Date, b.Date))
		})
		return rows
	})
	if err != nil {
		return err
	}
	for _, t := range []struct {
		name string
		text []byte
	}{{"decisions.csv", decided}, {"corrections.csv", corrected}, {"actors.csv", actors}} {
		if t.text == nil {
			continue
		}
		if err := write(dir, t.name, t.text); err != nil {
			return err
		}
	}
	return nil
}

// table gives the new text of one table, nil where it is not wanted. A table
// with a fault is not written: a column that the program does not know would be
// lost.
func table[T any](dir, name string, wanted bool, change func([]T) []T) ([]byte, error) {
	if !wanted {
		return nil, nil
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	var rows []T
	if err == nil {
		var found []etl.Finding
		if rows, found, err = records.Read[T](data, name, nil); err != nil {
			return nil, err
		}
		for _, f := range found {
			if f.Severity >= etl.Warning {
				return nil, fmt.Errorf("%s is not written while it has this fault: %s", name, f)
			}
		}
	}
	return records.Write(change(rows))
}
