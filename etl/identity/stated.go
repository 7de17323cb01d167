package identity

import (
	"strings"
	"unicode/utf8"

	"hdsreport/etl/message"
)

// Stated is another name that a name contains.
type Stated struct {
	Kind Kind
	Text string // as written
	Key  string
	// Sure reports whether the string shows what the text is: an acronym whose letters
	// match, or a name after "ex" or "alias". A plain text in brackets is not sure. It
	// may be a parent company, a product or a place, so it never makes two names the
	// same.
	Sure bool
}

// Kind is the relation of a stated name to the main one.
type Kind string

const (
	Acronym     Kind = "acronym"
	Former      Kind = "former"
	Alternative Kind = "alternative"
	Full        Kind = "full"
)

// words returns the message key of the kind, for reasons.
func (k Kind) words() message.Key { return message.Key("kind-" + string(k)) }

func marker(w string) (Kind, bool) {
	switch w {
	case "ex", "anciennement", "formerly", "previously", "precedemment", "fka", "anc", "ancien", "ancienne",
		"auparavant", "vormals":
		return Former, true
	case "alias", "aka", "dit", "dite", "dba", "sigle", "enseigne", "marque", "acronym", "acronyme", "denommee",
		"denomme", "devenu", "devenue", "desormais", "maintenant", "dorenavant", "nouvellement":
		return Alternative, true
	}
	return "", false
}

// afterMarker returns the index of the name that follows a marker, also after two of
// them, as in "anciennement dénommée Untel".
func afterMarker(toks []token, i int) int {
	i++
	for i < len(toks)-1 {
		switch toks[i].text {
		case "denomme", "denommee", "appele", "appelee", "nomme", "nommee", "connu", "connue":
			i++
			continue
		}
		break
	}
	return i
}

// middleSign returns the index of the first of "·|•", or -1. strings.IndexAny takes a tenth
// of the time that parsing a name does.
func middleSign(text string) int {
	for i := range len(text) {
		if c := text[i]; c == '|' || (c == 0xC2 || c == 0xE2) && (strings.HasPrefix(text[i:], "·") || strings.HasPrefix(text[i:], "•")) {
			return i
		}
	}
	return -1
}

// takeStated finds names in brackets or after a middle dot, and replaces them by spaces
// if they are not part of the name. Places, kinds of business and numbers in brackets
// are part of it: "Cheops Technology (France)".
func (n *Namer) takeStated(nm *Name, text string) (string, []Stated) {
	var found []Stated
	if i := middleSign(text); i > 0 && strings.ContainsAny(text[:i], " ") && text[i-1] == ' ' {
		_, size := utf8.DecodeRuneInString(text[i:])
		if rest := strings.TrimSpace(text[i+size:]); rest != "" && len(tokenise(text[:i])) > 0 {
			found = append(found, Stated{Kind: Alternative, Text: rest})
			nm.dropped = append(nm.dropped, rest)
			text = strings.TrimSpace(text[:i])
		}
	}
	if strings.IndexByte(text, '(') < 0 && strings.IndexByte(text, '[') < 0 {
		return text, found
	}
	b := []byte(text)
	words := tokenise(text)
	wordBefore := func(i int) bool { return len(words) > 0 && words[0].start < i }
	wordAfter := func(i int) bool { return len(words) > 0 && words[len(words)-1].start > i }
	for i := 0; i < len(text); i++ {
		open := text[i]
		if open != '(' && open != '[' {
			continue
		}
		end := -1
		depth := 0
		for j := i; j < len(text); j++ {
			switch text[j] {
			case '(', '[':
				depth++
			case ')', ']':
				depth--
			}
			if depth == 0 {
				end = j
				break
			}
		}
		if end < 0 {
			break
		}
		inner := strings.TrimSpace(text[i+1 : end])
		// Brackets directly beside a letter are part of a word.
		toks := joinInitials(tokenise(inner))
		switch {
		case len(toks) == 0, n.partOfName(toks):
			b[i], b[end] = ' ', ' '
		default:
			blank := true
			if f, k := n.formAt(toks, false); k == len(toks) {
				nm.Forms = append(nm.Forms, n.form(f, Inside, inner, toks))
			} else if f, k := n.formAt(toks, true); k == len(toks) {
				nm.Forms = append(nm.Forms, n.form(f, Inside, inner, toks))
			} else if !wordBefore(i) && !wordAfter(end) {
				blank = false // the whole text is in brackets
			} else {
				kind, sure := Alternative, false
				if k, ok := marker(toks[0].text); ok && len(toks) > 1 {
					kind, sure = k, true
					inner = inner[toks[afterMarker(toks, 0)].start:]
				}
				st := Stated{Kind: kind, Text: strings.TrimRight(inner, " .,;"), Sure: sure}
				found = append(found, st)
				nm.dropped = append(nm.dropped, st.Text)
			}
			if blank {
				for j := i; j <= end; j++ {
					b[j] = ' '
				}
			} else {
				b[i], b[end] = ' ', ' '
			}
		}
		i = end
	}
	return string(b), found
}

