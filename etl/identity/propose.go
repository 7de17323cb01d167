package identity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl/message"
)

// proposal takes a likeness that a person should judge: its score, and why.
type proposal func(score float64, key message.Key, pairs ...any)

// proposeStated proposes stated names that are not sure, or similar but not equal.
func (n *Namer) proposeStated(a, b Name, propose proposal) {
	for side, pair := range [2][2]Name{{a, b}, {b, a}} {
		who := sides[side]
		for _, st := range first(pair[0].Stated, mostStated) {
			if st.Key == "" {
				continue
			}
			if st.Key == pair[1].Key {
				propose(0.85, "why-beside", "text", quoted(st.Text), "which", who)
			} else if len(st.Key) > 5 && similarity(st.Key, pair[1].Key, 0.8) > 0 {
				propose(0.75, "why-alike-stated", "kind", st.Kind.words(), "text", quoted(st.Text), "which", who)
			}
			if side == 1 {
				continue
			}
			for _, other := range first(pair[1].Stated, mostStated) {
				if other.Key == st.Key {
					propose(0.7, "why-both-state", "text", quoted(st.Text))
				}
			}
		}
	}
}

// proposeSegment proposes a name that is one of the other's parts between separators:
// "Ternum - Fédération des centres de soins".
func (n *Namer) proposeSegment(a, b Name, propose proposal) {
	for side, pair := range [2][2]Name{{a, b}, {b, a}} {
		segments := segments(pair[0].plain)
		if len(segments) < 2 {
			continue
		}
		for _, s := range first(segments, mostStated) {
			var sub Name
			n.read(&sub, s, false)
			if sub.Key == pair[1].Key && sub.Key != "" && n.wholeBrand(sub) {
				propose(0.75, "why-apart", "text", quoted(s), "which", sides[side])
				break
			}
		}
	}
}

// segments splits a text at slashes, colons, and dashes between spaces. It does not
// split at commas, which separate the partners of a firm.
func segments(s string) []string {
	var out []string
	from := 0
	cut := func(end, next int) {
		if t := strings.TrimSpace(s[from:end]); t != "" {
			out = append(out, t)
		}
		from = next
	}
	for i, r := range s {
		size := utf8.RuneLen(r)
		switch {
		case size < 0:
		case r == '/' || r == ':':
			cut(i, i+size)
		case unicode.Is(unicode.Pd, r) && i > 0 && s[i-1] == ' ' && strings.HasPrefix(s[i+size:], " "):
			cut(i, i+size)
		}
	}
	cut(len(s), len(s))
	return out
}

// proposeBrackets proposes names that are equal outside brackets, whose contents are
// part of the names: "Untel (Rhône)", "Untel (Bourgogne)".
func (n *Namer) proposeBrackets(a, b Name, propose proposal) {
	if !strings.ContainsAny(a.Raw, "([") && !strings.ContainsAny(b.Raw, "([") {
		return
	}
	x, y := n.outside(a), n.outside(b)
	if x.Key != "" && x.Key == y.Key && n.wholeBrand(x) {
		propose(0.75, "why-outside-brackets", "text", quoted(x.Display))
	}
}

// outside reads a name without what is in brackets.
func (n *Namer) outside(nm Name) Name {
	text, _ := repair(nm.Raw)
	b := []byte(text)
	depth := 0
	for i, c := range b {
		switch {
		case c == '(' || c == '[':
			depth++
		case (c == ')' || c == ']') && depth > 0:
			depth--
			b[i] = ' '
		}
		if depth > 0 {
			b[i] = ' '
		}
	}
	var out Name
	n.read(&out, strings.Join(strings.Fields(string(b)), " "), false)
	return out
}

// core returns the words that tell one institution from another: neither its kind nor
// its group, nor small words.
func (n *Namer) core(parts []part) []part {
	var out []part
	for _, p := range parts {
		switch p.class {
		case distinctive:
			if !n.owner[p.text] {
				out = append(out, p)
			}
		case place, country, number:
			out = append(out, p)
		case business:
			if n.direction[p.text] { // "Les Tamarins Sud"
				out = append(out, p)
			}
		}
	}
	return out
}

// titles returns the kinds of public hospital that a name gives itself.
func (n *Namer) titles(parts []part) []string {
	var out []string
	for _, p := range parts {
		if n.public[p.text] {
			out = append(out, p.text)
		}
		if p.text == "prive" || p.text == "privee" {
			return nil
		}
	}
	return out
}

// proposeTitles proposes two public hospitals under different titles whose names share
// a commune or a name: "HL Sully", "CH Sully-sur-Loire". A commune has one public
// hospital, which has had several titles over the years.
func (n *Namer) proposeTitles(x, y []part, propose proposal) {
	if !slices.ContainsFunc(x, isHospital) || !slices.ContainsFunc(y, isHospital) {
		return
	}
	tx, ty := n.titles(x), n.titles(y)
	if len(tx) == 0 || len(ty) == 0 || slices.Equal(tx, ty) {
		return
	}
	cx, cy := n.core(x), n.core(y)
	shared, which := sharedWords(cx, cy)
	apart := func(p, q []part) bool { // "GH Est Réunion", "CH Ouest Réunion"
		return slices.ContainsFunc(p, func(w part) bool { return n.direction[w.text] && !hasWord(q, w.text) })
	}
	commune := slices.ContainsFunc(cx, func(p part) bool { return p.class.geography() && hasWord(cy, p.text) })
	whole := shared > 0 && shared == min(len(cx), len(cy)) && !n.sharesCommon(x, without(x, y)) && !n.sharesCommon(y, without(y, x))
	if (commune || whole) && !(apart(cx, cy) && apart(cy, cx)) {
		propose(0.72, "why-one-place", "place", which)
	}
}

