package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Pages are read from the tokens of x/net/html and not from its tree: a tree of a
// hundred thousand rows takes ten times the page's size, and it mends what is cut
// off, where a table without its end must be reported. What a browser does for
// tables that leave out end tags is little: a <tr> ends the row before it, a <td>
// the cell before it.
//
// Rows and columns that a style hides are read and reported, as in a worksheet: a
// site that shows ten rows a page hides the others. Anything hidden inside a cell
// is left out and reported: it is a sort key or a label for screen readers.

func readHTML(in *input) (*etl.Table, error) {
	text, encoding := in.htmlText()
	p := &page{in: in, z: html.NewTokenizer(bytes.NewReader(text)), left: in.opt.maxCells()}
	p.z.SetMaxBuf(maxToken)
	if err := p.read(); err != nil {
		return nil, err
	}
	cs := make([]candidate, len(p.tables))
	best := 0
	for i, t := range p.tables {
		t.name = fmt.Sprintf("table %d", i+1)
		preview := newGrid(newNotes("", ""), in.opt)
		for _, r := range t.rows[:min(len(t.rows), scoredRows)] {
			if err := preview.add(r.number, r.cells); err != nil {
				return nil, err
			}
		}
		cs[i] = candidate{name: t.name, score: in.opt.score(preview.rows), cells: t.size, hidden: t.hidden}
		if cs[i].cells > 0 && countCells(preview.rows) == 0 {
			cs[i].cells = 0
		}
		best = max(best, cs[i].score)
	}
	if best == 0 && in.opt.Sheet == "" && !(in.opt.Recognise == nil && p.sizeable()) {
		// A page whose tables hold no known header may still be the list under new
		// headings, which the pipeline will say; but not if it says itself what it is.
		switch {
		case p.password:
			return nil, in.refuse(etl.CodeHTMLLogin)
		case errorTitle().MatchString(p.title):
			return nil, in.refuse(etl.CodeHTMLErrorPage, p.title)
		}
	}
	sized := false
	for _, c := range cs {
		sized = sized || c.cells > 0
	}
	if !sized {
		called := message.Message{}
		if p.title != "" {
			called = message.New("html-title", "title", p.title)
		}
		return nil, in.refuse(etl.CodeHTMLNoTable, called)
	}
	chosen, err := in.choose(cs, true)
	if err != nil {
		return nil, err
	}
	t := p.tables[chosen]
	t.judgeBlanks()
	n := in.note(t.name)
	g := newGrid(n, in.opt)
	for _, r := range t.rows {
		if err := g.counted(r.number, r.cells); err != nil {
			return nil, err
		}
		g.looked(r.number, r.look)
		if last := len(g.rows) - 1; last >= 0 && g.rows[last].Number == r.number {
			g.rows[last].Foot = r.foot
		}
	}
	if !t.closed {
		n.tell(etl.Find(etl.Error, etl.CodeHTMLTruncated, etl.Place{}, "row", t.number))
	}
	if t.hiddenRows > 0 {
		n.tell(etl.Find(etl.Warning, etl.CodeHiddenRows, etl.Place{}, "n", t.hiddenRows, "first", t.hiddenRow).Said("page"))
	}
	if t.hiddenCells > 0 {
		n.tell(etl.Find(etl.Warning, etl.CodeHiddenColumns, etl.Place{}, "n", t.hiddenCells).Said("page"))
	}
	if s := t.firstSkipped; t.skipped > 0 {
		n.tell(etl.Find(etl.Info, etl.CodeHTMLHidden, etl.Place{Row: s.row, Column: s.col}, "n", t.skipped))
	}
	for _, l := range t.left {
		n.leftOut(l.at.row, l.at.col, &l.text)
	}
	for _, i := range t.icons {
		n.each(i.row, i.col, etl.CodeHTMLIcon, func() etl.Finding { return etl.Find(etl.Warning, etl.CodeHTMLIcon, etl.Place{}) })
	}
	t.reportTitles(n, g, in.opt)
	for i, inner := range p.tables {
		if inner.in == t && cs[i].cells > 0 && p.within(t, inner.at) {
			n.each(inner.at.row, inner.at.col, etl.CodeSheetUnread, func() etl.Finding {
				return etl.Find(etl.Warning, etl.CodeSheetUnread, etl.Place{}, "other", quoted(cs[i].name)).Said("nested")
			})
		}
	}
	g.reportShort(in.opt)
	g.reportMarked(in.opt)
	body := len(g.rows)
	if best > 0 {
		body-- // the header
	}
	p.reportPart(n, body)
	table := &etl.Table{Sheet: t.name, Format: "html", Encoding: encoding, Rows: g.rows}
	for _, text := range t.above {
		if text, _ := cleanText(text); text != "" {
			table.Around = append(table.Around, text)
		}
	}
	return table, nil
}

