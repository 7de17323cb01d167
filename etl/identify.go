package etl

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"iter"
	"slices"
	"strings"

	"hdsreport/etl/identity"
)

// Actor is an organisation, over all editions up to the published one.
type Actor struct {
	ID         string
	Number     int32  // stable positive integer below 1e9, for counting in formulas
	Name       string // as the published edition's readers should see it
	Website    string
	Registered bool
	Position   string // a Position.Code
	PositionBy PositionBy
	Rule       string   // the pattern that proposed the position
	Names      []string // every spelling seen, sorted
	Reasons    []string // why spellings with different keys are one actor, sorted
}

// PositionBy says who gave an actor its position.
type PositionBy uint8

const (
	ByNobody     PositionBy = iota
	ByRule                  // a proposal
	ByRegistry              // an editor
	ByCorrection            // an editor, on the published sheet
)

// node is one spelling. Spellings become one actor by union; what joins them is
// always a key, the registry, a decision, or a name that the source states.
//
// Of its parsed name it holds what every stage asks for. The rest, some three
// hundred bytes, is read again where two names are compared, which is seldom: most
// spellings of a long list are the only one of their key.
type node struct {
	raw     string
	key     string
	compact string
	display string
	stated  []identity.Stated
	edition int     // the first one that has it,
	list    Listing // and where in it
	line    int32
	last    int  // the last one
	kept    bool // on the left of a decision that two are the same: its id stays,
	yields  bool // unless it is on the right of another
}

// namesakes resolves spellings to actors.
type namesakes struct {
	names     *parsedNames
	reg       *Registry
	editions  []Edition
	nodes     []node
	byKey     []int         // nodes by key, then by spelling
	byCompact []int         // likewise by all letters, legal form included, where that is not the key
	parent    []int         // over nodes, then registry actors
	actorOf   []int         // by root: index into reg.Actors, or -1
	enemies   map[int][]int // by root: members of groups that it must not join
	reasons   map[int][]string
	regID     map[string]int // id to index in reg.Actors
	regKey    map[string][]claim
	findings  []Finding
}

// claim is a registered name's hold on a key.
type claim struct {
	actor    int
	name     identity.Name
	from, to Date
	place    Place
}

// identify gives every row its actor. Order of rows, of files and of registry
// lines does not matter.
func identify(names *parsedNames, reg *Registry, editions []Edition) ([]Actor, []Finding) {
	w := newNamesakes(names, reg, editions)
	w.collect()
	w.claims()
	w.keepApart()
	w.joinDecided()
	w.joinRegistered()
	w.joinEqual()
	w.joinStated()
	return w.actors(), w.findings
}

func newNamesakes(names *parsedNames, reg *Registry, editions []Edition) *namesakes {
	return &namesakes{names: names, reg: reg, editions: editions,
		enemies: map[int][]int{}, reasons: map[int][]string{}, regID: map[string]int{}, regKey: map[string][]claim{}}
}

// collect gathers the spellings of all editions, in the order of the alphabet.
// Until actors are known a row's Actor is its node.
func (w *namesakes) collect() {
	most, all := 0, 0
	for e := range w.editions {
		for l := range w.editions[e].List {
			n := len(w.editions[e].List[l].Rows)
			most, all = max(most, n), all+n
		}
	}
	type meeting struct {
		raw           string
		line          int32
		edition, last int32
		list          Listing
	}
	met := make([]meeting, 0, most)
	at := newTexts(all, func(i int32) string { return met[i].raw })
	for e := range w.editions {
		for l := range w.editions[e].List {
			rows := w.editions[e].List[l].Rows
			for i := range rows {
				own := int32(len(met))
				met = append(met, meeting{raw: rows[i].Name, line: rows[i].Line, edition: int32(e), last: int32(e), list: Listing(l)})
				n, known := at.first(own)
				if known {
					met = met[:own]
					met[n].last = int32(e)
				}
				rows[i].Actor = n
			}
		}
	}
	w.nodes = make([]node, len(met))
	is := make([]int32, len(met))
	for i, m := range alphabetical(len(met), func(i int) string { return met[i].raw }, nil) {
		is[m] = int32(i)
		n := &met[m]
		w.nodes[i] = node{raw: n.raw, edition: int(n.edition), list: n.list, line: n.line, last: int(n.last)}
	}
	w.parse()
	w.byKey = inOrderOf(len(w.nodes), func(i int) string { return w.nodes[i].key })
	w.byCompact = slices.DeleteFunc(inOrderOf(len(w.nodes), func(i int) string { return w.nodes[i].compact }),
		func(i int) bool { return w.nodes[i].compact == w.nodes[i].key })
	for e := range w.editions {
		for l := range w.editions[e].List {
			rows := w.editions[e].List[l].Rows
			for i := range rows {
				rows[i].Actor = is[rows[i].Actor]
			}
		}
	}
	w.parent = make([]int, len(w.nodes)+len(w.reg.Actors))
	w.actorOf = make([]int, len(w.parent))
	for i := range w.parent {
		w.parent[i] = i
		w.actorOf[i] = i - len(w.nodes)
		if i < len(w.nodes) {
			w.actorOf[i] = -1
		}
	}
}

