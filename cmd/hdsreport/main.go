// Command hdsreport turns editions of the two official lists of health-data
// hosts into a workbook: two data sheets and a summary. See the README.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"golang.org/x/term"
)

func main() {
	postponeCollection()
	c := &Command{
		Stdin:    os.Stdin,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Environ:  os.Environ(),
		Now:      time.Now,
		Terminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	os.Exit(c.Main(os.Args[1:]))
}

// postponeCollection puts the garbage collector's first run off until the heap
// holds some thirty megabytes, and leaves it as it is from then on. It would
// otherwise start at four, and run ten times in a job of thirty milliseconds.
func postponeCollection() {
	if os.Getenv("GOGC") != "" {
		return
	}
	usual := debug.SetGCPercent(800)
	first := new([16]byte)
	runtime.SetFinalizer(first, func(*[16]byte) { debug.SetGCPercent(usual) })
}
