package etl

import (
	"reflect"
	"slices"
	"strings"

	"hdsreport/etl/identity"
)

// CorrectionState says what a line of corrections.csv does in an edition.
type CorrectionState string

// The states of a line.
const (
	CorrectionHolds      CorrectionState = "holds"
	CorrectionObsolete   CorrectionState = "obsolete"   // the source says the same now
	CorrectionOutdated   CorrectionState = "outdated"   // the source says a third value now
	CorrectionOrphan     CorrectionState = "orphan"     // its row or actor is not in the edition
	CorrectionSuperseded CorrectionState = "superseded" // a later line is about the same cell
	CorrectionUndone     CorrectionState = "undone"     // the next line of the cell undoes it
)

// CorrectionStates are all states.
var CorrectionStates = []CorrectionState{CorrectionHolds, CorrectionObsolete, CorrectionOutdated, CorrectionOrphan,
	CorrectionSuperseded, CorrectionUndone}

// CorrectionLine is a line of corrections.csv and what it does in an edition.
type CorrectionLine struct {
	Correction
	State CorrectionState
	List  Listing // of its row; Approved for an actor
	// Cell is the id of the actor, for a name or a position, or of the row that the line is
	// about. It is the line's own id unless that is gone and the row has been followed. It is
	// empty for an orphan.
	Cell string
	// Source is what the cell says without any correction.
	Source string
	// Instead is, for an orphan, the only row of the same actor and list that has arrived since
	// the editions that have the line's row; empty if there is none or more than one.
	Instead string
}

// correction is a line on its way to its cell.
type correction struct {
	CorrectionLine
	at    int  // in Registry.Corrections
	told  bool // a finding says what is wrong with it
	row   *Row
	actor *Actor
	d     *Definition
}

// corrector applies the corrections of a registry to an edition.
type corrector struct {
	ref    *Reference
	cells  *Cells
	ed     *Edition
	actors []Actor
	byID   map[string]*Actor
	// By the id that a spelling gives, if it is of one actor only; made when it is needed.
	spelled map[string]*Actor
	rows    [2]map[string]*Row
	past    *past
	found   []Finding
}

// correct applies the editors' corrections to the published edition: a name or a
// position to an actor, everything else to a row. Of several corrections of one cell
// the last applies, by date and then by line; the value "source" leaves the cell as the
// source has it. A correction also records the source's value at that time. If the
// source has another value now, the correction still applies and the change is
// reported. It returns what each line does. The other editions serve to follow rows whose
// identifier has changed since.
func correct(
	ref *Reference, reg *Registry, ed *Edition, actors []Actor, all []Edition,
) ([]CorrectionLine, []Finding) {
	if len(reg.Corrections) == 0 {
		return nil, nil
	}
	c := &corrector{ref: ref, cells: NewCells(ref), ed: ed, actors: actors,
		byID: make(map[string]*Actor, len(actors)), past: newPast(ref, all, actors)}
	for i := range actors {
		c.byID[actors[i].ID] = &actors[i]
	}
	for _, l := range Listings {
		c.rows[l] = make(map[string]*Row, len(ed.List[l].Rows))
		for i := range ed.List[l].Rows {
			c.rows[l][ed.List[l].Rows[i].ID] = &ed.List[l].Rows[i]
		}
	}
	lines := make([]*correction, len(reg.Corrections))
	for i, line := range reg.Corrections {
		lines[i] = c.resolve(line)
		lines[i].at = i
	}
	slices.SortStableFunc(lines, func(a, b *correction) int {
		x, _ := ParseDate(a.Date)
		y, _ := ParseDate(b.Date)
		return x.Compare(y)
	})
	for _, line := range inForce(lines) {
		c.apply(line)
	}
	c.namesakes(lines)
	slices.SortFunc(lines, func(a, b *correction) int { return a.at - b.at })
	c.remarks(lines)
	out := make([]CorrectionLine, len(lines))
	for i, line := range lines {
		out[i] = line.CorrectionLine
	}
	return out, c.found
}

// resolve finds the cell that a line is about.
func (c *corrector) resolve(line Correction) *correction {
	out := &correction{CorrectionLine: CorrectionLine{Correction: line, State: CorrectionHolds}}
	id := c.merged(line.ID)
	row, list, unsure := c.rowOf(id, line)
	if unsure {
		c.found = append(c.found, Find(Error, CodeRegistryValue, line.Place, "id", line.ID, "field",
			line.Field).Said("row-unsure"))
		out.State, out.told = CorrectionOrphan, true
		return out
	}
	out.actor = c.byID[line.ID]
	if out.actor == nil && row != nil {
		out.actor = &c.actors[row.Actor]
	}
	if out.actor == nil {
		out.actor = c.byID[ActorOf(line.ID)]
		if d := c.field(Approved, line.Field); out.actor == nil || d == nil || !d.OfActor() {
			var to string
			if to, out.Instead = c.past.follow(id, c.ed); to == "" {
				out.State = CorrectionOrphan
				return out
			}
			row, list, _ = c.rowOf(to, line)
			out.actor = &c.actors[row.Actor]
		}
	}
	out.d, out.List = c.field(list, line.Field), list
	if row == nil && out.d == nil { // the id of an actor, on either list
		out.d = c.field(1-list, line.Field)
	}
	switch {
	case out.d != nil && out.d.OfActor():
		out.List, out.Cell = Approved, out.actor.ID
	case row != nil:
		out.row, out.Cell = row, row.ID
	}
	return out
}

