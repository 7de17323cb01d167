package etl_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// TestHeadersAsPeopleWriteThem: any order, case, accents, apostrophes, line
// breaks and footnotes.
func TestHeadersAsPeopleWriteThem(t *testing.T) {
	want := etl.Row{Name: "Alpha", Service: "Externalisée", From: day("2018-01-05"), Until: day("2021-01-04")}
	for _, header := range [][4]string{
		{"Hébergeur", "Prestation", "Date d'agrément", "Fin d'agrément"},
		{"HÉBERGEUR", "PRESTATION", "DATE D’AGRÉMENT", "FIN D’AGRÉMENT"},
		{"hebergeur", "prestation", "date d agrement", "fin d agrement"},
		{"Nom de l’hébergeur", "Nature de la prestation", "Date de l'agrément :", "Fin de l'agrément (1)"},
		{"Nom de\nl'hébergeur", "Prestation\nagréée", "Agréé le", "Valable\u00a0jusqu'au"},
		{"Raison sociale", "Objet de l'agrément", "Date de début", "Date de fin"},
		{"1. Hébergeur", "2. Prestation", "3. Date d'agrément", "4. Fin d'agrément"},
		{"nom_hebergeur", "prestation_agreee", "date_debut_agrement", "date_fin_agrement"},
		{"Raison sociale de l'hébergeur", "Service", "Début", "Fin"},
		{"He\u0301bergeur", "Prestation agre\u0301e\u0301e", "Date d\u2019agre\u0301ment", "E\u0301che\u0301ance"}, // accents written apart
	} {
		cells := map[string]string{header[0]: "Alpha", header[1]: "Externalisée", header[2]: "05/01/2018", header[3]: "04/01/2021"}
		for range 6 {
			order := rand.Perm(4)
			var head, row []string
			for _, i := range order {
				head, row = append(head, header[i]), append(row, cells[header[i]])
			}
			tbl := &etl.Table{File: "a.csv", Rows: []etl.TableRow{{Number: 1, Cells: head}, {Number: 2, Cells: row}}}
			l, fs := readAlone(t, etl.Approved, etl.Source{Table: tbl})
			if len(l.Rows) != 1 {
				t.Fatalf("%q: %d rows, %v", head, len(l.Rows), fs)
			}
			got := etl.Row{Name: l.Rows[0].Name, Service: l.Rows[0].Service, From: l.Rows[0].From, Until: l.Rows[0].Until}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%q: %s", head, diff)
			}
		}
	}
}

