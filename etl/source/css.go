package source

import (
	"regexp"
	"strings"
	"sync"
)

// A page tells what it hides by a style, by a rule of its style sheet, or by a class whose
// rule is in a file that is not here. Classes of the last kind are known by their names.

// faceOfStyle is what the declarations of a style make of a text.
func faceOfStyle(style string) face {
	var f face
	away, tiny, cut := false, false, false
	for declaration := range strings.SplitSeq(strings.ToLower(style), ";") {
		property, value, _ := strings.Cut(declaration, ":")
		property = strings.TrimSpace(property)
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		switch property {
		case "display":
			if value == "none" {
				f |= hidden
			}
		case "visibility":
			if value == "hidden" || value == "collapse" {
				f |= hidden
			}
		case "mso-hide":
			if value == "all" {
				f |= hidden
			}
		case "opacity", "font-size":
			if number := strings.TrimRight(value, "pxremt%"); strings.Trim(number, "0.") == "" && number != "" {
				f |= hidden
			}
		case "text-decoration", "text-decoration-line":
			if strings.Contains(value, "line-through") {
				f |= struck
			}
		case "vertical-align":
			if value == "super" {
				f |= raised
			}
		case "position":
			away = value == "absolute" || value == "fixed"
		case "left", "top", "right", "text-indent":
			if far, ok := strings.CutPrefix(value, "-"); ok && len(strings.TrimRight(far, "pxremt%")) >= 3 {
				cut = true
				away = away || property == "text-indent"
			}
		case "clip", "clip-path":
			cut = cut || value != "auto" && value != "none"
		case "width", "height":
			tiny = tiny || value == "1px" || value == "0" || value == "0px"
		case "overflow":
			cut = cut || tiny && value == "hidden"
		}
	}
	if away && cut {
		f |= spoken
	}
	return f
}

// classFaces are the classes that a page's own style sheets give a face.
type classFaces map[string]face

// read takes the rules of a style sheet that name a single class. Rules for printing or
// for some widths of the screen are left aside.
func (c *classFaces) read(sheet string) {
	sheet = cssComment().ReplaceAllString(sheet, " ")
	for sheet != "" {
		open := strings.IndexByte(sheet, '{')
		if open < 0 {
			return
		}
		selectors := strings.TrimSpace(sheet[:open])
		end := closing(sheet[open:])
		body := sheet[open+1 : open+end]
		sheet = strings.TrimPrefix(sheet[open+end:], "}")
		if strings.HasPrefix(selectors, "@") || strings.Contains(body, "{") {
			continue
		}
		f := faceOfStyle(body)
		if f == 0 {
			continue
		}
		for selector := range strings.SplitSeq(selectors, ",") {
			if m := cssClass().FindStringSubmatch(strings.TrimSpace(selector)); m != nil && len(*c) < 10_000 {
				if *c == nil {
					*c = classFaces{}
				}
				(*c)[m[1]] |= f
			}
		}
	}
}

// closing is the distance to the brace that closes the one at the beginning.
func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

var (
	cssComment = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)/\*.*?\*/|<!--|-->`) })
	// cssClass is a class, with its element and elements above or below it.
	cssClass = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:[a-zA-Z]+[ >]+)*[a-zA-Z]*\.([\w-]+)(?:[ >]+(?:td|th|tr|span|\*))*$`)
	})
	// iconClass is one by which a style sheet draws a picture.
	iconClass = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:^|[\s_-])(?:icons?|fa|fas|far|bi|glyphicon|mdi|ri|check(?:ed|mark)?|tick|coche|cochee?|oui|yes|ok|true)(?:$|[\s_-])`)
	})
	// elsewhere is a class that shows at some width of the screen what another one hides.
	shownElsewhere = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:sm|md|lg|xl|xxl|2xl|print):|^d-(?:sm|md|lg|xl|xxl)-(?:block|inline|flex|table|grid)|^not-sr-only$|^(?:show|in|open|visible)$|^fr-unhidden|^visible-`)
	})
	// readAloud is a class for what screen readers say and nobody sees.
	readAloud = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`sr-only|visually-?hidden|screen-?reader|assistive|a11y-?hidden|element-invisible|show-for-sr|hidden-accessible|accessible-hid|^(?:off-?screen|vh)$|accessibly-hidden`)
	})
)

// hiddenClasses are the classes that hide at every width, by the names that style sheets
// in use give them.
var hiddenClasses = map[string]bool{
	"d-none": true, "hidden": true, "hide": true, "is-hidden": true, "u-hidden": true, "fr-hidden": true, "uk-hidden": true,
	"tw-hidden": true, "ng-hide": true, "js-hidden": true, "element-hidden": true, "ui-helper-hidden": true,
	"invisible": true, "is-invisible": true, "collapse": true, "print-only": true, "display-none": true, "dn": true,
	"nodisplay": true, "no-display": true, "masque": true, "cache": true, "hidden-element": true, "x-hidden": true,
}

// faceOf is what an element's classes make of its text.
func (c classFaces) faceOf(classes string) face {
	var f face
	elsewhere := false
	for class := range strings.FieldsSeq(classes) {
		f |= c[class]
		lower := strings.ToLower(class)
		elsewhere = elsewhere || shownElsewhere().MatchString(lower)
		switch {
		case hiddenClasses[lower]:
			f |= hidden
		case readAloud().MatchString(lower):
			f |= spoken
		case strings.HasPrefix(lower, "material-icons"), strings.HasPrefix(lower, "material-symbols"):
			f |= mute // its text is the name of the picture
		}
	}
	if elsewhere {
		f &^= hidden | spoken
	}
	return f
}
