package main

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/message"
)

var update = flag.Bool("update", false, "write what is made from tables into the pages that show it")

// TestGateIsDocumented: the reference shows the table of rules as it is, in the language
// of the page, and the help of check lists them. go test ./cmd/hdsreport -run
// GateIsDocumented -update writes it.
func TestGateIsDocumented(t *testing.T) {
	for page, language := range map[string]string{"../../docs/reference.md": "en"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, _ := strings.Cut(string(text), "<!-- gate -->\n")
		shown, after, ok := strings.Cut(rest, "<!-- /gate -->")
		if !ok {
			t.Fatalf("%s has no place for the rules of the gate", page)
		}
		want := gateTable(message.In(language))
		if *update {
			text := before + "<!-- gate -->\n" + want + "<!-- /gate -->" + after
			if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if shown != want {
			t.Errorf("%s shows other rules than the gate has; run the test with -update", page)
		}
	}
	help := (&Command{}).checkCommand().Long
	for _, r := range etl.Rules {
		if !strings.Contains(help, "  "+r.Code+" ") {
			t.Errorf("check --help does not name %s", r.Code)
		}
	}
}

// TestRulesOfTheGateAreWhole: each rule and each threshold has its words in both
// languages, each rule names thresholds that are there, and each threshold is one of a
// rule.
func TestRulesOfTheGateAreWhole(t *testing.T) {
	th := config.Default().Gate
	used := map[string]bool{}
	codes := map[string]bool{}
	for _, r := range etl.Rules {
		if codes[r.Code] {
			t.Errorf("%s stands twice in the table", r.Code)
		}
		codes[r.Code] = true
		if !message.Has(r.Words().Key) {
			t.Errorf("the rule %s lacks words", r.Code)
		}
		for _, k := range r.Keys {
			used[k] = true
			if !slices.ContainsFunc(th.All(), func(t etl.Threshold) bool { return t.Key == k }) {
				t.Errorf("%s has the threshold %s, which is none", r.Code, k)
			}
		}
		for _, u := range r.Unless {
			if !codes[u] {
				t.Errorf("%s applies unless %s, which is no rule before it", r.Code, u)
			}
		}
	}
	for _, limit := range th.All() {
		if !used[limit.Key] || !message.Has(limit.Words().Key) {
			t.Errorf("the threshold %s is of no rule, or lacks words", limit.Key)
		}
	}
}
