package cores

import (
	"runtime"
	"slices"
	"testing"
	"time"
)

// Each thing is done once, whatever the number of cores.
func TestEach(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 3} {
		runtime.GOMAXPROCS(cores)
		for name, each := range map[string]func(int, func(from, to int)){"Each": Each, "EachSlow": EachSlow} {
			for _, n := range []int{0, 1, 65, 150, Few, Few + 1, 100_001} {
				done := make([]int, n)
				each(n, func(from, to int) {
					for i := from; i < to; i++ {
						done[i]++
					}
				})
				if i := slices.IndexFunc(done, func(d int) bool { return d != 1 }); i >= 0 {
					t.Errorf("%s of %d things on %d cores: number %d was done %d times", name, n, cores, i, done[i])
				}
			}
		}
	}
}

func TestEvery(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 3} {
		runtime.GOMAXPROCS(cores)
		for _, n := range []int{0, 1, 2, 274} {
			done := make([]int, n)
			Every(n, func(i int) { done[i]++ })
			if i := slices.IndexFunc(done, func(d int) bool { return d != 1 }); i >= 0 {
				t.Errorf("%d things on %d cores: number %d was done %d times", n, cores, i, done[i])
			}
		}
	}
}

// What ranges return comes in their order, whichever ends first.
func TestCollect(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 3} {
		runtime.GOMAXPROCS(cores)
		for _, n := range []int{0, 1, Few, Few + 1, 6 * Few, 100_001} {
			next := 0
			for _, r := range Collect(n, func(from, to int) [2]int {
				if from == 0 {
					time.Sleep(time.Millisecond) // it ends last
				}
				return [2]int{from, to}
			}) {
				if r[0] != next {
					t.Errorf("%d things on %d cores: %d comes after %d", n, cores, r[0], next)
				}
				if r[0] == r[1] && n > 0 {
					t.Errorf("%d things on %d cores: nothing from %d on", n, cores, next)
				}
				next = r[1]
			}
			if next != n {
				t.Errorf("%d things on %d cores: %d were done", n, cores, next)
			}
		}
	}
}
