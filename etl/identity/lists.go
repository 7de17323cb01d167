package identity

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// candidatesPerName bounds how many names of the right list are compared with
// one of the left.
const candidatesPerName = 25

// MatchLists compares each name of left with the few names of right that it may
// be, and yields at most top of them, the best first, in the order of left. A
// blank name, or one that nothing resembles, yields nothing. It uses all
// processors; what it yields, and in which order, does not depend on them.
func (n *Namer) MatchLists(left, right []string, top int, yield func(i, j int, v Verdict)) {
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
	type match struct {
		j int
		v Verdict
	}
	// In slices, so that memory holds the matches of one slice and not of all.
	const slice = 4096
	found := make([][]match, slice)
	for start := 0; start < len(left); start += slice {
		part := left[start:min(start+slice, len(left))]
		spread(len(part), func(from, to int) {
			s := ix.newScratch()
			for i := from; i < to; i++ {
				found[i] = found[i][:0]
				q := n.Parse(part[i])
				if q.Blank() {
					continue
				}
				for _, c := range ix.candidates(q, max(candidatesPerName, top), s) {
					found[i] = append(found[i], match{c.Index, ix.Compare(q, c.Index)})
				}
				slices.SortStableFunc(found[i], func(a, b match) int {
					return cmp.Or(cmp.Compare(rank(a.v.Decision), rank(b.v.Decision)), cmp.Compare(b.v.Score, a.v.Score), cmp.Compare(a.j, b.j))
				})
				found[i] = found[i][:min(top, len(found[i]))]
			}
		})
		for i := range part {
			for _, m := range found[i] {
				yield(start+i, m.j, m.v)
			}
		}
	}
}

func rank(d Decision) int {
	switch d {
	case Same:
		return 0
	case Review:
		return 1
	}
	return 2
}

// spread cuts 0..count into one range a processor and waits for all.
func spread(count int, work func(from, to int)) {
	procs := min(runtime.GOMAXPROCS(0), max(count/64, 1))
	var wg sync.WaitGroup
	for p := range procs {
		wg.Go(func() { work(count*p/procs, count*(p+1)/procs) })
	}
	wg.Wait()
}

// Explain says step by step how two names are read and why they are, or are not,
// the same.
func (n *Namer) Explain(a, b string) []string {
	x, y := n.Parse(a), n.Parse(b)
	out := append(n.explainName("first", x), n.explainName("second", y)...)
	v := n.Compare(x, y)
	out = append(out, fmt.Sprintf("verdict: %s, score %.2f", v.Decision, v.Score))
	for _, r := range v.Reasons {
		out = append(out, "  because: "+r)
	}
	for _, veto := range v.Vetoes {
		out = append(out, "  forbids same: "+string(veto))
	}
	return out
}

func (n *Namer) explainName(which string, nm Name) []string {
	out := []string{fmt.Sprintf("%s: %q", which, nm.Raw)}
	if nm.Blank() {
		return append(out, "  blank: no name")
	}
	for _, r := range nm.Repairs {
		out = append(out, "  repaired: "+r)
	}
	for _, f := range nm.Forms {
		where := f.Code
		if f.Country != "" {
			where += " (" + f.Country + ")"
		}
		out = append(out, fmt.Sprintf("  legal form: %s, %s, %s, written %q", where, f.Kind, f.Where, f.Text))
	}
	if nm.Group != "" {
		out = append(out, fmt.Sprintf("  group marker: %q", nm.Group))
	}
	for _, st := range nm.Stated {
		sure := "as the string says"
		if !st.Sure {
			sure = "what it is to the name is not said"
		}
		out = append(out, fmt.Sprintf("  states: %s %q, %s, key %s", st.Kind, st.Text, sure, st.Key))
	}
	var ws []string
	for _, p := range nm.parts {
		w := p.text
		if p.class != distinctive {
			w += " (" + p.class.String() + ")"
		}
		ws = append(ws, w)
	}
	return append(out, "  display: "+nm.Display, "  words: "+strings.Join(ws, ", "), "  key: "+nm.Key)
}
