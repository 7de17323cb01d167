// Package review is the file that an editor works through, revue.csv: what a run
// could not settle, one line each with an empty column for the ruling, and the
// way back of the rulings into the registry.
//
// The file goes out as UTF-8 with a byte-order mark and semicolons, which a
// French Excel opens on a double click, and may come back as that Excel saves it:
// Windows-1252, dates rewritten, columns added, rows sorted. Nothing in it is
// trusted on its return but a line's id and ruling, and those only where the line
// still says what the run saw. What was seen stands in quotation marks, so that no
// spreadsheet takes it for a date, a number or a formula.
//
// It is written in the language of the report, and read in French and in English
// whatever the language is by then: a file may come back after the setting changed.
package review

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"hdsreport/etl"
	"hdsreport/etl/cores"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/number"
	"hdsreport/etl/records"
	"hdsreport/etl/registry"
)

// FileName is the file's name, beside the workbook.
const FileName = "revue.csv"

// Line is one line of the file. Its tags are the headings, by message.Languages.
type Line struct {
	ID       string    `csv:"identifiant,id"`
	Kind     string    `csv:"nature,kind"`
	Seen     string    `csv:"vu,seen"`
	Where    string    `csv:"où,where"`
	Proposal string    `csv:"proposition,proposal"`
	Reason   string    `csv:"motif,reason"`
	Ruling   string    `csv:"décision,ruling"`
	Comment  string    `csv:"commentaire,comment"`
	Place    etl.Place `csv:"-"`
}

// needed are the headings without which a file cannot be taken; the others inform.
var needed = []string{"identifiant", "id", "vu", "seen", "décision", "ruling"}

// Lines are what awaits, the most important first: pairs, which change the
// counts, the likeliest before the others; names that readers see and the source has
// changed; values that could not be read; actors to classify; positions to confirm.
func Lines(items []etl.ReviewItem, ref *etl.Reference, language string) []Line {
	order := byImportance(items)
	out := make([]Line, len(order))
	cores.Each(len(out), func(from, to int) {
		t := newTeller(ref, language)
		for n := from; n < to; n++ {
			out[n] = t.line(&items[order[n]])
		}
	})
	return out
}

// byImportance gives the order of Lines.
func byImportance(items []etl.ReviewItem) []int32 {
	order := make([]int32, 0, len(items)) // an item is large, and not moved about
	for _, now := range []func(*etl.ReviewItem) bool{
		func(it *etl.ReviewItem) bool { return it.Kind == etl.ReviewPair },
		func(it *etl.ReviewItem) bool { return it.Kind == etl.ReviewName },
		func(it *etl.ReviewItem) bool { return it.Kind == etl.ReviewValue },
		func(it *etl.ReviewItem) bool { return it.Kind == etl.ReviewPosition && it.Proposal == "" },
		func(it *etl.ReviewItem) bool { return it.Kind == etl.ReviewPosition && it.Proposal != "" },
	} {
		from := len(order)
		for i := range items {
			if now(&items[i]) {
				order = append(order, int32(i))
			}
		}
		if from == 0 { // only pairs have a likeness
			slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(items[j].Score, items[i].Score) })
		}
	}
	return order
}

// teller words the lines of a file. Few reasons, kinds and positions have many lines, so
// their words are kept.
type teller struct {
	ref      *etl.Reference
	language string
	say      message.Printer
	kinds    map[etl.ReviewKind]string
	labels   map[string]string       // by position
	reasons  map[*message.Arg]string // by their arguments, which questions share
	open     string                  // what stands before a text in quotation marks
	close    string
}

func newTeller(ref *etl.Reference, language string) *teller {
	t := &teller{ref: ref, language: language, say: message.In(language), kinds: map[etl.ReviewKind]string{},
		labels: map[string]string{}, reasons: map[*message.Arg]string{}}
	t.open, t.close, _ = strings.Cut(quoted("|", t.say), "|")
	return t
}

func (t *teller) line(it *etl.ReviewItem) Line {
	l := Line{ID: it.ID, Kind: t.kinds[it.Kind], Where: where(it), Proposal: it.Proposal, Reason: t.reason(it.Reason)}
	if text := oneLine(it.Seen); it.Kind == etl.ReviewPosition && text != "" {
		l.Seen = t.open + text + t.close
	} else {
		l.Seen = seen(it, t.ref, t.say)
	}
	if l.Kind == "" {
		l.Kind = t.say.Say(message.Key("review-kind-" + string(it.Kind)))
		t.kinds[it.Kind] = l.Kind
	}
	if it.Kind == etl.ReviewPosition {
		label, known := t.labels[it.Proposal]
		if !known {
			p, _ := t.ref.PositionOf(it.Proposal)
			label = p.Label[t.language]
			t.labels[it.Proposal] = label
		}
		l.Proposal = label
	}
	return l
}

