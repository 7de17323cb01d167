package etl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
)

// TestColumnsInDoubt: a column that stands for no field may say that a row does not count.
func TestColumnsInDoubt(t *testing.T) {
	for _, c := range []struct {
		heading string
		values  string // of four rows
		want    string
	}{
		{"Workflow", "brouillon publié publié publié", "Alpha"},
		{"Résultat de l'audit", "Accepté Refusé Accepté Accepté", "Beta"},
		{"publié", "oui oui non oui", "Gamma"},
		{"isVisible", "TRUE TRUE TRUE FALSE", "Delta"},
		{"withdrawn_on", "2019-01-01 - - -", "Alpha"},
		{"withdrawn_on", "2019-09-01 - - -", ""},
		{"Audit", "terminé terminé terminé en_cours", ""}, // nearly all: not about a row's standing
		{"Infogérance", "oui non oui oui", ""},
		{"Ville", "Retraite Lyon Lyon Lyon", ""},
	} {
		lines := []string{certifiedHeader + " | " + c.heading}
		for i, v := range strings.Fields(c.values) {
			name := []string{"Alpha", "Beta", "Gamma", "Delta"}[i]
			lines = append(lines, name+" | | | | "+name[:1]+"1 | 15/01/2019 | 14/01/2022 | "+strings.ReplaceAll(v, "_", " "))
		}
		l, fs := readAlone(t, etl.Certified, etl.Source{Table: table("a.csv", lines...)})
		var got []string
		for _, f := range fs {
			if f.Code == etl.CodeStandingDoubt {
				for _, row := range f.Rows {
					got = append(got, row.Said)
				}
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" || len(l.Rows) != 4 {
			t.Errorf("%s, %s: %s, %d rows", c.heading, c.values, diff, len(l.Rows))
		}
		for i := range l.Rows {
			if !l.Rows[i].Counts() {
				t.Errorf("%s, %s: %s does not count", c.heading, c.values, l.Rows[i].Name)
			}
		}
	}
}

// TestKeysAsHeadings: the keys of programs are headings with their words together.
func TestKeysAsHeadings(t *testing.T) {
	l, fs := readAlone(t, etl.Certified, etl.Source{Numbering: "decree", Table: table("a.csv",
		"nomHebergeur | typeCertificat | activites | organismeCertificateur | numeroCertificat | dateDelivrance | dateFin | dateRetrait",
		"Alpha | Hébergeur infogéreur | 5 | LNE | C-1 | 15/01/2019 | 14/01/2022 | 01/02/2019",
		"Beta | Hébergeur infogéreur | 5 | LNE | C-2 | 15/01/2019 | 14/01/2022 |")})
	if len(said(fs, etl.CodeHeaderMissing))+len(said(fs, etl.CodeHeaderExtra)) > 0 || len(l.Rows) != 2 {
		t.Fatalf("%d rows, %v", len(l.Rows), fs)
	}
	if a, b := &l.Rows[0], &l.Rows[1]; a.Counts() || !b.Counts() || a.Number != "C-1" || a.From.String() != "2019-01-15" {
		t.Errorf("%+v, %+v", a, b)
	}
}
