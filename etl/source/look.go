package source

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hdsreport/etl"
)

// Colours mean something to whoever made a list: withdrawn rows are grey, new ones green.
// No program knows what, so that rows which differ from the others are only said.

// vote finds what most cells of a row look like, without counting (Boyer and Moore).
type vote struct {
	look string
	lead int
}

func (v *vote) add(look string) {
	switch {
	case v.lead == 0:
		*v = vote{look, 1}
	case v.look == look:
		v.lead++
	default:
		v.lead--
	}
}

// looked notes how a row looks, if it is not plain.
func (g *grid) looked(number int, look string) {
	if look = strings.TrimSpace(look); look == "" {
		return
	}
	if g.looks == nil {
		g.looks = map[int]string{}
	}
	g.looks[number] = look
}

// reportMarked reports the rows below the header that look unlike most. A list in two
// colours, row by row, has two usual looks.
func (g *grid) reportMarked(o Options) {
	header := g.header(o)
	if header < 0 || len(g.looks) == 0 {
		return
	}
	var rows []etl.TableRow
	count := map[string]int{}
	for _, r := range g.rows[header+1:] {
		filled := 0
		for _, c := range r.Cells {
			if c != "" {
				filled++
			}
		}
		if 2*filled >= len(g.rows[header].Cells) && !r.Foot {
			rows = append(rows, r)
			count[g.looks[r.Number]]++
		}
	}
	usual := func(look string) bool { return 20*count[look] >= 7*len(rows) }
	most := 0
	for look, n := range count {
		if usual(look) {
			most += n
		}
	}
	if len(rows) < 5 || 2*most <= len(rows) {
		return // none is usual, as where each row has a class of its own
	}
	var numbers, looks []string
	n, first := 0, 0
	for _, r := range rows {
		look := g.looks[r.Number]
		if usual(look) {
			continue
		}
		if n++; n == 1 {
			first = r.Number
		}
		if look != "" && len(looks) < 3 && !slices.Contains(looks, short(look)) {
			looks = append(looks, short(look))
		}
		if len(numbers) < 10 {
			numbers = append(numbers, strconv.Itoa(r.Number))
		}
	}
	if n > 0 {
		f := etl.Find(etl.Warning, etl.CodeRowsMarked, etl.Place{Row: first}, "n", n, "rows", numbers, "looks", looks)
		if len(looks) == 0 {
			f = f.Said("plain")
		}
		g.notes.tell(f)
	}
}

// header is the index of the row that is most like a header, or -1.
func (g *grid) header(o Options) int {
	header, best := -1, 0
	for i, r := range g.rows[:min(len(g.rows), scoredRows)] {
		if n := o.recognise(r.Cells); n > best {
			header, best = i, n
		}
	}
	return header
}

var (
	// placeClass are parts of classes that say where a row stands, or that a program counts.
	placeClass = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\d|(?:^|[-_])(?:odd|even|alt|first|last|pair|impair|hover|active|selected|focus)(?:$|[-_])`)
	})
	inkOf = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:^|[;\s])(color|opacity|font-style|font-weight)\s*:\s*([^;]+)`)
	})
)

// inkOfStyle is what a style says of the colour of a text, and of bold and italics.
func inkOfStyle(style string) string {
	var out []string
	for _, m := range inkOf().FindAllStringSubmatch(style, -1) {
		if value := strings.ToLower(strings.Join(strings.Fields(m[2]), "")); value != "normal" && value != "400" {
			out = append(out, strings.ToLower(m[1])+":"+value)
		}
	}
	return strings.Join(out, " ")
}

// lookOfRow is a row's look without what says where it stands.
func lookOfRow(look string) string {
	own := slices.DeleteFunc(strings.Fields(look), func(c string) bool {
		return !strings.Contains(c, ":") && placeClass().MatchString(c)
	})
	return strings.Join(own, " ")
}
