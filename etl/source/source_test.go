package source

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// known stands for the pipeline's header matcher.
func known(cells []string) int {
	n := 0
	for _, c := range cells {
		switch strings.ToLower(strings.ReplaceAll(c, "\n", " ")) {
		case "acteur", "hébergeur", "prestation agréée", "date de fin", "organisme certificateur", "type":
			n++
		}
	}
	return n
}

var withHeaders = Options{Recognise: known}

// show writes rows as "number: cell|cell", a line each, for comparing.
func show(t *etl.Table) string {
	var b strings.Builder
	for _, r := range t.Rows {
		fmt.Fprintf(&b, "%d: %s\n", r.Number, strings.ReplaceAll(strings.Join(r.Cells, "|"), "\n", "⏎"))
	}
	return b.String()
}

// codes gives "code@row:col" of the findings, in order.
func codes(fs []etl.Finding) string {
	var out []string
	for _, f := range fs {
		s := f.Code
		if f.Place.Row > 0 {
			s += fmt.Sprintf("@%d:%d", f.Place.Row, f.Place.Column)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func mustRead(t *testing.T, data []byte, name string, o Options) (*etl.Table, []etl.Finding) {
	t.Helper()
	table, found, err := Read(data, name, o)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	checkTable(t, table, o)
	return table, found
}

// checkTable holds what is promised of every table.
func checkTable(t *testing.T, table *etl.Table, o Options) {
	t.Helper()
	last, cells := -1, 0
	for _, r := range table.Rows {
		if r.Number <= last {
			t.Fatalf("row %d after row %d", r.Number, last)
		}
		last = r.Number
		cells += len(r.Cells)
		if len(r.Cells) == 0 || r.Cells[len(r.Cells)-1] == "" {
			t.Fatalf("row %d ends in an empty cell", r.Number)
		}
		for _, c := range r.Cells {
			if !utf8.ValidString(c) {
				t.Fatalf("row %d: invalid UTF-8 in %q", r.Number, c)
			}
			for _, x := range c {
				if unicode.IsControl(x) && x != '\n' || x == '\u00a0' || x == '\ufeff' {
					t.Fatalf("row %d: %U in %q", r.Number, x, c)
				}
			}
		}
	}
	if cells > o.maxCells() {
		t.Fatalf("%d cells, more than %d", cells, o.maxCells())
	}
	if table.SHA256 == "" || table.Format == "" {
		t.Fatalf("table without hash or format: %+v", table)
	}
}

func wantRows(t *testing.T, table *etl.Table, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimLeft(want, "\n"), show(table)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func wantCodes(t *testing.T, found []etl.Finding, want string) {
	t.Helper()
	if got := codes(found); got != want {
		t.Errorf("findings %q, want %q", got, want)
		for _, f := range found {
			t.Log(f)
		}
	}
}

// zipOf builds an archive; files are name, content, name, content...
func zipOf(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUnreadable(t *testing.T) {
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	tests := []struct {
		name string
		data string
		file string
		code string
	}{
		{"pdf named csv", "%PDF-1.7\n%âãÏÓ", "agrees.csv", "source-pdf"},
		{"empty", "", "agrees.csv", "source-empty"},
		{"bom only", "\xef\xbb\xbf", "agrees.csv", "source-blank"},
		{"blank", " \r\n\t\n", "agrees.csv", "source-blank"},
		{"blank cells", ";;;\n;;\n", "agrees.csv", "source-blank"},
		{"encrypted office", ole + string(wide("EncryptedPackage")), "a.xlsx", "source-encrypted"},
		{"old xls", ole + string(wide("Workbook")), "a.xls", "source-xls"},
		{"older xls", ole + string(wide("Book")), "a.xls", "source-xls"},
		{"old doc", ole + string(wide("WordDocument")), "a.doc", "source-office"},
		{"unknown ole", ole, "a.xls", "source-office"},
		{"rtf", `{\rtf1\ansi}`, "a.txt", "source-rtf"},
		{"a pointer of git", "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n", "a.csv", "source-pointer"},
		{"a conflict of git", "Acteur;Type\n<<<<<<< HEAD\nAlpha;a\n=======\nAlpha;b\n>>>>>>> other\n", "a.csv", "source-conflict"},
		{"a conflict about the header", "<<<<<<< HEAD\nActeur;Type\n=======\nActeur;Sorte\n>>>>>>> other\nAlpha;b\n", "a.csv", "source-conflict"},
		{"parquet", "PAR1\x15\x04\x15", "a.parquet", "source-binary"},
		{"gzip", "\x1f\x8b\x08\x00", "a.csv.gz", "source-archive"},
		{"png", "\x89PNG\r\n\x1a\n", "a.png", "source-image"},
		{"webp", "RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "source-image"},
		{"binary", strings.Repeat("\x01\x02\x03abc", 100), "a", "source-binary"},
		{"mhtml", "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "a.mhtml", "source-mhtml"},
		{"docx", string(zipOf(t, "[Content_Types].xml", "<x/>", "word/document.xml", "<x/>")), "a.docx", "source-office"},
		{"xlsb", string(zipOf(t, "xl/workbook.bin", "")), "a.xlsb", "source-xlsb"},
		{"numbers", string(zipOf(t, "Index/Document.iwa", "")), "a.numbers", "source-numbers"},
		{"odt", string(zipOf(t, "mimetype", "application/vnd.oasis.opendocument.text")), "a.odt", "source-office"},
		{"plain zip", string(zipOf(t, "agrees.csv", "a;b")), "a.zip", "source-zip"},
		{"empty zip", string(zipOf(t)), "a.zip", "source-zip"},
		{"cut zip", string(zipOf(t, "xl/workbook.xml", strings.Repeat("abc", 100))[:60]), "a.xlsx", "source-damaged"},
		{"xml", `<?xml version="1.0"?><rss><item/></rss>`, "a.xml", "source-xml"},
		{"excel 2003 xml", `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`, "a.xml", "source-xml2003"},
		{"utf-16 cut", "\xff\xfea\x00b", "a.csv", "source-encoding"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, _, err := Read([]byte(tt.data), tt.file, withHeaders)
			var r *Unreadable
			if !errors.As(err, &r) {
				t.Fatalf("error %v (%T), want a refusal", err, err)
			}
			if table != nil {
				t.Error("a table beside the refusal")
			}
			if r.Finding.Code != tt.code || r.Finding.Severity != etl.Error || r.Finding.ToDo().IsZero() || r.Finding.Place.File != tt.file {
				t.Errorf("refusal %+v, want code %s", r.Finding, tt.code)
			}
		})
	}
}

func TestRefusalSaysWhatToDo(t *testing.T) {
	_, _, err := Read([]byte("%PDF-1.4"), "agrees.pdf", Options{})
	want := "agrees.pdf: this is a PDF, from which a table cannot be read reliably; ask the publisher for a spreadsheet, or export the table to .xlsx or .csv and check it against the PDF [source-pdf]"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(file, []byte("a;b\n1;2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	table, _, err := ReadFile(file, "editions/a.csv", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if table.File != "editions/a.csv" || table.SHA256 != "7dc4f8c27294beeafca3dae2bc4e76400f1dd04e8fa5a9d8f0a5ea1a9b3ab1f0" && len(table.SHA256) != 64 {
		t.Errorf("table %+v", table)
	}
	for _, tt := range []struct {
		path string
		o    Options
		code string
	}{
		{filepath.Join(dir, "none.csv"), Options{}, "source-missing"},
		{dir, Options{}, "source-directory"},
		{file, Options{MaxBytes: 4}, "source-too-large"},
	} {
		_, _, err := ReadFile(tt.path, "x", tt.o)
		var r *Unreadable
		if !errors.As(err, &r) || r.Finding.Code != tt.code {
			t.Errorf("%s: %v, want %s", tt.path, err, tt.code)
		}
		if strings.Contains(err.Error(), dir) {
			t.Errorf("the message holds the machine's path: %v", err)
		}
	}
	if _, _, err := ReadFile(filepath.Join(dir, "none.csv"), "x", Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Error("a missing file is not os.ErrNotExist")
	}
	if os.Getuid() != 0 {
		if err := os.Chmod(file, 0); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ReadFile(file, "x", Options{}); err == nil || !strings.Contains(err.Error(), "source-unreadable") {
			t.Errorf("unreadable file: %v", err)
		}
	}
}

func TestContentDecidesOverExtension(t *testing.T) {
	page := "<html><body><table><tr><td>Acteur</td></tr></table></body></html>"
	table, found := mustRead(t, []byte(page), "agrees.xls", withHeaders)
	if table.Format != "html" {
		t.Errorf("format %s", table.Format)
	}
	wantCodes(t, found, "source-extension")
	for _, name := range []string{"a.html", "a.HTM", "a", "a.2019-06"} {
		_, found := mustRead(t, []byte(page), name, withHeaders)
		wantCodes(t, found, "")
	}
	_, found = mustRead(t, []byte("a\tb\nc\td\n"), "a.csv", Options{})
	wantCodes(t, found, "")
}

func TestTextThatBeginsLikeMarkup(t *testing.T) {
	table, _ := mustRead(t, []byte("<Liste>;au 17 juin\nActeur;Type\nOVH;x\n"), "a.csv", withHeaders)
	if table.Format != "csv" || len(table.Rows) != 3 {
		t.Errorf("read as %s: %s", table.Format, show(table))
	}
	table, _ = mustRead(t, []byte("Warning: mysql_connect()\n<html><table><tr><td>Acteur</table></html>"), "a.html", withHeaders)
	if table.Format != "html" {
		t.Errorf("read as %s", table.Format)
	}
}

func TestTooManyCellsIsRefused(t *testing.T) {
	for name, data := range map[string]string{
		"a.csv":  strings.Repeat("a;b;c\n", 50),
		"a.html": "<table><tr>" + strings.Repeat("<td colspan=50>x</td>", 3) + "</tr></table>",
		"b.html": "<table><tr><td rowspan=1000>x</td></tr>" + strings.Repeat("<tr><td>y</td></tr>", 60) + "</table>",
		"a.json": "[" + strings.Repeat(`{"a":1,"b":2},`, 60) + `{"a":1}]`,
		"a.fods": fods(`<table:table-row table:number-rows-repeated="1048576"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>`),
		"b.fods": fods(`<table:table-row><table:table-cell table:number-columns-repeated="5000"><text:p>x</text:p></table:table-cell></table:table-row>`),
	} {
		_, _, err := Read([]byte(data), name, Options{MaxCells: 100})
		if err == nil || !strings.Contains(err.Error(), "[too-many-cells]") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// samples adds the files that the project ships, if it has them by now.
func samples(f *testing.F, ext string) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "samples", "editions", "*", "*."+ext))
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
}

var fuzzOptions = Options{MaxCells: 50_000, Recognise: known}

func fuzzReader(f *testing.F, name string) {
	f.Fuzz(func(t *testing.T, data []byte) {
		table, found, err := Read(data, name, fuzzOptions)
		if (table == nil) != (err != nil) {
			t.Fatalf("table %v, error %v", table, err)
		}
		for _, x := range found {
			if what, _ := x.Words(message.In("fr")); x.Code == "" || what == "" || strings.Contains(what, "⟨") {
				t.Fatalf("finding %+v", x)
			}
		}
		if err != nil {
			if r, ok := err.(*Unreadable); !ok || r.Finding.ToDo().IsZero() {
				t.Fatalf("error %v (%T)", err, err)
			}
			return
		}
		checkTable(t, table, fuzzOptions)
	})
}
