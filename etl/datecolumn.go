package etl

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A column of dates is written by one program, in one way. What a single cell leaves open
// the column decides: 02/03/2019 beside 01/15/2019 is February, and 22:00 UTC in every
// cell is a midnight in Paris.

// dateColumn is how the dates of a column are written.
type dateColumn struct {
	// monthFirst says that the month is before the day in some cells, and that no cell
	// shows the day before the month. No cell that could be either is then read.
	monthFirst bool
	// exchanged says that day and month may have changed places in each date that is
	// written in ISO 8601, as in a workbook real dates are; see readMonthFirst.
	exchanged bool
	// midnights says that each time of day in the column is a midnight in Paris, written
	// in UTC.
	midnights bool
}

// dateColumns judges the columns of dates. Evidence in one of them counts for all.
func (r *reader) dateColumns(rows []TableRow) map[Field]dateColumn {
	out := map[Field]dateColumn{}
	dayFirst, monthFirst := 0, 0
	for _, d := range r.fields {
		col := r.cols.col(d.Key)
		if d.Kind != KindDate || col < 0 {
			continue
		}
		midnights, others := 0, 0
		forms := map[dateForm]map[Date]bool{isoForm: {}, numericForm: {}}
		for _, row := range rows {
			cell := row.Cell(col)
			if cell == "" {
				continue
			}
			c := r.dates.of(cell, r.readDate)
			if days := forms[c.form]; days != nil && c.ok && c.date.Full() {
				days[c.date] = true
			}
			switch {
			case c.order < 0:
				monthFirst++
			case c.order > 0:
				dayFirst++
			}
			switch {
			case c.timed && c.midnight.IsZero():
				others++
			case c.timed:
				midnights++
			}
		}
		out[d.Key] = dateColumn{midnights: midnights > 0 && others == 0,
			exchanged: readMonthFirst(forms[isoForm], forms[numericForm])}
	}
	// A month before the day is a slip in a column that mostly says otherwise. Else nothing
	// is sure.
	if monthFirst > 0 && dayFirst <= monthFirst {
		for f, c := range out {
			c.monthFirst = true
			out[f] = c
		}
	}
	return out
}

// readMonthFirst reports whether a program that reads the month first has gone over a
// column of dates with the day first: it has made dates of what it could read so, which
// is each day up to the 12th, and has left the others as they were. In a column that two
// persons typed in two ways, less than one of a hundred would look like that.
func readMonthFirst(dates, left map[Date]bool) bool {
	if len(dates) < 2 || len(left) < 2 || len(dates)+len(left) < 8 {
		return false
	}
	for d := range dates {
		if d.Day > 12 {
			return false
		}
	}
	for d := range left {
		if d.Day <= 12 {
			return false
		}
	}
	return true
}

// dateForm is how a date is written.
type dateForm uint8

const (
	otherForm   dateForm = iota // with the month in letters, or not a date
	isoForm                     // the year first, or a real date of a workbook
	numericForm                 // the year last
)

func formOf(text string) dateForm {
	switch {
	case numericDate().MatchString(text):
		return numericForm
	case isoDate().MatchString(text):
		return isoForm
	}
	return otherForm
}