// parse reads the spellings.
func (w *namesakes) parse() {
	parse := func(i int, parse func(string) identity.Name) {
		n := &w.nodes[i]
		name := parse(n.raw)
		n.key, n.compact, n.display, n.stated = name.Key, name.Compact, name.Display, name.Stated
		// Mostly the same letters: one text in memory.
		if n.compact == n.key {
			n.compact = n.key
		}
		if n.display == n.raw {
			n.display = n.raw
		}
	}
	remembered := min(len(w.nodes), mostParsed)
	for i := range remembered {
		parse(i, w.names.parse)
	}
	OnAllCores(len(w.nodes)-remembered, func(from, to int) {
		nodes := w.nodes[remembered+from : remembered+to]
		keys := newJoined(len(nodes))
		for i := range nodes {
			parse(remembered+from+i, w.names.namer.Parse)
			keys.add(nodes[i].key)
		}
		for i, key := range keys.cut() {
			if n := &nodes[i]; n.compact == n.key {
				n.key, n.compact = key, key
			} else {
				n.key = key
			}
		}
	})
}

// name is all of a node's parsed name.
func (w *namesakes) name(i int) identity.Name { return w.names.parse(w.nodes[i].raw) }

// find is the node of a spelling.
func (w *namesakes) find(raw string) (int, bool) {
	return slices.BinarySearchFunc(w.nodes, raw, func(n node, raw string) int { return cmp.Compare(n.raw, raw) })
}

// inOrderOf is the numbers 0 to n-1 in the order of their texts, equal ones by number.
func inOrderOf(n int, text func(i int) string) []int {
	order := make([]int, n)
	for i, at := range alphabetical(n, text, nil) {
		order[i] = int(at)
	}
	return order
}

// ofKey are the nodes of a key, in order of spelling.
func (w *namesakes) ofKey(key string) []int {
	from, _ := slices.BinarySearchFunc(w.byKey, key, func(i int, key string) int { return cmp.Compare(w.nodes[i].key, key) })
	to := from
	for to < len(w.byKey) && w.nodes[w.byKey[to]].key == key {
		to++
	}
	return w.byKey[from:to:to]
}

