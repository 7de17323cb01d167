// Package deflate compresses and decompresses the parts of workbooks.
//
// It is github.com/klauspost/compress, and not the standard library, because half of the
// time of a long list is spent here. Of the 121 MB of XML of 100,000 rows, it compresses
// at level 1 in 0.40 s of processor time against 0.74 s, into 2 % less, and decompresses in
// 0.36 s against 0.58 s. Its flate package has no assembly. What it builds differently for
// some processors only loads integers without a check of bounds, so the same bytes come
// out everywhere, which the release tests.
package deflate

import (
	"bufio"
	"bytes"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// Level is how hard to look for repetitions.
type Level int

// The levels in use.
const (
	Fast Level = 1
	Fine Level = 6
)

// A compressor needs up to a megabyte of tables, and a block that is not yet complete needs
// room, so compressors are kept by level.
var writers [Fine + 1]sync.Pool

type writer struct {
	*flate.Writer
	out bytes.Buffer
}

// Block compresses bytes on their own, with an empty window. The output ends the stream if
// last is set, otherwise it ends on a byte boundary, and another block can follow. It
// depends on nothing but the arguments, and is as long as its memory.
func Block(in []byte, level Level, last bool) ([]byte, error) {
	w, ok := writers[level].Get().(*writer)
	if !ok {
		w = new(writer)
		var err error
		if w.Writer, err = flate.NewWriter(nil, int(level)); err != nil {
			return nil, err
		}
	}
	defer writers[level].Put(w)
	w.out.Reset()
	w.Reset(&w.out)
	if _, err := w.Write(in); err != nil {
		return nil, err
	}
	end := w.Flush
	if last {
		end = w.Close
	}
	err := end()
	return bytes.Clone(w.out.Bytes()), err
}

// NewReader returns a reader of decompressed bytes. It reads ahead of what it needs. Close
// does not close r.
func NewReader(r io.Reader) io.ReadCloser {
	if d, ok := readers.Get().(*reader); ok {
		d.packed.Reset(r)
		// The decompressor cannot fail to start: it has no dictionary.
		_ = d.ReadCloser.(flate.Resetter).Reset(d.packed, nil)
		return d
	}
	packed := bufio.NewReaderSize(r, 16<<10)
	return &reader{ReadCloser: flate.NewReader(packed), packed: packed}
}

var readers sync.Pool

// reader is a decompressor that is kept for another stream when it is closed.
type reader struct {
	io.ReadCloser
	packed *bufio.Reader
	closed bool
}

func (d *reader) Read(b []byte) (int, error) {
	if d.closed {
		return 0, io.ErrClosedPipe
	}
	return d.ReadCloser.Read(b)
}

func (d *reader) Close() error {
	if d.closed {
		return nil
	}
	d.closed = true
	err := d.ReadCloser.Close()
	readers.Put(&reader{ReadCloser: d.ReadCloser, packed: d.packed})
	return err
}
