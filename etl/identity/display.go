package identity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// display returns the readable spelling of the words that remain without forms and
// stated names. Mixed case is kept. A text in capitals is converted to lower case with
// initial capitals, except for words that look like acronyms.
func (n *Namer) display(text string, toks []token) string {
	if len(toks) == 0 {
		return strings.Join(strings.Fields(text), " ")
	}
	before, after := quotes(text, toks[0].start, toks[len(toks)-1].end)
	s := written(text, toks)
	if before != "" || after != "" {
		s = strings.Join(strings.Fields(before+s+after), " ")
	}
	s = pairQuotes(s)
	if end := toks[len(toks)-1].end; after == "" {
		s += sign(text[end:])
	}
	if !capitals(s) {
		return s
	}
	var b strings.Builder
	first, last := true, class(distinctive)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			b.WriteString(s[i : i+size])
			i += size
			continue
		}
		j := i
		for j < len(s) {
			r, size := utf8.DecodeRuneInString(s[j:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				break
			}
			j += size
		}
		w := s[i:j]
		next := rune(0)
		if j < len(s) {
			next, _ = utf8.DecodeRuneInString(s[j:])
		}
		e := n.words[onlyLetters(w)]
		if next == ' ' && i > 0 && s[i-1] == ' ' && utf8.RuneCountInString(w) > 1 &&
			(last == group && e.class == stop || last == hospital && article(onlyLetters(w))) {
			b.WriteString(title(w)) // "Groupe La Poste", "EHPAD Les Glycines"
		} else {
			b.WriteString(n.spell(w, first, next, i > 0 && s[i-1] == '.'))
		}
		first, last = false, e.class
		i = j
	}
	return b.String()
}

// withForm puts a leading form back that is part of how people call a public body, a
// grouping or an association ("GCS e-Santé Bretagne"). The form of a company is not
// ("SAS Untel").
func (n *Namer) withForm(nm *Name, display string) string {
	for _, f := range nm.Forms {
		if f.Where != Leading || f.Kind != "public" && f.Kind != "grouping" && f.Kind != "association" {
			continue
		}
		form := f.Text
		switch {
		case strings.EqualFold(onlyLetters(form), f.Code):
			form = f.Code
		case capitals(form):
			form = title(form)
		}
		return form + " " + display
	}
	return display
}

// written returns words as in the text, including what is between them, unless that
// contains other words (a legal form in the middle).
func written(text string, toks []token) string {
	if len(toks) == 0 {
		return ""
	}
	if from, to := toks[0].start, toks[len(toks)-1].end; spaced(text, toks) && (to == len(text) || text[to] != '.') {
		return text[from:to]
	}
	var b strings.Builder
	for i, t := range toks {
		if i > 0 {
			gap := text[toks[i-1].end:t.start]
			if strings.ContainsFunc(gap, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				gap = " "
			}
			b.WriteString(gap)
		}
		b.WriteString(text[t.start:t.end])
		// The dot after the last of dotted initials belongs to them.
		if i == len(toks)-1 && t.end-2 > t.start && t.end < len(text) && text[t.end] == '.' && text[t.end-2] == '.' {
			b.WriteByte('.')
		}
	}
	return strings.ReplaceAll(strings.Join(strings.Fields(b.String()), " "), " ,", ",")
}

// spaced reports whether the words are separated by exactly one space each. This is the
// usual case, and their spelling is then a substring of the text.
func spaced(text string, toks []token) bool {
	for i := 1; i < len(toks); i++ {
		if text[toks[i-1].end:toks[i].start] != " " {
			return false
		}
	}
	whole := text[toks[0].start:toks[len(toks)-1].end]
	return !strings.Contains(whole, "  ") && !strings.Contains(whole, " ,") // within initials
}

// capitals reports whether a text has at least two letters and no lower-case one.
func capitals(s string) bool {
	count := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			count++
		}
	}
	return count > 1
}

func (n *Namer) spell(w string, first bool, next rune, dotted bool) string {
	folded := make([]byte, 0, len(w))
	for _, r := range w {
		folded = appendFolded(folded, r)
	}
	f := string(folded)
	if (f == "co" || f == "cie") && !first {
		return title(w) // "Dupont & Co"
	}
	if s, ok := n.shown[f]; ok {
		return s
	}
	e, known := n.words[f]
	apostrophe := next == '\'' || next == '’'
	switch {
	case contraction(f, n.written[f]) && next == ' ':
		return title(w) // "Clinique St Jean", "Cabinet du Dr Moreau"
	case apostrophe && utf8.RuneCountInString(w) == 1:
		if first {
			return w
		}
		return strings.ToLower(w)
	case known && e.class == stop && utf8.RuneCountInString(w) > 1:
		if first {
			return title(w)
		}
		return strings.ToLower(w)
	case !first && (f == "a" && w != "A" || f == "au" || f == "aux" || f == "en" || f == "sur" || f == "pour" ||
		f == "for" || f == "in"):
		return strings.ToLower(w)
	case dotted && known && len(f) > 2: // CEGEDIM.CLOUD
		return strings.ToLower(w)
	case dotted && (f == "com" || f == "fr" || f == "net" || f == "org" || f == "io"):
		return strings.ToLower(w)
	case !unicode.IsLetter(rune(f[0])) || strings.ContainsFunc(f, unicode.IsDigit):
		return w
	case known && len(f) > 2 && e.class != number:
		return title(w)
	case acronymLike(f):
		return w
	}
	return title(w)
}

