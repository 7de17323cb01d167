package texts

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hdsreport/etl/cores"
)

// Long and short lists, on one core and on several, come in the order that the
// standard library gives them, equal texts too.
func TestAlphabetical(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, cores.Few, cores.Few + 1, 20_000} {
		texts := make([]string, n)
		for i := range texts {
			// Alike for more than eight bytes, a part of another, ending in a zero byte.
			texts[i] = []string{"", "etablis", "etablissement ", "é"}[r.IntN(4)] + fmt.Sprint(r.IntN(n)) + []string{"", "\x00"}[r.IntN(2)]
		}
		tie := func(i, j int) int { return cmp.Compare(j, i) }
		for _, then := range []func(i, j int) int{nil, tie} {
			want := make([]int32, n)
			for i := range want {
				want[i] = int32(i)
			}
			slices.SortStableFunc(want, func(a, b int32) int {
				c := cmp.Compare(texts[a], texts[b])
				if c == 0 && then != nil {
					c = then(int(a), int(b))
				}
				return c
			})
			for _, several := range []int{1, 4} {
				runtime.GOMAXPROCS(several)
				if got := Alphabetical(n, func(i int) string { return texts[i] }, then); !slices.Equal(got, want) {
					t.Errorf("%d texts on %d cores are out of order", n, several)
				}
			}
		}
	}
}

func TestArrange(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 40 {
		things, order := make([]int, n), make([]int32, n)
		for i, at := range r.Perm(n) {
			things[i], order[i] = 100+i, int32(at)
		}
		want := make([]int, n)
		for i, at := range order {
			want[i] = things[at]
		}
		if Arrange(things, order); !slices.Equal(things, want) {
			t.Errorf("%d things: %v, want %v", n, things, want)
		}
	}
}

// A text is found again among others of its hash's place, and the first one is told.
func TestTextsThatWereMet(t *testing.T) {
	said := make([]string, 5000)
	for i := range said {
		said[i] = strconv.Itoa(i % 3001)
	}
	met := NewTable(len(said), func(i int32) string { return said[i] })
	for i := range said {
		was, twice := met.First(int32(i))
		if want := i % 3001; int(was) != want || twice != (i >= 3001) {
			t.Fatalf("the text %d was met at %d (%v), want %d", i, was, twice, want)
		}
	}
}

// Two texts of one hash are two texts.
func TestTextsWithOneHash(t *testing.T) {
	said := []string{"a", "b"}
	met := NewTable(len(said), func(i int32) string { return said[i] })
	hash := maphash.String(met.seed, "b")
	met.slots[hash&uint64(len(met.slots)-1)] = slot{uint32(hash >> 32), 0 + 1} // as if "a" had it
	for _, again := range []bool{false, true} {
		if was, twice := met.First(1); was != 1 || twice != again {
			t.Errorf("%q was met at %d (%v)", said[1], was, twice)
		}
	}
}

func TestNumbers(t *testing.T) {
	set := NewNumbers(4000)
	for _, again := range []bool{false, true} {
		for n := range int32(4000) {
			if set.Add(n*1024+1) == again {
				t.Fatalf("%d: new is %v", n*1024+1, !again)
			}
		}
	}
}

func TestJoined(t *testing.T) {
	j := NewJoined(1)
	want := []string{"a/b", "", "é", strings.Repeat("x", 100)}
	j.Add("a", "/", "b")
	for _, s := range want[1:] {
		j.Add(s)
	}
	var got []string
	for i, s := range j.Cut() {
		if i != len(got) {
			t.Errorf("the number %d comes after %d texts", i, len(got))
		}
		got = append(got, s)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
