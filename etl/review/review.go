// Package review is the file that an editor works through, revue.csv: what a run
// could not settle, one line each with an empty column for the ruling, and the
// way back of the rulings into the registry.
//
// The file goes out as UTF-8 with a byte-order mark and semicolons, which a
// French Excel opens on a double click, and may come back as that Excel saves it:
// Windows-1252, dates rewritten, columns added, rows sorted. Nothing in it is
// trusted on its return but a line's id and ruling, and those only where the line
// still says what the run saw.
package review

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/records"
)

// FileName is the file's name, beside the workbook.
const FileName = "revue.csv"

// Line is one line of the file. The header is in French, as everything that
// editors open.
type Line struct {
	ID       string    `csv:"identifiant"`
	Kind     string    `csv:"nature"`
	Seen     string    `csv:"vu"`
	Where    string    `csv:"où"`
	Proposal string    `csv:"proposition"`
	Reason   string    `csv:"motif"`
	Ruling   string    `csv:"décision"`
	Comment  string    `csv:"commentaire"`
	Place    etl.Place `csv:"-"`
}

// Lines are what awaits, the most important first: pairs, which change the
// counts, the likeliest before the others; values that could not be read; actors
// to classify; positions to confirm.
func Lines(items []etl.ReviewItem, ref *etl.Reference, language string) []Line {
	weight := func(it etl.ReviewItem) int {
		switch {
		case it.Kind == etl.ReviewPair:
			return 0
		case it.Kind == etl.ReviewValue:
			return 1
		case it.Proposal == "":
			return 2
		default:
			return 3
		}
	}
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b etl.ReviewItem) int {
		return cmp.Or(cmp.Compare(weight(a), weight(b)), cmp.Compare(b.Score, a.Score))
	})
	out := make([]Line, 0, len(items))
	for _, it := range items {
		l := Line{ID: it.ID, Kind: kinds[it.Kind], Seen: oneLine(it.Seen), Where: it.Place.String(), Reason: it.Reason}
		if p, ok := ref.PositionOf(it.Proposal); ok {
			l.Proposal = p.Label[language]
		}
		out = append(out, l)
	}
	return out
}

var kinds = map[etl.ReviewKind]string{etl.ReviewPair: "paire", etl.ReviewPosition: "positionnement", etl.ReviewValue: "valeur"}

// oneLine keeps a cell in one line, as every spreadsheet gives it back.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

const bom = "\ufeff"

// Write gives the file's bytes: the same lines, the same bytes.
func Write(lines []Line) ([]byte, error) {
	text, err := records.WriteSeparated(guarded(lines), ';')
	if err != nil {
		return nil, err
	}
	return append([]byte(bom), bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))...), nil
}

// guarded keeps a spreadsheet from running a cell as a formula: a text that
// begins like one gets an apostrophe, which is taken away on the way back.
func guarded(lines []Line) []Line {
	out := slices.Clone(lines)
	for i := range out {
		for _, s := range []*string{&out[i].Seen, &out[i].Where, &out[i].Proposal, &out[i].Reason, &out[i].Comment} {
			if *s != "" && strings.ContainsRune("=+-@\t'", rune((*s)[0])) {
				*s = "'" + *s
			}
		}
	}
	return out
}

// Read reads a file that may have been through a spreadsheet. Columns that an
// editor added are let be.
func Read(data []byte, file string) ([]Line, []etl.Finding, error) {
	lines, fs, err := records.Read(data, file, func(l *Line, p etl.Place) { l.Place = p })
	fs = slices.DeleteFunc(fs, func(f etl.Finding) bool { return f.Code == etl.CodeHeaderExtra })
	for i := range lines {
		l := &lines[i]
		for _, s := range []*string{&l.Seen, &l.Where, &l.Proposal, &l.Reason, &l.Comment} {
			if rest, ok := strings.CutPrefix(*s, "'"); ok && rest != "" && strings.ContainsRune("=+-@\t'", rune(rest[0])) {
				*s = rest
			}
		}
	}
	return lines, fs, err
}

