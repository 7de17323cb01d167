package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/xuri/excelize/v2"

	"hdsreport/report"
)

// The house style: one accent, a scale of greys, one warm tone for what must not
// be missed. Contrast on its own ground is given where it is text (WCAG asks 4.5:1).
const (
	fontName = "Calibri"
	accent   = "1F4E79" // 8.6:1 on white, and white on it
	ink      = "262626" // 15:1
	grey     = "595959" // 7:1
	rule     = "D9D9D9" // hairlines
	band     = "F3F6FA" // every second row of a table; ink on it 14:1
	amber    = "FFF4D6" // ground of a notice
	umber    = "5A3E00" // text of a notice, 9:1 on amber
	ochre    = "C98A00" // its edge
	linkBlue = "0B5CAD" // 6.6:1
)

// tableStyle is the name of our own table style: the bands, and nothing that the
// cells do not say themselves.
const tableStyle = "hdsreport"

// language is what depends on the book's language in the looks of a file.
type language struct {
	tag        string // of charts
	date       string
	number     string // thousands are grouped as the reader's system does
	decimal    string
	percent    string
	delta      string
	deltaDec   string
	pageHeader string // in a footer: &P is the page, &N their number
	list       string // header of a drop-down's list of values
}

// A true minus sign, and in French a no-break space before the percent sign.
// [$-40C] makes the decimal comma hold on systems set to another language.
var languages = map[string]language{
	"fr": {
		tag: "fr-FR", date: "dd/mm/yyyy",
		number: "[$-40C]#,##0", decimal: "[$-40C]#,##0.0", percent: "[$-40C]0.0\"\u00a0\"%",
		delta:      "[$-40C]+#,##0;[$-40C]\"\u2212\"#,##0;0",
		deltaDec:   "[$-40C]+#,##0.0;[$-40C]\"\u2212\"#,##0.0;[$-40C]0.0",
		pageHeader: "Page\u00a0&P sur\u00a0&N", list: "Valeurs proposées",
	},
	"en": {
		tag: "en-GB", date: "[$-809]dd mmm yyyy",
		number: "[$-809]#,##0", decimal: "[$-809]#,##0.0", percent: "[$-809]0.0%",
		delta:      "[$-809]+#,##0;[$-809]\"\u2212\"#,##0;0",
		deltaDec:   "[$-809]+#,##0.0;[$-809]\"\u2212\"#,##0.0;[$-809]0.0",
		pageHeader: "Page\u00a0&P of\u00a0&N", list: "Values offered",
	},
}

// languageOf falls back on French, the language of the sheets.
func languageOf(tag string) language {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	l, ok := languages[base]
	if !ok {
		l = languages["fr"]
	}
	if strings.Contains(tag, "-") {
		l.tag = tag
	}
	return l
}

// Styles of the cells of a table, which the book does not name: they follow from
// the column.
const (
	bodyText   report.Style = "body/text"
	bodyWrap   report.Style = "body/wrap"
	bodyNumber report.Style = "body/number"
	bodyDate   report.Style = "body/date"
	bodyLink   report.Style = "body/link"
	listItem   report.Style = "list/item"
	listHeader report.Style = "list/header"
)

// look is how a style is drawn.
type look struct {
	size                 float64
	bold, italic         bool
	underline            bool
	colour, ground       string
	format               string // one of number, decimal, percent, delta, date, text, general; else none
	align, vertical      string
	wrap                 bool
	bottom, left         string  // colour of an edge
	bottomWide, leftWide int     // its excelize border style
	height               float64 // of the row in points; 0 for automatic
	top                  string  // colour of an edge
	indent               int
	across               bool // over the printed page where the book states no span
}

