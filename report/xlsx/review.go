package xlsx

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/review"
	"hdsreport/report"
	"hdsreport/report/formula"
)

// A column of the review's sheet: where its cells come from, how wide it is, and its look.
type reviewColumn struct {
	heading string
	width   float64
	cell    func(*review.FormLine) string
	style   int // of its cells
	link    bool
	choices bool // holds suggested answers, outside the print area
}

// The lines begin below the header. Suggested answers of a line stand in these many cells
// to its right.
const (
	reviewHeader = 1
	mostAnswers  = 4
)

// WriteReview writes the review as a workbook: a sheet that explains, and a sheet with a
// line for each question. The same form gives the same bytes.
func WriteReview(w io.Writer, form *review.Form) error {
	r := &reviewBook{f: excelize.NewFile(), form: form, say: message.In(form.Language),
		help: message.In(form.Language).Say("form-help"), sheet: message.In(form.Language).Say("form-sheet")}
	defer r.f.Close()
	for _, step := range []func() error{r.properties, r.looks, r.instructions, r.lines, r.validations, r.page} {
		if err := step(); err != nil {
			return err
		}
	}
	patches := map[string]func([]byte) ([]byte, error){"docProps/core.xml": prefixCore, "[Content_Types].xml": sortTypes}
	out := &File{}
	r.f.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		zw := newContainer(out, oneACore())
		zw.patch = func(name string, part []byte) (assembled, error) {
			if patch := patches[name]; patch != nil {
				patched, err := patch(part)
				return assembled{before: patched}, err
			}
			return assembled{before: part}, nil
		}
		zw.last = func() (string, []byte) { return "", nil }
		return zw
	})
	if err := r.f.Write(io.Discard); err != nil {
		return err
	}
	_, err := out.WriteTo(w)
	return err
}

type reviewBook struct {
	f           *excelize.File
	form        *review.Form
	say         message.Printer
	help, sheet string
	columns     []reviewColumn
	// positions is the range of the labels on the sheet that explains.
	positions string

	title, note, text, strong, header, cell, technical, link, ruling int // styles
}

func (r *reviewBook) properties() error {
	if err := r.f.SetSheetName(r.f.GetSheetName(0), r.help); err != nil {
		return err
	}
	if _, err := r.f.NewSheet(r.sheet); err != nil {
		return err
	}
	if err := r.f.SetDefaultFont(report.FontName); err != nil {
		return err
	}
	day, _ := etl.ParseEdition(r.form.Edition)
	at := day.Last().Time().Format(time.RFC3339)
	if err := r.f.SetDocProps(&excelize.DocProperties{Title: r.say.Say("form-title"), Creator: "hdsreport",
		LastModifiedBy: "hdsreport", Language: r.form.Language, Created: at, Modified: at}); err != nil {
		return err
	}
	return r.f.SetAppProps(&excelize.AppProperties{Application: "Microsoft Excel", AppVersion: "16.0300"})
}

