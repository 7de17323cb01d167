package etl_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
)

// rest is what follows the name in a row of certified hosts.
const rest = " | Hébergeur infogéreur | 5, 6 | LNE | HDS 1 | 15/01/2019 | 14/01/2022"

// TestNoRows: what stands between and below the rows is no actor, and is said.
func TestNoRows(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
		names string // of the rows that are kept
	}{
		{"totals", []string{"Alpha" + rest, "Beta" + rest, "Total | | | | 2 | |", "TOTAL GÉNÉRAL | | | | | | 2", "Nombre d'hébergeurs | 2", "Moyenne | | 4,5", "Médiane | | 4", "Sous-total | | | | 5", "Édité le 17/06/2019 | | | | | | page 1"},
			[]string{"a.csv:4 warning row-unnamed", "a.csv:5 warning row-unnamed", "a.csv:6 warning row-unnamed", "a.csv:7 warning row-unnamed", "a.csv:8 warning row-unnamed", "a.csv:9 warning row-unnamed", "a.csv:10 warning row-unnamed"}, "Alpha Beta"},
		{"a total of more rows", []string{"Alpha" + rest, "Beta" + rest, "Total | 57"}, []string{"a.csv:4 warning row-unnamed", "a.csv:4 warning total-differs"}, "Alpha Beta"},
		{"an organisation called Total", []string{"Alpha" + rest, "Total" + rest}, nil, "Alpha Total"},
		{"notes", []string{"Alpha" + rest, "* certificat en cours", "(1) Sous réserve | d'un audit", "Données ANS", "Fin du document", "17/06/2019", "1/2", "¹ périmètre réduit"},
			[]string{"a.csv:3 info row-unnamed", "a.csv:4 warning row-unnamed", "a.csv:5 warning row-unnamed", "a.csv:6 warning row-unnamed", "a.csv:7 warning row-unnamed", "a.csv:8 warning row-unnamed", "a.csv:9 warning row-unnamed"}, "Alpha"},
		{"titles of sections", []string{"Région Est", "Alpha" + rest, "B", "Beta" + rest},
			[]string{"a.csv:2 info row-unnamed", "a.csv:2 info block-below", "a.csv:4 info row-unnamed", "a.csv:4 info block-below"}, "Alpha Beta"},
		{"regions", []string{"Bretagne", "Alpha" + rest, "Île-de-France", "Beta" + rest},
			[]string{"a.csv:2 info row-unnamed", "a.csv:2 info block-below", "a.csv:4 info row-unnamed", "a.csv:4 info block-below"}, "Alpha Beta"},
		{"a block below", []string{"Alpha" + rest, "Ajouts de juin", certifiedHeader, "Beta" + rest},
			[]string{"a.csv:3 warning row-unnamed", "a.csv:3 warning block-below", "a.csv:4 info header-repeated"}, "Alpha Beta"},
		{"another table below", []string{"Alpha" + rest, "Organisme | Adresse | Date de fin", "LNE | Paris | 2020", "BSI | Londres | 2021"},
			[]string{"a.csv:3 warning block-below"}, "Alpha"},
		{"words for nothing", []string{"Alpha" + rest, "nan" + rest, "NULL" + rest, "None" + rest, "n.c." + rest, "#REF!" + rest, "#NOM?" + rest, "-" + rest, "[object Object]" + rest, `\N` + rest, "0" + rest, "..." + rest, "idem" + rest},
			[]string{"a.csv:3:1 warning row-unnamed", "a.csv:4:1 warning row-unnamed", "a.csv:5:1 warning row-unnamed", "a.csv:6:1 warning row-unnamed", "a.csv:7:1 warning row-unnamed", "a.csv:8:1 warning row-unnamed", "a.csv:9:1 warning row-unnamed", "a.csv:10:1 warning row-unnamed", "a.csv:11:1 warning row-unnamed", "a.csv:12:1 warning row-unnamed", "a.csv:13:1 warning row-unnamed", "a.csv:14:1 warning row-unnamed"}, "Alpha"},
		{"names that look like none", []string{"118000" + rest, "Nan & Fils" + rest, "N@" + rest}, nil, "118000 Nan & Fils N@"},
		{"marks of notes", []string{"Alpha¹" + rest, "Beta [4]" + rest, "Gamma(2)" + rest}, []string{"a.csv:2:1 warning note-mark", "a.csv:3:1 warning note-mark", "a.csv:4:1 warning note-mark"}, "Alpha Beta Gamma(2)"},
		{"the part of a list", []string{"Alpha" + rest, "Lignes 1 à 1 sur 57"}, []string{"a.csv error source-part", "a.csv:3 warning row-unnamed"}, "Alpha"},
		{"the same words", []string{"Voir la fiche de Alpha" + rest, "Voir la fiche de Beta" + rest, "Voir la fiche de Gamma" + rest}, []string{"a.csv warning shared-words"}, "Voir la fiche de Alpha Voir la fiche de Beta Voir la fiche de Gamma"},
		{"numbers of the rows", []string{"1. Alpha" + rest, "2. Beta" + rest, "3. Gamma" + rest}, []string{"a.csv warning shared-words"}, "1. Alpha 2. Beta 3. Gamma"},
		{"a list in rising order", []string{"1A Cloud" + rest, "2 B" + rest, "4 Saisons" + rest}, nil, "1A Cloud 2 B 4 Saisons"},
		{"a note on standings", []string{"Alpha" + rest, " | En rouge : certificats suspendus", " | Source : ANS"},
			[]string{"a.csv:3:1 warning row-unnamed", "a.csv:4:1 info row-unnamed"}, "Alpha"},
		{"words that names share", []string{"CHU de Nulle-Part" + rest, "CHU de Quelque-Part" + rest, "CHU de Partout" + rest}, nil, "CHU de Nulle-Part CHU de Quelque-Part CHU de Partout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, fs := readAlone(t, etl.Certified, etl.Source{Numbering: "decree", Table: table("a.csv", append([]string{certifiedHeader}, c.lines...)...)})
			var got []string
			for i := range l.Rows {
				got = append(got, l.Rows[i].Name)
			}
			if names := strings.Join(got, " "); names != c.names {
				t.Errorf("rows %q, want %q", names, c.names)
			}
			found := said(fs, etl.CodeRowUnnamed, etl.CodeBlockBelow, etl.CodeTotalDiffers, etl.CodeHeaderRepeated, etl.CodeNoteMark, etl.CodeSourcePart, etl.CodeSharedWords, etl.CodeSeveralValues)
			slices.Sort(found)
			slices.Sort(c.want)
			if diff := cmp.Diff(c.want, found); diff != "" && len(c.want)+len(found) > 0 {
				t.Error(diff)
			}
		})
	}
}

