// Package texts sorts, builds and recognises texts by the million, in little memory. It knows
// nothing of what they mean.
package texts

import (
	"cmp"
	"hash/maphash"
	"iter"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"hdsreport/etl/cores"
)

// Alphabetical returns the numbers 0 to n-1, sorted by their texts byte by byte. Equal
// texts are ordered by then, or by number if then is nil. Most comparisons need only
// the first eight bytes, which are compared as one integer: following two pointers
// would cost more than the rest of the sort.
func Alphabetical(n int, text func(i int) string, then func(i, j int) int) []int32 {
	type entry struct {
		head uint64
		at   int32
	}
	entries := make([]entry, n)
	compare := func(a, b entry) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		c := cmp.Compare(text(int(a.at)), text(int(b.at)))
		if c == 0 && then != nil {
			c = then(int(a.at), int(b.at))
		}
		return cmp.Or(c, cmp.Compare(a.at, b.at))
	}
	middle := n / 2
	sorted := func(from, to int) {
		for i := from; i < to; i++ {
			entries[i] = entry{head(text(i)), int32(i)}
		}
		slices.SortFunc(entries[from:to], compare)
	}
	order := make([]int32, n)
	if n <= cores.Few {
		sorted(0, n)
		for i, e := range entries {
			order[i] = e.at
		}
		return order
	}
	// Sort the two halves at the same time, then merge them.
	var wg sync.WaitGroup
	wg.Go(func() { sorted(0, middle) })
	sorted(middle, n)
	wg.Wait()
	a, b := entries[:middle], entries[middle:]
	for i := range order {
		if len(b) == 0 || len(a) > 0 && compare(a[0], b[0]) < 0 {
			order[i], a = a[0].at, a[1:]
		} else {
			order[i], b = b[0].at, b[1:]
		}
	}
	return order
}

// head returns the first eight bytes of a text as an integer that sorts as the text
// does.
func head(s string) uint64 {
	var h uint64
	for i := range 8 {
		h <<= 8
		if i < len(s) {
			h |= uint64(s[i])
		}
	}
	return h
}

// Table is a hash table of texts, used to find duplicates. Unlike a map, it does not
// hold the texts but a number for each, and reads a text only if the hashes are equal.
// This saves memory and cache misses with a million texts.
type Table struct {
	of    func(int32) string
	seed  maphash.Seed
	slots []slot // a power of two, at most half full
}

type slot struct {
	hash uint32
	at   int32 // of a text, plus one; 0 for a free slot
}

// NewTable returns a table for at most n texts. The function of returns a text by its
// number.
func NewTable(n int, of func(int32) string) *Table {
	return &Table{of: of, seed: maphash.MakeSeed(), slots: make([]slot, 2<<bits.Len(uint(n)))}
}

// First returns the number of the first text seen that equals text i, and whether there
// was one. If there was none, text i is added and its own number is returned.
func (x *Table) First(i int32) (was int32, met bool) {
	text := x.of(i)
	hash := maphash.String(x.seed, text)
	short := uint32(hash >> 32)
	for at := hash & uint64(len(x.slots)-1); ; at = (at + 1) & uint64(len(x.slots)-1) {
		switch s := &x.slots[at]; {
		case s.at == 0:
			*s = slot{short, i + 1}
			return i, false
		case s.hash == short && x.of(s.at-1) == text:
			return s.at - 1, true
		}
	}
}

// Numbers is a set of positive numbers: a hash table with slots of four bytes.
type Numbers []int32 // a power of two, at most half full; 0 for a free place

// NewNumbers returns a set for at most n numbers.
func NewNumbers(n int) Numbers { return make(Numbers, 2<<bits.Len(uint(n))) }

// Add adds a number to the set and reports whether it was new.
func (s Numbers) Add(n int32) bool {
	for at := uint32(n) * 2654435769 & uint32(len(s)-1); ; at = (at + 1) & uint32(len(s)-1) {
		switch s[at] {
		case 0:
			s[at] = n
			return true
		case n:
			return false
		}
	}
}

// Joined builds many short texts in one piece of memory. As separate allocations, a
// million of them would slow down the garbage collector.
type Joined struct {
	text strings.Builder
	ends []int
}

// NewJoined returns a builder of about n texts.
func NewJoined(n int) *Joined {
	j := &Joined{ends: make([]int, 0, n)}
	j.text.Grow(32 * n)
	return j
}

// Add appends one text, the concatenation of parts.
func (j *Joined) Add(parts ...string) {
	for _, p := range parts {
		j.text.WriteString(p)
	}
	j.ends = append(j.ends, j.text.Len())
}

// AddBytes appends one text.
func (j *Joined) AddBytes(text []byte) {
	j.text.Write(text)
	j.ends = append(j.ends, j.text.Len())
}

// Cut returns the texts, in the order in which they were added.
func (j *Joined) Cut() iter.Seq2[int, string] {
	all := j.text.String()
	if j.text.Cap()-len(all) > len(all)/4 {
		all = strings.Clone(all) // they are kept for long
	}
	return func(yield func(int, string) bool) {
		from := 0
		for i, to := range j.ends {
			if !yield(i, all[from:to]) {
				return
			}
			from = to
		}
	}
}

// Arrange reorders things in place: the element at order[i] moves to i. It overwrites
// order.
func Arrange[T any](things []T, order []int32) {
	for i := range order {
		// Follow the cycle of the permutation that i is in.
		held, at := things[i], i
		for {
			from := int(order[at])
			order[at] = int32(at)
			if from == i {
				things[at] = held
				break
			}
			things[at] = things[from]
			at = from
		}
	}
}
