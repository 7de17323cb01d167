package review_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/registry"
	"hdsreport/etl/review"
)

// workspace is two editions with something of every kind to rule on. Names are
// invented.
func workspace(reg etl.Registry) etl.Input {
	table := func(file string, lines ...string) etl.Source {
		t := &etl.Table{File: file, Format: "csv"}
		for i, l := range lines {
			row := etl.TableRow{Number: i + 1}
			for c := range strings.SplitSeq(l, "|") {
				row.Cells = append(row.Cells, strings.TrimSpace(c))
			}
			t.Rows = append(t.Rows, row)
		}
		return etl.Source{Table: t, Numbering: "decree"}
	}
	const a = "Hébergeur | Prestation | Date d'agrément | Fin d'agrément"
	const c = "Hébergeur | Type de certificat | Activités | Organisme certificateur | N° de certificat | Date de délivrance | Date de fin"
	cfg := config.Default()
	th := cfg.Gate
	th.Unclassified = 1
	return etl.Input{
		Editions: []etl.EditionInput{
			{ID: "2019-02", Sources: [2]etl.Source{table("editions/2019-02/agrees.csv", a, "Zorgub Santé | Hébergement | 01/01/2018 | 31/12/2020", "Télésanté Perpète | x | 01/01/2018 | 31/12/2020"),
				table("editions/2019-02/certifies.csv", c, "Quidam | Infogéreur | 5 | LNE | Q1 | 01/01/2019 | 31/12/2021")}},
			{ID: "2019-06-17", Sources: [2]etl.Source{
				table("editions/2019-06-17/agrees.csv", a,
					"Zorgub Santé | Hébergement | 01/01/2018 | 31/02/2020",
					"Łódźbrume Œuvre | Hébergement | 01/01/2018 | 31/12/2020",
					"Trifouille Télécom | Hébergement | 01/01/2018 | 2019-13-17",
					"=1+1 Calcul | Hébergement | 01/01/2018 | 001"),
				table("editions/2019-06-17/certifies.csv", c,
					"Zorgub Santée | Infogéreur | 5 | LNE | Z1 | 01/01/2019 | 31/12/2021",
					"Quidam | Infogéreur | toutes sauf une | LNE | Q1 | 01/01/2019 | 31/12/2021",
					"Pulsatille | Infogéreur | 5 | LNE | P1 | 01/01/2019 | 31/12/2021")}},
		},
		Registry: reg, Reference: config.Reference(), Thresholds: th, Namer: namer,
	}
}

var namer = identity.New(config.IdentityTables())

// written is what a run writes, as bytes and as rows of cells.
func written(t testing.TB, in etl.Input) ([]byte, [][]string) { return writtenIn(t, in, "fr") }

func writtenIn(t testing.TB, in etl.Input, language string) ([]byte, [][]string) {
	t.Helper()
	res := etl.Run(in)
	data, err := review.Write(review.Lines(res.Review, &in.Reference, language), language)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return data, rows
}

const (
	idCol, seenCol, whereCol, proposalCol, rulingCol, commentCol = 0, 2, 3, 4, 6, 7
)

