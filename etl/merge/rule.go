package merge

import (
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/compare"
)

// Keep says who wins all conflicts of a file.
type Keep string

// The winners; without one, a conflict stands.
const (
	KeepNobody    Keep = ""
	KeepEditor    Keep = "editor"
	KeepWorkspace Keep = "workspace"
)

// Today is what a run says today, with the editors' corrections and without them.
type Today struct {
	Ref         *etl.Reference
	Registry    *etl.Registry
	Result      *etl.Result
	Now, Source [2]*List
}

// Input is what the changes of a file are ruled by.
type Input struct {
	Today
	Published [2]*List
	// Elsewhere reports whether another publication has a value in a cell. It is set if which
	// publication was edited is a guess: an old value must not pass for an edit.
	Elsewhere func(l etl.Listing, row string, d *etl.Definition, v compare.Value) bool
	Keep      Keep
}

// Outcome is what became of the changes of a file, each part in the order of the file.
type Outcome struct {
	Recorded, Already, Conflicts, Refused []Item
	Notes                                 []Note
}

// Rule says what becomes of each change.
func Rule(in *Input, changes *Changes) *Outcome {
	r := newRuler(in)
	r.read(changes)
	r.out.Notes = slices.Clone(changes.Notes)
	r.out.Refused = slices.Clone(changes.Refused)
	var computed []Item
	var ofActors []Item
	for _, it := range changes.Edits {
		switch {
		case it.d.Typed() == etl.TypedComputed:
			computed = append(computed, it)
		case it.d.OfActor():
			ofActors = append(ofActors, it)
		default:
			r.ofRow(it)
		}
	}
	r.ofActors(ofActors)
	r.namesTaken()
	r.ordered()
	for _, it := range computed {
		if !r.follows(it) {
			r.refuse(WhyDerived, it)
		}
	}
	r.out.Sort()
	return &r.out
}

// Sort puts each part into the order of the file.
func (o *Outcome) Sort() {
	for _, items := range [][]Item{o.Recorded, o.Already, o.Conflicts, o.Refused} {
		slices.SortStableFunc(items, func(a, b Item) int { return a.At.compare(b.At) })
	}
	slices.SortStableFunc(o.Notes, func(a, b Note) int { return a.At.compare(b.At) })
}

// Settled reports whether everything that was typed is in the registry, or was decided
// against by the person who imports.
func (o *Outcome) Settled() bool {
	return len(o.Refused) == 0 && !slices.ContainsFunc(o.Conflicts, func(it Item) bool { return it.Kept == "" })
}

// cellKey is a cell of the registry.
type cellKey struct {
	list  etl.Listing
	id    string
	field etl.Field
}

type ruler struct {
	*Input
	cells     *etl.Cells
	byID      map[string]int // in Result.Actors
	spelled   map[string]int // by the source's spelling; -1 if two actors have it
	joined    map[string]string
	rowOf     map[string]cellKey // the first row of each actor today, Approved before Certified
	lines     map[cellKey]etl.CorrectionLine
	undone    map[cellKey][]etl.CorrectionLine
	followed  [2]map[string]string
	placed    [2]map[string]int // the line of each row in its source
	typed     map[cellKey]compare.Value
	rowsOf    [2]map[string][]string // the published rows of each actor
	namesakes *etl.Namesakes
	out       Outcome
}

func newRuler(in *Input) *ruler {
	r := &ruler{Input: in, cells: etl.NewCells(in.Ref), byID: map[string]int{}, spelled: map[string]int{},
		joined: map[string]string{}, rowOf: map[string]cellKey{}, lines: map[cellKey]etl.CorrectionLine{},
		undone: map[cellKey][]etl.CorrectionLine{}}
	for i, a := range in.Result.Actors {
		r.byID[a.ID] = i
		for _, n := range a.Names {
			if _, twice := r.spelled[n]; twice {
				r.spelled[n] = -1
			} else {
				r.spelled[n] = i
			}
		}
	}
	for _, d := range in.Registry.Decisions {
		if d.Judgement == "same" {
			r.joined[d.Right] = d.Left
		}
	}
	for _, l := range etl.Listings {
		if in.Now[l] == nil {
			continue
		}
		for _, id := range in.Now[l].IDs {
			if _, known := r.rowOf[etl.ActorOf(id)]; !known {
				r.rowOf[etl.ActorOf(id)] = cellKey{list: l, id: id}
			}
		}
		r.followed[l] = r.follow(l)
		rows := in.Result.Edition.List[l].Rows
		r.placed[l] = make(map[string]int, len(rows))
		for i := range rows {
			r.placed[l][rows[i].ID] = int(rows[i].Line)
		}
	}
	for _, c := range in.Result.Corrections {
		key := cellKey{c.List, c.Cell, etl.Field(strings.TrimPrefix(c.Field, "activity:"))}
		switch c.State {
		case etl.CorrectionUndone:
			r.undone[key] = append(r.undone[key], c)
		case etl.CorrectionSuperseded:
		default:
			r.lines[key] = c
		}
	}
	names := slices.Clone(in.Registry.Names)
	for _, a := range in.Registry.Actors {
		names = append(names, etl.RegistryName{Actor: a.ID, Name: a.Name})
	}
	r.namesakes = etl.NewNamesakes(in.Result.Actors, names)
	return r
}

