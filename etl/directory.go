package etl

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

// SearchFold returns the form in which names are searched for, on the site and by status:
// in small letters without accents, with œ, æ and ß spelt out, and one space for
// everything that is no letter and no digit. The site publishes it as "fold":"v1" and its
// script computes it too, so it must not change.
func SearchFold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFD.String(s) {
		if unicode.Is(unicode.M, r) {
			continue
		}
		r = unicode.ToLower(r)
		if !unicode.IsLetter(r) && !unicode.Is(unicode.N, r) {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		switch r {
		case 'œ':
			b.WriteString("oe")
		case 'æ':
			b.WriteString("ae")
		case 'ß':
			b.WriteString("ss")
		case 'ς': // scripts and Go disagree on when a capital sigma becomes it
			b.WriteRune('σ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Directory is every actor that a workspace has ever known: those of its editions, of its
// registry and of what was published. Nothing in it says whether they are on a list.
type Directory struct {
	Entries []Entry // by id
	// Merged are ids that are an actor's no more, because a decision or the registry has
	// made it one with another; Aliases are ids that would be made from the former names
	// and aliases of the registry. Both give the actors that are meant, by rising id. No id
	// of an entry is among them.
	Merged, Aliases map[string][]string

	namer  *identity.Namer
	byName map[string][]int32 // entries by folded name
}

// Entry is one actor.
type Entry struct {
	ID, Name   string
	Actor      int32 // in Result.Actors, or -1 if no edition has it
	Position   string
	PositionBy PositionBy
	Website    string
	Names      []KnownName
	// Successors are the actors that succeed it by a decision, Predecessors those that it
	// succeeds.
	Successors, Predecessors []string
}

// KnownName is a name of an actor: one of the registry's kinds (alias, former, acronym), or
// "source" for a spelling of a source. From and To are as the registry states them.
type KnownName struct{ Name, Kind, From, To string }

// Directory collects every actor. published are the actors of all that was published.
func (res *Result) Directory(reg *Registry, namer *identity.Namer, published []PublishedActor) *Directory {
	d := &Directory{namer: namer}
	at := make(map[string]int32, len(res.Actors))
	add := func(e Entry) int32 {
		at[e.ID] = int32(len(d.Entries))
		d.Entries = append(d.Entries, e)
		return at[e.ID]
	}
	for i := range res.Actors {
		a := &res.Actors[i]
		e := Entry{ID: a.ID, Name: a.Name, Actor: int32(i), Position: a.Position, PositionBy: a.PositionBy,
			Website: a.Website}
		for _, n := range a.Names {
			e.Names = append(e.Names, KnownName{Name: n, Kind: "source"})
		}
		add(e)
	}
	d.Merged, d.Aliases = map[string][]string{}, map[string][]string{}
	absorbed := res.absorbed(reg)
	for _, r := range reg.Actors {
		if _, known := at[r.ID]; known || r.ID == "" {
			continue
		}
		if to := absorbed[r.ID]; to != "" {
			d.Merged[r.ID] = []string{to}
			continue
		}
		e := Entry{ID: r.ID, Name: cmp.Or(r.Name, r.ID), Actor: -1, Position: Unclassified, Website: r.Website}
		if r.Position != "" {
			e.Position, e.PositionBy = r.Position, ByRegistry
		}
		add(e)
	}
	for _, n := range reg.Names {
		if i, known := at[n.Actor]; known && strings.TrimSpace(n.Name) != "" {
			e := &d.Entries[i]
			e.Names = append(e.Names, KnownName{n.Name, n.Kind, n.From, n.To})
		}
	}
	d.merge(res, reg, at, published, add)
	d.succeed(reg, at)
	slices.SortFunc(d.Entries, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	d.byName = make(map[string][]int32, 2*len(d.Entries))
	for i := range d.Entries {
		d.Entries[i].orderNames()
		for _, name := range d.Entries[i].spellings() {
			put(d.byName, SearchFold(name), int32(i))
		}
	}
	return d
}

// absorbed returns, by id, the registered actors that no edition has because a decision
// says that they are another actor, with that actor's id.
func (res *Result) absorbed(reg *Registry) map[string]string {
	out := map[string]string{}
	called := res.called(reg)
	for _, r := range reg.Decisions {
		if r.Judgement != "same" {
			continue
		}
		for _, side := range [][2]string{{r.Left, r.Right}, {r.Right, r.Left}} {
			_, own := called[side[0]]
			if a, known := called[side[1]]; known && !own {
				out[side[0]] = res.Actors[a].ID
			}
		}
	}
	return out
}

// spellings are all names, the one for readers first.
func (e *Entry) spellings() []string {
	out := []string{e.Name}
	for _, n := range e.Names {
		out = append(out, n.Name)
	}
	return out
}

// orderNames sorts the names by kind and name, and drops repetitions.
func (e *Entry) orderNames() {
	kinds := []string{"source", "alias", "former", "acronym"}
	slices.SortFunc(e.Names, func(a, b KnownName) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	e.Names = slices.Compact(e.Names)
}

// put adds an entry to those of a key, once.
func put[V string | int32](m map[string][]V, key string, v V) {
	if key != "" && !slices.Contains(m[key], v) {
		m[key] = append(m[key], v)
	}
}

// merge finds the ids that are an actor's no more, and those of former names. An actor
// that was published and is nowhere else gets an entry.
func (d *Directory) merge(res *Result, reg *Registry, at map[string]int32, published []PublishedActor,
	add func(Entry) int32) {
	spelt, slugs := map[string][]string{}, map[string][]string{}
	for i := range res.Actors {
		a := &res.Actors[i]
		for _, n := range a.Names {
			put(spelt, n, a.ID)
			slug := identity.ID(n)
			put(slugs, slug, a.ID)
			put(slugs, contestedID(slug, n), a.ID)
		}
	}
	lead := func(m map[string][]string, from string, to []string) {
		if _, own := at[from]; own {
			return
		}
		for _, id := range to {
			put(m, from, id)
		}
		slices.Sort(m[from])
	}
	called := res.called(reg)
	for _, r := range reg.Decisions {
		if r.Judgement != "same" {
			continue
		}
		for _, side := range []string{r.Left, r.Right} {
			to := slugs[side] // an id that was merged away
			if a, known := called[side]; known {
				to = []string{res.Actors[a].ID}
			}
			lead(d.Merged, side, slugs[side])
			lead(d.Merged, identity.ID(side), to)
		}
	}
	for _, p := range published {
		i, known := at[p.ID]
		if !known {
			var to []string
			for _, s := range p.Sources {
				to = append(to, spelt[s]...)
			}
			if len(to) == 0 {
				to = slugs[p.ID]
			}
			if len(to) > 0 {
				lead(d.Merged, p.ID, to)
				continue
			}
			i = add(Entry{ID: p.ID, Name: cmp.Or(p.Name, p.ID), Actor: -1, Position: Unclassified})
		}
		e := &d.Entries[i]
		for _, s := range p.Sources {
			if len(spelt[s]) == 0 { // else it is known whose it is
				e.Names = append(e.Names, KnownName{Name: s, Kind: "source"})
			}
		}
	}
	for _, n := range reg.Names {
		if _, known := at[n.Actor]; known && (n.Kind == "former" || n.Kind == "alias") &&
			strings.TrimSpace(n.Name) != "" {
			lead(d.Aliases, identity.ID(n.Name), []string{n.Actor})
		}
	}
	for id := range d.Merged {
		for _, to := range d.Aliases[id] {
			put(d.Merged, id, to)
		}
		slices.Sort(d.Merged[id])
		delete(d.Aliases, id)
	}
}

// succeed links the actors that a decision declares successors.
func (d *Directory) succeed(reg *Registry, at map[string]int32) {
	called := map[string]int32{}
	for i := range d.Entries {
		for _, name := range d.Entries[i].spellings() {
			if _, known := called[name]; !known {
				called[name] = int32(i)
			}
		}
	}
	for id, i := range at {
		called[id] = i
	}
	for _, r := range reg.Decisions {
		later, known := called[r.Left]
		earlier, knownToo := called[r.Right]
		if r.Judgement == "successor" && known && knownToo && later != earlier {
			d.Entries[earlier].Successors = append(d.Entries[earlier].Successors, d.Entries[later].ID)
			d.Entries[later].Predecessors = append(d.Entries[later].Predecessors, d.Entries[earlier].ID)
		}
	}
	for i := range d.Entries {
		for _, ids := range []*[]string{&d.Entries[i].Successors, &d.Entries[i].Predecessors} {
			slices.Sort(*ids)
			*ids = slices.Compact(*ids)
		}
	}
}

// Entry returns the actor that has an id, or nil.
func (d *Directory) Entry(id string) *Entry {
	i, found := slices.BinarySearchFunc(d.Entries, id, func(e Entry, id string) int { return cmp.Compare(e.ID, id) })
	if !found {
		return nil
	}
	return &d.Entries[i]
}

// Names returns the ids of the actors that have ever borne a name, by folded name.
func (d *Directory) Names() map[string][]string {
	out := make(map[string][]string, len(d.byName))
	for name, of := range d.byName {
		for _, i := range of {
			out[name] = append(out[name], d.Entries[i].ID)
		}
	}
	return out
}

// Near is an actor that a name may mean, and why.
type Near struct {
	*Entry
	Reason message.Sayer
}

// mostNear is the largest number of actors that LookUp proposes.
const mostNear = 5

// LookUp returns the actor that has a name: one of its spellings, folded, or else one with
// the same comparison key, or else its id. Likeness finds nobody, it only fills near. If
// several actors have the name, found is nil and near holds them.
func (d *Directory) LookUp(name string) (found *Entry, near []Near) {
	folded := SearchFold(name)
	of := d.byName[folded]
	why := message.New("status-same-name")
	asked := d.namer.Parse(name)
	names, owner := []identity.Name{}, []int32{}
	if len(of) == 0 {
		for i := range d.Entries {
			for _, s := range d.Entries[i].spellings() {
				n := d.namer.Parse(s)
				names, owner = append(names, n), append(owner, int32(i))
				if !n.Blank() && n.Key == asked.Key && !slices.Contains(of, int32(i)) {
					of = append(of, int32(i))
				}
			}
		}
		why = message.New("status-same-key")
	}
	if len(of) == 0 {
		id := strings.TrimSpace(name)
		if to := d.Merged[id]; len(to) == 1 {
			id = to[0]
		}
		if e := d.Entry(id); e != nil {
			return e, nil
		}
	}
	if len(of) == 1 {
		return &d.Entries[of[0]], nil
	}
	if len(of) > 1 {
		for _, i := range of[:min(len(of), mostNear)] {
			near = append(near, Near{&d.Entries[i], message.Joined{why}})
		}
		return nil, near
	}
	return nil, d.like(asked, names, owner)
}

// like returns the actors whose names are alike, the best first.
func (d *Directory) like(asked identity.Name, names []identity.Name, owner []int32) []Near {
	ix := d.namer.NewIndex(names)
	best := map[int32]identity.Verdict{}
	for _, c := range ix.Candidates(asked, 4*candidates) {
		v := ix.Compare(asked, c.Index)
		if v.Decision == identity.Different {
			continue
		}
		if old, seen := best[owner[c.Index]]; !seen || v.Score > old.Score {
			best[owner[c.Index]] = v
		}
	}
	var order []int32
	for i := range best {
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(best[b].Score, best[a].Score), cmp.Compare(a, b))
	})
	var out []Near
	for _, i := range order[:min(len(order), mostNear)] {
		out = append(out, Near{&d.Entries[i], best[i].Reasons})
	}
	return out
}
