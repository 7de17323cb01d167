package report

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strings"
	"sync"
	"sync/atomic"

	"hdsreport/etl/cores"
)

// recipe identifies the algorithm of generations. It changes if the order of the hashed
// values changes.
const recipe = "hdsreport book 2"

// Generation names what the book says and shows: a hash of all of its content and of how
// that looks. Two books with the same generation are the same publication, and a change
// of one cell, one formula or one colour is another. 32 hexadecimal digits: half a
// SHA-256, so that two books of one newsroom never share one by chance.
func (b *Book) Generation() string { return b.generation(nil) }

// generation takes the sums of tables that are known already.
func (b *Book) generation(sums map[*Table]func() [][]byte) string {
	h := newHasher()
	h.sums = sums
	h.text(recipe)
	h.text(b.Title, b.Subject, b.Source, b.Description, b.Creator, b.Keywords, b.Language, b.Date.String())
	h.looks(b.Language)
	h.number(len(b.Sheets))
	for _, s := range b.Sheets {
		h.sheet(s)
	}
	return hex.EncodeToString(h.sum()[:16])
}

// GenerationEntry is the entry of the summary that says the book's generation, for copies
// of the sheets that keep nothing but cells. It is no part of what it identifies.
const GenerationEntry = "provenance/generation"

// noGeneration stands in that entry until the generation is known.
var noGeneration = strings.Repeat("0", 32)

// identify computes the book's generation and writes it into its entry.
func (b *Book) identify(sums map[*Table]func() [][]byte) {
	b.Identifier = b.generation(sums)
	says := TextOf(b.Labels.Get("prov.generation", "generation", b.Identifier))
	for _, s := range b.Sheets {
		for i := range s.Lines {
			for k := range s.Lines[i].Cells {
				if c := &s.Lines[i].Cells[k]; c.ID == GenerationEntry {
					c.Value = says
				}
			}
		}
		for i := range s.Sections {
			for _, g := range s.Sections[i].Grids {
				for _, r := range g.Rows {
					if r.Entries[0].ID == GenerationEntry {
						r.Entries[0].Value = says
					}
				}
			}
		}
	}
}

// hasher hashes values unambiguously: the length precedes each text. It has its own
// buffer, because a long list has twenty million values.
type hasher struct {
	hash hash.Hash
	buf  []byte
	sums map[*Table]func() [][]byte // of their columns, if they are made elsewhere
}

func newHasher() *hasher { return &hasher{hash: sha256.New()} }

const gathered = 1 << 14 // number of bytes hashed at a time

// pass hashes the buffer if it is full enough.
func (h *hasher) pass(enough int) {
	if len(h.buf) >= enough {
		h.hash.Write(h.buf) // never fails
		h.buf = h.buf[:0]
	}
}

func (h *hasher) sum() []byte {
	h.pass(0)
	return h.hash.Sum(nil)
}

func (h *hasher) number(ns ...int) {
	for _, n := range ns {
		h.buf = binary.AppendVarint(h.buf, int64(n))
	}
	h.pass(gathered)
}

func (h *hasher) float(f float64) { h.buf = appendNumber(h.buf, f) }

func (h *hasher) text(ss ...string) {
	h.buf = appendText(h.buf, ss...)
	h.pass(gathered)
}

func (h *hasher) texts(ss []string) {
	h.number(len(ss))
	h.text(ss...)
}

func (h *hasher) flags(fs ...bool) {
	for _, f := range fs {
		b := byte(0)
		if f {
			b = 1
		}
		h.buf = append(h.buf, b)
	}
}

func (h *hasher) value(v Value) { h.buf = appendValue(h.buf, v) }

// looks hashes the looks of all styles in a language.
func (h *hasher) looks(language string) {
	h.text(FontName)
	h.texts(SeriesColours)
	for _, style := range styles() {
		l := Looks[style]
		h.text(string(style), l.Colour, l.Background, l.Format.Pattern(language), l.BottomEdge, l.TopEdge, l.LeftEdge)
		h.float(l.Size)
		h.number(int(l.Format), int(l.Align))
		h.flags(l.Bold, l.Italic, l.Underline, l.Bottom, l.Wrap, l.Indent, l.Turned)
	}
}

