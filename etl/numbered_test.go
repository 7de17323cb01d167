package etl_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// The names of this file are invented or those of public lists; the numbers are valid by
// their check unless a test says otherwise.

// withNumbers is an edition whose rows state a name and the numbers under a heading. Each
// certificate has a number of its own, and each approval a service.
func withNumbers(id, heading string, approved, certified []string) etl.EditionInput {
	in := etl.EditionInput{ID: id}
	lines := func(names []string, row func(name string, n int) string) []string {
		if names == nil {
			return nil
		}
		out := []string{}
		for i, n := range names {
			name, number, _ := strings.Cut(n, ":")
			out = append(out, row(name, i)+" | "+number)
		}
		return out
	}
	if rows := lines(approved, func(name string, i int) string {
		return fmt.Sprintf("%s | Prestation %s %d | 01/01/2018 | 31/12/2030", name, id, i)
	}); rows != nil {
		in.Sources[etl.Approved].Table = table("editions/"+id+"/agrees.csv",
			append([]string{approvedHeader + " | " + heading}, rows...)...)
	}
	if rows := lines(certified, func(name string, i int) string {
		return fmt.Sprintf("%s | les deux | 1 à 6 | LNE | %s%d | 01/01/2019 | 31/12/2030", name, strings.ReplaceAll(id, "-", "")[2:], i)
	}); rows != nil {
		in.Sources[etl.Certified] = etl.Source{Numbering: "decree", Table: table("editions/"+id+"/certifies.csv",
			append([]string{certifiedHeader + " | " + heading}, rows...)...)}
	}
	return in
}

// pairs are the pairs that editors are asked about: both names, the score and the reason.
func pairs(res *etl.Result) []string {
	out := []string{}
	for _, it := range res.Review {
		if it.Kind == etl.ReviewPair {
			out = append(out, fmt.Sprintf("%s %.2f %s", it.Seen, it.Score, message.In("fr").Text(it.Reason)))
		}
	}
	return out
}

func ids(res *etl.Result) []string {
	out := []string{}
	for _, a := range res.Actors {
		out = append(out, a.ID)
	}
	slices.Sort(out)
	return out
}

func both(res *etl.Result) int { return res.Stats.Both.Actors }

