package etl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/config"
	"hdsreport/etl"
)

// TestStandingWords: what a cell says about validity is read by the table of words. What
// it lacks, or what can mean the contrary, is asked.
func TestStandingWords(t *testing.T) {
	ref := config.Reference()
	s := etl.NewStandings(&ref)
	for _, c := range []struct{ text, key string }{
		{"Valide", "valid"}, {"En cours de validité", "valid"}, {"En cours", "valid"}, {"Certificat en cours", "valid"},
		{"Actif", "valid"}, {"Certifié HDS", "valid"}, {"Oui", "valid"}, {"Valide depuis le 3 mars 2024", "valid"},
		{"En cours de renouvellement", "renewal"}, {"Renouvellement en cours", "renewal"},
		{"Non suspendu", "valid"}, {"Suspension levée le 12/03/2019", "valid"},
		{"Suspendu", "-suspended"}, {"SUSPENDUE", "-suspended"}, {"Suspendu depuis le 3 mars 2024", "-suspended"},
		{"certificat suspendu le 12/03/2019", "-suspended"}, {"Suspension temporaire", "-suspended"},
		{"Suspendu par décision du préfet", "-suspended"}, {"Suspendus ou retirés", "-suspended"}, {"Cessation d'activité", "-ended"},
		{"Retiré", "-withdrawn"}, {"Retire", "-withdrawn"}, {"Radié", "-withdrawn"}, {"Withdrawn", "-withdrawn"},
		{"Expiré", "-expired"}, {"Certificat échu", "-expired"}, {"Non renouvelé", "-expired"}, {"Inactif", "-expired"},
		{"N'est plus valide", "-expired"}, {"Plus en vigueur", "-expired"}, {"Expired", "-expired"},
		{"Révoqué", "-revoked"}, {"Annulé", "-revoked"}, {"Invalide", "-revoked"}, {"Non valide", "-revoked"},
		{"Résilié à la demande du client", "-ended"}, {"Clos", "-ended"}, {"Ancien", "-ended"},
		{"En liquidation judiciaire", "-liquidation"}, {"Société dissoute", "-liquidation"},
		{"Refusé", "-refused"}, {"Non certifié", "-refused"}, {"Non", "-refused"},
		{"SAS", "?"}, {"En cours de suspension", "?"}, {"En cours d'audit", "?"}, {"Valide sous réserve", "?"},
		{"Suspension partielle", "?"}, {"Valide, puis suspendu", "?"}, {"Certificat", "?"}, {"?", "?"}, {"2", "?"},
		{"Procédure de retrait en cours", "?"}, {"Certification en cours", "?"},
		// What only looks like a word of the table.
		{"Périmètre limité à la France", "?"}, {"Caducée", "?"}, {"Clôture annuelle", "?"}, {"Caduque", "-revoked"},
		{"Annulé et remplacé par le n° 12", "-revoked"}, {"Annulée et remplacée par HDS 12", "-revoked"},
		{"Retrait annulé", "valid"}, {"Suspension terminée", "valid"}, {"Fin de suspension le 3 mars 2019", "valid"},
		{"Suspendu (activités 1 et 2)", "?"}, {"Retiré pour l'activité 5", "?"}, {"Suspendu pour l'activité n° 5", "?"},
		{"Non reconduit", "-expired"}, {"Échéance dépassée", "-expired"}, {"N'est plus valable", "-expired"}, {"Désistement", "-ended"},
		{"Fusionné avec Beta", "?"}, {"Valide, transféré", "?"}, {"Retiré, fusionné avec Beta", "-withdrawn"}, {"En liquidation", "-liquidation"},
		{"Annule et remplace le certificat n° 12", "valid"}, {"Dossier clôturé", "-ended"},
		{"", ""}, {"-", ""}, {"n.c.", ""}, {"Sans objet", ""},
	} {
		got := ""
		switch st := s.Of(c.text); {
		case st == nil:
		case !st.Known():
			got = "?"
		case st.Out:
			got = "-" + st.Key
		default:
			got = st.Key
		}
		if got != c.key {
			t.Errorf("%q is %q, not %q", c.text, got, c.key)
		}
	}
}