// partOfName reports whether a text in brackets only qualifies the name: a place, a
// kind of business, a number, or a kind of hospital.
func (n *Namer) partOfName(toks []token) bool {
	nm := Name{}
	n.makeKey(&nm, toks, "")
	for _, p := range nm.parts {
		if p.class == distinctive {
			return false
		}
	}
	return true
}

// takeFormer removes what follows "ex", "anciennement", "alias", … outside brackets:
// "Free Pro, ex Jaguar Network".
func (n *Namer) takeFormer(nm *Name, toks []token, text string) ([]token, string) {
	for i := 1; i < len(toks)-1; i++ {
		// "Untel SAS au capital de 10 000 €" is a letterhead.
		if toks[i].text == "au" && toks[i+1].text == "capital" {
			return toks[:i], text[:toks[i].start]
		}
		kind, ok := marker(toks[i].text)
		if !ok || toks[i].text == "marque" || toks[i].text == "enseigne" || toks[i].text == "ancien" ||
			toks[i].text == "ancienne" || toks[i].text == "dit" || toks[i].text == "dite" || toks[i].text == "sigle" {
			continue
		}
		switch toks[i+1].text {
		case "aequo", "nihilo", "machina", "libris", "vivo", "situ", "voto":
			continue
		}
		if !n.says(toks[:i]) || !n.says(toks[i+1:]) {
			continue
		}
		said := strings.TrimRight(text[toks[afterMarker(toks, i)].start:], " .,;)")
		nm.Stated = append(nm.Stated, Stated{Kind: kind, Text: said, Sure: true})
		nm.dropped = append(nm.dropped, said)
		return toks[:i], text[:toks[i].start]
	}
	return toks, text
}

// takeAcronym removes an acronym that stands beside its words: "ICT - International
// Cross Talk", "Hospices Civils de Lyon HCL", "AP-HP – Assistance publique – Hôpitaux
// de Paris". The words are the name.
func (n *Namer) takeAcronym(nm *Name, toks []token, text string) []token {
	if len(toks) < 3 {
		return toks
	}
	try := func(short, long []token) bool {
		var b [16]byte
		a := b[:0]
		for _, t := range short {
			if len(a)+len(t.text) > 8 {
				return false
			}
			a = append(a, t.text...)
		}
		if len(a) < 3 || len(short) > 1 && len(short[0].text) > 2 {
			return false
		}
		most := 1
		if len(a) >= 4 {
			most = beside
		}
		return n.fits(string(a), long, most)
	}
	for k := 1; k <= 3 && k < len(toks)-1; k++ {
		if try(toks[:k], toks[k:]) {
			n.stateAcronym(nm, toks[:k], toks[k:], text)
			return toks[k:]
		}
		if m := len(toks) - k; try(toks[m:], toks[:m]) {
			n.stateAcronym(nm, toks[m:], toks[:m], text)
			return toks[:m]
		}
	}
	return toks
}

