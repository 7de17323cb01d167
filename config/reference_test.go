package config_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
)

func TestPositionRules(t *testing.T) {
	ref := config.Reference()
	for _, r := range ref.Rules {
		if _, ok := ref.PositionOf(r.Code); !ok || r.Code == etl.Unclassified {
			t.Errorf("rule %q proposes %q, which is no position", r.Pattern, r.Code)
		}
		code, rule := ref.Propose(&etl.Actor{Name: r.Example})
		if code != r.Code || rule != r.Pattern {
			t.Errorf("the example %q of rule %q is caught by %q as %s", r.Example, r.Pattern, rule, code)
		}
		// A rule is about whole words.
		if code, rule := ref.Propose(&etl.Actor{Name: "Xq" + strings.Trim(r.Pattern, "*") + "qx"}); rule != "" {
			t.Errorf("inside a word, %q is caught as %s", rule, code)
		}
	}
	if len(ref.Rules) == 0 {
		t.Error("no rule was read")
	}
}

func TestPositions(t *testing.T) {
	ref := config.Reference()
	if _, ok := ref.PositionOf(etl.Unclassified); !ok {
		t.Error("nobody can be unclassified")
	}
	seen := map[string]bool{}
	colour := regexp.MustCompile(`^[0-9A-F]{6}$`)
	for _, p := range ref.Positions {
		for _, v := range []string{p.Code, "fr " + p.Label["fr"], "en " + p.Label["en"], "colour " + p.Colour} {
			if seen[v] {
				t.Errorf("%s is there twice", v)
			}
			seen[v] = true
		}
		if p.Label["fr"] == "" || p.Label["en"] == "" || p.Definition == "" || !colour.MatchString(p.Colour) {
			t.Errorf("%+v", p)
		}
		// Excel's drop-downs split at commas.
		if strings.Contains(p.Label["fr"]+p.Label["en"], ",") {
			t.Errorf("a comma in %q", p.Label)
		}
	}
}

func TestActivities(t *testing.T) {
	ref := config.Reference()
	if len(ref.Activities) != 6 {
		t.Fatalf("%d activities", len(ref.Activities))
	}
	// The decree and the FAQ of 2018 number the third and the fourth the other way
	// round, and nothing else.
	want := map[string][2]int{"sites_physiques": {1, 1}, "infrastructure_materielle": {2, 2}, "infrastructure_virtuelle": {3, 4}, "plateforme": {4, 3}, "administration_exploitation": {5, 5}, "sauvegarde": {6, 6}}
	for _, a := range ref.Activities {
		if got := [2]int{a.Numbers["decree"], a.Numbers["asip_2018"]}; got != want[a.Key] {
			t.Errorf("%s is numbered %v, want %v", a.Key, got, want[a.Key])
		}
		if !slices.ContainsFunc(ref.Types, func(c etl.CertificateType) bool { return c.Key == a.Type }) {
			t.Errorf("%s belongs to the type %q", a.Key, a.Type)
		}
		for _, l := range []map[string]string{a.Label, a.Short} {
			if l["fr"] == "" || l["en"] == "" {
				t.Errorf("%s lacks a label", a.Key)
			}
		}
		if strings.Contains(a.Label["fr"], "'") {
			t.Errorf("a straight apostrophe in %q", a.Label["fr"])
		}
	}
	for _, n := range config.Numberings {
		seen := map[int]bool{}
		for _, a := range ref.Activities {
			seen[a.Numbers[n]] = true
		}
		if len(seen) != 6 || !seen[1] || !seen[6] {
			t.Errorf("%s: %v", n, seen)
		}
	}
}

// TestHeaders: an alias names one field of its list.
func TestHeaders(t *testing.T) {
	ref := config.Reference()
	words := func(s string) string {
		// As far as these tables go: case and punctuation.
		return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789éèêàâîôûçœ*", r)
		}), " ")
	}
	for _, list := range []string{"approved", "certified"} {
		fields := map[string]string{}
		for _, h := range ref.Headers {
			if h.List != list && h.List != "both" {
				continue
			}
			if other, twice := fields[words(h.Alias)]; twice {
				t.Errorf("%s: %q names %s and %s", list, h.Alias, other, h.Field)
			}
			fields[words(h.Alias)] = h.Field
			if ref.Field(mustList(list), etl.Field(h.Field)) == nil && !strings.HasPrefix(h.Field, "activity_number:") &&
				!strings.HasPrefix(h.Field, "standing:") {
				t.Errorf("%s is no field of the %s list", h.Field, list)
			}
		}
		if ref.Field(mustList(list), etl.FieldName).Need != etl.Required {
			t.Errorf("%s: a list without names would be read", list)
		}
		headers := etl.NewHeaders(&ref, mustList(list))
		for _, h := range ref.Headers {
			if h.List != list && h.List != "both" {
				continue
			}
			if strings.HasPrefix(h.Field, "standing:") {
				continue // beside the fields, and no evidence of a header
			}
			alias := strings.Trim(h.Alias, "* ")
			if n := headers.Recognise([]string{strings.ToUpper(alias)}); n != 1 {
				t.Errorf("%s: the header %q is recognised as %d fields", list, alias, n)
			}
		}
	}
	for _, h := range ref.Headers {
		if !slices.Contains([]string{"approved", "certified", "both"}, h.List) {
			t.Errorf("a header of the list %q", h.List)
		}
	}
}

