package source

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl/message"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Decode turns the bytes of a text file into UTF-8 without a byte order mark, and
// names the encoding it took them for: utf-8, utf-16le, utf-16be, windows-1252;
// and, far rarer, utf-32le, utf-32be, macintosh, ibm850. A byte order mark
// decides; else the NUL bytes of UTF-16; else valid UTF-8 is UTF-8; else the bytes
// are Windows-1252, unless they make French only as an old Macintosh or DOS file.
// An error means that the bytes are no text in the encoding that they announce.
func Decode(data []byte) (text []byte, encoding string, err error) {
	d, err := decode(data)
	return d.text, d.encoding, err
}

// decoded is a text with what had to be assumed to get it.
type decoded struct {
	text     []byte
	encoding string
	strays   int  // bytes of a UTF-8 file that were not UTF-8, read as Windows-1252
	stray    int  // offset in text of the first one
	stated   bool // in the encoding that the server stated
}

// believe decodes a text again as the server says it is written. Windows-1252 is what
// servers say of anything, and is what was tried; the bytes of UTF-8 and UTF-16 are no
// accident.
func (d *decoded) believe(data []byte, stated string) {
	e, name := charset.Lookup(stated)
	if e == nil || slices.Contains([]string{"windows-1252", "utf-8", "utf-16le", "utf-16be", "replacement", "x-user-defined"}, name) ||
		!slices.ContainsFunc(singleBytes, func(s singleByte) bool { return s.name == d.encoding }) {
		return
	}
	text, err := e.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return
	}
	d.text, d.encoding, d.stated = text, name, true
}

var marks = []struct {
	mark     string
	name     string
	encoding encoding.Encoding // nil for UTF-8
}{
	// UTF-32LE begins like UTF-16LE, so it comes first.
	{"\xff\xfe\x00\x00", "utf-32le", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\x00\x00\xfe\xff", "utf-32be", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"\xef\xbb\xbf", "utf-8", nil},
	{"\xff\xfe", "utf-16le", utf16le},
	{"\xfe\xff", "utf-16be", utf16be},
}

var (
	utf16le = xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM)
	utf16be = xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM)
)

func decode(data []byte) (decoded, error) {
	for _, m := range marks {
		if rest, ok := bytes.CutPrefix(data, []byte(m.mark)); ok {
			if m.encoding == nil {
				return decodeBytes(rest), nil
			}
			return transcode(rest, m.name, m.encoding)
		}
	}
	switch wideByNULs(data) {
	case "utf-16le":
		return transcode(data, "utf-16le", utf16le)
	case "utf-16be":
		return transcode(data, "utf-16be", utf16be)
	}
	return decodeBytes(data), nil
}

func transcode(data []byte, name string, e encoding.Encoding) (decoded, error) {
	unit := 2
	if strings.HasPrefix(name, "utf-32") {
		unit = 4
	}
	if len(data)%unit != 0 {
		return decoded{}, message.Fail(nil, "text-half-character", "encoding", name)
	}
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return decoded{}, err
	}
	return decoded{text: text, encoding: name}, nil
}

// wideByNULs tells UTF-16 without a mark: every other byte of Latin text is NUL.
// Four in ten leaves room for apostrophes and dashes, and one in fifty on the
// other side for stray NULs.
func wideByNULs(data []byte) string {
	sample := data[:min(len(data), 4096)]
	if len(sample) < 4 || len(data)%2 != 0 {
		return ""
	}
	var nul [2]int
	for i, b := range sample {
		if b == 0 {
			nul[i%2]++
		}
	}
	half := len(sample) / 2
	switch {
	case nul[1]*10 >= half*4 && nul[0]*50 <= half:
		return "utf-16le"
	case nul[0]*10 >= half*4 && nul[1]*50 <= half:
		return "utf-16be"
	}
	return ""
}

// decodeBytes decodes a text of one-byte units. A file is often UTF-8 but for a
// line that somebody pasted into it: such a file keeps its UTF-8, and its stray
// bytes are read as Windows-1252 and counted. Where strays are the rule, the file
// is Windows-1252 (and a UTF-8 line in it is mojibake, for mojibake.go).
func decodeBytes(data []byte) decoded {
	if utf8.Valid(data) {
		return decoded{text: data, encoding: "utf-8"}
	}
	multi, strays := 0, 0
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			strays++
		} else {
			multi++
		}
		i += n
	}
	if multi <= strays {
		best := &singleBytes[0]
		if windows := frenchness(data, best.charmap); windows < 0 {
			// A "Š" alone is a foreign name, and not the "ä" of a Mac: three accents
			// in their place are the least that is believed.
			score := 2
			for i := 1; i < len(singleBytes); i++ {
				if s := frenchness(data, singleBytes[i].charmap); s > score {
					best, score = &singleBytes[i], s
				}
			}
		}
		text, _ := best.charmap.NewDecoder().Bytes(data) // a charmap has a rune for every byte
		return decoded{text: text, encoding: best.name}
	}
	d := decoded{encoding: "utf-8", strays: strays, stray: -1, text: make([]byte, 0, len(data)+2*strays)}
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			if d.stray < 0 {
				d.stray = len(d.text)
			}
			r = charmap.Windows1252.DecodeByte(data[i])
		}
		d.text = utf8.AppendRune(d.text, r)
		i += n
	}
	return d
}

// singleBytes are the one-byte encodings in which a French list can arrive. The
// first is the rule; Excel for Mac still writes the second as “CSV”, and old
// databases the third.
var singleBytes = []singleByte{
	{"windows-1252", charmap.Windows1252},
	{"macintosh", charmap.Macintosh},
	{"ibm850", charmap.CodePage850},
}

type singleByte struct {
	name    string
	charmap *charmap.Charmap
}

// frenchness counts the high bytes that make French letters where French has
// them, less those that make anything stranger than punctuation. An upper-case
// letter after a lower-case one counts as strange: that is how one encoding's é
// looks in another.
func frenchness(data []byte, c *charmap.Charmap) int {
	score := 0
	prev := ' '
	for _, b := range data[:min(len(data), 1<<20)] {
		r := rune(b)
		if b >= utf8.RuneSelf {
			r = c.DecodeByte(b)
			switch {
			case strings.ContainsRune("éèêëàâäçîïôöùûüÿœæ", r):
				score++
			case strings.ContainsRune("ÉÈÊËÀÂÄÇÎÏÔÖÙÛÜŸŒÆ", r) && !unicode.IsLower(prev):
				score++
			case strings.ContainsRune("’‘“”«»–—…·•°º€®™©²³\u00a0", r):
			default:
				score--
			}
		}
		prev = r
	}
	return score
}
