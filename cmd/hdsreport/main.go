// Command hdsreport turns editions of the two official lists of health-data
// hosts into a workbook: two data sheets and a summary. See the README.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/term"
)

func main() {
	paceCollection()
	c := &Command{
		Stdin:    os.Stdin,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Environ:  os.Environ(),
		Now:      time.Now,
		Terminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	log.SetFlags(0)
	log.SetOutput(libraries{c.logged(os.Stderr)})
	os.Exit(c.Main(os.Args[1:]))
}

// libraries is where libraries log, net/http among them: it quotes what a server sends
// unasked. What begins a line here, or stands after ##[, GitHub would take for a command.
type libraries struct{ w io.Writer }

func (l libraries) Write(p []byte) (int, error) {
	if _, err := fmt.Fprintf(l.w, "hdsreport: a library says: %.300q\n", strings.TrimSpace(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// paceCollection says how much garbage may gather before it is collected. The first
// run is put off until the heap holds some thirty megabytes: it would otherwise start
// at four, and run ten times in a job of thirty milliseconds. Of a long list so much
// may gather as keeps its heap even, while what is in use grows: memory that was never
// touched costs more to get than what is used again costs to find.
func paceCollection() {
	if os.Getenv("GOGC") != "" {
		return
	}
	const long, room = 256 << 20, 512 << 20 // bytes in use; that may gather beside them
	usual := debug.SetGCPercent(800)
	var collected func(*[16]byte)
	collected = func(*[16]byte) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.HeapAlloc < long { // what was just found in use
			debug.SetGCPercent(usual)
		} else {
			debug.SetGCPercent(max(usual/2, int(room*100/m.HeapAlloc)))
		}
		runtime.SetFinalizer(new([16]byte), collected) // told of the next run as well
	}
	runtime.SetFinalizer(new([16]byte), collected)
}
