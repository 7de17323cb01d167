package gsheets

import (
	"math/rand/v2"
	"slices"
	"testing"

	sheets "google.golang.org/api/sheets/v4"
)

// run plays the requests on a list of rows; a new row is -9.
func run(t *testing.T, rows []int, first int, reqs []*sheets.Request) (out []int, moves int) {
	t.Helper()
	for _, r := range reqs {
		switch {
		case r.InsertDimension != nil:
			g := r.InsertDimension.Range
			at, n := int(g.StartIndex)-first, int(g.EndIndex-g.StartIndex)
			rows = slices.Insert(rows, at, slices.Repeat([]int{-9}, n)...)
		case r.DeleteDimension != nil:
			g := r.DeleteDimension.Range
			rows = slices.Delete(rows, int(g.StartIndex)-first, int(g.EndIndex)-first)
		case r.MoveDimension != nil:
			moves++
			from, to := int(r.MoveDimension.Source.StartIndex)-first, int(r.MoveDimension.DestinationIndex)-first
			if to >= from && to <= from+1 {
				t.Error("a move to where the row is")
			}
			v := rows[from]
			rows = slices.Delete(rows, from, from+1)
			if from < to {
				to--
			}
			rows = slices.Insert(rows, to, v)
		}
	}
	return rows, moves
}

// TestRowsAreBroughtIntoOrder, by the fewest moves, somebody's own rows last, what
// stands below the list left where it is.
func TestRowsAreBroughtIntoOrder(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 5))
		n := 1 + r.IntN(12)
		var all []standing
		var rows, theirs, places []int
		in := map[int]bool{}
		for _, k := range r.Perm(n) {
			if r.IntN(4) == 0 {
				continue
			}
			in[k] = true
			all = append(all, standing{kind: rowKept, book: k})
		}
		for range r.IntN(6) {
			s := []standing{{kind: rowBlank}, {kind: rowDeparted}, {kind: rowTyped}, {kind: rowTyped, others: true},
				{kind: rowTheirs, others: true}}[r.IntN(5)]
			s.book = -1
			all = slices.Insert(all, r.IntN(len(all)+1), s)
		}
		last := lastOfList(all)
		for i := range all {
			all[i].at = i
			switch s := all[i]; {
			case s.kind == rowKept:
				rows, places = append(rows, s.book), append(places, s.book)
			case i <= last && s.others:
				rows, places = append(rows, 100+i), append(places, 100+i)
				theirs = append(theirs, 100+i)
			default:
				rows = append(rows, 200+i)
			}
		}
		var want []int
		for k := range n {
			if in[k] {
				want = append(want, k)
			} else {
				want = append(want, -9)
			}
		}
		want = append(want, theirs...)
		for i := last + 1; i < len(all); i++ {
			want = append(want, 200+i)
		}
		reqs, grown := reordered(7, 40, all, n)
		got, moves := run(t, slices.Clone(rows), 40, reqs)
		if !slices.Equal(got, want) || grown != len(want)-len(rows) {
			t.Fatalf("seed %d: %v becomes %v, want %v; grown %d", seed, rows, got, want, grown)
		}
		if fewest := len(places) - rise(places); moves != fewest {
			t.Fatalf("seed %d: %d moves of %v, %d would do", seed, moves, places, fewest)
		}
	}
}

// rise is the length of a longest increasing subsequence, by the obvious n².
func rise(a []int) int {
	best := make([]int, len(a))
	most := 0
	for i := range a {
		best[i] = 1
		for j := range i {
			if a[j] < a[i] {
				best[i] = max(best[i], best[j]+1)
			}
		}
		most = max(most, best[i])
	}
	return most
}

func TestFormulasThatSayTheSame(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		same, shape bool
	}{
		{`=IF('Acteurs agréés'!$B$5=0;"a, b";1)`, `=if( 'Acteurs agréés'!$B$5 = 0, "a, b", 1 )`, true, true},
		{`=SUM(Feuille!A1:A5)`, `=SUM('Feuille'!A1:A5)`, true, true},
		{`="a;b"`, `="a,b"`, false, false},
		{`="A"`, `="a"`, false, false},
		{`=SUM('Un onglet'!$A$1:$A$5)`, `=SUM('Autre, vraiment'!$C$1:$C$9)`, false, true},
		{`=SUM(A1:A5)`, `=SUM('Un onglet'!#REF!)`, false, true},
		{`=SUM(A:A)`, `=SUM(C:C)`, false, true},
		{`=A1+1`, `=A1+2`, false, false},
		{`="A1"`, `="B2"`, false, false},
	} {
		if got := plainFormula(c.a) == plainFormula(c.b); got != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
		if got := shape(c.a) == shape(c.b); got != c.shape {
			t.Errorf("shapes of %s and %s: %s and %s", c.a, c.b, shape(c.a), shape(c.b))
		}
	}
}

// TestGenerationsChain: who reads one state chooses one id; another state, another id.
func TestGenerationsChain(t *testing.T) {
	first := entry{Generation: "g"}.after("s", entry{}, map[int64]bool{})
	again := entry{Generation: "other"}.after("s", entry{}, map[int64]bool{})
	if first.ID != again.ID {
		t.Error("two publishers of an empty spreadsheet choose two ids")
	}
	second := entry{Generation: "h"}.after("s", first, map[int64]bool{first.ID: true})
	rival := entry{Generation: "i"}.after("s", first, map[int64]bool{first.ID: true})
	if second.ID != rival.ID || second.ID == first.ID {
		t.Errorf("%d, %d, %d", first.ID, second.ID, rival.ID)
	}
	third := entry{Generation: "j"}.after("s", second, map[int64]bool{})
	if got := inOrder([]entry{third, first, second}); len(got) != 3 || got[0] != first || lastOf(got) != third {
		t.Errorf("%v", got)
	}
	// Of a chain whose older entries are gone, the last is still the last.
	if got := lastOf(inOrder([]entry{third, second})); got != third {
		t.Errorf("%v", got)
	}
}
