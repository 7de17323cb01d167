package main

import (
	"encoding/xml"
	"io"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// shownTexts are the texts of a page as readers get them: block by block, and what only some of
// them hear or see later. What is hidden is for programs.
func shownTexts(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	var block strings.Builder
	end := func() {
		if said := strings.TrimSpace(block.String()); said != "" {
			out = append(out, said)
		}
		block.Reset()
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			block.WriteString(n.Data)
			return
		}
		if n.Type == html.ElementNode {
			if n.Data == "style" || n.Data == "script" {
				return
			}
			for _, a := range n.Attr {
				switch {
				case a.Key == "hidden" && n.Data != "form":
					return
				case slices.Contains([]string{"aria-label", "alt", "title", "data-all", "data-some", "data-one", "data-none",
					"data-stale"}, a.Key):
					out = append(out, a.Val)
				case a.Key == "content" && strings.Contains(a.Val, " "):
					out = append(out, a.Val)
				}
			}
		}
		inline := slices.Contains([]string{"a", "b", "bdi", "small", "span", "time", "code", "br"}, n.Data)
		if !inline {
			end()
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if !inline {
			end()
		}
	}
	walk(root)
	return out
}

// lonePlace is a workspace of three editions that has one list alone.
func lonePlace(t *testing.T, language, list, other string, ended bool) place {
	t.Helper()
	settings := "report:\n  language: " + language + "\ngate: {unclassified: 1, lost: 1, gained: 1, ended: 1}\n"
	if ended {
		settings += "lists: {" + other + ": {ended: 2018-01-01}}\n"
	}
	p := newPlace(t, settings)
	for i, edition := range []string{"2019-04", "2019-05", "2019-06"} {
		last := []string{"Trois;2020-02-01", "Quatre;2020-02-01", "Cinq;2019-05-15"}[i]
		if list == "approved" {
			p.write(t, "editions/"+edition+"/agrees.csv", "Hébergeur;Fin d'agrément;Prestation\n"+
				strings.Join([]string{"Un;2020-01-01;a", "Deux;2019-08-01;b", last + ";c"}, "\n")+"\n")
			continue
		}
		p.write(t, "editions/"+edition+"/certifies.csv", "Hébergeur;Date de fin;Type de certificat;Activités\n"+
			strings.Join([]string{"Un;2020-01-01;Infogéreur;1, 5", "Deux;2019-08-01;Infogéreur;1, 5", last + ";Infogéreur;5"}, "\n")+"\n")
	}
	return p
}

// TestLoneListSite: where there is one list alone, no page, chart or entry of the feed speaks of
// two, and the other list is named where it is said that there is none.
func TestLoneListSite(t *testing.T) {
	both := map[string]*regexp.Regexp{
		"fr": regexp.MustCompile(`(?i)\blistes\b|au moins une liste|aucune liste|sur une liste|par liste|^ensemble\b` +
			`|agréments? ou|agréés et|régime à l|\btoutes\b.*\bagréés`),
		"en": regexp.MustCompile(`(?i)\blists\b|at least one list|on no list|on a list|by list|^together\b` +
			`|approvals? or|approved and|regime to`),
	}
	words := map[string]map[string]*regexp.Regexp{
		"fr": {"approved": regexp.MustCompile(`(?i)agré(?:é|m)`), "certified": regexp.MustCompile(`(?i)certifi`)},
		"en": {"approved": regexp.MustCompile(`(?i)approv`), "certified": regexp.MustCompile(`(?i)certifi`)},
	}
	// A list that is only missing has its figures, n.d., and they their names.
	sentences := regexp.MustCompile(`(?i)^\d.* (?:au moins une liste|at least one list)|aucune liste|no list|sur une liste|on a list` +
		`|listes en chiffres|lists in figures|agréments ou certif|approvals or certif|agréments et certif|approvals and certif` +
		`|plusieurs agréments ou|several approvals or`)
	// Where it is said that the list has ended or is missing.
	allowed := regexp.MustCompile(`(?i)régime|regime|manque|missing|n\.d\.|n\.a\.|n’est pas disponible|not available` +
		`|on ne sait pas|not known|^Acteurs? (?:agréés|certifiés)$|^(?:Approved|Certified) actors?$`)
	for _, language := range []string{"fr", "en"} {
		for list, other := range map[string]string{"approved": "certified", "certified": "approved"} {
			for _, ended := range []bool{true, false} {
				p := lonePlace(t, language, list, other, ended)
				where := filepath.Join(p.dir, "site")
				args := []string{"run", "--config", filepath.Join(p.dir, "hdsreport.yaml"), "--site", where}
				if !ended {
					args = append(args, "--accept", "listing-missing", "--by", "X", "--reason", "ok")
				}
				if code, _, told := speaking(t, nil, args...); code != exitDone {
					t.Fatal(told)
				}
				site := siteFiles(t, where)
				for _, name := range slices.Sorted(maps.Keys(site)) {
					text := site[name]
					var texts []string
					switch filepath.Ext(name) {
					case ".svg":
						if ended && other == "certified" && strings.Contains(name, "activities") {
							continue // its address stays, and nothing leads there
						}
						fallthrough
					case ".html":
						texts = shownTexts(t, text)
					case ".xml":
						texts = xmlTexts(t, text)
					default:
						continue
					}
					for _, said := range texts {
						speaks := both[language]
						if !ended {
							speaks = sentences
						}
						if m := speaks.FindString(said); m != "" {
							t.Errorf("%s, %s alone, ended %t: %s speaks of two lists (%s): %s", language, list, ended, name, m, said)
						}
						if ended && words[language][other].MatchString(said) && !allowed.MatchString(said) {
							t.Errorf("%s, %s alone: %s speaks of the other list: %s", language, list, name, said)
						}
						if ended && regexp.MustCompile(`^n\.[da]\.$`).MatchString(said) {
							t.Errorf("%s, %s alone: %s says %s", language, list, name, said)
						}
					}
				}
				if !strings.Contains(site["index.html"], `<html lang="`+language+`"`) {
					t.Fatal("the site is in another language")
				}
				empty := map[string]string{"approved": "agrees", "certified": "certifies"}[other]
				if found := regexp.MustCompile(`<a href="data/` + empty + `\.csv" download>([^<]*)`).FindStringSubmatch(
					site["index.html"]); found == nil || !allowed.MatchString(found[1]) {
					t.Errorf("%s, %s alone, ended %t: the empty table is offered as %q", language, list, ended, found)
				}
				if ended {
					loneSummary(t, language, list, site["data/hds.xlsx"])
				}
				if !strings.Contains(site["index.html"], `data-figure="positions.esn.`+other+`" data-value=""`) {
					t.Errorf("%s alone, ended %t: programs no longer find the figures of the other list", list, ended)
				}
			}
		}
	}
}

// TestPagesHaveNoSheets: what a page says of its figures names nothing that only a workbook has.
func TestPagesHaveNoSheets(t *testing.T) {
	sheets := regexp.MustCompile(`(?i)onglet|\bcolonne\b|\bcellules?\b|italique|\bsheets?\b|\bcolumns?\b|\bcells?\b|italics` +
		`|\bpart parmi|\bshare among`)
	allowed := regexp.MustCompile(`Excel|Origine de la ligne|n’a pas de colonne pour elle|has no column for it`)
	for _, language := range []string{"fr", "en"} {
		sites := map[string]string{"both": siteOf(t, "../../samples", language)}
		p := lonePlace(t, language, "certified", "approved", true)
		sites["lone"] = filepath.Join(p.dir, "site")
		if code, _, told := speaking(t, nil, "run", "--config", filepath.Join(p.dir, "hdsreport.yaml"),
			"--site", sites["lone"]); code != exitDone {
			t.Fatal(told)
		}
		for which, dir := range sites {
			for name, text := range siteFiles(t, dir) {
				if filepath.Ext(name) != ".html" {
					continue
				}
				for _, said := range shownTexts(t, text) {
					if m := sheets.FindString(said); m != "" && !allowed.MatchString(said) {
						t.Errorf("%s, %s: %s says %s: %s", language, which, name, m, said)
					}
				}
			}
		}
	}
}

// loneSummary: nor does the summary of the workbook.
func loneSummary(t *testing.T, language, list, workbook string) {
	t.Helper()
	both := map[string]*regexp.Regexp{
		"fr": regexp.MustCompile(`(?i)deux listes|moins une liste|par liste|agréés et certifiés|agréments? (?:\([^)]*\) )?ou |régime à l`),
		"en": regexp.MustCompile(`(?i)both lists|one list|by list|approved and certified|approvals? (?:\([^)]*\) )?or |regime to`),
	}
	for name, text := range parts(t, workbook) {
		if strings.Contains(name, "sheet3") || strings.Contains(name, "chart") || strings.Contains(name, "drawing") ||
			strings.Contains(name, "docProps") {
			if at := both[language].FindStringIndex(text); at != nil {
				t.Errorf("%s, %s alone: %s of the workbook speaks of two lists: %s", language, list, name,
					text[max(0, at[0]-100):min(len(text), at[1]+100)])
			}
		}
	}
}

// xmlTexts are the texts of a document that is XML, and what its attributes say.
func xmlTexts(t *testing.T, text string) []string {
	t.Helper()
	var out []string
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			out = append(out, string(token))
		case xml.StartElement:
			for _, a := range token.Attr {
				if a.Name.Local == "label" {
					out = append(out, a.Value)
				}
			}
		}
	}
}