// claims reads which keys the registry's names hold.
func (w *namesakes) claims() {
	for i, a := range w.reg.Actors {
		if a.ID == "" || a.Name == "" {
			w.report(Error, CodeRegistryValue, a.Place, "an actor needs an id and a name", "fill both columns")
			continue
		}
		if first, twice := w.regID[a.ID]; twice {
			w.report(Error, CodeRegistryDuplicate, a.Place, fmt.Sprintf("the id %s is on line %d already", a.ID, w.reg.Actors[first].Place.Row), "keep one of the two lines")
			continue
		}
		w.regID[a.ID] = i
		w.claim(a.Name, i, Date{}, Date{}, a.Place)
		if a.Website != "" {
			if err := CheckLink(a.Website); err != nil {
				w.findings = append(w.findings, Find(Error, CodeRegistryValue, a.Place, "name", a.Name, "why", err).Said("website"))
			}
		}
	}
	once, unknown := map[RegistryName]Place{}, map[string]bool{}
	for _, n := range w.reg.Names {
		i, ok := w.regID[n.Actor]
		if !ok {
			if !unknown[n.Actor] { // told once, however many names it has
				unknown[n.Actor] = true
				w.findings = append(w.findings, Find(Error, CodeRegistryUnknown, n.Place, "actor", n.Actor).Said("actor"))
			}
			continue
		}
		if strings.TrimSpace(n.Name) == "" {
			w.report(Error, CodeRegistryValue, n.Place, fmt.Sprintf("another name of %s is needed here", n.Actor), "fill the column name, or remove the line")
			continue
		}
		line := RegistryName{Actor: n.Actor, Name: fold(n.Name), From: n.From, To: n.To}
		if first, twice := once[line]; twice {
			w.report(Warning, CodeRegistryDuplicate, n.Place, fmt.Sprintf("the name %q of %s is on line %d already", n.Name, n.Actor, first.Row), "keep one of the two lines")
		} else {
			once[line] = n.Place
		}
		from, okFrom := ParseDate(n.From)
		to, okTo := ParseDate(n.To)
		if !okFrom || !okTo {
			w.report(Error, CodeRegistryValue, n.Place, fmt.Sprintf("%q to %q are not dates", n.From, n.To), "write 2019-06-17, 2019-06 or 2019")
		}
		if !slices.Contains([]string{"alias", "former", "acronym"}, n.Kind) {
			w.report(Error, CodeRegistryValue, n.Place, fmt.Sprintf("the kind %q is none that names.csv knows", n.Kind), "write alias, former or acronym")
		}
		if !from.IsZero() && !to.IsZero() && to.Last().Compare(from) < 0 {
			w.report(Error, CodeRegistryValue, n.Place, fmt.Sprintf("the name %q would end, %s, before it begins, %s", n.Name, n.To, n.From), "correct the columns from and to")
		}
		w.claim(n.Name, i, from, to, n.Place)
	}
	// One name of two actors is a contradiction, unless they bore it at different
	// times.
	told := map[[2]Place]bool{} // a name may be two keys
	for _, key := range sorted(w.regKey) {
		cs := w.regKey[key]
		for i := range cs {
			for _, o := range cs[:i] {
				if o.actor == cs[i].actor || !overlap(o, cs[i]) || w.toldApart(o, cs[i]) {
					continue
				}
				a, b := w.reg.Actors[o.actor], w.reg.Actors[cs[i].actor]
				if pair := [2]Place{o.place, cs[i].place}; !told[pair] || o.place.Row == 0 {
					told[pair] = true
					w.report(Error, CodeAliasAmbiguous, cs[i].place, fmt.Sprintf("the name %q of %s is also a name of %s (%s); rows that bear it are given to neither", cs[i].name.Raw, b.ID, a.ID, o.place), "take the name from one of the two, or date it in names.csv")
				}
			}
		}
	}
}

// toldApart tells that two names of one key are written differently and that a
// person has ruled that they are two actors: then each is its own spelling's.
func (w *namesakes) toldApart(a, b claim) bool {
	if a.name.Raw == b.name.Raw {
		return false
	}
	means := func(side string, c claim) bool { return side == w.reg.Actors[c.actor].ID || side == c.name.Raw }
	return slices.ContainsFunc(w.reg.Decisions, func(d RegistryDecision) bool {
		return d.Judgement == "different" && (means(d.Left, a) && means(d.Right, b) || means(d.Left, b) && means(d.Right, a))
	})
}

func (w *namesakes) claim(text string, actor int, from, to Date, place Place) {
	c := claim{actor, w.names.parse(text), from, to, place}
	for _, key := range []string{c.name.Key, c.name.Compact} {
		held := slices.ContainsFunc(w.regKey[key], func(o claim) bool {
			return o.actor == actor && o.from == from && o.to == to && o.name.Raw == text
		})
		if !held {
			w.regKey[key] = append(w.regKey[key], c)
		}
	}
}

func overlap(a, b claim) bool {
	ends := func(c claim, d Date) bool { return !c.to.IsZero() && !d.IsZero() && c.to.Last().Compare(d) < 0 }
	return !ends(a, b.from) && !ends(b, a.from)
}

