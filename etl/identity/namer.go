// Package identity says whether two names are one organisation: from a raw
// string to a display form, a comparison key, its legal forms and the other
// names that it states; from two names to same, review or different, with a
// score and the reasons in words.
//
// The rule behind everything: keys decide, likeness only proposes. Measured on
// public pairs, equal keys are right almost always, while an edit distance that
// finds three quarters of the pairs is wrong one time in six. So nothing here
// answers same because two names look alike.
//
// The package is pure: no file, no clock, no package-level state that is built
// at start. The words that it knows come in as Tables. Files, in the order of
// the work: text.go (repair, folding, words), forms.go (legal forms), stated.go
// (acronyms and former names inside the string), key.go, display.go; then
// distance.go, veto.go and compare.go; index.go and lists.go for many names;
// id.go, which stands apart and is frozen.
package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl/message"
)

// Tables are the words that the package knows. Their text may be written in any
// case and with accents: New folds it. The zero value is usable and knows nothing.
type Tables struct {
	Forms     []LegalForm
	Hospitals []Abbreviation
	Places    []Place
	Words     []Word
}

// LegalForm is one line of legal_forms.csv.
type LegalForm struct {
	Code     string // "SAS"
	Name     string // spelled out, as people write it
	Kind     string // company, partnership, cooperative, grouping, association, public, civil; property for one that owns walls and not what is done in them
	Country  string // ISO 3166, empty where several countries have the form
	Parent   string // the form of which this one is a case: SAS for SASU. They do not contradict each other
	Position string // leading, trailing, both; descriptor (leading, unless an adjective or "de" follows); evidence (never removed)
	Spelling []string
}

// Abbreviation is one line of hospital_abbreviations.csv: spellings that a key
// writes in one way.
type Abbreviation struct {
	Short    string // "chu"
	Kind     string // public (a kind of hospital of which a place has one or two), type (any other kind of institution), name (of one hospital)
	Display  string // "CHU"
	Spelling []string
}

// Place is one line of geography.csv.
type Place struct {
	Place    string // the folded word that keys use
	Kind     string // country, zone, region, city
	Spelling []string
}

// Word is one line of business_words.csv.
type Word struct {
	Word      string
	Class     string // stop, group, particle (kept in a key, says nothing), business, number, ordinal; common (may tell organisations apart, known only for its spelling), acronym (the same, written in capitals); abbreviation stands for Canonical wherever another word follows
	Canonical string // what a key writes instead; empty for the word itself
}

// class says what a word of a key is worth as evidence.
type class uint8

const (
	distinctive class = iota // a word that can tell one organisation from another
	stop
	group
	business
	number // of any kind: digits, roman numeral, ordinal
	country
	place // zone, region or city
	hospital
	particle // "en", "pour": kept in a key, worth nothing as evidence
)

func (c class) geography() bool { return c == country || c == place }

// String names the class as reasons do.
func (c class) String() string {
	switch c {
	case country, place:
		return "geography"
	case number:
		return "numeral"
	case business:
		return "business word"
	case hospital:
		return "kind of institution"
	case group:
		return "group"
	case stop, particle:
		return "small word"
	default:
		return "name"
	}
}

// key is the class in the tables of messages.
func (c class) key() message.Key { return classKey(c.String()) }

// classKey is a class or a veto in the tables of messages.
func classKey(kind string) message.Key {
	return message.Key("class-" + strings.ReplaceAll(kind, " ", "-"))
}

// entry is what the tables say of a word, or of words written as one.
type entry struct {
	canon string
	class class
	value int16 // of a number word, else 0
}

// Namer reads and compares names by its tables. It does not change after New:
// any number of goroutines may use it.
type Namer struct {
	list    []LegalForm
	forms   map[string]formRef
	words   map[string]entry // by the spelling, its words joined
	longest int              // most words that a spelling in words has
	shown   map[string]string
	written map[string]string // abbreviated words: "st" for "saint"
	public  map[string]bool   // kinds of public hospital
	parents map[string]string // legal forms that are a case of another
}

// New prepares the tables. A later line does not override an earlier one.
func New(t Tables) *Namer {
	n := &Namer{
		list:    t.Forms,
		forms:   make(map[string]formRef, 4*len(t.Forms)),
		words:   make(map[string]entry, len(t.Words)+2*len(t.Places)+5*len(t.Hospitals)),
		shown:   make(map[string]string, 2*len(t.Hospitals)+len(t.Forms)),
		written: map[string]string{},
		public:  map[string]bool{},
		parents: map[string]string{},
		longest: 1,
	}
	for i, f := range t.Forms {
		if _, twice := n.parents[f.Code]; !twice {
			n.parents[f.Code] = f.Parent
		}
		for _, s := range f.Spelling {
			n.addForm(i, s)
		}
		if f.Position != "descriptor" {
			n.shown[strings.ToLower(f.Code)] = f.Code
		}
	}
	for _, w := range t.Words {
		e := entry{canon: w.Canonical}
		if e.canon == "" {
			e.canon = w.Word
		}
		switch w.Class {
		case "stop":
			e.class = stop
		case "group":
			e.class = group
		case "particle":
			e.class = particle
		case "number":
			e.class = number
			e.value = int16(atoi(w.Canonical))
		case "ordinal":
			e.class = number
		case "acronym":
			n.shown[w.Word] = strings.ToUpper(w.Word)
			continue
		case "common":
			e.class = distinctive
		case "abbreviation":
			n.written[w.Word] = w.Canonical
			continue
		default:
			e.class = business
		}
		n.addWord(w.Word, e)
	}
	for _, h := range t.Hospitals {
		c := hospital
		if h.Kind == "name" {
			c = distinctive
		}
		for _, s := range h.Spelling {
			n.addWord(s, entry{canon: h.Short, class: c})
		}
		n.shown[h.Short] = h.Display
		if h.Kind == "public" {
			n.public[h.Short] = true
		}
	}
	for _, p := range t.Places {
		c := place
		if p.Kind == "country" {
			c = country
		}
		for _, s := range p.Spelling {
			n.addWord(s, entry{canon: p.Place, class: c})
		}
	}
	return n
}

