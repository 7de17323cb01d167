package etl_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hdsreport/etl"
)

// held returns what is wrong with names as those behind a count.
func held(what string, n *int, names []string) []string {
	switch {
	case n == nil && names != nil:
		return []string{what + ": names without a count"}
	case n != nil && names == nil:
		return []string{what + ": no names"}
	case n != nil && *n != len(names):
		return []string{fmt.Sprintf("%s: %d counted, %d named", what, *n, len(names))}
	}
	return nil
}

// checkNames returns the counts that do not have as many names as they count.
func checkNames(st *etl.Stats) []string {
	var faults []string
	hold := func(what string, n *int, names []string) { faults = append(faults, held(what, n, names)...) }
	if st.Approved != nil {
		hold("approved", &st.Approved.Actors, st.Approved.Names)
	}
	if st.Certified != nil {
		hold("certified", &st.Certified.Actors, st.Certified.Names)
	}
	if st.Any != nil {
		hold("any", &st.Any.Actors, st.Any.Names)
	}
	for _, p := range st.Positions {
		hold(p.Code+" approved", p.Approved, p.Names.Approved)
		hold(p.Code+" certified", p.Certified, p.Names.Certified)
		hold(p.Code+" any", p.Any, p.Names.Any)
	}
	if a := st.Activities; a != nil {
		for _, k := range slices.Concat(a.ByActivity, a.AllBut, a.Only) {
			hold(k.Key, &k.Actors, k.Names)
		}
		for _, k := range a.ByCount {
			hold(fmt.Sprint(k.Count), &k.Actors, k.Names)
		}
		if n := a.ByCount[0].Actors; n != sum(a.Only) {
			faults = append(faults, fmt.Sprintf("only: %d with one activity, %d named", n, sum(a.Only)))
		}
		if n := a.ByCount[len(a.ByCount)-2].Actors; n != sum(a.AllBut) {
			faults = append(faults, fmt.Sprintf("all but: %d without one activity, %d named", n, sum(a.AllBut)))
		}
	}
	for _, k := range slices.Concat(st.Types, st.Bodies) {
		hold(k.Key, &k.Actors, k.Names)
	}
	for _, d := range st.Deadlines {
		for _, x := range []struct {
			n      *int
			ending []etl.NamedEnd
		}{{d.Approved, d.Ending.Approved}, {d.Certified, d.Ending.Certified}} {
			var names []string
			if x.ending != nil {
				names = make([]string, len(x.ending))
			}
			hold(fmt.Sprint(d.Months, " months"), x.n, names)
			if !slices.IsSortedFunc(x.ending, func(a, b etl.NamedEnd) int { return strings.Compare(a.End, b.End) }) {
				faults = append(faults, fmt.Sprint(d.Months, " months: not by end"))
			}
		}
	}
	return faults
}

func sum(counts []etl.KeyCount) int {
	n := 0
	for _, k := range counts {
		n += k.Actors
	}
	return n
}

// TestNamesStandBehindEachCount: whatever the lists hold, each count has its names.
func TestNamesStandBehindEachCount(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	for range 60 {
		var approved, certified []string
		for range r.IntN(12) {
			approved = append(approved, fmt.Sprintf("Hôte %c | Service %d | | %s", 'A'+rune(r.IntN(9)), r.IntN(3),
				pick("", "01/07/2019", "17/06/2019", "01/05/2020", "01/01/2018")))
		}
		for range r.IntN(12) {
			certified = append(certified, fmt.Sprintf("Hôte %c | %s | %s | %s | %d | | %s", 'A'+rune(r.IntN(9)),
				pick("", "Infogéreur", "les deux"), pick("?", "1", "6", "1 à 5", "2 à 6", "1 à 6", "1, 2"),
				pick("", "LNE", "lne", "BSI Group"), r.IntN(5), pick("", "17/09/2019", "18/09/2019", "01/04/2020")))
		}
		reg := etl.Registry{Actors: []etl.RegistryActor{{ID: "hote-a", Name: "Hôte A", Position: "esn"}}}
		in := input(reg, edition("2019-06-17", approved, certified))
		res := etl.Run(in)
		st := res.WithNames(&in.Reference)
		for _, fault := range checkNames(&st) {
			t.Errorf("%s\n%s\n\n%s", fault, strings.Join(approved, "\n"), strings.Join(certified, "\n"))
		}
	}
}