// TestHeaderFindings holds each fault of a header with its place.
func TestHeaderFindings(t *testing.T) {
	for _, c := range []struct {
		name  string
		list  etl.Listing
		lines []string
		want  []string
		names string // of the rows that are kept
	}{
		{"lines above the header", etl.Approved, []string{"ASIP Santé", "Liste des hébergeurs agréés au 17 juin 2019", "", approvedHeader, "Alpha | x | |"}, []string{}, "Alpha"},
		{"a title that is a header's word", etl.Approved, []string{"Hébergeur", approvedHeader, "Alpha | x | |"}, []string{}, "Alpha"},
		{"no header", etl.Approved, []string{"Alpha | 1", "Beta | 2"}, []string{"a.csv error header-missing"}, ""},
		{"one column of names alone", etl.Approved, []string{"Hébergeur", "Alpha", "Beta"},
			[]string{"a.csv:1 warning column-absent", "a.csv:1 warning column-absent", "a.csv:1 warning column-absent"}, "Alpha Beta"},
		{"no name", etl.Approved, []string{"", "Prestation | Date d'agrément | Fin d'agrément", "x | |"}, []string{"a.csv:2 error column-missing"}, ""},
		{"no activities", etl.Certified, []string{"Hébergeur | Type de certificat | Organisme certificateur | N° de certificat | Date de délivrance | Date de fin", "Alpha | | | 1 | |"},
			[]string{"a.csv:1 error column-missing"}, "Alpha"},
		{"no end", etl.Approved, []string{"Hébergeur | Prestation | Date d'agrément", "Alpha | x |"}, []string{"a.csv:1 warning column-absent"}, "Alpha"},
		{"two headers for one field", etl.Approved, []string{approvedHeader + " | Échéance", "Alpha | x | | 01/01/2020 | 02/01/2020"}, []string{"a.csv:1:5 error header-duplicate"}, "Alpha"},
		{"the same header twice", etl.Approved, []string{"Hébergeur | Hébergeur | Prestation | Date de début | Date de fin", "Alpha | Beta | x | |"}, []string{"a.csv:1:2 error header-duplicate"}, "Alpha"},
		{"the same header twice, in capitals, over equal cells", etl.Approved, []string{"Hébergeur | HÉBERGEUR | Prestation | Date de début | Date de fin", "Alpha | Alpha | x | |"},
			[]string{"a.csv:1:2 warning header-duplicate"}, "Alpha"},
		{"the same, and the header again", etl.Approved, []string{"Hébergeur | HÉBERGEUR | Prestation | Date de début | Date de fin", "Alpha | Alpha | x | |",
			"Hébergeur | HÉBERGEUR | Prestation | Date de début | Date de fin", "Beta | Beta | x | |"},
			[]string{"a.csv:1:2 warning header-duplicate", "a.csv:3 info header-repeated"}, "Alpha Beta"},
		{"the same, over cells that differ", etl.Approved, []string{"Hébergeur | HÉBERGEUR | Prestation | Date de début | Date de fin", "Alpha | Alpha | x | |", "Beta | BETA | x | |"},
			[]string{"a.csv:1:2 error header-duplicate"}, "Alpha Beta"},
		{"a header that joins two with et", etl.Approved, []string{"Hébergeur | Prestation | Date de début et date de fin", "Alpha | x | 2018"},
			[]string{"a.csv:1 warning column-absent", "a.csv:1 warning column-absent", "a.csv:1:3 error header-ambiguous"}, "Alpha"},
		{"a header that joins two with a stroke", etl.Approved, []string{"Hébergeur | Prestation | Date de début / Date de fin", "Alpha | x | 2018"},
			[]string{"a.csv:1 warning column-absent", "a.csv:1 warning column-absent", "a.csv:1:3 error header-ambiguous"}, "Alpha"},
		{"a header that names two activities", etl.Certified, []string{certifiedHeader + " | Sites physiques et infrastructure virtuelle", "Alpha | | 1 | | | | | x"}, []string{"a.csv:1:8 error header-ambiguous"}, "Alpha"},
		{"an unknown column", etl.Approved, []string{approvedHeader + " | Remarques", "Alpha | x | | | ancien"}, []string{"a.csv:1:5 info header-extra"}, "Alpha"},
		{"a row with too many cells", etl.Approved, []string{approvedHeader, "Alpha | x | | | perdu | aussi", "Beta | x | | |"}, []string{"a.csv:2:5 warning row-too-long"}, "Alpha Beta"},
		{"blank lines", etl.Approved, []string{approvedHeader, " | | |", "Alpha | x | |", "", "Beta | x | |"}, []string{}, "Alpha Beta"},
		{"the header again", etl.Approved, []string{approvedHeader, "Alpha | x | |", approvedHeader, "Beta | x | |", strings.ToUpper(approvedHeader) + " | ", "Gamma | x | |"},
			[]string{"a.csv:3 info header-repeated", "a.csv:5 info header-repeated"}, "Alpha Beta Gamma"},
		{"a row without a name", etl.Approved, []string{approvedHeader, " | x | 01/01/2018 |", "Alpha | x | |"}, []string{"a.csv:2:1 warning row-unnamed"}, "Alpha"},
		{"a remark beside the names", etl.Approved, []string{approvedHeader, "Alpha | x | |", " | Source : ASIP Santé | |"}, []string{"a.csv:3:1 info row-unnamed"}, "Alpha"},
		{"a remark under the table", etl.Approved, []string{approvedHeader, "Alpha | x | |", "Source : ASIP Santé", "Mise à jour du 17 juin 2019 | | |"}, []string{"a.csv:3 warning row-unnamed", "a.csv:4 warning row-unnamed"}, "Alpha"},
		{"a merged line between rows", etl.Approved, []string{approvedHeader, "Région Est | Région Est | Région Est | Région Est", "Alpha | x | |"}, []string{"a.csv:2 info row-unnamed"}, "Alpha"},
		{"a name alone is a row", etl.Approved, []string{approvedHeader, "Alpha | | |", "Centre hospitalier de Nulle-Part"}, []string{}, "Alpha Centre hospitalier de Nulle-Part"},
		{"a header and nothing under it", etl.Approved, []string{approvedHeader}, []string{"a.csv error listing-empty"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			codes := []string{etl.CodeHeaderMissing, etl.CodeHeaderExtra, etl.CodeHeaderAmbiguous, etl.CodeHeaderDuplicate, etl.CodeColumnMissing, etl.CodeColumnAbsent, etl.CodeRowTooLong, etl.CodeRowUnnamed, etl.CodeHeaderRepeated, etl.CodeListingEmpty}
			l, fs := readAlone(t, c.list, etl.Source{Table: table("a.csv", c.lines...)})
			if diff := cmp.Diff(c.want, said(fs, codes...)); diff != "" {
				t.Error(diff)
			}
			var names []string
			for _, r := range l.Rows {
				names = append(names, r.Name)
			}
			if got := strings.Join(names, " "); got != c.names {
				t.Errorf("rows %q, want %q", got, c.names)
			}
			for _, f := range fs {
				if f.Severity > etl.Info && f.ToDo().IsZero() {
					t.Errorf("nobody is told what to do: %s", f)
				}
			}
		})
	}
}

