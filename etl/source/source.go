package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html/atom"

	"hdsreport/etl"
	"hdsreport/etl/cores"
	"hdsreport/etl/hugepages"
	"hdsreport/etl/ooxml"
)

// Options bounds the reading and tells what to look for. The zero value reads
// anything of a reasonable size.
type Options struct {
	MaxBytes int64 // largest file; 0 stands for DefaultMaxBytes
	MaxCells int   // most cells in a table, repeated and spanned ones included; 0 stands for DefaultMaxCells

	// Sheet names the worksheet, the HTML table ("table 2"), or the key of the JSON
	// array to read, without regard to case; empty chooses the one that looks most
	// like a known list.
	Sheet string

	// Charset is what a server called the text's encoding; empty where nobody did. It
	// tells one one-byte encoding from another, and nothing that the bytes disprove.
	Charset string

	// Recognise tells how many known headers a row of cleaned cells holds. It serves
	// to choose among sheets, tables, arrays and delimiters, and to tell the page of
	// a list from any other page. Nil knows none.
	Recognise func(cells []string) int
}

// ReadFile reads the table that a file holds. The file is called display in
// messages and in places. The table is nil exactly when there is an error, which
// is then a *Unreadable; findings come with both.
func ReadFile(path, display string, o Options) (*etl.Table, []etl.Finding, error) {
	data, err := readAll(path, display, o)
	if err != nil {
		return nil, nil, err
	}
	return Read(data, display, o)
}

// readAll reads an ordinary file of a bounded size.
func readAll(path, display string, o Options) ([]byte, error) {
	place := etl.Place{File: display}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r := refuse(place, etl.CodeSourceMissing)
		r.cause = err
		return nil, r
	case err != nil:
		return nil, refuse(place, etl.CodeSourceUnreadable, plainError(err))
	case info.IsDir():
		return nil, refuse(place, etl.CodeSourceDirectory)
	case !info.Mode().IsRegular():
		return nil, refuse(place, etl.CodeSourceSpecial)
	case info.Size() > o.maxBytes():
		return nil, refuse(place, etl.CodeSourceTooLarge, o.maxBytes()>>20)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, refuse(place, etl.CodeSourceUnreadable, plainError(err))
	}
	defer f.Close()
	if info.Size() > 4<<20 {
		// A job takes 13 bytes of memory for each byte of a long CSV file.
		hugepages.Reserve(13 * info.Size())
	}
	var data bytes.Buffer
	data.Grow(int(info.Size()) + bytes.MinRead)
	if _, err := data.ReadFrom(io.LimitReader(f, o.maxBytes()+1)); err != nil {
		return nil, refuse(place, etl.CodeSourceUnreadable, plainError(err))
	}
	return data.Bytes(), nil
}

