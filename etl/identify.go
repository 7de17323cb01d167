package etl

import (
	"cmp"
	"slices"

	"hdsreport/etl/cores"
	"hdsreport/etl/identity"
	"hdsreport/etl/number"
	"hdsreport/etl/texts"
)

// identify finds the actor of every row. The result does not depend on the order of
// rows, files or registry lines.
func identify(names *parsedNames, reg *Registry, editions []Edition) identified {
	w := newNamesakes(names, reg, editions)
	w.collect()
	w.claims()
	w.keepApart()
	w.joinDecided()
	w.joinRegistered()
	w.findShared()
	w.joinEqual()
	w.joinStated()
	w.joinNumbered()
	actors := w.actors()
	return identified{actors, w.shared, w.findings}
}

// identified is the result of identification.
type identified struct {
	actors   []Actor
	shared   map[number.Number]bool // numbers of too many names to be evidence
	findings []Finding
}

// node is one spelling, with one set of entity numbers if the source states any: one name
// with two SIRENs is two nodes. Spellings are joined into actors (union-find) only by an equal
// key, the registry, a decision, or a name that the source states.
//
// A node keeps only the parts of its parsed name that every stage needs. The rest, some
// 300 bytes, is parsed again when two names are compared. That is rare: in a long list
// most spellings are the only one with their key.
type node struct {
	raw     string
	key     string
	compact string
	display string
	stated  []identity.Stated
	edition int     // the first edition that has it
	list    Listing // its place there
	line    int32
	last    int  // the last edition that has it
	common  bool // a name that several bodies bear
	kept    bool // on the left of a decision "same", so its id is kept
	yields  bool // on the right of another such decision, so its id is not kept
}

// namesakes resolves spellings to actors.
type namesakes struct {
	names     *parsedNames
	reg       *Registry
	editions  []Edition
	nodes     []node
	byKey     []int          // nodes sorted by key, then by spelling
	byCompact []int          // nodes sorted by all their letters, legal form included, if that is not the key
	parent    []int          // of the nodes, followed by the registry's actors
	actorOf   []int          // by root: index into reg.Actors, or -1
	sides     map[int]*sides // by root: on which sides of which decisions its members are
	reasons   map[int]Reasons
	regID     map[string]int      // id to index in reg.Actors
	regKey    map[string]*holders // the claims on each key
	claimants map[asked]int
	former    map[string][]RegistryName // by actor: names that ended
	differ    map[[2]string]bool        // pairs that decisions declare different
	byID      map[string]int            // nodes by the ids made from their spellings; built on first use
	findings  []Finding
	torn      map[[2]int]bool // pairs of nodes that are reported to stay apart because of a third one

	// What the source and the registry state of numbers; all are empty where neither
	// does.
	held       map[int]number.Set     // by node, and by registered actor as in parent
	union      map[int]number.Set     // by root, of its members
	shared     map[number.Number]bool // numbers of too many names to be evidence
	numberedID map[int]string         // by node, where one key has several numbers
	byNumberID map[string][]int       // the nodes that such an id stands for
}

func newNamesakes(names *parsedNames, reg *Registry, editions []Edition) *namesakes {
	w := &namesakes{names: names, reg: reg, editions: editions, sides: map[int]*sides{}, reasons: map[int]Reasons{},
		regID: map[string]int{}, regKey: map[string]*holders{}, claimants: map[asked]int{}, former: formerNames(reg),
		differ: map[[2]string]bool{}, held: map[int]number.Set{}, union: map[int]number.Set{},
		shared: map[number.Number]bool{}, torn: map[[2]int]bool{}}
	for _, d := range reg.Decisions {
		if d.Judgement == "different" {
			w.differ[[2]string{d.Left, d.Right}], w.differ[[2]string{d.Right, d.Left}] = true, true
		}
	}
	return w
}

