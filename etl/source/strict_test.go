package source

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestStrictWorkbook: a workbook that Excel saves as "Strict Open XML" has other
// namespaces and dates in ISO 8601. It is read as any other.
func TestStrictWorkbook(t *testing.T) {
	usual := book(t, func(f *excelize.File) {
		ok(t, f.SetSheetRow("Sheet1", "A1", &[]any{"Hébergeur", "Date d'agrément", "Prestation"}),
			f.SetSheetRow("Sheet1", "A2", &[]any{"Alpha", time.Date(2019, 6, 17, 0, 0, 0, 0, time.UTC), "Hébergement"}))
	})
	namespaces := strings.NewReplacer(
		"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
		"http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/")
	z, err := zip.NewReader(bytes.NewReader(usual), int64(len(usual)))
	ok(t, err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	changed := 0
	for _, part := range z.File {
		r, err := part.Open()
		ok(t, err)
		text, err := io.ReadAll(r)
		ok(t, err)
		strict := namespaces.Replace(string(text))
		if strict != string(text) {
			changed++
		}
		if part.Name == "xl/worksheets/sheet1.xml" {
			strict = strings.Replace(strict, `<v>43633</v>`, `<v>2019-06-17</v>`, 1)
			if strict = strings.Replace(strict, `<c r="B2" s="1">`, `<c r="B2" s="1" t="d">`, 1); !strings.Contains(strict, `t="d"><v>2019-06-17<`) {
				t.Fatalf("no date in %s", strict)
			}
		}
		p, err := w.Create(part.Name)
		ok(t, err)
		_, err = io.WriteString(p, strict)
		ok(t, err)
	}
	ok(t, w.Close())
	if changed < 4 {
		t.Fatalf("%d parts are strict", changed)
	}
	table, found, err := Read(b.Bytes(), "agrees.xlsx", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(table.Rows[1].Cells, "|"); got != "Alpha|2019-06-17|Hébergement" || len(found) != 0 {
		t.Errorf("%q, %v", got, found)
	}
}
