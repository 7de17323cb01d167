package report

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"sync"
)

// Generation names what the book says and shows: a hash of all of its content. Two
// books with the same generation are the same publication, and a change of one cell,
// one formula or one colour is another. 32 hexadecimal digits: half a SHA-256, so
// that two books of one newsroom never share one by chance.
func (b *Book) Generation() string {
	h := newHasher()
	h.text("hdsreport book 1") // another number if the order below changes
	h.text(b.Title, b.Subject, b.Description, b.Creator, b.Keywords, b.Language, b.Date.String())
	for _, s := range b.Sheets {
		h.sheet(s)
	}
	return hex.EncodeToString(h.sum()[:16])
}

// hasher writes values so that no two sequences of them look alike: each text has
// its length before it. They gather in a buffer of its own, since a long list has
// twenty million of them.
type hasher struct {
	hash hash.Hash
	buf  []byte
}

func newHasher() *hasher { return &hasher{hash: sha256.New()} }

const gathered = 1 << 14 // bytes that are hashed at a time

// pass hashes what has gathered, if it is enough.
func (h *hasher) pass(enough int) {
	if len(h.buf) >= enough {
		h.hash.Write(h.buf) // a hash takes everything
		h.buf = h.buf[:0]
	}
}

func (h *hasher) sum() []byte {
	h.pass(0)
	return h.hash.Sum(nil)
}

func (h *hasher) number(n int) {
	h.buf = binary.AppendVarint(h.buf, int64(n))
	h.pass(gathered)
}

func (h *hasher) float(f float64) {
	h.buf = binary.LittleEndian.AppendUint64(h.buf, math.Float64bits(f))
}

func (h *hasher) text(ss ...string) {
	for _, s := range ss {
		h.number(len(s))
		h.buf = append(h.buf, s...)
	}
}

// shape is everything of a plain struct without functions.
func (h *hasher) shape(v any) { h.text(fmt.Sprintf("%#v", v)) }

func (h *hasher) value(v Value) {
	h.buf = append(h.buf, byte(v.Kind))
	h.number(len(v.Text))
	h.buf = append(h.buf, v.Text...)
	h.float(v.Num)
}

func (h *hasher) sheet(s *Sheet) {
	h.text(s.ID, s.Name, s.Tab)
	h.shape(s.Widths)
	h.shape([]int{s.Freeze, s.PrintColumns, s.PrintTitle[0], s.PrintTitle[1]})
	h.shape(s.PageBreaks)
	h.shape([]bool{s.Landscape, s.Gridlines})
	h.shape(s.Charts)
	h.number(len(s.Lines))
	for _, l := range s.Lines {
		h.number(l.Row)
		h.float(l.Height)
		h.number(len(l.Cells))
		for _, c := range l.Cells {
			h.number(c.Col)
			h.value(c.Value)
			h.shape(c.Expr)
			h.shape(c.Names)
			h.text(string(c.Style), c.Link)
			h.number(c.Span)
		}
	}
	if s.Table != nil {
		h.table(s.Table)
	}
}

// table hashes column by column, several at a time.
func (h *hasher) table(t *Table) {
	h.text(t.ID, t.Name)
	h.number(t.Row)
	h.number(t.Len)
	h.number(len(t.Columns))
	sums := make([][]byte, len(t.Columns))
	var wg sync.WaitGroup
	for i := range t.Columns {
		wg.Go(func() {
			own := newHasher()
			own.column(&t.Columns[i], t.Len)
			sums[i] = own.sum()
		})
	}
	wg.Wait()
	for _, s := range sums {
		h.buf = append(h.buf, s...)
	}
}

func (h *hasher) column(c *Column, rows int) {
	h.text(c.ID, c.Header, c.Note)
	h.shape([]any{c.Kind, c.Width, c.Wrap, c.Technical, c.Verbatim, c.Choices, c.Computed})
	for row := range rows {
		h.value(c.At(row))
		if c.Link != nil {
			h.text(c.Link(row))
		}
		if c.Proposed != nil && c.Proposed(row) {
			h.buf = append(h.buf, 1)
		}
	}
}
