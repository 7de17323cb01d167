package etl

import "slices"

// sides are the sides of decisions on which the members of a group are: 2n is the left
// of the decision n, 2n+1 its right. Two groups on both sides of one decision must not
// become one.
type sides struct {
	list []int32
	in   map[int32]bool // the same, where there are many
	torn bool           // both sides of a decision: what it is about is one spelling
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

// opposite tells that two groups are on both sides of one decision.
func (s *sides) opposite(o *sides) bool {
	if len(s.list) > len(o.list) {
		s, o = o, s
	}
	return slices.ContainsFunc(s.list, func(side int32) bool { return o.has(side ^ 1) })
}

// setSides notes on which side of a decision members are.
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

// apart tells that a decision keeps the groups of two members from being one.
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

// mergeSides gives a group the sides of another, which becomes a part of it. The
// shorter list goes into the longer, so that long chains of decisions take no longer
// than their length.
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
