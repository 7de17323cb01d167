package xlsx

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// The container: excelize hands over the parts in the order of a map, and we
// want the same bytes on every run, on any number of cores, and soon.
//
// Parts are cut into blocks of a fixed size, each deflated on its own from an
// empty window and ended on a byte boundary (a sync flush; the last block of a
// part ends the stream), so that the blocks' outputs laid end to end are one
// valid deflate stream: the method of pigz. What a block becomes depends only on
// its bytes, never on which core took it or when, hence the same file for
// GOMAXPROCS=1 and 64. An empty window costs up to 32 KiB of context a block,
// well under 1 % of 1 MiB. The compressed parts stay in memory until the
// last has come, because only then can they be sorted.

const (
	blockSize = 1 << 20
	// fineBlocks are compressed at the default level, later ones of a part at the
	// fastest: a small workbook should be small, a large one soon there. A
	// property of the block's index, so it does not depend on the machine either.
	fineBlocks = 4
)

// dosDate is 1 January 1980, the earliest that the container can tell and what
// Excel itself writes; parts have no date of their own.
const dosDate = 1<<5 | 1

// container is an excelize.ZipWriter.
type container struct {
	w     io.Writer
	patch func(name string, part []byte) ([]byte, error) // of all parts but sheets
	tail  func(name string) *splice                      // for a sheet's stream; nil for none
	parts []*part
	slots chan struct{} // one a core
	err   error
}

// part is one file of the container while it is being written.
type part struct {
	name   string
	zip    *container
	whole  *bytes.Buffer // until it ends, for parts that are patched
	splice *splice
	empty  *emptyResults
	block  *bytes.Buffer
	blocks []*block
	crc    uint32
	size   uint64
	ended  bool
}

type block struct {
	out  []byte
	err  error
	done chan struct{}
}

