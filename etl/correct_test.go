package etl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
)

// corrected runs one edition with corrections and gives its rows by name.
func corrected(t *testing.T, cs ...etl.Correction) (map[string]etl.Row, *etl.Result) {
	t.Helper()
	for i := range cs {
		if cs[i].Place.Row == 0 {
			cs[i].Place = etl.Place{File: "corrections.csv", Row: i + 2}
		}
	}
	res := etl.Run(input(etl.Registry{Corrections: cs}, edition("2019-06-17",
		[]string{"Alpha | | 01/01/2018 | 31/02/2020", "Beta | | 01/01/2018 | 30/06/2020"},
		[]string{"Gamma | Infogéreur | toutes sauf 6 | LNE | G1 | 01/01/2019 | 31/12/2021", "Alpha | | 1 | | | 01/02/2019 | 31/01/2022", "Delta | Infogéreur | 5 | LNE | D1 | |"})))
	rows := map[string]etl.Row{}
	for _, l := range etl.Listings {
		for _, r := range res.Edition.List[l].Rows {
			rows[r.Name+" "+l.String()] = r
		}
	}
	return rows, res
}

func TestCorrections(t *testing.T) {
	for _, c := range []struct {
		name string
		cs   []etl.Correction
		got  func(rows map[string]etl.Row, res *etl.Result) string
		want string
		said []string
	}{
		{"an end, and with it the effective end", []etl.Correction{{ID: "beta", Field: "until", Was: "30/06/2020", Value: "30/09/2018"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				r := rows["Beta approved"]
				return r.Until.String() + " " + r.Effective.String()
			}, "2018-09-30 2019-03-30", nil},
		{"a value that could not be read is read now", []etl.Correction{{ID: "alpha", Field: "until", Was: "31/02/2020", Value: "2020-02-29"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				r := rows["Alpha approved"]
				return r.Until.String() + " " + r.Raw[etl.FieldUntil]
			}, "2020-02-29 ", nil},
		{"the same id on both lists, told apart by what it said", []etl.Correction{{ID: "alpha", Field: "until", Was: "2022-01-31", Value: "2022-02-28"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				return rows["Alpha approved"].Until.String() + " " + rows["Alpha certified"].Until.String()
			}, " 2022-02-28", nil},
		{"the same id on both lists, and nothing tells", []etl.Correction{{ID: "alpha", Field: "from", Value: "2019-02-02"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				return rows["Alpha approved"].From.String() + " " + rows["Alpha certified"].From.String()
			}, "2018-01-01 2019-02-01", []string{"corrections.csv:2 error registry-value"}},
		{"a field of the other list", []etl.Correction{{ID: "delta/d1", Field: "service", Value: "x"}},
			func(rows map[string]etl.Row, _ *etl.Result) string { return rows["Delta certified"].Service }, "", []string{"corrections.csv:2 error registry-value"}},
		{"the field of the right list", []etl.Correction{{ID: "alpha", Field: "service", Value: "Archivage"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				return rows["Alpha approved"].Service + "," + rows["Alpha certified"].Service
			}, "Archivage,", nil},
		{"an activity", []etl.Correction{{ID: "delta/d1", Field: "sauvegarde", Was: "Non", Value: "Oui"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				return keysOf(rows["Delta certified"].Activities.Yes)
			}, "administration_exploitation sauvegarde", nil},
		{"six activities that could not be read", []etl.Correction{{ID: "gamma/g1", Field: "sites_physiques", Value: "Oui"}, {ID: "gamma/g1", Field: "infrastructure_materielle", Value: "Oui"}, {ID: "gamma/g1", Field: "infrastructure_virtuelle", Value: "Oui"}, {ID: "gamma/g1", Field: "plateforme", Value: "x"}, {ID: "gamma/g1", Field: "administration_exploitation", Value: "oui"}, {ID: "gamma/g1", Field: "sauvegarde", Value: "Non"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				r := rows["Gamma certified"]
				return keysOf(r.Activities.Yes) + "/" + keysOf(r.Activities.Unknown) + "/" + r.Raw[etl.FieldActivities]
			}, "sites_physiques infrastructure_materielle infrastructure_virtuelle plateforme administration_exploitation//", nil},
		{"a type", []etl.Correction{{ID: "delta/d1", Field: "type", Was: "Infogéreur", Value: "Infrastructure physique"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				return string(rune('0' + rows["Delta certified"].Types))
			}, "1", nil},
		{"a type that does not exist changes nothing", []etl.Correction{{ID: "delta/d1", Field: "type", Value: "bidule"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				return string(rune('0' + rows["Delta certified"].Types))
			}, "2", []string{"corrections.csv:2 error registry-value"}},
		{"a date that does not exist changes nothing", []etl.Correction{{ID: "beta", Field: "until", Value: "31/02/2020"}},
			func(rows map[string]etl.Row, _ *etl.Result) string { return rows["Beta approved"].Until.String() }, "2020-06-30", []string{"corrections.csv:2 error registry-value"}},
		{"a name, by a row's id", []etl.Correction{{ID: "delta/d1", Field: "name", Was: "Delta", Value: "Delta Santé"}},
			func(_ map[string]etl.Row, res *etl.Result) string { return actorOf(t, res, 0, "Delta").Name }, "Delta Santé", nil},
		{"a name cannot be nothing", []etl.Correction{{ID: "delta", Field: "name", Value: ""}},
			func(_ map[string]etl.Row, res *etl.Result) string { return actorOf(t, res, 0, "Delta").Name }, "Delta", []string{"corrections.csv:2 error registry-value"}},
		{"a position that no table has", []etl.Correction{{ID: "delta", Field: "position", Value: "nuage"}},
			func(_ map[string]etl.Row, res *etl.Result) string { return actorOf(t, res, 0, "Delta").Position }, "unclassified", []string{"corrections.csv:2 error registry-value"}},
		{"a position by its label", []etl.Correction{{ID: "delta", Field: "position", Was: "À classer", Value: "Hébergement et cloud"}},
			func(_ map[string]etl.Row, res *etl.Result) string { return actorOf(t, res, 0, "Delta").Position }, "hosting_cloud", nil},
		{"the source says something else now", []etl.Correction{{ID: "delta/d1", Field: "body", Was: "AFNOR Certification", Value: "LSTI"}},
			func(rows map[string]etl.Row, _ *etl.Result) string { return rows["Delta certified"].Body }, "LSTI", []string{"corrections.csv:2 warning correction-outdated"}},
		{"the source says what the editor said", []etl.Correction{{ID: "delta/d1", Field: "body", Was: "AFNOR Certification", Value: "lne"}},
			func(rows map[string]etl.Row, _ *etl.Result) string { return rows["Delta certified"].Body }, "lne", nil},
		{"the last of two holds, and both knew the source", []etl.Correction{{ID: "delta/d1", Field: "body", Was: "LNE", Value: "BSI Group", Date: "2019-06-20"}, {ID: "delta/d1", Field: "body", Was: "LNE", Value: "LSTI", Date: "18/06/2019"}},
			func(rows map[string]etl.Row, _ *etl.Result) string { return rows["Delta certified"].Body }, "BSI Group", nil},
		{"what was corrected back and forth ends as it was corrected last", []etl.Correction{{ID: "delta/d1", Field: "body", Was: "LNE", Value: "LSTI"}, {ID: "delta/d1", Field: "body", Was: "LNE", Value: "BSI"}, {ID: "delta/d1", Field: "body", Was: "LNE", Value: "LSTI"}},
			func(rows map[string]etl.Row, _ *etl.Result) string { return rows["Delta certified"].Body }, "LSTI", nil},
		{"the source has the word again", []etl.Correction{{ID: "delta/d1", Field: "body", Was: "LNE", Value: "LSTI"}, {ID: "delta/d1", Field: "body", Was: "LNE", Value: "source"}},
			func(rows map[string]etl.Row, _ *etl.Result) string { return rows["Delta certified"].Body }, "LNE", nil},
		{"of an actor too, whichever id its lines have", []etl.Correction{{ID: "delta/d1", Field: "name", Value: "Delta Santé"}, {ID: "delta", Field: "name", Value: "source"}},
			func(_ map[string]etl.Row, res *etl.Result) string { return actorOf(t, res, 0, "Delta").Name }, "Delta", nil},
		{"an activity of which nobody knows", []etl.Correction{{ID: "delta/d1", Field: "administration_exploitation", Was: "yes", Value: "n.c."}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				a := rows["Delta certified"].Activities
				return keysOf(a.Yes) + "/" + keysOf(a.Unknown)
			}, "/administration_exploitation", nil},
		{"a type that nobody knows", []etl.Correction{{ID: "delta/d1", Field: "type", Was: "infogereur"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				return string(rune('0' + rows["Delta certified"].Types))
			}, "0", nil},
		{"two corrections of one cell whose id both lists have", []etl.Correction{{ID: "alpha", Field: "until", Was: "2022-01-31", Value: "2022-02-28"}, {ID: "alpha", Field: "until", Was: "2022-01-31", Value: "2022-03-31"}},
			func(rows map[string]etl.Row, _ *etl.Result) string {
				return rows["Alpha approved"].Until.String() + " " + rows["Alpha certified"].Until.String()
			}, " 2022-03-31", nil},
		{"the name of another actor", []etl.Correction{{ID: "delta", Field: "name", Value: "GAMMA"}},
			func(_ map[string]etl.Row, res *etl.Result) string { return actorOf(t, res, 0, "Delta").Name }, "GAMMA", []string{"corrections.csv:2 warning registry-value"}},
		{"an id of another edition", []etl.Correction{{ID: "nobody/1", Field: "body", Value: "x"}},
			func(rows map[string]etl.Row, _ *etl.Result) string { return rows["Delta certified"].Body }, "LNE", []string{"corrections.csv:2 info registry-unused"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, res := corrected(t, c.cs...)
			if got := c.got(rows, res); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			got := said(res.Findings, etl.CodeRegistryValue, etl.CodeCorrectionOutdated, etl.CodeRegistryUnused)
			if diff := cmp.Diff(append([]string{}, c.said...), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCorrectionsAreCounted: a figure follows an editor's value.
func TestCorrectionsAreCounted(t *testing.T) {
	_, before := corrected(t)
	_, after := corrected(t, etl.Correction{ID: "beta", Field: "until", Value: "01/07/2019"})
	if *before.Stats.Deadlines[0].Approved != 0 || *after.Stats.Deadlines[0].Approved != 1 {
		t.Errorf("%d, then %d", *before.Stats.Deadlines[0].Approved, *after.Stats.Deadlines[0].Approved)
	}
}

// TestCorrectionStates: each line of the table says what it does.
func TestCorrectionStates(t *testing.T) {
	cs := []etl.Correction{
		{ID: "delta/d1", Field: "body", Was: "LNE", Value: "LSTI"},
		{ID: "delta/d1", Field: "body", Was: "LNE", Value: "BSI"},
		{ID: "beta", Field: "until", Was: "2020-06-30", Value: "2021-06-30"},
		{ID: "beta", Field: "until", Was: "2020-06-30", Value: "source"},
		{ID: "gamma/g1", Field: "body", Was: "BSI", Value: "LNE"},
		{ID: "gamma/g1", Field: "until", Was: "2020-12-31", Value: "2022-12-31"},
		{ID: "nobody/1", Field: "body", Value: "x"},
		{ID: "nobody/1", Field: "body", Value: "y"},
	}
	_, res := corrected(t, cs...)
	want := []etl.CorrectionState{etl.CorrectionSuperseded, etl.CorrectionHolds, etl.CorrectionUndone, etl.CorrectionHolds,
		etl.CorrectionObsolete, etl.CorrectionOutdated, etl.CorrectionSuperseded, etl.CorrectionOrphan}
	var got []etl.CorrectionState
	for _, line := range res.Corrections {
		got = append(got, line.State)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if line := res.Corrections[1]; line.Source != "LNE" || line.Cell != "delta/d1" || line.List != etl.Certified {
		t.Errorf("%+v", line)
	}
}

// TestCorrectionsFollow: a list that writes an apostrophe otherwise gives a row another
// identifier; what was corrected stays corrected, and what cannot be followed is named.
func TestCorrectionsFollow(t *testing.T) {
	before := edition("2019-02", []string{"Alpha | Mise en œuvre de l'archivage | 01/01/2018 | 01/01/2021", "Beta | Archivage | 01/01/2018 | 01/01/2021"}, nil)
	first := etl.Run(input(etl.Registry{}, before)).Edition.List[etl.Approved].Rows
	for name, c := range map[string]struct {
		now     string // Alpha's service in the newer edition
		want    string
		says    etl.CorrectionState
		instead bool
	}{
		"written otherwise":   {"Mise en oeuvre de l’ARCHIVAGE", "2022-02-02", etl.CorrectionHolds, false},
		"another row arrived": {"Sauvegarde", "2021-01-01", etl.CorrectionOrphan, true},
	} {
		now := edition("2019-06-17", []string{"Alpha | " + c.now + " | 01/01/2018 | 01/01/2021"}, nil)
		res := etl.Run(input(etl.Registry{Corrections: []etl.Correction{{ID: first[0].ID, Field: "until", Was: "2021-01-01", Value: "2022-02-02"}}}, before, now))
		row, line := res.Edition.List[etl.Approved].Rows[0], res.Corrections[0]
		if row.Until.String() != c.want || line.State != c.says || (line.Instead == row.ID) != c.instead {
			t.Errorf("%s: %s ends %v: %+v", name, row.ID, row.Until, line)
		}
	}
}

func TestFollowed(t *testing.T) {
	for name, c := range map[string]struct{ was, is, want string }{
		"case, accents, punctuation":  {"a/1 l'été", "a/2 L’ETE", "a/1>a/2"},
		"still there":                 {"a/1 x", "a/1 x,a/2 X", ""},
		"of another actor":            {"a/1 x", "b/2 x", ""},
		"two it could be":             {"a/1 x", "a/2 X,a/3 x", ""},
		"two that it could have been": {"a/1 x,a/2 X", "a/3 x", ""},
		"it was there before":         {"a/1 x,a/2 X", "a/2 X", ""},
		"nothing to tell it by":       {"a x", "a x", ""},
		"no text":                     {"a/1 ", "a/2 ", ""},
	} {
		told := func(list string) (out []etl.Told) {
			for row := range strings.SplitSeq(list, ",") {
				id, text, _ := strings.Cut(row, " ")
				out = append(out, etl.Told{ID: id, Text: text})
			}
			return out
		}
		got := ""
		for from, to := range etl.Followed(told(c.was), told(c.is)) {
			got += from + ">" + to
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
