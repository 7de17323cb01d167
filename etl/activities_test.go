package etl_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
)

const (
	sites, hardware, virtual, platform, administration, backup = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5
	allSix                                                     = 1<<6 - 1
)

func TestActivityTexts(t *testing.T) {
	straight := func(s string) string { return strings.ReplaceAll(s, "’", "'") }
	label := func(i int) string { return reference().Activities[i].Label["fr"] }
	for _, c := range []struct {
		numbering, text string
		want            etl.ActivitySet
	}{
		// Numbers, under both numberings.
		{"decree", "1, 2, 3", sites | hardware | virtual},
		{"asip_2018", "1, 2, 3", sites | hardware | platform},
		{"decree", "4", platform},
		{"asip_2018", "4", virtual},
		{"decree", "1;2;3;4;6", allSix &^ administration},
		{"decree", "1 2 3 4 5 6", allSix},
		{"decree", "1,2,3,4,5 et 6", allSix},
		{"decree", "6, 5", administration | backup},
		{"decree", "1\n2", sites | hardware},
		{"decree", "1/2", sites | hardware},
		{"decree", "Activités 1, 2", sites | hardware},
		{"decree", "Activité n° 5", administration}, {"decree", "Activité 5 et activité 6", administration | backup}, {"decree", "Act. 3, 4", virtual | platform},
		// Ranges.
		{"decree", "1 à 4", allSix &^ administration &^ backup},
		{"decree", "1 A 4", allSix &^ administration &^ backup},
		{"decree", "1\u00a0à\u00a04", allSix &^ administration &^ backup},
		{"decree", "1 a\u0300 4", allSix &^ administration &^ backup},
		{"decree", "1-6", allSix},
		{"decree", "1 – 6", allSix},
		{"decree", "1 à 3, 6", sites | hardware | virtual | backup},
		{"decree", "1, 3 à 5", sites | virtual | platform | administration},
		{"asip_2018", "1 à 3", sites | hardware | platform},
		{"decree", "1-2-3", sites | hardware | virtual},
		{"decree", "1-2, 5-6", sites | hardware | administration | backup},
		// All.
		{"", "toutes", allSix},
		{"", "TOUTES", allSix},
		{"", "Toutes les activités", allSix},
		{"", "Les six activités", allSix},
		// The labels, in both apostrophes and in capitals.
		{"", label(0), sites},
		{"", straight(label(0)), sites},
		{"", label(1), hardware},
		{"", straight(label(1)), hardware},
		{"", label(2), virtual},
		{"", straight(label(2)), virtual},
		{"", label(3), platform},
		{"", straight(label(3)), platform},
		{"", label(4), administration},
		{"", straight(label(4)), administration},
		{"", label(5), backup},
		{"", straight(label(5)), backup},
		{"", strings.ToUpper(label(0)) + " ; " + strings.ToUpper(label(1)), sites | hardware},
		{"", label(0) + "\n" + label(1) + "\n" + label(2) + "\n" + label(3) + "\n" + label(4) + "\n" + label(5), allSix},
		// As the decree words them, to the end.
		{"", "La mise à disposition et le maintien en condition opérationnelle des sites physiques permettant d'héberger l'infrastructure matérielle du système d'information utilisé pour le traitement des données de santé", sites},
		{"", "La mise à disposition et le maintien en condition opérationnelle de l’infrastructure matérielle du système d’information utilisé pour le traitement de données de santé", hardware},
		{"", "La mise à disposition et le maintien en condition opérationnelle de l'infrastructure virtuelle du système d'information utilisé pour le traitement des données de santé", virtual},
		{"", "La mise à disposition et le maintien en condition opérationnelle de la plateforme d'hébergement d'applications du système d'information", platform},
		{"", "L'administration et l'exploitation du système d'information contenant les données de santé", administration},
		{"", "La sauvegarde des données de santé", backup},
		// Short, and numbered by the source's own texts.
		{"", "Sites physiques, infrastructure matérielle", sites | hardware},
		{"", "Infogérance + sauvegarde", administration | backup},
		{"", "1. Sites physiques 2. Infrastructure matérielle", sites | hardware},
		{"", "Plateforme (3), infrastructure virtuelle (4)", platform | virtual},
		{"", "Activité 6 : sauvegarde", backup},
	} {
		a, trouble := etl.ReadActivities(ref(), c.numbering, c.text)
		if trouble != "" || a.Yes != c.want || a.Unknown != 0 {
			t.Errorf("%q (%s): %q, unknown %q, %s; want %q", c.text, c.numbering, keysOf(a.Yes), keysOf(a.Unknown), trouble, keysOf(c.want))
		}
	}
}