func (t *teller) reason(m message.Message) string {
	if len(m.Args) != 1 || m.Key == "" {
		return set(t.say.Text(m))
	}
	said, known := t.reasons[&m.Args[0]]
	if !known {
		said = set(t.say.Text(m))
		if len(t.reasons) < 1000 {
			t.reasons[&m.Args[0]] = said
		}
	}
	return said
}

// seen is what a line says that the run saw. It tells the line from all others by
// more than its id, so that a ruling that slipped to another line is found out.
func seen(it *etl.ReviewItem, ref *etl.Reference, say message.Printer) string {
	quote := func(s string) string { return quoted(s, say) }
	switch it.Kind {
	case etl.ReviewPair:
		left, right, _ := strings.Cut(it.Seen, " / ")
		if it.Name != "" && strings.HasPrefix(it.Seen, it.Name+" / ") { // a name may hold a slash itself
			left, right = it.Name, strings.TrimPrefix(it.Seen, it.Name+" / ")
		}
		return quote(left) + " / " + quote(right)
	case etl.ReviewName:
		return set(say.Say("review-name", "name", quote(it.Former), "seen", quote(it.Seen)))
	case etl.ReviewValue:
		return set(say.Say("review-value", "name", quote(it.Name), "field", fieldNamed(it.Field, ref), "seen", quote(it.Seen)))
	}
	return quote(it.Seen)
}

func quoted(s string, say message.Printer) string {
	return set(say.Say("review-quoted", "text", oneLine(s)))
}

// sight is what the run saw, as an argument.
type sight struct {
	it  *etl.ReviewItem
	ref *etl.Reference
}

// Say gives it as the file of the language does.
func (s sight) Say(p message.Printer) string { return seen(s.it, s.ref, p) }

// shows tells that a line still says what the run saw, in whichever language it was
// written. Files in English were once written with the French signs.
func shows(text string, it *etl.ReviewItem, ref *etl.Reference) bool {
	got := plainSigns.Replace(oneLine(text))
	return slices.ContainsFunc(message.Languages, func(language string) bool {
		return survives(plainSigns.Replace(oneLine(seen(it, ref, message.In(language)))), got)
	})
}

// plainSigns makes the signs of both languages one, and those that an encoding without
// them leaves in their place.
var plainSigns = strings.NewReplacer("« ", `"`, " »", `"`, "“", `"`, "”", `"`, " : ", ": ")

// fieldNamed is a field in the words of the sheets, as an argument.
func fieldNamed(f etl.Field, ref *etl.Reference) any {
	for _, l := range etl.Listings {
		if d := ref.Field(l, f); d != nil {
			return brief{d}
		}
	}
	return string(f)
}

type brief struct{ *etl.Definition }

// Say gives the field's name on a sheet.
func (b brief) Say(p message.Printer) string { return b.Brief(p.Language()) }

func where(it *etl.ReviewItem) string {
	at := it.Place.String()
	if other := it.Other.String(); other != "" && other != at {
		at += " / " + other
	}
	return at
}

// oneLine keeps a cell in one line, as every spreadsheet gives it back. All its spaces are
// plain, so that texts may be compared.
func oneLine(s string) string {
	if tidy(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// set is oneLine for what is shown: the no-break spaces of the language stay, so that no
// line begins with a closing quotation mark.
func set(s string) string {
	if tidy(s) {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) && r != '\u00a0' && r != narrow
	}), " ")
}

// narrow is the narrow no-break space. Windows-1252 does not have it, and Excel writes a
// question mark for it, so that a text file has the wide one in its place.
const narrow = '\u202f'

// tidy tells, without a look at each character, a text that oneLine leaves as it is.
func tidy(s string) bool {
	after := byte(' ')
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && after == ' ', c < ' ':
			return false
		case c == 0xC2, c >= 0xE1 && c <= 0xE3: // what the spaces beyond ASCII begin with
			return false
		default:
			after = c
		}
	}
	return s == "" || after != ' '
}

const bom = "\ufeff"

// Write gives the file's bytes, headings in a language: the same lines, the same bytes.
func Write(lines []Line, language string) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(1024 + 144*len(lines)) // as most lines take
	err := writeText(&b, len(lines), func(i int) *Line { return &lines[i] }, language)
	return b.Bytes(), err
}

// WriteItems writes the bytes that Write gives for the Lines of items. It makes one line at a
// time: of 300,000 rows, all of them took 100 MB when the memory in use was at its highest.
func WriteItems(to io.Writer, items []etl.ReviewItem, ref *etl.Reference, language string) error {
	order, t := byImportance(items), newTeller(ref, language)
	var l Line
	return writeText(to, len(order), func(i int) *Line { l = t.line(&items[order[i]]); return &l }, language)
}

const separator = ';'

