package readback

import (
	"testing"

	"hdsreport/config"
	"hdsreport/report"
)

func TestSame(t *testing.T) {
	ref := config.Reference()
	r := New(&ref, report.Labels{Language: "fr", Texts: config.Labels("fr")},
		report.Labels{Language: "en", Texts: config.Labels("en")})
	activity := ref.Activities[0].Key
	for _, c := range []struct {
		column, a, b string
		want         bool
	}{
		{"position", " esn", "ESN", true},
		{"position", "ESN\u00a0", "ESN", true},
		{"position", "esn", "Autre", false},
		{"position", "Other", "Autre", true},
		{activity, "non", "Non", true},
		{activity, "FALSE", "Non", true},
		{activity, "VRAI", "Oui", true},
		{activity, "1", "Oui", true},
		{activity, "x", "Oui", true},
		{activity, "non", "Oui", false},
		{activity, "", "Non", false},
		{activity, "n.c.", "Non", false},
		{activity, "peut-être", "Non", false},
		{"also", "oui", "Oui", true},
		{"from", "17/06/2019", "2019-06-17", true},
		{"until", "17 juin 2019", "2019-06-17", true},
		{"until", "juin 2019", "2019-06-17", false},
		{"effective", "17/06/2019", "2019-06-17", true},
		{"count", "6,0", "6", true},
		{"count", "5", "6", false},
		{"name", " AP-HP ", "AP-HP", true},
		{"name", "Ap-Hp", "AP-HP", false},
		{"number", "0123", "123", false},
		{"service", "Hébergement  infogéré", "Hébergement infogéré", true},
		{"extra:Ville", "brest", "Brest", false},
	} {
		if got := r.Same(c.column, c.a, c.b); got != c.want {
			t.Errorf("%s: %q and %q: %v", c.column, c.a, c.b, got)
		}
		if got := r.Same(c.column, c.b, c.a); got != c.want {
			t.Errorf("%s: %q and %q: %v", c.column, c.b, c.a, got)
		}
	}
}
