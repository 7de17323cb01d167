package identity

import (
	"cmp"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"hdsreport/etl/message"
	numbers "hdsreport/etl/number"
)

// candidatesPerName is the maximum number of names of the right list that are compared
// with one of the left.
const candidatesPerName = 25

// MatchLists compares each name of left with a few candidates of right, and yields at
// most top of them, best first, in the order of left. It yields nothing for a name that
// is blank or similar to none. Either list of numbers may be nil; names that have an equal
// number are candidates as well. It uses all processors; the result does not depend on
// their number.
func (n *Namer) MatchLists(
	left, right []string, leftNumbers, rightNumbers []numbers.Set, top int, yield func(i, j int, v Verdict),
) {
	if top <= 0 || len(left) == 0 || len(right) == 0 {
		return
	}
	names := make([]Name, len(right))
	spread(len(right), func(from, to int) {
		for i := from; i < to; i++ {
			names[i] = n.Parse(right[i])
		}
	})
	ix := n.NewIndex(names)
	held := n.holders(left, names, leftNumbers, rightNumbers)
	type match struct {
		j int
		v Verdict
	}
	// In slices, so that only the matches of one slice are in memory.
	const slice = 4096
	found := make([][]match, slice)
	for start := 0; start < len(left); start += slice {
		part := left[start:min(start+slice, len(left))]
		spread(len(part), func(from, to int) {
			var all []match
			for i := from; i < to; i++ {
				found[i] = found[i][:0]
				q := n.Parse(part[i])
				if q.Blank() {
					continue
				}
				all = all[:0]
				same := 0
				for _, j := range held.candidates(ix.Candidates(q, max(candidatesPerName, top)), start+i) {
					e := held.evidence(start+i, j)
					// Likeness alone is never the same, and so comes after what is.
					if same >= top && !e.Says() && !stated(q, names[j]) {
						continue
					}
					v := ix.Compare(q, j).With(e)
					if v.Decision == Same {
						same++
					}
					all = append(all, match{j, v})
				}
				slices.SortStableFunc(all, func(a, b match) int {
					return cmp.Or(cmp.Compare(rank(a.v), rank(b.v)),
						cmp.Compare(b.v.Score, a.v.Score), cmp.Compare(a.j, b.j))
				})
				found[i] = append(found[i], all[:min(top, len(all))]...)
			}
		})
		for i := range part {
			for _, m := range found[i] {
				yield(start+i, m.j, m.v)
			}
		}
	}
}

// holders are the numbers of two lists of names.
type holders struct {
	left, right []numbers.Set
	of          map[numbers.Number][]int // names of the right list
	shared      map[numbers.Number]bool  // numbers of too many names of one list to be evidence
}

const (
	byNumber    = 8 // candidates of a name by its numbers
	leastShared = 4 // names of one list that share a number
)

func (n *Namer) holders(left []string, right []Name, leftNumbers, rightNumbers []numbers.Set) *holders {
	h := &holders{leftNumbers, rightNumbers, map[numbers.Number][]int{}, map[numbers.Number]bool{}}
	for j, s := range rightNumbers {
		for _, number := range s {
			h.of[number] = append(h.of[number], j)
		}
	}
	share := func(sets []numbers.Set, key func(i int) string) {
		keys := map[numbers.Number]map[string]bool{}
		for i, s := range sets {
			for _, number := range s {
				if keys[number] == nil {
					keys[number] = map[string]bool{}
				}
				if len(keys[number]) < leastShared {
					keys[number][key(i)] = true
				}
				h.shared[number] = h.shared[number] || len(keys[number]) == leastShared
			}
		}
	}
	share(leftNumbers, func(i int) string { return n.Parse(left[i]).Key })
	share(rightNumbers, func(j int) string { return right[j].Key })
	return h
}

// candidates adds to the candidates of an index those that have a number of the name.
func (h *holders) candidates(found []Candidate, i int) []int {
	out := make([]int, len(found))
	for k, c := range found {
		out[k] = c.Index
	}
	if i >= len(h.left) {
		return out
	}
	more := 0
	for _, number := range h.left[i] {
		for _, j := range h.of[number] {
			if more < byNumber && !h.shared[number] && !slices.Contains(out, j) {
				out = append(out, j)
				more++
			}
		}
	}
	return out
}

func (h *holders) evidence(i, j int) Evidence {
	if i >= len(h.left) || j >= len(h.right) {
		return Evidence{}
	}
	return EvidenceOf(h.left[i], h.right[j], h.shared)
}

func rank(v Verdict) int {
	switch {
	case v.Decision == Same:
		return 0
	case v.Decision == Review && !v.Guess:
		return 1
	case v.Guess:
		return 2
	}
	return 3
}

// spread divides 0..count into one range for each processor, and waits for all.
func spread(count int, work func(from, to int)) {
	procs := min(runtime.GOMAXPROCS(0), max(count/64, 1))
	var wg sync.WaitGroup
	for p := range procs {
		wg.Go(func() { work(count*p/procs, count*(p+1)/procs) })
	}
	wg.Wait()
}

// Explain describes step by step, one line each, how two names are parsed and why they
// are or are not the same. Their numbers may be nil.
func (n *Namer) Explain(a, b string, first, second numbers.Set) []message.Message {
	x, y := n.Parse(a), n.Parse(b)
	out := append(n.explainName(sides[0], x), n.explainName(sides[1], y)...)
	for side, s := range [2]numbers.Set{first, second} {
		if len(s) > 0 {
			out = append(out, message.New("explain-numbers", "which", sides[side], "numbers", s))
		}
	}
	v := n.Compare(x, y).With(EvidenceOf(first, second, nil))
	score := strconv.FormatFloat(v.Score, 'f', 2, 64)
	out = append(out, message.New("explain-verdict", "decision", string(v.Decision), "score", score))
	for _, r := range v.Reasons {
		out = append(out, message.New("explain-because", "reason", r))
	}
	for _, veto := range v.Vetoes {
		out = append(out, message.New("explain-veto", "what", classKey(string(veto))))
	}
	return out
}

func (n *Namer) explainName(which message.Key, nm Name) []message.Message {
	out := []message.Message{message.New("explain-name", "which", which, "name", strconv.Quote(nm.Raw))}
	add := func(key message.Key, pairs ...any) { out = append(out, message.New(key, pairs...)) }
	if nm.Blank() {
		add("explain-blank")
		return out
	}
	for _, r := range nm.Repairs {
		add("explain-repaired", "what", r)
	}
	for _, f := range nm.Forms {
		code := f.Code
		if f.Country != "" {
			code += " (" + f.Country + ")"
		}
		add("explain-form", "code", code, "kind", f.Kind, "where", message.Key("where-"+string(f.Where)),
			"text", f.Text)
	}
	if nm.Group != "" {
		add("explain-group", "word", nm.Group)
	}
	for _, st := range nm.Stated {
		sure := message.Key("stated-sure")
		if !st.Sure {
			sure = "stated-unsure"
		}
		add("explain-states", "kind", st.Kind.words(), "text", st.Text, "sure", sure, "key", st.Key)
	}
	words := make([]message.Message, len(nm.parts))
	for i, p := range nm.parts {
		words[i] = message.New("explain-word", "word", p.text)
		if p.class != distinctive {
			words[i] = message.New("explain-word-class", "word", p.text, "what", p.class.key())
		}
	}
	add("explain-display", "name", nm.Display)
	add("explain-words", "words", words)
	add("explain-key", "key", nm.Key)
	return out
}
