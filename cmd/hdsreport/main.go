// Command hdsreport turns editions of the two official lists of health-data
// hosts into a workbook: two data sheets and a summary. See the README.
package main

import (
	"os"
	"time"

	"golang.org/x/term"
)

func main() {
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
