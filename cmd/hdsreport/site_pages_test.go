package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"hdsreport/config"
	"hdsreport/etl"
)

// siteFiles are the files of a site, by address.
func siteFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		out[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// elements calls see with every element of a page.
func elements(t *testing.T, text string, see func(tag string, attr map[string]string)) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
		}
		see(n.Data, attr)
	}
}

// hostileSite is a site of names and addresses that mean harm.
func hostileSite(t *testing.T, language string) (p place, site map[string]string) {
	t.Helper()
	p = newPlace(t, "report:\n  language: "+language+"\n  licence: \"javascript:alert(1)\"\n"+
		"  notice: \"<b>\\u202Eeciton\"\n"+
		"site: {dir: public, url: https://example.org/hds/, id: x}\ngate: {unclassified: 1}\n")
	names := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='x`,
		"a\u202Egro.elpmaxe\u2069\u202Dx", "{{.Title}}", "</style><script>", "javascript:alert(1)",
		"=cmd|' /C calc'!A0", "]]>&amp;<!--", "../../etc/passwd", "Con", "%2e%2e"}
	var rows bytes.Buffer
	w := csv.NewWriter(&rows)
	w.Write([]string{"Hébergeur", "Type de certificat", "Activités", "Organisme certificateur", "Statut"})
	for i, n := range names {
		w.Write([]string{n, "Infogéreur", "1, 5", n, map[bool]string{true: "Suspendu"}[i == 3]})
	}
	w.Flush()
	p.write(t, "editions/2019-05/certifies.csv", "Hébergeur;Type de certificat;Activités\nUn;Infogéreur;1, 5\n")
	p.write(t, "editions/2019-05/agrees.csv", "Hébergeur;Prestation agréée\nUn;<i>x</i>\n")
	p.write(t, "editions/2019-06-17/certifies.csv", rows.String())
	p.write(t, "editions/2019-06-17/agrees.csv", "Hébergeur;Prestation agréée\nUn;<i>x</i>\n")
	p.write(t, "editions/2019-06-17/agrees.source.yaml", "url: https://example.org/\"><script>x\n")
	p.write(t, "registry/actors.csv", "id,name,position,website,note\nun,Un,esn,https://example.org/?<b>,Jeanne\n")
	p.write(t, "registry/decisions.csv", "left,right,judgement,by,date,reason\n"+
		"Un,Deux,different,Jeanne,2019-06-18,Jeanne\n")
	p.want(t, exitDone, "run", "--accept", "actors-lost,names-implausible", "--by", "Jeanne", "--reason", "Jeanne dit")
	return p, siteFiles(t, filepath.Join(p.dir, "public"))
}

// TestSiteIsSafe: whatever a source says stays text, on every page and in either language; no
// page asks for anything, and nobody's name leaves the registry.
func TestSiteIsSafe(t *testing.T) {
	for _, language := range []string{"fr", "en"} {
		_, site := hostileSite(t, language)
		bare := regexp.MustCompile("[\u202A-\u202E\u2066-\u2069]")
		for name, text := range site {
			if strings.Contains(text, "Jeanne") {
				t.Errorf("%s has the name of an editor", name)
			}
			if path.Ext(name) != ".html" {
				continue
			}
			scripts := 0
			elements(t, text, func(tag string, attr map[string]string) {
				if tag == "script" {
					scripts++
				}
				if slices.Contains([]string{"i", "iframe", "object", "base"}, tag) || tag == "img" {
					t.Errorf("%s has a %s", name, tag)
				}
				for k, v := range attr {
					if strings.HasPrefix(k, "on") || k == "style" {
						t.Errorf("%s: %s=%q", name, k, v)
					}
					if u, err := url.Parse(v); (k == "href" || k == "src") && (err != nil ||
						!slices.Contains([]string{"", "http", "https", "mailto"}, u.Scheme)) {
						t.Errorf("%s leads to %q", name, v)
					}
				}
			})
			if most := map[bool]int{true: 1}[name == "index.html"]; scripts != most {
				t.Errorf("%s has %d scripts", name, scripts)
			}
			// A control of the direction of text ends where its bdi ends.
			visible := regexp.MustCompile(`(?s)<title>.*?</title>|<bdi>.*?</bdi>|<[^>]*>`).ReplaceAllString(text, "")
			if bare.MatchString(visible) {
				at := bare.FindStringIndex(visible)[0]
				t.Errorf("%s: a control of direction stands free: %q", name, visible[max(0, at-60):at+10])
			}
		}
		if zipped := unzipped(t, site["data/hds.xlsx"]); strings.Contains(zipped, "Jeanne") {
			t.Error("the workbook names who let a refusal through")
		}
	}
}

