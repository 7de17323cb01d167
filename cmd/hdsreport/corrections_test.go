package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/published"
	"hdsreport/report/xlsx/xlsxtest"
)

// newsroom is a small workspace for edits: rows of one actor, actors on both lists, an
// identifier on both, proposed positions.
var newsroom = map[string]string{
	"hdsreport.yaml": "report:\n  language: fr\n",
	"editions/2019-06-17/agrees.csv": `Hébergeur;Prestation;Date d'agrément;Fin d'agrément
Alpha;Mise en œuvre de l'archivage;01/01/2018;01/01/2021
Alpha;Sauvegarde externalisée;02/02/2018;02/02/2021
Bravo;Infogérance;03/03/2018;03/03/2021
Charlie;Archivage électronique;04/04/2018;04/04/2021
Delta;;05/05/2018;05/05/2021
Echo;Hébergement;06/06/2018;06/06/2018
Foxtrot Télécom;Réseau;07/07/2018;07/07/2021
Golf;Serveurs;08/08/2017;08/08/2020
Hotel;Cloud privé;09/09/2017;09/09/2020
India;Plateforme;10/10/2017;10/10/2020
`,
	"editions/2019-06-17/certifies.csv": `Hébergeur;Type de certificat;Activités;Organisme certificateur;N° de certificat;Date de délivrance;Date de fin
Alpha;Infogéreur;toutes;LNE;A1;01/01/2019;01/01/2022
Delta;Infogéreur;toutes sauf 6;LNE;;05/05/2018;05/05/2022
Juliett;Infrastructure physique;1;BSI;J1;02/02/2019;02/02/2022
Kilo;Infogéreur et infrastructure physique;toutes;AFNOR;K1;03/03/2019;03/03/2022
Lima;Infogéreur;5;LNE;L1;04/04/2019;04/04/2022
Mike;Infogéreur;6;LNE;M1;05/05/2019;05/05/2022
`,
	"editions/2019-06-17/certifies.source.yaml": "activity_numbering: decree\n",
	"registry/actors.csv":                       "id,name,position,website,note\nbravo,Bravo,esn,,\ncharlie,Charlie,esn,,\nalpha,Alpha,hosting_cloud,,\ngolf,Golf,esn,,\nhotel,Hotel,hospital,,\nindia,India,esn,,\njuliett,Juliett,telecom,,\nfoxtrot-telecom,Foxtrot Télécom,,,vu\n",
	"registry/names.csv":                        "actor,name,kind,from,to\nbravo,Bravissimo,alias,,\n",
	"registry/decisions.csv":                    "left,right,judgement,by,date,reason\n",
	"registry/corrections.csv":                  "id,field,was,value,by,date,reason\n",
	"registry/accepted.csv":                     "edition,code,by,date,reason\n",
}

// bench is a workspace to edit in.
type bench struct {
	t    *testing.T
	dir  string
	book string // the workbook
}

func newBench(t *testing.T, more map[string]string) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir()}
	b.write(newsroom)
	b.write(more)
	b.book = filepath.Join(b.dir, "hds-2019-06-17.xlsx")
	b.run(0, "run")
	return b
}

func (b *bench) write(files map[string]string) {
	b.t.Helper()
	for name, text := range files {
		path := filepath.Join(b.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *bench) read(name string) string {
	b.t.Helper()
	text, err := os.ReadFile(filepath.Join(b.dir, filepath.FromSlash(name)))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// run runs a command and wants an exit code.
func (b *bench) run(want int, args ...string) (stdout, stderr string) {
	b.t.Helper()
	var out, errs bytes.Buffer
	c := &Command{Stdout: &out, Stderr: &errs, Now: func() time.Time { return time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC) }}
	if got := c.Main(append(args, "--config", filepath.Join(b.dir, "hdsreport.yaml"))); got != want {
		b.t.Fatalf("%v exits with %d, want %d\n%s%s", args, got, want, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// take imports a file and gives its account.
func (b *bench) take(want int, file string, args ...string) importJSON {
	b.t.Helper()
	out, _ := b.run(want, append([]string{"corrections", "import", file, "--by", "Ada", "--json"}, args...)...)
	var got importJSON
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		b.t.Fatalf("%v\n%s", err, out)
	}
	return got
}

// sheetFile is a workbook that is being edited.
type sheetFile struct {
	t *testing.T
	*excelize.File
}

var sheetOfTable = map[string]string{"A": "Acteurs agréés", "C": "Acteurs certifiés", "S": "Synthèse"}

func (b *bench) open(path string) *sheetFile {
	b.t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		b.t.Fatal(err)
	}
	return &sheetFile{t: b.t, File: f}
}

// save saves under a new name.
func (f *sheetFile) save() string {
	f.t.Helper()
	path := filepath.Join(f.t.TempDir(), "edited.xlsx")
	if err := f.SaveAs(path); err != nil {
		f.t.Fatal(err)
	}
	return path
}

// header gives the row of the headings, and the column of one, both from 1.
func (f *sheetFile) header(sheet, heading string) (row, col int) {
	f.t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		f.t.Fatal(err)
	}
	for i, cells := range rows {
		if slices.Contains(cells, "Identifiant") {
			if k := slices.Index(cells, heading); k >= 0 {
				return i + 1, k + 1
			}
			f.t.Fatalf("%s has no column %q: %q", sheet, heading, cells)
		}
	}
	f.t.Fatalf("%s has no headings", sheet)
	return 0, 0
}

// row gives the row of an identifier that begins so.
func (f *sheetFile) row(sheet, id string) int {
	f.t.Helper()
	top, col := f.header(sheet, "Identifiant")
	rows, _ := f.GetRows(sheet)
	for i := top; i < len(rows); i++ {
		if col <= len(rows[i]) && strings.HasPrefix(rows[i][col-1], id) {
			return i + 1
		}
	}
	f.t.Fatalf("%s has no row %s", sheet, id)
	return 0
}

// cell gives the cell of an identifier and a heading, as "A/alpha/Acteur" says it.
func (f *sheetFile) cell(at string) (sheet, cell string) {
	f.t.Helper()
	parts := strings.SplitN(at, "|", 3)
	sheet = sheetOfTable[parts[0]]
	_, col := f.header(sheet, parts[2])
	cell, err := excelize.CoordinatesToCellName(col, f.row(sheet, parts[1]))
	if err != nil {
		f.t.Fatal(err)
	}
	return sheet, cell
}

// edit does one edit. "A|bravo|Fin d’agrément=text" types a text, "#" before the value a
// number, "@" a formula, "?" a truth, "!" an error, "~" a text whatever it begins with; "A|bravo|*="
// deletes the row and "*=copy" copies it.
func (f *sheetFile) edit(text string) {
	f.t.Helper()
	at, value, _ := strings.Cut(text, "=")
	check := func(err error) {
		if err != nil {
			f.t.Fatal(err)
		}
	}
	parts := strings.SplitN(at, "|", 3)
	if strings.HasPrefix(parts[len(parts)-1], "#") {
		f.around(parts, value)
		return
	}
	if len(parts) == 3 && parts[2] == "*" {
		sheet := sheetOfTable[parts[0]]
		row := f.row(sheet, parts[1])
		switch value {
		case "hide":
			check(f.SetRowVisible(sheet, row, false))
			return
		case "insert":
			check(f.InsertRows(sheet, row, 1))
			return
		case "move":
			rows, _ := f.GetRows(sheet)
			check(f.DuplicateRowTo(sheet, row, len(rows)+1))
			check(f.RemoveRow(sheet, row))
			return
		}
		if value == "copy" {
			rows, _ := f.GetRows(sheet)
			for i, cell := range rows[row-1] {
				name, _ := excelize.CoordinatesToCellName(i+1, len(rows)+1)
				check(f.SetCellStr(sheet, name, cell))
			}
			return
		}
		check(f.RemoveRow(sheet, row))
		return
	}
	var sheet, cell string
	if len(parts) == 2 { // "S|B5=…": a cell by its name
		sheet, cell = sheetOfTable[parts[0]], parts[1]
	} else {
		sheet, cell = f.cell(at)
	}
	switch {
	case strings.HasPrefix(value, "~"): // the text behind it
		check(f.SetCellStr(sheet, cell, value[1:]))
	case strings.HasPrefix(value, "#"):
		var n float64
		fmt.Sscan(value[1:], &n)
		check(f.SetCellFloat(sheet, cell, n, -1, 64))
	case strings.HasPrefix(value, "@"):
		check(f.SetCellFormula(sheet, cell, value[1:]))
	case strings.HasPrefix(value, "?"):
		check(f.SetCellBool(sheet, cell, value == "?true"))
	case strings.HasPrefix(value, "!"):
		check(f.SetCellFormula(sheet, cell, "NA()"))
	default:
		check(f.SetCellStr(sheet, cell, value))
	}
}

// around changes a sheet around its values: "A|#verb=what", or "A|row|#verb=what".
func (f *sheetFile) around(parts []string, what string) {
	f.t.Helper()
	check := func(err error) {
		f.t.Helper()
		if err != nil {
			f.t.Fatal(err)
		}
	}
	sheet := sheetOfTable[parts[0]]
	top := 0
	if sheet != "Synthèse" {
		top, _ = f.header(sheet, "Identifiant")
	}
	column := func(heading string) string {
		_, col := f.header(sheet, heading)
		name, _ := excelize.ColumnNumberToName(col)
		return name
	}
	rows, _ := f.GetRows(sheet)
	switch parts[len(parts)-1] {
	case "#hide":
		check(f.SetColVisible(sheet, column(what), false))
	case "#column":
		check(f.InsertCols(sheet, what, 1))
	case "#own":
		at, heading, _ := strings.Cut(what, "|")
		check(f.InsertCols(sheet, at, 1))
		check(f.SetCellStr(sheet, fmt.Sprint(at, top), heading))
		check(f.SetCellStr(sheet, fmt.Sprint(at, top+2), "oui"))
	case "#formula":
		check(f.SetCellStr(sheet, fmt.Sprint(what, top), "jours"))
		check(f.SetCellFormula(sheet, fmt.Sprint(what, top+1), fmt.Sprintf("E%d-D%d", top+1, top+1)))
	case "#swap":
		a, b, _ := strings.Cut(what, "|")
		a, b = column(a), column(b)
		for i := top; i <= len(rows); i++ {
			x, _ := f.GetCellValue(sheet, fmt.Sprint(a, i))
			y, _ := f.GetCellValue(sheet, fmt.Sprint(b, i))
			check(f.SetCellStr(sheet, fmt.Sprint(a, i), y))
			check(f.SetCellStr(sheet, fmt.Sprint(b, i), x))
		}
	case "#comment":
		_, cell := f.cell(parts[0] + "|" + parts[1] + "|Acteur")
		check(f.AddComment(sheet, excelize.Comment{Cell: cell, Author: "Zoé", Text: what}))
	case "#colour":
		_, cell := f.cell(parts[0] + "|" + parts[1] + "|Acteur")
		style, err := f.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{what}}})
		check(err)
		check(f.SetCellStyle(sheet, cell, cell, style))
	case "#merge":
		row := f.row(sheet, parts[1])
		check(f.MergeCell(sheet, fmt.Sprint(column(what), row), fmt.Sprint(column(what), row+1)))
	case "#range":
		tables, err := f.GetTables(sheet)
		check(err)
		for _, t := range tables {
			check(f.DeleteTable(t.Name))
		}
	case "#first":
		check(f.MoveSheet("Synthèse", "Acteurs agréés"))
	case "#copy":
		from, _ := f.GetSheetIndex(sheet)
		to, err := f.NewSheet("Ma copie")
		check(err)
		check(f.CopySheet(from, to))
	case "#upper":
		for i, h := range rows[top-1] {
			cell, _ := excelize.CoordinatesToCellName(i+1, top)
			check(f.SetCellStr(sheet, cell, " "+strings.ToUpper(h)+" "))
		}
	case "#top":
		for range top - 1 {
			check(f.RemoveRow(sheet, 1))
		}
	case "#below":
		check(f.SetCellStr(sheet, fmt.Sprint("A", len(rows)+1), what))
	case "#below2":
		check(f.SetCellStr(sheet, fmt.Sprint("ZZ", len(rows)+1), what))
	default:
		f.t.Fatalf("no verb %q", parts)
	}
}

