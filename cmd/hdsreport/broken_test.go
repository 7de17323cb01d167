package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/source"
)

// brokenSource is one way in which a source breaks, and what becomes of it. Each is
// served to fetch, which refuses it under a code or takes it for the list; and each is
// a file of the newest edition, put there by fetch or by hand, which run refuses or
// takes, saying a code. Whoever refuses leaves every file as it was.
type brokenSource struct {
	name string
	list etl.Listing
	kind string // the media type that the server gives
	file string // the ending that a person gives
	data func(good [][]string) []byte
	// fetch is the code under which it is refused; taken, or nothingNew.
	fetch string
	// run is its exit code and a code that it, or check, says; "0" alone is not reported
	// at all.
	run string
}

const (
	taken      = ""
	nothingNew = "nothing is new"
)

// The columns of the sample lists, from 0.
const (
	appName, appService, appFrom, appUntil  = 1, 2, 3, 4
	certName, certType, certFirst, certBody = 0, 1, 2, 8
)

var brokenSources = []brokenSource{
	// Rows.
	{"half the rows gone", etl.Approved, "text/csv", "csv", rows(func(r [][]string) [][]string { return r[:1+len(r)/2] }), taken, "3 actors-lost"},
	{"a fifth of the rows gone", etl.Approved, "text/csv", "csv", rows(func(r [][]string) [][]string { return r[:len(r)*3/4] }), taken, "3 actors-lost"},
	{"header only", etl.Approved, "text/csv", "csv", rows(func(r [][]string) [][]string { return r[:1] }), "listing-empty", "3 listing-empty"},
	{"an empty table", etl.Certified, "text/html", "html", text("<!DOCTYPE html><title>Hébergeurs certifiés</title><table></table>"), "html-no-table", "1 html-no-table"},
	{"one row", etl.Approved, "text/csv", "csv", rows(func(r [][]string) [][]string { return r[:2] }), taken, "3 actors-lost"},
	{"one row a thousand times", etl.Approved, "text/csv", "csv", rows(func(r [][]string) [][]string {
		for range 1000 {
			r = append(r, r[1])
		}
		return r
	}), taken, "3 rows-repeated"},
	{"one row a thousand times and nothing else", etl.Approved, "text/csv", "csv", rows(func(r [][]string) [][]string {
		out := r[:1:1]
		for range 1000 {
			out = append(out, r[1])
		}
		return out
	}), taken, "3 actors-lost"},
	{"every row twice", etl.Certified, "text/csv", "csv", rows(func(r [][]string) [][]string { return append(r, r[1:]...) }), taken, "3 rows-repeated"},
	{"rows of both lists", etl.Approved, "text/csv", "csv", func(good [][]string) []byte {
		return asText(append(good, table(etl.Certified)[1:]...))
	}, taken, "0 row-too-long"}, // reported, but the gate lets three invented actors through
	{"thrice as many actors", etl.Approved, "text/csv", "csv", rows(func(r [][]string) [][]string {
		for i := range 2 * len(r) {
			more := slices.Clone(r[1])
			more[appName] = fmt.Sprintf("Société Fictive %c%c", 'A'+i%26, 'a'+i/26)
			r = append(r, more)
		}
		return r
	}), taken, "3 actors-gained"},
	{"the last edition's file again", etl.Certified, "text/html", "html", file("editions/2019-06-17/certifies.html"), nothingNew, "0 source-same"},
	{"an old edition's file again", etl.Certified, "text/csv", "csv", file("editions/2019-02/certifies.csv"), taken, "3 actors-lost"},

	// Columns.
	{"columns swapped, headings and all", etl.Approved, "text/csv", "csv", rows(swap(appName, appUntil)), taken, "0"},
	{"values under each other's headings", etl.Approved, "text/csv", "csv", rows(below(swap(appFrom, appUntil))), taken, "3 values-unreadable"},
	{"names and services exchanged", etl.Approved, "text/csv", "csv", rows(below(swap(appName, appService))), taken, "3 actors-lost"},
	{"one column shifted", etl.Approved, "text/csv", "csv", rows(below(func(r [][]string) [][]string {
		for i := range r {
			r[i] = append([]string{"x"}, r[i]...)
		}
		return r
	})), taken, "3 actors-lost"},
	{"the name's heading renamed", etl.Approved, "text/csv", "csv", rows(cell(0, appName, "Bénéficiaire du label")), "column-missing", "3 column-missing"},
	{"a date's heading renamed", etl.Approved, "text/csv", "csv", rows(cell(0, appUntil, "Terme")), taken, "3 column-emptied"},
	{"no headings", etl.Approved, "text/csv", "csv", rows(func(r [][]string) [][]string { return r[1:] }), "header-missing", "3 header-missing"},
	{"a heading twice", etl.Approved, "text/csv", "csv", rows(cell(0, appService, "Date de début d'agrément")), "header-duplicate", "3 header-duplicate"},
	{"the other list", etl.Approved, "text/csv", "csv", func([][]string) []byte { return asText(table(etl.Certified)) }, "listing-other", "3 listing-other"},
	{"another table altogether", etl.Approved, "text/csv", "csv", text("produit;prix\npomme;2\npoire;3\n"), "header-missing", "3 header-missing"},
	{"columns merged", etl.Approved, "text/csv", "csv", rows(func(r [][]string) [][]string {
		for i := range r {
			r[i] = []string{strings.Join(r[i], " - ")}
		}
		return r
	}), "header-missing", "3 header-missing"},

	// Values.
	{"dates as in America", etl.Approved, "text/csv", "csv", rows(dates(func(d, m, y string) string { return m + "/" + d + "/" + y })), taken, "3 values-unreadable"},
	{"dates as in America that can all be read", etl.Approved, "text/csv", "csv", rows(dates(func(d, m, y string) string {
		if d > "12" {
			return d + "/" + m + "/" + y
		}
		return m + "/" + d + "/" + y
	})), taken, "3 rows-changed"},
	{"years of two digits", etl.Approved, "text/csv", "csv", rows(dates(func(d, m, y string) string { return d + "/" + m + "/" + y[2:] })), taken, "0 date-converted"},
	{"dates ten years back", etl.Certified, "text/csv", "csv", rows(dates(func(d, m, y string) string {
		year, _ := strconv.Atoi(y)
		return fmt.Sprintf("%s/%s/%d", d, m, year-10)
	})), taken, "0 date-implausible"}, // only four rows of the sample state an end: too few for ends-passed
	{"dates empty", etl.Approved, "text/csv", "csv", rows(below(column("", appFrom, appUntil))), taken, "3 column-emptied"},
	{"dates that are words", etl.Approved, "text/csv", "csv", rows(below(column("voir fiche", appFrom, appUntil))), taken, "3 values-unreadable"},
	{"names empty", etl.Approved, "text/csv", "csv", rows(below(column("", appName))), "listing-empty", "3 listing-empty"},
	{"names all the same", etl.Approved, "text/csv", "csv", rows(below(column("Hébergeur", appName))), taken, "3 actors-lost"},
	{"names in capitals", etl.Approved, "text/csv", "csv", rows(below(func(r [][]string) [][]string {
		for i := range r {
			r[i][appName] = strings.ToUpper(r[i][appName])
		}
		return r
	})), taken, "0"},
	{"names cut at ten letters", etl.Approved, "text/csv", "csv", rows(below(func(r [][]string) [][]string {
		for i := range r {
			name := []rune(r[i][appName])
			r[i][appName] = string(name[:min(10, len(name))])
		}
		return r
	})), taken, "3 actors-lost"},
	{"names that are numbers", etl.Approved, "text/csv", "csv", rows(below(func(r [][]string) [][]string {
		for i := range r {
			r[i][appName] = fmt.Sprintf("%d.0", 1000+i)
		}
		return r
	})), taken, "3 actors-lost"},
	{"all activities Non", etl.Certified, "text/csv", "csv", rows(below(column("Non", certFirst, certFirst+1, certFirst+2, certFirst+3, certFirst+4, certFirst+5))), taken, "3 column-emptied"},
	{"all activities empty", etl.Certified, "text/csv", "csv", rows(below(column("", certFirst, certFirst+1, certFirst+2, certFirst+3, certFirst+4, certFirst+5))), taken, "3 column-emptied"},
	{"certificate types of another kind", etl.Certified, "text/csv", "csv", rows(below(column("ISO 27001", certType))), taken, "3 values-unreadable"},
	{"an enormous cell", etl.Approved, "text/csv", "csv", rows(cell(1, appService, strings.Repeat("prestation ", 5000))), "text-too-long", "3 text-too-long"},
	{"spreadsheet errors", etl.Approved, "text/csv", "csv", rows(below(column("#REF!", appFrom, appUntil, appService))), taken, "3 values-unreadable"},
	{"a formula for a name", etl.Approved, "text/csv", "csv", rows(cell(1, appName, `=HYPERLINK("https://example.org";"x")`)), taken, "0"},

	// Encoding.
	{"mojibake throughout", etl.Approved, "text/csv", "csv", func(good [][]string) []byte { return mojibake(asText(good)) }, nothingNew, "0 mojibake-repaired"},
	{"mojibake twice", etl.Approved, "text/csv", "csv", func(good [][]string) []byte { return mojibake(mojibake(asText(good))) }, nothingNew, "0 mojibake-repaired"},
	{"accents lost", etl.Approved, "text/csv", "csv", func(good [][]string) []byte {
		return bytes.Map(func(r rune) rune {
			if r > 127 {
				return '?'
			}
			return r
		}, asText(good))
	}, "header-missing", "3 header-missing"},
	{"UTF-16 without a mark", etl.Approved, "text/csv", "csv", func(good [][]string) []byte { return inUTF16(asText(good)) }, nothingNew, "0"},
	{"UTF-16 said to be UTF-8", etl.Certified, "text/html; charset=utf-8", "html", func(good [][]string) []byte { return inUTF16(asPage(good)) }, nothingNew, "0"},

	// Files of another kind.
	{"0 bytes", etl.Approved, "text/csv", "csv", text(""), "source-empty", "1 source-empty"},
	{"blanks", etl.Approved, "text/csv", "csv", text(" \n;;;\n\n"), "source-blank", "1 source-blank"},
	{"rubbish", etl.Approved, "text/csv", "csv", func([][]string) []byte {
		out := make([]byte, 4096)
		for i := range out {
			out[i] = byte(i * i >> 3)
		}
		return out
	}, "source-binary", "1 source-binary"},
	{"a PDF", etl.Approved, "application/pdf", "pdf", text("%PDF-1.7\n%âãÏÓ\n1 0 obj\n"), "source-pdf", "1 source-pdf"},
	{"a PDF said to be a page", etl.Approved, "text/html", "html", text("%PDF-1.7\n1 0 obj\n"), "source-pdf", "1 source-pdf"},
	{"a workbook with a password", etl.Approved, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", func(good [][]string) []byte { return asXLSX(good, "secret") }, "source-encrypted", "1 source-encrypted"},
	{"a zip archive of the list", etl.Approved, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", func(good [][]string) []byte { return zipped("liste.csv", asText(good)) }, "source-zip", "1 source-zip"},
	{"a Word document", etl.Approved, "application/octet-stream", "docx", func([][]string) []byte { return zipped("word/document.xml", []byte("<w:document/>")) }, "source-office", "1 source-office"},
	{"gzip bytes", etl.Approved, "text/csv", "csv", text("\x1f\x8b\x08\x00\x00\x00\x00\x00"), "source-archive", "1 source-archive"},

	// Cut off.
	{"a text cut in half", etl.Approved, "text/csv", "csv", func(good [][]string) []byte {
		b := asText(good)
		half := len(b)/2 + bytes.IndexByte(b[len(b)/2:], '\n')
		return b[:half+1+bytes.IndexByte(b[half:], ';')+3]
	}, "csv-truncated", "3 csv-truncated"},
	{"a text cut in its last row", etl.Approved, "text/csv", "csv", func(good [][]string) []byte {
		b := bytes.TrimRight(asText(good), "\n")
		last := bytes.LastIndexByte(b, '\n')
		return b[:last+1+bytes.LastIndexByte(b[last+1:], ';')-10]
	}, "csv-truncated", "3 csv-truncated"},
	{"a page cut in half", etl.Certified, "text/html", "html", func(good [][]string) []byte { b := asPage(good); return b[:len(b)/2] }, "html-truncated", "3 html-truncated"},
	{"a workbook cut in half", etl.Certified, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", func(good [][]string) []byte { b := asXLSX(good, ""); return b[:len(b)/2] }, "source-damaged", "1 source-damaged"},
	{"JSON cut in half", etl.Certified, "application/json", "json", func(good [][]string) []byte { b := asJSON(good); return b[:len(b)/2] }, "json-syntax", "1 json-syntax"},

	// Pages in the place of the list.
	{"a login page", etl.Certified, "text/html", "html", text(`<!DOCTYPE html><title>Connexion</title><form><table><tr><td>Identifiant<td><input name=u></tr><tr><td>Mot de passe<td><input type=password></tr></table></form>`), "fetch-login", "1 html-login"},
	{"a login page called CSV", etl.Approved, "text/csv", "csv", text(`<html><head><title>ANS</title></head><body><form><input type="password"></form></body></html>`), "fetch-login", "1 html-login"},
	{"an error page", etl.Certified, "text/html", "html", text(`<!DOCTYPE html><title>Erreur 503</title><h1>Service momentanément indisponible</h1>`), "fetch-error-page", "1 html-error-page"},
	{"an error page with a table", etl.Certified, "text/html", "html", text(`<!DOCTYPE html><title>Page introuvable</title><table><tr><td>Accueil<td>Plan du site</tr></table>`), "fetch-error-page", "1 html-error-page"},
	{"a captcha", etl.Certified, "text/html", "html", text(`<!DOCTYPE html><title>ANS</title><div class="g-recaptcha" data-sitekey="x"></div><p>Cochez la case</p>`), "fetch-robot", "1 html-no-table"},
	{"a page that scripts fill", etl.Certified, "text/html", "html", text(`<!DOCTYPE html><title>Annuaire</title><div id="app"></div><noscript>Activez JavaScript</noscript><script src="app.js"></script>`), "fetch-script", "1 html-no-table"},
	{"a JSON error", etl.Certified, "application/json", "json", text(`{"status":500,"error":"Internal Server Error"}`), "json-no-table", "1 json-no-table"},
	{"a JSON error of one text", etl.Certified, "application/json", "json", text(`"not found"`), "header-missing", "3 header-missing"},
	{"an XML error", etl.Certified, "application/xml", "xml", text(`<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>`), "source-xml", "1 source-xml"},
	{"an error in words", etl.Certified, "text/csv", "csv", text("Internal Server Error"), "header-missing", "3 header-missing"},
	{"a page of other tables", etl.Certified, "text/html", "html", text(`<!DOCTYPE html><title>Statistiques</title><table><tr><th>Année<th>Nombre</tr><tr><td>2018<td>7</tr><tr><td>2019<td>19</tr></table>`), "header-missing", "3 header-missing"},
	{"tables within tables", etl.Certified, "text/html", "html", func(good [][]string) []byte {
		return []byte("<!DOCTYPE html><title>Liste</title><table><tr><td>Menu<td>" + string(asPage(good)) +
			"</td></tr></table>")
	}, nothingNew, "0"},
}

// TestBrokenSources holds the table.
func TestBrokenSources(t *testing.T) {
	base := t.TempDir()
	if err := os.CopyFS(base, inputs{os.DirFS("../../samples")}); err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile(filepath.Join(base, config.FileName))
	if err != nil {
		t.Fatal(err)
	}
	whole := place{base, "2019-06-17"}
	whole.write(t, config.FileName, string(was)+"\noutput: hds.xlsx\n")
	whole.want(t, 0, "run")
	for _, c := range brokenSources {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			data := c.data(table(c.list))
			other := etl.Listings[1-int(c.list)]
			t.Run("fetched", func(t *testing.T) {
				p := copyOf(t, whole)
				s := newSite(t)
				s.set("/"+c.list.FileName(), body(c.kind, data))
				s.set("/"+other.FileName(), body("text/csv", asText(table(other))))
				p.write(t, config.FileName, p.tree(t)[config.FileName]+settingsOf(s))
				before := p.tree(t)
				code, out, told := p.do(t, "fetch")
				refused := c.fetch != taken && c.fetch != nothingNew
				switch {
				case refused && (code != exitRefused || !strings.Contains(told, "["+c.fetch+"]")):
					t.Fatalf("exit %d, want a refusal [%s]:\n%s", code, c.fetch, told)
				case !refused && code != exitDone:
					t.Fatalf("exit %d:\n%s", code, told)
				case c.fetch == nothingNew && out != "":
					t.Fatalf("something is new:\n%s", told)
				case c.fetch == taken && out == "":
					t.Fatalf("nothing is new:\n%s", told)
				case c.fetch == taken:
					runs(t, p, c.run)
				default:
					if diff := cmp.Diff(before, p.tree(t)); diff != "" {
						t.Errorf("something was written:\n%s", diff)
					}
				}
			})
			t.Run("by hand", func(t *testing.T) {
				p := copyOf(t, whole)
				p.write(t, "editions/2019-07-02/"+c.list.FileName()+"."+c.file, string(data))
				p.write(t, "editions/2019-07-02/"+other.FileName()+".csv", string(asText(table(other))))
				runs(t, p, c.run)
			})
		})
	}
}

// runs wants a run's verdict, and what was published as it was where it refuses.
func runs(t *testing.T, p place, verdict string) {
	t.Helper()
	want, finding, _ := strings.Cut(verdict, " ")
	before := p.tree(t)
	_, listed, _ := p.do(t, "check")
	code, _, told := p.do(t, "run")
	if fmt.Sprint(code) != want || finding != "" && !strings.Contains(told+listed, "["+finding+"]") {
		t.Errorf("exit %d, want %s:\n%s%s", code, verdict, told, listed)
	}
	if code == exitDone {
		return
	}
	if diff := cmp.Diff(before, p.tree(t)); diff != "" {
		t.Errorf("something was written:\n%s", diff)
	}
}

func settingsOf(s *site) string {
	return fmt.Sprintf("\nlists:\n  approved:\n    download: %s/agrees\n  certified:\n    download: %s/certifies\n",
		s.URL, s.URL)
}

func copyOf(t *testing.T, p place) place {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(p.dir)); err != nil {
		t.Fatal(err)
	}
	return place{dir, "2019-07-02"}
}

