package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/merge"
	"hdsreport/etl/message"
	"hdsreport/etl/registry"
	"hdsreport/etl/review"
	"hdsreport/report"
	"hdsreport/report/published"
	"hdsreport/report/readback"
)

func (c *Command) correctionsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "corrections",
		Short: "take editors' edits into the registry, list and undo them",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.correctionsImport(), c.correctionsList(), c.correctionsUndo())
	return cmd
}

// takeIn says what edits to take in, and how.
type takeIn struct {
	file, by, reason, keep, base string
	sheet, dry, asJSON           bool
}

func (c *Command) correctionsImport() *cobra.Command {
	in := input{again: true}
	var o takeIn
	cmd := &cobra.Command{
		Use:   "import FILE --by NAME",
		Short: "take what editors typed into a workbook or the shared sheet into the registry",
		Long: `import compares a workbook that somebody has edited with what was published and with
what a run would say today, cell by cell, and records what the editor changed in
registry/corrections.csv. FILE is an .xlsx, an .ods, or an edits-….csv that a refused
publication has saved; --sheet takes the shared Google Sheet itself. Rows are found by
their Identifiant and columns by their heading, so rows may be sorted and columns added.

What the workspace says otherwise by now than was published is a conflict: neither value
is thrown away, and --keep editor or --keep workspace decides. What cannot be taken is
refused by cell, and the rest is recorded (exit code 3). Exit code 0 means that everything
that was typed into the program's cells is in the registry. Importing twice is importing
once.

Type vide for a value that nobody knows, source to take a correction back.`,
		Example: `  hdsreport corrections import hds-2019-06-17.xlsx --by "A. Martin"
  hdsreport corrections import --sheet --by "A. Martin" --dry-run
  hdsreport corrections import published/edits-1a2b3c4d.csv --by "A. Martin" --keep editor`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := remarks(&o.by, &o.reason); err != nil {
				return err
			}
			switch {
			case o.by == "":
				return usage("corrections-by")
			case (len(args) == 0) != o.sheet:
				return usage("corrections-file")
			case !slices.Contains([]string{"", string(merge.KeepEditor), string(merge.KeepWorkspace)}, o.keep):
				return usage("corrections-keep", "keep", o.keep)
			case in.agrees != "" || in.certifies != "":
				return usage("corrections-loose")
			}
			if len(args) > 0 {
				o.file = args[0]
				if info, err := os.Stat(o.file); errors.Is(err, fs.ErrNotExist) {
					return err
				} else if err == nil && info.IsDir() {
					return usage("corrections-folder", "file", display(o.file))
				}
			}
			return c.takeIn(cmd.Context(), &in, &o)
		},
	}
	in.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.by, "by", "", "the `person` who takes the edits in")
	f.StringVar(&o.reason, "reason", "", "why, in a few `words`")
	f.StringVar(&o.keep, "keep", "", "who wins conflicts: `editor` or workspace")
	f.StringVar(&o.base, "base", "", "the `generation` that was edited, if the file does not say it")
	f.BoolVar(&o.sheet, "sheet", false, "take the shared Google Sheet")
	f.BoolVar(&o.dry, "dry-run", false, "say what would happen, record nothing")
	f.BoolVar(&o.asJSON, "json", false, "for a program")
	return cmd
}

// edits are what an editor changed, and against what.
type edits struct {
	name      string // of the file
	was       [2]*merge.List
	changes   *merge.Changes
	base      baseOf
	elsewhere func(etl.Listing, string, *etl.Definition, compare.Value) bool
	foreign   bool // the file holds something of somebody's own
}

// baseOf is the publication that was edited.
type baseOf struct {
	Generation string `json:"generation"`
	Edition    string `json:"edition"`
	From       string `json:"from"`
	differing  int
}

