package xlsx

import (
	"bytes"

	"hdsreport/etl/atomicfile"
	"hdsreport/report"
)

// WriteFile writes the book to a file, all or nothing, and only if the file does
// not hold these very bytes already: see atomicfile.Write. A place that no file can
// be written to is refused before the book is drawn.
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
