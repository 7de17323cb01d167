package report

import "strings"

// NameColumn is the ID of the column that names a row's actor, in every table.
const NameColumn = "name"

// Names is a sentence with the names of the actors that a figure counts: Before, the
// names, After. It gives no date, because the names change with the table.
type Names struct {
	Before    string
	Of        CountActors
	Separator string
	None      string // instead of the names, where it counts nobody
	After     string
}

// Sentence is what the names' formula shows: each actor once, by its name in the first
// of its rows that meet the conditions, in the order of the rows. An actor without a
// name is left out.
func (b *Book) Sentence(n *Names) Value {
	v := newEvaluator(b)
	t := b.Table(n.Of.Table)
	actors, holds, name := v.ranks(t), v.where(t, n.Of.Where), t.Column(NameColumn)
	named := make([]bool, actors.n)
	var names []string
	counted := false
	for row, actor := range actors.of {
		if actor < 0 || named[actor] || !holds(row) {
			continue
		}
		named[actor], counted = true, true
		if s := name.At(row).Text; s != "" {
			names = append(names, s)
		}
	}
	list := strings.Join(names, n.Separator)
	if !counted {
		list = n.None
	}
	return TextOf(n.Before + list + n.After)
}
