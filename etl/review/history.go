package review

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/etl/pattern"
	"hdsreport/etl/registry"
)

// Refs gives the lines of the registry refs, by which people undo them. A ref is made from
// what the line says and from its number among equal ones, so that it stays while other
// lines come and go.
type Refs map[string]int

// Ref returns the ref of the next line that says some texts.
func (r Refs) Ref(texts ...string) string {
	text := strings.Join(texts, "\x00")
	r[text]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", text, r[text]))
	return hex.EncodeToString(sum[:4])
}

// The kinds of what a person has ruled, and the states that are not those of a correction.
const (
	KindDecision = "decision"
	KindPosition = "position"
	KindName     = "name"
	KindValue    = "value"

	stateHolds  = string(etl.CorrectionHolds)
	stateUndone = string(etl.CorrectionUndone)
	stateOrphan = string(etl.CorrectionOrphan)
	statePast   = string(etl.CorrectionSuperseded)
)

// Ruled is what a person has ruled, as a line of the registry has it.
//
//	decision  left and right are the two names, judgement is what they are
//	position  left is the actor, judgement the position
//	name      left is the actor, right another name of its, judgement its kind
//	value     left is the row or actor, right the field, judgement the value
type Ruled struct {
	Ref       string `json:"ref"`
	Kind      string `json:"kind"`
	Left      string `json:"left"`
	Right     string `json:"right"`
	Judgement string `json:"judgement"`
	By        string `json:"by"`
	Date      string `json:"date"`
	Reason    string `json:"reason"`
	State     string `json:"state"`

	line *etl.CorrectionLine // of a value
}

// noted is how decide notes who gave a position, at the end of an actor's note.
var noted = pattern.Of(`^(.*?) (\d{4}-\d{2}-\d{2})(?: (.*))?$`)

// History returns all that persons have ruled, table by table in the order of the lines.
func History(in *etl.Input, res *etl.Result) []Ruled {
	refs := Refs{}
	var out []Ruled
	add := func(r Ruled) {
		if r.Kind != KindValue { // whose ref corrections list gives
			r.Ref = refs.Ref(r.Kind, r.Left, r.Right, r.Judgement, r.By, r.Date)
		}
		out = append(out, r)
	}
	here := newKnown(in, res)
	undone := map[int]bool{} // by line
	for _, d := range in.Registry.Undone {
		undone[d.Place.Row] = d.Judgement != etl.Undone
	}
	// In the order of the table: the number of a line among equal ones is part of its ref.
	lines := slices.Concat(in.Registry.Decisions, in.Registry.Undone)
	slices.SortStableFunc(lines, func(a, b etl.RegistryDecision) int { return a.Place.Row - b.Place.Row })
	for _, d := range lines {
		r := Ruled{Kind: KindDecision, Left: d.Left, Right: d.Right, Judgement: d.Judgement, By: d.By, Date: d.Date,
			Reason: d.Reason, State: stateHolds}
		switch known := here.anywhere(d.Left) && (here.anywhere(d.Right) || d.Judgement == "successor"); {
		case undone[d.Place.Row]:
			r.State = stateUndone
		case d.Judgement != etl.Undone && !known:
			r.State = stateOrphan
		}
		add(r)
	}
	for _, a := range in.Registry.Actors {
		if a.Position == "" {
			continue
		}
		r := Ruled{Kind: KindPosition, Left: a.ID, Judgement: a.Position, Reason: a.Note, State: here.position(a.ID)}
		said := strings.Split(a.Note, " ; ")
		if m := noted().FindStringSubmatch(said[len(said)-1]); m != nil {
			r.By, r.Date, r.Reason = m[1], m[2], m[3]
		}
		add(r)
	}
	for _, n := range in.Registry.Names {
		r := Ruled{Kind: KindName, Left: n.Actor, Right: n.Name, Judgement: n.Kind, State: stateHolds}
		if !here.anywhere(n.Actor) {
			r.State = stateOrphan
		}
		add(r)
	}
	for i, ref := range CorrectionRefs(res) {
		c := &res.Corrections[i]
		add(Ruled{Ref: ref, Kind: KindValue, Left: c.ID, Right: c.Field, Judgement: c.Value, By: c.By, Date: c.Date,
			Reason: c.Reason, State: string(c.State), line: c})
	}
	return out
}

// CorrectionRefs returns the refs of the corrections of a run.
func CorrectionRefs(res *etl.Result) []string {
	refs := Refs{}
	out := make([]string, len(res.Corrections))
	for i := range res.Corrections {
		c := &res.Corrections[i]
		out[i] = refs.Ref(c.ID, c.Field, c.Was, c.Value, c.By, c.Date)
	}
	return out
}

// known tells who is in the workspace.
type known struct {
	called   map[string]bool
	actors   map[string]*etl.Actor
	corrects map[string]bool // actors whose position a correction gives
}

