package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/report"
)

const changesHeading = "Entrées, sorties, modifications, passages d’un régime à l’autre"

// booked is the book of editions whose lists are lines of cells with "|" between.
func booked(reg etl.Registry, editions ...etl.EditionInput) *report.Book {
	cfg := config.Default()
	ref := config.Reference()
	res := etl.Run(etl.Input{Editions: editions, Registry: reg, Reference: ref, Thresholds: cfg.Gate,
		Namer: identity.New(config.IdentityTables())})
	b, err := report.Build(res, &ref, report.Options{Labels: report.Labels{Language: "fr", Texts: config.Labels("fr")}})
	if err != nil {
		panic(err)
	}
	return b
}

func listed(id string, approved, certified []string) etl.EditionInput {
	out := etl.EditionInput{ID: id}
	for l, lines := range [2][]string{
		append([]string{"Hébergeur|Prestation|Date d'agrément|Fin d'agrément"}, approved...),
		append([]string{"Hébergeur|Type de certificat|Activités|Organisme certificateur|N° de certificat|Date de délivrance|Date de fin"}, certified...)} {
		t := &etl.Table{File: fmt.Sprint(id, l), Format: "csv"}
		for i, line := range lines {
			t.Rows = append(t.Rows, etl.TableRow{Number: i + 1, Cells: strings.Split(line, "|")})
		}
		out.Sources[l] = etl.Source{Table: t, Numbering: "decree"}
	}
	return out
}

// TestChangesAreToldInFrench: the values that changed, as the sheets write them.
func TestChangesAreToldInFrench(t *testing.T) {
	b := booked(etl.Registry{Actors: []etl.RegistryActor{{ID: "omega", Name: "Omega"}},
		Names: []etl.RegistryName{{Actor: "omega", Name: "Alpha", Kind: "former", To: "2019-05"}}},
		listed("2019-02", []string{"Alpha|s|01/01/2018|31/12/2020", "Beta|s|01/01/2018|01/04/2019",
			"Parti|s|01/01/2018|31/12/2020", "Vieux|s|01/01/2017|01/03/2018"},
			[]string{"Zeta|Hébergeur infogéreur|3, 4, 5|LNE|Z-1|03/2018|", "ETA|||||01/01/2018|"}),
		listed("2019-06-17", []string{"Omega|s|01/01/2018|31/12/2020", "Beta|s|01/01/2018|01/04/2019",
			"Beta|deux|01/01/2018|31/12/2021", "Vieux|s|01/01/2017|01/03/2018"},
			[]string{"Zeta|Hébergeur infogéreur et hébergeur d'infrastructure physique|3, 4, 6||Z-2|01/03/2018|31/12/2020", "Êta|||||01/01/2018|"}))
	for label, want := range map[string]string{
		"Agréés qui figurent sous un autre nom":   "Alpha → Omega",
		"Sortis des agréés avant leur échéance":   "Parti (fin le 31/12/2020)",
		"Échéance passée depuis, toujours agréés": "Beta (fin le 01/04/2019)",
		"Agréments ajoutés, hors nouveaux agréés": "Beta",
		"Certificats modifiés": "Zeta – Type de certificat : Infogéreur → Infrastructure physique et Infogéreur, " +
			"Administration et exploitation : Oui → Non, Sauvegarde : Non → Oui, Organisme certificateur : LNE → non indiqué, N° de certificat : Z-1 → Z-2, " +
			"Date de délivrance : 03/2018 → 01/03/2018, Date de fin : non indiqué → 31/12/2020",
		"Certifiés écrits autrement, sans changer de nom": "ETA → Êta",
	} {
		if got := figure(t, b, changesHeading, label, said).Text; got != want {
			t.Errorf("%s:\n got %s\nwant %s", label, got, want)
		}
		if got := figure(t, b, changesHeading, label, 1); got.Num != 1 {
			t.Errorf("%s: %v, want 1", label, got.Num)
		}
	}
	if got := figure(t, b, "Échéances", "Au moins une échéance passée, toujours inscrits",
		said).Text; got != "Agréés\u00a0: Vieux (01/03/2018) ; Beta (01/04/2019)." {
		t.Errorf("%s", got)
	}
	for _, l := range b.Sheets[2].Lines {
		if s := l.Cells[0].Value.Text; strings.HasPrefix(s, "Certificats ajoutés") ||
			strings.HasPrefix(s, "Agréments modifiés") {
			t.Errorf("a line of a kind without any case: %s", s)
		}
	}
}

