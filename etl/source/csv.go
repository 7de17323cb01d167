package source

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// encoding/csv is for files that programs write. Those that people send have lines
// above the header, quotes that nobody closed and quotes that are only inches or
// brand names; encoding/csv stops there, or (LazyQuotes) swallows the rest of the
// file into one cell without a word. This reader goes on, and says where.
//
// A field that begins with a quote is quoted: it may hold delimiters and line
// breaks, and ends at a quote that a delimiter, a line end or the end follows. Any
// other quote is a character. If a quoted field runs over lines and does not look
// meant (see runaway), its opening quote is a character too and the line is read
// again from there, so that one lost quote costs a line and not a file.

// Conflict returns the line at which git has put two versions of a text between its marks,
// because it could not join them, or 0. Both versions, and the marks, would be read as rows.
func Conflict(text []byte) (line int) {
	const ours, theirs = "<<<<<<< ", ">>>>>>> "
	at := bytes.Index(text, []byte("\n"+theirs))
	if at < 0 {
		return 0
	}
	if bytes.HasPrefix(text, []byte(ours)) {
		return 1
	}
	before := bytes.LastIndex(text[:at], []byte("\n"+ours))
	if before < 0 {
		return 0
	}
	return bytes.Count(text[:before], []byte("\n")) + 2
}

func readCSV(in *input) (*etl.Table, error) {
	if len(bytes.Trim(in.text.text, "; ,\t|\"\r\n")) == 0 {
		return nil, in.refuse(etl.CodeSourceBlank)
	}
	if line := Conflict(in.text.text); line > 0 {
		r := in.refuse(etl.CodeSourceConflict)
		r.Finding.Place.Row = line
		return nil, r
	}
	n := in.note("")
	in.noteEncoding(n, in.text)
	c := &csvReader{text: in.text.text, line: 1, notes: n}
	delimiter, declared := c.declaredDelimiter()
	if !declared {
		delimiter = in.sniffDelimiter(c, n)
	}
	c.delimiter = delimiter
	c.width = c.modalWidth()
	g := newGrid(n, in.opt)
	g.rows = make([]etl.TableRow, 0, min(bytes.Count(c.text, []byte("\n"))+1, maxRows))
	var ends ending
	if err := c.records(g, &ends, firstRecords); err != nil {
		return nil, err
	}
	if !c.apart(g, &ends) {
		if err := c.records(g, &ends, math.MaxInt); err != nil {
			return nil, err
		}
	}
	if len(g.rows) == 0 {
		return nil, in.refuse(etl.CodeSourceBlank)
	}
	if last := c.text[len(c.text)-1]; last != '\n' && last != '\r' && ends.cut() {
		if last := len(g.short) - 1; last >= 0 && g.short[last].row == g.rows[len(g.rows)-1].Number {
			g.short = g.short[:last] // said here
		}
		n.tell(etl.Find(etl.Error, etl.CodeCSVTruncated, etl.Place{Row: g.rows[len(g.rows)-1].Number}))
	}
	g.reportShort(in.opt)
	format := "csv"
	if delimiter == '\t' {
		format = "tsv"
	}
	return &etl.Table{Format: format, Encoding: in.text.encoding, Rows: g.rows}, nil
}

// records reads records into a grid until the end, or the end of a part, or so many.
func (c *csvReader) records(g *grid, ends *ending, most int) error {
	for range most {
		if c.until > 0 && c.pos >= c.until {
			return nil
		}
		number, cells, ok := c.record()
		if !ok {
			return nil
		}
		if err := g.counted(number, cells); err != nil {
			return err
		}
		ends.row(len(cells))
	}
	return nil
}

// ending watches the widths of records, to tell a last one that breaks off: it has
// fewer fields than the header, which all between them have. A record of one field is
// a remark under the list, and where others are short a short last one says nothing.
type ending struct {
	widest, last int
	short        int // records after the widest that have fewer fields
}

func (e *ending) row(fields int) {
	if e.last = fields; fields > e.widest {
		e.widest, e.short = fields, 0
	} else if fields < e.widest {
		e.short++
	}
}

func (e *ending) cut() bool { return e.short == 1 && 1 < e.last && e.last < e.widest }

