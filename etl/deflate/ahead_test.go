package deflate_test

import (
	"bytes"
	stdlib "compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"testing/iotest"

	"hdsreport/etl/deflate"
	"hdsreport/etl/raced"
)

// stream is a compressed text.
type stream struct {
	name         string
	text, packed []byte
}

// streams are texts of several megabytes, compressed in the ways that a long part may be.
func streams(t testing.TB) []stream {
	random := rand.New(rand.NewPCG(1, 2))
	cells := func(n int) []byte {
		var b bytes.Buffer
		for b.Len() < n {
			fmt.Fprintf(&b, `<c r="A%d" s="3"><v>%x</v></c>`, b.Len(), random.Uint64())
		}
		return b.Bytes()[:n]
	}
	noise := make([]byte, 1<<20)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	marks := bytes.Clone(noise) // stored as it is, so the bytes between blocks stand in it
	for range 1000 {
		copy(marks[random.IntN(len(marks)-4):], []byte{0, 0, 0xff, 0xff})
	}
	blocks := func(text []byte, size int) []byte {
		var out []byte
		for len(text) > 0 {
			n := min(size, len(text))
			out, text = append(out, block(t, text[:n], n == len(text))...), text[n:]
		}
		return out
	}
	whole := func(text []byte, flush int) []byte {
		var out bytes.Buffer
		w, _ := stdlib.NewWriter(&out, 6)
		for i := 0; i < len(text); i += flush {
			_, _ = w.Write(text[i:min(i+flush, len(text))])
			_ = w.Flush()
		}
		_ = w.Close()
		return out.Bytes()
	}
	long, zeros := cells(3<<20), make([]byte, 9<<20)
	mixed := slices.Concat(long[:2<<20], noise, marks, zeros[:5<<20])
	// Blocks of their own, and then one piece that goes on where nothing says so.
	var rest bytes.Buffer
	w, _ := stdlib.NewWriterDict(&rest, 6, long[2<<20-32<<10:2<<20])
	_, _ = w.Write(long[2<<20:])
	_ = w.Close()
	then := slices.Concat(block(t, long[:1<<20], false), block(t, long[1<<20:2<<20], false), rest.Bytes())
	return []stream{
		{"empty", nil, block(t, nil, true)},
		{"short", long[:100], blocks(long[:100], 1<<20)},
		{"blocks of their own", long, blocks(long, 1<<20)},
		{"small blocks of their own", long, blocks(long, 20_000)},
		{"blocks of zeros", zeros, blocks(zeros, 1<<20)},
		{"one piece", long, whole(long, len(long))},
		{"one window over flushed blocks", long, whole(long, 300_000)},
		{"noise", noise, whole(noise, len(noise))},
		{"the bytes between blocks, stored", marks, whole(marks, len(marks))},
		{"the bytes between blocks, stored in blocks", marks, blocks(marks, 700_000)},
		{"zeros in one piece", zeros, whole(zeros, len(zeros))},
		{"a bit of everything", mixed, blocks(mixed, 1<<20)},
		{"own blocks, then one piece that refers to them", long, then},
	}
}

func block(t testing.TB, text []byte, last bool) []byte {
	b, err := deflate.Block(text, deflate.Fast, last)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// However a stream was compressed, and however it comes, its text is the same as in one piece.
func TestAhead(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	all := streams(t)
	for _, cores := range []int{1, 4} {
		runtime.GOMAXPROCS(cores)
		for _, s := range all {
			if raced.Detector && cores == 1 {
				continue // ten times as slow, and nothing to see
			}
			for how, r := range map[string]io.Reader{"whole": bytes.NewReader(s.packed),
				"in halves":          iotest.HalfReader(bytes.NewReader(s.packed)),
				"with the last byte": iotest.DataErrReader(bytes.NewReader(s.packed)),
				"before other bytes": bytes.NewReader(append(bytes.Clone(s.packed), "more\x00\x00\xff\xffand more"...))} {
				if raced.Detector && how != "in halves" {
					continue
				}
				a := deflate.NewAhead(r)
				got, err := io.ReadAll(a)
				if err != nil || !bytes.Equal(got, s.text) {
					t.Errorf("%s, %s, %d cores: %d bytes of %d, %v", s.name, how, cores, len(got), len(s.text), err)
				}
				if n, err := a.Read(make([]byte, 1)); n != 0 || err != io.EOF {
					t.Errorf("%s, %s: after the end %d, %v", s.name, how, n, err)
				}
				a.Close()
				a.Close()
			}
		}
	}
}

// A stream that is cut short or damaged gives what one piece of it would give, and then its
// error.
func TestAheadOfDamage(t *testing.T) {
	broken := errors.New("the disk is broken")
	random := rand.New(rand.NewPCG(5, 6))
	for i, s := range streams(t)[1:] {
		rounds := 3
		if raced.Detector { // of the texts, a third is enough for it
			rounds = (i + 2) % 3 / 2
		}
		for range rounds {
			at := random.IntN(len(s.packed) - 1)
			turned := bytes.Clone(s.packed)
			turned[at] ^= 1 << random.IntN(8)
			for what, r := range map[string]func() io.Reader{
				"cut":     func() io.Reader { return bytes.NewReader(s.packed[:at]) },
				"turned":  func() io.Reader { return bytes.NewReader(turned) },
				"refused": func() io.Reader { return io.MultiReader(bytes.NewReader(s.packed[:at]), iotest.ErrReader(broken)) },
			} {
				one := deflate.NewReader(r())
				want, why := io.ReadAll(one)
				one.Close()
				a := deflate.NewAhead(r())
				got, err := io.ReadAll(a)
				a.Close()
				if !bytes.Equal(got, want) || (err == nil) != (why == nil) || what == "refused" && !errors.Is(err, why) ||
					err != nil && err.Error() != why.Error() {
					t.Errorf("%s, %s at %d of %d: %d bytes and %v, want %d and %v", s.name, what, at, len(s.packed),
						len(got), err, len(want), why)
				}
			}
		}
	}
}

// Whoever stops in the middle is not waited for, and nobody reads on after it.
func TestAheadIsClosed(t *testing.T) {
	for _, s := range streams(t)[2:] {
		reads := 0
		from := bytes.NewReader(s.packed)
		a := deflate.NewAhead(readerFunc(func(p []byte) (int, error) { reads++; return from.Read(p) }))
		if _, err := a.Read(make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		a.Close()
		if was := reads; was == 0 || reads != was {
			t.Errorf("%s: %d reads, then %d", s.name, was, reads)
		}
		for err := error(nil); err == nil; {
			if _, err = a.Read(make([]byte, 1<<20)); err != nil && err != io.ErrClosedPipe && err != io.EOF {
				t.Errorf("%s: read after it was closed: %v", s.name, err)
			}
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// BenchmarkAhead compares with decompression in one piece, of a stream of blocks of their own.
func BenchmarkAhead(b *testing.B) {
	s := streams(b)[2]
	for name, open := range map[string]func(io.Reader) io.ReadCloser{"one piece": deflate.NewReader, "ahead": deflate.NewAhead} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s.text)))
			for b.Loop() {
				r := open(bytes.NewReader(s.packed))
				_, _ = io.Copy(io.Discard, r)
				r.Close()
			}
		})
	}
}
