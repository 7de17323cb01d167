package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/xuri/excelize/v2"

	"hdsreport/report"
)

// tableStyle is the name of the workbook's own table style. It only colours every second
// row; the cells' styles do the rest.
const tableStyle = "hdsreport"

// localeIDs hold the locale prefix of a number format by language. With it, separators and
// month names are the same on systems set to another language.
var localeIDs = map[string]string{"fr": "40C", "en": "809"}

// languageTag is the language of charts.
func languageTag(tag string) string {
	if strings.Contains(tag, "-") {
		return tag
	}
	return map[string]string{"fr": "fr-FR", "en": "en-GB"}[report.BaseLanguage(tag)]
}

// pattern returns the number format as stored in the file. Each part that depends on a
// language starts with the locale.
func pattern(f report.Format, tag string) string {
	if f == report.FormatText {
		return "@"
	}
	parts := strings.Split(f.Pattern(tag), ";")
	for i, part := range parts {
		if strings.ContainsAny(part, ",.") || strings.Contains(part, "mmm") {
			parts[i] = "[$-" + localeIDs[report.BaseLanguage(tag)] + "]" + part
		}
	}
	return strings.Join(parts, ";")
}

var horizontal = map[report.Align]string{report.AlignLeft: "left", report.AlignRight: "right",
	report.AlignCentre: "center"}

// variant is a cell's appearance together with what only the file format needs to know.
type variant struct {
	report.Appearance
	quoted bool // the text would become a formula if it were typed again
	edge   bool // the first cell of a span, which has the left border
}

// styles assigns each variant its index in the file. An index is assigned when the variant
// is first used, so indexes follow the order of the cells.
type styles struct {
	f      *excelize.File
	lang   string       // of the book
	mu     sync.RWMutex // rows are drawn by several goroutines
	ids    map[variant]int
	quoted []int // indexes for which patchStyles sets quotePrefix
}

// errNewStyle means that a variant has no index yet.
var errNewStyle = errors.New("a style without an index")

// known returns the index of a variant, or errNewStyle if it has none yet.
func (s *styles) known(v variant) (int, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if id, ok := s.ids[v]; ok {
		return id, nil
	}
	return 0, errNewStyle
}

func newStyles(f *excelize.File, lang string) *styles {
	return &styles{f: f, lang: lang, ids: map[variant]int{}}
}

// id returns the index of a variant and assigns one if necessary.
func (s *styles) id(v variant) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, ok := s.ids[v]; ok {
		return id, nil
	}
	l, ok := v.Look()
	if !ok {
		return 0, fmt.Errorf("the style %q is unknown", v.Style)
	}
	st := &excelize.Style{
		Font: &excelize.Font{Family: report.FontName, Size: l.Size, Color: l.Colour, Bold: l.Bold, Italic: l.Italic},
		Alignment: &excelize.Alignment{
			Horizontal: horizontal[l.Align],
			Vertical:   "center",
			WrapText:   l.Wrap,
		},
	}
	if l.Bottom {
		st.Alignment.Vertical = "bottom"
	}
	if l.Indent {
		st.Alignment.Indent = 1
	}
	if l.Turned {
		st.Alignment.TextRotation = 90
	}
	if l.Underline {
		st.Font.Underline = "single"
	}
	if l.Background != "" {
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.Background}}
	}
	const thin, thick = 1, 5
	border := func(side, colour string, width int) {
		if colour != "" {
			st.Border = append(st.Border, excelize.Border{Type: side, Color: colour, Style: width})
		}
	}
	border("bottom", l.BottomEdge, thin)
	border("top", l.TopEdge, thin)
	if v.edge {
		border("left", l.LeftEdge, thick)
	}
	if code := pattern(l.Format, s.lang); code != "" {
		st.CustomNumFmt = &code
	}
	if v.quoted {
		// excelize does not support quotePrefix and would give both variants the same index. A
		// protection makes them differ until patchStyles replaces it by quotePrefix.
		st.Protection = &excelize.Protection{Locked: true, Hidden: true}
	}
	id, err := s.f.NewStyle(st)
	if err != nil {
		return 0, err
	}
	// excelize gives the same index to two variants that look the same.
	if v.quoted && !slices.Contains(s.quoted, id) {
		s.quoted = append(s.quoted, id)
	}
	s.ids[v] = id
	return id, nil
}

// bands adds the differential format of a table's even rows and returns its index.
func (s *styles) bands() (int, error) {
	return s.f.NewConditionalStyle(&excelize.Style{
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{report.Band}},
	})
}

// sign adds the differential format that shows a sign in place of a cell's text, the first
// of a column's in the accent.
func (s *styles) sign(shown string, first bool) (int, error) {
	code := `;;;"` + strings.ReplaceAll(shown, `"`, `""`) + `"`
	font := &excelize.Font{Color: report.Grey}
	if first {
		font = &excelize.Font{Color: report.Accent, Bold: true}
	}
	return s.f.NewConditionalStyle(&excelize.Style{CustomNumFmt: &code, Font: font})
}

// patchStyles adds to xl/styles.xml what excelize does not support: the table style, and
// quotePrefix for texts that begin like a formula.
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
	part = renumberSigns(part)

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

const signFormat = `" formatCode=";;;&#34;` // as excelize writes a sign's

// renumberSigns gives the formats of signs numbers of their own: excelize gives them those of
// the cells' formats, which Excel keeps in the same list.
func renumberSigns(part []byte) []byte {
	pieces := strings.Split(string(part), signFormat)
	for i := range pieces[:len(pieces)-1] {
		at := strings.LastIndexByte(pieces[i], '"')
		pieces[i] = pieces[i][:at+1] + strconv.Itoa(1000+i)
	}
	return []byte(strings.Join(pieces, signFormat))
}

// unprotected removes the protection that kept two cell formats apart.
var unprotected = strings.NewReplacer(` applyProtection="true"`, "",
	`<protection hidden="true" locked="true"></protection>`, "")

func concat(a []byte, s string, b []byte) []byte {
	out := make([]byte, 0, len(a)+len(s)+len(b))
	return append(append(append(out, a...), s...), b...)
}