var (
	numericDate = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?:\D.*)?$`)
	})
	isoDate = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\d{4}[-/](\d{1,2})[-/](\d{1,2})(?:\D.*)?$`)
	})
	timedDate = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)? ?(Z|UTC|GMT|\+00(?::?00)?)?$`)
	})
)

// dateOrder returns 1 if a text shows that the day is before the month, -1 if the month
// is before the day, and 0 if it could be either or is written otherwise. In a workbook
// a real date, which is written in ISO 8601 here, shows it as well: a program that reads
// the month first makes real dates only of what it can read so.
func dateOrder(text string, workbook bool) int {
	first, second, iso := 0, 0, false
	if m := numericDate().FindStringSubmatch(text); m != nil {
		first, second = apartNumber(m[1]), apartNumber(m[2])
	} else if m := isoDate().FindStringSubmatch(text); m != nil {
		second, first, iso = apartNumber(m[1]), apartNumber(m[2]), true
	}
	switch {
	case first > 12 && first <= 31 && second >= 1 && second <= 12 && (!iso || workbook):
		return 1
	case second > 12 && second <= 31 && first >= 1 && first <= 12:
		return -1
	}
	return 0
}

// eitherWay reports whether a numeric date can be read with the day or the month first.
func eitherWay(text string, workbook bool) bool {
	first, second := 0, 0
	if m := numericDate().FindStringSubmatch(text); m != nil {
		first, second = apartNumber(m[1]), apartNumber(m[2])
	} else if m := isoDate().FindStringSubmatch(text); m != nil && workbook {
		first, second = apartNumber(m[1]), apartNumber(m[2])
	}
	return first >= 1 && first <= 12 && second >= 1 && second <= 12 && first != second
}

// timeOf splits a date with a time of day, in UTC or without a zone. hour is empty if
// there is no time of day, or if it is midnight.
func timeOf(text string) (date, hour, rest string) {
	m := timedDate().FindStringSubmatch(text)
	if m == nil {
		return "", "", ""
	}
	rest = m[3] + m[4]
	if strings.Trim(m[2]+rest, "0") == "" {
		return m[1], "", rest
	}
	return m[1], m[2], rest
}

// zoned reports whether a date with a time of day says that it is in UTC.
func zoned(text string) bool {
	m := timedDate().FindStringSubmatch(text)
	return m != nil && m[5] != ""
}

// parisMidnight returns the day whose midnight in Paris a text gives in UTC. Summer time
// is from the last Sunday of March to that of October, at 1:00 UTC (directive 2000/84/EC).
func parisMidnight(text string) (Date, bool) {
	date, hour, rest := timeOf(text)
	day, ok := ParseDate(date)
	if !ok || strings.Trim(rest, "0") != "" || hour != "22" && hour != "23" {
		return Date{}, false
	}
	h, _ := strconv.Atoi(hour)
	at := day.Time().Add(time.Duration(h) * time.Hour)
	summer := !at.Before(lastSunday(at.Year(), time.March)) && at.Before(lastSunday(at.Year(), time.October))
	if summer != (hour == "22") {
		return Date{}, false
	}
	next := day.Time().AddDate(0, 0, 1)
	return Date{int16(next.Year()), uint8(next.Month()), uint8(next.Day())}, true
}

// lastSunday returns 1:00 UTC of the last Sunday of a month of 31 days.
func lastSunday(year int, month time.Month) time.Time {
	t := time.Date(year, month, 31, 1, 0, 0, 0, time.UTC)
	return t.AddDate(0, 0, -int(t.Weekday()))
}

// dateText writes a date in the forms that are looked at here: ordinary dashes, slashes
// and digits, and a moment that programs count in seconds or milliseconds from 1970 in
// ISO 8601.
func dateText(cell string) string {
	text := plainSigns(oneLineWhole(cell))
	if iso, ok := epoch(text); ok {
		return iso
	}
	if day, fraction, ok := strings.Cut(strings.ReplaceAll(text, ",", "."), "."); ok && len(day) == 5 && digits(day) && digits(fraction) {
		// A serial number with its time of day, to the minute.
		days, _ := strconv.Atoi(day)
		part, _ := strconv.ParseFloat("0."+fraction, 64)
		minutes := int(part*24*60 + 0.5)
		if d := DateOfSerial(days); days >= 30000 && days <= 60000 && minutes < 24*60 {
			return d.String() + "T" + twoDigits(minutes/60) + ":" + twoDigits(minutes%60) + ":00"
		}
	}
	return text
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

// epoch reads seconds or milliseconds since 1970, for the years that a list may hold.
func epoch(text string) (string, bool) {
	if !digits(text) || len(text) != 10 && len(text) != 13 {
		return "", false
	}
	n, _ := strconv.ParseInt(text[:10], 10, 64)
	t := time.Unix(n, 0).UTC()
	if t.Year() < 2001 || t.Year() > 2060 {
		return "", false
	}
	return t.Format("2006-01-02T15:04:05Z"), true
}

// plainSigns replaces typographic dashes and slashes, and digits of other widths.
func plainSigns(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '‐' || r == '‑' || r == '‒' || r == '–' || r == '—' || r == '−' || r == '⁃':
			return '-'
		case r == '⁄' || r == '∕' || r == '／':
			return '/'
		case r >= '０' && r <= '９':
			return '0' + r - '０'
		}
		return r
	}, s)
}
