package compare

import "slices"

// alone finds the fields that follow from others and changed by themselves, which people
// do who type over a figure. A change of the actor in either list explains one in these
// fields, and so does another list on which everything changed.
func (d *Difference) alone(old, new *Side) {
	var told map[string]bool
	for l, c := range d.Lists {
		if c == nil {
			continue
		}
		was, is := old.Lists[l], new.Lists[l]
		fields, _, _ := intersect(was.Implied, is.Implied)
		if len(fields) == 0 {
			continue
		}
		before := make(map[string]*Row, len(was.Rows))
		for i := range was.Rows {
			before[was.Rows[i].ID] = &was.Rows[i]
		}
		if told == nil {
			told = d.told(old, new)
		}
		for _, f := range fields {
			a, b := slices.Index(was.Implied, f), slices.Index(is.Implied, f)
			out := Alone{Field: f}
			for i := range is.Rows {
				r := &is.Rows[i]
				if o := before[r.ID]; o != nil && o.implied(a) != r.implied(b) && !told[r.Actor] {
					if out.N++; out.N == 1 {
						out.Name, out.Was, out.Now = r.Name, o.implied(a), r.implied(b)
					}
				}
			}
			if out.N > 0 {
				c.Alone = append(c.Alone, out)
			}
		}
	}
}

// implied returns the row's value in one of the fields that follow from others, by index.
func (r *Row) implied(at int) Value {
	if at >= len(r.Implied) {
		return nil
	}
	return r.Implied[at]
}

// told returns the actors of which something is told.
func (d *Difference) told(old, new *Side) map[string]bool {
	actor := map[string]string{} // by identifier of a row
	for _, s := range []*Side{old, new} {
		for _, l := range s.Lists {
			if l != nil {
				for i := range l.Rows {
					actor[l.Rows[i].ID] = l.Rows[i].Actor
				}
			}
		}
	}
	out := map[string]bool{}
	for _, c := range d.Lists {
		if c == nil {
			continue
		}
		for _, as := range [][]Actor{c.Arrived, c.Left, c.Added, c.Removed} {
			for _, a := range as {
				out[a.ID], out[actor[a.ID]] = true, true
			}
		}
		for _, rs := range [][]Rename{c.Renamed, c.Respelt} {
			for _, r := range rs {
				out[r.ID] = true
			}
		}
		for _, cs := range [][]Change{c.Changed, c.Retyped} {
			for _, r := range cs {
				out[actor[r.ID]] = true
			}
		}
	}
	return out
}
