package identity

import "strings"

// Form is a legal form in a name. It counts as evidence: if two forms cannot belong to
// one organisation, the names are not the same.
type Form struct {
	Code    string // code in the table: "SAS"
	Kind    string
	Country string
	Where   Where
	Text    string // as written: "s.a r.l"
}

// Where is the position of a legal form in a name.
type Where string

const (
	Leading  Where = "leading"
	Trailing Where = "trailing"
	Inside   Where = "inside"
)

type formRef struct {
	form  int
	words int // number of words of the spelling
}

func (n *Namer) addForm(i int, spelling string) {
	s := foldSpelling(spelling)
	joined := strings.ReplaceAll(s, " ", "")
	if _, ok := n.forms[joined]; !ok && joined != "" {
		n.forms[joined] = formRef{i, strings.Count(s, " ") + 1}
	}
}

// mostFormWords is the maximum number of words of a legal form written in full. The
// longest in the table have eleven ("Groupement de coopération sociale ou
// médico-sociale" and others). Longer ones would not be found.
const mostFormWords = 11

// takeForms finds the legal forms at both ends of a name, and before a place at its end
// ("Cegedim S.A. (France)"). It returns the words without them. It never removes the
// last meaningful word: a name that is only a form ("SAS", "SA SA") is kept.
func (n *Namer) takeForms(nm *Name, toks []token, text string) []token {
	lo, hi := 0, len(toks)
	for hi > lo {
		f, k := n.formAt(toks[lo:hi], false)
		if k == 0 || !n.says(toks[lo:hi-k]) {
			break
		}
		// Two letters after words that are not distinctive are probably the name:
		// "Cabinet AG", "Institut AB".
		if form := n.list[f]; len(form.Code) == 2 && k == 1 && form.Position == "trailing" && form.Code != "CO" &&
			!n.named(toks[lo:hi-1]) {
			break
		}
		nm.Forms = append(nm.Forms, n.form(f, Trailing, text, toks[hi-k:hi]))
		hi -= k
		if n.list[f].Code == "CO" {
			switch {
			case isAnd(toks[hi]):
				nm.Ending, nm.ending = "& co", toks[hi:hi+k]
			case isAnd(toks[hi-1]):
				nm.Ending, nm.ending = "& co", toks[hi-1:hi+k]
			case toks[hi].sep == '.':
				nm.Ending, nm.ending = "co", toks[hi:hi+k]
			}
		}
		for hi-1 > lo && isAnd(toks[hi-1]) && n.says(toks[lo:hi-1]) {
			hi-- // "JPMorgan Chase & Co."
		}
	}
	for lo < hi {
		f, k := n.formAt(toks[lo:hi], true)
		if k == 0 && lo+1 < hi && article(toks[lo].text) { // "La société Untel", "L'association Untel"
			if f, k = n.formAt(toks[lo+1:hi], true); k > 0 && n.list[f].Position == "descriptor" {
				k++
			} else {
				k = 0
			}
		}
		if k == 0 || !n.says(toks[lo+k:hi]) {
			break
		}
		rest := toks[lo+k : hi]
		form := n.list[f]
		if form.Position == "descriptor" && n.describes(rest) {
			break
		}
		// "GIP Bretagne" and "Association France" keep the form: the place alone is not
		// the name.
		if form.Kind != "company" && n.onlyPlaces(rest) {
			break
		}
		nm.Forms = append(nm.Forms, n.form(f, Leading, text, toks[lo:lo+k]))
		lo += k
		for lo < hi-1 && !article(toks[lo].text) && n.isStop(toks[lo].text) && !toks[lo].elided &&
			n.says(toks[lo+1:hi]) {
			lo++ // skip small words after the form: "GCS du Limousin", "Société dite X"
		}
	}
	// A form that counts as evidence but stays in the name.
	if ref, k := n.formAny(toks[lo:hi]); k > 0 && n.list[ref].Position == "evidence" {
		nm.Forms = append(nm.Forms, n.form(ref, Leading, text, toks[lo:lo+k]))
	}
	toks = toks[lo:hi]
	end := len(toks)
	for end > 0 && n.onlyPlaces(toks[end-1:end]) {
		end--
	}
	if end < len(toks) && end > 1 {
		if f, k := n.formAt(toks[:end], false); k > 0 && n.says(toks[:end-k]) {
			nm.Forms = append(nm.Forms, n.form(f, Inside, text, toks[end-k:end]))
			toks = append(append(make([]token, 0, len(toks)), toks[:end-k]...), toks[end:]...)
		}
	}
	return toks
}

func isAnd(t token) bool { return t.and || t.text == "and" || t.text == "et" }

func (n *Namer) form(i int, where Where, text string, toks []token) Form {
	f := n.list[i]
	out := Form{Code: f.Code, Kind: f.Kind, Country: f.Country, Where: where}
	if from, to := toks[0].start, toks[len(toks)-1].end; to <= len(text) {
		out.Text = text[from:to]
	}
	return out
}