// contraction reports whether short is an abbreviation that keeps the first and the
// last letter of full.
func contraction(short, full string) bool {
	return full != "" && short[0] == full[0] && short[len(short)-1] == full[len(full)-1]
}

func title(w string) string {
	r, size := utf8.DecodeRuneInString(w)
	return string(unicode.ToTitle(r)) + strings.ToLower(w[size:])
}

// acronymLike reports whether a folded word cannot be pronounced, or is too short to
// decide. Such a word keeps its capitals.
func acronymLike(f string) bool {
	if len(f) <= 3 {
		return true
	}
	vowels, run, longest := 0, 0, 0
	for _, c := range f {
		if strings.ContainsRune("aeiouy", c) {
			vowels++
			run = 0
		} else {
			run++
			longest = max(longest, run)
		}
	}
	if vowels == 0 || longest >= 5 {
		return true
	}
	if len(f) > 6 {
		return false
	}
	// No word has such an ending: RATP, SICTD.
	if strings.ContainsRune("bcdgkpqt", rune(f[len(f)-2])) && strings.ContainsRune("bcdfgmpv", rune(f[len(f)-1])) {
		return true
	}
	// French and English words begin with a vowel, one consonant, or one of these
	// groups.
	i := 0
	for i < len(f) && !strings.ContainsRune("aeiouy", rune(f[i])) {
		i++
	}
	if i < 2 {
		return false
	}
	switch f[:i] {
	case "bl", "br", "ch", "chr", "cl", "cr", "dr", "fl", "fr", "gl", "gn", "gr", "kl", "kr", "ph", "pl", "pr", "ps",
		"q", "rh", "sc", "sch", "scr", "sh", "sk", "sl", "sm", "sn", "sp", "spl", "spr", "st", "str", "sw", "th", "thr",
		"tr", "ts", "tw", "vl", "vr", "wh", "wr", "kn", "dj", "tch":
		return false
	}
	return true
}

// sign returns a sign that stands directly after a name and belongs to it: "Yahoo!".
func sign(rest string) string {
	n := 0
	for n < len(rest) && (rest[n] == '!' || rest[n] == '?' || rest[n] == '%') {
		n++
	}
	return rest[:n]
}

// mark is a quotation mark of a text.
type mark struct {
	at, size int
	opens    bool
	kind     int // the same for the two marks of a pair
}

// marks returns the quotation marks of a text. A straight or curly apostrophe is one only
// at the edge of a word: that of "l'Oréal" is not.
func marks(s string) []mark {
	plain := true // as most texts are
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] != '"' && s[i] != '\'' && s[i] != 0xC2 && s[i] != 0xE2
	}
	if plain {
		return nil
	}
	var out []mark
	prev := ' '
	for i, r := range s {
		size := utf8.RuneLen(r)
		next, _ := utf8.DecodeRuneInString(s[min(i+max(size, 1), len(s)):])
		edge := func(r rune) bool { return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) }
		switch r {
		case '«', '»':
			out = append(out, mark{i, size, r == '«', 0})
		case '“', '”', '„':
			out = append(out, mark{i, size, r != '”', 1})
		case '"':
			out = append(out, mark{i, size, edge(prev) && !edge(next), 2})
		case '\'', '‘', '’':
			if edge(prev) != edge(next) {
				out = append(out, mark{i, size, edge(prev), 3})
			}
		}
		prev = r
	}
	return out
}

// quotes returns the quotation marks that stand directly beside a part of a text and
// belong to one within it, with the space between: Groupe « X », "A" et "B". Marks
// around the whole part belong to none.
func quotes(text string, from, to int) (before, after string) {
	var open []mark
	for _, m := range marks(text) {
		switch {
		case m.opens:
			open = append(open, m)
		case len(open) > 0 && open[len(open)-1].kind == m.kind:
			o := open[len(open)-1]
			open = open[:len(open)-1]
			within := func(x mark) bool { return x.at >= from && x.at < to }
			switch {
			case within(o) && !within(m) && m.at >= to && strings.TrimSpace(text[to:m.at]) == "":
				after = text[to : m.at+m.size]
			case within(m) && !within(o) && o.at < from && strings.TrimSpace(text[o.at+o.size:from]) == "":
				before = text[o.at:from]
			}
		}
	}
	return before, after
}

// pairQuotes removes the quotation marks that have lost the other of their pair.
func pairQuotes(s string) string {
	var open, lost []mark
	for _, m := range marks(s) {
		switch {
		case m.opens:
			open = append(open, m)
		case len(open) > 0 && open[len(open)-1].kind == m.kind:
			open = open[:len(open)-1]
		case m.kind != 3: // "les trois suisses'" may be a genitive
			lost = append(lost, m)
		}
	}
	for _, m := range open {
		if m.kind != 3 {
			lost = append(lost, m)
		}
	}
	if len(lost) == 0 {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if !slices.ContainsFunc(lost, func(m mark) bool { return m.at == i }) {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
