package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"hdsreport/etl"
	"hdsreport/etl/identity"
)

// samples/today is the shape of 2026: one list is left, of some hundreds of hosts, in a
// page a letter. Nothing in it is real. It is made here, and -update writes it:
//
//	go test ./cmd/hdsreport -run TestToday -update
const today = "../../samples/today"

// draws is a deterministic source of choices, the same with every version of Go.
type draws uint64

func (r *draws) below(n int) int {
	*r = *r*6364136223846793005 + 1442695040888963407
	return int(uint64(*r>>33) % uint64(n))
}

func (r *draws) of(words string) string {
	list := strings.Fields(words)
	return list[r.below(len(list))]
}

// perLetter is how many hosts have a name with each letter, from A on; none begins with X.
var perLetter = []int{22, 19, 27, 18, 17, 13, 12, 10, 14, 5, 4, 15, 19, 13, 12, 21, 4, 14, 23, 18, 4, 10, 3, 0, 3, 6}

// hostNames makes names that nobody bears, letter by letter and no two alike: a name that
// resembles another would be a question to an editor.
func hostNames(r *draws) []string {
	const vowels, middles = "a e i o ou", "bra cli dou fla gno lou mi ni plou quo ra sti tram vi zou"
	const endings = "bidule quette pinpin fouille goulet lurette mouchet tignol zibar coche doule ffarin " +
		"gnasse llibulle nchon patan rbignol sson ttouf vrille"
	kinds := []string{"", " Santé", " Hébergement", " Cloud", " Infogérance", " Numérique", " SAS", " Logiciels",
		" Données", " Systèmes"}
	var names, cores []string
	for l, n := range perLetter {
		for len(names) < total(perLetter[:l])+n {
			first := string(rune('A' + l))
			if !strings.ContainsAny(first, "AEIOUY") {
				first += r.of(vowels)
			}
			core := first + r.of(middles) + r.of(middles) + r.of(endings)
			if slices.ContainsFunc(cores, func(other string) bool { return distance(core, other) < 4 }) {
				continue
			}
			cores = append(cores, core)
			names = append(names, core+kinds[r.below(len(kinds))])
		}
	}
	return names
}

func total(ns []int) (sum int) {
	for _, n := range ns {
		sum += n
	}
	return sum
}

// distance is Levenshtein's.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(y)]
}

// todayHeader are the headings of both editions.
var todayHeader = []string{"Hébergeur", "Type de certificat", "Activités", "Référentiel", "Organisme certificateur",
	"N° de certificat", "Date de délivrance", "Date de fin de validité", "Transferts hors EEE (adresse)"}

// certificate is a row, of an invented number, from a day that many days before the
// edition of November.
func certificate(r *draws, name string, number, age int) []string {
	kind, activities := "Hébergeur infogéreur", r.of("3,4,5,6 3,4,5 5,6 4,5,6 5 3,5,6")
	switch r.below(10) {
	case 0, 1:
		kind, activities = "Hébergeur d’infrastructure physique", r.of("1 1,2 2")
	case 2, 3, 4, 5, 6:
		kind = "Hébergeur d’infrastructure physique et hébergeur infogéreur"
		activities = r.of("1,2,3,4,5,6 1,2,3,4,5,6 1,2,3,4,6 2,3,4,5,6")
	}
	body := strings.ReplaceAll(r.of("AFNOR_Certification BSI_Group Bureau_Veritas_Certification LNE Certi-Trust Apave"),
		"_", " ")
	newest, _ := etl.NewDate(2026, 11, 20)
	from := etl.DateOfSerial(newest.Serial() - age)
	until := etl.DateOfSerial(from.AddMonths(36).Serial() - 1)
	referential, address := "v1", ""
	if age < 650 {
		referential = "v2"
		if r.below(5) == 0 {
			address = "https://exemple.invalid/transferts/" + identity.ID(name)
		}
	}
	return []string{name, kind, strings.ReplaceAll(activities, ",", ", "), referential, body,
		fmt.Sprintf("EXEMPLE-%04d", number), day(from), day(until), address}
}

func day(d etl.Date) string { return fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year) }

