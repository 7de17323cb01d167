package source

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// The benchmarks report nanoseconds a row, so that a cost that is not in
// proportion to the rows shows at once.

var benchSizes = []int{100, 10_000, 100_000}

func benchRow(i int) []string {
	return []string{fmt.Sprintf("Société d’hébergement n° %d", i), "Hébergeur infogéreur", "1, 2, 3", "17/06/2019", "2022-06-16", fmt.Sprint(i), "Oui", "Non", "Oui"}
}

func benchRead(b *testing.B, rows int, data []byte, name string) {
	b.Helper()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		table, _, err := Read(data, name, Options{Recognise: known})
		if err != nil || len(table.Rows) != rows+1 {
			b.Fatalf("%v", err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
}

func benchCSV(rows int) []byte {
	var s strings.Builder
	s.WriteString("Acteur;Type;Activités;Début;Fin;N°;A;B;C\n")
	for i := range rows {
		s.WriteString(`"` + strings.Join(benchRow(i), `";"`) + "\"\n")
	}
	return []byte(s.String())
}

func benchHTML(rows int) []byte {
	var s strings.Builder
	s.WriteString("<html><meta charset=utf-8><table><tr><th>Acteur<th>Type</tr>")
	for i := range rows {
		s.WriteString("<tr><td>" + strings.Join(benchRow(i), "</td><td>") + "</td></tr>\n")
	}
	s.WriteString("</table></html>")
	return []byte(s.String())
}

func benchJSON(rows int) []byte {
	var s strings.Builder
	s.WriteString("[")
	for i := range rows {
		for k, v := range benchRow(i) {
			fmt.Fprintf(&s, "%s%q:%q", map[bool]string{true: "{", false: ","}[k == 0], fmt.Sprintf("c%d", k), v)
		}
		s.WriteString("},")
	}
	return []byte(strings.TrimSuffix(s.String(), ",") + "]")
}

func benchXLSX(b *testing.B, rows int) []byte {
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	ok(b, err)
	ok(b, w.SetRow("A1", []any{"Acteur", "Type"}))
	day := 14
	date, err := f.NewStyle(&excelize.Style{NumFmt: day})
	ok(b, err)
	for i := range rows {
		line := make([]any, 0, 9)
		for _, v := range benchRow(i) {
			line = append(line, v)
		}
		line[3] = excelize.Cell{StyleID: date, Value: 43633 + i%1000}
		line[5] = i
		ok(b, w.SetRow(fmt.Sprintf("A%d", i+2), line))
	}
	ok(b, w.Flush())
	out, err := f.WriteToBuffer()
	ok(b, err)
	return out.Bytes()
}

func benchODS(b *testing.B, rows int) []byte {
	var s strings.Builder
	s.WriteString(`<table:table table:name="F">` + odsHeader)
	for i := range rows {
		s.WriteString("<table:table-row>")
		for _, v := range benchRow(i) {
			s.WriteString(odsText(v))
		}
		s.WriteString("</table:table-row>")
	}
	return ods(b, s.String()+"</table:table>")
}

func BenchmarkRead(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprintf("csv/%d", n), func(b *testing.B) { benchRead(b, n, benchCSV(n), "a.csv") })
		b.Run(fmt.Sprintf("html/%d", n), func(b *testing.B) { benchRead(b, n, benchHTML(n), "a.html") })
		b.Run(fmt.Sprintf("json/%d", n), func(b *testing.B) { benchRead(b, n, benchJSON(n), "a.json") })
		b.Run(fmt.Sprintf("xlsx/%d", n), func(b *testing.B) { benchRead(b, n, benchXLSX(b, n), "a.xlsx") })
		b.Run(fmt.Sprintf("ods/%d", n), func(b *testing.B) { benchRead(b, n, benchODS(b, n), "a.ods") })
	}
}

// BenchmarkExcelize is what xlsx.go was chosen over: Rows alone, and Rows with the
// type and the style of each cell, without which dates cannot be told.
func BenchmarkExcelize(b *testing.B) {
	for _, n := range benchSizes[:2] {
		for _, typed := range []bool{false, true} {
			b.Run(fmt.Sprintf("rows=%d/typed=%v", n, typed), func(b *testing.B) {
				data := benchXLSX(b, n)
				b.ReportAllocs()
				for b.Loop() {
					f, err := excelize.OpenReader(bytes.NewReader(data))
					ok(b, err)
					rows, err := f.Rows("Sheet1")
					ok(b, err)
					for r := 1; rows.Next(); r++ {
						cells, err := rows.Columns(excelize.Options{RawCellValue: true})
						ok(b, err)
						for c := range cells {
							if typed {
								name, _ := excelize.CoordinatesToCellName(c+1, r)
								_, err := f.GetCellType("Sheet1", name)
								ok(b, err)
								_, err = f.GetCellStyle("Sheet1", name)
								ok(b, err)
							}
						}
					}
					ok(b, rows.Close(), f.Close())
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
			})
		}
	}
}
