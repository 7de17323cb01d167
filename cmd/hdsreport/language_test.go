package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hdsreport/etl/message"
)

// speaking runs a command line with an environment and gives what it printed.
func speaking(t *testing.T, environ []string, args ...string) (code int, out, told string) {
	t.Helper()
	var o, e bytes.Buffer
	c := &Command{Stdin: strings.NewReader(""), Stdout: &o, Stderr: &e, Environ: environ,
		Now: func() time.Time { return time.Date(2019, 7, 2, 9, 0, 0, 0, time.UTC) }}
	code = c.Main(args)
	return code, o.String(), e.String()
}

// TestLanguageOfUsage: before a configuration is read, the setting's variable and then the
// locale's decide, else French.
func TestLanguageOfUsage(t *testing.T) {
	const french, english = "hdsreport: option inconnue\u00a0: --nope\u202f; voir hdsreport run --help\n",
		"hdsreport: unknown flag: --nope; see hdsreport run --help\n"
	for _, k := range []struct {
		environ []string
		want    string
	}{
		{nil, french},
		{[]string{"LANG=en_GB.UTF-8"}, english},
		{[]string{"LANG=en"}, english},
		{[]string{"LANG=en@quot"}, english},
		{[]string{"LANG=de_DE.UTF-8"}, french},
		{[]string{"LANG=C.UTF-8"}, french},
		{[]string{"LANG=fr_FR.UTF-8", "LC_MESSAGES=en_US.UTF-8"}, english},
		{[]string{"LANG=en_US.UTF-8", "LC_MESSAGES=en_US.UTF-8", "LC_ALL=fr_CA.UTF-8"}, french},
		{[]string{"LC_ALL=", "LANG=en_US.UTF-8"}, english},
		{[]string{"LC_ALL=fr_FR.UTF-8", "HDSREPORT_REPORT_LANGUAGE=en"}, english},
	} {
		if code, _, told := speaking(t, k.environ, "run", "--nope"); code != exitUsage || told != k.want {
			t.Errorf("%q: exit %d, %q, want %q", k.environ, code, told, k.want)
		}
	}
}

// TestLanguageOfLooseFiles is that of the default configuration, whatever the locale.
func TestLanguageOfLooseFiles(t *testing.T) {
	list := "../../samples/editions/2019-06-17/certifies.html"
	for want, environ := range map[string][]string{"Édition du 17 juin 2019": {"LANG=en_US.UTF-8"},
		"Edition 2019-06-17": {"LANG=fr_FR.UTF-8", "HDSREPORT_REPORT_LANGUAGE=en"}} {
		if _, out, told := speaking(t, environ, "stats", "--certifies", list, "--date",
			"2019-06-17"); !strings.HasPrefix(out, want+"\n") {
			t.Errorf("%q: %.60q %q", environ, out, told)
		}
	}
}

// TestUsage: what cobra and pflag say of a command line is said in the reader's language.
// It holds the texts of these libraries, which usage.go reads.
func TestUsage(t *testing.T) {
	for _, k := range []struct {
		args   string
		fr, en string
	}{
		{"rum", "commande inconnue «\u00a0rum\u00a0» pour «\u00a0hdsreport\u00a0»\u202f; la plus proche\u00a0: run", `unknown command "rum" for "hdsreport"; did you mean run?`},
		{"help rum", "commande inconnue «\u00a0rum\u00a0» pour «\u00a0hdsreport\u00a0»\u202f; la plus proche\u00a0: run", `unknown command "rum" for "hdsreport"; did you mean run?`},
		{"zzzzzz", "commande inconnue «\u00a0zzzzzz\u00a0» pour «\u00a0hdsreport\u00a0»\u202f; voir hdsreport --help", `unknown command "zzzzzz" for "hdsreport"; see hdsreport --help`},
		{"--nope", "option inconnue\u00a0: --nope\u202f; voir hdsreport --help", "unknown flag: --nope; see hdsreport --help"},
		{"run -x", "option inconnue\u00a0: -x dans -x\u202f; voir hdsreport run --help", "unknown shorthand flag: -x in -x; see hdsreport run --help"},
		{"run --out", "l’option --out attend une valeur\u202f; voir hdsreport run --help", "flag needs an argument: --out; see hdsreport run --help"},
		{"run --=x", "option mal écrite\u00a0: --=x\u202f; voir hdsreport run --help", "bad flag syntax: --=x; see hdsreport run --help"},
		{"check --rows dix", "l’option --rows ne peut pas valoir «\u00a0dix\u00a0»\u00a0: un nombre entier est attendu\u202f; voir hdsreport check --help", `invalid argument "dix" for --rows: write a whole number; see hdsreport check --help`},
		{"check --json=oui", "l’option --json ne peut pas valoir «\u00a0oui\u00a0»\u00a0: true ou false est attendu, ou rien\u202f; voir hdsreport check --help", `invalid argument "oui" for --json: write true or false or leave the value out; see hdsreport check --help`},
		{"run x", "run ne prend pas d’argument, et «\u00a0x\u00a0» en est un\u202f; voir hdsreport run --help", `run takes no argument, and "x" is one; see hdsreport run --help`},
		{"completion bash x", "hdsreport completion bash ne prend pas d’argument, et «\u00a0x\u00a0» en est un\u202f; voir hdsreport completion bash --help", `hdsreport completion bash takes no argument, and "x" is one; see hdsreport completion bash --help`},
		{"diff x", "diff\u00a0: 2 arguments attendus, 1 donné\u202f; voir hdsreport diff --help", "diff: accepts 2 arguments, received 1; see hdsreport diff --help"},
		{"audit", "audit\u00a0: 1 argument attendu, 0 donné\u202f; voir hdsreport audit --help", "audit: accepts 1 argument, received 0; see hdsreport audit --help"},
	} {
		for language, want := range map[string]string{"fr": k.fr, "en": k.en} {
			if code, _, told := speaking(t, []string{"LANG=" + language},
				strings.Fields(k.args)...); code != exitUsage || told != "hdsreport: "+want+"\n" {
				t.Errorf("%s: exit %d\n got %q\nwant %q", k.args, code, told, want)
			}
		}
	}
}

