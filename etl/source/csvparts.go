package source

import (
	"bytes"

	"hdsreport/etl"
	"hdsreport/etl/cores"
)

// A long file is read in parts by several readers, each from the beginning of a line. A
// part cannot know whether that line is within quotes that a part before it opened, or
// whether a row before it was wider than all so far. So the parts are put together only if
// each ended where the next one began and none met what changes how the others are read,
// and otherwise the file is read again as a whole. What is returned and reported is the
// same either way.
//
// Of 300,000 rows, reading cells on one core took 0.35 s while the other one waited.

// firstRecords are read before, so that the usual width is known.
const firstRecords = 1_000

// longText is how many bytes a text has that is worth it.
var longText = 1 << 20

// csvPart is a part that was read.
type csvPart struct {
	*csvReader
	*grid
	ends ending
	ok   bool
}

// apart reads the rest of a text in parts. If they cannot be put together it returns false and
// has read nothing.
func (c *csvReader) apart(g *grid, ends *ending) bool {
	rest := c.text[c.pos:]
	if len(rest) < longText || bytes.Count(rest, []byte("\r")) != bytes.Count(rest, []byte("\r\n")) {
		return false
	}
	parts := cores.Collect(len(rest), func(from, to int) csvPart {
		return c.part(g, *ends, c.pos+lineFrom(rest, from), c.pos+lineFrom(rest, to))
	})
	used, rows := g.used, len(g.rows)
	for _, p := range parts {
		used, rows = used+p.used, rows+len(p.rows)
		if !p.ok || used > g.max || rows > maxRows {
			return false
		}
	}
	g.used = used
	for _, p := range parts {
		g.rows = append(g.rows, p.rows...)
		g.short = append(g.short, p.short[:min(len(p.short), 10*maxListed-len(g.short))]...)
		g.notes.join(p.csvReader.notes)
		ends.short += p.ends.short
		ends.last = p.ends.last
	}
	return true
}

// part reads the records from pos until another position, on which one has to begin.
func (c *csvReader) part(g *grid, ends ending, pos, until int) csvPart {
	r := *c
	r.line += bytes.Count(c.text[c.pos:pos], []byte("\n"))
	r.pos, r.until, r.cells, r.known, r.kept = pos, until, nil, nil, nil
	r.notes = newNotes(c.notes.file, c.notes.sheet)
	own := &grid{notes: r.notes, max: g.max, width: g.width,
		rows: make([]etl.TableRow, 0, bytes.Count(c.text[pos:until], []byte("\n"))+1)}
	ends.short = 0
	widest := ends.widest
	err := r.records(own, &ends, len(c.text))
	end := r.pos == until || until == len(c.text) && r.pos == until-1 && c.text[r.pos] == 0x1a
	return csvPart{&r, own, ends,
		err == nil && end && r.runaways == c.runaways && own.width == g.width && ends.widest == widest}
}

// lineFrom returns where the first line begins that begins at a position or behind it.
func lineFrom(text []byte, at int) int {
	if at == 0 {
		return 0
	}
	if i := bytes.IndexByte(text[at-1:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}
