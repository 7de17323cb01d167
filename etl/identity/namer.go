// Package identity decides whether two names are the same organisation. It parses a
// name into a display form, a comparison key, its legal forms and other names that it
// states. It compares two names as same, review or different, with a score and reasons.
//
// The main rule: only keys decide, likeness only proposes. Measured on public pairs,
// equal keys are almost always right, while an edit distance that finds three quarters
// of the pairs is wrong one time in six. So two names are never the same only because
// they look alike.
//
// The package is pure: it uses no files, no clock and no global state that is
// initialised at start. Its vocabulary is passed in as Tables. The files, in the order
// of the work: text.go (repair, folding, words), forms.go (legal forms), stated.go
// (acronyms and former names within a name), key.go, display.go; distance.go, veto.go
// and compare.go; index.go and lists.go for many names; id.go, which is independent of
// the others and must not change.
package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl/message"
)

// Tables hold the vocabulary of the package. They may be written in any case and with
// accents, because New folds them. The zero value is an empty vocabulary.
type Tables struct {
	Forms     []LegalForm
	Hospitals []Abbreviation
	Places    []Place
	Words     []Word
	// Departments maps the number of a French department to its place.
	Departments map[string]string
	// Common are names that several legal entities bear: "parc", "bel air".
	Common []string
}

// LegalForm is one line of legal_forms.csv.
type LegalForm struct {
	Code string // "SAS"
	Name string // written in full
	// Kind is company, partnership, cooperative, grouping, association, public or
	// civil; it is property for a form that owns buildings only.
	Kind    string
	Country string // ISO 3166; empty if several countries have the form
	Parent  string // the form that this one is a special case of: SAS for SASU; the two are compatible
	// Position is leading, trailing or both; descriptor (leading, unless an adjective
	// or "de" follows); or evidence (never removed).
	Position string
	// Apart says that a name without the form is asked about beside the name with it.
	Apart    bool
	Spelling []string
}

// Abbreviation is one line of hospital_abbreviations.csv: spellings that have the same
// form in a key.
type Abbreviation struct {
	Short string // "chu"
	// Kind is public (a kind of public hospital, of which a place has one or two), type
	// (another kind of institution) or name (of one hospital).
	Kind     string
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
	Word string
	// Class is stop, group, particle (in keys, but not distinctive), business, number,
	// ordinal, common (distinctive, listed for its spelling), acronym (like common, in
	// capitals), brand (a group that owns institutions), institution (a business word that is a kind of
	// institution), direction (a business word that tells one
	// site from another), abbreviation (short for Canonical
	// if another word follows) or short (the same, but only where names are compared by
	// likeness: the key keeps the word).
	Class     string
	Canonical string // the form in keys; empty for the word itself
}

// class is the kind of a word in a key. It determines how much the word counts as
// evidence.
type class uint8

const (
	distinctive class = iota // a word that distinguishes organisations
	stop
	group
	business
	number // digits, roman numeral or ordinal
	country
	place // zone, region or city
	hospital
	particle // "en", "pour": in keys, but not distinctive
	brand    // a group that owns institutions under their own names
)

func (c class) geography() bool { return c == country || c == place }

// String returns the name of the class as used in reasons.
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
	case group, brand:
		return "group"
	case stop, particle:
		return "small word"
	default:
		return "name"
	}
}

// key returns the message key of the class.
func (c class) key() message.Key { return classKey(c.String()) }

// classKey returns the message key of a class or a veto.
func classKey(kind string) message.Key {
	return message.Key("class-" + strings.ReplaceAll(kind, " ", "-"))
}

// entry is what the tables say about a word, or about words written as one.
type entry struct {
	canon string
	class class
	value int16 // value of a number word, otherwise 0
}

// Namer parses and compares names with its tables. It does not change after New and is
// safe for concurrent use.
type Namer struct {
	list        []LegalForm
	forms       map[string]formRef
	words       map[string]entry // by spelling, with its words joined
	longest     int              // maximum number of words of a spelling in words
	shown       map[string]string
	written     map[string]string // abbreviated words: "st" for "saint"
	public      map[string]bool   // kinds of public hospital
	short       map[string][]part // abbreviations that only the comparison by likeness spells out
	institution map[string]bool   // business words that are kinds of institution: "centre"
	direction   map[string]bool   // business words that tell one site from another: "nord"
	common      map[string]bool   // commonplace names, with their words joined
	departments map[string]string // number to place
	owner       map[string]bool   // hospitals that own others under their own names: AP-HP
	apart       map[string]bool   // legal forms that people do not leave out
	parents     map[string]string // legal forms that are special cases, with the general form
}

