package xlsx

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/report"
)

// A small test book: both tables, every style, charts, and figures whose values are
// computed here by brute force, not by the code under test.

var unhappyNames = []string{
	`Société "Guillemets"`, `A*`, `A?C`, `ABC`, `~tilde~`, `=SOMME(1;2)`, `>100`, `<>x`, `+33 1`, `-5`, `@cible`,
	`Virgule, point; deux: points`, `l'apostrophe`, `L’APOSTROPHE`, `Épi concept`, `épi CONCEPT`, `100`, `TRUE`, `17/06/2019`,
	`_x0041_`, `a & b < c > d`, "emoji 🏥 et ligne\nsuivante", `#N/A`, `{1;2}`, `'citation`, `100 %`,
}

var positions = []string{
	"Hébergeur et cloud", "ESN", "Éditeur de logiciels de santé", "Établissement de santé", `Autre, "divers"`,
	"À classer", "=ESN", "E*", "e?n", "_x0041_", strings.Repeat("Groupement de coopération sanitaire ", 8) + "🏥",
}

var activities = []string{"Sites physiques", "Infrastructure matérielle", "Plateforme [logicielle]", "Infra. virtuelle", "Admin. & exploitation", "Sauvegarde externalisée"}

type fixtureRow struct {
	name, position string
	actor          int
	date           report.Value
	acts           [6]string
}

// fixture builds a book. A planted value makes one cached value wrong.
type fixture struct {
	rows    map[string][]fixtureRow         // by table ID
	on      map[string]map[int]bool         // by table ID: the numbers of its actors
	union   map[int]map[int]map[string]bool // by actor and activity: what its certificates say
	planted bool
	lang    string
}

func newFixture(seed uint64, actors, rows int) *fixture {
	r := rand.New(rand.NewPCG(seed, 1))
	f := &fixture{rows: map[string][]fixtureRow{}, on: map[string]map[int]bool{"approved": {}, "certified": {}}, union: map[int]map[int]map[string]bool{}, lang: "fr-FR"}
	for _, table := range []string{"approved", "certified"} {
		for range rows {
			n := r.IntN(actors)
			row := fixtureRow{actor: n + 1}
			row.name = unhappyNames[n%len(unhappyNames)]
			if n >= len(unhappyNames) {
				row.name = fmt.Sprintf("Acteur %d", n)
			}
			row.position = positions[r.IntN(len(positions))]
			switch r.IntN(5) {
			case 0:
			case 1:
				row.date = report.TextOf("2019-02")
			default:
				row.date = report.NumberOf(float64(43500 + r.IntN(600)))
				row.date.Kind = report.Day
			}
			for i := range row.acts {
				row.acts[i] = []string{"Oui", "Non", "Oui", "Non", "n.c."}[r.IntN(4+r.IntN(20)/19)]
			}
			if rows > 5 && r.IntN(15) == 0 {
				row.actor = 0 // a row that an editor added, without a number: no actor yet
			}
			if row.actor > 0 {
				f.on[table][row.actor] = true
			}
			if table == "certified" && row.actor > 0 {
				if f.union[row.actor] == nil {
					f.union[row.actor] = map[int]map[string]bool{}
				}
				for i, a := range row.acts {
					if f.union[row.actor][i] == nil {
						f.union[row.actor][i] = map[string]bool{}
					}
					f.union[row.actor][i][a] = true
				}
			}
			f.rows[table] = append(f.rows[table], row)
		}
	}
	return f
}

