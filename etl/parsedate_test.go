package etl_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
)

// TestParseDate holds the forms that French lists use, as precise as they are.
func TestParseDate(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{" \u00a0", ""},
		// Day before month, in every separator.
		{"17/06/2019", "2019-06-17"},
		{"17-06-2019", "2019-06-17"},
		{"17.06.2019", "2019-06-17"},
		{"17 06 2019", "2019-06-17"},
		{"17 / 06 / 2019", "2019-06-17"},
		{"1/2/2019", "2019-02-01"},
		{"01/02/2019", "2019-02-01"},
		{"17/06/19", "2019-06-17"},
		{"  17/06/2019  ", "2019-06-17"},
		{"\u00a017/06/2019\u00a0", "2019-06-17"},
		{"17\u00a006\u00a02019", "2019-06-17"},
		{"29/02/2020", "2020-02-29"},
		// ISO.
		{"2019-06-17", "2019-06-17"},
		{"2019/06/17", "2019-06-17"},
		{"20190617", "2019-06-17"},
		// In words, as people write and as spreadsheets format.
		{"17 juin 2019", "2019-06-17"},
		{"17 JUIN 2019", "2019-06-17"},
		{"17\u00a0juin\u202f2019", "2019-06-17"},
		{"le 17 juin 2019", "2019-06-17"},
		{"lundi 17 juin 2019", "2019-06-17"},
		{"Lun. 17 juin 2019", "2019-06-17"},
		{"1er avril 2018", "2018-04-01"},
		{"1ER AVRIL 2018", "2018-04-01"},
		{"1ᵉʳ avril 2018", "2018-04-01"},
		{"01 avril 2018", "2018-04-01"},
		{"19 déc. 2027", "2027-12-19"},
		{"19 dec 2027", "2027-12-19"},
		{"19 DÉC. 2027", "2027-12-19"},
		{"19-déc-27", "2027-12-19"},
		{"17-juin-2019", "2019-06-17"},
		{"3 août 2018", "2018-08-03"},
		{"3 aou\u0302t 2018", "2018-08-03"}, // the accent written apart
		{"3 févr. 2018", "2018-02-03"},
		{"14 juil. 2018", "2018-07-14"},
		{"30 sept. 2018", "2018-09-30"},
		// A month or a year alone keeps its precision.
		{"juin 2019", "2019-06"},
		{"Juin 2019", "2019-06"},
		{"déc. 2027", "2027-12"},
		{"06/2019", "2019-06"},
		{"6/2019", "2019-06"},
		{"06-2019", "2019-06"},
		{"2019-06", "2019-06"},
		{"2019", "2019"},
		// Serial numbers of spreadsheets.
		{"43633", "2019-06-17"},
		{"43633.5", "2019-06-17"},
		{"43633,999", "2019-06-17"},
		{"30000", "1982-02-18"},
		{"60000", "2064-04-08"},
		// A time of day is left out.
		{"2019-06-17T00:00:00Z", "2019-06-17"},
		{"2019-06-17T00:00:00", "2019-06-17"},
		{"2019-06-17T00:00:00.000+02:00", "2019-06-17"},
		{"2019-06-17 00:00:00", "2019-06-17"},
		{"17/06/2019 00:00", "2019-06-17"},
		{"17/06/2019 9:30:00", "2019-06-17"},
		{"7/6/19 10:00", "2019-06-07"},
	} {
		d, ok := etl.ParseDate(c.in)
		if !ok || d.String() != c.want {
			t.Errorf("ParseDate(%q) = %q, %v; want %q", c.in, d, ok, c.want)
		}
	}
}

// TestParseDateRefuses holds what must stay raw text with a finding: a date
// guessed wrongly is worse than a date not read.
func TestParseDateRefuses(t *testing.T) {
	for _, in := range []string{
		// No such day.
		"31/02/2019", "29/02/2019", "30 février 2020", "31 avril 2018", "32/01/2019", "2019-02-30", "2019-13-01", "0/0/2019", "00/00/0000", "0 juin 2019",
		// Month before day.
		"06/17/2019", "2019-17-06", "6/31/2019",
		// Not dates at all.
		"3, 4", "3,4", "1, 2, 3", "1-6", "1 à 4", "toutes", "x", "-", "2e trimestre 2019", "printemps 2019", "en cours", "17 juin", "17/06", "06/17", "12/24", "juin", "lundi",
		"17 juin 2019 (prolongé)", "2er juin 2019", "17 foo 2019", "avril 1er 2018",
		// What is not sure.
		"9 janvier 2022 ?", "2022 ?", "> 2022", "≥ juin 2022", "~ juin 2022", "≈ 2022", "juin 2022 …", "-2022", "+2022",
		// Years and serials that no list holds.
		"1899", "2100", "17/06/0019", "17/06/219", "29999", "60001", "99999", "123456", "43633.x", "17/06/20199",
		// Ranges and pairs.
		"2018-2021", "2018 - 2021", "2018/2021", "06-07/2019", "06/07-2019", "17-18/06/2019", "17-18 juin 2019", "du 17/06/2019 au 16/06/2022",
		"17/06/2019 - 16/06/2022", "2019-06-17 2022-06-16", "2019-06-17 2022-06-16 10:00", "2019-06-17 - 2022-06-16 00:00:00", "juin 2019 juin 2022", "juin-juillet 2019",
		"17/06/2019 10", "17/06/2019 10:00 11:00", "17/06/2019 100:00",
	} {
		if d, ok := etl.ParseDate(in); ok {
			t.Errorf("ParseDate(%q) = %q, want a refusal", in, d)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"17/06/2019", "2019-06-17T00:00:00Z", "1er avril 2018", "19 déc. 2027", "juin 2019", "43633.5", "31/02/2019", "3, 4", "2018-2021", "lundi 17 juin 2019", "17\u00a006\u202f2019", "\x80/٣/2019"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := etl.ParseDate(s)
		if !ok {
			if !d.IsZero() {
				t.Fatalf("%q is refused, yet gives %v", s, d)
			}
			return
		}
		if d.IsZero() {
			if strings.TrimSpace(s) != "" {
				t.Fatalf("%q is text and no date, yet not refused", s)
			}
			return
		}
		// Whatever is read exists in the calendar, as precise as it is.
		text := d.String()
		layout := map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}[len(text)]
		if _, err := time.Parse(layout, text); err != nil {
			t.Fatalf("%q is read as %q: %v", s, text, err)
		}
		if again, ok := etl.ParseDate(text); !ok || again != d {
			t.Fatalf("%q is read as %q, which is read as %q, %v", s, text, again, ok)
		}
		if d.Full() && etl.DateOfSerial(d.Serial()) != d {
			t.Fatalf("%q: serial %d of %s is %s", s, d.Serial(), d, etl.DateOfSerial(d.Serial()))
		}
		if d.Full() != d.Last().Full() && d.Last().Compare(d) < 0 {
			t.Fatalf("the last day of %s is %s", d, d.Last())
		}
	})
}