func (h *hasher) sheet(s *Sheet) {
	h.text(s.ID, s.Name, s.Tab)
	h.number(len(s.Widths))
	for _, w := range s.Widths {
		h.float(w)
	}
	h.number(s.Freeze, s.PrintColumns, s.PrintTitle[0], s.PrintTitle[1])
	h.number(len(s.PageBreaks))
	h.number(s.PageBreaks...)
	h.flags(s.Landscape, s.Gridlines)
	h.number(len(s.Charts))
	for i := range s.Charts {
		h.chart(&s.Charts[i])
	}
	h.number(len(s.Lines))
	for _, l := range s.Lines {
		h.number(l.Row)
		h.float(l.Height)
		h.number(len(l.Cells))
		for i := range l.Cells {
			h.cell(&l.Cells[i])
		}
	}
	h.flags(s.Table != nil)
	if s.Table != nil {
		h.table(s.Table)
	}
}

func (h *hasher) cell(c *Cell) {
	h.text(c.ID, string(c.Style), c.Link)
	h.number(c.Col, c.Span)
	h.flags(c.Wrap, c.Names != nil)
	if c.ID != GenerationEntry {
		h.value(c.Value)
	}
	h.buf = appendExpr(h.buf, c.Expr)
	if n := c.Names; n != nil {
		h.text(n.Before, n.Separator, n.None, n.After)
		h.buf = appendExpr(h.buf, n.Of)
	}
}

func (h *hasher) chart(c *Chart) {
	h.text(c.Title, c.Subtitle, c.Alt)
	h.number(c.Row, c.Col, c.Width, c.Height, int(c.Kind), int(c.Time))
	h.flags(c.Decimals)
	h.cells(c.Category)
	h.number(len(c.Series))
	for _, s := range c.Series {
		h.text(s.Name, s.Colour)
		h.cells(s.Values)
	}
}

func (h *hasher) cells(r Range) { h.number(r.Row, r.Col, r.LastRow, r.LastCol) }

// hashAhead begins to hash the columns of a book's long tables while the book is made ready:
// the summary leaves a core free.
func (b *Book) hashAhead() map[*Table]func() [][]byte {
	out := map[*Table]func() [][]byte{}
	for _, s := range b.Sheets {
		if t := s.Table; t != nil && t.Len > cores.Few {
			out[t] = t.columnSums()
		}
	}
	return out
}

// columnSums begins to hash the columns of a table, if it is long. The function that it
// returns takes part in what is left, and waits for the rest.
func (t *Table) columnSums() func() [][]byte {
	sums := make([][]byte, len(t.Columns))
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < len(sums); i = int(next.Add(1)) - 1 {
			sums[i] = columnSum(t, i)
		}
	}
	var ahead sync.WaitGroup
	if t.Len > cores.Few {
		ahead.Go(work)
	}
	return func() [][]byte {
		work()
		ahead.Wait()
		return sums
	}
}

func columnSum(t *Table, column int) []byte {
	own := newHasher()
	own.column(&t.Columns[column], t.Len)
	return own.sum()
}

// table hashes column by column.
func (h *hasher) table(t *Table) {
	h.text(t.ID, t.Name)
	h.number(t.Row)
	h.number(t.Len)
	h.number(len(t.Columns))
	sums := h.sums[t]
	if sums == nil {
		sums = t.columnSums()
	}
	for _, s := range sums() {
		h.buf = append(h.buf, s...)
	}
}

func (h *hasher) column(c *Column, rows int) {
	h.text(c.ID, c.Header, c.Note)
	h.float(c.Width)
	h.number(int(c.Kind))
	h.flags(c.Wrap, c.Turned, c.Technical, c.Verbatim, c.Link != nil, c.Proposed != nil)
	h.texts(c.Choices)
	h.number(len(c.Signs))
	for _, s := range c.Signs {
		h.text(s.Value, s.Shown)
	}
	h.buf = appendRowExpr(h.buf, c.Computed)
	for row := range rows {
		h.value(c.At(row))
		if c.Link != nil {
			h.text(c.Link(row))
		}
		if c.Proposed != nil {
			h.flags(c.Proposed(row))
		}
		h.pass(gathered)
	}
}