// TestNumbersOfOneEdition: what one edition's numbers make of its names.
func TestNumbersOfOneEdition(t *testing.T) {
	for _, c := range []struct {
		what, heading       string
		approved, certified []string
		actors, both        int
		asks                []string // a part of each pair's line, in order
		codes               []string
	}{
		{what: "one name with two SIRENs is two actors, and asked about", heading: "SIREN",
			approved: []string{"Clinique Zorgube:415620053"}, certified: []string{"Clinique Zorgube:310975024"}, actors: 2,
			asks: []string{"SIREN 415 620 053 dans le premier, 310 975 024 dans le second"}},
		{what: "a number whose check fails says nothing", heading: "SIREN",
			approved: []string{"Clinique Zorgube:415620053"}, certified: []string{"Clinique Zorgube:310975042"},
			actors: 1, both: 1, codes: []string{"editions/2025-01-15/certifies.csv:2:8 warning number-invalid"}},
		{what: "a place in one name only stays a question", heading: "SIREN", approved: []string{},
			certified: []string{"Oxilog:840701007", "Oxilog France:840701007"}, actors: 2, asks: []string{"même SIREN 840 701 007"}},
		{what: "a legal form is no difference", heading: "SIREN",
			certified: []string{"Sarl LITEYEAR:493105555", "Liteyear:493105555"}, actors: 1},
		{what: "contradicting legal forms are lifted by one SIREN", heading: "SIREN",
			certified: []string{"Liteyear SARL:493105555", "Liteyear SA:493105555"}, actors: 1},
		{what: "different names with one SIREN are asked about", heading: "SIREN",
			certified: []string{"Nis group:527798086", "MAX PC:527798086"}, actors: 2,
			asks: []string{"0.90 même SIREN sous un autre nom (527 798 086)"}},
		{what: "five names on one SIREN", heading: "SIREN",
			certified: []string{"Aulne:527798086", "Bouleau:527798086", "Charme:527798086", "Douglas:527798086", "Érable:527798086"},
			actors:    5, codes: []string{"editions/2025-01-15/certifies.csv:2 warning number-shared"}},
		{what: "two sites of one name", heading: "SIRET",
			certified: []string{"La Poste:35600000000048", "La Poste:35600000040007"}, actors: 1},
		{what: "two sites of other names", heading: "SIRET",
			certified: []string{"La Poste:35600000000048", "Docaposte:35600000040007"}, actors: 2,
			asks: []string{"même SIREN sous un autre nom (356 000 000)"}},
		{what: "a VAT number holds the SIREN", heading: "N° TVA intracommunautaire",
			certified: []string{"Merle SARL:FR60732075312", "Merle SA:FR 60 732 075 312"}, actors: 1},
		{what: "one name with a third number between", heading: "SIREN",
			certified: []string{"Clinique Zorgube:415620053", "CLINIQUE ZORGUBE:", "Clinique zorgube:310975024"}, actors: 3,
			asks: []string{"SIREN 415 620 053 pour le second seulement", "SIREN 310 975 024 pour le second seulement"}, codes: []string{
				"editions/2025-01-15/certifies.csv:4 warning identity-clash",
				"editions/2025-01-15/certifies.csv:2 warning identity-clash"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			res := etl.Run(input(etl.Registry{}, withNumbers("2025-01-15", c.heading, c.approved, c.certified)))
			if len(res.Actors) != c.actors || c.approved != nil && both(res) != c.both {
				t.Errorf("actors %v, both %v", ids(res), res.Stats.Both)
			}
			asked := pairs(res)
			if len(asked) != len(c.asks) {
				t.Fatalf("asked: %q", asked)
			}
			for i, a := range asked {
				if !strings.Contains(a, c.asks[i]) {
					t.Errorf("asked: %q", a)
				}
			}
			found := said(res.Findings, etl.CodeNumberInvalid, etl.CodeNumberShared, etl.CodeIdentityClash, etl.CodeNumberDecision)
			slices.Sort(found)
			slices.Sort(c.codes)
			if !slices.Equal(found, c.codes) {
				t.Errorf("found: %q", found)
			}
		})
	}
}

// TestWordsBesideNumbers: what stands beside numbers is said, once for the column.
func TestWordsBesideNumbers(t *testing.T) {
	names := []string{"Un:508094927 (à venir)", "Deux:RCS Nanterre 415 620 053", "Trois:RCS Nanterre 732075312", "Quatre:356000000"}
	res := etl.Run(input(etl.Registry{}, withNumbers("2022-01-15", "SIREN", nil, names)))
	for _, f := range res.Findings {
		if f.Code == etl.CodeNumberConverted {
			if said := f.String(); !strings.Contains(said, "3 cells") || !strings.Contains(said, "à venir") ||
				!strings.Contains(said, "RCS Nanterre") || f.Severity != etl.Info {
				t.Errorf("%v: %s", f.Severity, said)
			}
			return
		}
	}
	t.Errorf("nothing is said: %v", res.Findings)
}

// TestNumbersUnreadable: thousands of rounded numbers are one finding.
func TestNumbersUnreadable(t *testing.T) {
	names := []string{}
	for i := range 3227 {
		names = append(names, fmt.Sprintf("Acteur %d:4,51818E+13", i))
	}
	res := etl.Run(input(etl.Registry{}, withNumbers("2022-01-15", "SIRET", nil, names)))
	want := []string{"editions/2022-01-15/certifies.csv:2:8 warning number-unreadable"}
	if got := said(res.Findings, etl.CodeNumberUnreadable, etl.CodeNumberInvalid, etl.CodeNumberConverted); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for _, f := range res.Findings {
		if n, _ := f.Args.Get("n"); f.Code == etl.CodeNumberUnreadable && n != 3227 {
			t.Errorf("%v", f)
		}
	}
}