// writeText writes the file of n lines, with the header. Each cell is told by its
// field here, and not by gocsv's way through reflection: a long list has a million
// lines.
func writeText(to io.Writer, n int, line func(int) *Line, language string) error {
	head := bom + strings.Join(records.Headings[Line](slices.Index(message.Languages, language)), string(separator)) + "\r\n"
	if _, err := io.WriteString(to, head); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	w.Comma, w.UseCRLF = separator, true
	cells := make([]string, 8)
	for i := range n {
		l := line(i)
		cells = append(cells[:0], l.ID, l.Kind, guarded(wide(l.Seen)), guarded(l.Where), guarded(l.Proposal), guarded(wide(l.Reason)),
			l.Ruling, guarded(l.Comment))
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// wide puts the wide no-break space for the narrow one.
func wide(s string) string { return strings.ReplaceAll(s, string(narrow), "\u00a0") }

// guarded keeps a spreadsheet from running a cell as a formula: a text that
// begins like one gets an apostrophe, which is taken away on the way back.
func guarded(s string) string {
	if s != "" && strings.IndexByte("=+-@\t'", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

// Read reads a file that may have been through a spreadsheet. Columns that an
// editor added are let be, and so is the lack of one that only informs.
func Read(data []byte, file string) ([]Line, []etl.Finding, error) {
	lines, fs, err := records.Read(data, file, func(l *Line, p etl.Place) { l.Place = p })
	fs = slices.DeleteFunc(fs, func(f etl.Finding) bool {
		heading, _ := f.Args.Get("heading")
		return f.Code == etl.CodeHeaderExtra || f.Code == etl.CodeColumnMissing && !slices.Contains(needed, heading.(string))
	})
	for i := range lines {
		l := &lines[i]
		for _, s := range []*string{&l.Seen, &l.Where, &l.Proposal, &l.Reason, &l.Comment} {
			if rest, ok := strings.CutPrefix(*s, "'"); ok && rest != "" && strings.ContainsRune("=+-@\t'", rune(rest[0])) {
				*s = rest
			}
		}
		// A quote that is not closed swallows the lines below it.
		for _, cell := range []string{l.ID, l.Kind, l.Seen, l.Where, l.Proposal, l.Reason, l.Ruling, l.Comment} {
			if swallowed(cell) {
				fs = append(fs, etl.Find(etl.Error, etl.CodeReviewDamaged, l.Place).Said("swallowed"))
				break
			}
		}
	}
	return lines, fs, err
}

func swallowed(cell string) bool {
	_, below, more := strings.Cut(cell, "\n")
	for more {
		var line string
		line, below, more = strings.Cut(below, "\n")
		for _, kind := range []etl.ReviewKind{etl.ReviewPair, etl.ReviewName, etl.ReviewPosition, etl.ReviewValue} {
			if strings.HasPrefix(strings.TrimLeft(line, `"`), string(kind)+":") {
				return true
			}
		}
	}
	return false
}

// Pending counts the rulings in a file that the registry does not have: a run
// must not write over them. One on a line that came back damaged counts too; it
// is a person's work all the same.
func Pending(lines []Line, in *etl.Input, res *etl.Result) int {
	if !slices.ContainsFunc(lines, func(l Line) bool { return l.Ruling != "" }) {
		return 0
	}
	t := newTaker(in, res, "", "")
	n := 0
	for _, l := range lines {
		if l.Ruling == "" {
			continue
		}
		if _, open := t.items[l.ID]; open || !t.recorded(l) {
			n++
		}
	}
	return n
}

// KeepComments puts the comments of a file on the same lines of a new one: an
// editor may note something before ruling.
func KeepComments(lines, old []Line) {
	said := map[string]string{}
	for _, l := range old {
		if l.Comment != "" && l.Ruling == "" {
			said[l.ID] = l.Comment
		}
	}
	for i := range lines {
		if c := said[lines[i].ID]; c != "" && lines[i].ID != "" {
			lines[i].Comment = c
		}
	}
}

// Rulings are what a filled file adds to the registry, each with the place of its
// line.
type Rulings struct {
	Decisions   []etl.RegistryDecision
	Positions   []etl.RegistryActor // an actor of the registry, or a new one, with its position
	Corrections []etl.Correction
	Names       []etl.RegistryName  // the former names of actors that were renamed
	Renamed     []etl.RegistryActor // these actors, without a name if readers see the source's
	Named       int                 // rulings on names
	Already     int                 // rulings that the registry has
}

// Additions are the rulings as the registry takes them.
func (r *Rulings) Additions() *registry.Additions {
	return &registry.Additions{Decisions: r.Decisions, Positions: r.Positions, Corrections: r.Corrections,
		Names: r.Names, Renamed: r.Renamed}
}

// Empty tells that there is nothing to record.
func (r *Rulings) Empty() bool {
	return len(r.Decisions)+len(r.Names)+len(r.Positions)+len(r.Corrections) == 0
}

// Take reads the rulings of a file against what the workspace says now. Any
// finding of severity Error means that nothing of the file may be recorded: a
// line that came back damaged, an id given twice, a ruling that cannot be
// understood, or one that would not hold beside the others. by and date are who
// rules, and when (YYYY-MM-DD).
func Take(lines []Line, in *etl.Input, res *etl.Result, by, date string) (Rulings, []etl.Finding) {
	t := newTaker(in, res, by, date)
	first := map[string]etl.Place{}
	ruled := map[string]bool{}
	for _, l := range lines {
		ruled[l.ID] = ruled[l.ID] || l.Ruling != ""
	}
	for _, l := range lines {
		at, twice := first[l.ID]
		switch {
		case l.ID == "" || !ruled[l.ID]:
		case twice:
			t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewDamaged, l.Place, "id", l.ID, "line", at.Row).Said("twice"))
			continue
		default:
			first[l.ID] = l.Place
		}
		t.line(l)
	}
	t.place(ruled)
	if len(t.found) == 0 && !t.out.Empty() {
		t.tryOut()
	}
	return t.out, t.found
}

type taker struct {
	in       *etl.Input
	res      *etl.Result
	by, date string
	items    map[string]etl.ReviewItem
	places   map[string]etl.Place // of a ruling, by the item's id
	actors   map[string]int       // in res.Actors, by id
	shown    map[string]int       // how many actors have a name
	given    map[string]int32     // by the id that a spelling gives: the actor, or -1 for several
	// What the registry says: positions by actor, which actor one was made one with, and the
	// corrections that apply, by ID:FIELD.
	positions map[string]string
	joined    map[string]string
	corrected map[string][]etl.CorrectionLine
	undone    map[string][]string // see etl.Result.UndoneCells
	out       Rulings
	found     []etl.Finding
}

func newTaker(in *etl.Input, res *etl.Result, by, date string) *taker {
	t := &taker{in: in, res: res, by: by, date: date, items: map[string]etl.ReviewItem{}, places: map[string]etl.Place{},
		actors: byID(res), shown: map[string]int{}, positions: map[string]string{}, joined: map[string]string{},
		corrected: map[string][]etl.CorrectionLine{}, undone: res.UndoneCells(&in.Registry, &in.Reference)}
	for i := range res.Actors {
		t.shown[res.Actors[i].Name]++
	}
	for _, a := range in.Registry.Actors {
		if t.positions[a.ID] == "" {
			t.positions[a.ID] = a.Position
		}
	}
	for _, d := range slices.Backward(in.Registry.Decisions) { // the first one counts
		if d.Judgement == "same" {
			t.joined[d.Right] = d.Left
		}
	}
	for _, c := range res.Corrections {
		if c.State != etl.CorrectionSuperseded && c.State != etl.CorrectionUndone {
			t.corrected[c.ID+":"+c.Field] = append(t.corrected[c.ID+":"+c.Field], c)
		}
	}
	for _, it := range res.Review {
		t.items[it.ID] = it
	}
	return t
}

func (t *taker) line(l Line) {
	if l.Ruling == "" {
		return
	}
	if l.ID == "" {
		t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewDamaged, l.Place, "ruling", l.Ruling).Said("no-id"))
		return
	}
	it, open := t.items[l.ID]
	if !open {
		t.settled(l)
		return
	}
	if !shows(l.Seen, &it, &t.in.Reference) {
		f := etl.Find(etl.Error, etl.CodeReviewDamaged, l.Place, "seen", sight{&it, &t.in.Reference}).Said("emptied")
		if says := set(l.Seen); oneLine(says) != "" { // in the quotation marks of the file
			f = etl.Find(etl.Error, etl.CodeReviewDamaged, l.Place, "says", says, "seen", sight{&it, &t.in.Reference})
		}
		t.found = append(t.found, f)
		return
	}
	t.places[l.ID] = l.Place
	switch it.Kind {
	case etl.ReviewPair:
		t.pair(l, it)
	case etl.ReviewName:
		t.named(l, it)
	case etl.ReviewPosition:
		t.position(l, it)
	default:
		t.value(l, it)
	}
}

