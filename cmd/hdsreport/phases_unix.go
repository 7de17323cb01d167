//go:build unix

package main

import (
	"syscall"
	"time"
)

// processorTime is what the process has used of all cores since it was started.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
