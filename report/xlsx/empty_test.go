package xlsx

import (
	"bytes"
	"testing"
)

// TestEmptyResults: a formula whose result is an empty text has a value that says
// so, wherever the stream is cut.
func TestEmptyResults(t *testing.T) {
	in := `<c t="str"><f>A1&amp;""</f></c><c t="str"><f>B1</f><v>x</v></c><c t="str"><f></f></c></row></`
	want := `<c t="str"><f>A1&amp;""</f><v></v></c><c t="str"><f>B1</f><v>x</v></c><c t="str"><f></f><v></v></c></row></`
	for size := 1; size <= len(in); size++ {
		var e emptyResults
		var out bytes.Buffer
		pass := func(b []byte) { out.Write(b) }
		for from := 0; from < len(in); from += size {
			e.feed([]byte(in[from:min(from+size, len(in))]), pass)
		}
		pass(e.held)
		if got := out.String(); got != want {
			t.Fatalf("in pieces of %d:\ngot  %s\nwant %s", size, got, want)
		}
	}
}
