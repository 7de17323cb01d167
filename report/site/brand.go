package site

import (
	"bytes"
	"encoding/base64"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hdsreport/etl/message"
	"hdsreport/etl/pattern"
)

// Brand is how the newsroom's pages look: custom properties, by name without --hds-, and a
// logo.
type Brand struct {
	Properties map[string]string
	Logo       string // a data: address; empty for none
}

// LogoBytes is how large a logo may be.
const LogoBytes = 32 << 10

const hexColour = `#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})`

var (
	colour = pattern.Of(`^` + hexColour + `$`)
	// Names of fonts, in quotation marks or not.
	fonts  = pattern.Of(`^(?:"[\pL\pN _-]+"|'[\pL\pN _-]+'|[\pL\pN_-]+(?: [\pL\pN_-]+)*)(?:\s*,\s*(?:"[\pL\pN _-]+"|'[\pL\pN _-]+'|[\pL\pN_-]+(?: [\pL\pN_-]+)*))*$`)
	radius = pattern.Of(`^(?:0|[0-9]{1,2}(?:\.[0-9]{1,2})?(?:px|rem|em))$`)

	comments    = pattern.Of(`(?s)/\*.*?\*/`)
	declaration = pattern.Of(`^--hds-([a-z-]+)\s*:\s*(.+)$`)
)

// properties are those that a file may set, with what they are if it does not. All colours
// have a twin for dark screens.
var properties = map[string]string{
	"bg": "#ffffff", "fg": "#1b1b1f", "accent": "#174a7c", "muted": "#5a5a64", "line": "#d5d5dc",
	"bg-dark": "#17171b", "fg-dark": "#ececf1", "accent-dark": "#8ec1f5", "muted-dark": "#b0b0bb", "line-dark": "#3b3b44",
	"font":   `system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif`,
	"radius": "4px",
}

// Properties returns the custom properties of pages without a file of the newsroom.
func Properties() map[string]string { return maps.Clone(properties) }

// leastContrast is that of text, by WCAG 2.2, 1.4.3 (AA).
const leastContrast = 4.5

// ParseBrand reads a file of custom properties: declarations, with or without :root around
// them. Anything else is an error, and so are colours too pale to read.
func ParseBrand(text []byte) (map[string]string, error) {
	out := Properties()
	if !utf8.Valid(text) {
		return nil, message.Fail(nil, "site-css", "what", "UTF-8")
	}
	s := strings.TrimSpace(comments().ReplaceAllString(strings.TrimPrefix(string(text), "\uFEFF"), " "))
	if rest, is := strings.CutPrefix(s, ":root"); is {
		rest = strings.TrimSpace(rest)
		if !strings.HasPrefix(rest, "{") || !strings.HasSuffix(rest, "}") {
			return nil, message.Fail(nil, "site-css", "what", ":root")
		}
		s = rest[1 : len(rest)-1]
	}
	for d := range strings.SplitSeq(s, ";") {
		if d = strings.TrimSpace(d); d == "" {
			continue
		}
		m := declaration().FindStringSubmatch(d)
		if m == nil {
			return nil, message.Fail(nil, "site-css", "what", message.Cut(d, 60))
		}
		_, known := properties[m[1]]
		ok := false
		switch {
		case !known:
			return nil, message.Fail(nil, "site-css-unknown", "name", "--hds-"+m[1],
				"known", slices.Sorted(maps.Keys(properties)))
		case m[1] == "font":
			ok = len(m[2]) <= 500 && fonts().MatchString(m[2])
		case m[1] == "radius":
			ok = radius().MatchString(m[2])
		default:
			ok = colour().MatchString(m[2])
		}
		if !ok {
			return nil, message.Fail(nil, "site-css-value", "name", "--hds-"+m[1], "value", message.Cut(m[2], 60))
		}
		out[m[1]] = m[2]
	}
	for _, dark := range []string{"", "-dark"} {
		for _, name := range []string{"fg", "accent", "muted"} {
			if c := contrast(out[name+dark], out["bg"+dark]); c < leastContrast {
				return nil, message.Fail(nil, "site-css-pale", "name", "--hds-"+name+dark, "ground", "--hds-bg"+dark,
					"contrast", math.Floor(c*10)/10)
			}
		}
	}
	return out, nil
}

// contrast is the ratio of WCAG 2.2 between two colours.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c string) float64 {
	c = strings.TrimPrefix(c, "#")
	if len(c) == 3 {
		c = c[:1] + c[:1] + c[1:2] + c[1:2] + c[2:] + c[2:]
	}
	n, _ := strconv.ParseUint(c, 16, 32) // checked
	part := func(v uint64) float64 {
		s := float64(v&0xFF) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
}

// ParseLogo returns a logo as a data: address. As the source of an img, an svg runs no
// script.
func ParseLogo(data []byte) (string, error) {
	if len(data) > LogoBytes {
		return "", message.Fail(nil, "site-logo-large", "n", len(data), "most", LogoBytes)
	}
	kind := ""
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		kind = "image/png"
	case bytes.Contains(data[:min(len(data), 1024)], []byte("<svg")) && utf8.Valid(data):
		kind = "image/svg+xml"
	default:
		return "", message.Fail(nil, "site-logo-kind")
	}
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data), nil
}