// read prepares for questions about what the file says.
func (r *ruler) read(changes *Changes) {
	r.typed = map[cellKey]compare.Value{}
	for _, it := range changes.Edits {
		r.typed[cellKey{it.List, it.Row, it.Field}] = it.value
	}
	for _, l := range etl.Listings {
		r.rowsOf[l] = map[string][]string{}
		if r.Published[l] != nil {
			for _, id := range r.Published[l].IDs {
				r.rowsOf[l][etl.ActorOf(id)] = append(r.rowsOf[l][etl.ActorOf(id)], id)
			}
		}
	}
}

// tells are the fields that tell the rows of an actor apart.
var tells = [2]etl.Field{etl.Approved: etl.FieldService, etl.Certified: etl.FieldNumber}

// follow finds the rows that have another identifier since they were published, because
// their text is written otherwise.
func (r *ruler) follow(l etl.Listing) map[string]string {
	told := func(list *List, actor func(id string) string) []etl.Told {
		var out []etl.Told
		if list != nil {
			for _, id := range list.IDs {
				out = append(out, etl.Told{ID: actor(id), Text: list.Text(id, tells[l])})
			}
		}
		return out
	}
	same := func(id string) string { return id }
	was := told(r.Published[l], func(id string) string { return r.today(l, id) })
	out := etl.Followed(was, told(r.Source[l], same))
	for from, to := range etl.Followed(was, told(r.Now[l], same)) {
		out[from] = to
	}
	return out
}

// today is the identifier of a row that was published, with the actor that its actor is
// today.
func (r *ruler) today(l etl.Listing, id string) string {
	actor := etl.ActorOf(id)
	return r.actor(l, id) + strings.TrimPrefix(id, actor)
}

// actor follows the actor of a published row through the decisions since. It is the id
// that was published if nothing is known of it today.
func (r *ruler) actor(l etl.Listing, row string) string {
	id := etl.ActorOf(row)
	for range 1 + len(r.joined) {
		if _, known := r.byID[id]; known {
			return id
		}
		left, joined := r.joined[id]
		if !joined {
			break
		}
		id = left
	}
	if i, known := r.spelled[r.Published[l].Text(row, etl.FieldSourceName)]; known && i >= 0 {
		return r.Result.Actors[i].ID
	}
	return etl.ActorOf(row)
}

// row is the identifier that a published row has today, or "".
func (r *ruler) row(l etl.Listing, id string) string {
	id = r.today(l, id)
	if r.Now[l].Has(id) {
		return id
	}
	return r.followed[l][id]
}

func (r *ruler) refuse(why string, it Item) {
	it.Why = why
	r.out.Refused = append(r.out.Refused, it)
}

// ofRow rules on a change of a cell that belongs to its row.
func (r *ruler) ofRow(it Item) {
	it.ID = r.row(it.List, it.Row)
	if it.ID == "" {
		it.ID = it.Row
		r.conflict(RowGone, it)
		return
	}
	if r.ambiguous(&it) {
		r.refuse(WhyAmbiguousRow, it)
		return
	}
	r.threeWay(it, cellKey{it.List, it.ID, it.Field}, cellKey{it.List, it.ID, it.Field})
}

// ambiguous reports whether a correction of the cell could be meant for either list: the
// identifier is on both, and the cell says the same on both.
func (r *ruler) ambiguous(it *Item) bool {
	other := r.Ref.Field(1-it.List, it.Field)
	if other == nil || !r.Now[1-it.List].Has(it.ID) || !other.Correctable() {
		return false
	}
	a, b := r.Source[0].Text(it.ID, it.Field), r.Source[1].Text(it.ID, it.Field)
	return strings.EqualFold(a, b) || r.cells.Same(it.d, a, b)
}