func (n *Namer) addWord(spelling string, e entry) {
	// A word of ASCII letters needs no folding: most of the tables.
	if !strings.ContainsFunc(spelling, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if _, ok := n.words[spelling]; !ok {
			n.words[spelling] = e
		}
		return
	}
	var b strings.Builder
	count := 0
	for _, w := range strings.Fields(foldSpelling(spelling)) {
		if n.isStop(w) {
			continue
		}
		b.WriteString(w)
		count++
	}
	if count == 0 {
		return
	}
	if _, ok := n.words[b.String()]; !ok {
		n.words[b.String()] = e
		n.longest = max(n.longest, count)
	}
}

// foldSpelling leaves a spelling that is folded already, as those of the
// embedded tables are.
func foldSpelling(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == ' ') {
			return strings.Join(words(s), " ")
		}
	}
	return s
}

func (n *Namer) isStop(w string) bool {
	e, ok := n.words[w]
	return ok && e.class == stop
}

// Name is what a raw string says about an organisation.
//
// Equal keys are needed for two names to be the same, and not enough: Compare
// also weighs the legal forms and the group marker, which the key leaves out.
type Name struct {
	Raw     string
	Display string        // careful spelling, without the legal form; never empty for a name that is not blank
	Key     string        // comparison key: letters and digits without spaces; empty only for a blank name
	Compact string        // every word of the string without spaces, legal forms included
	Tokens  []string      // the words of the key
	Forms   []Form        // legal forms, as evidence, in the order in which they were found
	Stated  []Stated      // other names that the string itself gives
	Group   string        // "Groupe", "Group" … as written, if the string marks a group
	Repairs []message.Key // what was repaired before reading

	parts   []part
	dropped []string // texts in brackets that the key leaves out
	plain   string   // the text that the key was read from, forms and group removed
}

// part is a word of the key with what it is worth.
type part struct {
	text  string
	class class
	shown string // as the string wrote it, for reasons
}

// Blank tells that there is no name.
func (nm Name) Blank() bool { return nm.Key == "" }

// Parse reads a raw string. The same string always gives the same Name.
func (n *Namer) Parse(raw string) Name {
	nm := Name{Raw: raw}
	if strings.TrimFunc(raw, unicode.IsSpace) == "" {
		return nm
	}
	if len(raw) > mostRead {
		n.readLong(&nm)
		return nm
	}
	text, did := repair(raw)
	nm.Repairs = did
	n.read(&nm, text, true)
	if nm.Key == "" {
		nm.Key = codePoints(raw)
		nm.Compact = nm.Key
		nm.Tokens = []string{nm.Key}
		nm.parts = []part{{text: nm.Key, shown: raw}}
		nm.Display = strings.TrimFunc(raw, unicode.IsSpace)
	}
	return nm
}

// mostRead is how many bytes of a name are read for what they say. A longer text is a
// file gone wrong: it still is itself, and nothing else is like it.
const mostRead = 4096

// readLong makes the name of a text that is too long for one. Its key is the
// beginning and a hash of all letters, so that it is still found again where spaces or
// case changed.
func (n *Namer) readLong(nm *Name) {
	nm.Display = strings.Join(strings.Fields(strings.ToValidUTF8(nm.Raw, "\uFFFD")), " ")
	all, letters := sha256.New(), make([]byte, 0, mostRead)
	var key []byte
	flush := func() {
		all.Write(letters)
		key = append(key, letters[:min(len(letters), max(0, 24-len(key)))]...)
		letters = letters[:0]
	}
	for _, r := range nm.Display {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			letters = appendFolded(letters, r)
		}
		if len(letters) > mostRead-utf8.UTFMax*8 {
			flush()
		}
	}
	flush()
	nm.Key = n.fixed(strings.ToValidUTF8(string(key), "") + hex.EncodeToString(all.Sum(nil)[:16]))
	nm.Compact, nm.Tokens = nm.Key, []string{nm.Key}
	nm.parts = []part{{text: nm.Key, shown: string([]rune(nm.Display[:min(len(nm.Display), 240)])[:20]) + "…"}}
}

// read fills a name from repaired text; stated says whether to look for other
// names in it.
func (n *Namer) read(nm *Name, text string, stated bool) {
	masked := text
	var sure []Stated
	if stated {
		masked, sure = n.takeStated(nm, text)
	}
	toks := tokenise(masked)
	if len(toks) == 0 && masked != text {
		masked, nm.Stated, nm.dropped, sure = text, nil, nil, nil
		toks = tokenise(masked)
	}
	nm.Compact = compactOf(toks)
	if masked != text {
		nm.Compact = compactOf(tokenise(text))
	}
	toks = joinInitials(toks)
	if stated {
		toks, masked = n.takeFormer(nm, toks, masked)
	}
	toks = n.takeForms(nm, toks, masked)
	if stated {
		toks = n.takeAcronym(nm, toks, masked)
	}
	n.settleStated(nm, toks, sure)
	core := toks
	toks = n.takeGroup(nm, toks, masked)
	n.makeKey(nm, toks, masked)
	nm.plain = written(masked, toks)
	nm.Display = n.withForm(nm, n.display(masked, core))
}

func atoi(s string) int {
	v := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0
		}
		v = v*10 + int(c-'0')
	}
	return v
}