// looks makes the styles. Colours are light enough to print, and none says anything alone.
func (r *reviewBook) looks() error {
	border := []excelize.Border{{Type: "bottom", Color: report.Rule, Style: 1}}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	const text = 49 // the number format of texts: a date that is typed stays as it was typed
	for _, x := range []struct {
		id    *int
		style excelize.Style
	}{
		{&r.title, excelize.Style{Font: &excelize.Font{Family: report.FontName, Size: 18, Bold: true, Color: report.Accent}}},
		{&r.note, excelize.Style{Font: &excelize.Font{Family: report.FontName, Size: 11, Color: report.Grey}}},
		{&r.text, excelize.Style{Font: &excelize.Font{Family: report.FontName, Size: 11, Color: report.Ink}, Alignment: top}},
		{&r.strong, excelize.Style{Font: &excelize.Font{Family: report.FontName, Size: 11, Bold: true, Color: report.Ink}, Alignment: top}},
		{&r.header, excelize.Style{Font: &excelize.Font{Family: report.FontName, Size: 11, Bold: true, Color: report.White},
			Fill: fill(report.Accent), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
		{&r.cell, excelize.Style{Font: &excelize.Font{Family: report.FontName, Size: 11, Color: report.Ink}, Alignment: top, Border: border,
			NumFmt: text}},
		{&r.technical, excelize.Style{Font: &excelize.Font{Family: report.FontName, Size: 9, Color: report.Grey}, Alignment: top,
			Border: border, NumFmt: text}},
		{&r.link, excelize.Style{Font: &excelize.Font{Family: report.FontName, Size: 11, Color: report.LinkColour, Underline: "single"},
			Alignment: top, Border: border}},
		{&r.ruling, excelize.Style{Font: &excelize.Font{Family: report.FontName, Size: 11, Bold: true, Color: report.NoticeInk},
			Fill: fill(report.NoticeBack), Alignment: top, NumFmt: text, Border: []excelize.Border{
				{Type: "bottom", Color: report.NoticeEdge, Style: 1}, {Type: "left", Color: report.NoticeEdge, Style: 1},
				{Type: "right", Color: report.NoticeEdge, Style: 1}}}},
	} {
		id, err := r.f.NewStyle(&x.style)
		if err != nil {
			return err
		}
		*x.id = id
	}
	return nil
}

// instructions fills the first sheet: what this is, how to answer, which answers there
// are. The positions stand there as a list, which the drop-downs point to.
func (r *reviewBook) instructions() error {
	headings := r.form.Headings
	args := []any{"sheet", r.sheet, "file", review.FormName, "id", headings[0], "seen", headings[2],
		"ruling", headings[6], "comment", headings[7]}
	said := func(key message.Key) string { return r.say.Say(key, args...) }
	type line struct {
		a, b  string
		style int
	}
	lines := []line{
		{r.say.Say("form-title"), "", r.title},
		{r.say.Say("form-edition", "edition", etl.Named(r.form.Edition), "n", len(r.form.Lines)), "", r.note},
		{},
		{"1", r.say.Say("form-step-1", "sheet", r.sheet, "ruling", headings[6]), r.text},
		{"2", r.say.Say("form-step-2", "comment", headings[7]), r.text},
		{"3", r.say.Say("form-step-3", "id", headings[0], "seen", headings[2]), r.text},
		{"4", r.say.Say("form-step-4", "file", review.FormName), r.text},
		{},
		{said("form-answers"), "", r.strong},
		{r.say.Say("form-pair"), r.say.Say("form-pair-how"), r.text},
		{r.say.Say("form-name"), r.say.Say("form-name-how"), r.text},
		{r.say.Say("form-value"), r.say.Say("form-value-how"), r.text},
		{r.say.Say("form-position"), r.say.Say("form-position-how"), r.text},
	}
	from := len(lines) + 1
	for i, p := range r.form.Positions {
		heading := ""
		if i == 0 {
			heading = r.say.Say("form-positions")
		}
		lines = append(lines, line{heading, p, r.text})
	}
	for i, l := range lines {
		for c, text := range []string{l.a, l.b} {
			name := cellName(c, i)
			if text != "" {
				if err := r.f.SetCellStr(r.help, name, text); err != nil {
					return err
				}
			}
			if err := r.f.SetCellStyle(r.help, name, name, l.style); err != nil {
				return err
			}
		}
		if i > 0 {
			if err := r.setHeight(r.help, i, []string{l.a, l.b}, []float64{60, 100}); err != nil {
				return err
			}
		}
	}
	r.positions = quoted(r.help) + fmt.Sprintf("!$B$%d:$B$%d", from, len(lines))
	if err := r.f.SetColWidth(r.help, "A", "A", 22); err != nil {
		return err
	}
	return r.f.SetColWidth(r.help, "B", "B", 100)
}

// quoted is a sheet's name in a reference.
func quoted(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

// layout says which columns the sheet has: what is asked and the answer first, what helps
// to answer beside it, and what the program needs to know the line again at the end.
func (r *reviewBook) layout() {
	h := r.form.Headings
	r.columns = []reviewColumn{
		{heading: h[1], width: 14, style: r.cell, cell: func(l *review.FormLine) string { return l.Kind }},
		{heading: r.say.Say("form-list"), width: 10, style: r.cell, cell: func(l *review.FormLine) string { return l.List }},
		{heading: h[2], width: 30, style: r.cell, cell: func(l *review.FormLine) string { return l.Seen }},
		{heading: h[4], width: 18, style: r.cell, cell: func(l *review.FormLine) string { return l.Proposal }},
		{heading: h[6], width: 20, style: r.ruling, cell: func(l *review.FormLine) string { return l.Ruling }},
		{heading: h[7], width: 16, style: r.ruling, cell: func(l *review.FormLine) string { return l.Comment }},
		{heading: h[5], width: 30, style: r.cell, cell: func(l *review.FormLine) string { return l.Reason }},
		{heading: r.say.Say("form-certificate"), width: 22, style: r.cell,
			cell: func(l *review.FormLine) string { return l.Certificate }},
		{heading: r.say.Say("form-dates"), width: 14, style: r.cell, cell: func(l *review.FormLine) string { return l.Dates }},
		{heading: h[3], width: 30, style: r.technical, cell: func(l *review.FormLine) string { return l.Where }},
		{heading: r.say.Say("form-link"), width: 10, style: r.link, link: true,
			cell: func(l *review.FormLine) string { return l.Link }},
		{heading: h[0], width: 30, style: r.technical, cell: func(l *review.FormLine) string { return l.ID }},
	}
	for i, heading := range r.form.Others {
		r.columns = append(r.columns, reviewColumn{heading: heading, width: 20, style: r.cell,
			cell: func(l *review.FormLine) string {
				if i < len(l.Others) {
					return l.Others[i]
				}
				return ""
			}})
	}
	for i := range mostAnswers {
		r.columns = append(r.columns, reviewColumn{heading: fmt.Sprintf("%s %d", r.say.Say("form-choices"), i+1), width: 18,
			style: r.technical, choices: true, cell: func(l *review.FormLine) string {
				if i < len(l.Answers) {
					return l.Answers[i]
				}
				return ""
			}})
	}
}

func (r *reviewBook) lines() error {
	r.layout()
	for c, column := range r.columns {
		letter, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		if err := r.f.SetColWidth(r.sheet, letter, letter, column.width); err != nil {
			return err
		}
		if err := r.put(c, 0, column.heading, r.header); err != nil {
			return err
		}
	}
	var widths []float64
	for _, column := range r.columns {
		widths = append(widths, column.width)
	}
	for i := range r.form.Lines {
		l := &r.form.Lines[i]
		var texts []string
		for c, column := range r.columns {
			text := column.cell(l)
			style := column.style
			if column.link {
				if etl.CheckLink(text) != nil {
					text, style = "", r.cell
				} else if err := r.f.SetCellHyperLink(r.sheet, cellName(c, reviewHeader+i), text, "External"); err != nil {
					return err
				} else {
					text = r.say.Say("form-link")
				}
			}
			if err := r.put(c, reviewHeader+i, text, style); err != nil {
				return err
			}
			if column.choices {
				text = "" // not printed
			}
			texts = append(texts, text)
		}
		if err := r.setHeight(r.sheet, reviewHeader+i, texts, widths); err != nil {
			return err
		}
	}
	return nil
}

// setHeight makes a row high enough for its texts: spreadsheets do not all do it on
// opening.
func (r *reviewBook) setHeight(sheet string, row int, texts []string, widths []float64) error {
	lines := 1
	for i, text := range texts {
		lines = max(lines, report.Type{}.LineCount(text, report.Look{}.Room(widths[i])))
	}
	return r.f.SetRowHeight(sheet, row+1, min(409, 15*float64(lines)+3)) // 409 is the most that Excel takes
}

func (r *reviewBook) put(col, row int, text string, style int) error {
	name := cellName(col, row)
	if text != "" {
		if err := r.f.SetCellStr(r.sheet, name, text); err != nil {
			return err
		}
	}
	return r.f.SetCellStyle(r.sheet, name, name, style)
}

// validations gives each line the answers that its question takes. They suggest: a name, a
// date or another answer can be typed.
func (r *reviewBook) validations() error {
	ruling, answers := -1, -1
	for c, column := range r.columns {
		if column.style == r.ruling && ruling < 0 {
			ruling = c
		}
		if column.choices && answers < 0 {
			answers = c
		}
	}
	for _, kind := range []etl.ReviewKind{etl.ReviewPair, etl.ReviewName, etl.ReviewPosition, etl.ReviewValue} {
		var cells []string // ranges of the rulings on that kind
		from, until := -1, -1
		end := func() {
			if until >= 0 {
				cells = append(cells, cellName(ruling, from)+":"+cellName(ruling, until))
			}
			until = -1
		}
		first := -1
		for i := range r.form.Lines {
			row := reviewHeader + i
			if !strings.HasPrefix(r.form.Lines[i].ID, string(kind)+":") {
				end()
				continue
			}
			if until < 0 {
				from = row
			}
			if first < 0 {
				first = row
			}
			until = row
		}
		end()
		if len(cells) == 0 {
			continue
		}
		v := excelize.NewDataValidation(true)
		v.SetSqref(strings.Join(cells, " "))
		switch kind {
		case etl.ReviewPair, etl.ReviewName:
			// The row is relative: each line has its own answers, and keeps them if it is sorted.
			v.SetSqrefDropList(fmt.Sprintf("$%s:$%s", cellName(answers, first), cellName(answers+mostAnswers-1, first)))
		case etl.ReviewPosition:
			v.SetSqrefDropList(r.positions)
		case etl.ReviewValue:
			v.SetInput(r.say.Say("form-value-title"), r.say.Say("form-value-prompt"))
		}
		v.ShowErrorMessage = false
		if err := r.f.AddDataValidation(r.sheet, v); err != nil {
			return err
		}
	}
	return nil
}

// page freezes the header, sets the filter, and fits the sheet to the width of a page
// without the columns that only a program needs.
func (r *reviewBook) page() error {
	last := len(r.form.Lines) + reviewHeader
	if err := r.f.SetPanes(r.sheet, &excelize.Panes{Freeze: true, XSplit: 3, YSplit: reviewHeader,
		TopLeftCell: cellName(3, reviewHeader), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := r.f.AutoFilter(r.sheet, "A1:"+cellName(len(r.columns)-1, last-1), nil); err != nil {
		return err
	}
	landscape, portrait, paper, one, zero, fit := "landscape", "portrait", 9, 1, 0, true
	for _, s := range []struct {
		sheet       string
		orientation *string
	}{{r.help, &portrait}, {r.sheet, &landscape}} {
		if err := r.f.SetPageLayout(s.sheet, &excelize.PageLayoutOptions{Size: &paper, Orientation: s.orientation,
			FitToWidth: &one, FitToHeight: &zero}); err != nil {
			return err
		}
		side, end := 0.4, 0.6
		if err := r.f.SetPageMargins(s.sheet, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &end,
			Bottom: &end, Header: &side, Footer: &side}); err != nil {
			return err
		}
		if err := r.f.SetSheetProps(s.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
			return err
		}
		if err := r.f.SetHeaderFooter(s.sheet, &excelize.HeaderFooterOptions{
			OddFooter: "&L&9" + r.say.Say("form-title") + "&R&9" + r.say.Say("form-print")}); err != nil {
			return err
		}
	}
	const printed = 9 // columns, those that a person reads on paper: all before the place in a file
	for _, name := range []excelize.DefinedName{
		{Name: "_xlnm.Print_Titles", RefersTo: quoted(r.sheet) + "!$1:$1", Scope: r.sheet},
		{Name: "_xlnm.Print_Area", RefersTo: fmt.Sprintf("%s!$A$1:$%s$%d", quoted(r.sheet), formula.ColumnName(printed-1), last),
			Scope: r.sheet},
	} {
		if err := r.f.SetDefinedName(&name); err != nil {
			return err
		}
	}
	off := false
	return r.f.SetSheetView(r.help, 0, &excelize.ViewOptions{ShowGridLines: &off})
}