func (f *fixture) value(table, column string, n int) report.Value {
	row := f.rows[table][n]
	switch column {
	case "name":
		return report.TextOf(row.name)
	case "position":
		return report.TextOf(row.position)
	case "end":
		return row.date
	case "actor":
		if row.actor == 0 {
			return report.Value{}
		}
		return report.NumberOf(float64(row.actor))
	case "later":
		v := row.date
		if v.Kind == report.Day && v.Num >= 43556 && v.Num <= 43646 { // 1 April to 30 June 2019
			return report.DayOf(etl.DateOfSerial(int(v.Num)).AddMonths(6))
		}
		return v
	case "covered":
		n, unknown := 0, false
		for i := range activities {
			said := f.union[row.actor][i]
			if said["Oui"] {
				n++
			} else if said["n.c."] {
				unknown = true
			}
		}
		if unknown {
			return report.TextOf("n.c.")
		}
		return report.NumberOf(float64(n))
	case "count":
		count := 0
		for _, a := range row.acts {
			if a == "n.c." {
				return report.TextOf("n.c.")
			}
			if a == "Oui" {
				count++
			}
		}
		return report.NumberOf(float64(count))
	case "also":
		other := map[string]string{"approved": "certified", "certified": "approved"}[table]
		if f.on[other][row.actor] {
			return report.TextOf("Oui")
		}
		return report.TextOf("Non")
	}
	for i := range activities {
		if column == fmt.Sprint("act", i) {
			return report.TextOf(row.acts[i])
		}
	}
	panic(column)
}

// eval counts by looping.
func (f *fixture) eval(e report.Expr) report.Value {
	switch e := e.(type) {
	case report.Const:
		return report.NumberOf(float64(e))
	case report.Sum:
		total := 0.0
		for _, x := range e {
			total += f.eval(x).Num
		}
		return report.NumberOf(total)
	case report.Difference:
		if f.eval(e.A).Kind == report.Blank {
			return report.Value{}
		}
		return report.NumberOf(f.eval(e.A).Num - f.eval(e.B).Num)
	case report.Ratio:
		if f.eval(e.B).Num == 0 {
			return report.Value{}
		}
		return report.NumberOf(f.eval(e.A).Num / f.eval(e.B).Num)
	case report.CountRows:
		n := 0
		for i := range f.rows[e.Table] {
			if f.meets(e.Table, i, e.Where) {
				n++
			}
		}
		return report.NumberOf(float64(n))
	case report.CountActors:
		seen := map[int]bool{}
		for i, row := range f.rows[e.Table] {
			if row.actor > 0 && f.meets(e.Table, i, e.Where) {
				seen[row.actor] = true
			}
		}
		return report.NumberOf(float64(len(seen)))
	}
	panic("unknown expression")
}

func (f *fixture) meets(table string, n int, where []report.Cond) bool {
	for _, c := range where {
		v := f.value(table, c.Column, n)
		numeric := v.Kind == report.Number || v.Kind == report.Day
		var ok bool
		switch {
		case c.Op == report.AtMost:
			ok = numeric && v.Num <= c.Value.Num
		case c.Op == report.AtLeast:
			ok = numeric && v.Num >= c.Value.Num
		default:
			for _, want := range append([]report.Value{c.Value}, c.Or...) {
				if want.Kind == report.Number || want.Kind == report.Day {
					ok = ok || numeric && v.Num == want.Num
				} else {
					ok = ok || !numeric && strings.EqualFold(v.Text, want.Text)
				}
			}
			ok = ok == (c.Op == report.Equal)
		}
		if !ok {
			return false
		}
	}
	return true
}

