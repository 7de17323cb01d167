package etl_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hdsreport/etl"
)

// endedIn returns the input of editions whose approvals ended at the end of 2021.
func endedIn(editions ...etl.EditionInput) etl.Input {
	in := input(etl.Registry{}, editions...)
	in.Reference.Ended[etl.Approved], _ = etl.NewDate(2021, 12, 31)
	return in
}

var (
	someApproved  = []string{"Alpha | s | 01/01/2019 | 31/12/2021", "Bravo | s | 01/01/2019 | 31/12/2021"}
	someCertified = []string{"Alpha | | 1 | | 1 | | 01/06/2022", "Delta | | 1 | | 2 | | 01/06/2023"}
)

// TestEndedListLacksNothing: from the day on which a list has ended, an edition without it
// is no refusal, and nobody left the list or moved from it.
func TestEndedListLacksNothing(t *testing.T) {
	for _, c := range []struct {
		id   string
		want []string
	}{
		{"2021-12-30", []string{etl.CodeListingMissing}},
		{"2021-12-31", []string{}},
		{"2021-12", []string{}},
		{"2026-11", []string{}},
	} {
		res := etl.Run(endedIn(edition("2021-06", someApproved, someCertified), edition(c.id, nil, someCertified)))
		if diff := cmp.Diff(c.want, codesOf(res)); diff != "" {
			t.Errorf("%s: %s", c.id, diff)
		}
		if len(c.want) > 0 {
			continue
		}
		if ch := res.Stats.Changes; len(ch.Approved.Left) > 0 || ch.Moved == nil || len(ch.Moved) > 0 {
			t.Errorf("%s: somebody left (%v) or moved (%v) by the end alone", c.id, ch.Approved.Left, ch.Moved)
		}
	}
}

// TestEndedFigures: what an ended list would be needed for is null, and who is left are
// the actors of the other.
func TestEndedFigures(t *testing.T) {
	st := etl.Run(endedIn(edition("2021-06", someApproved, someCertified), edition("2022-01", nil, someCertified))).Stats
	text, err := json.Marshal(map[string]any{"approved": st.Approved, "both": st.Both, "any": st.Any, "ended": st.Ended,
		"history": st.History[1], "deadline": st.Deadlines[1]})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"any":{"actors":2},"approved":null,"both":null,` +
		`"deadline":{"months":6,"until":"2022-07-31","approved":null,"certified":1},"ended":{"approved":"2021-12-31"},` +
		`"history":{"edition":"2022-01","approved":null,"certified":2,"both":null,"any":2,"mean":1,"all":0}}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
	for _, p := range st.Positions {
		if p.Approved != nil || p.Any == nil || *p.Any != *p.Certified {
			t.Errorf("%s: approved %v, certified %d, any %v", p.Code, p.Approved, *p.Certified, p.Any)
		}
	}
}

// TestFileOfAnEndedList: it is read and counted, with a warning; on the last day of the
// regime there is nothing to say.
func TestFileOfAnEndedList(t *testing.T) {
	for id, want := range map[string][]string{"2021-12-31": {}, "2022-01-01": {"editions/2022-01-01/agrees.csv warning listing-ended"}} {
		res := etl.Run(endedIn(edition(id, someApproved, someCertified)))
		if diff := cmp.Diff(want, said(res.Findings, etl.CodeListingEnded)); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
		if res.Stats.Approved == nil || res.Stats.Approved.Actors != 2 || res.Stats.Ended != nil || len(codesOf(res)) > 0 {
			t.Errorf("%s: approved %v, ended %v, refused for %v", id, res.Stats.Approved, res.Stats.Ended, codesOf(res))
		}
	}
}

// TestEmptyFileOfAnEndedList: a header without rows, or a line of text, is how a regime
// that has ended is published; a row is read, and before the end it is a fault.
func TestEmptyFileOfAnEndedList(t *testing.T) {
	for _, c := range []struct {
		name, id string
		rows     []string
		missing  bool
		refused  []string
		said     []string
	}{
		{"a header", "2022-01-01", []string{approvedHeader}, true, []string{}, []string{"a.csv info listing-ended"}},
		{"nothing", "2022-01-01", nil, true, []string{}, []string{"a.csv info listing-ended"}},
		{"a line of text", "2022-01-01", []string{approvedHeader, "Aucun hébergeur agréé | | |"}, true, []string{}, []string{"a.csv info listing-ended"}},
		{"a row", "2022-01-01", []string{approvedHeader, "Alpha | s | 01/01/2019 | 31/12/2021"}, false, []string{}, []string{"a.csv warning listing-ended"}},
		{"names alone", "2022-01-01", []string{"Hébergeur", "Alpha"}, false, []string{}, []string{"a.csv warning listing-ended"}},
		{"before the end", "2021-12-30", []string{approvedHeader}, false, []string{etl.CodeListingEmpty}, nil},
	} {
		in := endedIn(edition(c.id, nil, someCertified))
		in.Editions[0].Sources[etl.Approved] = etl.Source{Table: table("a.csv", c.rows...)}
		res := etl.Run(in)
		list := &res.Edition.List[etl.Approved]
		if list.Missing != c.missing || list.HasEnded() != c.missing {
			t.Errorf("%s: missing %t, ended %s", c.name, list.Missing, list.Ended)
		}
		if diff := cmp.Diff(c.refused, codesOf(res)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if diff := cmp.Diff(c.said, said(res.Findings, etl.CodeListingEnded), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestEditionDay: a month counts from the day of its newest list, and never from a day
// after it.
func TestEditionDay(t *testing.T) {
	for _, c := range []struct{ id, one, two, want string }{
		{"2026-11-05", "2026-11-23", "", "2026-11-05"},
		{"2026-11", "", "", "2026-11-30"},
		{"2026-11", "2026-11-23T05:17:00Z", "", "2026-11-23"},
		{"2026-11", "2026-11-02", "2026-11-23", "2026-11-23"},
		{"2026-11", "2026-12-04", "2026-11-23", "2026-11-30"},
		{"2026-11", "2026-11", "", "2026-11-30"},
		{"2026-11", "hier", "", "2026-11-30"},
	} {
		if got := etl.EditionDay(c.id, c.one, c.two).String(); got != c.want {
			t.Errorf("EditionDay(%q, %q, %q) = %s, want %s", c.id, c.one, c.two, got, c.want)
		}
	}
}
