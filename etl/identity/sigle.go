package identity

import (
	"cmp"
	"slices"
)

// A sigle is a name made of the first letters of another name's words, in order, sometimes
// of several letters of a word, and sometimes without some of the words: "Adepale",
// "Association des entreprises de produits alimentaires élaborés". It shares neither words
// nor sequences of letters with the name that it stands for.

// What a sigle may leave out, and how many letters it may take from one word. Words at
// the end are left out more easily than others.
const (
	leftOut    = 2 // the cost of a word
	leftOutEnd = 1 // and of one at the end
	mostOfWord = 6
)

// The lengths of a sigle, and the words, without small ones, of what it stands for.
const (
	leastLetters, mostLetters = 3, 10
	leastWords, mostWords     = 2, 12
)

// proposeSigle proposes a name that is a sigle of the other. So many names fit that this is
// worth a question only if neither has another.
func (n *Namer) proposeSigle(a, b Name, propose proposal) bool {
	for _, pair := range [2][2]Name{{a, b}, {b, a}} {
		short, long := pair[0], pair[1]
		sigle := sigleOf(short)
		if sigle == "" || len(long.parts) < leastWords || !begins(long.parts, sigle[0]) {
			continue
		}
		words := slices.DeleteFunc(n.sigleWords(long), func(w sigleWord) bool { return w.small })
		if most := mostCost(sigle, words); cost(sigle, words) <= most {
			least := 1 - float64(cost(sigle, words))/float64(most+1)
			propose(reviewFrom+0.04*least, "why-pieces", "short", quoted(short.Display), "long", quoted(long.Display))
			return true
		}
	}
	return false
}

// sigleOf returns the letters of a name that may be a sigle, otherwise "".
func sigleOf(nm Name) string {
	if len(nm.parts) != 1 || nm.parts[0].class != distinctive || len(nm.Key) < leastLetters || len(nm.Key) > mostLetters {
		return ""
	}
	return nm.Key
}

// sigleWord is a word of what a sigle may stand for.
type sigleWord struct {
	text  string
	small bool // it may be left out
}

// sigleWords returns the words of a name for which a sigle may stand, or nil.
func (n *Namer) sigleWords(nm Name) []sigleWord {
	if len(nm.parts) < leastWords {
		return nil
	}
	var words []sigleWord
	content := 0
	for _, t := range joinInitials(tokenise(nm.plain)) {
		if t.and {
			continue
		}
		small := n.small(t.text)
		if !small {
			content++
		}
		words = append(words, sigleWord{t.text, small})
	}
	if content < leastWords || content > mostWords || len(words) > 2*mostWords {
		return nil
	}
	return words
}

// mostCost returns the cost up to which a sigle may stand for words, negative if there are
// none.
func mostCost(sigle string, words []sigleWord) int {
	content := 0
	for _, w := range words {
		if !w.small {
			content++
		}
	}
	most := content * 2 / 3
	if len(sigle) < 4 {
		most = min(most, leftOut)
	}
	if content == 0 {
		return -1
	}
	return most
}

// cost returns what it costs to make a sigle of beginnings of the words, in order, the
// first one included.
func cost(sigle string, words []sigleWord) int {
	// fewest[i] is the least cost at which the first i letters are used.
	const never = 1 << 10
	var at, after [mostLetters + 1]int
	fewest, next := at[:len(sigle)+1], after[:len(sigle)+1]
	for i := range fewest {
		fewest[i] = never
	}
	fewest[0] = 0
	begun := false
	for _, w := range words {
		for i := range next {
			switch {
			case w.small:
				next[i] = fewest[i]
			case !begun:
				next[i] = never
			case i == len(sigle):
				next[i] = fewest[i] + leftOutEnd
			default:
				next[i] = fewest[i] + leftOut
			}
		}
		for i := range sigle {
			for k := 1; k <= min(mostOfWord, len(w.text), len(sigle)-i) && sigle[i+k-1] == w.text[k-1]; k++ {
				next[i+k] = min(next[i+k], fewest[i])
			}
		}
		begun = begun || !w.small
		fewest, next = next, fewest
	}
	return fewest[len(sigle)]
}

// mostSigles is how many names are candidates because one is a sigle of the other, besides
// those that share words or sequences.
const mostSigles = 8

// sigles finds names by their sigles, and sigles by their names, in a short list. A long
// one would need too many comparisons.
type sigles struct {
	words map[byte][]sigleAt // names of several words, by the letter that each begins with
	short map[byte][]sigleAt // what may be a sigle, by its first letter
}

type sigleAt struct {
	index int32
	sigle string
	words []sigleWord
}

func (n *Namer) newSigles(names []Name) *sigles {
	s := &sigles{map[byte][]sigleAt{}, map[byte][]sigleAt{}}
	for i, nm := range names {
		if sigle := sigleOf(nm); sigle != "" {
			s.short[sigle[0]] = append(s.short[sigle[0]], sigleAt{index: int32(i), sigle: sigle})
		} else if words := n.sigleWords(nm); words != nil {
			first := words[0].text[0]
			s.words[first] = append(s.words[first], sigleAt{index: int32(i), words: words})
		}
	}
	return s
}

// candidates appends to candidates the names of which the query is a sigle, or that are
// sigles of it, best first.
func (s *sigles) candidates(n *Namer, q Name, out []Candidate) []Candidate {
	type found struct {
		cost  int
		index int32
	}
	var fit []found
	try := func(sigle string, words []sigleWord, index int32) {
		if c := cost(sigle, words); c <= mostCost(sigle, words) {
			fit = append(fit, found{c, index})
		}
	}
	if sigle := sigleOf(q); sigle != "" {
		for _, x := range s.words[sigle[0]] {
			try(sigle, x.words, x.index)
		}
	} else if words := n.sigleWords(q); words != nil {
		for _, x := range s.short[words[0].text[0]] {
			try(x.sigle, words, x.index)
		}
	}
	slices.SortFunc(fit, func(a, b found) int { return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.index, b.index)) })
	for _, f := range fit[:min(len(fit), mostSigles)] {
		if !slices.ContainsFunc(out, func(c Candidate) bool { return c.Index == int(f.index) }) {
			out = append(out, Candidate{Index: int(f.index)})
		}
	}
	return out
}
