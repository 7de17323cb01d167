package identity

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Index finds candidates for a name among many names. It uses shared words, rare ones
// first, and sequences of three characters, which also match misspelled and joined
// words. The work for one name is bounded, whatever the size of the list.
type Index struct {
	n        *Namer
	names    []Name
	length   []float32        // by which the score of each name is divided
	features map[string]int32 // positions in lists, by gram, word or key
	lists    []posting
	postings []int32            // of all lists, in one piece
	frequent map[string]float64 // what is left of the weight of words that many names have
	small    bool
	short    *sigles   // of a small list
	idle     sync.Pool // of *scratch
}

// posting is the list of the names that have a feature, in their order. Of a list that is
// too long to be read to its end, the end is not kept.
type posting struct{ from, kept, count int32 }

const (
	// Posting lists that are longer than this are not used.
	longestPosting = 2000
	// Maximum number of postings read for one query, rarest first.
	mostPostings = 6000
	// Lists up to this size may use more postings: all that a name of ordinary length
	// needs.
	smallList   = 3000
	mostOfSmall = 200_000
)

// NewIndex returns an index of names. Blank names are never candidates.
func (n *Namer) NewIndex(names []Name) *Index {
	ix := &Index{n: n, names: names, length: make([]float32, len(names)), features: make(map[string]int32, 2*len(names)),
		frequent: map[string]float64{}, small: len(names) <= smallList}
	ix.idle.New = func() any { return &scratch{score: make([]float32, len(names))} }
	// First the features of all names are counted, so that the lists need no room to grow.
	noted, ends := make([]int32, 0, 24*len(names)), make([]int, len(names))
	var keys []string
	for i, nm := range names {
		keys = ix.featuresOf(keys[:0], nm)
		for _, k := range keys {
			at, met := ix.features[k]
			if !met {
				at = int32(len(ix.lists))
				ix.features[k] = at
				ix.lists = append(ix.lists, posting{})
			}
			ix.lists[at].count++
			noted = append(noted, at)
		}
		ends[i] = len(noted)
		ix.length[i] = float32(8 + len(nm.Key)) // long names have more matches by chance
	}
	all := int32(0)
	for i, l := range ix.lists {
		ix.lists[i].from = all
		if all += l.count; !ix.small {
			all = ix.lists[i].from + min(l.count, mostPostings)
		}
	}
	ix.postings = make([]int32, all)
	at := 0
	for i, end := range ends {
		for ; at < end; at++ {
			if l := &ix.lists[noted[at]]; ix.small || l.kept < mostPostings {
				ix.postings[l.from+l.kept] = int32(i)
				l.kept++
			}
		}
	}
	ix.weighWords()
	if ix.small {
		ix.short = n.newSigles(names)
	}
	return ix
}

// featuresOf returns the features by which a name is found, without repetition: "=" and
// the whole key, each word with a prefix, and sequences of three characters.
func (ix *Index) featuresOf(out []string, nm Name) []string {
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
	out = ix.sigles(out, nm)
	out = pieces(out, nm.Key, ix.small)
	slices.Sort(out)
	return slices.Compact(out)
}

// sigles appends what an acronym of the name may be, as words, and what the number of a
// department in the name stands for.
func (ix *Index) sigles(out []string, nm Name) []string {
	for _, p := range nm.parts {
		if place := ix.n.departments[p.text]; place != "" && p.class == number {
			out = append(out, "_"+place)
		} else if acronym, rest := ix.n.splitNumber(p.text, nil); len(rest) > 0 && p.class == distinctive {
			out = append(out, "_"+acronym, "_"+ix.n.departments[rest[0].text])
		}
	}
	if len(nm.parts) < 2 || len(nm.parts) > 12 {
		return out
	}
	all, own := initials(nm.parts, nil), initials(nm.parts, func(p part) bool { return p.class.geography() || p.class == number })
	if len(all) > 1 {
		out = append(out, "="+all, "_"+all)
	}
	if len(own) > 1 && own != all {
		out = append(out, "_"+own)
	}
	return out
}

// initials returns the first letters of words, without those that are left out.
func initials(parts []part, leave func(part) bool) string {
	b := make([]rune, 0, 12)
	for _, p := range parts {
		if leave != nil && leave(p) {
			continue
		}
		for _, r := range p.text {
			b = append(b, r)
			break
		}
	}
	return string(b)
}

// pieces appends the sequences of three characters of a key, and its two ends. If two
// is set, it also appends sequences of two, which find short names with two errors.
func pieces(out []string, key string, two bool) []string {
	var at [130]int // start of each character
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

// Candidate is a name of the index that may match.
type Candidate struct {
	Index int     // index in the names given to NewIndex
	Score float64 // from shared words and sequences; only for ordering
}

// Candidates returns at most limit names of the index, best first, and in a small list a
// few more of which one is a sigle of the other. Equal scores are in the order of the list.
func (ix *Index) Candidates(q Name, limit int) []Candidate {
	if limit <= 0 || q.Blank() || len(ix.names) == 0 {
		return nil
	}
	s := ix.idle.Get().(*scratch)
	defer ix.idle.Put(s)
	s.keys = ix.featuresOf(s.keys[:0], q)
	s.lists = s.lists[:0]
	all := float64(len(ix.names))
	for _, k := range s.keys {
		at, met := ix.features[k]
		if !met {
			continue
		}
		l := ix.lists[at]
		w := math.Log(1 + all/float64(l.count))
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
		s.lists = append(s.lists, weighed{l, float32(w)})
	}
	slices.SortStableFunc(s.lists, func(a, b weighed) int { return cmp.Compare(a.count, b.count) })
	walked := 0
	for i, l := range s.lists {
		count := int(l.count)
		if ix.small && walked+count > mostOfSmall || !ix.small && i > 0 &&
			(count > longestPosting || walked+count > mostPostings) && len(s.touched) >= limit {
			break
		}
		walked += int(l.kept)
		for _, j := range ix.postings[l.from : l.from+l.kept] {
			if s.score[j] == 0 {
				s.touched = append(s.touched, j)
			}
			s.score[j] += l.weight
		}
	}
	out := make([]Candidate, 0, limit+1)
	var least float32
	for _, j := range s.touched {
		sc := s.score[j] / ix.length[j]
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
	if ix.small {
		out = ix.short.candidates(ix.n, q, out)
	}
	return out
}

// scratch is the working memory of one search.
type scratch struct {
	score   []float32
	touched []int32
	keys    []string
	lists   []weighed
}

type weighed struct {
	posting
	weight float32
}

func order(a, b Candidate) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Index, b.Index))
}

// Compare compares a name with one of the index. Words are weighted by how rare they
// are in the index.
func (ix *Index) Compare(q Name, i int) Verdict { return ix.n.compare(q, ix.names[i], ix.weight) }

// weight reduces the weight of words that many names of the index have.
func (ix *Index) weight(p part) float64 {
	w := weight(p)
	if left, ok := ix.frequent[p.text]; ok {
		return w * left
	}
	return w
}

// weighWords finds the words that many names have. A small list says nothing about rarity.
func (ix *Index) weighWords() {
	if len(ix.names) < 200 {
		return
	}
	for k, at := range ix.features {
		if k[0] != '_' {
			continue
		}
		switch share := float64(ix.lists[at].count) / float64(len(ix.names)); {
		case share > 0.02:
			ix.frequent[k[1:]] = 0.5
		case share > 0.005:
			ix.frequent[k[1:]] = 0.75
		}
	}
}
