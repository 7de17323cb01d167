package identity

import (
	"slices"
	"strings"
	"unicode"
)

// Veto is a difference that forbids same, whatever the likeness. It never
// forbids review.
type Veto string

const (
	VetoNumeral   Veto = "numeral"
	VetoGeography Veto = "geography"
	VetoBusiness  Veto = "business word"
	VetoHospital  Veto = "kind of institution"
	VetoGroup     Veto = "group"
	VetoForm      Veto = "legal form"
	VetoPrefix    Veto = "prefix"
	VetoStated    Veto = "stated name"
)

// propertyVeto tells that one name is the company that owns the walls and the other
// does not say so: "SCI Clinique du Parc" is the landlord of the clinic.
func propertyVeto(a, b Name) bool {
	owns := func(nm Name) bool {
		return slices.ContainsFunc(nm.Forms, func(f Form) bool { return f.Kind == "property" })
	}
	return owns(a) != owns(b)
}

// hospitalVeto tells that one name is a public hospital and the other a grouping or
// an association that is called after it: "GCS CHU de Nîmes", "Association du CH de
// Lens". A hospital is a body of its own and has none of these forms.
func (n *Namer) hospitalVeto(a, b Name) bool {
	grouped := func(nm Name) bool {
		return slices.ContainsFunc(nm.Forms, func(f Form) bool { return f.Kind == "grouping" || f.Kind == "association" || f.Code == "GCS" })
	}
	return grouped(a) != grouped(b) && n.publicHospital(a) && n.publicHospital(b)
}

func (n *Namer) publicHospital(nm Name) bool {
	return slices.ContainsFunc(nm.parts, func(p part) bool { return n.public[p.text] })
}

// groupVeto tells that one name marks a group and the other a company, so that
// they may be a group and its subsidiary. A bare brand may stand for either: "La
// Poste" is how people write "Groupe La Poste", while "La Poste SA" is the
// company. Only the French marker is dropped so freely; the English one is mostly
// part of the registered name.
func groupVeto(a, b Name) bool {
	if (a.Group == "") == (b.Group == "") {
		return false
	}
	with, bare := a, b
	if with.Group == "" {
		with, bare = b, a
	}
	if !strings.EqualFold(with.Group, "groupe") { // the English marker
		return true
	}
	return len(with.Forms) > 0 || len(bare.Forms) > 0
}

// statedVeto tells that names with equal keys say in brackets that they mean
// different things: "ICT (International Cross Talk)" and "ICT (Informatique Conseil
// Technologie)", "Saint-Jean (Elsan)" and "Saint-Jean (Ramsay)". What only one of
// them says contradicts nothing.
func statedVeto(a, b Name) (x, y string, no bool) {
	for _, s := range first(a.Stated, mostStated) {
		if s.Kind != Full && s.Kind != Alternative {
			continue
		}
		for _, t := range first(b.Stated, mostStated) {
			if t.Kind != Full && t.Kind != Alternative {
				continue
			}
			if s.Key == t.Key {
				return "", "", false
			}
			x, y, no = s.Text, t.Text, true
		}
	}
	return x, y, no
}

// narrowed tells that only one of two names with equal keys has a text in brackets
// that may make it one establishment of many: "Clinique du Parc (Nogent)" beside
// "Clinique du Parc", "Untel (site de Givors)" beside "Untel". A company's brackets
// mostly hold its group, and an acronym or a former name narrows nothing.
func (n *Namer) narrowed(a, b Name) (string, bool) {
	x, y := n.narrowing(a), n.narrowing(b)
	if (x == "") == (y == "") {
		return "", false
	}
	return x + y, true
}

func (n *Namer) narrowing(nm Name) string {
	establishment := slices.ContainsFunc(nm.parts, func(p part) bool { return p.class == hospital })
	for _, st := range nm.Stated {
		if st.Sure || st.Key == "" {
			continue
		}
		toks := tokenise(st.Text)
		if len(toks) > 0 && (establishment && !initialsOnly(st.Text) || siteWord(toks[0].text)) {
			return st.Text
		}
	}
	return ""
}

// initialsOnly tells an acronym, which names no place: up to six capitals.
func initialsOnly(s string) bool {
	return len(s) <= 6 && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsUpper(r) && r != '.' && r != '-' })
}

// siteWord tells a word that opens the name of a part of an organisation.
func siteWord(w string) bool {
	switch w {
	case "site", "sites", "agence", "antenne", "etablissement", "succursale", "filiale", "branche", "departement", "direction", "service", "pole", "division", "campus", "unite", "bureau":
		return true
	}
	return false
}

// difference is what is left of two names once the words that they share are
// paired off.
type difference struct {
	a, b []part
}

// differing are words of one kind that only one of two names has.
type differing struct {
	kind  string
	words []quoted
}

// vetoes says which of the words that only one name has forbid same.
func (d difference) vetoes() (out []Veto, why []differing) {
	add := func(v Veto, word quoted) {
		for i, x := range out {
			if x == v {
				why[i].words = append(why[i].words, word)
				return
			}
		}
		out = append(out, v)
		why = append(why, differing{string(v), []quoted{word}})
	}
	for _, side := range [2][]part{d.a, d.b} {
		for _, p := range side {
			switch p.class {
			case number:
				add(VetoNumeral, quote(p))
			case country, place:
				add(VetoGeography, quote(p))
			case business, group:
				add(VetoBusiness, quote(p))
			case hospital:
				add(VetoHospital, quote(p))
			}
		}
	}
	return out, why
}

func quote(p part) quoted {
	s := p.shown
	if s == "" {
		s = p.text
	}
	return quoted(s)
}
