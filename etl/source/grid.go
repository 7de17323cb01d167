package source

import (
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// grid builds a table's rows: it cleans each cell, reports what that did, and
// keeps the count of cells under the limit.
type grid struct {
	notes *notes
	max   int
	used  int
	rows  []etl.TableRow
	slab  []string       // rows are cut from it: one allocation for many
	last  []cleaned      // by column: the cell above, mostly what this one says too
	short []rowCol       // rows of fewer cells than most, in a format that counts them: number, cells
	width int            // cells of the widest row so far
	looks map[int]string // by row number; see reportMarked
}

// cleaned is a cell before and after cleaning.
type cleaned struct {
	raw, text string
	marks     cellMarks
	left      *[leftKinds]string // nil if nothing was left out
}

func newGrid(n *notes, o Options) *grid { return &grid{notes: n, max: o.maxCells()} }

// reserve counts cells before anything is allocated for them.
func (g *grid) reserve(n int) error {
	if n > g.max-g.used {
		return refuse(g.notes.place(0, 0), etl.CodeTooManyCells, g.max)
	}
	g.used += n
	return nil
}

func (g *grid) cut(n int) []string {
	const chunk = 4096
	if n > len(g.slab) {
		if n > chunk/4 {
			return make([]string, n)
		}
		// Small tables stay small, large ones allocate seldom.
		g.slab = make([]string, max(n, min(chunk, 16*(len(g.rows)+4))))
	}
	cells := g.slab[:n:n]
	g.slab = g.slab[n:]
	return cells
}

// add appends a row, whose raw cells it copies. A blank row is left out.
func (g *grid) add(number int, raw []string) error {
	raw = trimmed(raw)
	if len(raw) == 0 {
		return nil
	}
	if err := g.reserve(len(raw)); err != nil {
		return err
	}
	cells := g.cut(len(raw))
	copy(cells, raw)
	return g.clean(number, cells)
}

// counted is add for formats in which a row says how many cells it has, empty ones
// included.
func (g *grid) counted(number int, raw []string) error {
	switch n := len(raw); {
	case n > g.width:
		g.width = n
	case n > 1 && n < g.width && len(g.short) < 10*maxListed:
		g.short = append(g.short, rowCol{number, n})
	}
	return g.add(number, raw)
}

// reportShort reports the rows that have fewer cells than the header has headings.
func (g *grid) reportShort(o Options) {
	header := g.header(o)
	if header < 0 {
		return
	}
	headings := len(g.rows[header].Cells)
	if g.short == nil {
		g.short = g.rare(g.rows[header+1:], headings)
	}
	for _, s := range g.short {
		at, found := slices.BinarySearchFunc(g.rows, s.row, func(r etl.TableRow, n int) int { return r.Number - n })
		sums := found && (g.rows[at].Foot || etl.SumLine(g.rows[at].Cells))
		if s.row > g.rows[header].Number && s.col < headings && !sums {
			g.notes.each(s.row, 0, etl.CodeRowTooShort, func() etl.Finding {
				return etl.Find(etl.Warning, etl.CodeRowTooShort, etl.Place{}, "n", s.col, "header", headings)
			})
		}
	}
}

// rare returns the rows that end before the header does, by two cells or more, in a table
// where hardly any does. A spreadsheet keeps no empty cells at the end of a row, so that
// the length of one row alone says nothing.
func (g *grid) rare(rows []etl.TableRow, headings int) (short []rowCol) {
	const of = 10 // one row of so many
	for _, r := range rows {
		if n := len(r.Cells); n > 1 && n+1 < headings && !r.Foot && !etl.SumLine(r.Cells) {
			short = append(short, rowCol{r.Number, n})
		}
	}
	if of*len(short) > len(rows) {
		return nil
	}
	return short
}

// keep is add for raw cells that nobody else holds: they are cleaned in place.
func (g *grid) keep(number int, raw []string) error {
	raw = trimmed(raw)
	if err := g.reserve(len(raw)); err != nil {
		return err
	}
	return g.clean(number, raw)
}

func trimmed(cells []string) []string {
	n := len(cells)
	for n > 0 && cells[n-1] == "" {
		n--
	}
	return cells[:n:n]
}

func (g *grid) clean(number int, cells []string) error {
	for i, s := range cells {
		if s == "" {
			continue
		}
		if i >= len(g.last) {
			g.last = append(g.last, make([]cleaned, i+1-len(g.last))...)
		}
		c := &g.last[i]
		if c.raw != s {
			c.raw = s
			var shown string
			shown, c.left = withoutStrokes(s)
			c.text, c.marks = cleanText(shown)
		}
		if c.left != nil {
			g.notes.leftOut(number, i+1, c.left)
		}
		if c.marks != 0 {
			g.report(number, i+1, s, c.text, c.marks)
		}
		cells[i] = c.text
	}
	if cells = trimmed(cells); len(cells) > 0 {
		if len(g.rows) >= maxRows {
			return refuse(g.notes.place(0, 0), etl.CodeTooManyRows, maxRows)
		}
		g.rows = append(g.rows, etl.TableRow{Number: number, Cells: cells})
	}
	return nil
}

// cellReports says, for each mark, what is reported.
var cellReports = []struct {
	mark     cellMarks
	severity etl.Severity
	code     string
	quiet    bool // a sum is enough
	variant  string
}{
	{repairedMojibake, etl.Warning, etl.CodeMojibakeRepaired, false, ""},
	{suspectMojibake, etl.Warning, etl.CodeMojibakeSuspected, false, ""},
	{lostCharacter, etl.Warning, etl.CodeCharacterLost, false, ""},
	{questionInWord, etl.Warning, etl.CodeCharacterLost, false, "question"},
	{controlGone, etl.Warning, etl.CodeControlRemoved, false, ""},
	{escapeRepaired, etl.Warning, etl.CodeEscapeRepaired, false, ""},
	{typographicGaps, etl.Info, etl.CodeSpacesNormalised, true, ""},
	{invisibleGone, etl.Info, etl.CodeInvisibleRemoved, true, ""},
}

func (g *grid) report(row, col int, was, is string, marks cellMarks) {
	for _, r := range cellReports {
		switch {
		case marks&r.mark == 0:
		case r.quiet:
			g.notes.sum(row, col, r.severity, r.code)
		default:
			g.notes.each(row, col, r.code, func() etl.Finding {
				args := message.Pairs("text", short(is))
				if r.mark == repairedMojibake || r.mark == escapeRepaired {
					args = message.Pairs("was", short(was), "text", short(strings.ReplaceAll(is, "\n", " / ")))
				}
				return etl.Finding{Severity: r.severity, Code: r.code, Variant: r.variant, Args: args}
			})
		}
	}
}

// score is the best that Recognise says of the first rows: how well they look
// like the header of a known list.
func (o Options) score(rows []etl.TableRow) int {
	best := 0
	for _, r := range rows[:min(len(rows), scoredRows)] {
		best = max(best, o.recognise(r.Cells))
	}
	return best
}
