package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRegistryThatLostLines: what was published shows that a table of the registry held
// more: one line less is a warning, most of them a refusal.
func TestRegistryThatLostLines(t *testing.T) {
	p := place{t.TempDir(), "2019-07-02"}
	if err := os.CopyFS(p.dir, os.DirFS(filepath.Join("..", "..", "samples"))); err != nil {
		t.Fatal(err)
	}
	p.want(t, 0, "run")
	whole := p.tree(t)
	if out, _ := p.want(t, 0, "check"); strings.Contains(out, "registry-lost") {
		t.Fatal(out)
	}
	cut := func(table string, lines int) string {
		all := strings.SplitAfter(whole["registry/"+table], "\n")
		return strings.Join(all[:lines], "")
	}
	for _, c := range []struct {
		table, text string
		code        int
		severity    string
	}{
		{"actors.csv", cut("actors.csv", 12), 3, "error"},
		{"actors.csv", cut("actors.csv", 115), 0, "warning"},
		{"actors.csv", strings.Replace(whole["registry/actors.csv"], "\ntabellionnade", "\ntabellionnadf", 1), 0, "warning"},
		{"names.csv", cut("names.csv", 3), 0, "warning"},
	} {
		p.write(t, "registry/"+c.table, c.text)
		out, _ := p.want(t, c.code, "check")
		if !strings.Contains(out, "registry: "+c.severity+": ") || !strings.Contains(out, "[registry-lost]") {
			t.Errorf("%s of %d bytes:\n%s", c.table, len(c.text), out)
		}
		p.write(t, "registry/"+c.table, whole["registry/"+c.table])
	}
}
