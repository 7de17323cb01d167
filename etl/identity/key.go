package identity

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// takeGroup removes a group marker at either end: "Groupe X", "X Groupe", "Le Groupe
// X". It is not part of the key, but Compare uses it.
func (n *Namer) takeGroup(nm *Name, toks []token, text string) []token {
	is := func(t token) bool { e, ok := n.words[t.text]; return ok && e.class == group }
	mark := func(t token) {
		if t.end <= len(text) {
			nm.Group = text[t.start:t.end]
		} else {
			nm.Group = t.text
		}
	}
	if len(toks) > 1 && is(toks[len(toks)-1]) && n.says(toks[:len(toks)-1]) {
		mark(toks[len(toks)-1])
		return toks[:len(toks)-1]
	}
	i := 0
	for i < len(toks)-1 && n.isStop(toks[i].text) {
		i++
	}
	if i >= len(toks)-1 || !is(toks[i]) || !n.says(toks[i+1:]) {
		return toks
	}
	// In "Groupe hospitalier" and "Groupe de recherche" the word is not a group marker.
	next := toks[i+1].text
	if strings.HasPrefix(next, "hospital") || next == "de" || next == "des" || next == "du" || next == "d" ||
		next == "of" {
		return toks
	}
	mark(toks[i])
	return toks[i+1:]
}

// makeKey computes the words of the key, and the key. It leaves out small words unless
// there are no others, and replaces spellings in the tables by their canonical form.
// Parsing a key gives the same key.
func (n *Namer) makeKey(nm *Name, toks []token, text string) {
	var room [8]token
	kept := room[:0]
	nm.Signs = n.signs(toks, text)
	for i, t := range toks {
		if t.and {
			continue
		}
		// "L'Oréal", "L Oréal" and "LOréal" are the same: the article is joined to the
		// name.
		if i == 0 && len(t.text) == 1 {
			kept = append(kept, t)
			continue
		}
		// A letter at the end is no article: "Pharma L" and "Pharma D" are two.
		if last := i > 0 && i == len(toks)-1 && len(t.text) == 1 && !t.elided; n.isStop(t.text) && !last {
			continue
		}
		// In salesforce.com and doctolib.fr the ending is not part of the key.
		if t.sep == '.' && i > 0 && (t.text == "com" || t.text == "fr") && utf8.RuneCountInString(toks[i-1].text) > 1 {
			nm.Ending = t.text
			continue
		}
		if full := n.written[t.text]; full != "" && i < len(toks)-1 {
			t.text = full
		}
		kept = append(kept, t)
	}
	if len(kept) == 0 {
		kept = append(kept, toks...)
	}
	nm.parts = make([]part, 0, len(kept))
	for i := 0; i < len(kept); {
		e, k := n.lookWord(kept[i:])
		shown := ""
		if last := kept[i+k-1].end; last <= len(text) {
			shown = text[kept[i].start:last]
		}
		p := part{text: e.canon, class: e.class, shown: shown}
		// "Data II" is "Data 2". A single letter may be an initial, and a name that is
		// only a numeral may be an acronym: these are kept.
		if v := roman(p.text); v > 0 && e.class == number && len(p.text) > 1 && len(kept) > 1 {
			p.text = strconv.Itoa(v)
		}
		// Spelled-out numbers are added up: forty-four is 40 and 4.
		if e.class == number && len(nm.parts) > 0 {
			last := &nm.parts[len(nm.parts)-1]
			if tens, unit := atoi(last.text), atoi(p.text); last.class == number && tens >= 20 && tens < 100 &&
				tens%10 == 0 && len(last.text) == 2 && unit > 0 && unit < 10 && len(p.text) == 1 && isWord(last.shown) {
				last.text = last.text[:1] + p.text
				last.shown += " " + shown
				i += k
				continue
			}
		}
		nm.parts = append(nm.parts, p)
		i += k
	}
	// An acronym of a kind of hospital, or of a hospital, beside the same in words is
	// redundant.
	nm.parts = slices.CompactFunc(nm.parts, func(x, y part) bool { return x.text == y.text && n.shown[x.text] != "" })
	var letters [128]byte
	key := letters[:0]
	nm.Tokens = make([]string, len(nm.parts))
	nm.spelled = true
	for i, p := range nm.parts {
		switch {
		case p.class == distinctive && n.short[p.text] != nil, p.class == number && n.departments[p.text] != "":
			nm.spelled = false
		}
		key = append(key, p.text...)
		nm.Tokens[i] = p.text
	}
	if string(key) == nm.Compact { // of most names, and kept once
		nm.Key = n.fixed(nm.Compact)
	} else {
		nm.Key = n.fixed(string(key))
	}
}