func newKnown(in *etl.Input, res *etl.Result) *known {
	k := &known{called: map[string]bool{}, actors: map[string]*etl.Actor{}, corrects: map[string]bool{}}
	for i := range res.Actors {
		a := &res.Actors[i]
		k.actors[a.ID], k.called[a.ID], k.called[a.Name] = a, true, true
		for _, n := range a.Names {
			k.called[n], k.called[identity.ID(n)] = true, true
		}
		k.corrects[a.ID] = a.PositionBy == etl.ByCorrection
	}
	for _, a := range in.Registry.Actors {
		k.called[a.ID], k.called[a.Name] = true, true
	}
	return k
}

// anywhere reports whether an edition or the registry has an actor of an id or a name.
func (k *known) anywhere(who string) bool { return k.called[who] || k.called[identity.ID(who)] }

// position is the state of the position that the registry gives an actor.
func (k *known) position(id string) string {
	switch {
	case k.actors[id] == nil:
		return stateOrphan
	case k.corrects[id]:
		return statePast
	}
	return stateHolds
}

// Undoable reports whether a ruling can be taken back: it applies, and is no taking back
// itself.
func (r *Ruled) Undoable() bool {
	switch {
	case r.Kind == KindDecision && r.Judgement == etl.Undone, r.Kind == KindValue && r.Judgement == etl.FromSource:
		return false
	}
	return r.State != stateUndone && !(r.Kind == KindValue && r.State == statePast)
}

// Undo adds what takes a ruling back. Nothing is deleted but a name, whose table does not
// say whose it is; a note in the actor's line does.
func (r *Ruled) Undo(in *etl.Input, add *registry.Additions, by, date, reason string) {
	note := oneLine(fmt.Sprintf("%s %s %s", by, date, reason))
	switch r.Kind {
	case KindDecision:
		add.Decisions = append(add.Decisions, etl.RegistryDecision{Left: r.Left, Right: r.Right, Judgement: etl.Undone,
			By: by, Date: date, Reason: reason})
		if r.Judgement == "same" {
			r.undoRenaming(in, add, note)
		}
	case KindPosition:
		add.Cleared = append(add.Cleared, registry.Clearing{ID: r.Left, Position: r.Judgement,
			Note: note + " (" + r.Judgement + ")"})
	case KindName:
		r.dropName(in, add, r.Left, r.Right, note)
	case KindValue:
		add.Corrections = append(add.Corrections, UndoCorrection(r.line, by, date, reason))
	}
}

// UndoCorrection is the line that takes a correction back.
func UndoCorrection(c *etl.CorrectionLine, by, date, reason string) etl.Correction {
	was := c.Source
	if c.State == etl.CorrectionOrphan {
		was = c.Was
	}
	return etl.Correction{ID: c.ID, Field: c.Field, Was: was, Value: etl.FromSource, By: by, Date: date, Reason: reason}
}

// undoRenaming takes back what was recorded with the decision that two names are one
// because it was renamed: its former name, and the new one if the registry has it, and not
// the source only.
func (r *Ruled) undoRenaming(in *etl.Input, add *registry.Additions, note string) {
	is := func(name, side string) bool {
		id := identity.ID(name)
		return name != "" && (id == side || id == identity.ID(side))
	}
	former := func(side string) {
		for _, n := range in.Registry.Names {
			if n.Actor == r.Left && n.Kind == "former" && is(n.Name, side) {
				r.dropName(in, add, n.Actor, n.Name, note)
			}
		}
	}
	former(r.Right)
	for _, a := range in.Registry.Actors {
		switch {
		case a.ID != r.Left || is(a.Name, r.Left):
		case a.Name == "":
			former(r.Left)
		case is(a.Name, r.Right):
			add.Cleared = append(add.Cleared, registry.Clearing{ID: a.ID, Name: a.Name, Note: note + " (" + a.Name + ")"})
			former(r.Left)
		}
	}
}

func (r *Ruled) dropName(in *etl.Input, add *registry.Additions, actor, name, note string) {
	dropped := etl.RegistryName{Actor: actor, Name: name}
	if slices.Contains(add.Dropped, dropped) {
		return
	}
	add.Dropped = append(add.Dropped, dropped)
	add.Noted = append(add.Noted, registry.Clearing{ID: actor, Note: note + " (" + name + ")"})
}

// StillOne reports whether a run finds the two sides of a decision in one actor.
func (r *Ruled) StillOne(res *etl.Result) bool {
	if r.Kind != KindDecision || r.Judgement != "same" {
		return false
	}
	of := func(side string) int {
		for i := range res.Actors {
			a := &res.Actors[i]
			if a.ID == side || a.Name == side || slices.ContainsFunc(a.Names, func(n string) bool {
				return n == side || identity.ID(n) == side
			}) {
				return i
			}
		}
		return -1
	}
	left, right := of(r.Left), of(r.Right)
	return left >= 0 && left == right
}
