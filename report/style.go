package report

import (
	"maps"
	"slices"
	"strings"
)

// The palette: one accent, a scale of greys, one warm tone for what must not be missed.
// The contrast is given where it is text (WCAG asks 4.5:1). Colours are RRGGBB.
const (
	Accent      = "1F4E79" // 8.6:1 on white, and white on it
	Ink         = "262626" // of text, 15:1
	Grey        = "595959" // of notes, 7:1
	White       = "FFFFFF"
	Rule        = "D9D9D9" // hairlines
	Band        = "F3F6FA" // background of every second row of a table; ink on it 14:1
	NoticeBack  = "FFF4D6" // background of a notice
	NoticeInk   = "5A3E00" // its text, 9:1
	NoticeEdge  = "C98A00"
	LinkColour  = "0B5CAD" // 6.6:1
	AxisColour  = "A6A6A6" // the line of a chart's axis
	AxisInk     = "404040" // its labels
	approvedTab = Accent
	certTab     = "2E7D32"
	summaryTab  = "C55A11"
)

// FontName is the typeface of everything.
const FontName = "Calibri"

// SeriesColours are the colours of a chart's series: a dark and a light tone, which also
// differ in greyscale.
var SeriesColours = []string{Accent, "9DC3E6", "C55A11"}

// Style is the role of a cell; Looks maps it to how it is drawn.
type Style string

// The closed set of styles.
const (
	StylePlain    Style = ""
	StyleTitle    Style = "title"    // the sheet's title
	StyleSubtitle Style = "subtitle" // date, source
	// a sentence that must not be missed: reconstruction, partial list, what the gate let through
	StyleNotice     Style = "notice"
	StyleHeading    Style = "heading"    // of a section
	StyleNote       Style = "note"       // how it was computed, whom it counts
	StyleNoteLine   Style = "noteline"   // the same on one line that runs over the cells to its right
	StyleHeader     Style = "header"     // column header
	StyleHeaderR    Style = "headerr"    // the same above numbers, to the right
	StyleHeaderOver Style = "headerover" // the same, over several columns
	StyleHeaderC    Style = "headerc"    // the same above signs, in the middle
	StyleHeaderUp   Style = "headerup"   // the same, reading upwards
	StyleLabel      Style = "label"      // row label of a section
	StyleKey        Style = "key"        // key figure, large
	StyleKeyLabel   Style = "keylabel"   // its label
	StyleNumber     Style = "number"
	StyleDecimal    Style = "decimal"
	StylePercent    Style = "percent"
	StyleDelta      Style = "delta"  // signed change
	StyleKeyDec     Style = "keydec" // key figure with one decimal
	StyleDeltaDec   Style = "deltadec"
	StyleTotal      Style = "total" // a number that sums those above
	StyleTotalLabel Style = "totallabel"
	StyleFact       Style = "fact" // an edition fact: a value that cannot be live
	StyleFactDec    Style = "factdec"
	StyleFactTotal  Style = "facttotal"
	StyleText       Style = "text"
	StyleWrap       Style = "wrap" // text over several lines
	StyleDate       Style = "date"
	StyleDateR      Style = "dater" // among figures
	StyleTerm       Style = "term"  // what a sentence of the method is about
	StyleTold       Style = "told"  // the sentence
	StyleLink       Style = "link"

	// The cells of a table, whose style follows from the column.
	StyleCell       Style = "cell"
	StyleCellWrap   Style = "cell/wrap"
	StyleCellRaw    Style = "cell/raw" // as the source writes it
	StyleCellNumber Style = "cell/number"
	StyleCellDate   Style = "cell/date"
	StyleCellSign   Style = "cell/sign" // of a narrow column, shown as a sign

	// The values of a drop-down if they are stored in cells.
	StyleListItem   Style = "list/item"
	StyleListHeader Style = "list/header"
)

// Format is how a value is written.
type Format uint8

// The closed set of formats.
const (
	FormatGeneral Format = iota
	FormatWhole
	FormatDecimal // one decimal
	FormatPercent
	FormatDelta // signed
	FormatDeltaDecimal
	FormatDate
	FormatText // whatever it looks like
)