// excel is what a French Excel saves as CSV: Windows-1252, semicolons, CRLF,
// quotes only where they must be.
func excel(t testing.TB, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	// Its question marks, where x/text would write a control character.
	out, err := encoding.ReplaceUnsupported(charmap.Windows1252.NewEncoder()).Bytes(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(out, []byte{0x1a}, []byte("?"))
}

// rule writes a ruling on a line.
func rule(t testing.TB, rows [][]string, id, ruling string) {
	t.Helper()
	i := slices.IndexFunc(rows, func(r []string) bool { return r[idCol] == id })
	if i < 0 {
		var ids []string
		for _, r := range rows[1:] {
			ids = append(ids, r[idCol])
		}
		t.Fatalf("no line %s; there are %s", id, strings.Join(ids, ", "))
	}
	rows[i][rulingCol] = ruling
}

// take reads a file and takes its rulings; said are its findings as place code.
func take(t testing.TB, in etl.Input, data []byte) (review.Rulings, []string) {
	t.Helper()
	lines, found, err := review.Read(data, "revue.csv")
	if err != nil {
		return review.Rulings{}, []string{err.Error()}
	}
	rulings, more := review.Take(lines, &in, etl.Run(in), "Ada", "2019-07-02")
	var said []string
	for _, f := range append(found, more...) {
		if f.Severity == etl.Error {
			said = append(said, f.Place.String()+" "+f.Code)
			if f.ToDo().IsZero() {
				t.Errorf("nobody is told what to do: %s", f)
			}
		}
	}
	return rulings, said
}

// ruled is the file with rulings on all kinds of lines.
func ruled(t testing.TB, in etl.Input) [][]string {
	_, rows := written(t, in)
	rule(t, rows, "pair:zorgub-sante+zorgub-santee", "même")
	rule(t, rows, "position:trifouille-telecom", "Oui")
	rule(t, rows, "position:lodzbrume-oeuvre", "Éditeur de logiciels de santé")
	rule(t, rows, "value:trifouille-telecom/"+hash(t, in, "Trifouille Télécom")+":until", "17/06/2020")
	rule(t, rows, "value:quidam/q1:activities", "toutes")
	return rows
}

// hash is what tells an approval's rows apart.
func hash(t testing.TB, in etl.Input, name string) string {
	for _, r := range etl.Run(in).Edition.List[etl.Approved].Rows {
		if r.Name == name {
			_, h, _ := strings.Cut(r.ID, "/")
			return h
		}
	}
	t.Fatal(name)
	return ""
}

func texts(r review.Rulings) []string {
	var out []string
	for _, d := range r.Decisions {
		out = append(out, fmt.Sprint(d.Left, " ", d.Judgement, " ", d.Right, " ", d.By, " ", d.Date))
	}
	for _, p := range r.Positions {
		out = append(out, fmt.Sprint(p.ID, " ", p.Name, " ", p.Position))
	}
	for _, c := range r.Corrections {
		out = append(out, fmt.Sprint(c.Field, " ", c.Was, " ", c.Value))
	}
	slices.Sort(out)
	return out
}

var wanted = []string{
	"activities toutes sauf une toutes",
	"lodzbrume-oeuvre  health_software",
	"trifouille-telecom  telecom",
	"until 2019-13-17 2020-06-17",
	"zorgub-sante same zorgub-santee Ada 2019-07-02",
}

// TestFile: what a run writes is ordered by what matters, says where each thing
// stands, leaves the ruling to the editor and can run nothing.
func TestFile(t *testing.T) {
	data, rows := written(t, workspace(etl.Registry{}))
	again, _ := written(t, workspace(etl.Registry{}))
	if !bytes.Equal(data, again) {
		t.Error("the same workspace, other bytes")
	}
	if !bytes.HasPrefix(data, []byte("\ufeffidentifiant;nature;vu;où;proposition;motif;décision;commentaire\r\n")) || bytes.Count(data, []byte("\n")) != bytes.Count(data, []byte("\r\n")) {
		t.Errorf("%q", data[:90])
	}
	var kinds []string
	for _, r := range rows[1:] {
		if len(kinds) == 0 || kinds[len(kinds)-1] != r[1] {
			kinds = append(kinds, r[1])
		}
		if r[whereCol] == "" || !strings.Contains(r[whereCol], ".csv:") || r[5] == "" || r[rulingCol] != "" {
			t.Errorf("%q", r)
		}
		for _, c := range r {
			if c != "" && strings.ContainsRune("=+-@", rune(c[0])) {
				t.Errorf("a spreadsheet runs %q", c)
			}
		}
	}
	if diff := cmp.Diff([]string{"paire", "valeur", "positionnement"}, kinds); diff != "" {
		t.Error(diff)
	}
	if r := rows[1]; r[seenCol] != "«\u00a0Zorgub Santé\u00a0» / «\u00a0Zorgub Santée\u00a0»" || r[whereCol] != "editions/2019-06-17/agrees.csv:2 / editions/2019-06-17/certifies.csv:2" {
		t.Errorf("%q", r)
	}
	// Of positions, those that nobody proposes come first.
	proposed := false
	for _, r := range rows[1:] {
		if r[1] == "positionnement" {
			if r[proposalCol] == "" && proposed {
				t.Errorf("%q after a proposal", r)
			}
			proposed = proposed || r[proposalCol] != ""
		}
	}
	if !proposed {
		t.Error("nothing is proposed")
	}
}

// TestRoundTrip: a file that has been through a French Excel is taken like one
// that has not.
func TestRoundTrip(t *testing.T) {
	in := workspace(etl.Registry{})
	asWritten := func(rows [][]string) []byte {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = ';'
		w.WriteAll(rows)
		return append([]byte("\ufeff"), b.Bytes()...)
	}
	column := func(rows [][]string, at int, cells ...string) [][]string {
		out := make([][]string, len(rows))
		for i, r := range rows {
			out[i] = slices.Insert(slices.Clone(r), at, cells[min(i, len(cells)-1)])
		}
		return out
	}
	for name, file := range map[string]func([][]string) []byte{
		"as it was written": asWritten,
		"saved by Excel":    func(r [][]string) []byte { return excel(t, r) },
		"rows sorted": func(r [][]string) []byte {
			slices.SortFunc(r[1:], func(a, b []string) int { return strings.Compare(b[seenCol], a[seenCol]) })
			return excel(t, r)
		},
		"a column added":            func(r [][]string) []byte { return excel(t, column(r, 3, "À voir avec", "Zoé")) },
		"a column without heading":  func(r [][]string) []byte { return excel(t, column(r, 8, "", "x")) },
		"empty columns at the end":  func(r [][]string) []byte { return bytes.ReplaceAll(excel(t, r), []byte("\r\n"), []byte(";;;\r\n")) },
		"cells below empty columns": func(r [][]string) []byte { return bytes.ReplaceAll(asWritten(r), []byte(";;\n"), []byte(";;;;\n")) },
		"every cell in quotes": func(r [][]string) []byte {
			var b strings.Builder
			for _, row := range r {
				for i, c := range row {
					if i > 0 {
						b.WriteByte(';')
					}
					b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
				}
				b.WriteString("\r\n")
			}
			return []byte(b.String())
		},
		"a line without a ruling deleted": func(r [][]string) []byte {
			return excel(t, slices.DeleteFunc(r, func(x []string) bool { return x[idCol] == "position:quidam" }))
		},
		"blank lines": func(r [][]string) []byte { return append(excel(t, r), ";;;;;;;\r\n;;;;;;;\r\n"...) },
		"commas":      func(r [][]string) []byte { var b bytes.Buffer; csv.NewWriter(&b).WriteAll(r); return b.Bytes() },
		"a comment over two lines": func(r [][]string) []byte {
			r[1][commentCol] = "vu\navec Zoé"
			return excel(t, r)
		},
		"columns that only inform taken away": func(r [][]string) []byte {
			for i := range r {
				r[i] = []string{r[i][rulingCol], r[i][seenCol], r[i][idCol]}
			}
			return excel(t, r)
		},
		"plain spaces, as it was once written": func(r [][]string) []byte {
			for i := range r {
				for k := range r[i] {
					r[i][k] = strings.ReplaceAll(r[i][k], "\u00a0", " ")
				}
			}
			return excel(t, r)
		},
		"narrow spaces": func(r [][]string) []byte {
			for i := range r {
				r[i][seenCol] = strings.ReplaceAll(r[i][seenCol], "\u00a0", "\u202f")
			}
			return asWritten(r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, said := take(t, in, file(ruled(t, in)))
			if len(said) > 0 {
				t.Fatalf("refused: %v", said)
			}
			if diff := cmp.Diff(wanted, texts(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestBothLanguages: the file is written in the report's language, and rulings in
// either are taken from it, whatever its headings are.
func TestBothLanguages(t *testing.T) {
	in := workspace(etl.Registry{})
	until := "value:trifouille-telecom/" + hash(t, in, "Trifouille Télécom") + ":until"
	english := map[string]string{"pair:zorgub-sante+zorgub-santee": "Same", "position:trifouille-telecom": "yes",
		"position:lodzbrume-oeuvre": in.Reference.Positions[slices.IndexFunc(in.Reference.Positions, func(p etl.Position) bool { return p.Code == "health_software" })].Label["en"],
		until:                       "17/06/2020", "value:quidam/q1:activities": "all"}
	french := map[string]string{}
	for _, r := range ruled(t, in)[1:] {
		if r[rulingCol] != "" {
			french[r[idCol]] = r[rulingCol]
		}
	}
	headings := map[string]string{"fr": "identifiant;nature;vu;où;proposition;motif;décision;commentaire", "en": "id;kind;seen;where;proposal;reason;ruling;comment"}
	foreign := map[string]string{"fr": `“|”|pair;|value;| holds | rule |could not`, "en": `«|»|paire|valeur|positionnement|règle|contient|illisible`}
	for _, language := range []string{"fr", "en"} {
		data, _ := writtenIn(t, in, language)
		if first, _, _ := strings.Cut(string(data), "\r\n"); first != "\ufeff"+headings[language] {
			t.Errorf("%s: %q", language, first)
		}
		if found := regexp.MustCompile(foreign[language]).FindAllString(string(data), -1); found != nil {
			t.Errorf("%s: %q in\n%s", language, found, data)
		}
		for which, rulings := range map[string]map[string]string{"fr": french, "en": english} {
			_, rows := writtenIn(t, in, language)
			for id, ruling := range rulings {
				rule(t, rows, id, ruling)
			}
			for _, mixed := range []bool{false, true} {
				if mixed { // somebody translated two headings
					rows[0][idCol], rows[0][rulingCol] = "ID", "Décision"
				}
				got, said := take(t, in, excel(t, rows))
				want := slices.Clone(wanted)
				want[0] = "activities toutes sauf une " + rulings["value:quidam/q1:activities"] // as it was written
				if diff := cmp.Diff(want, texts(got)); diff != "" || len(said) > 0 {
					t.Errorf("%s file, %s rulings, mixed %v: %v %s", language, which, mixed, said, diff)
				}
			}
		}
	}
	// The signs of the file may be those of another language, or plain.
	for _, signs := range [][]string{{"“", "« ", "”", " »"}, {"“", `"`, "”", `"`}, {": ", " : "}} {
		_, rows := writtenIn(t, in, "en")
		for id, ruling := range english {
			rule(t, rows, id, ruling)
		}
		for _, r := range rows[1:] {
			r[seenCol] = strings.NewReplacer(signs...).Replace(r[seenCol])
		}
		if got, said := take(t, in, excel(t, rows)); len(texts(got)) != len(wanted) || len(said) > 0 {
			t.Errorf("%q: %v", signs, said)
		}
	}
	// What was recorded in one language is known again in the other.
	_, rows := writtenIn(t, in, "en")
	for id, ruling := range english {
		rule(t, rows, id, ruling)
	}
	got, _ := take(t, in, excel(t, rows))
	next := workspace(registry.With(etl.Registry{}, got.Additions()))
	if again, said := take(t, next, excel(t, ruled(t, in))); !again.Empty() || again.Already != 5 || len(said) > 0 {
		t.Errorf("again, in French: %v, %d already, %v", texts(again), again.Already, said)
	}
	// A column that is missing is told in the file's language.
	for language, want := range map[string]string{"fr": "décision", "en": "ruling"} {
		_, rows := writtenIn(t, in, language)
		rows[0][rulingCol] = "?"
		_, found, _ := review.Read(excel(t, rows), "revue.csv")
		if len(found) != 1 || !strings.Contains(found[0].String(), `no column "`+want+`"`) {
			t.Errorf("%s: %v", language, found)
		}
	}
}

// TestSayings: what is wrong with a file is said in the reader's language.
func TestSayings(t *testing.T) {
	in := workspace(etl.Registry{})
	for id, ruling := range map[string]string{"pair:zorgub-sante+zorgub-santee": "peut-être", "position:trifouille-telecom": "zut", "value:quidam/q1:activities": "zut", "position:nobody": "ESN"} {
		_, rows := written(t, in)
		if id == "position:nobody" {
			rows[1][idCol] = id
		}
		rule(t, rows, id, ruling)
		lines, _, _ := review.Read(excel(t, rows), "revue.csv")
		_, found := review.Take(lines, &in, etl.Run(in), "Ada", "2019-07-02")
		if len(found) != 1 {
			t.Fatal(found)
		}
		fr, frDo := found[0].Words(message.In("fr"))
		en, enDo := found[0].Words(message.In("en"))
		if fr == en || frDo == enDo || strings.ContainsAny(fr+frDo+en+enDo, "⟨⟩{}") || !strings.Contains(fr, "pas") && !strings.Contains(fr, "rien") {
			t.Errorf("%s; %s\n%s; %s", fr, frDo, en, enDo)
		}
	}
}

// TestDamage: what came back damaged is reported with its line, and nothing of
// the file is taken.
func TestDamage(t *testing.T) {
	in := workspace(etl.Registry{})
	line := func(rows [][]string, id string) int {
		return slices.IndexFunc(rows, func(r []string) bool { return strings.HasPrefix(r[idCol], id) })
	}
	cell := func(id string, col int, from, to string) func([][]string) [][]string {
		return func(r [][]string) [][]string {
			i := line(r, id)
			if !strings.Contains(r[i][col], from) {
				t.Fatalf("%q holds no %q", r[i][col], from)
			}
			r[i][col] = strings.Replace(r[i][col], from, to, 1)
			return r
		}
	}
	for _, c := range []struct {
		name  string
		harm  func([][]string) [][]string
		about string // id of the line that is reported
		code  string
	}{
		{"a date rewritten", cell("value:trifouille", seenCol, "2019-13-17", "17/13/2019"), "value:trifouille", etl.CodeReviewDamaged},
		{"an accent lost", cell("pair:", seenCol, "é", "?"), "pair:", etl.CodeReviewDamaged},
		{"a smart quote lost", cell("position:lodz", seenCol, "Œ", "?"), "position:lodz", etl.CodeReviewDamaged},
		{"the seen emptied", func(r [][]string) [][]string { r[line(r, "position:trif")][seenCol] = ""; return r }, "position:trif", etl.CodeReviewDamaged},
		{"another line's id", func(r [][]string) [][]string { r[line(r, "position:trif")][idCol] = "position:quidam"; return r }, "position:quidam", etl.CodeReviewDamaged},
		{"an id that nothing has", cell("position:trif", idCol, "telecom", "telecon"), "position:trif", etl.CodeReviewUnknown},
		{"no id", func(r [][]string) [][]string { r[line(r, "value:quidam")][idCol] = ""; return r }, "", etl.CodeReviewDamaged},
		{"a line twice", func(r [][]string) [][]string { return append(r, r[line(r, "pair:")]) }, "last", etl.CodeReviewDamaged},
		{"a line twice, once without its ruling", func(r [][]string) [][]string {
			blank := slices.Clone(r[line(r, "pair:")])
			blank[rulingCol] = ""
			return append(r, blank)
		}, "last", etl.CodeReviewDamaged},
		{"a ruling of another kind", cell("pair:", rulingCol, "même", "Éditeur de logiciels de santé"), "pair:", etl.CodeReviewRuling},
		{"a proposal confirmed where there is none", cell("position:lodz", rulingCol, "Éditeur de logiciels de santé", "oui"), "position:lodz", etl.CodeReviewRuling},
		{"a date that is none", cell("value:trif", rulingCol, "17/06/2020", "31/02/2020"), "value:trif", etl.CodeReviewRuling},
		{"an unknown successor", cell("pair:", rulingCol, "même", "successeur : Personne"), "pair:", etl.CodeReviewRuling},
		{"a column slipped by a line", func(r [][]string) [][]string {
			for i := len(r) - 1; i > 1; i-- {
				r[i][seenCol] = r[i-1][seenCol]
			}
			return r
		}, "value:quidam", etl.CodeReviewDamaged},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := c.harm(ruled(t, in))
			at := len(rows)
			if c.about != "last" {
				at = line(rows, c.about) + 1
				if c.about == "" {
					at = slices.IndexFunc(rows, func(r []string) bool { return r[idCol] == "" }) + 1
				}
			}
			if c.name == "another line's id" {
				// Both lines of the id are in question; the one ruled on does not say it.
				rows = slices.DeleteFunc(rows, func(r []string) bool { return r[idCol] == "position:quidam" && r[rulingCol] == "" })
				at = line(rows, c.about) + 1
			}
			_, said := take(t, in, excel(t, rows))
			if want := fmt.Sprintf("revue.csv:%d %s", at, c.code); !slices.Contains(said, want) {
				t.Errorf("want %s, said %v", want, said)
			}
		})
	}
	// The file as a whole. A quote that is not closed leaves the lines above it.
	_, rows := written(t, in)
	rule(t, rows, rows[1][idCol], "même")
	rule(t, rows, rows[len(rows)-1][idCol], "oui")
	open := bytes.Replace(excel(t, rows), []byte(";\r\nposition:"), []byte(";\"\r\nposition:"), 1)
	if _, said := take(t, in, open); !slices.ContainsFunc(said, func(s string) bool { return strings.HasSuffix(s, etl.CodeReviewDamaged) }) {
		t.Errorf("a quote never closed: %v\n%s", said, open)
	}
	for name, data := range map[string][]byte{
		"no column of rulings":   bytes.Replace(excel(t, ruled(t, in)), []byte(";d\xe9cision;"), []byte(";avis;"), 1),
		"two columns of rulings": bytes.Replace(excel(t, ruled(t, in)), []byte(";motif;"), []byte(";D\xe9cision;"), 1),
	} {
		if _, said := take(t, in, data); len(said) == 0 {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestLettersThatWindowsLacks: a name whose letters come back as question marks,
// or as letters like them, can be ruled on.
func TestLettersThatWindowsLacks(t *testing.T) {
	in := workspace(etl.Registry{})
	for _, seen := range []string{"« ?ód?brume Œuvre »", "« Lódzbrume Œuvre »"} {
		_, rows := written(t, in)
		rule(t, rows, "position:lodzbrume-oeuvre", "ESN")
		i := slices.IndexFunc(rows, func(r []string) bool { return r[idCol] == "position:lodzbrume-oeuvre" })
		rows[i][seenCol] = seen
		if got, said := take(t, in, excel(t, rows)); len(said) > 0 || len(got.Positions) != 1 {
			t.Errorf("%s: %v", seen, said)
		}
	}
}

// TestRulingsTakeEffect: after the rulings of a file are in the registry, the next
// run does what they say and asks no more; taking the file again finds nothing new.
func TestRulingsTakeEffect(t *testing.T) {
	in := workspace(etl.Registry{})
	rows := ruled(t, in)
	data := excel(t, rows)
	got, said := take(t, in, data)
	if len(said) > 0 {
		t.Fatal(said)
	}
	next := workspace(registry.With(etl.Registry{}, got.Additions()))
	res := etl.Run(next)
	for _, it := range res.Review {
		for _, r := range rows[1:] {
			if r[idCol] == it.ID && r[rulingCol] != "" {
				t.Errorf("asked again: %s", it.ID)
			}
		}
	}
	actors := map[string]etl.Actor{}
	for _, a := range res.Actors {
		for _, n := range a.Names {
			actors[n] = a
		}
	}
	if a, b := actors["Zorgub Santé"], actors["Zorgub Santée"]; a.ID != "zorgub-sante" || b.ID != a.ID {
		t.Errorf("%s and %s", a.ID, b.ID)
	}
	if a := actors["Trifouille Télécom"]; a.ID != "trifouille-telecom" || !a.Registered || a.Position != "telecom" || a.PositionBy != etl.ByRegistry {
		t.Errorf("%+v", a)
	}
	for _, l := range etl.Listings {
		for _, r := range res.Edition.List[l].Rows {
			if r.Name == "Trifouille Télécom" && r.Until.String() != "2020-06-17" || r.Name == "Quidam" && r.Activities.Yes.Len() != 6 {
				t.Errorf("%+v", r)
			}
		}
	}
	if again, said := take(t, next, data); !again.Empty() || again.Already != 5 || len(said) > 0 {
		t.Errorf("again: %v, %d already, %v", texts(again), again.Already, said)
	}
	// A file that says otherwise than the registry by now is not passed over.
	for id, ruling := range map[string]string{"pair:zorgub-sante+zorgub-santee": "différent", "position:trifouille-telecom": "ESN", "value:quidam/q1:activities": "5"} {
		other := ruled(t, in)
		rule(t, other, id, ruling)
		if _, said := take(t, next, excel(t, other)); len(said) != 1 || !strings.HasSuffix(said[0], etl.CodeReviewRuling) {
			t.Errorf("%s %s: %v", id, ruling, said)
		}
		lines, _, _ := review.Read(excel(t, other), "revue.csv")
		if n := review.Pending(lines, &next, res); n != 1 {
			t.Errorf("%s %s: %d pending", id, ruling, n)
		}
	}
	lines, _, _ := review.Read(data, "revue.csv")
	if n := review.Pending(lines, &next, res); n != 0 {
		t.Errorf("%d pending after all were taken", n)
	}
	if n := review.Pending(lines, &in, etl.Run(in)); n != 5 {
		t.Errorf("%d pending before", n)
	}
	lines[0].ID = "pair:gone+away"
	if n := review.Pending(lines, &next, res); n != 1 {
		t.Errorf("a ruling on a line that nothing knows: %d pending", n)
	}
}

// TestOtherRulings: different parts and is not asked again; a successor is named
// and does not merge; an empty date is a value.
func TestOtherRulings(t *testing.T) {
	const pair = "pair:zorgub-sante+zorgub-santee"
	for ruling, want := range map[string]string{
		"différent": "zorgub-sante different zorgub-santee", "DIFFERENT": "zorgub-sante different zorgub-santee",
		"successeur : Zorgub Santée": "zorgub-santee successor zorgub-sante", "Successeur\u00a0: zorgub-sante": "zorgub-sante successor zorgub-santee",
		"successor: Zorgub Santée": "zorgub-santee successor zorgub-sante", "no": "zorgub-sante different zorgub-santee",
		"successeur : « Zorgub Santé »": "zorgub-sante successor zorgub-santee",
	} {
		in := workspace(etl.Registry{})
		_, rows := written(t, in)
		rule(t, rows, pair, ruling)
		got, said := take(t, in, excel(t, rows))
		if len(said) > 0 || len(got.Decisions) != 1 {
			t.Errorf("%s: %v", ruling, said)
			continue
		}
		d := got.Decisions[0]
		if s := d.Left + " " + d.Judgement + " " + d.Right; s != want {
			t.Errorf("%s: %s", ruling, s)
		}
		res := etl.Run(workspace(registry.With(etl.Registry{}, &registry.Additions{Decisions: got.Decisions})))
		if slices.ContainsFunc(res.Review, func(it etl.ReviewItem) bool { return it.ID == pair }) {
			t.Errorf("%s: asked again", ruling)
		}
		if res.Stats.Any.Actors != etl.Run(in).Stats.Any.Actors {
			t.Errorf("%s: merged", ruling)
		}
	}
	in := workspace(etl.Registry{})
	_, rows := written(t, in)
	id := "value:trifouille-telecom/" + hash(t, in, "Trifouille Télécom") + ":until"
	var got review.Rulings
	for _, ruling := range []string{"Empty", "vide"} {
		rule(t, rows, id, ruling)
		var said []string
		if got, said = take(t, in, excel(t, rows)); len(said) > 0 || len(got.Corrections) != 1 || got.Corrections[0].Value != "" {
			t.Fatalf("%s: %v %v", ruling, texts(got), said)
		}
	}
	next := workspace(registry.With(etl.Registry{}, &registry.Additions{Corrections: got.Corrections}))
	if slices.ContainsFunc(etl.Run(next).Review, func(it etl.ReviewItem) bool { return it.ID == id }) {
		t.Error("asked again for a date that nobody knows")
	}
	if again, said := take(t, next, excel(t, rows)); !again.Empty() || len(said) > 0 {
		t.Errorf("again: %v %v", texts(again), said)
	}
}

// three is a workspace whose three names are all alike.
func three(reg etl.Registry) etl.Input {
	in := workspace(reg)
	t := in.Editions[1].Sources[etl.Approved].Table
	t.Rows = t.Rows[:1]
	for i, n := range []string{"Abracadabrant Santé", "Abracadabrantt Santé", "Abracadabranttt Santé"} {
		t.Rows = append(t.Rows, etl.TableRow{Number: i + 2, Cells: []string{n, "x", "01/01/2018", "31/12/2020"}})
	}
	return in
}

// TestRulingsThatCannotAllHold are refused before the registry has any of them.
func TestRulingsThatCannotAllHold(t *testing.T) {
	const ab, bc, ac = "pair:abracadabrant-sante+abracadabrantt-sante", "pair:abracadabrantt-sante+abracadabranttt-sante", "pair:abracadabrant-sante+abracadabranttt-sante"
	in := three(etl.Registry{})
	for _, c := range []struct {
		name    string
		reg     etl.Registry
		rulings map[string]string
		ok      bool
	}{
		{"all the same", etl.Registry{}, map[string]string{ab: "même", bc: "même", ac: "même"}, true},
		{"a chain", etl.Registry{}, map[string]string{ab: "même", bc: "même"}, true},
		{"all different", etl.Registry{}, map[string]string{ab: "différent", bc: "différent", ac: "différent"}, true},
		{"a circle that does not close", etl.Registry{}, map[string]string{ab: "même", bc: "même", ac: "différent"}, false},
		{"a successor of itself", etl.Registry{}, map[string]string{ab: "même", bc: "même", ac: "successeur : abracadabrant-sante"}, false},
		{"against the registry", etl.Registry{Decisions: []etl.RegistryDecision{{Left: "abracadabrant-sante", Right: "abracadabranttt-sante", Judgement: "different", By: "B", Date: "2019-01-01"}}}, map[string]string{ab: "même", bc: "même"}, false},
		{"two positions of one actor", etl.Registry{}, map[string]string{ab: "même", "position:abracadabrant-sante": "ESN", "position:abracadabrantt-sante": "Opérateur télécom"}, false},
		{"one position of one actor", etl.Registry{}, map[string]string{ab: "même", "position:abracadabrant-sante": "ESN", "position:abracadabrantt-sante": "ESN"}, true},
		{"positions of three, one pair left open", etl.Registry{}, map[string]string{ab: "différent", bc: "différent", "position:abracadabrant-sante": "ESN", "position:abracadabrantt-sante": "ESN", "position:abracadabranttt-sante": "ESN"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			in.Registry = c.reg
			_, rows := written(t, in)
			for id, ruling := range c.rulings {
				rule(t, rows, id, ruling)
			}
			got, said := take(t, in, excel(t, rows))
			if (len(said) == 0) != c.ok {
				t.Fatalf("said %v", said)
			}
			if !c.ok {
				return
			}
			next := three(registry.With(c.reg, got.Additions()))
			res := etl.Run(next)
			open := map[string]bool{}
			for _, it := range res.Review {
				open[it.ID] = true
				if c.rulings[it.ID] != "" {
					t.Errorf("asked again: %s", it.ID)
				}
			}
			if again, said := take(t, next, excel(t, rows)); !again.Empty() || len(said) > 0 {
				t.Errorf("again: %v, %v", texts(again), said)
			}
			// A pair that nobody ruled on is still asked, though both have a position now.
			if c.name == "positions of three, one pair left open" && !open[ac] {
				t.Errorf("%s is asked no more", ac)
			}
		})
	}
}

// TestOneIDOnBothLists: rows that have nothing but their actor to tell them have
// one id on both lists; each of their values can be ruled on all the same.
func TestOneIDOnBothLists(t *testing.T) {
	both := func(reg etl.Registry) etl.Input {
		in := workspace(reg)
		for l, cells := range [2][]string{{"Zigoto", "", "01/01/2018", "31/02/2020"}, {"Zigoto", "Infogéreur", "5", "LNE", "", "01/01/2019", "31/02/2021"}} {
			tb := in.Editions[1].Sources[l].Table
			tb.Rows = append(tb.Rows, etl.TableRow{Number: len(tb.Rows) + 1, Cells: cells})
		}
		return in
	}
	in := both(etl.Registry{})
	_, rows := written(t, in)
	rule(t, rows, "value:zigoto:until", "29/02/2020")
	rule(t, rows, "value:zigoto:until:certified", "28/02/2021")
	got, said := take(t, in, excel(t, rows))
	if len(said) > 0 {
		t.Fatal(said)
	}
	next := both(registry.With(etl.Registry{}, &registry.Additions{Corrections: got.Corrections}))
	var ends []string
	for _, l := range etl.Run(next).Edition.List {
		for _, r := range l.Rows {
			if r.Name == "Zigoto" {
				ends = append(ends, r.Until.String())
			}
		}
	}
	if !slices.Equal(ends, []string{"2020-02-29", "2021-02-28"}) {
		t.Errorf("%q", ends)
	}
	if again, said := take(t, next, excel(t, rows)); !again.Empty() || again.Already != 2 || len(said) > 0 {
		t.Errorf("again: %v %v", texts(again), said)
	}
}

func TestKeepComments(t *testing.T) {
	in := workspace(etl.Registry{})
	_, rows := written(t, in)
	rows[1][commentCol] = "à vérifier avec Zoé"
	old, _, _ := review.Read(excel(t, rows), "revue.csv")
	lines := review.Lines(etl.Run(in).Review, &in.Reference, "fr")
	review.KeepComments(lines, old)
	for i, l := range lines {
		if (l.Comment != "") != (i == 0) {
			t.Errorf("%s: %q", l.ID, l.Comment)
		}
	}
}

// TestNoBreakSpaces: no line of a cell begins with a closing sign, in a file that Excel has
// saved neither, and a file with plain spaces asks the same.
func TestNoBreakSpaces(t *testing.T) {
	in := workspace(etl.Registry{})
	lines := review.Lines(etl.Run(in).Review, &in.Reference, "fr")
	for _, l := range lines {
		for _, cell := range []string{l.Seen, l.Reason} {
			if regexp.MustCompile(`« | [»:;?!]`).MatchString(cell) {
				t.Errorf("%s: %q may break before a sign", l.ID, cell)
			}
		}
	}
	_, rows := written(t, in)
	plain := make([][]string, len(rows))
	for i, r := range rows {
		plain[i] = slices.Clone(r)
		for k := range r {
			plain[i][k] = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(r[k])
		}
	}
	if slices.EqualFunc(plain, rows, slices.Equal) {
		t.Error("the file has plain spaces only")
	}
	for name, file := range map[string][][]string{"saved by Excel": rows, "plain": plain} {
		old, _, _ := review.Read(excel(t, file), "revue.csv")
		old = slices.DeleteFunc(old, func(l review.Line) bool { return strings.Contains(l.Seen, "?") }) // of letters that Windows lacks
		here := slices.DeleteFunc(slices.Clone(lines), func(l review.Line) bool { return strings.Contains(l.Seen, "Ł") })
		if len(here) < 5 || !review.Same(here, old) {
			t.Errorf("%s: another review than\n%+v\nis\n%+v", name, here, old)
		}
	}
}