// TestRequiredColumnGone: a list that cannot be counted is a missing one, and the
// gate says why.
func TestRequiredColumnGone(t *testing.T) {
	in := input(etl.Registry{}, edition("2019-06-17", []string{"Alpha | x | |"}, nil))
	in.Editions[0].Sources[etl.Certified] = etl.Source{Table: table("c.csv", "Titre | Activités | N° de certificat", "Alpha | 1 | 2")}
	res := etl.Run(in)
	if !res.Edition.List[etl.Certified].Missing || res.Stats.Certified != nil {
		t.Errorf("counted: %+v", res.Stats.Certified)
	}
	if diff := cmp.Diff([]string{etl.CodeColumnMissing}, codesOf(res)); diff != "" {
		t.Error(diff)
	}
}

// TestMissingColumnSaysWhichAreNotKnown: with the headings that the file has instead, and
// the line for the configuration, which makes the column one of the list.
func TestMissingColumnSaysWhichAreNotKnown(t *testing.T) {
	_, fs := readAlone(t, etl.Approved, etl.Source{Table: table("a.csv",
		"Qui | Prestation | Date d'agrément | Fin d'agrément", "Alpha | x | |")})
	what, do := fs[slices.IndexFunc(fs, func(f etl.Finding) bool { return f.Code == etl.CodeColumnMissing })].Words(message.In("fr"))
	if !strings.HasSuffix(what, "sont\u00a0: Qui") ||
		!strings.HasSuffix(do, `reference: {headers: [{list: approved, field: name, alias: "Qui"}]}`) {
		t.Errorf("%s; %s", what, do)
	}
}

// TestShortHeadingsStayApart: what programs leave out of headings makes no two of them one.
func TestShortHeadingsStayApart(t *testing.T) {
	l, _ := readAlone(t, etl.Certified, etl.Source{Table: table("c.json",
		"organisme | organisme_certificateur | numero_certificat | type_certificat | date_delivrance | date_fin | date", "Alpha | LNE | 7 | x | 2019-01-05 | 2022-01-04 | 2020")})
	r := l.Rows[0]
	if r.Name != "Alpha" || r.Body != "LNE" || r.Number != "7" || r.From != day("2019-01-05") || r.Until != day("2022-01-04") {
		t.Errorf("%+v", r)
	}
	if diff := cmp.Diff([]string{"date"}, l.Columns); diff != "" {
		t.Error(diff)
	}
}