func ref() *etl.Reference { r := reference(); return &r }

// TestActivityTextsRefused holds what must not be half read, or read out of what
// a spreadsheet has made of it.
func TestActivityTextsRefused(t *testing.T) {
	for _, text := range []string{
		"toutes sauf sauvegarde", "toutes hors 5", "1 à 6 sauf 5", "pas de sauvegarde", "sans sauvegarde", "sauvegarde en cours",
		"1.2", "12", "123456", "1,2.3", "2019-06-01", "01/06/2019", "1-juin", "43617", "1 juin 2019",
		"0", "7", "1, 7", "10", "4-1", "1-", "-6", "1--6", "1 à", "à 4", "1,,x",
		"1-2-4", "1-2-4-6", "1-3-4", "1 - 3 - 5",
		"1, 2, sauvegarde", "sauvegarde, 1, 2", "sauvegarde 1", "2, sauvegarde, 3",
		"1;2;3;4;6 (compute/storage) and 1;2;3;4;5;6 (managed services)",
		"4 activités", "1 activité", "Les 4 activités", "3 et 4 activités", "5 activités 1 2 3 4 6", "5. Activités", // how many
		"infrastructure", "hébergement", "oui", "x", "voir certificat", "?", "—",
	} {
		for _, numbering := range []string{"", "decree", "asip_2018"} {
			if a, trouble := etl.ReadActivities(ref(), numbering, text); trouble != etl.CodeActivitiesUnreadable || a.Yes != 0 || a.Unknown != allSix {
				t.Errorf("%q (%s): %q, unknown %q, %q; want it unreadable", text, numbering, keysOf(a.Yes), keysOf(a.Unknown), trouble)
			}
		}
	}
}

// TestUndeclaredNumbering: the official texts number the third and the fourth
// both ways, so that one of the two alone says nothing about either.
func TestUndeclaredNumbering(t *testing.T) {
	for _, c := range []struct {
		text         string
		yes, unknown etl.ActivitySet
		trouble      string
	}{
		{"1, 2", sites | hardware, 0, etl.CodeNumberingUndeclared},
		{"1 à 6", allSix, 0, etl.CodeNumberingUndeclared},
		{"3, 4", virtual | platform, 0, etl.CodeNumberingUndeclared},
		{"1, 2, 3", sites | hardware, virtual | platform, etl.CodeNumberingAmbiguous},
		{"4, 5", administration, virtual | platform, etl.CodeNumberingAmbiguous},
		{"3", 0, virtual | platform, etl.CodeNumberingAmbiguous},
	} {
		a, trouble := etl.ReadActivities(ref(), "", c.text)
		if a.Yes != c.yes || a.Unknown != c.unknown || trouble != c.trouble {
			t.Errorf("%q: %q, unknown %q, %s; want %q, %q, %s", c.text, keysOf(a.Yes), keysOf(a.Unknown), trouble, keysOf(c.yes), keysOf(c.unknown), c.trouble)
		}
	}
}

// TestUndeclaredNumberingInAFile: one warning for the file, one error for each
// row where it matters, at the cell.
func TestUndeclaredNumberingInAFile(t *testing.T) {
	src := etl.Source{Table: table("c.csv", "Hébergeur | Activités", "Alpha | 1, 2", "Beta | 3, 4", "Gamma | 1, 3", "Delta | 4")}
	l, fs := readAlone(t, etl.Certified, src)
	want := []string{"c.csv:2:2 warning numbering-undeclared", "c.csv:4:2 error numbering-ambiguous", "c.csv:5:2 error numbering-ambiguous"}
	if diff := cmp.Diff(want, said(fs, etl.CodeNumberingAmbiguous, etl.CodeNumberingUndeclared)); diff != "" {
		t.Error(diff)
	}
	if got := l.Rows[2].Raw[etl.FieldActivities]; got != "1, 3" {
		t.Errorf("the text that was not understood is kept as %q", got)
	}
	src.Numbering = "asip_2018"
	if _, fs := readAlone(t, etl.Certified, src); len(said(fs, etl.CodeNumberingAmbiguous, etl.CodeNumberingUndeclared)) > 0 {
		t.Errorf("declared, and still: %v", fs)
	}
}

