package workspace_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/workspace"
)

// TestOddFolders: what is no ordinary file or folder is told as such, by the name
// that a person gave it.
func TestOddFolders(t *testing.T) {
	root := t.TempDir()
	edition := filepath.Join(root, "editions", "2019-06-17")
	if err := os.MkdirAll(filepath.Join(edition, "agrees.source.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(edition, "agrees.csv"), []byte(agrees), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := workspace.Open(layout(root), "")
	if err == nil || !strings.Contains(err.Error(), "editions/2019-06-17/agrees.source.yaml: the file cannot be read (it is a folder)") || strings.Contains(err.Error(), root) {
		t.Errorf("%v", err)
	}
	if err := os.Remove(filepath.Join(edition, "agrees.source.yaml")); err != nil {
		t.Fatal(err)
	}

	// A device would never end.
	if err := os.Symlink(os.DevNull, filepath.Join(edition, "agrees.source.yaml")); err != nil {
		if os.Getenv("HDSTEST_TOOLS") == "required" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, and not checked: ", err)
	}
	if _, err := workspace.Open(layout(root), ""); err == nil || !strings.Contains(err.Error(), "not an ordinary file") {
		t.Errorf("%v", err)
	}
	if err := os.Remove(filepath.Join(edition, "agrees.source.yaml")); err != nil {
		t.Fatal(err)
	}

	// An edition may be a link to a folder kept elsewhere; the newest one passed over
	// would let an older one be published.
	elsewhere := filepath.Join(root, "elsewhere")
	if err := os.Rename(edition, elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, edition); err != nil {
		t.Fatal(err)
	}
	in, err := workspace.Open(layout(root), "")
	if err != nil || in.Editions[0].Sources[etl.Approved].Table == nil {
		t.Errorf("%v, %v", shape(in), err)
	}
	if err := os.RemoveAll(elsewhere); err != nil {
		t.Fatal(err)
	}
	if _, err := workspace.Open(layout(root), ""); err == nil || !strings.Contains(err.Error(), "leads nowhere") {
		t.Errorf("%v", err)
	}

	root = t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "editions"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := workspace.Open(layout(root), ""); err == nil || !strings.HasPrefix(err.Error(), "editions: the folder cannot be read") {
		t.Errorf("%v", err)
	}
}

// TestOldDownload: the newest list is the file of an edition before, or of the other
// list.
func TestOldDownload(t *testing.T) {
	in, err := open(t, "-- registry/actors.csv --\nid,name,position,website,note\n-- editions/2019-02/agrees.csv --\n"+agrees+"-- editions/2019-03/agrees.csv --\n"+agrees+"-- editions/2019-03/certifies.csv --\n"+certifies, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := found(in); len(got) != 1 || got[0] != "editions/2019-03/agrees.csv warning source-same" {
		t.Errorf("%v", got)
	}
	in, err = open(t, "-- registry/actors.csv --\nid,name,position,website,note\n-- editions/2019-03/agrees.csv --\n"+agrees+"-- editions/2019-03/certifies.csv --\n"+agrees, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := found(in); len(got) != 1 || got[0] != "editions/2019-03/agrees.csv warning source-same" {
		t.Errorf("%v", got)
	}
}
