package etl

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl/cores"
	"hdsreport/etl/message"
	"hdsreport/etl/pattern"
)

// The rules about names, and about who holds a certificate or an approval.

// holders warns of certificates and approvals that are another actor's now, and refuses
// many of them. If the actor before is gone and the one now is new, it may be one
// actor with another name, which is a question to an editor; only many of these are a
// warning.
func (j *judged) holders() []Finding {
	was, is := j.then.actors(), j.res.On[j.list]
	succeeds := map[[2]int32]bool{}
	for _, s := range j.res.successors(&j.in.Registry) {
		succeeds[s] = true
	}
	var changed, renamed []Evidence
	pairs := j.paired().pairs
	for _, p := range pairs {
		if p.same() || succeeds[[2]int32{p.is.Actor, p.was.Actor}] {
			continue
		}
		e := j.now.evidence(p.is)
		e.Note = message.New("evidence-holder", "was", p.was.Name)
		if number := oneLine(p.is.Number); number != "" {
			e.Note = message.New("evidence-holder-number", "was", p.was.Name, "number", number)
		}
		if !was.Has(p.is.Actor) && !is.Has(p.was.Actor) {
			renamed = append(renamed, e)
		} else {
			changed = append(changed, e)
		}
	}
	var out []Finding
	n, all := len(changed), len(pairs)
	if n > 0 {
		f := Find(Warning, CodeHolderChanged, j.at, "n", n, "since", Named(j.ch.Since), "names", named(changed)).About(changed)
		if n >= j.th.ChangedAtLeast && share(n, all) > float64(j.th.Changed) {
			f.Severity = Error
		}
		out = append(out, f)
	}
	if n := len(renamed); j.unusual(n, all, j.th.Changed) {
		out = append(out, Find(Warning, CodeHolderChanged, j.at, "n", n, "since", Named(j.ch.Since),
			"names", named(renamed)).Said("renamed").About(renamed))
	}
	return out
}

// notNames tell by its signs what stands in a column of names and is none.
var notNames = []struct {
	signs []string
	what  message.Key
}{
	{[]string{"http:", "https:", "www.", "://", "</", "/>", "<b", "<a", "<p", "<i", "<s", "<d", "&amp", "&nbsp", "&#",
		".com/", ".fr/", ".net/"}, "not-name-address"},
	{[]string{"!!", "??", "$$", "€€", "100%", "-50%"}, "not-name-spam"},
	{[]string{"{", "}", "\\", "|", "^", "~", "\ufffd"}, "not-name-characters"},
}

// spam are words that stand in no name; placeholder are words that no name consists of.
var (
	spam = []string{"viagra", "cialis", "casino", "poker", "porn", "porno", "bitcoin", "bitcoins", "lorem", "ipsum",
		"cliquez", "hacked", "supprimer", "gratuit", "jackpot", "exemple"}
	placeholder = []string{"test", "tests", "foo", "bar", "null", "undefined", "nan", "todo", "xxx", "xxxx", "azerty",
		"qwerty", "true", "false", "object", "ref", "valeur", "value", "nom", "name"}
)

// commentedOut finds names of rows that somebody has taken out as in a program: "# Alpha".
var commentedOut = pattern.Of(`^(?:#\s*\pL|//|--\s*\pL|/\*|<!--)`)

// notName says why a text is not a name, with the key of a message; empty if it may be
// one. A number in brackets identifies an organisation.
func notName(s string) message.Key {
	letters, digits, depth, lost := 0, 0, 0, false
	last := ' '
	for i, r := range s {
		switch {
		case r == '(' || r == '[':
			depth++
		case r == ')' || r == ']':
			depth--
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r) && depth <= 0:
			digits++
		case r >= 0x1F300 && r <= 0x1FAFF:
			return "not-name-characters"
		case r == '?' && unicode.IsLetter(last):
			next, _ := utf8.DecodeRuneInString(s[i+1:])
			lost = lost || unicode.IsLetter(next)
		}
		last = r
	}
	switch {
	case lost || letters+digits == 0:
		return "not-name-characters"
	case digits > 2 && digits >= letters || letters == 0 && !strings.Contains(s, "&"):
		if strings.Count(s, "/") == 2 || strings.Count(s, "-") == 2 {
			return "not-name-date"
		}
		return "not-name-digits"
	}
	if strings.IndexByte("#/-<", s[0]) >= 0 && commentedOut().MatchString(s) {
		return "not-name-comment"
	}
	if !maySay(s) {
		return ""
	}
	lower := strings.ToLower(s)
	if at := strings.IndexByte(lower, '@'); at > 0 && strings.Contains(lower[at:], ".") {
		return "not-name-address"
	}
	for _, n := range notNames {
		for _, sign := range n.signs {
			if strings.Contains(lower, sign) {
				return n.what
			}
		}
	}
	words := strings.FieldsFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(spam, w) }) ||
		len(words) == 1 && slices.Contains(placeholder, words[0]) {
		return "not-name-spam"
	}
	return ""
}

