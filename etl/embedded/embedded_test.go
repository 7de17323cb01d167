package embedded

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAsTheLibrary: every table of the program is read as encoding/csv reads it.
func TestAsTheLibrary(t *testing.T) {
	var names []string
	for _, pattern := range []string{"../message/tables/*.csv", "../../config/tables/*.csv"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		names = append(names, found...)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, name, string(data))
	}
}

func compare(t *testing.T, name, text string) {
	t.Helper()
	want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(name, err)
	}
	header, _ := Row(text)
	got, err := Rows(name, text, header)
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(want[1:], got); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

func TestQuotes(t *testing.T) {
	for _, text := range []string{
		"a,b\n1,2\n",
		"a,b\n1,2",
		"a,b\n,\n",
		"a,b\n\"\",\"\"\n",
		"a,b\n\"1,\n2\",\"say \"\"yes\"\"\"\n\"\"\"\",x\n",
		"a,b\n\"\"\"\n\"\"\",\"x\ny\nz\"\nlast,line\n",
	} {
		compare(t, "table", text)
	}
}

func TestWrongTable(t *testing.T) {
	for _, text := range []string{"a;b\n1,2\n", "a,b\n1,2,3\n", "a,b\n1\n", "a,b\n\n1,2\n"} {
		if rows, err := Rows("table", text, "a,b"); err == nil {
			t.Errorf("%q is read as %q", text, rows)
		}
	}
}
