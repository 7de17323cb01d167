package gsheets

import (
	"strconv"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/report"
)

// locales are those of a spreadsheet by the book's language. Google writes a pattern's
// separators as the locale has them.
var locales = map[string]string{"fr": "fr_FR", "en": "en_GB"}

func localeOf(tag string) string { return locales[report.BaseLanguage(tag)] }

// formatTypes are Google's names for what a pattern formats.
var formatTypes = map[report.Format]string{
	report.FormatWhole: "NUMBER", report.FormatDecimal: "NUMBER", report.FormatDelta: "NUMBER",
	report.FormatDeltaDecimal: "NUMBER",
	report.FormatPercent:      "PERCENT", report.FormatDate: "DATE", report.FormatText: "TEXT",
}

var horizontal = map[report.Align]string{report.AlignLeft: "LEFT", report.AlignRight: "RIGHT",
	report.AlignCentre: "CENTER"}

// beside is the look of the empty cells that a text runs over.
func beside(a report.Appearance) report.Appearance { return report.Appearance{Style: a.Style} }

// cellFormat draws an appearance. What it leaves out is the spreadsheet's default.
func (d *drawing) cellFormat(a report.Appearance, link string) *sheets.CellFormat {
	l, _ := a.Look()
	f := &sheets.CellFormat{
		TextFormat: &sheets.TextFormat{
			FontFamily:           report.FontName,
			FontSize:             int64(l.Size),
			Bold:                 l.Bold,
			Italic:               l.Italic,
			Underline:            l.Underline,
			ForegroundColorStyle: colourOf(l.Colour),
		},
		HorizontalAlignment: horizontal[l.Align],
		VerticalAlignment:   "MIDDLE",
		WrapStrategy:        "OVERFLOW_CELL",
	}
	if l.Turned {
		f.TextRotation = &sheets.TextRotation{Angle: 90}
	}
	if l.Bottom {
		f.VerticalAlignment = "BOTTOM"
	}
	if link != "" {
		f.TextFormat.Link = &sheets.Link{Uri: link}
	}
	if l.Wrap {
		f.WrapStrategy = "WRAP"
	}
	if l.Background != "" {
		f.BackgroundColorStyle = colourOf(l.Background)
	}
	if kind := formatTypes[l.Format]; kind != "" {
		f.NumberFormat = &sheets.NumberFormat{Type: kind, Pattern: l.Format.Pattern(d.book.Language)}
	}
	if l.BottomEdge != "" || l.TopEdge != "" {
		f.Borders = &sheets.Borders{Bottom: edge(l.BottomEdge), Top: edge(l.TopEdge)}
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
