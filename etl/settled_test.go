package etl_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/etl"
)

// TestWhatACorrectionSettledIsSilent: the findings about a value are gone once a person
// has corrected it, and what depends on several values is judged by the new ones.
func TestWhatACorrectionSettledIsSilent(t *testing.T) {
	approved := []string{
		"Alpha | x | 01/01/2018 | bientôt",
		"Beta | x | 01/01/2018 | 01/01/2017",
		"Gamma | x | 01/01/2018 | 01/01/2017",
	}
	certified := []string{
		"Delta | infra | 1, 7 | Bureau inconnu | 1 | 01/01/2019 | 01/01/2022",
		"Epsilon | Hébergeur d'infrastructure physique | 1, 5 | LNE | 2 | 01/01/2019 | 01/01/2022",
	}
	run := func(cs ...etl.Correction) []string {
		for i := range cs {
			cs[i].By, cs[i].Date = "Ada", "2019-06-18"
		}
		res := etl.Run(input(etl.Registry{Corrections: cs}, edition("2019-06-17", approved, certified)))
		return said(res.Findings, etl.CodeDateUnreadable, etl.CodeDatesReversed, etl.CodeApprovalTooLong,
			etl.CodeTypeUnknown, etl.CodeTypeActivities, etl.CodeActivitiesUnreadable, etl.CodeBodyUnknown)
	}
	all := run()
	ids := map[string]string{}
	for _, l := range etl.Listings {
		res := etl.Run(input(etl.Registry{}, edition("2019-06-17", approved, certified)))
		for _, r := range res.Edition.List[l].Rows {
			ids[r.Name] = r.ID
		}
	}
	const a, c = "editions/2019-06-17/agrees.csv:", "editions/2019-06-17/certifies.csv:"
	unread, reversed, too := a+"2:4 warning date-unreadable", a+"3:4 warning dates-reversed", a+"4:4 warning dates-reversed"
	kind, body := c+"2:2 warning type-unknown", c+"2:4 info body-unknown"
	numbers, outside := c+"2:3 warning activities-unreadable", c+"3:2 warning type-activities"
	if diff := cmp.Diff([]string{unread, reversed, too, kind, numbers, body, outside}, all); diff != "" {
		t.Fatal(diff)
	}
	for _, k := range []struct {
		name string
		c    etl.Correction
		want []string
	}{
		{"a date", etl.Correction{ID: ids["Alpha"], Field: "until", Was: "bientôt", Value: "2020-12-31"},
			[]string{reversed, too, kind, numbers, body, outside}},
		{"an end that is right", etl.Correction{ID: ids["Beta"], Field: "until", Value: "2020-12-31"},
			[]string{unread, too, kind, numbers, body, outside}},
		{"a start that goes with the end", etl.Correction{ID: ids["Beta"], Field: "from", Value: "2016-01-01"},
			[]string{unread, too, kind, numbers, body, outside}},
		{"an end that is too late", etl.Correction{ID: ids["Beta"], Field: "until", Value: "2028-12-31"},
			[]string{unread, a + "3:4 warning approval-too-long", too, kind, numbers, body, outside}},
		{"a type", etl.Correction{ID: ids["Epsilon"], Field: "type",
			Value: "Hébergeur d'infrastructure physique et hébergeur infogéreur"},
			[]string{unread, reversed, too, kind, numbers, body}},
		{"activities", etl.Correction{ID: ids["Epsilon"], Field: "activities", Value: "1, 2"},
			[]string{unread, reversed, too, kind, numbers, body}},
		{"unread activities", etl.Correction{ID: ids["Delta"], Field: "activities", Value: "toutes"},
			[]string{unread, reversed, too, kind, body, outside}},
		{"a body", etl.Correction{ID: ids["Delta"], Field: "body", Value: "LNE"},
			[]string{unread, reversed, too, kind, numbers, outside}},
		{"what the source says", etl.Correction{ID: ids["Alpha"], Field: "until", Value: "source"}, all},
	} {
		if diff := cmp.Diff(k.want, run(k.c)); diff != "" {
			t.Errorf("%s: %s", k.name, diff)
		}
	}
	// Where one of the values is a person's, the file is not all there is to check; what is
	// wrong with the file's own values still is.
	for _, k := range []struct {
		id, field, value, code string
		corrected              bool
	}{
		{ids["Beta"], "until", "2028-12-31", etl.CodeApprovalTooLong, true},
		{ids["Beta"], "service", "other", etl.CodeDatesReversed, false},
		{ids["Epsilon"], "activities", "1, 6", etl.CodeTypeActivities, true},
		{ids["Epsilon"], "body", "AFNOR", etl.CodeTypeActivities, false},
	} {
		at := etl.Place{File: "registry/corrections.csv", Row: 2}
		res := etl.Run(input(etl.Registry{Corrections: []etl.Correction{{ID: k.id, Field: k.field, Value: k.value, By: "Ada", Date: "2019-06-18", Place: at}}},
			edition("2019-06-17", approved, certified)))
		i := slices.IndexFunc(res.Findings, func(f etl.Finding) bool { return f.Code == k.code })
		if i < 0 || strings.Contains(res.Findings[i].String(), at.String()) != k.corrected {
			t.Errorf("%s %s: %v", k.field, k.value, said(res.Findings, k.code))
		}
	}
}