// settled takes a ruling on what awaits no longer: the registry says so already,
// or there is nothing that it could be recorded for.
func (t *taker) settled(l Line) {
	says, what := t.registered(l)
	switch {
	case says == "":
		t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewUnknown, l.Place, "id", l.ID))
	case says != what:
		t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, l.Place, "says", says, "id", l.ID, "ruling", l.Ruling).Said("registered"))
	default:
		t.out.Already++
	}
}

// recorded tells that the registry holds a line's ruling.
func (t *taker) recorded(l Line) bool {
	says, what := t.registered(l)
	return says != "" && says == what
}

// registered gives what the registry says on a line's subject, or "", and what
// the line says, in the same words.
func (t *taker) registered(l Line) (says, what string) {
	kind, rest, _ := strings.Cut(l.ID, ":")
	switch etl.ReviewKind(kind) {
	case etl.ReviewPair:
		a, b, _ := strings.Cut(rest, "+")
		for _, d := range t.in.Registry.Decisions {
			if d.Left == a && d.Right == b || d.Left == b && d.Right == a {
				judgement, left := t.judgement(l.Ruling, a, b)
				if judgement == "" && d.Judgement == "successor" && succeeds(strings.ToLower(oneLine(l.Ruling))) {
					judgement, left = d.Judgement, d.Left // it was clear who does
				}
				if says, what = d.Judgement, judgement; judgement == "successor" {
					says, what = d.Judgement+" "+d.Left, judgement+" "+left
				}
				if says == what {
					return says, what
				}
			}
		}
	case etl.ReviewName:
		if kept, ok := nameKept(l.Ruling, l.Proposal, t.name(rest)); ok {
			what = nameRulings[kept]
		}
		for _, n := range t.in.Registry.Names {
			if kept := n.Kind == "alias"; n.Actor == rest && (!kept || survives(n.Name, l.Proposal)) {
				if says = nameRulings[kept]; says == what {
					break
				}
			}
		}
	case etl.ReviewPosition:
		what = positionCode(&t.in.Reference, l.Ruling, positionCode(&t.in.Reference, l.Proposal, ""))
		return t.positionIn(rest), what
	case etl.ReviewValue:
		list := etl.Approved
		rest, certified := strings.CutSuffix(rest, ":"+etl.Certified.String())
		if certified {
			list = etl.Certified
		}
		if c, corrected := t.inForce(rest, list); corrected {
			value, _ := t.valueOf(etl.Field(c.Field), l.Ruling)
			if etl.SameCorrection(&t.in.Reference, etl.Field(c.Field), c.Value, value) {
				value = c.Value
			}
			return cmp.Or(c.Value, etl.Blanks[0]), cmp.Or(value, etl.Blanks[0])
		}
	}
	return says, what
}