// claimant is the registered actor that a name belongs to at a date, or -1. Equal
// keys are not enough where the legal forms contradict each other.
func (w *namesakes) claimant(name identity.Name, at Date) int {
	found := -1
	for _, key := range []string{name.Key, name.Compact} {
		for _, c := range w.regKey[key] {
			dated := !c.from.IsZero() && c.from.Compare(at) > 0 || !c.to.IsZero() && c.to.Last().Compare(at) < 0
			if dated && w.contested(key) || w.names.namer.Compare(name, c.name).Decision != identity.Same || w.givenUp(c, key, name.Raw) {
				continue
			}
			if found >= 0 && found != c.actor {
				return -1
			}
			found = c.actor
		}
	}
	return found
}

// claimantOf is the claimant of a node's name at an edition.
func (w *namesakes) claimantOf(i, edition int) int {
	if len(w.regKey[w.nodes[i].key]) == 0 && len(w.regKey[w.nodes[i].compact]) == 0 {
		return -1
	}
	return w.claimant(w.name(i), w.editions[edition].Date)
}

// givenUp tells that a name is another actor's who bears this very spelling, where
// a person has ruled that the two are not one.
func (w *namesakes) givenUp(c claim, key, spelling string) bool {
	return slices.ContainsFunc(w.regKey[key], func(o claim) bool {
		return o.actor != c.actor && o.name.Raw == spelling && w.toldApart(o, c)
	})
}

// contested tells that several registered actors hold a key; only then do the
// dates of their names decide.
func (w *namesakes) contested(key string) bool {
	for _, c := range w.regKey[key] {
		if c.actor != w.regKey[key][0].actor {
			return true
		}
	}
	return false
}

// subjects are the members that a decision's left or right means: the actor of
// an id, else the exact spelling, else all spellings of its key.
func (w *namesakes) subjects(s string) []int {
	if i, ok := w.regID[s]; ok {
		return []int{len(w.nodes) + i}
	}
	if i, ok := w.find(s); ok {
		return []int{i}
	}
	if ns := w.ofKey(w.names.parse(s).Key); len(ns) > 0 {
		return ns
	}
	for i := range w.nodes {
		if id := identity.ID(w.nodes[i].raw); id == s || contestedID(id, w.nodes[i].raw) == s {
			return []int{i}
		}
	}
	return nil
}

// contestedID is the id of an actor whose own another has already.
func contestedID(id, raw string) string { return id + "-" + shortHash(raw) }

// keepApart notes who must not become one.
func (w *namesakes) keepApart() {
	w.repeated()
	for _, d := range w.reg.Decisions {
		left, right := w.subjects(d.Left), w.subjects(d.Right)
		switch d.Judgement {
		case "same":
		case "different", "successor": // who succeeds another is another
			for _, l := range left {
				for _, r := range right {
					w.enemies[l] = append(w.enemies[l], r)
					w.enemies[r] = append(w.enemies[r], l)
				}
			}
		default:
			w.report(Error, CodeRegistryValue, d.Place, fmt.Sprintf("the judgement %q is none that decisions.csv knows", d.Judgement), "write same, different or successor")
		}
		for side, found := range map[string]bool{d.Left: len(left) > 0, d.Right: len(right) > 0} {
			// A successor's predecessor may have left the lists before the first edition.
			if !found && (d.Judgement != "successor" || side == d.Left) {
				w.report(Info, CodeRegistryUnused, d.Place, fmt.Sprintf("no edition and no registered actor bears the name %q of this decision", side), "nothing, if it is kept for later")
			}
		}
	}
}

// repeated reports decisions that say what another line says, that contradict it,
// or that are about one name: a ruling is on a pair, once.
func (w *namesakes) repeated() {
	lines := map[[2]string]RegistryDecision{}
	for _, d := range w.reg.Decisions {
		if d.Left == "" || d.Right == "" || d.Left == d.Right {
			w.report(Error, CodeRegistryValue, d.Place, fmt.Sprintf("a decision is about two names, and this one about %q and %q", d.Left, d.Right), "fill both columns, or remove the line")
			continue
		}
		if _, ok := ParseDate(d.Date); !ok {
			w.report(Warning, CodeRegistryValue, d.Place, fmt.Sprintf("the decision's date %q is no date", d.Date), "write 2019-06-17")
		}
		pair := [2]string{min(d.Left, d.Right), max(d.Left, d.Right)}
		first, twice := lines[pair]
		switch {
		case !twice:
			lines[pair] = d
		case d.Judgement == first.Judgement && (d.Judgement != "successor" || d.Left == first.Left):
			w.report(Warning, CodeRegistryDuplicate, d.Place, fmt.Sprintf("the decision that %s and %s are %s is on line %d already", d.Left, d.Right, d.Judgement, first.Place.Row), "keep one of the two lines")
		case d.Judgement == "same" || first.Judgement == "same":
			// Reported where decisions join names: there it is known who is meant.
		case d.Judgement == "successor" && first.Judgement == "successor":
			w.report(Error, CodeDecisionsConflict, d.Place, fmt.Sprintf("%s succeeds %s by this decision, and the other way round by line %d", d.Left, d.Right, first.Place.Row), "keep one of the decisions in registry/decisions.csv")
		}
	}
}

