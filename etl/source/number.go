package source

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"hdsreport/etl"
)

// plainNumber writes a number as a person would: no exponent, no needless zero,
// and the 15 digits that spreadsheets show ("4.5" for a stored
// 4.4999999999999996). An integer keeps every digit that the file has. What is no
// number stays as it is.
func plainNumber(raw string) string {
	raw = strings.TrimSpace(raw)
	digits, point, simple := 0, false, raw != ""
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && !point:
			point = true
		case c == '-' && i == 0:
		default:
			simple = false
		}
	}
	if simple && digits > 0 && !point && (raw[0] != '0' || len(raw) == 1) && raw != "-0" {
		return raw
	}
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) || strings.ContainsAny(raw, "xXpP_") {
		return raw
	}
	short := strconv.FormatFloat(v, 'g', 15, 64)
	v, _ = strconv.ParseFloat(short, 64)
	if math.Abs(v) >= 1e21 || v != 0 && math.Abs(v) < 1e-9 {
		return short // no list has such a number; a hundred zeros would not help
	}
	if v == 0 {
		return "0" // no "-0"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// writtenNumber writes a number of a text format as a person would: 1001.0 is 1001. An
// exponent stays: it may stand for digits that are lost.
func writtenNumber(raw string) string {
	if whole, fraction, ok := strings.Cut(raw, "."); ok && fraction != "" && strings.Trim(fraction, "0") == "" {
		return whole
	}
	return raw
}

// shows is what a number format makes visible of a serial number.
type shows uint8

const (
	showsNumber shows = iota
	showsDate         // with a day
	showsMonth        // month and year, no day
	showsTime         // no date at all
)

// builtinFormats are the formats that a style can use by number alone (ECMA-376,
// part 1, 18.8.30, with those of the Asian lists, which are dates too).
var builtinFormats = map[int]shows{
	14: showsDate, 15: showsDate, 16: showsDate, 17: showsMonth, 18: showsTime, 19: showsTime,
	20: showsTime, 21: showsTime, 22: showsDate, 27: showsDate, 28: showsDate, 29: showsDate,
	30: showsDate, 31: showsDate, 32: showsTime, 33: showsTime, 34: showsTime, 35: showsTime,
	36: showsDate, 45: showsTime, 46: showsTime, 47: showsTime, 50: showsDate, 51: showsDate,
	52: showsDate, 53: showsDate, 54: showsDate, 55: showsDate, 56: showsDate, 57: showsDate, 58: showsDate,
}

// formatShows reads a number format such as "[$-40C]d mmmm yyyy;@". Only the
// letters outside quotes, brackets and escapes of its first section count.
func formatShows(code string) shows {
	var day, month, year, clock bool
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return showsNumber
			}
			i += end + 1
		case '\\', '_', '*':
			i++ // the next character is literal, or a width, or a filler
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return showsNumber
			}
			switch strings.ToLower(code[i+1 : i+end]) {
			case "h", "hh", "m", "mm", "s", "ss":
				return showsTime // a duration
			}
			i += end
		case ';':
			i = len(code)
		case 'G', 'g':
			if len(code) >= i+7 && strings.EqualFold(code[i:i+7], "general") {
				i += 6
			}
		case 'd', 'D', 'j', 'J': // the j of a French Excel, kept by some writers
			day = true
		case 'm', 'M':
			month = true
		case 'y', 'Y', 'a', 'A':
			if len(code) >= i+5 && strings.EqualFold(code[i:i+5], "am/pm") {
				clock = true
				i += 4
				continue
			}
			year = year || c == 'y' || c == 'Y' || strings.HasPrefix(strings.ToLower(code[i:]), "aa")
		case 'h', 'H', 's', 'S':
			clock = true
		case '0', '#', '?', '%':
			if !day && !month && !year && !clock {
				return showsNumber
			}
		}
	}
	switch {
	case day:
		return showsDate
	case year:
		return showsMonth
	case clock:
		return showsTime
	case month:
		return showsMonth
	}
	return showsNumber
}

// serialText writes a date cell of a spreadsheet in ISO 8601. It tells whether a
// time of day was left out; ok is false where the number is no date that a
// spreadsheet can show.
func serialText(raw string, s shows, date1904 bool) (text string, hadTime, ok bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
	if err != nil || v < 0 || v >= 2_958_466 { // 31 December 9999
		return "", false, false
	}
	// Seconds, rounded: 43633.99999 is the midnight that follows.
	total := int64(math.Round(v * 86400))
	day, second := int(total/86400), int(total%86400)
	if s == showsTime {
		if day > 0 {
			return "", false, false // a duration, or a date shown as a time
		}
		return clock(second), false, true
	}
	if date1904 {
		day += 1462
	}
	switch {
	case day == 60 || day < 1:
		return "", false, false // 29 February 1900 never was, and 0 is no day
	case day < 60:
		day++ // the 1900 system counts that day all the same
	}
	d := etl.DateOfSerial(day)
	if d.Year < 1000 || d.Year > 9999 {
		return "", false, false
	}
	// An editor who types “juin 2019” gets the first of the month, shown as a
	// month: the day is the program's, not the editor's.
	if s == showsMonth && d.Day == 1 {
		d.Day = 0
	}
	if second == 22*3600 || second == 23*3600 {
		// Midnight in Paris, if a program counted in UTC: the column tells.
		return d.String() + "T" + clock(second) + ":00", false, true
	}
	return d.String(), second != 0, true
}

func clock(second int) string {
	if second%60 == 0 {
		return fmt.Sprintf("%02d:%02d", second/3600, second/60%60)
	}
	return fmt.Sprintf("%02d:%02d:%02d", second/3600, second/60%60, second%60)
}