// TestStandingBesideAName: a standing that is written beside a name is taken from it, and
// nothing else is.
func TestStandingBesideAName(t *testing.T) {
	ref := config.Reference()
	s := etl.NewStandings(&ref)
	for _, c := range []struct{ name, rest, word string }{
		{"DELTA (suspendu)", "DELTA", "suspendu"},
		{"DELTA [Liquidation judiciaire]", "DELTA", "Liquidation judiciaire"},
		{"DELTA (certificat suspendu le 12/03/2019) SAS", "DELTA SAS", "certificat suspendu le 12/03/2019"},
		{"(retiré) DELTA", "DELTA", "retiré"},
		{"[SUSPENDU] DELTA (France)", "DELTA (France)", "SUSPENDU"},
		{"DELTA (France) (radié)", "DELTA (France)", "radié"},
		{"DELTA (en liquidation)", "DELTA", "en liquidation"}, {"DELTA a cessé", "DELTA", "a cessé"},
		{"DELTA partiellement retiré", "DELTA partiellement retiré", ""}, {"DELTA retrait annulé", "DELTA retrait annulé", ""},
		{"DELTA (en liquidation judiciaire)", "DELTA", "en liquidation judiciaire"},
		{"DELTA (renouvellement en cours)", "DELTA", "renouvellement en cours"},
		{"DELTA (certificat dénoncé)", "DELTA", "certificat dénoncé"},
		{"DELTA (certificat transféré)", "DELTA", "certificat transféré"}, {"DELTA - certificat transféré", "DELTA", "certificat transféré"},
		{"DELTA ❌", "DELTA", "❌"}, {"⚠ DELTA", "DELTA", "⚠"}, {"DELTA (⛔)", "DELTA", "⛔"}, {"DELTA ✅", "DELTA ✅", ""}, {"❌", "❌", ""},
		{"DELTA -- susp.", "DELTA", "susp."}, {"Susp Cloud", "Susp Cloud", ""}, {"Alpha (en attente)", "Alpha (en attente)", ""},
		{"DELTA - SUSPENDU", "DELTA", "SUSPENDU"}, {"DELTA – retiré depuis mars 2024", "DELTA", "retiré depuis mars 2024"},
		{"DELTA : expiré", "DELTA", "expiré"}, {"DELTA, suspendu", "DELTA", "suspendu"},
		{"SUSPENDU - DELTA", "DELTA", "SUSPENDU"}, {"DELTA / Retiré", "DELTA", "Retiré"},
		{"DELTA Suspendu", "DELTA", "Suspendu"}, {"DELTA certificat retiré le 3 mars 2024", "DELTA", "certificat retiré le 3 mars 2024"},
		{"DELTA HDS suspendu", "DELTA HDS", "suspendu"},
		{"DELTA (périmètre réduit)", "DELTA (périmètre réduit)", ""}, {"DELTA (Caducée)", "DELTA (Caducée)", ""},
		{"DELTA (portails, clôture, sécurité)", "DELTA (portails, clôture, sécurité)", ""},
		{"DELTA (lutte contre l'abandon)", "DELTA (lutte contre l'abandon)", ""},
		{"DELTA (désormais suspendu)", "DELTA", "désormais suspendu"},
		{"ZETA (ex-OMEGA)", "ZETA (ex-OMEGA)", ""}, {"KAPPA (France)", "KAPPA (France)", ""},
		{"Air Liquide Santé", "Air Liquide Santé", ""}, {"AIR LIQUIDE", "AIR LIQUIDE", ""},
		{"Institution nationale des Invalides", "Institution nationale des Invalides", ""},
		{"Hôtel (Invalides)", "Hôtel (Invalides)", ""}, {"Alpha (La Ferme)", "Alpha (La Ferme)", ""},
		{"Groupe X - Retraite", "Groupe X - Retraite", ""}, {"Actif Santé", "Actif Santé", ""},
		{"Alpha - Actif", "Alpha - Actif", ""}, {"SUSPENDU", "SUSPENDU", ""}, {"(suspendu)", "(suspendu)", ""},
		{"Suspendu SAS", "Suspendu SAS", ""}, {"Radie Conseil", "Radie Conseil", ""}, {"Alpha (42)", "Alpha (42)", ""},
		{"Alpha (certificat n° 42)", "Alpha (certificat n° 42)", ""}, {"Alpha (nouveau)", "Alpha (nouveau)", ""},
	} {
		rest, st := s.Name(c.name)
		if rest != c.rest || st.Said() != c.word {
			t.Errorf("%q is %q and %q, not %q and %q", c.name, rest, st.Said(), c.rest, c.word)
		}
	}
	for _, name := range []string{"DELTA (certificat dénoncé)", "DELTA (désormais suspendu)"} {
		if _, st := s.Name(name); st.Known() {
			t.Errorf("%q: words that the table lacks are taken for known", name)
		}
	}
}