func day(s string) etl.Date {
	d, ok := etl.ParseDate(s)
	if !ok {
		panic(fmt.Sprintf("test: %q is no date", s))
	}
	return d
}

func TestDateSerial(t *testing.T) {
	// Numbers as Excel and LibreOffice show them.
	for s, n := range map[string]int{"1900-03-01": 61, "1982-02-18": 30000, "2018-04-01": 43191, "2019-06-17": 43633, "2020-02-29": 43890, "2064-04-08": 60000} {
		if d := day(s); d.Serial() != n || etl.DateOfSerial(n) != d {
			t.Errorf("%s: serial %d and back %s, want %d", s, d.Serial(), etl.DateOfSerial(n), n)
		}
	}
	for n := 61; n < 100_000; n++ {
		if got := etl.DateOfSerial(n).Serial(); got != n {
			t.Fatalf("serial %d comes back as %d", n, got)
		}
	}
	for _, s := range []string{"", "2019", "2019-06"} {
		if n := day(s).Serial(); n != 0 {
			t.Errorf("%q has no day and the serial %d", s, n)
		}
	}
}

// TestAddMonths counts as EDATE does.
func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2019-01-31", 1, "2019-02-28"},
		{"2020-01-31", 1, "2020-02-29"},
		{"2019-03-31", 1, "2019-04-30"},
		{"2019-02-28", 1, "2019-03-28"},
		{"2019-06-17", 12, "2020-06-17"},
		{"2020-02-29", 12, "2021-02-28"},
		{"2018-09-30", 6, "2019-03-30"},
		{"2018-10-31", 6, "2019-04-30"},
		{"2019-03-31", -1, "2019-02-28"},
		{"2019-01-15", -1, "2018-12-15"},
		{"2019-11-30", 3, "2020-02-29"},
		{"2019-12-01", 1, "2020-01-01"},
		{"2019-06", 7, "2020-01"},
		{"2019", 7, "2019"},
		{"", 7, ""},
	} {
		if got := day(c.from).AddMonths(c.n).String(); got != c.want {
			t.Errorf("%q + %d months = %q, want %q", c.from, c.n, got, c.want)
		}
	}
}

func TestLast(t *testing.T) {
	for in, want := range map[string]string{"2019-02": "2019-02-28", "2020-02": "2020-02-29", "2019-12": "2019-12-31", "2019": "2019-12-31", "2019-06-17": "2019-06-17", "": ""} {
		if got := day(in).Last().String(); got != want {
			t.Errorf("the last day of %q is %q, want %q", in, got, want)
		}
	}
}

func TestParseEdition(t *testing.T) {
	got := map[string]string{}
	for _, id := range []string{"2019-06-17", "2019-02", "2020-02", "2019", "2019-6", "2019-06-31", "2019/06/17", "17-06-2019", "2019-13", "", "20190617", "2019-06-17 ", "06-2019", "٢019-06"} {
		d, ok := etl.ParseEdition(id)
		if ok {
			got[id] = d.String()
		}
	}
	want := map[string]string{"2019-06-17": "2019-06-17", "2019-02": "2019-02-28", "2020-02": "2020-02-29"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestMonthOfASpreadsheet: juin-19 is what a French spreadsheet shows, and saves, of
// 2019-06.
func TestMonthOfASpreadsheet(t *testing.T) {
	for in, want := range map[string]string{"juin-19": "2019-06", "janv-18": "2018-01", "févr-20": "2020-02", "Août-19": "2019-08", "déc-21": "2021-12", "Jun-19": "2019-06"} {
		if d, ok := etl.ParseDate(in); !ok || d.String() != want {
			t.Errorf("%s is %s, %v", in, d, ok)
		}
	}
	for _, in := range []string{"juin 19", "19-juin", "06-19", "truc-19"} {
		if d, ok := etl.ParseDate(in); ok {
			t.Errorf("%s is %s", in, d)
		}
	}
}
