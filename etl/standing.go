package etl

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Standing is what a source says about the validity of a row: "Suspendu", "certificat
// retiré le 3 mars 2019". It is not the status of a positioning, which says who gave it.
// Rows with the same words share it, so it must not be changed.
type Standing struct {
	Word string // as written
	Key  string // suspended, withdrawn … (config/tables/standings.csv); "other" by a ruling of the configuration
	// Out reports that a row with these words does not count.
	Out bool
}

// Known reports whether the table of words or the configuration says what the words
// mean. A row whose standing is not known counts, and the gate asks.
func (s *Standing) Known() bool { return s == nil || s.Key != "" }

// Said returns the words, which are empty if the source says nothing.
func (s *Standing) Said() string {
	if s == nil {
		return ""
	}
	return s.Word
}

// Leaves reports whether a row with this standing counts in no figure.
func (s *Standing) Leaves() bool { return s != nil && s.Out }

// Counts reports whether the row counts in figures. A row that the source calls
// suspended, withdrawn or expired stays in its table and in the number of rows, and in
// no other figure.
func (r *Row) Counts() bool { return !r.Standing.Leaves() }

// StandingWord is one line of the table of words: a phrase by which sources state a
// standing, as whole words without case or accents. A star at the end stands for the
// endings of a participle (see endings), "=" at the beginning for a text that says nothing
// else.
type StandingWord struct {
	Word   string
	Key    string // of the standing, or one of those below
	Counts bool
}

// StandingOther is the key of a standing that the configuration rules on.
const StandingOther = "other"

// Standing reports whether the word states one by itself.
func (w *StandingWord) Standing() bool {
	return !strings.HasPrefix(w.Key, standingFiller) && w.Key != standingAsk && w.Key != standingHint && w.Key != standingYet
}

// The keys of words that are no standing.
const (
	standingFiller = "-"  // says nothing about it: "depuis", "mars"
	standingLead   = "-c" // such a word that stands for a certificate: "certificat", "agrément"
	standingList   = "-l" // such a word that stands for those on the list: "hébergeurs", "liste"
	standingAsk    = "?"  // beside it, only a person can tell what is meant: "sous réserve"
	standingYet    = "?!" // both: "certification en cours" says that there is none yet
	standingHint   = "!"  // a remark with it may mean that the row no longer counts: "fusionné avec"
)

// Standings reads words as standings. It is not safe for concurrent use.
type Standings struct {
	phrases []standingPhrase // by falling length
	whole   map[string]*standingPhrase
	fillers map[string]bool
	stems   map[string]bool // how words with a star begin
	begins  map[string]bool // how words begin without which no text states a standing
	further map[string]bool // and how these words go on
	leads   map[string]bool // words that begin a standing at the end of a name
	lists   map[string]bool // words that begin a title
	read    memo[standingText]
	cells   memo[standingCell]
	shared  map[Standing]*Standing
}

type standingPhrase struct {
	words string // folded
	open  bool
	StandingWord
}

// standingText is what a text says about a standing.
type standingText struct {
	key     string // of the first phrase that decides; "" if there is none
	out, in bool   // it has phrases that do not count, and phrases that count
	ask     bool   // only a person can tell
	hint    bool   // it has words that may mean an end: "fusionné avec"
	phrase  bool   // it says an end in several words, as no name does: "n'héberge plus", "en liquidation"
	rest    bool   // it has other words as well
	within  bool   // some of them stand before that phrase
	done    bool   // a participle says that it does not count: "suspendu", not "suspension"
	whole   bool   // it is a word that is a standing only by itself
}

// NewStandings returns a reader of the words of a reference.
func NewStandings(ref *Reference) *Standings {
	if ref.ready != nil {
		return ref.ready.standings().fork()
	}
	return newStandings(ref)
}

// fork returns the same words, for another table or goroutine.
func (s *Standings) fork() *Standings {
	f := *s
	f.read, f.cells, f.shared = memo[standingText]{}, memo[standingCell]{}, map[Standing]*Standing{}
	return &f
}

