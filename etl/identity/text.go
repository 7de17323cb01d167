package identity

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"hdsreport/etl/message"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// repair returns the text that the writer meant, and what it did. It decodes entities
// and mojibake, removes invisible characters, marks like ™ and leading symbols, and
// replaces every kind of space by a plain one. Repairing a repaired text changes
// nothing.
func repair(raw string) (string, []message.Key) {
	if clean(raw) && !mayBeAddress(raw) {
		return raw, nil
	}
	var did []message.Key
	s := strings.ToValidUTF8(raw, "\uFFFD")
	if s != raw {
		did = append(did, "bytes that are no text replaced")
	}
	if strings.IndexByte(s, '&') >= 0 && strings.IndexByte(s, ';') >= 0 {
		if t := html.UnescapeString(s); t != s {
			s, did = t, append(did, "repair-entities")
		}
	}
	// Twice, because texts that were decoded wrongly two times are common in exports.
	for range 2 {
		t := demojibake(s)
		if t == s {
			break
		}
		s = t
		if len(did) == 0 || did[len(did)-1] != "repair-mojibake" {
			did = append(did, "repair-mojibake")
		}
	}
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == '™' || r == '®' || r == '©' || r == '\u00AD' || r == '\uFEFF' || unicode.Is(unicode.Cf, r):
			continue
		case unicode.IsSpace(r) || unicode.IsControl(r):
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	t := strings.TrimLeftFunc(b.String(), func(r rune) bool {
		return r == ' ' || unicode.Is(unicode.So, r) || r == '*' || r == '#' || r == '•' || r == '·' || r == '-' ||
			r == '–' || r == '—' || r == ',' || r == ';' || r == ':' || r == '>'
	})
	if t == "" {
		t = b.String()
	} else if t != b.String() {
		did = append(did, "repair-symbols")
	}
	if host := address(t); host != t {
		t, did = host, append(did, "repair-address")
	}
	return t, did
}

// address returns a text without "https://" and "www." at its start.
func address(s string) string {
	t := s
	for again := true; again; {
		again = false
		for _, start := range [...]string{"http://", "https://", "www."} {
			if len(t) > len(start) && strings.EqualFold(t[:len(start)], start) && nextIsLetterOrDigit(t[len(start):]) {
				t, again = t[len(start):], true
			}
		}
	}
	return t
}

func nextIsLetterOrDigit(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// mayBeAddress is a quick check that rules out most texts.
func mayBeAddress(s string) bool {
	return len(s) > 4 && (s[0] == 'w' || s[0] == 'W' || s[0] == 'h' || s[0] == 'H') && address(s) != s
}

// clean reports whether a text is plain ASCII, or has letters of French as well, and repair
// would not change it.
func clean(s string) bool {
	space := true // a leading space has to be trimmed
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == 0xC3 && i+1 < len(s) && frenchLetter(s[i+1]):
			space = false
			i++
		case c >= utf8.RuneSelf || c < ' ' || c == '&' || c == 0x7f:
			return false
		case c == ' ':
			if space {
				return false
			}
			space = true
		default:
			if i == 0 && (c == '*' || c == '#' || c == '-' || c == ',' || c == ';' || c == ':' || c == '>') {
				return false
			}
			space = false
		}
	}
	return !space || s == ""
}

// frenchLetter reports whether a byte after 0xC3 makes a letter of French. "â" is not among
// them, as mojibake begins with it.
func frenchLetter(c byte) bool {
	switch c | 0x20 { // in lower case
	case 0xA0, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAE, 0xAF, 0xB4, 0xB9, 0xBB, 0xBC: // à ç è é ê ë î ï ô ù û ü
		return c >= 0x80 && c < 0xC0
	}
	return false
}

