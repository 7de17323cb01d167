package identity

import (
	"slices"
	"strconv"
	"strings"
)

// mostKinds is the maximum number of kinds of spellings of one key that are compared
// with each other. No real organisation has so many spellings that differ in their
// legal forms or in brackets. The limit bounds the time for constructed lists.
const mostKinds = 256

// Partition says which spellings of one key are the same organisation. Sameness is not
// transitive: "X AG" and "X GmbH" are both the same as "X". So two spellings are in one
// group only if they compare alike with all others. The result does not depend on any
// order.
type Partition struct {
	Group []int // group of each name, numbered by first occurrence
	// Torn are pairs of groups that are the same as each other, but compare differently
	// with a third one. A group is represented by its first name; the later one is
	// second.
	Torn [][2]int
	// TooMany reports whether there were too many kinds of spellings to compare. Then a
	// group contains only spellings of one kind, and Torn is empty.
	TooMany bool

	compared int // number of compared pairs; tests check that it does not grow with the spellings
}

// Partition divides names with the same key, or the same letters, into groups. Its time
// is proportional to the number of names: only one name of each kind is compared.
func (n *Namer) Partition(names []Name) Partition { return n.PartitionWith(names, nil, nil) }

// PartitionWith divides names into groups by their numbers too. numbered returns a text
// that is equal for two names whose numbers are; evidence is what the numbers of two
// names say. Names of which the numbers are evidence need not have the same key.
func (n *Namer) PartitionWith(
	names []Name, numbered func(i int) string, evidence func(i, j int) Evidence,
) Partition {
	p := Partition{Group: make([]int, len(names))}
	kind := make([]int, len(names))
	var first []int // first name of each kind
	known := map[string]int{}
	letters := slices.ContainsFunc(names, func(nm Name) bool { return len(nm.Forms) > 0 || nm.Key != names[0].Key })
	for i := range names {
		k := n.kind(&names[i], letters)
		if numbered != nil {
			k += "\x00" + numbered(i)
		}
		if n.commonplace(names[i].parts) { // compared with every other spelling
			k += "\x00" + strconv.Itoa(i)
		}
		at, met := known[k]
		if !met {
			at = len(first)
			known[k] = at
			first = append(first, i)
		}
		kind[i] = at
	}
	if len(first) > mostKinds {
		p.Group, p.TooMany = kind, true
		return p
	}
	rows := make([][]byte, len(first)) // kinds that each kind is the same as
	for i := range rows {
		rows[i] = make([]byte, len(first))
		rows[i][i] = 1
		for j := range i {
			p.compared++
			same := false
			if evidence == nil {
				same = n.Same(names[first[i]], names[first[j]])
			} else {
				same = n.SameWith(names[first[i]], names[first[j]], evidence(first[i], first[j]))
			}
			if same {
				rows[i][j], rows[j][i] = 1, 1
			}
		}
	}
	groupOf, groups := make([]int, len(first)), map[string]int{}
	var lead []int // first kind of each group
	for i, row := range rows {
		g, met := groups[string(row)]
		if !met {
			g = len(lead)
			groups[string(row)] = g
			lead = append(lead, i)
		}
		groupOf[i] = g
	}
	for i := range names {
		p.Group[i] = groupOf[kind[i]]
	}
	for g, i := range lead {
		for _, j := range lead[:g] {
			if rows[i][j] == 1 {
				p.Torn = append(p.Torn, [2]int{first[j], first[i]})
			}
		}
	}
	return p
}

// Kind returns the same text for two names of one key if Compare treats them alike,
// whatever they are compared with. Scores and reasons may differ.
func (n *Namer) Kind(nm Name) string { return n.kind(&nm, true) }

func (n *Namer) kind(nm *Name, letters bool) string {
	b := make([]byte, 0, 64)
	if letters {
		b = append(b, nm.Key...)
		b = append(b, 0)
		b = append(b, nm.Compact...)
	}
	codes := make([]string, 0, len(nm.Forms))
	for _, f := range nm.Forms {
		codes = append(codes, f.Code+"\x01"+f.Kind)
	}
	slices.Sort(codes)
	for _, c := range slices.Compact(codes) {
		b = append(b, 0)
		b = append(b, c...)
	}
	if nm.Ending != "" {
		b = append(b, 0, '.')
		b = append(b, nm.Ending...)
	}
	if nm.Signs != "" {
		b = append(b, 0, '#')
		b = append(b, nm.Signs...)
	}
	b = append(b, 0, 'g')
	b = append(b, strings.ToLower(nm.Group)...)
	b = append(b, 0)
	if letters && institution(*nm) {
		b = append(b, 'h')
	}
	if len(nm.Stated) > 0 && n.narrowing(*nm) != "" {
		b = append(b, 'n')
	}
	for _, st := range first(nm.Stated, mostStated) {
		b = append(b, 0)
		b = append(b, st.Kind...)
		if st.Sure {
			b = append(b, '!')
		}
		b = append(b, st.Key...)
	}
	return string(b)
}

// SameWith reports whether Compare, with evidence, would find two names to be the same.
func (n *Namer) SameWith(a, b Name, e Evidence) bool {
	switch {
	case e.Contradict():
		return false
	case n.Same(a, b):
		return true
	case len(e.Equal) == 0 || e.Shared:
		return false
	}
	return n.Compare(a, b).With(e).Decision == Same
}

// Commonplace reports whether a name is one that several legal entities bear, so that
// it is the same as no other by its spelling, not even as an identical one.
func (n *Namer) Commonplace(nm Name) bool { return n.commonplace(nm.parts) }

// Same reports whether Compare would find two names to be the same. It does not compute
// reasons.
func (n *Namer) Same(a, b Name) bool {
	return n.Vouched(a, b) && !(n.commonplace(a.parts) && !placed(a, b) && equalKeys(a, b))
}

// Vouched is Same if a person has said who bears one of the names, so that it may be
// commonplace.
func (n *Namer) Vouched(a, b Name) bool {
	if a.Blank() || b.Blank() {
		return false
	}
	if !equalKeys(a, b) {
		v, ok := statedSame(a, b)
		return ok && v.Decision == Same
	}
	vetoes, _ := n.against(a, b)
	return len(vetoes) == 0
}

// stated reports whether more than likeness speaks for two names: equal keys, or one that states the other.
func stated(a, b Name) bool {
	if equalKeys(a, b) {
		return true
	}
	_, ok := statedSame(a, b)
	return ok
}

func equalKeys(a, b Name) bool { return a.Key == b.Key || a.Compact == b.Compact && a.Compact != "" }