// TestFootOfTable: rows in the foot of a page's table.
func TestFootOfTable(t *testing.T) {
	tbl := table("a.html", certifiedHeader, "Alpha"+rest, "Dernière ligne | x | | | | |")
	tbl.Rows[2].Foot = true
	l, fs := readAlone(t, etl.Certified, etl.Source{Table: tbl})
	if len(l.Rows) != 1 || len(said(fs, etl.CodeRowUnnamed)) != 1 {
		t.Errorf("%d rows, %v", len(l.Rows), said(fs))
	}
}

// TestHeadingsWithMore: units, marks, brackets, two lines.
func TestHeadingsWithMore(t *testing.T) {
	for name, lines := range map[string][]string{
		"units":     {"Hébergeur (raison sociale) | Type de certificat * | Activités (1 à 6) | Organisme certificateur (OC) | N° de certificat [réf.] | Date de délivrance (jj/mm/aaaa) | Date de fin JJ/MM/AAAA", "Alpha" + rest},
		"two lines": {"Hébergeur | Type de certificat | Activités | Organisme certificateur | N° de certificat | Date | Date", " | | | | | de délivrance | de fin", "Alpha" + rest},
	} {
		l, fs := readAlone(t, etl.Certified, etl.Source{Numbering: "decree", Table: table("a.csv", lines...)})
		if len(l.Rows) != 1 || l.Rows[0].From != day("2019-01-15") || l.Rows[0].Until != day("2022-01-14") || l.Rows[0].Number != "HDS 1" || l.Rows[0].Body != "LNE" {
			t.Errorf("%s: %+v, %v", name, l.Rows, said(fs))
		}
	}
	// Brackets that name another column, and a date that is no certificate.
	_, fs := readAlone(t, etl.Certified, etl.Source{Table: table("a.csv", "Hébergeur | Activités | Certificat (date de fin)", "Alpha | 5 | 14/01/2022")})
	if got := said(fs, etl.CodeHeaderAmbiguous); len(got) != 1 {
		t.Errorf("ambiguous: %v", got)
	}
}