func (w *namesakes) joinDecided() {
	// Where decisions cannot all hold, which ones do must not depend on their lines.
	ds := slices.Clone(w.reg.Decisions)
	slices.SortStableFunc(ds, func(a, b RegistryDecision) int {
		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
	for _, d := range ds {
		if d.Judgement != "same" {
			continue
		}
		left, right := w.subjects(d.Left), w.subjects(d.Right)
		for _, r := range right {
			if r < len(w.nodes) {
				w.nodes[r].yields = true
			}
		}
		for _, l := range left {
			if l < len(w.nodes) {
				w.nodes[l].kept = true
			}
			for _, r := range right {
				if w.apart(l, r) {
					w.report(Error, CodeDecisionsConflict, d.Place, fmt.Sprintf("%s and %s are the same by this decision, and different or successors by another or by what follows from others; they stay two", w.said(l), w.said(r)), "keep one of the decisions in registry/decisions.csv")
					continue
				}
				w.join(l, r, fmt.Sprintf("decided the same by %s on %s", d.By, d.Date), d.Place)
			}
		}
	}
}

func (w *namesakes) joinRegistered() {
	// Who bears a name as the registry spells it comes before who bears one like
	// it: where a decision keeps the two apart, the actor is the former's.
	for _, exact := range [...]bool{true, false} {
		for i := range w.nodes {
			a := w.claimantOf(i, w.nodes[i].edition)
			if a >= 0 && (w.reg.Actors[a].Name == w.nodes[i].raw) == exact {
				w.join(len(w.nodes)+a, i, "", w.reg.Actors[a].Place)
			}
		}
	}
	// An actor that entered the registry under an id made from a spelling keeps that
	// spelling, whatever its name is corrected to.
	for i := range w.nodes {
		if len(w.regID) == 0 {
			break
		}
		a, ok := w.regID[identity.ID(w.nodes[i].raw)]
		if ok && w.actorOf[w.root(i)] < 0 && len(w.regKey[w.nodes[i].key]) == 0 {
			w.join(len(w.nodes)+a, i, fmt.Sprintf("the registry has the id of %q", w.nodes[i].raw), w.reg.Actors[a].Place)
		}
	}
}

// joinEqual joins spellings that are the same by their keys and do not contradict
// each other by their legal forms. Sameness is not transitive there: "X AG" and
// "X GmbH" are both the same as "X". Two spellings are joined only if they stand
// alike to all others of their key, which does not depend on any order; what is
// then left apart is reported.
func (w *namesakes) joinEqual() {
	for group := range runs(w.byKey, func(i int) string { return w.nodes[i].key }) {
		w.joinGroup(group)
	}
	// "SolwarePLC" has another key than "Solware PLC", but the same letters.
	for group := range runs(w.byCompact, func(i int) string { return w.nodes[i].compact }) {
		if of := w.ofKey(w.nodes[group[0]].compact); len(of) > 0 {
			group = slices.Concat(group, of)
			slices.Sort(group)
		}
		w.joinGroup(group)
	}
}

// runs are the stretches of equal keys in a sorted list.
func runs(sorted []int, key func(int) string) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for from := 0; from < len(sorted); {
			to := from + 1
			for to < len(sorted) && key(sorted[to]) == key(sorted[from]) {
				to++
			}
			if !yield(sorted[from:to:to]) {
				return
			}
			from = to
		}
	}
}

