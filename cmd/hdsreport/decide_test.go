package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSuccessorInTheSummary: the summary sheet names who moved from approval to
// certification, and a successor is among them.
func TestSuccessorInTheSummary(t *testing.T) {
	dir := t.TempDir()
	const agrees, certifies = "Hébergeur;Prestation;Date d'agrément;Fin d'agrément\n", "Hébergeur;Type de certificat;Activités;Organisme certificateur;N° de certificat;Date de délivrance;Date de fin\nPulsatille;Infogéreur;5;LNE;P1;01/01/2019;31/12/2021\n"
	summary := func(decision string) string {
		for name, text := range map[string]string{
			"hdsreport.yaml":                    "gate:\n  unclassified: 1\n  lost: 1\n",
			"registry/decisions.csv":            "left,right,judgement,by,date,reason\n" + decision,
			"editions/2019-02/agrees.csv":       agrees + "Télésanté Perpète;x;01/01/2016;31/12/2018\nQuidam;x;01/01/2018;31/12/2020\n",
			"editions/2019-06-17/agrees.csv":    agrees + "Quidam;x;01/01/2018;31/12/2020\n",
			"editions/2019-06-17/certifies.csv": certifies,
		} {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var said bytes.Buffer
		c := &Command{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &said, Now: time.Now}
		if code := c.Main([]string{"run", "--config", filepath.Join(dir, "hdsreport.yaml")}); code != 0 {
			t.Fatalf("exit %d: %s", code, said.String())
		}
		book, err := zip.OpenReader(filepath.Join(dir, "hds-2019-06-17.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		// The last sheet is the summary; its texts are in it.
		f, err := book.Open("xl/worksheets/sheet3.xml")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	without := strings.Count(summary(""), "Pulsatille")
	with := strings.Count(summary("Pulsatille,Télésanté Perpète,successor,Ada,2019-07-02,\n"), "Pulsatille")
	// Among those who moved, and beside the name of who left, twice.
	if with != without+3 {
		t.Errorf("the summary names the successor %d times, and %d without the decision", with, without)
	}
}
