package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/config"
	"hdsreport/etl/message"
)

func load(t *testing.T, yaml string, environ []string, flags map[string]string) (config.Config, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), config.FileName)
	if err := os.WriteFile(file, []byte(yaml), 0o644); err != nil {
		t.Fatal(err)
	}
	return config.Load(file, environ, flags)
}

// TestFaults: each names the file, the line, and what a person meant or can do.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, yaml string
		line       int
		says       []string
	}{
		{"a misspelt key", "editions: e\nregistri: r\n", 2, []string{`"registri"`, `did you mean "registry"`}},
		{"a misspelt key inside", "report:\n  title: T\n  langage: fr\n", 3, []string{`"report.langage"`, `"report.language"`}},
		{"a misspelt key far inside", "report:\n  title: T\nlists:\n  approved:\n    activity_numbring: decree\n", 5, []string{`"lists.approved.activity_numbering"`}},
		{"a misspelt section", "gates:\n  lost: 0.1\n", 1, []string{`"gates`}},
		{"a key like no other", "zzzzzzzzzzzz: 1\n", 1, []string{"the keys are", "gate.lost"}},
		{"a key of a list", "reference:\n  headers:\n    - list: both\n      feild: name\n      alias: x\n", 4, []string{"feild"}},
		{"two documents", "# c\n---\neditions: e\n---\nregistry: r\n", 4, []string{"second document"}},
		{"no YAML", "editions: [\n", 1, []string{"YAML"}},
		{"no YAML further down", "report:\n  title: \"T\n  contact: c\n", 2, []string{"YAML"}},
		{"a language of no table", "report:\n  language: de\n", 2, []string{`"de"`, "fr or en"}},
		{"a numbering that nobody uses", "lists:\n  certified:\n    activity_numbering: asip\n", 3, []string{"asip_2018 or decree"}},
		{"the second list's numbering", "lists:\n  approved:\n    url: https://x\n  certified:\n    activity_numbering: asip\n", 5, []string{"lists.certified"}},
		{"a share over 1", "gate:\n  lost: 20\n", 2, []string{"gate.lost", "0 to 1"}},
		{"a share under 0", "gate:\n  unreadable: -0.1\n", 2, []string{"gate.unreadable"}},
		{"a share that is no number", "gate:\n  unclassified: .nan\n", 2, []string{"gate.unclassified"}},
		{"a share in words", "gate:\n  lost: un cinquième\n", 2, []string{"gate.lost"}},
		{"growth under 1", "gate:\n  gained: 0.5\n", 2, []string{"gate.gained"}},
		{"growth that is no number", "gate:\n  gained: .nan\n", 2, []string{"gate.gained"}},
		{"fewer than no actors", "gate:\n  gained_at_least: -1\n", 2, []string{"gained_at_least"}},
		{"no room for a file", "limits:\n  file_megabytes: 0\n", 2, []string{"file_megabytes"}},
		{"more room than there is", "limits:\n  file_megabytes: 9000000000000\n", 2, []string{"file_megabytes"}},
		{"an edition that is none", "edition: juin\n", 1, []string{"YYYY-MM-DD"}},
		{"an address without its scheme", "report:\n  source_url: esante.gouv.fr\n", 2, []string{"https://"}},
		{"an address with a port that is none", "report:\n  source_url: http://ex.fr:99999/\n", 2, []string{"99999", "65535"}},
		{"two addresses", "lists:\n  approved:\n    url: https://a.fr;https://b.fr\n", 3, []string{"one whole address"}},
		{"two mailboxes", "report:\n  contact: a@b.fr, c@d.fr\n", 2, []string{"contact"}},
		{"a download address with a secret", "lists:\n  approved:\n    download: https://u:geheim@a.fr:1234567/?key=geheim\n", 3, []string{"1234567"}},
		{"an address that is a script", "lists:\n  approved:\n    url: javascript:alert(1)\n", 3, []string{"https://"}},
		{"a header without a list", "reference:\n  headers:\n    - field: name\n      alias: x\n", 2, []string{"entry 1"}},
		{"a header of an unknown field", "reference:\n  headers:\n    - {list: both, field: nam, alias: x}\n", 2, []string{`did you mean "name"`}},
		{"a section that is a text", "report: oui\n", 1, []string{"report"}},
	} {
		_, err := load(t, c.yaml, nil, nil)
		var e *config.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v", c.name, err)
			continue
		}
		if !strings.HasSuffix(e.File, config.FileName) || e.Line != c.line {
			t.Errorf("%s: at %s:%d, want line %d: %v", c.name, e.File, e.Line, c.line, err)
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q does not say %q", c.name, err, s)
			}
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q is more than a line", c.name, err)
		}
	}
}

func TestNoSuchFile(t *testing.T) {
	_, err := config.Load(filepath.Join(t.TempDir(), "absent.yaml"), nil, nil)
	var e *config.Error
	if !errors.As(err, &e) || !strings.Contains(e.Do.String(), "hdsreport init") {
		t.Errorf("%v", err)
	}
}

