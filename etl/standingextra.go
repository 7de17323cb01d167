package etl

import (
	"strings"

	"hdsreport/etl/message"
	"hdsreport/etl/pattern"
)

// columnsInDoubt warns of rows that count, although a column that stands for no field has a
// value that by itself says that a row does not: "Refusé" under "Résultat de l'audit",
// "brouillon" under "workflow", No under "publié", a day that has passed under "withdrawal".
// Only a person can tell what the column means. What most rows have is not about one of them.
func (r *reader) columnsInDoubt(list *List) {
	for k, col := range r.cols.extra {
		if r.stated.dated[col] == standingValid {
			r.unticked(list.Rows, k, col)
		}
		heading := oneLineWhole(r.cols.names[col])
		if r.cols.standing[col] != "" || ofSomethingElse().MatchString(fold(heading)) {
			continue
		}
		words := KeyWords(heading)
		ends, public := r.standings.text(words).out, r.notice(fold(words), NoticePublic)
		known := map[string]bool{}
		var rows []Evidence
		for i := range list.Rows {
			row := &list.Rows[i]
			text := oneLineWhole(row.Extra[k])
			if !row.Counts() || absent(text) {
				continue
			}
			doubt, seen := known[text]
			if !seen {
				doubt = r.valueInDoubt(text, ends, public)
				known[text] = doubt
			}
			if doubt {
				rows = append(rows, r.evidence(row, col, heading+" : "+text))
			}
		}
		if len(rows) > 0 && 2*len(rows) <= len(list.Rows) {
			r.report(Find(Warning, CodeStandingDoubt, rows[0].Place, "n", len(rows), "names", evidenceNames(rows),
				"heading", oneLine(heading), "line", headerLine(r.list, FieldStanding, r.cols.names[col])).Said("column").About(rows))
		}
	}
}

// evidence returns a cell of a row that was read, with what is said there if that is not "".
func (r *reader) evidence(row *Row, col int, said string) Evidence {
	e := Evidence{Place: Place{File: r.table.File, Sheet: r.table.Sheet, Row: int(row.Line), Column: col + 1}, Said: row.Name}
	if said != "" {
		e.Note = message.New("evidence-standing", "word", oneLine(said))
	}
	return e
}

// valueInDoubt reports whether a value says that a row does not count, in a column whose
// heading speaks of an end, or of being public.
func (r *reader) valueInDoubt(text string, ends, public bool) bool {
	yes, answers := Ticked(text)
	switch {
	case answers:
		return ends && yes || public && !yes
	case ends:
		day, ok := ParseDate(text)
		return ok && day.Compare(r.edition) <= 0
	}
	return len(text) <= 80 && (r.standings.mayState(text) && r.standings.alone(text) || r.notice(fold(text), NoticeDoubt))
}

// ofSomethingElse finds headings of which a word such as "terminé" or "annulé" is not about
// the certificate of the row.
var ofSomethingElse = pattern.Of(`^(?:dernier |prochain )?audits?\b|\b(?:precedente?s?|anciens?|ancienne|previous|adresse|ville|commune|` +
	`contrat|paiement|origine)\b`)

// unticked says which rows a column such as "Actif" leaves empty, where it ticks others.
func (r *reader) unticked(rows []Row, k, col int) {
	ticked := false
	var said []Evidence
	for i := range rows {
		text := rows[i].Extra[k]
		if yes, ok := Ticked(text); ok && yes {
			ticked = true
		} else if strings.TrimSpace(text) == "" && rows[i].Counts() {
			said = append(said, r.evidence(&rows[i], col, ""))
		}
	}
	if ticked && len(said) > 0 {
		r.report(Find(Warning, CodeStandingDoubt, said[0].Place, "n", len(said), "names", evidenceNames(said),
			"heading", oneLine(r.cols.names[col])).Said("unticked").About(said))
	}
}