// said is the account of an import in one line a part.
func (a importJSON) said() []string {
	out := []string{}
	for _, r := range a.Recorded {
		out = append(out, fmt.Sprintf("recorded %s %s %s>%s was %s", r.ID, r.Field, r.Published, r.Value, r.Was))
	}
	for _, r := range a.Already {
		out = append(out, fmt.Sprintf("already %s %s", r.ID, r.Field))
	}
	for _, r := range a.Conflicts {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s P=%s E=%s W=%s %s", r.Why, r.ID, r.Field, r.Published, r.Editor, r.Workspace, r.Kept)))
	}
	for _, r := range a.Refused {
		out = append(out, strings.TrimSpace(fmt.Sprintf("refused %s %s %s", r.Why, r.ID, r.Field)))
	}
	for _, n := range a.Notes {
		out = append(out, strings.TrimSpace(fmt.Sprintf("note %s %s", n.Kind, n.ID)))
	}
	return out
}

// TestEditedWorkbooks: what each edit of a workbook becomes.
func TestEditedWorkbooks(t *testing.T) {
	b := newBench(t, nil)
	ids := b.ids()
	c := &Command{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now}
	c.speak()
	d, err := c.desk(&input{again: true, config: filepath.Join(b.dir, "hdsreport.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	bravo, charlie, archive := ids["bravo"], ids["charlie"], ids["alpha"]
	for _, s := range []struct {
		name  string
		edits []string
		want  []string
	}{
		{"nothing", nil, nil},
		// Dates.
		{"a date as a text", []string{"A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a date as Excel has it", []string{"A|bravo|Fin d’agrément=#45782"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a date in words", []string{"A|bravo|Fin d’agrément=5 mai 2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a date in ISO 8601", []string{"A|bravo|Date d’agrément=2018-12-31"}, []string{"recorded " + bravo + " from 2018-03-03>2018-12-31 was 2018-03-03"}},
		{"a month", []string{"A|bravo|Fin d’agrément=mai 2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05 was 2021-03-03"}},
		{"the same date, otherwise written", []string{"A|bravo|Fin d’agrément=3 mars 2021"}, nil},
		{"the date of issue", []string{"C|juliett|Date de délivrance=01/02/2019"}, []string{"recorded juliett/j1 from 2019-02-02>2019-02-01 was 2019-02-02"}},
		{"a year that became a day of 1905", []string{"A|bravo|Fin d’agrément=#2019"}, []string{"refused date-range " + bravo + " until"}},
		{"a day of 1989", []string{"A|bravo|Date d’agrément=31/12/1989"}, []string{"refused date-range " + bravo + " from"}},
		{"a day of 2101", []string{"A|bravo|Fin d’agrément=01/01/2101"}, []string{"refused date-range " + bravo + " until"}},
		{"no date", []string{"A|bravo|Fin d’agrément=bientôt"}, []string{"refused unreadable " + bravo + " until"}},
		{"no day of the calendar", []string{"A|bravo|Fin d’agrément=31/02/2025"}, []string{"refused date-range " + bravo + " until"}},
		{"a start after its end", []string{"A|bravo|Date d’agrément=01/01/2022"}, []string{"refused order " + bravo + " from"}},
		{"both moved on", []string{"A|bravo|Date d’agrément=01/01/2022", "A|bravo|Fin d’agrément=01/01/2025"}, []string{"recorded " + bravo + " from 2018-03-03>2022-01-01 was 2018-03-03", "recorded " + bravo + " until 2021-03-03>2025-01-01 was 2021-03-03"}},
		{"both, the wrong way round", []string{"A|bravo|Date d’agrément=01/01/2025", "A|bravo|Fin d’agrément=01/01/2022"}, []string{"refused order " + bravo + " from", "refused order " + bravo + " until"}},
		{"a day that is start and end", []string{"A|bravo|Date d’agrément=03/03/2021"}, []string{"recorded " + bravo + " from 2018-03-03>2021-03-03 was 2018-03-03"}},
		// Nobody knows, the source, nothing.
		{"a date that nobody knows", []string{"A|bravo|Fin d’agrément=vide"}, []string{"recorded " + bravo + " until 2021-03-03> was 2021-03-03"}},
		{"a service that nobody knows", []string{"A|bravo|Prestation agréée=VIDE"}, []string{"recorded " + bravo + " service Infogérance> was Infogérance"}},
		{"a body that nobody knows", []string{"C|juliett|Organisme certificateur=vide"}, []string{"recorded juliett/j1 body BSI Group> was BSI Group"}},
		{"a number that nobody knows", []string{"C|juliett|N° de certificat=vide"}, []string{"recorded juliett/j1 number J1> was J1"}},
		{"a type that nobody knows", []string{"C|juliett|Type de certificat=vide"}, []string{"recorded juliett/j1 type infrastructure_physique> was infrastructure_physique"}},
		{"an activity of which nobody knows", []string{"C|juliett|Sites physiques=vide"}, []string{"recorded juliett/j1 sites_physiques yes>n.c. was yes"}},
		{"vide where nothing stands", []string{"C|delta|N° de certificat=vide"}, nil},
		{"vide is no name", []string{"A|bravo|Acteur=vide"}, []string{"refused unreadable bravo name"}},
		{"vide is no position", []string{"A|bravo|Positionnement principal=vide"}, []string{"refused unreadable bravo position"}},
		{"a date emptied", []string{"A|bravo|Fin d’agrément="}, []string{"refused emptied " + bravo + " until"}},
		{"a name emptied", []string{"A|bravo|Acteur="}, []string{"refused emptied bravo name"}},
		{"a position emptied", []string{"A|bravo|Positionnement principal="}, []string{"refused emptied bravo position"}},
		{"a service of spaces", []string{"A|bravo|Prestation agréée=   "}, []string{"refused emptied " + bravo + " service"}},
		{"an activity emptied", []string{"C|juliett|Sites physiques="}, []string{"refused emptied juliett/j1 sites_physiques"}},
		{"source where the source speaks", []string{"A|bravo|Fin d’agrément=source"}, []string{"already " + bravo + " until"}},
		// Texts.
		{"a service", []string{"A|bravo|Prestation agréée=Infogérance et sauvegarde"}, []string{"recorded " + bravo + " service Infogérance>Infogérance et sauvegarde was Infogérance"}},
		{"a service in other spaces", []string{"A|bravo|Prestation agréée= Infogérance\u00a0 "}, nil},
		{"the case of a service", []string{"A|bravo|Prestation agréée=INFOGÉRANCE"}, []string{"recorded " + bravo + " service Infogérance>INFOGÉRANCE was Infogérance"}},
		{"a body", []string{"C|lima|Organisme certificateur=LSTI"}, []string{"recorded lima/l1 body LNE>LSTI was LNE"}},
		{"a number", []string{"C|lima|N° de certificat=L2"}, []string{"recorded lima/l1 number L1>L2 was L1"}},
		{"a text that is a formula", []string{"A|bravo|Prestation agréée=+33 1"}, []string{"refused formula-like " + bravo + " service"}},
		{"a text with an at sign", []string{"C|lima|Organisme certificateur= @lsti"}, []string{"refused formula-like lima/l1 body"}},
		{"a text with a hyphen", []string{"C|lima|Organisme certificateur=-LSTI"}, []string{"refused formula-like lima/l1 body"}},
		{"a formula", []string{"C|lima|Organisme certificateur=@\"LSTI\""}, []string{"refused formula lima/l1 body"}},
		{"a formula in a date", []string{"A|bravo|Fin d’agrément=@TODAY()"}, []string{"refused formula " + bravo + " until"}},
		// Types.
		{"a type", []string{"C|juliett|Type de certificat=Infogéreur"}, []string{"recorded juliett/j1 type infrastructure_physique>infogereur was infrastructure_physique"}},
		{"types in another order", []string{"C|kilo|Type de certificat=Infogéreur et infrastructure physique"}, nil},
		{"one type more", []string{"C|juliett|Type de certificat=Infogéreur et Infrastructure physique"}, []string{"recorded juliett/j1 type infrastructure_physique>infrastructure_physique;infogereur was infrastructure_physique"}},
		{"no type", []string{"C|juliett|Type de certificat=Bidule"}, []string{"refused unreadable juliett/j1 type"}},
		{"a type and something else", []string{"C|juliett|Type de certificat=Infogéreur et bidule"}, []string{"refused unreadable juliett/j1 type"}},
		// Activities.
		{"an activity as a tick", []string{"C|juliett|Sauvegarde=✓"}, []string{"recorded juliett/j1 sauvegarde no>yes was no"}},
		{"an activity as x", []string{"C|juliett|Sauvegarde=x"}, []string{"recorded juliett/j1 sauvegarde no>yes was no"}},
		{"an activity as a truth", []string{"C|juliett|Sauvegarde=?true"}, []string{"recorded juliett/j1 sauvegarde no>yes was no"}},
		{"an activity as 1", []string{"C|juliett|Sauvegarde=#1"}, []string{"recorded juliett/j1 sauvegarde no>yes was no"}},
		{"an activity as VRAI", []string{"C|juliett|Sauvegarde=VRAI"}, []string{"recorded juliett/j1 sauvegarde no>yes was no"}},
		{"no activity, in capitals", []string{"C|juliett|Sauvegarde=NON"}, nil},
		{"an activity taken away", []string{"C|juliett|Sites physiques=Non"}, []string{"recorded juliett/j1 sites_physiques yes>no was yes"}},
		{"an activity with a hyphen", []string{"C|juliett|Sites physiques=-"}, []string{"recorded juliett/j1 sites_physiques yes>no was yes"}},
		{"n.c., from the list of choices", []string{"C|juliett|Sites physiques=n.c."}, []string{"recorded juliett/j1 sites_physiques yes>n.c. was yes"}},
		{"an activity that is none", []string{"C|juliett|Sauvegarde=peut-être"}, []string{"refused unreadable juliett/j1 sauvegarde"}},
		// Positions.
		{"a position", []string{"A|bravo|Positionnement principal=Hébergement et cloud"}, []string{"recorded bravo position esn>hosting_cloud was esn"}},
		{"a position in another language", []string{"A|bravo|Positionnement principal=hosting and cloud"}, []string{"recorded bravo position esn>hosting_cloud was esn"}},
		{"a position by its code", []string{"A|bravo|Positionnement principal=telecom"}, []string{"recorded bravo position esn>telecom was esn"}},
		{"the same position, small", []string{"A|bravo|Positionnement principal= esn"}, nil},
		{"a position that there is not", []string{"A|bravo|Positionnement principal=Nuage"}, []string{"refused unreadable bravo position"}},
		{"a position taken away", []string{"A|bravo|Positionnement principal=À classer"}, []string{"recorded bravo position esn>unclassified was esn"}},
		{"a position on the other list holds too", []string{"C|alpha|Positionnement principal=ESN"}, []string{"recorded alpha position hosting_cloud>esn was hosting_cloud"}},
		{"the same position on two rows", []string{"A|alpha|Positionnement principal=ESN", "C|alpha|Positionnement principal=ESN"}, []string{"recorded alpha position hosting_cloud>esn was hosting_cloud"}},
		{"two positions for one actor", []string{"A|alpha|Positionnement principal=ESN", "C|alpha|Positionnement principal=Hospital"}, []string{"refused disagree alpha position", "refused disagree alpha position"}},
		{"a proposal corrected", []string{"A|foxtrot|Positionnement principal=ESN"}, []string{"recorded foxtrot-telecom position telecom>esn was telecom"}},
		{"a proposal confirmed", []string{"A|foxtrot|Statut du positionnement=confirmé"}, []string{"recorded foxtrot-telecom position telecom>telecom was "}},
		{"a proposal confirmed with an x", []string{"A|foxtrot|Statut du positionnement=x"}, []string{"recorded foxtrot-telecom position telecom>telecom was "}},
		{"a proposal confirmed with OK", []string{"A|foxtrot|Statut du positionnement=OK"}, []string{"recorded foxtrot-telecom position telecom>telecom was "}},
		{"another status is a note", []string{"A|foxtrot|Statut du positionnement=à revoir"}, []string{"note status " + ids["foxtrot"]}},
		{"confirming what is confirmed is a note", []string{"A|bravo|Statut du positionnement=oui"}, []string{"note status " + bravo}},
		{"a position and its confirmation", []string{"A|foxtrot|Positionnement principal=ESN", "A|foxtrot|Statut du positionnement=confirmé"}, []string{"recorded foxtrot-telecom position telecom>esn was telecom", "note status " + ids["foxtrot"]}},
		// Names.
		{"a name", []string{"A|bravo|Acteur=Bravo Santé"}, []string{"recorded bravo name Bravo>Bravo Santé was Bravo"}},
		{"the case of a name", []string{"A|bravo|Acteur=BRAVO"}, []string{"recorded bravo name Bravo>BRAVO was Bravo"}},
		{"the spaces of a name", []string{"A|bravo|Acteur=Bravo  "}, nil},
		{"a name on one of three rows", []string{"C|alpha|Acteur=Alpha Groupe"}, []string{"recorded alpha name Alpha>Alpha Groupe was Alpha"}},
		{"two names for one actor", []string{"A|alpha|Acteur=Alpha Un", "C|alpha|Acteur=Alpha Deux"}, []string{"refused disagree alpha name", "refused disagree alpha name"}},
		{"another actor's name", []string{"A|charlie|Acteur=bravo"}, []string{"refused name-taken charlie name"}},
		{"another actor's alias", []string{"A|charlie|Acteur=Bravissimo"}, []string{"refused name-taken charlie name"}},
		{"one's own alias", []string{"A|bravo|Acteur=Bravissimo"}, []string{"recorded bravo name Bravo>Bravissimo was Bravo"}},
		{"one name for two actors", []string{"A|bravo|Acteur=Zoulou", "A|charlie|Acteur=zoulou"}, []string{"refused name-taken bravo name", "refused name-taken charlie name"}},
		// What follows, what is the source's, what is outside.
		{"an effective end typed over", []string{"A|bravo|Échéance effective=01/01/2030"}, []string{"refused derived " + bravo + " effective"}},
		{"an effective end that follows from the end", []string{"A|bravo|Fin d’agrément=01/01/2030", "A|bravo|Échéance effective=01/01/2030"}, []string{"recorded " + bravo + " until 2021-03-03>2030-01-01 was 2021-03-03"}},
		{"a value that is there anyhow", []string{"A|bravo|Échéance effective=2021-03-03"}, nil},
		{"also certified typed over", []string{"A|bravo|Aussi certifié=Oui"}, []string{"refused derived " + bravo + " also"}},
		{"a number of activities typed over", []string{"C|juliett|Nombre d’activités=#6"}, []string{"refused derived juliett/j1 count"}},
		{"a number of activities that follows", []string{"C|juliett|Sauvegarde=Oui", "C|juliett|Nombre d’activités=#2", "C|juliett|Activités de l’acteur=#2"}, []string{"recorded juliett/j1 sauvegarde no>yes was no"}},
		{"activities of the actor typed over", []string{"C|juliett|Activités de l’acteur=#4"}, []string{"refused derived juliett/j1 covered"}},
		{"the name in the source", []string{"A|bravo|Nom dans la source=Bravo SA"}, []string{"refused technical " + bravo + " source_name"}},
		{"the number of an actor", []string{"A|bravo|N° d’acteur=#12"}, []string{"refused technical " + bravo + " actor"}},
		{"an unread value", []string{"A|bravo|Valeur non lue, telle qu’écrite=x"}, []string{"refused technical " + bravo + " unread"}},
		{"a title", []string{"A|A1=Les hébergeurs"}, []string{"refused summary"}},
		{"a note beside a title", []string{"A|E1=vu"}, nil},
		// Rows.
		{"a row deleted", []string{"A|bravo|*="}, []string{"note row-deleted " + bravo}},
		{"a row copied", []string{"A|bravo|*=copy"}, []string{"note row-twice " + bravo}},
		{"a row copied and the copy changed", []string{"A|bravo|*=copy", "A|bravo|Prestation agréée=Autre"}, []string{"refused duplicate-row " + bravo + " service"}},
		{"another identifier", []string{"A|bravo|Identifiant=zoulou/1"}, []string{"refused added-row", "note row-deleted " + bravo}},
		{"no identifier", []string{"A|bravo|Identifiant="}, []string{"refused added-row", "note row-deleted " + bravo}},
		{"an identifier of another row", []string{"A|charlie|*=", "A|bravo|Identifiant=" + charlie}, []string{"refused contradicts " + charlie + " source_name", "note row-deleted " + bravo}},
		{"an identifier on both lists, and the cell says the same", []string{"C|delta|Date de délivrance=01/01/2018"}, []string{"refused ambiguous-row delta from"}},
		{"an identifier on both lists, and the cell tells", []string{"C|delta|Date de fin=01/01/2023"}, []string{"recorded delta until 2022-05-05>2023-01-01 was 2022-05-05"}},
		{"an identifier on both lists, a field of one", []string{"C|delta|Organisme certificateur=LSTI"}, []string{"recorded delta body LNE>LSTI was LNE"}},
		{"an identifier on both lists, its actor's name", []string{"C|delta|Acteur=Delta Plus"}, []string{"recorded delta name Delta>Delta Plus was Delta"}},
		// What spreadsheets and people do around the values.
		{"a row moved to the end", []string{"A|bravo|*=move", "A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"all rows in another order", []string{"A|bravo|*=move", "A|delta|*=move", "A|hotel|*=move", "C|kilo|*=move"}, nil},
		{"rows hidden by a filter", []string{"A|bravo|*=hide", "A|charlie|*=hide", "A|charlie|Acteur=Charlie Deux"}, []string{"recorded charlie name Charlie>Charlie Deux was Charlie"}},
		{"a hidden column", []string{"A|#hide=Fin d’agrément", "A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a column inserted on the left", []string{"A|#column=A", "A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a column of one's own in the middle", []string{"A|#own=C|vu", "A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03", "note own-column"}},
		{"formulas of one's own beside the table", []string{"A|#formula=ZZ", "A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"an empty row in the table", []string{"A|bravo|*=insert", "A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"the columns in another order", []string{"A|#swap=Date d’agrément|Fin d’agrément"}, nil},
		{"a comment", []string{"A|bravo|#comment=à vérifier"}, nil},
		{"colours", []string{"A|bravo|#colour=FF0000"}, nil},
		{"cells merged downwards", []string{"A|bravo|#merge=Fin d’agrément"}, []string{"recorded " + charlie + " until 2021-04-04>2021-03-03 was 2021-04-04"}},
		{"the tables turned into ranges", []string{"A|#range=", "C|#range=", "A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"the sheets in another order", []string{"S|#first=", "A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a sheet of one's own that looks like the list", []string{"A|#copy=", "A|bravo|Fin d’agrément=05/05/2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"the headings in capitals", []string{"A|bravo|Fin d’agrément=05/05/2025", "A|#upper="}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"the lines above the table gone", []string{"A|#top="}, nil},
		{"a total below the table", []string{"A|#below=TOTAL"}, []string{"refused added-row"}},
		{"a remark below the table, in a column of one's own", []string{"A|#below2=voir Zoé"}, []string{"note own-column"}},
		// Numbers, times and errors where something else belongs.
		{"a date with its time", []string{"A|bravo|Fin d’agrément=#45782.75"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a date whose number became a text", []string{"A|bravo|Fin d’agrément=45782"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a date with a two-digit year", []string{"A|bravo|Fin d’agrément=05/05/25"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a date in the American order", []string{"A|bravo|Fin d’agrément=05/25/2025"}, []string{"refused date-range " + bravo + " until"}},
		{"a date with points", []string{"A|bravo|Fin d’agrément=5.5.2025"}, []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03"}},
		{"a date after an apostrophe", []string{"A|bravo|Fin d’agrément='05/05/2025"}, []string{"refused unreadable " + bravo + " until"}},
		{"a truth where a date belongs", []string{"A|bravo|Fin d’agrément=?true"}, []string{"refused unreadable " + bravo + " until"}},
		{"zero where a date belongs", []string{"A|bravo|Fin d’agrément=#0"}, []string{"refused unreadable " + bravo + " until"}},
		{"a negative number where a date belongs", []string{"A|bravo|Fin d’agrément=#-5"}, []string{"refused formula-like " + bravo + " until"}},
		{"n.c. where a date belongs", []string{"A|bravo|Fin d’agrément=n.c."}, []string{"refused unreadable " + bravo + " until"}},
		{"a certificate's number typed as a number", []string{"C|lima|N° de certificat=#20190042"}, []string{"recorded lima/l1 number L1>20190042 was L1"}},
		{"a long number in a text", []string{"C|lima|N° de certificat=#123456789012345680000"}, []string{"refused unreadable lima/l1 number"}},
		{"an error where a service belongs", []string{"A|bravo|Prestation agréée=~#REF!"}, []string{"refused unreadable " + bravo + " service"}},
		{"an error value", []string{"A|bravo|Prestation agréée=!#N/A"}, []string{"refused formula " + bravo + " service"}},
		{"a service of two lines", []string{"A|bravo|Prestation agréée=Infogérance\nSauvegarde"}, []string{"recorded " + bravo + " service Infogérance>Infogérance Sauvegarde was Infogérance"}},
		{"a service with a tab and a bell", []string{"A|bravo|Prestation agréée=Info\tgérance\x07"}, []string{"refused unreadable " + bravo + " service"}},
		{"a name written from right to left", []string{"A|bravo|Acteur=Bra\u202evo"}, nil},
		{"a name of signs", []string{"A|bravo|Acteur=~???"}, []string{"recorded bravo name Bravo>??? was Bravo"}},
		{"a name that is a number", []string{"A|bravo|Acteur=#42"}, []string{"recorded bravo name Bravo>42 was Bravo"}},
		{"the source's word for a name", []string{"A|bravo|Acteur=source"}, []string{"already bravo name"}},
		{"a name with its composed accents", []string{"A|foxtrot|Acteur=Foxtrot Te\u0301le\u0301com"}, nil},
		{"a position with a no-break space", []string{"A|bravo|Positionnement principal=Hébergement\u00a0et cloud"}, []string{"recorded bravo position esn>hosting_cloud was esn"}},
		{"a position with a formula", []string{"A|bravo|Positionnement principal=@\"ESN\""}, []string{"refused formula bravo position"}},
		{"an activity as 2", []string{"C|juliett|Sauvegarde=#2"}, []string{"refused unreadable juliett/j1 sauvegarde"}},
		{"an activity as 0", []string{"C|juliett|Sites physiques=#0"}, []string{"recorded juliett/j1 sites_physiques yes>no was yes"}},
		{"an activity as FAUX", []string{"C|juliett|Sites physiques=FAUX"}, []string{"recorded juliett/j1 sites_physiques yes>no was yes"}},
		{"an activity with a formula", []string{"C|juliett|Sauvegarde=@TRUE()"}, []string{"refused formula juliett/j1 sauvegarde"}},
		{"a proposal confirmed by a formula", []string{"A|foxtrot|Statut du positionnement=@\"oui\""}, []string{"refused formula " + ids["foxtrot"] + " status"}},
		{"every activity of a row at once", []string{"C|lima|Sites physiques=Oui", "C|lima|Sauvegarde=Oui", "C|lima|Nombre d’activités=#3", "C|lima|Activités de l’acteur=#3"}, []string{"recorded lima/l1 sites_physiques no>yes was no", "recorded lima/l1 sauvegarde no>yes was no"}},
		{"one of two rows of an actor", []string{"A|" + archive + "|Fin d’agrément=01/01/2026"}, []string{"recorded " + archive + " until 2021-01-01>2026-01-01 was 2021-01-01"}},
	} {
		t.Run(s.name, func(t *testing.T) {
			b.t = t
			f := b.open(b.book)
			for _, e := range s.edits {
				f.edit(e)
			}
			e, out, _, err := c.workOut(t.Context(), d, &takeIn{file: f.save(), by: "Ada"})
			if err != nil {
				t.Fatal(err)
			}
			got := accountOf(d, &takeIn{}, e, out).said()
			if diff := cmp.Diff(append([]string{}, s.want...), got); diff != "" {
				t.Error(diff)
			}
			if refused := strings.Contains(strings.Join(s.want, "\n"), "refused"); refused == out.Settled() {
				t.Errorf("settled: %v", out.Settled())
			}
		})
	}
	b.t = t
	if text := b.read("registry/corrections.csv"); text != newsroom["registry/corrections.csv"] {
		t.Errorf("a dry run wrote\n%s", text)
	}
}

// ids are the identifiers of the first row of each actor, approvals before certificates.
func (b *bench) ids() map[string]string {
	b.t.Helper()
	p := b.publication()
	out := map[string]string{}
	for _, t := range p.Tables {
		for _, r := range t.Rows {
			key, _, _ := strings.Cut(strings.SplitN(r.ID, "/", 2)[0], "-")
			if _, twice := out[key]; !twice {
				out[key] = r.ID
			}
		}
	}
	return out
}

// publication is what was published last.
func (b *bench) publication() *published.Publication {
	b.t.Helper()
	p, err := published.Last(filepath.Join(b.dir, "published"), published.Workbook, "2019-06-17")
	if err != nil || p == nil {
		b.t.Fatal(err)
	}
	return p
}

// edited types into the workbook and saves it under another name.
func (b *bench) edited(edits ...string) string {
	b.t.Helper()
	f := b.open(b.book)
	for _, e := range edits {
		f.edit(e)
	}
	return f.save()
}

func wants(t *testing.T, got importJSON, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), got.said()); diff != "" {
		t.Error(diff)
	}
}

// TestImport: what was typed goes into the registry once, the rest is told, and the next
// run shows it.
func TestImport(t *testing.T) {
	b := newBench(t, nil)
	ids := b.ids()
	bravo, charlie := ids["bravo"], ids["charlie"]
	file := b.edited("A|bravo|Fin d’agrément=05/05/2025", "A|bravo|Acteur=Bravo Santé", "A|charlie|Fin d’agrément=bientôt", "A|foxtrot|Statut du positionnement=confirmé")
	first := b.take(3, file)
	wants(t, first, "recorded bravo name Bravo>Bravo Santé was Bravo", "recorded "+bravo+" until 2021-03-03>2025-05-05 was 2021-03-03",
		"recorded foxtrot-telecom position telecom>telecom was ", "refused unreadable "+charlie+" until")
	want := "id,field,was,value,by,date,reason\nbravo,name,Bravo,Bravo Santé,Ada,2026-11-27,classeur " + first.Base.Generation[:8] + "\n" +
		bravo + ",until,2021-03-03,2025-05-05,Ada,2026-11-27,classeur " + first.Base.Generation[:8] + "\n"
	if got := b.read("registry/corrections.csv"); got != want {
		t.Errorf("%s", cmp.Diff(want, got))
	}
	if got := b.read("registry/actors.csv"); !strings.Contains(got, "foxtrot-telecom,Foxtrot Télécom,telecom,,vu ; Ada 2026-11-27") {
		t.Errorf("%s", got)
	}
	actors := b.read("registry/actors.csv")
	// Twice is once.
	wants(t, b.take(3, file), "already bravo name", "already "+bravo+" until", "already foxtrot-telecom position", "refused unreadable "+charlie+" until")
	if b.read("registry/corrections.csv") != want || b.read("registry/actors.csv") != actors {
		t.Error("the second import wrote")
	}
	b.run(0, "run")
	wants(t, b.take(0, b.book))
	// Another editor, who began with the old workbook, and one who says a third thing.
	other := filepath.Join(t.TempDir(), "old.xlsx")
	f := b.open(file)
	f.edit("A|charlie|Fin d’agrément=04/04/2021")
	f.edit("A|bravo|Fin d’agrément=06/06/2026")
	if err := f.SaveAs(other); err != nil {
		t.Fatal(err)
	}
	conflict := "both-changed " + bravo + " until P=2021-03-03 E=2026-06-06 W=2025-05-05"
	wants(t, b.take(3, other), "already bravo name", "already foxtrot-telecom position", conflict)
	wants(t, b.take(0, other, "--keep", "workspace"), "already bravo name", "already foxtrot-telecom position", conflict+" workspace")
	if b.read("registry/corrections.csv") != want {
		t.Error("a conflict was recorded")
	}
	_, said := b.run(3, "corrections", "import", other, "--by", "Ada")
	for _, part := range []string{"old.xlsx[Acteurs agréés]!E", "2021-03-03", "2026-06-06", "(Ada, 2026-11-27)", "--keep editor"} {
		if !strings.Contains(said, part) {
			t.Errorf("no %q in\n%s", part, said)
		}
	}
	wants(t, b.take(0, other, "--keep", "editor"), "recorded "+bravo+" until 2021-03-03>2026-06-06 was 2021-03-03", "already bravo name", "already foxtrot-telecom position")
}

// TestBackAndForth: X, Y, X ends as X; the source's value typed over a correction is the
// source; and what a person has undone does not come back by a file that lies about.
func TestBackAndForth(t *testing.T) {
	b := newBench(t, nil)
	bravo := b.ids()["bravo"]
	for _, day := range []string{"2025-05-05", "2026-06-06", "2025-05-05"} {
		b.take(0, b.edited("A|bravo|Fin d’agrément="+day))
		b.run(0, "run")
		if got := fmt.Sprint(b.publication().Table("approved").Rows); !strings.Contains(got, day) {
			t.Errorf("%s: %s", day, got)
		}
	}
	out, _ := b.run(0, "corrections", "list", "--json")
	states := func(out string) (refs, said []string) {
		var all struct{ Corrections []listedCorrection }
		if err := json.Unmarshal([]byte(out), &all); err != nil {
			t.Fatal(err)
		}
		for _, c := range all.Corrections {
			refs, said = append(refs, c.Ref), append(said, c.Value+" "+string(c.State))
		}
		return refs, said
	}
	refs, said := states(out)
	if diff := cmp.Diff([]string{"2025-05-05 superseded", "2026-06-06 superseded", "2025-05-05 holds"}, said); diff != "" || refs[0] == refs[2] {
		t.Error(diff, refs)
	}
	stale := b.edited("A|bravo|Fin d’agrément=07/07/2027")
	wants(t, b.take(0, b.edited("A|bravo|Fin d’agrément=03/03/2021")), "recorded "+bravo+" until 2025-05-05>source was 2021-03-03")
	b.run(0, "run")
	again := b.edited("A|bravo|Fin d’agrément=05/05/2025")
	overruled := "overruled " + bravo + " until P=2021-03-03 E=2025-05-05 W=2021-03-03"
	wants(t, b.take(3, again), overruled)
	wants(t, b.take(0, again, "--keep", "editor"), "recorded "+bravo+" until 2021-03-03>2025-05-05 was 2021-03-03")
	wants(t, b.take(0, stale), "recorded "+bravo+" until 2025-05-05>2027-07-07 was 2021-03-03")
	out, _ = b.run(0, "corrections", "list", "--json", "--state", "holds")
	refs, _ = states(out)
	b.run(2, "corrections", "undo", "00000000", "--by", "Ada")
	b.run(2, "corrections", "undo", refs[0])
	_, errs := b.run(2, "corrections", "list", "--state", "bidule")
	for _, s := range etl.CorrectionStates {
		if !strings.Contains(errs, string(s)) {
			t.Errorf("%s is not said to be a state: %s", s, errs)
		}
	}
	b.run(0, "corrections", "undo", refs[0], "--by", "Ada")
	if text := b.read("registry/corrections.csv"); !strings.HasSuffix(text, bravo+",until,2021-03-03,source,Ada,2026-11-27,annule "+refs[0]+"\n") {
		t.Error(text)
	}
	b.run(0, "corrections", "undo", refs[0], "--by", "Ada")
	for _, s := range etl.CorrectionStates {
		if !message.Has(message.Key("ruled-state-" + string(s))) {
			t.Errorf("%s has no words", s)
		}
	}
	if help, _ := b.run(0, "corrections", "list", "--help"); !strings.Contains(help, "holds, obsolete, outdated, orphan, superseded, undone") {
		t.Errorf("the states are not in the help:\n%s", help)
	}
	out, _ = b.run(0, "corrections", "list", "--state", "undone")
	if !strings.Contains(out, refs[0]+"  annulée") {
		t.Error(out)
	}
	wants(t, b.take(0, b.edited("A|bravo|Fin d’agrément=source")), "already "+bravo+" until")
}

// TestSourceTyped: the word takes a correction back.
func TestSourceTyped(t *testing.T) {
	b := newBench(t, map[string]string{"registry/corrections.csv": "\ufeffid;field;was;value;by;date;reason\r\nbravo;position;esn;telecom;Zoé;2026-01-01;\r\njuliett/j1;sauvegarde;no;Oui;Zoé;2026-01-01;\r\nlima/l1;body;BSI;LNE;Zoé;2026-01-01;\r\nnobody/1;body;x;y;Zoé;2026-01-01;\r\n"})
	file := b.edited("A|bravo|Positionnement principal=Source", "C|juliett|Sauvegarde=source")
	wants(t, b.take(0, file), "recorded bravo position telecom>source was esn", "recorded juliett/j1 sauvegarde yes>source was no")
	text := b.read("registry/corrections.csv")
	if !strings.HasPrefix(text, "\ufeffid;field;was;value;by;date;reason\r\nbravo;position;esn;telecom;Zoé;2026-01-01;\r\nbravo;position;esn;source;Ada;2026-11-27;classeur ") {
		t.Errorf("the file has lost its form:\n%s", text)
	}
	out, _ := b.run(0, "corrections", "list", "--state", "obsolete")
	if !strings.Contains(out, "lima/l1") || strings.Count(out, "\n") != 1 {
		t.Error(out)
	}
	b.run(0, "corrections", "undo", "--obsolete", "--by", "Ada")
	if out, _ = b.run(0, "corrections", "list", "--state", "obsolete"); out != "" {
		t.Error(out)
	}
	if out, _ = b.run(0, "corrections", "list", "--state", "orphan"); !strings.Contains(out, "nobody/1") {
		t.Error(out)
	}
}

// TestLaterEdition: what an editor typed into an older workbook is compared with what the
// newer edition says, and rows are followed.
func TestLaterEdition(t *testing.T) {
	b := newBench(t, nil)
	ids := b.ids()
	file := b.edited("A|bravo|Fin d’agrément=05/05/2025", "A|charlie|Fin d’agrément=05/05/2025", "A|echo|Fin d’agrément=05/05/2025",
		"A|alpha|Fin d’agrément=06/06/2026", "A|golf|Positionnement principal=Autre", "A|hotel|Acteur=Hotel Deux")
	agrees := strings.NewReplacer("03/03/2018;03/03/2021", "03/03/2018;05/05/2025", "04/04/2018;04/04/2021", "04/04/2018;01/01/2031",
		"Echo;Hébergement;06/06/2018;06/06/2018\n", "", "l'archivage", "l’ARCHIVAGE", "Hotel;", "Hôtel;").Replace(newsroom["editions/2019-06-17/agrees.csv"])
	b.write(map[string]string{"editions/2019-09-30/agrees.csv": agrees, "editions/2019-09-30/certifies.csv": newsroom["editions/2019-06-17/certifies.csv"],
		"editions/2019-09-30/certifies.source.yaml": "activity_numbering: decree\n"})
	got := b.take(3, file)
	archive := ""
	for _, r := range got.Recorded {
		if r.Field == "until" {
			archive = r.ID
		}
	}
	if archive == ids["alpha"] || !strings.HasPrefix(archive, "alpha/") {
		t.Errorf("%q, once %q", archive, ids["alpha"])
	}
	wants(t, got, "recorded "+archive+" until 2021-01-01>2026-06-06 was 2021-01-01", "recorded golf position esn>other was esn", "recorded hotel name Hotel>Hotel Deux was Hotel",
		"already "+ids["bravo"]+" until", "both-changed "+ids["charlie"]+" until P=2021-04-04 E=2025-05-05 W=2031-01-01",
		"row-gone "+ids["echo"]+" until P=2018-06-06 E=2025-05-05 W=")
	if got.Edition != "2019-09-30" || got.Base.Edition != "2019-06-17" || got.Base.From != "file" {
		t.Errorf("%+v", got)
	}
	wants(t, b.take(3, file, "--keep", "editor", "--dry-run"), "recorded "+ids["charlie"]+" until 2021-04-04>2025-05-05 was 2031-01-01",
		"already "+archive+" until", "already "+ids["bravo"]+" until", "already golf position", "already hotel name", "row-gone "+ids["echo"]+" until P=2018-06-06 E=2025-05-05 W=")
	if _, said := b.run(3, "corrections", "import", file, "--by", "Ada"); !strings.Contains(said, "(editions/2019-09-30/agrees.csv:5)") {
		t.Error(said)
	}
}

// TestWholeFiles: what is refused whole, and where the publication is taken from.
func TestWholeFiles(t *testing.T) {
	b := newBench(t, nil)
	first := b.publication().Generation
	whole := func(name, file, why string, args ...string) {
		t.Helper()
		got := b.take(3, file, args...)
		if len(got.Refused) != 1 || got.Refused[0].Why != why || len(got.Recorded) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	sorted := func() string {
		f := b.open(b.book)
		for i, id := range []string{"bravo", "charlie", "echo", "golf", "hotel", "india"} {
			f.edit("A|" + id + "|Fin d’agrément=" + []string{"04/04/2021", "06/06/2018", "08/08/2020", "09/09/2020", "10/10/2020", "03/03/2021"}[i])
		}
		return f.save()
	}
	whole("a column sorted by itself", sorted(), "slipped")
	f := b.open(b.book)
	ids := b.ids()
	names := []string{"bravo", "charlie", "echo", "golf", "hotel", "india"}
	var at []string
	for _, n := range names {
		_, cell := f.cell("A|" + n + "|Identifiant")
		at = append(at, cell)
	}
	for i, cell := range at {
		f.edit("A|" + cell + "=" + ids[names[(i+1)%len(names)]])
	}
	whole("identifiers one row off", f.save(), "slipped")
	nameless := func(generation string) *sheetFile {
		f := b.open(b.book)
		if err := f.SetDocProps(&excelize.DocProperties{Identifier: generation}); err != nil {
			t.Fatal(err)
		}
		return f
	}
	whole("a generation that nobody knows", nameless(strings.Repeat("ab", 16)).save(), "unknown-generation")
	got := b.take(0, nameless(strings.Repeat("ab", 16)).save(), "--base", first[:8])
	if got.Base.From != "given" || got.Base.Generation != first {
		t.Errorf("%+v", got.Base)
	}
	if got = b.take(0, nameless("Mon classeur").save()); got.Base.From != "cell" || got.Base.Generation != first {
		t.Errorf("%+v", got.Base)
	}
	whole("a base that nobody knows", b.book, "unknown-generation", "--base", strings.Repeat("cd", 16))
	f = b.open(b.book)
	for _, sheet := range []string{"A", "C"} {
		row, col := f.header(sheetOfTable[sheet], "Identifiant")
		rows, _ := f.GetRows(sheetOfTable[sheet])
		for i := row; i < len(rows); i++ {
			cell, _ := excelize.CoordinatesToCellName(col, i+1)
			if err := f.SetCellStr(sheetOfTable[sheet], cell, fmt.Sprintf("%s/other%d", sheet, i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	whole("another workspace", f.save(), "another-workspace")
	f = b.open(b.book)
	for _, sheet := range []string{"A", "C"} {
		_, col := f.header(sheetOfTable[sheet], "Identifiant")
		name, _ := excelize.ColumnNumberToName(col)
		if err := f.RemoveCol(sheetOfTable[sheet], name); err != nil {
			t.Fatal(err)
		}
	}
	whole("no identifiers", f.save(), "no-identifiers")

	// Copies of values into a new workbook: the nearest publication, and an old value is unsure.
	b.take(0, b.edited("A|bravo|Fin d’agrément=05/05/2025", "A|charlie|Fin d’agrément=05/05/2025"))
	b.run(0, "run")
	bravo := ids["bravo"]
	copied := func(edits ...string) string {
		f := b.open(b.book)
		for _, e := range edits {
			f.edit(e)
		}
		to := excelize.NewFile()
		for _, sheet := range []string{"Acteurs agréés", "Acteurs certifiés"} {
			if _, err := to.NewSheet(sheet); err != nil {
				t.Fatal(err)
			}
			rows, _ := f.GetRows(sheet)
			for i, cells := range rows {
				for k, text := range cells {
					cell, _ := excelize.CoordinatesToCellName(k+1, i+1)
					if err := to.SetCellStr(sheet, cell, text); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		return (&sheetFile{t: t, File: to}).save()
	}
	got = b.take(0, copied("A|golf|Acteur=Golf Un"))
	wants(t, got, "recorded golf name Golf>Golf Un was Golf")
	if got.Base.From != "nearest" || got.Base.Generation == first {
		t.Errorf("%+v", got.Base)
	}
	wants(t, b.take(3, copied("A|bravo|Fin d’agrément=03/03/2021")), "base-unsure "+bravo+" until P=2025-05-05 E=2021-03-03 W=2025-05-05")
}

// TestImportUsage: what is wrong usage, and what has failed.
func TestImportUsage(t *testing.T) {
	b := newBench(t, map[string]string{"no.xlsx": "x", "list.csv": "a;b\n1;2\n"})
	for _, c := range []struct {
		want int
		args []string
	}{
		{2, []string{"import", b.book}},
		{2, []string{"import", b.book, "--by", " "}},
		{2, []string{"import", b.book, "--by", "=Ada"}},
		{2, []string{"import", "--by", "Ada"}},
		{2, []string{"import", b.book, "--sheet", "--by", "Ada"}},
		{2, []string{"import", b.book, "--by", "Ada", "--keep", "both"}},
		{1, []string{"import", filepath.Join(b.dir, "absent.xlsx"), "--by", "Ada"}},
		{2, []string{"import", b.dir, "--by", "Ada"}},
		{1, []string{"import", filepath.Join(b.dir, "no.xlsx"), "--by", "Ada"}},
		{1, []string{"import", filepath.Join(b.dir, "list.csv"), "--by", "Ada"}},
		{0, []string{"import", b.book, "--by", "Ada"}},
		{2, []string{"undo", "--by", "Ada"}},
	} {
		b.run(c.want, append([]string{"corrections"}, c.args...)...)
	}
	// A table with a fault is not written.
	b.write(map[string]string{"registry/corrections.csv": "id,field,was,value\n"})
	b.run(1, "corrections", "import", b.edited("A|bravo|Fin d’agrément=05/05/2025"), "--by", "Ada")
	if b.read("registry/corrections.csv") != "id,field,was,value\n" {
		t.Error(b.read("registry/corrections.csv"))
	}
}

// TestColumnsAndSheets: columns in another order, renamed, missing, twice; sheets renamed.
func TestColumnsAndSheets(t *testing.T) {
	b := newBench(t, nil)
	ids := b.ids()
	edit := []string{"A|bravo|Fin d’agrément=05/05/2025"}
	recorded := "recorded " + ids["bravo"] + " until 2021-03-03>2025-05-05 was 2021-03-03"
	for name, c := range map[string]struct {
		change func(f *sheetFile)
		want   []string
	}{
		"a sheet renamed": {func(f *sheetFile) { f.SetSheetName("Acteurs agréés", "Ma feuille") }, []string{recorded}},
		"a sheet deleted": {func(f *sheetFile) { f.DeleteSheet("Acteurs certifiés") }, []string{"note sheet-missing", recorded}},
		"a column of one's own": {func(f *sheetFile) {
			f.SetCellStr("Acteurs agréés", "Z8", "Remarque")
			f.SetCellStr("Acteurs agréés", "Z9", "vu")
		}, nil},
		"a heading rewritten": {func(f *sheetFile) {
			row, col := f.header("Acteurs agréés", "Prestation agréée")
			cell, _ := excelize.CoordinatesToCellName(col, row)
			f.SetCellStr("Acteurs agréés", cell, "Service")
		}, []string{"note column-renamed service", recorded}},
		"a column removed": {func(f *sheetFile) {
			_, col := f.header("Acteurs agréés", "Prestation agréée")
			letters, _ := excelize.ColumnNumberToName(col)
			f.RemoveCol("Acteurs agréés", letters)
		}, []string{"note column-missing service", recorded}},
		"a heading twice": {func(f *sheetFile) {
			row, col := f.header("Acteurs agréés", "Aussi certifié")
			cell, _ := excelize.CoordinatesToCellName(col, row)
			f.SetCellStr("Acteurs agréés", cell, "Acteur")
		}, []string{"refused heading  name"}},
		"the heading of the ids rewritten": {func(f *sheetFile) {
			row, col := f.header("Acteurs agréés", "Identifiant")
			cell, _ := excelize.CoordinatesToCellName(col, row)
			f.SetCellStr("Acteurs agréés", cell, "ID")
		}, []string{"note column-renamed id", recorded}},
		"a line above everything": {func(f *sheetFile) { f.InsertRows("Acteurs agréés", 1, 1) }, []string{recorded}},
		"a line in the summary":   {func(f *sheetFile) { f.InsertRows("Synthèse", 3, 2) }, []string{recorded}},
		"a figure typed over": {func(f *sheetFile) {
			rows, _ := f.GetRows("Synthèse")
			for i, cells := range rows {
				if at := slices.Index(cells, "10"); at > 0 {
					cell, _ := excelize.CoordinatesToCellName(at+1, i+1)
					f.SetCellFormula("Synthèse", cell, "")
					f.SetCellFloat("Synthèse", cell, 99, -1, 64)
					return
				}
			}
			f.t.Fatal("no figure")
		}, []string{"refused summary", recorded}},
	} {
		t.Run(name, func(t *testing.T) {
			b.t = t
			f := b.open(b.book)
			for _, e := range edit {
				f.edit(e)
			}
			c.change(f)
			path := f.save()
			out, _, code := b.try("corrections", "import", path, "--by", "Ada", "--json", "--dry-run")
			var got importJSON
			if err := json.Unmarshal([]byte(out), &got); err != nil {
				t.Fatal(err)
			}
			said := got.said()
			for _, want := range c.want {
				if !slices.Contains(said, want) {
					t.Errorf("no %q in %q (%d)", want, said, code)
				}
			}
			if refused := strings.Contains(strings.Join(c.want, "\n"), "refused"); refused != (code == 3) {
				t.Errorf("exit %d: %q", code, said)
			}
		})
	}
}

// try runs a command and gives its exit code.
func (b *bench) try(args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	c := &Command{Stdout: &out, Stderr: &errs, Now: func() time.Time { return time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC) }}
	code = c.Main(append(args, "--config", filepath.Join(b.dir, "hdsreport.yaml")))
	return out.String(), errs.String(), code
}

// TestSavedByLibreOffice: a workbook that LibreOffice has saved, as .xlsx and as .ods, is the
// one that was published, and says what was typed into it.
func TestSavedByLibreOffice(t *testing.T) {
	t.Parallel() // it waits for other programs
	xlsxtest.Tool(t, "soffice", "libreoffice")
	b := newBench(t, nil)
	bravo := b.ids()["bravo"]
	edited := b.edited("A|bravo|Fin d’agrément=#45782", "C|juliett|Sauvegarde=Oui", "A|charlie|Acteur=@\"X\"")
	for _, format := range []string{"xlsx", "ods"} {
		for i, path := range xlsxtest.Recalculate(t, format, b.book, edited) {
			got, exit := []string{}, 0
			if i == 1 {
				exit = 3
				got = []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03", "recorded juliett/j1 sauvegarde no>yes was no", "refused formula charlie name"}
			}
			a := b.take(exit, path, "--dry-run")
			wants(t, a, got...)
			if a.Base.From != "file" {
				t.Errorf("%s: %+v", format, a.Base)
			}
		}
	}
}

// TestSharedSheet: what was typed into the shared sheet is taken from the sheet itself or from
// the file of the refused publication; the next publication goes through, and what was not
// taken stops it.
func TestSharedSheet(t *testing.T) {
	server := sheetstest.New(sheetstest.Options{ID: "shared"})
	api := httptest.NewServer(server)
	t.Cleanup(api.Close)
	t.Cleanup(server.Close)
	b := newBench(t, map[string]string{"hdsreport.yaml": "report:\n  language: fr\npublish:\n  spreadsheet: shared\n  endpoint: " + api.URL + "\n"})
	bravo := b.ids()["bravo"]
	b.run(0, "publish")
	typeInSheet(t, server, "Bravo", []string{"Fin d’agrément"}, "05/05/2025")
	typeInSheet(t, server, "Foxtrot Télécom", []string{"Statut du positionnement"}, "oui")
	typeInSheet(t, server, "Juliett", []string{"Sauvegarde"}, "vrai")
	typeInSheet(t, server, "Golf", []string{"Fin d’agrément"}, "vide")
	_, said := b.run(3, "publish")
	saved, _ := filepath.Glob(filepath.Join(b.dir, "published", "edits-*.csv"))
	if len(saved) != 1 || !strings.Contains(said, "corrections import") {
		t.Fatalf("%v\n%s", saved, said)
	}
	want := []string{"recorded " + bravo + " until 2021-03-03>2025-05-05 was 2021-03-03", "recorded foxtrot-telecom position telecom>telecom was ",
		"recorded " + b.ids()["golf"] + " until 2020-08-08> was 2020-08-08", "recorded juliett/j1 sauvegarde no>yes was no"}
	if got := b.take(0, saved[0], "--dry-run"); cmp.Diff(want, got.said()) != "" || len(got.Base.Generation) != 32 {
		t.Errorf("%+v %s", got.Base, cmp.Diff(want, got.said()))
	}
	server.Forget()
	out, _ := b.run(0, "corrections", "import", "--sheet", "--by", "Ada", "--json")
	var got importJSON
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	wants(t, got, want...)
	if n := len(server.Requests()); n != 1 || got.Base.From != "sheet" {
		t.Errorf("%d requests, %+v", n, got.Base)
	}
	b.run(0, "publish")
	typeInSheet(t, server, "Charlie", []string{"Fin d’agrément"}, "bientôt")
	b.run(3, "corrections", "import", "--sheet", "--by", "Ada")
	b.run(3, "publish")
}
