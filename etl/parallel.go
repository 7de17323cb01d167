package etl

import (
	"cmp"
	"hash/maphash"
	"iter"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

// A list of a million rows is read and sorted in a few seconds if all cores help.
// Nothing here changes what comes out: stretches write to their own places, and an
// order that is total has one result.

// fewForOne is how many things one core does sooner than several share them.
const fewForOne = 2048

// OnAllCores calls do for stretches that together are 0 to n-1. Each call may write
// only what belongs to its stretch.
func OnAllCores(n int, do func(from, to int)) {
	cores := runtime.GOMAXPROCS(0)
	if n <= fewForOne || cores == 1 {
		do(0, n)
		return
	}
	// Several a core, since stretches differ in work.
	size := max(fewForOne/2, (n+4*cores-1)/(4*cores))
	var wg sync.WaitGroup
	for from := 0; from < n; from += size {
		wg.Go(func() { do(from, min(from+size, n)) })
	}
	wg.Wait()
}

// alphabetical is the numbers 0 to n-1 in the order of their texts, byte by byte,
// equal texts as then says (nil for by number). Most comparisons are of the first
// eight bytes as one integer: following two pointers costs more than the rest of the
// sort.
func alphabetical[T string | []byte](n int, text func(i int) T, then func(i, j int) int) []int32 {
	type entry struct {
		head uint64
		at   int32
	}
	entries := make([]entry, n)
	compare := func(a, b entry) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		c := cmp.Compare(string(text(int(a.at))), string(text(int(b.at))))
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
	if n <= fewForOne {
		sorted(0, n)
		for i, e := range entries {
			order[i] = e.at
		}
		return order
	}
	// Two halves at a time, then merged.
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

// head is a text's first eight bytes, in the order of texts.
func head[T string | []byte](s T) uint64 {
	var h uint64
	for i := range 8 {
		h <<= 8
		if i < len(s) {
			h |= uint64(s[i])
		}
	}
	return h
}

// texts finds texts that were met before. A map of a million texts holds each of
// them, and is followed from place to place; this holds a number for each, and asks
// for the text itself only where the hashes agree.
type texts struct {
	of    func(int32) string
	seed  maphash.Seed
	slots []slot // a power of two, at most half full
}

type slot struct {
	hash uint32
	at   int32 // of a text, plus one; 0 for a free slot
}

// newTexts is for at most n texts, which of gives by number.
func newTexts(n int, of func(int32) string) *texts {
	return &texts{of: of, seed: maphash.MakeSeed(), slots: make([]slot, 2<<bits.Len(uint(n)))}
}

// first is the number of the first text that was asked about and equals this one's;
// a text that equals none is itself the first.
func (x *texts) first(i int32) (was int32, met bool) {
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

// numbers is a set of positive numbers, in four bytes each and as much of air.
type numbers []int32 // a power of two, at most half full; 0 for a free place

func newNumbers(n int) numbers { return make(numbers, 2<<bits.Len(uint(n))) }

// add tells that a number is new to the set.
func (s numbers) add(n int32) bool {
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

// joined makes many short texts that are kept together: one piece of memory, where a
// million small ones would each be looked at whenever garbage is collected.
type joined struct {
	text []byte
	ends []int
}

func newJoined(n int) *joined { return &joined{text: make([]byte, 0, 32*n), ends: make([]int, 0, n)} }

// add adds the text of some parts.
func (j *joined) add(parts ...string) {
	for _, p := range parts {
		j.text = append(j.text, p...)
	}
	j.ends = append(j.ends, len(j.text))
}

// cut gives the texts by number.
func (j *joined) cut() iter.Seq2[int, string] {
	all := string(j.text)
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

// arrange puts things in the order of a list of their numbers, which it uses up.
func arrange[T any](things []T, order []int32) {
	for i := range order {
		// Round the circle of places that i is in.
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