// takeIn takes edits in. If the registry changes while they are worked out, it begins
// again.
func (c *Command) takeIn(ctx context.Context, in *input, o *takeIn) error {
	for range 5 {
		d, err := c.desk(in)
		if err != nil {
			return err
		}
		e, out, rulings, err := c.workOut(ctx, d, o)
		if err != nil {
			return err
		}
		if !o.dry && !rulings.Empty() {
			err := registry.RecordSince(d.registry(), d.sum, rulings.Additions(), c.waiting)
			if errors.Is(err, registry.ErrChanged) {
				continue
			}
			if err != nil {
				return err
			}
		}
		return c.tellImport(d, o, e, out)
	}
	return registry.ErrChanged
}

// workOut says what becomes of edits, and makes the rulings to record.
func (c *Command) workOut(ctx context.Context, d *desk, o *takeIn) (*edits, *merge.Outcome, *review.Rulings, error) {
	e, err := c.editsOf(ctx, d, o)
	if err != nil {
		return nil, nil, nil, err
	}
	out := d.rule(e, merge.Keep(o.keep))
	return e, out, d.tryOut(out, o, c.Now().Format("2006-01-02"), c.reasonOf(o, e)), nil
}

func (c *Command) reasonOf(o *takeIn, e *edits) string {
	say := message.In(c.say.Language())
	switch {
	case o.reason != "":
		return o.reason
	case e.base.From == "sheet" || strings.EqualFold(filepath.Ext(o.file), ".csv"):
		return say.Say("corrections-reason-sheet")
	}
	return say.Say("corrections-reason-book", "generation", e.base.Generation[:min(8, len(e.base.Generation))])
}

// desk is what edits are taken in against: a workspace as a run says it today.
type desk struct {
	*job
	sum    string // of the registry
	reader *readback.Reader
	book   *report.Book
	today  merge.Today
}

func (c *Command) desk(in *input) (*desk, error) {
	for range 5 {
		j, err := c.load(in, map[string]string{})
		if err != nil {
			return nil, err
		}
		sum, err := registry.Sum(j.registry())
		if err != nil {
			return nil, err
		}
		// The tables may have changed between the two readings.
		if now, _, err := registry.Open(j.root, j.config.Registry); err != nil || !reflect.DeepEqual(now, j.input.Registry) {
			if err != nil {
				return nil, err
			}
			continue
		}
		d, err := c.deskOf(j)
		if err != nil {
			return nil, err
		}
		d.sum = sum
		return d, nil
	}
	return nil, registry.ErrChanged
}

// deskOf is the desk of a computed edition, which must have kept its source cells.
func (c *Command) deskOf(j *job) (*desk, error) {
	var err error
	d := &desk{job: j, reader: readback.New(&j.input.Reference, labelsOf("fr"), labelsOf("en"))}
	if d.book, err = report.Build(j.result, &j.input.Reference, options(&j.config)); err != nil {
		return nil, err
	}
	d.today = merge.Today{Ref: &j.input.Reference, Registry: &j.input.Registry, Result: j.result,
		Now: d.reader.Tables(d.book)}
	plain := j.input
	plain.Registry.Corrections = nil
	_, d.today.Source, err = d.run(plain)
	return d, err
}

func (j *job) registry() string { return filepath.Join(j.root, filepath.FromSlash(j.config.Registry)) }

// run gives what another input would publish.
func (d *desk) run(in etl.Input) (*etl.Result, [2]*merge.List, error) {
	res := etl.Run(in)
	book, err := report.Build(res, &in.Reference, options(&d.config))
	if err != nil {
		return nil, [2]*merge.List{}, err
	}
	return res, d.reader.Tables(book), nil
}

// rule says what becomes of edits.
func (d *desk) rule(e *edits, keep merge.Keep) *merge.Outcome {
	if e.changes.Whole != "" {
		return &merge.Outcome{Refused: []merge.Item{{Why: e.changes.Whole}}}
	}
	return merge.Rule(&merge.Input{Today: d.today, Published: e.was, Keep: keep, Elsewhere: e.elsewhere}, e.changes)
}

