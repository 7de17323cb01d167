package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"hdsreport/config"
)

// everyCase is a workspace in which each case that the site has words for occurs.
var everyCase = map[string]string{
	"editions/2018-12/agrees.csv": `Hébergeur;Prestation;Date d'agrément;Fin d'agrément
Alpha;Archivage;01/01/2017;01/01/2020
Brumaire Cloud;Infogérance;03/03/2017;03/03/2020
Passeur;Archivage électronique;04/04/2016;04/04/2019
Revenant;Sauvegarde;05/05/2017;05/05/2020
Perpète;Hébergement;06/06/2016;06/06/2019
`,
	"editions/2018-12/certifies.csv": `Hébergeur;Type de certificat;Activités;Organisme certificateur;N° de certificat;Date de délivrance;Date de fin
Covage;Infrastructure physique;1, 2;BSI;BSI-2018-0077;01/02/2018;01/02/2021
Revenant;Infogéreur;5;LNE;R-1;01/03/2018;01/03/2021
`,
	"editions/2019-03/certifies.csv": `Hébergeur;Type de certificat;Activités;Organisme certificateur;N° de certificat;Date de délivrance;Date de fin
Covage;Infrastructure physique;1, 2;BSI;BSI-2018-0077;01/02/2018;01/02/2021
Alpha;Infogéreur;toutes;LNE;A-1;01/01/2019;01/01/2022
`,
	"editions/2019-06-17/agrees.csv": `Hébergeur;Prestation;Date d'agrément;Fin d'agrément
Alpha;Archivage et consultation;01/01/2017;01/01/2020
Alpha;Messagerie;02/02/2018;02/02/2021
Nouvelle Brumaire;Infogérance;03/03/2017;03/03/2020
Revenant;Sauvegarde;05/05/2017;05/05/2020
Perpète;Hébergement;06/06/2016;06/06/2019
Trimestre;Serveurs;01/08/2016;01/08/2019
Semestre;Serveurs;01/12/2016;01/12/2019
Sans date;;;
Illisible;Réseau;31/02/2017;on verra
`,
	"editions/2019-06-17/certifies.csv": `Hébergeur;Type de certificat;Activités;Organisme certificateur;N° de certificat;Date de délivrance;Date de fin;Statut
XpFibre;Infrastructure physique;1, 2;BSI;BSI-2018-0077;01/02/2018;01/02/2021;
Alpha;Infogéreur;toutes;LNE;A-1;01/01/2019;01/01/2022;
Alpha;Infrastructure physique;1;BSI;A-2;01/02/2019;01/02/2022;
Passeur;Infogéreur;1, 2, 3, 4, 5;AFNOR;P-1;01/04/2019;01/04/2022;
Revenant;Infogéreur;5;LNE;R-1;01/03/2018;01/03/2021;Suspendu
Ancien;Infogéreur;3, 4;LNE;E-1;01/03/2018;01/03/2021;Retiré
Zéro;Infogéreur;;;;;;
CHU de Hautecime;Infrastructure physique et infogéreur;1 à 6;AFNOR;H-1;05/05/2019;05/05/2022;
`,
	"registry/actors.csv": "id,name,position,website,note\nalpha,Alpha,hosting_cloud,https://alpha.example,\npasseur,Passeur,esn,,\n" +
		"revenant,Revenant,telecom,,\nperpete,Perpète,,,\n",
	"registry/names.csv": "actor,name,kind,from,to\nalpha,Alphabétique,former,,2017-12-31\nalpha,ALF,acronym,,\n",
	"registry/decisions.csv": "left,right,judgement,by,date,reason\n" +
		"Nouvelle Brumaire,Brumaire Cloud,successor,Ada,2019-06-18,\n",
}

// placeOfEveryCase is that workspace, in a language.
func placeOfEveryCase(t *testing.T, language string) place {
	t.Helper()
	p := newPlace(t, "report:\n  language: "+language+"\n  publisher: La rédaction\n  review: csv\n  contact: mailto:redaction@example.org\n"+
		"  licence: CC-BY-4.0\n  source_name: liste d’essai\n  source_url: https://example.org/liste\n  notice: Données inventées.\n"+
		"site: {dir: public, url: https://example.org/hds/}\ngate: {unclassified: 1, lost: 1}\n")
	for name, text := range everyCase {
		p.write(t, name, text)
	}
	for edition := range map[string]bool{"2018-12": true, "2019-03": true, "2019-06-17": true} {
		p.write(t, "editions/"+edition+"/certifies.source.yaml", "activity_numbering: decree\n")
	}
	return p
}