func unzipped(t *testing.T, file string) string {
	t.Helper()
	var all strings.Builder
	for _, text := range parts(t, file) {
		all.WriteString(text)
	}
	return all.String()
}

// parts are the parts of a workbook, by name.
func parts(t *testing.T, file string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

// siteOfSamples makes the site of a workspace among the samples.
func siteOfSamples(t *testing.T, workspace string, more ...string) (config string, site map[string]string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "w"), inputs{os.DirFS("../../samples")}); err != nil {
		t.Fatal(err)
	}
	config = filepath.Join(dir, "w", workspace, "hdsreport.yaml")
	args := append([]string{"run", "--config", config, "--site", filepath.Join(dir, "site")}, more...)
	if code, _, told := speaking(t, []string{"HDSREPORT_SITE_URL=https://example.org/hds"}, args...); code != exitDone {
		t.Fatal(told)
	}
	return config, siteFiles(t, filepath.Join(dir, "site"))
}

var addressIn = regexp.MustCompile(`(?:"page":|"path":|"schema":|<loc>|href=)"?([^"<>]+)`)

// TestSiteLeadsSomewhere: every link of a page, and every address in a document, is a file of
// the site.
func TestSiteLeadsSomewhere(t *testing.T) {
	_, hostile := hostileSite(t, "fr")
	_, samples := siteOfSamples(t, "")
	_, today := siteOfSamples(t, "today")
	for what, site := range map[string]map[string]string{"hostile": hostile, "samples": samples, "today": today} {
		follow := func(from, link string) {
			link, _, _ = strings.Cut(link, "#")
			if inside, absolute := strings.CutPrefix(link, "https://example.org/hds/"); absolute {
				from, link = "index.html", inside
			}
			switch {
			case strings.Contains(link, ":"), link == "/hds/", link == "":
				return
			case strings.HasPrefix(link, "/"):
				t.Errorf("%s: %s leads to %q", what, from, link)
			}
			name, err := url.PathUnescape(path.Join(path.Dir(from), link))
			if _, there := site[name]; !there || err != nil {
				t.Errorf("%s: %s leads to %q, which is not there", what, from, link)
			}
		}
		pages := 0
		for name, text := range site {
			switch path.Ext(name) {
			case ".html":
				pages++
				elements(t, text, func(tag string, attr map[string]string) {
					if href, has := attr["href"]; has {
						follow(name, href)
					}
				})
			case ".json", ".xml":
				for _, m := range addressIn.FindAllStringSubmatch(text, -1) {
					follow(path.Base(name), m[1])
				}
			}
		}
		if pages < 15 {
			t.Errorf("%s: %d pages", what, pages)
		}
		var index struct{ Addresses []string }
		if err := json.Unmarshal([]byte(site["api/v1/index.json"]), &index); err != nil || len(index.Addresses) < 10 {
			t.Errorf("%s: %v, %q", what, err, index.Addresses)
		}
		for _, a := range index.Addresses {
			follow("index.html", a)
		}
	}
}

