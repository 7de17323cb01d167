package merge_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/compare"
	"hdsreport/etl/merge"
)

// The rows of both lists in the source: Alpha has two approvals and two certificates, Bravo and
// Charlie are on both lists with one id, and Bravo's cells say the same there.
const (
	approvedRows = `Hébergeur | Prestation | Date d'agrément | Fin d'agrément
Alpha | Stockage | 01/01/2018 | 01/01/2021
Alpha | Archivage | 01/01/2018 | 01/02/2021
Bravo | | 01/01/2018 | 01/01/2021
Charlie | | 01/01/2018 | 31/12/2018
Centre hospitalier de Delta | | 01/01/2018 |
Echo | Télétravail | | 01/01/2021`
	certifiedRows = `Hébergeur | Numéro de certificat | Date de délivrance | Date de fin | Sites physiques | Infrastructure matérielle | Infrastructure virtuelle | Plateforme | Administration et exploitation | Sauvegarde
Alpha | N-1 | 01/01/2018 | 01/01/2021 | oui | oui | non | non | non | non
Alpha | N-2 | 01/01/2018 | 01/01/2021 | non | oui | non | non | non | oui
Bravo | | 01/01/2018 | 01/01/2021 | oui | non | non | non | non | non
Charlie | | 01/01/2018 | 01/01/2022 | oui | non | non | non | non | n.c.`
)

// ran is a run on both lists, with changes "old>new" of the source.
func ran(reg etl.Registry, changed ...string) *etl.Result {
	ed := etl.EditionInput{ID: "2019-06-17"}
	for l, text := range [2]string{etl.Approved: approvedRows, etl.Certified: certifiedRows} {
		for _, c := range changed {
			old, now, _ := strings.Cut(c, ">")
			text = strings.ReplaceAll(text, old, now)
		}
		t := &etl.Table{File: etl.Listing(l).String() + ".csv", Format: "csv"}
		for i, line := range strings.Split(text, "\n") {
			row := etl.TableRow{Number: i + 1}
			for c := range strings.SplitSeq(line, "|") {
				row.Cells = append(row.Cells, strings.TrimSpace(c))
			}
			if line != "" {
				t.Rows = append(t.Rows, row)
			}
		}
		ed.Sources[l] = etl.Source{Table: t}
	}
	for i := range reg.Actors {
		reg.Actors[i].Place.Row = i + 2
	}
	return etl.Run(etl.Input{Editions: []etl.EditionInput{ed}, Registry: reg, Reference: ref,
		Thresholds: config.Default().Gate, Namer: namer, Partial: true})
}

// shown are both lists of a run, as their sheets show them.
func shown(res *etl.Result) (out [2]*merge.List) {
	for l, fields := range [2][]etl.Field{
		{etl.FieldName, etl.FieldPosition, "status", etl.FieldService, etl.FieldFrom, etl.FieldUntil, "effective", etl.FieldSourceName, etl.FieldID},
		{etl.FieldName, etl.FieldPosition, "status", "sites_physiques", "infrastructure_materielle", "infrastructure_virtuelle",
			"plateforme", "administration_exploitation", "sauvegarde", "count", "covered", etl.FieldNumber, etl.FieldFrom, etl.FieldUntil,
			etl.FieldSourceName, etl.FieldID}} {
		list := &res.Edition.List[l]
		covered := map[int32]etl.Activities{}
		for _, r := range list.Rows {
			covered[r.Actor] = covered[r.Actor].Union(r.Activities)
		}
		out[l] = merge.NewList(fields)
		for _, r := range list.Rows {
			a := &res.Actors[r.Actor]
			position, _ := ref.PositionNamed(a.Position)
			cells := map[etl.Field]string{etl.FieldName: a.Name, etl.FieldPosition: position.Label["fr"],
				"status": map[bool]string{true: "proposé", false: "confirmé"}[a.PositionBy == etl.ByRule], etl.FieldService: r.Service,
				etl.FieldFrom: r.From.String(), etl.FieldUntil: r.Until.String(), "effective": ref.EffectiveEnd(r.Until).String(),
				"count": counted(r.Activities), "covered": counted(covered[r.Actor]), etl.FieldNumber: r.Number,
				etl.FieldSourceName: r.SourceName(), etl.FieldID: r.ID}
			for i, activity := range ref.Activities {
				cells[etl.Field(activity.Key)] = map[bool]string{true: "Oui", false: "Non"}[r.Activities.Yes.Has(i)]
				if r.Activities.Unknown.Has(i) {
					cells[etl.Field(activity.Key)] = "n.c."
				}
			}
			var texts []string
			for _, f := range fields {
				texts = append(texts, cells[f])
			}
			out[l].Add(r.ID, texts)
		}
	}
	return out
}