func (n *Namer) stateAcronym(nm *Name, short, long []token, text string) {
	nm.Stated = append(nm.Stated,
		Stated{Kind: Acronym, Text: text[short[0].start:short[len(short)-1].end], Sure: true},
		Stated{Kind: Full, Text: text[long[0].start:long[len(long)-1].end], Sure: true})
}

// The maximum number of letters that an acronym may take from each word.
const (
	beside  = 4 // if it stands beside the words
	guessed = 2 // if no name states it
)

// fits reports whether an acronym consists of the first letters of the words, with or
// without the small words. If most is over 1, it may take up to that many letters of
// each of at least three words ("MiPih" from Midi Picardie Informatique Hospitalière).
func (n *Namer) fits(acronym string, toks []token, most int) bool {
	var all, content, whole []byte
	kept := make([]token, 0, 12)
	for _, t := range toks {
		if t.and || t.text == "s" && t.sep == '\'' { // People's
			continue
		}
		kept = append(kept, t)
		all = append(all, t.text[0])
		if !n.small(t.text) {
			content = append(content, t.text[0])
			if len(t.text) <= 4 && !strings.ContainsAny(t.text, "aeiouy") { // the CDC of Informatique CDC
				whole = append(whole, t.text...)
			} else {
				whole = append(whole, t.text[0])
			}
		}
	}
	if len(content) >= 2 && (string(content) == acronym || string(all) == acronym || string(whole) == acronym) {
		return true
	}
	return most > 1 && len(content) >= 3 && len(content) <= len(acronym) && n.spells(acronym, kept, most)
}

// spells reports whether the acronym is a sequence of beginnings of the words, each of
// at most that many letters. A small word may contribute none. It keeps the set of
// positions reachable after each word, because trying every division would take
// exponential time on "de de de de".
func (n *Namer) spells(acronym string, toks []token, most int) bool {
	if len(acronym) > 30 {
		return false
	}
	reached := uint32(1)
	for _, t := range toks {
		var next uint32
		if n.small(t.text) {
			next = reached
		}
		for at := 0; at < len(acronym); at++ {
			if reached&(1<<at) == 0 {
				continue
			}
			for k := 1; k <= most && k <= len(t.text) && at+k <= len(acronym) && acronym[at+k-1] == t.text[k-1]; k++ {
				next |= 1 << (at + k)
			}
		}
		reached = next
	}
	return reached&(1<<len(acronym)) != 0
}

// small reports whether acronyms usually skip a word.
func (n *Namer) small(w string) bool {
	e, ok := n.words[w]
	return ok && (e.class == stop || e.class == particle)
}

// settleStated sets the key of each stated name, and the kind of those in brackets: an
// acronym if its letters match the words of the name, the full name if the name is its
// acronym.
func (n *Namer) settleStated(nm *Name, toks []token, found []Stated) {
	for _, st := range found {
		if !st.Sure || st.Kind == Alternative {
			inner := joinInitials(tokenise(st.Text))
			joined := compactOf(inner)
			own := compactOf(toks)
			switch {
			case joined == "" || own == "":
			case len(joined) <= 10 && len(joined) >= 2 && len(inner) <= 3 && n.fits(joined, toks, beside):
				st.Kind, st.Sure = Acronym, true
			case len(own) <= 10 && len(own) >= 2 && len(toks) <= 3 && n.fits(own, n.bare(inner), beside):
				st.Kind, st.Sure = Full, true
			}
		}
		nm.Stated = append(nm.Stated, st)
	}
	for i := range nm.Stated {
		var sub Name
		n.read(&sub, nm.Stated[i].Text, false)
		nm.Stated[i].Key = sub.Key
	}
}

// bare returns words without legal forms at their ends.
func (n *Namer) bare(toks []token) []token {
	var nm Name
	return n.takeForms(&nm, toks, "")
}