// plainError leaves out the path, which the place already gives as the user knows it.
func plainError(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Read is ReadFile for bytes already in memory, which it does not keep; display
// also gives the extension.
func Read(data []byte, display string, o Options) (*etl.Table, []etl.Finding, error) {
	in := &input{data: data, display: display, opt: o}
	if int64(len(data)) > o.maxBytes() {
		return nil, nil, in.refuse(etl.CodeSourceTooLarge, o.maxBytes()>>20)
	}
	read, err := in.sniff()
	if err != nil {
		return nil, nil, err
	}
	var t *etl.Table
	var sum [sha256.Size]byte
	cores.Together(func() { t, err = read(in) }, func() { sum = sha256.Sum256(data) })
	var found []etl.Finding
	for _, n := range in.notes {
		found = append(found, n.findings()...)
	}
	if err != nil {
		return nil, found, in.asDamaged(err)
	}
	t.File, t.SHA256 = display, hex.EncodeToString(sum[:])
	if f, wrong := in.extensionFinding(t.Format); wrong {
		found = append(found, f)
	}
	etl.SortFindings(found)
	return t, found, nil
}

// asDamaged makes a refusal of an error that is none.
func (in *input) asDamaged(err error) error {
	var r *Unreadable
	if !errors.As(err, &r) {
		err = in.refuse(etl.CodeSourceDamaged, in.format, err)
	}
	return err
}

// input is one file on its way through a reader.
type input struct {
	data    []byte
	display string
	opt     Options
	format  string  // as told by the content, for messages
	text    decoded // of the formats that are text
	notes   []*notes
}

func (in *input) refuse(code string, args ...any) *Unreadable {
	return refuse(etl.Place{File: in.display}, code, args...)
}

// note opens the findings of a sheet, or of the whole file.
func (in *input) note(sheet string) *notes {
	n := newNotes(in.display, sheet)
	in.notes = append(in.notes, n)
	return n
}

type reader func(*input) (*etl.Table, error)

// signature is how a format that is not read begins.
type signature struct {
	begins string
	code   string
	what   string
}

var signatures = []signature{
	{"%PDF", etl.CodeSourcePDF, ""},
	{"{\\rtf", etl.CodeSourceRTF, ""},
	{"\x1f\x8b", etl.CodeSourceArchive, "gzip"},
	{"BZh", etl.CodeSourceArchive, "bzip2"},
	{"\xfd7zXZ\x00", etl.CodeSourceArchive, "xz"},
	{"7z\xbc\xaf\x27\x1c", etl.CodeSourceArchive, "7z"},
	{"Rar!\x1a\x07", etl.CodeSourceArchive, "rar"},
	{"\x28\xb5\x2f\xfd", etl.CodeSourceArchive, "zstandard"},
	{"\x89PNG\r\n", etl.CodeSourceImage, "PNG"},
	{"\xff\xd8\xff", etl.CodeSourceImage, "JPEG"},
	{"GIF87a", etl.CodeSourceImage, "GIF"},
	{"GIF89a", etl.CodeSourceImage, "GIF"},
	{"II*\x00", etl.CodeSourceImage, "TIFF"},
	{"MM\x00*", etl.CodeSourceImage, "TIFF"},
	{"\x09\x08\x08\x00", etl.CodeSourceXLS, ""}, // BIFF5, 4, 3 and 2 without a container
	{"\x09\x04\x06\x00", etl.CodeSourceXLS, ""},
	{"\x09\x02\x06\x00", etl.CodeSourceXLS, ""},
	{"\x09\x00\x04\x00", etl.CodeSourceXLS, ""},
	{"version https://git-lfs.github.com/spec/", etl.CodeSourcePointer, ""},
	{"PAR1", etl.CodeSourceBinary, ""},
	{"SQLite format 3\x00", etl.CodeSourceBinary, ""},
	{"\x00\x05\x16\x07", etl.CodeSourceBinary, ""}, // AppleDouble, the “._name” beside a file
}

// oleContents tells what an OLE container holds by the name of one of its streams.
var oleContents = []struct{ stream, code, what string }{
	{"EncryptedPackage", etl.CodeSourceEncrypted, ""},
	{"Workbook", etl.CodeSourceXLS, ""},
	{"Book", etl.CodeSourceXLS, ""},
	{"WordDocument", etl.CodeSourceOffice, "Word"},
	{"PowerPoint Document", etl.CodeSourceOffice, "PowerPoint"},
	{"__properties_version1.0", etl.CodeSourceOffice, "Outlook"},
}

// zipContents tells what a zip archive is by a part of it: a reader, or the
// refusal. The first that matches decides.
var zipContents = []struct {
	part string // exact path; beginning with "*", the end of one
	read reader
	code string
	what string
}{
	{"encrypted-package", nil, etl.CodeSourceEncrypted, ""},
	{"xl/workbook.bin", nil, etl.CodeSourceXLSB, ""},
	{"xl/workbook.xml", readXLSX, "", ""},
	{"word/document.xml", nil, etl.CodeSourceOffice, "Word"},
	{"ppt/presentation.xml", nil, etl.CodeSourceOffice, "PowerPoint"},
	{"*.iwa", nil, etl.CodeSourceNumbers, ""},
	{"index.zip", nil, etl.CodeSourceNumbers, ""},
}

// odfKinds tells an OpenDocument file by the mimetype that it opens with.
var odfKinds = []struct {
	mimetype string
	read     reader
	what     string
}{
	{"application/vnd.oasis.opendocument.spreadsheet", readODS, ""}, // and its -template
	{"application/vnd.oasis.opendocument.text", nil, "text"},
	{"application/vnd.oasis.opendocument.presentation", nil, "presentation"},
	{"application/vnd.oasis.opendocument.graphics", nil, "drawing"},
	{"application/epub+zip", nil, "EPUB"},
}

// sniff tells the format by the content alone.
func (in *input) sniff() (reader, error) {
	data := in.data
	if len(data) == 0 {
		return nil, in.refuse(etl.CodeSourceEmpty)
	}
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.begins)) {
			if s.what != "" {
				return nil, in.refuse(s.code, s.what)
			}
			return nil, in.refuse(s.code)
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte("RIFF")) && len(data) > 12 && string(data[8:12]) == "WEBP":
		return nil, in.refuse(etl.CodeSourceImage, "WebP")
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, in.refuseOLE()
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return in.sniffZip()
	}
	var err error
	if in.text, err = decode(data); err != nil {
		return nil, in.refuse(etl.CodeSourceEncoding, err)
	}
	in.text.believe(data, in.opt.Charset)
	return in.sniffText()
}

