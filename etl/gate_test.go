package etl_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/message"
)

// gated runs two editions whose agréés are the numbers given.
func gated(before, after []string) []string {
	c := []string{"Delta | | 1 | | 1 | |"}
	return codesOf(etl.Run(input(etl.Registry{}, edition("2019-02", before, c), edition("2019-06-17", after, c))))
}

// distinct are rows of actors that are not like each other, by number.
func distinct(from, to int) (out []string) {
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprintf("Acteur%c%c%c |", 'a'+i/26, 'a'+i%26, 'q'+i%7))
	}
	return out
}

// TestGateAtItsEdges: more than a fifth lost, exactly a fifth passes; more than
// twice as many, and at least twenty new ones; a short list that doubles.
// TestEarlierEditionWithoutLists: it is no edition to compare with, and that is said.
func TestEarlierEditionWithoutLists(t *testing.T) {
	alpha := []string{"Alpha | x | 01/01/2018 | 31/12/2020"}
	res := etl.Run(input(etl.Registry{}, edition("2019-02", alpha, nil), edition("2019-03", nil, nil), edition("2019-06-17", alpha, nil)))
	if diff := cmp.Diff([]string{"editions/2019-03 warning edition-empty"}, said(res.Findings, etl.CodeEditionEmpty)); diff != "" {
		t.Error(diff)
	}
}

