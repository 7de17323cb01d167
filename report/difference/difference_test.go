package difference_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/message"
	"hdsreport/report/difference"
)

// side is a list of the agréés: lines "id | name | service".
func side(name string, lines ...string) *compare.Side {
	l := &compare.List{Fields: []string{"service"}}
	for _, line := range lines {
		c := strings.SplitN(line, " | ", 3)
		l.Rows = append(l.Rows, compare.Row{ID: c[0], Actor: etl.ActorOf(c[0]), Name: c[1], Source: c[1],
			Values: []compare.Value{etl.Text(c[2])}})
	}
	return &compare.Side{Name: name, Lists: [2]*compare.List{l, nil}}
}

func report1(old, new *compare.Side) *difference.Report {
	ref := config.Reference()
	return difference.Of(old, new, &ref, "en")
}

func TestSentence(t *testing.T) {
	for _, c := range []struct {
		old, new []string
		want     string
	}{
		{[]string{"a/1 | A | s"}, []string{"a/1 | A | s"}, "Nothing changed among the approved."},
		{[]string{"a/1 | A | s"}, []string{"a/1 | A | S"}, "Nothing of substance changed among the approved (1 name or value written otherwise)."},
		{[]string{"a/1 | A | s"}, []string{"a/1 | A | t"}, "1 approval changed among the approved."},
		{[]string{"a/1 | A | s", "b/1 | B | s"}, []string{"c/1 | C | s"}, "2 actors left and 1 arrived among the approved."},
		{[]string{"a/1 | A | s", "b/1 | B | s"}, []string{"a/1 | Other | t", "c/1 | C | s"}, "1 actor left, 1 arrived, 1 actor renamed and 1 approval changed among the approved."},
	} {
		if got := report1(side("old", c.old...), side("new", c.new...)).Sentence(); got != c.want {
			t.Errorf("%q to %q:\n got %s\nwant %s", c.old, c.new, got, c.want)
		}
	}
}

