package identity

import "strings"

// Veto is a difference that forbids same, whatever the likeness. It never
// forbids review.
type Veto string

const (
	VetoNumeral   Veto = "numeral"
	VetoGeography Veto = "geography"
	VetoBusiness  Veto = "business word"
	VetoHospital  Veto = "kind of hospital"
	VetoGroup     Veto = "group"
	VetoForm      Veto = "legal form"
	VetoPrefix    Veto = "prefix"
	VetoStated    Veto = "stated name"
)

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
	for _, s := range a.Stated {
		if s.Kind != Full && s.Kind != Alternative {
			continue
		}
		for _, t := range b.Stated {
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

// difference is what is left of two names once the words that they share are
// paired off.
type difference struct {
	a, b []part
}

// vetoes says in words which of the words that only one name has forbid same.
func (d difference) vetoes() (out []Veto, why []string) {
	add := func(v Veto, reason string) {
		for i, x := range out {
			if x == v {
				why[i] += ", " + reason
				return
			}
		}
		out = append(out, v)
		why = append(why, reason)
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
	for i := range why {
		why[i] = "differs by " + why[i] + ": " + string(out[i])
	}
	return out, why
}

func quote(p part) string {
	s := p.shown
	if s == "" {
		s = p.text
	}
	return "'" + s + "'"
}
