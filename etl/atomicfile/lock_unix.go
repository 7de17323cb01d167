//go:build unix

package atomicfile

import (
	"os"
	"syscall"
)

// Lock keeps other processes that ask for it from changing a folder's files until it
// is released, for those who read a file, add to it and write it again. The system releases it when a process ends, however it does, so that no
// lock is ever left behind. A file system that knows no locks is no reason to fail.
func Lock(dir string) (release func()) {
	d, err := os.Open(dir)
	if err != nil {
		return func() {}
	}
	for syscall.Flock(int(d.Fd()), syscall.LOCK_EX) == syscall.EINTR {
	}
	return func() { d.Close() }
}