// TestStandingOfRows: a column, a bracket, a mark that a line explains, remarks, a date of
// suspension and the title of a section say which rows do not count.
func TestStandingOfRows(t *testing.T) {
	const approved = "Hébergeur | Prestation"
	for _, c := range []struct {
		about string
		lines []string
		out   string // the names of the rows that do not count
		in    string
	}{
		{"a column", []string{approved + " | Statut", "Alpha | a | Valide", "Beta | b | Suspendu", "Gamma | c |"},
			"Beta", "Alpha Gamma"},
		{"état", []string{approved + " | État", "Alpha | a | En vigueur", "Beta | b | RETIRÉ"}, "Beta", "Alpha"},
		{"situation", []string{approved + " | Situation de l'agrément", "Alpha | a | -", "Beta | b | Abrogé"}, "Beta", "Alpha"},
		{"a bracket, and a column of valid ones", []string{approved + " | Statut", "Alpha (suspendu) | a | Valide",
			"Beta | b | Valide"}, "Alpha", "Beta"},
		{"marks", []string{approved, "Alpha ** | a", "Beta* | b", "Gamma | c", "* certificat en cours |",
			"** Certificat suspendu par l'organisme |"}, "Alpha", "Beta Gamma"},
		{"marks before the table", []string{"(1) : agrément retiré", approved, "Alpha (1) | a", "Beta (2) | b"},
			"Alpha", "Beta (2)"},
		{"a mark elsewhere, explained in two cells", []string{approved, "Alpha | a †", "Beta | b", "† | agrément expiré"},
			"Alpha", "Beta"},
		{"remarks", []string{approved + " | Observations", "Alpha | a | suspendu depuis le 3 mars 2019",
			"Beta | b | groupe coté, certificat retiré à son prédécesseur puis rendu en 2018 sans réserve", "Gamma | c | actif"}, "Alpha", "Beta Gamma"},
		{"a date", []string{approved + " | Date de suspension", "Alpha | a | 03/03/2019", "Beta | b |", "Gamma | c | 01/01/2030"},
			"Alpha", "Beta Gamma"},
		{"a tick", []string{approved + " | Retiré", "Alpha | a | Oui", "Beta | b | Non"}, "Alpha", "Beta"},
		{"beside other values", []string{"Hébergeur | Prestation | Fin d'agrément", "Alpha | a | 14/01/2022 (suspendu)",
			"Beta | b | Retiré", "Gamma | c | 14/01/2022"}, "Alpha Beta", "Gamma"},
		{"a column of what is valid", []string{approved + " | Actif", "Alpha | a | Oui", "Beta | b | Non"}, "Beta", "Alpha"},
		{"two columns", []string{approved + " | Statut | Situation", "Alpha | a | Valide | Retiré", "Beta | b | | -"}, "Alpha", "Beta"},
		{"a section", []string{approved, "Alpha | a", "Beta | b", " | ", "Hébergeurs suspendus ou retirés | ", "Gamma | c", "Delta | d"},
			"Gamma Delta", "Alpha Beta"},
		{"merged, with the header again", []string{approved, "Alpha | a", "Agréments retirés | Agréments retirés", approved,
			"Beta | b", "Hébergeurs agréés | Hébergeurs agréés", "Gamma | c"}, "Beta", "Alpha Gamma"},
		{"a section above the header", []string{"Hébergeurs dont l'agrément a été suspendu", approved, "Alpha | a",
			"Hébergeurs agréés |", "Beta | b"}, "Alpha", "Beta"},
		{"titles of both", []string{"Liste des hébergeurs agréés, suspendus et retirés", approved, "Alpha | a"}, "", "Alpha"},
		{"a title that names certified ones", []string{approved, "Alpha | a", "Hébergeurs agréés dont l'agrément est suspendu |",
			"Beta | b"}, "Beta", "Alpha"},
		{"the day of the list", []string{"Liste arrêtée au 17 juin 2019", approved, "Alpha | a", "Liste close le 3 juin |", "Beta | b"}, "", "Alpha Beta"},
		{"a note", []string{approved, "Alpha | a", "Beta | b", "Les hébergeurs suspendus ne figurent plus dans cette liste. | "},
			"", "Alpha Beta"},
		{"no title", []string{approved, "Alpha | a", "Retraite et prévoyance de l'Ouest | ", "Beta | b"}, "",
			"Alpha Retraite et prévoyance de l'Ouest Beta"},
	} {
		l, _ := readAlone(t, etl.Approved, etl.Source{Table: table("agrees.csv", c.lines...)})
		var out, in []string
		for i := range l.Rows {
			if r := &l.Rows[i]; r.Counts() {
				in = append(in, r.Name)
			} else {
				out = append(out, r.Name)
			}
		}
		if got := strings.Join(out, " "); got != c.out {
			t.Errorf("%s: %q do not count, not %q", c.about, got, c.out)
		}
		if got := strings.Join(in, " "); got != c.in {
			t.Errorf("%s: %q count, not %q", c.about, got, c.in)
		}
	}
}

