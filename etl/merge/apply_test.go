package merge_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/etl/merge"
)

// fileSaid is a file, a line a row; formulas end in "()".
func fileSaid(f *merge.File) (out []string) {
	for _, s := range f.Lists {
		if s == nil {
			continue
		}
		for _, r := range s.Rows {
			var cells []string
			for _, c := range r.Cells {
				if c.Formula {
					c.Text += "()"
				}
				cells = append(cells, c.Text)
			}
			out = append(out, s.Name+": "+strings.Join(cells, "|"))
		}
	}
	return out
}

// TestApplyMakesTheSheets: cells that were typed stand where they were typed, each on its list,
// also where a row was copied, deleted or is somebody's own. Bravo is on both lists.
func TestApplyMakesTheSheets(t *testing.T) {
	approved := merge.NewList([]etl.Field{etl.FieldName, etl.FieldUntil, etl.FieldService, etl.FieldID})
	approved.Add("alpha", []string{"Alpha", "2021", "", "alpha"})
	approved.Add("bravo", []string{"Bravo", "2022", "", "bravo"})
	certified := merge.NewList([]etl.Field{etl.FieldName, etl.FieldID})
	certified.Add("bravo", []string{"Bravo", "bravo"})
	typed := func(l etl.Listing, row string, field etl.Field, published, found string) merge.Typed {
		return merge.Typed{List: l, Sheet: "AC"[l : l+1], Row: row, Field: string(field), Header: "H", Published: published, Found: found}
	}
	a, c := etl.Approved, etl.Certified
	gone := merge.Typed{List: a, Sheet: "A", Row: "bravo"}
	own := func(row, field, header, found string, own bool) merge.Typed {
		return merge.Typed{List: a, Sheet: "A", Row: row, Field: field, Header: header, Found: found, Own: own}
	}
	const alpha, bravo, other = "A: Alpha|2021||alpha", "A: Bravo|2022||bravo", ": Bravo|bravo"
	for name, k := range map[string]struct {
		typed  []merge.Typed
		want   []string
		beside string // what is refused or noted
	}{
		"two cells of a row": {[]merge.Typed{typed(a, "bravo", "name", "Bravo", "B"), typed(a, "bravo", "until", "2022", "=2023")},
			[]string{alpha, "A: B|=2023()||bravo", other}, ""},
		"one id on both lists": {[]merge.Typed{typed(a, "bravo", "name", "Bravo", "B"), typed(c, "bravo", "name", "Bravo", "C")},
			[]string{alpha, "A: B|2022||bravo", "C: C|bravo"}, ""},
		"a blank cell filled": {[]merge.Typed{typed(a, "bravo", "service", "", "x")}, []string{alpha, "A: Bravo|2022|x|bravo", other}, ""},
		"a copied row, and its original edited": {[]merge.Typed{typed(a, "bravo", "id", "", "bravo"), typed(a, "bravo", "name", "", "Bravo"),
			typed(a, "bravo", "until", "2022", "2023")}, []string{alpha, "A: Bravo|2023||bravo", "A: Bravo|||bravo", other}, ""},
		"copied on the other list": {[]merge.Typed{typed(a, "bravo", "service", "", "x"), typed(c, "bravo", "id", "", "bravo")},
			[]string{alpha, "A: Bravo|2022|x|bravo", "C: Bravo|bravo", "C: |bravo"}, ""},
		"a row more": {[]merge.Typed{typed(a, "", "name", "", "Zoulou"), typed(a, "", "service", "", "z")},
			[]string{alpha, bravo, "A: Zoulou||z|", other}, ""},
		"a row gone":                     {[]merge.Typed{gone}, []string{alpha, other}, ""},
		"gone, and a note with it":       {[]merge.Typed{gone, own("bravo", "", "vu", "x", false)}, []string{alpha, other}, "own-column A"},
		"gone and typed into":            {[]merge.Typed{gone, typed(a, "bravo", "name", "Bravo", "B")}, []string{alpha, "A: B|2022||bravo", other}, ""},
		"a note":                         {[]merge.Typed{own("bravo", "", "vu", "x", false)}, []string{alpha, bravo, other}, "own-column A"},
		"a note taken away":              {[]merge.Typed{own("bravo", "", "vu", "", false)}, []string{alpha, bravo, other}, "own-column A"},
		"a note below no heading":        {[]merge.Typed{own("bravo", "", "", "x", false)}, []string{alpha, bravo, other}, ""},
		"a note on a cell of ours":       {[]merge.Typed{own("bravo", "until", "", "[2023?]", true)}, []string{alpha[1:], bravo[1:], other}, "own-column A"},
		"a column that was not there":    {[]merge.Typed{typed(a, "bravo", "standing", "", "x")}, []string{alpha, bravo, other}, ""},
		"above the table":                {[]merge.Typed{typed(a, "", "B2", "T", "t")}, []string{alpha, bravo, other}, "summary A!B2"},
		"on the summary, after the list": {[]merge.Typed{typed(a, "bravo", "service", "", "x"), {Sheet: "S", Outside: true, Field: "AB12"}}, []string{alpha, "A: Bravo|2022|x|bravo", other}, "summary S!AB12"},
	} {
		file, refused, notes := merge.Apply([2]*merge.List{approved, certified}, k.typed)
		if diff := cmp.Diff(k.want, fileSaid(file)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		beside := ""
		for _, it := range refused {
			beside += it.Why + " " + it.At.Name()
		}
		for _, n := range notes {
			beside += n.Kind + " " + n.At.Name()
		}
		if beside != k.beside {
			t.Errorf("%s: %q, want %q", name, beside, k.beside)
		}
	}
	if _, refused, _ := merge.Apply([2]*merge.List{nil, certified}, []merge.Typed{{Sheet: "S", Outside: true, Field: "B7"}}); len(refused) != 1 {
		t.Error("a cell outside the tables is not refused where only one list was published")
	}
}