// TestNumbersAndOrder: the order of rows changes nothing, whoever stands between whom.
func TestNumbersAndOrder(t *testing.T) {
	rows := []string{"Clinique Zorgube:415620053", "CLINIQUE ZORGUBE:", "Clinique zorgube:310975024",
		"Oxilog:840701007", "Oxilog SAS:840701007", "OXILOG:", "Oxilog SA:493105555", "Nis group:527798086", "MAX PC:527798086",
		"Clinique Zorgube SA:310975024", "Liteyear:493105555"}
	summary := func(res *etl.Result) []string {
		out := append(ids(res), pairs(res)...)
		for _, a := range res.Actors {
			out = append(out, a.ID+": "+strings.Join(a.Names, " = ")+" "+a.Numbers.String())
		}
		return out
	}
	of := func(rows []string) *etl.Result {
		return etl.Run(input(etl.Registry{}, withNumbers("2024-01-15", "SIREN", nil, rows[:7]),
			withNumbers("2025-01-15", "SIREN", nil, rows)))
	}
	want := summary(of(rows))
	for seed := range uint64(12) {
		shuffled := slices.Clone(rows[:7])
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		if diff := cmp.Diff(want, summary(of(append(shuffled, rows[7:]...)))); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestNumberColumnArrives: adding a column of numbers to an edition changes no id, also
// where another actor of the same name appears later.
func TestNumberColumnArrives(t *testing.T) {
	names := []string{"Clinique Zorgube", "Oxilog", "Covage SAS", "Liteyear SARL"}
	numbered := []string{"Clinique Zorgube:415620053", "Oxilog:840701007", "Covage SAS:508094927", "Liteyear SARL:493105555"}
	before := etl.Run(input(etl.Registry{}, withNumbers("2023-01-15", "Ville", nil, names), withNumbers("2024-01-15", "Ville", nil, names)))
	after := etl.Run(input(etl.Registry{}, withNumbers("2023-01-15", "Ville", nil, names), withNumbers("2024-01-15", "SIREN", nil, numbered)))
	if diff := cmp.Diff(ids(before), ids(after)); diff != "" {
		t.Error(diff)
	}
	later := etl.Run(input(etl.Registry{}, withNumbers("2023-01-15", "Ville", nil, names), withNumbers("2024-01-15", "SIREN", nil, numbered),
		withNumbers("2025-01-15", "SIREN", nil, append(numbered, "Clinique Zorgube:310975024"))))
	for _, id := range ids(before) {
		if !slices.Contains(ids(later), id) {
			t.Errorf("%s is gone: %v", id, ids(later))
		}
	}
	if a := actorOf(t, later, 2, "Clinique Zorgube"); len(later.Actors) != 5 || a == nil {
		t.Errorf("%v", ids(later))
	}
	if got := pairs(later); len(got) != 1 {
		t.Errorf("asked: %q", got)
	}
}

// TestNumberDecision: a person's ruling goes before any number, and is told once.
func TestNumberDecision(t *testing.T) {
	ed := withNumbers("2025-01-15", "SIREN", []string{"Clinique Zorgube:415620053"}, []string{"Clinique Zorgube:310975024"})
	apart := etl.Run(input(etl.Registry{}, ed))
	two := ids(apart)
	if len(two) != 2 {
		t.Fatal(two)
	}
	rule := func(judgement string) *etl.Result {
		return etl.Run(input(etl.Registry{Decisions: []etl.RegistryDecision{{Left: two[0], Right: two[1], Judgement: judgement,
			By: "A. Martin", Date: "2025-01-20", Place: etl.Place{File: "registry/decisions.csv", Row: 2}}}}, ed))
	}
	same := rule("same")
	if len(same.Actors) != 1 || both(same) != 1 || len(pairs(same)) > 0 || same.Actors[0].ID != "clinique-zorgube" {
		t.Errorf("%v, both %d, asked %q", ids(same), both(same), pairs(same))
	}
	if got := said(same.Findings, etl.CodeNumberDecision); len(got) != 1 {
		t.Errorf("%q", got)
	}
	for _, judgement := range []string{"different", "successor"} {
		res := rule(judgement)
		if diff := cmp.Diff(two, ids(res)); diff != "" || len(pairs(res)) > 0 {
			t.Errorf("%s: %s, asked %q", judgement, diff, pairs(res))
		}
	}
	// A name of the registry is given to both, unless the registry states a number.
	reg := etl.Registry{Actors: []etl.RegistryActor{{ID: "parc", Name: "Clinique Zorgube"}}}
	res := etl.Run(input(reg, ed))
	if len(res.Actors) != 1 || len(said(res.Findings, etl.CodeNumberDecision)) != 1 {
		t.Errorf("%v %q", ids(res), said(res.Findings))
	}
	reg.Actors[0].Numbers = "siren:310975024"
	res = etl.Run(input(reg, ed))
	if len(res.Actors) != 2 || len(said(res.Findings, etl.CodeNumberDecision)) != 0 ||
		res.Actors[res.Edition.List[etl.Certified].Rows[0].Actor].ID != "parc" {
		t.Errorf("%v %q", ids(res), said(res.Findings))
	}
	reg.Actors = append(reg.Actors, etl.RegistryActor{ID: "parc-nord", Name: "Clinique Zorgube", Numbers: "415620053"})
	res = etl.Run(input(reg, ed))
	if diff := cmp.Diff([]string{"parc", "parc-nord"}, ids(res)); diff != "" || len(said(res.Findings, etl.CodeAliasAmbiguous)) > 0 {
		t.Errorf("%s %q", diff, said(res.Findings))
	}
	reg.Actors[1].Numbers = "415620054"
	if got := said(etl.Run(input(reg, ed)).Findings, etl.CodeRegistryValue); len(got) != 1 {
		t.Errorf("a number of the registry whose check fails: %q", got)
	}
}

// certified is an edition with the certified list only: name | body | number | from | until.
func certificates(id string, rows ...string) etl.EditionInput {
	t := table("editions/"+id+"/certifies.csv", "Hébergeur | Organisme certificateur | N° de certificat | Date de délivrance | Date de fin | SIREN | Activités")
	for i, r := range rows {
		row := etl.TableRow{Number: i + 2}
		for c := range strings.SplitSeq(r, "|") {
			row.Cells = append(row.Cells, strings.TrimSpace(c))
		}
		for len(row.Cells) < 6 {
			row.Cells = append(row.Cells, "")
		}
		t.Rows = append(t.Rows, etl.TableRow{Number: i + 2, Cells: append(row.Cells, "1 à 6")})
	}
	in := etl.EditionInput{ID: id}
	in.Sources[etl.Certified] = etl.Source{Numbering: "decree", Table: t}
	return in
}

// others are rows that stay, so that one departure is not most of a list.
var others = []string{"Aulne | LNE | 50001 | 01/01/2023 | 31/12/2026", "Bouleau | LNE | 50002 | 01/01/2023 | 31/12/2026",
	"Charme | BSI | 50003 | 01/01/2023 | 31/12/2026", "Douglas | BSI | 50004 | 01/01/2023 | 31/12/2026"}

// TestRenaming: one certificate or number under another name is a question, and no
// silent departure.
func TestRenaming(t *testing.T) {
	for _, c := range []struct {
		what     string
		old, new []string
		want     string // a part of the reason, or empty if nothing is asked
		score    string
	}{
		{"one SIREN, other certificates", []string{"Covage | LNE | 38436-2 | 15/09/2022 | 14/09/2025 | 508094927"},
			[]string{"XpFibre | AFNOR | 77777 | 15/09/2024 | 14/09/2027 | 508 094 927"}, "même SIREN 508 094 927 ; « Covage » n’est plus sur la liste", "0.90"},
		{"one certificate with both dates", []string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026"},
			[]string{"XpFibre | LNE | 38436 - 2 | 15/09/2023 | 14/09/2026"},
			"même certificat LNE 38436-2 du 15/09/2023 au 14/09/2026 ; « Covage » n’est plus sur la liste", "0.90"},
		{"both", []string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026 | 508094927"},
			[]string{"XpFibre | LNE | 38436-2 | 15/09/2023 | 14/09/2026 | 508094927"},
			"même certificat LNE 38436-2 du 15/09/2023 au 14/09/2026 ; même SIREN 508 094 927 ; « Covage » n’est plus sur la liste", "0.90"},
		{"one certificate with one date", []string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026"},
			[]string{"XpFibre | LNE | 38436-2 | 15/09/2023 | 14/09/2027"}, "avec la date du 15/09/2023 en commun", "0.80"},
		{"a certificate reissued", []string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026"},
			[]string{"XpFibre | LNE | 38436-3 | 15/09/2026 | 14/09/2029"}, "réédité sous le n° 38436-3", "0.80"},
		{"a certificate with an earlier end is no new edition", []string{"Covage | LNE | 38436-3 | 15/09/2026 | 14/09/2029"},
			[]string{"XpFibre | LNE | 38436-2 | 15/09/2023 | 14/09/2026"}, "", ""},
		{"one certificate with other dates", []string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026"},
			[]string{"XpFibre | LNE | 38436-2 | 15/09/2026 | 14/09/2029"}, "même certificat LNE 38436-2", "0.70"},
		{"another body", []string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026"},
			[]string{"XpFibre | BSI | 38436-2 | 15/09/2023 | 14/09/2026"}, "", ""},
		{"a short number", []string{"Covage | LNE | 12 | 15/09/2023 | 14/09/2026"},
			[]string{"XpFibre | LNE | 12 | 15/09/2023 | 14/09/2026"}, "", ""},
		{"a certificate of three", []string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026", "Érable | LNE | 38436-2 | 15/09/2023 | 14/09/2026",
			"Frêne | LNE | 38436-2 | 15/09/2023 | 14/09/2026"},
			[]string{"XpFibre | LNE | 38436-2 | 15/09/2023 | 14/09/2026", "Érable | LNE | 38436-2 | 15/09/2023 | 14/09/2026",
				"Frêne | LNE | 38436-2 | 15/09/2023 | 14/09/2026"}, "", ""},
		{"nothing in common", []string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026"},
			[]string{"XpFibre | LNE | 40000-1 | 15/09/2024 | 14/09/2027"}, "", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			res := etl.Run(input(etl.Registry{}, certificates("2024-01-15", append(c.old, others...)...),
				certificates("2025-01-15", append(c.new, others...)...)))
			if len(res.Changes[etl.Certified].Left) != 1 || len(res.Changes[etl.Certified].Arrived) != 1 {
				t.Fatalf("left %v, arrived %v", res.Changes[etl.Certified].Left, res.Changes[etl.Certified].Arrived)
			}
			asked := pairs(res)
			if c.want == "" {
				if len(asked)+len(res.Renamings) > 0 {
					t.Errorf("asked: %q, %v", asked, res.Renamings)
				}
				return
			}
			if len(asked) != 1 || !strings.Contains(plainSpaces(asked[0]), c.want) ||
				!strings.HasPrefix(asked[0], "Covage / XpFibre "+c.score) {
				t.Errorf("asked: %q", asked)
			}
			if len(res.Renamings) != 1 || res.Awaiting(etl.Certified) != 1 || !res.Renamings[0].Awaits() ||
				res.Actors[res.Renamings[0].From].Name != "Covage" || res.Actors[res.Renamings[0].To].Name != "XpFibre" {
				t.Errorf("%+v", res.Renamings)
			}
			it := res.Review[slices.IndexFunc(res.Review, func(it etl.ReviewItem) bool { return it.Kind == etl.ReviewPair })]
			if it.ID != "pair:covage+xpfibre" || it.Left != "covage" || it.Later != "xpfibre" || it.Former != "Covage" ||
				it.FormerTo != "2024-01-15" || it.Proposal != "" {
				t.Errorf("%+v", it)
			}
		})
	}
}

