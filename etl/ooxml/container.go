// Package ooxml reads the parts of an .xlsx file, which is a zip file of XML documents.
// It reads each part as a stream, within limits, and does not interpret it: etl/source
// makes a table of it, and report/audit looks for errors. The container and the scanner
// are also used for .ods.
package ooxml

import (
	"archive/zip"
	"errors"
	"hash/crc32"
	"io"
	"path"
	"strings"
	"sync/atomic"

	"hdsreport/etl/deflate"
	"hdsreport/etl/message"
)

const (
	// MaxParts is the maximum number of parts of a container. A workbook has some
	// dozens.
	MaxParts = 20_000
	// maxRatio is the compression ratio above which a part larger than FreeBytes is
	// rejected as a bomb. Real sheets compress 8 to 40 times; the maximum of deflate is
	// 1,032.
	maxRatio = 250
	// FreeBytes is the size that any part may have, whatever its compression ratio.
	FreeBytes = 64 << 20
	// longPart is the size above which a part is decompressed ahead of reading, on all cores.
	longPart = 4 << 20
)

// Reasons for rejecting a part, for errors.Is.
var (
	ErrMissing   = errors.New("no such part")
	ErrEncrypted = errors.New("encrypted")
)

// LimitError is the error for a file that would exhaust its reader, by the number of
// its parts or by their decompressed size.
type LimitError struct {
	Parts int
	MiB   int64
}

// Error returns the error in English.
func (e *LimitError) Error() string { return e.Say(message.In("en")) }

// Say returns the error in the printer's language.
func (e *LimitError) Say(p message.Printer) string {
	if e.Parts > 0 {
		return p.Say("zip-many", "n", e.Parts)
	}
	return p.Say("zip-bomb", "mib", e.MiB)
}

// Container holds the parts of a file.
type Container struct {
	Names []string // names of the parts, in the file's order
	Twice string   // a part that occurs twice; the second one is ignored

	files  map[string]*zip.File // by key
	budget atomic.Int64         // bytes that may still be decompressed, for all parts together
}

// Open reads the directory of a zip file. total is the maximum number of bytes that may
// be decompressed from all parts together.
func Open(r io.ReaderAt, size, total int64) (*Container, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	if len(z.File) > MaxParts {
		return nil, &LimitError{Parts: len(z.File)}
	}
	z.RegisterDecompressor(zip.Deflate, deflate.NewReader)
	c := &Container{files: make(map[string]*zip.File, len(z.File))}
	c.budget.Store(total)
	for _, f := range z.File {
		k := key(f.Name)
		if c.files[k] != nil {
			if c.Twice == "" {
				c.Twice = f.Name
			}
			continue
		}
		c.files[k] = f
		c.Names = append(c.Names, f.Name)
	}
	return c, nil
}

// key returns the form of a part's name that is used for comparison: some writers use
// backslashes, and case does not matter.
func key(name string) string { return strings.ToLower(slashes(name)) }

func slashes(name string) string { return strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/") }

// Has reports whether the part exists.
func (c *Container) Has(name string) bool { return c.files[key(name)] != nil }

// Size returns the stated size of a part in bytes.
func (c *Container) Size(name string) uint64 {
	if f := c.files[key(name)]; f != nil {
		return f.UncompressedSize64
	}
	return 0
}

// Open opens a part for reading at most limit bytes. A long part is decompressed ahead
// of reading.
func (c *Container) Open(name string, limit int64) (io.ReadCloser, error) {
	f := c.files[key(name)]
	if f == nil {
		return nil, message.Fail(ErrMissing, "part-missing-here", "part", path.Base(name))
	}
	declared := int64(min(f.UncompressedSize64, 1<<62))
	packed := int64(min(f.CompressedSize64, 1<<62))
	if declared > limit || declared > c.budget.Load() || declared > FreeBytes && declared/maxRatio > packed {
		return nil, bomb(declared)
	}
	if f.Flags&1 != 0 {
		return nil, message.Fail(ErrEncrypted, "zip-encrypted")
	}
	open := f.Open
	if declared > longPart && f.Method == zip.Deflate {
		open = func() (io.ReadCloser, error) { return openAhead(f) }
	}
	r, err := open()
	if err != nil {
		return nil, err
	}
	return &part{ReadCloser: r, container: c, packed: packed, limit: limit}, nil
}

// openAhead opens a part to be decompressed ahead of reading, and checks it as zip.File.Open
// does.
func openAhead(f *zip.File) (io.ReadCloser, error) {
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	return &checked{ReadCloser: deflate.NewAhead(raw), file: f}, nil
}

// checked compares what is read with the stated size and checksum.
type checked struct {
	io.ReadCloser
	file *zip.File
	size uint64
	sum  uint32
}

func (c *checked) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.size += uint64(n)
	c.sum = crc32.Update(c.sum, crc32.IEEETable, b[:n])
	switch {
	case c.size > c.file.UncompressedSize64:
		n, err = 0, zip.ErrFormat
	case err == io.EOF && c.size < c.file.UncompressedSize64:
		err = io.ErrUnexpectedEOF
	case err == io.EOF && c.file.CRC32 != 0 && c.sum != c.file.CRC32:
		err = zip.ErrChecksum
	}
	return n, err
}

func bomb(size int64) error { return &LimitError{MiB: size >> 20} }

// part counts the bytes read, because the sizes stated in a zip file may be wrong.
type part struct {
	io.ReadCloser
	container            *Container
	packed, limit, given int64
}

func (p *part) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.given += int64(n)
	if p.container.budget.Add(-int64(n)) < 0 || p.given > p.limit ||
		p.given > FreeBytes && p.given/maxRatio > p.packed {
		return 0, bomb(p.given)
	}
	return n, err
}

// Relation is one relation of a part.
type Relation struct {
	ID, Kind, Target string // Kind is the last word of the type, which is the same in all variants of the format
	External         bool
}

// Relations returns the relations of a part, or none if it has no list of them. Targets
// that are parts are names from the root.
func (c *Container) Relations(of string, o Options) ([]Relation, error) {
	dir, _ := path.Split(of)
	name := RelationsPart(of)
	if !c.Has(name) {
		return nil, nil
	}
	in, err := c.Open(name, FreeBytes)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var out []Relation
	s := NewScanner(in, o)
	for s.Next() {
		if s.Kind != Start || !s.Is("Relationship") {
			continue
		}
		a := s.Attributes()
		r := Relation{ID: a.Get("Id"), Target: a.Get("Target"),
			External: strings.EqualFold(a.Get("TargetMode"), "External")}
		kind := a.Get("Type")
		r.Kind = kind[strings.LastIndexByte(kind, '/')+1:]
		if !r.External {
			target, _, _ := strings.Cut(strings.ReplaceAll(r.Target, `\`, "/"), "#")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("/", dir, target)
			}
			r.Target = strings.TrimPrefix(path.Clean(target), "/")
		}
		out = append(out, r)
	}
	return out, s.Err()
}

// RelationsPart returns the name of the part with the relations of another.
func RelationsPart(of string) string {
	dir, file := path.Split(of)
	return dir + "_rels/" + file + ".rels"
}
