package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hdsreport/report"
	"hdsreport/report/audit"
)

// A cell equals what excelize's StreamWriter writes for the same value. excelize knows the
// traps of the format: spaces at the ends, the notation of characters by code, digits
// after the fifteenth.
func TestCellsAreExcelizes(t *testing.T) {
	texts := append([]string{" a", "a ", "\ta", "deux\nlignes", "a & b < c > \"d\" 'e'", "_x0041_", "x_x005F_", "_x_", "é 🏥", "_xZZZZ_", strings.Repeat("é", 5000)}, unhappyNames...)
	numbers := []float64{0, 1, -1, 43633, 1e9, 0.1, -2.5, 1.0 / 3, 2.0 / 3, 123456789.123456789, 1e15, 1e-7, 12345678901234.567}
	type example struct {
		value   report.Value
		formula string
	}
	var all []example
	for _, s := range texts {
		all = append(all, example{value: report.TextOf(s)})
	}
	for _, n := range numbers {
		all = append(all, example{value: report.NumberOf(n)}, example{report.NumberOf(n), `IF(A1<2,"x",B1&"'")`})
	}
	all = append(all, example{}, example{report.TextOf("Oui & non"), "A1"})
	f := excelize.NewFile()
	defer f.Close()
	sw, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	style, _ := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	for i, e := range all {
		c := excelize.Cell{StyleID: style, Formula: e.formula}
		switch e.value.Kind {
		case report.Text:
			c.Value = e.value.Text
		case report.Number:
			c.Value = e.value.Num
		}
		if err := sw.SetRow(fmt.Sprintf("B%d", i+1), []any{c}); err != nil {
			t.Fatal(err)
		}
	}
	if err := sw.Flush(); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	_, parts := unzipped(t, buf.Bytes())
	sheet := parts["xl/worksheets/sheet1.xml"]
	for i, e := range all {
		c := cell{style: style, value: e.value, formula: escape(e.formula), text: inXML(e.value.Text)}
		got := fmt.Sprintf(`<row r="%d"><c r="B%d`, i+1, i+1) + string(c.append(nil)) + `</row>`
		from := strings.Index(sheet, fmt.Sprintf(`<row r="%d">`, i+1))
		want := sheet[from : from+strings.Index(sheet[from:], `</row>`)+len(`</row>`)]
		if got != want {
			t.Errorf("%+v:\nours      %.200s\nexcelize's %.200s", e, got, want)
		}
	}
	// Two differences from excelize: an empty result is explicit, and two escapes that share
	// an underscore are both escaped.
	c := cell{formula: "A1"}
	if got := string(c.append(nil)); got != `" t="str"><f>A1</f><v></v></c>` {
		t.Errorf("a formula whose result is an empty text: %s", got)
	}
	if got := inXML("_x0041_x0042_"); got != "_x005F_x0041_x005F_x0042_" {
		t.Errorf("two escapes in one: %s", got)
	}
}

// Batches are written concurrently, but styles get their indexes in the order of the
// cells. Here each batch has a new style in its last row.
func TestStylesAreNumberedInOrder(t *testing.T) {
	b := newFixture(1, 3, 3).book()
	tb := b.Sheets[0].Table
	tb.Columns, tb.Len = tb.Columns[:1], 8*stretch
	looks := []report.Value{report.TextOf("x"), report.NumberOf(1), {Kind: report.Day, Num: 43633}, report.TextOf("=x")}
	tb.Columns[0].At = func(n int) report.Value {
		if n%stretch == stretch-5 {
			return looks[n/stretch%len(looks)]
		}
		return looks[0]
	}
	tb.Columns[0].Computed = nil
	tb.Columns[0].Proposed = func(n int) bool { return n/stretch >= len(looks) && n%stretch == stretch-5 }
	b.Sheets = b.Sheets[:1]
	want := mustWrite(t, b)
	for range 20 {
		if !bytes.Equal(mustWrite(t, b), want) {
			t.Fatal("two drawings of one book differ")
		}
	}
	_, parts := unzipped(t, want)
	highest, seen := 0, map[string]bool{}
	for _, m := range regexp.MustCompile(`<c r="[A-Z0-9]+" s="([0-9]+)"`).FindAllStringSubmatch(parts["xl/worksheets/sheet1.xml"], -1) {
		n, _ := strconv.Atoi(m[1])
		if !seen[m[1]] && n < highest {
			t.Errorf("the style %d is first used after %d", n, highest)
		}
		seen[m[1]], highest = true, max(highest, n)
	}
	if len(seen) < 8 {
		t.Errorf("only %d styles are used", len(seen))
	}
}

