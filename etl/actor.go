package etl

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl/cores"
	"hdsreport/etl/identity"
	"hdsreport/etl/number"
	"hdsreport/etl/texts"
)

// Actor is an organisation, over all editions up to the published one.
type Actor struct {
	ID         string
	Number     int32 // stable positive integer below 1e9, for counting in formulas
	Registered bool
	PositionBy PositionBy
	IDOfName   bool   // ID is identity.ID(Name); making it again would take 1.5 % of the time of a long list
	Name       string // as the published edition's readers should see it
	Website    string
	Position   string     // a Position.Code
	Rule       string     // the pattern that proposed the position
	Source     string     // the address of the page that proposed it instead
	Names      []string   // every spelling seen, sorted
	Numbers    number.Set // what the source and the registry state, and what passed its check
	Reasons    Reasons    // why spellings with different keys are one actor, sorted

	// Namesake is the comparison key of the name, if the numbers of the actor are known.
	Namesake string
}

// PositionBy says where the position of an actor comes from.
type PositionBy uint8

const (
	ByNobody     PositionBy = iota
	ByRule                  // a proposal
	ByRegistry              // an editor
	ByCorrection            // an editor, on the published sheet
)

// actors makes an actor of each group and sets the actor of each row.
func (w *namesakes) actors() []Actor {
	groups := w.groups()
	w.numbersOverruled(groups)
	of := make([]int32, len(w.nodes))
	names := make([]string, len(w.nodes)) // shared by all actors, each of which has a part of it
	starts := make([]int, len(groups)+1)  // of these parts
	roots := make([]int, len(groups))     // found here, since finding one changes what others read
	registered := map[int]int32{}         // index in reg.Actors to actor
	for k, g := range groups {
		starts[k+1], roots[k] = starts[k]+len(g), w.root(g[0])
		if i := w.actorOf[roots[k]]; i >= 0 {
			registered[i] = int32(k)
		}
	}
	actors := make([]Actor, len(groups))
	published := w.editions[len(w.editions)-1].Date
	var ids []string
	var usual []bool
	// Whether an id is taken is found out on one core, which takes as long as the rest.
	cores.Together(func() { ids, usual = w.ids(groups, roots) }, func() {
		cores.Each(len(groups), func(from, to int) {
			for k := from; k < to; k++ {
				g, a := groups[k], &actors[k]
				a.Reasons = w.reasons[roots[k]].sorted()
				if i := w.actorOf[roots[k]]; i >= 0 {
					r := w.reg.Actors[i]
					a.Registered, a.Website = true, r.Website
					a.Name = cmp.Or(w.nameAt(r, published), w.spelling(g)) // without a name, it is the source's
				} else {
					a.Name = w.spelling(g)
				}
				a.Names = names[starts[k]:starts[k+1]:starts[k+1]]
				for i, n := range g {
					a.Names[i], of[n] = w.nodes[n].raw, int32(k)
				}
				slices.Sort(a.Names)
				if a.Numbers = w.numbersOf(roots[k]); len(a.Numbers) > 0 {
					a.Names = slices.Compact(a.Names) // one spelling may have had several numbers
					a.Namesake = w.nodes[g[0]].key
				}
			}
		})
	})
	cores.Each(len(groups), func(from, to int) {
		for k := from; k < to; k++ {
			a := &actors[k]
			a.ID, a.IDOfName = ids[k], usual[k] && a.Name == w.nodes[groups[k][0]].raw
		}
	})
	return w.giveRows(actors, of, registered)
}

// groups returns the nodes of each actor. The first node of a group determines the
// actor's id. Groups are sorted by when they first occur: if two would get the same id,
// the earlier one keeps it.
func (w *namesakes) groups() [][]int {
	members := make([]int, len(w.nodes)) // one group after another
	for i := range members {
		members[i] = i
	}
	slices.SortFunc(members, func(a, b int) int { return cmp.Or(cmp.Compare(w.root(a), w.root(b)), cmp.Compare(a, b)) })
	groups := make([][]int, 0, len(members))
	for g := range runs(members, w.root) {
		slices.SortFunc(g, w.anchorOrder)
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b []int) int {
		// Nodes are sorted by spelling.
		return cmp.Or(cmp.Compare(w.nodes[a[0]].edition, w.nodes[b[0]].edition), cmp.Compare(a[0], b[0]))
	})
	return groups
}