// table is a list of the newest sample edition: its header and its rows, of full
// width.
func table(l etl.Listing) [][]string {
	name := map[etl.Listing]string{etl.Approved: "agrees.csv", etl.Certified: "certifies.html"}[l]
	ref := config.Reference()
	h := etl.NewHeaders(&ref, l)
	t, _, err := source.ReadFile("../../samples/editions/2019-06-17/"+name, name,
		source.Options{Recognise: h.Recognise})
	if err != nil {
		panic(err)
	}
	var out [][]string
	for _, r := range t.Rows {
		if len(out) == 0 && h.Recognise(r.Cells) < 3 {
			continue
		}
		cells := slices.Clone(r.Cells)
		if len(out) > 0 && slices.Equal(cells, out[0]) {
			continue // the header again
		}
		for len(out) > 0 && len(cells) < len(out[0]) {
			cells = append(cells, "")
		}
		out = append(out, cells)
	}
	return out
}

// rows changes the rows and writes them as a text.
func rows(change func([][]string) [][]string) func([][]string) []byte {
	return func(good [][]string) []byte { return asText(change(good)) }
}

// below changes the rows and leaves the header.
func below(change func([][]string) [][]string) func([][]string) [][]string {
	return func(r [][]string) [][]string { return append(r[:1:1], change(r[1:])...) }
}

