package hugepages

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

func TestReserve(t *testing.T) {
	if !asked() {
		t.Skip("SKIPPED: this system gives huge pages always or never, or memory is limited, so that nothing can be asked")
	}
	Reserve(256 << 20)
	used := make([]byte, 64<<20)
	if at := uintptr(unsafe.Pointer(unsafe.SliceData(used))) + 32<<20; !huge(t, at) {
		t.Error("memory that was used after Reserve was not asked for as huge pages")
	}
}

// TestLimited: where memory is limited, nothing is asked for. Addresses count against some of
// the limits, and a job that had enough before would end.
func TestLimited(t *testing.T) {
	if limited() {
		t.Skip("SKIPPED: memory is limited here")
	}
	for _, of := range []int{syscall.RLIMIT_AS, syscall.RLIMIT_DATA} {
		var was syscall.Rlimit
		if err := syscall.Getrlimit(of, &was); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Setrlimit(of, &syscall.Rlimit{Cur: 1 << 46, Max: was.Max}); err != nil {
			t.Fatal(err)
		}
		if asked() {
			t.Errorf("limit %d is not seen", of)
		}
		if err := syscall.Setrlimit(of, &was); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{"GOMEMLIMIT": "1GiB", "GODEBUG": "madvdontneed=1,disablethp=1"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if asked() {
				t.Errorf("%s=%s is not seen", name, value)
			}
		})
	}
}

// huge reports whether huge pages were asked for an address ("hg" among the flags of its
// mapping, proc_pid_smaps(5)).
func huge(t *testing.T, at uintptr) bool {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var from, to uintptr
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); n == 2 {
			continue
		}
		if flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && from <= at && at < to {
			return strings.Contains(flags+" ", " hg ")
		}
	}
	t.Fatal("the address is in no mapping")
	return false
}
