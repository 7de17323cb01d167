package etl

// Renaming is an actor that left a list and another one that arrived on it, for which
// there is evidence that they are one: an equal number, certificate or approval, or an
// equal name with another number. Until a person has ruled, both count as what the
// source says, one left and one arrived, and readers are told of the doubt.
type Renaming struct {
	From, To int32   // index in Result.Actors
	On       [2]bool // the lists that From left and To arrived on
	Evidence Reasons // what both have in common; never empty
	Score    float64 // 0 to 1, as in the review
	// SameName reports whether both have the same name and different numbers. They are
	// perhaps the same, and neither among those who left nor among those who arrived.
	SameName bool
	// Ruling is what a person has decided: "successor", or empty while it awaits a
	// ruling. Renamings that were ruled the same are one actor, and those that were ruled
	// different are none; neither is here.
	Ruling string
}

// Awaits reports whether nobody has ruled on it yet.
func (r *Renaming) Awaits() bool { return r.Ruling == "" }

// RenamingOf returns the renaming of an actor that left a list, or nil.
func (res *Result) RenamingOf(from int32, l Listing) *Renaming {
	for i := range res.Renamings {
		if r := &res.Renamings[i]; r.From == from && r.On[l] {
			return r
		}
	}
	return nil
}

// Awaiting returns how many of the actors that left a list may go on under another name
// and await a ruling.
func (res *Result) Awaiting(l Listing) int {
	n := 0
	for _, a := range res.Changes[l].Left {
		if r := res.RenamingOf(a, l); r != nil && r.Awaits() {
			n++
		}
	}
	return n
}