// TestFrench: the sentence, the text and the Markdown are French; the JSON stays
// English, for programs.
func TestFrench(t *testing.T) {
	ref := config.Reference()
	old, new := side("avant", "a/1 | A | s", "b/1 | B | s", "d/1 | D | s", "e/1 | E | s"),
		side("après", "a/1 | Autre | t", "c/1 | C | s", "d/1 | D. | s", "e/1 | E | s", "e/2 | E | t")
	new.Notes = append(new.Notes, message.New("readback-no-sheet", "side", "après", "list", etl.Certified))
	r := difference.Of(old, new, &ref, "fr")
	if got, want := r.Sentence(), "Chez les agréés, 1 acteur sorti, 1 entré, 1 acteur renommé, 1 agrément modifié et 1 agrément ajouté."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	var text, markdown, json bytes.Buffer
	if err := errors.Join(r.Text(&text, false), r.Markdown(&markdown), r.JSON(&json)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"note\u00a0: après n’a pas de feuille des acteurs certifiés",
		"agréés\u00a0: 4 acteurs (avant), 4 (après)", "agréments ajoutés, hors nouveaux agréés (1)", "Prestation agréée  s → t"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
	for _, want := range []string{"| acteurs agréés | 4 | 4 |", "### Agréés", "#### Sortis (1)",
		"| Acteur | Identifiant |", "| Acteur | Champ | Avant | Maintenant |"} {
		if !strings.Contains(markdown.String(), want) {
			t.Errorf("no %q in\n%s", want, &markdown)
		}
	}
	for _, want := range []string{`"summary": "1 actor left, 1 arrived, 1 actor renamed, `, "has no sheet of the certified actors"} {
		if !strings.Contains(json.String(), want) {
			t.Errorf("no %q in\n%s", want, &json)
		}
	}
	english := regexp.MustCompile(`(?i)\b(the|actors?|arrived|left|changed|among|rows?|more|now|only)\b`)
	for _, said := range []string{text.String(), markdown.String()} {
		if found := english.FindString(said); found != "" {
			t.Errorf("%q in\n%s", found, said)
		}
	}
}

// TestMarkdownIsPlain: nothing of a name or value is markup in a pull request, calls
// somebody or refers to another issue.
func TestMarkdownIsPlain(t *testing.T) {
	hostile := "@team #12 a|b `code` <img src=x> *bold* [link](http://x.example) www.example.org \u202e&amp; $x$\nnext"
	var b bytes.Buffer
	if err := report1(side("o|d", "a/1 | A | s"), side("new", "a/1 | A | "+hostile)).Markdown(&b); err != nil {
		t.Fatal(err)
	}
	want := "| A | Approved service | s | @\u200bteam #\u200b12 a\\|b \\`code\\` &lt;img src=x&gt; \\*bold\\* \\[link\\]\\(http\u200b://x.example\\) www\u200b.example.org &amp;amp; \\$x\\$ next |\n"
	if !strings.Contains(b.String(), want) {
		t.Errorf("no line\n%s in\n%s", want, b.String())
	}
	for line := range strings.Lines(b.String()) {
		if bare := strings.ReplaceAll(line, `\|`, ""); strings.HasPrefix(line, "|") && strings.Count(bare, "|") != strings.Count(line, "|")-strings.Count(line, `\|`) {
			t.Errorf("a row with a border inside a cell: %q", line)
		}
	}
	if !strings.Contains(b.String(), `| | o\|d | new |`) {
		t.Error("the name of a side is not escaped")
	}
}

// TestMarkdownFitsGitHub: what is too long is left out and counted, and the kinds of
// change with few cases stay whole.
func TestMarkdownFitsGitHub(t *testing.T) {
	var old, new []string
	for i := range 20_000 {
		old = append(old, fmt.Sprintf("left-%d/1 | Parti %d é|é | s", i, i),
			fmt.Sprintf("stay-%d/1 | Resté %d | s", i, i))
		new = append(new, fmt.Sprintf("here-%d/1 | Venu %d @x | s", i, i),
			fmt.Sprintf("stay-%d/1 | Resté %d | %s", i, i, strings.Repeat("long|", 100)))
	}
	old, new = append(old, "n/1 | Avant | s"), append(new, "n/1 | Maintenant | s")
	var b bytes.Buffer
	if err := report1(side(strings.Repeat("o|", 3000), old...), side("new", new...)).Markdown(&b); err != nil {
		t.Fatal(err)
	}
	if n := utf8.RuneCount(b.Bytes()); n > 65_536 || n < 30_000 {
		t.Errorf("%d characters; GitHub takes 65,536", n)
	}
	said := b.String()
	if !strings.Contains(said, "| Avant | Maintenant |") {
		t.Error("the only renaming was left out")
	}
	var left, shown int
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, "| Parti") || strings.HasPrefix(line, "| Venu") ||
			strings.HasPrefix(line, "| Resté") {
			shown++
		}
		fmt.Sscanf(strings.ReplaceAll(line, ",", ""), "%d rows are left out here", &left)
	}
	if left+shown != 60_000 {
		t.Errorf("%d shown and %d said to be left out, of 60000", shown, left)
	}
	if open, closed := strings.Count(said, "<details>"), strings.Count(said, "</details>"); open != closed ||
		open != 3 {
		t.Errorf("%d folds opened, %d closed", open, closed)
	}
}

// TestTextObeysNobody: a name cannot move a terminal's cursor, and without a terminal
// there is no colour.
func TestTextObeysNobody(t *testing.T) {
	r := report1(side("old", "a/1 | A | s"), side("new", "a/1 | B\x1b[2J\u202e | t\r\nu"))
	var plain, coloured bytes.Buffer
	if err := r.Text(&plain, false); err != nil {
		t.Fatal(err)
	}
	if err := r.Text(&coloured, true); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(plain.String(), "\x1b\r\u202e") {
		t.Errorf("%q", plain.String())
	}
	if !strings.Contains(coloured.String(), "\x1b[33m~\x1b[0m") || strings.Contains(coloured.String(), "\x1b[2J") {
		t.Errorf("%q", coloured.String())
	}
}
