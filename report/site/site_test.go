package site

import (
	"strconv"
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/message"
	"hdsreport/report"
)

// TestLicences: a licence is named only if the words say which one, and of which version.
func TestLicences(t *testing.T) {
	for said, want := range map[string][2]string{
		"Licence Ouverte 2.0 (Etalab)": {"etalab-2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"},
		"Licence ouverte 1.0":          {"licence-ouverte-1-0", ""},
		"CC BY 4.0":                    {"CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"},
		"CC BY-SA 4.0":                 {"CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"},
		"CC BY-NC 4.0":                 {"CC-BY-NC-4.0", "https://creativecommons.org/licenses/by-nc/4.0/"},
		"CC-BY-NC-ND":                  {"CC-BY-NC-ND-4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"},
		"CC BY 3.0":                    {"cc-by-3-0", ""},
		"Tous droits réservés":         {"tous-droits-reserves", ""},
		"La nôtre : https://example.org/licence.": {"la-notre-https-example-org-licence", "https://example.org/licence"},
		"javascript:alert(1)":                     {"javascript-alert", ""},
	} {
		if got := licenceOf(said); got.Name != want[0] || got.Path != want[1] || got.Title != said {
			t.Errorf("%q: %q %q, want %q", said, got.Name, got.Path, want)
		}
	}
}

// TestWeb: only addresses of the web are links.
func TestWeb(t *testing.T) {
	for said, link := range map[string]bool{"https://example.org/a?b=c": true, "HTTP://example.org": true,
		"javascript:alert(1)": false, " javascript:x": false, "data:text/html,x": false, "//example.org": false,
		"https://": false, "": false, "vbscript:x": false} {
		if got := web(said); (got != "") != link {
			t.Errorf("%q leads to %q", said, got)
		}
	}
}

// TestPlainName: what is no file name somewhere gets another one, and no two differ only in
// case.
func TestPlainName(t *testing.T) {
	for id, want := range map[string]bool{"its-integra": true, "A.B_c-1": true, "con": false, "Aux.x": false, "com1": false,
		"lpt9.txt": false, "com10": true, "com": true, "..": false, ".x": false, "a/b": false, "a\\b": false, "é": false,
		"": false, strings.Repeat("a", 101): false, "a b": false, "%2e": false} {
		if plainName(id) != want {
			t.Errorf("%q: %v", id, !want)
		}
	}
	f := &Facts{Directory: &etl.Directory{Entries: []etl.Entry{{ID: "ACME"}, {ID: "Acme"}, {ID: "acme"}, {ID: "con"}}}}
	seen := map[string]bool{}
	for id, name := range f.names() {
		if !plainName(name) || seen[strings.ToLower(name)] {
			t.Errorf("%s is %s", id, name)
		}
		seen[strings.ToLower(name)] = true
	}
	if f.names()["acme"] != "acme" {
		t.Error("a plain id gave way")
	}
}

// TestFeedIDs: they never change, or subscribers see the whole feed again.
func TestFeedIDs(t *testing.T) {
	feed := uuid(namespace, "hds.example.org")
	for got, want := range map[string]string{
		urn(feed): "urn:uuid:2a5f551b-8163-5048-a78e-0666210f7bc0",
		urn(uuid(feed, "2019-06-17/its-integra")): "urn:uuid:a6a0a848-8269-5028-ab76-527499a2e728",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestNumbers: thousands, signs and sizes as each language writes them.
func TestNumbers(t *testing.T) {
	for language, want := range map[string][]string{
		"fr": {"1\u202f234\u202f567", "999", "\u22121\u202f000", "+0,25", "±0", "12\u00a0ko", "1,5\u00a0Mo", "n.d.", "4,53"},
		"en": {"1,234,567", "999", "\u22121,000", "+0.25", "±0", "12\u00a0kB", "1.5\u00a0MB", "n.a.", "4.53"},
	} {
		b := inLanguage(language)
		mean := 4.53
		got := []string{b.number(1234567), b.number(999), b.change(-1000, false), b.change(0.25, true), b.change(-0.004, true),
			b.size(12_345), b.size(1_500_000), b.count("x", nil).Text, b.decimal("x", &mean).Text}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", language, got[i], want[i])
			}
		}
	}
}

func inLanguage(language string) *builder {
	labels := report.Labels{Language: language, Texts: config.Labels(language)}
	return &builder{f: &Facts{labels: labels}, say: message.In(language), files: map[string][]byte{}}
}

// TestSitemap: a long one is split, and its first file names the parts.
func TestSitemap(t *testing.T) {
	b := inLanguage("fr")
	b.opt.URL = "https://example.org/hds/"
	b.f.res = &etl.Result{Edition: &etl.Edition{}}
	all := []string{"index.html"}
	for i := range 4 {
		all = append(all, "acteurs/"+strconv.Itoa(i)+".html")
	}
	if err := b.sitemap(all, 5); err != nil || len(b.files) != 1 ||
		!strings.Contains(string(b.files["sitemap.xml"]), "<loc>https://example.org/hds/acteurs/3.html</loc>") {
		t.Errorf("%v\n%s", err, b.files["sitemap.xml"])
	}
	if err := b.sitemap(all, 2); err != nil || len(b.files) != 4 ||
		strings.Count(string(b.files["sitemap.xml"]), "<sitemap>") != 3 ||
		!strings.Contains(string(b.files["sitemap.xml"]), "<loc>https://example.org/hds/sitemap-3.xml</loc>") ||
		!strings.Contains(string(b.files["sitemap-3.xml"]), "acteurs/3.html") ||
		strings.Contains(string(b.files["sitemap-3.xml"]), "acteurs/2.html") {
		t.Errorf("%v\n%s", err, b.files["sitemap.xml"])
	}
}