// If several rows have errors, the error of the first one is returned.
func TestFirstFaultIsNamed(t *testing.T) {
	b := newFixture(1, 3, 3).book()
	tb := b.Sheets[0].Table
	tb.Columns, tb.Len = tb.Columns[:1], 40*stretch
	tb.Columns[0].At = func(n int) report.Value {
		if n >= 20*stretch+7 {
			return report.TextOf("a\vb")
		}
		return report.TextOf("x")
	}
	b.Sheets = b.Sheets[:1]
	for range 10 {
		err := Write(new(bytes.Buffer), b)
		if want := fmt.Sprintf("row %d of the table", 20*stretch+8); err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("want an error in %s, got %v", want, err)
		}
	}
}

func TestInOrder(t *testing.T) {
	var got []string
	err := inOrder(50, func(i int, b []byte) ([]byte, error) {
		return fmt.Append(b, i), nil
	}, func(b []byte, err error) ([]byte, error) {
		got = append(got, string(b))
		if len(got) == 40 {
			err = errors.New("enough")
		}
		return b, err
	})
	if err == nil || len(got) != 40 {
		t.Fatalf("%d pieces, %v", len(got), err)
	}
	for i, s := range got {
		if s != fmt.Sprint(i) {
			t.Fatalf("the piece %d is %s", i, s)
		}
	}
}

func TestJoinCRC(t *testing.T) {
	text := []byte(strings.Repeat("Un texte long, en plusieurs morceaux. ", 900))
	for _, cut := range []int{0, 1, 2, 255, 4096, len(text) - 1, len(text)} {
		a, b := text[:cut], text[cut:]
		if got, want := joinCRC(crc32.ChecksumIEEE(a), crc32.ChecksumIEEE(b), len(b)), crc32.ChecksumIEEE(text); got != want {
			t.Errorf("cut at %d: %08x, want %08x", cut, got, want)
		}
	}
}

// Drop-downs that need cells are stored right beside the content of the last sheet.
func TestLongListsLeaveNoBlankColumn(t *testing.T) {
	b := newFixture(1, 9, 9).book()
	long := func(of string) []string { return []string{of, strings.Repeat(of+" ", 200) + "fin"} }
	b.Sheets[0].Table.Columns[0].Choices, b.Sheets[0].Table.Columns[2].Choices = long("a"), long("b")
	var line report.Line
	for col := range b.Sheets[2].PrintColumns {
		line.Cells = append(line.Cells, report.Cell{Col: col, Value: report.TextOf("plein")})
	}
	last := b.Sheets[2].Lines
	line.Row = last[len(last)-1].Row + 1
	b.Sheets[2].Lines = append(last, line)
	data := mustWrite(t, b)
	r, err := audit.Workbook(bytes.NewReader(data), int64(len(data)), audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Rule == "column-blank" {
			t.Error(f.String())
		}
	}
	_, parts := unzipped(t, data)
	for _, list := range []string{"$I$2:$I$3", "$J$2:$J$6", "$K$2:$K$3"} {
		if !strings.Contains(parts["xl/worksheets/sheet1.xml"]+parts["xl/worksheets/sheet2.xml"], list) {
			t.Errorf("no drop-down takes its values from %s: %q", list, regexp.MustCompile(`<formula1>[^<]*`).FindAllString(parts["xl/worksheets/sheet1.xml"], -1))
		}
	}
}

// A list of values is never covered by a chart that is wider than the printed page.
func TestChartEnd(t *testing.T) {
	for _, c := range []struct{ col, width, want int }{{4, 548, 5}, {4, 552, 6}, {0, 320, 1}, {9, 64, 10}, {9, 129, 12}} {
		if got := chartEnd(report.Chart{Col: c.col, Width: c.width}, []float64{46, 13, 13, 13, 78}); got != c.want {
			t.Errorf("a chart of %d pixels from column %d ends before column %d, want %d", c.width, c.col, got, c.want)
		}
	}
}

// The machine's time zone does not affect the workbook. A process reads the time zone only
// once, so each one is tested in its own process.
func TestSameBytesInAnyTimeZone(t *testing.T) {
	long(t)
	if zone := os.Getenv("HDSTEST_ZONE"); zone != "" {
		fmt.Printf("sum %08x\n", crc32.ChecksumIEEE(mustWrite(t, newFixture(3, 40, 120).book())))
		return
	}
	want := fmt.Sprintf("sum %08x\n", crc32.ChecksumIEEE(mustWrite(t, newFixture(3, 40, 120).book())))
	zones := []string{"UTC", "Europe/Paris", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago"}
	for i := range 30 {
		zone := zones[i%len(zones)]
		c := exec.Command(os.Args[0], "-test.run", "^TestSameBytesInAnyTimeZone$", "-test.v")
		c.Env = append(os.Environ(), "TZ="+zone, "HDSTEST_ZONE="+zone, fmt.Sprintf("GOMAXPROCS=%d", 1+i%2))
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("in %s: %v, %s; want %s", zone, err, out, want)
		}
	}
}