func plainSpaces(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)
}

// TestRenamingRuled: a renaming ruled the same is a renaming, and stays one when the
// numbers are no longer stated; a successor is known as such, and those who are
// different are not asked about again.
func TestRenamingRuled(t *testing.T) {
	old := certificates("2024-01-15", append([]string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026 | 508094927"}, others...)...)
	new := certificates("2025-01-15", append([]string{"XpFibre | LNE | 38436-2 | 15/09/2023 | 14/09/2026 | 508094927"}, others...)...)
	ruled := func(judgement, left, right string) etl.Registry {
		return etl.Registry{Decisions: []etl.RegistryDecision{{Left: left, Right: right, Judgement: judgement, By: "A", Date: "2025-01-20"}}}
	}
	same := ruled("same", "covage", "xpfibre")
	same.Actors = []etl.RegistryActor{{ID: "covage"}}
	same.Names = []etl.RegistryName{{Actor: "covage", Name: "Covage", Kind: "former", To: "2024-01-15"}}
	for _, ed := range []etl.EditionInput{new, certificates("2025-01-15", append([]string{"XpFibre | LNE | 99999 | 15/09/2024 | 14/09/2027"}, others...)...)} {
		res := etl.Run(input(same, old, ed))
		c := &res.Changes[etl.Certified]
		if len(c.Left)+len(c.Arrived)+len(pairs(res)) > 0 || len(c.Rows.Renamed) != 1 || c.Rows.Renamed[0].Now != "XpFibre" {
			t.Errorf("left %v, arrived %v, renamed %v", c.Left, c.Arrived, c.Rows.Renamed)
		}
	}
	res := etl.Run(input(ruled("successor", "xpfibre", "covage"), old, new))
	if len(pairs(res)) > 0 || len(res.Renamings) != 1 || res.Renamings[0].Ruling != "successor" || res.Awaiting(etl.Certified) != 0 {
		t.Errorf("asked %q, %+v", pairs(res), res.Renamings)
	}
	res = etl.Run(input(ruled("different", "covage", "xpfibre"), old, new))
	if len(pairs(res))+len(res.Renamings) > 0 || len(res.Changes[etl.Certified].Left) != 1 {
		t.Errorf("asked %q, %+v", pairs(res), res.Renamings)
	}
}

// TestRenamingStaysAsked: a question that nobody has answered stays in later editions.
func TestRenamingStaysAsked(t *testing.T) {
	x := "XpFibre | LNE | 38436-2 | 15/09/2023 | 14/09/2026"
	res := etl.Run(input(etl.Registry{},
		certificates("2023-01-15", append([]string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026"}, others...)...),
		certificates("2024-01-15", append([]string{x}, others...)...), certificates("2025-01-15", append([]string{x}, others...)...)))
	if len(pairs(res)) != 1 || len(res.Renamings) != 0 {
		t.Errorf("asked %q, %+v", pairs(res), res.Renamings)
	}
}

// TestPerhapsTheSame: one name with another number from one edition to the next is
// neither a departure nor an arrival until a person has ruled.
func TestPerhapsTheSame(t *testing.T) {
	row := func(siren string) []string {
		return append([]string{"Clinique Zorgube | LNE | 38436-2 | 15/09/2023 | 14/09/2026 | " + siren}, others...)
	}
	res := etl.Run(input(etl.Registry{}, certificates("2024-01-15", row("415620053")...), certificates("2025-01-15", row("310975024")...)))
	c := &res.Changes[etl.Certified]
	if len(c.Left)+len(c.Arrived)+len(c.Rows.Left)+len(c.Rows.Arrived) > 0 || len(c.Rows.PerhapsSame) != 1 ||
		len(res.Renamings) != 1 || !res.Renamings[0].SameName {
		t.Errorf("left %v, arrived %v, perhaps %+v", c.Left, c.Arrived, c.Rows.PerhapsSame)
	}
	asked := pairs(res)
	if len(asked) != 1 || !strings.Contains(asked[0], "SIREN 415 620 053 avant et 310 975 024 maintenant") {
		t.Errorf("asked %q", asked)
	}
	older := slices.IndexFunc(res.Actors, func(a etl.Actor) bool { return a.ID == "clinique-zorgube" })
	if older < 0 || res.Actors[older].Numbers.String() != "siren:415620053" {
		t.Errorf("%v", ids(res))
	}
}

// TestApprovalRenamed: one approved service with its dates under another name is a
// question.
func TestApprovalRenamed(t *testing.T) {
	const service = "Hébergement de données de santé à caractère personnel sur des serveurs dédiés"
	rest := []string{"Aulne | Un | 01/01/2018 | 31/12/2020", "Bouleau | Deux | 01/01/2018 | 31/12/2020", "Charme | Trois | 01/01/2018 | 31/12/2020"}
	res := etl.Run(input(etl.Registry{},
		edition("2019-02", append([]string{"Covage | " + service + " | 01/02/2018 | 31/01/2021"}, rest...), []string{}),
		edition("2019-06-17", append([]string{"XpFibre | " + service + " | 01/02/2018 | 31/01/2021"}, rest...), []string{})))
	if asked := pairs(res); len(asked) != 1 || !strings.Contains(asked[0], "0.70 même prestation agréée") {
		t.Errorf("asked %q", asked)
	}
}

// TestNumberColumnsAreShown: a column of numbers is read, and is shown as it was written
// if the configuration names it; a second one for the same numbers is only kept.
func TestNumberColumnsAreShown(t *testing.T) {
	in := input(etl.Registry{}, withNumbers("2025-01-15", "Siren | N° RCS | ET", nil, []string{"Covage:508 094 927 | Nanterre | x"}))
	in.Reference.Shown = []string{"SIREN"}
	res := etl.Run(in)
	list := &res.Edition.List[etl.Certified]
	row := &list.Rows[0]
	if got := row.Identity().String(); got != "siren:508094927" {
		t.Errorf("read as %q", got)
	}
	fields := in.Reference.Fields(etl.Certified)
	if got := fields.Find("extra:SIREN").Text(list, row); got != "508 094 927" {
		t.Errorf("shown as %q", got)
	}
	for key, want := range map[etl.Field]bool{"siren": true, "siret": false, "finess_et": false} {
		if d := fields.Find(key); d.Shown() || list.Has(d) != want {
			t.Errorf("%s: on the sheets %v, in the source %v", key, d.Shown(), list.Has(d))
		}
	}
	if got := said(res.Findings, etl.CodeHeaderDuplicate, etl.CodeHeaderAmbiguous, etl.CodeExtraAbsent); len(got) != 1 ||
		!strings.HasSuffix(got[0], "info header-duplicate") {
		t.Errorf("%q", got)
	}
}

// TestCertificateTwice: one certificate of two actors of an edition is told, and no
// question.
func TestCertificateTwice(t *testing.T) {
	res := etl.Run(input(etl.Registry{}, certificates("2025-01-15", append([]string{"Covage | LNE | 38436-2 | 15/09/2023 | 14/09/2026",
		"XpFibre | LNE | 38436-2 | 15/09/2023 | 14/09/2026", "Érable | LNE | 12 | 01/01/2023 | 31/12/2026",
		"Frêne | LNE | 12 | 01/01/2023 | 31/12/2026"}, others...)...)))
	want := []string{"editions/2025-01-15/certifies.csv:3 warning number-twice"}
	if got := said(res.Findings, etl.CodeNumberTwice); !slices.Equal(got, want) || len(pairs(res)) > 0 {
		t.Errorf("%q, asked %q", got, pairs(res))
	}
}

// TestLongListOfNumbers: the work for numbers grows with the rows, not with the square.
func TestLongListOfNumbers(t *testing.T) {
	const n = 6000
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("Acteur %d:%s", i/2, siren(10_000_000+i/3)))
	}
	res := etl.Run(input(etl.Registry{}, withNumbers("2024-01-15", "SIREN", nil, names), withNumbers("2025-01-15", "SIREN", nil, names)))
	if len(res.Actors) < n/3 {
		t.Errorf("%d actors", len(res.Actors))
	}
}

// siren is a SIREN that begins with eight digits.
func siren(eight int) string {
	s, sum := fmt.Sprint(eight), 0
	for i, c := range s {
		d := int(c - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return s + fmt.Sprint((10-sum%10)%10)
}