func (in *input) refuseOLE() error {
	for _, c := range oleContents {
		if bytes.Contains(in.data, wide(c.stream)) {
			if c.what != "" {
				return in.refuse(c.code, c.what)
			}
			return in.refuse(c.code)
		}
	}
	return in.refuse(etl.CodeSourceOffice, "compound (OLE)")
}

// wide is an ASCII text in UTF-16LE, with its end.
func wide(s string) []byte {
	out := make([]byte, 0, 2*len(s)+2)
	for _, b := range []byte(s + "\x00") {
		out = append(out, b, 0)
	}
	return out
}

func (in *input) sniffZip() (reader, error) {
	in.format = "zip"
	a, err := openArchive(in)
	if err != nil {
		return nil, err
	}
	if a.Has("mimetype") {
		mimetype, err := a.small("mimetype")
		if err != nil {
			return nil, err
		}
		for _, k := range odfKinds {
			if strings.HasPrefix(strings.TrimSpace(string(mimetype)), k.mimetype) {
				if a.Has("encrypted-package") {
					return nil, in.refuse(etl.CodeSourceEncrypted)
				}
				if k.read == nil {
					return nil, in.refuse(etl.CodeSourceOffice, k.what)
				}
				in.format = "ods"
				return k.read, nil
			}
		}
	}
	for _, c := range zipContents {
		suffix, ends := strings.CutPrefix(c.part, "*")
		if ends && !a.hasSuffix(suffix) || !ends && !a.Has(c.part) {
			continue
		}
		switch {
		case c.read != nil:
			in.format = "xlsx"
			return c.read, nil
		case c.what != "":
			return nil, in.refuse(c.code, c.what)
		default:
			return nil, in.refuse(c.code)
		}
	}
	if a.Has("[Content_Types].xml") && workbookPath(a) != "" {
		in.format = "xlsx"
		return readXLSX, nil
	}
	if a.Has("content.xml") && a.Has("META-INF/manifest.xml") { // an .ods that lost its mimetype
		in.format = "ods"
		return readODS, nil
	}
	return nil, in.refuse(etl.CodeSourceZip, a.listing())
}

// sniffText tells the formats that are text by how they begin.
func (in *input) sniffText() (reader, error) {
	text := in.text.text
	head := bytes.TrimLeft(text, " \t\r\n\v\f\ufeff\u00a0\x00")
	if len(head) == 0 {
		return nil, in.refuse(etl.CodeSourceBlank)
	}
	if binary(text) {
		return nil, in.refuse(etl.CodeSourceBinary)
	}
	switch {
	case head[0] == '<':
		return in.sniffMarkup(head)
	case pageBelow().Match(head[:min(len(head), 4096)]):
		in.format = "html"
		return readHTML, nil
	case isMHTML(head):
		return nil, in.refuse(etl.CodeSourceMHTML)
	case looksLikeJSON(head), looksPadded(head):
		in.format = "json"
		return readJSON, nil
	}
	in.format = "csv"
	return readCSV, nil
}