func counted(a etl.Activities) string {
	if !a.Known() {
		return "n.c."
	}
	return strconv.Itoa(a.Yes.Len())
}

// said is an outcome with who said what the workspace says, and who has a name already.
func said(o *merge.Outcome) []string {
	out := outcomeSaid(o)
	for i, it := range o.Conflicts {
		if n := len(o.Recorded) + len(o.Already) + i; it.Source != (etl.Place{}) {
			out[n] += fmt.Sprintf(" %s:%d", it.Source.File, it.Source.Row)
		}
	}
	for i, it := range o.Refused {
		if it.Instead != "" {
			out[len(o.Recorded)+len(o.Already)+len(o.Conflicts)+i] += " " + it.Instead
		}
	}
	for _, n := range o.Notes {
		out = append(out, "note "+n.Kind+" "+n.ID)
	}
	return out
}

// TestRuleOnTwoLists: rows that share an actor or an id, and what is the actor's on all of them.
func TestRuleOnTwoLists(t *testing.T) {
	const a1, a2, delta, echo = "alpha/62ad222d", "alpha/76e340ac", "centre-hospitalier-de-delta", "echo/72303e22"
	corrected := func(id, field, value, date string) etl.Correction {
		return etl.Correction{ID: id, Field: field, Value: value, By: "Zoé", Date: date}
	}
	type list = []string
	type lines = []etl.Correction
	same := func(left, right, judgement string) etl.Registry {
		return etl.Registry{Decisions: []etl.RegistryDecision{{Left: left, Right: right, Judgement: judgement, By: "Zoé", Date: "2026-01-01"}}}
	}
	for name, c := range map[string]struct {
		published lines        // what was corrected when it was published
		now       etl.Registry // today's
		changed   list         // what the source says otherwise since
		approved  list         // edits
		certified list
		elsewhere func(etl.Listing, string, *etl.Definition, compare.Value) bool
		want      list
	}{
		"nothing":                   {},
		"a row's value":             {approved: list{a2 + "|until=2025"}, want: list{"recorded " + a2 + " until 2025 was 2021-01-01"}},
		"a value where was none":    {approved: list{delta + "|until=2025"}, want: list{"recorded " + delta + " until 2025 was "}},
		"a value taken away":        {approved: list{a2 + "|until=vide"}, want: list{"recorded " + a2 + " until  was 2021-01-01"}},
		"the actor's, on one row":   {approved: list{a2 + "|name=Alpha Santé"}, want: list{"recorded alpha name Alpha Santé was Alpha"}},
		"the actor's, on two lists": {approved: list{a2 + "|name=A"}, certified: list{"alpha/n-1|name=A"}, want: list{"recorded alpha name A was Alpha"}},
		"two names of one actor": {approved: list{a1 + "|name=A", a2 + "|name=B"}, certified: list{"alpha/n-1|name=A"},
			want: list{"refused disagree alpha", "refused disagree alpha", "refused disagree alpha"}},
		"a name and the source's": {approved: list{a1 + "|name=A", a2 + "|name=source"}, want: list{"refused disagree alpha", "refused disagree alpha"}},
		"a name in conflict": {now: etl.Registry{Corrections: lines{corrected("alpha", "name", "Alpha SA", "2026-01-01")}}, certified: list{"alpha/n-2|name=A"},
			want: list{"both-changed alpha P=Alpha E=A W=Alpha SA Zoé"}},
		"a position": {approved: list{delta + "|position=ESN"}, want: list{"recorded " + delta + " position esn was hospital"}},
		"a position in conflict": {now: etl.Registry{Corrections: lines{corrected("alpha", "position", "esn", "2026-01-01")}}, certified: list{"alpha/n-2|position=Autre"},
			want: list{"both-changed alpha P=unclassified E=other W=esn Zoé"}},
		"a name of nobody any more": {changed: list{"Echo | Télétravail | | 01/01/2021>"}, approved: list{echo + "|name=E"}, want: list{"row-gone echo P=Echo E=E W="}},
		"undone by nobody":          {approved: list{a2 + "|until=source", "bravo|name=source"}, want: list{"already " + a2 + " until", "already bravo name"}},

		"confirmed":             {approved: list{delta + "|status=confirmé"}, want: list{"recorded " + delta + " position hospital was "}},
		"confirmed, corrected":  {approved: list{delta + "|status=confirmé", delta + "|position=ESN"}, want: list{"recorded " + delta + " position esn was hospital", "note status " + delta}},
		"confirmed and done so": {now: etl.Registry{Corrections: lines{corrected(delta, "position", "hospital", "2026-01-01")}}, approved: list{delta + "|status=confirmé"}, want: list{"already " + delta + " position"}},
		"confirmed, another since": {now: etl.Registry{Corrections: lines{corrected(delta, "position", "esn", "2026-01-01")}}, approved: list{delta + "|status=confirmé"},
			want: list{"both-changed " + delta + " P=hospital E=hospital W=esn Zoé"}},

		"one id, the same cells":       {approved: list{"bravo|until=2025"}, want: list{"refused ambiguous-row bravo"}},
		"one id, other cells":          {approved: list{"charlie|until=2025"}, certified: list{"charlie|until=2026"}, want: list{"recorded charlie until 2025 was 2018-12-31", "recorded charlie until 2026 was 2022-01-01"}},
		"one id, a field of one":       {approved: list{"bravo|service=x"}, want: list{"recorded bravo service x was "}},
		"on one of them, by the actor": {certified: list{"alpha/n-1|until=2025"}, want: list{"recorded alpha/n-1 until 2025 was 2021-01-01"}},

		"the source changed": {changed: list{"N-2 | 01/01/2018 | 01/01/2021>N-2 | 01/01/2018 | 02/02/2022"}, certified: list{"alpha/n-2|until=2025"},
			want: list{"both-changed alpha/n-2 P=2021-01-01 E=2025 W=2022-02-02 certified.csv:3"}},
		"the source's actor changed": {changed: list{"Centre hospitalier de Delta>Centre hospitalier de DELTA"}, approved: list{delta + "|name=D"},
			want: list{"both-changed " + delta + " P=Centre hospitalier de Delta E=D W=Centre hospitalier de DELTA approved.csv:6"}},
		"the row is written otherwise": {changed: list{"Télétravail>TÉLÉTRAVAIL à distance", "Echo | TÉ>Echo | Té"}, approved: list{echo + "|until=2025"},
			want: list{"row-gone " + echo + " P=2021-01-01 E=2025 W="}},
		"the row in capitals": {changed: list{"Télétravail>TELETRAVAIL"}, approved: list{echo + "|until=2025"},
			want: list{"recorded echo/a259b06e until 2025 was 2021-01-01"}},
		"joined since": {now: same("bravo", "echo", "same"), approved: list{echo + "|name=E", echo + "|until=2025"},
			want: list{"recorded bravo/72303e22 until 2025 was 2021-01-01", "both-changed bravo P=Echo E=E W=Bravo approved.csv:4"}},
		"joined since, and gone": {now: same("bravo", "echo", "same"), changed: list{"Echo | Télétravail | | 01/01/2021>"}, approved: list{echo + "|name=E", echo + "|until=2025"},
			want: list{"both-changed bravo P=Echo E=E W=Bravo approved.csv:4", "row-gone " + echo + " P=2021-01-01 E=2025 W="}},
		"told apart since": {now: same("bravo", "echo", "different"), changed: list{"Echo | Télétravail | | 01/01/2021>"}, approved: list{echo + "|name=E"}, want: list{"row-gone echo P=Echo E=E W="}},
		"another id since": {now: etl.Registry{Actors: []etl.RegistryActor{{ID: "e-1", Name: "Echo"}}}, approved: list{echo + "|name=E"}, want: list{"recorded e-1 name E was Echo"}},

		"corrected twice, back to the first": {published: lines{corrected(a2, "until", "2023", "2026-01-01"), corrected(a2, "until", "source", "2026-01-02"), corrected(a2, "until", "2024", "2026-01-03")},
			now:      etl.Registry{Corrections: lines{corrected(a2, "until", "2023", "2026-01-01"), corrected(a2, "until", "source", "2026-01-02"), corrected(a2, "until", "2024", "2026-01-03")}},
			approved: list{a2 + "|until=2023"}, want: list{"recorded " + a2 + " until 2023 was 2021-01-01"}},
		"undone, and something else typed": {now: etl.Registry{Corrections: lines{corrected(a2, "until", "2023", "2026-01-01"), corrected(a2, "until", "source", "2026-01-02")}},
			approved: list{a2 + "|until=2024"}, want: list{"recorded " + a2 + " until 2024 was 2021-01-01"}},
		"a correction that says the source's, taken back": {published: lines{corrected(a2, "until", "2021-01-01", "2026-01-01")}, now: etl.Registry{Corrections: lines{corrected(a2, "until", "2021-01-01", "2026-01-01")}},
			approved: list{a2 + "|until=source"}, want: list{"recorded " + a2 + " until source was 2021-01-01"}},
		"published nowhere else": {elsewhere: func(etl.Listing, string, *etl.Definition, compare.Value) bool { return false }, approved: list{a2 + "|until=2025"},
			want: list{"recorded " + a2 + " until 2025 was 2021-01-01"}},

		"another's name":                   {approved: list{a2 + "|name=charlie"}, want: list{"refused name-taken alpha charlie"}},
		"a name for two":                   {approved: list{a2 + "|name=Zoulou", "bravo|name=zoulou"}, want: list{"refused name-taken alpha bravo", "refused name-taken bravo alpha"}},
		"a name of a former one":           {now: etl.Registry{Names: []etl.RegistryName{{Actor: "bravo", Name: "Yankee", Kind: "former"}}}, approved: list{a2 + "|name=Yankee"}, want: list{"refused name-taken alpha bravo"}},
		"a name of the registry":           {now: etl.Registry{Actors: []etl.RegistryActor{{ID: "yankee", Name: "Yankee"}}}, approved: list{a2 + "|name=Yankee"}, want: list{"refused name-taken alpha yankee"}},
		"another's name as a service":      {approved: list{a2 + "|service=Charlie"}, want: list{"recorded " + a2 + " service Charlie was Stockage"}},
		"one service for two":              {approved: list{a1 + "|service=Zoulou", a2 + "|service=Zoulou"}, want: list{"recorded " + a1 + " service Zoulou was Archivage", "recorded " + a2 + " service Zoulou was Stockage"}},
		"both moved, and crossed":          {approved: list{a2 + "|from=2025-05-05", a2 + "|until=2024-05-05"}, want: list{"refused order " + a2, "refused order " + a2}},
		"begins on its last day":           {approved: list{a2 + "|from=2021-01-01"}, want: list{"recorded " + a2 + " from 2021-01-01 was 2018-01-01"}},
		"begins the day after":             {approved: list{a2 + "|from=2021-01-02"}, want: list{"refused order " + a2}},
		"begins in the month that it ends": {approved: list{a2 + "|from=2021-05-05", a2 + "|until=05/2021"}, want: list{"recorded " + a2 + " from 2021-05-05 was 2018-01-01", "recorded " + a2 + " until 2021-05 was 2021-01-01"}},
		"no end":                           {approved: list{delta + "|from=2025"}, want: list{"recorded " + delta + " from 2025 was 2018-01-01"}},
		"no start":                         {approved: list{echo + "|until=2025"}, want: list{"recorded " + echo + " until 2025 was 2021-01-01"}},
		"a start after its end, and more":  {approved: list{a2 + "|from=2025", a2 + "|service=x"}, want: list{"recorded " + a2 + " service x was Stockage", "refused order " + a2}},

		"an end that nobody can compute":      {approved: list{a2 + "|effective=2025-05-05"}, want: list{"refused derived " + a2}},
		"the end, as it follows":              {approved: list{"charlie|until=2019-01-31", "charlie|effective=2019-07-31"}, want: list{"recorded charlie until 2019-01-31 was 2018-12-31"}},
		"the end, as it was":                  {approved: list{"charlie|until=2019-01-31", "charlie|effective=2019-01-31"}, want: list{"recorded charlie until 2019-01-31 was 2018-12-31", "refused derived charlie"}},
		"the end, as today":                   {changed: list{"31/12/2018>31/01/2019"}, approved: list{"charlie|effective=2019-07-31"}},
		"the end of a row that is gone":       {changed: list{"Echo | Télétravail | | 01/01/2021>"}, approved: list{echo + "|effective=2025"}, want: list{"refused derived " + echo}},
		"no end of a row that is gone":        {changed: list{"Echo | Télétravail | | 01/01/2021>"}, approved: list{echo + "|effective="}, want: list{"refused derived " + echo}},
		"a number of activities that follows": {certified: list{"alpha/n-1|sauvegarde=oui", "alpha/n-1|count=3"}, want: list{"recorded alpha/n-1 sauvegarde yes was no"}},
		"a number that does not":              {certified: list{"alpha/n-1|sauvegarde=oui", "alpha/n-1|count=4"}, want: list{"recorded alpha/n-1 sauvegarde yes was no", "refused derived alpha/n-1"}},
		"a number that is not known":          {certified: list{"alpha/n-1|sauvegarde=n.c.", "alpha/n-1|count=n.c."}, want: list{"recorded alpha/n-1 sauvegarde n.c. was no"}},
		"the actor's activities":              {certified: list{"alpha/n-1|plateforme=oui", "alpha/n-2|covered=4"}, want: list{"recorded alpha/n-1 plateforme yes was no"}},
		"not the row's alone":                 {certified: list{"alpha/n-1|plateforme=oui", "alpha/n-2|covered=2"}, want: list{"recorded alpha/n-1 plateforme yes was no", "refused derived alpha/n-2"}},
	} {
		was := shown(ran(etl.Registry{Corrections: c.published}))
		res := ran(c.now, c.changed...)
		plain := c.now
		plain.Corrections = nil
		in := &merge.Input{Today: merge.Today{Ref: &ref, Registry: &c.now, Result: res, Now: shown(res), Source: shown(ran(plain, c.changed...))},
			Published: was, Elsewhere: c.elsewhere}
		f := typed(was[0], c.approved...)
		f.Lists[1] = typed(was[1], c.certified...).Lists[0]
		f.Lists[1].Order = 1
		if diff := cmp.Diff(append(list{}, c.want...), said(merge.Rule(in, merge.Find(&ref, was, f, words)))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestHeld: what was recorded and does not come out of a run is told.
func TestHeld(t *testing.T) {
	none := ran(etl.Registry{})
	was := shown(none)
	f := typed(was[0], "alpha/62ad222d|until=2025", "echo/72303e22|name=E")
	f.Lists[1] = typed(was[1], "alpha/n-1|sauvegarde=oui").Lists[0]
	in := &merge.Input{Today: merge.Today{Ref: &ref, Registry: &etl.Registry{}, Result: none, Now: was, Source: was}, Published: was}
	recorded := merge.Rule(in, merge.Find(&ref, was, f, words)).Recorded
	var lines []etl.Correction
	for _, it := range recorded {
		lines = append(lines, it.Correction("Zoé", "2026-01-01", "typed"))
	}
	for k := range len(lines) + 1 { // the run takes the first k lines
		held, failed := merge.Held(etl.NewCells(&ref), shown(ran(etl.Registry{Corrections: lines[:k]})), recorded)
		if len(held) != k || len(failed) != 3-k {
			t.Errorf("of %d lines, %d hold and %d do not", k, len(held), len(failed))
		}
	}
}

// TestRuleOfOneList: a list that has ended since has no rows any more, and one that has come
// since had none.
func TestRuleOfOneList(t *testing.T) {
	res := ran(etl.Registry{})
	was, now := shown(res), shown(res)
	f := typed(was[0], "bravo|until=2025", "bravo|name=B")
	was[etl.Certified], now[etl.Approved] = nil, nil
	in := &merge.Input{Today: merge.Today{Ref: &ref, Registry: &etl.Registry{}, Result: res, Now: now, Source: now}, Published: was}
	want := []string{"recorded bravo name B was Bravo", "row-gone bravo P=2021-01-01 E=2025 W="}
	if diff := cmp.Diff(want, said(merge.Rule(in, merge.Find(&ref, was, f, words)))); diff != "" {
		t.Error(diff)
	}
}