func newStandings(ref *Reference) *Standings {
	s := &Standings{whole: map[string]*standingPhrase{}, fillers: map[string]bool{}, stems: map[string]bool{},
		begins: map[string]bool{"cert": true, "agre": true}, further: make(map[string]bool, 2*len(ref.Standings)),
		leads: map[string]bool{}, lists: map[string]bool{}, read: memo[standingText]{},
		cells: memo[standingCell]{}, shared: map[Standing]*Standing{}}
	for _, w := range ref.Standings {
		p := standingPhrase{words: fold(w.Word), open: strings.HasSuffix(w.Word, "*"), StandingWord: w}
		switch {
		case w.Key == standingFiller && strings.Contains(p.words, " "):
			s.phrases = append(s.phrases, p)
		case w.Key == standingFiller, w.Key == standingLead, w.Key == standingList:
			s.fillers[p.words] = true
			s.leads[p.words] = w.Key == standingLead
			s.lists[p.words] = w.Key != standingFiller
		case strings.HasPrefix(w.Word, "="):
			s.whole[p.words] = &p
			s.begin(p.words)
		default:
			s.phrases = append(s.phrases, p)
			s.begin(p.words)
			if p.open && !w.Counts && len(p.words) >= 4 {
				s.stems[beginning(p.words)] = true
			}
		}
	}
	for _, w := range ref.Statuses { // a ruling is the last word on its own text
		p := standingPhrase{words: foldSigns(w.Word), StandingWord: w}
		s.whole[p.words] = &p
		s.phrases = slices.DeleteFunc(s.phrases, func(q standingPhrase) bool { return q.words == p.words })
		s.phrases = append(s.phrases, p)
		s.begin(p.words)
	}
	slices.SortStableFunc(s.phrases, func(a, b standingPhrase) int { return len(b.words) - len(a.words) })
	return s
}

// standingSigns are signs that stand for a standing where words would: each reader takes
// them as his own list explains them, so that a person is asked.
const standingSigns = "❌✗✘✖⛔🚫⚠🔴🟠🟡⏸🛑"

// hasSign reports whether a text has such a sign. It is asked of every cell: most have none
// of the bytes that the signs begin with.
func hasSign(s string) bool {
	return (strings.IndexByte(s, "❌"[0]) >= 0 || strings.IndexByte(s, "🚫"[0]) >= 0) && strings.ContainsAny(s, standingSigns)
}

// foldSigns is fold for a text in which such a sign is a word of its own.
func foldSigns(s string) string {
	if !hasSign(s) {
		return fold(s)
	}
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(standingSigns, r) {
			fmt.Fprintf(&b, " signe%x ", r) // "signe274c"
		} else {
			b.WriteRune(r)
		}
	}
	return fold(b.String())
}

// begin notes how the longest word of a phrase begins, which every text with the phrase has.
func (s *Standings) begin(words string) {
	longest := ""
	for w := range strings.FieldsSeq(words) {
		if len(w) > len(longest) {
			longest = w
		}
	}
	s.begins[beginning(longest)] = true
	for _, ending := range endings {
		s.further[further(longest+ending)] = true
		if len(longest) >= 8 {
			break // with its ending it begins in the same way
		}
	}
}

// further returns enough of a word to tell "hébergement", which many names have, from "héberge".
func further(word string) string { return word[:min(8, len(word))] }

// beginning returns the first letters of a word.
func beginning(word string) string { return word[:min(4, len(word))] }