// csvReader reads records; it is a value so that a sample can be read ahead with a
// copy of it.
type csvReader struct {
	text      []byte
	pos       int
	line      int // of pos, from 1
	delimiter byte
	width     int    // usual number of fields, for telling a runaway quote
	notes     *notes // nil while sampling

	until    int // where a part ends; 0 if there are no parts
	cells    []string
	known    []string // short texts met before, by hash
	kept     *strings.Builder
	runaways int
	wasted   int // bytes read again because of them
}

// bounds on a quoted field: no cell of a list is near them. They also keep the
// reading again of lines linear.
const (
	maxQuotedBytes  = 1 << 20
	maxQuotedLines  = 1_000
	usualLines      = 5   // line breaks that a quoted field has without being looked at
	maxRunaways     = 100 // after which no quoted field goes over its line
	wornBytes       = 256 // longest quoted field, once more has been read again than the file is long
	delimiterSample = 256 << 10
)

// declaredDelimiter reads the line "sep=;" with which Excel files begin.
func (c *csvReader) declaredDelimiter() (byte, bool) {
	end := bytes.IndexAny(c.text, "\r\n")
	if end < 0 || end > 64 {
		return 0, false
	}
	first := strings.TrimRight(strings.ReplaceAll(string(c.text[:end]), `"`, ""), " ")
	first, tab := strings.CutSuffix(first, "\t")
	rest, ok := strings.CutPrefix(strings.ToLower(first), "sep=")
	switch {
	case ok && tab && rest == "":
		rest = "\t"
	case !ok || len(rest) < 1 || len(rest) > 1 && strings.Trim(rest[1:], ";,\t") != "" || !strings.Contains(";,\t|:^~", rest[:1]):
		return 0, false
	}
	c.pos = end
	c.newline()
	return rest[0], true
}

// newline moves past the line break at pos: LF, CRLF or CR.
func (c *csvReader) newline() {
	if c.text[c.pos] == '\r' && c.pos+1 < len(c.text) && c.text[c.pos+1] == '\n' {
		c.pos++
	}
	c.pos++
	c.line++
}

// noDelimiter is for a file of one column: a byte that UTF-8 never has.
const noDelimiter = 0xff

// sniffDelimiter chooses by what the records look like with each delimiter: first
// the known headers that a row has, then how regular the widths are.
func (in *input) sniffDelimiter(c *csvReader, n *notes) byte {
	best := shape{delimiter: noDelimiter}
	rival := shape{}
	for _, d := range []byte(";\t,|") {
		s := in.shape(c, d)
		switch {
		case s.weight == 0:
		case s.beats(best):
			best, rival = s, best
		case s.beats(rival):
			rival = s
		}
	}
	if rival.weight > 0 && rival.headers == best.headers && rival.weight*10 > best.weight*9 {
		n.tell(etl.Find(etl.Warning, etl.CodeCSVDelimiter, etl.Place{}, "taken", strconv.QuoteRune(rune(best.delimiter)), "other", strconv.QuoteRune(rune(rival.delimiter))))
	}
	return best.delimiter
}

// shape is what the first records look like with a delimiter.
type shape struct {
	delimiter byte
	headers   int // known ones in the best row
	weight    int // in thousandths: share of the records that have the usual width; 0 if it separates nothing
	width     int
}

func (s shape) beats(o shape) bool {
	switch {
	case o.weight == 0:
		return s.weight > 0
	case s.headers != o.headers:
		return s.headers > o.headers
	case s.weight != o.weight:
		return s.weight > o.weight
	}
	return s.width > o.width
}

func (in *input) shape(c *csvReader, delimiter byte) shape {
	s := shape{delimiter: delimiter}
	if first := c.text[c.pos:min(c.pos+delimiterSample, len(c.text))]; bytes.IndexByte(first, delimiter) < 0 {
		return s
	}
	records := c.sample(delimiter)
	headerWidth := 0
	counts := map[int]int{}
	whole := 0 // records with text
	for _, cells := range records {
		clean := make([]string, len(cells))
		filled := 0
		for i, t := range cells {
			if clean[i], _ = cleanText(t); clean[i] != "" {
				filled++
			}
		}
		if filled == 0 {
			continue
		}
		whole++
		counts[len(cells)]++
		if h := in.opt.recognise(clean); h > s.headers {
			s.headers, headerWidth = h, len(cells)
		}
	}
	for w, n := range counts {
		// A preamble has as many lines as a short list: the usual width is never one.
		if w > 1 && (n > counts[s.width] || n == counts[s.width] && w > s.width || s.width == 0) {
			s.width = w
		}
	}
	if whole == 0 || s.width < 2 || s.headers > 0 && headerWidth < 2 {
		return shape{delimiter: delimiter} // a list of one column, with commas in its names
	}
	s.weight = counts[s.width] * 1000 / whole
	if s.headers < 2 && s.weight < 400 {
		return shape{delimiter: delimiter} // commas in sentences
	}
	return s
}

