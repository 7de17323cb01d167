package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"hdsreport/report/xlsx/xlsxtest"
)

// sampleSite is the site of the samples.
func sampleSite(t *testing.T) string {
	t.Helper()
	return siteOf(t, "../../samples", "fr")
}

// siteOf is the site of a workspace, in a language. The folder has the language's name.
func siteOf(t *testing.T, workspace, language string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "w"), inputs{os.DirFS(workspace)}); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "w", "hdsreport.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("language: fr"), []byte("language: "+language), 1)
	if err := os.WriteFile(config, text, 0o644); err != nil {
		t.Fatal(err)
	}
	site := filepath.Join(dir, "site-"+language)
	if code, _, told := speaking(t, nil, "run", "--config", config, "--site", site); code != exitDone {
		t.Fatal(told)
	}
	return site
}

// TestRacedSite: the pages are made on all cores, and are the same on one.
func TestRacedSite(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var manifests [2][]byte
	for i, cores := range []int{1, 4} {
		runtime.GOMAXPROCS(cores)
		var err error
		if manifests[i], err = os.ReadFile(filepath.Join(sampleSite(t), "hdsreport-site.json")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(manifests[0], manifests[1]) {
		t.Errorf("one core makes\n%s\nfour make\n%s", manifests[0], manifests[1])
	}
}

// TestSiteIsLight: what a reader downloads, for the hundred actors of the samples.
func TestSiteIsLight(t *testing.T) {
	site := sampleSite(t)
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(site, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	index, actor := read("index.html"), read("acteurs/its-integra.html")
	between := func(from, to string) int {
		_, rest, _ := strings.Cut(index, from)
		inside, _, found := strings.Cut(rest, to)
		if !found {
			t.Fatalf("no %s in the page", from)
		}
		return len(inside)
	}
	for what, k := range map[string][2]int{"index.html": {len(index), 150_000}, "its style": {between("<style>", "</style>"),
		12_000}, "its script": {between("<script>", "</script>"), 12_000}, "an actor's page": {len(actor), 20_000}} {
		if k[0] >= k[1] {
			t.Errorf("%s has %d bytes, and %d are too many", what, k[0], k[1])
		}
	}
	for _, forbidden := range []string{"unsafe-inline", "innerHTML", "document.write", "eval(", " style=", " onclick="} {
		if strings.Contains(index, forbidden) || strings.Contains(actor, forbidden) {
			t.Errorf("a page has %q", forbidden)
		}
	}
}

// namesSite is the site of two lists of more than five hundred actors, the length from which
// on the table is laid out as boxes, with the names that the layout and the order of a page
// find hardest. With ended, one list has ended and has no column.
func namesSite(t *testing.T, ended bool) string {
	t.Helper()
	dir := t.TempDir()
	names := []string{
		"Éclair Est", "Eclair Nord", "éclair Ouest", "ECLAIR SUD", "Côte Est", "Cote Nord", "Coté Ouest", "COTE SUD",
		"Œuvre Est", "Oeuvre Nord", "Œuvre Ouest", "Æther Est", "Aether Nord", "Straße Est", "Strasse Nord",
		"Cloud 2", "Cloud 10", "Cloud 1", "3DS Nuage", "10 Nuage", "2 Nuage", "Clinique d'Est", "Clinique d’Amont",
		"Clinique de Nord", "L'Hébergeur Est", "L’Hébergeur Nord", "Lhébergeur Sud", "Data-Health Est",
		"Data Health Nord", "DataHealth Ouest", "Data–Health Sud", "A & B Nuage", "A et C Nuage", "A&D Nuage",
		"(Alpha) Est", "[Alpha] Nord", "Alpha (Beta)", "« Alpha » Sud", "@Nuage", "€Nuage", "C.H.U. Lille", "CHU Metz",
		"CHU-Nancy", "Hurlevent Télécommunications", "Syndicat interhospitalier de Haute-Cocardie",
		"GIP Télécommunications et Informatique de Santé du Groupement Hospitalier de Territoire Loire-Atlantique",
		"Anticonstitutionnellementhebergementdedonneesdesanteinformatiques", "www.hebergement-infogerance.example",
	}
	for i := range 480 {
		names = append(names, fmt.Sprintf("Hébergement %c%c%c", 'A'+i%26, 'A'+i/26, 'A'+i*7%26))
	}
	approved := "Hébergeur;Prestation;Date d'agrément\n"
	certified := "Hébergeur;Type de certificat;Sites physiques;Sauvegarde;Organisme certificateur;N° de certificat;Date de fin\n"
	for i, name := range names {
		approved += name + ";Hébergement;2018-05-01\n"
		certified += fmt.Sprintf("%s;Hébergeur infogéreur;Non;Oui;LNE;C-%d;%02d/07/2029\n", name, i, 1+i*7%28)
	}
	config := "report:\n  language: fr\n"
	if ended {
		approved, config = "", config+"lists:\n  approved:\n    ended: 2021-12-31\n"
	}
	for file, text := range map[string]string{"hdsreport.yaml": config, "editions/2026-11/agrees.csv": approved,
		"editions/2026-11/certifies.csv": certified} {
		if text == "" {
			continue
		}
		file = filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	site := filepath.Join(dir, fmt.Sprintf("site-ended-%t", ended))
	if code, _, told := speaking(t, nil, "run", "--config", filepath.Join(dir, "hdsreport.yaml"), "--site", site); code != exitDone {
		t.Fatal(told)
	}
	return site
}

// TestSiteInBrowser opens the samples' site in Chromium: accessible by axe-core, searched,
// filtered and sorted, its state in the address, its charts in proportion. On small screens
// nothing is wider than the screen and words are whole, in both languages, short and long.
func TestSiteInBrowser(t *testing.T) {
	t.Parallel() // it waits for other programs
	binary := xlsxtest.Tool(t, "chromium", "google-chrome", "chromium-browser")
	node := xlsxtest.Tool(t, "node")
	xlsxtest.Needs(t, "npm's playwright-core or axe-core", node, "-e", `require("playwright-core"); require("axe-core")`)
	cmd := exec.Command(node, "testdata/browser.js", binary, sampleSite(t), siteOf(t, "../../samples", "en"),
		siteOf(t, today, "fr"), namesSite(t, false), namesSite(t, true))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestSiteOnPaper: every printed page of the table begins with its head.
func TestSiteOnPaper(t *testing.T) {
	t.Parallel() // it waits for other programs
	binary := xlsxtest.Tool(t, "chromium", "google-chrome", "chromium-browser")
	reader := xlsxtest.Tool(t, "pdftotext")
	for _, site := range []string{sampleSite(t), namesSite(t, true)} {
		paper := filepath.Join(t.TempDir(), "paper.pdf")
		out, err := exec.Command(binary, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
			"--user-data-dir="+t.TempDir(), "--print-to-pdf="+paper, "file://"+filepath.Join(site, "index.html")).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		text, err := exec.Command(reader, "-layout", paper, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		pages := strings.Split(string(text), "\f")
		n := 0
		for i, page := range pages {
			if i > 0 && strings.Contains(page, "Ce qui a changé") {
				break // the table has ended
			}
			n++
			if !regexp.MustCompile(`(?m)^ *Acteur +Positionnement .*Activités`).MatchString(page) {
				t.Errorf("%s: page %d has no head:\n%.300s", filepath.Base(site), i+1, page)
				break
			}
		}
		if n < 4 {
			t.Errorf("%s: the table has %d pages", filepath.Base(site), n)
		}
	}
}
