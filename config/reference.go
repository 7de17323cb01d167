package config

import (
	"embed"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"

	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/records"
)

// The reference tables are data that an editor of this program may extend
// without touching code: one CSV file a table, in tables/.
//
//go:embed tables/*.csv
var tables embed.FS

// Numberings are the ways in which sources may number the activities.
var Numberings = []string{"asip_2018", "decree"}

// Reference returns the embedded tables. It panics if one of them is invalid; a test
// reads them all.
func Reference() etl.Reference {
	var ref etl.Reference
	for _, h := range table[struct {
		List  string `csv:"list"`
		Field string `csv:"field"`
		Alias string `csv:"alias"`
	}]("headers") {
		ref.Headers = append(ref.Headers, etl.HeaderAlias{List: h.List, Field: h.Field, Alias: h.Alias})
	}
	for _, p := range table[struct {
		Place     string `csv:"place"`
		Kind      string `csv:"kind"`
		Spellings string `csv:"spellings"`
	}]("geography") {
		if p.Kind == "region" {
			ref.Regions = append(ref.Regions, strings.Split(p.Spellings, "|")...)
		}
	}
	data, err := tables.ReadFile("tables/activities.csv")
	if err == nil {
		ref.Activities, err = activities(data, "tables/activities.csv")
	}
	if err != nil {
		panic(err)
	}
	for _, t := range table[struct {
		Key     string `csv:"key"`
		LabelFR string `csv:"label_fr"`
		LabelEN string `csv:"label_en"`
		Pattern string `csv:"pattern"`
	}]("certificate_types") {
		if n := len(ref.Types); n > 0 && ref.Types[n-1].Key == t.Key {
			ref.Types[n-1].Patterns = append(ref.Types[n-1].Patterns, t.Pattern)
			continue
		}
		ref.Types = append(ref.Types, etl.CertificateType{Key: t.Key, Label: both(t.LabelFR, t.LabelEN),
			Patterns: []string{t.Pattern}})
	}
	for _, b := range table[struct {
		Written   string `csv:"as_written"`
		Canonical string `csv:"canonical"`
	}]("bodies") {
		ref.Bodies = append(ref.Bodies, etl.BodyName{Written: b.Written, Canonical: b.Canonical})
	}
	positions := table[struct {
		Order      int    `csv:"order"`
		Code       string `csv:"code"`
		LabelFR    string `csv:"label_fr"`
		LabelEN    string `csv:"label_en"`
		Definition string `csv:"definition"`
		Colour     string `csv:"colour"`
	}]("positions")
	// Compare numbers, so that sorting the file in a spreadsheet changes nothing.
	sort.SliceStable(positions, func(i, j int) bool { return positions[i].Order < positions[j].Order })
	for _, p := range positions {
		ref.Positions = append(ref.Positions, etl.Position{Order: p.Order, Code: p.Code,
			Label: both(p.LabelFR, p.LabelEN), Definition: p.Definition, Colour: p.Colour})
	}
	rules := table[struct {
		Precedence int    `csv:"precedence"`
		Pattern    string `csv:"pattern"`
		Code       string `csv:"code"`
		Example    string `csv:"example"`
		Not        string `csv:"not"`
	}]("position_rules")
	sort.SliceStable(rules, func(i, j int) bool { return rules[i].Precedence < rules[j].Precedence })
	for _, r := range rules {
		ref.Rules = append(ref.Rules, etl.PositionRule{Precedence: r.Precedence, Pattern: r.Pattern, Code: r.Code,
			Example: r.Example, Not: r.Not})
	}
	for _, s := range table[struct {
		Word   string `csv:"word"`
		Key    string `csv:"key"`
		Counts string `csv:"counts"`
	}]("standings") {
		ref.Standings = append(ref.Standings, etl.StandingWord{Word: s.Word, Key: s.Key, Counts: s.Counts == "yes"})
	}
	for _, k := range table[struct {
		Name     string `csv:"name"`
		Position string `csv:"position"`
		Source   string `csv:"source"`
	}]("known_hosts") {
		ref.Known = append(ref.Known, etl.KnownHost{Name: k.Name, Code: k.Position, Source: k.Source})
	}
	for _, x := range table[struct {
		From   string `csv:"from"`
		To     string `csv:"to"`
		Months string `csv:"months"`
		Source string `csv:"source"`
	}]("extensions") {
		from, okFrom := etl.ParseDate(x.From)
		to, okTo := etl.ParseDate(x.To)
		months, err := strconv.Atoi(x.Months)
		if !okFrom || !okTo || err != nil {
			panic(fmt.Sprintf("config: tables/extensions.csv: %+v", x))
		}
		ref.Extensions = append(ref.Extensions, etl.Extension{From: from, To: to, Months: months, Source: x.Source})
	}
	return ref
}

