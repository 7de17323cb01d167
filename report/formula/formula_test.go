package formula

import (
	"strings"
	"testing"

	"hdsreport/report"
)

func book(tables ...*report.Table) *report.Book {
	b := &report.Book{}
	for _, t := range tables {
		b.Sheets = append(b.Sheets, &report.Sheet{ID: t.ID, Name: "Feuille " + t.ID, Table: t})
	}
	return b
}

func TestAlsoInAboveTheSizeIsPlain(t *testing.T) {
	small := &report.Table{ID: "a", Name: "A_", Len: 10, Columns: []report.Column{{ID: "actor", Header: "N"}}}
	large := &report.Table{ID: "b", Name: "B_", Columns: small.Columns}
	b := book(small, large)
	tabs := map[string]Tab{"a": {"a", []int{2}, 5}, "b": {"l'autre", []int{0}, 3}}
	e := report.AlsoIn{Key: "actor", Other: "b", Yes: "Oui", No: "Non"}
	for _, target := range []struct {
		d    Dialect
		want string
	}{
		{Excel(), `IF(ISNUMBER(MATCH(A_[[#This Row],[N]],B_[N],0)),"Oui","Non")`},
		{Sheets(b, tabs), `IF(ISNUMBER(MATCH($C9;'l''autre'!$A$5:$A$2500004;0));"Oui";"Non")`},
	} {
		large.Len = target.d.limits().comparisons/10 + 1
		if _, live, err := New(b, target.d).Column(small, e, 2); live || err != nil {
			t.Errorf("%T: live %v, %v", target.d, live, err)
		}
		large.Len--
		if f, live, err := New(b, target.d).Column(small, e, 2); !live || err != nil || f != target.want {
			t.Errorf("%T: live %v, %v, %s, want %s", target.d, live, err, f, target.want)
		}
	}
}

func TestReferencesAreEscaped(t *testing.T) {
	for header, want := range map[string]string{
		"Acteur":           "T_[Acteur]",
		"N° d’acteur":      "T_[N° d’acteur]",
		"Nombre d'acteurs": "T_[[Nombre d''acteurs]]",
		"a[b]#c@d":         "T_[[a'[b']'#c'@d]]",
	} {
		if got := Excel().whole(&report.Table{Name: "T_", Columns: []report.Column{{Header: header}}}, 0); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
	long := strings.Repeat("é", 300)
	if got, want := Excel().literal(long), `("`+long[:510]+`"&"`+long[510:]+`")`; got != want {
		t.Errorf("a long text: %.60s…", got)
	}
	if got, want := Excel().literal(`a"b`), `"a""b"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Columns that people put between the program's own are not counted with them.
func TestColumnsBetweenAreLeftOut(t *testing.T) {
	table := &report.Table{ID: "a", Len: 1, Columns: []report.Column{{ID: "x"}, {ID: "y"}}}
	b := book(table)
	e := report.CountEqual{Columns: []string{"x", "y"}, Value: "Oui"}
	for columns, want := range map[[2]int]string{
		{0, 1}: `0+SUMPRODUCT(--($A2:$B2="Oui"))`,
		{0, 2}: `0+(($A2="Oui")+($C2="Oui"))`,
		{1, 0}: `0+(($B2="Oui")+($A2="Oui"))`,
	} {
		d := Sheets(b, map[string]Tab{"a": {"a", columns[:], 0}})
		if got, _, err := New(b, d).Column(table, e, 0); err != nil || got != want {
			t.Errorf("%v: %s, %v, want %s", columns, got, err, want)
		}
	}
}

// No locale reads a number of a Sheets formula in its own way.
func TestNumbersHaveNoDecimalPoint(t *testing.T) {
	for f, want := range map[float64]string{0: "0", 7: "7", 4.5: "(45/10)", -0.5: "(-5/10)", 0.05: "(5/100)",
		1000: "1000"} {
		if got := Sheets(book(), nil).number(f); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}

func TestColumnName(t *testing.T) {
	for col, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := ColumnName(col); got != want {
			t.Errorf("%d: %s, want %s", col, got, want)
		}
	}
}

// A sentence names actors where the target has the functions and the table is short,
// and says of nobody what the figure that another cell shows says.
func TestNames(t *testing.T) {
	table := &report.Table{ID: "a", Name: "A_", Len: 2,
		Columns: []report.Column{{ID: "name"}, {ID: "also"}, {ID: "actor"}}}
	b := book(table)
	n := &report.Names{Before: `Oui "`, Separator: ", ", None: "aucun", After: ".",
		Of: report.CountActors{Table: "a", Where: []report.Cond{{Column: "also", Value: report.TextOf("Oui")}}}}
	b.Sheets = append(b.Sheets, &report.Sheet{ID: "s", Lines: []report.Line{{Row: 3,
		Cells: []report.Cell{{Col: 1, Expr: n.Of}, {Col: 2, Names: n}}}}})
	tabs := map[string]Tab{"a": {"l'un", []int{0, 3, 4}, 5}, "s": {"s", []int{0, 1, 2}, -1}}
	at := Place{b.Sheets[1], 3, 2}
	met := `ISNUMBER('l''un'!$E$7:$E$8)*('l''un'!$D$7:$D$8="Oui")`
	want := `ARRAYFORMULA("Oui """&IF($B$4=0;"aucun";TEXTJOIN(", ";TRUE();IF(` + met +
		`;IF(MATCH('l''un'!$E$7:$E$8;IF(` + met + `;'l''un'!$E$7:$E$8;"");0)=ROW('l''un'!$E$7:$E$8)-MIN(ROW('l''un'!$E$7:$E$8))+1;'l''un'!$A$7:$A$8&"";"");"")))&".")`
	if got, live, err := New(b, Sheets(b, tabs)).Names(at, n); got != want || !live || err != nil {
		t.Errorf("%s, live %v, %v, want\n%s", got, live, err, want)
	}
	if got, live, err := New(b, Excel()).Names(at, n); live || err != nil {
		t.Errorf("Excel 2016 cannot join names: %s, live %v, %v", got, live, err)
	}
	for rows, want := range map[int]bool{2000: true, 2001: false} {
		table.Len = rows
		if _, live, err := New(b, Sheets(b, tabs)).Names(at, n); live != want || err != nil {
			t.Errorf("%d rows: live %v, %v", rows, live, err)
		}
	}
	n.Of.Table = "elsewhere"
	if _, _, err := New(b, Sheets(b, tabs)).Names(at, n); err == nil {
		t.Error("names of a table that the book has not")
	}
}

