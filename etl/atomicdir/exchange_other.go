//go:build !linux && !darwin

package atomicdir

// exchange cannot exchange folders here.
func exchange(a, b string) error { return errCannot }

func syncTree(dir string) error { return syncEach(dir) }