func (w *namesakes) joinGroup(group []int) {
	if len(group) < 2 {
		return
	}
	names := make([]identity.Name, len(group))
	for i, n := range group {
		names[i] = w.name(n)
	}
	same := make([][]bool, len(group))
	for i := range group {
		same[i] = make([]bool, len(group))
		same[i][i] = true
		for j := range i {
			v := w.names.namer.Compare(names[i], names[j])
			same[i][j] = v.Decision == identity.Same
			same[j][i] = same[i][j]
		}
	}
	for i := range group {
		for j := range i {
			if !same[i][j] {
				continue
			}
			if slices.Equal(same[i], same[j]) {
				w.join(group[j], group[i], "", Place{})
			} else if w.root(group[i]) != w.root(group[j]) {
				w.report(Warning, CodeIdentityClash, w.placeOf(group[i]), fmt.Sprintf("%q and %q have one key, but a third name is the same as only one of them; they stay two", w.nodes[group[j]].raw, w.nodes[group[i]].raw), "rule on it in registry/decisions.csv")
			}
		}
	}
}

// joinStated follows acronyms and former names that a source states itself, when
// one actor only states them.
func (w *namesakes) joinStated() {
	by := map[string][]int{}
	for i := range w.nodes {
		for _, s := range w.nodes[i].stated {
			if s.Sure && s.Key != "" && s.Key != w.nodes[i].key {
				by[s.Key] = append(by[s.Key], i)
			}
		}
	}
	for _, key := range sorted(by) {
		target := w.ofKey(key)
		claimed := w.regKey[key]
		if len(target) == 0 && len(claimed) == 0 {
			// Two spellings that state the same name and nothing bears it alone: no
			// evidence more than likeness.
			continue
		}
		first := w.root(by[key][0])
		for _, o := range by[key][1:] {
			if w.root(o) != first {
				first = -1
				w.report(Warning, CodeStatedAmbiguous, w.placeOf(by[key][0]), fmt.Sprintf("%q and %q both state the name that %q bears; they are not joined to it", w.nodes[by[key][0]].raw, w.nodes[o].raw, w.bearer(key)), "rule on it in registry/decisions.csv")
				break
			}
		}
		if first < 0 {
			continue
		}
		n := by[key][0]
		why := fmt.Sprintf("%q is stated in %q", w.bearer(key), w.nodes[n].raw)
		if len(target) > 0 {
			w.join(n, target[0], why, w.placeOf(n))
			continue
		}
		if a := w.claimant(w.names.parse(w.bearer(key)), w.editions[w.nodes[n].edition].Date); a >= 0 {
			w.join(len(w.nodes)+a, n, why, w.placeOf(n))
		}
	}
}

func (w *namesakes) bearer(key string) string {
	if ns := w.ofKey(key); len(ns) > 0 {
		return w.nodes[ns[0]].raw
	}
	if cs := w.regKey[key]; len(cs) > 0 {
		return w.reg.Actors[cs[0].actor].Name
	}
	return key
}

// placeOf is where a spelling stands for the first time.
func (w *namesakes) placeOf(n int) Place {
	list := &w.editions[w.nodes[n].edition].List[w.nodes[n].list]
	return Place{File: list.Source.Table.File, Sheet: list.Source.Table.Sheet, Row: int(w.nodes[n].line)}
}

func (w *namesakes) root(i int) int {
	for w.parent[i] != i {
		w.parent[i] = w.parent[w.parent[i]]
		i = w.parent[i]
	}
	return i
}

// join makes two one, unless a person has said that they are not: then it is
// reported and left.
func (w *namesakes) join(a, b int, why string, at Place) {
	ra, rb := w.root(a), w.root(b)
	if ra == rb {
		return
	}
	if w.apart(a, b) {
		severity := Warning
		if why == "" { // the ruling does what it was made for
			severity = Info
		}
		w.report(severity, CodeIdentityClash, at, fmt.Sprintf("%s and %s would be one (%s), but a decision says that they differ or that one succeeds the other; they stay two", w.said(a), w.said(b), cmp.Or(why, "their names have one key")), "check registry/decisions.csv")
		return
	}
	if x, y := w.actorOf[ra], w.actorOf[rb]; x >= 0 && y >= 0 && x != y {
		w.report(Warning, CodeIdentityClash, at, fmt.Sprintf("%s and %s would be one (%s), but the registry has both %s and %s; they stay two", w.said(a), w.said(b), cmp.Or(why, "their names have one key"), w.reg.Actors[x].ID, w.reg.Actors[y].ID), "if they are one, leave one line in registry/actors.csv and make the other name an alias; else record a decision different")
		return
	}
	if w.actorOf[rb] >= 0 {
		ra, rb = rb, ra
	}
	w.parent[rb] = ra
	if es := w.enemies[rb]; len(es) > 0 {
		w.enemies[ra] = append(w.enemies[ra], es...)
	}
	if why != "" {
		w.reasons[ra] = append(w.reasons[ra], why)
	}
	if rs := w.reasons[rb]; len(rs) > 0 {
		w.reasons[ra] = append(w.reasons[ra], rs...)
		delete(w.reasons, rb)
	}
}

