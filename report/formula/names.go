package formula

import "hdsreport/report"

// Names is the formula of a sentence that names the actors which a figure counts,
// without the leading "="; the second result is false where the sentence has to be
// written as a plain text: the target lacks the functions, or the table is too long.
//
// An actor is named in the first of its rows that meet the conditions. So the row's
// own number is looked up among those of such rows, the others' being a text there,
// and the name shows where that finds the row itself. A row's place is counted from
// the first of the range, so that it stays right when people insert rows above.
//
// A look-up of numbers knows no wildcard. TRUE() and not TRUE, as a spreadsheet in
// French may read the bare word as a name.
func (r *Renderer) Names(at Place, n *report.Names) (string, bool, error) {
	t, conds, err := r.where(n.Of.Table, n.Of.Where)
	if err != nil {
		return "", false, err
	}
	if t.Len > r.d.limits().named {
		return "", false, nil
	}
	count, err := r.part(at, n.Of)
	if err != nil {
		return "", false, err
	}
	actorAt, err := columnIndex(t, report.ActorColumn)
	if err != nil {
		return "", false, err
	}
	nameAt, err := columnIndex(t, report.NameColumn)
	if err != nil {
		return "", false, err
	}
	actor, name := r.d.whole(t, actorAt), r.d.whole(t, nameAt)
	met := met(actor, conds)
	first := r.call("MATCH", actor, r.call("IF", met, actor, `""`), "0") + "=ROW(" + actor + ")-MIN(ROW(" + actor + "))+1"
	names := r.call("IF", met, r.call("IF", first, name+`&""`, `""`), `""`)
	s, err := r.checkLength("ARRAYFORMULA(" + r.d.literal(n.Before) +
		"&" + r.call("IF", count+"=0", r.d.literal(n.None), r.call("TEXTJOIN", r.d.literal(n.Separator), "TRUE()", names)) +
		"&" + r.d.literal(n.After) + ")")
	return s, true, err
}
