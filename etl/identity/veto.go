package identity

import (
	"slices"
	"strings"
	"unicode"
)

// Veto is a difference that rules out same, whatever the likeness. It does not rule out
// review.
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
	VetoCommon    Veto = "commonplace name"
	VetoEnding    Veto = "ending"
	VetoSign      Veto = "sign"
)

// propertyVeto reports whether only one of the names is a company that owns buildings:
// "SCI Clinique du Parc" is the landlord of the clinic.
func propertyVeto(a, b Name) bool {
	owns := func(nm Name) bool {
		return slices.ContainsFunc(nm.Forms, func(f Form) bool { return f.Kind == "property" })
	}
	return owns(a) != owns(b)
}

// apartVeto reports whether only one of the names has a legal form that people do not
// leave out, because the bare name is usually another body: "GIE Untel" is what the
// company Untel and others founded.
func (n *Namer) apartVeto(a, b Name) (form string, no bool) {
	for _, pair := range [2][2]Name{{a, b}, {b, a}} {
		if len(pair[1].Forms) > 0 {
			continue
		}
		for _, f := range pair[0].Forms {
			if n.apart[f.Code] {
				return f.Code, true
			}
		}
	}
	return "", false
}

// hospitalVeto reports whether one name is an institution and the other a grouping or
// an association named after it: "GCS CHU de Nîmes", "GCS Clinique Jeanne d'Arc",
// "Association du CH de Lens". The institution itself has none of these legal forms.
func (n *Namer) hospitalVeto(a, b Name) bool {
	grouped := func(nm Name) bool {
		return slices.ContainsFunc(nm.Forms, func(f Form) bool {
			return f.Kind == "grouping" || f.Kind == "association" || f.Code == "GCS"
		})
	}
	return grouped(a) != grouped(b) && institution(a) && institution(b)
}

func isHospital(p part) bool { return p.class == hospital }

func institution(nm Name) bool {
	return slices.ContainsFunc(nm.parts, isHospital)
}

// groupVeto reports whether one name is marked as a group and the other as a company,
// so that they may be a group and its subsidiary. A name without a mark may be either:
// people write "La Poste" for "Groupe La Poste", while "La Poste SA" is the company.
// This applies only to the French marker; the English one usually belongs to the
// registered name.
func groupVeto(a, b Name) bool {
	if (a.Group == "") == (b.Group == "") {
		return false
	}
	with, bare := a, b
	if with.Group == "" {
		with, bare = b, a
	}
	if !strings.EqualFold(with.Group, "groupe") { // an English marker
		return true
	}
	return len(with.Forms) > 0 || len(bare.Forms) > 0
}

// statedVeto reports whether names with equal keys have contradicting texts in
// brackets: "ICT (International Cross Talk)" and "ICT (Informatique Conseil
// Technologie)", "Saint-Jean (Elsan)" and "Saint-Jean (Ramsay)". A text in only one of
// the names is no contradiction.
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

// narrowed reports whether only one of two names with equal keys has a text in brackets
// that may denote one site of several: "Clinique du Parc (Nogent)" beside "Clinique du
// Parc", "Untel (site de Givors)" beside "Untel". Brackets after a company usually
// contain its group, and acronyms and former names do not denote a site.
func (n *Namer) narrowed(a, b Name) (string, bool) {
	x, y := n.narrowing(a), n.narrowing(b)
	if (x == "") == (y == "") {
		return "", false
	}
	return x + y, true
}

func (n *Namer) narrowing(nm Name) string {
	establishment := slices.ContainsFunc(nm.parts, isHospital)
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

// initialsOnly reports whether a text is an acronym, of up to six capitals, which does
// not denote a place.
func initialsOnly(s string) bool {
	return len(s) <= 6 && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsUpper(r) && r != '.' && r != '-'
	})
}

// siteWord reports whether a word begins the name of a part of an organisation.
func siteWord(w string) bool {
	switch w {
	case "site", "sites", "agence", "antenne", "etablissement", "succursale", "filiale", "branche", "departement",
		"direction", "service", "pole", "division", "campus", "unite", "bureau":
		return true
	}
	return false
}

// difference holds the words of two names that are left after pairing.
type difference struct {
	a, b []part
}

// differing holds words of one kind that only one of two names has.
type differing struct {
	kind  string
	words []quoted
}

// vetoes returns the vetoes caused by words that only one name has.
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