// A true minus sign, and in French a no-break space before the percent sign. The
// separators are those of an American pattern: a reader's system puts in its own.
var patterns = map[string]map[Format]string{
	"fr": {
		FormatWhole: "#,##0", FormatDecimal: "#,##0.0", FormatPercent: "0.0\"\u00a0\"%", FormatDate: "dd/mm/yyyy",
		FormatDelta: "+#,##0;\"\u2212\"#,##0;0", FormatDeltaDecimal: "+#,##0.0;\"\u2212\"#,##0.0;0.0",
	},
	"en": {
		FormatWhole: "#,##0", FormatDecimal: "#,##0.0", FormatPercent: "0.0%", FormatDate: "dd mmm yyyy",
		FormatDelta: "+#,##0;\"\u2212\"#,##0;0", FormatDeltaDecimal: "+#,##0.0;\"\u2212\"#,##0.0;0.0",
	},
}

// BaseLanguage returns the part of a language tag that formats depend on, fr or en. The
// default is fr.
func BaseLanguage(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if _, ok := patterns[base]; !ok {
		return "fr"
	}
	return base
}

// Pattern is the format's number pattern in a language, as both Excel and Google write
// patterns; "" for FormatGeneral and FormatText.
func (f Format) Pattern(tag string) string { return patterns[BaseLanguage(tag)][f] }

// Align is the horizontal alignment of a cell. AlignDefault depends on the kind of value.
type Align uint8

// The closed set of alignments.
const (
	AlignDefault Align = iota
	AlignLeft
	AlignRight
	AlignCentre
)

// Look is how a style is drawn. Colours are RRGGBB, or "" for the default: Ink, no
// background and no border.
type Look struct {
	Size                    float64 // points
	Bold, Italic, Underline bool
	Colour, Background      string
	Format                  Format
	Align                   Align
	Bottom                  bool // at the cell's bottom; else in its middle
	Wrap                    bool
	Indent                  bool
	Turned                  bool // it reads upwards
	BottomEdge, TopEdge     string
	LeftEdge                string // thick, of the first cell of a span
}

const usualSize = 11

// ruled is the look of most cells: a hairline below and an indent.
func ruled(l Look) Look {
	l.BottomEdge, l.Indent = Rule, true
	return l
}

// Looks are the looks of all styles.
var Looks = map[Style]Look{
	StylePlain:      {},
	StyleTitle:      {Size: 20, Bold: true, Colour: Accent},
	StyleSubtitle:   {Colour: Grey},
	StyleNotice:     {Colour: NoticeInk, Background: NoticeBack, LeftEdge: NoticeEdge, Indent: true},
	StyleHeading:    {Size: 14, Bold: true, Colour: Accent, Bottom: true, BottomEdge: Accent},
	StyleNote:       {Size: 9, Colour: Grey},
	StyleNoteLine:   {Size: 10, Colour: Grey},
	StyleHeader:     {Bold: true, Colour: White, Background: Accent, Wrap: true, Indent: true},
	StyleHeaderR:    {Bold: true, Colour: White, Background: Accent, Wrap: true, Align: AlignRight, Indent: true},
	StyleHeaderOver: {Bold: true, Colour: White, Background: Accent, Indent: true},
	StyleHeaderC:    {Bold: true, Colour: White, Background: Accent, Wrap: true, Align: AlignCentre},
	StyleHeaderUp:   {Bold: true, Colour: White, Background: Accent, Wrap: true, Align: AlignCentre, Turned: true},
	StyleLabel:      ruled(Look{Align: AlignLeft}),
	StyleKey:        ruled(Look{Size: 20, Bold: true, Colour: Accent, Format: FormatWhole, Align: AlignRight}),
	StyleKeyDec:     ruled(Look{Size: 20, Bold: true, Colour: Accent, Format: FormatDecimal, Align: AlignRight}),
	StyleKeyLabel:   ruled(Look{}),
	StyleNumber:     ruled(Look{Format: FormatWhole, Align: AlignRight}),
	StyleDecimal:    ruled(Look{Format: FormatDecimal, Align: AlignRight}),
	StylePercent:    ruled(Look{Format: FormatPercent, Align: AlignRight}),
	StyleDelta:      ruled(Look{Format: FormatDelta, Align: AlignRight}),
	StyleDeltaDec:   ruled(Look{Format: FormatDeltaDecimal, Align: AlignRight}),
	StyleTotal:      ruled(Look{Bold: true, Format: FormatWhole, Align: AlignRight, TopEdge: Accent}),
	StyleTotalLabel: ruled(Look{Bold: true, TopEdge: Accent}),
	StyleFact:       ruled(Look{Italic: true, Colour: Grey, Format: FormatWhole, Align: AlignRight}),
	StyleFactDec:    ruled(Look{Italic: true, Colour: Grey, Format: FormatDecimal, Align: AlignRight}),
	StyleFactTotal:  ruled(Look{Italic: true, Colour: Grey, Format: FormatWhole, Align: AlignRight, TopEdge: Accent}),
	StyleText:       ruled(Look{}),
	StyleWrap:       ruled(Look{Wrap: true}),
	StyleDate:       ruled(Look{Format: FormatDate, Align: AlignLeft}),
	StyleDateR:      ruled(Look{Format: FormatDate, Align: AlignRight}),
	StyleTerm:       {Size: 9, Bold: true, Indent: true},
	StyleTold:       {Size: 9, Colour: Grey},
	StyleLink:       {Colour: LinkColour, Underline: true},

	StyleCell:       ruled(Look{}),
	StyleCellWrap:   ruled(Look{Wrap: true}),
	StyleCellRaw:    ruled(Look{Format: FormatText}),
	StyleCellNumber: ruled(Look{Align: AlignRight}),
	StyleCellDate:   ruled(Look{Format: FormatDate, Align: AlignLeft}),
	StyleCellSign:   {BottomEdge: Rule, Align: AlignCentre},

	StyleListItem:   {Size: 10, Colour: Grey},
	StyleListHeader: {Size: 10, Bold: true, Colour: Grey},
}