// within tells whether a cell has a row that is read.
func (p *page) within(t *htmlTable, at rowCol) bool {
	for _, r := range t.rows {
		if r.number == at.row {
			return true
		}
	}
	return false
}

// reportPart reports that the page says that it is one of several.
func (p *page) reportPart(n *notes, rows int) {
	part, found := etl.PartOf([]string{string(p.around)}, rows)
	switch {
	case found:
	case p.pager.said != "":
		part = etl.Part{Said: p.pager.said, Next: true}
	case p.pager.link != "":
		// Pages that follow each other in a blog say this too.
		n.tell(etl.Find(etl.Warning, etl.CodeSourcePart, etl.Place{}, "said", short(p.pager.link)).Said("perhaps"))
		return
	default:
		p.reportStated(n, rows)
		return
	}
	n.tell(part.Finding(etl.Place{}))
}

// reportStated warns if the page says that there are more hosts than the table has rows,
// and nowhere as many. It may speak of another list.
func (p *page) reportStated(n *notes, rows int) {
	said := ""
	for _, text := range p.stated {
		switch count, _ := etl.StatedCount(text); {
		case count == rows:
			return
		case count > rows && said == "":
			said = text
		}
	}
	if said != "" {
		n.tell(etl.Find(etl.Warning, etl.CodeSourcePart, etl.Place{}, "said", short(said)).Said("stated"))
	}
}

// pager is what a page has for going on to others.
type pager struct {
	said string // by its links
	link string // by its head
	name string // of the element of links that is open
	open int    // elements of that name
	item bool   // a link or button of it has just begun
}

var pagerClass = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[\s_-])(?:pagination|paginate|paginator|pager|paging|dt-paging|page-numbers)(?:$|[\s_-])`)
})

// start looks at an element: is it one of the links, or what they stand in.
func (g *pager) start(tag atom.Atom, name string, a attributes) {
	g.item = false
	switch {
	case tag == atom.Link && a.next && a.href != "":
		g.link = "rel=next: " + a.href
	case tag == atom.A && a.next && a.href != "" && !a.disabled:
		g.said = "rel=next: " + a.href
	case g.open > 0:
		if name == g.name && !void[tag] {
			g.open++
		}
		g.item = (tag == atom.A || tag == atom.Button) && !a.disabled
	case a.pager && !void[tag] && tag != atom.Body && tag != atom.Html:
		g.name, g.open = name, 1
		g.item = tag == atom.A || tag == atom.Button
	}
}

func (g *pager) end(name string) {
	if g.open > 0 && name == g.name {
		g.open--
	}
	g.item = false
}

// text looks at what a link says.
func (g *pager) text(text string) {
	if !g.item || g.said != "" {
		return
	}
	text = strings.ToLower(strings.TrimSpace(text))
	n, err := strconv.Atoi(text)
	if err == nil && n > 1 || strings.HasPrefix(text, "suivant") || strings.HasPrefix(text, "next") || text == "page suivante" {
		g.said = text
	}
}

// sizeable tells, where no header is known, whether a table of the page could be a
// list.
func (p *page) sizeable() bool {
	for _, t := range p.tables {
		if len(t.rows) > 2 && !t.hidden {
			return true
		}
	}
	return false
}

// errorTitle is what the titles of error pages say.
var errorTitle = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(40[0-9]|50[0-9]|erreur|error|introuvable|not found|acc[eè]s (refus|interdit)|access denied|forbidden|indisponible|unavailable|maintenance|just a moment)`)
})

