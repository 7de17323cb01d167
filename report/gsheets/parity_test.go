package gsheets

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hdsreport/etl"
	"hdsreport/report"
	"hdsreport/report/gsheets/sheetstest"
	"hdsreport/report/reporttest"
	"hdsreport/report/xlsx/xlsxtest"
)

// commas writes a formula for a file, which has commas between arguments.
func commas(s string) string {
	var b strings.Builder
	quoted := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted == 0 && (c == '"' || c == '\''):
			quoted = c
			b.WriteByte(c)
		case c == quoted:
			quoted = 0
			b.WriteByte(c)
		case c == ';' && quoted == 0:
			b.WriteByte(',')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// layoutsFor place a book's sheets, with so many columns of somebody's own between ours.
func layoutsFor(b *report.Book, between int) map[string]*layout {
	out := map[string]*layout{}
	for i, s := range b.Sheets {
		l := &layout{sheet: s, id: int64(i + 1), title: s.Name, header: -1}
		if s.Table != nil {
			l.header = s.Table.Row
		}
		for c := range columnIDs(s) {
			l.columns = append(l.columns, c+c/4*between)
		}
		out[s.ID] = l
	}
	return out
}

// unhappy is a book of names that a formula could trip over, with one figure of each
// comparison, and one of each computed column.
func unhappy(seed uint64, rows int) *report.Book {
	r := rand.New(rand.NewPCG(seed, 4))
	b := &report.Book{Title: "Essai", Language: "fr-FR"}
	for _, id := range []string{report.ApprovedTable, report.CertifiedTable} {
		t := unhappyTable(b, id, unhappyValues(r, id, rows), rows)
		b.Sheets = append(b.Sheets, &report.Sheet{ID: id, Name: "L'onglet, des " + id, Table: t})
	}
	s := &report.Sheet{ID: report.SummarySheet, Name: "Synthèse"}
	for i, e := range unhappyFigures() {
		cells := []report.Cell{{Value: reporttest.Eval(b, e), Expr: e}}
		if of, counts := e.(report.CountActors); counts { // the same actors by name, among them nobody
			cells = append(
				cells,
				report.Cell{
					Col:   1,
					Value: report.TextOf("à la date"),
					Names: &report.Names{
						Before:    `Ils « sont » "ici"` + "\u00a0: ",
						Of:        of,
						Separator: "; ",
						None:      "aucun",
						After:     ".",
					},
				},
			)
		}
		s.Lines = append(s.Lines, report.Line{Row: i, Cells: cells})
	}
	b.Sheets = append(b.Sheets, s)
	return b
}

// unhappyNames are names that a formula could trip over.
var unhappyNames = []string{
	`Société "Guillemets"`,
	`A*`,
	`A?C`,
	`ABC`,
	`~tilde~`,
	`=SOMME(1;2)`,
	`>100`,
	`<>x`,
	`+33 1`,
	`Virgule, point; deux: points`,
	`l'apostrophe`,
	`Épi concept`,
	`épi CONCEPT`,
	`100`,
	`TRUE`,
	`17/06/2019`,
	`_x0041_`,
	`a & b < c`,
	"emoji 🏥 et ligne\nsuivante",
	`#N/A`,
	`{1;2}`,
}

// unhappyStandings are standings of rows, some of which do not count.
var unhappyStandings = []string{"", "Valide", "Suspendu", "Retiré; à l'« essai »", "suspendu", "Suspendu le 3 mars", `"Expiré"`}

// unhappyValues are the columns of a table that are not computed.
func unhappyValues(r *rand.Rand, id string, rows int) map[string][]report.Value {
	columns := map[string][]report.Value{}
	for k := range rows {
		n := r.IntN(rows)
		name := fmt.Sprintf("Acteur %d, ligne %d", n, k%3) // an editor has written another name in one of its rows
		if n < len(unhappyNames) {
			name = unhappyNames[n]
		}
		columns["name"] = append(columns["name"], report.TextOf(name))
		columns["id"] = append(columns["id"], report.TextOf(fmt.Sprintf("%s-%d", id, k)))
		actor := report.NumberOf(float64(n + 1))
		if r.IntN(15) == 0 {
			actor = report.Value{}
		}
		columns["actor"] = append(columns["actor"], actor)
		end := []report.Value{{}, report.TextOf("2019-02"), {Kind: report.Day, Num: float64(43500 + r.IntN(200))},
			{Kind: report.Day, Num: float64(43600 + r.IntN(200))}}[r.IntN(4)]
		columns["end"] = append(columns["end"], end)
		columns["standing"] = append(columns["standing"], report.TextOf(unhappyStandings[k%len(unhappyStandings)]))
		for _, a := range []string{"a0", "a1", "a2"} {
			columns[a] = append(columns[a],
				report.TextOf([]string{"Oui", "Non", "oui", "n.c."}[r.IntN(3+r.IntN(10)/9)]))
		}
	}
	return columns
}

// unhappyTable has those columns, and one of each computed kind.
func unhappyTable(b *report.Book, id string, columns map[string][]report.Value, rows int) *report.Table {
	var spans = []report.Span{{From: etl.Date{Year: 2019, Month: 4, Day: 1},
		To: etl.Date{Year: 2019, Month: 6, Day: 30}, Months: 6}}
	other := map[string]string{report.ApprovedTable: report.CertifiedTable,
		report.CertifiedTable: report.ApprovedTable}[id]
	t := &report.Table{ID: id, Name: id, Row: 1, Len: rows}
	for _, c := range []report.Column{{ID: "name", Kind: report.Text}, {ID: "a0", Kind: report.Text},
		{ID: "a1", Kind: report.Text}, {ID: "a2", Kind: report.Text}, {ID: "end", Kind: report.Day},
		{ID: "id", Kind: report.Text}, {ID: "actor", Kind: report.Number},
		{ID: "count", Kind: report.Number, Computed: report.CountEqual{Columns: []string{"a0", "a1", "a2"}, Value: "Oui", Unknown: "n.c."}},
		{ID: "some", Kind: report.Number, Computed: report.CountEqual{Columns: []string{"a0", "a2"}, Value: "Non"}},
		{ID: "also", Kind: report.Text, Computed: report.AlsoIn{Key: "actor", Other: other, Yes: "Oui", No: "Non"}},
		{ID: "later", Kind: report.Day, Computed: report.Extended{Column: "end", Spans: spans}},
		{ID: "standing", Kind: report.Text},
		{ID: "counts", Kind: report.Text, Computed: report.NoneOf{Column: "standing", Words: []string{"Suspendu", "Retiré; à l'« essai »", `"Expiré"`},
			Yes: "Oui", No: "Non"}},
		{ID: "counted", Kind: report.Text, Computed: report.AlsoIn{Key: "actor", Other: other, Yes: "Oui", No: "Non", Counted: "counts"}},
		{ID: "coveredcounted", Kind: report.Number, Computed: report.Covered{Key: "actor", Columns: []string{"a0", "a1", "a2"}, Yes: "Oui", Unknown: "n.c.", Counted: "counts"}},
		{ID: "covered", Kind: report.Number, Computed: report.Covered{Key: "actor", Columns: []string{"a0", "a1", "a2"}, Yes: "Oui", Unknown: "n.c."}}} {
		c.Header = "Colonne " + c.ID
		c.At = func(k int) report.Value {
			if c.Computed != nil {
				return reporttest.EvalRow(b, t, c.Computed, k)
			}
			return columns[c.ID][k]
		}
		if strings.HasPrefix(c.ID, "covered") { // of a row that is nobody's, the formula and the program need not agree
			c.Computed = map[bool]report.RowExpr{true: c.Computed, false: nil}[id == report.CertifiedTable &&
				!slices.Contains(columns["actor"], report.Value{})]
		}
		if c.Computed == nil && columns[c.ID] == nil {
			continue
		}
		t.Columns = append(t.Columns, c)
	}
	return t
}

// unhappyFigures are figures of each comparison.
func unhappyFigures() []report.Expr {
	day := report.Value{Kind: report.Day, Num: 43640}
	cond := func(column string, op report.Op, v report.Value, or ...report.Value) report.Cond {
		return report.Cond{Column: column, Op: op, Value: v, Or: or}
	}
	var figures []report.Expr
	for _, table := range []string{report.ApprovedTable, report.CertifiedTable} {
		for _, where := range [][]report.Cond{nil, {cond("end", report.AtMost, day)},
			{cond("end", report.AtLeast, day)}, {cond("end", report.Equal, report.Value{})}, {cond("end", report.NotEqual, report.Value{})},
			{cond("a0", report.Equal, report.TextOf("Oui"))}, {cond("a0", report.NotEqual, report.TextOf("Oui"), report.TextOf("n.c."))}, {cond("actor", report.Equal, report.NumberOf(2), report.NumberOf(3))},
			{cond("actor", report.NotEqual, report.NumberOf(2))}, {cond("count", report.AtLeast, report.NumberOf(1)), cond("also", report.Equal, report.TextOf("Oui"))}, {cond("end", report.Equal, day)}, {cond("counts", report.Equal, report.TextOf("Oui"))}, {cond("counts", report.Equal, report.TextOf("Oui")), cond("end", report.AtLeast, day)}, {cond("name", report.Equal, report.TextOf("nobody"))}} {
			figures = append(figures, report.CountActors{Table: table, Where: where},
				report.CountRows{Table: table, Where: where})
		}
		for _, n := range unhappyNames {
			figures = append(figures,
				report.CountRows{Table: table, Where: []report.Cond{cond("name", report.Equal, report.TextOf(n))}})
		}
	}
	figures = append(
		figures,
		report.Ratio{A: figures[0], B: figures[1]},
		report.Ratio{
			A: figures[0],
			B: report.CountRows{
				Table: report.ApprovedTable,
				Where: []report.Cond{cond("name", report.Equal, report.TextOf("nobody"))},
			},
		},
		report.Difference{
			A: report.Ratio{A: figures[0], B: report.CountRows{Table: report.ApprovedTable,
				Where: []report.Cond{cond("name", report.Equal, report.TextOf("nobody"))}}},
			B: report.Const(4.5),
		},
		report.Difference{
			A: figures[0],
			B: report.Const(4.526315789473684),
		},
		report.Sum{figures[1], report.Const(-0.5), report.Sum{}},
	)
	return figures
}

// arrays writes a formula into a file, which marks one of arrays by its kind where
// Google has a function, and a function younger than the format by a prefix.
func arrays(f *excelize.File, sheet, cell, text string) error {
	text = commas(strings.TrimPrefix(text, "="))
	within, marked := strings.CutPrefix(text, "ARRAYFORMULA(")
	if !marked {
		return f.SetCellFormula(sheet, cell, text)
	}
	kind := excelize.STCellFormulaTypeArray
	text = strings.Replace(strings.TrimSuffix(within, ")"), "TEXTJOIN(", "_xlfn.TEXTJOIN(", 1)
	return f.SetCellFormula(sheet, cell, text, excelize.FormulaOpts{Type: &kind, Ref: &cell})
}

// TestFormulaParity: LibreOffice, which reads the same functions, computes of the
// formulas for Google Sheets what the program computes.
func TestFormulaParity(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	var all [][]expected
	books := []*report.Book{sample("2019-02"), sample("2019-03"), sample("2019-06-17"),
		unhappy(1, 40), unhappy(2, 90), unhappy(3, 1)}
	for n, b := range books {
		for _, between := range []int{0, 2} {
			path := filepath.Join(dir, fmt.Sprintf("book%d-%d.xlsx", n, between))
			paths, all = append(paths, path), append(all, drawnInto(t, path, b, layoutsFor(b, between)))
		}
	}
	compared := 0
	for n, path := range xlsxtest.Recalculate(t, "xlsx", paths...) {
		f, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all[n] {
			e.compare(t, f)
			compared++
		}
		f.Close()
	}
	if compared < 3000 {
		t.Errorf("only %d formulas were compared", compared)
	}
	t.Logf("%d formulas", compared)
}

// expected is what a formula has to show.
type expected struct {
	sheet, cell string
	value       report.Value
}

// drawnInto writes a book into a file as the spreadsheet would hold it.
func drawnInto(t *testing.T, path string, b *report.Book, layouts map[string]*layout) (want []expected) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := draw(b, layouts)
	must(err)
	f := excelize.NewFile()
	put := func(sheet string, row, col int, s spot) {
		cell, _ := excelize.CoordinatesToCellName(col+1, row+1)
		switch s.content.kind {
		case aFormula:
			must(arrays(f, sheet, cell, s.content.text))
			want = append(want, expected{sheet, cell, s.value})
		case aText:
			must(f.SetCellStr(sheet, cell, s.content.text))
		case aNumber:
			must(f.SetCellFloat(sheet, cell, s.content.num, -1, 64))
		}
	}
	for _, s := range b.Sheets {
		_, err := f.NewSheet(s.Name)
		must(err)
		l := layouts[s.ID]
		lines, err := d.lines(l)
		must(err)
		for row, spots := range lines {
			for i, spot := range spots {
				put(s.Name, row, l.columns[i], spot)
			}
		}
		for k := 0; s.Table != nil && k < s.Table.Len; k++ {
			for i := range l.columns {
				spot, err := d.body(l, k, i, l.header+1+k)
				must(err)
				put(s.Name, l.header+1+k, l.columns[i], spot)
			}
		}
	}
	must(f.SaveAs(path))
	must(f.Close())
	return want
}