// apart tells that a decision keeps the groups of two members from being one.
func (w *namesakes) apart(a, b int) bool {
	ra, rb := w.root(a), w.root(b)
	return slices.ContainsFunc(w.enemies[ra], func(e int) bool { return w.root(e) == rb })
}

func (w *namesakes) said(i int) string {
	if i < len(w.nodes) {
		return fmt.Sprintf("%q", w.nodes[i].raw)
	}
	return w.reg.Actors[i-len(w.nodes)].ID
}

// actors names the groups and writes each row's actor.
func (w *namesakes) actors() []Actor {
	members := make([]int, len(w.nodes)) // group by group
	for i := range members {
		members[i] = i
	}
	slices.SortFunc(members, func(a, b int) int { return cmp.Or(cmp.Compare(w.root(a), w.root(b)), cmp.Compare(a, b)) })
	groups := make([][]int, 0, len(members))
	for from := 0; from < len(members); {
		to := from + 1
		for to < len(members) && w.root(members[to]) == w.root(members[from]) {
			to++
		}
		g := members[from:to:to]
		slices.SortFunc(g, w.anchorOrder)
		groups = append(groups, g)
		from = to
	}
	// Who was there first keeps a contested id.
	slices.SortFunc(groups, func(a, b []int) int {
		return cmp.Or(cmp.Compare(w.nodes[a[0]].edition, w.nodes[b[0]].edition), cmp.Compare(a[0], b[0])) // nodes are in order of spelling
	})
	ids := make([]string, len(groups))
	OnAllCores(len(groups), func(from, to int) {
		own := newJoined(to - from)
		for i := from; i < to; i++ {
			own.add(identity.ID(w.nodes[groups[i][0]].raw))
		}
		for k, id := range own.cut() {
			ids[from+k] = id
		}
	})
	given := make([]string, 0, len(w.regID)+len(groups))
	taken := newTexts(cap(given), func(i int32) string { return given[i] })
	take := func(id string) (free bool) {
		given = append(given, id)
		_, twice := taken.first(int32(len(given) - 1))
		return !twice
	}
	for id := range w.regID {
		take(id)
	}
	of := make([]int32, len(w.nodes))
	names := make([]string, 0, len(w.nodes)) // cut into the actors' own
	registered := map[int]int32{}            // index in reg.Actors to actor
	actors := make([]Actor, 0, len(groups))
	published := w.editions[len(w.editions)-1].Date
	for k, g := range groups {
		a := Actor{Reasons: w.reasons[w.root(g[0])]}
		slices.Sort(a.Reasons)
		a.Reasons = slices.Compact(a.Reasons)
		if i := w.actorOf[w.root(g[0])]; i >= 0 {
			r := w.reg.Actors[i]
			a.ID, a.Registered, a.Website = r.ID, true, r.Website
			a.Name = w.nameAt(r, published)
			registered[i] = int32(len(actors))
		} else {
			a.ID = ids[k]
			if !take(a.ID) {
				a.ID = contestedID(a.ID, w.nodes[g[0]].raw)
				take(a.ID)
			}
			a.Name = w.spelling(g)
		}
		first := len(names)
		for _, n := range g {
			names = append(names, w.nodes[n].raw)
			of[n] = int32(len(actors))
		}
		a.Names = names[first:len(names):len(names)]
		slices.Sort(a.Names)
		actors = append(actors, a)
	}
	for e := range w.editions {
		for l := range w.editions[e].List {
			rows := w.editions[e].List[l].Rows
			for i := range rows {
				n := int(rows[i].Actor)
				rows[i].Actor = of[n]
				// A name that the registry gives to several actors at different times is
				// each one's in its own editions.
				c := w.bearerAt(n, e)
				if c < 0 {
					continue
				}
				a, known := registered[c]
				if !known {
					r := w.reg.Actors[c]
					a = int32(len(actors))
					registered[c] = a
					actors = append(actors, Actor{ID: r.ID, Registered: true, Website: r.Website, Name: w.nameAt(r, published)})
				}
				rows[i].Actor = a
				if names := &actors[a].Names; !slices.Contains(*names, rows[i].Name) {
					*names = append(*names, rows[i].Name)
					slices.Sort(*names)
				}
			}
		}
	}
	number(actors)
	return actors
}

