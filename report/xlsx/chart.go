package xlsx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"hdsreport/report"
)

// excelize places the charts (drawing, relationships, content types). This file writes the
// chart parts themselves: those of excelize have no cached values, so previewers show an
// empty chart; they have a series' name where a reference belongs; and their language is
// en-US.

const chartGap = 2 // pixels above a chart

func checkChart(c *report.Chart) error {
	if c.Title == "" || c.Alt == "" {
		return errors.New("it needs a title and an alternative text")
	}
	for _, s := range []string{c.Title, c.Subtitle, c.Alt} {
		if err := checkText(s); err != nil {
			return err
		}
	}
	if c.Width <= 0 || c.Height <= 0 {
		return fmt.Errorf("its size is %d × %d pixels", c.Width, c.Height)
	}
	if len(c.Series) == 0 {
		return errors.New("it has no series")
	}
	n, err := length(c.Category)
	if err != nil {
		return err
	}
	for _, s := range c.Series {
		if !colour().MatchString(s.Colour) {
			return fmt.Errorf("the colour %q of the series %q is not RRGGBB", s.Colour, s.Name)
		}
		if err := checkText(s.Name); err != nil {
			return err
		}
		m, err := length(s.Values)
		if err != nil {
			return err
		}
		if m != n {
			return fmt.Errorf("the series %q has %d values for %d labels", s.Name, m, n)
		}
	}
	return nil
}

// length returns the number of cells of a row or a column.
func length(r report.Range) (int, error) {
	rows, cols := r.LastRow-r.Row+1, r.LastCol-r.Col+1
	if rows < 1 || cols < 1 || rows > 1 && cols > 1 || r.Row < 0 || r.Col < 0 {
		return 0, fmt.Errorf("%s is not a piece of one row or column", rangeName(r))
	}
	return rows * cols, nil
}

// placeCharts anchors the sheet's charts. Chart parts are numbered across the workbook in
// this order.
func (x *workbook) placeCharts(s *report.Sheet) error {
	for i := range s.Charts {
		c := &s.Charts[i]
		kind := excelize.Col
		switch c.Kind {
		case report.Bars:
			kind = excelize.Bar
		case report.Lines:
			kind = excelize.Line
		}
		stub := &excelize.Chart{
			Type: kind,
			// A placeholder that excelize accepts; patch replaces the part.
			Series:    []excelize.ChartSeries{{Values: reference(s.Name, c.Series[0].Values)}},
			Dimension: excelize.ChartDimension{Width: uint(c.Width), Height: uint(c.Height)},
			// The chart keeps its size when editors change rows or columns.
			// It leaves the line above it visible.
			Format: excelize.GraphicOptions{AltText: c.Alt, Name: c.Title, Positioning: "oneCell", OffsetY: chartGap},
		}
		if err := x.f.AddChart(s.Name, cellName(c.Col, c.Row), stub); err != nil {
			return fmt.Errorf("sheet %q, chart %q: %w", s.Name, c.Title, err)
		}
		x.charts++
		x.parts["xl/charts/chart"+strconv.Itoa(x.charts)+".xml"] = func([]byte) ([]byte, error) {
			return x.chartPart(s, c), nil
		}
	}
	if len(s.Charts) > 0 {
		x.drawings++
		x.parts["xl/drawings/drawing"+strconv.Itoa(x.drawings)+".xml"] = func(part []byte) ([]byte, error) {
			return anchor(part, s.Charts)
		}
	}
	return nil
}

// anchor ties each chart to one cell and sets its size. excelize anchors a chart to two
// cells, the second of which depends on column widths that an editor may change. With
// Positioning "oneCell" it puts both anchors in the same cell, and Excel shows a sliver.
func anchor(part []byte, charts []report.Chart) ([]byte, error) {
	const emu = 9525 // a pixel, at 96 to the inch
	s := string(part)
	for _, c := range charts {
		before, after, ok := strings.Cut(s, `<xdr:twoCellAnchor editAs="oneCell">`)
		from, after, ok2 := strings.Cut(after, `<xdr:to>`)
		_, after, ok3 := strings.Cut(after, `</xdr:to>`)
		frame, rest, ok4 := strings.Cut(after, `</xdr:twoCellAnchor>`)
		if !ok || !ok2 || !ok3 || !ok4 {
			return nil, errors.New("an anchor is missing from what excelize wrote")
		}
		s = before + `<xdr:oneCellAnchor>` + from + fmt.Sprintf(`<xdr:ext cx="%d" cy="%d"/>`, c.Width*emu, c.Height*emu) + frame + `</xdr:oneCellAnchor>` + rest
	}
	return []byte(s), nil
}

// drawn writes the XML of one chart.
type drawn struct {
	bytes.Buffer
	x      *workbook
	sheet  *report.Sheet
	chart  *report.Chart
	lang   string
	format string // of the values
}

