package atomicdir

import "golang.org/x/sys/unix"

// exchange exchanges two folders in one step.
func exchange(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }

func syncTree(dir string) error { return syncEach(dir) }