// formAt finds the longest form at one end of the words. It returns its index in the
// table and its number of words, or 0 if there is none.
func (n *Namer) formAt(toks []token, leading bool) (form, count int) {
	for k := min(mostFormWords, len(toks)); k > 0; k-- {
		part := toks[len(toks)-k:]
		if leading {
			part = toks[:k]
		}
		ref, ok := n.lookForm(part)
		if !ok {
			continue
		}
		switch n.list[ref.form].Position {
		case "both":
		case "leading", "descriptor":
			if !leading {
				continue
			}
		case "trailing":
			if leading {
				continue
			}
		default:
			continue
		}
		return ref.form, k
	}
	return 0, 0
}

func (n *Namer) formAny(toks []token) (form, count int) {
	for k := min(mostFormWords, len(toks)); k > 0; k-- {
		if ref, ok := n.lookForm(toks[:k]); ok {
			return ref.form, k
		}
	}
	return 0, 0
}

func (n *Namer) lookForm(toks []token) (formRef, bool) {
	if len(toks) == 1 {
		ref, ok := n.forms[toks[0].text]
		return ref, ok
	}
	var buf [128]byte
	b := buf[:0]
	short := true
	for _, t := range toks {
		b = append(b, t.text...)
		short = short && len(t.text) <= 2
		if len(b) > 100 {
			return formRef{}, false
		}
	}
	ref, ok := n.forms[string(b)]
	// An abbreviation in pieces counts only if the pieces are very short: "s.a r.l",
	// "SA RL". In longer pieces, as "gi e" within words, it is a coincidence.
	return ref, ok && (ref.words > 1 || short)
}

// says reports whether the words contain anything except articles and conjunctions.
func (n *Namer) says(toks []token) bool {
	for _, t := range toks {
		if !t.and && !n.isStop(t.text) {
			return true
		}
	}
	return false
}

// named reports whether the words contain one that is not in the tables.
func (n *Namer) named(toks []token) bool {
	for _, t := range toks {
		if e, ok := n.words[t.text]; !t.and && (!ok || e.class == distinctive) {
			return true
		}
	}
	return false
}

func article(w string) bool { return w == "la" || w == "le" || w == "les" || w == "l" || w == "the" }

func (n *Namer) onlyPlaces(toks []token) bool {
	for i := 0; i < len(toks); i++ {
		if n.isStop(toks[i].text) {
			continue
		}
		if e, ok := n.words[toks[i].text]; !ok || !e.class.geography() {
			return false
		}
	}
	return true
}

// describes reports whether "société" or "association" and the words after it form one
// phrase, so that it is not a label before a name: "Société Générale", "Société
// française du radiotéléphone", "Association des paralysés".
func (n *Namer) describes(rest []token) bool {
	w := rest[0].text
	if n.isStop(w) || rest[0].elided || w == "pour" || w == "for" || w == "of" || w == "d" || w == "l" {
		return !article(w)
	}
	if n.onlyPlaces(rest) {
		return true
	}
	// A single word after the form is a name, unless it is a known adjective: "Société
	// Générale", but "Société Oodrive".
	if len(rest) == 1 {
		switch w {
		case "generale", "nationale", "centrale", "nouvelle", "anonyme", "civile":
			return true
		}
		e, ok := n.words[w]
		return ok && e.class != distinctive
	}
	for _, end := range [...]string{"aise", "oise", "ienne", "enne", "ale", "elle", "ique", "aine", "euse",
		"ive", "ante", "ente", "iste", "aire", "ee", "ere"} {
		if strings.HasSuffix(w, end) && len(w) > len(end)+2 {
			return true
		}
	}
	return false
}

// contradict reports whether no organisation can have the forms of both names, and
// returns the two forms. A name without a form contradicts nothing. A form and a
// special case of it are compatible (a SASU is a SAS with one shareholder, an EURL a
// SARL).
func (n *Namer) contradict(a, b Name) (string, string, bool) {
	if len(a.Forms) == 0 || len(b.Forms) == 0 {
		return "", "", false
	}
	for _, x := range first(a.Forms, mostStated) {
		for _, y := range first(b.Forms, mostStated) {
			if x.Code == y.Code || n.parents[x.Code] == y.Code || n.parents[y.Code] == x.Code ||
				n.vague(x.Code) || n.vague(y.Code) {
				return "", "", false
			}
		}
	}
	return a.Forms[0].Code, b.Forms[0].Code, true
}

// vague reports whether a form only means some kind of organisation, and so is
// compatible with every other: "Société X" may be "X SAS".
func (n *Namer) vague(code string) bool {
	return code == "SOCIETE" || code == "COMPAGNIE" || code == "CO" || code == "SIH"
}