// TestBrand: custom properties and nothing else, and no text too pale to read.
func TestBrand(t *testing.T) {
	for css, ok := range map[string]bool{
		":root { --hds-accent: #0a5; --hds-accent: #063; }":       true,
		"/* ours */ --hds-font: \"Marianne\", Arial, sans-serif;": true,
		"--hds-radius: 0":                        true,
		"--hds-accent: #fff":                     false,
		"--hds-fg-dark: #222":                    false,
		"--hds-accent: red":                      false,
		"--hds-accent: url(https://example.org)": false,
		"--hds-font: x</style><script>":          false,
		"--hds-font: a;} body{background:url(https://example.org)}":  false,
		"--hds-radius: calc(1px)":                                    false,
		"--hds-shadow: 0":                                            false,
		"@import url(https://example.org/x.css);":                    false,
		"body { color: red }":                                        false,
		":root { --hds-accent: #063; } :root { --hds-accent: #fff }": false,
		"--hds-accent: #06\\33":                                      false,
		"\xff":                                                       false,
	} {
		if _, err := ParseBrand([]byte(css)); (err == nil) != ok {
			t.Errorf("%q: %v", css, err)
		}
	}
	for logo, ok := range map[string]bool{"\x89PNG\r\n\x1a\n": true, "<svg xmlns='x'/>": true, "GIF89a": false, "": false,
		"<html>": false, "<svg>" + strings.Repeat("x", LogoBytes): false} {
		if _, err := ParseLogo([]byte(logo)); (err == nil) != ok {
			t.Errorf("a logo of %d bytes: %v", len(logo), err)
		}
	}
}

// TestHTML: what is put into a place is text there, and a link leads nowhere harmful.
func TestHTML(t *testing.T) {
	for _, c := range []struct {
		m    markup
		text string
		want string
	}{
		{`<p>{}</p>`, `<b>&"'`, `<p>&lt;b&gt;&amp;&#34;&#39;</p>`},
		{`<p title="{}">`, "\"><script>\x00", "<p title=\"&#34;&gt;&lt;script&gt;\uFFFD\">"},
		{`<p>{}</p>`, `{}`, `<p>{}</p>`},
		{`<a href="{}">`, "javascript:alert(1)", `<a href="#">`},
		{`<a href="{}">`, "JavaScript&colon;:x", `<a href="#">`},
		{`<a href="{}">`, " data:text/html,x", `<a href="#">`},
		{`<a href="{}">`, "../a.html#b:c", `<a href="../a.html#b:c">`},
		{`<a href="{}">`, "https://example.org/?a=b&c", `<a href="https://example.org/?a=b&amp;c">`},
		{`<a href="{}">`, "mailto:a@example.org", `<a href="mailto:a@example.org">`},
		{`<img src="{}">`, "data:image/png;base64,AA", `<img src="data:image/png;base64,AA">`},
		{`<img src="{}">`, "data:text/html,x", `<img src="#">`},
	} {
		var h html
		h.put(c.m, c.text)
		if got := string(h.bytes()); got != c.want {
			t.Errorf("%s with %q: %s, want %s", c.m, c.text, got, c.want)
		}
	}
	for what, put := range map[string]func(*html){"more": func(h *html) { h.put(`{}`, "a", "b") },
		"fewer": func(h *html) { h.put(`{} {}`, "a") }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s texts than places", what)
				}
			}()
			put(new(html))
		}()
	}
}

// TestMaybeRenamed: a renaming that nobody has ruled on is said as a question, on the side of
// who left and on the side of who arrived.
func TestMaybeRenamed(t *testing.T) {
	for language, want := range map[string][2]string{
		"fr": {"peut-être renommé Neuf", "peut-être renommé, auparavant Vieux"},
		"en": {"perhaps renamed Neuf", "perhaps renamed, formerly Vieux"},
	} {
		b := inLanguage(language)
		b.f.say, b.f.Directory = b.say, &etl.Directory{}
		left := etl.Fact{Term: etl.CertifiedLeft, Maybe: compare.Actor{ID: "neuf", Name: "Neuf"}}
		arrived := etl.Fact{Term: etl.CertifiedArrived, Maybe: compare.Actor{ID: "vieux", Name: "Vieux"}}
		if got := [2]string{b.f.saidShort("", &left), b.f.saidShort("", &arrived)}; got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
}

// TestLongTableSaysWhatItIs: a table that is laid out as boxes says of each part what it is,
// for screen readers; a short one is a table by itself.
func TestLongTableSaysWhatItIs(t *testing.T) {
	for _, n := range []int{longTable, longTable + 1} {
		var h html
		h.actors(&indexPage{Rows: make([]actorRow, n), Total: n})
		for role, times := range map[string]int{"table": 1, "rowgroup": 2, "row": n + 1, "columnheader": 5, "rowheader": n,
			"cell": 4 * n} {
			if n == longTable {
				times = 0
			}
			if got := strings.Count(string(h.text), ` role="`+role+`"`); got != times {
				t.Errorf("%d rows: %d times %s, want %d", n, got, role, times)
			}
		}
	}
}
