package records

import (
	"bytes"
	"encoding/csv"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"hdsreport/etl/source"
)

const mark = "\ufeff"

// form is the format of a CSV file apart from its content. It is kept as the program of
// the file's owner wrote it.
type form struct {
	separator rune
	mark      bool              // begins with a byte order mark
	encoding  encoding.Encoding // nil for UTF-8
	crlf      bool
}

// forSpreadsheets is the form of files that people open with a double click. French
// Excel expects semicolons, and recognises UTF-8 only by the byte order mark.
var forSpreadsheets = form{separator: ';', mark: true}

// encodings are the encodings that source.Decode recognises and that can be written.
var encodings = map[string]encoding.Encoding{
	"windows-1252": charmap.Windows1252,
	"macintosh":    charmap.Macintosh,
	"ibm850":       charmap.CodePage850,
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
}

// formOf returns the form of a file, and its text in UTF-8.
func formOf(data []byte) (form, []byte, error) {
	text, name, err := source.Decode(data)
	if err != nil {
		return form{}, nil, err
	}
	first, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	return form{
		separator: separator(text),
		mark: bytes.HasPrefix(data, []byte(mark)) || bytes.HasPrefix(data, []byte("\xff\xfe")) ||
			bytes.HasPrefix(data, []byte("\xfe\xff")),
		encoding: encodings[name],
		crlf:     bytes.HasSuffix(first, []byte("\r")),
	}, text, nil
}

// write encodes rows.
func (f form) write(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	if f.mark {
		b.WriteString(mark)
	}
	w := csv.NewWriter(&b)
	w.Comma = f.separator
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			return nil, err
		}
		w.Flush()
		if f.crlf { // only at ends of rows; w.UseCRLF would also change line breaks in cells
			b.Truncate(b.Len() - 1)
			b.WriteString("\r\n")
		}
	}
	if err := w.Error(); err != nil || f.encoding == nil {
		return b.Bytes(), err
	}
	if out, err := f.encoding.NewEncoder().Bytes(b.Bytes()); err == nil {
		return out, nil
	}
	// A character does not exist in the old encoding: use UTF-8 rather than lose it.
	f.encoding, f.mark = nil, true
	return f.write(rows)
}
