package etl

import (
	"encoding/json"
	"fmt"
	"strings"

	"hdsreport/etl/cores"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

// classify gives every actor its main position: the registry's, or else the one that a
// rule proposes, or else none. A position belongs to the actor, not to a row.
func classify(ref *Reference, reg *Registry, actors []Actor) []Finding {
	var fs []Finding
	of := make(map[string]RegistryActor, len(reg.Actors))
	for _, a := range reg.Actors {
		if _, known := ref.PositionOf(a.Position); known || a.Position == "" {
			// as it should be
		} else if p, named := ref.PositionNamed(a.Position); named {
			a.Position = p.Code // an editor wrote the label
		} else {
			fs = append(fs, Find(Error, CodeRegistryUnknown, a.Place, "position", a.Position, "id", a.ID,
				"known", taxonomy(ref.Positions)).Said("position"))
			a.Position = ""
		}
		if _, twice := of[a.ID]; !twice {
			of[a.ID] = a
		}
	}
	known, rules := ref.knownHosts(), newRulesByLetter(ref.Rules)
	cores.Each(len(actors), func(from, to int) {
		for i := from; i < to; i++ {
			a := &actors[i]
			if p := of[a.ID].Position; p != "" {
				a.Position, a.PositionBy = p, ByRegistry
				continue
			}
			if k := knownHost(known, a); k != nil {
				a.Position, a.Source, a.PositionBy = k.Code, k.Source, ByRule
				continue
			}
			a.Position, a.Rule = rules.propose(a)
			if a.Rule != "" {
				a.PositionBy = ByRule
			}
		}
	})
	return fs
}

// PositionNamed returns the position with a code, or with a label in any language,
// ignoring case, accents and repeated spaces.
func (ref *Reference) PositionNamed(text string) (Position, bool) {
	want := fold(text)
	for _, p := range ref.Positions {
		names := []string{strings.ReplaceAll(p.Code, "_", " ")}
		for _, l := range p.Label {
			names = append(names, l)
		}
		for _, n := range names {
			if want != "" && fold(n) == want {
				return p, true
			}
		}
	}
	return Position{}, false
}

// knownHosts returns the known hosts by the identifier that is made from their names,
// which leaves out legal forms.
func (ref *Reference) knownHosts() map[string]*KnownHost {
	of := make(map[string]*KnownHost, len(ref.Known))
	for i := range ref.Known {
		of[identity.ID(ref.Known[i].Name)] = &ref.Known[i]
	}
	return of
}

func knownHost(known map[string]*KnownHost, a *Actor) *KnownHost {
	if len(known) == 0 {
		return nil
	}
	id := a.ID
	if !a.IDOfName {
		id = identity.ID(a.Name)
	}
	if k := known[id]; k != nil {
		return k
	}
	for _, n := range a.Names {
		if n == a.Name {
			continue
		}
		if k := known[identity.ID(n)]; k != nil {
			return k
		}
	}
	return nil
}

// Propose applies the rules to an actor's name and then to its spellings. The first
// rule that matches any of them wins. If none does, the position is Unclassified.
func (ref *Reference) Propose(a *Actor) (code, rule string) {
	return newRulesByLetter(ref.Rules).propose(a)
}

// rulesByLetter are rules by the first letter of their phrases. A word of a name is
// held against the few rules that begin as it does: to look for each phrase in each name
// took 4 % of the time of a long list.
type rulesByLetter struct {
	rules  []PositionRule
	letter [256][]int32 // rules by number
}

func newRulesByLetter(rules []PositionRule) *rulesByLetter {
	x := &rulesByLetter{rules: rules}
	for i, r := range rules {
		if phrase := strings.TrimSuffix(r.Pattern, "*"); phrase != "" {
			x.letter[phrase[0]] = append(x.letter[phrase[0]], int32(i))
		}
	}
	return x
}

func (x *rulesByLetter) propose(a *Actor) (code, rule string) {
	first := len(x.rules)
	for i := -1; i < len(a.Names); i++ {
		name := a.Name
		if i >= 0 {
			if name = a.Names[i]; name == a.Name {
				continue // most are spelt one way
			}
		}
		var room [128]byte
		first = x.first(appendFolded(room[:0], name), first)
	}
	if first == len(x.rules) {
		return Unclassified, ""
	}
	return x.rules[first].Code, x.rules[first].Pattern
}

// first returns the number of the first rule that matches a folded text, if it is less than
// before; otherwise before.
func (x *rulesByLetter) first(text []byte, before int) int {
	for from := range text {
		if from > 0 && text[from-1] != ' ' {
			continue
		}
		rest := text[from:]
		for _, i := range x.letter[rest[0]] {
			if int(i) >= before {
				break
			}
			phrase, open := strings.CutSuffix(x.rules[i].Pattern, "*")
			if len(rest) >= len(phrase) && string(rest[:len(phrase)]) == phrase &&
				(open || len(rest) == len(phrase) || rest[len(phrase)] == ' ') {
				before = int(i)
				break
			}
		}
	}
	return before
}

// taxonomy is the list of positions as an argument of a message: each with its code and
// its label, since either may be written.
type taxonomy []Position

func (t taxonomy) Say(p message.Printer) string {
	said := make([]string, len(t))
	for i, position := range t {
		said[i] = fmt.Sprintf("%s (%s)", position.Code, position.Label[p.Language()])
	}
	return strings.Join(said, ", ")
}

// MarshalJSON returns the codes.
func (t taxonomy) MarshalJSON() ([]byte, error) {
	codes := make([]string, len(t))
	for i, position := range t {
		codes[i] = position.Code
	}
	return json.Marshal(codes)
}