// without returns the words of x that y does not have.
func without(x, y []part) []part {
	return slices.DeleteFunc(slices.Clone(x), func(p part) bool { return hasWord(y, p.text) })
}

// sharedWords counts the words that two names share, and returns the longest.
func sharedWords(x, y []part) (count int, longest quoted) {
	for _, p := range x {
		if p.class != number && slices.ContainsFunc(y, func(q part) bool { return q.text == p.text }) {
			count++
			if q := quote(p); len(q) > len(longest) {
				longest = q
			}
		}
	}
	return count, longest
}

// proposeInstitution proposes two names of institutions that differ only in the kind of
// institution, the group or a place: "Clinique La Casamance", "Hôpital privé La
// Casamance"; "Korian Le Golfe", "Clinique Le Golfe". Institutions change both without
// moving. Commonplace names need a place besides.
func (n *Namer) proposeInstitution(x, y []part, propose proposal) {
	kind := func(p part) bool { return p.class == hospital || p.class == brand }
	if !slices.ContainsFunc(x, kind) || !slices.ContainsFunc(y, kind) {
		return
	}
	cx, cy := n.core(x), n.core(y)
	named := slices.ContainsFunc(cx, func(p part) bool { return p.class == distinctive })
	if !named || n.commonWords(cx) {
		return
	}
	if missing := func(a, b []part) bool {
		return slices.ContainsFunc(a, func(p part) bool {
			return !p.class.geography() && !slices.ContainsFunc(b, func(q part) bool { return p.text == q.text })
		})
	}; missing(cx, cy) || missing(cy, cx) {
		return
	}
	px := slices.DeleteFunc(slices.Clone(cx), func(p part) bool { return !p.class.geography() })
	py := slices.DeleteFunc(slices.Clone(cy), func(p part) bool { return !p.class.geography() })
	if len(px) > 0 && len(py) > 0 {
		if shared, _ := sharedWords(px, py); shared == 0 {
			return
		}
	}
	propose(0.7, "why-other-kind")
}

// proposeSite proposes names of which both, or one as a whole, give the same site:
// "HU Paris Nord site Louis Mourier", "Hôpital Louis Mourier".
func (n *Namer) proposeSite(x, y []part, propose proposal) {
	if !hasWord(x, "site") && !hasWord(y, "site") {
		return
	}
	sx, sy := n.site(x), n.site(y)
	if sx == nil && sy == nil {
		return
	}
	if sx == nil {
		sx = n.core(x)
	}
	if sy == nil {
		sy = n.core(y)
	}
	if len(sx) == 0 || len(sx) != len(sy) || n.commonWords(sx) {
		return
	}
	if shared, which := sharedWords(sx, sy); shared == len(sx) {
		propose(0.7, "why-one-site", "site", which)
	}
}

// site returns the words that tell a site, after the word "site".
func (n *Namer) site(parts []part) []part {
	for i, p := range parts {
		if p.text == "site" && i > 0 {
			return n.core(parts[i+1:])
		}
	}
	return nil
}

// proposeShortened proposes names of which one shortens words of the other: "Synd nat
// hôteli restau cafetier", "Syndicat national des hôteliers restaurateurs cafetiers".
// At least three words must pair, two of the names' own or with a place.
func (n *Namer) proposeShortened(x, y []part, propose proposal) {
	x, y = compared(x), compared(y)
	if len(x) < 2 || len(y) < 2 {
		return
	}
	var got, all float64
	paired, short, own := 0, 0, 0
	if !slices.ContainsFunc(x, func(p part) bool {
		return slices.ContainsFunc(y, func(q part) bool { return shortens(p, q) })
	}) {
		return
	}
	used := make([]bool, len(y))
	for _, p := range x {
		all += outline(p)
	}
	for _, q := range y {
		all += outline(q)
	}
	leftX := false // an own word of x stands for nothing in y
	for _, p := range x {
		found := false
		for j, q := range y {
			if used[j] || p.text != q.text && !shortens(p, q) {
				continue
			}
			used[j], found = true, true
			got += outline(p) + outline(q)
			paired++
			if p.text != q.text {
				short++
			}
			if outline(p) >= 1 || outline(q) >= 1 {
				own++
			}
			break
		}
		leftX = leftX || !found && n.tells(p)
	}
	leftY := false
	for j, q := range y {
		leftY = leftY || !used[j] && n.tells(q)
	}
	if short > 0 && paired >= 2 && own >= 2 && got >= leastShortened*all && !(leftX && leftY) {
		propose(0.68+0.2*(got/all-leastShortened), "why-shortened")
	}
}