func mustList(name string) etl.Listing {
	for _, l := range etl.Listings {
		if l.String() == name {
			return l
		}
	}
	panic(name)
}

func TestOtherTables(t *testing.T) {
	ref := config.Reference()
	for i, x := range ref.Extensions {
		if x.From.Compare(x.To) > 0 || x.Months <= 0 || x.Source == "" || !x.From.Full() || !x.To.Full() {
			t.Errorf("extension %d: %+v", i, x)
		}
	}
	if len(ref.Extensions) == 0 || len(ref.Bodies) == 0 {
		t.Error("an empty table")
	}
	written := map[string]string{}
	for _, b := range ref.Bodies {
		k := strings.ToLower(b.Written)
		if was, twice := written[k]; twice && was != b.Canonical {
			t.Errorf("the body %q is %q and %q", b.Written, was, b.Canonical)
		}
		written[k] = b.Canonical
	}
	for _, b := range ref.Bodies {
		if c, ok := written[strings.ToLower(b.Canonical)]; ok && c != b.Canonical {
			t.Errorf("the usual name %q has another usual name, %q", b.Canonical, c)
		}
	}
	keys := map[string]bool{}
	for _, c := range ref.Types {
		if keys[c.Key] {
			t.Errorf("the lines of type %s are not together", c.Key)
		}
		keys[c.Key] = true
		if len(c.Patterns) == 0 || c.Label["fr"] == "" || c.Label["en"] == "" {
			t.Errorf("%+v", c)
		}
	}
}

// TestLabels: both languages have every text, with the same places in it.
func TestLabels(t *testing.T) {
	fr, en := config.Labels("fr"), config.Labels("en")
	places := regexp.MustCompile(`\{[^}]*\}`)
	for key, text := range fr {
		if strings.TrimSpace(text) == "" || strings.TrimSpace(en[key]) == "" {
			t.Errorf("%s: %q, %q", key, text, en[key])
		}
		a, b := places.FindAllString(text, -1), places.FindAllString(en[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%s: the French text has %v, the English %v", key, a, b)
		}
		if strings.Contains(text, "'") {
			t.Errorf("%s: a straight apostrophe has to be escaped in a structured reference: %q", key, text)
		}
	}
	if len(fr) != len(en) || len(fr) < 50 {
		t.Errorf("%d and %d labels", len(fr), len(en))
	}
	if data := config.LabelKeys(); len(data) != len(fr) {
		t.Errorf("%d lines for %d keys: one is there twice", len(data), len(fr))
	}
}

// TestActivitiesThatDoNotFit: a table of activities that would count wrongly is an error
// with its file and row.
func TestActivitiesThatDoNotFit(t *testing.T) {
	table := func(n int, change func(i int, cells []string)) string {
		var b strings.Builder
		b.WriteString("key,decree,asip_2018,type,label_fr,label_en,short_fr,short_en\n")
		for i := range n {
			cells := []string{fmt.Sprint("a", i+1), fmt.Sprint(i + 1), fmt.Sprint(i + 1), "", fmt.Sprint("Activité ", i+1), "", "", ""}
			change(i, cells)
			b.WriteString(strings.Join(cells, ",") + "\n")
		}
		return b.String()
	}
	asItIs := func(int, []string) {}
	for _, c := range []struct {
		name string
		data string
		want string // of the error; empty is none
	}{
		{"nine", table(9, asItIs), ""},
		{"as many as a set holds", table(etl.MostActivities, asItIs), ""},
		{"one more", table(etl.MostActivities+1, asItIs), "activities.csv:66"},
		{"a key twice", table(9, func(i int, cells []string) { cells[0] = fmt.Sprint("a", i%8) }), "activities.csv:10"},
		{"a number twice", table(9, func(i int, cells []string) { cells[1] = fmt.Sprint(1 + i%8) }), "activities.csv:10"},
		{"no number", table(9, func(i int, cells []string) { cells[1] = "trois" }), "activities.csv"},
		{"a column less", "key,decree\na,1\n", "activities.csv"},
	} {
		got, err := config.Activities(c.data, "activities.csv")
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		case c.want == "" && len(got) == 0:
			t.Errorf("%s: no activity", c.name)
		}
	}
}
