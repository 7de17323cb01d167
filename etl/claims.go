package etl

import (
	"cmp"
	"slices"
	"strings"

	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/number"
)

// claim says that a registered actor has a name whose key is the one in question.
type claim struct {
	actor    int
	name     identity.Name
	from, to Date
	place    Place
}

// holders holds the claims on one key.
type holders struct {
	claims    []claim
	known     map[claimed]bool
	spelled   map[string][]int // indices into claims, by spelling
	unlike    []int            // indices of the claims whose kind or dates differ from all earlier ones
	contested bool             // several actors claim the key; only then do the dates of the names matter
}

// claimed identifies a claim: two claims with equal values need not both be kept. The
// text is a spelling or a kind of name.
type claimed struct {
	actor    int
	from, to Date
	text     string
}

// asked is the key of the cache of claimants: everything that the result depends on.
type asked struct {
	kind, spelling string // spelling is set only if the registry has the same spelling
	numbers        string
	at             Date
}

// claims collects the keys of the registry's names, and reports the contested ones.
func (w *namesakes) claims() {
	w.claimActors()
	w.claimNames()
	told := map[[2]Place]bool{} // a name may have two keys; it is reported once
	for _, key := range sorted(w.regKey) {
		w.reportContested(w.regKey[key], told)
	}
}

func (w *namesakes) claimActors() {
	for i, a := range w.reg.Actors {
		if a.ID == "" {
			w.report(Find(Error, CodeRegistryValue, a.Place).Said("actor-incomplete"))
			continue
		}
		if first, twice := w.regID[a.ID]; twice {
			w.report(Find(Error, CodeRegistryDuplicate, a.Place, "id", a.ID,
				"line", w.reg.Actors[first].Place.Row).Said("actor"))
			continue
		}
		w.regID[a.ID] = i
		if numbers, bad := number.Parse(a.Numbers); len(bad) > 0 {
			w.report(Find(Error, CodeRegistryValue, a.Place, "name", a.Name, "numbers", bad).Said("numbers"))
		} else if len(numbers) > 0 {
			w.held[len(w.nodes)+i] = numbers
		}
		if strings.TrimSpace(a.Name) != "" { // otherwise the name is the source's, found by its id
			w.claim(a.Name, i, Date{}, Date{}, a.Place)
		}
		if a.Website != "" {
			if err := CheckLink(a.Website); err != nil {
				w.report(Find(Error, CodeRegistryValue, a.Place, "name", a.Name, "why", err).Said("website"))
			}
		}
	}
}

func (w *namesakes) claimNames() {
	once, unknown := map[RegistryName]Place{}, map[string]bool{}
	for _, n := range w.reg.Names {
		i, ok := w.regID[n.Actor]
		if !ok {
			if !unknown[n.Actor] { // reported once for each actor
				unknown[n.Actor] = true
				w.report(Find(Error, CodeRegistryUnknown, n.Place, "actor", n.Actor).Said("actor"))
			}
			continue
		}
		if strings.TrimSpace(n.Name) == "" {
			w.report(Find(Error, CodeRegistryValue, n.Place, "actor", n.Actor).Said("name-missing"))
			continue
		}
		line := RegistryName{Actor: n.Actor, Name: cmp.Or(fold(n.Name), n.Name), From: n.From, To: n.To}
		if first, twice := once[line]; twice {
			w.report(Find(Warning, CodeRegistryDuplicate, n.Place, "name", n.Name, "actor", n.Actor,
				"line", first.Row).Said("name"))
		} else {
			once[line] = n.Place
		}
		from, okFrom := ParseDate(n.From)
		to, okTo := ParseDate(n.To)
		if !okFrom || !okTo {
			w.report(Find(Error, CodeRegistryValue, n.Place, "from", n.From, "to", n.To).Said("name-dates"))
		}
		if !slices.Contains([]string{"alias", "former", "acronym"}, n.Kind) {
			w.report(Find(Error, CodeRegistryValue, n.Place, "kind", n.Kind).Said("name-kind"))
		}
		if !from.IsZero() && !to.IsZero() && to.Last().Compare(from) < 0 {
			w.report(Find(Error, CodeRegistryValue, n.Place, "name", n.Name, "to", to,
				"from", from).Said("name-reversed"))
		}
		w.claim(n.Name, i, from, to, n.Place)
	}
}

func (w *namesakes) claim(text string, actor int, from, to Date, place Place) {
	c := claim{actor, w.names.parse(text), from, to, place}
	kind := w.names.namer.Kind(c.name)
	for _, key := range []string{c.name.Key, c.name.Compact} {
		h := w.regKey[key]
		if h == nil {
			h = &holders{known: map[claimed]bool{}, spelled: map[string][]int{}}
			w.regKey[key] = h
		}
		exact := claimed{actor, from, to, "=" + text}
		if h.known[exact] {
			continue
		}
		h.known[exact] = true
		alike := claimed{actor, from, to, "~" + kind}
		if !h.known[alike] || len(w.differ) > 0 { // a decision may be about this very spelling
			h.unlike = append(h.unlike, len(h.claims))
		}
		h.known[alike] = true
		h.spelled[text] = append(h.spelled[text], len(h.claims))
		h.claims = append(h.claims, c)
		h.contested = h.contested || actor != h.claims[0].actor
	}
}

// mostContested is the largest number of findings about one contested name. Whoever has
// more has to look at the whole table.
const mostContested = 100