// maySay is a quick look at a text: can it have a sign of notNames, an address, or a word of
// spam or placeholder? Most names cannot, and to look for each took 4 % of the time of a long
// list.
func maySay(s string) bool {
	for i := range len(s) {
		// Letters beyond U+0180, "€" and other signs are looked at closely too.
		if c := s[i]; c >= 0xC6 || signs[c] {
			return true
		}
	}
	words := notWords()
	var room [128]byte
	text := appendFolded(room[:0], s)
	for from, i := 0, 0; i <= len(text); i++ {
		if i < len(text) && text[i] != ' ' && !isDigit(text[i]) {
			continue
		}
		if words[string(text[from:i])] {
			return true
		}
		from = i + 1
	}
	return false
}

// signs are the bytes without which no sign of notNames is there, and no address.
var signs = func() (out [256]bool) {
	for _, c := range []byte(`:/<&!?$%{}\|^~@.`) {
		out[c] = true
	}
	return out
}()

// notWords are the words of spam and placeholder.
var notWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, w := range slices.Concat(spam, placeholder) {
		out[w] = true
	}
	return out
})

// implausible warns of names that are numbers, addresses, advertisement or remains of
// another program, and refuses many of them. What stood there in the last edition has
// been seen.
func (j *judged) implausible() []Finding {
	seen := map[string]bool{}
	if j.then != nil {
		for i := range j.then.Rows {
			seen[j.then.Rows[i].Name] = true
		}
	}
	rows := slices.Concat(cores.Collect(len(j.now.Rows), func(from, to int) (rows []Evidence) {
		for i := from; i < to; i++ {
			r := &j.now.Rows[i]
			if seen[r.Name] || j.res.Actors[r.Actor].Registered {
				continue
			}
			if what := notName(r.Name); what != "" {
				e := j.now.evidence(r)
				e.Note = message.Message{Key: what}
				rows = append(rows, e)
			}
		}
		return rows
	})...)
	n := len(rows)
	if n == 0 {
		return nil
	}
	severity := Warning
	if n >= j.th.ChangedAtLeast && share(n, len(j.now.Rows)) > float64(j.th.Changed) {
		severity = Error
	}
	return []Finding{Find(severity, CodeNamesImplausible, j.at, "n", n, "names", named(rows)).About(rows)}
}

// lowered warns if most names have lost their capitals: readers would see them so.
func (j *judged) lowered() []Finding {
	var rows []Evidence
	for _, p := range j.paired().pairs {
		if p.same() && capital(p.was.Name) && !capital(p.is.Name) {
			e := j.now.evidence(p.is)
			e.Note = message.New("evidence-was", "was", p.was.Name)
			rows = append(rows, e)
		}
	}
	if n := len(rows); n >= j.th.ChangedAtLeast && 2*n > len(j.now.Rows) {
		return []Finding{Find(Warning, CodeNamesLowered, j.at, "n", n, "rows", len(j.now.Rows)).About(rows)}
	}
	return nil
}

func capital(s string) bool { return strings.ContainsFunc(s, unicode.IsUpper) }

// uniform refuses a list in which a column says the same everywhere, where it did not
// before: all certificates of one type or by one body, or all of one day.
func (j *judged) uniform() []Finding {
	var out []Finding
	pairs := j.paired().pairs
	for _, d := range j.fields {
		if d.Kind == KindActivity || len(j.now.Rows) < j.th.ChangedAtLeast {
			continue
		}
		value := j.value(d, j.now, &j.now.Rows[0])
		if value == "" || slices.ContainsFunc(pointers(j.now.Rows), func(r *Row) bool { return j.value(d, j.now, r) != value }) {
			continue
		}
		var rows []Evidence
		for _, p := range pairs {
			if slices.Contains(p.changed, d) {
				rows = append(rows, j.changedRow(d, p))
			}
		}
		if len(rows) >= 2 {
			out = append(out, Find(Error, CodeColumnUniform, j.at, "field", d, "value",
				oneLine(j.shown(d, j.now, &j.now.Rows[0])), "rows", len(j.now.Rows), "n", len(rows),
				"since", Named(j.ch.Since)).About(rows))
		}
	}
	return out
}
