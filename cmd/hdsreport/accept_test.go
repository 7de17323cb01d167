package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAcceptWhatAFormHandsOver: a workflow's fields arrive as they were filled in. Codes
// may stand on lines of their own, what a terminal or a workbook would not take is left
// out of a reason, what a spreadsheet would run is refused, and nothing is recorded then.
func TestAcceptWhatAFormHandsOver(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, inputs{os.DirFS("../../samples")}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "editions", "2019-06-17", "agrees.csv"),
		[]byte("Hébergeur;Prestation agréée;Date d'agrément;Fin d'agrément\nOVH;;;\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	record := filepath.Join(dir, "registry", "accepted.csv")
	before, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ accept, by, reason, says string }{
		{"actors-lost\nnonsense", "A. Martin", "", "--accept nonsense: nothing is refused"},
		{"actors-lost\"", "A. Martin", "", "--accept actors-lost\": nothing is refused"},
		{"--by", "A. Martin", "", "--accept --by: nothing is refused"},
		{" , ", "A. Martin", "", "--accept and --by go together"},
		{"actors-lost", "\x1b \n", "", "--accept and --by go together"},
		{"actors-lost", `=HYPERLINK("http://x")`, "", "--by: begin with a word"},
		{"actors-lost", "A. Martin", "\n@SUM(1)", "--reason: begin with a word"},
		{" actors-lost ,\n", "A.\tMartin", "ok\n::error::\x1b[31mred\u202e", ""},
	} {
		var out bytes.Buffer
		cmd := &Command{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
			Environ: []string{"HDSREPORT_REPORT_LANGUAGE=en"},
			Now:     func() time.Time { return time.Date(2019, 7, 2, 9, 0, 0, 0, time.UTC) }}
		code := cmd.Main([]string{"run", "--config", filepath.Join(dir, "hdsreport.yaml"), "--accept", c.accept,
			"--by", c.by, "--reason", c.reason})
		text, err := os.ReadFile(record)
		if err != nil {
			t.Fatal(err)
		}
		if c.says == "" {
			if code != exitDone || !strings.Contains(string(text),
				"\n2019-06-17,actors-lost,A. Martin,2019-07-02,ok ::error:: [31mred,") {
				t.Errorf("%q: exit %d\n%s\n%s", c, code, text, out.String())
			}
			continue
		}
		if code != exitUsage || !strings.Contains(out.String(), c.says) || !bytes.Equal(text, before) {
			t.Errorf("%q: exit %d\n%s\n%s", c, code, text, out.String())
		}
	}
}
