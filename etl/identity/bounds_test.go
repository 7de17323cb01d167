package identity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// forms are enough legal forms to contradict each other.
func bounded() *Namer {
	return New(Tables{Forms: []LegalForm{
		{Code: "SAS", Kind: "company", Position: "both", Spelling: []string{"sas"}},
		{Code: "SASU", Kind: "company", Parent: "SAS", Position: "both", Spelling: []string{"sasu"}},
		{Code: "AG", Kind: "company", Position: "both", Spelling: []string{"ag"}},
		{Code: "GMBH", Kind: "company", Position: "both", Spelling: []string{"gmbh"}},
		{Code: "SCI", Kind: "property", Position: "both", Spelling: []string{"sci"}},
	}, Words: []Word{{Word: "groupe", Class: "group"}, {Word: "de", Class: "stop"}},
		Hospitals: []Abbreviation{{Short: "clinique", Kind: "type", Spelling: []string{"clinique"}}}})
}

// byPairs partitions names the long way: all pairs.
func byPairs(n *Namer, names []Name) []int {
	rows := make([]string, len(names))
	for i := range names {
		for j := range names {
			rows[i] += fmt.Sprint(i == j || n.Compare(names[i], names[j]).Decision == Same, " ")
		}
	}
	group := make([]int, len(names))
	var seen []string
	for i, row := range rows {
		if group[i] = slices.Index(seen, row); group[i] < 0 {
			group[i] = len(seen)
			seen = append(seen, row)
		}
	}
	return group
}

func TestPartitionIsThatOfAllPairs(t *testing.T) {
	n := bounded()
	draw := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[draw.IntN(len(from))] }
	for range 300 {
		names := make([]Name, 2+draw.IntN(12))
		for i := range names {
			names[i] = n.Parse(pick("", "", "Groupe ", "SCI ") + pick("Alpha Beta", "ALPHA-BETA", "Alpha de Beta", "Clinique Alpha Beta") +
				pick("", " SAS", " SASU", " AG", " GmbH", " Ag.") + pick("", "", " (Gamma)", " (GAMMA)", " (site de Delta)", " (ex Epsilon)"))
		}
		keyed := slices.DeleteFunc(names, func(nm Name) bool { return nm.Key != names[0].Key })
		p := n.Partition(keyed)
		if want := byPairs(n, keyed); !slices.Equal(p.Group, want) {
			var raws []string
			for _, nm := range keyed {
				raws = append(raws, nm.Raw)
			}
			t.Fatalf("%q: groups %v, of all pairs %v", raws, p.Group, want)
		}
	}
}

// TestPartitionComparesKinds: however many spellings, only those that say something
// else are compared.
func TestPartitionComparesKinds(t *testing.T) {
	n := bounded()
	for _, c := range []struct {
		what  string
		spell func(i int) string
		most  int
	}{
		{"case", func(i int) string { return cased("alphabetasystemes", i) }, 0},
		{"legal forms", func(i int) string {
			return cased("alphabetasystemes", i) + [...]string{"", " AG", " GmbH", " SAS"}[i%4]
		}, 6},
		{"brackets", func(i int) string { return fmt.Sprintf("Alpha (Marque %d)", i) }, 0},
	} {
		var names []Name
		for i := range 4000 {
			names = append(names, n.Parse(c.spell(i)))
		}
		if p := n.Partition(names); p.compared > c.most {
			t.Errorf("%s: %d pairs of 4000 spellings are compared, more than %d", c.what, p.compared, c.most)
		}
	}
}

// cased is one of the ways to write a word in small letters and capitals.
func cased(word string, way int) string {
	b := []byte(word)
	for i := range b {
		if way>>i&1 == 1 {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

// TestLongNames: what is compared of a name has a bound, and a text too long for a name
// is still itself, whatever its case and spaces.
func TestLongNames(t *testing.T) {
	n := bounded()
	words := func(count int) string { return strings.TrimSpace(strings.Repeat("mot ", count)) }
	if nm := n.Parse(words(5000)); len(nm.parts) != 1 || len(nm.Key) > 100 || nm.Display != nm.Raw {
		t.Errorf("a name of 5000 words has %d words and a key of %d bytes", len(nm.parts), len(nm.Key))
	}
	if p := compared(n.Parse(words(1000)).parts); len(p) > mostCompared {
		t.Errorf("%d words are compared", len(p))
	}
	if p := compared(n.Parse(strings.Repeat(strings.Repeat("x", 99)+"y ", 40)).parts); len(p) > longestName/100 {
		t.Errorf("%d long words are compared", len(p))
	}
	long := words(5000)
	for other, want := range map[string]Decision{strings.ToUpper(long): Same, strings.ReplaceAll(long, " ", "  "): Same, long + " x": Different, words(100): Different} {
		if v := n.Compare(n.Parse(long), n.Parse(other)); v.Decision != want {
			t.Errorf("%.20q… of %d bytes: %s, want %s", other, len(other), v.Decision, want)
		}
	}
	if d := distance(strings.Repeat("a", 300), strings.Repeat("b", 300), 1000); d != 1001 {
		t.Errorf("the distance of long texts is counted: %d", d)
	}
	if d := distance(strings.Repeat("a", 5000)+"b", strings.Repeat("a", 5000)+"c", 1000); d != 1 {
		t.Errorf("the distance of long texts that differ in one letter is %d", d)
	}
}

// TestOneOrMany: the verb agrees with what is looked past.
func TestOneOrMany(t *testing.T) {
	n := bounded()
	for _, c := range [][3]string{
		{"4connect", "4 connect", "equal once spaces and punctuation are removed"},
		{"Alpha SAS", "Alpha", "equal once legal form SAS is removed"},
	} {
		if got := n.Compare(n.Parse(c[0]), n.Parse(c[1])).Reasons[0].String(); got != c[2] {
			t.Errorf("%q and %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