var looks = map[report.Style]look{
	report.StylePlain:      {},
	report.StyleTitle:      {size: 20, bold: true, colour: accent, height: 34, vertical: "center"},
	report.StyleSubtitle:   {colour: grey, height: 18, vertical: "center"},
	report.StyleNotice:     {colour: umber, ground: amber, left: ochre, leftWide: 5, height: 21, vertical: "center", indent: 1, across: true},
	report.StyleHeading:    {size: 14, bold: true, colour: accent, height: 30, vertical: "bottom", bottom: accent, bottomWide: 1, across: true},
	report.StyleNote:       {size: 9, colour: grey, vertical: "center"},
	report.StyleHeader:     {bold: true, colour: "FFFFFF", ground: accent, wrap: true, vertical: "center", indent: 1},
	report.StyleHeaderR:    {bold: true, colour: "FFFFFF", ground: accent, wrap: true, vertical: "center", align: "right", indent: 1},
	report.StyleLabel:      {bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleKey:        {size: 20, bold: true, colour: accent, format: "number", align: "right", height: 32, bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleKeyDec:     {size: 20, bold: true, colour: accent, format: "decimal", align: "right", height: 32, bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleKeyLabel:   {size: 12, bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleNumber:     {format: "number", align: "right", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleDecimal:    {format: "decimal", align: "right", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StylePercent:    {format: "percent", align: "right", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleDelta:      {format: "delta", align: "right", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleDeltaDec:   {format: "deltadec", align: "right", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleTotal:      {bold: true, format: "number", align: "right", top: accent, bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleTotalLabel: {bold: true, top: accent, bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleNoteLine:   {size: 9, colour: grey, vertical: "center"},
	report.StyleFact:       {italic: true, colour: grey, format: "number", align: "right", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleFactDec:    {italic: true, colour: grey, format: "decimal", align: "right", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleText:       {bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleWrap:       {bottom: rule, bottomWide: 1, wrap: true, vertical: "center", indent: 1},
	report.StyleDate:       {format: "date", align: "left", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	report.StyleLink:       {colour: linkBlue, underline: true, vertical: "center"},

	bodyText:   {bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	bodyWrap:   {bottom: rule, bottomWide: 1, vertical: "center", wrap: true, indent: 1},
	bodyNumber: {format: "general", align: "right", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	bodyDate:   {format: "date", align: "left", bottom: rule, bottomWide: 1, vertical: "center", indent: 1},
	bodyLink:   {bottom: rule, bottomWide: 1, vertical: "center", colour: linkBlue, underline: true, indent: 1},
	listItem:   {size: 10, colour: grey},
	listHeader: {size: 10, bold: true, colour: grey},
}

// variant is a style as one cell needs it.
type variant struct {
	style    report.Style
	format   string // instead of the style's own
	proposed bool   // in italics
	linked   bool
	quoted   bool // a text that would be taken for a formula if it were typed again
	wrap     bool // a note over several lines
	beside   bool // a note in a row of a block: it takes the row's rule and indent
	edge     bool // the first cell of a span: it bears the left edge
}

// styles gives each variant its index in the file, made when first used, hence
// in the order of the cells.
type styles struct {
	f      *excelize.File
	lang   language
	mu     sync.RWMutex // rows are drawn by several goroutines
	ids    map[variant]int
	quoted []int // indexes whose quotePrefix is set as the part passes
}

// errNewStyle is a variant that has no index yet.
var errNewStyle = errors.New("a style without an index")

// known is the index of a variant that has been used before.
func (s *styles) known(v variant) (int, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if id, ok := s.ids[v]; ok {
		return id, nil
	}
	return 0, errNewStyle
}

func newStyles(f *excelize.File, l language) *styles {
	return &styles{f: f, lang: l, ids: map[variant]int{}}
}

// id is the index of a variant, new or not.
func (s *styles) id(v variant) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, ok := s.ids[v]; ok {
		return id, nil
	}
	l, ok := looks[v.style]
	if !ok {
		return 0, fmt.Errorf("the style %q is unknown", v.style)
	}
	if v.format != "" {
		l.format = v.format
	}
	if v.linked {
		l.underline = true
		if l.ground == "" {
			l.colour = linkBlue
		}
	}
	if v.beside {
		l.indent, l.bottom, l.bottomWide = 1, rule, 1
	}
	st := &excelize.Style{
		Font: &excelize.Font{
			Family: fontName, Size: 11, Color: ink,
			Bold: l.bold, Italic: l.italic || v.proposed,
		},
		Alignment: &excelize.Alignment{Horizontal: l.align, Vertical: l.vertical, WrapText: l.wrap || v.wrap, Indent: l.indent},
	}
	if l.indent > 0 && l.align == "" {
		st.Alignment.Horizontal = "left"
	}
	if l.size > 0 {
		st.Font.Size = l.size
	}
	if l.colour != "" {
		st.Font.Color = l.colour
	}
	if l.underline {
		st.Font.Underline = "single"
	}
	if l.ground != "" {
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.ground}}
	}
	if l.bottom != "" {
		st.Border = append(st.Border, excelize.Border{Type: "bottom", Color: l.bottom, Style: l.bottomWide})
	}
	if l.top != "" {
		st.Border = append(st.Border, excelize.Border{Type: "top", Color: l.top, Style: 1})
	}
	if l.left != "" && v.edge {
		st.Border = append(st.Border, excelize.Border{Type: "left", Color: l.left, Style: l.leftWide})
	}
	if code := s.code(l.format); code != "" {
		st.CustomNumFmt = &code
	}
	if v.quoted {
		// excelize knows no quotePrefix and would give both variants one index; a
		// protection keeps them apart until patchStyles puts the one for the other.
		st.Protection = &excelize.Protection{Locked: true, Hidden: true}
	}
	id, err := s.f.NewStyle(st)
	if err != nil {
		return 0, err
	}
	// Two variants may look the same, and excelize then gives both one index.
	if v.quoted && !slices.Contains(s.quoted, id) {
		s.quoted = append(s.quoted, id)
	}
	s.ids[v] = id
	return id, nil
}

func (s *styles) code(format string) string {
	return map[string]string{
		"number": s.lang.number, "decimal": s.lang.decimal, "percent": s.lang.percent,
		"delta": s.lang.delta, "deltadec": s.lang.deltaDec, "date": s.lang.date,
		"text": "@",
	}[format]
}

// bands makes the differential format of a table's second rows and returns its index.
func (s *styles) bands() (int, error) {
	return s.f.NewConditionalStyle(&excelize.Style{
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{band}},
	})
}

// patchStyles adds to xl/styles.xml what excelize cannot: the table style, and
// the mark of texts that begin like a formula.
func (s *styles) patchStyles(part []byte, bandFormat int) ([]byte, error) {
	from := bytes.Index(part, []byte("<tableStyles"))
	if from < 0 {
		return nil, fmt.Errorf("no <tableStyles> in the styles")
	}
	to := bytes.Index(part[from:], []byte("</tableStyles>"))
	end := len("</tableStyles>")
	if to < 0 {
		to, end = bytes.Index(part[from:], []byte("/>")), len("/>")
	}
	own := fmt.Sprintf(`<tableStyles count="1" defaultTableStyle="TableStyleMedium2" defaultPivotStyle="PivotStyleLight16">`+
		`<tableStyle name="%s" pivot="0" count="1"><tableStyleElement type="secondRowStripe" dxfId="%d"/></tableStyle></tableStyles>`,
		tableStyle, bandFormat)
	part = concat(part[:from], own, part[from+to+end:])

	// The n-th <xf> of <cellXfs> is the style n.
	cell := bytes.Index(part, []byte("<cellXfs"))
	if cell < 0 {
		return nil, fmt.Errorf("no <cellXfs> in the styles")
	}
	for _, id := range s.quoted {
		at := cell
		for n := 0; n <= id; n++ {
			i := bytes.Index(part[at+1:], []byte("<xf "))
			if i < 0 {
				return nil, fmt.Errorf("no cell format %d in the styles", id)
			}
			at += 1 + i
		}
		end := bytes.Index(part[at:], []byte("</xf>"))
		if end < 0 {
			return nil, fmt.Errorf("no end of the cell format %d in the styles", id)
		}
		xf := string(part[at : at+end])
		plain := unprotected.Replace(xf)
		if plain == xf {
			return nil, fmt.Errorf("the cell format %d is not the one that was marked", id)
		}
		part = concat(part[:at], strings.Replace(plain, "<xf ", `<xf quotePrefix="1" `, 1), part[at+end:])
	}
	return part, nil
}

// unprotected takes away what only kept two cell formats apart.
var unprotected = strings.NewReplacer(` applyProtection="true"`, "", `<protection hidden="true" locked="true"></protection>`, "")

func concat(a []byte, s string, b []byte) []byte {
	out := make([]byte, 0, len(a)+len(s)+len(b))
	return append(append(append(out, a...), s...), b...)
}