// leastShortened is the share of two names' words that must pair if one shortens words
// of the other.
const leastShortened = 0.62

// tells reports whether a word tells one organisation from another.
func (n *Namer) tells(p part) bool {
	return p.class == distinctive || p.class.geography() || n.direction[p.text]
}

// outline is the weight of a word where words may be shortened.
func outline(p part) float64 {
	switch p.class {
	case stop, particle:
		return 0.1
	case number:
		return 0.3
	case business, hospital, group, brand:
		return 0.5
	}
	return 1
}

// shortens reports whether one of two words is the beginning of the other, or keeps
// its first and last letters and most of those between ("dept").
func shortens(p, q part) bool {
	s, l := p.text, q.text
	if s[0] != l[0] {
		return false
	}
	if len(s) > len(l) {
		s, l = l, s
	}
	if p.class.geography() || q.class.geography() || p.class == number || q.class == number {
		return false
	}
	return len(s) >= 3 && len(l) >= len(s)+1 && strings.HasPrefix(l, s)
}

// proposeAcronym proposes a name that has the initials of words of the other, and
// otherwise the same words: "JA Lozère 48", "Jeunes agriculteurs Lozère". This is a
// guess, since neither name states it.
func (n *Namer) proposeAcronym(a, b Name, propose proposal) {
	for _, pair := range [2][2]Name{{a, b}, {b, a}} {
		short, long := pair[0], pair[1]
		if len(short.parts) == 0 || len(short.parts) > 4 || len(long.parts) < 2 && !strings.Contains(long.plain, " ") {
			continue
		}
		acronym, rest := short.parts[0].text, short.parts[1:]
		if len(rest) == 0 {
			acronym = short.Key
		}
		if len(acronym) > 8+3 { // a department's number may be glued to it
			continue
		}
		acronym, rest = n.splitNumber(acronym, rest)
		if len(acronym) < 2 || len(acronym) > 8 || !begins(long.parts, acronym[0]) {
			continue
		}
		toks := joinInitials(tokenise(long.plain))
		if len(rest) > 0 {
			left, ok := n.beside(rest, long.parts)
			if !ok {
				continue
			}
			if len(left) < len(toks) { // else the words are as written: "People's"
				toks = left
			}
		}
		// Two letters are the initials of too many names, unless a place agrees.
		if len(toks) < 2 || len(toks) > 16 || len(acronym) == 2 && len(rest) == 0 && len(toks) > 3 {
			continue
		}
		most := 1
		if len(acronym) >= 5 {
			most = guessed
		}
		if n.fits(acronym, toks, most) {
			propose(0.8, "why-initials", "short", quoted(short.Display), "long", quoted(long.Display))
		}
	}
}

// begins is a quick check that rules out most names: whether one of the words begins
// with a letter.
func begins(parts []part, letter byte) bool {
	for _, p := range parts {
		if p.text[0] == letter {
			return true
		}
	}
	return false
}

// splitNumber splits the number of a department from the end of an acronym: "FDSEA82".
func (n *Namer) splitNumber(acronym string, rest []part) (string, []part) {
	for _, k := range [...]int{2, 3} {
		at := len(acronym) - k
		if at < 2 || acronym[at-1] >= '0' && acronym[at-1] <= '9' {
			continue
		}
		if place := n.departments[acronym[at:]]; place != "" {
			return acronym[:at], append([]part{{text: acronym[at:], class: number}}, rest...)
		}
	}
	return acronym, rest
}

// beside takes the words that a short name has beside its acronym out of a long one. It
// returns the other words of the long name, and whether all were there. The number of a
// department and its name say the same.
func (n *Namer) beside(rest, long []part) (left []token, ok bool) {
	same := func(p, q part) bool {
		return p.text == q.text || n.departments[p.text] == q.text || n.departments[q.text] == p.text
	}
	for _, p := range rest {
		there := func(q part) bool { return p.text != q.text && same(p, q) }
		// "RTE France" beside a name that says no place.
		if p.class.geography() && !slices.ContainsFunc(long, func(q part) bool { return q.class.geography() }) {
			continue
		}
		if p.class != stop && p.class != particle && !slices.ContainsFunc(long, func(q part) bool { return same(p, q) }) &&
			!(p.class == number && slices.ContainsFunc(rest, there)) {
			return nil, false
		}
	}
	placed := slices.ContainsFunc(rest, func(p part) bool { return p.class.geography() || n.departments[p.text] != "" })
	for _, q := range long {
		// "JA Cher 18" is not "Jeunes agriculteurs 58".
		if placed && n.departments[q.text] != "" && !slices.ContainsFunc(rest, func(p part) bool { return same(p, q) }) {
			return nil, false
		}
		if n.departments[q.text] == "" && !slices.ContainsFunc(rest, func(p part) bool { return same(p, q) }) {
			left = append(left, tokenise(q.shown)...)
		}
	}
	return left, true
}

func hasWord(parts []part, text string) bool {
	return slices.ContainsFunc(parts, func(p part) bool { return p.text == text })
}
