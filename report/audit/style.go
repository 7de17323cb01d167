package audit

import (
	"math"
	"strconv"
	"strings"

	"hdsreport/etl/ooxml"
)

// colour is an sRGB colour. It is not known if it depends on the reader's settings.
type colour struct {
	r, g, b uint8
	known   bool
}

var (
	black = colour{0, 0, 0, true}
	white = colour{255, 255, 255, true}
)

// styles holds what the rules need to know of the styles.
type styles struct {
	theme      [12]colour // in the order of their indexes
	fonts      []font
	fills      []fill
	grounds    []fill // backgrounds of differential formats
	looks      []look
	tables     map[string][]int // a table style's differential formats
	formats    map[int]string
	badColours []string
}

type font struct {
	colour colour
	size   float64 // in points
	large  bool
}

// fill is a background: none, one colour, or several (a gradient).
type fill struct {
	none    bool
	colours []colour
}

// look is a cell style.
type look struct {
	text   bool // the number format Text
	quoted bool // marked as typed after an apostrophe
	font   font
	fill   fill
}

// themeOrder maps the names of theme colours to the indexes used by styles. In them, light
// and dark are swapped relative to the theme, as Excel does it; the standard does not say
// so.
var themeOrder = map[string]int{"lt1": 0, "dk1": 1, "lt2": 2, "dk2": 3, "accent1": 4, "accent2": 5, "accent3": 6,
	"accent4": 7, "accent5": 8, "accent6": 9, "hlink": 10, "folHlink": 11}

func (st *styles) readTheme(parts *container, part string) error {
	if !parts.Has(part) {
		return nil
	}
	return parts.read(part, maxSmallPart, func(s *ooxml.Scanner) error {
		slot, inside := -1, false
		for s.Next() {
			name := string(s.Name)
			if name == "clrScheme" && s.Kind != ooxml.Text {
				if inside = s.Kind == ooxml.Start; !inside {
					return nil // the rest of a theme is not needed
				}
				continue
			}
			if !inside || s.Kind != ooxml.Start {
				continue
			}
			if n, ok := themeOrder[name]; ok {
				slot = n
			} else if slot >= 0 && (name == "srgbClr" || name == "sysClr") {
				a := s.Attributes()
				v := a.Get("val")
				if name == "sysClr" {
					v = a.Get("lastClr")
				}
				if c, ok := parseColour(v); ok {
					st.theme[slot] = c
				}
			}
		}
		return s.Err()
	})
}

func (st *styles) read(parts *container, part string) error {
	if !parts.Has(part) {
		return nil
	}
	st.tables, st.formats = map[string][]int{}, map[int]string{}
	return parts.read(part, maxSmallPart, func(s *ooxml.Scanner) error {
		for s.Next() {
			if s.Kind != ooxml.Start {
				continue
			}
			switch string(s.Name) {
			case "numFmt":
				a := s.Attributes()
				st.formats[a.Number("numFmtId", 0)] = a.Get("formatCode")
			case "fonts":
				st.each(s, "font", func() { st.fonts = append(st.fonts, st.font(s)) })
			case "fills":
				st.each(s, "fill", func() { st.fills = append(st.fills, st.fill(s, false)) })
			case "cellXfs":
				st.each(s, "xf", func() { st.looks = append(st.looks, st.look(s)) })
			case "dxfs":
				st.each(s, "dxf", func() { st.grounds = append(st.grounds, st.differential(s)) })
			case "tableStyle":
				name := s.Attributes().Get("name")
				st.tables[name] = []int{}
				st.each(s, "tableStyleElement", func() {
					if id, err := strconv.Atoi(s.Attributes().Get("dxfId")); err == nil {
						st.tables[name] = append(st.tables[name], id)
					}
				})
			}
		}
		return s.Err()
	})
}

// each calls fn at the start of every child with a given name of the current element; fn
// may read on to the child's end.
func (st *styles) each(s *ooxml.Scanner, child string, fn func()) {
	depth := s.Depth()
	for s.Depth() >= depth && s.Next() {
		if s.Kind == ooxml.Start && s.Depth() == depth+1 && string(s.Name) == child {
			fn()
		}
	}
}

// within calls fn at the start of every element in the current element.
func within(s *ooxml.Scanner, fn func(name string)) {
	depth := s.Depth()
	for s.Depth() >= depth && s.Next() {
		if s.Kind == ooxml.Start {
			fn(string(s.Name))
		}
	}
}

func (st *styles) font(s *ooxml.Scanner) font {
	f, size, bold := font{colour: black}, 11.0, false
	within(s, func(name string) {
		switch name {
		case "sz":
			if v, err := strconv.ParseFloat(s.Attributes().Get("val"), 64); err == nil {
				size = v
			}
		case "b":
			v, stated := s.Attributes().Lookup("val")
			bold = !stated || ooxml.Truth(v)
		case "color":
			f.colour = st.colour(s.Attributes(), black)
		}
	})
	f.size = size
	f.large = size >= 18 || bold && size >= 14 // WCAG's large text
	return f
}

