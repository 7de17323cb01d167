package workspace_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/workspace"
)

// open unpacks a workspace and opens it.
func open(t *testing.T, files, edition string) (etl.Input, error) {
	t.Helper()
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(files)).Files {
		name := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return workspace.Open(layout(root), edition)
}

func layout(root string) workspace.Layout {
	ref := config.Reference()
	return workspace.Layout{Root: root, Editions: "editions", Registry: "registry", Reference: &ref,
		Lists: [2]workspace.ListLayout{etl.Certified: {URL: "https://example.fr/liste", Numbering: "decree"}},
		Declared: func(text []byte, file string) (workspace.Declared, error) {
			s, err := config.ParseSource(text, file)
			return workspace.Declared{URL: s.URL, Publisher: s.Publisher, Retrieved: s.Retrieved, SHA256: s.SHA256, Numbering: s.ActivityNumbering}, err
		}}
}

const (
	agrees    = "Hébergeur;Prestation\nAlpha;x\n"
	certifies = "Hébergeur;Activités\nBeta;1\n"
)

// shape is what was read: each edition with its lists' files.
func shape(in etl.Input) []string {
	var out []string
	for _, e := range in.Editions {
		s := e.ID
		for _, src := range e.Sources {
			if src.Table == nil {
				s += " -"
			} else {
				s += " " + strings.TrimPrefix(src.Table.File, "editions/"+e.ID+"/")
			}
		}
		out = append(out, s)
	}
	return out
}

func found(in etl.Input) []string {
	out := []string{}
	for _, f := range in.Found {
		out = append(out, f.Place.String()+" "+f.Severity.String()+" "+f.Code)
	}
	return out
}

// TestEditions come in the order of the days that they stand for, up to the one
// that is wanted.
func TestEditions(t *testing.T) {
	files := "-- registry/actors.csv --\nid,name,position,website,note\n"
	for _, e := range []string{"2019-03", "2019-02", "2019-02-14", "2018-12-31", "2019-06-17", "2019-03-01"} {
		files += "-- editions/" + e + "/agrees.csv --\n" + agrees + e + ";x\n"
	}
	all := []string{"2018-12-31 agrees.csv -", "2019-02-14 agrees.csv -", "2019-02 agrees.csv -", "2019-03-01 agrees.csv -", "2019-03 agrees.csv -", "2019-06-17 agrees.csv -"}
	for edition, want := range map[string][]string{"": all, "2019-06-17": all, "2019-02": all[:3], "2018-12-31": all[:1]} {
		in, err := open(t, files, edition)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, shape(in)); diff != "" {
			t.Errorf("%q: %s", edition, diff)
		}
		if len(in.Found) > 0 {
			t.Errorf("found %v", found(in))
		}
	}
}

// TestRefusals are errors that say what to do.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ name, files, edition, says string }{
		{"no folder", "-- hdsreport.yaml --\n", "", "there is no such folder; put the lists in editions/YYYY-MM-DD/"},
		{"no edition", "-- editions/README.md --\n", "", "there is no edition in it"},
		{"another edition", "-- editions/2019-02/agrees.csv --\n" + agrees, "2019-06-17", "there is no edition 2019-06-17; there are 2019-02"},
		{"one day twice", "-- editions/2019-02/agrees.csv --\n" + agrees + "-- editions/2019-02-28/agrees.csv --\n" + agrees, "", "2019-02 and 2019-02-28 stand for the same day; keep one"},
		{"two files for a list", "-- editions/2019-02/agrees.csv --\n" + agrees + "-- editions/2019-02/agrees.html --\n" + agrees, "", "both agrees.csv and agrees.html are the approved list; keep one"},
		{"two files in other capitals", "-- editions/2019-02/CERTIFIES.csv --\n" + certifies + "-- editions/2019-02/certifies.tsv --\n" + certifies, "", "are the certified list; keep one"},
		{"a copy beside it", "-- editions/2019-02/agrees.csv --\n" + agrees + "-- editions/2019-02/agrees.csv.bak --\n" + agrees, "", "keep one"},
		{"a PDF", "-- editions/2019-02/agrees.pdf --\n%PDF-1.4\n", "", "PDF"},
		{"an empty file", "-- editions/2019-02/agrees.csv --\n", "", "empty"},
		{"a misspelt declaration", "-- editions/2019-02/agrees.csv --\n" + agrees + "-- editions/2019-02/agrees.source.yaml --\nurk: x\n", "", `editions/2019-02/agrees.source.yaml:1: unknown key "urk"; did you mean "url"?`},
	} {
		_, err := open(t, c.files, c.edition)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want %q in it", c.name, err, c.says)
		}
		if err != nil && strings.Contains(err.Error(), os.TempDir()) {
			t.Errorf("%s: the message shows a path of this machine: %v", c.name, err)
		}
	}
}

