package atomicfile_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hdsreport/etl/atomicfile"
)

// TestFullDisk: a write that fails half way leaves the old file and no other. The
// system is asked to refuse files of more than a few kilobytes, in a process of
// its own.
func TestFullDisk(t *testing.T) {
	if path := os.Getenv("ATOMICFILE_FULL"); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		_, err := atomicfile.Write(path, make([]byte, 1<<20))
		if err == nil {
			t.Fatal("written whole")
		}
		t.Logf("refused: %v", err)
		return
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		if os.Getenv("HDSTEST_TOOLS") == "required" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, and not checked: ", err)
	}
	path := filepath.Join(t.TempDir(), "a.txt")
	write(t, path, "ancien")
	cmd := exec.Command(sh, "-c", `ulimit -f 16 && exec "$0" -test.run=TestFullDisk -test.v`, os.Args[0])
	cmd.Env = append(os.Environ(), "ATOMICFILE_FULL="+path)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "refused: ") || !strings.Contains(string(out), "unchanged") {
		t.Fatalf("%v: %s", err, out)
	}
	holds(t, path, "ancien")
}
