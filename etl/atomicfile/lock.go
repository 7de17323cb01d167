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

// How long to wait for a lock: after the first period a person is told what the program
// is waiting for, and after the second one it gives up.
var (
	untilTold    = time.Second
	untilGivenUp = time.Minute
)

// ErrLocked is the cause of an error because another process has a lock.
var ErrLocked = errors.New("locked")

// LockName is the file that is locked if a folder itself cannot be.
const LockName = ".hdsreport.lock"

// Lock locks a folder for a process that reads a file, changes it and writes it again.
// Other processes that call Lock wait until it is released. If another process has the
// lock for longer than a second, Lock calls waiting, if given; after a minute it
// returns an error. The system releases a lock when its process ends, so no lock is
// ever left behind. A file system without locks is not an error.
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
	return func() { lock.Close() }, nil // an error leaves nothing to release
}
