package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"hdsreport/etl/deflate"
	"hdsreport/etl/message"
)

// The container. excelize hands over the parts in the order of a map, but the same book
// must give the same bytes on every run and any number of cores, quickly.
//
// Parts are cut into blocks of a fixed size. Each block is compressed on its own, with an
// empty window, and ends on a byte boundary (a sync flush; the last block of a part ends
// the stream). The concatenated outputs are one valid deflate stream: the method of pigz.
// The output for a block depends only on its bytes, so the file is the same for
// GOMAXPROCS=1 and 64. An empty window loses up to 32 KiB of context per block, which
// costs well under 1 % for 1 MiB. The compressed parts stay in memory until the last one
// is complete, because only then can they be sorted.
//
// A sheet's rows are compressed while they are written (rows.go), before excelize has
// written what precedes them, which becomes a block of its own. The checksum of the part is
// combined from those of the blocks.

const (
	blockSize = 1 << 20
	// fineBlocks is the number of blocks of a part that are compressed well.
	// Later blocks are compressed fast: a small workbook should be small, a large one should
	// be written quickly. The level depends only on the block's index, so the file does not
	// depend on the machine.
	fineBlocks = 4
)

// dosDate is 1 January 1980, the earliest date that a zip file can hold and the one that
// Excel writes. Parts have no date of their own.
const dosDate = 1<<5 | 1

// container is an excelize.ZipWriter.
type container struct {
	file  *File
	patch func(name string, part []byte) (assembled, error)
	last  func() (name string, part []byte) // returns a part that excelize does not know, or nil
	slots chan struct{}                     // one per core
	parts []*part
	err   error
}

// part is one file of the container while it is being written.
type part struct {
	name   string
	whole  bytes.Buffer // as written by excelize, until the part ends
	pieces *pieces      // as it will be stored
}

// assembled is a part as it will be stored. In a sheet, rows holds its rows; otherwise it
// is nil.
type assembled struct {
	before []byte
	rows   *pieces
	after  []byte
}

func newContainer(file *File, slots chan struct{}) *container {
	return &container{file: file, slots: slots}
}

// oneACore returns a semaphore for the blocks being compressed, one per core.
func oneACore() chan struct{} { return make(chan struct{}, runtime.GOMAXPROCS(0)) }

// Create begins a part and ends the one before.
func (z *container) Create(name string) (io.Writer, error) {
	z.endPart()
	p := &part{name: name}
	z.parts = append(z.parts, p)
	return &p.whole, nil
}

// AddFS is never called for a new workbook.
func (z *container) AddFS(fs.FS) error {
	return fmt.Errorf("a file system cannot be added to a workbook")
}

// endPart completes the current part. It keeps an error for Close, because excelize
// continues after one.
func (z *container) endPart() {
	if len(z.parts) == 0 || z.err != nil {
		return
	}
	p := z.parts[len(z.parts)-1]
	if p.pieces != nil {
		return
	}
	a, err := z.patch(p.name, p.whole.Bytes())
	if err != nil {
		z.err = message.Fail(err, "workbook-at", "place", p.name, "why", err)
		return
	}
	p.whole = bytes.Buffer{}
	p.pieces = newPieces(z.slots)
	p.pieces.add(a.before)
	if a.rows != nil {
		p.pieces.join(a.rows)
	}
	p.pieces.add(a.after)
	p.pieces.flush(true)
}

// Close writes the container, with parts sorted by name. [Content_Types].xml sorts first,
// as readers expect.
func (z *container) Close() error {
	if name, part := z.last(); part != nil {
		w, _ := z.Create(name) // cannot fail: in memory
		_, _ = w.Write(part)
	}
	z.endPart()
	if z.err != nil {
		return z.err
	}
	slices.SortFunc(z.parts, func(a, b *part) int { return strings.Compare(a.name, b.name) })
	zw := zip.NewWriter(z.file)
	for _, p := range z.parts {
		h, err := p.header()
		if err != nil {
			return err
		}
		w, err := zw.CreateRaw(h)
		if err != nil {
			return err
		}
		for _, b := range p.pieces.blocks {
			// With nothing in its buffer, zw hands on a long block as it is.
			if err := zw.Flush(); err != nil {
				return err
			}
			z.file.keep(b.out)
			if _, err := w.Write(b.out); err != nil {
				return err
			}
			b.out = nil
		}
	}
	return zw.Close()
}

