package gsheets

import (
	"strconv"
	"strings"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/report"
)

// The house style, as the workbook has it: one accent, a scale of greys, one warm tone
// for what must not be missed.
const (
	fontName = "Calibri"
	accent   = "1F4E79"
	ink      = "262626"
	grey     = "595959"
	rule     = "D9D9D9"
	amber    = "FFF4D6"
	umber    = "5A3E00"
	linkBlue = "0B5CAD"
	white    = "FFFFFF"
)

// language is what depends on the book's language.
type language struct {
	locale  string // of the spreadsheet
	formats map[string]string
}

// Google writes a pattern's separators as the spreadsheet's locale has them. A true
// minus sign, and in French a no-break space before the percent sign.
var languages = map[string]language{
	"fr": {
		locale: "fr_FR",
		formats: map[string]string{
			"number": "#,##0", "decimal": "#,##0.0", "percent": "0.0\"\u00a0\"%", "date": "dd/mm/yyyy",
			"delta": "+#,##0;\"−\"#,##0;0", "deltadec": "+#,##0.0;\"−\"#,##0.0;0.0",
		},
	},
	"en": {
		locale: "en_GB",
		formats: map[string]string{
			"number": "#,##0", "decimal": "#,##0.0", "percent": "0.0%", "date": "dd mmm yyyy",
			"delta": "+#,##0;\"−\"#,##0;0", "deltadec": "+#,##0.0;\"−\"#,##0.0;0.0",
		},
	},
}

// languageOf falls back on French, the language of the sheets.
func languageOf(tag string) language {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if l, ok := languages[base]; ok {
		return l
	}
	return languages["fr"]
}

// formatTypes are Google's names for what a pattern formats.
var formatTypes = map[string]string{"number": "NUMBER", "decimal": "NUMBER", "delta": "NUMBER", "deltadec": "NUMBER", "percent": "PERCENT", "date": "DATE"}

// look is how a style is drawn. A size of 0 is 11 points, a colour of "" is ink.
type look struct {
	size            int64
	bold, italic    bool
	colour, ground  string
	format          string // one of formatTypes, or text; else none
	align, vertical string
	wrap            bool
	bottom, top     string // colours of edges
}

// The styles of a table's cells, which the book does not name: they follow from the
// column.
const (
	bodyText   report.Style = "body/text"
	bodyWrap   report.Style = "body/wrap"
	bodyRaw    report.Style = "body/raw"
	bodyNumber report.Style = "body/number"
	bodyDate   report.Style = "body/date"
)

var looks = map[report.Style]look{
	report.StylePlain:      {},
	report.StyleTitle:      {size: 20, bold: true, colour: accent},
	report.StyleSubtitle:   {colour: grey},
	report.StyleNotice:     {colour: umber, ground: amber},
	report.StyleHeading:    {size: 14, bold: true, colour: accent, vertical: "BOTTOM", bottom: accent},
	report.StyleNote:       {size: 9, colour: grey},
	report.StyleNoteLine:   {size: 9, colour: grey},
	report.StyleHeader:     {bold: true, colour: white, ground: accent, wrap: true},
	report.StyleHeaderR:    {bold: true, colour: white, ground: accent, wrap: true, align: "RIGHT"},
	report.StyleLabel:      {bottom: rule, align: "LEFT"},
	report.StyleKey:        {size: 20, bold: true, colour: accent, format: "number", align: "RIGHT", bottom: rule},
	report.StyleKeyDec:     {size: 20, bold: true, colour: accent, format: "decimal", align: "RIGHT", bottom: rule},
	report.StyleKeyLabel:   {size: 12, bottom: rule},
	report.StyleNumber:     {format: "number", align: "RIGHT", bottom: rule},
	report.StyleDecimal:    {format: "decimal", align: "RIGHT", bottom: rule},
	report.StylePercent:    {format: "percent", align: "RIGHT", bottom: rule},
	report.StyleDelta:      {format: "delta", align: "RIGHT", bottom: rule},
	report.StyleDeltaDec:   {format: "deltadec", align: "RIGHT", bottom: rule},
	report.StyleTotal:      {bold: true, format: "number", align: "RIGHT", top: accent, bottom: rule},
	report.StyleTotalLabel: {bold: true, top: accent, bottom: rule},
	report.StyleFact:       {italic: true, colour: grey, format: "number", align: "RIGHT", bottom: rule},
	report.StyleFactDec:    {italic: true, colour: grey, format: "decimal", align: "RIGHT", bottom: rule},
	report.StyleText:       {bottom: rule},
	report.StyleWrap:       {bottom: rule, wrap: true},
	report.StyleDate:       {format: "date", align: "LEFT", bottom: rule},
	report.StyleLink:       {colour: linkBlue},

	bodyText:   {bottom: rule},
	bodyWrap:   {bottom: rule, wrap: true},
	bodyRaw:    {bottom: rule, format: "text"},
	bodyNumber: {bottom: rule, align: "RIGHT"},
	bodyDate:   {bottom: rule, format: "date", align: "LEFT"},
}