var charsetInMeta = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9_:.-]+)`)
})

// htmlText decodes the page. A byte order mark decides; then the bytes themselves,
// because a valid UTF-8 text with accents is no accident; what the page declares
// only tells one one-byte encoding from another, unless the server has told it.
func (in *input) htmlText() (text []byte, name string) {
	d := in.text
	declared := ""
	if m := charsetInMeta().FindSubmatch(in.data[:min(len(in.data), 8192)]); m != nil {
		declared = strings.ToLower(string(m[1]))
	}
	n := in.note("")
	if declared != "" && !d.stated && d.encoding != "utf-16le" && d.encoding != "utf-16be" && !ascii(d.text) {
		e, canonical := charset.Lookup(declared)
		switch {
		case e == nil:
			n.tell(etl.Find(etl.Info, etl.CodeEncodingDeclared, etl.Place{}, "declared", short(declared), "encoding", d.encoding).Said("unknown"))
		case canonical == "utf-16le" || canonical == "utf-16be":
			// The page could not say so in a meta: the standard takes it for UTF-8.
		case canonical == "utf-8" && d.encoding != "utf-8",
			canonical != "utf-8" && d.encoding == "utf-8":
			n.tell(etl.Find(etl.Warning, etl.CodeEncodingDeclared, etl.Place{}, "declared", canonical, "encoding", d.encoding).Said("other"))
		case canonical != "utf-8" && canonical != d.encoding:
			if out, err := e.NewDecoder().Bytes(in.data); err == nil {
				return out, canonical
			}
		}
	}
	in.noteEncoding(n, d)
	return d.text, d.encoding
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// noteEncoding reports what decoding had to assume.
func (in *input) noteEncoding(n *notes, d decoded) {
	if d.strays > 0 {
		line := 1 + bytes.Count(d.text[:d.stray], []byte("\n"))
		n.tell(etl.Find(etl.Warning, etl.CodeEncodingMixed, etl.Place{Row: line}, "n", d.strays))
	}
	if d.encoding == "macintosh" || d.encoding == "ibm850" {
		n.tell(etl.Find(etl.Warning, etl.CodeEncodingGuessed, etl.Place{}, "encoding", d.encoding))
	}
}

// page is an HTML document being read.
type page struct {
	in        *input
	z         *html.Tokenizer
	left      int // cells that may still be made
	tables    []*htmlTable
	open      []*htmlTable // nested, innermost last
	title     string
	heading   string // the text of the last heading, or of one that is open
	inHeading bool
	password  bool
	raw       bool // the next text is a script or the like
	template  int  // templates that are open outside of cells: nothing in them is on the page
	classes   classFaces
	around    []byte   // text outside of cells, some of it
	stated    []string // texts that say how many hosts there are, and nothing else
	pager     pager
}

type rowCol struct{ row, col int }

// htmlTable is a table, with what is open in it.
type htmlTable struct {
	name   string
	rows   []sheetRow
	size   int // cells with text
	number int // of the current row
	closed bool
	hidden bool
	in     *htmlTable // with a cell that it stands in
	at     rowCol     // that cell
	foot   bool       // its foot is open
	above  []string   // the heading before it, and its caption

	inRow, inCell bool
	line          []string // the current row
	own           bool     // it has a cell of its own with text
	col           int      // next free column of it
	spans         []span   // by column, from rows above
	pending       int      // columns with a span still open

	text             shownText // of the current cell
	hint             string    // what its picture says in an attribute
	titles           []string  // what a pointer that rests on it is shown
	ink              string    // how its text looks
	picture, heading bool
	colspan, rowspan int
	rowFace          face // of the current row
	rowLook          string
	cellLooks        vote
	faces            []openFace // of the current cell and of elements that are open in it

	hiddenRow, hiddenRows, hiddenCells int
	skipped                            int // cells of which hidden text was left out
	firstSkipped                       rowCol
	look                               string // of the current cell
	blanks                             []blankCell
	plain                              map[int]bool // columns with a cell without a text or a look
	icons                              []rowCol
	left                               []left
	rowTitle                           string
	titled                             []titledCell
}

// openFace is an element that changes how text is shown, and so many others of its name
// inside it.
type openFace struct {
	name   string
	face   face // with those around it
	nested int
}

// inTemplate follows the templates outside of cells, and reports whether a token is in one.
func (p *page) inTemplate(next html.TokenType) bool {
	if p.template == 0 && (next != html.StartTagToken || p.cell() != nil) || next == html.ErrorToken {
		return false
	}
	switch next {
	case html.StartTagToken, html.EndTagToken:
		if !bytes.HasPrefix(bytes.ToLower(bytes.TrimLeft(p.z.Raw(), "</")), []byte("template")) {
			break
		}
		if next == html.StartTagToken {
			p.template++
		} else {
			p.template--
		}
		return true
	}
	return p.template > 0
}

// span is a cell that reaches down into the rows to come.
type span struct {
	text string
	left int
}

func (p *page) read() error {
	for {
		next := p.z.Next()
		raw := p.raw
		p.raw = false
		if p.inTemplate(next) {
			continue
		}
		switch next {
		case html.ErrorToken:
			err := p.z.Err()
			for len(p.open) > 0 {
				if err := p.endTable(false); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return p.in.refuse(etl.CodeSourceDamaged, "html", err)
		case html.TextToken:
			switch t := p.cell(); {
			case raw:
			case t != nil:
				t.write(string(p.z.Text()))
			default:
				text := p.z.Text()
				p.pager.text(string(text))
				p.aside(text)
				if p.inHeading {
					p.heading += string(text)
				}
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := p.start(); err != nil {
				return err
			}
		case html.EndTagToken:
			name, _ := p.z.TagName()
			p.pager.end(string(name))
			if err := p.end(atom.Lookup(name), name); err != nil {
				return err
			}
		}
	}
}

// aside keeps text outside of cells: a page may say there what part of the list it is.
func (p *page) aside(text []byte) {
	if _, ok := etl.StatedCount(string(text)); ok && len(p.stated) < maxListed {
		p.stated = append(p.stated, strings.TrimSpace(string(text)))
	}
	const most = 256 << 10
	if len(p.around)+len(text) < most {
		p.around = append(append(p.around, text...), ' ')
	}
}

// table is the innermost open table, nil outside of any.
func (p *page) table() *htmlTable {
	if len(p.open) == 0 {
		return nil
	}
	return p.open[len(p.open)-1]
}

// cell is the innermost table if one of its cells is open.
func (p *page) cell() *htmlTable {
	if t := p.table(); t != nil && t.inCell {
		return t
	}
	return nil
}

// attributes of a tag that matter here.
type attributes struct {
	colspan, rowspan         int
	hidden, checked          bool
	selected                 bool
	kind, alt, value, spoken string
	title                    string
	icon                     bool // its class or its data say something that its text may not
	pager, next, disabled    bool
	href                     string
	look                     string // its class, and the background that its style gives it
	ink                      string // the colour of its text
	face                     face
}

func (p *page) attributes(more bool) attributes {
	a := attributes{colspan: 1, rowspan: 1}
	for more {
		var key, val []byte
		key, val, more = p.z.TagAttr()
		switch string(key) {
		case "colspan":
			a.colspan = spanOf(val, maxColspan)
		case "rowspan":
			a.rowspan = spanOf(val, maxRowspan)
			if strings.TrimSpace(string(val)) == "0" {
				a.rowspan = maxRowspan // to the end of the table
			}
		case "hidden":
			a.hidden = true
		case "style":
			a.face |= faceOfStyle(string(val))
			a.ink = inkOfStyle(string(val))
			if m := backgroundOf().FindString(string(val)); m != "" {
				a.look += " " + strings.Join(strings.Fields(m), "")
			}
		case "class":
			a.face |= p.classes.faceOf(string(val))
			a.icon = a.icon || iconClass().Match(val)
			a.look = string(val) + " " + a.look
			a.pager = a.pager || pagerClass().Match(val)
			a.disabled = a.disabled || bytes.Contains(val, []byte("disabled"))
		case "color": // of <font>
			a.ink += " color:" + strings.ToLower(string(val))
		case "bgcolor":
			a.ink += " background:" + strings.ToLower(string(val))
		case "rel":
			a.next = string(val) == "next"
		case "disabled":
			a.disabled = true
		case "aria-disabled":
			a.disabled = a.disabled || string(val) == "true"
		case "data-value", "data-order", "data-sort", "data-icon":
			a.icon = a.icon || len(val) > 0
		case "aria-hidden":
			if string(val) == "true" {
				a.face |= mute
			}
		case "role":
			if string(val) == "doc-noteref" {
				a.face |= raised
			}
		case "href":
			if a.href = string(val); len(val) > 1 && val[0] == '#' { // where a note is, if the text is a mark
				a.face |= raised
			}
		case "checked":
			a.checked = true
		case "selected":
			a.selected = true
		case "type":
			a.kind = strings.ToLower(string(val))
		case "alt":
			a.alt = string(val)
		case "value":
			a.value = string(val)
		case "aria-label", "title":
			if a.spoken == "" {
				a.spoken = string(val)
			}
			if len(key) == len("title") {
				a.title = string(val)
			}
		}
	}
	if a.hidden {
		a.face |= hidden
	}
	a.hidden = a.face&hidden != 0
	return a
}

func spanOf(val []byte, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(string(val)))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, most)
}

func (p *page) start() error {
	name, more := p.z.TagName()
	tag := atom.Lookup(name)
	a := p.attributes(more)
	p.pager.start(tag, string(name), a)
	switch tag {
	case atom.Style:
		if p.raw = true; p.z.Next() == html.TextToken {
			p.classes.read(string(p.z.Raw()))
		}
		return nil
	case atom.Script, atom.Noscript, atom.Iframe, atom.Noframes, atom.Noembed:
		p.raw = true // the tokenizer gives what they hold as one text
		return nil
	case atom.Template:
		a.hidden, a.face = true, a.face|hidden
	case atom.Title:
		if p.title == "" && len(p.open) == 0 && p.z.Next() == html.TextToken {
			p.title, _ = cleanText(string(p.z.Text()))
		}
		return nil
	case atom.Input:
		p.password = p.password || a.kind == "password"
	case atom.Table:
		return p.startTable(a)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Caption:
		p.inHeading, p.heading = p.cell() == nil && !a.hidden, ""
	}
	t := p.table()
	if t == nil {
		return nil
	}
	switch tag {
	case atom.Tr:
		if err := p.endRow(t); err != nil {
			return err
		}
		t.startRow(a)
		return nil
	case atom.Td, atom.Th:
		if err := p.endCell(t); err != nil {
			return err
		}
		if !t.inRow {
			t.startRow(attributes{})
		}
		t.heading = tag == atom.Th
		return p.startCell(t, a)
	case atom.Thead, atom.Tbody, atom.Tfoot, atom.Caption, atom.Colgroup:
		err := p.endRow(t)
		t.foot = tag == atom.Tfoot
		return err
	}
	if !t.inCell {
		return nil
	}
	t.element(tag, string(name), a)
	return nil
}

func (p *page) end(tag atom.Atom, name []byte) error {
	t := p.table()
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.inHeading = false
	case atom.Caption:
		if p.inHeading && t != nil {
			t.above = append(t.above, p.heading)
		}
		p.inHeading = false
	}
	if t == nil {
		return nil
	}
	switch tag {
	case atom.Table:
		return p.endTable(true)
	case atom.Tr:
		return p.endRow(t)
	case atom.Td, atom.Th:
		return p.endCell(t)
	case atom.Thead, atom.Tbody, atom.Tfoot:
		if err := p.endRow(t); err != nil {
			return err
		}
		t.spans, t.pending, t.foot = t.spans[:0], 0, false // a span ends with its section
		return nil
	}
	if t.inCell {
		t.endElement(tag, string(name))
	}
	return nil
}

func (p *page) startTable(a attributes) error {
	if len(p.open) >= maxDepth {
		return p.in.refuse(etl.CodeSourceDamaged, "html", message.Fail(nil, "damaged-deep", "n", maxDepth))
	}
	if len(p.tables) >= maxTables {
		return p.in.refuse(etl.CodeSourceDamaged, "html", message.Fail(nil, "damaged-tables", "n", maxTables))
	}
	t := &htmlTable{hidden: a.hidden, above: []string{p.heading}}
	p.heading, p.inHeading = "", false
	if outer := p.table(); outer != nil {
		if outer.inCell {
			t.in, t.at = outer, rowCol{outer.number, outer.col + 1}
		}
		t.hidden = t.hidden || outer.hidden || outer.inCell && outer.face()&hidden != 0
	}
	p.tables = append(p.tables, t)
	p.open = append(p.open, t)
	return nil
}

func (p *page) endTable(closed bool) error {
	t := p.table()
	if err := p.endRow(t); err != nil {
		return err
	}
	t.closed = closed
	t.line, t.spans = nil, nil
	p.open = p.open[:len(p.open)-1]
	return nil
}

func (t *htmlTable) startRow(a attributes) {
	t.inRow = true
	t.number++
	t.line, t.col, t.own = t.line[:0], 0, false
	t.rowFace, t.rowTitle = a.face&struck, a.title
	t.rowLook, t.cellLooks = lookOfRow(a.look+" "+a.ink), vote{}
	if a.hidden {
		t.rowLook = "" // it is said by itself
		if t.hiddenRows == 0 {
			t.hiddenRow = t.number
		}
		t.hiddenRows++
	}
}

// endRow stores the row. One that holds nothing of its own, under cells that span
// it, is part of a tall one and stays blank.
func (p *page) endRow(t *htmlTable) error {
	if err := p.endCell(t); err != nil {
		return err
	}
	if !t.inRow {
		return nil
	}
	t.inRow = false
	if err := p.fromAbove(t, len(t.spans)); err != nil {
		return err
	}
	if t.own {
		t.rows = append(t.rows, sheetRow{number: t.number, cells: append([]string(nil), t.line...), foot: t.foot,
			look: strings.TrimSpace(t.rowLook + " " + t.cellLooks.look)})
	}
	return nil
}

// fromAbove fills the columns from the next free one on, as long as cells of rows
// above span them; with to, up to that column whatever there is.
func (p *page) fromAbove(t *htmlTable, to int) error {
	if t.pending == 0 {
		return nil
	}
	for t.col < len(t.spans) {
		s := &t.spans[t.col]
		if s.left == 0 {
			if t.col >= to || t.pending == 0 {
				return nil
			}
			if err := p.put(t, ""); err != nil {
				return err
			}
			continue
		}
		s.left--
		if err := p.put(t, s.text); err != nil {
			return err
		}
		if s.left == 0 {
			t.pending--
			s.text = ""
		}
	}
	return nil
}

// put makes a cell. All are paid for, those of rows that stay blank too, so that
// spans cannot cost more than the cells that a table may have.
func (p *page) put(t *htmlTable, text string) error {
	if p.left--; p.left < 0 {
		return p.in.refuse(etl.CodeTooManyCells, p.in.opt.maxCells())
	}
	if t.col >= maxColumn {
		return p.in.refuse(etl.CodeSourceDamaged, "html", message.Fail(nil, "damaged-columns", "row", t.number, "table", len(p.tables), "n", maxColumn))
	}
	t.line = append(t.line, text)
	t.col++
	return nil
}

func (p *page) startCell(t *htmlTable, a attributes) error {
	if err := p.fromAbove(t, 0); err != nil {
		return err
	}
	t.inCell = true
	t.text.reset()
	t.look = a.look
	t.ink = strings.TrimSpace(backgroundOf().FindString(a.look) + " " + a.ink)
	t.titles = append(t.titles[:0], t.rowTitle, a.title)
	t.rowTitle = "" // once a row
	t.hint, t.picture = "", a.icon && !t.heading
	t.faces = append(t.faces[:0], openFace{face: t.rowFace | a.face&struck})
	t.colspan, t.rowspan = a.colspan, a.rowspan
	if a.hidden {
		t.hiddenCells++
	}
	return nil
}

func (p *page) endCell(t *htmlTable) error {
	if !t.inCell {
		return nil
	}
	t.inCell = false
	t.cellLooks.add(t.ink)
	text := t.text.whole()
	at := rowCol{t.number, t.col + 1}
	t.keepTitles(at, text)
	if text == "" && t.picture {
		if text = strings.TrimSpace(t.hint); text == "" {
			if len(t.icons) < 10*maxListed {
				t.icons = append(t.icons, at)
			}
			if !t.heading {
				text = unknownPicture
			}
		}
	}
	if text == "" && !t.heading {
		t.blank(t.look)
	}
	t.leftOut(at, text)
	if text != "" {
		t.own = true
		t.size++
	}
	for k := 0; k < t.colspan; k++ {
		// A span from above in the way of this one: the upper one keeps its place in
		// its own row only.
		if t.col < len(t.spans) && t.spans[t.col].left > 0 {
			t.spans[t.col] = span{}
			t.pending--
		}
		if t.rowspan > 1 {
			for len(t.spans) <= t.col {
				t.spans = append(t.spans, span{})
			}
			t.spans[t.col] = span{text, t.rowspan - 1}
			t.pending++
		}
		if err := p.put(t, text); err != nil {
			return err
		}
	}
	return nil
}

// blocks are the elements that begin and end a line.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Dl: true, atom.Dt: true, atom.Dd: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Section: true, atom.Details: true, atom.Summary: true, atom.Article: true, atom.Blockquote: true, atom.Pre: true, atom.Hr: true, atom.Option: true,
}

// void elements have no end tag, so hiding one hides nothing else.
var void = map[atom.Atom]bool{
	atom.Br: true, atom.Img: true, atom.Input: true, atom.Hr: true, atom.Wbr: true, atom.Col: true, atom.Link: true,
	atom.Meta: true, atom.Area: true, atom.Base: true, atom.Embed: true, atom.Source: true, atom.Track: true, atom.Param: true,
}

// fieldKinds are the kinds of fields that show their value.
var fieldKinds = map[string]bool{
	"": true, "text": true, "date": true, "datetime-local": true, "month": true, "number": true, "search": true,
	"tel": true, "email": true, "url": true,
}

// unknownPicture is the text of a picture that has none: it is neither yes nor no, and
// not empty either.
const unknownPicture = "?"

// blankCell is a cell without a text that has a class or a colour: a tick, perhaps.
type blankCell struct {
	at   rowCol
	look string
}

var backgroundOf = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)background(?:-color|-image)?\s*:\s*[^;]+`)
})

