package etl

import (
	"slices"
	"strings"

	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

// Merge is an actor of the published edition that several spellings name, with
// why each is taken for the one that the others are compared with.
type Merge struct {
	Actor     string     `json:"actor"` // its id
	Name      string     `json:"name"`
	Spellings []Spelling `json:"spellings"`
}

// Spelling is one way in which the lists write an actor, and the grounds on which
// it is this actor. No spelling is without.
type Spelling struct {
	Text   string `json:"text"`
	Reason string `json:"reason"`
}

// Merges explains every actor of the published edition whose spellings differ, in
// the order of the alphabet, in words: what a reader who doubts a count can check.
func (res *Result) Merges(namer *identity.Namer, say message.Printer) []Merge {
	out := []Merge{}
	for _, i := range res.inOrder(res.any()) {
		a := &res.Actors[i]
		if len(a.Names) < 2 {
			continue
		}
		m := Merge{Actor: a.ID, Name: a.Name}
		parsed := make([]identity.Name, len(a.Names))
		for k, text := range a.Names {
			parsed[k] = namer.Parse(text)
		}
		for k, text := range a.Names {
			m.Spellings = append(m.Spellings, Spelling{text, a.reason(namer, say, parsed, k)})
		}
		out = append(out, m)
	}
	return out
}

// reason says why a spelling is the actor: by its name, by another spelling that it
// is the same as, else by what the registry, a decision or the source itself says.
func (a *Actor) reason(namer *identity.Namer, say message.Printer, parsed []identity.Name, k int) string {
	others := append([]identity.Name{namer.Parse(a.Name)}, slices.Concat(parsed[:k], parsed[k+1:])...)
	for _, o := range others {
		if v := namer.Compare(parsed[k], o); v.Decision == identity.Same {
			return say.Say("merge-as", "name", o.Raw, "reasons", strings.Join(v.Reasons, "; "))
		}
	}
	said := slices.Clone(a.Reasons)
	if a.Registered {
		said = append([]string{say.Say("merge-registry", "id", a.ID)}, said...)
	}
	return strings.Join(said, "; ")
}