// TestNumbersAreWritten: what is no number is not taken for one. A threshold of the
// gate that nobody has set is worse than a job that stops.
func TestNumbersAreWritten(t *testing.T) {
	for _, k := range []struct{ section, key, value string }{
		{"gate", "lost", `""`}, {"gate", "lost", "true"}, {"gate", "lost", `"0,2"`}, {"gate", "gained_at_least", "20.9"},
		{"watch", "stale_days", "true"}, {"watch", "stale_days", "30.7"}, {"watch", "stale_days", `""`}, {"fetch", "minutes", "1.5"},
	} {
		_, err := load(t, fmt.Sprintf("%s:\n  %s: %s\n", k.section, k.key, k.value), nil, nil)
		if err == nil || !strings.Contains(err.Error(), "yaml:2: "+k.section+"."+k.key+": the value is of the wrong kind; write a") {
			t.Errorf("%s.%s: %s: %v", k.section, k.key, k.value, err)
		}
		variable := strings.ToUpper("HDSREPORT_" + k.section + "_" + k.key)
		_, err = load(t, "", []string{variable + "=" + strings.Trim(k.value, `"`)}, nil)
		if err == nil || !strings.Contains(err.Error(), "environment variable "+variable+": the value is of the wrong kind") {
			t.Errorf("%s=%s: %v", variable, k.value, err)
		}
	}
	c, err := load(t, "gate: {lost: 1, gained: .inf, gained_at_least: 20.0}\n", []string{"HDSREPORT_WATCH_STALE_DAYS=030", "HDSREPORT_GATE_UNREADABLE=0"}, nil)
	if err != nil || c.Gate.Lost != 1 || c.Gate.GainedAtLeast != 20 || c.Watch.StaleDays != 30 || c.Gate.Unreadable != 0 {
		t.Errorf("%+v %v: %v", c.Gate, c.Watch, err)
	}
}

// TestSeveralFaultsAreOneError, the same every time.
func TestSeveralFaultsAreOneError(t *testing.T) {
	yaml := "lists:\n  approved: {activity_numbering: a, url: u}\n  certified: {activity_numbering: b, url: v}\ngate: {lost: 2, unreadable: 3, unclassified: 4}\n"
	_, first := load(t, yaml, nil, nil)
	for range 20 {
		if _, err := load(t, yaml, nil, nil); err.(*config.Error).What.String() != first.(*config.Error).What.String() {
			t.Fatalf("%v, then %v", first, err)
		}
	}
}