// TestDatesStayWhole: no date of ours within a text can be broken at the end of a line. The
// newsroom's texts stay as typed, and a drawing has no lines to break.
func TestDatesStayWhole(t *testing.T) {
	broken := regexp.MustCompile(`[0-9]+(?:er)? (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre` +
		`|décembre|January|February|March|April|May|June|July|August|September|October|November|December)\b.*`)
	for _, language := range []string{"fr", "en"} {
		site := siteFiles(t, siteOf(t, "../../samples", language))
		for name, text := range site {
			texts := []string{text}
			switch filepath.Ext(name) {
			case ".html":
				texts = shownTexts(t, text)
			case ".xml":
				texts = xmlTexts(t, text)
			case ".json":
				if !strings.HasSuffix(name, ".schema.json") {
					continue
				}
			default:
				continue
			}
			for _, said := range texts {
				if m := broken.FindString(said); m != "" && m != said && !strings.Contains(said, "mind Health") {
					t.Errorf("%s, %s: %.60s", language, name, m)
				}
			}
		}
		if !strings.Contains(site["data/agrees.schema.json"], "1er\u00a0avril\u00a02018 au 30\u00a0mars\u00a02019") {
			t.Error("the schema does not say which approvals were extended")
		}
		for name, text := range parts(t, site["data/hds.xlsx"]) {
			for _, said := range regexp.MustCompile(`>[^<]*</t>`).FindAllString(text, -1) {
				if m := broken.FindString(said); m != "" && m != said[1:] && // a heading of a column may be in two lines
					!strings.Contains(said, "mind Health") {
					t.Errorf("%s, %s: %.60s", language, name, m)
				}
			}
		}
	}
}

