package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"hdsreport/etl/message"

	"github.com/rogpeppe/go-internal/testscript"
)

// faulty copies a workbook with a text of one part replaced everywhere: faulty FROM
// TO PART OLD NEW.
func faulty(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: faulty FROM TO PART OLD NEW")
	}
	book, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	out, err := altered(book, args[2], args[3], args[4])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o644))
}

func altered(book []byte, part, old, new string) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		if f.Name == part {
			content = []byte(strings.ReplaceAll(string(content), old, new))
		}
		w, err := out.Create(f.Name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(content); err != nil {
			return nil, err
		}
	}
	if err := out.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// TestSound: what run is about to write passes; a workbook with an error does not,
// one with a warning does and is told, and one that is no workbook does not.
func TestSound(t *testing.T) {
	book, err := os.ReadFile(workbook(t, t.TempDir(), "", "2019-06-17"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, part, old, new string
		passes               bool
		told                 string
	}{
		{"as made", "", "", "", true, ""},
		{"a formula without its value", "xl/worksheets/sheet3.xml", "</f><v>99</v>", "</f>", false, "Synthèse!B9: error: formulas without a value"},
		{"a value that is an error", "xl/worksheets/sheet3.xml", `><f>`, ` t="e"><f>`, false, "[error-value]"},
		{"no title", "docProps/core.xml", "dc:title>", "dc:none>", true, "warning: no title"},
		{"a broken sheet", "xl/worksheets/sheet3.xml", "</sheetData>", "", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := altered(book, c.part, c.old, c.new)
			if err != nil {
				t.Fatal(err)
			}
			var stderr bytes.Buffer
			cmd := &Command{Stdout: io.Discard, Stderr: &stderr, Now: time.Now, say: message.In("en")}
			if err := cmd.sound(bytes.NewReader(data), int64(len(data)), "out.xlsx"); (err == nil) != c.passes {
				t.Errorf("error %v", err)
			}
			if c.told == "" && c.passes && stderr.Len() > 0 || !strings.Contains(stderr.String(), c.told) {
				t.Errorf("told:\n%s", &stderr)
			}
		})
	}
}

func BenchmarkSound(b *testing.B) {
	out := b.TempDir() + "/book.xlsx"
	c := &Command{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now}
	if code := c.Main([]string{"run", "--config", "../../samples/hdsreport.yaml", "--out", out}); code != 0 {
		b.Fatal(code)
	}
	book, err := os.ReadFile(out)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := c.sound(bytes.NewReader(book), int64(len(book)), "out.xlsx"); err != nil {
			b.Fatal(err)
		}
	}
}
