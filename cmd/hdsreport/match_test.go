package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMatchSpeaks: what is wrong with what match is given is said in the reader's
// language; the columns and the decisions that it writes are the same in both.
func TestMatchSpeaks(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		args   []string
		fr, en string
	}{
		{[]string{"match", "Zorgub"}, "il faut deux noms, et 1 est donné", "two names are needed, 1 given"},
		{[]string{"match", "--left", "-", "--right", "-"}, "ne peuvent pas être tous deux l’entrée standard", "only one of --left and --right can be standard input"},
		{[]string{"match", "a", "b", "--top", "2"}, "--top va avec --left et --right", "--top goes with --left and --right"},
		{[]string{"match", "--pairs", file("empty.csv", "")}, "il n’y a pas d’en-tête", "there is no header"},
		{[]string{"match", "--pairs", file("columns.csv", "a,b\n1,2\n")}, "il faut les colonnes name1 et name2\u202f; il y a a, b", "the columns name1 and name2 are needed; there are a, b"},
		{[]string{"match", "--pairs", file("long.csv", "name1,name2\na,b,c\n")}, "long.csv:2\u00a0: la ligne a 3 cellules et l’en-tête 2", "long.csv:2: the row has 3 cells and the header 2"},
		{[]string{"match", "--pairs", file("quote.csv", "name1,name2\na,\"b\nc,d\n")}, "ligne 2\u00a0: un guillemet ouvre une cellule", "line 2: a quotation mark opens a cell"},
	} {
		for language, want := range map[string]string{"fr": c.fr, "en": c.en} {
			if code, out, told := speaking(t, []string{"HDSREPORT_REPORT_LANGUAGE=" + language}, c.args...); code == 0 || out != "" || !strings.Contains(told, want) {
				t.Errorf("%s %v: %d %q", language, c.args, code, told)
			}
		}
	}
	pairs := file("pairs.csv", "name1,name2\nZorgub,ZORGUB\nZorgub,Quidam\n")
	for _, language := range []string{"fr", "en"} {
		code, out, told := speaking(t, []string{"HDSREPORT_REPORT_LANGUAGE=" + language}, "match", "--pairs", pairs)
		if code != 0 || !strings.HasPrefix(out, "name1,name2,decision,score,reason\nZorgub,ZORGUB,same,") || !strings.Contains(out, "\nZorgub,Quidam,different,") {
			t.Errorf("%s: %d %s%s", language, code, out, told)
		}
	}
}