// TestUnknownHeadings: the finding has the headings that are there, and the lines that
// it gives for the configuration make the header known.
func TestUnknownHeadings(t *testing.T) {
	lines := []string{"IDENTITE | CODE | DATE_DECLARATION", "Alpha Santé | ALP1 | 09/11/2018", "Beta Cloud | BET2 | 10/01/2018"}
	_, fs := readAlone(t, etl.Approved, etl.Source{Table: table("a.csv", lines...)})
	if len(fs) != 1 || fs[0].Code != etl.CodeHeaderMissing {
		t.Fatalf("findings %v", fs)
	}
	const line = `reference: {headers: [{list: approved, field: name, alias: "IDENTITE"}, {list: approved, field: until, alias: "DATE_DECLARATION"}]}`
	if said := fs[0].String(); !strings.Contains(said, line) || !strings.Contains(said, "IDENTITE, CODE, DATE_DECLARATION") {
		t.Errorf("said %s", said)
	}
	in := input(etl.Registry{}, etl.EditionInput{ID: "2019-06-17"})
	in.Reference.Headers = append(slices.Clone(in.Reference.Headers), etl.HeaderAlias{List: "approved", Field: "name", Alias: "IDENTITE", Declared: true})
	in.Editions[0].Sources[etl.Approved] = etl.Source{Table: table("a.csv", lines...)}
	if l := etl.Run(in).Edition.List[etl.Approved]; len(l.Rows) != 2 {
		t.Errorf("%d rows with one heading declared", len(l.Rows))
	}
}

