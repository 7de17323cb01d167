package etl

import (
	"cmp"
	"slices"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"hdsreport/etl/identity"
)

// Input is a workspace, read: everything that a run depends on.
type Input struct {
	Editions   []EditionInput // up to the one to publish, which is the last; by rising date
	Registry   Registry
	Reference  Reference
	Thresholds Thresholds
	Namer      *identity.Namer
	Found      []Finding    // by the readers, before the pipeline
	Partial    bool         // lists are given one by one: one that is not given is not missed
	Release    bool         // the tables' cells are let go of once read, so that Run can be run once only
	Published  *Publication // what readers have now; nil where nothing is known of it
}

// Result is what a run found out.
type Result struct {
	Edition  *Edition // the published one: the last of Editions
	Editions []Edition
	Actors   []Actor
	On       [2]map[int32]bool // who is on each list of the published edition
	Changes  [2]Changes
	Moved    []int32
	Findings []Finding // sorted by place
	Refusals []Refusal
	Review   []ReviewItem
	Stats    Stats

	rank []int32 // of each actor in French alphabetical order
}

// Refused tells that the gate holds the edition back.
func (res *Result) Refused() bool {
	return slices.ContainsFunc(res.Refusals, func(r Refusal) bool { return r.Accepted == nil })
}

// Run is the whole job. It reads every edition's lists, says who is who across
// them, gives each actor its position, puts the editors' corrections on top,
// compares with what was there before, decides what must not be published, and
// counts.
func Run(in Input) *Result {
	res := &Result{Findings: slices.Clone(in.Found)}

	// Read and clean: cells to rows, values to dates and activities.
	res.readAll(in)
	res.Edition = &res.Editions[len(res.Editions)-1]

	res.add(unseenColumns(&in.Reference, res.Edition))

	if in.Release {
		in.release()
	}

	// Identify: spellings to actors, rows to identifiers.
	names := &parsedNames{namer: in.Namer, seen: map[string]identity.Name{}}
	actors, found := identify(names, &in.Registry, res.Editions)
	res.Actors = actors
	res.add(found)
	for _, l := range Listings {
		res.add(rowIDs(&in.Reference, &res.Edition.List[l], l, res.Actors))
	}

	// Classify, then let the editors' corrections win.
	res.add(classify(&in.Reference, &in.Registry, res.Actors))
	res.add(correct(&in.Reference, &in.Registry, res.Edition, res.Actors))
	res.order()

	// Compare with the editions before.
	for _, l := range Listings {
		res.On[l] = res.Edition.List[l].actors()
	}
	for _, l := range Listings {
		res.Changes[l] = changes(res, l)
	}
	res.Moved = moved(&in.Registry, res)
	res.compareRows(&in.Reference, &in.Registry)

	// Check what may be published, and say what awaits an editor.
	res.add(registryLost(&in, res))
	res.Refusals = gate(&in, res)
	res.add(accepted(res.Refusals))
	res.add(unreadAcceptances(&in.Registry))
	res.Review = review(in, names, res)
	SortFindings(res.Findings)

	// Count.
	res.Stats = count(&in.Reference, res)
	return res
}

// release forgets the cells of the source files, of which the rows keep what they
// need: a long list takes as much as all that is made from it.
func (in *Input) release() {
	for _, e := range in.Editions {
		for _, s := range e.Sources {
			if s.Table != nil {
				s.Table.Rows = nil
			}
		}
	}
}

func (res *Result) add(fs []Finding) { res.Findings = append(res.Findings, fs...) }

// readAll reads the lists, several at a time: they do not know each other.
func (res *Result) readAll(in Input) {
	res.Editions = make([]Edition, len(in.Editions))
	found := make([][2][]Finding, len(in.Editions))
	var wg sync.WaitGroup
	for e, ed := range in.Editions {
		date, _ := ParseEdition(ed.ID)
		res.Editions[e] = Edition{ID: ed.ID, Date: date}
		for _, l := range Listings {
			wg.Go(func() {
				res.Editions[e].List[l], found[e][l] = readList(&in.Reference, date, l, ed.Sources[l])
			})
		}
	}
	wg.Wait()
	for e := range found {
		for _, fs := range found[e] {
			res.add(fs)
		}
	}
}

// order ranks the actors as a French reader expects them: accents and case
// decide last, then the id.
func (res *Result) order() {
	keys := make([][]byte, len(res.Actors))
	OnAllCores(len(keys), func(from, to int) {
		c := collate.New(language.French, collate.Loose)
		var buf collate.Buffer // that is not reset holds all of the stretch's keys
		for i := from; i < to; i++ {
			keys[i] = c.KeyFromString(&buf, res.Actors[i].Name)
		}
	})
	byRank := alphabetical(len(keys), func(i int) []byte { return keys[i] }, func(i, j int) int {
		a, b := &res.Actors[i], &res.Actors[j]
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	res.rank = make([]int32, len(res.Actors))
	for r, a := range byRank {
		res.rank[a] = int32(r)
	}
	for _, l := range Listings {
		res.orderRows(res.Edition.List[l].Rows)
	}
}

// orderRows puts rows in the order of their actors, an actor's own by id.
func (res *Result) orderRows(rows []Row) {
	// Ranks are small numbers: an actor's rows go where those of the ranks before end.
	start := make([]int32, len(res.rank)+1)
	for i := range rows {
		start[res.rank[rows[i].Actor]+1]++
	}
	for r := range res.rank {
		start[r+1] += start[r]
	}
	order, next := make([]int32, len(rows)), slices.Clone(start)
	for i := range rows {
		at := &next[res.rank[rows[i].Actor]]
		order[*at] = int32(i)
		*at++
	}
	for r := range res.rank {
		if own := order[start[r]:start[r+1]]; len(own) > 1 {
			slices.SortFunc(own, func(i, j int32) int { return cmp.Compare(rows[i].ID, rows[j].ID) })
		}
	}
	arrange(rows, order)
}
