package atomicfile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"

	"hdsreport/etl/message"
)

// How long a lock is waited for: after the first a person should know why nothing
// happens, and at the second it is not going to be released.
var (
	untilTold    = time.Second
	untilGivenUp = time.Minute
)

// ErrLocked is the cause of an error about a lock that another process holds.
var ErrLocked = errors.New("locked")

// LockName is the file that stands for a folder where a folder itself cannot be locked.
const LockName = ".hdsreport.lock"

// Lock keeps other processes that ask for it from changing a folder's files until it
// is released, for those who read a file, add to it and write it again. Where another
// process holds it for longer than a second, waiting is called, if there is one; after
// a minute Lock gives up. The system releases a lock when its process ends, however it
// does, so that none is ever left behind. A file system that knows no locks is no
// reason to fail.
func Lock(dir string, waiting ...func(dir string)) (release func(), err error) {
	name, flag := dir, os.O_RDONLY
	if runtime.GOOS == "windows" {
		name, flag = filepath.Join(dir, LockName), os.O_RDWR|os.O_CREATE
	}
	lock := flock.New(name, flock.SetFlag(flag), flock.SetPermissions(0o666))
	try := func(most time.Duration) (held bool, err error) {
		ctx, cancel := context.WithTimeout(context.Background(), most)
		defer cancel()
		held, err = lock.TryLockContext(ctx, 50*time.Millisecond)
		if errors.Is(err, context.DeadlineExceeded) {
			return false, nil
		}
		return held, err
	}
	held, err := try(untilTold)
	if !held && err == nil {
		for _, tell := range waiting {
			tell(dir)
		}
		held, err = try(untilGivenUp - untilTold)
	}
	if !held && err == nil {
		return nil, message.Fail(ErrLocked, "file-locked", "folder", dir)
	}
	return func() { lock.Close() }, nil // with an error there is nothing to release
}
