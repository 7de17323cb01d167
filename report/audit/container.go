package audit

import (
	"errors"
	"io"
	"slices"

	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
)

// Limits against files made to exhaust memory, in addition to those of package ooxml. A
// workbook written by Excel has five to thirty times its compressed size.
const (
	maxSmallPart = 64 << 20 // any part but a sheet or the shared strings
	maxTexts     = 1 << 30
	maxSheetPart = 4 << 30
	maxRatio     = 200
	// maxToken limits a tag or a run of text. The longest text that a cell can hold, with
	// every character escaped, takes a third of it.
	maxToken = 1 << 20
)

// container is a workbook's parts.
type container struct{ *ooxml.Container }

// UnreadableError means that a file cannot be audited. It says why, and what to do.
type UnreadableError struct {
	Part string // empty for the file as a whole
	Err  error
	Do   message.Key
}

// Error returns the error in English.
func (e *UnreadableError) Error() string { return e.Say(message.In("en")) }

// Say returns the error in a language.
func (e *UnreadableError) Say(p message.Printer) string {
	if e.Part != "" {
		return p.Say("audit-part-unreadable", "part", e.Part, "why", e.Err, "do", message.New(e.Do))
	}
	return p.Say("audit-unreadable", "why", e.Err, "do", message.New(e.Do))
}

func (e *UnreadableError) Unwrap() error { return e.Err }

func openContainer(r io.ReaderAt, size int64) (*container, error) {
	whole := func(do message.Key, err error) error { return &UnreadableError{Err: err, Do: do} }
	head := make([]byte, 8)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, whole("audit-check-readable", err)
	}
	if string(head[:n]) == "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" {
		return nil, whole("audit-save-xlsx", message.Fail(nil, "audit-xls"))
	}
	c, err := ooxml.Open(r, size, ooxml.FreeBytes+maxRatio*size)
	var limit *ooxml.LimitError
	switch {
	case errors.As(err, &limit):
		return nil, whole("audit-save-again", err)
	case err != nil:
		return nil, whole("audit-fetch-again", message.Fail(err, "audit-no-zip", "why", err))
	case c.Twice != "":
		return nil, whole("audit-save-again", message.Fail(nil, "audit-part-twice", "part", c.Twice))
	case !c.Has("[Content_Types].xml"):
		return nil, whole("audit-give-xlsx", message.Fail(nil, "audit-no-workbook"))
	}
	return &container{c}, nil
}

// read scans a part with fn. It adds the part's name and what to do to an error.
func (c *container) read(name string, limit int64, fn func(*ooxml.Scanner) error) error {
	wrong := func(err error) error { return &UnreadableError{Part: name, Err: err, Do: "audit-save-again"} }
	in, err := c.Open(name, limit)
	if err != nil {
		return wrong(err)
	}
	defer in.Close()
	s := ooxml.NewScanner(in, ooxml.Options{Size: c.Size(name), MaxToken: maxToken, Strict: true})
	err = fn(s)
	if err == nil {
		for s.Next() { // to the end, to check the tags and the checksum
		}
	}
	if s.Err() != nil {
		err = s.Err() // the part is broken; the error of fn does not matter
	}
	if err != nil {
		return wrong(err)
	}
	return nil
}

func (c *container) relations(part string) ([]ooxml.Relation, error) {
	rs, err := c.Relations(part, ooxml.Options{MaxToken: maxToken, Strict: true})
	if err != nil {
		return nil, &UnreadableError{Part: ooxml.RelationsPart(part), Err: err, Do: "audit-save-again"}
	}
	return rs, nil
}

// kinds returns the relationships of one kind.
func kinds(rs []ooxml.Relation, kind string) []ooxml.Relation {
	return slices.DeleteFunc(slices.Clone(rs), func(r ooxml.Relation) bool { return r.Kind != kind })
}

func byID(rs []ooxml.Relation, id string) (ooxml.Relation, bool) {
	i := slices.IndexFunc(rs, func(r ooxml.Relation) bool { return r.ID == id })
	if i < 0 {
		return ooxml.Relation{}, false
	}
	return rs[i], true
}