// TestColumnsOfDates: what a cell leaves open, the column decides.
func TestColumnsOfDates(t *testing.T) {
	for _, c := range []struct {
		name   string
		format string
		cells  []string
		want   []string // "?" was not read
	}{
		{"month first", "csv", []string{"01/15/2019", "02/03/2019", "04/04/2019"}, []string{"?", "?", "2019-04-04"}},
		{"a slip", "csv", []string{"15/01/2019", "16/01/2019", "01/17/2019", "02/03/2019"}, []string{"2019-01-15", "2019-01-16", "?", "2019-03-02"}},
		{"a workbook that read the month first", "xlsx", []string{"2019-03-02", "2019-06-05", "01/15/2019"}, []string{"?", "?", "?"}},
		{"a workbook with dates that show the day", "xlsx", []string{"2019-03-22", "2019-06-25", "2019-06-05"}, []string{"2019-03-22", "2019-06-25", "2019-06-05"}},
		{"a workbook that read the month first where it could", "xlsx",
			[]string{"2019-03-02", "2019-06-05", "2019-04-04", "2019-11-12", "15/01/2019", "31/05/2019", "22/03/2019", "13/02/2019"},
			[]string{"?", "?", "2019-04-04", "?", "2019-01-15", "2019-05-31", "2019-03-22", "2019-02-13"}},
		{"a program that read the month first where it could", "csv",
			[]string{"2019-03-02", "2019-06-05", "2019-04-04", "2019-11-12", "15/01/2019", "31/05/2019", "22/03/2019", "13/02/2019"},
			[]string{"?", "?", "2019-04-04", "?", "2019-01-15", "2019-05-31", "2019-03-22", "2019-02-13"}},
		{"two who typed in two ways", "xlsx",
			[]string{"2019-03-02", "2019-06-05", "2019-04-04", "2019-11-12", "15/01/2019", "31/05/2019", "22/03/2019", "03/02/2019"},
			[]string{"2019-03-02", "2019-06-05", "2019-04-04", "2019-11-12", "2019-01-15", "2019-05-31", "2019-03-22", "2019-02-03"}},
		{"one day many times", "xlsx",
			[]string{"2019-03-02", "2019-03-02", "2019-03-02", "2019-03-02", "15/01/2019", "15/01/2019", "15/01/2019", "15/01/2019"},
			[]string{"2019-03-02", "2019-03-02", "2019-03-02", "2019-03-02", "2019-01-15", "2019-01-15", "2019-01-15", "2019-01-15"}},
		{"midnights in Paris", "json", []string{"2019-01-14T23:00:00.000Z", "2022-06-16T22:00:00Z", "2019-06-17", "2019-01-14 23:00:00+00"}, []string{"2019-01-15", "2022-06-17", "2019-06-17", "2019-01-15"}},
		{"times that are no midnight", "json", []string{"2019-01-14T23:00:00Z", "2019-01-14T10:30:00Z"}, []string{"2019-01-14", "2019-01-14"}},
		{"midnights of a workbook", "xlsx", []string{"2019-01-14T23:00:00", "2019-06-16T22:00:00"}, []string{"2019-01-15", "2019-06-17"}},
		{"milliseconds", "json", []string{"1547510400000", "1642118400"}, []string{"2019-01-15", "2022-01-14"}},
		{"milliseconds at midnight in Paris", "json", []string{"1560722400000"}, []string{"2019-06-17"}},
		{"other dashes, digits and times", "csv", []string{"17‑06‑2019", "17–06–2019", "2019‐06‐17", "17⁄06⁄2019", "２０１９/06/17", "17/06/2019 12:00:00 AM", "17/06/2019*", "Mon Jun 17 2019 00:00:00 GMT+0200", "lundi 17 juin 2019 à 10h30", "1er/04/2018", "17062019"},
			[]string{"2019-06-17", "2019-06-17", "2019-06-17", "2019-06-17", "2019-06-17", "2019-06-17", "2019-06-17", "2019-06-17", "2019-06-17", "2018-04-01", "2019-06-17"}},
		{"no date", "csv", []string{"17/06/2019 (prolongé)", "19-juin", "du 17/06/2019 au 16/06/2022", "06072019", "2019-17-06"}, []string{"?", "?", "?", "?", "?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := []string{approvedHeader}
			for i, cell := range c.cells {
				lines = append(lines, "Alpha "+strings.Repeat("I", i+1)+" | x | "+cell+" | 31/12/2022")
			}
			if c.format == "xlsx" {
				for i := range lines {
					lines[i] = strings.ReplaceAll(lines[i], " | 31/12/2022", "")
				}
			}
			if strings.HasPrefix(c.name, "month first") {
				for i := range lines {
					lines[i] = strings.ReplaceAll(lines[i], " | 31/12/2022", " | ")
				}
			}
			tbl := table("a."+c.format, lines...)
			tbl.Format = c.format
			l, fs := readAlone(t, etl.Approved, etl.Source{Table: tbl})
			var got []string
			for i := range l.Rows {
				if _, unread := l.Rows[i].Raw[etl.FieldFrom]; unread {
					got = append(got, "?")
				} else {
					got = append(got, l.Rows[i].From.String())
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s\n%v", diff, fs)
			}
		})
	}
}

// TestDamagedValues: numbers without their digits, errors, several values in a cell.
func TestDamagedValues(t *testing.T) {
	row := func(name, number string) string {
		return name + " | Hébergeur infogéreur | 5, 6 | LNE | " + number + " | 15/01/2019 | 14/01/2022"
	}
	l, fs := readAlone(t, etl.Certified, etl.Source{Numbering: "decree", Table: table("a.csv", certifiedHeader,
		row("A1", "1,23457E+11"), row("B1", "5.52081E+08"), row("C1", "12345678901234500"), row("D1", "123456789012000"),
		row("E1", "#N/A"), row("F1", "nan"), row("G1", "HDS 1004*"), row("H1", "12345678901234"), row("I1", "1E10"), row("Alpha / Beta", "HDS 9"), row("Gamma / S.A.S.", ""), row("J1", "idem"),
		row("K1", "en cours"), row("L1", "HDS-1 / HDS-2"), row("M1", "HDS 1, rev. A"))})
	want := []string{"a.csv:2:5 warning digits-lost", "a.csv:3:5 warning digits-lost", "a.csv:4:5 warning digits-lost", "a.csv:5:5 warning digits-lost",
		"a.csv:6:5 warning cell-error", "a.csv:8:5 warning note-mark", "a.csv:10:5 warning digits-lost", "a.csv:11:1 warning several-values",
		"a.csv:13:5 warning cell-ditto",
		"a.csv:14:5 info number-none", "a.csv:15:5 warning several-values"}
	if diff := cmp.Diff(want, said(fs, etl.CodeNumberNone, etl.CodeCellDitto, etl.CodeDigitsLost, etl.CodeCellError, etl.CodeNoteMark, etl.CodeSeveralValues)); diff != "" {
		t.Error(diff)
	}
	var numbers []string
	for i := range l.Rows {
		numbers = append(numbers, l.Rows[i].Number)
	}
	if diff := cmp.Diff([]string{"", "", "", "", "", "", "HDS 1004", "12345678901234", "", "HDS 9", "", "", "en cours", "HDS-1 / HDS-2", "HDS 1, rev. A"}, numbers); diff != "" {
		t.Error(diff)
	}
}
