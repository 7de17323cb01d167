package etl

import (
	"slices"

	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

// Merge is an actor of the published edition that has several spellings, with the
// reason for each.
type Merge struct {
	Actor     string     `json:"actor"` // its id
	Name      string     `json:"name"`
	Spellings []Spelling `json:"spellings"`
}

// Spelling is one way in which the lists write an actor's name, and the reason why it
// is this actor. There always is a reason.
type Spelling struct {
	Text   string `json:"text"`
	Reason string `json:"reason"`
}

// Merges explains each actor of the published edition that has several spellings, in
// alphabetical order. A reader who doubts a count can check it there.
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

// mostTried is the largest number of other spellings of its actor that a spelling is
// compared with. mostTold is the largest number of decisions that are listed for an
// actor. Without these bounds, chains of thousands would take too long.
const (
	mostTried = 32
	mostTold  = 20
)

// reasons returns for each spelling why it is this actor: because of the actor's name,
// or of another spelling with the same key, or because the registry, a decision or the
// source says so.
func (a *Actor) reasons(namer *identity.Namer, say message.Printer) []string {
	names := []identity.Name{namer.Parse(a.Name)}
	for _, text := range a.Names {
		names = append(names, namer.Parse(text))
	}
	// Only names with the same key, or the same letters, can be the same.
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