// reportContested reports a name that two actors have, unless they had it at different
// times.
func (w *namesakes) reportContested(h *holders, told map[[2]Place]bool) {
	if !h.contested {
		return
	}
	byStart := make([]int, len(h.claims))
	for i := range byStart {
		byStart[i] = i
	}
	slices.SortStableFunc(byStart, func(i, j int) int { return h.claims[i].from.Compare(h.claims[j].from) })
	var open []int // claims that have begun and not yet ended
	reported := 0
	for _, i := range byStart {
		open = slices.DeleteFunc(open, func(j int) bool { return h.claims[j].endsBefore(h.claims[i].from) })
		for _, j := range open {
			first, second := h.claims[min(i, j)], h.claims[max(i, j)]
			if first.actor == second.actor || !overlap(first, second) || w.toldApart(first, second) ||
				number.Contradict(w.held[len(w.nodes)+first.actor], w.held[len(w.nodes)+second.actor]) {
				continue
			}
			if pair := [2]Place{first.place, second.place}; !told[pair] || first.place.Row == 0 {
				told[pair] = true
				a, b := w.reg.Actors[first.actor], w.reg.Actors[second.actor]
				w.report(Find(Error, CodeAliasAmbiguous, second.place, "name", second.name.Raw, "actor", b.ID,
					"other", a.ID, "place", first.place))
			}
			if reported++; reported == mostContested {
				return
			}
		}
		open = append(open, i)
	}
}

// toldApart reports whether the names of two claims are written differently and a
// person has decided that they are two actors. Each actor then has its own spelling
// only.
func (w *namesakes) toldApart(a, b claim) bool {
	if len(w.differ) == 0 || a.name.Raw == b.name.Raw {
		return false
	}
	for _, x := range [2]string{w.reg.Actors[a.actor].ID, a.name.Raw} {
		for _, y := range [2]string{w.reg.Actors[b.actor].ID, b.name.Raw} {
			if w.differ[[2]string{x, y}] {
				return true
			}
		}
	}
	return false
}

func (c claim) endsBefore(d Date) bool {
	return !c.to.IsZero() && !d.IsZero() && c.to.Last().Compare(d) < 0
}

func overlap(a, b claim) bool { return !a.endsBefore(b.from) && !b.endsBefore(a.from) }

// claimant returns the index of the registered actor that a name belongs to at a date,
// or -1. Equal keys are not enough if the legal forms contradict each other, or if the
// registry states another number than the name's.
func (w *namesakes) claimant(name identity.Name, numbers number.Set, at Date) int {
	q := asked{kind: w.names.namer.Kind(name), numbers: numbers.String(), at: at}
	for _, key := range [2]string{name.Key, name.Compact} {
		if h := w.regKey[key]; h != nil && h.spelled[name.Raw] != nil {
			q.spelling = name.Raw
		}
	}
	found, known := w.claimants[q]
	if !known {
		found = w.findClaimant(name, numbers, at)
		w.claimants[q] = found
	}
	return found
}

func (w *namesakes) findClaimant(name identity.Name, numbers number.Set, at Date) int {
	found, equal := -1, false // equal: the registry states the name's own number
	for _, key := range [2]string{name.Key, name.Compact} {
		h := w.regKey[key]
		if h == nil {
			continue
		}
		for _, i := range h.unlike {
			c := &h.claims[i]
			if c.actor == found {
				continue
			}
			dated := !c.from.IsZero() && c.from.Compare(at) > 0 || !c.to.IsZero() && c.to.Last().Compare(at) < 0
			if dated && h.contested || !w.names.namer.Vouched(name, c.name) || w.givenUp(*c, h, name.Raw) {
				continue
			}
			stated := number.Compare(numbers, w.held[len(w.nodes)+c.actor])
			switch own := len(stated.Equal) > 0; {
			case stated.Contradict(), found >= 0 && equal && !own:
				continue
			case found >= 0 && own == equal:
				return -1
			default:
				found, equal = c.actor, own
			}
		}
	}
	return found
}

// claimantOf returns the claimant of a node's name at the date of an edition.
func (w *namesakes) claimantOf(i, edition int) int {
	if w.regKey[w.nodes[i].key] == nil && w.regKey[w.nodes[i].compact] == nil {
		return -1
	}
	return w.claimant(w.name(i), w.held[i], w.editions[edition].Date)
}

// givenUp reports whether another actor has exactly this spelling, and a person has
// decided that it and the claim's actor are different.
func (w *namesakes) givenUp(c claim, h *holders, spelling string) bool {
	if len(w.differ) == 0 {
		return false
	}
	return slices.ContainsFunc(h.spelled[spelling], func(i int) bool {
		return h.claims[i].actor != c.actor && w.toldApart(h.claims[i], c)
	})
}

// joinRegistered joins spellings to the registered actors that they belong to.
func (w *namesakes) joinRegistered() {
	// Exact spellings come first: if a decision keeps an exact and a similar spelling
	// apart, the registered actor gets the exact one.
	for _, exact := range [...]bool{true, false} {
		for i := range w.nodes {
			a := w.claimantOf(i, w.nodes[i].edition)
			if a >= 0 && (w.reg.Actors[a].Name == w.nodes[i].raw) == exact {
				w.join(len(w.nodes)+a, i, message.Message{}, w.reg.Actors[a].Place)
			}
		}
	}
	// An actor may have been registered under an id that was made from a spelling. It
	// keeps that spelling even after its name was corrected.
	for i := range w.nodes {
		if len(w.regID) == 0 {
			break
		}
		a, ok := w.regID[w.usualID(i)]
		if ok && w.actorOf[w.root(i)] < 0 && w.regKey[w.nodes[i].key] == nil &&
			!number.Contradict(w.held[i], w.held[len(w.nodes)+a]) {
			w.join(len(w.nodes)+a, i, message.New("reason-id", "name", w.nodes[i].raw), w.reg.Actors[a].Place)
		}
	}
}