// positionIn is the position that the registry gives an actor, or the one that a
// decision has made one with it.
func (t *taker) positionIn(id string) string {
	for range 1 + len(t.joined) { // a circle of decisions ends too
		if position := t.positions[id]; position != "" {
			return position
		}
		if c, corrected := t.inForce(id+":"+string(etl.FieldPosition), etl.Approved); corrected {
			return c.Value
		}
		left, joined := t.joined[id]
		if !joined {
			break
		}
		id = left
	}
	return ""
}

// judgements are the words for a pair, in small letters, in French and in English.
var judgements = map[string]string{
	"même": "same", "meme": "same", "memes": "same", "mêmes": "same", "identique": "same", "identiques": "same", "oui": "same",
	"same": "same", "the same": "same", "identical": "same", "yes": "same",
	"différent": "different", "different": "different", "différents": "different", "differents": "different",
	"distinct": "different", "distincts": "different", "non": "different", "no": "different",
}

// judgement reads a ruling on a pair; of a successor it gives who it is, first.
func (t *taker) judgement(ruling, a, b string) (judgement, left string) {
	word := strings.ToLower(oneLine(ruling))
	if j := judgements[word]; j != "" {
		return j, a
	}
	// Of one that left and one that arrived it is clear who succeeds. Otherwise
	// "successeur" alone would be guesswork: the ruling names who does.
	if later := t.later(a, b); later != "" && succeeds(word) {
		return "successor", later
	}
	who, ok := strings.CutPrefix(word, "successeur")
	if !ok {
		who, ok = strings.CutPrefix(word, "successor")
	}
	if !ok {
		return "", ""
	}
	who = strings.Trim(who, " :«»“”\"")
	left = ""
	for _, id := range []string{a, b} {
		if t.called(id, who) {
			if left != "" {
				return "", "" // both are called so
			}
			judgement, left = "successor", id
		}
	}
	return judgement, left
}

// succeeds tells a ruling that one succeeds the other and does not say which.
func succeeds(word string) bool { return word == "successeur" || word == "successor" }

// later gives which of two actors arrived when the other left, by its id, or "".
func (t *taker) later(a, b string) string {
	if it, asked := t.items[string(etl.ReviewPair)+":"+min(a, b)+"+"+max(a, b)]; asked {
		return it.Later
	}
	return ""
}

// called tells that an actor is called so: by its id, its name or a spelling.
func (t *taker) called(id, who string) bool {
	if strings.EqualFold(id, who) {
		return true
	}
	i, known := t.actors[id]
	if !known {
		return false
	}
	a := &t.res.Actors[i]
	return slices.ContainsFunc(append([]string{a.Name}, a.Names...), func(n string) bool { return survives(strings.ToLower(oneLine(n)), who) })
}

