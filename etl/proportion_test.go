package etl_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// shape is a list, and a registry, of n things that are of one kind.
type shape struct {
	name string
	n    int
	make func(n int) (names []string, reg etl.Registry)
}

// cased is one of the ways to write a word in small letters and capitals.
func cased(word string, way int) string {
	b := []byte(word)
	for i := range b {
		if way>>i&1 == 1 {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

// lettered is a word of its own for each number.
func lettered(i int) string {
	return "Z" + string([]byte{'a' + byte(i%26), 'a' + byte(i/26%26), 'a' + byte(i/676%26), 'a' + byte(i/17576%26)})
}

func each(n int, name func(i int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = name(i)
	}
	return out
}

// shapes are lists made to take long: each was, or could become, quadratic.
var shapes = []shape{
	{"long names", 2000, func(n int) ([]string, etl.Registry) {
		return each(10, func(i int) string {
			return strings.Join(each(n, func(k int) string { return lettered(17*k + i) }), " ")
		}), etl.Registry{}
	}},
	{"long words", 2000, func(n int) ([]string, etl.Registry) {
		return each(40, func(i int) string {
			return strings.Join(each(n/20, func(k int) string { return lettered(i + 31*k) }), "")
		}), etl.Registry{}
	}},
	{"spellings of one key", 4000, func(n int) ([]string, etl.Registry) {
		return each(n, func(i int) string { return cased("alphabetasystemes", i) }), etl.Registry{}
	}},
	{"spellings with forms", 4000, func(n int) ([]string, etl.Registry) {
		return each(n, func(i int) string {
			return cased("alphabetasystemes", i) + [...]string{"", " AG", " GmbH", " SAS", " SARL"}[i%5]
		}), etl.Registry{}
	}},
	{"brackets", 4000, func(n int) ([]string, etl.Registry) {
		return each(n, func(i int) string { return "Alpha (" + lettered(i) + ")" }), etl.Registry{}
	}},
	{"acronyms", 10000, func(n int) ([]string, etl.Registry) {
		return each(n, func(i int) string { return fmt.Sprintf("AB%d (Alpha Beta %d)", i, i) }), etl.Registry{}
	}},
	{"acronyms apart", 5000, func(n int) ([]string, etl.Registry) {
		return append(each(n, func(i int) string { return fmt.Sprintf("AB%d (Alpha Beta %d)", i, i) }), each(n, func(i int) string { return fmt.Sprintf("Alpha Beta %d", i) })...), etl.Registry{}
	}},
	{"one word shared", 2000, func(n int) ([]string, etl.Registry) {
		return each(n, func(i int) string { return "Santé " + lettered(i) }), etl.Registry{}
	}},
	{"aliases of one key", 4000, func(n int) ([]string, etl.Registry) {
		reg := etl.Registry{Actors: []etl.RegistryActor{{ID: "alpha", Name: "Alpha"}}}
		for i := range n {
			reg.Names = append(reg.Names, etl.RegistryName{Actor: "alpha", Name: cased("alphabetasystemes", i), Kind: "alias"})
		}
		return each(n, func(i int) string { return cased("alphabetasystemes", n+i) }), reg
	}},
	{"one name of many actors", 4000, func(n int) ([]string, etl.Registry) {
		var reg etl.Registry
		for i := range n {
			reg.Actors = append(reg.Actors, etl.RegistryActor{ID: strings.ToLower(lettered(i)), Name: lettered(i)})
			reg.Names = append(reg.Names, etl.RegistryName{Actor: strings.ToLower(lettered(i)), Name: "Gamma", Kind: "former", From: fmt.Sprint(1000 + i%4000), To: fmt.Sprint(1000 + i%4000)})
		}
		return each(n, lettered), reg
	}},
	{"former names", 10000, func(n int) ([]string, etl.Registry) {
		var reg etl.Registry
		for i := range n {
			reg.Actors = append(reg.Actors, etl.RegistryActor{ID: strings.ToLower(lettered(i)), Name: lettered(i)})
			reg.Names = append(reg.Names, etl.RegistryName{Actor: strings.ToLower(lettered(i)), Name: lettered(i) + " Ancien", Kind: "former", To: "2017"})
		}
		return each(n, lettered), reg
	}},
	{"decisions", 20000, decided(200, func(i int) (string, string, string) { return lettered(2 * i), lettered(2*i + 1), "different" })},
	{"decisions about ids", 20000, decided(200, func(i int) (string, string, string) {
		return strings.ToLower(lettered(i)), strings.ToLower(lettered(i + 1)), "different"
	})},
	{"a chain of decisions", 5000, decided(5000, func(i int) (string, string, string) { return lettered(i), lettered(i + 1), "same" })},
	{"one name in many decisions", 10000, decided(5000, func(i int) (string, string, string) {
		return "Zaaaa", lettered(i + 1), [...]string{"same", "different", "successor"}[i%3]
	})},
}

func decided(names int, decision func(i int) (left, right, judgement string)) func(n int) ([]string, etl.Registry) {
	return func(n int) ([]string, etl.Registry) {
		var reg etl.Registry
		for i := range n {
			l, r, j := decision(i)
			reg.Decisions = append(reg.Decisions, etl.RegistryDecision{Left: l, Right: r, Judgement: j, By: "A", Date: "2019-06-01", Place: etl.Place{File: "registry/decisions.csv", Row: i + 2}})
		}
		return each(names, lettered), reg
	}
}

// BenchmarkProportion shows for lists made to take long how time grows with them:
// exponent 1 is in proportion, 2 quadratic. It takes the best of three runs of each
// size.
//
//	go test -run '^$' -bench Proportion -benchtime 1x ./etl
func BenchmarkProportion(b *testing.B) {
	for _, s := range shapes {
		b.Run(strings.ReplaceAll(s.name, " ", "-"), func(b *testing.B) {
			seconds := func(n int) float64 {
				names, reg := s.make(n)
				rows := each(len(names), func(i int) string { return fmt.Sprintf("%s | Prestation | 01/01/2018 | 31/12/2020", names[i]) })
				best := math.Inf(1)
				for range 3 {
					in := input(reg, edition("2019-06", rows, nil))
					start := time.Now()
					etl.Run(in).Merges(namer(), message.In("en"))
					best = min(best, time.Since(start).Seconds())
				}
				return best
			}
			for b.Loop() {
				one, four := seconds(s.n), seconds(4*s.n)
				b.ReportMetric(math.Log2(four/one)/2, "exponent")
				b.ReportMetric(four, "s")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