// ofActors rules on changes of names and positions, which are the actor's: typed on one of
// its rows, they hold for all. Rows that say what was published are no vote.
func (r *ruler) ofActors(items []Item) {
	type key struct {
		actor string
		field etl.Field
	}
	groups := map[key][]Item{}
	var order []key
	for _, it := range items {
		k := key{r.actor(it.List, it.Row), it.Field}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], it)
	}
	for _, k := range order {
		group := groups[k]
		if corrected := slices.DeleteFunc(slices.Clone(group), func(it Item) bool { return it.Confirms }); len(corrected) > 0 {
			for _, it := range group {
				if it.Confirms {
					r.out.Notes = append(r.out.Notes, Note{Kind: NoteStatus, ID: it.Row, Name: it.Name, At: it.At})
				}
			}
			group = corrected
		}
		first := group[0]
		if slices.ContainsFunc(group, func(it Item) bool { return it.value != first.value }) {
			for _, it := range group {
				it.ID = k.actor
				r.refuse(WhyDisagree, it)
			}
			continue
		}
		first.ID = k.actor
		shown, here := r.rowOf[k.actor]
		if !here {
			r.conflict(RowGone, first)
			continue
		}
		shown.field = k.field
		if first.Confirms {
			r.confirm(first, shown)
			continue
		}
		r.threeWay(first, shown, cellKey{etl.Approved, k.actor, k.field})
	}
}

// confirm rules on a proposed position that somebody confirms.
func (r *ruler) confirm(it Item, shown cellKey) {
	a := &r.Result.Actors[r.byID[it.ID]]
	now, _ := r.cells.Read(it.d, r.Now[shown.list].Text(shown.id, shown.field))
	it.Workspace = stored(now)
	r.witness(&it, shown, cellKey{etl.Approved, it.ID, it.Field})
	switch {
	case now != it.value:
		r.conflict(BothChanged, it)
	case a.PositionBy == etl.ByRule:
		it.Value = it.Editor
		r.out.Recorded = append(r.out.Recorded, it)
	default:
		r.out.Already = append(r.out.Already, it)
	}
}

// threeWay compares what was published, typed and said today. shown is where the cell
// stands today, and corrected is how the registry knows it.
func (r *ruler) threeWay(it Item, shown, corrected cellKey) {
	now, _ := r.cells.Read(it.d, r.Now[shown.list].Text(shown.id, shown.field))
	source := r.Source[shown.list].Text(shown.id, shown.field)
	of, _ := r.cells.Read(it.d, source)
	published, _ := r.cells.Read(it.d, r.Published[it.List].Text(it.Row, it.Field))
	line, held := r.lines[corrected]
	held = held && line.Value != etl.FromSource
	it.Workspace, it.Was, it.Value = stored(now), wasOf(it.d, source, of), it.Editor
	if it.undo {
		it.value = of
	}
	if held && it.value == of {
		it.undo, it.Value = true, etl.FromSource
	}
	r.witness(&it, shown, corrected)
	switch {
	case it.value == now && !(it.undo && held && it.Editor == etl.FromSource):
		r.out.Already = append(r.out.Already, it)
	case slices.ContainsFunc(r.undone[corrected], func(c etl.CorrectionLine) bool {
		v, _ := r.cells.Read(it.d, c.Value)
		return !held && v == it.value && it.value != of
	}):
		r.conflict(Overruled, it)
	case now != published:
		r.conflict(BothChanged, it)
	case r.Elsewhere != nil && !it.undoes() && r.Elsewhere(it.List, it.Row, it.d, it.value):
		r.conflict(BaseUnsure, it)
	default:
		r.out.Recorded = append(r.out.Recorded, it)
	}
}

// undoes reports whether somebody typed "source" itself, which no publication says.
func (it *Item) undoes() bool { return it.Editor == etl.FromSource }

// wasOf is what the source says of a cell, as corrections.csv has it.
func wasOf(d *etl.Definition, text string, v compare.Value) string {
	if d.Kind == etl.KindText || d.Kind == etl.KindName || v == nil {
		return text
	}
	return v.String()
}

// witness notes who said what the cell says today: the last correction, or the source.
func (r *ruler) witness(it *Item, shown, corrected cellKey) {
	if line, held := r.lines[corrected]; held && line.Value != etl.FromSource {
		it.By, it.Date = line.By, line.Date
		return
	}
	if t := r.Result.Edition.List[shown.list].Source.Table; t != nil {
		it.Source = etl.Place{File: t.File, Row: r.placed[shown.list][shown.id]}
	}
}

// conflict lists a conflict, unless the person who imports has decided all of them.
func (r *ruler) conflict(why string, it Item) {
	it.Why = why
	switch {
	case r.Keep == KeepEditor && why != RowGone:
		it.Why = ""
		r.out.Recorded = append(r.out.Recorded, it)
		return
	case r.Keep == KeepWorkspace:
		it.Kept = string(KeepWorkspace)
	}
	r.out.Conflicts = append(r.out.Conflicts, it)
}