// TestExtraColumnsAreKept with their headings as written and their cells beside
// the rows.
func TestExtraColumnsAreKept(t *testing.T) {
	l, fs := readAlone(t, etl.Approved, etl.Source{Table: table("a.csv", "Remarque | "+approvedHeader+" | Ville", "ancien | Alpha | x | | | 001234567", " | Beta | x | |")})
	if diff := cmp.Diff([]string{"Remarque", "Ville"}, l.Columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{{"ancien", "001234567"}, {"", ""}}, [][]string{l.Rows[0].Extra, l.Rows[1].Extra}); diff != "" {
		t.Error(diff)
	}
	if got := said(fs, etl.CodeHeaderExtra); len(got) != 2 {
		t.Errorf("reported: %v", got)
	}
}

// TestColumnsWithoutHeading: what such a column says is reported, unless it numbers the rows.
func TestColumnsWithoutHeading(t *testing.T) {
	for _, c := range []struct {
		cells string
		want  []string
	}{
		{"1 2 3", []string{}}, {" - - - ", []string{"a.csv:2:2 warning header-extra"}}, {"x x x", []string{"a.csv:2:2 warning header-extra"}},
	} {
		cells := strings.Fields(c.cells)
		_, fs := readAlone(t, etl.Approved, etl.Source{Table: table("a.csv", "Hébergeur | | Prestation", "Alpha | "+cells[0]+" | a",
			"Beta | "+cells[1]+" | b", "Une note", "Gamma | "+cells[2]+" | c")})
		if diff := cmp.Diff(c.want, said(fs, etl.CodeHeaderExtra)); diff != "" {
			t.Errorf("%q: %s", c.cells, diff)
		}
	}
	if _, fs := readAlone(t, etl.Approved, etl.Source{Table: table("a.csv", "Hébergeur | | Prestation", "Alpha | | a")}); len(said(fs, etl.CodeHeaderExtra)) > 0 {
		t.Error("an empty column is reported")
	}
}

// TestStatedDay: a file that says it is of another day is the wrong one, or its edition is.
func TestStatedDay(t *testing.T) {
	for _, c := range []struct {
		line  string
		wrong bool
	}{
		{"Certificats HDS – situation au 03/03/2018", true}, {"Liste arrêtée au 3 mars 2018", true}, {"Mise à jour le 1er juillet 2019", true},
		{"Liste des hébergeurs certifiés au 12 juin 2019", false}, {"Mise à jour : 17/06/2019", false}, {"Mise à jour le 20/03/2019", false},
		{"Arrêté du 11 juin 2018 portant approbation du référentiel", false}, {"Liste établie en application du décret du 26 février 2018", false},
	} {
		for at, lines := range [][]string{{c.line, certifiedHeader, "Alpha | | | | 1 | 15/01/2019 | 14/01/2022"},
			{certifiedHeader, "Alpha | | | | 1 | 15/01/2019 | 14/01/2022", c.line}} {
			_, fs := readAlone(t, etl.Certified, etl.Source{Table: table("a.csv", lines...)})
			if got := len(said(fs, etl.CodeDayStated)) > 0; got != c.wrong {
				t.Errorf("%q, place %d: %v", c.line, at, got)
			}
		}
	}
}

// TestCertificateTooLong: a certificate is for three years, and one that goes on from the
// last one begins some months early.
func TestCertificateTooLong(t *testing.T) {
	row := func(name, from, until string) string {
		return name + " | Hébergeur infogéreur | 5, 6 | LNE | 1 | " + from + " | " + until
	}
	_, fs := readAlone(t, etl.Certified, etl.Source{Numbering: "decree", Table: table("a.csv", certifiedHeader,
		row("Alpha", "15/01/2019", "14/01/2022"), row("Beta", "15/01/2019", "14/06/2022"), row("Gamma", "15/01/2019", "14/01/2029"))})
	if diff := cmp.Diff([]string{"a.csv:4:7 warning certificate-too-long"}, said(fs, etl.CodeCertificateTooLong)); diff != "" {
		t.Error(diff)
	}
}