// TestSiteSaysWhatStatsSay: every figure of stats --json that has a path stands on the page
// with its value, and the page has no other.
func TestSiteSaysWhatStatsSay(t *testing.T) {
	for _, workspace := range []string{"", "today"} {
		_, site := siteOfSamples(t, workspace)
		var raw map[string]any
		if err := json.Unmarshal([]byte(site["api/v1/stats.json"]), &raw); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		at := func(path string, from map[string]any, keys ...string) {
			var v any = from
			for _, k := range keys {
				m, _ := v.(map[string]any)
				v = m[k]
			}
			switch n := v.(type) {
			case float64:
				want[path] = strconv.FormatFloat(n, 'f', -1, 64)
			default:
				want[path] = ""
			}
		}
		for _, l := range []string{"approved", "certified", "both", "any"} {
			at(l+".actors", raw, l, "actors")
		}
		at("activities.mean", raw, "activities", "mean")
		at("activities.all.actors", raw, "activities", "all", "actors")
		each := func(list any, do func(map[string]any)) {
			all, _ := list.([]any)
			for _, x := range all {
				do(x.(map[string]any))
			}
		}
		each(raw["positions"], func(m map[string]any) {
			for _, l := range []string{"approved", "certified", "any"} {
				at(fmt.Sprintf("positions.%s.%s", m["code"], l), m, l)
			}
		})
		activities, _ := raw["activities"].(map[string]any)
		each(activities["by_activity"], func(m map[string]any) {
			at(fmt.Sprintf("activities.by_activity.%s", m["key"]), m, "actors")
		})
		each(activities["by_count"], func(m map[string]any) {
			at(fmt.Sprintf("activities.by_count.%v", m["count"]), m, "actors")
		})
		each(raw["types"], func(m map[string]any) { at(fmt.Sprintf("types.%s", m["key"]), m, "actors") })
		each(raw["deadlines"], func(m map[string]any) {
			for _, l := range []string{"approved", "certified"} {
				at(fmt.Sprintf("deadlines.%v.%s", m["months"], l), m, l)
			}
		})
		each(raw["history"], func(m map[string]any) {
			for _, l := range []string{"approved", "certified"} {
				at(fmt.Sprintf("history.%s.%s", m["edition"], l), m, l)
			}
		})
		got := map[string]string{}
		changes := map[string]int{}
		elements(t, site["index.html"], func(tag string, attr map[string]string) {
			if p := attr["data-figure"]; p != "" {
				if v, has := got[p]; has && v != attr["data-value"] {
					t.Errorf("%s is %s and %s", p, v, attr["data-value"])
				}
				got[p] = attr["data-value"]
			}
			if term := attr["data-change"]; term != "" {
				changes[term]++
			}
		})
		for p, v := range want {
			if shown, has := got[p]; !has || shown != v {
				t.Errorf("%q: %s is %q (%v), want %q", workspace, p, shown, has, v)
			}
			delete(got, p)
		}
		if len(got) > 0 {
			t.Errorf("%q: figures that stats --json lacks: %v", workspace, got)
		}
		var feed struct {
			Changes []struct {
				Edition string
				Terms   []string
			}
		}
		if err := json.Unmarshal([]byte(site["api/v1/changes.json"]), &feed); err != nil {
			t.Fatal(err)
		}
		for _, c := range feed.Changes {
			for _, term := range c.Terms {
				if c.Edition == raw["edition"] {
					changes[term]--
				}
			}
		}
		for term, n := range changes {
			if n != 0 {
				t.Errorf("%q: the page has %d %s more than changes.json", workspace, n, term)
			}
		}
	}
}

// TestSiteOfAnEdition: the site of an edition of the past is about that edition.
func TestSiteOfAnEdition(t *testing.T) {
	config, site := siteOfSamples(t, "", "--edition", "2019-02")
	if !strings.Contains(site["index.html"], `data-edition="2019-02"`) ||
		!strings.Contains(site["index.html"], `data-figure="approved.actors" data-value="108"`) {
		t.Error("the page is about another edition")
	}
	if strings.Contains(site["feed.xml"], "<entry>") ||
		strings.Contains(site["api/v1/actors/its-integra.json"], "2019-06") {
		t.Error("it knows what came later")
	}
	_, stats, _ := speaking(t, nil, "stats", "--json", "--edition", "2019-02", "--config", config)
	if site["api/v1/stats.json"] != stats {
		t.Error("its figures are not those of stats --edition")
	}
}

// TestSiteStaysWithTheSheet: a refusal of the gate or of the shared sheet leaves workbook, site
// and sheet as they were, and an accepted run gives all three the same generation.
func TestSiteStaysWithTheSheet(t *testing.T) {
	s := newShared(t)
	settings := s.tree(t)["hdsreport.yaml"]
	s.write(t, "hdsreport.yaml", settings+"  edits: stop\noutput: hds.xlsx\nsite: {dir: public}\n")
	rows := table(etl.Approved)
	s.write(t, "editions/2019-06/agrees.csv", string(asText(rows)))
	s.write(t, "editions/2019-06/certifies.csv", string(asText(table(etl.Certified))))
	s.want(t, exitDone, "run", "--publish")
	generation := func() string {
		page := siteFiles(t, filepath.Join(s.dir, "public"))["index.html"]
		_, rest, _ := strings.Cut(page, `data-generation="`)
		g, _, _ := strings.Cut(rest, `"`)
		return g
	}
	outputs := func() string {
		tree := s.tree(t)
		for name := range tree {
			if name != "hds.xlsx" && !strings.HasPrefix(name, "public/") {
				delete(tree, name)
			}
		}
		return fmt.Sprint(tree) + readers(s.server.Snapshot())
	}
	one := generation()
	if one == "" || !strings.Contains(readers(s.server.Snapshot()), one[:8]) {
		t.Errorf("the sheet has another generation than the site, %q", one)
	}
	was := outputs()
	s.write(t, "editions/2019-06/agrees.csv", string(asText(rows[:20]))) // the gate refuses
	s.write(t, "editions/2019-05/agrees.csv", string(asText(rows)))
	s.write(t, "editions/2019-05/certifies.csv", string(asText(table(etl.Certified))))
	s.want(t, exitRefused, "run", "--publish")
	if outputs() != was {
		t.Error("a refusal of the gate changed something")
	}
	changed := slices.Clone(rows)
	changed[1] = slices.Clone(rows[1])
	changed[1][appService] = "Autre chose"
	s.write(t, "editions/2019-06/agrees.csv", string(asText(changed)))
	title := s.server.Snapshot().Sheets()[0].Title()
	s.server.Edit(title, "A12", "Typed by somebody")
	was = outputs()
	if _, told := s.want(t, exitRefused, "run", "--publish"); outputs() != was {
		t.Errorf("a refusal of the sheet changed something\n%s", told)
	}
}