// compare compares it with what a file shows.
func (e expected) compare(t *testing.T, f *excelize.File) {
	t.Helper()
	got, err := f.GetCellValue(e.sheet, e.cell, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	got = strings.ReplaceAll(got, "_x005F_", "_") // as the file escapes a text that a formula gives
	same, want := got == e.value.Text, strconv.Quote(e.value.Text)
	if e.value.Kind == report.Number || e.value.Kind == report.Day {
		v, err := strconv.ParseFloat(got, 64)
		same, want = err == nil && math.Abs(v-e.value.Num) <= 1e-9, fmt.Sprint(e.value.Num)
	}
	if !same {
		formula, _ := f.GetCellFormula(e.sheet, e.cell)
		t.Errorf("%s %s!%s: %q, want %s: %s", filepath.Base(f.Path), e.sheet, e.cell, got, want, formula)
	}
}

// TestSentencesAreReadBack: a sentence that names others than the program does is no
// success, and what it has to show is the live one.
func TestSentencesAreReadBack(t *testing.T) {
	b := small(1, 2)
	figure := &b.Sheets[2].Lines[1].Cells[1]
	n := &report.Names{
		Before:    "Agréés : ",
		Of:        figure.Expr.(report.CountActors),
		Separator: ", ",
		None:      "aucun",
		After:     ".",
	}
	dated := "Agréés : au 17 juin 2019, Alpha, Bêta."
	b.Sheets[2].Lines = append(b.Sheets[2].Lines,
		report.Line{Row: 2, Cells: []report.Cell{{Value: report.TextOf(dated), Names: n}}})
	b.Identifier = b.Generation()
	name := b.Sheets[0].Table.Columns[0].At
	live := "Agréés : " + name(0).Text + ", " + name(1).Text + "."
	for shown, want := range map[string]string{live: "", dated: "'Synthèse'!A3 shows",
		"Agréés : aucun.": "'Synthèse'!A3 shows"} {
		d := newDesk(t, sheetstest.Options{Evaluate: func(_, _, formula string) any {
			if strings.HasPrefix(formula, "=ARRAYFORMULA(") {
				return shown
			}
			return float64(2)
		}})
		_, err := d.publish(b, "a")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", shown, err, want)
		}
	}
}