// rowClass is a class for every other row, which says nothing about a cell.
var rowClass = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:odd|even|alt|first|last|pair|impair|row\d*|sorting_\d)$`)
})

// blank notes a cell without a text.
func (t *htmlTable) blank(look string) {
	const most = 100_000
	if strings.TrimSpace(look) == "" {
		if t.plain == nil {
			t.plain = map[int]bool{}
		}
		t.plain[t.col] = true
	} else if len(t.blanks) < most {
		t.blanks = append(t.blanks, blankCell{rowCol{t.number, t.col + 1}, look})
	}
}

// judgeBlanks finds the columns whose cells without a text do not look alike. Those that
// have something that others lack hold a picture, which a style sheet draws.
func (t *htmlTable) judgeBlanks() {
	shared := map[int][]string{} // by column, what all have
	for _, b := range t.blanks {
		own := strings.Fields(b.look)
		if was, known := shared[b.at.col]; !known && !t.plain[b.at.col-1] {
			shared[b.at.col] = own
		} else {
			shared[b.at.col] = slices.DeleteFunc(slices.Clone(was), func(c string) bool { return !slices.Contains(own, c) })
		}
	}
	for _, b := range t.blanks {
		more := slices.ContainsFunc(strings.Fields(b.look), func(c string) bool {
			return !slices.Contains(shared[b.at.col], c) && !rowClass().MatchString(c)
		})
		at, found := slices.BinarySearchFunc(t.rows, b.at.row, func(r sheetRow, number int) int { return r.number - number })
		if !more || !found || b.at.col > len(t.rows[at].cells) || t.rows[at].cells[b.at.col-1] != "" {
			continue
		}
		t.rows[at].cells[b.at.col-1] = unknownPicture
		if len(t.icons) < 10*maxListed {
			t.icons = append(t.icons, b.at)
		}
	}
}

// left is what was left out of a cell, with its place.
type left struct {
	at   rowCol
	text [leftKinds]string
}

// leftOut notes what the cell's text lacks.
func (t *htmlTable) leftOut(at rowCol, text string) {
	l := &t.text.left
	if l[leftHidden] != "" || l[leftSpoken] != "" {
		t.skipped++
		if t.skipped == 1 {
			t.firstSkipped = at
		}
	}
	if text != "" {
		l[leftHidden] = "" // summed up; but a cell of which all is hidden is told by itself
	}
	l[leftSpoken] = ""
	if *l != ([leftKinds]string{}) && len(t.left) < 10*maxListed {
		t.left = append(t.left, left{at, *l})
	}
}

// face is how text is shown at this place of the cell.
func (t *htmlTable) face() face { return t.faces[len(t.faces)-1].face }

// element is the start of one inside a cell.
func (t *htmlTable) element(tag atom.Atom, name string, a attributes) {
	switch tag {
	case atom.Option:
		t.endElement(tag, name) // its end tag may be left out
		if !a.selected {
			a.face |= hidden // one choice of several, which was not made
		}
	case atom.Del, atom.S, atom.Strike:
		a.face |= struck
	case atom.Sup:
		a.face |= raised
	case atom.Input:
		a.face &^= hidden
	}
	if top := &t.faces[len(t.faces)-1]; !void[tag] {
		switch inner := top.face | a.face; {
		case inner != top.face && len(t.faces) < maxDepth:
			t.faces = append(t.faces, openFace{name: name, face: inner})
		case name == top.name:
			top.nested++
		}
	}
	if (t.face()|a.face)&hidden != 0 && tag != atom.Input {
		return
	}
	switch {
	case tag == atom.Br || blocks[tag]:
		t.text.write("\n", t.face())
	case tag == atom.Img:
		t.picture = true
		if alt := strings.TrimSpace(a.alt); alt != "" {
			// It is the value where nothing else is there, as "Oui" beside no text.
			t.text.write(lineBreaks.Replace(" "+alt+" "), t.face()|mute)
		}
	case tag == atom.I || tag == atom.Svg || tag == atom.Span && a.spoken != "" || a.icon:
		t.picture = true
	case tag == atom.Input && (a.kind == "checkbox" || a.kind == "radio"):
		t.write(" " + strings.ToUpper(strconv.FormatBool(a.checked)) + " ")
	case tag == atom.Input && fieldKinds[a.kind]:
		t.write(" " + a.value + " ")
	}
	if t.hint == "" {
		t.hint = a.spoken
	}
	if a.title != "" && a.title != a.alt {
		t.titles = append(t.titles, a.title)
	}
	t.look += " " + a.look // of an empty element, which a style sheet fills
	if bare := strings.TrimSpace(t.text.text.String()) == ""; bare {
		t.ink = strings.TrimSpace(t.ink + " " + inkOfTag(tag, a))
	}
}

// inkOfTag is what an element around the whole text of a cell makes of it, as a style
// would say it.
func inkOfTag(tag atom.Atom, a attributes) string {
	switch {
	case tag == atom.B || tag == atom.Strong:
		return "font-weight:bold"
	case tag == atom.Em || tag == atom.I && !a.icon:
		return "font-style:italic"
	case tag == atom.Font || tag == atom.Span:
		return a.ink
	}
	return ""
}

func (t *htmlTable) endElement(tag atom.Atom, name string) {
	for i := len(t.faces) - 1; i > 0; i-- {
		if t.faces[i].name != name {
			continue
		}
		if t.faces[i].nested--; t.faces[i].nested < 0 {
			t.faces = t.faces[:i]
		}
		break
	}
	if blocks[tag] && t.face()&hidden == 0 {
		t.text.write("\n", t.face())
	}
}

// write adds text, in which a line break is a space like any other.
func (t *htmlTable) write(s string) {
	t.text.write(lineBreaks.Replace(s), t.face())
}

var lineBreaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")