// chartPart returns the chart's XML (ECMA-376 part 1, 21.2). The value axis has no
// line and no labels, as each point has one. A text value ("n.d.") has no point in the cache. Excel plots it as
// zero, and the label's format hides zeros, so that it appears as a gap.
func (x *workbook) chartPart(s *report.Sheet, c *report.Chart) []byte {
	d := &drawn{x: x, sheet: s, chart: c, lang: languageTag(x.book.Language),
		format: pattern(report.FormatWhole, x.book.Language)}
	if c.Decimals {
		d.format = pattern(report.FormatDecimal, x.book.Language)
	}
	d.WriteString(xml.Header)
	d.WriteString(`<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">`)
	fmt.Fprintf(d, `<c:date1904 val="0"/><c:lang val="%s"/><c:roundedCorners val="0"/><c:chart>`, d.lang)
	d.title(12, true, report.Accent, d.chart.Title)
	d.WriteString(`<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>`)
	d.plot()
	d.axes()
	d.WriteString(`<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>`)
	if len(d.chart.Series) > 1 && d.chart.Kind != report.Bars {
		d.WriteString(`<c:legend><c:legendPos val="t"/><c:overlay val="0"/>` + d.properties(1000, report.AxisInk) + `</c:legend>`)
	}
	d.WriteString(`<c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart>`)
	d.WriteString(`<c:spPr><a:solidFill><a:srgbClr val="` + report.White + `"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>` +
		d.properties(1000, report.AxisInk))
	d.WriteString(`</c:chartSpace>`)
	return d.Bytes()
}

// text is the look of a text, as the content of a:rPr or a:defRPr.
func (d *drawn) text(size int, bold bool, colour string) string {
	weight := "0"
	if bold {
		weight = "1"
	}
	return fmt.Sprintf(`lang="%s" sz="%d" b="%s"><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:latin typeface="%s"/>`,
		d.lang, size, weight, colour, report.FontName)
}

func (d *drawn) properties(size int, colour string) string {
	return `<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr ` + d.text(size, false, colour) + `</a:defRPr></a:pPr><a:endParaRPr lang="` +
		d.lang + `"/></a:p></c:txPr>`
}

// title writes a title, of the chart or of an axis, of a size in points.
func (d *drawn) title(size int, bold bool, colour string, lines ...string) {
	look := d.text(100*size, bold, colour)
	d.WriteString(`<c:title><c:tx><c:rich><a:bodyPr/>`)
	for _, line := range lines {
		fmt.Fprintf(d, `<a:p><a:pPr><a:defRPr %s</a:defRPr></a:pPr><a:r><a:rPr %s</a:rPr><a:t>%s</a:t></a:r></a:p>`, look, look, escape(line))
	}
	d.WriteString(`</c:rich></c:tx><c:overlay val="0"/></c:title>`)
}