// TestNumberedColumns: six columns headed 1 to 6 are a numbering too.
func TestNumberedColumns(t *testing.T) {
	lines := []string{"Hébergeur | 1 | 2 | 3 | 4 | 5 | 6", "Alpha | x | | x | x | |", "Beta | x | x | | | |", "Gamma | x | | x | | |", "Delta | x | | | ? | |", "Epsilon | x | | nc | x | |"}
	read := func(numbering string) (got []string, found []string) {
		l, fs := readAlone(t, etl.Certified, etl.Source{Table: table("c.csv", lines...), Numbering: numbering})
		for _, r := range l.Rows {
			got = append(got, r.Name+": "+keysOf(r.Activities.Yes)+" / "+keysOf(r.Activities.Unknown))
		}
		return got, said(fs, etl.CodeNumberingAmbiguous, etl.CodeNumberingUndeclared, etl.CodeActivitiesUnreadable, etl.CodeActivitiesUnstated, etl.CodeActivitiesConflict)
	}
	for _, c := range []struct {
		numbering      string
		rows, findings []string
	}{
		{"", []string{
			"Alpha: sites_physiques infrastructure_virtuelle plateforme / ",
			"Beta: sites_physiques infrastructure_materielle / ",
			"Gamma: sites_physiques / infrastructure_virtuelle plateforme",
			"Delta: sites_physiques / infrastructure_virtuelle plateforme",
			"Epsilon: sites_physiques / infrastructure_virtuelle plateforme",
		}, []string{"c.csv:1 warning numbering-undeclared", "c.csv:4:4 error numbering-ambiguous", "c.csv:5:5 warning activities-unreadable"}},
		{"decree", []string{
			"Alpha: sites_physiques infrastructure_virtuelle plateforme / ",
			"Beta: sites_physiques infrastructure_materielle / ",
			"Gamma: sites_physiques infrastructure_virtuelle / ",
			"Delta: sites_physiques / plateforme",
			"Epsilon: sites_physiques plateforme / infrastructure_virtuelle",
		}, []string{"c.csv:5:5 warning activities-unreadable"}},
		{"asip_2018", []string{
			"Alpha: sites_physiques infrastructure_virtuelle plateforme / ",
			"Beta: sites_physiques infrastructure_materielle / ",
			"Gamma: sites_physiques plateforme / ",
			"Delta: sites_physiques / infrastructure_virtuelle",
			"Epsilon: sites_physiques infrastructure_virtuelle / plateforme",
		}, []string{"c.csv:5:5 warning activities-unreadable"}},
	} {
		rows, findings := read(c.numbering)
		if diff := cmp.Diff(c.rows, rows); diff != "" {
			t.Errorf("%q: %s", c.numbering, diff)
		}
		if diff := cmp.Diff(c.findings, findings); diff != "" {
			t.Errorf("%q: %s", c.numbering, diff)
		}
	}
}

// TestBlankBesideNo: an empty cell is read as no, and that is said where others say no.
func TestBlankBesideNo(t *testing.T) {
	header := "Hébergeur | Sites physiques | Infrastructure matérielle | Infrastructure virtuelle | Plateforme | Administration et exploitation | Sauvegarde"
	l, fs := readAlone(t, etl.Certified, etl.Source{Table: table("c.csv", header, "Alpha | oui | oui | oui | non | x | oui", "Beta | oui | | oui | non | x |",
		"Gamma | oui | non | oui | | | -")})
	for _, r := range l.Rows {
		if !r.Activities.Known() {
			t.Errorf("%s: %s are not known", r.Name, keysOf(r.Activities.Unknown))
		}
	}
	if diff := cmp.Diff([]string{"c.csv:3:3 info activities-blank", "c.csv:4:5 info activities-blank"}, said(fs, etl.CodeActivitiesBlank)); diff != "" {
		t.Error(diff)
	}
}