func (f *fixture) table(id, name string, row int) *report.Table {
	column := func(c report.Column) report.Column {
		c.At = func(n int) report.Value { return f.value(id, c.ID, n) }
		return c
	}
	t := &report.Table{ID: id, Name: name, Row: row, Len: len(f.rows[id])}
	t.Columns = append(t.Columns,
		column(report.Column{ID: "name", Header: "Acteur", Kind: report.Text, Width: 30, Wrap: true,
			Note: "Le nom sous lequel la rédaction connaît l’organisme.",
			Link: func(n int) string {
				if n%3 == 0 {
					return "https://esante.gouv.fr/?a=1&b=" + fmt.Sprint(n%2)
				}
				return ""
			}}),
		column(report.Column{ID: "position", Header: "Positionnement principal", Kind: report.Text, Width: 24, Choices: positions[:5], Wrap: true,
			Proposed: func(n int) bool { return n%4 == 1 }}),
	)
	var ids []string
	if id == "certified" {
		for i, a := range activities {
			t.Columns = append(t.Columns, column(report.Column{ID: fmt.Sprint("act", i), Header: a, Kind: report.Text, Width: 12, Choices: []string{"Oui", "Non", "n.c."}}))
			ids = append(ids, fmt.Sprint("act", i))
		}
		t.Columns = append(t.Columns, column(report.Column{ID: "count", Header: "Nombre d'activités [#]", Kind: report.Number, Width: 11,
			Computed: report.CountEqual{Columns: ids, Value: "oui", Unknown: "n.c."}}))
	}
	other := map[string]string{"approved": "certified", "certified": "approved"}[id]
	extra := column(report.Column{ID: "later", Header: "Échéance: effective", Kind: report.Day, Width: 12, Technical: true,
		Computed: report.Extended{Column: "end", Spans: []report.Span{{From: etl.Date{Year: 2019, Month: 4, Day: 1}, To: etl.Date{Year: 2019, Month: 6, Day: 30}, Months: 6}}}})
	if id == "certified" {
		extra = column(report.Column{ID: "covered", Header: "Activités de l’acteur", Kind: report.Number, Width: 12, Technical: true,
			Computed: report.Covered{Key: "actor", Columns: ids, Yes: "Oui", Unknown: "n.c."}})
	}
	t.Columns = append(t.Columns,
		column(report.Column{ID: "end", Header: "Date de fin", Kind: report.Day, Width: 12}),
		column(report.Column{ID: "also", Header: "Aussi sur l’autre liste", Kind: report.Text, Width: 11,
			Computed: report.AlsoIn{Key: "actor", Other: other, Yes: "Oui", No: "Non"}}),
		column(report.Column{ID: "actor", Header: "N° d’acteur", Kind: report.Number, Width: 9, Technical: true}),
		extra,
	)
	return t
}

func (f *fixture) book() *report.Book {
	b := &report.Book{
		Title: "Hébergeurs de données de santé – 17 juin 2019", Subject: "Agréés & certifiés", Description: "Essai",
		Creator: "Rédaction <essai>", Keywords: "HDS, santé", Language: f.lang, Date: etl.Date{Year: 2019, Month: 6, Day: 17},
		Labels: report.Labels{Texts: config.Labels(report.BaseLanguage(f.lang))},
	}
	for i, id := range []string{"approved", "certified"} {
		name := []string{"Acteurs agréés", "Acteurs certifiés"}[i]
		b.Sheets = append(b.Sheets, &report.Sheet{
			ID: id, Name: name, Landscape: true, Tab: "1F4E79", Freeze: 4, PrintTitle: [2]int{3, 4},
			PrintColumns: 4 + 7*i,
			Lines: []report.Line{
				{Row: 0, Cells: []report.Cell{{Value: report.TextOf(name), Style: report.StyleTitle}}},
				{Row: 1, Cells: []report.Cell{{Value: report.TextOf("Liste au 17 juin 2019, reconstituée ; source : ASIP Santé"), Style: report.StyleSubtitle, Link: "https://esante.gouv.fr/"}}},
			},
			Table: f.table(id, []string{"Agrees", "Certifies"}[i], 3),
		})
	}
	b.Sheets = append(b.Sheets, f.summary())
	return b
}

