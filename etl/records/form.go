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

// form is how a CSV file is written, apart from what it says: as the program that its
// owner uses writes it, and reads it best.
type form struct {
	separator rune
	mark      bool              // a byte order mark begins it
	encoding  encoding.Encoding // nil is UTF-8
	crlf      bool
}

// forSpreadsheets is the form of files that people open by a double click: a French
// Excel takes semicolons, and for UTF-8 only what has the mark.
var forSpreadsheets = form{separator: ';', mark: true}

// encodings are those that source.Decode tells and that can be written again.
var encodings = map[string]encoding.Encoding{
	"windows-1252": charmap.Windows1252,
	"macintosh":    charmap.Macintosh,
	"ibm850":       charmap.CodePage850,
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
}

// formOf is the form of a file, and its text in UTF-8.
func formOf(data []byte) (form, []byte, error) {
	text, name, err := source.Decode(data)
	if err != nil {
		return form{}, nil, err
	}
	first, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	return form{
		separator: separator(text),
		mark:      bytes.HasPrefix(data, []byte(mark)) || bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")),
		encoding:  encodings[name],
		crlf:      bytes.HasSuffix(first, []byte("\r")),
	}, text, nil
}

// write gives the bytes of rows.
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
		if f.crlf { // at the end alone: not w.UseCRLF, which changes line breaks in cells too
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
	// A name that the old encoding has no sign for is worth more than the encoding.
	f.encoding, f.mark = nil, true
	return f.write(rows)
}
