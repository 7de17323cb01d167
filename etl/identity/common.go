package identity

import (
	"slices"
	"strings"
)

// Some names say nothing about who bears them: "Clinique du Parc", "Hôpital Saint-Joseph",
// "Service d'hospitalisation à domicile". Of 3,934 names of sites in FINESS, 23 are borne
// by 55 legal entities, and no comparison of names can tell these. So a commonplace name is
// never the same as another by its spelling, not even by an identical one, unless it says
// where the institution is.

// commonplace reports whether a name is commonplace: it says no place, and apart from
// the kind of institution it has no word of its own, or only those that several legal
// entities bear.
func (n *Namer) commonplace(parts []part) bool {
	kind, saint := false, false
	for _, p := range parts {
		if p.class.geography() {
			if !dedicated(p) {
				return false
			}
			saint = true
		}
		kind = kind || p.class == hospital || p.class == brand || n.institution[p.text]
	}
	if !kind {
		return false
	}
	own := n.core(parts)
	if saint {
		return len(n.titles(parts)) == 0 && !slices.ContainsFunc(own, func(p part) bool { return p.class == distinctive })
	}
	return len(own) == 0 && len(parts) <= mostKindOnly || len(own) > 0 && n.commonWords(own)
}

// dedicated reports whether a place is a saint's name too. A public hospital is named after
// its commune, "CH Saint-Brieuc"; a private one may as well be after the saint, anywhere:
// "Clinique Saint-Martin".
func dedicated(p part) bool {
	return p.class == place && strings.HasPrefix(p.text, "saint") && len(tokenise(p.shown)) == 2
}

// mostKindOnly is the number of words up to which a name without a word of its own is
// commonplace. More of them together are seldom another's.
const mostKindOnly = 3

// commonWords reports whether words are a name that several legal entities bear: one of
// the table, or a saint's.
func (n *Namer) commonWords(own []part) bool {
	name, count := ownName(n, own)
	if count == 0 {
		return true
	}
	return n.common[name] || count == 2 && (own[0].text == "saint" || own[0].text == "sainte")
}

// ownName returns the words of a core as one, and their number. A direction or a number
// is no name.
func ownName(n *Namer, own []part) (name string, count int) {
	var b []byte
	for _, p := range own {
		if p.class == number || n.direction[p.text] {
			continue
		}
		b = append(b, p.text...)
		count++
	}
	return string(b), count
}

// sharesCommon reports whether the own words that two names share are commonplace, while
// one of them has others: "HL Pont-Saint-Esprit", "Hôpital de Saint-Esprit". parts are
// the words of one name, left those that it does not share.
func (n *Namer) sharesCommon(parts, left []part) bool {
	if !slices.ContainsFunc(parts, isHospital) {
		return false
	}
	own := slices.DeleteFunc(n.core(parts), func(p part) bool { return hasWord(left, p.text) })
	return len(own) > 0 && n.commonWords(own) && slices.ContainsFunc(left, func(p part) bool { return n.tells(p) && !p.class.geography() })
}

// placed reports whether two names with equal keys say the same place, or another name,
// beside their own: "Clinique du Parc (Nogent)".
func placed(a, b Name) bool {
	for _, s := range first(a.Stated, mostStated) {
		for _, t := range first(b.Stated, mostStated) {
			if s.Key != "" && s.Key == t.Key {
				return true
			}
		}
	}
	return false
}