// signs returns the signs that are part of a name, each with the words beside it: the "&"
// beside a single letter or digit of "1&1", the "#" of "C#". The key of a name has always
// been without them, and ids are made of keys.
func (n *Namer) signs(toks []token, text string) string {
	var b strings.Builder
	for i, t := range toks {
		if isAnd(t) && i > 0 && i+1 < len(toks) && (n.letter(toks[i-1], t.and) || n.letter(toks[i+1], t.and)) {
			b.WriteString(toks[i-1].text + "&" + toks[i+1].text + " ")
		}
		if t.end < len(text) && text[t.end] == '#' && !nextIsLetterOrDigit(text[t.end+1:]) {
			b.WriteString(t.text + "# ")
		}
	}
	return strings.TrimSuffix(b.String(), " ")
}

// letter reports whether a word is a letter or a digit that stands for a name, unlike the
// "à" of "soins et à domicile".
func (n *Namer) letter(t token, sign bool) bool {
	return utf8.RuneCountInString(t.text) == 1 && !t.elided && !n.isStop(t.text) && (sign || !n.small(t.text))
}

func isWord(s string) bool {
	return s != "" && !strings.ContainsFunc(s, unicode.IsDigit)
}

// fixed repeats parsing a key until it no longer changes. Joined words may form a word
// that the tables replace ("or" + "ganisation").
func (n *Namer) fixed(key string) string {
	for range 8 {
		next := key
		if e, ok := n.words[key]; ok {
			next = e.canon
		} else if !plainKey(key) {
			var again Name
			n.readKey(&again, key)
			next = again.joined()
		}
		if next == key || next == "" {
			return key
		}
		key = next
	}
	return codePoints(key)
}

func (nm *Name) joined() string {
	var b strings.Builder
	for _, p := range nm.parts {
		b.WriteString(p.text)
	}
	return b.String()
}

// readKey is makeKey for the text of a key, without repeating it.
func (n *Namer) readKey(nm *Name, key string) {
	text, _ := repair(key)
	for _, t := range joinInitials(tokenise(text)) {
		e, _ := n.lookWord([]token{t})
		nm.parts = append(nm.parts, part{text: e.canon})
	}
}

func plainKey(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
			return false
		}
	}
	return true
}

// lookWord finds the longest spelling of the tables at the start of the words. It
// returns the entry and the number of words. An unknown word is its own entry.
func (n *Namer) lookWord(toks []token) (entry, int) {
	var buf [128]byte
	for k := min(n.longest, len(toks)); k > 1; k-- {
		b := buf[:0]
		for _, t := range toks[:k] {
			if len(b)+len(t.text) > len(buf) {
				break
			}
			b = append(b, t.text...)
		}
		if e, ok := n.words[string(b)]; ok && e.class != stop && e.class != number {
			return e, k
		}
	}
	w := toks[0].text
	if e, ok := n.words[w]; ok {
		return e, 1
	}
	if w[0] >= '0' && w[0] <= '9' && digits(w) {
		return entry{canon: w, class: number}, 1
	}
	if roman(w) > 0 {
		return entry{canon: w, class: number}, 1
	}
	return entry{canon: w}, 1
}

func digits(w string) bool {
	for i := 0; i < len(w); i++ {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return true
}

// roman returns the value of a roman numeral from 1 to 39, and 0 for other words.
// Larger numerals are also words and acronyms (MI, CD, LIX), and do not occur in names
// of organisations.
func roman(w string) int {
	if len(w) > 7 {
		return 0
	}
	i := 0
	for i < len(w) && w[i] == 'x' && i < 3 {
		i++
	}
	units := slices.Index([]string{"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"}, w[i:])
	if units < 0 {
		return 0
	}
	return 10*i + units
}
