package registry_test

import (
	"os"
	"path/filepath"
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/registry"
)

// folder is a registry folder with files in it.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func content(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	decisions   = []etl.RegistryDecision{{Left: "b", Right: "c", Judgement: "same", By: "Ada", Date: "2019-07-02", Reason: "r", Place: etl.Place{File: "revue.csv", Row: 2}}}
	positions   = []etl.RegistryActor{{ID: "m", Name: "M", Position: "esn", Note: "Ada 2019-07-02", Place: etl.Place{File: "revue.csv", Row: 3}}}
	corrections = []etl.Correction{{ID: "x", Field: "until", Was: "?", Value: "2019-06-17", By: "Ada", Date: "2019-07-02", Place: etl.Place{File: "revue.csv", Row: 4}}}
	tables      = map[string]string{
		"decisions.csv":   "left,right,judgement,by,date,reason\na,z,different,B,2019-01-01,\nc,d,same,B,2019-01-01,\n",
		"actors.csv":      "id,name,position,website,note\na,A,,,\nz,Z,esn,,n\n",
		"corrections.csv": "id,field,was,value,by,date,reason\n",
	}
)

// TestRecord: rulings are lines of their own among sorted lines that stay as they
// are; recording again changes no byte.
func TestRecord(t *testing.T) {
	dir := folder(t, tables)
	for range 2 {
		if err := registry.Record(dir, &registry.Additions{Decisions: decisions, Positions: positions, Corrections: corrections}); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"decisions.csv":   "left,right,judgement,by,date,reason\na,z,different,B,2019-01-01,\nb,c,same,Ada,2019-07-02,r\nc,d,same,B,2019-01-01,\n",
			"actors.csv":      "id,name,position,website,note\na,A,,,\nm,M,esn,,Ada 2019-07-02\nz,Z,esn,,n\n",
			"corrections.csv": "id,field,was,value,by,date,reason\nx,until,?,2019-06-17,Ada,2019-07-02,\n",
		} {
			if got := content(t, dir, name); got != want {
				t.Errorf("%s:\n%s", name, got)
			}
		}
	}
}

// TestRecordKeepsWhatIsNotOurs: a column that somebody added, the order of the
// columns and the separator of a French spreadsheet outlive a recording.
func TestRecordKeepsWhatIsNotOurs(t *testing.T) {
	dir := folder(t, map[string]string{"actors.csv": "\ufeffname;siren;id;position;website;note\nZ, SA;0123;z;;;\"« n »\"\n\nA;;a;;;\n"})
	if err := registry.Record(dir, &registry.Additions{Positions: []etl.RegistryActor{positions[0], {ID: "z", Position: "esn", Note: "Ada"}}}); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffname;siren;id;position;website;note\nA;;a;;;\nM;;m;esn;;Ada 2019-07-02\nZ, SA;0123;z;esn;;\"« n » ; Ada\"\n"
	if got := content(t, dir, "actors.csv"); got != want {
		t.Errorf("%s", got)
	}
}