// TestShownCellsAreReferredTo: a number that a cell shows is never typed into a formula.
func TestShownCellsAreReferredTo(t *testing.T) {
	s := &report.Sheet{ID: "summary", Name: "Synthèse", Lines: []report.Line{{Row: 8, Cells: []report.Cell{
		{ID: "before", Col: 2, Value: report.NumberOf(108)},
		{Col: 3, Expr: report.Difference{A: report.Const(99), B: report.Shown{Cell: "before", Value: 108}}},
	}}}}
	b := &report.Book{Sheets: []*report.Sheet{s}}
	at := Place{s, 8, 3}
	for _, d := range []Dialect{Excel(), Sheets(b, map[string]Tab{"summary": {"Synthèse", []int{0, 1, 2, 3}, 0}})} {
		if f, err := New(b, d).Cell(at, s.Lines[0].Cells[1].Expr); err != nil || f != "(99-$C$9)" {
			t.Errorf("%T: %s, %v", d, f, err)
		}
	}
	if _, err := New(b, Excel()).Cell(at, report.Shown{Cell: "nobody"}); err == nil {
		t.Error("a cell that is not there is referred to")
	}
}

// TestChangeOfABlankIsBlank: a ratio over zero shows an empty text, from which nothing can be
// subtracted.
func TestChangeOfABlankIsBlank(t *testing.T) {
	ratio := report.Ratio{A: report.Const(9), B: report.Sum{report.Const(0)}}
	s := &report.Sheet{ID: "summary", Name: "Synthèse", Lines: []report.Line{{Row: 8, Cells: []report.Cell{
		{Col: 1, Expr: ratio},
		{ID: "before", Col: 2, Value: report.NumberOf(4)},
		{Col: 3, Expr: report.Difference{A: ratio, B: report.Shown{Cell: "before", Value: 4}}},
	}}}}
	b := &report.Book{Sheets: []*report.Sheet{s}}
	f, err := New(b, Excel()).Cell(Place{s, 8, 3}, s.Lines[0].Cells[2].Expr)
	if want := `IF((0)=0,"",($B$9-$C$9))`; f != want || err != nil {
		t.Errorf("%s, %v, want %s", f, err, want)
	}
}
