package fetch

import (
	"encoding/json"
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"hdsreport/config"
)

// FuzzProvenance: whatever a server or a configuration says, what is written of it
// reads back as it was, and nothing of it becomes a key.
func FuzzProvenance(f *testing.F) {
	f.Add("ANS", `W/"a:b\"c"`, "A")
	f.Add("x\ny: z", "\"\nsha256: 0", "- 1")
	f.Add("\x10", "0", "0")
	f.Add("null", "2019-07-02", "\x7f\u0085\t")
	f.Add("é\u2028#", "*a &b !c %d", "{page}")
	f.Fuzz(func(t *testing.T, publisher, tag, page string) {
		if !utf8.ValidString(publisher) || !utf8.ValidString(tag) || !utf8.ValidString(page) {
			t.Skip()
		}
		// A publisher comes from the configuration, and one that it refuses never gets here.
		stated, err := json.Marshal(publisher)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := config.ParseSource(fmt.Appendf(nil, "publisher: %s\n", stated), "agrees.source.yaml"); err != nil {
			t.Skip()
		}
		p := Provenance{URL: "https://ans.fr", Publisher: publisher, ActivityNumbering: "decree", ETag: tag, Pages: []PageProvenance{{Page: page, File: "1-A.csv", ETag: tag}, {Page: "B"}}}
		s, err := config.ParseSource(p.yaml(), "agrees.source.yaml")
		if err != nil {
			t.Fatalf("%v\n%s", err, p.yaml())
		}
		want := config.Source{URL: p.URL, Publisher: publisher, ActivityNumbering: "decree", ETag: tag, Pages: []config.SourcePage{{Page: page, File: "1-A.csv", ETag: tag}, {Page: "B"}}}
		if diff := cmp.Diff(want, s); diff != "" {
			t.Errorf("%s\n%s", diff, p.yaml())
		}
	})
}
