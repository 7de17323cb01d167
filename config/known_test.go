package config_test

import (
	"strings"
	"testing"

	"hdsreport/config"
)

// TestKnownHosts: each has a position that exists and the address of a page, and is there once.
func TestKnownHosts(t *testing.T) {
	ref := config.Reference()
	seen := map[string]bool{}
	for _, k := range ref.Known {
		if _, ok := ref.PositionOf(k.Code); !ok || !strings.HasPrefix(k.Source, "https://") || seen[k.Name] {
			t.Errorf("%+v", k)
		}
		seen[k.Name] = true
	}
	if len(seen) == 0 {
		t.Error("no known host")
	}
}
