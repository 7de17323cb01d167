package etl

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Ways of reading a date that are worth a finding.
const (
	dateAsWritten = ""
	dateSerial    = "a spreadsheet's serial number"
	dateTwoDigits = "a year of two digits"
	dateEpoch     = "seconds since 1970"
	dateMarked    = "the mark of a note"
)

// ParseDate parses a date as French lists write it: 17/06/2019, 17-06-2019, 17.06.2019,
// 2019-06-17, 17 juin 2019, lundi 17 juin 2019, 1er avril 2018, 19 déc. 2027, a month
// alone (juin 2019, 06/2019, 2019-06), a year alone, or a spreadsheet's serial number.
// The day always comes before the month: 06/17/2019 is not a date. A time of day after
// a numeric date or in a serial number is ignored. ok is false if the text is not a
// date, for example a range of dates. For an empty text, d is zero and ok is true.
func ParseDate(s string) (d Date, ok bool) {
	d, _, ok = parseDate(s)
	return d, ok
}

func parseDate(s string) (d Date, how string, ok bool) {
	s = plainSigns(strings.Join(strings.Fields(s), " ")) // including no-break spaces
	if d, how, ok = parsePlainDate(s); ok {
		return d, how, ok
	}
	if iso, counted := epoch(s); counted {
		d, _, ok = parsePlainDate(iso)
		return d, dateEpoch, ok
	}
	if bare := strings.TrimRight(strings.TrimSuffix(s, noteAtEnd(s)), " "); bare != s && bare != "" {
		if d, how, ok = parsePlainDate(bare); ok && how != dateSerial {
			return d, dateMarked, true
		}
	}
	return Date{}, "", false
}

// noteAtEnd returns the mark of a note at the end of a value, with the space before it. Its
// last sign is looked at first: it rules out most values, and the pattern would try every
// letter of each.
func noteAtEnd(s string) string {
	if last, _ := utf8.DecodeLastRuneInString(s); !strings.ContainsRune(noteSigns+"])", last) {
		return ""
	}
	return notePattern().FindString(s)
}

const noteSigns = "¹²³⁴⁵⁶⁷⁸⁹⁰†‡§*"

var notePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\s*(?:[` + noteSigns + `]+|\[\d{1,2}\]|\(\d{1,2}\))+$`)
})

func parsePlainDate(s string) (d Date, how string, ok bool) {
	if s == "" {
		return Date{}, dateAsWritten, true
	}
	if whole := serialDays(s); len(whole) == 5 && digits(whole) {
		// 30000 is 18 February 1982 and 60000 is 8 April 2064. All dates in these lists
		// are in between, and no year has five digits.
		if v, _ := strconv.Atoi(whole); v >= 30000 && v <= 60000 {
			return DateOfSerial(v), dateSerial, true
		}
		return Date{}, "", false
	}
	if strings.ContainsAny(s, "?~≈<>≤≥±…") || s[0] == '+' || s[0] == '-' { // "9 janvier 2022 ?" is not sure
		return Date{}, "", false
	}
	s = withoutTime(s)
	if m := scriptDate().FindStringSubmatch(s); m != nil { // Mon Jun 17 2019 00:00:00 GMT+0200
		s = m[2] + " " + m[1] + " " + m[3]
	}
	words := strings.Fields(fold(s))
	if len(words) == 4 && weekdays[words[0]] {
		words = words[1:]
	}
	if len(words) > 0 && words[0] == "le" {
		words = words[1:]
	}
	switch len(words) {
	case 1:
		if y, ok := year(words[0], false); ok {
			return Date{Year: int16(y)}, dateAsWritten, true
		}
		if w := words[0]; len(w) == 8 && digits(w) && w == s { // 20190617
			// 17062019 has one reading: no year begins with 17, and no month is the 17th.
			if y, ok := year(w[4:], false); ok && w[:2] > "12" && w[:2] <= "31" && w[2:4] <= "12" && w[:4] < "1900" {
				m, _ := strconv.Atoi(w[2:4])
				dd, _ := strconv.Atoi(w[:2])
				d, ok := NewDate(y, m, dd)
				return d, dateAsWritten, ok
			}
			if y, ok := year(w[:4], false); ok {
				m, _ := strconv.Atoi(w[4:6])
				dd, _ := strconv.Atoi(w[6:])
				d, ok := NewDate(y, m, dd)
				return d, dateAsWritten, ok
			}
		}
	case 2:
		m, named := month(words[0])
		if y, ok := year(words[1], true); ok && named && len(words[1]) == 2 && strings.HasSuffix(s, "-"+words[1]) {
			return Date{Year: int16(y), Month: uint8(m)}, dateTwoDigits, true // juin-19, as a spreadsheet shows 2019-06
		}
		if !named && !numeric(s) {
			break
		}
		if y, ok := year(words[1], false); ok && m > 0 {
			return Date{Year: int16(y), Month: uint8(m)}, dateAsWritten, true
		}
		if y, ok := year(words[0], false); ok && numeric(s) {
			if m, named := month(words[1]); !named && m > 0 {
				return Date{Year: int16(y), Month: uint8(m)}, dateAsWritten, true
			}
		}
	case 3:
		_, named := month(words[1])
		if !named && !numeric(strings.Replace(strings.ToLower(s), "1er", "1", 1)) {
			break
		}
		if y, ok := year(words[0], false); ok && !named { // 2019-06-17
			m, _ := month(words[1])
			if dd, ok := day(words[2]); ok {
				d, ok := NewDate(y, m, dd)
				return d, dateAsWritten, ok
			}
			break
		}
		y, ok := year(words[2], true)
		m, _ := month(words[1])
		dd, okDay := day(words[0])
		if !ok || !okDay {
			break
		}
		how := dateAsWritten
		if len(words[2]) == 2 {
			how = dateTwoDigits
		}
		d, ok := NewDate(y, m, dd)
		return d, how, ok
	}
	return Date{}, "", false
}

// numeric reports whether a date consists of digits with the same separator throughout.
// So "3, 4" is not the third month of year four, and "06-07/2019", from June to July,
// is not a day.
func numeric(s string) bool {
	var sep byte
	s = strings.TrimRight(s, ".")
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isDigit(c):
		case c == ' ' && i > 0 && i+1 < len(s) && (!isDigit(s[i-1]) || !isDigit(s[i+1])):
			// around another separator: "17 / 06 / 2019"
		case strings.IndexByte("/-. ", c) < 0 || sep != 0 && sep != c:
			return false
		default:
			sep = c
		}
	}
	return sep != 0
}

// serialDays removes the time of day from a serial number: "43633.5" is noon.
func serialDays(s string) string {
	if i := strings.IndexAny(s, ".,"); i == 5 && digits(s[i+1:]) {
		return s[:i]
	}
	return s
}

// withoutTime removes the time of day from a numeric date: "2019-06-17T00:00:00Z",
// "17/06/2019 00:00". It leaves anything else after the date, such as a second date, so
// that the text is rejected.
func withoutTime(s string) string {
	if m := spokenTime().FindStringIndex(s); m != nil {
		return s[:m[0]]
	}
	i := strings.IndexAny(s, "T ")
	if i < 6 || strings.Trim(s[:i], "0123456789/-.") != "" {
		return s
	}
	clock := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(s[i+1:], "Z"), " AM"), " PM")
	if at := strings.LastIndexAny(clock, "+-"); at > 0 && strings.Trim(clock[at+1:], "0123456789:") == "" {
		clock = strings.TrimSpace(clock[:at]) // the zone
	}
	parts := strings.Split(clock, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return s
	}
	for n, p := range parts {
		if n == 2 {
			p, _, _ = strings.Cut(p, ".")
		}
		if len(p) < 1 || len(p) > 2 || !digits(p) {
			return s
		}
	}
	return s[:i]
}

var (
	// spokenTime is a time of day after "à", as in "lundi 17 juin 2019 à 10h30".
	spokenTime = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i) (?:à|a) \d{1,2} ?(?:h|:|heures?) ?(?:\d{2})?$`)
	})
	// scriptDate is how browsers write a date, with or without the day of the week.
	scriptDate = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:[A-Z][a-z]{2,8},? )?([A-Z][a-z]{2,8})\.? (\d{1,2}),? (\d{4})(?: \d\d:\d\d:\d\d(?: GMT[+-]\d{4}(?: \([^)]*\))?)?)?$`)
	})
)

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// year parses a year of four digits between 1900 and 2099, or of two digits if short is
// set. The lists begin in 2009, so two digits are a year of this century.
func year(s string, short bool) (int, bool) {
	if !digits(s) || len(s) != 4 && !(short && len(s) == 2) {
		return 0, false
	}
	y, _ := strconv.Atoi(s)
	if len(s) == 2 {
		return 2000 + y, true
	}
	return y, y >= 1900 && y < 2100
}

func day(s string) (int, bool) {
	if s == "1er" || s == "01er" {
		return 1, true
	}
	if len(s) > 2 || !digits(s) {
		return 0, false
	}
	d, _ := strconv.Atoi(s)
	return d, d >= 1 && d <= 31
}

// month parses a month as a number or as a French or English name, possibly
// abbreviated. named reports whether it was a name.
func month(s string) (m int, named bool) {
	if digits(s) {
		if n, _ := strconv.Atoi(s); len(s) <= 2 && n >= 1 && n <= 12 {
			return n, false
		}
		return 0, false
	}
	if m, ok := months[s]; ok {
		return m, true
	}
	return 0, false
}

var weekdays = map[string]bool{
	"lundi": true, "mardi": true, "mercredi": true, "jeudi": true, "vendredi": true, "samedi": true, "dimanche": true,
	"lun": true, "mar": true, "mer": true, "jeu": true, "ven": true, "sam": true, "dim": true,
}

var months = map[string]int{
	"janvier": 1, "janv": 1, "jan": 1, "january": 1,
	"fevrier": 2, "fevr": 2, "fev": 2, "feb": 2, "february": 2,
	"mars": 3, "mar": 3, "march": 3,
	"avril": 4, "avr": 4, "apr": 4, "april": 4,
	"mai": 5, "may": 5,
	"juin": 6, "jun": 6, "june": 6,
	"juillet": 7, "juil": 7, "jul": 7, "july": 7,
	"aout": 8, "aou": 8, "aug": 8, "august": 8,
	"septembre": 9, "sept": 9, "sep": 9, "september": 9,
	"octobre": 10, "oct": 10, "october": 10,
	"novembre": 11, "nov": 11, "november": 11,
	"decembre": 12, "dec": 12, "december": 12,
}
