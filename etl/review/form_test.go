package review_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/review"
)

// TestForm: beside a question stands what the lists say of its rows, in the newest edition that has
// them, and the answers that it takes.
func TestForm(t *testing.T) {
	ref := config.Reference()
	day := func(y, m, d int) etl.Date {
		date, _ := etl.NewDate(y, m, d)
		return date
	}
	none := &etl.ReviewDetails{}
	res := &etl.Result{Actors: []etl.Actor{{ID: "alpha"}, {ID: "bravo"}, {ID: "charlie"}, {ID: "delta"}},
		Review: []etl.ReviewItem{{ID: "pair", Kind: etl.ReviewPair, Left: "alpha", Seen: "Alpha / Bravo", ReviewDetails: &etl.ReviewDetails{Right: "bravo"}},
			{ID: "name", Kind: etl.ReviewName, Left: "bravo", Seen: "Bravo now", ReviewDetails: &etl.ReviewDetails{Former: "Bravo then"}},
			{ID: "position", Kind: etl.ReviewPosition, Left: "charlie", ReviewDetails: none}, {ID: "value", Kind: etl.ReviewValue, Left: "alpha/1", ReviewDetails: none}, {ID: "old", Kind: etl.ReviewValue, Left: "bravo/0", ReviewDetails: none}},
		Editions: make([]etl.Edition, 2)}
	first, last := &res.Editions[0].List, &res.Editions[1].List
	first[etl.Approved].Source.URL = "https://first"
	first[etl.Approved].Rows = []etl.Row{{Actor: 0, ID: "alpha/1", Service: "then"}, {Actor: 1, ID: "bravo/0", Service: "Archivage", Until: day(2020, 1, 1)}}
	last[etl.Approved].Source.URL = "https://last"
	last[etl.Approved].Rows = []etl.Row{{Actor: 0, ID: "alpha/1", Service: "Stockage", From: day(2018, 1, 1), Until: day(2021, 1, 1)}, {Actor: 0, ID: "alpha/2", Service: "Stockage", From: day(2019, 1, 1)},
		{Actor: 3, ID: "delta", Service: "nobody asks"}}
	last[etl.Certified].Rows = []etl.Row{{Actor: 0, ID: "alpha/c", Body: "AFNOR", Number: "N-1"}}
	for i := range 5 {
		last[etl.Certified].Rows = append(last[etl.Certified].Rows, etl.Row{Actor: 2, ID: fmt.Sprint("charlie/", i), Body: "BSI", Number: fmt.Sprint("B-", i)})
	}
	res.Edition = &res.Editions[1]
	lines := []review.Line{{ID: "pair"}, {ID: "name"}, {ID: "position"}, {ID: "value"}, {ID: "old"}, {ID: "answered"}}
	f := review.NewForm(lines, res, &ref, "en", review.Added{})
	if len(f.Positions) != len(ref.Positions)-1 || slices.Contains(f.Positions, "To classify") {
		t.Errorf("positions %q", f.Positions)
	}
	var got []string
	for _, l := range f.Lines {
		got = append(got, strings.Join([]string{l.ID, l.List, l.Certificate, l.Dates, l.Link, strings.Join(l.Answers, ",")}, "|"))
	}
	want := []string{
		"pair|approved, certified / approved|Stockage, AFNOR N-1 / Archivage|2018-01-01 to 2021-01-01, since 2019-01-01 / until 2020-01-01|https://last|same,different,successor: Alpha,successor: Bravo",
		"name|approved|Archivage|until 2020-01-01|https://first|Bravo now,Bravo then",
		"position|certified|BSI B-0, BSI B-1, BSI B-2 and 2 more|||",
		"value|approved|Stockage|2018-01-01 to 2021-01-01|https://last|",
		"old|||||",
		"answered|||||",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestReadAdded: columns that editors have added stay with their lines, and what a form says beside
// a question, in any language, is no such column.
func TestReadAdded(t *testing.T) {
	ref := config.Reference()
	var headings []string
	for _, language := range message.Languages {
		say := message.In(language)
		headings = append(headings, say.Say("form-list"), strings.ToUpper(say.Say("form-link")), say.Say("form-choices")+" x")
	}
	data := "id;vu par;" + strings.Join(headings, ";") + ";fait\na1;Zoé" + strings.Repeat(";-", len(headings)) + ";oui\n;Léa\nb2;Max\n"
	lines := []review.Line{{ID: "a1", Place: etl.Place{Row: 2}}, {Place: etl.Place{Row: 3}}, {ID: "b2", Place: etl.Place{Row: 4}}}
	added, err := review.ReadAdded([]byte(data), "revue.csv", lines)
	if err != nil {
		t.Fatal(err)
	}
	f := review.NewForm(lines, &etl.Result{Edition: &etl.Edition{}}, &ref, "fr", added)
	var got []string
	for _, l := range f.Lines {
		got = append(got, strings.Join(l.Others, "|"))
	}
	if diff := cmp.Diff([]string{"vu par", "fait"}, f.Others); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Zoé|oui", "", "Max|"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestSameQuestions: two files ask the same if all that is asked is the same, whatever the spaces.
func TestSameQuestions(t *testing.T) {
	line := review.Line{ID: "1", Seen: "a b", Proposal: "p q", Reason: "r s", Where: "w x", Comment: "c"}
	for name, change := range map[string]func(l *review.Line){
		"id": func(l *review.Line) { l.ID = "2" }, "seen": func(l *review.Line) { l.Seen = "b" }, "proposal": func(l *review.Line) { l.Proposal = "q" },
		"reason": func(l *review.Line) { l.Reason = "s" }, "where": func(l *review.Line) { l.Where = "x" }, "comment": func(l *review.Line) { l.Comment = "d" },
	} {
		other := line
		change(&other)
		if review.Same([]review.Line{line}, []review.Line{other}) {
			t.Errorf("another %s is the same", name)
		}
	}
	other := line
	other.Seen, other.Proposal, other.Reason, other.Where, other.Ruling = "a  b", "p\nq", " r s", "w\u00a0x", "oui"
	if !review.Same([]review.Line{line}, []review.Line{other}) {
		t.Error("other spaces are another question")
	}
}

// TestGuarded: what a spreadsheet would run has an apostrophe in the file, which is not read again,
// and one that is the text's own stays.
func TestGuarded(t *testing.T) {
	data, _ := written(t, workspace(etl.Registry{}))
	old, _, err := review.Read(data, "revue.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"=1+1", "+33", "-x", "@x", "'=x", "'", "'x", "x=1", ""} {
		l := review.Line{ID: "position:x", Kind: "k", Seen: "x", Where: "w", Proposal: text, Reason: "r", Comment: text}
		more, err := review.Append(data, old, []review.Line{l})
		if err != nil {
			t.Fatal(err)
		}
		lines, _, err := review.Read(more, "revue.csv")
		if err != nil {
			t.Fatal(err)
		}
		last := lines[len(lines)-1]
		guard := text != "" && strings.ContainsRune("=+-@'", rune(text[0]))
		if last.Proposal != text || last.Comment != text || strings.Contains(string(more), ";"+text+"\r\n") == guard {
			t.Errorf("%q is read as %q and %q", text, last.Proposal, last.Comment)
		}
	}
}