func TestGateAtItsEdges(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after []string
		want          []string
	}{
		{"nothing changes", distinct(0, 50), distinct(0, 50), []string{}},
		{"exactly a fifth is lost", distinct(0, 50), distinct(0, 40), []string{}},
		{"one more than a fifth is lost", distinct(0, 50), distinct(0, 39), []string{etl.CodeActorsLost}},
		{"a fifth of fifteen", distinct(0, 15), distinct(0, 12), []string{}},
		{"as many come as go", distinct(0, 50), distinct(11, 61), []string{etl.CodeActorsLost}},
		{"twice as many", distinct(0, 30), distinct(0, 60), []string{}},
		{"more than twice as many", distinct(0, 30), distinct(0, 61), []string{etl.CodeActorsGained}},
		{"a short list, fourteen of them new", distinct(0, 7), distinct(0, 21), []string{}},
		{"a short list, fifteen of them new", distinct(0, 7), distinct(0, 22), []string{etl.CodeActorsGained}},
		{"a short list that does not double", distinct(0, 20), distinct(0, 39), []string{}},
		{"a short list that doubles", distinct(0, 20), distinct(0, 40), []string{etl.CodeActorsGained}},
		{"another list altogether", distinct(0, 30), distinct(100, 140), []string{etl.CodeActorsLost, etl.CodeActorsGained}},
	} {
		if diff := cmp.Diff(c.want, gated(c.before, c.after)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestGateSharesAreExact: 29 of a hundred is not more than 0.29, though 0.29 of a
// hundred is a little less than 29 in binary.
func TestGateSharesAreExact(t *testing.T) {
	c := []string{"Delta | | 1 | | 1 | |"}
	for gone, lost := range map[int]float64{7: 0.07, 28: 0.28, 29: 0.29, 57: 0.57} {
		for _, more := range []int{0, 1} {
			in := input(etl.Registry{}, edition("2019-02", distinct(0, 100), c), edition("2019-06-17", distinct(gone+more, 100), c))
			in.Thresholds.Lost = etl.Share(lost)
			if refused := slices.Contains(codesOf(etl.Run(in)), etl.CodeActorsLost); refused != (more > 0) {
				t.Errorf("%d of 100 against %v: refused %v", gone+more, lost, refused)
			}
		}
	}
}

// TestGateSeesThePublishedEditionOnly: a fault of an older edition is reported
// and holds nothing back.
func TestGateSeesThePublishedEditionOnly(t *testing.T) {
	c := []string{"Delta | | 1 | | 1 | |"}
	broken := edition("2019-02", []string{"Alpha |"}, c)
	broken.Sources[etl.Approved].Table.Rows = broken.Sources[etl.Approved].Table.Rows[1:]
	res := etl.Run(input(etl.Registry{}, broken, edition("2019-06-17", []string{"Alpha |"}, c)))
	if len(res.Refusals) != 0 || len(said(res.Findings, etl.CodeHeaderMissing)) != 1 {
		t.Errorf("%v, %v", codesOf(res), said(res.Findings))
	}
}

// TestGateCodes: each reason on its own, with a place and what to do.
func TestGateCodes(t *testing.T) {
	ok := edition("2019-06-17", []string{"Alpha | x | 01/01/2018 | 31/12/2020"}, []string{"Delta | | 1 | | 1 | |"})
	with := func(l etl.Listing, tb *etl.Table) etl.EditionInput {
		e := ok
		e.Sources[l] = etl.Source{Numbering: "decree", Table: tb}
		return e
	}
	dates := func(bad, good int) *etl.Table {
		lines := []string{approvedHeader}
		for i, n := range many(0, bad+good) {
			if i < bad {
				n = strings.Replace(n, "31/12/2020", "31/02/2020", 1)
			}
			lines = append(lines, n)
		}
		return table("a.csv", lines...)
	}
	for _, c := range []struct {
		name string
		in   etl.Input
		want []string
	}{
		{"nothing to refuse", input(etl.Registry{}, ok), []string{}},
		{"a list is missing", input(etl.Registry{}, edition("2019-06-17", nil, []string{"Delta | | 1 | | 1 | |"})), []string{etl.CodeListingMissing}},
		{"both lists are missing", input(etl.Registry{}, edition("2019-06-17", nil, nil)), []string{etl.CodeEditionEmpty}},
		{"both lists are missing, and one was let through", input(etl.Registry{Accepted: []etl.Acceptance{{Edition: "2019-06-17", Code: etl.CodeEditionEmpty, By: "x"}, {Edition: "2019-06-17", Code: etl.CodeListingMissing, By: "x"}}}, edition("2019-06-17", nil, nil)), []string{etl.CodeEditionEmpty}},
		{"a column has become empty", input(etl.Registry{}, edition("2019-02", []string{"Alpha | x | 01/01/2018 | 31/12/2020"}, nil), edition("2019-06-17", []string{"Alpha | x | | 31/12/2020"}, []string{"Delta | | 1 | | 1 | |"})), []string{etl.CodeColumnEmptied}},
		{"a column was empty before", input(etl.Registry{}, edition("2019-02", []string{"Alpha | x | | 31/12/2020"}, nil), edition("2019-06-17", []string{"Alpha | x | | 31/12/2020"}, []string{"Delta | | 1 | | 1 | |"})), []string{}},
		{"an actor that the registry does not have", input(etl.Registry{Actors: []etl.RegistryActor{{ID: "a", Name: "Alpha"}}, Names: []etl.RegistryName{{Actor: "b", Name: "Beta", Kind: "alias"}}}, ok), []string{etl.CodeRegistryUnknown}},
		{"a list is empty", input(etl.Registry{}, with(etl.Approved, table("a.csv", approvedHeader))), []string{etl.CodeListingEmpty}},
		{"no header", input(etl.Registry{}, with(etl.Approved, table("a.csv", "a | b", "c | d"))), []string{etl.CodeHeaderMissing}},
		{"a required column is gone", input(etl.Registry{}, with(etl.Certified, table("c.csv", "Hébergeur | N° de certificat", "Delta | 1"))), []string{etl.CodeColumnMissing}},
		{"two columns for the name", input(etl.Registry{}, with(etl.Approved, table("a.csv", "Nom | "+approvedHeader, "Alpha | Beta | x | |"))), []string{etl.CodeHeaderDuplicate}},
		{"two columns for the name that say the same", input(etl.Registry{}, with(etl.Approved, table("a.csv", "Nom | "+approvedHeader, "Alpha | Alpha | x | |"))), []string{}},
		{"two fifths of the ends", input(etl.Registry{}, with(etl.Approved, dates(20, 30))), []string{}},
		{"more than two fifths of the ends", input(etl.Registry{}, with(etl.Approved, dates(21, 29))), []string{etl.CodeValuesUnreadable}},
		{"the same actor twice in the registry", input(etl.Registry{Actors: []etl.RegistryActor{{ID: "a", Name: "Alpha"}, {ID: "a", Name: "Aleph"}}}, ok), []string{etl.CodeRegistryDuplicate}},
		{"a name of two actors", input(etl.Registry{Actors: []etl.RegistryActor{{ID: "a", Name: "Alpha"}, {ID: "b", Name: "Alpha"}}}, ok), []string{etl.CodeAliasAmbiguous}},
		{"decisions that contradict each other", input(etl.Registry{Decisions: []etl.RegistryDecision{{Left: "Alpha", Right: "Delta", Judgement: "same"}, {Left: "Delta", Right: "Alpha", Judgement: "different"}}}, ok), []string{etl.CodeDecisionsConflict}},
	} {
		res := etl.Run(c.in)
		if diff := cmp.Diff(c.want, codesOf(res)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if res.Refused() != (len(c.want) > 0) {
			t.Errorf("%s: refused %v", c.name, res.Refused())
		}
		for _, r := range res.Refusals {
			if what, do := r.Words(message.In("fr")); r.Finding.Severity != etl.Error || what == "" || do == "" {
				t.Errorf("%s: %s", c.name, r.Finding)
			}
		}
	}
}

// TestUnclassifiedShare: exactly the threshold passes.
func TestUnclassifiedShare(t *testing.T) {
	cfg := config.Default()
	for _, c := range []struct {
		rows []string
		want []string
	}{
		{[]string{"Alpha Cloud |", "Beta |"}, []string{}},
		{[]string{"Alpha Cloud |", "Beta |", "Gamma |"}, []string{etl.CodeTooManyUnclassified}},
	} {
		in := input(etl.Registry{Actors: []etl.RegistryActor{{ID: "alpha-cloud", Name: "Alpha Cloud", Position: "hosting_cloud"}}}, edition("2019-06-17", c.rows, []string{"Alpha Cloud | | 1 | | 1 | |"}))
		in.Thresholds = cfg.Gate
		if diff := cmp.Diff(c.want, codesOf(etl.Run(in))); diff != "" {
			t.Errorf("%q: %s", c.rows, diff)
		}
	}
	// Where nobody has classified anything yet there is nothing to lose: a first run
	// must come to the review that it is classified with.
	in := input(etl.Registry{}, edition("2019-06-17", []string{"Beta |", "Gamma |"}, []string{"Delta | | 1 | | 1 | |"}))
	in.Thresholds = cfg.Gate
	if got := codesOf(etl.Run(in)); len(got) != 0 {
		t.Errorf("a first run is refused: %q", got)
	}
}

// TestAcceptance lets one code of one edition through, and says so.
func TestAcceptance(t *testing.T) {
	in := func(acc ...etl.Acceptance) etl.Input {
		return input(etl.Registry{Accepted: acc}, edition("2019-06-17", nil, []string{"Delta | | 1 | | 1 | |"}))
	}
	res := etl.Run(in(etl.Acceptance{Edition: "2019-06-17", Code: etl.CodeListingMissing, By: "Ada", Date: "2019-06-18"}))
	if res.Refused() {
		t.Errorf("refused: %v", codesOf(res))
	}
	if diff := cmp.Diff([]string{"listing-missing accepted by Ada"}, codesOf(res)); diff != "" {
		t.Error(diff)
	}
	fs := res.Findings
	i := slices.IndexFunc(fs, func(f etl.Finding) bool { return f.Code == etl.CodeAccepted })
	if i < 0 || !strings.Contains(fs[i].String(), "Ada") || !strings.Contains(fs[i].String(), "2019-06-18") || !strings.Contains(fs[i].String(), etl.CodeListingMissing) {
		t.Errorf("nobody is told who let it through: %v", fs)
	}
	for _, acc := range []etl.Acceptance{{Edition: "2019-02", Code: etl.CodeListingMissing, By: "Ada"}, {Edition: "2019-06-17", Code: etl.CodeActorsLost, By: "Ada"}, {Edition: "2019-06-17", Code: "", By: "Ada"}} {
		if !etl.Run(in(acc)).Refused() {
			t.Errorf("%+v let through another refusal", acc)
		}
	}
}

// TestMissingListIsAcceptedByItself: who lets one list be missing has not let the other.
func TestMissingListIsAcceptedByItself(t *testing.T) {
	certified, approved := []string{"Delta | | 1 | | 1 | |"}, distinct(0, 5)
	first := etl.Run(input(etl.Registry{}, edition("2019-06-17", nil, certified)))
	a := etl.Acceptance{Edition: "2019-06-17", Code: etl.CodeListingMissing, By: "Ada", Seen: first.Refusals[0].Seen}
	for name, c := range map[string]struct {
		approved, certified []string
		refused             bool
	}{"the same list is missing": {nil, certified, false}, "the other one is": {approved, nil, true}} {
		if res := etl.Run(input(etl.Registry{Accepted: []etl.Acceptance{a}}, edition("2019-06-17", c.approved, c.certified))); res.Refused() != c.refused {
			t.Errorf("%s: %v", name, codesOf(res))
		}
	}
}

// TestGateTextTooLong: no cell of a sheet holds the text, and its place is told
// before the sheet is drawn.
func TestGateTextTooLong(t *testing.T) {
	for n, want := range map[int]bool{32_767: false, 32_768: true} {
		if got := slices.Contains(gated(distinct(0, 5), append(distinct(0, 4), strings.Repeat("z", n)+" |")), etl.CodeTextTooLong); got != want {
			t.Errorf("%d characters: refused %v", n, got)
		}
	}
}

// TestAcceptanceHoldsForTheFileThatWasSeen: the same code on another file is refused
// again, and says that somebody let the other one through.
func TestAcceptanceHoldsForTheFileThatWasSeen(t *testing.T) {
	c := []string{"Delta | | 1 | | 1 | |"}
	run := func(sum, seen string) *etl.Result {
		last := edition("2019-06-17", distinct(0, 30), c)
		last.Sources[etl.Approved].Table.SHA256 = sum
		a := etl.Acceptance{Edition: "2019-06-17", Code: etl.CodeActorsLost, By: "Ada", Date: "2019-06-18", Seen: seen}
		return etl.Run(input(etl.Registry{Accepted: []etl.Acceptance{a}}, edition("2019-02", distinct(0, 50), c), last))
	}
	const one, two = "1111111111111111aaaa", "2222222222222222bbbb"
	for _, k := range []struct {
		sum, seen string
		refused   bool
	}{{one, "1111111111111111", false}, {two, "1111111111111111", true}, {two, "", false}} {
		res := run(k.sum, k.seen)
		if res.Refused() != k.refused {
			t.Errorf("file %s, accepted for %q: refused %v", k.sum, k.seen, res.Refused())
		}
		r := res.Refusals[0]
		if what, _ := r.Words(message.In("en")); r.Seen != k.sum[:16] || k.refused != strings.Contains(what, "Ada") {
			t.Errorf("seen %q: %s", r.Seen, r.Finding)
		}
	}
}

// TestEvidence: a refusal names the rows that it is about, where they stand.
func TestEvidence(t *testing.T) {
	c := []string{"Delta | | 1 | | 1 | |"}
	res := etl.Run(input(etl.Registry{}, edition("2019-02", distinct(0, 4), c), edition("2019-06-17", distinct(0, 3), c)))
	gone := strings.TrimSuffix(distinct(3, 4)[0], " |")
	want := []etl.Evidence{{Place: etl.Place{File: "editions/2019-02/agrees.csv", Row: 5}, Said: gone}}
	if diff := cmp.Diff(want, res.Refusals[0].Finding.Rows); diff != "" {
		t.Error(diff)
	}
}

// TestGateAgainstWhatIsPublished: the file of an edition that readers have already
// may not lose a fifth of them either, unless the edition is older than what they
// have: that is the way back.
func TestGateAgainstWhatIsPublished(t *testing.T) {
	c := []string{"Delta | | 1 | | 1 | |"}
	whole := etl.Run(input(etl.Registry{}, edition("2019-06-17", distinct(0, 50), c)))
	was := func(edition string) *etl.Publication {
		p := &etl.Publication{Edition: edition}
		for _, r := range whole.Edition.List[etl.Approved].Rows {
			p.Actors[etl.Approved] = append(p.Actors[etl.Approved], etl.PublishedActor{ID: whole.Actors[r.Actor].ID, Name: r.Name})
		}
		return p
	}
	for _, k := range []struct {
		name      string
		published *etl.Publication
		before    int // actors of an edition before; 0 is none
		now       int
		want      []string
	}{
		{"nothing is known of it", nil, 0, 10, []string{}},
		{"exactly a fifth is gone", was("2019-06-17"), 0, 40, []string{}},
		{"one more is gone", was("2019-06-17"), 0, 39, []string{etl.CodePublishedLost}},
		{"and the edition before says so too", was("2019-06-17"), 50, 39, []string{etl.CodeActorsLost}},
		{"the edition before had as few", was("2019-06-17"), 39, 39, []string{etl.CodePublishedLost}},
		{"a newer edition is published", was("2019-07-01"), 0, 10, []string{}},
	} {
		editions := []etl.EditionInput{edition("2019-06-17", distinct(0, k.now), c)}
		if k.before > 0 {
			editions = append([]etl.EditionInput{edition("2019-02", distinct(0, k.before), c)}, editions...)
		}
		in := input(etl.Registry{}, editions...)
		in.Published = k.published
		if diff := cmp.Diff(k.want, codesOf(etl.Run(in))); diff != "" {
			t.Errorf("%s: %s", k.name, diff)
		}
	}
}

func TestActorOf(t *testing.T) {
	for row, want := range map[string]string{"ovh": "ovh", "ovh/fr-123": "ovh", "ovh/3f1f2132#2": "ovh", "ovh#2": "ovh"} {
		if got := etl.ActorOf(row); got != want {
			t.Errorf("%s: %s", row, got)
		}
	}
}

// dated are rows of an approval a month, from a day on, with the end three years later.
func dated(n int, day func(i int) string, end func(i int) string) (out []string) {
	for i, name := range distinct(0, n) {
		out = append(out, strings.TrimSuffix(name, "|")+"| prestation | "+day(i)+" | "+end(i))
	}
	return out
}

// TestGateOnRowsThatChangedTogether: of fifty rows, ten may get another date, eleven
// may not; four of ten may, since so few say nothing.
func TestGateOnRowsThatChangedTogether(t *testing.T) {
	c := []string{"Delta | | 1 | | 1 | |"}
	right := func(i int) string { return fmt.Sprintf("%02d/02/2018", i%12+1) }
	end := func(int) string { return "31/12/2020" }
	for _, k := range []struct {
		rows, swapped int
		want          []string
	}{{50, 0, []string{}}, {50, 10, []string{}}, {50, 11, []string{etl.CodeRowsChanged}}, {10, 4, []string{}}, {10, 5, []string{etl.CodeRowsChanged}}} {
		swapped := 0
		wrong := func(i int) string {
			if d := i%12 + 1; swapped < k.swapped && d != 2 {
				swapped++
				return fmt.Sprintf("02/%02d/2018", d)
			}
			if swapped < k.swapped {
				swapped++
				return "03/03/2018"
			}
			return right(i)
		}
		after := dated(k.rows, wrong, end)
		slices.Reverse(after) // in another order, which is nothing
		res := etl.Run(input(etl.Registry{}, edition("2019-02", dated(k.rows, right, end), c), edition("2019-06-17", after, c)))
		if diff := cmp.Diff(k.want, codesOf(res)); diff != "" {
			t.Errorf("%d of %d: %s", k.swapped, k.rows, diff)
		}
		if len(k.want) > 0 && len(res.Refusals[0].Finding.Rows) != k.swapped {
			t.Errorf("%d of %d: %d rows of evidence", k.swapped, k.rows, len(res.Refusals[0].Finding.Rows))
		}
	}
}

// TestGateOnEndsThatPassedAtOnce: most rows are past their end, and were not; a list
// that was so before is as it was.
func TestGateOnEndsThatPassedAtOnce(t *testing.T) {
	c := []string{"Delta | | 1 | | 1 | |"}
	from := func(int) string { return "01/01/2016" }
	ends := func(past int) func(int) string {
		return func(i int) string {
			if i < past {
				return fmt.Sprintf("%d/12/2017", 30+i%2)
			}
			return "31/12/2020"
		}
	}
	for _, k := range []struct {
		before, now int
		want        []string
	}{{0, 10, []string{}}, {0, 11, []string{etl.CodeEndsPassed}}, {10, 20, []string{etl.CodeEndsPassed}}, {11, 20, []string{}}} {
		in := input(etl.Registry{}, edition("2019-02", dated(20, from, ends(k.before)), c), edition("2019-06-17", dated(20, from, ends(k.now)), c))
		in.Thresholds.Changed = 1
		if diff := cmp.Diff(k.want, codesOf(etl.Run(in))); diff != "" {
			t.Errorf("%d, then %d: %s", k.before, k.now, diff)
		}
	}
}

// TestAcceptancesThatCannotBeRead are told: what a person let through would be refused
// for a reason that nobody sees.
func TestAcceptancesThatCannotBeRead(t *testing.T) {
	at := func(row int) etl.Place { return etl.Place{File: "registry/accepted.csv", Row: row} }
	reg := etl.Registry{Accepted: []etl.Acceptance{
		{Edition: "2019-06-17", Code: etl.CodeActorsLost, By: "Ada", Place: at(2)},
		{Edition: "17/06/2019", Code: etl.CodeActorsLost, By: "Ada", Place: at(3)},
		{Edition: "2019-06", By: "Ada", Place: at(4)},
		{Edition: "2019-06", Code: "actor-lost", By: "Ada", Place: at(5)},
	}}
	res := etl.Run(input(reg, edition("2019-06-17", []string{"Alpha |"}, []string{"Delta | | 1 | | 1 | |"})))
	want := []string{"registry/accepted.csv:3 warning registry-value", "registry/accepted.csv:4 warning registry-value",
		"registry/accepted.csv:5 warning registry-value"}
	if diff := cmp.Diff(want, said(res.Findings, etl.CodeRegistryValue)); diff != "" {
		t.Error(diff)
	}
}
