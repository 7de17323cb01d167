package etl

import (
	"slices"

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
		for k, why := range a.reasons(namer, say) {
			m.Spellings = append(m.Spellings, Spelling{a.Names[k], why})
		}
		out = append(out, m)
	}
	return out
}

// mostTried bounds with how many of its actor's other spellings one is compared, and
// mostTold how many decisions are told of it: chains of thousands can be made.
const (
	mostTried = 32
	mostTold  = 20
)

// reasons say why each spelling is the actor: by its name, by another spelling that it
// is the same as, else by what the registry, a decision or the source itself says.
func (a *Actor) reasons(namer *identity.Namer, say message.Printer) []string {
	names := []identity.Name{namer.Parse(a.Name)}
	for _, text := range a.Names {
		names = append(names, namer.Parse(text))
	}
	// Only names that share a key, or their letters, can be the same.
	by := map[string][]int{}
	keys := func(n identity.Name) []string {
		keys := []string{n.Key}
		if n.Compact != n.Key {
			keys = append(keys, n.Compact)
		}
		for _, st := range n.Stated {
			if st.Sure && !slices.Contains(keys, st.Key) && len(keys) < mostTried {
				keys = append(keys, st.Key)
			}
		}
		return keys
	}
	for i, n := range names {
		for _, key := range keys(n) {
			by[key] = append(by[key], i)
		}
	}
	said := slices.Clone(a.Reasons[:min(len(a.Reasons), mostTold)])
	if a.Registered {
		said = slices.Insert(said, 0, message.New("merge-registry", "id", a.ID))
	}
	if more := len(a.Reasons) - mostTold; more > 0 {
		said = append(said, message.New("merge-more", "n", more))
	}
	otherwise := said.Say(say)
	out := make([]string, len(a.Names))
	for k := range out {
		own := names[k+1]
		var others []int
		for _, key := range keys(own) {
			others = append(others, by[key][:min(len(by[key]), mostTried)]...)
		}
		slices.Sort(others)
		out[k] = otherwise
		for _, i := range slices.Compact(others) {
			if i == k+1 {
				continue
			}
			if v := namer.Compare(own, names[i]); v.Decision == identity.Same {
				out[k] = say.Say("merge-as", "name", names[i].Raw, "reasons", v.Reasons)
				break
			}
		}
	}
	return out
}
