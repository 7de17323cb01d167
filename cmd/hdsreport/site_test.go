package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
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

// TestSiteInBrowser opens the samples' site in Chromium: accessible by axe-core, searched,
// filtered and sorted, its state in the address, its charts in proportion. On a telephone
// nothing is wider than the screen, in both languages.
func TestSiteInBrowser(t *testing.T) {
	binary := xlsxtest.Tool(t, "chromium", "google-chrome", "chromium-browser")
	node := xlsxtest.Tool(t, "node")
	xlsxtest.Needs(t, "npm's playwright-core or axe-core", node, "-e", `require("playwright-core"); require("axe-core")`)
	cmd := exec.Command(node, "testdata/browser.js", binary, sampleSite(t), siteOf(t, "../../samples", "en"),
		siteOf(t, today, "fr"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
