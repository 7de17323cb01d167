//go:build !linux

package hugepages

// Reserve does nothing: only Linux waits to be asked.
func Reserve(size int64) {}

func first() {}
