package etl

import "slices"

// sides records the decisions that the members of a group are subject to: 2n stands for
// the left side of decision n, 2n+1 for its right side. Two groups on opposite sides of
// a decision must not be joined.
type sides struct {
	list []int32
	in   map[int32]bool // the same numbers as a set, if there are many
	torn bool           // the group is on both sides of one decision, which is then about a single spelling
}

func (s *sides) has(side int32) bool {
	if s.in != nil {
		return s.in[side]
	}
	return slices.Contains(s.list, side)
}

func (s *sides) add(side int32) {
	if s.has(side) {
		return
	}
	s.torn = s.torn || s.has(side^1)
	s.list = append(s.list, side)
	switch {
	case s.in != nil:
		s.in[side] = true
	case len(s.list) > 16:
		s.in = make(map[int32]bool, 2*len(s.list))
		for _, x := range s.list {
			s.in[x] = true
		}
	}
}

// opposite reports whether two groups are on opposite sides of a decision.
func (s *sides) opposite(o *sides) bool {
	if len(s.list) > len(o.list) {
		s, o = o, s
	}
	return slices.ContainsFunc(s.list, func(side int32) bool { return o.has(side ^ 1) })
}

// setSides records on which side of a decision the members are.
func (w *namesakes) setSides(members []int, side int32) {
	for _, i := range members {
		s := w.sides[w.root(i)]
		if s == nil {
			s = &sides{}
			w.sides[w.root(i)] = s
		}
		s.add(side)
	}
}

// apart reports whether a decision keeps the groups of two members apart.
func (w *namesakes) apart(a, b int) bool {
	x, y := w.sides[w.root(a)], w.sides[w.root(b)]
	switch {
	case x == nil || y == nil:
		return false
	case x == y:
		return x.torn
	default:
		return x.opposite(y)
	}
}

// mergeSides adds the sides of one group to those of the group that it is joined to. It
// always adds the shorter list to the longer one, so that a long chain of decisions
// does not take quadratic time.
func (w *namesakes) mergeSides(into, from int) {
	x, y := w.sides[into], w.sides[from]
	if y == nil {
		return
	}
	if x == nil {
		x = &sides{}
	}
	if len(x.list) < len(y.list) {
		x, y = y, x
	}
	for _, side := range y.list {
		x.add(side)
	}
	x.torn = x.torn || y.torn
	w.sides[into] = x
	delete(w.sides, from)
}
