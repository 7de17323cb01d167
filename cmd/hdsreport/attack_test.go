package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestResultsThatCannotBeWritten: a list of findings that a full disk cut short is no
// success.
func TestResultsThatCannotBeWritten(t *testing.T) {
	for _, command := range []string{"check", "stats", "version"} {
		var stderr bytes.Buffer
		c := &Command{Stdin: strings.NewReader(""), Stdout: full{}, Stderr: &stderr,
			Environ: []string{"HDSREPORT_REPORT_LANGUAGE=en"}, Now: time.Now}
		args := []string{command}
		if command != "version" {
			args = append(args, "--config", "../../samples/hdsreport.yaml")
		}
		if code := c.Main(args); code != exitFailed || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%s: exit %d, %s", command, code, stderr.String())
		}
	}
}