// Appearance is a style with the variations of one cell.
type Appearance struct {
	Style    Style
	Proposed bool // by a rule: in italics
	Linked   bool
	Wrap     bool // over several lines, whatever the style says
	Beside   bool // a note in a row of a section: it takes the row's rule and indent
	Dated    bool // a date, where the style has another format
}

// Appearance is how a free cell is drawn.
func (c *Cell) Appearance() Appearance {
	return Appearance{Style: c.Style, Linked: c.Link != "", Wrap: c.Wrap, Beside: c.Style == StyleNote,
		Dated: c.Value.Kind == Day}
}

// Appearance is how the cells of a column are drawn.
func (c *Column) Appearance() Appearance {
	a := Appearance{Style: StyleCell}
	switch {
	case len(c.Signs) > 0 || c.Kind == Number && c.Turned:
		a.Style = StyleCellSign
	case c.Kind == Number:
		a.Style = StyleCellNumber
	case c.Kind == Day:
		a.Style = StyleCellDate
	case c.Verbatim:
		a.Style, a.Wrap = StyleCellRaw, c.Wrap
	case c.Wrap:
		a.Style = StyleCellWrap
	}
	return a
}

// HeaderStyle is the style of the column's header.
func (c *Column) HeaderStyle() Style {
	switch {
	case c.Turned:
		return StyleHeaderUp
	case len(c.Signs) > 0:
		return StyleHeaderC
	case c.Kind == Number:
		return StyleHeaderR
	}
	return StyleHeader
}

// Look is the look of an appearance. It is false for a style that does not exist.
func (a Appearance) Look() (Look, bool) {
	l, ok := Looks[a.Style]
	if l.Size == 0 {
		l.Size = usualSize
	}
	l.Italic = l.Italic || a.Proposed
	l.Wrap = l.Wrap || a.Wrap
	if a.Linked {
		l.Underline = true
		if l.Background == "" {
			l.Colour = LinkColour
		}
	}
	if l.Colour == "" {
		l.Colour = Ink
	}
	if a.Beside {
		l.Indent, l.BottomEdge = true, Rule
	}
	if a.Dated {
		l.Format = FormatDate
	}
	if l.Indent && l.Align == AlignDefault {
		l.Align = AlignLeft // an indent needs an alignment
	}
	return l, ok
}

// styles are the names of all styles, in one order.
func styles() []Style { return slices.Sorted(maps.Keys(Looks)) }
