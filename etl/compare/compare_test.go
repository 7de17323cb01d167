package compare_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hdsreport/etl/compare"
)

var words = compare.Words{
	Alike: func(a, b string) bool { return folded(a) == folded(b) },
	Fold:  folded,
	Key:   strings.ToLower,
}

func folded(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" .,-'", r) }), " ")
}

type text string

func (t text) String() string { return string(t) }

func values(said ...string) []compare.Value {
	out := make([]compare.Value, len(said))
	for i, s := range said {
		if s != "" {
			out[i] = text(s)
		}
	}
	return out
}

// list makes a list of lines "id | name | source | value | value …", the fields being
// service, from and until.
func list(lines ...string) *compare.List {
	l := &compare.List{Fields: []string{"service", "from", "until"}}
	for _, line := range lines {
		cells := strings.Split(line, "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		r := compare.Row{ID: cells[0], Name: cells[1], Source: cells[2], Values: values(cells[3:]...)}
		r.Actor, _, _ = strings.Cut(r.ID, "/")
		r.Ends = cells[5]
		if r.ID == "" {
			l.ByHand = append(l.ByHand, r)
		} else {
			l.Rows = append(l.Rows, r)
		}
	}
	return l
}

// told are the changes as lines "kind: what".
func told(c compare.Changes) []string {
	out := []string{}
	actors := func(kind string, as []compare.Actor) {
		for _, a := range as {
			out = append(out, kind+": "+strings.TrimSpace(a.ID+" "+a.Name))
		}
	}
	names := func(kind string, rs []compare.Rename) {
		for _, r := range rs {
			out = append(out, kind+": "+r.ID+" "+r.Was+" > "+r.Now)
		}
	}
	rows := func(kind string, cs []compare.Change) {
		for _, c := range cs {
			line := kind + ": " + c.ID
			if c.WasID != "" {
				line += " (was " + c.WasID + ")"
			}
			for _, f := range c.Fields {
				line += " " + f.Field + " " + compare.Said(f.Was) + " > " + compare.Said(f.Now)
			}
			out = append(out, line)
		}
	}
	actors("arrived", c.Arrived)
	actors("left", c.Left)
	names("renamed", c.Renamed)
	rows("changed", c.Changed)
	actors("added", c.Added)
	actors("removed", c.Removed)
	names("respelt", c.Respelt)
	rows("retyped", c.Retyped)
	actors("by hand", c.ByHand)
	actors("was by hand", c.WasHand)
	for _, id := range c.Repeated {
		out = append(out, "repeated: "+id)
	}
	return out
}

func TestEachKindOfChange(t *testing.T) {
	for _, c := range []struct {
		what     string
		old, new *compare.List
		want     []string
	}{
		{"rows in another order", list("a/1 | A | A | s | x | y", "b/1 | B | B | s | x | y"), list("b/1 | B | B | s | x | y", "a/1 | A | A | s | x | y"), nil},
		{"arrived and left", list("a/1 | A | A | s | x | y"), list("b/1 | B | B | s | x | y"), []string{"arrived: b B", "left: a A"}},
		{"a value", list("a/1 | A | A | s | x | 2019-06-17"), list("a/1 | A | A | s | x | 2020-06-17"), []string{"changed: a/1 until 2019-06-17 > 2020-06-17"}},
		{"a value that was not stated", list("a/1 | A | A | s | x |"), list("a/1 | A | A | s | x | 2020"), []string{"changed: a/1 until  > 2020"}},
		{"the same words in another case", list("a/1 | A | A | un service | x | y"), list("a/1 | A | A | Un Service | x | y"), []string{"retyped: a/1 service un service > Un Service"}},
		{"another name", list("a/1 | Alpha | Alpha | s | x | y"), list("a/1 | Omega | Omega | s | x | y"), []string{"renamed: a Alpha > Omega"}},
		{"another spelling", list("a/1 | ALPHA | ALPHA | s | x | y"), list("a/1 | Alpha | Alpha | s | x | y"), []string{"respelt: a ALPHA > Alpha"}},
		{"the source calls it otherwise, readers do not", list("a/1 | Alpha | AL | s | x | y"), list("a/1 | Alpha | Alpha SA | s | x | y"), []string{"respelt: a AL > Alpha SA"}},
		{"renamed once, however many rows", list("a/1 | Alpha | Alpha | s | x | y", "a/2 | Alpha | ALPHA | s | x | y"), list("a/1 | Omega | Omega | s | x | y", "a/2 | Omega | Omega | s | x | y"), []string{"renamed: a Alpha > Omega"}},
		{"a number that became another", list("a/1 | A | A | s1 | x | y"), list("a/2 | A | A | s2 | x | y"), []string{"changed: a/2 (was a/1) service s1 > s2"}},
		{"one of two rows got another number", list("a/1 | A | A | s1 | x | y", "a/2 | A | A | s2 | x | y"), list("a/3 | A | A | s3 | x | y", "a/1 | A | A | s1 | x | y"), []string{"changed: a/3 (was a/2) service s2 > s3"}},
		{"two of them did: nobody can tell which is which", list("a/1 | A | A | s1 | x | y", "a/2 | A | A | s2 | x | y"), list("a/3 | A | A | s3 | x | y", "a/4 | A | A | s4 | x | y"),
			[]string{"added: a/3 A", "added: a/4 A", "removed: a/1 A", "removed: a/2 A"}},
		{"two were retyped: their words tell", list("a/1 | A | A | un | x | y", "a/2 | A | A | deux | x | y"), list("a/3 | A | A | DEUX | x | y", "a/4 | A | A | UN | x | y"),
			[]string{"retyped: a/3 (was a/2) service deux > DEUX", "retyped: a/4 (was a/1) service un > UN"}},
		{"a row of an actor that stays", list("a/1 | A | A | s | x | y"), list("a/1 | A | A | s | x | y", "a/2 | A | A | t | x | y"), []string{"added: a/2 A"}},
		{"twins, of which the first goes", list("a/1 | A | A | s | x | y", "a/1#2 | A | A | s | x | z"), list("a/1 | A | A | s | x | z"), []string{"removed: a/1 A"}},
		{"twins, of which one changes", list("a/1 | A | A | s | x | y", "a/1#2 | A | A | s | x | z"), list("a/1 | A | A | s | x | w", "a/1#2 | A | A | s | x | y"), []string{"changed: a/1 (was a/1#2) until z > w"}},
		{"a third twin", list("a/1 | A | A | s | x | y", "a/1#2 | A | A | s | x | y"), list("a/1 | A | A | s | x | y", "a/1#2 | A | A | s | x | y", "a/1#3 | A | A | s | x | y"), []string{"added: a/1#3 A"}},
		{"a copied row", list("a/1 | A | A | s | x | y"), list("a/1 | A | A | s | x | y", "a/1 | A | A | s | x | z"), []string{"added: a/1 A", "repeated: a/1"}},
		{"a row typed by hand", list("a/1 | A | A | s | x | y"), list("a/1 | A | A | s | x | y", "| Nouveau | | s | x | y"), []string{"by hand: Nouveau"}},
		{"a row typed by hand, on both sides", list("a/1 | A | A | s | x | y", "| N | | s | x | y", "| N | | s | x | z"), list("| N | | s | x | z", "a/1 | A | A | s | x | y", "| N | | s | x | z", "| N | | s | x | y"), []string{"by hand: N"}},
		{"a row typed by hand, changed", list("| N | | s | x | y"), list("| N | | s | x | z"), []string{"by hand: N", "was by hand: N"}},
		{"a name that somebody emptied", list("a/1 | A | A | s | x | y", "b/1 | B | B | s | x | y"), list("a/1 | A | A | s | x | y", "b/1 | | B | s | x | y"), []string{"renamed: b B > "}},
		{"a list without the column of names", list("a/1 | A | A | s | x | y"), list("a/1 | | A | s | x | y"), nil},
		{"an actor whose id begins another's", list("a/1 | A | A | s | x | y"), list("a/1 | A | A | s | x | y", "a-b/1 | AB | AB | s | x | y"), []string{"arrived: a-b AB"}},
	} {
		if diff := cmp.Diff(c.want, told(compare.Lists(c.old, c.new, words)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

func TestPositionIsTheActors(t *testing.T) {
	positioned := func(position string, ids ...string) *compare.List {
		l := &compare.List{Fields: []string{compare.Position}}
		for _, id := range ids {
			l.Rows = append(l.Rows, compare.Row{ID: id, Actor: "a", Name: "A", Values: values(position)})
		}
		return l
	}
	got := told(compare.Lists(positioned("esn", "a/1", "a/2", "a/3"), positioned("telecom", "a/3", "a/2", "a/1"), words))
	if diff := cmp.Diff([]string{"changed: a/1 position esn > telecom"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFieldsOfOneSideOnly(t *testing.T) {
	old := &compare.List{Fields: []string{"x", "kept"}, Rows: []compare.Row{{ID: "a", Actor: "a", Name: "A", Values: values("1", "k")}}}
	new := &compare.List{Fields: []string{"kept", "y"}, Rows: []compare.Row{{ID: "a", Actor: "a", Name: "A", Values: values("k", "2")}}}
	c := compare.Lists(old, new, words)
	if !c.Empty() || !slices.Equal(c.Fields, []string{"kept"}) || !slices.Equal(c.OnlyOld, []string{"x"}) || !slices.Equal(c.OnlyNew, []string{"y"}) {
		t.Errorf("%+v", c)
	}
}

func TestMovedAndEnds(t *testing.T) {
	old := &compare.Side{Day: "2019-02-28", Lists: [2]*compare.List{
		list("a/1 | A | A | s | x | 2019-12-31", "b/1 | B | B | s | x | 2019-03-31", "b/2 | B | B | s | x | 2019-01-31", "c/1 | C | C | s | x | 2020-01-01", "d/1 | D | D | s | x | 2019-06-17", "p/1 | P | P | s | x |"), list()}}
	new := &compare.Side{Day: "2019-06-17", Succeeds: [][2]string{{"q", "p"}, {"z", "c"}}, Lists: [2]*compare.List{
		list("b/1 | B | B | s | x | 2019-03-31", "b/2 | B | B | s | x | 2019-01-31", "c/1 | C | C | s | x | 2020-01-01", "d/1 | D | D | s | x | 2019-06-17"),
		list("a/9 | A | A | s | x | y", "q/1 | Q | Q | s | x | y", "z/1 | Z | Z | s | x | y")}}
	d := compare.Sides(old, new, words)
	if diff := cmp.Diff([]compare.Actor{{ID: "a", Name: "A"}, {ID: "q", Name: "Q"}}, d.Moved); diff != "" {
		t.Error(diff)
	}
	// The last day still counts; b's second end had passed before.
	if diff := cmp.Diff([]compare.Ending{{ID: "b/1", Name: "B", End: "2019-03-31", New: true}, {ID: "b/2", Name: "B", End: "2019-01-31"}}, d.Lists[0].Overdue); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]compare.Ending{{ID: "a", Name: "A", End: "2019-12-31"}}, d.Lists[0].Early); diff != "" {
		t.Error(diff)
	}
}

// world is a list made at random, small enough that everything clashes.
func world(r *rand.Rand) *compare.List {
	l := &compare.List{Fields: []string{compare.Position, "service", "from"}}
	seen := map[string]int{}
	for range r.IntN(12) {
		actor := string(rune('a' + r.IntN(4)))
		id := actor
		if n := r.IntN(4); n > 0 {
			id += fmt.Sprintf("/%d", n)
		}
		if seen[id]++; seen[id] > 1 && r.IntN(8) > 0 { // mostly twins, at times copies
			id += fmt.Sprintf("#%d", seen[id])
		}
		pick := func(of ...string) string { return of[r.IntN(len(of))] }
		l.Rows = append(l.Rows, compare.Row{ID: id, Actor: actor, Name: pick("Nom", "NOM", "Autre") + actor, Source: pick("nom", "N.O.M.", "autre"),
			Values: values(pick("p", "q"), pick("s", "S", "t", ""), pick("2019", "2020"))})
	}
	return l
}

func mirrored(c compare.Changes) compare.Changes {
	c.Before, c.Now, c.RowsBefore, c.RowsNow = c.Now, c.Before, c.RowsNow, c.RowsBefore
	c.Arrived, c.Left, c.Added, c.Removed, c.ByHand, c.WasHand = c.Left, c.Arrived, c.Removed, c.Added, c.WasHand, c.ByHand
	return c
}

// TestLaws: nothing changes from a list to itself in any order; and the other way
// round the same is told, with before and now exchanged.
func TestLaws(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 5))
		a, b := world(r), world(r)
		shuffled := &compare.List{Fields: a.Fields, Rows: slices.Clone(a.Rows)}
		r.Shuffle(len(a.Rows), func(i, j int) {
			shuffled.Rows[i], shuffled.Rows[j] = shuffled.Rows[j], shuffled.Rows[i]
		})
		same := compare.Lists(a, a, words)
		if !same.Empty() || len(same.Respelt)+len(same.Retyped) > 0 {
			t.Fatalf("seed %d: a list differs from itself: %v", seed, told(same))
		}
		there, again := compare.Lists(a, b, words), compare.Lists(shuffled, b, words)
		if diff := cmp.Diff(there, again); diff != "" {
			t.Fatalf("seed %d: the order of rows plays a part:\n%s", seed, diff)
		}
		// Who is told, without what is written in the order of the new names and ids.
		back := mirrored(compare.Lists(b, a, words))
		ids := func(as []compare.Actor) []string {
			out := []string{}
			for _, x := range as {
				out = append(out, x.ID)
			}
			slices.Sort(out)
			return out
		}
		// Each value the other way round. A position is told with one of its actor's rows,
		// the first by its new identifier.
		values := func(c compare.Changes, back bool) []string {
			out := []string{}
			for _, x := range slices.Concat(c.Changed, c.Retyped) {
				now, was := x.ID, x.WasID
				if was == "" {
					was = now
				}
				for _, f := range x.Fields {
					line := []string{was, now, f.Field, compare.Said(f.Was), compare.Said(f.Now)}
					if back {
						line = []string{now, was, f.Field, compare.Said(f.Now), compare.Said(f.Was)}
					}
					if f.Field == compare.Position {
						line[0], line[1] = now[:1], now[:1]
					}
					out = append(out, strings.Join(line, " "))
				}
			}
			slices.Sort(out)
			return out
		}
		if diff := cmp.Diff(values(there, false), values(compare.Lists(b, a, words), true)); diff != "" {
			t.Fatalf("seed %d: values the other way round (-there +back):\n%s", seed, diff)
		}
		if there.Before != back.Before || there.RowsNow != back.RowsNow || there.Empty() != back.Empty() {
			t.Fatalf("seed %d: counts differ the other way round", seed)
		}
		for _, pair := range [][2][]compare.Actor{{there.Arrived, back.Arrived}, {there.Left, back.Left}, {there.Added, back.Added}, {there.Removed, back.Removed}} {
			if diff := cmp.Diff(ids(pair[0]), ids(pair[1])); diff != "" {
				t.Fatalf("seed %d: the other way round (-there +back):\n%s", seed, diff)
			}
		}
		if len(there.Renamed) != len(back.Renamed) || len(there.Respelt) != len(back.Respelt) {
			t.Fatalf("seed %d: names differ the other way round: %v %v", seed, told(there), told(back))
		}
	}
}

// BenchmarkLists: what a row costs is level; a comparison of pairs would show.
func BenchmarkLists(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			make := func(from int) *compare.List {
				l := &compare.List{Fields: []string{"service"}}
				for i := range n {
					id := fmt.Sprintf("a%d", from+i)
					l.Rows = append(l.Rows, compare.Row{ID: id + "/1", Actor: id, Name: id, Values: values(fmt.Sprint((from + i) % (n / 3)))})
				}
				return l
			}
			old, new := make(0), make(n/10)
			for b.Loop() {
				compare.Lists(old, new, words)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
		})
	}
}

// TestAnApostropheIsNoOtherRow: a service written otherwise gives its row another
// identifier, and the row is followed however many the actor has and whatever else changed.
func TestAnApostropheIsNoOtherRow(t *testing.T) {
	was := list("a/1 | A | A | l'archivage | 2018 | 2021", "a/2 | A | A | sauvegarde | 2018 | 2021", "a/3 | A | A | tout | 2018 | 2021")
	is := list("a/4 | A | A | L.ARCHIVAGE | 2018 | 2022", "a/5 | A | A | Sauvegarde | 2018 | 2023", "a/6 | A | A | rien | 2018 | 2021", "a/7 | A | A | un peu | 2018 | 2021")
	want := []string{"added: a/6 A", "added: a/7 A", "changed: a/4 (was a/1) until 2021 > 2022",
		"changed: a/5 (was a/2) until 2021 > 2023", "removed: a/3 A", "retyped: a/4 (was a/1) service l'archivage > L.ARCHIVAGE",
		"retyped: a/5 (was a/2) service sauvegarde > Sauvegarde"}
	got := told(compare.Lists(was, is, words))
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
