package identity_test

import (
	"fmt"
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"testing"

	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

func invented(r *rand.Rand, count int) []string {
	syllables := []string{"ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pru", "qua", "re", "si", "tra", "vo", "cor", "med", "tel"}
	names := make([]string, count)
	for i := range names {
		var b strings.Builder
		for range 3 + r.Intn(3) {
			b.WriteString(syllables[r.Intn(len(syllables))])
		}
		names[i] = b.String() + []string{"", " SAS", " Santé", " Services", " France"}[r.Intn(5)]
	}
	return names
}

// The index must find what one typing error made of a name, in a list long
// enough that it does not walk everything.
func TestMatchListsFindsMisspelledNames(t *testing.T) {
	n := namer()
	r := rand.New(rand.NewSource(2))
	right := invented(r, 5000)
	var left []string
	var want []int
	for i := 0; i < len(right); i += 25 {
		b := []byte(right[i])
		b[1+r.Intn(4)] = 'z'
		left, want = append(left, string(b)), append(want, i)
	}
	found := 0
	n.MatchLists(left, right, nil, nil, 1, func(i, j int, v identity.Verdict) {
		if right[j] == right[want[i]] {
			found++
		}
	})
	if found < len(left)*90/100 {
		t.Errorf("found %d of %d misspelled names", found, len(left))
	}
}

// What is yielded hangs neither on the number of processors nor on the order of
// the right list.
func TestMatchListsIsDeterministic(t *testing.T) {
	n := namer()
	r := rand.New(rand.NewSource(3))
	right := invented(r, 400)
	slices.Sort(right)
	right = slices.Compact(right)
	left := append(invented(r, 50), right[:50]...)
	left = append(left, "", "★")
	run := func(right []string) []string {
		var out []string
		n.MatchLists(left, right, nil, nil, 3, func(i, j int, v identity.Verdict) {
			out = append(out, fmt.Sprintf("%d %s %s %.4f %s", i, right[j], v.Decision, v.Score, v.Reason()))
		})
		return out
	}
	all := run(right)
	old := runtime.GOMAXPROCS(1)
	one := run(right)
	runtime.GOMAXPROCS(old)
	if !slices.Equal(all, one) {
		t.Error("one processor yields something else than all")
	}
	best := func(out []string) map[string]string {
		m := map[string]string{}
		for _, s := range out {
			if i, rest, _ := strings.Cut(s, " "); m[i] == "" && strings.Contains(rest, " same ") {
				m[i] = rest
			}
		}
		return m
	}
	shuffled := slices.Clone(right)
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	a, b := best(all), best(run(shuffled))
	if len(a) < 50 || fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("the order of the list changes who is the same: %d and %d found", len(a), len(b))
	}
}

// A name that is the same as enough others is not compared with those that are only alike.
// Who is shown does not depend on that.
func TestMatchListsShowsTheBest(t *testing.T) {
	n := namer()
	r := rand.New(rand.NewSource(4))
	right := invented(r, 4000)
	left := slices.Clone(right[:500])
	for i, name := range left {
		left[i] = strings.ToUpper(name)
	}
	for i := range 500 { // as many that state it, or differ in a form or a group
		right = append(right, right[i]+[]string{" SARL", " (ex Zublo)", " Groupe", "s"}[i%4])
	}
	right = append(right, "Zublo")
	left = append(left, "Zublo")
	best := func(top int) map[int][]string {
		out := map[int][]string{}
		n.MatchLists(left, right, nil, nil, top, func(i, j int, v identity.Verdict) {
			if len(out[i]) < 2 {
				out[i] = append(out[i], fmt.Sprintf("%d %s %.4f %s", j, v.Decision, v.Score, v.Reason()))
			}
		})
		return out
	}
	if few, all := best(2), best(25); fmt.Sprint(few) != fmt.Sprint(all) {
		t.Error("the two best of each name are others than the first two of all")
	}
}

func TestCandidatesAreBounded(t *testing.T) {
	n := namer()
	names := make([]identity.Name, 6000)
	for i := range names {
		names[i] = n.Parse(fmt.Sprintf("Cloud Santé Services %d", i))
	}
	ix := n.NewIndex(names)
	got := ix.Candidates(n.Parse("Cloud Santé Services 4321"), 10)
	if len(got) != 10 || names[got[0].Index].Key != "cloudsanteservices4321" {
		t.Errorf("candidates %v", got)
	}
	if got := ix.Candidates(n.Parse(""), 10); len(got) != 0 {
		t.Errorf("a blank name has candidates %v", got)
	}
}

func TestExplainNamesEachStep(t *testing.T) {
	out := lines(namer().Explain("BT Blue (ex Bretagne TÃ©lÃ©com)", "BRETAGNE TELECOM SASU", nil, nil))
	for _, want := range []string{"repaired: repaired mojibake", "legal form: SASU (FR), company, trailing", `states: former name "Bretagne Télécom"`, "key: btblue", "verdict: same", "because: former name Bretagne Télécom stated in the first"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

// lines are messages in English, a line each.
func lines(ms []message.Message) string {
	said := make([]string, len(ms))
	for i, m := range ms {
		said[i] = m.String()
	}
	return strings.Join(said, "\n")
}