// variant is a style as one cell needs it.
type variant struct {
	style    report.Style
	format   string // instead of the style's own
	proposed bool   // in italics
	linked   bool
	wrap     bool
	ruled    bool // a note in a row of a block: it takes the row's rule
}

// beside is the look of the empty cells that a text runs over.
func (v variant) beside() variant { return variant{style: v.style} }

// lookOf is the look of a free cell. A note in a row as high as several lines wraps.
func lookOf(l report.Line, c report.Cell) variant {
	v := variant{style: c.Style, linked: c.Link != "",
		wrap:  c.Style == report.StyleNote && c.Span == 0 && l.Height >= 24,
		ruled: c.Style == report.StyleNote && c.Col > 0}
	switch c.Style {
	case report.StyleKey, report.StyleNumber, report.StyleFact:
		if _, ratio := c.Expr.(report.Ratio); ratio || c.Value.Kind == report.Number && c.Value.Num != float64(int64(c.Value.Num)) {
			v.format = "decimal"
		}
	}
	if c.Value.Kind == report.Day {
		v.format = "date"
	}
	return v
}

// columnLook is the look of a column of a table.
func columnLook(c *report.Column) variant {
	switch {
	case c.Kind == report.Number:
		return variant{style: bodyNumber}
	case c.Kind == report.Day:
		return variant{style: bodyDate}
	case c.Verbatim:
		return variant{style: bodyRaw}
	case c.Wrap:
		return variant{style: bodyWrap}
	}
	return variant{style: bodyText}
}

// cellFormat draws a variant. What it leaves out is the spreadsheet's default.
func (lang *language) cellFormat(v variant, link string) *sheets.CellFormat {
	l := looks[v.style]
	if v.format != "" {
		l.format = v.format
	}
	if v.ruled {
		l.bottom = rule
	}
	if l.size == 0 {
		l.size = 11
	}
	if l.vertical == "" {
		l.vertical = "MIDDLE"
	}
	colour := l.colour
	if colour == "" {
		colour = ink
	}
	if v.linked && l.ground == "" {
		colour = linkBlue
	}
	f := &sheets.CellFormat{
		TextFormat: &sheets.TextFormat{FontFamily: fontName, FontSize: l.size, Bold: l.bold, Italic: l.italic || v.proposed,
			Underline: v.linked, ForegroundColorStyle: colourOf(colour)},
		HorizontalAlignment: l.align,
		VerticalAlignment:   l.vertical,
		WrapStrategy:        "OVERFLOW_CELL",
	}
	if link != "" {
		f.TextFormat.Link = &sheets.Link{Uri: link}
	}
	if l.wrap || v.wrap {
		f.WrapStrategy = "WRAP"
	}
	if l.ground != "" {
		f.BackgroundColorStyle = colourOf(l.ground)
	}
	switch {
	case l.format == "text":
		f.NumberFormat = &sheets.NumberFormat{Type: "TEXT"}
	case l.format != "":
		f.NumberFormat = &sheets.NumberFormat{Type: formatTypes[l.format], Pattern: lang.formats[l.format]}
	}
	if l.bottom != "" || l.top != "" {
		f.Borders = &sheets.Borders{Bottom: edge(l.bottom), Top: edge(l.top)}
	}
	return f
}

func edge(colour string) *sheets.Border {
	if colour == "" {
		return nil
	}
	return &sheets.Border{Style: "SOLID", ColorStyle: colourOf(colour)}
}

// colourOf is RRGGBB in Google's terms, shares of one to three digits: what it gives
// back rounds to the same colour.
func colourOf(hex string) *sheets.ColorStyle {
	part := func(i int) float64 {
		n, _ := strconv.ParseUint(hex[i:i+2], 16, 8) // our own constants and what the book has checked
		return float64(int(float64(n)/255*1000+0.5)) / 1000
	}
	return &sheets.ColorStyle{RgbColor: &sheets.Color{Red: part(0), Green: part(2), Blue: part(4)}}
}
