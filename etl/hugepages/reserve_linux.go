package hugepages

import (
	"sync"
	"syscall"
	"unsafe"
)

// From madvise(2); package syscall does not have them.
const (
	adviseHuge = 14 // MADV_HUGEPAGE: what is used from now on
	collapse   = 25 // MADV_COLLAPSE: what is used already, at once; since Linux 6.1
)

const hugePage = 2 << 20

// piece is the size of a stack, a power of two. room is nearly all of it, in two halves.
const (
	piece = 32 << 20
	room  = piece - 64<<10
)

// first lets the four megabytes that the heap begins with be huge pages. The runtime has used
// some pages of them before any package was initialised, for this goroutine's stack too.
func first() {
	if !asked() {
		return
	}
	var here byte
	at := uintptr(unsafe.Pointer(&here)) &^ (hugePage - 1)
	for block := at - 2*hugePage; block <= at+2*hugePage; block += hugePage {
		// Where nothing is mapped, or nothing was used yet, the one or the other fails, which is right.
		syscall.Syscall(syscall.SYS_MADVISE, block, hugePage, adviseHuge)
		syscall.Syscall(syscall.SYS_MADVISE, block, hugePage, collapse)
	}
}

// Reserve lets the next size bytes of memory that the process takes from the system be huge
// pages. It takes no memory itself, only addresses, and less than a tenth of a millisecond.
// Where the system does not wait to be asked, or memory is limited, it does nothing.
func Reserve(size int64) {
	if unsafe.Sizeof(uintptr(0)) < 8 || !asked() {
		return
	}
	// All stacks must be there before the first one ends, which would be used again.
	var there, gone sync.WaitGroup
	n := int((size + piece - 1) / piece)
	there.Add(n)
	for range n {
		gone.Go(func() {
			var top byte
			ask(&top, nil)
			there.Done()
			there.Wait()
		})
	}
	gone.Wait()
}

// ask asks for the stack that it runs on, of which top is in the last page. It is called without
// an array. But if there were one, it would be copied twice, to a place of its own and for the
// call, so the runtime finds a stack with room for both. The room is never touched.
//
//go:noinline
func ask(top *byte, never *[room / 2]byte) {
	if never != nil {
		use(*never)
	}
	page := uintptr(syscall.Getpagesize())
	to := uintptr(unsafe.Pointer(top))&^(page-1) + page
	syscall.Syscall(syscall.SYS_MADVISE, to-piece, piece, adviseHuge)
}

//go:noinline
func use([room / 2]byte) {}

// asked reports whether the system gives huge pages where it is asked for them, and nobody has
// limited memory. Addresses that are asked for count against the limits of a process, and so
// do huge pages of which only a part is used.
func asked() bool {
	return says("/sys/kernel/mm/transparent_hugepage/enabled", "[madvise]") && !limited()
}

// limited reports whether memory is limited: by the system (ulimit -v or -d, and a kernel that
// promises no more than it has), or by who has set the runtime's own limit.
func limited() bool {
	const infinity = ^uint64(0) // RLIM_INFINITY
	for _, of := range []int{syscall.RLIMIT_AS, syscall.RLIMIT_DATA} {
		var l syscall.Rlimit
		if err := syscall.Getrlimit(of, &l); err != nil || l.Cur != infinity {
			return true
		}
	}
	_, bounded := syscall.Getenv("GOMEMLIMIT")
	debug, _ := syscall.Getenv("GODEBUG")
	return bounded || contains(debug, "disablethp=1") || says("/proc/sys/vm/overcommit_memory", "2")
}

// says reports whether a short file of the system has a word.
func says(file, word string) bool {
	f, err := syscall.Open(file, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer syscall.Close(f)
	var said [64]byte
	n, _ := syscall.Read(f, said[:])
	return contains(string(said[:max(n, 0)]), word)
}

// contains is that of package strings, which would be initialised before this one.
func contains(s, word string) bool {
	for i := 0; i+len(word) <= len(s); i++ {
		if s[i:i+len(word)] == word {
			return true
		}
	}
	return false
}
