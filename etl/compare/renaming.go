package compare

import (
	"cmp"
	"iter"
	"slices"

	"hdsreport/etl/message"
	"hdsreport/etl/number"
)

// The fields that can show that an actor goes on under another name.
const (
	fieldBody    = "body"
	fieldNumber  = "number"
	fieldService = "service"
	fieldFrom    = "from"
	fieldUntil   = "until"
)

// holdings yields what the rows of a list would keep under another name. Each is valid
// only until the next one.
func (l *List) holdings() iter.Seq[*Holding] {
	at := func(field string) int { return slices.Index(l.Fields, field) }
	body, certificate, service, from, until := at(fieldBody), at(fieldNumber), at(fieldService), at(fieldFrom),
		at(fieldUntil)
	var numbered []int
	for i, f := range l.Fields {
		if number.IsColumn(f) {
			numbered = append(numbered, i)
		}
	}
	return func(yield func(*Holding) bool) {
		var h Holding
		for i := range l.Rows {
			r := &l.Rows[i]
			if r.Out {
				continue
			}
			value := func(at int) Value {
				if at < 0 || at >= len(r.Values) {
					return nil
				}
				return r.Values[at]
			}
			h = Holding{Actor: r.Actor, Body: Said(value(body)), Number: Said(value(certificate)),
				Service: Said(value(service)), From: value(from), Until: value(until), Namesake: r.Namesake}
			for _, at := range numbered {
				if v := value(at); v != nil {
					h.Numbers = h.Numbers.Union(number.Read(number.Column(l.Fields[at]), v.String()).Numbers)
				}
			}
			if !yield(&h) {
				return
			}
		}
	}
}

// renamings finds the actors that left and may go on as one that arrived.
func (c *comparison) renamings() {
	if len(c.out.Left) == 0 || len(c.out.Arrived) == 0 {
		return
	}
	named := func(as []Actor) map[string]Actor {
		m := make(map[string]Actor, len(as))
		for _, a := range as {
			m[a.ID] = a
		}
		return m
	}
	left, arrived := named(c.out.Left), named(c.out.Arrived)
	for _, l := range Leads(c.old.holdings(), c.new.holdings()) {
		r := Renaming{left[l.From], arrived[l.To], l.Evidence, l.Score}
		switch {
		case l.SameName:
			c.out.PerhapsSame = append(c.out.PerhapsSame, r)
		case c.words.Fold(r.From.Name) != c.words.Fold(r.To.Name):
			c.out.MaybeRenamed = append(c.out.MaybeRenamed, r)
		default: // one name under another identifier, of which a workbook does not say why
		}
	}
}

// ruled applies what persons have decided: those who are different are not asked about,
// and of those who were succeeded it is known by whom. What remains of one name with
// different numbers neither left nor arrived.
func (c *Changes) ruled(old, new *Side) {
	decided := map[[2]string]bool{}
	for _, side := range []*Side{old, new} {
		for _, p := range side.Differ {
			decided[p], decided[[2]string{p[1], p[0]}] = true, true
		}
		for _, p := range side.Succeeds {
			decided[p], decided[[2]string{p[1], p[0]}] = true, true
		}
	}
	settled := func(r Renaming) bool { return decided[[2]string{r.From.ID, r.To.ID}] }
	c.MaybeRenamed = slices.DeleteFunc(c.MaybeRenamed, settled)
	c.PerhapsSame = slices.DeleteFunc(c.PerhapsSame, settled)
	var from, to []string
	for _, r := range c.PerhapsSame {
		from, to = append(from, r.From.ID), append(to, r.To.ID)
	}
	c.Left = slices.DeleteFunc(c.Left, func(a Actor) bool { return slices.Contains(from, a.ID) })
	c.Arrived = slices.DeleteFunc(c.Arrived, func(a Actor) bool { return slices.Contains(to, a.ID) })
	c.Early = slices.DeleteFunc(c.Early, func(e Ending) bool { return slices.Contains(from, e.ID) })
	c.replaced(new)
}

// replaced finds the actors that left and that another one succeeds.
func (c *Changes) replaced(new *Side) {
	if len(new.Succeeds) == 0 {
		return
	}
	names := map[string]string{}
	for _, l := range new.Lists {
		if l == nil {
			continue
		}
		for i := range l.Rows {
			names[l.Rows[i].Actor] = l.Rows[i].Name
		}
	}
	for _, a := range c.Left {
		for _, s := range new.Succeeds {
			if name, listed := names[s[0]]; s[1] == a.ID && listed {
				c.Replaced = append(c.Replaced, Renaming{From: a, To: Actor{s[0], name},
					Evidence: []message.Message{message.New("lead-decided")}})
				break
			}
		}
	}
}

// MaybeRenamedAs returns the actors that an actor that left may be now, for which nobody
// has ruled yet.
func (c *Changes) MaybeRenamedAs(id string) []Renaming {
	var out []Renaming
	for _, r := range c.MaybeRenamed {
		if r.From.ID == id {
			out = append(out, r)
		}
	}
	return out
}

// Awaiting returns how many of the actors that left may have been renamed and await a
// ruling.
func (c *Changes) Awaiting() int {
	ids := map[string]bool{}
	for _, r := range c.MaybeRenamed {
		ids[r.From.ID] = true
	}
	return len(ids)
}

// Departure says how an actor left, under a name: replaced by another one, or perhaps
// renamed, or simply by its name.
func (c *Changes) Departure(id, name string) message.Message {
	if i := slices.IndexFunc(c.Replaced, func(r Renaming) bool { return r.From.ID == id }); i >= 0 {
		return message.New("departure-replaced", "name", name, "to", c.Replaced[i].To.Name)
	}
	if may := c.MaybeRenamedAs(id); len(may) > 0 {
		slices.SortStableFunc(may, func(a, b Renaming) int { return cmp.Compare(b.Score, a.Score) })
		return message.New("departure-renamed", "name", name, "to", may[0].To.Name, "why", may[0].why())
	}
	return message.New("departure", "name", name)
}

// Annotated reports whether more is to be said of those who left than their names.
func (c *Changes) Annotated() bool { return len(c.Replaced)+len(c.MaybeRenamed) > 0 }

// why returns the evidence in a few words.
func (r *Renaming) why() message.Joined {
	var out message.Joined
	for _, e := range r.Evidence {
		brief := message.New("brief-certificate")
		switch e.Key {
		case "lead-approval":
			brief = message.New("brief-approval")
		case "why-number":
			brief = message.New("brief-number")
			if numbers, ok := e.Args.Get("numbers"); ok {
				if set, ok := numbers.(number.Set); ok && len(set) > 0 {
					brief = message.New("brief-scheme", "scheme", set[0].Scheme)
				}
			}
		}
		if !slices.ContainsFunc(out, func(m message.Message) bool { return m.String() == brief.String() }) {
			out = append(out, brief)
		}
	}
	return out
}
