package source

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// archive is the zip container of an .xlsx or .ods. It bounds what reading its
// parts may unpack, whatever the directory declares.
type archive struct {
	in    *input
	parts map[string]*zip.File // by lower-case path, without a leading slash
	names []string             // in the order of the archive
	left  int64                // bytes that may still be unpacked
}

func openArchive(in *input) (*archive, error) {
	z, err := zip.NewReader(bytes.NewReader(in.data), int64(len(in.data)))
	if err != nil {
		return nil, in.refuse("source-damaged", "zip", err)
	}
	if len(z.File) > maxEntries {
		return nil, in.refuse("source-zip-bomb", fmt.Sprintf("%d files", len(z.File)))
	}
	a := &archive{in: in, parts: make(map[string]*zip.File, len(z.File)), left: maxUnzipped}
	for _, f := range z.File {
		// Some writers use backslashes; part names are compared without case.
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		if _, twice := a.parts[strings.ToLower(name)]; !twice {
			a.parts[strings.ToLower(name)] = f
			a.names = append(a.names, name)
		}
	}
	return a, nil
}

func (a *archive) has(name string) bool { return a.parts[strings.ToLower(name)] != nil }

// hasSuffix tells whether a part's path ends so.
func (a *archive) hasSuffix(suffix string) bool {
	for _, n := range a.names {
		if strings.HasSuffix(strings.ToLower(n), suffix) {
			return true
		}
	}
	return false
}

var errNoPart = errors.New("a part is missing")

// open gives a part to read, within the bounds.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.parts[strings.ToLower(name)]
	if f == nil {
		return nil, a.in.refuse("source-damaged", a.in.format, fmt.Errorf("%w: %s", errNoPart, path.Base(name)))
	}
	declared := int64(min(f.UncompressedSize64, 1<<62))
	if declared > a.left || declared > ratioFloor && declared/maxRatio > int64(f.CompressedSize64) {
		return nil, a.bomb(declared)
	}
	if f.Flags&1 != 0 {
		return nil, a.in.refuse("source-encrypted")
	}
	r, err := f.Open()
	if err != nil {
		return nil, a.in.refuse("source-damaged", a.in.format, err)
	}
	return &part{archive: a, ReadCloser: r, packed: int64(f.CompressedSize64)}, nil
}

func (a *archive) bomb(size int64) *Refusal {
	return a.in.refuse("source-zip-bomb", fmt.Sprintf("%d MiB", size>>20))
}

// part counts what it gives: sizes in an archive are only claims.
type part struct {
	archive *archive
	io.ReadCloser
	packed, given int64
}

func (p *part) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.given += int64(n)
	p.archive.left -= int64(n)
	if p.archive.left < 0 || p.given > ratioFloor && p.given/maxRatio > p.packed {
		return n, p.archive.bomb(p.given)
	}
	return n, err
}

// small reads a whole part that has no business being large.
func (a *archive) small(name string) ([]byte, error) {
	r, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxToken))
	if err != nil {
		return nil, a.damaged(err)
	}
	return data, nil
}

// scan opens a part as XML.
func (a *archive) scan(name string) (*xmlScanner, io.Closer, error) {
	r, err := a.open(name)
	if err != nil {
		return nil, nil, err
	}
	// A part may be UTF-16 by the standard; nobody writes that, but a mark tells.
	var mark [2]byte
	n, err := io.ReadFull(r, mark[:])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		r.Close()
		return nil, nil, a.damaged(err)
	}
	src := io.MultiReader(bytes.NewReader(mark[:n]), r)
	switch string(mark[:n]) {
	case "\xff\xfe":
		src = utf16le.NewDecoder().Reader(r)
	case "\xfe\xff":
		src = utf16be.NewDecoder().Reader(r)
	}
	return newXMLScanner(src), r, nil
}

// damaged makes a refusal of an error met while reading a part.
func (a *archive) damaged(err error) error {
	var r *Refusal
	if errors.As(err, &r) {
		return r
	}
	return a.in.refuse("source-damaged", a.in.format, err)
}

// listing names what an archive holds, for a person.
func (a *archive) listing() string {
	const most = 3
	if len(a.names) == 0 {
		return "nothing"
	}
	var b strings.Builder
	for i, n := range a.names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(a.names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(excerpt(n))
	}
	return b.String()
}
