package etl

import (
	"slices"
	"strings"
)

// Told is a row of a list by its identifier, with the text that tells it from the other
// rows of its actor: the service of an approval.
//
// The identifier has a hash of that text as it is written. A list that writes ’ for '
// therefore gives the same row another identifier. Identifiers never change for that, as
// others keep them; a row that is gone is followed instead.
type Told struct{ ID, Text string }

// Followed returns, for rows whose identifier is gone, the identifier that they have now:
// that of the same actor's only row whose text is the same in all but case, accents and
// punctuation. A row that was there before under its identifier is nobody's successor,
// and neither is one that two rows would become.
func Followed(was, is []Told) map[string]string {
	before, now := map[string]bool{}, map[string]bool{}
	for _, r := range was {
		before[r.ID] = true
	}
	arrived := map[string][]string{} // by actor and text
	key := func(r Told) string { return ActorOf(r.ID) + "\x00" + fold(r.Text) }
	for _, r := range is {
		if now[r.ID] = true; !before[r.ID] && fold(r.Text) != "" {
			arrived[key(r)] = append(arrived[key(r)], r.ID)
		}
	}
	out := map[string]string{}
	taken := map[string]int{}
	for _, r := range was {
		if to := arrived[key(r)]; !now[r.ID] && len(to) == 1 {
			out[r.ID] = to[0]
			taken[to[0]]++
		}
	}
	for id, to := range out {
		if taken[to] > 1 {
			delete(out, id)
		}
	}
	return out
}

// past finds rows in other editions.
type past struct {
	tells    [2]*Definition
	editions []Edition
	actors   []Actor
}

func newPast(ref *Reference, editions []Edition, actors []Actor) *past {
	p := &past{editions: editions, actors: actors}
	for _, l := range Listings {
		p.tells[l] = tellsApart(ref, l)
	}
	return p
}

// told returns the rows of an actor in a list, with the identifiers that they would have if
// it were published. Equal rows are left out but for the first.
func (p *past) told(list *List, l Listing, actor string) []Told {
	var out []Told
	for i := range list.Rows {
		r := &list.Rows[i]
		if p.actors[r.Actor].ID != actor {
			continue
		}
		t := Told{ID: actor, Text: *p.tells[l].text(r)}
		if t.Text != "" {
			t.ID += "/" + p.tells[l].tells(t.Text)
		}
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// follow returns the identifier that a row of another edition has in an edition, or "".
// If it cannot be followed, instead is the only row of the same actor that has arrived
// since.
func (p *past) follow(id string, ed *Edition) (to, instead string) {
	actor := ActorOf(id)
	if !strings.Contains(id, "/") {
		return "", ""
	}
	for _, e := range slices.Backward(p.editions) {
		for _, l := range Listings {
			was := p.told(&e.List[l], l, actor)
			if !slices.ContainsFunc(was, func(t Told) bool { return t.ID == id }) {
				continue
			}
			is := p.told(&ed.List[l], l, actor)
			if to := Followed(was, is)[id]; to != "" {
				return to, ""
			}
			arrived := slices.DeleteFunc(is, func(t Told) bool { return slices.Contains(was, t) })
			if len(arrived) == 1 {
				return "", arrived[0].ID
			}
			return "", ""
		}
	}
	return "", ""
}