// TestSiteReadsTheSame: what pages, documents, feed and charts, and the command status, say of
// each case, in both languages, is what stands in testdata/every-case. With -update it is written there: read what changes.
//
//	go test ./cmd/hdsreport -run SiteReadsTheSame -update
func TestSiteReadsTheSame(t *testing.T) {
	for _, language := range []string{"fr", "en"} {
		p := placeOfEveryCase(t, language)
		answer := func(args ...string) string {
			code, out, told := speaking(t, nil, append(args, "--config", filepath.Join(p.dir, config.FileName))...)
			if code != exitDone {
				t.Fatal(told)
			}
			return told + out
		}
		answer("run")
		said := inWords(t, siteFiles(t, filepath.Join(p.dir, "public")))
		for _, name := range []string{"Alpha", "Ancien", "Brumaire Cloud", "Covage", "Nouvelle Brumaire", "Passeur", "Perpète",
			"Revenant", "Sans date", "Zéro", "Personne"} {
			said += "==== status " + name + "\n" + answer("status", name)
		}
		for _, name := range []string{"Alpha", "Personne"} {
			said += "==== status " + name + " --date 2021-06-18\n" + answer("status", name, "--date", "2021-06-18")
		}
		holdsStill(t, filepath.Join("testdata", "every-case", "site-"+language+".txt"), said)
	}
}

// TestCommandsSayTheSame: what commands, a job, the workbook and the list of questions say of each
// case, in both languages, is what stands in testdata/every-case. -update writes it there too.
func TestCommandsSayTheSame(t *testing.T) {
	for _, language := range []string{"fr", "en"} {
		p := placeOfEveryCase(t, language)
		var said strings.Builder
		for _, args := range [][]string{{"check"}, {"run"}, {"run"}, {"stats"}, {"stats", "--markdown"},
			{"diff", "2018-12", "2019-03"}, {"diff", "2019-03", "2019-06-17"}, {"diff", "2018-12", "2019-06-17", "--markdown"},
			{"decide", "list"}, {"decide", "--waiting"}, {"corrections", "list"}, {"audit", filepath.Join(p.dir, "hds-2019-06-17.xlsx")},
			{"match", "Covage", "XpFibre"}, {"match", "Nouvelle Brumaire", "Brumaire"}} {
			fmt.Fprintf(&said, "==== %s\n", strings.Join(args, " "))
			if args[0] != "audit" {
				args = append(args, "--config", filepath.Join(p.dir, config.FileName))
			}
			code, out, told := speaking(t, nil, args...)
			fmt.Fprintf(&said, "%s%s(%d)\n", told, out, code)
		}
		job := filepath.Join(t.TempDir(), "summary.md")
		if code, _, told := speaking(t, []string{"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + job}, "run", "--config",
			filepath.Join(p.dir, config.FileName)); code != exitDone {
			t.Fatal(told)
		}
		for _, file := range []string{job, filepath.Join(p.dir, "revue.csv")} {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&said, "==== %s\n%s", filepath.Base(file), text)
		}
		book, err := excelize.OpenFile(filepath.Join(p.dir, "hds-2019-06-17.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		for _, sheet := range book.GetSheetList() {
			fmt.Fprintf(&said, "==== %s\n", sheet)
			rows, err := book.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				said.WriteString(strings.TrimRight(strings.Join(r, " | "), " |") + "\n")
			}
		}
		holdsStill(t, filepath.Join("testdata", "every-case", "commands-"+language+".txt"),
			strings.ReplaceAll(said.String(), p.dir, "(workspace)"))
	}
}

// holdsStill compares what was said with a file, and with -update writes the file.
func holdsStill(t *testing.T, file, said string) {
	t.Helper()
	said = regexp.MustCompile(`[0-9a-f]{32,}`).ReplaceAllString(said, "…")
	if strings.ContainsAny(said, "⟨⟩") {
		t.Errorf("%s: a key in place of a text: %q", file, regexp.MustCompile("[^\n]*⟨.*").FindString(said))
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(said), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, want := strings.Split(said, "\n"), strings.Split(string(text), "\n")
	from := func(lines []string, i int) string {
		return strings.Join(lines[min(i, len(lines)):min(i+3, len(lines))], "\n")
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("%s, line %d: now\n%s\nand in the file\n%s", file, i+1, from(got, i), from(want, i))
			return
		}
	}
}

// inWords is what the pages, documents and charts of a site say, one text a line, with the
// addresses that their links lead to.
func inWords(t *testing.T, site map[string]string) string {
	t.Helper()
	var names []string
	for name := range site {
		switch path.Ext(name) {
		case ".html", ".svg", ".json", ".xml", ".csv":
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var all strings.Builder
	for _, name := range names {
		if name == "hdsreport-site.json" {
			continue // sizes and digests of the others
		}
		fmt.Fprintf(&all, "==== %s\n", name)
		if ext := path.Ext(name); ext == ".html" || ext == ".svg" {
			saidBy(t, &all, site[name])
		} else {
			all.WriteString(strings.TrimRight(site[name], "\n") + "\n")
		}
	}
	return all.String()
}

// saidBy writes the texts of a page, the addresses of its links, and where the parts of a
// chart lie.
func saidBy(t *testing.T, all *strings.Builder, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style":
			if s := strings.TrimSpace(n.Data); s != "" {
				all.WriteString(s + "\n")
			}
		case n.Type == html.ElementNode:
			for _, a := range n.Attr {
				switch a.Key {
				case "href", "alt", "aria-label", "title", "datetime", "content", "x", "y", "width", "height", "d", "points", "lang", "scope":
					fmt.Fprintf(all, "\t%s %s=%s\n", n.Data, a.Key, a.Val)
				}
			}
		}
	}
}