// TestListAfterItsEnd: a list of which a file is there in an edition after its end is counted,
// with a warning, and what is said of an actor follows: figures, status, the site's pages and
// documents say the same. Once an edition lacks it, the answer is no.
func TestListAfterItsEnd(t *testing.T) {
	p := newPlace(t, "report: {language: en}\ngate: {unclassified: 1, lost: 1}\nlists: {approved: {ended: 2019-05-01}}\n")
	for _, edition := range []string{"2019-04", "2019-06"} {
		p.write(t, "editions/"+edition+"/agrees.csv", "Hébergeur;Fin d'agrément\nUn;2020-01-01\nDeux;2020-01-01\n")
		p.write(t, "editions/"+edition+"/certifies.csv", "Hébergeur;Date de fin;Type de certificat;Activités\nTrois;2020-01-01;Infogéreur;1, 5\n")
	}
	where := filepath.Join(p.dir, "site")
	code, _, told := p.do(t, "run", "--site", where)
	if code != exitDone || !strings.Contains(told, "2 approved") {
		t.Fatal(code, told)
	}
	site := siteFiles(t, where)
	for name, want := range map[string]string{
		"index.html":             `data-figure="approved.actors" data-value="2"`,
		"acteurs/un.html":        `data-answer="approved" data-value="yes"`,
		"api/v1/actors/un.json":  `"approved":{"answer":"yes"`,
		"acteurs/trois.html":     `data-answer="approved" data-value="no"`,
		"api/v1/index.json":      `"counts":{"approved":2,`,
		"data/agrees.csv":        "\nUn,",
		"acteurs/deux.html":      "is on the list of approved hosts",
		"api/v1/stats.json":      `"actors": 2`,
		"graphiques/history.svg": `data-mark="2019-06.approved"`,
	} {
		if !strings.Contains(site[name], want) {
			t.Errorf("%s lacks %s", name, want)
		}
	}
	if _, said, _ := p.do(t, "status", "Un"); !strings.Contains(said, "Un (approved): yes on 2019-06-30") {
		t.Errorf("status: %s", said)
	}
	if _, said, _ := p.do(t, "status", "Un", "--date", "2019-05-15"); !strings.Contains(said, "Un (approved): no on 2019-05-15") {
		t.Errorf("status after the end, of an edition before it: %s", said)
	}
	p.write(t, "editions/2019-07/certifies.csv", "Hébergeur;Date de fin;Type de certificat;Activités\nTrois;2020-01-01;Infogéreur;1, 5\n")
	if _, said, _ := p.do(t, "status", "Un"); !strings.Contains(said, "Un (approved): no on 2019-07-31") {
		t.Errorf("status once the list is gone: %s", said)
	}
}