func swap(a, b int) func([][]string) [][]string {
	return func(r [][]string) [][]string {
		for _, cells := range r {
			cells[a], cells[b] = cells[b], cells[a]
		}
		return r
	}
}

func cell(row, col int, text string) func([][]string) [][]string {
	return func(r [][]string) [][]string {
		r[row][col] = text
		return r
	}
}

func column(text string, cols ...int) func([][]string) [][]string {
	return func(r [][]string) [][]string {
		for _, cells := range r {
			for _, col := range cols {
				cells[col] = text
			}
		}
		return r
	}
}

// dates writes every date in another way.
func dates(write func(d, m, y string) string) func([][]string) [][]string {
	return func(r [][]string) [][]string {
		for _, cells := range r {
			for i, c := range cells {
				if at, ok := etl.ParseDate(c); ok && at.Full() {
					cells[i] = write(fmt.Sprintf("%02d", at.Day), fmt.Sprintf("%02d", at.Month), fmt.Sprint(at.Year))
				}
			}
		}
		return r
	}
}

func text(s string) func([][]string) []byte { return func([][]string) []byte { return []byte(s) } }

func file(name string) func([][]string) []byte {
	return func([][]string) []byte {
		data, err := os.ReadFile(filepath.Join("../../samples", name))
		if err != nil {
			panic(err)
		}
		return data
	}
}