// TestStatsDecimal: a mean has the decimal sign of the language, in text; JSON has a point.
func TestStatsDecimal(t *testing.T) {
	for _, k := range []struct{ language, flag, want string }{
		{"fr", "--json=false", "Activités par acteur certifié, en moyenne  4,53  sur 19 acteurs certifiés\n"},
		{"en", "--json=false", "Activities per certified actor, on average  4.53  over 19 certified actors\n"},
		{"fr", "--json=true", `"mean": 4.53,`},
	} {
		_, out, told := speaking(t, []string{"HDSREPORT_REPORT_LANGUAGE=" + k.language}, "stats", k.flag, "--config",
			"../../samples/hdsreport.yaml")
		if !strings.Contains(out, k.want) {
			t.Errorf("%s %s: no %q in\n%s%s", k.language, k.flag, k.want, out, told)
		}
	}
}

// refusedWorkspace is the samples with an edition that lost its actors and has a date that
// cannot be read.
func refusedWorkspace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, inputs{os.DirFS("../../samples")}); err != nil {
		t.Fatal(err)
	}
	half := "Hébergeur;Prestation agréée;Date d'agrément;Fin d'agrément\nOVH;;;\nClaranet;x;le premier jour;\n"
	if err := os.WriteFile(filepath.Join(dir, "editions", "2019-06-17", "agrees.csv"), []byte(half),
		0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestSamplesAreQuiet: lists as they should be have no warning. One that comes with a change of
// the program would come with every list.
func TestSamplesAreQuiet(t *testing.T) {
	for _, dir := range []string{"../../samples", today} {
		code, out, told := speaking(t, nil, "check", "--config", dir+"/hdsreport.yaml")
		if code != exitDone || !strings.Contains(out+told, "0 erreur, 0 avertissement, ") {
			t.Errorf("%s: exit code %d\n%s%s", dir, code, out, told)
		}
	}
}

// TestCheckJSON: every finding and every refusal, once, for programs.
func TestCheckJSON(t *testing.T) {
	type finding struct {
		Severity, Code, File, Message, Do string
		Row, Column                       *int
		Args                              map[string]any
	}
	type result struct {
		Edition     string
		Publishable *bool
		Findings    []finding
	}
	check := func(dir, language string, exit int) result {
		t.Helper()
		code, out, told := speaking(t, []string{"HDSREPORT_REPORT_LANGUAGE=" + language}, "check", "--json",
			"--config", filepath.Join(dir, "hdsreport.yaml"))
		if code != exit {
			t.Fatalf("exit %d: %s", code, told)
		}
		var r result
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out, "null") {
			t.Errorf("null in %s", out)
		}
		return r
	}
	good := check("../../samples", "fr", exitDone)
	if good.Edition != "2019-06-17" || good.Publishable == nil || !*good.Publishable || len(good.Findings) == 0 {
		t.Errorf("%+v", good)
	}
	dir := refusedWorkspace(t)
	for language, want := range map[string]string{"fr": "acteurs", "en": "actors"} {
		r := check(dir, language, exitRefused)
		if *r.Publishable || r.Findings[0].Severity != "refused" || r.Findings[0].Code != "actors-lost" ||
			!strings.Contains(r.Findings[0].Message, want) || r.Findings[0].Do == "" {
			t.Errorf("%s: %+v", language, r.Findings[0])
		}
		unread, lost := 0, 0
		for _, f := range r.Findings {
			if f.Row == nil || f.Column == nil || f.Args == nil || f.Message == "" {
				t.Errorf("%s: %+v", language, f)
			}
			if f.Code == "actors-lost" {
				lost++
			}
			if f.Code == "date-unreadable" && f.File == "editions/2019-06-17/agrees.csv" && *f.Row == 3 &&
				*f.Column == 3 {
				unread++
			}
		}
		if unread != 1 || lost != 1 {
			t.Errorf("%s: %d unreadable dates and %d refusals", language, unread, lost)
		}
	}
}

// TestCommandsNamedHaveTheFile: where a person gave --config, the commands that texts name are
// those to type; these and no others have the flag.
func TestCommandsNamedHaveTheFile(t *testing.T) {
	c := &Command{Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}
	for _, cmd := range c.root().Commands() {
		leaves := cmd.Commands()
		if len(leaves) == 0 || cmd.Flags().Lookup("config") != nil {
			leaves = append(leaves, cmd)
		}
		for _, leaf := range leaves {
			if slices.Contains(message.WithoutWorkspace, cmd.Name()) == (leaf.Flags().Lookup("config") != nil) {
				t.Errorf("%s: --config would be added to it, and it has none, or the reverse", leaf.CommandPath())
			}
		}
	}
	file := "../../samples/hdsreport.yaml"
	_, _, told := speaking(t, nil, "run", "--dry-run", "--config", file)
	if want := "hdsreport check --config " + file; !strings.Contains(told, want) {
		t.Errorf("no %q in\n%s", want, told)
	}
	t.Chdir("../../samples")
	for _, args := range [][]string{{"run", "--dry-run"}, {"run", "--dry-run", "--config", "hdsreport.yaml"}} {
		if _, _, told := speaking(t, nil, args...); strings.Contains(told, "--config") || !strings.Contains(told, "hdsreport check") {
			t.Errorf("%q: %s", args, told)
		}
	}
}