// bearerAt is the registered actor whose a contested name is at an edition, where
// the group of the spelling is another one's; else -1.
func (w *namesakes) bearerAt(n, edition int) int {
	group := w.actorOf[w.root(n)]
	if group < 0 || !w.contested(w.nodes[n].key) {
		return -1
	}
	if c := w.claimantOf(n, edition); c != group {
		return c
	}
	return -1
}

// anchorOrder puts first the spelling that gives a group its id: one that a
// decision keeps, else the oldest, and among those the longest recipe, so that
// an acronym that turns up beside its full name changes nothing.
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

// nameAt is the name that a registered actor bore at a date: a former name whose
// dates hold it, else its current one.
func (w *namesakes) nameAt(r RegistryActor, at Date) string {
	name, until := r.Name, Date{}
	for _, n := range w.reg.Names {
		if n.Actor != r.ID || n.Kind != "former" || n.To == "" {
			continue
		}
		from, _ := ParseDate(n.From)
		to, ok := ParseDate(n.To)
		if !ok || at.Compare(to.Last()) > 0 || !from.IsZero() && from.Compare(at) > 0 {
			continue
		}
		// Of several former names the one that ended first: the others came after it.
		if until.IsZero() || to.Last().Compare(until) < 0 || to.Last() == until && n.Name < name {
			name, until = n.Name, to.Last()
		}
	}
	return name
}

// spelling chooses how to write an unregistered actor: as the newest edition
// does, and there as somebody wrote who did not hold the shift key.
func (w *namesakes) spelling(g []int) string {
	best := g[0]
	for _, n := range g[1:] {
		x, y := &w.nodes[n], &w.nodes[best]
		if c := cmp.Or(cmp.Compare(y.last, x.last), cmp.Compare(shouting(x.raw), shouting(y.raw)), cmp.Compare(x.display, y.display)); c < 0 {
			best = n
		}
	}
	return w.nodes[best].display
}

func shouting(s string) int {
	if strings.ToUpper(s) == s {
		return 1
	}
	return 0
}

// number gives each actor an integer that depends on its id alone (but for the
// rare clash), so that one more actor changes no other's.
func number(actors []Actor) {
	const low, span = 100_000_000, 900_000_000
	taken := newNumbers(len(actors))
	for _, i := range alphabetical(len(actors), func(i int) string { return actors[i].ID }, nil) {
		h := fnv.New32a()
		h.Write([]byte(actors[i].ID))
		n := int32(low + h.Sum32()%span)
		for !taken.add(n) {
			if n++; n >= low+span {
				n = low
			}
		}
		actors[i].Number = n
	}
}

func shortHash(s string) string {
	h := fnv.New32a()
	h.Write([]byte(s))
	return fmt.Sprintf("%08x", h.Sum32())
}

func (w *namesakes) report(s Severity, code string, at Place, message, do string) {
	w.findings = append(w.findings, Finding{Severity: s, Code: code, Place: at, Message: message, Do: do})
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// parsedNames parses each spelling once: the registry, the lists and the search
// for likenesses meet the same ones.
type parsedNames struct {
	namer *identity.Namer
	seen  map[string]identity.Name
}

// mostParsed bounds what is remembered: beyond it lists are so long that memory
// matters more than the few names that recur.
const mostParsed = 20_000

func (p *parsedNames) parse(raw string) identity.Name {
	if n, ok := p.seen[raw]; ok {
		return n
	}
	n := p.namer.Parse(raw)
	if len(p.seen) < mostParsed {
		p.seen[raw] = n
	}
	return n
}