func (t *taker) pair(l Line, it etl.ReviewItem) {
	judgement, left := t.judgement(l.Ruling, it.Left, it.Right)
	right := it.Right
	if left == it.Right {
		right = it.Left
	}
	if judgement == "" {
		t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, l.Place, "ruling", l.Ruling, "name", t.name(it.Right)).Said("pair"))
		return
	}
	if t.takenBack(l, slices.ContainsFunc(t.in.Registry.Undone, func(d etl.RegistryDecision) bool {
		return d.Judgement == judgement && (d.Left == it.Left && d.Right == it.Right || d.Left == it.Right && d.Right == it.Left)
	})) {
		return
	}
	if judgement == "same" && it.Contradicted && oneLine(l.Comment) == "" {
		t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, l.Place, "reason", it.Reason).Said("numbers"))
		return
	}
	if judgement == "same" && it.Former != "" {
		t.renamed(l, it)
	}
	t.out.Decisions = append(t.out.Decisions, etl.RegistryDecision{Left: left, Right: right, Judgement: judgement, By: t.by, Date: t.date, Reason: oneLine(l.Comment), Place: l.Place})
}

// takenBack refuses a line that says again what somebody has undone, in a file that was
// written before: its reason does not tell of it. A file that lies about must not bring back
// what a person has taken back.
func (t *taker) takenBack(l Line, undone bool) bool {
	reason := oneLine(l.Reason)
	if !undone || reason == "" || strings.Contains(reason, "annulée") || strings.Contains(reason, "undone") {
		return false
	}
	t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, l.Place, "ruling", l.Ruling).Said("undone"))
	return true
}

// renamed records the name that an actor had, until the last edition that has it. The name
// that it has now is the source's, and stays so: a name in the registry would hide the next
// renaming.
func (t *taker) renamed(l Line, it etl.ReviewItem) {
	t.out.Names = append(t.out.Names, etl.RegistryName{Actor: it.Left, Name: it.Former, Kind: "former", To: it.FormerTo,
		Place: l.Place})
	name := ""
	if i, known := t.actors[it.Left]; known && !t.res.Actors[i].Registered && !t.hasOwnID(i) {
		name = t.registryName(cmp.Or(it.Later, it.Left))
	}
	t.out.Renamed = append(t.out.Renamed, etl.RegistryActor{ID: it.Left, Name: name,
		Note: oneLine(fmt.Sprintf("%s %s %s", t.by, t.date, l.Comment)), Place: l.Place})
}

// named takes a ruling on a name that the source has changed: readers see the new one from
// now on, or the registry's as before, and then the new one is an alias that is not asked
// about again.
func (t *taker) named(l Line, it etl.ReviewItem) {
	kept, ok := nameKept(l.Ruling, it.Seen, it.Former)
	switch {
	case !ok:
		t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, l.Place, "ruling", l.Ruling,
			"seen", it.Seen, "name", it.Former).Said("name"))
		return
	case kept:
		t.out.Names = append(t.out.Names, etl.RegistryName{Actor: it.Left, Name: it.Seen, Kind: "alias", Place: l.Place})
	default:
		t.renamed(l, it)
	}
	t.out.Named++
}

// nameRulings are the rulings on a name, by whether the registry's is kept.
var nameRulings = map[bool]string{false: "source", true: "registry"}

// nameKept reads a ruling on a name: yes or the source's name, no or the registry's.
func nameKept(ruling, source, registered string) (kept, ok bool) {
	word := oneLine(ruling)
	switch {
	case word == "":
		return false, false
	case survives(source, word), yes[strings.ToLower(word)]:
		return false, true
	case survives(registered, word), slices.Contains([]string{"non", "no", "n"}, strings.ToLower(word)):
		return true, true
	}
	return false, false
}

// yes are the words that accept a proposal, in French and in English.
var yes = map[string]bool{"oui": true, "ok": true, "o": true, "x": true, "yes": true, "y": true, "d'accord": true,
	"d’accord": true}

func (t *taker) name(id string) string {
	if i, known := t.actors[id]; known {
		return t.res.Actors[i].Name
	}
	return id
}

// positionCode reads a position: its code, its label, or yes to the proposal.
func positionCode(ref *etl.Reference, ruling, proposal string) string {
	ruling = oneLine(ruling)
	if yes[strings.ToLower(ruling)] {
		return proposal
	}
	p, _ := ref.PositionNamed(ruling)
	return p.Code
}