// TestRecordAllOrNothing: a table that cannot be read or written leaves the
// others as they are.
func TestRecordAllOrNothing(t *testing.T) {
	for name, spoil := range map[string]func(file string) error{
		"a column missing":       func(f string) error { return os.WriteFile(f, []byte("id,name\nz,Z\n"), 0o644) },
		"a column twice":         func(f string) error { return os.WriteFile(f, []byte("id,name,position,website,note,id\n"), 0o644) },
		"a folder in its place":  func(f string) error { return os.Mkdir(f, 0o755) },
		"not an ordinary file":   func(f string) error { return os.Symlink(os.DevNull, f) },
		"no text in an encoding": func(f string) error { return os.WriteFile(f, []byte("\xff\xfe\x00"), 0o644) },
	} {
		dir := folder(t, map[string]string{"decisions.csv": tables["decisions.csv"], "corrections.csv": tables["corrections.csv"]})
		if err := spoil(filepath.Join(dir, "actors.csv")); err != nil {
			t.Fatal(err)
		}
		if err := registry.Record(dir, &registry.Additions{Decisions: decisions, Positions: positions, Corrections: corrections}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if content(t, dir, "decisions.csv") != tables["decisions.csv"] || content(t, dir, "corrections.csv") != tables["corrections.csv"] {
			t.Errorf("%s: half of it was recorded", name)
		}
	}
}

// TestRecordAfterACrash: whatever tables a crash left written, recording again
// gives the bytes of a recording that was not interrupted.
func TestRecordAfterACrash(t *testing.T) {
	whole := folder(t, tables)
	if err := registry.Record(whole, &registry.Additions{Decisions: decisions, Positions: positions, Corrections: corrections}); err != nil {
		t.Fatal(err)
	}
	for written, first := range []func(dir string) error{
		func(dir string) error { return registry.Record(dir, &registry.Additions{Decisions: decisions}) },
		func(dir string) error {
			return registry.Record(dir, &registry.Additions{Decisions: decisions, Corrections: corrections})
		},
	} {
		dir := folder(t, tables)
		if err := first(dir); err != nil {
			t.Fatal(err)
		}
		if err := registry.Record(dir, &registry.Additions{Decisions: decisions, Positions: positions, Corrections: corrections}); err != nil {
			t.Fatal(err)
		}
		for name := range tables {
			if got, want := content(t, dir, name), content(t, whole, name); got != want {
				t.Errorf("after %d tables, %s:\n%s", written+1, name, got)
			}
		}
	}
}

// TestRecordBackAndForth: what is corrected to Y and back to X has three lines, and the
// last one twice is once.
func TestRecordBackAndForth(t *testing.T) {
	dir := folder(t, tables)
	for _, value := range []string{"2020-01-01", "2021-01-01", "2020-01-01", "2020-01-01"} {
		c := corrections[0]
		c.Value = value
		if err := registry.Record(dir, &registry.Additions{Corrections: []etl.Correction{c}}); err != nil {
			t.Fatal(err)
		}
	}
	want := "id,field,was,value,by,date,reason\nx,until,?,2020-01-01,Ada,2019-07-02,\nx,until,?,2021-01-01,Ada,2019-07-02,\nx,until,?,2020-01-01,Ada,2019-07-02,\n"
	if got := content(t, dir, "corrections.csv"); got != want {
		t.Errorf("%s", got)
	}
}

// TestRecordUndone: an undoing is a line below, twice is once, and what is decided again
// after it has a line of its own; a cleared position keeps its line, with a note.
func TestRecordUndone(t *testing.T) {
	dir := folder(t, map[string]string{"decisions.csv": "left,right,judgement,by,date,reason\na,b,same,B,2019-01-01,\n",
		"actors.csv": "id,name,position,website,note\na,A,esn,https://a.fr,n\n", "names.csv": "actor,name,kind,from,to\na,Ab,alias,,\na,Ac,alias,,\n"})
	undone := etl.RegistryDecision{Left: "a", Right: "b", Judgement: etl.Undone, By: "Ada", Date: "2019-07-02"}
	again := etl.RegistryDecision{Left: "a", Right: "b", Judgement: "same", By: "Ada", Date: "2019-07-02"}
	for _, step := range []struct {
		add  registry.Additions
		want string // added to decisions.csv
	}{
		{registry.Additions{Decisions: []etl.RegistryDecision{undone}}, "a,b,undone,Ada,2019-07-02,\n"},
		{registry.Additions{Decisions: []etl.RegistryDecision{undone}}, ""},
		{registry.Additions{Decisions: []etl.RegistryDecision{again}}, "a,b,same,Ada,2019-07-02,\n"},
		{registry.Additions{Decisions: []etl.RegistryDecision{again}}, ""},
		{registry.Additions{Cleared: []registry.Clearing{{ID: "a", Position: "esn", Note: "Ada"}},
			Dropped: []etl.RegistryName{{Actor: "a", Name: "Ab"}}}, ""},
		{registry.Additions{Cleared: []registry.Clearing{{ID: "a", Position: "esn", Note: "Ada"}, {ID: "nobody", Position: "esn"}}}, ""},
	} {
		was := content(t, dir, "decisions.csv")
		if err := registry.Record(dir, &step.add); err != nil {
			t.Fatal(err)
		}
		if got := content(t, dir, "decisions.csv"); got != was+step.want {
			t.Errorf("%+v:\n%s", step.add, got)
		}
	}
	if got := content(t, dir, "actors.csv"); got != "id,name,position,website,note\na,A,,https://a.fr,n ; Ada\n" {
		t.Error(got)
	}
	if got := content(t, dir, "names.csv"); got != "actor,name,kind,from,to\na,Ac,alias,,\n" {
		t.Error(got)
	}
}