// TestSiteDataIsTyped: the open tables are what their schemas say, by the rules of Table Schema
// (and of Validata) and of Data Package v2.
func TestSiteDataIsTyped(t *testing.T) {
	_, hostile := hostileSite(t, "en")
	_, samples := siteOfSamples(t, "")
	_, today := siteOfSamples(t, "today")
	for what, site := range map[string]map[string]string{"hostile": hostile, "samples": samples, "today": today} {
		var pack dataPackage
		strictly(t, site["datapackage.json"], &pack)
		if pack.Schema != "https://datapackage.org/profiles/2.0/datapackage.json" || pack.Name == "" || pack.Version == "" ||
			pack.Title == "" || !strings.HasPrefix(pack.ID, "urn:uuid:") || len(pack.Resources) != 4 {
			t.Errorf("%s: %+v", what, pack)
		}
		for _, l := range pack.Licenses {
			if u, err := url.Parse(l.Path); err != nil || l.Path != "" && u.Scheme != "https" || l.Name == "" && l.Path == "" {
				t.Errorf("%s: licence %+v", what, l)
			}
		}
		for _, r := range pack.Resources {
			text, there := site[r.Path]
			if sum := "sha256:" + hash([]byte(text)); !there || r.Bytes != len(text) || r.Hash != sum {
				t.Errorf("%s: %s is described as another file", what, r.Path)
			}
			if r.Type == "table" {
				tableIsTyped(t, what, r.Name, site)
				list := map[string]int{"agrees": 0, "certifies": 1}
				if l, is := list[r.Name]; is && (r.Available == nil) != (what != "today" || l == 1) {
					t.Errorf("%s: %s available: %v", what, r.Name, r.Available)
				}
			}
		}
	}
}

type dataPackage struct {
	Schema                                          string `json:"$schema"`
	Name, ID, Title, Description, Version, Homepage string
	Licenses                                        []struct{ Name, Path, Title string }
	Sources                                         []struct{ Title, Path, Version string }
	Contributors                                    []struct {
		Title, Path, Email string
		Roles              []string
	}
	Resources []struct {
		Name, Type, Title, Path, Format, MediaType, Encoding, Hash, Schema string
		Dialect                                                            map[string]any
		Bytes                                                              int
		Available                                                          *bool `json:"hdsreport:available"`
	}
}

type tableSchema struct {
	Schema                                         string `json:"$schema"`
	Name, Title, Description, CountryCode, Version string
	PrimaryKey, MissingValues                      []string
	Fields                                         []struct {
		Name, Title, Description, Type string
		TrueValues, FalseValues        []string
		Constraints                    struct {
			Required, Unique bool
			Pattern          string
		}
		Example any
	}
}