// TestSharesOfActivities: where "6/6" stands, "5/6" is a share too, and no list.
func TestSharesOfActivities(t *testing.T) {
	row := func(name, activities string) string {
		return name + " | Hébergeur infogéreur | " + activities + " | LNE | 1 | 15/01/2019 | 14/01/2022"
	}
	for _, c := range []struct {
		cells  []string
		unread string
	}{
		{[]string{"5/6", "1/2/3", "1/2"}, ""},
		{[]string{"5/6", "6/6", "4 / 6", "1/2"}, "Alpha Beta Gamma"},
	} {
		lines := []string{certifiedHeader}
		for i, cell := range c.cells {
			lines = append(lines, row([]string{"Alpha", "Beta", "Gamma", "Delta"}[i], cell))
		}
		l, fs := readAlone(t, etl.Certified, etl.Source{Numbering: "decree", Table: table("a.csv", lines...)})
		var unread []string
		for _, r := range l.Rows {
			if !r.Activities.Known() {
				unread = append(unread, r.Name)
			}
		}
		if got := strings.Join(unread, " "); got != c.unread || len(said(fs, etl.CodeActivitiesUnreadable)) != len(unread) {
			t.Errorf("%q: %q are not read, want %q", c.cells, got, c.unread)
		}
	}
}

func TestTicks(t *testing.T) {
	header := "Hébergeur | Sites physiques | Infrastructure matérielle | Infrastructure virtuelle | Plateforme | Administration et exploitation | Sauvegarde"
	for _, c := range []struct{ cell, want string }{
		{"x", "yes"}, {"X", "yes"}, {"oui", "yes"}, {"OUI", "yes"}, {"✓", "yes"}, {"✔", "yes"}, {"☑", "yes"}, {"1", "yes"}, {"VRAI", "yes"}, {"TRUE", "yes"}, {"●", "yes"},
		{"", "no"}, {"non", "no"}, {"-", "no"}, {"☐", "no"}, {"0", "no"}, {"FAUX", "no"}, {"✗", "no"},
		{"n.c.", "unknown"}, {"non communiqué", "unknown"},
		{"?", "unreadable"}, {"en cours", "unreadable"}, {"oui sauf", "unreadable"}, {"2", "unreadable"},
		{"oui ?", "unreadable"}, {"non?", "unreadable"}, {"oui*", "yes"}, {"non †", "no"},
	} {
		l, fs := readAlone(t, etl.Certified, etl.Source{Table: table("c.csv", header, "Alpha | x | | | "+c.cell+" | |")})
		got := "no"
		switch {
		case l.Rows[0].Activities.Yes == sites|platform:
			got = "yes"
		case l.Rows[0].Activities.Unknown == platform:
			got = "unknown"
		}
		if fs := said(fs, etl.CodeActivitiesUnreadable); len(fs) > 0 {
			if l.Rows[0].Raw["activity:plateforme"] != c.cell || fs[0] != "c.csv:2:5 warning activities-unreadable" {
				t.Errorf("%q: raw %v, %v", c.cell, l.Rows[0].Raw, fs)
			}
			got = "unreadable"
		}
		if got != c.want {
			t.Errorf("a cell %q is read as %s, want %s", c.cell, got, c.want)
		}
		if marked := len(said(fs, etl.CodeNoteMark)) == 1; marked != strings.ContainsAny(c.cell, "*†") {
			t.Errorf("a cell %q: a mark is reported: %v", c.cell, marked)
		}
	}
}

// TestActivitiesUnstated: a row without activities is not one that covers none.
func TestActivitiesUnstated(t *testing.T) {
	l, fs := readAlone(t, etl.Certified, etl.Source{Table: table("c.csv", "Hébergeur | Activités", "Alpha | ", "Beta | non communiqué", "Gamma | toutes sauf sauvegarde")})
	for _, r := range l.Rows {
		if r.Activities.Known() || r.Activities.Yes != 0 {
			t.Errorf("%s: %+v", r.Name, r.Activities)
		}
	}
	want := []string{"c.csv:2 info activities-unstated", "c.csv:3 info activities-unstated", "c.csv:4:2 warning activities-unreadable"}
	if diff := cmp.Diff(want, said(fs, etl.CodeActivitiesUnstated, etl.CodeActivitiesUnreadable)); diff != "" {
		t.Error(diff)
	}
}

