package etl

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// rowIDs gives every row of a list its identifier: the actor's id, then what
// tells its rows apart (the certificate's number, or a short hash of the raw
// prestation), with an ordinal only for exact twins. It is reported when a row
// stands there twice, since an ordinal is all that tells the two apart.
func rowIDs(l *List, list Listing, actors []Actor) []Finding {
	var fs []Finding
	OnAllCores(len(l.Rows), func(from, to int) {
		ids := newJoined(to - from)
		for i := from; i < to; i++ {
			row := &l.Rows[i]
			switch id := actors[row.Actor].ID; {
			case list == Certified && row.Number != "":
				ids.add(id, "/", slug(row.Number))
			case list == Approved && row.Service != "":
				ids.add(id, "/", shortHash(row.Service))
			default:
				ids.add(id)
			}
		}
		for k, id := range ids.cut() {
			l.Rows[from+k].ID = id
		}
	})
	met := newTexts(len(l.Rows), func(i int32) string { return l.Rows[i].ID })
	same := map[string][]int{} // the rows of ids that stand there twice
	for i := range l.Rows {
		id := l.Rows[i].ID
		switch was, twice := met.first(int32(i)); {
		case !twice:
		case same[id] == nil:
			same[id] = []int{int(was), i}
		default:
			same[id] = append(same[id], i)
		}
	}
	for _, twins := range same {
		// By their dates first, so that a file in another order gives the same ids.
		slices.SortFunc(twins, func(a, b int) int {
			x, y := &l.Rows[a], &l.Rows[b]
			return cmp.Or(x.From.Compare(y.From), x.Until.Compare(y.Until), cmp.Compare(x.Name, y.Name),
				cmp.Compare(x.Types, y.Types), cmp.Compare(x.Activities.Yes, y.Activities.Yes), cmp.Compare(x.Activities.Unknown, y.Activities.Unknown),
				cmp.Compare(x.Body, y.Body), cmp.Compare(x.Number, y.Number), cmp.Compare(x.Service, y.Service), slices.Compare(x.Extra, y.Extra), cmp.Compare(x.Line, y.Line))
		})
		for n, i := range twins[1:] {
			row := &l.Rows[i]
			row.ID += "#" + strconv.Itoa(n+2) // no certificate number gives a "#"
			fs = append(fs, Finding{Severity: Warning, Code: CodeRowRepeated, Place: Place{File: l.Source.Table.File, Sheet: l.Source.Table.Sheet, Row: int(row.Line)},
				Message: "a second row of " + actors[row.Actor].Name + " with the same " + twinField[list] + "; both are kept", Do: "remove one from the file if it is a copy"})
		}
	}
	return fs
}

var twinField = [2]string{Approved: "prestation", Certified: "certificate number"}

// ActorOf is the actor's id in the identifier of one of its rows.
func ActorOf(rowID string) string {
	if i := strings.IndexAny(rowID, "/#"); i >= 0 {
		return rowID[:i]
	}
	return rowID
}

// slug keeps what an identifier needs of a certificate number.
func slug(s string) string {
	b := make([]byte, 0, len(s))
	for _, c := range []byte(fold(s)) {
		if c == ' ' {
			c = '-'
		}
		b = append(b, c)
	}
	return string(b)
}