// activityRow is a row of the table of activities.
type activityRow struct {
	Key     string    `csv:"key"`
	Decree  int       `csv:"decree"`
	ASIP    int       `csv:"asip_2018"`
	Type    string    `csv:"type"`
	LabelFR string    `csv:"label_fr"`
	LabelEN string    `csv:"label_en"`
	ShortFR string    `csv:"short_fr"`
	ShortEN string    `csv:"short_en"`
	Place   etl.Place `csv:"-"`
}

// activities parses the table of activities. Too many activities for a set, or a
// repeated key or number, would give wrong figures without notice, so they are errors.
func activities(data []byte, file string) ([]etl.Activity, error) {
	rows, found, err := records.Read(data, file, func(r *activityRow, at etl.Place) { r.Place = at })
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		return nil, errors.New(found[0].String())
	}
	var out []etl.Activity
	first := map[string]etl.Place{}
	for i, r := range rows {
		if i >= etl.MostActivities {
			return nil, message.Fail(nil, "activities-too-many", "place", r.Place.String(), "n", i+1,
				"most", etl.MostActivities)
		}
		for _, unique := range []string{"key " + r.Key,
			fmt.Sprint("decree ", r.Decree), fmt.Sprint("asip_2018 ", r.ASIP)} {
			if at, twice := first[unique]; twice {
				return nil, message.Fail(nil, "activities-twice", "place", r.Place.String(), "what", unique,
					"row", at.Row)
			}
			first[unique] = r.Place
		}
		out = append(out, etl.Activity{Key: r.Key, Type: r.Type,
			Numbers: map[string]int{"decree": r.Decree, "asip_2018": r.ASIP},
			Label:   both(r.LabelFR, r.LabelEN), Short: both(r.ShortFR, r.ShortEN)})
	}
	return out, nil
}

func both(fr, en string) map[string]string { return map[string]string{"fr": fr, "en": en} }

// table parses one embedded table. It panics on errors, which are mistakes in this
// program.
func table[T any](name string) []T {
	data, err := tables.ReadFile("tables/" + name + ".csv")
	if err != nil {
		panic(err)
	}
	rows, fs, err := records.Read[T](data, "tables/"+name+".csv", nil)
	if err != nil {
		panic(err)
	}
	if len(fs) > 0 {
		panic(fs[0].String())
	}
	return rows
}

// nearest returns the known word that is most similar to a misspelt one, or "".
func nearest(word string, known []string) string {
	best, at := "", 1+len(word)/2
	sort.Strings(known)
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < at {
			best, at = k, d
		}
	}
	return best
}

// distance returns the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := prev
			if a[i] != b[j] {
				cost++
			}
			prev = row[j+1]
			row[j+1] = min(cost, prev+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// Labels returns the texts of the sheets in a language, by key. It must not be changed: a run
// asks for it a dozen times, and the table is read once.
func Labels(language string) map[string]string {
	if language == "en" {
		return labels()[1]
	}
	return labels()[0]
}

var labels = sync.OnceValue(func() (in [2]map[string]string) {
	in = [2]map[string]string{{}, {}}
	for _, l := range table[struct {
		Key string `csv:"key"`
		FR  string `csv:"fr"`
		EN  string `csv:"en"`
	}]("labels") {
		in[0][l.Key], in[1][l.Key] = l.FR, l.EN
	}
	return in
})