// fill reads a background. In a differential format, a solid background is in bgColor, and
// the pattern may be omitted.
func (st *styles) fill(s *ooxml.Scanner, differential bool) fill {
	var pattern string
	var front, back colour
	f := fill{none: true}
	within(s, func(name string) {
		switch name {
		case "patternFill":
			pattern = s.Attributes().Get("patternType")
		case "fgColor":
			front = st.colour(s.Attributes(), white)
		case "bgColor":
			back = st.colour(s.Attributes(), white)
		case "color": // of a gradient's stop
			f.none = false
			f.colours = append(f.colours, st.colour(s.Attributes(), white))
		}
	})
	switch {
	case differential && (pattern == "" || pattern == "solid") && back.known:
		return fill{colours: []colour{back}}
	case pattern == "" || pattern == "none":
	case pattern == "solid":
		return fill{colours: []colour{front}}
	default: // a pattern: the text is on both colours
		return fill{colours: []colour{front, back}}
	}
	return f
}

func (st *styles) differential(s *ooxml.Scanner) fill {
	f := fill{none: true}
	within(s, func(name string) {
		if name == "fill" {
			f = st.fill(s, true)
		}
	})
	return f
}

const textFormat = 49 // the built-in "@"

func (st *styles) look(s *ooxml.Scanner) look {
	a := s.Attributes()
	l := look{quoted: a.Truth("quotePrefix"), font: font{colour: black}, fill: fill{none: true}}
	format := a.Number("numFmtId", 0)
	l.text = format == textFormat || st.formats[format] == "@"
	if i := a.Number("fontId", 0); i >= 0 && i < len(st.fonts) {
		l.font = st.fonts[i]
	}
	if i := a.Number("fillId", 0); i >= 0 && i < len(st.fills) {
		l.fill = st.fills[i]
	}
	return l
}

// indexed is the palette of old Excel versions, which styles may still refer to by index
// (ECMA-376 part 1, 18.8.27). The first eight colours appear twice.
var indexed = strings.Fields(`000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF
000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080
9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF
00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696
003366 339966 003300 333300 993300 993366 333399 333333`)

// colour reads a colour in any notation; otherwise is the meaning of "automatic".
func (st *styles) colour(a ooxml.Attributes, otherwise colour) colour {
	c := otherwise
	if v, ok := a.Lookup("rgb"); ok {
		if c, ok = parseColour(v); !ok || len(v) != 8 {
			st.badColours = append(st.badColours, v)
		}
	} else if v, ok := a.Lookup("theme"); ok {
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(st.theme) {
			return colour{}
		}
		c = st.theme[i]
	} else if v, ok := a.Lookup("indexed"); ok {
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(indexed) {
			return otherwise // 64 and 65: the system's text and background
		}
		c, _ = parseColour(indexed[i])
	}
	if t, err := strconv.ParseFloat(a.Get("tint"), 64); err == nil && t != 0 && c.known {
		c = c.tinted(t)
	}
	return c
}

// parseColour parses RRGGBB or AARRGGBB. Spreadsheets ignore the alpha channel.
func parseColour(s string) (colour, bool) {
	if len(s) == 8 {
		s = s[2:]
	}
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil || len(s) != 6 {
		return colour{}, false
	}
	return colour{uint8(n >> 16), uint8(n >> 8), uint8(n), true}, true
}

// tinted changes the lightness of a colour towards white or black (18.8.19). It mixes each
// channel, which changes the lightness by the same amount and keeps the hue well enough
// for a contrast.
func (c colour) tinted(t float64) colour {
	to, by := 255.0, min(t, 1)
	if t < 0 {
		to, by = 0, min(-t, 1)
	}
	mix := func(v uint8) uint8 { return uint8(math.Round(float64(v) + (to-float64(v))*by)) }
	return colour{mix(c.r), mix(c.g), mix(c.b), true}
}

// luminance and contrast are WCAG 2.1's.
func (c colour) luminance() float64 {
	channel := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.r) + 0.7152*channel(c.g) + 0.0722*channel(c.b)
}

func contrast(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// tooFaint reports whether the contrast of a style's text is too low, and the contrast. A
// cell without its own background is on the given ones: the sheet's white, or a table's
// stripes.
func (st *styles) tooFaint(style int, grounds []colour) (float64, bool) {
	if style < 0 || style >= len(st.looks) {
		return 0, false
	}
	l := &st.looks[style]
	if !l.fill.none {
		grounds = l.fill.colours
	}
	need, worst := 4.5, math.Inf(1)
	if l.font.large {
		need = 3
	}
	for _, g := range grounds {
		if g.known && l.font.colour.known {
			worst = min(worst, contrast(l.font.colour, g))
		}
	}
	return worst, worst < need
}

// tableGrounds returns the backgrounds that a table's style gives to cells without their
// own. It returns nil for Excel's built-in styles, which are not in the workbook and have
// their own text colours; they are not checked.
func (st *styles) tableGrounds(style string) []colour {
	if style == "" {
		return []colour{white}
	}
	ids, ok := st.tables[style]
	if !ok {
		return nil
	}
	out := []colour{white}
	for _, id := range ids {
		if id >= 0 && id < len(st.grounds) {
			out = append(out, st.grounds[id].colours...)
		}
	}
	return out
}
