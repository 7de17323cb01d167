package identity

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// This file defines actor ids and must not change.
//
// Ids are stored in registries, workbooks, published sheets and columns that other
// people add, and rows are found by them. If better cleaning of names changed ids,
// every row of the next edition would look new and every decision would refer to
// nothing. So this file is independent: it uses no table, nothing of Parse, and not
// even the Unicode data of a library, which may change in its next version. Its
// cleaning is simple, and that is enough: an id only has to be stable and readable. If
// two organisations get the same id, or an id is ugly, registry/actors.csv can assign
// another one.

// ID returns an actor's id, made from its first name as written: a slug of lower-case
// ASCII, without text in brackets or after " (ex ", without some legal forms at both
// ends, at most 60 bytes long, and never empty.
func ID(raw string) string {
	s := raw
	if strings.IndexByte(s, '(') >= 0 {
		for _, ex := range [...]string{" (ex ", " (Ex ", " (EX "} {
			if i := strings.Index(s, ex); i > 0 {
				s = s[:i]
			}
		}
	}
	var room [128]byte
	slug := idSlug(room[:0], idUnbracketed(s))
	for {
		i := bytes.LastIndexByte(slug, '-')
		if i < 0 || !idForm(string(slug[i+1:])) {
			break
		}
		slug = slug[:i]
	}
	for {
		i := bytes.IndexByte(slug, '-')
		if i < 0 || !idForm(string(slug[:i])) {
			break
		}
		slug = slug[i+1:]
	}
	if len(slug) == 0 {
		slug = idSlug(slug, raw)
	}
	if len(slug) == 0 {
		sum := sha256.Sum256([]byte(raw))
		return "x-" + hex.EncodeToString(sum[:6])
	}
	if len(slug) > 60 {
		short := sha256.Sum256(slug)
		return string(bytes.TrimRight(slug[:51], "-")) + "-" + hex.EncodeToString(short[:4])
	}
	return string(slug)
}

// idUnbracketed removes text in round or square brackets. Of an unmatched bracket it
// removes only the bracket.
func idUnbracketed(s string) string {
	if strings.IndexByte(s, '(') < 0 && strings.IndexByte(s, '[') < 0 {
		return s // most names
	}
	var b strings.Builder
	for {
		i := strings.IndexAny(s, "([")
		if i < 0 {
			break
		}
		j := strings.IndexAny(s[i:], ")]")
		if j < 0 {
			break
		}
		b.WriteString(s[:i])
		b.WriteByte(' ')
		s = s[i+j+1:]
	}
	b.WriteString(s)
	return b.String()
}

// idSlug appends the runs of a-z and 0-9 of a text to slug, with hyphens between. Apostrophes
// and full stops separate words like any other character.
func idSlug(slug []byte, s string) []byte {
	apart := false
	for _, r := range s {
		if r >= 0x300 && r <= 0x36F { // a combining accent
			continue
		}
		f := idFold(r)
		if f == "" {
			apart = true
			continue
		}
		if apart && len(slug) > 0 {
			slug = append(slug, '-')
		}
		slug, apart = append(slug, f...), false
	}
	return slug
}

// idFold folds a character for ids. It returns an empty string for characters that
// separate words. It must not change.
func idFold(r rune) string {
	// Substrings of these avoid millions of allocations.
	const letters, figures = "abcdefghijklmnopqrstuvwxyz", "0123456789"
	switch {
	case r >= 'a' && r <= 'z':
		return letters[r-'a' : r-'a'+1]
	case r >= '0' && r <= '9':
		return figures[r-'0' : r-'0'+1]
	case r >= 'A' && r <= 'Z':
		return letters[r-'A' : r-'A'+1]
	case r >= 0xC0 && r <= 0x17F:
		return idLatin(r)
	}
	return ""
}

func idLatin(r rune) string {
	switch r {
	case 'À', 'Á', 'Â', 'Ã', 'Ä', 'Å', 'à', 'á', 'â', 'ã', 'ä', 'å', 'Ā', 'ā', 'Ă', 'ă', 'Ą', 'ą':
		return "a"
	case 'Æ', 'æ':
		return "ae"
	case 'Ç', 'ç', 'Ć', 'ć', 'Ĉ', 'ĉ', 'Ċ', 'ċ', 'Č', 'č':
		return "c"
	case 'Ď', 'ď', 'Đ', 'đ', 'Ð', 'ð':
		return "d"
	case 'È', 'É', 'Ê', 'Ë', 'è', 'é', 'ê', 'ë', 'Ē', 'ē', 'Ĕ', 'ĕ', 'Ė', 'ė', 'Ę', 'ę', 'Ě', 'ě':
		return "e"
	case 'Ĝ', 'ĝ', 'Ğ', 'ğ', 'Ġ', 'ġ', 'Ģ', 'ģ':
		return "g"
	case 'Ĥ', 'ĥ', 'Ħ', 'ħ':
		return "h"
	case 'Ì', 'Í', 'Î', 'Ï', 'ì', 'í', 'î', 'ï', 'Ĩ', 'ĩ', 'Ī', 'ī', 'Ĭ', 'ĭ', 'Į', 'į', 'İ', 'ı':
		return "i"
	case 'Ĵ', 'ĵ':
		return "j"
	case 'Ķ', 'ķ', 'ĸ':
		return "k"
	case 'Ĺ', 'ĺ', 'Ļ', 'ļ', 'Ľ', 'ľ', 'Ŀ', 'ŀ', 'Ł', 'ł':
		return "l"
	case 'Ñ', 'ñ', 'Ń', 'ń', 'Ņ', 'ņ', 'Ň', 'ň', 'ŉ', 'Ŋ', 'ŋ':
		return "n"
	case 'Ò', 'Ó', 'Ô', 'Õ', 'Ö', 'Ø', 'ò', 'ó', 'ô', 'õ', 'ö', 'ø', 'Ō', 'ō', 'Ŏ', 'ŏ', 'Ő', 'ő':
		return "o"
	case 'Œ', 'œ':
		return "oe"
	case 'Ŕ', 'ŕ', 'Ŗ', 'ŗ', 'Ř', 'ř':
		return "r"
	case 'Ś', 'ś', 'Ŝ', 'ŝ', 'Ş', 'ş', 'Š', 'š', 'ſ':
		return "s"
	case 'ß':
		return "ss"
	case 'Þ', 'þ':
		return "th"
	case 'Ţ', 'ţ', 'Ť', 'ť', 'Ŧ', 'ŧ':
		return "t"
	case 'Ù', 'Ú', 'Û', 'Ü', 'ù', 'ú', 'û', 'ü', 'Ũ', 'ũ', 'Ū',
		'ū', 'Ŭ', 'ŭ', 'Ů', 'ů', 'Ű', 'ű', 'Ų', 'ų':
		return "u"
	case 'Ŵ', 'ŵ':
		return "w"
	case 'Ý', 'ý', 'ÿ', 'Ÿ', 'Ŷ', 'ŷ':
		return "y"
	case 'Ź', 'ź', 'Ż', 'ż', 'Ž', 'ž':
		return "z"
	}
	return ""
}

// idForm reports whether a word is a legal form that ids leave out. The list must not
// change.
func idForm(w string) bool {
	switch w {
	case "sas", "sasu", "sa", "sarl", "eurl", "snc", "scs", "sca", "scic", "gie", "gip", "gcs", "gcsms",
		"ltd", "limited", "inc", "llc", "plc", "gmbh", "ag", "bv", "nv", "spa", "oy", "ab", "corp":
		return true
	}
	return false
}
