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

// TestSiteReadsTheSame: what pages, documents, feed and charts, and the command status, say of
// each case, in both languages, is what stands below testdata/site. With -update it is written there: read what changes.
//
//	go test ./cmd/hdsreport -run SiteReadsTheSame -update
func TestSiteReadsTheSame(t *testing.T) {
	for _, language := range []string{"fr", "en"} {
		p := newPlace(t, "report:\n  language: "+language+"\n  publisher: La rédaction\n  contact: mailto:redaction@example.org\n"+
			"  licence: CC-BY-4.0\n  source_name: liste d’essai\n  source_url: https://example.org/liste\n  notice: Données inventées.\n"+
			"site: {dir: public, url: https://example.org/hds/}\ngate: {unclassified: 1, lost: 1}\n")
		for name, text := range everyCase {
			p.write(t, name, text)
		}
		for edition := range map[string]bool{"2018-12": true, "2019-03": true, "2019-06-17": true} {
			p.write(t, "editions/"+edition+"/certifies.source.yaml", "activity_numbering: decree\n")
		}
		answer := func(args ...string) string {
			code, out, told := speaking(t, nil, append(args, "--config", filepath.Join(p.dir, config.FileName))...)
			if code != exitDone {
				t.Fatal(told)
			}
			return out
		}
		answer("run")
		said := inWords(t, siteFiles(t, filepath.Join(p.dir, "public")))
		for _, name := range []string{"Alpha", "Ancien", "Brumaire Cloud", "Covage", "Nouvelle Brumaire", "Passeur", "Perpète",
			"Revenant", "Sans date", "Zéro", "Personne"} {
			said += "==== status " + name + "\n" + answer("status", name)
		}
		file := filepath.Join("testdata", "site", language+".txt")
		if strings.ContainsAny(said, "⟨⟩") {
			t.Errorf("the site has a key in place of a text: %q", regexp.MustCompile("[^\n]*⟨.*").FindString(said))
		}
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(said), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, want := strings.Split(said, "\n"), strings.Split(string(text), "\n")
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Errorf("%s, line %d: the site says\n%s\nand the file\n%s", file, i+1,
					strings.Join(got[min(i, len(got)):min(i+3, len(got))], "\n"), strings.Join(want[min(i, len(want)):min(i+3, len(want))], "\n"))
				break
			}
		}
	}
}

// inWords is what the pages, documents and charts of a site say, one text a line, with the
// addresses that their links lead to. What stands for a whole generation is left out.
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
	return regexp.MustCompile(`[0-9a-f]{32,}`).ReplaceAllString(all.String(), "…")
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