// ids returns the id of each group: the registry's, or else one made from its first
// spelling. usual says that it is identity.ID of that spelling. It changes nothing that
// making the actors reads; roots are the groups' roots, since looking for one would.
func (w *namesakes) ids(groups [][]int, roots []int) (ids []string, usual []bool) {
	ids, usual = make([]string, len(groups)), make([]bool, len(groups))
	numbered := w.numberedIDs() // made here, before several goroutines read them
	cores.Each(len(groups), func(from, to int) {
		own := texts.NewJoined(to - from)
		for i := from; i < to; i++ {
			own.Add(w.usualID(groups[i][0]))
			_, other := numbered[groups[i][0]]
			usual[i] = !other
		}
		for k, id := range own.Cut() {
			ids[from+k] = id
		}
	})
	given := make([]string, 0, len(w.regID)+len(groups))
	taken := texts.NewTable(cap(given), func(i int32) string { return given[i] })
	take := func(id string) (free bool) {
		given = append(given, id)
		_, twice := taken.First(int32(len(given) - 1))
		return !twice
	}
	for id := range w.regID {
		take(id)
	}
	for k, g := range groups {
		if i := w.actorOf[roots[k]]; i >= 0 {
			ids[k], usual[k] = w.reg.Actors[i].ID, false
		} else if !take(ids[k]) {
			ids[k], usual[k] = contestedID(ids[k], w.nodes[g[0]].raw), false
			take(ids[k])
		}
	}
	return ids, usual
}

// giveRows sets the actor of each row that still refers to a node. If the registry
// gives a name to several actors at different times, the edition's date decides. A
// registered actor that has no other spelling yet is added to the actors.
func (w *namesakes) giveRows(actors []Actor, of []int32, registered map[int]int32) []Actor {
	published := w.editions[len(w.editions)-1].Date
	more := map[int32]bool{} // registered actors that have been added
	for e := range w.editions {
		for l := range w.editions[e].List {
			rows := w.editions[e].List[l].Rows
			for i := range rows {
				n := int(rows[i].Actor)
				rows[i].Actor = of[n]
				c := w.bearerAt(n, e)
				if c < 0 {
					continue
				}
				a, known := registered[c]
				if !known {
					r := w.reg.Actors[c]
					a = int32(len(actors))
					registered[c] = a
					actors = append(actors,
						Actor{ID: r.ID, Registered: true, Website: r.Website,
							Name: cmp.Or(w.nameAt(r, published), w.nodes[n].display)})
				}
				rows[i].Actor = a
				actors[a].Names = append(actors[a].Names, rows[i].Name)
				more[a] = true
			}
		}
	}
	for a := range more {
		names := actors[a].Names
		slices.Sort(names)
		actors[a].Names = slices.Compact(names)
	}
	return actors
}

// bearerAt returns the registered actor that has a contested name at an edition, if
// that is not the actor of the spelling's group; otherwise -1.
func (w *namesakes) bearerAt(n, edition int) int {
	group := w.actorOf[w.root(n)]
	if group < 0 || w.regKey[w.nodes[n].key] == nil || !w.regKey[w.nodes[n].key].contested {
		return -1
	}
	if c := w.claimantOf(n, edition); c != group {
		return c
	}
	return -1
}

// anchorOrder sorts the spellings of a group; the first one determines its id. A
// spelling that a decision keeps comes first, then the oldest, then the one with the
// longest id. So an acronym that appears beside its full name does not change the id.
func (w *namesakes) anchorOrder(a, b int) int {
	x, y := &w.nodes[a], &w.nodes[b]
	if kx, ky := x.kept && !x.yields, y.kept && !y.yields; kx != ky {
		if kx {
			return -1
		}
		return 1
	}
	if x.edition != y.edition {
		return cmp.Compare(x.edition, y.edition)
	}
	ix, iy := identity.ID(x.raw), identity.ID(y.raw)
	return cmp.Or(cmp.Compare(len(iy), len(ix)), cmp.Compare(ix, iy), cmp.Compare(x.raw, y.raw))
}

