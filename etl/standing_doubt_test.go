package etl_test

import (
	"fmt"
	"testing"

	"hdsreport/etl"
)

// TestStandingDoubtful: what may mean that a row no longer counts is said, beside a name, in a
// remark and in a standing whose day has passed. The row counts, under its own name.
func TestStandingDoubtful(t *testing.T) {
	for _, c := range []struct{ line, doubt string }{ // name | remark | standing; the variant of the finding, "." for the first
		{"Alpha (fusionné avec Beta) | |", "name"}, {"Alpha - absorbé par Beta | |", "name"},
		{"Alpha n'héberge plus | |", "name"}, {"Alpha (ancien) | |", "name"}, {"Alpha – en cours de retrait | |", "name"},
		{"Alpha partiellement retiré | |", "name"}, {"Alpha (ne renouvelle pas) | |", "name"}, {"Alpha en liquidation | |", "name"},
		{"Alpha (procédure de retrait) | |", "name"}, {"Alpha withdrawn | |", "name"}, {"Alpha suspendu par le préfet | |", "name"},
		{"Alpha (en attente) | |", "name"}, {"Alpha (certification en cours) | |", "name"}, {"Alpha - en cours de certification | |", "name"},
		{"Alpha (sous réserve) | |", "name"}, {"Alpha (jusqu'au 30/05/2019) | |", "name"}, {"Alpha | certification en cours |", "."},
		{"Alpha | N'héberge plus de données de santé |", "."}, {"Alpha | absorbée par Beta en 2018 |", "."},
		{"Alpha | valide jusqu'au 3 mars 2019 |", "."}, {"Alpha | ne renouvelle pas |", "."}, {"Alpha | arrêt de l'activité |", "."},
		{"Alpha | | Valide jusqu'au 3 mars 2019", "overdue"},
		// What says nothing of the kind.
		{"Alpha (jusqu'au 30/05/2022) | |", ""}, {"Alpha (du site de Lille) | |", ""}, {"Alpha | audit de surveillance en cours |", ""},
		{"Alpha | demande de renouvellement en cours |", ""}, {"Alpha (sans ses filiales) | |", ""},
		{"Alpha (filiale de Beta) | |", ""}, {"Alpha (ex Beta) | |", ""}, {"Maison de retraite Alpha | |", ""},
		{"Plus Santé | |", ""}, {"Alpha (Arrêt cardiaque) | |", ""}, {"Ceased Fire Ltd | |", ""}, {"Exclusive Hosting (Lyon) | |", ""},
		{"Alpha | suspension levée |", ""}, {"Alpha | renouvellement en cours |", ""}, {"Alpha | | Valide jusqu'au 3 mars 2022", ""},
		{"Alpha | périmètre étendu au site de Lille |", ""},
	} {
		l, fs := readAlone(t, etl.Approved, etl.Source{Table: table("agrees.csv", "Hébergeur | Remarque | Statut", "Omega | |", c.line)})
		got := ""
		for _, f := range fs {
			if f.Code == etl.CodeStandingDoubt {
				if got = f.Variant; got == "" {
					got = "."
				}
			} else if f.Code == etl.CodeStandingOut || f.Code == etl.CodeStandingUnknown {
				t.Errorf("%q: %s", c.line, f.Code)
			}
		}
		if got != c.doubt {
			t.Errorf("%q: the finding is %q, not %q", c.line, got, c.doubt)
		}
		if len(l.Rows) != 2 || !l.Rows[1].Counts() {
			t.Errorf("%q does not count", c.line)
		}
	}
}