// todayRows are the rows of October and of November: six hosts arrive, three leave, eight
// certificates under the first referential are followed by ones under the second.
func todayRows() (october, november [][]string) {
	r := draws(2026)
	number := 1000
	next := func(name string, age int) []string {
		number++
		return certificate(&r, name, number, age)
	}
	renewed := 0
	for i, name := range hostNames(&r) {
		switch {
		case i%55 == 7:
			november = append(november, next(name, 3+r.below(12)))
			continue
		case i%110 == 41:
			october = append(october, next(name, 1000+r.below(60)))
			continue
		}
		row := next(name, 40+r.below(1040))
		october = append(october, row)
		if row[3] == "v1" && i%4 == 0 && renewed < 8 {
			renewed++
			row = next(name, 2+r.below(14))
			copy(row[1:3], october[len(october)-1][1:3])
		}
		november = append(november, row)
		if i%13 == 0 {
			row = next(name, 40+r.below(600))
			october, november = append(october, row), append(november, row)
		}
	}
	return october, november
}

// pagesOf are the pages of a list, by letter, as a content management system gives them.
func pagesOf(rows [][]string) map[string][]byte {
	pages := map[string][]byte{}
	for letter := 'A'; letter <= 'Z'; letter++ {
		var b bytes.Buffer
		fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Hébergeurs certifiés : %c"+
			"</title></head>\n<body><h1>Hébergeurs certifiés</h1>\n<table>\n<thead><tr>", letter)
		for _, h := range todayHeader {
			fmt.Fprintf(&b, "<th scope=\"col\">%s</th>", h)
		}
		b.WriteString("</tr></thead>\n<tbody>\n")
		for _, row := range rows {
			if first, _ := utf8.DecodeRuneInString(row[0]); first != letter {
				continue
			}
			fmt.Fprintf(&b, "<tr><td>%s</td></tr>\n", strings.Join(row, "</td><td>"))
		}
		b.WriteString("</tbody>\n</table></body></html>\n")
		pages[string(letter)] = b.Bytes()
	}
	return pages
}

func asTable(rows ...[]string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.WriteAll(rows)
	return b.String()
}

// todayFiles are the files that are made.
func todayFiles() map[string]string {
	october, november := todayRows()
	files := map[string]string{}
	for edition, rows := range map[string][][]string{"2026-10": october, "2026-11": november} {
		dir := "editions/" + edition + "/"
		files[dir+"certifies.csv"] = asTable(append([][]string{todayHeader}, rows...)...)
		files[dir+"certifies.source.yaml"] = fmt.Sprintf(`url: https://exemple.invalid/hebergeurs-certifies
publisher: "hdsreport (données inventées)"
retrieved: %s-23T05:17:00Z
activity_numbering: decree
`, edition)
	}
	// The newsroom has classified whom it knew in October.
	r := draws(11)
	actors := [][]string{{"id", "name", "position", "website", "note"}}
	for _, row := range october {
		if id := identity.ID(row[0]); actors[len(actors)-1][0] != id {
			actors = append(actors, []string{id, row[0], r.of("hosting_cloud hosting_cloud hosting_cloud esn esn " +
				"health_software health_software health_software hospital public_grouping medical_device other"), "", "inventé"})
		}
	}
	files["registry/actors.csv"] = asTable(actors...)
	return files
}

// TestToday: the sample is what is made here, and a month's run of it needs nobody: the
// gate lets it through without an acceptance, and there is little to say.
func TestToday(t *testing.T) {
	for name, text := range todayFiles() {
		file := filepath.Join(today, filepath.FromSlash(name))
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != text {
			t.Errorf("%s is not what is made (%v): run with -update", name, err)
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, inputs{os.DirFS(today)}); err != nil {
		t.Fatal(err)
	}
	for _, edition := range []string{"2026-10", "2026-11"} {
		for _, do := range []string{"check", "run"} {
			var out, said bytes.Buffer
			c := &Command{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said}
			code := c.Main([]string{do, "--config", dir + "/hdsreport.yaml", "--edition", edition})
			told := out.String() + said.String()
			if code != exitDone || strings.Contains(told, "warning:") || strings.Count(told, "\n") > 12 {
				t.Errorf("%s %s: exit code %d\n%s", do, edition, code, told)
			}
		}
	}
}
