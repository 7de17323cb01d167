package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTextsThatNoWorkbookHolds: what a workbook cannot hold is a fault of the
// configuration, at its key, and not of a run that comes later.
func TestTextsThatNoWorkbookHolds(t *testing.T) {
	for _, c := range []struct{ yaml, key string }{
		{`report: {title: "a\vb"}`, "report.title"},
		{`report: {notice: "a\u0000b"}`, "report.notice"},
		{`report: {contact: "a\uFFFEb"}`, "report.contact"},
		{`report: {extra_columns: ["x", "a\fb"]}`, "report.extra_columns"},
		{`report: {licence: "` + strings.Repeat("é", maxText+1) + `"}`, "report.licence"},
	} {
		file := filepath.Join(t.TempDir(), FileName)
		if err := os.WriteFile(file, []byte(c.yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		var fault *Error
		if _, err := Load(file, nil, nil); !errors.As(err, &fault) || fault.Key != c.key {
			t.Errorf("%.40s: %v", c.yaml, err)
		}
	}
	if _, err := ParseSource([]byte(`publisher: "a\vb"`), "agrees.source.yaml"); err == nil {
		t.Error("a source's text is taken as it is")
	}
	if m := checkText("Évènements\n« 12 % »\t😀"); !m.IsZero() {
		t.Error(m)
	}
}
