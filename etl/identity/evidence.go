package identity

import (
	"slices"

	"hdsreport/etl/message"
	numbers "hdsreport/etl/number"
)

// VetoNumber is that a source states different numbers for two names.
const VetoNumber Veto = "number"

// Evidence is what the numbers of two organisations say, beside their names. The zero
// value says nothing.
type Evidence struct {
	numbers.Comparison
	// Shared reports whether the numbers that both have are those of many names, as a
	// group's or one that was copied down a column. They then prove nothing.
	Shared bool
}

// EvidenceOf returns what two sets of numbers say. shared are the numbers of too many
// names to prove anything.
func EvidenceOf(a, b numbers.Set, shared map[numbers.Number]bool) Evidence {
	e := Evidence{Comparison: numbers.Compare(a, b)}
	own := func(n numbers.Number) bool { return !shared[n] }
	e.Shared = e.Says() && !slices.ContainsFunc(e.Equal, own) && !slices.ContainsFunc(e.Alike, own)
	return e
}

// Says reports whether there is any evidence.
func (e Evidence) Says() bool { return len(e.Equal)+len(e.Different)+len(e.Alike) > 0 }

// scoreOtherName is the score of two different names with an equal number.
const scoreOtherName = 0.90

// keepsApart are the vetoes that an equal number does not lift: it may be the number of
// an entity with several sites.
var keepsApart = []Veto{VetoNumeral, VetoGeography, VetoStated, VetoPrefix}

// With returns the verdict on two names with the evidence of their numbers. Equal
// numbers lift alike names to same, unless a numeral, a place, a stated name or a
// longer name forbids it; different numbers never let two names be the same. What the
// numbers do not decide stays as the names have it.
func (v Verdict) With(e Evidence) Verdict {
	switch {
	case e.Contradict():
		return v.contradicted(e)
	case !e.Says():
		return v
	}
	same := append(slices.Clone(e.Equal), e.Alike...)
	reason := message.New("why-number", "numbers", same)
	switch {
	case e.Shared && v.Decision != Review:
		return v
	case v.Decision == Different:
		reason = message.New("why-number-other-name", "scheme", same[0].Scheme, "value", numbers.Values(same[:1]))
		if len(e.Equal) == 0 {
			reason = message.New("why-number-site", "scheme", same[0].Scheme, "value", numbers.Values(same[:1]))
		}
		return Verdict{Decision: Review, Score: scoreOtherName, Vetoes: v.Vetoes, Reasons: because(reason)}
	case v.Decision == Same:
		v.Reasons = append(slices.Clone(v.Reasons), reason)
		return v
	}
	v.Reasons = append(message.Joined{reason}, v.Reasons...)
	if e.Shared {
		return v
	}
	v.Score = max(v.Score, scoreOtherName)
	forbids := slices.ContainsFunc(v.Vetoes, func(veto Veto) bool { return slices.Contains(keepsApart, veto) })
	if len(e.Equal) > 0 && !forbids {
		v.Decision, v.Score, v.Vetoes = Same, leastSame, nil
	}
	return v
}

const (
	leastSame     = 0.95   // the score of names that are the same by their number
	mostReview    = 0.9499 // the score of names that would be the same but for their numbers
	alikeAnyhow   = 0.80   // the likeness from which different numbers leave a question
	differentLeft = 0.5    // of the score of names that different numbers tell apart
)

// contradicted returns the verdict on two names with different numbers.
func (v Verdict) contradicted(e Evidence) Verdict {
	reasons := message.Joined{}
	if len(e.Equal) > 0 {
		reasons = append(reasons, message.New("why-number", "numbers", e.Equal))
	}
	for _, d := range e.Different {
		reasons = append(reasons, message.New("why-number-different", "first", d.First, "second", numbers.Values(d.Second)))
	}
	v.Reasons = append(reasons, v.Reasons...)
	v.Vetoes = append(slices.Clone(v.Vetoes), VetoNumber)
	equalKeys := v.Decision == Same || v.Decision == Review && v.equal
	switch {
	case equalKeys:
		v.Decision, v.Score = Review, min(v.Score, mostReview)
	case len(e.Equal) > 0: // two registers disagree, whatever the names
		v.Decision, v.Score = Review, max(min(v.Score, mostReview), scoreOtherName)
	case v.Decision == Review && v.Score < alikeAnyhow:
		v.Decision, v.Score = Different, v.Score*differentLeft
	}
	return v
}
