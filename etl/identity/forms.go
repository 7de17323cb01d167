package identity

import "strings"

// Form is a legal form that a name states. It is evidence and not noise: two
// forms that cannot be one organisation's forbid same.
type Form struct {
	Code    string // of the table: "SAS"
	Kind    string
	Country string
	Where   Where
	Text    string // as written: "s.a r.l"
}

// Where is the place of a legal form in a name.
type Where string

const (
	Leading  Where = "leading"
	Trailing Where = "trailing"
	Inside   Where = "inside"
)

type formRef struct {
	form  int
	words int // of the spelling
}

func (n *Namer) addForm(i int, spelling string) {
	s := foldSpelling(spelling)
	joined := strings.ReplaceAll(s, " ", "")
	if _, ok := n.forms[joined]; !ok && joined != "" {
		n.forms[joined] = formRef{i, strings.Count(s, " ") + 1}
	}
}

// mostFormWords is how many words a spelled-out form has at most; the longest of
// the table has eleven ("Groupement de coopération sociale ou médico-sociale" and
// its like), and a longer one would only not be seen.
const mostFormWords = 11

// takeForms finds the legal forms at both ends of a name, and before a place at
// its end ("Cegedim S.A. (France)"), and gives the words without them. It never takes the last word that says something: a name
// that is a form ("SAS", "SA SA") stays a name.
func (n *Namer) takeForms(nm *Name, toks []token, text string) []token {
	lo, hi := 0, len(toks)
	for hi > lo {
		f, k := n.formAt(toks[lo:hi], false)
		if k == 0 || !n.says(toks[lo:hi-k]) {
			break
		}
		// Two letters after words that name nobody are more likely the name:
		// "Cabinet AG", "Institut AB".
		if form := n.list[f]; len(form.Code) == 2 && k == 1 && form.Position == "trailing" && form.Code != "CO" && !n.named(toks[lo:hi-1]) {
			break
		}
		nm.Forms = append(nm.Forms, n.form(f, Trailing, text, toks[hi-k:hi]))
		hi -= k
		for hi-1 > lo && (toks[hi-1].and || toks[hi-1].text == "and" || toks[hi-1].text == "et") && n.says(toks[lo:hi-1]) {
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
		// "GIP Bretagne" and "Association France" are not called Bretagne and France.
		if form.Kind != "company" && n.onlyPlaces(rest) {
			break
		}
		nm.Forms = append(nm.Forms, n.form(f, Leading, text, toks[lo:lo+k]))
		lo += k
		for lo < hi-1 && !article(toks[lo].text) && n.isStop(toks[lo].text) && !toks[lo].elided && n.says(toks[lo+1:hi]) {
			lo++ // "GCS du Limousin", "Société dite" and the like keep only what follows
		}
	}
	// Evidence: a form that is part of the name and stays in it.
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

func (n *Namer) form(i int, where Where, text string, toks []token) Form {
	f := n.list[i]
	out := Form{Code: f.Code, Kind: f.Kind, Country: f.Country, Where: where}
	if from, to := toks[0].start, toks[len(toks)-1].end; to <= len(text) {
		out.Text = text[from:to]
	}
	return out
}

// formAt finds the longest form at one end of the words: its place in the table
// and how many words it takes, 0 for none.
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
	// An abbreviation in pieces is one only if the pieces are crumbs: "s.a r.l",
	// "SA RL"; "gi e" inside words is chance.
	return ref, ok && (ref.words > 1 || short)
}

// says tells that words hold something beside articles and conjunctions.
func (n *Namer) says(toks []token) bool {
	for _, t := range toks {
		if !t.and && !n.isStop(t.text) {
			return true
		}
	}
	return false
}

// named tells that words hold one that the tables do not know.
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

// describes tells that what follows "société" or "association" makes one phrase
// with it, so that it is no label in front of a name: "Société Générale",
// "Société française du radiotéléphone", "Association des paralysés".
func (n *Namer) describes(rest []token) bool {
	w := rest[0].text
	if n.isStop(w) || rest[0].elided || w == "pour" || w == "for" || w == "of" || w == "d" || w == "l" {
		return !article(w)
	}
	if n.onlyPlaces(rest) {
		return true
	}
	// Alone after the form, a word is a name unless it is a known adjective:
	// "Société Générale", but "Société Oodrive".
	if len(rest) == 1 {
		switch w {
		case "generale", "nationale", "centrale", "nouvelle", "anonyme", "civile":
			return true
		}
		e, ok := n.words[w]
		return ok && e.class != distinctive
	}
	for _, end := range [...]string{"aise", "oise", "ienne", "enne", "ale", "elle", "ique", "aine", "euse", "ive", "ante", "ente", "iste", "aire", "ee", "ere"} {
		if strings.HasSuffix(w, end) && len(w) > len(end)+2 {
			return true
		}
	}
	return false
}

// contradict tells that no organisation can bear the forms of both names, and
// says which. Names without a form contradict nothing; a form and the one it is
// a case of agree (a SASU is a SAS with one shareholder, an EURL a SARL).
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

// vague tells a form that only says "this is an organisation of some kind", and
// so agrees with any other: "Société X" is also "X SAS".
func (n *Namer) vague(code string) bool {
	return code == "SOCIETE" || code == "COMPAGNIE" || code == "CO" || code == "SIH"
}
