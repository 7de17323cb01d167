package xlsx

import (
	"bytes"

	"hdsreport/etl/atomicfile"
	"hdsreport/report"
)

// WriteFile writes the book to a file, atomically, and only if the content changes (see
// atomicfile.Write). It returns an error before the book is drawn if the file cannot be
// written.
func WriteFile(path string, b *report.Book) (changed bool, err error) {
	if err := atomicfile.Check(path); err != nil {
		return false, err
	}
	var buf bytes.Buffer
	if err := Write(&buf, b); err != nil {
		return false, err
	}
	return atomicfile.Write(path, buf.Bytes())
}