// tryOut makes rulings of what is to be recorded, runs the workspace with them, and refuses
// what would not do what it says: an editor must not find later that it was for nothing,
// and the next run must not be refused for it.
func (d *desk) tryOut(out *merge.Outcome, o *takeIn, date, reason string) *review.Rulings {
	t := &trial{desk: d, by: o.by, date: date, reason: reason, old: faults(d.result)}
	held := t.hold(out.Recorded)
	type cell struct {
		at    merge.Place
		id    string
		field etl.Field
	}
	holds := map[cell]bool{}
	for _, it := range held {
		holds[cell{it.At, it.ID, it.Field}] = true
	}
	for _, it := range out.Recorded {
		if !holds[cell{it.At, it.ID, it.Field}] {
			it.Why = merge.WhyHolds
			out.Refused = append(out.Refused, it)
		}
	}
	out.Recorded = held
	out.Sort()
	rulings, _ := t.rulings(held)
	return rulings
}

// trial tries rulings out.
type trial struct {
	*desk
	by, date, reason string
	old              map[string]int // faults that the workspace has already
}

// hold returns the items that hold together. Those that are found out by themselves are
// left out first; if the rest does not hold, each half is tried.
func (t *trial) hold(items []merge.Item) []merge.Item {
	return t.holdBeside(nil, items)
}

func (t *trial) holdBeside(sure, items []merge.Item) []merge.Item {
	for len(items) > 0 {
		good, fine := t.try(append(slices.Clone(sure), items...), len(sure))
		if fine {
			return append(sure, items...)
		}
		if len(good) == len(items) { // nobody knows which
			break
		}
		items = good
	}
	if len(items) < 2 {
		return sure
	}
	half := len(items) / 2
	return t.holdBeside(t.holdBeside(sure, items[:half]), items[half:])
}

// try runs the workspace with items. good are those after the first n that hold, and fine
// says that all do and that nothing else is wrong.
func (t *trial) try(items []merge.Item, n int) (good []merge.Item, fine bool) {
	rulings, unruled := t.rulings(items)
	next := t.input
	next.Registry = registry.With(next.Registry, rulings.Additions())
	res, now, err := t.run(next)
	if err != nil {
		return items[n:], false
	}
	held, failed := merge.Held(etl.NewCells(t.today.Ref), now, items[n:])
	failed = append(failed, unruled...)
	good = slices.DeleteFunc(held, func(it merge.Item) bool {
		return slices.ContainsFunc(unruled, func(u merge.Item) bool { return u.ID == it.ID && u.Field == it.Field })
	})
	clean := true
	for fault, count := range faults(res) {
		clean = clean && count <= t.old[fault]
	}
	return good, clean && len(failed) == 0
}

// rulings makes lines of the registry of items. A position that the program proposed and
// somebody confirmed is recorded as decide does; unruled are those that it refuses.
func (t *trial) rulings(items []merge.Item) (out *review.Rulings, unruled []merge.Item) {
	out = &review.Rulings{}
	confirmed := map[string]merge.Item{}
	for _, it := range items {
		if it.Confirms {
			confirmed["position:"+it.ID] = it
			continue
		}
		out.Corrections = append(out.Corrections, it.Correction(t.by, t.date, t.reason))
	}
	if len(confirmed) == 0 {
		return out, nil
	}
	var lines []review.Line
	for _, line := range review.Lines(t.result.Review, &t.input.Reference, t.config.Report.Language) {
		if _, asked := confirmed[line.ID]; asked {
			line.Ruling = "oui"
			lines = append(lines, line)
		}
	}
	taken, found := review.Take(lines, &t.input, t.result, t.by, t.date)
	if len(found) > 0 || len(lines) < len(confirmed) {
		for _, it := range confirmed {
			unruled = append(unruled, it)
		}
		return out, unruled
	}
	out.Positions, out.Decisions = taken.Positions, taken.Decisions
	out.Corrections = append(out.Corrections, taken.Corrections...)
	return out, nil
}

// faults counts what keeps an edition from being published, and errors.
func faults(res *etl.Result) map[string]int {
	out := map[string]int{}
	for _, r := range res.Refusals {
		if r.Accepted == nil {
			out["refusal "+r.Finding.Code+r.Finding.Place.File]++
		}
	}
	for _, f := range res.Findings {
		if f.Severity == etl.Error {
			out["error "+f.Code+f.Place.File]++
		}
	}
	return out
}

