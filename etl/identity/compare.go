package identity

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"hdsreport/etl/message"
)

// Decision is the result of comparing two names.
type Decision string

const (
	Same      Decision = "same"
	Review    Decision = "review"
	Different Decision = "different"
)

// Verdict is a decision with its score and reasons.
type Verdict struct {
	Decision Decision
	// Score orders verdicts: at least 0.95 for same, from 0.5 to 0.95 for review, less
	// for different. It is not a probability.
	Score   float64
	Reasons message.Joined // never empty; "first" and "second" refer to the arguments
	Vetoes  []Veto         // differences that rule out same
	// Guess reports whether so little supports a review that it is worth a question only
	// if neither name has another match.
	Guess bool

	equal bool // the keys are equal
}

// Reason returns all reasons in one line, in English.
func (v Verdict) Reason() string { return v.Reasons.Say(message.In("en")) }

// Thresholds of the likeness score, chosen with the measured pairs. The laws in the
// tests hold for any values.
const (
	reviewFrom = 0.66
	alike      = 0.70 // two words of at least this similarity count as one misspelled word
)

// because returns the reasons of a verdict that has only one.
func because(m message.Message) message.Joined { return message.Joined{m} }

// sides are the words for the two names.
var sides = [2]message.Key{"which-first", "which-second"}

// quoted is a part of a name in a reason.
type quoted string

// Say returns it in quotation marks. English has single ones, since reasons are written
// to CSV files.
func (q quoted) Say(p message.Printer) string {
	if p.Language() == "en" {
		return "'" + string(q) + "'"
	}
	return p.Quote(string(q))
}

// said are several parts of a name.
type said []quoted

// Say returns them one after the other.
func (s said) Say(p message.Printer) string {
	out := make([]string, len(s))
	for i, q := range s {
		out[i] = q.Say(p)
	}
	return strings.Join(out, ", ")
}

// Compare compares two names. Decision, score and vetoes do not depend on the order of
// the arguments. The reasons call them "first" and "second".
func (n *Namer) Compare(a, b Name) Verdict { return n.compare(a, b, nil) }

// compare weighs words with weigh, or only by their class if weigh is nil.
func (n *Namer) compare(a, b Name, weigh func(part) float64) Verdict {
	if a.Blank() || b.Blank() {
		return Verdict{Decision: Different, Reasons: because(message.New("why-blank"))}
	}
	if weigh == nil {
		weigh = weight
	}
	v := n.decide(a, b, weigh)
	// The similarity of the whole strings orders verdicts with the same decision.
	look := similarity(a.Compact, b.Compact, 0)
	switch v.Decision {
	case Same:
		v.Score = 0.95 + 0.05*look
	case Review:
		v.Score = 0.5 + 0.3*v.Score + 0.149*look
	default:
		v.Score = 0.5 * (0.5*v.Score + 0.5*look) * 0.99
	}
	v.Score = math.Round(v.Score*1e4) / 1e4
	return v
}

func (n *Namer) decide(a, b Name, weigh func(part) float64) Verdict {
	if equalKeys(a, b) {
		return n.equal(a, b)
	}
	if v, ok := statedSame(a, b); ok {
		return v
	}
	return n.likeness(a, b, weigh)
}

// equal compares names with equal keys. They are the same unless their legal forms or a
// group marker rule it out.
func (n *Namer) equal(a, b Name) Verdict {
	vetoes, reasons := n.against(a, b)
	if n.commonplace(a.parts) && !placed(a, b) {
		vetoes = append(vetoes, VetoCommon)
		reasons = append(reasons, message.New("why-equal-common"))
	}
	if len(vetoes) > 0 {
		return Verdict{Decision: Review, Score: 1, Vetoes: vetoes, Reasons: reasons, equal: true}
	}
	return Verdict{Decision: Same, Score: 1, equal: true, Reasons: because(equalReason(a, b))}
}

