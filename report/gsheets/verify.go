package gsheets

import (
	"slices"
	"strings"

	"hdsreport/etl/message"
	"hdsreport/report"
)

// verify compares the spreadsheet with the book after a publication, cell by cell; of
// formulas their text, and the value that Google computes, where it gives one.
func verify(b *report.Book, st *state) error {
	layouts := asFound(b, st)
	for _, s := range b.Sheets {
		if layouts[s.ID] == nil {
			return &Differs{Written: true, Cells: []message.Message{message.New("sheet-differs-gone", "tab", s.Name)}}
		}
	}
	d, err := draw(b, layouts)
	if err != nil {
		return err
	}
	var bad []message.Message
	for _, s := range b.Sheets {
		n, err := d.counts(layouts[s.ID], nil)
		if err != nil {
			return err
		}
		bad = append(append(bad, n.differs...), n.figures...)
	}
	if len(bad) > 0 {
		return &Differs{Written: true, Cells: bad}
	}
	return nil
}

// differs says in what a cell does not hold what it should; nothing where it does.
func (t *tab) differs(row, col int, want spot) message.Message {
	if found := t.content(row, col); !found.same(want.content) {
		return message.New("sheet-differs-holds", "found", short(found.shown(report.Text)), "want",
			short(want.content.shown(report.Text)))
	}
	if !t.links(row, col, want.link) {
		return message.New("sheet-differs-links", "found", short(t.link(row, col)), "want", short(want.link))
	}
	return message.Message{}
}

// miscomputes says that a formula shows something else than the program computes.
func (t *tab) miscomputes(row, col int, want spot) message.Message {
	c := t.cell(row, col)
	if want.content.kind != aFormula || c == nil || c.EffectiveValue == nil {
		return message.Message{}
	}
	computed := contentFor(want.value).shown(want.value.Kind)
	if e := c.EffectiveValue.ErrorValue; e != nil {
		if e.Type == "LOADING" {
			return message.Message{} // Google has not computed it yet
		}
		return message.New("sheet-differs-error", "error", e.Type, "said", short(e.Message), "want", short(computed))
	}
	got := contentOf(c.EffectiveValue)
	if got.same(contentFor(want.value)) || want.names != nil && sameNames(got.text, computed, want.names) {
		return message.Message{}
	}
	return message.New("sheet-differs-shows", "found", short(got.shown(want.value.Kind)), "want", short(computed))
}

// sameNames compares sentences that name actors whatever their order: it is that of the rows,
// which people sort.
func sameNames(a, b string, n *report.Names) bool {
	names := func(s string) []string {
		s = strings.TrimSuffix(strings.TrimPrefix(s, n.Before), n.After)
		return slices.Sorted(slices.Values(strings.Split(s, n.Separator)))
	}
	return slices.Equal(names(a), names(b))
}

// short keeps a value from filling the page.
func short(s string) string {
	return message.Cut(s, 80)
}
