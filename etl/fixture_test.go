package etl_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
)

var (
	reference = sync.OnceValue(config.Reference)
	namer     = sync.OnceValue(func() *identity.Namer { return identity.New(config.IdentityTables()) })
)

// table is a file whose lines are given with "|" between cells; lines count from 1.
func table(file string, lines ...string) *etl.Table {
	t := &etl.Table{File: file, Format: "csv"}
	for i, l := range lines {
		row := etl.TableRow{Number: i + 1}
		for c := range strings.SplitSeq(l, "|") {
			row.Cells = append(row.Cells, strings.TrimSpace(c))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

const (
	approvedHeader  = "Hébergeur | Prestation | Date d'agrément | Fin d'agrément"
	certifiedHeader = "Hébergeur | Type de certificat | Activités | Organisme certificateur | N° de certificat | Date de délivrance | Date de fin"
)

// agrees and certifies are whole sources, with the usual header; nil lines make
// a listing that the edition does not have.
func agrees(edition string, lines ...string) etl.Source {
	if lines == nil {
		return etl.Source{}
	}
	return etl.Source{Table: table("editions/"+edition+"/agrees.csv", append([]string{approvedHeader}, lines...)...)}
}

func certifies(edition string, lines ...string) etl.Source {
	if lines == nil {
		return etl.Source{}
	}
	return etl.Source{Numbering: "decree", Table: table("editions/"+edition+"/certifies.csv", append([]string{certifiedHeader}, lines...)...)}
}

func edition(id string, approved, certified []string) etl.EditionInput {
	return etl.EditionInput{ID: id, Sources: [2]etl.Source{agrees(id, approved...), certifies(id, certified...)}}
}

func input(reg etl.Registry, editions ...etl.EditionInput) etl.Input {
	cfg := config.Default()
	th := cfg.Gate
	th.Unclassified = 1 // the names here are nobody's
	return etl.Input{Editions: editions, Registry: reg, Reference: reference(), Thresholds: th, Namer: namer()}
}

// readAlone reads one listing on its own and gives its rows in the order of the
// file.
func readAlone(t testing.TB, list etl.Listing, src etl.Source) (etl.List, []etl.Finding) {
	t.Helper()
	in := input(etl.Registry{}, etl.EditionInput{ID: "2019-06-17"})
	in.Editions[0].Sources[list] = src
	res := etl.Run(in)
	l := res.Edition.List[list]
	slices.SortFunc(l.Rows, func(a, b etl.Row) int { return int(a.Line - b.Line) })
	return l, res.Findings
}

// said are the findings as "place code", those of some codes if any are given.
func said(fs []etl.Finding, codes ...string) []string {
	out := []string{}
	for _, f := range fs {
		if len(codes) == 0 || slices.Contains(codes, f.Code) {
			out = append(out, strings.TrimSpace(f.Place.String()+" "+f.Severity.String()+" "+f.Code))
		}
	}
	return out
}

// names are the activities of a set, by key.
func keysOf(s etl.ActivitySet) string {
	var out []string
	for i, a := range reference().Activities {
		if s.Has(i) {
			out = append(out, a.Key)
		}
	}
	return strings.Join(out, " ")
}

func codesOf(res *etl.Result) []string {
	out := []string{}
	for _, r := range res.Refusals {
		c := r.Finding.Code
		if r.Accepted != nil {
			c += " accepted by " + r.Accepted.By
		}
		out = append(out, c)
	}
	return out
}

// actorOf is the actor of the row with a name, in an edition.
func actorOf(t testing.TB, res *etl.Result, ed int, name string) *etl.Actor {
	t.Helper()
	for _, l := range etl.Listings {
		for _, r := range res.Editions[ed].List[l].Rows {
			if r.Name == name {
				return &res.Actors[r.Actor]
			}
		}
	}
	t.Fatalf("no row %q in edition %s", name, res.Editions[ed].ID)
	return nil
}

// many are n rows of different actors, from a number on.
func many(from, n int) []string {
	out := []string{}
	for i := range n {
		out = append(out, fmt.Sprintf("%s | Hébergement | 01/01/2018 | 31/12/2020", invented(from+i)))
	}
	return out
}

// invented is a name that is like no other: four syllables of a number.
func invented(i int) string {
	syllables := []string{"ba", "ko", "di", "fu", "gra", "plo", "vin", "zel", "mur", "tro"}
	var b strings.Builder
	for n := 0; n < 4; n++ {
		b.WriteString(syllables[(i+3*n*n)%10])
		i = i*7/10 + n
	}
	return strings.ToUpper(b.String()[:1]) + b.String()[1:] + fmt.Sprintf("x%d", i)
}