func (t *taker) position(l Line, it etl.ReviewItem) {
	code := positionCode(&t.in.Reference, l.Ruling, it.Proposal)
	if code == "" || code == etl.Unclassified {
		t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, l.Place, "ruling", l.Ruling, "positions", labels(t.in.Reference.Positions)).Said("position"))
		return
	}
	if t.takenBack(l, slices.Contains(t.undone[it.Left+":"+string(etl.FieldPosition)], code)) {
		return
	}
	t.out.Positions = append(t.out.Positions, etl.RegistryActor{ID: it.Left, Name: t.enteredName(it.Left), Position: code,
		Numbers: t.ownNumbers(it.Left),
		Note:    oneLine(fmt.Sprintf("%s %s %s", t.by, t.date, l.Comment)), Place: l.Place})
}

// labels are positions that an actor can be given, as an argument.
type labels []etl.Position

// Say gives their names.
func (ps labels) Say(p message.Printer) string {
	var names []string
	for _, position := range ps {
		if position.Code != etl.Unclassified {
			names = append(names, position.Label[p.Language()])
		}
	}
	return strings.Join(names, ", ")
}

// labelled is a position by its code, as an argument.
func (t *taker) labelled(code string) labels {
	p, _ := t.in.Reference.PositionOf(code)
	return labels{p}
}

// place says where each position is recorded: on the actor that remains where
// this file makes two one; and for an actor that may still turn out to be another
// as a correction, since an actor that the registry has is not compared with the
// others that it has.
func (t *taker) place(ruled map[string]bool) {
	yields := map[string]string{}
	for _, d := range t.out.Decisions {
		if d.Judgement == "same" {
			yields[d.Right] = d.Left
		}
	}
	remains := func(id string) string {
		for range len(yields) { // as long as a chain can be, should it be a circle
			if left, ok := yields[id]; ok {
				id = left
			}
		}
		return id
	}
	unsure := map[string]bool{}
	for id, it := range t.items {
		if it.Kind == etl.ReviewPair && !ruled[id] {
			unsure[it.Left], unsure[it.Right] = true, true
		}
	}
	given := map[string]etl.RegistryActor{}
	var positions []etl.RegistryActor
	for _, p := range t.out.Positions {
		if id := remains(p.ID); id != p.ID {
			p.ID, p.Name = id, t.enteredName(id)
		}
		if first, twice := given[p.ID]; twice {
			if first.Position != p.Position {
				t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, p.Place, "name", t.name(p.ID), "line", first.Place.Row).Said("two-positions"))
			}
			continue
		}
		given[p.ID] = p
		if i, known := t.actors[p.ID]; unsure[p.ID] && known && !t.res.Actors[i].Registered {
			t.out.Corrections = append(t.out.Corrections, etl.Correction{ID: p.ID, Field: "position", Value: p.Position, By: t.by, Date: t.date, Reason: p.Note, Place: p.Place})
			continue
		}
		positions = append(positions, p)
	}
	t.out.Positions = positions
}

// enteredName is the name that an actor gets in the registry with its position: none, so
// that it stays the source's and a later renaming is seen. Where the id is not the one
// that its spelling gives, or gives to another actor too, only a name tells who is meant.
func (t *taker) enteredName(id string) string {
	if i, known := t.actors[id]; known && t.hasOwnID(i) {
		return ""
	}
	return t.registryName(id)
}

// hasOwnID reports whether an actor, and no other one, has a spelling that gives its id.
func (t *taker) hasOwnID(i int) bool {
	if t.given == nil {
		t.given = map[string]int32{}
		for j := range t.res.Actors {
			for _, n := range t.res.Actors[j].Names {
				id := identity.ID(n)
				if owner, twice := t.given[id]; twice && owner != int32(j) {
					t.given[id] = -1
				} else {
					t.given[id] = int32(j)
				}
			}
		}
	}
	owner, ok := t.given[t.res.Actors[i].ID]
	return ok && owner == int32(i)
}

// registryName is the name under which an actor enters the registry: its own,
// unless another actor is shown by the same one; then as the source spells it,
// which only this actor does.
func (t *taker) registryName(id string) string {
	name := t.name(id)
	if i, known := t.actors[id]; known && t.shown[name] > 1 {
		if own := t.res.Actors[i].Names; len(own) > 0 {
			return own[0]
		}
	}
	return name
}

// inForce is the correction of a cell, given as ID:FIELD, that applies: the last one, unless
// it is undone. An id that is on both lists may have one on each.
func (t *taker) inForce(cell string, list etl.Listing) (found etl.Correction, corrected bool) {
	for _, c := range t.corrected[cell] {
		if !corrected || c.List == list {
			found, corrected = c.Correction, c.Value != etl.FromSource
		}
	}
	return found, corrected
}