// TestTicksAndTextDisagree: the columns are read, and a person is told.
func TestTicksAndTextDisagree(t *testing.T) {
	l, fs := readAlone(t, etl.Certified, etl.Source{Numbering: "decree", Table: table("c.csv", "Hébergeur | Sites physiques | Infrastructure matérielle | Infrastructure virtuelle | Plateforme | Administration et exploitation | Sauvegarde | Activités",
		"Alpha | x | x | | | | | 1, 2", "Beta | x | x | | | | | 1, 2, 3", "Gamma | | | | | | | 1, 2")})
	if diff := cmp.Diff([]string{"c.csv:3:8 warning activities-conflict"}, said(fs, etl.CodeActivitiesConflict)); diff != "" {
		t.Error(diff)
	}
	for _, r := range l.Rows {
		if r.Activities.Yes != sites|hardware {
			t.Errorf("%s: %s", r.Name, keysOf(r.Activities.Yes))
		}
	}
}

func FuzzActivities(f *testing.F) {
	for _, s := range []string{"1, 2, 3", "1 à 4", "1-6", "toutes", "toutes sauf sauvegarde", "12", "1.2", "2019-06-01", "sauvegarde", "Plateforme (3)", "1;2;3;4;6 (compute/storage) and 1;2;3;4;5;6", "1-2-4"} {
		f.Add("decree", s)
		f.Add("", s)
	}
	f.Fuzz(func(t *testing.T, numbering, s string) {
		if numbering != "decree" && numbering != "asip_2018" {
			numbering = ""
		}
		a, trouble := etl.ReadActivities(ref(), numbering, s)
		switch {
		case (a.Yes|a.Unknown)&^allSix != 0, a.Yes&a.Unknown != 0:
			t.Fatalf("%q: %b and %b unknown", s, a.Yes, a.Unknown)
		case trouble == etl.CodeActivitiesUnreadable && (a.Yes != 0 || a.Unknown != allSix):
			t.Fatalf("%q is unreadable and half read: %s", s, keysOf(a.Yes))
		case trouble == "" && (a.Yes == 0 || a.Unknown != 0):
			t.Fatalf("%q is fine and says nothing", s)
		case numbering != "" && (trouble == etl.CodeNumberingAmbiguous || trouble == etl.CodeNumberingUndeclared):
			t.Fatalf("%q: %s under a declared numbering", s, trouble)
		}
		// What is read holds at most the activities that the text has room for.
		if a.Yes != 0 && strings.TrimSpace(s) == "" {
			t.Fatalf("%q covers %s", s, keysOf(a.Yes))
		}
	})
}

// TestMoreActivities: the decree may have more one day, and each of them counts.
func TestMoreActivities(t *testing.T) {
	for _, n := range []int{7, 8, 9, 17, etl.MostActivities} {
		in := input(etl.Registry{}, edition("2019-06-17", nil, []string{"Alpha | Infogéreur | toutes | LNE | A1 | 01/01/2019 | 31/12/2021"}))
		in.Reference.Activities = slices.Clone(in.Reference.Activities)
		for k := len(in.Reference.Activities); k < n; k++ {
			in.Reference.Activities = append(in.Reference.Activities, etl.Activity{Key: fmt.Sprint("activite_", k+1), Numbers: map[string]int{"decree": k + 1, "asip_2018": k + 1},
				Label: map[string]string{"fr": fmt.Sprint("Activité ", k+1)}, Short: map[string]string{"fr": fmt.Sprint("Activité ", k+1)}})
		}
		st := etl.Run(in).Stats.Activities
		if st.All.Actors != 1 || len(st.ByActivity) != n {
			t.Errorf("%d activities: %d actors with all of them, %d counted", n, st.All.Actors, len(st.ByActivity))
		}
		for _, a := range st.ByActivity {
			if a.Actors != 1 {
				t.Errorf("%d activities: %s has %d actors", n, a.Key, a.Actors)
			}
		}
	}
}