// demojibake repairs UTF-8 that was read as Windows-1252 ("CovÃ©a"). It converts a run
// of non-ASCII characters only if all of it is valid UTF-8 when encoded as
// Windows-1252, which is very unlikely for real accented text.
func demojibake(s string) string {
	if !strings.ContainsAny(s, "ÃÂâÅÐÑ") {
		return s
	}
	var out []byte
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			out = append(out, s[i])
			i++
			continue
		}
		j := i
		var bytes []byte
		ok := true
		for j < len(s) && s[j] >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[j:])
			if c, can := charmap.Windows1252.EncodeRune(r); can {
				bytes = append(bytes, c)
			} else if r >= 0x80 && r <= 0x9f {
				bytes = append(bytes, byte(r))
			} else {
				ok = false
			}
			j += n
		}
		run := s[i:j]
		// "Ã" before a plain space is "à" whose second byte, a no-break space, was
		// replaced by a plain one.
		if ok && strings.HasSuffix(run, "Ã") && j < len(s) && s[j] == ' ' &&
			(i == 0 || s[i-1] == ' ' || s[i-1] >= 'a' && s[i-1] <= 'z') {
			bytes = append(bytes, 0xa0)
		}
		// "Â" at the end of a word is a no-break space whose second byte was replaced
		// by a plain one.
		if run == "Â" && i > 0 && s[i-1] >= 'a' && s[i-1] <= 'z' && (j == len(s) || s[j] == ' ') {
			bytes, run = nil, ""
		}
		if ok && len(bytes) > 1 && utf8.Valid(bytes) {
			out = append(out, bytes...)
		} else {
			out = append(out, run...)
		}
		i = j
	}
	return string(out)
}

// appendFolded appends a character in lower case without accent. Letters of other
// scripts are only lowered.
func appendFolded(b []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	switch r {
	// The letters of French, without using the Unicode tables.
	case 'é', 'è', 'ê', 'ë', 'É', 'È', 'Ê', 'Ë':
		return append(b, 'e')
	case 'à', 'â', 'ä', 'À', 'Â', 'Ä':
		return append(b, 'a')
	case 'î', 'ï', 'Î', 'Ï':
		return append(b, 'i')
	case 'ô', 'ö', 'Ô', 'Ö':
		return append(b, 'o')
	case 'ù', 'û', 'ü', 'Ù', 'Û', 'Ü':
		return append(b, 'u')
	case 'ç', 'Ç':
		return append(b, 'c')
	case 'œ', 'Œ':
		return append(b, "oe"...)
	case 'æ', 'Æ':
		return append(b, "ae"...)
	case 'ß', 'ẞ':
		return append(b, "ss"...)
	case 'ø', 'Ø':
		return append(b, 'o')
	case 'ł', 'Ł':
		return append(b, 'l')
	case 'đ', 'Đ', 'ð', 'Ð':
		return append(b, 'd')
	case 'þ', 'Þ':
		return append(b, "th"...)
	case 'ı':
		return append(b, 'i')
	}
	if r < 0x250 || r >= 0x2B0 && r < 0x2F0 || r >= 0x1D00 && r < 0x1DC0 || r >= 0x1E00 && r < 0x2000 || r >= 0x2070 && r < 0x3000 || r >= 0xFB00 && r < 0xFB07 ||
		r >= 0xFF00 && r < 0xFFF0 {
		for _, d := range norm.NFKD.String(string(r)) {
			if !unicode.Is(unicode.Mn, d) && (unicode.IsLetter(d) || unicode.IsNumber(d)) {
				b = utf8.AppendRune(b, unicode.ToLower(d))
			}
		}
		return b
	}
	return utf8.AppendRune(b, unicode.ToLower(r))
}

// token is one word of a name.
type token struct {
	text       string // folded, never empty
	start, end int    // position in the repaired text
	sep        byte   // separator before it: ' ', '.', '-', '\'', '/', ',' …; 0 at the start
	and        bool   // written "&"
	elided     bool   // followed by an apostrophe, as l in "l'Oréal"
}

