package etl

import (
	"cmp"
	"fmt"
	"time"

	"hdsreport/etl/message"
)

// Date is a calendar day, or a month if Day is 0, or a year if Month is also 0. The
// zero value is no date. It has no time zone, since the lists state days.
type Date struct {
	Year       int16
	Month, Day uint8
}

// NewDate returns the date of a day, and whether that day exists.
func NewDate(year, month, day int) (Date, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1000 || year > 9999 || t.Year() != year || int(t.Month()) != month || t.Day() != day {
		return Date{}, false
	}
	return Date{int16(year), uint8(month), uint8(day)}, true
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Full reports whether the date has a day.
func (d Date) Full() bool { return d.Day != 0 }

// Compare orders dates. A month comes before its first day, and a year before its first
// month.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// Last returns the last day of the date's period: the day itself, or the end of the
// month or year.
func (d Date) Last() Date {
	switch {
	case d.IsZero() || d.Full():
		return d
	case d.Month == 0:
		return Date{d.Year, 12, 31}
	default:
		return Date{d.Year, d.Month, daysIn(int(d.Year), int(d.Month))}
	}
}

// AddMonths adds months as spreadsheets do (EDATE): it keeps the day of the month, or
// uses the month's last day if there is no such day. A date without a day still has
// none.
func (d Date) AddMonths(n int) Date {
	if d.IsZero() || d.Month == 0 {
		return d
	}
	m := int(d.Year)*12 + int(d.Month) - 1 + n
	y, mo := m/12, m%12+1
	day := d.Day
	if last := daysIn(y, mo); day > last {
		day = last
	}
	return Date{int16(y), uint8(mo), day}
}

// Serial returns the day's number in the 1900 date system of spreadsheets, which is
// correct from 1 March 1900. It returns 0 for a date without a day.
func (d Date) Serial() int {
	if !d.Full() {
		return 0
	}
	return int(d.Time().Unix()/86400) + 25569
}

// DateOfSerial returns the day of a serial number in the 1900 date system.
func DateOfSerial(n int) Date {
	t := time.Unix(int64(n-25569)*86400, 0).UTC()
	return Date{int16(t.Year()), uint8(t.Month()), uint8(t.Day())}
}

// Time returns midnight UTC of the day, or of the first day of the month or year.
func (d Date) Time() time.Time {
	return time.Date(int(d.Year), time.Month(max(d.Month, 1)), int(max(d.Day, 1)), 0, 0, 0, 0, time.UTC)
}

// String returns the date in ISO 8601, as precise as it is known: "2019-06-17",
// "2019-06", "2019". It returns an empty string for no date.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	default:
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	}
}

func daysIn(year, month int) uint8 {
	return uint8(time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day())
}

// Say returns the date in digits as readers of the language expect it: 17/06/2019 in
// French, 2019-06-17 in English.
func (d Date) Say(p message.Printer) string {
	if p.Language() != "fr" || d.Month == 0 {
		return d.String()
	}
	if !d.Full() {
		return fmt.Sprintf("%02d/%04d", d.Month, d.Year)
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year)
}