// mayState reports whether a text has a word of the table. It is asked of every cell, and
// reading the text takes much longer.
func (s *Standings) mayState(text string) bool {
	if hasSign(text) {
		return true
	}
	var room [128]byte
	for rest := appendFolded(room[:0], text); len(rest) > 0; {
		word := rest
		if i := bytes.IndexByte(rest, ' '); i >= 0 {
			word, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		if s.begins[string(word[:min(4, len(word))])] && (len(word) < 4 || s.further[string(word[:min(8, len(word))])] ||
			bytes.HasPrefix(word, []byte("cert")) || bytes.HasPrefix(word, []byte("agre"))) {
			return true
		}
	}
	return false
}

// text reads a text. Of phrases that overlap, the longest decides ("non suspendu").
func (s *Standings) text(text string) standingText { return s.read.of(text, s.parse) }

func (s *Standings) parse(text string) (t standingText) {
	words := foldSigns(text)
	core := s.core(words)
	for _, w := range []string{words, core} {
		if p := s.whole[w]; p != nil && (w == words || !s.isPhrase(words)) {
			return standingText{key: p.Key, out: !p.Counts, in: p.Counts, whole: p.Key != StandingOther}
		}
	}
	all, first := words, len(words)
	for _, p := range s.phrases {
		at, end, ok := phraseAt(words, p.words, p.open)
		if !ok {
			continue
		}
		switch {
		case p.Key == standingFiller:
		case p.Key == standingAsk:
			t.ask = true
		case p.Key == standingHint, p.Key == standingYet:
			t.hint, t.ask = true, t.ask || p.Key == standingYet
			t.phrase = t.phrase || strings.Contains(p.words, " ")
		case at < first:
			t.key, first = p.Key, at
			fallthrough
		default:
			t.out, t.in = t.out || !p.Counts, t.in || p.Counts
			t.done = t.done || p.open && !p.Counts
			t.phrase = t.phrase || !p.Counts && strings.Contains(p.words, " ")
		}
		words = words[:at] + strings.Repeat("|", end-at) + words[end:]
	}
	t.ask = t.ask || t.out && t.in
	t.rest, t.within = s.core(words) != "", s.core(all[:first]) != ""
	return t
}

// isPhrase reports whether folded words are a phrase of the table by themselves: "en
// liquidation", of which "liquidation" is one only if nothing else is said.
func (s *Standings) isPhrase(words string) bool {
	return slices.ContainsFunc(s.phrases, func(p standingPhrase) bool { return p.words == words && p.Standing() })
}

// core returns the words that say something: without fillers, numbers and the phrases
// that have been read.
func (s *Standings) core(words string) string {
	var core []string
	for w := range strings.FieldsSeq(words) {
		if !s.fillers[w] && strings.Trim(w, "0123456789|") != "" {
			core = append(core, w)
		}
	}
	return strings.Join(core, " ")
}

// endings are what a star in the table stands for. Any ending would make "périmètre", which
// remarks on certificates often name, an ending of "périmé".
var endings = []string{"", "e", "s", "es"}

// phraseAt finds a folded phrase as whole words and returns where it begins and ends.
// If open is set, its last word may have one of the endings.
func phraseAt(text, phrase string, open bool) (at, end int, ok bool) {
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 {
			return 0, 0, false
		}
		at, end = from+i, from+i+len(phrase)
		if at == 0 || text[at-1] == ' ' {
			word, _, _ := strings.Cut(text[end:], " ")
			if word == "" || open && slices.Contains(endings, word) {
				return at, end + len(word), true
			}
		}
		from = at + 1
	}
}

// Of returns the standing that a cell states, or nil if it states none. A text that
// does not count is read leniently ("suspendu par décision du préfet"), one that counts
// only if it says nothing else ("valide sous réserve").
func (s *Standings) Of(text string) *Standing {
	text = oneLineWhole(text)
	if absent(text) {
		return nil
	}
	st := Standing{Word: text}
	if t := s.text(text); !t.ask && (t.out || t.in && !t.rest && !t.hint) {
		st.Key, st.Out = t.key, t.out
	}
	return s.share(st)
}

func (s *Standings) share(st Standing) *Standing {
	if s.shared[st] == nil {
		s.shared[st] = &st
	}
	return s.shared[st]
}

// standing returns the standing that a text states; see Standings.Of.
func (ref *Reference) standing(text string) *Standing { return NewStandings(ref).Of(text) }