// against returns what rules out that two names with equal keys are the same, and the
// reasons.
func (n *Namer) against(a, b Name) (vetoes []Veto, reasons message.Joined) {
	add := func(v Veto, key message.Key, pairs ...any) {
		vetoes = append(vetoes, v)
		reasons = append(reasons, message.New(key, pairs...))
	}
	if x, y, no := n.contradict(a, b); no && a.Compact != b.Compact {
		add(VetoForm, "why-equal-form", "first", x, "second", y)
	}
	if groupVeto(a, b) {
		add(VetoGroup, "why-equal-group", "word", quoted(a.Group+b.Group))
	}
	if len(vetoes) == 0 && a.Compact != b.Compact && propertyVeto(a, b) {
		add(VetoForm, "why-equal-property")
	}
	if len(vetoes) == 0 && a.Compact != b.Compact && n.hospitalVeto(a, b) {
		add(VetoForm, "why-equal-grouping")
	}
	if form, no := n.apartVeto(a, b); no && len(vetoes) == 0 {
		add(VetoForm, "why-equal-apart", "form", form)
	}
	if a.Ending != b.Ending {
		add(VetoEnding, "why-equal-ending", "first", quoted(orNone(a.Ending)), "second", quoted(orNone(b.Ending)))
	}
	if a.Signs != b.Signs {
		add(VetoSign, "why-equal-sign", "first", quoted(orNone(a.Signs)), "second", quoted(orNone(b.Signs)))
	}
	if what, no := n.narrowed(a, b); no {
		add(VetoStated, "why-equal-narrowed", "text", quoted(what))
	}
	if x, y, no := statedVeto(a, b); no {
		add(VetoStated, "why-equal-stated", "first", quoted(x), "second", quoted(y))
	}
	return vetoes, reasons
}