// merged returns the identifier that a row has since its actor was found to be another one:
// an identifier begins with the actor's id, which a spelling gives.
func (c *corrector) merged(id string) string {
	own, rest, ofRow := strings.Cut(id, "/")
	if !ofRow || c.byID[own] != nil {
		return id
	}
	if c.spelled == nil {
		c.spelled = map[string]*Actor{}
		for i := range c.actors {
			for _, n := range c.actors[i].Names {
				slug := identity.ID(n)
				if other, twice := c.spelled[slug]; twice && other != &c.actors[i] {
					c.spelled[slug] = nil // it does not tell whose row it was
					continue
				}
				c.spelled[slug] = &c.actors[i]
			}
		}
	}
	if a := c.spelled[own]; a != nil {
		return a.ID + "/" + rest
	}
	return id
}

func (c *corrector) field(l Listing, key string) *Definition { return c.ref.Field(l, Field(key)) }

// rowOf returns the row of a correction. A row without a number or a service has only
// the id of its actor, which may be on both lists. Then the field and its old value
// decide which row is meant.
func (c *corrector) rowOf(id string, line Correction) (row *Row, list Listing, unsure bool) {
	var fit []Listing
	for _, l := range Listings {
		if c.rows[l][id] == nil {
			continue
		}
		row, list = c.rows[l][id], l
		if c.field(l, line.Field) != nil {
			fit = append(fit, l)
		}
	}
	if d := c.field(Approved, line.Field); len(fit) == 2 && d.Correctable() && !d.OfActor() {
		fit = slices.DeleteFunc(fit, func(l Listing) bool {
			d := c.field(l, line.Field)
			return !c.alike(d, d.stated(c.ref, &c.ed.List[l], c.rows[l][id]), line.Was)
		})
		if len(fit) != 1 {
			return nil, 0, true
		}
	}
	if len(fit) > 0 {
		list = fit[0]
		row = c.rows[list][id]
	}
	return row, list, false
}

// alike reports whether the source says what it said: a change of case is not worth
// telling, and the text of activities is not kept once it is read.
func (c *corrector) alike(d *Definition, a, b string) bool {
	if d.Kind == KindActivities {
		return a == "" || fold(a) == fold(b)
	}
	return strings.EqualFold(a, b) || c.cells.Same(d, a, b)
}

// inForce returns the last line of each cell, in the order of the lines, and sets the
// state of the others.
func inForce(lines []*correction) []*correction {
	type cell struct {
		list  Listing
		id    string
		field Field
	}
	last := map[cell]*correction{}
	for _, line := range lines {
		at := cell{line.List, line.Cell, Field(line.Field)}
		if line.d != nil {
			at.field = line.d.Key
		}
		if line.Cell == "" {
			at.list, at.id = 2, line.ID // of no list: its row is not here
		}
		if was := last[at]; was != nil {
			was.State = CorrectionSuperseded
			if line.Value == FromSource {
				was.State = CorrectionUndone
			}
		}
		last[at] = line
	}
	return slices.DeleteFunc(slices.Clone(lines), func(line *correction) bool {
		return line.State == CorrectionSuperseded || line.State == CorrectionUndone
	})
}

// apply puts the value of a line into its cell.
func (c *corrector) apply(line *correction) {
	if line.State == CorrectionOrphan {
		return
	}
	ok := line.d != nil && line.d.Correctable()
	undone := ok && line.Value == FromSource
	switch {
	case !ok:
	case line.d.OfActor():
		line.Source, ok = line.actor.correct(c.cells, line.d, line.Value, undone)
	case line.row == nil:
		ok = false
	case undone:
		line.Source = line.d.stated(c.ref, &c.ed.List[line.List], line.row)
	default:
		line.Source, ok = line.d.set(c.ref, line.List, &c.ed.List[line.List], line.row, line.Value)
	}
	if !ok {
		c.found = append(c.found, uncorrectable(c.ref, line.List, line.row, line.d, line.Correction))
		return
	}
	switch {
	case undone:
	case c.cells.Same(line.d, line.Source, line.Value):
		line.State = CorrectionObsolete
	case line.Was != "" && !c.alike(line.d, line.Source, line.Was) && !c.alike(line.d, line.Source, line.Value):
		line.State = CorrectionOutdated
		c.found = append(c.found, Find(Warning, CodeCorrectionOutdated, line.Place, "seen", line.Source,
			"was", line.Was, "by", line.By, "field", line.d, "id", line.ID, "value", line.Value))
	}
}

