package hugepages

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"unsafe"
)

func TestReserve(t *testing.T) {
	if !asked() {
		t.Skip("SKIPPED: this system gives huge pages always or never, so that nothing can be asked")
	}
	Reserve(256 << 20)
	used := make([]byte, 64<<20)
	if at := uintptr(unsafe.Pointer(unsafe.SliceData(used))) + 32<<20; !huge(t, at) {
		t.Error("memory that was used after Reserve was not asked for as huge pages")
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