// sample reads the first records with a delimiter, without moving.
func (c *csvReader) sample(delimiter byte) [][]string {
	ahead := *c
	ahead.delimiter, ahead.notes, ahead.cells, ahead.known, ahead.kept = delimiter, nil, nil, nil, nil
	cut := false
	if len(ahead.text)-ahead.pos > delimiterSample {
		ahead.text, cut = ahead.text[:ahead.pos+delimiterSample], true
	}
	var out [][]string
	for len(out) < scoredRows {
		_, cells, ok := ahead.record()
		if !ok {
			if cut && len(out) > 1 {
				out = out[:len(out)-1] // the end of the sample cut it
			}
			break
		}
		out = append(out, append([]string(nil), cells...))
	}
	return out
}

// modalWidth is the usual number of fields.
func (c *csvReader) modalWidth() int {
	counts := map[int]int{}
	width := 0
	for _, cells := range c.sample(c.delimiter) {
		w := len(cells)
		counts[w]++
		if w > 1 && (counts[w] > counts[width] || counts[w] == counts[width] && w > width) {
			width = w
		}
	}
	return width
}

// record reads the next record; cells are valid until the next call. A blank line
// is a record of one empty cell.
func (c *csvReader) record() (number int, cells []string, ok bool) {
	if c.pos >= len(c.text) || c.text[c.pos] == 0x1a && c.pos == len(c.text)-1 { // Ctrl-Z, the end mark of DOS
		return 0, nil, false
	}
	number = c.line
	c.cells = c.cells[:0]
	for {
		text, more := c.field()
		if len(text) > 3 && text[:2] == `="` && text[len(text)-1] == '"' && strings.Count(text, `"`) == 2 {
			// How programs keep Excel from dropping the zeros of "001".
			text = text[2 : len(text)-1]
			if c.notes != nil {
				c.notes.sum(number, len(c.cells)+1, etl.Info, etl.CodeCSVTextFormula)
			}
		}
		c.cells = append(c.cells, text)
		if !more {
			return number, c.cells, true
		}
	}
}

// field reads a field and what ends it; it tells whether another follows in the
// record.
func (c *csvReader) field() (string, bool) {
	start := c.pos
	for start < len(c.text) && c.text[start] == ' ' {
		start++
	}
	if start < len(c.text) && c.text[start] == '"' {
		if text, ok := c.quoted(start); ok {
			return text, c.endField()
		}
	}
	rest := c.text[c.pos:]
	end := 0
	for end < len(rest) && rest[end] != '\n' && rest[end] != '\r' {
		if rest[end] == c.delimiter && !(c.delimiter == ';' && endsEntity(rest[:end+1])) {
			break
		}
		end++
	}
	c.pos += end
	return c.once(rest[:end]), c.endField()
}

// once is a cell's text. A column mostly says one of a few things, and each is held
// once: of a long list that is half of its memory.
func (c *csvReader) once(b []byte) string {
	const most, slots = 96, 1024 // bytes of such a text; texts that are remembered
	if n := len(c.cells); n < cap(c.cells) {
		if above := c.cells[:n+1][n]; above == string(b) { // as in half of the cells
			return above
		}
	}
	if len(b) == 0 || len(b) > most {
		return c.keep(b)
	}
	if c.known == nil {
		c.known = make([]string, slots)
	}
	h := uint32(2166136261) // FNV-1a
	for _, x := range b {
		h = (h ^ uint32(x)) * 16777619
	}
	at := &c.known[(h^h>>16)%slots]
	if *at != string(b) {
		*at = c.keep(b)
	}
	return *at
}

