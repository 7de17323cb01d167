package registry_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

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
	want := "\ufeffedition;code;by;date;reason;seen\n2019-02;actors-lost;Émile, chef;2019-03-01;vrai;\n2019-06-17;listing-missing;Ada;2019-06-18;;\n"
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

// TestAsASpreadsheetLeavesIt: what a French spreadsheet makes of a table by saving it
// means what it meant, and a line that is added keeps the form.
func TestAsASpreadsheetLeavesIt(t *testing.T) {
	latin := func(s string) []byte {
		out, err := charmap.Windows1252.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	files := fstest.MapFS{
		"accepted.csv":  {Data: latin("edition;code;by;date;reason;seen\r\n17/06/2019;actors-lost;Émile;18/06/2019;vu;9f05\r\njuin-19;x;A;juil-19;;\r\n43633;y;A;;;\r\n")},
		"names.csv":     {Data: latin("actor;name;kind;from;to\r\na;Été;former;janv-18;juin-19\r\nb;B;alias;2019;\r\n")},
		"decisions.csv": {Data: []byte("\ufeffleft;right;judgement;by;date;reason\r\na;b;same;A;17/06/2019;\r\n")},
	}
	r, found, err := registry.Read(files, "registry")
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	var got []string
	for _, a := range r.Accepted {
		got = append(got, a.Edition+" "+a.Date)
	}
	for _, n := range r.Names {
		got = append(got, n.Name+" "+n.From+" "+n.To)
	}
	got = append(got, r.Decisions[0].Date, r.Accepted[0].By)
	if want := []string{"2019-06-17 2019-06-18", "2019-06 2019-07", "2019-06-17 ", "Été 2018-01 2019-06", "B 2019 ", "2019-06-17", "Émile"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "accepted.csv")
	for name, data := range map[string][]byte{"Windows-1252": files["accepted.csv"].Data, "UTF-16": utf16("edition\tcode\tby\tdate\treason\tseen\r\n17/06/2019\tactors-lost\tÉmile\t18/06/2019\tvu\t9f05\r\n")} {
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := registry.AddAcceptance(dir, etl.Acceptance{Edition: "2026-11", Code: "c", By: "Zoé"}); err != nil {
			t.Fatal(err)
		}
		after, err := os.ReadFile(file)
		if err != nil || !bytes.HasPrefix(after, data[:34]) || name == "Windows-1252" && !bytes.HasSuffix(after, []byte("2026-11;c;Zo\xe9;;;\r\n")) {
			t.Errorf("%s: %v\n%q\n%q", name, err, data, after)
		}
		if again, found, err := registry.Read(os.DirFS(dir), "registry"); err != nil || len(found) > 0 || again.Accepted[len(again.Accepted)-1].By != "Zoé" {
			t.Errorf("%s: %v %v", name, err, found)
		}
	}
}

func utf16(s string) []byte {
	out, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(s))
	return out
}

// TestTableElsewhere: a table in a format that is not read is an error, and one that is
// a workbook under its own name is read.
func TestTableElsewhere(t *testing.T) {
	for _, name := range []string{"actors.xlsx", "Names.ods", "Decisions.CSV", "accepted.xls"} {
		if _, found, err := registry.Read(fstest.MapFS{name: {Data: []byte("x")}}, "registry"); err != nil || len(found) != 1 || found[0].Severity != etl.Error || found[0].Place.File != "registry/"+name {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
	if _, found, _ := registry.Read(fstest.MapFS{"~$actors.xlsx": {}, ".~lock.actors.csv#": {}, "lisez-moi.txt": {}, "actors.old.csv": {}}, "registry"); len(found) > 0 {
		t.Error(found)
	}
	book := excelize.NewFile()
	for cell, v := range map[string]string{"A1": "id", "B1": "name", "C1": "position", "D1": "website", "E1": "note", "A2": "a", "B2": "Été"} {
		if err := book.SetCellStr("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	data, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	r, found, err := registry.Read(fstest.MapFS{"actors.csv": {Data: data.Bytes()}}, "registry")
	if err != nil || len(found) > 0 || len(r.Actors) != 1 || r.Actors[0].Name != "Été" || r.Actors[0].Place.Row != 2 {
		t.Errorf("%v, %v, %v", r.Actors, found, err)
	}
}