func asText(r [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = ';'
	w.WriteAll(r)
	return b.Bytes()
}

func asPage(r [][]string) []byte {
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>Hébergeurs certifiés</title></head><body><table>\n")
	for _, cells := range r {
		b.WriteString("<tr>")
		for _, c := range cells {
			b.WriteString("<td>" + strings.ReplaceAll(html.EscapeString(c), "\n", "<br>") + "</td>")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table></body></html>\n")
	return b.Bytes()
}

func asJSON(r [][]string) []byte {
	data, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return data
}

func asXLSX(r [][]string, password string) []byte {
	f := excelize.NewFile()
	defer f.Close()
	for i, cells := range r {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			panic(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: password}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func zipped(name string, data []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		panic(err)
	}
	w.Write(data)
	z.Close()
	return b.Bytes()
}

// mojibake is UTF-8 taken for Windows-1252 and written as UTF-8.
func mojibake(data []byte) []byte {
	out, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		panic(err)
	}
	return out
}

func inUTF16(data []byte) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(string(data))) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// TestBrokenServers: what a server does in the place of giving the list, the exit code,
// and what is said; nothing is written.
func TestBrokenServers(t *testing.T) {
	list := asText(table(etl.Approved))
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
		}
	}
	for _, c := range []struct {
		name string
		at   http.HandlerFunc
		code int
		says string
	}{
		{"redirects to a login", status(302, "Location", "/connexion"), 3, "refused: this is a login page, not the list (redirected to"},
		{"redirects to the list by way of a login", status(302, "Location", "/sso/liste.csv"), 0, "nothing is new"},
		{"redirects in a ring", status(302, "Location", "/agrees"), 3, "[fetch-redirects]"},
		{"redirects to a file", status(302, "Location", "file:///etc/passwd"), 3, "[fetch-redirect]"},
		{"is not there", status(404), 3, "the server answers 404 Not Found"},
		{"wants a login", status(401), 3, "the server answers 401 Unauthorized"},
		{"is overloaded", status(503, "Retry-After", "0"), 1, "the server answers 503 Service Unavailable, 5 times"},
		{"wants an hour", status(503, "Retry-After", "3600"), 1, "asks to wait 1h0m0s"},
		{"has nothing", status(204), 3, "the server answers 204 No Content"},
		{"calls the list a page", body("text/html", list), 0, "nothing is new"},
		{"calls the list a PDF", body("application/pdf", list), 0, "nothing is new"},
		{"calls a page a text", body("text/csv", []byte("<!DOCTYPE html><title>ANS</title><p>Bienvenue</p>")), 3, "(the server calls it text/csv) [html-no-table]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.set("/agrees", c.at)
			s.set("/certifies", body("text/csv", asText(table(etl.Certified))))
			s.set("/connexion", body("text/html", []byte("<!DOCTYPE html><title>Espace personnel</title><p>Votre identifiant</p>")))
			s.set("/sso/liste.csv", body("text/csv", list))
			p := newPlace(t, settings(s))
			p.write(t, "editions/2019-06/agrees.csv", string(list))
			p.write(t, "editions/2019-06/certifies.csv", string(asText(table(etl.Certified))))
			before := p.tree(t)
			if _, told := p.want(t, c.code, "fetch"); !strings.Contains(told, c.says) {
				t.Errorf("%s does not say %q", told, c.says)
			}
			if diff := cmp.Diff(before, p.tree(t)); diff != "" {
				t.Errorf("something was written:\n%s", diff)
			}
		})
	}
}