func newContainer(w io.Writer) *container {
	return &container{w: w, slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// Create begins a part; the one before it is over.
func (z *container) Create(name string) (io.Writer, error) {
	z.endPart()
	p := &part{name: name, zip: z}
	if strings.HasPrefix(name, "xl/worksheets/sheet") {
		p.splice, p.empty = z.tail(name), new(emptyResults)
	} else {
		p.whole = new(bytes.Buffer)
	}
	z.parts = append(z.parts, p)
	return p, nil
}

// AddFS is never called for a new workbook.
func (z *container) AddFS(fs.FS) error {
	return fmt.Errorf("a file system cannot be added to a workbook")
}

// Close writes the container, parts by name: [Content_Types].xml comes first by
// itself, as readers like it.
func (z *container) Close() error {
	z.endPart()
	if z.err != nil {
		return z.err
	}
	slices.SortFunc(z.parts, func(a, b *part) int { return strings.Compare(a.name, b.name) })
	if whole, ok := z.w.(interface{ Grow(int) }); ok {
		// A buffer that doubles as it fills takes three times the file.
		n := 1 << 12
		for _, p := range z.parts {
			n += 2*len(p.name) + 128 // what the container says of a part, in two places
			for _, b := range p.blocks {
				<-b.done
				n += len(b.out)
			}
		}
		whole.Grow(n)
	}
	zw := zip.NewWriter(z.w)
	for _, p := range z.parts {
		var compressed uint64
		for _, b := range p.blocks {
			<-b.done
			if b.err != nil {
				return b.err
			}
			compressed += uint64(len(b.out))
		}
		if p.size >= math.MaxUint32 || compressed >= math.MaxUint32 {
			return fmt.Errorf("%s would take %d bytes, and readers refuse a part over 4 GiB: publish fewer rows or columns", p.name, p.size)
		}
		h := &zip.FileHeader{
			Name: p.name, Method: zip.Deflate, CRC32: p.crc,
			CompressedSize64: compressed, UncompressedSize64: p.size,
			CreatorVersion: 20, ReaderVersion: 20,
		}
		//lint:ignore SA1019 Modified adds an extra field, and is not looked at for raw parts
		h.ModifiedDate = dosDate
		w, err := zw.CreateRaw(h)
		if err != nil {
			return err
		}
		for _, b := range p.blocks {
			if _, err := w.Write(b.out); err != nil {
				return err
			}
			b.out = nil
		}
	}
	return zw.Close()
}

// endPart completes the part being written; an error is kept for Close, because
// excelize goes on after one.
func (z *container) endPart() {
	if len(z.parts) == 0 {
		return
	}
	p := z.parts[len(z.parts)-1]
	if p.ended || z.err != nil {
		return
	}
	p.ended = true
	if p.whole != nil {
		data, err := z.patch(p.name, p.whole.Bytes())
		if err != nil {
			z.err = fmt.Errorf("%s: %w", p.name, err)
			return
		}
		p.whole = nil
		p.add(data)
	} else {
		p.pass(p.empty.held)
		if p.splice != nil {
			rest, err := p.splice.end()
			if err != nil {
				z.err = fmt.Errorf("%s: %w", p.name, err)
				return
			}
			p.add(rest)
		}
	}
	p.flush(true)
}

func (p *part) Write(b []byte) (int, error) {
	if p.whole != nil {
		return p.whole.Write(b)
	}
	p.empty.feed(b, p.pass)
	return len(b), nil
}

// pass takes a sheet's bytes on: links are put in on the way.
func (p *part) pass(b []byte) {
	if p.splice != nil {
		p.splice.feed(b, p.add)
	} else {
		p.add(b)
	}
}

// add takes the part's next bytes. A full block waits for the byte after it,
// since the last one is closed differently.
func (p *part) add(b []byte) {
	p.crc = crc32.Update(p.crc, crc32.IEEETable, b)
	p.size += uint64(len(b))
	for len(b) > 0 {
		if p.block != nil && p.block.Len() == blockSize {
			p.flush(false)
		}
		if p.block == nil {
			p.block = buffers.Get().(*bytes.Buffer)
			p.block.Reset()
		}
		n := min(len(b), blockSize-p.block.Len())
		p.block.Write(b[:n])
		b = b[n:]
	}
}

// flush hands the block to a core, waiting for a free one: that bounds memory.
func (p *part) flush(last bool) {
	in := p.block
	p.block = nil
	level := flate.DefaultCompression
	if len(p.blocks) >= fineBlocks {
		level = flate.BestSpeed
	}
	b := &block{done: make(chan struct{})}
	p.blocks = append(p.blocks, b)
	p.zip.slots <- struct{}{}
	go func() {
		defer func() { <-p.zip.slots; close(b.done) }()
		b.out, b.err = deflate(in, level, last)
		if in != nil {
			buffers.Put(in)
		}
	}()
}

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	// A deflater is a megabyte of tables: kept, one pool a level.
	deflaters = map[int]*sync.Pool{flate.DefaultCompression: {}, flate.BestSpeed: {}}
)

func deflate(in *bytes.Buffer, level int, last bool) ([]byte, error) {
	var out bytes.Buffer
	fw, ok := deflaters[level].Get().(*flate.Writer)
	if ok {
		fw.Reset(&out) // "equivalent to the result of NewWriter"
	} else {
		var err error
		if fw, err = flate.NewWriter(&out, level); err != nil {
			return nil, err
		}
	}
	defer deflaters[level].Put(fw)
	if in != nil {
		out.Grow(in.Len() / 8)
		if _, err := fw.Write(in.Bytes()); err != nil {
			return nil, err
		}
	}
	if last {
		err := fw.Close()
		return out.Bytes(), err
	}
	err := fw.Flush()
	return out.Bytes(), err
}

// emptyResults gives a formula whose result is an empty text the value that says
// so: excelize leaves it out, and such a cell reads like one that was never
// computed.
type emptyResults struct {
	held  []byte // could be the mark's beginning
	whole []byte // what was held and what came: used again
}

var (
	formulaAlone = []byte("</f></c>") // no text holds a "<"
	formulaEmpty = []byte("</f><v></v></c>")
)

func (e *emptyResults) feed(b []byte, pass func([]byte)) {
	if len(e.held) > 0 {
		e.whole = append(append(e.whole[:0], e.held...), b...)
		b = e.whole
	}
	for {
		i := bytes.Index(b, formulaAlone)
		if i < 0 {
			break
		}
		pass(b[:i])
		pass(formulaEmpty)
		b = b[i+len(formulaAlone):]
	}
	keep := min(len(b), len(formulaAlone)-1)
	for keep > 0 && !bytes.HasPrefix(formulaAlone, b[len(b)-keep:]) {
		keep--
	}
	pass(b[:len(b)-keep])
	e.held = append(e.held[:0], b[len(b)-keep:]...)
}

// splice inserts text before the first occurrence of a marker in a stream that
// is too long to hold.
type splice struct {
	before []byte // the marker
	insert []byte
	held   []byte // could be the marker's beginning
	whole  []byte // what was held and what came: used again
	done   bool
}

func (s *splice) feed(b []byte, add func([]byte)) {
	if s.done {
		add(b)
		return
	}
	if len(s.held) > 0 {
		s.whole = append(append(s.whole[:0], s.held...), b...)
		b = s.whole
	}
	if i := bytes.Index(b, s.before); i >= 0 {
		add(b[:i])
		add(s.insert)
		add(b[i:])
		s.done = true
		return
	}
	keep := min(len(b), len(s.before)-1)
	add(b[:len(b)-keep])
	s.held = append(s.held[:0], b[len(b)-keep:]...)
}

// end is what was held back; a marker that never came is an error, as what was
// to be inserted would be lost.
func (s *splice) end() ([]byte, error) {
	if !s.done {
		return nil, fmt.Errorf("%q is missing from what excelize wrote", s.before)
	}
	return nil, nil
}

// sortTypes puts the entries of [Content_Types].xml in order: once a drawing
// exists, excelize adds its image types in the order of a map.
func sortTypes(part []byte) ([]byte, error) {
	open := bytes.Index(part, []byte("<Types"))
	if open < 0 {
		return nil, fmt.Errorf("no <Types> element")
	}
	from := open + bytes.IndexByte(part[open:], '>') + 1
	to := bytes.LastIndex(part, []byte("</Types>"))
	if to < from {
		return nil, fmt.Errorf("no </Types>")
	}
	var entries []string
	for _, e := range strings.SplitAfter(string(part[from:to]), ">") {
		switch {
		case strings.HasPrefix(e, "</"):
			entries[len(entries)-1] += e
		case e != "":
			entries = append(entries, e)
		}
	}
	slices.Sort(entries) // "<Default" before "<Override", as the schema's users expect
	return slices.Concat(part[:from], []byte(strings.Join(entries, "")), part[to:]), nil
}
