package registry_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/etl/registry"
)

func TestRead(t *testing.T) {
	r, fs, err := registry.Read(fstest.MapFS{
		"actors.csv":      {Data: []byte("id,name,position,website,note\nun,Un,esn,https://un.fr,n\n")},
		"names.csv":       {Data: []byte("actor;name;kind;from;to\n\nun;Uno;former;2015;2019-03\n")},
		"decisions.csv":   {Data: []byte("left,right,judgement,by,date,reason\na,b,same,Ada,2019-06-17,\"r, s\"\n")},
		"corrections.csv": {Data: []byte("id,field,was,value,by,date,reason\nun,from,,2019-06-17,Ada,2019-06-18,\n")},
		"accepted.csv":    {Data: []byte("edition,code,by,date,reason\n2019-06-17,listing-missing,Ada,2019-06-18,\n")},
	}, "registry")
	if err != nil || len(fs) > 0 {
		t.Fatal(err, fs)
	}
	at := func(name string, row int) etl.Place { return etl.Place{File: "registry/" + name, Row: row} }
	want := etl.Registry{
		Actors:      []etl.RegistryActor{{ID: "un", Name: "Un", Position: "esn", Website: "https://un.fr", Note: "n", Place: at("actors.csv", 2)}},
		Names:       []etl.RegistryName{{Actor: "un", Name: "Uno", Kind: "former", From: "2015", To: "2019-03", Place: at("names.csv", 3)}},
		Decisions:   []etl.RegistryDecision{{Left: "a", Right: "b", Judgement: "same", By: "Ada", Date: "2019-06-17", Reason: "r, s", Place: at("decisions.csv", 2)}},
		Corrections: []etl.Correction{{ID: "un", Field: "from", Value: "2019-06-17", By: "Ada", Date: "2019-06-18", Place: at("corrections.csv", 2)}},
		Accepted:    []etl.Acceptance{{Edition: "2019-06-17", Code: "listing-missing", By: "Ada", Date: "2019-06-18", Place: at("accepted.csv", 2)}},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	if r, fs, err := registry.Read(fstest.MapFS{}, "registry"); err != nil || len(fs) > 0 || len(r.Actors) > 0 {
		t.Errorf("nothing there: %v, %v, %v", r, fs, err)
	}
}

// TestEmpty: the tables that init writes are read without a finding.
func TestEmpty(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range registry.Empty() {
		files[name] = &fstest.MapFile{Data: text}
	}
	if _, fs, err := registry.Read(files, "registry"); err != nil || len(fs) > 0 || len(files) != 5 {
		t.Errorf("%d files, %v, %v", len(files), fs, err)
	}
}

func TestAddAcceptance(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "registry")
	for _, a := range []etl.Acceptance{
		{Edition: "2019-06-17", Code: "listing-missing", By: "Ada", Date: "2019-06-18"},
		{Edition: "2019-02", Code: "actors-lost", By: "Émile, chef", Date: "2019-03-01", Reason: "vrai"},
	} {
		if err := registry.AddAcceptance(dir, a); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "accepted.csv")
	text, err := os.ReadFile(file)
	want := "edition,code,by,date,reason,seen\n2019-02,actors-lost,\"Émile, chef\",2019-03-01,vrai,\n2019-06-17,listing-missing,Ada,2019-06-18,,\n"
	if err != nil || string(text) != want {
		t.Errorf("%v\n%s", err, text)
	}
	// A table that would lose something by being written is left alone.
	for _, text := range []string{"edition,code,by,date,reason,ticket\n2019-02,x,y,z,r,42,43\n", "edition,code,by,date\n2019-02,x,y,z\n"} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		err := registry.AddAcceptance(dir, etl.Acceptance{Edition: "2019-06-17", Code: "c", By: "Ada"})
		if got, _ := os.ReadFile(file); err == nil || string(got) != text || !strings.Contains(err.Error(), "accepted.csv") {
			t.Errorf("error %v, file\n%s", err, got)
		}
	}
}