// pageBelow is a page that a server put a warning or its headers above.
var pageBelow = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)<!doctype html|<html[ >]`)
})

// binary tells a file that is no text in any encoding: control characters that
// nobody types, in more than one place out of fifty.
func binary(text []byte) bool {
	sample := text[:min(len(text), 64<<10)]
	odd := 0
	for _, b := range sample {
		if b < ' ' && !bytes.ContainsRune([]byte("\t\n\v\f\r\x1a"), rune(b)) || b == 0x7f {
			odd++
		}
	}
	return odd > 4 && odd*50 > len(sample)
}

// sniffMarkup tells HTML from the XML formats by the first element.
func (in *input) sniffMarkup(head []byte) (reader, error) {
	start := head[:min(len(head), 64<<10)]
	s := ooxml.NewScanner(bytes.NewReader(start), ooxml.Options{Size: uint64(len(start)), MaxToken: maxToken})
	root := ""
	for root == "" && s.Next() {
		if s.Kind != ooxml.Start {
			continue
		}
		root = strings.ToLower(string(s.Name))
		in.format = "xml"
		for _, value, ok := s.Attr(); ok; _, value, ok = s.Attr() {
			switch {
			case root == "document" && bytes.Contains(value, []byte("opendocument")):
				in.format = "ods"
				return readFlatODS, nil
			case root == "workbook" && bytes.Contains(value, []byte("schemas-microsoft-com")):
				return nil, in.refuse(etl.CodeSourceXML2003)
			}
		}
	}
	if bytes.HasPrefix(head, []byte("<?xml")) && root != "html" && root != "" {
		return nil, in.refuse(etl.CodeSourceXML, root)
	}
	// A text can begin with "<" and be no markup; HTML begins with an element of its
	// own, or has a table somewhere.
	if root != "" && atom.Lookup([]byte(root)) == 0 && !pageBelow().Match(head) && !bytes.Contains(bytes.ToLower(head), []byte("<table")) {
		in.format = "csv"
		return readCSV, nil
	}
	in.format = "html"
	return readHTML, nil
}

// isMHTML tells a web archive: mail headers, of which one is a MIME type of
// several parts.
func isMHTML(head []byte) bool {
	top := bytes.ToLower(head[:min(len(head), 4096)])
	return bytes.Contains(top, []byte("mime-version:")) &&
		(bytes.Contains(top, []byte("multipart/related")) || bytes.Contains(top, []byte("multipart/alternative")))
}

// formatsOf are the formats that an extension promises. An extension that
// promises nothing is never wrong.
var formatsOf = map[string][]string{
	".csv": {"csv", "tsv"}, ".tsv": {"tsv", "csv"}, ".tab": {"tsv", "csv"}, ".txt": {"csv", "tsv"},
	".xlsx": {"xlsx"}, ".xlsm": {"xlsx"}, ".xltx": {"xlsx"}, ".xls": {}, ".xlsb": {},
	".ods": {"ods"}, ".fods": {"ods"}, ".ots": {"ods"},
	".html": {"html"}, ".htm": {"html"}, ".xhtml": {"html"},
	".json": {"json"}, ".geojson": {"json"}, ".jsonl": {"json"}, ".ndjson": {"json"},
	".pdf": {}, ".doc": {}, ".docx": {}, ".xml": {}, ".zip": {}, ".mht": {}, ".mhtml": {}, ".numbers": {},
}

func (in *input) extensionFinding(format string) (etl.Finding, bool) {
	ext := strings.ToLower(filepath.Ext(in.display))
	formats, known := formatsOf[ext]
	if !known || slices.Contains(formats, format) {
		return etl.Finding{}, false
	}
	at := etl.Place{File: in.display}
	return etl.Find(etl.Warning, etl.CodeSourceExtension, at, "extension", ext, "format", format), true
}