// strictly reads a document that has no key which its type lacks.
func strictly(t *testing.T, text string, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func tableIsTyped(t *testing.T, what, name string, site map[string]string) {
	t.Helper()
	var s tableSchema
	strictly(t, site["data/"+name+".schema.json"], &s)
	text := site["data/"+name+".csv"]
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || strings.Contains(text, "\r\n") || strings.HasPrefix(text, "\uFEFF") {
		t.Fatalf("%s: %s: %v", what, name, err)
	}
	if s.Schema != "https://specs.frictionlessdata.io/schemas/table-schema.json" || s.Name != name ||
		s.CountryCode != "FR" || !slices.Equal(s.MissingValues, []string{""}) || len(s.PrimaryKey) == 0 ||
		len(rows[0]) != len(s.Fields) {
		t.Errorf("%s: %s: %+v, header %q", what, name, s, rows[0])
	}
	plain := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	var key []int
	for i, f := range s.Fields {
		if f.Name != rows[0][i] || !plain.MatchString(f.Name) || f.Title == "" || f.Description == "" || f.Example == nil {
			t.Errorf("%s: %s: field %+v, column %s", what, name, f, rows[0][i])
		}
		if slices.Contains(s.PrimaryKey, f.Name) {
			key = append(key, i)
		}
		valid := map[string]func(string) bool{"string": regexp.MustCompile(f.Constraints.Pattern).MatchString,
			"boolean": func(v string) bool { return slices.Contains(append(f.TrueValues, f.FalseValues...), v) },
			"integer": regexp.MustCompile(`^[0-9]+$`).MatchString,
			"date":    regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`).MatchString}[f.Type]
		seen := map[string]bool{}
		for n, row := range rows[1:] {
			switch v := row[i]; {
			case valid == nil:
				t.Fatalf("%s: %s has the type %s", what, f.Name, f.Type)
			case v == "" && f.Constraints.Required, v != "" && !valid(v), f.Constraints.Unique && seen[v]:
				t.Errorf("%s: %s, row %d: %s is %q", what, name, n+1, f.Name, v)
			default:
				seen[v] = true
			}
		}
	}
	seen := map[string]bool{}
	for n, row := range rows[1:] {
		var k []string
		for _, i := range key {
			k = append(k, row[i])
		}
		if seen[strings.Join(k, "\x00")] || len(k) != len(s.PrimaryKey) {
			t.Errorf("%s: %s, row %d: %q is no key", what, name, n+1, k)
		}
		seen[strings.Join(k, "\x00")] = true
		id := row[slices.Index(rows[0], "acteur_id")]
		if !strings.Contains(site["api/v1/actors.json"], `"id":"`+id+`"`) {
			t.Errorf("%s: %s, row %d: there is no actor %s", what, name, n+1, id)
		}
	}
}

// TestSiteHasEveryColumn: what a source states in any field that the sheets show is in the
// open data and, if it is about a row, in the document and the page of the actor.
func TestSiteHasEveryColumn(t *testing.T) {
	ref := config.Reference()
	for _, l := range etl.Listings {
		var heads, cells []string
		var said []*etl.Definition
		for _, d := range ref.Fields(l) {
			text := "Dit " + string(d.Key)
			switch {
			case d.Derived() || d.Kind == etl.KindID || d.Kind == etl.KindPosition || d.Kind == etl.KindActivity || d.Kind == etl.KindNumber,
				d.Kind == etl.KindSource:
				continue
			case d.Kind == etl.KindActivities:
				text = "1, 5"
			case d.Kind == etl.KindTypes:
				text = "Infogéreur"
			case d.Kind == etl.KindStanding:
				text = "Suspendu"
			case d.Kind == etl.KindDate:
				text = fmt.Sprintf("%02d/02/2018", len(heads)+1)
			case d.Address:
				text = "https://example.org/" + string(d.Key)
			}
			heads, cells = append(heads, d.Heading.French), append(cells, text)
			said = append(said, d)
		}
		p := newPlace(t, "report: {language: fr}\nsite: {dir: public, url: https://example.org/hds/, id: x}\ngate: {unclassified: 1}\n")
		p.write(t, "editions/2019-06-17/"+l.FileName()+".csv", strings.Join(heads, ";")+"\n"+strings.Join(cells, ";")+"\nAutre"+strings.Repeat(";", len(heads)-1)+"\n")
		p.want(t, exitDone, "run", "--accept", "listing-missing", "--by", "Jeanne", "--reason", "essai")
		site := siteFiles(t, filepath.Join(p.dir, "public"))
		for i, d := range said {
			want := []string{cells[i]}
			switch d.Kind {
			case etl.KindActivities, etl.KindTypes:
				continue // TestSiteDataIsTyped
			case etl.KindDate:
				want = []string{"2018-02-" + cells[i][:2], cells[i]}
			}
			for _, name := range []string{"data/" + l.FileName() + ".csv", "api/v1/actors/dit-name.json", "acteurs/dit-name.html"} {
				if !slices.ContainsFunc(want, func(s string) bool { return strings.Contains(site[name], s) }) {
					t.Errorf("%s does not say what the source says in %s, %q", name, d.Heading.French, want)
				}
			}
		}
	}
}
