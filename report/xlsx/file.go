package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"hdsreport/report"
)

// WriteFile writes the book to a file, all or nothing: the bytes go to a
// temporary file in the same folder, reach the disk, and take the old file's
// place in one step, with mode 0644. On any error the old file is as it was and
// no temporary file is left. Where the file already holds these very bytes,
// nothing is written and changed is false.
func WriteFile(path string, b *report.Book) (changed bool, err error) {
	// Behind a symbolic link, the file that it names is replaced, not the link.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if err := checkTarget(path); err != nil {
		return false, err
	}
	var buf bytes.Buffer
	if err := Write(&buf, b); err != nil {
		return false, err
	}
	if same(path, buf.Bytes()) {
		return false, nil
	}
	if err := replace(path, buf.Bytes()); err != nil {
		return false, explain(path, err)
	}
	return true, nil
}

// checkTarget refuses before any work what a rename would refuse after it.
func checkTarget(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder: name a file in it, such as %s", path, filepath.Join(path, "hds.xlsx"))
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s is not an ordinary file: choose another path for the workbook", path)
	case err == nil:
		return nil
	}
	dir := filepath.Dir(path)
	info, err = os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder %s does not exist: create it, or choose another path for the workbook", dir)
	case err != nil:
		return explain(path, err)
	case !info.IsDir():
		return fmt.Errorf("%s is a file, not a folder: choose another path for the workbook", dir)
	}
	return nil
}

// same tells that the file holds exactly these bytes. Any doubt is a no: writing
// again is harmless.
func same(path string, want []byte) bool {
	info, err := os.Stat(path)
	if err != nil || info.Size() != int64(len(want)) {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	chunk := make([]byte, 64<<10)
	for {
		n, err := f.Read(chunk)
		if n > len(want) || !bytes.Equal(chunk[:n], want[:n]) {
			return false
		}
		want = want[n:]
		if err == io.EOF {
			return len(want) == 0
		}
		if err != nil {
			return false
		}
	}
}

func replace(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".hdsreport-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close() // closed twice at worst, which is an error that nobody needs
			os.Remove(tmp.Name())
		}
	}()
	if _, err := tmp.Write(data); err != nil {
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	// The new name must survive a power cut too; the file is in place by now, so
	// that a file system which cannot sync a folder is no reason to fail.
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
	return nil
}

func explain(path string, err error) error {
	dir := filepath.Dir(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("cannot write in the folder %s: allow this user to write there, or choose another path for the workbook: %w", dir, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder %s is gone: create it and run again: %w", dir, err)
	default:
		return fmt.Errorf("cannot write %s: %w (the file there is unchanged)", path, err)
	}
}
