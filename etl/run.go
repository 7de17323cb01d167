package etl

import (
	"cmp"
	"slices"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"hdsreport/etl/cores"
	"hdsreport/etl/identity"
	"hdsreport/etl/number"
	"hdsreport/etl/texts"
)

// Input is the content of a workspace: everything that a run depends on.
type Input struct {
	Editions    []EditionInput // by date; the last one is the edition to publish
	Registry    Registry
	Reference   Reference
	Thresholds  Thresholds
	Namer       *identity.Namer
	Found       []Finding         // findings of the readers
	Partial     bool              // lists are given one by one, and one that is not given is not missing
	ReadingOnly bool              // the gate looks at how the lists could be read, and at nothing else
	Release     bool              // drop the cells of the tables once they are read; Run can then be called only once
	Published   *Publication      // what is published now; nil if unknown
	Passed      func(step string) // called after each step of Run, if not nil
}

// Result is the outcome of a run.
type Result struct {
	Edition  *Edition // the published one: the last of Editions
	Editions []Edition
	Actors   []Actor
	On       [2]*ActorSet // who counts on each list of the published edition; see Row.Counts
	Changes  [2]Changes
	Moved    []int32
	// Renamings are the actors that left a list and may go on under another name.
	Renamings []Renaming
	Findings  []Finding // sorted by place
	Refusals  []Refusal
	Review    []ReviewItem
	Stats     Stats
	// Corrections are the lines of Registry.Corrections with what they do, in the same order.
	Corrections []CorrectionLine

	was    [2]*List               // what the lists are compared with, as it would be published now
	rank   []int32                // of each actor in French alphabetical order
	ranked []int32                // the actors in that order
	shared map[number.Number]bool // numbers of too many names to be evidence
}

// Refused reports whether the gate holds the edition back.
func (res *Result) Refused() bool {
	return slices.ContainsFunc(res.Refusals, func(r Refusal) bool { return r.Accepted == nil })
}

// Run runs the whole pipeline. It reads the lists of every edition, identifies the
// actors across them, classifies each actor, applies the editors' corrections, compares
// with the previous editions, checks what must not be published, and counts.
func Run(in Input) *Result {
	res := &Result{Findings: slices.Clone(in.Found)}

	// Read and clean: cells to rows, values to dates and activities.
	res.readAll(in)
	res.Edition = &res.Editions[len(res.Editions)-1]

	res.add(unseenColumns(&in.Reference, res.Edition))
	for _, e := range res.Editions[:len(res.Editions)-1] { // the gate judges the last one
		if e.List[Approved].Source.Table == nil && e.List[Certified].Source.Table == nil {
			res.add([]Finding{Find(Warning, CodeEditionEmpty, Place{File: "editions/" + e.ID}).Said("earlier")})
		}
	}

	if in.Release {
		in.release()
	}
	in.passed("clean")

	// Identify: spellings to actors, rows to identifiers.
	names := &parsedNames{namer: in.Namer, seen: map[string]identity.Name{}}
	certified := &res.Edition.List[Certified]
	var who identified
	var same [][2]int32
	cores.Together(func() { who = identify(names, &in.Registry, res.Editions) },
		func() { same = sameCertificates(certified) })
	res.Actors, res.shared = who.actors, who.shared
	res.add(who.findings)
	cores.Together(func() { numberActors(res.Actors) }, func() {
		for _, l := range Listings {
			res.add(rowIDs(&in.Reference, &res.Edition.List[l], l, res.Actors))
		}
	})
	res.add(certificatesTwice(certified, same))
	in.passed("identify")

	// Classify, then apply the editors' corrections.
	res.add(classify(&in.Reference, &in.Registry, res.Actors))
	corrected, found := correct(&in.Reference, &in.Registry, res.Edition, res.Actors, res.Editions)
	res.Corrections = corrected
	res.add(found)
	res.settle(&in.Reference)
	res.order()
	in.passed("classify")

	// Compare with the editions before.
	for _, l := range Listings {
		res.On[l] = res.Edition.List[l].actors()
	}
	for _, l := range Listings {
		res.Changes[l] = changes(res, l)
	}
	res.Moved = moved(&in.Registry, res)
	res.compareRows(&in.Reference, &in.Registry)
	in.passed("compare")

	// Check what may be published, collect the questions for editors, and count, at the same
	// time: the questions and the counts read nothing that the checks write. Of 300,000 rows,
	// counting after them takes 0.1 s more of 3.9, and asking after them another 0.06 s.
	var asked []Finding
	cores.Together(func() {
		res.add(registryLost(&in, res))
		refusals, warnings := gate(&in, res)
		res.Refusals = refusals
		res.add(warnings)
		res.add(accepted(res.Refusals))
		res.add(unreadAcceptances(&in.Registry))
	}, func() { res.Review, asked = review(in, names, res) },
		func() { res.Stats = count(&in.Reference, res) })
	res.add(asked)
	SortFindings(res.Findings)
	in.passed("check")
	res.Stats.countFound(res)
	in.passed("count")
	return res
}

func (in *Input) passed(step string) {
	if in.Passed != nil {
		in.Passed(step)
	}
}

// release drops the cells of the source files. The rows hold what is needed of them,
// and the cells of a long list take as much memory as everything that is made from
// them.
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

// readAll reads the lists concurrently; they are independent of each other.
func (res *Result) readAll(in Input) {
	res.Editions = make([]Edition, len(in.Editions))
	found := make([][2][]Finding, len(in.Editions))
	var wg sync.WaitGroup
	for e, ed := range in.Editions {
		date := ed.Day()
		res.Editions[e] = Edition{ID: ed.ID, Folder: ed.Folder, Date: date}
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

// order sorts the actors by name as in a French dictionary: accents and case decide
// only between otherwise equal names, and the id last.
func (res *Result) order() {
	keys := make([]string, len(res.Actors))
	cores.Each(len(keys), func(from, to int) {
		c := collate.New(language.French, collate.Loose)
		var buf collate.Buffer
		own := texts.NewJoined(to - from)
		for i := from; i < to; i++ {
			buf.Reset()
			own.AddBytes(c.KeyFromString(&buf, res.Actors[i].Name))
		}
		for k, key := range own.Cut() {
			keys[from+k] = key
		}
	})
	res.ranked = texts.Alphabetical(len(keys), func(i int) string { return keys[i] }, func(i, j int) int {
		a, b := &res.Actors[i], &res.Actors[j]
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	res.rank = make([]int32, len(res.Actors))
	for r, a := range res.ranked {
		res.rank[a] = int32(r)
	}
	for _, l := range Listings {
		res.orderRows(res.Edition.List[l].Rows)
	}
}

// orderRows sorts rows by the rank of their actors, and the rows of one actor by id.
func (res *Result) orderRows(rows []Row) {
	// Counting sort: the rows of a rank begin where those of the rank before end.
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
	texts.Arrange(rows, order)
}
