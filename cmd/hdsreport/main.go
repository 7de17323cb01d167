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

	_ "hdsreport/etl/hugepages" // asks for huge pages before the libraries take memory
)

func main() {
	begun := time.Now()
	paceCollection()
	c := &Command{
		Stdin:    os.Stdin,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Environ:  os.Environ(),
		Now:      time.Now,
		Terminal: term.IsTerminal(int(os.Stderr.Fd())),
		begun:    begun,
	}
	log.SetFlags(0)
	log.SetOutput(libraries{c.logged(os.Stderr)})
	os.Exit(c.Main(os.Args[1:]))
}

// libraries is the log of libraries such as net/http, which quotes what servers send. It
// removes what GitHub would take for a workflow command.
type libraries struct{ w io.Writer }

func (l libraries) Write(p []byte) (int, error) {
	if _, err := fmt.Fprintf(l.w, "hdsreport: a library says: %.300q\n", strings.TrimSpace(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// paceCollection tunes the garbage collector. The first collection waits until the heap
// has some thirty megabytes; by default it would start at four, and run ten times in a
// job of thirty milliseconds. For a long list, it allows a constant amount of garbage
// instead of a multiple of live memory: memory that is new to the process costs more than
// a collection, up to 1.7 ms a megabyte in a virtual machine. Of 300,000 rows, 128 MB of
// garbage instead of 256 take 0.5 s less of 8 s of processor time there, and 60 MB less at
// the most. Collections find little while a list is still being read: if as much garbage as
// live memory were allowed there, the job would take 0.15 s more of 3.5. Of a million rows,
// half of live memory instead of three quarters takes 90 MB less, and 1.4 s more of 29.
func paceCollection() {
	if os.Getenv("GOGC") != "" {
		return
	}
	const room = 128 << 20 // bytes of garbage allowed
	usual := debug.SetGCPercent(800)
	var collected func(*[16]byte)
	collected = func(*[16]byte) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		debug.SetGCPercent(max(usual*3/4, int(room*100/m.HeapAlloc)))
		runtime.SetFinalizer(new([16]byte), collected) // called again after the next collection
	}
	runtime.SetFinalizer(new([16]byte), collected)
}
