package registry

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/message"
	"hdsreport/etl/records"
)

// Additions are what persons have ruled, or taken back, and the tables do not have yet.
type Additions struct {
	Decisions   []etl.RegistryDecision
	Positions   []etl.RegistryActor // an actor, or a new one, with its position
	Corrections []etl.Correction
	Names       []etl.RegistryName
	Renamed     []etl.RegistryActor // an actor, or a new one, whose name is now this one; mostly none: the source's
	Cleared     []Clearing
	Dropped     []etl.RegistryName // names that are an actor's no more
	Noted       []Clearing         // with a note on actors for it
}

// Clearing takes back what a line of actors.csv says, and notes who did.
type Clearing struct {
	ID             string
	Position, Name string // what to take back; what the line says otherwise by now stays
	Note           string
}

// With returns a registry with additions. It sorts the changed tables, so that a diff
// shows only new lines, and leaves out what is already there, so that adding twice is the
// same as adding once.
func With(r etl.Registry, add *Additions) etl.Registry {
	r.Actors = withActors(r.Actors, add)
	r.Decisions, r.Undone, _ = etl.InForce(withDecisions(slices.Concat(r.Undone, r.Decisions), add.Decisions))
	r.Corrections, r.Names = withCorrections(r.Corrections, add.Corrections), withNames(r.Names, add)
	return r
}

// withActors adds positions, and the names of actors that were renamed.
func withActors(rows []etl.RegistryActor, add *Additions) []etl.RegistryActor {
	rows = withPositions(rows, add.Positions)
	for _, a := range add.Renamed {
		if i := slices.IndexFunc(rows, func(o etl.RegistryActor) bool { return o.ID == a.ID }); i >= 0 {
			rows[i].Name = a.Name
		} else {
			rows = append(rows, a)
		}
	}
	if len(add.Renamed) > 0 {
		slices.SortStableFunc(rows, func(a, b etl.RegistryActor) int { return cmp.Compare(a.ID, b.ID) })
	}
	for _, c := range add.Cleared {
		i := slices.IndexFunc(rows, func(o etl.RegistryActor) bool { return o.ID == c.ID })
		if i < 0 {
			continue
		}
		a := &rows[i]
		position, name := c.Position != "" && a.Position == c.Position, c.Name != "" && a.Name == c.Name
		if position {
			a.Position = ""
		}
		if name {
			a.Name = ""
		}
		if position || name {
			a.Note = strings.TrimPrefix(a.Note+" ; "+c.Note, " ; ")
		}
	}
	for _, n := range add.Noted {
		if i := slices.IndexFunc(rows, func(o etl.RegistryActor) bool { return o.ID == n.ID }); i >= 0 {
			rows[i].Note = strings.TrimPrefix(rows[i].Note+" ; "+n.Note, " ; ")
		}
	}
	return rows
}

func withNames(rows []etl.RegistryName, add *Additions) []etl.RegistryName {
	names := add.Names
	rows = slices.DeleteFunc(slices.Clone(rows), func(o etl.RegistryName) bool {
		return slices.ContainsFunc(add.Dropped, func(n etl.RegistryName) bool { return o.Actor == n.Actor && o.Name == n.Name })
	})
	for _, n := range names {
		if !slices.ContainsFunc(rows, func(o etl.RegistryName) bool { return o.Actor == n.Actor && o.Name == n.Name }) {
			rows = append(rows, n)
		}
	}
	if len(names) > 0 {
		slices.SortStableFunc(rows, func(a, b etl.RegistryName) int {
			return cmp.Or(cmp.Compare(a.Actor, b.Actor), cmp.Compare(a.Name, b.Name))
		})
	}
	return rows
}

func withPositions(rows, positions []etl.RegistryActor) []etl.RegistryActor {
	rows = slices.Clone(rows)
	at := map[string]int{} // the first line of each actor
	for i := range rows {
		if _, twice := at[rows[i].ID]; !twice {
			at[rows[i].ID] = i
		}
	}
	for _, p := range positions {
		i, known := at[p.ID]
		switch {
		case !known:
			at[p.ID] = len(rows)
			rows = append(rows, p)
		case rows[i].Position != p.Position:
			rows[i].Position = p.Position
			rows[i].Note = strings.TrimPrefix(rows[i].Note+" ; "+p.Note, " ; ")
		}
	}
	if len(positions) > 0 {
		slices.SortStableFunc(rows, func(a, b etl.RegistryActor) int { return cmp.Compare(a.ID, b.ID) })
	}
	return rows
}

// withDecisions leaves out what is in force already, and the undoing of what is not.
func withDecisions(rows, decisions []etl.RegistryDecision) []etl.RegistryDecision {
	rows = slices.Clone(rows)
	says := map[[2]string][]string{}
	now, _, _ := etl.InForce(rows)
	for _, d := range now {
		pair := [2]string{d.Left, d.Right}
		says[pair] = append(says[pair], d.Judgement)
	}
	for _, d := range decisions {
		pair := [2]string{d.Left, d.Right}
		switch undone := d.Judgement == etl.Undone; {
		case undone && len(says[pair]) == 0, slices.Contains(says[pair], d.Judgement):
			continue
		case undone:
			delete(says, pair)
		default:
			says[pair] = append(says[pair], d.Judgement)
		}
		rows = append(rows, d)
	}
	if len(decisions) > 0 {
		slices.SortStableFunc(rows, func(a, b etl.RegistryDecision) int {
			return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right),
				cmp.Compare(plainDate(a.Date), plainDate(b.Date)))
		})
	}
	return rows
}