// Pending counts the rulings in a file that the registry does not have yet: a
// run must not write over them.
func Pending(lines []Line, items []etl.ReviewItem) int {
	open := map[string]bool{}
	for _, it := range items {
		open[it.ID] = true
	}
	n := 0
	for _, l := range lines {
		if l.Ruling != "" && open[l.ID] {
			n++
		}
	}
	return n
}

// Rulings are what a filled file adds to the registry.
type Rulings struct {
	Decisions   []etl.RegistryDecision
	Positions   []etl.RegistryActor // an actor of the registry, or a new one, with its position
	Corrections []etl.Correction
	Already     int // rulings that the registry has
}

// Empty tells that there is nothing to record.
func (r *Rulings) Empty() bool {
	return len(r.Decisions)+len(r.Positions)+len(r.Corrections) == 0
}

// Take reads the rulings of a file against what the workspace says now. Any
// finding of severity Error means that nothing of the file may be recorded: a
// line that came back damaged, an id given twice, a ruling that cannot be
// understood. by and date are who rules, and when (YYYY-MM-DD).
func Take(lines []Line, in *etl.Input, res *etl.Result, by, date string) (Rulings, []etl.Finding) {
	t := taker{in: in, res: res, by: by, date: date, items: map[string]etl.ReviewItem{}, seen: map[string]etl.Place{}}
	for _, it := range res.Review {
		t.items[it.ID] = it
	}
	for _, l := range lines {
		t.line(l)
	}
	return t.out, t.found
}

type taker struct {
	in       *etl.Input
	res      *etl.Result
	by, date string
	items    map[string]etl.ReviewItem
	seen     map[string]etl.Place
	out      Rulings
	found    []etl.Finding
}

func (t *taker) report(at etl.Place, code, do, format string, args ...any) {
	t.found = append(t.found, etl.Finding{Severity: etl.Error, Code: code, Place: at, Message: fmt.Sprintf(format, args...), Do: do})
}

func (t *taker) line(l Line) {
	if l.ID == "" {
		if l.Ruling != "" {
			t.report(l.Place, "review-damaged", "restore the id from the file that run wrote", "a ruling %q without an id", l.Ruling)
		}
		return
	}
	if first, twice := t.seen[l.ID]; twice && l.Ruling != "" {
		t.report(l.Place, "review-damaged", "keep one of the two lines", "the id %s is on line %d already", l.ID, first.Row)
		return
	}
	t.seen[l.ID] = l.Place
	if l.Ruling == "" {
		return
	}
	it, open := t.items[l.ID]
	if !open {
		if t.recorded(l) {
			t.out.Already++
			return
		}
		t.report(l.Place, "review-unknown", "run hdsreport run again and rule in the new file", "nothing that awaits a ruling has the id %s", l.ID)
		return
	}
	if got, want := oneLine(l.Seen), oneLine(it.Seen); got != want {
		t.report(l.Place, "review-damaged", "restore the line from the file that run wrote, or run again if the source has changed", "the line says %q where the run saw %q", got, want)
		return
	}
	switch it.Kind {
	case etl.ReviewPair:
		t.pair(l, it)
	case etl.ReviewPosition:
		t.position(l, it)
	default:
		t.value(l, it)
	}
}

// judgements are the words for a pair, folded, in French and in English.
var judgements = map[string]string{
	"même": "same", "meme": "same", "memes": "same", "mêmes": "same", "same": "same", "identique": "same", "identiques": "same", "oui": "same",
	"différent": "different", "different": "different", "différents": "different", "differents": "different", "distinct": "different", "distincts": "different", "non": "different",
}

