package atomicdir

import (
	"os"

	"golang.org/x/sys/unix"
)

// exchange exchanges two folders in one step.
func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}

// syncTree syncs the file system of a folder at once: hundreds of small files would else
// wait for the disk one after the other.
func syncTree(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := unix.Syncfs(int(d.Fd())); err != nil {
		return syncEach(dir)
	}
	return nil
}
