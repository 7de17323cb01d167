package workspace_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/workspace"
)

// TestNewest: the newest file of each listing, whichever edition has it, and nothing of
// an empty workspace.
func TestNewest(t *testing.T) {
	root := t.TempDir()
	if editions, held, err := workspace.Newest(layout(root)); err != nil || editions != nil || held[etl.Approved].Edition != "" {
		t.Errorf("no folder: %v, %v, %v", editions, held, err)
	}
	for _, name := range []string{"2019-02/agrees.xlsx", "2019-02/agrees.source.yaml", "2019-03/certifies.csv", "2019-03/certifies.pages/1-A.csv", "2019-03/agrees_files/logo.png", ".fetch-2019-07-1/agrees.csv", "notes/agrees.csv"} {
		file := filepath.Join(root, "editions", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(agrees), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	editions, held, err := workspace.Newest(layout(root))
	want := [2]workspace.Held{etl.Approved: {Edition: "2019-02", File: "editions/2019-02/agrees.xlsx"}, etl.Certified: {Edition: "2019-03", File: "editions/2019-03/certifies.csv"}}
	if err != nil || !slices.Equal(editions, []string{"2019-02", "2019-03"}) || held != want {
		t.Errorf("%v, %v, %v", editions, held, err)
	}
	if err := os.Mkdir(filepath.Join(root, "editions", "2019-03-31"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, _, err := workspace.Newest(layout(root)); err == nil || !strings.Contains(err.Error(), "the same day") {
		t.Errorf("two editions of a day: %v", err)
	}
}

// TestPagesAreNoLists: the pages that a list was put together from are not read, and
// not reported either.
func TestPagesAreNoLists(t *testing.T) {
	in, err := open(t, "-- editions/2019-06/agrees.csv --\n"+agrees+"-- editions/2019-06/agrees.pages/1-A.csv --\n"+agrees+"-- editions/2019-06/autres.pages/1-A.csv --\n"+agrees, "")
	if err != nil || in.Editions[0].Sources[etl.Approved].Table.File != "editions/2019-06/agrees.csv" {
		t.Fatalf("%v, %v", shape(in), err)
	}
	for _, f := range in.Found {
		if strings.Contains(f.Place.File, "agrees.pages") {
			t.Error(f)
		}
	}
	if !slices.ContainsFunc(in.Found, func(f etl.Finding) bool { return f.Place.File == "editions/2019-06/autres.pages" }) {
		t.Error("the pages of no list are not reported")
	}
}