// editsOf reads what was edited.
func (c *Command) editsOf(ctx context.Context, d *desk, o *takeIn) (*edits, error) {
	switch {
	case o.sheet:
		return c.sheetEdits(ctx, d, o)
	case strings.EqualFold(filepath.Ext(o.file), ".csv"):
		return c.savedEdits(d, o)
	}
	file, err := d.reader.Edited(o.file, display(o.file), d.config.Limits.FileMegabytes<<20)
	if err != nil {
		return nil, err
	}
	return d.fileEdits(file, display(o.file), o.base)
}

// fileEdits compares a spreadsheet with the publication that it was.
func (d *desk) fileEdits(file *readback.Edited, name, given string) (*edits, error) {
	e := &edits{name: name, changes: &merge.Changes{}, foreign: file.Foreign()}
	if file.File.Lists[etl.Approved] == nil && file.File.Lists[etl.Certified] == nil {
		e.changes.Whole = merge.WhyNoIdentifiers
		return e, nil
	}
	base, err := d.base(e, file, given)
	if err != nil || base == nil {
		return e, err
	}
	e.was = d.reader.Published(base)
	e.changes = merge.Find(d.today.Ref, e.was, &file.File, d.reader.Words())
	if e.changes.Whole == "" {
		refused, notes := file.Outside(base, len(e.changes.Edits) > 0)
		e.changes.Refused = append(e.changes.Refused, refused...)
		e.changes.Notes = append(e.changes.Notes, notes...)
	}
	return e, nil
}

// base finds the publication that a spreadsheet was: nil, and the file refused whole, if it
// is not known.
func (d *desk) base(e *edits, file *readback.Edited, given string) (*published.Publication, error) {
	name, from := file.Generation, file.From
	if given != "" {
		name, from = given, "given"
	}
	e.base = baseOf{Generation: name, From: from}
	if name == "" {
		return d.nearest(e, file)
	}
	if len(name) >= 4 && len(name) < 32 {
		all, err := published.Generations(d.published())
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(g string) bool { return !strings.HasPrefix(g, name) })
		if len(all) == 1 {
			name = all[0]
		}
	}
	p, err := published.Read(d.published(), name)
	if errors.Is(err, fs.ErrNotExist) {
		e.changes.Whole = merge.WhyUnknownGeneration
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	e.base.Generation, e.base.Edition = p.Generation, p.Edition
	return p, nil
}

// nearest finds the publication of which a file differs in the fewest cells.
func (d *desk) nearest(e *edits, file *readback.Edited) (*published.Publication, error) {
	all, err := published.Generations(d.published())
	if err != nil {
		return nil, err
	}
	var best *published.Publication
	var others []*published.Publication
	e.base.From = "nearest"
	for _, name := range slices.Backward(all) {
		p, err := published.Read(d.published(), name)
		if err != nil {
			return nil, err
		}
		others = append(others, p)
		if file.Day != "" && p.Day != file.Day {
			continue
		}
		n := merge.Distance(d.today.Ref, d.reader.Published(p), &file.File)
		if best == nil || n < e.base.differing {
			best, e.base.differing = p, n
		}
	}
	if best == nil {
		e.changes.Whole = merge.WhyUnknownGeneration
		return nil, nil
	}
	e.base.Generation, e.base.Edition = best.Generation, best.Edition
	e.elsewhere = d.elsewhere(slices.DeleteFunc(others, func(p *published.Publication) bool { return p == best }))
	return best, nil
}

// elsewhere knows which values stood in a cell in some publications.
func (d *desk) elsewhere(in []*published.Publication) func(etl.Listing, string, *etl.Definition, compare.Value) bool {
	var lists [][2]*merge.List
	for _, p := range in {
		lists = append(lists, d.reader.Published(p))
	}
	cells := etl.NewCells(d.today.Ref)
	return func(l etl.Listing, row string, f *etl.Definition, v compare.Value) bool {
		return slices.ContainsFunc(lists, func(of [2]*merge.List) bool {
			if of[l] == nil || !of[l].Has(row) {
				return false
			}
			was, _ := cells.Read(f, of[l].Text(row, f.Key))
			return was == v
		})
	}
}