// TestValuesThatCannotBeRead are kept as written, with a finding at the cell.
func TestValuesThatCannotBeRead(t *testing.T) {
	l, fs := readAlone(t, etl.Approved, etl.Source{Table: table("a.csv", "Prestation | Fin d'agrément | Hébergeur | Date d'agrément",
		"x | 31/02/2019 | Alpha | 06/17/2018", "x | ? | Beta | n.c.", "x | juin 2020 | Gamma | 17/06/17", "x | 43633 | Delta | -", "x | 01/01/1990 | Epsilon |", "x | 01/01/2018 | Zeta | 01/01/2019", "x | 02/01/2021 | Eta | 01/01/2018", "x | 01/01/2021 | Theta | 01/01/2018",
		"x | 01/01/2022 | Iota | 01/09/2019", "x | 01/01/2028 | Kappa | 01/09/2025")})
	want := []string{
		"a.csv:2:2 warning date-unreadable", "a.csv:2:4 warning date-unreadable",
		"a.csv:3:2 warning date-unreadable",
		"a.csv:4:2 info date-partial", "a.csv:4:4 info date-converted",
		"a.csv:5:2 info date-converted",
		"a.csv:6:2 warning date-implausible",
		"a.csv:7:2 warning dates-reversed",
		"a.csv:8:2 warning approval-too-long",
		"a.csv:10:4 info date-implausible", "a.csv:11:4 warning date-implausible",
	}
	got := said(fs, etl.CodeDateUnreadable, etl.CodeDatePartial, etl.CodeDateConverted, etl.CodeDateImplausible, etl.CodeDatesReversed, etl.CodeApprovalTooLong)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[etl.Field]string{etl.FieldFrom: "06/17/2018", etl.FieldUntil: "31/02/2019"}, l.Rows[0].Raw); diff != "" {
		t.Error(diff)
	}
	if len(l.Rows) != 10 {
		t.Errorf("%d rows kept of 10", len(l.Rows))
	}
}

func TestTypesAndBodies(t *testing.T) {
	l, fs := readAlone(t, etl.Certified, certifies("2019-06-17",
		"Alpha | Hébergeur d'infrastructure physique | 1 | Afnor | 1 | |",
		"Beta | HÉBERGEUR INFOGÉREUR | 5 | CERTI TRUST | 2 | |",
		"Gamma | Infrastructure physique et infogérance | 1 | Lloyd’s Register | 3 | |",
		"Delta | les deux | 1, 5 | BUREAU VERITAS | 4 | |",
		"Epsilon | physique ? | 1 | Bidule | 5 | |",
		"Zeta | n.c. | 1 | n.c. | 6 | |",
		"Eta | Infogéreur | 1 | bidule | 7 | |",
		"Theta | non infogéreur | 5 | Afnor ? | 8 | |",
		"Iota | Hébergeur infogéreur (en cours) | 5 | Afnor | 9 | |",
	))
	var got []string
	for _, r := range l.Rows {
		got = append(got, fmt.Sprintf("%s %d %s", r.Name, r.Types, r.Body))
	}
	want := []string{"Alpha 1 AFNOR Certification", "Beta 2 Certi-Trust", "Gamma 3 LRQA", "Delta 3 Bureau Veritas Certification", "Epsilon 0 Bidule", "Zeta 0 ", "Eta 2 Bidule",
		"Theta 0 Afnor ?", "Iota 0 AFNOR Certification"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	file := "editions/2019-06-17/certifies.csv"
	found := []string{file + ":6:2 warning type-unknown", file + ":6:4 info body-unknown", file + ":8:2 warning type-activities",
		file + ":9:2 warning type-unknown", file + ":9:4 info body-unknown", file + ":10:2 warning type-unknown"}
	if diff := cmp.Diff(found, said(fs, etl.CodeTypeUnknown, etl.CodeBodyUnknown, etl.CodeTypeActivities)); diff != "" {
		t.Error(diff)
	}
	if l.Rows[4].Raw[etl.FieldType] != "physique ?" {
		t.Errorf("raw %v", l.Rows[4].Raw)
	}
}

// FuzzRead: whatever the cells hold, nothing panics, every named row is kept or
// reported, and every place stands in the table.
func FuzzRead(f *testing.F) {
	f.Add(approvedHeader + "\nAlpha | x | 01/01/2018 | 31/12/2020\n | y\nBeta | | ? | 43633\nSource : ici")
	f.Add(certifiedHeader + "\nAlpha | infogéreur | 1, 3 | Afnor | 1 | |\n" + certifiedHeader)
	f.Add("Hébergeur | 1 | 2 | 3 | 4 | Activités\nA | x | ? | | x | toutes")
	f.Add("titre\n\nhébergeur\nA\nA\nA | B | C")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		if len(lines) > 50 {
			lines = lines[:50]
		}
		tbl := table("f.csv", lines...)
		in := input(etl.Registry{}, etl.EditionInput{ID: "2019-06-17", Sources: [2]etl.Source{{Table: tbl}, {Table: tbl}}})
		res := etl.Run(in)
		for _, l := range etl.Listings {
			var ids []string
			for _, r := range res.Edition.List[l].Rows {
				ids = append(ids, r.ID)
			}
			slices.Sort(ids)
			if n := len(ids); len(slices.Compact(ids)) != n {
				t.Fatalf("ids are not unique: %q", ids)
			}
		}
		for _, fd := range res.Findings {
			if fd.Place.File == "f.csv" && (fd.Place.Row > len(lines) || fd.Place.Row < 0 || fd.Place.Column < 0) {
				t.Fatalf("outside the file: %s", fd)
			}
		}
	})
}

