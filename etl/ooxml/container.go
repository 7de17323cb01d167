// Package ooxml reads the parts of an .xlsx: a zip of XML, each part as a stream, within
// bounds. It says what stands in a file, and not what that means; etl/source makes a
// table of it, report/audit finds what is wrong with it. An .ods is read by way of the
// same container and scanner.
package ooxml

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"strings"
	"sync/atomic"

	"hdsreport/etl/message"
)

const (
	// MaxParts bounds the directory of a container; a workbook has some dozens.
	MaxParts = 20_000
	// maxRatio is the expansion beyond which a part larger than FreeBytes is a bomb and
	// not a sheet: real ones pack 8 to 40 times, deflate itself can reach 1,032.
	maxRatio = 250
	// FreeBytes is what any part may take, however small it is packed.
	FreeBytes = 64 << 20
	// longPart is from how many bytes on a part is unpacked by a core of its own.
	longPart = 4 << 20
)

// What a part may be refused for, under errors.Is.
var (
	ErrMissing   = errors.New("no such part")
	ErrEncrypted = errors.New("encrypted")
)

// LimitError is a file that is made to exhaust its reader: by so many parts, or by what
// it unpacks to.
type LimitError struct {
	Parts int
	MiB   int64
}

// Error is the error in English.
func (e *LimitError) Error() string { return e.Say(message.In("en")) }

// Say is the error in a language.
func (e *LimitError) Say(p message.Printer) string {
	if e.Parts > 0 {
		return p.Say("zip-many", "n", e.Parts)
	}
	return p.Say("zip-bomb", "mib", e.MiB)
}

// Container is the parts of a file.
type Container struct {
	Names []string // of the parts, in the file's order
	Twice string   // a part that is there a second time, which is not looked at

	files  map[string]*zip.File // by key
	budget atomic.Int64         // bytes that may still be unpacked, of all parts
}

// Open reads the directory of a zip; total is how many bytes all reading of its parts
// may unpack.
func Open(r io.ReaderAt, size, total int64) (*Container, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	if len(z.File) > MaxParts {
		return nil, &LimitError{Parts: len(z.File)}
	}
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

// key is a part's name as parts are told apart: some writers use backslashes, and case
// does not count.
func key(name string) string { return strings.ToLower(slashes(name)) }

func slashes(name string) string { return strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/") }

// Has tells whether there is a part.
func (c *Container) Has(name string) bool { return c.files[key(name)] != nil }

// Size is how many bytes a part is said to have.
func (c *Container) Size(name string) uint64 {
	if f := c.files[key(name)]; f != nil {
		return f.UncompressedSize64
	}
	return 0
}

// Open gives a part to read, at most limit bytes of it. A long one is unpacked ahead.
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
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	p := &part{ReadCloser: r, container: c, packed: packed, limit: limit}
	if declared > longPart {
		return readAhead(p), nil
	}
	return p, nil
}

func bomb(size int64) error { return &LimitError{MiB: size >> 20} }

// part counts what it gives: sizes in a zip are only claims.
type part struct {
	io.ReadCloser
	container            *Container
	packed, limit, given int64
}

func (p *part) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.given += int64(n)
	if p.container.budget.Add(-int64(n)) < 0 || p.given > p.limit || p.given > FreeBytes && p.given/maxRatio > p.packed {
		return 0, bomb(p.given)
	}
	return n, err
}

// Relation is one line of a part's relations.
type Relation struct {
	ID, Kind, Target string // the kind is the last word of its type, which the variants of the format share
	External         bool
}

// Relations are those of a part, none if it has no list; targets of parts are names
// from the root.
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
		r := Relation{ID: a.Get("Id"), Target: a.Get("Target"), External: strings.EqualFold(a.Get("TargetMode"), "External")}
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

// RelationsPart is the part that holds the relations of another.
func RelationsPart(of string) string {
	dir, file := path.Split(of)
	return dir + "_rels/" + file + ".rels"
}
