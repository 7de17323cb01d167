package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/ooxml"
)

// archive is the container of an .xlsx or .ods, whose faults are refusals.
type archive struct {
	*ooxml.Container
	in *input
}

func openArchive(in *input) (*archive, error) {
	c, err := ooxml.Open(bytes.NewReader(in.data), int64(len(in.data)), maxUnzipped)
	var limit *ooxml.LimitError
	switch {
	case errors.As(err, &limit):
		return nil, in.refuse(etl.CodeSourceZipBomb, fmt.Sprintf("%d files", limit.Parts))
	case err != nil:
		return nil, in.refuse(etl.CodeSourceDamaged, "zip", err)
	}
	return &archive{c, in}, nil
}

// hasSuffix tells whether a part's path ends so.
func (a *archive) hasSuffix(suffix string) bool {
	for _, n := range a.Names {
		if strings.HasSuffix(strings.ToLower(n), suffix) {
			return true
		}
	}
	return false
}

// small reads a whole part that has no business being large.
func (a *archive) small(name string) ([]byte, error) {
	r, err := a.Open(name, maxUnzipped)
	if err != nil {
		return nil, a.damaged(err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxToken))
	if err != nil {
		return nil, a.damaged(err)
	}
	return data, nil
}

// errEnough ends the scan of a part of which the rest is of no interest.
var errEnough = errors.New("enough of it")

// scan reads a part's XML with fn.
func (a *archive) scan(name string, fn func(*ooxml.Scanner) error) error {
	r, err := a.Open(name, maxUnzipped)
	if err != nil {
		return err
	}
	defer r.Close()
	// A part may be UTF-16 by the standard; nobody writes that, but a mark tells.
	var mark [2]byte
	n, err := io.ReadFull(r, mark[:])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	src := io.MultiReader(bytes.NewReader(mark[:n]), r)
	switch string(mark[:n]) {
	case "\xff\xfe":
		src = utf16le.NewDecoder().Reader(r)
	case "\xfe\xff":
		src = utf16be.NewDecoder().Reader(r)
	}
	return scanned(src, a.Size(name), fn)
}

// scanned reads XML with fn.
func scanned(r io.Reader, size uint64, fn func(*ooxml.Scanner) error) error {
	s := ooxml.NewScanner(r, ooxml.Options{Size: size, MaxToken: maxToken})
	err := fn(s)
	if s.Err() != nil {
		return s.Err() // what fn made of half a part is beside the point
	}
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

func (a *archive) relations(of string) ([]ooxml.Relation, error) {
	return a.Relations(of, ooxml.Options{MaxToken: maxToken})
}

// damaged makes a refusal of an error met while reading a part.
func (a *archive) damaged(err error) error {
	var r *Unreadable
	var limit *ooxml.LimitError
	switch {
	case errors.As(err, &r):
		return r
	case errors.As(err, &limit):
		return a.in.refuse(etl.CodeSourceZipBomb, fmt.Sprintf("%d MiB", limit.MiB))
	case errors.Is(err, ooxml.ErrEncrypted):
		return a.in.refuse(etl.CodeSourceEncrypted)
	}
	return a.in.refuse(etl.CodeSourceDamaged, a.in.format, err)
}

// listing names what an archive holds, for a person.
func (a *archive) listing() string {
	const most = 3
	if len(a.Names) == 0 {
		return "nothing"
	}
	var b strings.Builder
	for i, n := range a.Names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(a.Names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(excerpt(n))
	}
	return b.String()
}
