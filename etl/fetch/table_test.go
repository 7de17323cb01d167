package fetch

import (
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
)

// readText is a text as the fetch reads it.
func readText(t *testing.T, text string) *reading {
	t.Helper()
	j := &Job{Edition: "2019-07-02", Reference: config.Reference(), Namer: identity.New(config.IdentityTables()), Web: Web{Limits: usual}}
	r, err := j.table(etl.Approved, []byte(text), "", "liste")
	if err != nil {
		t.Fatal(err)
	}
	if against := j.judge(etl.Approved, r); len(against) > 0 {
		t.Fatal(against)
	}
	return r
}

const head = "Hébergeur;Prestation agréée;Date d'agrément;Fin d'agrément\n"

// TestTableSum: a list is what its table says, and not how, where or when.
func TestTableSum(t *testing.T) {
	const one, two = "Alpha;Hébergement;01/01/2018;31/12/2020\n", "Bêta;;;\n"
	sum := readText(t, head+one+two).sum()
	for name, text := range map[string]string{
		"sorted in another way":       head + two + one,
		"a date above":                "Liste au 2 juillet 2019\n\n" + head + one + two,
		"a remark below":              head + one + two + "Source : ANS, mise à jour du 2 juillet 2019 à 9 h\n",
		"the header again":            head + one + head + two,
		"line ends of another system": strings.ReplaceAll(head+one+two, "\n", "\r\n"),
		"tabs":                        strings.ReplaceAll(head+one+two, ";", "\t"),
		"a page":                      "<table><tr><td>" + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSuffix(head+one+two, "\n"), "\n", "</tr><tr><td>"), ";", "<td>") + "</tr></table><p>Page vue 12 fois",
		"no-break spaces":             head + strings.ReplaceAll(one, "Hébergement;", "Hébergement\u00a0;") + two,
	} {
		if readText(t, text).sum() != sum {
			t.Errorf("%s: another list", name)
		}
	}
	for name, text := range map[string]string{
		"a row more":           head + one + two + "Gamma;;;\n",
		"a row less":           head + one,
		"a row twice":          head + one + two + two,
		"another value":        head + strings.Replace(one, "2020", "2021", 1) + two,
		"a value a cell later": head + strings.Replace(one, "Hébergement;01/01/2018", ";Hébergement", 1) + two,
		"cells joined":         head + strings.Replace(one, "Alpha;Héb", "AlphaHéb;", 1) + two,
		"another heading":      strings.Replace(head, "Fin d'agrément", "Date de fin", 1) + one + two,
		"capitals":             head + strings.ToUpper(one) + two,
	} {
		if readText(t, text).sum() == sum {
			t.Errorf("%s: the same list", name)
		}
	}
}

// TestPageFile keeps the order of pages and tells all of them apart.
func TestPageFile(t *testing.T) {
	for _, c := range []struct {
		rank, of int
		page     string
		want     string
	}{{0, 26, "A", "01-A.html"}, {25, 26, "a", "26-a.html"}, {0, 1, "a/../b c", "1-a_2F.._2Fb_20c.html"}, {0, 3, "É", "1-_C3_89.html"}} {
		if got := pageFile(c.rank, c.of, c.page, "html"); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// TestPagesThatAreAllTheSame are a server that does not know the letter in the address:
// each time it gives the whole list. Pages that only share a row are reported.
func TestPagesThatAreAllTheSame(t *testing.T) {
	const a, b = "Alpha;Hébergement;01/01/2018;31/12/2020\n", "Bêta;Hébergement;01/01/2018;31/12/2020\n"
	place := func(page string) string { return "liste?lettre=" + page }
	for _, c := range []struct {
		name         string
		first, other string
		refused      bool
		found        int
	}{{"the same", head + a + b, "Page 2\n" + head + a + b, true, 0}, {"a row in common", head + a, head + a + b, false, 1}, {"two pages", head + a, head + b, false, 0}} {
		_, found, err := merge([]string{"A", "B"}, []*reading{readText(t, c.first), readText(t, c.other)}, place)
		if refused := err != nil && strings.Contains(err.Error(), "fetch-pages-same"); refused != c.refused || len(found) != c.found {
			t.Errorf("%s: %v, %v", c.name, err, found)
		}
	}
}