// New returns a Namer. Of several lines with the same spelling the first one counts.
func New(t Tables) *Namer {
	n := &Namer{
		list:        t.Forms,
		forms:       make(map[string]formRef, 4*len(t.Forms)),
		words:       make(map[string]entry, len(t.Words)+2*len(t.Places)+5*len(t.Hospitals)),
		shown:       make(map[string]string, 2*len(t.Hospitals)+len(t.Forms)),
		written:     map[string]string{},
		owner:       map[string]bool{},
		apart:       map[string]bool{},
		public:      map[string]bool{},
		short:       map[string][]part{},
		institution: map[string]bool{},
		direction:   map[string]bool{},
		common:      make(map[string]bool, len(t.Common)),
		departments: t.Departments,
		parents:     map[string]string{},
		longest:     1,
	}
	for i, f := range t.Forms {
		if _, twice := n.parents[f.Code]; !twice {
			n.parents[f.Code] = f.Parent
		}
		for _, s := range f.Spelling {
			n.addForm(i, s)
		}
		if f.Apart {
			n.apart[f.Code] = true
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
		case "brand":
			e.class = brand
		case "direction":
			e.class = business
			n.direction[e.canon] = true
		case "institution":
			e.class = business
			n.institution[e.canon] = true
		case "short":
			continue // below, when all words are known
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
			n.owner[h.Short] = true
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
	for _, w := range t.Words {
		if w.Class == "short" {
			var nm Name
			n.read(&nm, w.Canonical, false)
			n.short[w.Word] = nm.parts
		}
	}
	for _, c := range t.Common {
		var nm Name
		n.read(&nm, c, false)
		name, _ := ownName(n, n.core(nm.parts))
		n.common[name] = true
	}
	return n
}

func (n *Namer) addWord(spelling string, e entry) {
	// Most spellings in the tables are ASCII letters, which need no folding.
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

// foldSpelling folds a spelling, unless it is already folded, as those of the embedded
// tables are.
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

// Name is the result of parsing a name.
//
// Two names with different keys are never the same by key. Equal keys are not
// sufficient: Compare also checks the legal forms and the group marker, which are not
// in the key.
type Name struct {
	Raw     string
	Display string        // readable spelling without the legal form; empty only for a blank name
	Key     string        // comparison key: letters and digits without spaces; empty only for a blank name
	Compact string        // all words without spaces, including legal forms
	Tokens  []string      // the words of the key
	Forms   []Form        // legal forms, in the order in which they were found
	Stated  []Stated      // other names stated in the string
	Group   string        // "Groupe", "Group", … as written, if the string has such a marker
	Ending  string        // "com", "fr", "co" or "& co", if the name ends so; not in the key
	Signs   string        // signs that belong to the name, with their words: "1&1", "c#"; not in the key
	Repairs []message.Key // repairs that were made before parsing

	parts   []part
	spelled bool     // no part is an abbreviation or a number that likeness reads as other words
	ending  []token  // "& Cie" or ".co", which readers see
	dropped []string // texts in brackets that are not in the key
	plain   string   // the text of the key, without forms and group
}

// part is a word of the key with its class.
type part struct {
	text  string
	class class
	shown string // as written, for reasons
}

// Blank reports whether the name is empty.
func (nm Name) Blank() bool { return nm.Key == "" }

// Parse parses a name. The result depends only on raw.
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

// mostRead is the maximum length in bytes of a name that is parsed. A longer text is an
// error in the file. It is equal to itself and similar to nothing.
const mostRead = 4096

// readLong sets the name of a text that is too long to parse. Its key is its beginning
// and a hash of all its letters, so that spaces and case do not matter.
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

// read parses repaired text into a name. stated says whether to look for other names in
// it.
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
	if len(nm.ending) > 0 {
		core = slices.Concat(core, nm.ending)
	}
	nm.Display = n.withForm(nm, n.display(masked, core))
	nm.ending = nil
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
