package etl

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// A list of a million rows is read and sorted in a few seconds if all cores help.
// Nothing here changes what comes out: stretches write to their own places, and an
// order that is total has one result.

// fewForOne is how many things one core does sooner than several share them.
const fewForOne = 2048

// onAllCores calls do for stretches that together are 0 to n-1. Each call may write
// only what belongs to its stretch.
func onAllCores(n int, do func(from, to int)) {
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