// TestColumnsOfTheConfiguration are found as headings are everywhere, and one that no list
// of the edition has is a warning.
func TestColumnsOfTheConfiguration(t *testing.T) {
	for _, c := range []struct {
		configured, heading string
		want                []string
	}{
		{"Origine de la ligne", "Origine de la ligne", nil},
		{"Origine de la ligne", "Origine de la ligne *", nil},
		{"Origine de la ligne", "ORIGINE DE LA LIGNE (1)", nil},
		{"Région", "region", nil},
		{"Région", "Code postal", []string{"report.extra_columns warning extra-absent"}},
		{"Échéance", "Remarque", []string{"report.extra_columns warning extra-absent"}}, // a date that the sheet has
	} {
		ed := edition("2019-06-17", []string{"Alpha | x | 01/01/2019 | 31/12/2021 | ici"}, nil)
		header := ed.Sources[etl.Approved].Table.Rows[0].Cells
		ed.Sources[etl.Approved].Table.Rows[0].Cells = append(slices.Clone(header), c.heading)
		in := input(etl.Registry{}, ed)
		in.Partial = true
		in.Reference.Shown = []string{c.configured}
		res := etl.Run(in)
		if diff := cmp.Diff(c.want, said(res.Findings, etl.CodeExtraAbsent), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q in the configuration, %q in the file: %s", c.configured, c.heading, diff)
		}
		d := in.Reference.Field(etl.Approved, etl.Field("extra:"+c.configured))
		list := &res.Edition.List[etl.Approved]
		if got := d.Text(list, &list.Rows[0]); (got == "ici") != (c.want == nil) || list.Has(d) != (c.want == nil) {
			t.Errorf("%q in the configuration, %q in the file: the sheet says %q", c.configured, c.heading, got)
		}
		// What is on the sheet needs no remark that it could be there.
		if extra := said(res.Findings, etl.CodeHeaderExtra); (len(extra) == 0) != (c.want == nil) {
			t.Errorf("%q in the configuration, %q in the file: %v", c.configured, c.heading, extra)
		}
	}
}