// ownNumbers are the numbers with which an actor enters the registry, if they are what
// tells it from another one of its name; otherwise the name would be given to both.
func (t *taker) ownNumbers(id string) string {
	i, known := t.actors[id]
	if !known {
		return ""
	}
	own := &t.res.Actors[i]
	entity := own.Numbers.Of(number.Entity)
	for i := range t.res.Actors {
		if a := &t.res.Actors[i]; a.ID != id && number.Contradict(a.Numbers, entity) &&
			slices.ContainsFunc(a.Names, func(n string) bool { return identity.ID(n) == identity.ID(own.Name) }) {
			return entity.String()
		}
	}
	return ""
}

func (t *taker) valueOf(f etl.Field, ruling string) (value string, ok bool) {
	ruling = oneLine(ruling)
	if dated := f == etl.FieldFrom || f == etl.FieldUntil; dated && slices.Contains(etl.Blanks, strings.ToLower(ruling)) {
		ruling = ""
	}
	return etl.CheckCorrection(&t.in.Reference, f, ruling)
}

func (t *taker) value(l Line, it etl.ReviewItem) {
	value, ok := t.valueOf(it.Field, l.Ruling)
	if !ok {
		t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, l.Place, "ruling", l.Ruling, "field", fieldNamed(it.Field, &t.in.Reference)).Said("value"))
		return
	}
	if t.takenBack(l, slices.ContainsFunc(t.undone[it.Left+":"+string(it.Field)], func(was string) bool {
		return etl.SameCorrection(&t.in.Reference, it.Field, was, value)
	})) {
		return
	}
	t.out.Corrections = append(t.out.Corrections, etl.Correction{ID: it.Left, Field: string(it.Field), Was: it.Seen, Value: value, By: t.by, Date: t.date, Reason: oneLine(l.Comment), Place: l.Place})
}

// tryOut runs the workspace with the rulings in its registry, and refuses those
// that would not do what they say: rulings that contradict each other, or the
// registry. An editor who has ruled must not be asked again, nor find later that
// it was for nothing.
func (t *taker) tryOut() {
	next := *t.in
	next.Registry = registry.With(next.Registry, t.out.Additions())
	res := etl.Run(next)
	byNow := byID(res)
	of := newWhereabouts(t.res)
	now := newWhereabouts(res)
	became := func(id string) int { // the actor that an actor of today is then
		if was, known := t.actors[id]; known {
			if at, listed := of.first[int32(was)]; listed {
				return int(now.actor[at])
			}
		}
		if i, there := byNow[id]; there {
			return i
		}
		return -1
	}
	for _, d := range t.out.Decisions {
		if left, right := became(d.Left), became(d.Right); (left == right) != (d.Judgement == "same") {
			t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, d.Place, "left", t.name(d.Left), "right", t.name(d.Right),
				"judgement", message.New(message.Key("review-cannot-"+d.Judgement))).Said("contradicted"))
		}
	}
	for _, p := range t.out.Positions {
		if i := became(p.ID); i < 0 || res.Actors[i].ID != p.ID || res.Actors[i].Position != p.Position {
			t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, p.Place, "name", p.Name, "position", t.labelled(p.Position)).Said("other-position"))
		}
	}
	for _, it := range res.Review {
		if at, ruled := t.places[it.ID]; ruled {
			t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, at, "id", it.ID, "reason", it.Reason).Said("unsettled"))
		}
	}
	old := map[string]int{}
	for _, f := range t.res.Findings {
		old[f.Code+f.String()]++
	}
	for _, f := range res.Findings {
		key := f.Code + f.String()
		if old[key]--; old[key] < 0 && slices.Contains([]string{etl.CodeDecisionsConflict, etl.CodeAliasAmbiguous, etl.CodeRegistryDuplicate}, f.Code) && len(t.found) == 0 {
			t.found = append(t.found, etl.Find(etl.Error, etl.CodeReviewRuling, f.Place, "what", f.What(), "do", f.ToDo()).Said("registry"))
		}
	}
}

// byID are the actors of a run, by their ids.
func byID(res *etl.Result) map[string]int {
	out := make(map[string]int, len(res.Actors))
	for i := range res.Actors {
		out[res.Actors[i].ID] = i
	}
	return out
}

// row is a row of a list by its place.
type row struct {
	edition int
	list    etl.Listing
	line    int32
}

// whereabouts says which actor each row is of. Rows are what two runs have in common: an
// actor's id may change with a ruling, and several actors may have one spelling.
type whereabouts struct {
	actor map[row]int32
	first map[int32]row
}

func newWhereabouts(res *etl.Result) whereabouts {
	w := whereabouts{map[row]int32{}, map[int32]row{}}
	for e := range res.Editions {
		for _, l := range etl.Listings {
			for _, r := range res.Editions[e].List[l].Rows {
				at := row{e, l, r.Line}
				w.actor[at] = r.Actor
				if _, known := w.first[r.Actor]; !known {
					w.first[r.Actor] = at
				}
			}
		}
	}
	return w
}
