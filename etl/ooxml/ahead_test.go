package ooxml

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

// A part read ahead is the part, and its error comes after its last byte: a deflate
// stream that is cut short says so with the very error that a last block which is
// not full would have.
func TestReadAhead(t *testing.T) {
	text := make([]byte, 3<<20+17)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range text {
		text[i] = byte(r.Uint32())
	}
	for _, ends := range []error{io.EOF, io.ErrUnexpectedEOF, errors.New("damaged")} {
		a := readAhead(io.NopCloser(io.MultiReader(iotest.HalfReader(bytes.NewReader(text)), iotest.ErrReader(ends))))
		got, err := io.ReadAll(a)
		if want := ends; want != io.EOF && err != want || want == io.EOF && err != nil {
			t.Errorf("the error is %v, want %v", err, want)
		}
		if !bytes.Equal(got, text) {
			t.Errorf("%v: %d bytes of %d came through", ends, len(got), len(text))
		}
		a.Close()
	}
	// Whoever stops in the middle is not waited for, and nobody reads on after it.
	reads := 0
	a := readAhead(io.NopCloser(readerFunc(func(p []byte) (int, error) { reads++; return len(p), nil })))
	if _, err := a.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	a.Close()
	if was := reads; was == 0 || reads != was {
		t.Errorf("%d reads, then %d", was, reads)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