// TestAColumnThatReadersNeverHad holds no edition back: it was published without.
func TestAColumnThatReadersNeverHad(t *testing.T) {
	with := func(id, said string) etl.EditionInput {
		ed := edition(id, []string{"Alpha | x | 01/01/2019 | 31/12/2021 | " + said, "Beta | x | 01/01/2019 | 31/12/2021 | " + said}, nil)
		ed.Sources[etl.Approved].Table.Rows[0].Cells = append(slices.Clone(ed.Sources[etl.Approved].Table.Rows[0].Cells), "Région")
		return ed
	}
	in := input(etl.Registry{}, with("2019-02", "ici"), with("2019-06-17", ""))
	in.Partial = true
	in.Reference.Shown = []string{"Région"}
	if got := codesOf(etl.Run(in)); !slices.Contains(got, etl.CodeColumnEmptied) {
		t.Errorf("refused: %q", got)
	}
	in.Published = &etl.Publication{Edition: "2019-06-17"}
	if got := codesOf(etl.Run(in)); len(got) > 0 {
		t.Errorf("published without the column already, and refused: %q", got)
	}
	in.Published.Filled[etl.Approved] = map[etl.Field]bool{"extra:Région": true}
	if got := codesOf(etl.Run(in)); !slices.Contains(got, etl.CodeColumnEmptied) {
		t.Errorf("readers have the column, and refused: %q", got)
	}
}

// TestTypesBesideOtherWords: a type among words that may mean another one, or none, is not
// read. Words that say nothing of the kind are said.
func TestTypesBesideOtherWords(t *testing.T) {
	for _, c := range []struct {
		text    string
		types   uint8
		finding string
	}{
		{"autre qu'infogéreur", 0, "type-unknown"}, {"Infogéreur à l'exception de la sauvegarde", 0, "type-unknown"},
		{"Infogéreur, extension à l'infrastructure physique prévue", 0, "type-unknown"},
		{"Infogéreur (infrastructure physique sous-traitée)", 0, "type-unknown"}, {"ni infogéreur ni infrastructure physique", 0, "type-unknown"},
		{"infogéreur ou infrastructure physique", 0, "type-unknown"}, {"passage en infogéreur prévu", 0, "type-unknown"},
		{"Infogéreur sur infrastructure physique Bidule", 3, "type-unknown/rest"}, {"Infogéreur nuage", 2, "type-unknown/rest"},
		{"Hébergeur infogéreur uniquement", 2, ""}, {"Infogérance (activités 3 à 6)", 2, ""}, {"Infra physique", 1, ""},
		{"Hébergeur d'infrastructures physiques (HIP)", 1, ""}, {"Certificat HDS hébergeur infogéreur", 2, ""}, {"Les deux types", 3, ""},
		{"Infogéreur ; infra physique", 3, ""}, {"Hébergeur-infogéreur", 2, ""}, {"Physical infrastructure and managed services", 3, ""},
	} {
		l, fs := readAlone(t, etl.Certified, certifies("2019-06-17", "Alpha | "+c.text+" | | LNE | 1 | |"))
		got := ""
		for _, f := range fs {
			if f.Code == etl.CodeTypeUnknown {
				if got = f.Code; f.Variant != "" {
					got += "/" + f.Variant
				}
			}
		}
		if l.Rows[0].Types != c.types || got != c.finding {
			t.Errorf("%q is %d and %q, not %d and %q", c.text, l.Rows[0].Types, got, c.types, c.finding)
		}
	}
}

// TestHowManyIsNotWhich: a column of how many activities is not one of the activities.
func TestHowManyIsNotWhich(t *testing.T) {
	for _, heading := range []string{"Nb d'activités", "Nb activités", "Nombre d'activités"} {
		l, _ := readAlone(t, etl.Certified, etl.Source{Numbering: "decree",
			Table: table("a.csv", "Hébergeur | Type de certificat | "+heading, "Alpha | Hébergeur infogéreur | 4")})
		for _, r := range l.Rows {
			if r.Activities.Yes != 0 {
				t.Errorf("%s: %v", heading, r.Activities)
			}
		}
	}
}