// header waits for the part's blocks and returns the part's zip header.
func (p *part) header() (*zip.FileHeader, error) {
	h := &zip.FileHeader{Name: p.name, Method: zip.Deflate, CreatorVersion: 20, ReaderVersion: 20}
	for _, b := range p.pieces.blocks {
		<-b.done
		if b.err != nil {
			return nil, b.err
		}
		h.CRC32 = joinCRC(h.CRC32, b.crc, b.size)
		h.CompressedSize64 += uint64(len(b.out))
		h.UncompressedSize64 += uint64(b.size)
	}
	if h.UncompressedSize64 >= math.MaxUint32 || h.CompressedSize64 >= math.MaxUint32 {
		return nil, message.Fail(nil, "workbook-part-long", "part", p.name, "bytes", h.UncompressedSize64)
	}
	//lint:ignore SA1019 Modified adds an extra field, and is not looked at for raw parts
	h.ModifiedDate = dosDate
	return h, nil
}

// pieces is a stream of bytes cut into blocks: those being compressed, and the one that is
// still open.
type pieces struct {
	slots  chan struct{}
	blocks []*block
	open   *bytes.Buffer
}

type block struct {
	out  []byte
	size int
	crc  uint32
	err  error
	done chan struct{}
}

func newPieces(slots chan struct{}) *pieces { return &pieces{slots: slots} }

// add appends bytes to the stream. A full block is flushed only when another byte follows,
// because the last block ends differently.
func (p *pieces) add(b []byte) {
	for len(b) > 0 {
		if p.open != nil && p.open.Len() == blockSize {
			p.flush(false)
		}
		if p.open == nil {
			p.open = buffers.Get().(*bytes.Buffer)
			p.open.Reset()
			if len(p.blocks) > 0 {
				p.open.Grow(blockSize) // it will probably be filled; avoid doubling
			}
		}
		n := min(len(b), blockSize-p.open.Len())
		p.open.Write(b[:n])
		b = b[n:]
	}
}

// join appends another stream, of which all blocks are being compressed.
func (p *pieces) join(q *pieces) {
	if p.open != nil {
		p.flush(false)
	}
	p.blocks = append(p.blocks, q.blocks...)
}

// flush starts compressing the open block. It waits for a free core, which bounds memory.
func (p *pieces) flush(last bool) {
	in := p.open
	p.open = nil
	level := deflate.Fine
	if len(p.blocks) >= fineBlocks {
		level = deflate.Fast
	}
	b := &block{done: make(chan struct{})}
	p.blocks = append(p.blocks, b)
	p.slots <- struct{}{}
	go func() {
		defer func() { <-p.slots; close(b.done) }()
		if in == nil { // only the end of a stream
			in = buffers.Get().(*bytes.Buffer)
			in.Reset()
		}
		b.size, b.crc = in.Len(), crc32.ChecksumIEEE(in.Bytes())
		b.out, b.err = deflate.Block(in.Bytes(), level, last)
		buffers.Put(in)
	}()
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// joinCRC returns the checksum of two concatenated pieces from their checksums and the
// length of the second. As in zlib's crc32_combine, the first checksum is multiplied by x
// to the power of that length in bits, modulo the polynomial of CRC-32.
func joinCRC(a, b uint32, size int) uint32 {
	power := uint32(1) << 23 // x^8: the highest bit is x^0
	for n := size; n > 0; n >>= 1 {
		if n&1 != 0 {
			a = timesCRC(a, power)
		}
		power = timesCRC(power, power)
	}
	return a ^ b
}

// timesCRC multiplies two polynomials over GF(2), modulo the polynomial of CRC-32.
func timesCRC(a, b uint32) uint32 {
	product := uint32(0)
	for bit := uint32(1) << 31; bit != 0; bit >>= 1 {
		if a&bit != 0 {
			product ^= b
		}
		b = b>>1 ^ crc32.IEEE&-(b&1)
	}
	return product
}

// sortTypes sorts the entries of [Content_Types].xml: if there is a drawing, excelize adds
// its image types in the order of a map.
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