// keep makes a text. Those of many cells lie in one piece of memory: a million small
// ones would each be looked at whenever garbage is collected.
func (c *csvReader) keep(b []byte) string {
	const piece = 64 << 10
	if len(b) > piece/16 {
		return string(b)
	}
	if c.kept == nil || c.kept.Cap()-c.kept.Len() < len(b) {
		c.kept = new(strings.Builder)
		c.kept.Grow(min(piece, len(c.text)))
	}
	from := c.kept.Len()
	c.kept.Write(b)
	return c.kept.String()[from:]
}

// endField moves past the delimiter, line break or end at pos.
func (c *csvReader) endField() bool {
	if c.pos >= len(c.text) {
		return false
	}
	if c.text[c.pos] == c.delimiter {
		c.pos++
		return true
	}
	c.newline()
	return false
}

// quoted reads the field whose quote is at open, and moves to what ends it. If the
// quote turns out to open nothing it stays where it was and gives false.
func (c *csvReader) quoted(open int) (string, bool) {
	limit := maxQuotedBytes
	if c.wasted > len(c.text) {
		limit = wornBytes
	}
	var b []byte
	breaks := 0
	stray := false // a quote inside that neither closes nor is doubled
	i := open + 1
	from := i
	for {
		if i >= len(c.text) || i-open > limit || breaks > maxQuotedLines || breaks > 0 && c.runaways >= maxRunaways {
			return "", c.runaway(open, i, "quote-never")
		}
		switch c.text[i] {
		case '"':
			if i+1 < len(c.text) && c.text[i+1] == '"' {
				b = append(b, c.text[from:i+1]...)
				i += 2
				from = i
				continue
			}
			after := i + 1
			for after < len(c.text) && c.text[after] == ' ' && c.delimiter != ' ' {
				after++
			}
			if after >= len(c.text) || c.text[after] == c.delimiter || c.text[after] == '\n' || c.text[after] == '\r' {
				if breaks > usualLines && c.swallowsRecords(open, i) {
					return "", c.runaway(open, i, "quote-below")
				}
				text := string(c.text[from:i])
				if len(b) > 0 {
					text = string(b) + text
				}
				c.pos = after
				if stray && c.notes != nil {
					c.notes.each(c.line, len(c.cells)+1, etl.CodeCSVQuote, func() etl.Finding {
						return etl.Find(etl.Info, etl.CodeCSVQuote, etl.Place{}, "text", short(text))
					})
				}
				c.line += breaks
				return text, true
			}
			if c.text[i-1] == c.delimiter && i-1 > open {
				return "", c.runaway(open, i, "quote-cell")
			}
			stray = true
			if breaks > 0 {
				return "", c.runaway(open, i, "quote-into")
			}
		case '\r', '\n':
			b = append(b, c.text[from:i]...)
			b = append(b, '\n')
			if c.text[i] == '\r' && i+1 < len(c.text) && c.text[i+1] == '\n' {
				i++
			}
			breaks++
			from = i + 1
			if stray {
				return "", c.runaway(open, i, "quote-another")
			}
		}
		i++
	}
}

// swallowsRecords tells whether most of the lines inside a quoted field have as
// many delimiters as a record.
func (c *csvReader) swallowsRecords(open, end int) bool {
	if c.width < 2 {
		return false
	}
	lines, like := 0, 0
	for _, l := range bytes.FieldsFunc(c.text[open:end], func(r rune) bool { return r == '\n' || r == '\r' }) {
		lines++
		if bytes.Count(l, []byte{c.delimiter}) >= c.width-1 {
			like++
		}
	}
	return like*2 >= lines
}

// runaway reports a quote that opens nothing, which was found out at i. It gives
// false, for quoted to return.
func (c *csvReader) runaway(open, i int, why message.Key) bool {
	c.runaways++
	c.wasted += i - open
	if c.notes != nil {
		c.notes.each(c.line, len(c.cells)+1, etl.CodeCSVQuote, func() etl.Finding {
			shown := c.text[open:min(open+200, len(c.text))]
			if end := bytes.IndexAny(shown, "\r\n"); end >= 0 {
				shown = shown[:end]
			}
			return etl.Find(etl.Warning, etl.CodeCSVQuote, etl.Place{}, "why", why, "text", short(string(shown))).Said("runaway")
		})
	}
	return false
}