func (f *fixture) summary() *report.Sheet {
	s := &report.Sheet{ID: "summary", Name: "Synthèse d’essai", PrintColumns: 8, Widths: []float64{38, 12, 12, 12, 12, 12, 12, 12}}
	row := 0
	add := func(cells ...report.Cell) {
		s.Lines = append(s.Lines, report.Line{Row: row, Cells: cells})
		row++
	}
	live := func(col int, style report.Style, e report.Expr) report.Cell {
		return report.Cell{Col: col, Style: style, Expr: e, Value: f.eval(e)}
	}
	text := func(col int, style report.Style, t string) report.Cell {
		return report.Cell{Col: col, Style: style, Value: report.TextOf(t)}
	}
	day := report.DayOf(etl.Date{Year: 2019, Month: 9, Day: 17})
	actors := func(table string, where ...report.Cond) report.Expr {
		return report.CountActors{Table: table, Where: where}
	}
	rows := func(table string, where ...report.Cond) report.Expr {
		return report.CountRows{Table: table, Where: where}
	}
	span := func(n int, c report.Cell) report.Cell { c.Span = n; return c }

	add(text(0, report.StyleTitle, "Synthèse"))
	add(text(0, report.StyleSubtitle, "Édition du 17 juin 2019"))
	row++
	add(span(8, text(0, report.StyleNotice, "Ceci est une reconstitution : les lignes autres que celles de l’article sont inventées.")))
	row++
	add(live(0, report.StyleKey, actors("approved")), live(1, report.StyleKey, actors("certified")),
		live(3, report.StyleKey, report.Difference{A: report.Sum{actors("approved"), actors("certified")}, B: actors("certified", report.Cond{Column: "also", Value: report.TextOf("OUI")})}),
		live(5, report.StyleKey, report.Ratio{A: rows("certified", report.Cond{Column: "count", Op: report.AtLeast, Value: report.NumberOf(3)}), B: rows("certified")}))
	if f.planted {
		s.Lines[len(s.Lines)-1].Cells[1].Value.Num++
	}
	add(text(0, report.StyleKeyLabel, "acteurs agréés"), text(1, report.StyleKeyLabel, "certifiés"), text(3, report.StyleKeyLabel, "ensemble"), text(5, report.StyleKeyLabel, "part des lignes"))
	row++
	add(span(8, text(0, report.StyleHeading, "Positionnement principal")))
	add(text(0, report.StyleHeader, "Positionnement"), text(1, report.StyleHeaderR, "Agréés"), text(2, report.StyleHeaderR, "Certifiés"), text(3, report.StyleHeaderR, "Part des agréés"), text(4, report.StyleHeaderR, "Écart"))
	first := row
	for _, p := range positions {
		c := report.Cond{Column: "position", Value: report.TextOf(p)}
		label := p
		if len(label) > 60 {
			label = "Groupement (long)"
		}
		add(text(0, report.StyleLabel, label), live(1, report.StyleNumber, actors("approved", c)), live(2, report.StyleNumber, actors("certified", c)),
			live(3, report.StylePercent, report.Ratio{A: actors("approved", c), B: actors("approved")}),
			live(4, report.StyleDelta, report.Difference{A: actors("certified", c), B: actors("approved", c)}))
	}
	last := row - 1
	add(span(8, text(0, report.StyleNote, "Chaque acteur compte une fois ; un acteur à deux positionnements compterait deux fois.")))
	row++
	s.Charts = append(s.Charts, report.Chart{
		Row: row, Col: 0, Width: 620, Height: 300, Kind: report.Bars, Title: "Positionnement des acteurs", Alt: "Barres : nombre d’acteurs agréés et certifiés par positionnement",
		Category: report.Range{Row: first, LastRow: last},
		Series: []report.Series{{Name: "Agréés", Values: report.Range{Row: first, Col: 1, LastRow: last, LastCol: 1}, Colour: "1F4E79"},
			{Name: "Certifiés & cie", Values: report.Range{Row: first, Col: 2, LastRow: last, LastCol: 2}, Colour: "9DC3E6"}},
	})
	row += 17
	add(span(8, text(0, report.StyleHeading, "Historique")))
	add(text(0, report.StyleHeader, "Édition"), text(1, report.StyleHeaderR, "Agréés"), text(2, report.StyleHeaderR, "Moyenne"))
	first = row
	add(text(0, report.StyleLabel, "2019-02"), report.Cell{Col: 1, Style: report.StyleFact, Value: report.NumberOf(1108)}, report.Cell{Col: 2, Style: report.StyleFactDec, Value: report.NumberOf(4.5)})
	add(text(0, report.StyleLabel, "2019-03"), text(1, report.StyleFact, "n.d."), text(2, report.StyleFactDec, "n.d."))
	add(text(0, report.StyleLabel, "2019-06-17"), live(1, report.StyleNumber, actors("approved")), live(2, report.StyleDecimal, report.Ratio{A: rows("approved"), B: actors("approved")}))
	s.Charts = append(s.Charts, report.Chart{
		Row: row + 1, Col: 0, Width: 620, Height: 240, Kind: report.Columns, Title: "Agréés par édition", Alt: "Colonnes : nombre d’agréés par édition",
		Category: report.Range{Row: first, LastRow: row - 1},
		Series:   []report.Series{{Values: report.Range{Row: first, Col: 1, LastRow: row - 1, LastCol: 1}, Colour: "1F4E79"}},
	})
	row += 15
	// One of each comparison.
	end := func(op report.Op, v report.Value) report.Cond { return report.Cond{Column: "end", Op: op, Value: v} }
	num := report.Cond{Column: "actor", Value: report.NumberOf(2)}
	name := report.Cond{Column: "name", Value: report.TextOf(unhappyNames[1])}
	figures := []report.Expr{
		rows("approved"), rows("approved", end(report.AtMost, day)), rows("approved", end(report.AtLeast, day)),
		rows("approved", end(report.Equal, report.Value{})), rows("approved", end(report.NotEqual, report.Value{})),
		actors("approved", end(report.AtMost, day), end(report.AtLeast, report.DayOf(etl.Date{Year: 2019, Month: 3, Day: 1}))),
		actors("certified", end(report.AtLeast, day)), actors("certified", report.Cond{Column: "position", Op: report.NotEqual, Value: report.TextOf("ESN")}),
		rows("approved", num), rows("approved", report.Cond{Column: "actor", Op: report.NotEqual, Value: report.NumberOf(2)}),
		actors("approved", num), actors("approved", name), rows("approved", name),
		actors("approved", report.Cond{Column: "name", Value: report.TextOf("nobody")}),
		report.Ratio{A: rows("approved"), B: rows("approved", report.Cond{Column: "name", Value: report.TextOf("nobody")})},
		// A change of what is blank is blank, and no error.
		report.Difference{A: report.Ratio{A: rows("approved"), B: rows("approved", report.Cond{Column: "name",
			Value: report.TextOf("nobody")})}, B: report.Const(4.5)},
		report.Difference{A: report.Ratio{A: rows("approved", num), B: rows("approved")}, B: report.Const(0.25)},
		actors("certified", report.Cond{Column: "count", Value: report.NumberOf(0)}),
		rows("certified", report.Cond{Column: "act2", Value: report.TextOf("n.c.")}),
		report.Sum{rows("approved"), report.Const(-0.5), report.Sum{}},
		actors("certified", report.Cond{Column: "act1", Value: report.TextOf("Oui"), Or: []report.Value{report.TextOf("n.c.")}}),
		rows("certified", report.Cond{Column: "act1", Op: report.NotEqual, Value: report.TextOf("Oui"), Or: []report.Value{report.TextOf("n.c.")}}),
		rows("certified", report.Cond{Column: "count", Value: report.NumberOf(3), Or: []report.Value{report.TextOf("n.c."), report.NumberOf(4)}}),
		actors("certified", report.Cond{Column: "covered", Op: report.AtLeast, Value: report.NumberOf(4)}),
		actors("approved", end(report.Equal, report.Value{Kind: report.Day, Num: 43600})),
	}
	for _, n := range unhappyNames {
		figures = append(figures, rows("certified", report.Cond{Column: "name", Value: report.TextOf(n)}))
	}
	add(span(8, text(0, report.StyleHeading, "Comparaisons")))
	for i, e := range figures {
		add(text(0, report.StyleText, fmt.Sprintf("Chiffre %d", i)), live(1, report.StyleNumber, e))
	}
	row++
	add(report.Cell{Style: report.StyleDate, Value: day}, report.Cell{Col: 1, Style: report.StyleLink, Value: report.TextOf("écrire"), Link: "mailto:redaction@example.org"},
		text(3, report.StyleWrap, "Un texte\nsur deux lignes"), text(4, report.StylePlain, "=1+1 n’est pas une formule"))
	return s
}