// orNone stands for an ending or a sign that a name does not have.
func orNone(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// equalReason says which differences were ignored between two equal names.
func equalReason(a, b Name) message.Message {
	if a.Raw == b.Raw {
		return message.New("why-identical")
	}
	var past []message.Message
	add := func(key message.Key, pairs ...any) { past = append(past, message.New(key, pairs...)) }
	forms := func(nm Name) string {
		var codes []string
		for _, f := range nm.Forms {
			codes = append(codes, f.Code)
		}
		return strings.Join(codes, ", ")
	}
	fa, fb := forms(a), forms(b)
	switch {
	case fa == fb:
	case fa == "" || fb == "":
		add("past-form", "form", fa+fb)
	default:
		add("past-forms", "one", min(fa, fb), "other", max(fa, fb))
	}
	if (a.Group == "") != (b.Group == "") {
		add("past-group", "word", quoted(a.Group+b.Group))
	}
	da, db := strings.Join(a.dropped, ", "), strings.Join(b.dropped, ", ")
	if !strings.EqualFold(da, db) {
		switch {
		case da == "" || db == "":
			add("past-word", "word", quoted(da+db))
		default:
			add("past-words", "one", quoted(min(da, db)), "other", quoted(max(da, db)))
		}
	}
	if len(a.Repairs)+len(b.Repairs) > 0 && !slices.Equal(a.Repairs, b.Repairs) {
		all := append(slices.Clone(a.Repairs), b.Repairs...)
		slices.Sort(all)
		for _, r := range slices.Compact(all) {
			add(r)
		}
	}
	x, y := a.plain, b.plain
	if x != y {
		if lx, ly := strings.ToLower(x), strings.ToLower(y); lx == ly || a.unaccented() != b.unaccented() &&
			strings.EqualFold(a.unaccented(), b.unaccented()) {
			add("past-case")
		}
		if ax, ay := strings.ToLower(a.unaccented()), strings.ToLower(b.unaccented()); !strings.EqualFold(x, y) {
			if ax == ay {
				add("past-accents")
			} else if ox, oy := onlyLetters(ax), onlyLetters(ay); ox == oy {
				add("past-spaces")
				if onlyLetters(strings.ToLower(x)) != onlyLetters(strings.ToLower(y)) {
					add("past-accents")
				}
			} else {
				add("past-small")
			}
		}
	}
	if len(past) == 0 {
		return message.New("why-equal-read")
	}
	n := len(past)
	switch past[0].Key {
	case "past-forms", "past-words", "past-accents", "past-spaces", "past-small", "repair-entities", "repair-symbols":
		n++ // plural even alone
	}
	return message.New("why-equal", "parts", past, "n", n)
}

func (nm Name) unaccented() string {
	b := make([]byte, 0, len(nm.plain))
	for _, r := range nm.plain {
		at := len(b)
		b = appendFolded(b, r)
		if r >= 'A' && r <= 'Z' || r >= utf8.RuneSelf && strings.ToLower(string(r)) != string(r) {
			copy(b[at:], strings.ToUpper(string(b[at:])))
		}
	}
	return string(b)
}

func onlyLetters(s string) string {
	b := make([]byte, 0, len(s))
	for _, t := range tokenise(s) {
		b = append(b, t.text...)
	}
	return string(b)
}

// statedSame reports whether one name states the other. Apart from equal keys, this is
// the only way for two names to be the same.
func statedSame(a, b Name) (Verdict, bool) {
	var best Verdict
	for side, pair := range [2][2]Name{{a, b}, {b, a}} {
		who := sides[side]
		for _, st := range pair[0].Stated {
			if !st.Sure || st.Key != pair[1].Key {
				continue
			}
			// Two letters are the initials of too many names.
			if st.Kind == Acronym && utf8.RuneCountInString(st.Key) < 3 {
				continue
			}
			v := Verdict{Decision: Same, Score: 0.9,
				Reasons: because(message.New("why-stated", "kind", st.Kind.words(), "text", st.Text, "which", who))}
			// The other name states a different meaning of its acronym.
			for _, other := range pair[1].Stated {
				if other.Sure && other.Kind == Full && other.Key != pair[0].Key {
					v.Decision, v.Vetoes = Review, []Veto{VetoStated}
					v.Reasons = append(v.Reasons, message.New("why-other-full-name", "text", other.Text))
					break
				}
			}
			if v.Decision == Same {
				return v, true
			}
			if best.Decision == "" {
				best = v
			}
		}
	}
	return best, best.Decision != ""
}

// weight returns the weight of a word when no index knows how rare it is.
func weight(p part) float64 {
	switch p.class {
	case stop, particle:
		return 0.1
	case business, group:
		return 0.4
	case brand:
		return 0.3
	case hospital:
		return 0.5
	case country, place:
		return 0.6
	case number:
		return 0.5
	}
	if utf8.RuneCountInString(p.text) < 3 {
		return 0.7
	}
	return 1
}

// likeness compares names that are not equal. The result is review or different.
func (n *Namer) likeness(a, b Name, weigh func(part) float64) Verdict {
	var v Verdict
	// Put the names in a fixed order. The last bits of floating-point sums depend on
	// the order of the terms, and could change the decision at a threshold.
	x, y := a, b
	if b.Key < a.Key {
		x, y = b, a
	}
	px, py := compared(x.parts), compared(y.parts)
	if !x.spelled || !y.spelled {
		px, py = n.spellOut(px), n.spellOut(py)
		px, py = n.departmentsOf(px, py), n.departmentsOf(py, px)
	}
	px, py = n.unglue(px, py), n.unglue(py, px)
	px, py = n.regroup(px, py), n.regroup(py, px)
	overlap, diff, shared, exact := n.align(px, py, weigh)
	if b.Key < a.Key {
		diff.a, diff.b = diff.b, diff.a
	}
	vetoes, why := diff.vetoes()
	v.Vetoes = vetoes
	edit := similarity(a.Key, b.Key, 0.5)

	propose := func(score float64, key message.Key, pairs ...any) {
		if score > v.Score {
			v.Score = score
		}
		v.Reasons = append(v.Reasons, message.New(key, pairs...))
	}
	// Contradicting words: each name has one that the other lacks.
	clash, clashWhy := clashing(diff)
	switch {
	case clash != "":
		v.Score = overlap * 0.6
		v.Reasons = append(v.Reasons, clashWhy)
	case len(diff.a) == 0 && len(diff.b) == 0:
		if slices.Equal(sorted(a.Tokens), sorted(b.Tokens)) {
			propose(0.95, "why-other-order")
		} else {
			propose(max(overlap, edit), "why-spelled-alike")
		}
	case len(diff.a) == 0 || len(diff.b) == 0:
		short := a
		if len(diff.b) == 0 {
			short = b
		}
		// A shared distinctive word must be a substantial part of the longer name. If
		// it is only spelled alike, the rest must carry little weight.
		least := 0.45
		if !exact {
			least = reviewFrom
		}
		if overlap >= least && (shared >= 0.7 || n.wholeBrand(short)) && !n.sharesCommon(px, append(slices.Clone(diff.a), diff.b...)) {
			propose(max(0.68, overlap), "why-contains", containReason(diff)...)
			if short.parts[0].class == distinctive && len(v.Vetoes) == 0 {
				v.Vetoes = append(v.Vetoes, VetoPrefix)
			}
		} else {
			v.Score = overlap * 0.8
		}
	default:
		if overlap >= reviewFrom && shared >= 0.7 && !n.sharesCommon(px, diff.a) {
			propose(overlap, "why-most-words")
		} else {
			v.Score = overlap * 0.9
		}
	}
	if edit >= 0.8 && clash == "" && diff.near() && (len(a.Key) > 4 && len(b.Key) > 4 || edit >= 0.9) {
		propose(edit, "why-characters", "n", distance(a.Key, b.Key, 1<<20))
	}
	n.proposeStated(a, b, propose)
	n.proposeSegment(a, b, propose)
	n.proposeBrackets(a, b, propose)
	n.proposeAcronym(a, b, propose)
	if v.Score < reviewFrom {
		n.proposeTitles(px, py, propose)
		n.proposeInstitution(px, py, propose)
		n.proposeSite(px, py, propose)
		n.proposeShortened(px, py, propose)
	}
	if v.Score < reviewFrom {
		v.Guess = n.proposeSigle(a, b, propose)
	}
	for _, w := range why {
		if w.kind != clash {
			v.Reasons = append(v.Reasons, message.New("why-differs", "words", said(w.words), "what", classKey(w.kind)))
		}
	}
	if x, y, no := n.contradict(a, b); no {
		v.Vetoes = append(v.Vetoes, VetoForm)
		v.Reasons = append(v.Reasons, message.New("why-forms", "first", x, "second", y))
		v.Score -= 0.1
	}
	v.Decision = Different
	if v.Score >= reviewFrom {
		v.Decision = Review
	}
	v.Score = min(max(v.Score, 0), 1)
	if len(v.Reasons) == 0 {
		v.Reasons = append(v.Reasons, message.New("why-unlike"))
	}
	return v
}

// Limits for comparing two names. No organisation's name is longer; without them, a
// long text could make one comparison as slow as a whole list.
const (
	mostCompared = 64  // words
	longestName  = 512 // bytes in these words
	mostStated   = 16  // stated names, and parts between separators
)

// compared returns the words by which a name is compared.
func compared(parts []part) []part {
	size := 0
	for i, p := range parts {
		if size += len(p.text); i == mostCompared || i > 0 && size > longestName {
			return parts[:i]
		}
	}
	return parts
}

// spellOut replaces the abbreviations that are used only where names are compared by
// likeness: "hop", "USLD". The key keeps them as written.
func (n *Namer) spellOut(parts []part) []part {
	at := slices.IndexFunc(parts, func(p part) bool { return p.class == distinctive && n.short[p.text] != nil })
	if at < 0 {
		return parts
	}
	out := append(make([]part, 0, len(parts)+4), parts[:at]...)
	for _, p := range parts[at:] {
		long := n.short[p.text]
		if p.class != distinctive || long == nil {
			out = append(out, p)
			continue
		}
		for _, q := range long {
			q.shown = p.shown
			out = append(out, q)
		}
	}
	return out
}

// departmentsOf leaves out the number of a department beside its name ("Lozère 48"),
// and reads the number as the name if the other name has that one.
func (n *Namer) departmentsOf(parts, other []part) []part {
	if len(parts) < 2 {
		return parts
	}
	for i, p := range parts {
		place := n.departments[p.text]
		if place == "" {
			continue
		}
		if hasWord(parts, place) {
			parts = slices.Delete(slices.Clone(parts), i, i+1)
			return n.departmentsOf(parts, other)
		}
		if j := slices.IndexFunc(other, func(q part) bool { return q.text == place }); j >= 0 {
			parts = slices.Clone(parts)
			parts[i] = part{text: place, class: other[j].class, shown: p.shown}
		}
	}
	return parts
}

// unglue splits a business word from the end of a word, if the other name has the
// beginning as a word of its own: "OVHcloud" beside "OVH".
func (n *Namer) unglue(parts, other []part) []part {
	for i, p := range parts {
		if p.class != distinctive {
			continue
		}
		for _, o := range other {
			if o.class != distinctive || len(o.text) < 3 || len(p.text) < len(o.text)+3 ||
				!strings.HasPrefix(p.text, o.text) {
				continue
			}
			if e, ok := n.words[p.text[len(o.text):]]; ok && e.class == business {
				out := slices.Clone(parts)
				out[i] = part{text: o.text, class: distinctive, shown: p.shown}
				return slices.Insert(out, i+1, part{text: e.canon, class: business, shown: p.text[len(o.text):]})
			}
		}
	}
	return parts
}

// regroup joins words that the other name writes as one, so that "Tele sante" and
// "Telesanté" are compared as one word each. Words that the other name also has
// separately stay separate.
func (n *Namer) regroup(parts, other []part) []part {
	if len(parts) < 2 {
		return parts
	}
	var out []part
	for i := 0; i < len(parts); {
		k := 1
		for _, o := range other {
			if len(o.text) <= len(parts[i].text) || !strings.HasPrefix(o.text, parts[i].text) {
				continue
			}
			rest, j := o.text[len(parts[i].text):], i+1
			for j < len(parts) && rest != "" && strings.HasPrefix(rest, parts[j].text) {
				rest = rest[len(parts[j].text):]
				j++
			}
			if rest == "" && j-i > k {
				k = j - i
				if out == nil {
					out = append(make([]part, 0, len(parts)), parts[:i]...)
				}
				out = append(out, part{text: o.text, class: o.class, shown: shownAll(parts[i:j])})
				break
			}
		}
		if k == 1 && out != nil {
			out = append(out, parts[i])
		}
		i += k
	}
	if out == nil {
		return parts
	}
	return out
}

func shownAll(ps []part) string {
	var ws []string
	for _, p := range ps {
		ws = append(ws, p.shown)
	}
	return strings.Join(ws, " ")
}

// wholeBrand reports whether a name has a distinctive word of at least three
// characters.
func (n *Namer) wholeBrand(nm Name) bool {
	for _, p := range nm.parts {
		if p.class == distinctive && utf8.RuneCountInString(p.text) > 2 {
			return true
		}
	}
	return false
}

// near reports whether the words that only one name has are spelled alike. Two long
// names may differ in few letters that are a whole word, "Commune de Nîmes" and
// "Commune de Noves".
func (d difference) near() bool {
	x, y := joinedWords(d.a), joinedWords(d.b)
	return x == y || similarity(x, y, nearWords) > 0
}

const nearWords = 0.64

func joinedWords(ps []part) string {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(p.text)
	}
	return b.String()
}