// tokenise splits a text into folded words. The result does not depend on case, accents
// or the kind of dash, apostrophe or space.
func tokenise(s string) []token {
	toks := make([]token, 0, 1+strings.Count(s, " "))
	var room [128]byte
	buf := room[:0]
	type span struct{ from, to int }
	spans := make([]span, 0, 8)
	open := false
	var sep byte
	begin := func(at int) {
		if !open {
			toks = append(toks, token{start: at, sep: sep})
			spans = append(spans, span{from: len(buf)})
			open = true
			sep = 0
		}
	}
	end := func(at int) {
		if open {
			toks[len(toks)-1].end = at
			spans[len(spans)-1].to = len(buf)
			if spans[len(spans)-1].from == len(buf) { // only combining marks
				toks, spans = toks[:len(toks)-1], spans[:len(spans)-1]
			}
			open = false
		}
	}
	var prev rune
	for i, r := range s {
		switch {
		case r == '\'' || r == '’' || r == 'ʼ' || r == '‘' || r == '`' || r == '´':
			if open {
				toks[len(toks)-1].elided = true
			}
			end(i)
			if sep == 0 {
				sep = '\''
			}
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9',
			r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsNumber(r)):
			begin(i)
			buf = appendFolded(buf, r)
		case r >= utf8.RuneSelf && unicode.IsMark(r):
			if open && !(r >= 0x300 && r < 0x370) {
				buf = utf8.AppendRune(buf, r)
			}
		case r == '°' && open && string(buf[spans[len(spans)-1].from:]) == "n":
			buf = append(buf, 'o') // N°, Nº and No are one word
		case r == '@' && open && unicode.IsLetter(prev) && nextIsLetter(s[i+1:]):
			buf = append(buf, 'a') // Inter@ctive
		case r == '&':
			end(i)
			begin(i)
			buf = append(buf, "et"...)
			toks[len(toks)-1].and = true
			end(i + 1)
			sep = ' '
		case r == '+':
			end(i)
			begin(i)
			buf = append(buf, "plus"...)
			end(i + 1)
		case r == '\uFFFD' || r == '?' && open && nextIsLetter(s[i+1:]):
			// a lost character; the word continues
		default:
			end(i)
			switch {
			case r == ' ':
				sep = ' '
			case sep == ' ':
			case r < utf8.RuneSelf:
				sep = byte(r)
			case unicode.Is(unicode.Pd, r):
				sep = '-'
			default:
				sep = ' '
			}
		}
		prev = r
	}
	end(len(s))
	all := string(buf)
	for i := range toks {
		toks[i].text = all[spans[i].from:spans[i].to]
	}
	return toks
}

func nextIsLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// joinInitials joins separate initials to one word, "S.I.B." and "S I B". It first
// joins those without spaces between them, so that "X Y S.A." becomes "xy" and "sa".
func joinInitials(toks []token) []token {
	toks = joinRuns(toks, func(sep byte) bool { return sep == '.' || sep == '/' })
	return joinRuns(toks, func(sep byte) bool { return sep == ' ' || sep == '-' || sep == '.' })
}

func joinRuns(toks []token, joins func(byte) bool) []token {
	single := func(t token) bool { return utf8.RuneCountInString(t.text) == 1 && !t.elided }
	any := false
	for i := 1; i < len(toks); i++ {
		if single(toks[i]) && single(toks[i-1]) && joins(toks[i].sep) {
			any = true
			break
		}
	}
	if !any {
		return toks
	}
	out := make([]token, 0, len(toks))
	for i := 0; i < len(toks); {
		j := i + 1
		if single(toks[i]) {
			for j < len(toks) && single(toks[j]) && joins(toks[j].sep) {
				j++
			}
		}
		t := toks[i]
		if j > i+1 {
			var b strings.Builder
			for _, x := range toks[i:j] {
				b.WriteString(x.text)
			}
			t.text, t.end, t.elided = b.String(), toks[j-1].end, toks[j-1].elided
		}
		out = append(out, t)
		i = j
	}
	return out
}

// words returns the folded words of a spelling in a table.
func words(s string) []string {
	toks := joinInitials(tokenise(s))
	out := make([]string, len(toks))
	for i, t := range toks {
		out[i] = t.text
	}
	return out
}

// codePoints returns a key for a name without letters and digits, so that its key is
// not empty: "★" becomes "u2605".
func codePoints(s string) string {
	var b strings.Builder
	for _, r := range s {
		if !unicode.IsSpace(r) {
			fmt.Fprintf(&b, "u%04x", r)
		}
	}
	return b.String()
}

func compactOf(toks []token) string {
	var b strings.Builder
	size := 0
	for _, t := range toks {
		size += len(t.text)
	}
	b.Grow(size)
	for _, t := range toks {
		if !t.and && t.text != "and" && t.text != "et" {
			b.WriteString(t.text)
		}
	}
	if b.Len() == 0 {
		for _, t := range toks {
			b.WriteString(t.text)
		}
	}
	return b.String()
}