// nameAt returns the name that a registered actor had at a date: a former name if its
// dates include that day, otherwise the current name.
func (w *namesakes) nameAt(r RegistryActor, at Date) string {
	name, until := r.Name, Date{}
	for _, n := range w.former[r.ID] {
		from, _ := ParseDate(n.From)
		to, ok := ParseDate(n.To)
		if !ok || at.Compare(to.Last()) > 0 || !from.IsZero() && from.Compare(at) > 0 {
			continue
		}
		// If several former names apply, take the one that ended first.
		if until.IsZero() || to.Last().Compare(until) < 0 || to.Last() == until && n.Name < name {
			name, until = n.Name, to.Last()
		}
	}
	return name
}

// formerNames returns the registry's names that have ended, by actor.
func formerNames(reg *Registry) map[string][]RegistryName {
	former := map[string][]RegistryName{}
	for _, n := range reg.Names {
		if n.Kind == "former" && n.To != "" {
			former[n.Actor] = append(former[n.Actor], n)
		}
	}
	return former
}

// spelling chooses how to write the name of an unregistered actor: as in the newest
// edition, and of its spellings the most complete one. Older and other spellings of the
// same letters lend their accents and their mixed case.
func (w *namesakes) spelling(g []int) string {
	best := g[0]
	if len(g) == 1 {
		return w.nodes[best].display // of most actors
	}
	for _, n := range g[1:] {
		x, y := &w.nodes[n], &w.nodes[best]
		if cmp.Or(cmp.Compare(y.last, x.last), compareSpelling(x, y)) < 0 {
			best = n
		}
	}
	letters := onlyLetters(w.nodes[best].display)
	for _, n := range g {
		x, y := &w.nodes[n], &w.nodes[best]
		if n != best && onlyLetters(x.display) == letters && compareSpelling(x, y) < 0 {
			best = n
		}
	}
	return w.nodes[best].display
}

// compareSpelling sorts better spellings first: those not all in capitals, the more
// complete ones, those with more accents, with fewer words in capitals, of the newer
// edition.
func compareSpelling(x, y *node) int {
	return cmp.Or(cmp.Compare(shouting(x.raw), shouting(y.raw)),
		cmp.Compare(len(onlyLetters(y.display)), len(onlyLetters(x.display))),
		cmp.Compare(accents(y.display), accents(x.display)),
		cmp.Compare(capitalWords(x.display), capitalWords(y.display)),
		cmp.Compare(y.last, x.last), cmp.Compare(x.display, y.display))
}

func onlyLetters(s string) string { return strings.ReplaceAll(fold(s), " ", "") }

// accents counts the letters that are more than a plain one of ASCII.
func accents(s string) int {
	n := 0
	for _, r := range s {
		if r >= 0x80 && unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// capitalWords counts the words of four letters and more that are all in capitals;
// shorter ones are usually acronyms.
func capitalWords(s string) int {
	n := 0
	for _, word := range strings.Fields(s) {
		if utf8.RuneCountInString(word) > 3 && shouting(word) == 1 {
			n++
		}
	}
	return n
}

func shouting(s string) int {
	if strings.ToUpper(s) == s {
		return 1
	}
	return 0
}

// numberActors gives each actor an integer that depends only on its id, except in the rare
// case of a collision. So a new actor does not change the numbers of others.
func numberActors(actors []Actor) {
	const low, span = 100_000_000, 900_000_000
	taken := texts.NewNumbers(len(actors))
	for _, i := range texts.Alphabetical(len(actors), func(i int) string { return actors[i].ID }, nil) {
		h := fnv.New32a()
		h.Write([]byte(actors[i].ID))
		n := int32(low + h.Sum32()%span)
		for !taken.Add(n) {
			if n++; n >= low+span {
				n = low
			}
		}
		actors[i].Number = n
	}
}

// contestedID returns the id of an actor whose usual id is already taken by another
// actor.
func contestedID(id, raw string) string { return id + "-" + shortHash(raw) }

func shortHash(s string) string {
	h := fnv.New32a()
	h.Write([]byte(s))
	return fmt.Sprintf("%08x", h.Sum32())
}