func (t *taker) pair(l Line, it etl.ReviewItem) {
	left, right := it.Left, it.Right
	word := strings.ToLower(strings.TrimSpace(l.Ruling))
	judgement := judgements[word]
	// "successeur a-b" would be guesswork: the ruling names who succeeds.
	if who, ok := strings.CutPrefix(word, "successeur"); ok {
		who = strings.Trim(who, " :")
		switch who {
		case strings.ToLower(left), strings.ToLower(t.name(left)):
			judgement = "successor"
		case strings.ToLower(right), strings.ToLower(t.name(right)):
			judgement, left, right = "successor", right, left
		}
	}
	if judgement == "" {
		t.report(l.Place, "review-ruling", fmt.Sprintf("write même, différent, or successeur : %s (the one that succeeds the other)", t.name(right)), "%q is no ruling on a pair", l.Ruling)
		return
	}
	t.out.Decisions = append(t.out.Decisions, etl.RegistryDecision{Left: left, Right: right, Judgement: judgement, By: t.by, Date: t.date, Reason: l.Comment})
}

func (t *taker) name(id string) string {
	for i := range t.res.Actors {
		if t.res.Actors[i].ID == id {
			return t.res.Actors[i].Name
		}
	}
	return id
}

// positionCode reads a position: its code, its label, or yes to the proposal.
func positionCode(ref *etl.Reference, ruling, proposal string) string {
	switch strings.ToLower(ruling) {
	case "oui", "ok", "o", "x", "yes", "d'accord", "d’accord":
		return proposal
	}
	for _, p := range ref.Positions {
		if strings.EqualFold(p.Code, ruling) || strings.EqualFold(p.Label["fr"], ruling) || strings.EqualFold(p.Label["en"], ruling) {
			return p.Code
		}
	}
	return ""
}

func (t *taker) position(l Line, it etl.ReviewItem) {
	code := positionCode(&t.in.Reference, l.Ruling, it.Proposal)
	if code == "" || code == etl.Unclassified {
		var labels []string
		for _, p := range t.in.Reference.Positions {
			if p.Code != etl.Unclassified {
				labels = append(labels, p.Label["fr"])
			}
		}
		t.report(l.Place, "review-ruling", "write one of "+strings.Join(labels, ", ")+", or oui for the proposal", "%q is no position", l.Ruling)
		return
	}
	t.out.Positions = append(t.out.Positions, etl.RegistryActor{ID: it.Left, Name: t.name(it.Left), Position: code,
		Note: strings.TrimSpace(fmt.Sprintf("%s %s %s", t.by, t.date, l.Comment))})
}

func (t *taker) value(l Line, it etl.ReviewItem) {
	c := etl.Correction{ID: it.Left, Field: string(it.Field), Was: it.Seen, Value: l.Ruling, By: t.by, Date: t.date, Reason: l.Comment}
	value, ok := etl.CheckCorrection(&t.in.Reference, it.Field, l.Ruling)
	if !ok {
		t.report(l.Place, "review-ruling", "write a date as 17/06/2019, an activity as Oui or Non, activities by their names or toutes", "%q is no value for %s", l.Ruling, it.Field)
		return
	}
	c.Value = value
	t.out.Corrections = append(t.out.Corrections, c)
}

// recorded tells that the registry holds a ruling on what a line is about, so
// that taking the same file twice changes nothing.
func (t *taker) recorded(l Line) bool {
	kind, rest, _ := strings.Cut(l.ID, ":")
	switch kind {
	case string(etl.ReviewPair):
		a, b, _ := strings.Cut(rest, "+")
		return slices.ContainsFunc(t.in.Registry.Decisions, func(d etl.RegistryDecision) bool {
			return d.Left == a && d.Right == b || d.Left == b && d.Right == a
		})
	case string(etl.ReviewPosition):
		return slices.ContainsFunc(t.in.Registry.Actors, func(a etl.RegistryActor) bool { return a.ID == rest && a.Position != "" })
	default:
		return slices.ContainsFunc(t.in.Registry.Corrections, func(c etl.Correction) bool { return c.ID+":"+c.Field == rest })
	}
}