func containReason(d difference) []any {
	more, who := d.a, sides[0]
	if len(more) == 0 {
		more, who = d.b, sides[1]
	}
	var ws []quoted
	for _, p := range more {
		ws = append(ws, quote(p))
	}
	return []any{"which", who, "words", said(ws)}
}

// clashing finds words of one kind that contradict each other: two places, two numbers,
// two kinds of business, or two names. Organisations of one family differ in this way
// ("BAE Systems", "BAE Industries"), however much else they share.
func clashing(d difference) (kind string, why message.Message) {
	for _, c := range [...]class{number, country, place, business} {
		var x, y []quoted
		for _, p := range d.a {
			if p.class == c {
				x = append(x, quote(p))
			}
		}
		for _, p := range d.b {
			if p.class == c {
				y = append(y, quote(p))
			}
		}
		if len(x) > 0 && len(y) > 0 {
			return c.String(), message.New("why-clash", "first", said(x), "second", said(y), "what", c.key())
		}
	}
	// Distinctive words, unless one is an abbreviation or a misspelling of the other.
	x, y := ownWords(d.a), ownWords(d.b)
	if x != "" && y != "" && similarity(x, y, 0.75) == 0 {
		return distinctive.String(), message.New("why-clash", "first", quoted(x), "second", quoted(y),
			"what", distinctive.key())
	}
	return "", message.Message{}
}