// namesTaken refuses names that are another actor's, today or in this file.
func (r *ruler) namesTaken() {
	given := map[string][]string{} // actors by name, as it is written
	for _, it := range r.out.Recorded {
		if it.d.Kind == etl.KindName && !it.undo {
			given[strings.ToLower(it.Editor)] = append(given[strings.ToLower(it.Editor)], it.ID)
		}
	}
	r.out.Recorded = slices.DeleteFunc(r.out.Recorded, func(it Item) bool {
		if it.d.Kind != etl.KindName || it.undo {
			return false
		}
		it.Instead = r.namesakes.Other(it.ID, it.Editor)
		if others := given[strings.ToLower(it.Editor)]; it.Instead == "" && len(others) > 1 {
			it.Instead = others[0]
			if it.Instead == it.ID {
				it.Instead = others[1]
			}
		}
		if it.Instead == "" {
			return false
		}
		r.refuse(WhyNameTaken, it)
		return true
	})
}

// ordered refuses dates by which a row would begin after its end, after all its edits.
func (r *ruler) ordered() {
	type row struct {
		list etl.Listing
		id   string
	}
	edited := map[row]map[etl.Field]compare.Value{}
	for _, it := range r.out.Recorded {
		if it.d.Kind == etl.KindDate {
			k := row{it.List, it.ID}
			if edited[k] == nil {
				edited[k] = map[etl.Field]compare.Value{}
			}
			edited[k][it.Field] = it.value
		}
	}
	reversed := func(k row) bool {
		date := func(f etl.Field) etl.Date {
			v, changed := edited[k][f]
			if !changed {
				v, _ = r.cells.Read(r.Ref.Field(k.list, f), r.Now[k.list].Text(k.id, f))
			}
			d, _ := v.(etl.Date)
			return d
		}
		from, until := date(etl.FieldFrom), date(etl.FieldUntil)
		return !from.IsZero() && !until.IsZero() && from.Compare(until.Last()) > 0
	}
	r.out.Recorded = slices.DeleteFunc(r.out.Recorded, func(it Item) bool {
		if it.d.Kind != etl.KindDate || !reversed(row{it.List, it.ID}) {
			return false
		}
		r.refuse(WhyOrder, it)
		return true
	})
}

// follows reports whether a constant in a computed column says what the row gives: a copy
// of values only has constants everywhere.
func (r *ruler) follows(it Item) bool {
	id := r.row(it.List, it.Row)
	if id != "" && r.cells.Same(it.d, it.Found, r.Now[it.List].Text(id, it.Field)) {
		return true
	}
	want := ""
	switch it.Field {
	case "effective":
		d, _ := r.said(it.List, it.Row, etl.FieldUntil).(etl.Date)
		want = r.Ref.EffectiveEnd(d).String()
	case "count":
		want = r.count(it.List, it.Row)
	case "covered":
		want = r.count(it.List, r.rowsOf[it.List][etl.ActorOf(it.Row)]...)
	}
	return want != "" && r.cells.Same(it.d, it.Found, want)
}

// said is what a cell says in the file.
func (r *ruler) said(l etl.Listing, row string, f etl.Field) compare.Value {
	if v, typed := r.typed[cellKey{l, row, f}]; typed {
		return v
	}
	v, _ := r.cells.Read(r.Ref.Field(l, f), r.Published[l].Text(row, f))
	return v
}

// count is how many activities some rows of the file cover together.
func (r *ruler) count(l etl.Listing, rows ...string) string {
	var all etl.Activities
	for _, row := range rows {
		var own etl.Activities
		for i, a := range r.Ref.Activities {
			switch r.said(l, row, etl.Field(a.Key)) {
			case etl.TickYes:
				own.Yes |= 1 << i
			case etl.TickUnknown:
				own.Unknown |= 1 << i
			}
		}
		all = all.Union(own)
	}
	if !all.Known() {
		return etl.UnknownActivity
	}
	return strconv.Itoa(all.Yes.Len())
}

// Held splits recorded items into those whose cells say what was recorded, in lists as a
// run with the rulings says them, and those whose do not.
func Held(cells *etl.Cells, now [2]*List, items []Item) (held, failed []Item) {
	row := map[string]cellKey{}
	for _, l := range etl.Listings {
		for _, id := range now[l].IDs {
			if _, known := row[etl.ActorOf(id)]; !known {
				row[etl.ActorOf(id)] = cellKey{list: l, id: id}
			}
		}
	}
	for _, it := range items {
		at := cellKey{list: it.List, id: it.ID}
		if it.d.OfActor() {
			at = row[it.ID]
		}
		v, _ := cells.Read(it.d, now[at.list].Text(at.id, it.Field))
		if v == it.value {
			held = append(held, it)
		} else {
			failed = append(failed, it)
		}
	}
	return held, failed
}

// Correction is the line of corrections.csv for a recorded item.
func (it *Item) Correction(by, date, reason string) etl.Correction {
	return etl.Correction{ID: it.ID, Field: string(it.Field), Was: it.Was, Value: it.Value, By: by, Date: date,
		Reason: reason}
}