// TestStandingIsSaid: what a person must decide is a warning, with the rows.
func TestStandingIsSaid(t *testing.T) {
	l, fs := readAlone(t, etl.Approved, etl.Source{Table: table("agrees.csv", "Hébergeur | Prestation | Remarque",
		"Alpha | a | suspendu", "Beta | b | le comité a suspendu le certificat", "Gamma | c | renouvelé, ancien certificat annulé", "Iota | c | Retrait de l'activité 6", "Kappa | c | retrait du site de Lille",
		"Delta | d | suspendu jusqu'au 01/03/2019", "Epsilon | e | suspendu du 1er mars au 3 mars 2031",
		"Zeta (retiré jusqu'en mars 2019) | f |", "Lambda | l | suspendu par le préfet", "Mu | m | Audit terminé", "Nu | n | Suspendu à compter du 1er juillet 2019",
		"Xi (retiré au 01/01/2030) | x |", "Eta | g | Périmètre limité à la France", "Theta | h | Annule et remplace le précédent")})
	var got []string
	for _, f := range fs {
		if f.Code == etl.CodeStandingOut || f.Code == etl.CodeStandingDoubt {
			for _, row := range f.Rows {
				got = append(got, f.Severity.String()+" "+f.Code+"/"+f.Variant+" "+row.Said)
			}
		}
	}
	want := []string{"info standing-out/aside Alpha", "warning standing-doubt/ Beta",
		"warning standing-doubt/ Gamma", "warning standing-doubt/ Iota", "warning standing-doubt/ Kappa",
		"warning standing-doubt/ Epsilon", "warning standing-doubt/ Mu", "warning standing-doubt/ Nu", "warning standing-doubt/ Xi", "warning standing-out/past Delta", "warning standing-out/past Zeta", "warning standing-out/remark Lambda"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var out []string
	for i := range l.Rows {
		if !l.Rows[i].Counts() {
			out = append(out, l.Rows[i].Name)
		}
	}
	if got := strings.Join(out, " "); got != "Alpha Delta Zeta Lambda" {
		t.Errorf("%s do not count", got)
	}
}

// TestStandingUnknownIsAsked: words that the table lacks refuse the edition until the
// configuration rules on them; an acceptance does not.
func TestStandingUnknownIsAsked(t *testing.T) {
	read := func(reg etl.Registry, rulings ...etl.StandingWord) *etl.Result {
		in := input(reg, etl.EditionInput{ID: "2019-06-17"})
		in.Editions[0].Sources[etl.Approved].Table = table("editions/2019-06-17/agrees.csv",
			"Hébergeur | Prestation | Statut", "Alpha | a | Dénoncé le 3 mars 2019", "Beta | b | dénoncé le 04/05/2019", "Gamma | c | Valide")
		in.Reference.Statuses, in.Partial = rulings, true
		return etl.Run(in)
	}
	res := read(etl.Registry{Accepted: []etl.Acceptance{{Edition: "2019-06-17", Code: etl.CodeStandingUnknown, By: "x"}}})
	if got := codesOf(res); len(got) != 1 || got[0] != etl.CodeStandingUnknown {
		t.Fatalf("refused for %v", got)
	}
	line := res.Refusals[0].Finding.String()
	if !strings.Contains(line, `reference: {statuses: [{word: "Dénoncé", counts: true}]}`) || !strings.Contains(line, "2 rows") {
		t.Error(line)
	}
	// So is the title of a section.
	in := input(etl.Registry{}, edition("2019-06-17", []string{"Alpha | a | 01/01/2018 | 31/12/2020",
		"Agréments en cours de suspension", "Beta | b | 01/01/2018 | 31/12/2020"}, nil))
	in.Partial = true
	if got := codesOf(etl.Run(in)); len(got) != 1 || got[0] != etl.CodeStandingUnknown {
		t.Errorf("refused for %v", got)
	}
	for counts, want := range map[bool]int{true: 3, false: 1} {
		res := read(etl.Registry{}, etl.StandingWord{Word: "Dénoncé", Key: etl.StandingOther, Counts: counts})
		if res.Refused() || res.Stats.Approved.Actors != want || res.Stats.Approved.Rows != 3 {
			t.Errorf("counts: %v: %v, %+v", counts, codesOf(res), res.Stats.Approved)
		}
	}
}

// TestStandingSigns: a sign beside a name is asked about, unless the configuration or a
// line under the table says what it means.
func TestStandingSigns(t *testing.T) {
	read := func(rows []string, rulings ...etl.StandingWord) *etl.Result {
		in := input(etl.Registry{}, edition("2019-06-17", append([]string{"Alpha | a | 01/01/2018 | 31/12/2020",
			"Beta ❌ | b | 01/01/2018 | 31/12/2020"}, rows...), nil))
		in.Reference.Statuses, in.Partial = rulings, true
		return etl.Run(in)
	}
	res := read(nil)
	if got := codesOf(res); len(got) != 1 || got[0] != etl.CodeStandingUnknown {
		t.Fatalf("refused for %v", got)
	}
	if at := res.Refusals[0].Finding.Place; at.Row != 3 || at.Column != 1 {
		t.Errorf("said at %v", at)
	}
	for counts, want := range map[bool]int{true: 2, false: 1} {
		res := read(nil, etl.StandingWord{Word: "❌", Key: etl.StandingOther, Counts: counts})
		if res.Refused() || res.Stats.Approved.Actors != want || res.Stats.Approved.Rows != 2 {
			t.Errorf("counts: %v: %v, %+v", counts, codesOf(res), res.Stats.Approved)
		}
	}
	if res := read([]string{"❌ certificat suspendu"}); res.Refused() || res.Stats.Approved.Actors != 1 {
		t.Errorf("explained below: %v, %+v", codesOf(res), res.Stats.Approved)
	}
}

// TestSuspendedHasNotLeft: a host that is suspended is a change of its row, and neither a
// departure nor, once it is valid again, an arrival.
func TestSuspendedHasNotLeft(t *testing.T) {
	row := func(name string) string {
		return name + " | Hébergeur infogéreur | 1 à 6 | LNE | " + name[:1] + "1 | 01/02/2019 | 31/01/2022"
	}
	for _, c := range []struct {
		then, now []string
		changed   int
		actors    int
	}{
		{[]string{row("Alphabloc"), row("Betanor")}, []string{row("Alphabloc"), row("Betanor (suspendu)")}, 1, 1},
		{[]string{row("Alphabloc"), row("Betanor - SUSPENDU")}, []string{row("Alphabloc"), row("Betanor")}, 1, 2},
	} {
		res := etl.Run(input(etl.Registry{}, edition("2019-05-17", []string{"Gamma | x | 01/01/2018 | 31/12/2020"}, c.then),
			edition("2019-06-17", []string{"Gamma | x | 01/01/2018 | 31/12/2020"}, c.now)))
		ch := res.Stats.Changes.Certified
		if len(ch.Arrived)+len(ch.Left)+len(ch.Added)+len(ch.Removed)+len(ch.Respelt)+len(ch.Renamed) > 0 || len(ch.Changed) != c.changed {
			t.Errorf("%v: %+v", c.now, ch)
		}
		if res.Stats.Certified.Actors != c.actors || res.Stats.Certified.Rows != 2 || *res.Stats.History[1].Certified != c.actors {
			t.Errorf("%v: %+v", c.now, res.Stats.Certified)
		}
	}
	// A suspended one that is new has not arrived, and one that is gone has not left.
	res := etl.Run(input(etl.Registry{}, edition("2019-05-17", nil, []string{row("Alphabloc"), row("Betanor (retiré)")}),
		edition("2019-06-17", nil, []string{row("Alphabloc"), row("Deltapol (suspendu)")})))
	if ch := res.Stats.Changes.Certified; len(ch.Arrived)+len(ch.Left) > 0 || len(ch.Added) != 1 || len(ch.Removed) != 1 {
		t.Errorf("%+v", ch)
	}
}

// TestManySuspendedAtOnce: no host has left, but a file in which a fifth of them is
// suspended at once is not published unseen.
func TestManySuspendedAtOnce(t *testing.T) {
	for n, refused := range map[int]bool{2: false, 12: true} {
		then, now := many(0, 30), many(0, 30)
		for i := range n {
			now[3*i%30] = strings.Replace(now[3*i%30], " |", " (suspendu) |", 1)
		}
		for i := range now { // a dozen need other rows as well
			if n == 12 && i%5 == 1 && !strings.Contains(now[i], "suspendu") {
				now[i] = strings.Replace(now[i], " |", " - SUSPENDU |", 1)
			}
		}
		in := input(etl.Registry{}, edition("2019-05-17", then, nil), edition("2019-06-17", now, nil))
		in.Partial = true
		res := etl.Run(in)
		if got := codesOf(res); refused != (len(got) == 1 && got[0] == etl.CodeRowsChanged) {
			t.Errorf("%d suspended: refused for %v", n, got)
		}
		if left := res.Stats.Changes.Approved.Left; len(left) > 0 {
			t.Errorf("%v left", left)
		}
	}
}