// namesakes reports names that a correction gives to one actor although another has them:
// that two actors are one is for decisions.csv to say.
func (c *corrector) namesakes(lines []*correction) {
	var names *Namesakes
	for _, line := range lines {
		if line.State == CorrectionSuperseded || line.State == CorrectionUndone || line.Value == FromSource ||
			line.actor == nil || line.d == nil || line.d.Kind != KindName {
			continue
		}
		if names == nil {
			names = NewNamesakes(c.actors, nil)
		}
		if other := names.Other(line.actor.ID, line.Value); other != "" {
			c.found = append(c.found, Find(Warning, CodeRegistryValue, line.Place, "id", line.ID, "value",
				line.Value, "other", other).Said("correction-namesake"))
		}
	}
}

// remarks reports the lines that do nothing any more, one finding for each kind.
func (c *corrector) remarks(lines []*correction) {
	tell := func(state CorrectionState, code, variant string) {
		n := 0
		var first *correction
		for _, line := range lines {
			if line.State == state && line.Value != FromSource && !line.told {
				if n++; n == 1 {
					first = line
				}
			}
		}
		if n == 0 {
			return
		}
		if first.Instead != "" {
			variant = "correction-instead"
		}
		c.found = append(c.found, Find(Info, code, first.Place, "id", first.ID, "n", n,
			"instead", first.Instead).Said(variant))
	}
	tell(CorrectionOrphan, CodeRegistryUnused, "correction")
	tell(CorrectionObsolete, CodeCorrectionObsolete, "")
}

// uncorrectable returns a finding that says why a correction cannot be used.
func uncorrectable(ref *Reference, list Listing, row *Row, d *Definition, c Correction) Finding {
	at := func(variant string, pairs ...any) Finding {
		return Find(Error, CodeRegistryValue, c.Place,
			append([]any{"field", c.Field, "id", c.ID, "value", c.Value}, pairs...)...).Said(variant)
	}
	switch {
	case d == nil:
		return at("correction-field", "known", correctable(ref, list))
	case !d.Correctable():
		return at("correction-never", "name", d, "why", d.WhyNot)
	case row == nil && !d.OfActor():
		return at("correction-actor", "name", d)
	case d.Extra():
		return at("correction-column", "name", d)
	}
	return at("correction", "name", d)
}

// correctable returns the keys of a list's fields that can be corrected.
func correctable(ref *Reference, l Listing) []string {
	var out []string
	for _, d := range ref.Fields(l) {
		if d.Correctable() {
			out = append(out, string(d.Key))
		}
	}
	return out
}

// correct sets the name or the position of an actor and returns the old one, unless keep
// is set.
func (a *Actor) correct(cells *Cells, d *Definition, value string, keep bool) (was string, ok bool) {
	if d.Kind == KindName {
		if was = a.Name; value == "" {
			return was, false
		}
		if !keep {
			a.Name = value
		}
		return was, true
	}
	if was = a.Position; keep {
		return was, true
	}
	code, ok := cells.Read(d, value)
	if p, known := code.(PositionCode); ok && known {
		a.Position, a.PositionBy, a.Rule = string(p), ByCorrection, ""
		return was, true
	}
	return was, false
}

// CheckCorrection reports whether a text is a valid value of a field, and returns it in
// the form used in corrections.csv: dates are in ISO 8601, however a spreadsheet has
// written them.
func CheckCorrection(ref *Reference, f Field, value string) (string, bool) {
	for _, l := range Listings {
		d := ref.Field(l, f)
		if d == nil || !d.Correctable() {
			continue
		}
		if d.Extra() {
			return value, true
		}
		var row Row
		_, ok := d.set(ref, l, &List{}, &row, value)
		if ok && d.Kind == KindDate {
			value = d.Date(&row).String()
		}
		return value, ok
	}
	return value, false
}

// SameCorrection reports whether two texts mean the same value of a field, such as
// "toutes" and "all", or "Oui" and "Yes".
func SameCorrection(ref *Reference, f Field, a, b string) bool {
	for _, l := range Listings {
		d := ref.Field(l, f)
		if a == b || d == nil || !d.Correctable() || d.Extra() {
			continue
		}
		var one, other Row
		_, read := d.set(ref, l, &List{}, &one, a)
		_, too := d.set(ref, l, &List{}, &other, b)
		return read && too && reflect.DeepEqual(one, other)
	}
	return a == b
}

// Namesakes knows which actors have which names, in whatever case and with whatever
// accents and punctuation they are written.
type Namesakes struct{ actors map[string][]string }

// NewNamesakes returns the names of actors: those that readers see, the sources'
// spellings, and the registry's other names.
func NewNamesakes(actors []Actor, names []RegistryName) *Namesakes {
	n := &Namesakes{actors: map[string][]string{}}
	put := func(name, id string) {
		if key := fold(name); !slices.Contains(n.actors[key], id) {
			n.actors[key] = append(n.actors[key], id)
		}
	}
	for i := range actors {
		put(actors[i].Name, actors[i].ID)
		for _, spelling := range actors[i].Names {
			put(spelling, actors[i].ID)
		}
	}
	for _, name := range names {
		put(name.Name, name.Actor)
	}
	return n
}

// Other returns another actor that is called so, or "" if nobody else is.
func (n *Namesakes) Other(id, name string) string {
	for _, other := range n.actors[fold(name)] {
		if other != id {
			return other
		}
	}
	return ""
}