// collect gathers the spellings of all editions in alphabetical order. Until the actors
// are known, the Actor of a row is the index of its node.
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
		key           string // the raw text, followed by the entity numbers if there are any
		line          int32
		edition, last int32
		list          Listing
	}
	met := make([]meeting, 0, most)
	held := map[int32]number.Set{}
	at := texts.NewTable(all, func(i int32) string { return met[i].key })
	for e := range w.editions {
		for l := range w.editions[e].List {
			rows := w.editions[e].List[l].Rows
			for i := range rows {
				own := int32(len(met))
				identity := rows[i].Identity()
				met = append(met, meeting{raw: rows[i].Name, key: nodeKey(rows[i].Name, identity), line: rows[i].Line,
					edition: int32(e), last: int32(e), list: Listing(l)})
				n, known := at.First(own)
				if known && met[n].list != Listing(l) && w.commonplaceName(rows[i].Name) && len(identity.Of(number.Entity)) == 0 {
					met[own].key = listedKey(rows[i].Name, Listing(l))
					n, known = at.First(own)
				}
				if known {
					met = met[:own]
					met[n].last = int32(e)
				}
				rows[i].Actor = n
				if len(identity) > 0 {
					held[n] = held[n].Union(identity)
				}
			}
		}
	}
	w.nodes = make([]node, len(met))
	is := make([]int32, len(met))
	order := texts.Alphabetical(len(met), func(i int) string { return met[i].key }, nil)
	cores.Each(len(order), func(from, to int) {
		for i, m := range order[from:to] {
			is[m] = int32(from + i)
			n := &met[m]
			w.nodes[from+i] = node{raw: n.raw, edition: int(n.edition), list: n.list, line: n.line, last: int(n.last)}
		}
	})
	for m, s := range held {
		w.held[int(is[m])] = s
	}
	w.parse()
	cores.Together(func() {
		w.byKey = inOrderOf(len(w.nodes), func(i int) string { return w.nodes[i].key })
	}, func() {
		w.byCompact = slices.DeleteFunc(inOrderOf(len(w.nodes), func(i int) string { return w.nodes[i].compact }),
			func(i int) bool { return w.nodes[i].compact == w.nodes[i].key })
	})
	for e := range w.editions {
		for l := range w.editions[e].List {
			rows := w.editions[e].List[l].Rows
			cores.Each(len(rows), func(from, to int) {
				for i := from; i < to; i++ {
					rows[i].Actor = is[rows[i].Actor]
				}
			})
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

// parse parses the names of all nodes.
func (w *namesakes) parse() {
	parse := func(n *node, name identity.Name) {
		n.key, n.compact, n.display, n.stated = name.Key, name.Compact, name.Display, name.Stated
		n.common = w.names.namer.Commonplace(name)
		// Usually both are equal: keep one copy in memory.
		if n.compact == n.key {
			n.compact = n.key
		}
		if n.display == n.raw {
			n.display = n.raw
		}
	}
	remembered := make([]identity.Name, min(len(w.nodes), mostParsed))
	cores.EachSlow(len(w.nodes), func(from, to int) {
		nodes := w.nodes[from:to]
		keys := texts.NewJoined(len(nodes))
		for i := range nodes {
			name := w.names.namer.Parse(nodes[i].raw)
			if at := from + i; at < len(remembered) {
				remembered[at] = name
			}
			parse(&nodes[i], name)
			keys.Add(nodes[i].key)
		}
		for i, key := range keys.Cut() {
			if n := &nodes[i]; n.compact == n.key {
				n.key, n.compact = key, key
			} else {
				n.key = key
			}
		}
	})
	for i, name := range remembered {
		w.names.keep(w.nodes[i].raw, name)
	}
}

// name returns the whole parsed name of a node.
func (w *namesakes) name(i int) identity.Name { return w.names.parse(w.nodes[i].raw) }

// find returns the nodes of a spelling: one, or one for each of its numbers.
func (w *namesakes) find(raw string) []int {
	at, _ := slices.BinarySearchFunc(w.nodes, raw, func(n node, raw string) int { return cmp.Compare(n.raw, raw) })
	var out []int
	for ; at < len(w.nodes) && w.nodes[at].raw == raw; at++ {
		out = append(out, at)
	}
	return out
}

// inOrderOf returns the numbers 0 to n-1 sorted by their texts, and equal texts by
// number.
func inOrderOf(n int, text func(i int) string) []int {
	order := make([]int, n)
	for i, at := range texts.Alphabetical(n, text, nil) {
		order[i] = int(at)
	}
	return order
}

// ofKey returns the nodes that have a key, in order of spelling.
func (w *namesakes) ofKey(key string) []int {
	from, _ := slices.BinarySearchFunc(w.byKey, key, func(i int, key string) int {
		return cmp.Compare(w.nodes[i].key, key)
	})
	to := from
	for to < len(w.byKey) && w.nodes[w.byKey[to]].key == key {
		to++
	}
	return w.byKey[from:to:to]
}

// placeOf returns the place where a spelling occurs first.
func (w *namesakes) placeOf(n int) Place {
	list := &w.editions[w.nodes[n].edition].List[w.nodes[n].list]
	return Place{File: list.Source.Table.File, Sheet: list.Source.Table.Sheet, Row: int(w.nodes[n].line)}
}

func (w *namesakes) said(i int) string {
	if i < len(w.nodes) {
		return w.nodes[i].raw
	}
	return w.reg.Actors[i-len(w.nodes)].ID
}

func (w *namesakes) report(f Finding) { w.findings = append(w.findings, f) }

func sorted[K ~string, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// parsedNames is a cache of parsed names. The registry, the lists and the search for
// similar names use the same spellings.
type parsedNames struct {
	namer *identity.Namer
	seen  map[string]identity.Name
}

// mostParsed bounds the cache. In longer lists few names recur, and memory matters
// more.
const mostParsed = 20_000

func (p *parsedNames) parse(raw string) identity.Name {
	if n, ok := p.seen[raw]; ok {
		return n
	}
	n := p.namer.Parse(raw)
	p.keep(raw, n)
	return n
}

func (p *parsedNames) keep(raw string, n identity.Name) {
	if len(p.seen) < mostParsed {
		p.seen[raw] = n
	}
}