// withCorrections leaves out a correction that the last line of its cell says already. An
// earlier line does not count: what was corrected from X to Y and back to X needs its
// third line.
func withCorrections(rows, corrections []etl.Correction) []etl.Correction {
	if len(corrections) == 0 {
		return slices.Clone(rows)
	}
	type line struct {
		etl.Correction
		added bool
	}
	var lines []line
	for _, c := range rows {
		lines = append(lines, line{c, false})
	}
	for _, c := range corrections {
		lines = append(lines, line{c, true})
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Field, b.Field),
			cmp.Compare(plainDate(a.Date), plainDate(b.Date)))
	})
	var out []etl.Correction
	for _, l := range lines {
		if n := len(out); l.added && n > 0 && out[n-1].ID == l.ID && out[n-1].Field == l.Field &&
			out[n-1].Was == l.Was && out[n-1].Value == l.Value {
			continue
		}
		out = append(out, l.Correction)
	}
	return out
}

// Record adds to the tables in a folder. All new tables are prepared and checked before
// the first one is written, and each is written all or nothing. If a write fails, the
// tables already written are valid, and recording the same again adds the rest without
// duplicates. waiting is called if another process has locked the folder.
func Record(dir string, add *Additions, waiting ...func(dir string)) error {
	return RecordSince(dir, "", add, waiting...)
}

// ErrChanged is the error of a recording that was worked out from tables that another
// process has changed since. Nothing was written.
var ErrChanged = errors.New("the registry has changed since")

// Sum returns a hash of all tables in a folder.
func Sum(dir string) (string, error) {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(Empty())) {
		data, err := atomicfile.Read(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(data), data)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// RecordSince is Record for additions that were worked out from the tables with a sum. If
// they have changed since, it returns ErrChanged. An empty sum is any.
func RecordSince(dir, sum string, add *Additions, waiting ...func(dir string)) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	release, err := atomicfile.Lock(dir, waiting...)
	if err != nil {
		return err
	}
	defer release()
	if sum != "" {
		if now, err := Sum(dir); err != nil || now != sum {
			return cmp.Or(err, ErrChanged)
		}
	}
	decided, err := table(dir, "decisions.csv", len(add.Decisions) > 0,
		func(d *etl.RegistryDecision) *etl.Place { return &d.Place },
		func(rows []etl.RegistryDecision) []etl.RegistryDecision { return withDecisions(rows, add.Decisions) })
	if err != nil {
		return err
	}
	corrected, err := table(dir, "corrections.csv", len(add.Corrections) > 0,
		func(c *etl.Correction) *etl.Place { return &c.Place },
		func(rows []etl.Correction) []etl.Correction { return withCorrections(rows, add.Corrections) })
	if err != nil {
		return err
	}
	actors, err := table(dir, "actors.csv", len(add.Positions)+len(add.Renamed)+len(add.Cleared)+len(add.Noted) > 0,
		func(a *etl.RegistryActor) *etl.Place { return &a.Place },
		func(rows []etl.RegistryActor) []etl.RegistryActor { return withActors(rows, add) })
	if err != nil {
		return err
	}
	named, err := table(dir, "names.csv", len(add.Names)+len(add.Dropped) > 0,
		func(n *etl.RegistryName) *etl.Place { return &n.Place },
		func(rows []etl.RegistryName) []etl.RegistryName { return withNames(rows, add) })
	if err != nil {
		return err
	}
	made := []struct {
		name string
		text []byte
	}{{"decisions.csv", decided}, {"corrections.csv", corrected}, {"actors.csv", actors}, {"names.csv", named}}
	for _, t := range made {
		if t.text == nil {
			continue
		}
		if err := atomicfile.Check(filepath.Join(dir, t.name)); err != nil {
			return err
		}
	}
	for _, t := range made {
		if t.text == nil {
			continue
		}
		if err := write(dir, t.name, t.text); err != nil {
			return err
		}
	}
	return nil
}

// table returns the new text of one table, or nil if it is not wanted. A table with
// errors is not written, because unreadable lines would be lost. Additional columns are
// kept. place returns a pointer to a row's place.
func table[T any](dir, name string, wanted bool, place func(*T) *etl.Place, change func([]T) []T) ([]byte, error) {
	if !wanted {
		return nil, nil
	}
	data, err := atomicfile.Read(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return records.WriteForSpreadsheets(change(nil))
	}
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return records.WriteForSpreadsheets(change(nil))
	}
	rows, found, err := records.Read(data, name, func(x *T, p etl.Place) { *place(x) = p })
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if f.Severity >= etl.Warning && f.Code != etl.CodeHeaderExtra {
			return nil, message.Fail(nil, "records-fault", "file", name, "fault", f)
		}
	}
	return records.Rewrite(data, change(rows), func(x *T) int {
		if p := place(x); p.File == name {
			return p.Row
		}
		return 0 // new row
	})
}