func ownWords(ps []part) string {
	var b strings.Builder
	for _, p := range ps {
		if p.class == distinctive {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// first returns at most the first most elements of s.
func first[T any](s []T, most int) []T { return s[:min(len(s), most)] }

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// align pairs the words of two names, first equal ones, then similar ones. It returns
// the weighted share of paired words, the remaining words, the weight of the paired
// distinctive words, and whether all pairs are equal.
func (n *Namer) align(
	a, b []part, weigh func(part) float64,
) (overlap float64, d difference, shared float64, exact bool) {
	exact = true
	var usedA, usedB [32]bool
	a, b = a[:min(len(a), 32)], b[:min(len(b), 32)]
	var wa, wb, got float64
	for i := range a {
		wa += weigh(a[i])
	}
	for i := range b {
		wb += weigh(b[i])
	}
	take := func(i, j int, sim float64) {
		usedA[i], usedB[j] = true, true
		got += sim * (weigh(a[i]) + weigh(b[j]))
		if a[i].class == distinctive {
			shared += sim * min(weigh(a[i]), weigh(b[j]))
		} else if a[i].class == hospital || a[i].class.geography() {
			shared += 0.5 * sim
		}
	}
	for i := range a {
		for j := range b {
			if !usedB[j] && a[i].text == b[j].text {
				take(i, j, 1)
				break
			}
		}
	}
	// Best pair first, so that the result does not depend on the order.
	var sims [32][32]float64
	left := false
	for i := range a {
		for j := range b {
			if !usedA[i] && !usedB[j] {
				sims[i][j] = alikeWords(a[i], b[j])
				left = left || sims[i][j] >= alike
			}
		}
	}
	for left {
		best, bi, bj := 0.0, -1, -1
		for i := range a {
			for j := range b {
				if !usedA[i] && !usedB[j] && sims[i][j] >= alike && sims[i][j] > best {
					best, bi, bj = sims[i][j], i, j
				}
			}
		}
		if bi < 0 {
			break
		}
		exact = false
		take(bi, bj, best)
	}
	for i := range a {
		if !usedA[i] {
			d.a = append(d.a, a[i])
		}
	}
	for j := range b {
		if !usedB[j] {
			d.b = append(d.b, b[j])
		}
	}
	if wa+wb == 0 {
		return 0, d, 0, false
	}
	return got / (wa + wb), d, shared, exact
}

// alikeWords returns the similarity of two words. Numbers and places are either equal
// or not. Different business words are different, however similar ("railway",
// "railroad"). A short word that differs by one letter is another word.
func alikeWords(x, y part) float64 {
	if x.class == number && y.class == number && value(x.text) > 0 && value(x.text) == value(y.text) {
		return 0.95 // "I" and "1"
	}
	if x.class == number || y.class == number || x.class.geography() && y.class.geography() ||
		x.class == hospital || y.class == hospital {
		return 0
	}
	if x.class == business || y.class == business {
		if s, l := min(x.text, y.text), max(x.text, y.text); len(s) >= 3 && len(l) >= len(s)+4 &&
			strings.HasPrefix(l, s) && (l == x.text && x.class == business || l == y.text && y.class == business) {
			return 0.8 // abbreviated: "Com" for "Communications", "Info" for "Informatique"
		}
	}
	if x.class == business && y.class == business {
		if x.text+"s" == y.text || y.text+"s" == x.text {
			return 0.95 // singular and plural
		}
		return 0
	}
	la, lb := utf8.RuneCountInString(x.text), utf8.RuneCountInString(y.text)
	if s, l := x.text, y.text; min(la, lb) == 1 && max(la, lb) > 3 { // "J. d'Arc", "Jeanne d'Arc"
		if la > lb {
			s, l = l, s
		}
		if strings.HasPrefix(l, s) && x.class == distinctive && y.class == distinctive {
			return 0.8
		}
	}
	if min(la, lb) < 5 {
		return 0
	}
	return similarity(x.text, y.text, alike)
}

// value returns the value of a number in digits, or of a roman numeral of one letter,
// and 0 for other words.
func value(s string) int {
	switch s {
	case "i":
		return 1
	case "v":
		return 5
	case "x":
		return 10
	}
	return atoi(s)
}
