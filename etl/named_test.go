package etl_test

import (
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

func TestNamed(t *testing.T) {
	for _, k := range []struct{ id, alone, of, at, since string }{
		{"2019-06-17", "17 juin 2019", "du 17 juin 2019", "au 17 juin 2019", "le 17 juin 2019"},
		{"2019-04-01", "1er avril 2019", "du 1er avril 2019", "au 1er avril 2019", "le 1er avril 2019"},
		{"2019-02", "février 2019", "de février 2019", "en février 2019", "février 2019"},
		{"2019-10", "octobre 2019", "d’octobre 2019", "en octobre 2019", "octobre 2019"},
		{"2019-08", "août 2019", "d’août 2019", "en août 2019", "août 2019"},
		{"agrees.csv", "agrees.csv", "agrees.csv", "agrees.csv", "agrees.csv"},
	} {
		n, fr, en := etl.Named(k.id), message.In("fr"), message.In("en")
		for form, want := range map[string]string{"of": k.of, "at": k.at, "since": k.since} {
			if got := n.SayAs(fr, form); got != want {
				t.Errorf("%s, %s: %q, want %q", k.id, form, got, want)
			}
			if got := n.SayAs(en, form); got != k.id {
				t.Errorf("%s, %s: %q in English", k.id, form, got)
			}
		}
		if got := n.Say(fr); got != k.alone {
			t.Errorf("%s: %q, want %q", k.id, got, k.alone)
		}
	}
}
