package identity

import (
	"cmp"
	"math"
	"slices"
)

// Index finds, among many names, the few that a name may be: by the words that
// they share, rare ones first, and by pieces of three characters, which survive
// misspelling and glued words. The work for one name is bounded whatever the
// size of the list: all pairs are never looked at.
type Index struct {
	n     *Namer
	names []Name
	grams map[string][]int32 // by gram, word or key: where in names, rising
	small bool
}

const (
	// Beyond this many names a posting list says too little to be walked.
	longestPosting = 2000
	// Work for one query: postings walked in all, rarest first.
	mostPostings = 6000
	// What counts as a short list, of which more may be walked: all that names of
	// an ordinary length ask for.
	smallList   = 3000
	mostOfSmall = 200_000
)

// NewIndex indexes names; blank ones are never candidates.
func (n *Namer) NewIndex(names []Name) *Index {
	ix := &Index{n: n, names: names, grams: make(map[string][]int32, 4*len(names)), small: len(names) <= smallList}
	var keys []string
	for i, nm := range names {
		keys = ix.features(keys[:0], nm)
		for _, k := range keys {
			ix.grams[k] = append(ix.grams[k], int32(i))
		}
	}
	return ix
}

// features gives what a name is found by, without repetition: "=" and a whole
// key, a word with a mark before it, pieces of three characters.
func (ix *Index) features(out []string, nm Name) []string {
	if nm.Blank() {
		return out
	}
	out = append(out, "="+nm.Key)
	for _, st := range nm.Stated {
		if st.Key != "" {
			out = append(out, "="+st.Key)
		}
	}
	for _, p := range nm.parts {
		if len(p.text) > 1 {
			out = append(out, "_"+p.text)
		}
	}
	if a := initials(nm); len(a) >= 2 {
		out = append(out, "="+a)
	}
	out = pieces(out, nm.Key, ix.small)
	slices.Sort(out)
	return slices.Compact(out)
}

// initials gives the acronym that a name of several words would have.
func initials(nm Name) string {
	if len(nm.parts) < 2 || len(nm.parts) > 8 {
		return ""
	}
	b := make([]rune, 0, 8)
	for _, p := range nm.parts {
		for _, r := range p.text {
			b = append(b, r)
			break
		}
	}
	return string(b)
}

// pieces appends the runs of three characters of a key and its two ends; of a
// short list also the runs of two, which find a short name with two errors in it.
func pieces(out []string, key string, two bool) []string {
	var at [130]int // where characters begin
	count := 0
	for i := range key {
		if count == 128 {
			break
		}
		at[count] = i
		count++
	}
	at[count] = len(key)
	if count == 128 {
		at[count] = at[127]
		count--
	}
	for i := 0; i+3 <= count; i++ {
		out = append(out, key[at[i]:at[i+3]])
	}
	if count >= 2 {
		out = append(out, "^"+key[:at[2]], key[at[count-2]:at[count]]+"$")
	}
	if two {
		for i := 0; i+2 <= count; i++ {
			out = append(out, key[at[i]:at[i+2]])
		}
	}
	return out
}

// Candidate is a name of the index that another may be.
type Candidate struct {
	Index int     // in the names given to NewIndex
	Score float64 // by shared words and pieces; only good for ordering
}

// Candidates gives at most limit names of the index, the likeliest first, and
// in the order of the list where they are equally likely.
func (ix *Index) Candidates(q Name, limit int) []Candidate {
	if limit <= 0 || q.Blank() || len(ix.names) == 0 {
		return nil
	}
	return ix.candidates(q, limit, ix.newScratch())
}

// scratch is what one goroutine works in.
type scratch struct {
	score   []float32
	touched []int32
	keys    []string
	lists   []posting
}

type posting struct {
	at     []int32
	weight float32
}

func (ix *Index) newScratch() *scratch { return &scratch{score: make([]float32, len(ix.names))} }

func (ix *Index) candidates(q Name, limit int, s *scratch) []Candidate {
	s.keys = ix.features(s.keys[:0], q)
	s.lists = s.lists[:0]
	all := float64(len(ix.names))
	for _, k := range s.keys {
		at := ix.grams[k]
		if len(at) == 0 {
			continue
		}
		w := math.Log(1 + all/float64(len(at)))
		switch k[0] {
		case '=':
			w *= 6
		case '_':
			w *= 2
		default:
			if len(k) == 2 {
				w *= 0.3
			}
		}
		s.lists = append(s.lists, posting{at, float32(w)})
	}
	slices.SortStableFunc(s.lists, func(a, b posting) int { return cmp.Compare(len(a.at), len(b.at)) })
	walked := 0
	for i, l := range s.lists {
		if ix.small && walked+len(l.at) > mostOfSmall || !ix.small && i > 0 && (len(l.at) > longestPosting || walked+len(l.at) > mostPostings) && len(s.touched) >= limit {
			break
		}
		at := l.at
		if !ix.small && len(at) > mostPostings {
			at = at[:mostPostings]
		}
		walked += len(at)
		for _, j := range at {
			if s.score[j] == 0 {
				s.touched = append(s.touched, j)
			}
			s.score[j] += l.weight
		}
	}
	out := make([]Candidate, 0, limit+1)
	var least float32
	for _, j := range s.touched {
		// A long name collects more by chance: what counts is the share.
		sc := s.score[j] / float32(8+len(ix.names[j].Key))
		s.score[j] = 0
		if len(out) == limit && sc < least {
			continue
		}
		c := Candidate{Index: int(j), Score: float64(sc)}
		i, _ := slices.BinarySearchFunc(out, c, order)
		out = slices.Insert(out, i, c)
		if len(out) > limit {
			out = out[:limit]
		}
		if len(out) == limit {
			least = float32(out[limit-1].Score)
		}
	}
	s.touched = s.touched[:0]
	return out
}

func order(a, b Candidate) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Index, b.Index))
}

// Compare compares a name with one of the index, words weighed by how rare they
// are in it.
func (ix *Index) Compare(q Name, i int) Verdict { return ix.n.compare(q, ix.names[i], ix.weight) }

// weight lowers a word that many names of the index hold. Lists of a few names
// say nothing about rarity.
func (ix *Index) weight(p part) float64 {
	w := weight(p)
	if len(ix.names) < 200 {
		return w
	}
	share := float64(len(ix.grams["_"+p.text])) / float64(len(ix.names))
	switch {
	case share > 0.02:
		return w * 0.5
	case share > 0.005:
		return w * 0.75
	}
	return w
}