// plot writes the series.
func (d *drawn) plot() {
	c := d.chart
	switch c.Kind {
	case report.Lines:
		d.WriteString(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	case report.Bars:
		d.WriteString(`<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>`)
	default:
		d.WriteString(`<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>`)
	}
	for i, ser := range c.Series {
		d.series(i, &ser)
	}
	if c.Kind == report.Lines {
		d.WriteString(`<c:marker val="1"/><c:axId val="100000000"/><c:axId val="100000001"/></c:lineChart>`)
		return
	}
	d.WriteString(`<c:gapWidth val="40"/><c:overlap val="-12"/><c:axId val="100000000"/><c:axId val="100000001"/></c:barChart>`)
}

func (d *drawn) series(i int, ser *report.Series) {
	fmt.Fprintf(d, `<c:ser><c:idx val="%d"/><c:order val="%d"/>`, i, i)
	if ser.Name != "" {
		fmt.Fprintf(d, `<c:tx><c:v>%s</c:v></c:tx>`, escape(ser.Name))
	}
	label := "outEnd"
	if d.chart.Kind == report.Lines {
		label = "t"
		fmt.Fprintf(d, `<c:spPr><a:ln w="28575" cap="rnd"><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:round/></a:ln></c:spPr>`+
			`<c:marker><c:symbol val="circle"/><c:size val="6"/><c:spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill></c:spPr></c:marker>`,
			ser.Colour, ser.Colour)
	} else {
		// Every second series has a dark border, the others a white one: they can be told apart
		// without colour.
		edge := report.White
		if i%2 == 1 {
			edge = report.Ink
		}
		fmt.Fprintf(d, `<c:spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:ln w="6350"><a:solidFill><a:srgbClr val="%s"/></a:solidFill></a:ln></c:spPr><c:invertIfNegative val="0"/>`, ser.Colour, edge)
	}
	d.labels(label)
	kind, format := "str", ""
	if d.chart.Time != report.NoTime {
		kind, format = "num", d.x.dayFormat(d.chart.Time)
	}
	fmt.Fprintf(d, `<c:cat><c:%sRef><c:f>%s</c:f>`, kind, escape(reference(d.sheet.Name, d.chart.Category)))
	d.x.cache(&d.Buffer, d.sheet, d.chart.Category, format)
	fmt.Fprintf(d, `</c:%sRef></c:cat><c:val><c:numRef><c:f>%s</c:f>`, kind, escape(reference(d.sheet.Name, ser.Values)))
	d.x.cache(&d.Buffer, d.sheet, ser.Values, d.format)
	d.WriteString(`</c:numRef></c:val>`)
	if d.chart.Kind == report.Lines {
		d.WriteString(`<c:smooth val="0"/>`)
	}
	d.WriteString(`</c:ser>`)
}

// labels writes the number at each point. The first bar of each colour says what it stands
// for, as programs do not agree on the order of a legend beside bars.
func (d *drawn) labels(place string) {
	look := fmt.Sprintf(`<c:numFmt formatCode="%s" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>%s<c:dLblPos val="%s"/>`,
		d.format+";"+d.format+";;", d.properties(100*report.ChartSize, report.Ink), place)
	shown := func(name int) string {
		return fmt.Sprintf(`<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="%d"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>`, name)
	}
	d.WriteString(`<c:dLbls>`)
	if len(d.chart.Series) > 1 && d.chart.Kind == report.Bars {
		d.WriteString(`<c:dLbl><c:idx val="0"/>` + look + shown(1) + `<c:separator> </c:separator></c:dLbl>`)
	}
	d.WriteString(look + shown(0) + `</c:dLbls>`)
}

// dayFormat writes the days of an axis of time.
func (x *workbook) dayFormat(t report.TimeAxis) string {
	if t == report.Months {
		return "[$-" + localeIDs[report.BaseLanguage(x.book.Language)] + "]mmm yyyy"
	}
	return pattern(report.FormatDate, x.book.Language)
}

func (d *drawn) axes() {
	category, value, order := "b", "l", "minMax"
	if d.chart.Kind == report.Bars {
		category, value, order = "l", "b", "maxMin" // the first label on top, as in the cells
	}
	name, format, end := "catAx", "General", `<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/>`
	switch d.chart.Time {
	case report.Months:
		name, end = "dateAx", `<c:auto val="0"/><c:lblOffset val="100"/><c:baseTimeUnit val="months"/>`
	case report.Days:
		name, end = "dateAx", `<c:auto val="0"/><c:lblOffset val="100"/><c:baseTimeUnit val="days"/>`
	}
	if d.chart.Time != report.NoTime {
		format = d.x.dayFormat(d.chart.Time)
	}
	fmt.Fprintf(d, `<c:%s><c:axId val="100000000"/><c:scaling><c:orientation val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/>`,
		name, order, category)
	d.below(category)
	fmt.Fprintf(d, `<c:numFmt formatCode="%s" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="%s"/></a:solidFill></a:ln></c:spPr>%s<c:crossAx val="100000001"/><c:crosses val="autoZero"/>%s</c:%s>`,
		escape(format), report.AxisColour, d.properties(100*report.ChartSize, report.AxisInk), end, name)
	fmt.Fprintf(d, `<c:valAx><c:axId val="100000001"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/>`,
		value)
	d.below(value)
	fmt.Fprintf(d, `<c:numFmt formatCode="%s" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>%s<c:crossAx val="100000000"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>`,
		d.format, d.properties(1000, report.AxisInk))
}

// below writes day and source under the chart, as the title of the axis at the bottom: a
// chart has no subtitle, and LibreOffice draws a title's second line like its first.
func (d *drawn) below(place string) {
	if place == "b" && d.chart.Subtitle != "" {
		d.title(report.ChartSize, false, report.Grey, report.SubtitleLines(d.chart.Subtitle, d.chart.Width)...)
	}
}

// cache writes the cells' current values: numbers if there is a format, else texts.
func (x *workbook) cache(b *bytes.Buffer, s *report.Sheet, r report.Range, format string) {
	kind := "str"
	if format != "" {
		kind = "num"
	}
	n, _ := length(r)
	fmt.Fprintf(b, `<c:%sCache>`, kind)
	if format != "" {
		fmt.Fprintf(b, `<c:formatCode>%s</c:formatCode>`, format)
	}
	fmt.Fprintf(b, `<c:ptCount val="%d"/>`, n)
	for i := range n {
		row, col := r.Row, r.Col
		if r.LastRow > r.Row {
			row += i
		} else {
			col += i
		}
		v := valueAt(s, row, col)
		var text string
		switch {
		case v.Kind == report.Number || v.Kind == report.Day:
			text = number(v.Num)
		case v.Kind == report.Text && format == "":
			text = v.Text
		default:
			continue
		}
		fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, escape(text))
	}
	fmt.Fprintf(b, `</c:%sCache>`, kind)
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// valueAt returns the value of a cell of the sheet.
func valueAt(s *report.Sheet, row, col int) report.Value {
	if t := s.Table; t != nil && row > t.Row && row <= t.Row+t.Len && col < len(t.Columns) {
		return t.Columns[col].At(row - t.Row - 1)
	}
	for _, l := range s.Lines {
		if l.Row != row {
			continue
		}
		for _, c := range l.Cells {
			if c.Col == col {
				return c.Value
			}
		}
	}
	return report.Value{}
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer never fails
	return b.String()
}