// TestManyChangesAreCut: what would fill pages is counted, and every cell and row stays
// within what a sheet takes.
func TestManyChangesAreCut(t *testing.T) {
	var was, is []string
	for i := range 200 {
		name := fmt.Sprintf("Acteur %c%c%c", 'A'+i%26, 'a'+i/26, 'a'+i%7) + strings.Repeat(" très long", 30)
		was = append(was, name+"|"+strings.Repeat("service ", 80)+"|01/01/2018|31/12/2020")
		is = append(is, name+"|"+strings.Repeat("autre ", 80)+"|01/01/2018|31/12/2021")
	}
	b := booked(etl.Registry{}, listed("2019-02", was, nil), listed("2019-06-17", is, nil))
	text := figure(t, b, changesHeading, "Agréments modifiés", said).Text
	shown := strings.Count(text, "Prestation agréée")
	if n := figure(t, b, changesHeading, "Agréments modifiés", 1); n.Num != 200 || shown == 0 ||
		!strings.HasSuffix(text, fmt.Sprintf("et %d\u00a0autres", 200-shown)) {
		t.Errorf("%v, %d shown: %s", n.Num, shown, text)
	}
	for _, l := range b.Sheets[2].Lines {
		if l.Height > 409 {
			t.Errorf("row %d is %g points high", l.Row, l.Height)
		}
	}
}

// TestPagesOfTheSummary: the end of a printed page cuts no block with a chart, and of
// sentences only between rows, with some of them before it.
func TestPagesOfTheSummary(t *testing.T) {
	const page = 625
	many := []etl.EditionInput{}
	for e := range 60 {
		many = append(many, listed(fmt.Sprintf("%d-%02d", 2010+e/12, 1+e%12),
			[]string{"Alpha|s|01/01/2018|", "Beta|s||"}, []string{"Zeta||||1||"}))
	}
	sample, _ := build(t, "../samples", "2019-06-17", "fr")
	for _, b := range []*report.Book{sample, booked(etl.Registry{}, many...)} {
		s := b.Sheets[2]
		if !slices.IsSorted(s.PageBreaks) || len(slices.Compact(slices.Clone(s.PageBreaks))) != len(s.PageBreaks) {
			t.Errorf("page breaks %v", s.PageBreaks)
		}
		drawn := map[int]bool{} // by row of the heading
		for _, c := range s.Charts {
			drawn[c.Row] = true
		}
		var used, block float64
		heading, whole, rows := "", true, 0
		for _, l := range s.Lines {
			begins := l.Cells[0].Style == report.StyleHeading
			if begins {
				heading, rows = l.Cells[0].Value.Text, 0
				whole = drawn[l.Row] || heading == "Méthode"
				block = 0
			}
			rows++
			block += l.Height
			if slices.Contains(s.PageBreaks, l.Row) {
				if !begins && (whole || rows < 4) {
					t.Errorf("a page begins at row %d, inside %q", l.Row, heading)
				}
				used = 0
			}
			if used += l.Height; used > page && block <= page && heading != "" {
				t.Errorf("the end of a page cuts %q at row %d", heading, l.Row)
				used = 0
			}
		}
		for _, c := range s.Charts {
			if c.Height > page*96/72 {
				t.Errorf("the chart %q is %d pixels high", c.Title, c.Height)
			}
		}
	}
}
