// Package number reads the numbers by which registers identify organisations: SIREN,
// SIRET, VAT, FINESS and RNA. It checks them and compares them. Equal numbers are
// evidence that two names are one organisation, and different ones that they are not.
//
// Numbers are compared only within one scheme: a FINESS EJ is not a SIREN, and neither
// can be derived from the other.
package number

import (
	"cmp"
	"slices"
	"strings"

	"hdsreport/etl/message"
)

// Scheme is a register's way of numbering. Its text is written to registry/actors.csv
// and never changes.
type Scheme string

// The schemes.
const (
	SIREN        Scheme = "siren"
	SIRET        Scheme = "siret"
	FINESSEJ     Scheme = "finess_ej"    // of the legal entity (entité juridique)
	FINESSET     Scheme = "finess_et"    // of the site (établissement, FINESS géographique)
	FINESS       Scheme = "finess"       // of one or the other, the source does not say which
	RNA          Scheme = "rna"          // of an association
	VAT          Scheme = "vat"          // of another country, or with a key that no formula gives
	Registration Scheme = "registration" // of another country's register
)

// schemes are all schemes, in the order in which numbers are shown.
var schemes = []Scheme{SIREN, FINESSEJ, RNA, SIRET, FINESSET, FINESS, VAT, Registration}

// Level says what a number identifies, and so what it is evidence of.
type Level uint8

const (
	// Entity is a legal entity: equal numbers are one, different numbers are two.
	Entity Level = iota
	// Site is one of an entity's places: an entity may have many.
	Site
	// Unchecked numbers have no check that is known here. Equal ones are worth a
	// question.
	Unchecked
)

// Level returns the level of the scheme's numbers.
func (s Scheme) Level() Level {
	switch s {
	case SIREN, FINESSEJ, RNA:
		return Entity
	case SIRET, FINESSET, FINESS:
		return Site
	}
	return Unchecked
}

// label returns the scheme's name as people write it.
func (s Scheme) label(p message.Printer) string {
	switch s {
	case SIREN:
		return "SIREN"
	case SIRET:
		return "SIRET"
	case FINESSEJ:
		return "FINESS EJ"
	case FINESSET:
		return "FINESS ET"
	case FINESS:
		return "FINESS"
	case RNA:
		return "RNA"
	case VAT:
		return p.Say("number-vat")
	}
	return p.Say("number-registration")
}

// Number is one number in its normal form: capital letters and digits, without spaces.
type Number struct {
	Scheme Scheme
	Value  string
}

// String returns scheme:value, as in registry/actors.csv.
func (n Number) String() string { return string(n.Scheme) + ":" + n.Value }

// MarshalText returns String, for JSON.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// Say returns the number as people write it: SIREN 508 094 927.
func (n Number) Say(p message.Printer) string {
	return n.Scheme.label(p) + " " + n.Grouped()
}

// Grouped returns the value with spaces between groups of digits, as its register
// prints it.
func (n Number) Grouped() string {
	var at []int
	switch n.Scheme {
	case SIREN:
		at = []int{3, 6}
	case SIRET:
		at = []int{3, 6, 9}
	}
	v := n.Value
	for i := len(at) - 1; i >= 0; i-- {
		if at[i] < len(v) {
			v = v[:at[i]] + " " + v[at[i]:]
		}
	}
	return v
}

// Values are numbers whose scheme is known from the words around them.
type Values Set

// Say returns the values alone, as people write them.
func (v Values) Say(message.Printer) string {
	out := make([]string, len(v))
	for i, n := range v {
		out[i] = n.Grouped()
	}
	return strings.Join(out, ", ")
}

// Say returns the scheme's name as people write it.
func (s Scheme) Say(p message.Printer) string { return s.label(p) }

// Set is what is known of one organisation, sorted and without repetition. Several
// numbers of one scheme mean that the organisation has one of them, or all.
type Set []Number

// SetOf returns the set of numbers.
func SetOf(numbers ...Number) Set {
	s := slices.Clone(numbers)
	slices.SortFunc(s, compare)
	return slices.Compact(s)
}

func compare(a, b Number) int {
	return cmp.Or(cmp.Compare(slices.Index(schemes, a.Scheme), slices.Index(schemes, b.Scheme)),
		cmp.Compare(a.Value, b.Value))
}

// Union returns the numbers of both sets.
func (s Set) Union(other Set) Set {
	switch {
	case len(other) == 0:
		return s
	case len(s) == 0:
		return other
	}
	return SetOf(slices.Concat(s, other)...)
}

// Has reports whether the set has a number.
func (s Set) Has(n Number) bool { return slices.Contains(s, n) }

// Of returns the numbers of a level.
func (s Set) Of(level Level) Set {
	var out Set
	for _, n := range s {
		if n.Scheme.Level() == level {
			out = append(out, n)
		}
	}
	return out
}

// of returns the numbers of a scheme.
func (s Set) of(scheme Scheme) Set {
	var out Set
	for _, n := range s {
		if n.Scheme == scheme {
			out = append(out, n)
		}
	}
	return out
}

// String returns the numbers as in registry/actors.csv, with spaces between them.
func (s Set) String() string {
	out := make([]string, len(s))
	for i, n := range s {
		out[i] = n.String()
	}
	return strings.Join(out, " ")
}

// Say returns the numbers as people write them.
func (s Set) Say(p message.Printer) string {
	out := make([]string, len(s))
	for i, n := range s {
		out[i] = n.Say(p)
	}
	return strings.Join(out, ", ")
}

// Comparison says what the numbers of two organisations have in common.
type Comparison struct {
	Equal     Set         // entity numbers that both have
	Different []Different // the entity schemes in which both have numbers, and none in common
	Alike     Set         // numbers of sites, and unchecked ones, that both have
}

// Different are the numbers of two organisations in one scheme.
type Different struct{ First, Second Set }

// Compare compares two sets, scheme by scheme.
func Compare(a, b Set) Comparison {
	var c Comparison
	if len(a) == 0 || len(b) == 0 {
		return c
	}
	for _, scheme := range schemes {
		x, y := a.of(scheme), b.of(scheme)
		if len(x) == 0 || len(y) == 0 {
			continue
		}
		var both Set
		for _, n := range x {
			if y.Has(n) {
				both = append(both, n)
			}
		}
		switch {
		case scheme.Level() != Entity:
			c.Alike = append(c.Alike, both...)
		case len(both) > 0:
			c.Equal = append(c.Equal, both...)
		default:
			c.Different = append(c.Different, Different{x, y})
		}
	}
	return c
}

// Contradict reports whether the numbers rule out that two organisations are one.
func (c Comparison) Contradict() bool { return len(c.Different) > 0 }

// Contradict reports whether two sets have entity numbers of one scheme, and none in
// common.
func Contradict(a, b Set) bool { return Compare(a, b).Contradict() }