// TestStandingInAnUnknownColumn: a column that is not read, and has words by which some rows
// would not count, is said with what to write into the configuration.
func TestStandingInAnUnknownColumn(t *testing.T) {
	for _, c := range []struct {
		heading string
		cells   []string
		said    int // below 0: rows that a column of ticks leaves empty
	}{
		{"Dossier HDS", []string{"", "suspendu", "", "Certificat retiré le 3 mars 2019"}, 2},
		{"Dossier HDS", []string{"suspendu", "suspendu", "suspendu", ""}, 0}, // of most rows: no list is like that
		{"Agréé", []string{"X", "X", "", "Non"}, -1}, {"Actif", []string{"Oui", "", "", "Oui"}, -2}, {"Actif", []string{"", "", "", ""}, 0},
		{"Audit de surveillance", []string{"terminé", "", "", ""}, 0},
		{"Remarque interne", []string{"retrait du site de Lille", "", "", ""}, 0},
		{"Ville", []string{"Lille", "Lyon", "Suspens", "Paris"}, 0},
	} {
		lines := []string{"Hébergeur | Prestation | " + c.heading}
		for i, cell := range c.cells {
			lines = append(lines, string(rune('A'+i))+"lpha | p | "+cell)
		}
		_, fs := readAlone(t, etl.Approved, etl.Source{Table: table("agrees.csv", lines...)})
		said := 0
		for _, f := range fs {
			switch {
			case f.Code == etl.CodeStandingDoubt && f.Variant == "column":
				said = len(f.Rows)
			case f.Code == etl.CodeStandingDoubt && f.Variant == "unticked":
				said = -len(f.Rows)
			}
		}
		if said != c.said {
			t.Errorf("%s %q: %d rows are said, not %d", c.heading, c.cells, said, c.said)
		}
	}
}

// TestRowsOfTheOtherList: both lists in one file, told apart by titles or by a column, are
// refused, because every row would count in one of them.
func TestRowsOfTheOtherList(t *testing.T) {
	for _, c := range []struct {
		lines []string
		said  string // the variant, and the number of rows
	}{
		{[]string{"Hébergeur | Activités", "Alpha | 5", "Hébergeurs agréés |", "Beta | 5", "Gamma | 6"}, "section 2"},
		{[]string{"Hébergeur | Activités", "Hébergeurs agréés |", "Beta | 5", "Hébergeurs certifiés |", "Gamma | 6"}, "section 1"},
		{[]string{"Hébergeur | Régime | Activités", "Alpha | Certification | 5", "Beta | Agrément | 5"}, "column 1"},
		{[]string{"Hébergeur | Statut | Activités", "Alpha | Certifié HDS | 5", "Beta | Hébergeur agréé | 5", "Gamma | Agréé |"}, "column 2"},
		{[]string{"Hébergeur | Activités", "Hébergeurs certifiés |", "Beta | 5"}, ""},
		{[]string{"Hébergeur | Activités", "Liste des hébergeurs agréés et certifiés |", "Beta | 5"}, ""},
		{[]string{"Hébergeur | Statut | Activités", "Alpha | Certifié | 5", "Beta | Certifiée | 5", "Gamma | Agréé et certifié | 5"}, ""},
		{[]string{"Hébergeur | Régime précédent | Activités", "Alpha | Agréé | 5", "Beta | Certifié | 5"}, ""},
		{[]string{"Hébergeur | Aussi | Activités", "Alpha | Agréé | 5", "Beta | | 5"}, ""},
	} {
		_, fs := readAlone(t, etl.Certified, etl.Source{Numbering: "decree", Table: table("certifies.csv", c.lines...)})
		got := ""
		for _, f := range fs {
			if f.Code == etl.CodeListingOther {
				got += fmt.Sprint(f.Variant, " ", len(f.Rows))
			}
		}
		if got != c.said {
			t.Errorf("%q: said %q, not %q", c.lines, got, c.said)
		}
	}
}

// TestStandingDoubtfulNumber: so is a certificate that went to another one.
func TestStandingDoubtfulNumber(t *testing.T) {
	for number, said := range map[string]int{"HDS 2001 remplacé par HDS 2050": 1, "HDS 2001 transféré à Beta": 1, "HDS 2001 (renouvelé)": 0, "2001-2": 0} {
		_, fs := readAlone(t, etl.Certified, certifies("2019-06-17", "Alpha | Hébergeur infogéreur | 5 | LNE | "+number+" | |"))
		n := 0
		for _, f := range fs {
			if f.Code == etl.CodeStandingDoubt {
				n++
			}
		}
		if n != said {
			t.Errorf("%s: %d findings, not %d", number, n, said)
		}
	}
}
