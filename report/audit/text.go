package audit

import (
	"bytes"
	_ "embed"
	"strings"
	"time"
	"unicode/utf8"
)

// class is what a text looks like.
type class uint8

const (
	plain      class = 0
	likeNumber class = 1 << iota
	likeDate
	likeYear // also a number
	runs     // would be read as a formula
	noLink   // a poor link text: an address, "click here"
	blank
)

//go:embed linkwords.csv
var linkWordsCSV string

// linkWords are texts that say nothing about where a link leads.
var linkWords = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(linkWordsCSV) {
		m[strings.TrimSpace(line)] = true
	}
	return m
}()

const longestLinkWord = 32

// classify examines a text once for all rules. Most texts start with a letter and need
// only that check.
func classify(b []byte) class {
	if len(b) == 0 {
		return blank
	}
	var c class
	switch b[0] {
	case '=', '+', '-', '@', '\t', '\r':
		if len(b) > 1 {
			c |= runs
		}
	}
	t := b
	if b[0] <= ' ' || b[len(b)-1] <= ' ' || b[0] >= utf8.RuneSelf || b[len(b)-1] >= utf8.RuneSelf {
		if t = bytes.TrimSpace(b); len(t) == 0 {
			return c&runs | blank
		}
	}
	if isNumber(t) {
		c |= likeNumber
		c &^= runs // pasted again, it becomes a number, not a formula
		if len(t) == 4 && (string(t[:2]) == "19" || string(t[:2]) == "20") {
			c |= likeYear
		}
	} else if isDate(t) {
		c |= likeDate
	}
	if isAddress(t) || len(t) <= longestLinkWord && isLinkWord(t) {
		c |= noLink
	}
	return c
}

// isNumber reports whether a person would read a text as a number, and the conversion
// would lose nothing. A text with a leading zero or more than fifteen digits is a code,
// which is rightly text.
func isNumber(b []byte) bool {
	if c := b[0]; (c < '0' || c > '9') && c != '+' && c != '-' && c != '(' && c != '$' && c < utf8.RuneSelf ||
		len(b) > 40 {
		return false
	}
	s := string(b)
	s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "+"), "-"), "−"), "(")
	s = strings.TrimSuffix(s, ")")
	for _, unit := range []string{"€", "$", "£", "%"} {
		s = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(s, unit), unit), " \u00a0\u202f")
	}
	// Groups of digits, and the text between them.
	var groups, between []string
	for s != "" {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		if n == 0 {
			return false
		}
		groups = append(groups, s[:n])
		if s = s[n:]; s == "" {
			break
		}
		_, size := utf8.DecodeRuneInString(s)
		if !strings.Contains(" ,.'’\u00a0\u202f", s[:size]) {
			return false
		}
		between = append(between, s[:size])
		if s = s[size:]; s == "" {
			return false
		}
	}
	if len(groups) == 0 || len(between) != len(groups)-1 {
		return false
	}
	digits := 0
	for _, g := range groups {
		digits += len(g)
	}
	if digits > 15 || groups[0][0] == '0' && len(groups[0]) > 1 {
		return false
	}
	if n := len(between); n > 0 && (between[n-1] == "," || between[n-1] == ".") &&
		(n == 1 || between[n-1] != between[n-2]) {
		groups, between = groups[:n], between[:n-1] // decimals
	}
	for i, sep := range between {
		if sep != between[0] || len(groups[i+1]) != 3 || len(groups[0]) > 3 {
			return false
		}
	}
	return true
}

// isDate reports whether a text is a valid date in digits. A date in words is a label, and
// an invalid date cannot be converted.
func isDate(b []byte) bool {
	if len(b) < 8 || len(b) > 10 || b[0] < '0' || b[0] > '9' {
		return false
	}
	for _, layout := range []string{"2006-01-02", "2006/01/02", "2/1/2006", "1/2/2006", "2-1-2006", "2.1.2006"} {
		if _, err := time.Parse(layout, string(b)); err == nil {
			return true
		}
	}
	return false
}

func isAddress(b []byte) bool {
	switch b[0] | 0x20 {
	case 'h', 'w', 'f', 'm':
	default:
		return false
	}
	if bytes.IndexByte(b, ' ') >= 0 {
		return false
	}
	s := strings.ToLower(string(b[:min(len(b), 10)]))
	for _, start := range []string{"http://", "https://", "www.", "ftp://", "file:", "mailto:"} {
		if strings.HasPrefix(s, start) {
			return true
		}
	}
	return false
}

// linkStarts holds the first letters of linkWords, so that few texts are looked up.
var linkStarts = func() (starts [256]bool) {
	for w := range linkWords {
		if w != "" {
			starts[w[0]], starts[w[0]&^0x20] = true, true
		}
	}
	return starts
}()

func isLinkWord(b []byte) bool {
	if !linkStarts[b[0]] {
		return false
	}
	var lower [longestLinkWord]byte
	n := copy(lower[:], b)
	for i, c := range lower[:n] {
		switch {
		case c >= 'A' && c <= 'Z':
			lower[i] = c | 0x20
		}
	}
	return linkWords[strings.TrimRight(string(lower[:n]), " .…!>»")]
}