// TestWhatIsNotRead is reported, but for what programs leave behind.
func TestWhatIsNotRead(t *testing.T) {
	in, err := open(t, `
-- registry/actors.csv --
id,name,position,website,note
-- editions/2019-6-17/agrees.csv --
-- editions/README.md --
-- editions/.DS_Store --
-- editions/2019-02/Agrees.CSV --
`+agrees+`-- editions/2019-02/Agrees.source.yaml --
publisher: ASIP
-- editions/2019-02/~$agrees.xlsx --
-- editions/2019-02/.~lock.agrees.csv# --
-- editions/2019-02/.agrees.csv.swp --
-- editions/2019-02/agrees (1).csv --
-- editions/2019-02/notes.txt --
-- editions/2019-02/certifies.htm --
<table><tr><th>Hébergeur<th>Activités<tr><td>Beta<td>1</table>
-- editions/2019-02/certifies_fichiers/logo.png --
-- editions/2019-02/certifies.source.yml --
publisher: perdu
`, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2019-02 Agrees.CSV certifies.htm"}, shape(in)); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"editions/2019-6-17 warning edition-name", "editions/README.md warning edition-name",
		"editions/2019-02/agrees (1).csv warning file-unread", "editions/2019-02/notes.txt warning file-unread", "editions/2019-02/certifies.source.yml warning file-unread",
	}
	if diff := cmp.Diff(want, found(in)); diff != "" {
		t.Error(diff)
	}
	if p := in.Editions[0].Sources[etl.Approved].Publisher; p != "ASIP" {
		t.Errorf("publisher %q", p)
	}
}

// TestMissingLists: an edition may lack a list, or both.
func TestMissingLists(t *testing.T) {
	in, err := open(t, "-- editions/2019-03/certifies.csv --\n"+certifies+"-- editions/2019-02/agrees.csv --\n"+agrees+"-- editions/2019-01/agrees.source.yaml --\nurl: https://x\n", "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2019-01 - -", "2019-02 agrees.csv -", "2019-03 - certifies.csv"}, shape(in)); diff != "" {
		t.Error(diff)
	}
	// And there is no registry: that may be a misspelt name.
	if diff := cmp.Diff([]string{"registry warning registry-missing", "editions/2019-01/agrees.source.yaml warning file-unread"}, found(in)); diff != "" {
		t.Error(diff)
	}
}

// TestDeclared: what stands beside a file goes before the configuration.
func TestDeclared(t *testing.T) {
	sum := "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
	in, err := open(t, "-- registry/actors.csv --\nid,name,position,website,note\n-- editions/2019-03/certifies.csv --\n"+certifies+"-- editions/2019-06/certifies.csv --\n"+certifies+
		"-- editions/2019-06/certifies.source.yaml --\nurl: https://esante.gouv.fr/certifies\nretrieved: 2019-06-18\nactivity_numbering: asip_2018\nsha256: "+sum+"\n", "")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, e := range in.Editions {
		s := e.Sources[etl.Certified]
		got = append(got, fmt.Sprintf("%s %s %s", s.URL, s.Numbering, s.Retrieved))
	}
	if diff := cmp.Diff([]string{"https://example.fr/liste decree ", "https://esante.gouv.fr/certifies asip_2018 2019-06-18"}, got); diff != "" {
		t.Error(diff)
	}
	// The list did not change since March: it says when it was downloaded, so that it is
	// no old download put in the new folder.
	if diff := cmp.Diff([]string{"editions/2019-06/certifies.csv warning source-changed", "editions/2019-06/certifies.csv info source-same"}, found(in)); diff != "" {
		t.Error(diff)
	}
	// The right sum, in any case, is no finding.
	right := strings.ToUpper(in.Editions[1].Sources[etl.Certified].Table.SHA256)
	in, err = open(t, "-- registry/actors.csv --\nid,name,position,website,note\n-- editions/2019-06/certifies.csv --\n"+certifies+"-- editions/2019-06/certifies.source.yaml --\nsha256: "+right+"\n", "")
	if err != nil || len(in.Found) != 0 {
		t.Errorf("%v, %v", found(in), err)
	}
}

// TestRegistryIsRead, with its faults at their lines.
func TestRegistryIsRead(t *testing.T) {
	in, err := open(t, "-- editions/2019-02/agrees.csv --\n"+agrees+"-- registry/actors.csv --\nNom;ID;Name\nx;alpha;Alpha\n", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Registry.Actors) != 1 || in.Registry.Actors[0].ID != "alpha" || in.Registry.Actors[0].Place.String() != "registry/actors.csv:2" {
		t.Errorf("%+v", in.Registry.Actors)
	}
	if len(in.Found) == 0 || !strings.HasPrefix(found(in)[0], "registry/actors.csv:1:1 warning header-extra") {
		t.Errorf("%v", found(in))
	}
}

func TestLoose(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "liste.csv")
	if err := os.WriteFile(file, []byte(certifies), 0o644); err != nil {
		t.Fatal(err)
	}
	l := layout("")
	in, err := workspace.Loose(&l, "2019-06-17", [2]string{etl.Certified: file})
	if err != nil {
		t.Fatal(err)
	}
	if e := in.Editions[0]; e.ID != "2019-06-17" || e.Sources[etl.Approved].Table != nil || e.Sources[etl.Certified].Table == nil {
		t.Errorf("%+v", e)
	}
	if _, err := workspace.Loose(&l, "2019-06-17", [2]string{filepath.Join(dir, "absent.csv"), file}); err == nil {
		t.Error("a file that is not there is read")
	}
}

// TestAccentedNames: a list's file is found with the accents of its name, however the
// system composes them.
func TestAccentedNames(t *testing.T) {
	for _, name := range []string{"agréés.csv", "Agre\u0301e\u0301s.CSV", "AGRÉÉS.csv"} {
		root := t.TempDir()
		edition := filepath.Join(root, "editions", "2019-06-17")
		if err := os.MkdirAll(edition, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(edition, name), []byte(agrees), 0o644); err != nil {
			t.Fatal(err)
		}
		in, err := workspace.Open(layout(root), "")
		if err != nil || in.Editions[0].Sources[etl.Approved].Table == nil {
			t.Errorf("%s: %v, %v", name, err, in.Found)
		}
	}
}