// TestPrecedence: defaults, the file over them, the environment over it, flags
// over all.
func TestPrecedence(t *testing.T) {
	yaml := "edition: 2019-02\nreport:\n  title: du fichier\n  publisher: P\ngate:\n  lost: 0.1\n"
	c, err := load(t, yaml, []string{"PATH=/bin", "HDSREPORT_EDITION=2019-03", "HDSREPORT_GATE_LOST=0.3", "HDSREPORT_REPORT_TITLE=de l’environnement = oui", "HDSREPORT_LISTS_CERTIFIED_ACTIVITY_NUMBERING=decree"}, map[string]string{"edition": "2019-06-17"})
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.Edition = "2019-06-17"
	want.Report.Title, want.Report.Publisher = "de l’environnement = oui", "P"
	want.Gate.Lost = 0.3
	want.Lists.Certified.ActivityNumbering = "decree"
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

func TestDefaultsHoldThemselves(t *testing.T) {
	for name, yaml := range map[string]string{"an empty file": "", "a file of remarks": "# rien\n", "an empty section": "report:\ngate:\n"} {
		c, err := load(t, yaml, nil, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(config.Default(), c); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if c, err := config.Load("", nil, nil); err != nil || !cmp.Equal(c, config.Default()) {
		t.Errorf("without a file: %v", err)
	}
}

// TestEnvironment: a misspelt variable would be a setting that does nothing.
func TestEnvironment(t *testing.T) {
	for env, says := range map[string]string{
		"HDSREPORT_EDITIN=2019-02":          "did you mean HDSREPORT_EDITION?",
		"HDSREPORT_REPORT_LANGAGE=en":       "did you mean HDSREPORT_REPORT_LANGUAGE?",
		"HDSREPORT_GATE_LOST=beaucoup":      "HDSREPORT_GATE_LOST",
		"HDSREPORT_REPORT_LANGUAGE=de":      `"de"`,
		"HDSREPORT_EDITION=juin":            "YYYY-MM-DD",
		"HDSREPORT_LIMITS_FILE_MEGABYTES=0": "variable HDSREPORT_LIMITS_FILE_MEGABYTES: 0 is",
	} {
		if _, err := load(t, "", []string{env}, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want %q in it", env, err, says)
		}
	}
	c, err := load(t, "", []string{"HDSREPORT=1", "hdsreport_edition=x", "HDSREPORT_REPORT_EXTRA_COLUMNS=SIREN,Ville"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"SIREN", "Ville"}, c.Report.ExtraColumns); diff != "" {
		t.Error(diff)
	}
}

// TestValuesStayWhatTheyWere: YAML takes dates for times and digits for numbers.
func TestValuesStayWhatTheyWere(t *testing.T) {
	c, err := load(t, "edition: 2019-06-17\nreport:\n  title: 2019-06-17\n  contact: data@example.fr\n  errata:\n    - 2019-07-01\n    - \"texte : avec deux-points\"\n  extra_columns: [SIREN]\nreference:\n  headers:\n    - list: approved\n      field: name\n      alias: Structure.Nom\n", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Edition != "2019-06-17" || c.Report.Title != "2019-06-17" {
		t.Errorf("edition %q, title %q", c.Edition, c.Report.Title)
	}
	if diff := cmp.Diff([]string{"2019-07-01", "texte : avec deux-points"}, c.Report.Errata); diff != "" {
		t.Error(diff)
	}
	ref := c.FullReference()
	h := ref.Headers[len(ref.Headers)-1]
	if h.Alias != "Structure.Nom" || h.List != "approved" || cmp.Diff(ref.Shown, []string{"SIREN"}) != "" {
		t.Errorf("%+v, %v", h, ref.Shown)
	}
	if c, err = load(t, "edition: 2019-02\n", nil, nil); err != nil || c.Edition != "2019-02" {
		t.Errorf("%q, %v", c.Edition, err)
	}
}

func TestSourceYAML(t *testing.T) {
	s, err := config.ParseSource([]byte("url: https://esante.gouv.fr/x\npublisher: ASIP Santé\nretrieved: 2019-06-18\nsha256: \"0123\"\nactivity_numbering: asip_2018\n"), "agrees.source.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Source{URL: "https://esante.gouv.fr/x", Publisher: "ASIP Santé", Retrieved: "2019-06-18", SHA256: "0123", ActivityNumbering: "asip_2018"}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
	if s, err := config.ParseSource([]byte("retrieved: 2019-06-18T10:30:00Z\n"), "x"); err != nil || s.Retrieved != "2019-06-18T10:30:00Z" {
		t.Errorf("%q, %v", s.Retrieved, err)
	}
	if _, err := config.ParseSource(nil, "x"); err != nil {
		t.Errorf("an empty one: %v", err)
	}
	for text, says := range map[string]string{
		"url: x\nactivity_numbring: decree\n": `agrees.source.yaml:2: unknown key "activity_numbring"; did you mean "activity_numbering"?`,
		"\nactivity_numbering: ans\n":         "agrees.source.yaml:2: ",
		"url: [\n":                            "YAML",
	} {
		if _, err := config.ParseSource([]byte(text), "agrees.source.yaml"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: error %v, want %q", text, err, says)
		}
	}
}

// TestWhoSaidIt: a value that is wrong is the fault of who gave it: a flag, a variable,
// or a line of the file.
func TestWhoSaidIt(t *testing.T) {
	const yaml = "editions: e\nedition: 2019-06-17\n"
	for _, c := range []struct {
		environ []string
		flags   map[string]string
		says    string
	}{
		{nil, map[string]string{"edition": "juin"}, `--edition: "juin" is no edition`},
		{[]string{"HDSREPORT_EDITION=juin"}, nil, `environment variable HDSREPORT_EDITION: "juin" is no edition`},
		{[]string{"HDSREPORT_EDITION=mai"}, map[string]string{"edition": "juin"}, `--edition: "juin" is no edition`},
	} {
		_, err := load(t, yaml, c.environ, c.flags)
		if err == nil || !strings.HasPrefix(err.Error(), c.says) {
			t.Errorf("%v %v: %v", c.environ, c.flags, err)
		}
	}
	if _, err := load(t, "editions: e\nedition: juin\n", nil, nil); err == nil || !strings.Contains(err.Error(), `hdsreport.yaml:2: edition: "juin" is no edition`) {
		t.Errorf("%v", err)
	}
}

// TestFaultsInFrench: no word of English, and French typography.
func TestFaultsInFrench(t *testing.T) {
	_, err := load(t, "report:\n  langage: fr\n", nil, nil)
	if want := "hdsreport.yaml:2: clé inconnue «\u00a0report.langage\u00a0»\u202f; vouliez-vous dire «\u00a0report.language\u00a0»\u202f?"; !strings.HasSuffix(message.In("fr").Error(err), want) {
		t.Errorf("%s", message.In("fr").Error(err))
	}
	_, err = load(t, "report: {language: de}\n", nil, nil)
	if want := "report.language\u00a0: «\u00a0de\u00a0» n’est pas une langue des feuilles\u202f; écrire fr ou en"; !strings.HasSuffix(message.In("fr").Error(err), want) {
		t.Errorf("%s", message.In("fr").Error(err))
	}
	_, err = load(t, "", []string{"HDSREPORT_GATE_LOST=0,2"}, nil)
	if want := "variable d’environnement HDSREPORT_GATE_LOST\u00a0: la valeur n’est pas du bon type\u202f; écrire un nombre tel que 0.2"; message.In("fr").Error(err) != want {
		t.Errorf("%s", message.In("fr").Error(err))
	}
}
