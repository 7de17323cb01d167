package gsheets

import (
	"fmt"
	"strconv"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/report"
	"hdsreport/report/formula"
)

// verify compares the spreadsheet with the book after a publication, cell by cell; of
// formulas their text, and the value that Google computes, where it gives one.
func verify(b *report.Book, st *state) error {
	var bad []string
	layouts := asFound(b, st)
	for _, s := range b.Sheets {
		l := layouts[s.ID]
		if l == nil {
			return &Differs{[]string{fmt.Sprintf("the tab of %q is gone", s.Name)}}
		}
		if !l.tab.whole(l) {
			bad = append(bad, fmt.Sprintf("tab %q lacks a column, a filter, a chart or a protected range of the program's", l.title))
		}
	}
	d, err := draw(b, layouts)
	if err != nil {
		return err
	}
	for _, s := range b.Sheets {
		l := layouts[s.ID]
		lines, err := d.lines(l)
		if err != nil {
			return err
		}
		check := func(row int, spots []spot) {
			for i, want := range spots {
				if why := l.tab.differs(row, l.columns[i], want); why != "" {
					bad = append(bad, fmt.Sprintf("%s!%s%d %s", formula.Quote(l.title), formula.ColumnName(l.columns[i]), row+1, why))
				}
			}
		}
		for row, spots := range lines {
			check(row, spots)
		}
		if s.Table == nil {
			continue
		}
		for k := range s.Table.Len {
			at := l.header + 1 + k
			spots := make([]spot, len(l.columns))
			for i := range spots {
				if spots[i], err = d.body(l, k, i, at); err != nil {
					return err
				}
			}
			check(at, spots)
		}
	}
	if len(bad) > 0 {
		return &Differs{bad}
	}
	return nil
}

// differs says in what a cell is not what was meant; "" where it is.
func (t *tab) differs(row, col int, want spot) string {
	found := t.content(row, col)
	if !found.same(want.content) {
		return fmt.Sprintf("holds %.80q and not %.80q", found.shown(report.Text), want.content.shown(report.Text))
	}
	if !t.links(row, col, want.link) {
		return fmt.Sprintf("links to %.80q and not to %.80q", t.link(row, col), want.link)
	}
	c := t.cell(row, col)
	if want.content.kind != aFormula || c == nil || c.EffectiveValue == nil {
		return ""
	}
	if e := c.EffectiveValue.ErrorValue; e != nil && e.Type == "LOADING" {
		return "" // Google has not computed it yet
	}
	if got := contentOf(c.EffectiveValue); !got.same(contentFor(want.value)) {
		return fmt.Sprintf("shows %s where the program computes %s", effective(c.EffectiveValue), strconv.Quote(contentFor(want.value).shown(report.Text)))
	}
	return ""
}

func effective(v *sheets.ExtendedValue) string {
	if v.ErrorValue != nil {
		return "the error " + v.ErrorValue.Type + " (" + v.ErrorValue.Message + ")"
	}
	return strconv.Quote(contentOf(v).shown(report.Text))
}
