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

	"hdsreport/etl/message"
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
//
// A sheet's rows are deflated while they are drawn (rows.go), before excelize says
// what stands in front of them: their first bytes wait for that, and the checksum is
// put together from those of the blocks.

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
	patch func(name string, part []byte) (assembled, error)
	last  func() (name string, part []byte) // one that excelize knows nothing of; no part for none
	slots chan struct{}                     // one a core
	parts []*part
	err   error
}

// part is one file of the container while it is being written.
type part struct {
	name   string
	whole  bytes.Buffer // as excelize writes it, until it ends
	pieces *pieces      // as it will be stored
}

// assembled is a part as it will be stored: rows are those of a sheet, else nil.
type assembled struct {
	before []byte
	rows   *pieces
	after  []byte
}

func newContainer(w io.Writer, slots chan struct{}) *container {
	return &container{w: w, slots: slots}
}

// oneACore is how many blocks are deflated at a time.
func oneACore() chan struct{} { return make(chan struct{}, runtime.GOMAXPROCS(0)) }

// Create begins a part; the one before it is over.
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

// endPart completes the part being written; an error is kept for Close, because
// excelize goes on after one.
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
	p.pieces = newPieces(z.slots, 0)
	p.pieces.add(a.before)
	if a.rows != nil {
		p.pieces.join(a.rows)
	}
	p.pieces.add(a.after)
	p.pieces.flush(true)
}

// Close writes the container, parts by name: [Content_Types].xml comes first by
// itself, as readers like it.
func (z *container) Close() error {
	if name, part := z.last(); part != nil {
		w, _ := z.Create(name) // into memory
		_, _ = w.Write(part)
	}
	z.endPart()
	if z.err != nil {
		return z.err
	}
	slices.SortFunc(z.parts, func(a, b *part) int { return strings.Compare(a.name, b.name) })
	headers, all := make([]*zip.FileHeader, len(z.parts)), 0
	for i, p := range z.parts {
		var err error
		if headers[i], err = p.header(); err != nil {
			return err
		}
		all += int(headers[i].CompressedSize64) + 2*len(p.name) + 128 // what the container says of a part, in two places
	}
	if whole, ok := z.w.(interface{ Grow(int) }); ok {
		// A buffer that doubles as it fills takes three times the file.
		whole.Grow(1<<12 + all)
	}
	zw := zip.NewWriter(z.w)
	for i, p := range z.parts {
		w, err := zw.CreateRaw(headers[i])
		if err != nil {
			return err
		}
		for _, b := range p.pieces.blocks {
			if _, err := w.Write(b.out); err != nil {
				return err
			}
			b.out = nil
		}
	}
	return zw.Close()
}

// header waits for the part's blocks and says what the container says of them.
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

// pieces are a stream of bytes on its way into the container: blocks that are being
// deflated, and the one that is still open.
type pieces struct {
	slots  chan struct{}
	hold   int    // so many bytes are kept back,
	held   []byte // here, for join
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

func newPieces(slots chan struct{}, hold int) *pieces { return &pieces{slots: slots, hold: hold} }

// add takes the next bytes. A full block waits for the byte after it, since the
// last one is closed differently.
func (p *pieces) add(b []byte) {
	if n := min(p.hold-len(p.held), len(b)); n > 0 {
		p.held = append(p.held, b[:n]...)
		b = b[n:]
	}
	for len(b) > 0 {
		if p.open != nil && p.open.Len() == blockSize {
			p.flush(false)
		}
		if p.open == nil {
			p.open = buffers.Get().(*bytes.Buffer)
			p.open.Reset()
			if len(p.blocks) > 0 {
				p.open.Grow(blockSize) // likely to be filled, and not by doubling
			}
		}
		n := min(len(b), blockSize-p.open.Len())
		p.open.Write(b[:n])
		b = b[n:]
	}
}

// join adds another's bytes, of which only those kept back and those of its open
// block are deflated here.
func (p *pieces) join(q *pieces) {
	p.add(q.held)
	if len(q.blocks) > 0 {
		p.flush(false)
		p.blocks = append(p.blocks, q.blocks...)
	}
	if q.open != nil {
		p.add(q.open.Bytes())
	}
}

// flush hands the open block to a core, waiting for a free one: that bounds memory.
func (p *pieces) flush(last bool) {
	in := p.open
	p.open = nil
	level := flate.DefaultCompression
	if len(p.blocks) >= fineBlocks {
		level = flate.BestSpeed
	}
	b := &block{done: make(chan struct{})}
	p.blocks = append(p.blocks, b)
	p.slots <- struct{}{}
	go func() {
		defer func() { <-p.slots; close(b.done) }()
		if in != nil {
			b.size, b.crc = in.Len(), crc32.ChecksumIEEE(in.Bytes())
		}
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

// joinCRC is the checksum of two pieces laid end to end, from that of each and the
// second one's length: the first is multiplied by x to the power of that many bits,
// modulo the polynomial of CRC-32, as zlib's crc32_combine does.
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

// timesCRC multiplies two polynomials over bits, modulo that of CRC-32.
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
